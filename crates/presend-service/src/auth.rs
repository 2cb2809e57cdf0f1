//! Who asks: API keys, bearer tokens and client certificates.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};

use crate::config::{Config, ConfigError};
use crate::jwt::{Expected, KeySet};
use crate::problem::{Problem, ProblemKind};

/// Who asks, by a name for the audit log and for limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller(Arc<str>);

impl Caller {
    /// A caller of that name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(Arc::from(name))
    }

    /// The name: `key:NAME`, `token:SUB`, `certificate:FINGERPRINT` or `anonymous`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// What files say, read again when they change.
pub(crate) struct Reloading<T> {
    current: RwLock<Arc<T>>,
    files: Vec<PathBuf>,
    stamps: Mutex<Vec<Stamp>>,
    read: Box<dyn Fn() -> Result<T, ConfigError> + Send + Sync>,
}

type Stamp = Option<(SystemTime, u64)>;

impl<T> Reloading<T> {
    pub(crate) fn new(
        files: Vec<PathBuf>,
        read: impl Fn() -> Result<T, ConfigError> + Send + Sync + 'static,
    ) -> Result<Self, ConfigError> {
        let stamps = Mutex::new(files.iter().map(|file| stamp(file)).collect());
        let current = RwLock::new(Arc::new(read()?));
        Ok(Self { current, files, stamps, read: Box::new(read) })
    }

    pub(crate) fn get(&self) -> Arc<T> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the files again where they have changed, or in any case. What was read before stays where that fails.
    pub(crate) fn refresh(&self, in_any_case: bool) {
        let stamps: Vec<Stamp> = self.files.iter().map(|file| stamp(file)).collect();
        let mut before = self.stamps.lock().unwrap_or_else(PoisonError::into_inner);
        if *before == stamps && !in_any_case {
            return;
        }
        match (self.read)() {
            Ok(new) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
                tracing::info!(files = ?self.files, "read again");
            }
            Err(error) => {
                tracing::error!(%error, "cannot be read again; what was read before stays in force")
            }
        }
        *before = stamps;
    }
}

fn stamp(file: &Path) -> Stamp {
    let about = std::fs::metadata(file).ok()?;
    Some((about.modified().ok()?, about.len()))
}

/// Names and the SHA-256 of their keys.
struct ApiKeys(Vec<(String, [u8; 32])>);

impl ApiKeys {
    fn parse(text: &str) -> Result<Self, String> {
        let mut keys = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, digits) =
                line.split_once(':').ok_or_else(|| format!("line {number} is not NAME:SHA256"))?;
            let hash = from_hex(digits.trim());
            let hash = hash.ok_or_else(|| format!("line {number} has not 64 hexadecimal digits"))?;
            let name = name.trim();
            // One caller may have two keys while they are changed; the record and the limits tell callers by their names.
            if name.is_empty() {
                return Err(format!("line {number} has no name"));
            }
            keys.push((name.to_owned(), hash));
        }
        if keys.is_empty() { Err("it has no keys".to_owned()) } else { Ok(Self(keys)) }
    }

    /// Compares with every key, in a time that tells nothing of which fits.
    fn find(&self, key: &str) -> Option<&str> {
        let hash: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        let mut found = u64::MAX;
        for (at, (_, known)) in (0..).zip(&self.0) {
            found.conditional_assign(&at, hash.as_slice().ct_eq(known.as_slice()));
        }
        let (name, _) = self.0.get(usize::try_from(found).ok()?)?;
        Some(name)
    }
}

/// Tells who asks.
pub(crate) struct Auth {
    keys: Option<Reloading<ApiKeys>>,
    tokens: Option<(Reloading<KeySet>, String, String)>,
    certificates: bool,
    leeway: i64,
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth").finish_non_exhaustive()
    }
}

impl Auth {
    pub(crate) fn new(config: &Config) -> Result<Self, ConfigError> {
        let read =
            |file: &Path| std::fs::read_to_string(file).map_err(|error| ConfigError::file(file, &error));
        let keys = config.auth.keys_file.clone().map(|file| {
            Reloading::new(vec![file.clone()], move || {
                ApiKeys::parse(&read(&file)?).map_err(|error| ConfigError::file(&file, &error))
            })
        });
        let sets = config.auth.jwks_file.clone().map(|file| {
            Reloading::new(vec![file.clone()], move || {
                KeySet::parse(&read(&file)?).map_err(|error| ConfigError::file(&file, &error))
            })
        });
        let tokens = match (sets.transpose()?, &config.auth.issuer, &config.auth.audience) {
            (Some(set), Some(issuer), Some(audience)) => Some((set, issuer.clone(), audience.clone())),
            _ => None,
        };
        Ok(Self {
            keys: keys.transpose()?,
            tokens,
            certificates: config.tls.client_ca.is_some(),
            leeway: i64::try_from(config.auth.leeway_seconds).unwrap_or(i64::MAX),
        })
    }

    pub(crate) fn refresh(&self, in_any_case: bool) {
        if let Some(keys) = &self.keys {
            keys.refresh(in_any_case);
        }
        if let Some((set, ..)) = &self.tokens {
            set.refresh(in_any_case);
        }
    }

    /// Who shows `credential`, a key or a token, on a connection with the client certificate of that fingerprint.
    pub(crate) fn caller(
        &self,
        credential: Option<&str>,
        certificate: Option<&str>,
        now: Timestamp,
    ) -> Result<Caller, Problem> {
        let refuse = |detail: &'static str| Err(Problem::new(ProblemKind::Unauthorised, detail));
        if self.keys.is_none() && self.tokens.is_none() {
            return match (self.certificates, certificate) {
                (false, _) => Ok(Caller::new("anonymous")),
                (true, Some(fingerprint)) => Ok(Caller::new(&format!("certificate:{fingerprint}"))),
                (true, None) => refuse("The connection has no client certificate."),
            };
        }
        let Some(credential) = credential else {
            return refuse("Give a key or a token as `Authorization: Bearer ...`.");
        };
        if let Some(name) = self.keys.as_ref().and_then(|keys| keys.get().find(credential).map(str::to_owned))
        {
            return Ok(Caller::new(&format!("key:{name}")));
        }
        let Some((set, issuer, audience)) = &self.tokens else { return refuse("The key is not known.") };
        let expected = Expected { issuer, audience, now: now.as_second(), leeway: self.leeway };
        match set.get().verify(credential, &expected) {
            Ok(subject) => Ok(Caller::new(&format!("token:{subject}"))),
            Err(why) => {
                Err(Problem::new(ProblemKind::Unauthorised, format!("The key is not known, or {why}.")))
            }
        }
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(digits: &str) -> Option<[u8; 32]> {
    let value = |digit: &u8| char::from(*digit).to_digit(16);
    let pairs = digits.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(value(high)? * 16 + value(low)?).ok(),
        _ => None,
    });
    pairs.collect::<Option<Vec<u8>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_by_their_hash() {
        let line = |name: &str, key: &str| format!("{name}:{}\n", hex(&Sha256::digest(key)));
        let file = format!("# keys\n\n{}{}", line("ward", "one"), line("bot", "two"));
        let keys = ApiKeys::parse(&file).unwrap();
        assert_eq!(
            (keys.find("one"), keys.find("two"), keys.find("three")),
            (Some("ward"), Some("bot"), None)
        );
        // While a key is changed.
        let twice = format!("{}{}", line("ward", "one"), line("ward", "two"));
        assert_eq!(ApiKeys::parse(&twice).unwrap().find("two"), Some("ward"));
        let nameless = line("", "one");
        for (bad, says) in
            [("", "no keys"), ("ward", "line 1"), ("\nward:12", "line 2"), (nameless.as_str(), "line 1")]
        {
            assert!(ApiKeys::parse(bad).err().unwrap().contains(says), "{bad}");
        }
    }

    #[test]
    fn a_changed_file_is_read_again_and_a_broken_one_is_not_taken() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("keys");
        let write = |key: &str| std::fs::write(&file, format!("k:{key}")).unwrap();
        write(&hex(&Sha256::digest("one")));
        let read = file.clone();
        let keys = Reloading::new(vec![file.clone()], move || {
            ApiKeys::parse(&std::fs::read_to_string(&read).unwrap()).map_err(ConfigError::new)
        });
        let keys = keys.unwrap();
        write("broken");
        keys.refresh(false);
        assert_eq!(keys.get().find("one"), Some("k"));
        write(&hex(&Sha256::digest("two")));
        keys.refresh(true);
        assert_eq!((keys.get().find("one"), keys.get().find("two")), (None, Some("k")));
    }
}
