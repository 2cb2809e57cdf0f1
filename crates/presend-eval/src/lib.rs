//! Measures an engine against marked messages: the gold format ([`gold`]), the project's figures ([`score()`]),
//! their rendering ([`report`]) and the differences between two engine configurations ([`compare()`]).
//!
//! Predictions come in through a closure, so this crate knows labels, roles and spans but no engine. It reads and
//! writes strings only: opening files and printing are the caller's.
//!
//! ```
//! use presend_eval::{Prediction, ScoreOptions, gold, report, score};
//! use presend_detect::Label;
//! use presend_text::Span;
//!
//! let messages = gold::parse("# setting=gp style=sms\n[[NHS_NUMBER|{nhs}]] for bloods", 1)?;
//! let scored = score(
//!     &messages,
//!     |_| vec![Prediction { span: Span::new(0, 12), label: Label::NhsNumber, role: None, rule: None }],
//!     &ScoreOptions::default(),
//! );
//! assert_eq!(scored.overall.direct_recall.percent(), Some(100.0));
//! assert!(report::table(&scored).contains("direct_recall"));
//! # Ok::<(), gold::GoldError>(())
//! ```

mod compare;
pub mod gold;
pub mod report;
mod rng;
mod score;

pub use compare::{Comparison, Difference, compare};
pub use score::{
    Class, Example, ExampleKind, Figures, Interval, LabelFigures, NUMBERS_AND_CONTACTS, Prediction,
    RoleFigures, Score, ScoreOptions, Share, class, score,
};
