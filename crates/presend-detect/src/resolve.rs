//! Decides between overlapping candidates, so that no two findings overlap.
//!
//! In this order: what the customer listed beats what was inferred; validated (a check digit holds) beats pattern;
//! specific labels beat general ones; longer beats shorter; surer beats less sure; earlier beats later. A loser that
//! sticks out of winners keeps the parts outside that hold a whole word of it.

use std::cmp::Reverse;

use crate::Label;
use crate::custom::is_customers;
use crate::document::Document;
use crate::finding::Raw;
use crate::token::TokenKind;

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
    if cluster.len() == 1 {
        winners.append(cluster);
        return;
    }
    let first = winners.len();
    cluster.sort_by_key(|raw| (Reverse(rank(raw)), raw.start, raw.label));
    for raw in cluster.drain(..) {
        for part in outside(document, winners.get(first..).unwrap_or_default(), raw) {
            let at = winners.partition_point(|other| other.start < part.start).max(first);
            winners.insert(at, part);
        }
    }
}

/// The parts of `raw` that no kept finding covers: the whole, what remains beside them, or nothing.
fn outside(document: &Document, kept: &[Raw], raw: Raw) -> Vec<Raw> {
    // Kept findings are sorted and disjoint: only those around `raw` can touch it.
    let from = kept.partition_point(|other| other.end <= raw.start);
    if from == kept.len() {
        return vec![raw];
    }
    let mut parts = Vec::new();
    let mut start = raw.start;
    for other in kept.iter().skip(from).take_while(|other| other.start < raw.end) {
        parts.extend(whole_words(document, &raw, start, other.start));
        start = other.end;
    }
    parts.extend(whole_words(document, &raw, start, raw.end));
    parts
}

/// `raw` from the first to the last whole word between the two places.
fn whole_words(document: &Document, raw: &Raw, start: usize, end: usize) -> Option<Raw> {
    if start >= end {
        return None;
    }
    let words = document.tokens().iter().skip(document.token_from(start));
    let mut words =
        words.take_while(|token| token.end as usize <= end).filter(|token| token.kind != TokenKind::Punct);
    let head = words.next()?;
    let tail = words.last().unwrap_or(head);
    let has_digit = |start: usize, end: usize| {
        document.text().get(start..end).is_some_and(|text| text.bytes().any(|byte| byte.is_ascii_digit()))
    };
    // The y of "bed 25 y": what the bed left of an age is none.
    if raw.label == Label::Age && has_digit(raw.start, raw.end) && !has_digit(start, end) {
        return None;
    }
    Some(Raw { start: head.start as usize, end: tail.end as usize, ..raw.clone() })
}
