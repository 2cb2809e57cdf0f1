//! The outcome as programs read it: JSON with offsets in the unit that the reader counts in.

use presend_detect::{Evidence, Role};
use presend_policy::{Decision, Estimate, Handle};
use presend_text::{Offsets, Unit};
use serde::Serialize;

use crate::{Engine, Outcome};

/// An [`Outcome`] for programs: names in place of enums, offsets in the unit asked for.
#[derive(Clone, Serialize)]
pub struct WireOutcome {
    /// What the sender should do: `send`, `advise`, `minimise` or `block`.
    pub verdict: &'static str,
    /// The policy that decided.
    pub policy: String,
    /// The model and the runtime; null where the rules alone were asked.
    pub model: Option<String>,
    /// What runs the model.
    pub runtime: Option<String>,
    /// Whether the model has read the message: absent, skipped, read or failed.
    pub model_review: &'static str,
    /// What was not looked at: `attachments`, `model`.
    pub not_looked_at: Vec<&'static str>,
    /// What offsets count: `bytes`, `code-points` or `utf-16`.
    pub offsets: &'static str,
    /// The message to send in place of the one that was checked.
    pub safer_text: String,
    /// How many people the message fits before and after, and the conversation with it; estimates.
    pub identifiability: WireIdentifiability,
    /// What a lock screen may show in place of the message.
    pub preview: String,
    /// What was found, in order.
    pub findings: Vec<WireFinding>,
    /// The patients that the message speaks of, where the policy keeps a handle of each.
    pub patients: Vec<WirePatient>,
    /// What the sender should know beside the findings.
    pub advice: Vec<WireAdvice>,
}

/// How near a message comes to one person.
#[derive(Clone, Serialize)]
pub struct WireIdentifiability {
    /// As it was written.
    pub before: WireEstimate,
    /// The safer text.
    pub after: WireEstimate,
    /// The safer texts of the conversation so far together.
    pub conversation: WireEstimate,
}

/// How many people fit: an estimate with its interval, to three figures.
#[derive(Clone, Serialize)]
pub struct WireEstimate {
    /// `identified`, `likely`, `possible` or `remote`.
    pub class: &'static str,
    /// How many people fit.
    pub people: f64,
    /// The low end of the interval.
    pub low: f64,
    /// The high end.
    pub high: f64,
    /// What was taken for granted.
    pub assumptions: Vec<&'static str>,
}

impl WireEstimate {
    fn new(estimate: Estimate) -> Self {
        let Estimate { people, low, high, class, assumptions, .. } = estimate;
        let [people, low, high] = [people, low, high].map(three_figures);
        Self { class: class.name(), people, low, high, assumptions }
    }
}

/// A number to three figures; the estimate says no more.
fn three_figures(number: f64) -> f64 {
    if number < 1.0 || !number.is_finite() {
        return (number * 100.0).round() / 100.0;
    }
    let unit = 10_f64.powi(number.log10().floor() as i32 - 2);
    let rounded = (number / unit).round() * unit;
    // Powers of ten below one leave digits that are none of the number's.
    (rounded * 100.0).round() / 100.0
}

/// One finding and what is done with it.
#[derive(Clone, Serialize)]
pub struct WireFinding {
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// What kind of identifier, such as `NHS_NUMBER`.
    pub label: &'static str,
    /// Whose name it is; null unless it is a PERSON.
    pub role: Option<&'static str>,
    /// `direct` or `quasi`.
    pub kind: &'static str,
    /// How sure the engine is, from 0 to 1.
    pub score: f64,
    /// The rule that found it.
    pub rule: &'static str,
    /// On what evidence.
    pub evidence: Vec<&'static str>,
    /// What is done with it.
    pub action: &'static str,
    /// Why.
    pub reason: String,
    /// The line of the policy that says so, such as `direct-care:30`.
    pub line: String,
    /// The handle that it is kept for.
    pub handle: Option<&'static str>,
}

/// A patient of the message.
#[derive(Clone, Serialize)]
pub struct WirePatient {
    /// The handle that is kept; null where the message holds none.
    pub handle: Option<&'static str>,
    /// Where none is kept: what to add, each list one way to do it.
    pub add: Vec<Vec<&'static str>>,
    /// The findings about the patient, by their place in `findings`.
    pub findings: Vec<usize>,
}

/// Something to tell the sender.
#[derive(Clone, Serialize)]
pub struct WireAdvice {
    /// Which advice it is.
    pub id: String,
    /// What the sender is told.
    pub text: String,
    /// The line of the policy that says so.
    pub line: String,
}

impl std::fmt::Debug for WireOutcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WireOutcome")
            .field("verdict", &self.verdict)
            .field("policy", &self.policy)
            .field("findings", &self.findings.len())
            .field("safer_text_len", &self.safer_text.len())
            .finish_non_exhaustive()
    }
}

impl WireOutcome {
    /// The outcome of checking `text` with `engine`, with offsets in `unit`.
    #[must_use]
    pub fn new(text: &str, outcome: &Outcome, engine: &Engine, unit: Unit) -> Self {
        let offsets = Offsets::new(text);
        let findings = outcome.findings.iter().zip(&outcome.decisions).map(|(finding, decision)| {
            let (start, end) = offsets.convert(finding.span, unit);
            WireFinding {
                start,
                end,
                label: finding.label.name(),
                role: finding.role.map(Role::name),
                kind: finding.label.kind().name(),
                score: (f64::from(finding.confidence) * 1000.0).round() / 1000.0,
                rule: finding.rule,
                evidence: finding.evidence.iter().map(|Evidence(why)| *why).collect(),
                action: decision.action.name(),
                reason: decision.reason().to_owned(),
                line: Decision::line(decision).to_string(),
                handle: decision.handle.map(Handle::name),
            }
        });
        let patients =
            outcome.subjects.iter().filter(|subject| subject.is_patient || subject.handle.is_some());
        let patients = patients.map(|subject| WirePatient {
            handle: subject.handle.map(Handle::name),
            add: subject.offers.clone(),
            findings: subject.findings.clone(),
        });
        let advice = outcome.advice.iter().map(|advice| WireAdvice {
            id: advice.id.to_string(),
            text: advice.text.to_string(),
            line: advice.line.to_string(),
        });
        Self {
            verdict: outcome.verdict.name(),
            policy: outcome.policy.to_string(),
            model: engine.reviewer().map(|model| model.id().to_owned()),
            runtime: engine.reviewer().map(|model| model.runtime().to_owned()),
            model_review: outcome.review.name(),
            not_looked_at: outcome.unseen.iter().map(|unseen| unseen.name()).collect(),
            offsets: unit.name(),
            safer_text: outcome.text.clone(),
            identifiability: WireIdentifiability {
                before: WireEstimate::new(outcome.identifiability.before()),
                after: WireEstimate::new(outcome.identifiability.after()),
                conversation: WireEstimate::new(outcome.identifiability.conversation()),
            },
            preview: outcome.preview.clone(),
            findings: findings.collect(),
            patients: patients.collect(),
            advice: advice.collect(),
        }
    }
}
