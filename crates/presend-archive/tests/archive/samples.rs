use std::io::Cursor;

use presend_archive::whatsapp::Kind;
use presend_archive::{Seen, scan_export};

use crate::support::{flag, on_one_thread, project, redact, samples};

#[test]
fn the_samples_are_what_the_script_renders() {
    for (name, bytes) in samples::samples() {
        let path = project("corpora/samples").join(name);
        let stored = std::fs::read(&path).unwrap_or_default();
        assert!(stored == bytes, "{name} differs: run `cargo run -p presend-archive --example make_samples`");
    }
}

#[test]
fn both_samples_hold_the_same_chat() {
    let mut texts = Vec::new();
    for (name, bytes) in samples::samples() {
        let mut messages = Vec::new();
        let mut visit = |seen: &Seen<'_>| {
            if seen.kind == Kind::Message {
                messages.push((seen.sender.as_deref().map(str::to_owned), seen.text.replace("\r\n", "\n")));
            }
            Ok(())
        };
        let report =
            scan_export(Cursor::new(&bytes), flag(), &on_one_thread(), &mut |_| {}, &mut visit).expect(name);
        assert_eq!((report.messages, report.system, report.media, report.unparsed), (49, 10, 4, 0), "{name}");
        assert_eq!((report.members, report.not_examined), (5, 0), "{name}");
        texts.push(messages);
    }
    let [android, ios] = texts.as_slice() else { panic!("two samples") };
    let same = android.iter().zip(ios).filter(|(android, ios)| android == ios).count();
    // What the apps word differently: a deleted, an edited and a shared message, and a poll.
    assert_eq!((android.len(), ios.len(), same), (49, 49, 45));
}

#[test]
fn the_samples_come_out_without_their_members() {
    for (name, bytes) in samples::samples() {
        let (output, report) =
            redact(&bytes, &crate::support::engine("redact"), &on_one_thread()).expect(name);
        assert!(report.senders_rewritten > 50, "{name}");
        if name.ends_with(".txt") {
            let text = String::from_utf8(output).expect("UTF-8");
            for gone in
                ["Amara", "Priya", "Nair", "Reilly", "Kofi", "Mensah", "900417", "Kerrigan", "7B nights"]
            {
                assert!(!text.contains(gone), "{gone} is in {name}");
            }
            assert_eq!(text.lines().count(), String::from_utf8_lossy(&bytes).lines().count());
        }
    }
}
