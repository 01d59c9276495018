"""Files as a grid of pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QStyleOptionViewItem, QWidget

from megadesk.tree.rows import NodeRow
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.icons import pixmap
from megadesk.ui.models.file_list import FileListModel, GridModel, Index
from megadesk.ui.presenters.listing import row_key
from megadesk.ui.theme import Theme
from megadesk.ui.turns import in_one_go
from megadesk.ui.widgets.file_paint import Marks, NameDelegate, drawing_of, paint_ground
from megadesk.ui.widgets.files_view import FilesView, joined

TILE = 148
PICTURE = 112
_ICON = 64


class _TileName(NameDelegate):
    """The field for renaming, below the picture."""

    @guarded(nothing)
    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:  # noqa: N802
        if isinstance(editor, QLineEdit) and isinstance(model, GridModel):
            model.setData(index, editor.text().strip())

    def updateEditorGeometry(  # noqa: N802
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        rect = QRect(option.rect)
        height = editor.sizeHint().height()
        editor.setGeometry(rect.left() + 4, rect.bottom() - height - 4, rect.width() - 8, height)


class GridView(FilesView):
    """Tiles of one size; the number of columns follows the width."""

    def __init__(self, theme: Theme, model: FileListModel, picture: Callable[[NodeRow], QPixmap | None]) -> None:
        """``picture`` gives a thumbnail if there is one by now, and else asks for it."""
        super().__init__(theme, model)
        self._picture = picture
        self._grid = GridModel(model, self)
        self.setModel(self._grid)
        self.setItemDelegate(_TileName(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.horizontalHeader().hide()
        across = self.horizontalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down = self.verticalHeader()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setMinimumSectionSize(32)
        down.setMinimumSectionSize(32)
        across.setDefaultSectionSize(TILE)
        down.setDefaultSectionSize(PICTURE + 2 * QFontMetrics(self.font()).height() + 34)

    def number(self, index: QModelIndex) -> int:
        return self._grid.number(index)

    def cell(self, at: int) -> QModelIndex:
        return self._grid.cell_of(at)

    def rect_of(self, at: int) -> QRect:
        if at < 0:
            return QRect()
        across, down = self._grid.columns, at // self._grid.columns
        column = at % across
        return QRect(
            self.columnViewportPosition(column),
            self.rowViewportPosition(down),
            self.columnWidth(column),
            self.rowHeight(down),
        )

    def spans(self) -> list[tuple[int, int]]:
        across, count = self._grid.columns, len(self._files.rows)
        found: list[tuple[int, int]] = []
        for span in self.ranges():
            if span.left() == 0 and span.right() == across - 1:
                found.append((span.top() * across, min(count, (span.bottom() + 1) * across) - 1))
                continue
            for line in range(span.top(), span.bottom() + 1):
                first = line * across + span.left()
                last = min(count - 1, line * across + span.right())
                if first <= last:
                    found.append((first, last))
        return joined(found)

    def select_spans(self, spans: Sequence[tuple[int, int]]) -> None:
        across = self._grid.columns
        selection = QItemSelection()
        for first, last in spans:
            top, bottom = first // across, last // across
            if top == bottom:
                selection.select(self.cell(first), self.cell(last))
                continue
            selection.select(self.cell(first), self._grid.index(top, across - 1))
            if bottom - top > 1:
                selection.select(self._grid.index(top + 1, 0), self._grid.index(bottom - 1, across - 1))
            selection.select(self._grid.index(bottom, 0), self.cell(last))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def step_page(self) -> int:
        return max(1, self.viewport().height() // max(1, self.rowHeight(0)) - 1) * self._grid.columns

    @guarded(QModelIndex)
    def moveCursor(  # noqa: N802
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        count, across, page = len(self._files.rows), self._grid.columns, self.step_page()
        if not count:
            return QModelIndex()
        act = QAbstractItemView.CursorAction
        step = {act.MoveUp: -across, act.MoveDown: across, act.MoveLeft: -1, act.MoveRight: 1}
        step |= {act.MovePrevious: -1, act.MoveNext: 1, act.MovePageUp: -page, act.MovePageDown: page}
        step |= {act.MoveHome: -count, act.MoveEnd: count}
        at = self.number(self.currentIndex())
        if at < 0:
            return self.cell(0)
        return self.cell(max(0, min(count - 1, at + step.get(action, 0))))

    @guarded(nothing)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        width = self.viewport().width()
        columns = max(1, width // TILE)
        if columns != self._grid.columns:
            chosen, current = self.chosen(), self.current_row()
            self._grid.set_columns(columns)
            self.keep(chosen, row_key(current) if current is not None else None, self.verticalScrollBar().value())
        self.horizontalHeader().setDefaultSectionSize(width // columns)

    @guarded(nothing)
    @in_one_go
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = event.rect()
        painter.fillRect(area, QColor(self._theme.colors.surface))
        rows = self._files.rows
        if rows:
            across, height = self._grid.columns, self.rowHeight(0)
            top_line = max(0, self.rowAt(max(0, area.top())))
            last_line = top_line + area.height() // max(1, height) + 1
            first, last = top_line * across, min(len(rows), (last_line + 1) * across) - 1
            selected = self.selected_between(first, last)
            focused = self.number(self.currentIndex()) if self.hasFocus() else -1
            pen = _TilePainter(painter, self._theme, self.font(), self._picture)
            lefts = [(self.columnViewportPosition(column), self.columnWidth(column)) for column in range(across)]
            line_top = self.rowViewportPosition(top_line)
            faint = self.faint
            for at in range(first, last + 1):
                line, column = divmod(at - first, across)
                left, width = lefts[column]
                row = rows[at]
                painter.setOpacity(0.5 if faint and row_key(row) in faint else 1.0)
                marks = Marks(at in selected, at == self._hover, at == focused, at == self._drop_at)
                pen.tile(row, left, line_top + line * height, width, height, marks)
            painter.setOpacity(1.0)
        self.paint_drop(painter)
        painter.end()


class _TilePainter:
    """Paints tiles, for one repaint. Numbers and text at a point, as `RowPainter` has it and for the same reason."""

    def __init__(
        self, painter: QPainter, theme: Theme, font: QFont, picture: Callable[[NodeRow], QPixmap | None]
    ) -> None:
        self._painter = painter
        self._colors = theme.colors
        self._picture = picture
        self._scale = float(painter.device().devicePixelRatio())
        self._metrics = QFontMetrics(font)
        self._line = self._metrics.height()
        self._ascent = self._metrics.ascent()
        self._text = QColor(theme.colors.text)
        painter.setFont(font)

    def tile(self, row: NodeRow, left: int, top: int, width: int, height: int, marks: Marks) -> None:
        painter, colors = self._painter, self._colors
        paint_ground(painter, colors, left + 3, top + 3, width - 6, height - 6, marks)
        middle = left + (width - 1) // 2
        picture = self._picture(row)
        if picture is not None and not picture.isNull():
            wide, high = _fitted(picture)
            at = middle - (wide - 1) // 2, top + 10 + (PICTURE - high) // 2
            painter.drawPixmap(*at, wide, high, picture)
        else:
            drawing, role = drawing_of(row)
            picture = pixmap(drawing, getattr(colors, role), _ICON, _ICON, self._scale)
            painter.drawPixmap(middle - _ICON // 2, top + 10 + (PICTURE - _ICON) // 2, picture)
        if row.conflict:
            badge = pixmap("warning", colors.warn, 18, 18, self._scale)
            painter.drawPixmap(left + width - 28, top + 9, badge)
        self._name(fmt.shown_name(row.display_name), left + look.M, top + PICTURE + 16, width - 2 * look.M)

    def _name(self, name: str, left: int, top: int, room: int) -> None:
        """On two lines: a name is told by its end as well as by its beginning."""
        metrics = self._metrics
        first, second = name, ""
        taken = metrics.horizontalAdvance(name)
        if taken > room:
            cut = len(name)
            while cut > 1 and taken > room:
                cut = min(cut - 1, int(cut * room / max(1, taken)))
                taken = metrics.horizontalAdvance(name[:cut])
            space = name.rfind(" ", cut // 2, cut + 1)
            cut = space + 1 if space > 0 else cut
            first, second = name[:cut].rstrip(), name[cut:]
            second = metrics.elidedText(second, Qt.TextElideMode.ElideMiddle, room)
        self._painter.setPen(self._text)
        for line, text in enumerate((first, second)):
            if text:
                at = left + (room - metrics.horizontalAdvance(text)) // 2
                self._painter.drawText(at, top + line * self._line + self._ascent, text)


def _fitted(picture: QPixmap) -> tuple[int, int]:
    """Its width and height in a tile."""
    scale = picture.devicePixelRatio()
    wide, high = round(picture.width() / scale), round(picture.height() / scale)
    if wide <= PICTURE and high <= PICTURE:
        return wide, high
    longer = max(wide, high)
    return max(1, wide * PICTURE // longer), max(1, high * PICTURE // longer)
