use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, ValueOrView};
use rten_tensor::{NdTensor, Tensor};

use super::{Backend, Batch, Spare};
use crate::Error;

const NAME: &str = "rten";

/// The pure Rust runtime.
pub(super) struct Rten {
    graph: Arc<Graph>,
    /// One thread a message: messages are read side by side by the caller's threads.
    workers: Spare<Worker>,
}

struct Graph {
    model: Model,
    ids: NodeId,
    features: NodeId,
    scores: NodeId,
    width: usize,
}

impl Rten {
    pub(super) fn new(graph: &[u8], features: usize) -> Result<Self, Error> {
        // Weights are laid out for the processor once, not at every message.
        let model = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load(graph.to_vec())
            .map_err(|error| Error::backend(NAME, error))?;
        let node = |name: &str| model.node_id(name).map_err(|error| Error::backend(NAME, error));
        let (ids, named, scores) = (node("ids")?, node("features")?, node("scores")?);
        let graph = Graph { model, ids, features: named, scores, width: features };
        Ok(Self { graph: Arc::new(graph), workers: Spare::new() })
    }
}

impl Backend for Rten {
    fn name(&self) -> &str {
        "rten 0.27"
    }

    fn run(&self, batch: Batch) -> Result<Vec<f32>, Error> {
        self.workers.with(|| Worker::new(&self.graph), |worker| worker.run(batch))
    }
}

/// A thread that runs the graph for one caller at a time.
///
/// rten runs everything in a rayon pool. A caller who is in a rayon pool himself would, while he waits for that pool,
/// start on other work of his own, which asks the model again, and so on until the stack is full. So he waits on a
/// channel, which does nothing else. The thread ends when its worker is dropped.
struct Worker {
    batches: Sender<Batch>,
    answers: Receiver<Result<Vec<f32>, Error>>,
}

impl Worker {
    fn new(graph: &Arc<Graph>) -> Result<Self, Error> {
        let (batches, received) = channel();
        let (send, answers) = channel();
        let graph = Arc::clone(graph);
        let work = move || {
            let pool = Arc::new(ThreadPool::with_num_threads(1));
            let own = Arc::clone(&pool);
            // In the pool's own thread, so that a run needs no change of threads.
            pool.run(move || {
                while let Ok(batch) = received.recv() {
                    if send.send(graph.run(batch, &own)).is_err() {
                        break;
                    }
                }
            });
        };
        thread::Builder::new()
            .name("presend-model".to_owned())
            .spawn(work)
            .map_err(|error| Error::backend(NAME, error))?;
        Ok(Self { batches, answers })
    }

    fn run(&self, batch: Batch) -> Result<Vec<f32>, Error> {
        let gone = "its thread has ended";
        self.batches.send(batch).map_err(|_| Error::backend(NAME, gone))?;
        self.answers.recv().map_err(|_| Error::backend(NAME, gone))?
    }
}

impl Graph {
    fn run(&self, batch: Batch, pool: &Arc<ThreadPool>) -> Result<Vec<f32>, Error> {
        let Batch { rows, pieces, ids, features } = batch;
        let ids = NdTensor::from_data([rows, pieces], ids);
        let features = NdTensor::from_data([rows, pieces, self.width], features);
        let inputs: Vec<(NodeId, ValueOrView<'_>)> =
            vec![(self.ids, ids.into_dyn().into()), (self.features, features.into_dyn().into())];
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(pool)));
        let [scores] = self
            .model
            .run_n(inputs, [self.scores], Some(options))
            .map_err(|error| Error::backend(NAME, error))?;
        let scores: Tensor<f32> =
            scores.try_into().map_err(|_| Error::backend(NAME, "the scores are no floats"))?;
        Ok(scores.into_data())
    }
}
