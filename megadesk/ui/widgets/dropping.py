"""What the desktop hands over by drop or clipboard."""

from __future__ import annotations

import os
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl

from megadesk.share.address import is_link


def link_of(data: QMimeData) -> str:
    """A link of MegaDesk's in a drop or on the clipboard; "" for anything else, and for files."""
    urls = data.urls()
    if any(url.isLocalFile() for url in urls):
        return ""
    encoded = QUrl.ComponentFormattingOption.FullyEncoded
    texts = [bytes(url.toEncoded(encoded).data()).decode("ascii", "replace") for url in urls]
    return next((text for text in (*texts, data.text().strip()) if text and is_link(text)), "")


def local_paths(data: QMimeData) -> list[str]:
    """Local files of a drop or of the clipboard. Names need not be UTF-8: QUrl's own decoding would spoil them."""
    paths = []
    for url in data.urls():
        if url.isLocalFile():
            encoded = bytes(url.toEncoded(QUrl.ComponentFormattingOption.FullyEncoded).data())
            path = unquote_to_bytes(encoded.partition(b"//")[2].partition(b"/")[2])
            paths.append(os.fsdecode(b"/" + path).rstrip("/") or "/" if os.name != "nt" else url.toLocalFile())
    return paths
