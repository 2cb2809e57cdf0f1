//! The binary `presend`, run as a person or a script runs it.
//!
//! What it prints is held against the cases in `cmd/`; what a snapshot cannot show is tested here.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "it starts the binary and reads files"
)]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const BINARY: &str = env!("CARGO_BIN_EXE_presend-under-test");
/// How long anything may take before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(60);
/// A name that must not turn up where message text does not belong.
const CANARY: &str = "Quillfeather";

fn presend(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env_remove("CLICOLOR");
    command
}

fn run(arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = spawn(presend(arguments));
    let mut pipe = child.stdin.take().expect("a pipe");
    thread::scope(|scope| {
        // A command that fails early does not read what it is sent.
        scope.spawn(move || pipe.write_all(stdin).ok());
        child.wait_with_output().expect("the command ends")
    })
}

fn spawn(mut command: Command) -> Child {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("the output is UTF-8")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal ended it")
}

/// A folder that is removed in the end.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), content).expect("a file");
        self.name(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_str().expect("a name in UTF-8").to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a text")
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

#[test]
fn snapshots() {
    trycmd::TestCases::new()
        .register_bin("presend", Path::new(BINARY))
        .case("cmd/*.trycmd")
        .case("../README.md")
        .case("../docs/policies/*.md");
}

/// Messages enough for several windows, with ids that tell their order.
fn many_messages(count: usize) -> String {
    let texts = ["Mrs Okafor in bed 4", "bloods at 6", "Dr Chen, NHS number 999 123 4551", "😀 Mr Reilly"];
    (0..count).map(|id| format!("{{\"id\":{id},\"text\":\"{}\"}}\n", texts[id % texts.len()])).collect()
}

#[test]
fn order_and_output_are_the_same_for_any_number_of_threads() {
    // The model is asked about fewer, because it takes longer.
    for (model, count) in [("none", 20_000), ("tiny", 400)] {
        order_and_output(model, count);
    }
}

fn order_and_output(model: &str, count: usize) {
    let messages = many_messages(count);
    let scan = |threads| {
        let arguments = ["scan", "--input", "jsonl", "--model", model, "--threads", threads, "-"];
        run(&arguments, messages.as_bytes()).stdout
    };
    let one = scan("1");
    let ids: Vec<u64> = text(&one)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["id"].as_u64().expect("a number"))
        .collect();
    assert_eq!(ids, (0..count as u64).collect::<Vec<_>>());
    assert!(one == scan("2") && one == scan("7"), "scan");

    let redact = |threads| {
        let arguments =
            ["redact", "--input", "jsonl", "--model", model, "--threads", threads, "-", "-o", "-"];
        run(&arguments, messages.as_bytes()).stdout
    };
    let one = redact("1");
    assert!(!text(&one).contains("Okafor") && text(&one).contains("bloods at 6"));
    assert_eq!(text(&one).lines().count(), count);
    assert!(one == redact("2") && one == redact("7"), "redact");
}

#[test]
fn offsets_fit_the_text_in_every_unit() {
    let message = "é😀 Dr Chen\u{301} and Mrs Okafor";
    let utf16: Vec<u16> = message.encode_utf16().collect();
    let points: Vec<char> = message.chars().collect();
    let line = serde_json::json!({ "id": 1, "text": message }).to_string();
    for unit in ["bytes", "code-points", "utf-16"] {
        let output = run(&["scan", "--input", "jsonl", "--offsets", unit, "-"], line.as_bytes());
        let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let words: Vec<String> = found["entities"]
            .as_array()
            .expect("entities")
            .iter()
            .map(|entity| {
                let at =
                    |name: &str| usize::try_from(entity[name].as_u64().expect("an offset")).expect("small");
                let range = at("start")..at("end");
                match unit {
                    "bytes" => message[range].to_owned(),
                    "utf-16" => String::from_utf16(&utf16[range]).expect("whole characters"),
                    _ => points[range].iter().collect(),
                }
            })
            .collect();
        assert_eq!(words, ["Chen\u{301}", "Okafor"], "{unit}");
    }
}

#[test]
fn a_slow_pipe_is_answered_line_by_line() {
    let mut child = spawn(presend(&["scan", "--input", "jsonl", "-"]));
    let mut input = child.stdin.take().expect("a pipe");
    let output = BufReader::new(child.stdout.take().expect("a pipe"));
    let (send, received) = mpsc::channel();
    thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
    for id in 0..3 {
        writeln!(input, "{{\"id\":{id},\"text\":\"Dr Chen\"}}").expect("the command reads");
        let answer = received.recv_timeout(PATIENCE).expect("an answer while the pipe is open");
        assert!(answer.starts_with(&format!("{{\"id\":{id},")), "{answer}");
    }
    drop(input);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let messages = many_messages(20_000).repeat(10);
    let mut child = spawn(presend(&["scan", "--input", "jsonl", "--model", "none", "-"]));
    let mut input = child.stdin.take().expect("a pipe");
    let feeder = thread::spawn(move || input.write_all(messages.as_bytes()).is_ok());
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("a line");
    assert!(first.starts_with("{\"id\":0,"));
    // The pipe was closed with its reader above.
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((code(&output), text(&output.stderr)), (0, ""));
    assert!(!feeder.join().expect("no panic"), "the command stopped before the end of its input");
}

/// A WhatsApp export with one picture, as iOS makes it.
fn export(chat: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in [("_chat.txt", chat), ("00000001-PHOTO-2024-03-12-14-05-33.jpg", "a picture")] {
        archive.start_file(name, SimpleFileOptions::default()).expect("a file");
        archive.write_all(content.as_bytes()).expect("its content");
    }
    archive.finish().expect("an archive").into_inner()
}

fn chat() -> String {
    let header = "[12/03/2024, 14:05:33] Priya Nair:";
    let mut chat = format!("{header} Mrs {CANARY}, NHS number 999 123 4551\r\n");
    for number in 0..2_000 {
        chat.push_str(&format!("{header} K {number} at 6, thanks Dr Chen\r\n"));
    }
    chat
}

#[test]
fn an_export_keeps_its_form_and_loses_its_names() {
    let folder = Folder::new();
    let input = folder.file("WhatsApp Chat.zip", export(&chat()));
    for (media, files) in [("drop", 1), ("keep", 2)] {
        let output = folder.name(&format!("{media}.zip"));
        let report = folder.name(&format!("{media}.json"));
        let done = run(&["redact", &input, "-o", &output, "--media", media, "--report", &report], b"");
        assert_eq!(code(&done), 0, "{}", text(&done.stderr));
        let mut archive = ZipArchive::new(File::open(&output).expect("a file")).expect("an archive");
        assert_eq!(archive.len(), files);
        let mut chat = String::new();
        archive.by_name("_chat.txt").expect("the chat").read_to_string(&mut chat).expect("text");
        assert!(chat.starts_with("[12/03/2024, 14:05:33] [PERSON 1]: Mrs ["), "{}", &chat[..80]);
        assert!(!chat.contains(CANARY) && !chat.contains("Priya") && chat.contains("K 1999 at 6"));
        let report: Value =
            serde_json::from_str(&fs::read_to_string(&report).expect("a report")).expect("JSON");
        assert_eq!(report["messages"], 2_001);
        assert_eq!(report["findings"]["NHS_NUMBER"], 1);
        assert_eq!(report["files_dropped"].as_u64(), Some(2 - files as u64));
        assert!(!report.to_string().contains(CANARY));
    }
}

#[test]
fn a_failed_run_leaves_nothing_behind_and_what_was_there_untouched() {
    let folder = Folder::new();
    let mut broken = export(&chat());
    // Inside the packed text of the chat, past what is read to find out what the file is.
    for byte in &mut broken[2_000..2_100] {
        *byte ^= 0xff;
    }
    let input = folder.file("in.zip", broken);
    folder.file("old.zip", "what was there");
    for (output, force) in [("new.zip", false), ("old.zip", true)] {
        let name = folder.name(output);
        let report = folder.name("report.json");
        let mut arguments = vec!["redact", &input, "-o", &name, "--report", &report];
        arguments.extend(force.then_some("--force"));
        let output = run(&arguments, b"");
        assert_eq!(code(&output), 2);
        assert!(!text(&output.stderr).contains(CANARY), "{}", text(&output.stderr));
    }
    assert_eq!(folder.files(), ["in.zip", "old.zip"]);
    assert_eq!(folder.read("old.zip"), "what was there");
}

#[test]
fn the_output_appears_whole() {
    let folder = Folder::new();
    let output = folder.name("out.txt");
    let mut child = spawn(presend(&["redact", "--input", "lines", "--model", "none", "-", "-o", &output]));
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all("seen by Dr Chen\n".repeat(20_000).as_bytes()).expect("the command reads");
    let begun = Instant::now();
    while folder.files().is_empty() && begun.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(5));
    }
    let working = folder.files();
    assert!(working.len() == 1 && working[0].starts_with(".presend-"), "{working:?}");
    drop(input);
    assert!(child.wait().expect("it ends").success());
    assert_eq!(folder.files(), ["out.txt"]);
    assert_eq!(folder.read("out.txt"), "seen by Dr [STAFF 1]\n".repeat(20_000));
}

#[cfg(unix)]
#[test]
fn a_link_to_the_input_is_the_input() {
    let folder = Folder::new();
    let input = folder.file("in.txt", "seen by Dr Chen\n");
    std::os::unix::fs::symlink(&input, folder.path("link.txt")).expect("a link");
    let output = run(&["redact", "--input", "lines", &input, "-o", &folder.name("link.txt"), "--force"], b"");
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("is the input"), "{}", text(&output.stderr));
    assert_eq!(folder.read("in.txt"), "seen by Dr Chen\n");
}

/// Every way to fail, with a name where the failure is.
#[test]
fn no_error_shows_message_text() {
    let folder = Folder::new();
    let deny = folder.file("deny.txt", format!("SURNAME|{CANARY}\n"));
    let latin = folder.file("latin.txt", [CANARY.as_bytes(), b"\xff\n"].concat());
    let gold = folder.file("gold.txt", format!("Mrs [[SURNAME|{CANARY}]]\n"));
    let good = folder.file("good.txt", "Mrs [[PERSON:patient|Okafor]]\n");
    let gold_json = folder.file("gold.jsonl", format!("{{\"text\":\"{CANARY}\",\"entities\":7}}\n"));
    let predictions =
        folder.file("predictions.jsonl", format!("{{\"id\":\"1\",\"entities\":\"{CANARY}\"}}\n"));
    let labels =
        format!("{{\"id\":\"1\",\"entities\":[{{\"start\":0,\"end\":1,\"label\":\"{CANARY}\"}}]}}\n");
    let labels = folder.file("labels.jsonl", labels);
    let letter = folder.file("letter.txt", format!("Dear Mrs {CANARY},\n"));
    let zip = folder.file("bad.zip", [b"PK\x03\x04", CANARY.as_bytes()].concat());
    let patients = folder.file("patients.csv", format!("{CANARY},{CANARY}\n{CANARY},1\n"));
    let key = folder.file("key", CANARY);
    let out = folder.name("out");
    let jsonl =
        format!("{CANARY}\n{{\"text\":{{\"a\":\"{CANARY}\"}}}}\n[\"{CANARY}\"]\n{{\"text\":\"{CANARY}\n");
    let cases: &[(&[&str], &str)] = &[
        (&["check", "--deny", &deny, "x"], ""),
        (&["check", "--staff", &latin, "x"], ""),
        (&["check", "--patients", &patients, "x"], ""),
        (&["check", "--patients", &patients, "--patients-key-file", &key, "x"], ""),
        (&[CANARY], ""),
        (&[&format!("Mrs {CANARY} in bed 4")], ""),
        (&["check", "Mrs", CANARY], ""),
        (&["check", "Mrs", "x", CANARY, "--json"], ""),
        (&["check", "Mrs", &format!("-{CANARY}")], ""),
        (&["scan", "--input", "jsonl", "-"], &jsonl),
        (&["scan", "--input", "jsonl", "--format", "table", "-"], &jsonl),
        (&["scan", "-"], &format!("{CANARY}\0")),
        (&["scan", "--input", "lines", "-"], &format!("{CANARY}\0\n")),
        (&["redact", "--input", "text", &latin, "-o", &out], ""),
        (&["redact", &letter, "-o", &out], ""),
        (&["redact", "-", "-o", &out], CANARY),
        (&["redact", &zip, "-o", &out], ""),
        (&["redact", "--input", "lines", &zip, "-o", &out], ""),
        (&["eval", &gold], ""),
        (&["eval", &gold_json], ""),
        (&["eval", &letter, "--min", "direct_recall=101"], ""),
        (&["eval", &good, "--predictions", &predictions], ""),
        (&["eval", &good, "--predictions", &labels], ""),
        (&["eval", &good, "--predictions", &letter], ""),
    ];
    for (arguments, stdin) in cases {
        let output = run(arguments, stdin.as_bytes());
        assert_eq!(code(&output), 2, "{arguments:?}");
        for bytes in [&output.stdout, &output.stderr] {
            assert!(!text(bytes).contains(CANARY), "{arguments:?}: {}", text(bytes));
        }
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    assert!(!folder.path("out").exists());
}

#[test]
fn colours_are_for_those_who_want_them() {
    let check = ["check", "seen by Dr Chen"];
    let plain = run(&check, b"");
    assert!(text(&plain.stdout).contains("«Chen»") && !text(&plain.stdout).contains('\u{1b}'));
    let output = presend(&check).env("CLICOLOR_FORCE", "1").output().expect("it runs");
    let coloured = text(&output.stdout);
    assert!(coloured.contains("\u{1b}[") && !coloured.contains('«'), "{coloured:?}");
    let output = presend(&check).env("NO_COLOR", "1").output().expect("it runs");
    assert_eq!(output.stdout, plain.stdout);
}

#[test]
fn a_message_cannot_drive_the_terminal() {
    let message = "Dr Chen \u{1b}]0;title\u{7}\u{1b}[2J and \u{9b}31m Mrs Okafor\u{202e}";
    for output in [run(&["check", message], b""), run(&["check", "-"], message.as_bytes())] {
        assert_eq!(code(&output), 1);
        let shown = text(&output.stdout);
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']), "{shown:?}");
        assert!(shown.contains("«Chen» ␛]0;title␇␛[2J"), "{shown:?}");
    }
}

#[test]
fn scores_are_the_same_from_the_engine_and_from_its_output() {
    let folder = Folder::new();
    let messages = [
        (
            r#"{"id":"a","text":"Mrs Okafor 😀 bed 4, seen by Dr Chen","#,
            r#"{"start":4,"end":10,"label":"PERSON"}"#,
        ),
        (r#"{"id":2,"text":"bloods at 6","#, ""),
    ];
    let lines = messages
        .map(|(head, entities)| format!("{head}\"entities\":[{entities}],\"meta\":{{\"style\":\"x\"}}}}\n"));
    let gold = folder.file("gold.jsonl", lines.concat());
    let scanned = run(&["scan", "--input", "jsonl", &gold], b"");
    let predictions = folder.file("predictions.jsonl", &scanned.stdout);
    for more in [&[][..], &["--json"], &["--misses"], &["--by", "style"]] {
        let engine = run(&[&["eval", gold.as_str()], more].concat(), b"");
        let output =
            run(&[&["eval", gold.as_str(), "--predictions", predictions.as_str()], more].concat(), b"");
        assert_eq!((code(&engine), code(&output)), (0, 0), "{}", text(&output.stderr));
        assert!(text(&engine.stdout).contains("direct_recall"));
        assert_eq!(text(&engine.stdout), text(&output.stdout), "{more:?}");
    }
}

#[test]
fn thresholds_decide_the_exit_status() {
    let folder = Folder::new();
    let gold = folder.file("gold.txt", "seen by Dr [[PERSON:staff|Chen]]\n---\nbloods at 6\n");
    let status = |thresholds: &[&str]| run(&[&["eval", gold.as_str()], thresholds].concat(), b"");
    assert_eq!(code(&status(&["--min", "staff_recall=100", "--max", "text_damage=0"])), 0);
    let missed = status(&["--max", "staff_recall=99.5", "--min", "direct_recall=1"]);
    assert_eq!(code(&missed), 1);
    assert_eq!(
        text(&missed.stderr),
        "missed: direct_recall has nothing to go by; the least allowed is 1\n\
         missed: staff_recall is 100.00; the most allowed is 99.5\n"
    );
}

#[test]
fn every_command_explains_itself() {
    let commands = [
        "check",
        "scan",
        "redact",
        "eval",
        "labels",
        "policies",
        "policy",
        "keys",
        "reveal",
        "serve",
        "audit",
        "doctor",
        "runtime",
        "completions",
        "man",
    ];
    // `policy check|diff|show|schema`, `keys new|rotate|show`, `audit verify` and `runtime install`.
    let nested = 9;
    for command in commands {
        let output = run(&[command, "--help"], b"");
        let help = text(&output.stdout);
        assert_eq!(code(&output), 0);
        assert!(help.contains(&format!("Usage: presend {command}")), "{help}");
        let is_list = ["labels", "policies"].contains(&command);
        assert!(is_list || help.contains("Examples:\n  presend"), "{help}");
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(&["completions", shell], b"");
        assert!(commands.iter().all(|command| text(&output.stdout).contains(command)), "{shell}");
    }
    let folder = Folder::new();
    assert_eq!(code(&run(&["man", "--dir", &folder.name("man1")], b"")), 0);
    let pages = fs::read_dir(folder.path("man1")).expect("a folder").count();
    assert_eq!(pages, 1 + commands.len() + nested);
    assert!(text(&run(&["man"], b"").stdout).contains(".TH presend 1"));
}

/// A broken line is rewritten as plain text and a file in UTF-16 is refused: neither leaves as it came.
#[test]
fn what_is_no_message_does_not_leave_as_it_came() {
    let redact = |input: &str, text: &[u8]| {
        run(&["redact", "-", "--input", input, "-o", "-", "--model", "none"], text)
    };
    let broken = format!("{{\"text\":\"bed 4\"}}\n{{\"text\":\"cut off: Mrs {CANARY}\n");
    let output = redact("jsonl", broken.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    let written = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(written.ends_with("{\"text\":\"cut off: Mrs [PERSON 1]\n"), "{written}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 line holding no JSON object"));

    let utf_16: Vec<u8> = CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for input in ["lines", "jsonl", "whatsapp", "text"] {
        let output = redact(input, &utf_16);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{input}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("NUL bytes"), "{input}");
    }
}
