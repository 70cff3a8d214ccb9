"""What the frozen program consists of: packages, Python, libraries of the system. Reads only."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, cast

from packaging.markers import default_environment
from packaging.requirements import Requirement

from bundle.places import PACKAGING, ROOT

_LICENCE_NAME = re.compile(
    r"(?i)(?:licen[cs]e|copying|notice|third-party-programs|.*third-party-programs|ofl)[\w.-]*$"
)
_OWN = frozenset({"app", "engine", "assets", "entry"})
# Texts in packaging/licences, for packages that bring none, or not those of fonts inside them.
_KEPT = {
    "pyside6-essentials": ("LGPL-3.0", "GPL-3.0"),
    "shiboken6": ("LGPL-3.0", "GPL-3.0"),
    "latex2mathml": ("latex2mathml",),
    "ziafont": ("DejaVu",),
    "ziamath": ("STIX-Two-Math",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One part made by others."""

    name: str
    version: str
    kind: str
    """`pypi`, `deb` or `generic`, as package URLs say it."""
    licence: str
    homepage: str = ""
    texts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Names of other components."""


class UnexpectedPartError(Exception):
    """Something was frozen that the program does not depend on, or has no licence text."""


def components(contents: Mapping[str, Any], *, tools: Path) -> tuple[Component, ...]:
    """Every part in the bundle, by name.

    Args:
        contents: what the specification wrote: `modules`, `binaries`, `datas`.
        tools: the folder with the freezer, whose start code is in every frozen program.

    Raises:
        UnexpectedPartError: a development tool slipped in, or a licence text is missing.
    """
    names = bundled_distributions(contents)
    allowed = runtime_closure()
    if strangers := sorted(names - allowed):
        raise UnexpectedPartError(f"not needed at run time: {', '.join(strangers)}")
    parts = [_distribution(name, names) for name in sorted(names)]
    parts += [_python(), _bootloader(tools), *_fonts(), *_system_parts(contents)]
    if silent := [part.name for part in parts if not part.texts]:
        raise UnexpectedPartError(
            f"no licence text for: {', '.join(silent)}; put one into packaging/licences"
        )
    return tuple(sorted(parts, key=lambda part: part.name.lower()))


def read_contents(path: Path) -> dict[str, Any]:
    """What the specification wrote."""
    contents: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return contents


def bundled_distributions(contents: Mapping[str, Any]) -> set[str]:
    """Normalised names of the distributions of which any module or library is in the bundle."""
    tops = {name.partition(".")[0] for name in contents["modules"]}
    # A compiled module at the top is a file with a suffix, as `_cffi_backend.cpython-311-….so`.
    tops |= {re.split(r"[/\\.]", entry[0])[0] for entry in contents["binaries"]}
    providers = metadata.packages_distributions()
    return {
        normalised(provider)
        for top in tops - _OWN
        for provider in providers.get(top, ())
        if top not in sys.stdlib_module_names
    }


def runtime_closure() -> set[str]:
    """Normalised names of everything that the dependencies in pyproject.toml need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: set[str] = set()
    waiting = [Requirement(text) for text in project["project"]["dependencies"]]
    while waiting:
        name = normalised(waiting.pop().name)
        if name not in found and _is_installed(name):
            found.add(name)
            waiting.extend(_requirements(name))
    return found


def normalised(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _requirements(name: str) -> list[Requirement]:
    environment = {**cast("dict[str, str]", default_environment()), "extra": ""}
    wanted = [Requirement(text) for text in metadata.requires(name) or ()]
    return [r for r in wanted if r.marker is None or r.marker.evaluate(environment)]


def _distribution(name: str, bundled: Iterable[str]) -> Component:
    distribution = metadata.distribution(name)
    fields = distribution.metadata
    wanted = {normalised(requirement.name) for requirement in _requirements(name)}
    return Component(
        name=fields["Name"],
        version=distribution.version,
        kind="pypi",
        licence=_licence(fields),
        homepage=_homepage(fields),
        texts=(*_texts(distribution), *_kept_texts(name)),
        needs=tuple(sorted(wanted & set(bundled))),
    )


def _licence(fields: Any) -> str:
    expression = fields.get("License-Expression") or fields.get("License") or ""
    if expression and "\n" not in expression and len(expression) < 120:
        return str(expression)
    classifiers = fields.get_all("Classifier") or ()
    named = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License :: ")]
    return ", ".join(named) or "see text"


def _homepage(fields: Any) -> str:
    for entry in fields.get_all("Project-URL") or ():
        label, _, address = entry.partition(",")
        if label.strip().lower() in {"homepage", "home", "repository", "source", "source code"}:
            return str(address.strip())
    return str(fields.get("Home-page") or "")


def _texts(distribution: metadata.Distribution) -> tuple[str, ...]:
    """Texts of the files in its metadata folder that are licences by their name."""
    texts = []
    for file in distribution.files or ():
        if ".dist-info" in file.parts[0] and _LICENCE_NAME.match(file.name):
            texts.append(_read(Path(str(distribution.locate_file(file)))))
    return tuple(dict.fromkeys(texts))


def _kept_texts(name: str) -> tuple[str, ...]:
    return tuple(_read(PACKAGING / "licences" / f"{text}.txt") for text in _KEPT.get(name, ()))


def _python() -> Component:
    version = ".".join(str(part) for part in sys.version_info[:3])
    places = [Path(sys.base_prefix) / "LICENSE.txt", Path(_standard_library()) / "LICENSE.txt"]
    debian = Path(f"/usr/share/doc/python3.{sys.version_info.minor}/copyright")
    texts = tuple(_read(path) for path in [*places, debian] if path.is_file())
    return Component(
        name="Python", version=version, kind="generic", licence="Python-2.0",
        homepage="https://www.python.org", texts=texts[:1],
    )  # fmt: skip


def _bootloader(tools: Path) -> Component:
    found = next(iter(metadata.distributions(name="pyinstaller", path=[str(tools)])))
    return Component(
        name="PyInstaller bootloader",
        version=found.version,
        kind="generic",
        licence="GPL-2.0-or-later with the Bootloader exception",
        homepage="https://pyinstaller.org",
        texts=_texts(found),
    )


def _fonts() -> list[Component]:
    """Fonts and pictures among our own assets that others made."""
    parts = []
    for name, folder, licence in (
        ("Inter", "fonts/inter", "OFL-1.1"),
        ("JetBrains Mono", "fonts/jetbrains-mono", "OFL-1.1"),
        ("Lucide icons", "icons", "ISC"),
    ):
        place = ROOT / "assets" / folder
        texts = [_read(path) for path in sorted(place.iterdir()) if _LICENCE_NAME.match(path.name)]
        parts.append(
            Component(
                name=name, version="as shipped", kind="generic", licence=licence, texts=(*texts,)
            )
        )
    return parts


def _system_parts(contents: Mapping[str, Any]) -> list[Component]:
    """Libraries that were taken from the Debian system the program was built on."""
    packages: dict[str, None] = {}
    for _, source in contents["binaries"]:
        if source.startswith(("/lib/", "/usr/lib/")) and "/python3" not in source:
            packages[owner(source)] = None
    return [_debian_package(name) for name in packages]


@cache
def owner(path: str) -> str:
    """The Debian package a file belongs to.

    Raises:
        UnexpectedPartError: none does.
    """
    real = str(Path(path).resolve())
    for candidate in (path, real, real.replace("/usr/lib/", "/lib/", 1)):
        done = subprocess.run(
            ["dpkg-query", "--search", candidate], capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return done.stdout.partition(":")[0]
    raise UnexpectedPartError(f"no package owns {path}")


def _debian_package(name: str) -> Component:
    query = ["dpkg-query", "--show", "--showformat", "${Version}\t${Homepage}", name]
    text = subprocess.run(query, capture_output=True, text=True, check=True).stdout
    version, _, homepage = text.partition("\n")[0].partition("\t")
    copyright_file = Path("/usr/share/doc") / name / "copyright"
    return Component(
        name=name,
        version=version,
        kind="deb",
        licence="see text",
        homepage=homepage,
        texts=(_read(copyright_file),) if copyright_file.is_file() else (),
    )


def _standard_library() -> str:
    import sysconfig

    return sysconfig.get_path("stdlib")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip() + "\n"
