"""The icons under the name that views know them by."""

from __future__ import annotations

from app.icons import ICON_PX, icon

__all__ = ["ICON_PX", "icon"]
