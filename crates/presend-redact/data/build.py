#!/usr/bin/env python3
"""Rebuilds names.txt, places.txt and coined.txt, from which realistic surrogates are drawn.

Needs two packages, unpacked and not installed:

    pip install --target FOLDER --no-deps faker==40.54.0
    pip download --no-deps --dest FOLDER names==0.3.0 && tar -C FOLDER -xzf FOLDER/names-0.3.0.tar.gz
    python3 build.py --packages FOLDER

README.md in this folder says where the facts come from. The same packages give the same bytes.
"""

from __future__ import annotations

import argparse
import ast
import re
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
DICTIONARIES = ROOT / "crates" / "presend-detect" / "dictionaries"

# By origin, the commonest in the UK first: a name of several origins counts as the first's. With each, the locales
# of faker that say for whom its given names are.
ORIGINS: dict[str, str] = {
    "english": "en_GB en_US en_NZ",
    "pakistani": "",
    "gujarati_hindi": "",
    "irish": "ga_IE en_IE",
    "scottish": "en_GB en_US",
    "welsh": "en_GB en_US",
    "polish": "pl_PL",
    "bangladeshi": "",
    "punjabi_sikh": "",
    "caribbean": "en_GB en_US",
    "yoruba": "yo_NG",
    "igbo": "ig_NG",
    "other_nigerian": "ha_NG",
    "ghanaian": "tw_GH",
    "romanian": "ro_RO",
    "arab": "fr_DZ",
    "chinese": "zh_CN zh_TW",
    "somali": "",
    "tamil_malayali": "",
    "portuguese_brazilian": "pt_PT pt_BR",
    "spanish_latin_american": "es_ES es_MX es_CO es_AR",
    "italian_greek_balkan": "it_IT hr_HR sl_SI",
    "french_german_dutch_nordic": "fr_FR de_DE nl_NL sv_SE da_DK no_NO",
    "kurdish_turkish": "tr_TR",
    "filipino": "es_ES en_US",
    "iranian_afghan": "",
    "zimbabwean_southern_african": "zu_ZA",
    "east_african": "en_KE",
    "west_central_african": "",
    "eritrean_ethiopian": "",
    "jewish": "",
    "sri_lankan": "",
    "nepali": "",
    "vietnamese": "vi_VN",
    "baltic": "lt_LT lv_LV et_EE",
    "central_european": "cs_CZ sk_SK hu_HU",
    "ukrainian_russian": "",
}
# Origins whose given names the US census knows by sex as well as a list of their own would.
CENSUS = {"english", "scottish", "welsh", "irish", "caribbean"}
# How many names of a kind are drawn from at most.
DRAWN = {"F": 30, "M": 30, "U": 16, "S": 44}
DRAWN_ENGLISH = {"F": 150, "M": 150, "U": 18, "S": 260}
# How many further names of a kind are known by their origin and sex, and never drawn.
KNOWN = {"F": 15, "M": 15, "U": 4, "S": 14}
KNOWN_HERE = {"F": 45, "M": 45, "U": 4, "S": 20}
KNOWN_ENGLISH = {"F": 200, "M": 200, "U": 40, "S": 40}
# Names that a list of English ones has for its variety's sake.
NOT_ENGLISH = {"Abdul", "Mohamed", "Mohammad", "Mohammed"}
# Surnames in a form for women alone, and one that reads as something else.
UNUSABLE = re.compile(r".*(ska|cka|dzka|ova|eva|iene|aite|yte|ute)|Jesus|Junior")
# For a name that both sexes bear: the sex that bears it this many times as often has it.
CLEARLY = 8

# Halves of coined place names: streets, houses and organisations are called by them.
FIRST_HALVES = "Alder Amber Ash Barley Birch Bram Brindle Cedar Clover Copper Corn Dapple Elder Fallow Fern Flint Gorse Hazel Heron Juniper Kestrel Larch Linnet Maple Marl Moss Otter Plover Quill Rowan Rush Sedge Sorrel Tansy Teasel Thistle Wren Yarrow"
SECOND_HALVES = "bourne brook combe cote croft dale dene down fell field ford garth gate grove holme hurst lea mead mere mill moor more ridge shaw stead thorpe wick wood worth"


def fold(name: str) -> str:
    """Gives a name in plain capitals and small letters, as far as it has them."""
    name = name.translate(str.maketrans("łŁøØđĐıæÆßŋɔɛ", "lLoOdDiaAsnoe"))
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def words_of(*paths: Path) -> set[str]:
    """Reads the first column of word lists."""
    found: set[str] = set()
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                found.add(line.split("\t")[0].strip())
    return found


def sexes_of_faker(folder: Path) -> dict[str, dict[str, set[str]]]:
    """Reads, by locale and sex, the folded given names in faker's source, without running it."""
    found: dict[str, dict[str, set[str]]] = {}
    for path in sorted((folder / "faker" / "providers" / "person").glob("*/__init__.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
                continue
            if m := re.fullmatch(r"first_(?:romanized_)?names?_(female|male)", node.targets[0].id):
                names = found.setdefault(path.parent.name, {}).setdefault(m[1][0].upper(), set())
                names.update(fold(part.value).lower() for part in ast.walk(node.value) if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return found


def sexes_of_census(folder: Path) -> dict[str, str]:
    """Reads whom a given name of the US census of 1990 is given to."""
    shares: dict[str, dict[str, float]] = {}
    for sex, file in (("F", "female"), ("M", "male")):
        for line in (folder / "names-0.3.0" / "names" / f"dist.{file}.first").read_text(encoding="utf-8").splitlines():
            if line.strip():
                name, share = line.split()[:2]
                shares.setdefault(name.lower(), {})[sex] = float(share)
    return {name: sex_of(share.get("F", 0.0), share.get("M", 0.0)) for name, share in shares.items()}


def sex_of(women: float, men: float) -> str:
    """Gives the sex that bears a name, or U for both."""
    return "F" if women >= CLEARLY * men else "M" if men >= CLEARLY * women else "U"


def evenly(names: list[str], count: int) -> list[str]:
    """Takes `count` names spread over a sorted list."""
    return names if len(names) <= count else [names[i * len(names) // count] for i in range(count)]


def main() -> None:
    """Reads the sources and writes the three files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, required=True, help="folder that holds faker and names-0.3.0")
    packages = parser.parse_args().packages
    faker, census = sexes_of_faker(packages), sexes_of_census(packages)

    own: dict[str, dict[str, str]] = {}
    for line in (HERE / "genders.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            origin, sex, names = line.split("\t")
            own.setdefault(origin, {}).update((name, sex) for name in names.split())
    assert own.keys() <= ORIGINS.keys()

    listed: dict[tuple[str, str], list[str]] = {}
    for line in (ROOT / "models" / "training" / "names.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        origin, kind, name, _ = line.split("\t")
        name = fold(name)
        if re.fullmatch(r"(Mc|Mac)?[A-Z][a-z]{1,11}", name):
            listed.setdefault((origin, kind), []).append(name)

    # A drawn name that means something else would read wrongly, or be found as something else.
    ordinary = words_of(*(DICTIONARIES / "own" / f"{name}.txt" for name in ("ordinary_names", "eponyms", "eponyms_ambiguous", "clinical", "demographics", "countries", "devices", "drugs_extra", "chat_names_stop", "ward_names")))
    ordinary |= words_of(DICTIONARIES / "lists" / "drugs.tsv")
    places = {line.split("\t")[0]: line.split("\t")[1:] for line in (DICTIONARIES / "lists" / "places.tsv").read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
    ordinary |= {name for name, (band, _) in places.items() if band in "34"}
    english = {}
    for line in (DICTIONARIES / "lists" / "words.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        word, frequency, lower = line.split("\t")
        english[word] = (int(frequency), lower)
    ordinary |= {word for word, (_, lower) in english.items() if lower == "l"}

    def sex(origin: str, name: str) -> str | None:
        if name in own.get(origin, {}):
            return own[origin][name]
        low = name.lower()
        if origin in CENSUS and low in census:
            return census[low]
        women = sum(low in faker.get(locale, {}).get("F", ()) for locale in ORIGINS[origin].split())
        men = sum(low in faker.get(locale, {}).get("M", ()) for locale in ORIGINS[origin].split())
        return None if women + men == 0 else sex_of(women, men)

    grades = {}
    for line in (DICTIONARIES / "lists" / "names.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, given_grade, surname_grade = line.split("\t")
        grades[name] = (int(given_grade), int(surname_grade))

    def best(names: list[str], origin: str, kind: str, count: int) -> list[str]:
        """Takes the names best known in the UK, those of genders.tsv first and those of one grade evenly."""
        taken: list[str] = []
        for grade in (3, 2, 1, 0):
            for first in (True, False):
                equals = [name for name in names if grades.get(name.lower(), (0, 0))[kind == "S"] == grade and (kind != "S" and name in own.get(origin, {})) == first]
                taken += evenly(equals, count - len(taken))
        return sorted(taken)

    lines = ["# Written by build.py. Names by origin and kind (F, M, U given to women, men, both; S surnames); after | known but never drawn."]
    for origin in ORIGINS:
        given = sorted(set(listed.get((origin, "given"), [])) | own.get(origin, {}).keys())
        kinds: dict[str, list[str]] = {kind: [name for name in given if sex(origin, name) == kind] for kind in "FMU"}
        kinds["S"] = sorted(set(listed.get((origin, "surname"), [])))
        if origin == "english":
            for names in kinds.values():
                names[:] = [name for name in names if name not in NOT_ENGLISH]
            extra = sorted(name for name in {fold(n) for n in listed[("words", "given")]} if name.lower() in census)
            for name in extra:
                if name not in given:
                    kinds[census[name.lower()]].append(name)
        drawn_most, known_most = (DRAWN_ENGLISH, KNOWN_ENGLISH) if origin == "english" else (DRAWN, KNOWN_HERE if origin in {"irish", "scottish", "welsh"} else KNOWN)
        for kind, names in kinds.items():
            names = sorted(set(names))
            drawn = best([name for name in names if name.lower() not in ordinary and len(name) > 3 and not (kind == "S" and UNUSABLE.fullmatch(name))], origin, kind, drawn_most[kind])
            known = best([name for name in names if name not in drawn], origin, kind, known_most[kind])
            if drawn or known:
                lines.append(f"{origin} {kind}: {' '.join(drawn)} | {' '.join(known)}".rstrip())
    (HERE / "names.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    # Places of one word, so that no small word has to be written in lower case.
    rows: dict[str, list[str]] = {"large": [], "town": [], "village": []}
    names_too = words_of(DICTIONARIES / "own" / "ordinary_names.txt") | {n.lower() for key, names in listed.items() for n in names}
    for name, (band, country) in sorted(places.items()):
        plain = re.fullmatch(r"[a-z]{4,14}", name) and name not in names_too and english.get(name, (0, "-"))[1] != "l"
        if country == "gb" and plain:
            kind = {"4": "large", "3": "town", "2": "village", "1": "village"}.get(band)
            if kind:
                rows[kind].append(name.title())
    rows["town"], rows["village"] = evenly(rows["town"], 260), evenly(rows["village"], 160)
    (HERE / "places.txt").write_text("# Written by build.py. Places of Great Britain and Northern Ireland by size: over 100,000 people; over 10,000; fewer.\n" + "".join(f"{kind}: {' '.join(names)}\n" for kind, names in rows.items()), encoding="utf-8")

    # Coined names that no list has as a place, a person or a word.
    taken = set(places) | set(english) | {n.lower() for names in listed.values() for n in names}
    taken |= words_of(DICTIONARIES / "lists" / "names.tsv")
    halves = [(first, second) for first in FIRST_HALVES.split() for second in SECOND_HALVES.split()]
    coined = [first + second for first, second in halves if first[-1] != second[0] and (first + second).lower() not in taken]
    (HERE / "coined.txt").write_text("# Written by build.py. Names that no list has as a place, a person or a word.\n" + " ".join(evenly(coined, 420)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
