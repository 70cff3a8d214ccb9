"""The table of pairs: made folders, the verdict for each, and the reason that decides."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from app.core.model_text import reason_text
from app.core.translation import untranslated
from engine.backends.openvino_pipeline import require_models
from engine.errors import ModelError
from engine.models.inspection import Inspection, inspect_folder, inspect_model
from engine.models.loadable import DRAFT_KINDS, MAIN_KINDS, main_reasons
from engine.models.manifest import ModelKind
from engine.models.pair_rules import check_pair
from engine.models.reasons import ReasonCode, Severity, Verdict, verdict_of
from engine.models.registry import Registry
from engine.placement import LoadSpec, Placement, Strategy
from engine.resources import asset_path
from tests.engine.models.folder_maker import (
    SPECIAL,
    make_diffusion,
    make_embedding,
    make_head,
    make_llm,
    make_mtp_head,
    make_vlm,
    make_whisper,
    vocabulary,
)

Maker = Callable[[Path], Path]
CPU = Placement("CPU", "CPU")
GPU = Placement("GPU.0", "CPU")
NPU = Placement("NPU", "NPU")
NPU_DRAFT = Placement("CPU", "NPU")
NPU_MAIN = Placement("NPU", "GPU")


def make_main(folder: Path) -> Path:
    return make_llm(folder, rows=8192)


def draft(**changes: object) -> Maker:
    def make(folder: Path) -> Path:
        return make_llm(folder, **{"rows": 1024, **changes})  # type: ignore[arg-type]

    return make


def head(kind: str, **changes: int) -> Maker:
    return lambda folder: make_head(folder, kind=kind, **changes)


def truncated(folder: Path) -> Path:
    weights = make_llm(folder, rows=1024) / "openvino_model.bin"
    weights.write_bytes(weights.read_bytes()[:-100])
    return folder


def without_tokenizer(folder: Path) -> Path:
    for path in make_llm(folder, rows=1024).glob("openvino_*tokenizer.*"):
        path.unlink()
    return folder


GOOD, REMARK, IMPOSSIBLE = Verdict.GOOD, Verdict.REMARK, Verdict.IMPOSSIBLE
Row = tuple[str, Maker, Placement, Verdict, ReasonCode]
R = ReasonCode
TABLE: list[Row] = [
    ("same tokenizer", draft(), CPU, GOOD, R.SAME_TOKENIZER),
    ("same tokenizer, main on GPU", draft(), GPU, GOOD, R.SAME_TOKENIZER),
    (
        "as many tokens, other ones",
        draft(tokens=vocabulary(60, word="x")),
        CPU,
        IMPOSSIBLE,
        R.TOKENIZER_DIFFERS,
    ),
    (
        "two tokens swapped",
        draft(tokens=["w1", "w0", *vocabulary(60)[2:]]),
        CPU,
        IMPOSSIBLE,
        R.TOKENIZER_DIFFERS,
    ),
    ("larger logits", draft(width=128), CPU, IMPOSSIBLE, R.DRAFT_LOGITS_LARGER),
    ("smaller logits", draft(width=63), CPU, REMARK, R.LOGITS_WIDTH_DIFFERS),
    ("smaller logits on NPU", draft(width=63), NPU, IMPOSSIBLE, R.NPU_LOGITS_WIDTH),
    (
        "smaller logits, only draft on NPU",
        draft(width=63),
        NPU_DRAFT,
        IMPOSSIBLE,
        R.NPU_LOGITS_WIDTH,
    ),
    ("other EOS id", draft(eos_id=0), CPU, IMPOSSIBLE, R.SPECIAL_IDS_DIFFER),
    ("other stop tokens", draft(generation_eos=5), CPU, REMARK, R.STOP_TOKENS_DIFFER),
    (
        "other special tokens",
        draft(special=("<pad>", "<bos>", "<end>")),
        CPU,
        REMARK,
        R.SPECIAL_TOKENS_DIFFER,
    ),
    ("other family", draft(family="qwen3"), CPU, REMARK, R.FAMILY_DIFFERS),
    ("a quarter of the main", draft(rows=2048), CPU, REMARK, R.DRAFT_LARGE),
    ("as large as the main", draft(rows=8192), CPU, REMARK, R.DRAFT_NOT_SMALLER),
    ("EAGLE-3 head", head("eagle3"), CPU, REMARK, R.HEAD_UNTESTED),
    (
        "EAGLE-3 head for another main",
        head("eagle3", hidden_size=512),
        CPU,
        IMPOSSIBLE,
        R.HIDDEN_SIZE_DIFFERS,
    ),
    (
        "EAGLE-3 head, other vocabulary",
        head("eagle3", width=99),
        CPU,
        IMPOSSIBLE,
        R.HEAD_VOCABULARY_DIFFERS,
    ),
    ("EAGLE-3 head, both on NPU", head("eagle3"), NPU, REMARK, R.HEAD_UNTESTED),
    ("EAGLE-3 head alone on NPU", head("eagle3"), NPU_DRAFT, IMPOSSIBLE, R.EAGLE3_NPU_NEEDS_BOTH),
    ("EAGLE-3 main alone on NPU", head("eagle3"), NPU_MAIN, IMPOSSIBLE, R.EAGLE3_NPU_NEEDS_BOTH),
    ("DFlash head", head("dflash"), CPU, REMARK, R.HEAD_UNTESTED),
    ("DFlash head on NPU", head("dflash"), NPU, IMPOSSIBLE, R.HEAD_NOT_ON_NPU),
    ("MTP head", make_mtp_head, CPU, IMPOSSIBLE, R.MTP_NOT_RUN_HERE),
    ("VLM", make_vlm, CPU, IMPOSSIBLE, R.NOT_A_DRAFT),
    ("Whisper", make_whisper, CPU, IMPOSSIBLE, R.NOT_A_DRAFT),
    ("embedding", make_embedding, CPU, IMPOSSIBLE, R.NOT_A_DRAFT),
    ("diffusion", make_diffusion, CPU, IMPOSSIBLE, R.NOT_A_DRAFT),
    ("asymmetric int4", draft(precision="int4_asym_g128"), CPU, GOOD, R.SAME_TOKENIZER),
    (
        "asymmetric int4 on NPU",
        draft(precision="int4_asym_g128"),
        NPU,
        IMPOSSIBLE,
        R.NPU_ASYMMETRIC,
    ),
    (
        "asymmetric int4 beside an NPU main",
        draft(precision="int4_asym_g128"),
        NPU_MAIN,
        GOOD,
        R.GREEDY_ONLY,
    ),
    ("groups of 64 on NPU", draft(precision="int4_sym_g64"), NPU, IMPOSSIBLE, R.NPU_GROUP_SIZE),
    ("symmetric int4 on NPU", draft(precision="int4_sym_cw"), NPU, GOOD, R.GREEDY_ONLY),
    (
        "nf4 on GPU",
        draft(precision="nf4_cw"),
        Placement("CPU", "GPU.0"),
        IMPOSSIBLE,
        R.GPU_WITHOUT_NF4,
    ),
    ("nf4 on NPU", draft(precision="nf4_cw"), NPU, GOOD, R.GREEDY_ONLY),
    ("int8 on NPU", draft(precision="int8_sym_cw"), NPU, REMARK, R.NPU_INT8_UNTESTED),
    (
        "asymmetric int8 on NPU",
        draft(precision="int8_asym_cw"),
        NPU,
        IMPOSSIBLE,
        R.NPU_INT8_ASYMMETRIC,
    ),
    ("truncated weights", truncated, CPU, IMPOSSIBLE, R.MODEL_DAMAGED),
    ("no tokenizer", without_tokenizer, CPU, IMPOSSIBLE, R.MODEL_DAMAGED),
]


@pytest.fixture(scope="module")
def main(tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    """The main model of the table: symmetric int4, 12 layers, 2 million weights."""
    found = inspect_folder(make_main(tmp_path_factory.mktemp("main")))
    assert found.loadable
    assert not found.npu
    return found


@pytest.mark.parametrize(
    ("maker", "placement", "verdict", "reason"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_a_made_draft_gets_its_verdict_and_reason(
    main: Inspection,
    tmp_path: Path,
    maker: Maker,
    placement: Placement,
    verdict: Verdict,
    reason: ReasonCode,
) -> None:
    reasons = check_pair(main, inspect_folder(maker(tmp_path / "draft")), placement=placement)
    assert verdict_of(reasons) is verdict
    assert reason in [found.code for found in reasons]
    if verdict is IMPOSSIBLE:
        assert [r.code for r in reasons if r.severity is Severity.BLOCK] == [reason] or (
            reason is R.NPU_LOGITS_WIDTH
        )
        assert reasons[0].severity is Severity.BLOCK


def test_reasons_carry_the_numbers_that_differ(main: Inspection, tmp_path: Path) -> None:
    reasons = check_pair(main, inspect_folder(draft(width=63)(tmp_path / "d")))
    facts = next(r.facts for r in reasons if r.code is R.LOGITS_WIDTH_DIFFERS)
    assert dict(facts) == {"main": 64, "draft": 63}


def test_a_device_reason_says_which_of_the_two_it_is_about(
    main: Inspection, tmp_path: Path
) -> None:
    asymmetric = inspect_folder(draft(precision="int4_asym_cw")(tmp_path / "d"))
    (reason,) = (
        r for r in check_pair(main, asymmetric, placement=NPU) if r.code is R.NPU_ASYMMETRIC
    )
    assert dict(reason.facts) == {"precision": "int4_asym_cw", "which": "draft"}


def test_a_main_as_its_own_draft_is_offered_with_a_remark(main: Inspection) -> None:
    reasons = check_pair(main, main)
    assert [r.code for r in reasons if r.severity is not Severity.INFO] == [R.OWN_DRAFT]


def test_a_shallow_main_takes_no_eagle3_head(tmp_path: Path) -> None:
    shallow = inspect_folder(make_llm(tmp_path / "m", layers=9))
    reasons = check_pair(shallow, inspect_folder(make_head(tmp_path / "h", kind="eagle3")))
    assert (reasons[0].code, dict(reasons[0].facts)) == (
        R.TOO_FEW_LAYERS,
        {"layers": 9, "least": 10},
    )


def test_a_main_without_configuration_takes_no_eagle3_head(tmp_path: Path) -> None:
    folder = make_llm(tmp_path / "m")
    (folder / "config.json").unlink()
    reasons = check_pair(
        inspect_folder(folder), inspect_folder(make_head(tmp_path / "h", kind="eagle3"))
    )
    assert reasons[0].code is R.MAIN_CONFIG_MISSING
    assert R.TARGET_UNKNOWN in [r.code for r in reasons]


@pytest.mark.parametrize("maker", [draft(), head("eagle3"), head("dflash"), make_mtp_head])
def test_a_main_that_sees_images_is_not_run(tmp_path: Path, maker: Maker) -> None:
    vlm = inspect_folder(make_vlm(tmp_path / "vlm", mtp=True))
    for other in (inspect_folder(maker(tmp_path / "d")), vlm):
        reasons = check_pair(vlm, other)
        assert verdict_of(reasons) is IMPOSSIBLE
        assert reasons[0].code is R.MAIN_NOT_RUN_HERE


def test_a_draft_with_an_mtp_head_beside_it_is_not_run(main: Inspection, tmp_path: Path) -> None:
    """The runtime would take the head, and refuse it for such a main."""
    folder = draft()(tmp_path / "d")
    for path in make_mtp_head(tmp_path / "h").glob("openvino_mtp_model.*"):
        path.rename(folder / path.name)
    assert [r.code for r in check_pair(main, inspect_folder(folder))] == [R.MTP_NOT_RUN_HERE]


@pytest.mark.parametrize(
    ("maker", "placement", "verdict", "reason"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_the_backend_refuses_exactly_what_is_impossible(
    main: Inspection,
    tmp_path: Path,
    maker: Maker,
    placement: Placement,
    verdict: Verdict,
    reason: ReasonCode,
) -> None:
    folder = maker(tmp_path / "draft")
    spec = draft_spec(main.path, str(folder), placement)
    if verdict is not IMPOSSIBLE:
        found, other = require_models(spec)
        assert (found, other) == (inspect_folder(Path(main.path)), inspect_folder(folder))
        return
    with pytest.raises(ModelError) as caught:
        require_models(spec)
    facts = dict(caught.value.facts)
    if reason is not R.MODEL_DAMAGED:
        assert facts["reason"] == str(reason)
    which = dict(check_pair(main, inspect_folder(folder), placement=placement)[0].facts)
    assert facts["model"] == which.get("which", "draft")


def make_unknown(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "readme.txt").write_text("nothing else")
    return folder


def make_rerank(folder: Path) -> Path:
    return make_embedding(folder, rerank=True)


KINDS: dict[ModelKind, Maker] = {
    ModelKind.LLM: draft(),
    ModelKind.EAGLE3: head("eagle3"),
    ModelKind.DFLASH: head("dflash"),
    ModelKind.MTP: make_mtp_head,
    ModelKind.VLM: make_vlm,
    ModelKind.WHISPER: make_whisper,
    ModelKind.EMBEDDING: make_embedding,
    ModelKind.RERANK: make_rerank,
    ModelKind.DIFFUSION: make_diffusion,
    ModelKind.UNKNOWN: make_unknown,
}


def test_checker_and_backend_agree_on_every_kind_as_main_and_as_draft(tmp_path: Path) -> None:
    assert set(KINDS) == set(ModelKind)
    folders = {kind: maker(tmp_path / kind) for kind, maker in KINDS.items()}
    folders[ModelKind.LLM] = make_main(tmp_path / "main")
    found = {kind: inspect_folder(folder) for kind, folder in folders.items()}
    assert {kind: model.kind for kind, model in found.items()} == {kind: kind for kind in ModelKind}
    possible = set()
    for main_kind, draft_kind in product(ModelKind, ModelKind):
        spec = draft_spec(str(folders[main_kind]), str(folders[draft_kind]), CPU)
        reasons = check_pair(found[main_kind], found[draft_kind])
        try:
            require_models(spec)
        except ModelError:
            assert verdict_of(reasons) is IMPOSSIBLE, (main_kind, draft_kind)
        else:
            assert verdict_of(reasons) is not IMPOSSIBLE, (main_kind, draft_kind)
            possible.add((main_kind, draft_kind))
    assert {main for main, _ in possible} == set(MAIN_KINDS)
    assert {draft for _, draft in possible} == set(DRAFT_KINDS)


@pytest.mark.parametrize("kind", ModelKind)
def test_checker_and_backend_agree_on_a_main_alone(tmp_path: Path, kind: ModelKind) -> None:
    folder = KINDS[kind](tmp_path / kind)
    alone = LoadSpec(main_path=str(folder))
    reasons = main_reasons(inspect_folder(folder), "CPU")
    if verdict_of(reasons) is IMPOSSIBLE:
        with pytest.raises(ModelError):
            require_models(alone)
    else:
        assert kind in MAIN_KINDS
        require_models(alone)


def draft_spec(main: str, other: str, placement: Placement) -> LoadSpec:
    return LoadSpec(main_path=main, draft_path=other, strategy=Strategy.DRAFT, placement=placement)


@pytest.mark.parametrize("maker", [make_whisper, make_embedding, make_diffusion])
def test_what_is_no_chat_model_takes_no_draft(tmp_path: Path, maker: Maker) -> None:
    reasons = check_pair(
        inspect_folder(maker(tmp_path / "m")), inspect_folder(draft()(tmp_path / "d"))
    )
    assert reasons[0].code is R.MAIN_TAKES_NO_DRAFT


def test_json_and_ir_fingerprints_are_compared_like_with_like(tmp_path: Path) -> None:
    with_json = inspect_folder(make_llm(tmp_path / "j", with_json=True, rows=8192))
    without = inspect_folder(make_llm(tmp_path / "i", rows=1024))
    assert verdict_of(check_pair(with_json, without)) is GOOD
    assert with_json.tokenizer.from_json is not None
    assert with_json.tokenizer.from_ir is not None
    assert with_json.tokenizer.token_count == 60 + len(SPECIAL)


def test_nothing_to_compare_is_a_remark(tmp_path: Path) -> None:
    for name in ("a", "b"):
        folder = make_llm(tmp_path / name, rows=8192 if name == "a" else 1024)
        xml = folder / "openvino_tokenizer.xml"
        xml.write_text(xml.read_text().replace("BPETokenizer", "NewTokenizer"))
    reasons = check_pair(inspect_folder(tmp_path / "a"), inspect_folder(tmp_path / "b"))
    assert [r.code for r in reasons if r.severity is Severity.REMARK] == [R.TOKENIZER_UNKNOWN]


def test_the_embedded_pair_is_a_declared_good_pair(tmp_path: Path) -> None:
    registry = Registry(tmp_path, embedded=asset_path("models"))
    one, other = (
        inspect_model(registry.find(f"slipstream/demo-{which}")) for which in ("main", "draft")
    )
    assert one.loadable
    assert other.loadable
    reasons = check_pair(one, other)
    assert verdict_of(reasons) is GOOD
    assert {r.code for r in reasons} == {R.SAME_TOKENIZER, R.DECLARED_PAIR}
    assert R.DRAFT_NOT_SMALLER in {r.code for r in check_pair(other, one)}


@pytest.mark.parametrize("kind", ["eagle3", "dflash"])
def test_a_head_that_fits_is_said_to_be_untested(
    main: Inspection, tmp_path: Path, kind: str
) -> None:
    reasons = check_pair(main, inspect_folder(make_head(tmp_path / "h", kind=kind)))
    (untested,) = [reason for reason in reasons if reason.code is R.HEAD_UNTESTED]
    assert dict(untested.facts) == {"kind": kind}
    assert reason_text(untested, untranslated).startswith("Untested:")
