"""`python -m engine`: the engine without a window, or with --engine the engine process itself."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return the exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    if "--engine" in given:
        from engine.host import main as run_engine

        return run_engine(given)
    from engine.cli.arguments import parse_arguments
    from engine.cli.commands import run

    return int(run(parse_arguments(given)))


if __name__ == "__main__":
    sys.exit(main())
