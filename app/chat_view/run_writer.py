"""Writes styled runs of text into documents: character formats, links, formulas as pictures."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRect, QUrl
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QImage,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
)

from app.chat_view.alignment import Aligner, Segment
from app.chat_view.built import Built
from app.chat_view.elements import DISPLAY_MARKS, Run, RunStyle, maths_of
from app.chat_view.formulas import Formula, FormulaKey, Formulas
from app.chat_view.style import Style

LARGEST_FONT_PX = 2000


class RunWriter:
    """Keeps the formats it has made. Without `formulas` LaTeX stays as it is written."""

    def __init__(
        self, style: Style, formulas: Formulas | None = None, *, pixel_ratio: float = 1.0
    ) -> None:
        self._style = style
        self._formulas = formulas
        self._pixel_ratio = pixel_ratio
        self._formats: dict[tuple[RunStyle, int, bool], QTextCharFormat] = {}
        self._code_formats: dict[str, QTextCharFormat] = {}

    def insert_runs(
        self,
        cursor: QTextCursor,
        runs: Iterable[Run],
        aligner: Aligner,
        built: Built,
        *,
        bold: bool = False,
        level: int = 0,
        muted: bool = False,
    ) -> None:
        """Insert styled runs at the cursor; `built` learns where their source is."""
        for run in runs:
            look = run.style | RunStyle.BOLD if bold else run.style
            char_format = self.run_format(run, look, level, muted)
            if run.style & RunStyle.MATH:
                formula = self._formula(run, level, muted, built)
                if formula is not None:
                    self._insert_formula(cursor, run, formula, char_format, aligner, built)
                    continue
            built.segments += place_run(run, aligner, cursor.position())
            cursor.insertText(run.text, char_format)

    def _formula(self, run: Run, level: int, muted: bool, built: Built) -> Formula | None:
        if self._formulas is None:
            return None
        maths = maths_of(run)
        style = self._style
        font = style.heading_font(level) if level else style.font
        colour = style.colours.muted if muted else style.colours.text
        key = FormulaKey(
            tex=maths.tex,
            display=maths.mark in DISPLAY_MARKS,
            size_px=font.pixelSize(),
            colour=colour.name(),
            pixel_ratio=self._pixel_ratio,
        )
        formula = self._formulas.find(key)
        built.is_waiting = built.is_waiting or not self._formulas.is_known(key)
        return formula

    def _insert_formula(
        self,
        cursor: QTextCursor,
        run: Run,
        formula: Formula,
        char_format: QTextCharFormat,
        aligner: Aligner,
        built: Built,
    ) -> None:
        """A picture on the line, which stands for the whole source of the formula."""
        position = cursor.position()
        built.segments += aligner.place_whole(run.text, position)
        built.sources[position] = run.text.replace("\u2028", "\n")
        room = cursor.document().textWidth() - cursor.blockFormat().leftMargin()
        scale = min(1.0, room / formula.width) if room > 0 else 1.0
        font, descent = _font_that_descends(self._style.font, formula.descent * scale)
        below = descent / scale - formula.descent
        height = (formula.ascent + formula.descent + below) * scale
        name = QUrl(f"formula:{position}")
        cursor.document().addResource(
            QTextDocument.ResourceType.ImageResource.value, name, _with_room(formula, below)
        )
        image_format = QTextImageFormat()
        image_format.merge(char_format)
        image_format.setFont(font)
        image_format.setName(name.toString())
        image_format.setWidth(formula.width * scale)
        image_format.setHeight(height)
        image_format.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
        cursor.insertImage(image_format)

    def run_format(self, run: Run, look: RunStyle, level: int, muted: bool) -> QTextCharFormat:
        char_format = self._char_format(look, level, muted)
        if run.href:
            char_format = QTextCharFormat(char_format)
            char_format.setAnchor(True)
            char_format.setAnchorHref(run.href)
            char_format.setForeground(self._style.colours.link)
        return char_format

    def code_format(self, category: str) -> QTextCharFormat:
        """Format of a highlighting category."""
        char_format = self._code_formats.get(category)
        if char_format is None:
            char_format = QTextCharFormat(self._style.mono_format)
            colour = self._style.syntax_colour(category)
            if colour is not None:
                char_format.setForeground(colour)
            self._code_formats[category] = char_format
        return char_format

    def _char_format(self, look: RunStyle, level: int, muted: bool) -> QTextCharFormat:
        key = (look, level, muted)
        char_format = self._formats.get(key)
        if char_format is None:
            char_format = self._formats[key] = self._make_format(look, level, muted)
        return char_format

    def _make_format(self, look: RunStyle, level: int, muted: bool) -> QTextCharFormat:
        style = self._style
        char_format = QTextCharFormat(style.text_format)
        if level:
            char_format.setFont(style.heading_font(level))
        if look & (RunStyle.CODE | RunStyle.MATH):
            char_format.setFont(style.mono_font)
        if look & RunStyle.CODE:
            char_format.setBackground(style.colours.inline_code)
        if look & RunStyle.BOLD:
            char_format.setFontWeight(QFont.Weight.DemiBold)
        if look & RunStyle.ITALIC:
            char_format.setFontItalic(True)
        if look & RunStyle.STRIKE:
            char_format.setFontStrikeOut(True)
        if muted or look & RunStyle.OWN:
            char_format.setForeground(style.colours.muted)
        return char_format


def place_run(run: Run, aligner: Aligner, position: int) -> list[Segment]:
    """Where the source of a run is that is drawn as text."""
    segments = [] if run.style & RunStyle.OWN else aligner.place(run.text, position)
    if run.href:
        aligner.skip_link_target()
    return segments


def _font_that_descends(base: QFont, descent: float) -> tuple[QFont, int]:
    """A font that reaches at least so far below its line, and how far it does.

    A picture that is aligned with the baseline stands as far below it as its own font would.
    """
    font = QFont(base)
    for size in range(1, LARGEST_FONT_PX, 2):
        font.setPixelSize(size)
        if QFontMetrics(font).descent() >= descent:
            break
    return font, QFontMetrics(font).descent()


def _with_room(formula: Formula, below: float) -> QImage:
    """The picture with empty room below it."""
    image = formula.image
    ratio = image.width() / formula.width
    return image.copy(QRect(0, 0, image.width(), image.height() + round(below * ratio)))
