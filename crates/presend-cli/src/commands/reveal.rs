//! `presend reveal`: tokens turned back into what they stand for, with a record of it.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use presend::token::{Reason, Revealed, reveal};
use serde::Serialize;

use crate::args::RevealArgs;
use crate::keys::read_ring;
use crate::output::{self, Output};
use crate::{Exit, input, style};

/// One line of the record: who saw how much of what, when and why; never the words.
#[derive(Serialize)]
struct Record<'a> {
    time: String,
    reason: &'a str,
    input: String,
    revealed: BTreeMap<&'static str, usize>,
    key_versions: Vec<u32>,
    left_in_place: usize,
}

pub(crate) fn run(args: &RevealArgs) -> Result<Exit> {
    output::refuse_clashes(&args.input_file, &[&args.output], args.force)?;
    let reason = Reason::new(&args.reason).map_err(|error| anyhow!("--reason: {error}"))?;
    let (_, ring) = read_ring(&args.key_file)?;
    let text = input::read_text(&args.input_file)?;
    let scoped = &args.key_scope;
    let (revealed, failed) = match reveal(&text, &ring, scoped.scope, scoped.id.as_bytes(), &reason) {
        Ok(revealed) => (revealed, None),
        Err(error) => (error.clone().into_partial(), Some(error)),
    };
    let mut out = Output::create(&args.output, args.force)?;
    let log = args.log.clone().unwrap_or_else(|| beside(&args.key_file));
    // The record comes first: nothing is revealed that it does not hold.
    record(&log, args, &revealed, failed.as_ref().map_or(0, |error| error.failures().len()))?;
    out.write_all(revealed.text.as_bytes())?;
    out.commit()?;
    let count: usize = revealed.counts.values().sum();
    let done = style::paint(style::GOOD, "Revealed");
    writeln!(style::stderr(), "{done} {count} tokens; recorded in {}", log.display())?;
    if let Some(error) = &failed {
        style::warn(&error.to_string());
    }
    Ok(if failed.is_none() { Exit::Good } else { Exit::Incomplete })
}

/// The record's file where the options do not name one.
fn beside(key_file: &Path) -> PathBuf {
    let mut name = key_file.as_os_str().to_owned();
    name.push(".reveals.jsonl");
    PathBuf::from(name)
}

fn record(log: &Path, args: &RevealArgs, revealed: &Revealed, left_in_place: usize) -> Result<()> {
    let record = Record {
        time: jiff::Timestamp::now().to_string(),
        reason: revealed.reason.as_str(),
        input: args.input_file.display().to_string(),
        revealed: revealed.counts.iter().map(|(label, count)| (label.name(), *count)).collect(),
        key_versions: revealed.versions.iter().copied().collect(),
        left_in_place,
    };
    let mut line = serde_json::to_string(&record)?;
    line.push('\n');
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .with_context(|| format!("cannot write the record `{}`; nothing was revealed", log.display()))?;
    file.write_all(line.as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("cannot write the record `{}`; nothing was revealed", log.display()))
}
