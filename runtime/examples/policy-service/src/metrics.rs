//! What Prometheus is told.

use crate::outcome::Outcome;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::fmt;
use std::time::Instant;

type Counters = Family<[(&'static str, &'static str); 1], Counter>;

/// All counters of the service.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Counters,
    duration: Histogram,
    in_use: Gauge,
    reloads: Counters,
    host_calls: Counters,
    stops: Counters,
}

/// A request on its way, which is counted when it is over. One that is dropped without
/// an end has been cancelled by its client.
pub(crate) struct Observation<'a> {
    metrics: &'a Metrics,
    began: Instant,
    outcome: Outcome,
}

impl Metrics {
    pub fn new() -> Metrics {
        let mut registry = Registry::with_prefix("policy");
        let [requests, reloads, host_calls, stops] = [(); 4].map(|()| Counters::default());
        // From 50 µs to 1.6 s.
        let duration = Histogram::new(exponential_buckets(50e-6, 2.0, 16));
        let in_use = Gauge::default();
        registry.register("requests", "Requests by outcome", requests.clone());
        registry.register(
            "request_duration_seconds",
            "Time from a request's body to its answer",
            duration.clone(),
        );
        registry.register("sandboxes_in_use", "Sandboxes that are in use", in_use.clone());
        registry.register("reloads", "Changes of the policy's file by result", reloads.clone());
        registry.register("host_calls", "Calls by the policy, by function", host_calls.clone());
        registry.register("stops", "Policies that were stopped, by kind", stops.clone());
        // A counter that nobody has seen at 0 cannot be seen to rise to 1.
        for result in ["ok", "failed"] {
            drop(reloads.get_or_create(&[("result", result)]));
        }
        Metrics { registry, requests, duration, in_use, reloads, host_calls, stops }
    }

    pub fn observe(&self) -> Observation<'_> {
        Observation { metrics: self, began: Instant::now(), outcome: Outcome::Cancelled }
    }

    pub fn reloaded(&self, is_ok: bool) {
        let result = if is_ok { "ok" } else { "failed" };
        self.reloads.get_or_create(&[("result", result)]).inc();
    }

    pub fn host_call(&self, function: &'static str) {
        self.host_calls.get_or_create(&[("function", function)]).inc();
    }

    pub fn stopped(&self, kind: &'static str) {
        self.stops.get_or_create(&[("kind", kind)]).inc();
    }

    /// The text for Prometheus.
    pub fn text(&self, in_use: usize) -> Result<String, fmt::Error> {
        self.in_use.set(in_use.try_into().unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Observation<'_> {
    pub fn end(mut self, outcome: Outcome) {
        self.outcome = outcome;
    }
}

impl Drop for Observation<'_> {
    fn drop(&mut self) {
        self.metrics.requests.get_or_create(&[("outcome", self.outcome.name())]).inc();
        self.metrics.duration.observe(self.began.elapsed().as_secs_f64());
    }
}
