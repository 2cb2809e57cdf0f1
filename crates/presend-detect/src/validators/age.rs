//! Ages: what parts them from durations, distances, gauges, rates and scores.

use crate::dictionary::{Class, Entry};

use super::number_words::read_number;
use super::surroundings::{Surroundings, entry, is_clinical, is_name, is_quantity, words};
use super::{Candidate, Verdict};

/// The oldest age in years that counts as one.
const OLDEST: u32 = 115;

/// Words before a number of years, months or weeks that make it a length of time.
#[rustfmt::skip]
const DURATION_LEADS: &[&str] = &[
    "for", "x", "in", "over", "past", "last", "next", "every", "each", "after", "within", "since", "per", "another",
    "further", "than", "least", "took", "takes", "taken", "lasting", "lasted", "about", "around", "approx", "by",
    "until", "till", "til", "review", "rv", "repeat", "f/u", "fu", "rpt", "hx", "first", "previous", "prev", "under",
    "course", "supply", "smoked", "married", "abstinent", "sober", "worked", "retired", "serving", "sentence",
    "recheck", "back", "waiting", "wait", "remission", "booked", "ga", "gestation", "scan", "approximately",
];

/// Words after it that do.
#[rustfmt::skip]
const DURATION_TAILS: &[&str] = &[
    "ago", "hx", "history", "hist", "post", "later", "since", "smoking", "pack", "survival", "supply", "experience",
    "follow", "f", "on", "of", "apart", "before", "prior", "after", "now", "together", "remission", "sober", "sentence",
    "review", "wait", "waiting", "worth", "course", "pregnant", "gestation", "scan", "early", "late", "course", "ahead",
    "running", "straight", "max", "minimum", "min", "each", "time", "from", "clean", "lease", "contract", "check", "duration",
];

/// Words around a person by whom a number is an age, not a count.
#[rustfmt::skip]
const PERSON_NOUNS: &[&str] = &[
    "man", "woman", "lady", "gent", "gentleman", "male", "female", "boy", "girl", "lad", "lass", "chap", "bloke", "fella",
    "guy", "pt", "patient", "resident", "caller", "mum", "dad", "child", "baby", "infant", "toddler", "teenager", "student",
    "donor", "recipient", "recip", "casualty", "youth", "youngster", "lodger", "sibling", "gran", "nan",
];

/// Words near "day 3" by which it is a newborn's age.
#[rustfmt::skip]
const NEWBORN_WORDS: &[&str] = &[
    "baby", "babies", "newborn", "neonate", "neonatal", "bub", "bubs", "bb", "sbr", "tcb", "bilirubin", "bili", "jaundice",
    "jaundiced", "guthrie", "phototherapy", "photo", "ebm", "colostrum", "cord", "nnu", "scbu", "nicu", "prem", "apgars",
    "meconium", "twin", "tw", "bf", "breastfed", "breastfeeding", "bottlefed", "spot", "nipe",
];

/// Words after a bare number that leave it an age.
#[rustfmt::skip]
const FOLLOWERS: &[&str] = &[
    "and", "but", "so", "with", "w", "n", "now", "this", "next", "lives", "lived", "living", "or", "yrs", "years", "in", "on", "has", "had",
    "hasn't", "not", "very", "today", "tomorrow", "god", "bless", "can", "cant", "can't", "let", "he", "she", "who", "dementia", "frail",
    "independent", "bedbound", "alone", "still", "going", "since", "from", "diabetic", "too", "already", "because", "tho", "though", "fit",
];

/// Words after a bare number that make it a count of something done or to do: "(2 to chase)", "(3 missed calls)".
#[rustfmt::skip]
const COUNT_TAILS: &[&str] = &[
    "to", "more", "left", "done", "new", "outstanding", "pending", "missed", "unread", "extra", "other", "further", "per",
    "each", "or",
];

/// Words that end in s and are no plural of something counted.
#[rustfmt::skip]
const NO_PLURALS: &[&str] = &[
    "lives", "has", "was", "needs", "wants", "says", "feels", "looks", "walks", "uses", "smokes", "drinks", "works",
    "speaks", "takes", "presents", "diabetes", "ascites", "shingles", "measles", "mumps", "always", "yes",
];

/// An age with a unit of years, in digits and words that say so: "82yo", "9 yr old".
pub(crate) fn age_old(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    if around.ends_a_number() || leading_number(candidate.as_str()).is_none_or(|value| value > 130) {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// Years without "old": "82y", "6yrs", "79 years", where nothing makes them a length of time.
pub(crate) fn age_years(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let value = leading_number(candidate.as_str()).unwrap_or(0);
    if value == 0
        || value > OLDEST
        || is_duration_here(&around)
        || around.goes_on_as_number()
        || around.ends_a_number()
    {
        return Verdict::Reject;
    }
    let spaced = candidate.as_str().contains(' ');
    let whole_word = candidate.as_str().ends_with("years") || candidate.as_str().ends_with("year");
    let sexed = matches!(around.word_after(), "m" | "f" | "male" | "female" | "boy" | "girl");
    if sexed || !spaced || !whole_word && value >= 16 {
        return Verdict::Plausible;
    }
    let parted = matches!(around.mark_before(), None | Some('(' | ',' | '-' | ';' | ':' | '?' | '~'));
    let personal = is_person(around.word_before());
    if parted || personal { Verdict::Plausible } else { Verdict::Doubtful("years could be a length of time") }
}

/// Years and months: "3y 4m", "13 yrs 8m".
pub(crate) fn age_years_months(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let old = candidate.as_str().ends_with("old");
    if !old && is_duration_here(&around) || around.ends_a_number() || around.goes_on_as_number() {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

fn is_duration_here(around: &Surroundings<'_>) -> bool {
    let after = around.joined_after();
    // "82yF NOF" and "2 years f/u".
    let sex = after == "f" && !matches!(around.words_after().nth(1), Some("u" | "up" | "ups"));
    DURATION_LEADS.contains(&around.joined_before())
        || matches!(around.mark_before(), Some('x' | '+' | '*')) && around.word_before().len() == 1
        || DURATION_TAILS.contains(&after) && !sex
        || matches!(around.touching_after(), Some('/' | '+'))
        || around.is_before(2, &["ckd", "hba1c"])
}

/// Months, weeks or days of a baby, which needs a word for one near: "5/52", "14 months", "12 weeks".
pub(crate) fn age_of_infant(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let text = candidate.as_str();
    if is_duration_here(&around) || around.ends_a_number() || around.goes_on_as_number() {
        return Verdict::Reject;
    }
    // All day and every day, unless right behind the word for a baby.
    if text == "24/7" && !NEWBORN_WORDS.contains(&around.word_before()) {
        return Verdict::Reject;
    }
    let value = leading_number(text).unwrap_or(0);
    let limit = if text.ends_with("/12") || text.contains('m') { 36 } else { 26 };
    // "I'm 12 weeks" is a pregnancy.
    if value == 0
        || value > limit
        || around.is_before(3, &["im", "i'm", "i", "unborn", "scan", "pregnant", "booked"])
    {
        return Verdict::Reject;
    }
    // Only a child is this many months old, in writing.
    if text.ends_with("/12") && (13..=35).contains(&value) {
        return Verdict::Valid("a number of months as paediatrics writes an age");
    }
    Verdict::Plausible
}

/// "day 9", "d3" or "dol 6" of a newborn.
pub(crate) fn age_of_newborn(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    #[rustfmt::skip]
    const OTHER_DAYS: &[&str] = &[
        "post", "op", "postop", "cycle", "bottle", "abx", "antibiotics", "course", "lscs", "emlscs", "elscs", "section", "forceps",
        "bronchiolitis", "on", "vent", "refeeding", "chemo", "mum", "svd", "postnatal", "pn", "of",
    ];
    let hours = candidate.as_str().starts_with(|c: char| c.is_ascii_digit());
    let of_life = candidate.as_str().starts_with("dol")
        || !hours && around.joined_after() == "of" && around.words_after().nth(1) == Some("life");
    if of_life && !around.goes_on_as_number() && !is_quantity(around.joined_after().trim_start_matches("of"))
    {
        return Verdict::Plausible;
    }
    let near = around
        .words_before()
        .take(8)
        .chain(around.words_after().take(6))
        .any(|word| NEWBORN_WORDS.contains(&word));
    if !near
        || around.goes_on_as_number()
        || matches!(around.touching_after(), Some('/' | '-' | '+'))
        || around.is_before(2, OTHER_DAYS)
        || OTHER_DAYS.contains(&around.word_after())
        || hours && !matches!(around.word_before(), "at" | "age" | "aged" | "now")
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// An age with a sex letter: "82F", "34m", "31 F".
pub(crate) fn age_and_sex(candidate: &Candidate<'_>) -> Verdict {
    #[rustfmt::skip]
    const DISTANCE: &[&str] = &[
        "walk", "walks", "walked", "walking", "mob", "mobs", "mobilised", "mobilises", "mobilising", "mobility", "distance", "fell", "fall", "height",
        "test", "wzf", "zf", "ax1", "aox1", "stick", "frame", "sprint", "swim", "swam", "dash", "tape", "apart", "steps", "stairs", "high",
        "wide", "long", "deep", "away", "from", "metres", "x", "with", "rollator", "crutches", "indoors", "outdoors", "manages", "managed",
    ];
    #[rustfmt::skip]
    const GAUGE: &[&str] = &[
        "foley", "catheter", "cath", "drain", "tube", "peg", "ngt", "ng", "gauge", "fr", "french", "ch", "sheath", "stent",
        "suprapubic", "spc", "idc", "urethral", "robinson", "rocket", "redivac", "seldinger", "size", "silicone", "pigtail",
    ];
    let around = Surroundings::of(candidate);
    let value = leading_number(candidate.as_str()).unwrap_or(0);
    let after = around.after().trim_start();
    let (slashed, after) = after.strip_prefix('/').map_or((false, after), |after| (true, after));
    if value == 0
        || value > OLDEST
        || around.ends_a_number()
        || is_head_count(&around, value)
        || slashed && !may_be_aged(&around, value)
    {
        return Verdict::Reject;
    }
    let sex = after.chars().next().unwrap_or_default();
    // What stands after the sex letter.
    let rest = after.get(1..).unwrap_or_default();
    if matches!(rest.chars().next(), Some('/' | '\'' | '+' | '&' | '^'))
        && rest.chars().nth(1).is_some_and(char::is_alphanumeric)
    {
        return Verdict::Reject;
    }
    let near = |table: &[&str]| {
        around.words_before().take(3).any(|word| table.contains(&word))
            || words(rest).take(3).any(|word| table.contains(&word))
    };
    match sex {
        'm' => {
            // "5m" is a distance or five months; a man's age is seldom written below ten so.
            if near(DISTANCE)
                || value < 10
                || DURATION_LEADS.contains(&around.joined_before())
                || words(rest).next() == Some("ago")
            {
                return Verdict::Reject;
            }
        }
        'f' => {
            if near(GAUGE) || value < 3 || matches!(around.word_before(), "temp" | "t") {
                return Verdict::Reject;
            }
        }
        _ => return Verdict::Reject,
    }
    Verdict::Plausible
}

/// Whether the number counts beds or people of one sex: "bed state: 4F 2M".
fn is_head_count(around: &Surroundings<'_>, value: u32) -> bool {
    value < 16 && around.is_before(6, &["beds", "capacity", "empties", "spaces", "state"])
}

/// Whether the number of "82/F" can be an age: it opens the text or follows a mark or a person. "80/m" is also a rate.
fn may_be_aged(around: &Surroundings<'_>, value: u32) -> bool {
    let before = around.word_before();
    let set_off = matches!(around.mark_before(), None | Some('(' | ',' | ';' | ':' | '-' | '?'));
    let rate = matches!(before, "hr" | "p" | "pulse" | "rate" | "resps" | "rr");
    value >= 16 && !rate && (set_off || is_person(before) || is_name(before))
}

/// A number beside a word for a person: "male 44", "lady, 82,", "54 male".
pub(crate) fn age_by_person(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let value = leading_number(candidate.as_str()).unwrap_or(0);
    let before = around.word_before();
    let child = |word: &str| {
        matches!(
            word,
            "boy"
                | "girl"
                | "lad"
                | "lass"
                | "son"
                | "daughter"
                | "grandson"
                | "granddaughter"
                | "brother"
                | "sister"
                | "child"
                | "toddler"
                | "twin"
        )
    };
    // "F/82", but neither "P/F 18" nor "10 m/25".
    let slashed = around.before().ends_with('/');
    let lead = around.before().trim_end_matches(['/', ' ']);
    let lead = lead.strip_suffix(before).unwrap_or(lead).trim_end();
    if lead.ends_with('/') || slashed && before == "m" && lead.ends_with(|c: char| c.is_ascii_digit()) {
        return Verdict::Reject;
    }
    let floor = if child(before) || child(around.word_after()) { 2 } else { 15 };
    if value < floor
        || value > OLDEST
        || around.goes_on_as_number()
        || around.ends_a_number()
        || matches!(around.touching_after(), Some('-' | '+' | '@'))
    {
        return Verdict::Reject;
    }
    let after = around.joined_after();
    if is_quantity(after)
        || is_count(value, after)
        || matches!(after, "bed" | "bay" | "bays" | "side" | "x" | "kg" | "y" | "will" | "minutes")
        || matches!(after, "in" | "on") && !slashed
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A bare number after "he's", "she is", "I'm": an age where nothing measured follows.
pub(crate) fn age_of_pronoun(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let text = candidate.as_str();
    let all: Vec<&str> = words(text).filter(|word| !matches!(*word, "a" | "half" | "and")).collect();
    let Some((value, used)) = read_number(&all) else { return Verdict::Reject };
    if value == 0
        || !is_said_of_person(&around)
        || value < 16 && around.is_before(2, &["who's", "who", "whos"])
        || value > OLDEST
        || used != all.len()
        || around.goes_on_as_number()
        || matches!(around.touching_after(), Some('-' | '+' | '/' | '@' | 's'))
    {
        return Verdict::Reject;
    }
    let after = around.joined_after();
    if after.is_empty() {
        // "he's 3, nearly 4": a mark or the line's end.
        return if around
            .mark_after()
            .is_none_or(|mark| matches!(mark, ',' | '.' | '!' | '?' | ';' | ')' | '"' | ':'))
        {
            Verdict::Plausible
        } else {
            Verdict::Reject
        };
    }
    // In words, and as large as an age, whatever is no measure may follow.
    let worded = !text.starts_with(|c: char| c.is_ascii_digit())
        && (value >= 16 || used > 1 || text.ends_with("half"));
    let counted = super::number_words::number_word(after).is_some()
        || matches!(after, "point" | "over" | "percent" | "to" | "per");
    if is_quantity(after) || counted || !(worded || FOLLOWERS.contains(&after)) {
        return Verdict::Reject;
    }
    // "on 2L", "on air", "in 5": not an age, but "88 on 9 June" and "18 in April" are.
    if matches!(after, "on" | "in") {
        let mut following = around.words_after().skip(1);
        let next = following.next().unwrap_or_default();
        let dated = super::calendar::is_month(next)
            || next.ends_with("th")
            || next.ends_with("nd")
            || next.ends_with("rd")
            || next.ends_with("st")
            || matches!(
                next,
                "christmas"
                    | "boxing"
                    | "new"
                    | "nye"
                    | "easter"
                    | "monday"
                    | "tuesday"
                    | "wednesday"
                    | "thursday"
                    | "friday"
                    | "saturday"
                    | "sunday"
            )
            || super::calendar::is_month(following.next().unwrap_or_default());
        return if dated { Verdict::Plausible } else { Verdict::Reject };
    }
    Verdict::Plausible
}

/// Whether the number counts the word after it: "12 votes", "2 missed calls", "1 vote".
fn is_count(value: u32, next: &str) -> bool {
    let plural = next.len() >= 4
        && next.ends_with('s')
        && !["ss", "is", "us"].iter().any(|end| next.ends_with(end))
        && !NO_PLURALS.contains(&next);
    !next.is_empty() && (value == 1 || plural || COUNT_TAILS.contains(&next))
}

/// Whether a bare number set off after a name can be an age with this word after it, or none. A child is rarer than a
/// small count, so the word has to say something of a person then.
pub(crate) fn leaves_age(value: u32, next: &str) -> bool {
    let personal = value >= 16
        || next.is_empty()
        || FOLLOWERS.contains(&next)
        || matches!(next, "m" | "f")
        || is_person(next)
        || is_clinical(entry(next));
    personal && !is_count(value, next)
}

/// Whether the number goes on with a list that its line counts from 1: "1 bloods mrs evans, 2 cannula mr lim".
pub(crate) fn continues_count(candidate: &Candidate<'_>) -> bool {
    let around = Surroundings::of(candidate);
    let mut previous = "";
    let mut next = 1;
    for word in around.before().split_whitespace() {
        // The 1 of "bed 1" and of "Amara, 1, and Priya, 2," begins no list.
        let owner = previous.trim_end_matches(',');
        let owned = next == 1 && (entry(previous).has(Class::WardWord) || is_name(owner) || is_person(owner));
        if !owned && word.trim_matches(|c: char| !c.is_alphanumeric()).parse() == Ok(next) {
            next += 1;
        }
        previous = word;
    }
    next > 1
        && leading_number(candidate.as_str()) == Some(next)
        && around.mark_before() != Some('(')
        && around.words_after().next().is_some()
}

/// A number set off by commas or brackets after a name or a relation: "Mariam, 34,", "brother (9)".
pub(crate) fn age_set_off(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let before = around.word_before();
    let all: Vec<&str> = words(candidate.as_str()).collect();
    let value =
        read_number(&all).map_or_else(|| leading_number(candidate.as_str()).unwrap_or(0), |(value, _)| value);
    if value == 0 || value > OLDEST || around.ends_a_number() || continues_count(candidate) {
        return Verdict::Reject;
    }
    if is_quantity(around.joined_after()) || matches!(around.joined_after(), "on" | "at" | "l" | "x" | "bpm")
    {
        return Verdict::Reject;
    }
    if around.mark_before() == Some('(') && counts_on(value, around.before()) {
        return Verdict::Reject;
    }
    let after = around.joined_after();
    let named = is_name(before) || is_person(before);
    if named && leaves_age(value, after) && !entry(after).has(Class::Drug) {
        Verdict::Plausible
    } else {
        Verdict::Reject
    }
}

/// How far back the first item of a list is sought, in bytes.
const LIST: usize = 240;

/// Whether a number in brackets counts on from others before it: "(1) DEREK HOLLINS (2) VAL HOLLINS", but not "Amara (1)
/// and Priya (2)".
pub(crate) fn counts_on(value: u32, before: &str) -> bool {
    let from = before.len().saturating_sub(LIST);
    let near = (from..).find_map(|from| before.get(from..)).unwrap_or_default();
    let line = near.rsplit('\n').next().unwrap_or_default();
    let opens = line.split_once("(1)").is_some_and(|(lead, _)| {
        words(lead).next_back().is_none_or(|word| !is_name(word) && !is_person(word))
    });
    opens && value > 1 && line.contains(&format!("({})", value - 1))
}

/// A number alone on its line, below a line that is a name: a board copied from a screen.
pub(crate) fn age_below_name(candidate: &Candidate<'_>) -> Verdict {
    let value = leading_number(candidate.as_str()).unwrap_or(0);
    let above = candidate.before().strip_suffix('\n').unwrap_or_default();
    let line = above.rsplit('\n').next().unwrap_or_default();
    let named = words(line).count() <= 3 && words(line).any(is_name);
    if named && (1..=OLDEST).contains(&value) { Verdict::Plausible } else { Verdict::Reject }
}

/// A number in words after a name or a relation, as voice typing gives it: "winifred ogilvy ninety one".
pub(crate) fn age_spoken(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let all: Vec<&str> = words(candidate.as_str()).collect();
    let Some((value, used)) = read_number(&all) else { return Verdict::Reject };
    let before = around.joined_before();
    let given = entry(before);
    let sure = is_name(before) || is_rare_name(given);
    if used != all.len()
        || !(16..=OLDEST).contains(&value)
        || is_quantity(around.joined_after())
        || !(sure || PERSON_NOUNS.contains(&before))
    {
        return Verdict::Reject;
    }
    // More numbers to come: a telephone number, a reading, a result.
    if around.words_after().next().is_some_and(|word| {
        super::number_words::number_word(word).is_some()
            || matches!(word, "point" | "over" | "percent" | "per")
    }) {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A decade of life: "70s", "fifties".
pub(crate) fn age_decade(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let before = around.word_before();
    let led = matches!(before, "his" | "her" | "their" | "early" | "mid" | "late" | "my" | "in")
        || is_person(before);
    let followed = PERSON_NOUNS.contains(&around.word_after())
        || matches!(around.word_after(), "m" | "f" | "year" | "gent" | "looking");
    let bracket = around.mark_before() == Some('(') && matches!(around.mark_after(), Some(')' | ','))
        || around.is_before(6, PERSON_NOUNS)
            && around.mark_after().is_none_or(|mark| matches!(mark, ',' | '.' | ')' | ';'));
    // "in the 70s", "sats in the 80s", "HR 60s" are no ages.
    let measured = around.is_before(
        4,
        &[
            "hr", "sats", "bp", "rate", "pulse", "sbp", "systolic", "map", "spo2", "sat", "rr", "bm", "bms",
            "temp", "gcs", "the",
        ],
    );
    if measured
        || !(led || followed || bracket)
        || before == "in" && !around.is_before(6, PERSON_NOUNS) && !followed
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// Whether the word is a rare name and nothing else.
fn is_rare_name(entry: Entry) -> bool {
    is_only_name(entry) && !entry.has(Class::StaffRole)
}

/// Whether the word is a name, however rare, and neither an ordinary word nor a technical one.
fn is_only_name(entry: Entry) -> bool {
    entry.given().max(entry.surname()) >= 1 && !entry.has(Class::Ordinary) && !is_clinical(entry)
}

/// Whether what "is" that number is somebody: not in "sugar is 19", "PHQ-9 is 24". The pattern takes any "is" for the
/// pronoun I and its s.
fn is_said_of_person(around: &Surroundings<'_>) -> bool {
    const BETWEEN: &[&str] = &["now", "only", "just", "nearly", "almost", "about", "turning", "like"];
    const PRONOUNS: &[&str] = &["he", "she", "they", "it", "who", "him", "her", "one", "pt", "patient"];
    const PLACES: &[&str] = &["bed", "bay", "cubicle", "room", "chair", "pod", "cell"];
    let mut before = around.words_before().skip_while(|word| BETWEEN.contains(word));
    if before.next() != Some("is") {
        return true;
    }
    let Some(word) = before.next() else { return true };
    let placed =
        before.next().is_some_and(|place| PLACES.contains(&place) || entry(place).has(Class::WardName));
    let subject = entry(word);
    let unknown = !subject.is_known() && word.chars().all(char::is_alphabetic);
    placed
        || unknown
        || is_only_name(subject)
        || PRONOUNS.contains(&word)
        || PLACES.contains(&word)
        || is_person(word)
}

fn is_person(word: &str) -> bool {
    let word = word.strip_suffix("'s").unwrap_or(word);
    PERSON_NOUNS.contains(&word) || entry(word).has(Class::Kin)
}

fn leading_number(text: &str) -> Option<u32> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..digits)?.parse().ok()
}
