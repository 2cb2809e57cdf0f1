//! Reads a date's parts from the tokens of its words.

use presend_text::Span;

use super::holidays::Holiday;
use super::{FIRST_YEAR, Fields, LAST_YEAR, MONTHS, MonthName, Part, Said, Year, YearStyle};
use crate::numerals;
use crate::tokens::{Case, Text, Token, is_ordinal_ending};

/// Pieces of the layout with where they stand in the folded text.
type Places = Vec<(Span, Part)>;

/// What was read: the parts, the holiday by which they are meant, and where each piece stands in the folded text.
type Found = (Fields, Option<Holiday>, Places);

/// Reads a date; `sure` says that the words are known to be one, so that a bare run of digits may be.
pub(super) fn read(text: &Text<'_>, sure: bool) -> Option<Found> {
    let tokens = text.tokens();
    holiday(text, &tokens)
        .or_else(|| figures(text, &tokens, sure))
        .or_else(|| spoken(text, &tokens))
        .or_else(|| straightened(text, sure))
}

/// Letters typed for digits, as in `l2/O6/57`.
fn straightened(text: &Text<'_>, sure: bool) -> Option<Found> {
    let folded = text.folded();
    let figure = |c: char| c.is_ascii_digit() || matches!(c, 'o' | 'i' | 'l');
    let typed = folded.chars().all(|c| figure(c) || matches!(c, '/' | '.' | '-'));
    let letters = folded.contains(['o', 'i', 'l']) && folded.contains(|c: char| c.is_ascii_digit());
    if !sure || !typed || !letters || folded.len() != text.written(Span::new(0, folded.len()))?.len() {
        return None;
    }
    let straight: String = folded
        .chars()
        .map(|c| match c {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    let straight = Text::new(&straight)?;
    // One byte stands for one byte, so the spans hold for the words as they came.
    figures(&straight, &straight.tokens(), sure)
}

/// The month of a name or a usual short form of one, and which form it is.
fn month(word: &str) -> Option<(i8, MonthName)> {
    let (stem, name) = match word {
        "sept" => ("sep", MonthName::Sept),
        "febuary" | "feburary" => ("february", MonthName::Full),
        other if other.len() == 3 && other != "may" => (other, MonthName::Short),
        other => (other, MonthName::Full),
    };
    let at = MONTHS
        .iter()
        .position(|full| if name == MonthName::Full { *full == stem } else { full.starts_with(stem) })?;
    Some((i8::try_from(at + 1).ok()?, name))
}

const fn plausible(year: i16) -> bool {
    year >= FIRST_YEAR && year <= LAST_YEAR
}

/// The parts, where such a date exists in some year that they leave open.
fn fields(day: Option<u32>, month: Option<i8>, year: Option<Year>) -> Option<Fields> {
    let day = day.map(i8::try_from).transpose().ok()?;
    if year.is_some_and(|year| !year.short && !plausible(year.value)) {
        return None;
    }
    let leap = year.is_none_or(|year| {
        year.value % 4 == 0 && (year.short || year.value % 100 != 0 || year.value % 400 == 0)
    });
    let days = match month {
        None | Some(1 | 3 | 5 | 7 | 8 | 10 | 12) => 31,
        Some(4 | 6 | 9 | 11) => 30,
        Some(2) if leap => 29,
        Some(2) => 28,
        Some(_) => return None,
    };
    day.is_none_or(|day| (1..=days).contains(&day)).then_some(Fields { day, month, year })
}

// --- Holidays

fn holiday(text: &Text<'_>, tokens: &[Token<'_>]) -> Option<Found> {
    let named = tokens.iter().take_while(|token| !token.digits).count();
    let (words, rest) = tokens.split_at_checked(named)?;
    let name = words.iter().map(|token| token.text.replace('\'', "")).collect::<Vec<_>>().join(" ");
    let holiday = Holiday::named(&name)?;
    let span = words.first()?.span.cover(words.last()?.span);
    let mut pieces = vec![(span, Part::Holiday(text.written(span)?.to_owned()))];
    let year = match rest {
        [] => None,
        [year] => {
            let year = figures_year(year)?;
            pieces.push((rest.first()?.span, Part::Year { short: year.short }));
            Some(year)
        }
        _ => return None,
    };
    if !is_parted_well(text, tokens) {
        return None;
    }
    Some((fields(None, None, year)?, Some(holiday), pieces))
}

fn figures_year(token: &Token<'_>) -> Option<Year> {
    let value = i16::try_from(token.value()?).ok()?;
    match token.text.len() {
        2 => Some(Year { value, short: true }),
        4 if plausible(value) => Some(Year { value, short: false }),
        _ => None,
    }
}

/// Whether nothing stands between and around the tokens but what parts a date.
fn is_parted_well(text: &Text<'_>, tokens: &[Token<'_>]) -> bool {
    let mut at = 0;
    let ends =
        tokens.iter().map(|token| token.span).chain([Span::new(text.folded().len(), text.folded().len())]);
    for span in ends {
        if !text.between(at, span.start()).chars().all(is_separator) {
            return false;
        }
        at = span.end();
    }
    true
}

const fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\n'
            | '\r'
            | '\t'
            | '/'
            | '.'
            | '-'
            | '_'
            | '\\'
            | ','
            | '\''
            | '\u{b7}'
            | '\u{2027}'
            | '\u{2022}'
    )
}

// --- Figures, with or without the month by name

enum Item {
    Number { value: u32, len: usize, span: Span, ending: Option<Span>, quoted: bool },
    Month { month: i8, name: MonthName, span: Span },
}

/// What a number in figures is taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Day,
    Month,
    Year,
}

fn figures(text: &Text<'_>, tokens: &[Token<'_>], sure: bool) -> Option<Found> {
    use Item::{Month, Number};
    if !is_parted_well(text, tokens) {
        return None;
    }
    let items = items(text, tokens)?;
    let mut found = Pieces { text, pieces: Vec::new() };
    let short = |value: u32, len: usize| -> Option<Year> {
        Some(Year { value: i16::try_from(value).ok()?, short: len == 2 })
    };
    let fields = match items.as_slice() {
        [Month { month, name, span }] => {
            found.month_name(*name, *span)?;
            fields(None, Some(*month), None)?
        }
        [day @ Number { value, len: 1 | 2, .. }, Month { month, name, span }] => {
            found.number(day, Role::Day)?;
            found.month_name(*name, *span)?;
            fields(Some(*value), Some(*month), None)?
        }
        [year @ Number { value, len: 4, ending: None, .. }, Month { month, name, span }] => {
            found.number(year, Role::Year)?;
            found.month_name(*name, *span)?;
            fields(None, Some(*month), short(*value, 4))?
        }
        [Month { month, name, span }, number @ Number { value, len, ending, quoted, .. }] => {
            found.month_name(*name, *span)?;
            let as_day = fields(Some(*value), Some(*month), None).filter(|_| *len <= 2 && !quoted);
            if let Some(fields) = as_day {
                found.number(number, Role::Day)?;
                fields
            } else {
                if !matches!(len, 2 | 4) || ending.is_some() {
                    return None;
                }
                found.number(number, Role::Year)?;
                fields(None, Some(*month), short(*value, *len))?
            }
        }
        [
            day @ Number { value, len: 1 | 2, .. },
            Month { month, name, span },
            year @ Number { value: years, len: len @ (2 | 4), ending: None, .. },
        ]
        | [
            Month { month, name, span },
            day @ Number { value, len: 1 | 2, .. },
            year @ Number { value: years, len: len @ (2 | 4), ending: None, .. },
        ]
        | [
            year @ Number { value: years, len: len @ 4, ending: None, .. },
            Month { month, name, span },
            day @ Number { value, len: 1 | 2, .. },
        ] => {
            found.number(day, Role::Day)?;
            found.month_name(*name, *span)?;
            found.number(year, Role::Year)?;
            fields(Some(*value), Some(*month), short(*years, *len))?
        }
        [a @ Number { .. }, b @ Number { .. }, c @ Number { .. }] => three(&mut found, a, b, c)?,
        [a @ Number { .. }, b @ Number { .. }] => two(&mut found, a, b, sure)?,
        [day @ Number { value, len: 1 | 2, ending: Some(_), .. }] => {
            found.number(day, Role::Day)?;
            fields(Some(*value), None, None)?
        }
        [Number { value, len, span, ending: None, .. }] if sure => return packed(*value, *len, *span),
        _ => return None,
    };
    let mut pieces = found.pieces;
    pieces.sort_by_key(|(span, _)| span.start());
    pad(text, &mut pieces);
    Some((fields, None, pieces))
}

fn items(text: &Text<'_>, tokens: &[Token<'_>]) -> Option<Vec<Item>> {
    let mut items = Vec::new();
    for token in tokens {
        if let Some(value) = token.value() {
            let quoted = text.between(0, token.span.start()).ends_with('\'');
            let len = token.text.len();
            items.push(Item::Number { value, len, span: token.span, ending: None, quoted });
        } else if let Some((month, name)) = month(token.text) {
            items.push(Item::Month { month, name, span: token.span });
        } else if is_ordinal_ending(token.text) {
            match items.last_mut()? {
                Item::Number { ending: ending @ None, span, len: 1 | 2, .. }
                    if text.between(span.end(), token.span.start()).trim().is_empty() =>
                {
                    *ending = Some(token.span);
                }
                _ => return None,
            }
        } else if !matches!(token.text, "of" | "the") {
            return None;
        }
    }
    Some(items)
}

/// Says of the days and months whether those below ten are written with a zero.
///
/// Where no number of the date shows it, dates all in figures with a year of four digits have the zero.
fn pad(text: &Text<'_>, pieces: &mut [(Span, Part)]) {
    let mut shown = None;
    let mut named = false;
    let mut long = false;
    for (span, part) in &*pieces {
        match part {
            Part::Day { .. } | Part::Month { .. } => {
                let digits = text.between(span.start(), span.end());
                if digits.len() == 1 {
                    shown = Some(false);
                } else if digits.starts_with('0') {
                    shown = shown.or(Some(true));
                }
            }
            Part::MonthName { .. } => named = true,
            Part::Year { short: false } => long = true,
            _ => {}
        }
    }
    let zero = shown.unwrap_or(long && !named);
    for (_, part) in pieces {
        if let Part::Day { padded } | Part::Month { padded } = part {
            *padded = zero;
        }
    }
}

struct Pieces<'t, 'w> {
    text: &'t Text<'w>,
    pieces: Places,
}

impl Pieces<'_, '_> {
    fn number(&mut self, item: &Item, role: Role) -> Option<()> {
        let Item::Number { len, span, ending, .. } = item else { return None };
        let part = match role {
            Role::Day => Part::Day { padded: false },
            Role::Month => Part::Month { padded: false },
            Role::Year => Part::Year { short: *len == 2 },
        };
        self.pieces.push((*span, part));
        if let Some(ending) = ending {
            let case = Case::of(self.text.written(*ending)?);
            self.pieces.push((
                *ending,
                match role {
                    Role::Day => Part::DayEnding(case),
                    Role::Month => Part::MonthEnding(case),
                    Role::Year => return None,
                },
            ));
        }
        Some(())
    }

    fn month_name(&mut self, name: MonthName, span: Span) -> Option<()> {
        let case = Case::of(self.text.written(span)?);
        self.pieces.push((span, Part::MonthName { name, case }));
        Some(())
    }

    /// The marks between two numbers, without spaces, the first one's ending and the apostrophe before a year.
    fn mark(&self, from: Span, ending: Option<Span>, to: Span) -> String {
        let between = self.text.between(ending.unwrap_or(from).end(), to.start());
        between.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect()
    }
}

fn three(found: &mut Pieces<'_, '_>, a: &Item, b: &Item, c: &Item) -> Option<Fields> {
    let (
        Item::Number { value: first, len: first_len, span: first_span, ending: first_ending, .. },
        Item::Number { value: second, len: second_len, span: second_span, ending: second_ending, .. },
        Item::Number { value: third, len: third_len, span: third_span, ending: None, .. },
    ) = (a, b, c)
    else {
        return None;
    };
    let mark = found.mark(*first_span, *first_ending, *second_span);
    let other = found.mark(*second_span, *second_ending, *third_span);
    // "11th of the 9th 2024", or the same mark twice.
    let worded = mark.starts_with("of") && first_ending.is_some() && other.is_empty();
    let marked =
        mark == other && !mark.contains(char::is_alphabetic) && first_ending.or(*second_ending).is_none();
    if !(worded || marked) || *second_len > 2 {
        return None;
    }
    let whole = |value: u32| Some(Year { value: i16::try_from(value).ok()?, short: false });
    let small = |value: u32| i8::try_from(value).ok();
    let (roles, fields) = match (first_len, third_len) {
        (4, 1 | 2) => (
            [Role::Year, Role::Month, Role::Day],
            fields(Some(*third), Some(small(*second)?), Some(whole(*first)?))?,
        ),
        (1 | 2, 2 | 4) => {
            let year = Year { value: i16::try_from(*third).ok()?, short: *third_len == 2 };
            match fields(Some(*first), Some(small(*second)?), Some(year)) {
                Some(fields) => ([Role::Day, Role::Month, Role::Year], fields),
                // The American order where only that exists.
                None if *third_len == 4 => (
                    [Role::Month, Role::Day, Role::Year],
                    fields(Some(*second), Some(small(*first)?), Some(year))?,
                ),
                None => return None,
            }
        }
        _ => return None,
    };
    for (item, role) in [a, b, c].into_iter().zip(roles) {
        found.number(item, role)?;
    }
    Some(fields)
}

fn two(found: &mut Pieces<'_, '_>, a: &Item, b: &Item, sure: bool) -> Option<Fields> {
    let (
        Item::Number { value: first, len: 1 | 2, span: first_span, ending: first_ending, .. },
        Item::Number { value: second, len: second_len, span: second_span, ending: second_ending, quoted },
    ) = (a, b)
    else {
        return None;
    };
    let mark = found.mark(*first_span, *first_ending, *second_span);
    // "11th of the 9th"; "1st-4th" is two days.
    let worded = mark.starts_with("of") && first_ending.is_some();
    let marked = first_ending.or(*second_ending).is_none()
        && !mark.is_empty()
        && !mark.contains(|c: char| c == ',' || c.is_alphabetic());
    if !(worded || marked) {
        return None;
    }
    let as_day =
        fields(Some(*first), Some(i8::try_from(*second).ok()?), None).filter(|_| *second_len <= 2 && !quoted);
    if let Some(fields) = as_day {
        found.number(a, Role::Day)?;
        found.number(b, Role::Month)?;
        return Some(fields);
    }
    // A month and a year, as on a pack: "12/23", "03/2024".
    let year = match second_len {
        4 => Year { value: i16::try_from(*second).ok()?, short: false },
        2 if mark == "/" => Year { value: i16::try_from(*second).ok()?, short: true },
        _ => return None,
    };
    if !sure || first_ending.is_some() || second_ending.is_some() {
        return None;
    }
    let fields = fields(None, Some(i8::try_from(*first).ok()?), Some(year))?;
    found.number(a, Role::Month)?;
    found.number(b, Role::Year)?;
    Some(fields)
}

/// A date without marks, or a year alone.
fn packed(value: u32, len: usize, span: Span) -> Option<Found> {
    let year = |value: u32, short| Some(Year { value: i16::try_from(value).ok()?, short });
    let month = |value: u32| i8::try_from(value).ok();
    let at = span.start();
    let cut = |from: usize, to: usize, part: Part| (Span::new(at + from, at + to), part);
    let (day, number) = (Part::Day { padded: true }, Part::Month { padded: true });
    let (fields, pieces) = match len {
        4 => (fields(None, None, year(value, false))?, vec![(span, Part::Year { short: false })]),
        6 => (
            fields(Some(value / 10_000), Some(month(value / 100 % 100)?), year(value % 100, true))?,
            vec![cut(0, 2, day), cut(2, 4, number), cut(4, 6, Part::Year { short: true })],
        ),
        8 => {
            let day_first = fields(
                Some(value / 1_000_000),
                Some(month(value / 10_000 % 100)?),
                year(value % 10_000, false),
            );
            if let Some(fields) = day_first {
                (fields, vec![cut(0, 2, day), cut(2, 4, number), cut(4, 8, Part::Year { short: false })])
            } else {
                (
                    fields(Some(value % 100), Some(month(value / 100 % 100)?), year(value / 10_000, false))?,
                    vec![cut(0, 4, Part::Year { short: false }), cut(4, 6, number), cut(6, 8, day)],
                )
            }
        }
        _ => return None,
    };
    Some((fields, None, pieces))
}

// --- Words

/// A number in words or figures, and the tokens that it took.
#[derive(Clone, Copy)]
struct Spoken {
    number: numerals::Number,
    figures: bool,
    from: usize,
    to: usize,
}

fn spoken(text: &Text<'_>, tokens: &[Token<'_>]) -> Option<Found> {
    if !is_parted_well(text, tokens) {
        return None;
    }
    let tokens: Vec<Token<'_>> =
        tokens.iter().copied().filter(|token| !matches!(token.text, "the" | "of" | "in")).collect();
    if !tokens.iter().any(|token| numerals::is_number_word(token.text)) {
        return None;
    }
    let voice = Voice { text, tokens: &tokens };
    if let Some((named, name)) = month(tokens.first()?.text) {
        return voice.month_first(named, name);
    }
    let numbers = voice.numbers(0);
    // "twenty seventh" is no 20 July.
    if let Some(all) = numbers.first().filter(|day| day.to == tokens.len()) {
        return voice.day_alone(*all);
    }
    numbers.into_iter().find_map(|day| voice.after_day(day))
}

struct Voice<'v, 'w> {
    text: &'v Text<'w>,
    tokens: &'v [Token<'v>],
}

impl Voice<'_, '_> {
    /// The numbers that start at a token, the longest first.
    fn numbers(&self, from: usize) -> Vec<Spoken> {
        let Some(rest) = self.tokens.get(from..) else { return Vec::new() };
        if let Some(value) = rest.first().filter(|token| token.text.len() <= 2).and_then(Token::value) {
            let ordinal = rest.get(1).is_some_and(|token| is_ordinal_ending(token.text));
            let to = from + 1 + usize::from(ordinal);
            let number = numerals::Number { value, ordinal, zero: false };
            return vec![Spoken { number, figures: true, from, to }];
        }
        let words: Vec<&str> = rest.iter().take(2).map(|token| token.text).collect();
        let mut all = Vec::new();
        for taken in (1..=words.len()).rev() {
            if let Some((number, used)) = words.get(..taken).and_then(numerals::read)
                && used == taken
            {
                all.push(Spoken { number, figures: false, from, to: from + used });
            }
        }
        all
    }

    /// The number read as far as all that is left, as a year.
    fn year(&self, from: usize) -> Option<(Year, Places)> {
        let rest = self.tokens.get(from..)?;
        let span = rest.first()?.span.cover(rest.last()?.span);
        if let [only] = rest
            && let Some(year) = figures_year(only)
        {
            return Some((year, vec![(span, Part::Year { short: year.short })]));
        }
        let words: Vec<&str> = rest.iter().map(|token| token.text).collect();
        let (value, style) = match words.as_slice() {
            ["two", "thousand", tail @ ..] => {
                let (tail, and) = if let ["and", tail @ ..] = tail { (tail, true) } else { (tail, false) };
                let units = if tail.is_empty() && !and { 0 } else { number(tail)?.value };
                // "two thousand" alone may go on either way.
                (2000 + units, YearStyle::Thousand { and: and || tail.is_empty() })
            }
            [hundreds @ ("nineteen" | "twenty"), tail @ ..] if !tail.is_empty() => {
                let hundreds = if *hundreds == "twenty" { 2000 } else { 1900 };
                match tail {
                    ["hundred"] => (hundreds, YearStyle::Pair),
                    ["hundred", "and", tail @ ..] | ["hundred", tail @ ..] => {
                        (hundreds + number(tail)?.value, YearStyle::Pair)
                    }
                    // "twenty one" is no year 2001.
                    [_] if hundreds == 2000 && number(tail).is_some_and(|unit| unit.value < 10) => {
                        (whole(&words)?, YearStyle::Short)
                    }
                    _ => (hundreds + whole(tail)?, YearStyle::Pair),
                }
            }
            _ => (whole(&words)?, YearStyle::Short),
        };
        let short = style == YearStyle::Short;
        let part = Part::YearWords { style, hyphen: self.is_hyphened(span), case: self.case(span)? };
        Some((Year { value: i16::try_from(value).ok()?, short }, vec![(span, part)]))
    }

    fn month_first(&self, named: i8, name: MonthName) -> Option<Found> {
        let span = self.tokens.first()?.span;
        let month = (span, Part::MonthName { name, case: self.case(span)? });
        // "January twenty twenty" is no 20 January 1920.
        if let Some((year, pieces)) = self.year(1).filter(|(year, _)| !year.short) {
            let pieces = [month].into_iter().chain(pieces).collect();
            return Some((fields(None, Some(named), Some(year))?, None, pieces));
        }
        self.numbers(1).into_iter().find_map(|day| {
            let (year, rest) = self.year_or_end(day.to)?;
            let fields = fields(Some(day.number.value), Some(named), year)?;
            let mut pieces = vec![month.clone()];
            self.push(&mut pieces, day, Role::Day)?;
            pieces.extend(rest);
            Some((fields, None, pieces))
        })
    }

    fn year_or_end(&self, from: usize) -> Option<(Option<Year>, Places)> {
        if from == self.tokens.len() {
            return Some((None, Vec::new()));
        }
        self.year(from).map(|(year, pieces)| (Some(year), pieces))
    }

    fn after_day(&self, day: Spoken) -> Option<Found> {
        let mut pieces = Vec::new();
        self.push(&mut pieces, day, Role::Day)?;
        let next = self.tokens.get(day.to)?;
        if let Some((named, name)) = month(next.text) {
            let (year, rest) = self.year_or_end(day.to + 1)?;
            pieces.push((next.span, Part::MonthName { name, case: self.case(next.span)? }));
            pieces.extend(rest);
            return Some((fields(Some(day.number.value), Some(named), year)?, None, pieces));
        }
        self.numbers(day.to).into_iter().find_map(|month| {
            let (year, rest) = self.year_or_end(month.to)?;
            let named = i8::try_from(month.number.value).ok()?;
            let fields = fields(Some(day.number.value), Some(named), year)?;
            let mut pieces = pieces.clone();
            self.push(&mut pieces, month, Role::Month)?;
            pieces.extend(rest);
            Some((fields, None, pieces))
        })
    }

    fn day_alone(&self, day: Spoken) -> Option<Found> {
        if !day.number.ordinal {
            return None;
        }
        let mut pieces = Vec::new();
        self.push(&mut pieces, day, Role::Day)?;
        Some((fields(Some(day.number.value), None, None)?, None, pieces))
    }

    fn push(&self, pieces: &mut Places, number: Spoken, role: Role) -> Option<()> {
        let tokens = self.tokens.get(number.from..number.to)?;
        let span = tokens.first()?.span.cover(tokens.last()?.span);
        if number.figures {
            let first = tokens.first()?;
            let padded = first.text.starts_with('0');
            pieces.push((
                first.span,
                match role {
                    Role::Day => Part::Day { padded },
                    _ => Part::Month { padded },
                },
            ));
            if let Some(ending) = tokens.get(1) {
                let case = self.case(ending.span)?;
                pieces.push((
                    ending.span,
                    match role {
                        Role::Day => Part::DayEnding(case),
                        _ => Part::MonthEnding(case),
                    },
                ));
            }
            return Some(());
        }
        let zero = number.number.zero.then(|| match tokens.first().map(|token| token.text) {
            Some("zero") => "zero",
            Some("nought") => "nought",
            _ => "oh",
        });
        let said = Said {
            ordinal: number.number.ordinal,
            zero,
            hyphen: self.is_hyphened(span),
            case: self.case(span)?,
        };
        pieces.push((span, if role == Role::Day { Part::DayWords(said) } else { Part::MonthWords(said) }));
        Some(())
    }

    fn case(&self, span: Span) -> Option<Case> {
        Some(Case::of(self.text.written(span)?))
    }

    /// Whether numbers of two words are joined by a hyphen: these words, or where they are one, any beside them.
    fn is_hyphened(&self, span: Span) -> bool {
        let words = self.text.between(span.start(), span.end());
        let shown = if words.contains(' ') || words.contains('-') { words } else { self.text.folded() };
        shown.contains('-')
    }
}

/// A number below 100, no ordinal, that is all of the words.
fn number(words: &[&str]) -> Option<numerals::Number> {
    numerals::read(words)
        .filter(|(number, used)| *used == words.len() && !number.ordinal)
        .map(|(number, _)| number)
}

/// Two digits of a year, said: "thirty six", "oh four", and not "four".
fn whole(words: &[&str]) -> Option<u32> {
    number(words).filter(|number| number.zero || number.value >= 10).map(|number| number.value)
}
