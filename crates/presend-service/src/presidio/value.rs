//! JSON as Presidio's Python sees it: numbers that know whether they are whole, dictionaries in the order written,
//! and the ways Python writes values into answers and error messages.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value.
#[derive(Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(String),
    List(Vec<Value>),
    Dict(Vec<(String, Value)>),
}

/// How lists and dictionaries are written.
#[derive(Clone, Copy)]
pub(super) enum Style {
    /// `{"a": 1, "b": 2}`, what Python's `json` writes.
    Spaced,
    /// `{"a":1,"b":2}`, what Flask's `jsonify` writes.
    Compact,
}

// Requests hold message text, so nothing of a value is shown but its type.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Value").field(&self.type_name()).finish()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

impl Value {
    /// Reads one JSON value, or `None` where the bytes are none.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        serde_json::from_slice(bytes).ok()
    }

    /// A whole number of characters.
    pub(super) fn count(number: usize) -> Self {
        Self::Int(i128::try_from(number).unwrap_or(i128::MAX))
    }

    /// The name of the Python type that stands for this value.
    pub(super) const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::List(_) => "list",
            Self::Dict(_) => "dict",
        }
    }

    /// Whether Python takes the value for true.
    pub(super) fn truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Str(value) => !value.is_empty(),
            Self::List(value) => !value.is_empty(),
            Self::Dict(value) => !value.is_empty(),
        }
    }

    /// The number it is; Python counts booleans as 0 and 1.
    #[expect(clippy::cast_precision_loss, reason = "as Python compares whole numbers with fractions")]
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Bool(value) => Some(f64::from(u8::from(*value))),
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The whole number it is; `None` for fractions.
    pub(super) fn whole(&self) -> Option<i128> {
        match self {
            Self::Bool(value) => Some(i128::from(*value)),
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Str(text) = self { Some(text) } else { None }
    }

    /// What a dictionary holds under a key.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        let Self::Dict(entries) = self else { return None };
        entries.iter().find_map(|(name, value)| (name == key).then_some(value))
    }

    /// Whether Python's `==` holds between the two.
    pub(super) fn equals(&self, other: &Value) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Str(one), Self::Str(two)) => one == two,
            (Self::List(one), Self::List(two)) => {
                one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.equals(two))
            }
            (Self::Dict(one), Self::Dict(two)) => {
                one.len() == two.len()
                    && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| value.equals(other)))
            }
            _ => match (self.whole(), other.whole()) {
                (Some(one), Some(two)) => one == two,
                _ => matches!((self.number(), other.number()), (Some(one), Some(two)) if one == two),
            },
        }
    }

    /// Whether it can be the key of a Python dictionary.
    pub(super) const fn hashable(&self) -> bool {
        !matches!(self, Self::List(_) | Self::Dict(_))
    }

    /// What `iter()` gives in Python: the elements of a list, the keys of a dictionary, the characters of a string.
    /// `None` where Python would say that the value is not iterable.
    pub(super) fn elements(&self) -> Option<Vec<Value>> {
        match self {
            Self::List(values) => Some(values.clone()),
            Self::Dict(entries) => Some(entries.iter().map(|(key, _)| Self::Str(key.clone())).collect()),
            Self::Str(text) => Some(text.chars().map(|char| Self::Str(char.to_string())).collect()),
            _ => None,
        }
    }

    /// What `len()` gives in Python.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Self::List(values) => Some(values.len()),
            Self::Dict(entries) => Some(entries.len()),
            Self::Str(text) => Some(text.chars().count()),
            _ => None,
        }
    }

    /// What Python's `str()` gives.
    pub(super) fn str(&self) -> String {
        if let Self::Str(text) = self { text.clone() } else { self.repr() }
    }

    /// What Python's `repr()` gives.
    pub(super) fn repr(&self) -> String {
        let mut out = String::new();
        self.write_repr(&mut out);
        out
    }

    fn write_repr(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("None"),
            Self::Bool(true) => out.push_str("True"),
            Self::Bool(false) => out.push_str("False"),
            Self::Int(value) => _ = write!(out, "{value}"),
            Self::Float(value) => write_float(*value, out),
            Self::Str(text) => write_str_repr(text, out),
            Self::List(values) => {
                out.push('[');
                for (index, value) in values.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    value.write_repr(out);
                }
                out.push(']');
            }
            Self::Dict(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    write_str_repr(key, out);
                    out.push_str(": ");
                    value.write_repr(out);
                }
                out.push('}');
            }
        }
    }

    /// The value as JSON of ASCII characters alone.
    pub(super) fn json(&self, style: Style) -> String {
        let mut out = String::new();
        self.write_json(style, &mut out);
        out
    }

    fn write_json(&self, style: Style, out: &mut String) {
        let (comma, colon) = match style {
            Style::Spaced => (", ", ": "),
            Style::Compact => (",", ":"),
        };
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => _ = write!(out, "{value}"),
            Self::Int(value) => _ = write!(out, "{value}"),
            Self::Float(value) => write_float(*value, out),
            Self::Str(text) => write_json_str(text, out),
            Self::List(values) => {
                out.push('[');
                for (index, value) in values.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { comma });
                    value.write_json(style, out);
                }
                out.push(']');
            }
            Self::Dict(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { comma });
                    write_json_str(key, out);
                    out.push_str(colon);
                    value.write_json(style, out);
                }
                out.push('}');
            }
        }
    }
}

/// A number as Python writes it: the shortest digits that read back the same, with an exponent below 1e-4 and from 1e16.
fn write_float(value: f64, out: &mut String) {
    if !value.is_finite() {
        // JSON as read here holds none.
        out.push_str("NaN");
        return;
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let _ = write!(out, "{value:?}");
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "{digits}e{sign}{:02}", exponent.abs());
    }
}

fn write_str_repr(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for char in text.chars() {
        match char {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if char == quote => {
                out.push('\\');
                out.push(char);
            }
            _ if printable(char) => out.push(char),
            _ => {
                let code = u32::from(char);
                let _ = match code {
                    0..=0xff => write!(out, "\\x{code:02x}"),
                    0x100..=0xffff => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push(quote);
}

/// Whether Python prints the character as it is within quotes: all but controls, formats, separators other than the
/// space, and private use.
fn printable(char: char) -> bool {
    !matches!(char,
        '\0'..='\x1f' | '\x7f'..='\u{a0}' | '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{1680}' | '\u{180e}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}'
        | '\u{3000}' | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..)
}

fn write_json_str(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            ' '..='\x7f' => out.push(char),
            _ => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Int(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Str(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = access.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut entries: Vec<(String, Value)> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        while let Some((key, value)) = access.next_entry::<String, Value>()? {
            // A key given twice keeps its place and takes the later value.
            match places.get(&key).and_then(|place| entries.get_mut(*place)) {
                Some(entry) => entry.1 = value,
                None => {
                    places.insert(key.clone(), entries.len());
                    entries.push((key, value));
                }
            }
        }
        Ok(Value::Dict(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_python_writes_them() {
        // JSON in, repr(), json.dumps()
        let cases = [
            ("null", "None", "null"),
            ("true", "True", "true"),
            ("-12", "-12", "-12"),
            ("1.0", "1.0", "1.0"),
            ("0.1", "0.1", "0.1"),
            ("1e15", "1000000000000000.0", "1000000000000000.0"),
            ("1e16", "1e+16", "1e+16"),
            ("0.0001", "0.0001", "0.0001"),
            ("0.00001", "1e-05", "1e-05"),
            ("12345678901234567890.5", "1.2345678901234567e+19", "1.2345678901234567e+19"),
            (r#""it's""#, r#""it's""#, r#""it's""#),
            (r#""a\"b'c""#, r#"'a"b\'c'"#, r#""a\"b'c""#),
            (r#""\u00e9\ud83d\ude42\u0007""#, "'é🙂\\x07'", r#""\u00e9\ud83d\ude42\u0007""#),
            (r#"{"b": [1, 2.5], "a": {}, "b": []}"#, "{'b': [], 'a': {}}", r#"{"b": [], "a": {}}"#),
        ];
        for (json, repr, dumped) in cases {
            let value = Value::parse(json.as_bytes()).unwrap();
            assert_eq!((value.repr().as_str(), value.json(Style::Spaced).as_str()), (repr, dumped), "{json}");
        }
    }

    #[test]
    fn equality_is_pythons() {
        let cases = [
            ("1", "1.0", true),
            ("true", "1", true),
            ("false", "0.0", true),
            ("1", "\"1\"", false),
            ("null", "0", false),
            ("[1, {\"a\": 2}]", "[1.0, {\"a\": 2.0}]", true),
            ("{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1}", true),
            ("{\"a\": 1}", "{\"a\": 1, \"b\": 2}", false),
        ];
        for (one, two, equal) in cases {
            let (left, right) =
                (Value::parse(one.as_bytes()).unwrap(), Value::parse(two.as_bytes()).unwrap());
            assert_eq!(left.equals(&right), equal, "{one} {two}");
        }
    }
}
