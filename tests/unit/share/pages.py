"""A page small enough to read, and links from the committed vectors in it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from megadesk.share.page import EMPTY, block, fill

PAGE = b"<!doctype html>\n<title>MegaDesk</title>\n<body>\n" + EMPTY + b"\n<p>No script is in this one.</p>\n"
VECTORS = Path(__file__).parents[2] / "vectors" / "links"


def vector(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text())
    return found


def packs_of(found: dict[str, Any]) -> dict[str, bytes]:
    return {name: base64.b64decode(content) for name, content in found["packs"].items()}


def inline_page(found: dict[str, Any], record: bytes | None = None) -> bytes:
    """The vector as one file."""
    head, tail = fill(PAGE, base64.b64decode(found["object"]) if record is None else record, inline=True)
    packs = packs_of(found)
    table = found["record"]["packs"]
    blocks = [b"".join(block(index, [packs[pack][:70_001], packs[pack][70_001:]])) for index, pack in enumerate(table)]
    return b"".join((head, *blocks, tail))
