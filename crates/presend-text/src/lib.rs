//! Message text as the rest of presend sees it: [`Span`]s of UTF-8 bytes, conversion of offsets to the units that
//! other systems use ([`Offsets`]), and folding for matching that keeps alignment with the original ([`Folded`]).
//!
//! Nothing here knows what an identifier is.

mod span;

pub use span::Span;
