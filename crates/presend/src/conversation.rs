use std::fmt;

use presend_policy::{Context, Estimate, Facets};
use presend_redact::seal::{self, SealError};
use presend_redact::{KeyRing, SavedState, Scope, ScopedKeys, State, StateError};
use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;

/// What is remembered from message to message of one conversation: where it takes place, and the surrogates given.
#[derive(Clone, Default)]
pub struct Conversation {
    pub(crate) context: Context,
    pub(crate) state: State,
    pub(crate) facets: Facets,
}

impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversation")
            .field("context", &self.context)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Conversation {
    /// A conversation's start, in the default context.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A conversation's start in a context.
    #[must_use]
    pub fn within(context: Context) -> Self {
        Self { context, ..Self::default() }
    }

    /// The same conversation with keys, for operators that need them; it starts anew.
    #[must_use]
    pub fn with_keys(self, keys: ScopedKeys) -> Self {
        Self { state: State::with_keys(keys), ..self }
    }

    /// The conversation as a small encrypted blob, for the caller to keep; `None` for one without keys.
    ///
    /// It holds the context, numbers about the patient, keyed hashes of names and invented values: no words of any
    /// message. The same conversation gives the same blob.
    #[must_use]
    pub fn save(&self) -> Option<Vec<u8>> {
        let saved = Saved { context: self.context, state: self.state.save(), facets: self.facets };
        let bytes = serde_json::to_vec(&saved).ok()?;
        seal::seal(self.state.keys()?, &bytes).ok()
    }

    /// Goes on from what [`Conversation::save`] gave, with the same key ring, scope and id.
    ///
    /// Where the ring was rotated meanwhile, the conversation goes on with the keys that it began with, so that its
    /// stand-ins stay the same.
    ///
    /// # Errors
    /// Fails where the blob was changed, belongs to another key, scope or id, or was written by another version.
    pub fn restore(ring: &KeyRing, scope: Scope, id: &[u8], blob: &[u8]) -> Result<Self, ConversationError> {
        let bytes = seal::open(ring, scope, id, blob).map_err(ConversationError::Sealed)?;
        let saved: Saved = serde_json::from_slice(&bytes).map_err(|_| ConversationError::Version)?;
        let keys = seal::version(blob).and_then(|version| ring.scoped_at(version, scope, id).ok());
        let state = State::restore(saved.state, keys).map_err(ConversationError::State)?;
        Ok(Self { context: saved.context, state, facets: saved.facets })
    }

    /// The context of its messages.
    #[must_use]
    pub const fn context(&self) -> &Context {
        &self.context
    }

    /// Sets the context of the messages that follow, for instance where somebody joined or it became an emergency.
    pub const fn set_context(&mut self, context: Context) {
        self.context = context;
    }

    /// The surrogate of a sender of messages, such as `[PERSON 1]`; the same name or number gets the same one.
    #[must_use]
    pub fn sender(&mut self, name: &str) -> String {
        self.state.sender(name)
    }

    /// The surrogate of somebody whom a text calls so: of the sender of that very name, else of whoever it fits.
    #[must_use]
    pub fn mentioned(&mut self, name: &str) -> String {
        self.state.mentioned(name)
    }

    /// How many people what its messages tell of a patient fits, as far as they were checked and minimised here.
    #[must_use]
    pub fn identifiability(&self) -> Estimate {
        self.facets.estimate(self.context.catchment)
    }

    /// Takes the message that was checked last as sent as it was written, not as the safer text, so that what it told
    /// counts from here on, in the outcome too.
    pub fn sent_as_written(&mut self, outcome: &mut Outcome) {
        self.facets.add(&outcome.identifiability.before);
        outcome.identifiability.conversation = self.facets;
    }

    /// How many different identifiers have a surrogate.
    #[must_use]
    pub fn surrogates(&self) -> usize {
        self.state.surrogates()
    }
}

#[derive(Serialize, Deserialize)]
struct Saved {
    context: Context,
    state: SavedState,
    facets: Facets,
}

/// The error of [`Conversation::restore`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConversationError {
    /// The blob could not be opened.
    Sealed(SealError),
    /// Another version of the program wrote it.
    Version,
    /// What it holds is at odds with itself or with the key.
    State(StateError),
}

impl fmt::Display for ConversationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sealed(error) => error.fmt(f),
            Self::Version => {
                f.write_str("saved conversation: written by another version of presend; start it anew")
            }
            Self::State(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ConversationError {}
