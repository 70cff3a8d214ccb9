"""Brings a model of the application into the forms its peers read; each is made once and kept."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from peers_parts import environment
from peers_parts.ir_weights import export

FOLDER = Path("build") / "peers-models"
_SCRIPT = Path(__file__).parent.parent / "peers_scripts" / "convert_weights.py"


@dataclass(frozen=True, slots=True)
class Converted:
    """One model in its three forms."""

    source: Path
    gguf: Path
    folder: Path

    @property
    def file_bytes(self) -> dict[str, int]:
        """Size of the weights in each form."""
        return {
            "ours": (self.source / "openvino_model.bin").stat().st_size,
            "llama.cpp": self.gguf.stat().st_size,
            "transformers": (self.folder / "model.safetensors").stat().st_size,
        }


def convert(source: Path, *, gguf_type: str) -> Converted:
    """Convert the model in `source`, unless that was done before.

    Args:
        source: folder of an IR.
        gguf_type: of the matrices: "Q8_0" or "F16".

    Raises:
        ValueError: the IR is not of the known kind.
        subprocess.CalledProcessError: a conversion failed.
    """
    target = FOLDER / source.name
    done = Converted(source, target / f"model-{gguf_type}.gguf", target / "transformers")
    if target.exists() and _is_newer(done, source):
        return done
    shutil.rmtree(target, ignore_errors=True)
    weights = target / "weights.npz"
    export(source, weights)
    for form, path in (("gguf", done.gguf), ("folder", done.folder)):
        command = [str(environment.PYTHON), str(_SCRIPT), str(weights)]
        arguments = [str(source / "config.json"), str(path), form, gguf_type]
        subprocess.run([*command, *arguments], check=True)
    weights.unlink()
    return done


def _is_newer(done: Converted, source: Path) -> bool:
    made = (done.gguf, done.folder / "model.safetensors")
    read_s = (source / "openvino_model.bin").stat().st_mtime
    return all(path.exists() and path.stat().st_mtime > read_s for path in made)
