//! Finds a chat's members in its messages: `@Name`, full names, and single names that are nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use presend::{Folded, Span};

use crate::whatsapp::{Survey, marks, notices};
use crate::words::{is_abbreviation, is_clinical, is_drug, is_name, is_ordinary, is_role};

/// Digits of a phone number, from the end, in which national and international spelling agree.
const PHONE_TAIL: usize = 10;
/// Fewer digits are no phone number.
const PHONE_LEAST: usize = 7;
/// A mention in isolates longer than this, in bytes, is none.
const LONGEST_MENTION: usize = 200;

/// The members of one chat, indexed for finding them in text.
#[derive(Default)]
pub(crate) struct Members {
    /// What each member is called to get a surrogate.
    keys: Vec<String>,
    /// The names met, folded to their words, so that a name with an emoji is no second member.
    known: BTreeSet<String>,
    /// By first word, the words after it of names of at least two words.
    full: BTreeMap<String, Vec<(Vec<String>, usize)>>,
    /// By word, or by the first letter and the last word, the one member who has it in the name; `None` where two do.
    single: BTreeMap<String, Option<usize>>,
    /// By the last digits.
    phones: BTreeMap<String, usize>,
}

/// A member met in a text.
pub(crate) struct Hit {
    pub(crate) span: Span,
    /// What the member is called to get a surrogate.
    pub(crate) key: String,
    pub(crate) how: How,
}

/// How a member is named in a text, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// By the app: a name in isolates or a number, after an `@`.
    Marked,
    /// After an `@` that somebody may have typed.
    At,
    /// By two words of the name at least.
    Full,
    /// By one word, which no other member has.
    Single,
    /// By a word that several members have, so that it names none of them.
    Shared,
}

impl How {
    /// Whether an `@` stands before the name.
    pub(crate) const fn is_mention(self) -> bool {
        matches!(self, Self::Marked | Self::At)
    }
}

/// What a member is called to get a surrogate: the name, the last digits of a phone number, or the code points of a
/// name without letters and digits, such as an emoji.
pub(crate) fn key(name: &str) -> String {
    phone(name).unwrap_or_else(|| {
        if name.contains(char::is_alphanumeric) {
            return name.to_owned();
        }
        let points: Vec<String> = name.chars().map(|c| format!("u{:x}", u32::from(c))).collect();
        points.join(" ")
    })
}

/// The last digits of a phone number; `None` where the name is none.
pub(crate) fn phone(name: &str) -> Option<String> {
    let fits = |c: char| {
        c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '-' | '(' | ')' | '.' | '\u{2011}')
    };
    let name = marks::trim(name);
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= PHONE_LEAST && name.chars().all(fits)).then(|| tail(&digits))
}

fn tail(digits: &str) -> String {
    digits.get(digits.len().saturating_sub(PHONE_TAIL)..).unwrap_or(digits).to_owned()
}

impl Members {
    pub(crate) fn new(survey: &Survey) -> Self {
        let mut members = Self::default();
        for name in survey.members() {
            members.add(name);
        }
        members
    }

    fn add(&mut self, name: &str) {
        let member = self.keys.len();
        let key = key(name);
        let folded = Folded::new(&key);
        let words: Vec<&str> =
            words(folded.text()).map(|word| folded.text().get(word).unwrap_or_default()).collect();
        if !self.known.insert(words.join(" ")) {
            return;
        }
        if phone(name).is_some() {
            self.phones.insert(key.clone(), member);
            self.keys.push(key);
            return;
        }
        // Nobody is meant where "critical care" stands in a message; the head of the contact's own goes all the same.
        if is_role(&words) {
            self.keys.push(key);
            return;
        }
        let telling = |word: &&str| !is_ordinary(word) && word.chars().count() > 1 && !has_digit(word);
        let first = words.iter().position(&telling);
        let last = words.iter().rposition(telling);
        if let (Some(first), Some(last)) = (first, last) {
            self.add_full(&words, member);
            self.add_full(words.get(first..=last).unwrap_or_default(), member);
        }
        for word in words.iter().filter(|word| word.chars().count() > 1 && !has_digit(word)) {
            self.add_single((*word).to_owned(), member);
        }
        let before = last.and_then(|last| words.get(..last)).unwrap_or_default();
        if let Some(first) = before.iter().find(|word| telling(word) || is_name(word))
            && let Some(last) = last.and_then(|last| words.get(last))
        {
            let letter = first.chars().take(1);
            self.add_single(letter.chain([' ']).chain(last.chars()).collect(), member);
        }
        self.keys.push(key);
    }

    fn add_single(&mut self, name: String, member: usize) {
        self.single
            .entry(name)
            .and_modify(|known| *known = known.filter(|known| *known == member))
            .or_insert(Some(member));
    }

    fn add_full(&mut self, words: &[&str], member: usize) {
        let [first, rest @ ..] = words else { return };
        if rest.is_empty() {
            return;
        }
        let rest: Vec<String> = rest.iter().map(|word| (*word).to_owned()).collect();
        let known = self.full.entry((*first).to_owned()).or_default();
        if known.iter().all(|(words, _)| *words != rest) {
            known.push((rest, member));
            // The longest name first, so that it wins.
            known.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
    }

    /// What each member is called to get a surrogate, in the order in which they are met.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }

    /// The member of a phone number that was found in a text.
    pub(crate) fn by_phone(&self, words: &str) -> Option<&str> {
        let member = self.phones.get(&phone(words)?)?;
        self.keys.get(*member).map(String::as_str)
    }

    /// Finds the members in a text, sorted by start; no two hits overlap.
    pub(crate) fn find(&self, text: &str) -> Vec<Hit> {
        let mut hits: Vec<Hit> = mentions(text).collect();
        let marked = hits.len();
        if !self.full.is_empty() || !self.single.is_empty() {
            let folded = Folded::new(text);
            let all: Vec<Range<usize>> = words(folded.text()).collect();
            let mut at = 0;
            while let Some(word) = all.get(at) {
                let rest = all.get(at..).unwrap_or_default();
                let before = folded.text().get(..word.start).unwrap_or_default();
                let is_mention = before.strip_suffix('@').is_some_and(may_mention);
                let full = self.full_name(folded.text(), rest).and_then(|(member, count)| {
                    Some((
                        self.keys.get(member)?.as_str(),
                        if is_mention { How::At } else { How::Full },
                        count,
                    ))
                });
                let single = |count: usize| {
                    let (key, how) = self.single_name(text, &folded, rest.get(..count)?, is_mention)?;
                    Some((key, how, count))
                };
                // "K. Mensah" before "Mensah".
                let found = full.or_else(|| single(2)).or_else(|| single(1));
                let Some((key, how, count)) = found else {
                    at += 1;
                    continue;
                };
                let end = all.get(at + count - 1).map_or(word.end, |word| word.end);
                let span = folded.original_span(Span::new(word.start, end));
                // The marked ones are in order, by their starts and by their ends.
                let app = hits.get(..marked).unwrap_or_default();
                let near = app.partition_point(|hit| hit.span.end() <= span.start());
                if app.get(near).is_none_or(|hit| !hit.span.overlaps(span)) {
                    hits.push(Hit { span, key: key.to_owned(), how });
                }
                at += count;
            }
        }
        hits.sort_by_key(|hit| hit.span);
        hits
    }

    /// The member whose full name starts at the first word, and how many words it has.
    fn full_name(&self, text: &str, all: &[Range<usize>]) -> Option<(usize, usize)> {
        let (first, after) = all.split_first()?;
        let names = self.full.get(text.get(first.clone())?)?;
        names.iter().find_map(|(rest, member)| {
            let mut end = first.end;
            for (wanted, word) in rest.iter().zip(after) {
                let gap = text.get(end..word.start)?;
                let joined = gap.len() <= 3 && gap.chars().all(|c| matches!(c, ' ' | '-' | '\'' | '.'));
                if !joined || text.get(word.clone()) != Some(wanted) {
                    return None;
                }
                end = word.end;
            }
            (after.len() >= rest.len()).then_some((*member, rest.len() + 1))
        })
    }

    /// What the member with that word in the name, or that letter and word, is called: only with a capital, and only
    /// where the word is nothing else or follows an `@`. A word that two members share is a name of its own, since it
    /// does not say whose it is.
    fn single_name<'a>(
        &'a self,
        text: &str,
        folded: &'a Folded,
        words: &[Range<usize>],
        is_mention: bool,
    ) -> Option<(&'a str, How)> {
        let (first, last) = (words.first()?, words.last()?);
        let word = folded.text().get(last.clone())?;
        let gap = folded.text().get(first.end..last.start).unwrap_or_default();
        let member = *match folded.text().get(first.clone())? {
            _ if words.len() == 1 => self.single.get(word),
            letter if letter.chars().count() == 1 && matches!(gap, " " | "." | ". ") => {
                self.single.get(&format!("{letter} {word}"))
            }
            _ => None,
        }?;
        let is_small = |range: &Range<usize>| {
            let original = folded.original_span(Span::from(range.clone())).of(text)?;
            Some(original.chars().find(|c| c.is_alphabetic())?.is_lowercase())
        };
        // "J. Low" is somebody, "K Low" is a result.
        let is_free = gap.starts_with('.') || !is_ordinary(word) && !is_clinical(word);
        let alone = is_free
            && !is_small(first)?
            && !is_small(last)?
            && word.chars().count() > 2
            && (words.len() > 1
                || !is_abbreviated(text, folded.original_span(Span::from(last.clone())), word));
        let own = member.and_then(|member| self.keys.get(member)).map(String::as_str);
        let how = match own {
            _ if is_mention => How::At,
            Some(_) => How::Single,
            None => How::Shared,
        };
        (is_mention || alone).then_some((own.unwrap_or(word), how))
    }
}

/// Words before which, and after which, a name in capitals is somebody's: "thanks PAT", "DES is on".
const TO_SOMEBODY: &[&str] =
    &["ask", "asked", "by", "cc", "hey", "hi", "ring", "tell", "thank", "thanks", "ta", "to", "told", "with"];
const OF_SOMEBODY: &[&str] =
    &["are", "can", "could", "has", "is", "pls", "please", "said", "says", "to", "was", "will"];

/// What the figure of a dose is followed by.
const DOSE: &[&str] = &["g", "iu", "mcg", "mg", "ml", "units"];

/// Whether a word stands for something of medicine as it is written, be it a member's name as well: "?TIA", unless all
/// is in capitals or speaks of somebody, and "Dex 6mg".
fn is_abbreviated(text: &str, span: Span, word: &str) -> bool {
    let is_small = |c: char| c.is_lowercase();
    let is_capital = !span.of(text).unwrap_or_default().contains(is_small) && text.contains(is_small);
    let (before, after) =
        (text.get(..span.start()).unwrap_or_default(), text.get(span.end()..).unwrap_or_default());
    let is_one_of = |word: &str, words: &[&str]| words.iter().any(|one| one.eq_ignore_ascii_case(word));
    let word_before =
        before.trim_end_matches(' ').rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let after = after.trim_start_matches(' ');
    let word_after = after.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let is_somebody = is_one_of(word_before, TO_SOMEBODY) || is_one_of(word_after, OF_SOMEBODY);
    let unit = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let unit_word =
        unit.trim_start_matches(' ').split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let is_dosed = unit.len() < after.len() && is_one_of(unit_word, DOSE);
    is_capital && !is_somebody && is_abbreviation(word) || is_dosed && is_drug(word)
}

/// Whether a member has this civil title, such as "Mrs ", in the name.
pub(crate) fn has_title(key: &str, title: &str) -> bool {
    let title = title.trim_end_matches(|c: char| !c.is_alphabetic());
    key.split(|c: char| !c.is_alphabetic()).any(|word| word.eq_ignore_ascii_case(title))
}

/// Whether an `@` after this may be a mention's, and not one within an e-mail address.
fn may_mention(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%'))
}

fn has_digit(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit())
}

/// The words of folded text: runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| marks::range(text, word))
}

/// Mentions that the app itself marked: names in isolates after an `@`, and numbers after an `@`.
fn mentions(text: &str) -> impl Iterator<Item = Hit> {
    memchr::memchr_iter(b'@', text.as_bytes()).filter_map(|at| {
        let (before, after) = (text.get(..at)?, text.get(at + 1..)?);
        if !may_mention(before) {
            return None;
        }
        let inner = after.strip_prefix(['\u{2066}', '\u{2067}', '\u{2068}', '\u{202a}', '\u{202b}']);
        let name = match inner {
            Some(inner) => {
                let near = inner.char_indices().take_while(|(at, _)| *at <= LONGEST_MENTION);
                let mut ends = near.filter(|(_, c)| matches!(c, '\u{2069}' | '\u{202c}' | '\n'));
                let (end, _) = ends.next()?;
                marks::name(inner.get(..end)?)
            }
            None => {
                let after_plus = after.strip_prefix('+').unwrap_or(after);
                let digits = after_plus.bytes().take_while(u8::is_ascii_digit).count();
                if !(PHONE_LEAST..=15).contains(&digits) {
                    return None;
                }
                after.get(..after.len() - after_plus.len() + digits)?
            }
        };
        let is_name = !name.is_empty() && !notices::is_you(name);
        is_name.then(|| Hit { span: Span::from(marks::range(text, name)), key: key(name), how: How::Marked })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(names: &[&str]) -> Members {
        let mut members = Members::default();
        for name in names {
            members.add(name);
        }
        members
    }

    #[test]
    fn members_are_found_in_text() {
        let members = members(&[
            "Dr Priya Nair SHO",
            "Will",
            "Oluwaseun 🌸",
            "+44 7700 900123",
            "Ward 7 Desk",
            "Bed Manager",
            "Tom Reilly",
            "Tom O'Dowd",
            "Rose Hill",
            "Oluwaseun",
            "🌸",
            "💙",
            "Critical Care",
            "Cath Lab",
            "Heart Failure Nurse",
            "NHS Bank Desk",
            "Raj Nurse",
            "Tia",
            "Dex Moran",
        ]);
        assert_eq!(members.keys().count(), 18);
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("priya nair is on", &[("priya nair", "Dr Priya Nair SHO")]),
            ("ask Priya's team", &[("Priya", "Dr Priya Nair SHO")]),
            ("ask priya", &[]),
            ("Nair at 6", &[("Nair", "Dr Priya Nair SHO")]),
            ("Will do, will you?", &[]),
            ("@Will can you", &[("Will", "Will")]),
            ("@will can you", &[("will", "Will")]),
            ("thanks OLUWASEUN", &[("OLUWASEUN", "Oluwaseun 🌸")]),
            ("the bed manager is at ward 7, Desk", &[]),
            ("SHO on ward 7", &[]),
            ("Tom is here", &[]),
            ("Tom o’dowd and tom-reilly", &[("Tom o’dowd", "Tom O'Dowd"), ("tom-reilly", "Tom Reilly")]),
            ("Tom\nReilly", &[("Reilly", "Tom Reilly")]),
            ("@\u{2068}Kofi Mensah\u{2069} pls", &[("Kofi Mensah", "Kofi Mensah")]),
            ("@\u{2068}Priya Nair\u{2069}", &[("Priya Nair", "Priya Nair")]),
            ("@\u{2068}~\u{202f}Kofi\u{2069}", &[("Kofi", "Kofi")]),
            ("@447700900123 bleep", &[("447700900123", "7700900123")]),
            ("@\u{2068}+44 7700 900123\u{2069}", &[("+44 7700 900123", "7700900123")]),
            ("a@7700900123.example", &[]),
            ("mail a.jones@will.net or a_@will.net", &[]),
            ("(@will) ok", &[("will", "Will")]),
            ("K 5.9 @ 14:05", &[]),
            ("rose hill", &[]),
            ("Critical care, Cath lab, cath LAB; Heart failure, nhs bank desk", &[]),
            ("ask Raj", &[("Raj", "Raj Nurse")]),
            ("P. Nair and P Nair", &[("P. Nair", "Dr Priya Nair SHO"), ("P Nair", "Dr Priya Nair SHO")]),
            ("R. Nair, p nair", &[("Nair", "Dr Priya Nair SHO")]),
            ("T. Reilly", &[("T. Reilly", "Tom Reilly")]),
            ("?TIA, refer TIA clinic, Dex 6mg", &[]),
            ("ask Tia and Dex", &[("Tia", "Tia"), ("Dex", "Dex Moran")]),
            ("@TIA pls", &[("TIA", "Tia")]),
            ("thanks TIA, all done", &[("TIA", "Tia")]),
            ("TIA has the phone", &[("TIA", "Tia")]),
            ("Dex 2 is on call", &[("Dex", "Dex Moran")]),
            ("THANKS TIA", &[("TIA", "Tia")]),
        ];
        for (text, expected) in cases {
            let hits = members.find(text);
            let found: Vec<_> =
                hits.iter().map(|hit| (hit.span.of(text).unwrap(), hit.key.as_str())).collect();
            assert_eq!(found, *expected, "{text:?}");
        }
        assert_eq!(members.by_phone("07700 900123"), Some("7700900123"));
        assert_eq!(members.by_phone("07700 900124"), None);
    }

    #[test]
    fn a_phone_number_has_one_key_however_it_is_written() {
        for number in
            ["+44 7700 900123", "07700 900123", "\u{202a}+44 (7700) 900-123\u{202c}", "00447700900123"]
        {
            assert_eq!(key(number), "7700900123");
        }
        for name in ["Bed 12345", "12 345", "", "+"] {
            assert_eq!(phone(name), None);
        }
    }
}
