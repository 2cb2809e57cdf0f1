//! `presend policies`.

use std::io::Write as _;

use anyhow::Result;
use presend::{Engine, Kind, Label, Policy, Role, Rule};
use serde::Serialize;

use crate::Exit;
use crate::args::PoliciesArgs;
use crate::style;

/// What every policy is shown at work on.
const EXAMPLE: &str = "Mrs Okafor in bed 4, NHS 999 123 4551, wants Dr Chen to ring jo@example.org";

#[derive(Serialize)]
struct JsonPolicy {
    name: &'static str,
    rules: Vec<JsonRule>,
    example: String,
}

#[derive(Serialize)]
struct JsonRule {
    /// Empty where the rule fits every label; likewise for roles.
    labels: Vec<&'static str>,
    roles: Vec<&'static str>,
    kind: Option<&'static str>,
    min_confidence: f32,
    action: &'static str,
    reason: &'static str,
}

pub(crate) fn run(args: &PoliciesArgs) -> Result<Exit> {
    let policies = Policy::BUILT_IN.iter().filter_map(|name| Policy::built_in(name));
    let (mut out, _) = style::stdout();
    if args.json {
        let policies: Vec<JsonPolicy> = policies
            .map(|policy| JsonPolicy {
                name: policy.name(),
                rules: policy.rules().iter().map(rule).collect(),
                example: example(&policy),
            })
            .collect();
        serde_json::to_writer_pretty(&mut out, &policies)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{}", style::paint(style::FAINT, EXAMPLE))?;
        for policy in policies {
            let name = style::paint(style::HEADING, policy.name());
            writeln!(out, "\n{name}: {}\n  {}", reasons(&policy).join("; "), example(&policy))?;
        }
    }
    out.flush()?;
    Ok(Exit::Good)
}

/// What the policy makes of the example.
fn example(policy: &Policy) -> String {
    Engine::builder().policy(policy.clone()).build().check(EXAMPLE).text
}

/// Why the policy acts: the reasons of the rules that rewrite, or of all rules where none does.
fn reasons(policy: &Policy) -> Vec<&'static str> {
    let rewrite: Vec<&Rule> = policy.rules().iter().filter(|rule| rule.action.rewrites()).collect();
    let telling = if rewrite.is_empty() { policy.rules().iter().collect() } else { rewrite };
    telling.into_iter().map(|rule| rule.reason).collect()
}

fn rule(rule: &Rule) -> JsonRule {
    JsonRule {
        labels: rule.labels.iter().copied().map(Label::name).collect(),
        roles: rule.roles.iter().copied().map(Role::name).collect(),
        kind: rule.kind.map(|kind: Kind| style::kind(kind)),
        min_confidence: rule.min_confidence,
        action: rule.action.name(),
        reason: rule.reason,
    }
}
