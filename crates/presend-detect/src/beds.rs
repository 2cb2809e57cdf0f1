//! Bare beds and ages that only a name beside them shows: "12 mrs Achterberg", "c3 Smith", "Gwilym Prosser, 74,".

use crate::Label;
use crate::document::Document;
use crate::finding::Raw;
use crate::patterns::candidate;
use crate::token::{Case, Token, TokenKind};
use crate::validators::{continues_count, counts_on, leaves_age};

/// The highest bare number that is taken for a bed.
const LAST_BED: u32 = 60;
/// The highest bare number that is taken for an age, in years.
const LAST_AGE: u32 = 110;

/// Words on a board that stand in place of a name.
const VACANT: &[&str] = &["empty", "closed", "clean", "vacant", "unknown", "free"];

/// Words in a message that make its numbered lines a board of beds.
const BOARD: &[&str] =
    &["bed", "beds", "bay", "board", "bedlist", "obs", "ward", "bedstate", "rooms", "rm", "room"];

/// Words after a bare number that make it a quantity and no age.
const UNITS: &[&str] = &[
    "mg", "ml", "mls", "mcg", "g", "kg", "units", "unit", "iu", "mmol", "l", "cm", "mm", "bpm", "hrs", "hr",
    "hours", "h", "mins", "min", "days", "day", "weeks", "week", "wks", "wk", "months", "x", "puffs", "tabs",
    "pm", "am", "times", "percent", "beats", "of", "out", "more", "pts", "patients", "doses", "amps", "bags",
    "f", "fr", "french", "degrees",
];

/// Finds them beside the names in `found`.
pub(crate) fn scan(document: &Document, numbers: &[Raw], found: &mut Vec<Raw>) {
    if !document.has_digit() {
        return;
    }
    let mut names: Vec<(usize, usize)> =
        found.iter().filter(|raw| raw.label == Label::Person).map(|raw| (raw.start, raw.end)).collect();
    names.sort_unstable();
    beds(document, numbers, &names, found);
    extensions(document, numbers, &names, found);
    ages(document, numbers, &names, found);
}

/// Takes post-operative days out of the places found: "POD 3", and "POD#2" before "bed 4". Their tokens go to `blocked`,
/// so that no model takes them for places either.
pub(crate) fn drop_operative_days(
    document: &Document,
    places: &mut Vec<Raw>,
    blocked: &mut Vec<(usize, usize)>,
) {
    places.retain_mut(|raw| {
        if let Some(end) = operative_day_end(document, raw) {
            blocked.push((document.token_from(raw.start), document.token_from(end)));
            let tail = document.text().get(end..raw.end).unwrap_or_default();
            let bare = tail.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
            raw.start = raw.end - bare.len();
        }
        raw.start < raw.end
    });
}

/// Where the post-operative day ends that a place begins with: POD, in capitals as hardly a bay is written but an
/// emergency department's ("ED POD 3"), and up to two digits.
fn operative_day_end(document: &Document, raw: &Raw) -> Option<usize> {
    let text = document.text().get(raw.start..raw.end).filter(|_| raw.label == Label::WardBed)?;
    let token = document.tokens().get(document.token_from(raw.start))?;
    let day = text.strip_prefix("pod")?.trim_start_matches([' ', '#', '-', '.', ':']);
    let rest = day.trim_start_matches(|c: char| c.is_ascii_digit());
    ((1..=2).contains(&(day.len() - rest.len())) && token.case == Case::Upper).then_some(raw.end - rest.len())
}

fn value(document: &Document, token: &Token) -> Option<u32> {
    (token.kind == TokenKind::Number && token.len() <= 3).then(|| document.word(token).parse().ok()).flatten()
}

fn taken(numbers: &[Raw], token: &Token) -> bool {
    let at = numbers.partition_point(|raw| raw.end <= token.start as usize);
    numbers.get(at).is_some_and(|raw| raw.start < token.end as usize)
}

/// A bed code as boards have it: "12", "c3", "7b".
fn is_bed_code(document: &Document, token: &Token) -> bool {
    let text = document.word(token);
    let digits = text.trim_start_matches(|letter: char| letter.is_ascii_lowercase());
    match token.kind {
        TokenKind::Number => value(document, token).is_some_and(|bed| (1..=LAST_BED).contains(&bed)),
        TokenKind::Mixed => {
            text.len() == digits.len() + 1
                && matches!(text.as_bytes().first(), Some(b'a'..=b'h'))
                && digits.parse::<u32>().is_ok_and(|bed| (1..=LAST_BED).contains(&bed))
        }
        _ => false,
    }
}

fn beds(document: &Document, numbers: &[Raw], names: &[(usize, usize)], found: &mut Vec<Raw>) {
    let tokens = document.tokens();
    let mut lines = Vec::new();
    // Lines that are numbered 1, 2, 3 and so on, whether or not a name is seen in each, are a list of anything.
    let mut next_number = Some(1);
    for (index, token) in tokens.iter().enumerate() {
        if !matches!(token.kind, TokenKind::Number | TokenKind::Mixed) {
            continue;
        }
        let opens = document.starts_line(index)
            || tokens
                .get(index.wrapping_sub(1))
                .is_some_and(|mark| mark.kind == TokenKind::Punct && document.starts_line(index - 1));
        if !opens || !is_bed_code(document, token) || taken(numbers, token) {
            continue;
        }
        next_number =
            next_number.filter(|number| value(document, token) == Some(*number)).map(|number| number + 1);
        let Some(next) = tokens.get(index + 1).filter(|next| next.spaced && next.is_word()) else { continue };
        // A title may stand between the bed and the name.
        let after = tokens.get(index + 2).map_or(usize::MAX, |token| token.start as usize);
        let is_name = |start: usize| names.binary_search_by_key(&start, |(start, _)| *start).is_ok();
        let named = is_name(next.start as usize) || is_name(after);
        if named || VACANT.contains(&document.word(next)) {
            lines.push(index);
        }
    }
    let board = || tokens.iter().any(|token| token.is_word() && BOARD.contains(&document.word(token)));
    if lines.len() < 2 || next_number.is_some() && !board() {
        return;
    }
    found.extend(lines.into_iter().filter_map(|index| tokens.get(index)).map(|token| {
        let range = (token.start as usize, token.end as usize);
        let why = "it opens a line before a name, as on a board of beds";
        Raw::plain(range, Label::WardBed, 0.7, "bed_list", why)
    }));
}

/// "Wilhelmina on 5561": an extension or bleep after a name and "on".
fn extensions(document: &Document, numbers: &[Raw], names: &[(usize, usize)], found: &mut Vec<Raw>) {
    let tokens = document.tokens();
    for (_, end) in names {
        let at = document.token_from(*end);
        if !matches!(
            tokens.get(at).map(|token| document.word(token)),
            Some("on" | "ext" | "bleep" | "x" | "@")
        ) {
            continue;
        }
        let Some(token) = tokens.get(at + 1) else { continue };
        let short = token.kind == TokenKind::Number && (4..=6).contains(&token.len());
        let joined = tokens
            .get(at + 2)
            .is_some_and(|next| !next.spaced && matches!(document.word(next), "/" | "." | ":" | "-"))
            && !tokens.get(at + 3).is_none_or(|after| after.spaced);
        if short && !joined && !taken(numbers, token) {
            let range = (token.start as usize, token.end as usize);
            let why = "four to six figures after a name and \"on\"";
            found.push(Raw::plain(range, Label::Phone, 0.75, "extension_after_name", why));
        }
    }
}

fn ages(document: &Document, numbers: &[Raw], names: &[(usize, usize)], found: &mut Vec<Raw>) {
    let tokens = document.tokens();
    for (_, end) in names {
        let mut at = document.token_from(*end);
        let bracket = tokens.get(at).is_some_and(|token| document.word(token) == "(");
        let comma = tokens.get(at).is_some_and(|token| document.word(token) == ",");
        if bracket || comma {
            at += 1;
        }
        let Some(token) = tokens.get(at).filter(|token| token.spaced || bracket) else { continue };
        let before = document.text().get(..token.start as usize).unwrap_or_default();
        let item = bracket && value(document, token).is_some_and(|value| counts_on(value, before));
        if item || taken(numbers, token) {
            continue;
        }
        let Some(end) = age_end(document, at, comma || bracket) else { continue };
        let range = (token.start as usize, end);
        if continues_count(&candidate(document.text(), range.0, range.1)) {
            continue;
        }
        found.push(Raw::plain(range, Label::Age, 0.75, "age_after_name", "a number right after a name"));
    }
}

/// Where the age that starts at the token ends: "74", "66" of "66M", "6 wks", "22 months".
fn age_end(document: &Document, at: usize, set_off: bool) -> Option<usize> {
    let tokens = document.tokens();
    let token = tokens.get(at)?;
    let text = document.word(token);
    if token.kind == TokenKind::Mixed {
        let digits = text.strip_suffix(['m', 'f'])?;
        let age = digits.parse::<u32>().ok().filter(|age| (1..=LAST_AGE).contains(age))?;
        // "3m" is as well three months or metres.
        return (age > 9).then_some(token.start as usize + digits.len());
    }
    let age = value(document, token).filter(|age| (1..=LAST_AGE).contains(age))?;
    let next = tokens.get(at + 1);
    let word = next.map_or("", |next| document.word(next));
    let unit = matches!(
        word,
        "wks" | "weeks" | "months" | "mths" | "mnths" | "days" | "yrs" | "years" | "wk" | "mo"
    );
    if unit {
        let after = tokens.get(at + 2).map_or("", |after| document.word(after));
        let span = matches!(
            after,
            "post" | "ago" | "later" | "after" | "of" | "since" | "postop" | "hx" | "history"
        );
        return (!span).then(|| next.map_or(token.end, |next| next.end) as usize);
    }
    let closes = next.is_none_or(|next| match next.kind {
        TokenKind::Newline => true,
        TokenKind::Punct => {
            matches!(word, "," | ")" | ";")
                || word == "." && tokens.get(at + 2).is_none_or(|after| after.spaced)
        }
        // "Priya (12 votes)".
        TokenKind::Word if set_off => !UNITS.contains(&word) && leaves_age(age, word),
        TokenKind::Word => matches!(word, "m" | "f"),
        _ => false,
    });
    (closes && (set_off || token.len() == 2)).then_some(token.end as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Dictionary;

    #[test]
    fn a_number_that_goes_on_with_a_count_is_no_age() {
        let ages = |text: &str| {
            let found = crate::Detector::new().scan(text);
            found.into_iter().filter(|finding| finding.label == Label::Age).count()
        };
        assert_eq!(ages("endo list: 1 ogd mrs wu, 2 colon mr daly, 3 ercp mr khan, 4 flexi mrs ali"), 0);
        assert_eq!(ages("jobs: 1. cannula mrs okoro, 2. bloods mr evans, 3. catheter mr lim"), 0);
        assert_eq!(ages("Amara, 1, and Priya, 2, both hot"), 2);
    }

    #[test]
    fn operative_days_are_blocked() {
        let mut document = Document::default();
        for (text, day, left) in [
            ("on POD 5 he", Some((1, 3)), None),
            ("POD#2 bed 4", Some((0, 3)), Some("bed 4")),
            ("pod 3 in ED", None, Some("pod 3")),
            ("ED POD 3 full", None, Some("ed pod 3")),
            ("POD 304", None, Some("pod 304")),
        ] {
            document.prepare(text, Dictionary::embedded());
            let folded = document.text().to_owned();
            let start = folded.find("ed pod").or_else(|| folded.find("pod")).unwrap();
            let end = folded.rfind(|c: char| c.is_ascii_digit()).unwrap() + 1;
            let mut places = vec![Raw::plain((start, end), Label::WardBed, 0.9, "ward_bed", "")];
            let mut blocked = Vec::new();
            drop_operative_days(&document, &mut places, &mut blocked);
            assert_eq!(blocked.first().copied(), day, "{text}");
            assert_eq!(places.first().and_then(|raw| folded.get(raw.start..raw.end)), left, "{text}");
        }
    }
}
