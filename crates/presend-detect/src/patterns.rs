//! The pattern engine: every pattern of every detector file in one automaton that says which patterns occur at all,
//! then each of those alone for the exact span.

use std::sync::OnceLock;

use regex_automata::meta::{BuildError, Regex};
use regex_automata::util::captures::Captures;
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind, PatternSet};

use crate::context::Phrases;
use crate::document::Document;
use crate::finding::Raw;
use crate::spec::{Candidate, DETECTORS, DetectorSpec, Gate, PatternSpec, Verdict};

/// The longest stretch scanned at once: a longer text is scanned in windows, so that each pattern runs only where it
/// occurs and the cost stays linear.
const WINDOW: usize = 2048;
/// How far a window looks past its end. No pattern matches more than this, so windows find what the whole would.
const REACH: usize = 320;

/// All patterns, compiled.
pub(crate) struct Patterns {
    gates: [Group; 3],
    contexts: Vec<Contexts>,
}

struct Contexts {
    before: Phrases,
    after: Phrases,
    against: Phrases,
}

/// The patterns behind one gate: the automaton of all, and each alone.
struct Group {
    all: Option<Regex>,
    members: Vec<Member>,
}

struct Member {
    detector: usize,
    spec: &'static PatternSpec,
    alone: OnceLock<Option<Regex>>,
}

fn compile(patterns: &[&str], kind: MatchKind) -> Result<Regex, BuildError> {
    // Patterns are written for folded text, which is ASCII but for letters of other scripts, and boundaries are
    // ASCII: that keeps the lazy DFA from giving up at non-ASCII bytes.
    Regex::builder()
        .syntax(syntax::Config::new().unicode(false).utf8(false).multi_line(true))
        .configure(
            Regex::config()
                .match_kind(kind)
                .utf8_empty(false)
                .hybrid_cache_capacity(8 << 20)
                .nfa_size_limit(Some(64 << 20)),
        )
        .build_many(patterns)
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
        let all = compile(&sources, MatchKind::All).ok();
        Self { all, members }
    }
}

impl Patterns {
    pub(crate) fn new() -> Self {
        Self {
            gates: [Group::new(Gate::Digit), Group::new(Gate::At), Group::new(Gate::Word)],
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
        self.scan_windows(document, WINDOW, found);
    }

    /// Scans in windows of that many bytes; the result does not depend on it.
    pub(crate) fn scan_windows(&self, document: &Document, window: usize, found: &mut Vec<Raw>) {
        let open = [document.has_digit(), document.has_at(), true];
        let len = document.text().len();
        for (group, _) in self.gates.iter().zip(open).filter(|(_, open)| *open) {
            let Some(all) = &group.all else { continue };
            // Where each pattern's last identifier ended, so that one window does not restart inside another's.
            let mut resume = vec![0; if len > window { group.members.len() } else { 0 }];
            let mut present = PatternSet::new(group.members.len());
            for from in (0..len).step_by(window.max(1)) {
                let to = (from + window).min(len);
                let limit = (to + REACH).min(len);
                present.clear();
                all.which_overlapping_matches(
                    &Input::new(document.text().as_bytes()).range(from..limit),
                    &mut present,
                );
                for pattern in present.iter() {
                    let Some(member) = group.members.get(pattern.as_usize()) else { continue };
                    let begin = resume.get(pattern.as_usize()).map_or(from, |end| from.max(*end));
                    let end = self.scan_pattern(member, document, (begin, to, limit), found);
                    if let Some(slot) = resume.get_mut(pattern.as_usize()) {
                        *slot = end.max(*slot);
                    }
                }
            }
        }
    }

    /// Finds the pattern's matches that start from `begin` up to `to` and end by `limit`; gives where the last ended.
    fn scan_pattern(
        &self,
        member: &Member,
        document: &Document,
        (begin, to, limit): (usize, usize, usize),
        found: &mut Vec<Raw>,
    ) -> usize {
        let regex =
            member.alone.get_or_init(|| compile(&[member.spec.regex], MatchKind::LeftmostFirst).ok()).as_ref();
        let Some(regex) = regex else { return begin };
        let mut captures = regex.create_captures();
        let mut at = begin;
        while at < to {
            regex.search_captures(&Input::new(document.text().as_bytes()).range(at..limit), &mut captures);
            let Some(whole) = captures.get_match().filter(|whole| whole.start() < to) else { break };
            let (start, end) = identifier(&captures, whole.start(), whole.end());
            if let Some(raw) = self.judge(member, document, start, end) {
                found.push(raw);
            }
            // After the identifier, not the whole match: what followed it may begin the next.
            at = end.max(whole.start() + 1);
        }
        at
    }

    fn judge(&self, member: &Member, document: &Document, start: usize, end: usize) -> Option<Raw> {
        let detector: &'static DetectorSpec = DETECTORS.get(member.detector)?;
        let contexts = self.contexts.get(member.detector)?;
        let candidate = Candidate { text: document.text(), start, end };
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

/// The capture group `id` where the pattern has one, the whole match otherwise.
fn identifier(captures: &Captures, start: usize, end: usize) -> (usize, usize) {
    captures.get_group_by_name("id").map_or((start, end), |span| (span.start, span.end))
}

#[cfg(test)]
pub(crate) fn compiles(pattern: &str) -> bool {
    compile(&[pattern], MatchKind::LeftmostFirst).is_ok()
}
