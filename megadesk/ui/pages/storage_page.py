"""Where the open locker lies: how its storage does, what it asks for, and what it sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from megadesk.core.answers import LockerStatus
from megadesk.core.check import CheckReport
from megadesk.core.credentials import KeptCredentials
from megadesk.core.events import LockerStateChanged, StoreTrouble
from megadesk.core.redundancy import PartState
from megadesk.core.remote import RemoteListing
from megadesk.tree.table import Totals
from megadesk.types import ROOT
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.icons import icon, type_icon
from megadesk.ui.pages.registry import LockerContext, Page
from megadesk.ui.presenters.errors import problem_of, words
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.presenters.remote import Seen, seen_by_storage, seen_by_you, storage_summary
from megadesk.ui.presenters.storage import ICONS, kind_name, kind_of, shown_place
from megadesk.ui.theme import Colors
from megadesk.ui.widgets.basics import Button, ElidedLabel, Picture, column, frame, label, line
from megadesk.ui.widgets.credentials_form import CredentialsForm

_PATIENCE_MS = 4000


@dataclass(frozen=True)
class _Found:
    status: LockerStatus
    listing: RemoteListing | None
    trouble: str


class StoragePage(Page):
    """Asked anew each time it comes into sight."""

    def __init__(self, context: LockerContext) -> None:
        super().__init__()
        self._context = context
        self._locker = context.locker
        whole = column(self, spacing=0)
        whole.addWidget(self._make_top())
        layout = column(spacing=look.L)
        layout.setContentsMargins(look.L, look.L, look.L, look.L)
        whole.addLayout(layout, 1)
        layout.addWidget(self._make_head())
        self._parts = QWidget()
        self._parts_list = column(self._parts, spacing=look.S)
        self._parts.hide()
        layout.addWidget(self._parts)
        self._form = self._make_form()
        layout.addWidget(self._form)
        words_ = column(spacing=2)
        words_.addWidget(label(self.tr("What does my storage see?"), "subtitle"))
        note = self.tr("On the left, all that its owner can read. On the right, the same as you see it.")
        words_.addWidget(label(note, "muted", wrap=True))
        layout.addLayout(words_)
        layout.addWidget(self._make_lists(), 1)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._still_asking)

    # --- what it is made of

    def _make_top(self) -> QWidget:
        theme = self._context.theme
        top = frame("bar")
        row = line(top, spacing=look.S)
        row.setContentsMargins(look.L, look.S, look.M, look.S)
        row.addWidget(label(self.tr("Storage"), "subtitle"))
        row.addStretch(1)
        self.verify = Button(theme, self.tr("&Verify"), icon_name="shield")
        self.verify.setToolTip(self.tr("Compare history and storage: is everything there that should be?"))
        self.verify.clicked.connect(self._verify)
        self.credentials = Button(theme, self.tr("&Password…"), icon_name="key")
        self.credentials.setToolTip(self.tr("User, password or key by which the storage lets this computer in"))
        self.credentials.clicked.connect(lambda: self._form.setVisible(self._form.isHidden()))
        row.addWidget(self.verify)
        row.addWidget(self.credentials)
        return top

    def _make_head(self) -> QWidget:
        theme = self._context.theme
        address = self._locker.record.store_address
        kind = kind_of(address)
        card = frame("card")
        outer = line(card, margin=look.L, spacing=look.L)
        outer.addWidget(Picture(theme, ICONS[kind], "accent", 32), 0, Qt.AlignmentFlag.AlignTop)
        text = column(spacing=2)
        title = line(spacing=look.S)
        title.addWidget(label(kind_name(kind), "subtitle"))
        self._light = Picture(theme, "check", "good", 18)
        self._state = label("", "field")
        title.addWidget(self._light)
        title.addWidget(self._state)
        title.addStretch(1)
        text.addLayout(title)
        place = ElidedLabel("muted")
        place.show_text(shown_place(address))
        text.addWidget(place)
        self._facts = label("", "caption", wrap=True)
        text.addWidget(self._facts)
        self._trouble = label("", wrap=True, tone="danger")
        self._trouble.hide()
        text.addWidget(self._trouble)
        outer.addLayout(text, 1)
        return card

    def _make_form(self) -> QWidget:
        theme = self._context.theme
        card = frame("group")
        inner = column(card, margin=look.L, spacing=look.M)
        self._asked = CredentialsForm(theme, self._locker.record.store_address, place=False)
        inner.addWidget(self._asked)
        self._kept = label("", "caption", wrap=True)
        inner.addWidget(self._kept)
        self.keep = Button(theme, self.tr("&Keep these"), kind="primary")
        self.keep.clicked.connect(self._keep)
        row = line(spacing=look.S)
        row.addStretch(1)
        row.addWidget(self.keep)
        inner.addLayout(row)
        card.hide()
        self.credentials.setVisible(self._asked.needed)
        return card

    def _make_lists(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.L)
        grid.setVerticalSpacing(look.XS)
        self.theirs = _list(
            self.tr("What the storage sees"), (self.tr("Object"), self.tr("Size"), self.tr("What it is"))
        )
        self.yours = _list(self.tr("What you see"), (self.tr("Name"), self.tr("Size")))
        self._their_summary = label("", "caption")
        self._your_summary = label("", "caption")
        for at, (title, summary, shown) in enumerate(
            (
                (self.tr("Your storage"), self._their_summary, self.theirs),
                (self.tr("You"), self._your_summary, self.yours),
            )
        ):
            head = line(spacing=look.S)
            head.addWidget(label(title, "field"))
            head.addWidget(summary)
            head.addStretch(1)
            grid.addLayout(head, 0, at)
            grid.addWidget(shown, 1, at)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        return holder

    # --- registry.Page

    def entered(self) -> None:
        self.look()

    def core_event(self, event: object) -> None:
        if isinstance(event, StoreTrouble | LockerStateChanged) and self.isVisible():
            self.look()

    def stop(self) -> None:
        self._patience.stop()
        self.theirs.clear()
        self.yours.clear()
        self._asked.forget()

    # --- doing

    def look(self) -> None:
        """Ask the storage; the page shows what is known until it answers."""
        locker = self._locker
        if not self.theirs.topLevelItemCount():
            self._state.setText(self.tr("Asking…"))
            self._light.hide()

        def look_here() -> tuple[Totals, list[Seen]]:
            return locker.totals(ROOT), seen_by_you(locker.walk("/"))

        def ask() -> _Found:
            listing, trouble = None, ""
            try:
                listing = locker.remote_listing()
            except Exception as error:  # noqa: BLE001 - whatever it is, the rest of the page is shown
                trouble = problem_of(error).text
            return _Found(locker.status(survey=True), listing, trouble)

        # A storage that is away is asked for half a minute: what is known here does not wait for it.
        self._context.scope.run(look_here, self._show_yours, self._failed, lane="storage-here")
        self._patience.start()
        self._context.scope.run(ask, self._show, self._failed, lane="storage")

    def _show_yours(self, found: tuple[Totals, list[Seen]]) -> None:
        totals, yours = found
        self._your_summary.setText(self.tr("{0}, {1}").format(fmt.files(totals.files), fmt.size(totals.size_bytes)))
        _fill_tree(self.yours, yours, self._context.theme.colors)

    def _still_asking(self) -> None:
        self._trouble.setText(self.tr("It does not answer yet, and is asked again and again."))
        self._trouble.show()

    def _show(self, found: _Found) -> None:
        self._patience.stop()
        status = found.status
        trouble = found.trouble or words(status.read_only_reason or status.trouble or "")
        self._light.show_drawing("warning" if trouble else "check", "warn" if trouble else "good")
        self._light.show()
        self._state.setText(self.tr("Needs attention") if trouble else self.tr("Works"))
        self._trouble.setText(trouble)
        self._trouble.setVisible(bool(trouble))
        # A line breaks between two facts, not within one.
        self._facts.setText(" · ".join(map(fmt.unbroken, self._facts_of(status))))
        self._show_parts(status.stores)
        if found.listing is not None:
            _fill(self.theirs, seen_by_storage(found.listing))
            self._their_summary.setText(storage_summary(found.listing))
        if self._asked.needed:
            core, name = self._context.core, self._locker.record.name
            self._context.scope.run(lambda: core.store_credentials(name), self._show_kept, self._failed, lane="kept")

    def _show_kept(self, kept: Sequence[KeptCredentials]) -> None:
        names = ", ".join(each.user or each.kind for each in kept)
        sealed = self.tr("Kept on this computer, sealed: {0}.").format(names)
        self._kept.setText(sealed if kept else self.tr("None are kept on this computer."))

    def _facts_of(self, status: LockerStatus) -> list[str]:
        facts = []
        if status.free_bytes is not None:
            facts.append(self.tr("{0} free").format(fmt.size(status.free_bytes)))
        devices = self.tr("1 computer") if status.devices == 1 else self.tr("{0} computers").format(status.devices)
        facts.append(devices)
        for when_ms, text in (
            (status.refreshed_ms, self.tr("asked: {0}")),
            (status.checked_ms, self.tr("verified: {0}")),
        ):
            facts.append(text.format(fmt.when(when_ms * 1_000_000, inside=True) if when_ms else self.tr("never")))
        return facts

    def _show_parts(self, parts: Sequence[PartState]) -> None:
        while (item := self._parts_list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._parts.setVisible(bool(parts))
        for part in parts:
            self._parts_list.addWidget(self._part(part))

    def _part(self, part: PartState) -> QWidget:
        theme = self._context.theme
        well = part.is_up and not part.behind and not part.damaged
        card = frame("card")
        row = line(card, spacing=look.M)
        row.setContentsMargins(look.M, look.S, look.M, look.S)
        kind = kind_of(part.address)
        row.addWidget(Picture(theme, ICONS[kind], "accent", 20))
        place = ElidedLabel()
        place.show_text(shown_place(part.address))
        row.addWidget(place, 1)
        notes = []
        if not part.is_up:
            notes.append(self.tr("away"))
        if part.behind:
            notes.append(self.tr("lacks {0}").format(fmt.number(part.behind)))
        if part.damaged:
            notes.append(self.tr("{0} damaged").format(fmt.number(part.damaged)))
        row.addWidget(Picture(theme, "check" if well else "warning", "good" if well else "warn", 18))
        state = label(", ".join(notes) or self.tr("whole"))
        state.setToolTip(words(part.trouble))
        row.addWidget(state)
        return card

    def _verify(self) -> None:
        locker = self._locker
        self.verify.setEnabled(False)
        self.verify.setText(self.tr("Verifying…"))

        def done(report: CheckReport) -> None:
            self._verified()
            count = len(report.problems)
            if count:
                text = (
                    self.tr("1 problem was found.") if count == 1 else self.tr("{0} problems were found.").format(count)
                )
                first = report.problems[0]
                self._context.desk.notify(Notice(f"{text} {first.object_name}: {words(first.what)}"), "warn")
            else:
                self._context.desk.notify(Notice(self.tr("Everything is there.")), "good")
            self.look()

        def failed(error: Exception) -> None:
            self._verified()
            self._failed(error)

        self._context.scope.run(locker.upkeep.check, done, failed, lane="verify")

    def _verified(self) -> None:
        self.verify.setEnabled(True)
        self.verify.setText(self.tr("&Verify"))

    def _keep(self) -> None:
        asked = self._asked.given(show=True)
        if asked is None:
            return
        core, name = self._context.core, self._locker.record.name

        def kept(_: object) -> None:
            self._asked.forget()
            self._form.hide()
            self.look()

        self._context.scope.run(lambda: core.set_store_credentials(name, asked.credentials), kept, self._failed)

    def _failed(self, error: Exception) -> None:
        self._context.desk.problem(problem_of(error))


def _list(name: str, columns: Sequence[str]) -> QTreeWidget:
    shown = QTreeWidget()
    shown.setAccessibleName(name)
    shown.setHeaderLabels(list(columns))
    shown.headerItem().setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    shown.setUniformRowHeights(True)
    shown.setRootIsDecorated(False)
    shown.setProperty("kind", "framed")
    shown.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    header = shown.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for at in range(1, len(columns)):
        header.setSectionResizeMode(at, QHeaderView.ResizeMode.ResizeToContents)
    return shown


def _fill(shown: QTreeWidget, rows: Sequence[Seen]) -> None:
    shown.clear()
    items = []
    for row in rows:
        item = QTreeWidgetItem([row.name, row.size, row.what])
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(0, row.name)
        items.append(item)
    shown.addTopLevelItems(items)


def _fill_tree(shown: QTreeWidget, rows: Sequence[Seen], colors: Colors) -> None:
    shown.clear()
    shown.setRootIsDecorated(any(row.depth for row in rows))
    above: list[QTreeWidgetItem] = []
    tops = []
    for row in rows:
        item = QTreeWidgetItem([row.name, row.size])
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setIcon(0, icon("folder", colors.folder) if row.folder else icon(type_icon(row.name), colors.muted))
        del above[row.depth :]
        if above:
            above[-1].addChild(item)
        else:
            tops.append(item)
        above.append(item)
    shown.addTopLevelItems(tops)
