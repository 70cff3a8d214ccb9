"""Asks the C library for huge pages, so that reading weights misses the address cache less often.

Works only for a process that is started with it: Linux with glibc 2.35 or newer. Elsewhere, and
where the system has huge pages off, it does nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

_VARIABLE = "GLIBC_TUNABLES"
_TUNABLE = "glibc.malloc.hugetlb"


def with_huge_pages(
    environment: Mapping[str, str], *, platform: str = sys.platform
) -> dict[str, str]:
    """The environment with large allocations on huge pages; what it says of them already stays."""
    changed = dict(environment)
    there = changed.get(_VARIABLE, "")
    if platform.startswith("linux") and _TUNABLE not in there:
        changed[_VARIABLE] = ":".join(filter(None, (there, f"{_TUNABLE}=1")))
    return changed
