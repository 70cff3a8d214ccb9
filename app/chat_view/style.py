"""Fonts, colours and measures of the chat view: the only place of the view with hex values.
A `Style` never changes; another theme or font size is another `Style`."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat

from app.fonts import MONO_FAMILIES, TEXT_FAMILIES
from app.palette import DARK, LIGHT, Palette

COLUMN_WIDTH = 760
SIDE_MARGIN = 24
MESSAGE_GAP = 22
BLOCK_GAP = 12
ITEM_GAP = 6
HEADING_GAP = 8
CELL_PADDING = 7
BUBBLE_PADDING_X = 16
BUBBLE_PADDING_Y = 11
BUBBLE_RADIUS = 14
BOX_RADIUS = 10
BUBBLE_INDENT = 64
WAITING_HEIGHT = 26
LINE_GAP = 8
STRIP_HEIGHT = 14
ATTACHED_GAP = 8
STRIP_GAP = 14
CODE_PADDING = 14
CODE_HEADER = 34
THINK_INDENT = 16

LINE_HEIGHT_PERCENT = 165
CODE_LINE_HEIGHT_PERCENT = 155
CELL_LINE_HEIGHT_PERCENT = 130
HEADING_LINE_HEIGHT_PERCENT = 140
# Fixed, so that lines with Chinese text are as high as the others.
_FIXED = QTextBlockFormat.LineHeightTypes.FixedHeight.value

_SYNTAX_LIGHT = {
    "keyword": "#8250df",
    "string": "#0a6b34",
    "comment": "#5f6872",
    "number": "#9a4b00",
    "name": "#0550ae",
}
_SYNTAX_DARK = {
    "keyword": "#c792ea",
    "string": "#a5d6a7",
    "comment": "#8b95a7",
    "number": "#f0a36b",
    "name": "#82aaff",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatColours:
    """Colours of the view as Qt values."""

    background: QColor
    text: QColor
    muted: QColor
    line: QColor
    accent: QColor
    link: QColor
    bubble: QColor
    code: QColor
    inline_code: QColor
    draft: QColor
    draft_line: QColor
    """The underline that goes with it."""
    strip_own: QColor
    """A bar's token of the main model."""
    strip_accepted: QColor
    """A bar's accepted draft tokens."""
    selection: QColor
    found: QColor
    found_current: QColor
    step: QColor
    warn: QColor
    error: QColor
    table_head: QColor
    quote: QColor


def _colours(palette: Palette) -> ChatColours:
    dark = palette.is_dark
    return ChatColours(
        background=QColor(palette.bg),
        text=QColor(palette.text),
        muted=QColor(palette.muted),
        line=QColor(palette.line),
        accent=QColor(palette.accent),
        link=QColor("#6cb6ff" if dark else "#0a5cc7"),
        bubble=QColor("#1f2a3a" if dark else "#eaf1fb"),
        code=QColor(palette.code),
        inline_code=QColor("#262c37" if dark else "#eceff3"),
        draft=QColor(palette.draft),
        draft_line=QColor("#4f9f83" if dark else "#58b08c"),
        strip_own=QColor(palette.muted),
        strip_accepted=QColor(palette.ok),
        selection=QColor(palette.selection),
        found=QColor("#5a4a12" if dark else "#fff1b8"),
        found_current=QColor("#8a5a00" if dark else "#ffc53d"),
        step=QColor("#1f4a3a" if dark else "#cdeedd"),
        warn=QColor(palette.warn),
        error=QColor(palette.error),
        table_head=QColor("#161b21" if dark else "#f6f7f9"),
        quote=QColor("#39424f" if dark else "#d3d9e0"),
    )


def _font(families: tuple[str, ...], size_px: int) -> QFont:
    font = QFont()
    # Named families, or fontconfig may choose Japanese glyph forms for Chinese text.
    font.setFamilies(list(families))
    font.setPixelSize(size_px)
    return font


def line_format(font_px: int, percent: int) -> QTextBlockFormat:
    """Lines of a height in percent of the font size in pixels."""
    block_format = QTextBlockFormat()
    block_format.setLineHeight(round(font_px * percent / 100), _FIXED)
    return block_format


class Style:
    """Everything that decides how messages look, for one theme and one font size in pixels."""

    def __init__(self, palette: Palette, font_px: int = 15) -> None:
        self.palette = palette
        self.is_dark = palette.is_dark
        self.font_px = font_px
        self.colours = _colours(palette)
        self.label_height = round(font_px * 1.6)
        """Pixels of the name over an answer, with the gap below."""
        self.think_header = round(font_px * 1.87)
        """Pixels of the line over the thinking."""
        self.font = _font(TEXT_FAMILIES, font_px)
        self.mono_font = _font(MONO_FAMILIES, font_px - 2)
        self.mono_font.setFixedPitch(True)
        self.small_font = _font(TEXT_FAMILIES, max(10, font_px - 3))
        self.label_font = _font(TEXT_FAMILIES, max(10, font_px - 3))
        self.label_font.setWeight(QFont.Weight.DemiBold)
        self.paragraph = line_format(font_px, LINE_HEIGHT_PERCENT)
        self.code_line = line_format(font_px - 2, CODE_LINE_HEIGHT_PERCENT)
        self.cell_line = line_format(font_px, CELL_LINE_HEIGHT_PERCENT)
        self.text_format = self._char_format(self.font)
        self.mono_format = self._char_format(self.mono_font)

    @classmethod
    def light(cls, font_px: int = 15) -> Style:
        """The light theme at a body size in pixels."""
        return cls(LIGHT, font_px)

    @classmethod
    def dark(cls, font_px: int = 15) -> Style:
        """The dark theme at a body size in pixels."""
        return cls(DARK, font_px)

    def heading_font(self, level: int) -> QFont:
        """Font of a heading, level 1 (largest) to 6."""
        font = QFont(self.font)
        font.setPixelSize(self.font_px + max(0, 8 - 2 * level))
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def heading(self, level: int) -> QTextBlockFormat:
        """Paragraph format of a heading."""
        return line_format(self.heading_font(level).pixelSize(), HEADING_LINE_HEIGHT_PERCENT)

    def syntax_colour(self, category: str) -> QColor | None:
        """Colour of a highlighting category, None for plain code."""
        value = (_SYNTAX_DARK if self.is_dark else _SYNTAX_LIGHT).get(category)
        return QColor(value) if value else None

    def _char_format(self, font: QFont) -> QTextCharFormat:
        char_format = QTextCharFormat()
        char_format.setFont(font)
        char_format.setForeground(self.colours.text)
        return char_format
