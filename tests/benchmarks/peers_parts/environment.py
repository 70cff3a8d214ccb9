"""The environment of the peers: a virtual environment of its own, made on first use.

Nothing of it is in the application's lock; it may be deleted at any time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path("build") / "peers-venv"
PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIRED = ("torch==2.13.0", "transformers", "tokenizers", "safetensors", "gguf", "numpy")
LLAMA_CPP = "llama-cpp-python"
"""Compiled from source on most machines: needs cmake and a C++ compiler, and a few minutes."""
_NAMES = ("torch", "transformers", "gguf", "llama_cpp_python")


def prepare() -> None:
    """Make the environment and install what is missing.

    Raises:
        subprocess.CalledProcessError: transformers could not be installed. llama.cpp may be
            missing afterwards; `has_llama_cpp` tells.
    """
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
    if not _imports("torch, transformers, gguf"):
        subprocess.run(_install(*REQUIRED), check=True, stdout=sys.stderr)
    if not has_llama_cpp():
        subprocess.run(_install(LLAMA_CPP), check=False, stdout=sys.stderr)


def has_llama_cpp() -> bool:
    """Whether llama.cpp can be used."""
    return _imports("llama_cpp")


def versions() -> dict[str, str]:
    """Versions of what is compared with; those that are missing are left out."""
    listing = subprocess.run(
        [str(PYTHON), "-m", "pip", "list", "--format=freeze"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = dict(line.split("==", 1) for line in listing.splitlines() if "==" in line)
    return {name: found[name] for name in _NAMES if name in found}


def _install(*packages: str) -> list[str]:
    options = ["--disable-pip-version-check", "--quiet"]
    return [str(PYTHON), "-m", "pip", "install", *options, *packages]


def _imports(names: str) -> bool:
    command = [str(PYTHON), "-c", f"import {names}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
