"""What MegaDesk itself puts on the clipboard is marked, so that a lock can take it off again, and nothing else."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

OWN_MARK = "application/x-megadesk"
"""Every format of ours begins so; data that has one is ours."""
_SECRET_HINT = "x-kde-passwordManagerHint"  # noqa: S105 - asks clipboard managers not to keep it


def put_text(text: str, *, secret: bool = False) -> None:
    """Put ``text`` on the clipboard, marked as ours. ``secret``: clipboard managers are asked to forget it."""
    data = QMimeData()
    data.setText(text)
    data.setData(OWN_MARK, b"1")
    if secret:
        data.setData(_SECRET_HINT, b"secret")
    QGuiApplication.clipboard().setMimeData(data)


def holds_ours() -> bool:
    """Whether the clipboard still holds what we put there."""
    data = QGuiApplication.clipboard().mimeData()
    return data is not None and any(name.startswith(OWN_MARK) for name in data.formats())


def clear_ours() -> None:
    """Take what is ours off the clipboard, and off the selection of X."""
    clipboard = QGuiApplication.clipboard()
    if holds_ours():
        clipboard.clear()
    if clipboard.supportsSelection() and clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)  # a name that was marked in a field of ours
