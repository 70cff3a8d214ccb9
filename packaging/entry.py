"""Start of the frozen program: one file, two names. `slipstream-engine` has no window."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Run what the name asks for and return its exit code."""
    if Path(sys.argv[0]).stem == "slipstream-engine":
        from engine.__main__ import main as run_headless

        return run_headless()
    from app.__main__ import main as run_window

    return run_window()


if __name__ == "__main__":
    sys.exit(main())
