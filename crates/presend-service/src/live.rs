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

/// What a frame that could not be read may have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    /// An `open`, for certain.
    Open,
    /// Anything but an `open`.
    Change,
    /// Anything at all.
    Anything,
}

const REFUSED: &str = "The last open was refused; send one that holds, then the whole text.";
const UNREAD: &str =
    "A frame could not be read and may have been an open; send an open that holds, then the whole text.";

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
    /// Why nothing is taken: the last `open` was refused, or what may have been one could not be read. Other settings
    /// than the client's would decide on its texts.
    shut: Option<&'static str>,
    /// Whether a change was refused, so that the text here is not the client's until all of it comes.
    is_stale: bool,
}

impl Session {
    pub(crate) fn new(live: Live) -> Self {
        Self { live, newest: None, running: None, count: 0, shut: None, is_stale: false }
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

    /// Learns that a frame could not be read: it takes no part of a text until the whole comes, and nothing until an
    /// `open` holds where the frame may have been one.
    pub(crate) const fn miss(&mut self, missed: Missed) {
        self.is_stale = true;
        match missed {
            Missed::Open => self.shut = Some(REFUSED),
            Missed::Anything => self.shut = Some(UNREAD),
            Missed::Change => {}
        }
    }

    /// Takes a change, or says why it cannot be taken.
    pub(crate) async fn take(
        &mut self,
        seq: Option<u64>,
        change: Result<Change, (Missed, Problem)>,
    ) -> Option<LiveAnswer> {
        self.count = seq.unwrap_or_else(|| self.count.saturating_add(1));
        let seq = self.count;
        let changed = match change {
            Ok(Change::Open(context, policy, conversation, unit)) => {
                let opened = self.live.open(context, policy.as_deref(), conversation.as_deref(), unit);
                self.shut = opened.is_err().then_some(REFUSED);
                // No change of the text was missed.
                return opened.err().map(|problem| LiveAnswer::Problem { seq: Some(seq), problem });
            }
            Err((missed, problem)) => {
                self.miss(missed);
                Err(problem)
            }
            Ok(_) if self.shut.is_some() => {
                Err(Problem::new(ProblemKind::BadRequest, self.shut.unwrap_or(REFUSED)))
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
            Err(problem) => {
                self.is_stale = true;
                Some(LiveAnswer::Problem { seq: Some(seq), problem })
            }
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
