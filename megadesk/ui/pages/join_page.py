"""Opening a locker by its recovery key: one made on another computer, or with a forgotten passphrase."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from megadesk.state.registry import LockerRecord
from megadesk.stores.open import folder_path
from megadesk.ui import theme as look
from megadesk.ui.ports import Core, Locker
from megadesk.ui.presenters.devices import store_of_code
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.setup import JoinPresenter, JoinProgress, check_recovery_key
from megadesk.ui.presenters.storage import Kind, kind_of
from megadesk.ui.runner import Scope
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.banner import Banner
from megadesk.ui.widgets.basics import Button, Field, column, label, line
from megadesk.ui.widgets.credentials_form import CredentialsForm
from megadesk.ui.widgets.forms import FormPage, NewPassphrase, show_as_code, show_two_lines
from megadesk.ui.widgets.storage_form import Purpose, StoragePicker

_KEY_CHARACTERS = 65


class JoinPage(FormPage):
    """With a ``record``: a new passphrase for that locker of this machine; without: a locker from elsewhere."""

    finished_ = signal[Locker]()
    back_wanted = signal[()]()

    def __init__(
        self, theme: Theme, core: Core, scope: Scope, post: Callable[[object], None], record: LockerRecord | None = None
    ) -> None:
        steps = (self.tr("Recovery key and passphrase"),)
        super().__init__(theme, steps)
        self._record = record
        self._presenter = JoinPresenter(self, core, scope, post)
        self._banner = Banner(theme, inset=True)
        self._form = QWidget()
        layout = column(self._form, spacing=look.M)
        title = self.tr("Open your locker") if record is None else self.tr("New passphrase for {0}").format(record.name)
        layout.addWidget(self._banner)
        layout.addWidget(label(title, "title"))
        self._code = QPlainTextEdit()
        self._code.setTabChangesFocus(True)
        show_two_lines(self._code)
        show_as_code(self._code)
        self._code.setPlaceholderText(
            self.tr("From a computer that uses it: Computers, “Add a computer”. Leave it empty if you have none.")
        )
        self._code_field = Field(self.tr("Pairing &code, if you have one"), self._code)
        self._code.textChanged.connect(self._code_typed)
        layout.addWidget(self._code_field)
        self._code_field.setVisible(record is None)
        self._store = StoragePicker(
            theme,
            core,
            scope,
            Purpose(joining=True),
            self.tr("Where the locker is"),
            self.tr("The folder in which its encrypted objects lie."),
        )
        self._store.changed.connect(self._enable)
        self._store.path.textEdited.connect(self._enable)
        layout.addWidget(self._store)
        self._store.setVisible(record is None)
        self._credentials = CredentialsForm(theme, record.store_address if record is not None else "")
        self._credentials_place = column(spacing=0)
        self._credentials_place.addWidget(self._credentials)
        layout.addLayout(self._credentials_place)
        self._credentials.setVisible(self._credentials.needed)
        self._theme_ = theme
        self._by_code = ""
        """Address of the storage that a pairing code names, where it can only be that."""
        self._key = QPlainTextEdit()
        self._key.setTabChangesFocus(True)
        show_two_lines(self._key)
        self._key.setPlaceholderText(self.tr("13 groups of 5 characters; case and dashes do not matter"))
        self._key_field = Field(self.tr("&Recovery key"), self._key)
        self._key.textChanged.connect(self._key_typed)
        layout.addWidget(self._key_field)
        self._new = NewPassphrase(theme, self.tr("New &passphrase"), self.tr("Passphrase &again"))
        self._new.changed.connect(self._enable)
        layout.addWidget(self._new)
        note = (
            self.tr("It will open the locker on this computer; other computers keep theirs.")
            if record is None
            else self.tr("Uploads that were waiting on this computer are forgotten: start them again.")
        )
        layout.addWidget(label(note, "caption", wrap=True))
        self._busy = label("", "muted")
        back = Button(theme, self.tr("&Back"))
        back.clicked.connect(self.back_wanted.emit)
        self._open = Button(theme, self.tr("&Open"), kind="primary")
        self._open.clicked.connect(self._open_clicked)
        self._new.submit(self._open_clicked)
        buttons = line(spacing=look.S)
        buttons.addWidget(back)
        buttons.addWidget(self._busy, 1)
        buttons.addWidget(self._open)
        layout.addLayout(buttons)
        self.set_form(self._form)
        self.show_step(0)
        self._enable()
        (self._store.path if record is None else self._key).setFocus()

    # --- presenters.SetupView, the part that joining uses

    def set_default_store(self, address: str) -> None: ...

    def show_key(self, groups: list[str]) -> None: ...

    def ask_groups(self, numbers: tuple[int, int]) -> None: ...

    def set_busy(self, busy: bool, text: str = "") -> None:
        self._form.setEnabled(not busy)
        self._busy.setText(text)

    def show_problem(self, problem: Problem | None, *, at_key: bool = False) -> None:
        self._banner.dismiss()
        if problem is not None and at_key:
            self._key_field.say(problem.text, "danger")
            self._key.setFocus()
        elif problem is not None:
            self._banner.say("danger", problem.text)

    def show_progress(self, progress: JoinProgress) -> None:
        done, total = progress.progress.done, progress.progress.total
        if total:
            self._busy.setText(self.tr("Reading the locker… {0} %").format(done * 100 // total))

    def finished(self, locker: Locker) -> None:
        self._key.clear()
        self._new.forget()
        self._store.forget()
        self._credentials.forget()
        self._code.clear()
        self.finished_.emit(locker)

    # --- inside

    def _code_typed(self) -> None:
        """A code says where the storage is. A folder may have another path here; anything else has one address."""
        text = self._code.toPlainText().strip()
        address, wrong = store_of_code(text) if text else ("", "")
        is_folder = bool(address) and kind_of(address) is Kind.FOLDER
        if wrong:
            self._code_field.say(wrong, "danger")
        elif is_folder:
            self._code_field.say(self.tr("The code is complete. Check that the folder is the same here."), "good")
            if not self._store.expanded:
                self._store.path.setText(folder_path(address))
        elif address:
            self._code_field.say(self.tr("The code is complete. The locker is in {0}.").format(address), "good")
        else:
            self._code_field.say("")
        by_code = "" if is_folder else address
        if by_code != self._by_code:
            self._by_code = by_code
            self._credentials.hide()
            self._credentials.deleteLater()
            self._credentials = CredentialsForm(self._theme_, by_code, place=False)
            self._credentials_place.addWidget(self._credentials)
            self._credentials.setVisible(self._credentials.needed)
        self._store.setVisible(not by_code)
        self._enable()

    def _key_typed(self) -> None:
        text = self._key.toPlainText()
        count = sum(char.isalnum() for char in text)
        if count >= _KEY_CHARACTERS:
            problem = check_recovery_key(text)
            self._key_field.say(problem or self.tr("The key is complete."), "danger" if problem else "good")
        else:
            self._key_field.say(self.tr("{0} of {1} characters").format(count, _KEY_CHARACTERS) if count else "")
        self._enable()

    def _enable(self, *_: object) -> None:
        if not hasattr(self, "_open"):
            return
        key_ok = not check_recovery_key(self._key.toPlainText())
        store_ok = self._record is not None or bool(self._by_code) or self._store.place() is not None
        code = self._code.toPlainText().strip()
        store_ok = store_ok and not (code and store_of_code(code)[1])
        self._open.setEnabled(key_ok and store_ok and self._new.state().ready)

    def _open_clicked(self) -> None:
        if not self._open.isEnabled() or not self._form.isEnabled():
            return
        key, passphrase = self._key.toPlainText(), self._new.passphrase()
        if self._record is not None:
            given = self._credentials.given(show=True)
            if given is not None:
                self._presenter.reset(self._record.name, key, passphrase, given.credentials)
            return
        code = self._code.toPlainText().strip() or None
        if self._by_code:
            given = self._credentials.given(show=True)
            if given is not None:
                self._presenter.join(self._by_code, key, passphrase, given.credentials, code)
            return
        place = self._store.place(show=True)
        if place is not None:
            self._presenter.join(place.address, key, passphrase, place.credentials, code)
