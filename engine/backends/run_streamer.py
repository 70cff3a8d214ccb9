"""Receives the runs of one answer from the runtime and turns them into `Run` values.

Never raises into the runtime and always answers with a status: anything else ends the process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from functools import cache, partial
from typing import Any

from engine.backends.base import Run, Work
from engine.backends.detokenizer import Detokenizer
from engine.backends.openvino_runtime import load_genai
from engine.backends.stop_strings import Piece, StopStrings
from engine.events import TextSpan


class RunCollector:
    """Counts run lengths, decodes text and watches for the end of the answer.

    Guarantees: `on_run` is called once per run, in order, and never after `finish`; the texts
    joined are the decoded ids up to the end. Hazard: runs on the runtime's own thread.

    Args:
        detokenizer: a fresh one.
        on_run: where runs go; it must be quick, generation waits for it.
        on_work: where what makes a run goes instead, when nothing waits for the text.
        is_stopped: asked before each run; a run that comes after the stop is not shown.
        has_candidates: whether runs hold accepted candidates (draft or prompt lookup).
        end_tokens: ids that end the answer here, for paths where the runtime overlooks them.
        stop_strings: texts that end the answer.
    """

    def __init__(
        self,
        detokenizer: Detokenizer,
        *,
        on_run: Callable[[Run], None],
        on_work: Callable[[Work], None] | None = None,
        is_stopped: Callable[[], bool],
        has_candidates: bool,
        end_tokens: Collection[int] = (),
        stop_strings: Sequence[str] = (),
    ) -> None:
        self._detokenizer = detokenizer
        self._on_run = on_run
        # Text that may end the answer is needed at once.
        self._on_work = None if end_tokens or stop_strings else on_work
        self._is_stopped = is_stopped
        self._has_candidates = has_candidates
        self._end_tokens = frozenset(end_tokens)
        self._stop_strings = StopStrings(stop_strings)
        self._started_s = time.perf_counter()
        self._steps = 0
        self._closed = False
        self.opening = ""
        """What the prompt has already written of the answer; it goes before its first text."""
        self.token_count = 0
        self.was_stopped = False
        """The user's stop ended the answer."""
        self.found_end = False
        """An end token or a stop string ended the answer here, not in the runtime."""
        self.error: BaseException | None = None
        """What a callback raised; the backend raises it again when the runtime has returned."""

    def take(self, tokens: Sequence[int]) -> bool:
        """Take one run; returns False when the answer is over."""
        if self._closed or self.was_stopped or self.found_end or self.error is not None:
            return False
        at_s = time.perf_counter() - self._started_s
        if self._is_stopped():
            self.was_stopped = True
            return False
        if self._end_tokens:
            tokens = self._cut_at_end_token(tokens)
        self.token_count += len(tokens)
        self._hand_on(partial(self._run, tokens, at_s))
        return not self.found_end

    def _hand_on(self, work: Work) -> None:
        if self._on_work is not None:
            self._on_work(partial(self._guarded, work))
        elif (run := work()) is not None:
            self._on_run(run)

    def _guarded(self, work: Work) -> Run | None:
        """Work that is done when the runtime does not wait for it: an error ends the answer."""
        try:
            return work() if self.error is None else None
        except Exception as error:  # noqa: BLE001 border to the runtime, as in the streamer
            self.error = error
            return None

    def _run(self, tokens: Sequence[int], at_s: float) -> Run:
        pieces = self._stop_strings.add(self._decode(tokens))
        if self._stop_strings.found:
            self.found_end = True
        self._steps += 1
        return self._made_of(tokens, pieces, at_s)

    def _cut_at_end_token(self, tokens: Sequence[int]) -> Sequence[int]:
        for index, token in enumerate(tokens):
            if token in self._end_tokens:
                self.found_end = True
                return tokens[: index + 1]
        return tokens

    def _decode(self, tokens: Sequence[int]) -> list[Piece]:
        """Text of a run: its accepted candidates, then the main model's own last token."""
        if len(tokens) == 1 or self._steps == 0 or not self._has_candidates:
            pieces = [Piece(self._detokenizer.add(tokens), self._steps, False)]
        else:
            pieces = [
                Piece(self._detokenizer.add(tokens[:-1]), self._steps, True),
                Piece(self._detokenizer.add(tokens[-1:]), self._steps, False),
            ]
        return [piece for piece in pieces if piece.text]

    def _made_of(self, tokens: Sequence[int], pieces: Sequence[Piece], at_s: float) -> Run:
        if self.opening and pieces:
            first, self.opening = pieces[0]._replace(text=self.opening + pieces[0].text), ""
            pieces = [first, *pieces[1:]]
        return Run(
            token_count=len(tokens),
            text="".join([piece.text for piece in pieces]),
            spans=tuple(
                [
                    TextSpan(characters=len(text), step=step, accepted=accepted)
                    for text, step, accepted in pieces
                ]
            ),
            at_s=at_s,
            token_ids=tuple(tokens),
        )

    def finish(self) -> None:
        """Release text that was held back. Idempotent; the runtime calls it twice."""
        if self._closed:
            return
        self._closed = True
        self._hand_on(partial(self._rest, time.perf_counter() - self._started_s))

    def _rest(self, at_s: float) -> Run | None:
        if self.error is not None or self._stop_strings.found:
            return None
        rest = self._detokenizer.flush()
        pieces = [Piece(rest, max(self._steps - 1, 0), False)] if rest else []
        shown = self._stop_strings.add(pieces) + self._stop_strings.flush()
        return self._made_of((), shown, at_s) if shown else None

    def close(self) -> None:
        """Drop whatever the runtime might still send. Idempotent."""
        self._closed = True


def make_streamer(collector: RunCollector) -> Any:
    """The runtime's view of a collector."""
    return _streamer_class()(collector)


@cache
def _streamer_class() -> type[Any]:
    """The class is made on first use: its base comes with the runtime, imported only here."""
    genai = load_genai()
    base: Any = genai.StreamerBase
    status = genai.StreamingStatus
    running, stop, cancel = status.RUNNING, status.STOP, status.CANCEL

    class RunStreamer(base):  # type: ignore[misc]
        """Catches everything: an exception in here would end the process."""

        def __init__(self, collector: RunCollector) -> None:
            super().__init__()
            self._collector = collector

        def write(self, tokens: int | list[int]) -> Any:
            try:
                run = [tokens] if isinstance(tokens, int) else tokens
                return running if self._collector.take(run) else stop
            except BaseException as error:  # noqa: BLE001 border to the runtime, see above
                self._collector.error = self._collector.error or error
                return cancel

        def end(self) -> None:
            try:
                self._collector.finish()
            except BaseException as error:  # noqa: BLE001 border to the runtime, see above
                self._collector.error = self._collector.error or error

    return RunStreamer
