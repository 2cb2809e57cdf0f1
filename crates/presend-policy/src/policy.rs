use std::fmt;
use std::sync::Arc;

use presend_detect::{Finding, Kind, Label, Role, Signals};

use crate::error::{ErrorKind, PolicyError};
use crate::handle::{self, Handle, Part, Subject};
use crate::layer::{self, AdviceFile, Confidence, HandleFile, Layer, RuleFile};
use crate::{About, Action, Band, Context, End, Level, Verdict, When};

/// Where a line of a policy stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    /// The layer: the name of a built-in policy, a file or a request.
    pub layer: Arc<str>,
    /// The line in it, from 1; 0 where the layer has no lines.
    pub number: u32,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => f.write_str(&self.layer),
            number => write!(f, "{}:{number}", self.layer),
        }
    }
}

/// One rule of a policy: the findings it fits and what is done with them. A part that is empty fits everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The labels it fits.
    pub labels: Vec<Label>,
    /// The roles it fits. A finding without a role fits only where this is empty.
    pub roles: Vec<Role>,
    /// The kinds of identifier it fits.
    pub kinds: Vec<Kind>,
    /// The bands of confidence it fits.
    pub bands: Vec<Band>,
    /// Whose it is, where a message names more than one patient: it fits only what is. `None` fits everybody's.
    pub about: Option<About>,
    /// Under which circumstances it holds; `None` under all.
    pub when: Option<When>,
    /// What is done.
    pub action: Action,
    /// Of [`Action::Mask`]: how many letters and digits stay to be seen, and at which end; `None` for four of a long
    /// number and none of anything else.
    pub show: (Option<u8>, End),
    /// Of [`Action::Replace`]: the words.
    pub with: String,
    /// Of [`Action::Generalise`]: how far; `None` for the label's own level.
    pub to: Option<Level>,
    /// The verdict that a finding brings.
    pub verdict: Verdict,
    /// Why, for the person who reads the decision.
    pub reason: String,
    /// Where the rule stands.
    pub line: Line,
}

/// How many digits of a health number a handle keeps, with initials.
const LAST_FOUR: u8 = 4;

impl Default for Rule {
    /// A rule that keeps everything.
    fn default() -> Self {
        Self {
            labels: Vec::new(),
            roles: Vec::new(),
            kinds: Vec::new(),
            bands: Vec::new(),
            about: None,
            when: None,
            action: Action::Keep,
            show: (None, End::End),
            with: String::new(),
            to: None,
            verdict: Verdict::Send,
            reason: String::new(),
            line: Line { layer: Arc::from("request"), number: 0 },
        }
    }
}

impl Rule {
    pub(crate) fn new(file: &RuleFile, line: Line) -> Self {
        Self {
            labels: file.labels.clone().unwrap_or_default(),
            roles: file.roles.clone().unwrap_or_default(),
            kinds: file.kinds.clone().unwrap_or_default(),
            bands: file.bands.clone().unwrap_or_default(),
            about: file.about,
            when: file.when.clone(),
            action: file.action,
            show: (file.show, file.from.unwrap_or(End::End)),
            with: file.with.clone().unwrap_or_default(),
            to: file.to,
            verdict: file.verdict.unwrap_or(file.action.verdict()),
            reason: file.reason.clone(),
            line,
        }
    }

    /// Whether the rule fits findings of this label, role and band, whatever the circumstances it asks for.
    #[must_use]
    pub fn fits(&self, label: Label, role: Option<Role>, band: Band) -> bool {
        fn among<T: PartialEq>(list: &[T], value: &T) -> bool {
            list.is_empty() || list.contains(value)
        }
        among(&self.labels, &label)
            && (self.roles.is_empty() || role.is_some_and(|role| self.roles.contains(&role)))
            && among(&self.kinds, &label.kind())
            && among(&self.bands, &band)
    }
}

/// What a policy says of one finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// What is done with the text.
    pub action: Action,
    /// The verdict that the finding brings.
    pub verdict: Verdict,
    /// Of [`Action::Generalise`]: how far; `None` for the label's own level.
    pub level: Option<Level>,
    /// Of [`Action::Mask`]: how many letters and digits stay to be seen, and at which end; `None` for four of a long
    /// number and none of anything else.
    pub show: (Option<u8>, End),
    /// The handle that the finding is kept for, in part or whole.
    pub handle: Option<Handle>,
    rule: Arc<Rule>,
    kept_by: Option<Arc<Rank>>,
}

impl Decision {
    fn of(rule: &Arc<Rule>) -> Self {
        Self {
            action: rule.action,
            verdict: rule.verdict,
            level: rule.to,
            show: rule.show,
            handle: None,
            rule: Arc::clone(rule),
            kept_by: None,
        }
    }

    /// Keeps the finding as a part of a handle, in the form that the handle has it.
    fn keep_for(&mut self, handle: Handle, part: Part, rank: &Arc<Rank>) {
        self.handle = Some(handle);
        self.kept_by = Some(Arc::clone(rank));
        (self.action, self.level) = match (handle, part) {
            (Handle::LastFourAndInitials, Part::HealthNumber) => (Action::Mask, None),
            (_, Part::Name) => (Action::Initials, None),
            (_, Part::Birth) => (Action::Generalise, Some(Level::Year)),
            (_, Part::HealthNumber | Part::RecordNumber | Part::Bed) => (Action::Keep, None),
        };
        self.show = (Some(LAST_FOUR), End::End);
        self.verdict = self.action.verdict();
    }

    /// Notes that carrying it out left the words as they were: they are as coarse as the policy asks already.
    pub fn left_in_place(&mut self) {
        if self.action.rewrites() {
            self.action = Action::Keep;
            if self.verdict == Verdict::Minimise {
                self.verdict = Verdict::Send;
            }
        }
    }

    /// Why, in words of the policy.
    #[must_use]
    pub fn reason(&self) -> &str {
        self.kept_by.as_ref().map_or(&self.rule.reason, |rank| &rank.reason)
    }

    /// The line of the policy that decided.
    #[must_use]
    pub fn line(&self) -> &Line {
        self.kept_by.as_ref().map_or(&self.rule.line, |rank| &rank.line)
    }

    /// Of [`Action::Replace`]: the words.
    #[must_use]
    pub fn with(&self) -> &str {
        &self.rule.with
    }
}

/// The handles that a patient may be known by, under circumstances.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rank {
    when: When,
    handles: Vec<Handle>,
    reason: String,
    line: Line,
}

/// Something to tell the sender beside the findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Which advice it is, such as `record`.
    pub id: Arc<str>,
    /// What the sender is told.
    pub text: Arc<str>,
    /// The mildest verdict where it is given.
    pub verdict: Verdict,
    /// The line of the policy that has it.
    pub line: Line,
}

#[derive(Clone, Debug, PartialEq)]
struct AdviceLine {
    when: When,
    advice: Advice,
}

/// What a policy says of a whole message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What is done with each finding, in the order of the findings.
    pub decisions: Vec<Decision>,
    /// The patients that the message speaks of, and the handle that is kept of each; empty where the policy keeps none.
    pub subjects: Vec<Subject>,
    /// What the sender is told.
    pub advice: Vec<Advice>,
}

/// A named, ordered list of rules, with handles, advice and limits; made of layers.
#[derive(Clone, PartialEq)]
pub struct Policy {
    pub(crate) name: Arc<str>,
    title: String,
    about: String,
    guidance: Vec<String>,
    ceiling: Verdict,
    incomplete: Verdict,
    preview: String,
    confidence: Confidence,
    rules: Vec<Arc<Rule>>,
    ranks: Vec<Arc<Rank>>,
    advice: Vec<AdviceLine>,
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("name", &self.name)
            .field("rules", &self.rules.len())
            .finish_non_exhaustive()
    }
}

/// What a lock screen may show where no policy says.
const PREVIEW: &str = "New message";

impl Default for Policy {
    /// A policy without a name that flags everything.
    fn default() -> Self {
        let rule = Rule {
            action: Action::Flag,
            verdict: Verdict::Advise,
            reason: "have a look before you send it".to_owned(),
            ..Rule::default()
        };
        Self {
            name: Arc::from(""),
            title: String::new(),
            about: String::new(),
            guidance: Vec::new(),
            ceiling: Verdict::Block,
            incomplete: Verdict::Advise,
            preview: PREVIEW.to_owned(),
            confidence: Confidence::default(),
            rules: vec![Arc::new(rule)],
            ranks: Vec::new(),
            advice: Vec::new(),
        }
    }
}

impl Policy {
    /// Merges layers, the lowest first, into a policy.
    ///
    /// Single values are those of the highest layer that has them. Rules and handles of a higher layer are tried before
    /// those of a lower one. Advice is joined, and a higher layer replaces a lower one's of the same id.
    ///
    /// # Errors
    ///
    /// Where no layer gives a name, or some finding could be decided by no rule that holds under all circumstances.
    pub fn layered<'a>(layers: impl IntoIterator<Item = &'a Layer>) -> Result<Self, PolicyError> {
        let mut policy = Self { rules: Vec::new(), ..Self::default() };
        let mut source = "policy".to_owned();
        for layer in layers {
            policy.overwrite(layer);
            source.clone_from(&layer.source);
        }
        if policy.name.is_empty() {
            return Err(PolicyError::new(ErrorKind::Meaning, &source, None, "a policy needs a name"));
        }
        if let Some((label, role, band)) = policy.hole() {
            let role = role.map(|role| format!(" in the role {role}")).unwrap_or_default();
            let message = format!(
                "no rule without `when` decides on {label}{role} in the band {band}; end with a rule that fits everything"
            );
            return Err(PolicyError::new(ErrorKind::Hole, &source, None, &message));
        }
        Ok(policy)
    }

    /// Lays one more layer over the policy.
    fn overwrite(&mut self, layer: &Layer) {
        fn set<T: Clone>(value: &mut T, new: Option<&T>) {
            if let Some(new) = new {
                value.clone_from(new);
            }
        }
        let file = &layer.file;
        if let Some(name) = &file.name {
            self.name = Arc::from(name.as_str());
        }
        set(&mut self.title, file.title.as_ref());
        set(&mut self.about, file.about.as_ref());
        set(&mut self.guidance, file.guidance.as_ref());
        set(&mut self.ceiling, file.ceiling.as_ref());
        set(&mut self.incomplete, file.incomplete.as_ref());
        set(&mut self.preview, file.preview.as_ref());
        set(&mut self.confidence, file.confidence.as_ref());
        let source: Arc<str> = Arc::from(layer.source.as_str());
        let line = |lines: &[u32], at: usize| Line {
            layer: Arc::clone(&source),
            number: lines.get(at).copied().unwrap_or(0),
        };
        let rules = file.rule.iter().flatten().enumerate();
        let rules = rules.map(|(at, rule)| Arc::new(Rule::new(rule, line(&layer.lines.rules, at))));
        self.rules.splice(0..0, rules.collect::<Vec<_>>());
        let ranks =
            file.handle.iter().flatten().enumerate().map(|(at, HandleFile { when, rank, reason })| {
                let line = line(&layer.lines.handles, at);
                Arc::new(Rank { when: when.clone(), handles: rank.clone(), reason: reason.clone(), line })
            });
        self.ranks.splice(0..0, ranks.collect::<Vec<_>>());
        for (at, AdviceFile { id, when, verdict, text }) in file.advice.iter().flatten().enumerate() {
            let line = line(&layer.lines.advice, at);
            let advice = Advice {
                id: Arc::from(id.as_str()),
                text: Arc::from(text.as_str()),
                verdict: verdict.unwrap_or(Verdict::Send),
                line,
            };
            let new = AdviceLine { when: when.clone(), advice };
            match self.advice.iter_mut().find(|known| known.advice.id == new.advice.id) {
                Some(known) => *known = new,
                None => self.advice.push(new),
            }
        }
        self.advice.retain(|known| !known.advice.text.is_empty());
    }

    /// A finding that no rule decides under all circumstances, if there is one.
    fn hole(&self) -> Option<(Label, Option<Role>, Band)> {
        let is_decided = |(label, role, band): &(Label, Option<Role>, Band)| {
            let fits = |rule: &Arc<Rule>| {
                rule.when.is_none() && rule.about.is_none() && rule.fits(*label, *role, *band)
            };
            self.rules.iter().any(fits)
        };
        layer::shapes().find(|shape| !is_decided(shape))
    }

    /// The policy's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The policy's name, to be kept.
    #[must_use]
    pub fn name_shared(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    /// A heading of a few words.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What the policy is for, in a sentence or two.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// The guidance it follows, by name.
    #[must_use]
    pub fn guidance(&self) -> &[String] {
        &self.guidance
    }

    /// The gravest verdict that it gives.
    #[must_use]
    pub const fn ceiling(&self) -> Verdict {
        self.ceiling
    }

    /// The mildest verdict that it gives where something was not looked at.
    #[must_use]
    pub const fn incomplete(&self) -> Verdict {
        self.incomplete
    }

    /// What a lock screen may show of a message: nothing of its text.
    #[must_use]
    pub fn preview(&self) -> &str {
        &self.preview
    }

    /// The ids of what the sender may be told.
    pub(crate) fn advice_ids(&self) -> impl Iterator<Item = &str> {
        self.advice.iter().map(|line| &*line.advice.id)
    }

    /// The policy's rules, in the order they are tried.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(Arc::as_ref)
    }

    /// The band of a confidence.
    #[must_use]
    pub fn band(&self, confidence: f32) -> Band {
        match confidence {
            sure if sure >= self.confidence.certain => Band::Certain,
            sure if sure >= self.confidence.likely => Band::Likely,
            _ => Band::Possible,
        }
    }

    /// What is done with one finding by itself, in the default context.
    #[must_use]
    pub fn decide(&self, finding: &Finding) -> Decision {
        self.decide_in(finding, &Context::default(), Signals::default())
    }

    /// What is done with one finding by itself.
    #[must_use]
    pub fn decide_in(&self, finding: &Finding, context: &Context, signals: Signals) -> Decision {
        self.decide_about(finding, None, context, signals)
    }

    /// What is done with one finding of a message, where `about` says whose it is.
    fn decide_about(
        &self,
        finding: &Finding,
        about: Option<About>,
        context: &Context,
        signals: Signals,
    ) -> Decision {
        let band = self.band(finding.confidence);
        let fits = |rule: &&Arc<Rule>| {
            rule.fits(finding.label, finding.role, band)
                && (rule.about.is_none() || rule.about == about)
                && rule.when.as_ref().is_none_or(|when| when.holds(context, signals, true))
        };
        // `layered` has made sure that some rule fits.
        self.rules.iter().find(fits).map_or_else(|| Decision::of(&Arc::new(Rule::default())), Decision::of)
    }

    /// Decides on all that was found in a message.
    ///
    /// `findings` are sorted by start and do not overlap, as the engine gives them; `text` is the message they are in.
    #[must_use]
    pub fn plan(&self, text: &str, findings: &[Finding], context: &Context, signals: Signals) -> Plan {
        // Few policies ask.
        let about = match self.rules.iter().any(|rule| rule.about.is_some()) {
            true => handle::about(text, findings),
            false => vec![None; findings.len()],
        };
        let decide = |(finding, about)| self.decide_about(finding, about, context, signals);
        let mut decisions: Vec<Decision> = findings.iter().zip(about).map(decide).collect();
        let found = !findings.is_empty();
        let mut subjects = Vec::new();
        let rank = self.ranks.iter().find(|rank| rank.when.holds(context, signals, found));
        if let Some(rank) = rank.filter(|rank| !rank.handles.is_empty()) {
            for (of_subject, is_patient) in handle::subjects(text, findings) {
                let subject = handle::choose(&rank.handles, findings, &of_subject, is_patient);
                if let Some(kept) = subject.handle {
                    for at in &subject.findings {
                        if let (Some(finding), Some(decision)) = (findings.get(*at), decisions.get_mut(*at))
                            && let Some(part) = handle::is_part(kept, finding)
                        {
                            decision.keep_for(kept, part, rank);
                        }
                    }
                }
                subjects.push(subject);
            }
        }
        let advice = self.advice.iter().filter(|line| line.when.holds(context, signals, found));
        let advice = advice.map(|line| line.advice.clone()).collect();
        Plan { decisions, subjects, advice }
    }

    /// The verdict on a message: the gravest that a finding or a hole in what was looked at brings, up to the ceiling.
    #[must_use]
    pub fn verdict(&self, plan: &Plan, complete: bool) -> Verdict {
        let of_findings = plan.decisions.iter().map(|decision| decision.verdict);
        let of_findings = of_findings.chain(plan.advice.iter().map(|advice| advice.verdict)).max();
        let lost = plan.subjects.iter().any(|subject| subject.is_patient && subject.handle.is_none());
        let verdict = of_findings.unwrap_or(Verdict::Send);
        let verdict = if lost { verdict.max(Verdict::Advise) } else { verdict };
        let verdict = if complete { verdict } else { verdict.max(self.incomplete) };
        verdict.min(self.ceiling)
    }
}

/// The roles that a finding of the label can have.
pub(crate) fn roles_of(label: Label) -> Vec<Option<Role>> {
    match label {
        Label::Person => Role::ALL.iter().copied().map(Some).chain([None]).collect(),
        _ => vec![None],
    }
}
