//! What is known of one person, in numbers, and how many people fit it.

use serde::{Deserialize, Serialize};

use super::age::{self, Ages, OLDEST};
use super::number::{exp, ln};
use super::{Assumption, Class, Estimate, Facet, FacetSet};

/// The population of the United Kingdom in the middle of 2022 (ONS).
pub(super) const UK: f64 = 67_596_281.0;
/// People in employment in the United Kingdom (ONS, Labour Force Survey 2022, rounded): occupations are shares of them.
const EMPLOYED: f64 = 33_000_000.0;
/// How many people of an occupation are retired from it, for one at work (13 million over 65 to 33 million at work).
const RETIRED: f64 = 0.4;
/// The year for which ages are counted; there is no clock to ask.
const YEAR: f32 = 2022.0;

/// A sex, as the population table counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Sex {
    Male,
    Female,
}

/// A figure and the most that it may be: people, or a share of the population.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Bound {
    pub(super) point: f64,
    pub(super) high: f64,
}

impl Bound {
    pub(super) fn new(point: f64, factor: f64) -> Self {
        Self { point, high: point * factor }
    }

    /// The least of both: what fits both fits no more than either.
    fn least(self, other: Self) -> Self {
        Self { point: self.point.min(other.point), high: self.high.min(other.high) }
    }

    /// A share that came from outside, brought into (0, 1], with a high that is no less.
    fn as_share(self) -> Self {
        let point = sane(self.point, 1.0);
        Self { point, high: sane(self.high, 1.0).max(point) }
    }

    /// A number of people that came from outside, brought into [1, UK].
    fn as_people(self) -> Self {
        let point = sane(self.point, UK).max(1.0);
        Self { point, high: sane(self.high, UK).max(point) }
    }
}

/// A positive number up to `most`; anything else becomes `most`.
fn sane(value: f64, most: f64) -> f64 {
    if value.is_finite() && value > 0.0 { value.min(most) } else { most }
}

/// Merges two facets of the same kind.
fn least(mine: &mut Option<Bound>, other: Option<Bound>) {
    if let Some(other) = other {
        *mine = Some(mine.map_or(other, |mine| mine.least(other)));
    }
}

/// A date of birth, as much of it as is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Birth {
    pub(super) year: Option<u16>,
    pub(super) month: Option<u8>,
    pub(super) day: Option<u8>,
}

/// An occupation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Profession {
    pub(super) people: Bound,
    /// The share of women, and of men.
    pub(super) women: f64,
    pub(super) men: f64,
    pub(super) retired: bool,
}

impl Profession {
    /// The rarer of two, one of which may be a relative's; those of one person go together, so they are not multiplied.
    fn least(self, other: Self) -> Self {
        Self {
            people: self.people.least(other.people),
            women: self.women.min(other.women),
            men: self.men.min(other.men),
            retired: self.retired || other.retired,
        }
    }
}

/// Where in a building somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Spot {
    Bed,
    Bay,
    Ward,
}

/// What is known of one person. Numbers only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Subject {
    /// A direct identifier stands.
    pub(super) direct: bool,
    /// From, up to, in years.
    pub(super) age: Option<(f32, f32)>,
    pub(super) sex: Option<Sex>,
    /// Whether the sex stood beside an age, and not in a pronoun.
    pub(super) sex_sure: bool,
    pub(super) birth: Option<Birth>,
    /// People in the place.
    pub(super) place: Option<Bound>,
    pub(super) postcode: Option<Bound>,
    /// People whom the organisation serves.
    pub(super) organisation: Option<Bound>,
    pub(super) spot: Option<Spot>,
    pub(super) profession: Option<Profession>,
    /// Shares of the population.
    pub(super) origin: Option<Bound>,
    pub(super) religion: Option<Bound>,
    pub(super) condition: Option<Bound>,
    pub(super) event: Option<Bound>,
    pub(super) initials: bool,
    /// The assumptions behind the figures, a bit each.
    pub(super) assumptions: u32,
}

/// Facets that tables join, a bit each, to leave them out.
const NOTHING: u8 = 0;
const AGE: u8 = 1;
const SEX: u8 = 2;
const OCCUPATION: u8 = 4;
const BORN: u8 = 8;

impl Subject {
    pub(super) fn assume(&mut self, assumption: Assumption) {
        self.assumptions |= assumption.bit();
    }

    /// Whether both cannot be the same person: ages more than a year apart, two sexes, two dates of birth.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        let ages = self.age.zip(other.age).is_some_and(|(a, b)| a.0 > b.1 + 1.0 || b.0 > a.1 + 1.0);
        let sexes = self.sex_sure && other.sex_sure && self.sex != other.sex;
        let births = self
            .birth
            .zip(other.birth)
            .is_some_and(|(a, b)| differ(a.year, b.year) || differ(a.month, b.month) || differ(a.day, b.day));
        ages || sexes || births
    }

    /// Adds what is known of the same person.
    pub(super) fn merge(&mut self, other: &Self) {
        self.direct |= other.direct;
        if let Some(age) = other.age {
            self.age = Some(self.age.map_or(age, |mine| {
                let (low, high) = (mine.0.max(age.0), mine.1.min(age.1));
                // A birthday between two messages: the narrower range stays.
                if high > low {
                    (low, high)
                } else if mine.1 - mine.0 <= age.1 - age.0 {
                    mine
                } else {
                    age
                }
            }));
        }
        if other.sex.is_some() && (self.sex.is_none() || other.sex_sure && !self.sex_sure) {
            self.sex = other.sex;
            self.sex_sure = other.sex_sure;
        }
        if let Some(birth) = other.birth {
            let mine = self.birth.get_or_insert_default();
            mine.year = mine.year.or(birth.year);
            mine.month = mine.month.or(birth.month);
            mine.day = mine.day.or(birth.day);
        }
        least(&mut self.place, other.place);
        least(&mut self.postcode, other.postcode);
        least(&mut self.organisation, other.organisation);
        self.spot = self.spot.into_iter().chain(other.spot).min();
        if let Some(other) = other.profession {
            self.profession = Some(self.profession.map_or(other, |mine| mine.least(other)));
        }
        least(&mut self.origin, other.origin);
        least(&mut self.religion, other.religion);
        least(&mut self.condition, other.condition);
        least(&mut self.event, other.event);
        self.initials |= other.initials;
        self.assumptions |= other.assumptions;
    }

    /// The facets that are known.
    pub(super) fn facets(&self) -> FacetSet {
        let mut set = FacetSet::default();
        let known = [
            (Facet::Direct, self.direct),
            (Facet::Age, self.age.is_some()),
            (Facet::Sex, self.sex.is_some()),
            (Facet::BirthDate, self.birth.is_some()),
            (Facet::Place, self.place.is_some()),
            (Facet::Postcode, self.postcode.is_some()),
            (Facet::Origin, self.origin.is_some()),
            (Facet::Religion, self.religion.is_some()),
            (Facet::Profession, self.profession.is_some()),
            (Facet::Condition, self.condition.is_some()),
            (Facet::Date, self.event.is_some()),
            (Facet::WardBed, self.spot.is_some()),
            (Facet::Organisation, self.organisation.is_some()),
            (Facet::Initials, self.initials),
        ];
        for (facet, _) in known.into_iter().filter(|(_, known)| *known) {
            set.insert(facet);
        }
        set
    }

    /// How many people fit, out of a catchment or of the whole country.
    pub(super) fn estimate(&self, catchment: Option<u64>) -> Estimate {
        let facets = self.facets();
        let base = catchment.map_or(UK, |people| (people as f64).clamp(1.0, UK));
        let mut assumptions = self.assumptions;
        if self.direct {
            return Estimate::of(1.0, 1.0, 1.0, Class::Identified, facets, assumptions);
        }
        if facets.is_empty() {
            return Estimate::of(base, base, base, Class::Remote, facets, assumptions);
        }

        let room = self.room(base, catchment.is_some());
        let (who, mut spread) = self.who();
        let mut share = who;
        let mut apart = u32::from(who < 1.0);
        for bound in self.apart().into_iter().flatten() {
            let bound = bound.as_share();
            share *= bound.point;
            spread += square(ln(bound.high / bound.point));
            apart += 1;
        }
        if apart > 1 || apart > 0 && room.point < base {
            assumptions |= Assumption::Independent.bit();
        }
        if let Some((low, _)) = self.age
            && low < 16.0
            && self.profession.is_some()
        {
            assumptions |= Assumption::OfAChild.bit();
        }
        if self.spot.is_some() {
            let known = catchment.is_some() || self.organisation.is_some();
            assumptions |= if known { Assumption::Ward } else { Assumption::SomeHospital }.bit();
        }
        if self.origin.is_some() && self.religion.is_some() {
            assumptions |= Assumption::OriginAndReligion.bit();
        }

        let factor = exp((spread + square(ln(room.high / room.point))).sqrt());
        // The person written about is one of those who fit; the others fit by chance.
        let others = (room.point - 1.0) * share;
        let people = 1.0 + others;
        let low = 1.0 + fewest(others / factor);
        let high = (1.0 + most(room.point * share * factor)).min(base).max(people);
        let class = if high < 1.5 { Class::Identified } else { Class::of(people) };
        Estimate::of(people, low, high, class, facets, assumptions)
    }

    /// How many people there are where the person lives, is known or lies: the smallest of the circles that are named.
    fn room(&self, base: f64, known: bool) -> Bound {
        const WARD: f64 = 30.0;
        const BAY: f64 = 6.0;
        /// Hospitals and hospital sites of England (NHS Digital, ODS 2020), each with a ward 7.
        const HOSPITALS: f64 = 1_216.0;
        let mut room = Bound::new(base, 1.0);
        for circle in [self.place, self.postcode, self.organisation].into_iter().flatten() {
            room = room.least(circle.as_people());
        }
        if let Some(spot) = self.spot {
            let beds = match spot {
                Spot::Bed => 1.0,
                Spot::Bay => BAY,
                Spot::Ward => WARD,
            };
            let houses = if known || self.organisation.is_some() { 1.0 } else { HOSPITALS };
            // Three: nobody says at what time, and beds change hands.
            room = room.least(Bound::new(beds * houses, 3.0));
        }
        room
    }

    /// The share of the population by age, sex, date of birth and occupation, which the tables join; and the squared
    /// uncertainty of it.
    fn who(&self) -> (f64, f64) {
        let share = self.share(NOTHING);
        let mut spread = 0.0;
        let profession = self.profession.map(|profession| profession.people.as_people());
        let uncertain = [
            // Places differ in their ages, and patients from other people.
            (AGE | BORN, self.age.is_some() || self.birth.is_some_and(|birth| birth.year.is_some()), 1.35),
            (SEX, self.sex.is_some(), 1.15),
            (OCCUPATION, profession.is_some(), profession.map_or(1.0, |people| people.high / people.point)),
        ];
        for (facet, _, factor) in uncertain.into_iter().filter(|(_, known, _)| *known) {
            // What a facet leaves is no more uncertain than what it takes away.
            let taken = (self.share(facet) / share).max(1.0);
            spread += square(ln(factor.min(taken)));
        }
        let day = self.birth.map_or(1.0, |birth| match (birth.month, birth.day) {
            (Some(_), Some(_)) => 1.0 / 365.25,
            (Some(_), None) => 1.0 / 12.0,
            (None, Some(_)) => 12.0 / 365.25,
            (None, None) => 1.0,
        });
        (share * day, spread)
    }

    /// The share of the population by age, sex and occupation, some of them left out.
    ///
    /// No facet may raise it, so it is the least over all that can be left out besides.
    fn share(&self, without: u8) -> f64 {
        let mut share: f64 = 1.0;
        for more in 0..16 {
            let left_out = without | more;
            if more & without == 0 {
                let sex = self.sex.filter(|_| left_out & SEX == 0);
                let profession = self.profession.filter(|_| left_out & OCCUPATION == 0);
                share = share.min(joint(self.ages(left_out), sex, profession));
            }
        }
        share
    }

    /// The ages that the year of birth gives, or else the age as it stands.
    fn ages(&self, left_out: u8) -> Option<Ages> {
        let born = self.birth.and_then(|birth| birth.year).filter(|_| left_out & BORN == 0).map(|year| {
            let age = (YEAR - f32::from(year)).clamp(0.0, OLDEST - 1.0);
            Ages { low: age, high: age + 1.0 }
        });
        let stated = self.age.filter(|_| left_out & AGE == 0).and_then(|(low, high)| {
            let ages = Ages { low: low.clamp(0.0, OLDEST), high: high.clamp(0.0, OLDEST) };
            (ages.low < ages.high).then_some(ages)
        });
        born.or(stated)
    }

    /// The facets that no table joins with others.
    fn apart(&self) -> [Option<Bound>; 4] {
        /// Two people agree on both initials once in 150 times: once in about 12 on each, letters being unequal.
        const INITIALS: Bound = Bound { point: 1.0 / 150.0, high: 1.0 / 75.0 };
        let background = match (self.origin, self.religion) {
            (Some(origin), Some(religion)) => Some(both(origin.as_share(), religion.as_share())),
            (origin, religion) => origin.or(religion),
        };
        [background, self.condition, self.event, self.initials.then_some(INITIALS)]
    }
}

/// The share of an origin and a religion together.
///
/// Between what it is if they are independent, and the smaller of both, if one implies the other: the middle of the two
/// on a scale of factors.
fn both(a: Bound, b: Bound) -> Bound {
    let point = a.point.min(b.point) * a.point.max(b.point).sqrt();
    Bound { point, high: a.high.min(b.high).max(point) }
}

fn square(x: f64) -> f64 {
    x * x
}

fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a != b)
}

/// The share of the population of an age, a sex and an occupation.
fn joint(ages: Option<Ages>, sex: Option<Sex>, profession: Option<Profession>) -> f64 {
    let of_age = |sex| {
        ages.map_or_else(|| age::people(0.0, OLDEST, sex), |ages| age::people(ages.low, ages.high, sex))
    };
    let everybody = of_age(None) / UK;
    let Some(profession) = profession else {
        return if sex.is_some() { of_age(sex) / UK } else { everybody.min(1.0) };
    };
    let people = profession.people.as_people().point;
    let working = match ages {
        // A child's is a parent's, and has two chances.
        Some(ages) if ages.high <= 16.0 => everybody * (2.0 * people / EMPLOYED).min(1.0),
        Some(_) => everybody * (people / EMPLOYED).min(1.0),
        None if profession.retired => people * RETIRED / UK,
        None => people / UK,
    };
    let of_sex = match sex {
        Some(Sex::Female) => profession.women,
        Some(Sex::Male) => profession.men,
        None => return working,
    };
    working * sane(of_sex, 1.0).max(0.01)
}

/// At most how many turn up where so many are expected, in nineteen cases of twenty.
fn most(expected: f64) -> f64 {
    expected + 1.645 * expected.sqrt()
}

/// At least how many turn up where so many are expected, in nineteen cases of twenty.
fn fewest(expected: f64) -> f64 {
    (expected - 1.645 * expected.sqrt()).max(0.0)
}
