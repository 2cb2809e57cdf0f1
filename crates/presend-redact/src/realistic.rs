//! Realistic surrogates: invented values of the same kind and form, which read like the original text and lead to nobody.
//!
//! What is written for which label, and what is promised, stands at [`Surrogates::realistic`](crate::Surrogates::realistic).

mod contact;
mod draw;
mod names;
mod places;
mod shape;
mod style;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use presend_detect::Label;
use serde::{Deserialize, Serialize};

pub(crate) use names::is_listed;
pub(crate) use style::spaced;

use crate::memory::Memory;
use crate::people::{FormKind, Hashed, Mention, People, PersonId, PieceKind, Place, related};
use contact::Phone;
use draw::{Draw, Key};
use names::{NameKind, Table};
use places::Postcode;

/// How often a surrogate is drawn before the caller is told that there is none.
const ATTEMPTS: u32 = 200;
/// Letters that initials are drawn from: each begins given names and surnames of the table.
const INITIALS: &[u8] = b"abcdefghjklmnprstw";

/// The realistic surrogates given so far in one conversation.
#[derive(Clone, Default)]
pub(crate) struct Realistic {
    /// By key, kind and word of a name: the word invented for it.
    words: Memory<String>,
    /// By person and part of the name.
    parts: BTreeMap<(PersonId, u16), Part>,
    /// By key, label and value: which attempt gave its surrogate.
    values: Memory<Given>,
    /// By invented word or value, the original's hash.
    owners: BTreeMap<u64, u64>,
}

/// What a part of a person's name is written as.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Part {
    /// Seen as an initial alone; the hash is the original letter's.
    Letter(char, u64),
    Word(String),
}

/// The surrogate of a value.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Given {
    attempt: u32,
    /// The surrogate's hash.
    surrogate: u64,
    /// The value's hash without the key's.
    owner: u64,
}

/// The realistic surrogates of a conversation as they are saved: hashes of originals, and invented words.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct RealisticState {
    words: Vec<(u64, u64, String)>,
    parts: Vec<(PersonId, u16, Part)>,
    values: Vec<(u64, Given)>,
}

impl Realistic {
    /// What is written for an identifier that is no name; `None` where the label is none of this module's, or nothing
    /// was found that nobody else has.
    pub(crate) fn value(
        &mut self,
        key: &[u8; 32],
        people: &People,
        label: Label,
        words: &str,
    ) -> Option<String> {
        let key = &Key::new(key);
        match label {
            Label::Phone => {
                let phone = Phone::read(words);
                let drawn = self.draw(key, people, label, &phone.canonical, |draw| Some(phone.draw(draw)))?;
                Some(phone.write(words, &drawn))
            }
            Label::Email => {
                let canonical = style::unspaced(words);
                let local = canonical.rsplit_once('@').map_or(canonical.as_str(), |(local, _)| local);
                let local = self.handle(key, people, label, local)?;
                Some(style::like(words, &format!("{local}@example.org")))
            }
            Label::Username => {
                let canonical = style::unspaced(words);
                let (at, name) =
                    canonical.strip_prefix('@').map_or(("", canonical.as_str()), |name| ("@", name));
                let name = self.handle(key, people, label, name)?;
                Some(style::like(words, &format!("{at}{name}")))
            }
            Label::Url => {
                self.draw(key, people, label, &style::unspaced(words), |draw| Some(contact::url(draw)))
            }
            Label::IpAddress => {
                self.draw(key, people, label, &style::unspaced(words), |draw| Some(contact::ip(words, draw)))
            }
            Label::Postcode => {
                let compact = style::compact(words);
                let code = Postcode::read(&compact)?;
                let drawn = self.draw(key, people, label, &compact, |draw| Some(code.draw(draw)))?;
                Some(code.write(words, &drawn))
            }
            Label::Address => {
                self.draw(key, people, label, &style::lined(words), |draw| places::address(words, draw))
            }
            Label::Organisation => {
                self.draw(key, people, label, &style::lined(words), |draw| places::organisation(words, draw))
            }
            Label::Place => {
                let spaced = spaced(words);
                let drawn = self.draw(key, people, label, &spaced, |draw| places::place(&spaced, draw))?;
                Some(style::like(words, &drawn))
            }
            Label::Profession => {
                let spaced = spaced(words);
                let drawn = self.draw(key, people, label, &spaced, |draw| places::work(&spaced, draw))?;
                Some(style::sentence_like(words, &drawn))
            }
            Label::NiNumber
            | Label::Mrn
            | Label::ProfessionalId
            | Label::Passport
            | Label::DrivingLicence
            | Label::VehicleRegistration
            | Label::PaymentCard
            | Label::BankAccount
            | Label::DeviceId
            | Label::OtherId => {
                if shape::is_spoken(words) {
                    return None;
                }
                let compact = style::compact(words);
                let drawn =
                    self.draw(key, people, label, &compact, |draw| shape::reference(&compact, label, draw))?;
                Some(shape::write(words, &drawn))
            }
            // Numbers with a check digit, dates, ages and wards have operators of their own; names have `person`.
            Label::Person
            | Label::NhsNumber
            | Label::ChiNumber
            | Label::HscNumber
            | Label::DateOfBirth
            | Label::Date
            | Label::Age
            | Label::WardBed
            | Label::Demographic => None,
        }
    }

    /// What is written for a mention of a person.
    pub(crate) fn person(
        &mut self,
        key: &[u8; 32],
        people: &People,
        mention: &Mention,
        words: &str,
    ) -> Option<String> {
        // A sender whom nobody has in their contacts.
        if contact::is_number(words) {
            return self.value(key, people, Label::Phone, words);
        }
        let key = &Key::new(key);
        let mut out = String::with_capacity(words.len());
        let mut end = 0;
        for (piece, tags) in mention.pieces.iter().zip(&mention.tags) {
            out.push_str(&style::between(words.get(end..piece.span.start()).unwrap_or_default()));
            end = piece.span.end();
            let original = piece.span.of(words).unwrap_or_default();
            match piece.kind {
                PieceKind::Other => out.push_str(original),
                PieceKind::Initials => {
                    let letters: Vec<char> = piece.text.chars().collect();
                    let mut written = String::new();
                    for (at, letter) in letters.iter().enumerate() {
                        written.push(self.letter(key, people, mention.id, tags.get(at).copied(), *letter)?);
                    }
                    let capitals = original.chars().any(char::is_uppercase);
                    out.push_str(&if capitals { written.to_uppercase() } else { written });
                }
                PieceKind::Word if piece.text.contains(|c: char| c.is_ascii_digit()) => {
                    let drawn = self.draw(key, people, Label::Person, &piece.text, |draw| {
                        shape::reference(&piece.text, Label::Person, draw)
                    })?;
                    out.push_str(&shape::write(original, &drawn));
                }
                PieceKind::Word => {
                    let tag = tags.first().copied().filter(|_| mention.kind != FormKind::Whole);
                    let invented = self.part(key, people, mention.id, tag, &piece.text)?;
                    out.push_str(&style::like(original, &invented));
                }
            }
        }
        out.push_str(&style::between(words.get(end..).unwrap_or_default()));
        Some(out)
    }

    /// Forgets the parts of people who were forgotten.
    pub(crate) fn forget(&mut self, people: &People) {
        self.parts.retain(|(id, _), _| people.knows(*id));
    }

    /// How many parts of names are kept.
    pub(crate) fn parts(&self) -> usize {
        self.parts.len()
    }

    pub(crate) fn state(&self, people: &People) -> RealisticState {
        let owner =
            |word: &String| self.owners.get(&surrogate_hash(people, NAMES, word)).copied().unwrap_or(0);
        let parts = self.parts.iter().filter(|((id, _), _)| people.knows(*id));
        RealisticState {
            words: self.words.iter().map(|(hash, word)| (hash, owner(word), word.clone())).collect(),
            parts: parts.map(|((id, tag), part)| (*id, *tag, part.clone())).collect(),
            values: self.values.iter().map(|(hash, given)| (hash, *given)).collect(),
        }
    }

    pub(crate) fn restore(state: RealisticState, people: &People) -> Self {
        let mut realistic = Self::default();
        for (hash, owner, word) in state.words {
            realistic.owners.insert(surrogate_hash(people, NAMES, &word), owner);
            realistic.words.insert(hash, word);
        }
        for (id, tag, part) in state.parts {
            realistic.parts.insert((id, tag), part);
        }
        for (hash, given) in state.values {
            realistic.owners.insert(given.surrogate, given.owner);
            realistic.values.insert(hash, given);
        }
        realistic
    }

    /// Draws for a value until the surrogate is one that no other value has; the next time the same again.
    fn draw(
        &mut self,
        key: &Key,
        people: &People,
        label: Label,
        canonical: &str,
        mut write: impl FnMut(&mut Draw<'_>) -> Option<String>,
    ) -> Option<String> {
        let kind = label.name();
        let hash = |value: &str| value_hash(people, &key.tag(), kind, value);
        let own = hash(canonical);
        if let Some(given) = self.values.get(own) {
            return write(&mut Draw::new(key, kind, canonical, given.attempt));
        }
        let owner = value_hash(people, &[], kind, canonical);
        for attempt in 0..ATTEMPTS {
            let Some(drawn) = write(&mut Draw::new(key, kind, canonical, attempt)) else { continue };
            let folded = spaced(&drawn);
            let surrogate = surrogate_hash(people, kind, &folded);
            let is_original = [style::compact(&drawn), folded, style::unspaced(&drawn)]
                .iter()
                .any(|drawn| drawn == canonical || self.values.get(hash(drawn)).is_some());
            let is_taken = self.owners.get(&surrogate).is_some_and(|other| *other != owner);
            if is_original || is_taken {
                continue;
            }
            self.owners.insert(surrogate, owner);
            if let Some((_, gone)) = self.values.insert(own, Given { attempt, surrogate, owner }) {
                self.owners.remove(&gone.surrogate);
            }
            return Some(drawn);
        }
        None
    }

    /// A user name or the first part of an e-mail address: its words as they are written in names, other digits.
    fn handle(&mut self, key: &Key, people: &People, label: Label, folded: &str) -> Option<String> {
        let runs = contact::runs(folded);
        let is_word = |run: &str| run.chars().next().is_some_and(char::is_alphabetic);
        let words: Vec<&str> = runs.iter().copied().filter(|run| is_word(run)).collect();
        let mut invented = Vec::with_capacity(words.len());
        for (at, word) in words.iter().enumerate() {
            let last = at + 1 == words.len();
            invented.push(if word.chars().nth(1).is_none() {
                Draw::new(key, "letter", word, 0).letter(INITIALS).to_string()
            } else if words.len() == 1 || last {
                self.word(key, people, word, NameKind::Surname, None)?.to_lowercase()
            } else {
                self.word(key, people, word, NameKind::Given, None)?.to_lowercase()
            });
        }
        self.draw(key, people, label, folded, |draw| {
            let mut out = String::new();
            let mut next = invented.iter();
            // A word that is all of it holds an initial more often than not.
            if words.len() == 1 {
                out.push(draw.letter(INITIALS));
            }
            for run in &runs {
                if is_word(run) {
                    out.push_str(next.next().map_or("", String::as_str));
                } else if run.starts_with(|c: char| c.is_ascii_digit()) {
                    out.extend((0..run.len()).map(|_| draw.digit()));
                } else {
                    out.extend(run.chars().filter(|c| matches!(c, '.' | '_' | '-')));
                }
            }
            if draw.attempt() > 0 || out.is_empty() {
                out.extend((0..3).map(|_| draw.digit()));
            }
            Some(out)
        })
    }

    /// What an initial is written as: the first letter of what its word is written as, or a letter that the word will
    /// begin with once it is seen.
    fn letter(
        &mut self,
        key: &Key,
        people: &People,
        id: PersonId,
        tag: Option<u16>,
        letter: char,
    ) -> Option<char> {
        let first = |word: &str| word.chars().next().map(|c| c.to_ascii_lowercase());
        match tag.and_then(|tag| self.parts.get(&(id, tag))) {
            Some(Part::Word(word)) => return first(word),
            Some(Part::Letter(drawn, _)) => return Some(*drawn),
            None => {}
        }
        let folded = String::from(letter);
        let own = people.hashing().of(Hashed::Letter, &folded);
        // Two people of whom only the same initial is known keep apart.
        let taken: Vec<char> = self
            .parts
            .iter()
            .filter_map(|((id, _), part)| match part {
                Part::Letter(drawn, of) if *of == own && people.knows(*id) => Some(*drawn),
                _ => None,
            })
            .collect();
        let drawn = |attempt| Draw::new(key, "letter", &folded, attempt).letter(INITIALS);
        let free = (0..ATTEMPTS).map(drawn).find(|drawn| *drawn != letter && !taken.contains(drawn));
        let found = free.or_else(|| (0..ATTEMPTS).map(drawn).find(|drawn| *drawn != letter))?;
        if let Some(tag) = tag {
            self.parts.insert((id, tag), Part::Letter(found, own));
        }
        Some(found)
    }

    /// What a word of a person's name is written as.
    fn part(
        &mut self,
        key: &Key,
        people: &People,
        id: PersonId,
        tag: Option<u16>,
        word: &str,
    ) -> Option<String> {
        let Some(tag) = tag else { return self.word(key, people, word, NameKind::of_alone(word), None) };
        let initial = match self.parts.get(&(id, tag)) {
            Some(Part::Word(known)) => return Some(known.clone()),
            Some(Part::Letter(letter, _)) => Some(*letter),
            None => None,
        };
        let kind = match people.place(id, tag) {
            Place::First | Place::Middle => NameKind::Given,
            Place::Last => NameKind::Surname,
            Place::Alone => NameKind::of_alone(word),
        };
        let invented = self.word(key, people, word, kind, initial)?;
        self.parts.insert((id, tag), Part::Word(invented.clone()));
        Some(invented)
    }

    /// The name invented for a folded word of a name, beginning with the letter where one is given.
    fn word(
        &mut self,
        key: &Key,
        people: &People,
        word: &str,
        kind: NameKind,
        initial: Option<char>,
    ) -> Option<String> {
        let kept = initial.map(String::from).unwrap_or_default();
        let pieces = [NAMES.as_bytes(), &key.tag(), kind.name().as_bytes(), kept.as_bytes(), word.as_bytes()];
        let hash = people.hashing().pieces(Hashed::Value, &pieces);
        if let Some(known) = self.words.get(hash) {
            return Some(known.clone());
        }
        let own = people.hashing().of(Hashed::Word, word);
        let is_free = |name: &str| {
            let folded = name.to_lowercase();
            initial.is_none_or(|initial| folded.starts_with(initial))
                && !related(word, &folded)
                && match self.owners.get(&surrogate_hash(people, NAMES, name)) {
                    Some(owner) => *owner == own,
                    None => !people.has_word(&folded),
                }
        };
        let mut draw = Draw::new(key, kind.name(), word, 0);
        let alike = Table::get().alike(word, kind, &mut draw);
        let single =
            |names: Vec<&'static str>| names.into_iter().find(|name| is_free(name)).map(str::to_owned);
        let found = single(round(&alike, &mut draw))
            // All of them are somebody's: two in one, and where an initial is wanted, one of any origin first.
            .or_else(|| {
                let all = Table::get().all(word, kind);
                let other = if initial.is_some() { single(round(&all, &mut draw)) } else { None };
                other.or_else(|| pairs(&alike, &all, &mut draw).find(|name| is_free(name)))
            })?;
        self.owners.insert(surrogate_hash(people, NAMES, &found), own);
        if let Some((_, gone)) = self.words.insert(hash, found.clone()) {
            self.owners.remove(&surrogate_hash(people, NAMES, &gone));
        }
        Some(found)
    }
}

/// What words of names are hashed as.
const NAMES: &str = "name";

fn value_hash(people: &People, tag: &[u8], kind: &str, value: &str) -> u64 {
    people.hashing().pieces(Hashed::Value, &[b"value", tag, kind.as_bytes(), value.as_bytes()])
}

fn surrogate_hash(people: &People, kind: &str, surrogate: &str) -> u64 {
    let folded = surrogate.to_lowercase();
    people.hashing().pieces(Hashed::Value, &[b"surrogate", kind.as_bytes(), folded.as_bytes()])
}

/// All names of a list, from one drawn by lot on and round.
fn round(names: &[&'static str], draw: &mut Draw<'_>) -> Vec<&'static str> {
    let start = draw.below(names.len());
    let (before, after) = names.split_at_checked(start).unwrap_or((&[], names));
    after.iter().chain(before).copied().collect()
}

/// Names of two: each of the first list with each of the second.
fn pairs(
    first: &[&'static str],
    second: &[&'static str],
    draw: &mut Draw<'_>,
) -> impl Iterator<Item = String> + use<> {
    let second = round(second, draw);
    round(first, draw).into_iter().flat_map(move |one| {
        let pairs = second.iter().filter(|other| **other != one).map(|other| format!("{one}-{other}"));
        pairs.collect::<Vec<_>>()
    })
}
