//! What safe minimisation promises, over the gold messages of `corpora/`, with the rules alone.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test: what fails here fails it"
)]

use std::path::Path;

use presend::{Action, Context, Engine, Handle, Kind, Outcome, Policy, Scratch};
use presend_eval::gold::{self, Message};

const SEED: u64 = 7;

fn corpus(name: &str) -> Vec<Message> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora").join(name);
    gold::parse(&std::fs::read_to_string(path).expect("the corpus"), SEED).expect("well formed")
}

fn engine(policy: &str) -> Engine {
    Engine::builder().policy(Policy::built_in(policy).expect("built in")).build()
}

fn today() -> Context {
    Context { today: Some(jiff::civil::date(2026, 3, 31)), ..Context::default() }
}

/// The health and record numbers that still stand in the safer text, in full or by their last four digits.
fn strong_handles(outcome: &Outcome, of: &[usize]) -> usize {
    let standing = of.iter().filter(|at| {
        outcome.findings[**at].label.is_patients_number()
            && matches!(outcome.decisions[**at].action, Action::Keep | Action::Flag | Action::Mask)
    });
    standing.count()
}

#[test]
fn direct_care_keeps_one_strong_handle_of_each_patient_that_had_one() {
    let engine = engine("direct-care");
    let (mut held, mut patients) = (0, 0);
    for message in corpus("dev.txt").into_iter().chain(corpus("validation.txt")) {
        let outcome = engine.check_within(&message.text, today());
        for subject in &outcome.subjects {
            let numbers: Vec<usize> = subject
                .findings
                .iter()
                .copied()
                .filter(|at| outcome.findings[*at].label.is_patients_number())
                .collect();
            patients += 1;
            if numbers.is_empty() {
                assert!(!subject.handle.is_some_and(Handle::is_strong), "{}", message.id);
                continue;
            }
            held += 1;
            assert!(subject.handle.is_some_and(Handle::is_strong), "{}", message.id);
            // The same number given twice is one handle.
            let words = |at: &usize| -> String {
                let words = outcome.findings[*at].span.of(&message.text).expect("in the text");
                words.chars().filter(char::is_ascii_alphanumeric).collect()
            };
            let kept: Vec<usize> =
                numbers.iter().copied().filter(|at| strong_handles(&outcome, &[*at]) == 1).collect();
            let first = kept.first().map(words);
            assert!(first.is_some(), "{}: a handle is kept", message.id);
            assert!(kept.iter().all(|at| Some(words(at)) == first), "{}: and only one", message.id);
        }
    }
    assert!(held > 60 && patients > 300, "the corpora hold handles: {held} of {patients}");
}

#[test]
fn publication_protects_all_that_was_found() {
    let engine = engine("publication");
    for message in corpus("dev.txt") {
        let outcome = engine.check_within(&message.text, today());
        assert!(outcome.decisions.iter().all(|decision| decision.action == Action::Redact), "{}", message.id);
    }
}

#[test]
fn nothing_outside_findings_is_touched_by_any_policy() {
    let names: Vec<&str> = presend::Policies::built_in_names().collect();
    let detector = Engine::new();
    let messages = corpus("dev.txt");
    for name in names {
        let policy = Policy::built_in(name).expect(name);
        for message in &messages {
            let mut conversation = presend::Conversation::within(today());
            let outcome =
                detector.check_under(&policy, &mut Scratch::default(), &message.text, &mut conversation);
            let mut rest = outcome.text.as_str();
            let mut at = 0;
            for (finding, decision) in outcome.findings.iter().zip(&outcome.decisions) {
                let between = &message.text[at..finding.span.start()];
                rest = match rest.find(between) {
                    Some(place) => &rest[place + between.len()..],
                    None => panic!("{name}, {}: text outside findings was changed", message.id),
                };
                at = if decision.action.rewrites() { finding.span.end() } else { finding.span.start() };
            }
            assert!(rest.ends_with(&message.text[at..]), "{name}, {}", message.id);
        }
    }
}

/// The pairs of policy and message that change once more when what was minimised is minimised again, and how many pairs
/// there are.
fn changed_again(messages: &[Message]) -> (Vec<String>, usize) {
    let detector = Engine::new();
    let mut changed = Vec::new();
    for name in presend::Policies::built_in_names() {
        let policy = Policy::built_in(name).expect(name);
        for message in messages {
            let check = |text: &str| {
                let mut conversation = presend::Conversation::within(today());
                detector.check_under(&policy, &mut Scratch::default(), text, &mut conversation).text
            };
            let once = check(&message.text);
            if once != check(&once) {
                changed.push(format!("{name} {}: {once}", message.id));
            }
        }
    }
    (changed, messages.len() * presend::Policies::built_in_names().count())
}

#[test]
fn minimising_twice_is_minimising_once() {
    let messages: Vec<Message> = ["dev.txt", "validation.txt"].into_iter().flat_map(corpus).collect();
    let (changed, pairs) = changed_again(&messages);
    assert!(changed.is_empty(), "{} of {pairs} change again:\n{}", changed.len(), changed.join("\n"));
}

/// Over all that was authored for training, with its many misspelt and mixed-up texts: once a name is gone, what stood
/// beside it can come to look like one, and be minimised as well.
#[test]
fn minimising_twice_seldom_minimises_more() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora/authored");
    let files = std::fs::read_dir(folder).expect("the authored messages");
    let names = files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned());
    let messages: Vec<Message> = names
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "txt"))
        .flat_map(|name| corpus(&format!("authored/{name}")))
        .collect();
    let (changed, pairs) = changed_again(&messages);
    assert!(
        messages.len() > 3000 && changed.len() * 250 < pairs,
        "{} of {pairs} change again",
        changed.len()
    );
}

#[test]
fn direct_identifiers_go_where_the_policy_says_they_go() {
    let engine = engine("direct");
    for message in corpus("dev.txt") {
        let outcome = engine.check_within(&message.text, today());
        for (finding, decision) in outcome.findings.iter().zip(&outcome.decisions) {
            let sure = finding.confidence >= 0.5;
            assert_eq!(
                decision.action.rewrites(),
                sure && finding.label.kind() == Kind::Direct,
                "{}",
                message.id
            );
        }
    }
}
