"""Collects the tokenizer library in the folder where its package looks for it."""

from pathlib import Path

from bundle.rules import is_shared_library
from PyInstaller.utils.hooks import get_package_paths

_PLACE = "openvino_tokenizers/lib"

binaries = [
    (str(path), _PLACE)
    for path in sorted((Path(get_package_paths("openvino_tokenizers")[1]) / "lib").iterdir())
    if is_shared_library(path.name)
]
excludedimports = ["transformers", "tiktoken", "sentencepiece"]
