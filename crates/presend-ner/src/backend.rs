//! What runs the model's graph: one trait, and the runtimes behind it.

#[cfg(feature = "onnxruntime")]
mod onnxruntime;
#[cfg(feature = "rten")]
mod rten;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::Error;

/// Windows of the same padded length, ready for the graph.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The number of windows.
    pub(crate) rows: usize,
    /// The pieces of each, padding included.
    pub(crate) pieces: usize,
    /// `[rows, pieces]`; 0 is padding.
    pub(crate) ids: Vec<i32>,
    /// `[rows, pieces, features]`.
    pub(crate) features: Vec<f32>,
}

/// A runtime with the graph loaded.
pub(crate) trait Backend: Send + Sync {
    /// Its name and version.
    fn name(&self) -> &str;

    /// Runs the graph: scores of `[rows, pieces, outputs]`.
    fn run(&self, batch: Batch) -> Result<Vec<f32>, Error>;
}

/// Which runtime is to run the model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Runtime {
    /// The built-in one, in pure Rust.
    #[default]
    BuiltIn,
    /// ONNX Runtime, by this shared library.
    OnnxRuntime(PathBuf),
    /// ONNX Runtime, by the first of these shared libraries that can be used; the built-in one where none can.
    FirstOf(Vec<PathBuf>),
}

pub(crate) fn load(graph: &[u8], runtime: &Runtime, features: usize) -> Result<Box<dyn Backend>, Error> {
    match runtime {
        #[cfg(feature = "onnxruntime")]
        Runtime::OnnxRuntime(library) => {
            Ok(Box::new(onnxruntime::OnnxRuntime::new(graph, library, features)?))
        }
        #[cfg(not(feature = "onnxruntime"))]
        Runtime::OnnxRuntime(_) => Err(Error::backend("ONNX Runtime", "this build is without it")),
        Runtime::FirstOf(libraries) => {
            let found = libraries
                .iter()
                .find_map(|library| load(graph, &Runtime::OnnxRuntime(library.clone()), features).ok());
            found.map_or_else(|| builtin(graph, features), Ok)
        }
        Runtime::BuiltIn => builtin(graph, features),
    }
}

#[cfg(feature = "rten")]
fn builtin(graph: &[u8], features: usize) -> Result<Box<dyn Backend>, Error> {
    Ok(Box::new(rten::Rten::new(graph, features)?))
}

#[cfg(not(feature = "rten"))]
fn builtin(_: &[u8], _: usize) -> Result<Box<dyn Backend>, Error> {
    Err(Error::backend("rten", "this build is without it"))
}

/// Things that one thread at a time uses, made when all are in use, and kept.
#[derive(Debug)]
pub(crate) struct Spare<T>(Mutex<Vec<T>>);

impl<T> Spare<T> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Takes one that is kept or makes one; the lock is not held while it is in use.
    pub(crate) fn with<R>(
        &self,
        make: impl FnOnce() -> Result<T, Error>,
        run: impl FnOnce(&mut T) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut one = kept.map_or_else(make, Ok)?;
        let answer = run(&mut one);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(one);
        answer
    }
}
