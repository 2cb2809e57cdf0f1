//! Log lines on standard error.

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::registry;

use crate::config::{LogConfig, LogFormat};
use crate::traces::{TARGET, Traces};

/// The subscriber that the configuration asks for.
///
/// The level holds for presend's own lines. Of the libraries below, warnings and errors are written at most: their
/// finer lines can show what goes over the wire. Spans are for the collector alone, where there is one.
pub fn subscriber<W>(
    config: &LogConfig,
    writer: W,
    traces: Option<&Traces>,
) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let level: LevelFilter = config.level.parse().unwrap_or(LevelFilter::INFO);
    let filter = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("presend", level)
        .with_target("presend_service", level)
        .with_target(TARGET, LevelFilter::OFF);
    let spans = registry().with(traces.map(Traces::layer));
    match config.format {
        LogFormat::Json => {
            let lines = tracing_subscriber::fmt::layer().json().with_writer(writer).with_filter(filter);
            Box::new(spans.with(lines))
        }
        LogFormat::Text => {
            let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer);
            Box::new(spans.with(lines.with_filter(filter)))
        }
    }
}

/// Has log lines written to standard error and spans taken from now on; where something else has been set up before,
/// that stays.
pub fn init(config: &LogConfig, traces: Option<&Traces>) {
    let _ = tracing::subscriber::set_global_default(subscriber(config, std::io::stderr, traces));
}
