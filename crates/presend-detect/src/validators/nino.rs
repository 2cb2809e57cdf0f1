//! National Insurance numbers.
//!
//! Source: HMRC, National Insurance Manual NIM39110: neither letter of the prefix is D, F, I, Q, U or V, the second is not O;
//! the prefixes BG, GB, KN, NK, NT, TN and ZZ are not allocated; the suffix is A, B, C or D.

use super::around;
use super::{Candidate, Verdict};

const NOT_ALLOCATED: &[&str] = &["bg", "gb", "kn", "nk", "nt", "tn", "zz"];

/// Words and abbreviations of two letters that are allowed prefixes: in front of loose numbers they are words.
#[rustfmt::skip]
const WORDS: &[&str] =
    &[
    "am", "an", "as", "at", "be", "bm", "bp", "by", "er", "he", "hr", "me", "my", "pr", "rr", "we", "wt",
];

/// A National Insurance number, with or without its suffix.
pub(crate) fn nino(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let mut letters = text.chars().filter(char::is_ascii_lowercase);
    let (Some(first), Some(second)) = (letters.next(), letters.next()) else { return Verdict::Reject };
    let suffix = letters.next();
    if candidate.digits().count() != 6 || (suffix.is_none() && around::digits_touch_right(candidate)) {
        return Verdict::Reject;
    }
    let prefix = text.get(..2).unwrap_or_default();
    let allocated =
        !"dfiquv".contains(first) && !"dfioquv".contains(second) && !NOT_ALLOCATED.contains(&prefix);
    // "rr 12 34 56 a" is running text; in "rr123456a" and "rr 123456 a" the digits are one number.
    let together = text.as_bytes().windows(6).any(|six| six.iter().all(u8::is_ascii_digit));
    let word = !together && text.get(2..3) == Some(" ") && WORDS.binary_search(&prefix).is_ok();
    let mut marks =
        text.split(|c: char| c.is_ascii_alphanumeric()).map(str::trim).filter(|mark| !mark.is_empty());
    let first_mark = marks.next();
    let even = marks.all(|mark| Some(mark) == first_mark);
    match (allocated, suffix) {
        (true, _) if !even => Verdict::Doubtful("the parts are set apart unevenly"),
        (true, Some('a'..='d')) if word => {
            Verdict::Doubtful("the form is that of a National Insurance number")
        }
        (true, Some('a'..='d')) => Verdict::Valid("HMRC's rules for prefix and suffix hold"),
        (true, None) => Verdict::Doubtful("the suffix is missing"),
        (true, Some(_)) => Verdict::Doubtful("the suffix is none that HMRC gives out"),
        // Temporary numbers of pension and tax systems start with TN; leaflets use QQ.
        (false, _) if around::digits_touch_right(candidate) => Verdict::Reject,
        (false, _) => Verdict::Doubtful("the prefix is none that HMRC gives out"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Verdict {
        nino(&Candidate { text, start: 0, end: text.len() })
    }

    #[test]
    fn numbers() {
        for text in
            ["ab123456c", "jh 12 34 56 c", "jg-10-31-59-a", "rr123456a", "jg 103159 a", "jg 10 31 59a"]
        {
            assert!(matches!(judged(text), Verdict::Valid(_)), "{text}");
        }
        for text in [
            "qq123456c",
            "bg123456c",
            "ab123456e",
            "do123456a",
            "jg123456",
            "rr 12 34 56 a",
            "am, 10/13/92. a",
        ] {
            assert!(matches!(judged(text), Verdict::Doubtful(_)), "{text}");
        }
        assert_eq!(judged("ab12345c"), Verdict::Reject);
    }

    #[test]
    fn words_are_sorted() {
        assert!(WORDS.is_sorted_by(|a, b| a < b));
    }
}
