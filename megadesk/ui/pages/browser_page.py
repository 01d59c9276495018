"""The open locker: toolbar, path, list, transfers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QFrame, QMenu, QWidget

from megadesk.core.events import FoldersChanged, LockerStateChanged, StoreTrouble
from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.bridge import QtClock
from megadesk.ui.models.file_list import FileListModel
from megadesk.ui.pages.registry import LockerContext, Page
from megadesk.ui.presenters.browser import BrowserPresenter, Crumb
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.listing import Listing, RowKey, Sort
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.widgets.banner import Banner
from megadesk.ui.widgets.basics import Button, IconButton, column, label, line
from megadesk.ui.widgets.breadcrumbs import Breadcrumbs
from megadesk.ui.widgets.dropping import local_paths
from megadesk.ui.widgets.empty import EmptyState
from megadesk.ui.widgets.file_view import FileView
from megadesk.ui.widgets.name_bar import NameBar


class BrowserPage(Page):
    """Made anew for each session; nothing of it outlives the lock."""

    def __init__(self, context: LockerContext) -> None:
        super().__init__()
        theme, locker, scope = context.theme, context.locker, context.scope
        self._desk = context.desk
        self._theme = theme
        self._locker = locker
        self._rows: Listing | None = None
        self._loading = False
        self._wanted: RowKey | None = None

        self.model = FileListModel(self)
        self.view = FileView(theme, self.model)
        self.state_banner = Banner(theme)
        self._empty = EmptyState(theme, self.view.viewport())
        self._names = NameBar(theme)

        self.presenter = BrowserPresenter(self, locker, scope, QtClock(self), self._desk.wake_transfers)

        layout = column(self, spacing=0)
        layout.addWidget(self._make_top())
        layout.addWidget(self.state_banner)
        layout.addWidget(self._make_actions())
        layout.addWidget(self._names)
        layout.addWidget(self.view, 1)
        self._connect()
        self._selected()

    def entered(self) -> None:
        """The first time it shows the locker's top; later, what was shown, read again."""
        if self.presenter.listing is None:
            self.presenter.start()
        else:
            self.presenter.refresh_quietly()
        self.view.setFocus()

    def stop(self) -> None:
        """Show nothing any more."""
        self.presenter.forget()
        self.model.show(None)
        self._rows = None
        self.crumbs.show_path([self._locker.record.name])

    def core_event(self, event: object) -> None:
        if isinstance(event, FoldersChanged):
            self.presenter.folders_changed(event.folders)
        elif isinstance(event, LockerStateChanged):
            self.show_read_only(event.read_only_reason)
        elif isinstance(event, StoreTrouble):
            self.show_trouble(Problem(self.tr("The storage cannot be used right now"), event.message, event.remedy))

    # --- what it is made of

    def _make_top(self) -> QWidget:
        theme = self._theme
        top = QFrame()
        top.setProperty("kind", "bar")
        self._back = IconButton(theme, "arrow-left", self.tr("Back"), shortcut="Alt+Left")
        self._forward = IconButton(theme, "arrow-right", self.tr("Forward"), shortcut="Alt+Right")
        self._up = IconButton(theme, "arrow-up", self.tr("Up"), shortcut="Alt+Up")
        self.crumbs = Breadcrumbs(theme)
        self._refresh = IconButton(theme, "refresh", self.tr("Refresh"), shortcut="F5")
        row = line(top, spacing=look.XS)
        row.setContentsMargins(look.L, look.S, look.L, look.S)
        for button in (self._back, self._forward, self._up):
            row.addWidget(button)
        row.addSpacing(look.XS)
        row.addWidget(self.crumbs, 1)
        row.addWidget(self._refresh)
        return top

    def _make_actions(self) -> QWidget:
        theme = self._theme
        bar = QFrame()
        bar.setProperty("kind", "bar")
        self._upload = Button(theme, self.tr("&Upload"), kind="primary", icon_name="upload")
        menu = QMenu(self._upload)
        self._upload_files = menu.addAction(self.tr("&Files…"))
        self._upload_folder = menu.addAction(self.tr("F&older…"))
        self._upload.setMenu(menu)
        self._new_folder = Button(theme, self.tr("&New folder"), icon_name="new-folder")
        self._summary = label("", "muted")
        self._save = IconButton(theme, "download", self.tr("Save to a folder"), text=self.tr("&Save to…"))
        self._rename = IconButton(theme, "rename", self.tr("Rename"), text=self.tr("&Rename"), shortcut="F2")
        self._delete = IconButton(theme, "trash", self.tr("Move to the trash"), text=self.tr("&Delete"), shortcut="Del")
        row = line(bar, spacing=look.S)
        row.setContentsMargins(look.L, look.S, look.L, look.S)
        row.addWidget(self._upload)
        row.addWidget(self._new_folder)
        row.addStretch(1)
        row.addWidget(self._summary)
        row.addSpacing(look.XS)
        for button in (self._save, self._rename, self._delete):
            row.addWidget(button)
        return bar

    def _connect(self) -> None:
        presenter, view = self.presenter, self.view
        self._back.clicked.connect(presenter.go_back)
        self._forward.clicked.connect(presenter.go_forward)
        self._up.clicked.connect(presenter.go_up)
        self.crumbs.picked.connect(presenter.go_to_crumb)
        self._refresh.clicked.connect(presenter.refresh)
        self._upload_files.triggered.connect(lambda: self._choose_uploads(folder=False))
        self._upload_folder.triggered.connect(lambda: self._choose_uploads(folder=True))
        self._empty.button.clicked.connect(lambda: self._choose_uploads(folder=False))
        self._new_folder.clicked.connect(self._ask_name)
        self._names.accepted.connect(presenter.make_folder)
        self._names.closed.connect(view.setFocus)
        self._save.clicked.connect(self._choose_target)
        self._rename.clicked.connect(view.edit_current)
        self._delete.clicked.connect(self._delete_selected)
        view.opened.connect(self._open)
        view.up_wanted.connect(presenter.go_up)
        view.sort_wanted.connect(self._sort)
        view.selection_changed.connect(self._selected)
        view.dropped.connect(self._upload_paths)
        view.menu_wanted.connect(self._menu)
        self.model.renamed.connect(presenter.rename)
        for keys, slot in (
            ("Alt+Left", presenter.go_back),
            ("Alt+Right", presenter.go_forward),
            ("Alt+Up", presenter.go_up),
            ("F5", presenter.refresh),
            ("F2", view.edit_current),
            ("Delete", self._delete_selected),
            ("Ctrl+V", self._paste),
            ("Ctrl+Shift+N", self._ask_name),
            ("Ctrl+U", lambda: self._choose_uploads(folder=False)),
            ("Ctrl+Shift+U", lambda: self._choose_uploads(folder=True)),
            ("Ctrl+S", self._choose_target),
        ):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(slot)
            self.addAction(action)
        # The one button about deleting keeps its key out of fields: a QLineEdit takes Delete and F2 first.

    # --- presenters.BrowserView

    def show_location(self, crumbs: Sequence[Crumb], *, back: bool, forward: bool) -> None:
        self.crumbs.show_path([self._locker.record.name, *[crumb.name for crumb in crumbs[1:]]])
        self.view.place = self.crumbs.names()[-1]
        self._back.setEnabled(back)
        self._forward.setEnabled(forward)
        self._up.setEnabled(len(crumbs) > 1)
        self._names.close_bar()
        if self._rows is None or self._rows.folder != crumbs[-1].id:
            self._rows = None
            self._empty.hide()
            self.model.show(None)
            self._selected()

    def show_listing(self, listing: Listing, *, same_folder: bool) -> None:
        view = self.view
        scroll = view.verticalScrollBar().value()
        current = view.current_row()
        keys = view.selected_keys() if same_folder else []
        current_key = (current.id, current.head) if same_folder and current is not None else None
        self._rows = listing
        self.model.show(listing)
        view.show_sort(listing.sort)
        if same_folder:
            view.keep(keys, current_key, scroll)
        if self._wanted is not None:
            self._select_wanted()
        elif not same_folder and listing.rows:
            view.scrollToTop()
        if listing.rows:
            self._empty.hide()
        elif len(self.crumbs_shown()) > 1:
            self._empty.say(self.tr("This folder is empty"), self._empty_text(), self._empty_button())
        else:
            self._empty.say(self.tr("Your locker is ready"), self._empty_text(), self._empty_button())
        self._selected()

    def crumbs_shown(self) -> Sequence[str]:
        return self.crumbs.names()

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
        self._desk.problem(problem)

    def show_notice(self, notice: Notice) -> None:
        self._desk.notify(notice)

    def show_read_only(self, reason: str | None) -> None:
        writable = reason is None
        self.view.drops_allowed = writable
        self.model.set_editable(writable)
        for button in (self._upload, self._new_folder, self._rename, self._delete):
            button.setEnabled(writable)
        if reason is None:
            self.state_banner.dismiss()
        else:
            self.state_banner.say(
                "danger",
                reason,
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

    def select(self, key: RowKey) -> None:
        self._wanted = key
        self._select_wanted()

    def show_name_problem(self, text: str) -> None:
        self._names.answer(text)

    # --- inside

    def _select_wanted(self) -> None:
        if self._wanted is None or self._rows is None:
            return
        at = self._rows.position(self._wanted)
        if at is not None:
            self.view.select_row(at)
            if not self._rows.partial:
                self._wanted = None

    def _selected(self) -> None:
        rows = self.view.selected_rows()
        writable = self._locker.read_only_reason is None
        self._save.setEnabled(bool(rows))
        self._rename.setEnabled(len(rows) == 1 and writable)
        self._delete.setEnabled(bool(rows) and writable)
        if rows:
            size = sum(row.size_bytes for row in rows if row.kind is NodeKind.FILE)
            text = self.tr("{0} selected").format(fmt.number(len(rows)))
            self._summary.setText(f"{text} · {fmt.size(size)}" if size else text)
        elif self._rows is None or self._rows.partial or self._loading:
            self._summary.setText(self.tr("Reading…"))
        elif self._rows.rows:
            text = fmt.items(len(self._rows.rows))
            size = self._rows.size_bytes
            self._summary.setText(f"{text} · {fmt.size(size)}" if size else text)
        else:
            self._summary.setText("")

    def _open(self, row: NodeRow) -> None:
        if not self.presenter.open_row(row):
            self._choose_target()

    def _sort(self, sort: Sort) -> None:
        self.view.show_sort(sort)
        self.presenter.sort_by(sort.column, sort.descending)

    def _delete_selected(self) -> None:
        if self._delete.isEnabled():
            self.presenter.delete(self.view.selected_rows())

    def _ask_name(self) -> None:
        if self._new_folder.isEnabled():
            self._names.ask(self.tr("Name of the new folder"), self.tr("&Create"))

    def _paste(self) -> None:
        if self._upload.isEnabled():
            self._upload_paths(local_paths(QGuiApplication.clipboard().mimeData()))

    def _upload_paths(self, paths: Sequence[str], into: NodeRow | None = None) -> None:
        self.presenter.upload(paths, into)

    def _choose_uploads(self, *, folder: bool) -> None:
        if not self._upload.isEnabled():
            return
        title = self.tr("Upload a folder") if folder else self.tr("Upload files")
        dialog = QFileDialog(self.window(), title)
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._upload_paths)
        dialog.open()

    def _choose_target(self) -> None:
        rows = self.view.selected_rows()
        if not rows:
            return
        dialog = QFileDialog(self.window(), self.tr("Save to a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Save here"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.presenter.save_to(rows, path))
        dialog.open()

    def _menu(self, at: QPoint) -> None:
        rows = self.view.selected_rows()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if rows:
            if len(rows) == 1 and rows[0].kind is NodeKind.FOLDER:
                menu.addAction(self.tr("&Open"), lambda: self._open(rows[0]))
            menu.addAction(self.tr("&Save to…"), self._choose_target)
            rename = menu.addAction(self.tr("&Rename"), self.view.edit_current)
            rename.setEnabled(self._rename.isEnabled())
            menu.addSeparator()
            delete = menu.addAction(self.tr("Move to the &trash"), self._delete_selected)
            delete.setEnabled(self._delete.isEnabled())
        else:
            menu.addAction(self.tr("&New folder"), self._ask_name).setEnabled(self._new_folder.isEnabled())
            menu.addAction(self.tr("&Upload files…"), lambda: self._choose_uploads(folder=False))
            menu.addAction(self.tr("Upload a &folder…"), lambda: self._choose_uploads(folder=True))
            paste = menu.addAction(self.tr("&Paste"), self._paste)
            paste.setEnabled(QGuiApplication.clipboard().mimeData().hasUrls() and self._upload.isEnabled())
        menu.popup(self.view.viewport().mapToGlobal(at))
