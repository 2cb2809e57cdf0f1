//! Conversion of offsets between bytes, code points and UTF-16 code units.

use presend_text::{Offsets, ParseUnitError, Span, Unit};

#[test]
fn units_agree_on_ascii() {
    let offsets = Offsets::new("hello\n");
    for unit in Unit::ALL {
        assert_eq!(offsets.convert(Span::new(1, 4), unit), (1, 4));
        assert_eq!(offsets.to_bytes(6, unit), Some(6));
        assert_eq!(offsets.to_bytes(7, unit), None);
        assert_eq!(offsets.len(unit), 6);
    }
}

#[test]
fn widths_of_one_to_four_bytes() {
    // One byte, two, three, four; the last takes two UTF-16 code units.
    let text = "aé€😀z";
    let offsets = Offsets::new(text);
    let places = [(0, 0, 0), (1, 1, 1), (3, 2, 2), (6, 3, 3), (10, 4, 5), (11, 5, 6)];
    for (bytes, code_points, utf16) in places {
        let empty = Span::new(bytes, bytes);
        assert_eq!(offsets.convert(empty, Unit::Bytes), (bytes, bytes));
        assert_eq!(offsets.convert(empty, Unit::CodePoints), (code_points, code_points));
        assert_eq!(offsets.convert(empty, Unit::Utf16), (utf16, utf16));
        assert_eq!(offsets.to_bytes(bytes, Unit::Bytes), Some(bytes));
        assert_eq!(offsets.to_bytes(code_points, Unit::CodePoints), Some(bytes));
        assert_eq!(offsets.to_bytes(utf16, Unit::Utf16), Some(bytes));
    }
    assert_eq!(offsets.to_span(3, 5, Unit::Utf16), Some(Span::new(6, 10)));
}

#[test]
fn offsets_inside_a_character_round_outwards_and_do_not_convert_back() {
    let offsets = Offsets::new("a😀b");
    assert_eq!(offsets.convert(Span::new(2, 3), Unit::Bytes), (1, 5));
    assert_eq!(offsets.convert(Span::new(2, 3), Unit::CodePoints), (1, 2));
    assert_eq!(offsets.convert(Span::new(2, 3), Unit::Utf16), (1, 3));
    assert_eq!(offsets.to_bytes(2, Unit::Utf16), None);
    assert_eq!(offsets.to_bytes(3, Unit::Bytes), None);
    assert_eq!(offsets.to_span(1, 2, Unit::Utf16), None);
}

#[test]
fn offsets_past_the_end() {
    let offsets = Offsets::new("é");
    assert_eq!(offsets.convert(Span::new(0, usize::MAX), Unit::Utf16), (0, 1));
    assert_eq!(offsets.to_bytes(usize::MAX, Unit::Bytes), None);
    assert_eq!(offsets.to_span(1, 0, Unit::Bytes), None);
    assert!(Offsets::new("").is_empty());
    assert_eq!(Offsets::new("").to_bytes(0, Unit::Utf16), Some(0));
}

#[test]
fn names_of_units_read_back() {
    for (unit, name) in Unit::ALL.into_iter().zip(["bytes", "code-points", "utf-16"]) {
        assert_eq!(unit.to_string(), name);
        assert_eq!(name.parse(), Ok(unit));
    }
    for wrong in ["", "Bytes", "utf16", "codepoints", " bytes"] {
        let error = wrong.parse::<Unit>().expect_err("not a name");
        let _: &ParseUnitError = &error;
        assert_eq!(error.to_string(), "unknown offset unit; expected `bytes`, `code-points` or `utf-16`");
    }
}
