"""Carries out a parsed command and turns its error into an exit code."""

from __future__ import annotations

import argparse
import os
import sys

from engine.cli.exit_codes import ExitCode, exit_code_of
from engine.cli.output import JsonOutput, Output, TextOutput
from engine.errors import EngineError


def run(arguments: argparse.Namespace) -> ExitCode:
    """Run one command; errors are told, not raised."""
    output: Output = JsonOutput() if arguments.json else TextOutput()
    try:
        return _run_command(arguments, output)
    except EngineError as error:
        output.error(error.to_info())
        return exit_code_of(error.code)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has left; nothing more can be said to it, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK


def _run_command(arguments: argparse.Namespace, output: Output) -> ExitCode:
    # Imported when needed: a complaint about the arguments should not wait for them.
    if arguments.command == "chat":
        from engine.cli.chat import run_chat

        return run_chat(arguments, output)
    if arguments.command in ("compare", "tune", "verify"):
        return _run_lab_command(arguments)
    if arguments.command == "models":
        from engine.cli.models import run_models

        return run_models(arguments)
    from engine.cli.listing import run_devices

    return run_devices(arguments)


def _run_lab_command(arguments: argparse.Namespace) -> ExitCode:
    if arguments.command == "compare":
        from engine.cli.compare import run_compare

        return run_compare(arguments)
    if arguments.command == "tune":
        from engine.cli.tune import run_tune

        return run_tune(arguments)
    from engine.cli.verify import run_verify

    return run_verify(arguments)
