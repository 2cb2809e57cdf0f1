"""Writes a trained tagger as an ONNX graph of whole numbers, of standard operators only.

    python export.py --run RUN --calibrate ARRAYS --name small --out models/small

Weights and activations are int8 with scales that are fixed here, not found at run time: so a message has the same scores
alone and in a batch. Weights keep to 7 bits, because processors without VNNI add products of 8 bits in 16 and overflow.
The graph is written node by node: an exporter's graph depends on its version, and runtimes refuse some of its operators.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from arrays import Arrays
from model import HEAD, POSITIONS, Tagger
from train import Hide

WEIGHT_LEVELS = 63
"""The largest absolute value of a weight: 7 bits."""

CLIPPED = 0.00005
"""The share of activations beyond each end of the calibrated range."""

CALIBRATION_BATCHES = 60
OPSET = 17


class Graph:
    """A graph under construction."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        """Adds a constant once."""
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def add(self, operator: str, *inputs: str, outputs: int = 1, **attributes: object) -> str:
        """Adds a node and gives the name of its first output; others end in `.1`, `.2`."""
        name = f"{operator}_{len(self.nodes)}"
        names = [name if at == 0 else f"{name}.{at}" for at in range(outputs)]
        self.nodes.append(helper.make_node(operator, list(inputs), names, name=name, **attributes))
        return name


def ranges(model: Tagger, arrays: Arrays, hide: Hide) -> dict[str, tuple[float, float]]:
    """The range of the inputs of each dense layer over some batches, by the layer's name."""
    seen: dict[str, list[np.ndarray]] = {}
    mask: torch.Tensor | None = None

    def watch(name: str):
        def hook(_: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            values = inputs[0][mask].detach().flatten().numpy()
            ends = np.quantile(values, [CLIPPED, 1 - CLIPPED])
            seen.setdefault(name, []).append(ends)

        return hook

    handles = [
        module.register_forward_pre_hook(watch(name))
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and name != "features"
    ]
    rng = np.random.default_rng(7)
    with torch.inference_mode():
        for rows in arrays.epoch(2048, rng)[:CALIBRATION_BATCHES]:
            batch = arrays.batch(rows)
            mask = batch["mask"].bool()
            model(batch["ids"], hide.plain(batch["features"]), batch["mask"])
    for handle in handles:
        handle.remove()
    return {name: (min(0.0, float(np.min(ends))), max(0.0, float(np.max(ends)))) for name, ends in
            ((name, np.array(ends)) for name, ends in seen.items())}


class Writer:
    """Writes the nodes of a tagger."""

    def __init__(self, model: Tagger, spans: dict[str, tuple[float, float]], off: torch.Tensor) -> None:
        self.graph, self.model, self.spans, self.off = Graph(), model, spans, off
        self.one = self.graph.constant("one", np.float32(1))

    def quantised(self, x: str, name: str) -> tuple[str, str, np.float32]:
        """The input of a dense layer in whole numbers: the node, its zero point, its scale."""
        low, high = self.spans[name]
        scale = np.float32((high - low) / 255)
        zero = np.uint8(np.clip(round(-low / scale), 0, 255))
        scale_name = self.graph.constant(f"{name}.scale", scale)
        zero_name = self.graph.constant(f"{name}.zero", zero)
        return self.graph.add("QuantizeLinear", x, scale_name, zero_name), zero_name, scale

    def dense(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """x [rows, pieces, in] times weight [out, in], plus bias."""
        whole, zero, scale = self.quantised(x, name)
        weight_scale = np.maximum(np.abs(weight).max(axis=1), 1e-8) / WEIGHT_LEVELS
        rounded = np.clip(np.round(weight / weight_scale[:, None]), -WEIGHT_LEVELS, WEIGHT_LEVELS).astype(np.int8)
        g = self.graph
        product = g.add("MatMulInteger", whole, g.constant(f"{name}.weight", rounded.T), zero)
        real = g.add("Cast", product, to=TensorProto.FLOAT)
        scaled = g.add("Mul", real, g.constant(f"{name}.out_scale", (weight_scale * scale).astype(np.float32)))
        return g.add("Add", scaled, g.constant(f"{name}.bias", bias.astype(np.float32)))

    def norm(self, x: str, name: str, module: torch.nn.LayerNorm) -> str:
        weight = self.graph.constant(f"{name}.weight", module.weight.detach().numpy())
        bias = self.graph.constant(f"{name}.bias", module.bias.detach().numpy())
        return self.graph.add("LayerNormalization", x, weight, bias, axis=-1, epsilon=1e-12)

    def embedding(self, ids: str) -> str:
        """Word vectors in 8 bits with a scale a word."""
        g = self.graph
        table = self.model.words.weight.detach().numpy()
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / 127
        whole = np.round(table / scale).astype(np.int8)
        rows = g.add("Gather", g.constant("words", whole), ids, axis=0)
        scales = g.add("Gather", g.constant("words.scale", scale.astype(np.float32)), ids, axis=0)
        return g.add("Mul", g.add("Cast", rows, to=TensorProto.FLOAT), scales)

    def layer(self, x: str, bias: str, name: str, layer: torch.nn.Module) -> str:
        g = self.graph
        heads = layer.heads
        parts = [layer.query, layer.key, layer.value]
        weight = np.concatenate([part.weight.detach().numpy() for part in parts])
        offset = np.concatenate([part.bias.detach().numpy() for part in parts])
        # The root of the head's width goes into the query.
        weight[: len(weight) // 3] /= HEAD**0.5
        offset[: len(offset) // 3] /= HEAD**0.5
        self.spans[f"{name}.qkv"] = self.spans[f"{name}.query"]
        joined = self.dense(x, f"{name}.qkv", weight, offset)
        split = g.add("Split", joined, g.constant("thirds", np.array([heads * HEAD] * 3, np.int64)), outputs=3, axis=-1)
        shape = g.constant("heads", np.array([0, 0, heads, HEAD], np.int64))
        apart = lambda value, order: g.add("Transpose", g.add("Reshape", value, shape), perm=order)
        query, key, value = apart(split, [0, 2, 1, 3]), apart(f"{split}.1", [0, 2, 3, 1]), apart(f"{split}.2", [0, 2, 1, 3])
        scores = g.add("Add", g.add("MatMul", query, key), bias)
        mixed = g.add("MatMul", g.add("Softmax", scores, axis=-1), value)
        back = g.add("Transpose", mixed, perm=[0, 2, 1, 3])
        flat = g.add("Reshape", back, g.constant("flat", np.array([0, 0, heads * HEAD], np.int64)))
        linear = lambda y, part: self.dense(
            y, f"{name}.{part}", getattr(layer, part).weight.detach().numpy(), getattr(layer, part).bias.detach().numpy()
        )
        x = self.norm(g.add("Add", linear(flat, "output"), x), f"{name}.attention_norm", layer.attention_norm)
        inner = linear(x, "inner")
        # Written out as runtimes expect it, to be recognised as one operator.
        bent = g.add("Erf", g.add("Div", inner, g.constant("root2", np.float32(2**0.5))))
        gelu = g.add("Mul", g.add("Mul", inner, g.add("Add", bent, self.one)), g.constant("half", np.float32(0.5)))
        return self.norm(g.add("Add", linear(gelu, "outer"), x), f"{name}.norm", layer.norm)

    def write(self) -> onnx.ModelProto:
        g, model = self.graph, self.model
        present = g.add("Greater", "ids", g.constant("zero", np.int32(0)))
        count = g.add("CumSum", g.add("Cast", present, to=TensorProto.INT32), g.constant("axis", np.int32(1)))
        places = g.add("Sub", count, g.constant("one_int", np.int32(1)))
        x = g.add("Add", self.embedding("ids"), g.add("Gather", g.constant("positions", model.positions.weight.detach().numpy()), places, axis=0))
        weight = model.features.weight.detach().clone()
        weight[:, self.off] = 0
        x = g.add("Add", x, g.add("MatMul", "features", g.constant("features.weight", weight.numpy().T)))
        x = self.norm(x, "norm", model.norm)
        absent = g.add("Sub", self.one, g.add("Cast", present, to=TensorProto.FLOAT))
        bias = g.add("Unsqueeze", g.add("Mul", absent, g.constant("far", np.float32(-1e4))), g.constant("middle", np.array([1, 2], np.int64)))
        for at, layer in enumerate(model.layers):
            x = self.layer(x, bias, f"layers.{at}", layer)
        scores = self.dense(x, "head", model.head.weight.detach().numpy(), model.head.bias.detach().numpy())
        g.nodes.append(helper.make_node("Identity", [scores], ["scores"], name="scores"))
        shape = lambda *last: ["rows", "pieces", *last]
        outputs = model.config.labels + 6
        graph = helper.make_graph(
            g.nodes,
            "tagger",
            [
                helper.make_tensor_value_info("ids", TensorProto.INT32, shape()),
                helper.make_tensor_value_info("features", TensorProto.FLOAT, shape(model.config.features)),
            ],
            [helper.make_tensor_value_info("scores", TensorProto.FLOAT, shape(outputs))],
            list(g.constants.values()),
        )
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="presend")
        made.ir_version = 8
        onnx.checker.check_model(made)
        return made


def agreement(path: Path, model: Tagger, arrays: Arrays, hide: Hide) -> dict[str, float]:
    """The share of words whose best class is the same as in the float model, and the largest difference of scores."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    same = words = 0
    furthest = []
    with torch.inference_mode():
        for rows in arrays.epoch(2048, np.random.default_rng(1)):
            batch = arrays.batch(rows)
            features = hide.plain(batch["features"])
            wanted = model(batch["ids"], features, batch["mask"])[batch["first"]].numpy()
            inputs = {"ids": batch["ids"].numpy().astype(np.int32), "features": features.numpy()}
            got = session.run(["scores"], inputs)[0][batch["first"].numpy()]
            classes = model.config.labels + 1
            same += int((got[:, :classes].argmax(1) == wanted[:, :classes].argmax(1)).sum())
            words += len(got)
            furthest.append(np.abs(got - wanted).mean())
    return {"agreement": round(100 * same / words, 3), "mean_difference": round(float(np.mean(furthest)), 4)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--calibrate", type=Path, required=True, help="arrays of training examples")
    parser.add_argument("--compare", type=Path, help="arrays to compare the float model with the written one on")
    parser.add_argument("--name", required=True, help="the name that the program shows")
    parser.add_argument("--out", type=Path, required=True, help="the folder for model.onnx and settings.json")
    args = parser.parse_args()
    checkpoint = args.run / "checkpoint.pt"
    model = Tagger.load(checkpoint).eval()
    arrays = Arrays(args.calibrate)
    hide = Hide(arrays.features, torch.load(checkpoint, weights_only=True)["off"])
    made = Writer(model, ranges(model, arrays, hide), hide.off).write()
    args.out.mkdir(parents=True, exist_ok=True)
    graph = args.out / "model.onnx"
    graph.write_bytes(made.SerializeToString())
    # The example `calibrate` fits what stands here as 1 and 0.
    neutral = {"temperature": 1.0, "bias": 0.0, "trust": 1.0}
    settings = {
        "id": args.name,
        "features": arrays.features,
        "window": POSITIONS,
        "labels": {label: neutral for label in arrays.labels},
        "role_trust": 0.5,
    }
    (args.out / "settings.json").write_text(json.dumps(settings, indent=2) + "\n")
    facts: dict[str, object] = {"bytes": graph.stat().st_size}
    if args.compare:
        facts |= agreement(graph, model, Arrays(args.compare), hide)
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
