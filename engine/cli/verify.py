"""`verify`: answers with and without a strategy, compared token by token and by frequencies."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.compare import stop_on_interrupt
from engine.cli.exit_codes import ExitCode, exit_code_of
from engine.cli.lab_output import LabOutput
from engine.cli.lab_plan import make_lab_plan
from engine.cli.requests import find_folders
from engine.errors import ParameterError
from engine.lab.plan import LabPlan, plan_cells
from engine.lab.start import process_backends
from engine.verify.logit_probe import LogitProbe
from engine.verify.plan import VerifyPlan
from engine.verify.prompts import verification_prompts
from engine.verify.report import Conclusion, VerifyReport
from engine.verify.runner import VerifyRun


def run_verify(arguments: argparse.Namespace) -> ExitCode:
    """Verify the first cell of the grid that is not plain decoding.

    Exit code 6 when a difference was found that rounding does not explain.

    Raises:
        EngineError: a model is not there or the arguments contradict each other.
    """
    folders = find_folders(arguments.data_dir)
    output = LabOutput(as_json=arguments.json)
    plan = _plan(arguments, make_lab_plan(arguments, folders))
    probe = LogitProbe(Path(plan.plan.main.path))
    try:
        with stop_on_interrupt() as stop:
            stop.on_set(probe.cancel)
            report = VerifyRun(
                plan,
                make_backend=process_backends(folders.logs),
                on_progress=output.progress,
                logit_gap=probe.gap,
            ).run(stop)
    finally:
        probe.close()
    output.verified(report)
    return ExitCode.INTERRUPTED if stop.is_set() else _exit_code(report)


def _plan(arguments: argparse.Namespace, lab: LabPlan) -> VerifyPlan:
    cells = [entry.cell for entry in plan_cells(lab) if not entry.cell.is_plain]
    # A draft before prompt lookup, when nobody says which.
    cells.sort(key=lambda cell: cell.group.draft is None)
    if not cells:
        raise ParameterError("There is no strategy to verify.", parameter="strategy")
    return VerifyPlan(
        plan=lab,
        cell=cells[0],
        prompts=verification_prompts(arguments.prompt_count),
        max_new_tokens=arguments.max_new_tokens,
        samples=arguments.samples,
        temperature=arguments.temperature,
        seed=arguments.seed,
    )


def _exit_code(report: VerifyReport) -> ExitCode:
    if report.conclusion is Conclusion.DIFFERENT:
        return ExitCode.GENERATION
    return exit_code_of(report.errors[0][1].code) if report.errors else ExitCode.OK
