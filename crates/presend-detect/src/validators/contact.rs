//! Handles, logins and bare domains: words that only look like one are turned away.

use super::surroundings::{Surroundings, entry, is_clinical, is_name, is_quantity};
use super::{Candidate, Verdict};
use crate::dictionary::{Class, ClassSet, Dictionary};
use crate::shape::name_score;

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

/// Words near by that show an account is meant.
#[rustfmt::skip]
const ACCOUNTS: &[&str] = &[
    "account", "discord", "facebook", "fb", "handle", "ig", "insta", "instagram", "logged", "login", "logon", "profile",
    "snap", "snapchat", "tiktok", "tweeted", "twitter", "typed", "user", "userid", "username",
];

/// Words joined by an underscore: a name or the figures of a login beside it, a stop before its last letter or a word for
/// accounts near by make a login of them, while "x_ray", "bed_state" and the names of files are none.
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
    let around = Surroundings::of(candidate);
    let told = || around.is_before(4, ACCOUNTS) || around.is_after(2, ACCOUNTS);
    let initial =
        || text.contains('.') && ending.len() == 1 && ending.bytes().all(|c| c.is_ascii_lowercase());
    if !is_file && !is_header && (has_figures(text) || has_name(text) || initial() || told()) {
        Verdict::Plausible
    } else {
        Verdict::Reject
    }
}

/// The parts of a login with the figures at each one's end: ("sarah", ""), ("j", "92").
fn parts(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(['_', '.']).filter(|part| !part.is_empty()).map(|part| {
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
        part.split_at(letters.len())
    })
}

/// Whether figures make a login: five alone ("visitor_20418"), any beside a word that the dictionary lacks ("kmac_0042")
/// or at the end of one that is neither ordinary nor clinical ("deputy_gk2"), or two at the end of a word that does not
/// count wards, weeks or the like ("cool_cat92").
fn has_figures(text: &str) -> bool {
    let any = text.bytes().any(|byte| byte.is_ascii_digit());
    let (letters, figures) = parts(text).last().unwrap_or_default();
    let last = entry(letters);
    let counted = is_clinical(last)
        || last.has(Class::NationalBody)
        || is_quantity(letters)
        || super::calendar::is_month(letters);
    let at_end = match letters.len() {
        _ if counted || figures.is_empty() => false,
        0 | 1 => false,
        2 => !last.has(Class::Ordinary),
        _ => !last.has(Class::Ordinary) || figures.len() >= 2,
    };
    let alone = |(letters, figures): (&str, &str)| {
        letters.is_empty() && figures.len() >= 5 || any && letters.len() >= 3 && !entry(letters).is_known()
    };
    at_end || parts(text).any(alone)
}

/// Whether a part is a name and nothing else ("kate_okafor"), or all parts may be names or a name's initial
/// ("grace_hill", "j_smith").
fn has_name(text: &str) -> bool {
    const ELSE: ClassSet = ClassSet::of(&[Class::Ordinary, Class::WordAndName, Class::Place]);
    let only_name = |word: &str| {
        let known = entry(word);
        let listed = known.given().max(known.surname()) >= 2 && !known.has_any(ELSE) && !is_clinical(known);
        listed || !known.is_known() && word.len() >= 5 && name_score(word) > 0.0
    };
    let may_name = |word: &str| {
        let known = entry(word);
        is_name(word) || known.surname() == 3 && known.has(Class::EponymAmbiguous)
    };
    // "x_ray" has no initial.
    let initial = |word: &str| word.len() == 1 && word != "x";
    let words = || parts(text).map(|(letters, _)| letters);
    words().any(only_name) || words().any(may_name) && words().all(|word| may_name(word) || initial(word))
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
