"""Packs the frozen program as an archive without an installer: tar on Linux, zip on Windows."""

from __future__ import annotations

import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from bundle.archive import compress_xz, write_tar
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
