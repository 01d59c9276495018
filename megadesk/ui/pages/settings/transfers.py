"""Speed limits, now and by the clock, and how many connections."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QGridLayout, QSpinBox, QTimeEdit, QWidget

from megadesk.state.settings import EVERY_DAY, LimitWindow
from megadesk.ui import theme as look
from megadesk.ui.pages.registry import PageContext
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Button, Choice, IconButton, column, label, line
from megadesk.ui.widgets.rows import RATE_WIDTH, Group, RateBox, Row, inset

WORKDAYS, WEEKEND = (0, 1, 2, 3, 4), (5, 6)
MOST_WINDOWS = 16


class TransfersSection(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._preferences = context.services.preferences
        settings = self._preferences.settings
        layout = column(self, spacing=look.XL)

        limits = Group(self.tr("Speed limits"))
        self.up = RateBox(self.tr("Upload"), settings.upload_limit)
        self.down = RateBox(self.tr("Download"), settings.download_limit)
        limits.add(Row(self.tr("&Upload"), "", self.up))
        limits.add(Row(self.tr("&Download"), "", self.down))
        self.up.rate_changed.connect(lambda rate: self._limit(upload_limit=rate))
        self.down.rate_changed.connect(lambda rate: self._limit(download_limit=rate))
        layout.addWidget(limits)

        self._clock = Group(self.tr("Other limits at certain times"))
        self._windows = QWidget()
        self._list = column(self._windows, spacing=look.M)
        self._list.setContentsMargins(look.L, look.M, look.L, look.M)
        self._none = label(self.tr("For instance slower while you work, and as fast as can be at night."), "muted")
        self._none.setWordWrap(True)
        self.add = Button(context.theme, self.tr("&Add a time"), icon_name="plus")
        self.add.clicked.connect(self._add)
        self._list.addWidget(self._none)
        self._list.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self._clock.add(self._windows)
        layout.addWidget(self._clock)
        self.rows: list[WindowRow] = []
        for window in settings.limit_schedule:
            self._show(window)

        other = Group(self.tr("Connections"))
        self.connections = QSpinBox()
        self.connections.setRange(1, 64)
        self.connections.setValue(settings.connections)
        self.connections.setKeyboardTracking(False)
        self.connections.setMinimumWidth(RATE_WIDTH)
        inset(self.connections)
        self.connections.valueChanged.connect(lambda count: self._preferences.change(connections=count))
        hint = self.tr("To one storage, at most. MegaDesk finds out how many help.")
        other.add(Row(self.tr("&Connections at once"), hint, self.connections))
        layout.addWidget(other)

    def _limit(self, **changes: object) -> None:
        """Saved, then told to the open lockers."""
        core = self._context.core
        self._preferences.change(**changes)
        self._preferences.when_saved(core.apply_limits)

    def _add(self) -> None:
        self._show(LimitWindow(days=WORKDAYS, upload_limit=500_000, download_limit=0))
        self._changed()

    def _show(self, window: LimitWindow) -> None:
        row = WindowRow(self._context.theme, window)
        row.changed.connect(self._changed)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._list.insertWidget(self._list.count() - 1, row)
        self._arrange()

    def _remove(self, row: WindowRow) -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self._arrange()
        self._changed()
        self.add.setFocus()

    def _arrange(self) -> None:
        self._none.setVisible(not self.rows)
        self.add.setEnabled(len(self.rows) < MOST_WINDOWS)

    def _changed(self) -> None:
        self._limit(limit_schedule=tuple(row.limits() for row in self.rows))


class WindowRow(QWidget):
    """One time of the week: days, from, to, and the two limits."""

    changed = signal[()]()
    removed = signal[()]()

    def __init__(self, theme: Theme, window: LimitWindow) -> None:
        super().__init__()
        self._kept = window.days
        self._days: list[tuple[int, ...]] = [EVERY_DAY, WORKDAYS, WEEKEND]
        names = [self.tr("Every day"), self.tr("Monday to Friday"), self.tr("Saturday and Sunday")]
        if tuple(sorted(window.days)) not in self._days:
            self._days.append(window.days)
            names.append(self.tr("As in the file"))
        self.days = Choice(theme)
        self.days.setAccessibleName(self.tr("Days"))
        self.days.addItems(names)
        self.days.setCurrentIndex(self._days.index(tuple(sorted(window.days))) if window.days in self._days else 3)
        self.start = _time(self.tr("From"), window.start_min)
        self.end = _time(self.tr("To"), window.end_min)
        self.up = RateBox(self.tr("Upload"), window.upload_limit)
        self.down = RateBox(self.tr("Download"), window.download_limit)
        remove = IconButton(theme, "trash", self.tr("Remove this time"))
        remove.clicked.connect(self.removed.emit)
        first = line(spacing=look.S)
        first.addWidget(self.days, 1)
        first.addWidget(self.start)
        first.addWidget(label("–"))
        first.addWidget(self.end)
        first.addWidget(remove)
        second = QGridLayout()
        second.setHorizontalSpacing(look.S)
        for at, (name, box) in enumerate(((self.tr("Upload"), self.up), (self.tr("Download"), self.down))):
            second.addWidget(label(name, "muted"), 0, 2 * at)
            second.addWidget(box, 0, 2 * at + 1)
            second.setColumnStretch(2 * at + 1, 1)
            box.rate_changed.connect(lambda _: self.changed.emit())
        layout = column(self, spacing=look.S)
        layout.addLayout(first)
        layout.addLayout(second)
        self.days.currentIndexChanged.connect(lambda _: self.changed.emit())
        for clock in (self.start, self.end):
            clock.timeChanged.connect(lambda _: self.changed.emit())

    def limits(self) -> LimitWindow:
        return LimitWindow(
            days=self._days[self.days.currentIndex()],
            start_min=_minutes(self.start),
            end_min=_minutes(self.end),
            upload_limit=self.up.value() * 1000,
            download_limit=self.down.value() * 1000,
        )


def _time(name: str, minutes: int) -> QTimeEdit:
    edit = QTimeEdit(QTime(minutes // 60, minutes % 60))
    edit.setDisplayFormat("HH:mm")
    edit.setAccessibleName(name)
    edit.setKeyboardTracking(False)
    inset(edit)
    return edit


def _minutes(edit: QTimeEdit) -> int:
    return edit.time().hour() * 60 + edit.time().minute()
