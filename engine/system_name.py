"""The operating system as reports name it: no more of a machine than its figures depend on."""

from __future__ import annotations

import platform
import re

_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def system_name() -> str:
    """System, version of its kernel and C library, as in "Linux 6.12.3, glibc 2.36"."""
    system = platform.system()
    kernel = platform.version() if system == "Windows" else platform.release()
    return name_of(system, kernel, platform.libc_ver())


def name_of(system: str, kernel: str, libc: tuple[str, str]) -> str:
    """One name of what the system says of itself; the build of a kernel is left out."""
    version = _NUMBERS.match(kernel)
    whole = f"{system} {version.group()}" if version else system
    return ", ".join(part for part in (whole, " ".join(libc).strip()) if part)
