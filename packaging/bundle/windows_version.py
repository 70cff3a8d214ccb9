"""The version resource of the Windows programs, in the form PyInstaller reads. Pure."""

from __future__ import annotations

import re

_TEMPLATE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004,
                    fileType=0x1, subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('CompanyName', 'Slipstream'),
      StringStruct('FileDescription', 'Slipstream'),
      StringStruct('FileVersion', '{version}'),
      StringStruct('InternalName', 'slipstream'),
      StringStruct('LegalCopyright', 'Apache License 2.0'),
      StringStruct('OriginalFilename', 'slipstream.exe'),
      StringStruct('ProductName', 'Slipstream'),
      StringStruct('ProductVersion', '{version}')])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])])
  ]
)
"""


def four_numbers(version: str) -> tuple[int, int, int, int]:
    """The version as Windows wants it: `1.2.3rc1` becomes (1, 2, 3, 0).

    Raises:
        ValueError: it does not begin with a number.
    """
    found = re.match(r"\d+(?:\.\d+){0,3}", version)
    if found is None:
        raise ValueError(f"'{version}' begins with no number")
    numbers = [*(int(part) for part in found[0].split(".")), 0, 0, 0]
    return (numbers[0], numbers[1], numbers[2], numbers[3])


def version_info(version: str) -> str:
    """The text of the version file."""
    return _TEMPLATE.format(version=version, numbers=four_numbers(version))
