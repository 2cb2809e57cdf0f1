use std::fmt;

/// Why a model could not be made or asked; it never holds message text.
#[derive(Debug)]
pub struct Error(Kind);

#[derive(Debug)]
enum Kind {
    Bundle { file: &'static str, why: &'static str },
    Backend { backend: String, why: String },
}

impl Error {
    pub(crate) const fn bundle(file: &'static str, why: &'static str) -> Self {
        Self(Kind::Bundle { file, why })
    }

    pub(crate) fn backend(backend: &str, why: impl fmt::Display) -> Self {
        Self(Kind::Backend { backend: backend.to_owned(), why: why.to_string() })
    }

    /// Whether a file of the model is not as it must be, so that another copy of it is needed.
    #[must_use]
    pub const fn is_bundle(&self) -> bool {
        matches!(self.0, Kind::Bundle { .. })
    }

    /// Whether the runtime could not be loaded or refused the model.
    #[must_use]
    pub const fn is_backend(&self) -> bool {
        matches!(self.0, Kind::Backend { .. })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Bundle { file, why } => write!(f, "the model's {file} cannot be used: {why}"),
            Kind::Backend { backend, why } => write!(f, "{backend} cannot run the model: {why}"),
        }
    }
}

impl std::error::Error for Error {}
