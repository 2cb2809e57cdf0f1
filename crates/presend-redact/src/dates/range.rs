//! One date or two joined: `20-22/9`, `4-9 Jan`, `1st to 4th`.

use jiff::civil::Date;
use presend_detect::Label;
use presend_text::Span;

use super::{Part, Written};
use crate::tokens::Text;

/// What a span under a date's label holds.
pub(crate) enum Reading {
    One(Written),
    /// The first day, what joins the two, and the last day, which gives the month and year that the first lacks.
    Days(Box<Written>, String, Box<Written>),
}

impl Reading {
    /// Reads the words under a date's label; `None` under any other.
    pub(crate) fn read(words: &str, label: Label) -> Option<Self> {
        if let Some(written) = Written::read_as(words, label) {
            return Some(Self::One(written));
        }
        let text = Text::new(words)?;
        let folded = text.folded();
        let joiners = ["-", "&", "to", "and", "til", "till", "until"];
        let mut places: Vec<Span> = joiners
            .iter()
            .flat_map(|joiner| folded.match_indices(joiner).map(|(at, _)| Span::new(at, at + joiner.len())))
            .collect();
        places.sort();
        places.into_iter().find_map(|place| {
            let joiner = text.original(place);
            let first = first_day(words.get(..joiner.start())?, label)?;
            let last = Written::read_as(words.get(joiner.end()..)?, label)?;
            let (from, to) = (first.fields(), last.fields());
            let whole = first.is_full() && last.is_full()
                || first.fields.year.is_none() && (from.month.is_none() || to.month.is_some());
            let ordered = from.month.is_some() || from.day < to.day;
            // "12-3-26" is one date and "Boxing Day-NYE" two of their own.
            let plain = first.holiday().is_none() && last.holiday().is_none() && to.day.is_some();
            let joiner = joiner.of(words)?.to_owned();
            (whole && ordered && plain).then(|| Self::Days(Box::new(first), joiner, Box::new(last)))
        })
    }

    /// The first and the last day that are meant, the same for a single date; see [`Written::resolve`].
    pub(crate) fn resolve(&self, today: Option<Date>) -> Option<(Date, Date)> {
        match self {
            Self::One(written) => written.resolve(today).map(|date| (date, date)),
            Self::Days(first, _, last) => {
                let to = last.resolve(today)?;
                let fields = first.fields();
                let from = if fields.year.is_some() {
                    first.resolve(today)?
                } else {
                    let in_year =
                        |year| Date::new(year, fields.month.unwrap_or(to.month()), fields.day?).ok();
                    in_year(to.year())
                        .filter(|from| *from <= to)
                        .or_else(|| in_year(to.year().checked_sub(1)?))?
                };
                (from <= to).then_some((from, to))
            }
        }
    }

    /// Writes other days in the layout of these; a first day without a month gets one where the months differ.
    pub(crate) fn write(&self, from: Date, to: Date) -> String {
        match self {
            Self::One(written) => written.write(from),
            Self::Days(first, joiner, last) => {
                let mut out = first.write(from);
                if first.fields().month.is_none() && from.month() != to.month() {
                    for part in month_after_day(last.parts()) {
                        last.write_part(&mut out, part, from);
                    }
                }
                out.push_str(joiner);
                out.push_str(&last.write(to));
                out
            }
        }
    }

    /// The date, or the last of two.
    pub(crate) fn last(&self) -> &Written {
        match self {
            Self::One(written) => written,
            Self::Days(_, _, last) => last,
        }
    }
}

/// The day that opens a range: a date, or a bare number that the second date explains.
fn first_day(words: &str, label: Label) -> Option<Written> {
    let bare = words.trim();
    if !bare.is_empty() && bare.len() <= 2 && bare.bytes().all(|byte| byte.is_ascii_digit()) {
        let mut written = Written::read_as(&format!("{bare}th"), label)?;
        written.parts.retain(|part| !matches!(part, Part::DayEnding(_)));
        let at = words.find(bare)?;
        if let Some(before) = words.get(..at).filter(|text| !text.is_empty()) {
            written.parts.insert(0, Part::Text(before.to_owned()));
        }
        if let Some(after) = words.get(at + bare.len()..).filter(|text| !text.is_empty()) {
            written.parts.push(Part::Text(after.to_owned()));
        }
        return Some(written);
    }
    Written::read_as(words, label).filter(|first| first.fields().day.is_some())
}

/// The parts from behind a date's day to its month, with the month.
fn month_after_day(parts: &[Part]) -> &[Part] {
    let day = parts
        .iter()
        .rposition(|part| matches!(part, Part::Day { .. } | Part::DayEnding(_) | Part::DayWords(_)));
    let month = parts.iter().rposition(|part| {
        matches!(
            part,
            Part::Month { .. } | Part::MonthEnding(_) | Part::MonthName { .. } | Part::MonthWords(_)
        )
    });
    match (day, month) {
        (Some(day), Some(month)) => parts.get(day + 1..=month).unwrap_or_default(),
        _ => &[],
    }
}
