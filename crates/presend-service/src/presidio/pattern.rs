//! Regular expressions of clients: written for Python's `regex` module, translated, and run within bounds.
//!
//! Patterns without look-around, back-references, conditionals and possessive or atomic parts run in linear time on
//! regex-automata; the others backtrack on fancy-regex, which gives up after a set number of steps.
#![allow(clippy::disallowed_types, reason = "the service is a leaf: it keeps time")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;
use std::time::Instant;

use regex_automata::meta;
use regex_automata::util::syntax;

use super::Limits;

/// The flags of Python's `regex` that change what is matched here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Flags {
    ignore_case: bool,
    multi_line: bool,
    dot_all: bool,
    verbose: bool,
    ascii: bool,
}

impl Flags {
    /// Presidio's default: `DOTALL | MULTILINE | IGNORECASE`.
    pub(super) const DEFAULT: i128 = 26;
    const NONE: Self =
        Self { ignore_case: false, multi_line: false, dot_all: false, verbose: false, ascii: false };

    /// Reads flags by their bits in Python; `None` where one asks for matching of another kind (version 1, best or
    /// enhanced fuzzy matching, full case folding, POSIX, reverse, word).
    pub(super) fn from_bits(bits: i128) -> Option<Self> {
        let unsupported = 0x100 | 0x400 | 0x800 | 0x1000 | 0x4000 | 0x8000 | 0x10000;
        (bits >= 0 && bits & unsupported == 0).then_some(Self {
            ignore_case: bits & 2 != 0,
            multi_line: bits & 8 != 0,
            dot_all: bits & 16 != 0,
            verbose: bits & 64 != 0,
            ascii: bits & 128 != 0,
        })
    }

    fn set(&mut self, flag: char, on: bool) {
        match flag {
            'i' => self.ignore_case = on,
            'm' => self.multi_line = on,
            's' => self.dot_all = on,
            'x' => self.verbose = on,
            'a' => self.ascii = on,
            'u' => self.ascii &= !on,
            _ => {}
        }
    }
}

/// Why a search could not be made or finished; the words name no text.
#[derive(Debug)]
pub(super) struct PatternError(pub(super) String);

type Result<T> = std::result::Result<T, PatternError>;

/// When the matching of a request has to be done.
pub(super) struct Deadline {
    at: Option<Instant>,
}

impl Deadline {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { at: Instant::now().checked_add(limits.time) }
    }

    fn check(&self) -> Result<()> {
        match self.at {
            Some(at) if Instant::now() > at => {
                Err(PatternError("the time for regular expressions ran out".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

/// A compiled pattern.
pub(super) enum Pattern {
    Linear(Box<meta::Regex>),
    Backtracking { regex: Box<fancy_regex::Regex>, max_text: usize },
}

impl Pattern {
    /// Compiles a pattern of Python's `regex` module, version 0; `left` is how many characters of backtracking patterns
    /// the request may still bring.
    pub(super) fn compile(pattern: &str, flags: Flags, limits: &Limits, left: &mut usize) -> Result<Self> {
        let translated = translate(pattern, flags, limits)?;
        if !translated.backtracks {
            return Self::linear(&translated.regex, limits);
        }
        *left = match left.checked_sub(pattern.chars().count()) {
            Some(left) => left,
            None => return unsupported("backtracking patterns of this length in all"),
        };
        // Each of the pieces that need no backtracking is compiled by itself.
        let piece = limits.compiled_size / 4;
        let built = fancy_regex::RegexBuilder::new(&translated.regex)
            .backtrack_limit(limits.steps)
            .delegate_size_limit(piece)
            .delegate_dfa_size_limit(piece)
            .max_prog_size(limits.compiled_size / 64)
            .build();
        match built {
            Ok(regex) => Ok(Self::Backtracking { regex: Box::new(regex), max_text: limits.backtracked_text }),
            Err(_) => unsupported("a part that presend cannot compile, or it is too big"),
        }
    }

    /// The pattern of a deny list: its terms as words, whatever the case, the first that fits.
    pub(super) fn deny_list(terms: &[String], flags: Flags, limits: &Limits) -> Result<Self> {
        // What Presidio writes with look-around; half boundaries say the same in linear time.
        let (start, end) = if flags.ascii {
            (r"(?-u:\b{start-half})", r"(?-u:\b{end-half})")
        } else {
            (r"\b{start-half}", r"\b{end-half}")
        };
        let len: usize = terms.iter().map(|term| term.chars().count()).sum();
        if len > limits.pattern_len.saturating_mul(16) {
            return too_long();
        }
        let mut regex = format!("(?{}){start}(?:", if flags.ignore_case { "i" } else { "-i" });
        for (index, term) in terms.iter().enumerate() {
            regex.push_str(if index == 0 { "" } else { "|" });
            for char in term.chars() {
                write_literal(char, flags.ignore_case, &mut regex);
            }
        }
        regex.push(')');
        regex.push_str(end);
        Self::linear(&regex, limits)
    }

    fn linear(regex: &str, limits: &Limits) -> Result<Self> {
        let built = meta::Regex::builder()
            .configure(
                meta::Config::new()
                    .nfa_size_limit(Some(limits.compiled_size))
                    .hybrid_cache_capacity(limits.compiled_size),
            )
            .syntax(syntax::Config::new().nest_limit(MAX_NESTED))
            .build(regex);
        match built {
            Ok(regex) => Ok(Self::Linear(Box::new(regex))),
            Err(_) => unsupported("a part that presend cannot compile, or it is too big"),
        }
    }

    /// Where the pattern matches, in bytes, one after the other; empty matches are left out.
    pub(super) fn matches(&self, text: &str, deadline: &Deadline) -> Result<Vec<Range<usize>>> {
        let mut found = Vec::new();
        match self {
            Self::Linear(regex) => {
                deadline.check()?;
                for hit in regex.find_iter(text) {
                    deadline.check()?;
                    found.push(hit.range());
                }
            }
            Self::Backtracking { regex, max_text } => {
                let mut at = 0;
                while let Some(hit) = next(regex, text, at, *max_text, deadline)? {
                    // After an empty match the search goes on one character later.
                    let step = if hit.is_empty() {
                        text.get(hit.end..).and_then(|rest| rest.chars().next())
                    } else {
                        None
                    };
                    at = hit.end + step.map_or(usize::from(hit.is_empty()), char::len_utf8);
                    found.push(hit);
                }
            }
        }
        found.retain(|range| !range.is_empty());
        Ok(found)
    }

    /// Whether the pattern matches anywhere, be it an empty match.
    pub(super) fn is_match(&self, text: &str, deadline: &Deadline) -> Result<bool> {
        deadline.check()?;
        match self {
            Self::Linear(regex) => Ok(regex.is_match(text)),
            Self::Backtracking { regex, max_text } => {
                next(regex, text, 0, *max_text, deadline).map(|hit| hit.is_some())
            }
        }
    }
}

/// The first match of a backtracking pattern at or after a byte. Each place is tried by itself, so that the time is
/// looked at often, however long look-around looks around.
fn next(
    regex: &fancy_regex::Regex,
    text: &str,
    from: usize,
    max_text: usize,
    deadline: &Deadline,
) -> Result<Option<Range<usize>>> {
    if text.len() > max_text {
        return Err(PatternError("the text is too long for a pattern that backtracks".to_owned()));
    }
    for at in (from..=text.len()).filter(|at| text.is_char_boundary(*at)) {
        deadline.check()?;
        match regex.find_input(fancy_regex::RegexInput::new(text).from_pos(at).anchored(true)) {
            Ok(Some(hit)) => return Ok(Some(hit.range())),
            Ok(None) => {}
            Err(_) => return Err(PatternError("the pattern backtracks too much".to_owned())),
        }
    }
    Ok(None)
}

/// Says what Python's `regex` would say of a pattern that is wrong.
pub(super) fn validate(pattern: &str, limits: &Limits) -> Result<()> {
    translate(pattern, Flags::NONE, limits).map(|_| ())
}

/// How deep groups may lie in one another.
const MAX_NESTED: u32 = 100;

fn unsupported<T>(what: &str) -> Result<T> {
    Err(PatternError(format!("presend does not run {what}")))
}

fn too_long<T>() -> Result<T> {
    Err(PatternError("it is longer than presend runs".to_owned()))
}

struct Translated {
    regex: String,
    /// Whether only a backtracking engine runs it.
    backtracks: bool,
}

fn translate(pattern: &str, flags: Flags, limits: &Limits) -> Result<Translated> {
    let chars: Vec<char> = pattern.chars().collect();
    if chars.len() > limits.pattern_len {
        return too_long();
    }
    let mut global = flags;
    loop {
        if global.ascii && global.ignore_case && !pattern.is_ascii() {
            return unsupported("letters beyond ASCII with both of the flags ASCII and IGNORECASE");
        }
        let mut translator = Translator {
            chars: &chars,
            at: 0,
            out: String::new(),
            flags: global,
            found: global,
            backtracks: false,
            groups: count_groups(&chars),
            names: BTreeSet::new(),
        };
        translator.alternatives(0)?;
        if translator.at < chars.len() {
            return translator.wrong("unbalanced parenthesis", translator.at);
        }
        // Flags for the whole pattern may stand anywhere in it; they count from its start.
        if translator.found == global {
            let mut on = String::new();
            for (name, set) in [('i', global.ignore_case), ('m', global.multi_line), ('s', global.dot_all)] {
                if set {
                    on.push(name);
                }
            }
            let prefix = if on.is_empty() { String::new() } else { format!("(?{on})") };
            return Ok(Translated { regex: prefix + &translator.out, backtracks: translator.backtracks });
        }
        global = translator.found;
    }
}

/// How many groups a pattern captures; brackets within classes and comments may count too many.
fn count_groups(chars: &[char]) -> usize {
    let mut escaped = false;
    let mut count = 0;
    for (index, char) in chars.iter().enumerate() {
        if *char == '(' && !escaped {
            let named = matches!(chars.get(index + 1..index + 4), Some(['?', 'P', '<']))
                || matches!(chars.get(index + 1..index + 4), Some(['?', '<', next]) if !matches!(next, '=' | '!'));
            count += usize::from(chars.get(index + 1) != Some(&'?') || named);
        }
        escaped = *char == '\\' && !escaped;
    }
    count
}

struct Translator<'a> {
    chars: &'a [char],
    at: usize,
    out: String,
    flags: Flags,
    /// The flags of the whole pattern, as far as it has been read.
    found: Flags,
    backtracks: bool,
    groups: usize,
    names: BTreeSet<String>,
}

/// What was read last, for the quantifiers after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Repeatable,
    Repeated,
}

impl Translator<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += 1;
        Some(char)
    }

    fn eat(&mut self, wanted: &str) -> bool {
        let len = wanted.chars().count();
        let there = self
            .chars
            .get(self.at..self.at + len)
            .is_some_and(|chars| wanted.chars().eq(chars.iter().copied()));
        if there {
            self.at += len;
        }
        there
    }

    fn wrong<T>(&self, what: &str, at: usize) -> Result<T> {
        Err(PatternError(format!("{what} at position {at}")))
    }

    /// Reads up to a closing parenthesis or the end.
    fn alternatives(&mut self, depth: u32) -> Result<()> {
        if depth >= MAX_NESTED {
            return unsupported("groups this deep in one another");
        }
        let mut last = Last::Nothing;
        while let Some(char) = self.peek() {
            let start = self.at;
            match char {
                ')' => return Ok(()),
                '|' => {
                    self.at += 1;
                    self.out.push('|');
                    last = Last::Nothing;
                }
                '*' | '+' | '?' => {
                    self.at += 1;
                    last = self.quantifier(&char.to_string(), last, start)?;
                }
                '{' => match self.counts()? {
                    Some(counts) => last = self.quantifier(&counts, last, start)?,
                    None => {
                        self.at += 1;
                        self.literal('{');
                        last = Last::Repeatable;
                    }
                },
                '(' => last = self.group(depth)?.unwrap_or(last),
                '[' => {
                    self.class()?;
                    last = Last::Repeatable;
                }
                '\\' => {
                    self.at += 1;
                    self.escape()?;
                    last = Last::Repeatable;
                }
                '^' | '.' => {
                    self.at += 1;
                    self.out.push(char);
                    last = Last::Repeatable;
                }
                '$' => {
                    self.at += 1;
                    if self.flags.multi_line {
                        self.out.push('$');
                    } else {
                        // Python's matches before a last line feed as well.
                        self.backtracks = true;
                        self.out.push_str(r"(?=\n?\z)");
                    }
                    last = Last::Repeatable;
                }
                _ if self.flags.verbose && char.is_whitespace() => self.at += 1,
                '#' if self.flags.verbose => while self.next().is_some_and(|char| char != '\n') {},
                _ => {
                    self.at += 1;
                    self.literal(char);
                    last = Last::Repeatable;
                }
            }
        }
        Ok(())
    }

    fn quantifier(&mut self, quantifier: &str, last: Last, start: usize) -> Result<Last> {
        match last {
            Last::Nothing => return self.wrong("nothing to repeat", start),
            Last::Repeated => return self.wrong("multiple repeat", start),
            Last::Repeatable => {}
        }
        self.out.push_str(quantifier);
        if self.eat("?") {
            self.out.push('?');
        } else if self.eat("+") {
            self.backtracks = true;
            self.out.push('+');
        }
        Ok(Last::Repeated)
    }

    /// Reads `{2}`, `{2,}`, `{,3}` or `{2,3}`; anything else in braces stands for itself, but for fuzzy matching.
    fn counts(&mut self) -> Result<Option<String>> {
        let rest = self.chars.get(self.at + 1..).unwrap_or_default();
        let Some(len) = rest.iter().position(|char| *char == '}') else { return Ok(None) };
        let inside: String = rest.iter().take(len).collect();
        let fuzzy = |char| matches!(char, 'e' | 'i' | 'd' | 's');
        if inside.starts_with(fuzzy)
            && inside.chars().all(|char| fuzzy(char) || "<=+, 0123456789".contains(char))
        {
            return unsupported("fuzzy matching");
        }
        let (low, high) = inside.split_once(',').unwrap_or((&inside, &inside));
        let digits = |text: &str| text.chars().all(|char| char.is_ascii_digit());
        if !digits(low) || !digits(high) || !inside.contains(',') && low.is_empty() {
            return Ok(None);
        }
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number <= 1000);
        let start = self.at;
        self.at += len + 2;
        let low = match (low, number(low)) {
            ("", _) => 0,
            (_, Some(low)) => low,
            _ => return unsupported("so many repetitions"),
        };
        match (high, number(high)) {
            ("", _) => Ok(Some(format!("{{{low},}}"))),
            (_, Some(high)) if low > high => self.wrong("min repeat greater than max repeat", start + 1),
            (_, Some(high)) => Ok(Some(format!("{{{low},{high}}}"))),
            _ => unsupported("so many repetitions"),
        }
    }

    /// Reads a group; gives what can be repeated after it, or `None` where it is no more than a comment or flags.
    fn group(&mut self, depth: u32) -> Result<Option<Last>> {
        let start = self.at;
        self.at += 1;
        let before = self.flags;
        if !self.eat("?") {
            self.out.push('(');
        } else if self.eat("#") {
            return match self.next_after(')') {
                Some(_) => Ok(None),
                None => self.wrong("missing )", self.at),
            };
        } else if let Some(look) = ["<=", "<!", "=", "!", ">"].into_iter().find(|look| self.eat(look)) {
            self.backtracks = true;
            let _ = write!(self.out, "(?{look}");
        } else if self.eat(":") {
            self.out.push_str("(?:");
        } else if self.eat("P=") {
            let Some(name) = self.next_after(')') else { return self.wrong("missing )", self.at) };
            if !self.names.contains(&name) {
                return self.wrong("unknown group", start + 4);
            }
            self.backtracks = true;
            let _ = write!(self.out, "(?P={name})");
            return Ok(Some(Last::Repeatable));
        } else if self.eat("P<") || self.eat("<") {
            let Some(name) = self.next_after('>') else { return self.wrong("missing >", self.at) };
            let word = |char: char| char.is_ascii_alphanumeric() || char == '_';
            if name.is_empty()
                || name.starts_with(|char: char| char.is_ascii_digit())
                || !name.chars().all(word)
            {
                return self.wrong("bad character in group name", start + 3);
            }
            if !self.names.insert(name.clone()) {
                return unsupported("groups of the same name");
            }
            let _ = write!(self.out, "(?P<{name}>");
        } else if self.eat("(") {
            let Some(condition) = self.next_after(')') else { return self.wrong("missing )", self.at) };
            let known = match condition.parse::<usize>() {
                Ok(number) => (1..=self.groups).contains(&number),
                Err(_) => self.names.contains(&condition),
            };
            if !known {
                return unsupported("this condition");
            }
            self.backtracks = true;
            let _ = if condition.parse::<usize>().is_ok() {
                write!(self.out, "(?({condition})")
            } else {
                write!(self.out, "(?(<{condition}>)")
            };
        } else {
            let (mut on, mut off, mut negative) = (String::new(), String::new(), false);
            loop {
                match self.next() {
                    Some('-') if !negative => negative = true,
                    Some(')') if !on.is_empty() || !off.is_empty() => {
                        for flag in on.chars() {
                            self.found.set(flag, true);
                        }
                        return if off.is_empty() {
                            Ok(None)
                        } else {
                            unsupported("flags switched off for the whole")
                        };
                    }
                    Some(':') if !on.is_empty() || !off.is_empty() => break,
                    Some(flag) if "imsxau".contains(flag) => {
                        if negative {
                            off.push(flag)
                        } else {
                            on.push(flag)
                        }
                    }
                    Some(
                        'P' | '&' | '|' | 'R' | '0'..='9' | 'b' | 'e' | 'f' | 'p' | 'r' | 'w' | 'V' | 'L',
                    ) if self.at < self.chars.len() => {
                        return unsupported("this kind of group or flag");
                    }
                    _ => return self.wrong("unknown extension", self.at.min(self.chars.len())),
                }
            }
            on.chars().for_each(|flag| self.flags.set(flag, true));
            off.chars().for_each(|flag| self.flags.set(flag, false));
            let native = |flags: &str| flags.chars().filter(|flag| "ims".contains(*flag)).collect::<String>();
            let (on, off) = (native(&on), native(&off));
            let _ = write!(self.out, "(?{on}{}{off}:", if off.is_empty() { "" } else { "-" });
        }
        self.alternatives(depth + 1)?;
        self.flags = before;
        if self.next() != Some(')') {
            return self.wrong("missing )", self.chars.len());
        }
        self.out.push(')');
        Ok(Some(Last::Repeatable))
    }

    /// What stands before the next `end`, which is passed.
    fn next_after(&mut self, end: char) -> Option<String> {
        let rest = self.chars.get(self.at..)?;
        let len = rest.iter().position(|char| *char == end)?;
        let inside = rest.iter().take(len).collect();
        self.at += len + 1;
        Some(inside)
    }

    fn literal(&mut self, char: char) {
        write_literal(char, self.flags.ignore_case, &mut self.out);
    }

    /// Reads what follows a backslash outside of a class.
    fn escape(&mut self) -> Result<()> {
        let Some(char) = self.next() else { return self.wrong("bad escape (end of pattern)", self.at) };
        let boundary = if self.flags.ascii { "(?-u:" } else { "(?:" };
        match char {
            'A' => self.out.push_str(r"\A"),
            'Z' | 'z' => self.out.push_str(r"\z"),
            'b' | 'B' => _ = write!(self.out, r"{boundary}\{char})"),
            'm' => _ = write!(self.out, r"{boundary}\b{{start}})"),
            'M' => _ = write!(self.out, r"{boundary}\b{{end}})"),
            'R' => {
                self.backtracks = true;
                self.out.push_str(r"(?>\r\n|[\n\x0B\x0C\r\x{85}\x{2028}\x{2029}])");
            }
            'h' => self.out.push_str(r"[\t\p{Zs}]"),
            'G' | 'K' | 'X' | 'L' | 'g' => return unsupported("this escape"),
            'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'p' | 'P' => {
                let shorthand = self.shorthand(char)?;
                let _ = write!(self.out, "[{shorthand}]");
            }
            '1'..='9' => return self.reference(char),
            _ => {
                let char = self.char_escape(char)?;
                self.literal(char);
            }
        }
        Ok(())
    }

    /// Reads a back-reference, or three octal digits.
    fn reference(&mut self, first: char) -> Result<()> {
        let start = self.at;
        let digits: String = std::iter::once(first)
            .chain(self.chars.get(self.at..).unwrap_or_default().iter().copied().take(2))
            .take_while(char::is_ascii_digit)
            .collect();
        if digits.len() == 3 && digits.chars().all(|char| char.is_digit(8)) {
            self.at += 2;
            let code = u32::from_str_radix(&digits, 8).unwrap_or(0) & 0xff;
            self.literal(char::from_u32(code).unwrap_or('\0'));
            return Ok(());
        }
        let digits: String = digits.chars().take(2).collect();
        self.at += digits.len() - 1;
        match digits.parse::<usize>() {
            Ok(number) if number <= self.groups => {
                self.backtracks = true;
                // Kept apart from digits that may follow.
                let _ = write!(self.out, r"(?:\{number})");
                Ok(())
            }
            _ => self.wrong("invalid group reference", start + digits.len() - 1),
        }
    }

    /// The inside of a class for `\d`, `\w`, `\s`, `\p{..}` and their opposites.
    fn shorthand(&mut self, char: char) -> Result<String> {
        let named =
            |inside: &str, negated: bool| if negated { format!("[^{inside}]") } else { inside.to_owned() };
        Ok(match char {
            'p' | 'P' => {
                let Some(open) = self.next() else { return self.wrong("unknown property", self.at) };
                let name = if open == '{' { self.next_after('}') } else { Some(open.to_string()) };
                let Some(name) = name else { return self.wrong("unknown property", self.at) };
                let (name, inverted) =
                    name.strip_prefix('^').map_or((name.as_str(), false), |name| (name, true));
                if !name.chars().all(|char| char.is_ascii_alphanumeric() || "_= :-".contains(char)) {
                    return self.wrong("unknown property", self.at);
                }
                let negated = (char == 'P') != inverted;
                match name {
                    // Where case counts for nothing, neither does it here.
                    "Lu" | "Ll" | "Lt" if self.flags.ignore_case => named(r"\p{Lu}\p{Ll}\p{Lt}", negated),
                    _ => format!(r"\{}{{{name}}}", if negated { 'P' } else { 'p' }),
                }
            }
            'd' | 'D' if self.flags.ascii => named("0-9", char == 'D'),
            'w' | 'W' if self.flags.ascii => named("0-9A-Za-z_", char == 'W'),
            's' | 'S' if self.flags.ascii => named(r"\t\n\x0B\x0C\r ", char == 'S'),
            _ => format!(r"\{char}"),
        })
    }

    /// Reads an escape that stands for one character, after its first.
    fn char_escape(&mut self, char: char) -> Result<char> {
        let digits = match char {
            'a' => return Ok('\x07'),
            'f' => return Ok('\x0c'),
            'n' => return Ok('\n'),
            'r' => return Ok('\r'),
            't' => return Ok('\t'),
            'v' => return Ok('\x0b'),
            '0' => {
                let octal: String = self
                    .chars
                    .get(self.at..)
                    .unwrap_or_default()
                    .iter()
                    .take(2)
                    .take_while(|char| char.is_digit(8))
                    .collect();
                self.at += octal.len();
                return Ok(u32::from_str_radix(&octal, 8).ok().and_then(char::from_u32).unwrap_or('\0'));
            }
            'x' => 2,
            'u' => 4,
            'U' => 8,
            'N' => return unsupported("characters by their names"),
            _ if char.is_ascii_alphanumeric() => return self.wrong(&format!(r"bad escape \{char}"), self.at),
            _ => return Ok(char),
        };
        let hex: String = self.chars.get(self.at..).unwrap_or_default().iter().take(digits).collect();
        let code =
            u32::from_str_radix(&hex, 16).ok().filter(|_| hex.len() == digits).and_then(char::from_u32);
        match code {
            Some(code) => {
                self.at += digits;
                Ok(code)
            }
            None => self.wrong(&format!(r"incomplete escape \{char}{hex}"), self.at),
        }
    }

    /// Reads a class; within it an opening bracket and doubled signs stand for themselves.
    fn class(&mut self) -> Result<()> {
        self.at += 1;
        self.out.push('[');
        if self.eat("^") {
            self.out.push('^');
        }
        let first = self.at;
        loop {
            let Some(char) = self.next() else { return self.wrong("unterminated character set", self.at) };
            if char == ']' && self.at > first + 1 {
                break;
            }
            let Some(low) = self.class_part(char)? else { continue };
            let range =
                self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|next| *next != ']');
            if !range {
                write_in_class(low, self.flags.ignore_case, &mut self.out);
                continue;
            }
            self.at += 1;
            let Some(char) = self.next() else { return self.wrong("unterminated character set", self.at) };
            let before = self.out.len();
            match self.class_part(char)? {
                Some(high) if high < low => return self.wrong("bad character range", self.at),
                Some(high) => {
                    write_literal(low, false, &mut self.out);
                    self.out.push('-');
                    write_literal(high, false, &mut self.out);
                }
                None => {
                    // `a-\d`: three things, the dash for itself.
                    let shorthand = self.out.split_off(before);
                    write_in_class(low, self.flags.ignore_case, &mut self.out);
                    self.out.push_str(r"\-");
                    self.out.push_str(&shorthand);
                }
            }
        }
        self.out.push(']');
        Ok(())
    }

    /// Reads one part of a class: gives its character, or writes it and gives `None` where it stands for several.
    fn class_part(&mut self, char: char) -> Result<Option<char>> {
        match char {
            '[' if self.eat(":") => {
                let at = self.at;
                let name = self.next_after(':').filter(|_| self.eat("]"));
                let Some(name) = name else {
                    self.at = at - 1;
                    return Ok(Some('['));
                };
                let (name, negated) = name.strip_prefix('^').map_or((name.as_str(), ""), |name| (name, "^"));
                let inside = match name {
                    "alpha" => r"\p{Alphabetic}",
                    "digit" => r"\d",
                    "alnum" => r"\p{Alphabetic}\d",
                    "space" => r"\s",
                    "word" => r"\w",
                    "upper" | "lower" if self.flags.ignore_case => r"\p{Lu}\p{Ll}\p{Lt}",
                    "upper" => r"\p{Uppercase}",
                    "lower" => r"\p{Lowercase}",
                    "punct" => r"\p{Punctuation}",
                    "xdigit" => r"\p{Hex_Digit}",
                    _ => return unsupported("this POSIX class"),
                };
                let _ = write!(self.out, "[{negated}{inside}]");
                Ok(None)
            }
            '\\' => {
                let Some(char) = self.next() else {
                    return self.wrong("bad escape (end of pattern)", self.at);
                };
                match char {
                    'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'p' | 'P' => {
                        let shorthand = self.shorthand(char)?;
                        self.out.push_str(&shorthand);
                        Ok(None)
                    }
                    'b' => Ok(Some('\x08')),
                    '1'..='7' => {
                        let octal: String = std::iter::once(char)
                            .chain(self.chars.get(self.at..).unwrap_or_default().iter().copied().take(2))
                            .take_while(|char| char.is_digit(8))
                            .collect();
                        self.at += octal.len() - 1;
                        let code = u32::from_str_radix(&octal, 8).unwrap_or(0) & 0xff;
                        Ok(char::from_u32(code))
                    }
                    _ => self.char_escape(char).map(Some),
                }
            }
            _ => Ok(Some(char)),
        }
    }
}

fn write_literal(char: char, ignore_case: bool, out: &mut String) {
    if ignore_case && turkic(char).is_some() {
        out.push('[');
        write_in_class(char, true, out);
        out.push(']');
        return;
    }
    // All ASCII but letters and digits in hexadecimal, so that no mode of reading takes it for a sign.
    if char.is_ascii_alphanumeric() || !char.is_ascii() && !char.is_whitespace() {
        out.push(char);
    } else {
        let _ = write!(out, r"\x{{{:X}}}", u32::from(char));
    }
}

fn write_in_class(char: char, ignore_case: bool, out: &mut String) {
    write_literal(char, false, out);
    if let Some(other) = turkic(char).filter(|_| ignore_case) {
        out.push_str(other);
    }
}

/// What else a letter matches in Python's `regex` where case does not count, beyond Unicode's simple folding.
fn turkic(char: char) -> Option<&'static str> {
    match char {
        'i' => Some("İ"),
        'I' => Some("ı"),
        'İ' => Some("i"),
        'ı' => Some("I"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_patterns_are_named_as_python_names_them() {
        let cases = [
            ("(", "missing ) at position 1"),
            (")", "unbalanced parenthesis at position 0"),
            ("[", "unterminated character set at position 1"),
            ("*a", "nothing to repeat at position 0"),
            ("a|*", "nothing to repeat at position 2"),
            ("a{2}{3}", "multiple repeat at position 4"),
            ("a{2,1}", "min repeat greater than max repeat at position 2"),
            (r"a\q", r"bad escape \q at position 3"),
            (r"a\", "bad escape (end of pattern) at position 2"),
            (r"\x1", r"incomplete escape \x1 at position 2"),
            ("[z-a]", "bad character range at position 4"),
            ("(?", "unknown extension at position 2"),
        ];
        for (pattern, said) in cases {
            assert_eq!(validate(pattern, &Limits::default()).unwrap_err().0, said, "{pattern}");
        }
    }

    #[test]
    fn what_runs_past_a_limit_is_an_error() {
        let limits = Limits { steps: 1000, backtracked_text: 100, pattern_len: 20, ..Limits::default() };
        let flags = Flags::from_bits(Flags::DEFAULT).unwrap();
        let deadline = Deadline::new(&limits);
        let compile = |pattern: &str, limits: &Limits| Pattern::compile(pattern, flags, limits, &mut 100);
        let pattern = compile(r"(a|aa)+\1(?=b)", &limits).unwrap();
        assert!(pattern.matches(&"a".repeat(60), &deadline).is_err());
        assert!(pattern.matches(&" ".repeat(101), &deadline).is_err());
        assert!(compile(&"a".repeat(21), &limits).is_err());
        assert!(compile(r"(\w{999}){999}", &Limits::default()).is_err());
        assert!(compile(&"(?=a)".repeat(21), &Limits::default()).is_err());
        let (deep, late) =
            ("(".repeat(200) + &")".repeat(200), Limits { time: std::time::Duration::ZERO, ..limits });
        assert!(compile(&deep, &Limits::default()).is_err());
        let late =
            Deadline { at: Deadline::new(&late).at.map(|at| at - std::time::Duration::from_millis(1)) };
        assert!(compile("a", &limits).unwrap().matches("a", &late).is_err());
    }
}
