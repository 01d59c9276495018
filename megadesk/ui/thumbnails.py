"""Small pictures of pictures: made on this machine from the decrypted content, kept in the encrypted index alone."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QImageWriter, QPainter, QPainterPath, QPixmap

from megadesk.errors import MegaDeskError
from megadesk.pictures.pdf import PagePicture, PdfError, PdfPages
from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind, VersionId
from megadesk.ui.icons import type_icon
from megadesk.ui.ports import Locker
from megadesk.ui.runner import Scope

log = logging.getLogger(__name__)
EDGE = 224
"""Pixels: sharp at 112 on a screen of scale 2."""
MAX_SOURCE_BYTES = 48 << 20
_MAX_PIXELS = 120_000_000
"""A picture may unpack to much more than its bytes."""
_KEPT = 400
_AT_ONCE = 2


def decode_picture(data: bytes, edge: int) -> QImage | None:
    """A picture that fits into ``edge`` x ``edge``, upright; None when it is none that can be shown. Any thread."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    if not buffer.open(QIODevice.OpenModeFlag.ReadOnly):
        return None
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    reader.setAllocationLimit(512)
    size = reader.size()
    if size.isValid():
        if size.width() * size.height() > _MAX_PIXELS:
            return None
        if size.width() > edge or size.height() > edge:
            reader.setScaledSize(size.scaled(edge, edge, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        return None
    if image.width() > edge or image.height() > edge:
        image = image.scaled(edge, edge, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return image


def is_pdf(name: str) -> bool:
    """By its name, as everywhere: the content is looked at only where it cannot do harm."""
    return name.lower().endswith(".pdf")


def page_image(page: PagePicture) -> QImage:
    """Its own copy of the pixels. Any thread."""
    return QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGB32).copy()


def draw_first_page(data: bytes, edge: int) -> QImage | None:
    """Of a PDF, by a process of its own; None when it cannot be drawn. For worker threads."""
    try:
        document = PdfPages(data)
        try:
            return page_image(document.page(0, edge))
        finally:
            document.close()
    except PdfError:
        return None


def encode_thumbnail(image: QImage) -> bytes:
    """JPEG, or PNG where it is see-through."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png" if image.hasAlphaChannel() else b"jpg"))
    writer.setQuality(82)
    return bytes(buffer.data().data()) if writer.write(image) else b""


def make_thumbnail(locker: Locker, row: NodeRow) -> QImage | None:
    """From the index, or from the content and then into the index. For worker threads."""
    version = row.head
    if version is None:
        return None
    try:
        kept = locker.notes.thumbnail(version)
        if kept is not None:
            return QImage.fromData(kept) if kept else None
        data = locker.read_file(row.id, version=version, max_bytes=row.size_bytes)
        image = draw_first_page(data, EDGE) if is_pdf(row.display_name) else decode_picture(data, EDGE)
        locker.notes.put_thumbnail(version, encode_thumbnail(image) if image is not None else b"")
    except MegaDeskError:
        return None  # the storage is away, or the file: its drawing stands for it
    return image


def has_picture(row: NodeRow) -> bool:
    """Pictures and PDFs, by the name; whether it can be shown is known once it is read."""
    return (
        row.kind is NodeKind.FILE
        and row.head is not None
        and 0 < row.size_bytes <= MAX_SOURCE_BYTES
        and (type_icon(row.display_name) == "file-image" or is_pdf(row.display_name))
    )


class Thumbnails:
    """Of one open locker, in memory while it is open. For the GUI thread."""

    def __init__(self, locker: Locker, scope: Scope, arrived: Callable[[], None]) -> None:
        """``arrived`` is called when something may look different now."""
        self._locker = locker
        self._scope = scope
        self._arrived = arrived
        self._have: OrderedDict[VersionId, QPixmap | None] = OrderedDict()
        self._wanted: OrderedDict[VersionId, NodeRow] = OrderedDict()
        self._running = 0

    def of(self, row: NodeRow) -> QPixmap | None:
        """What there is; the rest is asked for, what was wanted last first."""
        version = row.head
        if version is None or not has_picture(row):
            return None
        if version in self._have:
            self._have.move_to_end(version)
            return self._have[version]
        self._wanted[version] = row
        self._wanted.move_to_end(version)
        while len(self._wanted) > _KEPT // 2:
            self._wanted.popitem(last=False)
        self._next()
        return None

    def forget(self) -> None:
        """The locker is being locked."""
        self._have.clear()
        self._wanted.clear()

    def _next(self) -> None:
        while self._running < _AT_ONCE and self._wanted:
            self._make(*self._wanted.popitem())

    def _make(self, version: VersionId, row: NodeRow) -> None:
        locker = self._locker
        self._running += 1
        self._have[version] = None  # asked for once

        def made(image: QImage | None) -> None:
            self._running -= 1
            if image is not None and not image.isNull():
                self._have[version] = _rounded(image)
                while len(self._have) > _KEPT:
                    self._have.popitem(last=False)
                self._arrived()
            self._next()

        def failed(error: Exception) -> None:
            log.warning("a thumbnail could not be made: %s", type(error).__name__, exc_info=error)
            self._running -= 1
            self._next()

        self._scope.run(lambda: make_thumbnail(locker, row), made, failed)


def _rounded(image: QImage) -> QPixmap:
    """With soft corners, and sharp on screens of scale 2."""
    picture = QPixmap(image.size())
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(0, 0, image.width(), image.height(), 8, 8)
    painter.setClipPath(path)
    painter.drawImage(0, 0, image)
    painter.end()
    picture.setDevicePixelRatio(2.0)
    return picture
