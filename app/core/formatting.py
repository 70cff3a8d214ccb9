"""Numbers and units as short text. A figure that was not measured is a dash, never a zero."""

from __future__ import annotations

DASH = "\u2013"
THIN_SPACE = "\u202f"


def count(value: int | None) -> str:
    """Format a whole number with thin spaces between thousands."""
    return DASH if value is None else f"{value:,}".replace(",", THIN_SPACE)


def rate(value: float | None) -> str:
    """Format tokens per second with three significant places and no unit."""
    if value is None:
        return DASH
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def share(value: float | None) -> str:
    """Format a share 0..1 as a whole percentage."""
    return DASH if value is None else f"{value * 100:.0f}{THIN_SPACE}%"


def ratio(value: float | None) -> str:
    """Format a small ratio, such as a mean acceptance length, with two places."""
    return DASH if value is None else f"{value:.2f}"


def duration(seconds: float | None) -> str:
    """Format a duration: milliseconds below one second, minutes above one minute."""
    if seconds is None:
        return DASH
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f}{THIN_SPACE}ms"
    if seconds < 60:
        return f"{seconds:.1f}{THIN_SPACE}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}{THIN_SPACE}min {rest}{THIN_SPACE}s"


def size(size_bytes: int | None) -> str:
    """Format a number of bytes in decimal units, as disks and hubs do."""
    if size_bytes is None:
        return DASH
    value, units = float(size_bytes), ("B", "kB", "MB", "GB", "TB")
    for unit in units:
        if value < 999.5 or unit == units[-1]:
            break
        value /= 1000
    places = 0 if unit == "B" or value >= 99.95 else 1
    return f"{value:.{places}f}{THIN_SPACE}{unit}"
