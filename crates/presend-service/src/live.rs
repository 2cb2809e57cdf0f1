//! A message that is checked while it is typed, whatever the changes come through.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use presend::{Context, Unit, WireOutcome};

use crate::api::LiveAnswer;
use crate::problem::Problem;
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
}

impl Session {
    pub(crate) fn new(live: Live) -> Self {
        Self { live, newest: None, running: None, count: 0 }
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

    /// Takes a change, or says why it cannot be taken.
    pub(crate) async fn take(
        &mut self,
        seq: Option<u64>,
        change: Result<Change, Problem>,
    ) -> Option<LiveAnswer> {
        self.count = seq.unwrap_or_else(|| self.count.saturating_add(1));
        let seq = self.count;
        let changed = match change {
            Ok(Change::Open(context, policy, conversation, unit)) => {
                let opened = self.live.open(context, policy.as_deref(), unit);
                match opened.and_then(|()| self.live.go_on_with(conversation.as_deref())) {
                    Ok(()) => return None,
                    Err(problem) => Err(problem),
                }
            }
            Ok(Change::Edit(from, to, insert)) => self.live.edit(from, to, &insert),
            Ok(Change::Text(text)) => self.live.set_text(text),
            Ok(Change::Sent) => return Some(self.sent(seq).await),
            Err(problem) => Err(problem),
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
