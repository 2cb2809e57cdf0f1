use std::fmt;

/// What is wrong with a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// It is not written as a policy is: no TOML, an unknown key, a word that is no label.
    Syntax,
    /// Its parts do not go together.
    Meaning,
    /// It builds on a policy that is not there.
    Unknown,
    /// Some finding is decided by none of its rules.
    Hole,
}

/// The error of reading or building a policy: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    kind: ErrorKind,
    source: String,
    at: Option<(u32, u32)>,
    message: String,
}

impl PolicyError {
    pub(crate) fn new(kind: ErrorKind, source: &str, at: Option<(u32, u32)>, message: &str) -> Self {
        Self { kind, source: source.to_owned(), at, message: message.trim().replace('\n', "; ") }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The line and the column, both from 1; `None` where the whole is meant.
    #[must_use]
    pub const fn place(&self) -> Option<(u32, u32)> {
        self.at
    }

    /// The file or request that is wrong.
    #[must_use]
    pub fn source_name(&self) -> &str {
        &self.source
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some((line, column)) => write!(f, "{}:{line}:{column}: {}", self.source, self.message),
            None => write!(f, "{}: {}", self.source, self.message),
        }
    }
}

impl std::error::Error for PolicyError {}
