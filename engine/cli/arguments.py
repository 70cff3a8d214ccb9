"""The command line of the headless front end. Reads arguments; does nothing with them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from engine.cli.device_arguments import (
    add_device_list_arguments,
    add_model_property_arguments,
    add_properties,
)
from engine.cli.exit_codes import MEANINGS
from engine.cli.lab_arguments import COMMANDS as LAB_COMMANDS
from engine.cli.lab_arguments import add_lab_arguments
from engine.cli.model_arguments import add_model_arguments
from engine.placement import Strategy
from engine.version import __version__

NO_DRAFT = "none"
AUTO_LENGTH = "auto"


def parse_arguments(argv: Sequence[str]) -> argparse.Namespace:
    """Parse; prints help or a complaint and exits (0 or 2) by itself."""
    parser = argparse.ArgumentParser(
        prog="slipstream-engine",
        description="Chat with a language model by speculative decoding, without a window.",
        epilog=_exit_codes(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in (
        ("devices", "list the devices OpenVINO sees"),
        ("models", "list, judge, fetch, import, verify or remove models"),
        ("chat", "answer one prompt, or chat line by line"),
        *LAB_COMMANDS.items(),
    ):
        command = commands.add_parser(
            name,
            help=text,
            description=text[0].upper() + text[1:] + ".",
            epilog=_exit_codes(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_argument("--json", action="store_true", help="one JSON object per line")
        command.add_argument("--data-dir", type=Path, help="folder of models and logs")
        if name == "devices":
            add_device_list_arguments(command)
        elif name == "chat":
            _add_chat(command)
        elif name == "models":
            add_model_arguments(command)
        elif name in LAB_COMMANDS:
            add_lab_arguments(command, name)
    return parser.parse_args(argv)


def _exit_codes() -> str:
    lines = [f"  {int(code):>3}  {meaning}" for code, meaning in MEANINGS.items()]
    return "\n".join(["exit codes:", *lines])


def _add_chat(command: argparse.ArgumentParser) -> None:
    _add_pipeline(command)
    add_model_property_arguments(command)
    _add_params(command)
    command.add_argument("--prompt", metavar="TEXT", help="the question; '-' reads standard input")
    command.add_argument("--system", metavar="TEXT", help="system prompt")
    command.add_argument(
        "--thinking", choices=("on", "off"), help="passed to templates that know about it"
    )


def _add_pipeline(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("pipeline")
    group.add_argument("--main", metavar="MODEL", help="id or folder (default: the embedded pair)")
    group.add_argument("--draft", metavar="MODEL", help=f"id, folder or '{NO_DRAFT}'")
    group.add_argument("--main-device", default="CPU", metavar="DEVICE")
    group.add_argument("--draft-device", metavar="DEVICE", help="default: the main model's")
    group.add_argument("--strategy", choices=[str(s) for s in Strategy])
    text = "plugin property for both models, e.g. INFERENCE_PRECISION_HINT=f32"
    add_properties(group, "--property", text=text, dest="properties")


def _add_params(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("parameters (default: what the model says)")
    group.add_argument(
        "--num-assistant-tokens",
        type=_draft_length,
        metavar="N",
        help=f"draft length; '{AUTO_LENGTH}' chooses it from the answers so far",
    )
    group.add_argument("--assistant-confidence-threshold", type=float, metavar="P")
    group.add_argument("--max-new-tokens", type=int, metavar="N")
    group.add_argument("--temperature", type=float, metavar="T", help="0 is greedy")
    group.add_argument("--top-p", type=float, metavar="P")
    group.add_argument("--top-k", type=int, metavar="N")
    group.add_argument("--repetition-penalty", type=float, metavar="X")
    group.add_argument("--seed", type=int, metavar="N")
    group.add_argument("--stop", action="append", default=[], metavar="TEXT", help="repeatable")
    group.add_argument("--ignore-eos", action="store_true", help="go on to --max-new-tokens")


def _draft_length(text: str) -> int | str:
    if text == AUTO_LENGTH:
        return text
    try:
        return int(text)
    except ValueError:
        message = f"'{text}' is neither a number nor '{AUTO_LENGTH}'"
        raise argparse.ArgumentTypeError(message) from None
