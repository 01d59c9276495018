"""The transfers of the queue as an item model: 50,000 rows, put into words only where they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from operator import is_
from typing import Any

from PySide6.QtCore import QAbstractListModel, QByteArray, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from megadesk.transfer.records import TransferRow
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.presenters.transfers import Line, describe
from megadesk.ui.signals import signal

Index = QModelIndex | QPersistentModelIndex
TRANSFERS_TYPE = "application/x-megadesk-transfers"


def _changed_places(old: Sequence[TransferRow], new: Sequence[TransferRow]) -> list[int]:
    """Where not the same object is. Ten times a second over 50,000 rows: the loops are C's."""
    same = list(map(is_, old, new))
    places: list[int] = []
    at = -1
    try:
        while True:
            at = same.index(False, at + 1)
            places.append(at)
    except ValueError:
        return places


class TransferListModel(QAbstractListModel):
    """Updated in place ten times a second: only rows that changed are told."""

    move_wanted = signal[list[int], int | None]()
    """Transfers, and the one they were dropped before; None: the end."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[TransferRow] = ()
        self.movable = True

    def show(self, rows: Sequence[TransferRow]) -> bool:
        """Take the place of what was shown. True: rows came or went, so a selection must be made again."""
        old = self._rows
        if rows is old:
            return False
        changed = _changed_places(old, rows) if len(old) == len(rows) else None
        if changed is not None and all(old[at].id == rows[at].id for at in changed):
            self._rows = rows
            for at in changed[:50]:
                self.dataChanged.emit(self.index(at), self.index(at))
            if len(changed) > 50:
                self.dataChanged.emit(self.index(changed[50]), self.index(changed[-1]))
            return False
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
        return True

    @property
    def rows(self) -> Sequence[TransferRow]:
        return self._rows

    def row(self, at: int) -> TransferRow | None:
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def line(self, at: int) -> Line | None:
        row = self.row(at)
        return describe(row) if row is not None else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._rows)

    @guarded(nothing)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        line = self.line(index.row())
        if line is None:
            return None
        return line.headline if role == Qt.ItemDataRole.DisplayRole else f"{line.headline}. {line.detail}"

    # --- dragged to another place in the queue

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if not self.movable:
            return flags
        return flags | (Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled)

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802
        return [TRANSFERS_TYPE]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802
        data = QMimeData()
        numbers = [self._rows[at].id for at in sorted({index.row() for index in indexes}) if at < len(self._rows)]
        data.setData(TRANSFERS_TYPE, QByteArray(" ".join(map(str, numbers)).encode()))
        return data

    def dropMimeData(  # noqa: N802
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Says what is wanted; the rows move when the queue has moved them."""
        if not data.hasFormat(TRANSFERS_TYPE):
            return False
        numbers = [int(part) for part in bytes(data.data(TRANSFERS_TYPE).data()).split()]
        at = row if row >= 0 else parent.row()
        while 0 <= at < len(self._rows) and self._rows[at].id in numbers:
            at += 1
        before = self.row(at)
        self.move_wanted.emit(numbers, before.id if before is not None else None)
        return False  # else Qt would remove the rows that were dragged
