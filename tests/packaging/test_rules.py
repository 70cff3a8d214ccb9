"""What is shipped and what is left out, by the places the freezer gives to files."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from bundle.rules import (
    EXCLUDED_MODULES,
    is_shared_library,
    is_shipped,
    library_stem,
    works_without_window,
)


@pytest.mark.parametrize(
    "place",
    [
        "openvino/libs/libopenvino.so.2641",
        "openvino/libs/cache.json",
        "openvino_tokenizers/lib/libopenvino_tokenizers.so",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "libsqlite3.so.0",
        "libxcb-cursor.so.0",
        "libcrypto.so.3",
        "assets/models/demo-main/openvino_model.bin",
    ],
)
def test_needed_files_are_shipped(place: str) -> None:
    platform = "win32" if "\\" in place else "linux"
    assert is_shipped(place, platform=platform)


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/qml/QtQuick/qmldir",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt6Qml.dll",
        "PySide6/Qt/translations/qt_help_de.qm",
        "PySide6/Qt/translations/qtbase_de.qm",
        "assets/translations/slipstream_zh_CN.ts",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
        "PySide6\\plugins\\platforminputcontexts\\qtvirtualkeyboardplugin.dll",
        "PySide6\\opengl32sw.dll",
        "numpy/_core/tests/data/x.csv",
        "openvino/__init__.pyi",
        "tqdm-4.70.1.dist-info/RECORD",
    ],
)
def test_files_nobody_uses_are_left_out(place: str) -> None:
    assert not is_shipped(place, platform="win32" if "\\" in place else "linux")


@pytest.mark.parametrize(
    "name",
    [
        "libstdc++.so.6", "libgcc_s.so.1", "libOpenCL.so.1", "libGL.so.1", "libwayland-egl.so.1",
        "libX11-xcb.so.1", "libxcb-render-util.so.0", "libglib-2.0.so.0", "libpcre2-8.so.0",
        "libzstd.so.1", "libfontconfig.so.1", "libkrb5support.so.0",
    ],
)  # fmt: skip
def test_libraries_that_must_fit_the_system_come_from_it(name: str) -> None:
    assert not is_shipped(name, platform="linux")
    # Qt's own copy is another matter, and Windows has no such rule.
    assert is_shipped(f"PySide6/Qt/lib/{name}", platform="linux")
    assert is_shipped(name, platform="win32")


@pytest.mark.parametrize(
    ("name", "platform", "stem"),
    [
        ("libtbb.so.12", "linux", "tbb"),
        ("libopenvino.so.2641", "linux", "openvino"),
        ("tbb12.dll", "win32", "tbb12"),
        ("libtbb.dll", "win32", "libtbb"),
    ],
)
def test_library_stems(name: str, platform: str, stem: str) -> None:
    assert library_stem(name, platform=platform) == stem
    assert is_shared_library(name)


@pytest.mark.parametrize("name", ["cache.json", "libtbb.so.py", "so", "x.sock"])
def test_other_files_are_no_libraries(name: str) -> None:
    assert not is_shared_library(name)


def test_qt_speaks_the_languages_of_the_program_and_no_others(packaging_folder: Path) -> None:
    texts = list((packaging_folder.parent / "assets" / "translations").glob("slipstream_*.qm"))
    assert texts
    for path in texts:
        of_qt = path.name.replace("slipstream", "qtbase")
        assert is_shipped(f"assets/translations/{path.name}", platform="linux")
        assert is_shipped(f"PySide6/Qt/translations/{of_qt}", platform="linux")
        assert is_shipped(f"PySide6\\translations\\{of_qt}", platform="win32")


def test_the_engine_imports_nothing_that_is_for_the_window(
    packaging_folder: Path,
) -> None:
    imported: set[str] = set()
    for path in (packaging_folder.parent / "engine").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
    assert {"numpy", "openvino_genai", "engine.host"} <= imported
    assert [name for name in sorted(imported) if not works_without_window(name)] == []
    assert not works_without_window("app.desktop")


def test_no_telemetry_is_frozen() -> None:
    assert {"openvino_telemetry", "openvino.tools"} <= set(EXCLUDED_MODULES)
