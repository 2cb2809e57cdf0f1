//! Between the messages of the `.proto` and the service's own types.

use std::fmt::Display;
use std::str::FromStr;

use presend::{
    Context, Recipients, Unit, WireAdvice, WireEstimate, WireFinding, WireIdentifiability, WireOutcome,
    WirePatient,
};

use super::proto;
use crate::api::{LabelBody, PolicyBody};
use crate::problem::{Problem, ProblemKind};
use crate::service::{Check, Redacted};

/// What a message asks for; `by` is for the audit log.
pub(super) fn check(request: proto::CheckRequest, by: &'static str) -> Result<Check, Problem> {
    let proto::CheckRequest { text, context: within, policy, offsets, conversation, override_reason, draft } =
        request;
    let (context, offsets) = (context(within)?, Some(unit(&offsets)?));
    Ok(Check { text, context, policy, offsets, conversation, override_reason, is_draft: draft, by })
}

/// Where a message goes; what is not given is as in JSON.
pub(super) fn context(given: Option<proto::Context>) -> Result<Context, Problem> {
    let Some(given) = given else { return Ok(Context::default()) };
    let usual = Context::default();
    let recipients = given.recipients.unwrap_or_default();
    let today = match given.today.as_str() {
        "" => None,
        date => {
            let bad = |_| bad("context.today is a date such as 2026-03-31");
            Some(date.parse().map_err(bad)?)
        }
    };
    Ok(Context {
        channel: word("context.channel", &given.channel, usual.channel)?,
        approved: given.approved,
        audience: word("context.audience", &given.audience, usual.audience)?,
        urgency: word("context.urgency", &given.urgency, usual.urgency)?,
        purpose: word("context.purpose", &given.purpose, usual.purpose)?,
        recipients: Recipients {
            count: recipients.count,
            outsiders: recipients.outsiders,
            recently_changed: recipients.recently_changed,
        },
        attachments: given.attachments,
        catchment: given.catchment,
        today,
    })
}

/// What offsets count.
pub(super) fn unit(offsets: &str) -> Result<Unit, Problem> {
    match offsets {
        "" => Ok(Unit::CodePoints),
        offsets => offsets.parse().map_err(|_| bad("offsets takes bytes, code-points or utf-16")),
    }
}

/// Reads a word; its error lists those there are and does not quote the one given.
fn word<T: FromStr<Err: Display>>(field: &str, word: &str, usual: T) -> Result<T, Problem> {
    if word.is_empty() {
        return Ok(usual);
    }
    word.parse().map_err(|error| bad(&format!("{field}: {error}")))
}

fn bad(what: &str) -> Problem {
    Problem::new(ProblemKind::BadRequest, format!("{what}."))
}

/// A place in a text, which is shorter than 4 GiB, as is every message of gRPC.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn owned(words: Vec<&'static str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}

// No field is left out below with `..`, so that a new one does not compile until the contract has it.

impl From<WireOutcome> for proto::Outcome {
    fn from(outcome: WireOutcome) -> Self {
        let WireOutcome {
            verdict,
            policy,
            model,
            runtime,
            model_review,
            not_looked_at,
            offsets,
            safer_text,
            identifiability,
            preview,
            findings,
            patients,
            advice,
        } = outcome;
        let WireIdentifiability { before, after, conversation } = identifiability;
        Self {
            verdict: verdict.to_owned(),
            policy,
            model,
            runtime,
            model_review: model_review.to_owned(),
            not_looked_at: owned(not_looked_at),
            offsets: offsets.to_owned(),
            safer_text,
            identifiability: Some(proto::Identifiability {
                before: Some(before.into()),
                after: Some(after.into()),
                conversation: Some(conversation.into()),
            }),
            preview,
            findings: findings.into_iter().map(Into::into).collect(),
            patients: patients.into_iter().map(Into::into).collect(),
            advice: advice.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<WireEstimate> for proto::Estimate {
    fn from(estimate: WireEstimate) -> Self {
        let WireEstimate { class, people, low, high, assumptions } = estimate;
        Self { class: class.to_owned(), people, low, high, assumptions: owned(assumptions) }
    }
}

impl From<WireFinding> for proto::Finding {
    fn from(finding: WireFinding) -> Self {
        let WireFinding {
            start,
            end,
            label,
            role,
            kind,
            score,
            rule,
            evidence,
            action,
            reason,
            line,
            handle,
        } = finding;
        Self {
            start: place(start),
            end: place(end),
            label: label.to_owned(),
            role: role.map(str::to_owned),
            kind: kind.to_owned(),
            score,
            rule: rule.to_owned(),
            evidence: owned(evidence),
            action: action.to_owned(),
            reason,
            line,
            handle: handle.map(str::to_owned),
        }
    }
}

impl From<WirePatient> for proto::Patient {
    fn from(patient: WirePatient) -> Self {
        let WirePatient { handle, add, findings } = patient;
        Self {
            handle: handle.map(str::to_owned),
            add: add.into_iter().map(|parts| proto::Addition { parts: owned(parts) }).collect(),
            findings: findings.into_iter().map(place).collect(),
        }
    }
}

impl From<WireAdvice> for proto::Advice {
    fn from(advice: WireAdvice) -> Self {
        let WireAdvice { id, text, line } = advice;
        Self { id, text, line }
    }
}

impl From<Redacted> for proto::RedactResponse {
    fn from(redacted: Redacted) -> Self {
        let Redacted { text, verdict, policy, model_review, not_looked_at } = redacted;
        Self {
            text,
            verdict: verdict.to_owned(),
            policy,
            model_review: model_review.to_owned(),
            not_looked_at: owned(not_looked_at),
        }
    }
}

impl From<LabelBody> for proto::Label {
    fn from(label: LabelBody) -> Self {
        let LabelBody { label, kind, placeholder, about } = label;
        Self { label: label.to_owned(), kind: kind.to_owned(), placeholder, about: about.to_owned() }
    }
}

impl From<PolicyBody> for proto::Policy {
    fn from(policy: PolicyBody) -> Self {
        let PolicyBody { name, title, about, guidance } = policy;
        Self { name, title, about, guidance }
    }
}
