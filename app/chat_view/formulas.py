"""Pictures of LaTeX formulas, made by ziamath on a thread of its own and kept. The package is
imported at the first formula. Nothing is loaded from anywhere; bad LaTeX has no picture."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

POLL_MS = 40
KEPT = 512
LONGEST_CHARACTERS = 4000
LARGEST_PX = 4000
SCALE = 1.12
"""The maths font looks smaller than the text font of the same size."""

_VIEW_BOX = re.compile(r'viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"')
_UNKNOWN_COMMAND = re.compile(r"\\[A-Za-z]")
_BEYOND_THE_FONT = re.compile("[\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormulaKey:
    """What decides how a formula looks."""

    tex: str
    display: bool
    """True: set apart from the text, larger."""
    size_px: int
    colour: str
    """`#rrggbb`"""
    pixel_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A picture; lengths are in logical pixels."""

    image: QImage
    width: float
    ascent: float
    """From the top to the baseline."""
    descent: float


def draw_formula(key: FormulaKey) -> Formula | None:
    """Draw a formula, None when its LaTeX is not understood. Takes 5 to 50 ms; any thread."""
    svg = _svg(key)
    box = _VIEW_BOX.search(svg)
    if box is None:
        return None
    _, top, width, height = (float(value) for value in box.groups())
    if not (0 < width <= LARGEST_PX and 0 < height <= LARGEST_PX):
        return None
    ratio = key.pixel_ratio
    image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        QSvgRenderer(QByteArray(svg.encode())).render(
            painter, QRectF(0, 0, image.width(), image.height())
        )
    finally:
        painter.end()
    return Formula(image=image, width=width, ascent=-top, descent=height + top)


def _svg(key: FormulaKey) -> str:
    """Empty when the formula cannot be set as it was meant."""
    if len(key.tex) > LONGEST_CHARACTERS or _BEYOND_THE_FONT.search(key.tex):
        return ""
    try:
        from ziamath.config import config
        from ziamath.zmath import Latex

        config.svg2 = False  # Qt draws symbols of SVG 2 wrongly
        formula = Latex(key.tex, size=key.size_px * SCALE, color=key.colour, inline=not key.display)
        if _UNKNOWN_COMMAND.search(formula.mathmlstr()):
            return ""
        return str(formula.svg())
    except Exception:  # noqa: BLE001 - whatever a parser of foreign text may raise
        return ""


class Formulas(QObject):
    """Gives pictures that are ready and has the others drawn.

    `ready()` follows when some of them have become known, at most every 40 ms.
    """

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: OrderedDict[FormulaKey, Formula | None] = OrderedDict()
        self._asked: set[FormulaKey] = set()
        self._artist = _Artist()
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._collect)
        self.destroyed.connect(self._artist.stop)

    def find(self, key: FormulaKey) -> Formula | None:
        """The picture of a formula; None while it is not ready, or when it cannot be drawn."""
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        if key not in self._asked:
            self._asked.add(key)
            self._artist.ask(key)
            self._poll.start()
        return None

    def is_known(self, key: FormulaKey) -> bool:
        """Whether nothing more will become known about a formula."""
        return key in self._known

    def _collect(self) -> None:
        drawn = self._artist.take()
        for key, formula in drawn:
            self._known[key] = formula
            self._asked.discard(key)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        if not self._asked:
            self._poll.stop()
        if drawn:
            self.ready.emit()


class _Artist:
    """Draws on a thread that lives as long as there is something to draw."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: deque[FormulaKey] = deque()
        self._drawn: list[tuple[FormulaKey, Formula | None]] = []
        self._is_running = False

    def ask(self, key: FormulaKey) -> None:
        """Draw a formula soon."""
        with self._lock:
            self._wanted.append(key)
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._draw_all, name="formulas", daemon=True).start()

    def take(self) -> list[tuple[FormulaKey, Formula | None]]:
        """What has been drawn since the last call."""
        with self._lock:
            drawn, self._drawn = self._drawn, []
            return drawn

    def stop(self) -> None:
        """Draw nothing more."""
        with self._lock:
            self._wanted.clear()

    def _draw_all(self) -> None:
        while (key := self._next()) is not None:
            formula = draw_formula(key)
            with self._lock:
                self._drawn.append((key, formula))

    def _next(self) -> FormulaKey | None:
        with self._lock:
            if self._wanted:
                return self._wanted.popleft()
            self._is_running = False
            return None
