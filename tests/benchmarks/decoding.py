"""Answers of the application's own backend to a few prompts, timed for the benchmarks."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.backends.base import Run
from engine.backends.openvino_backend import OpenVinoBackend
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, PropertyValue, SchedulerSettings, Strategy
from engine.resources import asset_path
from engine.stop_token import StopToken

PROMPTS = (
    "Tell me a story about a dog.",
    "Tell me a story about a little girl and the sea.",
    "What is speculative decoding?",
    "Hello! How are you today?",
)
CACHE = Path("build") / "inflated"
EMBEDDED = "embedded"
DRAFTS = {EMBEDDED: "", "1/15": "int8", "1/15 int4": "int4", "1/15 fp16": "fp16"}
"""Drafts by name: the embedded one as it is, or widened to 1/15 of the main model's weights in
this precision."""
DRAFT_SHARE = 15
Properties = Mapping[str, PropertyValue]


@dataclass(frozen=True, slots=True)
class Ruler:
    """How time is taken: by the wall, or as processor time of one thread per model."""

    now_s: Callable[[], float]
    properties: tuple[tuple[str, PropertyValue], ...] = ()


RULERS = {
    "wall": Ruler(time.perf_counter),
    "cpu": Ruler(time.process_time, (("INFERENCE_NUM_THREADS", 1),)),
}
"""Processor time tells more on a machine that is busy with other things."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what came when. The first run (prefill) is no part of the decode figures."""

    token_ids: tuple[int, ...]
    counts: tuple[int, ...]
    times_s: tuple[float, ...]
    total_s: float
    main_s: float | None = None
    draft_s: float | None = None
    """Inference of either model in the whole answer, as the runtime tells it by the wall."""

    @property
    def steps_s(self) -> list[float]:
        """Seconds of each main iteration, its drafting included."""
        return [after - before for before, after in itertools.pairwise(self.times_s)]

    @property
    def decoded(self) -> int:
        """Tokens after the first run."""
        return sum(self.counts[1:])

    @property
    def decode_s(self) -> float:
        """Seconds from the first run to the last."""
        return self.times_s[-1] - self.times_s[0]


def rate(answers: Sequence[Answer]) -> float:
    """Decoded tokens per second over some answers."""
    return sum(a.decoded for a in answers) / sum(a.decode_s for a in answers)


def tokens_per_iteration(answers: Sequence[Answer]) -> float:
    """Mean over all main iterations of some answers."""
    return sum(a.decoded for a in answers) / sum(len(a.steps_s) for a in answers)


def step_s(answers: Sequence[Answer]) -> float:
    """Median seconds of a main iteration, which what else runs here disturbs least."""
    return statistics.median(itertools.chain.from_iterable(a.steps_s for a in answers))


def plain_spec(
    main: Path, properties: Properties, scheduler: SchedulerSettings | None = None
) -> LoadSpec:
    """Plain decoding."""
    return LoadSpec(
        main_path=str(main),
        main_properties=tuple(properties.items()),
        scheduler=scheduler or SchedulerSettings(),
    )


def pair_spec(plain: LoadSpec, draft: Path, properties: Properties | None = None) -> LoadSpec:
    """The same with a draft model; `properties` None: the main model's."""
    return replace(
        plain,
        draft_path=str(draft),
        strategy=Strategy.DRAFT,
        placement=Placement("CPU", "CPU"),
        draft_properties=None if properties is None else tuple(properties.items()),
    )


def load(spec: LoadSpec) -> OpenVinoBackend:
    """A backend that is ready to answer."""
    backend = OpenVinoBackend()
    backend.load(spec, on_phase=lambda _phase: None)
    return backend


def ask(
    backend: OpenVinoBackend,
    prompt: str,
    length: int | None,
    max_new_tokens: int,
    *,
    now_s: Callable[[], float] = time.perf_counter,
    temperature: float = 0.0,
    seed: int | None = None,
) -> Answer:
    """Answer once, with `length` candidates per iteration (None: plain)."""
    runs: list[tuple[tuple[int, ...], float]] = []

    def note(run: Run) -> None:
        if run.token_ids:
            runs.append((run.token_ids, now_s()))

    params = GenerationParams(
        temperature=temperature,
        seed=seed,
        repetition_penalty=1.0,
        max_new_tokens=max_new_tokens,
        num_assistant_tokens=length,
    )
    request = GenerationRequest(messages=(ChatMessage(Role.USER, prompt),), params=params)
    started_s = time.perf_counter()
    outcome = backend.generate(request, on_run=note, stop=StopToken())
    return Answer(
        token_ids=tuple(token for ids, _ in runs for token in ids),
        counts=tuple(len(ids) for ids, _ in runs),
        times_s=tuple(at_s for _, at_s in runs),
        total_s=time.perf_counter() - started_s,
        main_s=outcome.runtime.main_inference_s,
        draft_s=outcome.runtime.draft_inference_s,
    )


def main_folder(parameters: float, precision: str) -> Path:
    """The embedded main model widened to `parameters` weights; made on first use."""
    folder = CACHE / f"main-{parameters:.0f}-{precision}"
    return _inflated("demo-main", folder, parameters, precision)


def draft_folder(draft: str, main_parameters: float) -> Path:
    """The embedded draft as it is, or widened to 1/15 of the main model's weights."""
    precision = DRAFTS[draft]
    if not precision:
        return asset_path("models", "demo-draft")
    parameters = main_parameters / DRAFT_SHARE
    folder = CACHE / f"draft-{parameters:.0f}-{precision}"
    return _inflated("demo-draft", folder, parameters, precision)


def _inflated(name: str, folder: Path, parameters: float, precision: str) -> Path:
    if not (folder / "inflated.json").exists():
        from inflate import inflate  # the runtime is loaded with it

        source = asset_path("models", name)
        inflate(source, folder, parameters=int(parameters), precision=precision)
    return folder


def weight_bytes(folder: Path) -> int:
    """Bytes of weights of a model."""
    return (folder / "openvino_model.bin").stat().st_size
