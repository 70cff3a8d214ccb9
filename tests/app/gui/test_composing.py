"""The composer in a real window: waiting messages, attached texts, the meter, drafts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.controllers import attachment_loader
from app.controllers.attachment_loader import AttachmentLoader
from app.controllers.turn import TurnStage
from app.core.attachments.prompt import split
from app.core.attachments.values import Attachment
from app.core.preferences import Overflow
from app.features.folders_of_user import documents_folder
from app.views.banner import Banner
from app.views.page_stack import PageEntry
from engine.backends.fake_script import FakeAnswer, FakeOptions
from engine.errors import ErrorCode, ErrorInfo
from engine.messages import GenerationRequest, Role

Open = Callable[..., Any]
Scripted = Callable[..., FakeAnswer]
TOO_LONG = ErrorInfo(
    code=ErrorCode.PROMPT_TOO_LONG, message="long", facts=(("limit", 60), ("prompt_tokens", 90))
)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def waiting(rig: Any) -> list[str]:
    return [item.text for item in rig.desktop.composing.queue.waiting]


def idle(rig: Any) -> bool:
    return rig.stage() is TurnStage.NONE


def listen(rig: Any, monkeypatch: pytest.MonkeyPatch) -> list[GenerationRequest]:
    """Every request the engine gets from now on."""
    heard: list[GenerationRequest] = []
    generate = rig.session.generate

    def note(request: GenerationRequest) -> int:
        heard.append(request)
        return int(generate(request))

    monkeypatch.setattr(rig.session, "generate", note)
    return heard


def test_waiting_messages_are_sent_in_order(open_window: Open, scripted: Scripted) -> None:
    rig = open_window(FakeOptions(answers=(scripted(hang_s=1.0), scripted(), scripted())))
    rig.wait_ready()
    for text in ("one", "two", "three"):
        rig.type_and_send(text)
    composer = rig.window.page.composer
    assert waiting(rig) == ["two", "three"]
    assert len(composer.queue_row.chips) == 2
    rig.wait(lambda: len(rig.desktop.transcript) == 6 and idle(rig))
    assert rig.texts()[::2] == ["one", "two", "three"]
    assert waiting(rig) == []
    assert composer.queue_row.isHidden()


def test_a_composer_that_another_page_hides_takes_no_keys(open_window: Open) -> None:
    rig = open_window()
    window, composer = rig.window, rig.window.page.composer
    window.add_page(PageEntry(key="other", label="Other", icon="box", make=Banner))
    rig.wait(composer.edit.hasFocus)
    window.show_page("other")
    window.sidebar.new_chat.setFocus()
    composer.focus()
    assert not composer.edit.hasFocus()
    asked: list[bool] = []
    composer.attach_requested.disconnect()
    composer.attach_requested.connect(lambda: asked.append(composer.isVisible()))
    actions = {action.id: action for action in rig.desktop.commands.registry.fixed()}
    actions["attach_files"].run()
    assert asked == [True]


def test_files_are_chosen_where_the_last_ones_were(open_window: Open, tmp_path: Path) -> None:
    rig = open_window()
    file = tmp_path / "notes.md"
    file.write_text("A note")

    def dialog() -> QFileDialog:
        rig.window.page.composer.attach_button.click()
        shown: list[QFileDialog] = rig.window.findChildren(QFileDialog)
        return next(one for one in shown if one.isVisible())

    first = dialog()
    assert Path(first.directory().path()) == Path(documents_folder())
    assert Path(documents_folder()).is_dir()
    first.filesSelected.emit([str(file)])
    first.close()
    rig.wait(lambda: rig.window.page.composer.attachments)
    second = dialog()
    assert Path(second.directory().path()) == tmp_path
    second.close()


def test_a_waiting_message_can_be_taken_back(open_window: Open, scripted: Scripted) -> None:
    rig = open_window(FakeOptions(answers=(scripted(hang_s=1.0), scripted(), scripted())))
    rig.wait_ready()
    for text in ("one", "two", "three"):
        rig.type_and_send(text)
    chip = rig.window.page.composer.queue_row.chips[0]
    assert chip.remove_button.accessibleName() == "Remove: two"
    rig.qtbot.mouseClick(chip.remove_button, Qt.MouseButton.LeftButton)
    rig.wait(lambda: len(rig.desktop.transcript) == 4 and idle(rig))
    assert rig.texts()[::2] == ["one", "three"]


def test_stop_keeps_what_waits_until_the_user_sends(open_window: Open, scripted: Scripted) -> None:
    rig = open_window(FakeOptions(answers=(scripted(hang_s=30), scripted(), scripted())))
    rig.wait_ready()
    rig.type_and_send("one")
    rig.type_and_send("two")
    rig.wait(lambda: rig.stage() is TurnStage.STREAMING)
    rig.window.page.composer.stop_requested.emit()
    rig.wait(lambda: idle(rig))
    rig.qtbot.wait(50)
    assert waiting(rig) == ["two"]
    assert len(rig.desktop.transcript) == 2
    QTest.keyClick(rig.window.page.composer.edit, Qt.Key.Key_Return)
    rig.wait(lambda: len(rig.desktop.transcript) == 4 and idle(rig))
    assert rig.texts()[2] == "two"


def test_a_failure_sends_nothing_after_it(open_window: Open, scripted: Scripted) -> None:
    failing = scripted(hang_s=0.8, error=ErrorInfo(code=ErrorCode.RUNTIME_FAILED, message="broke"))
    rig = open_window(FakeOptions(answers=(failing, scripted())))
    rig.wait_ready()
    rig.type_and_send("one")
    rig.type_and_send("two")
    rig.wait(lambda: idle(rig))
    rig.qtbot.wait(50)
    assert waiting(rig) == ["two"]


def test_the_up_arrow_asks_for_the_last_message_only_in_an_empty_field(open_window: Open) -> None:
    rig = open_window()
    composer = rig.window.page.composer
    asked: list[bool] = []
    composer.edit_last_requested.connect(lambda: asked.append(True))
    QTest.keyClicks(composer.edit, "text")
    QTest.keyClick(composer.edit, Qt.Key.Key_Up)
    assert asked == []
    composer.edit.clear()
    QTest.keyClick(composer.edit, Qt.Key.Key_Up)
    assert asked == [True]


def test_a_draft_holds_everything_written(open_window: Open, scripted: Scripted) -> None:
    rig = open_window(FakeOptions(answers=(scripted(hang_s=30),)))
    rig.wait_ready()
    composer = rig.window.page.composer
    drafts: list[str] = []
    composer.draft_changed.connect(drafts.append)
    rig.type_and_send("sent")
    rig.wait(lambda: rig.desktop.journal.chat_id is not None)
    rig.type_and_send("waits")
    QTest.keyClicks(composer.edit, "half")
    composer.flush_draft()
    assert drafts[-1] == "waits\n\nhalf"
    note = Attachment(name="a.txt", text="kept")
    composer.set_attachments([note])
    composer.set_draft("of another chat", chat=7)
    assert (composer.edit.toPlainText(), composer.attachments) == ("of another chat", [])
    before = len(drafts)
    composer.flush_draft()
    assert len(drafts) == before
    composer.set_draft("waits\n\nhalf", chat=rig.desktop.journal.chat_id)
    assert composer.attachments == [note]
    assert composer.edit.toPlainText() == "half", "what waits is shown as waiting"


def test_long_pasted_text_becomes_an_attached_text(open_window: Open) -> None:
    rig = open_window()
    composer = rig.window.page.composer
    data = QMimeData()
    data.setText("word " * 500)
    composer.edit.insertFromMimeData(data)
    assert composer.edit.toPlainText() == ""
    assert [item.name for item in composer.attachments] == ["Pasted text"]
    data.setText("short")
    composer.edit.insertFromMimeData(data)
    assert composer.edit.toPlainText() == "short"


def test_dropped_files_are_read_and_sent_with_the_message(
    open_window: Open, scripted: Scripted, tmp_path: Path
) -> None:
    rig = open_window(FakeOptions(answers=(scripted(),)))
    rig.wait_ready()
    (tmp_path / "notes.md").write_text("# Sea\nIt is wide.")
    (tmp_path / "broken.pdf").write_bytes(b"no pdf")
    composer = rig.window.page.composer
    data = QMimeData()
    names = ("notes.md", "broken.pdf")
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in names])
    composer.edit.insertFromMimeData(data)
    rig.wait(lambda: composer.attachments and rig.window.page.banner.is_shown)
    assert rig.window.page.banner.title.text() == "Not attached"
    assert "broken.pdf" in rig.window.page.banner.sentence.text()
    rig.type_and_send("Summarise it")
    rig.wait(lambda: idle(rig) and len(rig.desktop.transcript) == 2)
    parts = split(rig.texts()[0])
    assert parts.text == "Summarise it"
    assert [(item.name, item.text) for item in parts.attachments] == [
        ("notes.md", "# Sea\nIt is wide.")
    ]
    assert composer.attachments == []


@pytest.fixture
def slow_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Files are read only when this is set; all of them hold the same."""
    gate = threading.Event()

    def extract(path: Path, **_: object) -> Attachment:
        assert gate.wait(60)
        return Attachment(name=path.name, text="It is wide.")

    monkeypatch.setattr("app.core.attachments.extract.extract", extract)
    yield gate
    gate.set()


def test_a_message_waits_for_files_that_are_still_read(
    open_window: Open, scripted: Scripted, slow_file: threading.Event
) -> None:
    rig = open_window(FakeOptions(answers=(scripted(),)))
    rig.wait_ready()
    composer = rig.window.page.composer
    composer.files_offered.emit([Path("notes.md")])
    assert composer.hint.text() == "Reading the attached files\u2026"
    rig.type_and_send("Summarise it")
    assert len(rig.desktop.transcript) == 0
    assert composer.edit.toPlainText() == "Summarise it"
    slow_file.set()
    rig.wait(lambda: idle(rig) and len(rig.desktop.transcript) == 2)
    parts = split(rig.texts()[0])
    assert (parts.text, [item.name for item in parts.attachments]) == ("Summarise it", ["notes.md"])
    assert composer.hint.text().startswith("Enter sends")


def test_a_file_stays_with_the_chat_it_was_chosen_in(
    open_window: Open, slow_file: threading.Event
) -> None:
    rig = open_window()
    rig.wait_ready()
    composer = rig.window.page.composer
    composer.files_offered.emit([Path("notes.md")])
    rig.type_and_send("Not from here")
    composer.set_draft("of another chat", chat=7)
    slow_file.set()
    rig.wait(lambda: not rig.desktop.composing.attachments.is_reading(None))
    assert (composer.attachments, len(rig.desktop.transcript)) == ([], 0)
    composer.set_draft("", chat=None)
    assert [item.name for item in composer.attachments] == ["notes.md"]
    assert composer.edit.toPlainText() == "Not from here"


@pytest.mark.expected_logs("a file could not be read")
def test_a_file_that_breaks_its_reader_is_refused_and_the_next_one_read(
    open_window: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rig = open_window()
    rig.wait_ready()
    composer = rig.window.page.composer

    def broken(content: bytes, **_: object) -> tuple[str, int]:
        raise ZeroDivisionError(len(content))

    monkeypatch.setattr("app.core.attachments.extract.pdf_text", broken)
    (tmp_path / "odd.pdf").write_bytes(b"%PDF")
    (tmp_path / "notes.md").write_text("It is wide.")
    composer.files_offered.emit([tmp_path / "odd.pdf", tmp_path / "notes.md"])
    rig.wait(lambda: composer.attachments)
    assert [item.name for item in composer.attachments] == ["notes.md"]
    assert "odd.pdf" in rig.window.page.banner.sentence.text()


def test_quitting_does_not_wait_for_a_file_that_takes_for_ever(
    qapp: QApplication, slow_file: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachment_loader, "_END_S", 0.01)
    loader = AttachmentLoader()
    told: list[object] = []
    loader.loaded.connect(lambda *found: told.append(found))
    loader.load([Path("book.pdf")], chat=None)
    loader.close()
    assert loader._thread is not None
    assert loader._thread.is_alive()
    slow_file.set()
    loader._thread.join(60)
    qapp.processEvents()
    assert told == []


def test_a_text_that_does_not_fit_is_refused_with_numbers(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    requests_ = rig.desktop.composing._parts.requests
    requests_._context = 1000
    large = Attachment(name="book.txt", text="word " * 3000)
    assert not rig.desktop.composing.attach(large)
    sentence = rig.window.page.banner.sentence.text()
    assert "book.txt" in sentence
    assert "of the context of 1\u202f000" in sentence
    assert rig.desktop.composing.attach(Attachment(name="note.txt", text="word " * 50))


def test_the_meter_shows_what_is_used_and_offers_the_policy(
    open_window: Open, scripted: Scripted
) -> None:
    rig = open_window(FakeOptions(answers=(scripted(),)))
    rig.wait_ready()
    composer = rig.window.page.composer
    rig.desktop.composing.measure()
    assert composer.context.isHidden()
    QTest.keyClicks(composer.edit, "a question of some length")
    rig.wait(lambda: not composer.context.isHidden())
    assert "\u2248" in composer.context.accessibleName()
    assert "estimated" in composer.context.accessibleDescription()
    composer.context.policy_chosen.emit(Overflow.DROP_OLDEST)
    assert rig.desktop.preferences.current.overflow is Overflow.DROP_OLDEST


def test_a_chat_that_is_too_long_goes_on_without_its_oldest_part(
    open_window: Open, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = (scripted(), scripted(), FakeAnswer(error=TOO_LONG), scripted())
    rig = open_window(FakeOptions(answers=answers), overflow="drop_oldest", system_prompt="Be kind")
    rig.wait_ready()
    heard = listen(rig, monkeypatch)
    for text in ("first", "second", "third"):
        rig.type_and_send(text)
        rig.wait(lambda: idle(rig))
    assert len(heard) == 4
    last = heard[-1].messages
    assert last[0].role is Role.SYSTEM
    assert last[-1].content == "third"
    assert "first" not in [message.content for message in last]
    assert rig.texts()[-1] == "One two three four five six seven."
    assert not rig.window.page.banner.is_shown


def test_a_long_message_is_wrapped_and_scrolls_up_and_down_only(open_window: Open) -> None:
    rig = open_window()
    edit = rig.window.page.composer.edit
    edit.setPlainText(" ".join(str(number) for number in range(600)))
    rig.wait(lambda: edit.verticalScrollBar().maximum() > 0)
    assert not edit.horizontalScrollBar().isVisible()
