"""Tables while they grow: columns become wider without their rows being made anew."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from app.chat_view.outline import ROWS_PER_PIECE
from app.chat_view.table_block import TableBlock

Chat = Any
HEAD = "| name | value |\n|---|---:|\n"


def tables(chat: Chat, row: int) -> list[TableBlock]:
    blocks = chat.view.column.parsed(row).blocks
    built = [chat.view.column.built(row, index) for index in range(len(blocks))]
    assert all(isinstance(block, TableBlock) for block in built)
    return built


def test_wider_columns_refit_the_rows_there_are(chat: Chat, settle: Callable[[], None]) -> None:
    rows = [f"| {'wide ' * (n // 3)}cell | {n} |\n" for n in range(ROWS_PER_PIECE * 2)]
    row = chat.begin()
    chat.stream(row, [HEAD, *rows[:ROWS_PER_PIECE]])
    settle()
    (first, *_) = tables(chat, row)
    document, widths = first.document, list(first._widths)
    chat.stream(row, rows[ROWS_PER_PIECE:])
    settle()
    chat.finish(row)
    (first, second) = tables(chat, row)
    assert first.document is document
    assert first._widths[0] > widths[0]
    assert first._widths == second._widths
    reopened = chat.answer(HEAD + "".join(rows))
    for streamed, fresh in zip(tables(chat, row), tables(chat, reopened), strict=True):
        assert streamed.text() == fresh.text()
        assert streamed._widths == fresh._widths
        assert streamed._row_edges == fresh._row_edges
        assert streamed.height == fresh.height


def test_rows_with_chinese_are_as_high_as_others(chat: Chat) -> None:
    row = chat.answer(HEAD + "| one | 1 |\n| 中文 | 2 |\n| three | 3 |\n")
    (table,) = tables(chat, row)
    heights = [round(low - high) for high, low in pairwise(table._row_edges)]
    assert max(heights) - min(heights) <= 1
