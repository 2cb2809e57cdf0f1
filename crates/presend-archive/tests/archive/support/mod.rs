pub(crate) mod render;
pub(crate) mod samples;

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use presend::{Detector, Engine, Label, Policies, Policy, Role};
use presend_archive::{Error, Options, Report, redact_export};

/// An engine with a policy, and with the invented patients of these tests on its deny list.
pub(crate) fn engine(policy: &str) -> Engine {
    let detector = Detector::builder()
        .deny(Label::Person, Some(Role::Patient), "Doris Ekwueme")
        .deny(Label::Person, Some(Role::Patient), "Haddow")
        .build()
        .expect("a short list");
    Engine::builder().policy(Policy::built_in(policy).expect("a built-in policy")).detector(detector).build()
}

/// An engine for each built-in policy, the one that changes nothing first.
pub(crate) static ENGINES: LazyLock<Vec<Engine>> =
    LazyLock::new(|| Policies::built_in_names().map(engine).collect());

/// The engine that changes nothing.
pub(crate) fn flag() -> &'static Engine {
    ENGINES.iter().find(|engine| engine.policy().name() == "flag").expect("a built-in policy")
}

pub(crate) fn redact(input: &[u8], engine: &Engine, options: &Options) -> Result<(Vec<u8>, Report), Error> {
    let mut output = Vec::new();
    let report = redact_export(Cursor::new(input), &mut output, engine, options, &mut |_| {})?;
    Ok((output, report))
}

pub(crate) fn on_one_thread() -> Options {
    Options { threads: 1, ..Options::default() }
}

/// A path from the project's root.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
