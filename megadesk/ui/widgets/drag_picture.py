"""What is beside the pointer while files are dragged."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap

from megadesk.tree.rows import NodeRow
from megadesk.ui import theme as look
from megadesk.ui.icons import pixmap
from megadesk.ui.presenters.operations import named_for_drag
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.file_paint import drawing_of


def drag_picture(theme: Theme, rows: Sequence[NodeRow], font: QFont, scale: float) -> QPixmap:
    """The first one's drawing and name, or how many there are."""
    colors, metrics = theme.colors, QFontMetrics(font)
    text = metrics.elidedText(named_for_drag(rows), Qt.TextElideMode.ElideMiddle, 260)
    width, height = metrics.horizontalAdvance(text) + 20 + 3 * look.M, metrics.height() + 2 * look.S
    picture = QPixmap(round((width + 4) * scale), round((height + 4) * scale))
    picture.setDevicePixelRatio(scale)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colors.accent), 1.5))
    painter.setBrush(QColor(colors.surface))
    painter.drawRoundedRect(QRect(1, 1, width, height), look.RADIUS, look.RADIUS)
    drawing, role = drawing_of(rows[0])
    painter.drawPixmap(look.M, (height - 18) // 2, pixmap(drawing, getattr(colors, role), 20, 20, scale))
    painter.setFont(font)
    painter.setPen(QColor(colors.text))
    painter.drawText(
        QRect(look.M + 20 + look.S, 1, width, height),
        int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
        text,
    )
    painter.end()
    return picture
