//! The scores that the model gives a word, and where in a row they stand.

use presend_detect::Label;

/// The classes of a word: none, then the labels.
pub(crate) const CLASSES: usize = Label::ALL.len() + 1;
/// The roles a row has scores for: patient, relative, staff, other.
pub(crate) const ROLES: usize = 4;
/// The scores of a word: the classes, whether a span begins, the roles.
pub(crate) const OUTPUTS: usize = CLASSES + 1 + ROLES;

/// The scores of the words of one message, a row of [`OUTPUTS`] a word.
#[derive(Clone, Default)]
pub(crate) struct Scores(pub(crate) Vec<f32>);

impl Scores {
    pub(crate) fn new(words: usize) -> Self {
        Self(vec![0.0; words * OUTPUTS])
    }

    pub(crate) fn set(&mut self, word: usize, row: &[f32]) {
        if let Some(place) = self.0.get_mut(word * OUTPUTS..(word + 1) * OUTPUTS)
            && row.len() == OUTPUTS
        {
            place.copy_from_slice(row);
        }
    }

    pub(crate) fn row(&self, word: usize) -> Row<'_> {
        Row(self.0.get(word * OUTPUTS..(word + 1) * OUTPUTS).unwrap_or(&[]))
    }
}

/// The scores of one word.
#[derive(Clone, Copy)]
pub(crate) struct Row<'s>(&'s [f32]);

impl<'s> Row<'s> {
    /// The score of none and of each label.
    pub(crate) fn classes(self) -> &'s [f32] {
        self.0.get(..CLASSES).unwrap_or(&[])
    }

    /// The logarithm of the probability that a span begins here, and that it does not.
    pub(crate) fn begins(self) -> (f32, f32) {
        let score = self.0.get(CLASSES).copied().unwrap_or_default();
        (-softplus(-score), -softplus(score))
    }

    /// The logarithms of the probabilities of the roles.
    pub(crate) fn roles(self) -> [f32; ROLES] {
        let mut roles = [0.0; ROLES];
        if let Some(scores) = self.0.get(CLASSES + 1..) {
            for (role, score) in roles.iter_mut().zip(scores) {
                *role = *score;
            }
        }
        log_softmax(&mut roles);
        roles
    }
}

/// `ln(1 + exp(x))`, without overflow.
fn softplus(x: f32) -> f32 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// Turns scores into logarithms of probabilities.
pub(crate) fn log_softmax(scores: &mut [f32]) {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = scores.iter().map(|score| (score - highest).exp()).sum();
    let all = highest + sum.ln();
    for score in scores {
        *score -= all;
    }
}
