use std::fmt;
use std::sync::Arc;

use presend_detect::{Detector, Finding, Label, Review, Reviewer, Scratch, Signals};
use presend_policy::{Action, Context, Decision, Facets, Policies, Policy};
use presend_redact::Redacted;
use presend_text::Span;

use crate::outcome::{Identifiability, Unseen};
use crate::{Conversation, Outcome};

/// Finds identifiers and writes the safer text; made once and shared by reference between threads.
pub struct Engine {
    detector: Detector,
    policies: Policies,
    /// The policy for every message; `None` where each message's context chooses.
    fixed: Option<Arc<Policy>>,
    /// The policy of the default context.
    usual: Arc<Policy>,
    min_confidence: f32,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("policy", &self.policy().name()).finish_non_exhaustive()
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// The built-in detectors and the built-in policies, of which each message's context chooses.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Starts a builder for an engine with a detector or policies of one's own.
    #[must_use]
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// The policy in force in the default context.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        self.fixed.as_ref().unwrap_or(&self.usual)
    }

    /// The policy in force in a context.
    #[must_use]
    pub fn policy_for(&self, context: &Context) -> Arc<Policy> {
        let chosen = self.fixed.clone().or_else(|| self.policies.choose(context));
        chosen.unwrap_or_else(|| Arc::clone(&self.usual))
    }

    /// The policies that contexts choose from.
    #[must_use]
    pub const fn policies(&self) -> &Policies {
        &self.policies
    }

    /// Finds the identifiers of one message, sorted by start; no two overlap. What was minimised before is none:
    /// placeholders, masks and tokens.
    #[must_use]
    pub fn findings(&self, text: &str) -> Vec<Finding> {
        self.findings_with(&mut Scratch::default(), text)
    }

    /// Like [`Engine::findings`], with buffers that the caller keeps from message to message.
    #[must_use]
    pub fn findings_with(&self, scratch: &mut Scratch, text: &str) -> Vec<Finding> {
        self.reviewed_with(scratch, text).0
    }

    /// Like [`Engine::findings_with`], and says whether a model has read the message.
    #[must_use]
    pub fn reviewed_with(&self, scratch: &mut Scratch, text: &str) -> (Vec<Finding>, Review) {
        let (mut findings, review) = self.detector.scan_reviewed(scratch, text);
        if self.min_confidence > 0.0 {
            findings.retain(|finding| finding.confidence >= self.min_confidence);
        }
        leave_written(text, &mut findings);
        (findings, review)
    }

    /// The model that reads messages after the rules, where there is one.
    #[must_use]
    pub fn reviewer(&self) -> Option<&dyn Reviewer> {
        self.detector.reviewer()
    }

    /// Checks one message by itself, in the default context.
    #[must_use]
    pub fn check(&self, text: &str) -> Outcome {
        self.check_in(text, &mut Conversation::new())
    }

    /// Checks one message by itself, in a context.
    #[must_use]
    pub fn check_within(&self, text: &str, context: Context) -> Outcome {
        self.check_in(text, &mut Conversation::within(context))
    }

    /// Checks one message of a conversation, so that surrogates stay the same from message to message and what its
    /// messages tell of a patient adds up.
    #[must_use]
    pub fn check_in(&self, text: &str, conversation: &mut Conversation) -> Outcome {
        let policy = self.policy_for(conversation.context());
        self.check_under(&policy, &mut Scratch::default(), text, conversation)
    }

    /// Like [`Engine::check_in`], under a policy of the caller's and with buffers that the caller keeps.
    #[must_use]
    pub fn check_under(
        &self,
        policy: &Policy,
        scratch: &mut Scratch,
        text: &str,
        conversation: &mut Conversation,
    ) -> Outcome {
        let (findings, review) = self.reviewed_with(scratch, text);
        decide(policy, text, findings, scratch.signals(), review, conversation)
    }

    /// Decides on findings and writes the safer text: the second half of [`Engine::check_in`].
    ///
    /// Batch runners find in parallel and minimise in order, because surrogates are numbered in order. The outcome's
    /// [`Outcome::review`] is for the caller to set, who knows it from the finding; lines of a policy that ask what the
    /// text tells beside its identifiers are taken as not met: see [`Engine::minimise_told`].
    #[must_use]
    pub fn minimise(&self, text: &str, findings: Vec<Finding>, conversation: &mut Conversation) -> Outcome {
        self.minimise_told(text, findings, Signals::default(), conversation)
    }

    /// Like [`Engine::minimise`], with what the text tells beside its identifiers: [`Scratch::signals`] right after the
    /// text was scanned with those buffers.
    #[must_use]
    pub fn minimise_told(
        &self,
        text: &str,
        findings: Vec<Finding>,
        signals: Signals,
        conversation: &mut Conversation,
    ) -> Outcome {
        let policy = self.policy_for(conversation.context());
        decide(&policy, text, findings, signals, Review::default(), conversation)
    }
}

/// Drops findings of nothing but what was minimised before: a placeholder or a masked number identifies nobody.
fn leave_written(text: &str, findings: &mut Vec<Finding>) {
    if findings.is_empty() {
        return;
    }
    let written = presend_redact::written(text);
    if !written.is_empty() {
        let reach = |reach: &mut usize, span: &Span| {
            *reach = span.end().max(*reach);
            Some(*reach)
        };
        let reaches: Vec<usize> = written.iter().scan(0, reach).collect();
        findings.retain(|finding| {
            let is_written = |at: usize| {
                // Those that start at or before it: sorted, and `reaches` says where they end at the latest.
                let next = written.partition_point(|span| span.start() <= at);
                next.checked_sub(1).and_then(|last| reaches.get(last)).is_some_and(|end| at < *end)
            };
            let words = finding.span.of(text).unwrap_or_default();
            let mut letters = words.char_indices().filter(|(_, letter)| letter.is_alphanumeric());
            letters.any(|(at, _)| !is_written(finding.span.start() + at))
        });
    }
}

fn decide(
    policy: &Policy,
    text: &str,
    findings: Vec<Finding>,
    signals: Signals,
    review: Review,
    conversation: &mut Conversation,
) -> Outcome {
    let context = conversation.context;
    // Whose number of the health service stands in a message is spoken of as a patient.
    let clinical = signals.clinical || findings.iter().any(|finding| finding.label.is_patients_number());
    let signals = Signals { clinical, ..signals };
    let mut unseen = Vec::new();
    if context.attachments > 0 || signals.attachment {
        unseen.push(Unseen::Attachments);
    }
    if review == Review::Failed {
        unseen.push(Unseen::Model);
    }
    // A picture that the text only speaks of may have gone another way.
    let complete = context.attachments == 0 && review != Review::Failed;
    let mut plan = policy.plan(text, &findings, &context, signals);
    let redacted =
        presend_redact::redact(text, &findings, &plan.decisions, &mut conversation.state, context.today);
    for ((finding, decision), span) in findings.iter().zip(&mut plan.decisions).zip(&redacted.spans) {
        if finding.span.of(text) == span.of(&redacted.text) {
            decision.left_in_place();
        }
    }
    let verdict = policy.verdict(&plan, complete);
    let (before, after) = facets(text, &redacted, &findings, &plan.decisions);
    conversation.facets.add(&after);
    Outcome {
        verdict,
        policy: policy.name_shared(),
        findings,
        decisions: plan.decisions,
        subjects: plan.subjects,
        advice: plan.advice,
        text: redacted.text,
        spans: redacted.spans,
        preview: policy.preview().to_owned(),
        identifiability: Identifiability {
            before,
            after,
            conversation: conversation.facets,
            catchment: context.catchment,
        },
        review,
        unseen,
    }
}

/// What the message tells of the person, and what the safer text still does.
fn facets(text: &str, redacted: &Redacted, findings: &[Finding], decisions: &[Decision]) -> (Facets, Facets) {
    if redacted.edits == 0 {
        let same = Facets::read(text, findings, |_| false);
        return (same, same);
    }
    let moved: Vec<Finding> = findings
        .iter()
        .zip(decisions)
        .zip(&redacted.spans)
        .map(|((finding, decision), span)| {
            let is_age = finding.label == Label::DateOfBirth && decision.action == Action::Generalise;
            let label = if is_age { Label::Age } else { finding.label };
            Finding {
                span: *span,
                label,
                role: finding.role,
                confidence: finding.confidence,
                rule: finding.rule,
                evidence: Vec::new(),
            }
        })
        .collect();
    let is_gone = |at: usize| {
        let action = decisions.get(at).map_or(Action::Keep, |decision| decision.action);
        let stays = matches!(action, Action::Keep | Action::Flag | Action::Initials | Action::Generalise);
        !stays || moved.get(at).and_then(|finding| finding.span.of(&redacted.text)).is_none_or(is_placeholder)
    };
    Facets::read_both((text, findings), (&redacted.text, &moved), is_gone)
}

/// Whether what stands in place of an identifier tells nothing of it but its kind.
fn is_placeholder(words: &str) -> bool {
    words.starts_with('[') && !words.bytes().any(|byte| byte.is_ascii_digit())
}

/// Sets up an [`Engine`].
#[derive(Default)]
pub struct EngineBuilder {
    detector: Option<Detector>,
    policies: Option<Policies>,
    policy: Option<Policy>,
    reviewer: Option<Box<dyn Reviewer>>,
    min_confidence: f32,
}

impl fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineBuilder").finish_non_exhaustive()
    }
}

impl EngineBuilder {
    /// Lets the context of each message choose from these policies; the default is the built-in ones.
    #[must_use]
    pub fn policies(mut self, policies: Policies) -> Self {
        self.policies = Some(policies);
        self
    }

    /// Uses this policy for every message, whatever its context.
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

    /// Leaves out findings less sure than this, from 0 to 1; the default is 0.
    #[must_use]
    pub const fn min_confidence(mut self, least: f32) -> Self {
        self.min_confidence = least;
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
        let policies = self.policies.unwrap_or_default();
        let fixed = self.policy.map(Arc::new);
        let usual = policies.choose(&Context::default()).unwrap_or_default();
        Engine { detector, policies, fixed, usual, min_confidence: self.min_confidence }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_minimised_is_left_and_nothing_else_is() {
        let engine = Engine::new();
        let (mut text, mut expected) = (String::new(), Vec::new());
        for _ in 0..200 {
            text.push_str("Mrs [NAME] NHS *** *** 4004, seen by ");
            expected.push(text.len());
            text.push_str("Dr Okafor today.\n");
        }
        let found = engine.findings(&text);
        let names: Vec<usize> = found.iter().map(|finding| finding.span.start()).collect();
        assert_eq!(names, expected.iter().map(|at| at + 3).collect::<Vec<_>>());
    }
}
