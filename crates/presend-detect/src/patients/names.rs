//! Names: given name and family name beside each other, as listed or with one slip.

use std::cmp::Reverse;

use super::builder::{ID, ID_BITS};
use super::pieces::{Gap, Pieces};
use super::typo::{self, Lookup};
use super::{PatientList, pair, word};
use crate::dictionary::{Class, Dictionary, Entry};

/// The most words of one name.
const MOST_WORDS: usize = 6;
/// The most middle names or initials between a given name and a family name.
const MOST_BETWEEN: usize = 2;
/// A name written as one word has at least so many letters, and each half [`HALF`].
const JOINED: usize = 6;
const HALF: usize = 3;

/// A listed word of a name, or several that are one name.
#[derive(Clone, Copy)]
pub(super) struct Hit {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) id: u32,
    /// Whether it is listed as a given name, as a family name.
    pub(super) flags: u32,
}

/// How a name in the message agrees with the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// Given name and family name.
    Full,
    /// Given name and family name, with a name or initial between them that the list may lack.
    Between,
    /// Both in one word, or parted at another place.
    Joined,
    /// The given name and a part of the family name.
    Part,
    /// One letter wrong, missing, too many, or two swapped.
    Typo,
    /// As [`How::Typo`], and what is written is a word or another name.
    DoubtfulTypo,
    /// An initial and the family name.
    Initial,
}

/// A name in a message that is on the list.
pub(super) struct NameAt {
    pub(super) first: usize,
    pub(super) last: usize,
    /// The given name and the family name that it is or, mistyped, may be; at least one pair.
    pub(super) pairs: Vec<(u32, u32)>,
    pub(super) how: How,
    /// Whether the family name comes first; not known of a mistyped name.
    pub(super) family_first: bool,
}

/// A message with what the look-ups need of it.
pub(super) struct Message<'a> {
    pub(super) text: &'a str,
    pub(super) pieces: &'a Pieces,
    dictionary: &'static Dictionary,
}

impl<'a> Message<'a> {
    pub(super) fn new(text: &'a str, pieces: &'a Pieces) -> Self {
        Self { text, pieces, dictionary: Dictionary::embedded() }
    }

    pub(super) fn entry(&self, index: usize) -> Entry {
        self.dictionary.lookup(self.pieces.folded(index))
    }

    /// Whether the piece starts with a capital letter.
    pub(super) fn is_capitalised(&self, index: usize) -> bool {
        let original = self.pieces.original(index, index).of(self.text).unwrap_or_default();
        original.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)
    }

    /// Whether the piece is a word of the language rather than a name, as far as the dictionary knows.
    pub(super) fn is_plain(&self, index: usize) -> bool {
        const PLAIN: &[Class] = &[
            Class::Ordinary,
            Class::Clinical,
            Class::Drug,
            Class::Device,
            Class::Score,
            Class::Country,
            Class::Demographic,
            Class::Profession,
            Class::StaffRole,
            Class::Kin,
            Class::PatientWord,
            Class::TitleStaff,
            Class::TitleAny,
            Class::OrgHeadStrong,
            Class::WardWord,
            Class::UnitGeneric,
            Class::Service,
            Class::NationalBody,
            Class::NotPerson,
            Class::Month,
            Class::Weekday,
            Class::NumberWord,
        ];
        let entry = self.entry(index);
        PLAIN.iter().any(|&class| entry.has(class))
    }

    fn is_initial(&self, index: usize) -> bool {
        self.pieces.get(index).is_some_and(|piece| !piece.is_digits)
            && self.pieces.text(index).chars().nth(1).is_none()
    }

    /// Whether the dictionary has the piece as a name, common or rare.
    fn is_known_name(&self, index: usize) -> bool {
        let entry = self.entry(index);
        entry.given() > 0 || entry.surname() > 0
    }

    /// Whether the piece may stand between a given name and a family name.
    fn may_be_middle(&self, index: usize) -> bool {
        self.is_initial(index)
            || self.pieces.get(index).is_some_and(|piece| !piece.is_digits)
                && self.is_capitalised(index)
                && (!self.is_plain(index) || self.is_known_name(index))
    }
}

impl PatientList {
    /// The words of the message that are listed in names, by where they start.
    pub(super) fn find_words(&self, message: &Message<'_>) -> Vec<Hit> {
        let pieces = message.pieces;
        let mut hits = Vec::new();
        for first in 0..pieces.list().len() {
            for last in first..first + MOST_WORDS {
                if !pieces.are_letters(first, last, Gap::is_in_name) {
                    break;
                }
                let Some((id, flags)) = self.listed(pieces.joined(first, last)) else {
                    // "O Neil", "Mc Grath": written apart, though the list may have one word.
                    let is_prefix = message.is_initial(first) || matches!(pieces.text(first), "mc" | "mac");
                    if first == last && is_prefix { continue } else { break }
                };
                if flags & (word::GIVEN | word::FAMILY) != 0 {
                    hits.push(Hit { first, last, id, flags });
                }
                if flags & word::BEGINNING == 0 {
                    break;
                }
            }
        }
        hits
    }

    /// The id and flags of a listed word.
    fn listed(&self, letters: &str) -> Option<(u32, u32)> {
        let entry = self.words.get(self.keyed.word(letters.as_bytes())).next()?;
        Some((entry & ID, entry >> ID_BITS))
    }

    /// The flags of the pair of a given name and a family name: of the patient whose name it is most plainly.
    fn listed_pair(&self, given: u32, family: u32) -> Option<u32> {
        self.pairs.get(self.keyed.pair(given, family)).map(|payload| payload >> ID_BITS).min()
    }

    /// The patients of that pair of names.
    pub(super) fn patients_named(&self, given: u32, family: u32) -> impl Iterator<Item = u32> + '_ {
        self.pairs.get(self.keyed.pair(given, family)).map(|payload| payload & ID)
    }

    /// Finds the listed names, none overlapping.
    pub(super) fn find_names(&self, message: &Message<'_>, hits: &[Hit]) -> Vec<NameAt> {
        let mut found = Vec::new();
        for (index, left) in hits.iter().enumerate() {
            let near =
                hits.iter().skip(index + 1).take_while(|right| right.first <= left.last + 1 + MOST_BETWEEN);
            for right in near.filter(|right| right.first > left.last) {
                self.names_of(message, hits, left, right, &mut found);
            }
        }
        let count = message.pieces.list().len();
        let mut found = without_overlaps(found, count);
        let mut taken = vec![false; count];
        for name in found.iter().filter(|name| name.how < How::Part) {
            take(&mut taken, name);
        }
        for hit in hits {
            if !is_taken(&taken, hit.first, hit.last) {
                let before = found.len();
                self.mistyped(message, hit, &taken, &mut found);
                found.iter().skip(before).for_each(|name| take(&mut taken, name));
            }
        }
        self.written_as_one(message, hits, &mut taken, &mut found);
        without_overlaps(found, count)
    }

    /// The names that two listed words are, in either order.
    fn names_of(
        &self,
        message: &Message<'_>,
        hits: &[Hit],
        left: &Hit,
        right: &Hit,
        found: &mut Vec<NameAt>,
    ) {
        if !message.pieces.are_letters(left.last, right.first, Gap::is_between_names) {
            return;
        }
        let between = left.last + 1..right.first;
        for (given, family, family_first) in [(left, right, false), (right, left, true)] {
            if given.flags & word::GIVEN == 0 || family.flags & word::FAMILY == 0 {
                continue;
            }
            let Some(flags) = self.listed_pair(given.id, family.id) else { continue };
            // A middle name is listed beside the same family name, or is at least written as a name.
            let is_middle = |index: usize| {
                message.may_be_middle(index)
                    || hits
                        .get(hits.partition_point(|hit| hit.first < index))
                        .filter(|hit| (hit.first, hit.last) == (index, index))
                        .is_some_and(|hit| self.listed_pair(hit.id, family.id).is_some())
            };
            if !between.clone().all(is_middle) {
                continue;
            }
            let how = if flags & pair::INITIAL != 0 {
                How::Initial
            } else if flags & pair::PART != 0 {
                How::Part
            } else if between.is_empty() {
                How::Full
            } else {
                How::Between
            };
            let pairs = vec![(given.id, family.id)];
            found.push(NameAt { first: left.first, last: right.last, pairs, how, family_first });
        }
    }

    /// The names in which `hit` is written as listed and the name beside it with one slip.
    fn mistyped(&self, message: &Message<'_>, hit: &Hit, taken: &[bool], found: &mut Vec<NameAt>) {
        if message.is_initial(hit.first) && hit.first == hit.last {
            return;
        }
        let right = hit.last + 1;
        let past_initial = if message.is_initial(right) { Some(right + 1) } else { None };
        for start in [Some(right), past_initial].into_iter().flatten() {
            for end in start..start + MOST_WORDS {
                if !self.mistyped_beside(message, hit, start, end, taken, found) {
                    break;
                }
            }
        }
        let Some(left) = hit.first.checked_sub(1) else { return };
        let past_initial = if message.is_initial(left) { left.checked_sub(1) } else { None };
        for end in [Some(left), past_initial].into_iter().flatten() {
            for start in (end.saturating_sub(MOST_WORDS - 1)..=end).rev() {
                if !self.mistyped_beside(message, hit, start, end, taken, found) {
                    break;
                }
            }
        }
    }

    /// Tries the words from `start` to `end` as the mistyped name; whether it makes sense to try more words.
    fn mistyped_beside(
        &self,
        message: &Message<'_>,
        hit: &Hit,
        start: usize,
        end: usize,
        taken: &[bool],
        found: &mut Vec<NameAt>,
    ) -> bool {
        let pieces = message.pieces;
        let (first, last) = (start.min(hit.first), end.max(hit.last));
        if is_taken(taken, start, end)
            || !pieces.are_letters(start, end, Gap::is_in_name)
            || !pieces.are_letters(first, last, Gap::is_between_names)
        {
            return false;
        }
        let letters = pieces.joined(start, end);
        let mut meant = Vec::new();
        if start < end {
            // A space too many; and a slip in a name of several words, where one of them is listed as such a word.
            if let Some((id, _)) = self.listed(letters) {
                self.add_beside(hit, id, &mut meant);
            }
            let has_part = (start..=end).any(|index| {
                self.listed(pieces.text(index))
                    .is_some_and(|(_, flags)| flags & (word::PART | word::BEGINNING) != 0)
            });
            if meant.is_empty() && !has_part {
                return start + 1 >= end;
            }
        }
        let Some(doubtful) = doubt(message, hit, start, end) else { return true };
        if meant.is_empty() {
            self.add_mistyped_beside(hit, letters, &mut meant);
        }
        if !meant.is_empty() {
            let how = if doubtful { How::DoubtfulTypo } else { How::Typo };
            found.push(NameAt { first, last, pairs: meant, how, family_first: false });
        }
        true
    }

    /// Adds the listed pairs of `hit` and a word that `letters` is one slip away from.
    fn add_mistyped_beside(&self, hit: &Hit, letters: &str, meant: &mut Vec<(u32, u32)>) {
        let mut buffer = Vec::with_capacity(letters.len() + 1);
        typo::lookups(letters, &mut buffer, |lookup, key| match lookup {
            Lookup::Word => {
                self.words
                    .get(self.keyed.word(key))
                    .for_each(|entry| self.add_beside(hit, entry & ID, meant));
            }
            Lookup::Pattern => {
                self.patterns
                    .get(self.keyed.pattern(key))
                    .for_each(|id| self.add_beside(hit, id & ID, meant));
            }
        });
    }

    /// Adds the pairs of `hit` and another listed word that are somebody's names.
    fn add_beside(&self, hit: &Hit, other: u32, meant: &mut Vec<(u32, u32)>) {
        let as_given = (hit.flags & word::GIVEN != 0).then_some((hit.id, other));
        let as_family = (hit.flags & word::FAMILY != 0).then_some((other, hit.id));
        for names in [as_given, as_family].into_iter().flatten() {
            let is_listed =
                self.listed_pair(names.0, names.1).is_some_and(|flags| flags & pair::INITIAL == 0);
            if is_listed && !meant.contains(&names) {
                meant.push(names);
            }
        }
    }

    /// Names written as one word (`dorisekwueme`), or with the space one letter off (`dori sekwueme`).
    fn written_as_one(
        &self,
        message: &Message<'_>,
        hits: &[Hit],
        taken: &mut [bool],
        found: &mut Vec<NameAt>,
    ) {
        let pieces = message.pieces;
        let is_candidate = |index: usize, taken: &[bool]| {
            pieces.get(index).is_some_and(|piece| !piece.is_digits)
                && !is_taken(taken, index, index)
                && !message.is_plain(index)
                && hits.binary_search_by_key(&index, |hit| hit.first).is_err()
        };
        for first in 0..pieces.list().len() {
            if !is_candidate(first, taken) {
                continue;
            }
            let alone = pieces.text(first);
            let mut splits = alone.char_indices().map(|(at, _)| at);
            let mut name = None;
            let is_word = message.entry(first).is_known();
            if !is_word && (JOINED..=2 * typo::MAX_LETTERS).contains(&alone.len()) {
                name = splits.clone().find_map(|at| self.split_name(alone, at)).map(|names| (first, names));
            }
            if name.is_none()
                && is_candidate(first + 1, taken)
                && pieces.are_letters(first, first + 1, Gap::is_in_name)
            {
                let both = pieces.joined(first, first + 1);
                let before = splits.next_back().unwrap_or_default();
                let after =
                    both.get(alone.len()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                name = [before, alone.len() + after]
                    .into_iter()
                    .find_map(|at| self.split_name(both, at))
                    .map(|names| (first + 1, names));
            }
            if let Some((last, (given, family, family_first))) = name {
                let name =
                    NameAt { first, last, pairs: vec![(given, family)], how: How::Joined, family_first };
                take(taken, &name);
                found.push(name);
            }
        }
    }

    /// The listed names that the letters up to a place and those after it are, and whether the family name is first.
    fn split_name(&self, letters: &str, at: usize) -> Option<(u32, u32, bool)> {
        let (left, right) = letters.split_at_checked(at)?;
        if left.len() < HALF || right.len() < HALF {
            return None;
        }
        let (left, right) = (self.listed(left)?, self.listed(right)?);
        [(left, right, false), (right, left, true)].into_iter().find_map(|(given, family, family_first)| {
            let flags = self.listed_pair(given.0, family.0)?;
            (flags & (pair::INITIAL | pair::PART) == 0).then_some((given.0, family.0, family_first))
        })
    }
}

/// Whether the words may be a mistyped name: `Some(true)` with doubt, `None` not at all.
fn doubt(message: &Message<'_>, hit: &Hit, start: usize, end: usize) -> Option<bool> {
    let letters = message.pieces.joined(start, end).chars().count();
    let is_capitalised = message.is_capitalised(start);
    if letters < typo::MIN_LETTERS || letters == typo::MIN_LETTERS && !is_capitalised {
        return None;
    }
    let lower = |index: usize| message.is_plain(index) && !message.is_capitalised(index);
    if start == end && message.is_plain(start) {
        // "Mark went" is no slip for "Mark West"; "Mark Wests" may be.
        return (letters > typo::MIN_LETTERS && is_capitalised).then_some(true);
    }
    let entry = message.entry(start);
    let is_other_name = start == end && entry.given().max(entry.surname()) >= 2;
    Some(letters < 5 || is_other_name || (start..=end).all(lower) || (hit.first..=hit.last).all(lower))
}

fn take(taken: &mut [bool], name: &NameAt) {
    if let Some(pieces) = taken.get_mut(name.first..=name.last) {
        pieces.fill(true);
    }
}

fn is_taken(taken: &[bool], first: usize, last: usize) -> bool {
    taken.get(first..=last).is_none_or(|pieces| pieces.iter().any(|&piece| piece))
}

/// The names that are left when of each two that overlap the better goes first: the whole name as listed, then the longer.
///
/// Names that overlap with one family name in common, such as those of a given name and a middle name, become one.
fn without_overlaps(mut names: Vec<NameAt>, pieces: usize) -> Vec<NameAt> {
    let words = |name: &NameAt| name.last - name.first;
    names.sort_by_key(|name| (name.how.min(How::Part), Reverse(words(name)), name.how, name.first));
    let mut kept: Vec<NameAt> = Vec::with_capacity(names.len());
    // Which kept name each piece is in.
    let mut owners: Vec<Option<usize>> = vec![None; pieces];
    for name in names {
        let Some(under) = owners.get_mut(name.first..=name.last) else { continue };
        let mut others = under.iter().copied().flatten();
        let owner = others.next();
        let is_only = others.all(|other| Some(other) == owner);
        match owner {
            None => {
                under.fill(Some(kept.len()));
                kept.push(name);
            }
            Some(index) if is_only => {
                if let Some(other) = kept.get_mut(index)
                    && name.how <= How::Between
                {
                    let family = |name: &NameAt| name.pairs.first().map(|&(_, family)| family);
                    if family(other) == family(&name) && other.family_first == name.family_first {
                        under.fill(Some(index));
                        other.first = other.first.min(name.first);
                        other.last = other.last.max(name.last);
                    }
                    if (other.first, other.last) == (name.first, name.last) {
                        other.pairs.extend(name.pairs);
                    }
                }
            }
            Some(_) => {}
        }
    }
    kept.sort_by_key(|name| name.first);
    kept
}
