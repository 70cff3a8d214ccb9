"""Brings the catalogue of Simplified Chinese up to date with the sources and compiles it for Qt.

python packaging/translate.py [--check]. Names what still has no translation and then fails.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from wording.catalogue import merged, read_catalogue, unfinished, write_catalogue
from wording.extract import extract

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "zh_CN"
CATALOGUE = ROOT / "assets" / "translations" / f"slipstream_{LANGUAGE}.ts"
COMPILED = CATALOGUE.with_suffix(".qm")


def main(arguments: Sequence[str]) -> int:
    """Update and compile; 1 when a text cannot be found or has no translation."""
    parser = argparse.ArgumentParser(prog="translate", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, only tell")
    is_check = parser.parse_args(arguments).check
    found, known = extract(ROOT / "app"), read_catalogue(CATALOGUE)
    entries = merged(found.texts, known)
    missing = unfinished(entries)
    if not is_check:
        write_catalogue(CATALOGUE, entries, language=LANGUAGE)
        compile_catalogue(CATALOGUE, COMPILED)
    gone = len(known.keys() - entries.keys())
    for fault in found.faults:
        print(fault, file=sys.stderr)
    for text in missing:
        print(f"not translated: {text.context}: {text.source!r}", file=sys.stderr)
    print(f"{len(entries)} texts, {len(missing)} not translated, {gone} gone", file=sys.stderr)
    return int(bool(found.faults or missing or (is_check and gone)))


def compile_catalogue(catalogue: Path, compiled: Path) -> None:
    """Make the file Qt reads; texts without a translation are left out of it.

    Raises:
        FileNotFoundError: Qt's compiler is not beside this Python.
        subprocess.CalledProcessError: it refused the catalogue.
    """
    folder = str(Path(sys.executable).parent)
    compiler = shutil.which("pyside6-lrelease", path=folder) or shutil.which("pyside6-lrelease")
    if compiler is None:
        raise FileNotFoundError("pyside6-lrelease")
    command = [compiler, "-silent", str(catalogue), "-qm", str(compiled)]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
