"""Packs the frozen program as one archive that needs no installation: tar on Linux, zip on Windows."""

from __future__ import annotations

import lzma
import shutil
import subprocess
import sys
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bundle.places import PROGRAM, Places, say, source_date, version


def build_portable(places: Places) -> Path:
    """Build the archive of this system in `dist` and return it."""
    places.dist.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        return _build_zip(places)
    return _build_tar(places)


def _build_tar(places: Places) -> Path:
    target = places.dist / f"{PROGRAM}-{version()}-linux-x86_64.tar.xz"
    say(f"packing {target.name}")
    plain = places.work / "portable.tar"
    with plain.open("wb") as output:
        write_tar(places.onedir, output, top=f"{PROGRAM}-{version()}", time_s=source_date())
    compress_xz(plain, target)
    plain.unlink()
    return target


def write_tar(folder: Path, output: IO[bytes], *, top: str, time_s: int) -> None:
    """Write a folder as a tar whose bytes depend on nothing but names, modes and contents."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = time_s
        entry.mode = 0o755 if entry.mode & 0o100 or entry.isdir() else 0o644
        return entry

    with tarfile.open(fileobj=output, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.add(folder, top, recursive=False, filter=plain)
        for path in sorted(folder.rglob("*")):
            name = f"{top}/{path.relative_to(folder).as_posix()}"
            archive.add(path, name, recursive=False, filter=plain)


def compress_xz(source: Path, target: Path) -> None:
    """Compress a file; with the xz tool on all cores, where there is one."""
    tool = shutil.which("xz")
    with target.open("wb") as output:
        if tool is not None:
            subprocess.check_call([tool, "-9", "-T0", "--stdout", str(source)], stdout=output)
            return
        with source.open("rb") as data, lzma.open(output, "wb", preset=9) as packed:
            shutil.copyfileobj(data, packed)


def _build_zip(places: Places) -> Path:
    target = places.dist / f"{PROGRAM}-{version()}-windows-x64.zip"
    say(f"packing {target.name}")
    moment = datetime.fromtimestamp(source_date(), UTC).timetuple()[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(p for p in places.onedir.rglob("*") if p.is_file()):
            name = f"{PROGRAM}-{version()}/{path.relative_to(places.onedir).as_posix()}"
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return target
