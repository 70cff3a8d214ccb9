"""The engine process: frames in, backend calls, frames out. `python -m engine.host`, or `--engine`.

It owns the file descriptors: nothing a library prints can get into a frame.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.backends.base import (
    DeferringBackend,
    GenerationOutcome,
    InferenceBackend,
    PropertyAsker,
)
from engine.border import Failure, attempt
from engine.codec import from_plain
from engine.errors import EngineProcessError, ErrorCode
from engine.events import LoadPhase
from engine.messages import GenerationRequest
from engine.process_bonds import follow_parent_into_death, offer_to_oom_killer
from engine.process_messages import (
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
    Reply,
    RunsTold,
    StopCall,
    UnloadCall,
    UnloadedTold,
)
from engine.protocol import check_hello, encode, read_message
from engine.run_bundler import RunBundler
from engine.stop_token import StopToken

EXIT_OK = 0
EXIT_PROTOCOL = 70
_READ_BUFFER_BYTES = 64 * 1024

BackendFactory = Callable[[], InferenceBackend]
Call = LoadCall | GenerateCall | UnloadCall | DevicesCall


class Host:
    """Runs one backend for one parent.

    Guarantees: pings and stops are heeded while a call runs; the process ends when its standard
    input does, whatever the backend is doing. Hazard: it ends by `os._exit`, for a runtime that
    generates does not survive the end of the interpreter.
    """

    def __init__(self, make_backend: BackendFactory, *, in_fd: int, out_fd: int) -> None:
        self._make_backend = make_backend
        self._backend: InferenceBackend | None = None
        self._input = os.fdopen(in_fd, "rb", buffering=_READ_BUFFER_BYTES)
        self._out_fd = out_fd
        self._out_lock = threading.Lock()
        self._calls: queue.SimpleQueue[Call] = queue.SimpleQueue()
        self._stops: dict[int, StopToken] = {}

    def serve(self) -> None:
        """Work until the process ends. Does not return."""
        self._send(Hello())
        threading.Thread(target=self._read, name="requests", daemon=True).start()
        # What makes the first call slow is done before it comes; its error is told by the call.
        attempt(self._get_backend)
        while True:
            self._perform(self._calls.get())

    def _read(self) -> None:
        """Take requests until the parent is gone; then end the process, in mid-call or not."""
        try:
            check_hello(read_message(self._input.read))
            while (message := read_message(self._input.read)) is not None:
                self._accept(message)
        except EngineProcessError as error:
            print(f"engine: {error}", file=sys.stderr, flush=True)
            os._exit(EXIT_PROTOCOL)
        os._exit(EXIT_OK)

    def _accept(self, message: Message) -> None:
        match message:
            case Ping(number=number):
                self._send(Pong(number=number))
            case StopCall(call=call):
                if token := self._stops.get(call):
                    token.set()
            case GenerateCall(call=call):
                # Before it is queued: a stop may be the very next frame.
                self._stops[call] = StopToken()
                self._calls.put(message)
            case LoadCall() | UnloadCall() | DevicesCall():
                self._calls.put(message)
            case CloseCall():
                os._exit(EXIT_OK)
            case _:
                raise EngineProcessError(
                    f"{type(message).__name__} is no request.", code=ErrorCode.ENGINE_PROTOCOL
                )

    def _perform(self, call: Call) -> None:
        result = attempt(lambda: self._run(call))
        self._stops.pop(call.call, None)
        if isinstance(result, Failure):
            is_loaded = self._backend is not None and self._backend.is_loaded
            result = ErrorTold(call=call.call, error=result.info, is_loaded=is_loaded)
        self._send(result)

    def _run(self, call: Call) -> Reply:
        backend = self._get_backend()
        number = call.call
        match call:
            case DevicesCall(with_properties=is_wanted):
                if not is_wanted and isinstance(backend, PropertyAsker):
                    return DevicesTold(call=number, devices=backend.bare_devices())
                return DevicesTold(call=number, devices=backend.devices())
            case UnloadCall():
                backend.unload()
                return UnloadedTold(call=number)
            case LoadCall(spec=spec):

                def on_phase(phase: LoadPhase) -> None:
                    self._send(PhaseTold(call=number, phase=phase))

                return LoadedTold(call=number, pipeline=backend.load(spec, on_phase=on_phase))
            case GenerateCall(request=request):
                with RunBundler(lambda runs: self._send(RunsTold(number, runs))) as bundler:
                    stop = self._stops[number]
                    outcome = _generate(backend, request, bundler=bundler, stop=stop)
                return DoneTold(call=number, outcome=outcome, is_loaded=backend.is_loaded)

    def _get_backend(self) -> InferenceBackend:
        if self._backend is None:
            self._backend = self._make_backend()
        return self._backend

    def _send(self, message: Message) -> None:
        frame = memoryview(encode(message))
        try:
            with self._out_lock:
                while frame:
                    frame = frame[os.write(self._out_fd, frame) :]
        except OSError:
            # The parent is gone; nobody is left to tell.
            os._exit(EXIT_OK)


def _generate(
    backend: InferenceBackend, request: GenerationRequest, *, bundler: RunBundler, stop: StopToken
) -> GenerationOutcome:
    if isinstance(backend, DeferringBackend):
        return backend.generate_deferred(
            request, on_work=bundler.add_work, settle=bundler.settle, stop=stop
        )
    return backend.generate(request, on_run=bundler.add, stop=stop)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the engine process; see `--help`. Ends with the standard input."""
    # Ctrl+C in a terminal reaches the whole group; what it means is for the parent to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    arguments = _parse(argv)
    in_fd, out_fd = _take_standard_streams()
    if arguments.crash_file is not None:
        # Kept open for the life of the process: faulthandler writes to the descriptor.
        crash_file = arguments.crash_file.open("wb", buffering=0)
        faulthandler.enable(crash_file)
    # It would name a library to be loaded in place of the shipped tokenizers.
    os.environ.pop("OPENVINO_TOKENIZERS_PATH_GENAI", None)
    follow_parent_into_death()
    offer_to_oom_killer()
    if arguments.logits:
        from engine.backends.openvino_logits import serve

        serve(in_fd, out_fd)
        return EXIT_OK
    Host(_factory(arguments), in_fd=in_fd, out_fd=out_fd).serve()
    return EXIT_OK


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="engine.host", description=__doc__)
    parser.add_argument("--engine", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--backend", choices=("openvino", "fake"), default="openvino")
    parser.add_argument("--fake-options", default="{}", help="FakeOptions as JSON")
    parser.add_argument("--logits", action="store_true", help="answer logit requests instead")
    parser.add_argument("--crash-file", type=Path, help="where a crash writes its trace")
    return parser.parse_args(argv)


def _take_standard_streams() -> tuple[int, int]:
    """Keep the pipes for the protocol; prints go to standard error, reads get nothing."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(1, os.O_BINARY)
    in_fd, out_fd = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    sys.stdout = sys.stderr
    return in_fd, out_fd


def _factory(arguments: argparse.Namespace) -> BackendFactory:
    def make_fake() -> InferenceBackend:
        from engine.backends.fake_backend import FakeBackend
        from engine.backends.fake_script import FakeOptions

        return FakeBackend(from_plain(FakeOptions, json.loads(arguments.fake_options)))

    def make_openvino() -> InferenceBackend:
        from engine.backends.openvino_backend import OpenVinoBackend
        from engine.backends.openvino_pipeline import runtime_versions

        # Imports the runtime, which takes a second, while the parent still draws its window.
        runtime_versions()
        return OpenVinoBackend()

    return make_fake if arguments.backend == "fake" else make_openvino


if __name__ == "__main__":
    sys.exit(main())
