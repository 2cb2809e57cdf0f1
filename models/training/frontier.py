"""Draws models/frontier.png from models/frontier.tsv: safe messages against the time of a message."""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

MODELS = Path(__file__).resolve().parents[1]
SETS = {"safe_validation": ("validation", "#1b6ca8", "o"), "safe_dev": ("development", "#c8553d", "s")}


def main() -> None:
    """Draws one line a set of messages, with the engines' names beside the points."""
    lines = [line for line in (MODELS / "frontier.tsv").read_text().splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines, delimiter="\t"))
    figure, axes = pyplot.subplots(figsize=(7, 4.2), dpi=130)
    for column, (name, colour, mark) in SETS.items():
        built_in = [row for row in rows if row["runtime"] in ("none", "built-in")]
        axes.plot(
            [float(row["milliseconds"]) for row in built_in], [float(row[column]) for row in built_in],
            color=colour, marker=mark, label=f"{name} messages, built-in runtime",
        )  # fmt: skip
        quick = [row for row in rows if row["runtime"] == "ONNX Runtime"]
        axes.plot(
            [float(row["milliseconds"]) for row in quick], [float(row[column]) for row in quick],
            color=colour, marker=mark, linestyle="none", fillstyle="none", label=f"{name} messages, ONNX Runtime",
        )  # fmt: skip
    for row in rows:
        if row["runtime"] != "ONNX Runtime":
            place = (float(row["milliseconds"]), float(row["safe_dev"]))
            axes.annotate(row["engine"], place, textcoords="offset points", xytext=(0, -17), ha="center")
    axes.axvline(4, color="#999999", linestyle=":")
    axes.annotate("aim: 4 ms", (4, 98.5), textcoords="offset points", xytext=(-5, 0), ha="right", color="#666666")
    axes.set_xscale("log")
    axes.set_xticks([0.01, 0.03, 0.1, 0.3, 1, 3], labels=["0.01", "0.03", "0.1", "0.3", "1", "3"])
    axes.minorticks_off()
    axes.set_xlabel("milliseconds a message of 32 pieces, one core")
    axes.set_ylabel("safe messages, per cent")
    axes.set_ylim(78, 100)
    axes.set_xlim(0.01, 8)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right", fontsize=8)
    figure.tight_layout()
    figure.savefig(MODELS / "frontier.png")


if __name__ == "__main__":
    main()
