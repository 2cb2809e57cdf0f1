//! Telephone numbers and addresses on the net that nobody has.

use presend_text::Folded;

use super::draw::Draw;
use super::style::{self, Pour};

/// The numbers that Ofcom keeps for drama, by the digits after the leading 0 of the numbers that they stand for: each with
/// the seven digits that three more follow.
///
/// Source: Ofcom, "Telephone numbers for use in TV and radio drama programmes". The first that fits is taken.
const DRAMA: &[(&str, &str)] = &[
    ("113", "1134960"),
    ("114", "1144960"),
    ("115", "1154960"),
    ("116", "1164960"),
    ("117", "1174960"),
    ("121", "1214960"),
    ("131", "1314960"),
    ("141", "1414960"),
    ("151", "1514960"),
    ("161", "1614960"),
    ("191", "1914980"),
    ("20", "2079460"),
    ("28", "2896496"),
    ("29", "2920180"),
    ("1", "1632960"),
    ("2", "1632960"),
    ("3", "3069990"),
    ("7", "7700900"),
    ("80", "8081570"),
    ("8", "3069990"),
    ("9", "9098790"),
    ("", "7700900"),
];
/// Digits of a British number without its leading 0.
const SIGNIFICANT: usize = 10;
/// Fewer digits are a bleep or an extension.
const LOCAL_FROM: usize = 6;

/// A telephone number, read.
pub(super) struct Phone {
    /// What is the same in all spellings of the number.
    pub(super) canonical: String,
    kind: PhoneKind,
    /// Digits of an extension.
    extension: usize,
}

enum PhoneKind {
    /// Digits of a country code, written as 44 or 0044 or not at all, and a 0 after it or not; ten digits follow or not.
    British { code: usize, zero: bool, drama: &'static str, fits: bool },
    /// A number without its area code, of so many digits.
    Local(usize),
    /// A bleep or an extension of so many digits.
    Short(usize),
    /// A number of another country, or one without digits.
    Other,
}

impl Phone {
    pub(super) fn read(words: &str) -> Self {
        let folded = Folded::new(words);
        let text = folded.text().trim_start();
        let (main, extension) = split_extension(text);
        let digits = digits_of(main);
        let extension = digits_of(extension);
        let plus = text.starts_with(['+', '(']) && main.contains('+');
        let code = match digits.as_str() {
            d if plus && d.starts_with("44") => 2,
            d if d.starts_with("0044") => 4,
            d if d.starts_with("44") && d.len() == SIGNIFICANT + 2 => 2,
            _ => 0,
        };
        let rest = digits.get(code..).unwrap_or_default();
        let significant = rest.strip_prefix('0').unwrap_or(rest);
        let zero = significant.len() < rest.len();
        let mobile = significant.len() == SIGNIFICANT && significant.starts_with('7');
        let abroad = code == 0 && (plus || rest.starts_with("00"));
        let kind = if abroad || digits.is_empty() {
            PhoneKind::Other
        } else if code > 0 || (zero && significant.len() >= SIGNIFICANT - 1) || mobile {
            let drama = DRAMA.iter().find(|(start, _)| significant.starts_with(start));
            PhoneKind::British {
                code,
                zero,
                drama: drama.map_or("7700900", |(_, drama)| drama),
                fits: significant.len() == SIGNIFICANT,
            }
        } else {
            match digits.len() {
                count if count < LOCAL_FROM => PhoneKind::Short(count),
                count @ LOCAL_FROM..=8 => PhoneKind::Local(count),
                _ => PhoneKind::Other,
            }
        };
        let number = match kind {
            PhoneKind::British { .. } => format!("0{significant}"),
            _ if digits.is_empty() => style::unspaced(words),
            _ => digits,
        };
        let canonical = if extension.is_empty() { number } else { format!("{number}x{extension}") };
        Self { canonical, kind, extension: extension.len() }
    }

    /// Draws a number that nobody has, with its extension's digits after an `x`.
    pub(super) fn draw(&self, draw: &mut Draw<'_>) -> String {
        let mut digits = |count: usize| -> String { (0..count).map(|_| draw.digit()).collect() };
        let mut number = match self.kind {
            PhoneKind::British { drama, .. } => format!("0{drama}{}", digits(3)),
            // The last digits of drama numbers as they are dialled within their area.
            PhoneKind::Local(6) => format!("960{}", digits(3)),
            PhoneKind::Local(7) => format!("4960{}", digits(3)),
            PhoneKind::Local(_) => format!("79460{}", digits(3)),
            PhoneKind::Short(count) => digits(count),
            PhoneKind::Other => format!("07700900{}", digits(3)),
        };
        if self.extension > 0 {
            number.push('x');
            number.push_str(&digits(self.extension));
        }
        number
    }

    /// Writes a drawn number with the spaces and marks of the original, where both have as many digits.
    pub(super) fn write(&self, words: &str, drawn: &str) -> String {
        let (number, extension) = drawn.split_once('x').unwrap_or((drawn, ""));
        let (skip, number) = match self.kind {
            PhoneKind::Short(_) | PhoneKind::Local(_) => (0, number),
            PhoneKind::British { code, zero, fits: true, .. } => {
                (code + usize::from(zero), number.strip_prefix('0').unwrap_or(number))
            }
            PhoneKind::British { code, .. } => return standard(number, code > 0),
            PhoneKind::Other => return standard(number, words.trim_start().starts_with('+')),
        };
        let mut digits = number.chars().chain(extension.chars());
        let mut seen = 0;
        style::pour(words, |c| {
            if !c.is_ascii_digit() {
                return Pour::Keep;
            }
            seen += 1;
            if seen <= skip { Pour::Keep } else { digits.next().map_or(Pour::Drop, Pour::Write) }
        })
    }
}

/// Whether words are a telephone number and nothing else.
pub(super) fn is_number(words: &str) -> bool {
    let folded = Folded::new(words);
    let fits = |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '-' | '(' | ')' | '.');
    folded.text().chars().all(fits) && digits_of(folded.text()).len() > LOCAL_FROM
}

/// A number of eleven digits as it is usually written.
fn standard(number: &str, abroad: bool) -> String {
    let (area, rest) = number.split_at_checked(5).unwrap_or((number, ""));
    match area.strip_prefix('0') {
        Some(area) if abroad => format!("+44 {area} {rest}"),
        _ => format!("{area} {rest}"),
    }
}

/// Parts a number from the extension that "ext", "x" or "#" leads in.
fn split_extension(text: &str) -> (&str, &str) {
    let mut digits = 0;
    for (at, c) in text.char_indices() {
        digits += usize::from(c.is_ascii_digit());
        if digits > LOCAL_FROM && (c.is_alphabetic() || c == '#') {
            return text.split_at_checked(at).unwrap_or((text, ""));
        }
    }
    (text, "")
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// An address on the web that leads nowhere: a random path at example.org (RFC 2606).
pub(super) fn url(draw: &mut Draw<'_>) -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let path: String = (0..8).map(|_| draw.letter(LETTERS)).collect();
    format!("https://example.org/{path}")
}

/// An IP address that is kept for examples: RFC 5737 and, where the original has a colon, RFC 3849.
pub(super) fn ip(words: &str, draw: &mut Draw<'_>) -> String {
    if words.contains(':') {
        return format!("2001:db8::{:x}:{:x}", 1 + draw.below(0xffff), 1 + draw.below(0xffff));
    }
    let net = draw.one(&["192.0.2", "198.51.100", "203.0.113"]).copied().unwrap_or("192.0.2");
    format!("{net}.{}", 1 + draw.below(254))
}

/// The part of an address before the `@`, or a user name, read: letters, digits and marks by turns.
pub(super) fn runs(text: &str) -> Vec<&str> {
    let class = |c: char| {
        if c.is_ascii_digit() {
            1
        } else if c.is_alphanumeric() {
            0
        } else {
            2
        }
    };
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| class(c) != class(first)).unwrap_or(rest.len());
        let (run, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        runs.push(run);
        rest = tail;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::super::draw::Key;
    use super::*;

    fn written(words: &str) -> String {
        let phone = Phone::read(words);
        let key = Key::new(&[1; 32]);
        phone.write(words, &phone.draw(&mut Draw::new(&key, "PHONE", &phone.canonical, 0)))
    }

    /// Digits but those of drama numbers as 9.
    fn masked(words: &str, fixed: &str) -> bool {
        let mut at = 0;
        let written = written(words);
        fixed.chars().count() == written.chars().count()
            && written.chars().zip(fixed.chars()).all(|(c, wanted)| {
                at += 1;
                if wanted == '?' { c.is_ascii_digit() } else { c == wanted }
            })
    }

    #[test]
    fn numbers_become_drama_numbers_in_the_same_form() {
        for (words, fixed) in [
            ("07912 345678", "07700 900???"),
            ("07912345678", "07700900???"),
            ("+44 7912 345678", "+44 7700 900???"),
            ("+44 (0)7912 345 678", "+44 (0)7700 900 ???"),
            ("0044 7912 345678", "0044 7700 900???"),
            ("447912345678", "447700900???"),
            ("7912 345678", "7700 900???"),
            ("020 8123 4567", "020 7946 0???"),
            ("(0113) 243-1234", "(0113) 496-0???"),
            ("01904 123456", "01632 960???"),
            ("0191 222 1234", "0191 498 0???"),
            ("028 9012 3456", "028 9649 6???"),
            ("0300 123 4567", "0306 999 0???"),
            ("0800 123 4567", "0808 157 0???"),
            ("01904 12345", "01632 960???"),
            ("01904 123456 ext 45", "01632 960??? ext ??"),
            ("bleep 2201", "bleep ????"),
            ("x45", "x??"),
            ("123456", "960???"),
            ("243 1234", "496 0???"),
            ("+33 6 12 34 56 78", "+44 7700 900???"),
            ("0033 6 12 34 56 78", "07700 900???"),
            ("oh seven seven", "07700 900???"),
            ("０７９１２ ３４５６７８", "07700 900???"),
        ] {
            assert!(masked(words, fixed), "{words:?} gave {:?}", written(words));
        }
    }

    #[test]
    fn spellings_of_one_number_are_one() {
        for words in ["07912 345678", "+44 7912 345678", "0044 (0)7912-345678", "447912345678", "7912345678"]
        {
            assert_eq!(Phone::read(words).canonical, "07912345678");
        }
        assert!(
            is_number("\u{202a}+44 7912 345678\u{202c}")
                && !is_number("12 345")
                && !is_number("Tom 07912345678")
        );
        assert_eq!(Phone::read("01904 123456 ext 45").canonical, "01904123456x45");
    }

    #[test]
    fn runs_are_parted_by_class() {
        assert_eq!(runs("d.ekwueme04"), ["d", ".", "ekwueme", "04"]);
        assert_eq!(runs(""), [""; 0]);
    }

    #[test]
    fn addresses_are_of_documentation_nets() {
        let key = Key::new(&[1; 32]);
        for attempt in 0..50 {
            let mut draw = Draw::new(&key, "IP_ADDRESS", "", attempt);
            let four = ip("10.0.0.1", &mut draw);
            assert!(
                ["192.0.2.", "198.51.100.", "203.0.113."].iter().any(|net| four.starts_with(net)),
                "{four}"
            );
            assert!(ip("fe80::1", &mut draw).parse::<std::net::Ipv6Addr>().is_ok());
            assert!(four.parse::<std::net::Ipv4Addr>().is_ok());
            assert!(url(&mut draw).starts_with("https://example.org/"));
        }
    }
}
