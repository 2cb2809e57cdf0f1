//! `presend keys`: key files, made and rotated.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use presend::KeyRing;

use crate::args::{KeysArgs, KeysCommand};
use crate::keys::read_ring;
use crate::output::Output;
use crate::{Exit, style};

/// The length of a key in bytes.
const KEY: usize = 32;

pub(crate) fn run(args: &KeysArgs) -> Result<Exit> {
    match &args.command {
        KeysCommand::New { file } => {
            if file.exists() {
                bail!("`{}` exists; `presend keys rotate` adds a key to it", file.display());
            }
            let head = "# presend keys: keep this file as you would the data itself.\n";
            write(file, &format!("{head}1 {}\n", random()?), false)?;
            say(file, 1)
        }
        KeysCommand::Rotate { file } => {
            let (text, ring) = read_ring(file)?;
            let next =
                ring.current().checked_add(1).ok_or_else(|| anyhow!("there is no version after the last"))?;
            let text = text.trim_end();
            write(file, &format!("{text}\n{next} {}\n", random()?), true)?;
            say(file, next)
        }
        KeysCommand::Show { file } => {
            let (_, ring) = read_ring(file)?;
            let (mut out, _) = style::stdout();
            for version in KeyRing::versions(&ring) {
                writeln!(
                    out,
                    "{version}{}",
                    if version == ring.current() { " (writes)" } else { " (reveals)" }
                )?;
            }
            out.flush()?;
            Ok(Exit::Good)
        }
    }
}

fn say(file: &Path, version: u32) -> Result<Exit> {
    let done = style::paint(style::GOOD, "Wrote");
    writeln!(style::stderr(), "{done} {}: key version {version} writes from now on", file.display())?;
    Ok(Exit::Good)
}

/// Writes the file whole or not at all, readable by its owner alone.
fn write(file: &Path, text: &str, force: bool) -> Result<()> {
    let mut out = Output::create(file, force)?;
    out.write_all(text.as_bytes()).with_context(|| format!("`{}`", file.display()))?;
    out.commit()
}

/// A new key in hexadecimal digits.
fn random() -> Result<String> {
    let mut key = [0; KEY];
    getrandom::fill(&mut key).map_err(|error| anyhow!("cannot draw a random key: {error}"))?;
    Ok(key.iter().map(|byte| format!("{byte:02x}")).collect())
}
