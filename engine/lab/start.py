"""Begins Lab runs: a fresh record with the facts of this machine, kept in the history."""

from __future__ import annotations

import datetime
import os
import platform
import secrets
from dataclasses import replace
from pathlib import Path

from engine.backends.base import InferenceBackend
from engine.energy import EnergyCounter, is_on_battery
from engine.events import DeviceInfo
from engine.lab.history import LabHistory
from engine.lab.measuring import BackendFactory
from engine.lab.plan import LabPlan, plan_cells
from engine.lab.record import LabHeader, LabMachine, LabRecord
from engine.lab.runner import LabRun, LabSink
from engine.stop_token import StopToken
from engine.system_name import system_name


def process_backends(log_dir: Path) -> BackendFactory:
    """The factory of a real run: every load in an engine process of its own."""
    from engine.backends.process_backend import ProcessBackend

    def make() -> InferenceBackend:
        return ProcessBackend(log_dir=log_dir)

    return make


def new_record(
    plan: LabPlan,
    *,
    devices: tuple[DeviceInfo, ...] = (),
    now: datetime.datetime | None = None,
) -> LabRecord:
    """An empty record of a run that is about to begin.

    Args:
        devices: those of the engine, for the record alone.
        now: time of the start, UTC.
    """
    started = now or datetime.datetime.now(datetime.UTC)
    header = LabHeader(
        run_id=f"{started:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
        started_at=started.isoformat(timespec="seconds"),
        plan=plan,
        cells=plan_cells(plan),
        machine=read_machine(devices),
    )
    return LabRecord(header=header)


def read_machine(devices: tuple[DeviceInfo, ...]) -> LabMachine:
    """Facts of this machine now."""
    import psutil

    processor = next((d.full_name for d in devices if d.name == "CPU"), platform.processor())
    return LabMachine(
        processor=processor,
        cores=os.cpu_count() or 1,
        memory_bytes=psutil.virtual_memory().total,
        system=system_name(),
        # What could be set on them says nothing of this run; what was set is in the plan.
        devices=tuple(replace(device, properties=()) for device in devices),
        on_battery=is_on_battery(),
        has_energy=EnergyCounter().is_available,
    )


def run_and_keep(
    record: LabRecord,
    history: LabHistory,
    *,
    make_backend: BackendFactory,
    sink: LabSink,
    stop: StopToken,
) -> LabRecord:
    """Run a record, or what is left of it, and keep every entry in the history as it comes.

    Raises:
        StorageError: the history cannot be written.
    """
    journal = history.begin(record)
    try:
        run = LabRun(record, make_backend=make_backend, sink=sink, save=journal.save)
        result = run.run(stop)
        if result.is_finished:
            journal.finish()
        return result
    finally:
        journal.close()
