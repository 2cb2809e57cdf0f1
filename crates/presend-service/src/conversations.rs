//! Conversations that go on from request to request.

mod in_redis;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use presend::Conversation;

use crate::clock::Clock;
use crate::config::{ConfigError, ConversationsConfig};
use crate::keys::Keys;
use crate::problem::{Problem, ProblemKind};

pub use in_redis::InRedis;

/// A future on the heap, so that stores can be trait objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Whose conversation it is and which of theirs: one caller cannot go on with another's.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConversationId {
    caller: String,
    id: String,
}

impl fmt::Debug for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An id may be a chat's name.
        f.debug_struct("ConversationId").field("id_len", &self.id.len()).finish_non_exhaustive()
    }
}

impl ConversationId {
    /// The most characters that an id may have.
    pub const LONGEST: usize = 128;

    /// The conversation of a caller.
    ///
    /// # Errors
    ///
    /// Where the id is empty or longer than [`ConversationId::LONGEST`].
    pub fn new(caller: &str, id: &str) -> Result<Self, Problem> {
        if id.is_empty() || id.chars().count() > Self::LONGEST {
            let detail = format!("A conversation's id has 1 to {} characters.", Self::LONGEST);
            return Err(Problem::new(ProblemKind::BadRequest, detail));
        }
        Ok(Self { caller: caller.to_owned(), id: id.to_owned() })
    }

    /// Whose it is.
    #[must_use]
    pub fn caller(&self) -> &str {
        &self.caller
    }

    /// Which of the caller's.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Keeps conversations between requests.
pub trait ConversationStore: Send + Sync + 'static {
    /// Takes hold of a conversation; another request for the same one waits until the lease is dropped.
    fn lease<'a>(&'a self, id: &'a ConversationId) -> BoxFuture<'a, Result<Box<dyn Lease>, Problem>>;

    /// Says whether conversations can be had, for those who watch over the service.
    fn ready(&self) -> BoxFuture<'_, Result<(), Problem>> {
        Box::pin(async { Ok(()) })
    }
}

/// The store that the configuration asks for.
///
/// # Errors
///
/// Where it asks for Redis and the URL is none, or there are no keys to seal with.
pub(crate) fn store(
    config: &ConversationsConfig,
    keys: Option<&Keys>,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn ConversationStore>, ConfigError> {
    let kept_for = Duration::from_secs(config.seconds);
    let Some(url) = &config.store else {
        return Ok(Arc::new(InMemory::new(config.most, kept_for, Arc::clone(clock))));
    };
    let keys = keys.ok_or_else(|| {
        ConfigError::new(
            "conversations.store needs a key to seal conversations with: make one with `presend keys new FILE` and \
             give it to every service with --key-file FILE",
        )
    })?;
    Ok(Arc::new(InRedis::new(url, keys.clone(), kept_for)?))
}

/// A conversation that one request has hold of.
pub trait Lease: Send {
    /// The conversation; `None` where it starts, or was forgotten.
    fn conversation(&self) -> Option<&Conversation>;

    /// Keeps the conversation as it is after the request. Where this is not called, nothing changes.
    fn commit(self: Box<Self>, conversation: Conversation) -> BoxFuture<'static, Result<(), Problem>>;
}

type Slot = Arc<tokio::sync::Mutex<Option<Conversation>>>;

struct Entry {
    slot: Slot,
    turn: u64,
}

#[derive(Default)]
struct Entries {
    by_id: HashMap<ConversationId, Entry>,
    /// The conversations in the order of their last use, with its time.
    by_use: BTreeMap<u64, (Duration, ConversationId)>,
    turn: u64,
}

/// Keeps a bounded number of conversations in memory, each for a time after its last use.
pub struct InMemory {
    entries: Mutex<Entries>,
    most: usize,
    kept_for: Duration,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for InMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InMemory").field("len", &self.len()).field("most", &self.most).finish_non_exhaustive()
    }
}

impl InMemory {
    /// A store of at most `most` conversations; beyond that, the one unused for longest goes.
    pub fn new(most: usize, kept_for: Duration, clock: Arc<dyn Clock>) -> Self {
        Self { entries: Mutex::default(), most: most.max(1), kept_for, clock }
    }

    /// How many conversations are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).by_id.len()
    }

    /// Whether none is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn slot(&self, id: &ConversationId) -> Slot {
        let now = self.clock.elapsed();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(oldest) = entries.by_use.first_entry() {
            if now.saturating_sub(oldest.get().0) < self.kept_for {
                break;
            }
            let (_, id) = oldest.remove();
            entries.by_id.remove(&id);
        }
        entries.turn += 1;
        let turn = entries.turn;
        let slot = match entries.by_id.get_mut(id) {
            Some(entry) => {
                let before = std::mem::replace(&mut entry.turn, turn);
                let slot = Arc::clone(&entry.slot);
                entries.by_use.remove(&before);
                slot
            }
            None => {
                if entries.by_id.len() >= self.most
                    && let Some((_, (_, oldest))) = entries.by_use.pop_first()
                {
                    entries.by_id.remove(&oldest);
                }
                let slot = Slot::default();
                entries.by_id.insert(id.clone(), Entry { slot: Arc::clone(&slot), turn });
                slot
            }
        };
        entries.by_use.insert(turn, (now, id.clone()));
        slot
    }
}

impl ConversationStore for InMemory {
    fn lease<'a>(&'a self, id: &'a ConversationId) -> BoxFuture<'a, Result<Box<dyn Lease>, Problem>> {
        Box::pin(async move {
            let held = self.slot(id).lock_owned().await;
            let lease: Box<dyn Lease> = Box::new(InMemoryLease(held));
            Ok(lease)
        })
    }
}

struct InMemoryLease(tokio::sync::OwnedMutexGuard<Option<Conversation>>);

impl Lease for InMemoryLease {
    fn conversation(&self) -> Option<&Conversation> {
        self.0.as_ref()
    }

    fn commit(mut self: Box<Self>, conversation: Conversation) -> BoxFuture<'static, Result<(), Problem>> {
        *self.0 = Some(conversation);
        Box::pin(async { Ok(()) })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::clock::ManualClock;

    async fn used(store: &InMemory, caller: &str, id: &str) -> bool {
        let id = ConversationId::new(caller, id).unwrap();
        let lease = store.lease(&id).await.unwrap();
        let is_known = lease.conversation().is_some();
        lease.commit(Conversation::new()).await.unwrap();
        is_known
    }

    #[tokio::test]
    async fn the_one_unused_for_longest_goes_and_time_ends_all() {
        let clock = Arc::new(ManualClock::at(jiff::Timestamp::UNIX_EPOCH));
        let store = InMemory::new(2, Duration::from_secs(60), Arc::clone(&clock) as Arc<dyn Clock>);
        assert!(!used(&store, "a", "1").await);
        assert!(!used(&store, "a", "2").await);
        assert!(used(&store, "a", "1").await);
        assert!(!used(&store, "b", "1").await, "another caller's conversation");
        assert!(used(&store, "a", "1").await);
        assert!(!used(&store, "a", "2").await, "it was unused for longest");
        assert_eq!(store.len(), 2);
        clock.advance(Duration::from_secs(59));
        assert!(used(&store, "a", "2").await);
        clock.advance(Duration::from_secs(59));
        assert!(used(&store, "a", "2").await);
        assert!(!used(&store, "a", "1").await);
        clock.advance(Duration::from_secs(60));
        assert!(!used(&store, "a", "2").await);
    }

    #[tokio::test]
    async fn a_lease_keeps_others_waiting() {
        let clock = Arc::new(ManualClock::at(jiff::Timestamp::UNIX_EPOCH));
        let store = InMemory::new(2, Duration::from_secs(60), clock);
        let id = ConversationId::new("a", "1").unwrap();
        let first = store.lease(&id).await.unwrap();
        let mut second = store.lease(&id);
        assert!((&mut second).now_or_never().is_none());
        first.commit(Conversation::new()).await.unwrap();
        assert!(second.await.unwrap().conversation().is_some());
    }

    #[test]
    fn ids_are_bounded() {
        assert!(ConversationId::new("a", "").is_err());
        assert!(ConversationId::new("a", &"é".repeat(128)).is_ok());
        assert!(ConversationId::new("a", &"x".repeat(129)).is_err());
    }
}
