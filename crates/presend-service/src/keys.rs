//! The keys that a service works with.

use std::fmt;

use presend::{KeyRing, Scope, ScopedKeys};

/// A key ring, and the scope within which stand-ins are the same.
#[derive(Clone)]
pub struct Keys {
    ring: KeyRing,
    scope: Scope,
    id: Vec<u8>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("ring", &self.ring).field("scope", &self.scope).finish_non_exhaustive()
    }
}

impl Keys {
    /// The keys of a ring for a scope and an id within it.
    #[must_use]
    pub fn new(ring: KeyRing, scope: Scope, id: impl Into<Vec<u8>>) -> Self {
        Self { ring, scope, id: id.into() }
    }

    pub(crate) const fn ring(&self) -> &KeyRing {
        &self.ring
    }

    pub(crate) const fn scope(&self) -> Scope {
        self.scope
    }

    pub(crate) fn id(&self) -> &[u8] {
        &self.id
    }

    /// The keys that write.
    pub(crate) fn scoped(&self) -> ScopedKeys {
        self.ring.scoped(self.scope, &self.id)
    }
}
