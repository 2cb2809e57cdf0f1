use std::collections::BTreeMap;

use presend_detect::{Label, Role};
use presend_text::Span;

use super::slots::Slot;
use super::{GoldError, GoldErrorKind, GoldSpan, Message};
use crate::rng::SplitMix64;

/// Reads messages in the marked format, filling slots from `seed` and the message's number.
///
/// Line ends become `\n`; blank lines at either end of a message are dropped, as are messages with nothing in them. A
/// metadata key `id` names the message and is left out of its metadata. Braces in text that is not a span, and in a
/// span where they do not hold lower-case letters alone, are themselves.
///
/// # Errors
///
/// The first line that breaks the format: unknown labels, roles and slots, brackets that do not pair, slots outside
/// spans, malformed metadata.
pub fn parse_marked(text: &str, seed: u64) -> Result<Vec<Message>, GoldError> {
    let mut messages = Vec::new();
    let mut block: Vec<(usize, &str)> = Vec::new();
    let text = text.trim_start_matches('\u{feff}');
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_end() == "---" {
            messages.extend(message(&block, messages.len(), seed)?);
            block.clear();
        } else {
            block.push((number, line));
        }
    }
    messages.extend(message(&block, messages.len(), seed)?);
    Ok(messages)
}

fn message(block: &[(usize, &str)], index: usize, seed: u64) -> Result<Option<Message>, GoldError> {
    let mut rest = without_blank_ends(block);
    let Some(&(first_line, _)) = rest.first() else { return Ok(None) };
    let mut meta = BTreeMap::new();
    while let Some((&(number, line), after)) = rest.split_first() {
        let Some(words) = meta_words(line) else { break };
        for word in words.split_whitespace() {
            let (key, value) = key_and_value(word).ok_or(GoldError::new(number, GoldErrorKind::BadMeta))?;
            if meta.insert(key.to_owned(), value.to_owned()).is_some() {
                return Err(GoldError::new(number, GoldErrorKind::RepeatedMeta));
            }
        }
        rest = after;
    }
    let rest = without_blank_ends(rest);
    let Some(&(text_line, _)) = rest.first() else {
        return Err(GoldError::new(first_line, GoldErrorKind::NoText));
    };
    let source = rest.iter().map(|&(_, line)| line).collect::<Vec<_>>().join("\n");
    let id = meta.remove("id").unwrap_or_else(|| (index + 1).to_string());
    let mut unmarker = Unmarker {
        source: &source,
        first_line: text_line,
        rng: SplitMix64::for_item(seed, index as u64),
        text: String::with_capacity(source.len()),
        spans: Vec::new(),
    };
    unmarker.run()?;
    let Unmarker { text, spans, .. } = unmarker;
    Ok(Some(Message { id, text, meta, spans }))
}

fn without_blank_ends<'a, 'b>(mut block: &'b [(usize, &'a str)]) -> &'b [(usize, &'a str)] {
    while let Some(((_, line), rest)) = block.split_first()
        && line.trim().is_empty()
    {
        block = rest;
    }
    while let Some(((_, line), rest)) = block.split_last()
        && line.trim().is_empty()
    {
        block = rest;
    }
    block
}

/// The words of a metadata line, or `None` where the line is text: "# NOF, theatre 4" is a message about a fracture.
fn meta_words(line: &str) -> Option<&str> {
    let words = line.strip_prefix("# ")?;
    key_and_value(words.split_whitespace().next()?).map(|_| words)
}

fn key_and_value(word: &str) -> Option<(&str, &str)> {
    let (key, value) = word.split_once('=')?;
    let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    (is_key && !value.is_empty()).then_some((key, value))
}

/// Takes the marks out of one message.
struct Unmarker<'a> {
    source: &'a str,
    first_line: usize,
    rng: SplitMix64,
    text: String,
    spans: Vec<GoldSpan>,
}

impl Unmarker<'_> {
    fn run(&mut self) -> Result<(), GoldError> {
        let source = self.source;
        let mut at = 0;
        while let Some(open) = opening(source, at) {
            self.plain(at, open)?;
            at = self.span(open)?;
        }
        self.plain(at, source.len())
    }

    fn error<T>(&self, at: usize, kind: GoldErrorKind) -> Result<T, GoldError> {
        let lines_before = self.source.bytes().take(at).filter(|&b| b == b'\n').count();
        Err(GoldError::new(self.first_line + lines_before, kind))
    }

    /// Text outside spans, which must hold neither a closing bracket nor a slot.
    fn plain(&mut self, from: usize, to: usize) -> Result<(), GoldError> {
        let source = self.source;
        let text = source.get(from..to).unwrap_or_default();
        if let Some(stray) = text.find("]]") {
            return self.error(from + stray, GoldErrorKind::StrayClose);
        }
        let mut seen = 0;
        while let Some((at, name, after)) = next_slot(text, seen) {
            if Slot::named(name).is_some() {
                return self.error(from + at, GoldErrorKind::SlotOutsideSpan);
            }
            seen = after;
        }
        self.text.push_str(text);
        Ok(())
    }

    /// The span whose `[[` stands at `open`; gives the offset after its `]]`.
    fn span(&mut self, open: usize) -> Result<usize, GoldError> {
        let source = self.source;
        let inner = open + 2;
        let rest = source.get(inner..).unwrap_or_default();
        let Some(length) = rest.find("]]") else {
            return self.error(open, GoldErrorKind::UnclosedSpan);
        };
        let body = rest.get(..length).unwrap_or_default();
        if body.contains("[[") {
            return self.error(open, GoldErrorKind::NestedSpan);
        }
        let Some((head, words)) = body.split_once('|') else {
            return self.error(open, GoldErrorKind::MissingBar);
        };
        let (label, role) = match head.split_once(':') {
            Some((label, role)) => (label, Some(role)),
            None => (head, None),
        };
        let Ok(label) = label.parse::<Label>() else {
            return self.error(open, GoldErrorKind::UnknownLabel);
        };
        let role = match (label, role) {
            (Label::Person, Some(role)) => match role.parse::<Role>() {
                Ok(role) => Some(role),
                Err(_) => return self.error(open, GoldErrorKind::UnknownRole),
            },
            (Label::Person, None) => return self.error(open, GoldErrorKind::MissingRole),
            (_, Some(_)) => return self.error(open, GoldErrorKind::UnexpectedRole),
            (_, None) => None,
        };
        if words.is_empty() {
            return self.error(open, GoldErrorKind::EmptySpan);
        }
        let start = self.text.len();
        let words_at = inner + head.len() + 1;
        let mut copied = 0;
        let mut seen = 0;
        while let Some((at, name, after)) = next_slot(words, seen) {
            let Some(slot) = Slot::named(name) else {
                return self.error(words_at + at, GoldErrorKind::UnknownSlot);
            };
            self.text.push_str(words.get(copied..at).unwrap_or_default());
            self.text.push_str(&slot.fill(&mut self.rng));
            copied = after;
            seen = after;
        }
        self.text.push_str(words.get(copied..).unwrap_or_default());
        self.spans.push(GoldSpan { span: Span::new(start, self.text.len()), label, role });
        Ok(inner + length + 2)
    }
}

/// The next `[[` from `at` on; of a longer run of brackets the last two, so that `[[[MRN|1]]]` is a span in brackets.
fn opening(source: &str, at: usize) -> Option<usize> {
    let rest = source.get(at..)?;
    let found = rest.find("[[")?;
    let run = rest.bytes().skip(found).take_while(|&b| b == b'[').count();
    Some(at + found + run - 2)
}

/// The next `{name}` of lower-case letters from `from` on: where its brace opens, the name, and the offset after it.
fn next_slot(text: &str, from: usize) -> Option<(usize, &str, usize)> {
    let mut at = from;
    loop {
        let open = at + text.get(at..)?.find('{')?;
        let rest = text.get(open + 1..)?;
        let length = rest.bytes().take_while(u8::is_ascii_lowercase).count();
        if length > 0 && rest.as_bytes().get(length) == Some(&b'}') {
            return Some((open, rest.get(..length)?, open + length + 2));
        }
        at = open + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> (usize, GoldErrorKind) {
        let error = parse_marked(text, 0).unwrap_err();
        (error.line(), error.kind())
    }

    #[test]
    fn takes_marks_out_and_keeps_places() {
        let messages = parse_marked(
            "# setting=gp style=sms\n# voice=a\n\nÉ [[PERSON:patient|Jo]]'s [[AGE|82]]F\nline [[AGE|3\nyo]]\n\n---\n\n---\nplain\n",
            0,
        )
        .unwrap();
        assert_eq!(messages.len(), 2);
        let first = &messages[0];
        assert_eq!(first.id, "1");
        assert_eq!(first.text, "É Jo's 82F\nline 3\nyo");
        assert_eq!(first.meta.len(), 3);
        assert_eq!(first.meta["voice"], "a");
        let found: Vec<_> =
            first.spans.iter().map(|s| (s.span.of(&first.text).unwrap(), s.label, s.role)).collect();
        assert_eq!(
            found,
            [
                ("Jo", Label::Person, Some(Role::Patient)),
                ("82", Label::Age, None),
                ("3\nyo", Label::Age, None)
            ]
        );
        assert_eq!(messages[1].text, "plain");
        assert!(messages[1].spans.is_empty() && messages[1].meta.is_empty());
        assert_eq!(messages[1].id, "2");
    }

    #[test]
    fn a_hash_line_without_metadata_is_text() {
        let messages = parse_marked("# NOF in bay 2\n---\n#1 Jo\n---\n# a=b\n# NOF = bad", 0).unwrap();
        assert_eq!(messages[0].text, "# NOF in bay 2");
        assert_eq!(messages[1].text, "#1 Jo");
        assert_eq!(messages[2].text, "# NOF = bad");
    }

    #[test]
    fn an_id_in_the_metadata_names_the_message() {
        let messages = parse_marked("# id=ward-7 setting=gp\nhello", 0).unwrap();
        assert_eq!(messages[0].id, "ward-7");
        assert_eq!(messages[0].meta.keys().collect::<Vec<_>>(), ["setting"]);
    }

    #[test]
    fn windows_line_ends_and_byte_order_mark() {
        let messages = parse_marked("\u{feff}# setting=gp\r\na\r\nb\r\n---\r\n[[AGE|4]]\r\n", 0).unwrap();
        assert_eq!(messages[0].text, "a\nb");
        assert_eq!(messages[0].meta["setting"], "gp");
        assert_eq!(messages[1].text, "4");
    }

    #[test]
    fn brackets_next_to_a_span() {
        let messages = parse_marked("see [x] [[[MRN|1]]] and {oops} and [[URL|a{B}{]]", 0).unwrap();
        let message = &messages[0];
        assert_eq!(message.text, "see [x] [1] and {oops} and a{B}{");
        assert_eq!(message.spans[0].span.of(&message.text), Some("1"));
    }

    #[test]
    fn errors_name_their_line() {
        assert_eq!(error("a\n---\nb\nc [[MRM|1]]"), (4, GoldErrorKind::UnknownLabel));
        assert_eq!(error("a\n---\nb\n[[PERSON:nurse|Jo]]"), (4, GoldErrorKind::UnknownRole));
        assert_eq!(error("[[PERSON|Jo]]"), (1, GoldErrorKind::MissingRole));
        assert_eq!(error("x\n[[MRN:patient|1]]"), (2, GoldErrorKind::UnexpectedRole));
        assert_eq!(error("# setting=gp\nx\n\n[[MRN|1] y\nz"), (4, GoldErrorKind::UnclosedSpan));
        assert_eq!(error("x\ny 1]] z"), (2, GoldErrorKind::StrayClose));
        assert_eq!(error("[[AGE|1]]\n[[MRN|1]] 2]]"), (2, GoldErrorKind::StrayClose));
        assert_eq!(error("x\n[[MRN|1 [[AGE|2]]"), (2, GoldErrorKind::NestedSpan));
        assert_eq!(error("\n\n[[MRN]]"), (3, GoldErrorKind::MissingBar));
        assert_eq!(error("[[MRN|]]"), (1, GoldErrorKind::EmptySpan));
        assert_eq!(error("a\n[[MRN|b\n{mnr}]]"), (3, GoldErrorKind::UnknownSlot));
        assert_eq!(error("a\nb {nhs}"), (2, GoldErrorKind::SlotOutsideSpan));
        assert_eq!(error("x\n---\n# setting=gp style sms\nx"), (3, GoldErrorKind::BadMeta));
        assert_eq!(error("# setting=gp setting=ed\nx"), (1, GoldErrorKind::RepeatedMeta));
        assert_eq!(error("x\n---\n# setting=gp\n---\ny"), (3, GoldErrorKind::NoText));
    }

    #[test]
    fn errors_and_debug_hold_no_text() {
        let error = parse_marked("[[SECRET|Zebulon]]", 0).unwrap_err();
        assert_eq!(error.to_string(), "line 1: the span's label is not one of the annotation guideline");
        let messages = parse_marked("# voice=hidden\n[[PERSON:patient|Zebulon]] is in", 0).unwrap();
        let debug = format!("{messages:?}");
        assert!(!debug.contains("Zebulon") && !debug.contains("hidden"), "{debug}");
        assert!(debug.contains("text_bytes: 13"), "{debug}");
    }
}
