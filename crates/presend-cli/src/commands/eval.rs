//! `presend eval`: figures against marked messages.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use presend::{Label, Offsets, Review, Role, Scratch, Span, Unit};
use presend_eval::gold::{self, Message};
use presend_eval::{Prediction, Score, ScoreOptions, report, score};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use crate::args::EvalArgs;
use crate::engine::finder;
use crate::{Exit, input, style};

pub(crate) fn run(args: &EvalArgs) -> Result<Exit> {
    if !args.predictions.is_empty() && args.predictions.len() != args.gold.len() {
        bail!(
            "there are {} files of predictions and {} of gold messages; give one for each, in the same order",
            args.predictions.len(),
            args.gold.len()
        );
    }
    let files: Vec<Vec<Message>> =
        args.gold.iter().map(|path| read_gold(path, args.seed)).collect::<Result<_>>()?;
    let predicted = if args.predictions.is_empty() {
        let messages: Vec<&Message> = files.iter().flatten().collect();
        run_engine(args, &messages)?
    } else {
        let mut all = Vec::new();
        for (messages, path) in files.iter().zip(&args.predictions) {
            all.extend(read_predictions(path, messages)?);
        }
        all
    };
    let messages = joined(files, &args.gold);
    if messages.is_empty() {
        bail!("the gold files hold no messages");
    }
    let options = ScoreOptions { seed: args.seed, group_by: args.by.clone(), ..ScoreOptions::default() };
    let mut predicted = predicted.into_iter();
    let score = score(&messages, |_| predicted.next().unwrap_or_default(), &options);
    print(args, score.clone())?;
    thresholds(args, &score)
}

fn read_gold(path: &Path, seed: u64) -> Result<Vec<Message>> {
    gold::parse(&input::read_text(path)?, seed).with_context(|| input::name(path))
}

/// The messages of all files in order; where there are several files, each id tells its file.
fn joined(files: Vec<Vec<Message>>, paths: &[std::path::PathBuf]) -> Vec<Message> {
    let many = files.len() > 1;
    let mut all = Vec::new();
    for (messages, path) in files.into_iter().zip(paths) {
        let file = path.file_stem().unwrap_or_default().to_string_lossy();
        all.extend(messages.into_iter().map(|message| {
            let id = if many { format!("{file}:{}", message.id) } else { message.id };
            Message { id, ..message }
        }));
    }
    all
}

fn run_engine(args: &EvalArgs, messages: &[&Message]) -> Result<Vec<Vec<Prediction>>> {
    let engine = finder(&args.engine)?;
    let predict =
        |scratch: &mut Scratch, message: &&Message| match engine.reviewed_with(scratch, &message.text) {
            (_, Review::Failed) => Err(anyhow!("the model could not read the message {}", message.id)),
            (findings, _) => Ok(findings.iter().map(Prediction::from).collect()),
        };
    let pool = ThreadPoolBuilder::new().num_threads(args.threads.number()).build()?;
    pool.install(|| messages.par_iter().map_init(Scratch::default, predict).collect())
}

#[derive(Deserialize)]
struct Line {
    id: Value,
    entities: Vec<Entity>,
}

#[derive(Deserialize)]
struct Entity {
    start: usize,
    end: usize,
    label: String,
    #[serde(default)]
    role: Option<String>,
}

/// Reads another system's findings, one line a gold message, matched by id.
fn read_predictions(path: &Path, messages: &[Message]) -> Result<Vec<Vec<Prediction>>> {
    let text = input::read_text(path)?;
    let mut places = HashMap::new();
    for (place, message) in messages.iter().enumerate() {
        if places.insert(message.id.as_str(), place).is_some() {
            bail!(
                "two gold messages have the id {}, so predictions for them cannot be told apart",
                message.id
            );
        }
    }
    let mut predicted: Vec<Option<Vec<Prediction>>> = vec![None; messages.len()];
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let at = || format!("{}, line {number}", input::name(path));
        // The decoder's own message may quote the line.
        let line: Line = serde_json::from_str(line)
            .map_err(|_| anyhow!("not an object with `id` and `entities` (start, end, label, role)"))
            .with_context(at)?;
        let id = match line.id {
            Value::String(id) => id,
            other => other.to_string(),
        };
        let place = places.get(id.as_str()).copied();
        let (Some(message), Some(slot)) =
            (place.and_then(|place| messages.get(place)), place.and_then(|place| predicted.get_mut(place)))
        else {
            return Err(anyhow!("no gold message has this id")).with_context(at);
        };
        let offsets = Offsets::new(&message.text);
        let entities = line.entities.iter().map(|entity| prediction(entity, &offsets));
        let entities = entities.collect::<Result<_>>().with_context(at)?;
        if slot.replace(entities).is_some() {
            return Err(anyhow!("a line before has the same id")).with_context(at);
        }
    }
    let missing = predicted.iter().zip(messages).find(|(found, _)| found.is_none());
    if let Some((_, message)) = missing {
        bail!(
            "{}: no line for the gold message {}; give one with no entities",
            input::name(path),
            message.id
        );
    }
    Ok(predicted.into_iter().flatten().collect())
}

fn prediction(entity: &Entity, offsets: &Offsets) -> Result<Prediction> {
    let label: Label = entity.label.parse()?;
    let role = match entity.role.as_deref() {
        None | Some("") => None,
        Some(role) => Some(role.parse::<Role>()?),
    };
    // A span that does not fit its message covers nothing; the score counts it as invalid.
    let nowhere = Span::new(usize::MAX, usize::MAX);
    let span = offsets.to_span(entity.start, entity.end, Unit::CodePoints).unwrap_or(nowhere);
    Ok(Prediction { span, label, role, rule: None })
}

fn print(args: &EvalArgs, mut score: Score) -> Result<()> {
    let (mut out, _) = style::stdout();
    if args.json {
        let examples = if args.misses || args.false_alarms {
            report::Examples::Include
        } else {
            report::Examples::Leave
        };
        out.write_all(report::json(&score, examples)?.as_bytes())?;
    } else {
        out.write_all(report::table(&score).as_bytes())?;
        if !args.misses {
            score.misses.clear();
        }
        if !args.false_alarms {
            score.false_alarms.clear();
        }
        out.write_all(style::visible(&report::listing(&score)).as_bytes())?;
    }
    Ok(out.flush()?)
}

/// Holds the score against the thresholds and says on standard error which are missed.
fn thresholds(args: &EvalArgs, score: &Score) -> Result<Exit> {
    let figures: HashMap<&str, Option<f64>> =
        score.overall.named().into_iter().map(|(name, share)| (name, share.percent())).collect();
    let least: fn(f64, f64) -> bool = |reached, least| reached < least;
    let most: fn(f64, f64) -> bool = |reached, most| reached > most;
    let mut exit = Exit::Good;
    let mut err = style::stderr();
    for (thresholds, misses, side) in [(&args.min, least, "least"), (&args.max, most, "most")] {
        for threshold in thresholds {
            let reached = figures.get(threshold.name).copied().flatten();
            if reached.is_some_and(|reached| !misses(reached, threshold.percent)) {
                continue;
            }
            let reached =
                reached.map_or("has nothing to go by".to_owned(), |reached| format!("is {reached:.2}"));
            let missed = style::paint(style::WARNING, "missed:");
            writeln!(
                err,
                "{missed} {} {reached}; the {side} allowed is {}",
                threshold.name, threshold.percent
            )?;
            exit = Exit::Found;
        }
    }
    Ok(exit)
}
