"""The engine process is started with huge pages asked for, and nothing else is lost."""

from __future__ import annotations

import sys

import pytest

from engine.child_process import child_environment
from engine.huge_pages import with_huge_pages


def test_asks_the_c_library() -> None:
    asked = with_huge_pages({"LANG": "C"}, platform="linux")

    assert asked == {"LANG": "C", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


def test_other_tunables_stay() -> None:
    asked = with_huge_pages({"GLIBC_TUNABLES": "glibc.malloc.check=3"}, platform="linux")

    assert asked["GLIBC_TUNABLES"] == "glibc.malloc.check=3:glibc.malloc.hugetlb=1"


def test_a_choice_of_the_user_counts() -> None:
    chosen = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=0"}

    assert with_huge_pages(chosen, platform="linux") == chosen


def test_other_systems_have_no_such_thing() -> None:
    assert with_huge_pages({}, platform="win32") == {}


def test_the_engine_process_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)

    assert ("GLIBC_TUNABLES" in child_environment()) == sys.platform.startswith("linux")
