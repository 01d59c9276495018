"""The queue as a list: a table of one column, which knows at once where each of 50,000 rows of one height is.

A QListView asks the model for every row before it shows the first: 50,000 took 0.15 s.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from megadesk.ui.models.transfers import TransferListModel
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.transfer_paint import TransferDelegate, row_height


class TransferView(QTableView):
    """Rows of `TransferListModel`, which can be dragged to another place."""

    def __init__(self, theme: Theme, model: TransferListModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setProperty("kind", "queue")
        self.setItemDelegate(TransferDelegate(theme, self))
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.hide()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(row_height(QFontMetrics(self.font())))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)  # between rows
        self.setDropIndicatorShown(True)
        self.setAccessibleName(self.tr("Transfers"))
