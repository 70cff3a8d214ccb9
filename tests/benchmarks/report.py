"""Prints the README's table, the page of defaults or the whole report from the last run of all.

Measures nothing, and copies nothing by hand.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from reporting.pages import full_report
from reporting.summary import defaults_page, readme_table

REPORT = Path("build") / "benchmarks" / "report.json"


def main() -> None:
    """Print one of them as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, default=REPORT)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--defaults", action="store_true", help="the page of defaults")
    kind.add_argument("--full", action="store_true", help="everything")
    args = parser.parse_args()
    report = json.loads(args.input.read_text(encoding="utf-8"))
    page = full_report if args.full else defaults_page if args.defaults else readme_table
    print(page(report).rstrip())


if __name__ == "__main__":
    main()
