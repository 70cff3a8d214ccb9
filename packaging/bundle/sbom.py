"""Writes the bill of materials of the bundle as a CycloneDX 1.6 document. Pure."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bundle.components import Component, normalised

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "slipstream.bill-of-materials")
# Identifiers of SPDX among those that packages name; everything else goes in as a name.
_KNOWN = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "GPL-2.0-only", "ISC"}
    | {
        "GPL-3.0-only",
        "LGPL-3.0-only",
        "MIT",
        "MPL-2.0",
        "OFL-1.1",
        "PSF-2.0",
        "Python-2.0",
        "Zlib",
    }
)
_OPERATORS = frozenset({"AND", "OR", "WITH"})


def bill_of_materials(parts: Sequence[Component], *, version: str, made_at_s: int) -> str:
    """The document as JSON text.

    Args:
        parts: what the bundle contains.
        version: of Slipstream.
        made_at_s: seconds since 1970; the same parts at the same time give the same document.
    """
    root = _reference("generic", "slipstream", version)
    references = {normalised(part.name): _of(part) for part in parts}
    body = {
        "metadata": {
            "timestamp": datetime.fromtimestamp(made_at_s, UTC).isoformat(),
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "slipstream",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": [_component(part) for part in parts],
        "dependencies": [
            {"ref": root, "dependsOn": sorted(references.values())},
            *_dependencies(parts, references),
        ],
    }
    serial = uuid.uuid5(_NAMESPACE, json.dumps(body, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}"}
    return json.dumps({**head, "version": 1, **body}, indent=2, ensure_ascii=False) + "\n"


def _component(part: Component) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "type": "library",
        "bom-ref": _of(part),
        "name": part.name,
        "version": part.version,
        "purl": _of(part),
        "licenses": [_licence(part.licence)],
    }
    if part.homepage:
        entry["externalReferences"] = [{"type": "website", "url": part.homepage}]
    return entry


def _licence(text: str) -> dict[str, Any]:
    words = re.findall(r"[^\s()]+", text)
    if text in _KNOWN:
        return {"license": {"id": text}}
    if words and all(word in _KNOWN | _OPERATORS for word in words):
        return {"expression": text}
    return {"license": {"name": text}}


def _dependencies(parts: Iterable[Component], references: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"ref": _of(part), "dependsOn": sorted(references[name] for name in part.needs)}
        for part in parts
    ]


def _of(part: Component) -> str:
    return _reference(part.kind, part.name, part.version)


def _reference(kind: str, name: str, version: str) -> str:
    """A package URL, which serves as the identifier in the document too."""
    if kind == "pypi":
        name = normalised(name)
    space = "debian/" if kind == "deb" else ""
    return f"pkg:{kind}/{space}{quote(name, safe='')}@{quote(version, safe='')}"
