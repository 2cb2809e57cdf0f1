//! Whether a mention fits a person: the comparison of two names, part by part.

use super::form::{Form, FormKind, FormToken, FormWord, Near};
use super::{Person, Token, Word};

/// How a mention's parts fall on a person's.
pub(super) struct Fit {
    /// Indices of the mention's parts and of the person's that are the same.
    pub(super) pairs: Vec<(usize, usize)>,
    /// The order of the mention's parts in which they fit.
    pub(super) form_order: Vec<usize>,
    /// The order of the person's parts in which they fit.
    pub(super) person_order: Vec<usize>,
    /// The mention was read as a word and not as initials.
    pub(super) as_word: bool,
}

impl Fit {
    fn in_order(pairs: Vec<(usize, usize)>, form: usize, person: usize) -> Self {
        Self { pairs, form_order: (0..form).collect(), person_order: (0..person).collect(), as_word: false }
    }
}

/// What is let pass as the same word.
pub(super) enum Leeway {
    /// The same word alone.
    None,
    /// Short forms of given names too.
    Short,
    /// Misspellings as well: by part of the mention, where they lie.
    Near(Vec<Option<Near>>),
}

/// How two words are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Same {
    Word,
    /// A short form and the name it stands for.
    Short,
    /// One slip apart.
    Near,
}

/// Whether the mention is the person's name as it is known, part by part: a form that is seen again.
pub(super) fn is_identical(form: &Form, person: &Person) -> bool {
    let same = |(form, token): (&FormToken, &Token)| match (&form.word, &token.word) {
        (Some(form), Some(word)) => form.exact == word.exact,
        (None, None) => form.letter == token.letter,
        _ => false,
    };
    kind_fits(form, person)
        && form.tokens.len() == person.tokens.len()
        && form.tokens.iter().zip(&person.tokens).all(same)
}

/// Whether the name is given in full: two words or more, and no initials.
pub(super) fn is_full(form: &Form) -> bool {
    form.tokens.len() > 1 && form.tokens.iter().all(|token| token.word.is_some())
}

/// Whether the mention and the person are the same kind of name.
fn kind_fits(form: &Form, person: &Person) -> bool {
    (form.kind == FormKind::Baby) == person.is_baby && (form.kind == FormKind::Group) == person.is_group
}

/// Whether a single word may as well mean the baby.
pub(super) fn may_be_baby(form: &Form, person: &Person) -> bool {
    let [FormToken { word: Some(word), .. }] = form.tokens.as_slice() else { return false };
    person.is_baby
        && form.kind == FormKind::Person
        && !form.adult
        && person.tokens.iter().filter_map(|token| token.word.as_ref()).any(|own| is_same_word(word, own))
}

/// Whether a sender may be meant: by no more names than the sender has, and by no other civil title.
pub(super) fn may_be_sender(form: &Form, person: &Person) -> bool {
    let names = |tokens: usize, alternative: bool| if alternative { 1 } else { tokens };
    !person.is_sender
        || names(form.tokens.len(), form.alternative.is_some())
            <= names(person.tokens.len(), person.alternative.is_some())
            && (form.civil.is_none() || form.civil == person.civil)
}

/// How a mention fits a person, if it does.
pub(super) fn fit(form: &Form, person: &Person, leeway: &Leeway) -> Option<Fit> {
    let (ours, theirs) = (form.tokens.len(), person.tokens.len());
    if is_identical(form, person) {
        return Some(Fit::in_order((0..ours).map(|at| (at, at)).collect(), ours, theirs));
    }
    if form.kind != FormKind::Person || person.is_baby || person.is_group || person.is_ambiguous {
        return None;
    }
    if let Some(found) = fit_as_word(form, person) {
        return Some(found);
    }
    match (ours, theirs) {
        (1, _) => {
            let token = form.tokens.first()?;
            let at = best(person.tokens.iter().map(|own| same(0, token, own, leeway)))?;
            Some(Fit::in_order(vec![(0, at)], ours, theirs))
        }
        (_, 1) => {
            let own = person.tokens.first()?;
            let parts = form.tokens.iter().enumerate();
            let at = best(parts.map(|(at, token)| same(at, token, own, leeway)))?;
            Some(Fit::in_order(vec![(at, 0)], ours, theirs))
        }
        _ => fit_initials(form, person).or_else(|| fit_parts(form, person, leeway)),
    }
}

/// A mention such as "Oz" that is read as initials may be a name of two letters.
fn fit_as_word(form: &Form, person: &Person) -> Option<Fit> {
    let whole = |word: &FormWord| {
        let same = |token: &Token| token.word.as_ref().is_some_and(|own| is_same_word(word, own));
        person.tokens.iter().position(same)
    };
    if let Some(word) = &form.alternative {
        let at = whole(word).or_else(|| {
            let alternative = person.alternative.as_ref()?;
            is_same_word(word, alternative).then_some(0)
        })?;
        let pairs = vec![(0, at)];
        return Some(Fit { as_word: true, ..Fit::in_order(pairs, form.tokens.len(), person.tokens.len()) });
    }
    let own = person.alternative.as_ref()?;
    let at =
        form.tokens.iter().position(|token| token.word.as_ref().is_some_and(|w| is_same_word(w, own)))?;
    let pairs = vec![(at, 0)];
    Some(Fit { as_word: true, ..Fit::in_order(pairs, form.tokens.len(), person.tokens.len()) })
}

/// The first of the parts that is the same word, else the first that is the same in another way.
fn best(parts: impl Iterator<Item = Option<Same>> + Clone) -> Option<usize> {
    let of = |wanted: Same| parts.clone().position(|found| found == Some(wanted));
    of(Same::Word).or_else(|| of(Same::Short)).or_else(|| of(Same::Near))
}

/// Initials against a name: as many letters as parts, or the first and the last.
fn fit_initials(form: &Form, person: &Person) -> Option<Fit> {
    let (ours, theirs) = (form.tokens.len(), person.tokens.len());
    if !form.is_initials() && person.tokens.iter().any(|own| own.word.is_some()) {
        return None;
    }
    let same = |(at, to): &(usize, usize)| {
        let pair = form.tokens.get(*at).zip(person.tokens.get(*to));
        pair.is_some_and(|(token, own)| is_same_letter(token, own))
    };
    let pairs: Vec<(usize, usize)> = if ours == theirs {
        (0..ours).map(|at| (at, at)).collect()
    } else if ours.min(theirs) == 2 {
        vec![(0, 0), (ours - 1, theirs - 1)]
    } else {
        return None;
    };
    pairs.iter().all(same).then(|| Fit::in_order(pairs, ours, theirs))
}

/// Two names of several parts each: as they stand, or one of them with the surname first.
fn fit_parts(form: &Form, person: &Person, leeway: &Leeway) -> Option<Fit> {
    let ours: Vec<usize> = (0..form.tokens.len()).collect();
    let theirs: Vec<usize> = (0..person.tokens.len()).collect();
    let aligned = |form_order: &[usize], person_order: &[usize]| {
        let pairs = align(form, person, form_order, person_order, leeway)?;
        Some(Fit {
            pairs,
            form_order: form_order.to_vec(),
            person_order: person_order.to_vec(),
            as_word: false,
        })
    };
    let turned = |order: &[usize]| {
        let mut order = order.to_vec();
        order.rotate_left(1);
        order
    };
    aligned(&ours, &theirs)
        .or_else(|| if form_may_turn(form) { aligned(&turned(&ours), &theirs) } else { None })
        .or_else(|| if person_may_turn(person) { aligned(&ours, &turned(&theirs)) } else { None })
}

/// Whether the first word may be the surname: "Ekwueme D", or "Ekwueme Doris" where the first word is nobody's given
/// name. "James Thomas" stays as it is: Thomas James is another person.
fn form_may_turn(form: &Form) -> bool {
    let first = form.tokens.first().and_then(|token| token.word.as_ref());
    let last_is_word = form.tokens.last().is_some_and(|token| token.word.is_some());
    !form.ordered && first.is_some_and(|word| may_turn(word.given, word.surname, last_is_word))
}

fn person_may_turn(person: &Person) -> bool {
    let first = person.tokens.first().and_then(|token| token.word.as_ref());
    let last_is_word = person.tokens.last().is_some_and(|token| token.word.is_some());
    !person.is_ordered && first.is_some_and(|word| may_turn(word.given, word.surname, last_is_word))
}

const fn may_turn(given: bool, surname: bool, last_is_word: bool) -> bool {
    if last_is_word { !given } else { !given || surname }
}

/// Pairs the parts of the shorter name with parts of the longer one, in order: the first with the first, and the last
/// with the last; or, where the shorter has words alone, with the first words of the longer, or with its last words that
/// hyphens join. One pair at least is a word.
fn align(
    form: &Form,
    person: &Person,
    form_order: &[usize],
    person_order: &[usize],
    leeway: &Leeway,
) -> Option<Vec<(usize, usize)>> {
    let turn = form_order.len() > person_order.len();
    let (short, long) = if turn { (person_order, form_order) } else { (form_order, person_order) };
    let pair = |short: usize, long: usize| if turn { (long, short) } else { (short, long) };
    let how = |(at, to): (usize, usize)| -> Option<Option<Same>> {
        let (token, own) = (form.tokens.get(at)?, person.tokens.get(to)?);
        if token.word.is_some() && own.word.is_some() {
            same(at, token, own, leeway).map(Some)
        } else {
            is_same_letter(token, own).then_some(None)
        }
    };
    let anchored = || {
        let (first, rest) = short.split_first()?;
        let (last, middle) = rest.split_last()?;
        let (long_first, long_rest) = long.split_first()?;
        let (long_last, long_middle) = long_rest.split_last()?;
        let mut pairs = vec![pair(*first, *long_first)];
        pairs.extend(in_order(middle, long_middle, &pair, &how)?);
        pairs.push(pair(*last, *long_last));
        Some(pairs)
    };
    let leading = || {
        let pairs: Vec<_> = short.iter().zip(long).map(|(short, long)| pair(*short, *long)).collect();
        let words = pairs.iter().all(|pair| how(*pair).flatten().is_some());
        words.then_some(pairs)
    };
    let trailing = || {
        let long = long.get(long.len().checked_sub(short.len())?..)?;
        let pairs: Vec<_> = short.iter().zip(long).map(|(short, long)| pair(*short, *long)).collect();
        let joined = |(at, to): &(usize, usize)| {
            let ours = form.tokens.get(*at).is_some_and(|token| token.joined);
            ours || person.tokens.get(*to).is_some_and(|own| own.joined)
        };
        let words = pairs.iter().all(|pair| how(*pair).flatten().is_some());
        (words && pairs.iter().skip(1).all(joined)).then_some(pairs)
    };
    [anchored(), leading(), trailing()].into_iter().flatten().find(|pairs| {
        let found: Option<Vec<Option<Same>>> = pairs.iter().map(|pair| how(*pair)).collect();
        let Some(found) = found else { return false };
        let count = |wanted| found.iter().filter(|same| **same == Some(wanted)).count();
        let (words, shorts, nears) = (count(Same::Word), count(Same::Short), count(Same::Near));
        // One misspelt word, and another that vouches for it.
        words + shorts > 0 && nears < 2
    })
}

/// Pairs all of the shorter list with some of the longer, in order.
fn in_order(
    short: &[usize],
    long: &[usize],
    pair: &impl Fn(usize, usize) -> (usize, usize),
    how: &impl Fn((usize, usize)) -> Option<Option<Same>>,
) -> Option<Vec<(usize, usize)>> {
    let mut rest = long.iter();
    let mut next = |at: &usize| rest.by_ref().map(|to| pair(*at, *to)).find(|pair| how(*pair).is_some());
    short.iter().map(&mut next).collect()
}

/// How two words are the same, if they are.
fn same(at: usize, token: &FormToken, own: &Token, leeway: &Leeway) -> Option<Same> {
    let (word, known) = (token.word.as_ref()?, own.word.as_ref()?);
    if is_same_word(word, known) {
        return Some(Same::Word);
    }
    if own.called == Some(word.exact) {
        return Some(Same::Word);
    }
    let Leeway::Near(near) = leeway else {
        let short = matches!(leeway, Leeway::Short) && is_short_form(word, own, known);
        return short.then_some(Same::Short);
    };
    let near = near.get(at)?.as_ref()?;
    (!(word.listed && known.listed) && is_near(word, near, known)).then_some(Same::Near)
}

fn is_same_word(word: &FormWord, own: &Word) -> bool {
    word.exact == own.exact || word.exact == own.stem || word.stem == own.exact || word.stem == own.stem
}

/// Whether one is the other's short form. A person has one short form: who is called Liz is not called Beth as well.
fn is_short_form(word: &FormWord, own: &Token, known: &Word) -> bool {
    own.called.is_none() && word.formal.contains(&known.exact) || word.short.contains(&known.exact)
}

fn is_near(word: &FormWord, near: &Near, own: &Word) -> bool {
    if own.near.is_empty() {
        return false;
    }
    let replaced = near.replaced.len() == own.near.len()
        && near.replaced.iter().zip(&own.near).any(|(one, other)| one == other);
    let missing = near.missing.len() == own.near.len()
        && near.missing.iter().zip(&own.near).any(|(one, other)| one == other);
    word.exact != own.exact && (replaced || missing || near.whole.contains(&own.exact))
}

fn is_same_letter(token: &FormToken, own: &Token) -> bool {
    let ours = [token.letter, token.stem_letter];
    ours.contains(&own.letter) || ours.contains(&own.stem_letter)
}
