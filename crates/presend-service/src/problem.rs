//! Why a request was not answered, as RFC 9457 has it, and as a gRPC status.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use tonic::Code;

macro_rules! kinds {
    ($($(#[$about:meta])* $kind:ident, $name:literal, $status:literal, $code:ident, $title:literal;)*) => {
        /// What kind of problem it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ProblemKind {
            $($(#[$about])* $kind,)*
        }

        impl ProblemKind {
            /// Every kind.
            pub const ALL: &'static [ProblemKind] = &[$(ProblemKind::$kind),*];

            /// The name that ends the problem's `type`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(ProblemKind::$kind => $name),* }
            }

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(ProblemKind::$kind => $status),* }
            }

            /// The gRPC status code.
            #[must_use]
            pub const fn code(self) -> Code {
                match self { $(ProblemKind::$kind => Code::$code),* }
            }

            /// A heading, the same for all problems of the kind.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(ProblemKind::$kind => $title),* }
            }
        }
    };
}

kinds! {
    /// The bytes are no UTF-8.
    BadEncoding, "bad-encoding", 400, InvalidArgument, "The request is not UTF-8";
    /// It is no JSON, or not of the shape that is asked for.
    BadRequest, "bad-request", 400, InvalidArgument, "The request could not be read";
    /// Nobody was named who may ask, or the proof of it does not hold.
    Unauthorised, "unauthorised", 401, Unauthenticated, "Authentication is needed";
    /// It comes from a place that may not ask.
    Forbidden, "forbidden", 403, PermissionDenied, "The request may not come from there";
    /// There is no such path.
    NotFound, "not-found", 404, Unimplemented, "There is nothing here";
    /// The path takes another method.
    BadMethod, "bad-method", 405, Unimplemented, "The path takes another method";
    /// The client sends too slowly.
    TooSlow, "too-slow", 408, DeadlineExceeded, "The request took too long to arrive";
    /// It is longer than the service takes.
    TooLarge, "too-large", 413, OutOfRange, "The request is too large";
    /// The content type is another one than the path reads.
    BadMediaType, "bad-media-type", 415, InvalidArgument, "The content type is not taken";
    /// There is no policy of that name.
    UnknownPolicy, "unknown-policy", 422, NotFound, "There is no such policy";
    /// The edit does not fit the text it is of.
    BadEdit, "bad-edit", 422, FailedPrecondition, "The edit does not fit the text";
    /// The path speaks another protocol.
    UpgradeRequired, "upgrade-required", 426, Unimplemented, "The path speaks another protocol";
    /// The caller asks more often than it may.
    TooMany, "too-many-requests", 429, ResourceExhausted, "Too many requests";
    /// Something went wrong inside.
    Internal, "internal", 500, Internal, "The service failed";
    /// There is more work than the service can do.
    Overloaded, "overloaded", 503, Unavailable, "The service is busy";
    /// The conversation's store does not answer.
    ConversationsAway, "conversations-away", 503, Unavailable, "Conversations are out of reach";
    /// The conversation was sealed with keys that are not there.
    ConversationKeys, "conversation-keys", 503, FailedPrecondition, "The conversation does not open";
    /// The answer was not ready in time.
    TimedOut, "timed-out", 503, DeadlineExceeded, "The answer took too long";
    /// The service is ending.
    Stopping, "stopping", 503, Unavailable, "The service is shutting down";
}

/// Why a request was not answered. It holds no text of the request.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: ProblemKind,
    detail: Cow<'static, str>,
    retry_after: Option<u32>,
}

impl Problem {
    /// A problem with a sentence on what to do about it, which must not quote the request.
    pub fn new(kind: ProblemKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, detail: detail.into(), retry_after: None }
    }

    /// The same problem with the number of seconds after which to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// What kind of problem it is.
    #[must_use]
    pub const fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// What was wrong with this request, without its text.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// After how many seconds to try again, where that may help.
    #[must_use]
    pub const fn retry_seconds(&self) -> Option<u32> {
        self.retry_after
    }

    /// What is wrong with a JSON text: the place, the sort and the field of ours, for the error's own words can quote the
    /// text.
    pub(crate) fn of_json(error: &serde_json::Error, text: &str, field: Option<&str>) -> Self {
        use serde_json::error::Category;
        // Serde takes what it has not asked for, such as null for a name, for a fault of syntax.
        let is_json = || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        let what = match (error.classify(), missing(error)) {
            (Category::Data, Some(missing)) => match field {
                Some(field) => format!("{field}.{missing} is missing"),
                None => format!("{missing} is missing"),
            },
            (Category::Eof, _) => "it ends too early".to_owned(),
            (Category::Io, _) => "it could not be read".to_owned(),
            (Category::Syntax, _) if !is_json() => "it is no JSON".to_owned(),
            _ if is_unknown(error) => match field {
                Some(field) => format!("{field} has a field that is not asked for, see /openapi.json"),
                None => "it has a field that is not asked for, see /openapi.json".to_owned(),
            },
            _ => match field {
                Some(field) => format!(
                    "{field} is not of the type or among the words that are asked for, see /openapi.json"
                ),
                None => "it has not the fields or types that are asked for, see /openapi.json".to_owned(),
            },
        };
        let detail = format!("At line {}, column {}: {what}.", error.line(), error.column());
        Self::new(ProblemKind::BadRequest, detail)
    }

    pub(crate) fn stopping() -> Self {
        Self::new(ProblemKind::Stopping, "Ask another instance.")
    }

    pub(crate) fn not_checked() -> Self {
        Self::new(ProblemKind::Internal, "The message was not checked.")
    }

    pub(crate) fn timed_out() -> Self {
        Self::new(ProblemKind::TimedOut, "The message was not checked in time.").retry_after(2)
    }

    pub(crate) fn overloaded() -> Self {
        Self::new(ProblemKind::Overloaded, "Every place in the queue is taken.").retry_after(1)
    }

    pub(crate) fn too_large(what: &str, limit: usize) -> Self {
        Self::new(ProblemKind::TooLarge, format!("{what} may have {limit} bytes at most."))
    }
}

/// The field of ours that is not there. Only an error of that sort begins so, and names no field of the request's.
fn missing(error: &serde_json::Error) -> Option<String> {
    let words = error.to_string();
    let name = words.strip_prefix("missing field `")?.split('`').next()?;
    Some(name.to_owned())
}

/// Whether it is a field that is not ours. Only an error of that sort begins so.
fn is_unknown(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("unknown field ")
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.title(), self.detail)
    }
}

impl std::error::Error for Problem {}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, sink: S) -> Result<S::Ok, S::Error> {
        let mut object = sink.serialize_struct("Problem", 4)?;
        object.serialize_field("type", &format!("urn:presend:problem:{}", self.kind.name()))?;
        object.serialize_field("title", self.kind.title())?;
        object.serialize_field("status", &self.kind.status())?;
        object.serialize_field("detail", self.detail.as_ref())?;
        object.end()
    }
}
