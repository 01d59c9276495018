"""What was added or changed last, anywhere in the locker."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from megadesk.tree.rows import NodeRow
from megadesk.ui.pages.listed_page import ListedPage
from megadesk.ui.pages.registry import LockerContext
from megadesk.ui.presenters.listed import read_recent
from megadesk.ui.presenters.listing import row_key
from megadesk.ui.widgets.basics import Button


class RecentPage(ListedPage):
    def __init__(self, context: LockerContext) -> None:
        super().__init__(context, self.tr("Recent"), self.tr("Saved"), read_recent)

    def fill_bar(self, row: QHBoxLayout) -> None:
        theme = self.context.theme
        self.show_in_folder = Button(theme, self.tr("Show in its &folder"), icon_name="files")
        self.save = Button(theme, self.tr("&Save to…"), icon_name="download")
        self.show_in_folder.clicked.connect(lambda: self._first(self.open_row))
        self.save.clicked.connect(self._save)
        row.addWidget(self.show_in_folder)
        row.addWidget(self.save)
        row.addStretch(1)

    def fill_menu(self, add: Callable[[str, str, Callable[[], object]], QAction], rows: Sequence[NodeRow]) -> None:
        add("files", self.tr("Show in its &folder"), lambda: self.open_row(rows[0])).setEnabled(len(rows) == 1)
        add("download", self.tr("&Save to…"), self._save)

    def enable(self, rows: Sequence[NodeRow]) -> None:
        self.show_in_folder.setEnabled(len(rows) == 1)
        self.save.setEnabled(bool(rows))

    def open_row(self, row: NodeRow) -> None:
        self.context.desk.open_folder(row.parent, row_key(row))

    def say_empty(self, *, filtered: bool) -> None:
        if filtered:
            self.empty.say(self.tr("Nothing has this in its name"), "", drawing="empty-search")
        else:
            text = self.tr("Files appear here as they are added or changed, on this computer or on others.")
            self.empty.say(self.tr("Nothing yet"), text, drawing="empty-recent")

    def _first(self, act: Callable[[NodeRow], None]) -> None:
        rows = self.view.selected_rows()
        if rows:
            act(rows[0])

    def _save(self) -> None:
        rows = self.view.selected_rows()
        if not rows:
            return
        folder = QFileDialog(self.window(), self.tr("Save to a folder"))
        folder.setFileMode(QFileDialog.FileMode.Directory)
        folder.setOption(QFileDialog.Option.ShowDirsOnly)
        folder.fileSelected.connect(lambda path: self.context.operations.save_to(rows, path))
        folder.open()
