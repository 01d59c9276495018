"""Pictures as small files, and the page by which somebody leafs through them."""

from __future__ import annotations

import collections
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from shot_scenes import Scene

MOST = 256
_EXACT = 128
"""Of the palette: the colours that most pixels have, unchanged. The rest stands for all others."""


def save_frugally(image: QImage, path: Path) -> None:
    """As a PNG with a palette: flat areas and letters keep their colours, photographs lose a little."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    counts = collections.Counter(image.constBits().cast("I"))
    flags = Qt.ImageConversionFlag.AvoidDither | Qt.ImageConversionFlag.ThresholdDither
    small = image.convertToFormat(QImage.Format.Format_Indexed8, palette(counts), flags)
    small.save(str(path), "PNG", 0)  # the quality of a PNG is how little it is pressed


def palette(counts: Mapping[int, int]) -> list[int]:
    """At most 256 colours for these (0xAARRGGBB: pixels), by median cut. The same for the same."""
    ranked = sorted(counts, key=lambda color: (-counts[color], color))
    if len(ranked) <= MOST:
        return ranked
    boxes = [ranked[_EXACT:]]
    while len(boxes) < MOST - _EXACT:
        widest = max(range(len(boxes)), key=lambda at: (_width(boxes[at])[0] * len(boxes[at]), -at))
        width, shift = _width(boxes[widest])
        if not width:
            break
        box = sorted(boxes.pop(widest), key=lambda color: (color >> shift & 255, color))
        boxes += [box[: len(box) // 2], box[len(box) // 2 :]]
    return ranked[:_EXACT] + [_middle(box, counts) for box in boxes]


def _width(box: Sequence[int]) -> tuple[int, int]:
    """How far its colours are apart in the channel where they are farthest, and that channel's shift."""
    if len(box) < 2:
        return 0, 0
    return max((max(c >> shift & 255 for c in box) - min(c >> shift & 255 for c in box), shift) for shift in (0, 8, 16))


def _middle(box: Sequence[int], counts: Mapping[int, int]) -> int:
    total = sum(counts[color] for color in box)
    result = 0xFF
    for shift in (16, 8, 0):
        result = result << 8 | sum((color >> shift & 255) * counts[color] for color in box) // total
    return result


def write_index(folder: Path, kept: Mapping[object, str], scenes: Sequence[Scene]) -> None:
    """README.md beside the pictures: every screen in every form that is kept."""
    lines = [
        "# Every screen of the window",
        "",
        "Made by `python3 dev.py shots` from made-up data at a fixed moment; the same source makes the same bytes.",
        f"The folders are {' and '.join(f'[{name}]({name})' for name in kept.values())}; the command makes all eight",
        "forms (light and dark, English and French, 1024x640 and 1920x1080) in `build/shots`. The `link-*` pictures",
        "are of the page on which a link opens.",
        "",
    ]
    for scene in scenes:
        if scene.chapter:
            lines += [f"## {scene.chapter}", ""]
        lines += [f"### {scene.title}", "", f"| {' | '.join(kept.values())} |", f"|{' --- |' * len(kept)}"]
        lines += [f"| {' | '.join(f'![{scene.title}]({name}/{scene.name}.png)' for name in kept.values())} |", ""]
    (folder / "README.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
