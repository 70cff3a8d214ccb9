"""The style sheet of the Lab and of the devices page, beyond that of the model page."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from app.palette import Palette
from app.views.models.sheet import model_sheet
from app.views.theme import mixed

_SHEET = Template("""
#labPage, #devicesPage { background: $bg; }
QLabel[role="headline"] { font-size: 17px; font-weight: 600; }
QLabel[role="cardTitle"] { font-size: 13px; color: $muted; }
QPushButton[role="chip"] {
  background: $card; border: 1px solid $line; border-radius: 14px; padding: 5px 13px;
}
QPushButton[role="chip"]:hover { background: $hover; }
QPushButton[role="chip"]:checked {
  background: $accent_soft; color: $accent; border: 1px solid $accent;
}
QPushButton[role="chip"]:focus { border: 1px solid $text; }
QPushButton[role="chip"]:disabled { color: $muted; background: transparent; }
QFrame[role="verdict"] { background: $ok_soft; border: 1px solid $ok; border-radius: 12px; }
QFrame[role="verdict"][kind="plain"] { background: $card; border: 1px solid $line; }
QFrame[role="lane"] { background: $card; border: 1px solid $line; border-radius: 12px; }
QFrame[role="lane"][won="true"] { border: 1px solid $ok; }
QTextEdit {
  background: transparent; color: $text; border: 0; font-size: 14px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QSlider::groove:horizontal { background: $plain; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal {
  background: $accent; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
}
QSlider::handle:horizontal:focus { border: 2px solid $text; }
""")


def lab_sheet(palette: Palette) -> str:
    """The rules in the colours of a theme."""
    rules = _SHEET.substitute(
        {name: value for name, value in asdict(palette).items() if isinstance(value, str)},
        hover=mixed(palette.bg, palette.text, 0.05),
        plain=mixed(palette.card, palette.text, 0.07),
        ok_soft=mixed(palette.card, palette.ok, 0.1),
    )
    return model_sheet(palette) + rules
