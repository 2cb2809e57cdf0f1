//! Bearer tokens that an identity provider signs: RS256, ES256 and EdDSA, against a local JSON Web Key Set.
//!
//! The signatures are `ring`'s, which TLS brings along. The crates made for this either pull in RSA code with an open
//! timing advisory or a second cryptographic library.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256};
use ring::signature::{RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 8 * 1024;

#[derive(Deserialize)]
struct WireSet {
    keys: Vec<WireKey>,
}

#[derive(Deserialize)]
struct WireKey {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

struct Key {
    kid: Option<String>,
    material: Material,
}

/// The keys of a JSON Web Key Set that can be used.
pub(crate) struct KeySet(Vec<Key>);

/// What a token has to say.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) audience: &'a str,
    /// Seconds since 1970.
    pub(crate) now: i64,
    /// By how many seconds clocks may differ.
    pub(crate) leeway: i64,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl KeySet {
    /// Reads a key set; keys of other kinds and for encryption are passed over.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let set: WireSet = serde_json::from_str(text).map_err(|_| "it is no JSON Web Key Set")?;
        let keys: Vec<Key> = set.keys.into_iter().filter_map(WireKey::key).collect();
        if keys.is_empty() {
            return Err("it has no key for RS256, ES256 or EdDSA");
        }
        Ok(Self(keys))
    }

    /// The `sub` of a token that holds; otherwise what is wrong with it, in words that do not quote it.
    pub(crate) fn verify(&self, token: &str, expected: &Expected<'_>) -> Result<String, &'static str> {
        if token.len() > LONGEST {
            return Err("the token is too long");
        }
        let (signed, signature) = token.rsplit_once('.').ok_or("the token has not three parts")?;
        let (header, claims) = signed.split_once('.').ok_or("the token has not three parts")?;
        let header: Header =
            serde_json::from_slice(&decode(header)?).map_err(|_| "the token's head cannot be read")?;
        if header.crit.is_some() {
            return Err("the token asks for extensions");
        }
        let signature = decode(signature)?;
        let fits = |key: &&Key| {
            key.material.algorithm() == header.alg && (header.kid.is_none() || key.kid == header.kid)
        };
        let holds = |key: &Key| key.material.verifies(signed.as_bytes(), &signature);
        if !self.0.iter().filter(fits).any(holds) {
            return Err("no key of the set has signed the token");
        }
        let claims: Claims =
            serde_json::from_slice(&decode(claims)?).map_err(|_| "the token lacks iss, sub, aud or exp")?;
        claims.check(expected)?;
        Ok(claims.sub)
    }
}

impl Claims {
    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^52 seconds")]
    fn check(&self, expected: &Expected<'_>) -> Result<(), &'static str> {
        let (now, leeway) = (expected.now as f64, expected.leeway as f64);
        let is_for = |audience: &String| audience == expected.audience;
        let is_meant = match &self.aud {
            Audience::One(audience) => is_for(audience),
            Audience::Many(audiences) => audiences.iter().any(is_for),
        };
        if self.exp + leeway <= now {
            Err("the token has expired")
        } else if self.nbf.is_some_and(|from| from - leeway > now) {
            Err("the token is not valid yet")
        } else if self.iss != expected.issuer {
            Err("the token has another issuer")
        } else if !is_meant {
            Err("the token is for another audience")
        } else if self.sub.is_empty() || self.sub.len() > 200 {
            Err("the token's sub has not 1 to 200 bytes")
        } else {
            Ok(())
        }
    }
}

impl WireKey {
    fn key(self) -> Option<Key> {
        if self.purpose.is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let bytes = |field: &Option<String>| decode(field.as_deref()?).ok();
        let material = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => {
                let without_zeros =
                    |bytes: Vec<u8>| bytes.into_iter().skip_while(|byte| *byte == 0).collect();
                Material::Rsa { n: without_zeros(bytes(&self.n)?), e: without_zeros(bytes(&self.e)?) }
            }
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes(&self.x)?, bytes(&self.y)?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                // An uncompressed point begins with a 4.
                Material::P256([&[4], x.as_slice(), y.as_slice()].concat())
            }
            ("OKP", Some("Ed25519")) => Material::Ed25519(bytes(&self.x)?),
            _ => return None,
        };
        let suits = self.alg.is_none_or(|alg| alg == material.algorithm());
        suits.then_some(Key { kid: self.kid, material })
    }
}

impl Material {
    const fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa { .. } => "RS256",
            Self::P256(_) => "ES256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    fn verifies(&self, signed: &[u8], signature: &[u8]) -> bool {
        let result = match self {
            Self::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature)
            }
            Self::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature)
            }
            Self::Ed25519(point) => UnparsedPublicKey::new(&ED25519, point).verify(signed, signature),
        };
        result.is_ok()
    }
}

fn decode(text: &str) -> Result<Vec<u8>, &'static str> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| "the token is not base64url")
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
        RsaKeyPair,
    };
    use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;

    use super::*;

    fn encode(bytes: &[u8]) -> String {
        Base64UrlUnpadded::encode_string(bytes)
    }

    const CLAIMS: &str = r#"{"iss":"i","sub":"nurse","aud":["a","b"],"exp":1000,"nbf":500}"#;
    const EXPECTED: Expected<'_> = Expected { issuer: "i", audience: "b", now: 700, leeway: 10 };

    #[test]
    fn tokens_hold_by_signature_and_claims() {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let set = format!(
            r#"{{"keys":[{{"kty":"oct","k":"AAAA"}},{{"kty":"OKP","crv":"Ed25519","kid":"1","x":"{}"}}]}}"#,
            encode(pair.public_key().as_ref())
        );
        let keys = KeySet::parse(&set).unwrap();
        let token = |header: &str, claims: &str| {
            let signed = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
            format!("{signed}.{}", encode(pair.sign(signed.as_bytes()).as_ref()))
        };
        let header = r#"{"alg":"EdDSA","kid":"1"}"#;
        assert_eq!(keys.verify(&token(header, CLAIMS), &EXPECTED), Ok("nurse".to_owned()));
        for (header, claims, says) in [
            (r#"{"alg":"none"}"#, CLAIMS, "signed"),
            (r#"{"alg":"RS256","kid":"1"}"#, CLAIMS, "signed"),
            (r#"{"alg":"EdDSA","kid":"2"}"#, CLAIMS, "signed"),
            (r#"{"alg":"EdDSA","crit":["x"]}"#, CLAIMS, "extensions"),
            (header, r#"{"iss":"i","sub":"nurse","aud":"b","exp":690}"#, "expired"),
            (header, r#"{"iss":"i","sub":"nurse","aud":"b","exp":"1000"}"#, "lacks"),
            (header, r#"{"iss":"i","sub":"nurse","aud":"b"}"#, "lacks"),
            (header, r#"{"iss":"i","sub":"nurse","aud":"b","exp":1000,"nbf":"9"}"#, "lacks"),
            (header, r#"{"iss":"i","sub":"nurse","aud":"b","exp":1000,"nbf":711}"#, "not valid yet"),
            (header, r#"{"iss":"j","sub":"nurse","aud":"b","exp":1000}"#, "issuer"),
            (header, r#"{"iss":"i","sub":"nurse","aud":"c","exp":1000}"#, "audience"),
            (header, r#"{"iss":"i","sub":"","aud":"b","exp":1000}"#, "sub"),
        ] {
            let error = keys.verify(&token(header, claims), &EXPECTED).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
        let mut forged = token(header, CLAIMS);
        forged.replace_range(forged.len() - 4..forged.len() - 2, "zz");
        assert!(keys.verify(&forged, &EXPECTED).is_err());
        assert!(keys.verify("a.b", &EXPECTED).is_err());
    }

    #[test]
    fn rsa_keys_are_read() {
        let pem = include_bytes!("../tests/keys/rsa-2048.pem");
        let pair =
            RsaKeyPair::from_pkcs8(PrivatePkcs8KeyDer::from_pem_slice(pem).unwrap().secret_pkcs8_der());
        let pair = pair.unwrap();
        let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
        // A modulus is given with a zero before it by some.
        for zeros in [&[][..], &[0]] {
            let n = encode(&[zeros, parts.n.as_slice()].concat());
            let e = encode(&parts.e);
            let set = format!(r#"{{"keys":[{{"kty":"RSA","alg":"RS256","kid":"r","n":"{n}","e":"{e}"}}]}}"#);
            let keys = KeySet::parse(&set).unwrap();
            let token = |header: &str| {
                let signed = format!("{}.{}", encode(header.as_bytes()), encode(CLAIMS.as_bytes()));
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
                    .unwrap();
                format!("{signed}.{}", encode(&signature))
            };
            let good = token(r#"{"alg":"RS256","kid":"r"}"#);
            assert_eq!(keys.verify(&good, &EXPECTED), Ok("nurse".to_owned()));
            for header in
                [r#"{"alg":"PS256","kid":"r"}"#, r#"{"alg":"EdDSA","kid":"r"}"#, r#"{"alg":"HS256"}"#]
            {
                assert!(keys.verify(&token(header), &EXPECTED).is_err(), "{header}");
            }
            let other = good
                .replace(&encode(CLAIMS.as_bytes()), &encode(CLAIMS.replace("nurse", "admin").as_bytes()));
            assert!(other != good && keys.verify(&other, &EXPECTED).is_err());
        }
    }

    #[test]
    fn elliptic_curves_are_read() {
        let random = SystemRandom::new();
        let file = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, file.as_ref(), &random).unwrap();
        let point = pair.public_key().as_ref();
        let set = format!(
            r#"{{"keys":[{{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","x":"{}","y":"{}"}}]}}"#,
            encode(&point[1..33]),
            encode(&point[33..])
        );
        let signed = format!("{}.{}", encode(br#"{"alg":"ES256"}"#), encode(CLAIMS.as_bytes()));
        let token = format!("{signed}.{}", encode(pair.sign(&random, signed.as_bytes()).unwrap().as_ref()));
        assert!(KeySet::parse(&set).unwrap().verify(&token, &EXPECTED).is_ok());
        assert!(KeySet::parse(&set.replace("\"sig\"", "\"enc\"")).is_err());
        assert!(KeySet::parse(&set.replace("ES256", "ES384")).is_err());
    }
}
