"""Arguments of `compare`, `tune` and `verify`. Reads them; does nothing with them."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.device_arguments import add_load_arguments, add_properties
from engine.lab.plan import DEFAULT_MAX_NEW_TOKENS
from engine.lab.prompts import BUILT_IN_SETS
from engine.placement import Strategy

COMMANDS = {
    "compare": "measure placements and strategies against each other",
    "tune": "find the best strategy and draft length at a third of the cost",
    "verify": "show that a strategy does not change the answers",
}


def add_lab_arguments(command: argparse.ArgumentParser, name: str) -> None:
    """Add the arguments of one of `COMMANDS`."""
    _add_grid(command, one_cell=name == "verify")
    add_load_arguments(command)
    if name == "verify":
        _add_verify(command)
        return
    _add_measuring(command)
    if name == "compare":
        command.add_argument("--resume", metavar="RUN", help="go on with an interrupted run")
        command.add_argument(
            "--stream", action="store_true", help="with --json: every run as it comes"
        )
        command.add_argument(
            "--output",
            action="append",
            default=[],
            type=Path,
            metavar="FILE",
            help="write the result as .html, .csv or .json; repeatable",
        )
    else:
        command.add_argument(
            "--save", action="store_true", help="keep the winner as the model's default"
        )


def _add_grid(command: argparse.ArgumentParser, *, one_cell: bool) -> None:
    group = command.add_argument_group("grid")
    group.add_argument("--main", metavar="MODEL", help="id or folder (default: the embedded pair)")
    repeat = "" if one_cell else "; repeatable"
    for flag, text in (
        ("--draft", "id or folder of a draft model"),
        ("--main-device", "device of the main model"),
        ("--draft-device", "device of the draft model"),
    ):
        group.add_argument(flag, action="append", default=[], help=text + repeat)
    strategies = [str(s) for s in Strategy]
    group.add_argument("--strategy", action="append", default=[], choices=strategies)
    group.add_argument(
        "--lengths", type=_lengths, metavar="N,N", help="num_assistant_tokens to compare"
    )
    text = "plugin property for every device"
    add_properties(group, "--property", text=text, dest="properties")


def _add_measuring(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("measuring")
    group.add_argument(
        "--set", action="append", default=[], choices=list(BUILT_IN_SETS), dest="sets"
    )
    group.add_argument("--prompt", action="append", default=[], metavar="TEXT", dest="prompts")
    group.add_argument("--prompts-per-set", type=int, default=6, metavar="N")
    group.add_argument("--repeats", type=int, default=2, metavar="N")
    group.add_argument("--max-new-tokens", type=int, default=DEFAULT_MAX_NEW_TOKENS, metavar="N")
    group.add_argument("--settle-s", type=float, default=1.0, metavar="S")


def _add_verify(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("verification")
    group.add_argument("--prompts", type=int, default=200, metavar="N", dest="prompt_count")
    group.add_argument("--max-new-tokens", type=int, default=48, metavar="N")
    group.add_argument(
        "--samples", type=int, default=1000, metavar="N", help="0 leaves sampling out"
    )
    group.add_argument("--temperature", type=float, default=1.0, metavar="T")
    group.add_argument("--seed", type=int, default=1, metavar="N")


def _lengths(text: str) -> tuple[int, ...]:
    try:
        return tuple(dict.fromkeys(int(part) for part in text.split(",")))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no list of numbers") from error
