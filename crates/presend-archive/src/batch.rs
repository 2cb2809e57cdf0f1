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
        Ok(Self { pool, items: options.window_items.max(1), bytes: options.window_bytes.max(1) })
    }

    /// Starts a run: `detect` is called on any thread and in any order, `emit` on this one and in order.
    pub fn run<I, T, D, E>(&self, detect: D, emit: E) -> Run<'_, I, D, E>
    where
        I: Send + Sync,
        T: Send,
        D: Fn(&mut Scratch, &I) -> T + Sync,
        E: Emit<I, T>,
    {
        Run { runner: self, detect, emit, pending: Vec::new(), bytes: 0, scratch: Scratch::default() }
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
pub struct Run<'r, I, D, E> {
    runner: &'r Runner,
    detect: D,
    emit: E,
    pending: Vec<(u64, I)>,
    bytes: usize,
    scratch: Scratch,
}

impl<I, D, E> std::fmt::Debug for Run<'_, I, D, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("pending", &self.pending.len())
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl<I: Send + Sync, D, E> Run<'_, I, D, E> {
    /// Puts in one item that started at a line and holds so many bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Panic`] with the item's line where `detect` panicked on one of the window, and whatever error
    /// `emit` gives.
    pub fn push<T: Send>(&mut self, line: u64, bytes: usize, item: I) -> Result<(), Error>
    where
        D: Fn(&mut Scratch, &I) -> T + Sync,
        E: Emit<I, T>,
    {
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
    pub fn finish<T: Send>(mut self) -> Result<E, Error>
    where
        D: Fn(&mut Scratch, &I) -> T + Sync,
        E: Emit<I, T>,
    {
        if !self.pending.is_empty() {
            self.work()?;
        }
        Ok(self.emit)
    }

    fn work<T: Send>(&mut self) -> Result<(), Error>
    where
        D: Fn(&mut Scratch, &I) -> T + Sync,
        E: Emit<I, T>,
    {
        let detect = &self.detect;
        // Scratch left half-written by a panic is not used again: the run ends.
        let guarded = |scratch: &mut Scratch, (line, item): &(u64, I)| {
            catch_unwind(AssertUnwindSafe(|| detect(scratch, item)))
                .map_err(|_| Error::at(ErrorKind::Panic, *line))
        };
        let found: Vec<Result<T, Error>> = match &self.runner.pool {
            None => self.pending.iter().map(|item| guarded(&mut self.scratch, item)).collect(),
            Some(pool) => {
                pool.install(|| self.pending.par_iter().map_init(Scratch::default, guarded).collect())
            }
        };
        for ((_, item), found) in self.pending.drain(..).zip(found) {
            self.emit.emit(item, found?)?;
        }
        self.bytes = 0;
        self.emit.window();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
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
        for threads in [1, 2, 5] {
            let runner = Runner::new(&options(threads, 7, usize::MAX)).unwrap();
            let mut run = runner.run(|_: &mut Scratch, item: &usize| item * item, Collect::default());
            for item in 0..100 {
                run.push(1, 1, item).unwrap();
            }
            let collect = run.finish().unwrap();
            assert_eq!(collect.seen, (0..100).map(|item| (item, item * item)).collect::<Vec<_>>());
            assert_eq!(collect.windows, 15);
        }
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
