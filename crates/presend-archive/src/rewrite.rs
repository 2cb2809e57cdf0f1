//! From one text to its safer form: what is looked for, in parallel, and what is written, in order.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use presend::{
    Action, Conversation, Engine, Evidence, Finding, Label, Review, Role, Scratch, Signals, Span, civil_title,
};

use crate::Report;
use crate::files::{self, FileNames};
use crate::members::{self, How, Members};
use crate::view::View;
use crate::whatsapp::{Kind, Slot, Survey, notices};

/// What stands beside a patient's name, and how many bytes may lie between.
const PATIENTS: &[Label] = &[
    Label::WardBed,
    Label::Age,
    Label::DateOfBirth,
    Label::NhsNumber,
    Label::ChiNumber,
    Label::HscNumber,
    Label::Mrn,
];
const GAP: usize = 4;

/// Whether something of a patient's stands right before or after the name.
fn is_beside(name: Span, other: &Finding) -> bool {
    let gap = match other.span.start() < name.start() {
        true => name.start().checked_sub(other.span.end()),
        false => other.span.start().checked_sub(name.end()),
    };
    PATIENTS.contains(&other.label) && gap.is_some_and(|gap| gap <= GAP)
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
                    findings.retain(|finding| !finding.span.overlaps(span));
                    self.file(members, words)
                        .map(|label| Mark { finding: file(span, label), with: With::File(words.to_owned()) })
                }
            };
            marks.extend(mark.filter(|_| !span.is_empty()));
        }
        for range in notices::locations(text) {
            let span = Span::from(range);
            if findings.iter().all(|finding| !finding.span.overlaps(span)) {
                marks.push(Mark { finding: location(span), with: With::Engine });
            }
        }
        let hits = members.find(text);
        for hit in hits.iter().filter(|hit| hit.how.is_mention()) {
            let words = hit.span.of(text).unwrap_or_default();
            // An `@` within something longer, such as an e-mail address or a full name, is not the app's.
            let is_part = |finding: &Finding| {
                finding.span.overlaps(hit.span)
                    && (finding.span.start() + 1 < hit.span.start() || finding.span.end() > hit.span.end())
            };
            if hit.how == How::At && findings.iter().any(is_part) {
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
        findings.retain(|finding| marks.iter().all(|mark| !mark.finding.span.overlaps(finding.span)));
        for hit in hits.into_iter().filter(|hit| !hit.how.is_mention()) {
            let is_free = marks.iter().all(|mark| !mark.finding.span.overlaps(hit.span));
            let overlapping = || findings.iter().filter(|finding| finding.span.overlaps(hit.span));
            if !is_free || !overlapping().all(|finding| hit.span.contains(finding.span)) {
                continue;
            }
            if hit.how != How::Full {
                let is_found = overlapping().next().is_some();
                // A first name alone is as often a colleague's who is spoken to: "ok Priya, K 5.9".
                let cared_for = |finding: &Finding| match finding.role {
                    Some(Role::Relative) => true,
                    Some(Role::Patient) => findings.iter().any(|other| is_beside(finding.span, other)),
                    _ => false,
                };
                let before = text.get(..hit.span.start()).unwrap_or_default();
                let title = civil_title(before).filter(|title| !members::has_title(&hit.key, title));
                // "Mrs Patel bed 4" is not Raj Patel who sends messages.
                if overlapping().any(cared_for) || title.is_some() && is_found {
                    continue;
                }
                if title.is_some() {
                    marks.push(Mark { finding: somebody(hit.span), with: With::Engine });
                    continue;
                }
            }
            findings.retain(|finding| !finding.span.overlaps(hit.span));
            let words = hit.span.of(text).unwrap_or_default();
            let with = if hit.how == How::Shared { With::Engine } else { With::Named(hit.key) };
            marks.push(Mark { finding: member(hit.span, words), with });
        }
        for finding in findings.extract_if(.., |finding| {
            finding.label == Label::Phone
                && finding.span.of(text).is_some_and(|words| members.by_phone(words).is_some())
        }) {
            let key = finding.span.of(text).and_then(|words| members.by_phone(words)).unwrap_or_default();
            marks.push(Mark { finding, with: With::Named(key.to_owned()) });
        }
        marks
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

/// Whether there is a carriage return that is not a part of a line ending.
fn has_lone_return(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
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
            Action::Initials if finding.label == Label::Person => Some(self.by_engine(finding, "", words)),
            _ => Some(self.conversation.mentioned(key)),
        }
    }

    /// What the engine writes for the words of one finding, behind a civil title or nothing.
    fn by_engine(&mut self, finding: &Finding, title: &str, words: &str) -> String {
        let text = [title, words].concat();
        let alone = Finding { span: Span::new(title.len(), text.len()), ..finding.clone() };
        let safer = self.engine.minimise(&text, vec![alone], &mut self.conversation).text;
        safer.get(title.len()..).unwrap_or_default().to_owned()
    }

    /// Adds the safer form of a text to the output.
    pub(crate) fn text(&mut self, bytes: &[u8], found: &Found, out: &mut Vec<u8>) {
        let text = found.view.text(bytes);
        self.count(bytes, found);
        let of_engine = |mark: &&Mark| matches!(mark.with, With::Engine);
        let findings: Vec<Finding> =
            found.marks.iter().filter(of_engine).map(|mark| mark.finding.clone()).collect();
        if found.marks.is_empty() {
            out.extend_from_slice(bytes);
            return;
        }
        let all = findings.len() == found.marks.len();
        let outcome = self.engine.minimise_told(text, findings, found.signals, &mut self.conversation);
        let rewritten = outcome.decisions.iter().map(|decision| decision.action.rewrites());
        if all && !found.view.is_patched() && !has_lone_return(bytes) {
            self.report.edits += rewritten.filter(|rewritten| *rewritten).count() as u64;
            out.extend_from_slice(outcome.text.as_bytes());
            return;
        }
        let mut rewritten = rewritten;
        let mut at = 0;
        for mark in &found.marks {
            let is_rewritten = !matches!(mark.with, With::Engine) || rewritten.next().unwrap_or(false);
            let words = mark.finding.span.of(text).unwrap_or_default();
            let title = text.get(..mark.finding.span.start()).and_then(civil_title).unwrap_or_default();
            let Some(mut written) = is_rewritten.then(|| self.mark(mark, title, words)).flatten() else {
                continue;
            };
            let Range { start, end } = found.view.bytes(mark.finding.span.range());
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

    /// What is written for a mark; `None` where the words stay.
    fn mark(&mut self, mark: &Mark, title: &str, words: &str) -> Option<String> {
        let finding = &mark.finding;
        match &mark.with {
            With::Engine => Some(self.by_engine(finding, title, words)),
            With::Member(key) => self.member(finding, words, key),
            With::Named(key) => match self.action(finding) {
                action if !action.rewrites() => None,
                Action::Pseudonym => Some(self.conversation.mentioned(key)),
                _ => Some(self.by_engine(finding, title, words)),
            },
            With::Group => Some(GROUP.to_owned()),
            With::File(name) => Some(self.files.rename(name).to_owned()),
        }
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
