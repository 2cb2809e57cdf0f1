//! Settles what is found by weighing the rules and the model, word by word, and decoding the likeliest spans.
//!
//! Who wins, and why:
//!
//! - What the customer listed, a known patient, and what has a check digit or a grammar of its own that holds (a valid
//!   NHS number, in the boxes of a form too, an e-mail address) stays as the rules found it. The model is not asked about those words.
//! - Elsewhere each word has the model's probability of every label, to which the settings of the label add a `bias`,
//!   and a `trust` where the rules found the same label. So a rule that the model finds most unlikely falls, and one
//!   that it is in doubt about stands.
//! - A word in a phrase that is listed as no identifier (`glasgow coma scale`) can be found by the rules only.
//! - The spans are the likeliest sequence in which each continues what began (Viterbi over B, I and O). A cell of a table
//!   ends a span, unless the rules found something other than a name across it.
//! - Where the rules know the whole of an institution or a handle, it is whole ([`widen`]).
//! - An age ends before the letter of a sex ("34M"), a bed at a diagnosis, score or job beside it that the rules leave
//!   out ("SAH bed 2"); the code of a bed ("b4") is whole.
//! - What the model alone found falls where the form or the dictionary says that it cannot be ([`refutes`], [`forms`]).
//! - A date that the rules know for a birth is one, if the model reads any date there.
//! - A span that both found keeps the rule's evidence and gains the model's.
//! - Names that are written alike in one message have one role: the one that all their places together make likeliest;
//!   but "Mr Jones" is not "Dr Jones".

use std::collections::HashMap;

use presend_detect::dictionary::{Class, ClassSet};
use presend_detect::{Evidence, Finding, Label, Reading, Role, Word};
use presend_text::Span;

use crate::bundle::LabelSettings;
use crate::forms;
use crate::scores::{CLASSES, ROLES, Row, Scores, log_softmax};

/// The rule id of what the model alone found.
pub const MODEL_RULE: &str = "model";

const FOUND: Evidence = Evidence("the language model reads an identifier here");
const AGREES: Evidence = Evidence("the language model agrees");

/// Labels that the rules know the whole of: they have the words for institutions ("Oak House nursing home", "Cheshire
/// West and Chester Council"), the letters of handles ("@bev_") and the alphabet of plates ("mike tango one nine").
const WHOLE: &[Label] = &[Label::Organisation, Label::Username, Label::VehicleRegistration];

/// Labels whose form is proof enough: the rules have a grammar for them.
const BY_FORM: &[Label] = &[Label::Email, Label::Url, Label::IpAddress];

const ROLE_ORDER: [Role; ROLES] = [Role::Patient, Role::Relative, Role::Staff, Role::Other];

/// What it costs, as a logarithm of odds, that a span begins right behind another of its label.
const BESIDE: f32 = 4.0;

/// Labels of numbers, and the fewest and the most digits that the model alone takes for one: results stand beside
/// numbers ("NHS 999 123 4004 114", "CRP 114 GB89 ...") and in rows ("uo 400 300 250 200 150 100"). The most leave room
/// for a slip; of phones they are the fifteen of E.164 with an extension, of cards those of ISO/IEC 7812, of accounts
/// those of an IBAN.
const DIGITS: &[(Label, usize, usize)] = &[
    (Label::NhsNumber, 4, 12),
    (Label::ChiNumber, 4, 12),
    (Label::HscNumber, 4, 12),
    (Label::PaymentCard, 4, 19),
    (Label::BankAccount, 4, 34),
    (Label::NiNumber, 2, 8),
    (Label::Mrn, 3, 14),
    (Label::ProfessionalId, 3, 12),
    (Label::Phone, 3, 20),
];

/// Labels of codes that hold letters as well, and the fewest and the most digits that the model alone takes for one.
const CODES: &[(Label, usize, usize)] = &[
    (Label::Passport, 5, 9),
    (Label::DrivingLicence, 5, 14),
    (Label::VehicleRegistration, 1, 4),
    (Label::DeviceId, 2, 40),
    (Label::Postcode, 1, 4),
];

/// Words that are read out in a number beside those that are listed as numbers.
const READ_OUT: &[&str] = &["double", "nought", "o", "oh", "treble", "triple"];

/// What is done or wanted at a bed, and no part of where it is ("ECG bed 9"); specialties are ("ortho bed 9").
const JOBS: &[&str] = &[
    "abg", "axr", "bloods", "cannula", "catheter", "cxr", "ecg", "ecgs", "fluids", "meds", "tta", "ttas",
    "tto", "ttos", "uss", "vbg",
];

/// What is said of a patient before a bed that the rules know the beginning of: "SAH bed 2", "GCS 7 bed 3".
const SAID: ClassSet = ClassSet::of(&[Class::Clinical, Class::Drug, Class::Device, Class::Score]);
/// Of those, what is a part of where a bed is.
const PLACED: ClassSet =
    ClassSet::of(&[Class::UnitGeneric, Class::WardName, Class::WardWord, Class::Hospital, Class::Service]);

/// The same, where the dictionary has them for clinical words.
const PLACED_TOO: &[&str] = &[
    "acute",
    "an",
    "anaesthetic",
    "assessment",
    "burns",
    "cc",
    "discharge",
    "dl",
    "isolation",
    "maternity",
    "medical",
    "neuro",
    "pn",
    "spinal",
    "surgical",
    "trauma",
    "vascular",
];

/// Terms that are nobody's name, where they are not listed as one too.
const TERMS: ClassSet = ClassSet::of(&[
    Class::Clinical,
    Class::Drug,
    Class::Device,
    Class::Score,
    Class::UnitGeneric,
    Class::NationalBody,
]);
const WARD_WORDS: ClassSet = ClassSet::of(&[Class::WardWord]);
const WARD_NAMES: ClassSet = ClassSet::of(&[Class::WardName]);
const NUMBER_WORDS: ClassSet = ClassSet::of(&[Class::NumberWord]);

/// Headings of a clerking that a model or a rule takes for names, and what is found there: "ROS: neg".
const HEADINGS: &[&str] = &["abdo", "fh", "imp", "pmh", "resp", "ros", "sh"];
const FOUND_THERE: &[&str] = &["clear", "nad", "neg", "negative", "nil", "normal", "unremarkable"];

/// Honours and degrees that stand behind a name and are no part of it; in capitals, for Mbe and Obe are surnames too, and
/// KC is one of Nepal.
const AFTER_NAMES: &[&str] = &[
    "bem", "cbe", "dbe", "esq", "frca", "frcp", "frcs", "frcgp", "frcpath", "frcr", "kbe", "mbbs", "mbchb",
    "mbe", "mrcgp", "mrcp", "mrcpch", "mrcpsych", "mrcs", "obe", "phd", "qc",
];

const EPONYMS: ClassSet = ClassSet::of(&[Class::Eponym, Class::EponymAmbiguous]);
/// What goes on behind the name of a disease: "Addison's on hydrocortisone".
const AFTER_DISEASES: &[&str] =
    &["and", "but", "flare", "in", "just", "not", "on", "or", "post", "so", "since", "then", "vs", "with"];

const STAFF_TITLES: ClassSet = ClassSet::of(&[Class::TitleStaff, Class::StaffRole]);
const CIVIL_TITLES: ClassSet = ClassSet::of(&[Class::TitleAny]);

/// Mentions of all members of a chat at once, with their sign.
const EVERYBODY: &[&str] = &["@", "all", "channel", "everybody", "everyone", "here", "team"];

/// The ends of ordinals.
const ORDINALS: &[&str] = &["st", "nd", "rd", "th"];

/// What is counted by ordinals in messages, and no day: "5th toe", "7th nerve", "28th week".
const COUNTED: &[&str] = &[
    "admission",
    "attempt",
    "bag",
    "centile",
    "cn",
    "course",
    "cranial",
    "cycle",
    "day",
    "degree",
    "digit",
    "dose",
    "edition",
    "episode",
    "fall",
    "finger",
    "floor",
    "fraction",
    "ics",
    "intercostal",
    "line",
    "lumbar",
    "mc",
    "metacarpal",
    "metatarsal",
    "month",
    "mt",
    "mtp",
    "nerve",
    "percentile",
    "pregnancy",
    "presentation",
    "ray",
    "rib",
    "ribs",
    "round",
    "session",
    "space",
    "time",
    "toe",
    "trimester",
    "unit",
    "ventricle",
    "visit",
    "week",
    "year",
];

/// The highest age that is given in months.
const LAST_MONTH: u32 = 24;

/// The highest age that the model alone takes for one.
const OLDEST: u32 = 115;

/// The most words of a result that are looked back over for what was measured: "BP 180/90".
const RESULT: usize = 5;

/// The most digits of a date.
const DATE_DIGITS: usize = 8;

/// What a finding of the rules is trusted by at the least where it is an institution, as a logarithm of odds: they have the
/// words for it, and the model is in doubt beside what it is sure of ("Royal Cornwall Hospital: https://...").
const INSTITUTION: f32 = 2.0;

/// The same where an age has a woman's letter behind it ("66f"; "50m" may be minutes), beside the label's own.
const SEXED: f32 = 3.0;

/// What it costs at the most that a span begins where a finding of the rules does.
const FOUND_BEGINS: f32 = -0.7;

/// What never happens.
const NEVER: f32 = -1e6;

/// How to weigh the rules and the model.
#[derive(Clone, Debug)]
pub(crate) struct Fusion {
    pub(crate) labels: Vec<LabelSettings>,
    pub(crate) role_trust: f32,
}

/// A span, and where it is a name what is said of whose.
struct Settled {
    finding: Finding,
    named: Option<Named>,
}

struct Named {
    /// The folded words.
    name: String,
    title: Title,
    roles: [f32; ROLES],
}

impl Named {
    fn person(&self) -> (String, Title) {
        (self.name.clone(), self.title)
    }
}

/// What kind of title stands before a name, where that tells people apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Title {
    #[default]
    None,
    Civil,
    Staff,
}

/// Keeps the titles of names that bear both kinds, and drops all others.
fn part_by_title(settled: &mut [Settled]) {
    let mut titles: HashMap<&str, (bool, bool)> = HashMap::new();
    for named in settled.iter().filter_map(|one| one.named.as_ref()) {
        let (civil, staff) = titles.entry(&named.name).or_default();
        *civil |= named.title == Title::Civil;
        *staff |= named.title == Title::Staff;
    }
    let parted: Vec<String> = titles
        .into_iter()
        .filter(|(_, (civil, staff))| *civil && *staff)
        .map(|(name, _)| name.to_owned())
        .collect();
    for named in settled.iter_mut().filter_map(|one| one.named.as_mut()) {
        if !parted.contains(&named.name) {
            named.title = Title::None;
        }
    }
}

/// The words of a finding of the rules.
#[derive(Clone, Copy)]
struct Found {
    first: usize,
    end: usize,
    finding: usize,
    label: Label,
    certain: bool,
}

impl Fusion {
    /// What is found in the message: sorted, without overlaps.
    pub(crate) fn settle(&self, reading: &Reading, scores: &Scores) -> Vec<Finding> {
        let mut settled = self.spans(reading, scores);
        part_by_title(&mut settled);
        let mut people: HashMap<(String, Title), [f32; ROLES]> = HashMap::new();
        for spoken in settled.iter().filter_map(|one| one.named.as_ref()) {
            let sums = people.entry(spoken.person()).or_default();
            sums.iter_mut().zip(spoken.roles).for_each(|(sum, role)| *sum += role);
        }
        for one in &mut settled {
            if let Some(roles) = one.named.as_ref().and_then(|named| people.get(&named.person())) {
                one.finding.role = Some(likeliest(roles));
            }
        }
        let mut findings: Vec<Finding> = settled.into_iter().map(|one| one.finding).collect();
        part(&mut findings);
        findings
    }

    /// The spans, each name with what its own place says of its role.
    fn spans(&self, reading: &Reading, scores: &Scores) -> Vec<Settled> {
        let words = reading.words();
        let found = located(reading);
        let mut under: Vec<Option<Found>> = vec![None; words.len()];
        for one in &found {
            for place in under.iter_mut().take(one.end).skip(one.first) {
                *place = Some(*one);
            }
        }
        let mut settled = Vec::new();
        let mut at = 0;
        while at < words.len() {
            if let Some(one) = under.get(at).copied().flatten().filter(|one| one.certain) {
                if let Some(finding) = reading.findings.get(one.finding)
                    && at == one.first
                {
                    settled.push(Settled { finding: finding.clone(), named: None });
                }
                at = one.end.max(at + 1);
                continue;
            }
            let free = under.iter().skip(at).take_while(|place| place.is_none_or(|one| !one.certain)).count();
            self.decode(reading, scores, (&found, &under), (at, at + free), &mut settled);
            at += free;
        }
        settled
    }

    /// Finds the spans of the words from `start` to before `end`.
    fn decode(
        &self,
        reading: &Reading,
        scores: &Scores,
        (found, under): (&[Found], &[Option<Found>]),
        (start, end): (usize, usize),
        settled: &mut Vec<Settled>,
    ) {
        let words = reading.words();
        // A number that is certain ends where the rules say: a word that the model reads as more of it is none of it, and
        // another right beside it is as rare as elsewhere.
        let class_at = |at: Option<usize>| {
            let label = at.and_then(|at| label_at(under, at)).filter(|label| is_number(*label));
            label.map_or(0, class_of)
        };
        let mut path = Path::after(class_at(start.checked_sub(1)), end - start);
        for at in start..end {
            let Some(word) = words.get(at) else { break };
            let mut classes = self.emissions(scores.row(at), word, label_at(under, at));
            if label_at(under, at) == Some(Label::Age)
                && words.get(at + 1).is_some_and(|word| reading.text(word) == "f")
                && let Some(age) = classes.get_mut(class_of(Label::Age))
            {
                *age += SEXED;
            }
            if ends_cell(reading, under, at) {
                classes.iter_mut().skip(1).for_each(|class| *class = NEVER);
            }
            let found_here =
                under.get(at).copied().flatten().is_some_and(|one| {
                    one.first == at && matches!(one.label, Label::Organisation | Label::Age)
                });
            let starts = if begins_cell(reading, under, at) {
                Starts::Cell
            } else if found_here {
                Starts::Finding
            } else {
                Starts::Nothing
            };
            path.step(&classes, scores.row(at), starts);
        }
        path.end_before(class_at(Some(end)));
        let mut states = path.best();
        widen(reading, found, start, &mut states);
        add_initials(reading, start, &mut states);
        let mut span: Option<(usize, usize)> = None;
        let bed_class = class_of(Label::WardBed);
        for (offset, state) in states.into_iter().chain([State::NONE]).enumerate() {
            let at = start + offset;
            let bed = span.is_some_and(|(_, class)| class == bed_class);
            if bed && state.class == 0 && at < end && ends_code(reading, at) {
                continue;
            }
            if state.class == 0 || state.begins {
                if let Some((first, class)) = span.take() {
                    settled.extend(self.finding(reading, scores, under, first, at, class));
                }
                if state.class > 0 {
                    span = Some((at, state.class));
                }
            }
        }
    }

    /// The logarithm of how likely each class is, weighed; `found` is the label that the rules found there.
    fn emissions(&self, row: Row<'_>, word: &Word, found: Option<Label>) -> [f32; CLASSES] {
        let mut classes = self.calibrated(row);
        // What the rules know for somebody's birth the model may take for any other date.
        if found == Some(Label::DateOfBirth) {
            join(&mut classes, class_of(Label::DateOfBirth), class_of(Label::Date));
        }
        for ((class, settings), label) in classes.iter_mut().skip(1).zip(&self.labels).zip(Label::ALL) {
            *class += settings.bias;
            if found == Some(*label) {
                *class += settings.trust.max(if *label == Label::Organisation { INSTITUTION } else { 0.0 });
            } else if word.features.is_blocked() {
                *class = NEVER;
            }
        }
        classes
    }

    /// The logarithms of the model's calibrated probabilities.
    fn calibrated(&self, row: Row<'_>) -> [f32; CLASSES] {
        let mut classes = [0.0; CLASSES];
        for (class, score) in classes.iter_mut().zip(row.classes()) {
            *class = *score;
        }
        for (class, settings) in classes.iter_mut().skip(1).zip(&self.labels) {
            *class /= settings.temperature;
        }
        log_softmax(&mut classes);
        classes
    }

    /// The finding of the words from `first` to before `end`, less what is bare at its ends.
    fn finding(
        &self,
        reading: &Reading,
        scores: &Scores,
        under: &[Option<Found>],
        first: usize,
        end: usize,
        class: usize,
    ) -> Option<Settled> {
        let label = *Label::ALL.get(class - 1)?;
        let words = reading.words();
        let (label, first) = relabelled(reading, under, label, first, end);
        let has_bed = label == Label::WardBed && (first..end).any(|at| label_at(under, at) == Some(label));
        // "bleep (2213)": the bracket of "(01632) 960123" closes.
        let closes = (first..end).any(|at| words.get(at).is_some_and(|word| reading.text(word) == ")"));
        let bare = |at: &usize| {
            words
                .get(*at)
                .is_some_and(|word| is_bare(reading, word, label) || !closes && reading.text(word) == "(")
                || label == Label::Age && is_sex(reading, *at)
                || has_bed && label_at(under, *at) != Some(label) && is_said(reading, *at)
        };
        let first = (first..end).find(|at| !bare(at))?;
        let behind = |at: &usize| {
            label == Label::Person
                && *at > first
                && label_at(under, *at) != Some(Label::Person)
                && is_behind_name(reading, *at)
        };
        let end = (first..end).rev().find(|at| !bare(at) && !behind(at))? + 1;
        let mut sames = under.get(first..end)?.iter().flatten().filter(|one| one.label == label);
        let same = sames.next();
        let last = sames.next_back().or(same);
        let (first, end) = match same.zip(last) {
            // "MRN H501131 114": the rules know where a number ends.
            Some((one, last)) if is_number(label) => {
                (reach(words, one.first, first, true), reach(words, last.end, end, false))
            }
            // Rules that are in doubt take it for somebody too.
            _ if label == Label::Person && end == first + 1 && is_heading(reading, first) => return None,
            Some(_) => (first, end),
            None if refutes(reading, label, first, end) => return None,
            None => (first, end),
        };
        let mut span = Span::new(words.get(first)?.span.start(), words.get(end - 1)?.span.end());
        // The letter of the sex may be written on in the word of an age: "82yoF".
        if label == Label::Age
            && let Some(last) = last.filter(|last| last.end == end)
            && let Some(age) = reading.findings.get(last.finding)
        {
            span = Span::new(span.start(), span.end().min(age.span.end()));
        }
        let same = same.and_then(|one| reading.findings.get(one.finding));
        let count = (end - first) as f32;
        let sure = (first..end)
            .map(|at| {
                let mut classes = words
                    .get(at)
                    .map_or([0.0; CLASSES], |word| self.emissions(scores.row(at), word, label_at(under, at)));
                log_softmax(&mut classes);
                classes.get(class).copied().unwrap_or_default().exp()
            })
            .sum::<f32>()
            / count;
        let named = (label == Label::Person).then(|| Named {
            name: (first..end)
                .filter_map(|at| Some(reading.text(words.get(at)?)))
                .collect::<Vec<_>>()
                .join(" "),
            title: title_before(reading, first),
            roles: self.roles(scores, first, end, same),
        });
        let (rule, evidence) = match same {
            Some(rule) => {
                let mut evidence = rule.evidence.clone();
                evidence.push(AGREES);
                (rule.rule, evidence)
            }
            None => (MODEL_RULE, vec![FOUND]),
        };
        let finding = Finding { span, label, role: None, confidence: sure.clamp(0.0, 1.0), rule, evidence };
        Some(Settled { finding, named })
    }

    /// How likely each role is by the words of a name and by what the rules say.
    fn roles(&self, scores: &Scores, first: usize, end: usize, rule: Option<&Finding>) -> [f32; ROLES] {
        let mut sums = [0.0_f32; ROLES];
        for at in first..end {
            for (sum, role) in sums.iter_mut().zip(scores.row(at).roles()) {
                *sum += role / (end - first) as f32;
            }
        }
        let said = rule.and_then(|rule| rule.role);
        for (sum, role) in sums.iter_mut().zip(ROLE_ORDER) {
            if said == Some(role) {
                *sum += self.role_trust;
            }
        }
        sums
    }
}

fn likeliest(roles: &[f32; ROLES]) -> Role {
    let best = roles.iter().zip(ROLE_ORDER).max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.map_or(Role::Unknown, |(_, role)| role)
}

/// The label that the rules found at a word.
fn label_at(under: &[Option<Found>], at: usize) -> Option<Label> {
    under.get(at).copied().flatten().map(|one| one.label)
}

/// Whether the label is one of [`DIGITS`].
fn is_number(label: Label) -> bool {
    DIGITS.iter().any(|(number, ..)| *number == label)
}

/// Whether the form or the dictionary says that words which the model alone takes for the label are none of it.
fn refutes(reading: &Reading, label: Label, first: usize, end: usize) -> bool {
    let Some(words) = reading.words().get(first..end) else { return true };
    let text = |at: usize| reading.words().get(at).map_or("", |word| reading.text(word));
    if words.iter().all(|word| !reading.text(word).chars().any(char::is_alphanumeric))
        || !can_be(reading, label, words)
        || is_timestamp(reading, words) && !matches!(label, Label::Date | Label::DateOfBirth)
        || forms::lacks_form(reading, label, first, end)
        || forms::is_key(reading, first, end) && !words.iter().any(|word| word.features.is_name())
        || matches!(label, Label::Date | Label::Phone | Label::DateOfBirth)
            && forms::is_lone_digit(reading, words)
        || (label == Label::OtherId || DIGITS.iter().chain(CODES).any(|(code, ..)| *code == label))
            && forms::is_public(reading, first)
    {
        return true;
    }
    match label {
        // "bed 4 NBM, bed 5 sepsis"; "Addison's, T1DM"; but "Mrs L".
        Label::Person => {
            let is_term = |word: &Word| word.features.is_any(TERMS) && !word.features.is_name();
            title_before(reading, first) == Title::None
                && (words.iter().all(is_term)
                    || end == first + 1 && is_eponyms(reading, first)
                    || forms::is_dosed(reading, first, end))
        }
        // "right 5th toe".
        Label::Date => is_ordinal(reading, first, end) && COUNTED.contains(&text(end)),
        // "theatre 2nd on the list", "FOLFOX6"; "Ward/Bed" over a column; the sex of "F82".
        Label::WardBed => {
            is_cut(reading, end) && ORDINALS.contains(&text(end))
                || is_ward_words(reading, words)
                || end == first + 1 && is_sex(reading, first) && is_cut(reading, end)
        }
        // "5 Marsh awaiting CT".
        Label::Address => !words.iter().any(|word| reading.text(word).chars().any(char::is_alphabetic)),
        Label::Username => {
            is_cut(reading, end) || words.iter().all(|word| EVERYBODY.contains(&reading.text(word)))
        }
        _ => false,
    }
}

/// Whether the word and the one before it are parts of one run of letters and digits.
fn is_cut(reading: &Reading, at: usize) -> bool {
    joined(reading.words(), at).is_some_and(|(before, word)| {
        [before, word].iter().all(|word| reading.text(word).chars().all(char::is_alphanumeric))
    })
}

/// Whether the word is an eponym in the possessive, and what follows is nothing of somebody's: "Addison's, T1DM",
/// "Ogilvie's on CT", "Sheehan's post PPH".
fn is_eponyms(reading: &Reading, at: usize) -> bool {
    let words = reading.words();
    let text = |at: usize| words.get(at).map_or("", |word| reading.text(word));
    let Some(word) = words.get(at) else { return false };
    let mark = joined(words, at + 1).is_some() && matches!(text(at + 1), "'" | "\u{2019}");
    let after = if joined(words, at + 2).is_some() && text(at + 2) == "s" { at + 3 } else { at + 2 };
    let ends = !text(after).chars().any(char::is_alphanumeric) || AFTER_DISEASES.contains(&text(after));
    mark && ends && word.features.is_any(EPONYMS)
}

/// Whether the words are an ordinal in figures: "5th".
fn is_ordinal(reading: &Reading, first: usize, end: usize) -> bool {
    let Some([number, ending]) = reading.words().get(first..end) else { return false };
    reading.text(number).bytes().all(|byte| byte.is_ascii_digit()) && ORDINALS.contains(&reading.text(ending))
}

/// The kind of title that stands before the word.
fn title_before(reading: &Reading, first: usize) -> Title {
    let words = reading.words();
    let mut before = first.checked_sub(1);
    if before.and_then(|at| words.get(at)).is_some_and(|word| reading.text(word) == ".") {
        before = before.and_then(|at| at.checked_sub(1));
    }
    match before.and_then(|at| words.get(at)).map(|word| word.features) {
        Some(features) if features.is_any(STAFF_TITLES) => Title::Staff,
        Some(features) if features.is_any(CIVIL_TITLES) => Title::Civil,
        _ => Title::None,
    }
}

/// Whether words that the model alone takes for the label can be it by their form.
fn can_be(reading: &Reading, label: Label, words: &[Word]) -> bool {
    let count = |forms: &[&str]| words.iter().filter(|word| forms.contains(&reading.text(word))).count();
    let digits: usize =
        words.iter().map(|word| reading.text(word).bytes().filter(u8::is_ascii_digit).count()).sum();
    match label {
        // "obs 36.8 78 18 120/70" is none.
        Label::IpAddress => count(&[".", "dot", "point"]) > 2 || count(&[":"]) > 1,
        Label::Email => count(&["@", "at"]) > 0,
        Label::Url => count(&[".", "dot", "/", "slash"]) > 0,
        Label::DateOfBirth => digits <= DATE_DIGITS,
        _ => DIGITS.iter().chain(CODES).find(|(code, ..)| *code == label).is_none_or(|(_, least, most)| {
            // "twenty two thirty one" has as many words as digits, "double oh one" one fewer.
            let is_spoken =
                |word: &&Word| word.features.is_any(NUMBER_WORDS) || READ_OUT.contains(&reading.text(word));
            let spoken = words.iter().filter(is_spoken).count();
            digits + spoken + usize::from(spoken > 0) >= *least && digits <= *most
        }),
    }
}

/// Whether the word is a heading of a clerking with what was found: "ROS: neg".
fn is_heading(reading: &Reading, at: usize) -> bool {
    let text = |at: usize| reading.words().get(at).map_or("", |word| reading.text(word));
    HEADINGS.contains(&text(at)) && text(at + 1) == ":" && FOUND_THERE.contains(&text(at + 2))
}

/// Whether the words are a time as calendars and systems write it: "20270115T083000Z".
fn is_timestamp(reading: &Reading, words: &[Word]) -> bool {
    let mut words = words.iter().map(|word| reading.text(word));
    let mut digits = |counts: &[usize]| {
        words.next().is_some_and(|word| {
            counts.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
        }) && matches!(words.next(), None | Some("t" | "z"))
    };
    digits(&[8]) && digits(&[4, 6])
}

/// Whether the words say that a ward or bed follows, and none says which: "Ward/Bed".
fn is_ward_words(reading: &Reading, words: &[Word]) -> bool {
    words.iter().all(|word| {
        word.features.is_any(WARD_WORDS) && !word.features.is_any(WARD_NAMES)
            || !reading.text(word).chars().any(char::is_alphanumeric)
    })
}

/// Whether the word stands behind a name and is no part of it: an honour, or potassium ("chen K 5.9").
fn is_behind_name(reading: &Reading, at: usize) -> bool {
    let words = reading.words();
    let text = |at: usize| words.get(at).map_or("", |word| reading.text(word));
    let is_number = |at: usize| !text(at).is_empty() && text(at).bytes().all(|byte| byte.is_ascii_digit());
    let is_joined = |at: usize| joined(words, at).is_some();
    let is_result = text(at).len() == 1
        && (is_number(at + 1) && text(at + 2) == "." && is_number(at + 3) && text(at + 4) != ".")
        && (is_joined(at + 2) && is_joined(at + 3));
    let is_upper = words.get(at).is_some_and(|word| word.features.is_upper());
    let before = |back: usize| at.checked_sub(back).and_then(|at| words.get(at)).map(|word| word.features);
    // "Bradley Martin KC", but "Bishal KC".
    let is_silk = text(at) == "kc"
        && before(1).is_some_and(|surname| surname.is_common_surname())
        && before(2).is_some_and(|given| given.is_name());
    is_result || is_upper && (is_silk || AFTER_NAMES.contains(&text(at)))
}

/// Whether the rules found one thing, no name, over both words: they may join cells, "Ward:\t22".
fn is_one(under: &[Option<Found>], before: Option<usize>, after: usize) -> bool {
    let found = |at: usize| under.get(at).copied().flatten().filter(|one| one.label != Label::Person);
    let pair = before.and_then(found).zip(found(after));
    pair.is_some_and(|(before, after)| before.finding == after.finding)
}

/// Whether the word is a mark that parts the cells of a table or of a message between systems.
fn ends_cell(reading: &Reading, under: &[Option<Found>], at: usize) -> bool {
    let words = reading.words();
    let parts = match words.get(at).map(|word| reading.text(word)) {
        Some("|" | "^" | ";") => true,
        // "Hargreaves,Olwen", but not a line's last.
        Some(",") => joined(words, at + 1).is_some_and(|(_, next)| reading.text(next) != "\n"),
        _ => false,
    };
    parts && !is_one(under, at.checked_sub(1), at + 1)
}

/// Whether a cell begins at the word, so that no span goes on over what stands before it.
fn begins_cell(reading: &Reading, under: &[Option<Found>], at: usize) -> bool {
    let before = at.checked_sub(1);
    before.is_some_and(|before| ends_cell(reading, under, before))
        || reading.gap(at).contains('\t') && !is_one(under, before, at)
}

/// Gives the whole of what the rules found to the spans in it, of the words from `start`: of [`WHOLE`] labels and of beds
/// without their number always, elsewhere where a span ends amid a run of letters and digits ("SA1").
fn widen(reading: &Reading, found: &[Found], start: usize, states: &mut [State]) {
    let here = found.partition_point(|one| one.first < start);
    let end = start + states.len();
    for one in found.get(here..).unwrap_or(&[]).iter().take_while(|one| one.end <= end) {
        let (from, to, class) = (one.first - start, one.end - start, class_of(one.label));
        let Some(inside) = states.get(from..to) else { continue };
        let mut places = (from..to).zip(inside).filter(|(_, state)| state.class == class).map(|(at, _)| at);
        let Some(head) = places.next() else { continue };
        let tail = places.next_back().unwrap_or(head);
        let read = reading.words().get(start + head..=start + tail).unwrap_or(&[]);
        // Of numbers and ages the edges are settled with the finding.
        let is_cut =
            |at: usize| !is_number(one.label) && one.label != Label::Age && is_cut(reading, start + at);
        let parts = |at: usize| match states.get(at - 1..=at) {
            Some([before, state]) => before.class != state.class || state.begins,
            _ => false,
        };
        let is_whole = WHOLE.contains(&one.label)
            || one.label == Label::WardBed && is_ward_words(reading, read)
            || (head + 1..=tail).any(|at| parts(at) && is_cut(at));
        if is_whole {
            fill(states, from, to, class);
            continue;
        }
        if is_cut(head) {
            fill(states, from, head + 1, class);
        }
        if is_cut(tail + 1) {
            fill(states, tail, to, class);
        }
    }
}

/// Makes one span of the states from `from` to before `to`, which goes on what goes on there.
fn fill(states: &mut [State], from: usize, to: usize, class: usize) {
    if let Some(after) = states.get_mut(to)
        && after.class != class
    {
        after.begins = after.class > 0;
    }
    for (place, state) in states.iter_mut().enumerate().take(to).skip(from) {
        let begins = place == from && (state.class != class || state.begins);
        *state = State { class, begins };
    }
}

/// Gives to a name the initial between it and an age with a sex: "Begum N 34F". A bed that is a
/// surname as well gives way: "Ward P 71F" is somebody.
fn add_initials(reading: &Reading, start: usize, states: &mut [State]) {
    let words = reading.words();
    let text = |at: usize| words.get(at).map_or("", |word| reading.text(word));
    let (person, bed) = (class_of(Label::Person), class_of(Label::WardBed));
    for place in 1..states.len() {
        let at = start + place;
        let (Some(name), Some(initial)) = (words.get(at - 1), words.get(at)) else { break };
        let is_age = text(at + 1).len() <= 3 && text(at + 1).parse::<u8>().is_ok();
        let is_initial = text(at).len() == 1 && initial.features.is_capitalised() && is_age;
        if !is_initial
            || reading.gap(at) != " "
            || !matches!(text(at + 2), "f" | "m")
            || is_cut(reading, at + 3)
        {
            continue;
        }
        let is_surname = name.features.is_capitalised() && name.features.is_common_surname();
        let before = states.get(place - 1).copied().unwrap_or(State::NONE);
        if before.class == person || before == (State { class: bed, begins: true }) && is_surname {
            fill(states, place - 1, place + 1, person);
        }
    }
}

/// Parts findings that share a character: one may fold to several words ("\u{33c2}" to "a.m."), and the model
/// labels each word by itself.
fn part(findings: &mut Vec<Finding>) {
    let mut reached = 0;
    findings.retain_mut(|found| {
        let from = found.span.start().max(reached);
        let is_left = from < found.span.end();
        if is_left {
            found.span = Span::new(from, found.span.end());
            reached = found.span.end();
        }
        is_left
    });
}

/// Gives to the class what is likely of another.
fn join(classes: &mut [f32; CLASSES], class: usize, other: usize) {
    let score = |class: usize| classes.get(class).copied().unwrap_or(NEVER);
    let both = [score(class), score(other)].map(f32::exp).iter().sum::<f32>().ln().max(NEVER);
    for (place, value) in [(class, both), (other, NEVER)] {
        if let Some(score) = classes.get_mut(place) {
            *score = value;
        }
    }
}

/// The class of a label; 0 is none.
fn class_of(label: Label) -> usize {
    Label::ALL.iter().position(|one| *one == label).map_or(0, |at| at + 1)
}

/// The word and the one before it, where nothing stands between them.
fn joined(words: &[Word], at: usize) -> Option<(&Word, &Word)> {
    let pair = words.get(at.checked_sub(1)?).zip(words.get(at))?;
    (pair.0.span.end() == pair.1.span.start()).then_some(pair)
}

/// Where a number that the model reads from or to `model` ends, when the rules have it end at `rules` and what lies
/// beyond is joined on or another thing.
fn reach(words: &[Word], rules: usize, model: usize, is_start: bool) -> usize {
    let joined = |at: usize| joined(words, at).is_some();
    if is_start {
        (model..rules).rev().find(|at| !joined(at + 1)).map_or(model, |at| at + 1)
    } else {
        (rules..model).find(|at| !joined(*at)).unwrap_or(model)
    }
}

/// Whether the word is one that no identifier of the label begins or ends with: a mark, or at a bed what is done there.
fn is_bare(reading: &Reading, word: &Word, label: Label) -> bool {
    let text = reading.text(word);
    let is_sign = matches!(label, Label::Phone | Label::Username | Label::OtherId)
        && matches!(text, "+" | "@" | "#" | "(")
        || label == Label::Username && text == "_";
    let is_job = label == Label::WardBed && JOBS.contains(&text);
    is_job || !is_sign && !text.chars().any(char::is_alphanumeric)
}

/// Whether the word and the one before it are the letter and the number of one code: "b4", "12a".
fn ends_code(reading: &Reading, at: usize) -> bool {
    let Some((before, word)) = joined(reading.words(), at) else { return false };
    let (head, tail) = (reading.text(before), reading.text(word));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = |text: &str| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_lowercase());
    is_letter(head) && is_number(tail) || is_number(head) && is_letter(tail)
}

/// Whether the word is the letter of a sex beside an age: "34M", "F 82", but not the months of "18m".
fn is_sex(reading: &Reading, at: usize) -> bool {
    let text = |at: usize| reading.words().get(at).map_or("", |word| reading.text(word));
    let age = |at: Option<usize>| at.and_then(|at| text(at).parse::<u32>().ok());
    let (before, after) = (age(at.checked_sub(1)), age(Some(at + 1)));
    match text(at) {
        "f" => before.or(after).is_some(),
        "m" => before.is_some_and(|years| years > LAST_MONTH) || before.is_none() && after.is_some(),
        _ => false,
    }
}

/// What a span of the model's own is by its form, where that is another thing than it says, and where it begins then:
/// an age behind the letter of a sex ("M45", "F/82", but "the M62"), a further ward ("ward 22 & 23").
fn relabelled(
    reading: &Reading,
    under: &[Option<Found>],
    label: Label,
    first: usize,
    end: usize,
) -> (Label, usize) {
    let text = |at: usize| reading.words().get(at).map_or("", |word| reading.text(word));
    let number = text(end - 1).parse::<u32>().unwrap_or_default();
    let is_sexed = is_sex(reading, first)
        && (end == first + 2 && is_cut(reading, end - 1) || end == first + 3 && text(first + 1) == "/");
    let is_alone = !(first..end).any(|at| label_at(under, at).is_some());
    match label {
        Label::WardBed | Label::OtherId
            if is_alone
                && is_sexed
                && text(first.wrapping_sub(1)) != "the"
                && (LAST_MONTH + 1..=OLDEST).contains(&number) =>
        {
            (Label::Age, end - 1)
        }
        Label::Age
            if is_alone
                && end == first + 1
                && matches!(text(first.wrapping_sub(1)), "&" | "and" | "+" | "/")
                && first.checked_sub(2).and_then(|at| label_at(under, at)) == Some(Label::WardBed)
                && !is_sex(reading, end) =>
        {
            (Label::WardBed, first)
        }
        _ => (label, first),
    }
}

/// Whether the word says something of a patient and nothing of where: a diagnosis, a score, or a result of one.
fn is_said(reading: &Reading, at: usize) -> bool {
    let words = reading.words();
    let text = |at: usize| words.get(at).map_or("", |word| reading.text(word));
    let is_number = |at: usize| text(at).bytes().all(|byte| byte.is_ascii_digit());
    let is_term = |at: usize| {
        let is_word = text(at).len() > 1 && !PLACED_TOO.contains(&text(at));
        is_word
            && words.get(at).is_some_and(|word| word.features.is_any(SAID) && !word.features.is_any(PLACED))
    };
    // "lactate 5.1", "BP 80/40", "K+ 6".
    let is_part = |at: &usize| is_number(*at) || matches!(text(*at), "." | "/" | "+" | "%" | "=" | ":");
    let behind = || (at.saturating_sub(RESULT)..at).rev().find(|at| !is_part(at));
    // "Diabetes ward bed 3": what stands before such a word is the unit's name.
    let names_unit = || {
        let after = (at + 1..words.len()).find(|at| !is_term(*at));
        after.is_some_and(|at| matches!(text(at), "ward" | "unit" | "clinic" | "suite" | "centre"))
    };
    is_term(at) && !names_unit() || is_number(at) && behind().is_some_and(is_term)
}

/// The findings of the rules in words.
fn located(reading: &Reading) -> Vec<Found> {
    let words = reading.words();
    let mut first = 0;
    let mut located = Vec::new();
    for (finding, found) in reading.findings.iter().enumerate() {
        while words.get(first).is_some_and(|word| word.span.end() <= found.span.start()) {
            first += 1;
        }
        let inside = words.iter().skip(first).take_while(|word| word.span.start() < found.span.end());
        let end = first + inside.count();
        if end > first {
            let validated = words
                .get(first..end)
                .is_some_and(|words| words.iter().any(|word| word.features.is_validated()));
            // Also in the boxes of a form: "|9|9|9| |1|2|3| |4|5|5|1|".
            let checked = found.label.is_health_number()
                && words.get(first..end).is_some_and(|words| forms::is_health_number(reading, words));
            let certain = found.is_listed() || validated || checked || BY_FORM.contains(&found.label);
            located.push(Found { first, end, finding, label: found.label, certain });
        }
    }
    located
}

/// What a word is in a path: in no span, or in one of a class that begins here or before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    class: usize,
    begins: bool,
}

impl State {
    const NONE: Self = Self { class: 0, begins: false };

    /// The states are numbered: none, then each class beginning and each continuing.
    fn of(number: usize) -> Self {
        match number {
            0 => Self::NONE,
            number if number < CLASSES => Self { class: number, begins: true },
            number => Self { class: number - CLASSES + 1, begins: false },
        }
    }
}

const STATES: usize = 2 * CLASSES - 1;

/// What starts at a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Starts {
    Nothing,
    Cell,
    /// A finding of the rules: they know better than the model where it begins, if anything does.
    Finding,
}

/// The likeliest states so far (Viterbi).
struct Path {
    scores: [f32; STATES],
    /// Which state each came from, a row a word.
    from: Vec<[u8; STATES]>,
}

impl Path {
    /// A path of so many words behind a span of the class; 0 is none.
    fn after(class: usize, words: usize) -> Self {
        let mut scores = [NEVER; STATES];
        if let Some(score) = scores.get_mut(class) {
            *score = 0.0;
        }
        Self { scores, from: Vec::with_capacity(words) }
    }

    /// Makes it as rare as elsewhere that the path ends in a span of the class right before another of it.
    fn end_before(&mut self, class: usize) {
        for (number, score) in self.scores.iter_mut().enumerate() {
            if class > 0 && State::of(number).class == class {
                *score -= BESIDE;
            }
        }
    }

    /// Goes on to the next word; what stands at the beginning of a cell goes on nothing and is beside nothing.
    fn step(&mut self, classes: &[f32; CLASSES], row: Row<'_>, starts: Starts) {
        let is_cell = starts == Starts::Cell;
        let (begins, continues) = match (starts, row.begins()) {
            (Starts::Cell, _) => (0.0, NEVER),
            (Starts::Finding, (begins, continues)) => (begins.max(FOUND_BEGINS), continues),
            (Starts::Nothing, both) => both,
        };
        let score = |place: usize| self.scores.get(place).copied().unwrap_or(NEVER);
        let best = argmax(&self.scores, |_| true);
        let best_class = State::of(best).class;
        let other = argmax(&self.scores, |place| State::of(place).class != best_class);
        // The likeliest before a span of the class begins: two names side by side are mostly one person's.
        let before = |class: usize| {
            if is_cell || class != best_class {
                (score(best), best)
            } else if score(best) - BESIDE >= score(other) {
                (score(best) - BESIDE, best)
            } else {
                (score(other), other)
            }
        };
        let mut scores = [NEVER; STATES];
        let mut from = [0_u8; STATES];
        for (number, (reached, from)) in scores.iter_mut().zip(&mut from).enumerate() {
            let state = State::of(number);
            let emission = classes.get(state.class).copied().unwrap_or(NEVER);
            let (so_far, place) = if state.class == 0 {
                (score(best), best)
            } else if state.begins {
                let (so_far, place) = before(state.class);
                (so_far + begins, place)
            } else {
                let began = state.class;
                let place = if score(began) >= score(number) { began } else { number };
                (score(place) + continues, place)
            };
            (*reached, *from) = (so_far + emission, place as u8);
        }
        self.scores = scores;
        self.from.push(from);
    }

    fn best(&self) -> Vec<State> {
        let mut at = argmax(&self.scores, |_| true);
        let mut states: Vec<State> = Vec::with_capacity(self.from.len());
        for from in self.from.iter().rev() {
            states.push(State::of(at));
            at = from.get(at).copied().map_or(0, usize::from);
        }
        states.reverse();
        states
    }
}

/// The first of the highest among those allowed.
fn argmax(scores: &[f32], allowed: impl Fn(usize) -> bool) -> usize {
    let mut best = None;
    for (at, score) in scores.iter().enumerate().filter(|(at, _)| allowed(*at)) {
        if best.is_none_or(|(_, highest)| *score > highest) {
            best = Some((at, *score));
        }
    }
    best.map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use presend_detect::{Detector, Scratch};
    use proptest::prelude::*;

    use super::*;
    use crate::scores::OUTPUTS;

    static RULES: LazyLock<Detector> = LazyLock::new(Detector::new);

    /// Names that the rules know the whole of, and what parts a model may take them in by.
    fn institutions() -> impl Strategy<Value = String> {
        let parts = [
            "Cheshire West and Chester Council",
            "Brighton and Sussex University Hospitals",
            "Leeds and York Partnership Trust",
            "Telford and Wrekin Council",
            "@bev_",
            "SA1 2AB",
            "Mrs Okafor",
            "Ward 22, bed 4",
            "Ward P 71F",
            "\u{33c2}",
            "MRN H501131 114",
            "jo@example.org",
        ];
        proptest::collection::vec((proptest::sample::select(parts.to_vec()), "[ \t,;|/^]{0,2}"), 1..6)
            .prop_map(|parts| parts.into_iter().flat_map(|(part, mark)| [part.to_owned(), mark]).collect())
    }

    /// What is found whatever a model says, in an order that the scores give.
    fn settle(text: &str, scores: &[f32]) -> Vec<Finding> {
        let mut reading = Reading::default();
        RULES.read(&mut Scratch::default(), text, &mut reading);
        let mut all = Scores::new(reading.words().len());
        let mut endless = scores.iter().copied().cycle();
        for word in 0..reading.words().len() {
            let row: Vec<f32> = endless.by_ref().take(OUTPUTS).collect();
            all.set(word, &row);
        }
        let fusion = Fusion { labels: vec![LabelSettings::default(); CLASSES - 1], role_trust: 1.0 };
        fusion.settle(&reading, &all)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn findings_are_sorted_and_apart_whatever_the_model_says(
            text in prop_oneof![institutions(), "\\PC{0,60}"],
            scores in proptest::collection::vec(-9.0_f32..9.0, 211),
        ) {
            let findings = settle(&text, &scores);
            let reached: Vec<usize> = findings.iter().map(|found| found.span.end()).collect();
            for (found, reached) in findings.iter().zip([0].into_iter().chain(reached)) {
                prop_assert!(found.span.start() >= reached && !found.span.is_empty());
                prop_assert!(found.span.of(&text).is_some());
            }
        }
    }
}
