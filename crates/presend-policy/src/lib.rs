//! From a finding to an action: a [`Policy`] is an ordered list of rules over label, role and confidence, and the
//! first that fits decides.

use std::fmt;
use std::str::FromStr;

use presend_detect::{Finding, Kind, Label, Role};

/// What is done with the text under a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Nothing: the text stays and the finding is only listed.
    Keep,
    /// The text stays and the sender's attention is drawn to it.
    Flag,
    /// The text is replaced by what it was: `[NAME]`, `[NHS NUMBER]`.
    Redact,
    /// Letters and digits are replaced by `*`, but for the last four of a number.
    Mask,
    /// A name is cut to its initials; anything else is redacted.
    Initials,
    /// The text is replaced by a number that stays the same within a conversation: `[PATIENT 1]`.
    Surrogate,
}

impl Action {
    /// Every action, the mildest first.
    pub const ALL: &'static [Action] =
        &[Action::Keep, Action::Flag, Action::Redact, Action::Mask, Action::Initials, Action::Surrogate];

    /// The action's name in files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Action::Keep => "keep",
            Action::Flag => "flag",
            Action::Redact => "redact",
            Action::Mask => "mask",
            Action::Initials => "initials",
            Action::Surrogate => "surrogate",
        }
    }

    /// Whether the text under the finding changes.
    #[must_use]
    pub const fn rewrites(self) -> bool {
        !matches!(self, Action::Keep | Action::Flag)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The error of [`Action::from_str`]: the word is no action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownAction;

impl fmt::Display for UnknownAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an action; the actions are keep, flag, redact, mask, initials and surrogate")
    }
}

impl std::error::Error for UnknownAction {}

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(name: &str) -> Result<Self, UnknownAction> {
        Self::ALL.iter().copied().find(|action| action.name() == name).ok_or(UnknownAction)
    }
}

/// One line of a policy: the findings it fits and what is done with them. An empty part fits everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The labels it fits; all where empty.
    pub labels: Vec<Label>,
    /// The roles it fits; all where empty. A finding without a role fits only an empty list.
    pub roles: Vec<Role>,
    /// Direct or quasi-identifiers only; both where `None`.
    pub kind: Option<Kind>,
    /// The confidence from which on it fits, 0 to 1.
    pub min_confidence: f32,
    /// What is done.
    pub action: Action,
    /// Why, for the person who reads the decision.
    pub reason: &'static str,
}

impl Rule {
    /// A rule that fits every finding.
    #[must_use]
    pub const fn every(action: Action, reason: &'static str) -> Self {
        Self { labels: Vec::new(), roles: Vec::new(), kind: None, min_confidence: 0.0, action, reason }
    }

    /// Whether the rule fits the finding.
    #[must_use]
    pub fn fits(&self, finding: &Finding) -> bool {
        (self.labels.is_empty() || self.labels.contains(&finding.label))
            && (self.roles.is_empty() || finding.role.is_some_and(|role| self.roles.contains(&role)))
            && self.kind.is_none_or(|kind| kind == finding.label.kind())
            && finding.confidence >= self.min_confidence
    }
}

/// What a policy says of one finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is done with the text.
    pub action: Action,
    /// Why, in words of the policy.
    pub reason: &'static str,
}

/// A named, ordered list of rules; the first that fits a finding decides, and one that none fits is flagged.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    name: &'static str,
    rules: Vec<Rule>,
}

/// Findings below this confidence are kept out of rewriting policies.
///
/// The recognisers report what they would call more likely than not; see `presend-detect`.
const REWRITE_FROM: f32 = 0.5;

impl Policy {
    /// The names of the built-in policies.
    pub const BUILT_IN: &'static [&'static str] =
        &["flag", "redact", "mask", "initials", "pseudonymise", "direct"];

    /// A policy of its own rules.
    #[must_use]
    pub const fn new(name: &'static str, rules: Vec<Rule>) -> Self {
        Self { name, rules }
    }

    /// The built-in policy of that name, or `None`.
    ///
    /// `flag` changes nothing; `redact` replaces every finding by its kind; `mask` stars letters and digits;
    /// `initials` cuts names to initials and redacts the rest; `pseudonymise` numbers people, places and references
    /// and redacts the rest; `direct` redacts direct identifiers and only flags quasi-identifiers.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        let unsure = |action, reason| Rule { min_confidence: REWRITE_FROM, ..Rule::every(action, reason) };
        let flag = Rule::every(Action::Flag, "not sure enough to rewrite: look at it");
        let rules = match name {
            "flag" => vec![Rule::every(Action::Flag, "this policy points out and changes nothing")],
            "redact" => vec![unsure(Action::Redact, "identifiers are taken out"), flag],
            "mask" => vec![unsure(Action::Mask, "identifiers are masked"), flag],
            "initials" => {
                vec![unsure(Action::Initials, "names become initials, other identifiers are taken out"), flag]
            }
            "pseudonymise" => vec![
                Rule {
                    labels: vec![
                        Label::Person,
                        Label::Username,
                        Label::Place,
                        Label::Organisation,
                        Label::Address,
                        Label::Phone,
                        Label::Email,
                        Label::NhsNumber,
                        Label::ChiNumber,
                        Label::HscNumber,
                        Label::Mrn,
                        Label::OtherId,
                        Label::WardBed,
                    ],
                    ..unsure(Action::Surrogate, "the same identifier gets the same number throughout")
                },
                unsure(Action::Redact, "identifiers are taken out"),
                flag,
            ],
            "direct" => vec![
                Rule {
                    kind: Some(Kind::Direct),
                    ..unsure(Action::Redact, "direct identifiers are taken out")
                },
                Rule::every(Action::Flag, "it identifies in combination: look at it"),
            ],
            _ => return None,
        };
        let name = Self::BUILT_IN.iter().find(|built_in| **built_in == name)?;
        Some(Self { name, rules })
    }

    /// The policy's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The policy's rules, in the order they are tried.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What is done with a finding.
    #[must_use]
    pub fn decide(&self, finding: &Finding) -> Decision {
        self.rules
            .iter()
            .find(|rule| rule.fits(finding))
            .map_or(Decision { action: Action::Flag, reason: "no rule of the policy fits it" }, |rule| {
                Decision { action: rule.action, reason: rule.reason }
            })
    }
}

impl Default for Policy {
    /// The built-in policy `redact`.
    fn default() -> Self {
        Self::built_in("redact").unwrap_or_else(|| {
            Self::new("redact", vec![Rule::every(Action::Redact, "identifiers are taken out")])
        })
    }
}

#[cfg(test)]
mod tests {
    use presend_text::Span;

    use super::*;

    fn finding(label: Label, role: Option<Role>, confidence: f32) -> Finding {
        Finding { span: Span::new(0, 4), label, role, confidence, rule: "test", evidence: Vec::new() }
    }

    #[test]
    fn every_built_in_policy_exists_and_decides() {
        for name in Policy::BUILT_IN {
            let policy = Policy::built_in(name).expect(name);
            assert_eq!(policy.name(), *name);
            for label in Label::ALL {
                assert!(!policy.decide(&finding(*label, None, 0.9)).reason.is_empty());
            }
        }
        assert_eq!(Policy::built_in("nonsense"), None);
    }

    #[test]
    fn built_in_policies_decide_as_documented() {
        let cases = [
            ("flag", Label::NhsNumber, 0.9, Action::Flag),
            ("redact", Label::NhsNumber, 0.9, Action::Redact),
            ("redact", Label::Person, 0.3, Action::Flag),
            ("mask", Label::Phone, 0.9, Action::Mask),
            ("initials", Label::Person, 0.9, Action::Initials),
            ("pseudonymise", Label::Person, 0.9, Action::Surrogate),
            ("pseudonymise", Label::DateOfBirth, 0.9, Action::Redact),
            ("direct", Label::Place, 0.9, Action::Flag),
            ("direct", Label::Person, 0.9, Action::Redact),
        ];
        for (name, label, confidence, action) in cases {
            let policy = Policy::built_in(name).expect(name);
            assert_eq!(policy.decide(&finding(label, None, confidence)).action, action, "{name} {label}");
        }
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let keep_staff = Rule { roles: vec![Role::Staff], ..Rule::every(Action::Keep, "staff stay") };
        let policy = Policy::new("test", vec![keep_staff, Rule::every(Action::Redact, "the rest goes")]);
        assert_eq!(policy.decide(&finding(Label::Person, Some(Role::Staff), 0.9)).action, Action::Keep);
        assert_eq!(policy.decide(&finding(Label::Person, Some(Role::Patient), 0.9)).action, Action::Redact);
        assert_eq!(policy.decide(&finding(Label::Phone, None, 0.9)).action, Action::Redact);
    }

    #[test]
    fn actions_read_back_from_their_names() {
        for action in Action::ALL {
            assert_eq!(action.name().parse(), Ok(*action));
        }
        assert!("burn".parse::<Action>().is_err());
    }
}
