//! The zip archives that exports come in.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};

use presend::{Engine, Finding, Label, Role, Span};
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::export::Source;
use crate::rewrite::{Lookout, Rewriter};
use crate::{Error, ErrorKind, Limits};

/// What iOS calls the chat.
const IOS_CHAT: &str = "_chat.txt";
/// What Android's name for the chat starts with; the contact's or group's name follows.
const ANDROID_CHAT: &str = "WhatsApp Chat";
/// The chat's name in the new archive where the old one held a name.
const NEW_CHAT: &str = "WhatsApp Chat.txt";
/// Bytes up to which a file may be packed as tightly as it likes.
const RATIO_FROM: u64 = 1 << 20;
/// A chat larger than this, in bytes, is written in a form that can pass 4 GiB.
const LARGE: u64 = 1 << 30;

/// An archive whose chat was found.
pub(crate) struct Package<R> {
    archive: ZipArchive<R>,
    limits: Limits,
    chat: usize,
    /// The chat's name in the archive, without folders.
    chat_name: String,
    chat_size: u64,
}

impl<R: Read + Seek> Package<R> {
    pub(crate) fn open(input: R, limits: Limits) -> Result<Self, Error> {
        let archive = ZipArchive::new(input).map_err(of_zip)?;
        if archive.len() > limits.max_files {
            return Err(Error::new(ErrorKind::TooManyFiles));
        }
        let names: Vec<String> = (0..archive.len()).map(|at| name(&archive, at)).collect();
        let chat = find_chat(&names)?;
        let chat_name = names.into_iter().nth(chat).unwrap_or_default();
        let chat_size = archive.by_index_data(chat).map_err(of_zip)?.size();
        if chat_size > limits.max_text {
            return Err(Error::new(ErrorKind::TooLarge));
        }
        Ok(Self { archive, limits, chat, chat_name, chat_size })
    }

    /// Copies the media into the new archive, or counts them where they are left out.
    pub(crate) fn media(
        &mut self,
        archive: &mut Writer<'_>,
        lookout: &Lookout<'_>,
        rewriter: &mut Rewriter<'_>,
        keep: bool,
    ) -> Result<(), Error> {
        let mut room = self.limits.max_media;
        for at in (0..self.archive.len()).filter(|at| *at != self.chat) {
            let name = name(&self.archive, at);
            let file = self.archive.by_index(at).map_err(of_zip)?;
            if file.is_dir() {
                continue;
            }
            if !keep || file.is_symlink() {
                rewriter.report.files_dropped += 1;
                continue;
            }
            let must_rename =
                || lookout.members.as_ref().and_then(|members| lookout.file(members, &name)).is_some();
            // What is not UTF-8 may be in any code page, in which a name cannot be told.
            let is_unread = std::str::from_utf8(file.name_raw()).is_err() && lookout.hides_members();
            let new = if rewriter.files.get(&name).is_some() || is_unread || must_rename() {
                rewriter.files.rename(&name)
            } else {
                name.clone()
            };
            let large = file.size() >= LARGE;
            let mut limited = Limited::new(file, room, self.limits.max_ratio)?;
            archive.start(&new, CompressionMethod::Stored, large)?;
            copy(&mut limited, archive)?;
            room = limited.room;
            rewriter.report.files_kept += 1;
        }
        Ok(())
    }
}

impl<R: Read + Seek> Source for Package<R> {
    fn open(&mut self) -> Result<Box<dyn BufRead + '_>, Error> {
        let file = self.archive.by_index(self.chat).map_err(of_zip)?;
        let limited = Limited::new(file, self.limits.max_text, self.limits.max_ratio)?;
        Ok(Box::new(BufReader::with_capacity(1 << 16, limited)))
    }

    fn size(&self) -> u64 {
        self.chat_size
    }
}

/// The name of a file without its folders; empty for a folder.
fn name<R: Read + Seek>(archive: &ZipArchive<R>, at: usize) -> String {
    let name = archive.name_for_index(at).and_then(Result::ok).unwrap_or_default();
    name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

/// Which of the files is the chat: the one with WhatsApp's name for it, else the only text.
fn find_chat(names: &[String]) -> Result<usize, Error> {
    let is_text = |name: &str| name.to_ascii_lowercase().ends_with(".txt");
    let known = |name: &str| name == IOS_CHAT || (name.starts_with(ANDROID_CHAT) && is_text(name));
    let find = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        names.iter().enumerate().filter(|(_, name)| fits(name)).map(|(at, _)| at).collect()
    };
    match (find(&known).as_slice(), find(&is_text).as_slice()) {
        ([chat], _) | ([], [chat]) => Ok(*chat),
        ([], []) => Err(Error::new(ErrorKind::NoChat)),
        _ => Err(Error::new(ErrorKind::ManyChats)),
    }
}

fn of_zip(error: ZipError) -> Error {
    match error {
        ZipError::Io(error)
            if !matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::Unsupported) =>
        {
            Error::read(error)
        }
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Error::new(ErrorKind::Encrypted)
        }
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            Error::new(ErrorKind::Packing)
        }
        ZipError::Io(error) if error.kind() == io::ErrorKind::Unsupported => Error::new(ErrorKind::Packing),
        _ => Error::new(ErrorKind::Zip),
    }
}

/// Unpacks a file up to the limits.
struct Limited<R> {
    inner: R,
    packed: u64,
    unpacked: u64,
    /// How many bytes may still come.
    room: u64,
    max_ratio: u64,
}

impl<'a, R: Read> Limited<zip::read::ZipFile<'a, R>> {
    fn new(inner: zip::read::ZipFile<'a, R>, room: u64, max_ratio: u64) -> Result<Self, Error> {
        if inner.encrypted() {
            return Err(Error::new(ErrorKind::Encrypted));
        }
        let packed = inner.compressed_size();
        Ok(Self { inner, packed, unpacked: 0, room, max_ratio })
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
                io::Error::other(Error::new(ErrorKind::Zip))
            }
            io::ErrorKind::Unsupported => io::Error::other(Error::new(ErrorKind::Packing)),
            _ => error,
        })?;
        self.unpacked = self.unpacked.saturating_add(read as u64);
        let Some(room) = self.room.checked_sub(read as u64) else {
            return Err(io::Error::other(Error::new(ErrorKind::TooLarge)));
        };
        self.room = room;
        if self.unpacked > RATIO_FROM && self.unpacked > self.packed.saturating_mul(self.max_ratio) {
            return Err(io::Error::other(Error::new(ErrorKind::TooCompressed)));
        }
        Ok(read)
    }
}

/// Copies to the end, telling errors of reading from those of writing.
fn copy(input: &mut impl Read, output: &mut impl Write) -> Result<(), Error> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => output.write_all(buffer.get(..read).unwrap_or_default()).map_err(Error::write)?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::read(error)),
        }
    }
}

/// The new archive.
pub(crate) struct Writer<'a> {
    zip: ZipWriter<StreamWriter<&'a mut dyn Write>>,
    used: BTreeSet<String>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(output: &'a mut dyn Write) -> Self {
        Self { zip: ZipWriter::new_stream(output), used: BTreeSet::new() }
    }

    /// Starts the chat, under a name that holds none where the policy takes names out.
    pub(crate) fn start_chat<R>(&mut self, package: &Package<R>, engine: &Engine) -> Result<(), Error> {
        let rewrites = |label, role| {
            let span = Span::new(0, package.chat_name.len());
            let finding =
                Finding { span, label, role, confidence: 1.0, rule: "chat_file", evidence: Vec::new() };
            engine.policy().decide(&finding).action.rewrites()
        };
        let is_named = package.chat_name != IOS_CHAT;
        let hide = rewrites(Label::Person, Some(Role::Staff)) || rewrites(Label::Organisation, None);
        let name = if is_named && hide { NEW_CHAT } else { &package.chat_name };
        self.start(name, CompressionMethod::Deflated, package.chat_size >= LARGE)
    }

    /// Starts a file; a name that is empty, special or taken gets a number.
    fn start(&mut self, name: &str, method: CompressionMethod, large: bool) -> Result<(), Error> {
        let mut unique = name.to_owned();
        let mut number = 1;
        while matches!(unique.as_str(), "" | "." | "..") || self.used.contains(&unique) {
            number += 1;
            unique = format!("{number}-{name}");
        }
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(0o644)
            .large_file(large);
        self.zip.start_file(&unique, options).map_err(to_zip)?;
        self.used.insert(unique);
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<(), Error> {
        self.zip.finish().map_err(to_zip)?.into_inner().flush().map_err(Error::write)
    }
}

impl Write for Writer<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.zip.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.zip.flush()
    }
}

fn to_zip(error: ZipError) -> Error {
    match error {
        ZipError::Io(error) => Error::write(error),
        _ => Error::new(ErrorKind::Write),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chat_is_found_by_its_name() {
        let find = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            find_chat(&names).map_err(|error| error.kind())
        };
        assert_eq!(find(&["a.jpg", "_chat.txt", "notes.txt"]), Ok(1));
        assert_eq!(find(&["WhatsApp Chat with Priya Nair.txt", "notes.txt"]), Ok(0));
        assert_eq!(find(&["Conversa com Ana.txt", "a.jpg"]), Ok(0));
        assert_eq!(find(&["a.txt", "b.txt"]), Err(ErrorKind::ManyChats));
        assert_eq!(find(&["_chat.txt", "WhatsApp Chat - b.txt"]), Err(ErrorKind::ManyChats));
        assert_eq!(find(&["a.jpg"]), Err(ErrorKind::NoChat));
    }
}
