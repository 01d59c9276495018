"""A folder's rows as an item model. Flat; rows are plain values, indexes carry numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind
from megadesk.ui import formatting as fmt
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.presenters.listing import Column, Listing
from megadesk.ui.signals import signal

Index = QModelIndex | QPersistentModelIndex


class FileListModel(QAbstractTableModel):
    """Shows the listing that the presenter hands over whole; never sorts or reads by itself."""

    renamed = signal[NodeRow, str]()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[NodeRow] = ()
        self._editable = True

    def show(self, listing: Listing | None) -> None:
        """Another list of rows; the view keeps its selection by `FileView.keep`."""
        self.beginResetModel()
        self._rows = listing.rows if listing is not None else ()
        self.endResetModel()

    def set_editable(self, editable: bool) -> None:
        self._editable = editable

    @property
    def rows(self) -> Sequence[NodeRow]:
        return self._rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(Column)

    @guarded(nothing)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(row, Column(index.column()))
        if role == Qt.ItemDataRole.EditRole:
            return fmt.shown_name(row.display_name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = self.text(row, Column(index.column()))
            if index.column() == Column.NAME:
                return f"{text}, {self.kind_text(row)}"
            return text
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == Column.SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def text(self, row: NodeRow, column: Column) -> str:
        """A cell's text."""
        if column is Column.NAME:
            return fmt.shown_name(row.display_name)
        if column is Column.SIZE:
            return fmt.size(row.size_bytes) if row.kind is NodeKind.FILE else ""
        return fmt.when(row.mtime_ns)

    def kind_text(self, row: NodeRow) -> str:
        if row.conflict:
            return self.tr("conflict copy")
        return {
            NodeKind.FOLDER: self.tr("folder"),
            NodeKind.FILE: self.tr("file"),
            NodeKind.LINK: self.tr("symbolic link"),
        }[row.kind]

    @guarded(nothing)
    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Name"), self.tr("Size"), self.tr("Modified"))[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if self._editable and index.column() == Column.NAME:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Asks for a new name; the row changes when the locker says so."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        row = self._rows[index.row()]
        if isinstance(value, str) and value and value != fmt.shown_name(row.display_name):
            self.renamed.emit(row, value)
            return True
        return False
