//! The files of a model.

use std::borrow::Cow;
use std::collections::BTreeMap;

use presend_detect::{Features, Label};
use serde::{Deserialize, Serialize};

use crate::Error;

/// The files of a model, as they lie in a folder of `models/`.
#[derive(Clone)]
pub struct Bundle {
    /// `model.onnx`: the graph, with inputs `ids` and `features` and the output `scores`.
    pub graph: Cow<'static, [u8]>,
    /// `tokenizer.json`: the vocabulary.
    pub tokenizer: Cow<'static, [u8]>,
    /// `settings.json`: what the scores mean.
    pub settings: Cow<'static, [u8]>,
}

impl std::fmt::Debug for Bundle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bundle").field("graph_bytes", &self.graph.len()).finish_non_exhaustive()
    }
}

macro_rules! embedded {
    ($about:literal, $name:ident, $feature:literal) => {
        #[doc = $about]
        #[cfg(feature = $feature)]
        #[must_use]
        pub const fn $name() -> Self {
            Self {
                graph: Cow::Borrowed(include_bytes!(concat!("../../../models/", $feature, "/model.onnx"))),
                tokenizer: Cow::Borrowed(include_bytes!(concat!(
                    "../../../models/",
                    $feature,
                    "/tokenizer.json"
                ))),
                settings: Cow::Borrowed(include_bytes!(concat!(
                    "../../../models/",
                    $feature,
                    "/settings.json"
                ))),
            }
        }
    };
}

impl Bundle {
    embedded!("The model that is built in by default.", small, "small");
    embedded!("The smaller and quicker model.", tiny, "tiny");
}

/// What a model's scores mean, from `settings.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The model's name.
    pub id: String,
    /// The names of the features, in the order in which the graph takes them.
    pub features: Vec<String>,
    /// The most pieces of a window.
    pub window: usize,
    /// How the scores of each label are read.
    pub labels: BTreeMap<String, LabelSettings>,
    /// How much a role that the rules give weighs, as a logarithm of odds.
    pub role_trust: f32,
}

/// How the scores of one label are read; logarithms of odds where nothing else is said.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelSettings {
    /// What the scores are divided by, so that they are probabilities.
    pub temperature: f32,
    /// Added to the label's own score: above 0 finds more, below 0 less.
    pub bias: f32,
    /// Added where the rules have found this label.
    pub trust: f32,
}

impl Default for LabelSettings {
    fn default() -> Self {
        Self { temperature: 1.0, bias: 0.0, trust: 1.0 }
    }
}

impl Settings {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Error> {
        const FILE: &str = "settings.json";
        let settings: Self =
            serde_json::from_slice(bytes).map_err(|_| Error::bundle(FILE, "it does not parse"))?;
        if settings.features != Features::names() {
            return Err(Error::bundle(FILE, "it was made for another version of the rules"));
        }
        if settings.window < 16 {
            return Err(Error::bundle(FILE, "its window is shorter than 16 pieces"));
        }
        let known = settings.labels.keys().all(|name| name.parse::<Label>().is_ok());
        if !known || settings.labels.len() != Label::ALL.len() {
            return Err(Error::bundle(FILE, "its labels are not those of this version"));
        }
        let sound =
            settings.labels.values().all(|label| label.temperature > 0.0 && label.temperature.is_finite());
        if !sound {
            return Err(Error::bundle(FILE, "a temperature is not above 0"));
        }
        Ok(settings)
    }

    /// The settings by label, in the order of [`Label::ALL`].
    pub(crate) fn by_label(&self) -> Vec<LabelSettings> {
        Label::ALL.iter().map(|label| self.labels.get(label.name()).copied().unwrap_or_default()).collect()
    }
}
