"""The manual pages name what there is to say on the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from app.arguments import parse_arguments as parse_window
from engine.cli.arguments import parse_arguments as parse_engine

_INTERNAL = {"--engine"}


@pytest.fixture(autouse=True)
def _usual_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


def words_of_help(
    parse: Callable[[Sequence[str]], object],
    words: Sequence[str],
    capsys: pytest.CaptureFixture[str],
) -> str:
    with pytest.raises(SystemExit):
        parse([*words, "--help"])
    return capsys.readouterr().out


def page(packaging_folder: Path, name: str) -> str:
    text = (packaging_folder / "linux" / f"{name}.1").read_text(encoding="utf-8")
    return re.sub(r"\\f[BIR]", "", text).replace("\\-", "-")


def test_every_option_of_the_window(
    packaging_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = set(re.findall(r"--[a-z-]+", words_of_help(parse_window, (), capsys)))
    assert {"--ask", "--size", "--engine"} <= options
    named = set(re.findall(r"--[a-z-]+", page(packaging_folder, "slipstream")))
    assert options - _INTERNAL == named


@pytest.mark.parametrize(("words", "known"), [((), "verify"), (("models",), "recommend")])
def test_every_command_of_the_engine(
    packaging_folder: Path,
    words: Sequence[str],
    known: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = words_of_help(parse_engine, words, capsys)
    commands = set(re.findall(r"^    ([a-z]+)  ", text, re.MULTILINE))
    assert known in commands
    assert commands <= set(re.findall(r"[a-z]+", page(packaging_folder, "slipstream-engine")))
