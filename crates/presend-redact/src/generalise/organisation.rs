//! Organisations by what kind of place they are.

use presend_detect::dictionary::{Class, ClassSet, Dictionary};

use super::bracketed;
use crate::tokens::Text;

/// A kind of organisation, and the words and phrases that end such a name, folded and without apostrophes.
struct Kind {
    name: &'static str,
    heads: &'static [&'static str],
}

/// Heads that say the kind at the start of a name as well: "Ysgol Gelli", "Boots Harrogate", "University of ...".
#[rustfmt::skip]
const OPENERS: &[&str] = &[
    "hmp", "hmyoi", "ysbyty", "ysgol", "meddygfa", "fferyllfa", "coleg", "prifysgol", "cyngor", "eglwys", "capel",
    "masjid", "hospital", "university", "church", "college", "school", "cathedral", "boots", "superdrug",
    "day lewis", "rowlands", "jhoots", "weldricks", "paydens", "specsavers", "tesco", "asda", "sainsburys", "morrisons",
    "aldi", "lidl", "waitrose", "spar", "travelodge", "premier inn", "greggs", "ikea",
    "amazon", "medicar", "salvation army", "age uk",
];

/// The kinds. Of two heads that end a name together the longer one says the kind ("dental surgery"). Words that end as many
/// names of streets and houses (bank, mill, lodge, court) are no heads: no kind is better than a wrong one.
#[rustfmt::skip]
const KINDS: &[Kind] = &[
    Kind { name: "GP surgery", heads: &[
        "surgery", "surgeries", "gp surgery", "gp practice", "doctors surgery", "drs surgery", "practice",
        "medical practice", "medical practise", "group practice", "family practice", "med practice", "medical",
        "medical centre", "medical center", "med centre", "med ctr", "medical group", "medical partnership", "meddygfa",
        "general practice",
    ] },
    Kind { name: "health centre", heads: &["health centre", "health center", "health clinic", "health hub",
        "health park", "health village", "primary care centre", "pcn", "primary care network", "resource centre",
        "community hub health"] },
    Kind { name: "care home", heads: &[
        "care home", "care homes", "nursing home", "nursing homes", "residential home", "residential care home",
        "residential", "rest home", "retirement home", "care centre", "care village", "homes ltd", "old peoples home",
    ] },
    Kind { name: "supported housing", heads: &["supported living", "assisted living", "extra care", "extra care scheme",
        "sheltered housing", "sheltered scheme", "retirement village", "housing association", "housing trust",
        "housing"] },
    Kind { name: "home care service", heads: &["homecare", "home care", "care agency", "domiciliary care", "carers",
        "care services", "nursing agency", "care ltd"] },
    Kind { name: "day centre", heads: &["day centre", "day center", "day service", "day services", "day club"] },
    Kind { name: "hospital", heads: &[
        "hospital", "hospitals", "hosp", "infirmary", "general hospital", "cottage hosp", "cottage hospital",
        "community hospital", "childrens hospital", "eye hospital", "maternity hospital", "day hospital",
        "ysbyty", "dgh", "district general", "sanatorium", "royal infirmary", "eye unit", "icu", "itu", "critical care",
        "maternity", "maternity unit", "birth centre", "rehab unit", "rehab",
        "rehabilitation unit", "rehabilitation centre", "intermediate care", "intermediate care unit", "heart centre",
        "cancer centre", "neurological centre", "dsu", "breast unit", "fetal medicine",
    ] },
    Kind { name: "clinic", heads: &["clinic", "clinics", "treatment centre", "diagnostic centre",
        "community diagnostic centre", "eye clinic", "hearing centre", "memory service", "continence", "physio"] },
    Kind { name: "urgent care centre", heads: &[
        "urgent care", "urgent care centre", "urgent treatment centre", "walk in centre", "walk in", "minor injuries",
        "minor injuries unit", "miu", "a e", "ed", "emergency department", "out of hours",
    ] },
    Kind { name: "dental practice", heads: &["dental", "dental practice", "dental surgery", "dental care",
        "dental centre", "dental clinic", "dental spa", "dental institute", "dentist", "dentists", "orthodontics",
        "oral surgery", "smiles", "mydentist", "bupa dental"] },
    Kind { name: "pharmacy", heads: &[
        "pharmacy", "pharmacies", "pharm", "chemist", "chemists", "boots", "boots pharmacy", "superdrug pharmacy",
        "lloyds pharmacy", "lloydspharmacy", "rowlands", "day lewis", "jhoots", "weldricks", "paydens",
        "well pharmacy", "cohens", "dispensary", "fferyllfa",
    ] },
    Kind { name: "optician", heads: &["opticians", "optician", "optometrists", "specsavers", "vision express",
        "scrivens", "boots opticians"] },
    Kind { name: "vet practice", heads: &["vets", "vet", "veterinary practice", "veterinary surgery",
        "veterinary centre", "veterinary hospital", "vet practice", "vets practice", "pdsa"] },
    Kind { name: "hospice", heads: &["hospice", "hospices", "childrens hospice", "hosbis"] },
    Kind { name: "mental health team", heads: &["cmht", "camhs", "crisis team", "home treatment team",
        "community mental health team", "recovery team", "early intervention", "iapt", "talking therapies",
        "addictions", "drug and alcohol", "turning point", "change grow live"] },
    Kind { name: "community health team", heads: &["district nursing team", "dn team", "community nursing team",
        "locality team", "msk hub", "district nurses", "health visiting team"] },
    Kind { name: "NHS trust", heads: &["nhs trust", "foundation trust", "nhs foundation trust", "healthcare trust",
        "hospitals trust", "partnership trust", "hospital trust", "hospitals nhs trust"] },
    Kind { name: "health board", heads: &["health board", "icb", "integrated care board", "uhb"] },
    Kind { name: "ambulance service", heads: &[
        "ambulance", "ambulance service", "ambulance station", "air ambulance", "ambulance trust", "las", "emas",
        "nwas", "neas", "nias", "wmas", "yas", "scas", "secamb", "swasft", "swast", "eeast", "eehast", "wast",
        "medicar",
    ] },
    Kind { name: "university", heads: &["university", "uni", "universities", "prifysgol"] },
    Kind { name: "college", heads: &["college", "sixth form", "sixth form college", "fe college", "technical college",
        "community college", "coleg", "tech"] },
    Kind { name: "nursery", heads: &["nursery", "nurseries", "day nursery", "pre school", "preschool", "playgroup",
        "play group", "kindergarten", "montessori", "creche", "nursery school"] },
    Kind { name: "school", heads: &[
        "school", "schools", "primary", "prim", "primary school", "infants", "infant", "juniors", "junior", "high",
        "high school", "secondary", "secondary school", "academy", "academies", "academy trust", "grammar",
        "grammar school", "prep", "prep school", "comprehensive", "special school", "boarding school", "first school",
        "middle school", "upper school", "pru", "pupil referral unit", "ysgol", "rc", "ce", "c of e", "girls school",
    ] },
    Kind { name: "family centre", heads: &["childrens centre", "family centre", "family hub", "sure start",
        "childrens home", "childrens services home"] },
    Kind { name: "prison", heads: &["prison", "hmp", "hmyoi", "hmp yoi", "yoi", "young offenders institution",
        "remand centre", "immigration removal centre", "irc"] },
    Kind { name: "police", heads: &["police", "police station", "constabulary", "custody suite", "psni", "met police",
        "heddlu"] },
    Kind { name: "fire service", heads: &["fire station", "fire brigade", "fire and rescue", "fire service",
        "fire and rescue service"] },
    Kind { name: "court", heads: &["magistrates court", "crown court", "county court", "family court", "sheriff court",
        "coroners court", "high court"] },
    Kind { name: "council", heads: &["council", "county council", "city council", "borough council", "district council",
        "parish council", "social services", "childrens services", "adult social care", "cyngor"] },
    Kind { name: "place of worship", heads: &[
        "church", "parish church", "chapel", "cathedral", "minster", "abbey", "priory church", "tabernacle", "mosque",
        "masjid", "jamia masjid", "islamic centre", "temple", "mandir", "hindu temple", "gurdwara", "synagogue", "shul",
        "kingdom hall", "meeting house", "convent", "monastery", "baptist", "methodist", "kirk", "vihara",
        "church hall", "parish", "parish hall", "salvation army", "citadel", "eglwys", "capel",
    ] },
    Kind { name: "hostel", heads: &["hostel", "bail hostel", "night shelter", "approved premises", "refuge",
        "womens refuge", "emmaus", "shelter"] },
    Kind { name: "charity", heads: &[
        "charity", "womens aid", "womens project", "food bank", "foodbank", "pantry", "age uk", "macmillan",
        "marie curie", "samaritans", "red cross", "mencap", "shelter charity", "citizens advice", "sue ryder",
        "british legion", "charity shop", 
    ] },
    Kind { name: "law firm", heads: &["solicitors", "solicitor", "chambers", "legal"] },
    Kind { name: "bank", heads: &["building society", "credit union", "barclays", "hsbc", "natwest", "santander",
        "halifax", "nationwide", "lloyds bank", "tsb"] },
    Kind { name: "funeral director", heads: &["funerals", "funeral directors", "funeral home", "funeral services",
        "undertakers", "funeralcare", "crematorium"] },
    Kind { name: "supermarket", heads: &["supermarket", "superstore", "tesco", "tescos", "tesco express", "tesco extra",
        "asda", "sainsburys", "morrisons", "aldi", "lidl", "waitrose", "iceland", "spar", "co op", "coop", "booths"] },
    Kind { name: "shop", heads: &[
        "shop", "store", "stores", "superdrug", "argos", "b q", "wickes", "ikea", "debenhams", "poundland", "wilko",
        "wilkos", "wilkinsons", "marks and spencer", "m s", "primark", "next", "sports direct", "greggs", "market",
        "retail park",
        "garden centre", "carpets", "newsagents", "butchers", "bakery", "post office", "bakers", "florist", "florists",
        "bookshop",
    ] },
    Kind { name: "salon", heads: &["salon", "hair", "hairdressers", "barbers", "nails", "beauty", "spa", "nail bar"] },
    Kind { name: "hotel", heads: &["hotel", "travelodge", "premier inn", "guest house", "b b", "holiday inn"] },
    Kind { name: "pub or restaurant", heads: &["inn", "pub", "arms", "tavern", "bar", "restaurant", "cafe", "tearoom",
        "tearooms", "tea room", "takeaway", "kebab", "chippy", "pizza", "bistro", "costa", "starbucks", "mcdonalds",
        "wetherspoons", "social club", "working mens club"] },
    Kind { name: "leisure centre", heads: &["leisure centre", "sports centre", "gym", "swimming pool", "golf club",
        "football club", "rugby club", "cricket club", "bowls club", "youth club", "community centre",
        "community center", "library", "museum", "theatre", "theatre company"] },
    Kind { name: "orchestra or choir", heads: &["orchestra", "sinfonia", "philharmonic", "choir", "band", "halle"] },
    Kind { name: "farm", heads: &["farm", "farms", "fferm"] },
    Kind { name: "airport or station", heads: &["airport", "railway station", "bus station", "train station"] },
    Kind { name: "armed forces unit", heads: &["barracks", "army base", "raf base", "squadron", "regiment", "battalion",
        "raf"] },
    Kind { name: "trade union", heads: &["unison", "unite", "gmb", "rcn", "bma", "trade union"] },
    Kind { name: "company", heads: &[
        "ltd", "limited", "son", "llp", "plc", "cic", "inc", "sons", "and sons", "daughters", "and daughters",
        "brothers", "bros", "and co", "haulage", "logistics", "motors", "garage", "coaches", "taxis", "cars", "joinery",
        "scaffolding", "scaffold", "plumbing", "electrical", "roofing", "builders", "construction", "plastics", "steel",
        "castings", "foods", "salads", "packers", "pallets", "cold storage", "storage", "tyres", "car valet",
        "lettings", "estates",
        "factory", "plant", "brewery", "distillery", "yarns", "amazon", "tata steel", "rolls royce", "jaguar", "nissan",
        "toyota", "royal mail", "dhl", "dpd", "evri", "cammell laird", "swan hunters", "harland and wolff",
        "kwik fit", "halfords", "british steel", "cadbury", "weetabix", "locums", "call centre", "radio", "fm",
        "cleaning", "security", "transport", "engineering", "fabrications", "printers", "quarry", "colliery",
    ] },
];

pub(super) fn kind(words: &str) -> Option<String> {
    if bracketed(words).is_some_and(|inner| KINDS.iter().any(|kind| kind.name == inner)) {
        return Some(words.to_owned());
    }
    let text = Text::new(words)?;
    let tokens = text.tokens();
    let names: Vec<&str> = tokens.iter().map(|token| token.text).collect();
    let name = by_head(&names).or_else(|| is_hospital(&names).then_some("hospital"))?;
    Some(format!("[{name}]"))
}

fn by_head(names: &[&str]) -> Option<&'static str> {
    let plain: Vec<String> = names.iter().map(|name| name.replace('\'', "")).collect();
    let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
    // "HMP Forest Bank Hospital" is a prison.
    let closing = |head: &str| {
        let mut last = plain.iter().rev();
        head.rsplit(' ').all(|word| last.next() == Some(&word))
    };
    let opening = |head: &str| {
        let mut first = plain.iter();
        head.split(' ').all(|word| first.next() == Some(&word))
    };
    if opening("hmp") || opening("hmyoi") {
        return Some("prison");
    }
    let longest = |has: &dyn Fn(&str) -> bool| {
        let heads = KINDS.iter().flat_map(|kind| kind.heads.iter().map(|head| (kind.name, *head)));
        heads
            .filter(|(_, head)| has(head))
            .max_by_key(|(_, head)| head.split(' ').count())
            .map(|(name, _)| name)
    };
    longest(&closing).or_else(|| longest(&|head| opening(head) && OPENERS.contains(&head)))
}

/// Whether the dictionary knows the name as a hospital's and nothing else's, or it ends as theirs do: "Wye General".
fn is_hospital(names: &[&str]) -> bool {
    let dictionary = Dictionary::embedded();
    let names = if let ["the", rest @ ..] = names { rest } else { names };
    let known = match names {
        [] => return false,
        [only] => dictionary.lookup(only).classes(),
        _ => match dictionary.phrase_at(names.iter().copied()) {
            Some(phrase) if phrase.words() == names.len() => phrase.classes(),
            _ => ClassSet::default(),
        },
    };
    known.has(Class::Hospital) || matches!(names, [_, .., "royal" | "general"])
}

#[cfg(test)]
pub(super) fn heads() -> Vec<(&'static str, &'static str)> {
    KINDS.iter().flat_map(|kind| kind.heads.iter().map(|head| (kind.name, *head))).collect()
}

#[cfg(test)]
pub(super) fn openers() -> &'static [&'static str] {
    OPENERS
}
