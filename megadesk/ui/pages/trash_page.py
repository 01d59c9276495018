"""What was deleted: where it was and when, the way back, and the way out for good."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout

from megadesk.core.events import FoldersChanged, LockerStateChanged
from megadesk.tree.rows import NodeRow
from megadesk.ui import formatting as fmt
from megadesk.ui.pages.listed_page import ListedPage
from megadesk.ui.pages.registry import LockerContext
from megadesk.ui.presenters.listed import emptying_text, purge, read_trash
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.widgets.basics import Button
from megadesk.ui.widgets.confirm import ConfirmSheet


class TrashPage(ListedPage):
    def __init__(self, context: LockerContext) -> None:
        super().__init__(context, self.tr("Trash"), self.tr("Deleted"), read_trash)
        self.sheet = ConfirmSheet(context.theme, icon_name="trash")
        self.between.addWidget(self.sheet)
        self._key("Ctrl+R", self.restore)
        self._key("Delete", self.ask_delete)
        self._key("Ctrl+Z", context.operations.undo)
        self._key("Ctrl+Shift+Z", context.operations.redo)

    def fill_bar(self, row: QHBoxLayout) -> None:
        theme = self.context.theme
        self.restore_button = Button(theme, self.tr("&Restore"), kind="primary", icon_name="undo")
        self.restore_button.setToolTip(self.tr("Back to where it was (Ctrl+R)"))
        self.delete_button = Button(theme, self.tr("&Delete for good…"), icon_name="trash")
        self.empty_button = Button(theme, self.tr("&Empty the trash…"))
        self.restore_button.clicked.connect(self.restore)
        self.delete_button.clicked.connect(self.ask_delete)
        self.empty_button.clicked.connect(self.ask_empty)
        row.addWidget(self.restore_button)
        row.addWidget(self.delete_button)
        row.addStretch(1)
        row.addWidget(self.empty_button)

    def fill_menu(self, add: Callable[[str, str, Callable[[], object]], QAction], rows: Sequence[NodeRow]) -> None:
        writable = self.context.locker.read_only_reason is None
        add("undo", self.tr("&Restore"), self.restore).setEnabled(writable)
        add("trash", self.tr("&Delete for good…"), self.ask_delete).setEnabled(writable)

    def enable(self, rows: Sequence[NodeRow]) -> None:
        writable = self.context.locker.read_only_reason is None
        self.restore_button.setEnabled(bool(rows) and writable)
        self.delete_button.setEnabled(bool(rows) and writable)
        self.empty_button.setEnabled(bool(self.model.rows) and writable)

    def core_event(self, event: object) -> None:
        if isinstance(event, FoldersChanged):
            self.presenter.changed()
        elif isinstance(event, LockerStateChanged):
            self.enable(self.view.selected_rows())

    def stop(self) -> None:
        super().stop()
        self.sheet.give_up()

    def open_row(self, row: NodeRow) -> None:
        """Nothing opens from the trash; the details show what it is."""
        self._show_details(True)

    def say_empty(self, *, filtered: bool) -> None:
        if filtered:
            self.empty.say(self.tr("Nothing has this in its name"), "", drawing="empty-search")
        else:
            text = self.tr("What you delete comes here first, with the place where it was, and can be restored.")
            self.empty.say(self.tr("The trash is empty"), text, drawing="empty-trash")

    # --- what it does

    def restore(self) -> None:
        rows = self.view.selected_rows()
        if rows and self.restore_button.isEnabled():
            self.context.operations.restore(rows, self.presenter.read)

    def ask_delete(self) -> None:
        rows = self.view.selected_rows()
        if rows and self.delete_button.isEnabled():
            self._ask(rows, everything=False)

    def ask_empty(self) -> None:
        if self.empty_button.isEnabled() and self.presenter.listing is not None:
            self._ask(list(self.presenter.listing.by_name), everything=True)

    def _ask(self, rows: Sequence[NodeRow], *, everything: bool) -> None:
        question, meaning = emptying_text(rows, everything=everything)
        context = self.context

        def gone(count: int) -> None:
            self.presenter.read()
            text = (
                self.tr("1 item deleted for good.")
                if count == 1
                else self.tr("{0} items deleted for good.").format(fmt.number(count))
            )
            context.desk.notify(Notice(text))

        def act() -> None:
            purge(context.locker, context.operations, context.scope, rows, everything=everything, done=gone)

        self.sheet.ask(question, meaning, self.tr("&Keep"), self.tr("Delete for &good"), act)
