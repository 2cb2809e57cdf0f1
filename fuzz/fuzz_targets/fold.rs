//! Folding any text: alignment is total, monotone and on character boundaries, and folding twice changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use presend::{Folded, Offsets, Span, Unit};

fuzz_target!(|text: &str| {
    let folded = Folded::new(text);
    let mut last = 0;
    for (at, letter) in folded.text().char_indices() {
        let original = folded.original_span(Span::new(at, at + letter.len_utf8()));
        assert!(!original.is_empty(), "a folded character comes from somewhere");
        assert!(original.of(text).is_some(), "on character boundaries");
        assert!(original.start() >= last, "monotone");
        last = original.start();
    }
    assert_eq!(Folded::new(folded.text()).text(), folded.text(), "folding is idempotent");

    let offsets = Offsets::new(text);
    for (at, letter) in text.char_indices() {
        let span = Span::new(at, at + letter.len_utf8());
        let (start, end) = offsets.convert(span, Unit::CodePoints);
        assert_eq!(end - start, 1);
        let (start, end) = offsets.convert(span, Unit::Utf16);
        assert_eq!(end - start, letter.len_utf16());
    }
});
