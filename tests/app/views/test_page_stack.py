"""Pages are made when first shown, and the sidebar follows."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.palette import DARK, LIGHT, Palette
from app.views.main_window import MainWindow
from app.views.page_stack import PageEntry


class _Page(QLabel):
    def __init__(self) -> None:
        super().__init__("page")
        self.palettes: list[Palette] = []

    def apply_palette(self, palette: Palette) -> None:
        self.palettes.append(palette)


def test_a_page_is_built_once_dressed_and_left_by_new_chat(qtbot: QtBot) -> None:
    made: list[_Page] = []

    def make() -> _Page:
        made.append(_Page())
        return made[-1]

    window = MainWindow(LIGHT)
    qtbot.addWidget(window)
    window.add_page(PageEntry(key="lab", label="Lab", icon="gauge", make=make))
    assert made == []

    entry = window.sidebar.findChildren(type(window.sidebar.new_chat))[-1]
    window.show_page("lab")
    window.show_page("lab")
    assert len(made) == 1
    window.apply_palette(DARK)
    assert made[0].palettes == [LIGHT, DARK]
    assert window.pages.currentWidget() is made[0]

    window.sidebar.new_chat.click()
    assert window.pages.current == "chat"
    assert not entry.isChecked()


def test_the_entry_of_the_page_in_front_goes_back_to_the_chat(qtbot: QtBot) -> None:
    window = MainWindow(LIGHT)
    qtbot.addWidget(window)
    window.add_page(PageEntry(key="lab", label="Lab", icon="gauge", make=_Page))
    button = window.sidebar._pages["lab"][0]

    button.click()
    assert window.pages.current == "lab"
    assert button.isChecked()
    button.click()
    assert window.pages.current == "chat"
    assert not button.isChecked()
