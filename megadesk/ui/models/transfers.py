"""The transfers of the queue as an item model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from megadesk.ui.guard import guarded, nothing
from megadesk.ui.presenters.transfers import Line

Index = QModelIndex | QPersistentModelIndex


class TransferListModel(QAbstractListModel):
    """Updated in place ten times a second: only lines that changed are told."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Take the place of what was shown; the selection survives while the transfers are the same."""
        old, new = self._lines, lines
        if [line.id for line in old] != [line.id for line in new]:
            self._replace(new)
            return
        changed = [at for at, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
        self._lines = new
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def _replace(self, new: Sequence[Line]) -> None:
        keep = len(self._lines)
        if keep and [line.id for line in new[:keep]] == [line.id for line in self._lines]:
            self.beginInsertRows(QModelIndex(), keep, len(new) - 1)
            self._lines = new
            self.endInsertRows()
            return
        self.beginResetModel()
        self._lines = new
        self.endResetModel()

    def line(self, row: int) -> Line | None:
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, transfer: int) -> int:
        """-1 when it is not shown."""
        return next((at for at, line in enumerate(self._lines) if line.id == transfer), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._lines)

    @guarded(nothing)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line(index.row())
        if line is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return line.headline
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{line.headline}. {line.detail}"
        return None
