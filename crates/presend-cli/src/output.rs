//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use tempfile::NamedTempFile;

use crate::input::is_dash;

/// Refuses outputs that would be lost or would lose something, before any work is done.
///
/// Each of `outputs` must be another file than the input and each other, and must not exist unless `force` is set.
pub(crate) fn refuse_clashes(input: &Path, outputs: &[&Path], force: bool) -> Result<()> {
    let mut taken: Vec<(PathBuf, &str)> = Vec::new();
    if !is_dash(input) {
        taken.push((resolve(input), "the input"));
    }
    for output in outputs {
        if is_dash(output) {
            if taken.iter().any(|(path, _)| is_dash(path)) {
                bail!("the output and the report cannot both go to standard output; give one a file");
            }
            taken.push((PathBuf::from("-"), "standard output"));
            continue;
        }
        let resolved = resolve(output);
        if let Some((_, what)) = taken.iter().find(|(path, _)| *path == resolved) {
            bail!("`{}` is {what}; choose another file to write to", output.display());
        }
        if let Ok(there) = fs::symlink_metadata(output) {
            // Taking the place of a device or a link would do more than write to it.
            if !there.is_file() {
                bail!("`{}` is no plain file; choose another, or - for standard output", output.display());
            }
            if !force {
                bail!("`{}` exists; give --force to write over it", output.display());
            }
        }
        taken.push((resolved, "another output"));
    }
    Ok(())
}

/// The path that a file has, or would have once it exists, without links and `..`.
fn resolve(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        let folder = folder(path);
        match (folder.canonicalize(), path.file_name()) {
            (Ok(folder), Some(name)) => folder.join(name),
            _ => path.to_owned(),
        }
    })
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// Where output goes: standard output, or a file that takes its name at the end.
///
/// Dropped before [`Output::commit`], it leaves no file behind.
pub(crate) enum Output {
    Stdout(BufWriter<io::StdoutLock<'static>>),
    File { file: BufWriter<NamedTempFile>, path: PathBuf, force: bool },
}

impl Output {
    /// Opens an output; see [`refuse_clashes`], which comes first.
    ///
    /// A file is written under another name in the same folder, so that naming it is one step of the file system.
    pub(crate) fn create(path: &Path, force: bool) -> Result<Self> {
        if is_dash(path) {
            return Ok(Self::Stdout(BufWriter::new(io::stdout().lock())));
        }
        let file = tempfile::Builder::new()
            .prefix(".presend-")
            .suffix(".part")
            .tempfile_in(folder(path))
            .with_context(|| format!("cannot write to the folder `{}`", folder(path).display()))?;
        Ok(Self::File { file: BufWriter::new(file), path: path.to_owned(), force })
    }

    /// Puts what was written in its place: on the disk first, then under its name.
    pub(crate) fn commit(self) -> Result<()> {
        match self {
            Self::Stdout(mut stdout) => Ok(stdout.flush()?),
            Self::File { file, path, force } => {
                let shown = path.display();
                let failed = || format!("cannot write `{shown}`");
                let file = file.into_inner().map_err(io::IntoInnerError::into_error).with_context(failed)?;
                file.as_file().sync_all().with_context(failed)?;
                if force {
                    file.persist(&path).map_err(|error| error.error).with_context(failed)?;
                } else {
                    match file.persist_noclobber(&path) {
                        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                            bail!("`{shown}` came into being meanwhile; give --force to write over it");
                        }
                        other => other.map_err(|error| error.error).with_context(failed)?,
                    };
                }
                // Makes the new name last through a power cut, where a folder can be opened at all.
                let _ = File::open(folder(&path)).and_then(|folder| folder.sync_all());
                Ok(())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(stdout) => stdout.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(stdout) => stdout.flush(),
            Self::File { file, .. } => file.flush(),
        }
    }
}
