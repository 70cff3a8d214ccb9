"""Facts about the project itself, each in this one place."""

from __future__ import annotations

RELEASE_PAGE = "https://slipstream.invalid/releases"
"""Where releases are announced. A reserved name that leads nowhere until the project is public;
packaging/README.md says what else to set then."""
CHANGELOG_FILE = "CHANGELOG.md"
LICENCE_FILE = "LICENSE"
THIRD_PARTY_FILE = "THIRD_PARTY_LICENSES.txt"
"""Written when packages are built; see packaging/bundle/licences.py."""
