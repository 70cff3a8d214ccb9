"""The composition root: lays the foundation, then opens the window.

The engine is started by the window once it is painted: earlier it would only delay that.
"""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from app.arguments import Arguments
from app.core.load_choice import LoadChoice
from app.core.model_pairs import find_pair
from app.core.preferences import PreferenceValue, changed
from app.core.preferences_file import LoadedPreferences, PreferencesFile
from app.crash import CrashGuard
from app.engine_bridge import EngineBridge
from app.paths import AppPaths, resolve_paths
from app.single_instance import SingleInstance
from engine.backends.base import InferenceBackend
from engine.errors import ErrorInfo
from engine.events import DeviceInfo
from engine.models.registry import Registry
from engine.placement import LoadSpec
from engine.placement_history import PlacementHistory
from engine.resources import asset_path
from engine.session import InferenceSession

_LOG = logging.getLogger(__name__)
CLOSE_TIMEOUT_S = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """What exists before any widget does."""

    arguments: Arguments
    paths: AppPaths
    guard: CrashGuard
    preferences_file: PreferencesFile
    loaded_preferences: LoadedPreferences
    choice: LoadChoice
    bridge: EngineBridge
    session: InferenceSession
    notices: tuple[ErrorInfo, ...]
    ladder: PlacementHistory | None = None
    """What is known of placements; None where no real engine runs."""


def run(arguments: Arguments) -> int:
    """Open the window and stay until it is closed. Returns the exit code."""
    _quiet_libraries()
    paths = resolve_paths(arguments.data_dir, os.environ)
    paths.create()
    instance = SingleInstance(paths.data)
    if not _is_first(instance, arguments):
        return int(arguments.ask is not None)
    guard = CrashGuard(paths.logs)
    guard.install()
    guard.install_qt()
    foundation = lay_foundation(arguments, paths, guard)
    try:
        from app.application import run_desktop

        return run_desktop(foundation, instance)
    finally:
        foundation.bridge.close()
        if not foundation.session.close(timeout_s=CLOSE_TIMEOUT_S):
            _LOG.error("the engine did not end in time")
        guard.uninstall()
        instance.release()


def _is_first(instance: SingleInstance, arguments: Arguments) -> bool:
    """Whether nobody else has this data folder open; whoever has is brought to the front."""
    if instance.lock():
        return True
    from app.application import make_application

    application = make_application()
    if instance.acquire():
        return True  # the lock was left by a dead program
    del application
    if arguments.ask is not None:
        print("This data folder is open in another window; nothing was asked.", file=sys.stderr)
    return False


def lay_foundation(arguments: Arguments, paths: AppPaths, guard: CrashGuard) -> Foundation:
    """Read the preferences, find the models and prepare the engine; nothing is started."""
    file = PreferencesFile(paths.preferences_file)
    loaded = file.read()
    preferences = changed(loaded.preferences, overrides(arguments))
    registry = Registry(paths.models, embedded=asset_path("models"))
    found = find_pair(registry, main=preferences.main_model, draft=preferences.draft_model)
    choice = LoadChoice(
        pair=replace(found.pair, is_scripted=arguments.demo),
        strategy=preferences.strategy,
        main_device=preferences.main_device,
        draft_device=preferences.draft_device,
        num_assistant_tokens=preferences.num_assistant_tokens,
        context_limit=None if arguments.main_model else preferences.context_limit,
    )
    bridge = EngineBridge()
    ladder = None if arguments.demo else PlacementHistory(paths.data / "placement.json")
    session = InferenceSession(_make_backend(arguments, paths, ladder), bridge.post)
    return Foundation(
        arguments=arguments,
        paths=paths,
        guard=guard,
        preferences_file=file,
        loaded_preferences=loaded,
        choice=choice,
        bridge=bridge,
        session=session,
        ladder=ladder,
        notices=tuple(info for info in (loaded.notice, found.problem) if info is not None),
    )


def overrides(arguments: Arguments) -> dict[str, PreferenceValue]:
    """Preferences that the command line sets for this run."""
    given: dict[str, PreferenceValue | None] = {
        "theme": arguments.theme,
        "main_model": arguments.main_model,
        "draft_model": arguments.draft_model,
        "strategy": arguments.strategy,
    }
    return {key: value for key, value in given.items() if value is not None}


def _make_backend(
    arguments: Arguments, paths: AppPaths, ladder: PlacementHistory | None
) -> InferenceBackend:
    if ladder is None:
        from engine.backends.fake_backend import FakeBackend
        from engine.backends.fake_script import FakeOptions, FakeTiming

        timing = FakeTiming(load_phase_s=0.2, prefill_s=0.12, run_s=0.02)
        return FakeBackend(FakeOptions(timing=timing))
    from engine.backends.ladder_backend import LadderBackend
    from engine.backends.process_backend import ProcessBackend
    from engine.models.unusable import UNUSABLE_NAME, UnusableModels

    return LadderBackend(
        ProcessBackend(log_dir=paths.logs),
        ladder,
        require=_require_memory,
        unusable=UnusableModels(paths.data / UNUSABLE_NAME),
    )


def _require_memory(spec: LoadSpec, devices: tuple[DeviceInfo, ...]) -> None:
    from engine.memory_preflight import require_memory  # reads models: on the engine's thread only

    require_memory(spec, devices=devices)


def _quiet_libraries() -> None:
    """Nothing this program uses may report home; children inherit it."""
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["DO_NOT_TRACK"] = "1"
    # More, shorter turns for the GUI thread while others run Python code.
    sys.setswitchinterval(0.001)
    QCoreApplication.setApplicationName("Slipstream")
