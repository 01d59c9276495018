"""A table of few rows that is chosen from by whole rows, and looks like the list of files."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.models.file_list import Index
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.file_paint import Marks, paint_ground


class RowTable(QTableView):
    """For hundreds of rows: all of them are looked at for each repaint."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._hover = -1
        self.setProperty("kind", "table")
        self.setItemDelegate(_Cells(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        theme.changed.connect(self._repaint)

    def _repaint(self) -> None:
        self.viewport().update()

    @guarded(nothing)
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """What is behind whole rows first, the cells over it."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, colors = self.selectionModel(), self._theme.colors
        focused = self.currentIndex().row() if self.hasFocus() else -1
        width = self.viewport().width() - 2 * look.XS
        for at in range(self.model().rowCount()):
            top, height = self.rowViewportPosition(at), self.rowHeight(at)
            if top <= event.rect().bottom() and top + height >= event.rect().top():
                marks = Marks(chosen.isRowSelected(at, QModelIndex()), at == self._hover, at == focused)
                paint_ground(painter, colors, look.XS, top + 1, width, height - 2, marks)
        painter.end()
        super().paintEvent(event)

    @guarded(nothing)
    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseMoveEvent(event)
        self._set_hover(self.indexAt(event.position().toPoint()).row())

    @guarded(nothing)
    def leaveEvent(self, event: object) -> None:  # noqa: N802
        self._set_hover(-1)

    def _set_hover(self, at: int) -> None:
        if at != self._hover:
            self._hover = at
            self._repaint()


class _Cells(QStyledItemDelegate):
    """Words and icon alone: selection and focus belong to the row."""

    @guarded(nothing)
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        state = QStyle.StateFlag
        option.state &= ~(state.State_Selected | state.State_HasFocus | state.State_MouseOver)
        super().paint(painter, option, index)
