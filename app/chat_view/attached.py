"""A user's message as pieces: each attached text under a mark of its own, then what was written.
No Qt."""

from __future__ import annotations

from dataclasses import replace

from app.chat_view.message_parts import plain_pieces
from app.chat_view.pieces import AttachedText, Piece, PieceKind
from app.core.attachments.prompt import AttachedPart, attached_parts
from app.core.token_estimate import TokenEstimator


def user_pieces(message: str) -> list[Piece]:
    """Pieces of a message as it was composed; joined they are exactly that text."""
    pieces: list[Piece] = []
    written = 0
    for part in attached_parts(message):
        pieces += _attached_pieces(message, part)
        written = part.end
    return pieces + [
        replace(piece, offset=written + piece.offset) for piece in plain_pieces(message[written:])
    ]


def _attached_pieces(message: str, part: AttachedPart) -> list[Piece]:
    """The head, the text with the line end behind it, and the closing mark."""
    text = message[part.text_start : part.text_end]
    attached = AttachedText(
        offset=part.start,
        name=part.name,
        size_bytes=len(text.encode("utf-8", "replace")),
        estimated_tokens=TokenEstimator().of_text(text),
    )
    behind = part.text_end + 1
    return [
        _mark(PieceKind.ATTACHED, message, part.start, part.text_start, attached),
        *(
            replace(piece, offset=part.text_start + piece.offset, attached=attached)
            for piece in plain_pieces(message[part.text_start : behind])
        ),
        _mark(PieceKind.ATTACHED_END, message, behind, part.end, attached),
    ]


def _mark(kind: PieceKind, message: str, start: int, end: int, attached: AttachedText) -> Piece:
    return Piece(kind=kind, source=message[start:end], offset=start, attached=attached)


def searched_text(message: str) -> str:
    """A message of the same length without the marks around attached texts, which are not shown."""
    text = message
    for part in attached_parts(message):
        name = message.index(part.name, part.start)
        for start, end in (
            (part.start, name),
            (name + len(part.name), part.text_start),
            (part.text_end, part.end),
        ):
            text = text[:start] + "\n" * (end - start) + text[end:]
    return text


def spoken_text(message: str) -> str:
    """A message as it is read aloud: names instead of the attached texts."""
    parts = attached_parts(message)
    names = [part.name for part in parts]
    return "\n".join((*names, message[parts[-1].end if parts else 0 :]))
