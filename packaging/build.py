"""Builds the packages this system can build: `python3 dev.py package [KIND]...`.

Freezes the program, checks it, writes its licences and bill of materials, then packs it.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

import elfcheck  # noqa: E402  after the path is set
import pecheck  # noqa: E402
from bundle import debian, licences, portable, sbom, windows  # noqa: E402
from bundle.components import UnexpectedPartError, components, read_contents  # noqa: E402
from bundle.freeze import freeze  # noqa: E402
from bundle.places import Places, say, source_date, tree_size_bytes, version  # noqa: E402

MOST_INSTALLED_BYTES = 420_000_000
MOST_DOWNLOAD_BYTES = 100_000_000
KINDS = ("deb", "windows", "portable")
_IS_WINDOWS = sys.platform == "win32"
_IS_LINUX = sys.platform.startswith("linux")


def main(arguments: Sequence[str]) -> int:
    """Build what was asked for; 0 when all of it was built, 1 when a build failed, 2 when this
    system cannot build what was asked for by name."""
    options = _parse(arguments)
    places = Places()
    wanted = options.kinds or [kind for kind in KINDS if obstacle(kind) is None]
    for kind in options.kinds or KINDS:
        if (reason := obstacle(kind)) is not None:
            say(f"{kind}: cannot be built here: {reason}")
    if options.kinds and any(obstacle(kind) is not None for kind in options.kinds):
        return 2
    try:
        if not (options.reuse and places.onedir.is_dir()):
            build_program(places)
        results = [] if options.program_only else [BUILDERS[kind](places) for kind in wanted]
    except (subprocess.CalledProcessError, UnexpectedPartError, ValueError) as error:
        say(f"failed: {error}")
        return 1
    return report(places, [path for paths in results for path in paths])


def build_program(places: Places) -> None:
    """Freeze, check, and write what lies beside the program.

    Raises:
        UnexpectedPartError: the bundle holds something it should not, or lacks a library.
    """
    onedir = freeze(places)
    parts = components(read_contents(places.contents), tools=places.tools)
    internal = onedir / "_internal"
    (internal / licences.FILE_NAME).write_text(licences.licence_text(parts), encoding="utf-8")
    document = sbom.bill_of_materials(parts, version=version(), made_at_s=source_date())
    (internal / "sbom.cdx.json").write_text(document, encoding="utf-8")
    places.dist.mkdir(parents=True, exist_ok=True)
    (places.dist / f"slipstream-{version()}-{_system()}.cdx.json").write_text(
        document, encoding="utf-8"
    )
    check = pecheck.main if _IS_WINDOWS else elfcheck.main
    if check([str(onedir)]) != 0:
        raise UnexpectedPartError("libraries are missing")


def obstacle(kind: str) -> str | None:
    """Why this system cannot build a kind of package; None when it can."""
    if kind == "deb" and not _IS_LINUX:
        return "a .deb is built on Debian or Ubuntu"
    if kind != "windows" and _IS_LINUX:
        # dpkg-query knows the licences of the system's libraries that go along.
        missing = [tool for tool in ("dpkg-query", "strip") if not shutil.which(tool)]
        return f"{' and '.join(missing)} needed, of Debian or Ubuntu" if missing else None
    if kind == "windows":
        if not _IS_WINDOWS:
            return "the program for Windows is frozen on Windows; see packaging/README.md"
        if windows.find_inno() is None and shutil.which("makensis") is None:
            return "install Inno Setup 6 (or NSIS 3)"
    return None


def report(places: Places, results: Sequence[Path]) -> int:
    """Say what was made and how large it is; 1 when anything is larger than it may be."""
    installed = tree_size_bytes(places.onedir)
    say(f"program: {installed / 1e6:.1f} MB in {places.onedir.relative_to(ROOT)}")
    is_too_large = installed > MOST_INSTALLED_BYTES
    for path in results:
        size = path.stat().st_size
        say(f"built {path.relative_to(ROOT)}: {size / 1e6:.1f} MB")
        # A zip cannot be packed as tightly; it is the way without an installer, not the first one.
        is_too_large |= size > MOST_DOWNLOAD_BYTES and path.suffix != ".zip"
    if is_too_large:
        say("larger than allowed")
    return int(is_too_large)


def _build_windows(places: Places) -> list[Path]:
    results = []
    if inno := windows.find_inno():
        results.append(windows.build_inno(places, inno))
    if nsis := shutil.which("makensis"):
        results.append(windows.build_nsis(places, nsis))
    return results


BUILDERS: dict[str, Callable[[Places], list[Path]]] = {
    "deb": lambda places: [debian.build_deb(places)],
    "windows": _build_windows,
    "portable": lambda places: [portable.build_portable(places)],
}


def _system() -> str:
    return f"{'windows' if _IS_WINDOWS else 'linux'}-{platform.machine().lower()}"


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py package", description=__doc__)
    parser.add_argument(
        "kinds", nargs="*", choices=[*KINDS, []], help="default: all this system can build"
    )
    parser.add_argument("--program-only", action="store_true", help="freeze, but pack nothing")
    parser.add_argument("--reuse", action="store_true", help="pack the program frozen before")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
