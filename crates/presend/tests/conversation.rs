//! A conversation adds up, keeps stand-ins the same, and can be saved and gone on with.
#![allow(clippy::expect_used, reason = "a test: what fails here fails it")]

use presend::{Class, Context, Conversation, ConversationError, Engine, Key, KeyRing, Policy, Scope};

const SECRETS: [&str; 3] = ["okafor", "mousehole", "9991234004"];

fn ring() -> KeyRing {
    KeyRing::new(1, Key::new(*b"an example; take 32 random bytes"))
}

fn teaching() -> Engine {
    Engine::builder().policy(Policy::built_in("teaching").expect("built in")).build()
}

fn messages() -> [&'static str; 4] {
    [
        "Mrs Ngozi Okafor NHS 999 123 4004, K 6.1",
        "okafor better now, Dr Chen has seen her",
        "Mr Haddow in bed 9 is next",
        "did Chen ring about ngozi okafor?",
    ]
}

#[test]
fn a_saved_conversation_goes_on_where_it_stopped() {
    let engine = teaching();
    let ring = ring();
    let start = || Conversation::new().with_keys(ring.scoped(Scope::Conversation, b"ward 7"));
    let mut whole = start();
    let unbroken: Vec<String> =
        messages().iter().map(|text| engine.check_in(text, &mut whole).text).collect();

    let mut broken = start();
    let mut texts = Vec::new();
    for text in messages() {
        texts.push(engine.check_in(text, &mut broken).text);
        let blob = broken.save().expect("it has keys");
        let shown = String::from_utf8_lossy(&blob).to_lowercase();
        assert!(SECRETS.iter().all(|secret| !shown.contains(secret)), "the blob holds no words");
        broken = Conversation::restore(&ring, Scope::Conversation, b"ward 7", &blob).expect("the same keys");
    }
    assert_eq!(texts, unbroken);
    assert!(unbroken[1].contains("[PATIENT 1]") && unbroken[3].contains("[PATIENT 1]"), "{unbroken:?}");
}

#[test]
fn a_rotated_ring_goes_on_with_the_keys_it_began_with() {
    let engine = teaching();
    let mut conversation = Conversation::new().with_keys(ring().scoped(Scope::Conversation, b"a"));
    let before = engine.check_in(messages()[0], &mut conversation).text;
    let blob = conversation.save().expect("it has keys");
    let mut rotated = ring();
    rotated.add(2, Key::new(*b"another example: 32 random bytes")).expect("a new version");
    let mut restored =
        Conversation::restore(&rotated, Scope::Conversation, b"a", &blob).expect("the old key is there");
    assert_eq!(engine.check_in(messages()[0], &mut restored).text, before);
}

#[test]
fn a_blob_of_another_key_scope_or_id_is_refused() {
    let mut conversation = Conversation::new().with_keys(ring().scoped(Scope::Conversation, b"a"));
    let _ = teaching().check_in(messages()[0], &mut conversation);
    let blob = conversation.save().expect("it has keys");
    let other = KeyRing::new(1, Key::new(*b"another example: 32 random bytes"));
    let mut changed = blob.clone();
    *changed.last_mut().expect("bytes") ^= 1;
    for (ring, scope, id, blob) in [
        (&other, Scope::Conversation, "a", &blob),
        (&ring(), Scope::Archive, "a", &blob),
        (&ring(), Scope::Conversation, "b", &blob),
        (&ring(), Scope::Conversation, "a", &changed),
        (&ring(), Scope::Conversation, "a", &Vec::new()),
    ] {
        let error = Conversation::restore(ring, scope, id.as_bytes(), blob).expect_err("it is another's");
        assert!(matches!(error, ConversationError::Sealed(_)), "{error}");
    }
    assert!(Conversation::new().save().is_none(), "there is no key to seal it with");
}

#[test]
fn what_messages_tell_of_a_patient_adds_up() {
    let engine = Engine::builder().policy(Policy::built_in("flag").expect("built in")).build();
    let mut conversation = Conversation::within(Context::default());
    let mut people = f64::INFINITY;
    for text in ["43M with a sore knee", "he is a goalkeeper", "from Mousehole"] {
        let outcome = engine.check_in(text, &mut conversation);
        let now = outcome.identifiability.conversation();
        assert!(now.people <= people, "{text}: {} after {people}", now.people);
        people = now.people;
    }
    assert!(
        conversation.identifiability().class <= Class::Likely,
        "{:?}",
        conversation.identifiability().class
    );
}

#[test]
fn one_person_keeps_one_stand_in_under_every_form() {
    let engine = teaching();
    let mut conversation = Conversation::new();
    for (text, wanted) in [
        ("Mrs Doris Ekwueme in bed 4", "[PATIENT 1]"),
        ("Mrs Ekwueme is sick again", "[PATIENT 1]"),
        ("doris ekwueme for CT", "[PATIENT 1]"),
        ("Mr Arun Patel in bed 5", "[PATIENT 2]"),
        ("Mrs Rose Patel in bed 6", "[PATIENT 3]"),
        ("Arun Patel home", "[PATIENT 2]"),
    ] {
        let outcome = engine.check_in(text, &mut conversation);
        assert!(outcome.text.contains(wanted), "{text} gave {}", outcome.text);
    }
}

#[test]
fn every_keyed_action_is_the_same_throughout_a_scope_and_differs_between_scopes() {
    let text = "Mrs Ngozi Okafor NHS 999 123 4004 ring 07700 900617 admitted 12/3/2026";
    for action in ["hash", "token", "format", "surrogate", "shift"] {
        let layer = format!("name = \"x\"\n[[rule]]\naction = \"{action}\"\nreason = \"r\"\n");
        let layer = presend::Layer::parse("test", &layer).expect("well formed");
        let engine = Engine::builder().policy(Policy::layered([&layer]).expect("no hole")).build();
        let check = |scope, id: &[u8]| {
            engine.check_in(text, &mut Conversation::new().with_keys(ring().scoped(scope, id))).text
        };
        let one = check(Scope::Conversation, b"a");
        assert_eq!(one, check(Scope::Conversation, b"a"), "{action}");
        assert_ne!(one, check(Scope::Conversation, b"b"), "{action}");
        assert_ne!(one, check(Scope::Archive, b"a"), "{action}");
        assert!(
            !one.contains("Okafor") && !one.contains("4004") && !one.contains("900617"),
            "{action}: {one}"
        );
        assert!(!engine.check(text).text.contains("Okafor"), "{action} without a key redacts");
    }
}
