#!/usr/bin/env python3
"""Rebuilds names.tsv, the names of people by origin that generate.py draws from.

Rows whose source is `own` were written by hand into names.tsv and are kept as they stand. The others come from the
name supplement and the word lists of presend-detect (this project's own work, or permissive as its provenance.toml
says) and from the PyPI package faker (MIT):

    pip install --target FOLDER --no-deps faker==40.54.0 && python names.py --faker FOLDER
"""

from __future__ import annotations

import argparse
import ast
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
DICTIONARIES = HERE.parents[1] / "crates" / "presend-detect" / "dictionaries"
MOST = 600

# group: communities of supplement.txt, locales of faker
GROUPS: dict[str, tuple[str, str]] = {
    "english": ("british english cornish", "en_GB"),
    "scottish": ("scottish", ""),
    "welsh": ("welsh", ""),
    "irish": ("irish traveller", "ga_IE"),
    "polish": ("polish", "pl_PL"),
    "romanian": ("romanian", "ro_RO"),
    "baltic": ("baltic", "lt_LT lv_LV et_EE"),
    "yoruba": ("", "yo_NG"),
    "igbo": ("", "ig_NG"),
    "other_nigerian": ("", "ha_NG"),
    "ghanaian": ("ghanaian", "tw_GH"),
    "west_central_african": ("sierra-leonean congolese", ""),
    "east_african": ("east-african", "en_KE"),
    "somali": ("somali", ""),
    "eritrean_ethiopian": ("", ""),
    "zimbabwean_southern_african": ("zimbabwean", "zu_ZA"),
    "caribbean": ("caribbean", ""),
    "gujarati_hindi": ("hindu indian", ""),
    "punjabi_sikh": ("sikh", ""),
    "tamil_malayali": ("tamil malayali", ""),
    "pakistani": ("south-asian-muslim muslim", ""),
    "bangladeshi": ("bangladeshi", ""),
    "sri_lankan": ("sinhala", ""),
    "nepali": ("nepali", ""),
    "chinese": ("chinese", "zh_CN zh_TW"),
    "vietnamese": ("vietnamese", "vi_VN"),
    "filipino": ("filipino", ""),
    "arab": ("arabic arabic-persian", "fr_DZ"),
    "kurdish_turkish": ("turkish turkish-kurdish", "tr_TR"),
    "iranian_afghan": ("", ""),
    "portuguese_brazilian": ("portuguese", "pt_PT pt_BR"),
    "spanish_latin_american": ("", "es_ES es_MX es_CO es_AR"),
    "jewish": ("jewish", ""),
    "italian_greek_balkan": ("greek-cypriot albanian", "it_IT hr_HR sl_SI"),
    "french_german_dutch_nordic": ("", "fr_FR de_DE nl_NL sv_SE da_DK no_NO"),
    "central_european": ("bulgarian czech-slovak hungarian", "cs_CZ sk_SK hu_HU"),
    "ukrainian_russian": ("slavic", ""),
}
LATIN_NAME = re.compile(r"[^\W\d_]+(?:['’ -][^\W\d_]+)*")
Row = tuple[str, str, str, str]


def titled(name: str) -> str:
    """Gives a capital to each part of a name that its list writes in one case."""
    parts = re.split(r"(['’ -])", name.strip().lower())
    name = "".join(part[:1].upper() + part[1:] for part in parts)
    return re.sub(r"^Mc(\w)", lambda m: "Mc" + m[1].upper(), name)


def usable(name: str) -> bool:
    """Says whether a name is in Latin letters and of a sane length."""
    latin = all("LATIN" in unicodedata.name(c, "") for c in name if c.isalpha())
    return bool(LATIN_NAME.fullmatch(name)) and latin and 2 <= len(name) <= 24


def of_supplement() -> dict[tuple[str, str], list[str]]:
    """Reads the names of supplement.txt by community and kind."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in (DICTIONARIES / "supplement.txt").read_text(encoding="utf-8").splitlines():
        if m := re.match(r"(given|surname) \d ([\w-]+): (.+)", line):
            found.setdefault((m[2], m[1]), []).extend(titled(name) for name in m[3].split())
    return found


def of_faker(folder: Path, locale: str, kind: str) -> list[str]:
    """Reads the names of one locale from faker's source, without running it."""
    source = (folder / "faker" / "providers" / "person" / locale / "__init__.py").read_text(encoding="utf-8")
    wanted = "first_(romanized_)?names?(_male|_female)?|first_names" if kind == "given" else "last_(romanized_)?names?(_male|_female)?"
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and re.fullmatch(wanted, node.targets[0].id):
            names += [part.value for part in ast.walk(node.value) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return [titled(name) if name.isupper() else name.strip() for name in names]


def evenly(names: list[str], count: int) -> list[str]:
    """Takes `count` names spread over a list, so that no end of the alphabet is left out."""
    return names if len(names) <= count else [names[i * len(names) // count] for i in range(count)]


def rows_of(group: str, kind: str, own: Iterable[Row], faker: Path, supplement: dict[tuple[str, str], list[str]]) -> list[Row]:
    """Gives the rows of one group and kind: by hand first, then the supplement, then faker's in equal parts."""
    taken: dict[str, str] = {row[2]: "own" for row in own if row[:2] == (group, kind)}
    for community in GROUPS[group][0].split():
        for name in supplement.get((community, kind), []):
            taken.setdefault(name, "presend supplement")
    locales = GROUPS[group][1].split()
    for at, locale in enumerate(locales):
        fresh = list(dict.fromkeys(name for name in of_faker(faker, locale, kind) if usable(name) and name not in taken))
        for name in evenly(fresh, max(0, MOST - len(taken)) // (len(locales) - at)):
            taken.setdefault(name, f"faker {locale} (MIT)")
    return [(group, kind, name, source) for name, source in evenly(sorted(taken.items()), MOST)]


def word_rows() -> list[Row]:
    """Gives the names that are ordinary words too, of a kind that the graded list calls plausible or common."""
    ordinary = set((DICTIONARIES / "own" / "ordinary_names.txt").read_text(encoding="utf-8").split("\n"))
    rows: list[Row] = []
    for line in (DICTIONARIES / "lists" / "names.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, given, surname = line.split("\t")
        if name in ordinary and name.isalpha():
            rows += [("words", "given", titled(name), "presend word lists")] * (int(given) >= 2)
            rows += [("words", "surname", titled(name), "presend word lists")] * (int(surname) >= 2)
    return rows


def main() -> None:
    """Reads the rows kept by hand and writes the whole table again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faker", type=Path, required=True, help="folder that holds the package faker")
    faker = parser.parse_args().faker
    table = HERE / "names.tsv"
    lines = table.read_text(encoding="utf-8").splitlines()[1:] if table.exists() else []
    own: list[Row] = [tuple(line.split("\t")) for line in lines if line.endswith("\town")]  # type: ignore[misc]
    supplement = of_supplement()
    rows = [row for group in GROUPS for kind in ("given", "surname") for row in rows_of(group, kind, own, faker, supplement)]
    rows += [row for row in own if row[0] == "words"]
    known = {row[:3] for row in rows}
    words = [row for row in word_rows() if row[:3] not in known]
    for kind in ("given", "surname"):
        rows += evenly([row for row in words if row[1] == kind], MOST)
    table.write_text("\n".join(["group\tkind\tname\tsource", *("\t".join(row) for row in rows)]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
