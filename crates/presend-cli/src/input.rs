//! Files and standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};

/// The name that stands for standard input or output.
const DASH: &str = "-";
/// A buffer for reading all of an input at once, in bytes.
const BUFFER: usize = 64 << 10;
/// The most that is read into memory as a whole, in bytes.
const LARGEST: u64 = 256 << 20;
/// The byte order mark that some programs put before UTF-8 text.
pub(crate) const MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether the path stands for standard input or output.
pub(crate) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == DASH
}

/// How errors name an input.
pub(crate) fn name(path: &Path) -> String {
    if is_dash(path) { "standard input".to_owned() } else { format!("`{}`", path.display()) }
}

/// The bytes of an input, so many of which are buffered.
pub(crate) fn open(path: &Path, buffer: usize) -> Result<Box<dyn BufRead + Send>> {
    if is_dash(path) {
        // Standard input has a small buffer of its own, which a larger read goes past.
        return Ok(Box::new(BufReader::with_capacity(buffer, io::stdin())));
    }
    Ok(Box::new(BufReader::with_capacity(buffer, open_file(path)?)))
}

/// A file, opened for reading; a folder is refused here, where it has a name, and not at the first read.
pub(crate) fn open_file(path: &Path) -> Result<File> {
    let file = File::open(path).with_context(|| format!("cannot open {}", name(path)))?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        bail!("cannot read {}: it is a folder; name a file", name(path));
    }
    Ok(file)
}

/// All of an input as text, without a byte order mark.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    let text = decode(path, read_message(path)?)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The bytes of an input as text.
pub(crate) fn decode(path: &Path, bytes: Vec<u8>) -> Result<String> {
    // The error of the conversion would hold the bytes.
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count();
        anyhow!("{}, line {line}: not UTF-8; save it as UTF-8 text", name(path))
    })?;
    if text.contains('\0') {
        bail!(nul(path));
    }
    Ok(text)
}

/// What is wrong with an input that holds NUL bytes.
pub(crate) fn nul(path: &Path) -> String {
    format!("{} holds NUL bytes, as UTF-16 and files other than text do; save it as UTF-8 text", name(path))
}

/// All of an input that fits into memory.
pub(crate) fn read_message(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = open(path, BUFFER)?.take(LARGEST + 1).read_to_end(&mut bytes);
    read.with_context(|| format!("cannot read {}", name(path)))?;
    if bytes.len() as u64 > LARGEST {
        let limit = LARGEST >> 20;
        bail!(
            "{} is larger than {limit} MiB, the most that is read at once; split it, or read it by lines",
            name(path)
        );
    }
    Ok(bytes)
}
