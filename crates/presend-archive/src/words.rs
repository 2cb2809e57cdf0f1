use presend_detect::dictionary::{Class, ClassSet, Dictionary};

/// Words of contacts' names that in a message are more likely something else, in alphabetical order.
///
/// Common words and colours that are names too, months, names that medicine uses (Parkinson, Foley), and the roles and
/// places under which staff save each other. A member called so is found in a message by the full name only, or where
/// the engine finds the word by its surroundings.
#[rustfmt::skip]
const NOT_ALONE: &[&str] = &[
    "abbey", "addison", "admin", "agency", "ahp", "all", "alzheimer", "ambulance", "amu", "anaesthetics",
    "and", "angel", "any", "apgar", "april", "are", "art", "asperger", "august", "autumn", "baby", "bailey",
    "baker", "bank", "banks", "barber", "barrett", "barton", "bay", "bed", "beds", "bell", "bells", "berry",
    "bill", "bird", "bishop", "black", "bleep", "bloods", "blue", "blunt", "board", "bob", "bond",
    "booking", "booth", "bowman", "brook", "brooks", "brown", "buck", "bull", "burns", "bush", "butcher",
    "butler", "call", "can", "cardio", "cardiology", "care", "carer", "carers", "carol", "carpenter",
    "carter", "case", "cct", "centre", "chance", "charcot", "charge", "chase", "chat", "christian",
    "church", "clay", "clerk", "cliff", "clinic", "clinical", "cole", "colles", "community", "consultant",
    "cook", "cooper", "coordinator", "cover", "cox", "crisp", "crohn", "cross", "crystal", "ct", "curry",
    "cushing", "dad", "daisy", "dale", "daughter", "dawn", "day", "days", "dean", "dell", "dept", "desk",
    "dick", "dietitian", "director", "discharge", "district", "doctor", "doctors", "domestic", "don",
    "dove", "down", "downs", "dr", "drew", "driver", "duke", "duty", "earl", "early", "east", "echo", "edu",
    "elective", "emergency", "endoscopy", "english", "ent", "eve", "faith", "family", "father", "fern",
    "field", "fields", "finance", "finch", "fish", "fisher", "fleming", "flora", "flow", "flower", "foley",
    "fontan", "for", "ford", "forest", "foster", "fox", "fracture", "frailty", "france", "frank", "french",
    "friend", "frost", "gale", "gardener", "gastro", "gay", "gene", "general", "geris", "ginger", "glasgow",
    "glen", "gold", "golden", "good", "goodsell", "grace", "gram", "grant", "graves", "gray", "green",
    "grey", "group", "grove", "guy", "gynae", "had", "haem", "haematology", "hall", "handover", "handy",
    "hardy", "harmony", "hartmann", "has", "hawk", "hazel", "hca", "hcas", "hdu", "head", "health", "heath",
    "heather", "help", "hill", "hodgkin", "holiday", "hollow", "holly", "honey", "hood", "hope", "horner",
    "hospital", "house", "housekeeping", "how", "hunt", "hunter", "huntington", "hutchinson", "icu",
    "imaging", "induction", "infection", "information", "injury", "intern", "iris", "it", "itu", "ivy",
    "jack", "jade", "jasmine", "jay", "jean", "jewel", "joy", "judge", "june", "junior", "justice",
    "kaposi", "kay", "key", "keys", "keyworker", "kind", "king", "kit", "knight", "kocher", "lab", "labour",
    "labs", "lachman", "lady", "lake", "lamb", "lance", "lane", "law", "lead", "lee", "legal", "liaison",
    "lily", "line", "list", "little", "locum", "long", "lord", "lounge", "love", "low", "lucky", "ludwig",
    "madam", "main", "maintenance", "major", "man", "manager", "managers", "march", "marfan", "mark",
    "marsh", "marshall", "mason", "maternity", "matron", "max", "maxfax", "may", "mcburney", "mead",
    "meadow", "med", "medic", "medical", "medicine", "medics", "melody", "mental", "mercy", "merry",
    "microbiology", "midwife", "miles", "mill", "miller", "mills", "milo", "miss", "monk", "moon", "moore",
    "moss", "mother", "mr", "mri", "mrs", "ms", "mum", "murphy", "mx", "nelly", "neonatal", "neuro", "new", "nhs",
    "nick", "night", "nights", "noble", "norm", "north", "not", "nurse", "nurses", "nursing", "oak", "obs",
    "occupational", "off", "office", "ok", "old", "olive", "oncall", "oncology", "ortho", "orthopaedics",
    "ot", "our", "out", "outpatients", "oxygen", "paediatrics", "paeds", "page", "pager", "paget", "paige",
    "palliative", "paramedic", "park", "parker", "parkinson", "parkinsons", "parks", "path", "pathology",
    "patience", "patient", "patients", "pearl", "pen", "penny", "pepper", "pharm", "pharmacist", "pharmacy",
    "phlebotomy", "phone", "physio", "piper", "pitt", "plastics", "pole", "pond", "pool", "poole", "poppy",
    "porter", "portering", "porters", "pott", "potter", "power", "powers", "practice", "practitioner",
    "pre", "price", "pride", "prince", "prior", "prof", "professor", "prudence", "psych", "pugh", "quincke",
    "radiographer", "radiology", "ramsay", "ray", "raynaud", "read", "reception", "receptionist",
    "recovery", "reed", "reg", "registrar", "rehab", "renal", "research", "resp", "respiratory", "resus",
    "rev", "rich", "rivers", "rob", "robin", "rock", "rod", "rose", "rosemary", "rosie", "rota", "round",
    "rowan", "royal", "ruby", "rush", "rusty", "ryle", "safeguarding", "sage", "sally", "salt", "sandy",
    "savage", "school", "scott", "scrub", "secretary", "security", "see", "senior", "service", "services",
    "sharp", "sharpe", "shepherd", "shift", "sho", "short", "shos", "silver", "singer", "sir", "sister",
    "site", "skip", "sky", "small", "smart", "smith", "snow", "social", "son", "specialist", "spice", "spr",
    "spring", "staff", "star", "stark", "steel", "stern", "stew", "still", "stone", "stores", "storm",
    "street", "stroke", "strong", "student", "students", "sue", "summer", "summers", "sunny", "surg",
    "surgeon", "surgery", "surgical", "swan", "swift", "switch", "switchboard", "tanner", "tate", "taylor",
    "team", "teams", "teddy", "temple", "terry", "the", "theatre", "theatres", "therapy", "thomas", "thorn",
    "tom", "tourette", "tower", "tracy", "transport", "trauma", "triage", "trinity", "troy", "tucker",
    "turner", "unit", "uro", "urology", "van", "vascular", "vaughan", "verity", "victor", "violet", "wade",
    "walker", "wall", "walls", "ward", "warden", "wards", "was", "waters", "way", "weaver", "webb",
    "weekend", "well", "wells", "wernicke", "west", "wheeler", "whipple", "white", "who", "why", "wife",
    "wild", "will", "willebrand", "willow", "wills", "wilson", "winter", "winters", "wise", "wolf", "wood",
    "woods", "woody", "work", "worker", "wren", "xray", "yes", "york", "you", "young",
];

/// Whether a word, in lower case, says nothing of a person by itself.
pub(crate) fn is_ordinary(word: &str) -> bool {
    NOT_ALONE.binary_search(&word).is_ok()
}

/// Whether a word is one that messages use for other things and that hardly anybody is called: "Chest Reg" is saved
/// so, and a chest is no member.
pub(crate) fn is_clinical(word: &str) -> bool {
    const WORDS: ClassSet = ClassSet::of(&[
        Class::Ordinary,
        Class::Clinical,
        Class::Drug,
        Class::Device,
        Class::Score,
        Class::StaffRole,
    ]);
    Dictionary::embedded().lookup(word).has_any(WORDS) && !is_name(word)
}

/// Clinical abbreviations that are somebody's name in other letters, in alphabetical order; the dictionary has them as
/// names alone.
#[rustfmt::skip]
const ABBREVIATIONS: &[&str] = &[
    "abi", "ada", "ali", "ami", "amy", "ana", "art", "asa", "asia", "cam", "cat", "des", "dex", "elisa", "ida",
    "lucas", "mac", "pat", "ros", "sam", "ted", "teds", "tia", "tias",
];

/// Whether a word in capitals is a clinical abbreviation, be it a name too: a TIA is no Tia.
pub(crate) fn is_abbreviation(word: &str) -> bool {
    const WORDS: ClassSet = ClassSet::of(&[Class::Clinical, Class::Drug, Class::Device, Class::Score]);
    ABBREVIATIONS.binary_search(&word).is_ok() || Dictionary::embedded().lookup(word).has_any(WORDS)
}

/// Whether a word is a drug's, be it a name too: "Dex 6mg".
pub(crate) fn is_drug(word: &str) -> bool {
    Dictionary::embedded().lookup(word).has(Class::Drug)
}

/// Whether the words of a contact's name are a role or a place and nobody's name: "Critical Care", "Cath Lab".
pub(crate) fn is_role(words: &[&str]) -> bool {
    const MEDICAL: ClassSet =
        ClassSet::of(&[Class::Clinical, Class::Drug, Class::Device, Class::Score, Class::StaffRole]);
    const TITLES: &[&str] = &["dr", "miss", "mr", "mrs", "ms", "mx", "prof", "professor", "rev", "sir"];
    let is_letter = |word: &str| word.chars().count() < 2 || word.chars().any(|c| c.is_ascii_digit());
    let may_be = |word: &str| {
        is_letter(word)
            || is_ordinary(word)
            || is_clinical(word)
            || Dictionary::embedded().lookup(word).has_any(MEDICAL)
    };
    let is_more = |word: &str| !is_letter(word) && !is_name(word) && !TITLES.contains(&word);
    words.iter().all(|word| may_be(word)) && words.iter().any(|word| is_more(word))
}

/// Whether the dictionary knows the word as a name, be it another word too.
pub(crate) fn is_name(word: &str) -> bool {
    let entry = Dictionary::embedded().lookup(word);
    entry.given() > 1 || entry.surname() > 1
}

/// Whether a word by itself, or before an initial, is somebody's name more than anything else, where there are no other
/// words to tell: "khan" and "Smith J", not "page".
pub(crate) fn is_telling(word: &str, has_initial: bool) -> bool {
    const OTHERS: ClassSet = ClassSet::of(&[
        Class::Clinical,
        Class::Drug,
        Class::Device,
        Class::Score,
        Class::Place,
        Class::PlaceLarge,
        Class::Country,
        Class::Demographic,
        Class::Profession,
        Class::StaffRole,
        Class::Kin,
        Class::OrgHeadStrong,
        Class::OrgHeadWeak,
        Class::Building,
        Class::UnitGeneric,
        Class::WardName,
        Class::Hospital,
        Class::HospitalShort,
        Class::Service,
        Class::NationalBody,
        Class::NotPerson,
        Class::WardWord,
        Class::Month,
        Class::Weekday,
        Class::NumberWord,
    ]);
    /// How common an ordinary word may be, in tenths of Zipf: by itself, and before an initial.
    const COMMON: [u8; 2] = [45, 50];
    let entry = Dictionary::embedded().lookup(word);
    let is_eponym = entry.has(Class::Eponym) && !entry.has(Class::EponymAmbiguous);
    let is_other = is_ordinary(word) && !has_initial || is_eponym || entry.has_any(OTHERS);
    let [alone, before_initial] = COMMON;
    let most = if has_initial { before_initial } else { alone };
    word.chars().count() > 2
        && is_name(word)
        && !is_other
        && (!entry.has(Class::Ordinary) || entry.zipf_tenths() < most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_told_from_people() {
        for name in ["critical care", "cath lab", "heart failure nurse", "chest pain clinic", "pharmacy"] {
            assert!(is_role(&name.split(' ').collect::<Vec<_>>()), "{name}");
        }
        for name in
            ["will", "rose hill", "grace ward", "dr cath hill", "cath 2", "raj nurse", "wumi hca", "tom"]
        {
            assert!(!is_role(&name.split(' ').collect::<Vec<_>>()), "{name}");
        }
    }

    #[test]
    fn names_tell_by_themselves() {
        assert!(is_telling("smith", true) && !is_telling("smith", false) && !is_telling("page", true));
        for word in ["khan", "jones", "okafor", "sarah"] {
            assert!(is_telling(word, false), "{word}");
        }
        for word in [
            "page",
            "guideline",
            "discharge",
            "summary",
            "wound",
            "may",
            "glasgow",
            "parkinson",
            "foley",
            "ali-x",
        ] {
            assert!(!is_telling(word, false), "{word}");
        }
    }

    #[test]
    fn the_words_are_in_order() {
        assert!(NOT_ALONE.is_sorted_by(|a, b| a < b));
        assert!(ABBREVIATIONS.is_sorted_by(|a, b| a < b));
        assert!(is_ordinary("will") && is_ordinary("pharmacy") && !is_ordinary("priya"));
    }
}
