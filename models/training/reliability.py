"""Measures how far a finding's score is the chance that it is right, and draws models/reliability.png.

    python generate.py --out GOLD.jsonl --variants 1 --seed 3 ../../corpora/dev.txt ../../corpora/validation.txt
    python reliability.py GOLD.jsonl --presend ../../target/release/presend

A finding is right when it touches a gold span. Findings of `presend scan` are put in bins of their score; a bin is drawn
with Wilson's 95 % interval. The expected calibration error is the mean distance of score and share in the bins, weighed
by their findings (Naeini et al., 2015). Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

from origins import interval  # noqa: E402

ENDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
"""Where one bin ends and the next begins: narrow at the top, where most findings are."""

ENGINES = {"none": ("rules alone", "#888888", "^"), "tiny": ("tiny", "#c8553d", "s"), "small": ("small", "#1b6ca8", "o")}


def judged(presend: Path, model: str, rows: list[dict]) -> list[tuple[float, bool]]:
    """The score of every finding, and whether it is right."""
    lines = "".join(json.dumps({"id": at, "text": row["text"]}) + "\n" for at, row in enumerate(rows))
    scan = [str(presend), "scan", "--model", model, "--input", "jsonl", "--offsets", "code-points", "-"]
    output = subprocess.run(scan, input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    found = []
    for row, line in zip(rows, output.splitlines(), strict=True):
        for entity in json.loads(line)["entities"]:
            touches = any(g["start"] < entity["end"] and entity["start"] < g["end"] for g in row["entities"])
            found.append((entity["score"], touches))
    return found


def bins(found: list[tuple[float, bool]]) -> list[tuple[float, int, int]]:
    """Mean score, findings that are right, and findings of each bin that has any."""
    rows = []
    for low, high in zip(ENDS, ENDS[1:]):
        inside = [(score, right) for score, right in found if low <= score < high or (high == 1.0 and score == 1.0)]
        if inside:
            rows.append((sum(score for score, _ in inside) / len(inside), sum(right for _, right in inside), len(inside)))
    return rows


def main() -> None:
    """Scans the messages with each engine, prints the table and draws the curves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("messages", type=Path)
    parser.add_argument("--presend", type=Path, required=True)
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.messages.read_text(encoding="utf-8").splitlines()]
    figure, axes = pyplot.subplots(figsize=(6, 5), dpi=130)
    axes.plot([0, 100], [0, 100], color="#999999", linestyle=":", label="as it should be")
    print("| engine | score | findings | right | 95 % interval |\n| --- | ---: | ---: | ---: | --- |")
    for model, (name, colour, mark) in ENGINES.items():
        found = judged(args.presend, model, rows)
        made = bins(found)
        error = sum(abs(right - score * count) for score, right, count in made) / max(1, len(found))
        for score, right, count in made:
            low, high = interval(right, count)
            print(f"| {name} | {100 * score:.0f} | {count} | {100 * right / count:.1f} | {low:.1f} to {high:.1f} |")
        places = [100 * score for score, _, _ in made]
        shares = [100 * right / count for _, right, count in made]
        ends = [interval(right, count) for _, right, count in made]
        reach = [[share - low for share, (low, _) in zip(shares, ends)], [high - share for share, (_, high) in zip(shares, ends)]]
        axes.errorbar(places, shares, yerr=reach, color=colour, marker=mark, capsize=2, linewidth=1, label=f"{name}, error {100 * error:.1f}")
    axes.set_xlabel("mean score of the findings of a bin, per cent")
    axes.set_ylabel("findings that are right, per cent")
    axes.set_xlim(0, 101)
    axes.set_ylim(0, 101)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right", fontsize=8)
    figure.tight_layout()
    figure.savefig(Path(__file__).resolve().parents[1] / "reliability.png")


if __name__ == "__main__":
    main()
