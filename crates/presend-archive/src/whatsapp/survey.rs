use std::collections::BTreeMap;
use std::fmt;
use std::io::BufRead;

use jiff::civil::DateTime;

use crate::Error;
use crate::lines::{Lines, without_ending};
use crate::view::View;
use crate::whatsapp::header::{self, LAYOUTS};
use crate::whatsapp::notices::{self, Slot};
use crate::whatsapp::reader::split;
use crate::whatsapp::{DateOrder, Reader, Stamp};

/// How a file counts its hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clock {
    /// Hours 1 to 12 with am and pm.
    Twelve,
    /// Hours 0 to 23.
    TwentyFour,
}

/// What only a whole file can tell: its layout, the order of its dates, its clock and its members.
///
/// Memory grows with the number of different names, of which at most [`Survey::MOST_NAMES`] are kept.
#[derive(Clone)]
pub struct Survey {
    lines: u64,
    by_layout: Vec<Layout>,
    names: Vec<Name>,
    index: BTreeMap<String, usize>,
    names_left_out: u64,
    senders: u64,
    /// Headers with neither a sender nor a notice of the app's behind them.
    strange: u64,
}

/// What is known of the headers of one layout.
#[derive(Clone, Default)]
struct Layout {
    headers: u64,
    /// Headers with am or pm.
    halves: u64,
    /// Headers whose first, and whose second, number can only be a day.
    first_is_day: u64,
    second_is_day: u64,
    /// How often time ran backwards with the day read first, and with the month read first.
    day_month: Chronology,
    month_day: Chronology,
}

#[derive(Clone, Default)]
struct Chronology {
    last: Option<DateTime>,
    backwards: u64,
}

impl Chronology {
    fn see(&mut self, stamp: Stamp, order: DateOrder) {
        let Some(now) = stamp.date_time(order) else { return };
        self.backwards += u64::from(self.last.is_some_and(|last| now < last));
        self.last = Some(now);
    }
}

/// A name as it stands in headers and notices.
#[derive(Clone)]
struct Name {
    text: String,
    /// By layout, whether it was seen there.
    layouts: u64,
    /// Sent something that is not a notice, or is named in one: a member, not a group.
    is_person: bool,
}

impl Survey {
    /// How many different names are kept at most; senders past it are still written as surrogates.
    pub const MOST_NAMES: usize = 65_536;
    /// In a chat that has no sender yet, so many lines at most are no notice that is known.
    const MOST_STRANGE: u64 = 2;

    /// Reads to the end of the input.
    ///
    /// # Errors
    ///
    /// Where the input cannot be read.
    pub fn read(input: impl BufRead) -> Result<Self, Error> {
        let mut survey = Self {
            lines: 0,
            by_layout: vec![Layout::default(); LAYOUTS],
            names: Vec::new(),
            index: BTreeMap::new(),
            names_left_out: 0,
            senders: 0,
            strange: 0,
        };
        let mut lines = Lines::new(input, Reader::DEFAULT_LIMIT);
        while let Some(line) = lines.next()? {
            if line.first {
                survey.lines = line.number;
                let end = without_ending(line.bytes);
                survey.line(line.bytes.get(..end).unwrap_or_default());
            }
        }
        Ok(survey)
    }

    fn line(&mut self, line: &[u8]) {
        let Some(header) = header::parse(line) else { return };
        let stamp = header.stamp;
        let Some(layout) = self.by_layout.get_mut(stamp.layout()) else { return };
        layout.headers += 1;
        layout.halves += u64::from(stamp.half().is_some());
        if !stamp.is_year_first() {
            let [first, second, _] = stamp.numbers;
            layout.first_is_day += u64::from(first > 12);
            layout.second_is_day += u64::from(second > 12);
            layout.day_month.see(stamp, DateOrder::DayMonth);
            layout.month_day.see(stamp, DateOrder::MonthDay);
        }
        let seen = 1 << stamp.layout();
        let rest = line.get(header.len..).unwrap_or_default();
        let split = split(rest);
        let text = View::read(rest.get(split.text..).unwrap_or_default());
        let sender = split.sender.and_then(|sender| rest.get(sender)).map(View::read);
        // Who is known is not known yet: what a line without the app's mark names is taken from other lines.
        let is_notice = sender.as_ref().is_none_or(|sender| notices::is_notice_of(sender, &text, |_| false));
        if let Some(sender) = &sender {
            self.name(sender, seen, !is_notice);
        }
        let slots = if is_notice { notices::notice(&text) } else { notices::deleted(&text) };
        self.senders += u64::from(sender.is_some());
        self.strange += u64::from(sender.is_none() && slots.is_none() && !text.trim().is_empty());
        for (slot, range) in slots.unwrap_or_default() {
            if slot == Slot::Name {
                self.name(text.get(range).unwrap_or_default(), seen, true);
            }
        }
    }

    fn name(&mut self, text: &str, layouts: u64, is_person: bool) {
        if text.is_empty() || notices::is_you(text) {
            return;
        }
        if let Some(name) = self.index.get(text).and_then(|at| self.names.get_mut(*at)) {
            name.layouts |= layouts;
            name.is_person |= is_person;
        } else if self.names.len() < Self::MOST_NAMES {
            self.index.insert(text.to_owned(), self.names.len());
            self.names.push(Name { text: text.to_owned(), layouts, is_person });
        } else {
            self.names_left_out += 1;
        }
    }

    /// The layouts that are the file's own, one bit each.
    pub(crate) fn layouts(&self) -> u64 {
        let all: u64 = self.by_layout.iter().map(|layout| layout.headers).sum();
        let most = self.by_layout.iter().map(|layout| layout.headers).max().unwrap_or(0);
        let own =
            |layout: &Layout| layout.headers > 0 && (layout.headers == most || layout.headers * 20 >= all);
        self.by_layout
            .iter()
            .enumerate()
            .filter(|(_, layout)| own(layout))
            .fold(0, |bits, (at, _)| bits | 1 << at)
    }

    fn own_layouts(&self) -> impl Iterator<Item = (usize, &Layout)> {
        let own = self.layouts();
        self.by_layout.iter().enumerate().filter(move |(at, _)| own & (1 << at) != 0)
    }

    /// How many lines the file has.
    #[must_use]
    pub const fn lines(&self) -> u64 {
        self.lines
    }

    /// How many lines start with a header of the file's own layout.
    #[must_use]
    pub fn headers(&self) -> u64 {
        self.own_layouts().map(|(_, layout)| layout.headers).sum()
    }

    /// Whether it is a chat: it has headers, and they have senders behind them, or hardly anything but notices.
    ///
    /// What is copied from other apps has dated lines too: Teams writes `[12/03/2024 19:03] Young, Will` and the message
    /// on the line below.
    #[must_use]
    pub fn is_chat(&self) -> bool {
        self.headers() > 0 && (self.senders > 0 || self.strange <= Self::MOST_STRANGE)
    }

    /// How many lines start with a header of another layout, so that they count as text.
    #[must_use]
    pub fn other_headers(&self) -> u64 {
        self.by_layout.iter().map(|layout| layout.headers).sum::<u64>() - self.headers()
    }

    /// The order of the file's dates, or `None` where it is undecided.
    ///
    /// Decided by a number over 12, else by the order in which time does not run backwards. Undecided are a file
    /// without headers, one whose dates fit both orders, and one with dates that fit only one and dates that fit only
    /// the other. Dates that start with the year are read right in any case.
    #[must_use]
    pub fn date_order(&self) -> Option<DateOrder> {
        match self.date_orders() {
            [order] => Some(*order),
            _ => None,
        }
    }

    /// The orders that the file's dates may have: one where it is decided, both where it is not, none without headers.
    #[must_use]
    pub fn date_orders(&self) -> &'static [DateOrder] {
        const BOTH: &[DateOrder] = &[DateOrder::DayMonth, DateOrder::MonthDay];
        const DAY_MONTH: &[DateOrder] = &[DateOrder::DayMonth];
        const MONTH_DAY: &[DateOrder] = &[DateOrder::MonthDay];
        let year_last = |at: usize| at.is_multiple_of(2);
        let sum = |part: fn(&Layout) -> u64| -> u64 {
            self.own_layouts().filter(|(at, _)| year_last(*at)).map(|(_, layout)| part(layout)).sum()
        };
        if sum(|layout| layout.headers) == 0 {
            return if self.headers() == 0 { &[] } else { &[DateOrder::YearFirst] };
        }
        match (sum(|layout| layout.first_is_day), sum(|layout| layout.second_is_day)) {
            (1.., 0) => return DAY_MONTH,
            (0, 1..) => return MONTH_DAY,
            (1.., 1..) => return BOTH,
            (0, 0) => {}
        }
        match (sum(|layout| layout.day_month.backwards), sum(|layout| layout.month_day.backwards)) {
            (0, 1..) => DAY_MONTH,
            (1.., 0) => MONTH_DAY,
            _ => BOTH,
        }
    }

    /// How the file counts its hours, or `None` where some headers have am or pm and some have not, and without headers.
    #[must_use]
    pub fn clock(&self) -> Option<Clock> {
        let halves: u64 = self.own_layouts().map(|(_, layout)| layout.halves).sum();
        match (self.headers(), halves) {
            (1.., 0) => Some(Clock::TwentyFour),
            (headers @ 1.., halves) if headers == halves => Some(Clock::Twelve),
            _ => None,
        }
    }

    /// The names of the members, in the order in which they first stand in a header or notice.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.own_names().filter(|name| name.is_person).map(|name| name.text.as_str())
    }

    /// The names that only the app's notices stand under: iOS files those of a group under the group's name.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.own_names().filter(|name| !name.is_person).map(|name| name.text.as_str())
    }

    fn own_names(&self) -> impl Iterator<Item = &Name> {
        let own = self.layouts();
        self.names.iter().filter(move |name| name.layouts & own != 0)
    }

    /// How many times a name was passed over because [`Survey::MOST_NAMES`] were known.
    #[must_use]
    pub const fn names_left_out(&self) -> u64 {
        self.names_left_out
    }
}

impl fmt::Debug for Survey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Survey")
            .field("lines", &self.lines)
            .field("headers", &self.headers())
            .field("other_headers", &self.other_headers())
            .field("date_orders", &self.date_orders())
            .field("clock", &self.clock())
            .field("names", &self.names.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(lines: &[&str]) -> Survey {
        Survey::read(lines.join("\n").as_bytes()).unwrap()
    }

    #[test]
    fn the_whole_file_decides_the_order_of_dates() {
        const BOTH: &[DateOrder] = &[DateOrder::DayMonth, DateOrder::MonthDay];
        let cases: &[(&[&str], &[DateOrder])] = &[
            (&["01/02/24, 10:00 - A: x", "13/02/24, 10:00 - A: x"], &[DateOrder::DayMonth]),
            (&["01/02/24, 10:00 - A: x", "02/13/24, 10:00 - A: x"], &[DateOrder::MonthDay]),
            (&["2024/02/03, 10:00 - A: x"], &[DateOrder::YearFirst]),
            (&["13/02/24, 10:00 - A: x", "02/13/24, 10:00 - A: x"], BOTH),
            (&["01/02/24, 10:00 - A: x", "02/02/24, 10:00 - A: x"], BOTH),
            // Day first, time runs on: 5 January, 1 February. Month first it would run back.
            (&["05/01/24, 10:00 - A: x", "01/02/24, 10:00 - A: x"], &[DateOrder::DayMonth]),
            (&["01/05/24, 10:00 - A: x", "02/01/24, 10:00 - A: x"], &[DateOrder::MonthDay]),
            (&["no header"], &[]),
        ];
        for (lines, expected) in cases {
            assert_eq!(survey(lines).date_orders(), *expected, "{lines:?}");
        }
        assert_eq!(survey(&["13/02/24, 10:00 - A: x"]).date_order(), Some(DateOrder::DayMonth));
        assert_eq!(survey(&["12/02/24, 10:00 - A: x"]).date_order(), None);
    }

    #[test]
    fn the_whole_file_decides_the_clock() {
        assert_eq!(survey(&["13/02/24, 10:00 - A: x"]).clock(), Some(Clock::TwentyFour));
        assert_eq!(survey(&["13/02/24, 10:00 pm - A: x"]).clock(), Some(Clock::Twelve));
        assert_eq!(survey(&["13/02/24, 10:00 pm - A: x", "13/02/24, 10:00 - A: x"]).clock(), None);
        assert_eq!(survey(&[""]).clock(), None);
    }

    #[test]
    fn pasted_headers_of_another_layout_are_text() {
        let mut lines = vec!["[13/02/2024, 10:00:00] Amara: x"; 30];
        lines.push("12/02/2024, 09:00 - Kofi: pasted");
        let survey = survey(&lines);
        assert_eq!((survey.headers(), survey.other_headers()), (30, 1));
        assert_eq!(survey.members().collect::<Vec<_>>(), ["Amara"]);
    }

    #[test]
    fn what_other_apps_date_is_no_chat() {
        let teams = "[12/03/2024 19:03] Young, Will";
        assert!(!survey(&[teams, "bed 4 next", teams, "ok", teams, "thanks"]).is_chat());
        assert!(!survey(&["bed 4 next"]).is_chat());
        assert!(survey(&[teams, "bed 4 next", "[12/03/2024 19:03] Young, Will: ok"]).is_chat());
        assert!(survey(&["13/02/24, 10:00 - Amara added Tom"; 9]).is_chat());
        assert!(survey(&["13/02/24, 10:00 - Amara hat Tom hinzugef\u{fc}gt"]).is_chat());
    }

    #[test]
    fn members_and_groups_are_told_apart() {
        let survey = survey(&[
            "[13/02/2024, 10:00:00] Ward 7: \u{200e}Messages and calls are end-to-end encrypted.",
            "[13/02/2024, 10:00:00] Amara Obi: \u{200e}Amara Obi created group “Ward 7”",
            "[13/02/2024, 10:00:01] Ward 7: \u{200e}Amara Obi added ~\u{202f}Kofi and you",
            "[13/02/2024, 10:00:02] You: x",
            "[13/02/2024, 10:00:03] Tom: \u{200e}This message was deleted by admin Priya.",
        ]);
        assert_eq!(survey.members().collect::<Vec<_>>(), ["Amara Obi", "Kofi", "Tom", "Priya"]);
        assert_eq!(survey.groups().collect::<Vec<_>>(), ["Ward 7"]);
        assert_eq!(format!("{survey:?}").matches("Amara").count(), 0);
    }
}
