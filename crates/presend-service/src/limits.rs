//! How often one caller may ask.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The most callers that are remembered before those who have not asked lately are forgotten.
const CALLERS: usize = 10_000;

struct Bucket {
    tokens: f64,
    at: Duration,
}

/// A bucket of tokens for each caller, filled at a rate.
pub(crate) struct RateLimit {
    buckets: Mutex<HashMap<String, Bucket>>,
    rate: f64,
    burst: f64,
}

impl RateLimit {
    /// `rate` tokens a second, `burst` at most; a rate of 0 is no limit.
    #[allow(clippy::cast_precision_loss, reason = "rates are small")]
    pub(crate) fn new(rate: u64, burst: u64) -> Self {
        Self { buckets: Mutex::default(), rate: rate as f64, burst: burst as f64 }
    }

    /// Takes a caller's token; otherwise says after how many seconds there is one.
    pub(crate) fn take(&self, caller: &str, now: Duration) -> Result<(), u32> {
        if self.rate <= 0.0 {
            return Ok(());
        }
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |bucket: &Bucket| self.filled(bucket, now) >= self.burst;
        if buckets.len() >= CALLERS && !buckets.contains_key(caller) {
            buckets.retain(|_, bucket| !full(bucket));
            if buckets.len() >= CALLERS {
                return Err(1);
            }
        }
        let bucket =
            buckets.entry(caller.to_owned()).or_insert_with(|| Bucket { tokens: self.burst, at: now });
        let tokens = self.filled(bucket, now);
        *bucket = Bucket { tokens, at: now };
        if tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        let wait = ((1.0 - tokens) / self.rate).ceil().max(1.0);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is at least 1, and saturates"
        )]
        Err(wait as u32)
    }

    fn filled(&self, bucket: &Bucket, now: Duration) -> f64 {
        let passed = now.saturating_sub(bucket.at).as_secs_f64();
        (bucket.tokens + passed * self.rate).min(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate() {
        let limit = RateLimit::new(2, 3);
        let at = Duration::from_millis;
        for _ in 0..3 {
            assert_eq!(limit.take("a", at(0)), Ok(()));
        }
        assert_eq!(limit.take("a", at(0)), Err(1));
        assert_eq!(limit.take("b", at(0)), Ok(()));
        assert_eq!(limit.take("a", at(500)), Ok(()));
        assert_eq!(limit.take("a", at(500)), Err(1));
        for _ in 0..3 {
            assert_eq!(limit.take("a", at(60_000)), Ok(()));
        }
        assert_eq!(limit.take("a", at(60_000)), Err(1));
        let none = RateLimit::new(0, 0);
        assert_eq!(none.take("a", at(0)), Ok(()));
    }
}
