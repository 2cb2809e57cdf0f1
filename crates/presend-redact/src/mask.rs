//! Masks: the shape of an identifier stays, and perhaps a few characters of it.

use presend_policy::End;
use presend_text::Folded;

/// How an identifier is masked.
///
/// Everything but separators is replaced, one character for one, save `show` characters at one end. These are shown
/// only where there are at least twice as many characters to be masked, so that never more than half of an identifier
/// shows. Separators are white space and what folds to ASCII punctuation (`-`, `/`, `’`, `–`); they stay and do not
/// count.
///
/// Masking a masked text again changes nothing: the mask's own character counts as one to be masked.
///
/// ```
/// use presend_policy::End;
/// use presend_redact::Mask;
///
/// let last_four = Mask { show: 4, ..Mask::default() };
/// assert_eq!(last_four.apply("999 123 4004"), "*** *** 4004");
/// assert_eq!(last_four.apply("2201 37"), "**** **");
/// let first = Mask { show: 1, from: End::Start, with: '•' };
/// assert_eq!(first.apply("Zoë O’Neil"), "Z•• •’••••");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mask {
    /// How many characters are shown; 0 masks all.
    pub show: u8,
    /// At which end they are shown.
    pub from: End,
    /// What is written for each masked character.
    pub with: char,
}

impl Default for Mask {
    /// Every character as `*`.
    fn default() -> Self {
        Self { show: 0, from: End::End, with: '*' }
    }
}

impl Mask {
    /// The words masked: as many characters as before, the separators where they were.
    #[must_use]
    pub fn apply(&self, words: &str) -> String {
        let count = words.chars().filter(|c| self.masks(*c)).count();
        let asked = usize::from(self.show);
        let show = if count >= 2 * asked { asked } else { 0 };
        let shown = match self.from {
            End::Start => 0..show,
            End::End => count - show..count,
        };
        let mut seen = 0;
        words
            .chars()
            .map(|c| {
                if !self.masks(c) {
                    return c;
                }
                seen += 1;
                if shown.contains(&(seen - 1)) { c } else { self.with }
            })
            .collect()
    }

    fn masks(&self, c: char) -> bool {
        c == self.with || !is_separator(c)
    }
}

/// Whether a character parts an identifier and is no part of it.
///
/// Accents, zero-width characters and emoji are none: they can be part of a name.
fn is_separator(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_alphanumeric();
    }
    let folded = Folded::new(c.encode_utf8(&mut [0; 4]));
    c.is_whitespace()
        || (!folded.text().is_empty()
            && folded.text().bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn masks_keep_shape() {
        let mask = |show, from| Mask { show, from, ..Mask::default() };
        for (mask, words, masked) in [
            (Mask::default(), "999 123 4004", "*** *** ****"),
            (Mask::default(), "Zoë O\u{2019}Neil", "*** *\u{2019}****"),
            (Mask::default(), "０７７\u{a0}00–12", "***\u{a0}**–**"),
            (Mask::default(), "e\u{301} 🦄", "** *"),
            (Mask::default(), "", ""),
            (mask(4, End::End), "07700 900617", "***** **0617"),
            (mask(4, End::End), "1234-5678", "****-5678"),
            (mask(4, End::End), "1234-567", "****-***"),
            (mask(4, End::Start), "SW1A 1AA", "**** ***"),
            (mask(3, End::Start), "SW1A 1AA", "SW1* ***"),
            (mask(255, End::Start), "SW1A 1AA", "**** ***"),
            (Mask { with: '-', ..mask(2, End::End) }, "12-34", "---34"),
        ] {
            assert_eq!(mask.apply(words), masked);
        }
    }

    fn masks() -> impl Strategy<Value = Mask> {
        (0_u8..8, any::<bool>(), proptest::sample::select(vec!['*', '•', 'x', '0', '-', ' ', '█'])).prop_map(
            |(show, start, with)| Mask { show, from: if start { End::Start } else { End::End }, with },
        )
    }

    proptest! {
        #[test]
        fn masking_twice_is_masking_once(mask in masks(), words in "[A-Za-z0-9 *x•’-]{0,24}|\\PC{0,16}") {
            let once = mask.apply(&words);
            prop_assert_eq!(mask.apply(&once), once);
        }

        #[test]
        fn characters_stay_in_number_and_at_most_half_show(
            mask in masks(),
            words in "[A-Za-z0-9 é–-]{0,24}|\\PC{0,16}",
        ) {
            let masked = mask.apply(&words);
            prop_assert_eq!(masked.chars().count(), words.chars().count());
            let pairs = words.chars().zip(masked.chars()).filter(|(was, _)| mask.masks(*was));
            let count = pairs.clone().count();
            let kept = pairs.filter(|(was, is)| was == is && *is != mask.with).count();
            prop_assert!(kept <= usize::from(mask.show) && 2 * kept <= count);
        }
    }
}
