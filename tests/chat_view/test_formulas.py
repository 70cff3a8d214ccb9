"""Formulas: drawn on a thread, shown as source until then, copied and coloured as source."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTextImageFormat

from app.chat_view import formulas as module
from app.chat_view.formulas import Formula, FormulaKey, Formulas, draw_formula
from app.chat_view.selection import Place
from engine.events import TextSpan

Chat = Any
QtBot = Any
OBJECT = "\ufffc"


def key(tex: str, *, display: bool = False, colour: str = "#112233") -> FormulaKey:
    return FormulaKey(tex=tex, display=display, size_px=15, colour=colour, pixel_ratio=2.0)


def drawn(formula: Formula | None) -> Formula:
    assert formula is not None
    return formula


def test_a_formula_is_drawn_in_its_colour_at_the_scale_of_the_screen() -> None:
    formula = drawn(draw_formula(key(r"\frac{a}{b} + \sum_{i=0}^n x_i")))
    image = formula.image
    assert image.width() == round(formula.width * 2)
    assert image.height() == round((formula.ascent + formula.descent) * 2)
    opaque = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert opaque == {"#112233"}


def test_set_apart_a_formula_is_larger() -> None:
    tex = r"\sum_{i=0}^n \frac{1}{i}"
    inline, display = drawn(draw_formula(key(tex))), drawn(draw_formula(key(tex, display=True)))
    assert display.ascent + display.descent > inline.ascent + inline.descent


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{a}",
        r"\nosuchcommand{x}",
        "{",
        "",
        r"\begin{matrix} a & b",
        r"\text{中文}",
        "x" * 5000,
        r"\frac" * 900,
    ],
)
def test_what_cannot_be_set_has_no_picture(tex: str) -> None:
    assert draw_formula(key(tex)) is None


def test_pictures_are_drawn_once_and_not_on_this_thread(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def watched(wanted: FormulaKey) -> Formula | None:
        threads.append(threading.current_thread().name)
        return draw_formula(wanted)

    monkeypatch.setattr(module, "draw_formula", watched)
    formulas = Formulas()
    with qtbot.waitSignal(formulas.ready, timeout=5_000):
        for _ in range(5):
            assert formulas.find(key("x^2")) is None
            assert not formulas.is_known(key("x^2"))
    assert isinstance(formulas.find(key("x^2")), Formula)
    assert formulas.is_known(key("x^2"))
    assert threads == ["formulas"]
    with qtbot.waitSignal(formulas.ready):
        formulas.find(key("x^2", colour="#000000"))
        formulas.find(key("{"))
    assert formulas.find(key("{")) is None
    assert len(threads) == 3
    assert not any(thread.name == "formulas" for thread in threading.enumerate())


def test_only_so_many_pictures_are_kept(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    formulas = Formulas()
    for number in range(6):
        formulas.find(key(str(number)))
    qtbot.waitUntil(lambda: formulas.is_known(key("5")), timeout=5_000)
    assert [formulas.is_known(key(str(number))) for number in range(6)] == [False] * 3 + [True] * 3


def pictures(chat: Chat, row: int, index: int = 0) -> list[QTextImageFormat]:
    document = chat.view.column.built(row, index).document
    found = []
    block = document.begin()
    while block.isValid():
        it = block.begin()
        while not it.atEnd():
            if it.fragment().charFormat().isImageFormat():
                found += [it.fragment().charFormat().toImageFormat()] * it.fragment().length()
            it += 1
        block = block.next()
    return found


def shown(chat: Chat, qtbot: QtBot, row: int, count: int, index: int = 0) -> None:
    qtbot.waitUntil(lambda: len(pictures(chat, row, index)) == count, timeout=5_000)


FORMULAS = r"Inline $x^2$ and \(y_1\), then" "\n\n$$\n\\frac{a}{b}\n$$\n\n" r"\[ z \]"


def test_formulas_are_source_first_and_pictures_then(chat: Chat, qtbot: QtBot) -> None:
    row = chat.answer(FORMULAS)
    before = chat.rendered(row)
    assert before[0] == r"Inline $x^2$ and \(y_1\), then"
    shown(chat, qtbot, row, 2)
    shown(chat, qtbot, row, 1, 1)
    shown(chat, qtbot, row, 1, 2)
    assert chat.rendered(row) == before
    document = chat.view.column.built(row, 0).document
    assert document.toPlainText() == f"Inline {OBJECT} and {OBJECT}, then"
    centred = chat.view.column.built(row, 1).document.firstBlock().blockFormat()
    assert centred.alignment() == Qt.AlignmentFlag.AlignHCenter


def test_a_formula_is_copied_as_its_source(chat: Chat, qtbot: QtBot) -> None:
    row = chat.answer(r"Let **a** $x^2$ be 😀 $y$ here")
    shown(chat, qtbot, row, 2)
    chat.view.select_all()
    assert chat.view.selected_text() == "Let a $x^2$ be 😀 $y$ here"
    chat.view.selection.set(Place(row, 0, 6), Place(row, 0, 7))
    assert chat.view.selected_text() == "$x^2$"
    assert chat.view.selected_markdown() == "$x^2$"


def test_bad_formulas_stay_source(chat: Chat, qtbot: QtBot) -> None:
    row = chat.answer(r"Bad $\frac{a}$ and good $x$.")
    shown(chat, qtbot, row, 1)
    assert chat.view.column.built(row, 0).document.toPlainText() == (
        rf"Bad $\frac{{a}}$ and good {OBJECT}."
    )
    assert not chat.view.column.built(row, 0).built.is_waiting


def test_formulas_stream_like_they_are_reopened(chat: Chat, qtbot: QtBot) -> None:
    row = chat.begin()
    chat.stream(row, list(FORMULAS))
    chat.finish(row)
    reopened = chat.answer(FORMULAS)
    for at in (row, reopened):
        shown(chat, qtbot, at, 2)
        shown(chat, qtbot, at, 1, 1)
    assert chat.rendered(row) == chat.rendered(reopened)
    heights = [[block.height for block in chat.view.column.items[at].blocks] for at in (0, 1)]
    assert heights[0] == heights[1]


def test_a_wide_formula_fits_the_column(chat: Chat, qtbot: QtBot) -> None:
    row = chat.answer("$$" + " + ".join(f"x_{{{n}}}" for n in range(80)) + "$$")
    shown(chat, qtbot, row, 1)
    assert pictures(chat, row)[0].width() <= chat.view.column.width


def test_formulas_in_tables(chat: Chat, qtbot: QtBot) -> None:
    row = chat.answer("| a | b |\n|---|---|\n| $x$ | y |\n")
    shown(chat, qtbot, row, 1)
    assert chat.rendered(row) == ["a\tb\n$x$\ty"]


def test_token_colours_around_a_formula(chat: Chat, qtbot: QtBot) -> None:
    text = "ab $x^2$ cd"
    spans = (
        TextSpan(characters=9, step=0, accepted=False),
        TextSpan(characters=2, step=1, accepted=True),
    )
    row = chat.answer(text, spans)
    shown(chat, qtbot, row, 1)
    chat.view.set_token_colours(True)
    formats = chat.view.column.built(row, 0).document.firstBlock().layout().formats()
    assert [(f.start, f.length) for f in formats] == [(5, 2)]


def test_the_theme_changes_their_colour(chat: Chat, qtbot: QtBot) -> None:
    from app.chat_view.style import Style

    row = chat.answer("$x$")
    shown(chat, qtbot, row, 1)
    chat.view.set_style(Style.dark())
    assert pictures(chat, row) == []
    shown(chat, qtbot, row, 1)


def test_a_picture_stands_on_the_line_of_the_text(chat: Chat, qtbot: QtBot) -> None:
    row = chat.answer("HHHH $H$")
    shown(chat, qtbot, row, 1)
    image: QImage = chat.view.viewport().grab().toImage()
    rect = chat.view.message_rect(row)
    background = image.pixelColor(2, 2)
    rows = [
        [y for y in range(rect.top() + 24, rect.bottom()) if image.pixelColor(x, y) != background]
        for x in range(rect.left(), rect.left() + 80)
    ]
    feet = [max(column) for column in rows if len(column) > 6]
    assert max(feet) - min(feet) <= 1
