//! What goes over the wire as JSON.
//!
//! The types of answers mirror those of `presend` for the API's description alone; a test holds them against what is
//! really sent.

use std::fmt;

use jiff::civil::Date;
use presend::{Audience, Channel, Context, Label, Policies, Purpose, Recipients, Unit, Urgency};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::read;

/// A message's text as it came in. Lone surrogates, which JavaScript can send, are each replaced by U+FFFD.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Text(pub String);

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.0.len())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Words;

        impl Visitor<'_> for Words {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.to_owned()))
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Text, E> {
                Ok(Text(without_surrogates(bytes)))
            }
        }

        // As bytes, `serde_json` gives lone surrogates in place of an error. It takes line breaks and other control
        // characters that are not escaped, too: senders that forget to are better checked than refused.
        source.deserialize_bytes(Words)
    }
}

/// Reads UTF-8 in which surrogates may stand as three bytes each.
fn without_surrogates(mut bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    loop {
        match std::str::from_utf8(bytes) {
            Ok(rest) => {
                text.push_str(rest);
                return text;
            }
            Err(error) => {
                let (good, rest) = bytes.split_at_checked(error.valid_up_to()).unwrap_or((bytes, &[]));
                text.push_str(std::str::from_utf8(good).unwrap_or_default());
                text.push(char::REPLACEMENT_CHARACTER);
                bytes = rest.get(3..).unwrap_or_default();
            }
        }
    }
}

/// What offsets count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub enum Offsets {
    /// Bytes of UTF-8.
    #[serde(rename = "bytes")]
    Bytes,
    /// Unicode code points, as Python counts.
    #[default]
    #[serde(rename = "code-points")]
    CodePoints,
    /// UTF-16 code units, as JavaScript counts.
    #[serde(rename = "utf-16")]
    Utf16,
}

impl From<Offsets> for Unit {
    fn from(offsets: Offsets) -> Self {
        match offsets {
            Offsets::Bytes => Unit::Bytes,
            Offsets::CodePoints => Unit::CodePoints,
            Offsets::Utf16 => Unit::Utf16,
        }
    }
}

/// Why the sender sends otherwise than advised.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The reason, for the audit log, 1 to 500 characters and not blank; identifiers found in it are taken out.
    #[schema(value_type = String, min_length = 1, max_length = 500, pattern = r"\S")]
    pub reason: Text,
}

/// A message to check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// The message.
    #[schema(value_type = String)]
    pub text: Text,
    /// Where it goes, to whom and what for.
    #[serde(default, deserialize_with = "context")]
    #[schema(value_type = Option<ContextBody>)]
    pub context: Option<Context>,
    /// The policy that decides; the context chooses where not given.
    #[serde(default)]
    #[schema(value_type = Option<PolicyName>)]
    pub policy: Option<String>,
    /// What offsets in the answer count; `code-points` where not given.
    #[serde(default, deserialize_with = "read::or_default")]
    #[schema(value_type = Option<Offsets>, default = "code-points")]
    pub offsets: Offsets,
    /// The conversation that the message is of, by a name of the caller's choosing; surrogates stay the same in it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 128)]
    pub conversation: Option<String>,
    /// Recorded where the sender sends the message as it was written and otherwise than advised.
    #[serde(default, rename = "override", deserialize_with = "read::optional_object")]
    pub overridden: Option<Override>,
    /// Whether it is still being written: then nothing is recorded, and the conversation stays as it was; `false` where
    /// not given.
    #[serde(default, deserialize_with = "read::or_default")]
    #[schema(value_type = Option<bool>, default = false)]
    pub draft: bool,
}

/// A message whose safer text alone is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedactRequest {
    /// The message.
    #[schema(value_type = String)]
    pub text: Text,
    /// Where it goes, to whom and what for.
    #[serde(default, deserialize_with = "context")]
    #[schema(value_type = Option<ContextBody>)]
    pub context: Option<Context>,
    /// The policy that decides; the context chooses where not given.
    #[serde(default)]
    #[schema(value_type = Option<PolicyName>)]
    pub policy: Option<String>,
    /// The conversation that the message is of.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 128)]
    pub conversation: Option<String>,
}

/// The safer text.
#[derive(Serialize, ToSchema)]
pub struct RedactAnswer {
    /// The message to send in place of the one that was given.
    pub text: String,
    /// What the sender should do: `send`, `advise`, `minimise` or `block`.
    pub verdict: &'static str,
    /// The policy that decided.
    pub policy: String,
    /// Whether the model has read the message: `absent`, `skipped`, `read` or `failed`.
    pub model_review: &'static str,
    /// What was not looked at: `attachments`, `model`.
    pub not_looked_at: Vec<&'static str>,
}

/// One message of a batch or a stream.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchMessage {
    /// Anything; it comes back with the outcome.
    #[serde(default)]
    #[schema(value_type = serde_json::Value)]
    pub id: Option<Box<RawValue>>,
    /// The message.
    #[schema(value_type = String)]
    pub text: Text,
}

/// Messages to check at once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchRequest {
    /// The messages.
    #[serde(deserialize_with = "read::objects")]
    pub messages: Vec<BatchMessage>,
    /// Where they go, to whom and what for.
    #[serde(default, deserialize_with = "context")]
    #[schema(value_type = Option<ContextBody>)]
    pub context: Option<Context>,
    /// The policy that decides; the context chooses where not given.
    #[serde(default)]
    #[schema(value_type = Option<PolicyName>)]
    pub policy: Option<String>,
    /// What offsets in the answer count; `code-points` where not given.
    #[serde(default, deserialize_with = "read::or_default")]
    #[schema(value_type = Option<Offsets>, default = "code-points")]
    pub offsets: Offsets,
    /// The conversation that all of them are of, in this order. Without one, each message is by itself.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 128)]
    pub conversation: Option<String>,
}

/// The answer to one message of a batch: an outcome or a problem.
#[derive(Serialize, ToSchema)]
pub struct BatchOutcome {
    /// The message's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = serde_json::Value)]
    pub id: Option<Box<RawValue>>,
    /// What was found and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<OutcomeBody>)]
    pub outcome: Option<Box<presend::WireOutcome>>,
    /// Why there is no outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProblemBody>)]
    pub error: Option<crate::Problem>,
}

/// The outcomes of a batch.
#[derive(Serialize, ToSchema)]
pub struct BatchAnswer {
    /// In the order of the messages.
    pub outcomes: Vec<BatchOutcome>,
}

/// One line of a stream.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StreamLine {
    /// Anything; it comes back with the outcome.
    #[serde(default)]
    #[schema(value_type = serde_json::Value)]
    pub id: Option<Box<RawValue>>,
    /// The message.
    #[schema(value_type = String)]
    pub text: Text,
    /// Where it goes, to whom and what for.
    #[serde(default, deserialize_with = "context")]
    #[schema(value_type = Option<ContextBody>)]
    pub context: Option<Context>,
}

/// One line of a stream's answer, in the order of the lines that came in.
#[derive(Serialize, ToSchema)]
pub struct StreamAnswer {
    /// The number of the line, from 1.
    pub line: u64,
    /// The message's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = serde_json::Value)]
    pub id: Option<Box<RawValue>>,
    /// What was found and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<OutcomeBody>)]
    pub outcome: Option<Box<presend::WireOutcome>>,
    /// Why there is no outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProblemBody>)]
    pub error: Option<crate::Problem>,
}

/// What holds for all lines of a stream.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StreamQuery {
    /// The policy that decides; each line's context chooses where not given.
    #[serde(default)]
    #[param(value_type = Option<PolicyName>, nullable = false)]
    pub policy: Option<String>,
    /// What offsets in the answer count; code points where not given.
    #[serde(default)]
    #[param(inline, required = false)]
    pub offsets: Offsets,
    /// The conversation that all lines are of; they are then worked on one after another.
    #[serde(default)]
    #[param(nullable = false, min_length = 1, max_length = 128)]
    pub conversation: Option<String>,
}

/// A label that findings have.
#[derive(Serialize, ToSchema)]
pub struct LabelBody {
    /// Its name, such as `NHS_NUMBER`.
    pub label: &'static str,
    /// `direct` or `quasi`.
    pub kind: &'static str,
    /// What stands for a redacted finding, such as `[NHS NUMBER]`.
    pub placeholder: String,
    /// What it covers.
    pub about: &'static str,
}

impl LabelBody {
    /// Every label.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Label::ALL.iter().map(|label| Self {
            label: label.name(),
            kind: label.kind().name(),
            placeholder: format!("[{}]", label.placeholder()),
            about: label.about(),
        })
    }
}

/// A policy.
#[derive(Serialize, ToSchema)]
pub struct PolicyBody {
    /// Its name.
    pub name: String,
    /// A heading.
    pub title: String,
    /// What it is for.
    pub about: String,
    /// The guidance it follows.
    pub guidance: Vec<String>,
}

impl PolicyBody {
    /// Every policy.
    pub(crate) fn all(policies: &Policies) -> impl Iterator<Item = Self> {
        policies.iter().map(|policy| Self {
            name: policy.name().to_owned(),
            title: policy.title().to_owned(),
            about: policy.about().to_owned(),
            guidance: policy.guidance().to_vec(),
        })
    }
}

/// Why a request was not answered (RFC 9457), as `application/problem+json`. It never holds text of the request.
#[derive(ToSchema)]
pub struct ProblemBody {
    /// `urn:presend:problem:` and the kind of problem.
    pub r#type: String,
    /// A heading, the same for all problems of the kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong with this request.
    pub detail: String,
}

/// The name of a policy. The service's own description lists those that it has.
#[derive(ToSchema)]
pub struct PolicyName(pub String);

/// Where a message goes, to whom and what for.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ContextBody {
    /// What the message goes through; `other` where not given.
    #[schema(schema_with = channels)]
    pub channel: Channel,
    /// Whether the organisation approved that channel for patients' data; `false` where not given.
    pub approved: bool,
    /// Who will read it; `team` where not given.
    #[schema(schema_with = audiences)]
    pub audience: Audience,
    /// How soon somebody has to act; `routine` where not given.
    #[schema(schema_with = urgencies)]
    pub urgency: Urgency,
    /// What it is for; `direct-care` where not given.
    #[schema(schema_with = purposes)]
    pub purpose: Purpose,
    /// What is known of those who will read it.
    #[serde(deserialize_with = "read::object")]
    pub recipients: RecipientsBody,
    /// How many pictures, recordings or files go with it; 0 where not given.
    #[serde(deserialize_with = "read::whole")]
    #[schema(maximum = 4294967295_usize)]
    pub attachments: u32,
    /// How many people the organisation serves, where the patient is one of them; the whole country where not given.
    #[serde(deserialize_with = "read::optional_whole")]
    #[schema(maximum = 18446744073709551615_usize)]
    pub catchment: Option<u64>,
    /// The sender's date, such as 2026-03-31; the service's where not given.
    #[schema(value_type = Option<String>, format = Date)]
    pub today: Option<Date>,
}

impl Default for ContextBody {
    fn default() -> Self {
        let Context {
            channel,
            approved,
            audience,
            urgency,
            purpose,
            recipients: _,
            attachments,
            catchment,
            today,
        } = Context::default();
        let recipients = RecipientsBody::default();
        Self { channel, approved, audience, urgency, purpose, recipients, attachments, catchment, today }
    }
}

impl From<ContextBody> for Context {
    fn from(body: ContextBody) -> Self {
        let ContextBody {
            channel,
            approved,
            audience,
            urgency,
            purpose,
            recipients,
            attachments,
            catchment,
            today,
        } = body;
        let RecipientsBody { count, outsiders, recently_changed } = recipients;
        let recipients = Recipients { count, outsiders, recently_changed };
        Self { channel, approved, audience, urgency, purpose, recipients, attachments, catchment, today }
    }
}

fn context<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Context>, D::Error> {
    Ok(read::optional_object::<D, ContextBody>(source)?.map(Context::from))
}

/// A schema made by hand has to be told what the field's own comment says.
fn names(names: impl IntoIterator<Item = &'static str>, usual: &str, about: &str) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
        .default(Some(usual.into()))
        .description(Some(about))
        .build()
}

fn channels() -> Object {
    names(
        Channel::ALL.iter().map(|channel| channel.name()),
        Context::default().channel.name(),
        "What the message goes through.",
    )
}

fn audiences() -> Object {
    names(
        Audience::ALL.iter().map(|audience| audience.name()),
        Context::default().audience.name(),
        "Who will read it.",
    )
}

fn urgencies() -> Object {
    names(
        Urgency::ALL.iter().map(|urgency| urgency.name()),
        Context::default().urgency.name(),
        "How soon somebody has to act.",
    )
}

fn purposes() -> Object {
    names(
        Purpose::ALL.iter().map(|purpose| purpose.name()),
        Context::default().purpose.name(),
        "What it is for.",
    )
}

/// What is known of the people who will read a message.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RecipientsBody {
    /// How many there are.
    #[serde(deserialize_with = "read::optional_whole")]
    #[schema(maximum = 4294967295_usize)]
    pub count: Option<u32>,
    /// How many of them are outside the organisation.
    #[serde(deserialize_with = "read::optional_whole")]
    #[schema(maximum = 4294967295_usize)]
    pub outsiders: Option<u32>,
    /// Whether somebody joined or left lately.
    pub recently_changed: Option<bool>,
}

/// What was found in a message and what to do.
#[derive(ToSchema)]
pub struct OutcomeBody {
    /// What the sender should do: `send`, `advise`, `minimise` or `block`.
    pub verdict: String,
    /// The policy that decided.
    pub policy: String,
    /// The model; null where the rules alone were asked.
    pub model: Option<String>,
    /// What runs the model.
    pub runtime: Option<String>,
    /// Whether the model has read the message: `absent`, `skipped`, `read` or `failed`.
    pub model_review: String,
    /// What was not looked at: `attachments`, `model`.
    pub not_looked_at: Vec<String>,
    /// What offsets count: `bytes`, `code-points` or `utf-16`.
    pub offsets: String,
    /// The message to send in place of the one that was checked.
    pub safer_text: String,
    /// How many people the message fits before and after, and the conversation with it; estimates.
    pub identifiability: IdentifiabilityBody,
    /// What a lock screen may show in place of the message.
    pub preview: String,
    /// What was found, in order.
    pub findings: Vec<FindingBody>,
    /// The patients that the message speaks of, where the policy keeps a handle of each.
    pub patients: Vec<PatientBody>,
    /// What the sender should know beside the findings.
    pub advice: Vec<AdviceBody>,
}

/// How near a message comes to one person.
#[derive(ToSchema)]
pub struct IdentifiabilityBody {
    /// As it was written.
    pub before: EstimateBody,
    /// The safer text.
    pub after: EstimateBody,
    /// The safer texts of the conversation so far together.
    pub conversation: EstimateBody,
}

/// How many people fit: an estimate with its interval, to three figures.
#[derive(ToSchema)]
pub struct EstimateBody {
    /// `identified`, `likely`, `possible` or `remote`.
    pub class: String,
    /// How many people fit.
    pub people: f64,
    /// The low end of the interval.
    pub low: f64,
    /// The high end.
    pub high: f64,
    /// What was taken for granted.
    pub assumptions: Vec<String>,
}

/// One finding and what is done with it.
#[derive(ToSchema)]
pub struct FindingBody {
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// What kind of identifier, such as `NHS_NUMBER`.
    pub label: String,
    /// Whose name it is; null unless it is a PERSON.
    pub role: Option<String>,
    /// `direct` or `quasi`.
    pub kind: String,
    /// How sure the engine is, from 0 to 1.
    pub score: f64,
    /// The rule that found it.
    pub rule: String,
    /// On what evidence.
    pub evidence: Vec<String>,
    /// What is done with it.
    pub action: String,
    /// Why.
    pub reason: String,
    /// The line of the policy that says so, such as `direct-care:30`.
    pub line: String,
    /// The handle that it is kept for.
    pub handle: Option<String>,
}

/// A patient of the message.
#[derive(ToSchema)]
pub struct PatientBody {
    /// The handle that is kept; null where the message holds none.
    pub handle: Option<String>,
    /// Where none is kept: what to add, each list one way to do it.
    pub add: Vec<Vec<String>>,
    /// The findings about the patient, by their place in `findings`.
    pub findings: Vec<usize>,
}

/// Something to tell the sender.
#[derive(ToSchema)]
pub struct AdviceBody {
    /// Which advice it is.
    pub id: String,
    /// What the sender is told.
    pub text: String,
    /// The line of the policy that says so.
    pub line: String,
}

/// What a client's frame over `/v1/live` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LiveType {
    /// Says where the messages go; the first frame, and again where that changes.
    Open,
    /// Replaces a part of the text.
    Edit,
    /// Replaces all of the text.
    Text,
    /// The message was sent: it becomes part of the conversation, and the next begins.
    Sent,
}

/// What a client sends over `/v1/live`. Flat, because a tagged enum would refuse lone surrogates.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LiveRequest {
    #[serde(rename = "type")]
    pub(crate) kind: LiveType,
    #[serde(default)]
    pub(crate) seq: Option<u64>,
    #[serde(default, deserialize_with = "context")]
    pub(crate) context: Option<Context>,
    #[serde(default)]
    pub(crate) policy: Option<String>,
    #[serde(default)]
    pub(crate) offsets: Option<Offsets>,
    #[serde(default)]
    pub(crate) conversation: Option<String>,
    #[serde(default)]
    pub(crate) from: Option<usize>,
    #[serde(default)]
    pub(crate) to: Option<usize>,
    #[serde(default)]
    pub(crate) insert: Option<Text>,
    #[serde(default)]
    pub(crate) text: Option<Text>,
}

/// What the service says of a text that is typed, over `/v1/live` as it stands.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum LiveAnswer {
    Outcome {
        seq: u64,
        outcome: Box<presend::WireOutcome>,
    },
    Sent {
        seq: u64,
        outcome: Box<presend::WireOutcome>,
    },
    Problem {
        #[serde(skip_serializing_if = "Option::is_none")]
        seq: Option<u64>,
        problem: crate::Problem,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates_become_replacement_characters() {
        for (json, text) in [
            (r#""plain é 😀""#, "plain é 😀"),
            (r#""a\ud83db""#, "a\u{fffd}b"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\ude00""#, "😀"),
        ] {
            assert_eq!(serde_json::from_str::<Text>(json).unwrap().0, text, "{json}");
        }
        assert!(serde_json::from_str::<Text>("[97]").is_err());
    }
}
