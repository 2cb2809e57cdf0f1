//! Names as initials, and as a little more where initials would be taken for somebody else or for an order.

use std::collections::HashSet;

use presend_detect::dictionary::Dictionary;
use presend_detect::{Finding, Label};
use presend_policy::{Action, Decision, is_same_name};
use presend_text::Folded;

use crate::written::is_written;

/// Initials that read as a route, a frequency or a device beside a drug: those of the BNF's Latin abbreviations and of
/// its abbreviations and symbols, and what UK drug charts and fluid charts write in the same columns.
const ABBREVIATIONS: &[&str] = &[
    // Routes
    "EP", "GT", "ID", "IM", "INH", "IO", "IP", "IT", "IV", "IVI", "NEB", "NG", "NGT", "NJ", "PO", "PR", "PV",
    "SC", "SL", "TOP", // Frequencies and times
    "AC", "BD", "BID", "CD", "EOD", "MR", "OD", "OM", "ON", "PC", "PRN", "QD", "QDS", "QID", "QQH", "SOS",
    "TDS", "TID", // Devices and lines
    "CVC", "CVP", "EC", "ET", "ETT", "NGT", "PEG", "PICC",
];

/// Single letters that read as a result or a side where no title stands before them: potassium, left, right.
const LETTERS: &[&str] = &["K", "L", "R"];

/// Titles that tell the letter after them from a result.
const TITLES: &[&str] =
    &["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "lady", "lord", "sister", "master"];

/// A name as `D.E.`; `None` where it has no letters.
pub(crate) fn of(words: &str) -> Option<String> {
    let initials: String = parts(words).into_iter().map(initial).collect();
    (!initials.is_empty()).then_some(initials)
}

/// For each finding, what is written in place of its initials: where two people's coincide, or they read as an
/// abbreviation of drug charts, the first name with the rest as initials, `Ivy M.`, or two letters of the last.
///
/// All names of one person that are cut become the same, so that `Sarah Jones` and `Jones` are both `Sarah J.` beside a
/// Sam Jackson. A name written so already stays, since the other whom it was told from may not be found again.
pub(crate) fn longer(text: &str, findings: &[Finding], decisions: &[Decision]) -> Vec<Option<String>> {
    let mut longer: Vec<Option<String>> = findings
        .iter()
        .map(|finding| finding.span.of(text).filter(|_| is_cut(text, finding)).map(str::to_owned))
        .collect();
    let people = people(text, findings, decisions);
    let plain: Vec<HashSet<String>> = people.iter().map(Person::plain).collect();
    let rising: Vec<Vec<String>> = people.iter().map(Person::rising).collect();
    let is_unclear = |at: usize, person: &Person<'_>| {
        let own = plain.get(at);
        let others = plain.iter().enumerate().filter(|(other, _)| *other != at);
        person.reads_as_order()
            || others.into_iter().any(|(_, other)| own.is_some_and(|own| !own.is_disjoint(other)))
    };
    for (at, person) in people.iter().enumerate().filter(|(at, person)| is_unclear(*at, person)) {
        let is_anothers = |form: &str| {
            let others = plain.iter().zip(&rising).enumerate().filter(|(other, _)| *other != at);
            let folded = form.to_lowercase();
            others.into_iter().any(|(_, (plain, rising))| {
                plain.contains(form) || rising.iter().any(|other| other.to_lowercase() == folded)
            })
        };
        let forms = rising.get(at).map(Vec::as_slice).unwrap_or_default();
        let chosen = forms.iter().find(|form| !is_anothers(form));
        for (at, _) in &person.mentions {
            if let Some(slot) = longer.get_mut(*at) {
                *slot = chosen.cloned();
            }
        }
    }
    longer
}

/// One person and the names of theirs that are cut, the fullest first.
struct Person<'t> {
    mentions: Vec<(usize, &'t str)>,
    /// Whether a title stands before each of them.
    titled: bool,
}

/// The people whose names are cut. A name that may be of several of them is taken for somebody else's.
fn people<'t>(text: &'t str, findings: &[Finding], decisions: &[Decision]) -> Vec<Person<'t>> {
    let mut names: Vec<(usize, &str)> = findings
        .iter()
        .zip(decisions)
        .enumerate()
        .filter(|(_, (finding, decision))| {
            finding.label == Label::Person && decision.action == Action::Initials
        })
        .filter_map(|(at, (finding, _))| Some((at, finding.span.of(text)?)))
        .filter(|(at, words)| {
            !is_written(words) && !findings.get(*at).is_some_and(|finding| is_cut(text, finding))
        })
        .collect();
    // "M Thompson" may be Mary or Mark, so those who are written in full come first.
    names.sort_by_key(|(_, words)| {
        let parts = parts(words);
        std::cmp::Reverse((parts.iter().filter(|part| !is_letter(part)).count(), parts.len()))
    });
    let mut people: Vec<Person<'_>> = Vec::new();
    for (at, words) in names {
        let titled = findings.get(at).is_some_and(|finding| is_titled(text, finding));
        let mut fits = people.iter_mut().filter(|person| {
            person.mentions.iter().any(|(_, known)| *known == words)
                || person
                    .mentions
                    .first()
                    .is_some_and(|(_, known)| is_same_name(known, words) || is_shorter(known, words))
        });
        match (fits.next(), fits.next()) {
            (Some(person), None) => {
                person.mentions.push((at, words));
                person.titled &= titled;
            }
            _ => people.push(Person { mentions: vec![(at, words)], titled }),
        }
    }
    people
}

/// Whether a name of a surname and initials is the same as one in full: "M Thompson", "Thompson M" for Mary Thompson.
fn is_shorter(full: &str, words: &str) -> bool {
    let (full, short) = (parts(full), parts(words));
    let same = |one: &str, other: &str| Folded::new(one).text() == Folded::new(other).text();
    let fits = |letters: &[&str], surname: &str| {
        let (Some(last), Some(first), Some(letter)) = (full.last(), full.first(), letters.first()) else {
            return false;
        };
        full.len() > 1
            && letters.iter().all(|part| is_letter(part))
            && same(last, surname)
            && same(&initial(first), &initial(letter))
    };
    short.split_last().is_some_and(|(last, letters)| fits(letters, last))
        || short.split_first().is_some_and(|(first, letters)| fits(letters, first))
}

/// Whether a word is a first name at least as much as a surname: only then may it stay whole. "Kowalski M." is nobody's
/// short form.
fn is_given(word: &str) -> bool {
    let entry = Dictionary::embedded().lookup(Folded::new(word).text());
    entry.given() >= entry.surname().max(1)
}

/// Whether a name stands as it is written here: `Ivy M.`, `Mary A.Ow.`, `Kh.`
fn is_cut(text: &str, finding: &Finding) -> bool {
    let rest = text.get(finding.span.start()..).unwrap_or_default();
    let letters = |text: &str| text.find(|mark: char| !mark.is_alphabetic()).unwrap_or(text.len());
    let count = |end: usize| rest.get(..end).unwrap_or_default().chars().count();
    let first = letters(rest);
    let word = rest.get(..first).unwrap_or_default();
    let mut at = match rest.get(first..) {
        Some(behind) if count(first) > 1 && behind.starts_with(' ') => {
            if !is_given(word) {
                return false;
            }
            first + 1
        }
        _ => 0,
    };
    let mut is_longer = at > 0;
    // Single letters, the last perhaps two, with a full stop each.
    loop {
        let end = at + letters(rest.get(at..).unwrap_or_default());
        let number = rest.get(at..end).unwrap_or_default().chars().count();
        if !(1..=2).contains(&number) || !rest.get(end..).is_some_and(|behind| behind.starts_with('.')) {
            return false;
        }
        at = end + 1;
        is_longer |= number == 2;
        if finding.span.start() + at >= finding.span.end() && (number == 2 || !goes_on_with_initial(rest, at))
        {
            return is_longer;
        }
        if number == 2 {
            return false;
        }
    }
}

fn goes_on_with_initial(rest: &str, at: usize) -> bool {
    let behind = rest.get(at..).unwrap_or_default();
    let letters = behind.chars().take_while(|letter| letter.is_alphabetic()).count();
    (1..=2).contains(&letters) && behind.chars().nth(letters) == Some('.')
}

fn is_titled(text: &str, finding: &Finding) -> bool {
    let before = text.get(..finding.span.start()).unwrap_or_default().trim_end_matches([' ', '.']);
    let word = before.rsplit(|mark: char| !mark.is_alphabetic()).next().unwrap_or_default();
    TITLES.iter().any(|title| title.eq_ignore_ascii_case(word))
}

impl Person<'_> {
    /// What the names become as initials.
    fn plain(&self) -> HashSet<String> {
        self.mentions.iter().filter_map(|(_, words)| of(words)).collect()
    }

    fn reads_as_order(&self) -> bool {
        self.plain().iter().any(|initials| {
            let letters = initials.replace('.', "");
            ABBREVIATIONS.contains(&letters.as_str()) || !self.titled && LETTERS.contains(&letters.as_str())
        })
    }

    /// What says more than initials, the least first: `Mary O.`, `Mary Ow.`; of one name alone `Kh.`; of one whose
    /// surname stands first `R.Pa.`
    fn rising(&self) -> Vec<String> {
        let mut parts = self.mentions.first().map(|(_, words)| parts(words)).unwrap_or_default();
        let surname = parts.iter().rposition(|part| !is_letter(part)).map_or(0, |last| last + 1);
        if surname < parts.len() {
            // "Patel R": what stands before a letter is a surname, which must not stay whole.
            parts.rotate_left(surname);
            let Some(last) = parts.pop().filter(|last| !is_letter(last)) else { return Vec::new() };
            let first: String = parts.into_iter().map(initial).collect();
            let letters: String = last.chars().take(2).collect();
            // Two letters may be the whole of it.
            let is_whole = letters.len() == last.len();
            return vec![first + &if is_whole { initial(last) } else { letters + "." }];
        }
        let Some((last, before)) = parts.split_last() else { return Vec::new() };
        let first: String = match before.split_first() {
            None => String::new(),
            Some((first, rest)) => {
                let rest: String = rest.iter().map(|part| initial(part)).collect();
                if first.chars().nth(1).is_some() && is_given(first) {
                    format!("{first} {rest}")
                } else {
                    initial(first) + &rest
                }
            }
        };
        let least = if first.ends_with(' ') || before.len() > 1 { 1 } else { 2 };
        let ends = last.char_indices().map(|(at, letter)| at + letter.len_utf8());
        let forms = ends.enumerate().take(2).skip(least - 1).map(|(count, end)| match count {
            0 => format!("{first}{}", initial(last)),
            _ => format!("{first}{}.", last.get(..end).unwrap_or(last)),
        });
        forms.collect()
    }
}

/// The parts of a name that have letters, from their first letter on.
fn parts(words: &str) -> Vec<&str> {
    words
        .split(|mark: char| mark.is_whitespace() || mark == '-' || mark == '.')
        .filter_map(|part| part.get(part.find(char::is_alphabetic)?..))
        .collect()
}

fn is_letter(part: &str) -> bool {
    part.chars().filter(|mark| mark.is_alphabetic()).count() == 1
}

fn initial(part: &str) -> String {
    part.chars().take(1).flat_map(char::to_uppercase).chain(['.']).collect()
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test: what fails here fails it")]
mod tests {
    use presend_detect::{Role, Signals};
    use presend_policy::{Context, Policy};
    use presend_text::Span;

    use super::*;
    use crate::{State, redact};

    /// Cuts the names in square brackets, twice, and gives the text.
    fn cut(marked: &str) -> String {
        let policy = Policy::built_in("initials").expect("built in");
        let (mut text, mut findings) = (String::new(), Vec::new());
        for (at, piece) in marked.split(['{', '}']).enumerate() {
            let span = Span::new(text.len(), text.len() + piece.len());
            text.push_str(piece);
            if at % 2 == 1 {
                let role = Some(Role::Patient);
                let finding = Finding {
                    span,
                    label: Label::Person,
                    role,
                    confidence: 0.97,
                    rule: "test",
                    evidence: Vec::new(),
                };
                findings.push(finding);
            }
        }
        let cut = |text: &str, findings: &[Finding]| {
            let plan = policy.plan(text, findings, &Context::default(), Signals::default());
            redact(text, findings, &plan.decisions, &mut State::new(), None)
        };
        let once = cut(&text, &findings);
        let moved = |full_stop: bool| -> Vec<Finding> {
            let spans = findings.iter().zip(&once.spans);
            let end =
                |span: &Span| span.end() - usize::from(full_stop && once.text[..span.end()].ends_with('.'));
            spans
                .map(|(finding, span)| Finding {
                    span: Span::new(span.start(), end(span)),
                    ..finding.clone()
                })
                .collect()
        };
        // A detector may find the full stop of the last initial as a part of the name or not.
        for full_stop in [true, false] {
            assert_eq!(cut(&once.text, &moved(full_stop)).text, once.text, "{marked} {full_stop}");
        }
        once.text
    }

    #[test]
    fn initials_tell_people_apart() {
        for (marked, wanted) in [
            ("{Mary Owens} and {Mark Ofori}, one has K 6.8", "Mary O. and Mark O., one has K 6.8"),
            (
                "{Sarah Jones} and {Sam Jackson} on warfarin, {Jones} INR 8, {Jackson} INR 2.1",
                "Sarah J. and Sam J. on warfarin, Sarah J. INR 8, Sam J. INR 2.1",
            ),
            ("{Mary Owens} and {Mary Ofori}", "Mary Ow. and Mary Of."),
            ("{Jones} INR 8, {Jackson} INR 2.1", "Jo. INR 8, Ja. INR 2.1"),
            ("{Sarah Ann Jones} and {Sam Alan Jacobs}", "Sarah A.J. and Sam A.J."),
            ("{sam jones} and {Sarah Jones}, {jones} INR 8", "sam J. and Sarah J., J. INR 8"),
            ("{Doris Ekwueme} bed 4, {Ekwueme} K 6.1", "D.E. bed 4, E. K 6.1"),
            ("Mr {Hall} and Mrs {Hall}", "Mr H. and Mrs H."),
            ("seen {Ivy M.} today", "seen Ivy M. today"),
            ("{Jones} and {Jonas}", "J. and J."),
            ("{Brown J} 61M, {Bell J} 44F", "J.Br. 61M, J.Be. 44F"),
            ("{Brown J} 61M, {Bell J} 44F, {Brown} K 6", "J.Br. 61M, J.Be. 44F, J.Br. K 6"),
            ("{Ivy M} and {Iris M}", "M.Iv. and M.Ir."),
            // A surname is never what stays whole.
            ("{Kowalski M.} seen", "K.M. seen"),
            ("bed 4 {singh r}. 57f", "bed 4 S.R. 57f"),
            ("{Smith J}.R. bed 4", "S.J.R. bed 4"),
            ("{Nguyen T.}, {Okafor C}.", "N.T., O.C."),
            ("{Thomas Kerr} and {Tracy King}", "Thomas K. and Tracy K."),
            ("{Grace Smith} bed 1, {Gary Smith} bed 2", "Grace S. bed 1, Gary S. bed 2"),
            ("{Taylor Reed} and {Tyler Reed}", "Taylor R. and Tyler R."),
            // One person in full and then with an initial.
            ("{Mary Thompson} bed 3. {M Thompson} on warfarin", "M.T. bed 3. M.T. on warfarin"),
            ("{Doris Ekwueme} bed 3, {D. Ekwueme} K 6, {Ekwueme D} ECG", "D.E. bed 3, D.E. K 6, E.D. ECG"),
            ("{M Thompson}, {Mary Thompson}, {Mark Thompson}", "M.Th., Mary T., Mark T."),
        ] {
            assert_eq!(cut(marked), wanted);
        }
    }

    #[test]
    fn initials_are_no_order() {
        for (marked, wanted) in [
            ("pls give {Ivy Morris} haloperidol 2.5mg", "pls give Ivy M. haloperidol 2.5mg"),
            ("{Ian Vale} fluids", "Ian V. fluids"),
            ("{Pat Okafor} paracetamol, {Okafor} K 3", "Pat O. paracetamol, Pat O. K 3"),
            ("{Nadia Grant} feed", "Nadia G. feed"),
            ("{I. Morris} 2mg", "I.Mo. 2mg"),
            ("{Patel R} 54M", "R.Pa. 54M"),
            ("{Patel, R} 54M", "R.Pa. 54M"),
            ("{ELLIS T} 54M", "T.EL. 54M"),
            ("{Morris R} seen", "R.Mo. seen"),
            ("{Nash G}, {Olsen D}", "G.Na., D.Ol."),
            ("{Ng G} feed", "G.N. feed"),
            ("{Khan} K 6.1", "Kh. K 6.1"),
            ("Mrs {Khan} K 6.1", "Mrs K. K 6.1"),
            ("{Lund} hip fracture", "Lu. hip fracture"),
            ("{I.M.} 2mg", "I.M. 2mg"),
        ] {
            assert_eq!(cut(marked), wanted);
        }
    }
}
