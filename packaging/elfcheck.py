"""Prints what a folder of Linux programs needs from the system; fails when a library is missing.

python packaging/elfcheck.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from bundle.elf import check


def main(arguments: list[str]) -> int:
    """Check one folder; 1 when something is missing."""
    folder = Path(arguments[0])
    report = check(folder)
    print(f"{report.count} ELF files; highest: {', '.join(sorted(report.highest.values()))}")
    print(f"from the system: {', '.join(sorted(report.from_system))}")
    print(f"with a driver only: {', '.join(sorted(report.optional)) or 'none'}")
    for name, users in sorted(report.missing.items()):
        print(f"MISSING {name}, needed by {', '.join(sorted(users))}")
    return 1 if report.missing or not report.count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
