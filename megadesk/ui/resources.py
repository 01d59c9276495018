"""Where the program's drawings, translations and the like are. No Qt."""

from __future__ import annotations

import functools
import sys
from pathlib import Path


@functools.cache
def resource_folder() -> Path:
    """``resources`` of the checkout, of the built program, or beside the installed package."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parents[1]
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"
