//! `presend runtime install`: ONNX Runtime from PyPI, for the quicker of the two runtimes.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, bail};
use presend_ner::{Bundle, Model, Runtime};
use zip::ZipArchive;

use crate::args::{RuntimeArgs, RuntimeCommand};
use crate::{Exit, input, model, style};

/// What is installed: any release from 1.20 on works, and this one was tested.
const PACKAGE: &str = "onnxruntime>=1.20,<2";

/// Where the library lies in the package.
const INSIDE: &str = "onnxruntime/capi/";

/// The interpreters that may have `pip`.
const PYTHONS: &[&str] = &["python3", "python", "py"];

pub(crate) fn run(args: &RuntimeArgs) -> Result<Exit> {
    match &args.command {
        RuntimeCommand::Install => install(),
    }
}

fn install() -> Result<Exit> {
    let target =
        model::installed().context("cannot tell where to install: neither HOME nor XDG_DATA_HOME is set")?;
    let folder = target.parent().context("cannot tell where to install")?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let temporary = tempfile::tempdir()?;
    download(temporary.path())?;
    let mut part = tempfile::NamedTempFile::new_in(folder)?;
    unpack(temporary.path(), part.as_file_mut())?;
    // It must run the model before it is put where it is found.
    Model::new(&Bundle::tiny(), &Runtime::OnnxRuntime(part.path().to_path_buf()))
        .context("the library that was fetched does not work here, and was not installed")?;
    part.persist(&target).with_context(|| format!("cannot write {}", target.display()))?;
    writeln!(style::stderr(), "{} {}", style::paint(style::GOOD, "Installed"), target.display())?;
    Ok(Exit::Good)
}

/// Fetches the package by `pip`.
fn download(folder: &Path) -> Result<()> {
    for python in PYTHONS {
        let done = Command::new(python)
            .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest"])
            .arg(folder)
            .arg(PACKAGE)
            .status();
        match done {
            Ok(status) if status.success() => return Ok(()),
            Ok(_) => bail!(
                "`{python} -m pip download` failed; install ONNX Runtime yourself and set {}",
                model::LIBRARY_VARIABLE
            ),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot run {python}")),
        }
    }
    bail!("there is no Python with pip; install ONNX Runtime yourself and set {}", model::LIBRARY_VARIABLE)
}

/// Takes the library out of the package in the folder.
fn unpack(folder: &Path, library: &mut File) -> Result<()> {
    let wheel = std::fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .context("pip fetched no package")?;
    let mut archive = ZipArchive::new(input::open_file(&wheel)?)?;
    let stem = model::file_name().split('.').next().unwrap_or_default();
    let inside = archive
        .file_names()
        .filter_map(Result::ok)
        .find(|name| {
            let file = name.strip_prefix(INSIDE).unwrap_or_default();
            file.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.'))
        })
        .map(std::borrow::Cow::into_owned)
        .ok_or_else(|| anyhow!("the package holds no library for this system"))?;
    io::copy(&mut archive.by_name(&inside)?, library)?;
    Ok(library.flush()?)
}
