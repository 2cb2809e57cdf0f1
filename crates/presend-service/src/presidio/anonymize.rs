//! `/anonymize` and `/deanonymize`: conflicts between results are resolved, and operators write what stands in their
//! places.
//!
//! Of overlapping results of one entity one is made; of results within another the outer one stays, and of results in
//! the same place the highest score; results of one entity with spaces alone between them become one. Results of
//! different entities that overlap in part are both operated on, the later one first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::operators::{ANONYMIZERS, Answer, DEANONYMIZERS, Operator, Refused, Type, check_type, invalid};
use super::value::{Style, Value};
use super::{Presidio, Reply, error, json};

/// Answers `/anonymize`, or `/deanonymize` where `back` is set. `content` is not empty.
pub(super) fn answer(presidio: &Presidio, content: &Value, back: bool) -> Reply {
    match run(presidio, content, back) {
        Ok(result) => json(Style::Spaced, &result),
        Err(Refused::Bad(what)) => error(400, what),
        Err(Refused::Invalid(what)) => error(422, &what),
        Err(Refused::Internal) => error(500, "Internal server error"),
    }
}

fn run(presidio: &Presidio, content: &Value, back: bool) -> Answer<Value> {
    let Value::Dict(_) = content else { return Err(Refused::Internal) };
    let (operators, results) =
        if back { ("deanonymizers", "anonymizer_results") } else { ("anonymizers", "analyzer_results") };
    let operators = read_operators(content.get(operators))?;
    if !back && operators.values().any(Operator::is_custom) {
        return Err(Refused::Bad("Custom type anonymizer is not supported"));
    }
    let work = Work { presidio, operators, back };
    let nothing = Value::Str(String::new());
    let (text, found) =
        (content.get("text").unwrap_or(&nothing), content.get(results).unwrap_or(&Value::Null));
    let Value::List(texts) = text else { return work.one(text, found) };
    let found = match found {
        Value::Null => vec![Value::List(Vec::new()); texts.len()],
        found => match (found.len(), found.elements()) {
            (Some(len), _) if len != texts.len() => {
                return invalid(format!(
                    "Invalid input, '{results}' must contain one list of results per item in 'text' when 'text' is a \
                     list ({} text items, {len} '{results}' items)",
                    texts.len()
                ));
            }
            (Some(_), Some(found)) => found,
            _ => return Err(Refused::Internal),
        },
    };
    texts
        .iter()
        .zip(&found)
        .map(|(text, found)| work.one(text, found))
        .collect::<Answer<_>>()
        .map(Value::List)
}

fn read_operators(value: Option<&Value>) -> Answer<BTreeMap<String, Operator>> {
    match value {
        None | Some(Value::Null) => Ok(BTreeMap::new()),
        Some(Value::Dict(entries)) => {
            entries.iter().map(|(entity, value)| Ok((entity.clone(), Operator::read(value)?))).collect()
        }
        Some(_) => Err(Refused::Internal),
    }
}

/// A result to operate on, in code points; `start` is at most `end`.
#[derive(Clone)]
struct Entity {
    start: usize,
    end: usize,
    kind: Value,
    score: Value,
}

impl Entity {
    fn read(value: &Value, back: bool) -> Answer<Self> {
        let Value::Dict(_) = value else { return Err(Refused::Internal) };
        let field = |name| value.get(name).unwrap_or(&Value::Null);
        let mut score = field("score").clone();
        if back {
            score = match score {
                Value::Null => Value::Null,
                // Python reads numbers out of strings as well.
                Value::Str(text) => Value::Float(text.trim().parse().map_err(|_| Refused::Internal)?),
                score => Value::Float(score.number().ok_or(Refused::Internal)?),
            };
        }
        for name in ["start", "end"] {
            if matches!(field(name), Value::Null) {
                return invalid(format!("Invalid input, result must contain {name}"));
            }
            check_type(field(name), name, Type::Number)?;
        }
        let kind = field("entity_type");
        if !kind.truthy() {
            return invalid("Invalid input, result must contain entity_type");
        }
        let (start, end) = (field("start"), field("end"));
        let (from, to) = (start.number().ok_or(Refused::Internal)?, end.number());
        if from < 0.0 || to.ok_or(Refused::Internal)? < 0.0 {
            return invalid("Invalid input, result start and end must be positive");
        }
        if to.is_some_and(|to| from > to) {
            return invalid(format!(
                "Invalid input, start index '{}' must be smaller than end index '{}'",
                start.str(),
                end.str()
            ));
        }
        if !back && matches!(score, Value::Null) {
            return invalid("Invalid input, analyzer result must contain score");
        }
        let place = |value: &Value| {
            value.whole().and_then(|place| usize::try_from(place).ok()).ok_or(Refused::Internal)
        };
        Ok(Self { start: place(start)?, end: place(end)?, kind: kind.clone(), score })
    }

    /// How many characters the two share; none as well where one is empty.
    fn shared(&self, other: &Self) -> usize {
        self.end.min(other.end).saturating_sub(self.start.max(other.start))
    }
}

/// Whether Python's `>` holds; comparing what has no order is an error there.
fn greater(one: &Value, two: &Value) -> Answer<bool> {
    match (one, two) {
        (Value::Str(one), Value::Str(two)) => Ok(one > two),
        (Value::List(one), Value::List(two)) => match one.iter().zip(two).find(|(one, two)| !one.equals(two))
        {
            Some((one, two)) => greater(one, two),
            None => Ok(one.len() > two.len()),
        },
        _ => match (one.number(), two.number()) {
            (Some(one), Some(two)) => Ok(one > two),
            _ => Err(Refused::Internal),
        },
    }
}

/// What values that Python holds equal have in common, for use as a key.
fn key(kind: &Value) -> Answer<String> {
    match (kind, kind.number()) {
        (Value::Str(kind), _) => Ok(format!("s{kind}")),
        (_, Some(number)) => Ok(format!("n{number}")),
        _ => Err(Refused::Internal),
    }
}

/// Makes one of overlapping results of one entity: the union, with the highest score, in the place of the last.
fn merge_overlapping(entities: Vec<Entity>) -> Answer<Vec<Entity>> {
    let mut kinds: BTreeMap<String, Vec<(usize, Entity)>> = BTreeMap::new();
    for (place, entity) in entities.into_iter().enumerate() {
        kinds.entry(key(&entity.kind)?).or_default().push((place, entity));
    }
    let mut kept = Vec::new();
    for mut placed in kinds.into_values() {
        placed.sort_by_key(|(_, entity)| (entity.start, entity.end));
        let mut placed = placed.into_iter();
        let Some(mut last) = placed.next() else { continue };
        for (place, entity) in placed {
            if last.1.shared(&entity) == 0 {
                kept.push(std::mem::replace(&mut last, (place, entity)));
                continue;
            }
            last.0 = last.0.max(place);
            last.1.start = last.1.start.min(entity.start);
            last.1.end = last.1.end.max(entity.end);
            if greater(&entity.score, &last.1.score)? {
                last.1.score = entity.score;
            }
        }
        kept.push(last);
    }
    kept.sort_by_key(|(place, _)| *place);
    Ok(kept.into_iter().map(|(_, entity)| entity).collect())
}

/// Drops results within another, and of results in the same place all but the one of the highest score, the last one
/// of equals.
fn drop_contained(entities: Vec<Entity>) -> Answer<Vec<Entity>> {
    let mut order: Vec<(usize, &Entity)> = entities.iter().enumerate().collect();
    order.sort_by_key(|(_, entity)| (entity.start, Reverse(entity.end)));
    let mut keep = vec![false; entities.len()];
    let mut furthest = None;
    for group in order.chunk_by(|(_, one), (_, two)| (one.start, one.end) == (two.start, two.end)) {
        let Some(&(mut survivor, mut best)) = group.first() else { continue };
        let end = best.end;
        if furthest.is_some_and(|furthest| furthest >= end) {
            continue;
        }
        furthest = Some(end);
        for &(place, entity) in group.iter().skip(1) {
            if entity.score.equals(&best.score) || greater(&entity.score, &best.score)? {
                (survivor, best) = (place, entity);
            }
        }
        if let Some(keep) = keep.get_mut(survivor) {
            *keep = true;
        }
    }
    Ok(entities.into_iter().zip(keep).filter_map(|(entity, keep)| keep.then_some(entity)).collect())
}

/// Joins neighbours of one entity that have spaces alone between them, and a line feed after those at the most.
fn join_spaced(text: Option<&[char]>, entities: Vec<Entity>) -> Answer<Vec<Entity>> {
    let mut joined: Vec<Entity> = Vec::new();
    for mut entity in entities {
        if let Some(last) = joined.last()
            && last.kind.equals(&entity.kind)
        {
            let text = text.ok_or(Refused::Internal)?;
            let between = text.get(last.end..entity.start.min(text.len())).unwrap_or_default();
            let spaces = between.strip_suffix(&['\n']).unwrap_or(between);
            if !spaces.is_empty() && spaces.iter().all(|char| *char == ' ') {
                entity.start = last.start;
                joined.pop();
            }
        }
        joined.push(entity);
    }
    Ok(joined)
}

/// What to do with each text of a request.
struct Work<'a> {
    presidio: &'a Presidio,
    operators: BTreeMap<String, Operator>,
    back: bool,
}

impl Work<'_> {
    fn one(&self, text: &Value, found: &Value) -> Answer<Value> {
        let nothing = Value::List(Vec::new());
        let found = match found {
            Value::Null if !self.back => {
                return invalid("Invalid input, request must contain analyzer results");
            }
            found if self.back && !found.truthy() => &nothing,
            found => found,
        };
        let found = found.elements().ok_or(Refused::Internal)?;
        let mut entities =
            found.iter().map(|entity| Entity::read(entity, self.back)).collect::<Answer<Vec<_>>>()?;
        let chars: Option<Vec<char>> = text.text().map(|text| text.chars().collect());
        if !self.back {
            entities.sort_by_key(|entity| (entity.start, entity.end));
            entities = join_spaced(chars.as_deref(), drop_contained(merge_overlapping(entities)?)?)?;
        }
        // From the end to the start, so that what is yet to be replaced stays where it is.
        if self.back {
            entities.sort_by_key(|entity| Reverse(entity.start));
        } else {
            entities.sort_by_key(|entity| Reverse((entity.start, entity.end)));
        }
        match (chars, text.len()) {
            (Some(chars), _) => self.operate(&chars, &entities),
            // Lists and dictionaries have a length too, and come back as they are where there is nothing to replace.
            (None, Some(len)) => match entities.first() {
                None => Ok(result(text.clone(), Vec::new())),
                Some(entity) => check_place(entity, len).and(Err(Refused::Internal)),
            },
            (None, None) => Err(Refused::Internal),
        }
    }

    fn operate(&self, text: &[char], entities: &[Entity]) -> Answer<Value> {
        let usual = Operator::named("replace");
        let known = if self.back { DEANONYMIZERS } else { ANONYMIZERS };
        let mut last = text.len();
        // The pieces of the answer from its end, each with its length, and the length of all of them.
        let (mut pieces, mut length) = (Vec::new(), 0);
        let mut replaced = Vec::new();
        for entity in entities {
            check_place(entity, text.len())?;
            let words: String = text.get(entity.start..entity.end).unwrap_or_default().iter().collect();
            if !entity.kind.hashable() {
                return Err(Refused::Internal);
            }
            let own = entity.kind.text().and_then(|kind| self.operators.get(kind));
            let operator = match own.or_else(|| self.operators.get("DEFAULT")) {
                Some(operator) => operator,
                None if self.back => return Err(Refused::Internal),
                None => &usual,
            };
            let new = operator.operate(&words, &entity.kind, known, &self.presidio.entropy)?;
            let kept = text.get(entity.end.min(last)..last).unwrap_or_default();
            last = entity.start;
            length += kept.len() + new.chars().count();
            pieces.push(kept.iter().collect());
            pieces.push(new.clone());
            replaced.push((length, new, entity, operator.name.clone()));
        }
        length += last;
        pieces.push(text.get(..last).unwrap_or_default().iter().collect::<String>());
        let items = replaced.into_iter().map(|(from_end, new, entity, operator)| {
            let start = length - from_end;
            let mut item = vec![
                ("start".to_owned(), Value::count(start)),
                ("end".to_owned(), Value::count(start + new.chars().count())),
                ("entity_type".to_owned(), entity.kind.clone()),
                ("text".to_owned(), Value::Str(new)),
                ("operator".to_owned(), operator),
            ];
            if self.presidio.item_scores {
                item.push(("score".to_owned(), entity.score.clone()));
            }
            Value::Dict(item)
        });
        let items = items.collect();
        pieces.reverse();
        Ok(result(Value::Str(pieces.concat()), items))
    }
}

fn result(text: Value, items: Vec<Value>) -> Value {
    Value::Dict(vec![("text".to_owned(), text), ("items".to_owned(), Value::List(items))])
}

fn check_place(entity: &Entity, len: usize) -> Answer<()> {
    if entity.end <= len {
        return Ok(());
    }
    invalid(format!(
        "Invalid analyzer result, start: {} and end: {}, while text length is only {len}.",
        entity.start, entity.end
    ))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use presend::Engine;

    use super::*;

    fn call(presidio: &Presidio, path: &str, body: &str) -> (u16, String) {
        let reply = presidio.call("POST", path, body.as_bytes());
        (reply.status, String::from_utf8(reply.body).unwrap())
    }

    #[test]
    fn scores_can_be_left_out() {
        let presidio = Presidio::new(Arc::new(Engine::new()));
        let body = r#"{"text":"Ms Moira","analyzer_results":[{"start":3,"end":8,"entity_type":"PERSON","score":1}]}"#;
        let item = r#""entity_type": "PERSON", "text": "<PERSON>", "operator": "replace""#;
        let with =
            format!(r#"{{"text": "Ms <PERSON>", "items": [{{"start": 3, "end": 11, {item}, "score": 1}}]}}"#);
        assert_eq!(call(&presidio, "/anonymize", body), (200, with.clone()));
        let without = with.replace(r#", "score": 1"#, "");
        assert_eq!(call(&presidio.with_item_scores(false), "/anonymize", body), (200, without));
    }

    #[test]
    fn no_random_bytes_is_an_error() {
        let presidio = Presidio::new(Arc::new(Engine::new())).with_entropy(|_| false);
        for operator in [r#"{"type":"hash"}"#, r#"{"type":"encrypt","key":"0123456789abcdef"}"#] {
            let body = format!(
                r#"{{"text":"Moira","analyzer_results":[{{"start":0,"end":5,"entity_type":"A","score":1}}],"anonymizers":{{"A":{operator}}}}}"#
            );
            assert_eq!(call(&presidio, "/anonymize", &body).0, 500);
        }
    }
}
