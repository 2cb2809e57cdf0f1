//! Which messages need no model: those in which no word could be an identifier that the rules have left open.

use presend_detect::dictionary::{Class, ClassSet};
use presend_detect::{Reading, Word};

/// Words that may be an identifier, or show that one stands beside them.
const OPEN: ClassSet = ClassSet::of(&[
    Class::WordAndName,
    Class::EponymAmbiguous,
    Class::Place,
    Class::PlaceLarge,
    Class::Demographic,
    Class::Profession,
    Class::TitleStaff,
    Class::TitleAny,
    Class::TitleKin,
    Class::OrgHeadStrong,
    Class::StreetType,
    Class::Building,
    Class::WardWord,
    Class::WardName,
    Class::Hospital,
    Class::HospitalShort,
    Class::Service,
    Class::Month,
    Class::NumberWord,
]);

/// Whether the answer for the message is the rules' own, whatever a model would say.
pub(crate) fn is_settled(reading: &Reading) -> bool {
    reading.words().iter().all(|word| is_closed(reading, word))
}

fn is_closed(reading: &Reading, word: &Word) -> bool {
    let features = word.features;
    if features.is_validated() {
        return true;
    }
    if features.is_found() {
        return false;
    }
    let text = reading.text(word);
    if !text.chars().any(char::is_alphanumeric) {
        return !text.chars().any(|mark| matches!(mark, '@' | '#' | '_'));
    }
    // A number may be a bed, an extension or the end of a record number.
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    // A single letter may stand for a name.
    if text.len() < 2 {
        return matches!(text, "a" | "i");
    }
    features.is_blocked() || !features.is_unknown() && !features.is_name() && !features.is_any(OPEN)
}
