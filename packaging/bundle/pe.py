"""Looks for DLLs that a folder of Windows programs imports and neither it nor Windows has.

Reads the files itself, so that it works on every system.
"""

from __future__ import annotations

import re
import struct
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

_WINDOWS = frozenset(
    """
    advapi32 authz bcrypt bcryptprimitives cabinet cfgmgr32 comctl32 comdlg32 crypt32 d2d1 d3d11
    d3d12 d3d9 d3dcompiler_47 dbgeng dbghelp dcomp dnsapi dwmapi dwrite dxgi gdi32 icu icuin icuuc
    imm32 iphlpapi kernel32 mpr msvcrt ncrypt netapi32 ntdll ole32 oleaut32 pdh powrprof propsys
    psapi rpcrt4 secur32 setupapi shcore shell32 shlwapi synchronization ucrtbase uiautomationcore
    user32 userenv usp10 uxtheme version wevtapi winhttp winmm winspool.drv wintrust ws2_32 wtsapi32
    """.split()  # noqa: SIM905  a list of a hundred strings is harder to read
)
_API_SET = re.compile(r"(?:api|ext)-ms-")
OPTIONAL = frozenset({"opencl.dll", "ze_loader.dll"})
"""They come with a driver."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an image: where it lies in memory and in the file."""

    address: int
    size: int
    offset: int


def missing_dlls(folder: Path) -> dict[str, set[str]]:
    """DLL -> the files below `folder` that import it in vain."""
    files = [p for p in folder.rglob("*") if p.suffix.lower() in {".exe", ".dll", ".pyd"}]
    present = {path.name.lower() for path in files}
    missing: dict[str, set[str]] = defaultdict(set)
    for path in files:
        for name in imported_dlls(path.read_bytes()):
            if name not in present and name not in OPTIONAL and not is_of_windows(name):
                missing[name].add(path.relative_to(folder).as_posix())
    return dict(missing)


def is_of_windows(name: str) -> bool:
    """Whether every Windows we support has this DLL."""
    stem = name.lower().removesuffix(".dll")
    return stem in _WINDOWS or _API_SET.match(stem) is not None


def imported_dlls(image: bytes) -> list[str]:
    """Lower-case names of the DLLs an image needs when it is loaded.

    Raises:
        ValueError: this is no PE image.
    """
    header = struct.unpack_from("<I", image, 0x3C)[0] if image[:2] == b"MZ" else 0
    if not header or image[header : header + 4] != b"PE\0\0":
        raise ValueError("no PE image")
    count, optional_size = struct.unpack_from("<H12xH", image, header + 6)
    optional = header + 24
    is_64_bit = struct.unpack_from("<H", image, optional)[0] == 0x20B
    directories = optional + (112 if is_64_bit else 96)
    address = struct.unpack_from("<I", image, directories + 8)[0]
    sections = _sections(image, optional + optional_size, count)
    return _names(image, sections, address) if address else []


def _sections(image: bytes, start: int, count: int) -> list[Section]:
    sections = []
    for index in range(count):
        size, address, raw, offset = struct.unpack_from("<IIII", image, start + 40 * index + 8)
        sections.append(Section(address, max(size, raw), offset))
    return sections


def _names(image: bytes, sections: list[Section], address: int) -> list[str]:
    names: list[str] = []
    place = _offset(sections, address)
    while True:
        name = struct.unpack_from("<I", image, place + 12)[0]
        if not name:
            return names
        start = _offset(sections, name)
        names.append(image[start : image.index(b"\0", start)].decode("ascii").lower())
        place += 20


def _offset(sections: list[Section], address: int) -> int:
    for section in sections:
        if section.address <= address < section.address + section.size:
            return address - section.address + section.offset
    raise ValueError(f"address {address:#x} lies in no section")
