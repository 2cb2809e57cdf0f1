//! Fits a model's settings to marked messages: temperatures, and how rules and model are weighed.
//!
//! `cargo run --release -p presend-ner --features calibrate --example calibrate -- MODEL_FOLDER TOKENIZER.json GOLD...`
//!
//! Writes `settings.json` in the model's folder anew. The temperature of a label is the one with the likeliest gold
//! labels. Bias and trust are shared by the labels of a group, begin at what is expected of rules of their kind, and are
//! changed one at a time where the figures of `presend eval` gain more by it than one message more or less would give.

#![allow(clippy::disallowed_methods, reason = "a program of its own that reads files")]

use std::borrow::Cow;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use presend_detect::Label;
use presend_eval::gold::{self, Message};
use presend_eval::{Figures, Prediction, ScoreOptions, score};
use presend_ner::calibrate::Readings;
use presend_ner::{Bundle, LabelSettings, Runtime, Settings};

/// The seeds of the numbers in the slots of gold messages: each message is read once with each.
const SEEDS: [u64; 3] = [1, 2, 3];
/// A label with fewer gold words than this keeps the temperature of all.
const FEWEST: usize = 60;
const TEMPERATURES: [f32; 9] = [0.7, 0.85, 1.0, 1.2, 1.4, 1.7, 2.0, 2.4, 3.0];
/// Within these bounds: a few hundred messages cannot justify more.
const BIASES: [f32; 9] = [-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0];
const TRUSTS: [f32; 7] = [0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0];
const ROUNDS: usize = 3;
/// What a change has to gain: about what one message of 430 more or less that is safe gives.
const LEAST_GAIN: f64 = 0.4;
/// Where the search begins, bias and trust for each of [`GROUPS`]: a missed name or number costs more than a false one, so
/// there the rules are heard too; what only helps to identify needs a surer model.
const START: [(f32, f32); 5] = [(-0.25, 2.0), (-1.0, 1.0), (-0.75, 3.0), (-1.0, 1.0), (-1.0, 3.0)];
const TRUST_OF_ROLES: f32 = 0.5;

/// Labels that are weighed alike.
const GROUPS: [&[Label]; 5] = [
    &[Label::Person],
    &[Label::Place, Label::Organisation, Label::Address, Label::Postcode],
    &[Label::WardBed, Label::Date, Label::Age, Label::DateOfBirth],
    &[Label::Profession, Label::Demographic],
    &[
        Label::Username,
        Label::NhsNumber,
        Label::ChiNumber,
        Label::HscNumber,
        Label::NiNumber,
        Label::Mrn,
        Label::ProfessionalId,
        Label::Passport,
        Label::DrivingLicence,
        Label::VehicleRegistration,
        Label::PaymentCard,
        Label::BankAccount,
        Label::DeviceId,
        Label::OtherId,
        Label::Phone,
        Label::Email,
        Label::Url,
        Label::IpAddress,
    ],
];

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(tokenizer)) = (arguments.next(), arguments.next()) else {
        bail!("usage: calibrate MODEL_FOLDER TOKENIZER.json GOLD...");
    };
    let mut messages: Vec<Message> = Vec::new();
    for path in arguments {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for seed in SEEDS {
            messages.extend(gold::parse(&text, seed).with_context(|| path.display().to_string())?);
        }
    }
    let path = folder.join("settings.json");
    let bundle = Bundle {
        graph: Cow::Owned(fs::read(folder.join("model.onnx"))?),
        tokenizer: Cow::Owned(fs::read(tokenizer)?),
        settings: Cow::Owned(fs::read(&path)?),
    };
    let readings =
        Readings::new(&bundle, &Runtime::BuiltIn, messages.iter().map(|message| message.text.as_str()))?;
    let mut settings = readings.settings().clone();
    settings.role_trust = TRUST_OF_ROLES;
    for (group, start) in GROUPS.iter().zip(START) {
        for label in *group {
            if let Some(label) = settings.labels.get_mut(label.name()) {
                (label.bias, label.trust) = start;
            }
        }
    }
    temperatures(&readings, &messages, &mut settings);
    weights(&readings, &messages, &mut settings);
    fs::write(&path, serde_json::to_string_pretty(&settings)? + "\n")?;
    let figures = figures(&readings, &messages, &settings);
    #[expect(clippy::print_stdout, reason = "a program of its own")]
    {
        println!("{:#?}\nworth {:.2}", figures, worth(&figures));
    }
    Ok(())
}

/// The gold class of every word, beside its scores.
fn gold_words<'r>(readings: &'r Readings, messages: &[Message]) -> Vec<(usize, &'r [f32])> {
    let mut words = Vec::new();
    for (place, message) in messages.iter().enumerate() {
        for (span, scores) in readings.words(place) {
            let class = message
                .spans
                .iter()
                .find(|gold| gold.span.overlaps(span))
                .map_or(0, |gold| gold.label as usize + 1);
            words.push((class, scores));
        }
    }
    words
}

fn temperatures(readings: &Readings, messages: &[Message], settings: &mut Settings) {
    let words = gold_words(readings, messages);
    let mut chosen = vec![1.0_f32; Label::ALL.len()];
    let loss = |chosen: &[f32]| -> f64 {
        words
            .iter()
            .map(|(class, scores)| {
                let divided = |class: usize| {
                    let score = scores.get(class).copied().unwrap_or_default();
                    class.checked_sub(1).and_then(|label| chosen.get(label)).map_or(score, |by| score / by)
                };
                let highest = (0..scores.len()).map(divided).fold(f32::NEG_INFINITY, f32::max);
                let sum: f32 = (0..scores.len()).map(|class| (divided(class) - highest).exp()).sum();
                f64::from(highest + sum.ln() - divided(*class))
            })
            .sum()
    };
    let best = |options: &mut dyn Iterator<Item = Vec<f32>>| {
        options
            .map(|option| (loss(&option), option))
            .min_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, option)| option)
    };
    if let Some(all) = best(&mut TEMPERATURES.iter().map(|by| vec![*by; Label::ALL.len()])) {
        chosen = all;
    }
    for (at, label) in Label::ALL.iter().enumerate() {
        if words.iter().filter(|(class, _)| *class == *label as usize + 1).count() < FEWEST {
            continue;
        }
        let options = TEMPERATURES.iter().map(|by| {
            let mut option = chosen.clone();
            if let Some(place) = option.get_mut(at) {
                *place = *by;
            }
            option
        });
        if let Some(option) = best(&mut options.collect::<Vec<_>>().into_iter()) {
            chosen = option;
        }
    }
    for (label, temperature) in Label::ALL.iter().zip(chosen) {
        if let Some(settings) = settings.labels.get_mut(label.name()) {
            settings.temperature = temperature;
        }
    }
}

fn weights(readings: &Readings, messages: &[Message], settings: &mut Settings) {
    let mut highest = worth(&figures(readings, messages, settings));
    for _ in 0..ROUNDS {
        for group in GROUPS {
            let changes = BIASES
                .iter()
                .map(|bias| (Some(*bias), None))
                .chain(TRUSTS.iter().map(|trust| (None, Some(*trust))));
            for (bias, trust) in changes {
                let mut tried = settings.clone();
                for label in group {
                    let Some(label) = tried.labels.get_mut(label.name()) else { continue };
                    let LabelSettings { bias: old_bias, trust: old_trust, .. } = *label;
                    (label.bias, label.trust) = (bias.unwrap_or(old_bias), trust.unwrap_or(old_trust));
                }
                let reached = worth(&figures(readings, messages, &tried));
                if reached > highest + LEAST_GAIN {
                    (highest, *settings) = (reached, tried);
                }
            }
        }
        for role_trust in TRUSTS {
            let tried = Settings { role_trust, ..settings.clone() };
            let reached = worth(&figures(readings, messages, &tried));
            if reached > highest + LEAST_GAIN {
                (highest, *settings) = (reached, tried);
            }
        }
    }
}

fn figures(readings: &Readings, messages: &[Message], settings: &Settings) -> Figures {
    let mut found = readings.settle(settings);
    let options = ScoreOptions { resamples: 0, group_by: Vec::new(), ..ScoreOptions::default() };
    let predict = |_: &Message| -> Vec<Prediction> {
        found.next().unwrap_or_default().iter().map(Prediction::from).collect()
    };
    score(messages, predict, &options).overall
}

/// How good figures are in one number: what falls short of an aim for held-out messages costs most, then what matters
/// most weighs most.
fn worth(figures: &Figures) -> f64 {
    let percent = |share: &presend_eval::Share| share.percent().unwrap_or(100.0);
    let more = [
        (figures.safe_messages, 95.0, 2.0),
        (figures.direct_recall, 98.0, 1.0),
        (figures.staff_recall, 97.0, 0.5),
        (figures.quasi_recall, 92.0, 0.8),
        (figures.span_precision, 97.0, 0.5),
        (figures.role_accuracy, 92.0, 0.2),
    ];
    let less = [(figures.text_damage, 0.5, 3.0), (figures.clean_alarm, 3.0, 0.3)];
    let more: f64 = more
        .iter()
        .map(|(share, aim, weight)| weight * (percent(share) - 2.0 * (aim - percent(share)).max(0.0)))
        .sum();
    let less: f64 = less
        .iter()
        .map(|(share, aim, weight)| weight * (percent(share) + 2.0 * (percent(share) - aim).max(0.0)))
        .sum();
    more - less
}
