"""The scripts of `packaging` import each other by their bare names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
if str(PACKAGING) not in sys.path:
    sys.path.append(str(PACKAGING))


@pytest.fixture
def packaging_folder() -> Path:
    return PACKAGING
