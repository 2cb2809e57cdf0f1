//! The engines that are compared: rules alone, and with each model on each runtime.

use std::path::PathBuf;

use presend_detect::Detector;
use presend_ner::{Bundle, Model, Runtime};

/// Names ONNX Runtime's library; without it only the built-in runtime is measured.
pub const LIBRARY: &str = "ORT_DYLIB_PATH";

/// An engine and what it is called.
#[derive(Debug)]
pub struct Configuration {
    /// Such as `small on rten 0.27`.
    pub name: String,
    /// The engine.
    pub detector: Detector,
}

/// Makes them all; `always` asks the models about every message.
#[must_use]
pub fn configurations(always: bool) -> Vec<Configuration> {
    let library = std::env::var_os(LIBRARY).map(PathBuf::from);
    let mut made = vec![Configuration { name: "rules".to_owned(), detector: Detector::new() }];
    for bundle in [Bundle::tiny(), Bundle::small()] {
        let runtimes = [Some(Runtime::BuiltIn), library.clone().map(Runtime::OnnxRuntime)];
        for runtime in runtimes.into_iter().flatten() {
            let model = Model::new(&bundle, &runtime).expect("the model loads");
            let detector = Detector::new().with_reviewer(Box::new(model.always_on(always)));
            let name = detector.reviewer().map(|model| format!("{} on {}", model.id(), model.runtime()));
            made.push(Configuration { name: name.unwrap_or_default(), detector });
        }
    }
    made
}
