"""Frames: every message survives, and nothing else ever comes out of `decode` but its one error."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.backends.base import Run
from engine.errors import EngineProcessError, ErrorCode
from engine.events import LoadedPipeline, TextSpan
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.process_messages import Hello, Message, Reply, Request, RunsTold, StopCall
from engine.protocol import HEADER, MAX_FRAME_BYTES, check_hello, decode, encode, read_message

INTS = st.integers(-(2**63), 2**64)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.text(max_size=8)
PROPERTIES = st.lists(
    st.tuples(NAMES, st.one_of(NAMES, INTS, FLOATS, st.booleans())), max_size=3
).map(tuple)


@st.composite
def load_specs(draw: st.DrawFn) -> LoadSpec:
    with_draft = draw(st.booleans())
    return LoadSpec(
        main_path=draw(st.text(min_size=1)),
        draft_path=draw(st.text(min_size=1)) if with_draft else None,
        strategy=Strategy.DRAFT if with_draft else draw(st.sampled_from([*Strategy][1:])),
        placement=Placement(draw(NAMES), draw(st.text(min_size=1)) if with_draft else None),
        sampling=draw(st.booleans()),
        num_assistant_tokens=draw(st.none() | INTS),
        main_properties=draw(PROPERTIES),
    )


PARAMS = st.builds(
    GenerationParams,
    max_new_tokens=st.none() | st.integers(1, 1000),
    temperature=st.none() | st.floats(0, 5),
    top_p=st.none() | st.floats(0.1, 1),
    top_k=st.none() | st.integers(0, 1000),
    repetition_penalty=st.none() | st.floats(0.1, 10),
    seed=st.none() | st.integers(0, 2**64 - 1),
    stop_strings=st.lists(st.text(min_size=1), max_size=2).map(tuple),
    num_assistant_tokens=st.none() | st.integers(1, 32),
    assistant_confidence_threshold=st.none(),
)
st.register_type_strategy(GenerationParams, PARAMS)
st.register_type_strategy(LoadSpec, load_specs())
st.register_type_strategy(float, FLOATS)
st.register_type_strategy(int, INTS)
MESSAGES: st.SearchStrategy[Any] = st.one_of(
    *[st.from_type(kind) for kind in (*get_args(Request), *get_args(Reply))]
)


@given(MESSAGES)
@settings(deadline=None, max_examples=300)
def test_every_message_survives_the_wire(message: Message) -> None:
    frame = encode(message)
    assert decode(frame[HEADER.size :]) == message
    assert read_message(io.BytesIO(frame).read) == message


@given(st.binary(max_size=200))
@example(b"[" * 100_000)
@example(b'{"k":"r","c":1,"r":[[1,"",[],' + b"9" * 400 + b",[]]]}")
@example(b'{"k":"r","c":1,"r":[[1,"",[],0]]}')
@example(b'{"k":"r","c":1,"r":7}')
@example(b'{"k":"r","c":1,"r":[[1,"",[],' + b"9" * 5000 + b",[]]]}")
@example(b'{"k":"pong","number":NaN}')
@example(b'{"k":"pong","number":true}')
@example(b'{"k":["pong"]}')
@example(b'{"k":"load","call":1,"spec":{"main_path":""}}')
@example(b'{"k":"pong","number":1,"more":2}')
@example(b"\xff\xfe")
@settings(deadline=None)
def test_e12_garbage_in_a_frame_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(EngineProcessError) as caught:
        decode(body)
    assert caught.value.code is ErrorCode.ENGINE_PROTOCOL


JSON = st.recursive(
    st.none() | st.booleans() | INTS | FLOATS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
)


@given(MESSAGES, st.data())
@settings(deadline=None, max_examples=300)
def test_e12_a_damaged_message_decodes_to_a_message_or_a_protocol_error(
    message: Message, data: st.DataObject
) -> None:
    plain = json.loads(encode(message)[HEADER.size :])
    key = data.draw(st.sampled_from(sorted(plain)))
    plain[key] = data.draw(JSON)
    with suppress(EngineProcessError):
        assert isinstance(decode(json.dumps(plain).encode()), Message)


@given(st.binary(max_size=64))
@settings(deadline=None)
def test_e12_garbage_on_the_stream_ends_or_is_a_protocol_error(stream: bytes) -> None:
    read = io.BytesIO(stream).read
    with suppress(EngineProcessError):
        assert read_message(read) is None


@pytest.mark.parametrize("cut", [1, 3, 4, 5, 20])
def test_e12_half_a_frame_is_a_protocol_error(cut: int) -> None:
    frame = encode(StopCall(call=123456789))
    with pytest.raises(EngineProcessError, match="ended"):
        read_message(io.BytesIO(frame[:cut]).read)


def test_end_between_frames_is_the_end() -> None:
    assert read_message(io.BytesIO(b"").read) is None


def test_a_frame_that_claims_too_much_is_refused_before_it_is_read() -> None:
    with pytest.raises(EngineProcessError, match="claims"):
        read_message(io.BytesIO(HEADER.pack(MAX_FRAME_BYTES + 1)).read)


def test_a_message_too_long_is_refused_before_it_is_sent() -> None:
    run = Run(token_count=1, text="x" * MAX_FRAME_BYTES, spans=(), at_s=0.0)
    with pytest.raises(EngineProcessError, match="longer"):
        encode(RunsTold(1, (run,)))


def test_a_nan_never_gets_on_the_wire() -> None:
    with pytest.raises(EngineProcessError, match="JSON"):
        encode(RunsTold(1, (Run(token_count=1, text="", spans=(), at_s=float("nan")),)))


def test_a_lone_surrogate_survives() -> None:
    message = RunsTold(1, (Run(token_count=1, text="a\ud83d", spans=(), at_s=0.5),))
    assert decode(encode(message)[HEADER.size :]) == message


def test_a_run_stays_small_on_the_wire() -> None:
    spans = (TextSpan(characters=13, step=4, accepted=True),)
    run = Run(token_count=5, text=" and then the", spans=spans, at_s=1.25)
    assert len(encode(RunsTold(7, (run,)))) < 100


@pytest.mark.parametrize("first", [None, StopCall(call=1), Hello(version=99)])
def test_only_a_greeting_of_this_version_opens_the_talk(first: Message | None) -> None:
    check_hello(Hello())
    with pytest.raises(EngineProcessError):
        check_hello(first)


def test_numbers_keep_their_types_in_properties() -> None:
    spec = LoadSpec(main_path="m", main_properties=(("a", 1), ("b", 1.0), ("c", True), ("d", "1")))
    from engine.process_messages import LoadCall

    decoded = decode(encode(LoadCall(call=1, spec=spec))[HEADER.size :])
    assert isinstance(decoded, LoadCall)
    kinds = [type(value) for _, value in decoded.spec.main_properties]
    assert kinds == [int, float, bool, str]
    assert LoadedPipeline.__slots__, "the codec relies on plain slotted values"
