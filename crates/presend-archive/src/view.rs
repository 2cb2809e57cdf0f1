//! Bytes as text for scanning, with the way back to the bytes.

use std::borrow::Cow;
use std::ops::Range;

use crate::tables::windows_1252;

/// What stands for a character of which the end is missing.
const REPLACEMENT: char = '\u{fffd}';
/// How emoji and typographic marks begin in UTF-8; no text in Windows-1252 has these bytes side by side.
const CUT: [&[u8]; 2] = [b"\xf0\x9f", b"\xe2\x80"];

/// Bytes as text: as they are where they are UTF-8. Bytes that are not are read as Windows-1252, so that a letter with an
/// accent or a curved apostrophe does not end a name; U+FFFD stands where it has nothing and for a character cut short.
pub(crate) enum View {
    /// The bytes are UTF-8.
    Whole,
    /// The text, and for each character in it that was put in: its end in the text and the end in the bytes.
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
            at += chunk.valid().len();
            let bad = chunk.invalid();
            if CUT.iter().any(|start| bad.starts_with(start)) {
                at += bad.len();
                text.push(REPLACEMENT);
                gaps.push((text.len(), at));
                continue;
            }
            for byte in bad {
                at += 1;
                text.push(windows_1252(*byte));
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

    /// Bytes as text, without the way back.
    pub(crate) fn read(bytes: &[u8]) -> Cow<'_, str> {
        match (Self::new(bytes), std::str::from_utf8(bytes)) {
            (View::Patched { text, .. }, _) => Cow::Owned(text),
            (View::Whole, text) => Cow::Borrowed(text.unwrap_or_default()),
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
        for (bytes, wanted) in [
            (b"plain \xc3\xa9".as_slice(), "plain é"),
            (b"caf\xe9 on \xff\xfe bed 4", "café on ÿþ bed 4"),
            (
                b"Mrs Bj\xf6rk O\x92Shaughnessy, Zo\xeb\x92s mum, 3\x964\x961941",
                "Mrs Björk O’Shaughnessy, Zoë’s mum, 3–4–1941",
            ),
            (b"Doris\xf0\x9f\x98 cut", "Doris\u{fffd} cut"),
            (b"\xe2\x80", "\u{fffd}"),
            (b"\x81", "\u{fffd}"),
            (b"", ""),
        ] {
            let view = View::new(bytes);
            let text = view.text(bytes);
            assert_eq!((text, View::read(bytes).as_ref()), (wanted, wanted));
            assert_eq!(view.bytes(0..text.len()), 0..bytes.len());
            let mut rebuilt = Vec::new();
            for (at, c) in text.char_indices() {
                let part = &bytes[view.bytes(at..at + c.len_utf8())];
                assert!(c == '\u{fffd}' || part == c.to_string().as_bytes() || windows_1252(part[0]) == c);
                rebuilt.extend_from_slice(part);
            }
            assert_eq!(rebuilt, bytes);
        }
    }
}
