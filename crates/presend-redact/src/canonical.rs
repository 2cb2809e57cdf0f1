//! Words as the keyed operators compare them.

use presend_detect::Label;
use presend_text::Folded;

/// What makes two spellings of an identifier the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Its letters and digits, whatever stands between them.
    Number,
    /// Every mark counts, as `j-smith` and `j.smith` are two people.
    Machine,
    /// Its words, whatever stands between them.
    Words,
}

pub(crate) const fn form(label: Label) -> Form {
    match label {
        Label::NhsNumber
        | Label::ChiNumber
        | Label::HscNumber
        | Label::NiNumber
        | Label::Mrn
        | Label::ProfessionalId
        | Label::Passport
        | Label::DrivingLicence
        | Label::VehicleRegistration
        | Label::PaymentCard
        | Label::BankAccount
        | Label::DeviceId
        | Label::OtherId
        | Label::Phone
        | Label::Postcode => Form::Number,
        Label::Username | Label::Email | Label::Url | Label::IpAddress => Form::Machine,
        Label::Person
        | Label::Address
        | Label::DateOfBirth
        | Label::Place
        | Label::Organisation
        | Label::WardBed
        | Label::Date
        | Label::Age
        | Label::Profession
        | Label::Demographic => Form::Words,
    }
}

/// An identifier's words in the one form that all its spellings share.
///
/// Numbers become their letters in upper case and their digits; a UK phone number after `+44`, `0044` or `44` becomes
/// the national one, and a health number with letters in place of digits becomes ten digits. User names, e-mail and
/// web addresses and IP addresses lose white space alone. In all else, words are parted by one space. Before all that
/// the words are folded. Where nothing would be left, as of a name in emoji, the folded words stay as they are.
pub(crate) fn canonical(label: Label, words: &str) -> String {
    if label.is_health_number()
        && let Some(places) = health_places(words)
    {
        return places.iter().map(|place| char::from(b'0' + place.digit)).collect();
    }
    let folded = Folded::new(words);
    let canonical: String = match form(label) {
        Form::Number => {
            let compact: String =
                folded.text().chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
            if label == Label::Phone { national(compact) } else { compact }
        }
        Form::Machine => folded.text().chars().filter(|c| !c.is_whitespace()).collect(),
        Form::Words => {
            let parts = folded.text().split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join(" ")
        }
    };
    if canonical.is_empty() { folded.text().trim().to_owned() } else { canonical }
}

/// A UK phone number as it is dialled in the country; any other as it is.
fn national(number: String) -> String {
    let abroad = number.strip_prefix("0044").or_else(|| number.strip_prefix("44"));
    let Some(rest) = abroad.map(|rest| rest.strip_prefix('0').unwrap_or(rest)) else { return number };
    // UK numbers have nine or ten digits after the trunk zero (Ofcom, National Telephone Numbering Plan).
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if (9..=10).contains(&digits) { format!("0{rest}") } else { number }
}

/// A digit of a health number and where its character starts.
pub(crate) struct Place {
    pub(crate) at: usize,
    pub(crate) digit: u8,
}

/// The ten digits of a health number, or `None` where there are not ten.
///
/// Where there are fewer, but at least six, letters that are put for digits count as in the detectors, unless there are
/// other letters too.
pub(crate) fn health_places(words: &str) -> Option<Vec<Place>> {
    const PLACES: usize = 10;
    const LEAST_REAL: usize = 6;
    let places = |read: fn(char) -> Option<u8>| -> Vec<Place> {
        let digits = words.char_indices();
        digits.filter_map(|(at, c)| read(c).map(|digit| Place { at, digit })).collect()
    };
    let real = places(digit);
    let alone = || words.chars().all(|c| !c.is_alphanumeric() || lookalike(c).is_some());
    match real.len() {
        PLACES => Some(real),
        LEAST_REAL..PLACES if alone() => Some(places(lookalike)).filter(|places| places.len() == PLACES),
        _ => None,
    }
}

/// The value of a digit of any script.
fn digit(c: char) -> Option<u8> {
    if c.is_ascii() {
        return c.to_digit(10).map(|value| value as u8);
    }
    let folded = Folded::new(c.encode_utf8(&mut [0; 4]));
    let mut folded = folded.text().chars();
    match (folded.next(), folded.next()) {
        (Some(only), None) => only.to_digit(10).map(|value| value as u8),
        _ => None,
    }
}

/// The value of a digit or of a letter put for one, as `presend-detect` reads them.
fn lookalike(c: char) -> Option<u8> {
    digit(c).or(match c.to_ascii_lowercase() {
        'o' => Some(0),
        'i' | 'l' | '|' => Some(1),
        'z' => Some(2),
        's' => Some(5),
        'b' => Some(8),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_identifier_are_one() {
        for (label, canonical_form, spellings) in [
            (
                Label::NhsNumber,
                "9991234004",
                &["999 123 4004", "9991234004", "999-123-4004", "９９９ 123 4004"][..],
            ),
            (
                Label::NhsNumber,
                "9990792445",
                &["999 o79 244s", "999 O79 2445", "999 079 2445", "NHS9990792445"],
            ),
            (Label::Mrn, "RX00421", &["RX00421", "rx-004 21", "RX/00421"]),
            (Label::NiNumber, "QQ123456C", &["QQ 12 34 56 C", "qq123456c"]),
            (Label::VehicleRegistration, "YT61KVO", &["YT61 KVO", "yt61kvo"]),
            (
                Label::Phone,
                "07700900617",
                &["07700 900617", "+44 7700 900617", "+44 (0)7700 900617", "00447700900617", "447700900617"],
            ),
            (Label::Phone, "01184960123EXT45", &["0118 496 0123 ext 45", "+441184960123 Ext. 45"]),
            (
                Label::Person,
                "doris ekwueme",
                &["Doris Ekwueme", "DORIS  EKWUEME", "Doris-Ekwueme", " dorís ekwueme."],
            ),
            (Label::Person, "o neil", &["O\u{2019}Neil", "O'NEIL"]),
            (Label::Email, "j-smith@example.org", &["J-Smith@example.org", "j-smith @example.org"]),
            (Label::Person, "🦄", &["🦄", " 🦄 "]),
        ] {
            for spelling in spellings {
                assert_eq!(canonical(label, spelling), canonical_form, "{label} {spelling}");
            }
        }
    }

    #[test]
    fn different_identifiers_stay_different() {
        for (label, one, other) in [
            (Label::Email, "j-smith@example.org", "j.smith@example.org"),
            (Label::IpAddress, "10.0.1.0", "1.0.0.10"),
            (Label::IpAddress, "::1", "1::"),
            (Label::Person, "Ann Marie", "Annmarie"),
            (Label::Phone, "4455", "0055"),
            (Label::Phone, "0012", "12"),
            (Label::Phone, "+33 1 23 45 67 89", "0 1 23 45 67 89"),
        ] {
            assert_ne!(canonical(label, one), canonical(label, other), "{label} {one}");
        }
    }

    #[test]
    fn ten_digits_are_a_health_number() {
        for (words, found) in [
            ("999 123 4004", true),
            ("NHS No: 999 123 4004", true),
            ("999 123 400", false),
            ("999 123 4004 5", false),
            ("999 o79 244s", true),
            ("99o o79 z4sl", false),
            ("NHS No 999 123 40", false),
            ("", false),
        ] {
            assert_eq!(health_places(words).is_some(), found, "{words}");
        }
    }
}
