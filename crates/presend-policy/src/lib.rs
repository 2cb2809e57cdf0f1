//! From findings to a decision: a [`Policy`] says what is done with each finding, which handle of a patient stays, and
//! what the sender is told.
//!
//! Policies are data: TOML files in layers, the built-in ones below an organisation's, a team's and a request's. The
//! first rule that fits a finding decides; then, where the policy ranks handles, the best one that the message holds of
//! each patient is kept, so that a colleague still finds the right record.

mod action;
mod built_in;
mod context;
mod error;
mod handle;
mod identifiability;
mod layer;
mod named;
mod policy;
#[cfg(feature = "schema")]
mod schema;

pub use action::{
    Action, Band, End, Level, UnknownAction, UnknownBand, UnknownEnd, UnknownLevel, UnknownVerdict, Verdict,
};
pub use built_in::{Policies, for_context};
pub use context::{
    Audience, Channel, Context, Purpose, Recipients, UnknownAudience, UnknownChannel, UnknownPurpose,
    UnknownUrgency, Urgency, When,
};
pub use error::{ErrorKind, PolicyError};
pub use handle::{About, Handle, Subject, UnknownAbout, UnknownHandle, is_same_name};
pub use identifiability::{Class, Estimate, Facet, FacetSet, Facets};
pub use layer::{Confidence, Layer};
pub use policy::{Advice, Decision, Line, Plan, Policy, Rule};
#[cfg(feature = "schema")]
pub use schema::schema;
