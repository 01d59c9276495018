"""What can be done in the browser: keys, menus, clipboard, dragging. The page shows; this acts."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu

from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind, VersionId
from megadesk.ui import clipboard
from megadesk.ui.icons import icon
from megadesk.ui.pages.catalog import ROW_ACTIONS
from megadesk.ui.presenters.dragging import NODES_TYPE, DraggedNodes, nodes_of
from megadesk.ui.presenters.listing import row_key
from megadesk.ui.widgets.dropping import link_of, local_paths

if TYPE_CHECKING:
    from megadesk.ui.pages.browser_page import BrowserPage


class BrowserActions(QObject):
    """Of one browser page."""

    def __init__(self, page: BrowserPage) -> None:
        super().__init__(page)
        self._page = page
        self._context = page.context
        self._operations = page.context.operations
        self._ours = b""
        """The rows we put on the clipboard last, as they travel."""
        page.upload_menu.addAction(self.tr("&Files…"), lambda: self.choose_uploads(folder=False))
        page.upload_menu.addAction(self.tr("F&older…"), lambda: self.choose_uploads(folder=True))
        page.empty.button.clicked.connect(lambda: self.choose_uploads(folder=False))
        page.new_folder.clicked.connect(self.ask_name)
        page.names.accepted.connect(self._make_folder)
        page.save.clicked.connect(self.choose_target)
        page.rename.clicked.connect(self.rename)
        page.delete.clicked.connect(self.delete)
        page.undo.clicked.connect(self.undo)
        page.redo.clicked.connect(self.redo)
        self._keys()
        self.show_undo()
        QGuiApplication.clipboard().dataChanged.connect(self._clipboard_changed)

    def _keys(self) -> None:
        page, presenter = self._page, self._page.presenter
        keys: list[tuple[str, Callable[[], object]]] = [
            ("Alt+Left", presenter.go_back),
            ("Alt+Right", presenter.go_forward),
            ("Alt+Up", presenter.go_up),
            ("F5", presenter.refresh),
            ("F2", self.rename),
            ("Delete", self.delete),
            ("Ctrl+X", lambda: self.copy(cut=True)),
            ("Ctrl+C", lambda: self.copy(cut=False)),
            ("Ctrl+V", self.paste),
            ("Ctrl+Z", self.undo),
            ("Ctrl+Shift+Z", self.redo),
            ("Ctrl+Y", self.redo),
            ("Ctrl+D", self.toggle_favourite),
            ("Ctrl+F", page.start_search),
            ("Ctrl+Shift+G", lambda: page.path.edit("")),
            ("F6", lambda: page.path.edit("")),
            ("/", lambda: page.path.edit("/")),
            ("Ctrl+1", lambda: page.show_grid(False)),
            ("Ctrl+2", lambda: page.show_grid(True)),
            ("Ctrl+I", lambda: page.show_details(page.details.isHidden())),
            ("Ctrl+Shift+N", self.ask_name),
            ("Ctrl+U", lambda: self.choose_uploads(folder=False)),
            ("Ctrl+Shift+U", lambda: self.choose_uploads(folder=True)),
            ("Ctrl+S", self.choose_target),
        ]
        for each in ROW_ACTIONS:
            if each.shortcut:
                keys.append((each.shortcut, self._row_action(each.key)))
        for text, slot in keys:
            action = QAction(page)
            action.setShortcut(QKeySequence(text))
            # "/" and keys of fields belong to fields while one types there.
            files_only = text in ("/", "Delete", "F2", "Ctrl+X", "Ctrl+C", "Ctrl+V", "Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z")
            action.setShortcutContext(
                Qt.ShortcutContext.WidgetShortcut if files_only else Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
            action.triggered.connect(slot)
            for owner in (page.view, page.grid) if files_only else (page,):
                owner.addAction(action)

    def _row_action(self, key: str) -> Callable[[], None]:
        def act() -> None:
            rows = self._page.selected_rows()
            for each in ROW_ACTIONS:
                if each.key == key and rows and each.fits(self._context, rows):
                    each.act(self._context, rows)

        return act

    def stop(self) -> None:
        """The locker is being locked: what we put on the clipboard goes with it."""
        QGuiApplication.clipboard().dataChanged.disconnect(self._clipboard_changed)
        clipboard.clear_ours()
        self._ours = b""

    # --- opening, saving, uploading

    def open_row(self, row: NodeRow) -> None:
        if not self._page.presenter.open_row(row):
            self._page.outside.open(row)

    def upload_paths(self, paths: Sequence[str], into: NodeRow | None = None) -> None:
        if into is None and len(paths) == 1 and not self._page.presenter.searching:
            self._page.await_name(os.path.basename(paths[0].rstrip("/")))
        self._operations.upload(paths, into.id if into is not None else self._page.current_folder())

    def choose_uploads(self, *, folder: bool) -> None:
        if not self._page.upload.isEnabled():
            return
        title = self.tr("Upload a folder") if folder else self.tr("Upload files")
        dialog = QFileDialog(self._page.window(), title)
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self.upload_paths)
        dialog.open()

    def choose_target(self) -> None:
        rows = self._page.selected_rows()
        if rows:
            self._ask_folder(lambda path: self._operations.save_to(rows, path))

    def save_version(self, row: NodeRow, version: VersionId) -> None:
        """One version of a file, under a name that is free."""
        locker = self._context.locker

        def save(folder: str) -> None:
            self._context.scope.run(
                lambda: locker.download_version(row.id, version, folder), self._saved, self._operations.failed
            )

        self._ask_folder(save)

    def _saved(self, path: str) -> None:
        from megadesk.ui.presenters.notices import Notice

        self._context.desk.notify(Notice(self.tr("Saved as {0}").format(path)), "good")

    def _ask_folder(self, chosen: Callable[[str], None]) -> None:
        dialog = QFileDialog(self._page.window(), self.tr("Save to a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Save here"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(chosen)
        dialog.open()

    # --- changes

    def ask_name(self) -> None:
        if self._page.new_folder.isEnabled():
            self._page.names.ask(self.tr("Name of the new folder"), self.tr("&Create"))

    def _make_folder(self, name: str) -> None:
        page = self._page

        def made(key: tuple[object, object]) -> None:
            page.names.answer("")
            page.select(key)  # type: ignore[arg-type]
            page.presenter.refresh_soon()

        self._operations.make_folder(page.current_folder(), name, made, page.names.answer)

    def rename(self) -> None:
        if self._page.rename.isEnabled():
            self._page.front.edit_current()

    def rename_to(self, row: NodeRow, name: str) -> None:
        page = self._page

        def renamed() -> None:
            page.select(row_key(row))
            page.presenter.refresh_soon()

        self._operations.rename(row, name, renamed)

    def delete(self) -> None:
        if self._page.delete.isEnabled():
            self._operations.delete(self._page.selected_rows(), self._page.presenter.refresh_soon)

    def undo(self) -> None:
        self._operations.undo(self._changed)

    def redo(self) -> None:
        self._operations.redo(self._changed)

    def _changed(self, keys: Sequence[tuple[object, object]]) -> None:
        if len(keys) == 1:
            self._page.select(keys[0])  # type: ignore[arg-type]
        self._page.presenter.refresh_soon()

    def show_undo(self) -> None:
        changes, page = self._operations.changes, self._page
        for button, text, plain, keys in (
            (page.undo, changes.undo_text, self.tr("Undo"), "Ctrl+Z"),
            (page.redo, changes.redo_text, self.tr("Redo"), "Ctrl+Shift+Z"),
        ):
            button.setEnabled(bool(text))
            button.rename(f"{plain}: {text}" if text else plain, keys)

    def toggle_favourite(self) -> None:
        """The selected folder, or the one that is shown."""
        rows = self._page.selected_rows()
        if len(rows) == 1 and rows[0].kind is NodeKind.FOLDER:
            self._context.memory.toggle_favourite(rows[0].id)
        elif not rows and len(self._page.presenter.crumbs) > 1:
            self._context.memory.toggle_favourite(self._page.current_folder())

    # --- clipboard

    def copy(self, *, cut: bool) -> None:
        page = self._page
        rows = page.selected_rows()
        if not rows or (cut and not page.delete.isEnabled()):
            return
        data = page.outside.mime(rows, cut=cut)
        ours = self._ours = bytes(data.data(NODES_TYPE).data())
        QGuiApplication.clipboard().setMimeData(data)
        if not cut:
            page.outside.offer_on_clipboard(rows, lambda: self._ours == ours and self._owns_clipboard())
        page.view.faint = page.grid.faint = frozenset(map(row_key, rows)) if cut else frozenset()
        page.front.viewport().update()

    def paste(self) -> None:
        """Rows of the locker, files of the desktop, or a link that somebody sent."""
        page = self._page
        data = QGuiApplication.clipboard().mimeData()
        link = link_of(data) if data is not None else ""
        if link:
            self._context.desk.open_link(link)
            return
        if not page.upload.isEnabled() or page.presenter.searching:
            return
        nodes = nodes_of(data) if data is not None else None
        if nodes is None:
            if data is not None and (paths := local_paths(data)):
                self.upload_paths(paths)
            return
        self._operations.transfer(nodes, page.current_folder(), copy=not nodes.cut, done=self._pasted)
        if nodes.cut:
            QGuiApplication.clipboard().clear()
            self._ours = b""

    def _pasted(self, keys: Sequence[tuple[object, object]]) -> None:
        self._changed(keys)
        self._page.select_keys(keys)  # type: ignore[arg-type]

    def _owns_clipboard(self) -> bool:
        data = QGuiApplication.clipboard().mimeData()
        return bool(self._ours) and data is not None and bytes(data.data(NODES_TYPE).data()) == self._ours

    def _clipboard_changed(self) -> None:
        page = self._page
        if page.view.faint and not self._owns_clipboard():
            page.view.faint = page.grid.faint = frozenset()
            page.front.viewport().update()

    # --- dragging

    def take_nodes(self, nodes: DraggedNodes, into: NodeRow | None, copies: bool) -> None:
        dest = into.id if into is not None else self._page.current_folder()
        if into is None and self._page.presenter.searching:
            return
        self._operations.transfer(nodes, dest, copy=copies, done=self._pasted)

    def drag(self) -> None:
        self._page.on_rows(self._page.outside.drag)

    # --- the menu

    def menu(self, at: QPoint) -> None:
        page = self._page
        rows = page.selected_rows()
        menu = QMenu(page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if rows:
            self._fill_rows(menu, rows)
        else:
            self._fill_folder(menu)
        menu.popup(page.front.viewport().mapToGlobal(at))

    def _add(
        self, menu: QMenu, drawing: str, text: str, slot: Callable[[], object], keys: str = "", *, enabled: bool = True
    ) -> None:
        colors = self._context.theme.colors
        action = menu.addAction(icon(drawing, colors.muted, colors.inactive_icon), text)
        action.triggered.connect(slot)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.setEnabled(enabled)

    def _fill_rows(self, menu: QMenu, rows: Sequence[NodeRow]) -> None:
        page = self._page
        one = rows[0] if len(rows) == 1 else None
        writable = page.delete.isEnabled()
        if one is not None and one.kind is NodeKind.FOLDER:
            self._add(menu, "open", self.tr("&Open"), lambda: self.open_row(one), "Return")
            favourite = self._context.memory.is_favourite(one.id)
            text = self.tr("Remove from f&avourites") if favourite else self.tr("Add to f&avourites")
            self._add(menu, "star", text, self.toggle_favourite, "Ctrl+D")
        if page.presenter.searching and one is not None:
            show = self._context.desk.open_folder
            self._add(menu, "files", self.tr("Show in its &folder"), lambda: show(one.parent, row_key(one)))
        if one is not None and one.kind is NodeKind.FILE:
            self._add(menu, "open", self.tr("&Open"), lambda: page.outside.open(one), "Return")
        self._add(menu, "download", self.tr("&Save to…"), self.choose_target, "Ctrl+S")
        extra = [each for each in ROW_ACTIONS if each.fits(self._context, rows)]
        if extra:
            menu.addSeparator()
        for each in extra:
            self._add(menu, each.icon, each.text(), self._row_action(each.key), each.shortcut)
        menu.addSeparator()
        self._add(menu, "cut", self.tr("Cu&t"), lambda: self.copy(cut=True), "Ctrl+X", enabled=writable)
        self._add(menu, "copy", self.tr("&Copy"), lambda: self.copy(cut=False), "Ctrl+C")
        self._add(menu, "rename", self.tr("&Rename"), self.rename, "F2", enabled=page.rename.isEnabled())
        self._add(menu, "trash", self.tr("Move to the &trash"), self.delete, "Delete", enabled=writable)
        if one is not None:
            menu.addSeparator()
            text = self.tr("&Versions and details") if one.kind is NodeKind.FILE else self.tr("&Details")
            self._add(menu, "panel", text, lambda: page.show_details(True), "Ctrl+I")

    def _fill_folder(self, menu: QMenu) -> None:
        page = self._page
        writable = page.new_folder.isEnabled()
        self._add(menu, "new-folder", self.tr("&New folder"), self.ask_name, "Ctrl+Shift+N", enabled=writable)
        self._add(
            menu,
            "upload",
            self.tr("&Upload files…"),
            lambda: self.choose_uploads(folder=False),
            "Ctrl+U",
            enabled=writable,
        )
        self._add(
            menu, "upload", self.tr("Upload a &folder…"), lambda: self.choose_uploads(folder=True), enabled=writable
        )
        data = QGuiApplication.clipboard().mimeData()
        able = data is not None and (
            (writable and (data.hasUrls() or data.hasFormat(NODES_TYPE))) or bool(link_of(data))
        )
        self._add(menu, "paste", self.tr("&Paste"), self.paste, "Ctrl+V", enabled=able)
        open_link = self._context.desk.open_link
        self._add(menu, "links", self.tr("Open a &link…"), lambda: open_link(""), "Ctrl+Shift+O")
        menu.addSeparator()
        changes = self._operations.changes
        undo = self.tr("U&ndo: {0}").format(changes.undo_text) if changes.undo_text else self.tr("U&ndo")
        self._add(menu, "undo", undo, self.undo, "Ctrl+Z", enabled=bool(changes.undo_text))
        menu.addSeparator()
        self._add(menu, "refresh", self.tr("&Refresh"), page.presenter.refresh, "F5")
