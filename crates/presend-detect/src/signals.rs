//! What a message tells beside its identifiers: whether it is clinical, tells of a decision, speaks of an attachment.

mod conditions;

use std::sync::LazyLock;

use crate::dictionary::{Class, ClassSet, hash};
use crate::document::Document;
use crate::token::{Case, Token, TokenKind};
use crate::{Label, Scratch};

use conditions::Conditions;

/// What the words of a message tell beside its identifiers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signals {
    /// It holds clinical words: drugs, results, scores, devices, units, what is said of patients.
    pub clinical: bool,
    /// It tells of a decision about care: started, stopped, for theatre, not for resuscitation.
    pub decision: bool,
    /// It speaks of a picture, recording or file that goes with it.
    pub attachment: bool,
}

/// Classes of which one word makes a message clinical. Wards and units are where people work, and no clinical detail.
const PLAIN: ClassSet =
    ClassSet::of(&[Class::Drug, Class::Score, Class::Device, Class::Eponym, Class::PatientWord]);

/// Classes of words that name a place of work, whatever else they are.
const PLACES: ClassSet = ClassSet::of(&[Class::UnitGeneric, Class::WardWord]);

/// The shortest word that is looked at for its ending, in bytes.
const SHORTEST: usize = 6;

/// Clinical words and abbreviations that are chat's as well, so that it takes two of them.
const WORDS_NEEDED: usize = 2;

/// From this frequency on, in tenths of Zipf's, a word is too common to say anything: "me", "on", "may".
const COMMON: u8 = 55;

/// What is measured of a patient: with a number behind it, one is enough. In order.
const MEASURED: &[&str] = &[
    "afp",
    "albumin",
    "alp",
    "alt",
    "ammonia",
    "amylase",
    "aptt",
    "ast",
    "b12",
    "bicarb",
    "bili",
    "bilirubin",
    "bm",
    "bmi",
    "bms",
    "bnp",
    "bp",
    "calcium",
    "cbg",
    "cea",
    "cholesterol",
    "ck",
    "creat",
    "creatinine",
    "crp",
    "ddimer",
    "dimer",
    "ef",
    "egfr",
    "esr",
    "ferritin",
    "fev1",
    "folate",
    "ggt",
    "glucose",
    "haemoglobin",
    "hb",
    "hba1c",
    "hcg",
    "hct",
    "hr",
    "inr",
    "k",
    "ketones",
    "lact",
    "lactate",
    "lipase",
    "lithium",
    "lvef",
    "lymphocytes",
    "magnesium",
    "mcv",
    "na",
    "neutrophils",
    "neuts",
    "pco2",
    "pefr",
    "ph",
    "phosphate",
    "platelets",
    "plt",
    "plts",
    "po2",
    "potassium",
    "psa",
    "pulse",
    "qtc",
    "rr",
    "sats",
    "sodium",
    "spo2",
    "t4",
    "temp",
    "temperature",
    "trop",
    "troponin",
    "tsh",
    "urate",
    "urea",
    "wbc",
    "wcc",
];

/// What may stand between these and their number. In order.
const BEFORE_NUMBERS: &[&str] = &[
    "are", "at", "back", "came", "down", "dropped", "is", "now", "of", "only", "still", "to", "today", "up",
    "was", "were",
];
/// The most words and marks that may stand there.
const BETWEEN_MOST: usize = 3;
/// The most digits of a result; longer numbers are of telephones.
const DIGITS_MOST: usize = 5;

/// What is said of people in chat as well, but with a title of patients: "Mrs Okafor is pregnant". In order.
const STATES: &[&str] = &[
    "addict",
    "alcoholic",
    "bipolar",
    "deceased",
    "delirious",
    "demented",
    "depressed",
    "died",
    "dying",
    "incontinent",
    "intubated",
    "manic",
    "paranoid",
    "pregnant",
    "septic",
];
/// How far the title may be before such a word, in words.
const TITLE_WITHIN: usize = 5;

/// What stands for a person or a group in numbered stand-ins, beside the labels' own words.
const PEOPLE: &[&str] = &["patient", "relative", "staff", "person", "group"];

/// Words that tell of a decision by themselves.
const DECISIONS: &[&str] = &[
    "agreed",
    "cancelled",
    "ceiling",
    "commence",
    "commenced",
    "consented",
    "decided",
    "decision",
    "discharge",
    "discharged",
    "discontinue",
    "discontinued",
    "dnacpr",
    "dnar",
    "escalate",
    "escalated",
    "increased",
    "palliative",
    "plan",
    "reduced",
    "restarted",
    "sectioned",
    "started",
    "stopped",
    "switched",
    "withheld",
    "withhold",
];

/// Pairs of words that tell of a decision.
const DECISION_PAIRS: &[(&str, &str)] = &[
    ("can", "go"),
    ("fast", "track"),
    ("for", "discharge"),
    ("for", "home"),
    ("for", "resus"),
    ("for", "surgery"),
    ("for", "theatre"),
    ("hold", "off"),
    ("not", "for"),
    ("please", "give"),
    ("please", "start"),
    ("please", "stop"),
    ("will", "give"),
    ("will", "start"),
    ("will", "stop"),
];

/// Words that speak of something attached; media that an app names in angle brackets are among them.
const ATTACHMENTS: &[&str] = &[
    "attached",
    "attachment",
    "image",
    "images",
    "omitted",
    "photo",
    "photos",
    "pic",
    "pics",
    "picture",
    "pictures",
    "screenshot",
    "screenshots",
    "video",
    "videos",
];

/// The lists above as hashes of words, which tokens have.
struct Telling {
    decisions: Vec<u64>,
    pairs: Vec<(u64, u64)>,
    attachments: Vec<u64>,
    conditions: Conditions,
    /// What stands in brackets in place of what was taken out, in lower case as folded text has it.
    stand_ins: Vec<String>,
}

static TELLING: LazyLock<Telling> = LazyLock::new(|| {
    let hashes = |words: &[&str]| {
        let mut hashes: Vec<u64> = words.iter().map(|word| hash::word(word.as_bytes())).collect();
        hashes.sort_unstable();
        hashes
    };
    let mut pairs: Vec<(u64, u64)> = DECISION_PAIRS
        .iter()
        .map(|(one, two)| (hash::word(one.as_bytes()), hash::word(two.as_bytes())))
        .collect();
    pairs.sort_unstable();
    Telling {
        decisions: hashes(DECISIONS),
        pairs,
        attachments: hashes(ATTACHMENTS),
        conditions: Conditions::new(),
        stand_ins: Label::ALL
            .iter()
            .flat_map(|label| [label.placeholder(), label.name()])
            .chain(PEOPLE.iter().copied())
            .map(str::to_lowercase)
            .collect(),
    }
});

impl Scratch {
    /// What the message scanned last tells beside its identifiers.
    #[must_use]
    pub fn signals(&self) -> Signals {
        signals(&self.document)
    }
}

fn signals(document: &Document) -> Signals {
    let mut signals = Signals::default();
    let mut clinical = 0;
    let telling = &*TELLING;
    let mut before = 0;
    // Where the last placeholder of what was minimised before ends.
    let mut placeholder = 0;
    // Where the last title stands, with nothing since that ends what is said of its bearer.
    let mut title = None;
    for (at, token) in document.tokens().iter().enumerate() {
        let word = document.word(token);
        if word == "[" {
            placeholder = placeholder_end(document.text(), token.end as usize).unwrap_or(placeholder);
        }
        if (token.start as usize) < placeholder {
            continue;
        }
        if is_measured(document, at, token) {
            clinical += WORDS_NEEDED;
        }
        if !token.is_word() {
            if !matches!(word, "." | ",") {
                title = None;
            }
            continue;
        }
        let after = document.hash_at(at + 1);
        // A surname may end like a disease: Okoroma.
        let is_no_name = token.case == Case::Lower || token.entry.has(Class::Clinical);
        let has_ending = || is_no_name && word.len() >= SHORTEST && telling.conditions.ends(word, after);
        // "Mrs" is a score too, but "mRS" that.
        let is_title = token.entry.has(Class::TitleAny) && token.case != Case::Mixed;
        if is_title {
            title = Some(at);
        } else if token.is_possessive() {
            title = None;
        }
        let is_state =
            STATES.binary_search(&word).is_ok() && title.is_some_and(|title| at - title <= TITLE_WITHIN);
        let is_plain = token.entry.has_any(PLAIN) && !is_title || is_state;
        if is_plain || telling.conditions.tells(before, token.hash, after) || has_ending() {
            clinical += WORDS_NEEDED;
        } else if token.entry.has(Class::Clinical)
            && !token.entry.has_any(PLACES)
            && token.entry.zipf_tenths() < COMMON
        {
            clinical += 1;
        }
        signals.decision |= telling.decisions.binary_search(&token.hash).is_ok()
            || telling.pairs.binary_search(&(before, token.hash)).is_ok();
        signals.attachment |= telling.attachments.binary_search(&token.hash).is_ok();
        before = token.hash;
    }
    signals.clinical = clinical >= WORDS_NEEDED;
    signals
}

/// Where the placeholder ends whose bracket opens before `from`, if it is one.
fn placeholder_end(text: &str, from: usize) -> Option<usize> {
    let inside = text.get(from..)?;
    let end = inside
        .find([']', '[', '\n'])
        .filter(|end| inside.get(*end..).is_some_and(|rest| rest.starts_with(']')))?;
    let inside = inside.get(..end)?;
    // Behind the words stands a number, a hash or a token, and no more words.
    let is_mark =
        |rest: &str| !rest.starts_with(char::is_alphanumeric) && rest.split_whitespace().count() <= 1;
    let is_ours =
        TELLING.stand_ins.iter().any(|word| inside.strip_prefix(word.as_str()).is_some_and(is_mark));
    is_ours.then_some(from + end + 1)
}

/// Whether the number at the token tells a time or how long: "HR at 2", "seeing K at 10.30", "temp 12 weeks".
fn is_time(document: &Document, at: usize) -> bool {
    const LENGTHS: &[&str] =
        &["am", "days", "hours", "hrs", "min", "mins", "months", "o'clock", "pm", "weeks", "wks", "years"];
    at.checked_sub(1).is_some_and(|before| document.word_at(before) == "at")
        || document.word_at(at + 1) == ":" && document.gap(at, at + 1).is_empty()
        || LENGTHS.contains(&document.word_at(at + 1))
}

/// Whether the word is something measured and a result stands behind it: "K 6.1", "sats down to 82", "Hb74".
fn is_measured(document: &Document, at: usize, token: &Token) -> bool {
    let is_known = |word: &str| MEASURED.binary_search(&word).is_ok();
    let word = document.word(token);
    let is_number =
        |at: usize| document.tokens().get(at).is_some_and(|token| token.kind == TokenKind::Number);
    // "1 hr 30", "10 k 40 min".
    if at.checked_sub(1).is_some_and(is_number) {
        return false;
    }
    // A single letter is much else: "k 10 mins".
    let is_decimal = |at: usize| {
        document.word_at(at + 1) == "." && document.gap(at, at + 1).is_empty() && is_number(at + 2)
    };
    let fits = |word: &str, at: usize| word.len() > 1 || is_decimal(at);
    if token.kind == TokenKind::Mixed && !is_known(word) {
        let name = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
        return is_known(name) && word.len() - name.len() <= DIGITS_MOST && fits(name, at);
    }
    if !matches!(token.kind, TokenKind::Word | TokenKind::Mixed) || !is_known(word) {
        return false;
    }
    for (next, between) in document.tokens().iter().enumerate().skip(at + 1).take(BETWEEN_MOST + 1) {
        let text = document.word(between);
        match between.kind {
            TokenKind::Number => {
                let is_dialled = text.len() > DIGITS_MOST || text.len() > 1 && text.starts_with('0');
                return !is_dialled && !is_time(document, next) && fits(word, next);
            }
            TokenKind::Punct if ":=~<>+-(".contains(text) => {}
            TokenKind::Word if BEFORE_NUMBERS.binary_search(&text).is_ok() => {}
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Detector;

    fn of(text: &str) -> Signals {
        let mut scratch = Scratch::default();
        let _ = Detector::new().scan_with(&mut scratch, text);
        scratch.signals()
    }

    #[test]
    fn clinical_messages_are_told_from_others() {
        for text in [
            "K 6.1 on the gas, calcium gluconate given",
            "pt in bed 4 needs a cannula",
            "apixaban dose?",
            "GCS 13 and dropping",
            "sats 88 on 2L, crackles both bases",
            "Tommy Reeve has leukaemia",
            "poor Mr Lacey had a seizure in the lift today",
            "she had a miscarriage",
            "HEART ATTACK on the stairs",
            "cancer of the bowel, so sad",
            "Jean's self-harm again",
            "is it meningitis?",
            "he had a stroke",
            "mRS 3 before this",
            "Mrs Okafor K 6.1",
            "Mr Haddow Hb 74",
            "Okafor BP 90/60",
            "potassium of 6.1",
            "creat 400",
            "sats down to 82",
            "temp: 39.1",
            "CRP300",
            "K6.1",
            "trop >400",
            "Mrs Okafor is pregnant",
            "Mr Haddow is an alcoholic",
            "poor Mr. Haddow died last night",
            "Gutted :[ Mr Haddow on methadone again",
            "[Mr Haddow is on methadone]",
            "[NAME is on methadone]",
        ] {
            assert!(of(text).clinical, "{text}");
        }
        for text in [
            "pizza at 8? Kate is in",
            "call me on 07700 900617",
            "happy birthday!! see you at the pub",
            "who has the keys to the office",
            "train is late again, start without me",
            "[WARD/BED] and [NAME] at the pub",
            "Ward 7 quiz night 12 April, who's in?",
            "AMU Christmas do, who is in?",
            "stroke ward drinks on Friday",
            "cancer research fun run",
            "a stroke of luck",
            "my diploma came today",
            "Mrs Okoroma made the cake",
            "k 10, see you at the pub",
            "1 hr 30 on the train",
            "ph 07700 900617",
            "Kate is pregnant, drinks on me",
            "my phone died",
            "Mrs Okafor's dog died",
            "[PATIENT 1] and [STAFF 2] at the pub",
            "[NHS NUMBER #4k9d] at the pub",
            "",
        ] {
            assert!(!of(text).clinical, "{text}");
        }
    }

    #[test]
    fn tables_are_in_order() {
        for table in [MEASURED, BEFORE_NUMBERS, STATES] {
            assert!(table.is_sorted(), "{table:?}");
        }
    }

    #[test]
    fn decisions_and_attachments_are_seen() {
        for (text, decision, attachment) in [
            ("not for escalation, DNACPR signed", true, false),
            ("amoxicillin stopped, doxy started", true, false),
            ("will start apixaban tonight", true, false),
            ("see pic of the ECG", false, true),
            ("<Media omitted>", false, true),
            ("bloods at 6 please", false, false),
        ] {
            let signals = of(text);
            assert_eq!((signals.decision, signals.attachment), (decision, attachment), "{text}");
        }
    }
}
