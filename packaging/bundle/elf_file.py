"""Reads what a Linux program or library says of the libraries it needs. 64-bit, little-endian."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRINGS, _RPATH, _RUNPATH = 1, 5, 15, 29
_VERSIONS = 0x6FFFFFFE
_FAMILY = re.compile(r"(?:GLIBC|GLIBCXX)_[\d.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ElfFile:
    """The dynamic section of one file."""

    path: Path
    needed: tuple[str, ...]
    run_path: tuple[str, ...]
    versions: tuple[str, ...]
    """Symbol versions of the C and C++ libraries it was linked with."""


def is_elf(path: Path) -> bool:
    """Whether a file begins as ELF files do."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def read_elf(path: Path) -> ElfFile:
    """Read one file.

    Raises:
        ValueError: it is no 64-bit little-endian ELF file.
    """
    image = path.read_bytes()
    if image[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"{path} is no 64-bit ELF file")
    return _Reader(image).read(path)


class _Reader:
    """Finds its way through one image."""

    def __init__(self, image: bytes) -> None:
        self._image = image
        start, size, count = struct.unpack_from("<Q14xHH", image, 32)
        self._segments = [
            struct.unpack_from("<IIQQQQ", image, start + size * index) for index in range(count)
        ]
        self._entries = list(self._dynamic())
        tables = [value for tag, value in self._entries if tag == _STRINGS]
        self._strings = self._offset(tables[0]) if tables else 0

    def read(self, path: Path) -> ElfFile:
        """Put together what was found."""
        run_path = [v for wanted in (_RUNPATH, _RPATH) for t, v in self._entries if t == wanted]
        return ElfFile(
            path=path,
            needed=tuple(self._string(v) for tag, v in self._entries if tag == _NEEDED),
            run_path=tuple(self._string(run_path[0]).split(":")) if run_path else (),
            versions=tuple(sorted(n for n in set(self._versions()) if _FAMILY.fullmatch(n))),
        )

    def _dynamic(self) -> Iterator[tuple[int, int]]:
        for kind, _, offset, _, _, size in self._segments:
            if kind == _DYNAMIC:
                for place in range(offset, offset + size, 16):
                    tag, value = struct.unpack_from("<qQ", self._image, place)
                    if tag == 0:
                        return
                    yield tag, value

    def _versions(self) -> Iterator[str]:
        starts = [value for tag, value in self._entries if tag == _VERSIONS]
        library = self._offset(starts[0]) if starts else 0
        while library:
            _, count, _, first, following = struct.unpack_from("<HHIII", self._image, library)
            entry = library + first
            for _ in range(count):
                _, _, _, name, step = struct.unpack_from("<IHHII", self._image, entry)
                yield self._string(name)
                entry += step
            library = library + following if following else 0

    def _offset(self, address: int) -> int:
        for kind, _, offset, start, _, size in self._segments:
            if kind == _LOAD and start <= address < start + size:
                return int(address - start + offset)
        raise ValueError(f"address {address:#x} lies in no segment")

    def _string(self, place: int) -> str:
        start = self._strings + place
        return self._image[start : self._image.index(b"\0", start)].decode()
