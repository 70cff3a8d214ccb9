"""Folders on the network and in folders of cloud services, on Linux and on Windows."""

from __future__ import annotations

from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from app.core.folder_risk import Finding, FolderRisk, Surroundings, find_risk
from app.core.folder_risk_text import FolderUse, risk_text
from app.core.folder_surroundings import read_mounts, risk_of
from app.core.translation import untranslated

NETWORK = Finding(risk=FolderRisk.NETWORK)
MOUNTS = (
    ("/", "ext4"),
    ("/users", "btrfs"),
    ("/users/me/share", "nfs4"),
    ("/users/me/share/local", "ext4"),
    ("/mnt/c", "9p"),
    ("/mnt/ssh", "fuse.sshfs"),
    ("/mnt/ntfs", "fuseblk"),
    ("/media/stick", "vfat"),
    ("/mnt/cloud", "fuse.rclone"),
    ("/mnt/twice", "ext4"),
    ("/mnt/twice", "cifs"),
)


def linux(*, exists: tuple[str, ...] = (), root: str = "ext4") -> Surroundings:
    mounts = (("/", root), *MOUNTS[1:])
    return Surroundings(
        home=PurePosixPath("/users/me"),
        mounts=tuple((PurePosixPath(place), kind) for place, kind in mounts),
        exists=lambda path: str(path) in exists,
    )


def windows(**environment: str) -> Surroundings:
    return Surroundings(
        home=PureWindowsPath(r"C:\People\me"),
        environment=environment,
        is_remote_drive=lambda path: path.drive.casefold() == "z:",
    )


def service(name: str) -> Finding:
    return Finding(risk=FolderRisk.SYNCHRONISED, service=name)


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("/users/me/.local/share/slipstream", None),
        ("/users/me/share/slipstream", NETWORK),
        ("/users/me/shared", None),
        ("/users/me/share/local/slipstream", None),
        ("/mnt/c/Users/me", NETWORK),
        ("/mnt/ssh/data", NETWORK),
        ("/mnt/cloud", NETWORK),
        ("/mnt/ntfs/data", None),
        ("/media/stick/data", None),
        ("/mnt/twice/data", NETWORK),
        ("/users/me/Dropbox/data", service("Dropbox")),
        ("/users/me/Dropbox (Personal)/data", service("Dropbox")),
        ("/users/me/dropbox-tools/data", None),
        ("/users/me/OneDrive/x/y", service("OneDrive")),
        ("/users/me/Nextcloud/data", service("Nextcloud")),
        ("/users/me/Box/data", service("Box")),
        ("/users/me/projects/box/data", None),
        ("/users/me/\u575a\u679c\u4e91/data", service("\u575a\u679c\u4e91")),
    ],
)
def test_linux(folder: str, found: Finding | None) -> None:
    assert find_risk(PurePosixPath(folder), linux()) == found


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        (r"C:\People\me\AppData\Local\slipstream", None),
        (r"\\server\share\slipstream", NETWORK),
        (r"Z:\slipstream", NETWORK),
        (r"C:\People\me\OneDrive - Company\slipstream", service("OneDrive")),
        (r"C:\People\me\iCloudDrive\slipstream", service("iCloud")),
        (r"D:\Cloud\slipstream", service("OneDrive")),
        (r"D:\Cloudy\slipstream", None),
        (r"G:\My Drive\slipstream", service("Google Drive")),
        (r"C:\work\My Drive\slipstream", None),
        (r"C:\People\me\Google Drive\slipstream", service("Google Drive")),
    ],
)
def test_windows(folder: str, found: Finding | None) -> None:
    assert find_risk(PureWindowsPath(folder), windows(OneDriveConsumer=r"D:\Cloud")) == found


def test_marks_of_services_count_below_the_home_of_the_user() -> None:
    folder = PurePosixPath("/users/me/notes/slipstream/data")
    synchronised = linux(exists=("/users/me/notes/.stfolder",))
    assert find_risk(folder, synchronised) == service("Syncthing")
    settings_of_dropbox = linux(exists=("/users/me/.dropbox",))
    assert find_risk(folder, settings_of_dropbox) is None


def test_where_the_whole_system_lies_on_the_network_nothing_is_said() -> None:
    assert find_risk(PurePosixPath("/srv/data"), linux(root="nfs")) is None


def test_names_with_spaces_are_read_from_the_table_of_mounts(tmp_path: Path) -> None:
    table = tmp_path / "mounts"
    table.write_text("host:/a /mnt/My\\040Share nfs rw 0 0\nbroken\n")
    assert read_mounts(table) == ((PurePath("/mnt/My Share"), "nfs"),)
    assert read_mounts(tmp_path / "none") == ()


def test_a_folder_of_this_computer_is_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox" / "data"
    assert risk_of(folder) == service("Dropbox")


@pytest.mark.parametrize("use", list(FolderUse))
@pytest.mark.parametrize("found", [NETWORK, service("Dropbox")])
def test_the_warning_names_the_danger_and_a_way_on(use: FolderUse, found: Finding) -> None:
    title, sentence = risk_text(found, use, untranslated)
    assert "{" not in title + sentence
    assert found.service in title
    assert "disk of this computer" in sentence
