"""Trains the tagger: label, begin and role of every word, from pieces and from what the rules know.

    python train.py --data ARRAYS --pieces DIR --out RUN --layers 0,1,3,5 --steps 9000
    python train.py --data ARRAYS --pieces DIR --out RUN --hidden 128 --depth 3 --teacher RUN0 --steps 30000

ARRAYS is what the example `training_arrays` wrote. A run folder holds checkpoint.pt (resumed from where it stands) and
log.jsonl. The same seed, data and machine give the same weights up to the order of float sums of the thread count.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from arrays import Arrays
from measure import measure
from model import Config, Tagger, pretrained

MASK_ID = 4
"""The piece that stands for a word that is hidden in training."""


def losses(out: torch.Tensor, batch: dict[str, torch.Tensor], labels: int) -> torch.Tensor:
    """The mean loss over the words of a batch: what a set does not mark is not learned from."""
    label, begin, role = out.split([labels + 1, 1, 4], dim=-1)
    tag = batch["tags"]
    kind = tag & 63
    words = batch["first"] & (kind != 63)
    optional = (tag & 128) > 0
    # Class 0 is "nothing"; a label that the set does not mark may hide behind an unmarked word.
    allowed = torch.zeros(*tag.shape, labels + 1, dtype=torch.bool)
    allowed[..., 0] = (kind == 0) | optional
    allowed[..., 1:] = (kind == 0)[..., None] & ~batch["known"][:, None, :]
    allowed.scatter_(-1, kind.where(kind != 63, torch.zeros_like(kind))[..., None], True)
    log = F.log_softmax(label, dim=-1)
    loss = -torch.logsumexp(log.masked_fill(~allowed, -1e9), dim=-1)[words].mean()
    marked = words & (kind > 0) & ~optional
    if marked.any():
        begins = ((tag & 64) > 0).float()
        loss = loss + 0.3 * F.binary_cross_entropy_with_logits(begin[..., 0][marked], begins[marked])
    people = marked & (batch["roles"] > 0)
    if people.any():
        loss = loss + 0.5 * F.cross_entropy(role[people], batch["roles"][people] - 1)
    return loss


def distillation(out: torch.Tensor, wanted: torch.Tensor, batch: dict[str, torch.Tensor], labels: int) -> torch.Tensor:
    """The divergence of the student's answers from the teacher's, over words."""
    words = batch["first"]
    parts = zip(out.split([labels + 1, 1, 4], dim=-1), wanted.split([labels + 1, 1, 4], dim=-1))
    (label, t_label), (begin, t_begin), (role, t_role) = parts
    loss = F.kl_div(
        F.log_softmax(label[words], -1), F.log_softmax(t_label[words], -1), log_target=True, reduction="batchmean"
    )
    # Begin and role matter only where there is a name, which the teacher's own share of "something" weighs.
    weight = 1 - F.softmax(t_label[words], -1)[:, 0]
    begin_loss = F.binary_cross_entropy_with_logits(begin[words][:, 0], t_begin[words][:, 0].sigmoid(), reduction="none")
    role_loss = -(F.softmax(t_role[words], -1) * F.log_softmax(role[words], -1)).sum(-1)
    return loss + 0.3 * ((begin_loss + role_loss) * weight).mean()


class Hide:
    """Hides some of what the model sees, so that it leans neither on lists, nor on rules, nor on single words."""

    def __init__(self, names: list[str], off: list[str]) -> None:
        group = lambda *heads: torch.tensor([n.startswith(heads) for n in names])
        self.rules = group("rule.")
        self.lists = group("given.", "surname.", "class.", "unknown", "zipf.", "shape.", "blocked")
        self.case = group("case.", "message.")
        self.off = group(*off) if off else torch.zeros(len(names), dtype=torch.bool)

    def plain(self, features: torch.Tensor) -> torch.Tensor:
        """Drops the groups of features that an ablation leaves out."""
        return features.masked_fill(self.off, 0)

    def __call__(self, batch: dict[str, torch.Tensor], rng: torch.Generator) -> None:
        features = batch["features"]
        rows, words = features.shape[:2]
        for group, whole, single in ((self.rules, 0.25, 0.15), (self.lists, 0.1, 0.1), (self.case, 0.05, 0.03)):
            hidden = (torch.rand(rows, 1, generator=rng) < whole) | (torch.rand(rows, words, generator=rng) < single)
            features.masked_fill_(hidden[..., None] & group, 0)
        batch["features"] = self.plain(features)
        hidden = (torch.rand(rows, words, generator=rng) < 0.12) & (batch["ids"] > MASK_ID)
        batch["ids"] = batch["ids"].masked_fill(hidden, MASK_ID)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, nargs="+")
    parser.add_argument("--weights", type=float, nargs="+", help="how often each data folder is drawn from")
    parser.add_argument("--validation", type=Path, help="arrays to measure on at each checkpoint")
    parser.add_argument("--pieces", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", default="", help="layers of the pretrained model to start from, such as 0,1,3,5")
    parser.add_argument("--hidden", type=int, default=384)
    parser.add_argument("--depth", type=int, default=0, help="layers of a model with no pretrained ones")
    parser.add_argument("--start", type=Path, help="a run whose weights to start from")
    parser.add_argument("--teacher", type=Path, help="a run to learn from as well")
    parser.add_argument("--off", nargs="*", default=[], help="heads of feature names to leave out, for ablation")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--pieces-per-batch", type=int, default=1536)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--save-every", type=int, default=500)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bfloat16", action="store_true", help="products in bfloat16: twice as quick where the processor has it")
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    sets = [Arrays(folder) for folder in args.data]
    features, labels = sets[0].features, sets[0].labels
    if args.layers:
        model = pretrained(args.pieces, [int(layer) for layer in args.layers.split(",")], len(features), len(labels))
    else:
        vocabulary = len(json.loads((args.pieces / "pieces.json").read_text()))
        model = Tagger(Config(vocabulary, args.hidden, args.depth, len(features), len(labels)))
    teacher = None
    if args.teacher:
        teacher = Tagger.load(args.teacher / "checkpoint.pt").eval()
        if not args.layers and not args.start:
            model.shrink_embeddings(teacher)
    if args.start:
        model.load_state_dict(torch.load(args.start / "checkpoint.pt", weights_only=True)["model"])
    hide = Hide(features, args.off)
    validation = Arrays(args.validation) if args.validation else None

    decayed = [p for n, p in model.named_parameters() if p.dim() > 1]
    plain = [p for n, p in model.named_parameters() if p.dim() <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=args.rate, fused=True
    )
    warm = max(1, args.steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.02, (args.steps - step) / (args.steps - warm)))
    )
    step = 0
    checkpoint = args.out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        if "optimiser" in state:
            optimiser.load_state_dict(state["optimiser"])
            schedule.load_state_dict(state["schedule"])
        step = state["step"]
    log = (args.out / "log.jsonl").open("a")
    weights = args.weights or [1.0] * len(sets)
    rng = torch.Generator().manual_seed(args.seed + step)
    batches = Arrays.batches(sets, weights, args.pieces_per_batch, np.random.default_rng([args.seed, step]))
    began, seen, total = time.time(), 0, 0.0
    model.train()
    while step < args.steps:
        arrays, batch = next(batches)
        if teacher is not None:
            wanted = arrays.answers(teacher, batch, batch["features"].clone(), args.bfloat16)
        hide(batch, rng)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.bfloat16):
            out = model(batch["ids"], batch["features"], batch["mask"])
        out = out.float()
        loss = losses(out, batch, len(labels))
        if teacher is not None:
            loss = 0.3 * loss + distillation(out, wanted, batch, len(labels))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        step += 1
        seen += len(batch["ids"])
        total += loss.item()
        if not math.isfinite(total):
            raise SystemExit(f"the loss is no number at step {step}")
        if step % args.save_every == 0 or step == args.steps:
            row = {"step": step, "loss": round(total / args.save_every, 4), "examples_a_second": round(seen / (time.time() - began), 1)}
            if validation and (step % (2 * args.save_every) == 0 or step == args.steps):
                row |= measure(model, validation, hide, losses)
                model.train()
            print(json.dumps(row), flush=True)
            print(json.dumps(row), file=log, flush=True)
            total, seen, began = 0.0, 0, time.time()
            state = {"config": model.config.__dict__, "model": model.state_dict(), "step": step, "off": args.off}
            if step < args.steps:
                state |= {"optimiser": optimiser.state_dict(), "schedule": schedule.state_dict()}
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").replace(checkpoint)


if __name__ == "__main__":
    main()
