"""Icons are rendered for the screens there are, in the colour that was asked for."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from app.icons import icon


def test_an_icon_is_rendered_once_for_every_scale_of_a_screen(qapp: QApplication) -> None:
    scales = {screen.devicePixelRatio() for screen in qapp.screens()}
    sizes = icon("copy", "#ff0000", size_px=20).availableSizes()
    assert sizes == [QSize(round(20 * scale), round(20 * scale)) for scale in sorted(scales)]


def test_an_icon_has_the_colour_asked_for(qapp: QApplication) -> None:
    image = icon("copy", "#ff0000", size_px=20).pixmap(20, 20).toImage()
    points = [image.pixelColor(x, y) for x in range(20) for y in range(20)]
    painted = {colour.name() for colour in points if colour.alpha() == 255}
    assert painted == {"#ff0000"}
