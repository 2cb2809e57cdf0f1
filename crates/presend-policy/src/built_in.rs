//! The policies that come with the program, and which of them fits which message.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::error::{ErrorKind, PolicyError};
use crate::layer::Layer;
use crate::{Audience, Channel, Context, Policy, Purpose, Urgency};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../policies/", $name, ".toml")))),*]
    };
}

/// The built-in policies and their files: first those for a purpose, then those that do one thing to everything.
const FILES: &[(&str, &str)] = files![
    "direct-care",
    "emergency",
    "group",
    "social",
    "patient",
    "outside",
    "teaching",
    "archive",
    "publication",
    "assistant",
    "flag",
    "redact",
    "mask",
    "initials",
    "direct",
];

static BUILT_IN: LazyLock<Result<Policies, PolicyError>> = LazyLock::new(|| {
    let mut policies = Policies { by_name: BTreeMap::new() };
    for (name, text) in FILES {
        policies.add(&Layer::parse(name, text)?)?;
    }
    Ok(policies)
});

/// Policies by name, with the layers they are made of.
#[derive(Clone, Debug)]
pub struct Policies {
    by_name: BTreeMap<Arc<str>, (Vec<Layer>, Arc<Policy>)>,
}

impl Default for Policies {
    fn default() -> Self {
        Self::built_in()
    }
}

impl Policies {
    /// The names of the built-in policies, in the order in which they are told of.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        FILES.iter().map(|(name, _)| *name)
    }

    /// The file of a built-in policy, as TOML.
    #[must_use]
    pub fn built_in_file(name: &str) -> Option<&'static str> {
        FILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// The built-in policies.
    #[must_use]
    pub fn built_in() -> Self {
        // A test reads every file; nothing else decides whether they are well formed.
        BUILT_IN.clone().unwrap_or(Self { by_name: BTreeMap::new() })
    }

    /// Adds the policy that a layer makes, or changes the one whose name it bears.
    ///
    /// It builds on the policy that it extends, with all layers that were added to that before; one that extends
    /// nothing and bears the name of a policy that is there builds on that one.
    ///
    /// # Errors
    ///
    /// Where it extends a policy that is not there, or [`Policy::layered`] refuses the result.
    pub fn add(&mut self, layer: &Layer) -> Result<Arc<Policy>, PolicyError> {
        let base = self.base(layer);
        let mut layers = match base {
            None => Vec::new(),
            Some(base) => match self.by_name.get(base) {
                Some((layers, _)) => layers.clone(),
                None => {
                    let message =
                        "it extends a policy that is not there; `presend policies` lists those that are";
                    return Err(PolicyError::new(ErrorKind::Unknown, &layer.source, None, message));
                }
            },
        };
        layers.push(layer.clone());
        let policy = Arc::new(Policy::layered(&layers)?);
        self.by_name.insert(Arc::clone(&policy.name), (layers, Arc::clone(&policy)));
        Ok(policy)
    }

    /// The name of the policy that a layer builds on.
    fn base<'l>(&self, layer: &'l Layer) -> Option<&'l str> {
        layer.extends().or_else(|| layer.name().filter(|name| self.by_name.contains_key(*name)))
    }

    /// What of a layer would change nothing if it were added, each with its place: rules behind one that fits all that
    /// they fit, advice taken away that is not there, a name that is one letter off another's.
    #[must_use]
    pub fn doubts(&self, layer: &Layer) -> Vec<PolicyError> {
        let base = self.base(layer).and_then(|base| self.by_name.get(base));
        let known: Vec<&str> = base.iter().flat_map(|(_, policy)| policy.advice_ids()).collect();
        let mut doubts: Vec<PolicyError> = layer.idle_rules().chain(layer.idle_advice(&known)).collect();
        if let Some(name) = layer.name().filter(|name| !self.by_name.contains_key(*name))
            && let Some(like) = self.by_name.keys().find(|known| is_like(known, name))
        {
            let message = format!(
                "it makes a new policy `{name}`, which no context chooses; to change `{like}`, call it `{like}`"
            );
            doubts.push(layer.doubt(None, &message));
        }
        doubts
    }

    /// The policy of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Arc<Policy>> {
        self.by_name.get(name).map(|(_, policy)| Arc::clone(policy))
    }

    /// The policies, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Policy> {
        self.by_name.values().map(|(_, policy)| policy.as_ref())
    }

    /// The policy that fits the context; see [`for_context`].
    #[must_use]
    pub fn choose(&self, context: &Context) -> Option<Arc<Policy>> {
        self.get(for_context(context))
    }
}

/// Whether two names are the same but for a letter or hyphen, more or other.
fn is_like(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let head = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let rests = one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other);
    let longest = one.len().max(other.len());
    one.len().abs_diff(other.len()) <= 1 && head + rests.count() + 1 >= longest
}

/// The name of the built-in policy that fits a context.
///
/// What leaves the circle of care for good comes first: publication, research and teaching. An emergency comes before
/// all else, because no other policy may hold it up. Then comes who reads it, and what it goes through.
#[must_use]
pub fn for_context(context: &Context) -> &'static str {
    match (context.audience, context.purpose) {
        (Audience::Publication, _) | (_, Purpose::Research) => return "publication",
        (_, Purpose::Teaching) => return "teaching",
        _ => {}
    }
    if context.urgency == Urgency::Emergency {
        return "emergency";
    }
    match (context.audience, context.channel, context.purpose) {
        (Audience::Social, ..) => "social",
        (_, Channel::Assistant, _) => "assistant",
        // A disclosure is of the requester's own data, also where the requester is the patient.
        (Audience::Outside, ..) | (.., Purpose::Disclosure) => "outside",
        (Audience::Patient, ..) => "patient",
        (Audience::Group, ..) | (.., Purpose::Operational) => "group",
        _ => "direct-care",
    }
}

impl Policy {
    /// The built-in policy of that name, or `None`; [`Policies::built_in_names`] lists them.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        BUILT_IN.as_ref().ok()?.get(name).map(Arc::unwrap_or_clone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_file_is_well_formed() {
        if let Err(error) = &*BUILT_IN {
            panic!("{error}");
        }
        for (name, _) in FILES {
            let policy = Policy::built_in(name).expect(name);
            assert_eq!(policy.name(), *name, "the file bears the policy's name");
            assert!(!policy.title().is_empty() && !policy.about().is_empty(), "{name}");
        }
    }
}
