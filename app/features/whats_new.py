"""Shows what changed after an upgrade, once. Reads CHANGELOG.md, which ships with the program."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from app.controllers.preferences_controller import PreferencesController
from app.core.changelog import Release, news_since, parse_changelog
from app.core.project import CHANGELOG_FILE
from engine.resources import asset_root
from engine.version import __version__


def add_whats_new(
    window: QWidget, preferences: PreferencesController, *, is_scripted: bool
) -> QDialog | None:
    """Show the news if the version before was older, and remember this version.

    Args:
        is_scripted: the window is run by --ask or --screenshot; nothing is shown or remembered.
    """
    last = preferences.current.last_version
    if is_scripted or last == __version__:
        return None
    preferences.update(last_version=__version__)
    news = news_since(_releases(), last=last, current=__version__)
    return _show(window, news) if news else None


def show_all_news(window: QWidget) -> QDialog:
    """Show every version's changes."""
    return _show(window, [release for release in _releases() if release.body])


def _releases() -> tuple[Release, ...]:
    """The changelog; empty where the program was installed without it."""
    try:
        return parse_changelog((asset_root().parent / CHANGELOG_FILE).read_text(encoding="utf-8"))
    except OSError:
        return ()


def _show(window: QWidget, releases: tuple[Release, ...] | list[Release]) -> QDialog:
    from app.views.text_dialogs import news_dialog

    parts = [f"## {release.version or __version__}\n\n{release.body}" for release in releases]
    dialog = news_dialog(window, "\n\n".join(parts))
    dialog.open()
    return dialog
