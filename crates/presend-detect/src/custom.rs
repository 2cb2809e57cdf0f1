//! A customer's own lists: terms that are always an identifier, and terms that never are.

use std::fmt;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use presend_text::Folded;

use crate::document::Document;
use crate::finding::Raw;
use crate::{Label, Role};

/// The rules under which listed terms appear in findings.
const RULES: &[(ListKind, &str, &str)] = &[
    (ListKind::Deny, "customer_deny", "on the organisation's deny list"),
    (ListKind::Staff, "customer_staff", "on the organisation's staff list"),
    (ListKind::Site, "customer_site", "on the organisation's list of sites"),
    (ListKind::Ward, "customer_ward", "on the organisation's list of wards"),
];

/// Which of a customer's lists a term is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// Always an identifier, under a label of the customer's choice.
    Deny,
    /// A member of staff: PERSON with the role staff.
    Staff,
    /// A site, department or other place of work: ORGANISATION.
    Site,
    /// A ward or unit: WARD_BED.
    Ward,
}

/// The error of building a customer's lists.
#[derive(Clone, Debug)]
pub struct ListError {
    reason: String,
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the lists are too large to compile: {}", self.reason)
    }
}

impl std::error::Error for ListError {}

struct Term {
    label: Label,
    role: Option<Role>,
    kind: ListKind,
}

/// Terms as they are collected, before they are compiled.
#[derive(Default)]
pub(crate) struct ListsBuilder {
    folded: Vec<String>,
    terms: Vec<Term>,
    allowed: Vec<String>,
}

impl ListsBuilder {
    pub(crate) fn add(&mut self, kind: ListKind, label: Label, role: Option<Role>, term: &str) {
        let folded = fold(term);
        if !folded.is_empty() {
            self.folded.push(folded);
            self.terms.push(Term { label, role, kind });
        }
    }

    pub(crate) fn allow(&mut self, term: &str) {
        let folded = fold(term);
        if !folded.is_empty() {
            self.allowed.push(folded);
        }
    }

    pub(crate) fn build(self) -> Result<Option<Lists>, ListError> {
        if self.terms.is_empty() && self.allowed.is_empty() {
            return Ok(None);
        }
        Ok(Some(Lists {
            denied: compile(&self.folded)?,
            terms: self.terms,
            allowed: compile(&self.allowed)?,
        }))
    }
}

fn compile(terms: &[String]) -> Result<Option<AhoCorasick>, ListError> {
    if terms.is_empty() {
        return Ok(None);
    }
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(terms)
        .map(Some)
        .map_err(|err| ListError { reason: err.to_string() })
}

fn fold(term: &str) -> String {
    Folded::new(term.trim()).text().to_owned()
}

/// A customer's lists, compiled.
pub(crate) struct Lists {
    denied: Option<AhoCorasick>,
    terms: Vec<Term>,
    allowed: Option<AhoCorasick>,
}

impl Lists {
    /// Finds the terms that are always identifiers, as whole words.
    pub(crate) fn scan(&self, document: &Document, found: &mut Vec<Raw>) {
        let Some(denied) = &self.denied else { return };
        let text = document.text();
        for hit in denied.find_iter(text).filter(|hit| is_whole(text, hit.start(), hit.end())) {
            let Some(term) = self.terms.get(hit.pattern().as_usize()) else { continue };
            let Some((_, rule, why)) = RULES.iter().find(|(kind, _, _)| *kind == term.kind) else { continue };
            found.push(Raw {
                start: hit.start(),
                end: hit.end(),
                label: term.label,
                role: term.role,
                confidence: 0.99,
                rule,
                validated: false,
                evidence: vec![why],
            });
        }
    }

    /// Takes out what an allowed term covers whole, unless the customer listed that too.
    pub(crate) fn permit(&self, document: &Document, found: &mut Vec<Raw>) {
        for hit in self.allowed(document) {
            found.retain(|raw| raw.start < hit.start || raw.end > hit.end || is_customers(raw.rule));
        }
    }

    /// Where the folded text holds an allowed term.
    pub(crate) fn allowed(&self, document: &Document) -> impl Iterator<Item = Range<usize>> {
        let text = document.text();
        let hits = self.allowed.iter().flat_map(move |allowed| allowed.find_iter(text));
        hits.map(|hit| hit.start()..hit.end()).filter(move |hit| is_whole(text, hit.start, hit.end))
    }
}

/// Whether a rule is one of the customer's own lists.
pub(crate) fn is_customers(rule: &str) -> bool {
    RULES.iter().any(|(_, own, _)| *own == rule)
}

fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|head| head.chars().next_back());
    let after = text.get(end..).and_then(|tail| tail.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}
