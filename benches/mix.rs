//! Chat-like text: a seeded mix of the corpora, most of it short messages without an identifier.

use std::fs;
use std::path::Path;

use presend_eval::gold::{self, Message};

/// Out of a hundred messages, how many are acknowledgements and coordination of a few words ([`SHORT`]).
const SHORT_SHARE: usize = 25;
/// Out of a hundred messages, how many hold an identifier; the rest are messages of the corpora without one.
///
/// Both shares are assumptions about staff groups, not counts of one.
const IDENTIFIED_SHARE: usize = 20;
/// How many fillings of the corpora's slots are drawn from.
const FILLINGS: u64 = 8;

/// The short messages of a staff group, written for this bench.
const SHORT: &[&str] = &[
    "ok",
    "Ok thanks",
    "thanks x",
    "ta",
    "👍",
    "will do",
    "on it",
    "on my way",
    "2 mins",
    "done",
    "Done ✅",
    "yes please",
    "no not yet",
    "yep",
    "nope",
    "perfect thank you",
    "which ward?",
    "who's on tonight",
    "still in clinic",
    "running late sorry",
    "back in 10",
    "can someone bleep me pls",
    "lunch?",
    "anyone free for a cannula",
    "bloods sent",
    "bloods back, all fine",
    "CT at 4",
    "just seen this",
    "sorry was in theatre",
    "in handover, 5 mins",
    "same here",
    "who has the phone",
    "can't talk, text me",
    "got it",
    "thank you so much",
    "no beds still",
    "kettle's on",
    "swap tues for thurs?",
    "all quiet here",
    "is the scanner back up",
    "no worries 😊",
    "great",
];

/// One message and how many identifiers a person marked in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sample {
    /// The message as it would be sent.
    pub text: String,
    /// The marked identifiers, as byte ranges.
    pub marked: Vec<(usize, usize)>,
}

/// A drawn mix of messages.
pub struct Mix {
    /// The messages, in the order drawn.
    pub samples: Vec<Sample>,
}

impl Mix {
    /// Draws so many messages; the same for the same seed and corpora.
    ///
    /// # Panics
    ///
    /// Where the corpora are missing or do not parse.
    #[must_use]
    pub fn chat(count: usize, seed: u64) -> Self {
        let (mut clean, mut identified) = (Vec::new(), Vec::new());
        for name in ["traps.txt", "authored"] {
            for filling in 0..FILLINGS {
                for message in corpus(name, filling) {
                    let marked =
                        message.spans.iter().map(|gold| (gold.span.start(), gold.span.end())).collect();
                    let sample = Sample { text: message.text, marked };
                    if sample.marked.is_empty() { &mut clean } else { &mut identified }.push(sample);
                }
            }
        }
        let mut draw = Draw(seed);
        let samples = (0..count)
            .map(|_| match draw.below(100) {
                share if share < SHORT_SHARE => {
                    Sample { text: SHORT[draw.below(SHORT.len())].to_owned(), marked: Vec::new() }
                }
                share if share < SHORT_SHARE + IDENTIFIED_SHARE => {
                    identified[draw.below(identified.len())].clone()
                }
                _ => clean[draw.below(clean.len())].clone(),
            })
            .collect();
        Self { samples }
    }

    /// The messages' texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.samples.iter().map(|sample| sample.text.as_str())
    }

    /// The bytes of all messages.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.texts().map(str::len).sum()
    }

    /// What the mix is made of, in one line.
    #[must_use]
    pub fn describe(&self) -> String {
        let messages = self.samples.len();
        let mut lengths: Vec<usize> = self.texts().map(str::len).collect();
        lengths.sort_unstable();
        let share = |wanted: fn(&Sample) -> bool| {
            100.0 * self.samples.iter().filter(|sample| wanted(sample)).count() as f64
                / messages.max(1) as f64
        };
        format!(
            "{messages} messages, {} bytes, {:.0} bytes a message, median {}; {:.0} % with an identifier ({} identifiers), \
             {:.0} % with a digit, {:.0} % beyond ASCII",
            self.bytes(),
            self.bytes() as f64 / messages.max(1) as f64,
            lengths.get(messages / 2).copied().unwrap_or_default(),
            share(|sample| !sample.marked.is_empty()),
            self.samples.iter().map(|sample| sample.marked.len()).sum::<usize>(),
            share(|sample| sample.text.bytes().any(|byte| byte.is_ascii_digit())),
            share(|sample| !sample.text.is_ascii()),
        )
    }

    /// At least `bytes` bytes of whole messages, each on its own line or lines: the mix over and over.
    #[must_use]
    pub fn joined(&self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 4096);
        for sample in self.samples.iter().cycle() {
            if text.len() >= bytes {
                break;
            }
            text.push_str(&sample.text);
            text.push('\n');
        }
        text
    }
}

/// The messages of a file of the corpora, or of every file of a folder.
fn corpus(name: &str, filling: u64) -> Vec<Message> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora").join(name);
    let mut files = vec![path.clone()];
    if path.is_dir() {
        files = fs::read_dir(&path)
            .expect("corpora/ is readable")
            .map(|entry| entry.expect("corpora/ is readable").path())
            .filter(|file| file.extension().is_some_and(|extension| extension == "txt"))
            .collect();
        files.sort();
    }
    files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).expect("corpora/ is readable");
            gold::parse(&text, filling).expect("corpora/ parses")
        })
        .collect()
}

/// `SplitMix64`, so that a draw is the same on every machine.
pub struct Draw(pub u64);

impl Draw {
    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `bound - 1`; `bound` is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.draw()) * bound as u128) >> 64) as usize
    }
}
