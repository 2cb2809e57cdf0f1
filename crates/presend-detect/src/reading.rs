//! What the rules know of a message, word by word: what a model reads beside the words themselves.

use std::fmt;
use std::ops::Range;

use presend_text::Span;

use crate::custom::{Lists, covers, is_customers};
use crate::dictionary::{Class, ClassSet, Entry};
use crate::document::Document;
use crate::finding::Raw;
use crate::shape::name_score;
use crate::token::{Case, Token, TokenKind};
use crate::{Finding, Label, Role};

/// What the rules know of one word, as a set of bits; [`Features::names`] tells what each stands for.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Features(u128);

macro_rules! features {
    ($($name:ident, $text:literal;)*) => {
        /// The bits that are neither a dictionary class nor a label.
        #[derive(Clone, Copy)]
        #[repr(u8)]
        enum Bit { $($name,)* }

        const PLAIN: &[&str] = &[$($text),*];
    };
}

features! {
    Capital, "case.capital";
    Upper, "case.upper";
    MixedCase, "case.mixed";
    Shouts, "message.shouts";
    Titled, "message.titled";
    Spaced, "spaced";
    LineStart, "line_start";
    InMixed, "in_mixed";
    Possessive, "possessive";
    Given1, "given.1";
    Given2, "given.2";
    Given3, "given.3";
    Surname1, "surname.1";
    Surname2, "surname.2";
    Surname3, "surname.3";
    Unknown, "unknown";
    ZipfNone, "zipf.none";
    ZipfRare, "zipf.rare";
    ZipfSome, "zipf.some";
    ZipfCommon, "zipf.common";
    ShapeWord, "shape.word";
    ShapeEither, "shape.either";
    ShapeName, "shape.name";
    Blocked, "blocked";
    Begins, "rule.begins";
    Sure, "rule.sure";
    Surer, "rule.surer";
    Validated, "rule.validated";
    Patient, "rule.patient";
    Relative, "rule.relative";
    Staff, "rule.staff";
    Other, "rule.other";
}

const CLASS_FROM: usize = PLAIN.len();
const LABEL_FROM: usize = CLASS_FROM + Class::ALL.len();

impl Features {
    /// How many bits are in use.
    pub const COUNT: usize = LABEL_FROM + Label::ALL.len();

    /// What the bits stand for, from the lowest: a model is trained on these in this order.
    #[must_use]
    pub fn names() -> Vec<String> {
        let plain = PLAIN.iter().map(|name| (*name).to_owned());
        let classes = Class::ALL.iter().map(|class| format!("class.{class:?}"));
        let labels = Label::ALL.iter().map(|label| format!("rule.{label}"));
        plain.chain(classes).chain(labels).collect()
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u128 {
        self.0
    }

    fn set(&mut self, bit: Bit) {
        self.0 |= 1 << bit as u8;
    }

    fn has(self, bit: Bit) -> bool {
        self.0 >> bit as u8 & 1 == 1
    }

    /// Whether the dictionary lists the word as any of the classes.
    #[must_use]
    pub fn is_any(self, classes: ClassSet) -> bool {
        classes.iter().any(|class| self.0 >> (CLASS_FROM + class as usize) & 1 == 1)
    }

    /// Whether the word is listed as a given name or a surname.
    #[must_use]
    pub fn is_name(self) -> bool {
        const NAMES: u128 = 0b11_1111 << Bit::Given1 as u8;
        self.0 & NAMES != 0
    }

    /// Whether the word is listed as a common surname.
    #[must_use]
    pub fn is_common_surname(self) -> bool {
        self.has(Bit::Surname3)
    }

    /// Whether the word is in capitals.
    #[must_use]
    pub fn is_upper(self) -> bool {
        self.has(Bit::Upper)
    }

    /// Whether the word holds a capital letter.
    #[must_use]
    pub fn is_capitalised(self) -> bool {
        [Bit::Capital, Bit::Upper, Bit::MixedCase].into_iter().any(|case| self.has(case))
    }

    /// Whether the dictionary lacks the word.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        self.has(Bit::Unknown)
    }

    /// Whether the word lies in a finding of the rules.
    #[must_use]
    pub fn is_found(self) -> bool {
        self.0 >> LABEL_FROM != 0
    }

    /// Whether the word lies in a finding whose check digit or exact rule holds.
    #[must_use]
    pub fn is_validated(self) -> bool {
        self.has(Bit::Validated)
    }

    /// Whether the word lies in a phrase that is listed as no identifier.
    #[must_use]
    pub fn is_blocked(self) -> bool {
        self.has(Bit::Blocked)
    }

    fn of_entry(entry: Entry, word: &str) -> Self {
        let mut features = Self::default();
        for (grade, bits) in [
            (entry.given(), [Bit::Given1, Bit::Given2, Bit::Given3]),
            (entry.surname(), [Bit::Surname1, Bit::Surname2, Bit::Surname3]),
        ] {
            if let Some(bit) = usize::from(grade).checked_sub(1).and_then(|at| bits.get(at)) {
                features.set(*bit);
            }
        }
        if !entry.is_known() {
            features.set(Bit::Unknown);
        }
        features.set(match entry.zipf_tenths() {
            0..15 => Bit::ZipfNone,
            15..30 => Bit::ZipfRare,
            30..45 => Bit::ZipfSome,
            _ => Bit::ZipfCommon,
        });
        features.set(match name_score(word) {
            score if score < -1.0 => Bit::ShapeWord,
            score if score <= 1.0 => Bit::ShapeEither,
            _ => Bit::ShapeName,
        });
        for class in entry.classes().iter() {
            features.0 |= 1 << (CLASS_FROM + class as usize);
        }
        features
    }

    fn of_token(document: &Document, index: usize, token: &Token) -> Self {
        let mut features = match token.kind {
            TokenKind::Word | TokenKind::Mixed => Self::of_entry(token.entry, document.word(token)),
            _ => Self::default(),
        };
        match token.case {
            Case::Lower => {}
            Case::Capital => features.set(Bit::Capital),
            Case::Upper => features.set(Bit::Upper),
            Case::Mixed => features.set(Bit::MixedCase),
        }
        if token.kind == TokenKind::Mixed {
            features.set(Bit::InMixed);
        }
        if document.shouts() {
            features.set(Bit::Shouts);
        }
        if document.titled() {
            features.set(Bit::Titled);
        }
        if document.starts_line(index) {
            features.set(Bit::LineStart);
        }
        features
    }

    fn of_finding(raw: &Raw, begins: bool) -> Self {
        let mut features = Self(1 << (LABEL_FROM + raw.label as usize));
        if begins {
            features.set(Bit::Begins);
        }
        if raw.confidence >= 0.7 {
            features.set(Bit::Sure);
        }
        if raw.confidence >= 0.9 {
            features.set(Bit::Surer);
        }
        if raw.validated {
            features.set(Bit::Validated);
        }
        match raw.role {
            Some(Role::Patient) => features.set(Bit::Patient),
            Some(Role::Relative) => features.set(Bit::Relative),
            Some(Role::Staff) => features.set(Bit::Staff),
            Some(Role::Other) => features.set(Bit::Other),
            _ => {}
        }
        features
    }
}

impl fmt::Debug for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Self::names();
        let set = names.iter().enumerate().filter(|(at, _)| self.0 >> at & 1 == 1).map(|(_, name)| name);
        f.debug_set().entries(set).finish()
    }
}

/// One word of a [`Reading`]: letters, digits, or one other character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where in the original message, in UTF-8 bytes.
    pub span: Span,
    /// What the rules know of it.
    pub features: Features,
    start: u32,
    end: u32,
}

/// A message as a model reads it, with what the rules found in it.
#[derive(Clone, Default)]
pub struct Reading {
    folded: String,
    words: Vec<Word>,
    /// Where in the message the customer has said that no identifier is: sorted, none within another.
    permitted: Vec<Range<usize>>,
    /// What is found: by the rules at first, and what the model makes of it after [`Reviewer::review`].
    pub findings: Vec<Finding>,
}

impl Reading {
    /// The words, in order.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The folded text of a word: lower case, without accents; `"\n"` for a line break.
    #[must_use]
    pub fn text(&self, word: &Word) -> &str {
        self.folded.get(word.start as usize..word.end as usize).unwrap_or_default()
    }

    /// What stands between a word and the one before it: nothing, or white space.
    #[must_use]
    pub fn gap(&self, at: usize) -> &str {
        let pair = at.checked_sub(1).and_then(|before| self.words.get(before)).zip(self.words.get(at));
        let gap = pair.and_then(|(before, word)| self.folded.get(before.end as usize..word.start as usize));
        gap.unwrap_or_default()
    }

    /// Takes out what an allowed term of the customer's covers whole, whoever found it, unless he listed that too.
    pub(crate) fn permit(&mut self) {
        let Self { permitted, findings, .. } = self;
        if !permitted.is_empty() {
            findings.retain(|finding| {
                let (start, end) = (finding.span.start(), finding.span.end());
                is_customers(finding.rule) || !covers(permitted, start, end)
            });
        }
    }

    /// Reads the document anew; `found` and `blocked` are in offsets of folded text and of tokens, both sorted.
    pub(crate) fn read(
        &mut self,
        document: &Document,
        found: &[Raw],
        blocked: &[(usize, usize)],
        lists: Option<&Lists>,
    ) {
        self.permitted.clear();
        let allowed = lists.iter().flat_map(|lists| lists.allowed(document));
        let allowed = allowed.map(|term| document.original(term.start, term.end));
        self.permitted.extend(allowed.map(|term| term.start()..term.end()));
        self.folded.clear();
        self.folded.push_str(document.text());
        self.words.clear();
        self.findings.clear();
        let mut found = found.iter().peekable();
        let mut blocked = blocked.iter().peekable();
        for (index, token) in document.tokens().iter().enumerate() {
            let mut features = Features::of_token(document, index, token);
            while blocked.next_if(|(_, end)| *end <= index).is_some() {}
            if blocked.peek().is_some_and(|(start, _)| *start <= index) {
                features.set(Bit::Blocked);
            }
            let (start, end) = (token.start as usize, token.end as usize);
            let mut spaced = token.spaced;
            let parts = split(document.text(), start, end).map(|part| (part, features));
            let mut possessive = Features::default();
            possessive.set(Bit::Possessive);
            let tail = split(document.text(), end, token.full_end as usize).map(|part| (part, possessive));
            for ((from, to), mut features) in parts.chain(tail) {
                while found.next_if(|raw| raw.end <= from).is_some() {}
                if let Some(raw) = found.peek().filter(|raw| raw.start < to) {
                    features.0 |= Features::of_finding(raw, raw.start >= from).0;
                }
                if std::mem::take(&mut spaced) {
                    features.set(Bit::Spaced);
                }
                self.words.push(Word {
                    span: document.original(from, to),
                    features,
                    start: from as u32,
                    end: to as u32,
                });
            }
        }
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading")
            .field("words", &self.words.len())
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Letters,
    Digits,
    Mark,
}

fn kind(letter: char) -> Kind {
    if letter.is_ascii_digit() {
        Kind::Digits
    } else if letter.is_alphabetic() {
        Kind::Letters
    } else {
        Kind::Mark
    }
}

/// The runs of letters and of digits, and each other character alone, of a range of the folded text.
fn split(text: &str, start: usize, end: usize) -> impl Iterator<Item = (usize, usize)> {
    let part = text.get(start..end).unwrap_or_default();
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = part.get(at..)?;
        let first = kind(rest.chars().next()?);
        let len = match first {
            Kind::Mark => rest.chars().next().map_or(1, char::len_utf8),
            ref run => rest.find(|letter| kind(letter) != *run).unwrap_or(rest.len()),
        };
        let from = start + at;
        at += len;
        Some((from, start + at))
    })
}

/// Reads messages after the rules have, and settles what is found in them: a model.
pub trait Reviewer: Send + Sync {
    /// A short name for the logs and `presend doctor`, such as `small`.
    fn id(&self) -> &str;

    /// What it runs on, with a version where there is one, such as `rten 0.27`.
    fn runtime(&self) -> &str;

    /// Why it last failed to read a message, in words that hold nothing of any; `None` where it never has.
    fn last_failure(&self) -> Option<String> {
        None
    }

    /// Settles the findings of each reading: what it leaves in [`Reading::findings`] is sorted, does not overlap, and
    /// is the answer. It adds one review for each reading, in order.
    ///
    /// A message that could not be read keeps the findings of the rules and gets [`Review::Failed`].
    fn review(&self, readings: &mut [Reading], reviews: &mut Vec<Review>);

    /// Like [`Reviewer::review`], but may leave off as soon as `stop` holds; what it left off gets [`Review::Failed`].
    /// To be written by reviewers that take long.
    fn review_until(&self, readings: &mut [Reading], reviews: &mut Vec<Review>, _stop: &dyn Fn() -> bool) {
        self.review(readings, reviews);
    }
}

/// Whether a model has read a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Review {
    /// There is no model: the rules alone were asked.
    #[default]
    Absent,
    /// The rules were certain, so the model was not asked.
    Skipped,
    /// The model has read the whole message.
    Read,
    /// The model could not read it; the findings are those of the rules alone.
    Failed,
}

impl Review {
    /// The review's name in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Review::Absent => "absent",
            Review::Skipped => "skipped",
            Review::Read => "read",
            Review::Failed => "failed",
        }
    }
}

impl fmt::Display for Review {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
