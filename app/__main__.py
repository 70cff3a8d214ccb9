"""Starts the program: the window, or with --engine the engine process before any import of Qt."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with these arguments and return its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    if "--engine" in given:
        from engine.host import main as run_engine

        return run_engine(given)
    from app.collection import pause_collection

    pause_collection()  # until the window stands, see `Desktop.open`
    from app.arguments import parse_arguments
    from app.bootstrap import run

    return run(parse_arguments(given))


if __name__ == "__main__":
    sys.exit(main())
