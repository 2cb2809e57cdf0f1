//! The threads that the engine runs on, and the bounded queue before them.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use presend::{Engine, Scratch};
use tokio::sync::{Semaphore, oneshot};

use crate::problem::Problem;

/// So many messages that the rules alone read are worked on together: to hand work over costs as much as one of them.
const TOGETHER: usize = 32;
/// So many where a model reads them too, which takes far longer than to hand them over: their answers come sooner.
const TOGETHER_WITH_MODEL: usize = 4;
/// How often a thread without work lets others go first before it sleeps.
const YIELDS: usize = 64;

/// What happens to a job where the queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// It is refused at once. For single requests.
    AtOnce,
    /// It waits for room, in a part of the queue that leaves room for single requests. For streams and sockets.
    InTurn,
}

type Job = Box<dyn FnOnce(&Engine, &mut Scratch) + Send>;

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    /// How many threads sleep until they are woken.
    asleep: usize,
    has_stopped: bool,
}

struct Shared {
    engine: Arc<Engine>,
    queue: Mutex<Queue>,
    wake: Condvar,
    /// Whether the log says why the model failed: once is enough where every message may fail.
    failure_told: AtomicBool,
}

/// Tells a job that nobody waits for it any more.
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A fixed number of threads, each with the engine's buffers.
pub(crate) struct Pool {
    shared: Arc<Shared>,
    /// Room for jobs that wait or run.
    room: Arc<Semaphore>,
    /// The part of the room that streams and sockets may take.
    turns: Arc<Semaphore>,
    size: usize,
}

impl Pool {
    /// Starts the threads; `waiting` jobs at most wait for them.
    pub(crate) fn start(engine: Arc<Engine>, threads: usize, waiting: usize) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            engine,
            queue: Mutex::default(),
            wake: Condvar::new(),
            failure_told: AtomicBool::default(),
        });
        let size = threads.saturating_add(waiting).clamp(1, Semaphore::MAX_PERMITS);
        let pool = Self {
            shared: Arc::clone(&shared),
            room: Arc::new(Semaphore::new(size)),
            turns: Arc::new(Semaphore::new((size / 2).max(1))),
            size,
        };
        for number in 0..threads.max(1) {
            let shared = Arc::clone(&shared);
            thread::Builder::new().name(format!("engine-{number}")).spawn(move || work(&shared))?;
        }
        Ok(pool)
    }

    /// How many jobs wait or run.
    pub(crate) fn jobs(&self) -> usize {
        self.size.saturating_sub(self.room.available_permits())
    }

    /// How many pieces of work may be asked for together, so that others get their turn between them.
    pub(crate) fn together(&self) -> usize {
        let has_model = self.shared.engine.reviewer().is_some();
        (self.size / 8).clamp(1, if has_model { TOGETHER_WITH_MODEL } else { TOGETHER })
    }

    /// Whether a single request would be refused now.
    pub(crate) fn is_full(&self) -> bool {
        self.room.available_permits() == 0
    }

    /// Runs a job and gives its answer. Where the caller stops waiting, a job that has not begun is left out, and a model
    /// leaves off that reads for one that has.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        job: impl FnOnce(&Engine, &mut Scratch) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let mut job = Some(job);
        let work =
            move |engine: &Engine, scratch: &mut Scratch, ()| job.take().map(|job| job(engine, scratch));
        let answer = self.run_each(lane, vec![()], work).await?.pop();
        answer.and_then(Result::ok).flatten().ok_or_else(Problem::not_checked)
    }

    /// Does the same work for each of at most [`Pool::together`] things, one after another on one thread, which saves
    /// waking it for each, and gives the answers in their order. Each takes a place of the queue, and fails alone. Where
    /// the caller stops waiting, those that have not begun are left out, and a model leaves off that reads for one that has.
    pub(crate) async fn run_each<J: Send + 'static, T: Send + 'static>(
        &self,
        lane: Lane,
        things: Vec<J>,
        mut work: impl FnMut(&Engine, &mut Scratch, J) -> T + Send + 'static,
    ) -> Result<Vec<Result<T, Problem>>, Problem> {
        let stopping = |_| Problem::stopping();
        let places = u32::try_from(things.len()).unwrap_or(u32::MAX);
        let turn = match lane {
            Lane::AtOnce => None,
            Lane::InTurn => Some(Arc::clone(&self.turns).acquire_many_owned(places).await.map_err(stopping)?),
        };
        let room = match lane {
            Lane::AtOnce => {
                Arc::clone(&self.room).try_acquire_many_owned(places).map_err(|_| Problem::overloaded())?
            }
            Lane::InTurn => Arc::clone(&self.room).acquire_many_owned(places).await.map_err(stopping)?,
        };
        let (reply, answer) = oneshot::channel();
        let stop = Arc::new(AtomicBool::new(false));
        let waiting = Waiting(Arc::clone(&stop));
        let job: Job = Box::new(move |engine, scratch| {
            let mut answers = Vec::with_capacity(things.len());
            for thing in things {
                if reply.is_closed() {
                    return;
                }
                scratch.stop_by(Some(Arc::clone(&stop)));
                // What a panic says can hold words of the message; the process's hook decides what is shown of it.
                let done = catch_unwind(AssertUnwindSafe(|| work(engine, scratch, thing)));
                answers.push(done.map_err(|_| {
                    *scratch = Scratch::default();
                    tracing::error!("a job panicked; its request is answered with an error");
                    Problem::not_checked()
                }));
            }
            scratch.stop_by(None);
            drop((turn, room));
            let _ = reply.send(answers);
        });
        let has_sleeper = {
            let mut queue = self.shared.lock();
            queue.jobs.push_back(job);
            queue.asleep > 0
        };
        if has_sleeper {
            self.shared.wake.notify_one();
        }
        let answers = answer.await;
        drop(waiting);
        answers.map_err(|_| Problem::not_checked())
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lock().has_stopped = true;
        self.shared.wake.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job, as soon as there is one; `None` once the pool is gone.
    fn next(&self) -> Option<Job> {
        // To sleep and be woken costs more than many a message: others go first a few times before that.
        for _ in 0..YIELDS {
            if let Some(job) = self.lock().jobs.pop_front() {
                return Some(job);
            }
            thread::yield_now();
        }
        let mut queue = self.lock();
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                return Some(job);
            }
            if queue.has_stopped {
                return None;
            }
            queue.asleep += 1;
            queue = self.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
            queue.asleep -= 1;
        }
    }
}

fn work(shared: &Shared) {
    let mut scratch = Scratch::default();
    while let Some(job) = shared.next() {
        job(&shared.engine, &mut scratch);
        if !shared.failure_told.load(Ordering::Relaxed)
            && let Some(failure) = shared.engine.reviewer().and_then(|model| model.last_failure())
            && !shared.failure_told.swap(true, Ordering::Relaxed)
        {
            tracing::error!(%failure, "the model could not read a message");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::FutureExt as _;

    use super::*;
    use crate::problem::ProblemKind;

    fn pool(threads: usize, waiting: usize) -> Pool {
        Pool::start(Arc::new(Engine::new()), threads, waiting).unwrap()
    }

    #[tokio::test]
    async fn a_full_queue_refuses_and_a_panic_is_an_error() {
        let pool = Arc::new(pool(1, 1));
        let (release, blocked) = mpsc::channel::<()>();
        let (started, start) = oneshot::channel();
        let first = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move {
                pool.run(Lane::AtOnce, move |_, _| {
                    let _ = started.send(());
                    blocked.recv().is_ok()
                })
                .await
            }
        });
        start.await.unwrap();
        let second = pool.run(Lane::AtOnce, |_, _| 2);
        tokio::pin!(second);
        assert!((&mut second).now_or_never().is_none());
        let refused = pool.run(Lane::AtOnce, |_, _| 3).await.unwrap_err();
        assert_eq!(refused.kind(), ProblemKind::Overloaded);
        assert_eq!((refused.retry_seconds(), pool.jobs()), (Some(1), 2));
        release.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        assert_eq!(second.await.unwrap(), 2);
        let failed = pool.run(Lane::AtOnce, |_, _| -> u8 { panic!("words of a message") }).await.unwrap_err();
        assert_eq!(failed.kind(), ProblemKind::Internal);
        assert_eq!(pool.run(Lane::InTurn, |_, _| 4).await.unwrap(), 4);
        assert_eq!(pool.jobs(), 0);
    }

    #[tokio::test]
    async fn what_is_asked_for_together_fails_alone() {
        let pool = pool(1, 31);
        assert_eq!(pool.together(), 4);
        let work = |_: &Engine, _: &mut Scratch, number: u8| if number == 2 { panic!("two") } else { number };
        let answers = pool.run_each(Lane::InTurn, vec![1, 2, 3], work).await.unwrap();
        let answers: Vec<_> =
            answers.into_iter().map(|answer| answer.map_err(|problem| problem.kind())).collect();
        assert_eq!(answers, [Ok(1), Err(ProblemKind::Internal), Ok(3)]);
        assert_eq!(pool.jobs(), 0);
    }

    #[tokio::test]
    async fn a_job_learns_that_nobody_waits_for_it() {
        let pool = Arc::new(pool(1, 1));
        let (started, start) = oneshot::channel();
        let first = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move {
                let wait = move |_: &Engine, scratch: &mut Scratch| {
                    let _ = started.send(scratch.is_stopped());
                    while !scratch.is_stopped() {
                        thread::yield_now();
                    }
                };
                pool.run(Lane::AtOnce, wait).await
            }
        });
        assert!(!start.await.unwrap());
        assert!(!pool.is_full());
        first.abort();
        assert!(!pool.run(Lane::AtOnce, |_, scratch| scratch.is_stopped()).await.unwrap());
    }

    #[tokio::test]
    async fn streams_leave_room_for_single_requests() {
        let pool = pool(1, 3);
        let (release, blocked) = mpsc::channel::<()>();
        let first = pool.run(Lane::InTurn, move |_, _| blocked.recv().is_ok());
        let second = pool.run(Lane::InTurn, |_, _| ());
        let third = pool.run(Lane::InTurn, |_, _| ());
        tokio::pin!(first, second, third);
        assert!((&mut first).now_or_never().is_none());
        assert!((&mut second).now_or_never().is_none());
        assert!((&mut third).now_or_never().is_none());
        assert_eq!(pool.jobs(), 2);
        let single = pool.run(Lane::AtOnce, |_, _| 5);
        tokio::pin!(single);
        assert!((&mut single).now_or_never().is_none());
        release.send(()).unwrap();
        assert_eq!(single.await.unwrap(), 5);
        first.await.unwrap();
        second.await.unwrap();
        third.await.unwrap();
    }
}
