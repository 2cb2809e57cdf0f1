use presend::{Conversation, ScopedKeys};

/// How an archive is worked on.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads that look for identifiers; 0 for one a processor, 1 for the calling thread alone. Default 0.
    ///
    /// The output is the same for any number.
    pub threads: usize,
    /// Messages that are held at a time. Default 4,096.
    pub window_items: usize,
    /// Bytes of messages that are held at a time, whichever limit is reached first. Default 8 MiB.
    pub window_bytes: usize,
    /// Bytes of one message that are scanned as a whole; a longer one is scanned in pieces. Default 1 MiB.
    pub max_message: usize,
    /// Whether the media of a zip archive go into the new one. Default no: pictures and recordings identify people,
    /// and nothing looks into them.
    pub keep_media: bool,
    /// Keys for the policy's actions that need them; without, these redact. Default none.
    pub keys: Option<ScopedKeys>,
    /// Limits on zip archives.
    pub limits: Limits,
}

impl Options {
    /// The start of the conversation that an archive is.
    pub(crate) fn conversation(&self) -> Conversation {
        match &self.keys {
            Some(keys) => Conversation::new().with_keys(keys.clone()),
            None => Conversation::new(),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: 0,
            window_items: 4096,
            window_bytes: 8 << 20,
            max_message: crate::whatsapp::Reader::DEFAULT_LIMIT,
            keep_media: false,
            keys: None,
            limits: Limits::default(),
        }
    }
}

/// Limits on zip archives; past one of them the work ends with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that the chat may unpack to. Default 2 GiB.
    pub max_text: u64,
    /// Bytes that all kept media may unpack to. Default 16 GiB.
    pub max_media: u64,
    /// How many times its packed size a file may unpack to, once past 1 MiB. Default 200; chats reach about 10.
    pub max_ratio: u64,
    /// Files that an archive may list. Default 65,536.
    pub max_files: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_text: 2 << 30, max_media: 16 << 30, max_ratio: 200, max_files: 65_536 }
    }
}

/// How far the work is, in bytes of the input; WhatsApp exports are read twice, and both times count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read so far.
    pub done: u64,
    /// Bytes to read in all, where known.
    pub total: Option<u64>,
}
