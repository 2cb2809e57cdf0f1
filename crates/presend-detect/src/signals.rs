//! What a message tells beside its identifiers: whether it is clinical, tells of a decision, speaks of an attachment.

mod conditions;

use std::sync::LazyLock;

use crate::Scratch;
use crate::dictionary::{Class, ClassSet, hash};
use crate::document::Document;
use crate::token::Case;

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
    // Words in square brackets are placeholders of what was minimised before.
    let mut in_brackets = false;
    for (at, token) in document.tokens().iter().enumerate() {
        let word = document.word(token);
        match word {
            "[" => in_brackets = true,
            "]" => in_brackets = false,
            _ => {}
        }
        if in_brackets || !token.is_word() {
            continue;
        }
        let after = document.hash_at(at + 1);
        // A surname may end like a disease: Okoroma.
        let is_no_name = token.case == Case::Lower || token.entry.has(Class::Clinical);
        let has_ending = || is_no_name && word.len() >= SHORTEST && telling.conditions.ends(word, after);
        // "Mrs" is a score too, but "mRS" that.
        let is_title = token.entry.has(Class::TitleAny) && token.case != Case::Mixed;
        let is_plain = token.entry.has_any(PLAIN) && !is_title;
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
            "",
        ] {
            assert!(!of(text).clinical, "{text}");
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
