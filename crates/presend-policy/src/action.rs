use presend_detect::Label;

use crate::named::named;

named! {
    /// What is done with the text under a finding.
    Action, UnknownAction, "action";
    /// Nothing: the text stays and the finding is only listed.
    Keep = "keep",
    /// The text stays and the sender's attention is drawn to it.
    Flag = "flag",
    /// The text is replaced by what it was: `[NAME]`, `[NHS NUMBER]`.
    Redact = "redact",
    /// The text is replaced by words of the policy.
    Replace = "replace",
    /// Letters and digits are replaced by `*`, but for those that the policy shows.
    Mask = "mask",
    /// A name is cut to its initials; anything else is redacted.
    Initials = "initials",
    /// The text is replaced by something of the same kind that fits more people; see [`Level`].
    Generalise = "generalise",
    /// The text is replaced by a keyed hash: `[NAME #q7k2m9tz4p]`.
    Hash = "hash",
    /// A date is moved by a number of days that is the same for all dates of one subject; anything else is redacted.
    Shift = "shift",
    /// The text is replaced by an invented value of the same kind, the same throughout.
    Surrogate = "surrogate",
    /// The text is replaced by a number that stays the same within a conversation: `[PATIENT 1]`.
    Pseudonym = "pseudonym",
    /// A number is replaced by another of the same form; anything else is redacted.
    Format = "format",
    /// The text is replaced by a token that the holder of the key can turn back.
    Token = "token",
}

impl Action {
    /// Whether the text under the finding changes.
    #[must_use]
    pub const fn rewrites(self) -> bool {
        !matches!(self, Action::Keep | Action::Flag)
    }

    /// Whether a key is needed to carry it out.
    #[must_use]
    pub const fn needs_key(self) -> bool {
        matches!(self, Action::Hash | Action::Shift | Action::Surrogate | Action::Format | Action::Token)
    }

    /// The verdict that the action brings by itself.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Action::Keep => Verdict::Send,
            Action::Flag => Verdict::Advise,
            _ => Verdict::Minimise,
        }
    }
}

named! {
    /// What the sender should do with the message, the mildest first.
    Verdict, UnknownVerdict, "verdict";
    /// Nothing needs a second look.
    Send = "send",
    /// Something is left in place that the sender should look at.
    Advise = "advise",
    /// There is a safer text: send that.
    Minimise = "minimise",
    /// The message should not go this way to these people, not even minimised.
    Block = "block",
}

named! {
    /// Which end of a value a mask leaves to be seen.
    End, UnknownEnd, "end";
    /// The first letters and digits.
    Start = "start",
    /// The last ones, as on a card receipt.
    End = "end",
}

named! {
    /// How far a value is generalised; one that does not suit the label is refused when the policy is read.
    Level, UnknownLevel, "level";
    /// A date of birth becomes an age, given the day it is looked at; without one, a year.
    Age = "age",
    /// An age of 90 or more becomes `90+`; any other stays.
    Over89 = "over-89",
    /// An age becomes its ten years: `40s`.
    Decade = "decade",
    /// A date becomes its distance from today: `3 days ago`; without a day to count from, a month.
    Relative = "relative",
    /// A date becomes its month.
    Month = "month",
    /// A date becomes its year.
    Year = "year",
    /// A postcode becomes its outward code.
    District = "district",
    /// A postcode becomes the letters of its area.
    Area = "area",
    /// A ward becomes its specialty where the words name one.
    Specialty = "specialty",
    /// An occupation becomes its sector.
    Sector = "sector",
    /// An organisation becomes what kind of place it is.
    Kind = "kind",
}

impl Level {
    /// Whether values of the label can be generalised so far.
    #[must_use]
    pub const fn suits(self, label: Label) -> bool {
        matches!(
            (self, label),
            (Level::Age | Level::Year, Label::DateOfBirth)
                | (Level::Over89 | Level::Decade, Label::Age)
                | (Level::Relative | Level::Month | Level::Year, Label::Date)
                | (Level::District | Level::Area, Label::Postcode)
                | (Level::Specialty, Label::WardBed)
                | (Level::Sector, Label::Profession)
                | (Level::Kind, Label::Organisation)
        )
    }

    /// How far values of the label are generalised where the policy does not say; `None` where the label has no level.
    #[must_use]
    pub const fn of(label: Label) -> Option<Self> {
        match label {
            Label::DateOfBirth => Some(Level::Age),
            Label::Age => Some(Level::Over89),
            Label::Date => Some(Level::Relative),
            Label::Postcode => Some(Level::District),
            Label::WardBed => Some(Level::Specialty),
            Label::Profession => Some(Level::Sector),
            Label::Organisation => Some(Level::Kind),
            _ => None,
        }
    }
}

named! {
    /// How sure a finding is, in three bands whose borders a policy may set.
    Band, UnknownBand, "band";
    /// Less likely than not.
    Possible = "possible",
    /// More likely than not.
    Likely = "likely",
    /// As good as certain.
    Certain = "certain",
}
