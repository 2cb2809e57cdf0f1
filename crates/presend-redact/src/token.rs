//! Reversible tokens: `[NAME:k1:…]` holds the words under it, encrypted, and the key leads back to them.
//!
//! A token is `[`, the label's placeholder, `:k` and the key version, `:` and base64url without padding of a 12-byte
//! nonce, the encrypted words, and a 16-byte tag, then `]`. The cipher is AES-256-GCM-SIV (RFC 8452) under the scoped
//! token key; label and key version are authenticated with the words, so that no token can be given another label.
//!
//! The nonce is HMAC-SHA-256 over label and words, as nothing here draws random numbers. So **equal words under a label
//! give equal tokens within a scope**: a reader without the key can tell that two places hold the same words, though
//! not which. Words are equal here only byte for byte, so that revealing gives back exactly what stood there;
//! [`crate::hash`] is what compares spellings. Words are filled up to a multiple of 16 bytes, so a token's length says
//! no more than whether they were short or long.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use presend_detect::Label;
use presend_text::Span;

use crate::aead::{self, NONCE_LEN, TAG_LEN};
use crate::brackets::marked;
use crate::keys::framed;
use crate::operators::placeholder;
use crate::{Key, KeyRing, Purpose, Scope, ScopedKeys};

const MARK: &str = ":k";
/// Words are filled up to a multiple of so many bytes.
const BLOCK_LEN: usize = 16;
/// What words are filled up with: no UTF-8 text has this byte.
const FILLER: u8 = 0xff;

/// A token in place of words, such as `[NAME:k1:…]`, from which [`reveal`] gives the words back.
///
/// Line breaks within the words are in the token. Words past the cipher's limit of 64 GiB give the plain placeholder.
#[must_use]
pub fn tokenise(keys: &ScopedKeys, label: Label, words: &str) -> String {
    let nonce =
        aead::nonce(&keys.mac(Purpose::Token, &[b"nonce", label.name().as_bytes(), words.as_bytes()]));
    let mut filled = words.as_bytes().to_vec();
    filled.resize(filled.len().next_multiple_of(BLOCK_LEN), FILLER);
    let aad = associated_data(label, keys.version());
    let Some(sealed) = aead::encrypt(&cipher_key(keys), &nonce, &aad, &filled) else {
        let mut plain = String::new();
        placeholder(&mut plain, label);
        return plain;
    };
    let body = Base64UrlUnpadded::encode_string(&[nonce.as_slice(), &sealed].concat());
    format!("[{}{MARK}{}:{body}]", label.placeholder(), keys.version())
}

/// Where tokens stand in a text, as [`tokenise`] writes them, in order; for leaving them alone on a second pass.
///
/// Whether a token is authentic shows only when it is revealed.
#[must_use]
pub fn find_tokens(text: &str) -> Vec<Span> {
    tokens(text).map(|token| token.span).collect()
}

/// Gives the text back with the words that stood where its tokens stand.
///
/// `scope` and `id` are those that the tokens were written under; each token names its key version. `reason` is why
/// somebody may see the words; it comes back in [`Revealed`] for the caller's record of who revealed what. A text
/// without tokens comes back as it is.
///
/// # Errors
/// Fails where any token is not authentic under this scope and id, or where the ring lacks its key version. The error
/// says which, and holds the text with these tokens left in place and all others revealed
/// ([`RevealError::into_partial`]).
///
/// ```
/// use presend_detect::Label;
/// use presend_redact::token::{Reason, reveal, tokenise};
/// use presend_redact::{Key, KeyRing, Scope};
///
/// let ring = KeyRing::new(1, Key::new(*b"an example; take 32 random bytes"));
/// let keys = ring.scoped(Scope::Conversation, b"ward 4");
/// let text = format!("{} is back from theatre", tokenise(&keys, Label::Person, "Doris Ekwueme"));
///
/// let reason = Reason::new("complaint 17: who was in theatre?")?;
/// let revealed = reveal(&text, &ring, Scope::Conversation, b"ward 4", &reason)?;
/// assert_eq!(revealed.text, "Doris Ekwueme is back from theatre");
/// assert_eq!(revealed.counts[&Label::Person], 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn reveal(
    text: &str,
    ring: &KeyRing,
    scope: Scope,
    id: &[u8],
    reason: &Reason,
) -> Result<Revealed, RevealError> {
    let mut revealed = Revealed {
        text: String::with_capacity(text.len()),
        counts: BTreeMap::new(),
        versions: BTreeSet::new(),
        reason: reason.clone(),
    };
    let mut failures = Vec::new();
    let mut versions = BTreeMap::new();
    let mut at = 0;
    for token in tokens(text) {
        revealed.text.push_str(text.get(at..token.span.start()).unwrap_or_default());
        at = token.span.end();
        let keys = versions
            .entry(token.version)
            .or_insert_with(|| ring.scoped_at(token.version, scope, id).ok().map(|keys| cipher_key(&keys)));
        let words = match keys {
            Some(key) => token.open(key).ok_or(FailureCause::NotAuthentic),
            None => Err(FailureCause::MissingKey(token.version)),
        };
        match words {
            Ok(words) => {
                revealed.text.push_str(&words);
                *revealed.counts.entry(token.label).or_default() += 1;
                revealed.versions.insert(token.version);
            }
            Err(cause) => {
                revealed.text.push_str(token.span.of(text).unwrap_or_default());
                failures.push(Failure { span: token.span, label: token.label, cause });
            }
        }
    }
    revealed.text.push_str(text.get(at..).unwrap_or_default());
    if failures.is_empty() { Ok(revealed) } else { Err(RevealError { failures, partial: revealed }) }
}

struct Token {
    span: Span,
    label: Label,
    version: u32,
    nonce: [u8; NONCE_LEN],
    sealed: Vec<u8>,
}

impl Token {
    /// Reads a token at `at` from what follows its mark.
    fn read(at: usize, label: Label, rest: &str) -> Option<Self> {
        let (version, body) = rest.split_once(':')?;
        // As it is written: no sign, no leading zero.
        let version = version.parse().ok().filter(|number: &u32| number.to_string() == version)?;
        let len =
            body.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)).count();
        let (body, after) = body.split_at_checked(len)?;
        if !after.starts_with(']') {
            return None;
        }
        let bytes = Base64UrlUnpadded::decode_vec(body).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk()?;
        if !sealed.len().checked_sub(TAG_LEN)?.is_multiple_of(BLOCK_LEN) {
            return None;
        }
        let head = "[".len() + label.placeholder().len() + MARK.len();
        let span = Span::new(at, at + head + (rest.len() - after.len()) + "]".len());
        Some(Self { span, label, version, nonce: *nonce, sealed: sealed.to_vec() })
    }

    fn open(&self, key: &Key) -> Option<String> {
        let aad = associated_data(self.label, self.version);
        let mut words = aead::decrypt(key, &self.nonce, &aad, &self.sealed)?;
        let len = words.iter().rposition(|byte| *byte != FILLER).map_or(0, |last| last + 1);
        words.truncate(len);
        String::from_utf8(words).ok()
    }
}

fn tokens(text: &str) -> impl Iterator<Item = Token> {
    marked(text, MARK).filter_map(|(at, label, rest)| Token::read(at, label, rest))
}

fn associated_data(label: Label, version: u32) -> Vec<u8> {
    framed(&[label.name().as_bytes(), &version.to_be_bytes()])
}

fn cipher_key(keys: &ScopedKeys) -> Key {
    keys.subkey(Purpose::Token, "AES-256-GCM-SIV")
}

/// Why somebody may see what tokens hold, in a few words for the record.
///
/// One line of 1 to 200 characters without control characters; white space around it is cut off. Debug shows its
/// length.
#[derive(Clone, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// The most characters of a reason.
    pub const MOST: usize = 200;

    /// Takes a reason.
    ///
    /// # Errors
    /// Fails where nothing is left but white space, past 200 characters, and on control characters, line breaks among
    /// them: these would let a reason pass for several lines of a record.
    pub fn new(reason: &str) -> Result<Self, BadReason> {
        let reason = reason.trim();
        if reason.is_empty() {
            Err(BadReason::Empty)
        } else if reason.chars().count() > Self::MOST {
            Err(BadReason::TooLong)
        } else if reason.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
            Err(BadReason::Control)
        } else {
            Ok(Self(reason.to_owned()))
        }
    }

    /// The reason as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reason").field("len", &self.0.len()).finish()
    }
}

/// The error of [`Reason::new`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadReason {
    /// There is nothing but white space.
    Empty,
    /// It is longer than [`Reason::MOST`] characters.
    TooLong,
    /// It has a control character, such as a line break.
    Control,
}

impl fmt::Display for BadReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadReason::Empty => f.write_str("the reason is empty; say why the words are to be revealed"),
            BadReason::TooLong => {
                write!(f, "the reason is longer than {} characters; shorten it", Reason::MOST)
            }
            BadReason::Control => {
                f.write_str("the reason has a line break or another control character; write it in one line")
            }
        }
    }
}

impl std::error::Error for BadReason {}

/// A text with its tokens revealed.
///
/// It holds message text: Debug shows lengths and counts alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Revealed {
    /// The text.
    pub text: String,
    /// How many tokens were revealed, by label.
    pub counts: BTreeMap<Label, usize>,
    /// The key versions that they were written with.
    pub versions: BTreeSet<u32>,
    /// Why they were revealed.
    pub reason: Reason,
}

impl fmt::Debug for Revealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revealed")
            .field("len", &self.text.len())
            .field("counts", &self.counts)
            .field("versions", &self.versions)
            .field("reason", &self.reason)
            .finish()
    }
}

/// A token that was not revealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where it stands in the text that was given, in bytes.
    pub span: Span,
    /// The label that it names.
    pub label: Label,
    /// Why.
    pub cause: FailureCause,
}

/// Why a token was not revealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureCause {
    /// The ring lacks this key version.
    MissingKey(u32),
    /// The token was changed, or was written with another key, scope or id.
    NotAuthentic,
}

/// The error of [`reveal`]: some tokens were left in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevealError {
    failures: Vec<Failure>,
    partial: Revealed,
}

impl RevealError {
    /// The tokens that were left in place, in order; never empty.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// The text with all other tokens revealed.
    #[must_use]
    pub fn into_partial(self) -> Revealed {
        self.partial
    }
}

impl fmt::Display for RevealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMED: usize = 3;
        let revealed: usize = self.partial.counts.values().sum();
        write!(
            f,
            "{} of {} tokens were left in place, at byte",
            self.failures.len(),
            revealed + self.failures.len()
        )?;
        for (index, failure) in self.failures.iter().take(NAMED).enumerate() {
            write!(f, "{}{}", if index == 0 { " " } else { ", " }, failure.span.start())?;
        }
        if self.failures.len() > NAMED {
            f.write_str(" and others")?;
        }
        let missing: BTreeSet<u32> = self
            .failures
            .iter()
            .filter_map(|failure| match failure.cause {
                FailureCause::MissingKey(version) => Some(version),
                FailureCause::NotAuthentic => None,
            })
            .collect();
        for version in missing.iter().take(NAMED) {
            write!(f, "; the key ring has no key version {version}: add it")?;
        }
        if self.failures.iter().any(|failure| failure.cause == FailureCause::NotAuthentic) {
            f.write_str(
                "; some were changed, or written with another key, scope or id: give the ones they were written with",
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for RevealError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::keys::tests::{keys, ring};

    const SCOPE: Scope = Scope::Conversation;

    fn reason() -> Reason {
        Reason::new("test").unwrap()
    }

    fn revealed(text: &str) -> Result<Revealed, RevealError> {
        reveal(text, &ring(), SCOPE, b"a", &reason())
    }

    #[test]
    fn tokens_lead_back() {
        let (ring, now) = (ring(), keys("a"));
        let before = ring.scoped_at(1, SCOPE, b"a").unwrap();
        let text = format!(
            "Pt {} ({}) seen by {}, [NAME]",
            tokenise(&now, Label::Person, "Doris Ekwueme"),
            tokenise(&now, Label::NhsNumber, "999 123 4004"),
            tokenise(&before, Label::Person, "Dr Chen"),
        );
        let revealed = revealed(&text).unwrap();
        assert_eq!(revealed.text, "Pt Doris Ekwueme (999 123 4004) seen by Dr Chen, [NAME]");
        assert_eq!(revealed.counts, BTreeMap::from([(Label::Person, 2), (Label::NhsNumber, 1)]));
        assert_eq!(revealed.versions, BTreeSet::from([1, 3]));
        assert_eq!(revealed.reason.as_str(), "test");
        assert_eq!(
            format!("{revealed:?}"),
            "Revealed { len: 55, counts: {Person: 2, NhsNumber: 1}, versions: {1, 3}, reason: Reason { len: 4 } }"
        );
    }

    #[test]
    fn tokens_are_written_as_documented() {
        let token = tokenise(&keys("a"), Label::HscNumber, "320 123 4008");
        // Worked out by another implementation in Python. Tokens already written must stay readable.
        assert_eq!(token, "[H&C NUMBER:k3:CNsoESKq48i0YExOWxYFaujXNKa_0RmGEY4MpfoEnQaWW6vpirJdd0385a0]");
        assert_eq!(token, tokenise(&keys("a"), Label::HscNumber, "320 123 4008"));
        assert_ne!(token, tokenise(&keys("b"), Label::HscNumber, "320 123 4008"));
        assert_ne!(token, tokenise(&keys("a"), Label::HscNumber, "3201234008"));
        // 12 bytes of nonce, 16 of words, 16 of tag are 59 characters.
        for words in ["C", "Doris", "sixteen letters!"] {
            assert_eq!(tokenise(&keys("a"), Label::Person, words).len(), "[NAME:k3:".len() + 59 + "]".len());
        }
    }

    #[test]
    fn what_is_not_authentic_stays_and_is_told() {
        let ring = ring();
        let good = tokenise(&keys("a"), Label::Person, "Doris");
        let elsewhere = tokenise(&keys("b"), Label::Person, "Doris");
        let renamed = good.replace("[NAME:", "[PLACE:");
        let later = good.replace(":k3:", ":k4:");
        let earlier = good.replace(":k3:", ":k1:");
        let text = format!("é {good} {elsewhere} {renamed} {later} {earlier}!");
        let error = reveal(&text, &ring, SCOPE, b"a", &reason()).unwrap_err();
        let starts: Vec<_> =
            [&elsewhere, &renamed, &later, &earlier].map(|token| text.find(token.as_str()).unwrap()).into();
        assert_eq!(error.failures().iter().map(|failure| failure.span.start()).collect::<Vec<_>>(), starts);
        let causes: Vec<_> = error.failures().iter().map(|failure| failure.cause).collect();
        let wrong = FailureCause::NotAuthentic;
        assert_eq!(causes, [wrong, wrong, FailureCause::MissingKey(4), wrong]);
        assert_eq!(
            error.to_string(),
            format!(
                "4 of 5 tokens were left in place, at byte {}, {}, {} and others; the key ring has no key version 4: \
                 add it; some were changed, or written with another key, scope or id: give the ones they were \
                 written with",
                starts[0], starts[1], starts[2]
            )
        );
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("Doris"));
        let partial = error.into_partial();
        assert_eq!(partial.text, format!("é Doris {elsewhere} {renamed} {later} {earlier}!"));
        assert_eq!(partial.counts, BTreeMap::from([(Label::Person, 1)]));
    }

    #[test]
    fn every_changed_character_is_told() {
        let token = tokenise(&keys("a"), Label::Person, "Doris");
        let body = "[NAME:k3:".len()..token.len() - 1;
        for at in body {
            let other = if token[at..].starts_with('A') { "B" } else { "A" };
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            // The last character has two bits that are not used, so another there may be no token at all.
            match revealed(&changed) {
                Err(error) => assert_eq!(error.failures().len(), 1),
                Ok(revealed) => assert_eq!(revealed.text, changed),
            }
        }
    }

    #[test]
    fn only_what_tokenise_writes_is_found() {
        let token = tokenise(&keys("a"), Label::WardBed, "Bay 4");
        let text = format!("{token}{token} x [{token}]");
        let found: Vec<_> = find_tokens(&text).iter().map(|span| span.of(&text).unwrap()).collect();
        assert_eq!(found, [&token; 3]);
        let last = token.len() - 2;
        for (from, to) in [
            (":k3:", ":k03:"),
            (":k3:", ":k+3:"),
            (":k3:", ":k:"),
            (":k3:", ":k4294967296:"),
            (":k3:", ":"),
            ("[WARD/BED", "[WARD"),
            ("[WARD/BED", "WARD/BED"),
            ("]", ""),
            ("]", "=]"),
            (&token[last..], "]"),
            (&token[last..], "B]"),
            (&token[last - 20..], "]"),
        ] {
            let other = token.replace(from, to);
            assert_ne!(other, token);
            assert_eq!(find_tokens(&other), [], "{from} {to}");
            assert_eq!(revealed(&other).unwrap().text, other);
        }
    }

    #[test]
    fn a_reason_is_one_short_line() {
        assert_eq!(Reason::new("  complaint 17 ").unwrap().as_str(), "complaint 17");
        assert!(Reason::new(&"é".repeat(200)).is_ok());
        for (reason, why) in [
            ("", BadReason::Empty),
            (" \n ", BadReason::Empty),
            ("complaint\nuser=admin", BadReason::Control),
            ("complaint\u{2028}user=admin", BadReason::Control),
            (&"a".repeat(201), BadReason::TooLong),
        ] {
            assert_eq!(Reason::new(reason).unwrap_err(), why);
        }
        assert_eq!(format!("{:?}", reason()), "Reason { len: 4 }");
    }

    proptest! {
        #[test]
        fn any_words_lead_back(
            pieces in proptest::collection::vec(
                ("\\PC{0,8}", "[\\PC\n]{0,40}", proptest::sample::select(Label::ALL)),
                0..5,
            ),
        ) {
            let (mut text, mut original) = (String::new(), String::new());
            let mut spans = Vec::new();
            for (between, words, label) in &pieces {
                let token = tokenise(&keys("a"), *label, words);
                text.push_str(between);
                spans.push(Span::new(text.len(), text.len() + token.len()));
                text.push_str(&token);
                original.push_str(between);
                original.push_str(words);
            }
            prop_assert_eq!(find_tokens(&text), spans);
            let revealed = revealed(&text).unwrap();
            prop_assert_eq!(revealed.text, original);
            prop_assert_eq!(revealed.counts.values().sum::<usize>(), pieces.len());
        }

        #[test]
        fn text_without_tokens_stays(
            text in "(\\[(NAME|DATE OF BIRTH|x):k?[0-9]{0,2}:[A-Za-z0-9_-]{0,60}\\]?){0,3}|\\PC{0,40}",
        ) {
            let tokens = find_tokens(&text);
            match revealed(&text) {
                Ok(revealed) => {
                    prop_assert!(tokens.is_empty());
                    prop_assert_eq!(revealed.text, text);
                }
                Err(error) => {
                    prop_assert_eq!(error.failures().len(), tokens.len());
                    prop_assert_eq!(error.into_partial().text, text);
                }
            }
        }
    }
}
