"""Under which conditions the frozen program is run: display, user, folders, network. Linux."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534
_READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One way to run the program. The environment is always clean."""

    name: str
    folder: str = "home"
    """Name of the home folder; the data lies below it."""
    has_screen: bool = False
    """A real window on an X server of its own, instead of drawing into memory."""
    is_confined: bool = False
    """As a user without rights, without network, the installation mounted read-only."""
    scale: str = "1"


CONDITIONS = (
    Condition(name="offscreen, clean environment"),
    Condition(name="X server", has_screen=True),
    Condition(
        name="offscreen, plain user, no network, read-only, non-ASCII folders",
        folder="Zoë 家 пёс",
        is_confined=True,
    ),
    Condition(
        name="X server, plain user, no network, read-only, non-ASCII folders",
        folder="Zoë 家 пёс",
        has_screen=True,
        is_confined=True,
    ),
    Condition(name="X server at twice the size", has_screen=True, scale="2"),
)


def obstacle(condition: Condition) -> str | None:
    """Why a condition cannot be made here; None when it can."""
    if condition.has_screen and shutil.which("Xvfb") is None:
        return "Xvfb is not installed"
    if condition.is_confined:
        probe = subprocess.run([*_unshare(), "true"], capture_output=True, check=False)
        if probe.returncode != 0:
            return "no namespaces: run as root, or allow them to users"
    return None


def environment(condition: Condition, home: Path, display: str | None) -> list[str]:
    """`env -i` with the few variables a login session has at least."""
    values = {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "QT_SCALE_FACTOR": condition.scale,
        **({"DISPLAY": display} if display else {"QT_QPA_PLATFORM": "offscreen"}),
    }
    return ["env", "-i", *(f"{name}={value}" for name, value in values.items())]


def confinement(condition: Condition, installation: Path) -> list[str]:
    """The words before a command that take rights, network and writing away from it."""
    if not condition.is_confined:
        return []
    words = [*_unshare(), "sh", "-c", _READ_ONLY, str(installation)]
    if os.geteuid() == 0:
        identity = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        words += ["setpriv", *identity, "--inh-caps=-all", "--no-new-privs"]
    return words


def make_home(condition: Condition, base: Path) -> Path:
    """A home folder that the user of this condition may write to."""
    home = base / condition.folder
    home.mkdir()
    if condition.is_confined and os.geteuid() == 0:
        base.chmod(0o755)
        os.chown(home, NOBODY, NOBODY)
    return home


@contextmanager
def x_server(condition: Condition) -> Iterator[str | None]:
    """The display of an X server that lives as long as the block; None without a screen."""
    if not condition.has_screen:
        yield None
        return
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "2800x1800x24", "-ac"]
    server = subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[write_end], stderr=subprocess.DEVNULL
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as numbers:
            yield f":{int(numbers.readline())}"
    finally:
        server.terminate()
        server.wait()


def _unshare() -> list[str]:
    rights = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *rights, "--net", "--mount"]
