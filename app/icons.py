"""Bundled line icons, tinted with a theme colour and cached per name, colour and size."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from engine.resources import asset_path

ICON_PX = 18


@lru_cache(maxsize=256)
def icon(name: str, colour: str, *, size_px: int = ICON_PX) -> QIcon:
    """Return the icon `name` in `colour` (`#rrggbb`), sharp on every screen there is now.

    Raises:
        AssetMissingError: there is no such icon.
    """
    source = asset_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
    result = QIcon()
    for scale in _scales():
        result.addPixmap(_render(renderer, size_px, scale))
    return result


def _scales() -> list[float]:
    """Of the screens: what would be rendered for others is time the first paint waits for."""
    return sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()} or {1.0})


def _render(renderer: QSvgRenderer, size_px: int, scale: float) -> QPixmap:
    side = round(size_px * scale)
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    try:
        renderer.render(painter, QRectF(0, 0, side, side))
    finally:
        painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap
