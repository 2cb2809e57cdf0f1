//! How many people the quasi-identifiers that are left in a message fit: an estimate, from published counts.
//!
//! [`Facets::read`] turns the words under findings into numbers (an age, the size of a place, how many people have an
//! occupation) and keeps no text. [`Facets::add`] gathers them over a conversation. [`Facets::estimate`] multiplies shares
//! of the population and says how sure it is, and on which assumptions. The formula, tables, sources and limits are in
//! `docs/identifiability.md`; the tables and their sources row by row in `data/` of this crate.
//!
//! It is an estimate, not a measurement: it cannot know what a reader knows besides. Take the class as a reason to look
//! again, never as proof that a message is anonymous.

mod age;
mod key;
mod number;
mod read;
mod subject;
mod table;

use std::fmt;

use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};

use presend_detect::Finding;
use subject::Subject;

/// How near a message comes to one person.
///
/// The thresholds follow the small numbers that health statistics suppress. The Information Commissioner's code on
/// anonymisation (2012, appendix 2) names cells of 1 to 5 as a risk, data partners of health research commonly withhold
/// counts under 10, and the motivated intruder of the ICO's guidance has the means to check ten people one by one. With
/// a thousand that takes more than determination, unless the intruder knows something else. Beyond it the message alone
/// leads nowhere that is reasonably likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// A direct identifier stands, or hardly anybody else fits: the high end of the estimate is under 1.5 people.
    Identified,
    /// Fewer than 10 people fit.
    Likely,
    /// Fewer than 1,000 people fit.
    Possible,
    /// More people fit, or nothing about the person is left.
    Remote,
}

impl Class {
    /// Every class, the nearest to one person first.
    pub const ALL: &'static [Class] = &[Class::Identified, Class::Likely, Class::Possible, Class::Remote];

    /// The class's name in files and output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Class::Identified => "identified",
            Class::Likely => "likely",
            Class::Possible => "possible",
            Class::Remote => "remote",
        }
    }

    /// The class of a number of people that fit.
    fn of(people: f64) -> Self {
        if people < 10.0 {
            Class::Likely
        } else if people < 1_000.0 {
            Class::Possible
        } else {
            Class::Remote
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

macro_rules! facets {
    ($($variant:ident, $name:literal, $about:literal;)*) => {
        /// One kind of thing that narrows down who a person is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Facet {
            $(#[doc = $about] $variant,)*
        }

        impl Facet {
            /// Every facet.
            pub const ALL: &'static [Facet] = &[$(Facet::$variant),*];

            /// The facet's name in output.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Facet::$variant => $name),* }
            }
        }
    };
}

facets! {
    Direct, "direct identifier", "An identifier that leads to the person by itself still stands.";
    Age, "age", "An age or a range of ages.";
    Sex, "sex", "A sex, by a letter at the age, or by a title, a pronoun or a noun.";
    BirthDate, "date of birth", "A date of birth or a part of it.";
    Place, "place", "A named place.";
    Postcode, "postcode district", "The first half of a postcode.";
    Origin, "origin", "An ethnic group, a nationality or a language.";
    Religion, "religion", "A religion.";
    Profession, "occupation", "An occupation or an office.";
    Condition, "rare condition", "A rare condition.";
    Date, "date", "The day or the month of an event.";
    WardBed, "ward or bed", "A ward, a bay or a bed.";
    Organisation, "organisation", "A surgery, hospital, care home, school or employer.";
    Initials, "initials", "A person's initials.";
}

/// Which facets are known.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct FacetSet(u16);

impl FacetSet {
    fn insert(&mut self, facet: Facet) {
        self.0 |= 1 << facet as u16;
    }

    /// Whether a facet is known.
    #[must_use]
    pub const fn contains(self, facet: Facet) -> bool {
        self.0 & (1 << facet as u16) != 0
    }

    /// Whether none is known.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many are known.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The known facets, in the order of [`Facet::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Facet> {
        Facet::ALL.iter().copied().filter(move |facet| self.contains(*facet))
    }
}

impl fmt::Debug for FacetSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for FacetSet {
    /// A list of names.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for facet in self.iter() {
            list.serialize_element(facet.name())?;
        }
        list.end()
    }
}

macro_rules! assumptions {
    ($($variant:ident, $text:literal;)*) => {
        /// Something that an estimate rests on and that no count supports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        enum Assumption {
            $($variant,)*
        }

        impl Assumption {
            const ALL: &'static [Assumption] = &[$(Assumption::$variant),*];

            const fn text(self) -> &'static str {
                match self { $(Assumption::$variant => $text),* }
            }

            const fn bit(self) -> u32 {
                1 << self as u8
            }
        }
    };
}

assumptions! {
    Independent, "facets that no table joins are taken to be independent of each other";
    UnknownPlace, "a place that the table lacks counts as 3,000 people, give or take a factor of ten";
    AssumedPlace, "a village without a figure counts as 500 people, give or take a factor of five";
    SeveralPlaces, "of several places the smallest counts";
    District, "a postcode district counts as 23,000 people and an area as 545,000, give or take a factor of three";
    UnknownOrganisation, "an organisation of no known kind counts as 20,000 people, give or take a factor of 25";
    AssumedOrganisation, "the size of this kind of organisation is assumed";
    Ward, "a ward counts as 30 people, a bay as 6 and a bed as one, give or take a factor of three for the time";
    SomeHospital, "the ward may be in any of 1,216 hospitals, since none is named";
    UnknownProfession, "an occupation that the table lacks counts as 20,000 people, give or take a factor of ten";
    AssumedProfession, "the number of people in this occupation is assumed";
    SpecialProfession, "an occupation that is more special than the table's counts as a quarter of it, give or take a factor of four";
    OfAChild, "a child's occupation is taken to be a parent's";
    UnknownOrigin, "a people, language or faith that the table lacks counts as 30,000 people, give or take a factor of ten";
    AssumedOrigin, "the number of people of this origin or faith is assumed";
    OriginAndReligion, "origin and religion go together half-way between not at all and entirely";
    AssumedCondition, "the number of people with this condition is assumed";
    EventDay, "1 person in 200 has such an event on a day and 1 in 7 in a month, give or take a factor of eight and of three";
    InitialsAgree, "1 person in 150 has the same initials, give or take a factor of two";
    BirthYear, "a year of birth is counted as an age in 2022, and two figures up to 25 as a year of this century";
    SexByWord, "the sex is read from a pronoun, title or noun near by, which may be another person's";
}

/// How many people fit, and how sure that is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The most likely number of people who fit, the person written about being one of them: at least 1.
    pub people: f64,
    /// The low end of an interval that is meant to hold the true number in nine cases of ten.
    pub low: f64,
    /// The high end of it.
    pub high: f64,
    /// How near the message comes to one person.
    pub class: Class,
    /// What the estimate rests on that no count supports, in words of the program.
    pub assumptions: Vec<&'static str>,
    /// The facets that went into it.
    pub facets: FacetSet,
}

impl Estimate {
    fn of(people: f64, low: f64, high: f64, class: Class, facets: FacetSet, assumptions: u32) -> Self {
        let used = Assumption::ALL.iter().filter(|assumption| assumptions & assumption.bit() != 0);
        Self {
            people,
            low,
            high,
            class,
            facets,
            assumptions: used.map(|assumption| assumption.text()).collect(),
        }
    }

    /// Whether this one comes nearer to one person.
    fn is_nearer(&self, other: &Self) -> bool {
        self.class.cmp(&other.class).then(self.people.total_cmp(&other.people)).is_lt()
    }
}

/// What a message, or a conversation so far, says of the person it is about, in numbers.
///
/// Holds no text and a fixed number of bytes, however long the conversation. `Debug` names the facets and not their
/// values. Serialisation writes the values (an age, counts of people), which are as confidential as the message.
///
/// ```
/// use presend_detect::{Finding, Label};
/// use presend_policy::{Class, Facets};
/// use presend_text::Span;
///
/// let message = "43M goalkeeper from Mousehole";
/// let finding = |label, start, end| Finding {
///     span: Span::new(start, end), label, role: None, confidence: 0.9, rule: "example", evidence: Vec::new(),
/// };
/// let findings =
///     [finding(Label::Age, 0, 2), finding(Label::Profession, 4, 14), finding(Label::Place, 20, 29)];
///
/// let facets = Facets::read(message, &findings, |_| false);
/// assert_eq!(facets.estimate(None).class, Class::Identified);
/// let without_place = Facets::read(message, &findings, |finding| finding == 2);
/// assert_eq!(without_place.estimate(None).class, Class::Remote);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facets {
    subject: Subject,
    /// Of those whom the conversation was about before, the one whom it came nearest to.
    before: Option<Subject>,
}

impl Facets {
    /// Reads what a message says of the person it is about.
    ///
    /// `findings` are the message's, sorted by start; `skip` says of a finding by its index that it no longer counts, as
    /// when its words are taken out before the message goes. Names of staff, professional numbers, and phone numbers of
    /// six digits and fewer (bleeps and extensions) are nobody's here. Sex is also read from the letter or noun
    /// at an age, taken out or not ("82F", "43 yo male"), and from titles, pronouns and nouns such as Mrs, he, lady
    /// anywhere in a message of up to 280 bytes or within 120 bytes of a finding in a longer one, unless both sexes occur.
    /// Rare conditions are looked for in the whole message, except after "no", "not", "without" and question marks.
    ///
    /// Facets that contradict each other start another person, as in [`Facets::add`]. Spans that do not fit the text
    /// are left out. Time grows linearly with the message and the findings.
    #[must_use]
    pub fn read(text: &str, findings: &[Finding], skip: impl Fn(usize) -> bool) -> Self {
        let mut facets = Self::default();
        read::read(text, findings, skip, &mut facets);
        facets
    }

    /// Reads a message and what was made of it at once; between them only what lies under findings may differ.
    ///
    /// `before` and `after` are each a text with its findings, the same number in both; `skip` says which of those after
    /// tell nothing any more.
    #[must_use]
    pub fn read_both(
        before: (&str, &[Finding]),
        after: (&str, &[Finding]),
        skip: impl Fn(usize) -> bool,
    ) -> (Self, Self) {
        let mut facets = [Self::default(), Self::default()];
        read::read_both([before, after], skip, &mut facets);
        facets.into()
    }

    /// Adds what a further message of the same conversation says.
    ///
    /// Facets of the same person add up: of several places, occupations, origins and so on the rarest counts. Ages more
    /// than a year apart, two sexes that stand beside ages, or two dates of birth mean another person: what follows is
    /// kept apart from then on, with the organisation carried over, and of those before, the one with the fewest people
    /// fitting is kept. Estimates are then of whoever is nearer to being found.
    pub fn add(&mut self, other: &Facets) {
        if let Some(before) = &other.before {
            self.merge(before);
        }
        self.merge(&other.subject);
    }

    /// Estimates how many people fit: of a catchment (the people whom an organisation serves), or of the United Kingdom.
    ///
    /// A catchment of 0 counts as 1 and one beyond the country as the country. A direct identifier that stands makes it one
    /// person. Where nothing is known, everybody fits and the class is [`Class::Remote`], however small the catchment.
    #[must_use]
    pub fn estimate(&self, catchment: Option<u64>) -> Estimate {
        let now = self.subject.estimate(catchment);
        match self.before.map(|before| before.estimate(catchment)) {
            Some(before) if before.is_nearer(&now) => before,
            _ => now,
        }
    }

    /// The facets that are known of the person whom the conversation is about now.
    #[must_use]
    pub fn facets(&self) -> FacetSet {
        self.subject.facets()
    }

    /// Whether nothing is known of anybody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.before.is_none() && self.facets().is_empty()
    }

    /// Adds what is known of one person.
    fn merge(&mut self, subject: &Subject) {
        if !self.subject.contradicts(subject) {
            self.subject.merge(subject);
            return;
        }
        let former = std::mem::take(&mut self.subject);
        let nearer = self.before.is_none_or(|before| former.estimate(None).is_nearer(&before.estimate(None)));
        if nearer {
            self.before = Some(former);
        }
        self.subject.organisation = former.organisation;
        self.subject.merge(subject);
    }
}

impl fmt::Debug for Facets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.before.map(|before| before.facets());
        f.debug_struct("Facets").field("now", &self.facets()).field("before", &before).finish()
    }
}

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
