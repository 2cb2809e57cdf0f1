//! Which original bytes each part of the folded text stands for.

use std::ops::Range;

use crate::Span;

/// The places where folded and original text differ in length or in character boundaries.
///
/// Between two edits, before the first and after the last, the texts run side by side: each folded byte stands for
/// the one original byte at the same distance. So the table has one entry for each place that folding changed, and
/// none where it changed nothing but letters into letters of the same length.
#[derive(Clone, Default)]
pub(super) struct Alignment {
    /// Sorted and not overlapping in either text; `original` is never empty, `folded` is empty for what was dropped.
    edits: Vec<Edit>,
}

/// Consecutive units that each take the same number of original bytes and give the same number of folded ones.
#[derive(Clone, Copy)]
struct Edit {
    folded: Span,
    original: Span,
    /// How many units both spans divide into, at least 1. A unit maps as a whole.
    units: usize,
}

/// One side of the table.
#[derive(Clone, Copy)]
enum Side {
    Folded,
    Original,
}

impl Edit {
    const fn on(&self, side: Side) -> Span {
        match side {
            Side::Folded => self.folded,
            Side::Original => self.original,
        }
    }

    const fn is_dropped(&self) -> bool {
        self.folded.is_empty()
    }
}

impl Side {
    const fn other(self) -> Self {
        match self {
            Self::Folded => Self::Original,
            Self::Original => Self::Folded,
        }
    }
}

impl Alignment {
    pub(super) fn clear(&mut self) {
        self.edits.clear();
    }

    pub(super) fn is_identity(&self) -> bool {
        self.edits.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.edits.len()
    }

    /// Records that one original character gave `folded`, which is not empty.
    pub(super) fn replaced(&mut self, folded: Span, original: Span) {
        if let Some(last) = self.edits.last_mut()
            && last.folded.end() == folded.start()
            && last.original.end() == original.start()
            && last.folded.len() == last.units * folded.len()
            && last.original.len() == last.units * original.len()
        {
            last.folded = last.folded.cover(folded);
            last.original = last.original.cover(original);
            last.units += 1;
            return;
        }
        self.edits.push(Edit { folded, original, units: 1 });
    }

    /// Records that `original` left nothing, the folded text being `at` bytes long so far.
    pub(super) fn dropped(&mut self, at: usize, original: Span) {
        match self.edits.last_mut() {
            Some(last) if last.is_dropped() && last.original.end() == original.start() => {
                last.original = last.original.cover(original);
            }
            _ => self.edits.push(Edit { folded: Span::new(at, at), original, units: 1 }),
        }
    }

    /// Records that `mark` left nothing and belongs to the last character that did, together with anything
    /// dropped in between. `folded` is the folded text so far.
    pub(super) fn marked(&mut self, folded: &str, mark: Span) {
        let Some(base) = folded.chars().next_back() else {
            return self.dropped(0, mark);
        };
        let mut base_end = mark.start();
        if let Some(last) = self.edits.last()
            && last.is_dropped()
            && last.original.end() == mark.start()
        {
            base_end = last.original.start();
            self.edits.pop();
        }
        let unit = match self.edits.last_mut() {
            Some(last) if last.original.end() == base_end && !last.is_dropped() => {
                let unit = Span::new(last.folded.end() - last.folded.len() / last.units, last.folded.end());
                let base_len = last.original.len() / last.units;
                last.units -= 1;
                last.folded = Span::new(last.folded.start(), unit.start());
                last.original = Span::new(last.original.start(), base_end - base_len);
                if last.units == 0 {
                    self.edits.pop();
                }
                (unit, Span::new(base_end - base_len, mark.end()))
            }
            _ => {
                let len = base.len_utf8();
                (
                    Span::new(folded.len() - len, folded.len()),
                    Span::new(base_end.saturating_sub(len), mark.end()),
                )
            }
        };
        self.replaced(unit.0, unit.1);
    }

    /// The original span that the folded span stands for. `folded` is rounded outwards to whole units.
    pub(super) fn to_original(&self, folded: Span) -> Span {
        self.map(folded, Side::Folded)
    }

    /// The folded span that the original span gave. `original` is rounded outwards to whole units.
    pub(super) fn to_folded(&self, original: Span) -> Span {
        self.map(original, Side::Original)
    }

    fn map(&self, span: Span, from: Side) -> Span {
        let start = self.unit_at(span.start(), from).start;
        // The end is that of the last unit covered, so that what was dropped after it stays out.
        let end = span.end().checked_sub(1).map_or(0, |last| self.unit_at(last, from).end);
        Span::new(start, end.max(start))
    }

    /// The bytes of the other side that belong to the byte at `offset`.
    fn unit_at(&self, offset: usize, from: Side) -> Range<usize> {
        let to = from.other();
        let after = self.edits.partition_point(|edit| edit.on(from).start() <= offset);
        let Some(edit) = after.checked_sub(1).and_then(|index| self.edits.get(index)) else {
            return offset..offset + 1;
        };
        let (here, there) = (edit.on(from), edit.on(to));
        if offset < here.end() {
            let unit = (offset - here.start()) / (here.len() / edit.units).max(1);
            let step = there.len() / edit.units;
            let start = there.start() + unit * step;
            start..start + step
        } else {
            let start = there.end() + (offset - here.end());
            start..start + 1
        }
    }
}
