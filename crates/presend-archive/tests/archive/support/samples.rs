//! Makes the samples under `corpora/samples` from the script `examples/ward_chat.txt`.

use std::io::{Cursor, Write};

use jiff::civil::DateTime;
use zip::write::SimpleFileOptions;

use super::render::{Post, Variant, render};

const SCRIPT: &str = include_str!("../../../examples/ward_chat.txt");
/// U+200E, which iOS writes before what no member typed.
const NOTICE: char = '\u{200e}';

/// The files of `corpora/samples`, by name.
pub(crate) fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let (ios, media) = ios();
    vec![("whatsapp_android.txt", android().into_bytes()), ("whatsapp_ios.zip", zip(&ios, &media))]
}

/// The lines of the script: time, sender and text.
fn script() -> (String, Vec<(DateTime, Option<String>, String)>) {
    let mut group = String::new();
    let mut lines = Vec::new();
    for line in SCRIPT.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let mut parts = line.splitn(3, " | ");
        let (first, second) = (parts.next().expect("a time"), parts.next().expect("a sender"));
        if first == "group" {
            group = second.to_owned();
            continue;
        }
        let sender = (second != "-").then(|| second.to_owned());
        let text = parts.next().expect("a text").replace("\\n", "\n");
        lines.push((first.replace(' ', "T").parse().expect("a time"), sender, text));
    }
    (group, lines)
}

/// What stands between braces: `{voice}`, `{contact:Name}`.
fn marker(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    Some(inner.split_once(':').unwrap_or((inner, "")))
}

/// Writes `@` mentions the way both apps do: the name in isolates.
fn mentions(text: &str) -> String {
    let Some((before, rest)) = text.split_once("{mention:") else { return text.to_owned() };
    let (name, after) = rest.split_once('}').expect("a closing brace");
    format!("{before}\u{2068}{name}\u{2069}{after}")
}

fn poll(inner: &str, notice: &str) -> String {
    let mut parts = inner.split('|');
    let mut out = format!("{notice}POLL:\n{}", parts.next().expect("a question"));
    for option in parts {
        out.push_str(&format!("\n{notice}OPTION: {option} (2 votes)"));
    }
    out
}

fn phone(name: &str) -> String {
    if name.starts_with('+') { format!("\u{202a}{name}\u{202c}") } else { name.to_owned() }
}

/// Android, exported without media.
fn android() -> String {
    let (_, lines) = script();
    let posts: Vec<Post> = lines
        .into_iter()
        .map(|(at, sender, text)| {
            let text = match marker(&text) {
                Some(("photo" | "voice" | "document", _)) => "<Media omitted>".to_owned(),
                Some(("contact", name)) => format!("{name}.vcf (file attached)"),
                Some(("deleted", _)) => "This message was deleted".to_owned(),
                Some(("location", place)) => format!("location: https://maps.google.com/?q={place}"),
                Some(("poll", inner)) => poll(inner, ""),
                _ => mentions(&text.replace("{edited}", "<This message was edited>")),
            };
            Post { at, sender, text }
        })
        .collect();
    render(&posts, &Variant::ANDROID)
}

/// iOS, exported with media: the chat and the names of the files.
fn ios() -> (String, Vec<String>) {
    let (group, lines) = script();
    let mut media = Vec::new();
    let posts: Vec<Post> = lines
        .into_iter()
        .enumerate()
        .map(|(number, (at, sender, text))| {
            let stamp = at.strftime("%Y-%m-%d-%H-%M-%S").to_string();
            let mut attached = |name: String| {
                let name = format!("{:08}-{name}", number + 1);
                media.push(name.clone());
                format!("{NOTICE}<attached: {name}>")
            };
            let is_notice = sender.is_none();
            let text = match marker(&text) {
                _ if is_notice => notice(&text),
                Some(("photo", _)) => attached(format!("PHOTO-{stamp}.jpg")),
                Some(("voice", _)) => attached(format!("AUDIO-{stamp}.opus")),
                Some(("document", name)) => attached(name.to_owned()),
                Some(("contact", name)) => attached(format!("{name}.vcf")),
                Some(("deleted", _)) => format!("{NOTICE}This message was deleted."),
                Some(("location", place)) => format!("{NOTICE}Location: https://maps.google.com/?q={place}"),
                Some(("poll", inner)) => poll(inner, &NOTICE.to_string()),
                _ => mentions(&text.replace("{edited}", &format!("{NOTICE}<This message was edited>"))),
            };
            // iOS files a notice under whoever did it, where that is a member it knows, else under the group.
            let actor =
                text.trim_start_matches(NOTICE).strip_prefix("Amara Obi ").map(|_| "Amara Obi".to_owned());
            let sender = sender.map(|sender| {
                if sender == "Kofi Mensah" { format!("~\u{202f}{sender}") } else { phone(&sender) }
            });
            Post { at, sender: sender.or(actor).or_else(|| Some(group.clone())), text }
        })
        .collect();
    let mut out = String::new();
    for line in render(&posts, &Variant::IOS).split_inclusive("\r\n") {
        // iOS also marks the line that carries a file.
        if line.contains("<attached: ") {
            out.push(NOTICE);
        }
        out.push_str(line);
    }
    (out, media)
}

/// A notice with the quotation marks and direction marks of iOS.
fn notice(text: &str) -> String {
    let mut out = String::from(NOTICE);
    let mut open = true;
    for c in text.chars() {
        if c == '"' {
            out.push(if open { '\u{201c}' } else { '\u{201d}' });
            open = !open;
        } else {
            out.push(c);
        }
    }
    out.replace("+44 7700 900417", &phone("+44 7700 900417"))
}

fn zip(chat: &str, media: &[String]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::DEFAULT);
    zip.start_file("_chat.txt", options).expect("a new file");
    zip.write_all(chat.as_bytes()).expect("room");
    for name in media {
        zip.start_file(name, options).expect("a new file");
        zip.write_all(b"In place of a file: the samples hold no pictures, recordings or documents.\n")
            .expect("room");
    }
    zip.finish().expect("room").into_inner()
}
