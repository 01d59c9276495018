"""Under which address a locker's links are reached: one's own domain, and where the storage is public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from megadesk.ui import theme as look
from megadesk.ui.guard import while_there
from megadesk.ui.pages.registry import LockerContext
from megadesk.ui.presenters.errors import problem_of
from megadesk.ui.widgets.basics import Button, Field, column, label, line

if TYPE_CHECKING:
    from megadesk.core.links import LinkSettings

_WIDTH = 520


class LinkAddressDialog(QDialog):
    """Window-modal; closes with the locker. What is saved holds for new links, and for served ones at once."""

    def __init__(self, context: LockerContext) -> None:
        super().__init__(QApplication.activeWindow())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self.setWindowTitle(self.tr("Address of links"))
        self.setFixedWidth(_WIDTH)
        self.base, self.public = QLineEdit(), QLineEdit()
        self.base.setPlaceholderText("https://files.example.org/d/")
        self.public.setPlaceholderText("https://bucket.example.org/")
        base_hint = self.tr("Where a domain of yours leads to this computer or your server. Empty: as that is reached.")
        public_hint = self.tr(
            "Only where anyone can read this locker’s storage over the web: links then live there. Otherwise empty."
        )
        self.problem = label("", "caption", wrap=True, tone="danger")
        self.problem.hide()
        self.save = Button(context.theme, self.tr("&Save"), kind="primary")
        cancel = Button(context.theme, self.tr("Cancel"))
        layout = column(self, margin=look.XL, spacing=look.M)
        layout.addWidget(label(self.tr("Address of links"), "subtitle"))
        layout.addWidget(Field(self.tr("&Own address"), self.base, base_hint))
        layout.addWidget(Field(self.tr("&Public address of the storage"), self.public, public_hint))
        layout.addWidget(self.problem)
        layout.addSpacing(look.XS)
        foot = line()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.save)
        layout.addLayout(foot)
        cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._save)
        self.save.setEnabled(False)
        context.scope.run(
            context.locker.links.settings,
            while_there(self, self._show),
            while_there(self, self._failed),
            lane="link-settings",
        )

    def _show(self, settings: LinkSettings) -> None:
        self.base.setText(settings.base_url)
        self.public.setText(settings.public_url)
        self.save.setEnabled(True)
        self.base.setFocus()

    def _save(self) -> None:
        from megadesk.core.links import LinkSettings

        links = self._context.locker.links
        wanted = LinkSettings(self.base.text().strip(), self.public.text().strip())
        self.save.setEnabled(False)
        self._context.scope.run(
            lambda: links.set_settings(wanted),
            while_there(self, lambda _: self.accept()),
            while_there(self, self._failed),
            lane="link-settings",
        )

    def _failed(self, error: Exception) -> None:
        text = problem_of(error).text
        self.problem.setText(text)
        self.problem.setAccessibleName(text)
        self.problem.show()
        self.save.setEnabled(True)
