//! A message that is checked while it is typed, whatever the changes come through.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use presend::{Context, Unit, WireOutcome};

use crate::api::LiveAnswer;
use crate::problem::{Problem, ProblemKind};
use crate::service::Live;

/// What has changed.
pub(crate) enum Change {
    /// Where the messages go, the policy, the kept conversation that they are of, and what offsets count.
    Open(Context, Option<String>, Option<String>, Unit),
    /// A part of the text: from, to and what stands there instead.
    Edit(usize, usize, String),
    /// All of the text.
    Text(String),
    /// The message was sent.
    Sent,
    /// One of these but `Open`, without something that it needs.
    Lacking(&'static str),
}

type Checking = BoxFuture<'static, Result<Box<WireOutcome>, Problem>>;

/// Follows changes, checks the newest text and leaves out what was overtaken.
pub(crate) struct Session {
    live: Live,
    /// The newest change that no check has begun for.
    newest: Option<u64>,
    /// The check that runs, with the number of the change it is for.
    running: Option<(u64, Checking)>,
    /// Counts changes for clients that do not.
    count: u64,
    /// Whether the last `open` was refused, or what may have been one could not be read: other settings than the
    /// client's would decide on its texts.
    is_shut: bool,
    /// Whether changes were refused meanwhile, so that the text here is not the client's until all of it comes.
    is_stale: bool,
}

impl Session {
    pub(crate) fn new(live: Live) -> Self {
        Self { live, newest: None, running: None, count: 0, is_shut: false, is_stale: false }
    }

    /// Whether a check runs or is to be begun.
    pub(crate) const fn is_busy(&self) -> bool {
        self.newest.is_some() || self.running.is_some()
    }

    /// Checks the newest text; waits for ever where nothing has changed. Nothing is lost where the future is dropped.
    pub(crate) async fn checked(&mut self) -> LiveAnswer {
        if self.running.is_none()
            && let Some(seq) = self.newest.take()
        {
            self.running = Some((seq, self.live.check().boxed()));
        }
        let Some((seq, check)) = &mut self.running else { return std::future::pending().await };
        let (seq, result) = (*seq, check.await);
        self.running = None;
        match result {
            Ok(outcome) => LiveAnswer::Outcome { seq, outcome },
            Err(problem) => LiveAnswer::Problem { seq: Some(seq), problem },
        }
    }

    /// Takes nothing more until an `open` holds: for a frame that may have been one and could not be read.
    pub(crate) const fn shut(&mut self) {
        self.is_shut = true;
        self.is_stale = true;
    }

    /// Takes a change, or says why it cannot be taken. One that could not be read may have been an `open`.
    pub(crate) async fn take(
        &mut self,
        seq: Option<u64>,
        change: Result<Change, Problem>,
    ) -> Option<LiveAnswer> {
        self.count = seq.unwrap_or_else(|| self.count.saturating_add(1));
        let seq = self.count;
        let changed = match change {
            Ok(Change::Open(context, policy, conversation, unit)) => {
                let opened = self.live.open(context, policy.as_deref(), conversation.as_deref(), unit);
                self.is_shut = opened.is_err();
                match opened {
                    Ok(()) => return None,
                    Err(problem) => Err(problem),
                }
            }
            Err(problem) => {
                self.shut();
                Err(problem)
            }
            Ok(_) if self.is_shut => {
                self.is_stale = true;
                let detail = "The last open was refused; send one that holds, then the whole text.";
                Err(Problem::new(ProblemKind::BadRequest, detail))
            }
            Ok(Change::Edit(..) | Change::Sent) if self.is_stale => {
                Err(Problem::new(ProblemKind::BadEdit, "A change was refused; send the whole text."))
            }
            Ok(Change::Edit(from, to, insert)) => self.live.edit(from, to, &insert),
            Ok(Change::Text(text)) => self.live.set_text(text).inspect(|()| self.is_stale = false),
            Ok(Change::Sent) => return Some(self.sent(seq).await),
            Ok(Change::Lacking(what)) => Err(Problem::new(ProblemKind::BadRequest, what)),
        };
        match changed {
            Ok(()) => {
                self.newest = Some(seq);
                None
            }
            Err(problem) => Some(LiveAnswer::Problem { seq: Some(seq), problem }),
        }
    }

    async fn sent(&mut self, seq: u64) -> LiveAnswer {
        // What was typed before is settled by the last check.
        self.newest = None;
        self.running = None;
        match self.live.sent().await {
            Ok(outcome) => LiveAnswer::Sent { seq, outcome },
            Err(problem) => LiveAnswer::Problem { seq: Some(seq), problem },
        }
    }
}
