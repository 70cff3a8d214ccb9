"""The language of the window: loads its texts and Qt's own, and changes them while it is open."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from app.core.handed_out import HandedOut
from app.core.preferences import Language
from engine.resources import asset_path

_LOG = logging.getLogger(__name__)
_CHINESE = str(Language.CHINESE)


class WindowLanguage(QObject):
    """Speaks one language until `use` asks for another; `changed()` when every text is another.

    Guarantees: the translator of the application is gone after `close`.
    """

    changed = Signal()

    def __init__(self, wanted: Language, parent: QObject) -> None:
        super().__init__(parent)
        self.handed_out = HandedOut()
        self._translator = _Translator(self.handed_out, self)
        self._name = ""
        self.previous = ""
        """What was spoken before the last change."""
        self._speak(spoken_name(wanted))

    @property
    def name(self) -> str:
        """`en` or `zh_CN`."""
        return self._name

    def use(self, wanted: Language) -> None:
        """Speak the wanted language from now on."""
        name = spoken_name(wanted)
        if name != self._name:
            QCoreApplication.removeTranslator(self._translator)
            self.previous = self._name
            self._speak(name)
            self.changed.emit()

    def lookup(self, context: str, source: str) -> str | None:
        """The text in the language of now, None where there is none."""
        return self._translator.lookup(context, source)

    def close(self) -> None:
        """Leave the application as it was."""
        QCoreApplication.removeTranslator(self._translator)

    def _speak(self, name: str) -> None:
        self._name = name
        QLocale.setDefault(QLocale(name) if name == _CHINESE else _english())
        self._translator.files = _load(name) if name == _CHINESE else ()
        QCoreApplication.installTranslator(self._translator)


class _Translator(QTranslator):
    """Answers from files, else with the source, and notes what it answered."""

    def __init__(self, handed_out: HandedOut, parent: QObject) -> None:
        super().__init__(parent)
        self.files: Sequence[QTranslator] = ()
        self._handed_out = handed_out

    def isEmpty(self) -> bool:  # noqa: N802  Qt's name
        return False

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        shown = source
        for file in self.files:
            found = file.translate(context, source, disambiguation, n)
            if found:
                shown = found
                break
        if not context.startswith("Q"):  # Qt's widgets translate themselves anew
            self._handed_out.note(context, source, shown)
        return shown

    def lookup(self, context: str, source: str) -> str | None:
        """The answer without a note of it, None where no file has one."""
        found = (file.translate(context, source) for file in self.files)
        return next((text for text in found if text), None)


def spoken_name(wanted: Language) -> str:
    """The language that is spoken when `wanted` is asked for: `en` or `zh_CN`."""
    if wanted is not Language.SYSTEM:
        return str(wanted)
    for name in QLocale.system().uiLanguages():
        language = QLocale(name).language()
        if language is QLocale.Language.Chinese:
            return _CHINESE
        if language is QLocale.Language.English:
            break
    return str(Language.ENGLISH)


def _english() -> QLocale:
    """The user's own English, so that dates look as elsewhere on this computer."""
    system = QLocale.system()
    is_english = system.language() is QLocale.Language.English
    return QLocale(system.name()) if is_english else QLocale("en_US")


def _load(name: str) -> list[QTranslator]:
    """The program's texts and those of Qt's own dialogs and menus."""
    qt_folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    loaded = []
    for path in (
        asset_path("translations", f"slipstream_{name}.qm"),
        qt_folder / f"qtbase_{name}.qm",
    ):
        translator = QTranslator()
        if translator.load(str(path)):
            loaded.append(translator)
        else:
            _LOG.error("the texts in %s cannot be read", path)
    return loaded
