//! Links the mentions of one person in a conversation: "Doris Ekwueme", "Mrs Ekwueme", "doris", "D.E." and "Ekwume" get
//! one [`PersonId`], and "Rose Patel" and "Arun Patel" two.
//!
//! To take two people for one would put one patient's results under another's name; to take one person for two is only a
//! nuisance. So a mention is linked where exactly one person fits it, and never guessed.
//!
//! # The rules
//!
//! 1. **Reading.** Names are compared folded ([`presend_text::Folded`]: case, accents, width, look-alike letters), without
//!    spaces, marks, titles and the possessive. Hyphens part words; apostrophes do not. A particle belongs to the word after
//!    it (van der Berg, al-Hassan, O Neil, Mc Donald), and the word is the same without it, with Mac for Mc, and after d'.
//!    A comma turns the order: "Ekwueme, Doris". Four single letters or more are a word spelt out. Else a single letter is an initial, and so is each of two or three letters in
//!    one piece that no list has as a name and that are alone or without a vowel: DE, JTS.
//! 2. **Full names.** The same words in the same order are the same person, whatever the roles.
//! 3. **Roles.** Otherwise two known roles that differ are two people. [`Role::Unknown`] links to any role. A person keeps
//!    the role first seen for what they are called ([`People::role`]); the first known role is the one compared.
//! 4. **A word alone** fits a person who has it anywhere in their name, and a person known by one word alone fits any name
//!    that has it.
//! 5. **Two names of several parts** fit where the first parts agree, the last parts agree, and the parts between of the
//!    shorter stand in order in the longer; or where the shorter is the first words of the longer, or its last words and a
//!    hyphen joins them ("Mrs Smith Jones" is Sarah Smith-Jones). Parts agree if they are the same word, or one is the
//!    other's initial; one pair at least is a word.
//! 6. **Surname first.** "Ekwueme D" fits Doris Ekwueme; "Ekwueme Doris" does as well where no list has the first word as a
//!    given name. James Thomas and Thomas James are two people.
//! 7. **Initials** (two or more) fit a name with as many parts, letter by letter, or by its first and last part. One
//!    letter alone is linked to nothing but itself.
//! 8. **Short forms** of given names from a small table (Liz, Bill, Kasia) count as the same word where rules 2 to 7 find
//!    nobody. A person has one, which then is a word of the name: after "Liz" for Elizabeth, "Beth" is another person.
//! 9. **Misspellings** are tried only where rules 2 to 8 find nobody: one letter replaced, missing, added, or two
//!    neighbours swapped, in one word of the name, where both spellings have five letters or more. Never where both spellings
//!    are names that some list has, be they rare: Jason and Mason, Smith and Smyth, Aarti and Aarati are two people.
//! 10. **Ambiguity.** A form that fits two people is neither: it gets an id of its own, which the same form gets again while
//!     it is ambiguous, and to which nothing else is ever linked. Who was mentioned last makes no difference: in a handover
//!     the next line is as likely about the other one.
//! 11. **Babies** known by a parent's name (Baby Okafor, Twin 1 Begum, B/O Begum) are linked to the same words alone, and
//!     make the parent's name alone ambiguous unless it has a title that no baby bears. A family ("the Adeyinka family")
//!     is linked to the same words alone.
//! 12. **Senders.** Who sends under a name is nobody else, and has no other name: two names at the head of messages are two
//!     people, be they alike. A mention fits a sender where it has no more names, no civil title that the sender's name
//!     does not have, and the role staff or none.
//! 13. **What becomes known** of a person is added: a first name to a surname, a word to an initial, a middle name. A word
//!     keeps the spelling first seen.
//!
//! # What is kept
//!
//! No letter of a name: each word as a keyed 64-bit hash ([SipHash-2-4](https://www.aumasson.jp/siphash/siphash.pdf)), a
//! hash of its first letter, and hashes of the word less each letter for rule 9.
//!
//! # Limits
//!
//! People: 4,096 ([`People::CAPACITY`]) unless another number is given. Past it, whoever was mentioned longest ago is
//! forgotten: a later mention is a new person, and a form that was ambiguous because of them is so no more. Names of more
//! than eight pieces are compared as a whole. A mention costs time in proportion to its length and to the number of people
//! who share a word or the initials with it.

mod form;
mod hashing;
mod linking;
mod nicknames;
mod state;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::BuildHasherDefault;

use presend_detect::Role;
use presend_text::AsItIs;
use serde::{Deserialize, Serialize};

pub use form::civil_title;
pub(crate) use form::{Form, FormKind, Piece, PieceKind, grades};
pub(crate) use hashing::{Hashing, Kind as Hashed};
pub(crate) use nicknames::related;
pub use state::{PeopleState, StateError};

use form::{FormToken, FormWord, Near};
use linking::{Fit, Leeway};

/// A person has at most as many parts as a name has pieces, each of which may be three initials.
const MOST_TOKENS: usize = 24;

/// A person within one conversation: a number that is never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(u64);

impl PersonId {
    /// The number, from 0 in the order in which people were first seen.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// The people met so far in one conversation; the module's rules say which mentions are one person.
///
/// ```
/// use presend_detect::Role;
/// use presend_redact::People;
///
/// let mut people = People::new([0; 16]);
/// let doris = people.identify("Doris Ekwueme", Role::Patient);
/// assert_eq!(people.identify("Mrs EKWUEME", Role::Unknown), doris);
/// assert_eq!(people.identify("D.E.", Role::Unknown), doris);
/// assert_ne!(people.identify("Grace Ekwueme", Role::Relative), doris);
/// ```
#[derive(Clone)]
pub struct People {
    hashing: Hashing,
    capacity: usize,
    next: u64,
    /// Counts mentions.
    clock: u64,
    forgotten: u64,
    people: HashMap<u64, Person, BuildHasherDefault<AsItIs>>,
    /// By the time of the last mention, who it was.
    order: BTreeMap<u64, u64>,
    /// By hash of a word, its initials, or a word less a letter: who has it, in the order of their ids.
    index: HashMap<u64, Vec<u64>, BuildHasherDefault<AsItIs>>,
}

/// What is known of a person.
#[derive(Clone, Serialize, Deserialize)]
struct Person {
    id: u64,
    /// When last mentioned.
    last: u64,
    shown: SavedRole,
    known: SavedRole,
    is_baby: bool,
    is_group: bool,
    /// Stands for a form that fits several people.
    is_ambiguous: bool,
    /// Sends messages under the name, which is whole.
    #[serde(default)]
    is_sender: bool,
    /// The hash of the civil title of a sender.
    #[serde(default)]
    civil: Option<u64>,
    /// The order of the parts is certain.
    is_ordered: bool,
    next_tag: u16,
    tokens: Vec<Token>,
    /// The only part as a word, where it was read as initials.
    alternative: Option<Word>,
}

/// A part of a person's name.
#[derive(Clone, Serialize, Deserialize)]
struct Token {
    /// Tells the parts of one person apart, and stays when more of the name becomes known.
    tag: u16,
    /// A hyphen has joined it to the part before.
    joined: bool,
    letter: u64,
    stem_letter: u64,
    word: Option<Word>,
    /// The short form in use.
    called: Option<u64>,
}

/// A word of a person's name.
#[derive(Clone, Serialize, Deserialize)]
struct Word {
    exact: u64,
    stem: u64,
    near: Vec<u64>,
    given: bool,
    surname: bool,
    listed: bool,
}

/// A role in a saved state.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum SavedRole {
    Patient,
    Relative,
    Staff,
    Other,
    Unknown,
}

impl From<Role> for SavedRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Patient => Self::Patient,
            Role::Relative => Self::Relative,
            Role::Staff => Self::Staff,
            Role::Other => Self::Other,
            Role::Unknown => Self::Unknown,
        }
    }
}

impl From<SavedRole> for Role {
    fn from(role: SavedRole) -> Self {
        match role {
            SavedRole::Patient => Self::Patient,
            SavedRole::Relative => Self::Relative,
            SavedRole::Staff => Self::Staff,
            SavedRole::Other => Self::Other,
            SavedRole::Unknown => Self::Unknown,
        }
    }
}

/// A mention that was linked to a person.
pub(crate) struct Mention {
    pub(crate) id: PersonId,
    /// The pieces of the words, in their order.
    pub(crate) pieces: Vec<Piece>,
    pub(crate) kind: FormKind,
    /// By piece, the parts of the person's name that it stands for: several for "DE".
    pub(crate) tags: Vec<Vec<u16>>,
}

/// Where a part stands in a person's name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The only part that is known.
    Alone,
    First,
    Middle,
    Last,
}

/// Who fits a mention.
enum Found {
    Nobody,
    One(u64, Fit),
    Several,
}

impl fmt::Debug for People {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("People").field("people", &self.people.len()).finish_non_exhaustive()
    }
}

impl Default for People {
    /// Nobody yet, under the zero key.
    fn default() -> Self {
        Self::new([0; 16])
    }
}

impl People {
    /// How many people are remembered unless another number is given: 4,096.
    pub const CAPACITY: usize = 4096;

    /// A conversation's start, under a key of 16 bytes: nobody met yet.
    ///
    /// The key changes no answer. It only keeps a saved state from being read by trial of all names; the zero key
    /// does not.
    #[must_use]
    pub fn new(key: [u8; 16]) -> Self {
        Self::with_capacity(key, Self::CAPACITY)
    }

    /// Like [`People::new`], remembering at most `people`, one at least.
    #[must_use]
    pub fn with_capacity(key: [u8; 16], people: usize) -> Self {
        Self {
            hashing: Hashing::new(key),
            capacity: people.max(1),
            next: 0,
            clock: 0,
            forgotten: 0,
            people: HashMap::default(),
            order: BTreeMap::new(),
            index: HashMap::default(),
        }
    }

    /// How many people are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether nobody was met yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// How many people were forgotten because there were too many.
    #[must_use]
    pub const fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Whether the person is remembered.
    #[must_use]
    pub fn knows(&self, id: PersonId) -> bool {
        self.people.contains_key(&id.0)
    }

    /// The role in which the person was first seen; `None` for one who is not remembered.
    #[must_use]
    pub fn role(&self, id: PersonId) -> Option<Role> {
        self.people.get(&id.0).map(|person| person.shown.into())
    }

    /// Whether the id stands for a form that fits several people, and so for none of them.
    #[must_use]
    pub fn is_ambiguous(&self, id: PersonId) -> bool {
        self.people.get(&id.0).is_some_and(|person| person.is_ambiguous)
    }

    /// Who is meant by these words in this role: somebody met before, or somebody new.
    ///
    /// `words` is a name as the text has it, in any form; words without a letter or digit are compared as they are.
    pub fn identify(&mut self, words: &str, role: Role) -> PersonId {
        self.mention(words, role).id
    }

    /// Who sends messages under these words: somebody of that very name who sends under no other, or somebody new.
    pub(crate) fn sender(&mut self, words: &str) -> PersonId {
        let form = Form::new(words, &self.hashing);
        let likely = self.likely(&form);
        let same = |person: &&Person| {
            !person.is_ambiguous
                && !person.is_sender
                && roles_agree(person, Role::Staff)
                && linking::is_identical(&form, person)
        };
        let met = likely.iter().filter_map(|id| self.people.get(id)).find(same).map(|person| person.id);
        let id = met.unwrap_or_else(|| self.meet(&form, Role::Unknown, false).0);
        if let Some(person) = self.people.get_mut(&id) {
            person.known = SavedRole::Staff;
            person.is_sender = true;
            person.civil = form.civil;
        }
        PersonId(id)
    }

    /// Like [`People::identify`], and says which part of the name each piece of the words is.
    pub(crate) fn mention(&mut self, words: &str, role: Role) -> Mention {
        let mut form = Form::new(words, &self.hashing);
        let (id, tags) = match self.find(&form, role) {
            Found::One(id, fit) => {
                let tags = self.link(id, &form, &fit, role);
                if fit.as_word && form.alternative.is_some() {
                    form.pieces.iter_mut().filter(|piece| piece.kind == PieceKind::Initials).for_each(
                        |piece| {
                            piece.kind = PieceKind::Word;
                        },
                    );
                }
                (id, tags)
            }
            Found::Several => match self.find_ambiguous(&form, role) {
                Some(id) => {
                    let count = form.tokens.len();
                    let pairs = (0..count).map(|at| (at, at)).collect();
                    let order: Vec<usize> = (0..count).collect();
                    let fit = Fit { pairs, form_order: order.clone(), person_order: order, as_word: false };
                    (id, self.link(id, &form, &fit, role))
                }
                None => self.meet(&form, role, true),
            },
            Found::Nobody => self.meet(&form, role, false),
        };
        let mut by_piece = vec![Vec::new(); form.pieces.len()];
        for (piece, tag) in tags {
            if let Some(tags) = by_piece.get_mut(piece)
                && !tags.contains(&tag)
            {
                tags.push(tag);
            }
        }
        Mention { id: PersonId(id), pieces: form.pieces, kind: form.kind, tags: by_piece }
    }

    /// Where a part stands in the person's name.
    pub(crate) fn place(&self, id: PersonId, tag: u16) -> Place {
        let Some(person) = self.people.get(&id.0) else { return Place::Alone };
        let at = person.tokens.iter().position(|token| token.tag == tag);
        match at {
            _ if person.tokens.len() == 1 || person.is_baby || person.is_group => Place::Alone,
            Some(0) => Place::First,
            Some(at) if at + 1 == person.tokens.len() => Place::Last,
            _ => Place::Middle,
        }
    }

    /// Whether somebody remembered has the folded word in their name.
    pub(crate) fn has_word(&self, folded: &str) -> bool {
        self.index.contains_key(&self.hashing.of(Hashed::Word, folded))
    }

    pub(crate) const fn hashing(&self) -> &Hashing {
        &self.hashing
    }

    pub(crate) const fn capacity(&self) -> usize {
        self.capacity
    }

    /// What has to be saved so that [`People::restore`] goes on from here.
    #[must_use]
    pub fn state(&self) -> PeopleState {
        PeopleState {
            version: state::VERSION,
            check: self.hashing.check(),
            capacity: self.capacity,
            next: self.next,
            clock: self.clock,
            forgotten: self.forgotten,
            people: self.order.values().filter_map(|id| self.people.get(id)).cloned().collect(),
        }
    }

    /// Goes on from a saved state, under the key that it was saved under.
    ///
    /// # Errors
    ///
    /// If the state was saved under another key or by another version, or contradicts itself.
    pub fn restore(state: PeopleState, key: [u8; 16]) -> Result<Self, StateError> {
        if state.version != state::VERSION {
            return Err(StateError::VERSION);
        }
        let mut people = Self::with_capacity(key, state.capacity);
        if people.hashing.check() != state.check {
            return Err(StateError::KEY);
        }
        if !state.is_sound() {
            return Err(StateError::DAMAGED);
        }
        (people.next, people.clock, people.forgotten) = (state.next, state.clock, state.forgotten);
        for person in state.people {
            people.order.insert(person.last, person.id);
            people.insert(person);
        }
        Ok(people)
    }

    /// Who fits a mention, by the rules in their order.
    fn find(&self, form: &Form, role: Role) -> Found {
        let likely = self.likely(form);
        // Rule 2.
        if linking::is_full(form) {
            let mut same = likely
                .iter()
                .filter_map(|id| self.people.get(id))
                .filter(|person| !person.is_ambiguous && linking::is_identical(form, person));
            if let Some(person) = same.next() {
                return match (same.next(), linking::fit(form, person, &Leeway::None)) {
                    (None, Some(fit)) => Found::One(person.id, fit),
                    _ => Found::Several,
                };
            }
        }
        let babies = likely.iter().filter_map(|id| self.people.get(id));
        let a_baby = babies
            .filter(|person| roles_agree(person, role))
            .any(|person| linking::may_be_baby(form, person));
        let mut words = form.tokens.iter().filter_map(|token| token.word.as_ref());
        let has_short = words.any(|word| !word.formal.is_empty() || !word.short.is_empty());
        for leeway in [Some(Leeway::None), has_short.then_some(Leeway::Short)].into_iter().flatten() {
            match self.only(&likely, form, role, &leeway) {
                Found::Nobody => {}
                Found::One(..) if a_baby => return Found::Several,
                found => return found,
            }
        }
        if a_baby {
            return Found::Nobody;
        }
        // Rule 9.
        let near: Vec<Option<Near>> = form
            .tokens
            .iter()
            .map(|token| token.word.as_ref().map(|word| word.misspellings(&self.hashing)))
            .collect();
        let hashes = near
            .iter()
            .flatten()
            .flat_map(|near| near.replaced.iter().chain(&near.missing).chain(&near.whole));
        // Nobody else fits better than before.
        let likely = self.listed(hashes);
        self.only(&likely, form, role, &Leeway::Near(near))
    }

    /// The one among these whom the mention fits.
    fn only(&self, likely: &[u64], form: &Form, role: Role, leeway: &Leeway) -> Found {
        let mut found = Found::Nobody;
        for person in likely.iter().filter_map(|id| self.people.get(id)) {
            if person.is_ambiguous || !roles_agree(person, role) || !linking::may_be_sender(form, person) {
                continue;
            }
            if let Some(fit) = linking::fit(form, person, leeway) {
                if let Found::One(..) = found {
                    return Found::Several;
                }
                found = Found::One(person.id, fit);
            }
        }
        found
    }

    /// The id given before to a form that fits several people.
    fn find_ambiguous(&self, form: &Form, role: Role) -> Option<u64> {
        let likely = self.likely(form);
        let mut people = likely.iter().filter_map(|id| self.people.get(id));
        let same = |person: &&Person| {
            person.is_ambiguous && roles_agree(person, role) && linking::is_identical(form, person)
        };
        people.find(same).map(|person| person.id)
    }

    /// Who shares a word or the initials with a mention: all whom it may fit but for misspellings.
    fn likely(&self, form: &Form) -> Vec<u64> {
        let mut hashes = Vec::new();
        for word in form.tokens.iter().filter_map(|token| token.word.as_ref()).chain(&form.alternative) {
            hashes.extend([word.exact, word.stem]);
            hashes.extend(word.formal.iter().chain(&word.short));
        }
        hashes.extend(self.initials_of(form.tokens.iter().map(|token| (token.letter, token.stem_letter))));
        each_once(&mut hashes);
        self.listed(hashes.iter())
    }

    /// Who is looked up by any of these.
    fn listed<'a>(&self, hashes: impl Iterator<Item = &'a u64>) -> Vec<u64> {
        let mut people = hashes.filter_map(|hash| self.index.get(hash)).flatten().copied().collect();
        each_once(&mut people);
        people
    }

    /// The hashes of a name's first and last letter, with and without particles.
    fn initials_of(&self, letters: impl Iterator<Item = (u64, u64)> + Clone) -> Vec<u64> {
        let (Some(first), Some(last)) = (letters.clone().next(), letters.last()) else {
            return Vec::new();
        };
        let mut pairs = [(first.0, last.0), (first.0, last.1), (first.1, last.0), (first.1, last.1)].to_vec();
        each_once(&mut pairs);
        pairs.into_iter().map(|(first, last)| self.hashing.initials(first, last)).collect()
    }

    /// Adds somebody new, and returns the id and by piece the parts.
    fn meet(&mut self, form: &Form, role: Role, is_ambiguous: bool) -> (u64, Vec<(usize, u16)>) {
        let id = self.next;
        self.next += 1;
        let mut person = Person {
            id,
            last: 0,
            shown: role.into(),
            known: role.into(),
            is_baby: form.kind == FormKind::Baby,
            is_group: form.kind == FormKind::Group,
            is_ambiguous,
            is_sender: false,
            civil: None,
            is_ordered: form.ordered,
            next_tag: 0,
            tokens: Vec::with_capacity(form.tokens.len()),
            alternative: form.alternative.as_ref().map(|word| self.kept(word)),
        };
        for token in &form.tokens {
            let token = self.fresh(token, &mut person.next_tag);
            person.tokens.push(token);
        }
        let tags =
            form.tokens.iter().zip(&person.tokens).map(|(form, token)| (form.piece, token.tag)).collect();
        self.insert(person);
        self.touch(id);
        if self.people.len() > self.capacity
            && let Some((_, oldest)) = self.order.pop_first()
        {
            self.remove(oldest);
            self.forgotten += 1;
        }
        (id, tags)
    }

    /// Notes what a mention tells of its person, and returns by piece the parts that it stands for.
    fn link(&mut self, id: u64, form: &Form, fit: &Fit, role: Role) -> Vec<(usize, u16)> {
        let Some(mut person) = self.people.remove(&id) else { return Vec::new() };
        // Most mentions tell nothing by which their person is looked up.
        let tells_more = tells_more(&person, form, fit);
        if tells_more {
            self.unlist(&person);
        }
        if person.known == SavedRole::Unknown {
            person.known = role.into();
        }
        let tags;
        if fit.as_word {
            // "Oz" was read as initials, and "Oz Demir" tells that it was a word.
            if form.alternative.is_none() {
                let known = person.tokens.first().map(|token| token.tag);
                let is_word = |at: usize| fit.pairs.first().is_some_and(|(ours, _)| *ours == at);
                let tokens = form.tokens.iter().enumerate().map(|(at, token)| {
                    let fresh = self.fresh(token, &mut person.next_tag);
                    Token { tag: known.filter(|_| is_word(at)).unwrap_or(fresh.tag), ..fresh }
                });
                person.tokens = tokens.collect();
                person.alternative = None;
                tags = form
                    .tokens
                    .iter()
                    .zip(&person.tokens)
                    .map(|(form, token)| (form.piece, token.tag))
                    .collect();
            } else {
                tags = paired_tags(form, fit, &person);
            }
        } else {
            let partner =
                |at: &usize| fit.pairs.iter().find(|(ours, _)| ours == at).map(|(_, theirs)| *theirs);
            for (ours, theirs) in &fit.pairs {
                if let (Some(token), Some(own)) = (form.tokens.get(*ours), person.tokens.get_mut(*theirs)) {
                    self.learn(own, token);
                }
            }
            if form.tokens.len() > person.tokens.len() {
                let mut tokens = Vec::with_capacity(form.tokens.len());
                for at in &fit.form_order {
                    let known = partner(at).and_then(|theirs| person.tokens.get(theirs)).cloned();
                    let token = known.or_else(|| {
                        form.tokens.get(*at).map(|token| self.fresh(token, &mut person.next_tag))
                    });
                    tokens.extend(token);
                }
                tags = fit
                    .form_order
                    .iter()
                    .zip(&tokens)
                    .filter_map(|(at, token)| form.tokens.get(*at).map(|form| (form.piece, token.tag)))
                    .collect();
                person.tokens = tokens;
            } else {
                tags = paired_tags(form, fit, &person);
                if tells_more {
                    let tokens = fit.person_order.iter().filter_map(|at| person.tokens.get(*at));
                    person.tokens = tokens.cloned().collect();
                }
            }
            person.is_ordered |= form.ordered && form.tokens.len() > 1;
        }
        if tells_more {
            self.list(&person);
        }
        self.people.insert(id, person);
        self.touch(id);
        tags
    }

    /// Adds to a part what a mention's part tells of it.
    fn learn(&self, own: &mut Token, token: &FormToken) {
        own.joined |= token.joined;
        let (Some(word), Some(told)) = (&token.word, told(own, token)) else { return };
        match told {
            Told::Called => {
                own.called = Some(word.exact);
                return;
            }
            Told::Formal => own.called = own.word.as_ref().map(|known| known.exact),
            Told::Word => {}
            Told::Particle => {
                own.word = Some(self.kept(word));
                own.letter = token.letter;
                return;
            }
        }
        own.word = Some(self.kept(word));
        (own.letter, own.stem_letter) = (token.letter, token.stem_letter);
    }

    fn fresh(&self, token: &FormToken, next_tag: &mut u16) -> Token {
        let tag = *next_tag;
        *next_tag = next_tag.saturating_add(1);
        Token {
            tag,
            joined: token.joined,
            letter: token.letter,
            stem_letter: token.stem_letter,
            word: token.word.as_ref().map(|word| self.kept(word)),
            called: None,
        }
    }

    fn kept(&self, word: &FormWord) -> Word {
        Word {
            exact: word.exact,
            stem: word.stem,
            near: word.near(&self.hashing),
            given: word.given,
            surname: word.surname,
            listed: word.listed,
        }
    }

    /// Marks a person as the one mentioned last.
    fn touch(&mut self, id: u64) {
        self.clock += 1;
        if let Some(person) = self.people.get_mut(&id) {
            if self.order.get(&person.last) == Some(&id) {
                self.order.remove(&person.last);
            }
            person.last = self.clock;
            self.order.insert(self.clock, id);
        }
    }

    fn insert(&mut self, person: Person) {
        self.list(&person);
        self.people.insert(person.id, person);
    }

    fn remove(&mut self, id: u64) {
        if let Some(person) = self.people.remove(&id) {
            self.unlist(&person);
        }
    }

    fn list(&mut self, person: &Person) {
        for hash in self.hashes_of(person) {
            let people = self.index.entry(hash).or_default();
            if let Err(at) = people.binary_search(&person.id) {
                people.insert(at, person.id);
            }
        }
    }

    fn unlist(&mut self, person: &Person) {
        for hash in self.hashes_of(person) {
            if let Some(people) = self.index.get_mut(&hash) {
                people.retain(|other| *other != person.id);
                if people.is_empty() {
                    self.index.remove(&hash);
                }
            }
        }
    }

    /// All by which a person is looked up.
    fn hashes_of(&self, person: &Person) -> Vec<u64> {
        let letters = person.tokens.iter().map(|token| (token.letter, token.stem_letter));
        let mut hashes = self.initials_of(letters);
        for word in person.tokens.iter().filter_map(|token| token.word.as_ref()).chain(&person.alternative) {
            hashes.extend([word.exact, word.stem]);
            hashes.extend(&word.near);
        }
        hashes.extend(person.tokens.iter().filter_map(|token| token.called));
        each_once(&mut hashes);
        hashes
    }
}

fn each_once<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
}

/// What a mention's part tells of a person's.
enum Told {
    /// The word of an initial.
    Word,
    /// The short form in use.
    Called,
    /// The name that the known word is a short form of.
    Formal,
    /// The particle.
    Particle,
}

fn told(own: &Token, token: &FormToken) -> Option<Told> {
    let word = token.word.as_ref()?;
    let Some(known) = &own.word else { return Some(Told::Word) };
    if word.formal.contains(&known.exact) {
        (own.called != Some(word.exact)).then_some(Told::Called)
    } else if word.short.contains(&known.exact) {
        Some(Told::Formal)
    } else if known.stem == known.exact && word.stem == known.exact && word.exact != known.exact {
        Some(Told::Particle)
    } else {
        None
    }
}

/// Whether a mention changes by what its person is looked up.
fn tells_more(person: &Person, form: &Form, fit: &Fit) -> bool {
    let tells = |(ours, theirs): &(usize, usize)| {
        let parts = form.tokens.get(*ours).zip(person.tokens.get(*theirs));
        parts.is_some_and(|(token, own)| told(own, token).is_some())
    };
    let is_in_order = fit.person_order.iter().copied().eq(0..person.tokens.len());
    fit.as_word || !is_in_order || form.tokens.len() > person.tokens.len() || fit.pairs.iter().any(tells)
}

/// By piece, the parts that the mention's parts fall on.
fn paired_tags(form: &Form, fit: &Fit, person: &Person) -> Vec<(usize, u16)> {
    let mut pairs = fit.pairs.clone();
    pairs.sort_unstable();
    let tag =
        |(ours, theirs): (usize, usize)| Some((form.tokens.get(ours)?.piece, person.tokens.get(theirs)?.tag));
    pairs.into_iter().filter_map(tag).collect()
}

/// Whether a mention in this role may be the person: rule 3.
fn roles_agree(person: &Person, role: Role) -> bool {
    let role = SavedRole::from(role);
    role == SavedRole::Unknown || person.known == SavedRole::Unknown || person.known == role
}
