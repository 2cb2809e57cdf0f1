"""Writes models/manifest.json: the size and the SHA-256 of every file that ships."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

MODELS = Path(__file__).resolve().parents[1]
FILES = [
    f"{model}/{file}" for model in ("small", "tiny") for file in ("model.onnx", "settings.json", "tokenizer.json")
]


def main() -> None:
    """Writes the manifest anew."""
    rows = {name: (MODELS / name).read_bytes() for name in FILES}
    manifest = {name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in rows.items()}
    (MODELS / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()
