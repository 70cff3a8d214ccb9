"""Another start of the frozen program, for checks: runs one script. It is not shipped."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Run the script named first; its arguments follow it."""
    sys.argv = sys.argv[1:]
    source = Path(sys.argv[0]).read_text(encoding="utf-8")
    exec(compile(source, sys.argv[0], "exec"), {"__name__": "__main__", "__file__": sys.argv[0]})


if __name__ == "__main__":
    main()
