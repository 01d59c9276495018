"""The computers that use a locker: which, since when, letting another one in by a code, and shutting one out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QFrame, QPlainTextEdit, QScrollArea, QWidget

from megadesk.core.events import FoldersChanged, ReencryptionChanged
from megadesk.ui import clipboard
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.guard import while_there
from megadesk.ui.pages.registry import LockerContext, Page
from megadesk.ui.presenters.devices import DeviceCard, DevicesPresenter
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.reencrypt import ReencryptCard, ReencryptPresenter
from megadesk.ui.widgets.basics import Button, ElidedLabel, Picture, column, frame, label, line, restyle
from megadesk.ui.widgets.confirm import ConfirmSheet
from megadesk.ui.widgets.forms import show_as_code
from megadesk.ui.widgets.key_sheet import QrPicture
from megadesk.ui.widgets.reencrypt_panel import ReencryptPanel

_DIALOG_WIDTH = 640
"""On a wide screen the button stays within sight of the name that it is about."""
_QR_SIDE = 230
_LOOK_EVERY_MS = 1000


class DevicesPage(Page):
    def __init__(self, context: LockerContext) -> None:
        super().__init__()
        self.context = context
        self.presenter = DevicesPresenter(self, context.locker, context.scope)
        self.reencrypt = ReencryptPresenter(self, context.locker, context.scope)
        self.cards: dict[str, _Device] = {}
        self._summary = ElidedLabel("muted", Qt.TextElideMode.ElideRight)
        self.sheet = ConfirmSheet(context.theme)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY_MS)
        self._look.timeout.connect(self._look_again)
        self._rows = column(spacing=look.M)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        across = line(holder, margin=look.L)
        cards = QWidget()
        cards.setMaximumWidth(look.CARDS_WIDTH)
        across.addWidget(cards, 1)
        across.addStretch(0)
        inside = column(cards, spacing=look.L)
        inside.addLayout(self._rows)
        self.anew = ReencryptPanel(context.theme, self.reencrypt.start, self.reencrypt.pause)
        inside.addWidget(self.anew)
        inside.addWidget(
            label(
                self.tr(
                    "A computer that is lost or sold should be removed here, and its access to the storage taken away "
                    "as well: what it had read before, it keeps."
                ),
                "caption",
                wrap=True,
            )
        )
        inside.addStretch(1)
        area.setWidget(holder)
        layout = column(self, spacing=0)
        layout.addWidget(self._make_top())
        layout.addWidget(self.sheet)
        layout.addWidget(area, 1)

    def _make_top(self) -> QWidget:
        top = frame("bar")
        row = line(top, spacing=look.S)
        row.setContentsMargins(look.L, look.S, look.M, look.S)
        row.addWidget(label(self.tr("Computers"), "subtitle"))
        row.addSpacing(look.S)
        row.addWidget(self._summary, 1)
        self.add_button = Button(
            self.context.theme, self.tr("&Add a computer…"), kind="primary", icon_name="plus"
        )  # fmt: skip
        self.add_button.clicked.connect(self.show_code)
        row.addWidget(self.add_button)
        return top

    # --- registry.Page

    def entered(self) -> None:
        self.presenter.read()
        self.reencrypt.read()
        self._look.start()
        self.add_button.setFocus()

    def core_event(self, event: object) -> None:
        if isinstance(event, FoldersChanged) and self.isVisible():
            self.presenter.read()
        if isinstance(event, ReencryptionChanged) and self.isVisible():
            self.reencrypt.read()

    def _look_again(self) -> None:
        """While it runs: how far it is."""
        if not self.isVisible():
            self._look.stop()
        elif self.anew.runs():
            self.reencrypt.read(survey=False)

    def stop(self) -> None:
        self._look.stop()
        self.sheet.give_up()
        self.show_devices(())

    # --- presenters.DevicesView

    def show_devices(self, cards: Sequence[DeviceCard]) -> None:
        for number in [number for number in self.cards if number not in {card.id for card in cards}]:
            gone = self.cards.pop(number)
            gone.hide()
            gone.setParent(None)
            gone.deleteLater()
        for at, card in enumerate(cards):
            widget = self.cards.get(card.id)
            if widget is None:
                widget = self.cards[card.id] = _Device(self)
            self._rows.insertWidget(at, widget)
            widget.show_card(card)
        self._summary.show_text(fmt.number(len(cards)) if cards else "")

    def show_reencryption(self, card: ReencryptCard | None) -> None:
        self.anew.show_card(card)

    def show_problem(self, problem: Problem) -> None:
        self.context.desk.problem(problem)

    # --- what it does

    def show_code(self) -> None:
        CodeDialog(self).open()

    def ask_remove(self, card: DeviceCard) -> None:
        self.sheet.ask(
            self.tr("Remove “{0}” from this locker?").format(card.title),
            self.tr(
                "It gets no key of anything that is added or changed from now on, and nothing that it writes counts. "
                "What it could read until now stays readable to it in the storage, unless it is encrypted anew; what "
                "it copied, it keeps. This cannot be undone: to come back, it joins anew."
            ),
            self.tr("&Keep it"),
            self.tr("&Remove"),
            partial(self._remove, card),
            also=self.tr("Encrypt anew &what it could read: all of it is sent once more, in the background"),
        )

    def _remove(self, card: DeviceCard) -> None:
        self.presenter.remove(card, self.reencrypt.read, reencrypt=self.sheet.also.isChecked())


class _Device(QFrame):
    """A card of one computer."""

    def __init__(self, page: DevicesPage) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        theme = page.context.theme
        self._page = page
        self._card: DeviceCard | None = None
        self._icon = Picture(theme, "computer", "muted", 24)
        self._title = ElidedLabel("field", Qt.TextElideMode.ElideRight)
        self._text = ElidedLabel("muted", Qt.TextElideMode.ElideRight)
        self.remove = Button(theme, self.tr("Remove…"))
        self.remove.clicked.connect(self._remove)
        words = column(spacing=2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = line(self, spacing=look.M)
        row.setContentsMargins(look.L, look.M, look.M, look.M)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self.remove)

    def show_card(self, card: DeviceCard) -> None:
        self._card = card
        role = {"good": "good", "danger": "danger"}.get(card.tone, "muted")
        self._icon.show_drawing(card.icon, role)
        self._title.show_text(card.title)
        self._text.show_text(card.text)
        restyle(self._text, "tone", card.tone)
        self.remove.setVisible(card.can_remove)
        self.remove.setAccessibleName(self.tr("Remove {0}").format(card.title))
        self.setAccessibleName(f"{card.title}: {card.text}")

    def _remove(self) -> None:
        if self._card is not None:
            self._page.ask_remove(self._card)


class CodeDialog(QDialog):
    """What the other computer needs beside the recovery key: as text to copy, and to be scanned."""

    def __init__(self, page: DevicesPage) -> None:
        super().__init__(page.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Add a computer"))
        self.setFixedWidth(_DIALOG_WIDTH)
        theme = page.context.theme
        self.qr = QrPicture(_QR_SIDE, error="l")
        self.qr.setAccessibleName(self.tr("The pairing code as a QR code"))
        self.code = QPlainTextEdit()
        self.code.setReadOnly(True)
        self.code.setTabChangesFocus(True)
        self.code.setAccessibleName(self.tr("Pairing code"))
        self.code.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        show_as_code(self.code)
        self.code.setFixedHeight(84)
        self._state = label(self.tr("Looking at the newest state of the locker…"), "muted", wrap=True)
        self.copy = Button(theme, self.tr("&Copy the code"), kind="primary", icon_name="copy")
        self.close_button = Button(theme, self.tr("C&lose"))
        self.copy.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.accept)
        self.copy.setEnabled(False)
        layout = column(self, margin=look.XL, spacing=look.M)
        layout.addWidget(label(self.tr("Add a computer"), "subtitle"))
        steps = column(spacing=look.M)
        for step in (
            self.tr("1. On the other computer, start MegaDesk and choose “I have a recovery key”."),
            self.tr("2. Give it this code: copied, typed or scanned."),
            self.tr("3. Type the recovery key there, which you saved when you made the locker."),
        ):
            steps.addWidget(label(step, wrap=True))
        steps.addStretch(1)
        middle = line(spacing=look.L)
        middle.addLayout(steps, 1)
        middle.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(middle)
        layout.addWidget(self.code)
        layout.addWidget(self._state)
        layout.addWidget(
            label(
                self.tr(
                    "The code is no secret: without the recovery key nobody gets in with it. It says where the storage "
                    "is, and what this computer knows of the locker, so that the storage cannot show the other one an "
                    "older state."
                ),
                "caption",
                wrap=True,
            )
        )
        foot = line()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.copy)
        layout.addLayout(foot)
        self._fit()
        page.presenter.code(while_there(self, self._came), while_there(self, self._refused))

    def _fit(self) -> None:
        """As high as what is shown; layouts do not do so by themselves where lines are wrapped."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.setFixedHeight(layout.totalHeightForWidth(_DIALOG_WIDTH))

    def _came(self, code: str) -> None:
        self.code.setPlainText(code)
        shown = self.qr.show_text(code)
        self.qr.setVisible(shown)
        self._state.setText("" if shown else self.tr("It is too long for a QR code: copy it."))
        self._state.setVisible(not shown)
        self.copy.setEnabled(True)
        self.copy.setFocus()
        self._fit()

    def _refused(self, problem: Problem) -> None:
        self.qr.hide()
        restyle(self._state, "tone", "danger")
        self._state.setText(problem.text)
        self._state.setAccessibleName(problem.text)
        self._fit()

    def _copy(self) -> None:
        clipboard.put_text(self.code.toPlainText())
        self._state.setText(self.tr("The code is on the clipboard."))
        self._state.show()
        self._fit()
