//! JSON with half a surrogate pair: it does not decode, and with U+FFFD in its place everything works.

use presend_text::{Folded, Offsets, Span, Unit};

#[test]
fn lone_surrogates_are_refused_by_the_decoder_and_replaced_by_the_leaves() {
    let sent = r#""Mrs Zo\u00eb \ud83d SMITH \ude00""#;
    assert!(serde_json::from_str::<String>(sent).is_err());

    let replaced = sent.replace(r"\ud83d", r"\ufffd").replace(r"\ude00", r"\ufffd");
    let text: String = serde_json::from_str(&replaced).expect("no lone surrogate is left");
    let folded = Folded::new(&text);
    assert_eq!(folded.text(), "mrs zoe \u{FFFD} smith \u{FFFD}");

    let at = folded.text().find("smith").expect("the name occurs");
    let original = folded.original_span(Span::new(at, at + 5));
    assert_eq!(original.of(&text), Some("SMITH"));
    // The sender's string in UTF-16 has one code unit where ours has U+FFFD.
    let utf16: Vec<u16> =
        "Mrs Zoë ".encode_utf16().chain([0xD83D]).chain(" SMITH ".encode_utf16()).chain([0xDE00]).collect();
    let (start, end) = Offsets::new(&text).convert(original, Unit::Utf16);
    assert_eq!(utf16.get(start..end), Some("SMITH".encode_utf16().collect::<Vec<_>>().as_slice()));
    assert_eq!(String::from_utf16_lossy(&utf16), text);
}

#[test]
fn pairs_of_escapes_decode_to_one_character() {
    let text: String = serde_json::from_str(r#""\ud83d\ude00 x""#).expect("a whole pair");
    assert_eq!(text, "😀 x");
    assert_eq!(Offsets::new(&text).convert(Span::new(5, 6), Unit::Utf16), (3, 4));
}
