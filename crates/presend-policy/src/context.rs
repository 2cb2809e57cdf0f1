use jiff::civil::Date;
use presend_detect::Signals;
use serde::{Deserialize, Serialize};

use crate::named::named;

named! {
    /// What the message goes through.
    Channel, UnknownChannel, "channel";
    /// WhatsApp.
    Whatsapp = "whatsapp",
    /// Signal.
    Signal = "signal",
    /// Telegram.
    Telegram = "telegram",
    /// Threema.
    Threema = "threema",
    /// Microsoft Teams.
    Teams = "teams",
    /// Text messages.
    Sms = "sms",
    /// A messenger made for clinical use, with its own access control and audit.
    Clinical = "clinical",
    /// The prompt of an assistant such as Copilot.
    Assistant = "assistant",
    /// Anything else, or not known.
    Other = "other",
}

named! {
    /// Who will read the message.
    Audience, UnknownAudience, "audience";
    /// One colleague who looks after the patient.
    Colleague = "colleague",
    /// The team that looks after the patient.
    Team = "team",
    /// Clinicians of whom some have no part in the patient's care.
    Group = "group",
    /// A social group, or one with members who are no clinicians.
    Social = "social",
    /// The patient, or a relative who speaks for the patient.
    Patient = "patient",
    /// Somebody outside the organisation.
    Outside = "outside",
    /// The public.
    Publication = "publication",
}

named! {
    /// How soon somebody has to act.
    Urgency, UnknownUrgency, "urgency";
    /// Nothing is lost by a minute's delay.
    Routine = "routine",
    /// A delay may harm the patient.
    Emergency = "emergency",
}

named! {
    /// What the message is for.
    Purpose, UnknownPurpose, "purpose";
    /// The care of the patient it speaks of.
    DirectCare = "direct-care",
    /// Running the place: beds, rotas, kit.
    Operational = "operational",
    /// Teaching and learning.
    Teaching = "teaching",
    /// Research and audit.
    Research = "research",
    /// Answering a request for records, such as a subject access request.
    Disclosure = "disclosure",
}

/// Where a message goes, to whom, how urgently and what for: what the caller knows and the text does not say.
///
/// The default is a routine message about a patient's care to the care team, through a channel that nobody approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Context {
    /// What the message goes through.
    pub channel: Channel,
    /// Whether the organisation approved that channel for patients' data.
    pub approved: bool,
    /// Who will read it.
    pub audience: Audience,
    /// How soon somebody has to act.
    pub urgency: Urgency,
    /// What it is for.
    pub purpose: Purpose,
    /// What is known of those who will read it.
    pub recipients: Recipients,
    /// How many pictures, recordings or files go with it. They are not looked at.
    pub attachments: u32,
    /// How many people the organisation serves, where the patient is one of them; the whole country where not known.
    pub catchment: Option<u64>,
    /// The sender's date, from which ages and "3 days ago" are counted; nothing is told by a clock.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub today: Option<Date>,
}

/// What is known of the people who will read a message; `None` where it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Recipients {
    /// How many there are.
    pub count: Option<u32>,
    /// How many of them are outside the organisation.
    pub outsiders: Option<u32>,
    /// Whether somebody joined or left lately.
    pub recently_changed: Option<bool>,
}

impl Default for Context {
    fn default() -> Self {
        Self {
            channel: Channel::Other,
            approved: false,
            audience: Audience::Team,
            urgency: Urgency::Routine,
            purpose: Purpose::DirectCare,
            recipients: Recipients::default(),
            attachments: 0,
            catchment: None,
            today: None,
        }
    }
}

/// Under which circumstances a line of a policy holds; all parts that are given have to be met.
///
/// What the caller does not know is not met: a line for messages with outsiders does not fit where nobody counted them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct When {
    /// The channel is one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<Channel>>,
    /// The channel is, or is not, approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved: Option<bool>,
    /// The audience is one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audiences: Option<Vec<Audience>>,
    /// The urgency is this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// The purpose is one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purposes: Option<Vec<Purpose>>,
    /// There are more recipients than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipients_over: Option<u32>,
    /// Some of the recipients are outside the organisation, or none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outsiders: Option<bool>,
    /// Somebody joined or left lately, or nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recently_changed: Option<bool>,
    /// The text holds clinical words, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clinical: Option<bool>,
    /// The text tells of a decision about care, or of none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<bool>,
    /// Something is attached, as the caller or the text says, or nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<bool>,
    /// An identifier was found, or none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<bool>,
}

impl When {
    /// Whether the circumstances are met; `found` says whether the message holds an identifier.
    #[must_use]
    pub fn holds(&self, context: &Context, signals: Signals, found: bool) -> bool {
        fn among<T: PartialEq>(list: Option<&Vec<T>>, value: &T) -> bool {
            list.is_none_or(|list| list.contains(value))
        }
        fn is(wanted: Option<bool>, known: Option<bool>) -> bool {
            wanted.is_none() || wanted == known
        }
        let Recipients { count, outsiders, recently_changed } = context.recipients;
        among(self.channels.as_ref(), &context.channel)
            && is(self.approved, Some(context.approved))
            && among(self.audiences.as_ref(), &context.audience)
            && self.urgency.is_none_or(|urgency| urgency == context.urgency)
            && among(self.purposes.as_ref(), &context.purpose)
            && self.recipients_over.is_none_or(|least| count.is_some_and(|count| count > least))
            && is(self.outsiders, outsiders.map(|count| count > 0))
            && is(self.recently_changed, recently_changed)
            && is(self.clinical, Some(signals.clinical))
            && is(self.decision, Some(signals.decision))
            && is(self.attachment, Some(signals.attachment || context.attachments > 0))
            && is(self.found, Some(found))
    }
}
