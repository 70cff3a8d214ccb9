"""Answers that go on in their own chat while another one is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from app.controllers.turn import TurnStage
from app.core.conversation import MessageState
from app.core.store.values import Deletion
from app.viewmodels.chat_list_model import ChatListRole
from app.viewmodels.chat_list_rows import ChatMark
from engine.backends.fake_script import FakeAnswer, FakeOptions, FakeTiming
from engine.errors import ErrorCode, ErrorInfo
from engine.messages import GenerationRequest
from engine.placement import LoadSpec
from tests.app.history.conftest import OpenRoom, Room, answer, entries

STORY = "Once upon a time"
CRASH = ErrorInfo(code=ErrorCode.ENGINE_CRASHED, message="gone", facts=(("cause", "crashed"),))
HANGING = 60.0


def send(room: Room, text: str) -> None:
    """Send a message and wait for nothing."""
    edit = room.desktop.window.page.composer.edit
    edit.setPlainText(text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def begin_story(room: Room) -> int:
    """Ask for a story, wait for its text, and turn to a new chat. Returns the id of the chat."""
    send(room, "A story")
    room.wait(lambda: room.texts()[1:] == [STORY])
    chat_id = room.desktop.journal.chat_id
    assert chat_id is not None
    room.wait(lambda: "A story" in room.titles())
    room.desktop.window.sidebar.new_chat.click()
    assert room.texts() == []
    return chat_id


def mark(room: Room, title: str) -> ChatMark | None:
    """What stands beside a chat or folder in the list."""
    model = room.history.model
    row = next(row for row in model.rows if row.text == title)
    value = model.index_of(row.key).data(ChatListRole.MARK)
    return None if value is None else ChatMark(value)


def spoken(room: Room, title: str) -> str:
    model = room.history.model
    row = next(row for row in model.rows if row.text == title)
    return str(model.index_of(row.key).data(Qt.ItemDataRole.AccessibleTextRole))


def stage(room: Room) -> TurnStage:
    return room.desktop.chat.stage


def busy(room: Room) -> bool:
    """Whether an answer is being made in any chat."""
    return bool(room.desktop.chat.answering.turns)


def test_an_answer_goes_on_and_is_kept_in_its_own_chat(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=0.6))
    begin_story(room)
    assert stage(room) is TurnStage.NONE
    assert busy(room)
    room.wait(lambda: not busy(room))
    room.settle()
    assert room.texts() == []
    room.choose_chat("A story")
    assert room.texts() == ["A story", STORY]
    assert room.desktop.transcript.state_of(1) is MessageState.DONE
    assert room.desktop.transcript.report(1) is not None


def test_coming_back_shows_it_live_and_stop_works(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=HANGING))
    begin_story(room)
    room.choose_chat("A story")
    transcript = room.desktop.transcript
    assert stage(room) is TurnStage.STREAMING
    assert room.texts() == ["A story", STORY]
    assert transcript.state_of(1) is MessageState.STREAMING
    assert sum(span.characters for span in transcript.message(1).spans) == len(STORY)
    assert any(span.accepted for span in transcript.message(1).spans)
    assert room.desktop.window.stats.answer.value("tokens") != "\u2013"
    room.desktop.window.page.composer.stop_requested.emit()
    room.settle()
    assert transcript.state_of(1) is MessageState.STOPPED
    assert room.texts() == ["A story", STORY]
    assert transcript.report(1) is not None


def test_text_that_comes_after_the_return_is_shown(open_room: OpenRoom) -> None:
    words = tuple((1, f"word{number} ") for number in range(40))
    room = open_room(
        options=FakeOptions(answers=(FakeAnswer(runs=words),), timing=FakeTiming(run_s=0.02))
    )
    send(room, "Count")
    room.wait(lambda: len(room.texts()) == 2 and room.texts()[1])
    room.wait(lambda: "Count" in room.titles())
    room.desktop.window.sidebar.new_chat.click()
    room.qtbot.wait(60)
    room.choose_chat("Count")
    assert busy(room)
    room.settle()
    whole = "".join(text for _, text in words)
    assert room.texts() == ["Count", whole]
    message = room.desktop.transcript.message(1)
    assert [span.step for span in message.spans] == list(range(40))
    room.close()
    again = open_room()
    again.choose_chat("Count")
    assert again.texts() == ["Count", whole]
    assert again.desktop.transcript.message(1).spans == message.spans


def test_another_chat_waits_for_the_engine_and_says_so(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=HANGING), answer("Hi."))
    begin_story(room)
    send(room, "Hello")
    room.wait(lambda: "another chat" in room.desktop.transcript.notice(1))
    assert stage(room) is TurnStage.WAITING
    room.settle_list()
    room.choose_chat("A story")
    room.desktop.window.page.composer.stop_requested.emit()
    room.wait(lambda: not busy(room))
    room.settle()
    room.choose_chat("Hello")
    assert room.texts() == ["Hello", "Hi."]
    assert room.desktop.transcript.notice(1) == ""


def test_what_waits_for_another_chat_can_be_withdrawn(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=HANGING))
    begin_story(room)
    send(room, "Hello")
    room.wait(lambda: stage(room) is TurnStage.WAITING)
    room.desktop.window.page.composer.stop_requested.emit()
    assert stage(room) is TurnStage.NONE
    assert room.desktop.transcript.state_of(1) is MessageState.STOPPED
    assert busy(room), "the other answer goes on"


def test_a_waiting_chat_is_asked_with_its_own_settings_and_messages(
    open_room: OpenRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = open_room(answer(STORY, hang_s=HANGING), answer("Hi."))
    asked: list[GenerationRequest] = []
    generate = room.session.generate

    def note(request: GenerationRequest) -> int:
        asked.append(request)
        return generate(request)

    monkeypatch.setattr(room.session, "generate", note)
    begin_story(room)
    room.desktop.generation.change("system_prompt", "Speak like a pirate.")
    send(room, "Hello")
    room.wait(lambda: stage(room) is TurnStage.WAITING)
    room.settle_list()
    room.choose_chat("A story")
    assert room.desktop.generation.current.system_prompt == ""
    room.desktop.window.page.composer.stop_requested.emit()
    room.wait(lambda: len(asked) == 2 and not busy(room))
    assert [message.content for message in asked[1].messages] == ["Speak like a pirate.", "Hello"]


def test_what_waits_in_a_chat_is_sent_there_in_the_background(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=0.5), answer("Second."), answer("Third."))
    ended: list[object] = []
    room.desktop.chat.answering.ended.connect(lambda turn, _: ended.append(turn))
    send(room, "A story")
    room.wait(lambda: room.texts()[1:] == [STORY])
    send(room, "two")
    send(room, "three")
    room.desktop.window.page.composer.edit.setPlainText("half")
    room.wait(lambda: "A story" in room.titles())
    room.desktop.window.sidebar.new_chat.click()
    assert room.desktop.composing.queue.waiting == ()
    assert room.desktop.window.page.composer.edit.toPlainText() == ""
    room.wait(lambda: len(ended) == 3)
    room.settle()
    assert room.texts() == []
    room.choose_chat("A story")
    assert room.texts() == ["A story", STORY, "two", "Second.", "three", "Third."]
    assert room.desktop.window.page.composer.edit.toPlainText() == "half"
    room.close()
    again = open_room()
    again.choose_chat("A story")
    assert again.desktop.window.page.composer.edit.toPlainText() == "half"


def test_a_crash_in_the_background_is_told_and_keeps_the_text(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=0.4, error=CRASH), answer("Hi."))
    begin_story(room)
    banner = room.desktop.window.page.banner
    room.wait(lambda: banner.is_shown)
    assert banner.title.text() == "The engine stopped"
    assert "\u201cA story\u201d" in banner.sentence.text()
    room.wait(lambda: room.desktop.loads.is_ready)
    QTest.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    room.wait(lambda: len(room.texts()) == 2)
    assert room.texts() == ["A story", STORY]
    assert room.desktop.transcript.state_of(1) is MessageState.INTERRUPTED
    assert "interrupted" in room.desktop.transcript.notice(1)
    assert room.actions(1)["continue"].enabled


def test_deleting_the_chat_stops_its_answer_first(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=HANGING), answer("Hi."))
    chat_id = begin_story(room)
    deletions: list[Deletion] = []
    room.history.controller.deleted.connect(lambda deletion, _: deletions.append(deletion))
    room.history.controller.delete((chat_id,))
    assert not busy(room)
    room.wait(lambda: deletions)
    room.say("Hello")
    assert room.texts() == ["Hello", "Hi."]
    room.history.controller.undo(deletions[0])
    room.wait(lambda: "A story" in room.titles())
    room.choose_chat("A story")
    assert room.texts() == ["A story", STORY]
    assert room.desktop.transcript.state_of(1) is MessageState.STOPPED


def test_a_temporary_chat_takes_its_answer_with_it(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=HANGING), answer("Hi."))
    room.history.temporary.begin()
    send(room, "A secret story")
    room.wait(lambda: room.texts()[1:] == [STORY])
    room.desktop.window.sidebar.new_chat.click()
    assert not busy(room)
    room.say("Hello")
    assert room.texts() == ["Hello", "Hi."]
    assert room.titles() == ["Hello"]


def test_closing_the_window_keeps_what_was_made_in_the_background(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=HANGING))
    begin_story(room)
    room.close()
    again = open_room()
    again.choose_chat("A story")
    assert again.texts() == ["A story", STORY]
    assert again.desktop.transcript.state_of(1) is MessageState.STOPPED


def test_a_chat_opened_just_as_its_answer_ends_shows_the_end(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=HANGING))
    chat_id = begin_story(room)
    room.history.controller.open_chat(chat_id)
    turn = room.desktop.chat.answering.turns[0]
    room.desktop.chat.answering.drop(turn)
    room.wait(lambda: room.desktop.journal.chat_id == chat_id)
    room.wait(lambda: room.texts() == ["A story", STORY])
    assert room.desktop.transcript.state_of(1) is MessageState.STOPPED


def test_the_list_marks_what_runs_waits_and_came_unseen(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=0.8), answer("Hi."))
    came: list[int] = []
    room.history.answers.marks.came_unseen.connect(came.append)
    story = begin_story(room)
    assert mark(room, "A story") is ChatMark.ANSWERING
    assert spoken(room, "A story") == "A story, an answer is being made"
    assert room.history.panel.list._turning.isActive()
    send(room, "Hello")
    room.wait(lambda: "Hello" in room.titles())
    assert mark(room, "Hello") is ChatMark.WAITING
    room.settle()
    assert mark(room, "A story") is ChatMark.UNREAD
    assert mark(room, "Hello") is None, "it came before the eyes of the user"
    assert came == [story]
    assert remembered(room) == {story: "unread"}
    assert not room.history.panel.list._turning.isActive()
    room.choose_chat("A story")
    assert mark(room, "A story") is None


def remembered(room: Room) -> dict[int, str]:
    """What the store knows of unseen answers."""
    found: list[dict[int, str]] = []
    room.desktop.journal.main_access.call(lambda store: store.list_unseen(), found.append)
    room.wait(lambda: found)
    return found[0]


def test_what_came_unseen_is_marked_until_it_is_seen_also_after_a_restart(
    open_room: OpenRoom,
) -> None:
    room = open_room(answer(STORY))
    send(room, "A story")
    room.wait(lambda: "A story" in room.titles() and not busy(room))
    chat_id = room.desktop.journal.chat_id
    assert chat_id is not None
    room.desktop.window.sidebar.new_chat.click()
    main = room.desktop.journal.main_access
    main.call(lambda store: store.set_unseen(chat_id, ChatMark.FAILED))
    assert remembered(room) == {chat_id: "failed"}
    room.close()
    again = open_room()
    again.wait(lambda: mark(again, "A story") is ChatMark.FAILED)
    again.choose_chat("A story")
    again.wait(lambda: mark(again, "A story") is None)
    assert remembered(again) == {}


def test_a_folded_folder_shows_what_is_inside(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=HANGING))
    chat_id = begin_story(room)
    room.history.controller.create_folder("Tales", (chat_id,))
    room.wait(lambda: "Tales" in room.titles())
    room.settle_list()
    folder = room.history.model.folders[0].id
    room.history.model.set_expanded(folder, on=False)
    assert mark(room, "Tales") is ChatMark.ANSWERING
    room.history.model.set_expanded(folder, on=True)
    assert mark(room, "Tales") is None
    assert mark(room, "A story") is ChatMark.ANSWERING


def test_the_menu_of_a_chat_stops_its_answer(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=HANGING))
    begin_story(room)
    row = next(row for row in room.history.model.rows if row.text == "A story")
    menu = room.history.menus.for_row(row)
    assert menu is not None
    stop = entries(menu)["Stop the answer"]
    assert isinstance(stop, QAction)
    stop.trigger()
    room.wait(lambda: not busy(room))
    assert mark(room, "A story") is None
    menu = room.history.menus.for_row(row)
    assert menu is not None
    assert "Stop the answer" not in entries(menu)


def test_a_failed_answer_is_marked(open_room: OpenRoom) -> None:
    room = open_room(answer(STORY, hang_s=0.4, error=CRASH))
    begin_story(room)
    room.wait(lambda: not busy(room))
    assert mark(room, "A story") is ChatMark.FAILED
    assert list(remembered(room).values()) == ["failed"]
    room.choose_chat("A story")
    assert mark(room, "A story") is None


def test_the_pipeline_suits_the_chat_that_is_asked_next(
    open_room: OpenRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = open_room(answer(STORY, hang_s=HANGING), answer("Hi."))
    room.desktop.loads.choose(replace(room.desktop.loads.choice, main_device="GPU"))
    room.wait(lambda: room.desktop.loads.is_ready)
    loaded: list[bool] = []
    load = room.session.load

    def note(spec: LoadSpec) -> None:
        loaded.append(spec.sampling)
        load(spec)

    monkeypatch.setattr(room.session, "load", note)
    begin_story(room)
    room.desktop.generation.change("temperature", 0.8)
    send(room, "Hello")
    assert stage(room) is TurnStage.WAITING
    room.settle_list()
    room.choose_chat("A story")
    assert room.desktop.generation.current.temperature == 0.0
    room.desktop.window.page.composer.stop_requested.emit()
    room.wait(lambda: not busy(room))
    assert loaded == [True], "for the chat that waited, though this one takes the likeliest token"
