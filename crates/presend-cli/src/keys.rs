//! Key files and what they are used for.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use presend::{Action, KeyRing, Policies, Policy, Scope, ScopedKeys};

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
        let ring = self.ring([policy])?;
        Ok(ring.map(|ring| ring.scoped(self.key_scope.scope, self.key_scope.id.as_bytes())))
    }

    /// The same as the service takes them, for any of its policies.
    pub(crate) fn for_service(&self, policies: &Policies) -> Result<Option<presend_service::Keys>> {
        let ring = self.ring(policies.iter())?;
        let Scoped { scope, id } = &self.key_scope;
        Ok(ring.map(|ring| presend_service::Keys::new(ring, *scope, id.as_bytes())))
    }

    fn ring<'a>(&self, policies: impl IntoIterator<Item = &'a Policy>) -> Result<Option<KeyRing>> {
        let Some(file) = self.key_file.as_deref() else {
            policies.into_iter().for_each(warn_without_key);
            return Ok(None);
        };
        read_ring(file).map(|(_, ring)| Some(ring))
    }
}

/// Says of a policy that has words written under a key that there is none.
fn warn_without_key(policy: &Policy) {
    let actions = policy.rules().map(|rule| rule.action).filter(|action| action.needs_key());
    let names: BTreeSet<&str> = actions.map(Action::name).collect();
    if !names.is_empty() {
        let names = Vec::from_iter(names).join(", ");
        style::warn(&format!(
            "the policy {} writes under a key ({names}), and there is none: what it would write is redacted; make a \
             key with `presend keys new` and give it with --key-file",
            policy.name()
        ));
    }
}

/// A key file, as it stands and as what it holds.
pub(crate) fn read_ring(file: &Path) -> Result<(String, KeyRing)> {
    let text = input::read_text(file)?;
    let ring =
        KeyRing::parse(&text).map_err(|error| anyhow!("{error}")).with_context(|| input::name(file))?;
    Ok((text, ring))
}
