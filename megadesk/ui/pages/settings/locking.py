"""When lockers lock; changing a passphrase; whether this computer remembers a locker."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from megadesk.errors import PassphraseError
from megadesk.state.keychain import KeychainStatus
from megadesk.state.registry import LockerRecord
from megadesk.ui import theme as look
from megadesk.ui.pages.registry import PageContext
from megadesk.ui.presenters.errors import problem_of
from megadesk.ui.widgets.banner import Banner
from megadesk.ui.widgets.basics import Button, Choice, Field, PassphraseEdit, column, frame, label, line, reveal
from megadesk.ui.widgets.forms import NewPassphrase
from megadesk.ui.widgets.rows import CONTROL_WIDTH, ChoiceRow, Group, Row

IDLE_MIN = (1, 5, 10, 15, 30, 60, 240)


class LockSection(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        theme = context.theme
        preferences = context.services.preferences
        settings = preferences.settings
        layout = column(self, spacing=look.XL)

        when = Group(self.tr("Lock by itself"))
        minutes: list[tuple[str, object]] = [(self.tr("Never"), 0)]
        for count in IDLE_MIN:
            text = self.tr("1 minute") if count == 1 else self.tr("{0} minutes").format(count)
            minutes.append((text, count))
        self.idle = ChoiceRow(
            theme,
            self.tr("When MegaDesk is not &used"),
            self.tr("Keys, mouse and touch in its window count as use."),
            minutes,
            settings.lock_after_idle_min,
        )
        self.idle.chosen.connect(lambda count: preferences.change(lock_after_idle_min=count))
        when.add(self.idle)
        self.with_screen = when.add_check(
            theme,
            self.tr("With the &screen"),
            self.tr("When the session is locked or the screen saver starts."),
            settings.lock_on_screen_lock,
            lambda on: preferences.change(lock_on_screen_lock=on),
        )
        self.sleep = when.add_check(
            theme,
            self.tr("&Before sleep"),
            self.tr("At once, whatever is running; transfers go on when the locker is open again."),
            settings.lock_on_sleep,
            lambda on: preferences.change(lock_on_sleep=on),
        )
        self.wait = when.add_check(
            theme,
            self.tr("&Wait for transfers"),
            self.tr("Idle time and a locked screen lock once nothing is being sent or fetched any more."),
            settings.lock_waits_for_transfers,
            lambda on: preferences.change(lock_waits_for_transfers=on),
        )
        layout.addWidget(when)

        self._lockers = Group(self.tr("Passphrases"))
        layout.addWidget(self._lockers)
        context.scope.run(context.core.lockers, self._show)

    def _show(self, lockers: Sequence[LockerRecord]) -> None:
        self.panel = PassphrasePanel(self._context, lockers)
        self._lockers.add(self.panel)


class PassphrasePanel(QWidget):
    """For one of the lockers: a new passphrase, and the keychain."""

    def __init__(self, context: PageContext, lockers: Sequence[LockerRecord]) -> None:
        super().__init__()
        self._context = context
        self._names = [record.name for record in lockers]
        theme = context.theme
        layout = column(self, spacing=0)
        self.locker = Choice(theme)
        self.locker.setFixedWidth(CONTROL_WIDTH)
        self.locker.addItems(self._names)
        self.locker.currentIndexChanged.connect(self._ask_keychain)
        which = Row(self.tr("&Locker"), "", self.locker)
        which.setVisible(len(self._names) > 1)
        layout.addWidget(which)
        self.banner = Banner(theme, inset=True)
        layout.addWidget(self.banner)

        self.change = Button(theme, self.tr("&Change…"))
        self._form = self._make_form()
        self.change.clicked.connect(lambda: self._open(self._form))
        layout.addWidget(
            Row(
                self.tr("Passphrase on this computer"),
                self.tr("Other computers keep theirs. The recovery key stays as it is."),
                self.change,
            )
        )
        layout.addWidget(self._form)

        layout.addWidget(frame("line"))
        self.remember = Button(theme, self.tr("&Remember…"))
        self.remember.clicked.connect(self._remember_clicked)
        self._keychain_row = Row(self.tr("Open without a passphrase on this computer"), "", self.remember)
        layout.addWidget(self._keychain_row)
        self._ask = self._make_ask()
        layout.addWidget(self._ask)
        self._remembered = False
        self.remember.setEnabled(False)
        self._ask_keychain()

    def _make_form(self) -> QWidget:
        theme = self._context.theme
        form = QWidget()
        inner = column(form, spacing=look.M)
        inner.setContentsMargins(look.L, 0, look.L, look.L)
        self.old = PassphraseEdit(theme, self.tr("Passphrase until now"))
        self._old_field = Field(self.tr("Passphrase &until now"), self.old)
        self.new = NewPassphrase(theme, self.tr("&New passphrase"), self.tr("New passphrase &again"))
        self.save = Button(theme, self.tr("Change the &passphrase"), kind="primary")
        self.save.clicked.connect(self._change)
        self.new.submit(self._change)
        cancel = Button(theme, self.tr("Cancel"))
        cancel.clicked.connect(lambda: self._shut(form))
        for signal in (self.new.changed, self.old.textChanged):
            signal.connect(self._enable)
        inner.addWidget(self._old_field)
        inner.addWidget(self.new)
        buttons = line(spacing=look.S)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        inner.addLayout(buttons)
        form.hide()
        self._enable()
        return form

    def _make_ask(self) -> QWidget:
        theme = self._context.theme
        ask = QWidget()
        inner = column(ask, spacing=look.M)
        inner.setContentsMargins(look.L, 0, look.L, look.L)
        self.proof = PassphraseEdit(theme, self.tr("Passphrase of the locker"))
        self._proof_field = Field(self.tr("Passphrase of the &locker"), self.proof)
        self.proof.returnPressed.connect(self._remember)
        inner.addWidget(self._proof_field)
        note = self.tr("Whoever can use your session on this computer can then open the locker.")
        inner.addWidget(label(note, "caption", wrap=True))
        self.allow = Button(theme, self.tr("&Remember it"), kind="primary")
        self.allow.clicked.connect(self._remember)
        cancel = Button(theme, self.tr("Cancel"))
        cancel.clicked.connect(lambda: self._shut(ask))
        buttons = line(spacing=look.S)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.allow)
        inner.addLayout(buttons)
        ask.hide()
        return ask

    @property
    def _name(self) -> str:
        return self._names[max(0, self.locker.currentIndex())]

    def _open(self, form: QWidget) -> None:
        self.banner.dismiss()
        for each in (self._form, self._ask):
            each.setVisible(each is form)
        (self.old if form is self._form else self.proof).setFocus()
        reveal(form)

    def _shut(self, form: QWidget) -> None:
        form.hide()
        for edit in (self.old, self.proof):
            edit.forget()
        self.new.forget()
        self._old_field.say("")
        self._proof_field.say("")

    def _enable(self, *_: object) -> None:
        if hasattr(self, "save"):
            self.save.setEnabled(bool(self.old.text()) and self.new.state().ready)

    # --- a new passphrase

    def _change(self) -> None:
        if not self.save.isEnabled() or not self._names:
            return
        core, name, old, new = self._context.core, self._name, self.old.text(), self.new.passphrase()
        self.setEnabled(False)
        self._context.scope.run(lambda: core.change_passphrase(name, old, new), lambda _: self._changed(), self._failed)

    def _changed(self) -> None:
        self.setEnabled(True)
        self._shut(self._form)
        self.banner.say("good", self.tr("The passphrase is changed."), lasting=False)
        self.change.setFocus()

    def _failed(self, error: Exception) -> None:
        self.setEnabled(True)
        if isinstance(error, PassphraseError):
            field = self._old_field if self._form.isVisible() else self._proof_field
            field.say(self.tr("That is not the passphrase of this locker."), "danger")
            field.edit.setFocus()
        else:
            problem = problem_of(error)
            self.banner.say("danger", problem.text, title=problem.title)

    # --- the keychain

    def _ask_keychain(self, *_: object) -> None:
        if not self._names:
            return
        core, name = self._context.core, self._name

        def ask() -> tuple[KeychainStatus, bool]:
            return core.keychain(), core.is_remembered(name)

        self._context.scope.run(ask, self._show_keychain, self._failed, lane="keychain")

    def _show_keychain(self, found: tuple[KeychainStatus, bool]) -> None:
        status, self._remembered = found
        self.remember.setEnabled(status.available or self._remembered)
        self.remember.setText(self.tr("&Forget") if self._remembered else self.tr("&Remember…"))
        if self._remembered:
            self._keychain_row.say(self.tr("The keys are kept by {0}.").format(status.title or self.tr("the keychain")))
        elif status.available:
            self._keychain_row.say(self.tr("The keys would be kept by {0}.").format(status.title))
        else:
            self._keychain_row.say(self.tr("This system has no keychain that MegaDesk can trust."))

    def _remember_clicked(self) -> None:
        if not self._remembered:
            self._open(self._ask)
            return
        core, name = self._context.core, self._name
        self._context.scope.run(lambda: core.forget_remembered(name), lambda _: self._ask_keychain(), self._failed)

    def _remember(self) -> None:
        if not self.proof.text():
            return
        core, name, passphrase = self._context.core, self._name, self.proof.text()
        self.setEnabled(False)

        def done(_: object) -> None:
            self.setEnabled(True)
            self._shut(self._ask)
            self._ask_keychain()
            self.remember.setFocus()

        self._context.scope.run(lambda: core.remember(name, passphrase), done, self._failed)
