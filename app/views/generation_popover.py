"""A small window above the composer: presets, sampling, limits, draft length, system prompt."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QPainterPath, QRegion, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.core.generation_settings import GenerationSettings, LengthMode
from app.core.placement_notes import Note
from app.core.preferences import declarations
from app.core.translation import Translate
from app.palette import Palette
from app.views.caption_combo import CaptionCombo
from app.views.labels import label
from app.views.length_choice import LengthChoice
from app.views.optional_spin import OptionalDoubleSpin, OptionalSpin, float_field, int_field
from app.views.preset_bar import PresetBar
from engine.metrics.report import LengthDecision
from engine.params import GenerationParams

_WIDTH_EM = 36
_FIELD_EM = 13
_RADIUS = 12
_TYPING_PAUSE_MS = 300
_HIGHEST_TEMPERATURE = 2.0
_HIGHEST_TOKEN_LIMIT = 32_768
_SCREEN_MARGIN = 24
_LENGTH_FIELDS = {
    "num_assistant_tokens": LengthMode.FIXED,
    "assistant_confidence_threshold": LengthMode.CONFIDENCE,
    "auto_num_assistant_tokens": LengthMode.AUTO,
}


class GenerationPopover(QFrame):
    """Shows settings and reports each change as `changed(key, value)`.

    The draft length has a signal of its own, for it belongs to the placement; so have the way it
    is chosen, and thinking.
    """

    changed = Signal(str, object)
    length_mode_changed = Signal(object)  # LengthMode
    num_assistant_tokens_changed = Signal(int)
    thinking_changed = Signal(object)  # bool | None

    def __init__(self, translate: Translate, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("popover")
        self.setAccessibleName(self.tr("Generation settings"))
        self._translate = translate
        self.presets = PresetBar(translate)
        self._make_numbers()
        self.thinking = self._make_thinking()
        self.length = LengthChoice(translate)
        self.stop_strings = self._text_field(lines=2)
        self.system_prompt = self._text_field(lines=5)
        self._notes: dict[str, QLabel] = {}
        self._captions: dict[str, QLabel] = {}
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_PAUSE_MS)
        self._scroll = QScrollArea()
        self._build()
        self._connect()

    def show_settings(self, settings: GenerationSettings) -> None:
        """Show values without reporting them as changes."""
        for key, field in self._numbers.items():
            field.show_optional(getattr(settings, key))
        choices = {None: "auto", True: "on", False: "off"}
        self.thinking.choose(choices[settings.enable_thinking])
        self._show_length_mode(settings.length_mode)
        self._show_text(self.system_prompt, settings.system_prompt)
        if tuple(self._stop_strings()) != settings.stop_strings:
            self._show_text(self.stop_strings, "\n".join(settings.stop_strings))

    def show_num_assistant_tokens(self, value: int) -> None:
        """Show the draft length without reporting it."""
        self.num_assistant_tokens.show_optional(value)

    def show_decision(self, decision: LengthDecision | None) -> None:
        """Show what is decided for the next answer, while the length is automatic."""
        self.length.show_decision(decision)
        self._show_length_mode(self.length.mode)
        self._fit_content()

    def show_defaults(self, defaults: GenerationParams, *, knows_thinking: bool) -> None:
        """Say what the loaded model does where nothing is set."""
        for key in ("top_p", "top_k", "repetition_penalty"):
            value = getattr(defaults, key)
            text = self.tr("Model\u2019s own")
            if value is not None:
                text = self.tr("Model\u2019s own ({value})").format(value=f"{value:g}")
            self._numbers[key].setSpecialValueText(text)
        for widget in (self.thinking, self._thinking_caption):
            widget.setVisible(knows_thinking)

    def show_notes(self, notes: Mapping[str, Note]) -> None:
        """Say beside a field that it is not used, or what comes with it."""
        for key, line in self._notes.items():
            note = notes.get(key)
            line.setText("" if note is None else note.text)
            line.setVisible(note is not None and self._is_shown(key))
            self._fields[key].setAccessibleDescription(line.text())
        self._fit_content()

    def open_above(self, anchor: QWidget) -> None:
        """Open with the lower left corner above `anchor`, as high as there is room."""
        em = self.fontMetrics().horizontalAdvance("m")
        for field in (*self._fields.values(), self.thinking):
            field.setFixedWidth(_FIELD_EM * em)
        self.setFixedWidth(min(_WIDTH_EM * em, anchor.window().width() - 2 * _SCREEN_MARGIN))
        corner = anchor.mapToGlobal(QPoint(0, -8))
        above = corner.y() - anchor.screen().availableGeometry().top() - _SCREEN_MARGIN
        self._fit_content()
        content = self._content.height() + self._chrome_height()
        self.setFixedHeight(max(200, min(content, above)))
        self.move(corner.x(), corner.y() - self.height())
        self.show()
        self.presets.combo.setFocus(Qt.FocusReason.PopupFocusReason)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.presets.apply_palette(palette)
        self.length.apply_palette(palette)

    def hideEvent(self, event: object) -> None:
        self._report_texts()
        super().hideEvent(event)  # type: ignore[arg-type]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        self.setMask(QRegion(path.toFillPolygon().toPolygon()))

    def _make_numbers(self) -> None:
        own, off, chance = self.tr("Model\u2019s own"), self.tr("Off"), self.tr("Random")
        known = declarations()
        self.temperature = OptionalDoubleSpin(low=0.0, high=_HIGHEST_TEMPERATURE, step=0.1)
        self.max_new_tokens = OptionalSpin(low=1, high=_HIGHEST_TOKEN_LIMIT, step=64, unset="")
        self.max_new_tokens.setMinimum(1)
        self.num_assistant_tokens = int_field(known["num_assistant_tokens"], unset="")
        self.num_assistant_tokens.setMinimum(1)
        self._numbers: dict[str, OptionalSpin | OptionalDoubleSpin] = {
            "temperature": self.temperature,
            "top_p": float_field(known["top_p"], unset=own),
            "top_k": int_field(known["top_k"], unset=own),
            "repetition_penalty": float_field(known["repetition_penalty"], unset=own),
            "seed": int_field(known["seed"], unset=chance),
            "max_new_tokens": self.max_new_tokens,
            "assistant_confidence_threshold": float_field(
                known["assistant_confidence_threshold"], unset=off
            ),
        }

    def _make_thinking(self) -> CaptionCombo:
        combo = CaptionCombo("", name=self.tr("Thinking before the answer"))
        for data, text in (
            ("auto", self.tr("As the model likes")),
            ("on", self.tr("On")),
            ("off", self.tr("Off")),
        ):
            combo.add_choice(data, short=text, long=text)
        return combo

    def _show_length_mode(self, mode: LengthMode) -> None:
        """Of the fields of a draft length only the one that counts is shown."""
        has_note = bool(self._notes["auto_num_assistant_tokens"].text())
        self.length.show_mode(mode, is_possible=not has_note)
        for key in _LENGTH_FIELDS:
            is_shown = self._is_shown(key)
            for widget in (self._captions[key], self._fields[key]):
                widget.setVisible(is_shown or widget is self.length.combo)
            self._notes[key].setVisible(is_shown and bool(self._notes[key].text()))
        self._captions["auto_num_assistant_tokens"].show()

    def _is_shown(self, key: str) -> bool:
        return _LENGTH_FIELDS.get(key, self.length.mode) is self.length.mode

    def _text_field(self, *, lines: int) -> QPlainTextEdit:
        field = QPlainTextEdit()
        field.setTabChangesFocus(True)
        field.setFixedHeight(lines * field.fontMetrics().lineSpacing() + 18)
        return field

    def _build(self) -> None:
        form = QVBoxLayout()
        form.setSpacing(4)
        threshold = "assistant_confidence_threshold"
        self._fields: dict[str, QWidget] = {
            **{key: field for key, field in self._numbers.items() if key != threshold},
            "auto_num_assistant_tokens": self.length.combo,
            "num_assistant_tokens": self.num_assistant_tokens,
            threshold: self._numbers[threshold],
        }
        for key, field in self._fields.items():
            self._add_row(form, key, field)
        form.addWidget(self.length)
        self._thinking_caption = label(self.tr("Thinking"), role="muted")
        form.addLayout(_row(self._thinking_caption, self.thinking))
        self._content = QWidget()
        inner = QVBoxLayout(self._content)
        inner.setContentsMargins(16, 0, 16, 4)
        inner.setSpacing(8)
        inner.addWidget(label(self._label_of("system_prompt"), role="muted"))
        inner.addWidget(self.system_prompt)
        inner.addLayout(form)
        inner.addWidget(label(self._label_of("stop_strings"), role="muted"))
        inner.addWidget(self.stop_strings)
        self._describe("system_prompt", self.system_prompt)
        self._describe("stop_strings", self.stop_strings)
        self._scroll.setWidget(self._content)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._frame()

    def _add_row(self, form: QVBoxLayout, key: str, field: QWidget) -> None:
        if field is self.length.combo:
            name = self.tr("Draft length")
        else:
            name = self._label_of(key)
            self._describe(key, field)
        caption = self._captions[key] = label(name, role="muted")
        caption.setToolTip(field.toolTip())
        form.addLayout(_row(caption, field))
        self._notes[key] = label("", role="caption", wrap=True)
        self._notes[key].hide()
        form.addWidget(self._notes[key])

    def _frame(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.setSpacing(8)
        head.addWidget(label(self.tr("Generation settings"), role="strong"))
        head.addWidget(self.presets)
        scope = self.tr("For this chat, and for chats begun after it.")
        self._foot = label(scope, role="caption", wrap=True)
        self._foot.setContentsMargins(16, 0, 16, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 14, 0, 14)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._foot)

    def _fit_content(self) -> None:
        """Give the notes the height their lines need; a scroll area does not ask for it."""
        width, layout = self.width() - 2, self._content.layout()
        if layout is None:
            return
        layout.activate()
        height = max(layout.totalHeightForWidth(width), layout.totalSizeHint().height())
        self._content.setFixedSize(width, height)

    def _chrome_height(self) -> int:
        """Everything but the content that scrolls."""
        return self.sizeHint().height() - self._scroll.sizeHint().height() + 6

    def _describe(self, key: str, field: QWidget) -> None:
        field.setAccessibleName(self._label_of(key))
        field.setToolTip(self._translate("Preferences", declarations()[key].explanation))

    def _label_of(self, key: str) -> str:
        return self._translate("Preferences", declarations()[key].label)

    def _connect(self) -> None:
        for key, field in self._numbers.items():
            field.changed.connect(partial(self.changed.emit, key))
        self.num_assistant_tokens.valueChanged.connect(self.num_assistant_tokens_changed)
        self.length.mode_chosen.connect(self.length_mode_changed)
        values = {"auto": None, "on": True, "off": False}
        self.thinking.activated.connect(
            lambda _: self.thinking_changed.emit(values[self.thinking.currentData()])
        )
        for text in (self.system_prompt, self.stop_strings):
            text.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._report_texts)

    def _stop_strings(self) -> list[str]:
        return [line for line in self.stop_strings.toPlainText().split("\n") if line]

    def _show_text(self, field: QPlainTextEdit, text: str) -> None:
        if field.toPlainText() != text:
            with QSignalBlocker(field):
                field.setPlainText(text)

    def _report_texts(self) -> None:
        self._typing.stop()
        self.changed.emit("system_prompt", self.system_prompt.toPlainText())
        self.changed.emit("stop_strings", tuple(self._stop_strings()))


def _row(caption: QLabel, field: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(caption, 1)
    row.addWidget(field)
    return row
