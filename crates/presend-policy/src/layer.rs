//! A policy file: what one layer sets, read from TOML or from JSON.

use std::sync::Arc;

use presend_detect::{Kind, Label, Role};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::error::{ErrorKind, PolicyError};
use crate::policy::{Line, Rule, roles_of};
use crate::{About, Action, Band, End, Handle, Level, Verdict, When};

/// What one file or request says of a policy; whatever it leaves out is as in the layer below.
///
/// Layers are merged by [`crate::Policy::layered`], from the built-in ones up to the request's. Rules of a higher layer
/// are tried before those of a lower one.
#[derive(Clone, Debug)]
pub struct Layer {
    /// What the layer is called where its lines are cited: a file's name, or `request`.
    pub(crate) source: String,
    pub(crate) file: File<RuleFile, HandleFile, AdviceFile>,
    /// The line on which each rule, handle and advice stands; 0 where the source has no lines.
    pub(crate) lines: Lines,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    pub(crate) rules: Vec<u32>,
    pub(crate) handles: Vec<u32>,
    pub(crate) advice: Vec<u32>,
}

/// The parts of a policy file; the lists are generic so that the lines of a TOML file can be had.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(title = "A presend policy"))]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    bound(deserialize = "R: Deserialize<'de>, H: Deserialize<'de>, A: Deserialize<'de>")
)]
pub(crate) struct File<R, H, A> {
    /// What the policy is called: lower-case letters, digits and hyphens.
    pub(crate) name: Option<String>,
    /// The policy on which this one builds.
    pub(crate) extends: Option<String>,
    /// A heading of a few words.
    pub(crate) title: Option<String>,
    /// What the policy is for, in a sentence or two.
    pub(crate) about: Option<String>,
    /// The guidance it follows, by name.
    pub(crate) guidance: Option<Vec<String>>,
    /// The gravest verdict that it gives.
    pub(crate) ceiling: Option<Verdict>,
    /// The mildest verdict where something was not looked at.
    pub(crate) incomplete: Option<Verdict>,
    /// What a lock screen may show of the message.
    pub(crate) preview: Option<String>,
    /// From which confidence on a finding is in the bands `likely` and `certain`.
    pub(crate) confidence: Option<Confidence>,
    /// What is done with findings: the first rule that fits one decides.
    pub(crate) rule: Option<Vec<R>>,
    /// By what a patient stays known to a colleague; the first entry whose circumstances are met is used.
    pub(crate) handle: Option<Vec<H>>,
    /// What the sender is told beside the findings.
    pub(crate) advice: Option<Vec<A>>,
}

/// From which confidence on, 0 to 1, a finding is in which band; below `likely` it is `possible`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Confidence {
    /// From here on it is likely.
    pub likely: f32,
    /// From here on it is certain.
    pub certain: f32,
}

impl Default for Confidence {
    fn default() -> Self {
        Self { likely: 0.5, certain: 0.9 }
    }
}

/// One `[[rule]]`: the findings it fits and what is done with them. A part that is left out fits everything.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RuleFile {
    /// The labels it fits.
    #[serde(default, deserialize_with = "names")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<crate::schema::Label>>"))]
    pub(crate) labels: Option<Vec<Label>>,
    /// The roles it fits; a finding that is no PERSON fits only where this is left out.
    #[serde(default, deserialize_with = "names")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<crate::schema::Role>>"))]
    pub(crate) roles: Option<Vec<Role>>,
    /// Direct identifiers, quasi-identifiers.
    #[serde(default, deserialize_with = "kinds")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<crate::schema::Kind>>"))]
    pub(crate) kinds: Option<Vec<Kind>>,
    /// How sure the finding is.
    pub(crate) bands: Option<Vec<Band>>,
    /// Whose it is, where a message names more than one patient: it fits only what is.
    pub(crate) about: Option<About>,
    /// Under which circumstances it holds.
    pub(crate) when: Option<When>,
    /// What is done.
    pub(crate) action: Action,
    /// Of `mask`: how many letters and digits stay to be seen.
    pub(crate) show: Option<u8>,
    /// Of `mask`: at which end.
    pub(crate) from: Option<End>,
    /// Of `replace`: the words.
    pub(crate) with: Option<String>,
    /// Of `generalise`: how far.
    pub(crate) to: Option<Level>,
    /// The verdict that a finding brings; as the action has it where left out.
    pub(crate) verdict: Option<Verdict>,
    /// Why, for the person who reads the decision.
    pub(crate) reason: String,
}

/// One `[[handle]]`: the handles that a patient may be known by, the best first.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct HandleFile {
    /// Under which circumstances it holds.
    #[serde(default)]
    pub(crate) when: When,
    /// The handles, the best first; none of them where the list is empty.
    pub(crate) rank: Vec<Handle>,
    /// Why the parts of a handle stay.
    pub(crate) reason: String,
}

/// One `[[advice]]`: something to tell the sender.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AdviceFile {
    /// Which advice it is; a higher layer replaces what a lower one says under the same id.
    pub(crate) id: String,
    /// Under which circumstances it is given.
    #[serde(default)]
    pub(crate) when: When,
    /// The mildest verdict where it is given.
    pub(crate) verdict: Option<Verdict>,
    /// What the sender is told; an empty text takes the advice of a lower layer away.
    pub(crate) text: String,
}

impl Layer {
    /// Reads a layer from TOML; `source` is what its lines are cited by, such as the file's name.
    ///
    /// # Errors
    ///
    /// Where the text is no TOML, or holds a key, name or value that a policy does not have; with line and column.
    pub fn parse(source: &str, text: &str) -> Result<Self, PolicyError> {
        let file: File<Spanned<RuleFile>, Spanned<HandleFile>, Spanned<AdviceFile>> = toml::from_str(text)
            .map_err(|error| {
                let at = error.span().map(|span| place(text, span.start));
                PolicyError::new(ErrorKind::Syntax, source, at, error.message())
            })?;
        let File { name, extends, title, about, guidance, ceiling, incomplete, preview, confidence, .. } =
            file;
        let (rules, rule) = split(text, file.rule.unwrap_or_default());
        let (handles, handle) = split(text, file.handle.unwrap_or_default());
        let (advices, advice) = split(text, file.advice.unwrap_or_default());
        let layer = Self {
            source: source.to_owned(),
            file: File {
                name,
                extends,
                title,
                about,
                guidance,
                ceiling,
                incomplete,
                preview,
                confidence,
                rule: Some(rule),
                handle: Some(handle),
                advice: Some(advice),
            },
            lines: Lines { rules, handles, advice: advices },
        };
        layer.check()?;
        Ok(layer)
    }

    /// Reads a layer from JSON with the same keys, as a request brings it.
    ///
    /// # Errors
    ///
    /// As for [`Layer::parse`], without the line of what is wrong inside an entry.
    pub fn parse_json(source: &str, text: &str) -> Result<Self, PolicyError> {
        let file = serde_json::from_str(text).map_err(|error| {
            let at =
                Some((u32::try_from(error.line()).unwrap_or(0), u32::try_from(error.column()).unwrap_or(0)));
            PolicyError::new(ErrorKind::Syntax, source, at, &error.to_string())
        })?;
        let layer = Self { source: source.to_owned(), file, lines: Lines::default() };
        layer.check()?;
        Ok(layer)
    }

    /// The name of the policy it makes or changes.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.file.name.as_deref()
    }

    /// The name of the policy it builds on.
    #[must_use]
    pub fn extends(&self) -> Option<&str> {
        self.file.extends.as_deref()
    }

    /// The rules that decide nothing, for each finding that they fit is decided by earlier ones of the layer; not the last
    /// where it fits everything, which is a net.
    pub(crate) fn idle_rules(&self) -> impl Iterator<Item = PolicyError> {
        let mut open: Vec<_> = shapes().collect();
        let len = self.file.rule.as_ref().map_or(0, Vec::len);
        let rules = self.file.rule.iter().flatten().enumerate();
        rules.filter_map(move |(at, rule)| {
            let is_net = at + 1 == len && shapes().all(|(label, role, band)| rule.fits(label, role, band));
            let is_idle = !is_net && !open.iter().any(|(label, role, band)| rule.fits(*label, *role, *band));
            if rule.when.is_none() && rule.about.is_none() {
                open.retain(|(label, role, band)| !rule.fits(*label, *role, *band));
            }
            let message = "the rule never acts: rules before it decide on all that it fits";
            is_idle.then(|| self.doubt(self.lines.rules.get(at), message))
        })
    }

    /// Advice that is taken away and not in `known`.
    pub(crate) fn idle_advice(&self, known: &[&str]) -> impl Iterator<Item = PolicyError> {
        let advice = self.file.advice.iter().flatten().enumerate();
        advice.filter(|(_, advice)| advice.text.is_empty() && !known.contains(&advice.id.as_str())).map(
            |(at, _)| {
                self.doubt(
                    self.lines.advice.get(at),
                    "an empty text takes advice of a lower layer away, and none has this id",
                )
            },
        )
    }

    /// What is no mistake for certain.
    pub(crate) fn doubt(&self, line: Option<&u32>, message: &str) -> PolicyError {
        let at = line.copied().filter(|line| *line > 0).map(|line| (line, 1));
        PolicyError::new(ErrorKind::Meaning, &self.source, at, message)
    }

    /// Checks what the types alone do not: that parts of rules go together.
    fn check(&self) -> Result<(), PolicyError> {
        let wrong = |line: Option<&u32>, message: &str| {
            let at = line.copied().filter(|line| *line > 0).map(|line| (line, 1));
            Err(PolicyError::new(ErrorKind::Meaning, &self.source, at, message))
        };
        if let Some(name) = &self.file.name
            && (name.is_empty()
                || name.len() > LONGEST_NAME
                || !name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'))
        {
            return wrong(
                None,
                "a policy's name is made of lower-case letters, digits and hyphens, at most 60",
            );
        }
        if let Some(Confidence { likely, certain }) = self.file.confidence
            && !((0.0..=certain).contains(&likely) && certain <= 1.0)
        {
            return wrong(None, "confidence runs from 0 to 1, and `likely` is at most `certain`");
        }
        for (at, rule) in self.file.rule.iter().flatten().enumerate() {
            if let Some(message) = rule.mistake() {
                return wrong(self.lines.rules.get(at), message);
            }
        }
        for (at, advice) in self.file.advice.iter().flatten().enumerate() {
            if advice.id.is_empty() {
                return wrong(self.lines.advice.get(at), "advice needs an id");
            }
        }
        Ok(())
    }
}

/// All that rules tell findings apart by.
pub(crate) fn shapes() -> impl Iterator<Item = (Label, Option<Role>, Band)> {
    let roles = Label::ALL.iter().flat_map(|label| roles_of(*label).into_iter().map(|role| (*label, role)));
    roles.flat_map(|(label, role)| Band::ALL.iter().map(move |band| (label, role, *band)))
}

/// The longest name of a policy, in bytes.
const LONGEST_NAME: usize = 60;

impl RuleFile {
    fn mistake(&self) -> Option<&'static str> {
        let set = |field: bool, action: Action| field && self.action != action;
        if set(self.show.is_some() || self.from.is_some(), Action::Mask) {
            return Some("`show` and `from` belong to the action mask");
        }
        if set(self.with.is_some(), Action::Replace) {
            return Some("`with` belongs to the action replace");
        }
        if self.action == Action::Replace && self.with.as_ref().is_none_or(|with| with.contains(['\r', '\n']))
        {
            return Some("the action replace needs `with`: the words, on one line");
        }
        if set(self.to.is_some(), Action::Generalise) {
            return Some("`to` belongs to the action generalise");
        }
        if let Some(level) = self.to
            && !self.labels.as_ref().is_some_and(|labels| labels.iter().all(|label| level.suits(*label)))
        {
            return Some("`to` does not suit every label of the rule; name the labels that it suits");
        }
        if self.labels.as_ref().is_some_and(Vec::is_empty)
            || self.roles.as_ref().is_some_and(Vec::is_empty)
            || self.kinds.as_ref().is_some_and(Vec::is_empty)
            || self.bands.as_ref().is_some_and(Vec::is_empty)
        {
            return Some("an empty list fits nothing; leave it out to fit everything");
        }
        if self.reason.trim().is_empty() {
            return Some("a rule needs a reason that a clinician understands");
        }
        if !shapes().any(|(label, role, band)| self.fits(label, role, band)) {
            return Some(
                "no finding fits the rule: its labels, roles and kinds exclude each other; only PERSON has a role",
            );
        }
        None
    }

    fn fits(&self, label: Label, role: Option<Role>, band: Band) -> bool {
        Rule::new(self, Line { layer: Arc::from(""), number: 0 }).fits(label, role, band)
    }
}

/// Parts entries from the lines they begin on.
fn split<T>(text: &str, entries: Vec<Spanned<T>>) -> (Vec<u32>, Vec<T>) {
    entries.into_iter().map(|entry| (place(text, entry.span().start).0, entry.into_inner())).unzip()
}

/// The line and the column, from 1, of a byte of the text.
fn place(text: &str, byte: usize) -> (u32, u32) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// Reads a list of names that the type knows to parse.
fn names<'de, D, T>(source: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    struct Name<T>(T);
    impl<'de, T: std::str::FromStr<Err: std::fmt::Display>> Deserialize<'de> for Name<T> {
        fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
            crate::named::read(source).map(Name)
        }
    }
    let names: Option<Vec<Name<T>>> = Deserialize::deserialize(source)?;
    Ok(names.map(|names| names.into_iter().map(|Name(value)| value).collect()))
}

/// Reads a list of `direct` and `quasi`.
fn kinds<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Vec<Kind>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Name {
        Direct,
        Quasi,
    }
    let names: Option<Vec<Name>> = Deserialize::deserialize(source)?;
    let kind = |name| match name {
        Name::Direct => Kind::Direct,
        Name::Quasi => Kind::Quasi,
    };
    Ok(names.map(|names| names.into_iter().map(kind).collect()))
}
