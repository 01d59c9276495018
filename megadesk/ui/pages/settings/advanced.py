"""Logs, the data folder, a report for who helps."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from megadesk.state.paths import Paths
from megadesk.ui import theme as look
from megadesk.ui.pages.registry import PageContext
from megadesk.ui.presenters.errors import problem_of
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.presenters.report import report
from megadesk.ui.widgets.basics import Button, column
from megadesk.ui.widgets.rows import Group, Row


class AdvancedSection(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.paths: Paths = context.services.paths
        theme = context.theme
        layout = column(self, spacing=look.XL)

        places = Group(self.tr("Where things are"))
        for title, hint, folder in (
            (self.tr("Data"), self.tr("Keys under your passphrase, the encrypted index."), self.paths.data_dir),
            (self.tr("Settings"), "", self.paths.config_dir),
            (self.tr("Logs"), self.tr("Neither names nor secrets are in them."), self.paths.log_dir),
        ):
            button = Button(theme, self.tr("Open"), icon_name="open")
            button.setAccessibleName(self.tr("Open the folder: {0}").format(title))
            button.clicked.connect(self._opener(Path(folder)))
            row = Row(title, f"{hint}\n{folder}".strip(), button)
            places.add(row)
        layout.addWidget(places)

        helping = Group(self.tr("Help with a problem"))
        self.export = Button(theme, self.tr("&Export…"), icon_name="save")
        self.export.clicked.connect(self._export)
        hint = self.tr("Versions, settings and the end of the log. No names, paths, addresses or keys: read it first.")
        helping.add(Row(self.tr("Redacted report"), hint, self.export))
        layout.addWidget(helping)

    def _opener(self, folder: Path) -> object:
        def open_it() -> None:
            def ready(_: object) -> None:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

            self._context.scope.run(lambda: os.makedirs(folder, 0o700, exist_ok=True), ready, self._failed)

        return open_it

    def _export(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Save the report"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.selectFile("megadesk-report.txt")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save)
        dialog.open()

    def save(self, path: str) -> None:
        """Write the report to ``path``, on another thread."""
        core, settings = self._context.core, self._context.services.preferences.settings
        log_file = Path(self.paths.log_dir) / "megadesk.log"

        def write() -> None:
            text = report(settings, core.lockers(), log_file)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(text)

        saved = self.tr("The report is saved as {0}.").format(os.path.basename(path))
        self._context.scope.run(write, lambda _: self._context.desk.notify(Notice(saved), "good"), self._failed)

    def _failed(self, error: Exception) -> None:
        self._context.desk.problem(problem_of(error))
