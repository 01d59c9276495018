"""Which lockers this computer has, and where they lie. What a storage holds and how it does is on the Storage page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from megadesk.state.registry import LockerRecord
from megadesk.ui import theme as look
from megadesk.ui.pages.registry import PageContext
from megadesk.ui.presenters.storage import ICONS, kind_name, kind_of
from megadesk.ui.widgets.basics import ElidedLabel, Picture, column, label, line
from megadesk.ui.widgets.rows import Group


class StorageSection(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._group = Group(self.tr("Lockers on this computer"))
        layout = column(self, spacing=look.M)
        layout.addWidget(self._group)
        note = self.tr("State, credentials and contents of a storage are on the page “Storage” of an open locker.")
        layout.addWidget(label(note, "caption", wrap=True))
        context.scope.run(context.core.lockers, self._show)

    def _show(self, lockers: Sequence[LockerRecord]) -> None:
        for record in lockers:
            kind = kind_of(record.store_address)
            row = QWidget()
            inner = line(row, spacing=look.M)
            inner.setContentsMargins(look.L, look.M, look.L, look.M)
            inner.addWidget(Picture(self._context.theme, ICONS[kind], "accent", 24))
            words = column(spacing=2)
            words.addWidget(label(record.name, "field"))
            place = ElidedLabel("caption")
            place.show_text(record.store_address)
            words.addWidget(place)
            inner.addLayout(words, 1)
            inner.addWidget(label(kind_name(kind), "muted"))
            self._group.add(row)
