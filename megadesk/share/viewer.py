"""The viewer of PDF that pages without a server have in them, if what they show needs it (docs/adr/0032)."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from megadesk.format.link import LinkNode
from megadesk.share import page
from megadesk.types import NodeKind

log = logging.getLogger(__name__)

VIEWER_FILE: Final = "pdf-viewer.js"
_MAX_PDF_BYTES: Final = 64 << 20
"""What the page shows; resources/link/src/preview.ts has the same."""


def shows_pdf(nodes: Iterable[LinkNode]) -> bool:
    """Whether the page would offer to show one of these as PDF: by its name, as the page decides."""
    return any(
        node.kind is NodeKind.FILE and node.name.lower().endswith(b".pdf") and 0 < node.size <= _MAX_PDF_BYTES
        for node in nodes
    )


def viewer_for(nodes: Iterable[LinkNode], folder: Path | None = None) -> bytes:
    """The viewer, compressed as `page.fill` takes it; empty where none is needed.

    Empty, too, where this program was built without it: the page then says that there is no preview.
    """
    if not shows_pdf(nodes):
        return b""
    try:
        script = ((folder or page.resources_folder()) / VIEWER_FILE).read_bytes()
    except OSError:
        log.info("this copy of MegaDesk was built without the viewer of PDF")
        return b""
    return gzip.compress(script, mtime=0)
