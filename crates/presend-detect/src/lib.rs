//! Finds identifiers in clinical messages by rules: labels, findings, recognisers and the [`Detector`] that runs them.

mod finding;
mod label;

pub use finding::{Evidence, Finding};
pub use label::{Kind, Label, Role, UnknownLabel, UnknownRole};
