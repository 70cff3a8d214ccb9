"""Builds the Windows installers from the frozen program; the lists of files are written here.

Inno Setup is the first way, NSIS the second. Both install for one user, without asking for rights.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from bundle.places import PACKAGING, Places, say, version
from bundle.windows_version import four_numbers

WINDOWS = PACKAGING / "windows"


def write_file_lists(onedir: Path, folder: Path) -> None:
    """Write `files.iss`, `install.nsh` and `uninstall.nsh` for exactly the files of a folder."""
    names = sorted(p.relative_to(onedir).as_posix() for p in onedir.rglob("*") if p.is_file())
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("files.iss", inno_files(names)),
        ("install.nsh", nsis_install(names)),
        ("uninstall.nsh", nsis_uninstall(names)),
    ):
        (folder / name).write_text(text, encoding="utf-8-sig", newline="\r\n")


def inno_files(names: Iterable[str]) -> str:
    """Entries of Inno Setup's [Files] section."""
    lines = []
    for name in names:
        place = PurePosixPath(name).parent
        target = "{app}" if str(place) == "." else "{app}\\" + _windows(str(place))
        lines.append(
            f'Source: "{{#Source}}\\{_windows(_escaped(name))}"; '
            f'DestDir: "{target}"; Flags: ignoreversion'
        )
    return "\n".join(lines) + "\n"


def nsis_install(names: Iterable[str]) -> str:
    """Commands that put the files into place."""
    lines, current = [], None
    for name in names:
        place = str(PurePosixPath(name).parent)
        if place != current:
            suffix = "" if place == "." else "\\" + _windows(place)
            lines.append(f'SetOutPath "$INSTDIR{suffix}"')
            current = place
        lines.append(f'File "${{SOURCE}}${{SLASH}}{_nsis_source(name)}"')
    return "\n".join(lines) + "\n"


def nsis_uninstall(names: Iterable[str]) -> str:
    """Commands that remove these files and then folders that are empty, and nothing else."""
    known = list(names)
    folders = {parent for name in known for parent in PurePosixPath(name).parents}
    ordered = sorted((str(f) for f in folders if str(f) != "."), key=lambda f: (-f.count("/"), f))
    lines = [f'Delete "$INSTDIR\\{_windows(name)}"' for name in known]
    lines += [f'RMDir "$INSTDIR\\{_windows(folder)}"' for folder in ordered]
    return "\n".join(lines) + "\n"


def build_inno(places: Places, compiler: str) -> Path:
    """Build `dist/Slipstream-<version>-windows-x64-setup.exe` with Inno Setup's compiler."""
    lists = places.work / "windows"
    write_file_lists(places.onedir, lists)
    defines = {
        "AppVersion": version(),
        "FileVersion": ".".join(str(number) for number in four_numbers(version())),
        "Source": str(places.onedir),
        "Lists": str(lists),
        "Icons": str(places.icons),
        "OutDir": str(places.dist),
    }
    if os.environ.get("SLIPSTREAM_SIGN_TOOL"):
        defines["SignTool"] = os.environ["SLIPSTREAM_SIGN_TOOL"]
    say("compiling the installer with Inno Setup")
    options = [f"/D{name}={value}" for name, value in defines.items()]
    subprocess.check_call([compiler, "/Q", *options, str(WINDOWS / "slipstream.iss")])
    return places.dist / f"Slipstream-{version()}-windows-x64-setup.exe"


def build_nsis(places: Places, compiler: str) -> Path:
    """Build `dist/Slipstream-<version>-windows-x64-nsis.exe` with makensis."""
    lists = places.work / "windows"
    write_file_lists(places.onedir, lists)
    target = places.dist / f"Slipstream-{version()}-windows-x64-nsis.exe"
    target.parent.mkdir(parents=True, exist_ok=True)
    defines = {
        "VERSION": version(),
        "FILE_VERSION": ".".join(str(number) for number in four_numbers(version())),
        "SOURCE": str(places.onedir),
        "SLASH": os.sep,
        "LISTS": str(lists),
        "ICON": str(places.icons / "slipstream.ico"),
        "OUT": str(target),
        "KILOBYTES": str(_kilobytes(places.onedir)),
    }
    say("compiling the installer with NSIS")
    options = [f"-D{name}={value}" for name, value in defines.items()]
    command = [compiler, "-V2", "-INPUTCHARSET", "UTF8", *options, str(WINDOWS / "slipstream.nsi")]
    subprocess.check_call(command)
    return target


def find_inno() -> str | None:
    """Inno Setup's compiler: from the path, or where its installer puts it."""
    found = shutil.which("ISCC")
    if found:
        return found
    for variable in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA"):
        base = os.environ.get(variable)
        if base:
            below = Path(base) / ("Programs" if variable == "LOCALAPPDATA" else "")
            place = below / "Inno Setup 6" / "ISCC.exe"
            if place.is_file():
                return str(place)
    return None


def _windows(name: str) -> str:
    return name.replace("/", "\\")


def _escaped(name: str) -> str:
    """Inno reads braces as constants; wildcards cannot be in names of Windows."""
    return name.replace("{", "{{")


def _nsis_source(name: str) -> str:
    return name.replace("/", "${SLASH}").replace("$_", "$$_")


def _kilobytes(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) // 1024
