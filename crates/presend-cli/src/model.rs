//! The model and the runtime that the options name.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use presend_ner::{Bundle, Model, Runtime};

use crate::args::{ModelArgs, ModelChoice, RuntimeChoice};
use crate::input;

/// The environment variable that names ONNX Runtime's shared library, as other programs read it too.
pub(crate) const LIBRARY_VARIABLE: &str = "ORT_DYLIB_PATH";

/// Makes the model that the options name; `None` where they want the rules alone.
pub(crate) fn load(args: &ModelArgs) -> Result<Option<Model>> {
    let Some(bundle) = bundle(&args.model)? else { return Ok(None) };
    let model = Model::new(&bundle, &runtime(&args.runtime)).context(
        "the model could not be loaded; `presend doctor` says more, and `--model none` goes without it",
    )?;
    Ok(Some(model.always_on(args.always_ask)))
}

fn bundle(choice: &ModelChoice) -> Result<Option<Bundle>> {
    Ok(match choice {
        ModelChoice::None => None,
        ModelChoice::Small => Some(Bundle::small()),
        ModelChoice::Tiny => Some(Bundle::tiny()),
        ModelChoice::Folder(folder) => Some(Bundle {
            graph: read(&folder.join("model.onnx"))?,
            tokenizer: read(&folder.join("tokenizer.json"))?,
            settings: read(&folder.join("settings.json"))?,
        }),
    })
}

fn read(path: &Path) -> Result<Cow<'static, [u8]>> {
    std::fs::read(path).map(Cow::Owned).with_context(|| format!("cannot read {}", input::name(path)))
}

fn runtime(choice: &RuntimeChoice) -> Runtime {
    match choice {
        RuntimeChoice::Auto => Runtime::FirstOf(candidates()),
        RuntimeChoice::BuiltIn => Runtime::BuiltIn,
        RuntimeChoice::Library(library) => Runtime::OnnxRuntime(library.clone()),
    }
}

/// Where ONNX Runtime is looked for, in order; not all of it need exist.
pub(crate) fn candidates() -> Vec<PathBuf> {
    let named = std::env::var_os(LIBRARY_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
    let installed = installed().filter(|path| path.exists());
    let system = system().into_iter().filter(|path| path.exists());
    named.into_iter().chain(installed).chain(system).collect()
}

/// Where `presend runtime install` puts the library.
pub(crate) fn installed() -> Option<PathBuf> {
    let data = match std::env::var_os("XDG_DATA_HOME").filter(|path| !path.is_empty()) {
        Some(data) => PathBuf::from(data),
        None if cfg!(windows) => PathBuf::from(std::env::var_os("LOCALAPPDATA")?),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".local/share"),
    };
    Some(data.join("presend").join(file_name()))
}

/// The name of the library's file on this system.
pub(crate) const fn file_name() -> &'static str {
    if cfg!(windows) {
        "onnxruntime.dll"
    } else if cfg!(target_os = "macos") {
        "libonnxruntime.dylib"
    } else {
        "libonnxruntime.so"
    }
}

/// Where packages of the operating system put it.
fn system() -> Vec<PathBuf> {
    const FOLDERS: &[&str] = &[
        "/usr/local/lib",
        "/usr/lib",
        "/usr/lib64",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/opt/homebrew/lib",
    ];
    FOLDERS.iter().map(|folder| Path::new(folder).join(file_name())).collect()
}
