use std::fmt;
use std::sync::Arc;

use presend_detect::{Finding, Review};
use presend_policy::{Advice, Decision, Estimate, Facets, Subject, Verdict};
use presend_text::Span;

/// Something that the engine did not look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unseen {
    /// Pictures, recordings and files that go with the message.
    Attachments,
    /// The model could not read the message: what only it would have found is missing.
    Model,
}

impl Unseen {
    /// The name in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Unseen::Attachments => "attachments",
            Unseen::Model => "model",
        }
    }
}

impl fmt::Display for Unseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How many people a message fits: estimates, worked out when they are asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Identifiability {
    pub(crate) before: Facets,
    pub(crate) after: Facets,
    pub(crate) conversation: Facets,
    pub(crate) catchment: Option<u64>,
}

impl Identifiability {
    /// How many people the message fits as it was written.
    #[must_use]
    pub fn before(&self) -> Estimate {
        self.before.estimate(self.catchment)
    }

    /// How many people the safer text fits.
    #[must_use]
    pub fn after(&self) -> Estimate {
        self.after.estimate(self.catchment)
    }

    /// How many people the safer texts of the conversation so far fit together, this one among them.
    #[must_use]
    pub fn conversation(&self) -> Estimate {
        self.conversation.estimate(self.catchment)
    }
}

/// The answer to one message.
#[derive(Clone, PartialEq)]
pub struct Outcome {
    /// What the sender should do.
    pub verdict: Verdict,
    /// The policy that decided.
    pub policy: Arc<str>,
    /// What was found, sorted by start; no two overlap.
    pub findings: Vec<Finding>,
    /// What the policy says of each finding, in the same order.
    pub decisions: Vec<Decision>,
    /// The patients that the message speaks of and the handle that is kept of each, where the policy keeps any.
    pub subjects: Vec<Subject>,
    /// What the sender should know beside the findings.
    pub advice: Vec<Advice>,
    /// The safer text; the message itself where nothing is rewritten.
    pub text: String,
    /// Where each finding lies in the safer text, rewritten or not, in the same order.
    pub spans: Vec<Span>,
    /// How near the message comes to one person, before and after.
    pub identifiability: Identifiability,
    /// What a lock screen may show in place of the message.
    pub preview: String,
    /// Whether a model has read the message, or the findings are those of the rules alone.
    pub review: Review,
    /// What was not looked at.
    pub unseen: Vec<Unseen>,
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("verdict", &self.verdict)
            .field("policy", &self.policy)
            .field("findings", &self.findings)
            .field("decisions", &self.decisions)
            .field("subjects", &self.subjects)
            .field("advice", &self.advice)
            .field("text_len", &self.text.len())
            .field("review", &self.review)
            .field("unseen", &self.unseen)
            .finish()
    }
}
