//! What the service is told by a file, by the environment and on the command line, the weakest first.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

/// A configuration that cannot be used. It says which setting is wrong and what it takes.
#[derive(Clone, Debug)]
pub struct ConfigError(String);

impl ConfigError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    pub(crate) fn file(path: &Path, error: &dyn fmt::Display) -> Self {
        Self(format!("{}: {error}", path.display()))
    }

    /// Names the place and what is wrong. What an error of TOML prints by itself shows the line, with its passwords.
    fn toml(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Self(format!("{}, line {line}: {}", path.display(), error.message()))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// What a setting is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    Number,
    Fraction,
    Truth,
    List,
}

/// A setting that can hold a password. Nothing shows what it says.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A type that settings have.
trait Typed {
    const FORM: Form;
}

macro_rules! typed {
    ($($type:ty = $form:ident),*) => { $(impl Typed for $type { const FORM: Form = Form::$form; })* };
}

typed!(
    String = Text,
    Option<String> = Text,
    Option<PathBuf> = Text,
    Option<Secret> = Text,
    SocketAddr = Text,
    u64 = Number,
    usize = Number,
    f64 = Fraction,
    bool = Truth,
    Vec<String> = List,
    LogFormat = Text
);

/// One setting: `path` is its place in the file, such as `limits.body_bytes`.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its place in the file, such as `limits.body_bytes`.
    pub path: &'static str,
    /// What it says, with the unit and the default.
    pub about: &'static str,
    form: Form,
}

impl Setting {
    /// The environment variable that sets it, such as `PRESEND_LIMITS_BODY_BYTES`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("PRESEND_{}", self.path.replace('.', "_").to_ascii_uppercase())
    }

    fn value(&self, text: &str) -> Result<Value, ConfigError> {
        let wrong = |what: &str| ConfigError(format!("{} takes {what}", self.path));
        Ok(match self.form {
            Form::Text => Value::String(text.to_owned()),
            Form::Number => Value::Integer(text.trim().parse().map_err(|_| wrong("a whole number"))?),
            Form::Fraction => Value::Float(text.trim().parse().map_err(|_| wrong("a number"))?),
            Form::Truth => Value::Boolean(text.trim().parse().map_err(|_| wrong("true or false"))?),
            Form::List => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Value::Array(parts.map(|part| Value::String(part.to_owned())).collect())
            }
        })
    }
}

macro_rules! settings {
    ($($(#[doc = $of:literal])+ $section:ident: $type:ident { $(#[doc = $about:literal] $name:ident: $kind:ty = $default:expr;)* })*) => {
        /// The whole configuration.
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Config {
            $($(#[doc = $of])+ pub $section: $type,)*
        }

        $($(#[doc = $of])+
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $type {
            $(#[doc = $about] pub $name: $kind,)*
        }

        impl Default for $type {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        })*

        /// Every setting, in the order of the file.
        pub const SETTINGS: &[Setting] = &[$($(Setting {
            path: concat!(stringify!($section), ".", stringify!($name)),
            about: $about.trim_ascii(),
            form: <$kind as Typed>::FORM,
        },)*)*];
    };
}

settings! {
    /// Where the service listens.
    server: ServerConfig {
        /// The address and port to listen on. Default 127.0.0.1:8737, which this computer alone reaches.
        listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8737));
        /// Names by which the service is reached, as in `Host`; any where empty, but on loopback the loopback names alone. Default empty.
        hosts: Vec<String> = Vec::new();
        /// Origins of other pages that may ask, such as `https://mail.example.org`. Default none.
        origins: Vec<String> = Vec::new();
        /// Whether to serve without TLS beyond this computer, behind a proxy that has it. Default false.
        plain: bool = false;
        /// Engine threads; 0 is one for each core. Default 0.
        threads: usize = 0;
        /// Jobs that wait for the engine before requests are refused. Default 256.
        queue: usize = 256;
        /// Seconds between looks at files of keys and certificates for changes. Default 30.
        reload_seconds: u64 = 30;
    }
    /// What one request or connection may take.
    limits: LimitsConfig {
        /// The longest body of a check, in bytes. Default 1 MiB.
        body_bytes: usize = 1024 * 1024;
        /// The longest body of a batch, in bytes. Default 16 MiB.
        batch_bytes: usize = 16 * 1024 * 1024;
        /// The most messages in a batch. Default 1000.
        batch_messages: usize = 1000;
        /// The longest line or gRPC message of a stream, in bytes. Default 1 MiB.
        line_bytes: usize = 1024 * 1024;
        /// Lines of one stream that are worked on at a time. Default 96.
        stream_window: usize = 96;
        /// The longest message, in bytes of UTF-8; below /presidio body_bytes holds instead. The model small reads some 7 kB a second on one core, and has to be done within request_seconds. Default 64 KiB.
        text_bytes: usize = 64 * 1024;
        /// Seconds in which a request's head has to arrive, and a TLS handshake to end. Default 10.
        header_seconds: u64 = 10;
        /// Seconds in which a request is answered, its body's arrival included; for a stream, each line. After them a model leaves off. Default 30.
        request_seconds: u64 = 30;
        /// Seconds after which a connection ends on which nothing moves: a stream without a line, a reader that does not read. Default 60.
        idle_seconds: u64 = 60;
        /// Seconds after which a socket ends that answers no ping. Default 120.
        socket_idle_seconds: u64 = 120;
        /// The most connections at a time. Default 4096.
        connections: usize = 4096;
        /// The most WebSockets and gRPC calls that follow typing at a time. Default 2048.
        sockets: usize = 2048;
        /// Requests a second that one caller may send in the long run; 0 is no limit. Default 100.
        rate: u64 = 100;
        /// Requests that one caller may send at once before the rate holds. Default 200.
        burst: u64 = 200;
        /// Seconds that open requests have to end when the service stops. Default 20.
        drain_seconds: u64 = 20;
    }
    /// Who may ask. Where nothing is set, everybody who reaches the service.
    auth: AuthConfig {
        /// A file of API keys: a line is a name, a colon and the SHA-256 of the key in hexadecimal digits; then /metrics and /presidio need one too. Default none.
        keys_file: Option<PathBuf> = None;
        /// A file with the JSON Web Key Set that bearer tokens are signed by: RS256, ES256 or EdDSA. Default none.
        jwks_file: Option<PathBuf> = None;
        /// The `iss` that tokens must have. Needed with jwks_file.
        issuer: Option<String> = None;
        /// The `aud` that tokens must have. Needed with jwks_file.
        audience: Option<String> = None;
        /// Seconds by which clocks may differ. Default 30.
        leeway_seconds: u64 = 30;
        /// Whether anybody may ask beyond this computer, with no keys, tokens or client certificates. Default false.
        anonymous: bool = false;
    }
    /// Transport security.
    tls: TlsConfig {
        /// The certificate and those that it leads to, as PEM. Default none: no TLS.
        certificate: Option<PathBuf> = None;
        /// The certificate's key, as PEM.
        key: Option<PathBuf> = None;
        /// The certificates that clients' certificates must lead to, as PEM; then every client needs one. Default none.
        client_ca: Option<PathBuf> = None;
    }
    /// The conversations that go on from request to request.
    conversations: ConversationsConfig {
        /// Where they are kept, sealed, for every service with the same --key-file: `redis://HOST:6379/0`, or rediss: for TLS. Default none: in memory.
        store: Option<Secret> = None;
        /// The most that are kept in memory; beyond it the one unused for longest goes. Default 10000.
        most: usize = 10_000;
        /// Seconds that one is kept after its last use. Default 86400, a day.
        seconds: u64 = 86_400;
    }
    /// The record of what was decided.
    audit: AuditConfig {
        /// The file that lines are added to. Default none: nothing is recorded.
        file: Option<PathBuf> = None;
        /// Whether an answer waits until its line is on the disk, so that no loss of power loses it; without, lines outlive the process alone, and messages pass faster. Default true.
        sync: bool = true;
    }
    /// Spans for OpenTelemetry, which hold no text.
    traces: TracesConfig {
        /// The collector that takes spans by OTLP over HTTP, such as `http://collector:4318`. Default none: there are no spans.
        endpoint: Option<String> = None;
        /// The share of requests that is traced, from 0 to 1; where a request has a `traceparent`, that says. Default 1.
        ratio: f64 = 1.0;
    }
    /// What is written to standard error.
    log: LogConfig {
        /// text or json. Default text.
        format: LogFormat = LogFormat::Text;
        /// error, warn, info, debug or trace. Default info.
        level: String = "info".to_owned();
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// Reads the file, lays the environment's `PRESEND_*` over it, then `settings` such as `("limits.rate", "5")`.
    ///
    /// Variables that do not begin with a section's name belong to other commands and are passed over.
    ///
    /// # Errors
    ///
    /// Where a file cannot be read, a setting does not exist or a value does not fit. What values mean together is for
    /// [`Config::check`].
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        settings: &[(String, String)],
    ) -> Result<Self, ConfigError> {
        let mut table = match file {
            None => Table::new(),
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| ConfigError::file(path, &error))?;
                // Read as a configuration first, for this error names line and column.
                toml::from_str::<Self>(&text).map_err(|error| ConfigError::toml(path, &text, &error))?;
                toml::from_str(&text).map_err(|error| ConfigError::toml(path, &text, &error))?
            }
        };
        let mut environment: Vec<_> = environment.into_iter().collect();
        environment.sort();
        for (name, value) in environment {
            match SETTINGS.iter().find(|setting| setting.variable() == name) {
                Some(setting) => set(&mut table, setting, &value)?,
                None if SETTINGS.iter().any(|setting| is_of_section(&name, setting)) => {
                    return Err(ConfigError(format!("the environment variable {name} sets nothing")));
                }
                None => {}
            }
        }
        for (path, value) in settings {
            let setting = SETTINGS.iter().find(|setting| setting.path == path);
            let setting = setting.ok_or_else(|| ConfigError(format!("there is no setting {path}")))?;
            set(&mut table, setting, value)?;
        }
        Self::deserialize(table).map_err(|error| ConfigError(error.to_string().trim_end().to_owned()))
    }

    /// Whether anybody has to say who they are.
    #[must_use]
    pub const fn authenticates(&self) -> bool {
        self.auth.keys_file.is_some() || self.auth.jwks_file.is_some() || self.tls.client_ca.is_some()
    }

    /// Checks that the settings make sense together. It opens no file.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, and how to mend it.
    pub fn check(&self) -> Result<(), ConfigError> {
        let error = |message: &str| Err(ConfigError::new(message));
        let is_open = !self.server.listen.ip().is_loopback();
        if is_open && !self.authenticates() && !self.auth.anonymous {
            return error(
                "server.listen is reached from other computers and nobody has to say who they are: set \
                 auth.keys_file, auth.jwks_file or tls.client_ca, or auth.anonymous = true",
            );
        }
        if is_open && self.tls.certificate.is_none() && !self.server.plain {
            return error(
                "server.listen is reached from other computers without TLS: set tls.certificate and tls.key, or \
                 server.plain = true where a proxy has them",
            );
        }
        if self.tls.certificate.is_some() != self.tls.key.is_some() {
            return error("tls.certificate and tls.key are set together");
        }
        if self.tls.client_ca.is_some() && self.tls.certificate.is_none() {
            return error("tls.client_ca needs tls.certificate and tls.key");
        }
        let auth = &self.auth;
        if auth.jwks_file.is_some() && (auth.issuer.is_none() || auth.audience.is_none()) {
            return error("auth.jwks_file needs auth.issuer and auth.audience");
        }
        let limits = &self.limits;
        let none_is_zero = [
            ("limits.body_bytes", limits.body_bytes),
            ("limits.batch_bytes", limits.batch_bytes),
            ("limits.batch_messages", limits.batch_messages),
            ("limits.line_bytes", limits.line_bytes),
            ("limits.stream_window", limits.stream_window),
            ("limits.text_bytes", limits.text_bytes),
            ("limits.connections", limits.connections),
            ("limits.sockets", limits.sockets),
            ("conversations.most", self.conversations.most),
        ];
        let seconds = [
            ("limits.header_seconds", limits.header_seconds),
            ("limits.request_seconds", limits.request_seconds),
            ("limits.idle_seconds", limits.idle_seconds),
            ("limits.socket_idle_seconds", limits.socket_idle_seconds),
            ("conversations.seconds", self.conversations.seconds),
            ("server.reload_seconds", self.server.reload_seconds),
        ];
        let zero = none_is_zero.iter().find(|(_, value)| *value == 0).map(|(path, _)| *path);
        let zero = zero.or_else(|| seconds.iter().find(|(_, value)| *value == 0).map(|(path, _)| *path));
        if let Some(path) = zero {
            return Err(ConfigError(format!("{path} has to be more than 0")));
        }
        const LONGEST: u64 = 10 * 365 * 86_400;
        let longest = seconds.iter().find(|(_, value)| *value > LONGEST);
        if let Some((path, _)) = longest {
            return Err(ConfigError(format!("{path} has to be less than ten years")));
        }
        if self.server.threads > MOST_THREADS {
            return Err(ConfigError(format!("server.threads has to be {MOST_THREADS} at most")));
        }
        if limits.rate > 0 && limits.burst == 0 {
            return error("limits.burst has to be more than 0 where there is a limits.rate");
        }
        if !matches!(self.log.level.as_str(), "error" | "warn" | "info" | "debug" | "trace") {
            return error("log.level takes error, warn, info, debug or trace");
        }
        if !self.traces.endpoint.as_deref().is_none_or(crate::traces::is_endpoint) {
            return error(
                "traces.endpoint takes a URL such as http://collector:4318, without a password or query",
            );
        }
        if !(0.0..=1.0).contains(&self.traces.ratio) {
            return error("traces.ratio takes a number from 0 to 1");
        }
        if !self.server.hosts.iter().all(|host| is_host(host)) {
            return error(
                "server.hosts takes names such as presend.example.org, without scheme, port and path",
            );
        }
        let is_origin = |origin: &String| {
            let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            rest.is_some_and(|rest| !rest.is_empty() && !rest.contains('/'))
        };
        if !self.server.origins.iter().all(is_origin) {
            return error("server.origins takes origins such as https://mail.example.org, without a path");
        }
        Ok(())
    }
}

/// More engine threads than any machine has cores.
const MOST_THREADS: usize = 1024;

/// Whether it is a name or an address as `Host` has it, less the port; one of IPv6 is in brackets.
fn is_host(host: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || "-._".contains(letter))
    };
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    address.map_or_else(|| is_name(host), |address| address.parse::<std::net::Ipv6Addr>().is_ok())
}

fn is_of_section(variable: &str, setting: &Setting) -> bool {
    let section = setting.path.split('.').next().unwrap_or_default().to_ascii_uppercase();
    variable
        .strip_prefix("PRESEND_")
        .and_then(|rest| rest.strip_prefix(&section))
        .is_some_and(|rest| rest.starts_with('_'))
}

fn set(table: &mut Table, setting: &Setting, text: &str) -> Result<(), ConfigError> {
    let value = setting.value(text)?;
    if let Some((section, name)) = setting.path.split_once('.') {
        let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(section) = section {
            section.insert(name.to_owned(), value);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(
        file: &str,
        environment: &[(&str, &str)],
        settings: &[(&str, &str)],
    ) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("service.toml");
        std::fs::write(&path, file).unwrap();
        let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        Config::load(Some(&path), owned(environment), &owned(settings))
    }

    #[test]
    fn settings_that_nothing_can_come_of_are_told_of() {
        let check = |path: &str, value: &str| from("", &[], &[(path, value)]).unwrap().check();
        for (path, value) in [
            ("server.hosts", "http://localhost:18943"),
            ("server.hosts", "localhost:18943"),
            ("server.hosts", "presend.example.org/"),
            ("server.hosts", "::1"),
            ("server.threads", "100000"),
        ] {
            assert!(check(path, value).unwrap_err().to_string().starts_with(path), "{value}");
        }
        for value in ["localhost", "presend.example.org,127.0.0.1,[::1]"] {
            assert!(check("server.hosts", value).is_ok(), "{value}");
        }
    }

    #[test]
    fn the_command_line_is_stronger_than_the_environment_and_that_than_the_file() {
        let file = "[limits]\nrate = 1\nburst = 1\nbody_bytes = 1";
        let config = from(
            file,
            &[
                ("PRESEND_LIMITS_RATE", "2"),
                ("PRESEND_LIMITS_BURST", "2"),
                ("PATH", "/bin"),
                ("PRESEND_KEY", "x"),
            ],
            &[("limits.rate", "3")],
        );
        let limits = config.unwrap().limits;
        assert_eq!((limits.rate, limits.burst, limits.body_bytes, limits.sockets), (3, 2, 1, 2048));
    }

    #[test]
    fn what_is_unknown_or_misshapen_is_refused() {
        for (file, environment, setting, says) in [
            ("[limits]\nrates = 1", None, None, "rates"),
            ("[limit]\nrate = 1", None, None, "limit"),
            ("[limits]\nrate = -1", None, None, "service.toml"),
            ("", Some(("PRESEND_LIMITS_RATES", "1")), None, "PRESEND_LIMITS_RATES"),
            ("", Some(("PRESEND_LIMITS_RATE", "many")), None, "limits.rate takes a whole number"),
            ("", None, Some(("limits.rates", "1")), "limits.rates"),
            ("", None, Some(("server.listen", "everywhere")), "listen"),
            ("", None, Some(("server.plain", "yes")), "true or false"),
        ] {
            let error = from(file, environment.as_slice(), setting.as_slice()).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn every_setting_can_be_set() {
        for setting in SETTINGS {
            let value = match (setting.form, setting.path) {
                (_, "server.listen") => "0.0.0.0:1",
                (_, "log.format") => "json",
                (Form::Number, _) => "7",
                (Form::Fraction, _) => "0.5",
                (Form::Truth, _) => "true",
                (Form::Text | Form::List, _) => "a,b",
            };
            from("", &[(&setting.variable(), value)], &[]).unwrap();
            assert!(setting.about.ends_with('.'), "{}", setting.path);
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let config = from("[conversations]\nstore = \"redis://:hunter2@cache\"", &[], &[]).unwrap();
        assert_eq!(config.conversations.store.as_ref().unwrap().reveal(), "redis://:hunter2@cache");
        assert!(!format!("{config:?}").contains("hunter2"));
        for file in
            ["[conversations]\nstore = redis://:hunter2@cache", "[conversations]\nstored = \"hunter2\""]
        {
            let error = from(file, &[], &[]).unwrap_err().to_string();
            assert!(error.contains("service.toml, line 2: ") && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn an_open_service_needs_authentication_and_tls() {
        let check =
            |settings: &[(&str, &str)]| from("", &[], settings).unwrap().check().map_err(|e| e.to_string());
        assert_eq!(check(&[]), Ok(()));
        let open = ("server.listen", "0.0.0.0:80");
        assert!(check(&[open]).unwrap_err().contains("auth.keys_file"));
        assert!(check(&[open, ("auth.keys_file", "k")]).unwrap_err().contains("TLS"));
        assert_eq!(check(&[open, ("auth.keys_file", "k"), ("server.plain", "true")]), Ok(()));
        assert_eq!(check(&[open, ("auth.anonymous", "true"), ("server.plain", "true")]), Ok(()));
        assert!(check(&[("tls.key", "k")]).is_err());
        assert!(check(&[("auth.jwks_file", "k"), ("auth.issuer", "i")]).is_err());
        assert!(check(&[("limits.body_bytes", "0")]).unwrap_err().contains("limits.body_bytes"));
        assert!(check(&[("server.origins", "mail.example.org")]).is_err());
        assert!(check(&[("log.level", "loud")]).is_err());
        for endpoint in
            ["collector:4318", "http://me:hunter2@collector:4318", "ftp://collector", "http:///v1"]
        {
            let error = check(&[("traces.endpoint", endpoint)]).unwrap_err();
            assert!(error.contains("traces.endpoint") && !error.contains("hunter2"), "{error}");
        }
        assert_eq!(check(&[("traces.endpoint", "https://collector/otlp"), ("traces.ratio", "0.01")]), Ok(()));
        assert!(check(&[("traces.ratio", "1.5")]).is_err() && check(&[("traces.ratio", "NaN")]).is_err());
    }
}
