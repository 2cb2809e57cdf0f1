//! From one text to its safer form: what is looked for, in parallel, and what is written, in order.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use presend::{
    Action, Conversation, Engine, Evidence, Finding, Label, Review, Role, Scratch, Signals, Span, civil_title,
};
use presend_detect::dictionary::{Class, ClassSet, Dictionary};

use crate::Report;
use crate::files::{self, FileNames};
use crate::members::{self, How, Members};
use crate::view::View;
use crate::whatsapp::{Kind, Slot, Survey, notices};

/// What stands beside a patient's name as well as the patient's numbers, and how many bytes may lie between.
const PATIENTS: &[Label] = &[Label::WardBed, Label::Age, Label::DateOfBirth];
const GAP: usize = 4;

/// The findings that overlap a span; they are sorted, and no two overlap.
fn overlapping(findings: &[Finding], span: Span) -> &[Finding] {
    let start = findings.partition_point(|finding| finding.span.end() <= span.start());
    let end = findings.partition_point(|finding| finding.span.start() < span.end());
    findings.get(start..end).unwrap_or_default()
}

/// Whether one of the spans, which are sorted and apart, overlaps another.
fn meets(spans: &[Span], span: Span) -> bool {
    let at = spans.partition_point(|other| other.end() <= span.start());
    spans.get(at).is_some_and(|other| other.overlaps(span))
}

/// Whether something of a patient's stands right before or after one of the findings.
fn is_of_patient(findings: &[Finding], name: Span) -> bool {
    let at = findings.partition_point(|finding| finding.span.start() < name.start());
    let near = findings.iter().skip(at.saturating_sub(2)).take(5);
    near.into_iter().any(|other| is_beside(name, other))
}

/// Whether something of a patient's stands right before or after the name.
fn is_beside(name: Span, other: &Finding) -> bool {
    let gap = match other.span.start() < name.start() {
        true => name.start().checked_sub(other.span.end()),
        false => other.span.start().checked_sub(name.end()),
    };
    let is_patients = other.label.is_patients_number() || PATIENTS.contains(&other.label);
    is_patients && gap.is_some_and(|gap| gap <= GAP)
}

/// How many words away a word for a relation says whose name it is: "her son is called Raj", "Raj, his son".
const KIN_WORDS: usize = 3;
/// And how many characters at most.
const KIN_NEAR: usize = 60;

/// Whether a word for a relation stands near the name, in its line.
fn is_beside_kin(text: &str, name: Span) -> bool {
    const KIN: ClassSet = ClassSet::of(&[Class::Kin, Class::TitleKin]);
    fn words(line: &str) -> impl DoubleEndedIterator<Item = &str> {
        line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
    }
    let is_kin = |word: &str| Dictionary::embedded().lookup(&word.to_lowercase()).has_any(KIN);
    let before = text.get(..name.start()).unwrap_or_default();
    let start = before.char_indices().rev().take(KIN_NEAR).last().map_or(name.start(), |(at, _)| at);
    let before = before.get(start..).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    let after = text.get(name.end()..).unwrap_or_default();
    let end = after.char_indices().nth(KIN_NEAR).map_or(after.len(), |(at, _)| at);
    let after = after.get(..end).and_then(|after| after.split('\n').next()).unwrap_or_default();
    words(before).rev().take(KIN_WORDS).any(is_kin) || words(after).take(KIN_WORDS).any(is_kin)
}

/// What is written for a group's name.
const GROUP: &str = "[GROUP]";

/// Something found in a text, and how it is rewritten.
pub(crate) struct Mark {
    pub(crate) finding: Finding,
    with: With,
}

enum With {
    /// As the engine does.
    Engine,
    /// A member whom the app named; the key is what the surrogate is given for.
    Member(String),
    /// A member named in someone's own words: a surrogate where the policy gives one, else as the engine does.
    Named(String),
    Group,
    File(String),
}

/// What was found in one text.
pub(crate) struct Found {
    pub(crate) view: View,
    /// Sorted by start; no two overlap.
    pub(crate) marks: Vec<Mark>,
    review: Review,
    /// What the text tells beside its identifiers.
    signals: Signals,
}

/// What looking needs to know, the same for all texts of a chat.
pub(crate) struct Lookout<'a> {
    pub(crate) engine: &'a Engine,
    /// `None` where the texts are no chat.
    pub(crate) members: Option<Members>,
}

impl Lookout<'_> {
    /// Looks for identifiers in one text.
    pub(crate) fn look(&self, scratch: &mut Scratch, bytes: &[u8], kind: Kind) -> Found {
        let view = View::new(bytes);
        let text = view.text(bytes);
        let (mut findings, review) = self.engine.reviewed_with(scratch, text);
        let marks = match &self.members {
            Some(members) => self.chat_marks(members, text, kind, &mut findings),
            None => Vec::new(),
        };
        let mut marks: Vec<Mark> = marks
            .into_iter()
            .chain(findings.into_iter().map(|finding| Mark { finding, with: With::Engine }))
            .collect();
        marks.sort_by_key(|mark| mark.finding.span);
        // A text without marks is not rewritten.
        let signals = if marks.is_empty() { Signals::default() } else { scratch.signals() };
        Found { view, marks, review, signals }
    }

    /// What the chat itself tells of a text; findings that it knows better are taken out.
    fn chat_marks(
        &self,
        members: &Members,
        text: &str,
        kind: Kind,
        findings: &mut Vec<Finding>,
    ) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for (slot, range) in crate::whatsapp::slots(kind, text) {
            let span = Span::from(range);
            let words = span.of(text).unwrap_or_default();
            let mark = match slot {
                Slot::Name => {
                    Some(Mark { finding: member(span, words), with: With::Member(members::key(words)) })
                }
                Slot::Group => {
                    self.rewrites(&group(span)).then(|| Mark { finding: group(span), with: With::Group })
                }
                Slot::File => {
                    // The rest of a file's name goes with the file in the archive, which has no words around it.
                    findings.retain(|finding| !span.contains(finding.span));
                    self.file(members, words)
                        .map(|label| Mark { finding: file(span, label), with: With::File(words.to_owned()) })
                }
            };
            marks.extend(mark.filter(|_| !span.is_empty()));
        }
        for range in notices::locations(text) {
            let span = Span::from(range);
            if overlapping(findings, span).is_empty() {
                marks.push(Mark { finding: location(span), with: With::Engine });
            }
        }
        let mut taken: Vec<Span> = marks.iter().map(|mark| mark.finding.span).collect();
        taken.sort();
        let is_free = |span: &Span| {
            !meets(&taken, *span)
                && overlapping(findings, *span).iter().all(|finding| span.contains(finding.span))
        };
        let named: Vec<Mark> = files::in_text(text)
            .map(Span::from)
            .filter(is_free)
            .filter_map(|span| {
                let name = span.of(text)?;
                let label = self.file(members, name)?;
                Some(Mark { finding: file(span, label), with: With::File(name.to_owned()) })
            })
            .collect();
        marks.extend(named);
        let hits = members.find(text);
        for hit in hits.iter().filter(|hit| hit.how.is_mention()) {
            let words = hit.span.of(text).unwrap_or_default();
            // An `@` within something longer, such as an e-mail address or a full name, is not the app's.
            let is_part = |finding: &Finding| {
                finding.span.start() + 1 < hit.span.start() || finding.span.end() > hit.span.end()
            };
            if hit.how == How::At && overlapping(findings, hit.span).iter().any(is_part) {
                continue;
            }
            marks.push(Mark { finding: member(hit.span, words), with: With::Member(hit.key.clone()) });
        }
        marks.sort_by_key(|mark| mark.finding.span);
        let mut end = 0;
        marks.retain(|mark| {
            let keep = mark.finding.span.start() >= end;
            end = end.max(mark.finding.span.end());
            keep
        });
        let taken: Vec<Span> = marks.iter().map(|mark| mark.finding.span).collect();
        findings.retain(|finding| !meets(&taken, finding.span));
        let mut members_own = Vec::new();
        for hit in hits.into_iter().filter(|hit| !hit.how.is_mention()) {
            let found = overlapping(findings, hit.span);
            if meets(&taken, hit.span) || !found.iter().all(|finding| hit.span.contains(finding.span)) {
                continue;
            }
            if hit.how != How::Full {
                // A first name alone is as often a colleague's who is spoken to: "ok Priya, K 5.9".
                let cared_for = |finding: &Finding| match finding.role {
                    Some(Role::Relative) => {
                        is_beside_kin(text, finding.span) || is_of_patient(findings, finding.span)
                    }
                    Some(Role::Patient) => is_of_patient(findings, finding.span),
                    _ => false,
                };
                let before = text.get(..hit.span.start()).unwrap_or_default();
                let title = civil_title(before).filter(|title| !members::has_title(&hit.key, title));
                // "Mrs Patel bed 4" is not Raj Patel who sends messages.
                if found.iter().any(cared_for) || title.is_some() && !found.is_empty() {
                    continue;
                }
                if title.is_some() {
                    marks.push(Mark { finding: somebody(hit.span), with: With::Engine });
                    continue;
                }
            }
            members_own.push(hit.span);
            let words = hit.span.of(text).unwrap_or_default();
            let with = if hit.how == How::Shared { With::Engine } else { With::Named(hit.key) };
            marks.push(Mark { finding: member(hit.span, words), with });
        }
        findings.retain(|finding| !meets(&members_own, finding.span));
        for finding in findings.extract_if(.., |finding| {
            finding.label == Label::Phone
                && finding.span.of(text).is_some_and(|words| members.by_phone(words).is_some())
        }) {
            let key = finding.span.of(text).and_then(|words| members.by_phone(words)).unwrap_or_default();
            marks.push(Mark { finding, with: With::Named(key.to_owned()) });
        }
        marks
    }

    /// Whether members' names go.
    pub(crate) fn hides_members(&self) -> bool {
        self.rewrites(&member(Span::new(0, 0), ""))
    }

    /// Under which label a file's name must go, if it must.
    pub(crate) fn file(&self, members: &Members, name: &str) -> Option<Label> {
        let person = member(Span::new(0, name.len()), name);
        if files::is_contact(name) && self.rewrites(&person) {
            return Some(Label::Person);
        }
        let is_member = |stem: &str| self.rewrites(&person) && !members.find(stem).is_empty();
        files::names_someone(self.engine, name, is_member)
    }

    fn rewrites(&self, finding: &Finding) -> bool {
        self.engine.policy().decide(finding).action.rewrites()
    }
}

fn sure(span: Span, label: Label, role: Option<Role>, rule: &'static str, why: &'static str) -> Finding {
    Finding { span, label, role, confidence: 1.0, rule, evidence: vec![Evidence(why)] }
}

/// The finding for a member: a number is a PHONE, a name is a PERSON in the role staff.
fn member(span: Span, words: &str) -> Finding {
    match members::phone(words) {
        Some(_) => sure(span, Label::Phone, None, "chat_member", "the number of a member of this chat"),
        None => sure(span, Label::Person, Some(Role::Staff), "chat_member", "a member of this chat"),
    }
}

/// The finding for somebody who has a member's name and is another.
fn somebody(span: Span) -> Finding {
    sure(span, Label::Person, Some(Role::Unknown), "chat_member", "a member's name after another title")
}

fn group(span: Span) -> Finding {
    sure(span, Label::Organisation, None, "chat_group", "the name of this chat")
}

fn file(span: Span, label: Label) -> Finding {
    let role = (label == Label::Person).then_some(Role::Unknown);
    sure(span, label, role, "chat_file", "the name of a file")
}

fn location(span: Span) -> Finding {
    sure(span, Label::Url, None, "chat_location", "a place that was shared")
}

/// Writes texts and senders, in order.
pub(crate) struct Rewriter<'a> {
    engine: &'a Engine,
    conversation: Conversation,
    pub(crate) files: FileNames,
    groups: BTreeSet<String>,
    /// By sender, what is written for it; `None` where it stays.
    senders: BTreeMap<String, Option<String>>,
    pub(crate) report: Report,
}

impl<'a> Rewriter<'a> {
    pub(crate) fn new(engine: &'a Engine, conversation: Conversation) -> Self {
        Self {
            engine,
            conversation,
            files: FileNames::default(),
            groups: BTreeSet::new(),
            senders: BTreeMap::new(),
            report: Report::default(),
        }
    }

    /// A rewriter of a chat: members get their surrogates first, in the order in which the chat names them.
    pub(crate) fn of_chat(
        engine: &'a Engine,
        conversation: Conversation,
        survey: &Survey,
        members: &Members,
    ) -> Self {
        let mut rewriter = Self::new(engine, conversation);
        rewriter.report.other_headers = survey.other_headers();
        rewriter.groups = survey.groups().map(str::to_owned).collect();
        for key in members.keys() {
            rewriter.report.members += 1;
            if rewriter.action(&member(Span::new(0, key.len()), key)).rewrites() {
                let _ = rewriter.conversation.sender(key);
            }
        }
        rewriter
    }

    /// The report of all that was written.
    pub(crate) fn finish(mut self) -> Report {
        self.report.files_renamed = self.files.len() as u64;
        self.report
    }

    fn action(&self, finding: &Finding) -> Action {
        self.engine.policy().decide(finding).action
    }

    /// What is written for a sender; `None` where the name stays.
    pub(crate) fn sender(&mut self, name: &str) -> Option<&str> {
        if !self.senders.contains_key(name) {
            let written = self.new_sender(name);
            self.senders.insert(name.to_owned(), written);
        }
        let written = self.senders.get(name)?.as_deref();
        self.report.senders_rewritten += u64::from(written.is_some());
        written
    }

    fn new_sender(&mut self, name: &str) -> Option<String> {
        let span = Span::new(0, name.len());
        if notices::is_you(name) {
            return None;
        }
        if self.groups.contains(name) {
            if self.action(&group(span)).rewrites() {
                return Some(GROUP.to_owned());
            }
            let text = self.engine.check_in(name, &mut self.conversation).text;
            return (text != name).then_some(text);
        }
        let (finding, key) = (member(span, name), members::key(name));
        if self.action(&finding).rewrites() {
            let _ = self.conversation.sender(&key);
        }
        self.member(&finding, name, &key)
    }

    /// What is written for a member whom the app named: initials where the policy cuts names to initials, else a
    /// number, since a chat whose speakers all look alike cannot be read.
    fn member(&mut self, finding: &Finding, words: &str, key: &str) -> Option<String> {
        match self.action(finding) {
            action if !action.rewrites() => None,
            Action::Initials if finding.label == Label::Person => {
                Some(self.by_engine(finding, "", words, Signals::default()))
            }
            _ => Some(self.conversation.mentioned(key)),
        }
    }

    /// What is written for a member whom somebody named; `signals` are those of the whole text.
    fn named(
        &mut self,
        finding: &Finding,
        title: &str,
        words: &str,
        key: &str,
        signals: Signals,
    ) -> Option<String> {
        let context = self.conversation.context();
        match self.engine.policy_for(context).decide_in(finding, context, signals).action {
            action if !action.rewrites() => None,
            Action::Pseudonym => Some(self.conversation.mentioned(key)),
            _ => Some(self.by_engine(finding, title, words, signals)),
        }
    }

    /// What the engine writes for the words of one finding, behind a civil title or nothing.
    fn by_engine(&mut self, finding: &Finding, title: &str, words: &str, signals: Signals) -> String {
        let text = [title, words].concat();
        let alone = Finding { span: Span::new(title.len(), text.len()), ..finding.clone() };
        let safer = self.engine.minimise_told(&text, vec![alone], signals, &mut self.conversation).text;
        safer.get(title.len()..).unwrap_or_default().to_owned()
    }

    /// Adds the safer form of a text to the output.
    pub(crate) fn text(&mut self, bytes: &[u8], found: &Found, out: &mut Vec<u8>) {
        let text = found.view.text(bytes);
        self.count(bytes, found);
        if found.marks.is_empty() {
            out.extend_from_slice(bytes);
            return;
        }
        let of_engine = found.marks.iter().filter(|mark| matches!(mark.with, With::Engine));
        let findings: Vec<Finding> = of_engine.map(|mark| mark.finding.clone()).collect();
        // What is found decides on the rest as well, so that the engine has to see it together.
        let outcome = self.engine.minimise_told(text, findings, found.signals, &mut self.conversation);
        let mut decided = outcome.decisions.iter().zip(&outcome.spans);
        let is_number = |mark: &Mark| mark.finding.label.is_patients_number();
        let clinical = found.signals.clinical || found.marks.iter().any(is_number);
        let signals = Signals { clinical, ..found.signals };
        let mut at = 0;
        for mark in &found.marks {
            let finding = &mark.finding;
            let words = finding.span.of(text).unwrap_or_default();
            let written = match &mark.with {
                With::Engine => decided
                    .next()
                    .filter(|(decision, _)| decision.action.rewrites())
                    .and_then(|(_, span)| span.of(&outcome.text))
                    .map(str::to_owned),
                With::Member(key) => self.member(finding, words, key),
                With::Named(key) => {
                    let title = text.get(..finding.span.start()).and_then(civil_title).unwrap_or_default();
                    self.named(finding, title, words, key, signals)
                }
                With::Group => Some(GROUP.to_owned()),
                With::File(name) => Some(self.files.rename(name)),
            };
            let Some(mut written) = written else { continue };
            let Range { start, end } = found.view.bytes(finding.span.range());
            // A carriage return from within the span would become a part of the line ending behind it.
            if matches!(bytes.get(end), None | Some(b'\n')) && !words.ends_with('\r') {
                written.truncate(written.trim_end_matches('\r').len());
            }
            out.extend_from_slice(bytes.get(at..start).unwrap_or_default());
            out.extend_from_slice(written.as_bytes());
            self.report.edits += 1;
            at = end;
        }
        out.extend_from_slice(bytes.get(at..).unwrap_or_default());
    }

    /// Counts what was found and what could not be seen in a text.
    pub(crate) fn count(&mut self, bytes: &[u8], found: &Found) {
        for mark in &found.marks {
            *self.report.findings.entry(mark.finding.label).or_default() += 1;
        }
        self.report.model_failed += u64::from(found.review == Review::Failed);
        self.report.invalid_utf8 += u64::from(found.view.is_patched());
        self.report.not_examined += u64::from(memchr::memchr(0, bytes).is_some());
    }
}
