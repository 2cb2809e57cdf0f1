//! Properties of folding and of offset conversion that hold for every text.

use presend_text::{Folded, Offsets, Span, Unit};
use proptest::prelude::*;

/// Pieces of text chosen to be awkward beside each other.
const AWKWARD: [&str; 44] = [
    "a",
    "Z",
    "Smith ",
    "0",
    "`",
    " ",
    "\r\n",
    "-",
    "é",
    "e\u{301}",
    "\u{301}",
    "\u{302}\u{323}\u{334}",
    "ß",
    "ﬃ",
    "İ",
    "ǅ",
    "Å",
    "\u{FDFA}",
    "½",
    "①",
    "❿",
    "٣",
    "१",
    "𝟘",
    "𝐉𝐨",
    "ＡＢ",
    "\u{A0}",
    "…",
    "\u{2019}",
    "—",
    "\u{AD}",
    "\u{200B}",
    "\u{200D}",
    "\u{FE0F}",
    "\u{20E3}",
    "\u{202E}",
    "👩🏽\u{200D}⚕\u{FE0F}",
    "👨\u{200D}👩\u{200D}👧",
    "🇬🇧",
    "\u{1F3F4}\u{E0067}\u{E007F}",
    "مريم",
    "עִבְרִית",
    "김",
    "कि",
];

/// Letters that may be look-alikes, so that folding depends on the words around them.
const LOOK_ALIKES: [&str; 22] = [
    "а", "е", "о", "Р", "с", "Н", "к", "И", "ж", "Й", "ё", "Ο", "ν", "Ν", "α", "Σ", "ς", "Ώ", "օ", "Հ", "հ",
    "Ꭺ",
];

fn text() -> impl Strategy<Value = String> {
    let any_char = any::<char>().prop_map(String::from);
    let awkward = prop::sample::select(&AWKWARD[..]).prop_map(String::from);
    let look_alike = prop::sample::select(&LOOK_ALIKES[..]).prop_map(String::from);
    let ascii = "[ -~]{1,40}";
    prop::collection::vec(prop_oneof![2 => any_char, 6 => awkward, 4 => look_alike, 2 => ascii], 0..40)
        .prop_map(|pieces| pieces.concat())
}

/// Text without a letter that has a look-alike, so that folding a part is part of folding the whole.
fn text_without_look_alikes() -> impl Strategy<Value = String> {
    let awkward = prop::sample::select(&AWKWARD[..]).prop_map(String::from);
    let ascii = "[ -~]{1,40}";
    prop::collection::vec(prop_oneof![6 => awkward, 1 => ascii], 0..40).prop_map(|pieces| pieces.concat())
}

/// Text such as forms and search logs hold, with escapes in it.
fn piece_of_log() -> impl Strategy<Value = String> {
    let log = ["%20", "%2F", "%2f%2F", "%", "%2", "%zz", "q=", "x%20y", " ", "\n", "http://", "%20%20"];
    let awkward = prop::sample::select(&AWKWARD[..]).prop_map(String::from);
    prop_oneof![4 => prop::sample::select(log.to_vec()).prop_map(String::from), 1 => awkward]
}

/// Character boundaries, the end included.
fn boundaries(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
}

fn chars(text: &str) -> impl Iterator<Item = Span> {
    text.char_indices().map(|(at, c)| Span::new(at, at + c.len_utf8()))
}

/// Checks what must hold of the alignment of any text.
fn check_alignment(folded: &Folded, text: &str) {
    let view = folded.text();
    assert_eq!(folded.original_len(), text.len());

    // Total and monotone, character by character; consecutive characters leave only dropped text between them.
    let mut before = Span::new(0, 0);
    for span in chars(view) {
        let original = folded.original_span(span);
        assert!(!original.is_empty());
        assert!(original.of(text).is_some(), "on character boundaries");
        assert!(original.end() <= text.len());
        assert!(
            original == before || original.start() >= before.end(),
            "units follow each other and do not overlap"
        );
        if original != before {
            assert!(folded.folded_span(Span::new(before.end(), original.start())).is_empty());
        }
        assert!(folded.folded_span(original).contains(span));
        before = original;
    }
    assert!(folded.folded_span(Span::new(before.end(), text.len())).is_empty());

    let mut before = Span::new(0, 0);
    for span in chars(text) {
        let part = folded.folded_span(span);
        assert!(part.of(view).is_some(), "on character boundaries");
        assert!(part == before || part.start() >= before.end());
        if part.is_empty() {
            // A dropped character is in no unit.
            let near = Span::new(part.start(), (part.start() + 1).min(view.len()));
            assert!(near.is_empty() || !folded.original_span(near).overlaps(span));
        } else {
            assert!(folded.original_span(part).contains(span));
        }
        before = part;
    }
    if folded.is_identity_aligned() {
        assert_eq!(boundaries(text), boundaries(view));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn alignment_is_total_and_monotone(text in text()) {
        check_alignment(&Folded::new(&text), &text);
    }

    #[test]
    fn alignment_holds_where_escapes_are_decoded(pieces in prop::collection::vec(piece_of_log(), 0..40)) {
        let text = pieces.concat();
        let mut folded = Folded::default();
        folded.fold_decoded_into(&text);
        check_alignment(&folded, &text);
        folded.fold_into(&text);
        let plain = Folded::new(&text);
        prop_assert_eq!(folded.text(), plain.text());
    }

    #[test]
    fn spans_map_as_their_first_and_last_characters_do(text in text(), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let folded = Folded::new(&text);
        let places = boundaries(folded.text());
        let span = Span::new(places[a.index(places.len())], places[b.index(places.len())]);
        let original = folded.original_span(span);
        prop_assert!(original.of(&text).is_some());
        prop_assert!(folded.folded_span(original).contains(span));
        prop_assert!(span.is_empty() || !original.is_empty());
        let inside: Vec<Span> = chars(folded.text()).filter(|c| span.contains(*c)).collect();
        if let (Some(first), Some(last)) = (inside.first(), inside.last()) {
            prop_assert_eq!(original.start(), folded.original_span(*first).start());
            prop_assert_eq!(original.end(), folded.original_span(*last).end());
        }
    }

    #[test]
    fn any_offsets_at_all_give_spans_within_the_texts(text in text(), a in 0..400usize, b in 0..400usize) {
        let folded = Folded::new(&text);
        let span = Span::new(a, b);
        prop_assert!(folded.original_span(span).of(&text).is_some());
        prop_assert!(folded.folded_span(span).of(folded.text()).is_some());
        let limited = Span::new(a.min(text.len()), b.min(text.len()));
        if !folded.folded_span(span).is_empty() {
            prop_assert!(folded.original_span(folded.folded_span(span)).overlaps(limited) || limited.is_empty());
        }
    }

    #[test]
    fn a_part_folds_to_its_part_of_the_whole(text in text_without_look_alikes(), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let folded = Folded::new(&text);
        let places = boundaries(folded.text());
        let span = Span::new(places[a.index(places.len())], places[b.index(places.len())]);
        if !span.is_empty() {
            let original = folded.original_span(span);
            let whole = folded.folded_span(original);
            let part = Folded::new(original.of(&text).unwrap_or_default());
            prop_assert_eq!(Some(part.text()), whole.of(folded.text()));
        }
    }

    #[test]
    fn folding_folded_text_changes_nothing(text in text()) {
        let once = Folded::new(&text).into_text();
        let twice = Folded::new(&once);
        prop_assert_eq!(twice.text(), &once);
        prop_assert!(twice.is_identity_aligned());
    }

    #[test]
    fn ascii_is_identity_aligned(text in "[ -~\\t\\n\\r]{0,200}") {
        let folded = Folded::new(&text);
        prop_assert_eq!(folded.text(), text.to_ascii_lowercase().replace('`', "'"));
        prop_assert!(folded.is_identity_aligned());
        prop_assert_eq!(folded.original_span(Span::new(0, text.len())), Span::new(0, text.len()));
    }

    #[test]
    fn capitals_do_not_matter_to_ascii(text in "[ -~é—\u{2019}\u{200B}]{0,100}") {
        prop_assert_eq!(Folded::new(&text.to_ascii_uppercase()).into_text(), Folded::new(&text).into_text());
    }

    #[test]
    fn offsets_are_what_counting_gives(text in text(), a in 0..400usize, b in 0..400usize) {
        let offsets = Offsets::new(&text);
        let span = Span::new(a, b);
        let start = text.floor_char_boundary(span.start());
        let end = text.ceil_char_boundary(span.end());
        let count = |at: usize, unit| match unit {
            Unit::Bytes => at,
            Unit::CodePoints => text[..at].chars().count(),
            Unit::Utf16 => text[..at].encode_utf16().count(),
        };
        for unit in Unit::ALL {
            prop_assert_eq!(offsets.convert(span, unit), (count(start, unit), count(end, unit)));
            prop_assert_eq!(offsets.len(unit), count(text.len(), unit));
            let expected = boundaries(&text).into_iter().find(|at| count(*at, unit) == a);
            prop_assert_eq!(offsets.to_bytes(a, unit), expected);
        }
    }

    #[test]
    fn spans_convert_there_and_back(text in text(), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let offsets = Offsets::new(&text);
        let places = boundaries(&text);
        let span = Span::new(places[a.index(places.len())], places[b.index(places.len())]);
        for unit in Unit::ALL {
            let (start, end) = offsets.convert(span, unit);
            prop_assert_eq!(offsets.to_span(start, end, unit), Some(span));
        }
    }
}

#[test]
fn every_character_folds_to_a_fixed_point() {
    let (mut once, mut twice) = (Folded::default(), Folded::default());
    let mut text = String::new();
    for c in '\0'..=char::MAX {
        // Alone, in a Latin word, in a word of another script, and behind a look-alike.
        for (before, after) in [("", ""), ("a", "1"), ("ж", "ж"), ("о", "о")] {
            text.clear();
            text.push_str(before);
            text.push(c);
            text.push_str(after);
            once.fold_into(&text);
            twice.fold_into(once.text());
            assert_eq!(twice.text(), once.text(), "U+{:04X}", u32::from(c));
            assert!(twice.is_identity_aligned(), "U+{:04X}", u32::from(c));
            assert!(once.text().len() <= 11 * text.len());
        }
        if once.text().len() != text.len() {
            check_alignment(&Folded::new(&text), &text);
        }
    }
}

#[test]
fn one_line_of_a_megabyte() {
    let unit = "Mrs Zoë O\u{2019}Neil \u{200B}e\u{301}👩🏽\u{200D}⚕\u{FE0F} а٣ﬁ";
    for text in [
        unit.repeat(1_000_000 / unit.len()),
        // One word in look-alikes that turns out at its very end to be Cyrillic, and one that does not.
        "о".repeat(500_000) + "ж",
        "о".repeat(500_000),
        // One letter with every accent there is room for.
        "a".to_owned() + &"\u{301}".repeat(500_000),
        "\u{301}".repeat(500_000),
        "é\u{200B}".repeat(200_000),
        "Zoe ".repeat(250_000),
    ] {
        check_alignment(&Folded::new(&text), &text);
        let once = Folded::new(&text).into_text();
        assert_eq!(Folded::new(&once).text(), once);
        let offsets = Offsets::new(&text);
        assert_eq!(offsets.len(Unit::Utf16), text.encode_utf16().count());
        assert_eq!(offsets.to_bytes(offsets.len(Unit::CodePoints), Unit::CodePoints), Some(text.len()));
    }
}
