//! A drop-in for clients of Presidio's two REST services, with presend's engine behind it.
//!
//! Paths, fields, defaults, operators, error bodies and status codes are those of presidio-analyzer and
//! presidio-anonymizer 2.2.366 behind the Flask servers of their repository; `tests/service/presidio.rs` replays recorded
//! answers of the real packages. Offsets count code points, as Python's strings do. No async, no framework: a method, a
//! path and a body go in, a status and a body come out.
//!
//! What differs, on purpose:
//! - `/analyze` finds with presend's engine, so entities, scores and explanations of built-in recognisers are presend's
//!   (see [`Presidio::entities`]). Ad-hoc recognisers, allow lists, thresholds and the order of results are Presidio's.
//! - Context words are looked for among the words before a match as they are spelt, lower-cased; Presidio compares the
//!   lemmas of its language model.
//! - Regular expressions of requests run under [`Limits`]; what runs past one is an error, where Presidio drops the
//!   pattern's matches. Fuzzy matching, recursion, named lists and version 1 sets of Python's `regex` are refused.
//! - Lists come sorted where Presidio's order changes from start to start (`/recognizers`, `/supportedentities`).
//! - `NaN`, `Infinity` and lone surrogates are no JSON here.

mod adhoc;
mod analyze;
mod anonymize;
mod cipher;
mod operators;
mod pattern;
mod value;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use presend::{Engine, Scratch};

use value::{Style, Value};

/// An answer: what an HTTP server sends back.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status code.
    pub status: u16,
    /// The body; JSON of ASCII characters, but for `/health`, which answers in plain words.
    pub body: Vec<u8>,
    /// The value of the `Content-Type` header.
    pub content_type: &'static str,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, body, content_type } = self;
        f.debug_struct("Reply")
            .field("status", status)
            .field("content_type", content_type)
            .field("body_len", &body.len())
            .finish()
    }
}

/// Which of Presidio's two services to stand in for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Both under one address; `/health` answers as the analyser.
    #[default]
    Both,
    /// `/analyze`, `/recognizers`, `/supportedentities` and `/health`.
    Analyzer,
    /// `/anonymize`, `/deanonymize`, `/anonymizers`, `/deanonymizers` and `/health`.
    Anonymizer,
}

/// Bounds on what one request may ask of ad-hoc recognisers and allow lists; past one, the request is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Regular expressions of one request, an allow list counting as one; 100 by default.
    pub patterns: usize,
    /// Characters of one regular expression; 4,096 by default. Deny lists may hold 16 times as many in all.
    pub pattern_len: usize,
    /// Bytes that one compiled regular expression may take up, and again as many while it runs; 1 MiB by default. Of a
    /// backtracking pattern each piece between its hard parts may take a quarter.
    pub compiled_size: usize,
    /// Steps back at one place of the text, of a pattern with look-around, back-references or atomic groups; 100,000 by
    /// default. Other patterns run in linear time and take none.
    pub steps: usize,
    /// Characters of all such backtracking patterns of one request; 4,096 by default.
    pub backtracking_len: usize,
    /// Bytes of text that such a backtracking pattern may be run on; 16,384 by default.
    pub backtracked_text: usize,
    /// Time for all the matching of one request; 2 seconds by default. It is looked at between matches, and between the
    /// places of the text that a backtracking pattern is tried at.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            patterns: 100,
            pattern_len: 4096,
            compiled_size: 1 << 20,
            steps: 100_000,
            backtracking_len: 4096,
            backtracked_text: 1 << 14,
            time: Duration::from_secs(2),
        }
    }
}

/// Fills a buffer with random bytes; `false` where it could not.
type Entropy = Box<dyn Fn(&mut [u8]) -> bool + Send + Sync>;

/// Answers the requests of Presidio's clients.
pub struct Presidio {
    engine: Arc<Engine>,
    part: Part,
    item_scores: bool,
    limits: Limits,
    entropy: Entropy,
}

impl fmt::Debug for Presidio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presidio")
            .field("part", &self.part)
            .field("item_scores", &self.item_scores)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Presidio {
    /// Both services over one engine, as Presidio 2.2.366 answers; salts and initialisation vectors come from the
    /// operating system.
    #[must_use]
    pub fn new(engine: Arc<Engine>) -> Self {
        Self {
            engine,
            part: Part::Both,
            item_scores: true,
            limits: Limits::default(),
            entropy: Box::new(|bytes| getrandom::fill(bytes).is_ok()),
        }
    }

    /// Stands in for one of the services alone; the other's paths are not found.
    #[must_use]
    pub fn with_part(mut self, part: Part) -> Self {
        self.part = part;
        self
    }

    /// Whether the items of `/anonymize` and `/deanonymize` hold `score`, as in Presidio 2.2.366; they do by default.
    #[must_use]
    pub fn with_item_scores(mut self, item_scores: bool) -> Self {
        self.item_scores = item_scores;
        self
    }

    /// Sets the bounds on what one request may ask.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Takes salts and initialisation vectors from `fill`, which gives `false` where it has none; for tests.
    #[must_use]
    pub fn with_entropy(mut self, fill: impl Fn(&mut [u8]) -> bool + Send + Sync + 'static) -> Self {
        self.entropy = Box::new(fill);
        self
    }

    /// The entities that `/analyze` finds by itself, sorted: Presidio's names where it has one, else presend's labels.
    #[must_use]
    pub fn entities() -> Vec<&'static str> {
        analyze::entities()
    }

    /// Answers a request with a JSON body. `path` may hold a query, as in `/recognizers?language=en`.
    #[must_use]
    pub fn call(&self, method: &str, path: &str, body: &[u8]) -> Reply {
        self.call_as(method, path, Some("application/json"), body)
    }

    /// Like [`Presidio::call`], with the `Content-Type` that the request came with: a body of another type than JSON is
    /// refused as Presidio refuses it.
    #[must_use]
    pub fn call_as(&self, method: &str, path: &str, content_type: Option<&str>, body: &[u8]) -> Reply {
        self.call_with(&mut Scratch::default(), method, path, content_type, body)
    }

    /// Like [`Presidio::call_as`], with buffers that the caller keeps.
    #[must_use]
    pub fn call_with(
        &self,
        scratch: &mut Scratch,
        method: &str,
        path: &str,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Reply {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let (analyzer, anonymizer) = (self.part != Part::Anonymizer, self.part != Part::Analyzer);
        let posted = match path {
            "/analyze" if analyzer => true,
            "/anonymize" | "/deanonymize" if anonymizer => true,
            "/recognizers" | "/supportedentities" if analyzer => false,
            "/anonymizers" | "/deanonymizers" if anonymizer => false,
            "/health" => false,
            _ => return error(404, NOT_FOUND),
        };
        match method {
            "OPTIONS" => return Reply { status: 200, body: Vec::new(), content_type: HTML },
            "POST" if posted => {}
            "GET" | "HEAD" if !posted => {}
            _ => return error(405, "The method is not allowed for the requested URL."),
        }
        let read = || {
            if is_json(content_type) {
                Value::parse(body).ok_or(Unread::Malformed)
            } else {
                Err(Unread::Type)
            }
        };
        let mut reply = match path {
            "/health" => Reply {
                status: 200,
                body: if analyzer { ANALYZER_UP } else { ANONYMIZER_UP }.into(),
                content_type: HTML,
            },
            "/analyze" => analyze::analyze(self, scratch, read().ok()),
            "/recognizers" => analyze::listing(query, analyze::recognisers),
            "/supportedentities" => {
                analyze::listing(query, || analyze::entities().into_iter().map(Value::from).collect())
            }
            "/anonymizers" => json(Style::Compact, &names(operators::ANONYMIZERS)),
            "/deanonymizers" => json(Style::Compact, &names(operators::DEANONYMIZERS)),
            _ => match read() {
                Err(Unread::Malformed) => error(400, MALFORMED),
                Err(Unread::Type) => error(415, WRONG_TYPE),
                Ok(content) if !content.truthy() => error(400, "Invalid request json"),
                Ok(content) => anonymize::answer(self, &content, path == "/deanonymize"),
            },
        };
        if method == "HEAD" {
            reply.body.clear();
        }
        reply
    }
}

/// Why a body is no JSON value.
enum Unread {
    Malformed,
    Type,
}

const HTML: &str = "text/html; charset=utf-8";
const ANALYZER_UP: &str = "Presidio Analyzer service is up";
const ANONYMIZER_UP: &str = "Presidio Anonymizer service is up";
const MALFORMED: &str = "The browser (or proxy) sent a request that this server could not understand.";
const WRONG_TYPE: &str =
    "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.";
const NOT_FOUND: &str = "The requested URL was not found on the server. If you entered the URL manually please check \
                         your spelling and try again.";

/// Whether a `Content-Type` says JSON.
fn is_json(content_type: Option<&str>) -> bool {
    let name = content_type.unwrap_or("").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    name == "application/json" || name.starts_with("application/") && name.ends_with("+json")
}

fn names(names: &[&str]) -> Value {
    Value::List(names.iter().copied().map(Value::from).collect())
}

/// An answer of status 200. Flask's writer ends its compact JSON with a line feed.
fn json(style: Style, value: &Value) -> Reply {
    let mut body = value.json(style).into_bytes();
    if matches!(style, Style::Compact) {
        body.push(b'\n');
    }
    Reply { status: 200, body, content_type: "application/json" }
}

fn error(status: u16, what: &str) -> Reply {
    error_value(status, what.into())
}

fn error_value(status: u16, what: Value) -> Reply {
    Reply { status, ..json(Style::Compact, &Value::Dict(vec![("error".to_owned(), what)])) }
}
