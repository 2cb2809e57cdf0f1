"""Measures a model on marked messages, word by word: a stand-in for `presend eval` while training."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

DIRECT_UP_TO = "DATE_OF_BIRTH"
"""The last of the direct labels in the order of the guideline."""


@torch.inference_mode()
def measure(model: torch.nn.Module, arrays, hide, loss) -> dict[str, float]:
    """Direct, staff and quasi recall, safe messages, word precision, clean alarm and role accuracy, in per cent."""
    model.eval()
    direct = arrays.labels.index(DIRECT_UP_TO) + 1
    found = {"direct": [0, 0], "staff": [0, 0], "quasi": [0, 0], "safe": [0, 0], "alarm": [0, 0], "precision": [0, 0], "roles": [0, 0]}

    def count(name: str, good: bool) -> None:
        found[name][0] += good
        found[name][1] += 1

    surprise, words_seen = 0.0, 0
    lengths = arrays.lengths()
    order = np.argsort(lengths)
    for rows in np.array_split(order, max(1, len(order) // 24)):
        batch = arrays.batch(rows)
        out = model(batch["ids"], hide.plain(batch["features"]), batch["mask"])
        labels = len(arrays.labels)
        surprise += loss(out, batch, labels).item() * batch["first"].sum().item()
        words_seen += batch["first"].sum().item()
        predicted = out[..., : labels + 1].argmax(-1)
        roles = out[..., labels + 2 :].argmax(-1) + 1
        for at in range(len(rows)):
            words = batch["first"][at]
            tags, guess = batch["tags"][at][words].tolist(), predicted[at][words].tolist()
            gold_roles, guess_roles = batch["roles"][at][words].tolist(), roles[at][words].tolist()
            spans: list[list[int]] = []
            for place, tag in enumerate(tags):
                if tag & 63:
                    if tag & 64 or not spans:
                        spans.append([])
                    spans[-1].append(place)
            every = True
            for span in spans:
                kind, role = tags[span[0]] & 63, gold_roles[span[0]]
                protected = all(guess[place] for place in span)
                name = "staff" if kind == 1 and role == 3 else "direct" if kind <= direct else "quasi"
                count(name, protected)
                if name == "direct":
                    every &= protected
                if kind == 1 and role and guess[span[0]] == 1:
                    count("roles", guess_roles[span[0]] == role)
            if any(tags[s[0]] & 63 <= direct and not (tags[s[0]] & 63 == 1 and gold_roles[s[0]] == 3) for s in spans):
                count("safe", every)
            if not spans:
                count("alarm", any(guess))
            for tag, mark in zip(tags, guess):
                if mark:
                    count("precision", tag & 63 > 0)
    figures = {name: round(100 * good / max(1, all_), 1) for name, (good, all_) in found.items()}
    return {"validation_loss": round(surprise / max(1, words_seen), 4)} | figures
