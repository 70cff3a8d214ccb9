"""Who may import whom, and what stays out of a process until it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HEAVY = {"PySide6", "shiboken6", "openvino", "openvino_genai", "huggingface_hub", "keyring"}
IMPORT_EVERYTHING = """
import importlib, json, pathlib, sys
for path in sorted(pathlib.Path("{package}").rglob("*.py")):
    if path.name != "__main__.py" and not ({skip_hub} and "hub" in path.parts):
        importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def test_import_rules_hold(root: Path) -> None:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("package", ["engine", "app/core"])
def test_importing_all_of_it_loads_nothing_heavy(
    package: str, run_python: Callable[[str], str]
) -> None:
    program = IMPORT_EVERYTHING.format(package=package, skip_hub=False)
    assert set(json.loads(run_python(program))) & HEAVY == set()


def test_the_http_client_comes_with_the_hub_alone(run_python: Callable[[str], str]) -> None:
    program = IMPORT_EVERYTHING.format(package="engine", skip_hub=True)
    assert "httpx2" not in json.loads(run_python(program))
