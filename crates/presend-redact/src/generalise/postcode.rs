//! Postcodes cut to their outward code or their area.
//!
//! Source: Royal Mail, Programmers' Guide (postcode format).

use presend_text::Span;

use crate::tokens::{Text, Token};

pub(super) fn district(words: &str) -> Option<String> {
    cut(words, |outward| outward.len())
}

pub(super) fn area(words: &str) -> Option<String> {
    cut(words, |outward| outward.iter().take_while(|symbol| symbol.meant.is_alphabetic()).count())
}

/// A letter or digit, written as one or said as a word.
#[derive(Clone, Copy)]
struct Symbol {
    /// Folded.
    written: char,
    /// What it stands for: a digit typed as a letter is a digit.
    meant: char,
    span: Span,
    /// Whether a gap stands before it.
    apart: bool,
}

fn cut(words: &str, keep: impl Fn(&[Symbol]) -> usize) -> Option<String> {
    let text = Text::new(words)?;
    let marked = |c: char| c.is_alphanumeric() || c.is_whitespace() || matches!(c, '.' | '-');
    if !text.folded().chars().all(marked) {
        return None;
    }
    let symbols = symbols(&text)?;
    let outward = outward(&symbols)?;
    let kept = outward.get(..keep(&outward).min(outward.len()))?;
    if kept.len() == symbols.len() && kept.iter().zip(&symbols).all(|(kept, had)| kept.meant == had.written) {
        return Some(words.to_owned());
    }
    let span = kept.first()?.span.cover(kept.last()?.span);
    let written = text.written(span)?;
    let said = kept.iter().any(is_said);
    // Letters one by one keep their gaps; one gap somewhere would part the outward code from an inward one.
    let apart = kept.iter().skip(1).filter(|symbol| symbol.apart).count();
    let whole = apart == 0 || apart == kept.len() - 1;
    if said || whole && written.is_ascii() && kept.iter().all(|symbol| symbol.meant == symbol.written) {
        return Some(written.replace(['\r', '\n'], " "));
    }
    let upper = written.chars().any(char::is_uppercase);
    Some(
        kept.iter()
            .map(|symbol| if upper { symbol.meant.to_ascii_uppercase() } else { symbol.meant })
            .collect(),
    )
}

/// The letters and digits one by one; words of the spelling alphabet and of numbers count as one each.
fn symbols(text: &Text<'_>) -> Option<Vec<Symbol>> {
    let tokens = text.tokens();
    let mut symbols = Vec::new();
    let spoken = tokens.iter().any(|token| token.text.len() > 2 && said(token).is_some());
    let mut end = 0;
    for token in &tokens {
        let apart = token.span.start() > end;
        end = token.span.end();
        match said(token).filter(|_| spoken) {
            Some(meant) => symbols.push(Symbol { written: meant, meant, span: token.span, apart }),
            None if spoken && token.text.len() > 1 && !token.digits => return None,
            None => {
                let mut apart = apart;
                for (at, c) in token.text.char_indices() {
                    if !c.is_ascii_alphanumeric() {
                        return None;
                    }
                    let start = token.span.start() + at;
                    symbols.push(Symbol { written: c, meant: c, span: Span::new(start, start + 1), apart });
                    apart = false;
                }
            }
        }
        if symbols.len() > 8 {
            return None;
        }
    }
    Some(symbols)
}

/// What a word of a spelt postcode stands for.
fn said(token: &Token<'_>) -> Option<char> {
    #[rustfmt::skip]
    const LETTERS: [&str; 26] = [
        "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima",
        "mike",
        "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey", "xray",
        "yankee", "zulu",
    ];
    const DIGITS: [&str; 10] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let word = match token.text {
        "alfa" => "alpha",
        "juliett" => "juliet",
        "whisky" => "whiskey",
        "oh" | "nought" => "zero",
        other => other,
    };
    ('a'..='z')
        .zip(LETTERS)
        .chain(('0'..='9').zip(DIGITS))
        .find(|(_, name)| *name == word)
        .map(|(meant, _)| meant)
}

/// Whether the symbol was said as a word, which is not mistaken for another as a letter is.
const fn is_said(symbol: &Symbol) -> bool {
    symbol.span.len() > 1
}

/// The digit that a letter is easily taken for.
const fn digit(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' => c,
        'o' => '0',
        'i' | 'l' => '1',
        'z' => '2',
        's' => '5',
        'b' => '8',
        _ => return None,
    })
}

/// The letter that a digit is easily taken for.
const fn letter(c: char) -> Option<char> {
    Some(match c {
        'a'..='z' => c,
        '0' => 'o',
        '1' => 'i',
        '5' => 's',
        '8' => 'b',
        _ => return None,
    })
}

/// The symbols of the outward code, with digits and letters as they are meant, or of an area alone.
fn outward(symbols: &[Symbol]) -> Option<Vec<Symbol>> {
    let all: Vec<char> = symbols.iter().map(|symbol| symbol.written).collect();
    if symbols.len() <= 2 && all.iter().all(char::is_ascii_alphabetic) && !all.is_empty() {
        return Some(symbols.to_vec());
    }
    if all.starts_with(&['b', 'f', 'p', 'o']) || all.starts_with(&['g', 'i', 'r']) && all.len() <= 6 {
        let len = if all.starts_with(&['b']) { 4 } else { 3 };
        return symbols.get(..len).map(<[Symbol]>::to_vec);
    }
    if let Some(split) = symbols.len().checked_sub(3)
        && (2..=4).contains(&split)
        && let [number, first, second] = all.get(split..).unwrap_or_default()
        && digit(*number).is_some()
        && letter(*first).is_some()
        && letter(*second).is_some()
        // "M12 1" and "SW1A 1" are no postcodes.
        && first.is_ascii_alphabetic() | second.is_ascii_alphabetic()
        && let Some(outward) = meant(symbols.get(..split)?, !symbols.iter().any(is_said))
    {
        return Some(outward);
    }
    // The outward code with a part of the inward one behind a gap: "NG5 1".
    let gap = symbols.iter().skip(1).position(|symbol| symbol.apart).map(|at| at + 1);
    if let Some(gap) = gap.filter(|gap| (2..=4).contains(gap) && !symbols.iter().any(is_said))
        && symbols.len() - gap <= 3
        && symbols.get(gap).is_some_and(|symbol| symbol.written.is_ascii_digit())
        && let Some(outward) = meant(symbols.get(..gap)?, false)
    {
        return Some(outward);
    }
    meant(symbols, false)
}

/// Reads the symbols as a whole outward code; `typos` allows letters and digits that are taken for each other.
fn meant(symbols: &[Symbol], typos: bool) -> Option<Vec<Symbol>> {
    // A: a letter, 9: a digit.
    let forms: &[&str] = match symbols.len() {
        2 => &["A9"],
        3 => &["A99", "AA9", "A9A"],
        4 => &["AA99", "AA9A"],
        _ => return None,
    };
    let fit = |form: &str, typos: bool| -> Option<Vec<Symbol>> {
        let read = symbols.iter().zip(form.chars()).map(|(symbol, kind)| {
            let meant = match (kind, typos) {
                ('A', true) => letter(symbol.written)?,
                ('A', false) => Some(symbol.written).filter(char::is_ascii_alphabetic)?,
                (_, true) => digit(symbol.written)?,
                (_, false) => Some(symbol.written).filter(char::is_ascii_digit)?,
            };
            Some(Symbol { meant, ..*symbol })
        });
        read.collect()
    };
    // No district of two digits starts with a zero: "S01" is SO1.
    let real = |outward: &Vec<Symbol>| match outward.as_slice() {
        [_, first, second] => first.meant != '0' || !second.meant.is_ascii_digit(),
        _ => true,
    };
    let fits = |typos: bool| forms.iter().filter_map(|form| fit(form, typos)).find(real);
    fits(false).or_else(|| typos.then(|| fits(true)).flatten())
}
