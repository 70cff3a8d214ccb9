"""The command line of the window. Standard library only: it is read before Qt is imported."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.preferences import Theme
from engine.placement import Strategy
from engine.version import __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What was asked for on the command line; None means: as the preferences say."""

    data_dir: Path | None = None
    ask: str | None = None
    screenshot: Path | None = None
    quit_when_done: bool = False
    theme: Theme | None = None
    demo: bool = False
    show_error_windows: bool = True
    main_model: str | None = None
    draft_model: str | None = None
    strategy: Strategy | None = None
    size: tuple[int, int] | None = None

    @property
    def is_scripted(self) -> bool:
        """Whether the window works by itself, for a test or a picture."""
        return self.ask is not None or self.screenshot is not None


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """Read the command line.

    Raises:
        SystemExit: --help, --version, or something that is not understood (exit code 2).
    """
    given = _parser().parse_args(argv)
    return Arguments(
        data_dir=given.data_dir,
        ask=given.ask,
        screenshot=given.screenshot,
        quit_when_done=given.quit,
        theme=Theme(given.theme) if given.theme else None,
        demo=given.demo,
        show_error_windows=not given.no_error_windows,
        main_model=given.main,
        draft_model=given.draft,
        strategy=Strategy(given.strategy) if given.strategy else None,
        size=given.size,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="slipstream", description="Chat with a language model, made faster by a draft model."
    )
    add = parser.add_argument
    add("--data-dir", type=Path, metavar="D", help="keep everything below this folder")
    add("--ask", metavar="TEXT", help="send this message as soon as the window is open")
    add("--screenshot", type=Path, metavar="F.png", help="save a picture of the window when done")
    add("--quit", action="store_true", help="close the window when the answer is finished")
    add("--theme", choices=[item.value for item in Theme], help="colours for this run")
    add("--demo", action="store_true", help="scripted answers instead of a model")
    add("--engine", action="store_true", help="run as the engine process (used internally)")
    add("--no-error-windows", action="store_true", help="log unexpected faults, open no dialog")
    add("--main", metavar="X", help="main model: id or folder")
    add("--draft", metavar="Y", help="draft model: id or folder, or 'none'")
    add("--strategy", choices=[item.value for item in Strategy], help="where candidates come from")
    add("--size", type=_size, metavar="WxH", help="size of the window in pixels")
    add("--version", action="version", version=f"Slipstream {__version__}")
    return parser


def _size(text: str) -> tuple[int, int]:
    width, separator, height = text.lower().partition("x")
    if not separator or not width.isdigit() or not height.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is not WIDTHxHEIGHT")
    return int(width), int(height)
