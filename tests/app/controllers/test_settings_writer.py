"""Files of settings are written in order, by another thread, and all of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from app.controllers.settings_writer import SettingsWriter


@pytest.fixture
def writer() -> Iterator[SettingsWriter]:
    made = SettingsWriter()
    yield made
    made.close()


def test_the_caller_does_not_wait_and_the_order_is_kept(writer: SettingsWriter) -> None:
    disk_answers = threading.Event()
    written: list[tuple[int, int]] = []

    def slow() -> None:
        disk_answers.wait(60)
        written.append((0, threading.get_ident()))

    writer.write(slow)
    writer.write(lambda: written.append((1, threading.get_ident())))
    assert not written
    disk_answers.set()
    writer.finish()
    assert [number for number, _ in written] == [0, 1]
    assert threading.get_ident() not in {thread for _, thread in written}


def test_it_goes_on_after_a_pause(writer: SettingsWriter) -> None:
    written: list[int] = []
    for number in range(3):
        writer.write(lambda number=number: written.append(number))  # type: ignore[misc]
        writer.finish()
    assert written == [0, 1, 2]


def test_what_comes_after_the_end_is_written_all_the_same(writer: SettingsWriter) -> None:
    written: list[str] = []
    writer.close()
    writer.write(lambda: written.append("late"))
    assert written == ["late"]
