"""Icons: the program's own SVG drawings in resources/icons, in the colour of a role.

Drawings are black; the colour is put in when they are loaded, so one file serves light, dark and high contrast.
"""

from __future__ import annotations

import functools
import logging

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from megadesk.ui.resources import resource_folder

log = logging.getLogger(__name__)

_BLACK = b"#000000"
_TYPES = {
    "file-image": "jpg jpeg png gif webp svg bmp tif tiff heic avif raw cr2 nef ico psd",
    "file-audio": "mp3 flac ogg opus wav m4a aac wma aiff",
    "file-video": "mp4 mkv avi mov webm m4v mpg mpeg wmv",
    "file-archive": "zip tar gz tgz xz bz2 zst 7z rar iso deb rpm jar",
    "file-text": "txt md pdf doc docx odt rtf tex html htm csv tsv xls xlsx ods ppt pptx odp epub log json xml yaml "
    "yml toml ini py js ts c h cpp rs go java sh",
}
_BY_EXTENSION = {extension: icon for icon, text in _TYPES.items() for extension in text.split()}


@functools.lru_cache(maxsize=256)
def _drawing(name: str) -> bytes:
    try:
        return (resource_folder() / "icons" / f"{name}.svg").read_bytes()
    except OSError:
        log.warning("the icon %s is missing", name)
        return b""


@functools.lru_cache(maxsize=512)
def pixmap(name: str, color: str, width: int, height: int, scale: float) -> QPixmap:
    """A drawing at ``width`` x ``height`` logical pixels on a screen of that scale."""
    picture = QPixmap(round(width * scale), round(height * scale))
    picture.fill(Qt.GlobalColor.transparent)
    drawing = _drawing(name)
    if drawing:
        painter = QPainter(picture)
        renderer = QSvgRenderer(QByteArray(drawing.replace(_BLACK, color.encode())))
        renderer.render(painter, QRectF(0, 0, picture.width(), picture.height()))
        painter.end()
    picture.setDevicePixelRatio(scale)
    return picture


def icon(name: str, color: str, disabled: str | None = None) -> QIcon:
    """For buttons and menus."""
    app = QGuiApplication.instance()
    scale = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return QIcon(_icon(name, color, disabled, scale))


@functools.lru_cache(maxsize=512)
def _icon(name: str, color: str, disabled: str | None, scale: float) -> QIcon:
    result = QIcon()
    for size in (16, 20):
        result.addPixmap(pixmap(name, color, size, size, scale))
        if disabled is not None:
            result.addPixmap(pixmap(name, disabled, size, size, scale), QIcon.Mode.Disabled)
    return result


def app_icon() -> QIcon:
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(pixmap("megadesk", "#000000", size, size, 1.0))
    return result


def type_icon(name: str) -> str:
    """The drawing for a file of that name."""
    return _BY_EXTENSION.get(name.rpartition(".")[2].lower(), "file")


ICON_SIZE = QSize(20, 20)
