"""The benchmarks are scripts that find each other by name; their tests do so too."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
