"""Fresh values for the spans of training messages: numbers that cannot be a patient's, places, dates, ages and so on.

Every function takes the text of a span and gives another of the same shape, or the text itself where its shape is not
understood. The slots are those of crates/presend-eval/src/gold/slots.rs, in more of the layouts that people write.
"""

from __future__ import annotations

import gzip
import random
import re
import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
DICTIONARIES = HERE.parents[1] / "crates" / "presend-detect" / "dictionaries"

MONTHS = "January February March April May June July August September October November December".split()
FEASTS = (
    "Christmas Day|Boxing Day|New Year's Eve|New Year|Easter Monday|Good Friday|Hogmanay|Christmas Eve|St Patrick's Day|Easter|Eid|"
    "Diwali|Bonfire Night|Pancake Day|Xmas Day|Halloween|Vaisakhi|St David's Day|Burns Night|Yom Kippur|Ash Wednesday|Whit Monday"
).split("|")
UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
LANGUAGES = (
    "Polish Urdu Punjabi Gujarati Bengali Arabic Romanian Tamil Somali Portuguese Turkish Spanish French Italian Farsi Pashto Dari "
    "Tigrinya Amharic Yoruba Igbo Hausa Twi Shona Swahili Cantonese Mandarin Vietnamese Tagalog Lithuanian Latvian Bulgarian "
    "Hungarian Slovak Albanian Kurdish Sorani Ukrainian Russian Greek Hindi Nepali Malayalam Telugu Sinhala Yiddish Welsh Lingala "
    "Oromo Pothwari Sylheti BSL"
).split()
NATIONS = (
    "Polish Irish Welsh Scottish Nigerian Ghanaian Jamaican Pakistani Bangladeshi Indian Romanian Lithuanian Somali Eritrean "
    "Ethiopian Sudanese Iranian Afghan Syrian Iraqi Kurdish Turkish Chinese Vietnamese Filipino Nepali Italian Greek Portuguese "
    "Brazilian Colombian Spanish Ukrainian Russian Zimbabwean Kenyan Ugandan Congolese Gambian Trinidadian Bajan Cypriot Albanian "
    "Bulgarian Roma Caribbean"
).split()
FAITHS = (
    "Catholic Muslim Hindu Sikh Jewish Methodist Baptist Anglican Pentecostal Buddhist Quaker Jain Mormon Rastafarian Orthodox "
    "Presbyterian Evangelical Atheist Humanist Shia Sunni Haredi Ahmadi Bahai Adventist"
).split()
LANDMARKS = set(
    "road rd street st lane station stn bridge roundabout junction flyover park pier harbour services market square common gardens "
    "beach centre hill green bypass underpass docks moor woods estate prom nightclub quay basin viaduct parade cross flats bank".split()
)
SAINTS = "Mary John Thomas Luke Anne Margaret Peter Michael Catherine Hilda Cuthbert Oswald Bride Columba Mungo Teilo Piran Chad".split()
TREES = "Oak Ash Elm Beech Willow Holly Rowan Hazel Thorn Heather Brook Spring River Meadow West North Sunny Fair Green Stone Mill".split()
TREE_ENDS = "field wood bank view dale brook croft mead ham hurst lea side gate cliffe mount lands well ton".split()
STREETS = "Church Station High Mill Victoria Albert Park Queen's King's Chapel Manor School Cemetery London Nelson Alma Gladstone".split()
HOUSES = (
    "The Old Forge|Rose Cottage|The Bungalow|Hillcrest|Sea View|Ty Gwyn|Bryn Awel|The Old Rectory|Woodside|Hill Top Farm|Braeside|"
    "Lane End Cottage|The Lodge|Fern Bank|The Haven|Orchard Cottage|Manor Farm|Pen y Bryn|Lochview|The Hollies"
).split("|")
AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU HA HD "
    "HG HP HR HU HX IG IP IV KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S "
    "SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO"
).split()
MAIL_HOSTS = "postbag.example mailbox.example webpost.example trust.nhs.uk.example inboxuk.example hosp.example ourmail.example".split()


def either(words: list[str]) -> str:
    """Gives a pattern for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


SMALL_NUMBER = rf"(?:(?:{either(TENS[2:])})(?:[ -](?:{either(UNITS[1:10])}))?|{either(UNITS[1:])})"
NUMBER_WORDS = re.compile(rf"\b{SMALL_NUMBER}\b", re.IGNORECASE)
THREE_NUMBERS = re.compile(rf"({SMALL_NUMBER})(\W+)({SMALL_NUMBER})(\W+)({SMALL_NUMBER})", re.IGNORECASE)
ORDINAL_WORDS = re.compile(rf"\b(?:(?:twenty|thirty)[ -])?(?:{either(ORDINALS[1:])})\b", re.IGNORECASE)
DIGIT_WORDS = re.compile(rf"\b(?:{either(UNITS[:10])}|oh)\b", re.IGNORECASE)
BEFORE_STREET = re.compile(rf"\W*(?:\S*\d\S*|{SMALL_NUMBER}|oh|[a-z]|flat|no\.?|number|unit|caravan|plot)", re.IGNORECASE)
MONTH_NAMES = re.compile(rf"\b(?:{either(MONTHS + [month[:3] for month in MONTHS] + ['Sept'])})\b", re.IGNORECASE)


# ---------------------------------------------------------------------------------------------------------------------
# Words


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Gives a text in lower case and without accents, for comparing."""
    return unaccented(text.lower()).replace("’", "'")


def unaccented(text: str) -> str:
    """Gives a text without its accents."""
    if text.isascii():
        return text
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.translate(str.maketrans("łŁøØđĐıß", "lLoOdDis"))


def titled(text: str) -> str:
    """Gives capitals to the words of a lower-case name, and to the whole of what cannot be a word."""
    words = []
    for at, word in enumerate(text.split(" ")):
        if at and word in {"of", "and", "the", "on", "upon", "in", "le", "for", "by"}:
            words.append(word)
        elif not re.search("[aeiouy]", word) and word.isalpha() and word.isascii() and word not in {"st", "mt", "dr"}:
            words.append(word.upper())
        else:
            words.append(re.sub(r"(^|[-(&])(\w)", lambda m: m[1] + m[2].upper(), word))
    return " ".join(words)


def match_case(old: str, new: str) -> str:
    """Writes `new` in the case that `old` has."""
    if old.isupper() and (len(old) > 1 or len(new) == 1):
        return new.upper()
    if old.islower():
        return new.lower()
    return titled(new) if new.islower() and old[:1].isupper() else new


def say(number: int) -> str:
    """Says a number below a hundred in words."""
    tens, units = divmod(number, 10)
    return UNITS[number] if number < 20 else TENS[tens] + (f" {UNITS[units]}" if units else "")


def ordinal(number: int) -> str:
    """Writes a number as 1st, 2nd, 3rd."""
    return f"{number}{'th' if number // 10 == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def say_ordinal(number: int) -> str:
    """Says a day in words: twenty first."""
    return ORDINALS[number] if number <= 20 else f"{TENS[number // 10]} {ORDINALS[number % 10]}"


def lines_of(path: Path) -> list[str]:
    """Reads a list of presend-detect without its comments."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


@dataclass
class Lists:
    """The names, places and organisations that replacements are drawn from."""

    names: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    grades: dict[str, tuple[int, int]] = field(default_factory=dict)
    places: dict[int, list[str]] = field(default_factory=dict)
    abroad: list[str] = field(default_factory=list)
    place_set: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    known_orgs: dict[str, list[str]] = field(default_factory=dict)
    wards: list[str] = field(default_factory=list)
    professions: list[str] = field(default_factory=list)
    street_types: set[str] = field(default_factory=set)
    practices: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, practices: Path | None = None) -> Lists:
        """Reads names.tsv and the lists of presend-detect, and a table of GP practices where one is given."""
        made, own = cls(), DICTIONARIES / "own"
        for line in lines_of(HERE / "names.tsv")[1:]:
            group, kind, name, _ = line.split("\t")
            made.names.setdefault(group, {"given": [], "surname": []})[kind].append(name)
        made.groups = [*made.names, "rare"]
        for line in lines_of(DICTIONARIES / "lists" / "names.tsv"):
            name, given, surname = line.split("\t")
            made.grades[name] = (int(given), int(surname))
        for line in lines_of(DICTIONARIES / "lists" / "places.tsv"):
            name, band, country = line.split("\t")
            made.place_set.add(name)
            (made.abroad if country == "xx" else made.places.setdefault(int(band), [])).append(titled(name))
        made.heads = {head for kind in ("strong", "weak") for head in lines_of(own / f"org_heads_{kind}.txt")} | {"& daughters"}
        for file in ("hospitals", "services"):
            entries, alike = lines_of(own / f"{file}.txt"), {}
            for entry in entries:
                short = len(entry) < 6 and len(re.findall("[aeiou]", entry)) < 2 and entry not in made.grades
                alike.setdefault(len(entry.split()), []).append(entry.upper() if short else titled(entry))
            made.known_orgs |= {entry: alike[len(entry.split())] for entry in entries}
        made.wards = [name for name in lines_of(own / "ward_names.txt") if " " not in name and name != "bay"]
        made.professions = lines_of(own / "professions.txt")
        made.street_types = {*lines_of(own / "street_types.txt"), *lines_of(own / "buildings.txt")}
        if practices:
            made.practices = practice_stems(practices)
        return made

    def place(self, rng: random.Random) -> str:
        """Draws a place of the UK or Ireland, towns oftener than villages."""
        return rng.choice(self.places[rng.choices((0, 1, 2, 3, 4), (1, 2, 3, 4, 2))[0]])

    def surname(self, rng: random.Random) -> str:
        """Draws a surname such as streets and firms in Britain carry."""
        return rng.choice(self.names[rng.choice(("english", "scottish", "welsh", "irish"))]["surname"])

    def stem(self, rng: random.Random) -> str:
        """Draws the part of an organisation's name that tells it from others."""
        kind = rng.random()
        if self.practices and kind < 0.3:
            return rng.choice(self.practices)
        if kind < 0.5:
            return self.surname(rng)
        if kind < 0.7:
            return self.place(rng)
        if kind < 0.85:
            return f"St {rng.choice(SAINTS)}'s" if kind < 0.78 else titled(rng.choice(self.wards))
        return rng.choice(TREES) + rng.choice(TREE_ENDS)

    def name(self, group: str, kind: str, rng: random.Random) -> str:
        """Draws a name of a group; the group `rare` joins the head of one real name to the tail of another."""
        if group != "rare":
            return rng.choice(self.names[group][kind])
        pool = self.names[rng.choice(self.groups[:-1])][kind]
        while True:
            head = re.match(r"[^\W\d_]*?[aeiouy]+", rng.choice(pool))
            tail = re.search(r"[^\W\d_aeiouy][^\W\d_]*$", rng.choice(pool)[2:])
            if head and tail and len(made := head[0] + tail[0]) < 13:
                return made.capitalize()


def practice_stems(path: Path) -> list[str]:
    """Reads the telling parts of GP practices' names from a table whose second column they are."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as table:
        names = [line.split("\t")[1].lower() for line in table]
    end = re.compile(r"^the | (?:(?:medical|health|family|group|gp) )?(?:surgery|practice|centre|partnership|group)$")
    stems = {end.sub("", name) for name in names}
    dull = re.compile(r"\b(?:clinic|community|team|services?|ltd|nhs|hub|care|gp|walk|primary|iv|out|hospital|medical|dr|drs)\b")
    return sorted(titled(stem) for stem in stems if re.fullmatch(r"[a-z' ]{4,20}", stem) and not dull.search(stem))


# ---------------------------------------------------------------------------------------------------------------------
# Numbers

TEN_DIGITS = (
    "### ### ####|### ### ####|##########|##########|###-###-####|###.###.####|### #######|######  ####|#### ### ###|###  ###  ####"
)
LAYOUTS = {
    name: layouts.split("|")
    for name, layouts in {
        "nhs": TEN_DIGITS,
        "nhsraw": "##########",
        "hsc": TEN_DIGITS,
        "chi": "##########|##########|###### ####|######-####|### ### ####",
        "mobile": "0##########|0#### ######|0#### ### ###|0####-###-###|+44##########|+44 #### ######|+44 (0)#### ######|"
        "0044 #### ######|0#### ## ## ##|0####.###.###|44##########",
        "area of 2": "0## #### ####|0##########|(0##) #### ####|0##-####-####|+44 ## #### ####|0## ########",
        "area of 3": "0### ### ####|0##########|(0###) ### ####|0###-###-####|+44 ### ### ####|0### #######",
        "area of 4": "0#### ######|0##########|(0####) ######|0####-######|+44 #### ######|0#### ### ###",
        "ubrn": "#### #### ####|####-####-####|############",
        "sortcode": "##-##-##|## ## ##|######",
        "nino": "#########|## ## ## ## #|## ###### #|##-##-##-##-#|## ## ## ###",
        "iban": "#### #### #### #### #### ##|######################",
        "card of 16": "#### #### #### ####|################|####-####-####-####",
        "card of 15": "#### ###### #####|###############",
    }.items()
}
MRN_SHAPES = (
    "@###### @####### ####### ###### 00###### ######## D###### RX####### @@###### R@@####### ######@ @##/##### ###-###"
).split()
# Ofcom's numbers for drama, but for their last three digits.
LANDLINES = (
    "2079460 2896496 2920180 1134960 1144960 1154960 1164960 1174960 1214960 1314960 1414960 1514960 1614960 1914980 1632960"
).split()
RECORD_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def digits(rng: random.Random, count: int) -> str:
    """Draws that many digits."""
    return f"{rng.randrange(10**count):0{count}}"


def letters(rng: random.Random, count: int, of: str = RECORD_LETTERS) -> str:
    """Draws that many capital letters."""
    return "".join(rng.choices(of, k=count))


def lay_out(characters: str, layout: str) -> str:
    """Puts the characters in place of the layout's #."""
    after = iter(characters)
    return "".join(next(after) if c == "#" else c for c in layout)


def check_digit(nine: str) -> int:
    """Gives the Modulus 11 check digit of nine digits; 10 means that there is none."""
    return (11 - sum(int(c) * weight for c, weight in zip(nine, range(10, 1, -1))) % 11) % 11


def with_check_digit(draw: Callable[[], str]) -> str:
    """Adds a check digit to nine drawn digits, drawing again where there is none."""
    while (check := check_digit(nine := draw())) == 10:
        pass
    return f"{nine}{check}"


def slot(name: str, rng: random.Random) -> str:
    """Fills one slot, in one of the layouts that people write."""
    layouts = name
    match name:
        case "nhs" | "nhsraw":
            number = with_check_digit(lambda: "999" + digits(rng, 6))
        case "hsc":
            number = with_check_digit(lambda: f"{rng.randrange(320, 400)}{digits(rng, 6)}")
        case "chi":
            number = with_check_digit(lambda: f"{rng.randrange(1, 29):02}{rng.randrange(1, 13):02}{digits(rng, 5)}")
        case "mobile":
            number = "7700900" + digits(rng, 3)
        case "landline":
            area = rng.choice(LANDLINES)
            number = area + digits(rng, 3)
            layouts = "area of 2" if area[0] == "2" else "area of 4" if area.startswith("1632") else "area of 3"
        case "mrn":
            return re.sub("[#@]", lambda m: digits(rng, 1) if m[0] == "#" else letters(rng, 1), rng.choice(MRN_SHAPES))
        case "gmc":
            return f"{rng.randrange(1, 8)}{digits(rng, 6)}"
        case "nmc":
            return f"{rng.randrange(25):02}{letters(rng, 1, 'ABCDEFGHIJKL')}{digits(rng, 4)}{letters(rng, 1, 'ENOSW')}"
        case "nino":
            prefix = "BG"
            while prefix in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}:
                prefix = letters(rng, 1, "ABCEGHJKLMNOPRSTWXYZ") + letters(rng, 1, "ABCEGHJKLMNPRSTWXYZ")
            number = f"{prefix}{digits(rng, 6)}{letters(rng, 1, 'ABCD')}"
        case "ubrn":
            number = "000" + digits(rng, 9)
        case "card":
            prefix = rng.choice(("411111", "424242", "555555", "222300", "378282"))
            layouts = "card of 15" if prefix == "378282" else "card of 16"
            number = prefix + digits(rng, 8 if prefix == "378282" else 9)
            luhn = sum(sum(divmod(int(c) * (2 - at % 2), 10)) for at, c in enumerate(reversed(number)))
            number += str(-luhn % 10)
        case "sortcode":
            number = digits(rng, 6)
        case "account":
            return digits(rng, 8)
        case "iban":
            account = rng.choice(("NWBK", "BARC", "LOYD", "MIDL", "ABBY")) + digits(rng, 14)
            number = f"GB{98 - int(''.join(str(int(c, 36)) for c in account + 'GB00')) % 97:02}{account}"
        case _:
            raise ValueError(f"unknown slot {name}")
    return lay_out(number, rng.choice(LAYOUTS[layouts]))


def spell(number: str, rng: random.Random) -> str:
    """Says digits and letters one by one, as dictation does: oh double seven."""
    zero, pairs, words, at = rng.choice(("oh", "zero")), rng.random() < 0.6, [], 0
    characters = [c for c in number if c.isalnum()]
    while at < len(characters):
        c = characters[at]
        word = zero if c == "0" else UNITS[int(c)] if c.isdigit() else c.lower()
        twice = pairs and c.isdigit() and characters[at + 1 : at + 2] == [c]
        words.append(f"double {word}" if twice else word)
        at += 1 + twice
    return " ".join(words)


def redraw(text: str, rng: random.Random, letters_too: bool | None = None) -> str:
    """Draws other digits, at times other letters, in the same pattern; ten digits never pass for an NHS number."""
    if not re.search(r"\d", text):
        said = len(DIGIT_WORDS.findall(text)) > 2
        return DIGIT_WORDS.sub(lambda m: match_case(m[0], UNITS[rng.randrange(10)]), text) if said else text
    if re.fullmatch(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}", text):
        return re.sub(r"[^:]", lambda m: rng.choice("0123456789abcdef" if text.islower() else "0123456789ABCDEF"), text)
    letters_too = rng.random() < 0.4 if letters_too is None else letters_too
    while True:
        drawn = re.sub(r"\d", lambda m: "0" if m[0] == "0" and m.start() == 0 else rng.choice(string.digits), text)
        if letters_too:
            drawn = re.sub(r"(?<![A-Za-z])[A-Za-z]{1,3}(?![A-Za-z])", lambda m: match_case(m[0], letters(rng, len(m[0]))), drawn)
        plain = re.sub(r"\D", "", drawn)
        if len(plain) != 10 or check_digit(plain[:9]) != int(plain[9]):
            return drawn


# ---------------------------------------------------------------------------------------------------------------------
# The labels


def new_place(text: str, lists: Lists, rng: random.Random) -> str:
    """Draws another place, street or landmark."""
    words, known = text.split(), fold(text)
    if re.fullmatch(r"[ABM]\d{1,4}", text, re.IGNORECASE):
        return redraw(text, rng, False)
    if known in lists.place_set:
        return match_case(text, rng.choice(lists.abroad) if titled(known) in lists.abroad else lists.place(rng))
    if len(words) > 1 and fold(words[-1]) in LANDMARKS:
        return match_case(text, f"{rng.choice(STREETS) if rng.random() < 0.4 else lists.place(rng)} {words[-1]}")
    return match_case(text, lists.place(rng)) if len(words) < 3 and not re.search(r"\d", text) else text


def new_organisation(text: str, lists: Lists, rng: random.Random) -> str:
    """Draws another name for the same kind of organisation."""
    known, words = fold(text), text.split()
    if known in lists.known_orgs:
        return match_case(text, rng.choice(lists.known_orgs[known]))
    if len(words) > 1 and fold(words[0]) in {"ysgol", "meddygfa", "ysbyty", "hmp", "hotel", "nuffield", "priory"}:
        return match_case(text, f"{words[0]} {lists.place(rng)}")
    for count in range(min(4, len(words) - 1), 0, -1):
        tail = " ".join(words[-count:])
        if fold(tail) in lists.heads:
            return match_case(text, f"{lists.stem(rng)} {tail}")
    if len(words) == 1:
        return match_case(text, lists.stem(rng)) if text.isalpha() else text
    if fold(words[0]) in {"st", "saint", "st."}:
        return match_case(text, " ".join([words[0], rng.choice(SAINTS) + "'s" * known.endswith("s"), *words[2:]]))
    if fold(words[0]) in {"our", "the", "royal", "queen", "king", "sir", "little", "old", "boots", "tesco"}:
        return text
    return match_case(text, " ".join([lists.stem(rng), *words[1:]]))


def new_address(text: str, lists: Lists, rng: random.Random) -> str:
    """Draws other numbers and another street or house, part by part between commas."""
    parts = []
    for part in text.split(","):
        if len(DIGIT_WORDS.findall(part)) > 2:
            part = DIGIT_WORDS.sub(lambda m: match_case(m[0], UNITS[rng.randrange(10)]), part)
        else:
            part = NUMBER_WORDS.sub(lambda m: match_case(m[0], say(rng.randrange(1, 100))), part)
        part = re.sub(r"\d+", lambda m: str(rng.randrange(1, 10 ** min(len(m[0]), 3))), part)
        words, name = part.split(), 0
        while name < len(words) and BEFORE_STREET.fullmatch(words[name]):
            name += 1
        if fold(part.strip()) in map(fold, HOUSES):
            part = match_case(part, rng.choice(HOUSES))
        elif name < len(words) - 1 and fold(words[-1]).rstrip(".") in lists.street_types:
            kind = rng.random()
            stem = lists.surname(rng) if kind < 0.3 else lists.place(rng) if kind < 0.5 else rng.choice(STREETS if kind < 0.8 else TREES)
            street = match_case(" ".join(words[name:]), f"{stem} {words[-1]}")
            part = part[: len(part) - len(part.lstrip())] + " ".join([*words[:name], street])
        parts.append(part)
    return ",".join(parts)


def new_postcode(text: str, rng: random.Random) -> str:
    """Draws another postcode or outward code."""
    if not (m := re.fullmatch(r"[A-Za-z]{1,2}(\d[\dA-Za-z]?)(?:(\s?)\d[A-Za-z]{2})?", text)):
        return text
    inward = "" if m[2] is None else m[2] + digits(rng, 1) + letters(rng, 2, "ABDEFGHJLNPQRSTUWXYZ")
    return match_case(text, f"{rng.choice(AREAS)}{rng.randrange(1, 10 if len(m[1]) == 1 else 30)}{inward}")


FULL_DATES = (
    "{d}/{m}/{y}|{d:02}/{m:02}/{y}|{d}/{m}/{yy}|{d:02}.{m:02}.{y}|{d}.{m}.{yy}|{d} {mon} {y}|{nth} {month} {y}|{d:02}-{mon}-{y}|"
    "{d:02}-{m:02}-{y}|{d} {mon} {yy}|{d} {m} {yy}|{y}-{m:02}-{d:02}|{nth} of {month} {y}|{d:02}{m:02}{yy}|{d:02} {m:02} {y}"
).split("|")
DAY_DATES = "{nth} {mon}|{d} {mon}|{d} {month}|{nth} of {month}|{d:02}/{m:02}|{d}/{m}|{mon} {nth}".split("|")


def new_date(text: str, rng: random.Random, birth: bool, other_form: bool) -> str:
    """Draws another date, in the same form or another common one."""
    day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(1925, 2025) if birth else rng.randrange(2016, 2027)
    short, long = MONTHS[month - 1][:3], MONTHS[month - 1]
    if fold(text).replace("'", "") in {fold(feast).replace("'", "") for feast in FEASTS}:
        return match_case(text, rng.choice(FEASTS))
    numeric = re.fullmatch(r"(\d{1,2})([/.\- ])(\d{1,2})(?:\2(\d\d|\d{4}))?", text)
    named = re.fullmatch(r"\d{1,2}(st|nd|rd|th)?((?: of)?[ -])([A-Za-z]+)(?:([ -]['’]?)(\d\d|\d{4}))?", text, re.IGNORECASE)
    if (numeric and not numeric[4]) or (numeric and not other_form):
        width = 2 if "0" in (text[0], numeric[3][0]) else 1
        if not numeric[4] and width == 1 and month in {7, 12}:  # 3/7 and 4/12 would be durations
            month = rng.choice((3, 5, 9, 10))
        return numeric[2].join([f"{day:0{width}}", f"{month:0{width}}"] + ([str(year)[-len(numeric[4]) :]] if numeric[4] else []))
    if other_form and (numeric or named):
        form = rng.choice(FULL_DATES if numeric or (named and named[5]) else DAY_DATES)
        made = form.format(d=day, m=month, y=year, yy=f"{year % 100:02}", nth=ordinal(day), month=long, mon=short)
        return made.lower() if text.islower() else made

    def new_month(m: re.Match[str]) -> str:
        return match_case(m[0], long if len(m[0]) > 4 or fold(m[0]) in {"june", "july"} else short)

    if named and MONTH_NAMES.fullmatch(named[3]):
        first = ordinal(day) if named[1] else f"{day:02}" if text[0] == "0" else str(day)
        last = named[4] + str(year)[-len(named[5]) :] if named[5] else ""
        return first + named[2] + MONTH_NAMES.sub(new_month, named[3]) + last
    if m := re.fullmatch(r"\d{4}(-?)\d\d(-?)\d\d", text):
        return f"{year}{m[1]}{month:02}{m[2]}{day:02}"
    if re.fullmatch(r"\d{6}", text):
        return f"{day:02}{month:02}{year % 100:02}"
    if m := THREE_NUMBERS.fullmatch(text):
        return match_case(text, f"{say(day)}{m[2]}{say(month)}{m[4]}{say(max(year % 100, 10))}")
    days = iter((day, month) if " of the " in text else range(min(day, 24), 60))
    made = MONTH_NAMES.sub(new_month, text)
    if len(ORDINAL_WORDS.findall(made)) in {1, 2}:  # "fourth", "fourth of the fifth"
        said = iter((day, month))
        made = ORDINAL_WORDS.sub(lambda m: match_case(m[0], say_ordinal(next(said))), made)
    made = re.sub(r"\b(?:19|20)\d\d\b", str(year), made)
    made = re.sub(r"(?<=['’])\d\d\b", f"{year % 100:02}", made)
    made = re.sub(r"(?i)\b\d{1,2}(?:st|nd|rd|th)\b", lambda m: ordinal(min(next(days), 28)), made)
    return re.sub(r"(?<!['’\d])\b\d{1,2}\b(?!\d)", lambda m: str(min(next(days), 28)), made)


def new_age(text: str, after: str, rng: random.Random, other_form: bool) -> str:
    """Draws another age in the same unit; a bare number may gain a unit."""
    unit = re.search(r"(?i)(?:\b|\d)(?:(d|h)(?:ays?|ours?|rs?)?\b|(w)\w*|(m)(?:\b|o|th|nth)|\d/(?:(7)|(52)|(12)))", text)
    old = re.search(r"\d+", text)
    child = int(old[0]) < 18 if old else bool(re.search(r"half|quarter", text)) or fold(text).split(" ")[0] in UNITS[:18]
    low, high = (1, 18) if child else (18, 100)
    if unit:
        low, high = 1, 28 if unit[1] or unit[4] else 20 if unit[2] or unit[5] else 23
    number = rng.randrange(low, high)
    if re.fullmatch(r"\d\d ?'?s", text):
        return f"{rng.randrange(2, 10)}{text[1:]}".replace(text[1], "0", 1)
    if m := re.fullmatch(r"\d+(?:st|nd|rd|th)", text):
        return ordinal(number)
    if text.isdigit() and other_form and not re.match(r"\w|['’/.+-]|\s*(?:y|m|d|w)", after):
        return f"{number}{rng.choice((' yo', 'yo', 'y', 'yrs', ' yrs', ' years old', ' yr old', 'y/o', '-year-old', ' y/o'))}"
    if len(re.findall(r"(?<![/\d])\d+", text)) == 1 and not re.match(r"\d{3}|0", text):
        return re.sub(r"\d+", str(number), text, count=1)
    return NUMBER_WORDS.sub(lambda m: match_case(m[0], say(number)), text) if len(NUMBER_WORDS.findall(text)) == 1 else text


def new_ward(text: str, lists: Lists, rng: random.Random) -> str:
    """Draws other numbers, letters and ward names."""
    made = re.sub(r"\d+", lambda m: str(rng.randrange(1, 36)) if int(m[0]) < 40 else redraw(m[0], rng), text)
    made = NUMBER_WORDS.sub(lambda m: match_case(m[0], say(rng.randrange(1, 33))), made)
    made = re.sub(r"\b[A-F](?=\d*\b)", lambda m: rng.choice("ABCDEF"), made)
    return re.sub(r"[A-Za-z]{3,}", lambda m: match_case(m[0], rng.choice(lists.wards)) if fold(m[0]) in lists.wards else m[0], made)


def like(old: str, draw: Callable[[], str]) -> str:
    """Draws a word that begins with a vowel where the old one does, so that 'a' and 'an' before it stay right."""
    for _ in range(20):
        if ((word := draw())[0].lower() in "aeiou") == (old[0].lower() in "aeiou"):
            return match_case(old, word)
    return old


def new_profession(text: str, lists: Lists, rng: random.Random) -> str:
    """Draws another occupation, keeping 'retired' and 'ex-'."""
    lead = re.match(r"(?i)(?:(?:retired|former|ex)[ -])?", text)
    lead = lead[0] if lead else ""
    old = text[len(lead) :]
    if not old or (old.endswith("s") and not lead):
        return text
    return lead + like(old, lambda: rng.choice(lists.professions))


def new_demographic(text: str, rng: random.Random) -> str:
    """Draws another language, nation or faith for one of these."""
    kinds = [words for words in (LANGUAGES, NATIONS, FAITHS) if titled(text.lower()) in words]
    return like(text, lambda: rng.choice(rng.choice(kinds))) if kinds else text


def handle(lists: Lists, rng: random.Random) -> str:
    """Makes up a user name."""
    group = rng.choice(lists.groups)
    given, surname = (re.sub(r"[^a-z]", "", fold(lists.name(group, kind, rng))) or "sam" for kind in ("given", "surname"))
    forms = f"{given}.{surname} {given[0]}{surname} {given[0]}.{surname} {surname}{given[0]} {given}_{surname} {given}{surname[0]} {given}"
    return rng.choice(forms.split()) + rng.choice(("", "", str(rng.randrange(1, 100)), digits(rng, 2)))


def new_email(text: str, lists: Lists, rng: random.Random) -> str:
    """Draws another address at an invented host."""
    local, at, host = text.partition("@")
    return match_case(text, f"{handle(lists, rng)}@{host if rng.random() < 0.5 else rng.choice(MAIL_HOSTS)}") if at and local else text


def new_phone(text: str, rng: random.Random) -> str:
    """Draws a drama number for a full number, other digits for an extension."""
    if len(re.findall(r"\d", text)) >= 10:
        return slot("mobile" if re.match(r"(?:\+?44|0044|0)[ ()0]*7", text) else "landline", rng)
    if not re.search(r"\d", text) and len(DIGIT_WORDS.findall(text)) >= 7:
        return spell("07700900" + digits(rng, 3), rng)
    drawn = redraw(text, rng, False)
    return text if drawn in {"111", "999", "112", "101", "2222"} else drawn


def new_plate(text: str, rng: random.Random) -> str:
    """Draws another registration mark of the same pattern."""
    if not re.search(r"\d", text):
        return text
    return re.sub(r"[A-Za-z]|\d", lambda m: rng.choice("123456789") if m[0].isdigit() else match_case(m[0], letters(rng, 1)), text)


def new_licence(text: str, lists: Lists, rng: random.Random) -> str:
    """Draws another driving licence number: surname, birth date, initials."""
    if not re.fullmatch(r"[A-Za-z]{5}\d{6}[A-Za-z9]{2}\d[A-Za-z]{2}", text):
        return redraw(text, rng)
    surname = (re.sub("[^A-Z]", "", fold(lists.surname(rng)).upper()) + "99999")[:5]
    born = f"{digits(rng, 1)}{rng.choice((0, 50)) + rng.randrange(1, 13):02}{rng.randrange(1, 29):02}{digits(rng, 1)}"
    return match_case(text, f"{surname}{born}{letters(rng, 2)}9{letters(rng, 2)}")


def renew(label: str, text: str, after: str, other_form: bool, lists: Lists, rng: random.Random) -> str:
    """Draws a fresh value for a span that is not a person's name; labels of no known shape keep theirs."""
    with_lists = {
        "PLACE": new_place,
        "ORGANISATION": new_organisation,
        "ADDRESS": new_address,
        "WARD_BED": new_ward,
        "PROFESSION": new_profession,
        "EMAIL": new_email,
        "DRIVING_LICENCE": new_licence,
    }
    alone = {"POSTCODE": new_postcode, "DEMOGRAPHIC": new_demographic, "PHONE": new_phone, "VEHICLE_REGISTRATION": new_plate}
    if label in with_lists:
        return with_lists[label](text, lists, rng)
    if label in alone:
        return alone[label](text, rng)
    if label in {"DATE", "DATE_OF_BIRTH"}:
        return new_date(text, rng, label == "DATE_OF_BIRTH", other_form)
    if label == "AGE":
        return new_age(text, after, rng, other_form)
    if label == "USERNAME":
        return match_case(text, "@" * text.startswith("@") + handle(lists, rng))
    if label in {"MRN", "OTHER_ID", "DEVICE_ID", "PASSPORT", "PROFESSIONAL_ID", "URL"}:
        return redraw(text, rng, False if label == "URL" else None)
    return text
