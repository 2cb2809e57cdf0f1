use std::sync::Arc;

use rten::{Model, NodeId, RunOptions, ThreadPool, ValueOrView};
use rten_tensor::{NdTensor, Tensor};

use super::{Backend, Batch, Spare};
use crate::Error;

/// The pure Rust runtime.
pub(super) struct Rten {
    model: Model,
    ids: NodeId,
    features: NodeId,
    scores: NodeId,
    width: usize,
    /// One thread a message: messages are read side by side by the caller's threads.
    pools: Spare<Arc<ThreadPool>>,
}

impl Rten {
    pub(super) fn new(graph: &[u8], features: usize) -> Result<Self, Error> {
        let model = Model::load(graph.to_vec()).map_err(|error| Error::backend("rten", error))?;
        let node = |name: &str| model.node_id(name).map_err(|error| Error::backend("rten", error));
        let (ids, named, scores) = (node("ids")?, node("features")?, node("scores")?);
        Ok(Self { model, ids, features: named, scores, width: features, pools: Spare::new() })
    }
}

impl Backend for Rten {
    fn name(&self) -> &str {
        "rten 0.27"
    }

    fn run(&self, batch: Batch) -> Result<Vec<f32>, Error> {
        let Batch { rows, pieces, ids, features } = batch;
        let ids = NdTensor::from_data([rows, pieces], ids);
        let features = NdTensor::from_data([rows, pieces, self.width], features);
        self.pools.with(
            || Ok(Arc::new(ThreadPool::with_num_threads(1))),
            |pool| {
                let inputs: Vec<(NodeId, ValueOrView<'_>)> =
                    vec![(self.ids, ids.into_dyn().into()), (self.features, features.into_dyn().into())];
                let options = RunOptions::default().with_thread_pool(Some(Arc::clone(pool)));
                let [scores] = self
                    .model
                    .run_n(inputs, [self.scores], Some(options))
                    .map_err(|error| Error::backend("rten", error))?;
                let scores: Tensor<f32> =
                    scores.try_into().map_err(|_| Error::backend("rten", "the scores are no floats"))?;
                Ok(scores.into_data())
            },
        )
    }
}
