"""Arguments become the engine's values, and contradictions become exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cli.arguments import parse_arguments
from engine.cli.exit_codes import MEANINGS, ExitCode, exit_code_of
from engine.cli.requests import find_folders, make_params, make_spec, open_registry
from engine.errors import ErrorCode, ModelError, ParameterError
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy


def spec_of(*argv: str) -> LoadSpec:
    arguments = parse_arguments(["chat", *argv])
    return make_spec(arguments, open_registry(find_folders(arguments.data_dir)))


def test_the_embedded_pair_is_the_default() -> None:
    spec = spec_of()
    assert spec.strategy is Strategy.DRAFT
    assert Path(spec.main_path).name == "demo-main"
    assert spec.draft_path is not None
    assert Path(spec.draft_path).name == "demo-draft"
    assert spec.placement == Placement("CPU", "CPU")
    assert not spec.sampling
    assert spec.greedy_draft


def test_a_threshold_needs_the_confidence_of_the_draft() -> None:
    assert not spec_of("--assistant-confidence-threshold", "0.3").greedy_draft


@pytest.mark.parametrize(
    "argv", [("--draft", "none"), ("--strategy", "none"), ("--main", "slipstream/demo-main")]
)
def test_without_a_draft(argv: tuple[str, ...]) -> None:
    spec = spec_of(*argv)
    assert (spec.strategy, spec.draft_path) == (Strategy.NONE, None)
    assert spec.placement == Placement("CPU", None)


def test_everything_about_the_pipeline() -> None:
    spec = spec_of(
        *("--main", "slipstream/demo-main", "--draft", "slipstream/demo-draft"),
        *("--main-device", "GPU.0", "--draft-device", "CPU", "--num-assistant-tokens", "3"),
        *("--property", "INFERENCE_PRECISION_HINT=f32", "--property", "NUM_STREAMS=1"),
    )
    assert spec.placement == Placement("GPU.0", "CPU")
    assert spec.num_assistant_tokens == 3
    assert spec.main_properties == (("INFERENCE_PRECISION_HINT", "f32"), ("NUM_STREAMS", 1))
    assert spec.draft_properties == spec.main_properties


def test_a_temperature_asks_for_a_pipeline_that_samples() -> None:
    assert spec_of("--temperature", "0.5").sampling
    assert not spec_of("--temperature", "0").sampling


def test_every_parameter() -> None:
    argv = "--max-new-tokens 9 --temperature 0.5 --top-p 0.9 --top-k 4 --seed 7 --stop a --stop b"
    more = "--repetition-penalty 1.1 --assistant-confidence-threshold 0.3 --ignore-eos"
    assert make_params(parse_arguments(["chat", *argv.split(), *more.split()])) == GenerationParams(
        max_new_tokens=9,
        temperature=0.5,
        top_p=0.9,
        top_k=4,
        seed=7,
        stop_strings=("a", "b"),
        repetition_penalty=1.1,
        assistant_confidence_threshold=0.3,
        ignore_eos=True,
    )


def test_contradictions() -> None:
    with pytest.raises(ParameterError):
        spec_of("--strategy", "draft", "--draft", "none")
    with pytest.raises(ParameterError):
        spec_of("--strategy", "none", "--draft", "slipstream/demo-draft")
    with pytest.raises(ModelError):
        spec_of("--main", "no/such-model")


@pytest.mark.parametrize(
    "argv", [[], ["sing"], ["chat", "--property", "x"], ["chat", "--seed", "x"]]
)
def test_wrong_arguments_exit_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_arguments(argv)
    assert caught.value.code == ExitCode.USAGE
    assert "usage:" in capsys.readouterr().err


def test_help_names_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["--help"], ["chat", "--help"]):
        with pytest.raises(SystemExit) as caught:
            parse_arguments(argv)
        assert caught.value.code == 0
        text = capsys.readouterr().out
        assert all(f"{int(code)}  {meaning}" in text for code, meaning in MEANINGS.items())
    assert set(MEANINGS) == set(ExitCode)


def test_no_error_counts_as_success() -> None:
    assert all(exit_code_of(code) is not ExitCode.OK for code in ErrorCode)


def test_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_folders(tmp_path).models == tmp_path / "data" / "models"
    monkeypatch.setenv("SLIPSTREAM_DATA_DIR", str(tmp_path / "other"))
    assert find_folders(None).logs == tmp_path / "other" / "logs"
    monkeypatch.delenv("SLIPSTREAM_DATA_DIR")
    assert find_folders(None).models.name == "models"


def test_the_window_keeps_its_models_in_the_same_place(tmp_path: Path) -> None:
    from app.paths import resolve_paths

    for data_dir in (tmp_path, None):
        ours, theirs = find_folders(data_dir), resolve_paths(data_dir, {})
        if data_dir is not None:
            assert (ours.models, ours.logs) == (theirs.models, theirs.logs)
