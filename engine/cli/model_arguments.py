"""Arguments of `models` and its actions. Reads them; does nothing with them."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.models.manifest import SourceType

LIST = "list"
_HUBS = (SourceType.HUGGINGFACE, SourceType.MIRROR, SourceType.MODELSCOPE)
_ACTIONS = {
    LIST: "list the installed models",
    "inspect": "say what a model or folder is, without loading it",
    "pairs": "judge every draft for a main model, with reasons",
    "recommend": "say which pair packs suit this machine",
    "search": "search a hub",
    "download": "fetch models, or both of a pair pack",
    "import": "bring in a folder of your own",
    "verify": "compare every file of a model with its digest",
    "remove": "delete an installed model",
}


def add_model_arguments(command: argparse.ArgumentParser) -> None:
    """Add the actions; without one the models are listed."""
    actions = command.add_subparsers(dest="action", metavar="ACTION")
    for name, text in _ACTIONS.items():
        action = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        # Also after the action; what was said before it stays.
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
        action.add_argument("--data-dir", type=Path, default=argparse.SUPPRESS)
        _add_action(action, name)


def _add_action(action: argparse.ArgumentParser, name: str) -> None:
    if name in ("inspect", "verify", "remove"):
        action.add_argument("model", metavar="MODEL", help="id or folder")
    if name == "pairs":
        action.add_argument("model", metavar="MAIN", help="id or folder of the main model")
        action.add_argument("--main-device", default="CPU", metavar="DEVICE")
        action.add_argument("--draft-device", default="CPU", metavar="DEVICE")
    elif name == "search":
        action.add_argument("text", metavar="TEXT", help="words of a name; may be empty")
        action.add_argument("--owner", default="OpenVINO", help="whose models; '' for anyone's")
        action.add_argument("--limit", type=int, default=30, metavar="N")
    elif name == "download":
        _add_download(action)
    elif name == "import":
        action.add_argument("folder", type=Path, metavar="FOLDER")
        action.add_argument(
            "--in-place", action="store_true", help="leave the files where they are"
        )
        action.add_argument("--id", metavar="ID", help="name to install it under")
    elif name == "verify":
        action.add_argument("--repair", action="store_true", help="fetch bad files again")
    if name in ("search", "download"):
        action.add_argument(
            "--source", choices=[str(hub) for hub in _HUBS], help="else the one of the window"
        )
        action.add_argument("--mirror", metavar="URL", help="address of a mirror; implies it")


def _add_download(action: argparse.ArgumentParser) -> None:
    action.add_argument("repositories", nargs="*", metavar="REPOSITORY", help="owner/name or URL")
    action.add_argument("--pack", metavar="ID", help="both models of a pair pack")
    action.add_argument("--yes", action="store_true", help="also from owners nobody knows")
    action.add_argument(
        "--limit-kb", type=int, metavar="N", help="kB per second at most; else as in the window"
    )
