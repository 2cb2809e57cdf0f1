//! The commands, one a file.

pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod eval;
pub(crate) mod keys;
pub(crate) mod labels;
pub(crate) mod man;
pub(crate) mod policies;
pub(crate) mod policy;
pub(crate) mod redact;
pub(crate) mod reveal;
pub(crate) mod runtime;
pub(crate) mod scan;
pub(crate) mod serve;

/// A confidence as it is written out, to three decimals.
fn score(confidence: f32) -> f64 {
    (f64::from(confidence) * 1000.0).round() / 1000.0
}
