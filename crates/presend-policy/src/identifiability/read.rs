//! From the words under findings to numbers.

use std::borrow::Cow;
use std::cell::Cell;

use presend_detect::{Finding, Kind, Label, Role};
use presend_text::{Folded, Span};

use super::age::{self, Token, spoken, tokens};
use super::key::Key;
use super::subject::{Birth, Bound, Profession, Sex, Spot, Subject, UK};
use super::table::{CONDITION_WORDS, CONDITIONS, DEMOGRAPHICS, ORGANISATIONS, PLACES, PROFESSIONS};
use super::{Assumption, Facets};

/// Messages up to so many bytes are about one person as far as pronouns go.
const SHORT: usize = 280;
/// In a longer one a pronoun counts so near to a finding.
const NEAR: usize = 120;
/// Phone numbers up to so many digits are bleeps and extensions.
const EXTENSION: usize = 6;

/// Reads a message into `facets`.
pub(super) fn read(text: &str, findings: &[Finding], skip: impl Fn(usize) -> bool, facets: &mut Facets) {
    let message = Message::new(text);
    let people = under_findings(&message, text, findings, skip, facets);
    around(message.scan(text, findings), people, facets);
}

/// Reads a message and what was made of it, in which only what lies under findings is another.
pub(super) fn read_both(
    [before, after]: [(&str, &[Finding]); 2],
    skip: impl Fn(usize) -> bool,
    facets: &mut [Facets; 2],
) {
    let [of_before, of_after] = facets;
    let message = Message::new(before.0);
    let people = under_findings(&message, before.0, before.1, |_| false, of_before);
    let about = message.scan(before.0, before.1);
    around(about, people, of_before);
    let people = under_findings(&Message::new(after.0), after.0, after.1, skip, of_after);
    around(about, people, of_after);
}

/// Reads what lies under findings; gives how many people more than one it tells of.
fn under_findings(
    message: &Message<'_>,
    text: &str,
    findings: &[Finding],
    skip: impl Fn(usize) -> bool,
    facets: &mut Facets,
) -> usize {
    let mut people = 0;
    for (index, finding) in findings.iter().enumerate() {
        let Some((words, at)) = message.words(finding.span) else { continue };
        let mut subject = Subject::default();
        if finding.label == Label::Age {
            // The letter stays when the age goes.
            subject.sex = sex_beside(message.lower(), at);
            subject.sex_sure = subject.sex.is_some();
        }
        if !skip(index) {
            let original = finding.span.of(text).unwrap_or_default();
            note(&mut subject, finding, words, original);
        }
        if facets.subject.contradicts(&subject) {
            people += 1;
        }
        facets.merge(&subject);
    }
    people
}

/// Adds what the words around findings tell.
fn around(mut about: Subject, people: usize, facets: &mut Facets) {
    if people > 0 {
        // Whose pronoun it is cannot be told among several people.
        about.sex = None;
    }
    if about.sex.is_some() && facets.subject.sex.is_none() {
        about.assume(Assumption::SexByWord);
    }
    facets.merge(&about);
}

/// A message in lower case, with the way from the spans of the original.
enum Message<'a> {
    /// ASCII needs lower case only, if that.
    Ascii(Cow<'a, str>),
    Folded(Folded),
}

impl<'a> Message<'a> {
    fn new(text: &'a str) -> Self {
        if !text.is_ascii() {
            Self::Folded(Folded::new(text))
        } else if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Self::Ascii(Cow::Owned(text.to_ascii_lowercase()))
        } else {
            Self::Ascii(Cow::Borrowed(text))
        }
    }

    fn lower(&self) -> &str {
        match self {
            Self::Ascii(lower) => lower,
            Self::Folded(folded) => folded.text(),
        }
    }

    /// The words under a span of the original, and where they are here.
    fn words(&self, span: Span) -> Option<(&str, Span)> {
        let at = match self {
            Self::Ascii(_) => span,
            Self::Folded(folded) => folded.folded_span(span),
        };
        Some((at.of(self.lower())?, at))
    }

    /// The original words of a span here.
    fn original<'t>(&self, text: &'t str, at: Span) -> &'t str {
        let span = match self {
            Self::Ascii(_) => at,
            Self::Folded(folded) => folded.original_span(at),
        };
        span.of(text).unwrap_or_default()
    }

    /// Goes over the words of the whole message for a sex and for rare conditions.
    fn scan(&self, text: &str, findings: &[Finding]) -> Subject {
        let lower = self.lower();
        let bytes = lower.as_bytes();
        let short = lower.len() <= SHORT;
        let mut nearby = Nearby::new(self, findings);
        let (mut he, mut she) = (false, false);
        let mut about = Subject::default();
        let mut before: &[u8] = &[];
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if !byte.is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let rest = bytes.get(at..).unwrap_or_default();
            // "parkinson's" is one word, and "he's" begins with one.
            let len = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'\'').count();
            let word = rest.get(..len).unwrap_or_default();
            if let Some(sex) = word.split(|byte| *byte == b'\'').next().and_then(sex_of)
                && (short || nearby.reaches(at))
            {
                he |= sex == Sex::Male;
                she |= sex == Sex::Female;
            }
            if CONDITION_WORDS.may_hold(word)
                && !matches!(before, b"no" | b"not" | b"without" | b"exclude" | b"excluded" | b"excludes")
                && at.checked_sub(1).and_then(|index| bytes.get(index)) != Some(&b'?')
                && let Some(row) = self.condition(text, at)
            {
                let share = Bound::new(row.people / UK, row.factor);
                about.merge(&Subject { condition: Some(share), ..Subject::default() });
                if row.assumed {
                    about.assume(Assumption::AssumedCondition);
                }
            }
            before = word;
            at += len;
        }
        about.sex = match (he, she) {
            (true, false) => Some(Sex::Male),
            (false, true) => Some(Sex::Female),
            _ => None,
        };
        about
    }

    /// The rare condition whose words start here: the one of most words.
    fn condition(&self, text: &str, start: usize) -> Option<super::table::Row> {
        let rest = self.lower().get(start..)?;
        let mut ends = [0; 4];
        let mut count = 0;
        let mut inside = true;
        for (index, byte) in rest.bytes().enumerate().take(48) {
            let letter = byte.is_ascii_alphanumeric() || byte == b'\'';
            if inside && !letter {
                if let Some(end) = ends.get_mut(count) {
                    *end = index;
                }
                count += 1;
                // Words of one condition are next to each other.
                if count == ends.len() || !matches!(byte, b' ' | b'-') {
                    inside = letter;
                    break;
                }
            }
            inside = letter;
        }
        if inside && let Some(end) = ends.get_mut(count) {
            *end = rest.len().min(48);
            count += 1;
        }
        ends.iter().take(count).rev().find_map(|end| {
            let row = CONDITIONS.get(Key::of(rest.get(..*end)?).text())?;
            let original = || self.original(text, Span::new(start, start + end));
            // Short forms that are words besides count in capitals only.
            let capitals = row.mark != "c" || original().bytes().filter(u8::is_ascii_uppercase).count() > 1;
            capitals.then_some(row)
        })
    }
}

/// Tells of one place after another, from the text's start on, whether a finding that is about the patient lies near.
struct Nearby<'m> {
    message: &'m Message<'m>,
    /// Findings that start further on, sorted by start.
    ahead: &'m [Finding],
    /// How far those that start earlier, or soon, reach.
    reach: Option<usize>,
}

impl<'m> Nearby<'m> {
    const fn new(message: &'m Message<'m>, findings: &'m [Finding]) -> Self {
        Self { message, ahead: findings, reach: None }
    }

    /// Whether one lies near to `at`, which must not be before the place asked of last.
    fn reaches(&mut self, at: usize) -> bool {
        while let Some((finding, ahead)) = self.ahead.split_first() {
            if finding.role != Some(Role::Staff)
                && let Some((_, span)) = self.message.words(finding.span)
            {
                if span.start() > at + NEAR {
                    break;
                }
                self.reach = self.reach.max(Some(span.end()));
            }
            self.ahead = ahead;
        }
        self.reach.is_some_and(|reach| at <= reach + NEAR)
    }
}

/// What one finding says.
fn note(subject: &mut Subject, finding: &Finding, words: &str, original: &str) {
    match finding.label {
        Label::Person if finding.role == Some(Role::Staff) => {}
        Label::Person if are_initials(original) => {
            subject.initials = true;
            subject.assume(Assumption::InitialsAgree);
        }
        Label::ProfessionalId => {}
        Label::Phone if words.bytes().filter(u8::is_ascii_digit).count() <= EXTENSION && has_digit(words) => {
        }
        Label::Postcode => postcode(subject, words),
        Label::DateOfBirth => birth(subject, words),
        Label::Age => subject.age = age::read(words).map(|ages| (ages.low, ages.high)),
        Label::Place => place(subject, words),
        Label::Organisation => organisation(subject, words),
        Label::WardBed => subject.spot = Some(spot(words)),
        Label::Date => event(subject, words),
        Label::Profession => profession(subject, words),
        Label::Demographic => demographic(subject, words),
        label => subject.direct = label.kind() == Kind::Direct,
    }
}

fn has_digit(words: &str) -> bool {
    words.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a name is initials only: single letters, or two or three capitals that spell no name.
fn are_initials(original: &str) -> bool {
    let mut runs = original.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty());
    let single = |run: &str| run.chars().count() == 1;
    let together = |run: &str| {
        let vowels = run.chars().any(|c| matches!(c, 'A' | 'E' | 'I' | 'O' | 'U' | 'Y'));
        run.chars().all(char::is_uppercase)
            && (run.chars().count() == 2 || run.chars().count() == 3 && !vowels)
    };
    let Some(first) = runs.next() else { return false };
    match runs.next() {
        None => single(first) || together(first),
        Some(second) => single(first) && single(second) && runs.all(single),
    }
}

/// A full postcode leads to a few doors; the first half is a district, letters alone an area.
fn postcode(subject: &mut Subject, words: &str) {
    const DISTRICT: f64 = 23_000.0;
    const AREA: f64 = 545_000.0;
    let (mut figures, mut digits, mut spelled) = (0, 0, 0);
    for run in words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| !run.is_empty()) {
        let is_word = run.len() > 2 && !has_digit(run);
        spelled += usize::from(is_word);
        figures += if is_word { 1 } else { run.len() };
        digits += run.bytes().filter(u8::is_ascii_digit).count();
    }
    if figures >= 5 {
        subject.direct = true;
        return;
    }
    let people = if digits + spelled > 0 { DISTRICT } else { AREA };
    subject.postcode = Some(Bound::new(people, 3.0));
    subject.assume(Assumption::District);
}

/// A date of birth: direct where it is whole, or where it cannot be read.
fn birth(subject: &mut Subject, words: &str) {
    let date = Birth::read(words);
    let Some(date) = date else {
        subject.direct = true;
        return;
    };
    subject.direct = date.year.is_some() && date.month.is_some() && date.day.is_some();
    if date.year.is_some() {
        subject.assume(Assumption::BirthYear);
    }
    subject.birth = Some(date);
}

/// The day of the month that a word names.
fn ordinal(word: &[u8]) -> Option<u16> {
    const DAYS: [&[u8]; 20] = [
        b"first",
        b"second",
        b"third",
        b"fourth",
        b"fifth",
        b"sixth",
        b"seventh",
        b"eighth",
        b"ninth",
        b"tenth",
        b"eleventh",
        b"twelfth",
        b"thirteenth",
        b"fourteenth",
        b"fifteenth",
        b"sixteenth",
        b"seventeenth",
        b"eighteenth",
        b"nineteenth",
        b"twentieth",
    ];
    let index = DAYS.iter().position(|day| *day == word)?;
    u16::try_from(index + 1).ok()
}

/// The month whose name starts with these letters.
fn month(word: &[u8]) -> Option<u8> {
    const MONTHS: [&[u8; 3]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let start = word.get(..3)?;
    MONTHS.iter().position(|name| name.as_slice() == start).and_then(|index| u8::try_from(index + 1).ok())
}

impl Birth {
    /// Reads a date in figures, with the month's name, or a day or month alone; `None` for one in words or of no sense.
    fn read(words: &str) -> Option<Self> {
        let mut numbers = [0_u16; 3];
        let count = Cell::new(0);
        let mut named = None;
        let mut push = |number: u16| {
            if let Some(slot) = numbers.get_mut(count.get()) {
                *slot = number;
                count.set(count.get() + 1);
            }
        };
        // Divided by slashes or not: `tokens` would leave out what a slash divides.
        for run in words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| !run.is_empty()) {
            let digits = run.bytes().take_while(u8::is_ascii_digit).count();
            let (figures, letters) = run.split_at_checked(digits)?;
            match (figures.len(), letters.len()) {
                (6 | 8, 0) => {
                    // 260583 and 09091977.
                    push(figures.get(..2)?.parse().ok()?);
                    push(figures.get(2..4)?.parse().ok()?);
                    push(figures.get(4..)?.parse().ok()?);
                }
                (0, _) if matches!(letters, "of" | "the" | "in" | "on" | "and") => {}
                (0, _) => {
                    let day = ordinal(letters.as_bytes());
                    let found = month(letters.as_bytes());
                    if found.is_none() && day.is_none() || day.is_some() && count.get() > 0 {
                        return None;
                    }
                    day.into_iter().for_each(&mut push);
                    named = named.or(found);
                }
                (1..=4, _) => {
                    push(figures.parse().ok()?);
                    named = named.or_else(|| month(letters.strip_prefix("nd").unwrap_or(letters).as_bytes()));
                }
                _ => return None,
            }
        }
        let year = |number: u16| match number {
            0..=25 => Some(2000 + number),
            26..=99 => Some(1900 + number),
            1900..=2100 => Some(number),
            _ => None,
        };
        let small =
            |number: u16, most: u8| u8::try_from(number).ok().filter(|number| (1..=most).contains(number));
        let [first, second, third] = numbers;
        let date = match (count.get(), named) {
            (3, None) if first > 31 => {
                Self { year: year(first), month: small(second, 12), day: small(third, 31) }
            }
            (3, None) => Self { year: year(third), month: small(second, 12), day: small(first, 31) },
            (2, Some(month)) if first > 31 => {
                Self { year: year(first), month: Some(month), day: small(second, 31) }
            }
            (2, Some(month)) => Self { year: year(second), month: Some(month), day: small(first, 31) },
            (2, None) => Self { year: None, month: small(second, 12), day: small(first, 31) },
            (1, Some(month)) if first > 31 => Self { year: year(first), month: Some(month), day: None },
            (1, Some(month)) => Self { year: None, month: Some(month), day: small(first, 31) },
            (1, None) if first > 31 => Self { year: year(first), month: None, day: None },
            (1, None) => Self { year: None, month: None, day: small(first, 31) },
            (0, Some(month)) => Self { year: None, month: Some(month), day: None },
            _ => return None,
        };
        (date != Self::default()).then_some(date)
    }
}

/// The people of a place, by its name or without a word that says which part of it.
fn place(subject: &mut Subject, words: &str) {
    let mut found = 0;
    for part in words.split(',') {
        let key = Key::of(part);
        let name = key.text();
        if name.is_empty() {
            continue;
        }
        found += 1;
        let row = PLACES.get(name).or_else(|| PLACES.get(without_part(name)?));
        let bound = row.map_or(Bound::new(3_000.0, 10.0), |row| Bound::new(row.people, row.factor));
        match row {
            None => subject.assume(Assumption::UnknownPlace),
            Some(row) if row.assumed => subject.assume(Assumption::AssumedPlace),
            Some(_) => {}
        }
        subject.merge(&Subject { place: Some(bound), ..Subject::default() });
    }
    if found > 1 {
        subject.assume(Assumption::SeveralPlaces);
    }
}

/// A place's name without the word for a part of it at either end: "north leeds", "penzance town".
fn without_part(name: &str) -> Option<&str> {
    const FIRST: &[&str] =
        &["north", "south", "east", "west", "central", "near", "outside", "upper", "lower", "inner", "nr"];
    const LAST: &[&str] =
        &["town", "city", "centre", "center", "village", "area", "north", "south", "east", "west", "way"];
    if let Some((first, rest)) = name.split_once(' ')
        && FIRST.contains(&first)
    {
        return Some(rest);
    }
    let (rest, last) = name.rsplit_once(' ')?;
    LAST.contains(&last).then_some(rest)
}

/// The people whom an organisation serves, by the words that its name ends or starts with.
fn organisation(subject: &mut Subject, words: &str) {
    let key = Key::of(words);
    let name = key.text();
    let row = endings(name).find_map(|ending| ORGANISATIONS.get(ending)).or_else(|| {
        let (first, _) = name.split_once(' ')?;
        ORGANISATIONS.get(first)
    });
    let bound = row.map_or(Bound::new(20_000.0, 25.0), |row| Bound::new(row.people, row.factor));
    match row {
        None => subject.assume(Assumption::UnknownOrganisation),
        Some(row) if row.assumed => subject.assume(Assumption::AssumedOrganisation),
        Some(_) => {}
    }
    subject.organisation = Some(bound);
}

/// A phrase, then without its first word, and so on to the last word.
fn endings(phrase: &str) -> impl Iterator<Item = &str> {
    let starts = phrase.match_indices(' ').map(|(at, _)| at + 1);
    std::iter::once(0)
        .chain(starts)
        .filter_map(move |start| phrase.get(start..))
        .filter(|rest| !rest.is_empty())
}

/// The people of an occupation: words that change nothing are dropped, words that make it more special cost three quarters.
fn profession(subject: &mut Subject, words: &str) {
    const NEUTRAL: &[&str] = &[
        "retired",
        "retd",
        "ret",
        "ex",
        "former",
        "formerly",
        "part",
        "time",
        "full",
        "trainee",
        "senior",
        "junior",
        "local",
        "self",
        "employed",
        "freelance",
        "qualified",
        "semi",
        "was",
        "worked",
        "as",
        "a",
        "an",
        "works",
        "old",
        "young",
    ];
    const GONE: &[&str] = &["retired", "retd", "ret", "ex", "former", "formerly", "was"];
    let key = Key::of(words);
    let mut phrase = key.text();
    if phrase.is_empty() {
        return;
    }
    let mut retired = false;
    let mut row = PROFESSIONS.get(phrase);
    while row.is_none()
        && let Some((first, rest)) = phrase.split_once(' ')
        && NEUTRAL.contains(&first)
    {
        retired |= GONE.contains(&first);
        phrase = rest;
        row = PROFESSIONS.get(phrase);
    }
    let mut special = false;
    let singular = |phrase: &str| phrase.strip_suffix('s').and_then(|one| PROFESSIONS.get(one));
    let row = row.or_else(|| {
        endings(phrase).enumerate().find_map(|(dropped, ending)| {
            let row = PROFESSIONS.get(ending).or_else(|| singular(ending))?;
            special = dropped > 0;
            Some(row)
        })
    });
    let mut people = row.map_or(Bound::new(20_000.0, 10.0), |row| Bound::new(row.people, row.factor));
    if special {
        people.point /= 4.0;
        subject.assume(Assumption::SpecialProfession);
    }
    match row {
        None => subject.assume(Assumption::UnknownProfession),
        Some(row) if row.assumed => subject.assume(Assumption::AssumedProfession),
        Some(_) => {}
    }
    // Where the table lacks the occupation, either sex may be nearly all of it.
    let women = row.and_then(|row| row.mark.parse::<f64>().ok()).map(|per_cent| per_cent / 100.0);
    let (women, men) = women.map_or((0.7, 0.7), |women| (women, 1.0 - women));
    subject.profession = Some(Profession { people, women, men, retired });
}

/// The people of an origin or a religion; of two words, the rarer of each kind.
fn demographic(subject: &mut Subject, words: &str) {
    let key = Key::of(words);
    let name = key.text();
    if name.is_empty() {
        return;
    }
    let found = DEMOGRAPHICS.get(name).or_else(|| DEMOGRAPHICS.get(name.strip_suffix('s')?));
    let parts = if found.is_some() { [found, None] } else { both_ends(name) };
    if parts.iter().flatten().next().is_none() {
        subject.origin = Some(Bound::new(30_000.0 / UK, 10.0));
        subject.assume(Assumption::UnknownOrigin);
    }
    for row in parts.into_iter().flatten() {
        let share = Some(Bound::new(row.people / UK, row.factor));
        let one = if row.mark == "r" {
            Subject { religion: share, ..Subject::default() }
        } else {
            // People of one origin live near each other, so its share where the message is read is unlike the country's.
            Subject {
                origin: share.map(|share| Bound { high: (share.high * 1.6).min(1.0), ..share }),
                ..Subject::default()
            }
        };
        subject.merge(&one);
        if row.assumed {
            subject.assume(Assumption::AssumedOrigin);
        }
    }
}

/// What the table has of the words that a phrase starts with, and of those that it ends with.
fn both_ends(phrase: &str) -> [Option<super::table::Row>; 2] {
    let last = endings(phrase).skip(1).find_map(|ending| DEMOGRAPHICS.get(ending));
    let spaces = phrase.rmatch_indices(' ').map(|(at, _)| at);
    let first = spaces.filter_map(|end| phrase.get(..end)).find_map(|start| DEMOGRAPHICS.get(start));
    [first, last]
}

/// Where in a building: a bed, a room and a chair hold one person, a bay a few, a ward more.
fn spot(words: &str) -> Spot {
    let mut found: Option<Spot> = None;
    let mut b = false;
    for token in tokens(words) {
        let after_b = std::mem::take(&mut b);
        let spot = match token {
            // "b7" is a bed and "7b" a ward.
            Token::Word(b"b") => {
                b = true;
                Some(Spot::Ward)
            }
            Token::Number(..) if after_b => Some(Spot::Bed),
            Token::Word(
                b"bed" | b"bd" | b"beds" | b"bedspace" | b"room" | b"rm" | b"rooms" | b"sr" | b"side"
                | b"cubicle" | b"cub" | b"cot" | b"trolley" | b"chair" | b"theatre" | b"th" | b"theatres"
                | b"resus" | b"cell" | b"pod" | b"majors" | b"maj" | b"surgery" | b"seclusion" | b"bedroom",
            ) => Some(Spot::Bed),
            Token::Word(b"bay" | b"bays") => Some(Spot::Bay),
            Token::Word(word) if spoken(word).is_none() => Some(Spot::Ward),
            Token::Word(_) | Token::Number(..) => None,
        };
        found = found.into_iter().chain(spot).min();
    }
    // A number alone is a bed's.
    found.unwrap_or(Spot::Bed)
}

/// The day of an event, or its month.
fn event(subject: &mut Subject, words: &str) {
    let (mut day, mut named) = (false, false);
    for token in tokens(words) {
        match token {
            Token::Number(number, rest) => {
                // "July '23" has a year and no day.
                let before = words
                    .strip_suffix(rest)
                    .unwrap_or_default()
                    .trim_end_matches(|c: char| c.is_ascii_digit());
                day |= (1..=31).contains(&number) && !before.ends_with('\'');
            }
            Token::Word(word) => named |= month(word).is_some(),
        }
    }
    // Words that are no month are a holiday or a day in words.
    let share = if named && !day { Bound::new(1.0 / 7.0, 3.0) } else { Bound::new(1.0 / 200.0, 8.0) };
    subject.event = Some(share);
    subject.assume(Assumption::EventDay);
}

/// The sex that a word gives.
fn sex_of(word: &[u8]) -> Option<Sex> {
    if word.len() > 9
        || !matches!(word, [b'h' | b's' | b'm' | b'g' | b'b' | b'l' | b'c' | b'f' | b'w', _, ..])
    {
        return None;
    }
    match word {
        b"he" | b"him" | b"his" | b"hes" | b"mr" | b"man" | b"male" | b"gent" | b"gentleman" | b"boy"
        | b"lad" | b"bloke" | b"chap" | b"fella" | b"guy" | b"himself" | b"mans" | b"gents" => {
            Some(Sex::Male)
        }
        b"she" | b"her" | b"hers" | b"shes" | b"mrs" | b"ms" | b"miss" | b"woman" | b"female" | b"lady"
        | b"girl" | b"lass" | b"lassie" | b"herself" | b"ladys" | b"womans" => Some(Sex::Female),
        _ => None,
    }
}

/// The sex that stands beside an age: `82F`, `F82`, `43 yo male`, `lady, 82`.
fn sex_beside(lower: &str, at: Span) -> Option<Sex> {
    let letter = |word: &[u8]| match word {
        b"m" => Some(Sex::Male),
        b"f" => Some(Sex::Female),
        _ => sex_of(word),
    };
    const REACH: usize = 24;
    let end = lower.floor_char_boundary((at.end() + REACH).min(lower.len()));
    for token in tokens(lower.get(at.end()..end)?) {
        let Token::Word(word) = token else { break };
        if matches!(
            word,
            b"yo"
                | b"y"
                | b"o"
                | b"yr"
                | b"yrs"
                | b"year"
                | b"years"
                | b"old"
                | b"month"
                | b"months"
                | b"week"
                | b"weeks"
                | b"s"
        ) {
            continue;
        }
        if let Some(sex) = letter(word) {
            return Some(sex);
        }
        break;
    }
    let before = lower.get(..at.start())?.trim_end_matches([' ', ',', '-', '(', '/']);
    let start = before.bytes().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |index| index + 1);
    letter(before.get(start..)?.as_bytes()).filter(|_| at.start() - before.len() <= 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_lies_near_is_what_a_search_of_all_findings_gives(
            text in "([a-z .]|é){0,900}",
            spans in prop::collection::vec((0_usize..1000, 0_usize..300, any::<bool>()), 0..12),
            mut places in prop::collection::vec(0_usize..1000, 0..40),
        ) {
            let mut findings: Vec<Finding> = spans
                .iter()
                .map(|&(start, len, staff)| Finding {
                    span: Span::new(start, start + len),
                    label: Label::Person,
                    role: staff.then_some(Role::Staff),
                    confidence: 0.9,
                    rule: "test",
                    evidence: Vec::new(),
                })
                .collect();
            findings.sort_by_key(|finding| finding.span.start());
            places.sort_unstable();
            let message = Message::new(&text);
            let mut nearby = Nearby::new(&message, &findings);
            for at in places {
                let near = findings.iter().filter(|finding| finding.role != Some(Role::Staff)).any(|finding| {
                    message
                        .words(finding.span)
                        .is_some_and(|(_, span)| at + NEAR >= span.start() && at <= span.end() + NEAR)
                });
                prop_assert_eq!(nearby.reaches(at), near);
            }
        }
    }
}
