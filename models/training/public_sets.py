"""Converts the public labelled sets to presend's labels, as JSON lines.

Usage: python public_sets.py --data ../../../shared/training --out FILE.jsonl --seed 7 [--check]

Each line is {"text", "entities", "known", "source"}. Offsets are Unicode code points, end
exclusive. An entity with "optional" is this label or nothing, and the label "*" says "do not
train here". "known" names the labels of which an unmarked token is known not to be one.
With --check alone the file is only verified and counted.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DICTIONARIES = Path(__file__).resolve().parents[2] / "crates/presend-detect/dictionaries"

LABELS = (
    "PERSON USERNAME NHS_NUMBER CHI_NUMBER HSC_NUMBER NI_NUMBER MRN PROFESSIONAL_ID PASSPORT "
    "DRIVING_LICENCE VEHICLE_REGISTRATION PAYMENT_CARD BANK_ACCOUNT DEVICE_ID OTHER_ID PHONE "
    "EMAIL URL IP_ADDRESS ADDRESS POSTCODE DATE_OF_BIRTH PLACE ORGANISATION WARD_BED DATE AGE "
    "PROFESSION DEMOGRAPHIC"
).split()
MASK = "*"

NAMES_ONLY = ["PERSON", "PLACE", "ORGANISATION"]
TWEETS = ("wnut17_train", "wnut17_dev", "btc_a", "btc_b", "btc_e", "btc_g", "btc_h_first")
FORMAL = ("wikigold", "uner_ewt_dev", "presidio_generated_large")
UNLABELLED = ("mts_dialog", "aci_bench")
# These two sections lost the @ of their handles, so a handle there looks like any word.
BARE_HANDLES = ("btc_a", "btc_b")

MAX_NEGATIVES = 6_000
MAX_WORDS = 60

# Only titles met in these sets: the program's own lists hold "di" and "nana", which are names here.
TITLES = frozenset(
    "mr mrs ms miss mx dr doctor sir lady lord dame prof professor rev reverend fr father "
    "president pres king queen prince princess pope emperor empress saint st sen senator gov "
    "governor rep representative minister chancellor mayor judge justice gen general col colonel "
    "capt captain maj major sgt sergeant lt lieutenant cpl corporal pvt private admiral cmdr "
    "commander chief detective officer bishop archbishop cardinal rabbi imam sheikh sultan coach "
    "aunt auntie aunty uncle grandma grandpa cousin count countess duke duchess baron baroness "
    "earl hon ambassador secretary congressman congresswoman pm prime foreign former ex vice deputy".split()
)

# Countries as tweets write them; bare "us" is a word, so the program's list has it not.
MORE_COUNTRIES = frozenset("us usa uk america britian eu".split()) | {"people's republic of china"}

LETTERS_AFTER = re.compile(r",? (?:MD|M\.D\.?|PhD|Ph\.D\.?|DDS|DVM|RN)$", re.I)

MONTH = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    "Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
# What can be told by its form, whatever the set says of it.
FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("EMAIL", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("URL", re.compile(r"(?:https?://|www\.)[^\s<>\"”’]*[\w/=]", re.I)),
    ("AGE", re.compile(r"\b\d{1,3}(?:[- ]?(?:years?|yrs?)(?:[- ]?old| of age)| ?y/?o)\b", re.I)),
    ("DATE", re.compile(rf"\b{DAY} (?:of )?(?:{MONTH})\b(?:,? \d{{4}}\b)?")),
    ("DATE", re.compile(rf"\b(?:{MONTH})\.? {DAY}(?![\d:.]*\d)(?:,? \d{{4}}\b)?")),
    ("DATE", re.compile(rf"\b(?:{MONTH})(?: of)?,? \d{{4}}\b")),
    # The other months are also names or verbs.
    ("DATE", re.compile(r"\b(?:January|February|July|September|October|November|December)\b")),
)
HANDLE = re.compile(r"(?<![\w@.])@\w+")
BORN = re.compile(r"(?:\bborn\b|\bbirth\b|\bDOB\b)[^.;)]{0,14}$", re.I)
NUMERIC_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?", re.I)

# Blanks that tokenisation put in. The groups of each are deleted.
BLANKS: tuple[re.Pattern[str], ...] = (
    re.compile(r"(?<=\w)( )(?=['’´`] ?(?:s|t|m|d|re|ve|ll|em)\b)"),
    re.compile(r"(?<=\w['’´`])( )(?=(?:s|t|m|d|re|ve|ll|em)\b)", re.I),
    re.compile(r"(?<= ['’´`])( )(?=(?:s|t|m|d|re|ve|ll|em)\b)", re.I),
    re.compile(r"(?<=\w)( )(?=n['’]t\b)", re.I),
    re.compile(r"\b(?:can|gon|wan|got|lem|gim)( )(?=(?:not|na|ta|me)\b)", re.I),
    re.compile(r"(?<=[^\s.])( )(?=[.,;:!?)\]…](?:\W|$))"),
    re.compile(r"(?<=[(\[])( )"),
    re.compile(r"(?<!\S)['‘]( )(?!s )[^'‘’]{1,60}( )['’](?!\w)"),
    re.compile(r"\b[A-Z]\.( )(?=[A-Z]\.?(?:\W|$))"),
    re.compile(r"(?<=\S)( ) +"),
)
# Replacements of the same kind; the text of the match gives way to the second part.
REPLACEMENTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"& ?lt;"), "<"),
    (re.compile(r"& ?gt;"), ">"),
    (re.compile(r"& ?amp;"), "&"),
    (re.compile(r"'\"' ?"), '"'),
    (re.compile(r"´"), "'"),
    (re.compile(r"ג€“"), "–"),
    (re.compile(r"\\(?=[\"',])"), ""),
    (re.compile(r"\r"), ""),
)

PRESIDIO = {
    "CREDIT_CARD": "PAYMENT_CARD",
    "PHONE_NUMBER": "PHONE",
    "EMAIL_ADDRESS": "EMAIL",
    "IBAN_CODE": "BANK_ACCOUNT",
    "DOMAIN_NAME": "URL",
    "IP_ADDRESS": "IP_ADDRESS",
    "US_SSN": MASK,
    "US_DRIVER_LICENSE": MASK,
}
# Names that stand in the templates themselves, which the set leaves unmarked.
PRESIDIO_FIXED = re.compile(
    r"Metallica|(?:the )?White Stripes|Zoolander|Entertainment Weekly|Tube Snake Boogie|"
    r"Cautionary Tales|Fuse TV|blink-182|\bTexas\b|\bRR\b|ex-Zombie|Princess Royal|"
    r"The Big Three Killed My Baby|Battery|\S*\{\w+\}",
    re.I,
)
# A part of an address that belongs to the street line whatever stands before it.
STREET_PART = re.compile(r"^\W*(?:apt|suite|unit|flat|p\.? ?o\.? ?box|floor)\b|^\W*\d+\W*$", re.I)

NUMBER_WORDS = frozenset(
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty "
    "forty fourty fifty sixty seventy eighty ninety hundred thousand million twenties thirties "
    "forties fifties sixties seventies eighties nineties fourth fifth sixth seventh eighth ninth "
    "tenth eleventh twelfth thirteenth fourteenth fifteenth twentieth thirtieth oh zero double".split()
)
SMALL_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten"
UNSAFE_WORDS = frozenset(
    "january february march april june july august september october november december jan feb "
    "mar apr jun jul aug sept oct nov dec christmas easter thanksgiving halloween birthday "
    "holiday eve aged age street avenue road lane drive boulevard university college memorial "
    "school church job works worked working retired retirement career occupation employed "
    "profession born native speaks language race ethnicity ethnic white black hospital "
    "insurance license licence number email website city town state county country village "
    "named called name known va saint mister missus mr mrs ms dr".split()
)
UNSAFE = re.compile(
    rf"\d|\b(?:in|last|next|since|of|by|this|every|early|late|until) may\b|"
    rf"\b(?:year|yr|month|week|day)s?[- ]olds?\b|\b(?:as|was|is) an? (?:\w+ ){{0,2}}by\b|"
    rf"(?:\b(?:{SMALL_NUMBERS})\b[ ,]*){{3}}|\b(?:{SMALL_NUMBERS}) (?:point|slash|over)\b|"
    rf"[@#/\\_<>\[\]{{}}]",
    re.I,
)
TALK = frozenset(
    "okay ok yeah yep yup nope um uh uhm hmm mm mhm huh gonna wanna gotta kinda lemme ouch alright "
    "outpatient inpatient covid x-ray".split()
)


def fold(text: str) -> str:
    """Gives the form in which the word lists hold a text: lower case, no accents, single spaces."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c)
    )
    return " ".join(plain.replace("’", "'").split())


@dataclass(frozen=True)
class Lists:
    """Holds the program's word lists, as far as this script asks them."""

    frequency: dict[str, int]  # Zipf frequency in tenths
    dictionary: frozenset[str]  # words that a dictionary has in lower case
    kin: frozenset[str]
    names: dict[str, tuple[int, int]]  # bands of use as a given name and as a surname
    places: frozenset[str]
    countries: frozenset[str]
    demographics: frozenset[str]
    bodies: frozenset[str]
    ordinary_names: frozenset[str]
    professions: frozenset[str]
    kin_titles: frozenset[str]
    medical: frozenset[str]
    acronyms: frozenset[str]
    drugs: frozenset[str]

    def is_name_only(self, word: str) -> bool:
        """Says whether a folded word is a common given name and no word of the dictionary."""
        return word not in self.dictionary and self.names.get(word, (0, 0))[0] >= 2


def read_rows(name: str) -> list[list[str]]:
    """Reads a tab-separated list without its comments."""
    lines = (DICTIONARIES / "lists" / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def read_own(name: str) -> frozenset[str]:
    """Reads one of the project's own lists."""
    lines = (DICTIONARIES / "own" / name).read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def read_lists() -> Lists:
    """Reads every list that the conversion needs."""
    words = read_rows("words.tsv")
    clinical = read_rows("clinical.tsv")
    drugs = frozenset(row[0] for row in read_rows("drugs.tsv")) | read_own("drugs_extra.txt")
    own_clinical = read_own("clinical.txt")
    return Lists(
        frequency={row[0]: int(row[1]) for row in words},
        dictionary=frozenset(row[0] for row in words if row[2] == "l"),
        kin=read_own("kin.txt"),
        names={row[0]: (int(row[1]), int(row[2])) for row in read_rows("names.tsv")},
        places=frozenset(row[0] for row in read_rows("places.tsv")),
        countries=read_own("countries.txt") | MORE_COUNTRIES,
        demographics=read_own("demographics.txt"),
        bodies=read_own("national_bodies.txt"),
        ordinary_names=read_own("ordinary_names.txt"),
        professions=read_own("professions.txt"),
        kin_titles=read_own("titles_kin.txt"),
        medical=frozenset(row[0] for row in clinical) | own_clinical | drugs,
        acronyms=frozenset(row[0] for row in clinical if row[1] == "a") | own_clinical,
        drugs=drugs,
    )


@dataclass
class Entity:
    """Marks a stretch of text with one of our labels."""

    start: int
    end: int
    label: str
    optional: bool = False

    def as_json(self) -> dict[str, object]:
        """Gives the entity as it stands in the file."""
        row: dict[str, object] = {"start": self.start, "end": self.end, "label": self.label}
        if self.optional:
            row["optional"] = True
        return row


def rewrite(text: str, entities: list[dict]) -> tuple[str, list[dict]]:
    """Undoes tokenisation and escapes, and moves the entities with the text."""
    chars = list(text)
    for pattern, replacement in REPLACEMENTS:
        for match in pattern.finditer(text):
            chars[match.start() : match.end()] = [""] * len(match[0])
            chars[match.start()] = replacement
    for pattern in BLANKS:
        for match in pattern.finditer(text):
            for group in range(1, pattern.groups + 1):
                chars[match.start(group)] = ""
    at = [0]
    for char in chars:
        at.append(at[-1] + len(char))
    moved = [{**e, "start": at[e["start"]], "end": at[e["end"]]} for e in entities]
    return "".join(chars), moved


def trim(text: str, start: int, end: int, strip: str) -> tuple[int, int]:
    """Moves both ends of a span inward over blanks and the given characters."""
    while start < end and (text[start].isspace() or text[start] in strip):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in strip):
        if re.search(r"\b\w\.\w\.$", text[start:end]):
            break  # "U.S."
        end -= 1
    return start, end


def without_possessive(text: str, start: int, end: int) -> int:
    """Gives the end of a span without a possessive 's."""
    match = re.search(r" ?(?:['’]s?|['’] s)$", text[start:end], re.I)
    return start + match.start() if match and match.start() > 0 else end


def person(text: str, start: int, end: int, lists: Lists, bare_handles: bool) -> Entity | None:
    """Makes a PERSON of a marked span: without titles, possessive, hash sign or punctuation."""
    if text[start - 1 : start] == "@" and text[start].isalnum() and not text[end : end + 1].isalnum():
        return Entity(start - 1, end, "USERNAME")
    hashed = text[start] == "#"
    start, end = trim(text, start, end, "#.,;:!?\"“”()*~-@")
    end = start + len(text[start:end].split("@")[0])  # "Lynn Blair@Enron"
    end -= len(match[0]) if (match := LETTERS_AFTER.search(text[start:end])) else 0
    end = without_possessive(text, start, end)
    while match := re.match(r"([\w'’]+)\.?\s+(?=\S)", text[start:end]):
        if fold(match[1]) not in TITLES:
            break
        start += match.end()
    span = text[start:end]
    folded = fold(span)
    if not span or folded in TITLES or folded in lists.kin:
        return None
    if "#" in span or (hashed and folded not in lists.names):
        return Entity(start, end, MASK)
    looks_like_handle = re.search(r"[_\d]|[a-z][A-Z]", span) or folded not in lists.names
    if bare_handles and " " not in span and looks_like_handle and len(span) > 3:
        # It may be a handle that lost its @, which would be a USERNAME.
        return Entity(start, end, MASK)
    if span.endswith("s") and folded not in lists.names and lists.is_name_only(folded[:-1]):
        end -= 1  # "Codys"
    return Entity(start, end, "PERSON")


def place(text: str, start: int, end: int, lists: Lists) -> Entity | None:
    """Makes a PLACE of a marked span, firm where it is a listed town, nothing if a country."""
    hashed = text[start] == "#"
    start, end = trim(text, start, end, "#.,;:!?\"“”()*~-@")
    end = without_possessive(text, start, end)
    if text[start:end].lower().startswith("the ") and end - start > 4:
        start += 4
    span = text[start:end]
    key = fold(span).replace(".", "")
    if not key or key in lists.countries:
        return None
    if "#" in span or (hashed and key not in lists.places):
        return Entity(start, end, MASK)
    if key in lists.demographics:
        return Entity(start, end, "DEMOGRAPHIC", optional=True)
    if key in lists.places:
        return Entity(start, end, "PLACE")
    if span == span.lower() and all(word in lists.dictionary for word in key.split()):
        return Entity(start, end, MASK)  # "home", "the stadium"
    return Entity(start, end, "PLACE", optional=True)


def organisation(text: str, start: int, end: int, lists: Lists) -> Entity | None:
    """Makes an optional ORGANISATION of a marked span, nothing of a country or national body."""
    start, end = trim(text, start, end, ".,;:!?\"“”*~-@")
    end = without_possessive(text, start, end)
    key = fold(text[start:end]).replace(".", "")
    if not key or key in lists.countries or key in lists.bodies:
        return None
    if "#" in key:
        return Entity(start, end, MASK)
    return Entity(start, end, "ORGANISATION", optional=True)


def masked(text: str, start: int, end: int) -> Entity | None:
    """Takes a span out of training."""
    start, end = trim(text, start, end, "")
    return Entity(start, end, MASK) if start < end else None


def by_form(text: str, taken: list[Entity], handles: bool) -> list[Entity]:
    """Finds what its form alone tells, outside the entities already there."""
    found = list(taken)
    for label, pattern in (*FORMS, ("USERNAME", HANDLE)) if handles else FORMS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(e.start < end and start < e.end for e in found):
                continue
            if label == "DATE" and BORN.search(text[:start]):
                found.append(Entity(start, end, "DATE_OF_BIRTH"))
            else:
                found.append(Entity(start, end, label))
    return found


def without_overlaps(entities: list[Entity]) -> list[Entity]:
    """Keeps one entity wherever several overlap: a label before a mask, the longer one before."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=lambda e: (e.label == MASK, e.start - e.end, e.start)):
        if all(entity.end <= other.start or other.end <= entity.start for other in kept):
            kept.append(entity)
    return sorted(kept, key=lambda e: e.start)


def named(text: str, rows: list[dict], lists: Lists, bare_handles: bool) -> list[Entity]:
    """Converts the entities of the sets that mark names, places and organisations."""
    out: list[Entity | None] = []
    for row in rows:
        start, end = row["start"], row["end"]
        if row.get("handle"):
            start, end = trim(text, start, end, "")
            out.append(Entity(start, end, "USERNAME"))
        elif row["label"] in ("person", "PER"):
            out.append(person(text, start, end, lists, bare_handles))
        elif row["label"] in ("location", "LOC"):
            out.append(place(text, start, end, lists))
        elif row["label"] in ("corporation", "group", "ORG"):
            out.append(organisation(text, start, end, lists))
        else:
            out.append(masked(text, start, end))
    return [entity for entity in out if entity and entity.start < entity.end]


def doubtful(text: str, entities: list[Entity], lists: Lists, bare_handles: bool) -> list[Entity]:
    """Masks words of tweets that their annotators may well have passed over."""
    found = list(entities)
    for match in re.finditer(r"#?\w[\w'’]*", text):
        start, end = match.span()
        if any(e.start < end and start < e.end for e in found):
            continue
        word = match[0]
        folded = fold(word.lstrip("#").removesuffix("'s").removesuffix("’s"))
        missed_name = word[0].isupper() and lists.is_name_only(folded)
        missed_name &= folded not in lists.places and folded not in lists.countries
        joined = word[0] == "#" and folded not in lists.frequency
        after_retweet = text[:start].endswith("RT ")
        handle = bare_handles and (after_retweet or re.search(r"_|[a-z]\d|[a-z]{2}[A-Z][a-z]", word))
        if missed_name or joined or handle:
            found.append(Entity(start, end, MASK))
    return found


def is_english(text: str, entities: list[Entity], lists: Lists) -> bool:
    """Says whether most words of a tweet, names and links aside, are English ones."""
    chars = list(text)
    for entity in entities:
        chars[entity.start : entity.end] = " " * (entity.end - entity.start)
    words = re.findall(r"[^\W\d_]+", re.sub(r"#\w+|'\w+", " ", "".join(chars).replace("’", "'")))
    if not words:
        return bool(entities)
    known = [w for w in map(fold, words) if w in lists.dictionary or lists.frequency.get(w, 0) >= 45]
    return len(known) >= 0.6 * len(words)


def presidio_address(text: str, start: int, end: int) -> list[Entity]:
    """Splits an address: the street line may be an ADDRESS, town, state and code are left out."""
    line_end = start
    parts = [m for m in re.finditer(r"[^,\n]+", text[start:end])]
    for index, part in enumerate(parts):
        if index > 0 and not STREET_PART.match(part[0]):
            break
        line_end = start + part.end()
    line_start, line_end = trim(text, start, line_end, ",>?")
    rest_start, rest_end = trim(text, line_end, end, ",>?")
    street = text[line_start:line_end]
    is_street = re.search(r"\d", street) and re.search(r"[^\W\d_]{3}", street)
    is_street = is_street and not re.search(r"\band\b|\bpsc\b|\bunit \d+ box\b", street, re.I)
    out = [Entity(line_start, line_end, "ADDRESS" if is_street else MASK, bool(is_street))]
    if rest_start < rest_end:
        out.append(Entity(rest_start, rest_end, MASK))
    return [entity for entity in out if entity.start < entity.end]


def joined(text: str, rows: list[dict], label: str, between: str) -> list[dict]:
    """Joins entities of one label with nothing but the given characters between them."""
    out: list[dict] = []
    for row in sorted(rows, key=lambda r: r["start"]):
        last = out[-1] if out else None
        if last and last["label"] == row["label"] == label:
            gap = text[last["end"] : row["start"]]
            title = fold(text[last["start"] : last["end"]]).rstrip(".") in TITLES
            if re.fullmatch(between, gap) and not title:
                out[-1] = {**last, "end": row["end"]}
                continue
        out.append(row)
    return out


def presidio(text: str, rows: list[dict], lists: Lists) -> list[Entity]:
    """Converts the entities of the template-generated set."""
    # An address comes as house number, street and flat apart; a name as its two halves.
    rows = joined(text, joined(text, rows, "ADDRESS", r"[ ,\n>?]*"), "PERSON", " ")
    out: list[Entity | None] = []
    for row in rows:
        start, end, label = row["start"], row["end"], row["label"]
        if label == "PERSON":
            out.append(person(text, start, end, lists, bare_handles=False))
        elif label == "LOCATION":
            out.append(place(text, start, end, lists))
        elif label == "ORGANIZATION":
            out.append(organisation(text, start, end, lists))
        elif label == "ADDRESS":
            out.extend(presidio_address(text, start, end))
        elif label == "DATE_TIME":
            if match := NUMERIC_DATE.search(text[start:end]):
                born = BORN.search(text[:start])
                kind = "DATE_OF_BIRTH" if born or "date of birth" in text.lower() else "DATE"
                out.append(Entity(start + match.start(), start + match.end(), kind))
            elif not WEEKDAY.fullmatch(text[start:end].strip()):
                out.append(masked(text, start, end))
        elif label in PRESIDIO:
            start, end = trim(text, start, end, "")
            out.append(Entity(start, end, PRESIDIO[label]))
        # What is left are titles before names and job titles, which are nothing here.
    out.extend(Entity(*match.span(), MASK) for match in PRESIDIO_FIXED.finditer(text))
    return [entity for entity in out if entity and entity.start < entity.end]


def lowered(text: str) -> str:
    """Lower-cases a text and keeps its length."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def known_labels(stem: str) -> list[str]:
    """Names the labels of which an unmarked token of the set is not one."""
    if stem == "presidio_generated_large":
        return [*NAMES_ONLY, "USERNAME", "PAYMENT_CARD", "BANK_ACCOUNT", "PHONE", "EMAIL", "URL", "IP_ADDRESS"]
    if stem in TWEETS and stem not in BARE_HANDLES:
        return [*NAMES_ONLY, "USERNAME"]
    return list(NAMES_ONLY)


def labelled(stem: str, data: Path, seed: int, lists: Lists) -> Iterator[dict]:
    """Converts one labelled set."""
    bare_handles = stem in BARE_HANDLES
    for number, line in enumerate((data / f"{stem}.jsonl").read_text("utf-8").splitlines()):
        row = json.loads(line)
        if "Ã" in row["text"] or not row["text"].strip():
            continue  # broken encoding
        text, rows = rewrite(row["text"], row["entities"])
        if stem == "presidio_generated_large":
            entities = presidio(text, rows, lists)
        else:
            entities = named(text, rows, lists, bare_handles)
        entities = by_form(text, entities, handles=stem in TWEETS)
        if stem in TWEETS:
            if not is_english(text, entities, lists):
                continue
            entities = doubtful(text, entities, lists, bare_handles)
        entities = without_overlaps(entities)
        share = 0.25 if stem in TWEETS else 0.5
        # Seeded by the row, so that a change to one set leaves the others as they were.
        if random.Random(f"{seed} {stem} {number}").random() < share:
            text = lowered(text)
        yield {
            "text": text,
            "entities": [entity.as_json() for entity in entities],
            "known": known_labels(stem),
            "source": f"{stem}-{number}",
        }


def is_negative(sentence: str, lists: Lists) -> bool:
    """Says whether a sentence of a clinical text surely holds no identifier of any kind."""
    if UNSAFE.search(sentence) or not sentence.isascii():
        return False
    for match in re.finditer(r"[A-Za-z]+(?:-[A-Za-z]+)*", re.sub(r"'\w*", " ", sentence)):
        word, first = match[0], match.start() == 0
        for part in [word.lower()] if word.lower() in lists.medical else word.lower().split("-"):
            stems = (part, part.removesuffix("s"), part.removesuffix("es"))
            if any(s in NUMBER_WORDS or s in UNSAFE_WORDS for s in stems):
                return False
            if any(s in group for s in stems for group in (lists.professions, lists.kin_titles)):
                return False
            if any(s in lists.demographics or s in lists.countries for s in stems):
                return False
            given, surname = lists.names.get(part, (0, 0))
            if part not in lists.dictionary and part not in TALK:
                if part not in lists.medical or max(given, surname) >= 2:
                    return False
            common = lists.frequency.get(part, 0) >= 55 and (word.islower() or first)
            is_name = part in lists.ordinary_names or given >= 2 or surname == 3
            if is_name and not common:
                return False
        if not word.islower() and not first and word not in ("I", "X-ray"):
            acronym = word.isupper() and 1 < len(word) < 6 and word.lower() in lists.acronyms
            if not acronym and word.lower() not in lists.drugs:
                return False
    words = re.findall(r"[a-z]+", sentence.lower())
    phrases = {" ".join(words[i : i + n]) for i in range(len(words)) for n in (2, 3)}
    groups = (lists.professions, lists.demographics, lists.kin_titles, lists.places)
    return all(phrases.isdisjoint(group) for group in groups)


def negatives(stem: str, data: Path, seed: int, lists: Lists) -> Iterator[dict]:
    """Cuts an unlabelled clinical set into messages that hold no identifier."""
    for number, line in enumerate((data / f"{stem}.jsonl").read_text("utf-8").splitlines()):
        rng = random.Random(f"{seed} {stem} {number}")
        for turn in json.loads(line)["text"].splitlines():
            turn = re.sub(r"^\s*(?:\[\w+\]|[A-Z]\w+(?: \w+)?:|[-•*]+|\d+\.)\s*", "", turn)
            turn, _ = rewrite(turn.strip(), [])
            message: list[str] = []
            wanted = rng.randint(1, 3)
            for sentence in [*re.split(r"(?<=[.?!])\s+", turn), ""]:
                good = bool(re.search(r"[a-z]{2}", sentence)) and is_negative(sentence, lists)
                size = len(" ".join([*message, sentence]).split())
                if message and (not good or size > MAX_WORDS or len(message) == wanted):
                    yield negative(" ".join(message), f"{stem}-{number}", rng)
                    message, wanted = [], rng.randint(1, 3)
                if good and len(sentence.split()) <= MAX_WORDS:
                    message.append(sentence)


def negative(text: str, source: str, rng: random.Random) -> dict:
    """Makes an example without entities, in lower case every other time."""
    text = lowered(text) if rng.random() < 0.5 else text
    return {"text": text, "entities": [], "known": list(LABELS), "source": source}


def without_repeats(rows: list[dict]) -> list[dict]:
    """Keeps the first of the examples that say the same."""
    seen: set[str] = set()
    out = []
    for row in rows:
        key = " ".join(re.findall(r"\w+", row["text"].casefold()))
        if key and key not in seen:
            seen.add(key)
            out.append(row)
    return out


def convert(data: Path, seed: int) -> list[dict]:
    """Converts every set."""
    lists = read_lists()
    rows = [row for stem in TWEETS + FORMAL for row in labelled(stem, data, seed, lists)]
    rows = without_repeats(rows)
    plain = [row for stem in UNLABELLED for row in negatives(stem, data, seed, lists)]
    plain = without_repeats(plain)
    if len(plain) > MAX_NEGATIVES:
        chosen = sorted(random.Random(seed).sample(range(len(plain)), MAX_NEGATIVES))
        plain = [plain[i] for i in chosen]
    return rows + plain


def check(path: Path) -> int:
    """Verifies every span of a file, prints counts by set and label, gives the number of faults."""
    faults = 0
    examples: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        row = json.loads(line)
        text, last = row["text"], 0
        problems = [f"unknown label {known}" for known in row["known"] if known not in LABELS]
        stem = row["source"].rsplit("-", 1)[0]
        examples[stem] += 1
        for entity in row["entities"]:
            start, end, label = entity["start"], entity["end"], entity["label"]
            span = text[start:end]
            if not last <= start < end <= len(text):
                problems.append(f"bad or overlapping span {start}-{end}")
            elif span != span.strip():
                problems.append(f"blank at the end of {span!r}")
            if label not in LABELS and label != MASK:
                problems.append(f"unknown label {label}")
            last = end
            key = label + ("?" if entity.get("optional") else "")
            counts.setdefault(stem, Counter())[key] += 1
        for problem in problems:
            print(f"{path}:{number}: {problem}", file=sys.stderr)
        faults += len(problems)
    for stem, total in examples.items():
        by_label = ", ".join(f"{k} {n}" for k, n in counts.get(stem, Counter()).most_common())
        print(f"{stem}: {total} examples; {by_label or 'no entities'}")
    print(f"{sum(examples.values())} examples, {faults} faults")
    return faults


def main() -> int:
    """Converts, checks, or both, as the options ask."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of the public sets")
    parser.add_argument("--out", type=Path, required=True, help="file to write, or to check")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--check", action="store_true", help="verify the file and count its labels")
    options = parser.parse_args()
    if not options.data and not options.check:
        parser.error("give --data, --check or both")
    if options.data:
        with options.out.open("w", encoding="utf-8") as out:
            for row in convert(options.data, options.seed):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 1 if options.check and check(options.out) else 0


if __name__ == "__main__":
    sys.exit(main())
