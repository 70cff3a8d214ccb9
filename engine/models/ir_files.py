"""The IR files of a folder: which are there, which are readable and whose weights are cut short."""

from __future__ import annotations

from collections.abc import Iterator, Set
from pathlib import Path

from engine.errors import EngineError, ErrorCode, ErrorInfo
from engine.models.file_problem import file_problem
from engine.models.folder_kind import MODEL_IR, PIPELINE_INDEX, REQUIRED_IRS
from engine.models.ir_reader import IrSummary, read_ir
from engine.models.manifest import ModelKind

_MOST_IRS = 48
_FOREIGN_SUFFIXES = {".gguf": "gguf", ".safetensors": "not_converted", ".onnx": "not_converted"}


def read_irs(folder: Path, files: Set[str]) -> tuple[dict[str, IrSummary], tuple[ErrorInfo, ...]]:
    """Read every IR of a folder and of the component folders of a diffusion pipeline.

    Returns the readable ones by relative path, and a problem for each damaged one.
    """
    irs: dict[str, IrSummary] = {}
    problems: list[ErrorInfo] = []
    for name in _ir_names(folder, files):
        try:
            # Tokenizers are small, and their vocabulary is found through the graph.
            ir = read_ir(folder / name, keep_graph="tokenizer" in name)
        except EngineError as error:
            problems.append(error.to_info())
            continue
        irs[name] = ir
        problems.extend(_check_weights(folder, name, ir))
    return irs, tuple(problems)


def find_missing_files(kind: ModelKind, folder: Path, files: Set[str]) -> tuple[ErrorInfo, ...]:
    """What the kind needs and the folder lacks; for an unknown kind, why it is unknown."""
    missing = [name for name in REQUIRED_IRS.get(kind, ()) if name not in files]
    if kind is ModelKind.UNKNOWN:
        return (_not_a_model(folder, files),)
    if kind is ModelKind.DIFFUSION and not any(folder.glob(f"*/{MODEL_IR}")):
        missing = [f"*/{MODEL_IR}"]
    return tuple(file_problem(ErrorCode.MODEL_INCOMPLETE, "missing_file", name) for name in missing)


def _ir_names(folder: Path, files: Set[str]) -> Iterator[str]:
    names = sorted(name for name in files if name.startswith("openvino") and name.endswith(".xml"))
    yield from names[:_MOST_IRS]
    if PIPELINE_INDEX in files:
        for path in sorted(folder.glob("*/openvino*.xml"))[:_MOST_IRS]:
            yield path.relative_to(folder).as_posix()


def _check_weights(folder: Path, name: str, ir: IrSummary) -> Iterator[ErrorInfo]:
    weights = Path(name).with_suffix(".bin").as_posix()
    try:
        size_bytes = (folder / weights).stat().st_size
    except OSError:
        if ir.data_bytes:
            yield file_problem(ErrorCode.MODEL_INCOMPLETE, "missing_file", weights)
        return
    if size_bytes < ir.data_bytes:
        yield file_problem(
            ErrorCode.MODEL_INCOMPLETE, "truncated", weights,
            size_bytes=size_bytes, expected_bytes=ir.data_bytes,
        )  # fmt: skip


def _not_a_model(folder: Path, files: Set[str]) -> ErrorInfo:
    if not files and not any(folder.iterdir()):
        return file_problem(ErrorCode.MODEL_INCOMPLETE, "no_files", folder.name)
    for name in sorted(files):
        reason = _FOREIGN_SUFFIXES.get(Path(name).suffix.casefold())
        if reason is not None:
            return file_problem(ErrorCode.MODEL_UNSUPPORTED, reason, name)
    if MODEL_IR not in files:
        return file_problem(ErrorCode.MODEL_INCOMPLETE, "missing_file", MODEL_IR)
    return file_problem(ErrorCode.MODEL_UNSUPPORTED, "unknown_model", MODEL_IR)
