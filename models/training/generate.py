#!/usr/bin/env python3
"""Makes training examples from marked corpora: new people, places and numbers, other case, and the noise of typing.

    python generate.py --out FILE.jsonl --variants 8 --seed 7 CORPUS...
    python generate.py --check FILE.jsonl

One example a line: {"text", "entities": [{"start", "end", "label", "role"?, "origin"?}], "source", "variant"}, offsets in
code points, end exclusive; `origin` is the group of names.tsv that a new name came from. Variant 0 is the message as
written with its slots filled. A variant follows from the seed, its source and its number alone (the partner of a joined
message comes from the same file). A message is a list of segments throughout, so that no step moves a mark off its words.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import values
from values import Lists, fold, match_case, slot, spell, unaccented

# Everything that is drawn, with its probability: for a message, a label in a message, or a name.
CHANCE = {
    # fmt: off
    "people": 0.65, "role_swap": 0.05, "label": 0.35, "other_form": 0.25, "spelled_slot": 0.3,
    "same_family": 0.6, "english_given": 0.1, "short_form": 0.06, "no_accents": 0.6, "surname_first": 0.05,
    "join_messages": 0.08, "thread": 0.5, "cut": 0.06, "greeting": 0.03,
    # fmt: on
}
CASES = {"as_is": 0.45, "lower": 0.40, "sentence": 0.07, "loss": 0.05, "upper": 0.03}
# kind: (probability for a message, then for a word, blank or sign in it)
NOISE = {
    "voice": (0.05, 0.15),
    "abbreviations": (0.25, 0.5),
    "punctuation": (0.12, 0.4),
    "typos": (0.2, 0.04),
    "scan": (0.03, 0.06),
    "split_words": (0.03, 0.03),
    "join_words": (0.06, 0.05),
    "double_spaces": (0.04, 0.06),
    "line_breaks": (0.04, 0.05),
    "emoji": (0.03, 0.05),
    "curly": (0.08, 1.0),
    "tail": (0.04, 1.0),
}

LABELS = frozenset(
    "PERSON USERNAME NHS_NUMBER CHI_NUMBER HSC_NUMBER NI_NUMBER MRN PROFESSIONAL_ID PASSPORT DRIVING_LICENCE "
    "VEHICLE_REGISTRATION PAYMENT_CARD BANK_ACCOUNT DEVICE_ID OTHER_ID PHONE EMAIL URL IP_ADDRESS ADDRESS POSTCODE "
    "DATE_OF_BIRTH PLACE ORGANISATION WARD_BED DATE AGE PROFESSION DEMOGRAPHIC".split()
)
# Typing slips are made in words only: a number with a wrong digit would be another number.
WORDY = frozenset("PERSON PLACE ORGANISATION ADDRESS PROFESSION DEMOGRAPHIC".split())
MISREAD = WORDY | {"MRN", "OTHER_ID", "DEVICE_ID", "WARD_BED"}

ABBREVIATIONS = dict(
    pair.split("=")
    for pair in (
        "patient=pt;patients=pts;please=pls|plz;you=u;your=ur;are=r;with=w;without=w/o;history=hx;because=cos|bc;thanks=thx|ta;"
        "tomorrow=tmrw|tom;tonight=2nite|tonite;treatment=tx|rx;diagnosis=dx;symptoms=sx;discharge=d/c;appointment=appt;"
        "medication=meds;antibiotics=abx;temperature=temp;blood pressure=BP;heart rate=HR;hospital=hosp;registrar=reg;"
        "consultant=cons;doctor=dr;ambulance=ambo;department=dept;before=b4;about=abt;between=btwn;review=r/v;"
        "complaining of=c/o;history of=h/o|hx;fracture=#;chest x-ray=CXR;chest xray=CXR;shortness of breath=SOB;"
        "nil by mouth=NBM;minutes=mins;weeks=wks;week=wk;hours=hrs;number=no|num;telephone=tel;phone=ph;message=msg;"
        "people=ppl;though=tho;through=thru;something=smth;going to=gonna;want to=wanna;don't know=dunno;okay=ok;"
        "referral=ref;prescription=script;relatives=rels;family=fam;daughter=dtr;husband=hubby;next of kin=NOK;"
        "see you=cu;really=rly;probably=prob;yesterday=yday;weekend=w/e;very=v;nothing=nowt;morning=morn;observations=obs"
    ).split(";")
)
ABBREVIABLE = re.compile(rf"\b(?:{values.either(list(ABBREVIATIONS))})\b", re.IGNORECASE)
GREETINGS = "Hi all,|Morning team|hiya|Hi hun,|Evening folks|hey|Hello lovely people|Just to say|FYI|Sorry to bother you".split("|")
SIGN_OFFS = "thanks|ta x|cheers|Many thanks|let me know|thanks in advance 🙏|no rush|over and out|sorry!|kind regards".split("|")
TAILS = " x| xx| thx| ta|...|!!| 🙏| thanks| lol".split("|")
EMOJI = "😂 🙏 👍 😭 🙄 🤦 ❤️ 😬 🎉 👀 😅 💉 🚑 🤞".split()
SPEAKERS = [pair.split("/") for pair in "A/B 1/2 nurse/doc ward/switch me/them SHO/Reg caller/us am/pm >/>>".split()]
KEYS = {
    key: row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for at, key in enumerate(row)
}
SCAN = {"O": "0", "0": "O", "l": "1", "1": "l", "I": "l", "rn": "m", "m": "rn", "S": "5", "B": "8", "e": "c", "h": "b", "cl": "d"}
PARTICLES = set("de da do dos das di del della dela delos van von der den el al ap ab bint bin ibn abu ter ten mac nic ni".split())
SURNAME_TITLE = re.compile(r"\b(?:mrs?|ms|miss|dr|prof|professor|mister|doctor|pc|sgt|cllr|sir|rev|canon)\.? $", re.IGNORECASE)
INITIALS = re.compile(r"[^\W\d_]\.?|(?:[^\W\d_]\.){2,3}|[B-DF-HJ-NP-TV-XZ]{2,3}")
SHORT_FORM = re.compile(r"[^\W\d_aeiou]*[aeiouy][^\W\d_aeiouy]", re.IGNORECASE)
NATO = set(
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango "
    "uniform victor whiskey xray yankee zulu double".split()
)
MARK = re.compile(r"\[\[([A-Z_]+)(?::([a-z]+))?\|(.*?)\]\]", re.DOTALL)
SLOT = re.compile(r"\{([a-z]+)\}")


@dataclass(slots=True)
class Segment:
    """A stretch of a message: plain text where it has no label."""

    text: str
    label: str | None = None
    role: str | None = None
    origin: str | None = None
    fresh: bool = False  # filled from a slot, so nothing is left to replace


@dataclass(slots=True)
class Message:
    """One message of a corpus, with the style that its first line names."""

    segments: list[Segment]
    source: str
    style: str


def read_corpus(path: Path) -> list[Message]:
    """Reads the marked messages of one file, slots left as they are."""
    messages = []
    blocks = re.split(r"(?m)^---[ \t]*$\n?", path.read_text(encoding="utf-8-sig"))
    for number, block in enumerate((block for block in blocks if block.strip()), 1):
        lines, style = block.strip("\n").split("\n"), ""
        while lines and re.match(r"# [\w-]+=\S", lines[0]):
            style = next(iter(re.findall(r"\bstyle=(\S+)", lines.pop(0))), style)
        text, segments, at = "\n".join(lines).strip("\n"), [], 0
        for mark in MARK.finditer(text):
            if mark[1] not in LABELS:
                sys.exit(f"{path.name}: message {number}: unknown label {mark[1]}")
            segments += [Segment(text[at : mark.start()]), Segment(mark[3], mark[1], mark[2])]
            at = mark.end()
        segments.append(Segment(text[at:]))
        messages.append(Message([part for part in segments if part.text], f"{path.stem}:{number}", style))
    return messages


# ---------------------------------------------------------------------------------------------------------------------
# People


class People:
    """Gives every distinct name of one message a new one, the same wherever it stands."""

    def __init__(self, lists: Lists, rng: random.Random) -> None:
        self.lists, self.rng = lists, rng
        self.new: dict[str, str] = {}  # by the folded old word
        self.group_of: dict[str, str] = {}  # by the folded old word
        self.initial_of: dict[str, str] = {}  # by the old initial
        self.used: set[str] = set()
        self.family: str | None = None
        self.plain = rng.random() < CHANCE["no_accents"]

    def draw(self, kind: str, group: str) -> str:
        """Draws a name that no one in the message has yet."""
        rng = self.rng
        if kind == "given" and rng.random() < CHANCE["english_given"]:
            group = "english"
        for _ in range(20):
            name = self.lists.name(group, kind, rng)
            if kind == "given" and len(name) > 4 and rng.random() < CHANCE["short_form"] and (short := SHORT_FORM.match(name)):
                name = short[0] + rng.choice(("", "", "y", "ie", "s", "z", "o"))
            if self.plain:
                name = unaccented(name)
            if fold(name) not in self.used:
                break
        self.used.add(fold(name))
        return name

    def renew(self, word: str, kind: str, group: str) -> str:
        """Gives the new name for a word of a name, in its case."""
        key = fold(word)
        if key not in self.new:
            parts = word.split("-")
            if len(parts) == 2 and all(len(part) > 1 for part in parts) and fold(parts[0]) not in PARTICLES:
                kept = parts[: 2 if self.rng.random() < 0.8 else 1]
                made = "-".join([self.new.setdefault(fold(part), self.draw(kind, group)) for part in kept])
            else:
                made = self.draw(kind, group)
            self.new[key] = made
            self.group_of[key] = group
            self.initial_of.setdefault(key[:1], made[0])
        return match_case(word, self.new[key])

    def initial(self, old: str, group: str) -> str:
        """Gives the initial that stands for an initial."""
        key = fold(old)
        if key not in self.initial_of:
            self.initial_of[key] = self.lists.name(group, "given", self.rng)[0]
        return match_case(old, self.initial_of[key])

    def kinds(self, words: list[str], comma: bool, after_title: bool, role: str | None) -> list[str]:
        """Says of each word of a name whether it is a given name, a surname or initials."""
        kinds = ["initial" if INITIALS.fullmatch(word) else "given" for word in words]
        names = [at for at, kind in enumerate(kinds) if kind == "given"]
        grades = [self.lists.grades.get(fold(words[at]).split("-")[0], (0, 0)) for at in names]
        if len(names) > 1:
            reversed_order = comma or (grades[0][1] > grades[0][0] and grades[-1][0] > grades[-1][1])
            kinds[names[0] if reversed_order else names[-1]] = "surname"
        elif names:
            given, surname = grades[0]
            if comma or after_title or (names[0] and given <= surname) or " " in words[names[0]]:
                kinds[names[0]] = "surname"
            elif given < surname or (given == surname and role != "relative" and self.rng.random() < 0.5):
                kinds[names[0]] = "surname"
        return kinds

    def group_for(self, words: list[str], role: str | None) -> str:
        """Gives the group of a name seen before, often the family's for a relative, else any."""
        group = next((self.group_of[fold(word)] for word in words if fold(word) in self.group_of), None)
        if group is None:
            related = self.family and role in {"relative", "patient"} and self.rng.random() < CHANCE["same_family"]
            group = self.family if related and self.family else self.rng.choice(self.lists.groups)
        if role == "patient":
            self.family = group
        return group

    def rename(self, part: Segment, before: str) -> None:
        """Replaces the name in one span, or leaves a form that is not understood."""
        pieces = re.findall(r"[^\s,]+|[\s,]+", part.text)
        spelled_out = len(pieces) > 4 and any(fold(piece) in NATO for piece in pieces)
        if spelled_out or part.role == "other" or re.search(r"[^\w\s,.'’-]|\d|--", part.text):
            return
        words: list[str] = []
        gaps: list[str] = []
        for piece in pieces:
            if re.match(r"[\s,]", piece):
                gaps.append(piece)
            elif words and gaps and "," not in gaps[-1] and fold(words[-1].split(" ")[-1]) in PARTICLES | {"an"}:
                words[-1] += gaps.pop() + piece  # "van der Zee" and "Mac an Bhaird" are one surname
            else:
                words.append(piece)
        group = self.group_for(words, part.role)
        part.origin = group
        if len(words) > 2 and all(len(word) == 1 for word in words):
            part.text = " ".join(c for c in self.renew("".join(words), "surname", group) if c.isalpha())
            return
        kinds = self.kinds(words, any("," in gap for gap in gaps), bool(SURNAME_TITLE.search(before)), part.role)
        made = [word if kind == "initial" else self.renew(word, kind, group) for word, kind in zip(words, kinds)]
        for at, kind in enumerate(kinds):
            if kind == "initial":
                made[at] = re.sub(r"[^\W\d_]", lambda m: self.initial(m[0], group), words[at])
        if kinds == ["given", "surname"] and gaps == [" "] and self.rng.random() < CHANCE["surname_first"]:
            made.reverse()
            gaps = [self.rng.choice((", ", " "))]
        part.text = "".join(word + gap for word, gap in zip(made, [*gaps, ""]))

    def rename_all(self, segments: list[Segment]) -> None:
        """Replaces all names, the fullest first, since they tell given name from surname."""
        named = [at for at, part in enumerate(segments) if part.label == "PERSON"]
        for at in sorted(named, key=lambda at: -len(segments[at].text.split())):
            self.rename(segments[at], segments[at - 1].text if at else "")


def swap_roles(segments: list[Segment], rng: random.Random) -> None:
    """Exchanges a patient's and a colleague's name, both of one word and found nowhere else in the message."""
    people = [part for part in segments if part.label == "PERSON"]
    seen = collections.Counter(word for part in people for word in fold(part.text).split())
    single = [part for part in people if part.text.isalpha() and len(part.text) > 2 and seen[fold(part.text)] == 1]
    patients, staff = ([part for part in single if part.role == role] for role in ("patient", "staff"))
    if patients and staff:
        one, other = rng.choice(patients), rng.choice(staff)
        one.text, other.text = match_case(one.text, other.text), match_case(other.text, one.text)
        one.origin, other.origin = other.origin, one.origin


# ---------------------------------------------------------------------------------------------------------------------
# Other labels, case, noise, context


def fill_slots(segments: list[Segment], rng: random.Random, spoken: bool) -> None:
    """Fills the slots of a message; dictated messages may have them in words."""
    for part in segments:
        if part.label and "{" in part.text:
            in_words = spoken and part.label not in {"BANK_ACCOUNT", "PAYMENT_CARD"} and rng.random() < CHANCE["spelled_slot"]
            part.text = SLOT.sub(lambda m: spell(slot(m[1], rng), rng) if in_words else slot(m[1], rng), part.text)
            part.fresh = True


def renew_labels(segments: list[Segment], lists: Lists, rng: random.Random) -> None:
    """Replaces the spans of the labels that are drawn, the same text by the same new text."""
    present = sorted({part.label for part in segments if part.label and part.label != "PERSON"})
    chosen = {label for label in present if rng.random() < CHANCE["label"]}
    done: dict[tuple[str, str], str] = {}
    for part, following in zip(segments, [*segments[1:], Segment("")]):
        if part.label in chosen and not part.fresh:
            key = (part.label, part.text)
            if key not in done:
                done[key] = values.renew(*key, following.text, rng.random() < CHANCE["other_form"], lists, rng)
            part.text = done[key]


def recase(segments: list[Segment], style: str, rng: random.Random) -> None:
    """Writes the whole message in a case style."""
    start = True
    for part in segments:
        lower = part.text.lower().replace("i̇", "i")
        if style == "lower":
            part.text = lower
        elif style == "upper":
            part.text = part.text.upper()
        elif style == "loss":
            part.text = re.sub(r"\b[A-Z]\w*", lambda m: m[0].lower() if rng.random() < 0.5 else m[0], part.text)
        elif style == "sentence":
            text = re.sub(r"([.!?]\s+|\n)(\w)", lambda m: m[1] + m[2].upper(), lower)
            text = re.sub(r"\bi\b", "I", text) if not part.label else text
            part.text = text[:1].upper() + text[1:] if start else text
            start = bool(re.search(r"[.!?]\s+$|\n$", text))


def mistype(word: str, rng: random.Random) -> str:
    """Makes one slip in a word: two letters swapped, one dropped, one doubled, or a neighbouring key."""
    at, kind = rng.randrange(1, len(word) - 1), rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    near = KEYS.get(word[at].lower(), "") if kind == 2 else word[at]
    return word[: at + (kind == 3)] + match_case(word[at], rng.choice(near or word[at])) + word[at + 1 :]


def dictate(segments: list[Segment], said_chance: float, rng: random.Random) -> None:
    """Takes the punctuation away as speech to text does, saying a sign now and then."""

    def sign(m: re.Match[str]) -> str:
        said = {".": " full stop", ",": " comma", "?": " question mark"}.get(m[0][0], "")
        return (said if rng.random() < said_chance else "") + (" " if m[0][-1].isspace() else "")

    for part in segments:
        if part.label:
            part.text = re.sub(r"(?<=\w)[.,](?=\s|$)", "", part.text)
        else:
            part.text = re.sub(r"[.,;:!?()\"–—]+(?:\s+|$)|(?<!\w)[(\"–—*>-]+\s*", sign, part.text).replace("\n", " ")


def add_noise(segments: list[Segment], lively: set[str], rng: random.Random) -> None:
    """Adds the kinds of noise drawn for this message, word by word."""
    for kind in NOISE:
        if kind not in lively:
            continue
        if kind == "voice":
            dictate(segments, NOISE[kind][1], rng)
        elif kind == "tail":
            segments.append(Segment(rng.choice(TAILS)))
        else:
            for part in segments:
                part.text = noisy(part, kind, NOISE[kind][1], rng)


def noisy(part: Segment, kind: str, rate: float, rng: random.Random) -> str:
    """Gives the text of a segment with one kind of noise."""
    text, outside, wordy = part.text, part.label is None, part.label is None or part.label in WORDY

    def change(pattern: str | re.Pattern[str], make: Any) -> str:
        return re.sub(pattern, lambda m: make(m) if rng.random() < rate else m[0], text)

    if kind == "abbreviations" and outside:
        return change(ABBREVIABLE, lambda m: match_case(m[0], rng.choice(ABBREVIATIONS[m[0].lower()].split("|"))))
    if kind == "punctuation" and outside:
        return change(r"[.,;:!?]+(?=\s|$)|(?<=\w)['’](?=\w)|[()]", lambda m: "")
    if kind == "punctuation" and part.label == "PERSON":
        return change(r"(?<=\w)['’.,-](?=.)", lambda m: " " if m[0] == "-" else "")
    if kind == "typos" and wordy:
        return change(r"\b[^\W\d_]{4,}\b", lambda m: mistype(m[0], rng))
    if kind == "scan" and (wordy or part.label in MISREAD):
        return change(r"rn|cl|[O0l1ImSBeh]", lambda m: SCAN[m[0]])
    if kind == "split_words" and wordy:
        return change(r"\b[^\W\d_]{6,}\b", lambda m: f"{m[0][: len(m[0]) // 2]} {m[0][len(m[0]) // 2 :]}")
    if kind == "join_words" and text != " ":
        return change(r"(?<!\s) (?!\s)", lambda m: "")
    if kind == "double_spaces":
        return change(r"(?<=\S) ", lambda m: "  ")
    if kind == "line_breaks" and outside:
        return change(" ", lambda m: "\n")
    if kind == "emoji" and outside:
        return change(" ", lambda m: f" {rng.choice(EMOJI)} ")
    if kind == "curly":
        return re.sub(r'(?<!\w)"(?=\w)', "“", text).replace('"', "”").replace("'", "’")
    return text


def sentences(segments: list[Segment]) -> list[list[Segment]]:
    """Parts a message at the line and sentence ends outside its spans."""
    parts: list[list[Segment]] = [[]]
    for part in segments:
        pieces = [part.text] if part.label else re.split(r"(?<=[.!?])(?=\s)|(?<=\n)", part.text)
        for at, piece in enumerate(pieces):
            if at:
                parts.append([])
            if piece:
                parts[-1].append(replace(part, text=piece))
    return [part for part in parts if any(piece.text.strip() for piece in part)]


def cut(segments: list[Segment], rng: random.Random) -> list[Segment]:
    """Keeps a run of the message's sentences."""
    parts = sentences(segments)
    if len(parts) < 2:
        return segments
    first = rng.randrange(len(parts))
    last = rng.randrange(first, len(parts))
    return [piece for part in parts[first : last + 1] for piece in part]


def join_messages(one: list[Segment], other: list[Segment], rng: random.Random) -> list[Segment]:
    """Puts a second message under the first, at times as two speakers."""
    speakers = rng.choice(SPEAKERS) if rng.random() < CHANCE["thread"] else ("", "")
    said = [f"{speaker}: " if speaker else "" for speaker in speakers]
    return [part for part in (Segment(said[0]), *one, Segment("\n" + said[1]), *other) if part.text]


def greet(segments: list[Segment], rng: random.Random) -> list[Segment]:
    """Puts a greeting before a message or a sign-off after it."""
    gap = rng.choice((" ", "\n"))
    if rng.random() < 0.5:
        return [Segment(rng.choice(GREETINGS) + gap), *segments]
    return [*segments, Segment(gap + rng.choice(SIGN_OFFS))]


# ---------------------------------------------------------------------------------------------------------------------
# Examples


def finished(segments: list[Segment], source: str, variant: int) -> dict[str, Any] | None:
    """Gives the example that the segments make, or none where a span has come to nothing."""
    text, entities = "", []
    for part in segments:
        if part.label:
            inner = part.text.strip()
            if not re.search(r"\w", inner):
                return None
            start = len(text) + part.text.index(inner)
            entity: dict[str, Any] = {"start": start, "end": start + len(inner), "label": part.label}
            entities.append(entity | {key: value for key, value in (("role", part.role), ("origin", part.origin)) if value})
        text += part.text
    lead = len(text) - len(text.lstrip())
    for entity in entities:
        entity["start"] -= lead
        entity["end"] -= lead
    text = text.strip()
    return {"text": text, "entities": entities, "source": source, "variant": variant} if text else None


def example(messages: list[Message], at: int, variant: int, seed: str | int, lists: Lists) -> dict[str, Any] | None:
    """Makes one variant of the message at `at` in its file."""
    message = messages[at]
    rng = random.Random(f"{seed}|{message.source}|{variant}")
    segments = [replace(part) for part in message.segments]
    dictated = message.style == "voice_to_text"
    if variant == 0:
        fill_slots(segments, rng, False)
        return finished(segments, message.source, 0)
    lively = {kind for kind, (chance, _) in NOISE.items() if rng.random() < chance}
    if rng.random() < CHANCE["join_messages"]:
        clean = not any(part.label for part in segments)
        partner = messages[rng.randrange(len(messages))]
        # A message without identifiers stays a negative.
        if not clean or not any(part.label for part in partner.segments):
            segments = join_messages(segments, [replace(part) for part in partner.segments], rng)
    elif rng.random() < CHANCE["cut"]:
        segments = cut(segments, rng)
    fill_slots(segments, rng, dictated or "voice" in lively)
    if rng.random() < CHANCE["people"]:
        People(lists, rng).rename_all(segments)
    if rng.random() < CHANCE["role_swap"]:
        swap_roles(segments, rng)
    renew_labels(segments, lists, rng)
    if rng.random() < CHANCE["greeting"]:
        segments = greet(segments, rng)
    recase(segments, "lower" if "voice" in lively else rng.choices(list(CASES), list(CASES.values()))[0], rng)
    add_noise(segments, lively, rng)
    return finished(segments, message.source, variant)


def examples(paths: list[Path], variants: int, seed: str | int, lists: Lists) -> Iterator[dict[str, Any]]:
    """Gives the examples of all files, without a variant that says the same as an earlier one."""
    for path in paths:
        messages = read_corpus(path)
        for at in range(len(messages)):
            seen: set[str] = set()
            for variant in range(variants):
                made = example(messages, at, variant, seed, lists)
                if made and made["text"] not in seen:
                    seen.add(made["text"])
                    yield made


def faults(made: dict[str, Any]) -> list[str]:
    """Names what is wrong with an example, without its text."""
    text, at = made["text"], 0
    found: list[str] = []
    for entity in made["entities"]:
        span = text[entity["start"] : entity["end"]]
        if not at <= entity["start"] < entity["end"] <= len(text):
            found.append("offsets out of order")
        if span != span.strip() or not span:
            found.append("blank at an end of a span")
        if entity["label"] not in LABELS or (entity["label"] == "PERSON") != ("role" in entity):
            found.append("label or role")
        plain = re.sub(r"[\s.-]", "", span)
        if entity["label"] == "NHS_NUMBER" and re.fullmatch(r"\d{10}", plain, re.ASCII):
            if plain[:3] != "999" or values.check_digit(plain[:9]) != int(plain[9]):
                found.append("NHS number that could be a patient's, or its check digit wrong")
        at = entity["end"]
    return found


def check(path: Path) -> int:
    """Checks a file of examples and prints its counts; gives the number of broken ones."""
    counts: dict[str, collections.Counter[str]] = {what: collections.Counter() for what in ("label", "origin", "case")}
    broken = total = clean = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        made = json.loads(line)
        if wrong := faults(made):
            broken += 1
            print(f"line {number} ({made['source']}): {', '.join(wrong)}")
        total += 1
        clean += not made["entities"]
        for entity in made["entities"]:
            counts["label"][entity["label"] + (f":{entity['role']}" if "role" in entity else "")] += 1
            if "origin" in entity:
                counts["origin"][entity["origin"]] += 1
        text = made["text"]
        counts["case"]["lower" if text == text.lower() else "upper" if text == text.upper() else "mixed"] += 1
    print(f"{total} examples, {clean} without an identifier, {broken} broken")
    for what, counter in counts.items():
        print(f"\n{what}")
        for name, count in counter.most_common():
            print(f"  {count:>8}  {name}")
    return broken


def main() -> None:
    """Writes or checks a file of examples."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", type=Path, metavar="CORPUS", help="files in the marked format")
    parser.add_argument("--out", type=Path, help="file of examples to write")
    parser.add_argument("--variants", type=int, default=8, help="variants of each message, the message as written among them")
    parser.add_argument("--seed", default="7", help="what the examples follow from, with source and variant")
    parser.add_argument("--practices", type=Path, help="table of GP practices, name second, that organisations borrow from")
    parser.add_argument("--check", type=Path, metavar="FILE", help="check a file of examples and print counts")
    options = parser.parse_args()
    if options.check:
        sys.exit(bool(check(options.check)))
    if not options.out or not options.corpora:
        parser.error("--out and at least one CORPUS are needed")
    lists, count, started = Lists.load(options.practices), 0, time.perf_counter()
    with options.out.open("w", encoding="utf-8") as out:
        for made in examples(options.corpora, options.variants, options.seed, lists):
            out.write(json.dumps(made, ensure_ascii=False) + "\n")
            count += 1
    print(f"{count} examples, {count / (time.perf_counter() - started):.0f} a second")


if __name__ == "__main__":
    main()
