//! What the built-in policies decide: one table of label and role against policy, in `decisions.tsv`.
#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a test: what fails here fails it")]

use std::fmt::Write as _;

use presend_detect::{Finding, Label, Role, Signals};
use presend_policy::{
    Action, Audience, Channel, Context, Policies, Policy, Purpose, Urgency, Verdict, for_context,
};
use presend_text::Span;

fn finding(label: Label, role: Option<Role>, confidence: f32) -> Finding {
    Finding { span: Span::new(0, 4), label, role, confidence, rule: "test", evidence: Vec::new() }
}

/// The confidences that stand for the three bands.
const BANDS: [f32; 3] = [0.3, 0.7, 0.97];

fn cases() -> impl Iterator<Item = (Label, Option<Role>)> {
    Label::ALL.iter().flat_map(|label| {
        let roles: Vec<Option<Role>> = match label {
            Label::Person => Role::ALL.iter().copied().map(Some).collect(),
            _ => vec![None],
        };
        roles.into_iter().map(|role| (*label, role))
    })
}

fn table() -> String {
    let policies: Vec<Policy> =
        Policies::built_in_names().map(|name| Policy::built_in(name).expect(name)).collect();
    let mut out = String::from("label\trole\tclinical");
    for policy in &policies {
        write!(out, "\t{}", policy.name()).expect("a string");
    }
    out.push('\n');
    for (label, role) in cases() {
        for clinical in [true, false] {
            let signals = Signals { clinical, ..Signals::default() };
            let role_name = role.map_or("", Role::name);
            write!(out, "{label}\t{role_name}\t{}", if clinical { "yes" } else { "no" }).expect("a string");
            for policy in &policies {
                let cells = BANDS.map(|confidence| {
                    let decision =
                        policy.decide_in(&finding(label, role, confidence), &Context::default(), signals);
                    assert!(
                        !decision.reason().is_empty() && decision.line().number > 0,
                        "{} {label}",
                        policy.name()
                    );
                    let blocks = if decision.verdict == Verdict::Block { "!" } else { "" };
                    format!("{}{blocks}", decision.action)
                });
                let mut cells = cells.to_vec();
                cells.dedup();
                write!(out, "\t{}", cells.join(" ")).expect("a string");
            }
            out.push('\n');
        }
    }
    out
}

/// The table says for each finding what is done when it is possible, likely and certain (once where that is the same);
/// `!` blocks. Where a policy was changed on purpose, read what the test says and write the new table:
/// `PRESEND_WRITE=1 cargo test -p presend-policy --test built_in`.
#[test]
fn every_policy_decides_on_every_label_and_role_as_the_table_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/decisions.tsv");
    let table = table();
    if std::env::var_os("PRESEND_WRITE").is_some() {
        std::fs::write(path, &table).expect("the table is written");
    }
    let written = std::fs::read_to_string(path).expect("the table");
    for (line, (now, then)) in table.lines().zip(written.lines()).enumerate() {
        assert_eq!(now, then, "line {}", line + 1);
    }
    assert_eq!(table.lines().count(), written.lines().count());
}

#[test]
fn an_emergency_is_never_blocked_or_held_up() {
    let policy = Policy::built_in("emergency").expect("built in");
    let context = Context { urgency: Urgency::Emergency, ..Context::default() };
    for (label, role) in cases() {
        for confidence in BANDS {
            for clinical in [true, false] {
                let signals = Signals { clinical, ..Signals::default() };
                let findings = [finding(label, role, confidence)];
                let plan = policy.plan("text", &findings, &context, signals);
                assert!(!plan.decisions[0].action.rewrites(), "{label} stays");
                assert!(policy.verdict(&plan, false) <= Verdict::Advise, "{label}");
            }
        }
    }
}

#[test]
fn a_social_group_is_no_place_for_a_patient() {
    let policy = Policy::built_in("social").expect("built in");
    let context = Context { audience: Audience::Social, ..Context::default() };
    let verdict = |label, role, clinical| {
        let signals = Signals { clinical, ..Signals::default() };
        let plan = policy.plan("text", &[finding(label, role, 0.97)], &context, signals);
        policy.verdict(&plan, true)
    };
    for (label, role) in cases() {
        let is_work = role == Some(Role::Staff);
        assert_eq!(verdict(label, role, true) == Verdict::Block, !is_work, "{label} {role:?}");
    }
    assert_eq!(verdict(Label::NhsNumber, None, false), Verdict::Block);
    assert_eq!(verdict(Label::Person, Some(Role::Patient), false), Verdict::Advise);
    assert_eq!(verdict(Label::Person, Some(Role::Unknown), false), Verdict::Send, "friends have names");
    assert_eq!(verdict(Label::Place, None, false), Verdict::Send);
}

#[test]
fn publication_takes_out_all_that_was_found() {
    let policy = Policy::built_in("publication").expect("built in");
    for (label, role) in cases() {
        for confidence in BANDS {
            assert_eq!(policy.decide(&finding(label, role, confidence)).action, Action::Redact);
        }
    }
}

#[test]
fn the_context_chooses_the_policy() {
    let usual = Context::default();
    let cases = [
        (usual, "direct-care"),
        (Context { audience: Audience::Colleague, ..usual }, "direct-care"),
        (Context { urgency: Urgency::Emergency, ..usual }, "emergency"),
        (Context { audience: Audience::Group, ..usual }, "group"),
        (Context { purpose: Purpose::Operational, ..usual }, "group"),
        (Context { audience: Audience::Social, ..usual }, "social"),
        (Context { audience: Audience::Social, urgency: Urgency::Emergency, ..usual }, "emergency"),
        (Context { audience: Audience::Patient, channel: Channel::Sms, ..usual }, "patient"),
        (Context { audience: Audience::Outside, ..usual }, "outside"),
        (Context { purpose: Purpose::Disclosure, ..usual }, "outside"),
        (Context { purpose: Purpose::Disclosure, audience: Audience::Patient, ..usual }, "outside"),
        (Context { purpose: Purpose::Teaching, audience: Audience::Group, ..usual }, "teaching"),
        (Context { purpose: Purpose::Research, ..usual }, "publication"),
        (Context { audience: Audience::Publication, urgency: Urgency::Emergency, ..usual }, "publication"),
        (Context { channel: Channel::Assistant, ..usual }, "assistant"),
    ];
    for (context, name) in cases {
        assert_eq!(for_context(&context), name, "{context:?}");
        assert_eq!(Policies::built_in().choose(&context).expect("built in").name(), name);
    }
}
