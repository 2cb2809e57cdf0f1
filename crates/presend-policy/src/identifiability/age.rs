//! The population of the United Kingdom by age and sex, and ages as people write them.

use super::subject::Sex;

/// Ages past this one are not counted.
pub(super) const OLDEST: f32 = 111.0;

const YEARS: usize = 111;

/// How many people are younger than each whole year, men and women.
static YOUNGER: [[u32; YEARS + 1]; 2] = younger(include_bytes!("../../data/ages.tsv"));

/// Sums up the table of single years while the program is compiled: a line is age, men, women.
const fn younger(text: &[u8]) -> [[u32; YEARS + 1]; 2] {
    let mut sums = [[0; YEARS + 1]; 2];
    let (mut at, mut year) = (0, 0);
    while year < YEARS {
        let mut columns = [0; 3];
        let mut column = 0;
        while at < text.len() && text[at] != b'\n' {
            if text[at] == b'\t' {
                column += 1;
            } else {
                columns[column] = columns[column] * 10 + (text[at] - b'0') as u32;
            }
            at += 1;
        }
        at += 1;
        sums[0][year + 1] = sums[0][year] + columns[1];
        sums[1][year + 1] = sums[1][year] + columns[2];
        year += 1;
    }
    sums
}

/// How many people of a sex, or of both, are from `low` up to `high` years old.
pub(super) fn people(low: f32, high: f32, sex: Option<Sex>) -> f64 {
    let of = |index: usize| YOUNGER.get(index).map_or(0.0, |sums| below(sums, high) - below(sums, low));
    let count = match sex {
        Some(Sex::Male) => of(0),
        Some(Sex::Female) => of(1),
        None => of(0) + of(1),
    };
    count.max(1.0)
}

/// How many are younger than an age, in equal parts within a year.
fn below(sums: &[u32; YEARS + 1], age: f32) -> f64 {
    let age = f64::from(age.clamp(0.0, OLDEST));
    let whole = age as usize;
    let here = sums.get(whole).or(sums.last()).copied().map_or(0.0, f64::from);
    let next = sums.get(whole + 1).copied().map_or(here, f64::from);
    here + (next - here) * (age - whole as f64)
}

/// A range of ages in years, the end not included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ages {
    pub(super) low: f32,
    pub(super) high: f32,
}

const DAY: f32 = 1.0 / 365.25;

#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Years,
    Months,
    Weeks,
    Days,
    Hours,
}

/// Reads an age: `82`, `82yo`, `80s`, `seventy one`, `90+`, `14/12`, `6/52`, `3y 4m`, `day 9`, `late forties`, `18ish`.
///
/// A whole number of a unit stands for the span up to the next; `None` where no age comes of it.
pub(super) fn read(text: &str) -> Option<Ages> {
    let mut value: Option<f32> = None;
    let mut months: Option<f32> = None;
    let mut unit = None;
    let (mut spelled, mut decade, mut rough, mut over, mut third) = (false, false, false, false, None);
    for token in tokens(text) {
        match token {
            Token::Number(number, rest) => {
                let number = f32::from(number);
                if let Some((divisor, named)) = divisor(rest)
                    && value.is_none()
                {
                    value = Some(number);
                    unit = divisor.then_some(named).or(unit);
                } else if value.is_none() || spelled && unit.is_none() {
                    value = Some(value.filter(|_| spelled).map_or(number, |tens| tens + number));
                } else if unit == Some(Unit::Years) && months.is_none() {
                    months = Some(number);
                }
                over |= rest.starts_with('+');
            }
            Token::Word(word) => match word {
                b"y" | b"yo" | b"yr" | b"yrs" | b"year" | b"years" | b"yrsold" => {
                    unit = unit.or(Some(Unit::Years))
                }
                b"m" | b"mo" | b"mos" | b"mth" | b"mths" | b"mnth" | b"mnths" | b"month" | b"months" => {
                    unit = unit.or(Some(Unit::Months));
                }
                b"w" | b"wk" | b"wks" | b"week" | b"weeks" => unit = unit.or(Some(Unit::Weeks)),
                b"d" | b"day" | b"days" | b"dol" => unit = unit.or(Some(Unit::Days)),
                b"h" | b"hr" | b"hrs" | b"hour" | b"hours" => unit = unit.or(Some(Unit::Hours)),
                b"s" | b"odd" => decade = true,
                b"ish" | b"approx" | b"about" | b"roughly" | b"around" | b"circa" => rough = true,
                b"over" | b"plus" => over = true,
                b"early" => third = Some((0.0, 4.0)),
                b"mid" | b"middle" => third = Some((3.0, 7.0)),
                b"late" => third = Some((6.0, 10.0)),
                b"newborn" | b"neonate" | b"neonatal" => return Some(Ages { low: 0.0, high: 28.0 * DAY }),
                b"teens" | b"teenager" | b"teenage" => return Some(Ages { low: 13.0, high: 20.0 }),
                b"hundred" => value = Some(value.unwrap_or(1.0) * 100.0),
                _ => {
                    if let Some((number, of_decade)) = spoken(word)
                        && unit.is_none()
                    {
                        value = Some(value.filter(|_| spelled).unwrap_or_default() + number);
                        decade |= of_decade;
                        spelled = true;
                    }
                }
            },
        }
    }
    let value = value?;
    let (low, high) = match unit.unwrap_or(Unit::Years) {
        Unit::Years if decade => {
            let (from, to) = third.unwrap_or((0.0, 10.0));
            (value + from, value + to)
        }
        Unit::Years if over => (value, OLDEST),
        Unit::Years if rough => (value - 2.0, value + 3.0),
        Unit::Years => months.map_or((value, value + 1.0), |months| {
            let low = value + months.min(11.0) / 12.0;
            (low, low + 1.0 / 12.0)
        }),
        Unit::Months => (value / 12.0, (value + 1.0) / 12.0),
        Unit::Weeks => (value * 7.0 * DAY, (value + 1.0) * 7.0 * DAY),
        Unit::Days => (value * DAY, (value + 1.0) * DAY),
        Unit::Hours => ((value / 24.0).floor() * DAY, (value / 24.0).floor() * DAY + DAY),
    };
    (low < OLDEST).then_some(Ages { low: low.max(0.0), high: high.min(OLDEST) })
}

/// The value of a number in words, and whether it names ten years (`forties`).
pub(super) fn spoken(word: &[u8]) -> Option<(f32, bool)> {
    const SMALL: [&[u8]; 20] = [
        b"zero",
        b"one",
        b"two",
        b"three",
        b"four",
        b"five",
        b"six",
        b"seven",
        b"eight",
        b"nine",
        b"ten",
        b"eleven",
        b"twelve",
        b"thirteen",
        b"fourteen",
        b"fifteen",
        b"sixteen",
        b"seventeen",
        b"eighteen",
        b"nineteen",
    ];
    const TENS: [(&[u8], &[u8]); 8] = [
        (b"twenty", b"twenties"),
        (b"thirty", b"thirties"),
        (b"forty", b"forties"),
        (b"fifty", b"fifties"),
        (b"sixty", b"sixties"),
        (b"seventy", b"seventies"),
        (b"eighty", b"eighties"),
        (b"ninety", b"nineties"),
    ];
    if let Some(number) = SMALL.iter().position(|name| *name == word) {
        return Some((number as f32, false));
    }
    let ten = TENS.iter().position(|(name, years)| *name == word || *years == word)?;
    Some((ten as f32 * 10.0 + 20.0, word.ends_with(b"ies")))
}

/// The shorthand of a duration after a number: `/12` months, `/52` weeks, `/7` days.
fn divisor(rest: &str) -> Option<(bool, Unit)> {
    let rest = rest.trim_start().strip_prefix('/')?.trim_start();
    let end = rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    match rest.get(..end)? {
        "12" => Some((true, Unit::Months)),
        "52" => Some((true, Unit::Weeks)),
        "7" => Some((true, Unit::Days)),
        _ => None,
    }
}

/// A run of digits with what follows it, or a run of letters in lower case.
pub(super) enum Token<'a> {
    Number(u16, &'a str),
    Word(&'a [u8]),
}

/// The runs of digits and of letters in folded text.
///
/// A number after a slash is left out, since it belongs to the one before; so is one of more than four digits.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let first = rest.bytes().next()?;
            let letters = first.is_ascii_alphabetic();
            if !letters && !first.is_ascii_digit() {
                at += rest.chars().next()?.len_utf8();
                continue;
            }
            let same = |byte: &u8| if letters { byte.is_ascii_alphabetic() } else { byte.is_ascii_digit() };
            let len = rest.bytes().take_while(same).count();
            let (run, after) = rest.split_at_checked(len)?;
            let divides = text.get(..at).is_some_and(|before| before.trim_end().ends_with('/'));
            at += len;
            if letters {
                return Some(Token::Word(run.as_bytes()));
            }
            if let Ok(number) = run.parse::<u16>()
                && len <= 4
                && !divides
            {
                return Some(Token::Number(number, after));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_as_people_write_them() {
        let cases: [(&str, f32, f32); 33] = [
            ("82", 82.0, 83.0),
            ("82yo", 82.0, 83.0),
            ("78 yr old", 78.0, 79.0),
            ("9 y/o", 9.0, 10.0),
            ("6yrs", 6.0, 7.0),
            ("104 year old", 104.0, 105.0),
            ("seventy one", 71.0, 72.0),
            ("sixty-three year old", 63.0, 64.0),
            ("twenty 2", 22.0, 23.0),
            ("one hundred", 100.0, 101.0),
            ("fifty-three", 53.0, 54.0),
            ("eighty", 80.0, 81.0),
            ("80s", 80.0, 90.0),
            ("80's", 80.0, 90.0),
            ("forties", 40.0, 50.0),
            ("late forties", 46.0, 50.0),
            ("early 60s", 60.0, 64.0),
            ("seventy odd year old", 70.0, 80.0),
            ("90+", 90.0, 111.0),
            ("18ish", 16.0, 21.0),
            ("14/12", 14.0 / 12.0, 15.0 / 12.0),
            ("9 months", 9.0 / 12.0, 10.0 / 12.0),
            ("seven months", 7.0 / 12.0, 8.0 / 12.0),
            ("5/52", 35.0 * DAY, 42.0 * DAY),
            ("6 wks", 42.0 * DAY, 49.0 * DAY),
            ("8 week old", 56.0 * DAY, 63.0 * DAY),
            ("day 9", 9.0 * DAY, 10.0 * DAY),
            ("d9", 9.0 * DAY, 10.0 * DAY),
            ("4 days old", 4.0 * DAY, 5.0 * DAY),
            ("36 hours", DAY, 2.0 * DAY),
            ("5 yrs 2 months", 5.0 + 2.0 / 12.0, 5.0 + 3.0 / 12.0),
            ("3y 4m", 3.0 + 4.0 / 12.0, 3.0 + 5.0 / 12.0),
            ("12 and 3/4", 12.0, 13.0),
        ];
        for (text, low, high) in cases {
            let ages = read(text).unwrap_or(Ages { low: -1.0, high: -1.0 });
            assert!((ages.low - low).abs() < 1e-4 && (ages.high - high).abs() < 1e-4, "{text}: {ages:?}");
        }
        for text in ["", "old", "999", "yo", "+"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn people_by_age_add_up_to_the_country() {
        let all = people(0.0, OLDEST, None);
        assert!((all - 67_596_281.0).abs() < 200.0, "{all}");
        let sexes = people(0.0, OLDEST, Some(Sex::Female)) + people(0.0, OLDEST, Some(Sex::Male));
        assert!((all - sexes).abs() < 1.0);
        let by_year: f64 = (0_u8..111).map(|year| people(f32::from(year), f32::from(year) + 1.0, None)).sum();
        assert!((all - by_year).abs() < 2.0);
        assert!(people(100.0, OLDEST, None) < 20_000.0);
        assert!((1.0..3_000.0).contains(&people(9.0 * DAY, 10.0 * DAY, None)));
        assert!(people(200.0, 300.0, None) >= 1.0);
    }
}
