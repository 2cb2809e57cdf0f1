//! Wards by their specialty.

use presend_text::Span;

use crate::tokens::Text;

/// Words and phrases that name a specialty, a kind of unit or a kind of room with its purpose, as they fold; marks between
/// the words do not count. None of them is an identifier alone, by the annotation guideline.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    // Assessment, emergency and short stay
    "a&e", "accident and emergency", "acute admissions", "acute assessment", "acute med", "acute medical",
    "acute medicine", "admissions",
    "aau", "acu", "aec", "aecu", "amau", "ambulatory", "ambulatory care", "amu", "ane", "assessment", "asu", "casualty",
    "cau", "cdu",
    "clinical decisions", "corridor", "discharge lounge", "dc lounge", "d/c lounge", "transfer lounge",
    "departure lounge", "eau", "ed", "emu",
    "emergency", "emergency department", "esu", "gau", "maj", "majors", "mau", "mdu", "minors", "observation", "obs",
    "pau", "rat", "resus",
    "rapid assessment", "sau", "sasu", "sdec", "see and treat", "short stay", "ssu", "sssu", "streaming", "triage",
    "ucc", "utc", "uau",
    "virtual ward", "waiting area", "waiting room", "walk in",
    // Intensive and high care
    "cardiac icu", "ccu", "cicu", "citu", "coronary care", "crit care", "critical care", "cticu", "gicu", "gitu", "hdu",
    "hi dep", "high care",
    "high dependency", "icu", "intensive care", "intensive therapy", "itu", "mhdu", "picu", "rhdu", "shdu",
    "special care", "high dep",
    // Medicine
    "cardiac", "cardio", "cardiology", "care of the elderly", "coe", "cote", "chest", "dementia", "dermatology", "derm",
    "diabetes", "dialysis",
    "elderly", "elderly care", "endocrine", "endocrinology", "frailty", "fau", "gastro", "gastroenterology",
    "general medical", "general medicine",
    "geriatric", "geriatrics", "haem", "haematology", "hasu", "hepatology", "hyper acute stroke", "hyperacute stroke",
    "infectious diseases",
    "liver", "med", "medical", "medicine", "neph", "nephrology", "neuro", "neurology", "older people", "older persons",
    "onc", "oncology",
    "palliative", "palliative care", "rehab", "rehabilitation", "renal", "resp", "respiratory", "rheum", "rheumatology",
    "stroke", "tia",
    // Surgery and theatres
    "bariatric", "breast", "burns", "colorectal", "elective", "elective surgery", "endo", "endoscopy", "ent", "eye",
    "general surgery",
    "general surgical", "gi", "head and neck", "hpb", "maxfax", "max fax", "neurosurg", "neurosurgery", "neurosurgical",
    "nof", "hip fracture",
    "ophthalmology", "oral surgery", "ortho", "orthopaedic", "orthopaedics", "orthopedic", "plastics", "spinal", "surg",
    "surgical", "t&o",
    "theatre", "theatres", "operating theatre", "emergency theatre", "maternity theatre", "obstetric theatre", "pacu",
    "post op",
    "recovery", "theatre recovery", "theatre admissions", "thoracic", "cardiothoracic", "transplant", "trauma",
    "trauma and orthopaedic",
    "trauma and orthopaedics", "upper gi", "uro", "urology", "vascular", "anaesthetic room", "day case", "daycase",
    "day surgery", "day unit",
    "dsu", "day hospital", "cath lab", "angio", "angio suite", "pre op", "pre assessment",
    // Women and children
    "antenatal", "ante natal", "birth centre", "birth unit", "birthing centre", "birth suite", "children's",
    "childrens", "del suite",
    "delivery suite", "delivery", "early pregnancy", "epau", "epu", "gynae", "gynaecology", "labour", "labour suite",
    "labour ward", "lw",
    "mat", "maternity", "midwife led", "mlu", "mlbu", "neonatal", "nicu", "lnu", "nnu", "nitu", "obstetric",
    "obstetrics", "paediatric",
    "paediatrics", "paeds", "paed", "pediatric", "peds", "postnatal", "post natal", "pnw", "anw", "scbu", "spcu", "tcu",
    "transitional care", "adolescent", "teenage", "mother and baby", "mbu", "nursery",
    // Mental health
    "136 suite", "s136 suite", "section 136 suite", "acute psych", "cmht", "detox", "eating disorders", "forensic",
    "hbpos", "learning disability",
    "low secure", "medium secure", "old age psychiatry", "place of safety", "psych", "psychiatric",
    "psychiatric intensive care",
    "psychiatry", "seclusion", "secure",
    // Tests, clinics, other
    "blood bank", "chemo", "chemotherapy", "clinic", "ct", "dental", "diabetic foot", "fracture clinic", "eeg room",
    "delivery room", "isolation room", "iso room", "birthing room", "seclusion room", "procedure room", "scan room",
    "gp", "gu", "gum",
    "hospice", "intermediate care", "ipu", "iso", "isolation", "step down", "stepdown", "infusion", "infusion suite",
    "iv suite", "mri", "nuclear medicine",
    "opd", "outpatient", "outpatients", "pain", "plaster", "plaster room", "radiology", "relatives room",
    "reminiscence", "treatment room", "ultrasound", "uss",
    "x-ray", "xray",
];

/// Generic words that stay where they follow the specialty.
#[rustfmt::skip]
const TAILS: &[&str] = &[
    "ward", "wards", "wd", "wrd", "unit", "suite", "dept", "department", "centre", "center", "clinic", "lounge",
    "theatre", "theatres", "wing", "area",
    "services", "service", "inpatient", "inpatients", "outpatients", "admissions", "assessment",
];

pub(super) fn specialty(words: &str) -> Option<String> {
    let text = Text::new(words)?;
    let tokens = text.tokens();
    let names: Vec<&str> = tokens.iter().map(|token| token.text).collect();
    let mut runs: Vec<Span> = Vec::new();
    let mut at = 0;
    while let Some(rest) = names.get(at..).filter(|rest| !rest.is_empty()) {
        let joins = |runs: &[Span]| {
            let last = runs.last().copied();
            let start = tokens.get(at).map_or(0, |token| token.span.start());
            last.is_some_and(|last| is_joint(text.between(last.end(), start)))
        };
        let taken = UNITS.iter().map(|unit| starts_with(rest, unit)).max().unwrap_or(0);
        let tail = taken == 0 && rest.first().is_some_and(|word| TAILS.contains(word)) && joins(&runs);
        let taken = taken.max(usize::from(tail));
        if let Some([first, .., last] | [first @ last]) = tokens.get(at..at + taken).filter(|_| taken > 0) {
            let span = first.span.cover(last.span);
            match runs.last_mut() {
                Some(run) if is_joint(text.between(run.end(), span.start())) => *run = run.cover(span),
                _ => runs.push(span),
            }
        }
        at += taken.max(1);
    }
    let kept: Option<Vec<&str>> = runs.iter().map(|run| text.written(*run)).collect();
    let kept = kept.filter(|kept| !kept.is_empty())?;
    if matches!(kept.as_slice(), [only] if *only == words) {
        return Some(words.to_owned());
    }
    Some(kept.join(", ").replace(['\r', '\n'], " "))
}

/// How many of the words the unit is, if they start with it.
fn starts_with(words: &[&str], unit: &str) -> usize {
    let mut count = 0;
    for part in unit.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|part| !part.is_empty()) {
        // "s136" is two runs, of letters and of digits.
        for part in runs(part) {
            if words.get(count) != Some(&part) {
                return 0;
            }
            count += 1;
        }
    }
    count
}

/// A word's letters and digits apart.
fn runs(word: &str) -> impl Iterator<Item = &str> {
    let digits = word.find(|c: char| c.is_ascii_digit()).filter(|at| *at > 0);
    let letters = word.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0);
    let (first, rest) = word.split_at_checked(digits.or(letters).unwrap_or(word.len())).unwrap_or((word, ""));
    [first, rest].into_iter().filter(|part| !part.is_empty())
}

/// Whether nothing stands between two words but what joins them.
fn is_joint(between: &str) -> bool {
    between.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '/' | '&' | '.'))
}
