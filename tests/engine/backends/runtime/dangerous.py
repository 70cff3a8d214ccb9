"""Things that end a process when a guard is missing. Run as a module: MODE MAIN DRAFT."""

from __future__ import annotations

import atexit
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.backends.base import Run
from engine.backends.openvino_backend import OpenVinoBackend
from engine.backends.run_streamer import RunCollector
from engine.errors import GenerationError
from engine.events import FinishReason
from tests.tiny_models.asking import Reply, ask, load, make_spec


def raise_in_callback(backend: OpenVinoBackend, main: Path, draft: Path) -> None:
    """A receiver that fails at the third run; then the backend must work again."""
    load(backend, make_spec(main, draft))
    seen: list[Run] = []

    def fail(run: Run) -> None:
        seen.append(run)
        if len(seen) == 3:
            raise KeyboardInterrupt

    try:
        ask(backend, "Hi", on_run=fail, max_new_tokens=60, ignore_eos=True)
    except GenerationError:
        load(backend, make_spec(main, draft))
        assert ask(backend, "Hi", max_new_tokens=5, ignore_eos=True).token_count == 5
        print("survived")


def raise_in_end(backend: OpenVinoBackend, main: Path, draft: Path) -> None:
    """A fault at the end of an answer."""
    load(backend, make_spec(main, draft))

    def fail(_collector: Any) -> None:
        raise ValueError("at the end")

    setattr(RunCollector, "finish", fail)  # noqa: B010 mypy forbids the plain form
    try:
        ask(backend, "Hi", max_new_tokens=10, ignore_eos=True)
    except GenerationError:
        print("survived")


def exit_while_generating(backend: OpenVinoBackend, main: Path, draft: Path) -> None:
    """The program ends in the middle of an answer: the answer must have ended before it."""
    load(backend, make_spec(main, draft))
    started = threading.Event()
    replies: list[Reply] = []

    def answer() -> None:
        reply = ask(
            backend,
            "Hi",
            on_run=lambda _run: started.set(),
            max_new_tokens=1900,
            ignore_eos=True,
        )
        replies.append(reply)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    assert started.wait(30)
    at_exit.append(lambda: judge(thread, replies))


def judge(thread: threading.Thread, replies: list[Reply]) -> None:
    """Called after the backend's own exit hook: was the answer stopped by it?"""
    thread.join(30)
    if [reply.finish_reason for reply in replies] == [FinishReason.STOPPED]:
        print("survived", flush=True)


at_exit: list[Callable[[], None]] = []


def main() -> None:
    """Carry out the mode named first."""
    # Exit hooks run last in, first out: registered before the backend, called after it.
    atexit.register(lambda: [hook() for hook in at_exit])
    mode, main_folder, draft_folder = sys.argv[1:]
    modes = {f.__name__: f for f in (raise_in_callback, raise_in_end, exit_while_generating)}
    modes[mode](OpenVinoBackend(), Path(main_folder), Path(draft_folder))


if __name__ == "__main__":
    main()
