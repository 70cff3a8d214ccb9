"""Checks with the frozen program's own modules and nothing else; smoke.py runs it by probe.py.

inside.py FOLDER MODULE...   A line for each check; exit code 1 when one fails. What neither a scan
for imports nor a look at the window finds shows here: parts loaded late, data, compiled libraries.
"""

from __future__ import annotations

import importlib
import io
import sys
import traceback
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtGui import QFontDatabase, QImageReader
from PySide6.QtWidgets import QApplication

from app.chat_view.formulas import FormulaKey, draw_formula
from app.chat_view.highlighting import COMMON_LANGUAGES, code_spans
from app.controllers.chat_files import import_file, write_chat
from app.core.attachments.extract import extract
from app.core.conversation import Message
from app.core.conversation_store import ConversationStore
from app.core.export.all_formats import ExportFormat
from app.core.export.labels import ExportLabels, ExportOptions
from app.core.project import LICENCE_FILE, THIRD_PARTY_FILE
from app.core.store.values import ChatTree, NoticeCode, TreeMessage
from app.icons import icon
from engine.messages import Role
from engine.models.catalog import load_catalog
from engine.resources import asset_path

TEXT = "投机解码 drafts twice."
LABELS = ExportLabels(
    user="You", assistant="Answer", system="System", untitled="-", image="Image", attached="{name}"
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_BUNDLE = Path(str(getattr(sys, "_MEIPASS", ".")))


class CheckError(Exception):
    """Something of the program is not there or does not work."""


def main(folder: Path, modules: list[str]) -> int:
    """Run all checks; 1 when any failed."""
    application = QApplication(["inside"])
    checks: dict[str, Callable[[], str]] = {
        "every module": lambda: import_all(modules),
        "own data": read_own_data,
        "Qt": look_into_qt,
        "formulas": draw_formulas,
        "code": colour_code,
        "export": lambda: export(folder),
        "import and search": lambda: import_and_search(folder),
        "attachments": lambda: attach(folder),
        "secrets": load_secret_stores,
        "certificates": open_client,
        "licences": read_licences,
    }
    failures = 0
    for name, check in checks.items():
        try:
            print(f"{name}: {check()}")
        except Exception:  # noqa: BLE001  the next check is made whatever this one met
            failures += 1
            print(f"{name} FAILED\n{traceback.format_exc()}")
    del application
    return int(failures > 0)


def import_all(modules: list[str]) -> str:
    """The whole program is in the archive, with everything it imports at the top of a file."""
    for name in modules:
        importlib.import_module(name)
    return f"{len(modules)} imported"


def read_own_data() -> str:
    """Catalogue, texts, fonts and icons."""
    models = load_catalog().models
    for path in (
        asset_path("translations", "slipstream_zh_CN.qm"),
        Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / "qtbase_zh_CN.qm",
    ):
        demand(QTranslator().load(str(path)), f"{path} cannot be read")
    fonts = [p for p in asset_path("fonts").rglob("*") if p.suffix in {".ttf", ".otf"}]
    for font in fonts:
        demand(QFontDatabase.addApplicationFont(str(font)) >= 0, f"{font} is no font")
    icons = sorted(asset_path("icons").glob("*.svg"))
    for path in icons:
        demand(not icon(path.stem, "#808080").isNull(), f"{path} is no icon")
    return f"{len(models)} models in the catalogue, {len(fonts)} fonts, {len(icons)} icons"


def look_into_qt() -> str:
    """Qt finds its plugins without the variables of the bundle, which others inherit."""
    plugins = QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)
    demand(Path(plugins).is_relative_to(_BUNDLE), f"plugins of {plugins}")
    formats = {bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()}
    missing = {"png", "jpeg", "svg", "ico"} - formats
    demand(not missing, f"Qt cannot read {missing}")
    return f"{len(formats)} kinds of pictures"


def draw_formulas() -> str:
    """LaTeX becomes pictures: code, fonts and tables of the renderer."""
    formulas = (r"\frac{a}{b} + \sqrt{x^2}", r"\sum_{i=1}^{n} i \in \mathbb{R}", r"\vec{v} \neq 0")
    for tex in formulas:
        key = FormulaKey(tex=tex, display=True, size_px=16, colour="#000000", pixel_ratio=2.0)
        formula = draw_formula(key)
        demand(formula is not None and formula.width > 8, f"no picture of {tex}")
    return f"{len(formulas)} drawn"


def colour_code() -> str:
    """Source code gets colours; the lexers are loaded by name."""
    languages = (*COMMON_LANGUAGES, "rust", "go", "sql", "java")
    for language in languages:
        kinds = {kind for _, kind in code_spans('x = "text"; return 1 // 2\n', language)}
        demand(len(kinds) > 1, f"{language} has no colours")
    return f"{len(languages)} languages"


def export(folder: Path) -> str:
    """A chat is written in every format, as PDF by Qt."""
    sizes = []
    for kind in ExportFormat:
        path = folder / f"chat{kind.suffix}"
        write_chat(_chat(), path, kind=kind, labels=LABELS, options=ExportOptions())
        sizes.append(f"{kind.value} {path.stat().st_size}")
    demand((folder / "chat.pdf").read_bytes().startswith(b"%PDF"), "no PDF")
    return ", ".join(sizes) + " bytes"


def import_and_search(folder: Path) -> str:
    """A chat is read back, stored and found by two letters in its middle."""
    told: list[NoticeCode] = []
    store = ConversationStore(folder / "chats.sqlite3", on_notice=lambda n: told.append(n.code))
    store.open().result()
    imported, ids = import_file(store, folder / "chat.json")
    hits = store.search("码").result()
    back = store.read_tree(ids[0]).result()
    store.close()
    demand(imported.chats == (_chat(),) and back == _chat(), "the chat has changed")
    demand(len(hits) > 0, "it is not found")
    demand(not told, f"the store says {told}")
    return f"{len(hits)} found"


def attach(folder: Path) -> str:
    """Text comes out of PDF, encrypted PDF and Word files."""
    from pypdf import PdfWriter

    writer = PdfWriter(folder / "chat.pdf")
    writer.encrypt("", owner_password="owner", algorithm="AES-256")
    writer.write(folder / "locked.pdf")
    (folder / "chat.docx").write_bytes(_word_file())
    names = ("chat.pdf", "locked.pdf", "chat.docx", "chat.md")
    for name in names:
        # Qt writes the spaces of a PDF as tabs.
        text = " ".join(extract(folder / name).text.split())
        demand("drafts twice" in text, f"{name} has the text {text!r}")
    return ", ".join(names)


def load_secret_stores() -> str:
    """The back ends that keep tokens are found by their metadata."""
    found = {entry.name: entry.load() for entry in metadata.entry_points(group="keyring.backends")}
    if sys.platform.startswith("linux"):
        importlib.import_module("secretstorage")
    elif sys.platform == "win32":
        importlib.import_module("win32ctypes.pywin32.win32cred")
    demand({"SecretService", "Windows"} <= set(found), f"back ends: {set(found)}")
    return ", ".join(sorted(found))


def open_client() -> str:
    """The client of the hubs can be made: TLS and the certificates of this machine."""
    from engine.hub.http import open_client as make
    from engine.hub.settings import NetworkTimeouts

    importlib.import_module("huggingface_hub.hf_api")
    return type(make(NetworkTimeouts())).__name__


def read_licences() -> str:
    """Texts that About shows, of every part that brings one."""
    text = (_BUNDLE / THIRD_PARTY_FILE).read_text(encoding="utf-8")
    names = ("PySide6", "openvino-genai", "numpy", "pypdf", "ziamath", "Inter", "Python")
    missing = [name for name in names if f"\n{name}" not in text.replace("_", "-")]
    demand(not missing, f"not named: {missing}")
    demand((_BUNDLE / LICENCE_FILE).is_file(), "the program's own is not there")
    return f"{len(text)} characters"


def demand(condition: bool, otherwise: str) -> None:
    """Raise CheckError when something is not as it should be."""
    if not condition:
        raise CheckError(otherwise)


def _chat() -> ChatTree:
    question = Message(role=Role.USER, text="What is $\\frac{1}{2}$?")
    body = f"{TEXT}\n\n```python\nprint(1)\n```\n\n| a |\n|---|\n"
    answer = Message(role=Role.ASSISTANT, text=body)
    nodes = (
        TreeMessage(message=question, parent=None, created_at=1.0),
        TreeMessage(message=answer, parent=0, created_at=2.0),
    )
    return ChatTree(title="Check", created_at=1.0, updated_at=2.0, messages=nodes)


def _word_file() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>'
            "</w:body></w:document>",
        )
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
