"""The style sheet of the model page and its dialogs, beyond that of the whole window."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from app.palette import Palette
from app.views.theme import mixed

_SHEET = Template("""
#modelsPage, #modelsDialog { background: $bg; }
QLabel[role="pageTitle"] { font-size: 21px; font-weight: 600; }
QLabel[role="section"] { font-size: 15px; font-weight: 600; }
QLabel[role="name"] { font-size: 14px; font-weight: 600; }
QLabel[badge="plain"] {
  background: $plain; color: $muted; border-radius: 7px; padding: 1px 7px; font-size: 12px;
}
QLabel[badge="accent"] {
  background: $accent_soft; color: $accent; border-radius: 7px; padding: 1px 7px; font-size: 12px;
}
QLabel[badge="ok"] {
  background: $ok_soft; color: $ok; border-radius: 7px; padding: 1px 7px; font-size: 12px;
}
QLabel[badge="warn"] {
  background: $warn_soft; color: $warn; border-radius: 7px; padding: 1px 7px; font-size: 12px;
}
QLabel[badge="error"] {
  background: $error_soft; color: $error; border-radius: 7px; padding: 1px 7px; font-size: 12px;
}
QPushButton[role="tab"] {
  background: transparent; border: 1px solid transparent; border-radius: 8px; padding: 7px 14px;
  color: $muted; font-weight: 500;
}
QPushButton[role="tab"]:hover { background: $hover; }
QPushButton[role="tab"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QPushButton[role="tab"]:focus { border: 1px solid $accent; }
QPushButton[role="primary"]:disabled { background: $plain; color: $muted; border-color: $plain; }
QPushButton[role="link"] { padding: 5px 6px; }
QPushButton[role="danger"] { color: $error; }
QFrame[role="chosen"] { background: $card; border: 1px solid $accent; border-radius: 12px; }
QFrame[role="notice"] { background: $accent_soft; border: 0; border-radius: 10px; }
QFrame[role="fault"] { background: $error_soft; border: 0; border-radius: 10px; }
QProgressBar {
  background: $plain; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QListWidget {
  background: $side; border: 1px solid $line; border-radius: 10px; outline: 0; padding: 4px;
}
QListWidget::item { border-radius: 7px; padding: 7px 8px; color: $text; }
QListWidget::item:selected { background: $accent_soft; color: $text; }
QListWidget::item:hover { background: $hover; }
QTableWidget {
  background: $card; color: $text; border: 1px solid $line; border-radius: 8px;
  gridline-color: $line; outline: 0;
}
QTableWidget::item { padding: 2px 6px; }
QHeaderView::section {
  background: $side; color: $muted; border: 0; border-bottom: 1px solid $line; padding: 5px 6px;
}
QPlainTextEdit {
  background: $side; color: $text; border: 1px solid $line; border-radius: 8px; padding: 6px;
}
QCheckBox { color: $text; spacing: 7px; }
""")


def model_sheet(palette: Palette) -> str:
    """The rules in the colours of a theme."""
    return _SHEET.substitute(
        {name: value for name, value in asdict(palette).items() if isinstance(value, str)},
        hover=mixed(palette.bg, palette.text, 0.05),
        plain=mixed(palette.card, palette.text, 0.07),
        ok_soft=mixed(palette.card, palette.ok, 0.13),
        warn_soft=mixed(palette.card, palette.warn, 0.13),
        error_soft=mixed(palette.card, palette.error, 0.11),
    )
