//! Names of media files: kept where the app made them up, renamed where they name someone.

use std::collections::BTreeMap;
use std::ops::Range;

use presend::{Engine, Finding, Folded, Label, Span};

use crate::whatsapp::marks::range;
use crate::words::is_telling;

/// An extension longer than this, in bytes, is a part of the name.
const LONGEST_EXTENSION: usize = 5;

/// The new names given so far; the same file gets the same name wherever it is referred to, with its counter or not.
#[derive(Default)]
pub(crate) struct FileNames {
    /// By name without the counter, the number in the new one.
    given: BTreeMap<String, usize>,
}

impl FileNames {
    /// The new name of a file that must be renamed: `contact-1.vcf`, `00000042-file-2.pdf`.
    pub(crate) fn rename(&mut self, name: &str) -> String {
        let next = self.given.len() + 1;
        let (_, rest) = counter(name);
        let number = *self.given.entry(rest.to_owned()).or_insert(next);
        renamed(name, number)
    }

    /// The new name of a file, if it was renamed.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let (_, rest) = counter(name);
        self.given.get(rest).map(|number| renamed(name, *number))
    }

    pub(crate) fn len(&self) -> usize {
        self.given.len()
    }
}

fn renamed(name: &str, number: usize) -> String {
    let (prefix, rest) = counter(name);
    let extension = extension(rest);
    let what = if extension.eq_ignore_ascii_case(".vcf") { "contact" } else { "file" };
    format!("{prefix}{what}-{number}{extension}")
}

/// The counter that iOS puts before a file's own name: `00000042-`.
pub(crate) fn counter(name: &str) -> (&str, &str) {
    match name.split_at_checked(9) {
        Some((prefix, rest)) if prefix.strip_suffix('-').is_some_and(all_digits) => (prefix, rest),
        _ => ("", name),
    }
}

/// The extension with its dot, or nothing.
pub(crate) fn extension(name: &str) -> &str {
    match name.rfind('.').and_then(|at| name.split_at_checked(at)) {
        Some((stem, extension))
            if !stem.is_empty()
                && (2..=LONGEST_EXTENSION + 1).contains(&extension.len())
                && extension.bytes().skip(1).all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            extension
        }
        _ => "",
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the app made the name up, so that it says nothing but when: `IMG-20240312-WA0001.jpg`,
/// `00000012-PHOTO-2024-03-12-14-05-33.jpg`.
pub(crate) fn is_generated(name: &str) -> bool {
    let stem = name.strip_suffix(extension(name)).unwrap_or(name);
    let parts: Vec<&str> = stem.split('-').collect();
    let kind =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    match parts.as_slice() {
        [what, date, number] => {
            kind(what)
                && date.len() == 8
                && all_digits(date)
                && number.strip_prefix("WA").is_some_and(all_digits)
        }
        [number, what, stamp @ ..] => {
            number.len() == 8
                && all_digits(number)
                && kind(what)
                && stamp.len() == 6
                && stamp.iter().all(|part| all_digits(part))
        }
        _ => false,
    }
}

/// Extensions of what people send each other, in alphabetical order.
const EXTENSIONS: &[&str] = &[
    ".csv", ".dcm", ".doc", ".docx", ".eml", ".gif", ".heic", ".htm", ".html", ".jpeg", ".jpg", ".m4a",
    ".mov", ".mp3", ".mp4", ".msg", ".odt", ".pdf", ".png", ".ppt", ".pptx", ".rtf", ".tif", ".tiff", ".txt",
    ".xls", ".xlsx", ".zip",
];

/// Whether a name ends as those of documents and pictures do.
pub(crate) fn is_document(name: &str) -> bool {
    EXTENSIONS.binary_search(&extension(name).to_lowercase().as_str()).is_ok()
}

/// Where a text names files whose words are run together, so that the detectors do not see them.
pub(crate) fn in_text(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.' | '\'' | '\u{2019}');
    text.split(char::is_whitespace).filter_map(move |word| {
        let name = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_joined = |stem: &str| spaced(stem) != stem;
        let is_file = is_document(name)
            && name.chars().all(is_part)
            && is_joined(name.strip_suffix(extension(name)).unwrap_or(name));
        is_file.then(|| range(text, name))
    })
}

/// The stem of a file's name with its words apart: `SmithJ_ECG` is "Smith J ECG", `MaryThompsonCT` "Mary Thompson CT".
fn spaced(stem: &str) -> String {
    let mut spaced = String::with_capacity(stem.len() + 8);
    let mut letters = stem.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        let ends = before.is_uppercase() && letters.peek().is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (before.is_lowercase() || ends) {
            spaced.push(' ');
        }
        spaced.push(if matches!(letter, '_' | '-' | '+') { ' ' } else { letter });
        before = letter;
    }
    spaced
}

/// Whether the policy takes out names of people.
fn hides_names(engine: &Engine) -> bool {
    let finding = Finding {
        span: Span::new(0, 0),
        label: Label::Person,
        role: None,
        confidence: 1.0,
        rule: "file_name",
        evidence: Vec::new(),
    };
    engine.policy().decide(&finding).action.rewrites()
}

/// Whether the file is a contact card, which is named after the contact.
pub(crate) fn is_contact(name: &str) -> bool {
    extension(name).eq_ignore_ascii_case(".vcf")
}

/// The label of something in a file's own name that the policy takes out, if there is any.
pub(crate) fn names_someone(engine: &Engine, name: &str, is_member: impl Fn(&str) -> bool) -> Option<Label> {
    if is_generated(name) {
        return None;
    }
    let (_, rest) = counter(name);
    let stem = rest.strip_suffix(extension(rest)).unwrap_or(rest);
    let spaced = spaced(stem);
    if is_member(&spaced) {
        return Some(Label::Person);
    }
    // Without its extension, "Antibiotic_Guideline.pdf" reads like somebody's user name.
    let found = [(rest, true), (stem, false), (&spaced, false)].into_iter().find_map(|(text, is_whole)| {
        let findings = engine.findings(text);
        findings
            .iter()
            .filter(|finding| is_whole || finding.label != Label::Username)
            .find(|finding| engine.policy().decide(finding).action.rewrites())
            .map(|found| found.label)
    });
    found.or_else(|| {
        let mut words = spaced.split(|c: char| !c.is_alphabetic()).peekable();
        let mut is_named = false;
        while let Some(word) = words.next() {
            let has_initial = words.peek().is_some_and(|next| next.chars().count() == 1);
            is_named |= is_telling(Folded::new(word).text(), has_initial);
        }
        (is_named && hides_names(engine)).then_some(Label::Person)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_apps_own_file_names_are_known() {
        for name in [
            "IMG-20240312-WA0001.jpg",
            "PTT-20240312-WA0012.opus",
            "DOC-20240312-WA0003",
            "00000012-PHOTO-2024-03-12-14-05-33.jpg",
            "00000007-VIDEO_NOTE-2024-03-12-14-05-33.mp4",
        ] {
            assert!(is_generated(name), "{name}");
        }
        for name in [
            "Doris Ekwueme.pdf",
            "IMG-Doris-WA0001.jpg",
            "00000012-Doris.pdf",
            "a-b-c",
            "",
            "-",
            "IMG-20240312-WA.jpg",
        ] {
            assert!(!is_generated(name), "{name}");
        }
    }

    #[test]
    fn names_of_documents_stay_and_names_of_people_go() {
        let engine = Engine::builder().policy(presend::Policy::built_in("archive").unwrap()).build();
        for (name, expected) in [
            ("Antibiotic_Guideline.pdf", None),
            ("Antibiotic-Guideline.pdf", None),
            ("Mrs_Doris_Ekwueme.pdf", Some(Label::Person)),
            ("NHS 999-123-4004.pdf", Some(Label::NhsNumber)),
            ("doris@vault.example.pdf", Some(Label::Email)),
            ("JohnSmith.pdf", Some(Label::Person)),
            ("MaryThompsonCT.pdf", Some(Label::Person)),
            ("GwladysPenhaligon_DNAR.pdf", Some(Label::Person)),
            ("SmithJ_ECG.pdf", Some(Label::Person)),
            ("DischargeSummaryJones.pdf", Some(Label::Person)),
            ("discharge summary Jones.pdf", Some(Label::Person)),
            ("KHAN CXR.jpg", Some(Label::Person)),
            ("khan_cxr.jpg", Some(Label::Person)),
            ("MrsThompsonWound.jpg", Some(Label::Person)),
            ("TegenPolglase.pdf", Some(Label::Person)),
            ("BedState.pdf", None),
            ("Bay A rota.pdf", None),
            ("ECG.jpg", None),
            ("TheatreList.docx", None),
            ("Bristol Stool Chart.pdf", None),
        ] {
            assert_eq!(names_someone(&engine, name, |_| false), expected, "{name}");
        }
    }

    #[test]
    fn names_of_files_are_found_in_text() {
        assert!(EXTENSIONS.is_sorted());
        let text = "see (Whelan_Patrick.PDF), rota.pdf K-6.1 a_b@c.doc https://x-y.org/a_b.pdf ECG-2.jpg. JohnSmith.pdf ECG.Jpg";
        let found: Vec<&str> = in_text(text).map(|range| &text[range]).collect();
        assert_eq!(found, ["Whelan_Patrick.PDF", "ECG-2.jpg", "JohnSmith.pdf"]);
    }

    #[test]
    fn renaming_keeps_counter_and_extension_and_is_the_same_every_time() {
        let mut names = FileNames::default();
        assert_eq!(names.rename("Doris Ekwueme.vcf"), "contact-1.vcf");
        assert_eq!(names.rename("00000042-Doris.Ekwueme.pdf"), "00000042-file-2.pdf");
        assert_eq!(names.rename("Doris Ekwueme.vcf"), "contact-1.vcf");
        assert_eq!(names.rename("Dr. Ekwueme referral"), "file-3");
        assert_eq!(names.rename("Doris.Ekwueme.pdf"), "file-2.pdf");
        assert_eq!((names.get("Doris Ekwueme.vcf").as_deref(), names.len()), (Some("contact-1.vcf"), 3));
        assert_eq!(names.get("other"), None);
    }
}
