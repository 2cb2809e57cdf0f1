//! What holds of every operator on any text: nothing outside findings changes, spans never overlap, line breaks stay,
//! and carrying the same decisions out again changes nothing.
#![allow(clippy::expect_used, reason = "a test: what fails here fails it")]

use std::sync::LazyLock;

use presend_detect::{Finding, Label, Role, Signals};
use presend_policy::{Action, Context, Decision, Layer, Policy};
use presend_redact::{Key, KeyRing, Scope, State, redact};
use presend_text::Span;
use proptest::prelude::*;

/// One policy an action, which does it to everything.
static POLICIES: LazyLock<Vec<(Action, Policy)>> = LazyLock::new(|| {
    Action::ALL
        .iter()
        .map(|action| {
            let with = if *action == Action::Replace { "with = \"[GONE]\"\n" } else { "" };
            let text = format!("name = \"x\"\n[[rule]]\naction = \"{action}\"\n{with}reason = \"r\"\n");
            let layer = Layer::parse("test", &text).expect("well formed");
            (*action, Policy::layered([&layer]).expect("no hole"))
        })
        .collect()
});

fn state() -> State {
    let ring = KeyRing::new(1, Key::new(*b"an example; take 32 random bytes"));
    State::with_keys(ring.scoped(Scope::Conversation, b"test"))
}

/// Stretches of text, every other one of them a finding.
fn message() -> impl Strategy<Value = (String, Vec<Finding>)> {
    let plain = "[ a-z.,\n]{0,12}|\\PC{0,6}";
    let words = prop_oneof![
        Just("Doris Ekwueme".to_owned()),
        Just("mrs o'neil".to_owned()),
        Just("D.E.".to_owned()),
        Just("999 123 4004".to_owned()),
        Just("07700 900617".to_owned()),
        Just("ward 7B bed 12".to_owned()),
        Just("14 Mill Lane".to_owned()),
        Just("NG5 1AB".to_owned()),
        Just("4/3/1941".to_owned()),
        Just("3rd March".to_owned()),
        Just("82yo".to_owned()),
        Just("a.b@trust.example".to_owned()),
        Just("retired headteacher".to_owned()),
        Just("Riverside Surgery".to_owned()),
        Just("K204417".to_owned()),
        "[A-Za-z0-9 /.-]{1,14}",
        "[0-9\n ]{1,12}",
        "\\PC{1,8}",
    ];
    let label = proptest::sample::select(Label::ALL.to_vec());
    let role = proptest::sample::select(Role::ALL.to_vec());
    proptest::collection::vec((plain, words, label, role), 0..6).prop_map(|parts| {
        let (mut text, mut findings) = (String::new(), Vec::new());
        for (plain, words, label, role) in parts {
            text.push_str(&plain);
            let span = Span::new(text.len(), text.len() + words.len());
            text.push_str(&words);
            // A space parts one finding from the next.
            text.push(' ');
            let role = (label == Label::Person).then_some(role);
            findings.push(Finding {
                span,
                label,
                role,
                confidence: 0.97,
                rule: "test",
                evidence: Vec::new(),
            });
        }
        (text, findings)
    })
}

fn decisions(policy: &Policy, text: &str, findings: &[Finding]) -> Vec<Decision> {
    policy.plan(text, findings, &Context::default(), Signals::default()).decisions
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_operator_touches_findings_alone(
        (text, findings) in message(),
        place in 0..Action::ALL.len(),
        with_today in any::<bool>(),
    ) {
        let (action, policy) = &POLICIES[place];
        let today = with_today.then(|| jiff::civil::date(2026, 3, 31));
        let decisions = decisions(policy, &text, &findings);
        let redacted = redact(&text, &findings, &decisions, &mut state(), today);

        prop_assert_eq!(redacted.spans.len(), findings.len());
        let (mut was, mut is) = (0, 0);
        for (finding, span) in findings.iter().zip(&redacted.spans) {
            prop_assert!(span.start() >= is && redacted.text.is_char_boundary(span.end()));
            prop_assert_eq!(&text[was..finding.span.start()], &redacted.text[is..span.start()], "{}", action);
            (was, is) = (finding.span.end(), span.end());
        }
        prop_assert_eq!(&text[was..], &redacted.text[is..]);
        // Line breaks of a token are inside it, and come back with the words.
        if *action != Action::Token {
            prop_assert_eq!(text.matches('\n').count(), redacted.text.matches('\n').count(), "{}", action);
        }
        if !action.rewrites() {
            prop_assert_eq!(&text, &redacted.text);
        }
    }

    #[test]
    fn carrying_decisions_out_again_changes_nothing((text, findings) in message(), place in 0..Action::ALL.len()) {
        let (action, policy) = &POLICIES[place];
        let today = Some(jiff::civil::date(2026, 3, 31));
        // An invented value and a moved date look like any other, so that nothing tells them from what is to be replaced.
        prop_assume!(!matches!(action, Action::Surrogate | Action::Format | Action::Shift));
        let mut state = state();
        let decisions = decisions(policy, &text, &findings);
        let once = redact(&text, &findings, &decisions, &mut state, today);
        let moved: Vec<Finding> = findings
            .iter()
            .zip(&once.spans)
            .map(|(finding, span)| Finding { span: *span, ..finding.clone() })
            .collect();
        let twice = redact(&once.text, &moved, &decisions, &mut state, today);
        prop_assert_eq!(once.text, twice.text, "{}", action);
    }
}
