use std::fmt;

use presend_detect::{Detector, Finding, Review, Reviewer, Scratch};
use presend_policy::{Decision, Policy};
use presend_redact::Surrogates;

use crate::{Outcome, Verdict};

/// What is remembered from message to message of one conversation: the surrogates given.
#[derive(Clone, Debug, Default)]
pub struct Conversation {
    surrogates: Surrogates,
}

impl Conversation {
    /// A conversation's start.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The surrogate of a sender of messages, such as `[PERSON 1]`; the same name or number gets the same one.
    #[must_use]
    pub fn sender(&mut self, name: &str) -> String {
        self.surrogates.sender(name)
    }

    /// How many different identifiers have a surrogate.
    #[must_use]
    pub fn surrogates(&self) -> usize {
        self.surrogates.len()
    }
}

/// Finds identifiers and writes the safer text; made once and shared by reference between threads.
pub struct Engine {
    detector: Detector,
    policy: Policy,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("policy", &self.policy.name()).finish_non_exhaustive()
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// The built-in detectors and the built-in policy `redact`.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Starts a builder for an engine with a detector or a policy of one's own.
    #[must_use]
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// The policy in force.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Finds the identifiers of one message, sorted by start; no two overlap.
    #[must_use]
    pub fn findings(&self, text: &str) -> Vec<Finding> {
        self.detector.scan(text)
    }

    /// Like [`Engine::findings`], with buffers that the caller keeps from message to message.
    #[must_use]
    pub fn findings_with(&self, scratch: &mut Scratch, text: &str) -> Vec<Finding> {
        self.detector.scan_with(scratch, text)
    }

    /// Like [`Engine::findings_with`], and says whether a model has read the message.
    #[must_use]
    pub fn reviewed_with(&self, scratch: &mut Scratch, text: &str) -> (Vec<Finding>, Review) {
        self.detector.scan_reviewed(scratch, text)
    }

    /// The model that reads messages after the rules, where there is one.
    #[must_use]
    pub fn reviewer(&self) -> Option<&dyn Reviewer> {
        self.detector.reviewer()
    }

    /// Checks one message by itself.
    #[must_use]
    pub fn check(&self, text: &str) -> Outcome {
        self.check_in(text, &mut Conversation::new())
    }

    /// Checks one message of a conversation, so that surrogates stay the same from message to message.
    #[must_use]
    pub fn check_in(&self, text: &str, conversation: &mut Conversation) -> Outcome {
        let (findings, review) = self.reviewed_with(&mut Scratch::default(), text);
        Outcome { review, ..self.minimise(text, findings, conversation) }
    }

    /// Decides on findings and writes the safer text: the second half of [`Engine::check_in`].
    ///
    /// Batch runners find in parallel and minimise in order, because surrogates are numbered in order. The outcome's
    /// [`Outcome::review`] is for the caller to set, who knows it from the finding.
    #[must_use]
    pub fn minimise(&self, text: &str, findings: Vec<Finding>, conversation: &mut Conversation) -> Outcome {
        let decisions: Vec<Decision> = findings.iter().map(|finding| self.policy.decide(finding)).collect();
        let redacted = presend_redact::redact(text, &findings, &decisions, &mut conversation.surrogates);
        Outcome {
            verdict: Verdict::of(&decisions),
            findings,
            decisions,
            text: redacted.text,
            review: Review::default(),
        }
    }
}

/// Sets up an [`Engine`].
#[derive(Default)]
pub struct EngineBuilder {
    detector: Option<Detector>,
    policy: Option<Policy>,
    reviewer: Option<Box<dyn Reviewer>>,
}

impl fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineBuilder").finish_non_exhaustive()
    }
}

impl EngineBuilder {
    /// Uses this policy; the default is the built-in `redact`.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Uses this detector; the default has the built-in detectors alone.
    #[must_use]
    pub fn detector(mut self, detector: Detector) -> Self {
        self.detector = Some(detector);
        self
    }

    /// Has this model read each message after the rules; the default is the rules alone.
    #[must_use]
    pub fn reviewer(mut self, reviewer: Box<dyn Reviewer>) -> Self {
        self.reviewer = Some(reviewer);
        self
    }

    /// Makes the engine.
    #[must_use]
    pub fn build(self) -> Engine {
        let detector = self.detector.unwrap_or_default();
        let detector = match self.reviewer {
            Some(reviewer) => detector.with_reviewer(reviewer),
            None => detector,
        };
        Engine { detector, policy: self.policy.unwrap_or_default() }
    }
}
