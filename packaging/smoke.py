"""Runs the frozen program end to end, as a user would get it, under hard conditions.

python packaging/smoke.py [PROGRAM]. Standard library only; exit code 0 when everything passed.
On Windows the program is run once, drawing into memory.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from bundle.conditions import (
    CONDITIONS,
    Condition,
    confinement,
    environment,
    make_home,
    obstacle,
    x_server,
)
from bundle.places import HEADLESS, PACKAGING, PROGRAM, ROOT, Places, say, version
from bundle.watch import Watched, watch

PROMPT = "Tell me a story about a dog."
LIMIT_S = 120.0
SIZE = (1280, 800)
SMALLEST_PICTURE_BYTES = 20_000
"""A window of this size without any text is smaller than this."""
_SYSTEM = ("/usr/lib/", "/lib/", "/usr/lib64/", "/lib64/")
_IS_WINDOWS = sys.platform == "win32"


class SmokeError(Exception):
    """The program did not do what it should."""


def main(arguments: Sequence[str]) -> int:
    """Run everything; 1 when anything failed or could not be run."""
    options = _parse(arguments)
    program = options.program.resolve()
    before = snapshot(program.parent)
    failures = 0
    pictures: Path | None = options.pictures
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    for name, run in _checks(program, probe=options.probe, pictures=pictures):
        try:
            say(f"smoke: ok      {name}: {run()}")
        except (SmokeError, OSError, subprocess.SubprocessError) as error:
            failures += 1
            say(f"smoke: FAILED  {name}: {error}")
    if snapshot(program.parent) != before:
        failures += 1
        say("smoke: FAILED  the installation was changed by running the program")
    return int(failures > 0)


def _checks(
    program: Path, *, probe: Path, pictures: Path | None
) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "version", partial(check_version, program)
    yield "headless engine", partial(check_headless, program)
    yield "headless commands", partial(check_commands, program)
    yield "inside", partial(check_inside, program, probe)
    if _IS_WINDOWS:
        yield "window", partial(check_window_on_windows, program)
        return
    for condition in CONDITIONS:
        yield condition.name, partial(check_window, program, condition, pictures)


def check_version(program: Path) -> str:
    """`--version` says the version of this source."""
    done = subprocess.run(
        [str(program), "--version"], capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    # A window program of Windows has no standard output; its exit code must do.
    expected = "" if _IS_WINDOWS else f"Slipstream {version()}"
    _demand(done.returncode == 0 and done.stdout.strip() == expected, f"{done}")
    return done.stdout.strip() or "exit code 0"


def check_headless(program: Path) -> str:
    """The second name answers without a window, with the draft model at work."""
    engine = program.with_name(HEADLESS + program.suffix)
    command = [str(engine), "chat", "--json", "--max-new-tokens", "60", "--prompt", PROMPT]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [*command, "--data-dir", folder],
            capture_output=True, encoding="utf-8", timeout=LIMIT_S, check=False,
        )  # fmt: skip
    _demand(done.returncode == 0, f"exit code {done.returncode}: {done.stderr}")
    report = json.loads(done.stdout.splitlines()[-1])
    _demand(report["tokens"] > 0 and report["acceptance_rate"] is not None, done.stdout[-500:])
    return f"{report['tokens']} tokens, {report['acceptance_rate']:.0%} of the draft accepted"


def check_commands(program: Path) -> str:
    """The other commands of the second name: devices, models, and a short comparison of answers."""
    seen = []
    for words in (
        ("devices", "--json"),
        ("models", "list", "--json"),
        ("models", "recommend", "--json"),
        ("verify", "--json", "--prompts", "2", "--max-new-tokens", "16", "--samples", "0"),
    ):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [str(program.with_name(HEADLESS + program.suffix)), *words, "--data-dir", folder],
                capture_output=True, encoding="utf-8", timeout=LIMIT_S, check=False,
            )  # fmt: skip
        name = " ".join(word for word in words[:2] if word.isalpha())
        _demand(done.returncode == 0, f"{name}: exit code {done.returncode}: {done.stderr}")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        _demand(bool(lines), f"{name} says nothing")
        seen.append(f"{name} {len(lines)}")
    return f"lines of {', '.join(seen)}"


def check_inside(program: Path, probe: Path) -> str:
    """What inside.py finds with the modules and libraries of this installation."""
    _demand(probe.is_file(), f"{probe} is not there: build the program first")
    with tempfile.TemporaryDirectory(prefix="slipstream-inside-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        start = Path(shutil.copy(probe, folder))
        _link_folder(program.with_name("_internal"), start.with_name("_internal"))
        try:
            done = subprocess.run(
                [str(start), str(PACKAGING / "inside.py"), str(home), *own_modules()],
                capture_output=True, encoding="utf-8", timeout=LIMIT_S, check=False,
                env=_bare_environment(home),
            )  # fmt: skip
        finally:
            start.with_name("_internal").unlink()
    _demand(done.returncode == 0 and not done.stderr, done.stdout + done.stderr)
    return "; ".join(done.stdout.splitlines())


def own_modules() -> list[str]:
    """Names of all modules of the program, by its sources."""
    paths = (path for top in ("app", "engine") for path in sorted((ROOT / top).rglob("*.py")))
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths)
    return [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]


def _link_folder(there: Path, here: Path) -> None:
    if _IS_WINDOWS:
        # A link of another kind needs rights there.
        subprocess.run(["cmd", "/c", "mklink", "/J", str(here), str(there)], check=True)
    else:
        here.symlink_to(there)


def _bare_environment(home: Path) -> dict[str, str]:
    kept = ("SYSTEMROOT", "TEMP", "USERPROFILE", "LOCALAPPDATA", "APPDATA") if _IS_WINDOWS else ()
    values = {"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    values |= {name: os.environ[name] for name in kept if name in os.environ}
    return values | {"QT_QPA_PLATFORM": "offscreen"}


def check_window(program: Path, condition: Condition, pictures: Path | None) -> str:
    """The window asks, answers, takes a picture and leaves; nothing is left, nothing is foreign."""
    if (reason := obstacle(condition)) is not None:
        raise SmokeError(f"cannot be run here: {reason}")
    with tempfile.TemporaryDirectory(prefix="slipstream-smoke-") as folder:
        home = make_home(condition, Path(folder))
        picture = home / "window.png"
        with x_server(condition) as display:
            seen = watch(
                [
                    *confinement(condition, program.parent),
                    *environment(condition, home, display),
                    *(str(program), *_arguments(home, picture)),
                ],
                limit_s=LIMIT_S,
            )
        _check_process(seen, program)
        _check_picture(picture, int(condition.scale))
        if pictures is not None:
            target = pictures / f"{CONDITIONS.index(condition) + 1}.png"
            target.write_bytes(picture.read_bytes())
        return f"{seen.seconds:.1f} s, {len(seen.libraries)} libraries, none from elsewhere"


def check_window_on_windows(program: Path) -> str:
    """The same, as far as it can be seen without /proc."""
    with tempfile.TemporaryDirectory(prefix="slipstream Zoë 家 ") as folder:
        picture = Path(folder) / "window.png"
        code = subprocess.call(
            [str(program), *_arguments(Path(folder), picture)],
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            timeout=LIMIT_S,
        )
        _demand(code == 0, f"exit code {code}")
        _check_picture(picture, 1)
    return "answered"


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Name -> size and time of change of everything in an installation."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in folder.rglob("*")
    }


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG.

    Raises:
        SmokeError: it is none.
    """
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 24:
        raise SmokeError("the screenshot is no PNG")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def foreign_libraries(libraries: set[str], installation: Path) -> list[str]:
    """Libraries that come neither from the installation nor from the system."""
    own = f"{installation}/"
    return sorted(path for path in libraries if not path.startswith((own, *_SYSTEM)))


def _check_process(seen: Watched, program: Path) -> None:
    _demand(seen.exit_code == 0, f"exit code {seen.exit_code}: {seen.errors[-2000:]}")
    _demand(not seen.errors.strip(), f"it complained: {seen.errors[-2000:]}")
    engines = [pid for pid, words in seen.commands.items() if "--engine" in words]
    _demand(bool(engines), "no engine process was seen")
    for pid in engines:
        check_environment(seen.environments.get(pid, {}), program.parent)
        _demand(not any("Qt6" in path for path in seen.mapped[pid]), "the engine has loaded Qt")
    left = seen.still_running(within_s=5.0)
    _demand(not left, f"still running: {[seen.commands[pid] for pid in left]}")
    foreign = foreign_libraries(seen.libraries, program.parent)
    _demand(not foreign, f"libraries from elsewhere: {foreign}")
    _demand(any("libopenvino_genai" in path for path in seen.libraries), "no runtime was loaded")


def check_environment(variables: Mapping[str, str], installation: Path) -> None:
    """What the engine was given, and so every program started from here: nothing of the bundle."""
    inherited = sorted(
        name for name, value in variables.items() if str(installation / "_internal") in value
    )
    _demand(not inherited, f"variables that lead into the bundle: {inherited}")
    _demand("hugetlb" in variables.get("GLIBC_TUNABLES", ""), "the engine has no huge pages")


def _check_picture(picture: Path, scale: int) -> None:
    _demand(picture.is_file(), "there is no screenshot")
    data = picture.read_bytes()
    expected = (SIZE[0] * scale, SIZE[1] * scale)
    _demand(picture_size(data) == expected, f"the screenshot is {picture_size(data)}")
    _demand(len(data) > SMALLEST_PICTURE_BYTES, "the screenshot shows next to nothing")


def _arguments(home: Path, picture: Path) -> list[str]:
    return [
        *("--data-dir", str(home / "data ü"), "--ask", PROMPT, "--screenshot", str(picture)),
        *("--quit", "--no-error-windows", "--size", f"{SIZE[0]}x{SIZE[1]}"),
    ]


def _demand(condition: bool, otherwise: str) -> None:
    if not condition:
        raise SmokeError(otherwise)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    default = Places().onedir / (PROGRAM + (".exe" if _IS_WINDOWS else ""))
    parser.add_argument("program", nargs="?", type=Path, default=default)
    parser.add_argument(
        "--probe", type=Path, default=Places().probe, help="what the build made for checks inside"
    )
    parser.add_argument("--pictures", type=Path, help="keep the screenshots in this folder")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
