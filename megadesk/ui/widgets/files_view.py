"""What list and grid of files have in common: selection by row, keys, things dropped on them and dragged out of them.

They paint themselves: one call into Python a repaint, whatever the number of rows. With item delegates Qt enters
Python for every cell, and each entry waits for the interpreter while a worker sorts or decodes: a repaint took half a
second then.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
)
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QLineEdit, QTableView, QWidget

from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.models.file_list import FileListModel
from megadesk.ui.presenters.dragging import NODES_TYPE, DraggedNodes, nodes_of
from megadesk.ui.presenters.listing import Chosen, Column, RowKey, merged, place_of
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.dropping import link_of, local_paths

_TYPING_S = 1.0
_SPRING_MS = 700


class FilesView(QTableView):
    """Rows of `FileListModel`. Files dropped onto it are told, not taken."""

    opened = signal[NodeRow]()
    up_wanted = signal[()]()
    selection_changed = signal[()]()
    dropped = signal[list[str], NodeRow | None]()
    """Local paths, and the folder row they fell on, if any."""
    link_dropped = signal[str]()
    """A link that somebody sent, out of a browser or a message."""
    nodes_dropped = signal[DraggedNodes, NodeRow | None, bool]()
    """Rows of the locker, likewise; whether to copy them."""
    sprung = signal[NodeRow]()
    """Something was held over a folder for a while: open it."""
    drag_wanted = signal[()]()
    """The selected rows are being dragged."""
    menu_wanted = signal[QPoint]()
    renaming_ended = signal[()]()

    def __init__(self, theme: Theme, model: FileListModel) -> None:
        super().__init__()
        self._theme = theme
        self._files = model
        self._hover = -1
        self._drop_at = -1
        self._dragging = False
        self._drag_copies = False
        self._typed = ""
        self._typed_s = 0.0
        self._spring = QTimer(self)
        self._spring.setSingleShot(True)
        self._spring.setInterval(_SPRING_MS)
        self._spring.timeout.connect(self._spring_open)
        self.drops_allowed = True
        self.place = ""
        """The folder shown, for words about dropping."""
        self.holding = False
        """A drag is about to begin: moving the mouse selects nothing."""
        self.faint: frozenset[RowKey] = frozenset()
        """Rows that were cut."""
        self.setAccessibleName(self.tr("Files and folders"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setDragEnabled(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.menu_wanted.emit)
        self.verticalHeader().hide()
        self.doubleClicked.connect(self._double_clicked)
        theme.changed.connect(self.repaint_all)

    # --- where rows are; the list and the grid differ in this

    def number(self, index: QModelIndex) -> int:
        """The row that a cell belongs to, -1 for none."""
        return index.row() if 0 <= index.row() < len(self._files.rows) else -1

    def cell(self, at: int) -> QModelIndex:
        """The cell with the row's name."""
        return self._files.index(at, 0)

    def row_at(self, point: QPoint) -> int:
        """-1 for none."""
        return self.number(self.indexAt(point))

    def rect_of(self, at: int) -> QRect:
        """On the viewport; empty for none."""
        if at < 0:
            return QRect()
        return QRect(0, self.rowViewportPosition(at), self.viewport().width(), self.rowHeight(0))

    def spans(self) -> list[tuple[int, int]]:
        """What is selected, as sorted (first, last) rows without overlap."""
        return joined([(span.top(), span.bottom()) for span in self.ranges()])

    def select_spans(self, spans: Sequence[tuple[int, int]]) -> None:
        """Select these and nothing else."""
        selection = QItemSelection()
        for top, bottom in spans:
            selection.select(self._files.index(top, 0), self._files.index(bottom, len(Column) - 1))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def step_page(self) -> int:
        """Rows on a page."""
        return max(1, self.viewport().height() // max(1, self.rowHeight(0)) - 1)

    def repaint_all(self) -> None:
        self.viewport().update()

    # --- what is selected

    def selected_rows(self) -> list[NodeRow]:
        """In the order of the screen. By ranges: 100,000 selected rows are one."""
        return rows_in(self._files.rows, self.spans())

    def selected_count(self) -> int:
        return sum(bottom - top + 1 for top, bottom in self.spans())

    def current_row(self) -> NodeRow | None:
        at = self.number(self.currentIndex())
        return self._files.rows[at] if at >= 0 else None

    def keep(self, chosen: Chosen, current: RowKey | None, scroll: int) -> None:
        """Select these again after the model was reset."""
        at = place_of(self._files.rows, current) if current is not None else None
        if at is not None:
            self.selectionModel().setCurrentIndex(self.cell(at), QItemSelectionModel.SelectionFlag.NoUpdate)
        self.select_spans(chosen.spans(self._files.rows))
        self.verticalScrollBar().setValue(scroll)

    def select_row(self, at: int) -> None:
        """Make one row current, selected and visible."""
        self.selectionModel().setCurrentIndex(self.cell(at), QItemSelectionModel.SelectionFlag.NoUpdate)
        self.select_spans([(at, at)])
        self.scrollTo(self.cell(at))

    def chosen(self) -> Chosen:
        """What is selected, for `keep`."""
        return Chosen.of(self.selected_rows())

    def selectAll(self) -> None:  # noqa: N802
        if self._files.rows:
            self.select_spans([(0, len(self._files.rows) - 1)])

    @guarded(nothing)
    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        super().selectionChanged(selected, deselected)
        self.viewport().update()
        self.selection_changed.emit()

    def edit_current(self) -> None:
        """A field for the name of the current row. While a name is being typed, nothing: that one is finished first."""
        if self.renaming:
            return
        at = self.number(self.currentIndex())
        if at >= 0:
            self.scrollTo(self.cell(at))
            self.edit(self.cell(at))
            editor = self.viewport().findChild(QLineEdit)
            if editor is not None:  # Qt has selected all of it; people rename what is before the extension
                name = editor.text()
                stem, dot, _ = name.rpartition(".")
                is_file = self._files.rows[at].kind is not NodeKind.FOLDER
                editor.setSelection(0, len(stem) if is_file and dot and stem else len(name))

    @property
    def renaming(self) -> bool:
        """Somebody types a name in a row: another list would take the field away."""
        return self.state() == QAbstractItemView.State.EditingState

    @guarded(nothing)
    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:  # noqa: N802
        super().closeEditor(editor, hint)
        self.renaming_ended.emit()

    # --- keys and mouse

    @guarded(nothing)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if self.state() != QAbstractItemView.State.EditingState:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~(
                Qt.KeyboardModifier.KeypadModifier
            ):
                row = self.current_row()
                if row is not None:
                    self.opened.emit(row)
                return
            if event.key() == Qt.Key.Key_Backspace:
                self.up_wanted.emit()
                return
            if event.key() == Qt.Key.Key_Escape:
                self.clearSelection()
                event.ignore()  # whoever is above may have something to close
                return
        super().keyPressEvent(event)

    @guarded(nothing)
    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Type the beginning of a name. Qt's own asks the model for every row."""
        now = time.monotonic()
        fresh = now - self._typed_s > _TYPING_S
        self._typed = search if fresh else self._typed + search
        self._typed_s = now
        rows = self._files.rows
        wanted = self._typed.casefold()
        begin = max(0, self.number(self.currentIndex()) + (1 if fresh else 0))
        for places in (range(begin, len(rows)), range(min(begin, len(rows)))):
            for at in places:
                if rows[at].display_name.casefold().startswith(wanted):
                    self.select_row(at)
                    return

    @guarded(nothing)
    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self.holding:
            return
        super().mouseMoveEvent(event)
        self._set_hover(self.row_at(event.position().toPoint()))

    @guarded(nothing)
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self.row_at(event.position().toPoint()) < 0:
            self.clearSelection()
        super().mousePressEvent(event)

    @guarded(nothing)
    def leaveEvent(self, event: object) -> None:  # noqa: N802
        self._set_hover(-1)

    def _set_hover(self, at: int) -> None:
        if at != self._hover:
            for each in (self._hover, at):
                self.viewport().update(self.rect_of(each))
            self._hover = at

    def _double_clicked(self, index: QModelIndex) -> None:
        at = self.number(index)
        if at >= 0:
            self.opened.emit(self._files.rows[at])

    @guarded(nothing)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.viewport().update()

    # --- dragged out

    @guarded(nothing)
    def startDrag(self, actions: Qt.DropAction) -> None:  # noqa: N802
        self.drag_wanted.emit()

    # --- dropped on

    @guarded(nothing)
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        data = event.mimeData()
        outside = event.source() is None and (data.hasUrls() or bool(link_of(data)))
        if self.drops_allowed and (data.hasFormat(NODES_TYPE) or outside):
            self._dragging = True
            self._follow_drag(event)

    @guarded(nothing)
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        if self._dragging:
            self._follow_drag(event)

    @guarded(nothing)
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        self._end_drag()

    @guarded(nothing)
    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        if not self._dragging:
            return
        target = self._files.rows[self._drop_at] if self._drop_at >= 0 else None
        nodes = nodes_of(event.mimeData())
        paths = local_paths(event.mimeData()) if nodes is None else []
        link = link_of(event.mimeData()) if nodes is None and not paths else ""
        copies = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        event.setDropAction(Qt.DropAction.CopyAction)  # never move: a file manager would delete its own
        event.accept()
        self._end_drag()
        if nodes is not None:
            self.nodes_dropped.emit(nodes, target, copies)
        elif paths:
            self.dropped.emit(paths, target)
        elif link:
            self.link_dropped.emit(link)

    def _follow_drag(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        at = self.row_at(event.position().toPoint())
        self._drag_copies = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) or not (
            event.mimeData().hasFormat(NODES_TYPE)
        )
        aim = at if at >= 0 and self._files.rows[at].kind is NodeKind.FOLDER else -1
        if aim != self._drop_at:
            self._drop_at = aim
            self._spring.stop()
            if aim >= 0:
                self._spring.start()
        self._scroll_at_edge(event.position().toPoint())
        self.viewport().update()

    def _scroll_at_edge(self, point: QPoint) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if point.y() < 24:
            bar.setValue(bar.value() - 24)
        elif point.y() > height - 24:
            bar.setValue(bar.value() + 24)

    def _spring_open(self) -> None:
        if self._dragging and 0 <= self._drop_at < len(self._files.rows):
            row = self._files.rows[self._drop_at]
            self._drop_at = -1
            self.sprung.emit(row)

    def _end_drag(self) -> None:
        self._dragging = False
        self._drop_at = -1
        self._spring.stop()
        self.viewport().update()

    def paint_drop(self, painter: QPainter) -> None:
        """A frame around where it would fall, and in words."""
        if not self._dragging:
            return
        colors, area = self._theme.colors, self.viewport().rect()
        name = self.place
        if self._drop_at >= 0:
            name = fmt.shown_name(self._files.rows[self._drop_at].display_name)
        else:
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), look.RADIUS, look.RADIUS)
        metrics = QFontMetrics(self.font())
        words = self.tr("Upload into {0}") if self._drag_copies else self.tr("Move to {0}")
        text = metrics.elidedText(words.format(name), Qt.TextElideMode.ElideMiddle, 480)
        width, height = metrics.horizontalAdvance(text) + 2 * look.XL, metrics.height() + 2 * look.S
        pill = QRect((area.width() - width) // 2, area.bottom() - height - look.L, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.accent))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(QColor(colors.on_accent))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)

    # --- for the two

    def ranges(self) -> Sequence[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(at) for at in range(selection.count())]

    def selected_between(self, first: int, last: int) -> set[int]:
        found: set[int] = set()
        for top, bottom in self.spans():
            low, high = max(first, top), min(last, bottom)
            if low <= high:
                found.update(range(low, high + 1))
        return found


def rows_in(rows: Sequence[NodeRow], spans: Sequence[tuple[int, int]]) -> list[NodeRow]:
    """Those in ``spans``, as `FilesView.spans` gives them."""
    return [row for top, bottom in spans for row in rows[top : bottom + 1]]


def joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    return merged(sorted(spans))
