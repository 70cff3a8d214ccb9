"""What is said is kept: chats come back with texts, states, figures and colours."""

from __future__ import annotations

from app.core.conversation import MessageState
from engine.errors import ErrorCode, ErrorInfo
from engine.events import FinishReason
from tests.app.history.conftest import OpenRoom, answer

CRASH = ErrorInfo(code=ErrorCode.ENGINE_CRASHED, message="gone", facts=(("cause", "crashed"),))


def test_a_chat_comes_back_with_everything(open_room: OpenRoom) -> None:
    room = open_room(answer("One two three."), answer("Four five."))
    room.say("Count to three")
    room.say("And on")
    footer = room.desktop.transcript.footer(1)
    spans = room.desktop.transcript.message(1).spans
    room.close()
    again = open_room()
    assert again.texts() == [], "a window starts on a new chat"
    assert again.headings() == ["Today"]
    assert again.titles() == ["Count to three"]
    again.choose_chat("Count to three")
    assert again.texts() == ["Count to three", "One two three.", "And on", "Four five."]
    assert again.desktop.transcript.footer(1) == footer != ""
    assert again.desktop.transcript.message(1).spans == spans != ()
    assert again.desktop.window.page.shows_chat


def test_the_question_is_on_disk_before_the_model_is_asked(open_room: OpenRoom) -> None:
    room = open_room(answer("Hello there.", hang_s=60.0))
    asked: list[list[str]] = []
    edit = room.desktop.window.page.composer.edit
    edit.setPlainText("Are you there?")
    room.desktop.window.page.composer.send_button.click()
    room.wait(lambda: room.desktop.journal.chat_id is not None)
    room.wait(lambda: len(room.texts()) == 2 and room.texts()[1])
    chat_id = room.desktop.journal.chat_id
    assert chat_id is not None
    room.desktop.journal.access.call(
        lambda store: store.open_chat(chat_id),
        lambda opened: asked.append([stored.message.text for stored in opened.messages]),
    )
    room.wait(lambda: asked)
    assert asked[0][0] == "Are you there?"
    room.desktop.chat.stop()
    room.settle()


def test_streamed_text_is_committed_while_it_streams(open_room: OpenRoom) -> None:
    room = open_room(answer("Once upon a time", hang_s=60.0))
    edit = room.desktop.window.page.composer.edit
    edit.setPlainText("A story")
    room.desktop.window.page.composer.send_button.click()
    seen: list[str] = []

    def stored_text() -> bool:
        chat_id = room.desktop.journal.chat_id
        if chat_id is not None:
            room.desktop.journal.access.call(
                lambda store: store.open_chat(chat_id),
                lambda opened: seen.extend(one.message.text for one in opened.messages),
            )
        return "Once upon a time" in seen

    room.wait(stored_text)
    room.desktop.chat.stop()
    room.settle()


def test_an_answer_in_progress_is_kept_when_the_window_closes(open_room: OpenRoom) -> None:
    room = open_room(answer("Once upon a time", hang_s=60.0))
    edit = room.desktop.window.page.composer.edit
    edit.setPlainText("A story")
    room.desktop.window.page.composer.send_button.click()
    room.wait(lambda: room.texts()[1:] == ["Once upon a time"])
    room.close()
    again = open_room()
    again.choose_chat("A story")
    assert again.texts() == ["A story", "Once upon a time"]
    assert again.desktop.transcript.state_of(1) is MessageState.STOPPED


def test_an_interrupted_answer_goes_on_exactly_where_it_stopped(open_room: OpenRoom) -> None:
    room = open_room(answer("Once upon", error=CRASH), answer(" a time."))
    room.say("A story")
    assert room.desktop.transcript.state_of(1) is MessageState.INTERRUPTED
    room.close()
    again = open_room(answer(" a time."))
    again.choose_chat("A story")
    assert "interrupted" in again.desktop.transcript.notice(1)
    assert again.actions(1)["continue"].enabled
    again.act(1, "continue")
    again.settle()
    assert again.texts() == ["A story", "Once upon a time."]
    assert again.desktop.transcript.state_of(1) is MessageState.DONE
    message = again.desktop.transcript.message(1)
    assert sum(span.characters for span in message.spans) == len(message.text)
    assert "continue" not in again.actions(1)
    assert again.versions(1) == (1, 1), "it is the same version, only longer"


def test_the_panel_has_the_figures_of_the_whole_answer_that_went_on(open_room: OpenRoom) -> None:
    room = open_room(answer("Once upon", finish_reason=FinishReason.LENGTH), answer(" a time."))
    room.say("A story")
    panel = room.desktop.window.stats.answer
    first = panel.value("tokens")
    room.act(1, "continue")
    room.settle()
    report = room.desktop.transcript.report(1)
    assert report is not None
    assert panel.value("tokens") == str(report.token_count) != first
    assert panel.strip.runs == report.run_lengths


def test_only_what_ended_early_can_be_continued(open_room: OpenRoom) -> None:
    room = open_room(answer("All of it."), answer("Cut", finish_reason=FinishReason.LENGTH))
    room.say("First")
    assert "continue" not in room.actions(1)
    room.say("Second")
    assert "continue" in room.actions(3)
    report = room.desktop.transcript.report(3)
    assert report is not None
    assert report.finish_reason == "length"
