"""From a checkpoint to the folder the application loads: OpenVINO IR with int8 weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nncf
import openvino as ov
from optimum.exporters.openvino import main_export

from demo_pair.tokenizer import END_ID, PAD_ID

GENERATION_CONFIG = {
    "eos_token_id": [END_ID, PAD_ID],
    "pad_token_id": PAD_ID,
    "max_new_tokens": 400,
    "do_sample": False,
    # The best stories come with this penalty; it lowers the acceptance rate (README.md).
    "repetition_penalty": 1.12,
}


def export_model(checkpoint: Path, folder: Path) -> None:
    """Convert a checkpoint with its tokenizer and compress the weights to symmetric int8."""
    full = folder.with_name(folder.name + "-full")
    main_export(
        str(checkpoint), output=full, task="text-generation-with-past", convert_tokenizer=True
    )
    folder.mkdir(parents=True, exist_ok=True)
    model = ov.Core().read_model(full / "openvino_model.xml")
    compressed = nncf.compress_weights(model, mode=nncf.CompressWeightsMode.INT8_SYM)
    ov.save_model(compressed, folder / "openvino_model.xml")
    for file in full.iterdir():
        if file.name not in {"openvino_model.xml", "openvino_model.bin"}:
            shutil.copy(file, folder / file.name)
    settings = json.dumps(GENERATION_CONFIG, indent=2)
    (folder / "generation_config.json").write_text(settings, encoding="utf-8")
    del model, compressed  # the weights are mapped from `full`; Windows cannot delete it before
    shutil.rmtree(full)
