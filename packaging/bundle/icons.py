"""Renders the vector icon into the pictures that desktops ask for: PNG sizes and an ICO."""

from __future__ import annotations

import os
import struct
from pathlib import Path

ICO_SIZES_PX = (16, 20, 24, 32, 40, 48, 64, 256)
PNG_SIZES_PX = (16, 24, 32, 48, 64, 128, 256, 512)


def render(svg: Path, folder: Path) -> None:
    """Write `<size>.png` for every size and `slipstream.ico` into a folder."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {size: _png(svg, size) for size in sorted({*PNG_SIZES_PX, *ICO_SIZES_PX})}
    for size in PNG_SIZES_PX:
        (folder / f"{size}.png").write_bytes(pictures[size])
    (folder / "slipstream.ico").write_bytes(ico({size: pictures[size] for size in ICO_SIZES_PX}))
    del application


def ico(pictures: dict[int, bytes]) -> bytes:
    """An icon file of Windows that holds PNG pictures, by their size in pixels."""
    entries, offset = [], 6 + 16 * len(pictures)
    for size, data in pictures.items():
        side = size % 256  # 0 means 256
        entries.append(struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(data), offset))
        offset += len(data)
    return struct.pack("<HHH", 0, 1, len(pictures)) + b"".join([*entries, *pictures.values()])


def _png(svg: Path, size_px: int) -> bytes:
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QImage, QImageWriter, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(svg)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())
