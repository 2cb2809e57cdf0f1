"""Runs presend and other systems over the same messages, side by side: speed and quality. README.md says how."""

import argparse
import datetime
import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import corpus

HERE = Path(__file__).resolve().parent
CORPORA = {name: HERE.parents[1] / "corpora" / f"{name}.txt" for name in ("dev", "validation")}

# The figures of `presend eval` that are shown, with their headings.
FIGURES = {
    "direct_recall": "direct recall",
    "safe_messages": "safe messages",
    "staff_recall": "staff",
    "quasi_recall": "quasi",
    "span_precision": "span precision",
    "text_damage": "text damage",
    "clean_alarm": "clean alarm",
}


@dataclass(frozen=True)
class Configuration:
    """How presend is called: `presend COMMAND FLAGS FILE` reads JSON lines and prints findings as JSON lines."""

    flags: tuple[str, ...] = ()
    command: tuple[str, ...] = ("scan", "--input", "jsonl", "--threads", "1")


# Every way to run presend that is compared.
# ONNX Runtime is the one that came into the environment with rampart.
LIBRARY = "onnxruntime library"
PRESEND = {
    "rules": Configuration(("--model", "none")),
    "rules + tiny": Configuration(("--model", "tiny", "--runtime", "built-in")),
    "rules + tiny, always asked": Configuration(("--model", "tiny", "--runtime", "built-in", "--always-ask")),
    "rules + tiny, ONNX Runtime": Configuration(("--model", "tiny", "--runtime", LIBRARY)),
    "rules + small": Configuration(("--model", "small", "--runtime", "built-in")),
    "rules + small, always asked": Configuration(("--model", "small", "--runtime", "built-in", "--always-ask")),
    "rules + small, ONNX Runtime": Configuration(("--model", "small", "--runtime", LIBRARY)),
}

# The systems of `peer.py`.
PEERS = ("presidio", "rampart")
# What ratios of speed are to.
BASIS = "presidio"

ONE_THREAD = {
    name: "1"
    for name in (
        "BLIS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "RAYON_NUM_THREADS",
    )
} | {"TOKENIZERS_PARALLELISM": "false"}


def _library() -> Path:
    """The shared library of ONNX Runtime in the environment that this script made."""
    found = sorted((HERE / ".venv").glob("lib/python3*/site-packages/onnxruntime/capi/libonnxruntime.*"))
    if not found:
        raise SystemExit("there is no ONNX Runtime in benches/peers/.venv; delete that folder and run this again")
    return found[0]


@dataclass(frozen=True)
class Timing:
    """How many messages took how many seconds, of the processor and of the clock."""

    messages: int
    cpu: float
    wall: float

    def less(self, other: "Timing") -> "Timing":
        """What is left without the other."""
        return Timing(self.messages - other.messages, self.cpu - other.cpu, self.wall - other.wall)


def total(rounds: list[Timing]) -> Timing:
    """All rounds as one."""
    return Timing(
        sum(each.messages for each in rounds),
        sum(each.cpu for each in rounds),
        sum(each.wall for each in rounds),
    )


class Presend:
    """One configuration of presend. Its file of messages is a stream to it, so it has no batches apart."""

    def __init__(self, binary: Path, configuration: Configuration, source: Path, predictions: Path) -> None:
        """Writes the predictions."""
        self.ways = ["single"]
        flags = [str(_library()) if flag == LIBRARY else flag for flag in configuration.flags]
        self.command = [str(binary), *configuration.command, *flags]
        self.source = source
        with predictions.open("wb") as out:
            subprocess.run([*self.command, str(source)], check=True, stdout=out)

    def measure(self, _way: str, seconds: float) -> Timing:
        """Goes through the messages for that long at least."""
        return presend_rate(self.command, self.source, seconds)


def presend_rate(command: list[str], source: Path, seconds: float) -> Timing:
    """Times the command on many copies of the messages, less the time it takes for one.

    What goes off with the one is the start, the loading of models and the warm-up, which the other systems are not
    charged with either.
    """
    lines = source.read_text(encoding="utf-8")
    count = lines.count("\n")
    first = _timed([*command, str(source)], count)
    copies = 2
    with tempfile.TemporaryDirectory() as folder:
        many = Path(folder, "many.jsonl")
        while True:
            many.write_text(lines * copies, encoding="utf-8")
            rest = _timed([*command, str(many)], count * copies).less(first)
            if rest.wall >= seconds:
                return rest
            # A short time says little, so the number of copies grows in steps.
            copies = math.ceil(copies * min(16.0, 1.2 * seconds / max(rest.wall, 1e-3)))


def _timed(command: list[str], count: int) -> Timing:
    def cpu() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    wall, before = time.perf_counter(), cpu()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return Timing(count, cpu() - before, time.perf_counter() - wall)


class Peer:
    """Another system, alive in a process of `peer.py`."""

    def __init__(self, name: str, python: Path, source: Path, predictions: Path) -> None:
        """Starts the process, which writes the predictions."""
        self.process = subprocess.Popen(
            [str(python), str(HERE / "peer.py"), name, str(source), str(predictions)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        about = self._answer()
        self.ways: list[str] = about["ways"]
        self.versions: dict[str, str] = about["versions"]

    def measure(self, way: str, seconds: float) -> Timing:
        """Goes through the messages for that long at least, called that way."""
        assert self.process.stdin is not None
        print(way, seconds, file=self.process.stdin, flush=True)
        return Timing(**self._answer())

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            sys.exit("a system has stopped; its complaint stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """Ends the process."""
        self.process.communicate()


def peers_python() -> Path:
    """The Python of `.venv`, which is made anew where it does not hold what requirements.txt asks for."""
    folder, wanted = HERE / ".venv", HERE / "requirements.txt"
    python, holds = folder / "bin" / "python", folder / wanted.name
    if not holds.is_file() or holds.read_bytes() != wanted.read_bytes():
        print("setting up .venv ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", wanted], check=True)
        holds.write_bytes(wanted.read_bytes())
    return python


def scores(presend: Path, path: Path) -> dict[str, dict[str, Any]]:
    """The scores of a file of predictions, whose ids are `CORPUS/ID`, on each corpus."""
    by_corpus: dict[str, list[dict[str, Any]]] = {name: [] for name in CORPORA}
    with path.open(encoding="utf-8") as file:
        for line in map(json.loads, file):
            name, _, line["id"] = line["id"].partition("/")
            by_corpus[name].append(line)
    scored = {}
    for name, lines in by_corpus.items():
        report = corpus.evaluate(presend, CORPORA[name], lines)
        if report["invalid_predictions"]:
            raise ValueError("there are predictions that do not fit their messages")
        scored[name] = {
            "messages": report["messages"],
            "gold_spans": report["gold_spans"],
            "percent": {figure: report["overall"][figure]["percent"] for figure in FIGURES},
        }
    return scored


def write_messages(presend: Path, source: Path) -> None:
    """Writes the messages of all corpora as JSON lines, with ids `CORPUS/ID`."""
    with source.open("w", encoding="utf-8") as file:
        for name, path in CORPORA.items():
            for each, text in corpus.read(presend, path).items():
                file.write(json.dumps({"id": f"{name}/{each}", "text": text}) + "\n")


def compare(presend: Path, python: Path, rounds: int, seconds: float) -> dict[str, Any]:
    """Runs every system, in turn in each round, and gives the results."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "messages.jsonl"
        write_messages(presend, source)
        peers = {peer: Peer(peer, python, source, folder / peer) for peer in PEERS}
        systems: dict[str, Peer | Presend] = dict(peers)
        for configuration, how in PRESEND.items():
            system = f"presend {configuration}"
            systems[system] = Presend(presend, how, source, folder / system)

        timings: dict[str, dict[str, list[Timing]]] = {
            system: {way: [] for way in runner.ways} for system, runner in systems.items()
        }
        for number in range(rounds):
            print(f"round {number + 1} of {rounds} ...", file=sys.stderr)
            for system, runner in systems.items():
                for way in runner.ways:
                    timings[system][way].append(runner.measure(way, seconds))
        for peer in peers.values():
            peer.close()

        versions: dict[str, Any] = {peer: runner.versions for peer, runner in peers.items()}
        versions["presend"] = subprocess.check_output([str(presend), "--version"], encoding="utf-8").strip()
        return {
            "date": datetime.date.today().isoformat(),
            "machine": {
                "system": platform.platform(),
                "processors": os.cpu_count(),
                "python": platform.python_version(),
            },
            "versions": versions,
            "systems": {
                system: speed(ways, timings[BASIS]) | {"scores": scores(presend, folder / system)}
                for system, ways in timings.items()
            },
        }


def speed(ways: dict[str, list[Timing]], basis: dict[str, list[Timing]]) -> dict[str, Any]:
    """How fast a system is, called in each of its ways, and beside the basis, each in the way that suits it best."""

    def rates(of: dict[str, list[Timing]]) -> dict[str, float]:
        return {way: total(rounds).messages / total(rounds).cpu for way, rounds in of.items()}

    return {
        "messages_per_second": rates(ways),
        f"ratio_to_{BASIS}": max(rates(ways).values()) / max(rates(basis).values()),
        "rounds": {way: [asdict(each) for each in rounds] for way, rounds in ways.items()},
    }


def tables(results: dict[str, Any]) -> str:
    """Speed and quality as Markdown."""
    systems = results["systems"]
    lines = [
        f"| system | messages/s | batched | ratio to {BASIS} |",
        "| --- | ---: | ---: | ---: |",
    ]
    for system, result in systems.items():
        rates, ratio = result["messages_per_second"], result[f"ratio_to_{BASIS}"]
        batched = f"{rates['batched']:,.0f}" if "batched" in rates else "–"
        lines.append(f"| {system} | {rates['single']:,.0f} | {batched} | {ratio:,.1f} |")
    for name in CORPORA:
        about = systems[BASIS]["scores"][name]
        lines += [
            "",
            f"{name}: {about['messages']} messages, {about['gold_spans']} marked identifiers",
            "",
            "| system | " + " | ".join(FIGURES.values()) + " |",
            "| --- |" + " ---: |" * len(FIGURES),
        ]
        for system, result in systems.items():
            percent = result["scores"][name]["percent"]
            cells = (f"{percent[figure]:.{2 if figure == 'text_damage' else 1}f}" for figure in FIGURES)
            lines.append(f"| {system} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Reads the arguments, sets up, compares, and writes the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presend", type=Path, required=True, help="the binary, such as target/release/presend")
    parser.add_argument("--output", type=Path, default=HERE / "results.json", help="where the results go as JSON")
    parser.add_argument("--rounds", type=int, default=3, help="how many times the systems take turns")
    parser.add_argument("--seconds", type=float, default=4.0, help="the least time of a turn")
    arguments = parser.parse_args()

    python = peers_python()
    os.environ.update(ONE_THREAD)
    if hasattr(os, "sched_setaffinity"):
        # Child processes keep to the same core.
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    results = compare(arguments.presend.resolve(), python, arguments.rounds, arguments.seconds)
    arguments.output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(tables(results))


if __name__ == "__main__":
    main()
