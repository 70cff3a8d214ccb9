"""The installed PySide6 does not corrupt reference counts, and the check would say if it did."""

from __future__ import annotations

import sys

import pytest

from app import binding_check
from app.binding_check import BindingError, reference_drift, verify_binding


def test_the_installed_binding_keeps_reference_counts() -> None:
    verify_binding()


def test_an_unsound_binding_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binding_check, "reference_drift", lambda: 50)
    with pytest.raises(BindingError, match=r"PySide6 6\.\d+\.\d+ corrupts reference counts"):
        verify_binding()


def test_the_drift_counts_lost_and_gained_references(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = iter([5000, 600, 4950, 600])
    monkeypatch.setattr(sys, "getrefcount", lambda _: next(counts))
    assert reference_drift() == 50
