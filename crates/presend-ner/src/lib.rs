//! The named-entity model of presend: reads a message after the rules have and settles what is found in it.
//!
//! A [`Model`] is a [`presend_detect::Reviewer`]. It is made of a [`Bundle`] of files and a [`Runtime`], and says what
//! is found by weighing its own scores against the rules' findings (see the source of `fusion.rs` for who wins).
//!
//! ```
//! # #[cfg(feature = "tiny")] {
//! use presend_detect::Detector;
//! use presend_ner::{Bundle, Model, Runtime};
//!
//! let model = Model::new(&Bundle::tiny(), &Runtime::BuiltIn)?;
//! let detector = Detector::new().with_reviewer(Box::new(model));
//! let text = "grace in b4 c/o cp again, trop at 6";
//! let names: Vec<_> = detector.scan(text).iter().filter_map(|found| found.span.of(text)).collect();
//! assert_eq!(names, ["grace", "b4"]);
//! # }
//! # Ok::<(), presend_ner::Error>(())
//! ```
//!
//! No text is ever cut off: one that is longer than the model's window is read in several, which overlap and part at
//! line or sentence breaks.

mod backend;
mod bundle;
#[cfg(feature = "calibrate")]
pub mod calibrate;
mod cascade;
mod encode;
mod error;
mod forms;
mod fusion;
mod model;
mod scores;
mod windows;

pub use backend::Runtime;
pub use bundle::{Bundle, LabelSettings, Settings};
pub use encode::Encoder;
pub use error::Error;
pub use fusion::MODEL_RULE;
pub use model::Model;
