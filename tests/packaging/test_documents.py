"""Licences, bill of materials, changelogs and archives: what is written from what there is."""

from __future__ import annotations

import io
import json
import lzma
import struct
import tarfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from bundle.archive import compress_xz, write_ar, write_tar
from bundle.changes import debian_changelog, with_releases
from bundle.components import (
    Component,
    UnexpectedPartError,
    bundled_distributions,
    components,
    runtime_closure,
)
from bundle.debian import dependency
from bundle.icons import ICO_SIZES_PX, PNG_SIZES_PX, ico, render
from bundle.licences import licence_text
from bundle.sbom import bill_of_materials
from packaging.markers import default_environment
from PySide6.QtWidgets import QApplication

PARTS = (
    Component(name="One", version="1.0", kind="pypi", licence="MIT", texts=("shared\n",)),
    Component(
        name="Two_x", version="2+b", kind="pypi", licence="MIT OR Apache-2.0", needs=("one",),
        homepage="https://two.example", texts=("own\n", "shared\n"),
    ),
    Component(name="lib", version="1:3~4", kind="deb", licence="see text", texts=("deb\n",)),
)  # fmt: skip
CHANGELOG = """# Changelog

## [Unreleased]

- something to come

## [0.2.0] - 2026-01-01

### Added

- First thing, which goes
  on and on.
- Second `thing`.

## [0.1.0]

- old
"""


def test_each_licence_stands_once_with_all_its_users() -> None:
    text = licence_text(PARTS)
    assert text.count("\nshared\n") == 1
    assert "One 1.0\nTwo_x 2+b\n====" in text
    assert "LGPL" in text or "Lesser General Public License" in text


def test_the_bill_names_every_part_and_what_needs_what() -> None:
    bill = json.loads(bill_of_materials(PARTS, version="9.9", made_at_s=0))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    urls = [part["purl"] for part in bill["components"]]
    assert urls == ["pkg:pypi/one@1.0", "pkg:pypi/two-x@2%2Bb", "pkg:deb/debian/lib@1%3A3~4"]
    assert bill["components"][1]["licenses"] == [{"expression": "MIT OR Apache-2.0"}]
    assert bill["components"][2]["licenses"] == [{"license": {"name": "see text"}}]
    needs = {entry["ref"]: entry["dependsOn"] for entry in bill["dependencies"]}
    assert needs[urls[1]] == [urls[0]]
    assert needs["pkg:generic/slipstream@9.9"] == sorted(urls)


def test_the_same_parts_give_the_same_bill() -> None:
    first = bill_of_materials(PARTS, version="1", made_at_s=5)
    assert first == bill_of_materials(PARTS, version="1", made_at_s=5)
    assert first != bill_of_materials(PARTS[:1], version="1", made_at_s=5)


def contents(*modules: str) -> dict[str, Any]:
    return {"modules": list(modules), "binaries": [], "datas": []}


def test_modules_are_traced_to_their_distributions() -> None:
    found = bundled_distributions(contents("app.desktop", "json.decoder", "numpy._core", "yaml"))
    assert found == {"numpy", "pyyaml"}


@pytest.mark.parametrize(
    "place",
    [
        "_cffi_backend.cpython-311-x86_64-linux-gnu.so",
        "_cffi_backend.cp311-win_amd64.pyd",
        "cffi\\x.pyd",
        "cffi/x.so",
    ],
)
def test_libraries_are_traced_to_their_distributions(place: str) -> None:
    found = bundled_distributions({**contents(), "binaries": [[place, "anywhere"]]})
    assert found == {"cffi"}


def test_a_development_tool_in_the_bundle_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedPartError, match="pytest"):
        components(contents("numpy", "_pytest.config"), tools=tmp_path)


def test_the_closure_of_dependencies_leaves_tools_out() -> None:
    closure = runtime_closure()
    assert {"openvino-genai", "pyside6-essentials", "shiboken6", "numpy", "keyring"} <= closure
    assert not {"pytest", "ruff", "mypy", "pyinstaller"} & closure


def test_windows_reads_encrypted_pdfs_too(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = {**default_environment(), "sys_platform": "win32", "platform_system": "Windows"}
    monkeypatch.setattr("bundle.components.default_environment", lambda: windows)
    closure = runtime_closure()
    assert "secretstorage" not in closure  # which brings it on Linux
    assert "cryptography" in closure


def test_the_changes_of_a_version_in_debians_form() -> None:
    text = debian_changelog(CHANGELOG, version="0.2.0", maintainer="A <a@b>", date_s=0)
    assert text == (
        "slipstream (0.2.0) stable; urgency=medium\n\n"
        "  * First thing, which goes on and on.\n  * Second `thing`.\n\n"
        " -- A <a@b>  Thu, 01 Jan 1970 00:00:00 +0000\n"
    )


def test_a_version_without_a_section_takes_what_is_not_released() -> None:
    text = debian_changelog(CHANGELOG, version="0.3.0", maintainer="A <a@b>", date_s=0)
    assert "  * something to come\n" in text


def test_releases_are_put_into_the_metainfo(packaging_folder: Path) -> None:
    source = (packaging_folder / "linux" / "slipstream.metainfo.xml").read_text(encoding="utf-8")
    root = ElementTree.fromstring(with_releases(source, CHANGELOG, version="0.2.0", date_s=0))
    release = root.find("releases/release")
    assert release is not None
    assert release.attrib == {"version": "0.2.0", "date": "1970-01-01"}
    assert [item.text for item in release.iter("li")] == [
        "First thing, which goes on and on.", "Second thing.",
    ]  # fmt: skip


def test_desktop_entry_and_metainfo_belong_together(packaging_folder: Path) -> None:
    folder = packaging_folder / "linux"
    root = ElementTree.parse(folder / "slipstream.metainfo.xml").getroot()
    launchable = root.findtext("launchable")
    assert launchable is not None
    assert (folder / launchable).is_file()


def test_a_tar_depends_on_names_modes_and_contents_only(tmp_path: Path) -> None:
    folder = tmp_path / "program"
    (folder / "sub").mkdir(parents=True)
    (folder / "slipstream").write_text("x")
    (folder / "slipstream").chmod(0o700)
    (folder / "sub" / "data").write_text("y")
    (folder / "second").symlink_to("slipstream")
    images = []
    for mode in (0o600, 0o664):
        (folder / "sub" / "data").chmod(mode)
        output = io.BytesIO()
        write_tar(folder, output, top="slipstream-1", time_s=7)
        images.append(output.getvalue())
    assert images[0] == images[1]
    with tarfile.open(fileobj=io.BytesIO(images[0])) as archive:
        entries = {entry.name: entry for entry in archive}
    assert entries["slipstream-1/slipstream"].mode == 0o755
    assert entries["slipstream-1/sub/data"].mode == 0o644
    assert entries["slipstream-1/second"].linkname == "slipstream"
    assert {entry.mtime for entry in entries.values()} == {7}


def test_what_is_compressed_can_be_read_by_anyone(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "a.xz"
    source.write_bytes(b"machine code \xe8\0\0\0\1" * 5000)
    compress_xz(source, target)
    assert lzma.decompress(target.read_bytes()) == source.read_bytes()
    assert target.stat().st_size < 2000


def test_an_ar_archive_has_its_members_at_even_places(tmp_path: Path) -> None:
    (tmp_path / "first").write_bytes(b"odd")
    (tmp_path / "second").write_bytes(b"even")
    target = tmp_path / "x.deb"
    write_ar([(n, tmp_path / n) for n in ("first", "second")], target, time_s=9)
    data = target.read_bytes()
    assert data[:8] == b"!<arch>\n"
    assert data[8:68].split() == [b"first", b"9", b"0", b"0", b"100644", b"3", b"`"]
    assert data[68:72] == b"odd\n"
    assert data[72:132].split()[0] == b"second"
    assert data[132:] == b"even"


def test_an_icon_file_holds_its_pictures() -> None:
    data = ico({16: b"small", 256: b"large one"})
    assert struct.unpack_from("<HHH", data) == (0, 1, 2)
    width, size, offset = struct.unpack_from("<B7xII", data, 6 + 16)
    assert (width, data[offset : offset + size]) == (0, b"large one")


@pytest.mark.usefixtures("qapp")
def test_the_icon_is_rendered_in_every_size(tmp_path: Path, packaging_folder: Path) -> None:
    render(packaging_folder.parent / "assets" / "icons" / "app.svg", tmp_path)
    assert QApplication.instance() is not None
    for size in PNG_SIZES_PX:
        data = (tmp_path / f"{size}.png").read_bytes()
        assert struct.unpack(">II", data[16:24]) == (size, size)
    assert struct.unpack_from("<HHH", (tmp_path / "slipstream.ico").read_bytes())[2] == len(
        ICO_SIZES_PX
    )


@pytest.mark.parametrize(
    ("package", "entry"),
    [
        ("libc6", "libc6 (>= 2.35)"),
        ("libstdc++6", "libstdc++6 (>= 11)"),
        ("libglib2.0-0", "libglib2.0-0 | libglib2.0-0t64"),
        ("libegl1", "libegl1"),
    ],
)
def test_dependencies_ask_for_no_more_than_is_needed(package: str, entry: str) -> None:
    highest = {"GLIBC": "GLIBC_2.35", "GLIBCXX": "GLIBCXX_3.4.29"}
    assert dependency(package, highest) == entry


def test_an_unknown_version_of_the_c_plus_plus_library_stops_the_build() -> None:
    with pytest.raises(ValueError, match=r"3\.4\.99"):
        dependency("libstdc++6", {"GLIBCXX": "GLIBCXX_3.4.99"})
