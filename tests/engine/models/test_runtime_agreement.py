"""What inspection reads from an IR is what the runtime that wrote it says."""

from __future__ import annotations

from pathlib import Path

import openvino as ov
import pytest

from engine.models.chat_template import Thinking
from engine.models.inspection import inspect_folder
from engine.models.manifest import ModelKind
from engine.models.pair_rules import check_pair
from engine.models.reasons import ReasonCode, Verdict, verdict_of
from engine.resources import asset_path
from tests.tiny_models.folder import write_model

pytestmark = pytest.mark.openvino


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("tiny") / "main")


@pytest.mark.parametrize("name", ["tiny", "demo-main", "demo-draft"])
def test_width_and_number_of_weights_are_those_of_the_runtime(tiny: Path, name: str) -> None:
    folder = tiny if name == "tiny" else asset_path("models", name)
    model = ov.Core().read_model(folder / "openvino_model.xml")
    width = model.output("logits").get_partial_shape()[-1].get_length()
    large = [
        node.get_output_size() and node.get_output_shape(0)
        for node in model.get_ops()
        if node.get_type_name() == "Constant" and node.get_output_element_type(0) != ov.Type.i64
    ]
    matrices = sum(shape[0] * shape[1] for shape in large if len(shape) == 2 and shape[1] > 1)
    found = inspect_folder(folder)
    assert found.problems == ()
    assert (found.kind, found.logits_width) == (ModelKind.LLM, width)
    # Norms and the like come on top: a small share.
    assert matrices <= (found.parameters or 0) <= matrices * 1.01


def test_pairs_written_by_the_runtime_are_told_apart(tiny: Path, tmp_path: Path) -> None:
    main = inspect_folder(tiny)
    assert main.template is not None
    assert main.template.thinking is Thinking.SWITCHABLE
    twin = inspect_folder(write_model(tmp_path / "twin", noise=0.03))
    reasons = check_pair(main, twin)
    assert verdict_of(reasons) is Verdict.REMARK
    assert {r.code for r in reasons} == {ReasonCode.DRAFT_NOT_SMALLER, ReasonCode.SAME_TOKENIZER}
    foreign = inspect_folder(write_model(tmp_path / "foreign", words=("other", "words", "here")))
    assert ReasonCode.TOKENIZER_DIFFERS in {r.code for r in check_pair(main, foreign)}
