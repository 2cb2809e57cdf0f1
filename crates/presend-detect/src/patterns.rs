//! The pattern engine: one automaton of every pattern of every detector file says which patterns match from a place
//! in the text; then each of those alone gives the exact span.
//!
//! The automaton is a lazily built DFA, run anchored from the places where a pattern can begin: the starts of words,
//! numbers, marks and lines, and the character before each. From most places it is dead after a byte or two. Run
//! unanchored, a DFA of this many patterns has to follow all that began anywhere before, and its states explode.

use std::sync::OnceLock;

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::meta::Regex;
use regex_automata::nfa::thompson;
use regex_automata::util::captures::Captures;
use regex_automata::util::pool::Pool;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind, PatternSet};

use crate::context::Phrases;
use crate::document::Document;
use crate::finding::Raw;
use crate::spec::{Candidate, DETECTORS, DetectorSpec, Gate, PatternSpec, Verdict};
use crate::token::TokenKind;

/// How far from its start a pattern may reach, in bytes: longer matches are cut here.
const REACH: usize = 448;

/// The memory that a thread's states of one automaton may take before they are built anew, in bytes.
const STATES: usize = 16 << 20;

/// All patterns, compiled.
pub(crate) struct Patterns {
    gates: [Group; 4],
    contexts: Vec<Contexts>,
}

struct Contexts {
    before: Phrases,
    after: Phrases,
    against: Phrases,
}

/// The patterns behind one gate: the automaton of all, and each alone.
struct Group {
    all: Option<Automaton>,
    members: Vec<Member>,
}

struct Automaton {
    dfa: DFA,
    openings: Openings,
    caches: Pool<Cache, Box<dyn Fn() -> Cache + Send + Sync>>,
}

struct Member {
    detector: usize,
    spec: &'static PatternSpec,
    alone: OnceLock<Option<Regex>>,
}

/// Patterns are written for folded text, which is ASCII but for letters of other scripts, and boundaries are ASCII.
fn syntax() -> syntax::Config {
    syntax::Config::new().unicode(false).utf8(false).multi_line(true)
}

fn automaton(patterns: &[&str]) -> Option<Automaton> {
    if patterns.is_empty() {
        return None;
    }
    let dfa = DFA::builder()
        .syntax(syntax())
        .thompson(thompson::Config::new().utf8(false))
        .configure(
            DFA::config().match_kind(MatchKind::All).cache_capacity(STATES).skip_cache_capacity_check(true),
        )
        .build_many(patterns)
        .ok()?;
    let openings = Openings::of(&dfa);
    let maker = dfa.clone();
    Some(Automaton { dfa, openings, caches: Pool::new(Box::new(move || maker.create_cache())) })
}

/// Which two bytes can open a match: most places in a text are ruled out by one look in this table.
struct Openings {
    /// One bit for each pair of ASCII bytes.
    pairs: Vec<u64>,
}

impl Openings {
    /// Steps the automaton through every pair of ASCII bytes, after each kind of byte that a boundary tells apart.
    fn of(dfa: &DFA) -> Self {
        let mut cache = dfa.create_cache();
        let mut pairs = vec![0; 128 * 128 / 64];
        for before in [b"a", b" ", b"\n"] {
            for first in 0..128u8 {
                let haystack = [before[0], first];
                let input = Input::new(&haystack).range(1..).anchored(Anchored::Yes);
                let opened = dfa
                    .start_state_forward(&mut cache, &input)
                    .ok()
                    .and_then(|start| dfa.next_state(&mut cache, start, first).ok());
                if opened.is_some_and(|state| state.is_dead()) {
                    continue;
                }
                for second in 0..128u8 {
                    // The state can be swept out of the cache while its successors are built: start again.
                    let state = dfa
                        .start_state_forward(&mut cache, &input)
                        .ok()
                        .and_then(|start| dfa.next_state(&mut cache, start, first).ok())
                        .and_then(|state| dfa.next_state(&mut cache, state, second).ok());
                    if state.is_none_or(|state| !state.is_dead()) {
                        let at = usize::from(first) * 128 + usize::from(second);
                        if let Some(word) = pairs.get_mut(at / 64) {
                            *word |= 1 << (at % 64);
                        }
                    }
                }
            }
        }
        Self { pairs }
    }

    /// Whether a match can begin at `start`.
    fn can_open(&self, text: &[u8], start: usize) -> bool {
        match (text.get(start), text.get(start + 1)) {
            (Some(first @ 0..128), Some(second @ 0..128)) => {
                let at = usize::from(*first) * 128 + usize::from(*second);
                self.pairs.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
            }
            _ => true,
        }
    }
}

fn alone(pattern: &str) -> Option<Regex> {
    // Searches are anchored and short: the one-pass DFA and the backtracker find captures faster than a lazy DFA
    // that has to be filled first, and take less memory.
    Regex::builder()
        .syntax(syntax())
        .configure(
            Regex::config()
                .match_kind(MatchKind::LeftmostFirst)
                .utf8_empty(false)
                .hybrid(false)
                .dfa(false)
                .auto_prefilter(false),
        )
        .build(pattern)
        .ok()
}

impl Group {
    fn new(gate: Gate) -> Self {
        let members: Vec<Member> = DETECTORS
            .iter()
            .enumerate()
            .flat_map(|(detector, spec)| spec.patterns.iter().map(move |pattern| (detector, pattern)))
            .filter(|(_, pattern)| pattern.gate == gate)
            .map(|(detector, spec)| Member { detector, spec, alone: OnceLock::new() })
            .collect();
        let sources: Vec<&str> = members.iter().map(|member| member.spec.regex).collect();
        // A pattern that does not compile fails the test of every detector file; here it would only be skipped.
        Self { all: automaton(&sources), members }
    }

    /// Calls `each` with every pattern that matches from `start`, by number.
    fn matching(
        &self,
        cache: &mut Cache,
        present: &mut PatternSet,
        text: &[u8],
        start: usize,
        mut each: impl FnMut(usize),
    ) {
        let Some(automaton) = &self.all else { return };
        if !automaton.openings.can_open(text, start) {
            return;
        }
        present.clear();
        let limit = (start + REACH).min(text.len());
        let input = Input::new(text).range(start..limit).anchored(Anchored::Yes);
        if automaton.dfa.try_which_overlapping_matches(cache, &input, present).is_err() {
            // The automaton gave up: try every pattern rather than miss one.
            (0..self.members.len()).for_each(each);
            return;
        }
        if present.is_empty() {
            return;
        }
        for pattern in present.iter() {
            each(pattern.as_usize());
        }
    }
}

impl Patterns {
    pub(crate) fn new() -> Self {
        Self {
            gates: [Gate::Digit, Gate::At, Gate::Dot, Gate::Word].map(Group::new),
            contexts: DETECTORS
                .iter()
                .map(|detector| Contexts {
                    before: Phrases::new(detector.context.before),
                    after: Phrases::new(detector.context.after),
                    against: Phrases::new(detector.context.against),
                })
                .collect(),
        }
    }

    /// Finds every candidate that its detector accepts.
    pub(crate) fn scan(&self, document: &Document, found: &mut Vec<Raw>) {
        let open = [document.has_digit(), document.has_at(), document.has_dot(), true];
        let text = document.text().as_bytes();
        for (group, _) in self.gates.iter().zip(open).filter(|(_, open)| *open) {
            let Some(automaton) = &group.all else { continue };
            let mut cache = automaton.caches.get();
            let mut present = PatternSet::new(group.members.len());
            // Where each pattern's last identifier ended: the same pattern does not start again inside it.
            let mut resume = vec![0; group.members.len()];
            for_each_start(document, |start| {
                group.matching(&mut cache, &mut present, text, start, |pattern| {
                    let (Some(member), Some(end)) = (group.members.get(pattern), resume.get_mut(pattern))
                    else {
                        return;
                    };
                    if start >= *end {
                        *end = self.take(member, document, start, found).unwrap_or(*end);
                    }
                });
            });
        }
    }

    /// Runs the automaton alone over the text and counts the patterns that match, for benches to compare with.
    pub(crate) fn bare_pass(&self, document: &Document) -> usize {
        let mut count = 0;
        let open = [document.has_digit(), document.has_at(), document.has_dot(), true];
        for (group, _) in self.gates.iter().zip(open).filter(|(_, open)| *open) {
            let Some(automaton) = &group.all else { continue };
            let mut cache = automaton.caches.get();
            let mut present = PatternSet::new(group.members.len());
            for_each_start(document, |start| {
                group.matching(&mut cache, &mut present, document.text().as_bytes(), start, |_| count += 1);
            });
        }
        count
    }

    /// Matches one pattern from `start` and judges it; gives where the identifier ended.
    fn take(
        &self,
        member: &Member,
        document: &Document,
        start: usize,
        found: &mut Vec<Raw>,
    ) -> Option<usize> {
        let regex = member.alone.get_or_init(|| alone(member.spec.regex)).as_ref()?;
        let text = document.text().as_bytes();
        let limit = (start + REACH).min(text.len());
        let mut captures = regex.create_captures();
        regex.search_captures(&Input::new(text).range(start..limit).anchored(Anchored::Yes), &mut captures);
        let whole = captures.get_match()?;
        let (from, to) = identifier(&captures, whole.start(), whole.end());
        if let Some(raw) = self.judge(member, document, from, to) {
            found.push(raw);
        }
        Some(to.max(start + 1))
    }

    fn judge(&self, member: &Member, document: &Document, start: usize, end: usize) -> Option<Raw> {
        let detector: &'static DetectorSpec = DETECTORS.get(member.detector)?;
        let contexts = self.contexts.get(member.detector)?;
        let candidate = candidate(document.text(), start, end);
        if candidate.as_str().is_empty() {
            return None;
        }
        let verdict = member.spec.validator.map_or(Verdict::Plausible, |validate| validate(&candidate));
        if verdict == Verdict::Reject {
            return None;
        }
        let first = document.token_from(start);
        let next = document.token_from(end);
        let window = detector.context.window;
        let before = contexts.before.before(document, first, window);
        let after = contexts.after.after(document, next, window);
        let support = before.into_iter().chain(after).min();
        let against = contexts
            .against
            .before(document, first, window)
            .into_iter()
            .chain(contexts.against.after(document, next, 3))
            .min();
        if against.is_some_and(|against| support.is_none_or(|support| against < support)) {
            return None;
        }
        let needs_context = member.spec.needs_context || matches!(verdict, Verdict::Doubtful(_));
        if needs_context && support.is_none() {
            return None;
        }
        let mut evidence = vec![member.spec.note];
        let mut confidence = member.spec.confidence;
        match verdict {
            Verdict::Valid(check) => evidence.push(check),
            Verdict::Doubtful(check) => {
                confidence *= 0.7;
                evidence.push(check);
            }
            Verdict::Plausible | Verdict::Reject => {}
        }
        if support.is_some() {
            confidence += detector.context.boost;
            evidence.push("a context word of this identifier stands near");
        }
        Some(Raw {
            start,
            end,
            label: detector.label,
            role: None,
            confidence: confidence.clamp(0.0, 0.99),
            rule: detector.id,
            validated: matches!(verdict, Verdict::Valid(_)),
            evidence,
        })
    }
}

/// Calls `each` with every place where a pattern can begin, in order.
fn for_each_start(document: &Document, mut each: impl FnMut(usize)) {
    let bytes = document.text().as_bytes();
    let mut next = 0;
    let mut try_at = |at: usize| {
        if at >= next {
            each(at);
            next = at + 1;
        }
    };
    try_at(0);
    for token in document.tokens() {
        let (start, end) = (token.start as usize, token.full_end as usize);
        match token.kind {
            TokenKind::Newline => try_at(end),
            kind => {
                // The character before, which some patterns look at.
                if let Some(before) = start.checked_sub(1) {
                    try_at(before);
                }
                try_at(start);
                if kind == TokenKind::Mixed {
                    for (at, pair) in bytes.get(start..end).unwrap_or_default().windows(2).enumerate() {
                        if let [a, b] = pair
                            && a.is_ascii_digit() != b.is_ascii_digit()
                        {
                            try_at(start + at);
                            try_at(start + at + 1);
                        }
                    }
                }
            }
        }
    }
}

/// How much text before and after a candidate its validator sees: enough for a list, and no more for a longer text.
const VIEW: usize = 1024;

/// The candidate with the text around it, cut to [`VIEW`] bytes on either side at a character boundary.
fn candidate(text: &str, start: usize, end: usize) -> Candidate<'_> {
    let from = text.floor_char_boundary(start.saturating_sub(VIEW));
    let to = text.ceil_char_boundary((end + VIEW).min(text.len()));
    Candidate { text: text.get(from..to).unwrap_or_default(), start: start - from, end: end - from }
}

/// The capture group `id` where the pattern has one, the whole match otherwise.
fn identifier(captures: &Captures, start: usize, end: usize) -> (usize, usize) {
    captures.get_group_by_name("id").map_or((start, end), |span| (span.start, span.end))
}

#[cfg(test)]
pub(crate) fn compiles(pattern: &str) -> bool {
    alone(pattern).is_some() && automaton(&[pattern]).is_some()
}
