"""What the trash and the recent files have in common: a title, a list from all over the locker, details."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSplitter, QWidget

from megadesk.core.events import FoldersChanged
from megadesk.tree.rows import NodeRow
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.bridge import QtClock
from megadesk.ui.icons import icon
from megadesk.ui.models.file_list import FileListModel
from megadesk.ui.pages.registry import LockerContext, Page
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.listed import ListedPresenter, Read
from megadesk.ui.presenters.listing import Column, Listing, Sort, row_key, size_of_files
from megadesk.ui.widgets.basics import ElidedLabel, column, label, line
from megadesk.ui.widgets.details_pane import DetailsPane
from megadesk.ui.widgets.empty import EmptyState
from megadesk.ui.widgets.file_view import FileView
from megadesk.ui.widgets.search_field import SearchField

COLUMNS = (Column.NAME, Column.PLACE, Column.SIZE, Column.MODIFIED)
_DETAILS_FROM = 900


class ListedPage(Page):
    """``times_title``: what the times in it mean."""

    def __init__(self, context: LockerContext, title: str, times_title: str, read: Read) -> None:
        super().__init__()
        self.context = context
        self.presenter = ListedPresenter(self, context.locker, context.scope, QtClock(self), read)
        self.model = FileListModel(self, times_title=times_title)
        self.model.set_editable(False)
        self.view = FileView(context.theme, self.model, COLUMNS, choosable=False)
        self.view.setAccessibleName(title)
        self.view.drops_allowed = False
        self.view.setDragEnabled(False)
        self.details = DetailsPane(context, ())
        self.details.close_wanted.connect(lambda: self._show_details(False))
        self._details_wanted = context.memory.state.details
        self.search = SearchField(context.theme)
        self.search.setPlaceholderText(self.tr("Filter"))
        self.search.setAccessibleName(self.tr("Filter"))
        self.search.setFixedWidth(196)
        self.search.filtered.connect(self.presenter.filter)
        self.search.left.connect(self.view.setFocus)
        self._summary = ElidedLabel("muted", Qt.TextElideMode.ElideRight)
        self.empty = EmptyState(context.theme, self.view.viewport())
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.view)
        self.splitter.addWidget(self.details)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([1000, context.memory.state.details_width])
        layout = column(self, spacing=0)
        layout.addWidget(self._make_top(title))
        layout.addWidget(self._make_bar())
        self.between = column(spacing=0)
        layout.addLayout(self.between)
        layout.addWidget(self.splitter, 1)
        self.view.sort_wanted.connect(self._sort)
        self.view.selection_changed.connect(self._selected)
        self.view.opened.connect(self.open_row)
        self.view.menu_wanted.connect(self._menu)
        self._key("Ctrl+F", self.search.setFocus)
        self._key("F5", self.presenter.read)
        self._key("Ctrl+I", lambda: self._show_details(self.details.isHidden()))

    def _make_top(self, title: str) -> QWidget:
        top = QFrame()
        top.setProperty("kind", "bar")
        row = line(top, spacing=look.S)
        row.setContentsMargins(look.L, look.S, look.M, look.S)
        row.addWidget(label(title, "subtitle"))
        row.addSpacing(look.S)
        row.addWidget(self._summary, 1)
        row.addWidget(self.search)
        return top

    def _make_bar(self) -> QWidget:
        bar = QFrame()
        bar.setProperty("kind", "bar")
        row = line(bar, spacing=look.S)
        row.setContentsMargins(look.L, look.S, look.M, look.S)
        self.fill_bar(row)
        return bar

    def _key(self, keys: str, slot: Callable[[], object]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda *_: slot())
        self.addAction(action)

    # --- for those that are made of it

    def fill_bar(self, row: QHBoxLayout) -> None:
        """Buttons above the list."""

    def fill_menu(self, add: Callable[[str, str, Callable[[], object]], QAction], rows: Sequence[NodeRow]) -> None:
        """Entries of the menu on rows: drawing, text, what to do."""

    def open_row(self, row: NodeRow) -> None:
        """A row was double-clicked."""

    def say_empty(self, *, filtered: bool) -> None:
        """There is nothing to show."""

    def enable(self, rows: Sequence[NodeRow]) -> None:
        """Buttons for what is selected."""

    # --- registry.Page

    def entered(self) -> None:
        self.presenter.entered()
        self._fit_details()
        self.view.setFocus()

    def left(self) -> None:
        self.presenter.left()

    def core_event(self, event: object) -> None:
        if isinstance(event, FoldersChanged):
            self.presenter.changed()

    def stop(self) -> None:
        self.presenter.forget()
        self.details.forget()
        self.model.show(None)
        self._summary.show_text("")
        self.search.empty()

    # --- presenters.ListedView

    def show_listing(self, listing: Listing) -> None:
        view = self.view
        chosen, current = view.chosen(), view.current_row()
        scroll = view.verticalScrollBar().value()
        self.model.show(listing)
        view.show_sort(listing.sort)
        view.keep(chosen, row_key(current) if current is not None else None, scroll)
        if listing.rows:
            self.empty.hide()
        else:
            self.say_empty(filtered=bool(listing.needle))
        self._selected()

    def show_problem(self, problem: Problem) -> None:
        self.context.desk.problem(problem)

    # --- inside

    def _sort(self, sort: Sort) -> None:
        self.view.show_sort(sort)
        self.presenter.sort_by(sort)

    def _selected(self) -> None:
        rows = self.view.selected_rows()
        self.details.show_rows(rows)
        self.enable(rows)
        shown = rows or list(self.model.rows)
        size = size_of_files(shown)
        text = fmt.selected(len(rows)) if rows else fmt.items(len(shown))
        self._summary.show_text(f"{text} · {fmt.size(size)}" if size else text if shown else "")

    def _show_details(self, shown: bool) -> None:
        self._details_wanted = shown
        self._fit_details(asked=shown)

    def _fit_details(self, *, asked: bool = False) -> None:
        shown = self._details_wanted and (asked or self.width() >= _DETAILS_FROM)
        was = not self.details.isHidden()
        self.details.setVisible(shown)
        if shown and not was:
            self.details.load_now()

    def resizeEvent(self, event: object) -> None:  # noqa: N802
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit_details()

    def _menu(self, at: QPoint) -> None:
        rows = self.view.selected_rows()
        if not rows:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        colors = self.context.theme.colors

        def add(drawing: str, text: str, slot: Callable[[], object]) -> QAction:
            action = menu.addAction(icon(drawing, colors.muted, colors.inactive_icon), text)
            action.triggered.connect(slot)
            return action

        self.fill_menu(add, rows)
        menu.popup(self.view.viewport().mapToGlobal(at))
