//! What can be told of a pattern before any text is seen: how soon it needs a digit, and with which bytes it can open.
//!
//! Both are worked out on the pattern's NFA, with every boundary taken as met, so that they allow too much rather than
//! too little.

use std::collections::{BTreeMap, BTreeSet};

use regex_automata::nfa::thompson::{Config, NFA, State, Transition};
use regex_automata::util::primitives::StateID;

use crate::opening::syntax;

/// How many bytes may stand before the first digit of a match that is said to meet one soon, in two steps.
pub(crate) const NEAR: [usize; 2] = [7, 24];

/// A pattern with more openings than this is told by shorter ones: the tables would be full.
const MOST_OPENINGS: usize = 3_000;
/// The lengths of openings that are told apart, in bytes.
const LENGTHS: [usize; 4] = [8, 4, 3, 2];
const SHORTEST: usize = 2;
/// Where more bytes than this can follow, an opening ends.
const MOST_FOLLOWING: usize = 40;

/// A pattern's NFA and the states that it starts in.
pub(crate) struct Pattern {
    nfa: NFA,
    start: BTreeSet<StateID>,
}

impl Pattern {
    /// Compiles a pattern as the pattern engine does.
    pub(crate) fn new(regex: &str) -> Result<Self, String> {
        let nfa = NFA::compiler()
            .syntax(syntax())
            .configure(Config::new().utf8(false))
            .build(regex)
            .map_err(|err| err.to_string())?;
        let start = closure(&nfa, [nfa.start_anchored()]);
        Ok(Self { nfa, start })
    }

    /// Whether every match holds a digit within so many bytes before which there is none.
    pub(crate) fn needs_digit_within(&self, distance: usize) -> bool {
        let mut states = self.start.clone();
        for _ in 0..=distance {
            if self.is_match(&states) {
                return false;
            }
            states = closure(&self.nfa, self.without_digit(&states));
            if states.is_empty() {
                return true;
            }
        }
        false
    }

    /// The first two, three, four or eight bytes of every match, as far as they are ASCII.
    pub(crate) fn openings(&self) -> BTreeSet<Vec<u8>> {
        let mut openings = BTreeSet::new();
        for longest in LENGTHS {
            openings.clear();
            let mut left = if longest == SHORTEST { usize::MAX } else { MOST_OPENINGS };
            if self.extend(&self.start, &mut Vec::new(), longest, &mut left, &mut openings) {
                break;
            }
        }
        openings
    }

    /// Adds the openings that begin with `opening`; `false` where there are more than `left`.
    fn extend(
        &self,
        states: &BTreeSet<StateID>,
        opening: &mut Vec<u8>,
        longest: usize,
        left: &mut usize,
        openings: &mut BTreeSet<Vec<u8>>,
    ) -> bool {
        let following = if opening.len() < longest { self.following(states) } else { BTreeMap::new() };
        let ended = opening.len() == longest
            || opening.len() >= SHORTEST && (self.is_match(states) || following.len() > MOST_FOLLOWING);
        if ended {
            *left = left.saturating_sub(1);
            let length = LENGTHS.into_iter().find(|length| *length <= opening.len()).unwrap_or(SHORTEST);
            openings.insert(opening.iter().copied().take(length).collect());
        } else if self.is_match(states) {
            // A match of one byte: anything can stand after it.
            openings.extend(folded_ascii().map(|byte| [opening.as_slice(), &[byte]].concat()));
        } else {
            for (byte, next) in following {
                opening.push(byte);
                let few = self.extend(&closure(&self.nfa, next), opening, longest, left, openings);
                opening.pop();
                if !few {
                    return false;
                }
            }
        }
        *left > 0
    }

    /// The ASCII bytes that can follow and the states they lead to.
    fn following(&self, states: &BTreeSet<StateID>) -> BTreeMap<u8, Vec<StateID>> {
        let mut following: BTreeMap<u8, Vec<StateID>> = BTreeMap::new();
        let mut add = |trans: Transition| {
            for byte in (trans.start..=trans.end.min(127)).filter(|byte| !byte.is_ascii_uppercase()) {
                following.entry(byte).or_default().push(trans.next);
            }
        };
        for id in states {
            for_each_transition(self.nfa.state(*id), &mut add);
        }
        following
    }

    fn is_match(&self, states: &BTreeSet<StateID>) -> bool {
        states.iter().any(|id| matches!(self.nfa.state(*id), State::Match { .. }))
    }

    /// The states that bytes other than digits lead to.
    fn without_digit(&self, states: &BTreeSet<StateID>) -> Vec<StateID> {
        let mut reached = Vec::new();
        let mut add = |trans: Transition| {
            if !(trans.start.is_ascii_digit() && trans.end.is_ascii_digit()) {
                reached.push(trans.next);
            }
        };
        for id in states {
            for_each_transition(self.nfa.state(*id), &mut add);
        }
        reached
    }
}

fn for_each_transition(state: &State, each: &mut impl FnMut(Transition)) {
    match state {
        State::ByteRange { trans } => each(*trans),
        State::Sparse(sparse) => sparse.transitions.iter().for_each(|trans| each(*trans)),
        State::Dense(dense) => (0..=255).for_each(|byte| {
            if let Some(next) = dense.matches_byte(byte) {
                each(Transition { start: byte, end: byte, next });
            }
        }),
        _ => {}
    }
}

/// The ASCII bytes that folded text holds.
fn folded_ascii() -> impl Iterator<Item = u8> {
    (0..128u8).filter(|byte| !byte.is_ascii_uppercase())
}

/// The states reached without reading a byte.
fn closure(nfa: &NFA, from: impl IntoIterator<Item = StateID>) -> BTreeSet<StateID> {
    let mut waiting: Vec<StateID> = from.into_iter().collect();
    let mut reached = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !reached.insert(id) {
            continue;
        }
        match nfa.state(id) {
            State::Look { next, .. } | State::Capture { next, .. } => waiting.push(*next),
            State::Union { alternates } => waiting.extend(alternates.iter().copied()),
            State::BinaryUnion { alt1, alt2 } => waiting.extend([*alt1, *alt2]),
            _ => {}
        }
    }
    reached
}
