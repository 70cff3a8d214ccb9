"""Figures and verdicts of runs whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.events import DeviceInfo, DeviceKind
from engine.lab.comparison import compare_runs
from engine.lab.prompts import prompt_set
from engine.lab.record import LabRecord
from engine.lab.results import ALL_SETS, CellFigures, figures_of
from engine.lab.verdict import NoteCode, Verdict, VerdictCode, verdicts_of
from engine.placement import LoadSpec, Strategy
from tests.engine.lab.conftest import Laboratory
from tests.synthetic.pair import PairCosts


def figures(record: LabRecord, key: str, set_id: str = ALL_SETS) -> CellFigures:
    return next(f for f in figures_of(record) if (f.cell.key, f.set_id) == (key, set_id))


def overall(record: LabRecord) -> Verdict:
    return verdicts_of(record)[0]


def test_figures_are_those_of_the_pair(laboratory: Laboratory) -> None:
    costs = PairCosts(acceptance=0.8, noise=0.02)
    laboratory.costs = lambda _spec: costs
    record = laboratory.measure(lengths=(2, 4), max_new_tokens=400)
    plain, draft = figures(record, "none/CPU"), figures(record, "draft/CPU+CPU/small/4")
    assert plain.tokens_per_s is not None
    assert draft.tokens_per_s is not None
    assert draft.speed_up is not None
    assert plain.tokens_per_s.median == pytest.approx(costs.tokens_per_s(0), rel=0.02)
    assert draft.tokens_per_s.median == pytest.approx(costs.tokens_per_s(4), rel=0.05)
    truth = costs.tokens_per_s(4) / costs.tokens_per_s(0)
    assert draft.speed_up.value == pytest.approx(truth, rel=0.05)
    assert draft.acceptance_by_position == pytest.approx([0.8] * 4, abs=0.03)
    assert draft.mean_acceptance_length == pytest.approx(sum(0.8**i for i in range(5)), rel=0.05)
    assert (plain.mean_acceptance_length, plain.acceptance_by_position) == (None, ())
    assert plain.speed_up is None
    assert plain.ttft_s is not None
    assert plain.ttft_s.median == pytest.approx(0.1, rel=0.1)
    assert (draft.load_s, draft.answers) == (2.0, 12)
    assert (draft.equal_texts, draft.compared_texts) == (12, 12)


def test_a_good_draft_wins_with_its_interval(laboratory: Laboratory) -> None:
    verdict = overall(laboratory.measure(lengths=(1, 4)))
    assert verdict.code is VerdictCode.CANDIDATES_ARE_BEST
    assert verdict.best is not None
    assert verdict.best.key == "draft/CPU+CPU/small/4"
    assert verdict.speed_up is not None
    assert verdict.speed_up.low is not None
    assert 1 < verdict.speed_up.low < verdict.speed_up.value


def test_a_useless_draft_says_so(laboratory: Laboratory) -> None:
    laboratory.costs = lambda _spec: PairCosts(acceptance=0.1, draft_step_s=0.02)
    verdict = overall(laboratory.measure())
    assert verdict.code is VerdictCode.NO_DRAFT_IS_BEST
    assert verdict.best is not None
    assert verdict.best.is_plain
    assert verdict.speed_up is None


def test_differences_within_noise_are_ties(laboratory: Laboratory) -> None:
    # Length 1 gains just what it costs.
    laboratory.costs = lambda _spec: PairCosts(acceptance=0.2, draft_step_s=0.0090, noise=0.1)
    verdict = overall(laboratory.measure(lengths=(1,), strategies=(Strategy.DRAFT,)))
    assert verdict.code is VerdictCode.NO_DRAFT_IS_BEST
    assert [cell.key for cell in verdict.ties] == ["draft/CPU+CPU/small/1"]


def test_a_gain_that_six_noisy_prompts_cannot_prove_is_undecided(laboratory: Laboratory) -> None:
    # Answers of a few tokens on a busy machine: the draft seems to pay, and may not.
    laboratory.costs = lambda _spec: PairCosts(acceptance=0.6, draft_step_s=0.012, noise=0.2)
    options = {"lengths": (2,), "strategies": (Strategy.DRAFT,), "repeats": 1, "max_new_tokens": 12}
    verdict = overall(laboratory.measure(**options))
    assert verdict.code is VerdictCode.UNDECIDED
    assert verdict.best is None
    assert verdict.ties == ()
    assert verdict.candidate is not None
    assert verdict.candidate.key == "draft/CPU+CPU/small/2"
    assert verdict.speed_up is not None
    assert verdict.speed_up.value > 1
    assert verdict.pairs_needed is not None
    assert verdict.pairs_needed > verdict.speed_up.pairs
    assert NoteCode.FASTEST_OF_MANY not in note_codes(verdict), "not even alone it would have won"
    note = next(n for n in verdict.notes if n.code is NoteCode.MORE_PROMPTS)
    assert dict(note.facts) == {"compared": 6, "needed": verdict.pairs_needed}


def test_the_fastest_of_many_has_to_be_clearer_than_one_alone(laboratory: Laboratory) -> None:
    laboratory.costs = lambda _spec: PairCosts(acceptance=0.55, draft_step_s=0.012, noise=0.4)
    lengths = (1, 2, 3, 4, 5, 6, 8, 10)
    options = {"strategies": (Strategy.DRAFT,), "repeats": 1, "max_new_tokens": 12}
    verdict = overall(laboratory.measure(lengths=lengths, **options))
    assert verdict.code is VerdictCode.UNDECIDED
    assert verdict.speed_up is not None
    assert verdict.speed_up.is_faster()
    assert not verdict.speed_up.is_faster(rivals=len(lengths))
    note = next(n for n in verdict.notes if n.code is NoteCode.FASTEST_OF_MANY)
    assert dict(note.facts) == {"count": len(lengths)}


@pytest.mark.parametrize("noise", [0.0, 0.9])
def test_the_machine_is_called_busy_only_when_equal_work_varies(
    laboratory: Laboratory, noise: float
) -> None:
    laboratory.costs = lambda _spec: PairCosts(acceptance=0.6, draft_step_s=0.001, noise=noise)
    record = laboratory.measure(lengths=(5,), strategies=(Strategy.DRAFT,), max_new_tokens=6)
    rates = [f.tokens_per_s for f in figures_of(record) if not f.cell.is_plain]
    assert all(r and (r.high - r.low) / r.median > 0.15 for r in rates), "runs of any length"
    assert (NoteCode.NOISY in note_codes(overall(record))) == (noise > 0)


def test_a_faster_device_without_a_draft_may_be_best(laboratory: Laboratory) -> None:
    def costs(spec: LoadSpec) -> PairCosts:
        on_gpu = spec.placement.main_device == "GPU"
        return PairCosts(main_step_s=0.01 if on_gpu else 0.05, acceptance=0.1, draft_step_s=0.02)

    laboratory.costs = costs
    verdict = overall(laboratory.measure(main_devices=("CPU", "GPU")))
    assert verdict.code is VerdictCode.PLAIN_ELSEWHERE_IS_BEST
    assert verdict.best is not None
    assert verdict.best.key == "none/GPU"
    assert verdict.speed_up is not None
    assert verdict.speed_up.value == pytest.approx(5, rel=0.1)


def emulating(record: LabRecord, *names: str) -> LabRecord:
    """The same run with these devices emulated, as far as anyone can tell."""
    devices = tuple(
        DeviceInfo(name=name, full_name=name, kind=DeviceKind.OTHER, emulated=name in names)
        for name in ("CPU", "GPU")
    )
    machine = replace(record.header.machine, devices=devices)
    return replace(record, header=replace(record.header, machine=machine))


def fast_on_gpu(spec: LoadSpec) -> PairCosts:
    on_gpu = "GPU" in (spec.placement.main_device, spec.placement.draft_device)
    return PairCosts(main_step_s=0.01 if on_gpu else 0.05)


def test_an_emulated_device_wins_over_no_real_one(laboratory: Laboratory) -> None:
    laboratory.costs = fast_on_gpu
    record = laboratory.measure(main_devices=("CPU", "GPU"), draft_devices=("CPU", "GPU"))
    real = overall(record)
    assert real.best is not None
    assert "GPU" in real.best.key
    verdict = overall(emulating(record, "GPU"))
    assert verdict.code is VerdictCode.CANDIDATES_ARE_BEST
    assert verdict.best is not None
    assert "GPU" not in verdict.best.key
    assert not any("GPU" in cell.key for cell in verdict.ties)
    note = next(n for n in verdict.notes if n.code is NoteCode.EMULATED_NOT_JUDGED)
    measured = emulating(record, "GPU").header.measured_cells
    assert dict(note.facts)["count"] == sum("GPU" in cell.key for cell in measured)


def test_emulated_cells_are_compared_among_themselves_and_that_is_said(
    laboratory: Laboratory,
) -> None:
    record = laboratory.measure(main_devices=("GPU",), draft_devices=("CPU", "GPU"))
    verdict = overall(emulating(record, "GPU"))
    assert verdict.code is VerdictCode.CANDIDATES_ARE_BEST
    assert NoteCode.EMULATED in note_codes(verdict)
    assert NoteCode.EMULATED not in note_codes(overall(record))


def test_an_emulated_baseline_proves_nothing_for_real_cells(laboratory: Laboratory) -> None:
    laboratory.costs = fast_on_gpu
    record = laboratory.measure(main_devices=("GPU", "CPU"), draft_devices=("CPU",))
    verdict = overall(emulating(record, "GPU"))
    assert verdict.code is VerdictCode.NOTHING_TO_COMPARE
    assert verdict.best is None


def note_codes(verdict: Verdict) -> set[NoteCode]:
    return {note.code for note in verdict.notes}


def test_a_slow_start_is_no_gain_for_short_answers(laboratory: Laboratory) -> None:
    def costs(spec: LoadSpec) -> PairCosts:
        return PairCosts(prefill_s=1.0 if spec.draft_path else 0.1)

    laboratory.costs = costs
    slow = overall(laboratory.measure(max_new_tokens=200))
    assert slow.code is VerdictCode.CANDIDATES_ARE_BEST
    assert NoteCode.NOT_FOR_SHORT_ANSWERS in note_codes(slow)
    laboratory.costs = lambda _spec: PairCosts()
    quick = overall(laboratory.measure(max_new_tokens=200))
    assert NoteCode.NOT_FOR_SHORT_ANSWERS not in note_codes(quick)


def test_every_set_has_its_own_verdict(laboratory: Laboratory) -> None:
    sets = tuple(prompt_set(name, [f"{name} {i}" for i in range(6)]) for name in ("a", "b"))
    verdicts = verdicts_of(laboratory.measure(prompt_sets=sets))
    assert [verdict.set_id for verdict in verdicts] == [ALL_SETS, "a", "b"]


def test_different_texts_are_noted(laboratory: Laboratory) -> None:
    record = laboratory.measure()
    changed = tuple(
        replace(m, text="other") if m.cell_key.startswith("draft") and m.round == 0 else m
        for m in record.measurements
    )
    verdict = overall(replace(record, measurements=changed))
    note = next(n for n in verdict.notes if n.code is NoteCode.TEXTS_DIFFER)
    assert dict(note.facts) == {"different": 6, "compared": 12}


def test_without_a_baseline_there_is_nothing_to_compare(laboratory: Laboratory) -> None:
    record = laboratory.measure()
    rest = tuple(m for m in record.measurements if m.cell_key != "none/CPU")
    verdict = overall(replace(record, measurements=rest, is_finished=False))
    assert verdict.code is VerdictCode.NOTHING_TO_COMPARE
    assert NoteCode.UNFINISHED in note_codes(verdict)


def test_ranking_of_two_runs_agrees_outside_ties(laboratory: Laboratory) -> None:
    first, second = laboratory.measure(), laboratory.measure()
    verdict = overall(first)
    assert verdict.best is not None
    again = overall(second)
    assert again.best == verdict.best or again.best in verdict.ties


def test_runs_over_time_show_what_changed(laboratory: Laboratory) -> None:
    before = laboratory.measure()
    laboratory.costs = lambda _spec: PairCosts(main_step_s=0.025)
    after = laboratory.measure()
    machine = replace(after.header.machine, processor="another")
    after = replace(after, header=replace(after.header, machine=machine))
    comparison = compare_runs(before, after)
    plain = next(c for c in comparison.cells if c.cell.is_plain)
    assert plain.ratio == pytest.approx(2, rel=0.05)
    assert ("processor", before.header.machine.processor, "another") in comparison.differences


def test_energy_is_per_token(laboratory: Laboratory) -> None:
    record = laboratory.measure()
    assert figures(record, "none/CPU").energy_j_per_token is None
    powered = tuple(replace(m, energy_j=80.0) for m in record.measurements)
    found = figures(replace(record, measurements=powered), "none/CPU")
    assert found.energy_j_per_token == pytest.approx(80 / 40)
