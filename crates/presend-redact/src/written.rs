//! Finding again what operators wrote, so that a text that was minimised before is left alone.

use presend_detect::Label;
use presend_policy::Level;
use presend_text::Span;

use crate::{generalise, token};

/// What stands for a person or a group in numbered stand-ins, beside the labels' own words.
const PEOPLE: &[&str] = &["PATIENT", "RELATIVE", "STAFF", "PERSON", "GROUP"];
/// The longest stand-in in brackets but for tokens, in bytes.
const LONGEST: usize = 80;
/// So many `*` in a row are a mask; fewer are how chat apps write bold.
const MASK: &str = "***";

/// Where the text holds what operators write, in order: placeholders, numbered stand-ins, hashes, tokens, values made
/// coarser, masks.
///
/// What somebody else wrote in the same form is found as well.
#[must_use]
pub fn written(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    if memchr::memchr(b'[', text.as_bytes()).is_some() {
        spans.extend(text.match_indices('[').filter_map(|(at, _)| {
            let inside = text.get(at + 1..)?;
            let end = inside.find([']', '[', '\n'])?;
            let is_closed = inside.get(end..)?.starts_with(']') && end <= LONGEST;
            let whole = text.get(at..at + 1 + end + 1).filter(|_| is_closed)?;
            let is_ours = stands_for(inside.get(..end)?) || is_coarse(whole);
            is_ours.then(|| Span::new(at, at + whole.len()))
        }));
        spans.extend(token::find_tokens(text));
    }
    spans.extend(masks(text));
    spans.sort_by_key(|span| (span.start(), span.end()));
    spans
}

/// Whether the words are nothing but what an operator wrote, with the line breaks that were kept.
pub(crate) fn is_written(words: &str) -> bool {
    let words = words.trim_end_matches(['\r', '\n']);
    written(words).first().is_some_and(|span| span.start() == 0 && span.end() == words.len())
}

/// Whether what stands in brackets is a stand-in.
fn stands_for(inside: &str) -> bool {
    let after = |words: &str| inside.strip_prefix(words).is_some_and(is_mark);
    Label::ALL.iter().any(|label| after(label.placeholder())) || PEOPLE.iter().any(|words| after(words))
}

/// Whether the words, with their brackets, are a value that was made coarser.
fn is_coarse(words: &str) -> bool {
    const WRITTEN: [(Label, Level); 3] = [
        (Label::DateOfBirth, Level::Age),
        (Label::Profession, Level::Sector),
        (Label::Organisation, Level::Kind),
    ];
    WRITTEN.iter().any(|(label, level)| generalise(words, *label, *level, None).as_deref() == Some(words))
}

/// Whether a stand-in's words may be followed by this: nothing, a number or a hash.
fn is_mark(rest: &str) -> bool {
    let Some(mark) = rest.strip_prefix(' ') else { return rest.is_empty() };
    let mark = mark.strip_prefix('#').unwrap_or(mark);
    !mark.is_empty() && mark.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Runs of stars, digits, letters of masked mixed numbers, spaces and dashes that hold a mask.
fn masks(text: &str) -> impl Iterator<Item = Span> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + text.get(from..)?.find(MASK)?;
        let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'*' | b' ' | b'-');
        let bytes = text.as_bytes();
        let before = bytes.get(from..at)?.iter().rev().take_while(|byte| is_part(byte)).count();
        let after = bytes.get(at..)?.iter().take_while(|byte| is_part(byte)).count();
        let (mut start, mut end) = (at - before, at + after);
        // A space at either end parts the mask from other words.
        while bytes.get(start) == Some(&b' ') {
            start += 1;
        }
        from = end;
        while end > start && bytes.get(end - 1) == Some(&b' ') {
            end -= 1;
        }
        Some(Span::new(start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_operators_write_is_found_again() {
        for (text, found) in [
            ("Mrs [NAME] in [WARD/BED 2]", vec!["[NAME]", "[WARD/BED 2]"]),
            ("[PATIENT 1] and [STAFF 12], [GROUP]", vec!["[PATIENT 1]", "[STAFF 12]", "[GROUP]"]),
            ("[age 84] [born 1941] in [GP surgery]", vec!["[age 84]", "[born 1941]", "[GP surgery]"]),
            ("NHS *** *** 4004, K 6.1", vec!["*** *** 4004"]),
            ("[NHS NUMBER #q7k2m9tz4pab] x", vec!["[NHS NUMBER #q7k2m9tz4pab]"]),
            ("see [1], [name] and [NAMES]; *bold* text [NAME", vec![]),
            ("[NAME\n]", vec![]),
            ("", vec![]),
        ] {
            let spans: Vec<&str> =
                written(text).iter().map(|span| span.of(text).expect("in the text")).collect();
            assert_eq!(spans, found, "{text}");
        }
        assert!(is_written("[NAME]") && !is_written("[NAME] Smith") && !is_written("Smith"));
    }
}
