"""The links of a locker as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from megadesk.ui.i18n import translate
from megadesk.ui.icons import icon, type_icon
from megadesk.ui.presenters.links import LinkLine
from megadesk.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_TITLES: tuple[Callable[[], str], ...] = (
    lambda: translate("links", "Name"),
    lambda: translate("links", "State"),
    lambda: translate("links", "Expires"),
    lambda: translate("links", "Downloads"),
    lambda: translate("links", "Lives at"),
)
NAME, STATE, EXPIRES, DOWNLOADS, WHERE = range(len(_TITLES))


class LinksModel(QAbstractTableModel):
    """Rows of `LinkLine`; read only."""

    def __init__(self, parent: QObject, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self.lines: Sequence[LinkLine] = ()

    def show(self, lines: Sequence[LinkLine]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section]()
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            name = f"{line.name}  ·  {line.marks}" if line.marks else line.name
            return (name, line.state, line.expires, line.downloads, line.where)[index.column()]
        colors = self._theme.colors
        if role == Qt.ItemDataRole.DecorationRole and index.column() == NAME:
            name = line.row.path.rpartition("/")[2]
            return icon("folder", colors.folder) if line.row.is_folder else icon(type_icon(name), colors.muted)
        if role == Qt.ItemDataRole.ForegroundRole and line.row.state != "active":
            return QColor(colors.warn if line.row.state == "missing" and index.column() == STATE else colors.muted)
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.row.path if index.column() == NAME else line.row.note if index.column() == STATE else None
        return None
