"""What the desktop hands over by drop or clipboard."""

from __future__ import annotations

import os
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl


def local_paths(data: QMimeData) -> list[str]:
    """Local files of a drop or of the clipboard. Names need not be UTF-8: QUrl's own decoding would spoil them."""
    paths = []
    for url in data.urls():
        if url.isLocalFile():
            encoded = bytes(url.toEncoded(QUrl.ComponentFormattingOption.FullyEncoded).data())
            path = unquote_to_bytes(encoded.partition(b"//")[2].partition(b"/")[2])
            paths.append(os.fsdecode(b"/" + path).rstrip("/") or "/" if os.name != "nt" else url.toLocalFile())
    return paths
