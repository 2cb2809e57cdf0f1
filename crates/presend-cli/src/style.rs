//! How things look on a terminal: colours, tables, and what is done with control characters.

use std::io::{self, Write as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use presend::{Finding, Kind, Role};
use terminal_size::{Width, terminal_size_of};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Headings of tables and sections.
pub(crate) const HEADING: Style = Style::new().bold();
/// What is there to be looked up rather than read.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// All is well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// A warning.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// An error.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();

const DIRECT: Style = AnsiColor::Red.on_default().bold().underline();
const STAFF: Style = AnsiColor::Cyan.on_default().underline();
const QUASI: Style = AnsiColor::Yellow.on_default().underline();

/// The style of an identifier: red leads to a person, yellow narrows down, cyan is a colleague.
pub(crate) fn of(finding: &Finding) -> Style {
    match (finding.role, finding.label.kind()) {
        (Some(Role::Staff), _) => STAFF,
        (_, Kind::Direct) => DIRECT,
        (_, Kind::Quasi) => QUASI,
    }
}

/// Standard output, which drops colours where it is no terminal or `NO_COLOR` is set; and whether it keeps them.
pub(crate) fn stdout() -> (AutoStream<io::StdoutLock<'static>>, bool) {
    let stdout = AutoStream::auto(io::stdout());
    let coloured = stdout.current_choice() != ColorChoice::Never;
    (stdout.lock(), coloured)
}

/// Standard error, likewise.
pub(crate) fn stderr() -> AutoStream<io::StderrLock<'static>> {
    AutoStream::auto(io::stderr()).lock()
}

/// Words in a style, with nothing around them where the style is plain.
pub(crate) fn paint(style: Style, words: &str) -> String {
    format!("{style}{words}{style:#}")
}

/// Warns on standard error; there is nobody else to tell where that fails.
pub(crate) fn warn(words: &str) {
    let _ = writeln!(stderr(), "{} {words}", paint(WARNING, "warning:"));
}

/// How sure a recogniser is, in words and per cent, rounded down so that only certainty is 100 %.
pub(crate) fn confidence(confidence: f32) -> String {
    let words = match confidence {
        sure if sure >= 0.95 => "almost certain",
        sure if sure >= 0.80 => "very likely",
        sure if sure >= 0.60 => "likely",
        sure if sure >= 0.40 => "possible",
        _ => "unlikely",
    };
    format!("{words} {:.0} %", (f64::from(confidence) * 100.0 + 1e-4).floor())
}

/// Text made safe to show: control characters, which could drive the terminal, become visible signs.
///
/// Line breaks and tabs stay. Marks that reverse the direction of what follows are shown as `�`.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
            '\x7f' => '␡',
            '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                char::REPLACEMENT_CHARACTER
            }
            _ => c,
        })
        .collect()
}

/// Text on one line, cut with `…` where it is wider than so many columns.
pub(crate) fn clip(text: &str, columns: usize) -> String {
    let line = visible(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if line.width() <= columns {
        return line;
    }
    let mut clipped = String::new();
    let mut width = 1;
    for c in line.chars() {
        width += c.width().unwrap_or(0);
        if width > columns {
            break;
        }
        clipped.push(c);
    }
    clipped.push('…');
    clipped
}

/// Where a table is to be shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    /// The columns of the terminal; `None` where there is none, and nothing is to be wrapped.
    fn columns(self) -> Option<usize> {
        let size = match self {
            Self::Stdout => terminal_size_of(io::stdout()),
            Self::Stderr => terminal_size_of(io::stderr()),
        };
        size.map(|(Width(columns), _)| usize::from(columns))
    }
}

/// Rows of cells in aligned columns, the last of which is wrapped at the edge of the terminal.
pub(crate) struct Table {
    rows: Vec<Vec<(String, Style)>>,
    /// How far it stands from the left edge.
    indent: usize,
    /// The columns of the terminal, where there is one.
    columns: Option<usize>,
    /// Where the last column would be narrower than this, its cells go under their rows instead.
    least: usize,
}

/// The room between two columns.
const GAP: usize = 2;
/// How much further than its row a cell stands that goes under it.
const UNDER: usize = 4;

impl Table {
    /// A table so many spaces from the left edge, whose last column goes under the rows where it would get less than
    /// `least` columns of the terminal.
    pub(crate) fn new(stream: Stream, indent: usize, least: usize) -> Self {
        Self { rows: Vec::new(), indent, columns: stream.columns(), least }
    }

    /// Adds a row of headings.
    pub(crate) fn heading(&mut self, cells: &[&str]) {
        self.row(cells.iter().map(|cell| (String::from(*cell), HEADING)));
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = (String, Style)>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table as text.
    pub(crate) fn render(&self) -> String {
        let widths = self.widths();
        let last = widths.len().saturating_sub(1);
        let before = self.indent + widths.iter().take(last).map(|width| width + GAP).sum::<usize>();
        let under = self.columns.is_some_and(|columns| columns < before + self.least);
        let from = if under { self.indent + UNDER } else { before };
        let room = self.columns.map_or(usize::MAX, |columns| columns.saturating_sub(from));
        let mut out = String::new();
        for row in &self.rows {
            let mut at = 0;
            let mut column = self.indent;
            for (place, ((cell, style), width)) in row.iter().zip(&widths).enumerate() {
                if place == last && under {
                    out.push('\n');
                    (at, column) = (0, from);
                }
                if !cell.is_empty() {
                    out.push_str(&" ".repeat(column.saturating_sub(at)));
                    let lines = if place == last { wrap(cell, room) } else { vec![cell.clone()] };
                    let painted: Vec<String> = lines.iter().map(|line| paint(*style, line)).collect();
                    out.push_str(&painted.join(&format!("\n{}", " ".repeat(from))));
                    at = column + cell.width();
                }
                column += width + GAP;
            }
            out.push('\n');
        }
        out
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = Vec::new();
        for row in &self.rows {
            for (at, (cell, _)) in row.iter().enumerate() {
                match widths.get_mut(at) {
                    Some(width) => *width = cell.width().max(*width),
                    None => widths.push(cell.width()),
                }
            }
        }
        widths
    }
}

/// Breaks text between words into lines of at most so many columns; a longer word has a line to itself.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style::new();

    #[test]
    fn nothing_in_a_message_drives_the_terminal() {
        assert_eq!(visible("a\x1b[31mb\r\n\tc\x07\u{9b}d\u{202e}e"), "a␛[31mb␍\n\tc␇�d�e");
        assert_eq!(clip("two\nlines\x1b", 20), "two lines␛");
    }

    #[test]
    fn clipping_counts_columns() {
        assert_eq!(clip("abcdef", 6), "abcdef");
        assert_eq!(clip("abcdefg", 6), "abcde…");
        assert_eq!(clip("日本語の名前", 6), "日本…");
    }

    fn table(columns: Option<usize>, least: usize) -> String {
        let mut table = Table { rows: Vec::new(), indent: 1, columns, least };
        for row in [["日本", "", "a b"], ["x", "yy", "one two three four five"]] {
            table.row(row.map(|cell| (cell.to_owned(), PLAIN)));
        }
        table.render()
    }

    #[test]
    fn columns_line_up_and_the_last_wraps() {
        let wide = " 日本      a b\n x     yy  one two three four five\n";
        assert_eq!(table(None, 10), wide);
        assert_eq!(table(Some(80), 10), wide);
        assert_eq!(table(Some(31), 10), " 日本      a b\n x     yy  one two three four\n           five\n");
        assert_eq!(table(Some(24), 15), " 日本\n     a b\n x     yy\n     one two three four\n     five\n");
    }

    #[test]
    fn confidence_is_said_in_words_and_figures() {
        assert_eq!(confidence(0.97), "almost certain 97 %");
        assert_eq!(confidence(0.5), "possible 50 %");
        assert_eq!(confidence(0.999), "almost certain 99 %");
        assert_eq!(confidence(0.58), "possible 58 %");
    }
}
