//! Sealed state: bytes that only the same key, scope and id open again, and that cannot be changed unnoticed.
//!
//! A blob is AES-256-GCM-SIV (RFC 8452) under the scoped seal key:
//!
//! | bytes | what |
//! | --- | --- |
//! | 1 | the format, 1 |
//! | 4 | the key version, most significant byte first |
//! | 12 | the nonce |
//! | as many as the contents | the contents, encrypted |
//! | 16 | the tag |
//!
//! The first five bytes are authenticated too. The nonce is derived from the contents with HMAC-SHA-256, as nothing
//! here draws random numbers. So the same contents give the same blob under one key, which shows whether a state has
//! changed and nothing else; the blob's length gives away that of the contents.

use std::fmt;

use crate::aead::{self, NONCE_LEN, TAG_LEN};
use crate::{Key, KeyRing, Purpose, Scope, ScopedKeys};

const FORMAT: u8 = 1;
const HEADER_LEN: usize = 5;

/// Seals bytes with the seal key.
///
/// # Errors
/// Fails past the cipher's limit of 64 GiB.
pub fn seal(keys: &ScopedKeys, contents: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce = aead::nonce(&keys.mac(Purpose::Seal, &[b"nonce", contents]));
    let mut blob = vec![FORMAT];
    blob.extend_from_slice(&keys.version().to_be_bytes());
    let sealed =
        aead::encrypt(&cipher_key(keys), &nonce, &blob, contents).ok_or(SealError(SealErrorKind::TooLong))?;
    blob.extend_from_slice(&nonce);
    blob.extend_from_slice(&sealed);
    Ok(blob)
}

/// Opens what [`seal`] made for the same scope and id, with the key version that the blob names.
///
/// # Errors
/// Fails where the blob is cut short, is of another format, or was changed; where it was sealed with another key, scope
/// or id; and where the ring lacks its key version, which the error names.
pub fn open(ring: &KeyRing, scope: Scope, id: &[u8], blob: &[u8]) -> Result<Vec<u8>, SealError> {
    let fail = |kind| Err(SealError(kind));
    match blob.first() {
        None => return fail(SealErrorKind::Cut),
        Some(&FORMAT) => {}
        Some(format) => return fail(SealErrorKind::UnknownFormat(*format)),
    }
    let Some((header, rest)) = blob.split_first_chunk::<HEADER_LEN>() else {
        return fail(SealErrorKind::Cut);
    };
    let Some((nonce, sealed)) = rest.split_first_chunk::<NONCE_LEN>() else {
        return fail(SealErrorKind::Cut);
    };
    if sealed.len() < TAG_LEN {
        return fail(SealErrorKind::Cut);
    }
    let [_, a, b, c, d] = *header;
    let version = u32::from_be_bytes([a, b, c, d]);
    let Ok(keys) = ring.scoped_at(version, scope, id) else {
        return fail(SealErrorKind::MissingKey(version));
    };
    aead::decrypt(&cipher_key(&keys), nonce, header, sealed).ok_or(SealError(SealErrorKind::NotAuthentic))
}

/// The key version that a blob names, before it is opened; `None` where it is no blob.
#[must_use]
pub fn version(blob: &[u8]) -> Option<u32> {
    match blob {
        [FORMAT, a, b, c, d, ..] => Some(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => None,
    }
}

fn cipher_key(keys: &ScopedKeys) -> Key {
    keys.subkey(Purpose::Seal, "AES-256-GCM-SIV")
}

/// Why a blob was not sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealErrorKind {
    /// The contents are longer than 64 GiB.
    TooLong,
    /// The blob is shorter than any blob is.
    Cut,
    /// The blob is of this format, which is not known here.
    UnknownFormat(u8),
    /// The ring lacks this key version, with which the blob was sealed.
    MissingKey(u32),
    /// The blob was changed or cut, or belongs to another key, scope or id.
    NotAuthentic,
}

/// The error of [`seal()`] and [`open`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealError(SealErrorKind);

impl SealError {
    /// Why.
    #[must_use]
    pub const fn kind(&self) -> SealErrorKind {
        self.0
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            SealErrorKind::TooLong => f.write_str("the contents are longer than 64 GiB and cannot be sealed"),
            SealErrorKind::Cut => f.write_str("the sealed state is cut short; fetch it again"),
            SealErrorKind::UnknownFormat(format) => {
                write!(f, "the sealed state is of format {format}, and this version reads format {FORMAT}")
            }
            SealErrorKind::MissingKey(version) => {
                write!(f, "the sealed state needs key version {version}; add it to the key ring")
            }
            SealErrorKind::NotAuthentic => f.write_str(
                "the sealed state was changed or cut, or was sealed with another key, scope or id; give the ones that \
                 it was sealed with",
            ),
        }
    }
}

impl std::error::Error for SealError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::keys::tests::{keys, ring};

    const SCOPE: Scope = Scope::Conversation;

    #[test]
    fn only_the_same_key_scope_and_id_open() {
        let ring = ring();
        let blob = seal(&keys("a"), b"state").unwrap();
        assert_eq!(blob, seal(&keys("a"), b"state").unwrap());
        assert_eq!(open(&ring, SCOPE, b"a", &blob).unwrap(), b"state");
        let kind = |ring: &KeyRing, scope, id| open(ring, scope, id, &blob).unwrap_err().kind();
        assert_eq!(kind(&ring, SCOPE, b"b"), SealErrorKind::NotAuthentic);
        assert_eq!(kind(&ring, Scope::Document, b"a"), SealErrorKind::NotAuthentic);
        let other = KeyRing::new(3, Key::new([7; 32]));
        assert_eq!(kind(&other, SCOPE, b"a"), SealErrorKind::NotAuthentic);
        let without = KeyRing::new(4, Key::new([7; 32]));
        assert_eq!(kind(&without, SCOPE, b"a"), SealErrorKind::MissingKey(3));
        assert!(open(&without, SCOPE, b"a", &blob).unwrap_err().to_string().contains("version 3"));
    }

    #[test]
    fn blobs_are_as_documented() {
        // Worked out by another implementation in Python. Blobs already sealed must stay readable.
        let blob: String =
            seal(&keys("a"), b"state").unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(blob, "01000000037ad0f0b2643500f875f37cee33133fa57b846c0c682d4fc1cd838c61df141f9cea");
    }

    #[test]
    fn an_older_version_still_opens() {
        let ring = ring();
        let blob = seal(&ring.scoped_at(1, SCOPE, b"a").unwrap(), b"state").unwrap();
        assert_eq!(open(&ring, SCOPE, b"a", &blob).unwrap(), b"state");
    }

    #[test]
    fn cut_and_changed_blobs_are_told() {
        let ring = ring();
        let blob = seal(&keys("a"), b"some state of a conversation").unwrap();
        for len in 0..blob.len() {
            let kind = open(&ring, SCOPE, b"a", &blob[..len]).unwrap_err().kind();
            let least = HEADER_LEN + NONCE_LEN + TAG_LEN;
            assert_eq!(
                kind,
                if len < least { SealErrorKind::Cut } else { SealErrorKind::NotAuthentic },
                "{len}"
            );
        }
        for at in 0..blob.len() * 8 {
            let mut changed = blob.clone();
            changed[at / 8] ^= 1 << (at % 8);
            let kind = open(&ring, SCOPE, b"a", &changed).unwrap_err().kind();
            match at / 8 {
                0 => assert_eq!(kind, SealErrorKind::UnknownFormat(changed[0])),
                // Version 3 with a bit changed is 1, which is there, or one that is missing.
                1..HEADER_LEN => {
                    assert!(matches!(kind, SealErrorKind::MissingKey(_)) || changed[4] == 1, "{kind:?}")
                }
                _ => assert_eq!(kind, SealErrorKind::NotAuthentic, "{at}"),
            }
        }
        let mut longer = blob.clone();
        longer.push(0);
        assert_eq!(open(&ring, SCOPE, b"a", &longer).unwrap_err().kind(), SealErrorKind::NotAuthentic);
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens(contents in proptest::collection::vec(any::<u8>(), 0..200)) {
            let blob = seal(&keys("a"), &contents).unwrap();
            prop_assert_eq!(blob.len(), contents.len() + HEADER_LEN + NONCE_LEN + TAG_LEN);
            prop_assert_eq!(open(&ring(), SCOPE, b"a", &blob).unwrap(), contents);
        }

        #[test]
        fn anything_else_is_an_error(blob in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(open(&ring(), SCOPE, b"a", &blob).is_err());
            let looks_right = [&[FORMAT, 0, 0, 0, 1][..], &blob].concat();
            prop_assert!(open(&ring(), SCOPE, b"a", &looks_right).is_err());
        }
    }
}
