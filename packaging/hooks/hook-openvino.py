"""Collects OpenVINO. Its libraries find the plugins beside them: `openvino/libs` keeps its name."""

import sys
from pathlib import Path

from bundle.rules import EXCLUDED_MODULES, RUNTIME_LIBRARIES, is_shared_library, library_stem
from PyInstaller.utils.hooks import get_package_paths

_PLACE = "openvino/libs"
_LIBRARIES = [
    path
    for path in sorted((Path(get_package_paths("openvino")[1]) / "libs").iterdir())
    if path.is_file() and not path.is_symlink()
]

binaries = [
    (str(path), _PLACE)
    for path in _LIBRARIES
    if is_shared_library(path.name)
    and library_stem(path.name, platform=sys.platform) in RUNTIME_LIBRARIES
]
# cache.json holds the tuning of the GPU kernels.
datas = [(str(path), _PLACE) for path in _LIBRARIES if path.suffix == ".json"]
excludedimports = [name for name in EXCLUDED_MODULES if name.startswith("openvino")]
