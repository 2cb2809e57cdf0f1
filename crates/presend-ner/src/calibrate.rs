//! The scores of a model on many messages, kept so that its settings can be tried on them again and again.

use presend_detect::{Detector, Finding, Reading, Scratch};
use presend_text::Span;

use crate::bundle::Settings;
use crate::fusion::Fusion;
use crate::scores::Scores;
use crate::{Bundle, Error, Model, Runtime};

/// Messages that a model has read.
pub struct Readings {
    readings: Vec<Reading>,
    scores: Vec<Scores>,
    settings: Settings,
}

impl std::fmt::Debug for Readings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readings").field("messages", &self.readings.len()).finish_non_exhaustive()
    }
}

impl Readings {
    /// Reads the messages with the model.
    ///
    /// # Errors
    ///
    /// As [`Model::new`], and where a message could not be read.
    pub fn new<'t>(
        bundle: &Bundle,
        runtime: &Runtime,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<Self, Error> {
        let model = Model::new(bundle, runtime)?;
        let detector = Detector::new();
        let mut scratch = Scratch::default();
        let readings: Vec<Reading> = texts
            .into_iter()
            .map(|text| {
                let mut reading = Reading::default();
                detector.read(&mut scratch, text, &mut reading);
                reading
            })
            .collect();
        let scores: Option<Vec<Scores>> =
            model.scores(&readings.iter().collect::<Vec<_>>(), &|| false).into_iter().collect();
        let scores = scores.ok_or_else(|| Error::backend("the runtime", "a message could not be read"))?;
        Ok(Self { readings, scores, settings: Settings::parse(&bundle.settings)? })
    }

    /// The settings that the model came with.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What is found in each message under these settings.
    pub fn settle(&self, settings: &Settings) -> impl Iterator<Item = Vec<Finding>> {
        let fusion = Fusion { labels: settings.by_label(), role_trust: settings.role_trust };
        self.readings.iter().zip(&self.scores).map(move |(reading, scores)| fusion.settle(reading, scores))
    }

    /// The words of a message and, for each, the scores of none and of each label.
    pub fn words(&self, message: usize) -> impl Iterator<Item = (Span, &[f32])> {
        let words = self.readings.get(message).map_or(&[][..], Reading::words);
        let scores = self.scores.get(message);
        words.iter().enumerate().filter_map(move |(at, word)| Some((word.span, scores?.row(at).classes())))
    }
}
