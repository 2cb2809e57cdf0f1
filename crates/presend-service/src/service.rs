//! Checking messages for callers, whatever they ask through.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use presend::{
    Context, Conversation, Engine, Offsets, Policies, Policy, ScopedKeys, Scratch, Unit, WireOutcome,
};
use tracing::Span;

use crate::audit::{Audit, Entry, LONGEST_REASON};
use crate::auth::Caller;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::conversations::{self, ConversationId, ConversationStore};
use crate::keys::Keys;
use crate::metrics::Metrics;
use crate::pool::{Lane, Pool};
use crate::problem::{Problem, ProblemKind};
use crate::traces;

/// Messages that are longer than this taken together are not checked as one piece of work.
const GROUP_BYTES: usize = 4096;

/// A message to check.
#[derive(Clone, Default)]
pub struct Check {
    /// The message.
    pub text: String,
    /// Where it goes, to whom and what for; the day is the service's where it has none.
    pub context: Context,
    /// The policy that decides; the context chooses where there is none.
    pub policy: Option<String>,
    /// What offsets in the outcome count; code points where there is none.
    pub offsets: Option<Unit>,
    /// Which of the caller's conversations it is of.
    pub conversation: Option<String>,
    /// Why the sender sends the message as it was written and otherwise than advised.
    pub override_reason: Option<String>,
    /// Whether it is still being written: then nothing is recorded, and the conversation stays as it was.
    pub is_draft: bool,
    /// How it was asked for, for the audit log, such as `check`.
    pub by: &'static str,
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check")
            .field("text_len", &self.text.len())
            .field("context", &self.context)
            .field("by", &self.by)
            .finish_non_exhaustive()
    }
}

/// Messages to check at once.
#[derive(Clone, Default)]
pub struct Batch {
    /// The messages.
    pub texts: Vec<String>,
    /// Everything else, as for one message; its text is not read.
    pub like: Check,
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("texts", &self.texts.len()).field("like", &self.like).finish()
    }
}

/// The safer text alone.
#[derive(Clone)]
pub struct Redacted {
    /// The message to send in place of the one that was given.
    pub text: String,
    /// What the sender should do.
    pub verdict: &'static str,
    /// The policy that decided.
    pub policy: String,
    /// Whether the model has read the message.
    pub model_review: &'static str,
    /// What was not looked at.
    pub not_looked_at: Vec<&'static str>,
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redacted")
            .field("text_len", &self.text.len())
            .field("verdict", &self.verdict)
            .finish_non_exhaustive()
    }
}

/// Checks messages on a bounded pool of threads. A clone is the same service.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Arc<Engine>,
    pool: Pool,
    conversations: Arc<dyn ConversationStore>,
    audit: Option<Audit>,
    metrics: Metrics,
    keys: Option<ScopedKeys>,
    clock: Arc<dyn Clock>,
    time_limit: Duration,
    longest: usize,
    is_stopping: AtomicBool,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("engine", &self.inner.engine).finish_non_exhaustive()
    }
}

/// Sets up a [`Service`].
pub struct ServiceBuilder {
    engine: Arc<Engine>,
    conversations: Option<Arc<dyn ConversationStore>>,
    keys: Option<Keys>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for ServiceBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceBuilder").finish_non_exhaustive()
    }
}

impl ServiceBuilder {
    /// Keeps conversations in this store; the default is the one that the configuration names.
    #[must_use]
    pub fn conversations(mut self, store: Arc<dyn ConversationStore>) -> Self {
        self.conversations = Some(store);
        self
    }

    /// Gives policies keys for hashes, tokens and surrogates; without any, they redact instead. They seal conversations
    /// that are kept elsewhere, too.
    #[must_use]
    pub fn keys(mut self, keys: Option<Keys>) -> Self {
        self.keys = keys;
        self
    }

    /// Tells the time by this clock; the default is the computer's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Starts the threads and opens the audit log.
    ///
    /// # Errors
    ///
    /// Where threads cannot be started, the audit log cannot be opened or is broken, or conversations cannot be kept
    /// where the configuration says.
    pub fn start(self, config: &Config) -> Result<Service, ConfigError> {
        let threads = match config.server.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let pool = Pool::start(Arc::clone(&self.engine), threads, config.server.queue)
            .map_err(|error| ConfigError::new(format!("cannot start threads: {error}")))?;
        let audit = config.audit.file.as_deref();
        let audit = audit.map(|file| Audit::open(file, config.audit.sync)).transpose();
        let audit = audit.map_err(|error| ConfigError::new(format!("audit.file: {error}")))?;
        let conversations = match self.conversations {
            Some(store) => store,
            None => conversations::store(&config.conversations, self.keys.as_ref(), &self.clock)?,
        };
        let inner = Inner {
            engine: self.engine,
            pool,
            conversations,
            audit,
            metrics: Metrics::default(),
            keys: self.keys.as_ref().map(Keys::scoped),
            clock: self.clock,
            time_limit: Duration::from_secs(config.limits.request_seconds),
            longest: config.limits.text_bytes,
            is_stopping: AtomicBool::new(false),
        };
        Ok(Service { inner: Arc::new(inner) })
    }
}

/// What is recorded of a job.
struct Record {
    caller: Caller,
    by: &'static str,
    reason: Option<String>,
}

/// What [`Record::by`] says of messages that were checked while they were typed.
const LIVE: &str = "live";

impl Record {
    /// Whether the message has gone already.
    fn is_of_sent(&self) -> bool {
        self.reason.is_some() || self.by == LIVE
    }
}

struct Job {
    text: String,
    policy: Option<Arc<Policy>>,
    unit: Unit,
    conversation: Box<Conversation>,
    /// `None` for a draft, which is no message yet.
    record: Option<Record>,
}

impl Job {
    fn span(&self) -> Span {
        traces::message(self.record.as_ref().map_or("draft", |record| record.by), self.text.len())
    }
}

/// The outcome of a job, and its conversation afterwards. Both are large, and handed on from thread to thread.
type Done = (Box<WireOutcome>, Box<Conversation>);

impl Inner {
    fn work(
        &self,
        engine: &Engine,
        scratch: &mut Scratch,
        job: Job,
        asked: Instant,
        span: &Span,
    ) -> Result<Done, Problem> {
        let Job { text, policy, unit, mut conversation, record } = job;
        if record.as_ref().is_some_and(Record::is_of_sent) {
            // That is recorded whoever still waits for the answer.
            scratch.stop_by(None);
        }
        let begun = Instant::now();
        let policy = policy.unwrap_or_else(|| engine.policy_for(conversation.context()));
        let mut outcome = engine.check_under(&policy, scratch, &text, &mut conversation);
        if scratch.is_stopped() {
            // Nobody learns of the outcome, so it is none to record.
            let problem = Problem::timed_out();
            traces::refused(span, &problem);
            return Err(problem);
        }
        traces::checked(span, &outcome, begun - asked, begun.elapsed());
        if let Some(Record { caller, by, reason }) = record {
            if reason.is_some() {
                conversation.sent_as_written(&mut outcome);
            }
            if let Some(audit) = &self.audit {
                let mut entry = Entry::new(self.clock.now(), caller.name(), by, &outcome);
                if let Some(reason) = reason {
                    entry = entry.overridden(&reason, engine, scratch);
                }
                audit.add(&entry).map_err(|error| {
                    tracing::error!(%error, "the audit log cannot be written, so no outcome is given");
                    Problem::new(ProblemKind::Internal, "The outcome could not be recorded.")
                })?;
            }
            self.metrics.checked(&outcome);
        }
        Ok((Box::new(WireOutcome::new(&text, &outcome, engine, unit)), conversation))
    }
}

/// Messages to check together, or why they could not be read: so many at most that others get their turn.
pub(crate) struct Group {
    checks: Vec<Result<Check, Problem>>,
    bytes: usize,
    most: usize,
}

impl Group {
    pub(crate) fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }

    /// Whether there is room for a message. There always is for the first.
    pub(crate) fn takes(&self, text: &str) -> bool {
        self.is_empty() || self.checks.len() < self.most && self.bytes + text.len() <= GROUP_BYTES
    }

    /// Adds a message.
    pub(crate) fn push(&mut self, check: Result<Check, Problem>) {
        self.bytes += check.as_ref().map_or(0, |check| check.text.len());
        self.checks.push(check);
    }
}

impl Service {
    /// Starts a builder.
    #[must_use]
    pub fn builder(engine: Arc<Engine>) -> ServiceBuilder {
        ServiceBuilder { engine, conversations: None, keys: None, clock: Arc::new(SystemClock::default()) }
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &Arc<Engine> {
        &self.inner.engine
    }

    /// The policies that requests may name.
    #[must_use]
    pub fn policies(&self) -> &Policies {
        self.inner.engine.policies()
    }

    /// What the service counts.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// The service's clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// How many messages wait for the engine or are with it.
    #[must_use]
    pub fn jobs(&self) -> usize {
        self.inner.pool.jobs()
    }

    /// Says that the service ends soon, so that it is no longer ready.
    pub fn stop(&self) {
        self.inner.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the service ends soon.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.inner.is_stopping.load(Ordering::Relaxed)
    }

    /// Checks that the engine takes messages. It answers at once, however busy the engine is.
    ///
    /// # Errors
    ///
    /// Where the service is ending, or the queue is full.
    pub fn ready(&self) -> Result<(), Problem> {
        if self.is_stopping() {
            return Err(Problem::stopping());
        }
        if self.inner.pool.is_full() {
            return Err(Problem::overloaded());
        }
        Ok(())
    }

    /// Checks that conversations can be had; messages without one need them not.
    ///
    /// # Errors
    ///
    /// Where their store does not answer, or holds those of other keys.
    pub async fn conversations_ready(&self) -> Result<(), Problem> {
        self.inner.conversations.ready().await
    }

    /// Checks one message.
    ///
    /// # Errors
    ///
    /// Where the request cannot be met as it is, the queue is full, the time is over or the engine failed. A model that
    /// failed is no error: the outcome says so.
    pub async fn check(
        &self,
        caller: &Caller,
        check: Check,
        lane: Lane,
    ) -> Result<Box<WireOutcome>, Problem> {
        let result = self.in_time(self.check_now(caller, check, lane)).await;
        self.count(result)
    }

    /// Checks one message and gives the safer text alone.
    ///
    /// # Errors
    ///
    /// As for [`Service::check`].
    pub async fn redact(&self, caller: &Caller, check: Check, lane: Lane) -> Result<Redacted, Problem> {
        let outcome = self.check(caller, check, lane).await?;
        Ok(Redacted {
            text: outcome.safer_text,
            verdict: outcome.verdict,
            policy: outcome.policy,
            model_review: outcome.model_review,
            not_looked_at: outcome.not_looked_at,
        })
    }

    /// Checks what holds for many messages before the first of them is read.
    ///
    /// # Errors
    ///
    /// Where there is no such policy, or the conversation's name is empty or too long.
    pub fn accepts(
        &self,
        caller: &Caller,
        policy: Option<&str>,
        conversation: Option<&str>,
    ) -> Result<(), Problem> {
        policy.map(|name| self.policy(name)).transpose()?;
        conversation.map(|id| ConversationId::new(caller.name(), id)).transpose()?;
        Ok(())
    }

    /// Checks messages: one after another where they are of a conversation, and otherwise side by side.
    pub async fn batch(&self, caller: &Caller, batch: Batch) -> Vec<Result<Box<WireOutcome>, Problem>> {
        let Batch { texts, like } = batch;
        let mut checks = texts.into_iter().map(|text| Check { text, ..like.clone() }).peekable();
        let mut outcomes = Vec::with_capacity(checks.len());
        if like.conversation.is_some() {
            for check in checks {
                outcomes.push(self.check(caller, check, Lane::InTurn).await);
            }
            return outcomes;
        }
        let mut groups = Vec::new();
        while checks.peek().is_some() {
            let mut group = self.group();
            while let Some(check) = checks.next_if(|check| group.takes(&check.text)) {
                group.push(Ok(check));
            }
            groups.push(self.check_group(caller, group));
        }
        outcomes.extend(join_all(groups).await.into_iter().flatten());
        outcomes
    }

    /// A group with nothing in it.
    pub(crate) fn group(&self) -> Group {
        Group { checks: Vec::new(), bytes: 0, most: self.inner.pool.together() }
    }

    /// Checks messages that are of no conversation, one after another on one thread of the engine, and gives an outcome
    /// for each in their order. A message that could not be read keeps its problem.
    pub(crate) async fn check_group(
        &self,
        caller: &Caller,
        group: Group,
    ) -> Vec<Result<Box<WireOutcome>, Problem>> {
        let number = group.checks.len();
        let jobs = group.checks.into_iter().map(|check| self.job_of(caller, check?)).collect();
        let done = self.in_time(async { Ok(self.run_each(Lane::InTurn, jobs).await) }).await;
        let done = done.unwrap_or_else(|problem| (0..number).map(|_| Err(problem.clone())).collect());
        done.into_iter().map(|result| self.count(result.map(|(outcome, _)| outcome))).collect()
    }

    /// Runs other work on the engine's threads, within the time of a request.
    ///
    /// # Errors
    ///
    /// Where the queue is full, the time is over or the work panicked.
    pub async fn job<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce(&mut Scratch) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let result = self.in_time(self.inner.pool.run(lane, move |_, scratch| work(scratch))).await;
        self.count(result)
    }

    /// Starts a conversation whose messages are checked as they are typed.
    #[must_use]
    pub fn live(&self, caller: Caller) -> Live {
        let conversation = self.conversation(Context::default());
        Live {
            service: self.clone(),
            caller,
            conversation,
            kept: None,
            has_day: false,
            policy: None,
            unit: Unit::CodePoints,
            text: String::new(),
        }
    }

    async fn check_now(
        &self,
        caller: &Caller,
        check: Check,
        lane: Lane,
    ) -> Result<Box<WireOutcome>, Problem> {
        let id = check.conversation.as_deref();
        let id = id.map(|id| ConversationId::new(caller.name(), id)).transpose()?;
        let job = self.job_of(caller, check)?;
        Ok(self.run_kept(lane, id.as_ref(), job).await?.0)
    }

    /// The job of checking a message, in a conversation of its own.
    fn job_of(&self, caller: &Caller, check: Check) -> Result<Job, Problem> {
        self.fits(&check.text)?;
        let reason = check.override_reason;
        let is_bad = |reason: &str| reason.trim().is_empty() || reason.chars().count() > LONGEST_REASON;
        if reason.as_deref().is_some_and(is_bad) {
            let detail = format!("An override's reason has 1 to {LONGEST_REASON} characters.");
            return Err(Problem::new(ProblemKind::BadRequest, detail));
        }
        Ok(Job {
            policy: check.policy.as_deref().map(|name| self.policy(name)).transpose()?,
            text: check.text,
            unit: check.offsets.unwrap_or(Unit::CodePoints),
            conversation: Box::new(self.conversation(self.dated(check.context))),
            record: (!check.is_draft).then(|| Record { caller: caller.clone(), by: check.by, reason }),
        })
    }

    /// Runs a job, in the kept conversation where there is one; what is no draft becomes part of that. Otherwise gives the
    /// job's own conversation back as well, as it is afterwards.
    async fn run_kept(
        &self,
        lane: Lane,
        kept: Option<&ConversationId>,
        mut job: Job,
    ) -> Result<(Box<WireOutcome>, Option<Box<Conversation>>), Problem> {
        let Some(id) = kept else {
            let (outcome, conversation) = self.run(lane, job).await?;
            return Ok((outcome, Some(conversation)));
        };
        let is_draft = job.record.is_none();
        let lease = self.inner.conversations.lease(id).await?;
        let context = *job.conversation.context();
        *job.conversation = lease.conversation().cloned().unwrap_or_else(|| self.conversation(context));
        job.conversation.set_context(context);
        let (outcome, conversation) = self.run(lane, job).await?;
        if !is_draft {
            lease.commit(*conversation).await?;
        }
        Ok((outcome, None))
    }

    async fn run(&self, lane: Lane, job: Job) -> Result<Done, Problem> {
        self.run_each(lane, vec![Ok(job)]).await.pop().unwrap_or_else(|| Err(Problem::not_checked()))
    }

    /// Runs jobs one after another on one thread of the engine; what was no job keeps its problem.
    async fn run_each(&self, lane: Lane, jobs: Vec<Result<Job, Problem>>) -> Vec<Result<Done, Problem>> {
        let spans: Vec<Span> =
            jobs.iter().map(|job| job.as_ref().map_or_else(|_| Span::none(), Job::span)).collect();
        let jobs: Vec<_> = jobs.into_iter().zip(spans.iter().cloned()).collect();
        let (inner, asked) = (Arc::clone(&self.inner), Instant::now());
        let work =
            move |engine: &Engine, scratch: &mut Scratch, (job, span): (Result<Job, Problem>, Span)| {
                inner.work(engine, scratch, job?, asked, &span)
            };
        let done = match self.inner.pool.run_each(lane, jobs, work).await {
            Ok(done) => done.into_iter().map(Result::flatten).collect(),
            Err(problem) => spans.iter().map(|_| Err(problem.clone())).collect::<Vec<_>>(),
        };
        for (result, span) in done.iter().zip(&spans) {
            if let Err(problem) = result {
                traces::refused(span, problem);
            }
        }
        done
    }

    /// What the work gives, or a problem where it takes too long.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
        match tokio::time::timeout(self.inner.time_limit, work).await {
            Ok(result) => result,
            Err(_) => Err(Problem::timed_out()),
        }
    }

    fn count<T>(&self, result: Result<T, Problem>) -> Result<T, Problem> {
        result.inspect_err(|problem| self.inner.metrics.refused(problem.kind().name()))
    }

    fn fits(&self, text: &str) -> Result<(), Problem> {
        if text.len() > self.inner.longest {
            return Err(Problem::too_large("A message", self.inner.longest));
        }
        Ok(())
    }

    fn policy(&self, name: &str) -> Result<Arc<Policy>, Problem> {
        let detail = "GET /v1/policies or ListPolicies lists those there are.";
        self.policies().get(name).ok_or_else(|| Problem::new(ProblemKind::UnknownPolicy, detail))
    }

    fn dated(&self, context: Context) -> Context {
        Context { today: context.today.or_else(|| Some(self.inner.clock.today())), ..context }
    }

    fn conversation(&self, context: Context) -> Conversation {
        let conversation = Conversation::within(context);
        match &self.inner.keys {
            Some(keys) => conversation.with_keys(keys.clone()),
            None => conversation,
        }
    }
}

/// A conversation whose messages are checked as they are typed.
pub struct Live {
    service: Service,
    caller: Caller,
    conversation: Conversation,
    /// The kept conversation that it goes on with in place of its own.
    kept: Option<ConversationId>,
    /// Whether the client said which day it is.
    has_day: bool,
    policy: Option<Arc<Policy>>,
    unit: Unit,
    text: String,
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("text_len", &self.text.len()).finish_non_exhaustive()
    }
}

impl Live {
    /// Sets where the messages go, the policy, what offsets count, and the caller's conversation to go on with, which
    /// other requests go on with too; `None` for one that ends with the socket.
    ///
    /// # Errors
    ///
    /// Where there is no such policy, or the conversation's name is empty or too long; then nothing changes.
    pub fn open(
        &mut self,
        context: Context,
        policy: Option<&str>,
        conversation: Option<&str>,
        unit: Unit,
    ) -> Result<(), Problem> {
        let policy = policy.map(|name| self.service.policy(name)).transpose()?;
        self.kept = conversation.map(|id| ConversationId::new(self.caller.name(), id)).transpose()?;
        self.policy = policy;
        self.has_day = context.today.is_some();
        self.conversation.set_context(context);
        self.unit = unit;
        Ok(())
    }

    /// Replaces all of the text.
    ///
    /// # Errors
    ///
    /// Where it is too long; then the old text stays.
    pub fn set_text(&mut self, text: String) -> Result<(), Problem> {
        self.service.fits(&text)?;
        self.text = text;
        Ok(())
    }

    /// Replaces what lies from `from` to `to`, exclusive, in the unit of the conversation.
    ///
    /// # Errors
    ///
    /// Where they are no places in the text, or it would become too long; then the old text stays.
    pub fn edit(&mut self, from: usize, to: usize, insert: &str) -> Result<(), Problem> {
        let span = Offsets::new(&self.text).to_span(from, to, self.unit);
        let bad = || Problem::new(ProblemKind::BadEdit, "Send the whole text with a frame of the type text.");
        let span = span.ok_or_else(bad)?;
        let (start, end) = (span.start(), span.end());
        if self.text.len() - (end - start) + insert.len() > self.service.inner.longest {
            return Err(Problem::too_large("A message", self.service.inner.longest));
        }
        if !self.text.is_char_boundary(start) || !self.text.is_char_boundary(end) {
            return Err(bad());
        }
        self.text.replace_range(start..end, insert);
        Ok(())
    }

    /// Checks the text as it is now; the conversation stays as it was. The future holds nothing of `self`.
    pub fn check(&self) -> impl Future<Output = Result<Box<WireOutcome>, Problem>> + Send + 'static {
        let (service, job, kept) = (self.service.clone(), self.job(None), self.kept.clone());
        async move {
            let result = service.in_time(service.run_kept(Lane::InTurn, kept.as_ref(), job)).await;
            Ok(service.count(result)?.0)
        }
    }

    /// Checks the text a last time, makes it part of the conversation and begins the next message.
    ///
    /// # Errors
    ///
    /// As for [`Service::check`]; then the text stays.
    pub async fn sent(&mut self) -> Result<Box<WireOutcome>, Problem> {
        let record = Record { caller: self.caller.clone(), by: LIVE, reason: None };
        let job = self.job(Some(record));
        let run = self.service.run_kept(Lane::InTurn, self.kept.as_ref(), job);
        let (outcome, conversation) = self.service.count(self.service.in_time(run).await)?;
        if let Some(conversation) = conversation {
            self.conversation = *conversation;
        }
        self.text.clear();
        Ok(outcome)
    }

    fn job(&self, record: Option<Record>) -> Job {
        let mut conversation = Box::new(self.conversation.clone());
        if !self.has_day {
            let context = Context { today: None, ..*conversation.context() };
            conversation.set_context(self.service.dated(context));
        }
        let (text, policy) = (self.text.clone(), self.policy.clone());
        Job { text, policy, unit: self.unit, conversation, record }
    }
}
