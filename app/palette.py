"""The shared colour tokens of the two themes, as plain hex values; the chat view's own colours are
in `app.chat_view.style`. No Qt here, so that anything may read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours of one theme as `#rrggbb`. Text colours keep a contrast of 4.5:1 on `bg`."""

    is_dark: bool
    bg: str
    side: str
    card: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    """Text on an `accent` surface."""
    accent_soft: str
    ok: str
    warn: str
    error: str
    code: str
    """Background of code blocks."""
    draft: str
    """Text of an accepted draft token."""
    selection: str


LIGHT = Palette(
    is_dark=False,
    bg="#ffffff",
    side="#f6f7f9",
    card="#ffffff",
    line="#e3e6eb",
    text="#1f2328",
    muted="#59636e",
    accent="#2563eb",
    on_accent="#ffffff",
    accent_soft="#e6eefc",
    ok="#157a49",
    warn="#8a5a00",
    error="#b42318",
    code="#f4f6f9",
    draft="#0b7a4b",
    selection="#b6d4fe",
)

DARK = Palette(
    is_dark=True,
    bg="#0f1216",
    side="#14181d",
    card="#181d24",
    line="#262c35",
    text="#e6e9ef",
    muted="#9aa4b2",
    accent="#5b9dff",
    on_accent="#0b1220",
    accent_soft="#1d2c44",
    ok="#4cc38a",
    warn="#e0b252",
    error="#ff8b82",
    code="#171b22",
    draft="#7ee0b0",
    selection="#2f5fa8",
)
