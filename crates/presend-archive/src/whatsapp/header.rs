//! The start of a line of an export: date, time and what stands between them and the sender.

use jiff::civil::DateTime;

use crate::whatsapp::marks;

/// In which order a date's numbers stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateOrder {
    /// 31/12/2024, 31.12.24.
    DayMonth,
    /// 12/31/2024, 12/31/24.
    MonthDay,
    /// 2024/12/31, 2024-12-31: always with four digits.
    YearFirst,
}

/// Before or after noon, in a time of twelve hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Half {
    /// am, AM, a.m., a. m.
    Am,
    /// pm, PM, p.m., p. m.
    Pm,
}

/// What stands around a date and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Frame {
    /// `12/03/2024, 14:05 - `: Android.
    Dash,
    /// `[12/03/2024, 14:05:33] `: iOS.
    Bracket,
    /// `3/12/24, 2:05:33 PM: `: iOS before 2017.
    Colon,
}

/// A date and time as they were written: which number is the day is the whole file's to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    pub(crate) numbers: [u16; 3],
    hour: u8,
    minute: u8,
    second: Option<u8>,
    half: Option<Half>,
    pub(crate) frame: Frame,
    pub(crate) separator: u8,
}

impl Stamp {
    /// Whether the year stands first, so that the date can be read without the rest of the file.
    #[must_use]
    pub const fn is_year_first(&self) -> bool {
        self.numbers[0] > 99
    }

    /// Before or after noon; `None` for a time of twenty-four hours.
    #[must_use]
    pub const fn half(&self) -> Option<Half> {
        self.half
    }

    /// The local date and time, with its numbers read in this order; years of two digits are of this century.
    ///
    /// `None` where there is no such day, as for `31/12` read month first. Seconds that were not written are 0.
    #[must_use]
    pub fn date_time(&self, order: DateOrder) -> Option<DateTime> {
        let [a, b, c] = self.numbers;
        let (year, month, day) = match (order, self.is_year_first()) {
            (_, true) => (a, b, c),
            (DateOrder::DayMonth, false) => (c, b, a),
            (DateOrder::MonthDay, false) => (c, a, b),
            (DateOrder::YearFirst, false) => return None,
        };
        let year = if year < 100 { 2000 + year } else { year };
        let hour = match self.half {
            Some(Half::Am) => self.hour % 12,
            Some(Half::Pm) => self.hour % 12 + 12,
            None => self.hour,
        };
        DateTime::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
            i8::try_from(hour).ok()?,
            i8::try_from(self.minute).ok()?,
            i8::try_from(self.second.unwrap_or(0)).ok()?,
            0,
        )
        .ok()
    }

    /// Which of the layouts this is: the lines of one export all have the same.
    pub(crate) fn layout(&self) -> usize {
        let frame = match self.frame {
            Frame::Dash => 0,
            Frame::Bracket => 1,
            Frame::Colon => 2,
        };
        let separator = match self.separator {
            b'/' => 0,
            b'.' => 1,
            _ => 2,
        };
        ((frame * 3 + separator) * 2 + usize::from(self.second.is_some())) * 2
            + usize::from(self.is_year_first())
    }
}

/// How many layouts [`Stamp::layout`] tells apart.
pub(crate) const LAYOUTS: usize = 36;

/// A header at the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// Its length in bytes, with the space before the sender.
    pub(crate) len: usize,
    pub(crate) stamp: Stamp,
}

/// Reads the header at the start of a line, or `None` where there is none.
pub(crate) fn parse(line: &[u8]) -> Option<Header> {
    let mut cursor = Cursor { line, at: marks::leading(line) };
    let bracket = cursor.take(|byte| byte == b'[');
    if bracket {
        cursor.spaces();
    }
    let (numbers, separator) = date(&mut cursor)?;
    let comma = cursor.take(|byte| byte == b',');
    if cursor.spaces() == 0 && !comma {
        return None;
    }
    cursor.at_word();
    let (hour, minute, second) = time(&mut cursor)?;
    let half = half(&mut cursor);
    if half.is_some() && hour > 12 {
        return None;
    }
    let frame = if bracket {
        cursor.spaces();
        cursor.take(|byte| byte == b']').then_some(Frame::Bracket)?
    } else if second.is_some() && cursor.take(|byte| byte == b':') {
        Frame::Colon
    } else {
        let spaces = cursor.spaces();
        (spaces > 0 && cursor.dash()).then_some(Frame::Dash)?
    };
    if !cursor.space() && frame != Frame::Bracket && cursor.at < line.len() {
        return None;
    }
    let stamp = Stamp { numbers, hour, minute, second, half, frame, separator };
    Some(Header { len: cursor.at, stamp })
}

/// Three numbers with the same separator; the first or the last is a year.
fn date(cursor: &mut Cursor<'_>) -> Option<([u16; 3], u8)> {
    let (first, first_digits) = cursor.number(4)?;
    let separator = cursor.peek().filter(|byte| matches!(byte, b'/' | b'.' | b'-'))?;
    let mut next = |longest| {
        cursor.take(|byte| byte == separator).then_some(())?;
        if separator == b'.' {
            cursor.space();
        }
        cursor.number(longest)
    };
    let (second, _) = next(2)?;
    let (third, third_digits) = next(4)?;
    if separator == b'.' {
        cursor.take(|byte| byte == b'.');
    }
    let day_or_month = |number: u16| (1..=31).contains(&number);
    let fits = match (first_digits, third_digits) {
        (4, 1 | 2) => first >= 1000 && (1..=12).contains(&second) && day_or_month(third),
        (1 | 2, 2 | 4) => day_or_month(first) && day_or_month(second) && first.min(second) <= 12,
        _ => false,
    };
    fits.then_some(([first, second, third], separator))
}

fn time(cursor: &mut Cursor<'_>) -> Option<(u8, u8, Option<u8>)> {
    let small = |number: u16, most: u8| u8::try_from(number).ok().filter(|number| *number <= most);
    let (hour, _) = cursor.number(2)?;
    let hour = small(hour, 24)? % 24;
    let separator = cursor.peek().filter(|byte| matches!(byte, b':' | b'.'))?;
    cursor.at += 1;
    let (minute, digits) = cursor.number(2)?;
    let minute = small(minute, 59).filter(|_| digits == 2)?;
    let before = cursor.at;
    if cursor.take(|byte| byte == separator)
        && let Some((second, 2)) = cursor.number(2)
    {
        return Some((hour, minute, Some(small(second, 59)?)));
    }
    cursor.at = before;
    Some((hour, minute, None))
}

/// `am`, `PM`, `a.m.`, `p. m.`, after any spaces; leaves the cursor alone where there is none.
fn half(cursor: &mut Cursor<'_>) -> Option<Half> {
    let before = cursor.at;
    cursor.spaces();
    let half = match cursor.peek() {
        Some(b'a' | b'A') => Some(Half::Am),
        Some(b'p' | b'P') => Some(Half::Pm),
        _ => None,
    };
    if half.is_some() {
        cursor.at += 1;
        cursor.take(|byte| byte == b'.');
        cursor.spaces();
        if cursor.take(|byte| byte.eq_ignore_ascii_case(&b'm')) {
            cursor.take(|byte| byte == b'.');
            return half;
        }
    }
    cursor.at = before;
    None
}

struct Cursor<'a> {
    line: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &[u8] {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    fn take(&mut self, fits: impl Fn(u8) -> bool) -> bool {
        let taken = self.peek().is_some_and(fits);
        self.at += usize::from(taken);
        taken
    }

    /// One to `longest` digits and no more, with how many there were.
    fn number(&mut self, longest: usize) -> Option<(u16, usize)> {
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || digits > longest {
            return None;
        }
        let value =
            self.rest().iter().take(digits).fold(0u16, |value, digit| value * 10 + u16::from(digit - b'0'));
        self.at += digits;
        Some((value, digits))
    }

    /// Whether a space of any kind was passed.
    fn space(&mut self) -> bool {
        let len = SPACES.iter().find(|space| self.rest().starts_with(space)).map_or(0, |space| space.len());
        self.at += len;
        len > 0
    }

    fn spaces(&mut self) -> usize {
        let mut count = 0;
        while self.space() {
            count += 1;
        }
        count
    }

    /// Passes the word between date and time, with the spaces behind it.
    fn at_word(&mut self) {
        let before = self.at;
        let word = AT.iter().find(|word| self.rest().starts_with(word.as_bytes()));
        self.at += word.map_or(0, |word| word.len());
        if self.spaces() == 0 {
            self.at = before;
        }
    }

    fn dash(&mut self) -> bool {
        let dash = DASHES.iter().find(|dash| self.rest().starts_with(dash));
        self.at += dash.map_or(0, |dash| dash.len());
        dash.is_some()
    }
}

/// What some languages write before a time: French, Portuguese, Finnish, the Scandinavian ones, German.
const AT: &[&str] = &["às", "à", "klo", "kl.", "um"];
/// The plain space, the no-break space, the narrow no-break space and the thin space, in UTF-8.
const SPACES: &[&[u8]] = &[b" ", b"\xc2\xa0", b"\xe2\x80\xaf", b"\xe2\x80\x89"];
/// The hyphen and the en dash, in UTF-8.
const DASHES: &[&[u8]] = &[b"-", b"\xe2\x80\x93"];

#[cfg(test)]
mod tests {
    use super::*;

    /// A header in full, the order to read it in, and what it says.
    const HEADERS: &[(&str, DateOrder, &str)] = &[
        ("12/03/2024, 14:05 - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12/03/24, 14:05 - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("3/12/24, 2:05 PM - ", DateOrder::MonthDay, "2024-03-12T14:05:00"),
        ("3/12/24, 2:05\u{202f}PM - ", DateOrder::MonthDay, "2024-03-12T14:05:00"),
        ("12/03/2024, 2:05\u{a0}pm - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12/03/2024, 02:05 p.m. - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12/03/2024, 02:05 p. m. - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12/3/2024 2:05 p.\u{a0}m. - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12/03/2024, 02:05 a. m. - ", DateOrder::DayMonth, "2024-03-12T02:05:00"),
        ("06/20/2020, 00:08 a. m. - ", DateOrder::MonthDay, "2020-06-20T00:08:00"),
        ("12/03/2024, 12:05 am - ", DateOrder::DayMonth, "2024-03-12T00:05:00"),
        ("12/03/2024, 12:05 pm - ", DateOrder::DayMonth, "2024-03-12T12:05:00"),
        ("12/03/2024, 2:05pm - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12.03.24, 14:05 - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12.03.2024 14:05 – ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12. 3. 2024 14:05 - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12-03-2024 14:05 - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12/03/2024 à 14:05 - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12/03/2024 às 14:05 - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12.3.2024 klo 14.05 - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("12.03.2024, kl. 14.05 - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("2024-03-12 kl. 14:05 - ", DateOrder::YearFirst, "2024-03-12T14:05:00"),
        ("12.03.24 um 14:05 - ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("2024/03/12, 14:05 - ", DateOrder::YearFirst, "2024-03-12T14:05:00"),
        ("2024-03-12, 14:05 - ", DateOrder::YearFirst, "2024-03-12T14:05:00"),
        ("2024. 03. 12. 14:05 - ", DateOrder::YearFirst, "2024-03-12T14:05:00"),
        ("2024/3/1, 9:05 - ", DateOrder::YearFirst, "2024-03-01T09:05:00"),
        ("[12/03/2024, 14:05:33] ", DateOrder::DayMonth, "2024-03-12T14:05:33"),
        ("\u{200e}[12/03/2024, 14:05:33] ", DateOrder::DayMonth, "2024-03-12T14:05:33"),
        ("\u{feff}[12/03/2024, 14:05:33] ", DateOrder::DayMonth, "2024-03-12T14:05:33"),
        ("[3/12/24, 2:05:33 PM] ", DateOrder::MonthDay, "2024-03-12T14:05:33"),
        ("[3/12/24, 2:05:33\u{202f}PM] ", DateOrder::MonthDay, "2024-03-12T14:05:33"),
        ("[12.03.24, 14:05:33] ", DateOrder::DayMonth, "2024-03-12T14:05:33"),
        ("[12.3.2024, 14.05.33] ", DateOrder::DayMonth, "2024-03-12T14:05:33"),
        ("[2024-03-12, 14:05:33] ", DateOrder::YearFirst, "2024-03-12T14:05:33"),
        ("[12/03/24 14:05] ", DateOrder::DayMonth, "2024-03-12T14:05:00"),
        ("[12/03/2024,\u{2009}14:05:33]", DateOrder::DayMonth, "2024-03-12T14:05:33"),
        ("3/12/14, 2:05:33 PM: ", DateOrder::MonthDay, "2014-03-12T14:05:33"),
        ("12/03/2014, 14:05:33: ", DateOrder::DayMonth, "2014-03-12T14:05:33"),
    ];

    #[test]
    fn every_header_is_read() {
        for (text, order, expected) in HEADERS {
            let header = parse(text.as_bytes()).unwrap_or_else(|| panic!("{text:?} is a header"));
            assert_eq!(header.len, text.len(), "{text:?}");
            let stamp = header.stamp.date_time(*order).unwrap_or_else(|| panic!("{text:?} is a date"));
            assert_eq!(stamp.to_string(), *expected, "{text:?}");
            let line = format!("{text}Sam: bloods at 6");
            assert_eq!(parse(line.as_bytes()).map(|header| header.len), Some(text.len()), "{line:?}");
        }
    }

    #[test]
    fn lines_of_a_message_are_not_headers() {
        for text in [
            "",
            "bloods at 14:05 - done",
            "12/03 - CT",
            "12/03/2024 - CT",
            "12/03/2024, 14:05",
            "12/03/2024, 14:05 CT done",
            "12/03/2024 at 14:05 - CT",
            "12/03/2024 à14:05 - CT",
            "12/03/2024, 14:05-15:00 CT",
            "12/03/2024,14:65 - x",
            "32/03/2024, 14:05 - x",
            "13/13/2024, 14:05 - x",
            "0/3/2024, 14:05 - x",
            "12/03/2024, 25:05 - x",
            "12/03/2024, 14:05 pm - x",
            "12/03/2024, 14:5 - x",
            "12/03/202, 14:05 - x",
            "12/03.2024, 14:05 - x",
            "112/03/2024, 14:05 - x",
            "[12/03/2024, 14:05:33 Sam: x",
            "12/03/2024, 14:05: Sam: x",
            "1. Bed 4 - bloods",
            "[14:05] CT",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn a_day_that_is_none_in_one_order_is_read_in_the_other() {
        let stamp = parse(b"31/12/24, 14:05 - ").unwrap().stamp;
        assert_eq!(stamp.date_time(DateOrder::MonthDay), None);
        assert!(stamp.date_time(DateOrder::DayMonth).is_some());
        assert_eq!(stamp.date_time(DateOrder::YearFirst), None);
    }

    #[test]
    fn layouts_are_told_apart() {
        let mut seen = std::collections::BTreeSet::new();
        for text in [
            "12/03/2024, 14:05 - ",
            "12.03.2024, 14:05 - ",
            "12-03-2024, 14:05 - ",
            "2024-03-12, 14:05 - ",
            "[12/03/2024, 14:05:33] ",
            "[12/03/2024, 14:05] ",
            "12/03/2024, 14:05:33: ",
        ] {
            let layout = parse(text.as_bytes()).unwrap().stamp.layout();
            assert!(layout < LAYOUTS && seen.insert(layout), "{text:?}");
        }
    }
}
