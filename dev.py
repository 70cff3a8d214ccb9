#!/usr/bin/env python3
"""Everything a developer starts: run, test, check, bench, package, shots, translate, lock.

Standard library only, Python 3.11 to 3.13, Linux and Windows. Makes `.venv` from
requirements.lock on first use and again when the lock changed.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed-lock.sha256"
BENCHMARKS = ROOT / "tests" / "benchmarks"
SUPPORTED_PYTHONS = ("3.11", "3.12", "3.13")

# What Qt links to and does not bring along: shared object -> Debian and Ubuntu package.
QT_SYSTEM_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libstdc++.so.6": "libstdc++6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libzstd.so.1": "libzstd1",
}
# Each worker has half of the tests, in their order; the first one done takes some of the rest.
# With `loadfile` the run can wait for ever after a worker crashed (pytest-xdist 3.8).
WORKERS = ("--numprocesses=2", "--dist=worksteal")
RUN_BY_ONE_PROCESS = (
    *("-n", "--numprocesses", "--dist", "-k", "-m", "--lf", "--last-failed", "--co", "--collect"),
    *("-s", "--capture", "--pdb", "--trace", "--sw", "--stepwise"),
)
NEED_NO_SCREEN = ("--screenshot", "--help", "-h", "--version", "--engine")
LIBRARY_FOLDERS = ("/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib")


# The environment


def prepare() -> None:
    """See to system libraries and to an up-to-date `.venv`; quick when nothing is missing."""
    if not is_venv_current() and python_version() not in SUPPORTED_PYTHONS:
        fail(f"Python {', '.join(SUPPORTED_PYTHONS)} is needed, this is {python_version()}.")
    needs_venv = not is_venv_current()
    packages = missing_system_packages(with_venv=needs_venv)
    if packages:
        install_system_packages(packages)
    if needs_venv:
        make_venv()


def is_venv_current() -> bool:
    """Whether `.venv` was made, to its end, from the lock as it is now."""
    if not VENV_PYTHON.exists() or not STAMP.exists():
        return False
    return STAMP.read_text(encoding="ascii") == lock_digest()


def lock_digest() -> str:
    """SHA-256 of the lock, whatever its line ends."""
    return hashlib.sha256(LOCK.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def make_venv() -> None:
    """Make `.venv` anew and install the lock, each file checked against its hash."""
    say(f"Installing the dependencies into {VENV.name}; this happens once per lock.")
    call([sys.executable, "-m", "venv", "--clear", str(VENV)])
    options = [
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
        "--only-binary=:all:",
    ]
    call([str(VENV_PYTHON), "-m", "pip", "install", "--quiet", *options, "-r", str(LOCK)])
    STAMP.write_text(lock_digest(), encoding="ascii")


def missing_system_packages(*, with_venv: bool) -> list[str]:
    """Debian packages that are missing on a Debian-like Linux; empty elsewhere."""
    if not sys.platform.startswith("linux"):
        return []
    packages = {p for name, p in QT_SYSTEM_LIBRARIES.items() if not has_library(name)}
    if with_venv and importlib.util.find_spec("ensurepip") is None:
        packages.add(f"python{python_version()}-venv")
    if packages and shutil.which("apt-get") is None:
        say(f"These libraries seem to be missing (Debian's names): {' '.join(sorted(packages))}")
        return []
    return sorted(packages)


def python_version() -> str:
    """Major and minor version of the Python this script runs in."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def has_library(name: str) -> bool:
    """Whether the loader will find a shared object; looks in the usual folders first."""
    if any(os.path.exists(f"{folder}/{name}") for folder in LIBRARY_FOLDERS):  # noqa: PTH110
        return True
    import ctypes

    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def install_system_packages(packages: Sequence[str]) -> None:
    """Install Debian packages as root; otherwise name the command and stop."""
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if os.name == "nt" or os.geteuid() != 0:
        fail(f"System packages are missing. Please run:\n  sudo {shlex.join(install)}")
    say(f"Installing system packages: {' '.join(packages)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}

    def apt(command: Sequence[str]) -> bool:
        return subprocess.call(command, env=environment, stdout=sys.stderr) == 0

    # Package lists are absent in a fresh container, and may be too old elsewhere.
    has_lists = any(Path("/var/lib/apt/lists").glob("*_Packages*"))
    if has_lists and apt(install):
        return
    if not (apt(["apt-get", "update", "-q"]) and apt(install)):
        fail(f"The packages could not be installed. Please run:\n  {shlex.join(install)}")


# The commands


def run(arguments: Sequence[str]) -> int:
    """Start the application with ARGS."""
    prepare()
    return replace_process(
        [str(VENV_PYTHON), "-m", "app", *arguments], screen_environment(arguments)
    )


def screen_environment(arguments: Sequence[str]) -> dict[str, str]:
    """The environment for the window; a picture can be taken without a screen."""
    environment = project_environment()
    has_screen = any(
        name in environment for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    )
    if sys.platform.startswith("linux") and not has_screen:
        if not any(argument.startswith(NEED_NO_SCREEN) for argument in arguments):
            fail(
                "There is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set.\n"
                "Without one use --screenshot FILE, or the engine alone: python -m engine --help"
            )
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return environment


def test(arguments: Sequence[str]) -> int:
    """Run the tests with pytest's ARGS; all of them, by two processes."""
    prepare()
    workers = [] if chooses_tests_or_workers(arguments) else WORKERS
    return call_for_code([str(VENV_PYTHON), "-m", "pytest", *workers, *arguments])


def chooses_tests_or_workers(arguments: Sequence[str]) -> bool:
    """Whether pytest's arguments name some of the tests, a number of workers or a debugger."""
    return any(
        argument.startswith(RUN_BY_ONE_PROCESS) or (ROOT / argument.partition("::")[0]).exists()
        for argument in arguments
    )


def check(arguments: Sequence[str]) -> int:
    """Lint, format, types and import rules. All run; the exit code is the worst."""
    if arguments:
        fail("check takes no arguments.")
    prepare()
    scripts = VENV_PYTHON.parent
    steps = {
        "ruff check": [str(scripts / "ruff"), "check", "."],
        "ruff format": [str(scripts / "ruff"), "format", "--check", "."],
        "mypy": [str(VENV_PYTHON), "-m", "mypy"],
        "import rules": [str(scripts / "lint-imports"), "--no-logo"],
    }
    results = {name: call_for_code(command) for name, command in steps.items()}
    for name, code in results.items():
        say(f"{name}: {'ok' if code == 0 else f'failed ({code})'}")
    return max(results.values())


def bench(arguments: Sequence[str]) -> int:
    """Run benchmark NAME with ARGS; without a name run all; `bench list` names them."""
    scripts = benchmark_scripts()
    if list(arguments) == ["list"]:
        for name, path in scripts.items():
            summary = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            say(f"{name:14} {summary.splitlines()[0] if summary else ''}")
        return 0
    name, *rest = arguments or ["all"]
    if name not in scripts:
        fail(f"There is no benchmark {name!r}; there are: {', '.join(scripts)}")
    prepare()
    rest = rest[1:] if rest[:1] == ["--"] else rest
    return replace_process([str(VENV_PYTHON), str(scripts[name]), *rest], project_environment())


def benchmark_scripts() -> dict[str, Path]:
    """Every module of tests/benchmarks that can be started."""
    return {
        path.stem: path
        for path in sorted(BENCHMARKS.glob("*.py"))
        if "__main__" in path.read_text(encoding="utf-8") and not path.stem.startswith("test_")
    }


def package(arguments: Sequence[str]) -> int:
    """Build the packages for this platform."""
    return run_script_if_present(ROOT / "packaging" / "build.py", arguments)


def shots(arguments: Sequence[str]) -> int:
    """Take the screenshots of the README and the documentation."""
    return run_script_if_present(ROOT / "packaging" / "shots.py", arguments)


def translate(arguments: Sequence[str]) -> int:
    """Bring the catalogue of translations up to date and name what is missing."""
    return run_script_if_present(ROOT / "packaging" / "translate.py", arguments)


def run_script_if_present(script: Path, arguments: Sequence[str]) -> int:
    """Start a script of the project, or say that it is not there yet."""
    if not script.exists():
        fail(f"Not available yet: {script.relative_to(ROOT).as_posix()} does not exist.")
    prepare()
    return replace_process([str(VENV_PYTHON), str(script), *arguments], project_environment())


def lock(arguments: Sequence[str]) -> int:
    """Resolve pyproject.toml into requirements.lock; ARGS go to uv, e.g. --upgrade."""
    command = [
        *find_uv(),
        *("pip", "compile", "pyproject.toml", "--group", "dev", "--universal", "--generate-hashes"),
        *("--python-version", "3.11", "--no-annotate", "--no-header", "--quiet"),
        *("--output-file", str(LOCK), *arguments),
    ]
    code = call_for_code(command)
    if code == 0:
        body = [line for line in LOCK.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
        head = "# All dependencies with hashes. Made by `python3 dev.py lock`; do not edit."
        LOCK.write_text("\n".join([head, *body]) + "\n", encoding="utf-8", newline="\n")
    return code


def find_uv() -> list[str]:
    """The resolver: `uv` from the path, or installed into `.venv` for this purpose."""
    found = shutil.which("uv")
    if found:
        return [found]
    prepare()
    call([str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "uv"])
    return [str(VENV_PYTHON), "-m", "uv"]


# Processes and output


def project_environment() -> dict[str, str]:
    """The environment in which `app` and `engine` can be imported from any folder."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return os.environ | {"PYTHONPATH": path}


def replace_process(command: list[str], environment: Mapping[str, str]) -> int:
    """Become the command, so that signals reach it; on Windows wait for it."""
    sys.stdout.flush()
    if os.name == "nt":
        return subprocess.call(command, env=environment)
    os.execve(command[0], command, environment)


def call_for_code(command: Sequence[str]) -> int:
    """Run a command in the project's folder and return its exit code."""
    return subprocess.call(command, cwd=ROOT, env=project_environment())


def call(command: Sequence[str]) -> None:
    """Run a command of the installation; stop when it fails."""
    code = subprocess.call(command, cwd=ROOT, stdout=sys.stderr)
    if code != 0:
        fail(f"This failed with code {code}:\n  {shlex.join(command)}")


def say(text: str) -> None:
    """A line for the person at the terminal, apart from what a program prints."""
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> NoReturn:
    """Say why and stop with code 1."""
    say(text)
    raise SystemExit(1)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "package": package,
    "shots": shots,
    "translate": translate,
    "lock": lock,
}


def describe(commands: Iterable[tuple[str, Callable[[Sequence[str]], int]]]) -> str:
    """The commands and what each does, for the help."""
    return "\n".join(f"  {name:9} {function.__doc__}" for name, function in commands)


def main(arguments: Sequence[str]) -> int:
    """Read the command and start it; everything after it goes along, with or without `--`."""
    parser = argparse.ArgumentParser(
        prog="dev.py",
        usage="python3 dev.py COMMAND [NAME] [-- ARGS]",
        description=describe(COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS)
    options = parser.parse_args(arguments[:1])
    rest = list(arguments[1:])
    return COMMANDS[options.command](rest[1:] if rest[:1] == ["--"] else rest)


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
