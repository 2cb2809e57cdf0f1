//! The operators: what is put in the place of an identifier.

use sha2::{Digest as _, Sha256, Sha512};

use super::value::Value;
use super::{Entropy, cipher};

/// The operators of `/anonymize`, in Presidio's order. `custom` needs Python code and is refused; `surrogate_ahds` needs
/// a service of Azure's and ends in an error, as in a Presidio without its library.
pub(super) const ANONYMIZERS: &[&str] =
    &["custom", "encrypt", "hash", "keep", "mask", "redact", "replace", "surrogate_ahds"];

/// The operators of `/deanonymize`.
pub(super) const DEANONYMIZERS: &[&str] = &["decrypt", "deanonymize_keep"];

/// Why a request is refused.
#[derive(Debug)]
pub(super) enum Refused {
    /// Status 400.
    Bad(&'static str),
    /// Status 422: a parameter is missing or wrong.
    Invalid(String),
    /// Status 500: what Presidio trips over without a word.
    Internal,
}

pub(super) type Answer<T> = Result<T, Refused>;

pub(super) fn invalid<T>(what: impl Into<String>) -> Answer<T> {
    Err(Refused::Invalid(what.into()))
}

/// An operator with its parameters.
pub(super) struct Operator {
    /// The name; a string but for what a client got wrong.
    pub(super) name: Value,
    parameters: Value,
}

impl Operator {
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.into(), parameters: Value::Dict(Vec::new()) }
    }

    /// Reads `{"type": name, parameter: value, ...}`.
    pub(super) fn read(value: &Value) -> Answer<Self> {
        let Value::Dict(_) = value else { return Err(Refused::Internal) };
        match value.get("type") {
            Some(name) if name.truthy() => Ok(Self { name: name.clone(), parameters: value.clone() }),
            _ => invalid("Invalid input, operator config must contain operator_name"),
        }
    }

    /// Whether it is the operator that runs code of the client's.
    pub(super) fn is_custom(&self) -> bool {
        self.name.text() == Some("custom")
    }

    /// What stands in the place of `text`; `known` are the operators of the direction.
    pub(super) fn operate(
        &self,
        text: &str,
        entity: &Value,
        known: &[&str],
        entropy: &Entropy,
    ) -> Answer<String> {
        let name = match &self.name {
            Value::Str(name) if known.contains(&name.as_str()) => name.as_str(),
            name if name.hashable() => return invalid(format!("Invalid operator class '{}'.", name.str())),
            _ => return Err(Refused::Internal),
        };
        match name {
            "replace" => self.replace(entity),
            "redact" => Ok(String::new()),
            "keep" | "deanonymize_keep" => Ok(text.to_owned()),
            "mask" => self.mask(text),
            "hash" => self.hash(text, entropy),
            "encrypt" => {
                let key = self.key()?;
                let mut iv = [0; cipher::IV_LEN];
                if !entropy(&mut iv) {
                    return Err(Refused::Internal);
                }
                cipher::encrypt(key.as_bytes(), &iv, text).ok_or(Refused::Internal)
            }
            "decrypt" => cipher::decrypt(self.key()?.as_bytes(), text).ok_or(Refused::Internal),
            // `custom` has been refused, and what `surrogate_ahds` asks for is not there.
            _ => Err(Refused::Internal),
        }
    }

    fn replace(&self, entity: &Value) -> Answer<String> {
        match self.parameters.get("new_value") {
            Some(Value::Str(new)) if !new.is_empty() => Ok(new.clone()),
            Some(new) if new.truthy() => wrong_type(new, "new_value", Type::String),
            _ => Ok(format!("<{}>", entity.str())),
        }
    }

    fn mask(&self, text: &str) -> Answer<String> {
        let char = self.required("masking_char", Type::String)?;
        match char.len() {
            Some(0 | 1) => {}
            Some(_) => return invalid("Invalid input, masking_char must be a character"),
            None => return Err(Refused::Internal),
        }
        let count = self.required("chars_to_mask", Type::Number)?;
        let from_end = self.required("from_end", Type::Boolean)?.truthy();
        // Of what passes as a number, only an empty string, list or dictionary cannot be compared with one.
        let (Some(count), Value::Str(char)) = (count.number(), char) else { return Err(Refused::Internal) };
        let len = text.chars().count();
        #[expect(
            clippy::cast_sign_loss,
            clippy::cast_possible_truncation,
            reason = "a cast of floats saturates"
        )]
        let masked = len.min(count as usize);
        let mask = char.repeat(masked);
        if from_end {
            Ok(text.chars().take(len - masked).chain(mask.chars()).collect())
        } else {
            Ok(mask.chars().chain(text.chars().skip(masked)).collect())
        }
    }

    fn hash(&self, text: &str, entropy: &Entropy) -> Answer<String> {
        let kind = match self.parameters.get("hash_type") {
            None => "sha256",
            Some(Value::Null) => return invalid("Expected parameter hash_type"),
            Some(Value::Str(kind)) if kind == "sha256" || kind == "sha512" => kind,
            Some(kind) => {
                return invalid(format!(
                    "Parameter hash_type value {} is not in range of values ['sha256', 'sha512']",
                    kind.str()
                ));
            }
        };
        let mut random = [0; 32];
        let salt = match self.parameters.get("salt") {
            None if entropy(&mut random) => random.as_slice(),
            None => return Err(Refused::Internal),
            Some(salt) => {
                let len = salt.text().map(str::len).or_else(|| salt.len());
                match len {
                    Some(0) => {
                        return invalid(
                            "Salt parameter cannot be empty. Either omit the salt parameter to auto-generate a random \
                             salt, or provide a salt of at least 16 bytes (128 bits).",
                        );
                    }
                    Some(len @ ..16) => {
                        return invalid(format!(
                            "Salt must be at least 16 bytes (128 bits). Provided salt is {len} bytes."
                        ));
                    }
                    _ => salt.text().ok_or(Refused::Internal)?.as_bytes(),
                }
            }
        };
        Ok(match kind {
            "sha512" => hex(&Sha512::new().chain_update(text).chain_update(salt).finalize()),
            _ => hex(&Sha256::new().chain_update(text).chain_update(salt).finalize()),
        })
    }

    /// The key of `encrypt` and `decrypt`. Presidio lets one of 64 bytes pass here and trips over it later.
    fn key(&self) -> Answer<&str> {
        let key = match self.parameters.get("key") {
            None | Some(Value::Null) => return invalid("Expected parameter key"),
            Some(key) => key,
        };
        match key {
            Value::Str(key) if matches!(key.len(), 16 | 24 | 32 | 64) => Ok(key),
            Value::Str(_) => invalid(KEY_LEN),
            _ if key.truthy() => invalid("Invalid parameter value for 'key'."),
            _ if key.len().is_some() => invalid(KEY_LEN),
            _ => Err(Refused::Internal),
        }
    }

    fn required(&self, name: &str, wanted: Type) -> Answer<&Value> {
        match self.parameters.get(name) {
            None | Some(Value::Null) => invalid(format!("Expected parameter {name}")),
            Some(value) => check_type(value, name, wanted).map(|()| value),
        }
    }
}

const KEY_LEN: &str = "Invalid input, key must be of length 128, 192 or 256 bits";

/// The types that parameters are checked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    String,
    Number,
    Boolean,
}

/// Refuses a value of another type; as in Presidio, one that is empty or zero passes whatever its type.
pub(super) fn check_type(value: &Value, name: &str, wanted: Type) -> Answer<()> {
    let fits = match value {
        Value::Str(_) => wanted == Type::String,
        // In Python a boolean is a whole number too.
        Value::Bool(_) => wanted != Type::String,
        Value::Int(_) => wanted == Type::Number,
        _ => false,
    };
    if fits || !value.truthy() { Ok(()) } else { wrong_type(value, name, wanted) }
}

fn wrong_type<T>(value: &Value, name: &str, wanted: Type) -> Answer<T> {
    let wanted = match wanted {
        Type::String => "string",
        Type::Number => "number",
        Type::Boolean => "boolean",
    };
    let got = match value {
        Value::Str(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Int(_) => "number",
        Value::List(_) => "array",
        // Presidio knows no name for the others.
        _ => return invalid(format!("Invalid parameter value for '{name}'.")),
    };
    invalid(format!("Invalid parameter value for {name}. Expecting '{wanted}', but got '{got}'."))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
