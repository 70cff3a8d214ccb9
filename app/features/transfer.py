"""Export and import of chats: asks where, does it aside, says how it went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QObject
from PySide6.QtWidgets import QFileDialog, QMenu

from app.core.answer_figures import footer_text
from app.core.export.all_formats import ExportFormat
from app.core.export.file_names import file_name
from app.core.export.labels import ExportLabels, ExportOptions
from app.core.filling import filled
from app.core.import_chats.refusal import ImportRefusedError
from app.core.store_text import refusal_text
from app.core.system_reason import system_reason
from app.features.folders_of_user import documents_folder

if TYPE_CHECKING:
    from app.controllers.chat_files import Aside
    from app.core.conversation_store import ConversationStore
    from app.core.import_chats.reading import Imported
    from app.features.history import History


class Transfer(QObject):
    """`export_to` and `import_from` do the work; the `ask_` methods let the user choose a place."""

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._history = history
        self._access = history.journal.main_access
        self._aside: Aside | None = None

    def fill_menu(self, menu: QMenu, chat_ids: Sequence[int]) -> None:
        """Add the formats to a menu."""
        ids = tuple(chat_ids)
        for kind, text in (
            (ExportFormat.MARKDOWN, self.tr("Markdown\u2026")),
            (ExportFormat.HTML, self.tr("HTML\u2026")),
            (ExportFormat.PDF, self.tr("PDF\u2026")),
            (ExportFormat.JSON, self.tr("JSON, complete\u2026")),
        ):
            action = menu.addAction(text)
            action.triggered.connect(lambda _=False, one=kind: self.ask_export(ids, one))

    def ask_export(self, chat_ids: Sequence[int], kind: ExportFormat) -> None:
        """Let the user choose where chats are written, and write them."""
        ids = tuple(chat_ids)
        to_folder = len(ids) > 1 and kind is not ExportFormat.JSON
        dialog = QFileDialog(self._history.panel.window(), self.tr("Export"))
        dialog.setDirectory(documents_folder())
        if to_folder:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        else:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(kind.value)
            dialog.selectFile(file_name(self._title(ids), kind.suffix))
        self._open(dialog, lambda path: self.export_to(ids, path, kind))

    def ask_import(self) -> None:
        """Let the user choose a file, and import it."""
        dialog = QFileDialog(self._history.panel.window(), self.tr("Import chats"))
        dialog.setDirectory(documents_folder())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Chats") + " (*.json *.jsonl *.zip)")
        self._open(dialog, self.import_from)

    def ask_import_folder(self) -> None:
        """Let the user choose a folder of another program, and import it."""
        dialog = QFileDialog(self._history.panel.window(), self.tr("Import a folder"))
        dialog.setDirectory(documents_folder())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._open(dialog, self.import_from)

    def export_to(self, chat_ids: Sequence[int], target: Path, kind: ExportFormat) -> None:
        """Write chats to a file, or to a folder when there are several."""
        from app.controllers.chat_files import export_chats

        ids, labels, options = tuple(chat_ids), self._labels(), self._options()

        def start(store: ConversationStore) -> None:
            future = self._work().run(
                lambda: export_chats(store, ids, target, kind=kind, labels=labels, options=options)
            )
            self._access.watch(
                future, lambda count: self._tell_exported(count, target), self._tell_failed
            )

        self._access.with_store(start, self._access.report)

    def import_from(self, path: Path) -> None:
        """Add the chats of a file or folder; a broken one is refused whole."""
        from app.controllers.chat_files import import_file

        def start(store: ConversationStore) -> None:
            future = self._work().run(lambda: import_file(store, path))
            self._access.watch(
                future,
                lambda result: self._tell_imported(result[0]),
                lambda error: self._tell_refused(path, error),
            )

        self._access.with_store(start, self._access.report)

    def close(self) -> None:
        """Wait for what is under way."""
        if self._aside is not None:
            self._aside.close()

    def _work(self) -> Aside:
        if self._aside is None:
            from app.controllers.chat_files import Aside

            self._aside = Aside()
        return self._aside

    def _open(self, dialog: QFileDialog, then: Callable[[Path], None]) -> None:
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _title(self, chat_ids: Sequence[int]) -> str:
        chat = self._history.model.chat_of(chat_ids[0]) if len(chat_ids) == 1 else None
        return chat.title if chat is not None else self.tr("Slipstream chats")

    def _labels(self) -> ExportLabels:
        return ExportLabels(
            user=self.tr("You"),
            assistant=self.tr("Assistant"),
            system=self.tr("System"),
            untitled=self.tr("Untitled chat"),
            image=self.tr("Image:"),
            attached=self.tr("Attached: {name}"),
        )

    def _options(self) -> ExportOptions:
        translate = QCoreApplication.translate
        return ExportOptions(
            token_colours=self._history.token_colours,
            figures=lambda report: footer_text(report, translate),
            describe_time=_describe_time,
        )

    def _tell(self, title: str, sentence: str) -> None:
        self._history.show_chat_page()  # the banner is there
        self._history.banner.show_notice(title, sentence)

    def _tell_exported(self, count: int, target: Path) -> None:
        text = self.tr("{count} {count:chat was|chats were} written to {place}.")
        if count == 1:
            text = self.tr("The chat was written to {place}.")
        self._tell(self.tr("Exported"), filled(text, count=count, place=target))

    def _tell_failed(self, error: BaseException) -> None:
        if isinstance(error, LookupError):
            self._tell(self.tr("The export failed"), self.tr("The chat is not there any more."))
        elif isinstance(error, OSError):
            sentence = self.tr("Nothing complete was written. Reason: {reason}")
            reason = system_reason(error, QCoreApplication.translate)
            self._tell(self.tr("The export failed"), filled(sentence, reason=reason))
        else:
            self._access.report(error)

    def _tell_imported(self, imported: Imported) -> None:
        self._history.controller.refresh()
        count = len(imported.chats)
        added = filled(self.tr("{count} {count:chat was|chats were} added."), count=count)
        parts = [self.tr("One chat was added.") if count == 1 else added]
        if imported.omitted:
            omitted = self.tr(
                "{count} {count:part|parts} without text (images, tool calls) "
                "{count:was|were} left out."
            )
            parts.append(filled(omitted, count=imported.omitted))
        self._tell(self.tr("Imported"), " ".join(parts))

    def _tell_refused(self, path: Path, error: BaseException) -> None:
        if isinstance(error, ImportRefusedError):
            reason = refusal_text(error, QCoreApplication.translate)
            title = self.tr("{name} was not imported").format(name=path.name)
            self._tell(title, reason)
        else:
            self._access.report(error)


def _describe_time(seconds: float) -> str:
    moment, locale = QDateTime.fromSecsSinceEpoch(round(seconds)), QLocale()
    day = locale.toString(moment.date(), QLocale.FormatType.LongFormat)
    return f"{day} {locale.toString(moment.time(), QLocale.FormatType.ShortFormat)}"
