//! Identifiers as chat writes them: between marks, beside results, behind clinical words. Rules alone.
#![allow(clippy::expect_used, reason = "a test: what fails here fails it")]

use presend::{Engine, Label};

/// The words found with their labels.
fn found<'t>(engine: &Engine, text: &'t str) -> Vec<(Label, &'t str)> {
    let findings = engine.findings(text);
    findings.iter().map(|finding| (finding.label, finding.span.of(text).expect("in the text"))).collect()
}

#[test]
fn numbers_are_found_among_clinical_words() {
    let engine = Engine::new();
    for (label, number, messages) in [
        (
            Label::NhsNumber,
            "999 123 4004",
            &[
                "Please review {} HR 110 BP 90/60",
                "review {} Day 2 abx",
                "paracetamol PO {}",
                "switch to PO\n{}",
                "FOLFOX cycle 3 {} chasing bloods",
                "Jobs:\n- {} repeat CRP",
                "Hb 44 {} transfuse?",
                "***URGENT*** {}",
                "*** {} ***",
                "_{}_ for review",
            ][..],
        ),
        (
            Label::Phone,
            "07700 900707",
            &[
                "a lot of pain {} K 6.1",
                "apixaban 5mg PO bd {}",
                "order TTO pls {}",
                "batch of bloods done {}",
                "***URGENT*** {} ring him",
            ][..],
        ),
        (
            Label::Phone,
            "2231",
            &["can you see bleep {} Day 2 IV abx", "CRP 114 bleep {}", "bleep _{}_ pls"][..],
        ),
        (Label::Person, "Doris Pellow", &["Mrs _{}_ in bed 4"][..]),
    ] {
        for message in messages {
            let text = message.replace("{}", number);
            let found = found(&engine, &text);
            assert!(found.contains(&(label, number)), "{text}: {found:?}");
        }
    }
}

#[test]
fn clinical_text_beside_marks_stays() {
    let engine = Engine::new();
    for text in ["_furosemide 40mg PO od_", "nhs_no,hosp_no,date_of_birth", "CRP 114 and *K 6.1*, _Na 131_"] {
        assert_eq!(found(&engine, text), [], "{text}");
    }
}

#[test]
fn what_was_minimised_is_left_alone_by_every_way_in() {
    let engine = Engine::new();
    for text in ["[WARD/BED 3] K 6.1", "[PATIENT 17] for theatre", "NHS *** *** 4004"] {
        assert_eq!(found(&engine, text), [], "{text}");
        assert_eq!(engine.check(text).text, text);
    }
}
