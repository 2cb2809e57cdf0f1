//! Identifiers taken apart or written with look-alike letters right after the word that names them: `hosp no K.2.0.4417`,
//! `GMC 7_012_345`, `passport (129)774 502`, `regAB12CDE`.
//!
//! The detector files know the usual ways of writing. Here the name of an identifier opens a closer look: the letters and
//! digits that follow it, whatever stands between them, are laid against the forms that such an identifier has. Only a
//! whole form counts, so nothing is guessed about where the identifier ends.

use std::sync::OnceLock;

use crate::Label;
use crate::cues::Cue;
use crate::dictionary::hash;
use crate::document::Document;
use crate::finding::Raw;
use crate::patterns::REACH;
use crate::spec::{Candidate, Validator, Verdict};
use crate::token::TokenKind;
use crate::validators;

/// How many of the last findings made here can overlap a new one.
const LAST_HERE: usize = 16;
/// The longest form.
const LONGEST: usize = 24;
/// How many words such as "number" and "is" may stand between the name and the identifier.
const FILLERS: usize = 4;

/// The names of one identifier and its forms.
struct Lead {
    label: Label,
    /// Names, of one or more words.
    names: &'static [&'static str],
    /// `9` a digit, `a` a letter, `n` a letter or 9, `h` a hexadecimal digit, `x` a letter or digit.
    forms: &'static [&'static str],
    /// What the letters and digits together must pass.
    check: Option<Validator>,
    /// Whether the check is so strict that it tells by itself where the identifier ends.
    checked: bool,
}

const TEN: &[&str] = &["9999999999"];

const LEADS: &[Lead] = &[
    Lead {
        label: Label::NhsNumber,
        names: &["nhs", "nhs no", "nhs number", "nhsno", "n h s"],
        forms: TEN,
        check: Some(validators::nhs_number),
        checked: true,
    },
    Lead {
        label: Label::ChiNumber,
        names: &["chi", "chi no", "chi number"],
        forms: TEN,
        check: Some(validators::chi_number),
        checked: true,
    },
    Lead {
        label: Label::HscNumber,
        names: &["hcn", "hsc", "h & c", "h + c", "h and c"],
        forms: TEN,
        check: Some(validators::hsc_number),
        checked: true,
    },
    Lead {
        label: Label::NiNumber,
        names: &["ni", "nino", "ni no", "ni number", "national insurance", "national insurance number"],
        forms: &["aa999999a"],
        check: Some(validators::nino),
        checked: true,
    },
    Lead {
        label: Label::Mrn,
        names: &[
            "hosp",
            "hospital no",
            "hospital number",
            "hospital num",
            "hosp no",
            "hosp number",
            "hospno",
            "mrn",
            "hn",
            "hno",
            "unit no",
            "unit number",
            "pas no",
            "pid",
            "pt id",
            "patient id",
            "patient number",
            "casenote no",
            "case note no",
            "casenotes",
            "rio",
            "emis",
            "systmone",
            "s1",
            "epr",
            "clinic no",
            "booking no",
            "k number",
            "x number",
            "record number",
            "carenotes",
            "badger",
            "badgernet",
        ],
        forms: &[
            "999999",
            "9999999",
            "99999999",
            "a99999",
            "a999999",
            "a9999999",
            "aa999999",
            "aa9999999",
            "aaa9999999",
            "999999a",
        ],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::ProfessionalId,
        names: &["gmc", "gmc no", "gmc number", "gphc", "g m c"],
        forms: &["9999999"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::ProfessionalId,
        names: &["nmc", "nmc pin", "nmc no", "pin"],
        forms: &["99a9999a"],
        check: Some(nmc_pin),
        checked: false,
    },
    Lead {
        label: Label::ProfessionalId,
        names: &["hcpc", "hcpc no"],
        forms: &["aa9999", "aa99999", "aa999999", "aaa99999"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::ProfessionalId,
        names: &["gdc", "gdc no"],
        forms: &["99999", "999999"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::ProfessionalId,
        names: &["smartcard", "smartcard no", "uuid"],
        forms: &["999999999999"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::Passport,
        names: &["passport", "passport no", "passport number"],
        forms: &["999999999", "aa9999999", "a99999999", "aa999999"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::DrivingLicence,
        names: &["licence", "license", "lic", "driving licence", "dvla", "licence no", "licence number"],
        forms: &["annnn999999nnxaa"],
        check: Some(validators::driver_number),
        checked: true,
    },
    Lead {
        label: Label::VehicleRegistration,
        names: super::VEHICLE,
        forms: &["aa99aaa"],
        check: Some(validators::current),
        checked: false,
    },
    Lead {
        label: Label::Postcode,
        names: super::POSTCODE,
        forms: &["a99aa", "a999aa", "aa99aa", "aa999aa", "a9a9aa", "aa9a9aa"],
        check: Some(validators::postcode),
        checked: false,
    },
    Lead {
        label: Label::PaymentCard,
        names: &["card", "card no", "card number", "visa", "mastercard", "amex", "debit", "credit"],
        forms: &["9999999999999999", "999999999999999", "9999999999999999999"],
        check: Some(validators::payment_card),
        checked: true,
    },
    Lead {
        label: Label::BankAccount,
        names: &["sort code", "sortcode", "sort", "s / c"],
        forms: &["999999"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::BankAccount,
        names: &["account", "account no", "account number", "acc", "acc no", "acct", "a / c"],
        forms: &["99999999"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::BankAccount,
        names: &["iban"],
        forms: &["aa99aaaa99999999999999", "aa99999999999999999999"],
        check: Some(validators::iban),
        checked: true,
    },
    Lead {
        label: Label::DeviceId,
        names: &["serial", "serial no", "serial number", "sn", "s / n"],
        forms: &[
            "999999",
            "9999999",
            "99999999",
            "a999999",
            "aa99999",
            "aa999999",
            "aa9999999",
            "aa99999999",
            "aaa999999",
            "aaa999999a",
        ],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::DeviceId,
        names: &["imei"],
        forms: &["999999999999999"],
        check: Some(validators::imei),
        checked: true,
    },
    Lead {
        label: Label::DeviceId,
        names: &["mac", "mac address"],
        forms: &["hhhhhhhhhhhh"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::OtherId,
        names: &["ubrn", "booking ref"],
        forms: &["999999999999"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::OtherId,
        names: &["eps", "script", "prescription", "prescription id"],
        forms: &["hhhhhhxxxxxxhhhhhx"],
        check: Some(validators::prescription_id),
        checked: true,
    },
    Lead {
        label: Label::OtherId,
        names: &["datix", "datix no", "datix ref"],
        forms: &["a99999", "a999999", "99999", "999999", "aaa999999"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::OtherId,
        names: &["cad", "cad no", "cad ref"],
        forms: &["9999", "99999"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::OtherId,
        names: &["crime ref", "crime no", "crime number"],
        forms: &["99999999", "999999999", "9999999999"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::OtherId,
        names: &["lab no", "lab number", "specimen no", "sample no", "accession no"],
        forms: &["99a99999", "99a999999", "99a9999999", "a9999999", "a99999999"],
        check: None,
        checked: false,
    },
    Lead {
        label: Label::OtherId,
        names: &["blood unit", "donation no", "donation number", "din"],
        forms: &["a999999999999", "a999999999999x"],
        check: Some(validators::donation_number),
        checked: false,
    },
];

/// An NMC PIN, eight characters long: the third is the month, A to L, the last the country of training.
pub(super) fn nmc_pin(candidate: &Candidate<'_>) -> Verdict {
    let bytes = candidate.as_str().as_bytes();
    match (bytes.get(2), bytes.last()) {
        (Some(b'a'..=b'l'), Some(b'c' | b'e' | b'n' | b'o' | b's' | b'w')) => Verdict::Plausible,
        _ => Verdict::Reject,
    }
}

/// The first words of all names.
pub(crate) fn first_words() -> impl Iterator<Item = &'static str> {
    LEADS.iter().flat_map(|lead| lead.names).filter_map(|name| name.split(' ').next())
}

/// A lead's name as words.
struct Name {
    first: u64,
    /// What the last word begins with.
    initial: Option<u8>,
    words: Vec<&'static str>,
    lead: &'static Lead,
}

/// Every name, sorted by the hash of its first word.
fn names() -> &'static [Name] {
    static NAMES: OnceLock<Vec<Name>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let named = |lead: &'static Lead| {
            lead.names.iter().map(move |name| {
                let words: Vec<&str> = name.split(' ').collect();
                let first = hash::word(words.first().map_or(b"".as_slice(), |word| word.as_bytes()));
                let initial = words.last().and_then(|word| word.bytes().next());
                Name { first, initial, words, lead }
            })
        };
        let mut names: Vec<Name> = LEADS.iter().flat_map(named).collect();
        names.sort_by_key(|name| name.first);
        names
    })
}

/// The names whose first word has this hash.
fn names_from(names: &[Name], word: u64) -> impl Iterator<Item = &Name> {
    let from = names.partition_point(|name| name.first < word);
    names.iter().skip(from).take_while(move |name| name.first == word)
}

/// Adds what is named and taken apart to `found`, unless it holds such a finding there already.
pub(super) fn scan(document: &Document, found: &mut Vec<Raw>) {
    if !document.has_digit() {
        return;
    }
    let names = names();
    found.sort_by_key(|raw| raw.start);
    let sorted = found.len();
    for (index, token) in document.tokens().iter().enumerate() {
        match token.kind {
            TokenKind::Word | TokenKind::Mixed => {}
            _ => continue,
        }
        let named = token.cues.has(Cue::Identifier).then(|| names_from(names, token.hash));
        for Name { words, lead, .. } in named.into_iter().flatten() {
            let whole =
                words.iter().enumerate().all(|(offset, part)| document.word_at(index + offset) == *part);
            let last = index + words.len() - 1;
            if let Some(end) =
                document.tokens().get(last).filter(|_| whole).map(|last| last.full_end as usize)
            {
                look(document, lead, after_fillers(document.text(), end), sorted, found);
            }
        }
        if token.kind == TokenKind::Mixed {
            joined(document, index, sorted, found);
        }
    }
}

/// A name with its number joined on: `regab12cde`, `blood unitg0813`.
fn joined(document: &Document, index: usize, sorted: usize, found: &mut Vec<Raw>) {
    let Some(token) = document.tokens().get(index) else { return };
    let word = document.word(token);
    let initial = word.bytes().next();
    for Name { words, lead, .. } in names().iter().filter(|name| name.initial == initial) {
        let Some((last, head)) = words.split_last() else { continue };
        let named = word.len() > last.len()
            && word.starts_with(last)
            && index.checked_sub(head.len()).is_some_and(|from| {
                head.iter().enumerate().all(|(offset, part)| document.word_at(from + offset) == *part)
            });
        if named {
            let rest = word.get(last.len()..).unwrap_or_default();
            let number = ["number", "num", "no"].iter().find(|number| rest.starts_with(**number));
            let at = token.start as usize + last.len() + number.map_or(0, |number| number.len());
            look(document, lead, at, sorted, found);
        }
    }
}

/// Where the identifier would start: after "no", "number", "is" and the marks around them.
fn after_fillers(text: &str, mut at: usize) -> usize {
    const WORDS: &[&str] = &[
        "address",
        "code",
        "id",
        "is",
        "no",
        "nos",
        "num",
        "number",
        "old",
        "pin",
        "ref",
        "reference",
        "says",
        "was",
    ];
    for _ in 0..=FILLERS {
        let rest = text.get(at..).unwrap_or_default();
        let marks = rest.len() - rest.trim_start_matches(is_mark).len();
        if marks > 4 {
            return text.len();
        }
        at += marks;
        let rest = text.get(at..).unwrap_or_default();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        match rest.get(..end) {
            Some(word) if WORDS.binary_search(&word).is_ok() => at += word.len(),
            // "hosp noK204417".
            Some(word) => {
                let joined = ["number", "num", "no"].iter().find(|filler| word.starts_with(**filler));
                let number = word.bytes().any(|byte| byte.is_ascii_digit());
                return at + joined.filter(|_| number).map_or(0, |filler| filler.len());
            }
            None => break,
        }
    }
    at
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || (!c.is_alphanumeric() && c != '@' && c != '\u{a3}' && c != '%')
}

/// One letter or digit after the name and where it ends; with what stands before it.
struct Piece<'t> {
    character: u8,
    at: usize,
    gap: &'t str,
}

/// The letters and digits from `start` on, as far as marks and blanks alone stand between them. An upright bar is a 1 or a
/// mark.
fn pieces(text: &str, start: usize, bar_is_one: bool) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::with_capacity(LONGEST + 1);
    let mut gap_start = start;
    for (offset, c) in text.get(start..).unwrap_or_default().char_indices() {
        let at = start + offset;
        if c.is_ascii_alphanumeric() || (c == '|' && bar_is_one) {
            let gap = text.get(gap_start..at).unwrap_or_default();
            let marks = gap.chars().count();
            if marks > 3 || gap.matches('\n').count() > 1 || pieces.len() > LONGEST {
                break;
            }
            pieces.push(Piece { character: c as u8, at, gap });
            gap_start = at + 1;
        } else if !is_mark(c) {
            break;
        }
    }
    pieces
}

/// Lays the letters and digits from `start` on against the lead's forms, the longest first.
fn look(document: &Document, lead: &Lead, start: usize, sorted: usize, found: &mut Vec<Raw>) {
    let text = document.text();
    let mut pieces_here = pieces(text, start, true);
    let mut end = longest_fit(text, lead, &pieces_here);
    if end.is_none() && pieces_here.iter().any(|piece| piece.character == b'|') {
        pieces_here = pieces(text, start, false);
        end = longest_fit(text, lead, &pieces_here);
    }
    let (Some(end), Some(first)) = (end, pieces_here.first()) else { return };
    let start = first.at;
    // What the patterns found stands, unless it is only a part: all but the first letters, or less of what is set apart by
    // more than blanks.
    let plain = text
        .get(start..end)
        .is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' '));
    // The first `sorted` are sorted by start and none is longer than a pattern reaches; those found here come after.
    let (patterns, here) = found.split_at(sorted.min(found.len()));
    let from = patterns.partition_point(|raw| raw.start + REACH < start);
    let stands = patterns
        .get(from..)
        .unwrap_or_default()
        .iter()
        .take_while(|raw| raw.start < end)
        .chain(here.iter().rev().take(LAST_HERE))
        .filter(|raw| raw.label == lead.label && raw.start < end && start < raw.end)
        .any(|raw| raw.end - raw.start >= end - start || (plain && (raw.start <= start || raw.end != end)));
    if stands {
        return;
    }
    found.push(Raw {
        start,
        end,
        label: lead.label,
        role: None,
        confidence: if lead.checked { 0.92 } else { 0.8 },
        rule: "disguised_number",
        validated: lead.checked,
        evidence: vec![
            "letters and digits right after the word that names them",
            "set apart or written with look-alike letters, they have the form of one",
        ],
    });
}

/// The end of the longest of the lead's forms in the pieces; one that is written together goes before a longer one that
/// would reach over a gap, unless a check speaks for that.
fn longest_fit(text: &str, lead: &Lead, pieces: &[Piece<'_>]) -> Option<usize> {
    let together = 1 + pieces.iter().skip(1).take_while(|piece| piece.gap.is_empty()).count();
    let fits = |form: &&&str| lead.checked || pieces.len() == together || form.len() <= together;
    let whole =
        lead.forms.iter().any(|form| form.len() == together && fit(text, lead, form, pieces).is_some());
    lead.forms
        .iter()
        .filter(|form| !whole || fits(form))
        .filter_map(|form| fit(text, lead, form, pieces))
        .max()
}

/// The end of the form in the pieces, if they fill it and nothing of theirs goes on.
fn fit(text: &str, lead: &Lead, form: &str, pieces: &[Piece<'_>]) -> Option<usize> {
    let taken = pieces.get(..form.len())?;
    let mut swaps = 0;
    let mut plain = String::with_capacity(form.len());
    for (kind, piece) in form.bytes().zip(taken) {
        let character = as_kind(kind, piece.character)?;
        swaps += usize::from(character != piece.character);
        plain.push(char::from(character));
    }
    // "Postcode? Caller": a word is no number, whatever its letters look like.
    let is_word = !taken.iter().any(|piece| piece.character.is_ascii_digit());
    if swaps * 3 > form.len() || is_word {
        return None;
    }
    let end = taken.last()?.at + 1;
    if pieces.get(form.len()).is_some_and(|next| next.gap.is_empty()) {
        return None;
    }
    let start = taken.first()?.at;
    let is_alone = lead.checked || stands_alone(text, taken, pieces.get(form.len()), end);
    if !is_alone || validators::is_date_and_time(text.get(start..end)?) {
        return None;
    }
    let candidate = Candidate { text: &plain, start: 0, end: plain.len() };
    match lead.check.map(|check| check(&candidate)) {
        None | Some(Verdict::Valid(_)) => Some(end),
        Some(Verdict::Plausible) if !lead.checked => Some(end),
        _ => None,
    }
}

/// Whether the gaps are all alike, the text is no date and no word before a number, and what follows is not one more part
/// of it.
fn stands_alone(text: &str, taken: &[Piece<'_>], next: Option<&Piece<'_>>, end: usize) -> bool {
    let mut gaps = taken.iter().skip(1).map(|piece| piece.gap).filter(|gap| !gap.is_empty());
    let first = gaps.next().unwrap_or_default();
    // "(129) 774 502": the bracket goes round the first part.
    let rest = if first.starts_with(')') { gaps.next().unwrap_or_default() } else { first };
    let even = gaps.all(|gap| gap == rest);
    let goes_on = next.is_some_and(|next| {
        next.character.is_ascii_digit()
            && (next.gap == rest || matches!(next.gap, "." | "/" | ":" | "-" | "\u{b7}"))
    });
    let start = taken.first().map_or(end, |piece| piece.at);
    let words = text.get(start..end).unwrap_or_default();
    even && !goes_on && !validators::is_written_date(words) && !validators::starts_with_word(words)
}

/// The character as the form's kind wants it: itself, or what it looks like.
fn as_kind(kind: u8, character: u8) -> Option<u8> {
    let digit = match character {
        b'0'..=b'9' => Some(character),
        b'o' => Some(b'0'),
        b'i' | b'l' | b'|' => Some(b'1'),
        b'z' => Some(b'2'),
        b's' => Some(b'5'),
        b'b' => Some(b'8'),
        _ => None,
    };
    let letter = match character {
        b'a'..=b'z' => Some(character),
        b'0' => Some(b'o'),
        b'1' | b'|' => Some(b'i'),
        b'5' => Some(b's'),
        b'8' => Some(b'b'),
        b'2' => Some(b'z'),
        _ => None,
    };
    match kind {
        b'9' => digit,
        b'a' => letter,
        b'n' if character == b'9' => Some(b'9'),
        b'n' => letter,
        b'h' if character.is_ascii_hexdigit() => Some(character),
        b'h' => digit,
        _ => Some(character).filter(u8::is_ascii_alphanumeric),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Detector;

    #[track_caller]
    fn check(marked: &str, label: Label) {
        let (before, rest) = marked.split_once("[[").expect("a mark");
        let (inner, after) = rest.split_once("]]").expect("a mark");
        let text = format!("{before}{inner}{after}");
        let found = Detector::new().scan(&text);
        let spans: Vec<_> = found
            .iter()
            .filter(|finding| finding.label == label)
            .map(|finding| finding.span.of(&text).unwrap_or_default())
            .collect();
        assert_eq!(spans, [inner], "{text}");
    }

    #[test]
    fn numbers_taken_apart() {
        for marked in [
            "hosp no [[K.204.417]] ta",
            "MRN [[1_734_567]], ta",
            "rio [[1 7 3 4 5 6 7]] asap",
            "hn ([[173)45 67]] ta",
        ] {
            check(marked, Label::Mrn);
        }
        check("GMC [[7·012·345]] for mri", Label::ProfessionalId);
        check("nmc pin [[12/A/3456/E]]", Label::ProfessionalId);
        check("passport [[129\n774\n502]] thanks", Label::Passport);
        check("account [[8.8.2.0.4.4.1.7]], ta", Label::BankAccount);
        check("serial [[AB/120/447]] thanks", Label::DeviceId);
        check("reg [[AB:12:CDE]] thanks", Label::VehicleRegistration);
        check("postcode [[O L 3 5 A B]]", Label::Postcode);
        check("card [[4111~1140~2614~0142]] thanks", Label::PaymentCard);
    }

    #[test]
    fn letters_for_digits() {
        check("GMC [[7O12E45]]".replace('E', "3").as_str(), Label::ProfessionalId);
        check("passport [[l2977450Z]] thanks", Label::Passport);
        check("mrn [[I734S67]] thanks", Label::Mrn);
        check("ni no [[JG1O3I59A]]", Label::NiNumber);
    }

    #[test]
    fn names_joined_on() {
        check("reg[[AB12CDE]] parked", Label::VehicleRegistration);
        check("passport[[129774502]] seen", Label::Passport);
        check("hospno[[1734567]] seen", Label::Mrn);
        check("blood unit[[G081324551902]] hung", Label::OtherId);
        check("datix ref [[W 850492]] done", Label::OtherId);
    }

    #[test]
    fn what_only_looks_like_it() {
        for text in [
            "rio 12.03.26 seen",
            "emis 12/03/26 task sent",
            "sort 12 03 26 first",
            "car park full 12 in, 3 out",
            "serial trops 14 22 48 90",
            "card 1 of 2, page 3 of 14",
            "mac 3 no good then bougie size 15 at 22 cm",
            "gmc 2024 guidance 12 pages",
            "datix x3, 4 falls 12 beds",
            "MRN dob 1234567",
            "EPR re 1234567",
            "hosp for 1234567",
            "van late, 12 for 3",
            "postcode L, 3 to 5 a day",
            "postcode? caller: no",
        ] {
            let found = Detector::new().scan(text);
            assert!(found.iter().all(|finding| finding.rule != "disguised_number"), "{text}: {found:?}");
        }
    }
}
