"""`chat`: loads a pipeline through a session and answers one question, or one a line."""

from __future__ import annotations

import argparse
import queue
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from types import FrameType

from engine.backends.process_backend import ProcessBackend
from engine.cli.exit_codes import ExitCode, exit_code_of
from engine.cli.output import Output
from engine.cli.requests import find_folders, make_params, make_spec, open_registry
from engine.errors import ErrorInfo
from engine.events import (
    EngineEvent,
    FinishReason,
    GenerationFailed,
    GenerationFinished,
    LengthDecided,
    LoadedPipeline,
    LoadFailed,
    PipelineLoaded,
)
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.metrics.report import LengthReason
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.placement_rules import Effect, check_params, unused_defaults
from engine.session import InferenceSession

# Waiting without a limit would keep Ctrl+C from being heard on Windows.
_WAIT_S = 0.2
_CLOSE_S = 5.0


class Interrupted(Exception):
    """Ctrl+C with nothing to stop, or for the second time."""


class Chat:
    """One session on the command line. Ctrl+C stops the answer, a second one quits.

    Args:
        session_events: where the session's sink puts its events.
    """

    def __init__(
        self,
        session: InferenceSession,
        session_events: queue.SimpleQueue[EngineEvent],
        output: Output,
    ) -> None:
        self._session = session
        self._events = session_events
        self._output = output
        self._messages: list[ChatMessage] = []
        self._current: int | None = None
        self._pipeline: LoadedPipeline | None = None
        self._wanted: LoadSpec | None = None
        self._decided: LengthDecided | None = None

    def load(self, spec: LoadSpec) -> ErrorInfo | None:
        """Load and wait; the error, or None."""
        self._wanted = spec
        return self._load(spec)

    def _load(self, spec: LoadSpec) -> ErrorInfo | None:
        self._session.load(spec)
        for event in self._listen():
            if isinstance(event, PipelineLoaded):
                self._pipeline = event.pipeline
                for finding in unused_defaults(spec, event.pipeline.defaults):
                    self._output.unused(finding)
                return None
            if isinstance(event, LoadFailed):
                return event.error
        return None

    def follow_decision(self) -> ErrorInfo | None:
        """Set the draft aside, or take it back, where the last answer says that it pays."""
        decided, pipeline, wanted = self._decided, self._pipeline, self._wanted
        if decided is None or pipeline is None or wanted is None:
            return None
        self._decided = None
        is_plain = pipeline.spec.strategy is Strategy.NONE
        if is_plain is (decided.decision.reason is LengthReason.PLAIN_IS_FASTER):
            return None
        self._output.draft_changed(decided.decision)
        return self._load(wanted if is_plain else _without_draft(wanted))

    def say_system(self, text: str) -> None:
        """Begin the chat with a system prompt."""
        self._messages.append(ChatMessage(Role.SYSTEM, text))

    def ask(
        self, text: str, *, params: GenerationParams, enable_thinking: bool | None
    ) -> ErrorInfo | FinishReason:
        """Ask and wait; how the answer ended, or the error."""
        self._messages.append(ChatMessage(Role.USER, text))
        request = GenerationRequest(
            messages=tuple(self._messages), params=params, enable_thinking=enable_thinking
        )
        self._current = self._session.generate(request)
        try:
            for event in self._listen():
                if isinstance(event, LengthDecided):
                    self._decided = event
                if isinstance(event, GenerationFinished):
                    return self._finish(event)
                if isinstance(event, GenerationFailed):
                    return event.error
        finally:
            self._current = None
        raise AssertionError("the events ended")

    def _finish(self, event: GenerationFinished) -> FinishReason:
        self._messages.append(ChatMessage(Role.ASSISTANT, event.text))
        if self._pipeline is not None:
            self._output.report(event.report, self._pipeline)
        return event.finish_reason

    def _listen(self) -> Iterator[EngineEvent]:
        while True:
            try:
                event = self._events.get(timeout=_WAIT_S)
            except queue.Empty:
                continue
            self._output.event(event)
            yield event

    def on_interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        """Stop the answer, or leave.

        Raises:
            Interrupted: nothing was left to stop.
        """
        if self._current is None or not self._session.request_stop(self._current):
            raise Interrupted


def run_chat(arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Carry out the command.

    Raises:
        EngineError: a model is not there, a parameter is out of range or cannot be used.
    """
    folders = find_folders(arguments.data_dir)
    spec = make_spec(arguments, open_registry(folders))
    params = make_params(arguments)
    for finding in check_params(spec, params):
        if finding.effect is not Effect.REFUSED:
            output.unused(finding)
    events: queue.SimpleQueue[EngineEvent] = queue.SimpleQueue()
    session = InferenceSession(ProcessBackend(log_dir=folders.logs), events.put)
    chat = Chat(session, events, output)
    previous = signal.signal(signal.SIGINT, chat.on_interrupt)
    try:
        return _converse(chat, arguments, spec=spec, params=params, output=output)
    except Interrupted:
        return ExitCode.INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        session.close(_CLOSE_S)
        signal.signal(signal.SIGINT, previous)


def _converse(
    chat: Chat,
    arguments: argparse.Namespace,
    *,
    spec: LoadSpec,
    params: GenerationParams,
    output: Output,
) -> ExitCode:
    failure = chat.load(spec)
    if failure is not None:
        output.error(failure)
        return exit_code_of(failure.code)
    if arguments.system:
        chat.say_system(arguments.system)
    thinking = None if arguments.thinking is None else arguments.thinking == "on"
    code = ExitCode.OK
    for question in _questions(arguments):
        failure = chat.follow_decision()
        if failure is not None:
            output.error(failure)
            return exit_code_of(failure.code)
        ended = chat.ask(question, params=params, enable_thinking=thinking)
        if isinstance(ended, ErrorInfo):
            output.error(ended)
            return exit_code_of(ended.code)
        stopped = ended is FinishReason.STOPPED
        code = ExitCode.INTERRUPTED if stopped else ExitCode.OK
    return code


def _without_draft(spec: LoadSpec) -> LoadSpec:
    return replace(
        spec,
        strategy=Strategy.NONE,
        draft_path=None,
        placement=Placement(spec.placement.main_device),
        num_assistant_tokens=None,
        draft_properties=(),
    )


def _questions(arguments: argparse.Namespace) -> Iterator[str]:
    """The prompt, all of standard input, or one question a line."""
    if arguments.prompt == "-":
        yield sys.stdin.read()
    elif arguments.prompt is not None:
        yield arguments.prompt
    else:
        for line in sys.stdin:
            if line.strip():
                yield line.rstrip("\n")
