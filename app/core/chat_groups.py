"""Under which heading a chat stands in the list: how long ago it was used. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class GroupKind(StrEnum):
    """Kinds of headings, newest first."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    """The seven days before yesterday."""
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class DayGroup:
    """A heading; year and month tell months apart."""

    kind: GroupKind
    year: int = 0
    month: int = 0


def day_group(used_at: datetime, now: datetime) -> DayGroup:
    """The heading of a chat; both times are in the user's own time zone."""
    days = (now.date() - used_at.date()).days
    if days <= 0:
        # A clock that was set back must not make chats of the future vanish.
        return DayGroup(GroupKind.TODAY)
    if days == 1:
        return DayGroup(GroupKind.YESTERDAY)
    if used_at.date() >= now.date() - timedelta(days=8):
        return DayGroup(GroupKind.WEEK)
    return DayGroup(GroupKind.MONTH, used_at.year, used_at.month)
