//! Message text as the rest of presend sees it: [`Span`]s of UTF-8 bytes, conversion of offsets to the units that
//! other systems use ([`Offsets`]), and folding for matching that keeps alignment with the original ([`Folded`]); and a
//! hasher for tables whose keys are hashes of words ([`AsItIs`]).
//!
//! Nothing here knows what an identifier is.
//!
//! # Text that is not UTF-8
//!
//! Everything here takes `&str`. JSON can carry a lone surrogate (`"\ud83d"` with no second half), which no Rust
//! string can hold and which `serde_json` refuses to decode into one. The leaves that decode input replace each lone
//! surrogate, and each invalid sequence of bytes, by U+FFFD before the text comes here, and say so in the outcome.
//! U+FFFD folds to itself and ends a word. A lone surrogate and U+FFFD are both one code point and one UTF-16 code
//! unit, so offsets in those units keep agreeing with the sender's.
//!
//! # Untrusted input
//!
//! No function panics, and none has a limit of its own on the length of a text: time and memory grow linearly with
//! it. Folded text is at most eleven times as long as the original (U+FDFA, one character of 3 bytes, becomes a phrase of 33).

mod fold;
mod hasher;
mod offsets;
mod span;

pub use fold::Folded;
pub use hasher::AsItIs;
pub use offsets::{Offsets, ParseUnitError, Unit};
pub use span::Span;

/// The number of bytes before the first that is not ASCII.
fn ascii_prefix(bytes: &[u8]) -> usize {
    const BLOCK: usize = 32;
    let blocks = bytes.chunks_exact(BLOCK).take_while(|block| block.is_ascii()).count() * BLOCK;
    let rest = bytes.get(blocks..).unwrap_or_default();
    blocks + rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len())
}
