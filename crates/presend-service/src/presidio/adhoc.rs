//! Recognisers that a request brings along: patterns and deny lists, read as Presidio's `PatternRecognizer` reads them.

use super::Limits;
use super::pattern::{Deadline, Flags, Pattern, PatternError, validate};
use super::value::Value;

/// Why `/analyze` gives no result.
#[derive(Debug)]
pub(super) enum Fault {
    /// Status 400: a value of a type that cannot be used so; Python's words for it.
    Type(String),
    /// Status 500: anything else; most often words.
    Value(Value),
    /// Status 503: the model could not read the text.
    Unread,
}

pub(super) type Outcome<T> = Result<T, Fault>;

pub(super) fn type_fault<T>(what: impl Into<String>) -> Outcome<T> {
    Err(Fault::Type(what.into()))
}

pub(super) fn fault<T>(what: impl Into<String>) -> Outcome<T> {
    Err(Fault::Value(Value::Str(what.into())))
}

/// The elements of a value that Python iterates over.
pub(super) fn iterate(value: &Value) -> Outcome<Vec<Value>> {
    match value.elements() {
        Some(elements) => Ok(elements),
        None => type_fault(format!("'{}' object is not iterable", value.type_name())),
    }
}

/// The fault of asking a value for an attribute that its type has not.
pub(super) fn no_attribute<T>(value: &Value, name: &str) -> Outcome<T> {
    fault(format!("'{}' object has no attribute '{name}'", value.type_name()))
}

/// One pattern of a recogniser.
pub(super) struct Rule {
    name: Value,
    /// As the client wrote it, or as Presidio writes the pattern of a deny list; explanations show it.
    regex: String,
    pub(super) score: Value,
    /// The terms, where it is the pattern of a deny list.
    terms: Option<Vec<String>>,
}

/// A recogniser of the request's own.
pub(super) struct Recogniser {
    pub(super) entity: String,
    name: String,
    name_value: Value,
    pub(super) language: Value,
    pub(super) context: Value,
    flags: Value,
    rules: Vec<Rule>,
}

/// One match of a recogniser: bytes, score, and what an explanation says of it.
pub(super) struct Match {
    pub(super) bytes: std::ops::Range<usize>,
    pub(super) score: Value,
    pub(super) explanation: Vec<(String, Value)>,
}

/// Reads the `ad_hoc_recognizers` of a request.
pub(super) fn read(value: Option<&Value>, limits: &Limits) -> Outcome<Vec<Recogniser>> {
    let Some(value) = value.filter(|value| value.truthy()) else { return Ok(Vec::new()) };
    let mut left = limits.patterns;
    iterate(value)?.iter().map(|value| Recogniser::read(value, limits, &mut left)).collect()
}

const FIELDS: [&str; 10] = [
    "supported_entity",
    "name",
    "supported_language",
    "patterns",
    "deny_list",
    "context",
    "deny_list_score",
    "global_regex_flags",
    "version",
    "country_code",
];

impl Recogniser {
    fn read(value: &Value, limits: &Limits, left: &mut usize) -> Outcome<Self> {
        let entries = match value {
            Value::Dict(entries) => entries,
            Value::List(_) => return no_attribute(value, "get"),
            _ => return no_attribute(value, "copy"),
        };
        let given = |name: &str| value.get(name);
        let mut rules = Vec::new();
        if let Some(patterns) = given("patterns").filter(|patterns| patterns.truthy()) {
            for pattern in iterate(patterns)? {
                rules.push(Rule::read(&pattern, limits)?);
            }
        }
        if given("supported_entity").is_some() && given("supported_entities").is_some() {
            return fault(
                "Both 'supported_entity' and 'supported_entities' are present in the input dictionary. Only one should \
                 be provided.",
            );
        }
        let entity = match (given("supported_entity"), given("supported_entities")) {
            (Some(entity), _) => Some(entity.clone()),
            (None, Some(entities)) if entities.truthy() => match entities {
                Value::List(_) | Value::Str(_) => {
                    entities.elements().and_then(|entities| entities.into_iter().next())
                }
                // Python asks the dictionary for its key 0.
                Value::Dict(_) => return Err(Fault::Value(Value::Int(0))),
                _ => return type_fault(format!("object of type '{}' has no len()", entities.type_name())),
            },
            _ => None,
        };
        let known = |name: &str| FIELDS.contains(&name) || name == "supported_entities";
        if let Some((name, _)) = entries.iter().find(|(name, _)| !known(name)) {
            return type_fault(format!(
                "PatternRecognizer.__init__() got an unexpected keyword argument '{name}'"
            ));
        }
        let Some(entity) = entity else {
            return type_fault(
                "PatternRecognizer.__init__() missing 1 required positional argument: 'supported_entity'",
            );
        };
        if !entity.truthy() {
            return fault("Pattern recognizer should be initialized with entity");
        }
        let deny_list = given("deny_list").filter(|terms| terms.truthy());
        if rules.is_empty() && deny_list.is_none() {
            return fault("Pattern recognizer should be initialized with patterns or with deny list");
        }
        match given("country_code") {
            None | Some(Value::Null) => {}
            Some(Value::Str(code)) if !code.trim().is_empty() => {}
            Some(code @ Value::Str(_)) => {
                return fault(format!("country_code must be a non-empty string; got {}.", code.repr()));
            }
            Some(code) => {
                return type_fault(format!(
                    "country_code must be a string or None, got {}: {}.",
                    code.type_name(),
                    code.repr()
                ));
            }
        }
        if let Some(terms) = deny_list {
            let terms = iterate(terms)?.into_iter().map(|term| match term {
                Value::Str(term) => Ok(term),
                term => type_fault(format!("'{}' object is not iterable", term.type_name())),
            });
            let score = given("deny_list_score").cloned().unwrap_or(Value::Float(1.0));
            rules.push(Rule::deny_list(terms.collect::<Outcome<_>>()?, score)?);
        }
        *left = match left.checked_sub(rules.len()) {
            Some(left) => left,
            None => {
                return fault(format!(
                    "presend takes {} patterns in one request at the most",
                    limits.patterns
                ));
            }
        };
        let Value::Str(entity) = entity else {
            return fault("presend takes no supported_entity but a string");
        };
        let name_value = match given("name") {
            None | Some(Value::Null) => "PatternRecognizer".into(),
            Some(name) => name.clone(),
        };
        Ok(Self {
            entity,
            name: name_value.str(),
            name_value,
            language: given("supported_language").cloned().unwrap_or_else(|| "en".into()),
            context: given("context").cloned().unwrap_or(Value::Null),
            flags: given("global_regex_flags").cloned().unwrap_or(Value::Int(Flags::DEFAULT)),
            rules,
        })
    }

    /// Compiles the patterns; `left` is how many characters of backtracking patterns the request may still bring.
    pub(super) fn compile(&self, limits: &Limits, left: &mut usize) -> Outcome<Compiled<'_>> {
        let flags = read_flags(&self.flags)?;
        let mut compile = |rule: &Rule| match &rule.terms {
            Some(terms) => Pattern::deny_list(terms, flags, limits),
            None => Pattern::compile(&rule.regex, flags, limits, left),
        };
        let patterns = self.rules.iter().map(|rule| compile(rule).or_else(invalid_pattern));
        Ok(Compiled { recogniser: self, patterns: patterns.collect::<Outcome<_>>()? })
    }
}

/// A recogniser ready to run.
pub(super) struct Compiled<'a> {
    pub(super) recogniser: &'a Recogniser,
    patterns: Vec<Pattern>,
}

impl Compiled<'_> {
    /// Every match of every pattern, pattern by pattern.
    pub(super) fn matches(&self, text: &str, deadline: &Deadline) -> Outcome<Vec<Match>> {
        let recogniser = self.recogniser;
        let mut found = Vec::new();
        for (rule, pattern) in recogniser.rules.iter().zip(&self.patterns) {
            let hits = match pattern.matches(text, deadline) {
                Ok(hits) => hits,
                Err(PatternError(why)) => {
                    return fault(format!("Regex pattern '{}': {why}", rule.name.str()));
                }
            };
            if !rule.score.number().is_some_and(|score| score > 0.0) {
                continue;
            }
            let why = format!("Detected by `{}` using pattern `{}`", recogniser.name, rule.name.str());
            let explanation = vec![
                ("original_score".to_owned(), rule.score.clone()),
                ("pattern".to_owned(), rule.regex.as_str().into()),
                ("pattern_name".to_owned(), rule.name.clone()),
                ("recognizer".to_owned(), recogniser.name_value.clone()),
                ("regex_flags".to_owned(), recogniser.flags.clone()),
                ("score".to_owned(), rule.score.clone()),
                ("score_context_improvement".to_owned(), Value::Int(0)),
                ("supportive_context_word".to_owned(), "".into()),
                ("textual_explanation".to_owned(), Value::Str(why)),
                ("validation_result".to_owned(), Value::Null),
            ];
            found.extend(hits.into_iter().map(|bytes| Match {
                bytes,
                score: rule.score.clone(),
                explanation: explanation.clone(),
            }));
        }
        Ok(found)
    }
}

pub(super) fn read_flags(flags: &Value) -> Outcome<Flags> {
    match flags.whole() {
        None => {
            type_fault(format!("unsupported operand type(s) for &: '{}' and 'RegexFlag'", flags.type_name()))
        }
        Some(bits) => match Flags::from_bits(bits) {
            Some(flags) => Ok(flags),
            None => fault(format!("presend does not run regular expressions with the flags {bits}")),
        },
    }
}

fn invalid_pattern<T>(PatternError(why): PatternError) -> Outcome<T> {
    fault(format!("Invalid regex pattern: {why}"))
}

impl Rule {
    fn read(value: &Value, limits: &Limits) -> Outcome<Self> {
        const ARGUMENTS: [&str; 3] = ["name", "regex", "score"];
        let Value::Dict(entries) = value else {
            return type_fault(format!(
                "presidio_analyzer.pattern.Pattern() argument after ** must be a mapping, not {}",
                value.type_name()
            ));
        };
        if let Some((name, _)) = entries.iter().find(|(name, _)| !ARGUMENTS.contains(&name.as_str())) {
            return type_fault(format!("Pattern.__init__() got an unexpected keyword argument '{name}'"));
        }
        let (Some(name), Some(regex), Some(score)) =
            (value.get("name"), value.get("regex"), value.get("score"))
        else {
            let missing = ARGUMENTS.iter().filter(|name| value.get(name).is_none());
            let missing: Vec<String> = missing.map(|name| format!("'{name}'")).collect();
            let (listed, plural) = match missing.as_slice() {
                [one] => (one.clone(), ""),
                [one, two] => (format!("{one} and {two}"), "s"),
                _ => ("'name', 'regex', and 'score'".to_owned(), "s"),
            };
            return type_fault(format!(
                "Pattern.__init__() missing {} required positional argument{plural}: {listed}",
                missing.len()
            ));
        };
        let regex = match regex {
            Value::Str(regex) => regex.clone(),
            Value::List(_) | Value::Dict(_) => {
                return type_fault(format!("unhashable type: '{}'", regex.type_name()));
            }
            _ => return type_fault("first argument must be a string or compiled pattern"),
        };
        validate(&regex, limits).or_else(invalid_pattern)?;
        check_score(score)?;
        Ok(Self { name: name.clone(), regex, score: score.clone(), terms: None })
    }

    fn deny_list(terms: Vec<String>, score: Value) -> Outcome<Self> {
        check_score(&score)?;
        let mut regex = r"(?:^|(?<=\W))(".to_owned();
        for (index, term) in terms.iter().enumerate() {
            regex.push_str(if index == 0 { "" } else { "|" });
            for char in term.chars() {
                if "()[]{}?*+|^$\\.-#&~".contains(char)
                    || char.is_whitespace()
                    || matches!(char, '\x1c'..='\x1f')
                {
                    regex.push('\\');
                }
                regex.push(char);
            }
        }
        regex.push_str(r")(?:(?=\W)|$)");
        Ok(Self { name: "deny_list".into(), regex, score, terms: Some(terms) })
    }
}

fn check_score(score: &Value) -> Outcome<()> {
    match score.number() {
        None => {
            type_fault(format!("'<' not supported between instances of '{}' and 'int'", score.type_name()))
        }
        Some(0.0..=1.0) => Ok(()),
        Some(_) => fault(format!("Invalid score: {}. Score should be between 0 and 1", score.str())),
    }
}
