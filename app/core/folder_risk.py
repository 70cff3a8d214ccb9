"""Whether a folder lies where files are at risk: on another computer, or where a service copies
them while they are being written. Pure: what is known of the computer is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath

_NETWORK = frozenset(
    {
        "9p", "acfs", "afs", "beegfs", "ceph", "cifs", "davfs", "glusterfs", "gpfs", "lustre",
        "moosefs", "ncpfs", "nfs", "nfs4", "orangefs", "smb2", "smb3", "smbfs",
    }
)  # fmt: skip
"""Types of file systems whose files lie on another computer, as Linux names them."""
_NETWORK_FUSE = (
    "ceph", "cifs", "davfs", "dislocker-net", "gcsfuse", "glusterfs", "google-drive", "gvfs",
    "mfs", "moosefs", "onedriver", "rclone", "s3fs", "smbnetfs", "sshfs",
)  # fmt: skip
"""Beginnings of what follows `fuse.` for the same."""
_SERVICES = (
    ("onedrive", "OneDrive"),
    ("dropbox", "Dropbox"),
    ("icloud", "iCloud"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("pclouddrive", "pCloud"),
    ("seafile", "Seafile"),
    ("nutstore", "Nutstore"),
    ("\u575a\u679c\u4e91", "\u575a\u679c\u4e91"),
    ("baidunetdisk", "\u767e\u5ea6\u7f51\u76d8"),
    ("\u767e\u5ea6\u7f51\u76d8", "\u767e\u5ea6\u7f51\u76d8"),
    ("megasync", "MEGA"),
)
"""How the folders of services begin, wherever they lie."""
_HOME_NAMES = {"box": "Box", "box sync": "Box", "mega": "MEGA", "my drive": "Google Drive"}
"""Names too plain to mean a service but right below the user's home, or a drive."""
_MARKS = {
    ".dropbox": "Dropbox",
    ".stfolder": "Syncthing",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
}
"""What services leave in the folders they look after."""
_ONEDRIVE_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")


class FolderRisk(StrEnum):
    """Why files may be damaged, lost or slow there."""

    NETWORK = "network"
    SYNCHRONISED = "synchronised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A risk, and for a service its name."""

    risk: FolderRisk
    service: str = ""


def _never(_: PurePath) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known of the computer."""

    home: PurePath
    mounts: tuple[tuple[PurePath, str], ...] = ()
    """(where it is seen, type of its file system), as mounted: the last of two alike counts."""
    environment: Mapping[str, str] = field(default_factory=dict)
    is_remote_drive: Callable[[PurePath], bool] = _never
    """Whether a Windows drive lies on another computer."""
    exists: Callable[[PurePath], bool] = _never


def find_risk(folder: PurePath, known: Surroundings) -> Finding | None:
    """The risk of a folder given by its whole path; None where none is known."""
    if _is_remote(folder, known):
        return Finding(risk=FolderRisk.NETWORK)
    service = _service(folder, known)
    return Finding(risk=FolderRisk.SYNCHRONISED, service=service) if service else None


def _is_remote(folder: PurePath, known: Surroundings) -> bool:
    if folder.drive:
        return folder.drive.startswith("\\\\") or known.is_remote_drive(folder)
    kind, depth = "", 2  # where the system itself lies, all of it does: no news to its user
    for place, name in known.mounts:
        if folder.is_relative_to(place) and len(place.parts) >= depth:
            kind, depth = name.casefold(), len(place.parts)
    return kind in _NETWORK or kind.removeprefix("fuse.").startswith(_NETWORK_FUSE)


def _service(folder: PurePath, known: Surroundings) -> str:
    named = _by_variable(folder, known) or _by_name(folder, known)
    return named or _by_mark(folder, known)


def _by_variable(folder: PurePath, known: Surroundings) -> str:
    values = (known.environment.get(name) for name in _ONEDRIVE_VARIABLES)
    roots = (type(folder)(value) for value in values if value)
    return "OneDrive" if any(folder.is_relative_to(root) for root in roots) else ""


def _by_name(folder: PurePath, known: Surroundings) -> str:
    tops = (known.home, type(folder)(folder.anchor))
    for place in _with_parents(folder):
        name = place.name.casefold()
        for beginning, service in _SERVICES:
            # "OneDrive - Company", "Dropbox (Personal)", "iCloudDrive", but no "dropbox-tools"
            if name in (beginning, f"{beginning}drive") or name.startswith(f"{beginning} "):
                return service
        if name in _HOME_NAMES and place.parent in tops:
            return _HOME_NAMES[name]
    return ""


def _by_mark(folder: PurePath, known: Surroundings) -> str:
    for place in _with_parents(folder):
        if place == known.home:
            return ""  # services keep their settings right below it, under the same names
        for mark, service in _MARKS.items():
            if known.exists(place / mark):
                return service
    return ""


def _with_parents(folder: PurePath) -> Iterator[PurePath]:
    yield folder
    yield from folder.parents
