//! Finding again what operators wrote, so that a text that was minimised before is left alone.

use presend_detect::Label;
use presend_policy::Level;
use presend_text::Span;

use crate::{generalise, hash, token};

/// What stands for a person or a group in numbered stand-ins, beside the labels' own words.
const PEOPLE: &[&str] = &["PATIENT", "RELATIVE", "STAFF", "PERSON", "GROUP"];
/// The longest stand-in in brackets but for tokens, in bytes.
const LONGEST: usize = 80;
/// So many `*` are a mask; fewer are how chat apps write bold.
const MASK: usize = 3;
/// What stands between the characters of a number that is masked.
const PARTING: &[u8] = b" -.:/";

/// A longer number is taken for no stand-in's: somebody typed `[PHONE 07700900617]`. An archive of 100,000 people or more
/// would have such.
const MOST_DIGITS: usize = 5;
/// The most characters that the built-in policies' masks show.
const MOST_SHOWN: usize = 4;

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
    const WRITTEN: [(Label, Level); 4] = [
        (Label::DateOfBirth, Level::Age),
        (Label::Date, Level::Relative),
        (Label::Profession, Level::Sector),
        (Label::Organisation, Level::Kind),
    ];
    WRITTEN.iter().any(|(label, level)| generalise(words, *label, *level, None).as_deref() == Some(words))
}

/// Whether a stand-in's words may be followed by this: nothing, a number or a hash.
fn is_mark(rest: &str) -> bool {
    let Some(mark) = rest.strip_prefix(' ') else { return rest.is_empty() };
    mark.strip_prefix('#').map_or_else(|| is_number(mark), hash::is_hash)
}

/// Whether it is a stand-in's number as it is counted: from 1, without leading zeros.
fn is_number(mark: &str) -> bool {
    (1..=MOST_DIGITS).contains(&mark.len())
        && mark.bytes().all(|byte| byte.is_ascii_digit())
        && !mark.starts_with('0')
}

/// Runs of stars and what parts them, with what is shown of the number at either end.
fn masks(text: &str) -> impl Iterator<Item = Span> {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + memchr::memchr(b'*', bytes.get(from..)?)?;
            let run = bytes.get(start..)?.iter().take_while(|byte| **byte == b'*' || PARTING.contains(byte));
            let mut len = run.count();
            while bytes.get(start + len - 1).is_some_and(|last| *last != b'*') {
                len -= 1;
            }
            let end = start + len;
            let words = bytes.get(start..end)?.split(|byte| *byte == b' ');
            let stars = words.map(|word| memchr::memchr_iter(b'*', word).count()).max();
            let before = shown(bytes.get(..start)?.iter().rev()).min(start - from);
            let after = shown(bytes.get(end..)?.iter());
            from = end;
            if stars >= Some(MASK) {
                from += after;
                return Some(Span::new(start - before, end + after));
            }
        }
    })
}

/// How many of the bytes beside a mask are what it shows of the number: `4004`, `1AB4`, `8.4.77`.
///
/// What is longer is another number, and what is set off by a space is shown only where it is as long as masks show.
fn shown<'b>(beside: impl Iterator<Item = &'b u8> + Clone) -> usize {
    let (mut len, mut count, mut is_apart) = (0, 0, false);
    let mut rest = beside;
    loop {
        let mark = rest.clone().next().filter(|mark| PARTING.contains(mark));
        let group =
            rest.clone().skip(usize::from(mark.is_some())).take_while(|byte| byte.is_ascii_alphanumeric());
        let size = group.clone().count();
        let is_number = group.clone().any(u8::is_ascii_digit);
        if !is_number || count + size > MOST_SHOWN {
            break;
        }
        is_apart |= mark == Some(&b' ');
        count += size;
        let step = size + usize::from(mark.is_some());
        len += step;
        rest.nth(step - 1);
    }
    let next = rest.next();
    // Between two masks stands what a chat app writes bold.
    let is_bold = next == Some(&b'*');
    let goes_on = next.is_some_and(|mark| *mark != b' ' && PARTING.contains(mark))
        && rest.next().is_some_and(u8::is_ascii_alphanumeric);
    if is_bold || is_apart && (goes_on || count < MOST_SHOWN) { 0 } else { len }
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
            ("Rx ******-******-*1AB4. 3AB*** x", vec!["******-******-*1AB4", "3AB***"]),
            ("IP ***.**8.4.77, MAC **:**:**:**:9F:11. So", vec!["***.**8.4.77", "**:**:**:**:9F:11"]),
            ("***Okoro*** then ***EX4*** in *K2* **4**", vec!["***", "***", "***", "***"]),
            (
                "***URGENT*** 999 123 4004; ***, 47; *** 47; ***** 12/03/1954",
                vec!["***", "***", "***", "***", "*****"],
            ),
            (
                "until [7 days from today], [1 to 3 days ago] [today]",
                vec!["[7 days from today]", "[1 to 3 days ago]", "[today]"],
            ),
            ("[NHS NUMBER #q7k2m9tz4pab] x", vec!["[NHS NUMBER #q7k2m9tz4pab]"]),
            ("see [1], [name] and [NAMES]; *bold* text [NAME", vec![]),
            ("[NAME\n]", vec![]),
            // Typed, or pasted from a form.
            ("[PATIENT haddow] [NAME okafor] [PHONE 07700900617] [NHS NUMBER 9991234551]", vec![]),
            ("[RECORD NUMBER 204417] [DATE OF BIRTH 04031941] [POSTCODE ng52ab] [PATIENT 0]", vec![]),
            ("[NAME #okafor] [PHONE #447700900617] [NHS NUMBER #9991234551]", vec![]),
            ("[RECORD NUMBER 2044]", vec!["[RECORD NUMBER 2044]"]),
            ("", vec![]),
        ] {
            let spans: Vec<&str> =
                written(text).iter().map(|span| span.of(text).expect("in the text")).collect();
            assert_eq!(spans, found, "{text}");
        }
        assert!(is_written("[NAME]") && !is_written("[NAME] Smith") && !is_written("Smith"));
    }
}
