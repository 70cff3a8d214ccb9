"""Missing libraries are found, and libraries in the right places are not called missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import psutil
import pytest
from bundle.elf import check, version_key
from bundle.elf_file import read_elf

NEEDED = b"libc.so.6\0"
RENAMED = b"libq.so.6\0"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A real library in a bundle of its own."""
    (source,) = Path(psutil.__file__).parent.glob("_psutil_linux*.so")
    target = tmp_path / "program" / "_internal" / "psutil" / "library.so"
    target.parent.mkdir(parents=True)
    shutil.copyfile(source, target)
    return target


def test_a_library_says_what_it_needs(library: Path) -> None:
    file = read_elf(library)
    assert "libc.so.6" in file.needed
    assert any(name.startswith("GLIBC_2.") for name in file.versions)


def test_the_system_provides_the_c_library(library: Path) -> None:
    report = check(library.parents[2])
    assert report.count == 1
    assert report.missing == {}
    assert report.from_system["libc.so.6"] == {"_internal/psutil/library.so"}
    assert report.highest["GLIBC"].startswith("GLIBC_2.")


def test_a_library_nobody_has_is_missing(library: Path) -> None:
    library.write_bytes(library.read_bytes().replace(NEEDED, RENAMED))
    report = check(library.parents[2])
    assert dict(report.missing) == {"libq.so.6": {"_internal/psutil/library.so"}}


def test_a_bundled_library_is_found_at_the_root_only(library: Path) -> None:
    library.write_bytes(library.read_bytes().replace(NEEDED, RENAMED))
    bundled = library.with_name("libq.so.6")
    bundled.write_bytes(b"")
    assert "libq.so.6" in check(library.parents[2]).missing
    bundled.rename(library.parents[1] / "libq.so.6")
    assert check(library.parents[2]).missing == {}


def test_links_are_not_counted_twice(library: Path) -> None:
    library.with_name("link.so").symlink_to(library.name)
    assert check(library.parents[2]).count == 1


def test_anything_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "text"
    file.write_bytes(b"\x7fELF\x01\x01 a 32-bit one")
    with pytest.raises(ValueError, match="64-bit"):
        read_elf(file)


def test_versions_are_compared_as_numbers() -> None:
    assert version_key("GLIBC_2.4") < version_key("GLIBC_2.35")
    assert version_key("GLIBCXX_3.4.9") < version_key("GLIBCXX_3.4.29")
