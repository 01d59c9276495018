"""Files that a transfer left out: which, why, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem

from megadesk.transfer.port import FileFailure
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.presenters.errors import words
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import ElidedLabel, breakable, column, frame, label

_SHOWN = 500


class FailureList(QFrame):
    """The first few hundred; a list that long has one cause, and it is among them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "beside")
        self._title = label("", "field", tone="danger")
        self._list = _List()
        self._list.setProperty("kind", "failures")
        self._list.setAccessibleName(self.tr("Files left out"))
        self._list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        layout = column(self, spacing=look.XS)
        layout.setContentsMargins(look.L, look.M, look.S, 0)
        layout.addWidget(self._title)
        layout.addWidget(self._list, 1)

    def show_failures(self, failures: Sequence[FileFailure], *, whole: bool = False) -> None:
        """``whole``: it is about a transfer as such, not about single files of it."""
        self._list.clear()
        count = len(failures)
        files = self.tr("1 file left out") if count == 1 else self.tr("{0} files left out").format(fmt.number(count))
        self._title.setText(self.tr("What went wrong") if whole else files)
        for failure in failures[:_SHOWN]:
            item = QListWidgetItem(self._list)
            widget = frame("plain")
            layout = column(widget, spacing=0)
            layout.setContentsMargins(0, look.XS, look.S, look.M)
            path = ElidedLabel(mode=Qt.TextElideMode.ElideLeft)
            path.show_text(fmt.shown_name(failure.path))
            text = f"{words(failure.message)} {words(failure.remedy)}".strip()
            reason = label(breakable(text), "caption", wrap=True)
            layout.addWidget(path)
            layout.addWidget(reason)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{failure.path}: {text}")
            self._list.setItemWidget(item, widget)
        self._list.fit()


class _List(QListWidget):
    def fit(self) -> None:
        """Each row as high as its words are in the width that there is: a list asks for that once, and believes it."""
        width = self.viewport().width()
        for at in range(self.count()):
            item = self.item(at)
            widget = self.itemWidget(item)
            item.setSizeHint(QSize(width, widget.heightForWidth(width)))

    @guarded(nothing)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.fit()
