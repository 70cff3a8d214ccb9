"""Events keep their order from any thread to the GUI thread."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QThread
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from app.engine_bridge import EngineBridge
from engine.events import EngineEvent, TokensStreamed


def event(thread: int, number: int) -> TokensStreamed:
    return TokensStreamed(
        generation_id=thread, text=str(number), spans=(), token_count=1, at_s=float(number)
    )


def test_order_is_kept_and_listeners_run_on_the_gui_thread(qtbot: QtBot) -> None:
    bridge = EngineBridge()
    seen: list[tuple[int, int]] = []
    threads: set[QThread] = set()

    def listen(arrived: EngineEvent) -> None:
        assert isinstance(arrived, TokensStreamed)
        seen.append((arrived.generation_id, int(arrived.text)))
        threads.add(QThread.currentThread())

    bridge.add_listener(listen)

    def post_all(thread: int) -> None:
        for number in range(2000):
            bridge.post(event(thread, number))

    workers = [threading.Thread(target=post_all, args=[thread]) for thread in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    qtbot.waitUntil(lambda: len(seen) == 8000)
    for thread in range(4):
        assert [n for t, n in seen if t == thread] == list(range(2000))
    assert threads == {QThread.currentThread()}


def test_a_burst_wakes_the_gui_once(qtbot: QtBot) -> None:
    bridge = EngineBridge()
    wakes: list[int] = []
    seen: list[EngineEvent] = []
    bridge._wake.connect(lambda: wakes.append(1))
    bridge.add_listener(seen.append)
    for number in range(1000):
        bridge.post(event(0, number))
    qtbot.waitUntil(lambda: len(seen) == 1000)
    assert len(wakes) == 1


def test_a_raising_listener_loses_no_later_event(qtbot: QtBot) -> None:
    bridge = EngineBridge()
    seen: list[int] = []

    def listen(arrived: EngineEvent) -> None:
        assert isinstance(arrived, TokensStreamed)
        seen.append(int(arrived.text))
        if arrived.text == "1":
            raise ValueError("fault in a listener")

    bridge.add_listener(listen)
    with capture_exceptions() as faults:
        for number in range(4):
            bridge.post(event(0, number))
        qtbot.waitUntil(lambda: len(seen) == 4)
    assert seen == [0, 1, 2, 3]
    assert [str(fault[1]) for fault in faults] == ["fault in a listener"]


def test_after_close_everything_is_dropped(qtbot: QtBot) -> None:
    bridge = EngineBridge()
    seen: list[EngineEvent] = []
    bridge.add_listener(seen.append)
    bridge.post(event(0, 0))
    bridge.close()
    bridge.post(event(0, 1))
    qtbot.wait(20)
    assert seen == []


def test_posting_outlives_the_bridge(qtbot: QtBot) -> None:
    bridge = EngineBridge()
    bridge.close()
    bridge.deleteLater()
    qtbot.wait(20)
    bridge.post(event(0, 0))
    with pytest.raises(RuntimeError):
        bridge.objectName()  # the C++ object is gone indeed
