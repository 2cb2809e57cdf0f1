//! Cuts a reading into windows that the model can take, at line and sentence breaks and with overlap.

use std::ops::Range;

use presend_detect::Reading;

/// The words that a window repeats from before its own, at most.
const OVERLAP: usize = 32;

/// Some words of a reading that the model reads together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// The words read.
    pub(crate) words: Range<usize>,
    /// The first of them whose answers count: the ones before are context.
    pub(crate) from: usize,
}

/// Cuts words that take so many pieces each into windows of at most `room` pieces; every word counts in exactly one.
pub(crate) fn windows(reading: &Reading, pieces: &[usize], room: usize) -> Vec<Window> {
    let mut windows = Vec::new();
    let (mut start, mut from) = (0, 0);
    while from < pieces.len() {
        let mut taken = 0;
        let fits = pieces.iter().skip(start).take_while(|&&count| {
            taken += count;
            taken <= room
        });
        // A word always fits, so that there is an end.
        let end = (start + fits.count()).max(from + 1).min(pieces.len());
        let cut = if end == pieces.len() { end } else { cut(reading, from, end) };
        windows.push(Window { words: start..end, from });
        from = cut;
        // The context starts where a line does, if one starts near enough.
        let earliest = cut.saturating_sub(OVERLAP);
        start = (earliest..cut).find(|&at| at == 0 || ends_line(reading, at - 1)).unwrap_or(earliest);
    }
    // The words after a window's cut were read too, but count in the next.
    windows
}

/// Where to end the words that count: after the last line break, or sentence end, of the window's second half.
fn cut(reading: &Reading, from: usize, end: usize) -> usize {
    let middle = from + (end - from) / 2;
    let last = |ends: fn(&Reading, usize) -> bool| (middle..end).rev().find(|&at| ends(reading, at));
    last(ends_line)
        .or_else(|| last(ends_sentence))
        .map_or_else(|| end - (end - from) / 4, |at| at + 1)
        .max(from + 1)
}

fn ends_line(reading: &Reading, at: usize) -> bool {
    reading.words().get(at).is_some_and(|word| matches!(reading.text(word), "\n" | "\r"))
}

fn ends_sentence(reading: &Reading, at: usize) -> bool {
    reading.words().get(at).is_some_and(|word| matches!(reading.text(word), "." | "!" | "?" | ";"))
}
