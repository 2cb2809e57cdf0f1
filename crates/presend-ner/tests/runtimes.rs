//! Both runtimes over the project's corpora. `cargo xtask check` fetches ONNX Runtime and runs this.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads files and the environment")]

use std::path::{Path, PathBuf};

use presend_detect::{Detector, Label, Role, Scratch};
use presend_eval::gold;
use presend_ner::{Bundle, Model, Runtime};
use presend_text::Span;

type Shape = Vec<(Span, Label, Option<Role>)>;

fn shapes(bundle: &Bundle, runtime: &Runtime, texts: &[&str]) -> Vec<Shape> {
    let detector = Detector::new().with_reviewer(Box::new(Model::new(bundle, runtime).unwrap()));
    detector
        .scan_many(&mut Scratch::default(), texts)
        .into_iter()
        .map(|(findings, _)| findings.iter().map(|found| (found.span, found.label, found.role)).collect())
        .collect()
}

#[test]
#[ignore = "needs ONNX Runtime: set ORT_DYLIB_PATH, or run cargo xtask check"]
fn both_runtimes_find_the_same() {
    let library = PathBuf::from(std::env::var_os("ORT_DYLIB_PATH").unwrap());
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora");
    let mut files = vec![corpora.join("dev.txt"), corpora.join("validation.txt"), corpora.join("traps.txt")];
    files.extend([corpora.join("adversarial.txt"), corpora.join("authored/batch_i.txt")]);
    for bundle in [Bundle::small(), Bundle::tiny()] {
        for file in &files {
            let messages = gold::parse(&std::fs::read_to_string(file).unwrap(), 1).unwrap();
            let texts: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
            let built_in = shapes(&bundle, &Runtime::BuiltIn, &texts);
            let other = shapes(&bundle, &Runtime::OnnxRuntime(library.clone()), &texts);
            let differing: Vec<&str> = messages
                .iter()
                .zip(built_in.iter().zip(&other))
                .filter(|(_, (one, other))| one != other)
                .map(|(message, _)| message.id.as_str())
                .collect();
            assert!(differing.is_empty(), "{}: messages {differing:?}", file.display());
        }
    }
}
