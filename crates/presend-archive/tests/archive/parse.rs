use jiff::civil::DateTime;
use presend_archive::whatsapp::{Clock, DateOrder, Entry, Kind, Reader, Survey};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::project;
use crate::support::render::{Halves, Post, Variant, render};

/// What a reader makes of an entry.
#[derive(Debug, PartialEq)]
struct Parsed {
    at: Option<DateTime>,
    kind: Kind,
    sender: Option<String>,
    text: String,
}

/// Reads a chat with the order of its dates as the survey has it, or else as given.
fn parse(chat: &[u8], order: Option<DateOrder>) -> (Survey, Vec<Parsed>) {
    let survey = Survey::read(chat).unwrap();
    let order = survey.date_order().or(order).unwrap_or(DateOrder::DayMonth);
    let mut parsed = Vec::new();
    let mut sink = |entry: &Entry<'_>| {
        parsed.push(Parsed {
            at: entry.stamp().and_then(|stamp| stamp.date_time(order)),
            kind: entry.kind(),
            sender: entry.sender().map(|sender| sender.into_owned()),
            text: entry.text().into_owned(),
        });
        Ok(())
    };
    Reader::new(&survey).read(chat, &mut sink).unwrap();
    (survey, parsed)
}

#[test]
fn third_party_exports_are_read_as_their_authors_read_them() {
    let folder = project("../shared/chats/whatsapp");
    let Ok(target) = std::fs::read(folder.join("chat-miner_target.json")) else {
        println!("skipped: {} is not here", folder.display());
        return;
    };
    let target: Value = serde_json::from_slice(&target).unwrap();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
    let mut expected: Vec<_> = target
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (text(entry, "timestamp"), text(entry, "author"), text(entry, "message")))
        .collect();
    expected.reverse();
    let mut files = 0;
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        files += 1;
        let name = path.display();
        let (survey, parsed) = parse(&std::fs::read(&path).unwrap(), None);
        assert!(survey.date_order().is_some(), "{name}");
        let clock = if path.to_string_lossy().contains("12hrs") { Clock::Twelve } else { Clock::TwentyFour };
        assert_eq!(survey.clock(), Some(clock), "{name}");
        let messages: Vec<_> = parsed
            .iter()
            // Its authors pass over a message without text.
            .filter(|entry| entry.kind == Kind::Message && entry.text != ".")
            .map(|entry| {
                let at = entry.at.expect("a date").to_string();
                (at, entry.sender.clone().unwrap(), entry.text.replace('\n', " "))
            })
            .collect();
        assert_eq!(messages, expected, "{name}");
        let system: Vec<_> =
            parsed.iter().filter(|entry| entry.kind == Kind::System).map(|entry| &entry.text).collect();
        assert_eq!(system, ["+12 345 578 created group \"Groupname\"", "You were added"], "{name}");
        assert_eq!(survey.members().last(), Some("🤓"), "{name}");
    }
    assert_eq!(files, 5);
}

#[test]
fn a_file_without_headers_is_kept_line_by_line() {
    let (survey, parsed) = parse(b"bloods at 6\n\nbed 4: CT", None);
    assert_eq!((survey.date_orders(), survey.headers()), (&[][..], 0));
    assert!(parsed.iter().all(|entry| entry.kind == Kind::Unparsed && entry.at.is_none()));
    assert_eq!(
        parsed.iter().map(|entry| entry.text.as_str()).collect::<Vec<_>>(),
        ["bloods at 6", "", "bed 4: CT"]
    );
}

#[test]
fn lines_pasted_from_another_chat_stay_in_their_message() {
    let mut chat = String::new();
    for minute in 10..40 {
        chat.push_str(&format!(
            "[13/02/2024, 10:{minute}:00] Amara: see below\n12/02/2024, 09:{minute} - Kofi: pasted\n"
        ));
    }
    // Half the headers are of the other layout: both are the file's own.
    assert_eq!(parse(chat.as_bytes(), None).1.len(), 60);
    let mut chat: String =
        (10..40).map(|minute| format!("[13/02/2024, 10:{minute}:00] Amara: ok\n")).collect();
    chat.push_str("12/02/2024, 09:00 - Kofi: pasted\n");
    let (_, parsed) = parse(chat.as_bytes(), None);
    assert_eq!(parsed.len(), 30);
    assert_eq!(parsed.last().unwrap().text, "ok\n12/02/2024, 09:00 - Kofi: pasted");
}

fn variant() -> impl Strategy<Value = Variant> {
    let orders =
        prop_oneof![Just(DateOrder::DayMonth), Just(DateOrder::MonthDay), Just(DateOrder::YearFirst)];
    let separators = prop_oneof![Just('/'), Just('.'), Just('-')];
    let halves = prop_oneof![
        Just(Halves::None),
        Just(Halves::Lower),
        Just(Halves::Upper),
        Just(Halves::Dotted),
        Just(Halves::Spaced)
    ];
    let spaces = prop_oneof![Just(' '), Just('\u{a0}'), Just('\u{202f}')];
    let flags = prop::array::uniform7(any::<bool>());
    (orders, separators, halves, spaces, flags).prop_map(
        |(order, separator, halves, space, [bracket, padded, long_year, comma, seconds, crlf, bom])| {
            Variant { bracket, order, separator, padded, long_year, comma, seconds, halves, space, crlf, bom }
        },
    )
}

fn sender() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8}(-[A-Z][a-z]{1,5})?)?",
        "Dr [A-Z][a-z]{2,8}'s [A-Z]{2,3}",
        "[A-Z][a-z]{2,6} [🌸🤓💙]",
        "[🌸🤓]{1,2}",
        r"\+44 7700 900[0-9]{3}",
        "[\u{410}-\u{42f}][\u{430}-\u{44f}]{2,6}",
    ]
}

/// A text whose lines are no headers and that is none of the app's own.
fn text() -> impl Strategy<Value = String> {
    let first = r"[a-zA-Z?(]([ -~£é€😀]{0,30}[a-zA-Z0-9.?])?";
    let more = r"([a-z#*>-][ -~£é]{0,20}[a-z0-9])?";
    (first, prop::collection::vec(more, 0..3)).prop_map(|(mut text, more)| {
        for line in more {
            text.push('\n');
            text.push_str(&line);
        }
        text
    })
}

fn posts() -> impl Strategy<Value = Vec<Post>> {
    let step = 0..200_000i64;
    let post = (step, sender(), prop::option::weighted(0.9, text()));
    prop::collection::vec(post, 1..20).prop_map(|posts| {
        let mut at: DateTime = "2023-11-28T22:10:05".parse().unwrap();
        posts
            .into_iter()
            .map(|(step, sender, text)| {
                at = at.checked_add(jiff::SignedDuration::from_secs(step)).unwrap();
                match text {
                    Some(text) => Post { at, sender: Some(sender), text },
                    None => Post {
                        at,
                        sender: None,
                        text: format!("{sender} joined using this group's invite link"),
                    },
                }
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_rendered_is_read_back(posts in posts(), variant in variant(), wrapped in any::<bool>()) {
        let written: Vec<Post> = posts
            .iter()
            .map(|post| {
                let sender = post.sender.as_ref().map(|sender| match (wrapped, sender.starts_with('+')) {
                    (true, true) => format!("\u{202a}{sender}\u{202c}"),
                    (true, false) => format!("~\u{202f}{sender}"),
                    _ => sender.clone(),
                });
                Post { sender, ..post.clone() }
            })
            .collect();
        let chat = render(&written, &variant);
        let (survey, parsed) = parse(chat.as_bytes(), Some(variant.order));
        let year_first = variant.order == DateOrder::YearFirst;
        prop_assert!(year_first == (survey.date_orders() == [DateOrder::YearFirst]));
        prop_assert!(survey.date_orders().contains(&variant.order));
        let clock = if variant.halves == Halves::None { Clock::TwentyFour } else { Clock::Twelve };
        prop_assert_eq!(survey.clock(), Some(clock));
        prop_assert_eq!(parsed.len(), posts.len());
        for (entry, post) in parsed.iter().zip(&posts) {
            let at = if variant.seconds { post.at } else { post.at.with().second(0).build().unwrap() };
            prop_assert_eq!(entry.at, Some(at));
            prop_assert_eq!(&entry.sender, &post.sender);
            prop_assert_eq!(&entry.text, &post.text.replace('\n', variant.line_ending()));
            let kind = if post.sender.is_some() { Kind::Message } else { Kind::System };
            prop_assert_eq!(entry.kind, kind);
        }
    }
}
