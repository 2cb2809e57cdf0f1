use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;

use presend_detect::{Finding, Kind, Label, Role};
use presend_text::Span;
use serde::Serialize;

use crate::gold::{GoldSpan, Message};
use crate::rng::SplitMix64;

/// The labels whose protected share is given as `numbers_and_contacts`: every direct label but PERSON and ADDRESS,
/// that is, what digits, fixed shapes and check digits give away.
///
/// Outward postcodes count here too, although they are quasi-identifiers.
pub const NUMBERS_AND_CONTACTS: &[Label] = &[
    Label::NhsNumber,
    Label::ChiNumber,
    Label::HscNumber,
    Label::NiNumber,
    Label::Mrn,
    Label::Phone,
    Label::Email,
    Label::Postcode,
    Label::DateOfBirth,
    Label::BankAccount,
    Label::PaymentCard,
    Label::ProfessionalId,
    Label::Passport,
    Label::DrivingLicence,
    Label::VehicleRegistration,
    Label::DeviceId,
    Label::OtherId,
    Label::Url,
    Label::IpAddress,
    Label::Username,
];

/// Where an engine says that an identifier stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prediction {
    /// Where in the message, in UTF-8 bytes.
    pub span: Span,
    /// What kind of identifier.
    pub label: Label,
    /// Whose name it is; for [`Label::Person`].
    pub role: Option<Role>,
    /// The id of the rule that found it, for the lists of false alarms and differences.
    pub rule: Option<&'static str>,
}

impl From<&Finding> for Prediction {
    fn from(finding: &Finding) -> Self {
        Self { span: finding.span, label: finding.label, role: finding.role, rule: Some(finding.rule) }
    }
}

impl From<Finding> for Prediction {
    fn from(finding: Finding) -> Self {
        Self::from(&finding)
    }
}

/// Another system's answers, read from a JSONL file, can so be scored as predictions.
impl From<GoldSpan> for Prediction {
    fn from(gold: GoldSpan) -> Self {
        Self { span: gold.span, label: gold.label, role: gold.role, rule: None }
    }
}

/// A share: how many of how many. Shares add up, count by count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many met the condition.
    pub hits: u64,
    /// How many there were.
    pub of: u64,
}

impl Share {
    /// The share in per cent, or `None` of nothing.
    #[must_use]
    pub fn percent(self) -> Option<f64> {
        (self.of > 0).then(|| 100.0 * self.hits as f64 / self.of as f64)
    }

    fn count(&mut self, hit: bool) {
        self.hits += u64::from(hit);
        self.of += 1;
    }
}

impl AddAssign for Share {
    fn add_assign(&mut self, other: Self) {
        self.hits += other.hits;
        self.of += other.of;
    }
}

macro_rules! figures {
    ($($(#[$about:meta])* $name:ident,)*) => {
        /// The project's quality figures over some messages.
        ///
        /// A gold span is *protected* when at least 90 % of its letters and digits lie under predictions of any label.
        /// Letters and digits are what [`char::is_alphanumeric`] says; a span without any goes by all its characters.
        /// A prediction *touches* a gold span when they share a byte.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
        pub struct Figures {
            $($(#[$about])* pub $name: Share,)*
        }

        impl Figures {
            /// Every figure with its stable name, in the order of the report.
            #[must_use]
            pub fn named(&self) -> Vec<(&'static str, Share)> {
                vec![$((stringify!($name), self.$name),)*]
            }
        }

        impl AddAssign for Figures {
            fn add_assign(&mut self, other: Self) {
                $(self.$name += other.$name;)*
            }
        }
    };
}

figures! {
    /// Direct identifiers that are protected.
    direct_recall,
    /// Messages holding a direct identifier in which every direct identifier is protected.
    safe_messages,
    /// PERSON spans of role staff that are protected.
    staff_recall,
    /// Quasi-identifiers that are protected.
    quasi_recall,
    /// Spans of [`NUMBERS_AND_CONTACTS`] that are protected.
    numbers_and_contacts,
    /// All gold spans that are protected.
    protected,
    /// Gold spans that a prediction of the same label touches.
    typed,
    /// Typed PERSON spans with a marked role whose prediction has the same role.
    role_accuracy,
    /// Predictions that touch a gold span.
    span_precision,
    /// Letters and digits under predictions that lie in gold spans.
    char_precision,
    /// Letters and digits outside gold spans that lie under predictions.
    text_damage,
    /// Messages with no gold span that get a prediction.
    clean_alarm,
}

/// The figures of one label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LabelFigures {
    /// Gold spans of the label that are protected.
    pub protected: Share,
    /// Gold spans of the label that a prediction of the label touches.
    pub typed: Share,
    /// Predictions of the label that touch a gold span of any label.
    pub span_precision: Share,
    /// Predictions of the label that touch a gold span of the label.
    pub label_precision: Share,
}

/// The figures of the PERSON spans of one role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RoleFigures {
    /// Spans of the role that are protected.
    pub protected: Share,
    /// Spans of the role that a PERSON prediction touches.
    pub typed: Share,
    /// Typed spans of the role whose prediction has the role too.
    pub role_accuracy: Share,
}

/// The group that a gold span counts in for the recall figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// PERSON except role staff, and every direct label; a postcode unless it is an outward code alone.
    Direct,
    /// PERSON of role staff.
    Staff,
    /// Quasi-identifiers, outward postcodes among them.
    Quasi,
}

impl Class {
    /// The class's name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Staff => "staff",
            Self::Quasi => "quasi",
        }
    }
}

/// The class of a gold span in its message's text.
#[must_use]
pub fn class(gold: &GoldSpan, text: &str) -> Class {
    match gold.label {
        Label::Person if gold.role == Some(Role::Staff) => Class::Staff,
        Label::Postcode if gold.span.of(text).is_some_and(is_outward_code) => Class::Quasi,
        label => match label.kind() {
            Kind::Direct => Class::Direct,
            Kind::Quasi => Class::Quasi,
        },
    }
}

/// Whether the words are the outward half of a postcode alone: one or two letters, a digit, then nothing, a digit or a
/// letter (Royal Mail's forms A9, A99, AA9, AA99, A9A and AA9A). Case and punctuation do not count.
fn is_outward_code(words: &str) -> bool {
    let letters_and_digits: String = words.chars().filter(|c| c.is_alphanumeric()).collect();
    let district = letters_and_digits.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let area = letters_and_digits.len() - district.len();
    let mut district = district.chars();
    (1..=2).contains(&area)
        && district.next().is_some_and(|c| c.is_ascii_digit())
        && district.next().is_none_or(|c| c.is_ascii_alphanumeric())
        && district.next().is_none()
}

/// A 95 % bootstrap interval, in per cent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The 2.5th percentile of the resamples.
    pub low: f64,
    /// The 97.5th percentile of the resamples.
    pub high: f64,
}

/// How to score; start from the default.
#[derive(Clone, Debug)]
pub struct ScoreOptions {
    /// The seed of the bootstrap, by default 1.
    pub seed: u64,
    /// How many times the messages are drawn again with replacement, by default 1,000; 0 gives no intervals.
    pub resamples: usize,
    /// The metadata keys to break the figures down by, by default `setting` and `style`.
    pub group_by: Vec<String>,
    /// How many words of context an [`Example`] keeps on either side, by default 4.
    pub context_words: usize,
}

impl Default for ScoreOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            resamples: 1000,
            group_by: vec!["setting".to_owned(), "style".to_owned()],
            context_words: 4,
        }
    }
}

/// What an [`Example`] is an example of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExampleKind {
    /// A gold span that is not protected.
    Miss,
    /// A prediction that touches no gold span.
    FalseAlarm,
}

/// A miss or a false alarm with the words around it.
///
/// It holds message text for the person who tunes the engine. Debug output leaves the text out.
#[derive(Clone, PartialEq, Eq)]
pub struct Example {
    /// Miss or false alarm.
    pub kind: ExampleKind,
    /// The id of the message.
    pub message: String,
    /// The place of the message among those scored, from 0.
    pub index: usize,
    /// Where in the message, in UTF-8 bytes.
    pub span: Span,
    /// The gold label of a miss, the predicted label of a false alarm.
    pub label: Label,
    /// The role that goes with the label.
    pub role: Option<Role>,
    /// The class of a miss; `None` for a false alarm.
    pub class: Option<Class>,
    /// The letters and digits of a miss that lie under predictions; `None` for a false alarm.
    pub covered: Option<Share>,
    /// The rule behind a false alarm, where the prediction names one.
    pub rule: Option<&'static str>,
    /// A few words before the span.
    pub before: String,
    /// The words of the span.
    pub words: String,
    /// A few words after the span.
    pub after: String,
}

impl fmt::Debug for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Example")
            .field("kind", &self.kind)
            .field("index", &self.index)
            .field("span", &self.span)
            .field("label", &self.label)
            .field("role", &self.role)
            .field("class", &self.class)
            .field("covered", &self.covered)
            .field("rule", &self.rule)
            .field("words_bytes", &self.words.len())
            .finish_non_exhaustive()
    }
}

/// The outcome of [`score()`].
#[derive(Clone, Debug)]
pub struct Score {
    /// How many messages were scored.
    pub messages: u64,
    /// How many spans were marked in them.
    pub gold_spans: u64,
    /// How many predictions came in.
    pub predictions: u64,
    /// Predictions that were empty, past the end of the text or inside a character: they cover nothing and count as
    /// false alarms.
    pub invalid_predictions: u64,
    /// The figures over all messages.
    pub overall: Figures,
    /// The bootstrap interval of each figure, by its name in [`Figures::named`]; figures of nothing have none.
    pub intervals: BTreeMap<&'static str, Interval>,
    /// The figures of each label that was marked or predicted.
    pub by_label: BTreeMap<Label, LabelFigures>,
    /// The figures of each role that was marked.
    pub by_role: BTreeMap<Role, RoleFigures>,
    /// The figures of the messages with each value of each metadata key of [`ScoreOptions::group_by`], by key, then
    /// by value, with the number of messages. Messages without the key are under no value.
    pub by_meta: BTreeMap<String, BTreeMap<String, (u64, Figures)>>,
    /// Gold spans that are not protected, in message order.
    pub misses: Vec<Example>,
    /// Predictions that touch no gold span, in message order.
    pub false_alarms: Vec<Example>,
}

/// Scores predictions against gold messages.
///
/// `predict` is called once for each message, in order. The same messages, predictions and options give the same score
/// on every machine. For the figures see [`Figures`].
pub fn score<F, I>(gold: &[Message], mut predict: F, options: &ScoreOptions) -> Score
where
    F: FnMut(&Message) -> I,
    I: IntoIterator,
    I::Item: Into<Prediction>,
{
    let mut scorer = Scorer::new(options);
    let mut each = Vec::with_capacity(gold.len());
    for (index, message) in gold.iter().enumerate() {
        let predictions: Vec<Prediction> = predict(message).into_iter().map(Into::into).collect();
        each.push(scorer.message(index, message, &predictions));
    }
    let mut score = scorer.score;
    score.intervals = bootstrap(&each, options);
    score
}

struct Scorer<'a> {
    options: &'a ScoreOptions,
    score: Score,
}

impl<'a> Scorer<'a> {
    fn new(options: &'a ScoreOptions) -> Self {
        let by_meta = options.group_by.iter().map(|key| (key.clone(), BTreeMap::new())).collect();
        let score = Score {
            messages: 0,
            gold_spans: 0,
            predictions: 0,
            invalid_predictions: 0,
            overall: Figures::default(),
            intervals: BTreeMap::new(),
            by_label: BTreeMap::new(),
            by_role: BTreeMap::new(),
            by_meta,
            misses: Vec::new(),
            false_alarms: Vec::new(),
        };
        Self { options, score }
    }

    fn message(&mut self, index: usize, message: &Message, predictions: &[Prediction]) -> Figures {
        let matched = Matched::new(message, predictions);
        let mut figures = matched.characters();
        let example = |kind, span: Span, label, role| Example {
            kind,
            message: message.id.clone(),
            index,
            span,
            label,
            role,
            class: None,
            covered: None,
            rule: None,
            before: words_before(&message.text, span, self.options.context_words),
            words: span.of(&message.text).map(one_line).unwrap_or_default(),
            after: words_after(&message.text, span, self.options.context_words),
        };

        let mut direct = Share::default();
        for gold in &message.spans {
            let class = class(gold, &message.text);
            let covered = matched.covered(gold.span);
            let protected = is_protected(covered);
            let typed_by = matched.typed_by(gold);
            let typed = typed_by.is_some();
            figures.protected.count(protected);
            figures.typed.count(typed);
            match class {
                Class::Direct => direct.count(protected),
                Class::Staff => figures.staff_recall.count(protected),
                Class::Quasi => figures.quasi_recall.count(protected),
            }
            if NUMBERS_AND_CONTACTS.contains(&gold.label) {
                figures.numbers_and_contacts.count(protected);
            }
            let of_label = self.score.by_label.entry(gold.label).or_default();
            of_label.protected.count(protected);
            of_label.typed.count(typed);
            if gold.label == Label::Person
                && let Some(role) = gold.role
            {
                let of_role = self.score.by_role.entry(role).or_default();
                of_role.protected.count(protected);
                of_role.typed.count(typed);
                if let Some(prediction) = typed_by {
                    let right = prediction.role == Some(role);
                    figures.role_accuracy.count(right);
                    of_role.role_accuracy.count(right);
                }
            }
            if !protected {
                let miss = example(ExampleKind::Miss, gold.span, gold.label, gold.role);
                self.score.misses.push(Example { class: Some(class), covered: Some(covered), ..miss });
            }
        }
        figures.direct_recall = direct;
        if direct.of > 0 {
            figures.safe_messages.count(direct.hits == direct.of);
        }
        if message.spans.is_empty() {
            figures.clean_alarm.count(!predictions.is_empty());
        }

        for prediction in predictions {
            let valid = matched.is_valid(prediction);
            let touches = |gold: &&GoldSpan| valid && gold.span.overlaps(prediction.span);
            let touched = message.spans.iter().any(|gold| touches(&gold));
            let touched_label =
                message.spans.iter().filter(touches).any(|gold| gold.label == prediction.label);
            figures.span_precision.count(touched);
            let of_label = self.score.by_label.entry(prediction.label).or_default();
            of_label.span_precision.count(touched);
            of_label.label_precision.count(touched_label);
            if !touched {
                let alarm =
                    example(ExampleKind::FalseAlarm, prediction.span, prediction.label, prediction.role);
                self.score.false_alarms.push(Example { rule: prediction.rule, ..alarm });
            }
            self.score.invalid_predictions += u64::from(!valid);
        }

        self.score.messages += 1;
        self.score.gold_spans += message.spans.len() as u64;
        self.score.predictions += predictions.len() as u64;
        self.score.overall += figures;
        for (key, values) in &mut self.score.by_meta {
            if let Some(value) = message.meta.get(key) {
                let (messages, of_value) = values.entry(value.clone()).or_default();
                *messages += 1;
                *of_value += figures;
            }
        }
        figures
    }
}

/// One message with its gold spans and predictions laid over it.
pub(crate) struct Matched<'a> {
    message: &'a Message,
    predictions: &'a [Prediction],
    /// For each byte of the text whether a valid prediction covers it.
    predicted: Vec<bool>,
}

impl<'a> Matched<'a> {
    pub(crate) fn new(message: &'a Message, predictions: &'a [Prediction]) -> Self {
        let spans = predictions.iter().map(|p| p.span).filter(|span| is_valid(*span, &message.text));
        Self { message, predictions, predicted: byte_mask(&message.text, spans) }
    }

    fn is_valid(&self, prediction: &Prediction) -> bool {
        is_valid(prediction.span, &self.message.text)
    }

    /// The figures that count letters and digits.
    fn characters(&self) -> Figures {
        let gold = byte_mask(&self.message.text, self.message.spans.iter().map(|gold| gold.span));
        let mut figures = Figures::default();
        // A character goes by its first byte: both masks change on character boundaries only.
        for (at, _) in self.message.text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            let (Some(&gold), Some(&predicted)) = (gold.get(at), self.predicted.get(at)) else { continue };
            if predicted {
                figures.char_precision.count(gold);
            }
            if !gold {
                figures.text_damage.count(predicted);
            }
        }
        figures
    }

    /// How many of the span's letters and digits lie under predictions; of its characters where it has none.
    pub(crate) fn covered(&self, span: Span) -> Share {
        let words = span.of(&self.message.text).unwrap_or_default();
        let any = !words.contains(char::is_alphanumeric);
        let mut covered = Share::default();
        for (at, _) in words.char_indices().filter(|(_, c)| any || c.is_alphanumeric()) {
            covered.count(self.predicted.get(span.start() + at).copied().unwrap_or(false));
        }
        covered
    }

    /// The prediction of the gold span's label that shares most bytes with it, the first among equals.
    fn typed_by(&self, gold: &GoldSpan) -> Option<&'a Prediction> {
        let shared = |p: &Prediction| {
            p.span.end().min(gold.span.end()).saturating_sub(p.span.start().max(gold.span.start()))
        };
        self.predictions
            .iter()
            .filter(|p| p.label == gold.label && self.is_valid(p) && p.span.overlaps(gold.span))
            .rev()
            .max_by_key(|p| shared(p))
    }

    pub(crate) fn is_protected(&self, gold: &GoldSpan) -> bool {
        is_protected(self.covered(gold.span))
    }
}

fn is_protected(covered: Share) -> bool {
    covered.of > 0 && covered.hits * 10 >= covered.of * 9
}

fn is_valid(span: Span, text: &str) -> bool {
    span.of(text).is_some_and(|words| !words.is_empty())
}

fn byte_mask(text: &str, spans: impl Iterator<Item = Span>) -> Vec<bool> {
    let mut mask = vec![false; text.len()];
    for span in spans {
        if let Some(bytes) = mask.get_mut(span.range()) {
            bytes.fill(true);
        }
    }
    mask
}

/// The last few words before the span, on one line, with a space at the end where the text has white space there.
fn words_before(text: &str, span: Span, count: usize) -> String {
    let before = text.get(..span.start()).unwrap_or_default();
    let words: Vec<&str> = before.split_whitespace().rev().take(count).collect();
    let mut line = words.into_iter().rev().collect::<Vec<_>>().join(" ");
    if before.ends_with(char::is_whitespace) {
        line.push(' ');
    }
    line
}

/// The first few words after the span, on one line, with a space in front where the text has white space there.
fn words_after(text: &str, span: Span, count: usize) -> String {
    let after = text.get(span.end()..).unwrap_or_default();
    let mut line = String::from(if after.starts_with(char::is_whitespace) { " " } else { "" });
    line.push_str(&after.split_whitespace().take(count).collect::<Vec<_>>().join(" "));
    line
}

fn one_line(words: &str) -> String {
    words.split('\n').collect::<Vec<_>>().join(" ")
}

/// The 2.5th and 97.5th percentile (nearest rank) of each figure over messages drawn again with replacement.
fn bootstrap(each: &[Figures], options: &ScoreOptions) -> BTreeMap<&'static str, Interval> {
    let mut drawn: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    let mut rng = SplitMix64::new(options.seed);
    for _ in 0..options.resamples {
        let mut sum = Figures::default();
        for _ in 0..each.len() {
            sum += each.get(rng.below(each.len())).copied().unwrap_or_default();
        }
        for (name, share) in sum.named() {
            if let Some(percent) = share.percent() {
                drawn.entry(name).or_default().push(percent);
            }
        }
    }
    drawn
        .into_iter()
        .filter_map(|(name, mut values)| {
            values.sort_unstable_by(f64::total_cmp);
            let rank = |per_mille: usize| (values.len() * per_mille).div_ceil(1000).saturating_sub(1);
            Some((name, Interval { low: *values.get(rank(25))?, high: *values.get(rank(975))? }))
        })
        .collect()
}
