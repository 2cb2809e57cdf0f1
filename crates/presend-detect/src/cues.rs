//! Words around a candidate that speak for or against it, in one table that is searched once a word.

use std::sync::LazyLock;

use crate::dictionary::hash;
use crate::{address, names, spoken};

/// What a word says of its neighbour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Cue {
    /// Follows an eponym and makes it one.
    EponymNoun = 1 << 0,
    /// Follows the name of a person.
    PersonVerb = 1 << 1,
    /// Stands before no name.
    Determiner = 1 << 2,
    /// The name near it is a pet's.
    Animal = 1 << 3,
    /// Stands inside a surname.
    Particle = 1 << 4,
    /// A verb that is a name too: in lower case the verb, unless the evidence is very strong.
    Modal = 1 << 5,
    /// Stands before a first name in chat.
    Familiar = 1 << 6,
    /// A dish or goods: a place or a nationality before it is no identifier ("worcester sauce").
    Goods = 1 << 7,
    /// Stands before a colleague's name: contact and thanks.
    Colleague = 1 << 8,
    /// A thing that staff give a name to.
    Machine = 1 << 9,
    /// A flat, a plot or another home with a number.
    HomeUnit = 1 << 10,
    /// Ends the name of a building that people live in.
    Building = 1 << 11,
    /// Where in a house a flat lies: "Ground Floor Right, 31 ...", "Top Flat, 4 ...".
    Floor = 1 << 12,
    /// May begin an address though it is an ordinary word: "the old forge", "number nine", "a hundred and four".
    Opening = 1 << 13,
    /// Between a number and a street type makes them a distance or a count.
    Measure = 1 << 14,
    /// Stands for a digit, a letter, a mark or a repetition where a number is said: "seven", "bravo", "dash", "double".
    Spoken = 1 << 15,
    /// Begins the name of an identifier that may be taken apart: "hosp", "national", "sort".
    Identifier = 1 << 16,
    /// Belongs to an address that has no word of a street, a building or a numbered home: "the old rectory".
    Home = 1 << 17,
    /// Is no name, or none in capitals, whatever the dictionary says: "dob", "NOW", "rgds".
    Nobody = 1 << 18,
    /// Comes before a number of somebody's: "tel", "mrn".
    LeadIn = 1 << 19,
    /// Begins what stands beside a name and is no part of it: "msc", "novo" after "de".
    Aside = 1 << 20,
    /// A word of the commonest kind that is a surname too: "so".
    ShortSurname = 1 << 21,
}

/// What a word says of its neighbours: any of the cues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cues(u32);

impl Cues {
    /// Whether the word is such a cue.
    pub(crate) const fn has(self, cue: Cue) -> bool {
        self.0 & cue as u32 != 0
    }

    /// Whether the word is any of the cues.
    pub(crate) fn has_any(self, cues: &[Cue]) -> bool {
        cues.iter().any(|cue| self.has(*cue))
    }

    /// The cues of either word.
    pub(crate) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The words of each cue.
const CUES: &[(Cue, &[&str])] = &[
    (
        Cue::EponymNoun,
        &[
            "airway",
            "wires",
            "holders",
            "holder",
            "valves",
            "tubes",
            "stitch",
            "splints",
            "scores",
            "scales",
            "rods",
            "retractors",
            "reflexes",
            "plates",
            "pins",
            "nomogram",
            "masks",
            "hammers",
            "drains",
            "doctrine",
            "curve",
            "class",
            "clips",
            "chair",
            "bag",
            "blade",
            "blades",
            "catheter",
            "classification",
            "clip",
            "criteria",
            "cycle",
            "cyst",
            "diet",
            "disease",
            "dose",
            "drain",
            "dressing",
            "epilepsy",
            "fasciitis",
            "forceps",
            "fracture",
            "frame",
            "gauge",
            "grade",
            "hammer",
            "hip",
            "hook",
            "index",
            "infusion",
            "knee",
            "laryngoscope",
            "lesion",
            "line",
            "loop",
            "manoeuvre",
            "mask",
            "model",
            "nail",
            "needle",
            "node",
            "nodes",
            "palsy",
            "phenomenon",
            "plate",
            "position",
            "procedure",
            "prosthesis",
            "protocol",
            "pump",
            "reflex",
            "rep",
            "retractor",
            "ring",
            "rule",
            "saw",
            "scale",
            "scissors",
            "score",
            "screw",
            "screws",
            "sign",
            "solution",
            "speculum",
            "splint",
            "stage",
            "stapler",
            "stickers",
            "suture",
            "syndrome",
            "template",
            "templates",
            "test",
            "triad",
            "tube",
            "ulcer",
            "valve",
            "walker",
            "window",
        ],
    ),
    (
        Cue::PersonVerb,
        &[
            "asked",
            "asking",
            "asks",
            "aware",
            "called",
            "calling",
            "came",
            "can",
            "covering",
            "didn't",
            "didnt",
            "does",
            "doesn't",
            "doesnt",
            "fell",
            "going",
            "had",
            "has",
            "hasn't",
            "hasnt",
            "informed",
            "is",
            "isn't",
            "isnt",
            "keeps",
            "knows",
            "lives",
            "looks",
            "needs",
            "phoned",
            "phoning",
            "rang",
            "refused",
            "refusing",
            "reviewed",
            "reviewing",
            "ringing",
            "said",
            "saw",
            "says",
            "seen",
            "slept",
            "still",
            "thinks",
            "told",
            "took",
            "turned",
            "wants",
            "was",
            "wasn't",
            "went",
            "won't",
            "wont",
        ],
    ),
    (Cue::Determiner, &["a", "an", "any", "my", "our", "some", "the", "their", "these", "your"]),
    (
        Cue::Animal,
        &[
            "alsatian", "budgie", "cat", "cats", "dog", "dogs", "giraffe", "goldfish", "hamster", "horse",
            "kitten", "labrador", "parrot", "pony", "puppy", "rabbit", "terrier", "tortoise",
        ],
    ),
    (
        Cue::Particle,
        &[
            "abu", "al", "ap", "bin", "bint", "binti", "da", "das", "de", "del", "della", "den", "der", "di",
            "do", "dos", "du", "el", "la", "le", "mac", "mc", "ni", "nic", "o", "san", "st", "ter", "ul",
            "umm", "uz", "van", "von", "y",
        ],
    ),
    (
        Cue::Modal,
        &["bill", "can", "chase", "drew", "grant", "hope", "mark", "may", "pat", "rob", "sue", "will"],
    ),
    (
        Cue::Familiar,
        &["baby", "big", "both", "dear", "little", "lovely", "old", "our", "poor", "wee", "young"],
    ),
    (
        Cue::Goods,
        &[
            "biscuit",
            "biscuits",
            "bread",
            "breakfast",
            "bun",
            "buns",
            "cake",
            "cakes",
            "cheddar",
            "cheese",
            "chips",
            "crackers",
            "cream",
            "curry",
            "delight",
            "fancies",
            "fries",
            "grey",
            "hotpot",
            "jam",
            "muffin",
            "muffins",
            "pasties",
            "pastries",
            "pasty",
            "pie",
            "pies",
            "pizza",
            "pork",
            "pudding",
            "puddings",
            "roast",
            "rolls",
            "salad",
            "sauce",
            "sausage",
            "sausages",
            "scone",
            "scones",
            "soup",
            "sponge",
            "stew",
            "takeaway",
            "tart",
            "tarts",
            "tea",
            "toast",
            "toffee",
            "water",
            "wine",
            "yoghurt",
            "yogurt",
        ],
    ),
    (
        Cue::Machine,
        &[
            "buffer",
            "dummy",
            "fridge",
            "hoist",
            "hoover",
            "manikin",
            "mannequin",
            "plant",
            "printer",
            "robot",
            "scanner",
            "sim",
            "simulator",
            "skeleton",
            "teddy",
            "toy",
        ],
    ),
    (
        Cue::HomeUnit,
        &[
            "flat",
            "apt",
            "apartment",
            "unit",
            "maisonette",
            "flt",
            "penthouse",
            "plot",
            "pitch",
            "caravan",
            "chalet",
            "bothy",
            "house",
            "hse",
            "shop",
            "block",
            "berth",
            "studio",
            "bunk",
            "lodge",
        ],
    ),
    (
        Cue::Building,
        &[
            "house",
            "hse",
            "court",
            "ct",
            "tower",
            "towers",
            "lodge",
            "hall",
            "mansions",
            "cottage",
            "cottages",
            "cott",
            "farm",
            "farmhouse",
            "barn",
            "mill",
            "villas",
            "villa",
            "heights",
            "point",
            "bungalow",
            "forge",
            "rectory",
            "vicarage",
            "almshouses",
            "croft",
            "steading",
            "grange",
            "manor",
            "flats",
            "apartments",
            "building",
            "buildings",
            "wharf",
        ],
    ),
    (
        Cue::Colleague,
        &[
            "ask", "asked", "bleep", "bleeped", "cc", "cheers", "dw", "d/w", "thanks", "thx", "ta", "per",
            "paged", "informed", "covering",
        ],
    ),
    (
        Cue::Floor,
        &[
            "ground", "first", "second", "third", "fourth", "top", "basement", "garden", "upper", "lower",
            "attic", "rear", "front", "1st", "2nd", "3rd", "4th",
        ],
    ),
    (Cue::Opening, &["a", "no", "number", "the"]),
    (
        Cue::Measure,
        &[
            "hour", "hours", "hr", "hrs", "min", "mins", "minute", "minutes", "mile", "miles", "week",
            "weeks", "day", "days", "step", "steps", "puffs", "x", "way", "more", "other", "in", "on", "of",
            "to", "at", "for", "and", "the", "a", "by", "per", "month", "months", "year", "years", "times",
            "metre", "metres", "m", "mg", "ml", "l", "pm", "am",
        ],
    ),
];

/// Words before a name that show one comes, how strongly, and how: naming, greeting, contact.
const NAME_LEADS: &[(&str, f32, &str)] = &[
    ("named", 4.0, "a word for naming stands before it"),
    ("called", 2.0, "a word for naming stands before it"),
    ("name", 3.0, "a word for naming stands before it"),
    ("surname", 4.0, "a word for naming stands before it"),
    ("forename", 4.0, "a word for naming stands before it"),
    ("known", 1.0, "a word for naming stands before it"),
    ("aka", 4.0, "a word for naming stands before it"),
    ("nee", 3.0, "a word for naming stands before it"),
    ("hi", 3.0, "a greeting stands before it"),
    ("hiya", 3.0, "a greeting stands before it"),
    ("hello", 3.0, "a greeting stands before it"),
    ("hey", 3.0, "a greeting stands before it"),
    ("dear", 3.0, "a greeting stands before it"),
    ("morning", 1.5, "a greeting stands before it"),
    ("afternoon", 1.5, "a greeting stands before it"),
    ("evening", 1.0, "a greeting stands before it"),
    ("thanks", 2.5, "a greeting stands before it"),
    ("thank", 0.5, "a greeting stands before it"),
    ("thx", 2.5, "a greeting stands before it"),
    ("cheers", 2.5, "a greeting stands before it"),
    ("ta", 1.5, "a greeting stands before it"),
    ("rgds", 2.5, "a greeting stands before it"),
    ("rgrds", 2.5, "a greeting stands before it"),
    ("regds", 2.5, "a greeting stands before it"),
    ("brgds", 2.5, "a greeting stands before it"),
    ("brgs", 2.5, "a greeting stands before it"),
    ("sorry", 1.5, "a greeting stands before it"),
    ("its", 1.5, "the writer gives a name"),
    ("it's", 1.5, "the writer gives a name"),
    ("i'm", 1.5, "the writer gives a name"),
    ("im", 1.0, "the writer gives a name"),
    ("ask", 2.0, "a word for contact stands before it"),
    ("asked", 1.5, "a word for contact stands before it"),
    ("ring", 2.0, "a word for contact stands before it"),
    ("phone", 1.0, "a word for contact stands before it"),
    ("tell", 2.0, "a word for contact stands before it"),
    ("told", 1.5, "a word for contact stands before it"),
    ("text", 1.5, "a word for contact stands before it"),
    ("email", 1.0, "a word for contact stands before it"),
    ("contact", 1.0, "a word for contact stands before it"),
    ("bleep", 1.0, "a word for contact stands before it"),
    ("chase", 0.5, "a word for contact stands before it"),
    ("cc", 1.5, "a word for contact stands before it"),
    ("with", 0.8, "a preposition stands before it"),
    ("for", 0.8, "a preposition stands before it"),
    ("from", 0.5, "a preposition stands before it"),
    ("by", 0.8, "a preposition stands before it"),
    ("to", 0.3, "a preposition stands before it"),
    ("re", 2.5, "\"re\" stands before it"),
    ("about", 0.8, "a preposition stands before it"),
    ("and", 0.3, "a joining word stands before it"),
    ("per", 0.8, "a preposition stands before it"),
    ("dw", 1.5, "a word for contact stands before it"),
    ("see", 0.8, "a word for contact stands before it"),
    ("seen", 0.5, "a word for contact stands before it"),
];

/// Slots of the table: a power of two well above the number of words, so that a search seldom goes past the first.
const SLOTS: usize = 2048;

#[derive(Clone, Copy, Default)]
struct Slot {
    /// The word's [`tag`]; 0 where the slot is free.
    tag: u32,
    cues: Cues,
    /// One more than the index of the lead, or 0.
    lead: u16,
}

/// Every cue with every word of it, those of the recognisers' own lists too.
fn listed() -> impl Iterator<Item = (Cue, &'static str)> {
    let own = CUES.iter().flat_map(|(cue, words)| words.iter().map(|word| (*cue, *word)));
    own.chain(spoken::words().map(|word| (Cue::Spoken, word)))
        .chain(spoken::names().map(|word| (Cue::Identifier, word)))
        .chain(address::homes().map(|word| (Cue::Home, word)))
        .chain(names::nobody().map(|word| (Cue::Nobody, word)))
        .chain(names::short_surnames().map(|word| (Cue::ShortSurname, word)))
        .chain(names::asides().map(|word| (Cue::Aside, word)))
        .chain(names::lead_ins().map(|word| (Cue::LeadIn, word)))
}

/// The table, by the dictionary's hash of the word.
static TABLE: LazyLock<Vec<Slot>> = LazyLock::new(|| {
    let mut slots = vec![Slot::default(); SLOTS];
    for (cue, word) in listed() {
        if let Some(slot) = slot_mut(&mut slots, word) {
            slot.cues = slot.cues.union(Cues(cue as u32));
        }
    }
    for (index, (word, _, _)) in (1..).zip(NAME_LEADS) {
        if let Some(slot) = slot_mut(&mut slots, word) {
            slot.lead = index;
        }
    }
    slots
});

/// The part of a hash that a slot keeps, never 0: with the slot that the other part gives, a word that is in no list is
/// taken for one that is with a probability of less than one in a thousand million.
fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32 | 1
}

/// The slots in which the word may be, in order.
fn probe(hash: u64) -> impl Iterator<Item = usize> {
    (0..SLOTS).map(move |step| (hash as usize).wrapping_add(step) % SLOTS)
}

fn slot_mut<'t>(slots: &'t mut [Slot], word: &str) -> Option<&'t mut Slot> {
    let hash = hash::word(word.as_bytes());
    let at =
        probe(hash).find(|at| slots.get(*at).is_some_and(|slot| slot.tag == tag(hash) || slot.tag == 0))?;
    let slot = slots.get_mut(at)?;
    slot.tag = tag(hash);
    Some(slot)
}

fn slot(word: u64) -> Option<Slot> {
    probe(word)
        .map(|at| TABLE.get(at).copied().unwrap_or_default())
        .find(|slot| slot.tag == tag(word) || slot.tag == 0)
        .filter(|slot| slot.tag != 0)
}

/// The cues that the word of this hash is.
pub(crate) fn of(word: u64) -> Cues {
    slot(word).unwrap_or_default().cues
}

/// How strongly the word of this hash before a name shows that one comes, and why.
pub(crate) fn name_lead(word: u64) -> Option<(f32, &'static str)> {
    let lead = slot(word)?.lead;
    let (_, weight, why) = NAME_LEADS.get(usize::from(lead).checked_sub(1)?)?;
    Some((*weight, why))
}

#[cfg(test)]
mod tests {
    use super::{NAME_LEADS, Slot, TABLE, listed, name_lead, of};

    fn hash(word: &str) -> u64 {
        crate::dictionary::hash::word(word.as_bytes())
    }

    #[test]
    fn every_listed_word_is_found_and_others_are_not() {
        for (cue, word) in listed() {
            assert!(of(hash(word)).has(cue), "{word}");
            assert!(!of(hash("zyzzyva")).has(cue));
        }
        for (word, weight, why) in NAME_LEADS {
            assert_eq!(name_lead(hash(word)), Some((*weight, *why)), "{word}");
        }
        assert_eq!(name_lead(hash("")), None);
        let free = TABLE.iter().filter(|slot| slot.tag == Slot::default().tag).count();
        assert!(free > TABLE.len() / 4, "searches go past too many slots: {free} are free");
    }
}
