"""Frames of the engine process: messages <-> bytes. Knows no pipes and no processes.

A frame is 4 bytes of length (big-endian) and UTF-8 JSON. The first frame each way is `Hello`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

from engine.backends.base import Run
from engine.codec import from_plain, to_plain
from engine.errors import EngineError, EngineProcessError, ErrorCode
from engine.events import TextSpan
from engine.process_messages import (
    PROTOCOL_VERSION,
    CloseCall,
    DevicesCall,
    DevicesTold,
    DoneTold,
    ErrorTold,
    GenerateCall,
    Hello,
    LoadCall,
    LoadedTold,
    Message,
    PhaseTold,
    Ping,
    Pong,
    RunsTold,
    StopCall,
    UnloadCall,
    UnloadedTold,
)

MAX_FRAME_BYTES = 16 * 1024 * 1024
HEADER = struct.Struct(">I")


_KINDS: dict[str, type[Any]] = {
    "hello": Hello,
    "load": LoadCall,
    "generate": GenerateCall,
    "stop": StopCall,
    "unload": UnloadCall,
    "devices": DevicesCall,
    "ping": Ping,
    "close": CloseCall,
    "phase": PhaseTold,
    "loaded": LoadedTold,
    "done": DoneTold,
    "unloaded": UnloadedTold,
    "device_list": DevicesTold,
    "error": ErrorTold,
    "pong": Pong,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_RUNS = "r"
_KIND_KEY = "k"
_encode_json = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def encode(message: Message) -> bytes:
    """Make the frame of a message, length included.

    Raises:
        EngineProcessError: ENGINE_PROTOCOL, the message is too long or holds a NaN.
    """
    if type(message) is RunsTold:
        plain = _runs_to_plain(message)
    else:
        plain = to_plain(message)
        plain[_KIND_KEY] = _NAMES[type(message)]
    try:
        body = _encode_json(plain).encode("ascii")
    except ValueError as error:
        raise _violation(f"A message cannot be written as JSON: {error}") from error
    if len(body) > MAX_FRAME_BYTES:
        raise _violation(f"A message of {len(body)} bytes is longer than a frame may be.")
    return HEADER.pack(len(body)) + body


def decode(body: bytes) -> Message:
    """Read the message in the body of a frame.

    Raises:
        EngineProcessError: ENGINE_PROTOCOL, whatever is wrong with it.
    """
    try:
        plain = _decode_json(body)
        if type(plain) is not dict:
            raise ValueError("not an object")
        name = plain.pop(_KIND_KEY, None)
        if name == _RUNS:
            return _runs_from_plain(plain)
        if type(name) is not str or name not in _KINDS:
            raise ValueError(f"unknown kind {name!r:.40}")
        message: Message = from_plain(_KINDS[name], plain)
        return message
    except (ValueError, OverflowError, RecursionError, EngineError) as error:
        raise _violation(f"A frame of {len(body)} bytes makes no sense: {error}") from error


def read_message(read_exactly: Callable[[int], bytes]) -> Message | None:
    """Read one message; None at the end of the stream between two frames.

    Args:
        read_exactly: returns as many bytes as asked for, fewer only at the end of the stream.

    Raises:
        EngineProcessError: ENGINE_PROTOCOL.
    """
    header = read_exactly(HEADER.size)
    if not header:
        return None
    if len(header) < HEADER.size:
        raise _violation("The stream ended inside a frame header.")
    (length,) = HEADER.unpack(header)
    if length > MAX_FRAME_BYTES:
        raise _violation(f"A frame claims {length} bytes.")
    body = read_exactly(length)
    if len(body) < length:
        raise _violation(f"The stream ended {length - len(body)} bytes before the frame.")
    return decode(body)


def check_hello(message: Message | None) -> None:
    """Demand that the first frame is a `Hello` of this version.

    Raises:
        EngineProcessError: ENGINE_PROTOCOL.
    """
    if not isinstance(message, Hello):
        raise _violation("The first frame is no greeting.")
    if message.version != PROTOCOL_VERSION:
        raise _violation(f"Protocol {message.version} instead of {PROTOCOL_VERSION}.")


def _violation(text: str) -> EngineProcessError:
    return EngineProcessError(text, code=ErrorCode.ENGINE_PROTOCOL)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_json_decoder = json.JSONDecoder(parse_constant=_refuse_constant)


def _decode_json(body: bytes) -> Any:
    return _json_decoder.decode(body.decode("utf-8"))


def _runs_to_plain(message: RunsTold) -> dict[str, Any]:
    return {
        _KIND_KEY: _RUNS,
        "c": message.call,
        "r": [
            (
                run.token_count,
                run.text,
                [(span.characters, span.step, span.accepted) for span in run.spans],
                run.at_s,
                run.token_ids,
            )
            for run in message.runs
        ],
    }


def _runs_from_plain(plain: dict[str, Any]) -> RunsTold:
    call, runs = plain.get("c"), plain.get("r")
    if type(call) is not int or type(runs) is not list:
        raise ValueError("no runs")
    return RunsTold(call, tuple([_run_from_plain(run) for run in runs]))


def _run_from_plain(plain: Any) -> Run:
    if type(plain) is not list or len(plain) != 5:
        raise ValueError("not a run")
    count, text, spans, at_s, ids = plain
    if type(count) is not int or type(text) is not str:
        raise ValueError("not a run")
    if not isinstance(at_s, float | int) or type(spans) is not list:
        raise ValueError("not a run")
    if type(ids) is not list or not all(type(token) is int for token in ids):
        raise ValueError("not a run")
    return Run(
        token_count=count,
        text=text,
        spans=tuple([_span_from_plain(span) for span in spans]),
        at_s=float(at_s),
        token_ids=tuple(ids),
    )


def _span_from_plain(plain: Any) -> TextSpan:
    if type(plain) is not list or len(plain) != 3:
        raise ValueError("not a span")
    characters, step, accepted = plain
    if type(characters) is not int or type(step) is not int or type(accepted) is not bool:
        raise ValueError("not a span")
    return TextSpan(characters=characters, step=step, accepted=accepted)
