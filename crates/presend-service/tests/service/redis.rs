//! Conversations in a real Redis: several services go on with one, and what it holds tells nobody anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::common::{Answer, Behaviour, Gate, Running, config, serve};
use crate::redis_server::Redis;
use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncTypedCommands as _, Client};
use futures_util::future::join_all;
use presend::{Engine, Key, KeyRing, Scope};
use presend_service::config::Secret;
use presend_service::conversations::{ConversationId, ConversationStore as _, InRedis};
use presend_service::server::Server;
use presend_service::{Config, Keys, Service};
use serde_json::json;

/// No words of any dictionary, so that they do not turn up by chance.
const SECRET: &str = "Zqxvbrandolf";

fn ring(seeds: &[(u32, u8)]) -> KeyRing {
    let key = |seed| Key::new(std::array::from_fn(|at| seed ^ u8::try_from(at).unwrap()));
    let mut ring = KeyRing::new(seeds[0].0, key(seeds[0].1));
    for (version, seed) in &seeds[1..] {
        ring.add(*version, key(*seed)).unwrap();
    }
    ring
}

fn with_store<'a>(url: &'a str, settings: &[(&'a str, &'a str)]) -> Config {
    config(&[&[("conversations.store", url), ("limits.rate", "0")], settings].concat())
}

fn service(config: &Config, ring: KeyRing) -> Service {
    let keys = Keys::new(ring, Scope::Archive, "");
    Service::builder(Arc::new(Engine::new())).keys(Some(keys)).start(config).unwrap()
}

async fn replica(redis: &Redis, seeds: &[(u32, u8)], settings: &[(&str, &str)]) -> Running {
    let url = redis.url();
    let config = with_store(&url, settings);
    let service = service(&config, ring(seeds));
    serve(&config, service).await
}

async fn say(running: &Running, conversation: &str, text: &str) -> Answer {
    let body = json!({ "text": text, "conversation": conversation, "policy": "archive" });
    running.post("/v1/check", body.to_string()).await
}

async fn safer(running: &Running, conversation: &str, text: &str) -> String {
    let answer = say(running, conversation, text).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["safer_text"].as_str().unwrap().to_owned()
}

/// A client of the test's own.
async fn client(redis: &Redis) -> MultiplexedConnection {
    Client::open(redis.url()).unwrap().get_multiplexed_async_connection().await.unwrap()
}

async fn names(client: &mut MultiplexedConnection, begin: &str) -> Vec<String> {
    client.keys(format!("presend:1:{begin}*")).await.unwrap()
}

#[tokio::test]
async fn replicas_go_on_with_one_conversation() {
    let redis = Redis::start();
    let one = replica(&redis, &[(1, 1)], &[]).await;
    let two = replica(&redis, &[(1, 1)], &[]).await;
    assert_eq!(safer(&one, "ward 7", "seen Mrs Okafor").await, "seen Mrs [PERSON 1]");
    assert_eq!(safer(&two, "ward 7", "and Mr Haddow").await, "and Mr [PERSON 2]");
    assert_eq!(safer(&one, "ward 7", "ring Mr Haddow").await, "ring Mr [PERSON 2]");
    assert_eq!(safer(&two, "ward 7", "ring Mrs Okafor").await, "ring Mrs [PERSON 1]");
    assert_eq!(safer(&two, "ward 8", "ring Mr Haddow").await, "ring Mr [PERSON 1]", "another conversation");
}

#[tokio::test]
async fn replicas_at_the_same_time_do_not_undo_each_other() {
    const PATIENTS: [&str; 5] = ["Okafor", "Haddow", "Ekwueme", "Balogun", "Pellow"];
    let redis = Redis::start();
    let replicas = [replica(&redis, &[(1, 1)], &[]).await, replica(&redis, &[(1, 1)], &[]).await];
    let all = (0..40).map(|at| {
        let patient = PATIENTS[at % PATIENTS.len()];
        let running = &replicas[at / PATIENTS.len() % 2];
        async move { (patient, safer(running, "ward 7", &format!("seen Mrs {patient}")).await) }
    });
    let mut by_patient: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (patient, text) in join_all(all).await {
        by_patient.entry(patient).or_default().insert(text);
    }
    let texts: BTreeSet<&String> = by_patient.values().flatten().collect();
    assert!(by_patient.values().all(|texts| texts.len() == 1), "{by_patient:?}");
    assert_eq!(texts.len(), PATIENTS.len(), "{by_patient:?}");
}

#[tokio::test]
async fn redis_holds_nothing_in_clear() {
    let redis = Redis::start();
    let running = replica(&redis, &[(1, 1)], &[]).await;
    let text = format!("Mrs {SECRET} Okafor NHS 999 123 4004");
    assert!(!safer(&running, &format!("chat of {SECRET}"), &text).await.contains("999 123 4004"));
    safer(&running, &format!("chat of {SECRET}"), "Mr Haddow, bed 4").await;
    let mut client = client(&redis).await;
    let keys: Vec<String> = client.keys("*").await.unwrap();
    assert_eq!(keys.len(), 2, "the mark of the keys and the one state: {keys:?}");
    for key in keys {
        let value: Vec<u8> = ::redis::cmd("GET").arg(&key).query_async(&mut client).await.unwrap();
        assert!(value.len() >= 64);
        let held = format!("{key} {}", String::from_utf8_lossy(&value)).to_lowercase();
        let words = ["okafor", "haddow", "4004", "chat", "ward", "patient", "anonymous", "surrogates"];
        for word in words.into_iter().chain([SECRET.to_lowercase().as_str()]) {
            assert!(!held.contains(word), "{word}");
        }
    }
}

#[tokio::test]
async fn without_redis_a_conversation_is_refused_and_all_else_goes_on() {
    let mut redis = Redis::start();
    let running = replica(&redis, &[(1, 1)], &[]).await;
    safer(&running, "ward 7", "seen Mrs Okafor").await;
    assert_eq!(running.get("/readyz").await.text(), "ok\n");
    redis.kill();
    let refused = say(&running, "ward 7", "seen Mrs Okafor").await;
    assert_eq!((refused.status, refused.problem().as_str()), (503, "conversations-away"));
    assert_eq!(running.check("seen Mrs Okafor").await.status, 200);
    let ready = running.get("/readyz").await;
    assert!(ready.status == 200 && ready.text().contains("out of reach"), "{}", ready.text());
    redis.start_again();
    assert_eq!(safer(&running, "ward 7", "seen Mrs Okafor").await, "seen Mrs [PERSON 1]");
    assert_eq!(running.get("/readyz").await.text(), "ok\n");

    // A service that starts while Redis is away serves all the same.
    redis.kill();
    let running = replica(&redis, &[(1, 1)], &[]).await;
    assert_eq!(running.check("seen Mrs Okafor").await.status, 200);
    assert_eq!(say(&running, "ward 7", "seen Mrs Okafor").await.status, 503);
    redis.start_again();
    assert_eq!(say(&running, "ward 7", "seen Mrs Okafor").await.status, 200);
}

#[tokio::test]
async fn other_keys_are_refused_and_do_not_begin_anew() {
    let redis = Redis::start();
    let url = redis.url();
    let config = with_store(&url, &[]);
    let first = replica(&redis, &[(1, 1)], &[]).await;
    safer(&first, "ward 7", "seen Mrs Okafor").await;

    let extras = presend_service::http::Extras::default();
    let bound = Server::bind(&config, service(&config, ring(&[(1, 2)])), &extras).await;
    let error = bound.unwrap_err().to_string();
    assert!(error.contains("conversations.store") && error.contains("another key"), "{error}");

    // Where Redis was away when the service started, the request is refused.
    let store = InRedis::new(
        &Secret::from(url.as_str()),
        Keys::new(ring(&[(1, 2)]), Scope::Archive, ""),
        std::time::Duration::from_secs(60),
    );
    let id = ConversationId::new("anonymous", "ward 7").unwrap();
    let refused = store.unwrap().lease(&id).await.err().unwrap();
    assert_eq!(refused.kind().name(), "conversation-keys");

    let error = Service::builder(Arc::new(Engine::new())).start(&config).err().unwrap().to_string();
    assert!(error.contains("presend keys new") && error.contains("--key-file"), "{error}");
}

#[tokio::test]
async fn rotated_keys_go_on_with_what_older_ones_began() {
    let redis = Redis::start();
    let old = replica(&redis, &[(1, 1)], &[]).await;
    let new = replica(&redis, &[(1, 1), (2, 2)], &[]).await;
    safer(&old, "ward 7", "seen Mrs Okafor").await;
    assert_eq!(safer(&new, "ward 7", "ring Mrs Okafor").await, "ring Mrs [PERSON 1]");
    // The old service has not the key that the new one wrote with.
    let refused = say(&old, "ward 7", "ring Mrs Okafor").await;
    assert_eq!((refused.status, refused.problem().as_str()), (503, "conversation-keys"));
    assert!(refused.json()["detail"].as_str().unwrap().contains("version 2"));
    assert_eq!(safer(&new, "ward 7", "ring Mrs Okafor").await, "ring Mrs [PERSON 1]");
}

#[tokio::test]
async fn a_state_does_not_open_under_the_name_of_another() {
    let redis = Redis::start();
    let running = replica(&redis, &[(1, 1)], &[]).await;
    safer(&running, "ward 7", "seen Mrs Okafor").await;
    let mut client = client(&redis).await;
    let seven = names(&mut client, "state:").await.remove(0);
    safer(&running, "ward 8", "seen Mr Haddow").await;
    let eight = names(&mut client, "state:").await.into_iter().find(|name| *name != seven).unwrap();
    assert!(client.copy(&seven, &eight, ::redis::CopyOptions::default().replace(true)).await.unwrap());
    assert_eq!(say(&running, "ward 8", "seen Mr Haddow").await.problem(), "conversation-keys");
    assert_eq!(safer(&running, "ward 7", "seen Mrs Okafor").await, "seen Mrs [PERSON 1]");
}

#[tokio::test]
async fn a_conversation_is_kept_from_its_last_use() {
    let redis = Redis::start();
    let running = replica(&redis, &[(1, 1)], &[("conversations.seconds", "1000")]).await;
    safer(&running, "ward 7", "seen Mrs Okafor").await;
    let mut client = client(&redis).await;
    let state = names(&mut client, "state:").await.remove(0);
    assert!(client.expire(&state, 500).await.unwrap());
    safer(&running, "ward 7", "seen Mrs Okafor").await;
    let left = client.ttl(&state).await.unwrap();
    let ::redis::IntegerReplyOrNoOp::IntegerReply(left) = left else { panic!("{left:?}") };
    assert!((501..=1000).contains(&left), "{left}");
}

#[tokio::test]
async fn a_lock_of_another_is_waited_for_as_long_as_the_request_may_take() {
    let redis = Redis::start();
    let patient = replica(&redis, &[(1, 1)], &[]).await;
    let hasty = replica(&redis, &[(1, 1)], &[("limits.request_seconds", "1")]).await;
    safer(&patient, "ward 7", "seen Mrs Okafor").await;
    let mut client = client(&redis).await;
    let lock = names(&mut client, "state:").await.remove(0).replace("state:", "lock:");
    client.set(&lock, "another").await.unwrap();
    assert_eq!(say(&hasty, "ward 7", "ring Mrs Okafor").await.problem(), "timed-out");
    assert_eq!(
        client.get(&lock).await.unwrap().as_deref(),
        Some("another"),
        "it is not the waiting one's to end"
    );
    let waiting = safer(&patient, "ward 7", "ring Mrs Okafor");
    let ended = async {
        client.pexpire(&lock, 1).await.unwrap();
    };
    let (text, ()) = tokio::join!(waiting, ended);
    assert_eq!(text, "ring Mrs [PERSON 1]");
    assert!(names(&mut client, "lock:").await.is_empty());
}

/// A service whose engine waits at the gate.
async fn gated(redis: &Redis, gate: &Arc<Gate>, settings: &[(&str, &str)]) -> Running {
    let url = redis.url();
    let config = with_store(&url, settings);
    let engine = crate::common::engine(Behaviour::Waits(Arc::clone(gate)));
    let keys = Keys::new(ring(&[(1, 1)]), Scope::Archive, "");
    let service = Service::builder(Arc::new(engine)).keys(Some(keys)).start(&config).unwrap();
    serve(&config, service).await
}

#[tokio::test]
async fn a_lock_is_renewed_while_the_engine_works_and_a_lost_one_writes_nothing() {
    let redis = Redis::start();
    let gate = Arc::new(Gate::default());
    let running = gated(&redis, &gate, &[]).await;
    let mut client = client(&redis).await;
    let steps = async {
        let lock = loop {
            if let Some(lock) = names(&mut client, "lock:").await.pop() {
                break lock;
            }
        };
        let mut before = i64::MAX;
        loop {
            let left: i64 = ::redis::cmd("PTTL").arg(&lock).query_async(&mut client).await.unwrap();
            assert!(left > 0, "it ended while it was held");
            if left > before {
                break;
            }
            before = left;
            tokio::task::yield_now().await;
        }
        client.set(&lock, "another").await.unwrap();
        gate.open();
    };
    let (answer, ()) = tokio::join!(say(&running, "ward 7", "seen Mrs Okafor"), steps);
    assert_eq!((answer.status, answer.problem().as_str()), (503, "conversations-away"));
    assert!(names(&mut client, "state:").await.is_empty());
}

#[tokio::test]
async fn a_request_that_takes_too_long_lets_go() {
    let redis = Redis::start();
    let gate = Arc::new(Gate::default());
    let running = gated(&redis, &gate, &[("limits.request_seconds", "1")]).await;
    assert_eq!(say(&running, "ward 7", "seen Mrs Okafor").await.problem(), "timed-out");
    gate.open();
    let mut client = client(&redis).await;
    while let Some(lock) = names(&mut client, "lock:").await.pop() {
        let left: i64 = ::redis::cmd("PTTL").arg(&lock).query_async(&mut client).await.unwrap();
        assert!(!(0..=5_000).contains(&left), "it is still held, {left} ms before it ends by itself");
    }
    assert_eq!(safer(&running, "ward 7", "ring Mrs Okafor").await, "ring Mrs [PERSON 1]");
}

#[test]
fn a_url_that_is_none_is_told_without_its_password() {
    for url in ["http://:hunter2@127.0.0.1", "hunter2"] {
        let config = with_store(url, &[]);
        let keys = Keys::new(ring(&[(1, 1)]), Scope::Archive, "");
        let error = Service::builder(Arc::new(Engine::new())).keys(Some(keys)).start(&config);
        let error = error.err().unwrap().to_string();
        assert!(error.contains("conversations.store") && !error.contains("hunter2"), "{error}");
    }
}
