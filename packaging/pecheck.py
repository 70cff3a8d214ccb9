"""Prints the DLLs that a folder of Windows programs imports and nobody provides; fails when any is.

python packaging/pecheck.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from bundle.pe import missing_dlls


def main(arguments: list[str]) -> int:
    """Check one folder; 1 when something is missing."""
    missing = missing_dlls(Path(arguments[0]))
    for name, users in sorted(missing.items()):
        print(f"MISSING {name}, needed by {', '.join(sorted(users))}")
    print(f"{len(missing)} missing")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
