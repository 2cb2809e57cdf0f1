//! Lines of any input in memory of a fixed size.

use std::io::{BufRead, ErrorKind};

use crate::Error;

/// How far back from the limit an over-long line is searched for a space to cut at, in bytes.
const CUT_WINDOW: usize = 4096;

/// Reads lines without ever holding more than a limit of bytes.
///
/// A line longer than the limit comes in pieces, cut after the last space or else between two characters.
pub(crate) struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    /// How much of the buffer was handed out.
    used: usize,
    limit: usize,
    number: u64,
    /// The next piece starts a line.
    fresh: bool,
}

/// One line, or one piece of an over-long one.
pub(crate) struct Line<'a> {
    /// The bytes with the line ending, where the piece has one.
    pub(crate) bytes: &'a [u8],
    /// The line's number, counted from 1.
    pub(crate) number: u64,
    /// Whether the piece starts its line.
    pub(crate) first: bool,
    /// Whether the piece ends its line.
    pub(crate) last: bool,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R, limit: usize) -> Self {
        Self { input, buffer: Vec::new(), used: 0, limit: limit.max(16), number: 0, fresh: true }
    }

    /// The next line or piece; `None` at the end of the input.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'_>>, Error> {
        self.buffer.drain(..self.used);
        self.used = 0;
        let ended = loop {
            let room = self.limit.saturating_sub(self.buffer.len());
            if room == 0 {
                break false;
            }
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(Error::read(error)),
            };
            if available.is_empty() {
                break true;
            }
            let take = available.get(..room).unwrap_or(available);
            let (take, found) = match memchr::memchr(b'\n', take) {
                Some(at) => (take.get(..=at).unwrap_or(take), true),
                None => (take, false),
            };
            self.buffer.extend_from_slice(take);
            let taken = take.len();
            self.input.consume(taken);
            if found {
                break true;
            }
        };
        if self.buffer.is_empty() {
            return Ok(None);
        }
        self.used = if ended { self.buffer.len() } else { cut(&self.buffer) };
        let first = self.fresh;
        self.number += u64::from(first);
        self.fresh = ended;
        let bytes = self.buffer.get(..self.used).unwrap_or_default();
        Ok(Some(Line { bytes, number: self.number, first, last: ended }))
    }
}

/// Where to cut a full buffer: after its last space, else between characters, else at its end.
fn cut(buffer: &[u8]) -> usize {
    let floor = buffer.len().saturating_sub(CUT_WINDOW).max(buffer.len() / 2);
    if let Some(at) = buffer.iter().rposition(|byte| matches!(byte, b' ' | b'\t')).filter(|at| *at >= floor) {
        return at + 1;
    }
    let starts_character = |byte: &u8| byte & 0b1100_0000 != 0b1000_0000;
    match buffer.iter().rposition(starts_character) {
        Some(at) if at > 0 && buffer.len() - at <= 4 => at,
        _ => buffer.len(),
    }
}

/// The length of a line without its line ending: `\n` or `\r\n`.
pub(crate) fn without_ending(line: &[u8]) -> usize {
    let line = line.strip_suffix(b"\n").map_or(line, |rest| rest.strip_suffix(b"\r").unwrap_or(rest));
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(input: &[u8], limit: usize) -> Vec<(Vec<u8>, u64, bool)> {
        let mut lines = Lines::new(input, limit);
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push((line.bytes.to_vec(), line.number, line.first));
        }
        all
    }

    #[test]
    fn lines_keep_their_endings_and_numbers() {
        let all = pieces(b"one\r\n\ntwo\rthree\nfour", 64);
        let expected: [(&[u8], u64); 4] = [(b"one\r\n", 1), (b"\n", 2), (b"two\rthree\n", 3), (b"four", 4)];
        assert_eq!(all.len(), expected.len());
        for ((bytes, number, first), (line, at)) in all.iter().zip(expected) {
            assert_eq!((bytes.as_slice(), *number, *first), (line, at, true));
        }
        assert_eq!(without_ending(b"one\r\n"), 3);
        assert_eq!(without_ending(b"two\r"), 4);
        assert_eq!(pieces(b"", 64).len(), 0);
    }

    #[test]
    fn a_long_line_is_cut_at_a_space_or_between_characters() {
        let all = pieces("aaaaaaaaaa bbbbbbbbbb\nnext".as_bytes(), 16);
        let texts: Vec<&[u8]> = all.iter().map(|(bytes, ..)| bytes.as_slice()).collect();
        assert_eq!(texts, [b"aaaaaaaaaa ".as_slice(), b"bbbbbbbbbb\n", b"next"]);
        assert_eq!(
            all.iter().map(|(_, number, first)| (*number, *first)).collect::<Vec<_>>(),
            [(1, true), (1, false), (2, true)]
        );
        for (bytes, ..) in pieces("éééééééééééé😀😀😀😀😀".as_bytes(), 17) {
            assert!(std::str::from_utf8(&bytes).is_ok());
        }
        let bytes = vec![0x80; 100];
        assert_eq!(pieces(&bytes, 16).concat_len(), 100);
    }

    trait ConcatLen {
        fn concat_len(&self) -> usize;
    }

    impl ConcatLen for Vec<(Vec<u8>, u64, bool)> {
        fn concat_len(&self) -> usize {
            self.iter().map(|(bytes, ..)| bytes.len()).sum()
        }
    }
}
