//! The pattern engine: one automaton of every pattern of every detector file says which patterns match from a place
//! in the text; then each of those alone gives the exact span.
//!
//! The automaton is a lazily built DFA, run anchored from the places where a pattern can begin: the starts of words,
//! numbers, marks and lines, and the character before each. Run unanchored, a DFA of this many patterns has to follow
//! all that began anywhere before, and its states explode.
//!
//! A step of such an automaton is mostly waiting for memory, so that the places are picked first. The build script parts
//! the patterns into those that meet a digit soon after they begin, tried only where there is one, those that begin with
//! one of a few openings ("nhs ", "dob:"), tried only at these bytes, and the rest, told by their first two bytes.

use std::sync::OnceLock;

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::meta::Regex;
use regex_automata::nfa::thompson;
use regex_automata::util::pool::Pool;
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::util::syntax::parse_with;
use regex_automata::{Anchored, Input, MatchKind, PatternID, PatternSet};

use crate::context::{Index, Phrases, Present};
use crate::document::Document;
use crate::finding::Raw;
use crate::opening::{eight_bit, four_bit, pair_bit, syntax, three_bit};
use crate::spec::{Candidate, DETECTORS, DetectorSpec, GROUPS, Gate, GroupSpec, PatternSpec, Verdict};
use crate::token::TokenKind;
use crate::validators::noun_distance;

/// How far from its start a pattern may reach, in bytes: longer matches are cut here.
pub(crate) const REACH: usize = 448;

/// The memory that a thread's states of one automaton may take before they are built anew, in bytes.
const STATES: usize = 16 << 20;

/// All patterns, compiled.
pub(crate) struct Patterns {
    groups: Vec<Group>,
    contexts: Vec<Contexts>,
    index: Index,
    workspaces: Pool<Workspace, Box<dyn Fn() -> Workspace + Send + Sync>>,
}

struct Contexts {
    before: Phrases,
    after: Phrases,
    against: Phrases,
}

/// The patterns that are looked for together: the automaton of all, and each alone.
struct Group {
    spec: &'static GroupSpec,
    all: DFA,
    members: Vec<Member>,
}

struct Member {
    detector: usize,
    spec: &'static PatternSpec,
    alone: OnceLock<Option<Alone>>,
}

/// One pattern, the slots of the part of a match that is the identifier, and the most bytes that a match takes.
struct Alone {
    regex: Regex,
    slots: (usize, usize),
    reach: usize,
}

/// More slots than any pattern needs: the whole match and the group `id`.
type Slots = [Option<NonMaxUsize>; 4];

/// What one thread keeps of each group from message to message.
struct Workspace {
    groups: Vec<GroupWorkspace>,
}

struct GroupWorkspace {
    cache: Cache,
    matching: PatternSet,
    /// Where each pattern's last identifier ended: the same pattern does not start again inside it.
    resume: Vec<usize>,
}

fn automaton(patterns: &[&str]) -> Option<DFA> {
    DFA::builder()
        .syntax(syntax())
        .thompson(thompson::Config::new().utf8(false))
        .configure(
            DFA::config().match_kind(MatchKind::All).cache_capacity(STATES).skip_cache_capacity_check(true),
        )
        .build_many(patterns)
        .ok()
}

fn alone(pattern: &str) -> Option<Alone> {
    // Searches are anchored and short: the one-pass DFA and the backtracker find captures faster than a lazy DFA
    // that has to be filled first, and take less memory.
    let regex = Regex::builder()
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
        .ok()?;
    // The identifier is the group `id` where the pattern has one, the whole match otherwise.
    let group = regex.group_info().to_index(PatternID::ZERO, "id").unwrap_or(0);
    let slots = regex.group_info().slots(PatternID::ZERO, group)?;
    // The backtracker clears memory for every byte that it may look at.
    let longest = parse_with(pattern, &syntax()).ok()?.properties().maximum_len();
    let reach = longest.map_or(REACH, |longest| longest.min(REACH));
    (slots.1 < size_of::<Slots>() / size_of::<Option<NonMaxUsize>>()).then_some(Alone { regex, slots, reach })
}

impl Group {
    fn new(spec: &'static GroupSpec) -> Option<Self> {
        let members: Vec<Member> = spec
            .members
            .iter()
            .filter_map(|(detector, pattern)| {
                let spec = DETECTORS.get(*detector)?.patterns.get(*pattern)?;
                Some(Member { detector: *detector, spec, alone: OnceLock::new() })
            })
            .collect();
        let sources: Vec<&str> = members.iter().map(|member| member.spec.regex).collect();
        // A pattern that does not compile fails the build, and the test of every detector file.
        Some(Self { spec, all: automaton(&sources)?, members })
    }

    /// Whether the message can hold any of the patterns.
    fn is_open(&self, document: &Document) -> bool {
        match self.spec.gate {
            Gate::Digit => document.has_digit(),
            Gate::At => document.has_at(),
            Gate::Dot => document.has_dot(),
            Gate::Colons => document.has_colons(),
            Gate::Underscore => document.has_underscore(),
            Gate::Word => true,
        }
    }

    /// Whether a match can begin at `start`: most places in a text are ruled out by this.
    fn can_open(&self, text: &[u8], start: usize) -> bool {
        let is_set =
            |table: &[u64], bit: usize| table.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1);
        let openings = &self.spec.openings;
        let rest = text.get(start..).unwrap_or_default();
        let near = rest.get(..8).unwrap_or(rest);
        // The tables know ASCII only. An opening that is longer than the rest of the text cannot match.
        near.len() < 2
            || !near.is_ascii()
            || matches!(*near, [a, b, ..] if is_set(openings.pairs, pair_bit(a, b)))
            || matches!(*near, [a, b, c, ..] if is_set(openings.threes, three_bit([a, b, c])))
            || matches!(*near, [a, b, c, d, ..] if is_set(openings.fours, four_bit([a, b, c, d])))
            || near.first_chunk::<8>().is_some_and(|opening| is_set(openings.eights, eight_bit(*opening)))
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
        let limit = (start + REACH).min(text.len());
        let input = Input::new(text).range(start..limit).anchored(Anchored::Yes);
        if self.all.try_which_overlapping_matches(cache, &input, present).is_err() {
            // The automaton gave up: try every pattern rather than miss one.
            present.clear();
            (0..self.members.len()).for_each(each);
            return;
        }
        // Seldom, so that the set is not cleared at every place.
        if !present.is_empty() {
            present.iter().for_each(|pattern| each(pattern.as_usize()));
            present.clear();
        }
    }

    /// Calls `each` with every place where one of the patterns can begin, in order.
    fn for_each_start(&self, document: &Document, mut each: impl FnMut(usize)) {
        let text = document.text().as_bytes();
        let mut digit = 0;
        for_each_start(document, |start| {
            if let Some(near) = self.spec.near_digit {
                digit = digit.max(start);
                while text.get(digit).is_some_and(|byte| !byte.is_ascii_digit()) {
                    digit += 1;
                }
                if digit - start > near || digit == text.len() {
                    return;
                }
            }
            if self.can_open(text, start) {
                each(start);
            }
        });
    }
}

impl Patterns {
    pub(crate) fn new() -> Self {
        let groups: Vec<Group> = GROUPS.iter().filter_map(Group::new).collect();
        // The caches are made from clones, so that the pool does not borrow from what it lies in.
        let automata: Vec<(DFA, usize)> =
            groups.iter().map(|group| (group.all.clone(), group.members.len())).collect();
        Self {
            groups,
            contexts: DETECTORS
                .iter()
                .map(|detector| Contexts {
                    before: Phrases::new(detector.context.before),
                    after: Phrases::new(detector.context.after),
                    against: Phrases::new(detector.context.against),
                })
                .collect(),
            index: Index::new(),
            workspaces: Pool::new(Box::new(move || Workspace {
                groups: automata
                    .iter()
                    .map(|(automaton, members)| GroupWorkspace {
                        cache: automaton.create_cache(),
                        matching: PatternSet::new(*members),
                        resume: vec![0; *members],
                    })
                    .collect(),
            })),
        }
    }

    /// Finds every candidate that its detector accepts.
    pub(crate) fn scan(&self, document: &Document, found: &mut Vec<Raw>) {
        let text = document.text().as_bytes();
        let mut workspace = self.workspaces.get();
        let mut present = None;
        for (group, workspace) in self.groups.iter().zip(&mut workspace.groups) {
            if !group.is_open(document) {
                continue;
            }
            let GroupWorkspace { cache, matching, resume } = workspace;
            let mut dirty = false;
            group.for_each_start(document, |start| {
                group.matching(cache, matching, text, start, |pattern| {
                    let (Some(member), Some(end)) = (group.members.get(pattern), resume.get_mut(pattern))
                    else {
                        return;
                    };
                    if start >= *end {
                        let present = *present.get_or_insert_with(|| self.index.of(document));
                        *end = self.take(member, document, present, start, found).unwrap_or(*end);
                        dirty = true;
                    }
                });
            });
            if dirty {
                resume.fill(0);
            }
        }
    }

    /// Runs the automaton alone over the text and counts the patterns that match, for benches to compare with.
    pub(crate) fn bare_pass(&self, document: &Document) -> usize {
        let mut count = 0;
        let text = document.text().as_bytes();
        let mut workspace = self.workspaces.get();
        for (group, workspace) in self.groups.iter().zip(&mut workspace.groups) {
            if group.is_open(document) {
                let GroupWorkspace { cache, matching, .. } = workspace;
                group.for_each_start(document, |start| {
                    group.matching(cache, matching, text, start, |_| count += 1);
                });
            }
        }
        count
    }

    /// Matches one pattern from `start` and judges it; gives where the identifier ended.
    fn take(
        &self,
        member: &Member,
        document: &Document,
        present: Present,
        start: usize,
        found: &mut Vec<Raw>,
    ) -> Option<usize> {
        if member.spec.needs_context && !present.supports(member.detector) {
            return None;
        }
        let alone = member.alone.get_or_init(|| alone(member.spec.regex)).as_ref()?;
        let text = document.text().as_bytes();
        let limit = (start + alone.reach).min(text.len());
        let mut slots = Slots::default();
        let input = Input::new(text).range(start..limit).anchored(Anchored::Yes);
        alone.regex.search_slots(&input, &mut slots)?;
        let slot = |slot: usize| slots.get(slot).copied().flatten().map(NonMaxUsize::get);
        let (mut from, to) = (slot(alone.slots.0)?, slot(alone.slots.1)?);
        // The bracket of "(07700 900123)" goes round the identifier, that of "(01632) 960456" belongs to it.
        if text.get(from) == Some(&b'(') && !text.get(from..to)?.contains(&b')') {
            from += 1;
        }
        if let Some(raw) = self.judge(member, document, present, from, to) {
            found.push(raw);
        }
        Some(to.max(start + 1))
    }

    fn judge(
        &self,
        member: &Member,
        document: &Document,
        present: Present,
        start: usize,
        end: usize,
    ) -> Option<Raw> {
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
        let nearest = |before: &Phrases, after: &Phrases, reach: usize| {
            let before = before.before(document, first, window);
            before.into_iter().chain(after.after(document, next, reach)).min()
        };
        let Contexts { before, after, against } = contexts;
        let support = present.supports(member.detector).then(|| nearest(before, after, window)).flatten();
        let against = present.opposes(member.detector).then(|| nearest(against, against, 3)).flatten();
        // What a check digit or a numbering plan holds for falls only to the noun that it is the number of: "lot no 07...",
        // "07... is the lot", and not "a lot of pain 07...".
        let is_noun = |distance| {
            !matches!(verdict, Verdict::Valid(_))
                || noun_distance(&candidate).is_some_and(|noun| distance <= noun)
                || [" is ", " was "].iter().any(|verb| candidate.after().starts_with(verb))
        };
        if against.is_some_and(|against| support.is_none_or(|support| against < support) && is_noun(against))
        {
            return None;
        }
        let needs_context = member.spec.needs_context || matches!(verdict, Verdict::Doubtful(_));
        if needs_context && support.is_none() {
            return None;
        }
        let mut evidence = Vec::with_capacity(EVIDENCE);
        evidence.push(member.spec.note);
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

/// The most reasons that a finding of a pattern has.
const EVIDENCE: usize = 3;

/// How much text before and after a candidate its validator sees: enough for a list, and no more for a longer text.
const VIEW: usize = 1024;

/// The candidate with the text around it, cut to [`VIEW`] bytes on either side at a character boundary.
pub(crate) fn candidate(text: &str, start: usize, end: usize) -> Candidate<'_> {
    let from = text.floor_char_boundary(start.saturating_sub(VIEW));
    let to = text.ceil_char_boundary((end + VIEW).min(text.len()));
    Candidate { text: text.get(from..to).unwrap_or_default(), start: start - from, end: end - from }
}

#[cfg(test)]
pub(crate) fn compiles(pattern: &str) -> bool {
    alone(pattern).is_some() && automaton(&[pattern]).is_some()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::dictionary::Dictionary;

    /// Every place where some pattern matches is one where its group is tried.
    fn no_place_is_left_out(patterns: &Patterns, text: &str) {
        let mut document = Document::default();
        document.prepare(text, Dictionary::embedded());
        let bytes = document.text().as_bytes();
        let mut workspace = patterns.workspaces.get();
        for (group, workspace) in patterns.groups.iter().zip(&mut workspace.groups) {
            let mut tried = BTreeSet::new();
            group.for_each_start(&document, |start| {
                tried.insert(start);
            });
            let GroupWorkspace { cache, matching, .. } = workspace;
            for_each_start(&document, |start| {
                let mut matches = false;
                group.matching(cache, matching, bytes, start, |_| matches = true);
                assert!(!matches || tried.contains(&start), "a match at byte {start} is left out");
            });
        }
    }

    #[test]
    fn no_place_of_the_examples_is_left_out() {
        let patterns = Patterns::new();
        for spec in DETECTORS {
            for example in spec.must_match.iter().chain(spec.must_not_match) {
                let text = example.replace("[[", "").replace("]]", "");
                no_place_is_left_out(&patterns, &text);
                // At the very end, and in capitals, too.
                for cut in text.char_indices().map(|(at, _)| at) {
                    no_place_is_left_out(&patterns, text.get(..cut).unwrap_or_default());
                }
                no_place_is_left_out(&patterns, &text.to_uppercase());
            }
        }
    }

    proptest! {
        #[test]
        fn no_place_of_any_text_is_left_out(text in "([0-9]{1,6}|[a-z]{1,4}|nhs|dob|ref|cad|bed|@|[ .:/#\\-\n]|é){0,24}") {
            static PATTERNS: OnceLock<Patterns> = OnceLock::new();
            no_place_is_left_out(PATTERNS.get_or_init(Patterns::new), &text);
        }
    }
}
