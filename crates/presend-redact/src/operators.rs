//! What is written in place of an identifier.

use jiff::civil::Date;
use presend_detect::{Finding, Label};
use presend_policy::{Action, Decision, Level};

use crate::generalise::generalise_beside;
use crate::written::is_written;
use crate::{Mask, Purpose, State, civil_title, format, generalise, hash, initials, shift, token};

/// The digits of a long number that a mask leaves where the policy does not say, as on a card receipt.
const MASK_KEEPS: u8 = 4;
/// A number shorter than this is masked whole: four digits of six would give most of it away.
const MASK_KEEPS_FROM: usize = 8;

/// What the rest of a message tells of one of its findings.
#[derive(Default)]
pub(crate) struct Beside<'m> {
    /// The day from which ages and distances are counted.
    pub(crate) today: Option<Date>,
    /// The ages that the message gives.
    pub(crate) ages: &'m [u32],
    /// What tells a name's owner from the others, where initials would not.
    pub(crate) longer: Option<&'m str>,
}

/// Carries out the decision on the words of one finding in a text.
pub(crate) fn write(
    out: &mut String,
    text: &str,
    finding: &Finding,
    decision: &Decision,
    state: &mut State,
    beside: &Beside<'_>,
) {
    let words = finding.span.of(text).unwrap_or_default();
    // White space holds nothing, and an operator that keeps the lines would leave another text at every pass.
    if is_written(words) || words.trim().is_empty() {
        out.push_str(words);
        return;
    }
    let label = finding.label;
    let today = beside.today;
    let written = match decision.action {
        Action::Keep | Action::Flag => Some(words.to_owned()),
        Action::Redact => None,
        Action::Replace => Some(decision.with().to_owned()),
        Action::Mask => Some(mask(words, label, decision)),
        Action::Initials => beside.longer.map(str::to_owned).or_else(|| initials(words, label)),
        Action::Hash => state.keys.as_ref().map(|keys| hash::hash(keys, label, words)),
        Action::Token => state.keys.as_ref().map(|keys| token::tokenise(keys, label, words)),
        Action::Format => format_preserving(words, label, state),
        Action::Pseudonym => {
            state.surrogates.write(out, with_title(text, finding), finding);
            return;
        }
        Action::Generalise => {
            let level = decision.level.or_else(|| Level::of(label));
            level.and_then(|level| generalise_beside(words, label, level, today, beside.ages))
        }
        Action::Shift => state.days().and_then(|days| shift(words, label, days, today)),
        Action::Surrogate => surrogate(words, finding, state, today),
    };
    match written {
        Some(written) => out.push_str(&written),
        None => placeholder(out, label),
    }
}

/// The words of a finding with the civil title before a name, which helps to tell people apart.
fn with_title<'a>(text: &'a str, finding: &Finding) -> &'a str {
    let start = finding.span.start();
    let before = text.get(..start).filter(|_| finding.label == Label::Person);
    let title = before.and_then(civil_title).unwrap_or_default();
    text.get(start - title.len()..finding.span.end()).unwrap_or_default()
}

/// An invented value of the same kind; a moved date, and an age that many have, where there is nothing to invent.
fn surrogate(words: &str, finding: &Finding, state: &mut State, today: Option<Date>) -> Option<String> {
    let keys = state.keys.as_ref()?;
    match finding.label {
        label if label.is_health_number() => state.numbers.give(keys, words),
        Label::Date | Label::DateOfBirth => shift(words, finding.label, state.days()?, today),
        Label::Age => generalise(words, Label::Age, Level::Over89, today),
        label => {
            let key = keys.mac(Purpose::Surrogate, &[b"values"]);
            state.surrogates.realistic(&key, words, label, finding.role)
        }
    }
}

fn format_preserving(words: &str, label: Label, state: &mut State) -> Option<String> {
    let keys = state.keys.as_ref()?;
    let same_form = if label.is_health_number() {
        state.numbers.give(keys, words)
    } else {
        format::preserve(keys, label, words)
    };
    // What has no other of its form gets a hash, which is consistent as well.
    same_form.or_else(|| Some(hash::hash(keys, label, words)))
}

/// `[NHS NUMBER]`.
pub(crate) fn placeholder(out: &mut String, label: Label) {
    out.push('[');
    out.push_str(label.placeholder());
    out.push(']');
}

/// Letters and digits as `*`, but for those that the decision shows; where it does not say, the last four digits of a
/// long number, but of no date, whose last four are its year.
fn mask(words: &str, label: Label, decision: &Decision) -> String {
    let (show, from) = decision.show;
    let show = show.unwrap_or_else(|| {
        let digits = words.chars().filter(|c| c.is_ascii_digit() || *c == '*').count();
        let letters = words.chars().filter(|letter| letter.is_alphabetic()).count();
        let is_number = !matches!(label, Label::DateOfBirth | Label::Date);
        if is_number && digits >= MASK_KEEPS_FROM && digits > 2 * letters { MASK_KEEPS } else { 0 }
    });
    Mask { show, from, ..Mask::default() }.apply(words)
}

/// A name as `D.E.`; `None` for anything else.
fn initials(words: &str, label: Label) -> Option<String> {
    if label == Label::Person { initials::of(words) } else { None }
}

/// Adds the line breaks that the rewritten words held, so that the text keeps its lines.
pub(crate) fn keep_line_breaks(out: &mut String, words: &str) {
    let mut rest = words;
    while let Some(at) = rest.find(['\r', '\n']) {
        let tail = rest.get(at..).unwrap_or_default();
        let len = if tail.starts_with("\r\n") { 2 } else { 1 };
        out.push_str(tail.get(..len).unwrap_or_default());
        rest = tail.get(len..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn initials_take_every_part_of_a_name() {
        for (words, short) in [
            ("Doris Ekwueme", Some("D.E.")),
            ("jean-pierre", Some("J.P.")),
            ("D.M.", Some("D.M.")),
            ("Étienne", Some("É.")),
            ("--", None),
        ] {
            assert_eq!(initials(words, Label::Person).as_deref(), short);
        }
        assert_eq!(initials("ward 4", Label::WardBed), None);
    }

    #[test]
    fn line_breaks_survive() {
        assert_eq!(written(|out| keep_line_breaks(out, "999\r\n123\n4560")), "\r\n\n");
    }
}
