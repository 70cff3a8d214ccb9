"""The bar above the chat: which pair answers, where each model runs, switches of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from app.core.load_choice import LoadChoice
from app.core.preferences import Theme
from app.icons import icon
from app.palette import Palette
from app.views.caption_combo import CaptionCombo
from app.views.caption_spin import CaptionSpin
from app.views.labels import icon_button
from app.views.pair_button import PairButton
from app.views.state_chip import StateChip
from engine.events import DeviceInfo
from engine.params import MAX_NUM_ASSISTANT_TOKENS
from engine.placement import Strategy

BAR_HEIGHT = 56
_CAPTION_FROM_WIDTH = 860


class TopBar(QFrame):
    """Shows a LoadChoice and reports what the user changes; it changes nothing by itself."""

    main_device_chosen = Signal(str)
    draft_device_chosen = Signal(str)
    strategy_chosen = Signal(object)  # Strategy
    num_assistant_tokens_chosen = Signal(int)
    token_colours_toggled = Signal(bool)
    theme_chosen = Signal(object)  # Theme
    stats_toggled = Signal(bool)
    sidebar_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setFixedHeight(BAR_HEIGHT)
        self.pair = PairButton()
        self.chip = StateChip()
        self.main_device = CaptionCombo(self.tr("Main"), name=self.tr("Device of the main model"))
        self.draft_device = CaptionCombo(
            self.tr("Draft"), name=self.tr("Device of the draft model")
        )
        self.strategy = self._make_strategy()
        self.num_assistant_tokens = self._make_spin()
        self.sidebar_button = icon_button(self.tr("Sidebar (Ctrl+B)"), checkable=True)
        self.colours_button = icon_button(
            self.tr("Tint accepted draft tokens (Ctrl+T)"), checkable=True
        )
        self.theme_button = icon_button(self.tr("Theme"))
        self.theme_actions = self._make_theme_menu()
        self.stats_button = icon_button(self.tr("Statistics (Ctrl+I)"), checkable=True)
        self._palette: Palette | None = None
        self._choice: LoadChoice | None = None
        self._is_auto = False
        self._build()
        self._connect()

    def set_text_scale(self, scale: float) -> None:
        """Follow the size of text."""
        self.setFixedHeight(round(BAR_HEIGHT * max(1.0, scale)))
        self.chip.set_text_scale(scale)

    def show_choice(self, choice: LoadChoice) -> None:
        """Show pair, devices and strategy."""
        self.pair.show_text(self._pair_text(choice))
        self.main_device.choose(choice.main_device)
        self.draft_device.choose(choice.draft_device)
        strategy = choice.effective_strategy
        self.strategy.choose(strategy)
        self.draft_device.setEnabled(strategy is Strategy.DRAFT)
        self._choice = choice
        self._show_length()

    def show_auto_length(self, is_auto: bool) -> None:
        """Show that the engine chooses the draft length."""
        self._is_auto = is_auto
        self._show_length()

    def show_devices(self, devices: Sequence[DeviceInfo]) -> None:
        """Offer these devices for both models; the present choices stay."""
        for combo in (self.main_device, self.draft_device):
            present = str(combo.currentData() or "CPU")
            combo.clear()
            for device in devices:
                name = device.name
                if device.emulated:
                    name = self.tr("{device} (emulated)").format(device=name)
                combo.add_choice(
                    device.name, short=name, long=f"{name}  \u00b7  {device.full_name}"
                )
            combo.choose(present)
            combo.updateGeometry()

    def show_switches(self, *, token_colours: bool, theme: Theme) -> None:
        """Show preferences."""
        self.colours_button.setChecked(token_colours)
        self.theme_actions[theme].setChecked(True)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.chip.apply_palette(palette)
        icons = {
            self.sidebar_button: "panel-left",
            self.colours_button: "palette",
            self.theme_button: "moon" if palette.is_dark else "sun",
            self.stats_button: "chart-line",
        }
        for button, name in icons.items():
            button.setIcon(icon(name, palette.muted))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.num_assistant_tokens.show_caption(self.width() >= _CAPTION_FROM_WIDTH)

    def _show_length(self) -> None:
        spin, choice = self.num_assistant_tokens, self._choice
        strategy = choice.effective_strategy if choice is not None else Strategy.NONE
        is_auto = self._is_auto and (choice is None or choice.allows_auto_length)
        with QSignalBlocker(spin):
            spin.setSpecialValueText(self.tr("Auto") if is_auto else "")
            spin.setMinimum(0 if is_auto else 1)
            if is_auto or choice is not None:
                spin.setValue(0 if is_auto or choice is None else choice.num_assistant_tokens)
        spin.setEnabled(strategy is not Strategy.NONE and not is_auto)
        spin.setToolTip(
            self.tr("The draft length is chosen automatically; the generation settings say so")
            if is_auto
            else self.tr("num_assistant_tokens: tokens proposed before the main model checks them")
        )
        spin.updateGeometry()

    def _pair_text(self, choice: LoadChoice) -> str:
        pair = choice.pair
        if pair.is_scripted:
            return self.tr("Scripted answers")
        if pair.is_demonstration:
            return self.tr("Demonstration pair")
        if pair.draft_name is None or choice.effective_strategy is not Strategy.DRAFT:
            return pair.main_name
        return self.tr("{main} + {draft}").format(main=pair.main_name, draft=pair.draft_name)

    def _make_strategy(self) -> CaptionCombo:
        combo = CaptionCombo("", name=self.tr("Strategy"))
        combo.add_choice(
            Strategy.DRAFT,
            short=self.tr("Draft model"),
            long=self.tr("Draft model: a small model proposes, the main model checks"),
        )
        combo.add_choice(
            Strategy.PROMPT_LOOKUP,
            short=self.tr("Prompt lookup"),
            long=self.tr("Prompt lookup: proposals are copied from the prompt"),
        )
        combo.add_choice(
            Strategy.NONE,
            short=self.tr("No draft"),
            long=self.tr("No draft: one main step for every token"),
        )
        combo.setToolTip(self.tr("Where the proposed tokens come from"))
        return combo

    def _make_spin(self) -> CaptionSpin:
        spin = CaptionSpin(self.tr("Assistant tokens"), name="num_assistant_tokens")
        spin.setRange(1, MAX_NUM_ASSISTANT_TOKENS)
        spin.setKeyboardTracking(False)
        return spin

    def _make_theme_menu(self) -> dict[Theme, QAction]:
        menu, group = QMenu(self.theme_button), QActionGroup(self)
        names = {
            Theme.SYSTEM: self.tr("Follow the system"),
            Theme.LIGHT: self.tr("Light"),
            Theme.DARK: self.tr("Dark"),
        }
        actions: dict[Theme, QAction] = {}
        for theme, name in names.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, chosen=theme: self.theme_chosen.emit(chosen))
            group.addAction(action)
            actions[theme] = action
        self.theme_button.setMenu(menu)
        self.theme_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return actions

    def _build(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(1)
        names.setContentsMargins(0, 8, 0, 8)
        names.addWidget(self.pair)
        names.addWidget(self.chip)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 14, 0)
        layout.setSpacing(8)
        layout.addWidget(self.sidebar_button)
        layout.addSpacing(2)
        layout.addLayout(names, 1)
        for control in (
            self.main_device,
            self.draft_device,
            self.strategy,
            self.num_assistant_tokens,
        ):
            layout.addWidget(control)
        layout.addSpacing(4)
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        for button in (self.colours_button, self.theme_button, self.stats_button):
            buttons.addWidget(button)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.main_device.activated.connect(
            lambda _: self.main_device_chosen.emit(self.main_device.currentData())
        )
        self.draft_device.activated.connect(
            lambda _: self.draft_device_chosen.emit(self.draft_device.currentData())
        )
        self.strategy.activated.connect(
            lambda _: self.strategy_chosen.emit(Strategy(self.strategy.currentData()))
        )
        self.num_assistant_tokens.valueChanged.connect(self.num_assistant_tokens_chosen)
        self.colours_button.clicked.connect(self.token_colours_toggled)
        self.stats_button.clicked.connect(self.stats_toggled)
        self.sidebar_button.clicked.connect(self.sidebar_toggled)
