"""A draft that proposes its likeliest token: more is accepted, and nothing else is said."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.backends.greedy_draft import GreedyDrafts
from engine.backends.greedy_graph import DOUBLINGS
from engine.backends.openvino_backend import OpenVinoBackend
from engine.backends.openvino_logits import last_logits
from engine.backends.openvino_pipeline import _draft_folder
from engine.models.inspection import inspect_folder
from engine.models.manifest import ModelKind
from engine.placement import LoadSpec
from tests.engine.backends.runtime.conftest import Pair
from tests.tiny_models.asking import Reply, ask, load, make_spec

pytestmark = pytest.mark.openvino

QUESTION = "Tell me a story about a dog who finds a key."
SEEDS = range(6)
PENALTY = 1.2


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's place for temporary files."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def answers(spec: LoadSpec, *, scratch: Path) -> list[Reply]:
    """One answer per seed, the last ones with a penalty on what was said."""
    backend = OpenVinoBackend()
    load(backend, spec)
    assert list(scratch.iterdir()) == [], "all is read once it is loaded"
    length = 4 if spec.draft_path else None
    try:
        return [
            ask(
                backend,
                QUESTION,
                temperature=0.8,
                seed=seed,
                max_new_tokens=32,
                num_assistant_tokens=length,
                repetition_penalty=PENALTY if seed > 3 else None,
            )
            for seed in SEEDS
        ]
    finally:
        backend.close()


def tokens_of(replies: Sequence[Reply]) -> list[list[int]]:
    return [[token for run in reply.runs for token in run.token_ids] for reply in replies]


def tokens_per_iteration(replies: Sequence[Reply]) -> float:
    return statistics.mean(length for reply in replies for length in reply.lengths[1:])


def test_seeds_give_the_answers_of_the_main_model_in_fewer_iterations(
    embedded: Pair, scratch: Path
) -> None:
    pair = make_spec(embedded.main, embedded.draft)
    plain = answers(make_spec(embedded.main), scratch=scratch)
    as_it_is = answers(pair, scratch=scratch)
    greedy = answers(replace(pair, greedy_draft=True), scratch=scratch)
    assert tokens_of(as_it_is) == tokens_of(plain)
    assert tokens_of(greedy) == tokens_of(plain)
    assert tokens_per_iteration(greedy) > tokens_per_iteration(as_it_is)


def test_the_runtime_reads_logits_that_are_exactly_so_many_times_as_large(
    embedded: Pair, tmp_path: Path
) -> None:
    drafts = GreedyDrafts(tmp_path)
    stand_in = drafts.stand_in_for(embedded.draft)
    ids = [5, 17, 300, 42]
    assert (last_logits(stand_in, ids) == 2**DOUBLINGS * last_logits(embedded.draft, ids)).all()
    drafts.clear()


def test_what_could_not_be_deleted_goes_when_the_models_are_dropped(
    embedded: Pair, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = OpenVinoBackend()
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", lambda *_paths, **_options: None)
        load(backend, replace(make_spec(embedded.main, embedded.draft), greedy_draft=True))
        assert len(list(scratch.glob("*/openvino_model.xml"))) == 1
    reply = ask(backend, QUESTION, temperature=0.8, max_new_tokens=8, num_assistant_tokens=3)
    assert reply.token_count > 0
    backend.unload()
    assert list(scratch.iterdir()) == []
    backend.close()


def test_heads_and_other_devices_keep_their_drafts(embedded: Pair, tmp_path: Path) -> None:
    drafts = GreedyDrafts(tmp_path)
    spec = replace(make_spec(embedded.main, embedded.draft), greedy_draft=True)
    model = inspect_folder(embedded.draft)
    assert _draft_folder(spec, replace(model, kind=ModelKind.EAGLE3), drafts) == spec.draft_path
    for main, draft in (("GPU", "CPU"), ("CPU", "NPU")):
        elsewhere = make_spec(
            embedded.main, embedded.draft, main_device=main, draft_device=draft, greedy_draft=True
        )
        assert _draft_folder(elsewhere, model, drafts) == spec.draft_path
    assert _draft_folder(replace(spec, greedy_draft=False), model, drafts) == spec.draft_path
    assert _draft_folder(spec, model, drafts) != spec.draft_path
    drafts.clear()
