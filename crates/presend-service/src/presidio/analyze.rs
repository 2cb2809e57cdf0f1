//! `/analyze`, `/recognizers` and `/supportedentities`.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use presend::{Evidence, Finding, Label, Offsets, Review, Scratch, Span, Unit};

use super::adhoc::{self, Compiled, Fault, Outcome, Recogniser, fault, iterate, no_attribute, type_fault};
use super::pattern::{Deadline, Flags, Pattern, PatternError};
use super::value::{Style, Value};
use super::{Presidio, Reply, error, error_value, json};

/// The language that presend reads.
const LANGUAGE: &str = "en";

/// Presidio's name of what a label covers, where it has one.
fn entity(label: Label) -> &'static str {
    match label {
        Label::NhsNumber => "UK_NHS",
        Label::NiNumber => "UK_NINO",
        Label::Passport => "UK_PASSPORT",
        Label::DrivingLicence => "UK_DRIVING_LICENCE",
        Label::VehicleRegistration => "UK_VEHICLE_REGISTRATION",
        Label::Postcode => "UK_POSTCODE",
        Label::PaymentCard => "CREDIT_CARD",
        Label::Phone => "PHONE_NUMBER",
        Label::Email => "EMAIL_ADDRESS",
        Label::Address | Label::Place => "LOCATION",
        Label::DateOfBirth | Label::Date => "DATE_TIME",
        Label::Organisation => "ORGANIZATION",
        Label::Demographic => "NRP",
        label => label.name(),
    }
}

/// Presidio's name of what was found: some rules find what Presidio has a name for and presend's label is wider than.
fn entity_of(finding: &Finding) -> &'static str {
    match finding.rule {
        "iban" => "IBAN_CODE",
        "mac_address" => "MAC_ADDRESS",
        _ => entity(finding.label),
    }
}

pub(super) fn entities() -> Vec<&'static str> {
    let named = Label::ALL.iter().copied().map(entity);
    named.chain(["IBAN_CODE", "MAC_ADDRESS"]).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The names of the recognisers: one an entity, such as `PresendUkNhsRecognizer`.
pub(super) fn recognisers() -> Vec<Value> {
    entities().into_iter().map(|entity| Value::Str(recogniser_name(entity))).collect()
}

fn recogniser_name(entity: &str) -> String {
    let words = entity.split('_').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or(("", word));
        first.to_owned() + &rest.to_ascii_lowercase()
    });
    format!("Presend{}Recognizer", words.collect::<String>())
}

/// Answers `/recognizers` and `/supportedentities` for the language of the query.
pub(super) fn listing(query: &str, list: impl Fn() -> Vec<Value>) -> Reply {
    let language = query.split('&').find_map(|pair| pair.strip_prefix("language="));
    match language.map(decode).as_deref() {
        None | Some("" | LANGUAGE) => json(Style::Compact, &Value::List(list())),
        Some(_) => error(500, NO_RECOGNISERS),
    }
}

/// Undoes the percent encoding of a query.
fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match (byte, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(decoded)) => {
                bytes.push(decoded);
                rest = after.get(2..).unwrap_or_default();
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

const NO_RECOGNISERS: &str = "No matching recognizers were found to serve the request.";

/// Answers `/analyze`; `content` is `None` where the body was no JSON, which Presidio trips over.
pub(super) fn analyze(presidio: &Presidio, scratch: &mut Scratch, content: Option<Value>) -> Reply {
    let Some(content) = content else {
        return error(
            500,
            "The server encountered an internal error and was unable to complete your request. Either the server is \
             overloaded or there is an error in the application.",
        );
    };
    match run(presidio, scratch, &content) {
        Ok(results) => json(Style::Spaced, &results),
        Err(Fault::Type(what)) => {
            error(400, &format!("Failed to parse /analyze request for AnalyzerEngine.analyze(). {what}"))
        }
        Err(Fault::Value(what)) => error_value(500, what),
        Err(Fault::Unread) => error(503, "The model could not read the text; try again."),
    }
}

/// Something found, in code points.
#[derive(Clone)]
struct Found {
    entity: String,
    start: usize,
    end: usize,
    bytes: std::ops::Range<usize>,
    score: Value,
    explanation: Vec<(String, Value)>,
    /// Which of the request's recognisers found it.
    recogniser: Option<usize>,
}

impl Found {
    fn score(&self) -> f64 {
        self.score.number().unwrap_or(0.0)
    }

    fn same(&self, other: &Self) -> bool {
        (self.start, self.end, &self.entity) == (other.start, other.end, &other.entity)
            && self.score.str() == other.score.str()
    }

    fn write(self, explained: bool) -> Value {
        let explanation = if explained { Value::Dict(self.explanation) } else { Value::Null };
        Value::Dict(vec![
            ("analysis_explanation".to_owned(), explanation),
            ("end".to_owned(), Value::count(self.end)),
            ("entity_type".to_owned(), Value::Str(self.entity)),
            ("score".to_owned(), self.score),
            ("start".to_owned(), Value::count(self.start)),
        ])
    }
}

fn run(presidio: &Presidio, scratch: &mut Scratch, content: &Value) -> Outcome<Value> {
    let Value::Dict(_) = content else { return no_attribute(content, "get") };
    let given = |name: &str| content.get(name).filter(|value| value.truthy());
    let own = adhoc::read(content.get("ad_hoc_recognizers"), &presidio.limits)?;
    let Some(text) = given("text") else { return fault("No text provided") };
    let Some(language) = given("language") else { return fault("No language provided") };
    if language.text() != Some(LANGUAGE) {
        return fault(NO_RECOGNISERS);
    }
    let texts = match text {
        Value::List(texts) => texts.as_slice(),
        text => std::slice::from_ref(text),
    };
    if texts.iter().any(|text| text.truthy() && matches!(text, Value::List(_) | Value::Dict(_))) {
        return fault(
            "Analyzer.analyze_iterator only works on primitive types (int, float, bool, str). Lists of objects are not \
             yet supported.",
        );
    }
    let work = Work::new(presidio, content, &own)?;
    let mut results = texts.iter().map(|one| work.one(&one.str(), scratch)).collect::<Outcome<Vec<_>>>()?;
    match text {
        Value::List(_) => Ok(Value::List(results)),
        _ => Ok(results.pop().unwrap_or(Value::Null)),
    }
}

/// What to look for in each text of a request.
struct Work<'a> {
    presidio: &'a Presidio,
    content: &'a Value,
    /// The entities asked for; `None` for all.
    wanted: Option<Vec<Value>>,
    /// Whether presend's engine has anything to look for.
    engine: bool,
    own: Vec<Compiled<'a>>,
    context: &'a Value,
    deadline: Deadline,
}

impl<'a> Work<'a> {
    fn new(presidio: &'a Presidio, content: &'a Value, own: &'a [Recogniser]) -> Outcome<Self> {
        let wanted = content.get("entities").filter(|wanted| wanted.truthy()).map(iterate).transpose()?;
        let asked = |entity: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|wanted| wanted.text() == Some(entity)))
        };
        let engine = entities().into_iter().any(&asked);
        let own = own.iter().filter(|own| own.language.text() == Some(LANGUAGE) && asked(&own.entity));
        let mut left = presidio.limits.backtracking_len;
        let own = own.map(|own| own.compile(&presidio.limits, &mut left)).collect::<Outcome<Vec<_>>>()?;
        if !engine && own.is_empty() {
            return fault(NO_RECOGNISERS);
        }
        let deadline = Deadline::new(&presidio.limits);
        let context = content.get("context").filter(|words| words.truthy()).unwrap_or(&Value::Null);
        Ok(Self { presidio, content, wanted, engine, own, context, deadline })
    }

    fn one(&self, text: &str, scratch: &mut Scratch) -> Outcome<Value> {
        let offsets = Offsets::new(text);
        let place = |bytes: &std::ops::Range<usize>| {
            offsets.convert(Span::new(bytes.start, bytes.end), Unit::CodePoints)
        };
        let mut found = Vec::new();
        for (number, own) in self.own.iter().enumerate() {
            let matches = own.matches(text, &self.deadline)?;
            let matches = matches.into_iter().map(|found| {
                let (start, end) = place(&found.bytes);
                Found {
                    entity: own.recogniser.entity.clone(),
                    start,
                    end,
                    bytes: found.bytes,
                    score: found.score,
                    explanation: found.explanation,
                    recogniser: Some(number),
                }
            });
            found.extend(without_duplicates(matches.collect()));
        }
        if self.engine {
            self.ask_engine(text, &offsets, scratch, &mut found)?;
        }
        self.raise_by_context(text, &mut found)?;
        if let Some(threshold) =
            self.content.get("score_threshold").filter(|value| !matches!(value, Value::Null))
        {
            found = above(found, threshold)?;
        }
        let mut found = without_duplicates(found);
        if let Some(allowed) = self.content.get("allow_list").filter(|allowed| allowed.truthy()) {
            found = self.not_allowed(text, found, allowed)?;
        }
        let explained = self.content.get("return_decision_process").is_some_and(Value::truthy);
        Ok(Value::List(found.into_iter().map(|found| found.write(explained)).collect()))
    }

    fn ask_engine(
        &self,
        text: &str,
        offsets: &Offsets,
        scratch: &mut Scratch,
        out: &mut Vec<Found>,
    ) -> Outcome<()> {
        let (findings, review) = self.presidio.engine.reviewed_with(scratch, text);
        if review == Review::Failed {
            return Err(Fault::Unread);
        }
        for finding in findings {
            let entity = entity_of(&finding);
            let wanted = |wanted: &Vec<Value>| wanted.iter().any(|wanted| wanted.text() == Some(entity));
            if !self.wanted.as_ref().is_none_or(wanted) {
                continue;
            }
            let (start, end) = offsets.convert(finding.span, Unit::CodePoints);
            let score = Value::Float((f64::from(finding.confidence) * 1000.0).round() / 1000.0);
            let why: Vec<&str> = finding.evidence.iter().map(|Evidence(why)| *why).collect();
            let explanation = vec![
                ("original_score".to_owned(), score.clone()),
                ("pattern".to_owned(), Value::Null),
                ("pattern_name".to_owned(), finding.rule.into()),
                ("recognizer".to_owned(), Value::Str(recogniser_name(entity))),
                ("regex_flags".to_owned(), Value::Null),
                ("score".to_owned(), score.clone()),
                ("score_context_improvement".to_owned(), Value::Int(0)),
                ("supportive_context_word".to_owned(), "".into()),
                ("textual_explanation".to_owned(), Value::Str(why.join("; "))),
                ("validation_result".to_owned(), Value::Null),
            ];
            out.push(Found {
                entity: entity.to_owned(),
                start,
                end,
                bytes: finding.span.start()..finding.span.end(),
                score,
                explanation,
                recogniser: None,
            });
        }
        Ok(())
    }

    /// Raises the score of matches of recognisers with context words, where one of the words stands before the match
    /// or in the request's context.
    fn raise_by_context(&self, text: &str, found: &mut [Found]) -> Outcome<()> {
        let mut given = Vec::new();
        if !matches!(self.context, Value::Null) {
            for word in iterate(self.context)? {
                match word {
                    Value::Str(word) => given.push(word.to_lowercase()),
                    word => return no_attribute(&word, "lower"),
                }
            }
        }
        for found in found {
            let own = found.recogniser.and_then(|number| self.own.get(number));
            let Some(own) = own.filter(|own| own.recogniser.context.truthy()) else { continue };
            let mut around = words_before(text, &found.bytes);
            around.extend(given.iter().cloned());
            let mut support = None;
            for word in iterate(&own.recogniser.context)? {
                if around.is_empty() {
                    break;
                }
                let Value::Str(word) = word else { return no_attribute(&word, "lower") };
                let lower = word.to_lowercase();
                if around.iter().any(|near| near.contains(&lower)) {
                    support = Some(word).filter(|word| !word.is_empty());
                    break;
                }
            }
            let Some(support) = support else { continue };
            let original = found.score();
            let score = Value::Float((original + 0.35).clamp(0.4, 1.0));
            let gain = Value::Float(score.number().unwrap_or(0.0) - original);
            for (name, value) in &mut found.explanation {
                match name.as_str() {
                    "score" => *value = score.clone(),
                    "score_context_improvement" => *value = gain.clone(),
                    "supportive_context_word" => *value = support.as_str().into(),
                    _ => {}
                }
            }
            found.score = score;
        }
        Ok(())
    }

    fn not_allowed(&self, text: &str, found: Vec<Found>, allowed: &Value) -> Outcome<Vec<Found>> {
        let usual = Value::from("exact");
        let words = |found: &Found| text.get(found.bytes.clone()).unwrap_or_default().to_owned();
        match self.content.get("allow_list_match").unwrap_or(&usual).text() {
            Some("exact") => {
                let mut kept = Vec::new();
                for found in found {
                    let words = words(&found);
                    let allowed = match allowed {
                        Value::Str(allowed) => allowed.contains(&words),
                        allowed => match allowed.elements() {
                            Some(allowed) => allowed.iter().any(|allowed| allowed.text() == Some(&words)),
                            None => {
                                let kind = allowed.type_name();
                                return type_fault(format!("argument of type '{kind}' is not iterable"));
                            }
                        },
                    };
                    if !allowed {
                        kept.push(found);
                    }
                }
                Ok(kept)
            }
            Some("regex") => {
                let mut terms = Vec::new();
                for term in iterate(allowed)?.into_iter().filter(Value::truthy) {
                    match term {
                        Value::Str(term) => terms.push(term),
                        term => {
                            let (at, kind) = (terms.len(), term.type_name());
                            return type_fault(format!(
                                "sequence item {at}: expected str instance, {kind} found"
                            ));
                        }
                    }
                }
                if terms.is_empty() {
                    return Ok(found);
                }
                let usual = Value::Int(Flags::DEFAULT);
                let flags = adhoc::read_flags(self.content.get("regex_flags").unwrap_or(&usual))?;
                let limits = &self.presidio.limits;
                let pattern =
                    Pattern::compile(&terms.join("|"), flags, limits, &mut { limits.backtracking_len });
                let pattern = pattern.or_else(|PatternError(why)| fault(why))?;
                let mut kept = Vec::new();
                for found in found {
                    // As in Presidio, what could not be decided in time is not allowed.
                    if !pattern.is_match(&words(&found), &self.deadline).unwrap_or(false) {
                        kept.push(found);
                    }
                }
                Ok(kept)
            }
            _ => fault("allow_list_match must either be set to 'exact' or 'regex'."),
        }
    }
}

/// Those whose score is at least the threshold.
fn above(found: Vec<Found>, threshold: &Value) -> Outcome<Vec<Found>> {
    let Some(least) = threshold.number() else {
        let Some(first) = found.first() else { return Ok(found) };
        let (one, two) = (first.score.type_name(), threshold.type_name());
        return type_fault(format!("'>=' not supported between instances of '{one}' and '{two}'"));
    };
    Ok(found.into_iter().filter(|found| found.score() >= least).collect())
}

/// Leaves out what lies within another of the same entity with at least its score; gives the highest score first, then
/// the earlier, then the longer.
fn without_duplicates(mut found: Vec<Found>) -> Vec<Found> {
    let by_score =
        |one: &Found, two: &Found| two.score().partial_cmp(&one.score()).unwrap_or(Ordering::Equal);
    found.sort_by(|one, two| {
        let place = |found: &Found| (found.entity.clone(), found.start, std::cmp::Reverse(found.end));
        place(one).cmp(&place(two)).then_with(|| by_score(one, two))
    });
    found.dedup_by(|two, one| two.same(one));
    let mut kept: Vec<Found> = Vec::new();
    for group in found.chunk_by(|one, two| one.entity == two.entity) {
        let mut active: Vec<&Found> = Vec::new();
        for candidate in group.iter().filter(|found| found.score() != 0.0) {
            active.retain(|found| found.end >= candidate.start);
            let within = |found: &&Found| {
                found.start <= candidate.start
                    && candidate.end <= found.end
                    && candidate.score() <= found.score()
            };
            if !active.iter().any(within) {
                active.push(candidate);
                kept.push(candidate.clone());
            }
        }
    }
    kept.sort_by(|one, two| {
        by_score(one, two)
            .then_with(|| (one.start, two.end - two.start).cmp(&(two.start, one.end - one.start)))
    });
    kept
}

/// How many words before a match count as its context.
const WORDS_BEFORE: usize = 5;

/// The words before a match and the one it begins in, lower-cased, nearest first; words that only hold a sentence
/// together do not count.
fn words_before(text: &str, bytes: &std::ops::Range<usize>) -> Vec<String> {
    let mut tokens: Vec<&str> = Vec::new();
    let mut rest = text;
    let mut at = 0;
    while let Some(first) = rest.chars().next() {
        let kind = kind(first);
        let len = match kind {
            Kind::Space | Kind::Letter => rest
                .char_indices()
                .find(|(_, char)| self::kind(*char) != kind)
                .map_or(rest.len(), |(len, _)| len),
            Kind::Sign => first.len_utf8(),
        };
        let (token, after) = rest.split_at_checked(len).unwrap_or((rest, ""));
        if kind != Kind::Space {
            if at > bytes.start {
                break;
            }
            tokens.push(token);
        }
        at += len;
        rest = after;
    }
    let counts = |token: &str| {
        token.chars().any(|char| kind(char) == Kind::Letter) && !FUNCTION_WORDS.contains(&token)
    };
    let words = tokens.iter().rev().map(|token| token.to_lowercase()).filter(|token| counts(token));
    words.take(WORDS_BEFORE + 1).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Space,
    Letter,
    Sign,
}

fn kind(char: char) -> Kind {
    if char.is_whitespace() {
        Kind::Space
    } else if char.is_alphanumeric() || matches!(char, '_' | '\'' | '’') {
        Kind::Letter
    } else {
        Kind::Sign
    }
}

/// Words that hold a sentence together and say nothing of what a number is.
const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because",
    "been", "before", "but", "by", "can", "could", "did", "do", "does", "for", "from", "had", "has", "have",
    "he", "her", "here", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "may", "me",
    "more", "my", "no", "nor", "not", "now", "of", "off", "on", "once", "only", "or", "our", "out", "over",
    "please", "she", "should", "so", "some", "such", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "to", "too", "under", "until", "up", "us", "very", "was", "we", "were",
    "what", "when", "where", "which", "while", "who", "why", "will", "with", "would", "you", "your",
];

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use presend::Engine;

    use super::*;

    #[test]
    fn presends_findings_have_presidios_names_and_count_code_points() {
        let presidio = Presidio::new(Arc::new(Engine::new()));
        let body =
            r#"{"text": "🙂 Mrs Doris Ekwueme, NHS 999 123 4004, doris@example.org", "language": "en"}"#;
        let reply = presidio.call("POST", "/analyze", body.as_bytes());
        let found = Value::parse(&reply.body).unwrap().elements().unwrap();
        let mut spans: Vec<(String, i128, i128)> = found
            .iter()
            .map(|found| {
                let place = |name| found.get(name).and_then(Value::whole).unwrap();
                (found.get("entity_type").unwrap().str(), place("start"), place("end"))
            })
            .collect();
        spans.sort_by_key(|(_, start, _)| *start);
        let expected = [("PERSON", 6, 19), ("UK_NHS", 25, 37), ("EMAIL_ADDRESS", 39, 56)];
        assert_eq!(spans, expected.map(|(entity, start, end)| (entity.to_owned(), start, end)));
    }

    #[test]
    fn every_label_has_an_entity_and_every_entity_a_recogniser() {
        let entities = entities();
        assert!(Label::ALL.iter().all(|label| entities.contains(&entity(*label))));
        assert!(entities.contains(&"IBAN_CODE") && entities.is_sorted());
        assert_eq!(recogniser_name("UK_NHS"), "PresendUkNhsRecognizer");
    }

    #[test]
    fn a_pattern_that_gives_up_is_an_error_and_not_an_empty_answer() {
        let limits = crate::presidio::Limits { steps: 100, ..Default::default() };
        let presidio = Presidio::new(Arc::new(Engine::new())).with_limits(limits);
        let body = r#"{"text": "b aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "language": "en", "ad_hoc_recognizers":
            [{"supported_entity": "X", "patterns": [{"name": "slow", "regex": "(a|aa)+\\1(?=b)", "score": 1}]}]}"#;
        let reply = presidio.call("POST", "/analyze", body.as_bytes());
        assert_eq!(reply.status, 500);
        let said = String::from_utf8(reply.body).unwrap();
        assert!(said.contains("slow") && !said.contains("aaaa"), "{said}");
    }
}
