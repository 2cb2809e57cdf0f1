//! The record of what was decided: one JSON object a line, each with the hash of the one before, and no text.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use presend::{Engine, Outcome, Scratch};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// The longest reason that is recorded, in characters; a longer one is refused.
pub const LONGEST_REASON: usize = 500;

/// What is recorded of one message.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    time: Timestamp,
    caller: String,
    by: &'static str,
    policy: String,
    verdict: &'static str,
    model_review: &'static str,
    not_looked_at: Vec<&'static str>,
    /// By label, then by action, how often.
    findings: BTreeMap<&'static str, BTreeMap<&'static str, u32>>,
    /// Why somebody sends the message otherwise than advised, its own identifiers taken out.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    overridden: Option<String>,
}

impl Entry {
    /// What is recorded of an outcome; `by` is how it was asked for, such as `check`.
    #[must_use]
    pub fn new(time: Timestamp, caller: &str, by: &'static str, outcome: &Outcome) -> Self {
        let mut findings: BTreeMap<_, BTreeMap<_, u32>> = BTreeMap::new();
        for (finding, decision) in outcome.findings.iter().zip(&outcome.decisions) {
            let count = findings.entry(finding.label.name()).or_default();
            *count.entry(decision.action.name()).or_default() += 1;
        }
        Self {
            time,
            caller: caller.to_owned(),
            by,
            policy: outcome.policy.to_string(),
            verdict: outcome.verdict.name(),
            model_review: outcome.review.name(),
            not_looked_at: outcome.unseen.iter().map(|unseen| unseen.name()).collect(),
            findings,
            overridden: None,
        }
    }

    /// The same entry with the sender's reason to send otherwise than advised, without the identifiers found in it.
    #[must_use]
    pub fn overridden(mut self, reason: &str, engine: &Engine, scratch: &mut Scratch) -> Self {
        self.overridden = Some(without_identifiers(reason, engine, scratch));
        self
    }
}

/// A reason as records keep it: with placeholders for the identifiers found in it.
#[must_use]
pub fn without_identifiers(reason: &str, engine: &Engine, scratch: &mut Scratch) -> String {
    let mut safe = String::with_capacity(reason.len());
    let mut at = 0;
    for finding in engine.findings_with(scratch, reason) {
        safe.push_str(reason.get(at..finding.span.start()).unwrap_or_default());
        safe.push_str(&format!("[{}]", finding.label.placeholder()));
        at = finding.span.end();
    }
    safe.push_str(reason.get(at..).unwrap_or_default());
    safe
}

#[derive(Serialize)]
struct Chained<'a> {
    seq: u64,
    #[serde(flatten)]
    entry: &'a Entry,
    previous: &'a str,
}

/// The file that entries are added to. One process at a time holds it.
pub struct Audit {
    state: Mutex<State>,
    /// Where entries wait for the disk.
    disk: Option<Disk>,
}

struct Disk {
    file: File,
    /// The last entry that is on it.
    seq: Mutex<u64>,
}

struct State {
    file: File,
    seq: u64,
    last: String,
    /// After a failed write the chain is uncertain, so nothing more is written.
    has_failed: bool,
}

impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Audit").finish_non_exhaustive()
    }
}

/// What the first line has in place of the hash of the one before.
const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const HASH_FIELD: &str = ",\"hash\":\"";

impl Audit {
    /// Opens the record, or begins it, after verifying all of it. With `sync` each entry waits until the disk has it.
    ///
    /// # Errors
    ///
    /// Where the file cannot be opened or written, another process holds it, or a line of it is broken.
    pub fn open(path: &Path, sync: bool) -> Result<Self, AuditError> {
        let fail = |error: io::Error| AuditError::io(path, &error);
        let mut options = OpenOptions::new();
        options.append(true).read(true).create(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options.open(path).map_err(fail)?;
        if file.try_lock().is_err() {
            return Err(AuditError {
                path: path.to_owned(),
                line: None,
                what: "another process writes it".into(),
            });
        }
        let verified = verify(path)?;
        let disk = match sync {
            false => None,
            true => Some(Disk { file: file.try_clone().map_err(fail)?, seq: Mutex::new(verified.entries) }),
        };
        let state = State { file, seq: verified.entries, last: verified.last_hash, has_failed: false };
        Ok(Self { state: Mutex::new(state), disk })
    }

    /// Adds an entry, before the answer that it is about is given.
    ///
    /// # Errors
    ///
    /// Where it could not be written; then nothing more can be until the service starts anew.
    pub fn add(&self, entry: &Entry) -> io::Result<()> {
        let seq = self.write(entry)?;
        self.disk.as_ref().map_or(Ok(()), |disk| self.sync(disk, seq))
    }

    /// Waits until the disk has an entry. One wait serves all that were written before it began.
    fn sync(&self, disk: &Disk, seq: u64) -> io::Result<()> {
        let mut on_disk = disk.seq.lock().unwrap_or_else(PoisonError::into_inner);
        if *on_disk >= seq {
            return Ok(());
        }
        let written = self.state.lock().unwrap_or_else(PoisonError::into_inner).seq;
        if let Err(error) = disk.file.sync_data() {
            // The system may have given up what it could not write.
            self.state.lock().unwrap_or_else(PoisonError::into_inner).has_failed = true;
            return Err(error);
        }
        *on_disk = written;
        Ok(())
    }

    /// Writes an entry and gives its number.
    fn write(&self, entry: &Entry) -> io::Result<u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.has_failed {
            return Err(io::Error::other("an earlier write failed"));
        }
        let chained = Chained { seq: state.seq + 1, entry, previous: &state.last };
        let mut line = serde_json::to_string(&chained)?;
        // The hash covers the line up to its own field.
        line.truncate(line.len().saturating_sub(1));
        let hash = hash(line.as_bytes());
        line.push_str(HASH_FIELD);
        line.push_str(&hash);
        line.push_str("\"}\n");
        if let Err(error) = state.file.write_all(line.as_bytes()) {
            state.has_failed = true;
            return Err(error);
        }
        state.seq += 1;
        state.last = hash;
        Ok(state.seq)
    }
}

fn hash(bytes: &[u8]) -> String {
    crate::auth::hex(&Sha256::digest(bytes))
}

/// What a sound record holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries.
    pub entries: u64,
    /// The hash of the last; kept elsewhere, it shows whether entries were cut off the end.
    pub last_hash: String,
}

/// A record that cannot be opened or is broken.
#[derive(Clone, Debug)]
pub struct AuditError {
    path: PathBuf,
    line: Option<u64>,
    what: String,
}

impl AuditError {
    fn io(path: &Path, error: &io::Error) -> Self {
        Self { path: path.to_owned(), line: None, what: error.to_string() }
    }

    /// The first broken line, counted from 1; `None` where the file could not be opened.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        self.line
    }
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for AuditError {}

/// Checks that a record can be opened and is sound, or that it can be begun, without beginning it.
pub(crate) fn check(path: &Path) -> Result<(), AuditError> {
    let fail = |error: io::Error| AuditError::io(path, &error);
    if path.exists() {
        OpenOptions::new().append(true).open(path).map_err(fail)?;
        return verify(path).map(drop);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let about = std::fs::metadata(folder.unwrap_or(Path::new("."))).map_err(fail)?;
    if !about.is_dir() || about.permissions().readonly() {
        return Err(fail(io::Error::from(io::ErrorKind::PermissionDenied)));
    }
    Ok(())
}

/// Verifies a record: each line's hash, its number and that it follows the one before.
///
/// # Errors
///
/// Where the file cannot be read, or at the first line that was changed, added, taken out or cut short. Lines cut off
/// the end do not show; compare [`Verified::last_hash`].
pub fn verify(path: &Path) -> Result<Verified, AuditError> {
    #[derive(serde::Deserialize)]
    struct Links {
        seq: u64,
        previous: String,
    }
    let fail = |error: io::Error| AuditError::io(path, &error);
    let mut reader = BufReader::new(File::open(path).map_err(fail)?);
    let mut verified = Verified { entries: 0, last_hash: START.to_owned() };
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(fail)? == 0 {
            return Ok(verified);
        }
        let number = verified.entries + 1;
        let broken =
            |what: &str| AuditError { path: path.to_owned(), line: Some(number), what: what.to_owned() };
        let text = std::str::from_utf8(&line).map_err(|_| broken("it is not UTF-8"))?;
        let text = text.strip_suffix("\"}\n").ok_or_else(|| broken("it is cut short"))?;
        let (said, given) = text.rsplit_once(HASH_FIELD).ok_or_else(|| broken("it has no hash"))?;
        if hash(said.as_bytes()) != given {
            return Err(broken("it was changed"));
        }
        let links: Links =
            serde_json::from_str(&format!("{said}}}")).map_err(|_| broken("it is no entry"))?;
        if links.seq != number || links.previous != verified.last_hash {
            return Err(broken("it does not follow the line before"));
        }
        verified = Verified { entries: number, last_hash: given.to_owned() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(path: &Path, entries: u64) {
        let engine = Engine::new();
        let audit = Audit::open(path, true).unwrap();
        for _ in 0..entries {
            let outcome = engine.check("Mrs Doris Ekwueme NHS 999 123 4004");
            audit.add(&Entry::new(Timestamp::UNIX_EPOCH, "ward", "check", &outcome)).unwrap();
        }
    }

    #[test]
    fn the_chain_goes_on_after_a_restart_and_shows_what_was_changed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.jsonl");
        filled(&path, 3);
        filled(&path, 2);
        let whole = std::fs::read_to_string(&path).unwrap();
        assert_eq!(verify(&path).unwrap().entries, 5);
        assert!(!whole.contains("Ekwueme") && !whole.contains("4004"));
        let lines: Vec<&str> = whole.lines().collect();
        assert!(lines[0].contains(r#""NHS_NUMBER":{"#), "{}", lines[0]);

        let rewrite = |lines: &[&str]| std::fs::write(&path, lines.join("\n") + "\n").unwrap();
        let changed = lines[2].replace("\"ward\"", "\"word\"");
        rewrite(&[lines[0], lines[1], &changed, lines[3], lines[4]]);
        assert_eq!(verify(&path).unwrap_err().line(), Some(3));
        rewrite(&[lines[0], lines[2], lines[3], lines[4]]);
        assert_eq!(verify(&path).unwrap_err().line(), Some(2));
        rewrite(&[lines[1], lines[2]]);
        assert_eq!(verify(&path).unwrap_err().line(), Some(1));
        rewrite(&[lines[0], lines[1], lines[1]]);
        assert_eq!(verify(&path).unwrap_err().line(), Some(3));
        std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
        assert_eq!(verify(&path).unwrap_err().line(), Some(5));
        assert!(Audit::open(&path, false).is_err());
        rewrite(&lines[..4]);
        let cut = verify(&path).unwrap();
        assert_eq!(cut.entries, 4);
    }

    #[test]
    fn entries_from_many_threads_are_one_chain() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.jsonl");
        let audit = Audit::open(&path, true).unwrap();
        let outcome = Engine::new().check("fine");
        let add = || {
            for _ in 0..25 {
                audit.add(&Entry::new(Timestamp::UNIX_EPOCH, "ward", "check", &outcome)).unwrap();
            }
        };
        std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(add))));
        assert_eq!(*audit.disk.as_ref().unwrap().seq.lock().unwrap(), 100);
        assert_eq!(verify(&path).unwrap().entries, 100);
    }

    #[test]
    fn a_reason_loses_its_identifiers() {
        let engine = Engine::new();
        let outcome = engine.check("fine");
        let entry = Entry::new(Timestamp::UNIX_EPOCH, "ward", "check", &outcome);
        let entry =
            entry.overridden("registrar needs NHS 999 123 4004 now", &engine, &mut Scratch::default());
        assert_eq!(entry.overridden.as_deref(), Some("registrar needs NHS [NHS NUMBER] now"));
    }

    #[test]
    fn a_record_that_cannot_be_begun_is_told_of_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.jsonl");
        assert!(check(&path).is_ok() && !path.exists());
        filled(&path, 1);
        assert!(check(&path).is_ok());
        assert!(check(&path.join("inside")).is_err());
        assert!(check(&dir.path().join("none").join("audit.jsonl")).is_err());
        assert!(check(dir.path()).is_err());
    }

    #[test]
    fn two_processes_do_not_write_one_record() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.jsonl");
        let held = Audit::open(&path, false).unwrap();
        assert!(Audit::open(&path, false).unwrap_err().to_string().contains("another process"));
        drop(held);
        assert!(Audit::open(&path, false).is_ok());
    }
}
