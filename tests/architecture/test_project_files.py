"""What every file of the project keeps to: no private paths, one version, readable modules."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from engine.version import __version__

MOST_LINES = 450
# Spelled in parts, so that this file does not name what it looks for.
PRIVATE = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(?:" + "root|work|farm|home" + r")/\w",
            r"[A-Z]:\\\\?" + r"Users\b",
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            "registry" + r"\.npmjs",
            "deb" + r"\.debian\.org",
        ]
    )
)


@pytest.fixture(scope="module")
def text_files(project_files: list[Path]) -> dict[Path, str]:
    texts = {}
    for path in project_files:
        data = path.read_bytes()
        if b"\0" not in data[:8192]:
            texts[path] = data.decode("utf-8")
    return texts


@pytest.fixture(scope="module")
def modules(text_files: dict[Path, str]) -> dict[Path, str]:
    return {path: text for path, text in text_files.items() if path.suffix == ".py"}


def test_no_file_names_a_private_path_or_a_registry(text_files: dict[Path, str]) -> None:
    found = [
        f"{path}: {match.group()}"
        for path, text in text_files.items()
        if (match := PRIVATE.search(text))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["see /" + "root/x", "cd /" + "work/main", "https://" + "pypi" + ".org/simple"]
)
def test_private_paths_and_registries_are_recognised(text: str) -> None:
    assert PRIVATE.search(text)


def test_the_version_stands_in_one_place(root: Path, text_files: dict[Path, str]) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"]["attr"].startswith("engine.version")
    code = (".py", ".toml", ".iss", ".spec", ".sh")
    quoted = re.compile(rf"""["']{re.escape(__version__)}["']""")
    holders = [p for p, text in text_files.items() if p.suffix in code and quoted.search(text)]
    assert holders == [root / "engine" / "version.py"]


def test_the_changelog_knows_the_version(root: Path) -> None:
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{__version__}]" in changelog or "## [Unreleased]" in changelog


def test_every_module_says_what_it_is_for(modules: dict[Path, str]) -> None:
    silent = [path for path, text in modules.items() if not ast.get_docstring(ast.parse(text))]
    assert silent == []


def test_no_module_is_long(modules: dict[Path, str]) -> None:
    lengths = {path: len(text.splitlines()) for path, text in modules.items()}
    assert {path: n for path, n in lengths.items() if n > MOST_LINES} == {}


def test_tests_are_no_packages(root: Path) -> None:
    """A package named `engine` below tests would hide the real one."""
    assert list((root / "tests").rglob("__init__.py")) == []
