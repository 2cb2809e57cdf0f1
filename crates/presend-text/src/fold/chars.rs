//! What folding makes of one character, whatever stands around it.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible, is_combining_mark};

use super::{digits, latin};

/// One character of the folded text, before look-alikes are replaced.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// The character as it was before lower-casing: the look of a capital is not that of its small letter.
    pub(super) written: char,
    /// The character as it goes into the folded text.
    pub(super) folded: char,
}

impl Piece {
    const fn same(c: char) -> Self {
        Self { written: c, folded: c }
    }
}

/// What becomes of one original character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It becomes the pieces, of which there is at least one.
    Kept,
    /// It has no width: nothing is left of it.
    ZeroWidth,
    /// Nothing is left of it, and it belongs to the character before it.
    Mark,
}

/// What a folded character is to the word that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A Latin letter or an ASCII digit.
    Latin,
    /// A letter of another script.
    Foreign,
    /// Inside a word, but no sign of any script.
    Neutral,
    /// Not part of a word.
    Boundary,
}

/// Folds one character into `pieces`, which is cleared first.
pub(super) fn fold(c: char, pieces: &mut Vec<Piece>) -> Fate {
    pieces.clear();
    if c.is_ascii() {
        fold_part(c, pieces);
        return Fate::Kept;
    }
    if is_zero_width(c) {
        return Fate::ZeroWidth;
    }
    if stays(c) {
        pieces.push(Piece::same(c));
        return Fate::Kept;
    }
    if let Some(plain) = simple(c) {
        pieces.push(Piece::same(plain));
        return Fate::Kept;
    }
    if let Some(number) = digits::circled(c) {
        let tens = Some(number / 10).filter(|tens| *tens > 0);
        let digits = tens.into_iter().chain([number % 10]);
        pieces.extend(digits.filter_map(|digit| char::from_digit(digit, 10)).map(Piece::same));
        return Fate::Kept;
    }
    decompose_compatible(c, |part| fold_part(part, pieces));
    match pieces.first() {
        None => Fate::Mark,
        // A spacing accent decomposes into a space that carries the accent. A space there would be a lie.
        Some(Piece { folded: ' ', .. }) => {
            pieces.clear();
            pieces.push(Piece::same(c));
            Fate::Kept
        }
        Some(_) => Fate::Kept,
    }
}

/// Folds one character of a decomposition.
fn fold_part(part: char, pieces: &mut Vec<Piece>) {
    if part.is_ascii() {
        let folded = if part == '`' { '\'' } else { part.to_ascii_lowercase() };
        pieces.push(Piece { written: part, folded });
        return;
    }
    if is_mark(part) || is_zero_width(part) {
        return;
    }
    if let Some(plain) = simple(part).or_else(|| digits::decimal(part)) {
        pieces.push(Piece::same(plain));
        return;
    }
    for small in part.to_lowercase() {
        match small {
            // One sigma, so that a word folds the same in capitals.
            'ς' => pieces.push(Piece { written: part, folded: 'σ' }),
            _ if is_mark(small) => {}
            _ => match latin::ascii(small) {
                Some(ascii) => pieces.extend(ascii.chars().map(Piece::same)),
                None => pieces.push(Piece { written: part, folded: small }),
            },
        }
    }
}

/// The class of a folded character.
pub(super) fn class(folded: char) -> Class {
    if folded.is_ascii() {
        return if folded.is_ascii_alphanumeric() { Class::Latin } else { Class::Boundary };
    }
    if folded.is_alphabetic() {
        // Some marks are alphabetic too, and are no letters of their own.
        if is_combining_mark(folded) {
            Class::Neutral
        } else if latin::is_block(folded) {
            Class::Latin
        } else {
            Class::Foreign
        }
    } else if is_combining_mark(folded) || folded.is_numeric() {
        Class::Neutral
    } else {
        Class::Boundary
    }
}

/// Characters that decomposition would change and that stay as they are.
///
/// A vulgar fraction would put digits beside those of a whole number (5½ would read 51/2), and a sign such as ™
/// would add letters to the word that it follows.
const fn stays(c: char) -> bool {
    matches!(c, '¼'..='¾' | '\u{2150}'..='\u{215F}' | '\u{2189}' | '™' | '℠' | '🅪'..='🅬')
}

/// Format characters, fillers and joiners that show nothing and belong to no character (Unicode's
/// `Default_Ignorable_Code_Point`, less those that [`is_mark`] has, with the annotation marks).
const fn is_zero_width(c: char) -> bool {
    matches!(c,
        '\u{AD}'
        | '\u{61C}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E001F}'
        | '\u{E0080}'..='\u{E00FF}'
        | '\u{E01F0}'..='\u{E0FFF}')
}

/// Marks that change how the character before them looks: accents, enclosing marks (the keycap too), variation
/// selectors and the tags of emoji flags.
///
/// Marks that reorder (a canonical combining class above zero) are accents in the wide sense. The vowel signs of
/// Indic and other scripts, which do not, are letters as far as names are concerned, and are kept.
fn is_mark(c: char) -> bool {
    c >= '\u{300}'
        && (matches!(c,
            '\u{34F}'
            | '\u{488}'..='\u{489}'
            | '\u{180B}'..='\u{180D}'
            | '\u{180F}'
            | '\u{1ABE}'
            | '\u{20DD}'..='\u{20E0}'
            | '\u{20E2}'..='\u{20E4}'
            | '\u{A670}'..='\u{A672}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{1CF00}'..='\u{1CF46}'
            | '\u{E0020}'..='\u{E007F}'
            | '\u{E0100}'..='\u{E01EF}')
            || canonical_combining_class(c) != 0)
}

/// Spaces, dashes, quotation marks and slashes, each as the one that the keyboard has.
const fn simple(c: char) -> Option<char> {
    Some(match c {
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => ' ',
        '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        // Modifier minus, hyphen bullet, minus sign, heavy minus sign; the rest is general category `Pd`.
        '\u{2D7}' | '\u{2043}' | '\u{2212}' | '\u{2796}' => '-',
        '\u{58A}'
        | '\u{5BE}'
        | '\u{1400}'
        | '\u{1806}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2E17}'
        | '\u{2E1A}'
        | '\u{2E3A}'..='\u{2E3B}'
        | '\u{2E40}'
        | '\u{2E5D}'
        | '\u{301C}'
        | '\u{3030}'
        | '\u{30A0}'
        | '\u{FE31}'..='\u{FE32}'
        | '\u{FE58}'
        | '\u{FE63}'
        | '\u{FF0D}'
        | '\u{10D6E}'
        | '\u{10EAD}' => '-',
        // Quotation marks, primes, modifier letters and accents that people type for an apostrophe.
        '´' | 'ʹ' | 'ʻ' | 'ʼ' | 'ʽ' | 'ʾ' | 'ʿ' | 'ˈ' | 'ˊ' | 'ˋ' | '΄' | '՚' | '׳' | 'ߴ' | 'ߵ' | '᾽'
        | '᾿' | '῾' | '‘' | '’' | '‚' | '‛' | '′' | '‵' | '❛' | '❜' | 'Ꞌ' | 'ꞌ' | '＇' => {
            '\''
        }
        '«' | '»' | 'ʺ' | '˝' | 'ˮ' | '״' | '“' | '”' | '„' | '‟' | '″' | '‶' | '❝' | '❞' => {
            '"'
        }
        '\u{301D}'..='\u{301F}' | '＂' => '"',
        // Fraction slash, division slash, big solidus.
        '\u{2044}' | '\u{2215}' | '\u{29F8}' => '/',
        _ => return None,
    })
}
