//! Messages that come one after another without end: worked on a few at a time, answered in their order.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::stream::{FuturesOrdered, StreamExt as _};
use presend::WireOutcome;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::{Instrument as _, Span};

use crate::auth::Caller;
use crate::http::App;
use crate::pool::Lane;
use crate::problem::{Problem, ProblemKind};
use crate::service::{Check, Group};

/// Where a stream's messages come from.
pub(crate) trait Source: Send {
    /// What a message's answer names it by.
    type Id: Send + 'static;

    /// What comes next. Nothing is lost where the future is dropped.
    fn next(&mut self) -> impl Future<Output = Next<Self::Id>> + Send;
}

/// What comes next of a stream.
pub(crate) enum Next<I> {
    /// A message, or why it could not be read.
    Message(I, Result<Check, Problem>),
    /// Something that is counted and not answered.
    Nothing,
    /// The stream is over.
    End,
    /// Nothing more can be read.
    Broken(Problem),
}

/// The answer to one message.
pub(crate) struct Answered<I> {
    /// Which of the stream it is, from 1.
    pub(crate) number: u64,
    pub(crate) id: I,
    pub(crate) result: Result<Box<WireOutcome>, Problem>,
}

/// Why a stream ends before its source.
pub(crate) struct Ended {
    /// The number of the first message that was not read.
    pub(crate) number: u64,
    pub(crate) problem: Problem,
}

/// Reads messages as long as there is room. It is driven by the reader of the answers, so a client that does not read is
/// not read from either. Messages that came together are worked on together.
pub(crate) struct Window<S: Source> {
    source: S,
    /// Messages that have come and are not worked on yet, and their numbers and names.
    group: Group,
    names: Vec<(u64, S::Id)>,
    pending: FuturesOrdered<BoxFuture<'static, Vec<Answered<S::Id>>>>,
    /// How many messages are worked on.
    begun: usize,
    ready: VecDeque<Answered<S::Id>>,
    /// A message of a conversation, until those before it are answered.
    held: Option<(u64, S::Id, Check)>,
    /// Whether what is pending is of a conversation, whose messages follow each other.
    is_alone: bool,
    /// Of the last message that was read.
    number: u64,
    width: usize,
    is_done: bool,
    end: Option<Problem>,
    stopping: watch::Receiver<bool>,
    idle: Duration,
    app: Arc<App>,
    caller: Caller,
    /// That of the request; it ends with the answer.
    span: Span,
}

impl<S: Source> Window<S> {
    pub(crate) fn new(app: Arc<App>, caller: Caller, source: S) -> Self {
        Self {
            source,
            group: app.service.group(),
            names: Vec::new(),
            pending: FuturesOrdered::new(),
            begun: 0,
            ready: VecDeque::new(),
            held: None,
            is_alone: false,
            number: 0,
            width: app.config.limits.stream_window,
            is_done: false,
            end: None,
            stopping: app.stopping.clone(),
            idle: Duration::from_secs(app.config.limits.idle_seconds),
            app,
            caller,
            span: Span::current(),
        }
    }

    /// The next answer, as soon as it is ready.
    pub(crate) async fn next(&mut self) -> Option<Result<Answered<S::Id>, Ended>> {
        loop {
            if let Some(answer) = self.ready.pop_front() {
                return Some(Ok(answer));
            }
            if self.pending.is_empty() {
                self.is_alone = false;
                self.begin_held();
            }
            let has_room = self.has_room();
            if !has_room && self.pending.is_empty() {
                let problem = self.end.take()?;
                self.app.service.metrics().refused(problem.kind().name());
                return Some(Err(Ended { number: self.number + 1, problem }));
            }
            // Reading comes before answers, so that the engine has work while these are sent; there is only so much room.
            tokio::select! {
                biased;
                () = crate::http::stopped(&mut self.stopping), if has_room => {
                    let detail = "Send this message and those after it again.";
                    self.end(Problem::new(ProblemKind::Stopping, detail));
                }
                next = tokio::time::timeout(self.idle, self.source.next()), if has_room => match next {
                    Ok(next) => {
                        self.take(next);
                        while self.has_room() && let Some(next) = self.source.next().now_or_never() {
                            self.take(next);
                        }
                        self.begin_group();
                    }
                    Err(_) if self.pending.is_empty() => {
                        self.end(Problem::new(ProblemKind::TooSlow, "No message came in time."));
                    }
                    Err(_) => {}
                },
                Some(answers) = self.pending.next(), if !self.pending.is_empty() => self.answered(answers),
            }
        }
    }

    /// Another answer, where it is ready now.
    pub(crate) fn at_once(&mut self) -> Option<Answered<S::Id>> {
        if self.ready.is_empty()
            && let Some(answers) = self.pending.next().now_or_never().flatten()
        {
            self.answered(answers);
        }
        self.ready.pop_front()
    }

    fn has_room(&self) -> bool {
        let is_full = self.begun + self.names.len() >= self.width;
        !self.is_done && !is_full && !self.is_alone && self.held.is_none()
    }

    fn answered(&mut self, answers: Vec<Answered<S::Id>>) {
        self.begun -= answers.len();
        self.ready.extend(answers);
    }

    /// Reads nothing more, and says why once what was read is answered.
    fn end(&mut self, problem: Problem) {
        self.is_done = true;
        self.end = Some(problem);
    }

    fn take(&mut self, next: Next<S::Id>) {
        match next {
            Next::Message(id, Ok(check)) if check.conversation.is_some() => {
                self.number += 1;
                self.held = Some((self.number, id, check));
            }
            Next::Message(id, check) => {
                let text = check.as_ref().map_or("", |check| &check.text);
                if !self.group.takes(text) {
                    self.begin_group();
                }
                self.number += 1;
                self.names.push((self.number, id));
                self.group.push(check);
            }
            Next::Nothing => self.number += 1,
            Next::End => self.is_done = true,
            Next::Broken(problem) => self.end(problem),
        }
    }

    fn begin_group(&mut self) {
        if self.group.is_empty() {
            return;
        }
        let (service, caller) = (self.app.service.clone(), self.caller.clone());
        let group = std::mem::replace(&mut self.group, service.group());
        let names = std::mem::take(&mut self.names);
        self.begin(names, async move { service.check_group(&caller, group).await });
    }

    fn begin_held(&mut self) {
        let Some((number, id, check)) = self.held.take() else { return };
        let (service, caller) = (self.app.service.clone(), self.caller.clone());
        self.is_alone = true;
        self.begin(
            vec![(number, id)],
            async move { vec![service.check(&caller, check, Lane::InTurn).await] },
        );
    }

    fn begin(
        &mut self,
        names: Vec<(u64, S::Id)>,
        work: impl Future<Output = Vec<Result<Box<WireOutcome>, Problem>>> + Send + 'static,
    ) {
        let number = names.len();
        self.begun += number;
        // A task of its own, for a reader that pauses polls nothing here: a place in the queue that comes up meanwhile has to
        // be taken and given back, or others would wait for it.
        let mut work = Task(tokio::spawn(work.instrument(self.span.clone())));
        let answers = async move {
            let results = (&mut work.0).await.unwrap_or_else(|_| vec![Err(Problem::not_checked()); number]);
            names
                .into_iter()
                .zip(results)
                .map(|((number, id), result)| Answered { number, id, result })
                .collect()
        };
        self.pending.push_back(answers.boxed());
    }
}

/// A window between two looks at it. It is dropped, with all that it works on, where the reader of its answers takes nothing
/// for too long: over HTTP/2 the connection lives on beside a stream that is not read.
pub(crate) struct Resting<S: Source> {
    rest: Arc<Mutex<Rest<S>>>,
    _watch: Task<()>,
}

struct Rest<S: Source> {
    /// `None` while somebody looks, and for good once it was dropped.
    window: Option<Box<Window<S>>>,
    since: Instant,
}

impl<S: Source + 'static> Resting<S> {
    pub(crate) fn new(window: Window<S>) -> Self {
        let patience = window.idle;
        let rest = Arc::new(Mutex::new(Rest { window: Some(Box::new(window)), since: Instant::now() }));
        let _watch = Task(tokio::spawn(watch(Arc::downgrade(&rest), patience)));
        Self { rest, _watch }
    }

    /// The window, to be given back by [`Resting::put`].
    ///
    /// # Errors
    ///
    /// Where nobody looked for too long.
    pub(crate) fn take(&self) -> Result<Box<Window<S>>, Problem> {
        let ended = || Problem::new(ProblemKind::TooSlow, "Nobody read the answers.");
        lock(&self.rest).window.take().ok_or_else(ended)
    }

    pub(crate) fn put(&self, window: Box<Window<S>>) {
        *lock(&self.rest) = Rest { window: Some(window), since: Instant::now() };
    }
}

fn lock<S: Source>(rest: &Mutex<Rest<S>>) -> MutexGuard<'_, Rest<S>> {
    rest.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Drops the window once it has rested for so long.
async fn watch<S: Source>(rest: Weak<Mutex<Rest<S>>>, patience: Duration) {
    let mut seen = Instant::now();
    loop {
        tokio::time::sleep_until(seen + patience).await;
        let Some(rest) = rest.upgrade() else { return };
        let mut rest = lock(&rest);
        let is_over = rest.since.elapsed() >= patience;
        if let Some(window) = rest.window.take_if(|_| is_over) {
            window.app.service.metrics().refused(ProblemKind::TooSlow.name());
            return;
        }
        seen = if rest.window.is_some() { rest.since } else { Instant::now() };
    }
}

/// A task that ends where nobody waits for it.
struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use presend::Engine;

    use super::*;
    use crate::config::Config;
    use crate::service::Service;

    struct Endless;

    impl Source for Endless {
        type Id = ();

        async fn next(&mut self) -> Next<()> {
            Next::Message((), Ok(Check { text: "bloods at 6".to_owned(), ..Check::default() }))
        }
    }

    #[tokio::test]
    async fn a_reader_that_pauses_holds_nobody_up() {
        let mut config = Config::default();
        (config.server.threads, config.server.queue, config.limits.request_seconds) = (1, 1, 5);
        let service = Service::builder(Arc::new(Engine::new())).start(&config).unwrap();
        let (_stop, stopping) = watch::channel(false);
        let app = Arc::new(App::new(config, service.clone(), stopping).unwrap());
        let mut window = Window::new(app, Caller::new("slow"), Endless);
        assert!(matches!(window.next().await, Some(Ok(Answered { number: 1, .. }))));
        assert!(window.pending.len() > 1);
        // Their turns come up while nobody polls the window.
        for _ in 0..100 {
            let check = Check { text: "bloods at 6".to_owned(), ..Check::default() };
            service.check(&Caller::new("other"), check, Lane::InTurn).await.unwrap();
        }
        for expected in 2..100 {
            let Some(Ok(Answered { number, result, .. })) = window.next().await else { panic!() };
            assert!(number == expected && result.is_ok());
        }
    }
}
