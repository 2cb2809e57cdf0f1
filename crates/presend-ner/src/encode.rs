//! Words into the pieces that the model has vectors for.

use presend_detect::{Reading, Word};
use tokenizers::models::ModelWrapper;
use tokenizers::{Model as _, Tokenizer};

use crate::Error;

/// The most pieces of one word; what is past them says nothing more about it.
const WORD_PIECES: usize = 8;

/// The digits from which on a number is read by its length alone.
const LONG_NUMBER: usize = 3;
/// The longest number told from longer ones.
const LONGEST_NUMBER: usize = 12;

/// Cuts words into pieces by the model's vocabulary.
pub struct Encoder {
    tokenizer: Tokenizer,
    /// The special pieces `[NUM3]` to `[NUM12]`, by length less [`LONG_NUMBER`].
    numbers: Vec<u32>,
    line: u32,
    unknown: u32,
    start: u32,
    end: u32,
}

impl Encoder {
    /// Reads a `tokenizer.json`.
    ///
    /// # Errors
    ///
    /// Where the bytes are no tokenizer, or one of the special pieces is missing.
    pub fn new(json: &[u8]) -> Result<Self, Error> {
        let tokenizer =
            Tokenizer::from_bytes(json).map_err(|_| Error::bundle("tokenizer.json", "it does not parse"))?;
        if !matches!(tokenizer.get_model(), ModelWrapper::WordPiece(_)) {
            return Err(Error::bundle("tokenizer.json", "its model is not WordPiece"));
        }
        let special = |piece: &str| {
            tokenizer
                .token_to_id(piece)
                .ok_or_else(|| Error::bundle("tokenizer.json", "a special piece is missing"))
        };
        let numbers = (LONG_NUMBER..=LONGEST_NUMBER)
            .map(|digits| special(&format!("[NUM{digits}]")))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            numbers,
            line: special("[LINE]")?,
            unknown: special("[UNK]")?,
            start: special("[CLS]")?,
            end: special("[SEP]")?,
            tokenizer,
        })
    }

    /// The piece that starts every window.
    #[must_use]
    pub const fn start(&self) -> u32 {
        self.start
    }

    /// The piece that ends every window.
    #[must_use]
    pub const fn end(&self) -> u32 {
        self.end
    }

    /// Adds the pieces of a word to `pieces` and gives how many they are, at least one.
    pub fn encode(&self, reading: &Reading, word: &Word, pieces: &mut Vec<u32>) -> usize {
        let text = reading.text(word);
        if text == "\n" || text == "\r" {
            pieces.push(self.line);
            return 1;
        }
        if text.len() >= LONG_NUMBER && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let length = text.len().min(LONGEST_NUMBER) - LONG_NUMBER;
            pieces.push(self.numbers.get(length).copied().unwrap_or(self.unknown));
            return 1;
        }
        let found = self.tokenizer.get_model().tokenize(text).unwrap_or_default();
        if found.is_empty() {
            pieces.push(self.unknown);
            return 1;
        }
        pieces.extend(found.iter().take(WORD_PIECES).map(|piece| piece.id));
        found.len().min(WORD_PIECES)
    }
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder")
            .field("pieces", &self.tokenizer.get_vocab_size(false))
            .finish_non_exhaustive()
    }
}
