use std::collections::BTreeMap;

use presend_detect::{Label, Role};
use presend_text::{Offsets, Unit};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{GoldError, GoldErrorKind, GoldSpan, Message};

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    text: String,
    entities: Vec<Entity>,
    #[serde(default)]
    meta: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Entity {
    start: usize,
    end: usize,
    label: String,
    #[serde(default)]
    role: Option<String>,
}

/// Reads messages in the JSONL format; blank lines are passed over.
///
/// Offsets are Unicode code points. An `id` that is missing or null becomes the message's number in the file, from 1;
/// ids and metadata values that are not strings become their JSON text. A role that is null, empty or missing is no
/// role. Other fields are ignored.
///
/// # Errors
///
/// The first line that is no such object, or holds an unknown label or role, an empty entity, or offsets that do not
/// fit its text.
pub fn parse_jsonl(text: &str) -> Result<Vec<Message>, GoldError> {
    let mut messages = Vec::new();
    let text = text.trim_start_matches('\u{feff}');
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let fail = |kind| GoldError::new(number, kind);
        // serde_json's own message may quote the text, so it is dropped.
        let line: Line = serde_json::from_str(line).map_err(|_| fail(GoldErrorKind::BadJson))?;
        let offsets = Offsets::new(&line.text);
        let mut spans = Vec::with_capacity(line.entities.len());
        for entity in &line.entities {
            spans.push(gold_span(entity, &offsets).map_err(fail)?);
        }
        spans.sort_unstable();
        let id = plain(line.id).unwrap_or_else(|| (messages.len() + 1).to_string());
        let meta =
            line.meta.into_iter().map(|(key, value)| (key, plain(value).unwrap_or_default())).collect();
        messages.push(Message { id, text: line.text, meta, spans });
    }
    Ok(messages)
}

fn gold_span(entity: &Entity, offsets: &Offsets) -> Result<GoldSpan, GoldErrorKind> {
    let label: Label = entity.label.parse().map_err(|_| GoldErrorKind::UnknownLabel)?;
    let role = match entity.role.as_deref() {
        None | Some("") => None,
        Some(_) if label != Label::Person => return Err(GoldErrorKind::UnexpectedRole),
        Some(role) => Some(role.parse::<Role>().map_err(|_| GoldErrorKind::UnknownRole)?),
    };
    match offsets.to_span(entity.start, entity.end, Unit::CodePoints) {
        None => Err(GoldErrorKind::BadOffsets),
        Some(span) if span.is_empty() => Err(GoldErrorKind::EmptySpan),
        Some(span) => Ok(GoldSpan { span, label, role }),
    }
}

/// The value as plain words, or `None` for null.
fn plain(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(words) => Some(words),
        other => Some(other.to_string()),
    }
}

#[derive(Serialize)]
struct LineOut<'a> {
    id: &'a str,
    text: &'a str,
    entities: Vec<EntityOut>,
    meta: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct EntityOut {
    start: usize,
    end: usize,
    label: &'static str,
    role: Option<&'static str>,
}

/// Writes messages in the JSONL format, one line each, with offsets in code points and `role` null where there is none.
///
/// # Errors
///
/// Only where serialising a line fails, which strings and numbers do not.
pub fn to_jsonl(messages: &[Message]) -> serde_json::Result<String> {
    let mut out = String::new();
    for message in messages {
        let offsets = Offsets::new(&message.text);
        let entity = |gold: &GoldSpan| {
            let (start, end) = offsets.convert(gold.span, Unit::CodePoints);
            EntityOut { start, end, label: gold.label.name(), role: gold.role.map(Role::name) }
        };
        let entities = message.spans.iter().map(entity).collect();
        let line = LineOut { id: &message.id, text: &message.text, entities, meta: &message.meta };
        out.push_str(&serde_json::to_string(&line)?);
        out.push('\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use presend_text::Span;

    use super::*;

    fn error(text: &str) -> (usize, GoldErrorKind) {
        let error = parse_jsonl(text).unwrap_err();
        (error.line(), error.kind())
    }

    #[test]
    fn reads_code_points_and_loose_fields() {
        let text = concat!(
            r#"{"id":7,"text":"é🩺 Jo","entities":[{"start":3,"end":5,"label":"PERSON","role":"staff"},"#,
            r#"{"start":0,"end":1,"label":"AGE","role":""}],"meta":{"n":3,"s":"x","z":null},"extra":1}"#,
            "\n\n",
            r#"{"text":"ok","entities":[]}"#,
        );
        let messages = parse_jsonl(text).unwrap();
        assert_eq!(messages[0].id, "7");
        assert_eq!(messages[0].spans[0].span, Span::new(0, 2));
        assert_eq!(messages[0].spans[1].span.of(&messages[0].text), Some("Jo"));
        assert_eq!(messages[0].spans[1].role, Some(Role::Staff));
        assert_eq!(messages[0].meta["n"], "3");
        assert_eq!(messages[0].meta["s"], "x");
        assert_eq!(messages[0].meta["z"], "");
        assert_eq!(messages[1].id, "2");
    }

    #[test]
    fn writes_what_the_guideline_names() {
        let message = Message {
            id: "a".into(),
            text: "é Jo".into(),
            meta: BTreeMap::from([("setting".into(), "gp".into())]),
            spans: vec![GoldSpan { span: Span::new(3, 5), label: Label::Person, role: Some(Role::Patient) }],
        };
        assert_eq!(
            to_jsonl(&[message]).unwrap(),
            "{\"id\":\"a\",\"text\":\"é Jo\",\"entities\":[{\"start\":2,\"end\":4,\"label\":\"PERSON\",\
             \"role\":\"patient\"}],\"meta\":{\"setting\":\"gp\"}}\n"
        );
    }

    #[test]
    fn errors_name_their_line() {
        let entity = |entity: &str| format!("\n{{\"text\":\"abc\",\"entities\":[{entity}]}}");
        assert_eq!(error("{\"text\":\"a\"}"), (1, GoldErrorKind::BadJson));
        assert_eq!(error("{\"text\":\"a\",\"entities\":[]}\n{"), (2, GoldErrorKind::BadJson));
        assert_eq!(error(&entity(r#"{"start":0,"end":4,"label":"AGE"}"#)), (2, GoldErrorKind::BadOffsets));
        assert_eq!(error(&entity(r#"{"start":2,"end":1,"label":"AGE"}"#)), (2, GoldErrorKind::BadOffsets));
        assert_eq!(error(&entity(r#"{"start":1,"end":1,"label":"AGE"}"#)), (2, GoldErrorKind::EmptySpan));
        assert_eq!(error(&entity(r#"{"start":0,"end":1,"label":"age"}"#)), (2, GoldErrorKind::UnknownLabel));
        assert_eq!(
            error(&entity(r#"{"start":0,"end":1,"label":"PERSON","role":"nurse"}"#)),
            (2, GoldErrorKind::UnknownRole)
        );
        assert_eq!(
            error(&entity(r#"{"start":0,"end":1,"label":"AGE","role":"staff"}"#)),
            (2, GoldErrorKind::UnexpectedRole)
        );
    }
}
