"""How a transfer looks in the queue."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.icons import pixmap
from megadesk.ui.models.transfers import TransferListModel
from megadesk.ui.presenters.transfers import Line, Tone
from megadesk.ui.theme import Theme, scaled

_BETWEEN, _TO_BAR, _BAR = 2, 6, 3
"""Pixels between the two lines, from there to the bar, and its height."""
ROLES = {
    Tone.WORKING: "accent",
    Tone.WAITING: "muted",
    Tone.DONE: "good",
    Tone.TROUBLE: "danger",
    Tone.STOPPED: "muted",
}


def drawing_of(transfer: Line) -> str:
    """What happens, as a drawing: not by colour alone."""
    if transfer.tone is Tone.TROUBLE:
        return "warning"
    if transfer.tone is Tone.DONE:
        return "check"
    if transfer.tone is Tone.STOPPED:
        return "close"
    return "upload" if transfer.up else "download"


def row_height(metrics: QFontMetrics) -> int:
    """Of each transfer, in pixels."""
    return metrics.height() * 2 + 28


class TransferDelegate(QStyledItemDelegate):
    """Two lines and a bar."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, row_height(QFontMetrics(option.font)))

    @guarded(nothing)
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        shown = model.line(index.row()) if isinstance(model, TransferListModel) else None
        if shown is None:
            return
        colors, rect = self._theme.colors, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = rect.adjusted(look.S, 1, -look.S, -1)
        state = option.state
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(colors.accent_soft))
            painter.drawRoundedRect(box, 6, 6)
            painter.setBrush(QColor(colors.accent))
            painter.drawRoundedRect(QRect(box.left(), box.top() + 8, 3, box.height() - 16), 1.5, 1.5)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(colors.hover))
            painter.drawRoundedRect(box, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(colors.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 6, 6)
        role = getattr(colors, ROLES[shown.tone])
        scale = float(painter.device().devicePixelRatio())
        painter.drawPixmap(box.left() + look.M, rect.center().y() - 9, pixmap(drawing_of(shown), role, 20, 20, scale))
        inner = box.adjusted(look.M + 20 + look.M, 0, -look.M, 0)
        metrics = QFontMetrics(option.font)
        small = scaled(option.font, look.CAPTION)
        small_metrics = QFontMetrics(small)
        detail = f"{shown.detail} · {shown.current}" if shown.current else shown.detail
        high = metrics.height() + (_BETWEEN + small_metrics.height() if detail else 0)
        high += _TO_BAR + _BAR if shown.can_cancel else 0
        top = QRect(inner.left(), rect.top() + (rect.height() - high) // 2, inner.width(), metrics.height())
        painter.setFont(option.font)
        painter.setPen(QColor(colors.text))
        painter.drawText(top, 0, metrics.elidedText(shown.headline, Qt.TextElideMode.ElideMiddle, inner.width()))
        painter.setFont(small)
        painter.setPen(QColor(colors.danger if shown.tone is Tone.TROUBLE else colors.muted))
        below = QRect(inner.left(), top.bottom() + _BETWEEN, inner.width(), small_metrics.height())
        painter.drawText(below, 0, small_metrics.elidedText(detail, Qt.TextElideMode.ElideRight, inner.width()))
        if shown.can_cancel:
            self._bar(painter, QRect(inner.left(), below.bottom() + _TO_BAR, inner.width(), _BAR), shown, role)
        painter.restore()

    def _bar(self, painter: QPainter, track: QRect, shown: Line, role: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colors.track))
        painter.drawRoundedRect(track, 1.5, 1.5)
        painter.setBrush(QColor(role))
        width = track.width() * (shown.permille or 0) // 1000
        painter.drawRoundedRect(QRect(track.left(), track.top(), width, _BAR), 1.5, 1.5)
