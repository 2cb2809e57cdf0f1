//! The policies that options name, and the context that options describe.

use std::path::Path;

use anyhow::{Result, anyhow, bail};
use presend::{Context, Layer, Policies, Policy, Recipients, Urgency};

use crate::args::{ContextArgs, PolicyArgs};
use crate::{input, style};

/// The policies that contexts choose from, and the one for every message where the options name it.
pub(crate) struct Chosen {
    pub(crate) policies: Policies,
    pub(crate) fixed: Option<Policy>,
}

impl PolicyArgs {
    /// Reads the files that the options name.
    pub(crate) fn chosen(&self) -> Result<Chosen> {
        let mut policies = Policies::built_in();
        for path in &self.policy_layer {
            let layer = layer(path)?;
            warn(&policies, &layer);
            policies.add(&layer)?;
        }
        let fixed = match self.policy.as_deref() {
            None => None,
            Some(name) => Some(find(&mut policies, name)?),
        };
        Ok(Chosen { policies, fixed })
    }
}

/// The policy of that name, or in that file.
pub(crate) fn find(policies: &mut Policies, name: &str) -> Result<Policy> {
    if let Some(policy) = policies.get(name) {
        return Ok(policy.as_ref().clone());
    }
    let path = Path::new(name);
    let is_file = path.extension().is_some_and(|extension| extension == "toml") || path.is_file();
    if !is_file {
        let names: Vec<&str> = policies.iter().map(Policy::name).collect();
        bail!("no policy is called `{name}`; there are {}, or give a .toml file", names.join(", "));
    }
    Ok(policies.add(&layer(path)?)?.as_ref().clone())
}

/// Tells on standard error what of a layer changes nothing.
pub(crate) fn warn(policies: &Policies, layer: &Layer) {
    for doubt in policies.doubts(layer) {
        style::warn(&doubt.to_string());
    }
}

/// Reads a policy file.
pub(crate) fn layer(path: &Path) -> Result<Layer> {
    let text = input::read_text(path)?;
    let source = if input::is_dash(path) { "standard input".to_owned() } else { path.display().to_string() };
    Ok(Layer::parse(&source, &text)?)
}

impl ContextArgs {
    /// The context that the options describe; today is the day of this computer's clock where they do not say.
    pub(crate) fn context(&self) -> Result<Context> {
        let today = match &self.today {
            None => jiff::Zoned::now().date(),
            Some(day) => day.parse().map_err(|_| anyhow!("--today takes a date such as 2026-03-31"))?,
        };
        let usual = Context::default();
        Ok(Context {
            channel: self.channel.unwrap_or(usual.channel),
            approved: self.approved,
            audience: self.audience.unwrap_or(usual.audience),
            urgency: if self.emergency { Urgency::Emergency } else { Urgency::Routine },
            purpose: self.purpose.unwrap_or(usual.purpose),
            recipients: Recipients {
                count: self.recipients,
                outsiders: self.outsiders,
                recently_changed: self.recently_changed.then_some(true),
            },
            attachments: self.attachments,
            catchment: self.catchment,
            today: Some(today),
        })
    }
}
