"""What the tests of the project's shape share: its root, its files, a clean interpreter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPED_FOLDERS = {"build", "dist", "out", "__pycache__"}


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """Every file git tracks or would track; without git, every file that is not hidden."""
    names = names_known_to_git() or [path.relative_to(ROOT) for path in ROOT.rglob("*")]
    return sorted(ROOT / name for name in names if not is_skipped(name) and (ROOT / name).is_file())


def names_known_to_git() -> list[Path]:
    """What git lists; empty where there is no git or no repository."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return []
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return [Path(name) for name in listing.stdout.split("\0")[:-1]]


def is_skipped(name: Path) -> bool:
    """Whether a path is build output or lies in a hidden folder that is not ours."""
    return any(
        part in SKIPPED_FOLDERS or (part.startswith(".") and part != ".ci")
        for part in name.parts[:-1]
    )


@pytest.fixture
def run_python() -> Callable[[str], str]:
    """Run a program in a fresh interpreter at the project's root; returns what it printed."""

    def run(program: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", program]
        result = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run
