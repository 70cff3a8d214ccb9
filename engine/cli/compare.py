"""`compare`: the Placement Lab without a window."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from engine.cli.exit_codes import ExitCode, exit_code_of
from engine.cli.lab_output import LabOutput
from engine.cli.lab_plan import make_lab_plan
from engine.cli.requests import Folders, find_folders, open_registry
from engine.errors import EngineError, ErrorCode, ParameterError
from engine.events import DeviceInfo
from engine.lab.export import to_csv, to_json
from engine.lab.found_again import found_again
from engine.lab.history import LabHistory
from engine.lab.record import LabRecord
from engine.lab.report_html import ReportText, render_report
from engine.lab.start import new_record, process_backends, run_and_keep
from engine.lab.verdict import verdicts_of
from engine.models.json_file import replace_file
from engine.stop_token import StopToken

_WRITERS: dict[str, Callable[[LabRecord], str]] = {
    ".json": to_json,
    ".csv": to_csv,
    ".html": lambda record: render_report(record, _report_text(record)),
}


def run_compare(arguments: argparse.Namespace) -> ExitCode:
    """Measure the grid, keep the run, write what was asked for.

    Raises:
        EngineError: a model is not there, the arguments contradict each other, or a file cannot
            be written.
    """
    folders = find_folders(arguments.data_dir)
    output = LabOutput(as_json=arguments.json, with_runs=arguments.stream)
    for path in arguments.output:
        if path.suffix not in _WRITERS:
            raise ParameterError(f"{path.name} is no .html, .csv or .json.", parameter="output")
    history = lab_history(folders)
    if arguments.resume:
        folders_now = (model.path for model in open_registry(folders).scan())
        record = found_again(history.read(arguments.resume), folders_now)
    else:
        record = new_record(make_lab_plan(arguments, folders), devices=list_devices(folders))
    with stop_on_interrupt() as stop:
        record = run_and_keep(
            record,
            history,
            make_backend=process_backends(folders.logs),
            sink=output.event,
            stop=stop,
        )
    output.compared(record)
    for path in arguments.output:
        replace_file(path, _WRITERS[path.suffix](record))
    if stop.is_set():
        return ExitCode.INTERRUPTED
    return ExitCode.OK if record.measurements else _failure_code(record)


def _failure_code(record: LabRecord) -> ExitCode:
    codes = [failure.error.code for failure in record.failures]
    return exit_code_of(codes[0] if codes else ErrorCode.INTERNAL)


def _report_text(record: LabRecord) -> ReportText:
    from engine.cli.lab_output import verdict_sentence

    return ReportText(headlines=tuple(verdict_sentence(v) for v in verdicts_of(record)))


def lab_history(folders: Folders) -> LabHistory:
    """The Lab runs of this user; the window shows the same ones."""
    return LabHistory(folders.data / "lab")


def list_devices(folders: Folders) -> tuple[DeviceInfo, ...]:
    """The devices for the record; none when they cannot be listed, which hinders nothing."""
    backend = process_backends(folders.logs)()
    try:
        return backend.devices()
    except EngineError:
        return ()
    finally:
        backend.close()


@contextmanager
def stop_on_interrupt() -> Iterator[StopToken]:
    """A token that Ctrl+C sets; what was measured is kept. A second one quits."""
    stop = StopToken()

    def on_interrupt(_signal: int, _frame: FrameType | None) -> None:
        if not stop.set():
            raise KeyboardInterrupt

    previous = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, previous)
