//! `presend reveal`: tokens turned back into what they stand for, with a record of it.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use presend::token::{Reason, Revealed, reveal};
use presend::{Engine, Scratch};
use presend_service::audit::without_identifiers;
use serde::Serialize;

use crate::args::RevealArgs;
use crate::keys::read_ring;
use crate::output::{self, Output};
use crate::{Exit, input, style};

/// One line of the record: who saw how much of what, when and why; never the words.
#[derive(Serialize)]
struct Record {
    time: String,
    reason: String,
    input: String,
    revealed: BTreeMap<&'static str, usize>,
    key_versions: Vec<u32>,
    left_in_place: usize,
}

pub(crate) fn run(args: &RevealArgs) -> Result<Exit> {
    output::refuse_clashes(&args.input_file, &[&args.output], args.force)?;
    let reason = Reason::new(&args.reason).map_err(|error| anyhow!("--reason: {error}"))?;
    let (_, ring) = read_ring(&args.key_file)?;
    let text = read(&args.input_file)?;
    let scoped = &args.key_scope;
    let (revealed, failed) = match reveal(&text, &ring, scoped.scope, scoped.id.as_bytes(), &reason) {
        Ok(revealed) => (revealed, None),
        Err(error) => (error.clone().into_partial(), Some(error)),
    };
    let mut out = Output::create(&args.output, args.force)?;
    let log = args.log.clone().unwrap_or_else(|| beside(&args.key_file));
    // The record comes first: nothing is revealed that it does not hold.
    record(&log, args, &revealed, failed.as_ref().map_or(0, |error| error.failures().len()))?;
    out.write_all(revealed.text.as_bytes())?;
    out.commit()?;
    let count: usize = revealed.counts.values().sum();
    let done = style::paint(style::GOOD, "Revealed");
    writeln!(style::stderr(), "{done} {count} tokens; recorded in {}", log.display())?;
    if let Some(error) = &failed {
        style::warn(&error.to_string());
    }
    Ok(if failed.is_none() { Exit::Good } else { Exit::Incomplete })
}

/// The text with the tokens, without a byte order mark.
fn read(path: &Path) -> Result<String> {
    let bytes = input::read_message(path)?;
    if presend_archive::is_zip(&bytes) {
        bail!("{} is a zip archive; unpack it and give the .txt in it", input::name(path));
    }
    let text = input::decode(path, bytes)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The record's file where the options do not name one.
fn beside(key_file: &Path) -> PathBuf {
    let mut name = key_file.as_os_str().to_owned();
    name.push(".reveals.jsonl");
    PathBuf::from(name)
}

fn record(log: &Path, args: &RevealArgs, revealed: &Revealed, left_in_place: usize) -> Result<()> {
    let record = Record {
        time: jiff::Timestamp::now().to_string(),
        reason: recorded(&revealed.reason),
        input: args.input_file.display().to_string(),
        revealed: revealed.counts.iter().map(|(label, count)| (label.name(), *count)).collect(),
        key_versions: revealed.versions.iter().copied().collect(),
        left_in_place,
    };
    let mut line = serde_json::to_string(&record)?;
    line.push('\n');
    append(log, line.as_bytes())
        .with_context(|| format!("cannot write the record `{}`; nothing was revealed", log.display()))
}

/// The reason as it is recorded, by the rules alone: the record outlives the reading.
fn recorded(reason: &Reason) -> String {
    without_identifiers(reason.as_str(), &Engine::new(), &mut Scratch::default())
}

/// Adds a line to the record, which only its owner may read where it is begun.
fn append(log: &Path, line: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(log)?;
    file.write_all(line)?;
    file.sync_all()
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn only_the_owner_reads_the_record() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("reveals.jsonl");
        append(&log, b"one\n").unwrap();
        append(&log, b"two\n").unwrap();
        assert_eq!(fs::read(&log).unwrap(), b"one\ntwo\n");
        assert_eq!(fs::metadata(&log).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_zip_archive_is_told_from_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("safer.zip");
        fs::write(&path, b"PK\x03\x04\xff").unwrap();
        assert!(
            read(&path)
                .unwrap_err()
                .to_string()
                .ends_with("a zip archive; unpack it and give the .txt in it")
        );
        fs::write(&path, "\u{feff}bed 4").unwrap();
        assert_eq!(read(&path).unwrap(), "bed 4");
    }

    #[test]
    fn the_reason_is_recorded_without_identifiers() {
        let reason = Reason::new("SAR 2026/117 Mrs Ekwueme").unwrap();
        assert_eq!(recorded(&reason), "SAR 2026/117 Mrs [NAME]");
        assert_eq!(recorded(&Reason::new("complaint 17").unwrap()), "complaint 17");
    }
}
