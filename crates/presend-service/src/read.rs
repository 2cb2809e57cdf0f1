//! Reading JSON by what the description says of it, where serde's own ways differ.
//!
//! Serde takes an array for an object, field by field, and takes no `3.0` for a whole number, which JSON Schema does.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};

use crate::problem::Problem;

/// A value that was written as an object.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields))
            }
        }

        source.deserialize_map(Fields(PhantomData)).map(Self)
    }
}

/// Reads an object.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(source: D) -> Result<T, D::Error> {
    Object::deserialize(source).map(|Object(value)| value)
}

/// Reads an object or null.
pub(crate) fn optional_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    source: D,
) -> Result<Option<T>, D::Error> {
    Ok(Option::<Object<T>>::deserialize(source)?.map(|Object(value)| value))
}

/// Reads an array of objects.
pub(crate) fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(source: D) -> Result<Vec<T>, D::Error> {
    Ok(Vec::<Object<T>>::deserialize(source)?.into_iter().map(|Object(value)| value).collect())
}

/// A whole number from 0 on, however it was written.
struct Whole<T>(T);

impl<'de, T: TryFrom<u64>> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Number<T>(PhantomData<T>);

        impl<T: TryFrom<u64>> Visitor<'_> for Number<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 0 on")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
                T::try_from(number)
                    .map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &"a smaller number"))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
                // The last one that fits is 2^64 less a step, which is above all that matters here.
                if number.fract() != 0.0 || !(0.0..u64::MAX as f64).contains(&number) {
                    return Err(E::invalid_value(Unexpected::Float(number), &self));
                }
                self.visit_u64(number as u64)
            }
        }

        source.deserialize_u64(Number(PhantomData)).map(Self)
    }
}

/// Reads a whole number.
pub(crate) fn whole<'de, D: Deserializer<'de>, T: TryFrom<u64>>(source: D) -> Result<T, D::Error> {
    Whole::deserialize(source).map(|Whole(number)| number)
}

/// Reads a whole number or null.
pub(crate) fn optional_whole<'de, D: Deserializer<'de>, T: TryFrom<u64>>(
    source: D,
) -> Result<Option<T>, D::Error> {
    Ok(Option::<Whole<T>>::deserialize(source)?.map(|Whole(number)| number))
}

/// Reads a value, or null for its default.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    source: D,
) -> Result<T, D::Error> {
    Option::deserialize(source).map(Option::unwrap_or_default)
}

/// Reads all of a JSON text as an object; what is wrong with it is said without quoting it.
pub(crate) fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let mut source = serde_json::Deserializer::from_str(text);
    let read = object(&mut source).and_then(|value| source.end().map(|()| value));
    read.map_err(|error| Problem::of_json(&error, text, field::<T>(text).as_deref()))
}

/// Fields of requests, which alone are named: what else a request calls its fields is its own.
const FIELDS: &[&str] = &[
    "approved",
    "attachments",
    "audience",
    "catchment",
    "channel",
    "context",
    "conversation",
    "count",
    "draft",
    "from",
    "insert",
    "messages",
    "offsets",
    "outsiders",
    "override",
    "policy",
    "purpose",
    "reason",
    "recently-changed",
    "recipients",
    "seq",
    "text",
    "to",
    "today",
    "type",
    "urgency",
];

/// Which field of an object cannot be read, such as `messages[3].context.audience`.
fn field<T: serde::de::DeserializeOwned>(text: &str) -> Option<String> {
    use serde_path_to_error::{Path, Segment};
    let error =
        serde_path_to_error::deserialize::<_, Object<T>>(&mut serde_json::Deserializer::from_str(text));
    let mut name = String::new();
    let path: Path = error.err()?.path().clone();
    for segment in path.iter() {
        match segment {
            Segment::Map { key } if FIELDS.contains(&key.as_str()) => {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(key);
            }
            Segment::Seq { index } => name.push_str(&format!("[{index}]")),
            _ => break,
        }
    }
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_that_cannot_be_read_is_named_and_nothing_of_the_request() {
        use crate::api::{BatchRequest, CheckRequest};
        let check = |text: &str| json::<CheckRequest>(text).err().unwrap().detail().to_owned();
        let batch = |text: &str| json::<BatchRequest>(text).err().unwrap().detail().to_owned();
        for (detail, says) in [
            (check(r#"{"text":"a","context":{"audience":"okafor"}}"#), "context.audience is not"),
            (check(r#"{"text":"a","context":{"attachments":"okafor"}}"#), "context.attachments is not"),
            (
                check(r#"{"text":"a","context":{"recipients":{"count":-1}}}"#),
                "context.recipients.count is not",
            ),
            (check(r#"{"text":"a","context":{"okafor":1}}"#), "context has a field"),
            (check(r#"{"text":"a","okafor":1}"#), "it has a field"),
            (check(r#"{"text":["okafor"]}"#), "text is not"),
            (check(r#"{"text":"a","policy":7}"#), "policy is not"),
            (check(r#"{"policy":"okafor"}"#), "text is missing"),
            (batch(r#"{"messages":[{"text":"a"},{"text":7}]}"#), "messages[1].text is not"),
            (batch(r#"{"messages":[{"id":"okafor"}]}"#), "messages[0].text is missing"),
        ] {
            assert!(detail.contains(says) && !detail.contains("okafor"), "{detail}");
        }
    }

    #[test]
    fn whole_numbers_are_taken_however_they_are_written() {
        let read = |text: &str| serde_json::from_str::<Whole<u32>>(text).ok().map(|Whole(number)| number);
        assert_eq!([read("3"), read("3.0"), read("3e0"), read("0")], [Some(3), Some(3), Some(3), Some(0)]);
        for bad in ["3.5", "-1", "-1.0", "4294967296", "4294967296.0", "1e400", "\"3\"", "null", "true"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
