"""Looks for libraries that a folder of Linux programs needs and nobody provides."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bundle.elf_file import ElfFile, is_elf, read_elf

OPTIONAL = frozenset({"libOpenCL.so.1", "libze_loader.so.1"})
"""They come with a driver; without it the runtime offers no GPU or NPU, and that is right."""


@dataclass(slots=True)
class ElfReport:
    """What a folder needs: from the system, and from nowhere."""

    count: int = 0
    from_system: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    optional: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    missing: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    highest: dict[str, str] = field(default_factory=dict)
    """Library family (GLIBC, GLIBCXX) -> highest symbol version needed."""


def check(folder: Path) -> ElfReport:
    """Read every ELF file below `folder`, whose root or `_internal` the program searches."""
    internal = folder / "_internal"
    base = internal if internal.is_dir() else folder
    report, system = ElfReport(), system_libraries()
    for path in elf_files(folder):
        file = read_elf(path)
        report.count += 1
        _raise_highest(report.highest, file.versions)
        for name in file.needed:
            if any((place / name).exists() for place in _search_path(file, base)):
                continue
            user = path.relative_to(folder).as_posix()
            if name in system:
                report.from_system[name].add(user)
            elif name in OPTIONAL:
                report.optional[name].add(user)
            else:
                report.missing[name].add(user)
    return report


def elf_files(folder: Path) -> Iterable[Path]:
    """Every ELF file below a folder, links left out."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and is_elf(path):
            yield path


def system_libraries() -> dict[str, Path]:
    """Shared libraries the loader of this machine finds."""
    command = ["/sbin/ldconfig", "-p"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^\s*(\S+) \(libc6,x86-64[^)]*\) => (\S+)", text, re.MULTILINE)
    return {name: Path(path) for name, path in found}


def version_key(name: str) -> tuple[int, ...]:
    """Sorts `GLIBC_2.4` before `GLIBC_2.35`."""
    return tuple(int(part) for part in name.rpartition("_")[2].split("."))


def _search_path(file: ElfFile, base: Path) -> list[Path]:
    """Where the loader looks: the file's own path, then what the bootloader sets for all."""
    origin = str(file.path.parent)
    own = [entry.replace("${ORIGIN}", origin).replace("$ORIGIN", origin) for entry in file.run_path]
    return [*(Path(entry) for entry in own), base]


def _raise_highest(highest: dict[str, str], versions: Iterable[str]) -> None:
    for name in versions:
        family = name.partition("_")[0]
        if family not in highest or version_key(name) > version_key(highest[family]):
            highest[family] = name
