//! Runs the recognisers over a message and resolves what they found.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use presend_text::Span;

use crate::custom::{ListError, ListKind, Lists, ListsBuilder};
use crate::dictionary::Dictionary;
use crate::document::Document;
use crate::finding::Raw;
use crate::patterns::Patterns;
use crate::reading::{Reading, Review, Reviewer};
use crate::resolve::resolve;
use crate::{Evidence, Finding, Label, Recogniser, Role, address, beds, lexical, names, spoken};

/// The rule engine: compiled once, shared by reference between threads.
pub struct Detector {
    dictionary: &'static Dictionary,
    patterns: Patterns,
    lists: Option<Lists>,
    recognisers: Vec<Box<dyn Recogniser>>,
    reviewer: Option<Box<dyn Reviewer>>,
}

/// Buffers that one thread keeps from message to message, so that scanning allocates only for findings.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) document: Document,
    raw: Vec<Raw>,
    words: Vec<Raw>,
    names: Vec<Raw>,
    blocked: Vec<(usize, usize)>,
    readings: Vec<Reading>,
    reviews: Vec<Review>,
    stop: Option<Arc<AtomicBool>>,
}

impl Scratch {
    /// Has a model leave off once this is true, for instance since nobody waits for the answer any more; `None` for never.
    /// What the model left off is [`Review::Failed`].
    pub fn stop_by(&mut self, stop: Option<Arc<AtomicBool>>) {
        self.stop = stop;
    }

    /// Whether what [`Scratch::stop_by`] was given is true by now.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed))
    }
}

impl Default for Detector {
    fn default() -> Self {
        Self::new()
    }
}

impl Detector {
    /// Compiles the built-in detectors.
    #[must_use]
    pub fn new() -> Self {
        Self {
            dictionary: Dictionary::embedded(),
            patterns: Patterns::new(),
            lists: None,
            recognisers: Vec::new(),
            reviewer: None,
        }
    }

    /// Starts a builder for a detector with a customer's lists or further recognisers.
    #[must_use]
    pub fn builder() -> DetectorBuilder {
        DetectorBuilder::default()
    }

    /// The same detector with a model that reads each message after the rules and settles what is found.
    #[must_use]
    pub fn with_reviewer(mut self, reviewer: Box<dyn Reviewer>) -> Self {
        self.reviewer = Some(reviewer);
        self
    }

    /// Finds the identifiers of one message, sorted by start; no two overlap.
    #[must_use]
    pub fn scan(&self, text: &str) -> Vec<Finding> {
        self.scan_with(&mut Scratch::default(), text)
    }

    /// Like [`Detector::scan`], with buffers kept by the caller.
    #[must_use]
    pub fn scan_with(&self, scratch: &mut Scratch, text: &str) -> Vec<Finding> {
        self.scan_reviewed(scratch, text).0
    }

    /// Like [`Detector::scan_with`], and says whether a model has read the message.
    #[must_use]
    pub fn scan_reviewed(&self, scratch: &mut Scratch, text: &str) -> (Vec<Finding>, Review) {
        if self.reviewer.is_none() {
            self.rules(scratch, text);
            names::drop_doubtful(&mut scratch.raw);
            return (findings(scratch).collect(), Review::Absent);
        }
        self.scan_many(scratch, &[text]).pop().unwrap_or_default()
    }

    /// Scans many messages, each by itself; a model is asked about them together.
    ///
    /// The answers are in the order of the messages and the same as those of [`Detector::scan_reviewed`].
    #[must_use]
    pub fn scan_many(&self, scratch: &mut Scratch, texts: &[&str]) -> Vec<(Vec<Finding>, Review)> {
        let Some(reviewer) = &self.reviewer else {
            return texts.iter().map(|text| self.scan_reviewed(scratch, text)).collect();
        };
        let (mut readings, mut reviews) =
            (std::mem::take(&mut scratch.readings), std::mem::take(&mut scratch.reviews));
        readings.resize_with(texts.len(), Reading::default);
        for (text, reading) in texts.iter().zip(&mut readings) {
            self.read(scratch, text, reading);
        }
        reviews.clear();
        reviewer.review_until(&mut readings, &mut reviews, &|| scratch.is_stopped());
        reviews.resize(texts.len(), Review::Failed);
        readings.iter_mut().for_each(Reading::permit);
        let found = readings
            .iter_mut()
            .zip(&reviews)
            .map(|(reading, review)| (std::mem::take(&mut reading.findings), *review))
            .collect();
        (scratch.readings, scratch.reviews) = (readings, reviews);
        found
    }

    /// Fills `reading` with the message as a model reads it and with what the rules found.
    pub fn read(&self, scratch: &mut Scratch, text: &str, reading: &mut Reading) {
        self.rules(scratch, text);
        reading.read(&scratch.document, &scratch.raw, &scratch.blocked, self.lists.as_ref());
        reading.findings.extend(findings(scratch));
    }

    /// The model that reads messages after the rules, where there is one.
    #[must_use]
    pub fn reviewer(&self) -> Option<&dyn Reviewer> {
        self.reviewer.as_deref()
    }

    /// Leaves what the rules, lists and recognisers found in `scratch.raw`, resolved.
    fn rules(&self, scratch: &mut Scratch, text: &str) {
        let Scratch { document, raw, words, names, blocked, .. } = scratch;
        document.prepare(text, self.dictionary);
        raw.clear();
        words.clear();
        names.clear();
        blocked.clear();
        self.patterns.scan(document, raw);
        spoken::scan(document, raw);
        address::scan(document, raw, blocked);
        beds::drop_operative_days(document, raw, blocked);
        // Beds, ages and numbers are settled first: they are evidence for the names beside them.
        resolve(document, raw);
        lexical::scan(document, self.dictionary, raw, words, blocked);
        blocked.sort_unstable();
        names::rule_out(document, raw, blocked);
        let beside = names::scan(document, &names::Surroundings { numbers: raw, words, blocked }, names);
        blocked.extend(beside);
        blocked.sort_unstable();
        beds::scan(document, raw, names);
        words.append(names);
        if let Some(lists) = &self.lists {
            lists.scan(document, words);
        }
        self.recognise(text, document, words);
        raw.append(words);
        if let Some(lists) = &self.lists {
            lists.permit(document, raw);
        }
        resolve(document, raw);
    }

    /// Runs the pattern automaton alone over the message and counts its matches: what benches compare the engine with.
    #[doc(hidden)]
    #[must_use]
    pub fn automaton_pass(&self, scratch: &mut Scratch, text: &str) -> usize {
        scratch.document.prepare(text, self.dictionary);
        self.patterns.bare_pass(&scratch.document)
    }

    fn recognise(&self, text: &str, document: &Document, found: &mut Vec<Raw>) {
        if self.recognisers.is_empty() {
            return;
        }
        let mut findings = Vec::new();
        for recogniser in &self.recognisers {
            recogniser.recognise(text, &mut findings);
        }
        for finding in findings.into_iter().filter(|finding| finding.span.of(text).is_some()) {
            let folded: Span = document.folded_span(finding.span);
            if !folded.is_empty() {
                found.push(Raw {
                    start: folded.start(),
                    end: folded.end(),
                    label: finding.label,
                    role: finding.role,
                    confidence: finding.confidence,
                    rule: finding.rule,
                    validated: false,
                    evidence: finding.evidence.into_iter().map(|Evidence(why)| why).collect(),
                });
            }
        }
    }
}

/// What the rules left in the buffers, as findings in the original message.
fn findings(scratch: &mut Scratch) -> impl Iterator<Item = Finding> {
    let Scratch { document, raw, .. } = scratch;
    raw.drain(..).map(|raw| Finding {
        span: document.original(raw.start, raw.end),
        label: raw.label,
        role: raw.role,
        confidence: raw.confidence,
        rule: raw.rule,
        evidence: raw.evidence.into_iter().map(Evidence).collect(),
    })
}

impl fmt::Debug for Detector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Detector").field("recognisers", &self.recognisers.len()).finish_non_exhaustive()
    }
}

/// Sets up a [`Detector`] with a customer's lists and further recognisers.
#[derive(Default)]
pub struct DetectorBuilder {
    lists: ListsBuilder,
    recognisers: Vec<Box<dyn Recogniser>>,
}

impl fmt::Debug for DetectorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DetectorBuilder").finish_non_exhaustive()
    }
}

impl DetectorBuilder {
    /// Adds a term that is always an identifier of this label and role, found as a whole word in any case and with any
    /// blanks between its words. All else of its spelling counts, in the other lists too: hyphens, and the spaces of a
    /// number.
    #[must_use]
    pub fn deny(mut self, label: Label, role: Option<Role>, term: &str) -> Self {
        self.lists.add(ListKind::Deny, label, role, term);
        self
    }

    /// Adds a term that is never an identifier; it does not undo a term of another list.
    #[must_use]
    pub fn allow(mut self, term: &str) -> Self {
        self.lists.allow(term);
        self
    }

    /// Adds a name of the organisation's staff. Of "Dr Anna Svensson (ST4)" and "Svensson, Anna" the plain name is found;
    /// a surname alone keeps its title, "Dr Svensson", since patients bear it too.
    #[must_use]
    pub fn staff(mut self, name: &str) -> Self {
        self.lists.add(ListKind::Staff, Label::Person, Some(Role::Staff), name);
        self
    }

    /// Adds a name of one of the organisation's sites.
    #[must_use]
    pub fn site(mut self, name: &str) -> Self {
        self.lists.add(ListKind::Site, Label::Organisation, None, name);
        self
    }

    /// Adds a name of one of the organisation's wards.
    #[must_use]
    pub fn ward(mut self, name: &str) -> Self {
        self.lists.add(ListKind::Ward, Label::WardBed, None, name);
        self
    }

    /// Adds a recogniser, such as a list of known patients.
    #[must_use]
    pub fn recogniser(mut self, recogniser: Box<dyn Recogniser>) -> Self {
        self.recognisers.push(recogniser);
        self
    }

    /// Compiles the detector.
    ///
    /// # Errors
    ///
    /// Where the lists are too large for one automaton (some hundred million bytes).
    pub fn build(self) -> Result<Detector, ListError> {
        Ok(Detector { lists: self.lists.build()?, recognisers: self.recognisers, ..Detector::new() })
    }
}
