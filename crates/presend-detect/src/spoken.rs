//! Numbers dictated digit by digit: "nine nine nine four", "double oh seven", "943 four seven six".
//!
//! Words for digits, digits themselves, spelled letters and words for dashes are joined into a run. A run counts only by
//! what it is: ten digits that pass Modulus 11, the form of an NMC PIN; or by what it is called right before or after
//! ("serial number", "key safe", "CAD"). Telephone numbers in words are `detectors/phone.toml`'s. Doses and observations are dictated too
//! ("two point five", "one in ten thousand"), so a run without either is nothing.

mod disguised;

use std::sync::OnceLock;

use crate::context::Phrases;
use crate::cues::Cue;
use crate::dictionary::Class;
use crate::document::Document;
use crate::finding::Raw;
use crate::spec::{Candidate, Verdict};
use crate::token::{Case, TokenKind};
use crate::{Label, validators};

/// How many words before a run are searched for what it is called.
const WINDOW: usize = 6;
/// The most characters that a run may have: a card number with dashes, with room to spare.
const LONGEST: usize = 48;

/// The fewest characters of a run that is something: a bleep.
const SHORTEST: usize = 3;

/// What a run is when a word calls it so.
struct Kind {
    label: Label,
    /// The fewest and the most characters, dashes apart.
    length: (usize, usize),
    /// Whether letters may be among them.
    letters: bool,
    note: &'static str,
    before: &'static [&'static str],
    after: &'static [&'static str],
}

const KINDS: &[Kind] = &[
    Kind {
        label: Label::Mrn,
        length: (4, 10),
        letters: true,
        note: "a spoken number that the message calls a record number",
        before: &[
            "hospital number",
            "hospital no",
            "hosp number",
            "hosp no",
            "mrn",
            "m r n",
            "record number",
            "unit number",
            "clinic number",
            "booking number",
            "booking",
            "case note number",
            "casenote number",
            "case notes",
            "rio",
            "rio number",
            "emis",
            "emis number",
            "systmone",
            "system one",
            "k number",
            "x number",
            "patient number",
            "patient id",
            "pas number",
            "epr number",
            "notes number",
            "badger number",
        ],
        after: &["hospital number", "mrn", "rio number"],
    },
    Kind {
        label: Label::ProfessionalId,
        length: (4, 12),
        letters: true,
        note: "a spoken number that the message calls a registration",
        before: &[
            "gmc",
            "g m c",
            "gmc number",
            "nmc",
            "n m c",
            "nmc pin",
            "pin number",
            "gphc",
            "g p h c",
            "gdc",
            "g d c",
            "hcpc",
            "h c p c",
            "prescriber number",
            "prescriber",
            "registration number",
            "smartcard",
            "smart card",
        ],
        after: &["gmc", "nmc"],
    },
    Kind {
        label: Label::DeviceId,
        length: (3, 20),
        letters: true,
        note: "a spoken number that the message calls a serial number",
        before: &[
            "serial number",
            "serial no",
            "serial",
            "s n",
            "device number",
            "imei",
            "i m e i",
            "pump number",
            "kit number",
        ],
        after: &["serial number"],
    },
    Kind {
        label: Label::Phone,
        length: (3, 5),
        letters: false,
        note: "a spoken number that the message calls an extension or bleep",
        before: &["ext", "extension", "extn", "bleep", "bleeper", "bleeps", "pager"],
        after: &["bleep", "extension"],
    },
    Kind {
        label: Label::BankAccount,
        length: (6, 6),
        letters: false,
        note: "a spoken number that the message calls a sort code",
        before: &["sort code", "sort"],
        after: &[],
    },
    Kind {
        label: Label::BankAccount,
        length: (7, 10),
        letters: false,
        note: "a spoken number that the message calls an account number",
        before: &["account", "account number", "acc", "acct", "acc number"],
        after: &[],
    },
    Kind {
        label: Label::PaymentCard,
        length: (13, 19),
        letters: false,
        note: "a spoken number that the message calls a card number",
        before: &["card", "card number", "visa", "mastercard", "debit card", "credit card", "long number"],
        after: &[],
    },
    Kind {
        label: Label::PaymentCard,
        length: (4, 4),
        letters: false,
        note: "the last digits of a card number, spoken",
        before: &["card ending", "card ends", "card ending in", "card ends in", "last four of the card"],
        after: &["on the card"],
    },
    Kind {
        label: Label::Passport,
        length: (7, 9),
        letters: true,
        note: "a spoken number that the message calls a passport's",
        before: &["passport", "passport number", "passport no"],
        after: &[],
    },
    Kind {
        label: Label::OtherId,
        length: (3, 16),
        letters: true,
        note: "a spoken number that the message calls a reference",
        before: &[
            "cad",
            "c a d",
            "cad number",
            "police log",
            "log number",
            "log no",
            "log",
            "crime number",
            "crime reference",
            "incident number",
            "datix",
            "datix number",
            "reference",
            "reference number",
            "ref",
            "ref number",
            "lab number",
            "lab no",
            "sample number",
            "specimen number",
            "accession number",
            "book number",
            "case number",
            "claim number",
            "job number",
            "key safe",
            "keysafe",
            "keysafe code",
            "key safe code",
            "gate code",
            "door code",
            "code for the gate",
            "code for the door",
            "ubrn",
            "u b r n",
            "wristband",
            "wristband number",
            "band number",
            "unit of blood",
            "donation number",
            "collar number",
            "shoulder number",
            "complaint number",
            "permit number",
            "certificate number",
            "nhs ends",
            "nhs number ends",
            "ends in",
            "ending in",
            "ending",
            "last four",
            "last four digits",
            "last four are",
            "last 4",
            "last three digits",
        ],
        after: &[],
    },
];

const NHS: &[&str] = &["nhs", "n h s", "nhs number", "nhs no", "health number", "baby number"];
const CHI: &[&str] = &["chi", "c h i", "chi number"];
const HSC: &[&str] = &["hcn", "h c n", "h and c", "h & c", "health and care", "hsc"];
const NI: &[&str] =
    &["ni number", "n i number", "national insurance", "national insurance number", "n i", "ni", "nino"];
/// What a registration mark is called, and makes that stand before one.
const VEHICLE: &[&str] = &[
    "reg",
    "registration",
    "registration number",
    "plate",
    "number plate",
    "car",
    "van",
    "vehicle",
    "parked",
    "volvo",
    "ford",
    "vauxhall",
    "corsa",
    "astra",
    "bmw",
    "audi",
    "golf",
    "polo",
    "fiesta",
    "focus",
    "toyota",
    "yaris",
    "nissan",
    "micra",
    "honda",
    "kia",
    "hyundai",
    "mini",
    "fiat",
    "renault",
    "clio",
    "peugeot",
    "citroen",
    "skoda",
    "mercedes",
    "tesla",
    "lorry",
    "taxi",
];
const POSTCODE: &[&str] = &["postcode", "post code", "pcode", "postal code"];
/// What is said before a number that is no person's.
const AGAINST: &[&str] = &[
    "lot",
    "lot number",
    "batch",
    "batch number",
    "order",
    "order number",
    "model",
    "model number",
    "part number",
    "invoice",
    "purchase order",
    "meeting id",
    "ticket",
    "job code",
    "error",
    "error code",
    "asset",
    "asset number",
    "platelets",
];
/// Numbers that everybody rings.
const SHARED_NUMBERS: &[&str] = &["111", "101", "112", "999", "2222", "3333", "5555"];

/// The phrases of all kinds, compiled once.
struct Contexts {
    before: Vec<Phrases>,
    after: Vec<Phrases>,
    nhs: Phrases,
    chi: Phrases,
    hsc: Phrases,
    ni: Phrases,
    vehicle: Phrases,
    postcode: Phrases,
    against: Phrases,
}

fn contexts() -> &'static Contexts {
    static CONTEXTS: OnceLock<Contexts> = OnceLock::new();
    CONTEXTS.get_or_init(|| Contexts {
        before: KINDS.iter().map(|kind| Phrases::new(kind.before)).collect(),
        after: KINDS.iter().map(|kind| Phrases::new(kind.after)).collect(),
        nhs: Phrases::new(NHS),
        chi: Phrases::new(CHI),
        hsc: Phrases::new(HSC),
        ni: Phrases::new(NI),
        vehicle: Phrases::new(VEHICLE),
        postcode: Phrases::new(POSTCODE),
        against: Phrases::new(AGAINST),
    })
}

/// One character of a run and the tokens that said it.
#[derive(Clone, Copy, Debug)]
struct Glyph {
    character: u8,
    /// The first token that said it, and the one after the last.
    tokens: (usize, usize),
    /// Whether it was said as part of a number over nine, such as "forty four".
    tens: bool,
    /// Whether it was said in words.
    spelled: bool,
}

impl Glyph {
    fn is_mark(&self) -> bool {
        matches!(self.character, b'-' | b'/' | b'.')
    }

    fn is_digit(&self) -> bool {
        self.character.is_ascii_digit()
    }
}

/// Adds the dictated and disguised numbers that are identifiers to `found`, which holds what the patterns found.
pub(crate) fn scan(document: &Document, found: &mut Vec<Raw>) {
    disguised::scan(document, found);
    if !document.classes().has(Class::NumberWord) {
        return;
    }
    let mut run = Vec::with_capacity(LONGEST);
    let mut index = 0;
    while index < document.tokens().len() {
        let next = collect(document, index, &mut run);
        if run.len() >= SHORTEST && run.iter().any(|glyph| glyph.spelled) {
            classify(document, &run, found);
        }
        index = next.max(index + 1);
    }
}

/// Fills `run` with the glyphs that are said from the token on, and gives the token after them.
fn collect(document: &Document, start: usize, run: &mut Vec<Glyph>) -> usize {
    run.clear();
    let mut index = start;
    while run.len() < LONGEST {
        let word = document.word_at(index);
        let Some(token) = document.tokens().get(index) else { break };
        match token.kind {
            TokenKind::Punct if !run.is_empty() && matches!(word, "," | "-") && said(document, index + 1) => {
                index += 1;
                continue;
            }
            TokenKind::Word if !run.is_empty() && matches!(word, "er" | "um" | "erm" | "uh" | "then") => {
                index += 1;
                continue;
            }
            _ => {}
        }
        let before = run.len();
        match glyphs(document, index, run) {
            Some(next) => index = next,
            None => {
                // "two point five", "ten thousand": what was said last is a quantity, and no part of a number.
                if matches!(word, "point" | "thousand" | "million" | "percent" | "over") {
                    run.truncate(before);
                    while run.last().is_some_and(|glyph| glyph.tokens.1 == index) {
                        run.pop();
                    }
                }
                break;
            }
        }
    }
    index
}

/// Whether a digit or letter is said at the token.
fn said(document: &Document, index: usize) -> bool {
    let mut sink = Vec::new();
    glyphs(document, index, &mut sink).is_some()
}

/// Reads what is said at the token into `run`; gives the token after it, or nothing if it is no part of a number.
fn glyphs(document: &Document, index: usize, run: &mut Vec<Glyph>) -> Option<usize> {
    let token = document.tokens().get(index)?;
    let word = document.word(token);
    let mut push = |characters: &str, next: usize, tens: bool, spelled: bool| {
        run.extend(characters.bytes().map(|character| Glyph {
            character,
            tokens: (index, next),
            tens,
            spelled,
        }));
        Some(next)
    };
    match token.kind {
        TokenKind::Number => return push(word, index + 1, false, false),
        TokenKind::Word => {}
        _ => return None,
    }
    let next_word = document.word_at(index + 1);
    if let [letter] = word.as_bytes()
        && *letter != b'o'
    {
        let letter = [*letter];
        let text = std::str::from_utf8(&letter).ok().filter(|_| letter[0].is_ascii_lowercase())?;
        // "B for bravo".
        let spelled_out = document.word_at(index + 2);
        if next_word == "for" && spelled_out.len() > 1 && spelled_out.starts_with(text) {
            return push(text, index + 3, false, true);
        }
        if letter == *b"x" && next_word == "-" && spelled_out == "ray" {
            return push(text, index + 3, false, true);
        }
        // "I" and "a" are words unless more is spelled after them, or nothing is said.
        let more = document.tokens().get(index + 1).is_none_or(|next| next.kind != TokenKind::Word)
            || digit(next_word).is_some();
        if matches!(letter[0], b'a' | b'i') && !more {
            return None;
        }
        return push(text, index + 1, false, false);
    }
    if !token.cues.has(Cue::Spoken) {
        // "AC double two seven": letters that a writer put together in front of what was spelled.
        let prefix = matches!(word.len(), 2 | 3) && word.is_ascii() && token.case == Case::Upper;
        let spelled = || matches!(Said::of(next_word), Some(Said::Digit(_) | Said::Times(_)));
        return if prefix && spelled() { push(word, index + 1, false, false) } else { None };
    }
    match Said::of(word)? {
        Said::Digit(digit) => match next_word {
            "hundred" => {
                let next = index + 2;
                push(digit, next, false, true);
                push("00", next, false, true)
            }
            _ => push(digit, index + 1, false, true),
        },
        Said::Teen(value) => push(value, index + 1, true, true),
        Said::Tens(tens) => {
            let after = usize::from(next_word == "-");
            let units = digit(document.word_at(index + 1 + after)).filter(|units| *units != "0");
            let next = if units.is_some() { index + 2 + after } else { index + 1 };
            push(tens, next, true, true);
            push(units.unwrap_or("0"), next, true, true)
        }
        Said::Times(times) => {
            let character = match (digit(next_word), next_word.as_bytes()) {
                (Some(digit), _) => digit,
                (None, [character]) if character.is_ascii_alphanumeric() => next_word,
                _ => return None,
            };
            for _ in 1..times {
                push(character, index + 2, false, true);
            }
            push(character, index + 2, false, true)
        }
        Said::Mark(mark) => push(mark, index + 1, false, true),
        Said::Letter => push(word.get(..1)?, index + 1, false, false),
    }
}

/// What a word stands for where a number is said.
#[derive(Clone, Copy)]
enum Said {
    Digit(&'static str),
    /// A number from 10 to 19.
    Teen(&'static str),
    /// The first digit of a number from 20 on.
    Tens(&'static str),
    /// So often what comes next.
    Times(usize),
    Mark(&'static str),
    /// The letter that the word begins with, in the spelling alphabet.
    Letter,
}

/// The words, sorted.
#[rustfmt::skip]
const SAID: &[(&str, Said)] = &[
    ("alfa", Said::Letter), ("alpha", Said::Letter), ("bravo", Said::Letter), ("charlie", Said::Letter),
    ("dash", Said::Mark("-")), ("dbl", Said::Times(2)), ("delta", Said::Letter), ("dot", Said::Mark(".")),
    ("double", Said::Times(2)), ("echo", Said::Letter), ("eight", Said::Digit("8")), ("eighteen", Said::Teen("18")),
    ("eighty", Said::Tens("8")), ("eleven", Said::Teen("11")), ("fifteen", Said::Teen("15")),
    ("fifty", Said::Tens("5")), ("five", Said::Digit("5")), ("forty", Said::Tens("4")), ("four", Said::Digit("4")),
    ("fourteen", Said::Teen("14")), ("fourty", Said::Tens("4")), ("foxtrot", Said::Letter), ("golf", Said::Letter),
    ("hotel", Said::Letter), ("hyphen", Said::Mark("-")), ("india", Said::Letter), ("juliet", Said::Letter),
    ("juliett", Said::Letter), ("kilo", Said::Letter), ("lima", Said::Letter), ("mike", Said::Letter),
    ("naught", Said::Digit("0")), ("nine", Said::Digit("9")), ("niner", Said::Digit("9")),
    ("nineteen", Said::Teen("19")), ("ninety", Said::Tens("9")), ("nought", Said::Digit("0")),
    ("november", Said::Letter), ("o", Said::Digit("0")), ("oh", Said::Digit("0")), ("one", Said::Digit("1")),
    ("oscar", Said::Letter), ("papa", Said::Letter), ("quadruple", Said::Times(4)), ("quebec", Said::Letter),
    ("romeo", Said::Letter), ("seven", Said::Digit("7")), ("seventeen", Said::Teen("17")),
    ("seventy", Said::Tens("7")), ("sierra", Said::Letter), ("six", Said::Digit("6")), ("sixteen", Said::Teen("16")),
    ("sixty", Said::Tens("6")), ("slash", Said::Mark("/")), ("stroke", Said::Mark("/")), ("tango", Said::Letter),
    ("ten", Said::Teen("10")), ("thirteen", Said::Teen("13")), ("thirty", Said::Tens("3")),
    ("three", Said::Digit("3")), ("treble", Said::Times(3)), ("triple", Said::Times(3)), ("tripple", Said::Times(3)),
    ("twelve", Said::Teen("12")), ("twenty", Said::Tens("2")), ("two", Said::Digit("2")), ("uniform", Said::Letter),
    ("victor", Said::Letter), ("whiskey", Said::Letter), ("whisky", Said::Letter), ("xray", Said::Letter),
    ("yankee", Said::Letter), ("zero", Said::Digit("0")), ("zulu", Said::Letter),
];

impl Said {
    fn of(word: &str) -> Option<Self> {
        let at = SAID.binary_search_by(|(said, _)| (*said).cmp(word)).ok()?;
        SAID.get(at).map(|(_, said)| *said)
    }
}

/// The words that begin the name of an identifier that may be taken apart.
pub(crate) use disguised::first_words as names;

/// The words that stand for something where a number is said.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    SAID.iter().map(|(word, _)| *word)
}

fn digit(word: &str) -> Option<&'static str> {
    match Said::of(word) {
        Some(Said::Digit(digit)) => Some(digit),
        _ => None,
    }
}

/// Decides what a run is and adds it to `found`.
fn classify(document: &Document, run: &[Glyph], found: &mut Vec<Raw>) {
    if network_address(document, run, found) {
        return;
    }
    let Some(core) = digits_core(run) else { return };
    let lettered = with_letters(document, run, core);
    if by_form(document, run, core, lettered, found) {
        return;
    }
    by_name(document, run, core, lettered, found);
}

/// The run's glyphs from the first digit to the last, marks and letters between them included.
fn digits_core(run: &[Glyph]) -> Option<(usize, usize)> {
    let from = run.iter().position(Glyph::is_digit)?;
    let to = run.iter().rposition(Glyph::is_digit)? + 1;
    Some((from, to))
}

/// The core with up to three spelled letters on either side. Letters that spell what the number is called ("n h s") stay
/// outside.
fn with_letters(document: &Document, run: &[Glyph], core: (usize, usize)) -> (usize, usize) {
    let is_letter = |glyph: &Glyph| glyph.character.is_ascii_lowercase();
    let before =
        run.get(..core.0).unwrap_or_default().iter().rev().take_while(|glyph| is_letter(glyph)).count();
    let after = run.get(core.1..).unwrap_or_default().iter().take_while(|glyph| is_letter(glyph)).count();
    let contexts = contexts();
    let named = before > 1
        && run.get(core.0).is_some_and(|glyph| {
            let sets =
                contexts.before.iter().chain([&contexts.nhs, &contexts.chi, &contexts.hsc, &contexts.ni]);
            let mut sets = sets;
            sets.any(|phrases| {
                (1..=before).any(|back| {
                    glyph.tokens.0.checked_sub(back).and_then(|at| phrases.len_at(document, at)) == Some(back)
                })
            })
        });
    let before = if named || before > 3 { 0 } else { before };
    let after = if after > 3 { 0 } else { after };
    (core.0 - before, core.1 + after)
}

fn text_of(run: &[Glyph], (from, to): (usize, usize), marks: bool) -> String {
    run.get(from..to)
        .unwrap_or_default()
        .iter()
        .filter(|glyph| marks || !glyph.is_mark())
        .map(|glyph| char::from(glyph.character))
        .collect()
}

/// Whether nothing in the range was said in tens.
fn digit_by_digit(run: &[Glyph], (from, to): (usize, usize)) -> bool {
    run.get(from..to).unwrap_or_default().iter().all(|glyph| !glyph.tens)
}

struct Found {
    label: Label,
    confidence: f32,
    validated: bool,
    evidence: Vec<&'static str>,
}

fn add(document: &Document, run: &[Glyph], (from, to): (usize, usize), what: Found, found: &mut Vec<Raw>) {
    let Some(glyphs) = run.get(from..to) else { return };
    let (Some(first), Some(last)) = (glyphs.first(), glyphs.last()) else { return };
    let tokens = document.tokens();
    let (Some(head), Some(tail)) = (tokens.get(first.tokens.0), tokens.get(last.tokens.1.saturating_sub(1)))
    else {
        return;
    };
    // Digits that are written as such are the patterns' business.
    if !glyphs.iter().any(|glyph| glyph.spelled) {
        return;
    }
    found.push(Raw {
        start: head.start as usize,
        end: tail.end as usize,
        label: what.label,
        role: None,
        confidence: what.confidence,
        rule: "spoken_number",
        validated: what.validated,
        evidence: what.evidence,
    });
}

/// "ten dot forty four dot seven dot two one three".
fn network_address(document: &Document, run: &[Glyph], found: &mut Vec<Raw>) -> bool {
    let Some(core) = digits_core(run) else { return false };
    let text = text_of(run, core, true);
    if text.matches('.').count() != 3 {
        return false;
    }
    let fits =
        matches!(validators::ipv4(&Candidate { text: &text, start: 0, end: text.len() }), Verdict::Valid(_));
    if fits {
        let what = Found {
            label: Label::IpAddress,
            confidence: 0.88,
            validated: false,
            evidence: vec!["four spoken numbers up to 255 and three dots"],
        };
        add(document, run, core, what, found);
    }
    fits
}

/// What a run is by its digits and letters alone, or with the name of one kind of number near it.
fn by_form(
    document: &Document,
    run: &[Glyph],
    core: (usize, usize),
    lettered: (usize, usize),
    found: &mut Vec<Raw>,
) -> bool {
    let contexts = contexts();
    let Some(first) = run.get(core.0).map(|glyph| glyph.tokens.0) else { return false };
    let near = |phrases: &Phrases| before(document, phrases, first, WINDOW).is_some();
    let digits = text_of(run, core, false);
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits && digit_by_digit(run, core) && !near(&contexts.against) {
        let named = near(&contexts.nhs) || near(&contexts.chi) || near(&contexts.hsc);
        // Another number may be said right after a named one.
        let ten = digits.get(..10).filter(|_| digits.len() == 10 || (named && !digits.starts_with('0')));
        if let Some((ten, range)) = ten.zip(first_digits(run, core, 10))
            && let Some(what) = health_number(ten, [&contexts.nhs, &contexts.chi, &contexts.hsc].map(near))
            && (what.validated || digits.len() == 10)
        {
            add(document, run, range, what, found);
            return true;
        }
        if near(&contexts.nhs) && (9..=12).contains(&digits.len()) {
            let what = Found {
                label: Label::NhsNumber,
                confidence: 0.6,
                validated: false,
                evidence: vec!["spoken digits that the message calls an NHS number, too few or too many"],
            };
            add(document, run, core, what, found);
            return true;
        }
    }
    let text = text_of(run, lettered, false);
    let judge = |validate: fn(&Candidate<'_>) -> Verdict| {
        validate(&Candidate { text: &text, start: 0, end: text.len() })
    };
    let (label, note) = match form(&text).as_str() {
        "99a9999a" if judge(disguised::nmc_pin) == Verdict::Plausible => {
            (Label::ProfessionalId, "the form of an NMC PIN, spoken")
        }
        "aa99aaa" if matches!(judge(validators::current), Verdict::Valid(_)) => {
            (Label::VehicleRegistration, "a registration mark of the current series, spoken")
        }
        "a9aaa" | "a99aaa" | "a999aaa" | "aaa9a" | "aaa99a" | "aaa999a"
            if near(&contexts.vehicle) && judge(validators::year_letter) == Verdict::Plausible =>
        {
            (Label::VehicleRegistration, "a registration mark of the series to 2001, spoken")
        }
        "a99aa" | "a999aa" | "aa99aa" | "aa999aa" | "a9a9aa" | "aa9a9aa"
            if near(&contexts.postcode)
                && matches!(judge(validators::postcode), Verdict::Valid(_) | Verdict::Plausible) =>
        {
            (Label::Postcode, "a postcode, spoken")
        }
        "aa999999a" if matches!(judge(validators::nino), Verdict::Valid(_)) => {
            (Label::NiNumber, "a National Insurance number, spoken")
        }
        "aa999999" if near(&contexts.ni) => {
            (Label::NiNumber, "a National Insurance number without its suffix, spoken")
        }
        _ => return false,
    };
    let what = Found { label, confidence: 0.85, validated: false, evidence: vec![note] };
    add(document, run, lettered, what, found);
    true
}

/// Letters as `a` and digits as `9`.
fn form(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_digit() { '9' } else { 'a' }).collect()
}

/// The range of the first `count` digits of the core.
fn first_digits(run: &[Glyph], core: (usize, usize), count: usize) -> Option<(usize, usize)> {
    let mut seen = 0;
    for (offset, glyph) in run.get(core.0..core.1)?.iter().enumerate() {
        seen += usize::from(glyph.is_digit());
        if seen == count {
            let end = core.0 + offset + 1;
            // Not in the midst of "double seven".
            let parted = run.get(end).is_none_or(|next| next.tokens != glyph.tokens);
            return parted.then_some((core.0, end));
        }
    }
    None
}

/// What ten spoken digits are as an NHS, CHI or Health and Care Number.
fn health_number(digits: &str, [nhs, chi, hsc]: [bool; 3]) -> Option<Found> {
    let candidate = Candidate { text: digits, start: 0, end: digits.len() };
    let valid = [
        (Label::NhsNumber, validators::nhs_number(&candidate)),
        (Label::ChiNumber, validators::chi_number(&candidate)),
        (Label::HscNumber, validators::hsc_number(&candidate)),
    ];
    for (label, verdict) in valid {
        if let Verdict::Valid(check) = verdict {
            let confidence = if nhs || chi || hsc { 0.96 } else { 0.85 };
            return Some(Found {
                label,
                confidence,
                validated: true,
                evidence: vec!["ten spoken digits", check],
            });
        }
    }
    let label = match (nhs, chi, hsc) {
        (_, true, _) => Label::ChiNumber,
        (_, _, true) => Label::HscNumber,
        (true, ..) => Label::NhsNumber,
        _ => return None,
    };
    let evidence = vec!["ten spoken digits that the message calls by this name", "Modulus 11 does not hold"];
    Some(Found { label, confidence: 0.75, validated: false, evidence })
}

/// What a run is by what it is called: the nearest name decides.
fn by_name(
    document: &Document,
    run: &[Glyph],
    core: (usize, usize),
    lettered: (usize, usize),
    found: &mut Vec<Raw>,
) {
    let contexts = contexts();
    let token_of = |at: usize| run.get(at).map_or((0, 0), |glyph| glyph.tokens);
    let mut best: Option<(usize, &Kind, (usize, usize))> = None;
    for ((kind, before_phrases), after_phrases) in KINDS.iter().zip(&contexts.before).zip(&contexts.after) {
        let range = if kind.letters { lettered } else { core };
        let text = text_of(run, range, false);
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let fits = (kind.length.0..=kind.length.1).contains(&text.len())
            && digits >= 2
            && (kind.letters || digits == text.len())
            && !SHARED_NUMBERS.contains(&text.as_str())
            && (digit_by_digit(run, range) || !is_year(&text));
        if !fits {
            continue;
        }
        let (first, last) = (token_of(range.0).0, token_of(range.1.saturating_sub(1)).1);
        let distance = before(document, before_phrases, first, WINDOW)
            .into_iter()
            .chain(after_phrases.after(document, last, 3))
            .min();
        if let Some(distance) = distance
            && best.as_ref().is_none_or(|(nearest, ..)| distance < *nearest)
        {
            best = Some((distance, kind, range));
        }
    }
    let Some((distance, kind, range)) = best else { return };
    let first = token_of(range.0).0;
    if before(document, &contexts.against, first, WINDOW).is_some_and(|against| against <= distance) {
        return;
    }
    let what = Found { label: kind.label, confidence: 0.82, validated: false, evidence: vec![kind.note] };
    add(document, run, range, what, found);
}

/// Whether the digits are a year: "nineteen ninety nine" is no extension.
fn is_year(digits: &str) -> bool {
    digits.len() == 4 && digits.parse().is_ok_and(|year: u32| (1900..2040).contains(&year))
}

/// How many tokens back a line break is looked for.
const FARTHEST_BREAK: usize = 64;

/// The distance in words from the token back to the nearest phrase, on its line or, where the line says only who speaks
/// before it ("caller:"), on the line above.
fn before(document: &Document, phrases: &Phrases, index: usize, window: usize) -> Option<usize> {
    let tokens = document.tokens();
    // A line break further back makes no difference, and a text may be one long line.
    let from = index.saturating_sub(FARTHEST_BREAK);
    let line = tokens
        .get(from..index)?
        .iter()
        .rposition(|token| token.kind == TokenKind::Newline)
        .map(|at| from + at);
    let speaker = line.is_some_and(|line| {
        let head = tokens.get(line + 1..index).unwrap_or_default();
        head.len() <= 4 && head.last().is_some_and(|last| document.word(last) == ":")
    });
    let (mut distance, mut at) = (0, index);
    while at > 0 && distance < window {
        at -= 1;
        match tokens.get(at)?.kind {
            TokenKind::Newline if Some(at) == line && (speaker || at + 1 == index) => {}
            TokenKind::Newline => return None,
            TokenKind::Punct => {}
            _ => {
                if speaker && line.is_some_and(|line| at > line) {
                    continue;
                }
                distance += 1;
                if phrases.len_at(document, at).is_some_and(|length| at + length <= index) {
                    return Some(distance);
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Detector;

    /// The numbers found in a message: label and words.
    fn spoken(text: &str) -> Vec<(Label, String)> {
        const LABELS: &[Label] = &[
            Label::NhsNumber,
            Label::ChiNumber,
            Label::HscNumber,
            Label::NiNumber,
            Label::Mrn,
            Label::ProfessionalId,
            Label::DeviceId,
            Label::OtherId,
            Label::BankAccount,
            Label::PaymentCard,
            Label::Passport,
            Label::VehicleRegistration,
            Label::Postcode,
            Label::IpAddress,
            Label::Phone,
        ];
        Detector::new()
            .scan(text)
            .iter()
            .filter(|finding| LABELS.contains(&finding.label))
            .map(|finding| (finding.label, finding.span.of(text).unwrap_or_default().to_owned()))
            .collect()
    }

    #[track_caller]
    fn check(marked: &str, label: Label) {
        let (before, rest) = marked.split_once("[[").expect("a mark");
        let (inner, after) = rest.split_once("]]").expect("a mark");
        let text = format!("{before}{inner}{after}");
        assert_eq!(spoken(&text), [(label, inner.to_owned())], "{text}");
    }

    #[test]
    fn the_words_are_sorted() {
        assert!(SAID.is_sorted_by(|(one, _), (next, _)| one < next));
    }

    #[test]
    fn health_numbers() {
        check("NHS number [[nine nine nine two one two two three three one]] thank you", Label::NhsNumber);
        check("its [[triple nine, two one double two, double three one]] for the scan", Label::NhsNumber);
        check("n h s [[nine nine nine oh seven nine two four four five]]", Label::NhsNumber);
        check("nhs number [[999 two one two two three three one]] aged sixty", Label::NhsNumber);
        check("NHS number [[nine nine nine two one two two three three two]] I think", Label::NhsNumber);
        check("nhs number is [[treble nine two one two er two three three one]]", Label::NhsNumber);
        check("his chi is [[two two oh six one nine eight eight two seven]]", Label::ChiNumber);
        check("h and c number [[three nine one oh one seven five nine double eight]]", Label::HscNumber);
    }

    #[test]
    fn extensions() {
        check("bleep [[two two one three]]", Label::Phone);
        check("extension [[forty four twenty one]] please", Label::Phone);
    }

    #[test]
    fn named_numbers() {
        check("hospital number [[k two oh four four one seven]] bloods gone", Label::Mrn);
        check("agent: booking number?\ncaller: [[B for bravo four four one nine oh]]", Label::Mrn);
        check("the serial number is [[five five one dash oh two]] access is round the back", Label::DeviceId);
        check("doctor farahani G M C [[seven eight oh one four four two]] start pep", Label::ProfessionalId);
        check("independent prescriber number [[one seven H oh four two one E]] her", Label::ProfessionalId);
        check("eta nine minutes cad [[four four one seven]] child", Label::OtherId);
        check("the police log is [[six six four]] of today", Label::OtherId);
        check("reference was [[d four four oh two]] and nobody's been", Label::OtherId);
        check("lab number [[v two five dash eight eight oh]] the recipient", Label::OtherId);
        check("yellow book number is [[AC double two seven one nine]]", Label::OtherId);
        check("key safe [[forty eight twenty six]]", Label::OtherId);
        check("blue volvo [[M seven four four P L K]] is blocking", Label::VehicleRegistration);
        check("sort code [[six oh eight three seven one]]", Label::BankAccount);
        check("reg [[mike tango one nine x-ray yankee zulu]] parked", Label::VehicleRegistration);
        check("postcode [[oscar lima three five alpha bravo]]", Label::Postcode);
        check("postcode is [[mike one one alpha echo]] thanks", Label::Postcode);
        check("postcode [[sierra whiskey one nine four alpha bravo]] and", Label::Postcode);
        check("ip is [[ten dot forty four dot seven dot two one three]]", Label::IpAddress);
        check("n i number [[j g one oh three one five nine a]]", Label::NiNumber);
    }

    #[test]
    fn doses_and_observations_are_nothing() {
        for text in [
            "two point five milligrams twice a day",
            "adrenaline one in ten thousand",
            "she is fifty three and lives alone",
            "bp one three two over eight four pulse seven two",
            "sats nine four on two litres",
            "pain nine over ten gcs fifteen over fifteen",
            "blood sugar four point two then five point one",
            "one two three four five once I caught a fish",
            "call nine nine nine",
            "bleep two two two two for the arrest",
            "knife to skin at five past nine tourniquet up nine ten",
            "lot number nine nine nine two one two two three three one",
            "order number nine nine nine two one two two three three one",
            "wound five centimetres by point five six interrupted ethilon",
            "twenty five thirty five twenty five plan",
            "respiratory rate one eight temperature three six point nine heart rate one one two",
            "bay two bed four needs a sideroom",
            "x ray done in nineteen ninety nine",
            "x-ray one two nine today",
            "oscar and lima three five to six",
            "key safe fitted in nineteen ninety nine",
        ] {
            assert_eq!(spoken(text), [], "{text}");
        }
    }
}
