//! Flags and minimises patient-identifiable data in a message before it is sent.
//!
//! ```
//! use presend::Engine;
//!
//! let engine = Engine::new();
//! let outcome = engine.check("pt NHS 999 123 4004, bloods at 6");
//! assert_eq!(outcome.text, "pt NHS [NHS NUMBER], bloods at 6");
//! ```

mod engine;
mod outcome;

pub use engine::{Conversation, Engine, EngineBuilder};
pub use outcome::{Outcome, Verdict};
pub use presend_detect::{
    Detector, DetectorBuilder, Evidence, Finding, Kind, Label, Recogniser, Review, Reviewer, Role, Scratch,
    UnknownLabel, UnknownRole,
};
pub use presend_policy::{Action, Decision, Policy, Rule, UnknownAction};
pub use presend_text::{Folded, Offsets, Span, Unit};
