"""Archives whose bytes depend on nothing but names, modes and contents: tar, xz, ar."""

from __future__ import annotations

import lzma
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

_DICTIONARY_BYTES = 64 * 1024 * 1024
_FILTERS = (
    # Most of the program is machine code; this makes it a tenth smaller.
    {"id": lzma.FILTER_X86},
    {"id": lzma.FILTER_LZMA2, "preset": 9, "dict_size": _DICTIONARY_BYTES},
)


def write_tar(folder: Path, output: IO[bytes], *, top: str, time_s: int) -> None:
    """Write a folder as a tar, everything owned by root.

    Args:
        folder: what is packed, itself included.
        output: gets the archive.
        top: name of the folder in the archive.
        time_s: of every entry, in seconds since 1970.
    """

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = time_s
        is_program = entry.isdir() or entry.issym() or entry.mode & 0o100
        entry.mode = 0o777 if entry.issym() else 0o755 if is_program else 0o644
        return entry

    with tarfile.open(fileobj=output, mode="w", format=tarfile.GNU_FORMAT) as archive:
        archive.add(folder, top, recursive=False, filter=plain)
        for path in sorted(folder.rglob("*")):
            name = f"{top}/{path.relative_to(folder).as_posix()}"
            archive.add(path, name, recursive=False, filter=plain)


def compress_xz(source: Path, target: Path) -> None:
    """Compress a file; with the xz tool on all cores, where there is one."""
    tool = shutil.which("xz")
    with target.open("wb") as output:
        if tool is not None:
            options = ["--x86", "--lzma2=preset=9", "--threads=0", "--stdout"]
            subprocess.check_call([tool, *options, str(source)], stdout=output)
            return
        with (
            source.open("rb") as data,
            lzma.open(output, "wb", filters=list(_FILTERS)) as packed,
        ):
            shutil.copyfileobj(data, packed)


def write_ar(members: Sequence[tuple[str, Path]], target: Path, *, time_s: int) -> None:
    """Write files as an ar archive, the outer form of a .deb."""
    with target.open("wb") as output:
        output.write(b"!<arch>\n")
        for name, path in members:
            size = path.stat().st_size
            head = f"{name:<16}{time_s:<12}{0:<6}{0:<6}{0o100644:<8o}{size:<10}`\n"
            output.write(head.encode("ascii"))
            with path.open("rb") as data:
                shutil.copyfileobj(data, output)
            output.write(b"\n" * (size % 2))
