//! `presend check`: one message, for the person who wrote it.

use std::io::Write as _;
use std::path::Path;

use anstyle::Style;
use anyhow::Result;
use presend::{Engine, Evidence, Finding, Offsets, Outcome, Review, Role, Unit, Verdict};
use serde::Serialize;

use crate::args::CheckArgs;
use crate::engine::Checker;
use crate::style::{self, Stream, Table};
use crate::{Exit, input};

/// The widest that the words of a finding are shown; longer ones are cut.
const WORDS: usize = 30;
/// The narrowest that reasons are shown beside what they are reasons for.
const WHY: usize = 40;

pub(crate) fn run(args: &CheckArgs) -> Result<Exit> {
    let text = message(&args.text)?;
    let checker = Checker::new(&args.engine, args.policy.clone())?;
    let outcome = checker.check(&text);
    let (mut out, coloured) = style::stdout();
    if args.json {
        serde_json::to_writer(&mut out, &Json::new(&text, &outcome, checker.engine(), args.offsets))?;
        writeln!(out)?;
    } else {
        out.write_all(report(&text, &outcome, checker.policy().name(), coloured).as_bytes())?;
    }
    out.flush()?;
    if outcome.review == Review::Failed {
        style::warn("the model could not read this message; only the rules have looked at it");
    }
    Ok(if outcome.findings.is_empty() { Exit::Good } else { Exit::Found })
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

fn report(text: &str, outcome: &Outcome, policy: &str, coloured: bool) -> String {
    if outcome.findings.is_empty() {
        return format!("{}\n", style::paint(style::GOOD, "Nothing identifiable found."));
    }
    let mut out = marked(text, &outcome.findings, coloured);
    out.push_str("\n\n");
    out.push_str(&reasons(text, outcome));
    out.push('\n');
    let heading = |words: &str| style::paint(style::HEADING, words);
    match outcome.verdict {
        Verdict::Minimise => {
            out.push_str(&heading("Safer text"));
            out.push_str(&style::paint(style::FAINT, &format!(" ({policy})")));
            out.push('\n');
            out.push_str(&style::visible(&outcome.text));
            out.push('\n');
        }
        Verdict::Advise | Verdict::Send => {
            out.push_str(&heading("Look before sending:"));
            out.push_str(&format!(" the policy {policy} changes nothing here.\n"));
        }
    }
    out
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
fn reasons(text: &str, outcome: &Outcome) -> String {
    let mut table = Table::new(Stream::Stdout, 2, WHY);
    for (finding, decision) in outcome.findings.iter().zip(&outcome.decisions) {
        let words = style::clip(finding.span.of(text).unwrap_or_default(), WORDS);
        let role = finding.role.filter(|role| *role != Role::Unknown);
        let role = role.map(|role| format!(" {role}")).unwrap_or_default();
        let mut why: Vec<&str> = finding.evidence.iter().map(|Evidence(why)| *why).collect();
        if outcome.verdict == Verdict::Minimise && !decision.action.rewrites() {
            why.push("left in place");
            why.push(decision.reason);
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

/// The whole outcome, for programs.
#[derive(Serialize)]
struct Json<'a> {
    verdict: &'static str,
    policy: &'a str,
    /// The model and the runtime; null where the rules alone were asked.
    model: Option<&'a str>,
    runtime: Option<&'a str>,
    /// Whether the model has read the message: absent, skipped, read or failed.
    model_review: &'static str,
    offsets: &'static str,
    safer_text: &'a str,
    findings: Vec<JsonFinding>,
}

#[derive(Serialize)]
struct JsonFinding {
    start: usize,
    end: usize,
    label: &'static str,
    role: Option<&'static str>,
    kind: &'static str,
    score: f64,
    rule: &'static str,
    evidence: Vec<&'static str>,
    action: &'static str,
    reason: &'static str,
}

impl<'a> Json<'a> {
    fn new(text: &str, outcome: &'a Outcome, engine: &'a Engine, unit: Unit) -> Self {
        let offsets = Offsets::new(text);
        let findings = outcome.findings.iter().zip(&outcome.decisions);
        let findings = findings
            .map(|(finding, decision)| {
                let (start, end) = offsets.convert(finding.span, unit);
                JsonFinding {
                    start,
                    end,
                    label: finding.label.name(),
                    role: finding.role.map(Role::name),
                    kind: style::kind(finding.label.kind()),
                    score: super::score(finding.confidence),
                    rule: finding.rule,
                    evidence: finding.evidence.iter().map(|Evidence(why)| *why).collect(),
                    action: decision.action.name(),
                    reason: decision.reason,
                }
            })
            .collect();
        Self {
            verdict: outcome.verdict.name(),
            policy: engine.policy().name(),
            model: engine.reviewer().map(|model| model.id()),
            runtime: engine.reviewer().map(|model| model.runtime()),
            model_review: outcome.review.name(),
            offsets: unit.name(),
            safer_text: &outcome.text,
            findings,
        }
    }
}
