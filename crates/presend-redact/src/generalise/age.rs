//! Ages as `90+` or as ten years of life.

use presend_text::Span;

use crate::numerals;
use crate::tokens::{Text, Token, is_ordinal_ending};

/// From this age in years on, an age is written as one with all that are older.
const OLDEST: u32 = 90;
const OVER_89: &str = "90+";

const NEWBORN: &str = "newborn";
const UNDER_2: &str = "under 2";
const UNDER_10: &str = "under 10";
const TEENS: &str = "10-19";

/// An age below this many days or weeks is a newborn's.
const NEWBORN_DAYS: u32 = 28;
const NEWBORN_WEEKS: u32 = 4;

pub(super) fn over_89(words: &str) -> Option<String> {
    let text = Text::new(words)?;
    if is_general(text.folded()) {
        return Some(words.to_owned());
    }
    let age = Age::read(&text)?;
    if age.years() < OLDEST {
        return Some(words.to_owned());
    }
    let number = text.original(age.number);
    match (words.get(..number.start()), words.get(number.end()..)) {
        (Some(before), Some(after)) if age.goes_on => {
            let after = after.strip_prefix('+').unwrap_or(after);
            Some(format!("{before}{OVER_89}{after}").replace(['\r', '\n'], " "))
        }
        _ => Some(OVER_89.to_owned()),
    }
}

/// The age in full years.
pub(super) fn years(words: &str) -> Option<u32> {
    Age::read(&Text::new(words)?).map(|age| age.years())
}

pub(super) fn decade(words: &str) -> Option<String> {
    let text = Text::new(words)?;
    if is_general(text.folded()) {
        return Some(words.to_owned());
    }
    let age = Age::read(&text)?;
    let years = age.years();
    Some(match age.value {
        Value::Days(days) if days < NEWBORN_DAYS => NEWBORN.to_owned(),
        Value::Weeks(weeks) if weeks < NEWBORN_WEEKS => NEWBORN.to_owned(),
        Value::Days(_) | Value::Weeks(_) | Value::Months(_) if years < 2 => UNDER_2.to_owned(),
        _ if years < 10 => UNDER_10.to_owned(),
        _ if years < 20 => TEENS.to_owned(),
        _ if years >= OLDEST => OVER_89.to_owned(),
        _ => format!("{}s", years / 10 * 10),
    })
}

/// Whether the words are an age that is general already, or one as written here.
fn is_general(folded: &str) -> bool {
    let decade = folded.strip_suffix("0s").is_some_and(|tens| matches!(tens.as_bytes(), [b'2'..=b'8']));
    let named = decade_word(folded).is_some_and(|years| years < OLDEST);
    decade || named || matches!(folded, NEWBORN | UNDER_2 | UNDER_10 | TEENS | OVER_89 | "teens")
}

fn decade_word(word: &str) -> Option<u32> {
    Some(match word {
        "twenties" => 20,
        "thirties" => 30,
        "forties" | "fourties" => 40,
        "fifties" => 50,
        "sixties" => 60,
        "seventies" => 70,
        "eighties" => 80,
        "nineties" => 90,
        _ => return None,
    })
}

#[derive(Clone, Copy)]
enum Value {
    Years(u32),
    Months(u32),
    Weeks(u32),
    Days(u32),
}

/// An age as written.
struct Age {
    value: Value,
    /// Where the number stands in the folded text, with all that makes it more exact.
    number: Span,
    /// Nothing but units and words such as "old" stands beside the number.
    goes_on: bool,
}

impl Age {
    fn years(&self) -> u32 {
        match self.value {
            Value::Years(years) => years,
            Value::Months(months) => months / 12,
            Value::Weeks(weeks) => weeks / 52,
            Value::Days(days) => days / 365,
        }
    }

    /// Reads an age; `None` where there is no number, or one more than an age has.
    fn read(text: &Text<'_>) -> Option<Self> {
        let tokens = text.tokens();
        let mut reader = Reader { text, tokens: &tokens, at: 0 };
        let day = reader.skip_lead();
        let lead = reader.at;
        let first = reader.peek()?;
        if let Some(years) = decade_word(first.text) {
            return Some(Self { value: Value::Years(years), number: first.span, goes_on: false });
        }
        let mut number = reader.number()?;
        let mut goes_on = lead == 0;
        reader.fraction(&mut number);
        if reader.is_decade(&number) {
            return Some(Self { value: Value::Years(number.value), number: number.span, goes_on: false });
        }
        let value = match (reader.unit(&number), day) {
            (Some(unit), _) => unit.of(number.value),
            (None, true) => Value::Days(number.value),
            (None, false) => Value::Years(number.value),
        };
        goes_on &= reader.more_months().is_none() && matches!(value, Value::Years(_));
        for token in reader.rest() {
            let known = matches!(
                token.text,
                "y" | "o" | "yr" | "year" | "years" | "old" | "of" | "age" | "f" | "m" | "male" | "female"
            );
            if token.digits || !known && numerals::is_number_word(token.text) {
                return None;
            }
            goes_on &= known;
        }
        Some(Self { value, number: number.span, goes_on })
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Years,
    Months,
    Weeks,
    Days,
    Hours,
}

impl Unit {
    const fn of(self, number: u32) -> Value {
        match self {
            Self::Years => Value::Years(number),
            Self::Months => Value::Months(number),
            Self::Weeks => Value::Weeks(number),
            Self::Days => Value::Days(number),
            Self::Hours => Value::Days(number / 24),
        }
    }
}

struct Number {
    value: u32,
    span: Span,
}

struct Reader<'r, 'w> {
    text: &'r Text<'w>,
    tokens: &'r [Token<'r>],
    at: usize,
}

impl<'r> Reader<'r, '_> {
    fn rest(&self) -> &'r [Token<'r>] {
        self.tokens.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<&'r Token<'r>> {
        self.rest().first()
    }

    fn words(&self, count: usize) -> Vec<&'r str> {
        self.rest().iter().take(count).map(|token| token.text).collect()
    }

    /// The folded text right behind a span.
    fn behind(&self, span: Span) -> &'r str {
        self.text.between(span.end(), self.text.folded().len())
    }

    /// Passes "aged", "in her early" and the like; whether "day" or "dol" says that days follow.
    fn skip_lead(&mut self) -> bool {
        let mut day = false;
        while let Some(token) = self.peek() {
            match token.text {
                "day" | "d" | "dol" => day = true,
                "of" | "life" | "age" | "aged" | "in" | "his" | "her" | "their" | "early" | "mid"
                | "late" | "about" | "approx" => {}
                _ => break,
            }
            self.at += 1;
        }
        day
    }

    fn number(&mut self) -> Option<Number> {
        let first = self.peek()?;
        let (value, used) = if first.digits {
            (first.value().filter(|_| first.text.len() <= 3)?, 1)
        } else {
            numerals::read_age(&self.words(6))?
        };
        let mut span = first.span.cover(self.rest().get(used - 1)?.span);
        self.at += used;
        if let Some(ending) = self.peek().filter(|token| is_ordinal_ending(token.text)) {
            span = span.cover(ending.span);
            self.at += 1;
        }
        Some(Number { value, span })
    }

    /// Takes "½", ".5", "and a half", "odd" into the number.
    fn fraction(&mut self, number: &mut Number) {
        let behind = self.behind(number.span);
        if let Some(mark) = behind.chars().next().filter(|mark| matches!(mark, '½' | '¼' | '¾')) {
            number.span = Span::new(number.span.start(), number.span.end() + mark.len_utf8());
            return;
        }
        let figures = |whole: &str, parts: &str| {
            behind.starts_with(whole)
                && self.words(2).concat() == parts
                && self
                    .rest()
                    .get(..parts.len())
                    .is_some_and(|tokens| tokens.iter().all(|token| token.digits))
        };
        let decimal =
            behind.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let used: usize = if decimal {
            1
        } else if figures(" 1/2", "12") || figures(" 3/4", "34") {
            2
        } else {
            match self.words(4).as_slice() {
                ["and", "a", "half" | "bit", ..] | ["and", "three", "quarters", ..] => 3,
                ["and", "half", ..] => 2,
                ["odd", ..] => 1,
                _ => 0,
            }
        };
        if let Some(last) = used.checked_sub(1).and_then(|at| self.rest().get(at)) {
            number.span = number.span.cover(last.span);
            self.at += used;
        }
    }

    /// Takes the "s" of "70s".
    fn is_decade(&mut self, number: &Number) -> bool {
        let behind = self.behind(number.span);
        let is = number.value.is_multiple_of(10)
            && (behind.starts_with('s') || behind.starts_with("'s"))
            && self.peek().is_some_and(|token| token.text == "s");
        self.at += usize::from(is);
        is
    }

    fn unit(&mut self, number: &Number) -> Option<Unit> {
        let behind = self.behind(number.span);
        for (written, digits, unit) in
            [("/12", "12", Unit::Months), ("/52", "52", Unit::Weeks), ("/7", "7", Unit::Days)]
        {
            if behind.starts_with(written) && self.peek().is_some_and(|token| token.text == digits) {
                self.at += 1;
                return Some(unit);
            }
        }
        let token = self.peek()?;
        let unit = match token.text {
            "y" | "yr" | "yrs" | "year" | "years" | "yo" | "yoa" => Unit::Years,
            // A capital, or a number of months that nobody counts to, is a man's age.
            "m" if number.value > 36 || self.text.written(token.span) == Some("M") => return None,
            "m" | "mo" | "mos" | "mth" | "mths" | "mnth" | "mnths" | "month" | "months" => Unit::Months,
            "w" | "wk" | "wks" | "week" | "weeks" => Unit::Weeks,
            "d" | "day" | "days" => Unit::Days,
            "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Hours,
            _ => return None,
        };
        self.at += 1;
        Some(unit)
    }

    /// Takes the months of "3y 4m".
    fn more_months(&mut self) -> Option<Number> {
        let start = self.at;
        if self.peek()?.text == "and" {
            self.at += 1;
        }
        let months = self.number().filter(|number| number.value < 12);
        if months.as_ref().and_then(|months| self.unit(months)).is_none() {
            self.at = start;
            return None;
        }
        months
    }
}
