"""Corpora in presend's marked format: the messages that would be sent, and how well a system does on them."""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SPAN = re.compile(r"\[\[[A-Z_]+(?::[a-z]+)?\|(.*?)\]\]", re.DOTALL)
META = re.compile(r"# [A-Za-z0-9_-]+=\S")


def read(presend: Path, corpus: Path) -> dict[str, str]:
    """The messages by their ids, with marks taken out and slots such as `{nhs}` filled as presend fills them."""
    sources = _sources(corpus.read_text(encoding="utf-8"))
    spans = _spans(presend, corpus, list(sources))
    return {name: _text(name, source, spans.get(name, [])) for name, source in sources.items()}


def evaluate(presend: Path, corpus: Path, predictions: Iterable[dict[str, Any]], *options: str) -> dict[str, Any]:
    """What `presend eval` makes of the predictions, one `{"id", "entities"}` a message."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "predictions.jsonl")
        path.write_text("".join(json.dumps(line) + "\n" for line in predictions), encoding="utf-8")
        command = [str(presend), "eval", str(corpus), "--predictions", str(path), "--json", *options]
        report: dict[str, Any] = json.loads(subprocess.check_output(command, encoding="utf-8"))
    return report


def _sources(text: str) -> dict[str, str]:
    """The marked messages by their ids: what the metadata says, else the number in the file, from 1."""
    sources: dict[str, str] = {}
    for block in re.split(r"^---[ \t]*$", text.replace("\r\n", "\n"), flags=re.MULTILINE):
        lines = _without_blank_ends(block.split("\n"))
        if not lines:
            continue
        name = str(len(sources) + 1)
        while META.match(lines[0]):
            name = dict(pair.split("=", 1) for pair in lines.pop(0).split()[1:]).get("id", name)
        sources[name] = "\n".join(_without_blank_ends(lines))
    return sources


def _without_blank_ends(lines: list[str]) -> list[str]:
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _spans(presend: Path, corpus: Path, names: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Every marked span with its words, by the id of its message.

    What fills a slot is presend's to choose, and `eval` prints it only in its list of misses: so it is told that
    nothing was found, which makes every span one.
    """
    nothing = [{"id": name, "entities": []} for name in names]
    listed = evaluate(presend, corpus, nothing, "--misses")["misses"]
    spans: dict[str, list[dict[str, Any]]] = {}
    for span in sorted(listed, key=lambda span: (span["index"], span["start_byte"])):
        spans.setdefault(span["message"], []).append(span)
    return spans


def _text(name: str, source: str, spans: list[dict[str, Any]]) -> str:
    """The message without its marks, checked against the places where presend has its spans."""
    listed = iter(spans)

    def words(mark: re.Match[str]) -> str:
        # The list shows line ends as spaces, so a span without a slot keeps the words of the file.
        filled = next(listed, {"words": ""})["words"]
        return filled if "{" in mark[1] else mark[1]

    text = SPAN.sub(words, source)
    encoded = text.encode()
    for span in spans:
        there = encoded[span["start_byte"] : span["end_byte"]].decode(errors="replace")
        if there.split() != span["words"].split():
            raise ValueError(f"message {name} is not read as presend reads it")
    return text
