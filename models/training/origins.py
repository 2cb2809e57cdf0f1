"""Measures recall of names by the origin of the name, on messages whose people the generator has replaced.

    python generate.py --out NAMES.jsonl --variants 40 --seed 11 ../../corpora/validation.txt
    python origins.py NAMES.jsonl --presend ../../target/release/presend [-- --model tiny]

A name counts as found when all its letters lie under findings. Prints a Markdown table, the lowest recall first.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import subprocess
from pathlib import Path


def interval(found: int, all_: int) -> tuple[float, float]:
    """Wilson's 95 % interval, in per cent."""
    share, z = found / all_, 1.96
    middle = (share + z * z / (2 * all_)) / (1 + z * z / all_)
    half = z * math.sqrt(share * (1 - share) / all_ + z * z / (4 * all_ * all_)) / (1 + z * z / all_)
    return 100 * (middle - half), 100 * (middle + half)


def main() -> None:
    """Scans the messages and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("messages", type=Path)
    parser.add_argument("--presend", type=Path, required=True)
    parser.add_argument("options", nargs="*", help="options for `presend scan`, after --")
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.messages.read_text(encoding="utf-8").splitlines()]
    lines = "".join(json.dumps({"id": at, "text": row["text"]}) + "\n" for at, row in enumerate(rows))
    scan = [str(args.presend), "scan", "--input", "jsonl", *args.options, "-"]
    output = subprocess.run(scan, input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    counts: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    for row, line in zip(rows, output.splitlines(), strict=True):
        covered = {at for found in json.loads(line)["entities"] for at in range(found["start"], found["end"])}
        for entity in row["entities"]:
            if entity["label"] != "PERSON" or "origin" not in entity:
                continue
            letters = [at for at in range(entity["start"], entity["end"]) if row["text"][at].isalnum()]
            counts[entity["origin"]][0] += all(at in covered for at in letters)
            counts[entity["origin"]][1] += 1
    print("| origin | names | recall | 95 % interval |\n| --- | ---: | ---: | --- |")
    for origin, (found, all_) in sorted(counts.items(), key=lambda item: item[1][0] / item[1][1]):
        low, high = interval(found, all_)
        print(f"| {origin.replace('_', ' ')} | {all_} | {100 * found / all_:.1f} | {low:.1f} to {high:.1f} |")


if __name__ == "__main__":
    main()
