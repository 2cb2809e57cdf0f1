//! Replays what Presidio 2.2.366 answered to the requests of `presidio/differential.py`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use presend::Engine;
use presend_service::presidio::{Part, Presidio, Reply};
use serde_json::Value;

/// What presend does not run, by what its error says of it, and how many of the recorded requests ask for it.
const REFUSED: &[(&str, usize)] = &[
    ("characters by their names", 10),
    ("letters beyond ASCII with both of the flags ASCII and IGNORECASE", 3),
    ("regular expressions with the flags 256", 12),
    ("this escape", 10),
];

/// How many requests there are of each comparison, so that none goes missing.
const COUNTS: &[(&str, usize)] = &[
    ("adhoc", 147),
    ("bytes", 2234),
    ("names", 8),
    ("pattern", 998),
    ("prefix", 11),
    ("spans", 43),
    ("status", 26),
];

struct Record {
    line: usize,
    value: Value,
}

impl Record {
    fn text(&self, name: &str) -> &str {
        match (self.value[name].as_str(), name) {
            (Some(text), _) => text,
            (None, "method") => "POST",
            (None, "compare") => "bytes",
            (None, "type" | "content_type") => "application/json",
            _ => panic!("line {} has no {name}", self.line),
        }
    }

    fn status(&self) -> u64 {
        self.value["status"].as_u64().unwrap()
    }
}

fn records() -> Vec<Record> {
    let recorded = include_str!("../presidio/recorded.jsonl");
    let records = recorded.lines().enumerate();
    records
        .map(|(line, json)| Record { line: line + 1, value: serde_json::from_str(json).unwrap() })
        .collect()
}

/// Sends each request, with the random bytes that the recording drew, begun anew with every request.
struct Server {
    engine: Arc<Engine>,
}

impl Server {
    fn send(&self, record: &Record) -> Reply {
        let part = if record.text("part") == "analyzer" { Part::Analyzer } else { Part::Anonymizer };
        let drawn = AtomicUsize::new(0);
        let presidio = Presidio::new(Arc::clone(&self.engine)).with_part(part).with_entropy(move |bytes| {
            for byte in bytes {
                *byte = u8::try_from((drawn.fetch_add(1, Ordering::Relaxed) * 73 + 41) % 256).unwrap();
            }
            true
        });
        let kind = Some(record.text("type")).filter(|kind| !kind.is_empty());
        presidio.call_as(record.text("method"), record.text("path"), kind, record.text("body").as_bytes())
    }
}

/// The results of a text or of a batch, each as what `keep` makes of it.
fn results<T>(reply: &str, keep: impl Fn(&Value) -> Option<T>) -> Vec<Vec<T>> {
    let reply: Value = serde_json::from_str(reply).unwrap();
    let batch = match reply.as_array().unwrap() {
        results if results.first().is_some_and(Value::is_array) => results.clone(),
        _ => vec![reply],
    };
    batch.iter().map(|results| results.as_array().unwrap().iter().filter_map(&keep).collect()).collect()
}

/// What has to be the same of an answer, by how the record says to compare it.
fn facts(compare: &str, body: &str) -> String {
    match compare {
        // Whatever a model or presend's engine finds beside the request's own recognisers is left out.
        "adhoc" if body.starts_with('[') => format!(
            "{:?}",
            results(body, |found| found["entity_type"]
                .as_str()
                .unwrap()
                .starts_with("X_")
                .then(|| found.to_string()))
        ),
        "spans" => {
            let mut spans = results(body, |found| {
                Some((found["start"].as_u64(), found["end"].as_u64(), found["entity_type"].to_string()))
            });
            spans.iter_mut().for_each(|spans| spans.sort());
            format!("{spans:?}")
        }
        "names" => {
            let names: Vec<String> = serde_json::from_str(body).unwrap();
            format!("{}", !names.is_empty() && names.iter().all(|name| !name.is_empty()))
        }
        "prefix" => body.split_inclusive(':').take(2).collect(),
        "status" => String::new(),
        _ => body.to_owned(),
    }
}

#[test]
fn presidios_answers_are_presends() {
    let server = Server { engine: Arc::new(Engine::new()) };
    let (mut counts, mut refused, mut wrong) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for record in records() {
        let compare = record.text("compare");
        *counts.entry(compare.to_owned()).or_insert(0) += 1;
        let reply = server.send(&record);
        let ours = String::from_utf8(reply.body).unwrap();
        if let Some((_, why)) = ours.split_once("presend does not run ") {
            *refused.entry(why.trim_end_matches(['"', '}', '\n']).to_owned()).or_insert(0) += 1;
            continue;
        }
        let same = u64::from(reply.status) == record.status()
            && reply.content_type == record.text("content_type")
            && facts(compare, &ours) == facts(compare, record.text("reply"));
        if !same {
            wrong.push(format!(
                "line {} {compare} {} {}\n  presidio {} {}\n  presend  {} {ours}",
                record.line,
                record.text("path"),
                record.text("body"),
                record.status(),
                record.text("reply"),
                reply.status,
            ));
        }
    }
    let shown = wrong.get(..wrong.len().min(20)).unwrap().join("\n");
    assert!(wrong.is_empty(), "{} answers differ of {counts:?}, refused {refused:?}\n{shown}", wrong.len());
    let listed = |counts: BTreeMap<String, usize>| counts.into_iter().collect::<Vec<_>>();
    let expected = |counts: &[(&str, usize)]| {
        counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect::<Vec<_>>()
    };
    assert_eq!(listed(refused), expected(REFUSED));
    assert_eq!(listed(counts), expected(COUNTS));
}
