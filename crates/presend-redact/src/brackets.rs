//! Finding again what an operator wrote: `[`, the label's words, a mark of the operator's own.

use presend_detect::Label;

/// Every place where `[`, the placeholder of a label and `mark` stand: the offset of the bracket, the label, and the
/// text after the mark.
pub(crate) fn marked<'t>(text: &'t str, mark: &'t str) -> impl Iterator<Item = (usize, Label, &'t str)> {
    text.match_indices('[').filter_map(move |(at, bracket)| {
        let inside = text.get(at + bracket.len()..)?;
        // A mark ends the words, so no placeholder that starts like another is taken for it.
        Label::ALL.iter().find_map(|label| {
            let rest = inside.strip_prefix(label.placeholder())?.strip_prefix(mark)?;
            Some((at, *label, rest))
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn placeholders_tell_labels_apart() {
        let placeholders: BTreeSet<_> = Label::ALL.iter().map(|label| label.placeholder()).collect();
        assert_eq!(placeholders.len(), Label::ALL.len());
        for label in Label::ALL {
            assert!(!label.placeholder().contains([':', '#', '[', ']']));
            let text = format!("[[{}:k", label.placeholder());
            assert_eq!(marked(&text, ":k").collect::<Vec<_>>(), [(1, *label, "")]);
        }
        assert_eq!(marked("[ward] [NAME] NAME:k [name:k", ":k").count(), 0);
    }
}
