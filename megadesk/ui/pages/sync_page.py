"""Folders of this computer that are kept equal with the locker: what each does, and what needs a decision."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QLineEdit, QMenu, QScrollArea, QVBoxLayout, QWidget

from megadesk.core.events import SyncChanged
from megadesk.sync.pairs import Fix, PairState
from megadesk.sync.values import Mode
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.guard import while_there
from megadesk.ui.i18n import translate
from megadesk.ui.pages.catalog import SYNC
from megadesk.ui.pages.registry import LockerContext, Page
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.sync import (
    HOUR_S,
    PairCard,
    ProblemCard,
    SyncPresenter,
    fix_text,
    mode_hint,
    mode_text,
)
from megadesk.ui.widgets.basics import (
    Button,
    Choice,
    ElidedLabel,
    Field,
    IconButton,
    Picture,
    column,
    frame,
    label,
    line,
    restyle,
)
from megadesk.ui.widgets.confirm import ConfirmSheet
from megadesk.ui.widgets.empty import EmptyState

MAX_PROBLEMS = 100
_LOOK_MS = 1000
_DIALOG_WIDTH = 520


class SyncPage(Page):
    def __init__(self, context: LockerContext) -> None:
        super().__init__()
        self.context = context
        self.presenter = SyncPresenter(self, context.locker, context.scope)
        self.cards: dict[int, _Pair] = {}
        self._summary = ElidedLabel("muted", Qt.TextElideMode.ElideRight)
        self.sheet = ConfirmSheet(context.theme)
        self._pairs = column(spacing=look.M)
        self._problems = column(spacing=look.M)
        self._problem_title = label("", "subtitle")
        self._problem_title.hide()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        cards = QWidget()
        cards.setMaximumWidth(look.CARDS_WIDTH)
        around = line(holder, margin=look.L)
        around.addWidget(cards, 1)
        around.addStretch(0)
        inside: QVBoxLayout = column(cards, spacing=look.L)
        inside.addLayout(self._pairs)
        inside.addWidget(self._problem_title)
        inside.addLayout(self._problems)
        inside.addStretch(1)
        self._area.setWidget(holder)
        self.empty = EmptyState(context.theme, self._area.viewport())
        layout = column(self, spacing=0)
        layout.addWidget(self._make_top())
        layout.addWidget(self.sheet)
        layout.addWidget(self._area, 1)
        # What a run is at is not told by events: there are thousands of files.
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self.presenter.read)

    def _make_top(self) -> QWidget:
        top = frame("bar")
        row = line(top, spacing=look.S)
        row.setContentsMargins(look.L, look.S, look.M, look.S)
        row.addWidget(label(self.tr("Sync"), "subtitle"))
        row.addSpacing(look.S)
        row.addWidget(self._summary, 1)
        theme = self.context.theme
        self.add_button = Button(theme, self.tr("&Keep a folder in sync…"), kind="primary", icon_name="plus")
        self.all_button = Button(theme, self.tr("Look &at all now"), icon_name="refresh")
        self.add_button.clicked.connect(self.ask_pair)
        self.all_button.clicked.connect(partial(self.presenter.run_now, None))
        row.addWidget(self.all_button)
        row.addWidget(self.add_button)
        return top

    # --- registry.Page

    def entered(self) -> None:
        self.presenter.read()
        self.add_button.setFocus()

    def left(self) -> None:
        self._clock.stop()

    def core_event(self, event: object) -> None:
        if isinstance(event, SyncChanged):
            self.presenter.read()

    def stop(self) -> None:
        self._clock.stop()
        self.sheet.give_up()
        self._summary.show_text("")
        self.show_pairs(())
        self.show_problems(())

    # --- presenters.SyncView

    def show_pairs(self, cards: Sequence[PairCard]) -> None:
        for number in [number for number in self.cards if number not in {card.row.id for card in cards}]:
            _drop(self.cards.pop(number))
        for card in cards:
            widget = self.cards.get(card.row.id)
            if widget is None:
                widget = self.cards[card.row.id] = _Pair(self)
                self._pairs.addWidget(widget)
            widget.show_card(card)
        if cards:
            self.empty.hide()
        else:
            text = self.tr(
                "A folder of this computer and one of the locker are kept equal. What goes on one side goes to the "
                "trash of the other, and what changes on both is kept twice."
            )
            self.empty.say(self.tr("No folder is kept in sync yet"), text, drawing="empty-sync")
        self._summary.show_text(fmt.folders(len(cards)) if cards else "")
        self.all_button.setVisible(bool(cards))
        busy = any(card.row.state is PairState.SYNCING for card in cards)
        if busy and self.isVisible():
            self._clock.start()
        else:
            self._clock.stop()

    def show_problems(self, cards: Sequence[ProblemCard]) -> None:
        while (item := self._problems.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                _drop(old)
        for card in cards[:MAX_PROBLEMS]:
            self._problems.addWidget(_ProblemRow(self, card))
        rest = len(cards) - MAX_PROBLEMS
        if rest > 0:
            self._problems.addWidget(label(self.tr("and {0} more").format(fmt.number(rest)), "muted"))
        count = len(cards)
        text = self.tr("1 thing needs you") if count == 1 else self.tr("{0} things need you").format(fmt.number(count))
        self._problem_title.setText(text)
        self._problem_title.setVisible(bool(cards))
        self.context.desk.set_badge(SYNC, fmt.number(count) if count else "")

    def show_problem(self, problem: Problem) -> None:
        self.context.desk.problem(problem)

    # --- what it does

    def ask_pair(self) -> None:
        dialog = PairDialog(self)
        dialog.open()

    def ask_remove(self, card: PairCard) -> None:
        self.sheet.ask(
            self.tr("Keep “{0}” in sync no longer?").format(card.title),
            self.tr("No file is touched, neither here nor in the locker."),
            self.tr("&Go on syncing"),
            self.tr("&Stop syncing"),
            lambda: self.presenter.remove(card.row.id),
        )

    def open_here(self, card: PairCard) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(card.row.root)):
            text = self.tr("No program here opens folders. It is {0}.").format(card.here)
            self.show_problem(Problem(self.tr("The folder could not be opened"), text))

    def open_there(self, card: PairCard) -> None:
        context = self.context
        context.scope.run(
            lambda: context.locker.node(card.row.folder),
            lambda node: context.desk.open_folder(node.id),
            self.presenter._failed,
        )


def _drop(widget: QWidget) -> None:
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()


class _Pair(QFrame):
    """A card of one pair."""

    def __init__(self, page: SyncPage) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        theme = page.context.theme
        self._page = page
        self._card: PairCard | None = None
        self._icon = Picture(theme, "sync", "muted", 24)
        self._title = ElidedLabel("field", Qt.TextElideMode.ElideMiddle)
        self._places = ElidedLabel("muted", Qt.TextElideMode.ElideMiddle)
        self._state = ElidedLabel("body", Qt.TextElideMode.ElideRight)
        self.pause = IconButton(theme, "pause", self.tr("Pause"))
        self.now = IconButton(theme, "refresh", self.tr("Look now"))
        self.more = IconButton(theme, "more", self.tr("More"))
        words = column(spacing=2)
        for each in (self._title, self._places, self._state):
            words.addWidget(each)
        row = line(self, spacing=look.M)
        row.setContentsMargins(look.L, look.M, look.M, look.M)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        for button in (self.now, self.pause, self.more):
            row.addWidget(button)
        self.pause.clicked.connect(self._pause)
        self.now.clicked.connect(self._look_now)
        self.more.clicked.connect(self._menu)

    def show_card(self, card: PairCard) -> None:
        self._card = card
        role = {"good": "good", "warn": "warn", "danger": "danger"}.get(card.tone, "muted")
        self._icon.show_drawing(card.icon, role)
        self._title.show_text(card.title)
        self._places.show_text(f"{card.here}  ⇄  {card.there}  ·  {card.mode}")
        self._state.show_text(card.state)
        restyle(self._state, "tone", card.tone)
        paused = card.row.state is PairState.PAUSED
        self.pause.set_icon_name("play" if paused else "pause")
        self.pause.rename(self.tr("Go on") if paused else self.tr("Pause"))
        self.setAccessibleName(f"{card.title}: {card.state}")

    def _pause(self) -> None:
        if self._card is None:
            return
        presenter, row = self._page.presenter, self._card.row
        if row.state is PairState.PAUSED:
            presenter.resume(row.id)
        else:
            presenter.pause(row.id)

    def _look_now(self) -> None:
        if self._card is not None:
            self._page.presenter.run_now(self._card.row.id)

    def _menu(self) -> None:
        card, page = self._card, self._page
        if card is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Open the folder &here"), partial(page.open_here, card))
        menu.addAction(self.tr("Show it in the &locker"), partial(page.open_there, card))
        menu.addAction(self.tr("Pause for an ho&ur"), partial(page.presenter.pause, card.row.id, HOUR_S))
        menu.addSeparator()
        menu.addAction(self.tr("&Stop syncing…"), partial(page.ask_remove, card))
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))


class _ProblemRow(QFrame):
    """A problem with a button for each way out."""

    def __init__(self, page: SyncPage, card: ProblemCard) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        theme = page.context.theme
        title = ElidedLabel("field", Qt.TextElideMode.ElideMiddle)
        title.show_text(card.title)
        words = column(spacing=2)
        words.addWidget(title)
        words.addWidget(label(card.text, wrap=True))
        buttons = line(spacing=look.S)
        self.buttons: dict[Fix, Button] = {}
        for fix in card.fixes:
            button = Button(theme, fix_text(fix))
            button.clicked.connect(partial(page.presenter.resolve, card.problem, fix))
            self.buttons[fix] = button
            buttons.addWidget(button)
        buttons.addStretch(1)
        words.addSpacing(look.XS)
        words.addLayout(buttons)
        row = line(self, spacing=look.M)
        row.setContentsMargins(look.L, look.M, look.M, look.M)
        row.addWidget(Picture(theme, "warning", "warn", 24), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.setAccessibleName(card.title)
        self.setAccessibleDescription(card.text)


class PairDialog(QDialog):
    """Which folder here, which in the locker, and which way."""

    def __init__(self, page: SyncPage) -> None:
        super().__init__(page.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keep a folder in sync"))
        self.setFixedWidth(_DIALOG_WIDTH)
        theme = page.context.theme
        self._page = page
        self.here = QLineEdit()
        self.browse = Button(theme, self.tr("&Browse…"))
        self.browse.clicked.connect(self._browse)
        pick = QWidget()
        picking = line(pick, spacing=look.S)
        picking.addWidget(self.here, 1)
        picking.addWidget(self.browse)
        self._here_field = Field(self.tr("Folder on &this computer"), pick, self.tr("It is made where it is missing."))
        self._here_field.say_for(self.here)
        self.there = QLineEdit()
        self._there_typed = False
        self.there.textEdited.connect(self._typed_there)
        self.mode = Choice(theme)
        self._modes = list(Mode)
        self.mode.addItems([mode_text(mode) for mode in self._modes])
        self._mode_field = Field(self.tr("&Direction"), self.mode, mode_hint(Mode.TWO_WAY))
        self.mode.currentIndexChanged.connect(lambda at: self._mode_field.say(mode_hint(self._modes[at])))
        self._problem = label("", "caption", wrap=True, tone="danger")
        self._problem.hide()
        self.cancel = Button(theme, self.tr("&Cancel"))
        self.go = Button(theme, self.tr("&Keep in sync"), kind="primary", icon_name="sync")
        self.go.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self._add)
        layout = column(self, margin=look.XL, spacing=look.M)
        layout.addWidget(label(self.tr("Keep a folder in sync"), "subtitle"))
        layout.addWidget(self._here_field)
        layout.addWidget(Field(self.tr("Folder in the &locker"), self.there))
        layout.addWidget(self._mode_field)
        layout.addWidget(self._problem)
        foot = line()
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.go)
        layout.addLayout(foot)
        self.here.textChanged.connect(self._here_changed)
        self._here_changed()

    def _browse(self) -> None:
        dialog = QFileDialog(self, self.tr("A folder to keep in sync"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.here.setText)
        dialog.open()

    def _typed_there(self, text: str) -> None:
        self._there_typed = bool(text)

    def _here_changed(self) -> None:
        """The locker's folder gets the same name until somebody types another."""
        name = os.path.basename(os.path.normpath(self.here.text())) if self.here.text() else ""
        if not self._there_typed:
            self.there.setText(f"/{name}" if name not in ("", ".", "..", "/") else "")
        self.go.setEnabled(bool(self.here.text().strip()) and bool(self.there.text().strip()))

    def _add(self) -> None:
        here = os.path.expanduser(self.here.text().strip())
        if not os.path.isabs(here):
            self._refused(Problem("", translate("sync", "Type the whole path, beginning with /.")))
            return
        self.go.setEnabled(False)
        mode = self._modes[self.mode.currentIndex()]
        self._page.presenter.add(
            here, self.there.text().strip(), mode, while_there(self, self.accept), while_there(self, self._refused)
        )

    def _refused(self, problem: Problem) -> None:
        self.go.setEnabled(True)
        self._problem.setText(problem.text)
        self._problem.setAccessibleName(problem.text)
        self._problem.show()
