"""The pair report: never empty, well ordered, and it says what would fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.models.catalog import load_catalog
from engine.models.inspection import Inspection, inspect_folder
from engine.models.pairing import OptionOrigin, PairReport, pair_report
from engine.models.reasons import ReasonCode, Verdict
from engine.placement import Placement, Strategy
from tests.engine.models.folder_maker import make_head, make_llm, make_vlm, make_whisper, vocabulary


@pytest.fixture(scope="module")
def main(tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    return inspect_folder(make_llm(tmp_path_factory.mktemp("main") / "main", rows=8192))


def lookup(report: PairReport) -> tuple[Verdict, tuple[ReasonCode, ...]]:
    (option,) = (o for o in report.options if o.origin is OptionOrigin.PROMPT_LOOKUP)
    assert option.strategy is Strategy.PROMPT_LOOKUP
    return option.verdict, tuple(reason.code for reason in option.reasons)


def test_alone_there_are_still_two_ways_and_a_description_of_what_would_fit(
    main: Inspection,
) -> None:
    report = pair_report(main, [main])
    assert [o.origin for o in report.options] == [OptionOrigin.PROMPT_LOOKUP, OptionOrigin.OWN]
    assert lookup(report)[0] is Verdict.GOOD
    assert not report.has_fitting_draft
    assert report.wanted.token_count == 63
    assert report.wanted.logits_width == 64
    assert report.wanted.family == "llama"
    assert 0 < (report.wanted.largest_parameters or 0) < (main.parameters or 0)


def test_every_installed_model_gets_a_verdict_the_best_first(
    main: Inspection, tmp_path: Path
) -> None:
    folders = [
        make_llm(tmp_path / "other", tokens=vocabulary(60, word="x")),
        make_llm(tmp_path / "large", rows=4096),
        make_llm(tmp_path / "small", rows=512),
        make_llm(tmp_path / "better", rows=1024),
        make_head(tmp_path / "head", kind="eagle3"),
        make_whisper(tmp_path / "whisper"),
    ]
    report = pair_report(main, map(inspect_folder, folders))
    names = [option.name for option in report.options]
    assert names[:2] == ["better", "small"]
    assert names.index("head") < names.index("other"), "untested, but possible"
    assert set(names[-2:]) == {"other", "whisper"}
    assert len(names) == len(folders) + 2
    assert all(option.reasons for option in report.options)
    assert report.has_fitting_draft


def test_a_declared_draft_comes_first(main: Inspection, tmp_path: Path) -> None:
    small = inspect_folder(make_llm(tmp_path / "draft-small", rows=256))
    better = inspect_folder(make_llm(tmp_path / "better", rows=1024))
    report = pair_report(replace(main, pair=(small.id,)), [better, small])
    first = report.options[0]
    assert (first.name, first.recommended) == ("draft-small", True)


def test_a_draft_that_can_save_no_time_comes_after_those_that_can(
    main: Inspection, tmp_path: Path
) -> None:
    twin = inspect_folder(make_llm(tmp_path / "twin", rows=8192))
    small = inspect_folder(make_llm(tmp_path / "small", rows=512))
    vague = [replace(draft, logits_width=None) for draft in (twin, small)]
    report = pair_report(main, vague)
    named = [o for o in report.options if o.origin is OptionOrigin.INSTALLED]
    assert {o.verdict for o in named} == {Verdict.REMARK}, "an unknown width is a remark on both"
    assert [o.name for o in named] == ["small", "twin"]


@pytest.mark.parametrize("width", [128_256])
def test_another_vocabulary_is_not_called_another_family(main: Inspection, width: int) -> None:
    report = pair_report(replace(main, logits_width=4096), [main], catalog=load_catalog())
    reasons = [reason for option in report.options for reason in option.reasons]
    other = [r for r in reasons if r.code is ReasonCode.OTHER_VOCABULARY]
    assert ("draft", width) in other[0].facts
    families = [r for r in reasons if r.code is ReasonCode.OTHER_FAMILY]
    assert all(isinstance(value, str) for reason in families for _, value in reason.facts)


@pytest.mark.parametrize(
    ("placement", "codes"),
    [
        (Placement("NPU", "NPU"), (ReasonCode.NPU_IGNORES_PROMPT_LOOKUP,)),
        (Placement("CPU", "NPU"), ()),
    ],
)
def test_prompt_lookup_is_on_the_list_even_where_the_npu_ignores_it(
    main: Inspection, placement: Placement, codes: tuple[ReasonCode, ...]
) -> None:
    verdict, found = lookup(pair_report(main, [], placement=placement))
    assert found == (ReasonCode.NO_EXTRA_MEMORY, *codes)
    assert (verdict is Verdict.IMPOSSIBLE) == bool(codes)


def test_for_a_damaged_main_everything_is_impossible_and_nothing_is_hidden(tmp_path: Path) -> None:
    folder = make_llm(tmp_path / "m")
    (folder / "openvino_model.bin").unlink()
    report = pair_report(inspect_folder(folder), [], catalog=load_catalog())
    assert {option.verdict for option in report.options} == {Verdict.IMPOSSIBLE}
    assert len(report.options) > 2


def qwen(main: Inspection, **changes: object) -> Inspection:
    config = replace(main.config, family="qwen3")
    changed = replace(main, config=config, logits_width=151936, parameters=8_000_000_000)
    return replace(changed, **changes)  # type: ignore[arg-type]


def test_a_main_of_the_catalogue_gets_the_drafts_of_the_catalogue(main: Inspection) -> None:
    report = pair_report(qwen(main, id="OpenVINO/Qwen3-8B-int4-ov"), [], catalog=load_catalog())
    assert [o.model_id for o in report.suggestions] == [
        "OpenVINO/Qwen3-0.6B-int4-ov",
        "OpenVINO/Qwen3-0.6B-int8-ov",
        "OpenVINO/Qwen3-pruned-6L-from-0.6B-int8-ov",
    ]
    assert all(option.recommended and option.size_bytes for option in report.suggestions)


def test_an_unknown_main_of_the_same_family_gets_them_with_a_remark(main: Inspection) -> None:
    report = pair_report(qwen(main, id="me/my-export"), [], catalog=load_catalog())
    assert len(report.suggestions) == 3
    codes = {reason.code for option in report.suggestions for reason in option.reasons}
    assert ReasonCode.UNVERIFIED_UNTIL_INSTALLED in codes
    assert {option.verdict for option in report.suggestions} == {Verdict.REMARK}


def test_an_installed_draft_is_not_suggested_again(main: Inspection, tmp_path: Path) -> None:
    installed = inspect_folder(make_llm(tmp_path / "d"))
    here = replace(installed, id="OpenVINO/Qwen3-0.6B-int4-ov")
    report = pair_report(qwen(main), [here], catalog=load_catalog())
    assert "OpenVINO/Qwen3-0.6B-int4-ov" not in [o.model_id for o in report.suggestions]


@pytest.mark.parametrize("maker", [make_vlm, make_whisper])
def test_no_draft_of_the_catalogue_is_suggested_where_none_is_taken(
    tmp_path: Path, maker: Callable[[Path], Path]
) -> None:
    report = pair_report(inspect_folder(maker(tmp_path / "m")), [], catalog=load_catalog())
    assert report.suggestions == ()
    assert len(report.options) > 2


def test_a_vlm_with_a_head_has_every_way_listed_and_none_possible(tmp_path: Path) -> None:
    report = pair_report(inspect_folder(make_vlm(tmp_path / "m", mtp=True)), [])
    assert {option.origin for option in report.options} == {
        OptionOrigin.OWN, OptionOrigin.PROMPT_LOOKUP,
    }  # fmt: skip
    assert {option.verdict for option in report.options} == {Verdict.IMPOSSIBLE}
    assert [reason.code for reason in report.alone] == [ReasonCode.MAIN_NOT_RUN_HERE]


def test_a_main_is_judged_alone_on_its_device(main: Inspection, tmp_path: Path) -> None:
    assert pair_report(main, []).alone == ()
    asymmetric = inspect_folder(make_llm(tmp_path / "m", precision="int4_asym_cw"))
    report = pair_report(asymmetric, [], placement=Placement("NPU", "CPU"))
    assert [reason.code for reason in report.alone] == [ReasonCode.NPU_ASYMMETRIC]
