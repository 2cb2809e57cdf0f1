//! `presend policies`.

use std::io::Write as _;

use anyhow::Result;
use presend::{Action, Band, Context, Engine, Kind, Label, Policies, Policy, Role, Rule, When};
use serde::Serialize;

use crate::Exit;
use crate::args::PoliciesArgs;
use crate::style;

/// What every policy is shown at work on.
const EXAMPLE: &str =
    "Mrs Ngozi Okafor (dob 4/3/1941) in bed 4, NHS 999 123 4551, K 6.1. Dr Chen to ring jo@example.org";

#[derive(Serialize)]
struct JsonPolicy<'a> {
    name: &'a str,
    title: &'a str,
    about: &'a str,
    guidance: &'a [String],
    ceiling: &'static str,
    incomplete: &'static str,
    preview: &'a str,
    rules: Vec<JsonRule<'a>>,
    example: String,
}

#[derive(Serialize)]
struct JsonRule<'a> {
    /// Empty where the rule fits every label; likewise for roles, kinds and bands.
    labels: Vec<&'static str>,
    roles: Vec<&'static str>,
    kinds: Vec<&'static str>,
    bands: Vec<&'static str>,
    /// Whose it has to be, where a message names more than one patient.
    about: Option<&'static str>,
    when: Option<&'a When>,
    action: Action,
    verdict: &'static str,
    reason: &'a str,
    line: String,
}

pub(crate) fn run(args: &PoliciesArgs) -> Result<Exit> {
    let policies: Vec<Policy> = Policies::built_in_names().filter_map(Policy::built_in).collect();
    let (mut out, _) = style::stdout();
    if args.json {
        let policies: Vec<JsonPolicy<'_>> = policies.iter().map(json).collect();
        serde_json::to_writer_pretty(&mut out, &policies)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{}", style::paint(style::FAINT, EXAMPLE))?;
        for policy in policies {
            let name = style::paint(style::HEADING, policy.name());
            writeln!(out, "\n{name}: {}\n  {}", policy.about(), example(&policy))?;
        }
    }
    out.flush()?;
    Ok(Exit::Good)
}

/// What the policy makes of the example, by the rules alone.
fn example(policy: &Policy) -> String {
    let context = Context { today: jiff::civil::date(2026, 3, 31).into(), ..Context::default() };
    let outcome = Engine::builder().policy(policy.clone()).build().check_within(EXAMPLE, context);
    format!("{}: {}", outcome.verdict, outcome.text)
}

fn json(policy: &Policy) -> JsonPolicy<'_> {
    JsonPolicy {
        name: policy.name(),
        title: policy.title(),
        about: policy.about(),
        guidance: policy.guidance(),
        ceiling: policy.ceiling().name(),
        incomplete: policy.incomplete().name(),
        preview: policy.preview(),
        rules: policy.rules().map(rule).collect(),
        example: example(policy),
    }
}

fn rule(rule: &Rule) -> JsonRule<'_> {
    JsonRule {
        labels: rule.labels.iter().copied().map(Label::name).collect(),
        roles: rule.roles.iter().copied().map(Role::name).collect(),
        kinds: rule.kinds.iter().map(|kind: &Kind| kind.name()).collect(),
        bands: rule.bands.iter().copied().map(Band::name).collect(),
        about: rule.about.map(|about| about.name()),
        when: rule.when.as_ref(),
        action: rule.action,
        verdict: rule.verdict.name(),
        reason: &rule.reason,
        line: rule.line.to_string(),
    }
}
