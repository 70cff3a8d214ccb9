"""What the pieces of one long block of code share: sideways position, wrapping, and the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.chat_view.sideways import Sideways

if TYPE_CHECKING:
    from app.chat_view.code_block import CodeBlock


class CodeParts:
    """Blocks by their number; `wraps` is the user's choice: long lines go on below."""

    def __init__(self) -> None:
        self.sideways = Sideways()
        self.wraps = False
        self.blocks: dict[int, CodeBlock] = {}
        self._widths: dict[int, float] = {}

    def whole(self) -> str:
        """All the code, without its fence."""
        return "\n".join(self.blocks[part].code_text() for part in sorted(self.blocks))

    def fit(self, part: int, *, content: float, visible: float) -> None:
        """One part has been laid out: the widest of them decides how far they scroll."""
        self._widths[part] = content
        self.sideways.fit(content=max(self._widths.values()), visible=visible)
