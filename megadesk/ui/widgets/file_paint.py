"""How the list of files looks: header, rows, the field for renaming."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.icons import pixmap, type_icon
from megadesk.ui.models.file_list import FileListModel, Index
from megadesk.ui.presenters.listing import Column, Sort
from megadesk.ui.theme import Colors, Theme, scaled

_ICON = 20


class Marks(NamedTuple):
    """What is to be seen of a row or tile beside what it says."""

    selected: bool = False
    hover: bool = False
    focus: bool = False
    target: bool = False
    """Something is held over it that it would take."""


class Header(QHeaderView):
    """Column titles with the sort's direction. Painted here: Qt's asks of every row whether it is selected."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.sort = Sort()
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(QFontMetrics(self.font()).height() + 16)
        self.setMinimumSectionSize(64)
        self.setSectionsMovable(False)

    def show_sort(self, sort: Sort) -> None:
        self.sort = sort
        self.viewport().update()

    @guarded(nothing)
    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:  # noqa: N802
        colors = self._theme.colors
        painter.save()
        painter.fillRect(rect, QColor(colors.surface))
        painter.setPen(QColor(colors.border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        sorted_ = self.sort.column == logical
        font = scaled(self.font(), look.CAPTION, bold=sorted_)
        painter.setFont(font)
        painter.setPen(QColor(colors.text if sorted_ else colors.muted))
        text = str(self.model().headerData(logical, Qt.Orientation.Horizontal))
        inner = rect.adjusted(look.L if logical == Column.NAME else look.S, 0, -look.L, 0)
        width = QFontMetrics(font).horizontalAdvance(text)
        left = inner.right() - width if logical == Column.SIZE else inner.left()
        painter.drawText(QRect(left, inner.top(), width + 2, inner.height()), int(Qt.AlignmentFlag.AlignVCenter), text)
        if sorted_:
            arrow = "chevron-down" if self.sort.descending else "chevron-up"
            at = left - 18 if logical == Column.SIZE else left + width + look.XS
            top = rect.top() + (rect.height() - 14) // 2
            painter.drawPixmap(at, top, pixmap(arrow, colors.text, 14, 14, self.devicePixelRatioF()))
        painter.restore()


class NameDelegate(QStyledItemDelegate):
    """The field for renaming in place."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: N802
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("New name"))
        return editor

    @guarded(nothing)
    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))

    @guarded(nothing)
    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:  # noqa: N802
        if isinstance(editor, QLineEdit) and isinstance(model, FileListModel):
            model.setData(index, editor.text().strip())

    def updateEditorGeometry(  # noqa: N802
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        rect = QRect(option.rect)
        editor.setGeometry(rect.adjusted(look.L + _ICON + look.S - 4, 3, -4, -3))


class RowPainter:
    """Paints rows with what they have in common worked out once.

    PySide lets go of the interpreter whenever a QRect or a QColor is made and text is drawn into a rectangle, and with
    workers at work gets it back late. That was 187 times a repaint, and is 11 times now: hence text at a point, and
    numbers in place of rectangles.
    """

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        files: FileListModel,
        font: QFont,
        places: Mapping[Column, tuple[int, int]],
        width: int,
        height: int,
    ) -> None:
        """``places``: (left, width) of the columns that are shown."""
        self._painter = painter
        self._colors = theme.colors
        self._files = files
        self._scale = float(painter.device().devicePixelRatio())
        self._name_place = places[Column.NAME]
        self._others = [(column, place) for column, place in places.items() if column is not Column.NAME]
        self._width = width
        self._height = height
        self._metrics = QFontMetrics(font)
        # In the middle of the row, where Qt.AlignVCenter would put it.
        self._baseline = (height - self._metrics.height() + 1) // 2 + self._metrics.ascent()
        self._text = QColor(theme.colors.text)
        self._muted = QColor(theme.colors.muted)
        painter.setFont(font)

    def row(self, row: NodeRow, top: int, marks: Marks) -> None:
        painter, colors, height = self._painter, self._colors, self._height
        paint_ground(painter, colors, look.XS, top + 1, self._width - 2 * look.XS, height - 2, marks)
        name_at, name_width = self._name_place
        left = name_at + look.L
        drawing, role = drawing_of(row)
        color = getattr(colors, role)
        painter.drawPixmap(left, top + (height - _ICON) // 2, pixmap(drawing, color, _ICON, _ICON, self._scale))
        left += _ICON + look.S + 2
        room = name_at + name_width - left - look.S
        if row.conflict:
            badge = pixmap("warning", colors.warn, 16, 16, self._scale)
            painter.drawPixmap(name_at + name_width - 16 - look.S, top + (height - 16) // 2, badge)
            room -= 16 + look.S
        self._cell(fmt.shown_name(row.display_name), left, top, room, self._text)
        for column, (at, width) in self._others:
            text = self._files.text(row, column)
            if not text:
                continue
            if column is Column.SIZE:
                taken = self._metrics.horizontalAdvance(text)
                self._cell(text, at + width - look.L - taken, top, taken + 2, self._muted)
            else:
                self._cell(text, at + look.S, top, width - look.L, self._muted)

    def _cell(self, text: str, left: int, top: int, width: int, color: QColor) -> None:
        if self._metrics.horizontalAdvance(text) > width:
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)
        self._painter.setPen(color)
        self._painter.drawText(left, top + self._baseline, text)


def drawing_of(row: NodeRow) -> tuple[str, str]:
    """(drawing, colour role) of a row's kind."""
    if row.kind is NodeKind.FOLDER:
        return "folder", "folder"
    if row.kind is NodeKind.LINK:
        return "link", "muted"
    return type_icon(row.display_name), "muted"


@functools.lru_cache(maxsize=64)
def _color(name: str) -> QColor:
    """Made once: see `RowPainter`."""
    return QColor(name)


@functools.lru_cache(maxsize=16)
def _pen(name: str, width: float) -> QPen:
    return QPen(QColor(name), width)


def paint_ground(painter: QPainter, colors: Colors, left: int, top: int, width: int, height: int, marks: Marks) -> None:
    """What is behind a row or a tile. Numbers and no QRect: see `RowPainter`."""
    if not any(marks):
        return
    selected, hover, focus, target = marks
    painter.setPen(Qt.PenStyle.NoPen)
    if selected or target:
        painter.setBrush(_color(colors.accent_soft))
        painter.drawRoundedRect(left, top, width, height, 6, 6)
    elif hover:
        painter.setBrush(_color(colors.hover))
        painter.drawRoundedRect(left, top, width, height, 6, 6)
    if focus or target:
        painter.setPen(_pen(colors.accent, 2 if target else 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(left + 1, top + 1, width - 2, height - 2, 6, 6)
    if selected:  # not by colour alone
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_color(colors.accent))
        painter.drawRoundedRect(left, top + 7, 3, height - 14, 1.5, 1.5)
