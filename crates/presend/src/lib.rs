//! Flags and minimises patient-identifiable data in a message before it is sent.
//!
//! ```
//! use presend::Engine;
//!
//! let engine = Engine::new();
//! let outcome = engine.check("Mrs Doris Ekwueme NHS 999 123 4004, bloods at 6");
//! // Direct care keeps one handle of the patient, so that a colleague opens the right record.
//! assert_eq!(outcome.text, "Mrs D.E. NHS *** *** 4004, bloods at 6");
//! ```

mod conversation;
mod engine;
mod outcome;
mod wire;

pub use conversation::{Conversation, ConversationError};
pub use engine::{Engine, EngineBuilder};
pub use outcome::{Identifiability, Outcome, Unseen};
pub use presend_detect::{
    BirthDate, Detector, DetectorBuilder, Evidence, Features, Finding, Kind, Label, ListError, NumberKind,
    PatientError, PatientList, PatientListBuilder, PatientNumber, PatientRecord, Reading, Recogniser, Review,
    Reviewer, Role, Scratch, Signals, SurnameAlone, UnknownLabel, UnknownRole, Word, dictionary,
};
pub use presend_policy::{
    About, Action, Advice, Audience, Band, Channel, Class, Confidence, Context, Decision, End, ErrorKind,
    Estimate, Facet, FacetSet, Facets, Handle, Layer, Level, Line, Plan, Policies, Policy, PolicyError,
    Purpose, Recipients, Rule, Subject, UnknownAction, UnknownAudience, UnknownChannel, UnknownPurpose,
    UnknownUrgency, Urgency, Verdict, When, for_context,
};
pub use presend_redact::{
    Key, KeyError, KeyErrorKind, KeyRing, Purpose as KeyPurpose, Scope, ScopedKeys, StateError, UnknownScope,
    civil_title, seal, token,
};
pub use presend_text::{Folded, Offsets, Span, Unit};
pub use wire::{WireAdvice, WireEstimate, WireFinding, WireIdentifiability, WireOutcome, WirePatient};
