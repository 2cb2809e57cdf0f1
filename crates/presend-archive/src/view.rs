//! Bytes as text for scanning, with the way back to the bytes.

use std::ops::Range;

/// What stands for bytes that are not UTF-8.
const REPLACEMENT: &str = "\u{fffd}";

/// Bytes as text: as they are where they are UTF-8, else with U+FFFD for each sequence that is none.
pub(crate) enum View {
    /// The bytes are UTF-8.
    Whole,
    /// The text, and for each U+FFFD in it that was put in: its end in the text and the end in the bytes.
    Patched { text: String, gaps: Vec<(usize, usize)> },
}

impl View {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        if std::str::from_utf8(bytes).is_ok() {
            return View::Whole;
        }
        let mut text = String::with_capacity(bytes.len());
        let mut gaps = Vec::new();
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            at += chunk.valid().len() + chunk.invalid().len();
            if !chunk.invalid().is_empty() {
                text.push_str(REPLACEMENT);
                gaps.push((text.len(), at));
            }
        }
        View::Patched { text, gaps }
    }

    /// The text of the same bytes that the view was made of.
    pub(crate) fn text<'a>(&'a self, bytes: &'a [u8]) -> &'a str {
        match self {
            View::Whole => std::str::from_utf8(bytes).unwrap_or_default(),
            View::Patched { text, .. } => text,
        }
    }

    /// The bytes that a range of the text stands for.
    pub(crate) fn bytes(&self, range: Range<usize>) -> Range<usize> {
        match self {
            View::Whole => range,
            View::Patched { gaps, .. } => {
                let back =
                    |offset: usize| match gaps.partition_point(|(end, _)| *end <= offset).checked_sub(1) {
                        Some(last) => gaps.get(last).map_or(offset, |(end, byte)| byte + (offset - end)),
                        None => offset,
                    };
                back(range.start)..back(range.end)
            }
        }
    }

    /// Whether the bytes are not UTF-8.
    pub(crate) const fn is_patched(&self) -> bool {
        matches!(self, View::Patched { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_of_the_text_leads_back_to_its_bytes() {
        for bytes in [
            b"plain \xc3\xa9".as_slice(),
            b"caf\xe9 on \xff\xfe bed 4",
            b"\xf0\x9f\x98 cut",
            b"\xe2\x80",
            b"",
        ] {
            let view = View::new(bytes);
            let text = view.text(bytes);
            assert_eq!(text, String::from_utf8_lossy(bytes));
            assert_eq!(view.bytes(0..text.len()), 0..bytes.len());
            let mut rebuilt = Vec::new();
            for (at, c) in text.char_indices() {
                let part = &bytes[view.bytes(at..at + c.len_utf8())];
                assert!(c == '\u{fffd}' || part == c.to_string().as_bytes());
                rebuilt.extend_from_slice(part);
            }
            assert_eq!(rebuilt, bytes);
        }
    }
}
