"""Write manifest.json for the two folders of the pair: who they are, and a digest of every file.

Standard library only. Usage: python -m demo_pair.write_manifest MODELS_FOLDER
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

PARAMETERS = {"main": 15_735_168, "draft": 950_912}
CONTEXT_LENGTH = 2048


def write_manifest(folder: Path, role: str) -> None:
    """Describe the model in `folder`; `role` is "main" or "draft"."""
    other = "draft" if role == "main" else "main"
    files = sorted(p for p in folder.iterdir() if p.is_file() and p.name != "manifest.json")
    manifest = {
        "schema": 1,
        "id": f"slipstream/demo-{role}",
        "name": f"Slipstream demo ({role})",
        "role": role,
        "kind": "llm",
        "source": {"type": "embedded", "repository": None, "revision": None},
        "license": "Apache-2.0",
        "parameters": PARAMETERS[role],
        "precision": "int8",
        "context_length": CONTEXT_LENGTH,
        "pair": [f"slipstream/demo-{other}"],
        "files": [_describe(file) for file in files],
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8", newline="\n")


def _describe(file: Path) -> dict[str, str | int]:
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return {"path": file.name, "size_bytes": len(data), "sha256": digest}


def main(arguments: list[str]) -> int:
    """Write both manifests below the folder named on the command line."""
    models = Path(arguments[0])
    for role in PARAMETERS:
        write_manifest(models / f"demo-{role}", role)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
