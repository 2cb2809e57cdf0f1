use std::fmt;

use presend_detect::{Finding, Review};
use presend_policy::{Action, Decision};

/// What the sender should do with the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing identifiable was found.
    Send,
    /// Something was found that the policy leaves in place: look before sending.
    Advise,
    /// The policy has a safer text: send that.
    Minimise,
}

impl Verdict {
    /// The verdict's name in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Send => "send",
            Verdict::Advise => "advise",
            Verdict::Minimise => "minimise",
        }
    }

    pub(crate) fn of(decisions: &[Decision]) -> Self {
        if decisions.iter().any(|decision| decision.action.rewrites()) {
            Verdict::Minimise
        } else if decisions.iter().any(|decision| decision.action == Action::Flag) {
            Verdict::Advise
        } else {
            Verdict::Send
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The answer to one message.
#[derive(Clone, PartialEq)]
pub struct Outcome {
    /// What the sender should do.
    pub verdict: Verdict,
    /// What was found, sorted by start; no two overlap.
    pub findings: Vec<Finding>,
    /// What the policy says of each finding, in the same order.
    pub decisions: Vec<Decision>,
    /// The safer text; the message itself where nothing is rewritten.
    pub text: String,
    /// Whether a model has read the message, or the findings are those of the rules alone.
    pub review: Review,
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("verdict", &self.verdict)
            .field("findings", &self.findings)
            .field("decisions", &self.decisions)
            .field("text_len", &self.text.len())
            .field("review", &self.review)
            .finish()
    }
}
