"""Builds the .deb: the frozen program in /opt/slipstream, and what a desktop needs to find it."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bundle import changes
from bundle.archive import compress_xz, write_ar, write_tar
from bundle.components import owner
from bundle.elf import check, system_libraries
from bundle.icons import PNG_SIZES_PX
from bundle.places import HEADLESS, PACKAGING, PROGRAM, ROOT, Places, say, source_date, version

MAINTAINER = "Slipstream contributors <packages@slipstream.invalid>"
LINUX = PACKAGING / "linux"
_DESCRIPTION = """\
Description: chat with a language model on your own machine
 Slipstream runs language models with OpenVINO on the CPU, GPU or NPU. A small
 draft model proposes tokens, the main model checks several of them in one
 pass, and the window shows live how fast that is and how many proposals were
 accepted. Nothing you write leaves the machine.
 .
 A small pair of models comes with the program, so that it answers at once.
"""
# What the program starts or loads by name at run time, so that no file says it.
_BY_NAME = ("ca-certificates",)
_CXX_RELEASES = {"3.4.28": "9", "3.4.29": "11", "3.4.30": "12", "3.4.31": "13", "3.4.32": "13.2"}


def build_deb(places: Places) -> Path:
    """Build `dist/slipstream_<version>_amd64.deb` from the frozen program and return it.

    Raises:
        subprocess.CalledProcessError: the compression failed; it has said why.
        UnexpectedPartError: no package owns a library that is needed.
    """
    stage = places.work / "deb"
    shutil.rmtree(stage, ignore_errors=True)
    _lay_out(places, stage)
    _set_modes(stage)
    control = stage / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(_control(stage, depends(places.onedir)), encoding="utf-8")
    (control / "md5sums").write_text(_md5sums(stage), encoding="utf-8")
    target = places.dist / f"{PROGRAM}_{version()}_amd64.deb"
    target.parent.mkdir(parents=True, exist_ok=True)
    say(f"packing {target.name}")
    _pack(stage, places.work / "deb-members", target)
    shutil.rmtree(stage)
    return target


def _pack(stage: Path, work: Path, target: Path) -> None:
    """Put a .deb together by hand: dpkg-deb reads the tighter compression, but cannot write it."""
    work.mkdir(exist_ok=True)
    control = work / "control"
    shutil.rmtree(control, ignore_errors=True)
    (stage / "DEBIAN").rename(control)
    (work / "debian-binary").write_bytes(b"2.0\n")
    for folder, name in ((control, "control.tar"), (stage, "data.tar")):
        with (work / name).open("wb") as output:
            write_tar(folder, output, top=".", time_s=source_date())
        compress_xz(work / name, work / f"{name}.xz")
    names = ("debian-binary", "control.tar.xz", "data.tar.xz")
    write_ar([(name, work / name) for name in names], target, time_s=source_date())
    shutil.rmtree(work)


def depends(onedir: Path) -> str:
    """The Depends field: the packages of this system that own the libraries needed.

    Only the C and C++ libraries get a version: theirs is known from the symbols. What the system
    here happens to have of the others would shut out older systems that are new enough.
    """
    report = check(onedir)
    libraries = system_libraries()
    names = {owner(str(libraries[name])) for name in report.from_system}
    return ", ".join(sorted({dependency(name, report.highest) for name in names} | {*_BY_NAME}))


def dependency(package: str, highest: Mapping[str, str]) -> str:
    """One entry of Depends, with the version or the second name it needs.

    Args:
        package: as it is called on Debian 12.
        highest: library family -> highest symbol version, e.g. `GLIBC` -> `GLIBC_2.35`.

    Raises:
        ValueError: the version of the C++ library is not known to `_CXX_RELEASES`.
    """
    if package == "libc6":
        return f"libc6 (>= {highest['GLIBC'].partition('_')[2]})"
    if package == "libstdc++6":
        symbols = highest["GLIBCXX"].partition("_")[2]
        if symbols not in _CXX_RELEASES:
            raise ValueError(f"which release of libstdc++6 has GLIBCXX_{symbols}?")
        return f"libstdc++6 (>= {_CXX_RELEASES[symbols]})"
    # Renamed when Debian and Ubuntu went over to 64-bit time.
    return "libglib2.0-0 | libglib2.0-0t64" if package == "libglib2.0-0" else package


def _lay_out(places: Places, stage: Path) -> None:
    shutil.copytree(places.onedir, stage / "opt" / PROGRAM, symlinks=True)
    share = stage / "usr" / "share"
    binaries = stage / "usr" / "bin"
    binaries.mkdir(parents=True)
    for name in (PROGRAM, HEADLESS):
        (binaries / name).symlink_to(f"/opt/{PROGRAM}/{name}")
    _copy(LINUX / "slipstream.desktop", share / "applications" / "slipstream.desktop")
    _copy(ROOT / "assets/icons/app.svg", share / "icons/hicolor/scalable/apps/slipstream.svg")
    for size in PNG_SIZES_PX:
        folder = share / "icons" / "hicolor" / f"{size}x{size}" / "apps"
        _copy(places.icons / f"{size}.png", folder / "slipstream.png")
    _copy(LINUX / "lintian-overrides", share / "lintian" / "overrides" / PROGRAM)
    _copy(LINUX / "copyright", share / "doc" / PROGRAM / "copyright")
    _write_documents(share)


def _write_documents(share: Path) -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    metainfo = (LINUX / "slipstream.metainfo.xml").read_text(encoding="utf-8")
    (share / "metainfo").mkdir()
    (share / "metainfo" / "slipstream.metainfo.xml").write_text(
        changes.with_releases(metainfo, changelog, version=version(), date_s=source_date()),
        encoding="utf-8",
    )
    history = changes.debian_changelog(
        changelog, version=version(), maintainer=MAINTAINER, date_s=source_date()
    )
    _write_gzip(share / "doc" / PROGRAM / "changelog.gz", history)
    day = datetime.fromtimestamp(source_date(), UTC).date().isoformat()
    for name in (PROGRAM, HEADLESS):
        page = (LINUX / f"{name}.1").read_text(encoding="utf-8")
        page = page.replace("@VERSION@", version()).replace("@DATE@", day)
        _write_gzip(share / "man" / "man1" / f"{name}.1.gz", page)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write_gzip(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))


def _set_modes(stage: Path) -> None:
    """Folders 755, programs 755, everything else 644, whatever this user's habits are."""
    programs = {stage / "opt" / PROGRAM / PROGRAM}
    stage.chmod(0o755)
    for path in stage.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in programs else 0o644)


def _control(stage: Path, dependencies: str) -> str:
    kilobytes = sum((p.lstat().st_size + 1023) // 1024 for p in stage.rglob("*"))
    return "\n".join(
        [
            f"Package: {PROGRAM}",
            f"Version: {version()}",
            "Section: utils",
            "Priority: optional",
            "Architecture: amd64",
            f"Maintainer: {MAINTAINER}",
            f"Installed-Size: {kilobytes}",
            f"Depends: {dependencies}",
            "Recommends: ocl-icd-libopencl1 | libopencl1",
            "Suggests: intel-opencl-icd, libze1",
            _DESCRIPTION,
        ]
    )


def _md5sums(stage: Path) -> str:
    lines = []
    for path in sorted(stage.rglob("*")):
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.parts:
            digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            lines.append(f"{digest}  {path.relative_to(stage).as_posix()}\n")
    return "".join(lines)
