"""Names of the fonts, the best first; the first of each is bundled."""

from __future__ import annotations

TEXT_FAMILIES = ("Inter", "Segoe UI Variable", "Segoe UI", "Noto Sans CJK SC", "Microsoft YaHei UI")
MONO_FAMILIES = ("JetBrains Mono", "Cascadia Mono", "Noto Sans Mono", "Noto Sans Mono CJK SC")
