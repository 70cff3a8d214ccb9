"""The look of every widget but the chat view: fonts, QPalette, one style sheet from Palette."""

from __future__ import annotations

import re
from dataclasses import asdict
from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from app.fonts import TEXT_FAMILIES
from app.palette import Palette
from engine.resources import asset_path

FONT_PX = 13
_SCALED = re.compile(r"\b((?:font-size|min-height): )(\d+)px")
_FONT_SUFFIXES = frozenset({".ttf", ".otf"})

_SHEET = Template("""
QMainWindow, #chatPage, #topBar { background: $bg; }
QToolTip { background: $card; color: $text; border: 1px solid $line; padding: 5px 8px; }
#sidebar { background: $side; border: 0; border-right: 1px solid $line; }
#statsPanel { background: $side; border: 0; border-left: 1px solid $line; }
#topBar { border: 0; border-bottom: 1px solid $line; }
QLabel { background: transparent; color: $text; }
QLabel[role="muted"], QLabel[role="unit"] { color: $muted; }
QLabel[role="warning"] { color: $warn; }
QLabel[role="caption"] { color: $muted; font-size: 12px; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="pair"] { font-size: 14px; font-weight: 600; }
QLabel[role="figure"] { font-size: 24px; font-weight: 600; }
QLabel[role="greeting"] { font-size: 26px; font-weight: 600; }
QLabel[role="lead"] { font-size: 14px; color: $muted; }

QFrame[role="card"] { background: $card; border: 1px solid $line; border-radius: 12px; }

QPushButton {
  background: $card; color: $text; border: 1px solid $line; border-radius: 8px; padding: 6px 12px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $accent_soft; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $muted; }
QPushButton[role="primary"] {
  background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600;
}
QPushButton[role="newChat"] { text-align: left; padding: 9px 12px; font-weight: 600; }
QPushButton[role="side"] {
  text-align: left; border: 1px solid transparent; background: transparent; padding: 8px 12px;
}
QPushButton[role="side"]:hover { background: $hover; }
QPushButton[role="side"]:checked { background: $accent_soft; }
QPushButton[role="side"]:focus { border: 1px solid $accent; }
QPushButton[role="pairButton"] {
  text-align: left; border: 1px solid transparent; background: transparent; padding: 1px 6px;
  margin-left: -6px; font-size: 14px; font-weight: 600; border-radius: 6px;
}
QPushButton[role="pairButton"]:hover { background: $hover; }
QPushButton[role="pairButton"]:focus { border: 1px solid $accent; }
QPushButton[role="prompt"] {
  text-align: left; border-radius: 12px; padding: 12px 14px; color: $text; font-size: 14px;
}
QPushButton[role="prompt"]:hover { border: 1px solid $accent; background: $accent_soft; }
QPushButton[role="link"] { border: 1px solid transparent; background: transparent; color: $accent; }
QPushButton[role="link"]:disabled { color: $muted; }
QPushButton[role="link"]:hover { background: $accent_soft; }
QPushButton[role="link"]:focus { border: 1px solid $accent; }

QToolButton {
  background: transparent; border: 1px solid transparent; border-radius: 8px; padding: 6px;
}
QToolButton:hover { background: $hover; }
QToolButton:checked { background: $accent_soft; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[role="send"] { background: $accent; border: 1px solid $accent; border-radius: 10px; }
QToolButton[role="send"]:disabled { background: $disabled; border: 1px solid $disabled; }
QToolButton[role="send"]:focus { border: 1px solid $text; }

QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit {
  background: $card; color: $text; border: 1px solid $line; border-radius: 8px;
  padding: 0 8px; min-height: 30px; selection-background-color: $accent;
  selection-color: $on_accent;
}
QComboBox { padding-right: 22px; }
QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover { background: $hover; }
QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus {
  border: 1px solid $accent;
}
QComboBox:disabled, QSpinBox:disabled { color: $muted; background: $bg; }
QComboBox::drop-down { border: 0; width: 20px; }
QComboBox::down-arrow { image: none; width: 0; height: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
  subcontrol-origin: border; width: 22px; border: 0; background: transparent;
}
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow { image: none; width: 0; height: 0; }
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView {
  background: $card; color: $text; border: 1px solid $line; outline: 0; padding: 5px;
}
QComboBox QAbstractItemView::item { min-height: 32px; padding: 0 8px; border-radius: 6px; }
QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover {
  background: $accent_soft; color: $text;
}
QMenu {
  background: $card; color: $text; border: 1px solid $line; border-radius: 8px; padding: 5px;
}
QMenu::item { padding: 7px 28px 7px 12px; border-radius: 6px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:checked { color: $accent; font-weight: 600; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::indicator { width: 0; }

#composer { background: $card; border: 1px solid $line; border-radius: 14px; }
#composer[focused="true"] { border: 1px solid $accent; }
#composer QPlainTextEdit { background: transparent; border: 0; color: $text; font-size: 15px; }
#popover { background: $card; border: 1px solid $line; border-radius: 12px; }
#popover QPlainTextEdit {
  background: $bg; color: $text; border: 1px solid $line; border-radius: 8px; padding: 4px;
}
#popover QPlainTextEdit:focus { border: 1px solid $accent; }

QFrame[role="chip"] { background: $bg; border: 1px solid $line; border-radius: 9px; }
#palette { background: $card; border: 1px solid $line; }
#palette QListView, #keyList, #settingsPages {
  background: $card; color: $text; border: 1px solid $line; border-radius: 8px; outline: 0;
}
#palette QListView { border: 0; }
#settingsPages { background: transparent; border: 0; }
#palette QListView::item:selected, #keyList::item:selected, #settingsPages::item:selected {
  background: $accent_soft; color: $text;
}
#palette QListView::item:hover, #keyList::item:hover, #settingsPages::item:hover {
  background: $hover;
}
#keyList::item { padding: 5px 4px; }
#settingsPages::item { padding: 0 10px; border-radius: 8px; }
#keyList:focus { border: 1px solid $accent; }
#settingsPages:focus { border: 1px solid $accent; }
#keyList QHeaderView::section {
  background: $card; color: $muted; border: 0; border-bottom: 1px solid $line; padding: 6px;
}

#banner { border: 1px solid $line; border-radius: 12px; background: $card; }
#banner[kind="error"] { border: 1px solid $error; }
#banner[kind="notice"] { border: 1px solid $warn; }
#stateChip { border: 0; background: transparent; }
QToolButton[role="tiny"] { padding: 2px; border-radius: 5px; }

QDialog { background: $bg; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar::handle:vertical { background: $handle; border-radius: 3px; min-height: 32px; }
QScrollBar::handle:vertical:hover { background: $muted; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle:horizontal { background: $handle; border-radius: 3px; min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
""")


def load_fonts() -> None:
    """Make the bundled fonts known to Qt."""
    for path in sorted(asset_path("fonts").rglob("*")):
        if path.suffix in _FONT_SUFFIXES:
            QFontDatabase.addApplicationFont(str(path))


def interface_font(scale: float = 1.0) -> QFont:
    """The font of controls, `scale` relative to the medium size."""
    font = QFont()
    font.setFamilies(list(TEXT_FAMILIES))
    font.setPixelSize(round(FONT_PX * scale))
    return font


def apply_theme(application: QApplication, palette: Palette, scale: float = 1.0) -> None:
    """Give every widget the colours of `palette` and text of a size."""
    apply_colours(application, palette, scale)
    # The font comes first: a new style sheet makes every widget take it.
    application.setStyleSheet(style_sheet(palette, scale))


def apply_colours(application: QApplication, palette: Palette, scale: float = 1.0) -> None:
    """As `apply_theme`, without the style sheet: measures of text are right from then on."""
    application.setPalette(_qt_palette(palette))
    application.setFont(interface_font(scale))


def style_sheet(palette: Palette, scale: float = 1.0) -> str:
    """Fill the style sheet with the colours of `palette`; sizes of text follow `scale`."""

    def scaled(match: re.Match[str]) -> str:
        return f"{match[1]}{round(int(match[2]) * scale)}px"

    return _SCALED.sub(scaled, _filled_sheet(palette))


def _filled_sheet(palette: Palette) -> str:
    return _SHEET.substitute(
        {name: value for name, value in asdict(palette).items() if isinstance(value, str)},
        hover=mixed(palette.card, palette.text, 0.05),
        disabled=mixed(palette.card, palette.text, 0.14),
        handle=mixed(palette.bg, palette.text, 0.2),
    )


def mixed(first: str, second: str, share: float) -> str:
    """Blend `share` (0..1) of `second` into `first`."""
    one, two = QColor(first), QColor(second)
    parts = [
        round(a + (b - a) * share)
        for a, b in zip(one.getRgb()[:3], two.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*parts).name()


def _qt_palette(palette: Palette) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: palette.bg,
        role.Base: palette.bg,
        role.AlternateBase: palette.side,
        role.Text: palette.text,
        role.WindowText: palette.text,
        role.Button: palette.card,
        role.ButtonText: palette.text,
        role.Highlight: palette.accent,
        role.HighlightedText: palette.on_accent,
        role.PlaceholderText: palette.muted,
        role.ToolTipBase: palette.card,
        role.ToolTipText: palette.text,
        role.Link: palette.accent,
        role.Accent: palette.accent,
    }
    result = QPalette()
    for key, value in colours.items():
        result.setColor(key, QColor(value))
    return result
