"""The screen of a locked locker: nothing of its contents is here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from megadesk.state.registry import LockerRecord
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.ports import Core, Locker
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.unlock import UnlockPresenter
from megadesk.ui.runner import Scope
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.banner import Banner
from megadesk.ui.widgets.basics import (
    Button,
    Choice,
    ElidedLabel,
    Field,
    PassphraseEdit,
    Picture,
    column,
    frame,
    label,
    line,
)

_WIDTH = 420


class UnlockPage(QWidget):
    """``unlocked_`` gives the open locker."""

    unlocked_ = signal[Locker]()
    forgotten = signal[LockerRecord]()
    another_wanted = signal[()]()

    def __init__(self, theme: Theme, core: Core, scope: Scope) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._presenter = UnlockPresenter(self, core, scope)
        self._lockers: Sequence[LockerRecord] = ()

        self._banner = Banner(theme)
        self._name = ElidedLabel("title", Qt.TextElideMode.ElideRight)
        self._name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._place = ElidedLabel("caption")
        self._place.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._choice = Choice(theme)
        self._choice_field = Field(self.tr("&Locker"), self._choice)
        self._chosen_place = ElidedLabel("caption")
        self._choice.currentIndexChanged.connect(self._chosen)
        self._edit = PassphraseEdit(theme, self.tr("Passphrase"))
        self._field = Field(self.tr("&Passphrase"), self._edit)
        self._edit.returnPressed.connect(self._unlock_clicked)
        self._edit.textEdited.connect(lambda: self._field.say(""))
        self._unlock = Button(theme, self.tr("&Unlock"), kind="primary")
        self._unlock.clicked.connect(self._unlock_clicked)
        self._remembered = Button(theme, self.tr("Open &without passphrase"), icon_name="key")
        self._remembered.clicked.connect(lambda: self._presenter.unlock_remembered(self._record().name))
        self._remembered.hide()
        forgot = Button(theme, self.tr("&Forgot the passphrase?"), kind="quiet")
        forgot.clicked.connect(lambda: self.forgotten.emit(self._record()))
        other = Button(theme, self.tr("&Another locker"), kind="quiet")
        other.clicked.connect(self.another_wanted.emit)
        self._resume = label("", "caption", wrap=True)
        self._resume.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._resume.setFixedWidth(_WIDTH)

        card = frame("card")
        card.setFixedWidth(_WIDTH)
        inner = column(card, margin=look.XL + look.S, spacing=look.M)
        mark = line()
        mark.addStretch(1)
        mark.addWidget(Picture(theme, "megadesk", "text", 64))
        mark.addStretch(1)
        inner.addLayout(mark)
        inner.addSpacing(look.XS)
        words = column(spacing=look.XS)
        words.addWidget(self._name)
        words.addWidget(self._place)
        inner.addLayout(words)
        inner.addSpacing(look.XS)
        which = column(spacing=look.XS)
        which.addWidget(self._choice_field)
        which.addWidget(self._chosen_place)
        inner.addLayout(which)
        inner.addWidget(self._field)
        inner.addWidget(self._unlock)
        inner.addWidget(self._remembered)
        links = line()
        links.addWidget(forgot)
        links.addStretch(1)
        links.addWidget(other)
        inner.addLayout(links)

        layout = column(self, spacing=look.M)
        layout.addWidget(self._banner)
        layout.addStretch(2)
        for part in (card, self._resume):
            middle = line()
            middle.addStretch(1)
            middle.addWidget(part)
            middle.addStretch(1)
            layout.addLayout(middle)
        layout.addStretch(3)

    def start(self, lockers: Sequence[LockerRecord], *, chosen: str = "", waiting: int | None = None) -> None:
        """``waiting``: transfers that were running when it was locked; None when that is not known."""
        self._presenter.start(lockers)
        names = [record.name for record in lockers]
        if chosen in names:
            self._choice.setCurrentIndex(names.index(chosen))
        if waiting is None:
            text = self.tr("Uploads and downloads that were interrupted continue once the locker is open.")
        elif waiting:
            text = (
                self.tr("A transfer is unfinished; it continues once the locker is open.")
                if waiting == 1
                else self.tr("{0} transfers are unfinished; they continue once the locker is open.").format(
                    fmt.number(waiting)
                )
            )
        else:
            text = ""
        self._resume.setText(text)
        self._edit.setFocus()

    # --- presenters.UnlockView

    def show_lockers(self, lockers: Sequence[LockerRecord]) -> None:
        self._lockers = lockers
        self._choice.blockSignals(True)
        self._choice.clear()
        self._choice.addItems([record.name for record in lockers])
        self._choice.blockSignals(False)
        self._choice_field.setVisible(len(lockers) > 1)
        self._chosen_place.setVisible(len(lockers) > 1)
        self._name.setVisible(len(lockers) == 1)
        self._place.setVisible(len(lockers) == 1)
        self._chosen()

    def set_busy(self, busy: bool) -> None:
        for widget in (self._edit, self._choice, self._unlock, self._remembered):
            widget.setEnabled(not busy)
        self._unlock.setText(self.tr("Opening…") if busy else self.tr("&Unlock"))
        if not busy:
            self._edit.setFocus()

    def show_wrong_passphrase(self, text: str) -> None:
        self._field.say(text, "danger")
        self._edit.setFocus()
        self._edit.selectAll()

    def show_problem(self, problem: Problem | None) -> None:
        if problem is None:
            self._field.say("")
            self._banner.dismiss()
        else:
            self._banner.say("danger", problem.text, title=problem.title)

    def show_remembered(self, remembered: bool) -> None:
        self._remembered.setVisible(remembered)

    def unlocked(self, locker: Locker) -> None:
        self._edit.forget()
        self.unlocked_.emit(locker)

    # --- inside

    def _record(self) -> LockerRecord:
        return self._lockers[max(0, self._choice.currentIndex())]

    def _chosen(self, *_: object) -> None:
        if self._lockers:
            record = self._record()
            self._name.show_text(record.name)
            self._place.show_text(record.store_address)
            self._chosen_place.show_text(record.store_address)
            self._field.say("")
            self._presenter.chosen(record.name)

    def _unlock_clicked(self) -> None:
        self._presenter.unlock(self._record().name, self._edit.text())
