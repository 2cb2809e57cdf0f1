//! The model: from readings to settled findings.

use std::sync::{Mutex, PoisonError};

use presend_detect::{Features, Reading, Review, Reviewer};

use crate::backend::{self, Backend, Batch, Runtime};
use crate::bundle::{Bundle, Settings};
use crate::fusion::Fusion;
use crate::scores::{OUTPUTS, Scores};
use crate::windows::{Window, windows};
use crate::{Encoder, Error, cascade};

/// The most windows of a batch.
const ROWS: usize = 32;
/// How many pieces of padding a window of a batch may have, beside an eighth of its own length.
const PADDING: usize = 2;

/// Reads messages with a named-entity model after the rules have; made once and shared between threads.
///
/// Memory: the graph once for the built-in runtime, and once a thread at work for ONNX Runtime.
pub struct Model {
    id: String,
    encoder: Encoder,
    backend: Box<dyn Backend>,
    fusion: Fusion,
    window: usize,
    always: bool,
    /// Why a batch last failed: the runtime's words, which hold none of a message's.
    failure: Mutex<Option<String>>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model")
            .field("id", &self.id)
            .field("runtime", &self.backend.name())
            .finish_non_exhaustive()
    }
}

impl Model {
    /// Makes a model of its files.
    ///
    /// # Errors
    ///
    /// Where a file is not as it must be, or the runtime is not to be had or refuses the graph.
    pub fn new(bundle: &Bundle, runtime: &Runtime) -> Result<Self, Error> {
        let settings = Settings::parse(&bundle.settings)?;
        let fusion = Fusion { labels: settings.by_label(), role_trust: settings.role_trust };
        Ok(Self {
            encoder: Encoder::new(&bundle.tokenizer)?,
            backend: backend::load(&bundle.graph, runtime, Features::COUNT)?,
            fusion,
            window: settings.window,
            id: settings.id,
            always: false,
            failure: Mutex::default(),
        })
    }

    /// Asks the model about every message, also where the rules have settled all; for measuring.
    #[must_use]
    pub fn always_on(mut self, always: bool) -> Self {
        self.always = always;
        self
    }

    /// The scores of every word of each reading; nothing for one that could not be read, or not before `stop` held.
    pub(crate) fn scores(&self, readings: &[&Reading], stop: &dyn Fn() -> bool) -> Vec<Option<Scores>> {
        let mut scores: Vec<Option<Scores>> =
            readings.iter().map(|reading| Some(Scores::new(reading.words().len()))).collect();
        let mut jobs: Vec<Job> = Vec::new();
        for (place, reading) in readings.iter().enumerate() {
            self.cut(place, reading, &mut jobs);
        }
        jobs.sort_by_key(|job| job.pieces.len());
        let mut rest = jobs.as_slice();
        while let Some(shortest) = rest.first() {
            let longest = shortest.pieces.len() + shortest.pieces.len() / 8 + PADDING;
            let rows = rest.iter().take(ROWS).take_while(|job| job.pieces.len() <= longest).count();
            let (now, later) = rest.split_at(rows);
            if stop() {
                forget(rest, &mut scores);
                break;
            }
            rest = later;
            self.read(readings, now, &mut scores);
        }
        scores
    }

    fn cut(&self, place: usize, reading: &Reading, jobs: &mut Vec<Job>) {
        let mut pieces = Vec::new();
        let counts: Vec<usize> =
            reading.words().iter().map(|word| self.encoder.encode(reading, word, &mut pieces)).collect();
        let mut starts = Vec::with_capacity(counts.len() + 1);
        let mut at = 0;
        for count in &counts {
            starts.push(at);
            at += count;
        }
        starts.push(at);
        // Two pieces are for the window's own start and end.
        for window in windows(reading, &counts, self.window - 2) {
            let from = starts.get(window.words.start).copied().unwrap_or(at);
            let to = starts.get(window.words.end).copied().unwrap_or(at);
            let mut ids = Vec::with_capacity(to - from + 2);
            ids.push(self.encoder.start());
            ids.extend_from_slice(pieces.get(from..to).unwrap_or(&[]));
            ids.push(self.encoder.end());
            let counts = counts.get(window.words.clone()).unwrap_or(&[]).to_vec();
            jobs.push(Job { place, window, pieces: ids, counts });
        }
    }

    /// Runs some windows and puts down the scores of their words.
    fn read(&self, readings: &[&Reading], jobs: &[Job], scores: &mut [Option<Scores>]) {
        let rows = jobs.len();
        let pieces = jobs.iter().map(|job| job.pieces.len()).max().unwrap_or_default();
        let mut batch = Batch {
            rows,
            pieces,
            ids: vec![0; rows * pieces],
            features: vec![0.0; rows * pieces * Features::COUNT],
        };
        let by_row = batch.ids.chunks_mut(pieces).zip(batch.features.chunks_mut(pieces * Features::COUNT));
        for (job, (ids, features)) in jobs.iter().zip(by_row) {
            for (id, piece) in ids.iter_mut().zip(&job.pieces) {
                *id = *piece as i32;
            }
            let Some(reading) = readings.get(job.place) else { continue };
            let words = reading.words().get(job.window.words.clone()).unwrap_or(&[]);
            let mut vectors = features.chunks_mut(Features::COUNT).skip(1);
            for (word, count) in words.iter().zip(&job.counts) {
                for vector in vectors.by_ref().take(*count) {
                    let mut bits = word.features.bits();
                    while bits != 0 {
                        if let Some(value) = vector.get_mut(bits.trailing_zeros() as usize) {
                            *value = 1.0;
                        }
                        bits &= bits - 1;
                    }
                }
            }
        }
        let whole = |found: Vec<f32>| {
            let is_whole = found.len() == rows * pieces * OUTPUTS;
            is_whole.then_some(found).ok_or_else(|| Error::backend(self.backend.name(), "scores are missing"))
        };
        let found = match self.backend.run(batch).and_then(whole) {
            Ok(found) => found,
            Err(error) => {
                *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
                forget(jobs, scores);
                return;
            }
        };
        for (job, found) in jobs.iter().zip(found.chunks(pieces * OUTPUTS)) {
            let Some(Some(scores)) = scores.get_mut(job.place) else { continue };
            let mut at = 1;
            for (word, count) in job.window.words.clone().zip(&job.counts) {
                if word >= job.window.from
                    && let Some(row) = found.get(at * OUTPUTS..(at + 1) * OUTPUTS)
                {
                    scores.set(word, row);
                }
                at += count;
            }
        }
    }
}

impl Reviewer for Model {
    fn id(&self) -> &str {
        &self.id
    }

    fn runtime(&self) -> &str {
        self.backend.name()
    }

    fn last_failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn review(&self, readings: &mut [Reading], reviews: &mut Vec<Review>) {
        self.review_until(readings, reviews, &|| false);
    }

    fn review_until(&self, readings: &mut [Reading], reviews: &mut Vec<Review>, stop: &dyn Fn() -> bool) {
        reviews.extend(readings.iter().map(|reading| {
            if !self.always && cascade::is_settled(reading) { Review::Skipped } else { Review::Read }
        }));
        let open: Vec<usize> = reviews
            .iter()
            .enumerate()
            .filter(|(_, review)| **review == Review::Read)
            .map(|(place, _)| place)
            .collect();
        let scores = {
            let asked: Vec<&Reading> = open.iter().filter_map(|place| readings.get(*place)).collect();
            self.scores(&asked, stop)
        };
        for (place, scores) in open.into_iter().zip(scores) {
            let (Some(reading), Some(review)) = (readings.get_mut(place), reviews.get_mut(place)) else {
                continue;
            };
            match scores {
                Some(scores) => reading.findings = self.fusion.settle(reading, &scores),
                None => *review = Review::Failed,
            }
        }
    }
}

/// Takes the readings of these windows as not read.
fn forget(jobs: &[Job], scores: &mut [Option<Scores>]) {
    for job in jobs {
        if let Some(scores) = scores.get_mut(job.place) {
            *scores = None;
        }
    }
}

/// One window of one reading.
struct Job {
    place: usize,
    window: Window,
    pieces: Vec<u32>,
    counts: Vec<usize>,
}

#[cfg(test)]
#[cfg(feature = "tiny")]
mod tests {
    use presend_detect::Detector;

    use super::*;

    /// A runtime that fails, or that leaves scores out.
    struct Broken(Result<Vec<f32>, &'static str>);

    impl Backend for Broken {
        fn name(&self) -> &str {
            "a broken runtime"
        }

        fn run(&self, _: Batch) -> Result<Vec<f32>, Error> {
            self.0.clone().map_err(|why| Error::backend("a broken runtime", why))
        }
    }

    #[test]
    fn why_the_model_failed_is_kept() {
        let whole = tiny();
        let mut readings = vec![Reading::default()];
        let read = |reading: &mut Reading| {
            Detector::new().read(&mut presend_detect::Scratch::default(), "grace in b4", reading);
        };
        readings.iter_mut().for_each(read);
        whole.review(&mut readings, &mut Vec::new());
        assert_eq!(whole.last_failure(), None);
        for (broken, why) in [
            (Broken(Err("no memory is left")), "no memory is left"),
            (Broken(Ok(vec![0.0; OUTPUTS])), "scores are missing"),
        ] {
            let model = Model { backend: Box::new(broken), ..tiny() };
            let mut reviews = Vec::new();
            readings.iter_mut().for_each(read);
            model.review(&mut readings, &mut reviews);
            assert_eq!(reviews, [Review::Failed]);
            assert!(model.last_failure().is_some_and(|failure| failure.ends_with(why)));
        }
    }

    fn tiny() -> Model {
        Model::new(&Bundle::tiny(), &Runtime::BuiltIn).expect("the model that is built in")
    }
}
