//! What folding makes of each class of character, and where matches fall in the original.

#![allow(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use presend_text::{Folded, Span};

fn fold(text: &str) -> String {
    Folded::new(text).into_text()
}

/// Folds every left side and compares it with the right side.
fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(fold(text), *expected, "folding {text:?}");
    }
}

/// The original text under the first place where the folded text reads `needle`.
fn find<'t>(text: &'t str, needle: &str) -> &'t str {
    let folded = Folded::new(text);
    let at = folded.text().find(needle).expect("the needle occurs");
    let found = Span::new(at, at + needle.len());
    let original = folded.original_span(found);
    assert!(folded.folded_span(original).contains(found));
    original.of(text).expect("on character boundaries")
}

#[test]
fn case() {
    check(&[
        ("Mrs SMITH-Jones", "mrs smith-jones"),
        ("ÉCOLE", "ecole"),
        ("İSTANBUL ıi", "istanbul ii"),
        ("STRAẞE Straße", "strasse strasse"),
        ("ΓΙΏΡΓΟΣ Γιώργος", "γιωργοσ γιωργοσ"),
        ("ИВАН Иван", "иван иван"),
        ("ՀԱՅԿ", "հայկ"),
        ("𐐔𐐯𐑅", "𐐼𐐯𐑅"),
    ]);
}

#[test]
fn ascii_changes_only_capitals_and_the_backtick() {
    let all: String = (0..128u8).map(char::from).collect();
    let expected: String =
        (0..128u8).map(|b| if b == b'`' { '\'' } else { char::from(b.to_ascii_lowercase()) }).collect();
    let folded = Folded::new(&all);
    assert_eq!(folded.text(), expected);
    assert!(folded.is_identity_aligned());
}

#[test]
fn width() {
    check(&[
        ("Ｓｍｉｔｈ　９４３＠ｎｈｓ．ｎｅｔ", "smith 943@nhs.net"),
        ("ｶﾅ ￡ ￩", "カナ £ ←"),
        ("（Ａ：Ｂ）＇＂｀／－", "(a:b)'\"'/-"),
    ]);
}

#[test]
fn spaces_and_line_breaks() {
    let spaces = "\u{A0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200A}\
                  \u{202F}\u{205F}\u{3000}";
    assert_eq!(fold(spaces), " ".repeat(spaces.chars().count()));
    check(&[("a\r\nb\tc", "a\r\nb\tc"), ("a\u{85}b\u{2028}c\u{2029}d", "a\nb\nc\nd")]);
}

#[test]
fn dashes() {
    check(&[
        ("\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}", "------"),
        ("\u{2212}\u{FE58}\u{FE63}\u{FF0D}\u{207B}\u{208B}\u{2796}\u{2D7}\u{2043}", "---------"),
        ("12\u{2013}03\u{2013}1984", "12-03-1984"),
        ("Smy\u{AD}the", "smythe"),
    ]);
}

#[test]
fn quotation_marks() {
    check(&[
        ("O\u{2019}Neil O\u{2018}Neil O`Neil O\u{B4}Neil", "o'neil o'neil o'neil o'neil"),
        ("O\u{2BC}Neil O\u{2032}Neil O\u{FF07}Neil O\u{1FEF}Neil", "o'neil o'neil o'neil o'neil"),
        ("\u{201C}a\u{201D} \u{201E}b\u{201F} «c» \u{2033}", "\"a\" \"b\" \"c\" \""),
        ("5\u{2032}10\u{2033}", "5'10\""),
        ("Hawai\u{2BB}i", "hawai'i"),
    ]);
}

#[test]
fn slashes_and_fractions() {
    check(&[
        ("1\u{2044}2 3\u{2215}4 5\u{FF0F}6 7\u{29F8}8", "1/2 3/4 5/6 7/8"),
        ("5½ ⅓ ⅟", "5½ ⅓ ⅟"),
        ("Brand™ ©", "brand™ ©"),
    ]);
}

#[test]
fn nothing_is_left_of_what_has_no_width() {
    check(&[
        ("9\u{200B}4\u{200C}3\u{200D}4\u{2060}7\u{FEFF}6", "943476"),
        ("\u{202A}a\u{202C}\u{2066}b\u{2069}\u{200E}c\u{200F}\u{61C}d", "abcd"),
        ("❤\u{FE0F} ❤\u{FE0E}", "❤ ❤"),
        ("1\u{FE0F}\u{20E3}2\u{20E3}", "12"),
        ("a\u{3164}b\u{115F}c\u{FFA0}d\u{180E}e", "abcde"),
        ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "🏴"),
    ]);
}

#[test]
fn digits() {
    check(&[
        ("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ ०१२३४५६७८९", "0123456789 0123456789 0123456789"),
        ("𝟎𝟏𝟐 𝟘𝟙𝟚 𝟢𝟣𝟤 𝟬𝟭𝟮 𝟶𝟷𝟸 ０１２", "012 012 012 012 012 012"),
        ("⁰¹²³⁴ ₀₁₂₃₄ x10⁹", "01234 01234 x109"),
        ("⓪①②⑨⑩⑳", "01291020"),
        ("❶❾❿ ➀➉ ➊➓ ⓫⓴ ⓵⓾ ⓿", "1910 110 110 1120 110 0"),
        ("⑴ ⒈", "(1) 1."),
        ("一二三 〇", "一二三 〇"),
    ]);
}

#[test]
fn compatibility_forms() {
    check(&[
        ("𝐉𝐨𝐡𝐧 𝒥ℴ𝒽𝓃 𝕁𝕠𝕙𝕟 𝙹𝚘𝚑𝚗 𝔍𝔬𝔥𝔫", "john john john john john"),
        ("ﬁnn oﬃce ﬆ ĳ ǆ ŉ", "finn office st ij dz 'n"),
        ("Ⅷ ⅳ Ⅻ", "viii iv xii"),
        ("ℋ ℝ K Å ℃ ℡ №", "h r k a °c tel no"),
        ("1ˢᵗ 2ⁿᵈ ª º", "1st 2nd a o"),
        ("Ⓐⓑ ⒜ 🄰", "ab (a) a"),
        ("㎎ ㎖ ㏖", "mg ml mol"),
        ("wait… ‼", "wait... !!"),
        ("50µg 50μg", "50μg 50μg"),
    ]);
}

#[test]
fn accents() {
    check(&[
        ("Zoë Renée Łukasz Nuñez", "zoe renee lukasz nunez"),
        ("Zoe\u{308} Rene\u{301}e", "zoe renee"),
        ("Nguyễn Thị Ánh", "nguyen thi anh"),
        ("Nguye\u{302}\u{303}n", "nguyen"),
        ("Ǿ ǿ Ǣ", "o o ae"),
        ("e\u{301}\u{302}\u{303}\u{304}\u{305}\u{20DD}", "e"),
        ("¨ ¯\\_(ツ)_/¯ ˜", "¨ ¯\\_(ツ)_/¯ ˜"),
        ("Йод ёлка", "иод елка"),
        // Vowel signs of Indic scripts are letters, not accents.
        ("कुमार", "कुमार"),
    ]);
}

#[test]
fn latin_letters_without_decomposition() {
    check(&[
        ("Søren Ødegård Łódź Đorđe Guðrún Þór", "soren odegard lodz dorde gudrun thor"),
        ("Straße Æsir Œuvre Ħamrun Ŋ Ŧ ı ĸ", "strasse aesir oeuvre hamrun n t i k"),
        ("Əliyev Kɔfi Ɗan", "eliyev kofi dan"),
        ("ꜱᴍɪᴛʜ ᴊᴏʜɴ", "smith john"),
    ]);
}

#[test]
fn look_alikes_in_words_meant_as_latin() {
    check(&[
        // Cyrillic а, е, о, р, с, у, х and capitals.
        ("Smіth Jоnes Раul", "smith jones paul"),
        ("МАRK Маrк", "mark mark"),
        ("СОРЕ", "cope"),
        ("М1 1АА", "m1 1aa"),
        // Greek capitals and omicron.
        ("ΝΗS ΝΗΣ Jοhn", "nhs νησ john"),
        ("Ραul TNFα", "paul tnfa"),
        // Armenian and Cherokee.
        ("Jօhn Տmith", "john smith"),
        ("ᎷᎪᎡK ᎳᎬᏚ", "mark wes"),
        // Accented look-alikes, and zero-width characters inside the word.
        ("Zоё", "zoe"),
        ("Jо\u{200B}n\u{200D}еs", "jones"),
        // The apostrophe ends a word.
        ("O\u{2019}Вrien", "o'brien"),
    ]);
}

#[test]
fn words_of_other_scripts_keep_their_letters() {
    check(&[
        ("Иван Рыбаков", "иван рыбаков"),
        ("Γιώργος Παπαδόπουλος", "γιωργοσ παπαδοπουλοσ"),
        ("Оксана", "оксана"),
        ("ИванSmith", "иванsmith"),
        ("Smithово", "smithobo"),
        ("Аннаш", "аннаш"),
        ("α-blocker β γGT", "α-blocker β γgt"),
        ("Արամ", "արամ"),
        ("田中 מרים محمد ยุพา 김", "田中 מרים محمد ยพา \u{1100}\u{1175}\u{11B7}"),
    ]);
}

#[test]
fn the_rest_stays() {
    check(&[
        ("👩🏽\u{200D}⚕\u{FE0F} 🇬🇧 \u{FFFD} £ € ° · • →", "👩🏽⚕ 🇬🇧 \u{FFFD} £ € ° · • →"),
        ("\u{E000}\u{10FFFF}\u{378}", "\u{E000}\u{10FFFF}\u{378}"),
        ("", ""),
    ]);
}

#[test]
fn matches_cover_the_exact_original_bytes() {
    assert_eq!(find("see Rene\u{301}e\u{301}, ward 4", "renee"), "Rene\u{301}e\u{301}");
    assert_eq!(find("see Jo\u{200B}nes\u{200B} now", "jones"), "Jo\u{200B}nes");
    assert_eq!(find("\u{FEFF}\u{200E}Jones\u{200F}", "jones"), "Jones");
    assert_eq!(find("a\u{301}\u{302}\u{303}b", "a"), "a\u{301}\u{302}\u{303}");
    assert_eq!(find("a\u{301}\u{302}\u{303}b", "b"), "b");
    assert_eq!(
        find("9\u{FE0F}\u{20E3}4\u{FE0F}\u{20E3}3\u{FE0F}\u{20E3}!", "94"),
        "9\u{FE0F}\u{20E3}4\u{FE0F}\u{20E3}"
    );
    assert_eq!(find("oﬃce", "f"), "ﬃ");
    assert_eq!(find("oﬃce", "ce"), "ce");
    assert_eq!(find("xßy", "s"), "ß");
    assert_eq!(find("tel ٠٧٧٠٠ now", "770"), "٧٧٠");
    assert_eq!(find("Ｊｏｎｅｓ", "one"), "ｏｎｅ");
    assert_eq!(find("é\u{301}é\u{301}é", "ee"), "é\u{301}é\u{301}");
    assert_eq!(find("ééé\u{301}é", "eee"), "ééé\u{301}");
    assert_eq!(find("İİzmir", "iiz"), "İİz");
    // A mark behind a zero-width character still belongs to the letter.
    assert_eq!(find("Jose\u{200D}\u{301} ok", "jose"), "Jose\u{200D}\u{301}");
    // A dropped character between two that were replaced alike.
    assert_eq!(find("é\u{AD}é", "ee"), "é\u{AD}é");
    assert_eq!(find("😀e\u{301}😀", "e😀"), "e\u{301}😀");
    assert_eq!(find("𝐉𝐨𝐡𝐧 𝐒", "john s"), "𝐉𝐨𝐡𝐧 𝐒");
}

#[test]
fn original_spans_map_to_folded_ones() {
    let text = "a\u{200B}é\u{301}ﬁ😀";
    let folded = Folded::new(text);
    assert_eq!(folded.text(), "aefi😀");
    let spans = [
        ((0, 1), (0, 1)),
        ((1, 4), (1, 1)),
        ((4, 6), (1, 2)),
        // The mark counts with its letter.
        ((6, 8), (1, 2)),
        ((8, 11), (2, 4)),
        // Inside a character.
        ((9, 10), (2, 4)),
        ((12, 13), (4, 8)),
        ((11, 15), (4, 8)),
        ((0, 99), (0, 8)),
        ((99, 99), (8, 8)),
    ];
    for ((start, end), (folded_start, folded_end)) in spans {
        let got = folded.folded_span(Span::new(start, end));
        assert_eq!(got, Span::new(folded_start, folded_end), "original {start}..{end}");
    }
    assert_eq!(folded.original_span(Span::new(5, 6)), Span::new(11, 15));
    assert_eq!(folded.original_span(Span::new(0, 99)), Span::new(0, 15));
    assert_eq!(folded.original_span(Span::new(99, 100)), Span::new(15, 15));
    assert_eq!(folded.original_len(), text.len());
}

#[test]
fn a_message_of_marks_or_zero_width_characters_alone_folds_to_nothing() {
    for text in ["\u{301}\u{302}", "\u{200B}\u{301}\u{FEFF}", "\u{FE0F}"] {
        let folded = Folded::new(text);
        assert_eq!(folded.text(), "");
        assert!(!folded.is_identity_aligned());
        assert_eq!(folded.folded_span(Span::new(0, text.len())), Span::new(0, 0));
    }
}

#[test]
fn identity_alignment_holds_where_lengths_agree() {
    assert!(Folded::new("Иван 😀 £5").is_identity_aligned());
    assert!(!Folded::new("Zoë").is_identity_aligned());
    // Two bytes become two, but they are two characters where there was one.
    assert!(!Folded::new("ß").is_identity_aligned());
}

#[test]
fn buffers_are_reused_and_nothing_is_left_of_the_message_before() {
    let mut folded = Folded::new("Смирнов é\u{301} ﬁ");
    for text in ["John Smith", "", "Zoë", "Иван", "Аnna", "plain"] {
        folded.fold_into(text);
        let fresh = Folded::new(text);
        assert_eq!(folded.text(), fresh.text());
        assert_eq!(folded.is_identity_aligned(), fresh.is_identity_aligned());
        assert_eq!(folded.original_len(), text.len());
    }
}

#[test]
fn debug_shows_lengths_only() {
    let shown = format!("{:?}", Folded::new("Canary Śmith"));
    assert_eq!(shown, "Folded { original_len: 13, folded_len: 12, edits: 1 }");
}

#[test]
fn italics_of_chat_apps_are_parted() {
    for (text, parted) in [
        ("Mrs _Doris Pellow_, bed 4", "mrs *doris pellow*, bed 4"),
        ("bleep: *_7939_* (_now_)", "bleep: **7939** (*now*)"),
        ("priya_nair and nhs_no, _priya posts", "priya_nair and nhs_no, _priya posts"),
        ("_one\ntwo_ @_so_ a_b_c_ a__b__", "_one\ntwo_ @_so_ a_b_c_ a__b__"),
        ("_so__", "_so__"),
        ("DOB: __12/03/1961__ sex ____F__", "dob: **12/03/1961** sex ****f**"),
        ("name ______ ward ____", "name ______ ward ____"),
    ] {
        let mut folded = Folded::new(text);
        folded.part_italics();
        assert_eq!(folded.text(), parted);
    }
}
