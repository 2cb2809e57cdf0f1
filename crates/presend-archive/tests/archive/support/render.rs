//! Renders chats the way the apps export them, for tests and for the samples.

use jiff::civil::DateTime;
use presend_archive::whatsapp::DateOrder;

/// How am and pm are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Halves {
    None,
    Lower,
    Upper,
    Dotted,
    Spaced,
}

/// One way in which an app writes the header of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variant {
    /// `[…] ` as on iOS, else `… - `.
    pub(crate) bracket: bool,
    pub(crate) order: DateOrder,
    pub(crate) separator: char,
    /// Two digits for day, month and hour.
    pub(crate) padded: bool,
    pub(crate) long_year: bool,
    pub(crate) comma: bool,
    pub(crate) seconds: bool,
    pub(crate) halves: Halves,
    /// What stands before am and pm.
    pub(crate) space: char,
    pub(crate) crlf: bool,
    pub(crate) bom: bool,
}

impl Variant {
    pub(crate) const ANDROID: Self = Self {
        bracket: false,
        order: DateOrder::DayMonth,
        separator: '/',
        padded: true,
        long_year: true,
        comma: true,
        seconds: false,
        halves: Halves::None,
        space: ' ',
        crlf: false,
        bom: false,
    };

    pub(crate) const IOS: Self = Self { bracket: true, seconds: true, crlf: true, ..Self::ANDROID };

    pub(crate) fn header(&self, at: DateTime) -> String {
        let two = |number: i8| if self.padded { format!("{number:02}") } else { number.to_string() };
        let year = if self.long_year || self.order == DateOrder::YearFirst {
            at.year().to_string()
        } else {
            format!("{:02}", at.year() % 100)
        };
        let (day, month) = (two(at.day()), two(at.month()));
        let date = match self.order {
            DateOrder::DayMonth => [day, month, year],
            DateOrder::MonthDay => [month, day, year],
            DateOrder::YearFirst => [year, month, day],
        }
        .join(&self.separator.to_string());
        let hour = match (self.halves, at.hour()) {
            (Halves::None, hour) => hour,
            (_, 0 | 12) => 12,
            (_, hour) => hour % 12,
        };
        let seconds = if self.seconds { format!(":{:02}", at.second()) } else { String::new() };
        let half = match (self.halves, at.hour() < 12) {
            (Halves::None, _) => "",
            (Halves::Lower, true) => "am",
            (Halves::Lower, false) => "pm",
            (Halves::Upper, true) => "AM",
            (Halves::Upper, false) => "PM",
            (Halves::Dotted, true) => "a.m.",
            (Halves::Dotted, false) => "p.m.",
            (Halves::Spaced, true) => "a.\u{a0}m.",
            (Halves::Spaced, false) => "p.\u{a0}m.",
        };
        let half = if half.is_empty() { String::new() } else { format!("{}{half}", self.space) };
        let comma = if self.comma { "," } else { "" };
        let stamp = format!("{date}{comma} {}:{:02}{seconds}{half}", two(hour), at.minute());
        if self.bracket { format!("[{stamp}] ") } else { format!("{stamp} - ") }
    }

    pub(crate) fn line_ending(&self) -> &'static str {
        if self.crlf { "\r\n" } else { "\n" }
    }
}

/// One entry to render: `sender` is `None` for the app's own lines.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) at: DateTime,
    pub(crate) sender: Option<String>,
    pub(crate) text: String,
}

/// The export of a chat. The last line has its ending, as the apps write it.
pub(crate) fn render(posts: &[Post], variant: &Variant) -> String {
    let mut out = String::new();
    if variant.bom {
        out.push('\u{feff}');
    }
    for post in posts {
        out.push_str(&variant.header(post.at));
        if let Some(sender) = &post.sender {
            out.push_str(sender);
            out.push_str(": ");
        }
        out.push_str(&post.text.replace('\n', variant.line_ending()));
        out.push_str(variant.line_ending());
    }
    out
}
