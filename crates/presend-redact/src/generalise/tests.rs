use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::dates::tests::{LAYOUTS, any_date, in_layout};

const TODAY: Date = date(2026, 3, 10);

/// Every level with every label that it suits.
const LEVELS: [(Label, Level); 12] = [
    (Label::DateOfBirth, Level::Age),
    (Label::DateOfBirth, Level::Year),
    (Label::Date, Level::Relative),
    (Label::Date, Level::Month),
    (Label::Date, Level::Year),
    (Label::Age, Level::Over89),
    (Label::Age, Level::Decade),
    (Label::Postcode, Level::District),
    (Label::Postcode, Level::Area),
    (Label::WardBed, Level::Specialty),
    (Label::Profession, Level::Sector),
    (Label::Organisation, Level::Kind),
];

/// Generalises and holds the result against a second pass.
fn twice(words: &str, label: Label, level: Level, today: Option<Date>) -> Option<String> {
    let once = generalise(words, label, level, today);
    if let Some(once) = &once {
        assert_eq!(generalise(once, label, level, today).as_ref(), Some(once), "{words:?} at {level:?}");
        assert!(once == words || !once.contains(['\r', '\n']), "{words:?} at {level:?}");
    }
    once
}

fn check(label: Label, level: Level, table: &[(&str, &str)]) {
    for (words, general) in table {
        let wanted = Some(*general).filter(|general| !general.is_empty());
        assert_eq!(twice(words, label, level, Some(TODAY)).as_deref(), wanted, "{words:?} at {level:?}");
    }
}

#[test]
fn birth_dates_become_ages() {
    check(
        Label::DateOfBirth,
        Level::Age,
        &[
            ("4/3/41", "[age 85]"),
            ("4.3.41", "[age 85]"),
            ("4 March 1941", "[age 85]"),
            ("10/03/1941", "[age 85]"),
            ("11/03/1941", "[age 84]"),
            ("fourth of March nineteen thirty-seven", "[age 89]"),
            ("10/3/1936", "[age 90+]"),
            ("11/3/1936", "[age 89]"),
            ("1/1/1900", "[age 90+]"),
            ("18/8/26", "[age 90+]"),
            ("10/3/2024", "[age 2]"),
            ("11/3/2024", "[age 23 months]"),
            ("1/1/2025", "[age 14 months]"),
            ("1/2/2026", "[age 1 month]"),
            ("11/2/2026", "[newborn]"),
            ("10/3/2026", "[newborn]"),
            ("10/3/26", ""),
            ("1/1/25", ""),
            ("12.6.24", ""),
            ("March 26", ""),
            ("10/3/16", ""),
            ("10/3/15", "[age 11]"),
            ("010190", "[age 36]"),
            ("29/2/2008", "[age 18]"),
            ("Leap day 1972", "[age 54]"),
            ("christmas eve 86", "[age 39]"),
            ("April 1941", "[age 84]"),
            ("March 1941", "[born 1941]"),
            ("1941", "[born 1941]"),
            ("[age 84]", "[age 84]"),
            ("[age 14 months]", "[age 14 months]"),
            ("[newborn]", "[newborn]"),
            ("[born 1941]", "[born 1941]"),
            ("12/3/2030", ""),
            ("9 June", ""),
            ("9th", ""),
            ("Boxing Day", ""),
            ("31/04/25", ""),
            ("29/2/1963", ""),
            ("4-9 Jan 41", ""),
            ("unknown", ""),
            ("[DATE OF BIRTH]", ""),
        ],
    );
    for (words, year) in [
        ("4/3/41", Some("[born 1941]")),
        ("4/3/25", Some("[born '25]")),
        ("4/3/2025", Some("[born 2025]")),
        ("4/3/26", Some("[born 1926]")),
        ("first of the fifth seventy one", Some("[born 1971]")),
        ("9 June", None),
        ("29/2/1963", None),
    ] {
        assert_eq!(twice(words, Label::DateOfBirth, Level::Age, None).as_deref(), year, "{words}");
        assert_eq!(twice(words, Label::DateOfBirth, Level::Year, None).as_deref(), year, "{words}");
    }
    assert_eq!(twice("[age 84]", Label::DateOfBirth, Level::Year, Some(TODAY)).as_deref(), Some("[age 84]"));
    assert_eq!(
        generalise("4/3/41", Label::DateOfBirth, Level::Year, Some(TODAY)).as_deref(),
        Some("[born 1941]")
    );
}

#[test]
fn an_age_in_the_message_tells_the_century_of_a_birth() {
    for (words, ages, age, year) in [
        ("4/3/26", &[100][..], Some("[age 90+]"), "[born 1926]"),
        ("4/3/26", &[0], Some("[newborn]"), "[born 2026]"),
        ("3/2/25", &[101], Some("[age 90+]"), "[born 1925]"),
        ("12/6/24", &[1], Some("[age 20 months]"), "[born 2024]"),
        ("12/6/24", &[1, 101], None, "[born '24]"),
        ("12/6/24", &[84], None, "[born '24]"),
        ("12/6/24", &[], None, "[born '24]"),
        ("12/6/41", &[], Some("[age 84]"), "[born 1941]"),
    ] {
        let of = |level| generalise_beside(words, Label::DateOfBirth, level, Some(TODAY), ages);
        assert_eq!(of(Level::Age).as_deref(), age, "{words} {ages:?}");
        assert_eq!(of(Level::Year).as_deref(), Some(year), "{words} {ages:?}");
    }
    assert_eq!(
        twice("[born '24]", Label::DateOfBirth, Level::Year, Some(TODAY)).as_deref(),
        Some("[born '24]")
    );
}

#[test]
fn dates_become_distances() {
    check(
        Label::Date,
        Level::Relative,
        &[
            ("10/3/26", "[today]"),
            ("9/3", "[yesterday]"),
            ("11th", "[tomorrow]"),
            ("7/3/26", "[3 days ago]"),
            ("10 Feb", "[28 days ago]"),
            ("9 Feb", "[4 weeks ago]"),
            ("27/1/26", "[6 weeks ago]"),
            ("10/12", "[12 weeks ago]"),
            ("9/12", "[3 months ago]"),
            ("10/4/2025", "[11 months ago]"),
            ("10/3/2024", "[24 months ago]"),
            ("9/3/2024", "[24 months ago]"),
            ("10/2/2024", "[2 years ago]"),
            ("12 March 2019", "[6 years ago]"),
            ("5.4.61", "[64 years ago]"),
            ("13 March", "[3 days from today]"),
            ("7/4", "[28 days from today]"),
            ("8/4", "[29 days from today]"),
            ("8/6/26", "[90 days from today]"),
            ("9/6/26", "[3 months from today]"),
            ("9/7/2026", "[3 months from today]"),
            ("1 Jan 2030", "[3 years from today]"),
            ("24th", "[14 days ago]"),
            ("Christmas Day", "[10 weeks ago]"),
            ("Easter", "[26 days from today]"),
            ("twenty seventh", "[11 days ago]"),
            ("12th-14th", "[2 to 4 days from today]"),
            ("1-4 March", "[9 to 6 days ago]"),
            ("5th-19th April", "[26 to 40 days from today]"),
            ("9-11 March", "[yesterday to tomorrow]"),
            ("10-14 March", "[today to 4 days from today]"),
            ("7-10 March", "[3 days ago to today]"),
            ("June", "June"),
            ("Mar 2019", "Mar 2019"),
            ("Jan-Mar", "Jan-Mar"),
            ("12/23", "12/23"),
            ("3 days ago", "3 days ago"),
            ("in 6 weeks", "in 6 weeks"),
            ("today", "today"),
            ("[today]", "[today]"),
            ("[3 to 1 days ago]", "[3 to 1 days ago]"),
            ("1-7 Apr", "[22 to 28 days from today]"),
            ("11-17 March", "[tomorrow to 7 days from today]"),
            ("24", ""),
            ("Diwali", ""),
            ("31/6", ""),
            ("days ago", ""),
            ("in 3 ago", ""),
        ],
    );
    for (words, month) in [
        ("7/3/26", Some("March 2026")),
        ("7/3", Some("March")),
        ("3rd MAR '19", Some("MAR 2019")),
        ("7 sept", Some("sept")),
        ("24th", None),
        ("Boxing Day", Some("December")),
        ("boxing day", Some("december")),
        ("Easter", None),
        ("Easter 2021", Some("April 2021")),
        ("fourth of march nineteen thirty-six", Some("march 1936")),
        ("20-22/9", Some("September")),
        ("30 Sep to 2 Oct 2025", Some("Sep to Oct 2025")),
        ("29/2/1963", None),
    ] {
        if words == "29/2/1963" {
            assert_eq!(twice(words, Label::Date, Level::Relative, None), None);
            continue;
        }
        assert_eq!(twice(words, Label::Date, Level::Relative, None).as_deref(), month, "{words}");
        assert_eq!(twice(words, Label::Date, Level::Month, None).as_deref(), month, "{words}");
    }
    check(
        Label::Date,
        Level::Month,
        &[("24th", "February"), ("Easter", "April"), ("2026", "2026"), ("7/3/26", "March 2026")],
    );
    check(
        Label::Date,
        Level::Year,
        &[
            ("12/3/26", "2026"),
            ("Mar '98", "1998"),
            ("2026", "2026"),
            ("1-4/3/2019", "2019"),
            ("12/3", ""),
            ("June", ""),
        ],
    );
}

#[rustfmt::skip]
const AGES: &[(&str, &str, &str)] = &[
    ("43", "43", "40s"), ("43yo", "43yo", "40s"), ("82 year old", "82 year old", "80s"), ("89", "89", "80s"),
    ("90", "90+", "90+"),
    ("92yo", "90+yo", "90+"), ("ninety two year old", "90+ year old", "90+"), ("93F", "90+F", "90+"),
    ("97 yrs", "90+ yrs", "90+"),
    ("ninety-year-old", "90+-year-old", "90+"), ("ninety-three and a half", "90+", "90+"),
    ("a hundred and one", "90+", "90+"),
    ("101 yr old", "90+ yr old", "90+"), ("95th", "90+", "90+"), ("90s", "90+", "90+"), ("nineties", "90+", "90+"),
    ("91 y/o", "90+ y/o", "90+"),
    ("92 y.o.", "90+ y.o.", "90+"), ("aged 94", "90+", "90+"), ("98½", "90+", "90+"), ("95 lat", "90+", "90+"),
    ("90+", "90+", "90+"), ("90+yo", "90+yo", "90+"),
    ("94\nyear old", "90+ year old", "90+"), ("99M", "90+M", "90+"),
    ("85th", "85th", "80s"), ("29 y/o", "29 y/o", "20s"), ("70s", "70s", "70s"), ("70's", "70's", "70s"),
    ("seventies", "seventies", "seventies"),
    ("early 70s", "early 70s", "70s"), ("seventy odd", "seventy odd", "70s"), ("Eighty-two", "Eighty-two", "80s"),
    ("74 lat", "74 lat", "70s"),
    ("16.5", "16.5", "10-19"), ("thirteen", "thirteen", "10-19"), ("10-19", "10-19", "10-19"), ("18M", "18M", "10-19"),
    ("teens", "teens", "teens"),
    ("9", "9", "under 10"), ("9½", "9½", "under 10"), ("3y 4m", "3y 4m", "under 10"), ("2yrs7m", "2yrs7m", "under 10"),
    ("1 year", "1 year", "under 10"),
    ("six years and four months", "six years and four months", "under 10"), ("3 1/2", "3 1/2", "under 10"),
    ("30 months", "30 months", "under 10"),
    ("14 months", "14 months", "under 2"), ("14/12", "14/12", "under 2"), ("5/52", "5/52", "under 2"),
    ("18m", "18m", "under 2"), ("5w", "5w", "under 2"),
    ("10 weeks old", "10 weeks old", "under 2"), ("28 days", "28 days", "under 2"),
    ("day 9", "day 9", "newborn"), ("d3", "d3", "newborn"), ("dol 4", "dol 4", "newborn"),
    ("2/52 old", "2/52 old", "newborn"), ("10/7 old", "10/7 old", "newborn"),
    ("twelve days", "twelve days", "newborn"), ("118 hours", "118 hours", "newborn"), ("newborn", "newborn", "newborn"),
    ("under 2", "under 2", "under 2"),
    ("under 10", "under 10", "under 10"),
    ("fower", "", ""), ("", "", ""), ("old", "", ""), ("92 or 93", "", ""), ("1234", "", ""), ("80-90", "", ""),
    ("[AGE]", "", ""),
];

#[test]
fn ages_become_coarse() {
    const { assert!(AGES.len() >= 40) };
    for (words, over_89, decade) in AGES {
        check(Label::Age, Level::Over89, &[(words, over_89)]);
        check(Label::Age, Level::Decade, &[(words, decade)]);
    }
}

#[rustfmt::skip]
const POSTCODES: &[(&str, &str, &str)] = &[
    ("NG5 1AB", "NG5", "NG"), ("ng51ab", "ng5", "ng"), ("NG51AB", "NG5", "NG"), ("NG5", "NG5", "NG"),
    ("NG", "NG", "NG"), ("EC1A 1BB", "EC1A", "EC"),
    ("ec1a1bb", "ec1a", "ec"), ("E1 4QP", "E1", "E"), ("E14 7QX", "E14", "E"), ("E14", "E14", "E"), ("E1", "E1", "E"),
    ("W1A 0AX", "W1A", "W"),
    ("BB9  7QT", "BB9", "BB"), ("EX2-8BY", "EX2", "EX"), ("BT7\n1NN", "BT7", "BT"), ("EH1 IBB", "EH1", "EH"),
    ("WV3 ODL", "WV3", "WV"), ("S0 1AB", "S0", "S"),
    ("SO1 4AB", "SO1", "SO"), ("S01 4AB", "SO1", "SO"), ("NGS 1AB", "NG5", "NG"), ("WlA OAX", "W1A", "W"),
    ("NG5 1", "NG5", "NG"), ("NG5 1A", "NG5", "NG"),
    ("N G 5 1 A B", "N G 5", "N G"), ("N G 5", "N G 5", "N G"), ("ＮＧ５ １ＡＢ", "NG5", "NG"), ("М1 1АА", "M1", "M"),
    ("GIR 0AA", "GIR", "GIR"), ("BFPO 57", "BFPO", "BFPO"),
    ("sierra one zero two tango quebec", "sierra one zero", "sierra"), ("echo one", "echo one", "echo"),
    ("Papa Oscar four", "Papa Oscar four", "Papa Oscar"),
    ("", "", ""), ("12345", "", ""), ("90210", "", ""), ("ABC", "", ""), ("NG5/1AB", "", ""),
    ("NG5 1AB Nottingham", "", ""), ("[POSTCODE]", "", ""), ("ABCD 1AB", "", ""),
];

#[test]
fn postcodes_are_cut() {
    const { assert!(POSTCODES.len() >= 30) };
    for (words, district, area) in POSTCODES {
        check(Label::Postcode, Level::District, &[(words, district)]);
        check(Label::Postcode, Level::Area, &[(words, area)]);
    }
}

#[rustfmt::skip]
const WARDS: &[(&str, &str)] = &[
    ("stroke ward bed 4", "stroke ward"), ("AMU bed 22", "AMU"), ("paeds bay 2", "paeds"),
    ("paeds ward, bay 2", "paeds ward"), ("STROKE UNIT BED 1", "STROKE UNIT"),
    ("Bed 30, Neuro ITU", "Neuro ITU"), ("Mulberry PICU rm 4", "PICU"),
    ("Nightingale cardiac ward bed 6", "cardiac ward"), ("nicu1", "nicu"), ("HDU-3", "HDU"),
    ("Hdu 3", "Hdu"), ("resus four", "resus"), ("theatre 6", "theatre"), ("Maternity theatre 2", "Maternity theatre"),
    ("t&o 2 bed 31", "t&o"), ("A&E cubicle 4", "A&E"),
    ("day surgery trolley 6", "day surgery"), ("discharge lounge chair nine", "discharge lounge"),
    ("136 suite bed 2", "136 suite"), ("s136 suite", "s136 suite"),
    ("see and treat two", "see and treat"), ("acute med 2 bed 15", "acute med"), ("paeds ED bay 7", "paeds ED"),
    ("obs HDU 2", "obs HDU"), ("eye ward sr", "eye ward"),
    ("hi-dep 2", "hi-dep"), ("haem sr1", "haem"), ("room 14 postnatal", "postnatal"),
    ("Birth Centre room 2", "Birth Centre"), ("isolation room 1", "isolation room"),
    ("ITU bed 3, stroke unit", "ITU, stroke unit"), ("trauma ward", "trauma ward"),
    ("Trauma and Orthopaedics 3", "Trauma and Orthopaedics"), ("renal unit, bay 4", "renal unit"),
    ("stroke\nward bed 4", "stroke ward"), ("cath lab 2", "cath lab"), ("labour ward room 3", "labour ward"),
    ("elderly care ward 12", "elderly care ward"), ("АMU 3", "АMU"),
    ("ward 7B bed 12", ""), ("ward 22", ""), ("12", ""), ("bed 4", ""), ("SR4", ""), ("Willow ward", ""),
    ("Nightingale bay 2", ""), ("room 12", ""), ("Lister ward", ""),
    ("C4 b7", ""), ("twelve", ""), ("", ""), ("[WARD/BED]", ""),
];

#[test]
fn wards_become_specialties() {
    const { assert!(WARDS.len() >= 40) };
    check(Label::WardBed, Level::Specialty, WARDS);
}

#[rustfmt::skip]
const PROFESSIONS: &[(&str, &str)] = &[
    ("retired headteacher", "[retired education worker]"), ("retd head teacher", "[retired education worker]"),
    ("teacher", "[education worker]"),
    ("local councillor", "[public office holder]"), ("MP", "[public office holder]"),
    ("MP's aide", "[public office holder]"), ("attaché", "[public office holder]"),
    ("taxi driver", "[transport or delivery worker]"), ("HGV driver", "[transport or delivery worker]"),
    ("ex bus inspector", "[former transport or delivery worker]"),
    ("ex-docker", "[former transport or delivery worker]"), ("former High Sheriff", "[former public office holder]"),
    ("student nurse", "[trainee health worker]"),
    ("nursing student", "[student]"), ("PhD student", "[student]"), ("staff nurse", "[health worker]"),
    ("ED staff nurse", "[health worker]"), ("retired Ward Sister", "[retired health worker]"),
    ("scaffolder", "[building worker]"), ("apple packers", "[farming or fishing workers]"),
    ("firemen", "[emergency services workers]"), ("housewives", "[homemakers]"),
    ("trawlerman", "[farming or fishing worker]"), ("retired vet", "[retired animal care worker]"),
    ("trainee vet", "[trainee animal care worker]"), ("army vet", "[member of the armed forces]"),
    ("ex navy", "[former member of the armed forces]"), ("chip shop owner", "[hospitality worker]"),
    ("wool shop owner", "[retail worker]"), ("nail bar owner", "[personal services worker]"),
    ("creamery manager", "[manufacturing worker]"), ("Sub-postmistress", "[retail worker]"),
    ("solicitor\u{2019}s clerk", "[legal worker]"), ("bishop's chauffeur", "[faith worker]"),
    ("imam", "[faith worker]"), ("prison officer", "[security worker]"),
    ("police dog handler", "[emergency services worker]"), ("pit deputy", "[mining or energy worker]"),
    ("ballet répétiteur", "[arts or media worker]"), ("violin teacher", "[arts or media worker]"),
    ("jump jockey", "[sports worker]"), ("botanist", "[science or technology worker]"),
    ("hairdresser", "[personal services worker]"), ("publican (retired)", "[retired hospitality worker]"),
    ("miner, retired", "[retired mining or energy worker]"), ("care worker", "[social care worker]"),
    ("receptionist", "[office worker]"), ("housewife", "[homemaker]"),
    ("[retired education worker]", "[retired education worker]"), ("[student]", "[student]"),
    ("farmer's wife", ""), ("owner", ""), ("retired", ""), ("lamplighter", ""), ("", ""), ("[OCCUPATION]", ""),
    ("[retired]", ""),
];

#[test]
fn occupations_become_sectors() {
    const { assert!(PROFESSIONS.len() >= 40) };
    check(Label::Profession, Level::Sector, PROFESSIONS);
    let mut jobs = occupation::jobs();
    let all = jobs.len();
    assert!(all >= 250, "{all}");
    for job in &jobs {
        assert!(twice(job, Label::Profession, Level::Sector, None).is_some(), "{job}");
    }
    jobs.sort_unstable();
    let doubled: Vec<&str> = jobs.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert_eq!(doubled, [""; 0]);
}

#[rustfmt::skip]
const ORGANISATIONS: &[(&str, &str)] = &[
    ("Riverside Surgery", "[GP surgery]"), ("Mitcham Lane practice", "[GP surgery]"),
    ("Upwell Rd Med Ctr", "[GP surgery]"), ("Meddygfa Nant", "[GP surgery]"),
    ("Lower Wick Health Centre", "[health centre]"),
    ("Larkhill Court care home", "[care home]"), ("Ingleside Nursing Home", "[care home]"),
    ("Tŷ Gwyn supported living", "[supported housing]"), ("Limelight Homecare", "[home care service]"),
    ("woodhatch day centre", "[day centre]"), ("Oakhanger Hospital", "[hospital]"),
    ("wells cottage hosp", "[hospital]"), ("Derriford", "[hospital]"), ("Whipps Cross", "[hospital]"),
    ("the Freeman Hospital", "[hospital]"), ("Ysbyty Gwynedd", "[hospital]"), ("Wye General", "[hospital]"),
    ("Kirkstead Neuro ICU", "[hospital]"), ("Olive Tree clinic", "[clinic]"),
    ("Wyre Road Minor Injuries", "[urgent care centre]"), ("Whitchurch Gate A&E", "[urgent care centre]"),
    ("fairmile oral surgery", "[dental practice]"), ("Westgate Dental Spa", "[dental practice]"),
    ("Pestle & Rye Pharmacy", "[pharmacy]"), ("boots", "[pharmacy]"), ("day lewis saltdean", "[pharmacy]"),
    ("Sight & Sound Opticians", "[optician]"), ("St Modwen\u{2019}s Hospice", "[hospice]"),
    ("Elmwood CMHT", "[mental health team]"), ("Northern Vale NHS Trust", "[NHS trust]"),
    ("EMAS", "[ambulance service]"), ("salford uni", "[university]"), ("University of Ashby", "[university]"),
    ("Kirkstall Valley college", "[college]"), ("Harcombe Sixth Form", "[college]"),
    ("little acorns nursery", "[nursery]"), ("Yew Tree Primary", "[school]"), ("Ysgol Gelli", "[school]"),
    ("Lyndale Special School", "[school]"), ("Wrenfield Children's Centre", "[family centre]"),
    ("HMP Forest Bank", "[prison]"), ("HMP Gallowfield Healthcare", "[prison]"), ("West Marches Police", "[police]"),
    ("Westmarch County Council", "[council]"), ("Haringey Children's Services", "[council]"),
    ("masjid al huda", "[place of worship]"), ("bethel chapel", "[place of worship]"),
    ("Linden House hostel", "[hostel]"),
    ("Acorn Women's Project", "[charity]"), ("Salters Solicitors", "[law firm]"),
    ("Barnsley Building Society", "[bank]"), ("T. Sowden Funerals", "[funeral director]"), ("tesco", "[supermarket]"),
    ("Ocean View Hotel", "[hotel]"), ("Lamplight Café", "[pub or restaurant]"), ("Lowe & Daughters", "[company]"),
    ("Netherby Foods", "[company]"), ("Fitch Rowe LLP", "[company]"), ("[GP surgery]", "[GP surgery]"),
    ("Sycamore Lodge", ""), ("Holm Bank", ""), ("Abbey Lane", ""), ("Mill Race", ""), ("St Marys", ""),
    ("Rainbow House", ""), ("Turning Tide", ""), ("", ""), ("[ORGANISATION]", ""),
];

#[test]
fn organisations_become_kinds() {
    const { assert!(ORGANISATIONS.len() >= 40) };
    check(Label::Organisation, Level::Kind, ORGANISATIONS);
    let heads = organisation::heads();
    for (name, head) in &heads {
        let wanted = if head.starts_with("hmp") || head.starts_with("hmyoi") { "prison" } else { name };
        let general = twice(head, Label::Organisation, Level::Kind, None);
        assert_eq!(general, Some(format!("[{wanted}]")), "{head}");
        assert_eq!(
            twice(&format!("[{name}]"), Label::Organisation, Level::Kind, None),
            Some(format!("[{name}]"))
        );
    }
    for opener in organisation::openers() {
        assert!(heads.iter().any(|(_, head)| head == opener), "{opener}");
        assert!(
            generalise(&format!("{opener} Xyz"), Label::Organisation, Level::Kind, None).is_some(),
            "{opener}"
        );
    }
}

#[test]
fn a_level_that_does_not_suit_the_label_gives_nothing() {
    for label in Label::ALL {
        for (_, level) in LEVELS {
            if !LEVELS.contains(&(*label, level)) {
                assert_eq!(generalise("NG5 1AB", *label, level, Some(TODAY)), None);
                assert_eq!(generalise("12/3/26", *label, level, Some(TODAY)), None);
            }
        }
    }
}

/// Words of which spans are made, as people and as this module write them.
#[rustfmt::skip]
const SOUP: &[&str] = &[
    "12", "3", "26", "2026", "1941", "0", "99", "/", ".", "-", " ", ", ", "'", "\n", "th", "rd", "of ", "the ", "March",
    "mar", "SEPT", "may", "third", "twenty", "one", "oh", "nineteen", "ninety", "hundred", "and ",
    "Christmas", " Day", " eve", "Easter", "to ", "in ", "today", "days", "ago", "weeks", "aged ", "year", " old", "y",
    "o", "m", "M", "F", "/12", "/52", "½", "s", "+", "90+", "day ", "under ", "newborn", "[", "]", "age ", "born ",
    "NG5", "1AB",
    "EC1A", "l", "echo ", "ward ", "bed ", "stroke ", "ITU", "&", "Neuro ", "t&o ", "retired ", "ex-", "teacher",
    "shop ", "owner", "s ", "'s ", "Surgery", "care home", "Boots ", "Royal ", "HMP ", "Ａ", "é", "\u{200b}", "İ", "ﬁ",
    "ß",
];

pub(crate) fn any_words() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        prop::collection::vec(select(SOUP), 0..9).prop_map(|parts| parts.concat()),
        prop::collection::vec(select(SOUP), 0..7).prop_map(|parts| parts.join(" ")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_words_are_general_after_one_pass(
        words in any_words(),
        today in prop::option::of(any_date()),
    ) {
        for (label, level) in LEVELS {
            let _ = twice(&words, label, level, today);
        }
    }

    #[test]
    fn dates_of_every_layout_are_general_after_one_pass(layout in 0..LAYOUTS, meant in any_date(), today in any_date()) {
        let words = in_layout(layout, meant);
        for today in [Some(today), None] {
            for level in [Level::Relative, Level::Month, Level::Year] {
                let general = twice(&words, Label::Date, level, today);
                prop_assert!(general.is_some(), "{} at {:?}", words, level);
            }
        }
        prop_assert_eq!(twice(&words, Label::Date, Level::Year, None), Some(meant.year().to_string()));
        let age = twice(&words, Label::DateOfBirth, Level::Age, Some(today));
        prop_assert_eq!(age.is_some(), meant <= today);
    }

    #[test]
    fn a_distance_is_as_far_as_it_says(days in 2i64..=28, ahead in 2i64..=90) {
        let meant = |days: i64| TODAY.checked_add(jiff::Span::new().days(days)).unwrap();
        let written = |date: Date| in_layout(1, date);
        prop_assert_eq!(twice(&written(meant(-days)), Label::Date, Level::Relative, Some(TODAY)), Some(format!("[{days} days ago]")));
        prop_assert_eq!(twice(&written(meant(ahead)), Label::Date, Level::Relative, Some(TODAY)), Some(format!("[{ahead} days from today]")));
    }

    #[test]
    fn ages_of_every_layout_are_general_after_one_pass(years in 0u32..116, layout in 0usize..8) {
        let said = crate::numerals::cardinal(years.min(99), layout == 6);
        let words = match layout {
            0 => years.to_string(),
            1 => format!("{years}yo"),
            2 => format!("{years} year old"),
            3 => format!("{years} y/o"),
            4 => format!("{years}F"),
            5 => format!("{years}yrs"),
            _ => format!("{said} year old"),
        };
        let over_89 = twice(&words, Label::Age, Level::Over89, None).unwrap();
        let decade = twice(&words, Label::Age, Level::Decade, None).unwrap();
        if years >= 90 {
            prop_assert!(over_89.starts_with("90+"), "{}", over_89);
            prop_assert_eq!(decade, "90+");
        } else {
            prop_assert_eq!(over_89, words);
            let wanted = match years {
                0..10 => "under 10".to_owned(),
                10..20 => "10-19".to_owned(),
                _ => format!("{}s", years / 10 * 10),
            };
            prop_assert_eq!(decade, wanted);
        }
    }

    #[test]
    fn postcodes_of_every_layout_are_general_after_one_pass(
        outward in "[A-Z]{1,2}[1-9][0-9]?|[A-Z]{1,2}[1-9][A-HJKP-Z]",
        inward in "[0-9][ABD-HJLNP-UW-Z]{2}",
        layout in 0usize..5,
    ) {
        let words = match layout {
            0 => format!("{outward} {inward}"),
            1 => format!("{outward}{inward}"),
            2 => format!("{outward} {inward}").to_lowercase(),
            3 => format!("{outward}-{inward}"),
            _ => outward.clone(),
        };
        let case = |text: &str| if layout == 2 { text.to_lowercase() } else { text.to_owned() };
        let letters: String = outward.chars().take_while(char::is_ascii_alphabetic).collect();
        prop_assert_eq!(twice(&words, Label::Postcode, Level::District, None), Some(case(&outward)));
        prop_assert_eq!(twice(&words, Label::Postcode, Level::Area, None), Some(case(&letters)));
    }
}
