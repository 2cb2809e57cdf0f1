//! Secret keys: the ring that the caller keeps, and the keys that the operators get from it.
//!
//! # From the ring to an operator
//!
//! A [`KeyRing`] holds one secret key a version. No operator uses it directly: [`KeyRing::scoped`] derives from the
//! current version one key for each [`Purpose`], bound to a [`Scope`] and to an id within it. What was written for one
//! conversation can therefore be neither compared with what was written for another nor revealed by its keys.
//!
//! Derivation is HKDF-SHA-256 (RFC 5869): salt `presend-redact 1`, the secret key as input, and as info the purpose,
//! the scope and the id, each after its length in eight bytes, so that no two triples give the same info. An output
//! is as long as one block of HKDF, so each of its two steps is one HMAC.
//!
//! A derived key is only ever the key of an HMAC. What a cipher needs is derived from it once more, so no key serves
//! two algorithms.
//!
//! # Memory
//!
//! Keys are overwritten with zeros when they are dropped. Copies that the caller has made are the caller's to wipe:
//! the text given to [`KeyRing::parse`], the array given to [`Key::new`].

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// The length of a key in bytes.
const KEY_LEN: usize = 32;
/// The length of a block of SHA-256, to which HMAC fills up its key.
const BLOCK_LEN: usize = 64;
const SALT: &[u8; 16] = b"presend-redact 1";

/// A secret key of 32 bytes; it is overwritten when dropped, and Debug shows nothing of it.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; KEY_LEN]>);

impl Key {
    /// A key of these 32 bytes, which must come from a cryptographic source of randomness.
    #[must_use]
    pub fn new(bytes: [u8; KEY_LEN]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads a key from 64 hexadecimal digits in either case, as `openssl rand -hex 32` writes one.
    ///
    /// # Errors
    /// Fails where the text is not 64 hexadecimal digits, and where every byte is the same, as in a template that
    /// nobody filled in.
    pub fn from_hex(hex: &str) -> Result<Self, KeyError> {
        let length = hex.chars().count();
        if length != 2 * KEY_LEN {
            return Err(KeyErrorKind::WrongLength(length).into());
        }
        let mut bytes = Zeroizing::new([0; KEY_LEN]);
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            for digit in pair {
                let Some(value) = char::from(*digit).to_digit(16) else {
                    return Err(KeyErrorKind::NotHex.into());
                };
                *byte = *byte << 4 | value as u8;
            }
        }
        if bytes.iter().all(|byte| *byte == bytes[0]) {
            return Err(KeyErrorKind::NotRandom.into());
        }
        Ok(Self(bytes))
    }

    /// The bytes of the key, for an algorithm that takes a key.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }
}

impl ZeroizeOnDrop for Key {}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

/// How far the same identifier is written in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Within one document; the id is the document's.
    Document,
    /// Within one conversation; the id is the conversation's.
    Conversation,
    /// Within one archive or data set that is handed on together; the id is the archive's.
    Archive,
    /// Throughout the organisation; the id is the organisation's, and may be empty where there is only one.
    Organisation,
}

impl Scope {
    /// Every scope, the narrowest first.
    pub const ALL: &'static [Scope] =
        &[Scope::Document, Scope::Conversation, Scope::Archive, Scope::Organisation];

    /// The scope's name in files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Scope::Document => "document",
            Scope::Conversation => "conversation",
            Scope::Archive => "archive",
            Scope::Organisation => "organisation",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The error of [`Scope::from_str`]: the word is no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownScope;

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a scope; the scopes are document, conversation, archive and organisation")
    }
}

impl std::error::Error for UnknownScope {}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(name: &str) -> Result<Self, UnknownScope> {
        Self::ALL.iter().copied().find(|scope| scope.name() == name).ok_or(UnknownScope)
    }
}

/// What a derived key is for; keys of different purposes have nothing to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// Keyed hashes ([`crate::hash`]).
    Hash,
    /// How far dates are moved.
    Shift,
    /// Which invented name or number stands for a real one.
    Surrogate,
    /// Numbers that keep their format ([`crate::format`]).
    Format,
    /// Reversible tokens ([`crate::token`]).
    Token,
    /// Sealed state ([`crate::seal`]).
    Seal,
    /// Recognising the same person again in kept state.
    Link,
}

const PURPOSES: [Purpose; 7] = [
    Purpose::Hash,
    Purpose::Shift,
    Purpose::Surrogate,
    Purpose::Format,
    Purpose::Token,
    Purpose::Seal,
    Purpose::Link,
];

impl Purpose {
    /// Every purpose.
    pub const ALL: &'static [Purpose] = &PURPOSES;

    /// The purpose's name, as it goes into the derivation.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Purpose::Hash => "hash",
            Purpose::Shift => "shift",
            Purpose::Surrogate => "surrogate",
            Purpose::Format => "format",
            Purpose::Token => "token",
            Purpose::Seal => "seal",
            Purpose::Link => "link",
        }
    }
}

/// Secret keys by version number, at least one; the highest version is the current one.
///
/// What a key wrote can be revealed as long as the ring holds its version, so rotation adds a version and keeps the
/// older ones.
///
/// ```
/// use presend_redact::{Key, KeyRing, Scope};
///
/// let mut ring = KeyRing::new(1, Key::new(*b"an example; take 32 random bytes"));
/// ring.add(2, Key::new(*b"another example: 32 random bytes"))?;
/// assert_eq!(ring.current(), 2);
///
/// let keys = ring.scoped(Scope::Conversation, b"ward 4 handover");
/// assert_eq!(keys.version(), 2);
/// # Ok::<(), presend_redact::KeyError>(())
/// ```
#[derive(Clone)]
pub struct KeyRing {
    current: u32,
    key: Key,
    /// The versions before the current one.
    older: BTreeMap<u32, Key>,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing").field("versions", &self.versions().collect::<Vec<_>>()).finish()
    }
}

impl KeyRing {
    /// A ring of one key.
    #[must_use]
    pub const fn new(version: u32, key: Key) -> Self {
        Self { current: version, key, older: BTreeMap::new() }
    }

    /// Reads a ring from lines of a version number, a space and a key of 64 hexadecimal digits.
    ///
    /// Blank lines and lines that start with `#` are comments. The order of the lines does not matter.
    ///
    /// # Errors
    /// Fails on a line that is none of these, on a version that stands twice, and where there is no key at all. The
    /// error names the line and never shows what stands in it.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut ring: Option<Self> = None;
        // Windows editors start a file with a byte order mark.
        for (index, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let added = Self::parse_line(line).and_then(|(version, key)| match &mut ring {
                Some(ring) => ring.add(version, key),
                None => {
                    ring = Some(Self::new(version, key));
                    Ok(())
                }
            });
            added.map_err(|error| KeyError { line: Some(index + 1), ..error })?;
        }
        ring.ok_or_else(|| KeyErrorKind::NoKeys.into())
    }

    fn parse_line(line: &str) -> Result<(u32, Key), KeyError> {
        let mut words = line.split_whitespace();
        let (Some(version), Some(hex), None) = (words.next(), words.next(), words.next()) else {
            return Err(KeyErrorKind::NotALine.into());
        };
        // `parse` alone would take a plus sign.
        let digits = version.bytes().all(|byte| byte.is_ascii_digit());
        let version = version.parse().ok().filter(|_| digits).ok_or(KeyErrorKind::NotAVersion)?;
        Ok((version, Key::from_hex(hex)?))
    }

    /// Adds a version; the highest is the current one from then on.
    ///
    /// # Errors
    /// Fails where the ring already has that version: replacing its key would make what it wrote unreadable.
    pub fn add(&mut self, version: u32, key: Key) -> Result<(), KeyError> {
        if self.get(version).is_some() {
            return Err(KeyErrorKind::Duplicate(version).into());
        }
        if version > self.current {
            let key = std::mem::replace(&mut self.key, key);
            let version = std::mem::replace(&mut self.current, version);
            self.older.insert(version, key);
        } else {
            self.older.insert(version, key);
        }
        Ok(())
    }

    /// The version that writes.
    #[must_use]
    pub const fn current(&self) -> u32 {
        self.current
    }

    /// Every version, the oldest first.
    pub fn versions(&self) -> impl Iterator<Item = u32> {
        self.older.keys().copied().chain([self.current])
    }

    /// The keys of the current version for a scope and an id within it.
    #[must_use]
    pub fn scoped(&self, scope: Scope, id: &[u8]) -> ScopedKeys {
        ScopedKeys::derive(self.current, &self.key, scope, id)
    }

    /// The keys of a given version for a scope and an id within it, for reading what that version wrote.
    ///
    /// # Errors
    /// Fails where the ring does not have that version; the error names it.
    pub fn scoped_at(&self, version: u32, scope: Scope, id: &[u8]) -> Result<ScopedKeys, KeyError> {
        let key = self.get(version).ok_or(KeyErrorKind::Missing(version))?;
        Ok(ScopedKeys::derive(version, key, scope, id))
    }

    fn get(&self, version: u32) -> Option<&Key> {
        if version == self.current { Some(&self.key) } else { self.older.get(&version) }
    }
}

/// The keys of one version for one scope and id, one a purpose.
///
/// Deriving them takes some 40 blocks of SHA-256, so they are made once for a document or conversation and kept.
#[derive(Clone)]
pub struct ScopedKeys {
    version: u32,
    keys: [Key; PURPOSES.len()],
}

impl fmt::Debug for ScopedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopedKeys").field("version", &self.version).finish_non_exhaustive()
    }
}

impl ScopedKeys {
    fn derive(version: u32, key: &Key, scope: Scope, id: &[u8]) -> Self {
        let prk = extract(SALT, key.as_bytes());
        let keys = PURPOSES
            .map(|purpose| expand(&prk, &framed(&[purpose.name().as_bytes(), scope.name().as_bytes(), id])));
        Self { version, keys }
    }

    /// The version of the secret key that these come from.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// A keyed pseudorandom value for a purpose: HMAC-SHA-256 over the parts, each after its length.
    ///
    /// Nothing about it can be foretold without the key. Different lists of parts never meet by being joined
    /// differently.
    #[must_use]
    pub fn mac(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        hmac(self.key(purpose).as_bytes(), &[b"mac", &framed(parts)])
    }

    /// A key for one algorithm of a purpose.
    pub(crate) fn subkey(&self, purpose: Purpose, algorithm: &str) -> Key {
        // `mac` starts otherwise, so no list of parts gives a key.
        Key::new(hmac(self.key(purpose).as_bytes(), &[b"key", algorithm.as_bytes()]))
    }

    const fn key(&self, purpose: Purpose) -> &Key {
        let [hash, shift, surrogate, format, token, seal, link] = &self.keys;
        match purpose {
            Purpose::Hash => hash,
            Purpose::Shift => shift,
            Purpose::Surrogate => surrogate,
            Purpose::Format => format,
            Purpose::Token => token,
            Purpose::Seal => seal,
            Purpose::Link => link,
        }
    }
}

/// The parts one after the other, each after its length in eight bytes, most significant first.
pub(crate) fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        framed.extend_from_slice(&(part.len() as u64).to_be_bytes());
        framed.extend_from_slice(part);
    }
    framed
}

/// HMAC-SHA-256 over the pieces as if they were one.
pub(crate) fn hmac<const N: usize>(key: &[u8; N], pieces: &[&[u8]]) -> [u8; 32] {
    const { assert!(N <= BLOCK_LEN) };
    // HMAC fills a short key up with zeros, so the filled key is the same key and always has the right length.
    let mut block = Zeroizing::new([0; BLOCK_LEN]);
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    let mut hmac = Hmac::<Sha256>::new((&*block).into());
    for piece in pieces {
        hmac.update(piece);
    }
    hmac.finalize().into_bytes().into()
}

/// The first step of HKDF.
fn extract<const N: usize>(salt: &[u8; N], secret: &[u8]) -> Key {
    Key::new(hmac(salt, &[secret]))
}

/// The second step of HKDF, for an output of one block.
fn expand(prk: &Key, info: &[u8]) -> Key {
    Key::new(hmac(prk.as_bytes(), &[info, &[1]]))
}

/// What is wrong with a key or a key ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyErrorKind {
    /// The key has this many characters and not 64.
    WrongLength(usize),
    /// The key has a character that is no hexadecimal digit.
    NotHex,
    /// Every byte of the key is the same.
    NotRandom,
    /// The line is not a version and a key.
    NotALine,
    /// The version is no whole number of 32 bits.
    NotAVersion,
    /// This version stands twice.
    Duplicate(u32),
    /// There is no key.
    NoKeys,
    /// The ring does not have this version.
    Missing(u32),
}

/// The error of reading keys or asking for one; it never shows a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyError {
    kind: KeyErrorKind,
    line: Option<usize>,
}

impl KeyError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> KeyErrorKind {
        self.kind
    }

    /// The line of the text that it is wrong with, counted from 1.
    #[must_use]
    pub const fn line(&self) -> Option<usize> {
        self.line
    }
}

impl From<KeyErrorKind> for KeyError {
    fn from(kind: KeyErrorKind) -> Self {
        Self { kind, line: None }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        match self.kind {
            KeyErrorKind::WrongLength(length) => {
                write!(f, "the key has {length} characters; a key is 64 hexadecimal digits")
            }
            KeyErrorKind::NotHex => {
                f.write_str("the key has a character that is none of 0-9 and a-f; a key is 64 of them")
            }
            KeyErrorKind::NotRandom => f.write_str(
                "every byte of the key is the same; make a random key, for instance with `openssl rand -hex 32`",
            ),
            KeyErrorKind::NotALine => {
                f.write_str("expected a version number, a space and a key of 64 hexadecimal digits")
            }
            KeyErrorKind::NotAVersion => {
                write!(f, "the version is no whole number from 0 to {}", u32::MAX)
            }
            KeyErrorKind::Duplicate(version) => {
                write!(f, "key version {version} is there already; give the new key a higher number")
            }
            KeyErrorKind::NoKeys => {
                f.write_str("there is no key; write a version number, a space and 64 hexadecimal digits")
            }
            KeyErrorKind::Missing(version) => {
                write!(f, "the key ring has no key version {version}; add it to read what it wrote")
            }
        }
    }
}

impl std::error::Error for KeyError {}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Keys for the tests of the operators.
    pub(crate) fn keys(id: &str) -> ScopedKeys {
        ring().scoped(Scope::Conversation, id.as_bytes())
    }

    /// A ring of versions 1 and 3.
    pub(crate) fn ring() -> KeyRing {
        let mut ring = KeyRing::new(1, Key::new(*b"the first key of the tests: weak"));
        ring.add(3, Key::new(*b"the third key of the tests: weak")).unwrap();
        ring
    }

    const ONE: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";
    const TWO: &str = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";

    fn bytes(hex: &str) -> Vec<u8> {
        let pairs = hex.as_bytes().chunks(2);
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    #[test]
    fn derives_as_rfc_5869_does() {
        // Test cases 1 and 3 of appendix A; they ask for 42 bytes, of which the first 32 are one block.
        let secret = [0x0b; 22];
        let salt: [u8; 13] = std::array::from_fn(|at| at as u8);
        let prk = extract(&salt, &secret);
        assert_eq!(
            prk.as_bytes().to_vec(),
            bytes("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
        );
        assert_eq!(
            expand(&prk, &bytes("f0f1f2f3f4f5f6f7f8f9")).as_bytes().to_vec(),
            bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf")
        );
        assert_eq!(
            expand(&extract(&[], &secret), &[]).as_bytes().to_vec(),
            bytes("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
        );
    }

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        // Test cases 1 and 2.
        let long = bytes("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        assert_eq!(hmac(&[0x0b; 20], &[b"Hi ", b"There"]).to_vec(), long);
        let short = bytes("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert_eq!(hmac(b"Jefe", &[b"what do ya want for nothing?"]).to_vec(), short);
    }

    #[test]
    fn every_purpose_scope_id_and_version_has_its_own_keys() {
        let ring = ring();
        let mut seen = std::collections::BTreeSet::new();
        let mut made = 0;
        for version in ring.versions() {
            for scope in Scope::ALL {
                for id in [&b""[..], b"a", b"aa"] {
                    let keys = ring.scoped_at(version, *scope, id).unwrap();
                    for purpose in Purpose::ALL {
                        seen.insert(*keys.key(*purpose).as_bytes());
                        seen.insert(keys.mac(*purpose, &[]));
                        seen.insert(*keys.subkey(*purpose, "").as_bytes());
                        made += 3;
                    }
                }
            }
        }
        assert_eq!(seen.len(), made);
    }

    #[test]
    fn joining_differently_gives_a_different_value() {
        let keys = keys("a");
        assert_ne!(keys.mac(Purpose::Hash, &[b"ab", b"c"]), keys.mac(Purpose::Hash, &[b"a", b"bc"]));
        assert_ne!(keys.mac(Purpose::Hash, &[b"ab"]), keys.mac(Purpose::Hash, &[b"ab", b""]));
    }

    #[test]
    fn the_highest_version_writes() {
        let mut ring = ring();
        assert_eq!(ring.current(), 3);
        ring.add(2, Key::new([2; 32])).unwrap();
        assert_eq!(ring.current(), 3);
        ring.add(9, Key::new([9; 32])).unwrap();
        assert_eq!(ring.scoped(Scope::Archive, b"x").version(), 9);
        assert_eq!(ring.versions().collect::<Vec<_>>(), [1, 2, 3, 9]);
        for version in [1, 9] {
            assert_eq!(
                ring.add(version, Key::new([7; 32])).unwrap_err().kind(),
                KeyErrorKind::Duplicate(version)
            );
        }
        // The versions kept their keys.
        let old = self::ring();
        for version in [1, 3] {
            let [now, then] =
                [&ring, &old].map(|ring| ring.scoped_at(version, Scope::Document, b"x").unwrap());
            assert_eq!(now.mac(Purpose::Hash, &[]), then.mac(Purpose::Hash, &[]));
        }
        let error = ring.scoped_at(4, Scope::Document, b"x").unwrap_err();
        assert_eq!(error.kind(), KeyErrorKind::Missing(4));
        assert!(error.to_string().contains("key version 4"), "{error}");
    }

    #[test]
    fn reads_a_ring_of_lines() {
        let text = format!("\u{feff}# the keys of the tests\r\n\n  2\t{TWO}\r\n# older\n1 {ONE}");
        let ring = KeyRing::parse(&text).unwrap();
        assert_eq!(ring.versions().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(ring.get(1).unwrap().as_bytes().to_vec(), (0..32).collect::<Vec<u8>>());
        assert_eq!(ring.get(2).unwrap().as_bytes().to_vec(), (32..64).collect::<Vec<u8>>());
    }

    #[test]
    fn says_which_line_is_wrong_and_never_shows_it() {
        let zeros = "00".repeat(32);
        let long = format!("{ONE}0");
        let accented = format!("é{}", &ONE[1..]);
        let not_hex = format!("{}g", &ONE[1..]);
        for (line, kind) in [
            (ONE.to_owned(), KeyErrorKind::NotALine),
            (format!("1 {ONE} # mine"), KeyErrorKind::NotALine),
            (format!("one {ONE}"), KeyErrorKind::NotAVersion),
            (format!("+1 {ONE}"), KeyErrorKind::NotAVersion),
            (format!("-1 {ONE}"), KeyErrorKind::NotAVersion),
            (format!("4294967296 {ONE}"), KeyErrorKind::NotAVersion),
            (format!("1 {}", &ONE[2..]), KeyErrorKind::WrongLength(62)),
            (format!("1 {long}"), KeyErrorKind::WrongLength(65)),
            (format!("1 {accented}"), KeyErrorKind::NotHex),
            (format!("1 {not_hex}"), KeyErrorKind::NotHex),
            (format!("1 {zeros}"), KeyErrorKind::NotRandom),
            (format!("7 {ONE}"), KeyErrorKind::Duplicate(7)),
        ] {
            let error = KeyRing::parse(&format!("# keys\n7 {TWO}\n{line}\n")).unwrap_err();
            assert_eq!((error.kind(), error.line()), (kind, Some(3)));
            let shown = format!("{error} {error:?}");
            assert!(error.to_string().starts_with("line 3: "), "{error}");
            assert!(!shown.contains("0809") && !shown.contains("0000"), "{error}");
        }
        for empty in ["", "# nothing\n\n"] {
            let error = KeyRing::parse(empty).unwrap_err();
            assert_eq!((error.kind(), error.line()), (KeyErrorKind::NoKeys, None));
        }
    }

    #[test]
    fn debug_shows_no_key() {
        let key = Key::from_hex(ONE).unwrap();
        assert_eq!(format!("{key:?}"), "Key(..)");
        let ring = KeyRing::new(5, key);
        assert_eq!(format!("{ring:?}"), "KeyRing { versions: [5] }");
        assert_eq!(format!("{:?}", ring.scoped(Scope::Document, b"x")), "ScopedKeys { version: 5, .. }");
    }

    #[test]
    fn keys_are_wiped_when_dropped() {
        fn wiped<T: ZeroizeOnDrop>(_: &T) {}
        let key = Key::new([1; 32]);
        wiped(&key);
        wiped(&key.0);
    }

    #[test]
    fn scopes_read_back_from_their_names() {
        for scope in Scope::ALL {
            assert_eq!(scope.name().parse(), Ok(*scope));
            assert_eq!(scope.to_string(), scope.name());
        }
        assert_eq!("ward".parse::<Scope>(), Err(UnknownScope));
    }
}
