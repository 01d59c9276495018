"""The open locker's files: path and search, list or grid, details beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QMenu, QSplitter, QStackedWidget, QWidget

from megadesk.core.events import FoldersChanged, LockerStateChanged, StoreTrouble
from megadesk.tree.rows import NodeRow
from megadesk.types import NodeId, VersionId
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.bridge import QtClock
from megadesk.ui.models.file_list import FileListModel
from megadesk.ui.pages.browser_actions import BrowserActions
from megadesk.ui.pages.browser_outside import BrowserOutside
from megadesk.ui.pages.catalog import DETAIL_SECTIONS
from megadesk.ui.pages.many_selected import MANY, ManySelected
from megadesk.ui.pages.registry import LockerContext, Page
from megadesk.ui.presenters.browser import MAX_FOUND, BrowserPresenter, Crumb
from megadesk.ui.presenters.details import Several
from megadesk.ui.presenters.errors import Problem, words
from megadesk.ui.presenters.listing import Chosen, Column, Listing, RowKey, Sort, row_key
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.thumbnails import Thumbnails
from megadesk.ui.widgets.banner import Banner
from megadesk.ui.widgets.basics import Button, ElidedLabel, IconButton, column, line
from megadesk.ui.widgets.details_pane import DetailsPane
from megadesk.ui.widgets.empty import EmptyState
from megadesk.ui.widgets.file_view import FileView
from megadesk.ui.widgets.files_view import FilesView
from megadesk.ui.widgets.grid_view import GridView
from megadesk.ui.widgets.name_bar import NameBar
from megadesk.ui.widgets.path_bar import PathBar
from megadesk.ui.widgets.search_field import FindBar, SearchField

DETAILS_FROM = 860
"""Pixels of the page's width: with less, the list needs them all."""


class BrowserPage(Page):
    """Made anew for each session; nothing of it outlives the lock."""

    def __init__(self, context: LockerContext) -> None:
        super().__init__()
        theme, locker = context.theme, context.locker
        self.context = context
        self._theme = theme
        self._locker = locker
        self._rows: Listing | None = None
        self._loading = False
        self._wanted: RowKey | None = None
        self._later: Listing | None = None
        """What came while a name was being typed in the list."""
        self._awaited: tuple[str, object] | None = None
        self._details_wanted = context.memory.state.details

        self.presenter = BrowserPresenter(self, locker, context.scope, QtClock(self))
        self.thumbnails = Thumbnails(locker, context.scope, self._pictures_came)
        self.model = FileListModel(self)
        self.view = FileView(theme, self.model)
        self.grid = GridView(theme, self.model, self.thumbnails.of)
        self._many = ManySelected(context.scope, self.model, lambda: self.front)
        self.details = DetailsPane(context, DETAIL_SECTIONS)
        self.state_banner = Banner(theme)
        self.find_bar = FindBar(theme)
        self.names = NameBar(theme)
        self.path = PathBar(theme, self.presenter.complete_path)
        self.crumbs = self.path.crumbs
        self.search = SearchField(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.grid)
        self.empty = EmptyState(theme, self.view.viewport())
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._stack)
        self.splitter.addWidget(self.details)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)

        layout = column(self, spacing=0)
        layout.addWidget(self.state_banner)
        layout.addWidget(self._make_top())
        layout.addWidget(self._make_bar())
        layout.addWidget(self.find_bar)
        layout.addWidget(self.names)
        layout.addWidget(self.splitter, 1)
        self.outside = BrowserOutside(self)
        layout.addWidget(self.outside.shelf)
        self.actions_ = BrowserActions(self)
        self._connect()
        self._remember_look()
        self._selected()

    # --- registry.Page

    def entered(self) -> None:
        """The first time it shows the folder that was open last; later, what was shown, read again."""
        if self.presenter.listing is None:
            state = self.context.memory.state
            self.presenter.start(NodeId(state.folder), state.sorting())
        else:
            self.presenter.refresh_quietly()
        self.front.setFocus()

    def looked_at(self) -> None:
        self.presenter.refresh_quietly()

    def stop(self) -> None:
        """Show nothing any more."""
        self.presenter.forget()
        self.actions_.stop()
        self.outside.stop()
        self.thumbnails.forget()
        self.details.forget()
        self.search.empty()
        self.find_bar.hide()
        self._many.drop()
        self.model.show(None)
        self._rows = self._later = None
        self.path.show_path([self._locker.record.name])

    def core_event(self, event: object) -> None:
        if isinstance(event, FoldersChanged):
            self.presenter.folders_changed(event.folders)
        elif isinstance(event, LockerStateChanged):
            self.show_read_only(event.read_only_reason)
        elif isinstance(event, StoreTrouble):
            self.show_trouble(
                Problem(self.tr("The storage cannot be used right now"), words(event.message), words(event.remedy))
            )

    def undo_changed(self) -> None:
        self.actions_.show_undo()

    # --- what it is made of

    def _make_top(self) -> QWidget:
        theme = self._theme
        top = QFrame()
        top.setProperty("kind", "bar")
        self._back = IconButton(theme, "arrow-left", self.tr("Back"), shortcut="Alt+Left")
        self._forward = IconButton(theme, "arrow-right", self.tr("Forward"), shortcut="Alt+Right")
        self._up = IconButton(theme, "arrow-up", self.tr("Up"), shortcut="Alt+Up")
        self._refresh = IconButton(theme, "refresh", self.tr("Refresh"), shortcut="F5")
        self.grid_button = IconButton(theme, "grid", self.tr("Show as pictures"), shortcut="Ctrl+2")
        self.details_button = IconButton(theme, "panel", self.tr("Details"), shortcut="Ctrl+I")
        self.details_button.setCheckable(True)
        self.search.setFixedWidth(196)
        row = line(top, spacing=look.XS)
        row.setContentsMargins(look.M, look.S, look.M, look.S)
        for button in (self._back, self._forward, self._up):
            row.addWidget(button)
        row.addSpacing(look.XS)
        row.addWidget(self.path, 1)
        row.addSpacing(look.XS)
        row.addWidget(self.search)
        row.addSpacing(look.XS)
        for button in (self._refresh, self.grid_button, self.details_button):
            row.addWidget(button)
        return top

    def _make_bar(self) -> QWidget:
        theme = self._theme
        bar = QFrame()
        bar.setProperty("kind", "bar")
        self.upload = Button(theme, self.tr("&Upload"), kind="primary", icon_name="upload")
        self.upload_menu = QMenu(self.upload)
        self.upload.setMenu(self.upload_menu)
        self.new_folder = Button(theme, self.tr("&New folder"), icon_name="new-folder")
        self.undo = IconButton(theme, "undo", self.tr("Undo"), shortcut="Ctrl+Z")
        self.redo = IconButton(theme, "redo", self.tr("Redo"), shortcut="Ctrl+Shift+Z")
        self._summary = ElidedLabel("muted", Qt.TextElideMode.ElideRight)
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.save = IconButton(theme, "download", self.tr("Save to a folder"), text=self.tr("&Save to…"))
        self.rename = IconButton(theme, "rename", self.tr("Rename"), shortcut="F2")
        self.delete = IconButton(theme, "trash", self.tr("Move to the trash"), shortcut="Del")
        row = line(bar, spacing=look.S)
        row.setContentsMargins(look.L, look.S, look.M, look.S)
        row.addWidget(self.upload)
        row.addWidget(self.new_folder)
        row.addSpacing(look.XS)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        row.addWidget(self._summary, 1)
        row.addSpacing(look.XS)
        for button in (self.save, self.rename, self.delete):
            row.addWidget(button)
        return bar

    def _connect(self) -> None:
        presenter = self.presenter
        self._back.clicked.connect(presenter.go_back)
        self._forward.clicked.connect(presenter.go_forward)
        self._up.clicked.connect(presenter.go_up)
        self.crumbs.picked.connect(presenter.go_to_crumb)
        self.path.typed.connect(presenter.go_to_path)
        self.path.left.connect(self.focus_files)
        self._refresh.clicked.connect(presenter.refresh)
        self.grid_button.clicked.connect(lambda: self.show_grid(self.front is self.view))
        self.details_button.clicked.connect(self.show_details)
        self.details.close_wanted.connect(lambda: self.show_details(False))
        self.search.filtered.connect(self._typed)
        self.search.searched.connect(presenter.search)
        self.search.left.connect(self.focus_files)
        self.find_bar.everywhere.connect(lambda: presenter.search(self.search.text()))
        self.find_bar.closed.connect(self.leave_search)
        self.view.sort_wanted.connect(self._sort)
        self.view.columns_changed.connect(self._keep_columns)
        self.splitter.splitterMoved.connect(self._keep_details_width)
        self.details.restore_wanted.connect(self._restore_version)
        self.details.save_version_wanted.connect(self.actions_.save_version)
        self.names.closed.connect(self.focus_files)
        for files in (self.view, self.grid):
            files.opened.connect(self.actions_.open_row)
            files.up_wanted.connect(presenter.go_up)
            files.selection_changed.connect(self._selected)
            files.sprung.connect(presenter.open_row)
            files.dropped.connect(self.actions_.upload_paths)
            files.nodes_dropped.connect(self.actions_.take_nodes)
            files.link_dropped.connect(self.context.desk.open_link)
            files.drag_wanted.connect(self.actions_.drag)
            files.menu_wanted.connect(self.actions_.menu)
            files.renaming_ended.connect(self._show_later)
        self.model.renamed.connect(self.actions_.rename_to)

    def _remember_look(self) -> None:
        """As it was looked at last."""
        state = self.context.memory.state
        self.view.show_columns(state.shown_columns())
        self.view.set_widths(state.widths)
        self.show_grid(state.grid, keep=False)
        self.splitter.setSizes([1000, max(236, min(600, state.details_width))])
        self._fit_details()

    # --- list or grid, details

    @property
    def front(self) -> FilesView:
        """The list or the grid."""
        return self.grid if self._stack.currentWidget() is self.grid else self.view

    def focus_files(self) -> None:
        self.front.setFocus()

    def show_grid(self, grid: bool, *, keep: bool = True) -> None:
        old = self.front
        new: FilesView = self.grid if grid else self.view
        if new is not old:
            chosen, current = old.chosen(), old.current_row()
            self._stack.setCurrentWidget(new)
            self.empty.lie_over(new.viewport())
            new.keep(chosen, row_key(current) if current is not None else None, 0)
            if current is not None and self._rows is not None:
                at = self._rows.position(row_key(current))
                if at is not None:
                    new.scrollTo(new.cell(at))
            new.setFocus()
        self.grid_button.set_icon_name("list" if grid else "grid")
        self.grid_button.rename(
            self.tr("Show as a list") if grid else self.tr("Show as pictures"), "Ctrl+1" if grid else "Ctrl+2"
        )
        if keep:
            self.context.memory.change(grid=grid)

    def show_details(self, shown: bool) -> None:
        self._details_wanted = shown
        self.context.memory.change(details=shown)
        self._fit_details(asked=shown)

    def _fit_details(self, *, asked: bool = False) -> None:
        shown = self._details_wanted and (asked or self.width() >= DETAILS_FROM)
        was = not self.details.isHidden()
        self.details.setVisible(shown)
        self.details_button.setChecked(shown)
        if shown and not was:
            self.details.load_now()

    def resizeEvent(self, event: object) -> None:  # noqa: N802
        super().resizeEvent(event)  # type: ignore[arg-type]
        if self.width() < DETAILS_FROM or self.details.isHidden():
            self._fit_details()

    def _pictures_came(self) -> None:
        if self.front is self.grid:
            self.grid.viewport().update()

    def _keep_columns(self) -> None:
        columns = tuple(int(each) for each in self.view.columns() if each is not Column.PLACE)
        self.context.memory.change(columns=columns, widths=self.view.widths())

    def _keep_details_width(self, *_: object) -> None:
        if not self.details.isHidden():
            self.context.memory.change(details_width=self.details.width())

    # --- presenters.BrowserView

    def show_location(self, crumbs: Sequence[Crumb], *, back: bool, forward: bool) -> None:
        self.path.show_path([self._locker.record.name, *[crumb.name for crumb in crumbs[1:]]])
        for files in (self.view, self.grid):
            files.place = self.crumbs.names()[-1]
        self._back.setEnabled(back)
        self._forward.setEnabled(forward)
        self._up.setEnabled(len(crumbs) > 1)
        self.names.close_bar()
        self.context.memory.change(folder=crumbs[-1].id)
        if self._rows is None or self._rows.folder != crumbs[-1].id:
            self._rows = None
            self.empty.hide()
            self._many.drop()
            self.model.show(None)
            self._selected()

    def show_listing(self, listing: Listing, *, same_folder: bool) -> None:
        files = self.front
        if same_folder and files.renaming:
            self._later = listing
            return
        self._later = None
        scroll = files.verticalScrollBar().value()
        current = files.current_row()
        held = same_folder and self._many.hold()
        chosen = files.chosen() if same_folder and not held else Chosen()
        current_key = row_key(current) if same_folder and current is not None else None
        self._rows = listing
        self.model.show(listing)
        self.view.show_sort(listing.sort)
        if same_folder:
            files.keep(chosen, current_key, scroll)
            self._many.find()
        if self._wanted is not None:
            self._select_wanted()
        elif not same_folder:
            self._awaited = None
            if listing.rows:
                files.scrollToTop()
        elif self._awaited is not None:
            self._select_awaited(listing)
        self._show_found(listing)
        if listing.rows:
            self.empty.hide()
        else:
            self._say_empty(listing)
        self._selected()

    def _show_later(self) -> None:
        listing = self._later
        if listing is not None and listing is self.presenter.listing:
            self.show_listing(listing, same_folder=True)

    def _show_found(self, listing: Listing) -> None:
        if self.presenter.searching:
            count = len(listing.rows)
            self.find_bar.show_found(self.search.text(), count, limited=count >= MAX_FOUND)
        elif listing.needle:
            self.find_bar.show_filter(len(listing.rows), len(listing.by_name))
        else:
            self.find_bar.hide()

    def _say_empty(self, listing: Listing) -> None:
        if self.presenter.searching:
            text = self.tr("Names are searched, not contents. Case and accents do not count.")
            self.empty.say(self.tr("Nothing has this in its name"), text, drawing="empty-search")
        elif listing.needle:
            text = self.tr("Press Enter to search the whole locker.")
            self.empty.say(self.tr("Nothing in this folder has this in its name"), text, drawing="empty-search")
        else:
            top = len(self.presenter.crumbs) == 1
            title = self.tr("Your locker is ready") if top else self.tr("This folder is empty")
            self.empty.say(title, self._empty_text(), self._empty_button())

    def _empty_text(self) -> str:
        if self._locker.read_only_reason is not None:
            return self.tr("Nothing can be added while the locker is read-only.")
        return self.tr(
            "Drop files and folders here, paste them, or choose them. They are encrypted before they are stored."
        )

    def _empty_button(self) -> str:
        return "" if self._locker.read_only_reason is not None else self.tr("Choose files…")

    def show_loading(self, loading: bool) -> None:
        self._loading = loading
        self._selected()

    def show_problem(self, problem: Problem) -> None:
        self.context.desk.problem(problem)

    def show_notice(self, notice: Notice) -> None:
        self.context.desk.notify(notice)

    def show_read_only(self, reason: str | None) -> None:
        writable = reason is None
        for files in (self.view, self.grid):
            files.drops_allowed = writable
        self.model.set_editable(writable)
        for button in (self.upload, self.new_folder, self.rename, self.delete):
            button.setEnabled(writable)
        if reason is None:
            self.state_banner.dismiss()
        else:
            self.state_banner.say(
                "danger",
                words(reason),
                title=self.tr("Read-only"),
                action=self.tr("&Check again"),
                act=self.presenter.refresh,
                closable=False,
            )
        self._selected()

    def show_trouble(self, problem: Problem | None) -> None:
        if self._locker.read_only_reason is not None:
            return  # the banner has something graver to say
        if problem is None:
            self.state_banner.dismiss()
        else:
            self.state_banner.say(
                "warn", problem.text, title=problem.title, action=self.tr("Try &again"), act=self.presenter.refresh
            )

    def show_search(self, text: str) -> None:
        shown = bool(text)
        self.view.setColumnHidden(Column.PLACE, not shown)
        self._rows = None
        self._many.drop()
        if shown:
            self.model.show(None)
            self.empty.hide()
            self.find_bar.show_searching(text)
        else:
            self.search.empty()
            self.find_bar.hide()

    def show_path_problem(self, text: str) -> None:
        self.path.answer(text)

    def select(self, key: RowKey) -> None:
        self._wanted = key
        self._select_wanted()

    # --- inside

    def _select_wanted(self) -> None:
        if self._wanted is None or self._rows is None:
            return
        at = self._rows.position(self._wanted)
        if at is not None:
            self.front.select_row(at)
            if not self._rows.partial:
                self._wanted = None

    def await_name(self, name: str) -> None:
        """A file is being put into this folder: it is chosen when it is there, unless something else is by then."""
        self._awaited = name, self.front.chosen()

    def _select_awaited(self, listing: Listing) -> None:
        assert self._awaited is not None
        name, before = self._awaited
        row = next((row for row in listing.rows if row.name == name), None)
        if row is not None:
            self._awaited = None
            if self.front.chosen() == before:
                self.select(row_key(row))

    def select_keys(self, keys: Sequence[RowKey]) -> None:
        """After a change: what it touched, when it is in this folder."""
        if len(keys) == 1:
            self.select(keys[0])
        elif keys:
            self.front.keep(Chosen.of_keys(keys), keys[0], self.front.verticalScrollBar().value())

    def selected_rows(self) -> list[NodeRow]:
        return self.front.selected_rows()

    def _selected(self) -> None:
        files = self.front
        count = files.selected_count()
        writable = self._locker.read_only_reason is None
        self.save.setEnabled(bool(count))
        self.rename.setEnabled(count == 1 and writable)
        self.delete.setEnabled(bool(count) and writable)
        if count:
            self._many.drop()
        if count > MANY:
            self._summary.show_text(fmt.selected(count))
            self._many.add_up(self._show_several)
            return
        if count:
            rows = files.selected_rows()
            self._sum_up(Several.of(rows))
            self.details.show_rows(rows)
            return
        self.details.show_rows(())
        if self._rows is None or self._rows.partial or self._loading:
            self._summary.show_text(self.tr("Reading…"))
        elif self._rows.rows:
            text = fmt.items(len(self._rows.rows))
            size = self._rows.size_bytes if not self._rows.needle else 0
            self._say_sum(text, size)
        else:
            self._summary.show_text("")

    def _show_several(self, several: Several) -> None:
        self._sum_up(several)
        self.details.show_several(several)

    def _sum_up(self, several: Several) -> None:
        self._say_sum(fmt.selected(several.count), several.size_bytes)

    def _say_sum(self, count: str, size_bytes: int) -> None:
        if size_bytes:
            self._summary.show_text(f"{count} · {fmt.size(size_bytes)}", count)
        else:
            self._summary.show_text(count)

    def _sort(self, sort: Sort) -> None:
        self.view.show_sort(sort)
        self.context.memory.change(sort=int(sort.column), descending=sort.descending)
        self.presenter.sort_by(sort.column, sort.descending)

    def _typed(self, text: str) -> None:
        """In the search box: the folder is filtered while typing; an empty box ends a search."""
        if self.presenter.searching and text:
            return
        if text:
            self.presenter.filter(text)
        else:
            self.leave_search()

    def leave_search(self) -> None:
        self.presenter.leave_search()
        self.focus_files()

    def start_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _restore_version(self, row: NodeRow, version: VersionId) -> None:
        def restored() -> None:
            self.details.show_rows(self.selected_rows(), again=True)

        self.context.operations.restore_version(row, version, restored)

    def current_folder(self) -> NodeId:
        return self.presenter.folder

    def on_rows(self, act: Callable[[Sequence[NodeRow]], None]) -> None:
        """Do something with the selected rows, if there are any."""
        rows = self.selected_rows()
        if rows:
            act(rows)
