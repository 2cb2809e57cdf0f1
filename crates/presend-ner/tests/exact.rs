//! Messages in which exactly what is marked must be found: forms that were once got wrong.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads files")]

use std::path::Path;

use presend_detect::{Detector, Label, Role};
use presend_eval::gold;
use presend_ner::{Bundle, Model, Runtime};
use presend_text::Span;

#[test]
fn exactly_the_marks_are_found() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora/exact.txt");
    let messages = gold::parse(&std::fs::read_to_string(path).unwrap(), 1).unwrap();
    let rules = Detector::new();
    let small = Model::new(&Bundle::small(), &Runtime::BuiltIn).unwrap();
    let model = Detector::new().with_reviewer(Box::new(small));
    let mut wrong = Vec::new();
    for message in &messages {
        let roles = message.meta.contains_key("roles");
        let shape = |span: Span, label: Label, role: Option<Role>| (span, label, role.filter(|_| roles));
        let marks: Vec<_> =
            message.spans.iter().map(|gold| shape(gold.span, gold.label, gold.role)).collect();
        for (name, detector) in [("rules", &rules), ("model", &model)] {
            if !matches!(message.meta.get("engines"), Some(engines) if engines == name || engines == "both") {
                continue;
            }
            let findings = detector.scan(&message.text);
            let found: Vec<_> =
                findings.iter().map(|found| shape(found.span, found.label, found.role)).collect();
            if found != marks {
                wrong.push(format!("message {} by {name}: {found:?} for {marks:?}", message.id));
            }
        }
    }
    assert!(messages.len() > 30 && wrong.is_empty(), "{wrong:#?}");
}
