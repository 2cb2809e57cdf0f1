//! Scanning any text: spans are sound and disjoint, buffers carry nothing over, the rest of the text stays byte for
//! byte, and what was redacted is not found again.
#![no_main]

use std::cell::RefCell;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use presend::{Conversation, Engine, Kind, Policy, Scratch};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let redact = Policy::built_in("redact").expect("a built-in policy");
    Engine::builder().policy(redact).build()
});
static CARE: LazyLock<Engine> = LazyLock::new(Engine::new);

thread_local! {
    static KEPT: RefCell<Scratch> = RefCell::new(Scratch::default());
}

fuzz_target!(|text: &str| {
    let findings = ENGINE.findings(text);
    let again = KEPT.with_borrow_mut(|kept| ENGINE.findings_with(kept, text));
    assert_eq!(findings, again, "kept buffers change nothing");

    let mut last = 0;
    for finding in &findings {
        assert!(!finding.span.is_empty() && finding.span.of(text).is_some(), "on character boundaries");
        assert!(finding.span.start() >= last, "sorted and disjoint");
        assert!((0.0..=1.0).contains(&finding.confidence));
        last = finding.span.end();
    }

    let outcome = ENGINE.minimise(text, findings, &mut Conversation::new());
    // Walk both texts: outside rewritten spans they are the same bytes.
    let mut rest = outcome.text.as_str();
    let mut at = 0;
    for (finding, decision) in outcome.findings.iter().zip(&outcome.decisions) {
        if !decision.action.rewrites() {
            continue;
        }
        rest =
            rest.strip_prefix(&text[at..finding.span.start()]).expect("text between findings is untouched");
        let written = format!("[{}]", finding.label.placeholder());
        rest = rest.strip_prefix(written.as_str()).expect("the placeholder stands in its place");
        rest = rest.trim_start_matches(['\r', '\n']);
        at = finding.span.end();
        // Line breaks that stood right after the span were trimmed with those the span held.
        while text[at..].starts_with(['\r', '\n']) {
            at += 1;
        }
    }
    assert_eq!(rest, &text[at..], "the tail is untouched");

    // Other operators, the choice of a handle and the estimate take any text too.
    let care = CARE.check(text);
    assert_eq!(care.findings.len(), care.decisions.len());
    assert!(care.identifiability.after().people >= 1.0);

    // A placeholder is no identifier: nothing direct is found that covers one.
    for finding in ENGINE.findings(&outcome.text) {
        let words = finding.span.of(&outcome.text).expect("on character boundaries");
        assert!(
            finding.label.kind() != Kind::Direct || !words.contains('['),
            "redacted text was found again"
        );
    }
});
