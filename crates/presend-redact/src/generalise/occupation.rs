//! Occupations by their sector.

use super::bracketed;
use crate::tokens::Text;

/// A sector, by what somebody who works in it is called: one person, and more than one.
struct Sector {
    one: &'static str,
    more: &'static str,
    /// Occupations, in the singular, folded, words parted by a space; the last word is the occupation's own.
    jobs: &'static [&'static str],
    /// Words that name the sector before a word such as "manager": "taxi", "nail bar".
    fields: &'static [&'static str],
}

/// The sectors. This project's own grouping, by where somebody works rather than by grade.
#[rustfmt::skip]
const SECTORS: &[Sector] = &[
    Sector {
        one: "health worker", more: "health workers",
        jobs: &[
            "nurse", "midwife", "doctor", "gp", "surgeon", "consultant physician", "physician", "anaesthetist",
            "psychiatrist", "paediatrician",
            "radiologist", "pathologist", "pharmacist", "chemist", "dispenser", "pharmacy technician", "paramedic",
            "ambulance driver",
            "ambulance technician", "dentist", "orthodontist", "hygienist", "optician", "optometrist", "audiologist",
            "physiotherapist", "physio",
            "occupational therapist", "radiographer", "sonographer", "phlebotomist", "odp", "hca",
            "healthcare assistant", "health care assistant",
            "ward sister", "matron", "ward clerk", "hospital porter", "health visitor", "podiatrist", "chiropodist",
            "dietitian", "dietician", "osteopath",
            "chiropractor", "acupuncturist", "psychologist", "psychotherapist", "speech therapist", "rn", "army medic",
            "medic",
            "nutritionist", "ward manager", "clinical coder", "medical secretary", "biomedical scientist",
            "staff grade",
        ],
        fields: &["nursing", "hospital", "medical", "dental", "pharmacy", "midwifery", "ambulance", "healthcare",
            "ward", "nhs", "diabetes", "clinical", "surgery"],
    },
    Sector {
        one: "social care worker", more: "social care workers",
        jobs: &[
            "social worker", "carer", "care worker", "care assistant", "support worker", "home help",
            "care home manager", "childminder", "child minder",
            "nanny", "au pair", "foster carer", "youth worker", "community worker", "nursery nurse",
            "nursery assistant", "welfare officer", "home carer",
            "charity worker", "welfare adviser", "housing officer", "hostel manager", "fundraiser",
            "charity fundraiser",
        ],
        fields: &["care", "nursery", "care home", "charity", "hostel", "welfare"],
    },
    Sector {
        one: "education worker", more: "education workers",
        jobs: &[
            "teacher", "headteacher", "head teacher", "head", "deputy head", "headmaster", "headmistress",
            "head master", "head mistress", "mistress",
            "schoolmaster", "schoolmistress", "schoolteacher", "head of year", "head of maths", "head of english",
            "principal", "lecturer", "professor",
            "tutor", "teaching assistant", "ta", "classroom assistant", "school secretary", "school governor",
            "school cook", "dinner lady", "lollipop lady",
            "lollipop man", "lollypop lady", "lollypop man", "school crossing patrol", "school inspector",
            "ofsted inspector", "academic", "governess",
            "school technician", "early years practitioner", "playgroup leader", "vice chancellor", "bursar",
            "headship", "school librarian",
            "librarian", "mobile librarian", "library assistant", "driving instructor", "instructor", "examiner",
            "senco", "university administrator",
        ],
        fields: &["school", "college", "university", "education", "teaching", "library"],
    },
    Sector {
        one: "building worker", more: "building workers",
        jobs: &[
            "builder", "bricklayer", "brickie", "plasterer", "plumber", "electrician", "joiner", "carpenter", "roofer",
            "slater", "thatcher", "glazier",
            "scaffolder", "tiler", "decorator", "painter", "lagger", "labourer", "hod carrier", "stonemason", "mason",
            "steeplejack", "groundworker",
            "ground worker", "crane driver", "crane operator", "digger driver", "plant operator", "driller",
            "tarmac layer", "tarmacer", "road worker", "paver",
            "dry stone waller", "steel erector", "steel fixer", "kitchen fitter", "bathroom fitter", "window fitter",
            "carpet fitter", "floor layer",
            "heating engineer", "gas engineer", "gas fitter", "quantity surveyor", "surveyor", "site manager",
            "site foreman", "clerk of works", "architect",
            "shopfitter", "handyman", "dry liner", "concreter", "tunneller", "rigger", "pipefitter", "sparky", "navvy",
            "boiler engineer", "banksman",
            "property developer", "town planner", "locksmith", "chimney sweep", "window cleaner", "scaffold erector",
            "fencing contractor",
        ],
        fields: &["building", "construction", "scaffolding", "plumbing", "roofing", "site", "joinery", "demolition"],
    },
    Sector {
        one: "manufacturing worker", more: "manufacturing workers",
        jobs: &[
            "factory worker", "machinist", "machine operator", "fitter", "turner", "toolmaker", "tool maker", "riveter",
            "steelworker", "steel worker",
            "foundryman", "moulder", "foundry worker", "foundry moulder", "blacksmith", "boilermaker", "shipbuilder",
            "shipwright", "sheet metal worker", "weaver", "welder",
            "spinner", "knitter", "machine knitter", "seamstress", "tailor", "tailoress", "dressmaker", "lacemaker",
            "lace maker", "mill girl", "mill worker", "mill hand",
            "milliner", "hatter", "shoemaker", "cobbler", "saddler", "upholsterer", "cabinet maker", "french polisher",
            "polisher", "wheelwright", "cooper", "potter",
            "glassblower", "glass blower", "chainmaker", "chain maker", "cutler", "printer", "typesetter", "compositor",
            "bookbinder", "packer", "assembler",
            "production operative", "process operator", "line operative", "oven operator", "cheesemaker", "brewer",
            "distiller", "maltster", "tanner", "panel beater",
            "spray painter", "welder fabricator", "fabricator", "sawyer", "miller", "luthier", "violin maker",
            "watchmaker", "clockmaker", "jeweller", "goldsmith",
            "silversmith", "engraver", "furniture restorer", "furniture maker", "boat builder", "foreman",
            "supervisor of works", "quality inspector",
            "slaughterman", "meat packer", "fish filleter", "fish processor", "herring gutter", "rope maker",
            "tinsmith", "patternmaker", "caravan fitter",
            "woodturner", "woodcarver", "hurley maker", "galvaniser", "laminator", "confectionery worker",
        ],
        fields: &[
            "factory", "mill", "foundry", "steelworks", "brewery", "distillery", "bakery", "creamery", "production",
            "line", "shipyard", "dockyard", "textile",
            "pottery", "paper mill", "warehouse line", "assembly line", "manufacturing", "abattoir", "slaughterhouse",
            "process", "engineering works", "sawmill",
        ],
    },
    Sector {
        one: "transport or delivery worker", more: "transport or delivery workers",
        jobs: &[
            "driver", "cabbie", "taxi driver", "chauffeur", "trucker", "haulier", "courier", "delivery rider", "rider",
            "bus conductor", "bus conductress", "conductress",
            "tram conductor", "train conductor", "clippie", "bus inspector", "ticket inspector", "ticket collector",
            "train guard", "railway guard", "signalman", "stationmaster",
            "station master", "railwayman", "railway worker", "platelayer", "pilot", "flight attendant", "air steward",
            "air stewardess", "air hostess", "cabin crew",
            "air traffic controller", "baggage handler", "loadmaster", "ferryman", "seaman", "merchant seaman",
            "sailor", "seafarer", "merchant navy", "deckhand", "bosun",
            "skipper", "harbourmaster", "harbour master", "docker", "stevedore", "lighterman", "bargeman", "boatman",
            "lock keeper", "lengthsman", "canal lengthsman",
            "lighthouse keeper", "postman", "postwoman", "postie", "postal worker", 
            "parcel sorter", "mail carrier", "milkman", "drayman", "removal man", "removals man", "warehouseman",
            "warehouse operative",
            "warehouse picker", "picker", "warehouse worker", "storeman", "forklift driver", "mechanic", "lorry fitter",
            "tyre fitter", "mot tester", "car mechanic",
            "motor mechanic", "bicycle mechanic", "car wash worker", "traffic warden", "parking attendant",
            "private hire", "lorry loader", "transport manager",
            "coxswain", "shipping clerk", "coach painter", 
        ],
        fields: &[
            "taxi", "taxi firm", "minicab", "bus", "coach", "lorry", "haulage", "rail", "railway", "train", "tram",
            "ferry", "port", "dock", "airport", "airline", "removal",
            "garage", "warehouse", "logistics", "transport", "post office", "courier", "shipping", "delivery",
            "car wash",
        ],
    },
    Sector {
        one: "retail worker", more: "retail workers",
        jobs: &[
            "shopkeeper", "shop keeper", "sales assistant", "salesman", "saleswoman", "sales rep",
            "sales representative", "rep", "cashier", "checkout assistant", "checkout operator", "shelf stacker",
            "store manager", "market trader",
            "stall holder", "stallholder", "greengrocer", "grocer", "butcher", "fishmonger", "baker", "newsagent",
            "ironmonger", "florist", "bookseller", "draper", "haberdasher",
            "tobacconist", "confectioner", "wholesaler", "dealer", "antiques dealer", "car dealer", "scrap dealer",
            "trader", "merchant", "auctioneer", "pawnbroker",
            "merchandiser", "buyer", "retail assistant", "retail manager", "window dresser", "estate agent",
            "letting agent", "lettings agent", "travel agent", "bookmaker",
            "bookie", "bookie's runner", "turf accountant", "hawker", "rag and bone man", "postmaster", "postmistress",
            "sub postmaster", "sub postmistress", "subpostmaster",
        ],
        fields: &["shop", "store", "retail", "supermarket", "market stall", "sales", "market", "stall", "checkout"],
    },
    Sector {
        one: "hospitality worker", more: "hospitality workers",
        jobs: &[
            "chef", "cook", "waiter", "waitress", "barman", "barmaid", "bartender", "barista", "bar staff", "publican",
            "landlord", "landlady", "pub landlord", "pub landlady",
            "licensee", "innkeeper", "hotelier", "restaurateur", "caterer", "kitchen porter", "kitchen assistant",
            "kitchen hand", "chambermaid", "hotel housekeeper",
            "hotel receptionist", "hotel doorman", "hotel porter", "head waiter", "sommelier", "butler", "maid",
            "housekeeper", "tea lady", "canteen lady", "croupier",
            "holiday rep", "tour guide", "ice cream man", "dishwasher",
        ],
        fields: &[
            "pub", "hotel", "restaurant", "cafe", "kebab shop", "chip shop", "takeaway", "bar", "kitchen", "canteen",
            "catering", "guest house", "casino", "coffee shop",
            "seafood restaurant", "hospitality", "b&b",
        ],
    },
    Sector {
        one: "office worker", more: "office workers",
        jobs: &[
            "clerk", "secretary", "typist", "receptionist", "administrator", "office manager", "pa",
            "personal assistant", "accountant", "bookkeeper", "book keeper", "auditor",
            "banker", "bank clerk", "bank manager", "bank cashier", "cashier clerk", "stockbroker", "broker",
            "underwriter", "actuary", "economist", "financial adviser", "financial advisor",
            "mortgage adviser", "mortgage advisor", "tax adviser", "tax advisor", "tax inspector", "tax collector",
            "civil servant", "council worker", "loss adjuster", "claims handler",
            "call centre worker", "telephonist", "telephone operator", "telesales operator", "stenographer",
            "human resources manager", "hr manager", "recruitment consultant", "manager",
            "director", "company director", "managing director", "chief executive", "ceo", "businessman",
            "businesswoman", "entrepreneur", "consultant", "management consultant",
            "project manager", "marketing manager", "marketing executive", "public relations officer", "press officer",
            "debt collector", "trading standards officer", "planning officer",
            "environmental health officer", "registrar of births", "translator", "interpreter", "telephone interpreter",
            "investment banker", "payroll clerk", "company secretary",
        ],
        fields: &["office", "bank", "insurance", "finance", "accounts", "council", "call centre", "business", "admin",
            "jobcentre", "human resources", "hr", "it sales"],
    },
    Sector {
        one: "legal worker", more: "legal workers",
        jobs: &[
            "solicitor", "barrister", "lawyer", "judge", "magistrate", "jp", "justice of the peace", "advocate",
            "conveyancer", "paralegal", "legal executive", "legal secretary",
            "solicitor's clerk", "solicitors clerk", "court clerk", "court usher", "court stenographer", "prosecutor",
            "crown prosecutor", "bailiff", "coroner", "notary", "kc", "qc", "sheriff",
            "patent attorney", "law lecturer", "usher of the court", "probation officer",
        ],
        fields: &["law", "legal", "court"],
    },
    Sector {
        one: "emergency services worker", more: "emergency services workers",
        jobs: &[
            "police officer", "policeman", "policewoman", "police constable", "constable", "police sergeant",
            "detective", "inspector of police", "superintendent", "chief constable",
            "police dog handler", "dog handler", "pcso", "special constable", "police", "firefighter", "fire fighter",
            "fireman", "firewoman", "fire officer", "chief fire officer", "coastguard",
            "lifeboatman", "lifeboat cox", "lifeboat crew", "lifeguard", "mountain rescue volunteer",
            "bomb disposal officer", "rescue worker", "emergency call handler",
            "chief constable's secretary",
        ],
        fields: &["police", "fire", "fire service", "lifeboat", "rescue", "coastguard"],
    },
    Sector {
        one: "security worker", more: "security workers",
        jobs: &[
            "security guard", "security officer", "bouncer", "doorman", "door supervisor", "night watchman",
            "nightwatchman", "watchman", "prison officer", "prison governor",
            "prison warder", "prison guard", "warder", "customs officer", "border force officer", "immigration officer",
            "private investigator", "private detective",
        ],
        fields: &["security", "prison", "border force"],
    },
    Sector {
        one: "member of the armed forces", more: "members of the armed forces",
        jobs: &[
            "soldier", "squaddie", "army officer", "naval officer", "raf officer", "raf pilot", "airman", "army",
            "navy", "royal navy", "raf", "raf loadmaster", "military", "forces",
            "serviceman", "servicewoman", "veteran", "army vet", "paratrooper", "para", "marine", "royal marine",
            "gunner", "guardsman", "gurkha", "gurkha officer", "submariner",
            "admiral", "rear admiral", "brigadier", "colonel", "army major", "army captain", "lieutenant",
            "flight lieutenant", "wing commander", "squadron leader",
            "sergeant major", "sergeant", "lance corporal", "corporal", "rsm", "warrant officer", "petty officer",
            "reservist", "army reservist", "territorial army", "fighter mechanic",
            "codebreaker", "wren", "army chef", "army cook", "national serviceman", "air vice marshal", "us airman",
        ],
        fields: &["army", "navy", "raf", "military"],
    },
    Sector {
        one: "farming or fishing worker", more: "farming or fishing workers",
        jobs: &[
            "farmer", "farm worker", "farmhand", "farm hand", "farm labourer", "crofter", "shepherd", "shepherdess",
            "cowman", "herdsman", "stockman", "dairyman", "dairymaid", "milkmaid",
            "ploughman", "tractor driver", "land girl", "fruit picker", "strawberry picker", "mushroom picker",
            "cabbage picker", "apple packer", "apple picker", "chicken catcher",
            "poultry catcher", "sheep shearer", "shearer", "market gardener", "gardener", "landscape gardener",
            "landscaper", "groundsman", "greenkeeper", "green keeper", "horticulturist",
            "nurseryman", "tree surgeon", "forester", "forestry worker", "forestry ranger", "lumberjack", "gamekeeper",
            "game keeper", "ghillie", "gillie", "beekeeper", "falconer",
            "fisherman", "trawlerman", "trawler skipper", "trawler mate", "creel fisherman", "crabber", "oysterman",
            "fish farmer", "hedge layer",
            "park ranger", "park keeper", "ranger",
            "agronomist", "huntsman", "whaler", "peat cutter",
        ],
        fields: &["farm", "farming", "dairy", "agricultural", "trawler", "fishing", "mushroom farm", "forestry",
            "estate", "shearing", "poultry"],
    },
    Sector {
        one: "animal care worker", more: "animal care workers",
        jobs: &[
            "vet", "veterinarian", "veterinary surgeon", "veterinary nurse", "vet nurse", "dog groomer", "dog walker",
            "dog breeder", "dog trainer", "kennel maid", "zookeeper", "zoo keeper", "stable lad", "stable hand",
            "groom", "stable groom", "farrier", "horse trainer", "animal handler", "vet's receptionist",
        ],
        fields: &["kennel", "kennels", "stable", "stables", "zoo", "vets", "veterinary", "animal", "cattery"],
    },
    Sector {
        one: "mining or energy worker", more: "mining or energy workers",
        jobs: &[
            "miner", "coal miner", "tin miner", "slate miner", "collier", "pitman", "pit man", "pit worker",
            "pit deputy", "pit electrician", "mineworker", "quarryman", "quarry worker", "slate quarryman",
            "slate splitter", "coalman", "coal merchant", "oil worker", "rig worker", "oil rig worker",
            "offshore worker", "offshore drilling engineer", "drilling engineer", "roughneck",
            "gas worker", "gasworker", "gas man", "meter reader", "power station worker", "nuclear engineer",
            "wind turbine engineer", "wind turbine technician", "cable jointer", "lineman",
        ],
        fields: &["pit", "colliery", "mine", "quarry", "rig", "oil rig", "offshore", "power station", "oil", "nuclear",
            "drilling"],
    },
    Sector {
        one: "arts or media worker", more: "arts or media workers",
        jobs: &[
            "actor", "actress", "singer", "musician", "pianist", "concert pianist", "violinist", "viola player",
            "cellist", "flautist", "harpist", "trombonist", "trumpeter", "drummer", "guitarist",
            "lead guitarist", "bassist", "saxophonist", "organist", "tenor", "soprano", "piper", "bandmaster",
            "conductor of music", "composer", "songwriter", "rapper", "dj", "disc jockey", "busker", "dancer",
            "tap dancer", "ballerina", "ballet dancer", "choreographer", "repetiteur", "comedian", "clown", "magician",
            "puppeteer", "acrobat", "trapeze artist", "circus performer", "circus rigger",
            "entertainer", "drag performer", "performer", "showman", "showgirl", "tiller girl", "roadie",
            "stage manager", "stagehand", "artist", "painter of portraits", "sculptor", "tin sculptor", "photographer",
            "illustrator", "cartoonist", "animator", "designer", "graphic designer", "interior designer",
            "fashion designer", "model", "author", "writer", "novelist", "poet", "playwright",
            "screenwriter", "journalist", "reporter", "newsreader", "presenter", "radio presenter", "tv presenter",
            "broadcaster", "weatherman", "weather girl", "editor", "sub editor", "publisher",
            "film director", "producer", "cameraman", "camera operator", "projectionist", "piano tuner", "influencer",
            "youtuber", "critic", "crossword setter", "curator", "archivist",
            "piano teacher", "violin teacher", "cello teacher", "flute teacher", "music teacher", "dance teacher",
            "choir mistress", "fairground worker", "waltzer operator", "fairground electrician",
        ],
        fields: &["theatre", "film", "music", "television", "tv", "radio", "museum", "gallery", "circus", "fairground",
            "cinema", "newspaper"],
    },
    Sector {
        one: "sports worker", more: "sports workers",
        jobs: &[
            "footballer", "goalkeeper", "cricketer", "rugby player", "boxer", "wrestler", "jockey", "jump jockey",
            "golfer", "athlete", "paralympian", "olympian", "gymnast", "swimmer", "cyclist", "racing driver",
            "tennis player", "snooker player", "darts player", "chess grandmaster", "coach", "wrestling coach",
            "football coach", "football manager", "referee", "umpire", "personal trainer",
            "fitness instructor", "gym instructor", "yoga teacher", "pilates instructor", "swimming teacher",
            "riding instructor", "ski instructor", "racehorse trainer", "mountaineer", "golf pro",
        ],
        fields: &["gym", "football", "rugby", "cricket", "boxing", "leisure centre", "sports", "golf", "swimming",
            "fitness", "racing"],
    },
    Sector {
        one: "faith worker", more: "faith workers",
        jobs: &[
            "vicar", "priest", "parish priest", "curate", "rector", "minister", "pastor", "reverend", "deacon",
            "bishop", "archbishop", "dean", "canon", "chaplain", "preacher", "lay preacher", "lay reader", "nun",
            "monk", "friar", "abbot", "abbess", "missionary", "rabbi", "cantor", "imam", "hafiz", "granthi", "pujari",
            "torah scribe", "hafiz teacher", "verger", "sexton", "churchwarden", "church warden",
            "church organist", "choirmaster", "precentor", "bell ringer", "temple trustee", "celebrant", "theologian",
            "clergyman", "clergywoman", "evangelist", "bishop's chauffeur",
        ],
        fields: &["church", "temple", "mosque", "synagogue", "cathedral", "parish", "gurdwara"],
    },
    Sector {
        one: "public office holder", more: "public office holders",
        jobs: &[
            "mp", "msp", "mla", "member of parliament", "politician", "councillor", "parish councillor",
            "town councillor", "county councillor", "mayor", "lord mayor", "mayoress", "alderman",
            "government minister", "cabinet minister", "prime minister", "ambassador", "diplomat", "attache", "consul",
            "high sheriff", "lord lieutenant", "deputy lord lieutenant", "peer",
            "baroness", "lord", "council leader", "parish clerk", "town clerk", "mp's aide",
            "police and crime commissioner", "trade union official", "union rep", "union official", "laird",
            "high commissioner",
        ],
        fields: &["embassy", "parliament", "ministry"],
    },
    Sector {
        one: "science or technology worker", more: "science or technology workers",
        jobs: &[
            "scientist", "engineer", "civil engineer", "structural engineer", "electrical engineer",
            "mechanical engineer", "aerospace engineer", "software engineer", "software developer", "developer",
            "programmer",
            "computer programmer", "web designer", "web developer", "systems analyst", "data analyst", "data scientist",
            "analyst", "physicist", "biologist", "botanist", "zoologist", "geologist", "astronomer",
            "mathematician", "statistician", "metallurgist", "meteorologist", "archaeologist", "ecologist",
            "researcher", "research scientist", "lab technician", "laboratory technician", "laboratory assistant",
            "technician", "draughtsman", "draughtswoman", "cartographer", "historian", "telephone engineer",
            "telecoms engineer", "computer technician", "it consultant", "it manager", "it technician",
            "industrial chemist", "research chemist", "chemical engineer", "sound engineer", "design engineer",
            "technical author", "chartered surveyor of land", "hydrologist", "wireless operator",
        ],
        fields: &["it", "software", "computer", "lab", "laboratory", "research", "science", "engineering", "telecoms"],
    },
    Sector {
        one: "personal services worker", more: "personal services workers",
        jobs: &[
            "hairdresser", "barber", "hair stylist", "beautician", "beauty therapist", "nail technician",
            "nail bar technician", "lash technician", "makeup artist", "make up artist", "tattooist", "tattoo artist",
            "masseur", "masseuse", "massage therapist", "aromatherapist", "cleaner", "domestic", "domestic cleaner",
            "caretaker", "janitor", "laundry worker", "dry cleaner", "undertaker", "funeral director",
            "embalmer", "gravedigger", "grave digger", "crematorium worker", "refuse collector", "bin man", "binman",
            "dustman", "road sweeper", "roadsweeper", "street cleaner", "pest controller", "taxidermist",
            "fortune teller", "wedding planner", "sex worker", "prostitute", "valet", "car valeter",
        ],
        fields: &["salon", "nail bar", "beauty", "laundry", "cleaning", "hair", "barber", "funeral"],
    },
    Sector { one: "student", more: "students", jobs: &["student", "phd student", "undergraduate", "postgraduate",
        "postgraduate student", "schoolboy", "schoolgirl", "pupil", "head boy", "head girl"], fields: &[] },
    Sector { one: "homemaker", more: "homemakers", jobs: &["housewife", "househusband", "house husband", "homemaker",
        "home maker"], fields: &[] },
];

/// Words for anybody's job, which say nothing until a word before them names the place.
#[rustfmt::skip]
const ANY_JOB: &[&str] = &[
    "owner", "manager", "manageress", "worker", "supervisor", "assistant", "operator", "operative", "technician",
    "boss", "hand", "staff", "proprietor", "director", "foreman", "rep", "inspector", "instructor",
    "attendant", "contractor", "officer", "clerk", "engineer", "consultant", "secretary", "receptionist",
    "administrator", "employee", "trainer", "porter", "guard", "volunteer", "trustee", "adviser", "advisor", "dealer",
    "mate", "executive", "controller", "handler", "driver", "fitter", "crew",
];

/// Whether somebody still is or already is what they are said to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Now,
    Retired,
    Former,
    Trainee,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Now, Self::Retired, Self::Former, Self::Trainee];

    const fn prefix(self) -> &'static str {
        match self {
            Self::Now => "",
            Self::Retired => "retired ",
            Self::Former => "former ",
            Self::Trainee => "trainee ",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "retired" | "retd" | "ret'd" | "ret" => Self::Retired,
            "ex" | "former" | "formerly" | "previously" | "onetime" => Self::Former,
            "trainee" | "apprentice" | "student" => Self::Trainee,
            _ => return None,
        })
    }
}

pub(super) fn sector(words: &str) -> Option<String> {
    if bracketed(words).is_some_and(is_sector) {
        return Some(words.to_owned());
    }
    let text = Text::new(words)?;
    let tokens = text.tokens();
    let mut names: &[&str] = &tokens.iter().map(|token| token.text).collect::<Vec<_>>();
    let mut stage = Stage::Now;
    while let [first, rest @ ..] = names
        && let Some(found) = Stage::of(first)
        && !rest.is_empty()
    {
        if stage == Stage::Now {
            stage = found;
        }
        names = rest;
    }
    while let [rest @ .., last] = names
        && let Some(found @ (Stage::Retired | Stage::Former)) = Stage::of(last)
        && !rest.is_empty()
    {
        stage = found;
        names = rest;
    }
    let (sector, plural) = find(names)?;
    let noun = if plural { sector.more } else { sector.one };
    Some(format!("[{}{noun}]", stage.prefix()))
}

/// The sector of an occupation, and whether several people have it.
fn find(names: &[&str]) -> Option<(&'static Sector, bool)> {
    let (last, before) = names.split_last()?;
    let forms = singulars(last);
    // The longest run of words up to the end that is an occupation.
    for start in 0..names.len() {
        for (at, form) in forms.iter().enumerate() {
            let lead = names.get(start..names.len() - 1)?;
            let bare = lead.is_empty() && ANY_JOB.contains(&form.as_str()) && !before.is_empty();
            if bare
                && let Some(sector) =
                    by_phrase(before).or_else(|| before.iter().rev().find_map(|word| by_field(word)))
            {
                return Some((sector, at > 0));
            }
            let job = lead.iter().copied().chain([form.as_str()]).collect::<Vec<_>>().join(" ");
            if let Some(sector) = SECTORS.iter().find(|sector| sector.jobs.contains(&job.as_str())) {
                return Some((sector, at > 0));
            }
        }
    }
    None
}

fn by_field(word: &str) -> Option<&'static Sector> {
    SECTORS.iter().find(|sector| sector.fields.contains(&word))
}

/// The sector of two words that name it together, nearest to the end.
fn by_phrase(words: &[&str]) -> Option<&'static Sector> {
    words.windows(2).rev().find_map(|pair| by_field(&pair.join(" ")))
}

/// The word itself, and what it may be the plural of.
fn singulars(word: &str) -> Vec<String> {
    let mut all = vec![word.to_owned()];
    if let Some(stem) = word.strip_suffix("men") {
        all.push(format!("{stem}man"));
    }
    if let Some(stem) = word.strip_suffix("ies") {
        all.push(format!("{stem}y"));
    }
    if let Some(stem) = word.strip_suffix("ves") {
        all.push(format!("{stem}fe"));
    }
    if let Some(stem) = word.strip_suffix("es") {
        all.push(stem.to_owned());
    }
    if let Some(stem) = word.strip_suffix('s').filter(|stem| stem.len() > 1) {
        all.push(stem.to_owned());
    }
    all
}

/// Whether the words are what an occupation becomes.
fn is_sector(inner: &str) -> bool {
    Stage::ALL.iter().any(|stage| {
        inner
            .strip_prefix(stage.prefix())
            .is_some_and(|noun| SECTORS.iter().any(|sector| noun == sector.one || noun == sector.more))
    })
}

#[cfg(test)]
pub(super) fn jobs() -> Vec<&'static str> {
    SECTORS.iter().flat_map(|sector| sector.jobs.iter().copied()).collect()
}
