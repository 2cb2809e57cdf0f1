//! Telephone numbers: the United Kingdom's by a table of its numbering plan, others by their country's.
//!
//! Source: Ofcom, National Telephone Numbering Plan, and its numbers for drama use (01632 960000 to 960999 and the
//! like); international numbers by the metadata of libphonenumber where the feature `phone` is on, by the length limits
//! of ITU-T E.164 otherwise.

use super::number_words::{NumberWord, number_word};
use super::reference::is_time;
use super::surroundings::{Surroundings, is_quantity};
use super::{Candidate, Verdict};

/// Geographic area codes of four digits, without the leading 0: the first three digits and what may be the fourth.
#[rustfmt::skip]
const AREAS: &[(&str, &str)] = &[
    ("120", "02456789"), ("121", "012345678"), ("122", "3456789"), ("123", "345679"), ("124", "12345689"), ("125", "023456789"),
    ("126", "01234789"), ("127", "013456789"), ("128", "023456789"), ("129", "0123456789"), ("130", "0123456789"), ("131", "012345678"),
    ("132", "023456789"), ("133", "0234579"), ("134", "012346789"), ("135", "023456789"), ("136", "012346789"), ("137", "1235679"),
    ("138", "012346789"), ("139", "234578"), ("140", "03456789"), ("141", "0123456789"), ("142", "02345789"), ("143", "0123456789"),
    ("144", "0234569"), ("145", "012345678"), ("146", "012345679"), ("147", "0123456789"), ("148", "012345789"), ("149", "012345679"),
    ("150", "12356789"), ("151", "0123456789"), ("152", "02456789"), ("153", "0145689"), ("154", "023456789"), ("155", "03456789"),
    ("156", "0123456789"), ("157", "012356789"), ("158", "0123468"), ("159", "012345789"), ("160", "034689"), ("161", "0123456789"),
    ("162", "012345689"), ("163", "0123456789"), ("164", "123467"), ("165", "01234569"), ("166", "13456789"), ("167", "012345678"),
    ("168", "013456789"), ("169", "0124578"), ("170", "0246789"), ("172", "0123456789"), ("173", "023678"), ("174", "03456789"),
    ("175", "012346789"), ("176", "013456789"), ("177", "012356789"), ("178", "02456789"), ("179", "023456789"), ("180", "356789"),
    ("182", "12345789"), ("183", "0234578"), ("184", "01234578"), ("185", "12456789"), ("186", "234569"), ("187", "0123456789"),
    ("188", "023456789"), ("189", "02569"), ("190", "0234589"), ("191", "0123456789"), ("192", "02345689"), ("193", "12345789"),
    ("194", "23456789"), ("195", "01234579"), ("196", "234789"), ("197", "0124578"), ("198", "0123456789"), ("199", "23457"),
];

/// Areas in which some numbers have nine digits after the 0.
#[rustfmt::skip]
const SHORT_AREAS: &[&str] = &[
    "1204", "1208", "1254", "1276", "1297", "1298", "1363", "1364", "1384", "1386", "1404", "1420", "1460", "1461", "1480", "1488", "1524",
    "1527", "1562", "1566", "1606", "1629", "1635", "1647", "1659", "1695", "1726", "1744", "1750", "1768", "1827", "1837", "1884", "1900",
    "1905", "1935", "1946", "1949", "1963", "1995",
];

/// Numbers that everybody knows and that lead to nobody: emergency and crash calls.
const PUBLIC: &[&str] = &["111", "112", "101", "119", "999", "2222", "105", "3333", "18000"];

/// What the numbering plan says of a national number, given without its leading 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    /// In a range in use, with the right length.
    Assigned,
    /// Of a length that occurs, in no range in use.
    Unassigned,
    /// Too short or too long.
    Malformed,
}

fn plan(national: &str) -> Plan {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| national.starts_with(prefix));
    let four = national.get(..4).unwrap_or_default();
    let geographic = AREAS.iter().any(|(head, tails)| {
        four.strip_prefix(head).is_some_and(|tail| !tail.is_empty() && tails.contains(tail))
    });
    let assigned = match national.len() {
        10 => {
            geographic
                || starts(&[
                    "113", "114", "115", "116", "117", "118", "121", "131", "141", "151", "161", "191",
                ])
                || starts(&["20", "23", "24", "28", "29", "30", "33", "34", "37", "55", "56"])
                || starts(&["70", "71", "72", "73", "74", "75", "76", "77", "78", "79"])
                || starts(&["800", "808", "843", "844", "845", "870", "871", "872", "873", "90", "91", "98"])
        }
        9 => SHORT_AREAS.contains(&four) || starts(&["800", "500"]),
        7 => starts(&["800111", "84546"]),
        _ => false,
    };
    match (assigned, national.len()) {
        (true, _) => Plan::Assigned,
        (false, 10) => Plan::Unassigned,
        (false, _) => Plan::Malformed,
    }
}

fn verdict(plan: Plan) -> Verdict {
    match plan {
        Plan::Assigned => Verdict::Valid("a number of the UK numbering plan"),
        Plan::Unassigned => Verdict::Doubtful("in no range of the UK numbering plan"),
        Plan::Malformed => Verdict::Reject,
    }
}

/// The number without its extension: up to the first letter or `#` after the digits have begun.
fn main_part(text: &str) -> &str {
    let from = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let end = text
        .get(from..)
        .and_then(|tail| tail.find(|c: char| c.is_ascii_alphabetic() || c == '#' || c == ';'));
    end.and_then(|end| text.get(..from + end)).unwrap_or(text)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The national number of digits as they are dialled: without 0044, 44 and the trunk 0.
fn national(dialled: &str, with_country: bool) -> &str {
    let rest = if with_country {
        let rest = dialled.strip_prefix("00").unwrap_or(dialled);
        rest.strip_prefix("44").unwrap_or(rest)
    } else {
        dialled
    };
    rest.strip_prefix('0').unwrap_or(rest)
}

/// A number as dialled within the UK: "07700 900123", "(0117) 496 0538 x4432".
pub(crate) fn uk_phone(candidate: &Candidate<'_>) -> Verdict {
    let mut before = candidate.before().chars();
    let run_in = match before.next_back() {
        Some('0'..='9' | '+') => true,
        Some('.' | ',' | '/' | '-') => {
            before.as_str().ends_with(|c: char| c.is_ascii_digit()) && !ends_with_number(before.as_str())
        }
        _ => false,
    };
    if run_in || candidate.before().ends_with("gb") {
        return Verdict::Reject;
    }
    let main = main_part(candidate.as_str());
    // A column of times or readings is no number: "0600 1000 1400", "0800 37.2 110".
    if is_times(main) || is_timed_readings(candidate) || main.contains(' ') && has_decimal(main) {
        return Verdict::Reject;
    }
    let dialled = digits(main);
    verdict(plan(national(&dialled, false)))
}

/// Whether one of the text's groups is a reading with a decimal: "37.2", and not "07700.900.731".
fn has_decimal(text: &str) -> bool {
    text.split(' ').any(|group| {
        group.split_once('.').is_some_and(|(whole, decimal)| {
            matches!((whole.len(), decimal.len()), (1..=3, 1..=2))
                && decimal.bytes().all(|byte| byte.is_ascii_digit())
        })
    })
}

/// Whether the text ends with another number of the numbering plan ("07700900123/01632960456") or with an NHS, CHI or
/// H&C number ("999 945 8076/07700900411").
fn ends_with_number(text: &str) -> bool {
    let run = |within: &[char]| {
        let outside = |c: char| !c.is_ascii_digit() && !within.contains(&c);
        digits(text.rsplit(outside).next().unwrap_or_default())
    };
    let health = run(&[' ', '-']);
    let ten =
        health.len().checked_sub(10).and_then(|from| health.as_bytes().get(from..)?.first_chunk::<10>());
    if ten.is_some_and(|ten| super::modulus11::passes(&ten.map(|digit| digit - b'0'))) {
        return true;
    }
    let dialled = run(&[' ', ')']);
    [11, 10].into_iter().any(|length| {
        dialled
            .len()
            .checked_sub(length)
            .and_then(|from| dialled.get(from..)?.strip_prefix('0'))
            .is_some_and(|national| plan(national) == Plan::Assigned)
    })
}

/// Whether times of day and readings take turns from here on: "0800 6.4 1200 8.1".
fn is_timed_readings(candidate: &Candidate<'_>) -> bool {
    let tail = candidate.text.get(candidate.start..).unwrap_or_default();
    let end = tail.find(|c: char| !c.is_ascii_digit() && !" .,/:;-\n\t".contains(c)).unwrap_or(tail.len());
    let groups: Vec<&str> = tail
        .get(..end)
        .unwrap_or_default()
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|group| group.trim_end_matches('.'))
        .filter(|group| !group.is_empty())
        .take(4)
        .collect();
    let is_reading = |group: &str| {
        let (whole, decimal) = group.split_once('.').unwrap_or((group, "0"));
        (1..=2).contains(&whole.len()) && (1..=2).contains(&decimal.len())
    };
    let take_turns = groups
        .iter()
        .enumerate()
        .all(|(at, group)| if at % 2 == 0 { is_time(group) } else { is_reading(group) });
    take_turns && groups.len() > 2 && (groups.len() == 4 || groups.iter().any(|group| group.contains('.')))
}

/// Whether all of the text is groups of four that are times of day.
fn is_times(text: &str) -> bool {
    let mut groups = text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    text.contains(' ') && groups.clone().count() > 1 && groups.all(is_time)
}

/// A UK number with its country code: "+44 (0)20 7946 0381", "00447700900593".
pub(crate) fn uk_phone_with_country(candidate: &Candidate<'_>) -> Verdict {
    let dialled = digits(main_part(candidate.as_str()));
    match plan(national(&dialled, true)) {
        Plan::Malformed if !(8..=11).contains(&national(&dialled, true).len()) => Verdict::Reject,
        Plan::Assigned => Verdict::Valid("a number of the UK numbering plan"),
        // The country code says that it is one.
        _ => Verdict::Plausible,
    }
}

/// A UK number in which letters stand for digits: "O77OO 9OO 2l4".
pub(crate) fn uk_phone_lookalike(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let straight: String = text
        .chars()
        .map(|c| match c {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    let typed = digits(text).len();
    let dialled = digits(&straight);
    if typed == dialled.len() || typed < 5 || plan(national(&dialled, false)) != Plan::Assigned {
        return Verdict::Reject;
    }
    Verdict::Valid("a number of the UK numbering plan, with letters for digits")
}

/// A mobile number without its 0, after a word that says it is one to ring.
pub(crate) fn uk_phone_without_trunk(candidate: &Candidate<'_>) -> Verdict {
    if super::around::names_phone(candidate) && plan(&digits(candidate.as_str())) == Plan::Assigned {
        Verdict::Valid("a number of the UK numbering plan without its 0")
    } else {
        Verdict::Reject
    }
}

/// A number with the code of a country.
pub(crate) fn international_phone(candidate: &Candidate<'_>) -> Verdict {
    let dialled = digits(main_part(candidate.as_str()));
    let plus = candidate.as_str().starts_with('+');
    let number = if plus { dialled.as_str() } else { dialled.strip_prefix("00").unwrap_or(&dialled) };
    if number.starts_with("44") || !(8..=15).contains(&number.len()) {
        return Verdict::Reject;
    }
    is_international(number, plus)
}

#[cfg(feature = "phone")]
fn is_international(number: &str, plus: bool) -> Verdict {
    use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};
    let parsed = PHONE_NUMBER_UTIL.parse(format!("+{number}"), Some(Region::GB));
    match parsed.map(|parsed| PHONE_NUMBER_UTIL.is_valid_number(&parsed)) {
        Ok(true) => Verdict::Valid("a number of that country's numbering plan"),
        _ if plus && number.len() >= 10 => Verdict::Plausible,
        _ => Verdict::Reject,
    }
}

#[cfg(not(feature = "phone"))]
fn is_international(number: &str, plus: bool) -> Verdict {
    if plus && number.len() >= 10 {
        Verdict::Plausible
    } else {
        Verdict::Doubtful("a country's numbering plan was not checked")
    }
}

/// A number in words, as voice typing gives it: "oh seven seven double oh nine hundred four one six".
pub(crate) fn spoken_phone(candidate: &Candidate<'_>) -> Verdict {
    let Some(dialled) = spoken_digits(candidate.as_str()) else { return Verdict::Reject };
    if is_timed_readings(candidate) {
        return Verdict::Reject;
    }
    let number = national(&dialled, !dialled.starts_with('0'));
    match plan(number) {
        Plan::Assigned => Verdict::Valid("a number of the UK numbering plan, in words"),
        Plan::Unassigned => Verdict::Plausible,
        Plan::Malformed => Verdict::Reject,
    }
}

/// A bleep or an extension in words: "double oh seven two".
pub(crate) fn spoken_extension(candidate: &Candidate<'_>) -> Verdict {
    let Some(dialled) = spoken_digits(candidate.as_str()) else { return Verdict::Reject };
    let short = (3..=6).contains(&dialled.len()) && !PUBLIC.contains(&dialled.as_str());
    if short { Verdict::Plausible } else { Verdict::Reject }
}

/// The digits that words and figures spell: "double oh" is 00, "nine hundred" 900, "forty four" 44.
fn spoken_digits(text: &str) -> Option<String> {
    let mut digits = String::new();
    let mut times = 1;
    let mut tens = None;
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            digits.push_str(word);
            continue;
        }
        match word {
            "double" => times = 2,
            "treble" | "triple" => times = 3,
            "and" | "plus" => {}
            _ => {
                if let Some(ten) = tens.take() {
                    digits.push(ten);
                    if !matches!(number_word(word), Some(NumberWord::Small(1..=9))) {
                        digits.push('0');
                    }
                }
                match number_word(word)? {
                    NumberWord::Small(value) if value < 10 => {
                        let digit = char::from_digit(value, 10)?;
                        digits.extend(std::iter::repeat_n(digit, times));
                    }
                    NumberWord::Small(value) => digits.push_str(&value.to_string()),
                    NumberWord::Tens(value) => tens = char::from_digit(value / 10, 10),
                    NumberWord::Hundred => digits.push_str("00"),
                    NumberWord::Thousand => digits.push_str("000"),
                    NumberWord::Ordinal(_) => return None,
                }
                times = 1;
            }
        }
    }
    if let Some(tens) = tens {
        digits.push(tens);
        digits.push('0');
    }
    Some(digits)
}

/// A bleep, a pager or an extension after a word for one.
pub(crate) fn extension(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let number = digits(candidate.as_str());
    let after = around.joined_after();
    // "bleep 9612 Day 2 abx": what follows may be the next thing told.
    let is_measured =
        is_quantity(after) && !matches!(after, "day" | "days" | "dose" | "doses" | "units" | "hr");
    let goes_on = around.goes_on_as_number() && !is_pair_with_next(candidate);
    if PUBLIC.contains(&number.as_str()) || goes_on || is_measured {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// Whether another number as long as this one is joined on: "bleep 2213/2214", and not "140/100".
fn is_pair_with_next(candidate: &Candidate<'_>) -> bool {
    let next = candidate.after().strip_prefix(['/', ',']).unwrap_or_default();
    let end = next.find(|c: char| !c.is_ascii_digit()).unwrap_or(next.len());
    end > 3 && end == candidate.as_str().len() && candidate.digits().count() == end
}

/// One more bleep or extension of a list of such that a word for one opens: the third of "bleep 2213 or 2214 or 2215".
pub(crate) fn further_extension(candidate: &Candidate<'_>) -> Verdict {
    const LEADS: &[&str] = &[
        "bleep",
        "bleeped",
        "bleeping",
        "bleeps",
        "blp",
        "carrying",
        "dect",
        "ext",
        "extension",
        "extensions",
        "extn",
        "exts",
        "holding",
        "pager",
        "x",
    ];
    let length = candidate.as_str().len();
    let is_alike = |word: &str| word.len() == length && word.bytes().all(|byte| byte.is_ascii_digit());
    let mut numbers = 0;
    let lead = Surroundings::of(candidate).words_before().find(|word| {
        numbers += usize::from(is_alike(word));
        !is_alike(word) && !matches!(*word, "and" | "or")
    });
    let is_list = lead.is_some_and(|lead| {
        // "x5561": the first number is joined to its word.
        let word = lead.trim_end_matches(|c: char| c.is_ascii_digit());
        LEADS.contains(&word) && (numbers > 0 || lead.strip_prefix(word).is_some_and(is_alike))
    });
    if is_list { extension(candidate) } else { Verdict::Reject }
}

/// A short number after a desk or a role: a time of day counts only after a word for ringing ("call itu 0202").
pub(crate) fn desk_phone(candidate: &Candidate<'_>) -> Verdict {
    let number = digits(candidate.as_str());
    let clock = is_time(&number);
    let rung = Surroundings::of(candidate).words_before().take(4).any(|word| {
        matches!(
            word,
            "call"
                | "ring"
                | "bleep"
                | "phone"
                | "page"
                | "text"
                | "dial"
                | "fast"
                | "answer"
                | "answered"
                | "answering"
        )
    });
    let round =
        clock && number.ends_with(['0', '5']) && number.get(2..3).is_some_and(|tens| "0134".contains(tens));
    if clock && (!rung || round) { Verdict::Reject } else { short_phone(candidate) }
}

/// A short number to ring, after a verb or a preposition: "ring 5561", "I'm on 72118".
pub(crate) fn short_phone(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let number = digits(candidate.as_str());
    let time = is_time(&number)
        && (matches!(
            around.word_before(),
            "at" | "by" | "til" | "till" | "until" | "from" | "before" | "after" | "since"
        ) || matches!(
            around.joined_after(),
            "today" | "tonight" | "hrs" | "tomorrow" | "tmrw" | "sharp"
        ));
    let year = number.len() == 4
        && (number.starts_with("19") || number.starts_with("20"))
        && around.word_before() == "in";
    // "CRP 114 bleep 2231": the bleep's own number follows.
    let bleeps = candidate.after().trim_start_matches(' ');
    let is_before_bleep = ["bleep", "blp", "pager", "dect"].iter().any(|word| {
        let number = bleeps.strip_prefix(word).map(|rest| rest.trim_start_matches([' ', ':', '#', '*', '.']));
        number.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    // More digits to come: a longer number in groups.
    let goes_on =
        candidate.after().trim_start_matches(['\n', ' ', '-']).starts_with(|c: char| c.is_ascii_digit());
    if time
        || is_before_bleep
        || year
        || goes_on
        || PUBLIC.contains(&number.as_str())
        || around.goes_on_as_number()
        || around.ends_a_number()
        || is_quantity(around.joined_after())
        || matches!(around.touching_after(), Some('-' | '+'))
            && around.after().chars().nth(1).is_some_and(|c| c.is_ascii_digit())
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A number of North America: area code and exchange begin with 2 to 9, and no area code has 9 in the middle or two 1s at
/// its end.
pub(crate) fn north_american_phone(candidate: &Candidate<'_>) -> Verdict {
    let number: Vec<u8> = candidate.digits().collect();
    let assigned = match number.as_slice() {
        [2..=9, b @ 0..=8, c, 2..=9, rest @ ..] => (*b, *c) != (1, 1) && rest.len() == 6,
        _ => false,
    };
    let elsewhere =
        super::around::names_other_thing(candidate) || Surroundings::of(candidate).goes_on_as_number();
    if assigned && !elsewhere { Verdict::Plausible } else { Verdict::Reject }
}

/// A subscriber's number without its area code, or ten digits in three groups, after a word for a telephone.
pub(crate) fn local_phone(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let number = digits(candidate.as_str());
    let fits = match number.len() {
        6..=8 => !number.starts_with(['0', '1']),
        length => length == 10,
    };
    if !fits || around.goes_on_as_number() {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_knows_ranges_and_lengths() {
        for number in [
            "7700900123",
            "1632960123",
            "1174960538",
            "2079460123",
            "8081570123",
            "9098790123",
            "3069990123",
            "8001111",
            "2890180123",
        ] {
            assert_eq!(plan(number), Plan::Assigned, "{number}");
        }
        assert_eq!(plan("120496012"), Plan::Assigned);
        assert_eq!(plan("1999960123"), Plan::Unassigned);
        assert_eq!(plan("77009001"), Plan::Malformed);
        assert_eq!(plan("6134567890"), Plan::Unassigned);
    }

    #[test]
    fn numbers_of_north_america() {
        let judged = |text: &str| north_american_phone(&Candidate { text, start: 0, end: text.len() });
        for number in ["617-555-0177", "(415) 555-0134", "800.555.0199"] {
            assert_eq!(judged(number), Verdict::Plausible, "{number}");
        }
        // No area code, no exchange, an emergency number, too long.
        for number in ["117-555-0177", "999-123-4551", "617-055-0177", "911-555-0177", "617-555-01770"] {
            assert_eq!(judged(number), Verdict::Reject, "{number}");
        }
    }

    #[test]
    fn words_spell_digits() {
        let spelled = |text| spoken_digits(text).unwrap_or_default();
        assert_eq!(spelled("oh seven seven double oh nine hundred four one six"), "07700900416");
        assert_eq!(spelled("oh double seven hundred nine hundred three four one"), "07700900341");
        assert_eq!(spelled("oh one six three two, nine six oh, one double four"), "01632960144");
        assert_eq!(spelled("07700 nine hundred 7 2 5"), "07700900725");
        assert_eq!(spelled("four double two nine"), "4229");
        assert_eq!(spelled("triple nine"), "999");
        assert_eq!(spelled("oh one six three two nine six oh one forty four"), "01632960144");
        assert_eq!(spelled("seventy oh two"), "7002");
    }

    #[test]
    fn the_extension_is_no_part_of_the_number() {
        assert_eq!(digits(main_part("0117 496 0110 x4432")), "01174960110");
        assert_eq!(digits(main_part("01632 960 377#214")), "01632960377");
    }
}
