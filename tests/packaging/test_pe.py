"""Imports of Windows programs, read from images made here byte by byte."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from bundle.pe import imported_dlls, is_of_windows, missing_dlls

SECTION_ADDRESS = 0x1000
SECTION_OFFSET = 0x400


def make_image(names: list[str]) -> bytes:
    """A 64-bit image that imports these DLLs and does nothing."""
    table_size = 20 * (len(names) + 1)
    table, texts = b"", b""
    for name in names:
        place = SECTION_ADDRESS + table_size + len(texts)
        table += struct.pack("<IIIII", 0, 0, 0, place, 0)
        texts += name.encode() + b"\0"
    body = table + bytes(20) + texts
    header = 0x80
    dos = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", header)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 0)
    directories = [(0, 0), (SECTION_ADDRESS, len(body)) if names else (0, 0), *[(0, 0)] * 14]
    optional = struct.pack("<H", 0x20B).ljust(112, b"\0")
    optional += b"".join(struct.pack("<II", *entry) for entry in directories)
    section = b".idata\0\0" + struct.pack(
        "<IIII", len(body), SECTION_ADDRESS, len(body), SECTION_OFFSET
    )
    head = (dos.ljust(header, b"\0") + coff + optional + section.ljust(40, b"\0")).ljust(
        SECTION_OFFSET, b"\0"
    )
    return head + body


def test_imports_are_read_in_order_and_lower_case() -> None:
    assert imported_dlls(make_image(["KERNEL32.dll", "openvino.dll"])) == [
        "kernel32.dll", "openvino.dll",
    ]  # fmt: skip


def test_an_image_without_imports() -> None:
    assert imported_dlls(make_image([])) == []


@pytest.mark.parametrize("data", [b"", b"MZ", b"\x7fELF" * 40, b"MZ" + bytes(200)])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, struct.error)):
        imported_dlls(data)


def test_only_what_neither_bundle_nor_windows_has_is_missing(tmp_path: Path) -> None:
    (tmp_path / "libs").mkdir()
    (tmp_path / "slipstream.exe").write_bytes(
        make_image(["KERNEL32.dll", "tbb12.dll", "MSVCP140.dll", "OpenCL.dll"])
    )
    (tmp_path / "libs" / "TBB12.DLL").write_bytes(make_image(["api-ms-win-crt-heap-l1-1-0.dll"]))
    assert missing_dlls(tmp_path) == {"msvcp140.dll": {"slipstream.exe"}}


def test_the_runtime_of_c_plus_plus_is_not_part_of_windows() -> None:
    assert not is_of_windows("msvcp140.dll")
    assert not is_of_windows("vcruntime140_1.dll")
    assert is_of_windows("UCRTBASE.dll")


def test_what_the_parts_of_windows_for_qt_are_called() -> None:
    assert is_of_windows("UIAutomationCore.DLL")
    assert is_of_windows("d3dcompiler_47.dll")
