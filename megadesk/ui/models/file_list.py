"""A folder's rows as an item model. Flat; rows are plain values, indexes carry numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind
from megadesk.ui import formatting as fmt
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.presenters.listing import Column, Listing, extension_of, row_key
from megadesk.ui.signals import signal

Index = QModelIndex | QPersistentModelIndex


class FileListModel(QAbstractTableModel):
    """Shows the listing that the presenter hands over whole; never sorts or reads by itself."""

    renamed = signal[NodeRow, str]()

    def __init__(self, parent: QObject | None = None, *, times_title: str = "") -> None:
        """``times_title``: the name of the column of times, where it is not the files' own."""
        super().__init__(parent)
        self._rows: Sequence[NodeRow] = ()
        self._listing: Listing | None = None
        self._editable = True
        self._times_title = times_title

    def show(self, listing: Listing | None) -> None:
        """Another list of rows; the view keeps its selection by `FilesView.keep`."""
        self.beginResetModel()
        self._listing = listing
        self._rows = listing.rows if listing is not None else ()
        self.endResetModel()

    def set_editable(self, editable: bool) -> None:
        self._editable = editable

    @property
    def rows(self) -> Sequence[NodeRow]:
        return self._rows

    @property
    def listing(self) -> Listing | None:
        return self._listing

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(Column)

    @guarded(nothing)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        return self.cell(self._rows[index.row()], Column(index.column()), role)

    def cell(self, row: NodeRow, column: Column, role: int) -> Any:
        """What Qt asks of a row; the grid asks it here too."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            place = self.text(row, Column.PLACE)
            text = self.text(row, column)
            return f"{text}\n{place}" if place and column is Column.NAME else text
        if role == Qt.ItemDataRole.EditRole:
            return fmt.shown_name(row.display_name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = self.text(row, column)
            return f"{text}, {self.kind_text(row)}" if column is Column.NAME else text
        if role == Qt.ItemDataRole.TextAlignmentRole and column is Column.SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def text(self, row: NodeRow, column: Column) -> str:
        """A cell's text."""
        if column is Column.NAME:
            return fmt.shown_name(row.display_name)
        if column is Column.SIZE:
            return fmt.size(row.size_bytes) if row.kind is NodeKind.FILE else ""
        if column is Column.MODIFIED:
            return fmt.when(self._listing.time_ns(row) if self._listing is not None else row.mtime_ns)
        if column is Column.ADDED:
            return fmt.when(row.created_ms * 1_000_000)
        if column is Column.PLACE:
            place = self._listing.places.get(row_key(row), "") if self._listing is not None else ""
            return fmt.shown_name(place)
        return self.kind_title(row)

    def kind_title(self, row: NodeRow) -> str:
        """ "PDF file", "Folder"."""
        if row.conflict:
            return self.tr("Conflict copy")
        if row.kind is NodeKind.FOLDER:
            return self.tr("Folder")
        if row.kind is NodeKind.LINK:
            return self.tr("Symbolic link")
        extension = extension_of(row)
        return self.tr("{0} file").format(extension.upper()) if extension else self.tr("File")

    def kind_text(self, row: NodeRow) -> str:
        if row.conflict:
            return self.tr("conflict copy")
        return {
            NodeKind.FOLDER: self.tr("folder"),
            NodeKind.FILE: self.tr("file"),
            NodeKind.LINK: self.tr("symbolic link"),
        }[row.kind]

    def column_title(self, column: Column) -> str:
        if column is Column.MODIFIED and self._times_title:
            return self._times_title
        return {
            Column.NAME: self.tr("Name"),
            Column.SIZE: self.tr("Size"),
            Column.MODIFIED: self.tr("Modified"),
            Column.KIND: self.tr("Kind"),
            Column.ADDED: self.tr("Added"),
            Column.PLACE: self.tr("Folder"),
        }[column]

    @guarded(nothing)
    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.column_title(Column(section))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        flags |= Qt.ItemFlag.ItemIsDragEnabled
        if self._editable and index.column() == Column.NAME:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Asks for a new name; the row changes when the locker says so."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or index.row() >= len(self._rows):
            return False
        return self.rename(self._rows[index.row()], value)

    def rename(self, row: NodeRow, value: Any) -> bool:
        if isinstance(value, str) and value and value != fmt.shown_name(row.display_name):
            self.renamed.emit(row, value)
            return True
        return False


class GridModel(QAbstractTableModel):
    """The same rows in a grid: cell (r, c) is row r * columns + c."""

    def __init__(self, files: FileListModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.files = files
        self.columns = 1
        files.modelAboutToBeReset.connect(self.beginResetModel)
        files.modelReset.connect(self.endResetModel)

    def set_columns(self, columns: int) -> None:
        if columns != self.columns:
            self.beginResetModel()
            self.columns = max(1, columns)
            self.endResetModel()

    def number(self, index: Index) -> int:
        """The row's number; -1 for cells behind the last one."""
        at = index.row() * self.columns + index.column() if index.isValid() else -1
        return at if at < len(self.files.rows) else -1

    def cell_of(self, at: int) -> QModelIndex:
        return self.index(at // self.columns, at % self.columns)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else -(-len(self.files.rows) // self.columns)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else self.columns

    @guarded(nothing)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        at = self.number(index)
        if at < 0 or role == Qt.ItemDataRole.TextAlignmentRole:
            return None
        return self.files.cell(self.files.rows[at], Column.NAME, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        at = self.number(index)
        if at < 0:
            return Qt.ItemFlag.NoItemFlags
        return self.files.flags(self.files.index(at, 0))

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        at = self.number(index)
        return at >= 0 and role == Qt.ItemDataRole.EditRole and self.files.rename(self.files.rows[at], value)
