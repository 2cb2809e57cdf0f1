//! Decimal digits of every script, and the digits in circles that Unicode gives no decomposition.

/// The zeros of the sets of decimal digits (general category `Nd` of Unicode 16.0, and U+11DE0 of 17.0) that
/// compatibility decomposition does not already turn into ASCII. Each is followed by its one to nine. Sorted.
const ZEROS: [u32; 68] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
    0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0x104A0, 0x10D30, 0x10D40,
    0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA,
    0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11DE0, 0x11F50, 0x16130, 0x16A60,
    0x16AC0, 0x16B50, 0x16D70, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950,
];

/// Runs of digits in circles without a decomposition: first, last, and the number that the first stands for.
const CIRCLED: [(char, char, u32); 6] = [
    ('\u{24EB}', '\u{24F4}', 11),
    ('\u{24F5}', '\u{24FE}', 1),
    ('\u{24FF}', '\u{24FF}', 0),
    ('\u{2776}', '\u{277F}', 1),
    ('\u{2780}', '\u{2789}', 1),
    ('\u{278A}', '\u{2793}', 1),
];

/// The ASCII digit for a decimal digit of any script.
pub(super) fn decimal(c: char) -> Option<char> {
    let code = u32::from(c);
    let after = ZEROS.partition_point(|zero| *zero <= code);
    let zero = ZEROS.get(after.checked_sub(1)?)?;
    char::from_digit((code - zero).min(10), 10)
}

/// The number, 0 to 20, that a circled digit without a decomposition stands for.
pub(super) fn circled(c: char) -> Option<u32> {
    let (first, _, number) = CIRCLED.into_iter().find(|(first, last, _)| (*first..=*last).contains(&c))?;
    Some(number + u32::from(c) - u32::from(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zeros_are_sorted_and_none_is_left_to_decomposition() {
        assert!(ZEROS.is_sorted_by(|a, b| a + 9 < *b));
        for zero in ZEROS.into_iter().filter_map(char::from_u32) {
            let mut parts = Vec::new();
            unicode_normalization::char::decompose_compatible(zero, |part| parts.push(part));
            assert_eq!(parts, [zero]);
            assert!((zero..).take(10).all(|digit| digit.is_numeric() && !digit.is_alphabetic()));
        }
    }

    #[test]
    fn only_the_ten_digits_of_a_set_have_a_value() {
        assert_eq!(decimal('\u{65F}'), None);
        assert_eq!(decimal('\u{660}'), Some('0'));
        assert_eq!(decimal('\u{669}'), Some('9'));
        assert_eq!(decimal('\u{66A}'), None);
        assert_eq!(decimal('\u{A0}'), None);
        assert_eq!(decimal(char::MAX), None);
    }
}
