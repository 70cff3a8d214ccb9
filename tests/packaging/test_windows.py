"""The lists of files in the installers, and what the scripts and the program agree on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bundle.windows import inno_files, nsis_install, nsis_uninstall, write_file_lists
from bundle.windows_version import four_numbers, version_info
from platformdirs.windows import Windows

from app.windows_shell import APP_USER_MODEL_ID, MUTEX_NAME

NAMES = ["_internal/a.dll", "_internal/x y/{b}.bin", "_internal/x y/c.dll", "slipstream.exe"]


def test_inno_gets_every_file_at_its_place() -> None:
    lines = inno_files(NAMES).splitlines()
    assert len(lines) == len(NAMES)
    assert lines[1] == (
        'Source: "{#Source}\\_internal\\x y\\{{b}.bin"; '
        'DestDir: "{app}\\_internal\\x y"; Flags: ignoreversion'
    )
    assert 'DestDir: "{app}"' in lines[3]


def test_nsis_installs_every_file_once() -> None:
    text = nsis_install(NAMES)
    assert text.count("\nFile ") == len(NAMES)
    assert text.count("SetOutPath") == 3


def test_nsis_removes_exactly_these_files_and_empty_folders_from_the_inside_out() -> None:
    lines = nsis_uninstall(NAMES).splitlines()
    assert [line for line in lines if line.startswith("Delete")] == [
        'Delete "$INSTDIR\\' + name.replace("/", "\\") + '"' for name in NAMES
    ]
    assert [line for line in lines if line.startswith("RMDir")] == [
        'RMDir "$INSTDIR\\_internal\\x y"',
        'RMDir "$INSTDIR\\_internal"',
    ]
    assert "/r" not in "".join(lines)


def test_lists_name_the_files_of_a_folder(tmp_path: Path) -> None:
    program = tmp_path / "program"
    (program / "_internal").mkdir(parents=True)
    (program / "slipstream.exe").touch()
    (program / "_internal" / "模型.bin").touch()
    write_file_lists(program, tmp_path / "lists")
    text = (tmp_path / "lists" / "files.iss").read_text(encoding="utf-8-sig")
    assert "_internal\\模型.bin" in text
    assert {p.name for p in (tmp_path / "lists").iterdir()} == {
        "files.iss", "install.nsh", "uninstall.nsh",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("0.1.9", (0, 1, 9, 0)), ("1.2.3rc1", (1, 2, 3, 0)), ("2", (2, 0, 0, 0))],
)
def test_versions_of_windows_have_four_numbers(
    version: str, numbers: tuple[int, int, int, int]
) -> None:
    assert four_numbers(version) == numbers
    assert f"filevers={numbers}" in version_info(version)


def test_a_version_must_begin_with_a_number() -> None:
    with pytest.raises(ValueError, match="no number"):
        four_numbers("v1")


@pytest.mark.parametrize("script", ["slipstream.iss", "slipstream.nsi"])
def test_scripts_agree_with_the_program(packaging_folder: Path, script: str) -> None:
    text = (packaging_folder / "windows" / script).read_text(encoding="utf-8")
    assert MUTEX_NAME in text
    # The folder that the removal offers to delete is the one the program uses.
    folder = Windows("slipstream", appauthor=False)._append_parts("BASE").replace("/", "\\")
    assert folder == "BASE\\slipstream"
    assert re.search(r"(?i)localappdata\}?\\slipstream\b", text)


def test_the_start_menu_entry_carries_the_name_of_the_window(packaging_folder: Path) -> None:
    text = (packaging_folder / "windows" / "slipstream.iss").read_text(encoding="utf-8")
    assert text.count(f'AppUserModelID: "{APP_USER_MODEL_ID}"') == 2


def test_a_silent_removal_keeps_the_data(packaging_folder: Path) -> None:
    folder = packaging_folder / "windows"
    inno = (folder / "slipstream.iss").read_text(encoding="utf-8")
    code = inno[inno.index("[Code]") :]
    assert code.index("UninstallSilent then") < code.index("DelTree")
    assert "MB_DEFBUTTON2" in code
    nsis = (folder / "slipstream.nsi").read_text(encoding="utf-8")
    assert re.search(r"MB_DEFBUTTON2 .*/SD IDNO IDNO keep\n\s+RMDir /r \"\$\{DATA_DIR\}\"", nsis)
