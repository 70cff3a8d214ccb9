"""Messages the runtime was heard saying, and the typed errors they become."""

from __future__ import annotations

import pytest

from engine.backends.openvino_errors import generation_error, load_error
from engine.errors import ErrorCode, GenerationError, LoadError, ParameterError

HEARD = [
    ("Tokenizers for draft and main models are different!", ErrorCode.TOKENIZER_MISMATCH),
    (
        "Vocab sizes should be the same for the both: main and draft models!",
        ErrorCode.TOKENIZER_MISMATCH,
    ),
    ("Incorrect weights in bin file!", ErrorCode.MODEL_CORRUPT),
    ("Empty weights data in bin file or bin file cannot be found!", ErrorCode.MODEL_CORRUPT),
    ("Could not find a model in the directory", ErrorCode.MODEL_INCOMPLETE),
    (
        "Exception from src/inference/src/cpp/core.cpp:117:\n"
        'Device with "FOO" name is not registered in the OpenVINO Runtime',
        ErrorCode.DEVICE_NOT_AVAILABLE,
    ),
    (
        'Cannot load library "libopenvino_intel_gpu_plugin.so": libOpenCL.so.1: cannot open',
        ErrorCode.DEVICE_NOT_AVAILABLE,
    ),
    (
        "VCL compiler loading failed: libopenvino_intel_npu_compiler_loader.so",
        ErrorCode.DEVICE_NOT_AVAILABLE,
    ),
    (
        "[GPU] Can't get PERFORMANCE_HINT property as no supported devices found",
        ErrorCode.DEVICE_NOT_AVAILABLE,
    ),
    ("Could not find an NPU device. The driver compiler requires", ErrorCode.DEVICE_NOT_AVAILABLE),
    (
        "NotFound: Unsupported property MAX_PROMPT_LEN by CPU plugin",
        ErrorCode.PLACEMENT_UNSUPPORTED,
    ),
    (
        "Eagle3 pipeline supports NPU only. Target: CPU, Draft: NPU",
        ErrorCode.PLACEMENT_UNSUPPORTED,
    ),
    ("[GPU] clEnqueueMapBuffer, error code: -5 CL_OUT_OF_RESOURCES", ErrorCode.OUT_OF_MEMORY),
    ("std::bad_alloc", ErrorCode.OUT_OF_MEMORY),
    (
        "No ScaledDotProductAttention operation observed in the graph",
        ErrorCode.MODEL_UNSUPPORTED,
    ),
]


@pytest.mark.parametrize(("text", "code"), HEARD)
def test_known_messages(text: str, code: ErrorCode) -> None:
    error = load_error(RuntimeError(text), device="X")
    assert error.code is code
    assert dict(error.facts) == {"device": "X"}


def test_an_unknown_message_keeps_the_line_that_says_something() -> None:
    text = "Exception from src/core.cpp:1:\nCheck 'a == b' failed at x.cpp:2:\nThe moon is full.\n"
    error = load_error(RuntimeError(text))
    assert isinstance(error, LoadError)
    assert error.code is ErrorCode.COMPILE_FAILED
    assert str(error).endswith("The moon is full.")
    failed = generation_error(RuntimeError(text))
    assert isinstance(failed, GenerationError)
    assert failed.code is ErrorCode.RUNTIME_FAILED


def test_python_running_out_of_memory() -> None:
    assert load_error(MemoryError()).code is ErrorCode.OUT_OF_MEMORY


def test_an_error_that_is_typed_already_stays() -> None:
    error = ParameterError("no")
    assert generation_error(error) is error
