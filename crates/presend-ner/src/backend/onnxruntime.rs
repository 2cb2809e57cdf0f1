use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::Tensor;

use super::{Backend, Batch, Spare};
use crate::Error;

const NAME: &str = "ONNX Runtime";

/// ONNX Runtime, by a library that is loaded at run time.
pub(super) struct OnnxRuntime {
    environment: Environment,
    graph: Vec<u8>,
    width: usize,
    /// One thread a session: messages are read side by side by the caller's threads.
    sessions: Spare<Session>,
}

/// A process has one environment, whatever the number of models.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

fn environment(library: &Path) -> Result<Environment, Error> {
    let mut kept = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = &*kept {
        return Ok(environment.clone());
    }
    let made = ort::init_from(library)
        .map_err(|error| Error::backend(NAME, error))?
        .with_name("presend")
        .with_telemetry(false)
        .build()
        .map_err(|error| Error::backend(NAME, error))?;
    Ok(kept.insert(made).clone())
}

impl OnnxRuntime {
    pub(super) fn new(graph: &[u8], library: &Path, features: usize) -> Result<Self, Error> {
        let runtime = Self {
            environment: environment(library)?,
            graph: graph.to_vec(),
            width: features,
            sessions: Spare::new(),
        };
        // A graph that it refuses is known now, not at the first message.
        runtime.sessions.with(|| runtime.session(), |_| Ok(()))?;
        Ok(runtime)
    }

    fn session(&self) -> Result<Session, Error> {
        let made = || -> ort::Result<Session> {
            Session::builder(&self.environment)?
                .with_optimization_level(GraphOptimizationLevel::All)?
                .with_intra_threads(1)?
                .with_inter_threads(1)?
                .commit_from_memory(&self.graph)
        };
        made().map_err(|error| Error::backend(NAME, error))
    }
}

impl Backend for OnnxRuntime {
    fn name(&self) -> &str {
        NAME
    }

    fn run(&self, batch: Batch) -> Result<Vec<f32>, Error> {
        let Batch { rows, pieces, ids, features } = batch;
        let wrong = |error: ort::Error| Error::backend(NAME, error);
        let ids = Tensor::from_array(([rows, pieces], ids)).map_err(wrong)?;
        let features = Tensor::from_array(([rows, pieces, self.width], features)).map_err(wrong)?;
        self.sessions.with(
            || self.session(),
            |session| {
                let outputs =
                    session.run(ort::inputs!["ids" => ids, "features" => features]).map_err(wrong)?;
                let scores =
                    outputs.get("scores").ok_or_else(|| Error::backend(NAME, "there are no scores"))?;
                let (_, scores) = scores.try_extract_tensor::<f32>().map_err(wrong)?;
                Ok(scores.to_vec())
            },
        )
    }
}
