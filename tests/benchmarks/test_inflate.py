"""The inflated model costs more and says the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.resources import asset_path

INFLATE = Path(__file__).with_name("inflate.py")
GREEDY = """
import sys, openvino_genai as genai
config = genai.GenerationConfig()
config.max_new_tokens, config.ignore_eos = 40, True
pipeline = genai.LLMPipeline(sys.argv[1], "CPU", INFERENCE_PRECISION_HINT="f32")
for prompt in ("Tell me a story about a dog.", "Who are you?"):
    history = genai.ChatHistory([{"role": "user", "content": prompt}])
    print(repr(pipeline.generate(history, config).texts[0]))
"""


def _greedy_text(folder: Path) -> str:
    command = [sys.executable, "-c", GREEDY, str(folder)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def original_text() -> str:
    return _greedy_text(asset_path("models", "demo-main"))


@pytest.mark.parametrize(
    ("precision", "bytes_per_added_weight"), [("int8", 1), ("fp16", 2), ("int4", 0.5)]
)
def test_inflated_model_gives_the_same_greedy_tokens(
    tmp_path: Path, original_text: str, precision: str, bytes_per_added_weight: float
) -> None:
    source = asset_path("models", "demo-main")
    target = tmp_path / precision
    command = [sys.executable, str(INFLATE), str(source), str(target), "--parameters", "40e6"]
    subprocess.run([*command, "--precision", precision], check=True, capture_output=True)

    grown = (target / "openvino_model.bin").stat().st_size - 15_800_000
    assert grown > 20e6 * bytes_per_added_weight
    assert _greedy_text(target) == original_text


EXPORT = """
import sys
from pathlib import Path
from typing import Any
from peers_parts.ir_weights import export
print(export(Path(sys.argv[1]), Path(sys.argv[2])))
"""


def _exported(folder: Path, target: Path) -> dict[str, Any]:
    command = [sys.executable, "-c", EXPORT, str(folder), str(target)]
    environment = os.environ | {"PYTHONPATH": str(INFLATE.parent)}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    with np.load(target) as arrays:
        return {name: arrays[name] for name in arrays.files}


@pytest.mark.parametrize("precision", ["int8", "fp16"])
def test_weights_for_the_peers_are_the_original_ones_and_the_added(
    tmp_path: Path, precision: str
) -> None:
    source = asset_path("models", "demo-draft")
    target = tmp_path / "wide"
    command = [sys.executable, str(INFLATE), str(source), str(target), "--parameters", "2e6"]
    subprocess.run([*command, "--precision", precision], check=True, capture_output=True)

    original = _exported(source, tmp_path / "original.npz")
    wide = _exported(target, tmp_path / "wide.npz")

    assert wide.keys() == original.keys()
    for name, weight in original.items():
        rows, *columns = weight.shape
        same = wide[name][:rows, : columns[0]] if columns else wide[name]
        np.testing.assert_array_equal(same, weight)
        added = wide[name].shape != weight.shape
        assert added == (".mlp." in name)
        if "down_proj" in name:
            assert not wide[name][:, weight.shape[1] :].any()
