"""The list of files. It paints itself: one call into Python a repaint, whatever the number of rows.

With item delegates Qt enters Python for every cell, and each entry waits for the interpreter while a worker sorts or
decodes: a repaint took half a second then. A QTableView with rows of one fixed height shows 100,000 rows in 2 ms, a
QTreeView lays them out in 200.
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
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QTableView,
)

from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.models.file_list import FileListModel
from megadesk.ui.presenters.listing import Column, RowKey, Sort, merged, row_key
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.dropping import local_paths
from megadesk.ui.widgets.file_paint import Header, NameDelegate, RowPainter

_TYPING_S = 1.0


class FileView(QTableView):
    """Rows of `FileListModel`. Files dropped onto it are told, not taken."""

    opened = signal[NodeRow]()
    up_wanted = signal[()]()
    sort_wanted = signal[Sort]()
    selection_changed = signal[()]()
    dropped = signal[list[str], NodeRow | None]()
    """Local paths, and the folder row they fell on, if any."""
    menu_wanted = signal[QPoint]()

    def __init__(self, theme: Theme, model: FileListModel) -> None:
        super().__init__()
        self._theme = theme
        self._files = model
        self._hover = -1
        self._drop_row: int | None = None
        self._dragging = False
        self._typed = ""
        self._typed_s = 0.0
        self.drops_allowed = True
        self.place = ""
        """The folder shown, for words about dropping."""
        self.setAccessibleName(self.tr("Files and folders"))
        header = Header(theme, self)
        self.setHorizontalHeader(header)
        self._header = header
        header.sectionClicked.connect(self._sort_clicked)
        self.setModel(model)
        self.setItemDelegate(NameDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.menu_wanted.emit)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(24)
        rows.setDefaultSectionSize(max(38, QFontMetrics(self.font()).height() + 20))
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in ((Column.SIZE, 120), (Column.MODIFIED, 190)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.setColumnWidth(column, width)
        self.doubleClicked.connect(self._double_clicked)
        theme.changed.connect(self._repaint)

    # --- what is selected

    def selected_rows(self) -> list[NodeRow]:
        """In the order of the screen. By ranges: 100,000 selected rows are one."""
        rows = self._files.rows
        spans = sorted((span.top(), span.bottom()) for span in self._spans())
        return [row for top, bottom in merged(spans) for row in rows[top : bottom + 1]]

    def current_row(self) -> NodeRow | None:
        at = self.currentIndex().row()
        return self._files.rows[at] if 0 <= at < len(self._files.rows) else None

    def keep(self, keys: Sequence[RowKey], current: RowKey | None, scroll: int) -> None:
        """Select these again after the model was reset."""
        wanted = set(keys)
        model = self._files
        selection = QItemSelection()
        start = None
        current_at = -1
        rows = model.rows
        if wanted or current is not None:
            for at, row in enumerate(rows):
                key = (row.id, row.head)
                if key == current:
                    current_at = at
                if key in wanted:
                    start = at if start is None else start
                elif start is not None:
                    selection.select(model.index(start, 0), model.index(at - 1, len(Column) - 1))
                    start = None
            if start is not None:
                selection.select(model.index(start, 0), model.index(len(rows) - 1, len(Column) - 1))
        if current_at >= 0:
            self.selectionModel().setCurrentIndex(
                model.index(current_at, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.verticalScrollBar().setValue(scroll)

    def select_row(self, at: int) -> None:
        """Make one row current, selected and visible."""
        index = self._files.index(at, 0)
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
        self.scrollTo(index)

    def selected_keys(self) -> list[RowKey]:
        return [row_key(row) for row in self.selected_rows()]

    def selectAll(self) -> None:  # noqa: N802
        count = len(self._files.rows)
        if count:
            last = self._files.index(count - 1, len(Column) - 1)
            self.selectionModel().select(
                QItemSelection(self._files.index(0, 0), last), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    @guarded(nothing)
    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        super().selectionChanged(selected, deselected)
        self.viewport().update()
        self.selection_changed.emit()

    def edit_current(self) -> None:
        at = self.currentIndex().row()
        if at >= 0:
            self.edit(self._files.index(at, 0))
            editor = self.viewport().findChild(QLineEdit)
            if editor is not None:  # Qt has selected all of it; people rename what is before the extension
                name = editor.text()
                stem, dot, _ = name.rpartition(".")
                is_file = self._files.rows[at].kind is not NodeKind.FOLDER
                editor.setSelection(0, len(stem) if is_file and dot and stem else len(name))

    def show_sort(self, sort: Sort) -> None:
        self._header.show_sort(sort)

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
                return
        super().keyPressEvent(event)

    @guarded(QModelIndex)
    def moveCursor(  # noqa: N802
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Rows only; the cell is always the name's."""
        count = len(self._files.rows)
        if not count:
            return QModelIndex()
        at = self.currentIndex().row()
        page = max(1, self.viewport().height() // self.rowHeight(0) - 1)
        act = QAbstractItemView.CursorAction
        step = {act.MoveUp: -1, act.MovePrevious: -1, act.MoveDown: 1, act.MoveNext: 1}
        step |= {act.MovePageUp: -page, act.MovePageDown: page, act.MoveHome: -count, act.MoveEnd: count}
        if at < 0:
            at = 0 if action == act.MoveEnd else -step.get(action, 0)  # the first key goes to the first row
        target = max(0, min(count - 1, at + step.get(action, 0)))
        return self._files.index(target, 0)

    @guarded(nothing)
    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Type the beginning of a name. Qt's own asks the model for every row."""
        now = time.monotonic()
        fresh = now - self._typed_s > _TYPING_S
        self._typed = search if fresh else self._typed + search
        self._typed_s = now
        rows = self._files.rows
        wanted = self._typed.casefold()
        begin = max(0, self.currentIndex().row() + (1 if fresh else 0))
        for places in (range(begin, len(rows)), range(min(begin, len(rows)))):
            for at in places:
                if rows[at].display_name.casefold().startswith(wanted):
                    self.select_row(at)
                    return

    @guarded(nothing)
    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseMoveEvent(event)
        self._set_hover(self.rowAt(int(event.position().y())))

    @guarded(nothing)
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if not self.indexAt(event.position().toPoint()).isValid():
            self.clearSelection()
        super().mousePressEvent(event)

    @guarded(nothing)
    def leaveEvent(self, event: object) -> None:  # noqa: N802
        self._set_hover(-1)

    def _set_hover(self, row: int) -> None:
        if row != self._hover:
            for each in (self._hover, row):
                self.viewport().update(self._row_rect(each))
            self._hover = row

    def _double_clicked(self, index: QModelIndex) -> None:
        row = self._files.rows[index.row()] if index.row() < len(self._files.rows) else None
        if row is not None:
            self.opened.emit(row)

    def _sort_clicked(self, section: int) -> None:
        column, sort = Column(section), self._header.sort
        # The first click on size or time shows the largest and newest: what one looks for.
        descending = not sort.descending if sort.column is column else column is not Column.NAME
        self.sort_wanted.emit(Sort(column, descending))

    # --- files from outside

    @guarded(nothing)
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if self.drops_allowed and event.mimeData().hasUrls() and event.source() is None:
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
        target = self._files.rows[self._drop_row] if self._drop_row is not None else None
        paths = local_paths(event.mimeData())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._end_drag()
        if paths:
            self.dropped.emit(paths, target)

    def _follow_drag(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)  # never move: the file manager would delete its own
        event.accept()
        at = self.rowAt(int(event.position().y()))
        is_folder = at >= 0 and self._files.rows[at].kind is NodeKind.FOLDER
        row = at if is_folder else None
        if row != self._drop_row or not event.isAccepted():
            self._drop_row = row
        self.viewport().update()

    def _end_drag(self) -> None:
        self._dragging = False
        self._drop_row = None
        self.viewport().update()

    # --- painting

    def _repaint(self) -> None:
        self.viewport().update()
        self._header.viewport().update()

    def _row_rect(self, row: int) -> QRect:
        return (
            QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(0)) if row >= 0 else QRect()
        )

    @guarded(nothing)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.viewport().update()

    @guarded(nothing)
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        colors = self._theme.colors
        view = self.viewport()
        painter = QPainter(view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = event.rect()
        painter.fillRect(area, QColor(colors.surface))
        rows = self._files.rows
        height = self.rowHeight(0) if rows else 1
        if rows:
            first = max(0, self.rowAt(area.top()))
            last = self.rowAt(area.bottom())
            last = len(rows) - 1 if last < 0 else last
            selected = self._selected_between(first, last)
            focused = self.currentIndex().row() if self.hasFocus() else -1
            places = [(self.columnViewportPosition(column), self.columnWidth(column)) for column in range(len(Column))]
            pen = RowPainter(painter, self._theme, self.font(), self.devicePixelRatioF(), places, view.width(), height)
            top = self.rowViewportPosition(first)
            for at in range(first, last + 1):
                pen.row(
                    rows[at],
                    top,
                    selected=at in selected,
                    hover=at == self._hover,
                    focus=at == focused,
                    target=at == self._drop_row,
                )
                top += height
        if self._dragging:
            self._paint_drop(painter)
        painter.end()

    def _paint_drop(self, painter: QPainter) -> None:
        """A frame around where it would fall, and in words."""
        colors, area = self._theme.colors, self.viewport().rect()
        name = self.place
        if self._drop_row is not None:
            name = fmt.shown_name(self._files.rows[self._drop_row].display_name)
        else:
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), look.RADIUS, look.RADIUS)
        metrics = QFontMetrics(self.font())
        text = metrics.elidedText(self.tr("Upload into {0}").format(name), Qt.TextElideMode.ElideMiddle, 480)
        width, height = metrics.horizontalAdvance(text) + 2 * look.XL, metrics.height() + 2 * look.S
        pill = QRect((area.width() - width) // 2, area.bottom() - height - look.L, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.accent))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(QColor(colors.on_accent))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)

    def _spans(self) -> Sequence[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(at) for at in range(selection.count())]

    def _selected_between(self, first: int, last: int) -> set[int]:
        found: set[int] = set()
        for span in self._spans():
            top, bottom = max(first, span.top()), min(last, span.bottom())
            if top <= bottom:
                found.update(range(top, bottom + 1))
        return found
