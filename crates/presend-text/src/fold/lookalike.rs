//! Letters of other scripts that are drawn like a Latin letter.
//!
//! The idea is that of Unicode Technical Standard 39, *Unicode Security Mechanisms* (its "confusables"): letters that look the same are compared as the
//! same. The selection is our own and small: the letters of Cyrillic, Greek, Armenian and Cherokee that common
//! screen fonts draw like a basic Latin letter. Decomposition comes first, so accented forms need no entry. Letters
//! that also carry meaning in clinical text on their own, such as β, γ and μ, are left out.

/// How much a letter of another script looks like its Latin twin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Twin {
    /// The Latin letter, in lower case.
    pub(super) latin: char,
    /// Whether it is drawn the same in common fonts. Others (к, н, α) are only similar: they count as look-alikes
    /// in a word that shows in other ways that it is meant to be read as Latin.
    pub(super) exact: bool,
}

/// The Latin twin of a letter, given as it was written (after decomposition, before lower-casing).
pub(super) fn twin(c: char) -> Option<Twin> {
    if !has_twins(c) {
        return None;
    }
    // A capital counts wherever its small letter does, so that folding folded text changes nothing.
    of(c).or_else(|| {
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(small), None) if small != c => of(small),
            _ => None,
        }
    })
}

const fn has_twins(c: char) -> bool {
    matches!(c, '\u{0370}'..='\u{058F}' | '\u{13A0}'..='\u{13FF}' | '\u{AB70}'..='\u{ABBF}')
}

const fn of(c: char) -> Option<Twin> {
    let latin = match exact(c) {
        Some(latin) => return Some(Twin { latin, exact: true }),
        None => similar(c),
    };
    match latin {
        Some(latin) => Some(Twin { latin, exact: false }),
        None => None,
    }
}

#[rustfmt::skip]
const fn exact(c: char) -> Option<char> {
    Some(match c {
        // Cyrillic capitals.
        'А' => 'a', 'В' => 'b', 'С' => 'c', 'Е' => 'e', 'Н' => 'h', 'І' => 'i', 'Ј' => 'j', 'К' => 'k', 'Ӏ' => 'l',
        'М' => 'm', 'О' => 'o', 'Р' => 'p', 'Ԛ' => 'q', 'Ѕ' => 's', 'Т' => 't', 'Ԝ' => 'w', 'Х' => 'x', 'У' | 'Ү' => 'y',
        // Cyrillic small letters.
        'а' => 'a', 'с' => 'c', 'ԁ' => 'd', 'е' => 'e', 'һ' => 'h', 'і' => 'i', 'ј' => 'j', 'ӏ' => 'l', 'о' => 'o',
        'р' => 'p', 'ԛ' => 'q', 'ѕ' => 's', 'ԝ' => 'w', 'х' => 'x', 'у' | 'ү' => 'y',
        // Greek capitals.
        'Α' => 'a', 'Β' => 'b', 'Ε' => 'e', 'Η' => 'h', 'Ι' => 'i', 'Ϳ' => 'j', 'Κ' => 'k', 'Μ' => 'm', 'Ν' => 'n',
        'Ο' => 'o', 'Ρ' => 'p', 'Τ' => 't', 'Χ' => 'x', 'Υ' => 'y', 'Ζ' => 'z',
        // Greek small letters.
        'ϳ' => 'j', 'ο' => 'o', 'ν' => 'v',
        // Armenian.
        'Լ' => 'l', 'Օ' | 'օ' => 'o', 'Տ' => 's', 'Ս' => 'u',
        // Cherokee.
        'Ꭺ' => 'a', 'Ᏼ' => 'b', 'Ꮯ' => 'c', 'Ꭰ' => 'd', 'Ꭼ' => 'e', 'Ꮐ' => 'g', 'Ꮋ' => 'h', 'Ꭻ' => 'j', 'Ꮶ' => 'k',
        'Ꮮ' => 'l', 'Ꮇ' => 'm', 'Ꮲ' => 'p', 'Ꭱ' => 'r', 'Ꮪ' => 's', 'Ꭲ' => 't', 'Ꮩ' => 'v', 'Ꮃ' => 'w', 'Ꮍ' => 'y',
        'Ꮓ' => 'z',
        _ => return None,
    })
}

#[rustfmt::skip]
const fn similar(c: char) -> Option<char> {
    Some(match c {
        // Cyrillic.
        'в' => 'b', 'к' => 'k', 'м' => 'm', 'н' => 'h', 'т' => 't',
        // Greek.
        'α' => 'a', 'ε' => 'e', 'η' => 'n', 'ι' => 'i', 'κ' => 'k', 'ρ' => 'p', 'τ' => 't', 'υ' => 'u', 'χ' => 'x',
        'ω' => 'w',
        // Armenian.
        'ց' => 'g', 'հ' => 'h', 'յ' => 'j', 'ո' => 'n', 'ս' => 'u',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::latin;
    use super::*;

    #[test]
    fn every_twin_is_a_latin_letter_of_a_letter_that_is_not() {
        let with_twins: Vec<char> = ('\0'..=char::MAX).filter(|c| of(*c).is_some()).collect();
        for c in &with_twins {
            assert!(c.is_alphabetic() && !c.is_ascii() && !latin::is_block(*c), "{c}");
            assert!(twin(*c).is_some_and(|twin| twin.latin.is_ascii_lowercase()), "{c}");
            // Decomposition comes first: an entry that it changes would never be used.
            let mut parts = Vec::new();
            unicode_normalization::char::decompose_compatible(*c, |part| parts.push(part));
            assert_eq!(parts, [*c]);
        }
        assert!(with_twins.len() < 120, "the table stays small");
    }

    #[test]
    fn lower_casing_never_makes_a_look_alike_or_an_exact_one() {
        // Signs such as Ω (ohm) never come here: decomposition makes them letters first.
        for c in ('\0'..=char::MAX).filter(|c| has_twins(*c)) {
            for small in c.to_lowercase() {
                let exact = |c| twin(c).map(|twin| twin.exact);
                assert!(exact(small) <= exact(c), "{c}");
            }
        }
    }
}
