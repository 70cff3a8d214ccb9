"""Reports name the system, not the build somebody made of it."""

from __future__ import annotations

import platform

import pytest

from engine.system_name import name_of, system_name


@pytest.mark.parametrize(
    ("system", "kernel", "libc", "expected"),
    [
        ("Linux", "6.12.3-custom-v7", ("glibc", "2.36"), "Linux 6.12.3, glibc 2.36"),
        ("Linux", "6.8.0-45-generic", ("", ""), "Linux 6.8.0"),
        ("Windows", "10.0.22631", ("", ""), "Windows 10.0.22631"),
        ("Linux", "", ("glibc", "2.36"), "Linux, glibc 2.36"),
        ("", "", ("", ""), ""),
    ],
)
def test_system_kernel_and_library(
    system: str, kernel: str, libc: tuple[str, str], expected: str
) -> None:
    assert name_of(system, kernel, libc) == expected


def test_this_system_is_named() -> None:
    assert system_name().startswith(f"{platform.system()} ")
    assert "-" not in system_name()
