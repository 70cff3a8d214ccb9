"""The folders of a build. Everything it makes lies in `build/packaging` and `dist`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
PROGRAM = "slipstream"
HEADLESS = "slipstream-engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a build works (`work`) and where its results go (`dist`)."""

    work: Path = ROOT / "build" / "packaging"
    dist: Path = ROOT / "dist"

    @property
    def tools(self) -> Path:
        """The freezer, apart from the environment it freezes."""
        return self.work / "tools"

    @property
    def onedir(self) -> Path:
        """The frozen program."""
        return self.work / "dist" / PROGRAM

    @property
    def probe(self) -> Path:
        """The frozen program with another start, for checks; see packaging/probe.py."""
        suffix = ".exe" if sys.platform == "win32" else ""
        return self.work / "work" / PROGRAM / f"{PROGRAM}-probe{suffix}"

    @property
    def contents(self) -> Path:
        """What the freezer collected, as JSON."""
        return self.work / "contents.json"

    @property
    def icons(self) -> Path:
        """Pictures rendered from the vector icon."""
        return self.work / "icons"


def version() -> str:
    """The version of the program, read without importing it."""
    text = (ROOT / "engine" / "version.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "([^"]+)"', text)
    if found is None:
        raise ValueError("engine/version.py names no version")
    return found[1]


def source_date() -> int:
    """Seconds since 1970 that stand in every archive: SOURCE_DATE_EPOCH, or the last commit's."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    done = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return int(done.stdout) if done.returncode == 0 and done.stdout.strip() else int(time.time())


def tree_size_bytes(folder: Path) -> int:
    """Bytes of all regular files below a folder; links count nothing."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


def say(text: str) -> None:
    """Tell what happens, apart from the output of tools."""
    print(f"package: {text}", file=sys.stderr, flush=True)
