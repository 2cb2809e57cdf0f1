//! Handles, logins and bare domains: words that only look like one are turned away.

use super::{Candidate, Verdict};
use crate::dictionary::{Class, Dictionary};

/// What groups are addressed by, which is nobody's handle.
const GROUPS: &[&str] =
    &["@all", "@here", "@everyone", "@channel", "@team", "@admin", "@group", "@rest", "@home", "@work"];

/// A handle after `@`: not an address to a group, and not "@ 0830" or "@rest".
pub(crate) fn handle(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str().trim_end_matches('.');
    if GROUPS.contains(&text) || text.len() < 3 {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A login: letters and digits together, or parts joined by a dot, a dash or an underscore.
pub(crate) fn login(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let joined = text.contains(['_', '.']);
    if digits || joined { Verdict::Plausible } else { Verdict::Reject }
}

/// Endings and beginnings of the names of files, which have underscores as well.
const FILE_ENDINGS: &[&str] = &[
    "csv", "doc", "docx", "dcm", "heic", "jpeg", "jpg", "m4a", "mov", "mp3", "mp4", "pdf", "png", "ppt",
    "pptx", "txt", "wav", "xls", "xlsx", "xml", "zip",
];
const FILE_BEGINNINGS: &[&str] =
    &["dsc", "file", "final", "img", "image", "rota", "scan", "screenshot", "vid"];

/// Last words of column headers, such as `nhs_no` and `date_of_birth`.
const HEADER_ENDINGS: &[&str] = &[
    "address", "age", "birth", "code", "date", "dob", "id", "name", "no", "num", "number", "postcode", "ref",
    "sex", "status", "time", "type", "ward",
];

/// A name with an underscore: figures or a stop beside it make a login, the form of a file's name does not.
pub(crate) fn underscored(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let head = text.split(['_', '.']).next().unwrap_or_default();
    let ending = text.rsplit('.').next().unwrap_or_default();
    let goes_on = candidate
        .after()
        .strip_prefix('.')
        .and_then(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next());
    let is_file = FILE_BEGINNINGS.contains(&head)
        || FILE_ENDINGS.contains(&ending)
        || goes_on.is_some_and(|ending| FILE_ENDINGS.contains(&ending));
    let is_header = text.rsplit('_').next().is_some_and(|last| HEADER_ENDINGS.contains(&last));
    if is_file || is_header { Verdict::Reject } else { login(candidate) }
}

/// A name, `#` and four figures: rejected where the name is an ordinary word or a role ("bed#1204"), or only the end of a
/// longer one.
pub(crate) fn discord_tag(candidate: &Candidate<'_>) -> Verdict {
    let name = candidate.as_str().split('#').next().unwrap_or_default();
    let entry = Dictionary::embedded().lookup(name);
    let known = entry.has(Class::Ordinary)
        || entry.has(Class::StaffRole)
        || candidate.before().ends_with(char::is_alphanumeric);
    if known { Verdict::Reject } else { Verdict::Plausible }
}

/// A domain without scheme: a missing space after a full stop ("stable.no") is none.
pub(crate) fn bare_domain(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let host = text.split('/').next().unwrap_or_default();
    let name = host.split('.').next().unwrap_or_default();
    let letters = name.bytes().any(|byte| byte.is_ascii_alphabetic());
    // "e.g", "K.Na": single letters before the stop are no domain.
    if !letters || name.len() < 2 || candidate.before().ends_with('@') {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// The last words of spoken addresses.
const SPOKEN_ENDINGS: &[&str] =
    &["com", "uk", "net", "org", "example", "scot", "wales", "cymru", "info", "io", "co", "ie", "eu"];

/// "smith at postbox dot example": the last word is an ending that domains have.
pub(crate) fn spoken_address(candidate: &Candidate<'_>) -> Verdict {
    let last = candidate.as_str().rsplit(' ').next().unwrap_or_default();
    if SPOKEN_ENDINGS.contains(&last) { Verdict::Plausible } else { Verdict::Reject }
}

/// Figures that the message named some words before: no measured quantity, no date and no amount.
pub(crate) fn afar(candidate: &Candidate<'_>) -> Verdict {
    let joined = candidate.before().ends_with(['/', '-', '.', ',', ':', '\u{a3}', '$', '#', '@', '_'])
        || candidate.after().starts_with(['/', '%', '@', '_'])
        || candidate.after().starts_with('.')
            && candidate.after().chars().nth(1).is_some_and(|next| next.is_ascii_digit());
    let word = candidate.as_str().split_once(' ').is_some_and(|(word, _)| {
        !word.starts_with(|letter: char| letter.is_ascii_digit())
            && Dictionary::embedded().lookup(word).has(Class::Ordinary)
    });
    let zeros = candidate.as_str().ends_with("000");
    if joined || zeros || word { Verdict::Reject } else { Verdict::Plausible }
}
