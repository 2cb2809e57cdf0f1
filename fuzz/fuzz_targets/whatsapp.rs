//! Reading and rewriting any bytes as a chat export: nothing is lost, how the input is cut into windows and threads
//! changes nothing, and a policy that rewrites nothing gives back every byte.
#![no_main]

use std::io::Cursor;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use presend::{Engine, Policy};
use presend_archive::{Options, redact_export, scan_export};

static REDACT: LazyLock<Engine> = LazyLock::new(|| {
    let redact = Policy::built_in("redact").expect("a built-in policy");
    Engine::builder().policy(redact).build()
});
static FLAG: LazyLock<Engine> = LazyLock::new(|| {
    let flag = Policy::built_in("flag").expect("a built-in policy");
    Engine::builder().policy(flag).build()
});

fuzz_target!(|bytes: &[u8]| {
    // A zip archive is unpacked by a library of its own, which has its own fuzzing.
    if bytes.starts_with(b"PK") {
        return;
    }
    let whole = Options { threads: 1, ..Options::default() };
    let cut = Options { threads: 2, window_items: 1, window_bytes: 64, ..Options::default() };

    let mut same = Vec::new();
    redact_export(Cursor::new(bytes), &mut same, &FLAG, &whole, &mut |_| {}).expect("any text is read");
    assert!(same == bytes, "flagging changes no byte");

    let mut redacted = Vec::new();
    let report = redact_export(Cursor::new(bytes), &mut redacted, &REDACT, &whole, &mut |_| {})
        .expect("any text is read");
    assert_eq!(report.bytes_in, bytes.len() as u64);
    assert_eq!(report.bytes_out, redacted.len() as u64);

    let mut again = Vec::new();
    let cut_report =
        redact_export(Cursor::new(bytes), &mut again, &REDACT, &cut, &mut |_| {}).expect("any text is read");
    assert!(again == redacted && cut_report == report, "windows and threads change nothing");

    let mut lines = 0;
    let scanned = scan_export(Cursor::new(bytes), &REDACT, &whole, &mut |_| {}, &mut |seen| {
        assert!(seen.line > lines, "entries come in order");
        lines = seen.line;
        for finding in &seen.findings {
            assert!(finding.span.of(seen.text).is_some(), "on character boundaries");
        }
        Ok(())
    })
    .expect("any text is read");
    assert_eq!(scanned.messages, report.messages);
    assert_eq!(scanned.findings, report.findings);
});
