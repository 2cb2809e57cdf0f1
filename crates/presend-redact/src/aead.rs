//! AES-256-GCM-SIV (RFC 8452), which stays safe where a nonce is used twice: all that shows is that the same contents
//! were sealed twice.

use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit};

use crate::Key;

pub(crate) const NONCE_LEN: usize = 12;
pub(crate) const TAG_LEN: usize = 16;

/// The contents encrypted, and after them the tag; `None` past the cipher's limit of 64 GiB.
pub(crate) fn encrypt(key: &Key, nonce: &[u8; NONCE_LEN], aad: &[u8], contents: &[u8]) -> Option<Vec<u8>> {
    let cipher = Aes256GcmSiv::new(key.as_bytes().into());
    cipher.encrypt(nonce.into(), Payload { msg: contents, aad }).ok()
}

/// The contents, or `None` where the key, the nonce, the associated data or a single bit is not what it was.
pub(crate) fn decrypt(key: &Key, nonce: &[u8; NONCE_LEN], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let cipher = Aes256GcmSiv::new(key.as_bytes().into());
    cipher.decrypt(nonce.into(), Payload { msg: sealed, aad }).ok()
}

/// The first bytes of a keyed value as a nonce.
pub(crate) fn nonce(mac: &[u8; 32]) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    for (place, byte) in nonce.iter_mut().zip(mac) {
        *place = *byte;
    }
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;

    fn padded<const N: usize>(first: u8) -> [u8; N] {
        let mut bytes = [0; N];
        bytes[0] = first;
        bytes
    }

    #[test]
    fn encrypts_as_rfc_8452_does() {
        // Appendix C.2: the first vectors without and with associated data.
        let (key, nonce) = (Key::new(padded(1)), padded(3));
        let plain = [
            0xc2, 0xef, 0x32, 0x8e, 0x5c, 0x71, 0xc8, 0x3b, 0x84, 0x31, 0x22, 0x13, 0x0f, 0x73, 0x64, 0xb7,
            0x61, 0xe0, 0xb9, 0x74, 0x27, 0xe3, 0xdf, 0x28,
        ];
        assert_eq!(encrypt(&key, &nonce, b"", &padded::<8>(1)).unwrap(), plain);
        let with_data = [
            0x1d, 0xe2, 0x29, 0x67, 0x23, 0x7a, 0x81, 0x32, 0x91, 0x21, 0x3f, 0x26, 0x7e, 0x3b, 0x45, 0x2f,
            0x02, 0xd0, 0x1a, 0xe3, 0x3e, 0x4e, 0xc8, 0x54,
        ];
        assert_eq!(encrypt(&key, &nonce, &[1], &padded::<8>(2)).unwrap(), with_data);
        assert_eq!(decrypt(&key, &nonce, &[1], &with_data).unwrap(), padded::<8>(2));
        assert_eq!(decrypt(&key, &nonce, &[2], &with_data), None);
    }
}
