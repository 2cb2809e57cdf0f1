//! Folding: the view of a message on which all matching runs.

mod alignment;
mod chars;
mod digits;
mod escapes;
mod latin;
mod lookalike;

use std::fmt;
use std::ops::Range;

use crate::Span;
use crate::ascii_prefix;
use alignment::Alignment;
use chars::{Class, Fate, Piece};

/// A message folded for matching, with the way back from folded bytes to the original ones.
///
/// Two spellings that a reader takes for the same fold to the same text:
///
/// | in the message | folded |
/// | --- | --- |
/// | letters in any case; full-width, half-width, mathematical, superscript and other compatibility forms; ligatures and Roman numerals | the plain letters in lower case |
/// | accents, enclosing marks and variation selectors; ø ł đ ß æ and the like | none; ASCII letters |
/// | decimal digits of any script, superscript or in circles | `0` to `9` |
/// | no-break and other Unicode spaces, one for one | space |
/// | U+0085, U+2028, U+2029 (`\n` and `\r` stay) | `\n` |
/// | dashes, hyphens and minus signs | `-` |
/// | apostrophes, single quotation marks, primes, grave and acute accents that stand alone | `'` |
/// | double quotation marks and double primes | `"` |
/// | fraction and division slashes | `/` |
/// | soft hyphens, zero-width and bidirectional control characters, byte order marks, fillers | nothing |
/// | Cyrillic, Greek, Armenian and Cherokee letters drawn like Latin ones, where the whole word is | the Latin letters |
///
/// A word (letters, digits and marks without a break) has its look-alikes replaced where every letter of another
/// script in it is one. Letters that only resemble a Latin letter, such as к and α, count where the word also has a
/// Latin letter or a digit. So words that really are Cyrillic or Greek keep their script, save the few that are
/// made of look-alikes alone. Greek final sigma becomes σ.
///
/// Vulgar fractions (½), ™, accents that stand alone (¨), emoji and everything else stay as they are. µ becomes the
/// Greek μ. Folding folded text changes nothing.
///
/// ```
/// use presend_text::{Folded, Span};
///
/// let message = "Ask Zoë O\u{2019}Neil on ０７７\u{a0}…";
/// let folded = Folded::new(message);
/// assert_eq!(folded.text(), "ask zoe o'neil on 077 ...");
///
/// let name = folded.text().find("zoe o'neil").map(|at| Span::new(at, at + 10)).unwrap_or_default();
/// assert_eq!(folded.original_span(name).of(message), Some("Zoë O\u{2019}Neil"));
/// ```
#[derive(Clone, Default)]
pub struct Folded {
    text: String,
    original_len: usize,
    alignment: Alignment,
    word: Word,
    /// Where in the original the escapes are that are folded to their marks.
    escapes: Vec<usize>,
    /// The pieces of one character; kept for its buffer.
    pieces: Vec<Piece>,
}

impl Folded {
    /// Folds a message.
    #[must_use]
    pub fn new(message: &str) -> Self {
        let mut folded = Self::default();
        folded.fold_into(message);
        folded
    }

    /// Folds another message into the same buffers, replacing what was there.
    pub fn fold_into(&mut self, message: &str) {
        self.escapes.clear();
        self.fold(message);
    }

    /// Like [`fold_into`](Self::fold_into), with the blanks and marks that search logs and forms write as escapes, `%20`
    /// and `%2F`, as what they are. A percentage such as "94%20L" and a web address stay as they are.
    ///
    /// Not a part of folding, since `%20` is what it is where a single word is compared.
    ///
    /// ```
    /// use presend_text::{Folded, Span};
    ///
    /// let mut folded = Folded::default();
    /// folded.fold_decoded_into("name=Ann%20Smith&dob=12%2F03%2F1961");
    /// assert_eq!(folded.text(), "name=ann smith&dob=12/03/1961");
    /// assert_eq!(folded.original_span(Span::new(5, 14)), Span::new(5, 16));
    /// ```
    pub fn fold_decoded_into(&mut self, message: &str) {
        escapes::find(message, &mut self.escapes);
        self.fold(message);
    }

    fn fold(&mut self, message: &str) {
        self.text.clear();
        self.alignment.clear();
        self.original_len = message.len();
        self.text.reserve(message.len());

        let mut rest = message;
        self.word.state = State::Latin;
        let escapes = std::mem::take(&mut self.escapes);
        let mut ahead = escapes.as_slice();
        loop {
            let (ascii, tail) = rest.split_at_checked(ascii_prefix(rest.as_bytes())).unwrap_or((rest, ""));
            self.word.pass(ascii);
            let mut start = message.len() - rest.len();
            let mut plain = ascii;
            while let Some((escape, others)) = ahead.split_first()
                && let Some((before, after)) = plain.split_at_checked(escape.wrapping_sub(start))
            {
                self.push_ascii(before);
                self.push_escape(message, *escape);
                start = escape + escapes::LEN;
                plain = after.get(escapes::LEN..).unwrap_or_default();
                ahead = others;
            }
            self.push_ascii(plain);
            let Some(c) = tail.chars().next() else { break };
            let start = message.len() - tail.len();
            rest = tail.get(c.len_utf8()..).unwrap_or_default();
            self.push_char(c, start, rest);
        }
        self.escapes = escapes;
        // Last and in one pass, which runs at the speed of memory. All else went in as lower case.
        self.text.make_ascii_lowercase();
    }

    /// Writes `*` for the underscores that chat apps take for the marks of italics and bold, `_so_` and `__so__`, and for
    /// those of a form's blank, `____so____`: a pair of runs on one line, both of one underscore or both of several, with
    /// a word inside and a space or a mark outside. Offsets stay as they are.
    ///
    /// Not a part of folding, since in a list of user names `_so_` is one.
    ///
    /// ```
    /// let mut folded = presend_text::Folded::new("_Well_ said j_okafor_");
    /// folded.part_italics();
    /// assert_eq!(folded.text(), "*well* said j_okafor_");
    /// ```
    pub fn part_italics(&mut self) {
        let inside = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
        let before = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "([{\"'*~>-:,".contains(c));
        let after = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || ")]}\"'*~.,;:!?".contains(c));
        let mut marks = Vec::new();
        let mut opened: Option<Range<usize>> = None;
        let mut at = 0;
        while let Some((gap, rest)) = self.text.get(at..).and_then(|rest| rest.split_once('_')) {
            let next = rest.trim_start_matches('_');
            let start = at + gap.len();
            let run = start..self.text.len() - next.len();
            at = run.end;
            if gap.contains('\n') {
                opened = None;
            }
            // What stands before: two runs always have something between them.
            let (previous, next) = (gap.chars().next_back(), next.chars().next());
            match opened.take() {
                Some(open) if inside(previous) && after(next) && (open.len() == 1) == (run.len() == 1) => {
                    marks.extend([open, run]);
                }
                None if before(previous) && inside(next) => opened = Some(run),
                open => opened = open,
            }
        }
        for mark in marks {
            let stars = "*".repeat(mark.len());
            self.text.replace_range(mark, &stars);
        }
    }

    /// The folded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes the folded text out.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// Whether every folded offset is the same in the original, so that spans need no mapping.
    ///
    /// True of every message in ASCII.
    #[must_use]
    pub fn is_identity_aligned(&self) -> bool {
        self.alignment.is_identity()
    }

    /// The length of the original message in bytes.
    #[must_use]
    pub const fn original_len(&self) -> usize {
        self.original_len
    }

    /// The original bytes that a span of the folded text stands for.
    ///
    /// From the start of the first character that contributed to the end of the last, whole characters in both
    /// cases. Accents and zero-width characters between them are covered, and so are the marks that belong to the
    /// last character; zero-width characters before the first and after the last are not. A span that is not empty
    /// gives one that is not empty. Offsets past the end count as the end, and offsets inside what one original
    /// character became are rounded outwards.
    #[must_use]
    pub fn original_span(&self, folded: Span) -> Span {
        self.alignment.to_original(self.whole_chars(folded))
    }

    /// The folded bytes that a span of the original gave, empty where nothing is left of it.
    ///
    /// A character that folded to several counts as a whole, and marks count with the character that they belong to.
    /// So does a zero-width character between a character and its mark. Offsets past the end count as the end, and
    /// offsets inside a character are rounded outwards.
    #[must_use]
    pub fn folded_span(&self, original: Span) -> Span {
        let original =
            Span::new(original.start().min(self.original_len), original.end().min(self.original_len));
        self.whole_chars(self.alignment.to_folded(original))
    }

    /// A span of the folded text, limited to it and widened to character boundaries.
    fn whole_chars(&self, span: Span) -> Span {
        let end = self.text.ceil_char_boundary(span.end());
        Span::new(self.text.floor_char_boundary(span.start()), end)
    }

    /// Adds ASCII as it is: lower-casing comes at the end.
    fn push_ascii(&mut self, ascii: &str) {
        for (index, piece) in ascii.split('`').enumerate() {
            if index > 0 {
                self.text.push('\'');
            }
            self.text.push_str(piece);
        }
    }

    /// Adds the mark that the escape at `start` stands for.
    fn push_escape(&mut self, message: &str, start: usize) {
        if let Some(mark) = escapes::mark(message, start) {
            let at = self.text.len();
            self.text.push(mark);
            self.alignment.replaced(Span::new(at, at + 1), Span::new(start, start + escapes::LEN));
        }
    }

    /// Adds one character that is not ASCII, found at `start` and followed by `rest`.
    fn push_char(&mut self, c: char, start: usize, rest: &str) {
        let original = Span::new(start, start + c.len_utf8());
        let at = self.text.len();
        match chars::fold(c, &mut self.pieces) {
            Fate::ZeroWidth => self.alignment.dropped(at, original),
            Fate::Mark => self.alignment.marked(&self.text, original),
            Fate::Kept => {
                let mut pieces = self.pieces.as_slice();
                while let Some((piece, others)) = pieces.split_first() {
                    let next = self.word.next(*piece, others, &self.text, rest);
                    self.text.push(next);
                    pieces = others;
                }
                let folded = Span::new(at, self.text.len());
                if self.pieces.len() > 1 || folded.len() != original.len() {
                    self.alignment.replaced(folded, original);
                }
            }
        }
    }
}

/// The word that folding stands in, as far as look-alikes go.
#[derive(Clone, Default)]
struct Word {
    state: State,
    /// The pieces of a character further on; kept for its buffer.
    ahead: Vec<Piece>,
}

/// What is known of a word.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// No letter of another script yet.
    #[default]
    Latin,
    /// Every letter of another script in it is a look-alike: they are replaced.
    Disguised,
    /// It is a word of another script and stays.
    Foreign,
}

impl Word {
    /// Goes past ASCII text, at any character of which the word may end.
    fn pass(&mut self, ascii: &str) {
        if self.state != State::Latin && ascii.bytes().any(|byte| !byte.is_ascii_alphanumeric()) {
            self.state = State::Latin;
        }
    }

    /// Goes past one piece, and returns the character to write for it.
    ///
    /// `others` are the further pieces of the same character, `before` is the folded text so far, and `rest` the
    /// original text after that character.
    fn next(&mut self, piece: Piece, others: &[Piece], before: &str, rest: &str) -> char {
        match chars::class(piece.folded) {
            Class::Boundary => self.state = State::Latin,
            Class::Latin | Class::Neutral => {}
            Class::Foreign => {
                if self.state == State::Latin {
                    self.state = self.judge(piece, others, before, rest);
                }
                if self.state == State::Disguised
                    && let Some(twin) = lookalike::twin(piece.written)
                {
                    return twin.latin;
                }
            }
        }
        piece.folded
    }

    /// Judges the word in which `piece` is the first letter of another script.
    ///
    /// Reads to the end of the word, but not past the first letter that is no look-alike. No word is read twice, so
    /// the time for a message stays linear.
    fn judge(&mut self, piece: Piece, others: &[Piece], before: &str, rest: &str) -> State {
        let latin = before.chars().next_back().is_some_and(|c| chars::class(c) == Class::Latin);
        let mut reading = Reading { latin, all_exact: true };
        let mut verdict = reading.read(&[piece]).or_else(|| reading.read(others));
        let mut rest = rest.chars();
        while verdict.is_none() {
            let Some(c) = rest.next() else { break };
            chars::fold(c, &mut self.ahead);
            verdict = reading.read(&self.ahead);
        }
        verdict.unwrap_or_else(|| reading.verdict())
    }
}

/// What reading ahead has found in a word so far.
struct Reading {
    /// A Latin letter or a digit.
    latin: bool,
    /// No letter of another script but exact look-alikes.
    all_exact: bool,
}

impl Reading {
    /// Reads on, and returns the verdict once it is certain.
    fn read(&mut self, pieces: &[Piece]) -> Option<State> {
        for piece in pieces {
            match chars::class(piece.folded) {
                Class::Boundary => return Some(self.verdict()),
                Class::Latin => self.latin = true,
                Class::Neutral => {}
                Class::Foreign => match lookalike::twin(piece.written) {
                    Some(twin) => self.all_exact &= twin.exact,
                    None => return Some(State::Foreign),
                },
            }
        }
        None
    }

    /// The verdict on a word that ends here.
    const fn verdict(&self) -> State {
        if self.latin || self.all_exact { State::Disguised } else { State::Foreign }
    }
}

impl fmt::Debug for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Folded")
            .field("original_len", &self.original_len)
            .field("folded_len", &self.text.len())
            .field("edits", &self.alignment.len())
            .finish()
    }
}
