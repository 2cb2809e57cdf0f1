//! A customer's own lists: terms that are always an identifier, and terms that never are.

use std::cmp::Reverse;
use std::fmt;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use presend_text::Folded;

use crate::cues::Cue;
use crate::dictionary::{Class, ClassSet, Dictionary, Entry};
use crate::document::Document;
use crate::finding::Raw;
use crate::lexical::WARD_LEADS;
use crate::patients::is_known;
use crate::token::{Case, TokenKind};
use crate::{Kind, Label, Role};

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

    /// Takes out what an allowed term covers whole, unless the customer listed that too, and the listed terms that mean
    /// something else where they stand.
    pub(crate) fn permit(&self, document: &Document, found: &mut Vec<Raw>) {
        yield_to_others(document, found);
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
    kind_of(rule).is_some()
}

fn kind_of(rule: &str) -> Option<ListKind> {
    RULES.iter().find(|(_, own, _)| *own == rule).map(|(kind, _, _)| *kind)
}

/// From this confidence on, a longer finding is taken for what it seems, and so is a listed patient.
const SURE: f32 = 0.78;

/// What may stand between somebody's name and the number, date or age that is theirs.
const LEADS: &[&str] =
    &["age", "aged", "b", "born", "chi", "d", "dob", "hosp", "mrn", "nhs", "no", "number", "o"];
/// How many words and marks may stand there.
const LEADS_MOST: usize = 5;

/// Takes out the listed terms that mean something else where they stand: a part of a longer finding, a patient of a
/// ward's or colleague's name, a plain word.
fn yield_to_others(document: &Document, found: &mut Vec<Raw>) {
    if !found.iter().any(|raw| is_customers(raw.rule)) {
        return;
    }
    // What covers a term comes before it.
    found.sort_by_key(|raw| (raw.start, Reverse(raw.end), is_customers(raw.rule)));
    let mut out: Vec<usize> = Vec::new();
    let mut sure: Vec<usize> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut last = None;
    // From each on, the first that no list has.
    let mut others = vec![found.len(); found.len() + 1];
    for (at, raw) in found.iter().enumerate().rev() {
        let after = others.get(at + 1).copied().unwrap_or(found.len());
        if let Some(next) = others.get_mut(at) {
            *next = if is_customers(raw.rule) { after } else { at };
        }
    }
    for (at, raw) in found.iter().enumerate() {
        let Some(kind) = kind_of(raw.rule) else {
            open.push(at);
            continue;
        };
        open.retain(|at| {
            let is_over = found.get(*at).is_none_or(|other| other.end <= raw.start);
            if is_over {
                last = Some(*at);
            }
            !is_over
        });
        let covers = || open.iter().filter_map(|at| found.get(*at)).filter(|other| other.end >= raw.end);
        let following = |at: usize| others.get(at).and_then(|at| Some((*at, found.get(*at)?)));
        let mut behind = following(at);
        while let Some((at, _)) = behind.filter(|(_, other)| other.start < raw.end) {
            behind = following(at + 1);
        }
        let is_before = last.and_then(|at: usize| found.get(at)).is_some_and(|other| {
            tells_of_one(document, other, kind) && is_led(document, other.end, raw.start)
        });
        let is_behind = behind.is_some_and(|(_, other)| {
            tells_of_one(document, other, kind) && is_led(document, raw.end, other.start)
        });
        let is_theirs = is_before || is_behind || is_announced(document, raw.start, kind);
        let person = open.iter().copied().find(|at| {
            let other = found.get(*at).filter(|other| other.end >= raw.end && other.label == Label::Person);
            other.is_some_and(|other| {
                let is_patient = is_theirs && (kind != ListKind::Staff || other.role != Some(Role::Staff));
                is_patient || is_known(other.rule) && other.confidence >= SURE
            })
        });
        let is_part = covers().any(|other| is_part_of(raw, other, kind));
        if kind != ListKind::Deny && person.is_some() {
            out.push(at);
            sure.extend(person);
        } else if is_part || kind != ListKind::Deny && is_plain_word(document, raw, kind, covers()) {
            out.push(at);
        }
    }
    for at in sure {
        if let Some(raw) = found.get_mut(at) {
            raw.confidence = raw.confidence.max(SURE);
        }
    }
    let mut at = 0;
    found.retain(|_| {
        at += 1;
        out.binary_search(&(at - 1)).is_err()
    });
}

/// Whether the term is a part of a longer finding. What is listed as an identifier yields only to other identifiers of a
/// fixed form, such as addresses, since no policy keeps those where it would not keep the term.
fn is_part_of(raw: &Raw, other: &Raw, kind: ListKind) -> bool {
    let is_longer = other.end - other.start > raw.end - raw.start;
    let is_fixed = other.label.kind() == Kind::Direct && other.label != Label::Person;
    let is_sure = other.rule != "person" || other.confidence >= SURE;
    is_longer && is_sure && (is_fixed || kind != ListKind::Deny)
}

/// Whether the finding says that a name beside it is a patient's. Colleagues stand beside wards, but hardly beside a bed.
fn tells_of_one(document: &Document, raw: &Raw, kind: ListKind) -> bool {
    let place = document.text().get(raw.start..raw.end).unwrap_or_default();
    let is_bed = raw.label == Label::WardBed
        && kind == ListKind::Staff
        && (place.contains("bed") || place.contains("bay"));
    matches!(raw.label, Label::Age | Label::DateOfBirth) || raw.label.is_patients_number() || is_bed
}

/// Whether what ends at `from` stands beside what starts at `to`: in one line, with only what leads to it between.
fn is_led(document: &Document, from: usize, to: usize) -> bool {
    let tokens = document.tokens().iter().skip(document.token_from(from));
    let mut between = tokens.take_while(|token| (token.start as usize) < to).enumerate();
    between.all(|(at, token)| {
        let word = document.word(token);
        at < LEADS_MOST
            && match token.kind {
                TokenKind::Punct => ",-(./#".contains(word),
                TokenKind::Word => LEADS.contains(&word),
                _ => false,
            }
    })
}

/// Whether a word before the name says that it is a patient's, or for a place that it is anybody's.
fn is_announced(document: &Document, start: usize, kind: ListKind) -> bool {
    let mut before = document.token_from(start);
    if before > 0 && matches!(document.word_at(before - 1), "." | ":") {
        before -= 1;
    }
    let Some(token) = before.checked_sub(1).and_then(|at| document.tokens().get(at)) else { return false };
    let is_title = token.entry.has_any(TITLES) && kind != ListKind::Staff;
    token.is_word() && (is_title || token.entry.has(Class::PatientWord))
}

/// Whether an entry of one word is a plain word where it stands: in lower case, or with a capital that says nothing.
fn is_plain_word<'r>(
    document: &Document,
    raw: &Raw,
    kind: ListKind,
    mut covers: impl Iterator<Item = &'r Raw>,
) -> bool {
    let index = document.token_from(raw.start);
    let Some(token) = document.tokens().get(index).filter(|token| token.end as usize >= raw.end) else {
        return false;
    };
    let is_word = is_common_word(token.entry);
    if !is_word {
        return false;
    }
    let is_place = kind != ListKind::Staff;
    let is_capital = token.case != Case::Lower;
    // "zebedee on toadstool", but "back in may".
    let before =
        |words: &[&str]| index.checked_sub(1).is_some_and(|at| words.contains(&document.word_at(at)));
    let after = document.word_at(index + 1);
    let is_led = if is_place {
        matches!(after, "ward" | "bed" | "bay")
            || !token.cues.has(Cue::Modal) && (before(WARD_LEADS) || matches!(after, "is" | "are"))
    } else {
        before(&["ask", "asked", "bleep", "ring", "tell", "thanks"])
    };
    let says_nothing = is_word && (document.shouts() || opens_sentence(document, index));
    // What the rules make of it tells the one from the other.
    let is_backed = covers.any(|other| match other.label {
        Label::Person => !is_place || is_capital,
        Label::WardBed | Label::Organisation | Label::Place => is_place,
        _ => is_place && is_capital,
    });
    (!is_capital || says_nothing) && !is_led && !is_backed
}

/// Whether the word is one that people write as a word, and not a name that a dictionary has as well.
fn is_common_word(entry: Entry) -> bool {
    let is_name = entry.given().max(entry.surname()) >= 2;
    entry.has(Class::Ordinary) && (!is_name || entry.has(Class::WordAndName))
}

/// Whether a capital says nothing of the word, as the first of a sentence or of an item.
fn opens_sentence(document: &Document, index: usize) -> bool {
    let before = document.tokens().get(..index).unwrap_or_default().iter().enumerate().rev();
    // A dash or a bracket at the line's start is a bullet; elsewhere it joins.
    let mut before =
        before.filter(|(_, token)| token.kind != TokenKind::Punct || !"-\"'(".contains(document.word(token)));
    let Some((at, token)) = before.next() else { return true };
    match token.kind {
        TokenKind::Newline => true,
        TokenKind::Punct => !",/&".contains(document.word(token)),
        TokenKind::Number => document.starts_line(at),
        _ => false,
    }
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

    /// What is found, as it stands in the text, with label and role.
    fn found(lists: DetectorBuilder, text: &str) -> Vec<String> {
        let found = lists.build().unwrap().scan(text).into_iter().map(|finding| {
            let role = finding.role.map_or("", Role::name);
            format!("{} {} {role}", finding.span.of(text).unwrap(), finding.label).trim_end().to_owned()
        });
        found.collect()
    }

    #[test]
    fn wards_and_sites_are_no_patients_of_their_name() {
        let lists = || {
            let wards =
                ["Nelson", "Rose", "May"].iter().fold(Detector::builder(), |all, name| all.ward(name));
            wards.site("Richmond").site("Ashford")
        };
        for (text, first) in [
            ("Mrs Nelson 84F K 6.1", Some("Nelson PERSON patient")),
            ("Mrs. Nelson is worse", Some("Nelson PERSON unknown")),
            ("pt Nelson, NHS 999 123 4551", Some("Nelson PERSON patient")),
            ("Rose Okafor 84F K 6.1", Some("Rose Okafor PERSON patient")),
            ("Mrs Richmond bed 4", Some("Richmond PERSON patient")),
            ("visit at 7 Ashford Close please", Some("7 Ashford Close ADDRESS")),
            ("she may need bloods", None),
            ("May need bloods", None),
            ("pt on Nelson needs bloods", Some("Nelson WARD_BED")),
            ("pt on nelson needs bloods", Some("nelson WARD_BED")),
            ("back in may", Some("may DATE")),
            ("moved to Rose this morning", Some("Rose WARD_BED")),
            ("clinic at Richmond on the list", Some("Richmond ORGANISATION")),
        ] {
            let found = found(lists(), text);
            assert_eq!(found.first().map(String::as_str), first, "{text}");
        }
        assert_eq!(found(lists(), "84F on Nelson for review"), ["84 AGE", "Nelson WARD_BED"]);
    }

    #[test]
    fn a_listed_term_is_no_part_of_a_longer_finding() {
        let deny = |label, role, term: &str| Detector::builder().deny(label, role, term);
        for (lists, text, all) in [
            (deny(Label::OtherId, None, "Elm"), "12 Elm Road is hers", &["12 Elm Road ADDRESS"][..]),
            (
                deny(Label::Person, Some(Role::Patient), "Dot"),
                "write to a.dot@example.org",
                &["a.dot@example.org EMAIL"],
            ),
            (
                Detector::builder().staff("Grace"),
                "Grace Okafor 84F",
                &["Grace Okafor PERSON patient", "84 AGE"],
            ),
            (
                Detector::builder().staff("Anna Svensson"),
                "Anna Svensson-Hall 84F",
                &["Anna Svensson-Hall PERSON patient", "84 AGE"],
            ),
        ] {
            let found = found(lists, text);
            assert_eq!(found, all, "{text}");
        }
    }

    #[test]
    fn staff_that_a_message_tells_of_as_a_patient_are_one() {
        let person = |lists: DetectorBuilder, text: &str| {
            found(lists, text).into_iter().find(|one| one.contains("PERSON")).unwrap_or_default()
        };
        for (text, role) in [
            ("Anna Svensson NHS 999 123 4551 INR 8", "patient"),
            ("pt Anna Svensson dob 4/3/41 NHS 999 123 4551, warfarin", "patient"),
            ("Anna Svensson 67M bed 4", "patient"),
            ("Anna Svensson bed 4 is worse", "patient"),
            ("ask Anna Svensson to review bed 4", "staff"),
            ("Anna Svensson will see the 84F in bed 4", "staff"),
        ] {
            let expected = format!("Anna Svensson PERSON {role}");
            assert_eq!(person(Detector::builder().staff("Anna Svensson"), text), expected, "{text}");
        }
        let mut patients = crate::PatientListBuilder::new(*b"sixteen key byte");
        let record = crate::PatientRecord { given: "Anna", family: "Svensson", ..Default::default() };
        patients.add(&record).unwrap();
        let lists = Detector::builder().staff("Anna Svensson").recogniser(Box::new(patients.build()));
        assert_eq!(person(lists, "Anna Svensson again today"), "Anna Svensson PERSON patient");
    }

    #[test]
    fn staff_of_one_name_are_no_plain_words() {
        let lists = || Detector::builder().staff("Will").staff("Grace").staff("Svensson");
        for (text, all) in [
            ("we will review bed 4 tomorrow. grace period for INR", &[][..]),
            ("Will review tomorrow", &[]),
            ("- Will review tomorrow", &[]),
            ("WE WILL REVIEW TOMORROW AND WRITE IT DOWN", &[]),
            ("please ask Will to review", &["Will"]),
            ("svensson knows", &["svensson"]),
        ] {
            assert_eq!(listed(lists(), text), all, "{text}");
        }
    }

    #[test]
    fn many_hits_take_no_longer_each() {
        let text = "zorb quin ".repeat(50_000);
        let lists = Detector::builder().allow("zorb").allow("quin zorb").deny(Label::OtherId, None, "quin");
        assert_eq!(lists.build().unwrap().scan(&text).len(), 50_000);
    }
}
