"""Making a locker: form, recovery key, confirmation."""

from __future__ import annotations

import os

from PySide6.QtCore import QDate, QLocale, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from megadesk.state.paths import MAX_LOCKER_NAME
from megadesk.ui import clipboard
from megadesk.ui import theme as look
from megadesk.ui.ports import Core, Locker
from megadesk.ui.presenters.errors import Problem, problem_of
from megadesk.ui.presenters.setup import SetupPresenter
from megadesk.ui.presenters.storage import TestReport
from megadesk.ui.runner import Scope
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.banner import Banner
from megadesk.ui.widgets.basics import Button, Field, column, label, line
from megadesk.ui.widgets.forms import FormPage, KeyGrid, NewPassphrase
from megadesk.ui.widgets.key_sheet import QrPicture, Sheet, paint_sheet, save_pdf, sheet_text
from megadesk.ui.widgets.storage_form import Purpose, StoragePicker

_CLIPBOARD_MS = 60_000


class SetupPage(FormPage):
    """``finished`` gives the open locker; ``join_wanted``: the user has a recovery key already."""

    finished_ = signal[Locker]()
    join_wanted = signal[()]()
    back_wanted = signal[()]()

    def __init__(self, theme: Theme, core: Core, scope: Scope, *, first: bool) -> None:
        """``first``: no locker is known here, so there is nothing to go back to."""
        steps = (self.tr("Storage and passphrase"), self.tr("Recovery key"), self.tr("Check"))
        super().__init__(theme, steps)
        self._theme = theme
        self._core = core
        self._scope = scope
        self._presenter = SetupPresenter(self, core, scope)
        self._banner = Banner(theme, inset=True)
        self._stack = QStackedWidget()
        for make in (self._make_form(first), self._make_key(), self._make_check()):
            self._stack.addWidget(make)
        form = QWidget()
        layout = column(form, spacing=look.M)
        layout.addWidget(self._banner)
        layout.addWidget(self._stack)
        self.set_form(form)
        self._show(0)
        self._enable()
        self._presenter.start()

    # --- what it is made of

    def _make_form(self, first: bool) -> QWidget:
        theme = self._theme
        page = QWidget()
        layout = column(page, spacing=look.M)
        layout.addWidget(label(self.tr("Make your locker"), "title"))
        self._name = QLineEdit()
        self._name.setMaxLength(MAX_LOCKER_NAME)
        self._name.textEdited.connect(self._presenter.choose_name)
        self._name.textEdited.connect(lambda _: self._enable())
        name = Field(self.tr("&Locker’s name"), self._name)
        name.setVisible(not first)  # several have to be told apart
        layout.addWidget(name)
        layout.addWidget(label(self.tr("Where should the encrypted files be kept?"), "muted"))
        self._store = StoragePicker(
            theme,
            self._core,
            self._scope,
            Purpose(),
            self.tr("This computer"),
            self.tr("A folder that holds only encrypted objects. It may lie on a drive or in a folder you back up."),
        )
        self._store.changed.connect(self._enable)
        self._store.form.tested.connect(self._tested)
        layout.addWidget(self._store)
        layout.addSpacing(look.XS)
        self._new = NewPassphrase(theme, self.tr("&Passphrase"), self.tr("Passphrase &again"))
        layout.addWidget(self._new)
        layout.addWidget(
            label(
                self.tr("It opens the locker on this computer. Nobody can reset it for you, but a recovery key can."),
                "caption",
                wrap=True,
            )
        )
        self._busy = label("", "muted")
        self._create = Button(theme, self.tr("&Make the locker"), kind="primary")
        self._create.clicked.connect(self._create_clicked)
        self._new.submit(self._create_clicked)
        self._new.changed.connect(self._enable)
        join = Button(theme, self.tr("I have a recovery &key"), kind="quiet")
        join.clicked.connect(self.join_wanted.emit)
        buttons = _buttons()
        if not first:
            back = Button(theme, self.tr("&Back"))
            back.clicked.connect(self.back_wanted.emit)
            buttons.addWidget(back)
        buttons.addWidget(join)
        buttons.addWidget(self._busy, 1)
        buttons.addWidget(self._create)
        layout.addSpacing(look.S)
        layout.addLayout(buttons)
        layout.addStretch(1)
        return page

    def _make_key(self) -> QWidget:
        theme = self._theme
        page = QWidget()
        layout = column(page, spacing=look.M)
        layout.addWidget(label(self.tr("Your recovery key"), "title"))
        layout.addWidget(
            label(
                self.tr(
                    "With this key the locker opens on any computer, also when the passphrase is forgotten or this "
                    "computer is lost. It is shown only now. Keep it on paper or on another drive; whoever has it has "
                    "your files."
                ),
                "muted",
                wrap=True,
            )
        )
        self._grid = KeyGrid()
        self._code = QrPicture(164)
        both = line(spacing=look.M)
        both.addWidget(self._grid, 1)
        both.addWidget(self._code, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(both)
        save = Button(theme, self.tr("&Save to a file…"), icon_name="save")
        save.clicked.connect(self._save_clicked)
        paper = Button(theme, self.tr("&Print…"), icon_name="print")
        paper.clicked.connect(self._print_clicked)
        copy = Button(theme, self.tr("&Copy"), icon_name="copy")
        copy.clicked.connect(self._copy_clicked)
        self._saved = label("", "caption", wrap=True)
        row = line(spacing=look.S)
        row.addWidget(save)
        row.addWidget(paper)
        row.addWidget(copy)
        row.addWidget(self._saved, 1)
        layout.addLayout(row)
        self._go_on = Button(theme, self.tr("I have &kept it"), kind="primary")
        self._go_on.clicked.connect(self._presenter.key_saved)
        buttons = _buttons()
        buttons.addStretch(1)
        buttons.addWidget(self._go_on)
        layout.addSpacing(look.M)
        layout.addLayout(buttons)
        layout.addStretch(1)
        return page

    def _make_check(self) -> QWidget:
        theme = self._theme
        page = QWidget()
        layout = column(page, spacing=look.M)
        layout.addWidget(label(self.tr("Is it really kept?"), "title"))
        layout.addWidget(
            label(self.tr("Read two groups from where you saved the key and type them here."), "muted", wrap=True)
        )
        self._groups = (QLineEdit(), QLineEdit())
        self._group_fields = tuple(Field("", edit) for edit in self._groups)
        row = line(spacing=look.M)
        for field, edit in zip(self._group_fields, self._groups, strict=True):
            edit.setMaxLength(9)
            edit.setInputMethodHints(Qt.InputMethodHint.ImhUppercaseOnly | Qt.InputMethodHint.ImhNoPredictiveText)
            edit.textChanged.connect(self._enable_finish)
            row.addWidget(field, 1)
        self._groups[0].returnPressed.connect(self._groups[1].setFocus)
        self._groups[1].returnPressed.connect(self._confirm_clicked)
        layout.addLayout(row)
        back = Button(theme, self.tr("&Show the key again"))
        back.clicked.connect(self._presenter.back_to_key)
        self._finish = Button(theme, self.tr("&Open the locker"), kind="primary")
        self._finish.clicked.connect(self._confirm_clicked)
        buttons = _buttons()
        buttons.addWidget(back)
        buttons.addStretch(1)
        buttons.addWidget(self._finish)
        layout.addSpacing(look.M)
        layout.addLayout(buttons)
        layout.addStretch(1)
        return page

    # --- presenters.SetupView

    def set_default_store(self, address: str) -> None:
        self._store.set_default(address)
        if not self._name.text():
            self._name.setText(self._presenter.name)
            self._new.focus_first()

    def set_busy(self, busy: bool, text: str = "") -> None:
        self._stack.setEnabled(not busy)
        self._busy.setText(text)

    def show_problem(self, problem: Problem | None, *, at_key: bool = False) -> None:
        if problem is None:
            self._banner.dismiss()
        else:
            self._banner.say("danger", problem.text)

    def show_key(self, groups: list[str]) -> None:
        self._new.forget()
        self._store.forget()
        self._grid.show_groups(groups, 3)
        self._code.show_text(self._presenter.recovery_key)
        self._show(1)
        self._go_on.setFocus()

    def ask_groups(self, numbers: tuple[int, int]) -> None:
        self._grid.show_groups([])
        self._code.show_text("")
        for field, edit, number in zip(self._group_fields, self._groups, numbers, strict=True):
            name = self.tr("Group {0}").format(number)
            field.rename(name)
            edit.clear()
        self._show(2)
        self._enable_finish()
        self._groups[0].setFocus()

    def finished(self, locker: Locker) -> None:
        for edit in self._groups:
            edit.clear()
        self.finished_.emit(locker)

    # --- inside

    @property
    def key_unconfirmed(self) -> bool:
        """Closing now would lose the recovery key."""
        return self._presenter.key_unconfirmed

    def warn_unconfirmed(self) -> None:
        self._banner.say(
            "warn",
            self.tr("The recovery key is shown only now. Keep it first, or close again to leave without it."),
        )

    def _show(self, step: int) -> None:
        self._stack.setCurrentIndex(step)
        self.show_step(step)

    def _enable(self) -> None:
        if hasattr(self, "_create"):
            named = bool(self._name.text().strip())
            self._create.setEnabled(named and self._new.state().ready and self._store.place() is not None)

    def _enable_finish(self) -> None:
        self._finish.setEnabled(all(edit.text().strip() for edit in self._groups))

    def _create_clicked(self) -> None:
        place = self._store.place(show=True)
        if place is not None and self._new.state().ready and self._stack.isEnabled():
            self._presenter.create(place.address, self._new.passphrase(), place.credentials)

    def _tested(self, report: TestReport) -> None:
        """Somebody who has a locker there wants to open it, not to make another."""
        if report.holds_locker and not report.usable:
            self._banner.say(
                "info",
                self.tr("A locker is in this storage already."),
                action=self.tr("&Open it with its recovery key"),
                act=self.join_wanted.emit,
            )

    def _confirm_clicked(self) -> None:
        self._presenter.confirm((self._groups[0].text(), self._groups[1].text()))

    def _copy_clicked(self) -> None:
        clipboard.put_text(self._presenter.recovery_key, secret=True)
        self._saved.setText(self.tr("Copied. The clipboard is cleared in a minute."))
        QTimer.singleShot(_CLIPBOARD_MS, self, clipboard.clear_ours)

    def _save_clicked(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Save the recovery key"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        pdf = self.tr("Sheet to print (*.pdf)")
        dialog.setNameFilters([self.tr("Text (*.txt)"), pdf])
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix("pdf" if chosen == pdf else "txt"))
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(self.tr("MegaDesk recovery key ({0})").format(self._presenter.name))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._save)
        dialog.open()

    def _sheet(self) -> Sheet:
        made = QLocale().toString(QDate.currentDate(), QLocale.FormatType.LongFormat)
        return Sheet(self._presenter.recovery_key, self._presenter.name, made)

    def _save(self, path: str) -> None:
        sheet = self._sheet()
        text = sheet_text(sheet)

        def write() -> None:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "w", encoding="utf-8") as file:
                os.fchmod(descriptor, 0o600)
                if path.lower().endswith(".pdf"):
                    save_pdf(path, sheet)
                else:
                    file.write(text)
                file.flush()
                os.fsync(file.fileno())

        def failed(error: Exception) -> None:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else problem_of(error).text
            self._banner.say("danger", self.tr("The key was not saved: {0}.").format(reason))

        self._scope.run(
            write, lambda _: self._saved.setText(self.tr("Saved as {0}").format(os.path.basename(path))), failed
        )

    def _print_clicked(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # here: it looks for printers

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.tr("MegaDesk recovery key"))
        dialog = QPrintDialog(printer, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def accepted() -> None:
            painter = QPainter()
            if painter.begin(printer):
                page = printer.pageRect(QPrinter.Unit.DevicePixel)
                paint_sheet(painter, QRectF(0, 0, page.width(), page.height()), self._sheet())
                painter.end()
                self._saved.setText(self.tr("Sent to the printer."))
            else:
                self._banner.say("danger", self.tr("The printer does not take it."))

        dialog.accepted.connect(accepted)
        dialog.setModal(True)
        dialog.show()


def _buttons() -> QHBoxLayout:
    return line(spacing=look.S)
