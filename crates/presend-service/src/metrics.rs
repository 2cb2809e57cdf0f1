//! What the service counts, for Prometheus.

use std::fmt;
use std::time::Duration;

use presend::Outcome;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answer {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Found {
    label: &'static str,
    action: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Checked {
    verdict: &'static str,
    model_review: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Refused {
    problem: &'static str,
}

/// The upper bounds of the buckets of times, in seconds.
const BUCKETS: [f64; 12] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

/// What the service counts. Labels are names of the program's own, never of a request.
pub struct Metrics {
    registry: Registry,
    answers: Family<Answer, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    checks: Family<Checked, Counter>,
    findings: Family<Found, Counter>,
    problems: Family<Refused, Counter>,
    /// Connections that are open.
    pub(crate) connections: Gauge,
    /// WebSockets that are open.
    pub(crate) sockets: Gauge,
    /// Jobs that wait for the engine or run.
    jobs: Gauge,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("presend");
        let answers = Family::default();
        let seconds: Family<Route, Histogram, fn() -> Histogram> = Family::new_with_constructor(histogram);
        let (checks, findings, problems) = (Family::default(), Family::default(), Family::default());
        let (connections, sockets, jobs) = (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("http_requests", "Requests answered", Family::clone(&answers));
        registry.register("http_seconds", "Time until the head of the answer", seconds.clone());
        registry.register("checks", "Messages checked", Family::clone(&checks));
        registry.register("findings", "Identifiers found", Family::clone(&findings));
        registry.register("problems", "Messages and requests that were refused", Family::clone(&problems));
        registry.register("connections", "Connections that are open", Gauge::clone(&connections));
        registry.register("sockets", "WebSockets that are open", Gauge::clone(&sockets));
        registry.register("jobs", "Messages that wait for the engine or are with it", Gauge::clone(&jobs));
        Self { registry, answers, seconds, checks, findings, problems, connections, sockets, jobs }
    }
}

impl Metrics {
    pub(crate) fn answered(&self, route: &str, status: u16, time: Duration) {
        self.answers.get_or_create(&Answer { route: route.to_owned(), status }).inc();
        self.seconds.get_or_create(&Route { route: route.to_owned() }).observe(time.as_secs_f64());
    }

    pub(crate) fn checked(&self, outcome: &Outcome) {
        let checked = Checked { verdict: outcome.verdict.name(), model_review: outcome.review.name() };
        self.checks.get_or_create(&checked).inc();
        for (finding, decision) in outcome.findings.iter().zip(&outcome.decisions) {
            let found = Found { label: finding.label.name(), action: decision.action.name() };
            self.findings.get_or_create(&found).inc();
        }
    }

    pub(crate) fn refused(&self, problem: &'static str) {
        self.problems.get_or_create(&Refused { problem }).inc();
    }

    /// All of it, in Prometheus's text format.
    #[must_use]
    pub fn render(&self, jobs: usize) -> String {
        self.jobs.set(i64::try_from(jobs).unwrap_or(i64::MAX));
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut out, &self.registry);
        out
    }
}
