"""What a file looks like, from its decrypted content in memory. For worker threads; nothing is written anywhere."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from PySide6.QtGui import QImage

from megadesk.errors import MegaDeskError
from megadesk.pictures.pdf import PdfError, PdfPages, Trouble
from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind, VersionId
from megadesk.ui.icons import type_icon
from megadesk.ui.ports import Locker
from megadesk.ui.thumbnails import MAX_SOURCE_BYTES, decode_picture, is_pdf, page_image

TEXT_BYTES = 64 << 10
_PICTURE_EDGE = 1200
_MAX_CONTROL = 0.02
"""Of a text's characters: more is no text."""


class Kind(enum.Enum):
    PICTURE = "picture"
    TEXT = "text"
    PDF = "pdf"
    NONE = "none"
    TOO_LARGE = "too large"
    UNREACHABLE = "unreachable"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_MUCH = "too much"
    """Drawing it took too long, or too much memory."""


_TROUBLES = {
    Trouble.ENCRYPTED: Kind.ENCRYPTED,
    Trouble.DAMAGED: Kind.DAMAGED,
    Trouble.TOO_MUCH: Kind.TOO_MUCH,
    Trouble.UNAVAILABLE: Kind.NONE,
}


@dataclass(frozen=True)
class Preview:
    kind: Kind
    picture: QImage | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    whole: bool = True
    """False: the text goes on."""
    reason: str = ""
    document: PdfPages | None = field(default=None, repr=False)
    """Of a PDF, for its other pages: whoever shows it closes it."""
    page: int = 0
    """From 0."""


def preview(locker: Locker, row: NodeRow, version: VersionId | None = None, size_bytes: int | None = None) -> Preview:
    """Of a file, or of one of its versions. Never raises for want of storage."""
    if row.kind is not NodeKind.FILE:
        return Preview(Kind.NONE)
    size = row.size_bytes if size_bytes is None else size_bytes
    wanted = version or row.head
    looks = type_icon(row.display_name)
    try:
        if looks == "file-image":
            if size > MAX_SOURCE_BYTES:
                return Preview(Kind.TOO_LARGE)
            data = locker.read_file(row.id, version=wanted, max_bytes=size)
            picture = decode_picture(data, _PICTURE_EDGE)
            return Preview(Kind.PICTURE, picture) if picture is not None else _text(data[:TEXT_BYTES], size)
        if is_pdf(row.display_name):
            if size > MAX_SOURCE_BYTES:
                return Preview(Kind.TOO_LARGE)
            return _pdf(locker.read_file(row.id, version=wanted, max_bytes=size))
        if looks in ("file-audio", "file-video", "file-archive"):
            return Preview(Kind.NONE)
        return _text(locker.read_file(row.id, version=wanted, max_bytes=TEXT_BYTES), size)
    except MegaDeskError as error:
        return Preview(Kind.UNREACHABLE, reason=str(error))


def _pdf(data: bytes) -> Preview:
    try:
        document = PdfPages(data)
    except PdfError as error:
        return Preview(_TROUBLES[error.trouble])
    return pdf_page(document, 0)


def pdf_page(document: PdfPages, page: int) -> Preview:
    """Another page, from 0, of a PDF that is being shown. For worker threads."""
    try:
        picture = page_image(document.page(page, _PICTURE_EDGE))
    except PdfError as error:
        document.close()
        return Preview(_TROUBLES[error.trouble])
    return Preview(Kind.PDF, picture, document=document, page=page)


def _text(data: bytes, size_bytes: int) -> Preview:
    """Text in UTF-8 or UTF-16 with a mark; anything else is none that could be read."""
    if not data:
        return Preview(Kind.NONE)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data[: len(data) // 2 * 2].decode("utf-16", "replace")
    else:
        if b"\0" in data:
            return Preview(Kind.NONE)
        for cut in range(4):  # the end may stand in the middle of a character
            try:
                text = data[: len(data) - cut].decode("utf-8-sig")
                break
            except UnicodeDecodeError:
                continue
        else:
            text = data.decode("latin-1")
    odd = sum(not char.isprintable() and char not in "\r\n\t\f" for char in text)
    if odd > _MAX_CONTROL * len(text):
        return Preview(Kind.NONE)
    shown = "\n".join(text.replace("\t", "    ").splitlines())
    return Preview(Kind.TEXT, text=shown, whole=size_bytes <= len(data))
