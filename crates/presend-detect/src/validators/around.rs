//! What stands right beside a candidate: the noun that says what kind of number it is, units, and further digits.
//!
//! The context words of a detector file count anywhere within some words. Words such as "order", "lot" and "part" are
//! too common for that ("order bloods", "a lot of pain"): they speak against a number only as the noun it belongs to.

use super::{Candidate, Verdict};

/// Words that may stand between a noun and its number.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "and", "are", "code", "codes", "id", "ids", "is", "no", "nos", "num", "number", "numbers", "or", "our",
    "ref", "reference", "the", "this", "was", "were",
];

/// Nouns whose numbers belong to goods, work, machines, money or meetings and not to a person.
#[rustfmt::skip]
const OTHER_NOUNS: &[&str] = &[
    "alarm", "amp", "ampp", "asset", "assets", "barcode", "batch", "batches", "bn", "budget", "build",
    "catalog", "catalogue", "centre", "charity", "chg", "company", "conference", "consignment", "contract",
    "cycle", "cycles", "dispatch", "dmd", "docket", "doi", "ean", "edition", "error", "errors", "fault",
    "faults", "firmware", "framework", "grn", "gtin", "helpdesk", "imei", "inc", "inv", "invoice",
    "invoices", "isbn", "item", "items", "job", "jobs", "lot", "lots", "meeting", "model", "models", "nsvc",
    "order", "orders", "parcel", "part", "parts", "passcode", "password", "payroll", "pip", "pmid", "po",
    "product", "purchase", "quotation", "quote", "req", "requisition", "requisitions", "rev", "rma",
    "serial", "shipment", "sku", "sn", "snomed", "stock", "subjective", "supplier", "teams", "tender",
    "ticket", "tickets", "toner", "tracking", "vat", "version", "vmp", "vmpp", "voucher", "webex",
    "webinar", "zoom",
];

/// Nouns of [`OTHER_NOUNS`] that clinical messages use for other things ("switch to PO", "cycle 3", "Jobs:"): they are
/// a number's noun only where a word for a number stands between, and "PO" also where it opens the line.
const AMBIGUOUS_NOUNS: &[&str] =
    &["cycle", "cycles", "item", "items", "job", "jobs", "pip", "po", "req", "subjective", "teams"];

/// Words after which a number is one to ring.
#[rustfmt::skip]
const PHONE_NOUNS: &[&str] = &[
    "cell", "fax", "landline", "mob", "mobile", "mobiles", "ph", "phone", "phones", "tel", "telephone",
    "whatsapp",
];

/// Verbs after which a number is one to ring, where it could be.
const PHONE_VERBS: &[&str] = &["call", "dial", "phone", "phoned", "rang", "ring", "rung", "text"];

/// Words for the code in front of a meeting, a screen or a door, and other short numbers.
#[rustfmt::skip]
const CODE_NOUNS: &[&str] = &[
    "bleep", "bleeps", "ext", "extension", "extn", "otp", "page", "pager", "passcode", "password", "pin",
    "pincode",
];

/// What follows a quantity and never a reference number.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    "bpm", "cal", "cals", "cc", "cm", "cms", "day", "days", "deg", "degrees", "dose", "doses", "fr", "ft",
    "g", "gauge", "gm", "gms", "h", "hour", "hours", "hr", "hrs", "inch", "inches", "international",
    "iu", "kcal", "kg", "kgs", "kpa", "kvp", "l", "litre", "litres", "m", "mbq", "mcg", "mg", "mgs",
    "micrograms", "miles", "million", "min", "mins", "minute", "minutes", "miu", "ml", "mls", "mm", "mmhg",
    "mmol", "mol", "months", "mths", "ng", "nmol", "people", "pg", "pounds", "ppl", "quid", "sec", "secs",
    "steps", "tablets", "tabs", "times", "u", "umol", "units", "weeks", "wk", "wks", "years", "yo", "yr",
    "yrs",
];

/// Words for record numbers that nobody is called by.
const RECORD_NOUNS: &[&str] = &["mrns"];

/// Words for a number of any kind that may stand alone before it: "NOK No: 07700 900789".
const NUMBER_NOUNS: &[&str] = &["no", "nos", "num", "number", "numbers"];

fn listed(words: &[&str], word: &str) -> bool {
    words.binary_search(&word).is_ok()
}

/// One word before the candidate and whether a sentence or a clause ends between it and what follows.
#[derive(Clone, Copy)]
struct Before<'t> {
    word: &'t str,
    /// The marks between this word and what follows it.
    gap: &'t str,
}

/// The words before the candidate, nearest first: those of its line, or of the line above where it starts its own.
fn words_before(text: &str) -> impl Iterator<Item = Before<'_>> {
    let line_start = |text: &str| text.rfind('\n').map_or(0, |at| at + 1);
    let mut start = line_start(text);
    if text.get(start..).is_some_and(|line| !line.bytes().any(|byte| byte.is_ascii_alphanumeric())) {
        start = line_start(text.get(..start.saturating_sub(1)).unwrap_or_default());
    }
    let mut rest = text.get(start..).unwrap_or_default();
    std::iter::from_fn(move || {
        let head = rest.trim_end_matches(|c: char| !is_word(c));
        let gap = rest.get(head.len()..)?;
        let left = head.trim_end_matches(is_word);
        let word = head.get(left.len()..).filter(|word| !word.is_empty())?;
        rest = left;
        Some(Before { word, gap })
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '\''
}

fn is_number(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

/// From how many digits on a number is one that a noun asks for, and no part of a list of short ones.
const WHOLE: usize = 8;

/// The noun that a candidate is the number of.
struct Noun<'t> {
    word: &'t str,
    /// How many words before the candidate it stands.
    distance: usize,
    /// Whether "no", "number", "is" or such stands between.
    has_filler: bool,
}

/// The noun that the candidate is the number of: the nearest word before it that is no filler and no number.
///
/// Other numbers in between are passed over where they make a list ("lots 4417 and 9920"). Nothing is returned across
/// the end of a sentence or clause, nor where a whole number of another length stands between: the noun is its ("NHS 999
/// 123 4551 07700 900617").
fn noun<'t>(candidate: &Candidate<'t>) -> Option<Noun<'t>> {
    let own = candidate.digits().count();
    let mut numbers = 0;
    // The digits of the number that is looked at, group by group.
    let mut digits = 0;
    let mut after_filler = false;
    let mut has_filler = false;
    for (distance, Before { word, gap }) in (1..).zip(words_before(candidate.before()).take(8)) {
        let number = is_number(word);
        let filler = listed(FILLERS, word);
        let ends = gap.contains(['!', '?', ';', '|'])
            || (gap.contains('.') && !filler && word.len() > 4)
            || (gap.contains(',') && !number && !after_filler);
        if ends {
            return None;
        }
        if !number || gap.contains(',') {
            if digits >= WHOLE && digits != own {
                return None;
            }
            digits = 0;
        }
        if number {
            numbers += 1;
            if numbers > 3 {
                return None;
            }
            digits += word.bytes().filter(u8::is_ascii_digit).count();
        } else if !filler {
            return Some(Noun { word, distance, has_filler });
        }
        after_filler = filler;
        has_filler |= filler;
    }
    None
}

/// Whether the word introduces a number to ring or to key in, or any number: before one it is no name.
pub(crate) fn leads_number(word: &str) -> bool {
    [PHONE_NOUNS, CODE_NOUNS, NUMBER_NOUNS, RECORD_NOUNS].iter().any(|nouns| listed(nouns, word))
}

/// The words that [`leads_number`] holds for.
pub(crate) fn number_leads() -> impl Iterator<Item = &'static str> {
    [PHONE_NOUNS, CODE_NOUNS, NUMBER_NOUNS, RECORD_NOUNS].into_iter().flatten().copied()
}

/// How many words before the candidate the noun stands that it is the number of.
pub(crate) fn noun_distance(candidate: &Candidate<'_>) -> Option<usize> {
    noun(candidate).map(|noun| noun.distance)
}

/// How many words stand before the candidate on its own line.
fn words_of_line_before(candidate: &Candidate<'_>) -> usize {
    let line = candidate.before().rsplit('\n').next().unwrap_or_default();
    line.split(|c| !is_word(c)).filter(|word| !word.is_empty()).count()
}

/// Whether the candidate is the number of goods, work, a machine, money or a meeting.
pub(super) fn names_other_thing(candidate: &Candidate<'_>) -> bool {
    noun(candidate).is_some_and(|noun| {
        let is_order = noun.word == "po" && noun.distance == words_of_line_before(candidate);
        listed(OTHER_NOUNS, noun.word) && (noun.has_filler || is_order || !listed(AMBIGUOUS_NOUNS, noun.word))
    })
}

/// Whether the candidate is introduced as a number to ring.
pub(super) fn names_phone(candidate: &Candidate<'_>) -> bool {
    noun(candidate).is_some_and(|noun| {
        listed(PHONE_NOUNS, noun.word)
            || (listed(PHONE_VERBS, noun.word) && candidate.as_str().starts_with(['0', '7']))
    })
}

/// Whether the candidate is introduced as a code to key in, a bleep or an extension.
pub(super) fn names_code(candidate: &Candidate<'_>) -> bool {
    noun(candidate).is_some_and(|noun| listed(CODE_NOUNS, noun.word) || listed(PHONE_VERBS, noun.word))
}

/// The nearest word before the candidate, if only blanks stand between; an initial is passed over ("Smith J 7723410").
pub(super) fn word_before<'t>(candidate: &Candidate<'t>) -> Option<&'t str> {
    let blank = |before: &Before<'_>| before.gap.bytes().all(|byte| byte.is_ascii_whitespace());
    let mut words = words_before(candidate.before()).take_while(blank).map(|before| before.word);
    words.find(|word| word.len() > 1 || !word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// Whether a unit of measure follows, so that the candidate is a quantity. A single letter counts only if joined on:
/// "204417 m 82y" is a man.
pub(super) fn unit_follows(candidate: &Candidate<'_>) -> bool {
    let after = candidate.after();
    let (rest, joined) = after.strip_prefix(' ').map_or((after, true), |rest| (rest, false));
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let word = rest.get(..end).unwrap_or_default();
    rest.starts_with(['%', '\u{b0}']) || (listed(UNITS, word) && (joined || word.len() > 1))
}

/// Whether a unit is joined on: ten digits are no quantity, and what follows them after a space is the next thing told
/// ("999 123 4004 HR 110").
pub(super) fn unit_touches(candidate: &Candidate<'_>) -> bool {
    !candidate.after().starts_with(' ') && unit_follows(candidate)
}

/// Whether money stands right before the candidate.
pub(super) fn money_before(candidate: &Candidate<'_>) -> bool {
    candidate.before().trim_end().ends_with(['$', '\u{a3}', '\u{20ac}'])
}

/// Whether the candidate's digits go on to the left: `4.`, `12-` or a digit and one space before it.
pub(super) fn digits_touch_left(candidate: &Candidate<'_>) -> bool {
    let mut before = candidate.before().chars().rev();
    match before.next() {
        Some(c) if c.is_ascii_digit() => true,
        Some(' ' | '.' | '-' | '/' | ')' | ':') => before.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    }
}

/// Whether the candidate's digits go on to the right.
pub(super) fn digits_touch_right(candidate: &Candidate<'_>) -> bool {
    let mut after = candidate.after().chars();
    match after.next() {
        Some(c) if c.is_ascii_digit() => true,
        Some(' ' | '.' | '-' | '/' | ':') => after.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    }
}

/// Whether the candidate is the rest of a number dialled with a country or area code: `+44`, `0044`, `(0)`, `+1`. A bare
/// 44 is one before a mobile's 7 only, and in "Hb 44 999 ..." it is a result.
pub(super) fn dialling_code_before(candidate: &Candidate<'_>) -> bool {
    let before = candidate.before().trim_end_matches([' ', '-', '.', '(', ')']);
    let Some(head) = before.strip_suffix("44").or_else(|| before.strip_suffix("(0")) else {
        return foreign_code_before(candidate, before);
    };
    let is_bare = head.is_empty() || head.ends_with([' ', '\n']);
    head.ends_with(['+', '0', '(', ')'])
        || head.ends_with("44")
        || is_bare && candidate.as_str().starts_with('7')
}

/// Whether `before` ends in another country's code, and that country has such numbers: "0030 999 ..." is a time.
fn foreign_code_before(candidate: &Candidate<'_>, before: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let head = before.trim_end_matches(is_digit);
    let start = match head.strip_suffix('+') {
        // In "K+4 999 ..." it is a result.
        Some(left) if !left.ends_with(char::is_alphanumeric) => left.len(),
        Some(_) => return false,
        None if before.get(head.len()..).is_some_and(|code| code.starts_with("00")) => head.len(),
        None => match head.trim_end_matches([' ', '-']).strip_suffix("00") {
            Some(left) if !left.ends_with(is_digit) => left.len(),
            _ => return false,
        },
    };
    let code = before.get(start..).unwrap_or_default().bytes().filter(u8::is_ascii_digit).count();
    let whole = super::phone::international_phone(&Candidate { start, ..*candidate });
    match whole {
        Verdict::Valid(_) => (1..=5).contains(&code),
        // "protein +1 999 ..."
        Verdict::Plausible => (2..=5).contains(&code),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<T>(marked: &str, look: impl Fn(&Candidate<'_>) -> T) -> T {
        let (before, rest) = marked.split_once("[[").expect("a mark");
        let (inner, after) = rest.split_once("]]").expect("a mark");
        let text = format!("{before}{inner}{after}");
        look(&Candidate { text: &text, start: before.len(), end: before.len() + inner.len() })
    }

    #[test]
    fn word_lists_are_sorted() {
        let nouns = [OTHER_NOUNS, AMBIGUOUS_NOUNS, PHONE_NOUNS, CODE_NOUNS, NUMBER_NOUNS, RECORD_NOUNS];
        for list in nouns.into_iter().chain([FILLERS, PHONE_VERBS, UNITS]) {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
        }
    }

    #[test]
    fn nouns_of_other_things() {
        for text in [
            "lot [[1]]",
            "job code: [[1]]",
            "order ref no. [[1]]",
            "lots 44 and [[1]]",
            "part no\n[[1]]",
            "the invoice number is [[1]]",
            "lots 44, 45, [[1]]",
            "lots 12345678, 87654321 and [[11223344]]",
            "po [[1]]",
        ] {
            assert!(with(text, names_other_thing), "{text}");
        }
        for text in [
            "[[1]]",
            "a lot of pain [[1]]",
            "order bloods for [[1]]",
            "wrong order. [[1]]",
            "in a lot, [[1]]",
            "lot\nsmith [[1]]",
            "switch to po\n[[1]]",
            "poor intake so po [[1]]",
            "cycle 3 [[1]]",
            "jobs: [[1]]",
            "1 2 3 4 lot 1 2 3 4 [[1]]",
            "lot 20441 733 [[1]]",
        ] {
            assert!(!with(text, names_other_thing), "{text}");
        }
    }

    #[test]
    fn phones() {
        assert!(with("mob [[4]]", names_phone));
        assert!(with("ring [[7700]]", names_phone));
        assert!(!with("ring [[999]]", names_phone));
        assert!(!with("mob 07700 900617 [[999 123 4551]]", names_phone));
        assert!(!with("tel 020 7946 0321, [[999 123 4551]]", names_phone));
        assert!(with("mob 07700 900617 or [[07700 900618]]", names_phone));
        assert!(with("+44 (0)[[7700]]", dialling_code_before));
        assert!(with("0044 [[7700]]", dialling_code_before));
        assert!(!with("bed 144 [[7700]]", dialling_code_before));
        assert!(with("on 44 [[7700]]", dialling_code_before));
        assert!(!with("hb 44 [[999]]", dialling_code_before));
        for text in [
            "+1 [[416 555 0142]]",
            "son on +1 ([[416) 555-0142]]",
            "+39-[[347 123 4567]]",
            "+91 [[7012300000]]",
        ] {
            assert!(with(text, dialling_code_before), "{text}");
        }
        for text in [
            "k+4 [[999 123 4551]]",
            "bed 1 [[999 123 4551]]",
            "at 0030 [[999 123 4551]]",
            "00 [[999 123 4551]]",
        ] {
            assert!(!with(text, dialling_code_before), "{text}");
        }
    }

    #[test]
    fn quantities() {
        assert!(with("[[500000]] units", unit_follows));
        assert!(with("[[5]]%", unit_follows));
        assert!(!with("[[5]] inpatients", unit_follows));
        assert!(with("\u{a3} [[5]]", money_before));
    }
}
