"""Takes pictures of every page and dialog, in both themes and languages, of the real program.

python packaging/shots.py [--folder F] [--only WORD] [--docs]. Pictures go to build/shots, in
1280x800 and at twice the scale; --docs puts the few of the README into docs/screenshots.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

SCALES = (1, 2)
DOCS = {
    "chat-light-en": "chat.png",
    "chat-dark-en": "chat-dark.png",
    "chat-light-zh_CN": "chat-zh.png",
    "lab-results-light-en": "lab.png",
    "models-discover-dark-en": "models-dark.png",
    "devices-light-zh_CN": "devices-zh.png",
}
MOST_BYTES = 150_000


def main(arguments: Sequence[str]) -> int:
    """Take the pictures, a process for each scale. Returns 1 when one of them failed."""
    parser = argparse.ArgumentParser(prog="shots", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "shots")
    parser.add_argument("--only", default="", metavar="WORD", help="scenes with this in their name")
    parser.add_argument(
        "--main", metavar="X", help="main model for the embedded draft: id or folder"
    )
    parser.add_argument("--docs", action="store_true", help="renew docs/screenshots")
    parser.add_argument("--scale", type=int, choices=SCALES, help="one scale, in this process")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.scale is not None:
        return _take(options)
    codes = [_start(options, scale) for scale in SCALES]
    if options.docs and not any(codes):
        _renew_docs(options.folder)
    return max(codes)


def _start(options: argparse.Namespace, scale: int) -> int:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
    command = [sys.executable, str(Path(__file__)), "--folder", str(options.folder)]
    command += ["--only", options.only, "--scale", str(scale)]
    command += ["--main", options.main] if options.main else []
    return subprocess.call(command, env=environment, cwd=ROOT)


def _take(options: argparse.Namespace) -> int:
    from scenes.studio import Studio

    suffix = "" if options.scale == 1 else f"@{options.scale}x"
    with tempfile.TemporaryDirectory(prefix="slipstream-shots-") as data:
        studio = Studio(Path(data), options.folder, suffix=suffix, main_model=options.main)
        taken = studio.run(options.only)
    print(f"{taken} pictures at scale {options.scale} in {options.folder}", file=sys.stderr)
    return int(taken == 0)


def _renew_docs(folder: Path) -> None:
    """Keep the chosen pictures with few colours, so that the repository stays small.

    Raises:
        RuntimeError: a picture is missing or larger than `MOST_BYTES`.
    """
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QImageWriter

    docs = ROOT / "docs" / "screenshots"
    docs.mkdir(parents=True, exist_ok=True)
    for name, file in DOCS.items():
        image = QImage(str(folder / f"{name}.png")).convertToFormat(QImage.Format.Format_RGB32)
        table = _few_colours(memoryview(image.constBits()).cast("I"))
        exact = Qt.ImageConversionFlag.AvoidDither
        small = image.convertToFormat(QImage.Format.Format_Indexed8, table, exact)
        target = docs / file
        writer = QImageWriter(str(target), b"png")
        writer.setCompression(100)
        if image.isNull() or not writer.write(small):
            raise RuntimeError(f"{name}.png was not taken")
        if target.stat().st_size > MOST_BYTES:
            raise RuntimeError(f"{file} is too large: {target.stat().st_size} bytes")


def _few_colours(pixels: Iterable[int]) -> list[int]:
    """The commonest colours, and one of each rarer hue so that none is lost; 256 in all."""
    ranked = [colour for colour, _ in Counter(pixels).most_common()]
    table = dict.fromkeys(ranked[:128])
    hues = {colour & 0xF0F0F0 for colour in table}
    for colour in ranked[128:]:
        if len(table) < 256 and colour & 0xF0F0F0 not in hues:
            table[colour] = None
            hues.add(colour & 0xF0F0F0)
    return list(table)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
