"""Collects OpenVINO GenAI, which asks for openvino_tokenizers from C++, unseen by a scan."""

from PyInstaller.utils.hooks import collect_dynamic_libs

hiddenimports = ["openvino_tokenizers", "numpy"]
binaries = collect_dynamic_libs(
    "openvino_genai", search_patterns=["openvino_genai*.dll", "libopenvino_genai*"]
)
