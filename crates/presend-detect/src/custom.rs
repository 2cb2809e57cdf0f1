//! A customer's own lists: terms that are always an identifier, and terms that never are.

use std::cmp::Reverse;
use std::fmt;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use presend_text::Folded;

use crate::dictionary::{Class, ClassSet, Dictionary};
use crate::document::Document;
use crate::finding::Raw;
use crate::{Label, Role};

/// The rules under which listed terms appear in findings.
const RULES: &[(ListKind, &str, &str)] = &[
    (ListKind::Deny, "customer_deny", "on the organisation's deny list"),
    (ListKind::Staff, "customer_staff", "on the organisation's staff list"),
    (ListKind::Site, "customer_site", "on the organisation's list of sites"),
    (ListKind::Ward, "customer_ward", "on the organisation's list of wards"),
];

/// Which of a customer's lists a term is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// Always an identifier, under a label of the customer's choice.
    Deny,
    /// A member of staff: PERSON with the role staff.
    Staff,
    /// A site, department or other place of work: ORGANISATION.
    Site,
    /// A ward or unit: WARD_BED.
    Ward,
}

/// The error of building a customer's lists.
#[derive(Clone, Debug)]
pub struct ListError {
    reason: String,
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the lists are too large to compile: {}", self.reason)
    }
}

impl std::error::Error for ListError {}

struct Term {
    label: Label,
    role: Option<Role>,
    kind: ListKind,
}

/// Terms as they are collected, before they are compiled.
#[derive(Default)]
pub(crate) struct ListsBuilder {
    folded: Vec<String>,
    terms: Vec<Term>,
    allowed: Vec<String>,
}

impl ListsBuilder {
    pub(crate) fn add(&mut self, kind: ListKind, label: Label, role: Option<Role>, term: &str) {
        let folded = fold(term);
        let spellings = if kind == ListKind::Staff { names(&folded) } else { vec![folded] };
        for folded in spellings.into_iter().filter(|folded| !folded.is_empty()) {
            self.folded.push(folded);
            self.terms.push(Term { label, role, kind });
        }
    }

    pub(crate) fn allow(&mut self, term: &str) {
        let folded = fold(term);
        if !folded.is_empty() {
            self.allowed.push(folded);
        }
    }

    pub(crate) fn build(self) -> Result<Option<Lists>, ListError> {
        if self.terms.is_empty() && self.allowed.is_empty() {
            return Ok(None);
        }
        Ok(Some(Lists {
            denied: compile(&self.folded)?,
            terms: self.terms,
            allowed: compile(&self.allowed)?,
        }))
    }
}

fn compile(terms: &[String]) -> Result<Option<AhoCorasick>, ListError> {
    if terms.is_empty() {
        return Ok(None);
    }
    AhoCorasick::new(terms).map(Some).map_err(|err| ListError { reason: err.to_string() })
}

/// The term as it is looked for: folded, with one space for any blanks.
fn fold(term: &str) -> String {
    Folded::new(term).text().split_whitespace().collect::<Vec<_>>().join(" ")
}

const TITLES: ClassSet = ClassSet::of(&[Class::TitleAny, Class::TitleStaff]);

/// How messages write the name of a folded entry of a list of staff: without title, grade and what stands in brackets,
/// and with the surname last where the entry has it first.
///
/// A single name keeps its title: by itself it may be a patient's name too, or a word.
fn names(entry: &str) -> Vec<String> {
    let mut bare = entry.to_owned();
    while let Some((head, tail)) = bare.split_once('(') {
        bare = format!("{head} {}", tail.split_once(')').map_or("", |(_, tail)| tail));
    }
    let mut parts: Vec<Vec<&str>> = bare.split(',').map(|part| part.split_whitespace().collect()).collect();
    parts.retain(|part| !part.is_empty() && !is_role(part));
    for part in &mut parts {
        without_role(part);
    }
    let has_initials = |part: &[&str]| part.iter().any(|word| word.trim_end_matches('.').chars().count() < 2);
    let is_ordinary = |word: &&str| Dictionary::embedded().lookup(word).has(Class::Ordinary);
    let is_everyday = |name: &[&str]| matches!(name, ["a" | "i", rest @ ..] if rest.iter().all(is_ordinary));
    match parts.as_slice() {
        // "Mr A Long" without its title would be found in every other message, and so would "Will, I" turned round.
        [name] if name.len() > 1 && !is_everyday(name) => vec![name.join(" ")],
        [family, given] if !has_initials(given) => {
            let (family, given) = (family.join(" "), given.join(" "));
            vec![format!("{given} {family}"), format!("{family}, {given}")]
        }
        _ => vec![entry.to_owned()],
    }
}

/// Takes titles off the front of a name and grades off its end, and leaves one word at least.
fn without_role(name: &mut Vec<&str>) {
    let dictionary = Dictionary::embedded();
    while let [first, _, ..] = name.as_slice() {
        let phrase = dictionary.phrase_at(name.iter().copied());
        let phrase = phrase.filter(|phrase| phrase.classes().iter().any(|class| TITLES.has(class)));
        let entry = dictionary.lookup(first.trim_end_matches('.'));
        let words = match phrase {
            Some(phrase) => phrase.words(),
            None => usize::from(entry.has_any(TITLES) && entry.given() < 2),
        };
        if words == 0 || words >= name.len() {
            break;
        }
        name.drain(..words);
    }
    while let Some(at) = (1..name.len()).find(|at| name.get(*at..).is_some_and(is_role)) {
        name.truncate(at);
    }
}

/// Whether the words are a role or grade and no name.
fn is_role(words: &[&str]) -> bool {
    let dictionary = Dictionary::embedded();
    match words {
        [word] => {
            let entry = dictionary.lookup(word);
            entry.has(Class::StaffRole) && entry.given() == 0 && entry.surname() == 0
        }
        _ => dictionary
            .phrase_at(words.iter().copied())
            .is_some_and(|phrase| phrase.words() == words.len() && phrase.has(Class::StaffRole)),
    }
}

/// A folded text with one space for any blanks, and the way back.
struct Squeezed {
    text: String,
    /// From which place on so many bytes of the folded text are left out.
    left_out: Vec<(usize, usize)>,
}

impl Squeezed {
    fn new(folded: &str) -> Self {
        let mut squeezed = Self { text: String::with_capacity(folded.len()), left_out: Vec::new() };
        let mut after_blank = false;
        for (at, letter) in folded.char_indices() {
            let is_blank = letter.is_whitespace();
            if !is_blank || !after_blank {
                let before = squeezed.left_out.last().map_or(0, |(_, bytes)| *bytes);
                if at - squeezed.text.len() > before {
                    squeezed.left_out.push((squeezed.text.len(), at - squeezed.text.len()));
                }
                squeezed.text.push(if is_blank { ' ' } else { letter });
            }
            after_blank = is_blank;
        }
        squeezed
    }

    /// The place in the folded text.
    fn folded(&self, at: usize) -> usize {
        let next = self.left_out.partition_point(|(from, _)| *from <= at);
        at + next.checked_sub(1).and_then(|last| self.left_out.get(last)).map_or(0, |(_, bytes)| *bytes)
    }

    /// Where terms stand as whole words, and which: sorted by start, none within another. Parts of them may overlap.
    fn find(&self, terms: &AhoCorasick) -> Vec<(Range<usize>, usize)> {
        let text = self.text.as_str();
        let hits = terms.find_overlapping_iter(text).filter(|hit| is_whole(text, hit.start(), hit.end()));
        let mut hits: Vec<_> = hits.map(|hit| (hit.range(), hit.pattern().as_usize())).collect();
        hits.sort_by_key(|(range, term)| (range.start, Reverse(range.end), *term));
        let mut reach = 0;
        hits.retain(|(range, _)| {
            let is_within = range.end <= reach;
            reach = reach.max(range.end);
            !is_within
        });
        for (range, _) in &mut hits {
            // The end is that of the last letter, not of blanks behind it.
            *range = self.folded(range.start)..self.folded(range.end - 1) + 1;
        }
        hits
    }
}

/// A customer's lists, compiled.
pub(crate) struct Lists {
    denied: Option<AhoCorasick>,
    terms: Vec<Term>,
    allowed: Option<AhoCorasick>,
}

impl Lists {
    /// Finds the terms that are always identifiers, as whole words.
    pub(crate) fn scan(&self, document: &Document, found: &mut Vec<Raw>) {
        let Some(denied) = &self.denied else { return };
        for (range, term) in Squeezed::new(document.text()).find(denied) {
            let Some(term) = self.terms.get(term) else { continue };
            let Some((_, rule, why)) = RULES.iter().find(|(kind, _, _)| *kind == term.kind) else { continue };
            found.push(Raw {
                start: range.start,
                end: range.end,
                label: term.label,
                role: term.role,
                confidence: 0.99,
                rule,
                validated: false,
                evidence: vec![why],
            });
        }
    }

    /// Takes out what an allowed term covers whole, unless the customer listed that too.
    pub(crate) fn permit(&self, document: &Document, found: &mut Vec<Raw>) {
        let allowed = self.allowed(document);
        if !allowed.is_empty() {
            found.retain(|raw| is_customers(raw.rule) || !covers(&allowed, raw.start, raw.end));
        }
    }

    /// Where the folded text holds an allowed term: sorted by start, none within another.
    pub(crate) fn allowed(&self, document: &Document) -> Vec<Range<usize>> {
        let Some(allowed) = &self.allowed else { return Vec::new() };
        Squeezed::new(document.text()).find(allowed).into_iter().map(|(range, _)| range).collect()
    }
}

/// Whether one of the ranges, sorted and none within another, covers all from `start` to `end`.
pub(crate) fn covers(ranges: &[Range<usize>], start: usize, end: usize) -> bool {
    // The last that starts early enough ends last.
    let next = ranges.partition_point(|range| range.start <= start);
    next.checked_sub(1).and_then(|last| ranges.get(last)).is_some_and(|range| end <= range.end)
}

/// Whether a rule is one of the customer's own lists.
pub(crate) fn is_customers(rule: &str) -> bool {
    RULES.iter().any(|(_, own, _)| *own == rule)
}

fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|head| head.chars().next_back());
    let after = text.get(end..).and_then(|tail| tail.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use crate::{Detector, DetectorBuilder, Label, Role};

    /// What the lists alone find.
    fn listed(lists: DetectorBuilder, text: &str) -> Vec<String> {
        let found = lists.build().unwrap().scan(text);
        let found = found.iter().filter(|finding| finding.rule.starts_with("customer"));
        found.map(|finding| finding.span.of(text).unwrap().to_owned()).collect()
    }

    #[test]
    fn the_longest_whole_word_is_found_at_each_place() {
        let deny = |terms: &[&str]| {
            terms.iter().fold(Detector::builder(), |lists, term| lists.deny(Label::OtherId, None, term))
        };
        for (terms, text, found) in [
            (&["Zorb", "Zorb Quin"][..], "the zorb quince was", &["zorb"][..]),
            (&["Zorb", "Zorb Quin"], "the zorb quin was", &["zorb quin"]),
            (&["Zorb", "Quin", "Zorb Quin Fell"], "zorb quin fells", &["zorb", "quin"]),
            (&["Zorb Quin", "Quin Fell"], "zorb quin fell", &["zorb quin", "fell"]),
            (&["Zorb Quin Fell", "Quin", "Zorb"], "zorb quin fell", &["zorb quin fell"]),
            (
                &["Zorblax Quince"],
                "zorblax  quince, Zorblax\r\n Quince.",
                &["zorblax  quince", "Zorblax\r\n Quince"],
            ),
            (&["Zorblax \t Quince"], "  zorblax quince  ", &["zorblax quince"]),
            (&["Zorbé"], "a  zorbé  zorbés", &["zorbé"]),
        ] {
            assert_eq!(listed(deny(terms), text), found, "{terms:?} {text:?}");
        }
    }

    #[test]
    fn the_first_list_settles_what_a_term_is() {
        let lists = Detector::builder().deny(Label::Person, Some(Role::Patient), "Zorblax Quin");
        let found = lists.staff("Zorblax Quin").build().unwrap().scan("zorblax quin");
        assert_eq!((found.len(), found.first().and_then(|finding| finding.role)), (1, Some(Role::Patient)));
    }

    #[test]
    fn names_of_staff_are_found_without_title_and_grade() {
        for (entry, text, found) in [
            ("Sam Hill", "sam hillier", &[][..]),
            ("Dr Anna Svensson", "Dr Anna Svensson", &["Anna Svensson"]),
            ("Dr. Anna Svensson", "ask anna svensson", &["anna svensson"]),
            ("Svensson, Anna", "ask anna svensson", &["anna svensson"]),
            ("SVENSSON, Dr Anna (ST4)", "Svensson, Anna", &["Svensson, Anna"]),
            ("Svensson, Anna, ST4", "ask anna svensson", &["anna svensson"]),
            ("Anna Svensson, RN", "ask anna svensson", &["anna svensson"]),
            ("Anna Svensson ST4", "ask anna svensson", &["anna svensson"]),
            ("Mr A Long", "a long line", &[]),
            ("Dr I Will", "i will call", &[]),
            ("Mr J Smith", "ask j smith", &["j smith"]),
            ("Anna Svensson (ST4)", "ask anna svensson", &["anna svensson"]),
            ("Sister Mary Bello", "mary bello knows", &["mary bello"]),
            ("Staff Nurse Mary Bello", "mary bello knows", &["mary bello"]),
            ("Porter, Anna", "anna porter", &["anna porter"]),
            ("Anna Porter", "anna porter", &["anna porter"]),
            ("Anna Svensson (", "anna svensson", &["anna svensson"]),
            // By themselves these may be a patient or a word.
            ("Dr May", "it may be, says Dr May", &["Dr May"]),
            ("Will, I", "i will", &[]),
            ("ST4", "st4", &["st4"]),
            ("(ST4)", "the (st4)", &["(st4)"]),
        ] {
            assert_eq!(listed(Detector::builder().staff(entry), text), found, "{entry:?} {text:?}");
        }
    }

    #[test]
    fn what_is_allowed_is_so_however_many_terms_overlap() {
        let lists = || Detector::builder().allow("Grace").allow("Grace Darling").allow("Darling Ward");
        let found = |text: &str| lists().build().unwrap().scan(text).len();
        assert_eq!(found("Mrs Grace\nDarling is in bed"), 0);
        assert!(Detector::new().scan("Mrs Grace Darlington is in bed").len() == 1);
        assert_eq!(found("Mrs Grace Darlington is in bed"), 1, "the whole name is not allowed");
    }

    #[test]
    fn many_hits_take_no_longer_each() {
        let text = "zorb quin ".repeat(50_000);
        let lists = Detector::builder().allow("zorb").allow("quin zorb").deny(Label::OtherId, None, "quin");
        assert_eq!(lists.build().unwrap().scan(&text).len(), 50_000);
    }
}
