"""dev.py: what it decides before it starts anything, and that the lock covers the project."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import dev


def test_the_lock_pins_every_dependency_with_hashes(root: Path) -> None:
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    entries = re.findall(
        r"^[a-z0-9][^\n]*(?:\n {4}--hash=sha256:[0-9a-f]{64}(?: \\)?)+", lock, re.M
    )
    names = re.findall(r"^([a-z0-9][a-z0-9.-]*)==", lock, re.M)
    assert len(entries) == len(names) > 40
    assert direct_dependencies(root) <= set(names)


def test_what_the_tests_import_is_locked_for_every_platform(root: Path) -> None:
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    limited = {
        name
        for name, marker in re.findall(r"^([a-z0-9][a-z0-9.-]*)==\S+ ; ([^\n]*)", lock, re.M)
        if "sys_platform ==" in marker
    }
    distributions = packages_distributions()
    imported = {
        distribution.lower().replace("_", "-")
        for path in (root / "tests").rglob("*.py")
        if "benchmarks" not in path.parts
        for name in _imports(ast.parse(path.read_text(encoding="utf-8")))
        for distribution in distributions.get(name, ())
    }
    assert "cryptography" in imported
    assert imported & limited == set()


def _imports(tree: ast.Module) -> set[str]:
    """Top-level names of the packages a module imports, the standard library left out."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names


def test_the_lock_names_no_host(root: Path) -> None:
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--find-links|--trusted", lock)


def test_line_ends_do_not_make_a_new_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = []
    for content in (b"a==1\nb==2\n", b"a==1\r\nb==2\r\n", b"a==1\nb==3\n"):
        monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements.lock")
        dev.LOCK.write_bytes(content)
        digests.append(dev.lock_digest())
    assert digests[0] == digests[1] != digests[2]


def test_an_environment_is_current_only_with_its_stamp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "VENV_PYTHON", tmp_path / "python")
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp")
    dev.VENV_PYTHON.touch()
    assert not dev.is_venv_current()
    dev.STAMP.write_text("of another lock", encoding="ascii")
    assert not dev.is_venv_current()
    dev.STAMP.write_text(dev.lock_digest(), encoding="ascii")
    assert dev.is_venv_current()


@pytest.mark.parametrize(
    ("arguments", "workers"),
    [
        ([], dev.WORKERS),
        (["-x", "--durations=9"], dev.WORKERS),
        (["tests/store"], ()),
        (["-q", "tests/store/test_sizes.py::test_one"], ()),
        (["-n", "4"], ()),
        (["--pdb"], ()),
        (["-kname"], ()),
    ],
)
def test_all_tests_are_run_by_two_processes_and_a_few_by_one(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], workers: tuple[str, ...]
) -> None:
    codes = {(str(dev.VENV_PYTHON), "-m", "pytest", *workers, *arguments): 7}
    monkeypatch.setattr(dev, "prepare", lambda: None)
    monkeypatch.setattr(dev, "call_for_code", lambda command: codes[tuple(command)])
    assert dev.test(arguments) == 7


@pytest.mark.usefixtures("no_screen")
@pytest.mark.parametrize("arguments", [["--screenshot", "s.png"], ["--screenshot=s.png"]])
def test_a_picture_needs_no_screen(arguments: list[str]) -> None:
    assert dev.screen_environment(arguments)["QT_QPA_PLATFORM"] == "offscreen"


@pytest.mark.usefixtures("no_screen")
def test_a_window_needs_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        dev.screen_environment(["--quit"])
    assert "There is no screen" in capsys.readouterr().err


@pytest.mark.usefixtures("no_screen")
def test_a_screen_is_used_when_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "QT_QPA_PLATFORM" not in dev.screen_environment(["--screenshot", "s.png"])


def test_missing_libraries_are_named_by_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr(dev, "has_library", lambda name: "xcb" not in name)
    packages = dev.missing_system_packages(with_venv=False)
    assert "libxcb-cursor0" in packages
    assert "libegl1" not in packages


def test_without_root_the_command_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    with pytest.raises(SystemExit):
        dev.install_system_packages(["libegl1"])
    command = "sudo apt-get install -y -q --no-install-recommends libegl1"
    assert command in capsys.readouterr().err


def test_every_benchmark_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.bench(["list"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().err.splitlines()]
    assert listed == list(dev.benchmark_scripts())


@pytest.fixture
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def direct_dependencies(root: Path) -> set[str]:
    """Normalised names of everything pyproject.toml asks for by itself."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    wanted = [*project["project"]["dependencies"], *groups["test"], *groups["lint"]]
    names = (re.split(r"[<>=\[ ]", requirement)[0] for requirement in wanted)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}
