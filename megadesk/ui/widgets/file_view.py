"""The list of files.

A QTableView with rows of one fixed height shows 100,000 rows in 2 ms, a QTreeView lays them out in 200.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu

from megadesk.ui.guard import guarded, nothing
from megadesk.ui.models.file_list import FileListModel
from megadesk.ui.presenters.listing import SHOWN_ORDER, Column, Sort, row_key
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.turns import in_one_go
from megadesk.ui.widgets.file_paint import Header, Marks, NameDelegate, RowPainter
from megadesk.ui.widgets.files_view import FilesView

DEFAULT_COLUMNS = (Column.NAME, Column.SIZE, Column.MODIFIED)
_WIDTHS = {
    Column.SIZE: 104,
    Column.MODIFIED: 168,
    Column.KIND: 130,
    Column.ADDED: 168,
    Column.PLACE: 220,
}
_PLACE_SHARE, _PLACE_MOST = 0.24, 480
"""Of the width, for folders' paths: until somebody has set a width of their own."""


class FileView(FilesView):
    """One row a file."""

    sort_wanted = signal[Sort]()
    columns_changed = signal[()]()

    def __init__(
        self,
        theme: Theme,
        model: FileListModel,
        columns: Sequence[Column] = DEFAULT_COLUMNS,
        *,
        choosable: bool = True,
    ) -> None:
        """``choosable``: a menu on the header hides and shows columns."""
        super().__init__(theme, model)
        header = Header(theme, self)
        self.setHorizontalHeader(header)
        self._header = header
        self._fixed = Column.PLACE if Column.PLACE in columns else None
        header.sectionClicked.connect(self._sort_clicked)
        self.setModel(model)
        self.setItemDelegate(NameDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(24)
        rows.setDefaultSectionSize(max(36, QFontMetrics(self.font()).height() + 18))
        for place, column in enumerate(SHOWN_ORDER):
            header.moveSection(header.visualIndex(column), place)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.setColumnWidth(column, width)
        self._own_place = self._fitting = False
        self.show_columns(columns)
        header.sectionResized.connect(self._resized)
        if choosable:
            header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            header.customContextMenuRequested.connect(self._columns_menu)

    # --- columns

    def columns(self) -> list[Column]:
        return [column for column in SHOWN_ORDER if not self.isColumnHidden(column)]

    def show_columns(self, columns: Sequence[Column]) -> None:
        for column in Column:
            self.setColumnHidden(column, column not in columns and column is not Column.NAME)
        self._fit_place()

    def widths(self) -> dict[int, int]:
        return {
            int(column): self.columnWidth(column)
            for column in _WIDTHS
            if not self.isColumnHidden(column) and (column is not Column.PLACE or self._own_place)
        }

    def set_widths(self, widths: dict[int, int]) -> None:
        for column, width in widths.items():
            if column in [int(each) for each in _WIDTHS] and 60 <= width <= 1000:
                self.setColumnWidth(column, width)
                self._own_place |= column == Column.PLACE

    def _fit_place(self) -> None:
        if self._own_place or self.isColumnHidden(Column.PLACE):
            return
        share = round(self.viewport().width() * _PLACE_SHARE)
        self._fitting = True
        try:
            self.setColumnWidth(Column.PLACE, max(_WIDTHS[Column.PLACE], min(share, _PLACE_MOST)))
        finally:
            self._fitting = False

    @guarded(nothing)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit_place()

    def _resized(self, section: int, before: int, now: int) -> None:
        if section == Column.PLACE and before and now and not self._fitting:
            self._own_place = True
        self.viewport().update()
        self.columns_changed.emit()

    def _columns_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in SHOWN_ORDER:
            if column in (Column.NAME, Column.PLACE):
                continue
            action = QAction(self._files.column_title(column), menu)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(column))
            action.toggled.connect(lambda shown, which=column: self._toggle(which, shown))
            menu.addAction(action)
        menu.popup(self._header.mapToGlobal(at))

    def _toggle(self, column: Column, shown: bool) -> None:
        self.setColumnHidden(column, not shown)
        self.columns_changed.emit()

    def show_sort(self, sort: Sort) -> None:
        self._header.show_sort(sort)

    def _sort_clicked(self, section: int) -> None:
        column, sort = Column(section), self._header.sort
        # The first click on size or time shows the largest and newest: what one looks for.
        falling = column in (Column.SIZE, Column.MODIFIED, Column.ADDED)
        descending = not sort.descending if sort.column is column else falling
        self.sort_wanted.emit(Sort(column, descending))

    # --- keys

    @guarded(QModelIndex)
    def moveCursor(  # noqa: N802
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Rows only; the cell is always the name's."""
        count = len(self._files.rows)
        if not count:
            return QModelIndex()
        at = self.currentIndex().row()
        page = self.step_page()
        act = QAbstractItemView.CursorAction
        step = {act.MoveUp: -1, act.MovePrevious: -1, act.MoveDown: 1, act.MoveNext: 1}
        step |= {act.MovePageUp: -page, act.MovePageDown: page, act.MoveHome: -count, act.MoveEnd: count}
        if at < 0:
            at = 0 if action == act.MoveEnd else -step.get(action, 0)  # the first key goes to the first row
        target = max(0, min(count - 1, at + step.get(action, 0)))
        return self._files.index(target, 0)

    # --- painting

    def repaint_all(self) -> None:
        self.viewport().update()
        self._header.viewport().update()

    @guarded(nothing)
    @in_one_go
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        view = self.viewport()
        painter = QPainter(view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = event.rect()
        painter.fillRect(area, QColor(self._theme.colors.surface))
        rows = self._files.rows
        if rows:
            height = self.rowHeight(0)
            first = max(0, self.rowAt(area.top()))
            last = self.rowAt(area.bottom())
            last = len(rows) - 1 if last < 0 else last
            selected = self.selected_between(first, last)
            focused = self.currentIndex().row() if self.hasFocus() else -1
            places = {
                column: (self.columnViewportPosition(column), self.columnWidth(column)) for column in self.columns()
            }
            pen = RowPainter(painter, self._theme, self._files, self.font(), places, view.width(), height)
            top = self.rowViewportPosition(first)
            faint = self.faint
            for at in range(first, last + 1):
                row = rows[at]
                painter.setOpacity(0.5 if faint and row_key(row) in faint else 1.0)
                pen.row(row, top, Marks(at in selected, at == self._hover, at == focused, at == self._drop_at))
                top += height
            painter.setOpacity(1.0)
        self.paint_drop(painter)
        painter.end()
