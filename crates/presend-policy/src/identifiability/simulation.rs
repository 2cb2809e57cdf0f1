//! Holds the estimates against populations that are counted person by person.
//!
//! People are drawn from the same tables, but not independently: places differ in age and in origin, occupations go by
//! age and sex, and religion goes by origin. So this tests the formula and its independence, not the tables.

use presend_detect::{Finding, Label};
use presend_text::Span;

use super::Facets;
use super::age::{self, OLDEST};
use super::subject::{Sex, UK};
use super::table::{CONDITIONS, DEMOGRAPHICS, PLACES, PROFESSIONS};

const PEOPLE: usize = 200_000;

/// SplitMix64: the same people on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 1 / most to most, and as often below 1 as above.
    fn tilt(&mut self, most: f64) -> f64 {
        most.powf(self.share() * 2.0 - 1.0)
    }

    /// An index, by weight.
    fn pick(&mut self, sums: &[f64]) -> usize {
        let at = self.share() * sums.last().copied().unwrap_or_default();
        sums.partition_point(|sum| *sum <= at).min(sums.len() - 1)
    }
}

fn sums(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    weights
        .scan(0.0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}

const PROFESSIONS_USED: [&str; 40] = [
    "goalkeeper",
    "nurse",
    "scaffolder",
    "taxi driver",
    "teacher",
    "farmer",
    "fisherman",
    "vicar",
    "solicitor",
    "barrister",
    "hairdresser",
    "chef",
    "electrician",
    "plumber",
    "lorry driver",
    "bus driver",
    "police officer",
    "firefighter",
    "accountant",
    "architect",
    "vet",
    "dentist",
    "journalist",
    "musician",
    "cleaner",
    "carer",
    "shop assistant",
    "security guard",
    "postman",
    "butcher",
    "baker",
    "magistrate",
    "councillor",
    "nun",
    "gamekeeper",
    "florist",
    "roofer",
    "welder",
    "social worker",
    "paramedic",
];
const ORIGINS: [(&str, &str, f64); 10] = [
    ("white british", "christian", 0.5),
    ("polish", "catholic", 0.8),
    ("indian", "hindu", 0.45),
    ("pakistani", "muslim", 0.92),
    ("bangladeshi", "muslim", 0.92),
    ("black african", "christian", 0.65),
    ("black caribbean", "christian", 0.7),
    ("chinese", "buddhist", 0.1),
    ("romanian", "romanian orthodox", 0.8),
    ("irish", "catholic", 0.7),
];
const RELIGIONS: [&str; 6] = ["christian", "catholic", "hindu", "muslim", "buddhist", "romanian orthodox"];
const CONDITIONS_USED: [&str; 4] = ["multiple sclerosis", "parkinsons", "cystic fibrosis", "cerebral palsy"];
/// First letters of names, roughly as they fall in the UK, in per mille.
const LETTERS: [(&str, f64); 20] = [
    ("J", 130.0),
    ("M", 95.0),
    ("S", 95.0),
    ("A", 90.0),
    ("C", 75.0),
    ("D", 70.0),
    ("R", 60.0),
    ("L", 55.0),
    ("K", 50.0),
    ("P", 50.0),
    ("B", 40.0),
    ("E", 40.0),
    ("G", 35.0),
    ("H", 30.0),
    ("T", 30.0),
    ("N", 25.0),
    ("W", 15.0),
    ("F", 10.0),
    ("O", 3.0),
    ("V", 2.0),
];

#[derive(Clone, Copy, PartialEq)]
struct Person {
    place: usize,
    age: u8,
    sex: Sex,
    profession: Option<usize>,
    origin: Option<usize>,
    religion: Option<usize>,
    condition: Option<usize>,
    initials: (usize, usize),
}

/// Draws people over places. `local`: how far places differ.
fn population(places: &[(&str, f64)], local: f64, random: &mut Random) -> Vec<Person> {
    let by_place = sums(places.iter().map(|place| place.1));
    let letters = sums(LETTERS.iter().map(|letter| letter.1));
    let share = |row: Option<super::table::Row>| row.map_or(0.0, |row| row.people / UK);
    struct Local {
        ages: [Vec<f64>; 2],
        professions: [Vec<f64>; 2],
        origins: Vec<f64>,
    }
    let locals: Vec<Local> = places
        .iter()
        .map(|_| {
            let older = random.tilt(local.sqrt());
            let ages = [Sex::Male, Sex::Female].map(|sex| {
                sums((0_u8..111).map(|year| {
                    let year = f32::from(year);
                    age::people(year, year + 1.0, Some(sex)) * if year >= 60.0 { older } else { 1.0 }
                }))
            });
            let tilts: Vec<f64> = PROFESSIONS_USED.iter().map(|_| random.tilt(local)).collect();
            let professions = [0.0, 1.0].map(|women| {
                let known = PROFESSIONS_USED.iter().zip(&tilts).map(|(name, tilt)| {
                    let row = PROFESSIONS.get(name).expect("an occupation of the table");
                    let of_women = row.mark.parse::<f64>().expect("per cent") / 100.0;
                    let of_sex = if women > 0.5 { of_women } else { 1.0 - of_women };
                    row.people / 33.0e6 * of_sex / 0.5 * tilt
                });
                let mut all: Vec<f64> = known.collect();
                all.push((1.0 - all.iter().sum::<f64>()).max(0.0));
                sums(all.into_iter())
            });
            let mut origins: Vec<f64> = ORIGINS
                .iter()
                .enumerate()
                .map(|(index, origin)| {
                    share(DEMOGRAPHICS.get(origin.0)) * if index == 0 { 1.0 } else { random.tilt(local) }
                })
                .collect();
            origins.push((1.0 - origins.iter().sum::<f64>()).max(0.0));
            Local { ages, professions, origins: sums(origins.into_iter()) }
        })
        .collect();
    (0..PEOPLE)
        .map(|_| {
            let place = random.pick(&by_place);
            let local = &locals[place];
            let sexes =
                [age::people(0.0, OLDEST, Some(Sex::Male)), age::people(0.0, OLDEST, Some(Sex::Female))];
            let sex = random.pick(&sums(sexes.into_iter()));
            let age = random.pick(&local.ages[sex]) as u8;
            let profession = random.pick(&local.professions[sex]);
            let origin = Some(random.pick(&local.origins)).filter(|origin| *origin < ORIGINS.len());
            let (of_origin, chance) =
                origin.map_or(("christian", 0.3), |origin| (ORIGINS[origin].1, ORIGINS[origin].2));
            let religion = if random.share() < chance {
                RELIGIONS.iter().position(|religion| *religion == of_origin)
            } else {
                None
            };
            let ill = random.share();
            let mut sum = 0.0;
            let condition = CONDITIONS_USED.iter().position(|name| {
                sum += share(CONDITIONS.get(name));
                ill < sum
            });
            Person {
                place,
                age,
                sex: [Sex::Male, Sex::Female][sex],
                profession: Some(profession).filter(|index| *index < PROFESSIONS_USED.len() && age >= 16),
                origin,
                religion,
                condition,
                initials: (random.pick(&letters), random.pick(&letters)),
            }
        })
        .collect()
}

/// What a message says of a person, as a message with its findings, and whether another fits it.
struct Description<'a> {
    text: String,
    findings: Vec<Finding>,
    fits: Box<dyn Fn(&Person) -> bool + 'a>,
}

fn describe<'a>(person: &'a Person, places: &[(&str, f64)], random: &mut Random) -> Description<'a> {
    let mut description = Description { text: String::new(), findings: Vec::new(), fits: Box::new(|_| true) };
    let mut say = |label: Option<Label>, words: &str| {
        let text = &mut description.text;
        text.push_str(if label == Some(Label::Age) { "" } else { ", " });
        let start = text.len();
        text.push_str(words);
        if let Some(label) = label {
            let span = Span::new(start, text.len());
            let (role, evidence) = (None, Vec::new());
            description.findings.push(Finding { span, label, role, confidence: 0.9, rule: "test", evidence });
        }
    };
    let chosen = random.next();
    let says = |bit: u32| chosen >> bit & 1 == 1;
    // The last place is all the rest, which has no name.
    let (age, sex, place) = (says(0), says(1), says(2) && person.place + 1 < places.len());
    let profession = says(3) && person.profession.is_some();
    let origin = says(4) && person.origin.is_some();
    let religion = says(5) && says(6) && person.religion.is_some();
    let condition = person.condition.is_some();
    let initials = says(7) && says(8) && says(9);
    if age {
        say(Some(Label::Age), &person.age.to_string());
    }
    if sex {
        say(None, if person.sex == Sex::Female { "lady" } else { "gentleman" });
    }
    if place {
        say(Some(Label::Place), places[person.place].0);
    }
    if let Some(index) = person.profession.filter(|_| profession) {
        let retired = if person.age >= 66 { "retired " } else { "" };
        say(Some(Label::Profession), &format!("{retired}{}", PROFESSIONS_USED[index]));
    }
    if let Some(index) = person.origin.filter(|_| origin) {
        say(Some(Label::Demographic), ORIGINS[index].0);
    }
    if let Some(index) = person.religion.filter(|_| religion) {
        say(Some(Label::Demographic), RELIGIONS[index]);
    }
    if let Some(index) = person.condition.filter(|_| condition) {
        say(None, CONDITIONS_USED[index]);
    }
    if initials {
        say(
            Some(Label::Person),
            &format!("{}{}", LETTERS[person.initials.0].0, LETTERS[person.initials.1].0),
        );
    }
    description.fits = Box::new(move |other: &Person| {
        (!age || other.age == person.age)
            && (!sex || other.sex == person.sex)
            && (!place || other.place == person.place)
            && (!profession
                || other.profession == person.profession && (other.age >= 66) == (person.age >= 66))
            && (!origin || other.origin == person.origin)
            && (!religion || other.religion == person.religion)
            && (!condition || other.condition == person.condition)
            && (!initials || other.initials == person.initials)
    });
    description
}

/// The share of descriptions of people drawn at random whose true count lies in the interval, and how many were tried.
///
/// Each person stands for `scale` people; a count of fewer than `least` in the sample is left out.
fn share_inside(
    places: &[(&str, f64)],
    local: f64,
    scale: f64,
    least: usize,
    catchment: Option<u64>,
    seed: u64,
) -> (f64, usize) {
    let mut random = Random(seed);
    let people = population(places, local, &mut random);
    let (mut tried, mut inside) = (0, 0);
    while tried < 500 {
        let person = people[random.next() as usize % people.len()];
        let description = describe(&person, places, &mut random);
        let facets = Facets::read(&description.text, &description.findings, |_| false);
        let count = people.iter().filter(|other| (description.fits)(other)).count();
        if facets.is_empty() || count < least {
            continue;
        }
        let estimate = facets.estimate(catchment);
        let count = count as f64 * scale;
        tried += 1;
        inside += usize::from(estimate.low <= count && count <= estimate.high);
    }
    (inside as f64 / tried as f64, tried)
}

/// The people of a district, counted one by one: small numbers, and places that differ.
#[test]
fn intervals_hold_the_count_of_a_district_in_nine_cases_of_ten() {
    let names = [
        "penzance",
        "mousehole",
        "st ives",
        "hayle",
        "helston",
        "penryn",
        "truro",
        "fowey",
        "porthleven",
        "bude",
        "bodmin",
        "wadebridge",
        "padstow",
        "launceston",
        "saltash",
        "liskeard",
        "looe",
    ];
    let mut places: Vec<(&str, f64)> =
        names.iter().map(|name| (*name, PLACES.get(name).expect("a place of the table").people)).collect();
    let rest = PEOPLE as f64 - places.iter().map(|place| place.1).sum::<f64>();
    assert!(rest > 0.0, "the places have too many people: {rest}");
    places.push(("the rest", rest));
    for seed in [1, 2] {
        let (share, tried) = share_inside(&places, 2.0, 1.0, 1, Some(PEOPLE as u64), seed);
        println!("district, seed {seed}: {:.1} % of {tried} counts inside their interval", share * 100.0);
        assert!(share >= 0.9, "only {:.1} % of {tried} counts lie in the estimate's interval", share * 100.0);
    }
}

/// A sample of the country, scaled up: big numbers, and every city of the table with more than 100,000 people.
#[test]
fn intervals_hold_the_scaled_count_of_the_country_in_nine_cases_of_ten() {
    let counties = [
        "shire", "england", "scotland", "wales", "ireland", "midlands", "yorks", "county", "greater", "side",
        "riding",
    ];
    let cities = PLACES.iter().filter(|(name, row)| {
        (100_000.0..1_500_000.0).contains(&row.people) && !counties.iter().any(|county| name.contains(county))
    });
    let mut places: Vec<(&str, f64)> = cities.map(|(name, row)| (name, row.people)).collect();
    places.sort_by(|a, b| b.1.total_cmp(&a.1));
    places.truncate(100);
    let rest = UK - places.iter().map(|place| place.1).sum::<f64>();
    places.push(("the rest", rest));
    let scale = UK / PEOPLE as f64;
    let (share, tried) = share_inside(&places, 1.5, scale, 40, None, 3);
    println!("country: {:.1} % of {tried} counts inside their interval", share * 100.0);
    assert!(share >= 0.9, "only {:.1} % of {tried} counts lie in the estimate's interval", share * 100.0);
}
