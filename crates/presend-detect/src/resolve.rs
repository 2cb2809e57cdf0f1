//! Decides between overlapping candidates, so that no two findings overlap.
//!
//! In this order: what the customer listed beats what was inferred; validated (a check digit holds) beats pattern;
//! specific labels beat general ones; longer beats shorter; surer beats less sure; earlier beats later. A loser that
//! sticks out of the winner keeps the part outside, if that part holds a whole word of it.

use std::cmp::Reverse;

use crate::Label;
use crate::custom::is_customers;
use crate::document::Document;
use crate::finding::Raw;

/// How specific a label's shape is: numbers with a check digit, numbers with structure, then grammar, then words.
fn specificity(label: Label) -> u8 {
    match label {
        _ if label.is_health_number() => 4,
        Label::Person | Label::Place | Label::Organisation | Label::Profession | Label::Demographic => 0,
        Label::WardBed | Label::Date | Label::Age => 1,
        Label::Address | Label::DateOfBirth | Label::Postcode => 2,
        _ => 3,
    }
}

/// The rules that find references of any kind by their form.
const GENERAL: &[&str] = &["identifier_afar", "reference_unnamed"];

fn rank(raw: &Raw) -> (bool, bool, u8, usize, u32) {
    (
        is_customers(raw.rule),
        raw.validated,
        // A number that only its form or a word further off names yields to a detector that knows its kind.
        if GENERAL.contains(&raw.rule) { 2 } else { specificity(raw.label) },
        raw.end - raw.start,
        (raw.confidence * 1000.0) as u32,
    )
}

/// Leaves in `found` the winners, sorted by start, none overlapping.
pub(crate) fn resolve(document: &Document, found: &mut Vec<Raw>) {
    found.sort_by_key(|raw| raw.start);
    let mut winners: Vec<Raw> = Vec::with_capacity(found.len());
    let mut cluster: Vec<Raw> = Vec::new();
    let mut reach = 0;
    // Candidates that touch each other, directly or by way of others, are settled among themselves.
    for raw in found.drain(..) {
        if raw.start >= reach {
            settle(document, &mut cluster, &mut winners);
        }
        reach = reach.max(raw.end);
        cluster.push(raw);
    }
    settle(document, &mut cluster, &mut winners);
    *found = winners;
}

/// Moves the winners of one cluster to the end of `winners`, sorted by start.
fn settle(document: &Document, cluster: &mut Vec<Raw>, winners: &mut Vec<Raw>) {
    let first = winners.len();
    cluster.sort_by_key(|raw| (Reverse(rank(raw)), raw.start, raw.label));
    for raw in cluster.drain(..) {
        if let Some(part) = outside(document, winners.get(first..).unwrap_or_default(), raw) {
            let at = winners.partition_point(|other| other.start < part.start).max(first);
            winners.insert(at, part);
        }
    }
}

/// The part of `raw` that no kept finding covers: the whole, what remains at one side, or nothing.
fn outside(document: &Document, kept: &[Raw], mut raw: Raw) -> Option<Raw> {
    // Kept findings are sorted and disjoint: only those around `raw` can touch it.
    let digits = |range: std::ops::Range<usize>| {
        document.text().get(range).is_some_and(|text| text.bytes().any(|byte| byte.is_ascii_digit()))
    };
    let from = kept.partition_point(|other| other.end <= raw.start);
    let numbered = digits(raw.start..raw.end);
    for other in kept.get(from..)? {
        if other.start >= raw.end {
            break;
        }
        let head = (raw.start, other.start.max(raw.start));
        let tail = (other.end.min(raw.end), raw.end);
        let (start, end) = if head.1 - head.0 >= tail.1 - tail.0 { head } else { tail };
        raw.start = start;
        raw.end = end;
        if raw.start >= raw.end {
            return None;
        }
    }
    if from < kept.len() {
        let first = document.token_from(raw.start);
        let words: Vec<_> = document
            .tokens()
            .iter()
            .skip(first)
            .take_while(|token| token.end as usize <= raw.end)
            .filter(|token| token.kind != crate::token::TokenKind::Punct)
            .collect();
        let (head, tail) = (words.first()?, words.last()?);
        // The y of "bed 25 y": what the bed left of an age is none.
        if raw.label == Label::Age && numbered && !digits(raw.start..raw.end) {
            return None;
        }
        raw.start = head.start as usize;
        raw.end = tail.end as usize;
    }
    Some(raw)
}
