"""Between the browser and other programs: dragging out, copying for the desktop, opening with the default program."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QMimeData, QObject, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QCursor, QDesktopServices, QDrag, QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from megadesk.errors import CancelledError
from megadesk.transfer.port import Conflict
from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.bridge import QtClock
from megadesk.ui.presenters.dragging import NODES_TYPE, dragged, encode_nodes
from megadesk.ui.presenters.listing import row_key
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.presenters.operations import named_for_drag
from megadesk.ui.presenters.outbox import (
    Copy,
    Making,
    Opened,
    OpenFiles,
    Outbox,
    state_of,
    surely_small,
)
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Bar, ElidedLabel, IconButton, Picture, column, line
from megadesk.ui.widgets.drag_picture import drag_picture

if TYPE_CHECKING:
    from megadesk.ui.pages.browser_page import BrowserPage

_GNOME_FILES = "x-special/gnome-copied-files"
_COPY = Qt.DropAction.CopyAction
_MOVE = Qt.DropAction.MoveAction


class Shelf(QFrame):
    """What is made ready to be dragged out: progress, then a handle to drag it by."""

    drag_wanted = signal[()]()
    closed = signal[()]()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "strip")
        self._ready = False
        self._bar = Bar(theme, 4)
        self._picture = Picture(theme, "drag", "accent", 24)
        self._title = ElidedLabel("field")
        self._text = ElidedLabel("caption", Qt.TextElideMode.ElideRight)
        self._close = IconButton(theme, "close", self.tr("Cancel"))
        self._close.clicked.connect(self.closed.emit)
        words = column(spacing=0)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = line(spacing=look.M)
        row.setContentsMargins(look.L, look.S, look.S, look.S)
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        row.addWidget(self._close)
        layout = column(self, spacing=0)
        layout.addWidget(self._bar)
        layout.addLayout(row)
        self.hide()

    def show_progress(self, name: str, done: int, total: int) -> None:
        self._ready = False
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._bar.show()
        self._bar.show_part(done * 1000 // total if total else None)
        self._title.show_text(self.tr("Making {0} ready to be dragged out").format(name))
        self._text.show_text(f"{fmt.size(done, exact=False)} / {fmt.size(total)}" if total else "")
        self._close.rename(self.tr("Cancel"))
        self.show()

    def show_ready(self, name: str) -> None:
        self._ready = True
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._bar.hide()
        self._title.show_text(self.tr("{0} is ready: drag it from here to a folder").format(name))
        self._text.show_text(
            self.tr("A decrypted copy that is deleted after the drop, after 15 minutes, or at the lock")
        )
        self._close.rename(self.tr("Delete the copy"))
        self.show()

    def mouseMoveEvent(self, event: object) -> None:  # noqa: N802
        if self._ready and QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self.drag_wanted.emit()


class BrowserOutside(QObject):
    """Of one browser page."""

    def __init__(self, page: BrowserPage) -> None:
        super().__init__(page)
        context = page.context
        self._page = page
        self._context = context
        self.outbox = Outbox(context.locker, context.scope, context.services.private_files, QtClock(self))
        self.open_files = OpenFiles(context.scope, QtClock(self), self._offer)
        self.shelf = Shelf(context.theme)
        self.shelf.drag_wanted.connect(self._drag_shelf)
        self.shelf.closed.connect(self._close_shelf)
        self._making: Making | None = None
        self._on_shelf: tuple[Sequence[NodeRow], Copy] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self._show_progress)

    def stop(self) -> None:
        """The locker is being locked."""
        self._timer.stop()
        self.outbox.stop()
        self.open_files.stop()
        self._on_shelf = None
        self.shelf.hide()
        self.shelf.show_ready("")
        self.shelf.hide()

    # --- what is dragged or copied

    def mime(self, rows: Sequence[NodeRow], *, cut: bool, copy: Copy | None = None) -> QMimeData:
        """Rows for this window; with ``copy``, files for other programs."""
        nodes = dragged(
            self._context.locker.record.locker_id, self._page.current_folder(), list(map(row_key, rows)), cut=cut
        )
        data = QMimeData()
        data.setData(NODES_TYPE, QByteArray(encode_nodes(nodes)))
        if copy is not None:
            urls = [QUrl.fromLocalFile(path) for path in copy.paths]
            data.setUrls(urls)
            text = "\n".join(["copy", *(bytes(url.toEncoded().data()).decode() for url in urls)])
            data.setData(_GNOME_FILES, QByteArray(text.encode()))
        return data

    def drag(self, rows: Sequence[NodeRow]) -> None:
        """Small ones are decrypted before the drag begins; large ones when they are dropped outside."""
        ready = self.outbox.ready(rows)
        if ready is not None or not surely_small(rows):
            self._exec(self._page.front, rows, ready)
            return
        front = self._page.front
        front.holding = True

        def made(copy: Copy) -> None:
            front.holding = False
            if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
                self._exec(front, rows, copy)
            else:
                self.outbox.drop(copy)

        def failed(error: Exception) -> None:
            front.holding = False
            if not isinstance(error, CancelledError):
                self._context.operations.failed(error)

        self.outbox.make(rows, made, failed)

    def _exec(self, source: QWidget, rows: Sequence[NodeRow], copy: Copy | None) -> None:
        drag = QDrag(source)
        drag.setMimeData(self.mime(rows, cut=False, copy=copy))
        drag.setPixmap(drag_picture(self._context.theme, rows, source.font(), source.devicePixelRatioF()))
        drag.setHotSpot(QPoint(12, 12))
        # To other programs a move is best: on the same disk it takes no time, and nothing stays behind.
        result = drag.exec(_COPY | _MOVE, _MOVE)
        outside = QApplication.widgetAt(QCursor.pos()) is None and drag.target() is None
        if copy is not None:
            if result != Qt.DropAction.IgnoreAction and drag.target() is None:
                self.outbox.fetched(copy)
                if self._on_shelf is not None and self._on_shelf[1] is copy:
                    self._on_shelf = None
                    self.shelf.hide()
            elif self._on_shelf is None or self._on_shelf[1] is not copy:
                self.outbox.drop(copy)
        elif outside:
            self.make_ready(rows)

    # --- large ones

    def make_ready(self, rows: Sequence[NodeRow]) -> None:
        """Decrypt into a private folder, with progress and a way to cancel, then offer it for dragging."""
        if self._making is not None:
            self.outbox.cancel(self._making)
        name = named_for_drag(rows)

        def made(copy: Copy) -> None:
            self._timer.stop()
            self._making = None
            self._on_shelf = (rows, copy)
            self.shelf.show_ready(name)

        def failed(error: Exception) -> None:
            self._timer.stop()
            self._making = None
            self.shelf.hide()
            if not isinstance(error, CancelledError):
                self._context.operations.failed(error)

        self._close_shelf()
        self._making = self.outbox.make(rows, made, failed)
        self._timer.start()
        self._show_progress()

    def _show_progress(self) -> None:
        if self._making is not None:
            now = self._making.snapshot()
            self.shelf.show_progress(named_for_drag(self._making.rows), now.done_bytes, now.total_bytes)

    def _close_shelf(self) -> None:
        if self._making is not None:
            self.outbox.cancel(self._making)
        if self._on_shelf is not None:
            self.outbox.drop(self._on_shelf[1])
            self._on_shelf = None
        self.shelf.hide()

    def _drag_shelf(self) -> None:
        if self._on_shelf is not None:
            self._exec(self.shelf, *self._on_shelf)

    # --- the clipboard of the desktop

    def offer_on_clipboard(self, rows: Sequence[NodeRow], still_ours: Callable[[], bool]) -> None:
        """After a copy: other programs can paste the files too, once they are decrypted. Large ones are not."""
        if not surely_small(rows):
            return

        def made(copy: Copy) -> None:
            if still_ours():
                QGuiApplication.clipboard().setMimeData(self.mime(rows, cut=False, copy=copy))
            else:
                self.outbox.drop(copy)

        self.outbox.make(rows, made, lambda _: None)

    # --- opening

    def open(self, row: NodeRow) -> None:
        """With the desktop's program for it: a private copy, watched, and wiped at the lock."""
        if row.kind is not NodeKind.FILE:
            return
        self._context.desk.notify(Notice(self.tr("Opening “{0}”…").format(fmt.shown_name(row.display_name))))

        def made(copy: Copy) -> None:
            self.outbox.keep(copy)
            path = copy.paths[0]
            state = state_of(path)
            if state is not None:
                self.open_files.add(Opened(row, row.parent, copy, path, state))
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
                text = self.tr("No program is set for “{0}”.").format(fmt.shown_name(row.display_name))
                save = self._page.actions_.choose_target
                self._context.desk.notify(Notice(text, self.tr("&Save to…"), save), "warn")

        self.outbox.make([row], made, self._context.operations.failed)

    def _offer(self, opened: Opened) -> None:
        """It was changed by the other program."""
        name = fmt.shown_name(opened.row.display_name)
        text = self.tr("“{0}” was changed. Save it back before you lock: the copy is deleted then.").format(name)
        self._context.desk.notify(Notice(text, self.tr("Save &back"), lambda: self._save_back(opened)), "warn")

    def _save_back(self, opened: Opened) -> None:
        state = state_of(opened.path)
        if state is None:
            return
        locker, desk = self._context.locker, self._context.desk
        name = os.path.basename(opened.path)

        def saved(_: int) -> None:
            self.open_files.saved(opened, state)
            desk.wake_transfers()
            desk.notify(Notice(self.tr("“{0}” is being saved as a new version.").format(fmt.shown_name(name))), "good")

        self._context.scope.run(
            lambda: locker.upload([opened.path], opened.parent, conflict=Conflict.REPLACE),
            saved,
            self._context.operations.failed,
        )
