"""The whole queue: what goes up and down, how far, what failed and why. Every item can be steered, and moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QMenu,
    QToolButton,
    QWidget,
)

from megadesk.transfer.port import FileFailure
from megadesk.transfer.records import LIVE, State, TransferRow
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.models.transfers import TransferListModel
from megadesk.ui.pages.registry import LockerContext, Page
from megadesk.ui.presenters.queued import Tab
from megadesk.ui.presenters.transfers import Board, describe, total_words
from megadesk.ui.widgets.basics import Button, ElidedLabel, IconButton, column, label, line
from megadesk.ui.widgets.empty import EmptyState
from megadesk.ui.widgets.failures import FailureList
from megadesk.ui.widgets.transfer_view import TransferView

_LIMITS = (0, 5_000_000, 2_000_000, 1_000_000, 250_000)


_WORDS_FROM = 940
"""Pixels of the page's width."""


class TransfersPage(Page):
    """A view of `TransfersPresenter`."""

    def __init__(self, context: LockerContext) -> None:
        super().__init__()
        theme = context.theme
        self._context = context
        self._presenter = context.transfers
        self._board: Board | None = None
        self._tab = Tab.ALL
        self._in_sight = False
        self._asked_for: tuple[int, int] = (0, 0)
        self.model = TransferListModel(self)
        self.model.move_wanted.connect(self._presenter.move)
        self.view = TransferView(theme, self.model)
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.failures = FailureList(theme)
        self.failures.hide()
        self.empty = EmptyState(theme, self.view.viewport())
        self._totals = ElidedLabel("muted", Qt.TextElideMode.ElideRight)
        self._tabs: dict[Tab, QToolButton] = {}
        body = line(spacing=0)
        body.addWidget(self.view, 3)
        body.addWidget(self.failures, 2)
        layout = column(self, spacing=0)
        layout.addWidget(self._make_top())
        layout.addWidget(self._make_tabs())
        layout.addLayout(body, 1)
        self._connect()
        self._presenter.add_view(self)
        self._enable()

    # --- what it is made of

    def _make_top(self) -> QWidget:
        theme = self._context.theme
        top = QFrame()
        top.setProperty("kind", "bar")
        self.pause_all = Button(theme, self.tr("Pause &all"), icon_name="pause")
        self.limits = Button(theme, self.tr("Li&mits"), icon_name="speed")
        self._limits_menu = QMenu(self.limits)
        self._limits_menu.aboutToShow.connect(self._fill_limits)
        self.limits.setMenu(self._limits_menu)
        row = line(top, spacing=look.S)
        row.setContentsMargins(look.L, look.S, look.M, look.S)
        row.addWidget(label(self.tr("Transfers"), "subtitle"))
        row.addSpacing(look.S)
        row.addWidget(self._totals, 1)
        row.addWidget(self.limits)
        row.addWidget(self.pause_all)
        return top

    def _make_tabs(self) -> QWidget:
        theme = self._context.theme
        bar = QFrame()
        bar.setProperty("kind", "bar")
        row = line(bar, spacing=0)
        row.setContentsMargins(look.S, 0, look.M, 0)
        group = QButtonGroup(self)
        for tab in Tab:
            button = QToolButton()
            button.setProperty("kind", "tab")
            button.setCheckable(True)
            button.setChecked(tab is Tab.ALL)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._tab_chooser(tab))
            group.addButton(button)
            self._tabs[tab] = button
            row.addWidget(button)
        self._name_tabs({})
        row.addStretch(1)
        self.first = IconButton(theme, "arrow-up", self.tr("To the top of the queue"), shortcut="Ctrl+Home")
        self.pause = IconButton(theme, "pause", self.tr("Pause"), shortcut="Space")
        self.retry = IconButton(theme, "retry", self.tr("Try again"), shortcut="Ctrl+R")
        self.cancel = IconButton(theme, "close", self.tr("Cancel, or take off the list"), shortcut="Del")
        again, done = self.tr("Try all that failed again"), self.tr("Take what is done off the list")
        self.retry_all = IconButton(theme, "retry-all", again, text=self.tr("Retr&y all"))
        self.clear = IconButton(theme, "clear-done", done, text=self.tr("Clear &done"))
        for button in (self.first, self.pause, self.retry, self.cancel, self.retry_all, self.clear):
            row.addWidget(button)
        self._word_buttons(False)
        return bar

    def _word_buttons(self, words: bool) -> None:
        """Where there is no room for words their tooltips have them: else the sidebar would be pressed together."""
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in (self.retry_all, self.clear):
            button.setToolButtonStyle(style)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._word_buttons(event.size().width() >= _WORDS_FROM)

    def _connect(self) -> None:
        presenter = self._presenter
        self.pause_all.clicked.connect(self._pause_all)
        self.first.clicked.connect(self._to_top)
        self.pause.clicked.connect(self._pause_or_resume)
        self.retry.clicked.connect(self._retry)
        self.cancel.clicked.connect(self._cancel)
        self.retry_all.clicked.connect(lambda: presenter.all_at_once("retry_all"))
        self.clear.clicked.connect(lambda: presenter.all_at_once("remove_ended"))
        keys: list[tuple[str, Callable[[], None]]] = [
            ("Ctrl+Home", self._to_top),
            ("Ctrl+Up", lambda: self._step(-1)),
            ("Ctrl+Down", lambda: self._step(1)),
            ("Space", self._pause_or_resume),
            ("Ctrl+R", self._retry),
            ("Delete", self._cancel),
        ]
        for text, slot in keys:
            action = QAction(self.view)
            action.setShortcut(QKeySequence(text))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(slot)
            self.view.addAction(action)

    def _tab_chooser(self, tab: Tab) -> Callable[[], None]:
        def choose() -> None:
            self._tab = tab
            self._tabs[tab].setChecked(True)
            self._show_rows()

        return choose

    def _name_tabs(self, counts: dict[Tab, int]) -> None:
        names = {
            Tab.ALL: self.tr("All"),
            Tab.UP: self.tr("Uploads"),
            Tab.DOWN: self.tr("Downloads"),
            Tab.DONE: self.tr("Done"),
            Tab.FAILED: self.tr("Failed"),
        }
        for tab, button in self._tabs.items():
            count = counts.get(tab, 0)
            text = f"{names[tab]}  {fmt.number(count)}" if count else names[tab]
            if button.text() != text:
                button.setText(text)
                button.setAccessibleName(text)

    # --- registry.Page

    def entered(self) -> None:
        self._in_sight = True
        if self._board is not None:
            self.show_board(self._board)
        else:
            self._show_rows()
        self._context.desk.wake_transfers()
        self.view.setFocus()

    def left(self) -> None:
        self._in_sight = False

    def stop(self) -> None:
        self._in_sight = False
        self._board = None
        self.model.show(())
        self.failures.show_failures(())
        self.failures.hide()
        self._totals.show_text("")

    # --- presenters.TransfersView

    def show_board(self, board: Board) -> None:
        self._board = board
        if not self._in_sight:
            return
        self._totals.show_text(*total_words(board.totals))
        self._name_tabs(dict(board.counts))
        paused = board.totals.transfers > 0 and board.totals.paused == board.totals.transfers
        self.pause_all.setText(self.tr("Continue &all") if paused else self.tr("Pause &all"))
        self.pause_all.setEnabled(board.totals.transfers > 0)
        self.retry_all.setEnabled(board.counts.get(Tab.FAILED, 0) > 0)
        self.clear.setEnabled(board.counts.get(Tab.DONE, 0) > 0)
        self._show_rows()

    def show_failures(self, transfer: int, failures: Sequence[FileFailure]) -> None:
        rows = self._selected_rows()
        if len(rows) == 1 and rows[0].id == transfer:
            self.failures.show_failures(failures)
            self.failures.setVisible(bool(failures))

    # --- inside

    def _show_rows(self) -> None:
        board = self._board
        rows: Sequence[TransferRow] = board.rows if board is not None else ()
        if self._tab is not Tab.ALL:
            rows = [row for row in rows if self._tab.holds(row)]
        self.model.movable = self._tab in (Tab.ALL, Tab.UP, Tab.DOWN)
        chosen = {row.id for row in self._selected_rows()}
        current = self.model.row(self.view.currentIndex().row())
        scroll = self.view.verticalScrollBar().value()
        if self.model.show(rows) and (chosen or current is not None):
            self._select(chosen, current.id if current is not None else 0)
            self.view.verticalScrollBar().setValue(scroll)
        if rows:
            self.empty.hide()
        else:
            self._say_empty()
        self._enable()

    def _say_empty(self) -> None:
        texts = {
            Tab.ALL: (
                self.tr("Nothing is being transferred"),
                self.tr("Drop files on the list of files, or save some of them to this computer."),
            ),
            Tab.UP: (self.tr("Nothing waits to be uploaded"), ""),
            Tab.DOWN: (self.tr("Nothing waits to be saved"), ""),
            Tab.DONE: (self.tr("Nothing is done yet"), ""),
            Tab.FAILED: (self.tr("Nothing has failed"), ""),
        }
        self.empty.say(*texts[self._tab], drawing="empty-transfers")

    def _select(self, chosen: set[int], current: int) -> None:
        selection = QItemSelection()
        model = self.view.selectionModel()
        for at, row in enumerate(self.model.rows):
            if row.id in chosen:
                selection.select(self.model.index(at), self.model.index(at))
            if row.id == current:
                model.setCurrentIndex(self.model.index(at), QItemSelectionModel.SelectionFlag.NoUpdate)
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _selected_rows(self) -> list[TransferRow]:
        found: list[TransferRow] = []
        selection = self.view.selectionModel().selection()
        for number in range(selection.count()):
            span = selection.at(number)
            found += self.model.rows[span.top() : span.bottom() + 1]
        places = {row.id: at for at, row in enumerate(found)}
        return found if len(places) == len(found) else list({row.id: row for row in found}.values())

    def _selected(self, *_: object) -> None:
        self._enable()
        rows = self._selected_rows()
        one = rows[0] if len(rows) == 1 else None
        wanted = (one.id, one.failures or -bool(one.error)) if one is not None else (0, 0)
        if wanted != self._asked_for:
            self._asked_for = wanted
            if one is not None and one.error and not one.failures:
                self.failures.show_failures([FileFailure(one.title, "", one.error)], whole=True)
                self.failures.show()
            elif one is None or not one.failures:
                self.failures.hide()
            else:
                self._presenter.load_failures(one.id)

    def _enable(self) -> None:
        lines = [describe(row) for row in self._selected_rows()[:200]]
        resume = bool(lines) and all(each.can_resume for each in lines)
        self.pause.setEnabled(resume or any(each.can_pause for each in lines))
        self.pause.set_icon_name("play" if resume else "pause")
        self.pause.rename(self.tr("Continue") if resume else self.tr("Pause"), "Space")
        self.retry.setEnabled(any(each.can_retry for each in lines))
        self.cancel.setEnabled(bool(lines))
        self.first.setEnabled(any(each.can_cancel for each in lines))

    # --- what the buttons do

    def _pause_all(self) -> None:
        board = self._board
        paused = board is not None and board.totals.paused == board.totals.transfers
        self._presenter.all_at_once("resume_all" if paused else "pause_all")

    def _pause_or_resume(self) -> None:
        rows = [row for row in self._selected_rows() if row.state in LIVE]
        resume = bool(rows) and all(row.state is State.PAUSED for row in rows)
        chosen = [row.id for row in rows if (row.state is State.PAUSED) == resume]
        if chosen:
            self._presenter.each("resume" if resume else "pause", chosen)

    def _retry(self) -> None:
        chosen = [row.id for row in self._selected_rows() if describe(row).can_retry]
        if chosen:
            self._presenter.each("retry", chosen)

    def _cancel(self) -> None:
        rows = self._selected_rows()
        live = [row.id for row in rows if row.state in LIVE]
        if live:
            self._presenter.each("cancel", live)
        ended = [row.id for row in rows if row.state not in LIVE]
        if ended:
            self._presenter.each("remove", ended)

    def _to_top(self) -> None:
        rows = [row for row in self._selected_rows() if row.state in LIVE]
        board = self._board
        if rows and board is not None:
            chosen = {row.id for row in rows}
            others = [row for row in board.rows if row.id not in chosen and row.state in (State.QUEUED, State.PAUSED)]
            if others:
                self._presenter.move([row.id for row in rows], others[0].id)

    def _step(self, step: int) -> None:
        """Up or down by one, by keyboard."""
        rows = self._selected_rows()
        if not rows or self._board is None or not self.model.movable:
            return
        chosen = {row.id for row in rows}
        places = [at for at, row in enumerate(self.model.rows) if row.id in chosen]
        if step < 0 and places[0] > 0:
            self._presenter.move([row.id for row in rows], self.model.rows[places[0] - 1].id)
        elif step > 0 and places[-1] + 1 < len(self.model.rows):
            after = places[-1] + 2
            before = self.model.rows[after].id if after < len(self.model.rows) else None
            self._presenter.move([row.id for row in rows], before)

    # --- limits

    def _fill_limits(self) -> None:
        menu, preferences = self._limits_menu, self._context.services.preferences
        menu.clear()
        settings = preferences.settings
        for title, field, now in (
            (self.tr("Uploads at most"), "upload_limit", settings.upload_limit),
            (self.tr("Downloads at most"), "download_limit", settings.download_limit),
        ):
            menu.addSection(title)
            for limit in sorted({*_LIMITS, now}, key=lambda each: each or 1 << 60, reverse=True):
                action = menu.addAction(fmt.speed(limit) if limit else self.tr("No limit"))
                action.setCheckable(True)
                action.setChecked(limit == now)
                action.triggered.connect(self._limiter(field, limit))
        if settings.limit_schedule:
            menu.addSeparator()
            note = menu.addAction(self.tr("At some hours the schedule in the settings counts instead"))
            note.setEnabled(False)

    def _limiter(self, field: str, limit: int) -> Callable[[], None]:
        """The setting is saved, then the open lockers obey."""
        core, preferences = self._context.core, self._context.services.preferences

        def choose() -> None:
            preferences.change(**{field: limit})
            preferences.when_saved(core.apply_limits)

        return choose
