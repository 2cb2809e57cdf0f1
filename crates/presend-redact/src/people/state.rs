//! What is saved of the people of a conversation, and the check of what is read back.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::form::NEAR_TO;
use super::{MOST_TOKENS, Person};

/// The version of the saved form.
pub(super) const VERSION: u32 = 1;

/// The people of a conversation as they are saved: keyed hashes, numbers and roles; never the key, never a name.
///
/// Names are few, so whoever has the key can find by trial which names the hashes are of: with the zero key anybody
/// can. Keep a saved state as safe as the messages, or give a key.
///
/// Hashes and numbers are unsigned 64-bit integers: a format or a program that keeps them as floating-point numbers
/// spoils the state, and [`People::restore`](super::People::restore) then refuses it.
#[derive(Clone, Serialize, Deserialize)]
pub struct PeopleState {
    pub(super) version: u32,
    /// What tells the key from another.
    pub(super) check: u64,
    pub(super) capacity: usize,
    pub(super) next: u64,
    pub(super) clock: u64,
    pub(super) forgotten: u64,
    pub(super) people: Vec<Person>,
}

impl fmt::Debug for PeopleState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeopleState").field("people", &self.people.len()).finish_non_exhaustive()
    }
}

impl PeopleState {
    /// Whether every number in it may come from a state that was saved.
    pub(super) fn is_sound(&self) -> bool {
        let mut ids: Vec<u64> = self.people.iter().map(|person| person.id).collect();
        let mut times: Vec<u64> = self.people.iter().map(|person| person.last).collect();
        ids.sort_unstable();
        times.sort_unstable();
        let rising = |numbers: &[u64]| numbers.is_sorted_by(|one, next| one < next);
        self.capacity > 0
            && self.people.len() <= self.capacity
            && rising(&ids)
            && rising(&times)
            && ids.last().is_none_or(|last| *last < self.next)
            && times.last().is_none_or(|last| *last <= self.clock)
            && self.people.iter().all(is_sound)
    }
}

fn is_sound(person: &Person) -> bool {
    let mut tags: Vec<u16> = person.tokens.iter().map(|token| token.tag).collect();
    tags.sort_unstable();
    let words = person.tokens.iter().filter_map(|token| token.word.as_ref()).chain(&person.alternative);
    (1..=MOST_TOKENS).contains(&tags.len())
        && tags.is_sorted_by(|one, next| one < next)
        && tags.last().is_some_and(|last| *last < person.next_tag)
        && words.clone().all(|word| word.near.len() <= NEAR_TO)
}

/// The error of restoring a saved state: it was saved under another key, or it is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateError {
    kind: StateErrorKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StateErrorKind {
    Version,
    Key,
    Damaged,
}

impl StateError {
    pub(crate) const VERSION: Self = Self { kind: StateErrorKind::Version };
    pub(crate) const KEY: Self = Self { kind: StateErrorKind::Key };
    pub(crate) const DAMAGED: Self = Self { kind: StateErrorKind::Damaged };

    /// Whether the state was saved by a version that writes another form.
    #[must_use]
    pub fn is_other_version(&self) -> bool {
        self.kind == StateErrorKind::Version
    }

    /// Whether the state was saved under another key than the one given.
    #[must_use]
    pub fn is_wrong_key(&self) -> bool {
        self.kind == StateErrorKind::Key
    }

    /// Whether the state was changed since it was saved, so that it contradicts itself.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.kind == StateErrorKind::Damaged
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            StateErrorKind::Version => {
                "saved conversation: written by another version of presend; start the conversation anew"
            }
            StateErrorKind::Key => {
                "saved conversation: saved under another key; give the key it was saved under"
            }
            StateErrorKind::Damaged => "saved conversation: damaged; restore it from a copy or start anew",
        })
    }
}

impl std::error::Error for StateError {}
