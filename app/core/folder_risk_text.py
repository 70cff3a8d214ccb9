"""What is said about folders at risk. No Qt: a translator comes in."""

from __future__ import annotations

from enum import StrEnum

from app.core.filling import filled
from app.core.folder_risk import Finding, FolderRisk
from app.core.translation import Translate

_C = "FolderRisk"


class FolderUse(StrEnum):
    """What lies in a folder."""

    DATA = "data"
    MODELS = "models"


def risk_text(finding: Finding, use: FolderUse, translate: Translate) -> tuple[str, str]:
    """Title and sentences: what may happen, and the way on."""
    is_data = use is FolderUse.DATA
    if finding.risk is FolderRisk.NETWORK:
        title = (
            translate(_C, "Your chats lie on another computer")
            if is_data
            else translate(_C, "The models lie on another computer")
        )
    else:
        title = (
            translate(_C, "Your chats lie in a folder of {service}")
            if is_data
            else translate(_C, "The models lie in a folder of {service}")
        )
    return filled(title, service=finding.service), _sentences(finding, use, translate)


def _sentences(finding: Finding, use: FolderUse, translate: Translate) -> str:
    network = finding.risk is FolderRisk.NETWORK
    if use is FolderUse.MODELS:
        what = (
            translate(_C, "Loading them takes as long as the network does, and fails without it.")
            if network
            else translate(_C, "Every model is uploaded, and may be taken off this computer.")
        )
        return f"{what} {translate(_C, 'A folder on a disk of this computer is better.')}"
    what = (
        translate(_C, "When the connection breaks, the file of your chats can be damaged.")
        if network
        else translate(
            _C, "It copies the file of your chats while that is being written: it can be damaged."
        )
    )
    way = translate(
        _C,
        "Close Slipstream, move the folder to a disk of this computer, and start with "
        "--data-dir and its new place. Backups are kept beside the chats.",
    )
    return f"{what} {way}"
