//! Conversations in Redis, so that several services go on with the same ones and a restart loses none.
//!
//! Redis holds, each under a name that begins with `presend:1:`:
//!
//! | name | what | kept |
//! | --- | --- | --- |
//! | `keys` | a keyed hash that tells which key named all the rest | for ever |
//! | `state:` and a keyed hash of the caller and the id | the conversation, sealed | from its last use for `conversations.seconds` |
//! | `lock:` and the same | who has hold of it: a random number | 10 seconds, renewed while it is held |
//!
//! The oldest key of the ring makes the names, so that they stay the same when keys are rotated. With another key they
//! would be others, and every conversation would quietly begin anew; `keys` is there so that this is refused instead.
//! A state is sealed once more for its own conversation: moved to another's name, it does not open.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use presend::seal;
use presend::{Conversation, KeyPurpose, Scope, ScopedKeys};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, RedisError, RedisResult, Script, ScriptInvocation};
use tokio::task::AbortHandle;
use tokio_rustls::rustls::crypto::ring::default_provider;

use super::{BoxFuture, ConversationId, ConversationStore, Lease};
use crate::auth::hex;
use crate::config::{ConfigError, Secret};
use crate::keys::Keys;
use crate::problem::{Problem, ProblemKind};

/// What begins every name in Redis; the number is that of this layout.
const PREFIX: &str = "presend:1:";
/// Sets what is sealed and named here apart from what the same keys serve elsewhere.
const DOMAIN: &[u8] = b"presend-service conversations";
/// How long a lock holds after its holder was last heard of. It ends what a service that died held.
const HOLD: Duration = Duration::from_secs(10);
/// How long a connection may take to come about, and Redis to answer.
const PATIENCE: Duration = Duration::from_secs(1);
/// The pauses between looks at a lock that another holds, from the first to the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(2), Duration::from_millis(100));

/// Takes the lock and gives the state, where Redis is of these keys and nobody else has hold of it.
const TAKE: &str = "
local mark = redis.call('GET', KEYS[1])
if not mark then redis.call('SET', KEYS[1], ARGV[1]) elseif mark ~= ARGV[1] then return {'keys', false} end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[2] then return {'held', false} end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return {'ours', redis.call('GET', KEYS[3])}
";
const RENEW: &str = "
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
";
/// Writes the state and lets go, where the lock is still held: what a slow holder writes cannot undo another's work.
const COMMIT: &str = "
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return redis.call('DEL', KEYS[1])
";
const RELEASE: &str = "
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
";

/// Keeps conversations in Redis, sealed, for every service with the same keys.
pub struct InRedis(Arc<Inner>);

impl fmt::Debug for InRedis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InRedis").field("kept_for", &self.0.kept_for).finish_non_exhaustive()
    }
}

struct Inner {
    link: Link,
    keys: Keys,
    /// The keys that names are made with.
    names: ScopedKeys,
    mark: String,
    kept_for: Duration,
    take: Script,
    renew: Script,
    commit: Script,
    release: Script,
}

impl InRedis {
    /// A store at a URL such as `redis://HOST:6379/0`; it connects when it is first asked.
    ///
    /// # Errors
    ///
    /// Where the URL is none of Redis's. The error does not show it.
    pub fn new(url: &Secret, keys: Keys, kept_for: Duration) -> Result<Self, ConfigError> {
        let client = Client::open(url.reveal()).map_err(|_| {
            ConfigError::new(
                "conversations.store takes a URL such as redis://HOST:6379/0 or rediss://HOST:6380/0",
            )
        })?;
        // Redis's client asks for the process's default. Where there is one already it serves as well.
        let _ = default_provider().install_default();
        let oldest = keys.ring().versions().next().unwrap_or(keys.ring().current());
        let names = keys
            .ring()
            .scoped_at(oldest, Scope::Organisation, DOMAIN)
            .map_err(|error| ConfigError::new(error.to_string()))?;
        let mark = hex(&names.mac(KeyPurpose::Link, &[b"mark"]));
        Ok(Self(Arc::new(Inner {
            link: Link { client, current: Mutex::default() },
            keys,
            names,
            mark,
            kept_for,
            take: Script::new(TAKE),
            renew: Script::new(RENEW),
            commit: Script::new(COMMIT),
            release: Script::new(RELEASE),
        })))
    }
}

/// A connection that comes about when it is needed, and anew where it broke.
struct Link {
    client: Client,
    current: Mutex<Arc<OnceLock<ConnectionManager>>>,
}

impl Link {
    async fn run<T: FromRedisValue>(&self, call: &ScriptInvocation<'_>) -> RedisResult<T> {
        let slot = Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner));
        let mut connection = match slot.get() {
            Some(connection) => connection.clone(),
            None => {
                let config = ConnectionManagerConfig::new()
                    .set_connection_timeout(Some(PATIENCE))
                    .set_response_timeout(Some(PATIENCE))
                    .set_number_of_retries(0);
                let new = ConnectionManager::new_lazy_with_config(self.client.clone(), config)?;
                slot.get_or_init(|| new).clone()
            }
        };
        let result = call.invoke_async(&mut connection).await;
        if result.as_ref().is_err_and(|error: &RedisError| !error.is_io_error()) {
            // A connection that was refused for another reason than the network's is not tried again by the manager.
            let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
            if Arc::ptr_eq(&current, &slot) {
                *current = Arc::default();
            }
        }
        result
    }
}

/// Redis does not answer, or not as it should.
fn away(error: &RedisError) -> Problem {
    // Of the error its sort alone, for what a server says is not ours to vouch for.
    tracing::warn!(error = error.category(), code = error.code(), "the store of conversations failed");
    let detail = "The store of conversations does not answer. Without a conversation messages are checked.";
    Problem::new(ProblemKind::ConversationsAway, detail).retry_after(2)
}

fn other_keys() -> Problem {
    let detail =
        "The store holds conversations of another key: the service needs the key file that they began with.";
    Problem::new(ProblemKind::ConversationKeys, detail)
}

/// What one conversation is called.
struct Place {
    /// What its state is sealed for.
    id: Vec<u8>,
    lock: String,
    state: String,
}

impl Inner {
    fn place(&self, id: &ConversationId) -> Place {
        let caller = id.caller().as_bytes();
        let length = (caller.len() as u64).to_be_bytes();
        let name = hex(&self.names.mac(KeyPurpose::Link, &[b"name", caller, id.id().as_bytes()]));
        Place {
            id: [DOMAIN, &length, caller, id.id().as_bytes()].concat(),
            lock: format!("{PREFIX}lock:{name}"),
            state: format!("{PREFIX}state:{name}"),
        }
    }

    fn open(&self, place: &Place, blob: &[u8]) -> Result<Conversation, Problem> {
        let keys = &self.keys;
        let unsealed = |why: &dyn fmt::Display| {
            tracing::error!(%why, "a conversation cannot be opened");
            Problem::new(ProblemKind::ConversationKeys, format!("The conversation cannot be opened: {why}."))
        };
        let blob =
            seal::open(keys.ring(), Scope::Conversation, &place.id, blob).map_err(|why| unsealed(&why))?;
        Conversation::restore(keys.ring(), keys.scope(), keys.id(), &blob).map_err(|why| unsealed(&why))
    }

    fn seal(&self, place: &Place, conversation: &Conversation) -> Option<Vec<u8>> {
        let keys = self.keys.ring().scoped(Scope::Conversation, &place.id);
        seal::seal(&keys, &conversation.save()?).ok()
    }
}

/// A lock that this service has, or asks for; it is let go of when this is dropped.
struct Hold {
    inner: Arc<Inner>,
    place: Place,
    /// Tells this holder from every other.
    token: String,
    renewal: Option<AbortHandle>,
    is_over: bool,
}

impl Hold {
    fn new(inner: &Arc<Inner>, id: &ConversationId) -> Result<Self, Problem> {
        let mut token = [0; 16];
        getrandom::fill(&mut token)
            .map_err(|_| Problem::new(ProblemKind::Internal, "There is no randomness to be had."))?;
        let place = inner.place(id);
        Ok(Self { inner: Arc::clone(inner), place, token: hex(&token), renewal: None, is_over: false })
    }

    /// Waits for the lock; the caller bounds the time. Gives the state, where there is one.
    async fn take(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let (mut pause, longest) = PAUSES;
        let mut has_failed = false;
        loop {
            let mut call = self.inner.take.prepare_invoke();
            call.key(format!("{PREFIX}keys")).key(&self.place.lock).key(&self.place.state);
            call.arg(&self.inner.mark).arg(&self.token).arg(millis(HOLD));
            match self.inner.link.run::<(String, Option<Vec<u8>>)>(&call).await {
                Ok((said, state)) => match said.as_str() {
                    "ours" => {
                        self.renewal = Some(self.renew());
                        return Ok(state);
                    }
                    "held" => {}
                    _ => return Err(other_keys()),
                },
                // A connection that lay idle may be found broken only now; taking twice is taking once.
                Err(error) if error.is_io_error() && !has_failed => has_failed = true,
                Err(error) => return Err(away(&error)),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(longest);
        }
    }

    fn renew(&self) -> AbortHandle {
        let (inner, lock, token) = (Arc::clone(&self.inner), self.place.lock.clone(), self.token.clone());
        let renewing = async move {
            loop {
                tokio::time::sleep(HOLD / 3).await;
                let mut call = inner.renew.prepare_invoke();
                call.key(&lock).arg(&token).arg(millis(HOLD));
                // Where it fails the lock ends, and the commit says so.
                let _ = inner.link.run::<u8>(&call).await;
            }
        };
        tokio::spawn(renewing).abort_handle()
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(renewal) = &self.renewal {
            renewal.abort();
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if !self.is_over {
            let (inner, lock, token) =
                (Arc::clone(&self.inner), self.place.lock.clone(), std::mem::take(&mut self.token));
            runtime.spawn(async move {
                let mut call = inner.release.prepare_invoke();
                call.key(&lock).arg(&token);
                // Where it fails the lock ends by itself.
                let _ = inner.link.run::<u8>(&call).await;
            });
        }
    }
}

impl ConversationStore for InRedis {
    fn lease<'a>(&'a self, id: &'a ConversationId) -> BoxFuture<'a, Result<Box<dyn Lease>, Problem>> {
        Box::pin(async move {
            let mut hold = Hold::new(&self.0, id)?;
            let state = hold.take().await?;
            let conversation = state.map(|blob| self.0.open(&hold.place, &blob)).transpose()?;
            let lease: Box<dyn Lease> = Box::new(RedisLease { hold, conversation });
            Ok(lease)
        })
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), Problem>> {
        Box::pin(async move {
            let get = Script::new("return redis.call('GET', KEYS[1])");
            let mut call = get.prepare_invoke();
            call.key(format!("{PREFIX}keys"));
            let mark = self.0.link.run::<Option<String>>(&call).await.map_err(|error| away(&error))?;
            if mark.is_some_and(|mark| mark != self.0.mark) { Err(other_keys()) } else { Ok(()) }
        })
    }
}

struct RedisLease {
    hold: Hold,
    conversation: Option<Conversation>,
}

impl Lease for RedisLease {
    fn conversation(&self) -> Option<&Conversation> {
        self.conversation.as_ref()
    }

    fn commit(mut self: Box<Self>, conversation: Conversation) -> BoxFuture<'static, Result<(), Problem>> {
        Box::pin(async move {
            let Hold { inner, place, token, .. } = &self.hold;
            let sealed = inner.seal(place, &conversation);
            let sealed = sealed.ok_or_else(|| {
                Problem::new(ProblemKind::Internal, "The conversation could not be sealed.")
            })?;
            let mut call = inner.commit.prepare_invoke();
            call.key(&place.lock).key(&place.state).arg(token).arg(sealed).arg(millis(inner.kept_for));
            let written: u8 = inner.link.run(&call).await.map_err(|error| away(&error))?;
            if written == 0 {
                let detail = "Another request took the conversation over; send the message again.";
                return Err(Problem::new(ProblemKind::ConversationsAway, detail).retry_after(1));
            }
            self.hold.is_over = true;
            Ok(())
        })
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
