//! Words for diseases and for what befalls patients, of which one makes a message clinical.
//!
//! The dictionary lists them among all clinical words, with "shift", "bay" and "list". Here are those that mean nothing
//! else, and the endings that medicine keeps to itself. Given up: what chat says as well ("broke", "attack", "fit",
//! "shock", "covid"), abbreviations that are names or words (TIA, MS, TB, PE), which take a second clinical word, and
//! telling a patient's illness from the sender's own.

use crate::dictionary::hash;

/// Words that mean nothing else. Forms that end as below need no line.
const WORDS: &[&str] = &[
    "abortion",
    "abortions",
    "abscess",
    "alzheimers",
    "amputated",
    "amputation",
    "angina",
    "anorexia",
    "anorexic",
    "asthma",
    "asthmatic",
    "bulimia",
    "bulimic",
    "cancer",
    "cancers",
    "cataract",
    "cataracts",
    "chemo",
    "chemotherapy",
    "chlamydia",
    "comatose",
    "concussion",
    "convulsion",
    "convulsions",
    "copd",
    "dementia",
    "diabetes",
    "diabetic",
    "dialysis",
    "dvt",
    "eclampsia",
    "embolism",
    "embolus",
    "emphysema",
    "epileptic",
    "fibrillation",
    "fibroids",
    "fracture",
    "fractured",
    "fractures",
    "gangrene",
    "haematemesis",
    "haemophilia",
    "hernia",
    "herpes",
    "hiv",
    "infarct",
    "infarction",
    "jaundice",
    "metastases",
    "metastatic",
    "mets",
    "migraine",
    "migraines",
    "miscarriage",
    "miscarriages",
    "miscarried",
    "miscarrying",
    "mrsa",
    "nstemi",
    "oedema",
    "overdose",
    "overdosed",
    "overdoses",
    "palsy",
    "pneumonia",
    "pneumothorax",
    "preeclampsia",
    "psoriasis",
    "psychotic",
    "rabies",
    "schizophrenia",
    "schizophrenic",
    "seizure",
    "seizures",
    "sepsis",
    "shingles",
    "stemi",
    "stillbirth",
    "stillborn",
    "stroke",
    "strokes",
    "suicidal",
    "suicide",
    "syphilis",
    "tetanus",
    "thrombus",
    "tumour",
    "tumours",
    "ulcer",
    "ulcers",
    "uti",
];

/// Pairs of words that mean one.
const PAIRS: &[(&str, &str)] = &[
    ("cardiac", "arrest"),
    ("heart", "attack"),
    ("heart", "failure"),
    ("kidney", "failure"),
    ("liver", "failure"),
    ("renal", "failure"),
    ("self", "harm"),
    ("self", "harmed"),
    ("self", "harming"),
];

/// Endings of words for diseases and operations.
const ENDINGS: &[&str] = &[
    "aemia", "algia", "ectomy", "emia", "epsy", "itis", "oma", "omas", "opathy", "osis", "ostomy", "otomy",
    "paresis", "penia", "plegia", "plegic", "ptysis", "rrhage", "rrhoea", "uria",
];

/// Words that end so and are none, or are said at work of no patient.
const OTHERS: &[&str] = &[
    "academia",
    "aroma",
    "aromas",
    "autopsy",
    "biopsy",
    "bohemia",
    "diagnosis",
    "dichotomy",
    "diploma",
    "diplomas",
    "homeopathy",
    "hypnosis",
    "metamorphosis",
    "nostalgia",
    "osmosis",
    "osteopathy",
    "prognosis",
    "symbiosis",
];

/// What follows such a word where it names people, places and doings at work, and no patient's illness.
const AT_WORK: &[&str] = &[
    "awareness",
    "charity",
    "clinic",
    "conference",
    "consultant",
    "lecture",
    "nurse",
    "nurses",
    "research",
    "service",
    "services",
    "talk",
    "teaching",
    "team",
    "training",
    "unit",
    "ward",
];

/// The lists above as hashes of words, which tokens have.
pub(super) struct Conditions {
    words: Vec<u64>,
    pairs: Vec<(u64, u64)>,
    at_work: Vec<u64>,
    stroke_of: (u64, u64),
}

impl Conditions {
    pub(super) fn new() -> Self {
        let of = |word: &str| hash::word(word.as_bytes());
        let sorted = |words: &[&str]| {
            let mut hashes: Vec<u64> = words.iter().copied().map(of).collect();
            hashes.sort_unstable();
            hashes
        };
        let mut pairs: Vec<(u64, u64)> = PAIRS.iter().map(|(one, two)| (of(one), of(two))).collect();
        pairs.sort_unstable();
        Self { words: sorted(WORDS), pairs, at_work: sorted(AT_WORK), stroke_of: (of("stroke"), of("of")) }
    }

    /// Whether a word, given as hash, tells of a disease or event, between those before and after it.
    pub(super) fn tells(&self, before: u64, word: u64, after: u64) -> bool {
        let is_one = self.words.binary_search(&word).is_ok() && (word, after) != self.stroke_of;
        (is_one || self.pairs.binary_search(&(before, word)).is_ok()) && !self.is_at_work(after)
    }

    /// Whether a word tells of one by its ending.
    pub(super) fn ends(&self, word: &str, after: u64) -> bool {
        ENDINGS.iter().any(|ending| word.len() > ending.len() + 1 && word.ends_with(ending))
            && !OTHERS.contains(&word)
            && !self.is_at_work(after)
    }

    fn is_at_work(&self, after: u64) -> bool {
        self.at_work.binary_search(&after).is_ok()
    }
}
