"""Command line of the application."""

from pathlib import Path

import pytest

from app.arguments import Arguments, parse_arguments
from app.core.preferences import Theme
from engine.placement import Strategy
from engine.version import __version__


def test_nothing_asked_for() -> None:
    assert parse_arguments([]) == Arguments()


def test_everything_asked_for() -> None:
    line = (
        "--data-dir d --ask hi --screenshot s.png --quit --theme dark --demo --no-error-windows "
        "--main m --draft none --strategy prompt_lookup --size 1280x800"
    )
    assert parse_arguments(line.split()) == Arguments(
        data_dir=Path("d"),
        ask="hi",
        screenshot=Path("s.png"),
        quit_when_done=True,
        theme=Theme.DARK,
        demo=True,
        show_error_windows=False,
        main_model="m",
        draft_model="none",
        strategy=Strategy.PROMPT_LOOKUP,
        size=(1280, 800),
    )


@pytest.mark.parametrize("line", ["--size 12", "--size axb", "--theme pink", "--nonsense"])
def test_nonsense_is_refused(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(line.split())
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == f"Slipstream {__version__}"
