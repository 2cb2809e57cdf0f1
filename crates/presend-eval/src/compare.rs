use std::collections::BTreeMap;

use presend_text::Span;

use crate::gold::{GoldSpan, Message};
use crate::score::{Figures, Matched, Prediction, ScoreOptions, score};

/// How the predictions of two engine configurations differ on one message. It holds spans and no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The id of the message.
    pub message: String,
    /// The place of the message in the corpus, from 0.
    pub index: usize,
    /// Predictions at spans that only the first configuration gives.
    pub only_a: Vec<Prediction>,
    /// Predictions at spans that only the second configuration gives.
    pub only_b: Vec<Prediction>,
    /// The predictions of both at the same span with another label or role, the first configuration's first.
    pub relabelled: Vec<(Prediction, Prediction)>,
    /// Gold spans that the first configuration protects and the second does not.
    pub lost: Vec<GoldSpan>,
    /// Gold spans that the second configuration protects and the first does not.
    pub gained: Vec<GoldSpan>,
}

/// The outcome of [`compare()`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How many messages both configurations read.
    pub messages: u64,
    /// The figures of the first configuration.
    pub a: Figures,
    /// The figures of the second configuration.
    pub b: Figures,
    /// The messages on which the two differ, in corpus order.
    pub differences: Vec<Difference>,
}

/// Runs two engine configurations over one corpus and lists where their predictions differ.
///
/// Predictions are compared by span, label and role; which rule made them does not count. Each closure is called once
/// for each message, in order.
pub fn compare<A, B, I, J>(gold: &[Message], mut a: A, mut b: B) -> Comparison
where
    A: FnMut(&Message) -> I,
    B: FnMut(&Message) -> J,
    I: IntoIterator,
    J: IntoIterator,
    I::Item: Into<Prediction>,
    J::Item: Into<Prediction>,
{
    let mut from_a = Vec::with_capacity(gold.len());
    let mut from_b = Vec::with_capacity(gold.len());
    let mut differences = Vec::new();
    for (index, message) in gold.iter().enumerate() {
        let of_a: Vec<Prediction> = a(message).into_iter().map(Into::into).collect();
        let of_b: Vec<Prediction> = b(message).into_iter().map(Into::into).collect();
        differences.extend(difference(index, message, &of_a, &of_b));
        from_a.push(of_a);
        from_b.push(of_b);
    }
    Comparison {
        messages: gold.len() as u64,
        a: overall(gold, from_a),
        b: overall(gold, from_b),
        differences,
    }
}

fn overall(gold: &[Message], predictions: Vec<Vec<Prediction>>) -> Figures {
    let options = ScoreOptions { resamples: 0, group_by: Vec::new(), ..ScoreOptions::default() };
    let mut predictions = predictions.into_iter();
    score(gold, |_| predictions.next().unwrap_or_default(), &options).overall
}

fn difference(index: usize, message: &Message, a: &[Prediction], b: &[Prediction]) -> Option<Difference> {
    let mut by_span: BTreeMap<Span, (Vec<Prediction>, Vec<Prediction>)> = BTreeMap::new();
    for prediction in a {
        by_span.entry(prediction.span).or_default().0.push(*prediction);
    }
    for prediction in b {
        by_span.entry(prediction.span).or_default().1.push(*prediction);
    }
    let mut found = Difference {
        message: message.id.clone(),
        index,
        only_a: Vec::new(),
        only_b: Vec::new(),
        relabelled: Vec::new(),
        lost: Vec::new(),
        gained: Vec::new(),
    };
    for (mut at_a, mut at_b) in by_span.into_values() {
        let same = |p: &Prediction, q: &Prediction| p.label == q.label && p.role == q.role;
        at_a.retain(|p| match at_b.iter().position(|q| same(p, q)) {
            Some(place) => {
                at_b.remove(place);
                false
            }
            None => true,
        });
        let pairs = at_a.len().min(at_b.len());
        found.relabelled.extend(at_a.drain(..pairs).zip(at_b.drain(..pairs)));
        found.only_a.extend(at_a);
        found.only_b.extend(at_b);
    }
    if found.only_a.is_empty() && found.only_b.is_empty() && found.relabelled.is_empty() {
        return None;
    }
    let (in_a, in_b) = (Matched::new(message, a), Matched::new(message, b));
    for gold in &message.spans {
        match (in_a.is_protected(gold), in_b.is_protected(gold)) {
            (true, false) => found.lost.push(*gold),
            (false, true) => found.gained.push(*gold),
            _ => {}
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use presend_detect::{Label, Role};

    use super::*;
    use crate::gold;

    fn prediction(span: std::ops::Range<usize>, label: Label, role: Option<Role>) -> Prediction {
        Prediction { span: span.into(), label, role, rule: None }
    }

    #[test]
    fn lists_each_kind_of_difference() {
        let messages = gold::parse_marked(
            "[[PERSON:patient|Jo]] at [[PLACE|Ely]] on [[DATE|12/3]]\n---\nsame [[AGE|9]]\n---\nsame span",
            0,
        )
        .unwrap();
        let a = |m: &Message| match m.id.as_str() {
            "1" => vec![
                prediction(0..2, Label::Person, Some(Role::Patient)),
                prediction(6..9, Label::Place, None),
            ],
            "2" => vec![prediction(5..6, Label::Age, None)],
            _ => vec![prediction(0..4, Label::Date, None), prediction(0..4, Label::Date, None)],
        };
        let b = |m: &Message| match m.id.as_str() {
            "1" => vec![
                prediction(0..2, Label::Person, Some(Role::Staff)),
                prediction(13..17, Label::Date, None),
            ],
            "2" => vec![Prediction { rule: Some("age"), ..prediction(5..6, Label::Age, None) }],
            _ => vec![prediction(0..4, Label::Date, None)],
        };
        let compared = compare(&messages, a, b);
        assert_eq!(compared.messages, 3);
        assert_eq!(compared.differences.len(), 2);
        let first = &compared.differences[0];
        assert_eq!((first.message.as_str(), first.index), ("1", 0));
        assert_eq!(first.only_a, [prediction(6..9, Label::Place, None)]);
        assert_eq!(first.only_b, [prediction(13..17, Label::Date, None)]);
        assert_eq!(first.relabelled.len(), 1);
        assert_eq!(first.relabelled[0].1.role, Some(Role::Staff));
        assert_eq!(first.lost.iter().map(|g| g.label).collect::<Vec<_>>(), [Label::Place]);
        assert_eq!(first.gained.iter().map(|g| g.label).collect::<Vec<_>>(), [Label::Date]);
        let third = &compared.differences[1];
        assert_eq!(third.only_a, [prediction(0..4, Label::Date, None)]);
        assert!(third.only_b.is_empty() && third.relabelled.is_empty());
        assert_eq!((compared.a.role_accuracy.hits, compared.b.role_accuracy.hits), (1, 0));
        assert!(compare(&messages, a, a).differences.is_empty());
    }
}
