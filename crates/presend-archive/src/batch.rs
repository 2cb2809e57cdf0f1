//! Runs work over many items: in parallel within a window, handed over in order, in memory of the window's size.

use std::panic::{AssertUnwindSafe, catch_unwind};

use presend::Scratch;
use rayon::ThreadPool;
use rayon::prelude::*;

use crate::{Error, ErrorKind, Options};

/// The threads and the window of a run.
pub struct Runner {
    /// `None` works on the calling thread.
    pool: Option<ThreadPool>,
    items: usize,
    bytes: usize,
}

/// Takes the items of a run in the order in which they came in.
pub trait Emit<I, T> {
    /// Takes one item with what was found in it; an error ends the run.
    ///
    /// # Errors
    ///
    /// As the taker sees fit.
    fn emit(&mut self, item: I, found: T) -> Result<(), Error>;

    /// Called after every window, for reporting progress.
    fn window(&mut self) {}
}

impl Runner {
    /// A runner with the threads and the window of these options.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Threads`] where the threads cannot be started.
    pub fn new(options: &Options) -> Result<Self, Error> {
        let pool = match options.threads {
            1 => None,
            threads => Some(
                rayon::ThreadPoolBuilder::new()
                    .num_threads(threads)
                    .build()
                    .map_err(|_| Error::new(ErrorKind::Threads))?,
            ),
        };
        // With threads two windows are held, the one that is looked at and the one that is handed over.
        let held = if pool.is_some() { 2 } else { 1 };
        Ok(Self {
            pool,
            items: (options.window_items / held).max(1),
            bytes: (options.window_bytes / held).max(1),
        })
    }

    /// Starts a run: `detect` is called on any thread and in any order, `emit` on this one and in order.
    ///
    /// With several threads, what was found in one window is handed over while the next is looked at.
    pub fn run<I, T, D, E>(&self, detect: D, emit: E) -> Run<'_, I, T, D, E>
    where
        I: Send,
        T: Send,
        D: Fn(&mut Scratch, &I) -> T + Sync,
        E: Emit<I, T>,
    {
        Run {
            runner: self,
            detect,
            emit,
            pending: Vec::new(),
            found: Vec::new(),
            bytes: 0,
            scratch: Scratch::default(),
        }
    }
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let threads = self.pool.as_ref().map_or(1, ThreadPool::current_num_threads);
        f.debug_struct("Runner")
            .field("threads", &threads)
            .field("items", &self.items)
            .field("bytes", &self.bytes)
            .finish()
    }
}

/// A run under way: items go in, and come out at [`Emit`] a window at a time.
pub struct Run<'r, I, T, D, E> {
    runner: &'r Runner,
    detect: D,
    emit: E,
    pending: Vec<(u64, I)>,
    /// The window that was looked at and not yet handed over.
    found: Vec<(I, Result<T, Error>)>,
    bytes: usize,
    scratch: Scratch,
}

impl<I, T, D, E> std::fmt::Debug for Run<'_, I, T, D, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("pending", &self.pending.len())
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl<I, T, D, E> Run<'_, I, T, D, E>
where
    I: Send,
    T: Send,
    D: Fn(&mut Scratch, &I) -> T + Sync,
    E: Emit<I, T>,
{
    /// Puts in one item that started at a line and holds so many bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Panic`] with the item's line where `detect` panicked on one of a window that is handed over, and
    /// whatever error `emit` gives.
    pub fn push(&mut self, line: u64, bytes: usize, item: I) -> Result<(), Error> {
        self.pending.push((line, item));
        self.bytes = self.bytes.saturating_add(bytes);
        if self.pending.len() >= self.runner.items || self.bytes >= self.runner.bytes {
            self.work()?;
        }
        Ok(())
    }

    /// Works off what is left and gives the taker back.
    ///
    /// # Errors
    ///
    /// Like [`Run::push`].
    pub fn finish(mut self) -> Result<E, Error> {
        if !self.pending.is_empty() {
            self.work()?;
        }
        hand_over(&mut self.emit, std::mem::take(&mut self.found))?;
        Ok(self.emit)
    }

    /// Looks at the pending window, and hands over the one before it: meanwhile, where there are threads.
    fn work(&mut self) -> Result<(), Error> {
        let Self { runner, detect, emit, scratch, .. } = self;
        let detect = &*detect;
        // Scratch left half-written by a panic is not used again: the run ends.
        let guarded = |scratch: &mut Scratch, (line, item): (u64, I)| {
            let found = catch_unwind(AssertUnwindSafe(|| detect(scratch, &item)))
                .map_err(|_| Error::at(ErrorKind::Panic, line));
            (item, found)
        };
        let (pending, before) = (std::mem::take(&mut self.pending), std::mem::take(&mut self.found));
        self.bytes = 0;
        match &runner.pool {
            None => {
                let found = pending.into_iter().map(|item| guarded(scratch, item)).collect();
                hand_over(emit, found)
            }
            Some(pool) => {
                let found = &mut self.found;
                pool.in_place_scope(|scope| {
                    scope.spawn(|_| {
                        *found = pending.into_par_iter().map_init(Scratch::default, guarded).collect();
                    });
                    hand_over(emit, before)
                })
            }
        }
    }
}

/// Hands over a window in order.
fn hand_over<I, T, E: Emit<I, T>>(emit: &mut E, found: Vec<(I, Result<T, Error>)>) -> Result<(), Error> {
    if found.is_empty() {
        return Ok(());
    }
    for (item, found) in found {
        emit.emit(item, found?)?;
    }
    emit.window();
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;

    use super::*;

    #[derive(Debug, Default)]
    struct Collect {
        seen: Vec<(usize, usize)>,
        windows: usize,
    }

    impl Emit<usize, usize> for Collect {
        fn emit(&mut self, item: usize, found: usize) -> Result<(), Error> {
            self.seen.push((item, found));
            Ok(())
        }

        fn window(&mut self) {
            self.windows += 1;
        }
    }

    fn options(threads: usize, items: usize, bytes: usize) -> Options {
        Options { threads, window_items: items, window_bytes: bytes, ..Options::default() }
    }

    #[test]
    fn items_come_out_in_order_whatever_the_threads() {
        for (threads, windows) in [(1, 15), (2, 34), (5, 34)] {
            let runner = Runner::new(&options(threads, 7, usize::MAX)).unwrap();
            let mut run = runner.run(|_: &mut Scratch, item: &usize| item * item, Collect::default());
            for item in 0..100 {
                run.push(1, 1, item).unwrap();
            }
            let collect = run.finish().unwrap();
            assert_eq!(collect.seen, (0..100).map(|item| (item, item * item)).collect::<Vec<_>>());
            assert_eq!(collect.windows, windows);
        }
    }

    #[test]
    fn a_window_is_handed_over_while_the_next_is_looked_at() {
        struct Wait(Receiver<usize>);
        impl Emit<usize, ()> for Wait {
            fn emit(&mut self, item: usize, (): ()) -> Result<(), Error> {
                if item < 2 {
                    let later = || self.0.recv_timeout(Duration::from_secs(60)).unwrap();
                    while later() < 2 {}
                }
                Ok(())
            }
        }
        let (begun, waiting) = channel();
        let begun = Mutex::new(begun);
        let runner = Runner::new(&options(2, 4, usize::MAX)).unwrap();
        let detect = |_: &mut Scratch, item: &usize| begun.lock().unwrap().send(*item).unwrap();
        let mut run = runner.run(detect, Wait(waiting));
        for item in 0..4 {
            run.push(1, 1, item).unwrap();
        }
        run.finish().unwrap();
    }

    #[test]
    fn the_window_is_bounded_by_bytes_too() {
        let runner = Runner::new(&options(1, usize::MAX, 10)).unwrap();
        let mut run = runner.run(|_: &mut Scratch, item: &usize| *item, Collect::default());
        for item in 0..9 {
            run.push(1, 4, item).unwrap();
        }
        assert_eq!(run.finish().unwrap().windows, 3);
    }

    #[test]
    fn a_panic_is_an_error_that_names_the_line() {
        for threads in [1, 3] {
            let runner = Runner::new(&options(threads, 100, usize::MAX)).unwrap();
            let detect = |_: &mut Scratch, item: &usize| {
                assert!(*item != 7 && *item != 9, "the text of the message");
                *item
            };
            let mut run = runner.run(detect, Collect::default());
            for item in 0..20 {
                run.push(100 + item as u64, 1, item).unwrap();
            }
            let error = run.finish().unwrap_err();
            assert_eq!((error.kind(), error.line()), (ErrorKind::Panic, Some(107)));
            assert!(!error.to_string().contains("text"));
        }
    }
}
