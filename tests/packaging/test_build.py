"""What the build says before it builds, where the frozen program starts, what the smoke sees."""

from __future__ import annotations

import importlib.util
import runpy
import subprocess
import sys
from pathlib import Path

import inside
import pytest
import smoke
from bundle.places import Places, source_date, version
from bundle.watch import watch

from engine.version import __version__

# Another distribution may own the bare name, so the script is loaded from its file.
_SPEC = importlib.util.spec_from_file_location(
    "slipstream_build", Path(__file__).resolve().parents[2] / "packaging" / "build.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
build = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(build)


def test_what_cannot_be_built_here_is_said_and_nothing_is_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(places: Places) -> None:
        pytest.fail(f"it built into {places.work}")

    monkeypatch.setattr(build, "build_program", refuse)
    monkeypatch.setattr(build, "_IS_WINDOWS", False)
    assert build.main(["windows"]) == 2
    assert "windows: cannot be built here: " in capsys.readouterr().err


def test_missing_tools_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_IS_LINUX", True)
    monkeypatch.setattr("shutil.which", lambda name: None if name == "dpkg-query" else name)
    reason = build.obstacle("deb")
    assert reason is not None
    assert "dpkg-query" in reason
    assert "strip" not in reason


def test_the_portable_archive_of_windows_needs_no_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_IS_LINUX", False)
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert build.obstacle("portable") is None


def test_the_version_is_read_without_an_import() -> None:
    assert version() == __version__


def test_the_date_of_archives_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234")
    assert source_date() == 1234


@pytest.mark.parametrize(
    ("name", "expected"),
    [("slipstream", f"Slipstream {__version__}"), ("slipstream-engine", __version__)],
)
def test_the_frozen_program_goes_by_its_name(
    packaging_folder: Path, tmp_path: Path, name: str, expected: str
) -> None:
    script = tmp_path / name
    script.symlink_to(packaging_folder / "entry.py")
    done = subprocess.run(
        [sys.executable, str(script), "--version"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
        env={"PYTHONPATH": str(packaging_folder.parent)},
    )  # fmt: skip
    assert done.stdout.strip() == expected


def test_other_programs_get_the_environment_of_the_user(packaging_folder: Path) -> None:
    given = {
        "HOME": "/own/home", "LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/own",
    }  # fmt: skip
    runpy.run_path(str(packaging_folder / "entry.py"))["restore_environment"](given)
    assert given == {"HOME": "/own/home", "LD_LIBRARY_PATH": "/own"}


def test_variables_of_the_bundle_are_noticed(tmp_path: Path) -> None:
    fine = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "_PYI_ARCHIVE_FILE": f"{tmp_path}/program"}
    smoke.check_environment(fine, tmp_path)
    with pytest.raises(smoke.SmokeError, match="QT_PLUGIN_PATH"):
        smoke.check_environment({**fine, "QT_PLUGIN_PATH": f"{tmp_path}/_internal/x"}, tmp_path)
    with pytest.raises(smoke.SmokeError, match="huge pages"):
        smoke.check_environment({}, tmp_path)


def test_every_module_of_the_program_is_asked_for() -> None:
    modules = smoke.own_modules()
    assert {"app", "app.desktop", "app.core.attachments.pdf_file", "engine.host"} <= set(modules)
    assert not {"app.__main__", "engine.__main__"} & set(modules)  # they start the program


@pytest.mark.usefixtures("qapp")
def test_the_checks_inside_know_the_program(tmp_path: Path) -> None:
    assert "pdf" in inside.export(tmp_path)
    assert inside.import_and_search(tmp_path) == "1 found"
    assert "locked.pdf" in inside.attach(tmp_path)
    assert inside.draw_formulas() == "3 drawn"
    assert inside.colour_code() == "9 languages"
    with pytest.raises(ModuleNotFoundError):
        inside.import_all(["engine.no_such_module"])


def test_a_script_gets_its_own_arguments(packaging_folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import sys\nprint(sys.argv[1:], __name__)\n")
    done = subprocess.run(
        [sys.executable, str(packaging_folder / "probe.py"), str(script), "a", "b"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "['a', 'b'] __main__\n"


def test_the_lock_of_the_tools_pins_everything_by_hash(packaging_folder: Path) -> None:
    lines = (packaging_folder / "requirements-build.lock").read_text(encoding="utf-8").splitlines()
    packages = [i for i, line in enumerate(lines) if line and line[0] not in "# "]
    assert any(lines[i].startswith("pyinstaller==") for i in packages)
    assert all("==" in lines[i] and "--hash=sha256:" in lines[i + 1] for i in packages)
    assert not any("://" in line for line in lines)


def test_a_program_and_its_child_are_watched(tmp_path: Path) -> None:
    started = tmp_path / "started"
    child = f"import pathlib, time; pathlib.Path({str(started)!r}).touch(); time.sleep(0.3)"
    parent = (
        "import subprocess, sys\n"
        f"subprocess.run([sys.executable, '-c', {child!r}])\n"
        "print('out'); print('err', file=sys.stderr); sys.exit(3)"
    )
    seen = watch([sys.executable, "-c", parent], limit_s=30)
    assert started.exists()
    assert (seen.exit_code, seen.output, seen.errors) == (3, "out\n", "err\n")
    assert len(seen.commands) == 2
    assert all(variables["PATH"] for variables in seen.environments.values())
    assert any("libc.so" in path for path in seen.libraries)
    assert seen.still_running(within_s=2) == []


def test_a_program_that_hangs_is_ended() -> None:
    seen = watch([sys.executable, "-c", "import time; time.sleep(60)"], limit_s=0.2)
    assert seen.exit_code is None


def test_libraries_from_elsewhere_are_noticed(tmp_path: Path) -> None:
    libraries = {"/usr/lib/x86_64-linux-gnu/libc.so.6", f"{tmp_path}/_internal/a.so", "/opt/b.so"}
    assert smoke.foreign_libraries(libraries, tmp_path) == ["/opt/b.so"]


def test_only_a_picture_counts_as_one() -> None:
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    assert smoke.picture_size(head + b"\0\0\5\0\0\0\3\x20" + b"\0" * 5) == (1280, 800)
    with pytest.raises(smoke.SmokeError):
        smoke.picture_size(b"not a picture of any kind")


def test_a_changed_installation_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("x")
    before = smoke.snapshot(tmp_path)
    assert smoke.snapshot(tmp_path) == before
    (tmp_path / "__pycache__").mkdir()
    assert smoke.snapshot(tmp_path) != before
