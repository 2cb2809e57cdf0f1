//! Key files and what they are used for.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use presend::{Action, KeyRing, Policy, Scope, ScopedKeys};

use crate::args::KeyArgs;
use crate::{input, style};

/// A scope, and which one of its kind: `archive` or `archive:ward 7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scoped {
    pub(crate) scope: Scope,
    pub(crate) id: String,
}

impl std::str::FromStr for Scoped {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (scope, id) = text.split_once(':').unwrap_or((text, ""));
        let scope = scope.parse().map_err(|error: presend::UnknownScope| error.to_string())?;
        Ok(Self { scope, id: id.to_owned() })
    }
}

impl KeyArgs {
    /// The keys of the scope that the options name, where they name a key file; warns where they name none and the
    /// policy needs one.
    pub(crate) fn keys_for(&self, policy: &Policy) -> Result<Option<ScopedKeys>> {
        let ring = self.ring()?;
        if ring.is_none() {
            warn_without_keys([policy]);
        }
        Ok(ring.map(|ring| ring.scoped(self.key_scope.scope, self.key_scope.id.as_bytes())))
    }

    /// The same as the service takes them.
    pub(crate) fn for_service(&self) -> Result<Option<presend_service::Keys>> {
        let ring = self.ring()?;
        let Scoped { scope, id } = &self.key_scope;
        Ok(ring.map(|ring| presend_service::Keys::new(ring, *scope, id.as_bytes())))
    }

    fn ring(&self) -> Result<Option<KeyRing>> {
        self.key_file.as_deref().map(|file| read_ring(file).map(|(_, ring)| ring)).transpose()
    }
}

/// Says of each policy that has words written under a key that there is none.
pub(crate) fn warn_without_keys<'a>(policies: impl IntoIterator<Item = &'a Policy>) {
    for policy in policies {
        let mut actions: Vec<&str> = policy
            .rules()
            .map(|rule| rule.action)
            .filter(|action| action.needs_key())
            .map(Action::name)
            .collect();
        actions.sort_unstable();
        actions.dedup();
        if !actions.is_empty() {
            style::warn(&format!(
                "the policy {} writes under a key ({}), and there is none: what it would write is redacted; make a \
                 key with `presend keys new` and give it with --key-file",
                policy.name(),
                actions.join(", ")
            ));
        }
    }
}

/// A key file, as it stands and as what it holds.
pub(crate) fn read_ring(file: &Path) -> Result<(String, KeyRing)> {
    let text = input::read_text(file)?;
    let ring =
        KeyRing::parse(&text).map_err(|error| anyhow!("{error}")).with_context(|| input::name(file))?;
    Ok((text, ring))
}
