"""Reads the arrays that the example `training_arrays` writes, in batches of like length."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch


class Arrays:
    """The examples of one folder."""

    def __init__(self, folder: Path) -> None:
        read = lambda name, kind: np.fromfile(folder / name, dtype=kind)
        self.index = read("index.u32", "<u4").astype(np.int64)
        self.ids = read("ids.u16", "<u2")
        self.bits = read("features.u128", np.uint8).reshape(-1, 16)
        self.first = read("first.u8", np.uint8)
        self.tags = read("tags.u8", np.uint8)
        self.roles = read("roles.u8", np.uint8)
        self.known = read("known.u64", "<u8")
        self.sources = (folder / "sources.txt").read_text().splitlines()
        self.features: list[str] = json.loads((folder / "features.json").read_text())
        self.labels: list[str] = json.loads((folder / "labels.json").read_text())

    def __len__(self) -> int:
        return len(self.index) - 1

    def lengths(self) -> np.ndarray:
        """The pieces of each example."""
        return np.diff(self.index)

    def batch(self, rows: np.ndarray) -> dict[str, torch.Tensor]:
        """The examples padded to the longest: ids, features, mask, first, tags, roles [rows, pieces], known [rows, labels]."""
        longest = int(max(self.index[row + 1] - self.index[row] for row in rows))
        shape = (len(rows), longest)
        out = {name: np.zeros(shape, np.int64) for name in ("ids", "first", "tags", "roles", "mask")}
        bits = np.zeros((*shape, 16), np.uint8)
        for at, row in enumerate(rows):
            start, end = self.index[row], self.index[row + 1]
            size = end - start
            for name in ("ids", "first", "tags", "roles"):
                out[name][at, :size] = getattr(self, name)[start:end]
            out["mask"][at, :size] = 1
            bits[at, :size] = self.bits[start:end]
        batch = {name: torch.from_numpy(array) for name, array in out.items()}
        batch["rows"] = torch.from_numpy(np.asarray(rows))
        batch["first"] = batch["first"].bool()
        unpacked = np.unpackbits(bits, axis=-1, bitorder="little")[..., : len(self.features)]
        batch["features"] = torch.from_numpy(unpacked.astype(np.float32))
        known = np.unpackbits(self.known[rows].view(np.uint8).reshape(-1, 8), axis=-1, bitorder="little")
        batch["known"] = torch.from_numpy(known[:, : len(self.labels)].astype(bool))
        return batch

    def answers(
        self, teacher: torch.nn.Module, batch: dict[str, torch.Tensor], features: torch.Tensor, bfloat16: bool
    ) -> torch.Tensor:
        """What a teacher says of a batch of these examples: asked once an example, then remembered."""
        if not hasattr(self, "asked"):
            self.asked = np.zeros(len(self), bool)
            self.said: np.ndarray | None = None
        rows = batch["rows"].numpy()
        if self.said is None or not self.asked[rows].all():
            with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
                out = teacher(batch["ids"], features, batch["mask"]).float().numpy()
            if self.said is None:
                self.said = np.zeros((len(self.ids), out.shape[-1]), np.float16)
            for at, row in enumerate(rows):
                start, end = self.index[row], self.index[row + 1]
                self.said[start:end] = out[at, : end - start]
                self.asked[row] = True
        wanted = np.zeros((*batch["ids"].shape, self.said.shape[-1]), np.float32)
        for at, row in enumerate(rows):
            start, end = self.index[row], self.index[row + 1]
            wanted[at, : end - start] = self.said[start:end]
        return torch.from_numpy(wanted)

    @staticmethod
    def batches(
        sets: list[Arrays], weights: list[float], pieces: int, rng: np.random.Generator
    ) -> Iterator[tuple[Arrays, dict[str, torch.Tensor]]]:
        """Endless batches of about so many pieces, each from one set, of examples of like length."""
        pending: list[list[np.ndarray]] = [[] for _ in sets]
        shares = np.array([weight * len(s) for weight, s in zip(weights, sets)])
        shares = shares / shares.sum()
        while True:
            which = rng.choice(len(sets), p=shares)
            if not pending[which]:
                pending[which] = sets[which].epoch(pieces, rng)
            yield sets[which], sets[which].batch(pending[which].pop())

    def epoch(self, pieces: int, rng: np.random.Generator) -> list[np.ndarray]:
        """Every example once, in batches in random order."""
        lengths = self.lengths()
        # Like lengths together, but not the same neighbours in every epoch.
        order = np.argsort(lengths + rng.uniform(0, 6, len(lengths)))
        batches, rows, longest = [], [], 0
        for row in order:
            longest = max(longest, lengths[row])
            if rows and longest * (len(rows) + 1) > pieces:
                batches.append(np.array(rows))
                rows, longest = [], lengths[row]
            rows.append(row)
        batches.append(np.array(rows))
        return [batches[at] for at in rng.permutation(len(batches))]
