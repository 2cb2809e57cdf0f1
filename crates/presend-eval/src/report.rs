//! Renders scores and comparisons as aligned plain text and as JSON.
//!
//! [`table`], [`comparison`] and [`json`] without examples hold figures, ids, labels and rules. [`listing`] and
//! [`json`] with examples hold message text: they are for gold files, which hold invented people only.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use presend_detect::Role;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::compare::Comparison;
use crate::score::{Class, Example, Figures, Interval, LabelFigures, RoleFigures, Score, Share};

/// The score as tables of plain text: the overall figures with their intervals, then labels, roles and metadata.
///
/// Figures are in per cent; `-` stands for a share of nothing.
#[must_use]
pub fn table(score: &Score) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} messages, {} gold spans, {} predictions",
        score.messages, score.gold_spans, score.predictions
    );
    if score.invalid_predictions > 0 {
        let _ = writeln!(out, "{} predictions do not fit their message", score.invalid_predictions);
    }

    let mut overall = Grid::new(["figure", "%", "95 % interval", "count"]);
    for (name, share) in score.overall.named() {
        let interval = score.intervals.get(name).map_or_else(dash, |interval| {
            format!("{} to {}", decimals(name, interval.low), decimals(name, interval.high))
        });
        overall.row([name.to_owned(), percent(name, share), interval, count(share)]);
    }
    overall.write(&mut out);

    let mut labels =
        Grid::new(["label", "gold", "protected", "typed", "predicted", "touching", "right label"]);
    for (label, figures) in &score.by_label {
        labels.row([
            label.name().to_owned(),
            figures.protected.of.to_string(),
            percent("", figures.protected),
            percent("", figures.typed),
            figures.span_precision.of.to_string(),
            percent("", figures.span_precision),
            percent("", figures.label_precision),
        ]);
    }
    labels.write(&mut out);

    let mut roles = Grid::new(["role", "gold", "protected", "typed", "right role"]);
    for (role, figures) in &score.by_role {
        roles.row([
            role.name().to_owned(),
            figures.protected.of.to_string(),
            percent("", figures.protected),
            percent("", figures.typed),
            percent("", figures.role_accuracy),
        ]);
    }
    roles.write(&mut out);

    for (key, values) in &score.by_meta {
        let mut groups =
            Grid::new([key, "messages", "direct", "safe", "staff", "quasi", "precision", "damage", "alarm"]);
        for (value, (messages, figures)) in values {
            groups.row([
                value.clone(),
                messages.to_string(),
                percent("", figures.direct_recall),
                percent("", figures.safe_messages),
                percent("", figures.staff_recall),
                percent("", figures.quasi_recall),
                percent("", figures.span_precision),
                percent("text_damage", figures.text_damage),
                percent("", figures.clean_alarm),
            ]);
        }
        groups.write(&mut out);
    }
    out
}

/// The misses, then the false alarms, one a line with a few words of context. It holds message text.
///
/// A line gives the message's id, the label with its role, for a miss its class and the letters and digits covered,
/// for a false alarm its rule, and the words with the span between `‹` and `›`.
#[must_use]
pub fn listing(score: &Score) -> String {
    let mut out = String::new();
    for (title, examples) in [("misses", &score.misses), ("false alarms", &score.false_alarms)] {
        let mut grid = Grid::new([title, "label", "why", "context"]);
        for example in examples {
            let label = match example.role {
                Some(role) => format!("{}:{}", example.label.name(), role.name()),
                None => example.label.name().to_owned(),
            };
            let why = match (example.class, example.covered) {
                (Some(class), Some(covered)) => format!("{} {}", class.name(), count(covered)),
                _ => example.rule.map_or_else(dash, str::to_owned),
            };
            let context = format!("{}‹{}›{}", example.before, example.words, example.after);
            grid.row([example.message.clone(), label, why, context]);
        }
        grid.write(&mut out);
    }
    out
}

/// The comparison as plain text: the figures side by side, then the messages that differ, without their text.
#[must_use]
pub fn comparison(comparison: &Comparison) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} messages, {} differ", comparison.messages, comparison.differences.len());
    let mut figures = Grid::new(["figure", "a", "b", "b - a"]);
    for ((name, a), (_, b)) in comparison.a.named().into_iter().zip(comparison.b.named()) {
        let change = match (a.percent(), b.percent()) {
            (Some(a), Some(b)) => signed(name, b - a),
            _ => dash(),
        };
        figures.row([name.to_owned(), percent(name, a), percent(name, b), change]);
    }
    figures.write(&mut out);

    let mut messages = Grid::new(["message", "only a", "only b", "relabelled", "lost", "gained"]);
    for difference in &comparison.differences {
        messages.row([
            difference.message.clone(),
            difference.only_a.len().to_string(),
            difference.only_b.len().to_string(),
            difference.relabelled.len().to_string(),
            difference.lost.len().to_string(),
            difference.gained.len().to_string(),
        ]);
    }
    messages.write(&mut out);
    out
}

/// Whether [`json`] gives the misses and false alarms, which hold message text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Examples {
    /// Figures alone.
    #[default]
    Leave,
    /// The examples with their words.
    Include,
}

/// The score as one JSON object, indented, with a line end at its end.
///
/// Its fields are `messages`, `gold_spans`, `predictions`, `invalid_predictions`, `overall`, `intervals`, `by_label`,
/// `by_role`, `by_meta` and, where asked for, `misses` and `false_alarms`. A share is
/// `{"percent", "hits", "of"}` with `percent` null of nothing and otherwise to four decimals.
///
/// # Errors
///
/// Only where serialising fails, which strings and finite numbers do not.
pub fn json(score: &Score, examples: Examples) -> serde_json::Result<String> {
    let listed = examples == Examples::Include;
    let group = |(messages, figures): &(u64, Figures)| Group { messages: *messages, figures: *figures };
    let rendered = Rendered {
        messages: score.messages,
        gold_spans: score.gold_spans,
        predictions: score.predictions,
        invalid_predictions: score.invalid_predictions,
        overall: score.overall,
        intervals: &score.intervals,
        by_label: score.by_label.iter().map(|(label, figures)| (label.name(), *figures)).collect(),
        by_role: score.by_role.iter().map(|(role, figures)| (role.name(), *figures)).collect(),
        by_meta: score
            .by_meta
            .iter()
            .map(|(key, values)| {
                (key.as_str(), values.iter().map(|(value, of)| (value.as_str(), group(of))).collect())
            })
            .collect(),
        misses: listed.then(|| score.misses.iter().map(example).collect()),
        false_alarms: listed.then(|| score.false_alarms.iter().map(example).collect()),
    };
    let mut out = serde_json::to_string_pretty(&rendered)?;
    out.push('\n');
    Ok(out)
}

#[derive(Serialize)]
struct Rendered<'a> {
    messages: u64,
    gold_spans: u64,
    predictions: u64,
    invalid_predictions: u64,
    overall: Figures,
    intervals: &'a BTreeMap<&'static str, Interval>,
    by_label: BTreeMap<&'static str, LabelFigures>,
    by_role: BTreeMap<&'static str, RoleFigures>,
    by_meta: BTreeMap<&'a str, BTreeMap<&'a str, Group>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    misses: Option<Vec<ExampleOut<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    false_alarms: Option<Vec<ExampleOut<'a>>>,
}

#[derive(Serialize)]
struct Group {
    messages: u64,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize)]
struct ExampleOut<'a> {
    message: &'a str,
    index: usize,
    start_byte: usize,
    end_byte: usize,
    label: &'static str,
    role: Option<&'static str>,
    class: Option<&'static str>,
    covered: Option<Share>,
    rule: Option<&'static str>,
    before: &'a str,
    words: &'a str,
    after: &'a str,
}

fn example(example: &Example) -> ExampleOut<'_> {
    ExampleOut {
        message: &example.message,
        index: example.index,
        start_byte: example.span.start(),
        end_byte: example.span.end(),
        label: example.label.name(),
        role: example.role.map(Role::name),
        class: example.class.map(Class::name),
        covered: example.covered,
        rule: example.rule,
        before: &example.before,
        words: &example.words,
        after: &example.after,
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Share", 3)?;
        fields.serialize_field("percent", &self.percent().map(four_decimals))?;
        fields.serialize_field("hits", &self.hits)?;
        fields.serialize_field("of", &self.of)?;
        fields.end()
    }
}

impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Interval", 2)?;
        fields.serialize_field("low", &four_decimals(self.low))?;
        fields.serialize_field("high", &four_decimals(self.high))?;
        fields.end()
    }
}

fn four_decimals(percent: f64) -> f64 {
    (percent * 10_000.0).round() / 10_000.0
}

fn dash() -> String {
    "-".to_owned()
}

/// Text damage is small where it is good, so it has a decimal more than the rest.
fn decimals(figure: &str, percent: f64) -> String {
    let places = if figure == "text_damage" { 2 } else { 1 };
    format!("{percent:.places$}")
}

fn signed(figure: &str, change: f64) -> String {
    let change = decimals(figure, change);
    let is_zero = change.chars().all(|c| matches!(c, '0' | '.' | '-'));
    if is_zero {
        change.trim_start_matches('-').to_owned()
    } else if change.starts_with('-') {
        change
    } else {
        format!("+{change}")
    }
}

fn percent(figure: &str, share: Share) -> String {
    share.percent().map_or_else(dash, |percent| decimals(figure, percent))
}

fn count(share: Share) -> String {
    format!("{}/{}", share.hits, share.of)
}

/// Rows of cells in aligned columns: words to the left, figures to the right.
struct Grid<const COLUMNS: usize> {
    rows: Vec<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Grid<COLUMNS> {
    fn new(head: [&str; COLUMNS]) -> Self {
        Self { rows: vec![head.map(str::to_owned)] }
    }

    fn row(&mut self, cells: [String; COLUMNS]) {
        self.rows.push(cells);
    }

    /// Writes a blank line and the rows; a grid without rows under its head is left out.
    fn write(&self, out: &mut String) {
        let Some((_, body)) = self.rows.split_first().filter(|(_, body)| !body.is_empty()) else { return };
        let width = |column: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let is_figure = |column: usize| {
            body.iter()
                .filter_map(|row| row.get(column))
                .all(|cell| cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '/' | '-' | '+')))
        };
        let columns: Vec<(usize, bool)> =
            (0..COLUMNS).map(|column| (width(column), column > 0 && is_figure(column))).collect();
        out.push('\n');
        for row in &self.rows {
            let mut line = String::new();
            for (cell, &(width, right)) in row.iter().zip(&columns) {
                let _ =
                    if right { write!(line, "{cell:>width$}  ") } else { write!(line, "{cell:<width$}  ") };
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
}
