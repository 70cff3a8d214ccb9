"""`tune`: finds the best strategy and draft length, and saves it when it beats plain decoding."""

from __future__ import annotations

import argparse

from engine.cli.compare import lab_history, list_devices, stop_on_interrupt
from engine.cli.exit_codes import ExitCode, exit_code_of
from engine.cli.lab_output import LabOutput
from engine.cli.lab_plan import make_lab_plan
from engine.cli.requests import Folders, find_folders, open_registry
from engine.errors import ErrorCode
from engine.lab.start import new_record, process_backends
from engine.models.settings import (
    SETTINGS_NAME,
    ModelDefaults,
    read_model_settings,
    write_model_settings,
)
from engine.tuning.tuner import TuneOutcome, TuneResult, TuneRun


def run_tune(arguments: argparse.Namespace) -> ExitCode:
    """Tune, keep the measurements, save the winner when asked to.

    Raises:
        EngineError: a model is not there, the arguments contradict each other, or a file cannot
            be written.
    """
    folders = find_folders(arguments.data_dir)
    output = LabOutput(as_json=arguments.json)
    record = new_record(make_lab_plan(arguments, folders), devices=list_devices(folders))
    with stop_on_interrupt() as stop:
        run = TuneRun(record.header, make_backend=process_backends(folders.logs), sink=output.event)
        result = run.run(stop)
    lab_history(folders).add(result.record)
    output.tuned(result)
    is_real = not result.record.header.is_all_emulated
    if result.outcome is TuneOutcome.BETTER and arguments.save and is_real:
        output.note("saved", main=_save(result, folders))
    if result.outcome is TuneOutcome.STOPPED:
        return ExitCode.INTERRUPTED
    if result.outcome is not TuneOutcome.NOT_MEASURED:
        return ExitCode.OK
    codes = [failure.error.code for failure in result.record.failures]
    return exit_code_of(codes[0] if codes else ErrorCode.INTERNAL)


def _save(result: TuneResult, folders: Folders) -> str:
    """Make the winner the default of its main model, for the window too; the model's id."""
    header, winner = result.record.header, result.winner
    assert winner is not None
    model_id = open_registry(folders).find(header.plan.main.path).id
    file = folders.config / SETTINGS_NAME
    settings = read_model_settings(file).with_placement(
        ModelDefaults(model_id=model_id),
        strategy=winner.group.strategy,
        placement=winner.group.placement,
        num_assistant_tokens=winner.num_assistant_tokens,
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    write_model_settings(file, settings)
    return model_id
