"""Freezes the program with PyInstaller, and trims what the freezer cannot. Makes no packages."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bundle import icons, windows_version
from bundle.places import HEADLESS, PACKAGING, PROGRAM, ROOT, Places, say, version

LOCK = PACKAGING / "requirements-build.lock"
_INTERNAL = "_internal"


def freeze(places: Places) -> Path:
    """Build the folder with the program and return it.

    Raises:
        subprocess.CalledProcessError: a tool failed; it has said why.
    """
    install_tools(places)
    icons.render(ROOT / "assets" / "icons" / "app.svg", places.icons)
    (places.work / "version_info.txt").write_text(
        windows_version.version_info(version()), encoding="utf-8"
    )
    say("freezing the program")
    log = places.work / "pyinstaller.log"
    command = [
        *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
        *("--workpath", str(places.work / "work"), "--distpath", str(places.onedir.parent)),
        str(PACKAGING / "slipstream.spec"),
    ]
    with log.open("w", encoding="utf-8") as output:
        code = subprocess.call(
            command, cwd=ROOT, env=_environment(places), stdout=output, stderr=output
        )
    if code != 0:
        say(log.read_text(encoding="utf-8", errors="replace"))
        raise subprocess.CalledProcessError(code, command)
    _trim(places.onedir)
    return places.onedir


def install_tools(places: Places) -> None:
    """Install the freezer from its lock, unless the very same is there already."""
    stamp = places.tools / "installed-lock.sha256"
    digest = hashlib.sha256(LOCK.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    say("installing the freezer")
    shutil.rmtree(places.tools, ignore_errors=True)
    options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--quiet"]
    subprocess.check_call(
        [
            *(sys.executable, "-m", "pip", "--disable-pip-version-check", "install", *options),
            *("--target", str(places.tools), "-r", str(LOCK)),
        ],
        stdout=sys.stderr,
    )
    stamp.write_text(digest, encoding="ascii")


def _environment(places: Places) -> dict[str, str]:
    search = [str(places.tools), str(PACKAGING)]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(search),
        "PYTHONHASHSEED": "1",  # the same input gives the same bytes
        "SLIPSTREAM_BUILD_DIR": str(places.work),
        # The packages are compressed as a whole, which works better on what is not compressed yet.
        "PYINSTALLER_ZLIB_COMPRESSION_LEVEL": "0",
    }


def _trim(onedir: Path) -> None:
    """Strip Python's own libraries, and give the program its second name."""
    if sys.platform == "win32":
        return
    internal = onedir / _INTERNAL
    for library in [*internal.glob("libpython*.so*"), *internal.glob("python3*/lib-dynload/*.so")]:
        # A Python built by hand carries its symbols: three quarters of its largest file. Other
        # libraries stay as their publishers made them.
        subprocess.check_call(["strip", "--strip-unneeded", str(library)])
    link = onedir / HEADLESS
    link.unlink(missing_ok=True)
    link.symlink_to(PROGRAM)
