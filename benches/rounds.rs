//! Timing side by side: everything is run once a round, in turn, so that a slow moment of the machine falls on all.

use std::time::Duration;

/// One thing that is timed.
pub struct Entrant<'a> {
    /// Its name in the table.
    pub name: &'static str,
    /// What a pass must count.
    pub expected: usize,
    pass: Box<dyn FnMut() -> usize + 'a>,
}

impl<'a> Entrant<'a> {
    /// Takes a pass over all messages that gives what it counted.
    pub fn new(name: &'static str, expected: usize, pass: impl FnMut() -> usize + 'a) -> Self {
        Self { name, expected, pass: Box::new(pass) }
    }

    fn time(&mut self) -> Duration {
        let start = processor_time();
        let counted = (self.pass)();
        let taken = processor_time().saturating_sub(start);
        assert_eq!(counted, self.expected, "{} counted something else", self.name);
        taken
    }
}

/// The time that this thread has run so far: on a busy machine a pass does not pay for what others run meanwhile.
#[cfg(unix)]
#[must_use]
pub fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The processor time of the whole process so far, for work that other threads do for the caller.
#[cfg(unix)]
#[must_use]
pub fn process_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The time since the first call; this system gives no process's own.
#[cfg(not(unix))]
#[must_use]
pub fn process_time() -> Duration {
    processor_time()
}

/// The time since the first call; this system gives no thread's own.
#[cfg(not(unix))]
#[must_use]
pub fn processor_time() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// The times of every entrant, round by round.
pub struct Rounds {
    /// For each entrant in order, its time in each round.
    times: Vec<Vec<Duration>>,
}

/// Runs every entrant once a round, after one round that does not count.
///
/// # Panics
///
/// Where a pass counts anything but what is expected.
pub fn run(entrants: &mut [Entrant<'_>], rounds: usize) -> Rounds {
    for entrant in entrants.iter_mut() {
        entrant.time();
    }
    let mut times = vec![Vec::with_capacity(rounds); entrants.len()];
    for _ in 0..rounds {
        for (entrant, times) in entrants.iter_mut().zip(&mut times) {
            times.push(entrant.time());
        }
    }
    Rounds { times }
}

impl Rounds {
    /// The median time of one entrant.
    #[must_use]
    pub fn median(&self, entrant: usize) -> Duration {
        Duration::from_secs_f64(quartiles(self.times[entrant].iter().map(Duration::as_secs_f64))[1])
    }

    /// How many times as fast as `other` an entrant is: the quartiles over the rounds.
    #[must_use]
    pub fn speed_against(&self, entrant: usize, other: usize) -> [f64; 3] {
        let pairs = self.times[entrant].iter().zip(&self.times[other]);
        quartiles(pairs.map(|(own, other)| other.as_secs_f64() / own.as_secs_f64()))
    }
}

/// The first quartile, the median and the third quartile; zeros of nothing.
pub fn quartiles(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values.get(values.len() * quarter / 4).copied().unwrap_or_default())
}
