//! AES in CBC mode as Presidio's `encrypt` and `decrypt` use it: PKCS #7 padding, a random initialisation vector before
//! the ciphertext, and URL-safe base64 around both.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};

/// Bytes of an initialisation vector.
pub(super) const IV_LEN: usize = 16;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Encrypts `text`; `None` where the key is of no length that AES has.
pub(super) fn encrypt(key: &[u8], iv: &[u8; IV_LEN], text: &str) -> Option<String> {
    let text = text.as_bytes();
    let sealed = match key.len() {
        16 => cbc::Encryptor::<aes::Aes128>::new_from_slices(key, iv).ok()?.encrypt_padded_vec::<Pkcs7>(text),
        24 => cbc::Encryptor::<aes::Aes192>::new_from_slices(key, iv).ok()?.encrypt_padded_vec::<Pkcs7>(text),
        32 => cbc::Encryptor::<aes::Aes256>::new_from_slices(key, iv).ok()?.encrypt_padded_vec::<Pkcs7>(text),
        _ => return None,
    };
    Some(encode(&[iv.as_slice(), &sealed].concat()))
}

/// Decrypts what [`encrypt`] wrote; `None` where the text is no such thing or the key is another.
pub(super) fn decrypt(key: &[u8], text: &str) -> Option<String> {
    let bytes = decode(text)?;
    let (iv, sealed) = bytes.split_at_checked(IV_LEN)?;
    let plain = match key.len() {
        16 => {
            cbc::Decryptor::<aes::Aes128>::new_from_slices(key, iv).ok()?.decrypt_padded_vec::<Pkcs7>(sealed)
        }
        24 => {
            cbc::Decryptor::<aes::Aes192>::new_from_slices(key, iv).ok()?.decrypt_padded_vec::<Pkcs7>(sealed)
        }
        32 => {
            cbc::Decryptor::<aes::Aes256>::new_from_slices(key, iv).ok()?.decrypt_padded_vec::<Pkcs7>(sealed)
        }
        _ => return None,
    };
    String::from_utf8(plain.ok()?).ok()
}

fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().chain(&[0, 0]).take(3).fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
        for place in 0..4 {
            let digit = usize::try_from(word >> (18 - 6 * place) & 63).unwrap_or(0);
            let char = ALPHABET.get(digit).map_or('A', |byte| char::from(*byte));
            out.push(if place <= chunk.len() { char } else { '=' });
        }
    }
    out
}

/// Base64 as leniently as Python reads it: both alphabets, other ASCII characters passed over, and nothing read after
/// the padding. `None` where characters are left over or not ASCII.
fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut word, mut digits, mut pads) = (0_u32, 0, 0);
    for byte in text.bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            b'=' if digits >= 2 => {
                pads += 1;
                if digits + pads >= 4 {
                    return Some(out);
                }
                continue;
            }
            _ => continue,
        };
        pads = 0;
        word = word << 6 | u32::from(digit);
        digits += 1;
        // The byte that this digit completes: the second, third and fourth digit of four end one each.
        if digits > 1 {
            let byte = word >> (8 - 2 * digits) & 0xff;
            out.push(u8::try_from(byte).unwrap_or(0));
        }
        if digits == 4 {
            (word, digits) = (0, 0);
        }
    }
    (digits == 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encrypted_comes_back_with_its_key_alone() {
        for key in
            [&b"0123456789abcdef"[..], b"0123456789abcdef01234567", b"0123456789abcdef0123456789abcdef"]
        {
            for text in ["", "Moira", "sixteen letters!", "naïve 🙂"] {
                let sealed = encrypt(key, &[7; IV_LEN], text).unwrap();
                assert_eq!(decrypt(key, &sealed).as_deref(), Some(text));
                assert_ne!(
                    decrypt(&key.iter().map(|byte| byte ^ 1).collect::<Vec<_>>(), &sealed).as_deref(),
                    Some(text)
                );
            }
        }
        assert!(encrypt(b"short", &[0; IV_LEN], "x").is_none());
    }

    #[test]
    fn base64_is_read_as_python_reads_it() {
        // text, base64.urlsafe_b64decode(text)
        let cases: [(&str, Option<&[u8]>); 12] = [
            ("", Some(b"")),
            ("AAEC", Some(&[0, 1, 2])),
            ("AAE=", Some(&[0, 1])),
            ("AA==", Some(&[0])),
            ("A A\n=!=", Some(&[0])),
            ("AA==BB", Some(&[0])),
            ("-_-_", Some(&[251, 255, 191])),
            ("+/+/", Some(&[251, 255, 191])),
            ("AA", None),
            ("AA=", None),
            ("A", None),
            ("é", None),
        ];
        for (text, bytes) in cases {
            assert_eq!(decode(text).as_deref(), bytes, "{text}");
        }
        for bytes in [&[][..], &[1], &[1, 2], &[1, 2, 3], &[250, 251, 252, 253]] {
            assert_eq!(decode(&encode(bytes)).as_deref(), Some(bytes));
        }
    }
}
