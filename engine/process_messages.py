"""What the application and the engine process say to each other. Values only.

Every call carries a number that its answers repeat, so a late answer is never taken for another's.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.backends.base import GenerationOutcome, Run
from engine.errors import ErrorInfo
from engine.events import DeviceInfo, LoadedPipeline, LoadPhase
from engine.messages import GenerationRequest
from engine.placement import LoadSpec

PROTOCOL_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """The first frame, both ways."""

    version: int = PROTOCOL_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadCall:
    """Build a pipeline. Answered by `PhaseTold`s, then `LoadedTold` or `ErrorTold`."""

    call: int
    spec: LoadSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateCall:
    """Generate an answer. Answered by `RunsTold`s, then `DoneTold` or `ErrorTold`."""

    call: int
    request: GenerationRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class StopCall:
    """Stop the generation of this call number; not answered."""

    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnloadCall:
    """Drop the pipeline. Answered by `UnloadedTold` or `ErrorTold`."""

    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesCall:
    """List the devices. Answered by `DevicesTold` or `ErrorTold`."""

    call: int
    with_properties: bool = True
    """Whether plugins are also asked what can be set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """Asks for a `Pong`, even in the middle of a generation."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCall:
    """End the process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTold:
    """A load went on."""

    call: int
    phase: LoadPhase


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedTold:
    """A load succeeded."""

    call: int
    pipeline: LoadedPipeline


@dataclass(frozen=True, slots=True)
class RunsTold:
    """Runs of an answer, in order; the hot path, with a compact form of its own."""

    call: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneTold:
    """An answer ended."""

    call: int
    outcome: GenerationOutcome
    is_loaded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnloadedTold:
    """The pipeline is gone."""

    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesTold:
    """The devices."""

    call: int
    devices: tuple[DeviceInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorTold:
    """A call failed."""

    call: int
    error: ErrorInfo
    is_loaded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pong:
    """Answers a `Ping`."""

    number: int


Request = Hello | LoadCall | GenerateCall | StopCall | UnloadCall | DevicesCall | Ping | CloseCall
Reply = (
    Hello
    | PhaseTold
    | LoadedTold
    | RunsTold
    | DoneTold
    | UnloadedTold
    | DevicesTold
    | ErrorTold
    | Pong
)
Message = Request | Reply
