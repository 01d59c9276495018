"""Beside the list: what the chosen file looks like, what is known of it, its versions, where it is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from megadesk.pictures.pdf import PdfPages
from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind, VersionId
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.pages.registry import DetailSection, LockerContext
from megadesk.ui.presenters.details import Details, Several, VersionLine, look_up, summary
from megadesk.ui.presenters.listing import row_key
from megadesk.ui.preview import Preview, pdf_page, preview
from megadesk.ui.signals import signal
from megadesk.ui.widgets.basics import Button, ElidedLabel, IconButton, breakable, column, frame, label, line
from megadesk.ui.widgets.preview_box import PreviewBox

_PAUSE_MS = 120
"""The arrow key held down must not read every file it passes."""


class VersionList(QListWidget):
    """As tall as its lines, up to a limit."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Versions"))
        self.setProperty("kind", "versions")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._lines: Sequence[VersionLine] = ()

    def show_versions(self, lines: Sequence[VersionLine]) -> None:
        chosen = self.chosen()
        self._lines = lines
        self.clear()
        for each in lines:
            mark = self.tr("current") if each.current else ""
            item = QListWidgetItem(" · ".join(filter(None, (each.headline, mark))) + f"\n{each.detail}")
            spoken = ", ".join(filter(None, (each.headline, each.detail, mark)))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            item.setToolTip(self.tr("The content shown now") if each.current else "")
            self.addItem(item)
        high = 2 * QFontMetrics(self.font()).height() + look.M
        self.setFixedHeight(min(max(1, len(lines)), 5) * high + 2)
        for at, each in enumerate(lines):
            if chosen is not None and each.id == chosen.id:
                self.setCurrentRow(at)

    def chosen(self) -> VersionLine | None:
        at = self.currentRow()
        return self._lines[at] if 0 <= at < len(self._lines) else None


class DetailsPane(QFrame):
    """Of the rows chosen in the list."""

    restore_wanted = signal[NodeRow, VersionId]()
    save_version_wanted = signal[NodeRow, VersionId]()
    close_wanted = signal[()]()

    def __init__(self, context: LockerContext, sections: Sequence[DetailSection]) -> None:
        super().__init__()
        self.setProperty("kind", "details")
        self._context = context
        self._rows: Sequence[NodeRow] = ()
        self._shown: tuple[object, ...] = ()
        self._details: Details | None = None
        theme = context.theme
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._load)
        self.preview = PreviewBox(theme)
        self.preview.page_wanted.connect(self._turn_page)
        self._name = label("", "subtitle", wrap=True)
        self._name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._kind = label("", "muted", wrap=True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(look.M)
        self._facts.setVerticalSpacing(look.XS)
        self._facts.setColumnStretch(1, 1)
        self.versions = VersionList()
        self._versions_title = label(self.tr("Versions"), "field")
        self._restore = Button(theme, self.tr("Restore"), kind="quiet")
        self._restore.setToolTip(self.tr("Make this version the current one; the others stay"))
        self._save = Button(theme, self.tr("Save as…"), kind="quiet")
        self._save.setToolTip(self.tr("Save this version to a folder of this computer"))
        self._stored_title = label(self.tr("Where it is stored"), "field")
        self._stored = label("", "caption", wrap=True)
        self._close = IconButton(theme, "close", self.tr("Hide the details"), shortcut="Ctrl+I")
        self._close.clicked.connect(self.close_wanted.emit)
        self._sections = [(section, section.make(context)) for section in sections]
        self.versions.currentRowChanged.connect(self._version_chosen)
        self._restore.clicked.connect(lambda: self._on_version(self.restore_wanted.emit))
        self._save.clicked.connect(lambda: self._on_version(self.save_version_wanted.emit))

        head = line()
        head.setContentsMargins(look.L, look.S, look.S, 0)
        head.addWidget(ElidedLabel("field"), 1)
        title = head.itemAt(0)
        caption = title.widget() if title is not None else None
        if isinstance(caption, ElidedLabel):
            caption.show_text(self.tr("Details"))
        head.addWidget(self._close)
        body = QWidget()
        inner = column(body, spacing=look.S)
        inner.setContentsMargins(look.L, look.XS, look.L, look.L)
        inner.addWidget(self.preview)
        inner.addWidget(self._name)
        inner.addWidget(self._kind)
        inner.addLayout(self._facts)
        self._versions_line = frame("line")
        inner.addSpacing(look.XS)
        inner.addWidget(self._versions_line)
        inner.addWidget(self._versions_title)
        inner.addWidget(self.versions)
        buttons = line(spacing=look.XS)
        buttons.addWidget(self._restore)
        buttons.addWidget(self._save)
        buttons.addStretch(1)
        inner.addLayout(buttons)
        for _, widget in self._sections:
            inner.addWidget(widget)
        inner.addWidget(self._stored_title)
        inner.addWidget(self._stored)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName(self.tr("Details"))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        layout = column(self, spacing=0)
        layout.addLayout(head)
        layout.addWidget(scroll, 1)
        self.setMinimumWidth(236)
        self._show_nothing()

    # --- what is shown

    def show_rows(self, rows: Sequence[NodeRow], *, again: bool = False) -> None:
        """The selection; ``again``: something about it may have changed."""
        key = (len(rows), *((row.id, row.head, row.display_name, row.size_bytes) for row in rows[:2]))
        if key == self._shown and not again:
            return
        same = [row.id for row in self._rows[:1]] == [row.id for row in rows[:1]] and len(rows) == len(self._rows) == 1
        self._shown = key
        self._rows = rows
        if len(rows) != 1:
            self._timer.stop()
            if rows:
                self._say_several(Several.of(rows))
            else:
                self._show_nothing()
            return
        if same:
            self._say_name(rows[0])
        else:
            self._show_plain(rows[0])
        if self.isVisible():
            self._timer.start()

    def show_several(self, several: Several) -> None:
        """So many that a worker added them up."""
        self._timer.stop()
        self._rows, self._shown = (), (several,)
        self._say_several(several)

    def load_now(self) -> None:
        """The pane has been opened."""
        if len(self._rows) == 1:
            self._timer.start(0)

    def forget(self) -> None:
        """The locker is being locked."""
        self._timer.stop()
        self._rows, self._details, self._shown = (), None, ()
        self._show_nothing()

    def _show_nothing(self) -> None:
        self.preview.forget()
        self.preview.hide()
        self._name.hide()
        self._kind.setText(self.tr("Choose a file or folder to see its details."))
        self._clear_facts()
        self._show_versions(())
        self._show_stored("")

    def _say_several(self, several: Several) -> None:
        headline, detail = summary(several)
        self._show_nothing()
        self._name.setText(headline)
        self._name.show()
        self._kind.setText(detail)

    def _show_plain(self, row: NodeRow) -> None:
        """At once, what the list knows."""
        self._details = None
        self.preview.show()
        self.preview.show_drawing(row)
        self._say_name(row)
        self._clear_facts()
        self._show_versions(())
        self._show_stored("")

    def _say_name(self, row: NodeRow) -> None:
        self._name.setText(breakable(fmt.shown_name(row.display_name)))
        self._name.show()
        kinds = {NodeKind.FOLDER: self.tr("Folder"), NodeKind.LINK: self.tr("Symbolic link")}
        extension = row.display_name.rpartition(".")[2].upper() if "." in row.display_name else ""
        plain = self.tr("{0} file").format(extension) if extension else self.tr("File")
        text = kinds.get(row.kind, plain)
        self._kind.setText(self.tr("{0}, a conflict copy").format(text) if row.conflict else text)

    def _load(self) -> None:
        if len(self._rows) != 1:
            return
        row, locker, scope = self._rows[0], self._context.locker, self._context.scope
        for section, widget in self._sections:
            section.show(widget, row)
        scope.run(lambda: look_up(locker, row), self._have, lambda _: None, lane="details")
        self._load_preview(row, None, None)

    def _load_preview(self, row: NodeRow, version: VersionId | None, size_bytes: int | None) -> None:
        locker = self._context.locker

        def have(found: Preview) -> None:
            if self._rows and self._rows[0].id == row.id and len(self._rows) == 1:
                self.preview.show_preview(row, found)

        self._context.scope.run(lambda: preview(locker, row, version, size_bytes), have, lambda _: None, lane="preview")

    def _turn_page(self, document: PdfPages, page: int) -> None:
        if len(self._rows) != 1:
            return
        row = self._rows[0]

        def have(found: Preview) -> None:
            if self._rows and self._rows[0].id == row.id and self.preview.shows(document):
                self.preview.show_preview(row, found)

        self._context.scope.run(lambda: pdf_page(document, page), have, lambda _: None, lane="preview")

    def _have(self, details: Details) -> None:
        if not self._rows or row_key(details.row) != row_key(self._rows[0]):
            return
        self._details = details
        self._clear_facts()
        for at, (name, value) in enumerate(details.facts):
            title = label(name, "caption")
            title.setAlignment(Qt.AlignmentFlag.AlignTop)
            text = label(breakable(value), "small", wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addWidget(title, at, 0)
            self._facts.addWidget(text, at, 1)
        self._show_versions(details.versions)
        self._show_stored(details.stored)

    def _clear_facts(self) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _show_versions(self, lines: Sequence[VersionLine]) -> None:
        self.versions.blockSignals(True)
        self.versions.show_versions(lines)
        self.versions.blockSignals(False)
        for widget in (self._versions_line, self._versions_title, self.versions, self._restore, self._save):
            widget.setVisible(bool(lines))
        self._enable()

    def _show_stored(self, text: str) -> None:
        self._stored.setText(breakable(text))
        self._stored.setVisible(bool(text))
        self._stored_title.setVisible(bool(text))

    # --- versions

    def _version_chosen(self, _: int) -> None:
        self._enable()
        chosen = self.versions.chosen()
        if chosen is not None and len(self._rows) == 1:
            self._load_preview(self._rows[0], chosen.id, chosen.size_bytes)

    def _enable(self) -> None:
        chosen = self.versions.chosen()
        writable = self._context.locker.read_only_reason is None
        self._restore.setEnabled(chosen is not None and not chosen.current and writable)
        self._save.setEnabled(chosen is not None)

    def _on_version(self, act: Callable[[NodeRow, VersionId], None]) -> None:
        chosen = self.versions.chosen()
        if chosen is not None and len(self._rows) == 1:
            act(self._rows[0], chosen.id)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(280, 400)
