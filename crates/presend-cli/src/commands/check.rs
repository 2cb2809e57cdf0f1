//! `presend check`: one message, for the person who wrote it.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use anstyle::Style;
use anyhow::Result;
use presend::{
    Action, Class, Conversation, Decision, Estimate, Evidence, Finding, Outcome, Review, Role, Verdict,
    WireOutcome,
};

use crate::args::CheckArgs;
use crate::engine::with_policies;
use crate::style::{self, Stream, Table};
use crate::{Exit, input};

/// The widest that the words of a finding are shown; longer ones are cut.
const WORDS: usize = 30;
/// The narrowest that reasons are shown beside what they are reasons for.
const WHY: usize = 40;

pub(crate) fn run(args: &CheckArgs) -> Result<Exit> {
    let text = message(&args.text)?;
    let engine = with_policies(&args.engine, args.policy.chosen()?)?;
    let context = args.context.context()?;
    let keys = args.keys.keys_for(&engine.policy_for(&context))?;
    let mut conversation = Conversation::within(context);
    if let Some(keys) = keys {
        conversation = conversation.with_keys(keys);
    }
    let outcome = engine.check_in(&text, &mut conversation);
    let (mut out, coloured) = style::stdout();
    if args.json {
        serde_json::to_writer(&mut out, &WireOutcome::new(&text, &outcome, &engine, args.offsets))?;
        writeln!(out)?;
    } else {
        out.write_all(report(&text, &outcome, args, coloured).as_bytes())?;
    }
    out.flush()?;
    if outcome.review == Review::Failed {
        style::warn("the model could not read this message; only the rules have looked at it");
    }
    Ok(if outcome.findings.is_empty() && outcome.verdict == Verdict::Send { Exit::Good } else { Exit::Found })
}

/// The message: the argument, or standard input without the line break that ends it.
fn message(argument: &str) -> Result<String> {
    let path = Path::new(argument);
    if !input::is_dash(path) {
        return Ok(argument.to_owned());
    }
    let mut text = input::read_text(path)?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(text)
}

fn report(text: &str, outcome: &Outcome, args: &CheckArgs, coloured: bool) -> String {
    let (explain, emergency) = (args.explain, args.context.emergency);
    let mut out = String::new();
    if outcome.findings.is_empty() {
        out.push_str(&format!("{}\n", style::paint(style::GOOD, "Nothing identifiable found.")));
        if outcome.verdict != Verdict::Send {
            out.push('\n');
            out.push_str(&verdict(outcome, emergency));
        }
    } else {
        out.push_str(&marked(text, &outcome.findings, coloured));
        out.push_str("\n\n");
        out.push_str(&reasons(text, outcome, explain));
        out.push('\n');
        out.push_str(&verdict(outcome, emergency));
        out.push_str(&identifiability(outcome));
    }
    let told = advice(outcome, explain);
    if !told.is_empty() {
        out.push('\n');
        out.push_str(&told);
    }
    out
}

/// What to do with the message, and the safer text where there is one.
fn verdict(outcome: &Outcome, emergency: bool) -> String {
    let policy = style::paint(style::FAINT, &format!(" ({})", outcome.policy));
    let is_changed = outcome.decisions.iter().any(|decision| decision.action.rewrites());
    let (words, of) = match outcome.verdict {
        Verdict::Block => ("Do not send this here", style::ERROR),
        Verdict::Minimise => ("Send this instead", style::HEADING),
        // Nobody who reads this is to hesitate.
        Verdict::Advise if emergency => ("Send it now; this is for afterwards", style::GOOD),
        Verdict::Advise if is_changed => ("Look before sending; a safer text", style::HEADING),
        Verdict::Advise => ("Look before sending; nothing is changed", style::HEADING),
        Verdict::Send if is_changed => ("Good to send; a safer text", style::GOOD),
        Verdict::Send => ("Good to send as it is", style::GOOD),
    };
    let mut out = format!("{}{policy}\n", style::paint(of, words));
    if is_changed {
        out.push_str(&style::visible(&outcome.text));
        out.push('\n');
    }
    out
}

/// How many people the message fits, before and after.
fn identifiability(outcome: &Outcome) -> String {
    let said = |estimate: &Estimate| match estimate.class {
        Class::Identified => "one person".to_owned(),
        class => format!("{} ({class})", people(estimate)),
    };
    let (before, after) = (outcome.identifiability.before(), outcome.identifiability.after());
    if before.facets.is_empty() && after.facets.is_empty() {
        return String::new();
    }
    let words = if said(&before) == said(&after) {
        format!("To a stranger it fits {}.", said(&before))
    } else {
        format!("To a stranger it fits {}; the safer text {}.", said(&before), said(&after))
    };
    format!("{}\n", style::paint(style::FAINT, &format!("{words} An estimate.")))
}

/// A number of people in words, as rough as the estimate is.
fn people(estimate: &Estimate) -> String {
    match estimate.people {
        one if one < 1.5 => "hardly anybody else".to_owned(),
        few if few < 1_000.0 => format!("about {few:.0} people"),
        some if some < 1e6 => format!("about {:.0} thousand people", some / 1e3),
        many => format!("about {:.0} million people", many / 1e6),
    }
}

/// What the sender should know beside the findings, an item a line.
fn advice(outcome: &Outcome, explain: bool) -> String {
    let mut table = Table::new(Stream::Stdout, 0, WHY);
    let mut item = |words: String| table.row([("-".to_owned(), style::FAINT), (words, Style::new())]);
    // What holds for several patients is said once.
    let mut said = BTreeSet::new();
    let without = outcome.subjects.iter().filter(|subject| subject.is_patient && subject.handle.is_none());
    for subject in without.filter(|subject| said.insert(&subject.offers)) {
        let offers: Vec<String> = subject.offers.iter().map(|parts| parts.join(" and ")).collect();
        item(format!(
            "Nothing left would tell a colleague for certain which patient this is. Add {}.",
            offers.join(", or ")
        ));
    }
    for advice in &outcome.advice {
        let line = if explain { format!(" ({})", advice.line) } else { String::new() };
        item(format!("{}{line}", advice.text));
    }
    table.render()
}

/// The message with its identifiers in colour, or between « and » where there are no colours.
fn marked(text: &str, findings: &[Finding], coloured: bool) -> String {
    let mut out = String::new();
    let mut at = 0;
    for finding in findings {
        let Some(words) = finding.span.of(text) else { continue };
        let words = style::visible(words);
        out.push_str(&style::visible(text.get(at..finding.span.start()).unwrap_or_default()));
        out.push_str(&if coloured {
            style::paint(style::of(finding), &words)
        } else {
            format!("«{words}»")
        });
        at = finding.span.end();
    }
    out.push_str(&style::visible(text.get(at..).unwrap_or_default()));
    out
}

/// A line a finding: the words, what they are, how sure that is, and why.
fn reasons(text: &str, outcome: &Outcome, explain: bool) -> String {
    let mut table = Table::new(Stream::Stdout, 2, WHY);
    for (finding, decision) in outcome.findings.iter().zip(&outcome.decisions) {
        let words = style::clip(finding.span.of(text).unwrap_or_default(), WORDS);
        let role = finding.role.filter(|role| *role != Role::Unknown);
        let role = role.map(|role| format!(" {role}")).unwrap_or_default();
        let mut why = vec![format!("{}: {}", done(decision), decision.reason())];
        if explain {
            why.push(format!("by {}", decision.line()));
            why.extend(finding.evidence.iter().map(|Evidence(why)| (*why).to_owned()));
            why.push(format!("rule {}", finding.rule));
        }
        table.row([
            (words, style::of(finding)),
            (format!("{}{role}", finding.label), Style::new()),
            (style::confidence(finding.confidence), Style::new()),
            (why.join("; "), style::FAINT),
        ]);
    }
    table.render()
}

/// What is done with a finding, in a word.
fn done(decision: &Decision) -> &'static str {
    match decision.action {
        Action::Keep => "stays",
        Action::Flag => "look",
        Action::Initials => "initials",
        Action::Mask if decision.handle.is_some() => "last four",
        Action::Generalise => "made coarser",
        _ => "goes",
    }
}
