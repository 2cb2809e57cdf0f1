//! Splits the folded message into words, numbers and punctuation marks, each looked up in the dictionary once.

use presend_text::Folded;

use crate::cues::{self, Cues};
use crate::dictionary::{Class, ClassSet, Dictionary, Entry, hash};
use crate::shape::name_score;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Letters, with apostrophes between them.
    Word,
    /// ASCII digits only.
    Number,
    /// Letters and digits joined.
    Mixed,
    /// One character that is none of these.
    Punct,
    /// A line break.
    Newline,
}

/// How the original of a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// No upper-case letter.
    Lower,
    /// The first letter upper, the rest lower; or one capital letter alone.
    Capital,
    /// Two or more letters, all upper.
    Upper,
    /// Upper and lower in another order, such as `McGrath` or `pH`.
    Mixed,
}

/// A piece of the folded message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// Start in the folded text.
    pub(crate) start: u32,
    /// End in the folded text, without a possessive `'s`.
    pub(crate) end: u32,
    /// End with the possessive.
    pub(crate) full_end: u32,
    pub(crate) kind: TokenKind,
    pub(crate) case: Case,
    /// Whether white space (or the text's start) stands before it.
    pub(crate) spaced: bool,
    /// What the dictionary knows of the word; nothing for numbers and marks.
    pub(crate) entry: Entry,
    /// The dictionary's hash of the text without a possessive, which lists of words are searched by.
    pub(crate) hash: u64,
    /// What the word says of its neighbours; nothing for numbers and marks.
    pub(crate) cues: Cues,
}

impl Token {
    pub(crate) fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    pub(crate) fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(crate) fn is_word(&self) -> bool {
        self.kind == TokenKind::Word
    }

    pub(crate) fn is_capitalised(&self) -> bool {
        self.case != Case::Lower
    }

    /// Whether it ends in a possessive, or in the s of a name's plural.
    pub(crate) fn is_possessive(&self) -> bool {
        self.full_end > self.end
    }
}

/// How many words a [`Memo`] holds: 96 KiB, which stays in a core's cache where the dictionary does not.
const MEMO: usize = 4096;

/// What is known of the words met last, by their hashes: chat has few different words, and most of a look-up in the
/// dictionary is waiting for memory.
pub(crate) struct Memo {
    slots: Vec<(u64, Entry, Cues)>,
}

impl Default for Memo {
    fn default() -> Self {
        // Filled with the empty word, of which nothing is known.
        Self { slots: vec![(hash::word(b""), Entry::default(), Cues::default()); MEMO] }
    }
}

impl Memo {
    /// What the dictionary and the lists of cues say of the word of this hash.
    #[inline]
    fn look_up(&mut self, dictionary: &Dictionary, hash: u64) -> (Entry, Cues) {
        let at = (hash >> 32) as usize % MEMO;
        match self.slots.get_mut(at) {
            Some((known, entry, cues)) if *known == hash => (*entry, *cues),
            slot => {
                let (entry, cues) = (dictionary.lookup_hash(hash), cues::of(hash));
                if let Some(slot) = slot {
                    *slot = (hash, entry, cues);
                }
                (entry, cues)
            }
        }
    }
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const SPACE: u8 = 3;
const BREAK: u8 = 4;
const HIGH: u8 = 5;

/// The class of every byte of folded text; 0 is punctuation.
static BYTE_CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b' ' | b'\t' | 0x0b | 0x0c => SPACE,
            b'\n' | b'\r' => BREAK,
            0x80..=0xff => HIGH,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// Fills `tokens` with the tokens of the folded text, in order.
pub(crate) fn tokenise(
    original: &str,
    folded: &Folded,
    dictionary: &Dictionary,
    memo: &mut Memo,
    tokens: &mut Vec<Token>,
) {
    tokens.clear();
    let text = folded.text();
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut spaced = true;
    while at < bytes.len() {
        let class = BYTE_CLASS[usize::from(bytes[at])];
        match class {
            SPACE => {
                spaced = true;
                at += 1;
            }
            BREAK => {
                tokens.push(mark(at, at + 1, TokenKind::Newline, spaced));
                spaced = true;
                at += 1;
            }
            LETTER | DIGIT | HIGH if class != HIGH || is_letter_at(text, at) => {
                let (end, letters, digits) = word_end(text, at);
                let kind = match (letters, digits) {
                    (true, false) => TokenKind::Word,
                    (false, true) => TokenKind::Number,
                    _ => TokenKind::Mixed,
                };
                push_word(original, folded, (dictionary, memo), (at, end), kind, spaced, tokens);
                spaced = false;
                at = end;
            }
            _ => {
                let end = at + text[at..].chars().next().map_or(1, char::len_utf8);
                tokens.push(mark(at, end, TokenKind::Punct, spaced));
                spaced = false;
                at = end;
            }
        }
    }
}

fn mark(start: usize, end: usize, kind: TokenKind, spaced: bool) -> Token {
    Token {
        start: start as u32,
        end: end as u32,
        full_end: end as u32,
        kind,
        case: Case::Lower,
        spaced,
        entry: Entry::default(),
        hash: 0,
        cues: Cues::default(),
    }
}

fn is_letter_at(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_some_and(char::is_alphabetic)
}

/// The end of the run of letters, digits and inner apostrophes that starts at `at`, and which of them it holds.
fn word_end(text: &str, start: usize) -> (usize, bool, bool) {
    let bytes = text.as_bytes();
    let mut at = start;
    let (mut letters, mut digits) = (false, false);
    while let Some(&byte) = bytes.get(at) {
        match BYTE_CLASS[usize::from(byte)] {
            LETTER => {
                letters = true;
                at += 1;
            }
            DIGIT => {
                digits = true;
                at += 1;
            }
            HIGH => match text[at..].chars().next() {
                Some(letter) if letter.is_alphabetic() => {
                    letters = true;
                    at += letter.len_utf8();
                }
                _ => break,
            },
            _ if byte == b'\''
                && at > start
                && BYTE_CLASS[usize::from(bytes[at - 1])] == LETTER
                && bytes.get(at + 1).is_some_and(|&next| BYTE_CLASS[usize::from(next)] == LETTER) =>
            {
                at += 1;
            }
            _ => break,
        }
    }
    (at, letters, digits)
}

/// Adds a word, or its parts where words were typed together: "zeynep34", "drpham", "doreenthackray".
fn push_word(
    original: &str,
    folded: &Folded,
    words: (&Dictionary, &mut Memo),
    (start, end): (usize, usize),
    kind: TokenKind,
    spaced: bool,
    tokens: &mut Vec<Token>,
) {
    let (dictionary, memo) = words;
    let whole = word(original, folded, dictionary, memo, (start, end), kind, spaced);
    let split = match kind {
        _ if whole.entry.is_known() => None,
        TokenKind::Mixed => glued_name(&folded.text()[start..end], dictionary),
        TokenKind::Word => hashtag(original, folded, (start, whole.end as usize), whole.case)
            .or_else(|| camel_name(original, folded, (start, whole.end as usize), whole.case, dictionary))
            .or_else(|| joined_names(&folded.text()[start..whole.end as usize], dictionary)),
        _ => None,
    };
    let Some(cuts) = split else {
        tokens.push(whole);
        return;
    };
    let mut from = start;
    for cut in cuts.into_iter().map(|cut| start + cut).chain([end]) {
        if cut <= from {
            continue;
        }
        let bytes = &folded.text().as_bytes()[from..cut];
        let kind = match (bytes.iter().any(u8::is_ascii_digit), bytes.iter().all(u8::is_ascii_digit)) {
            (_, true) => TokenKind::Number,
            (true, _) => TokenKind::Mixed,
            _ => TokenKind::Word,
        };
        tokens.push(word(original, folded, dictionary, memo, (from, cut), kind, spaced && from == start));
        from = cut;
    }
}

/// Whether the entry is a name and nothing else.
fn is_plain_name(entry: Entry) -> bool {
    entry.given().max(entry.surname()) >= 2 && !entry.has(Class::Ordinary) && !entry.has(Class::Clinical)
}

/// Where to cut a run of letters and digits around a name of four letters or more at either end of it.
fn glued_name(text: &str, dictionary: &Dictionary) -> Option<Vec<usize>> {
    let head = text.find(|letter: char| letter.is_ascii_digit()).unwrap_or(text.len());
    let tail = text.rfind(|letter: char| letter.is_ascii_digit()).map_or(0, |at| at + 1);
    let named = |part: &str| part.len() >= 4 && is_plain_name(dictionary.lookup(part));
    if named(&text[..head]) {
        Some(vec![head, text.len()])
    } else if named(&text[tail..]) {
        // "bed4okafor": the bed's word and number stay together.
        Some(vec![tail, text.len()])
    } else {
        None
    }
}

/// What stands before a capital inside one surname: "McGrath", "FitzGerald".
const PREFIXES: &[&str] = &["ap", "de", "di", "du", "fitz", "la", "le", "mac", "mc", "st", "van"];

/// Where to cut a hashtag into its words: "#RIP|Derek|Hollins", "#Thank|You|Sarah".
fn hashtag(original: &str, folded: &Folded, (start, end): (usize, usize), case: Case) -> Option<Vec<usize>> {
    let behind_mark =
        start.checked_sub(1).is_some_and(|mark| folded.text().as_bytes().get(mark) == Some(&b'#'));
    if !behind_mark || case != Case::Mixed || !folded.is_identity_aligned() {
        return None;
    }
    let (text, written) = (folded.text().get(start..end)?, original.get(start..end)?.as_bytes());
    let (mut cuts, mut from) = (Vec::new(), 0);
    for (at, pair) in (1..).zip(written.windows(2)) {
        let [before, letter] = pair else { continue };
        let lower = |at: usize| written.get(at).is_some_and(u8::is_ascii_lowercase);
        // "h|S", and "P|Mar" after capitals.
        let begins =
            before.is_ascii_lowercase() || before.is_ascii_uppercase() && lower(at + 1) && lower(at + 2);
        let prefix = || text.get(from..at).is_some_and(|part| PREFIXES.contains(&part));
        if letter.is_ascii_uppercase() && begins && !prefix() {
            cuts.push(at);
            from = at;
        }
    }
    (!cuts.is_empty()).then_some(cuts)
}

/// Where to cut "ptHollis" or "sisterMaguire": at a capital after a known word that starts a name.
fn camel_name(
    original: &str,
    folded: &Folded,
    (start, end): (usize, usize),
    case: Case,
    dictionary: &Dictionary,
) -> Option<Vec<usize>> {
    if case != Case::Mixed || !folded.is_identity_aligned() {
        return None;
    }
    let bytes = original.get(start..end)?.as_bytes();
    let cut =
        bytes.windows(2).position(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())? + 1;
    let (head, tail) = folded.text().get(start..end)?.split_at_checked(cut)?;
    let known = head.len() >= 2 && dictionary.lookup(head).classes().iter().next().is_some();
    let entry = dictionary.lookup(tail);
    let prefix = PREFIXES.contains(&head);
    let named = is_plain_name(entry) || !entry.is_known() && tail.len() >= 4 && name_score(tail) > 0.0;
    (known && !prefix && named).then(|| vec![cut, end - start])
}

/// The titles that are typed together with a name.
const JOINED_TITLES: &[&str] = &["mrs", "miss", "prof", "dr", "mr", "ms"];

/// The shortest word that is tried as two names typed together; shorter ones fall apart by accident.
const JOINED_FROM: usize = 10;
/// The longest: every place to cut is tried.
const JOINED_TO: usize = 40;

/// Where to cut an unknown word that is a title and a name, or a given name and a surname.
fn joined_names(text: &str, dictionary: &Dictionary) -> Option<Vec<usize>> {
    if !text.is_ascii() || text.len() > JOINED_TO {
        return None;
    }
    for title in JOINED_TITLES {
        if let Some(rest) = text.strip_prefix(title)
            && rest.len() >= 4
            && (is_plain_name(dictionary.lookup(rest))
                || rest.len() >= 5 && !dictionary.lookup(rest).is_known() && name_score(rest) > 0.0)
        {
            return Some(vec![title.len(), text.len()]);
        }
    }
    if text.len() < JOINED_FROM || text.contains('\'') {
        return None;
    }
    (4..=text.len() - 4)
        .find(|cut| {
            let given = dictionary.lookup(&text[..*cut]);
            given.given() == 3 && is_plain_name(given) && {
                let surname = dictionary.lookup(&text[*cut..]);
                surname.surname() == 3 && is_plain_name(surname)
            }
        })
        .map(|cut| vec![cut, text.len()])
}

fn word(
    original: &str,
    folded: &Folded,
    dictionary: &Dictionary,
    memo: &mut Memo,
    (start, end): (usize, usize),
    kind: TokenKind,
    spaced: bool,
) -> Token {
    let mut token = mark(start, end, kind, spaced);
    let text = &folded.text()[start..end];
    token.hash = hash::word(text.as_bytes());
    if kind == TokenKind::Number {
        return token;
    }
    (token.entry, token.cues) = memo.look_up(dictionary, token.hash);
    if let Some(stem) = text.strip_suffix("'s")
        && stem.len() > 1
        && tells_nothing(token.entry)
        && !is_contraction(text)
    {
        token.end = (start + stem.len()) as u32;
        token.hash = hash::word(stem.as_bytes());
        (token.entry, token.cues) = memo.look_up(dictionary, token.hash);
    } else if text.len() >= 5
        && !token.entry.is_known()
        && let Some(stem) = text.strip_suffix('s')
    {
        // "priyankas car": a possessive typed without its apostrophe, or a plural of the name.
        let stem_hash = hash::word(stem.as_bytes());
        let (entry, cues) = memo.look_up(dictionary, stem_hash);
        if is_plain_name(entry) {
            token.end = (start + stem.len()) as u32;
            token.hash = stem_hash;
            (token.entry, token.cues) = (entry, cues);
        }
    }
    token.case = case_of(original, folded, start, token.end as usize);
    token
}

/// Whether the dictionary says no more of a word than how often it is written, as of "name's", or what phrases it starts.
fn tells_nothing(entry: Entry) -> bool {
    let open = ClassSet::of(&[Class::PhraseStart]);
    entry.given().max(entry.surname()) == 0 && entry.classes().is_within(open)
}

/// Whether the word is "i'm", "they've", "didn't" and such.
pub(crate) fn is_contraction(word: &str) -> bool {
    let Some((head, tail)) = word.split_once('\'') else { return false };
    matches!(tail, "m" | "ve" | "re" | "ll" | "t")
        || matches!(tail, "d" | "s")
            && matches!(
                head,
                "i" | "he"
                    | "she"
                    | "it"
                    | "we"
                    | "you"
                    | "they"
                    | "who"
                    | "that"
                    | "what"
                    | "there"
                    | "here"
                    | "how"
                    | "where"
                    | "when"
                    | "let"
                    | "everyone"
                    | "someone"
                    | "nobody"
            )
}

fn case_of(original: &str, folded: &Folded, start: usize, end: usize) -> Case {
    let text = if folded.is_identity_aligned() {
        &original[start..end]
    } else {
        folded.original_span(presend_text::Span::new(start, end)).of(original).unwrap_or_default()
    };
    if text.is_ascii() { case_of_ascii(text.as_bytes()) } else { case_of_any(text) }
}

fn case_of_ascii(text: &[u8]) -> Case {
    let upper = text.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    if upper == 0 {
        return Case::Lower;
    }
    let lower = text.iter().filter(|byte| byte.is_ascii_lowercase()).count();
    let first = text.iter().find(|byte| byte.is_ascii_alphabetic()).is_some_and(u8::is_ascii_uppercase);
    classify(upper, lower, first)
}

fn case_of_any(text: &str) -> Case {
    let upper = text.chars().filter(|letter| letter.is_uppercase()).count();
    let lower = text.chars().filter(|letter| letter.is_lowercase()).count();
    let first = text.chars().find(|letter| letter.is_alphabetic()).is_some_and(char::is_uppercase);
    classify(upper, lower, first)
}

fn classify(upper: usize, lower: usize, first_upper: bool) -> Case {
    match (upper, lower) {
        (0, _) => Case::Lower,
        (1, _) if first_upper => Case::Capital,
        (_, 0) => Case::Upper,
        _ => Case::Mixed,
    }
}
