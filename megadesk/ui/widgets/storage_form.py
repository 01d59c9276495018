"""The form of a storage: its kind, the fields of that kind, and a Test button that names the fault."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QFrame, QGridLayout, QLineEdit, QSpinBox, QWidget

from megadesk.core.probe import StoreTestResult
from megadesk.errors import MegaDeskError
from megadesk.ui import theme as look
from megadesk.ui.ports import Core
from megadesk.ui.presenters.errors import problem_of
from megadesk.ui.presenters.storage import (
    ICONS,
    FieldSpec,
    FormError,
    Kind,
    Place,
    TestReport,
    fields_of,
    kind_name,
    kind_text,
    kinds,
    place_of,
    report_of,
    shown_place,
    spread_of,
)
from megadesk.ui.runner import Scope
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import (
    Button,
    Field,
    IconButton,
    PassphraseEdit,
    Picture,
    column,
    frame,
    label,
    line,
    reveal,
)
from megadesk.ui.widgets.rows import inset
from megadesk.ui.widgets.tile import Tile

TILES_A_ROW = 3
_KINDS_OF_HOST = ("url", "host", "bucket")


@dataclass(frozen=True)
class Purpose:
    """What the storage is wanted for."""

    joining: bool = False
    """A locker is there already."""
    part: bool = False
    """One of several."""


class TestResultBox(QFrame):
    """What the test found: an icon, a title, words."""

    trust_wanted = signal[str]()
    """The line of known_hosts that the user accepts."""

    __test__ = False

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("inset", "true")
        self._line = ""
        self._picture = Picture(theme, "check", "good", 20)
        self._title = label("", "field", wrap=True)
        self._text = label("", wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._trust = Button(theme, self.tr("It is the right one: &trust it"), icon_name="shield")
        self._trust.clicked.connect(lambda: self.trust_wanted.emit(self._line))
        box = column(spacing=look.XS)
        box.addWidget(self._title)
        box.addWidget(self._text)
        box.addWidget(self._trust, 0, Qt.AlignmentFlag.AlignLeft)
        row = line(self, margin=look.M, spacing=look.M)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(box, 1)
        self.hide()

    def show_report(self, report: TestReport | None) -> None:
        from megadesk.ui.widgets.basics import restyle

        self.setVisible(report is not None)
        if report is None:
            return
        restyle(self, "tone", report.tone)
        self._picture.show_drawing("check" if report.tone == "good" else "warning", report.tone)
        text = report.text
        if report.fingerprint:
            text = self.tr("Its key has the fingerprint\n{0}\nCompare it with what the server’s owner says.")
            text = text.format(report.fingerprint)
        self._line = report.known_hosts_line
        self._title.setText(report.title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._trust.setVisible(bool(report.known_hosts_line))
        self.setAccessibleName(f"{report.title}. {text}")


class StorageForm(QWidget):
    """``place`` is what it says; ``changed`` when that may differ. Tests run in ``scope``."""

    changed = signal[()]()
    tested = signal[TestReport]()

    def __init__(self, theme: Theme, core: Core, scope: Scope, purpose: Purpose) -> None:
        super().__init__()
        self._theme = theme
        self._core = core
        self._scope = scope
        self._purpose = purpose
        self._kind = Kind.FOLDER
        self._edits: dict[str, QLineEdit] = {}
        self._fields: dict[str, Field] = {}
        self._parts: list[Place] = []
        self._inner: StorageForm | None = None
        self.default = ""
        self.report: TestReport | None = None
        self._layout = column(self, spacing=look.M)
        self._tiles = self._make_tiles()
        self._layout.addWidget(self._tiles)
        self._text = label("", "muted", wrap=True)
        self._layout.addWidget(self._text)
        self._holder = QWidget()
        self._layout.addWidget(self._holder)
        self._test = Button(theme, self.tr("Test th&is one") if purpose.part else self.tr("&Test"), icon_name="speed")
        self._test.clicked.connect(self.test)
        self._busy = label("", "muted", wrap=True)
        self._result = TestResultBox(theme)
        self._result.trust_wanted.connect(self._trust)
        row = line(spacing=look.M)
        row.addWidget(self._test)
        row.addWidget(self._busy, 1)
        self._layout.addLayout(row)
        self._layout.addWidget(self._result)
        self.choose(Kind.FOLDER)

    # --- what it is made of

    def _make_tiles(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look.S)
        group = QButtonGroup(self)
        self._by_kind: dict[Kind, Tile] = {}
        for at, kind in enumerate(kinds(parts=self._purpose.part)):
            tile = Tile(self._theme, ICONS[kind], kind_name(kind))
            tile.setAccessibleDescription(kind_text(kind))
            tile.clicked.connect(self._chooser(kind))
            group.addButton(tile)
            self._by_kind[kind] = tile
            grid.addWidget(tile, at // TILES_A_ROW, at % TILES_A_ROW)
        return holder

    def _chooser(self, kind: Kind) -> Callable[[], None]:
        return lambda: self.choose(kind)

    def focus_kind(self) -> None:
        """To the kind that is chosen; its fields come next."""
        self._by_kind[self._kind].setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, kind: Kind) -> None:
        """Show the fields of a kind."""
        self._kind = kind
        self._by_kind[kind].setChecked(True)
        self._text.setText(kind_text(kind))
        self._edits, self._fields, self._inner = {}, {}, None
        fresh = self._spread_fields() if kind is Kind.SPREAD else self._plain_fields(kind)
        self._layout.replaceWidget(self._holder, fresh)
        self._holder.hide()
        self._holder.deleteLater()
        self._holder = fresh
        fresh.show()
        self._edited()

    def _plain_fields(self, kind: Kind) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.M)
        grid.setVerticalSpacing(look.M)
        at = 0
        for spec in fields_of(kind):
            wide = spec.key in ("url", "path", "key_file")
            at += at % 2 if wide else 0
            grid.addWidget(self._field(spec), at // 2, at % 2, 1, 2 if wide else 1, Qt.AlignmentFlag.AlignTop)
            at += 2 if wide else 1
        if kind is Kind.FOLDER:
            self._edits["path"].setText(self.default)
            self._edits["path"].setCursorPosition(0)
        return holder

    def _field(self, spec: FieldSpec) -> QWidget:
        name = spec.name if not spec.optional else self.tr("{0} (optional)").format(spec.name)
        edit: QLineEdit = PassphraseEdit(self._theme, name.replace("&", "")) if spec.secret else QLineEdit()
        edit.setPlaceholderText(spec.example)
        edit.textEdited.connect(self._edited)
        edit.returnPressed.connect(self.test)
        self._edits[spec.key] = edit
        if not spec.file:
            field = Field(name, edit)
            self._fields[spec.key] = field
            return field
        holder = QWidget()
        row = line(holder, spacing=look.S)
        row.addWidget(edit, 1)
        browse = Button(self._theme, self.tr("Brows&e…"))
        browse.clicked.connect(lambda: self._browse(edit, folder=spec.key == "path"))
        row.addWidget(browse)
        field = Field(name, holder)
        field.say_for(edit)
        self._fields[spec.key] = field
        return field

    def _spread_fields(self) -> QWidget:
        holder = QWidget()
        box = column(holder, spacing=look.S)
        for number, part in enumerate(self._parts):
            box.addWidget(self._part_row(number, part))
        self._inner = StorageForm(self._theme, self._core, self._scope, Purpose(self._purpose.joining, part=True))
        self._inner.changed.connect(self.changed.emit)
        card = frame("group")
        inside = column(card, margin=look.M, spacing=look.M)
        inside.addWidget(self._inner)
        add = Button(self._theme, self.tr("Add this stora&ge"), icon_name="plus")
        add.clicked.connect(self._add_part)
        inside.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        self._part_note = label("", "caption", wrap=True, tone="danger")
        self._part_note.hide()
        inside.addWidget(self._part_note)
        box.addWidget(card)
        self._needed = QSpinBox()
        inset(self._needed)
        self._needed.setRange(1, max(1, len(self._parts)))
        self._needed.setValue(max(1, len(self._parts) - 1))
        self._needed.valueChanged.connect(self._edited)
        self._needed_field = Field(self.tr("How many of them are enough to read everything"), self._needed)
        box.addWidget(self._needed_field)
        if len(self._parts) > 1:
            self._say_spread()
            self._needed.valueChanged.connect(self._say_spread)
        else:
            self._needed_field.hide()
        return holder

    def _say_spread(self) -> None:
        lost = len(self._parts) - self._needed.value()
        share = len(self._parts) / self._needed.value()
        text = self.tr("Up to {0} of {1} may be lost. It takes {2} times the space of the files.")
        self._needed_field.say(text.format(lost, len(self._parts), f"{share:.2g}"))

    def _part_row(self, number: int, part: Place) -> QWidget:
        row_frame = frame("card")
        row = line(row_frame, margin=look.S, spacing=look.S)
        row.addWidget(Picture(self._theme, "check", "good", 18))
        row.addWidget(label(shown_place(part.address)), 1)
        remove = IconButton(self._theme, "close", self.tr("Remove {0}").format(shown_place(part.address)))
        remove.clicked.connect(lambda: self._remove_part(number))
        row.addWidget(remove)
        return row_frame

    # --- what it says

    @property
    def kind(self) -> Kind:
        return self._kind

    @property
    def path(self) -> QLineEdit:
        """The field of a folder; of the kind that is shown first."""
        return self._edits["path"]

    def set_default(self, address: str) -> None:
        """The folder that is meant when nothing is changed."""
        untouched = self._kind is Kind.FOLDER and self.path.text().strip() in ("", self.default)
        self.default = address
        if untouched:
            self.path.setText(address)
            self.path.setCursorPosition(0)
            self.path.setToolTip(address)

    def is_default(self) -> bool:
        return self._kind is Kind.FOLDER and bool(self.default) and self.path.text().strip() == self.default

    def place(self, *, show: bool = False) -> Place | None:
        """What the fields say; None when something is missing or wrong, told at the field with ``show``."""
        self._say_all("")
        try:
            if self._kind is Kind.SPREAD:
                return spread_of(self._parts, self._needed.value())
            return place_of(self._kind, {key: edit.text() for key, edit in self._edits.items()})
        except FormError as error:
            if show:
                self._say_at(error.key, str(error))
        except MegaDeskError as error:
            if show:
                self._say_at(next((key for key in _KINDS_OF_HOST if key in self._fields), ""), problem_of(error).text)
        return None

    def _say_all(self, text: str) -> None:
        for field in self._fields.values():
            field.say(text)

    def _say_at(self, key: str, text: str) -> None:
        field = self._fields.get(key)
        if field is not None:
            field.say(text, "danger")
            self._edits[key].setFocus()
        else:
            self._result.show_report(TestReport("danger", text, "", usable=False))

    def forget(self) -> None:
        """Empty the secrets."""
        for edit in self._edits.values():
            if isinstance(edit, PassphraseEdit):
                edit.forget()
        if self._inner is not None:
            self._inner.forget()
        self._parts = []

    # --- doing

    def _edited(self, *_: object) -> None:
        self.report = None
        self._result.show_report(None)
        self.changed.emit()

    def test(self) -> None:
        """Try the storage out; the result is shown below and told by ``tested``."""
        place = self.place(show=True)
        if place is None:
            return
        core = self._core
        create = not self._purpose.joining
        self._test.setEnabled(False)
        self._result.show_report(None)
        self._busy.setText(self.tr("Trying it out…"))
        self._scope.run(
            lambda: core.test_store(place.address, place.credentials, create=create),
            lambda result: self._show_result(place, result),
            self._failed,
            lane=f"test-{id(self)}",
        )

    def _show_result(self, place: Place, result: StoreTestResult) -> None:
        self._test.setEnabled(True)
        self._busy.setText(
            self.tr("http is not encrypted. Your files are, but others see how much is sent: use https if you can.")
            if place.insecure
            else ""
        )
        self.report = report_of(result, joining=self._purpose.joining and not self._purpose.part)
        self._result.show_report(self.report)
        reveal(self._result)
        self.tested.emit(self.report)

    def _failed(self, error: Exception) -> None:
        self._test.setEnabled(True)
        self._busy.setText("")
        problem = problem_of(error)
        self._result.show_report(TestReport("danger", problem.title, problem.text, usable=False))
        reveal(self._result)

    def _trust(self, known_hosts_line: str) -> None:
        core = self._core
        self._scope.run(lambda: core.trust_host(known_hosts_line), lambda _: self.test(), self._failed)

    def _add_part(self) -> None:
        inner = self._inner
        if inner is None:
            return
        place = inner.place(show=True)
        if place is None:
            return
        if any(part.address == place.address for part in self._parts):
            self._part_note.setText(self.tr("This storage is among them already."))
            self._part_note.show()
            return
        self._parts.append(place)
        self.choose(Kind.SPREAD)

    def _remove_part(self, number: int) -> None:
        del self._parts[number]
        self.choose(Kind.SPREAD)

    def _browse(self, edit: QLineEdit, *, folder: bool) -> None:
        start = edit.text()
        while start and not os.path.isdir(start):
            start = os.path.dirname(start) if os.path.dirname(start) != start else ""
        title = self.tr("Choose a folder") if folder else self.tr("Choose a key file")
        dialog = QFileDialog(self.window(), title, start)
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(edit.setText)
        dialog.fileSelected.connect(self._edited)
        dialog.open()


class StoragePicker(QFrame):
    """This computer, preselected, in one box; everything else a click away. For the first run."""

    changed = signal[()]()

    def __init__(self, theme: Theme, core: Core, scope: Scope, purpose: Purpose, title: str, text: str) -> None:
        super().__init__()
        self.form = StorageForm(theme, core, scope, purpose)
        self.form.changed.connect(self.changed.emit)
        self._small = frame("option")
        words = column(spacing=2)
        words.addWidget(label(title, "field"))
        words.addWidget(label(text, "caption", wrap=True))
        head = line(spacing=look.M)
        head.addWidget(Picture(theme, "computer", "accent", 28))
        head.addLayout(words, 1)
        head.addWidget(Picture(theme, "check", "accent", 20))
        self.path = QLineEdit()
        self.path.setAccessibleName(self.tr("Folder for the locker"))
        self.path.textEdited.connect(self._path_edited)
        browse = Button(theme, self.tr("Bro&wse…"))
        browse.clicked.connect(lambda: self.form._browse(self.path, folder=True))
        row = line(spacing=look.S)
        row.addWidget(self.path, 1)
        row.addWidget(browse)
        inside = column(self._small, margin=look.M, spacing=look.S)
        inside.addLayout(head)
        inside.addLayout(row)
        self._more = Button(theme, self.tr("Other s&torage: Nextcloud, S3, SFTP…"), kind="quiet", icon_name="storage")
        self._more.clicked.connect(self._more_clicked)
        layout = column(self, spacing=look.XS)
        layout.addWidget(self._small)
        layout.addWidget(self.form)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.form.hide()

    def _path_edited(self, text: str) -> None:
        self.form.path.setText(text)
        self.changed.emit()

    @property
    def expanded(self) -> bool:
        return not self._small.isVisibleTo(self)

    def _more_clicked(self) -> None:
        self.expand()
        self.form.focus_kind()

    def expand(self, kind: Kind | None = None) -> None:
        """Show all kinds."""
        text = self.path.text()
        self._small.hide()
        self._more.hide()
        self.form.show()
        available = kinds()
        self.form.choose(kind or (available[1] if len(available) > 1 else available[0]))
        if self.form.kind is Kind.FOLDER:
            self.form.path.setText(text)

    @property
    def default(self) -> str:
        return self.form.default

    def set_default(self, address: str) -> None:
        """The folder that is meant, and shown, until another one is chosen."""
        untouched = self.path.text().strip() in ("", self.default)
        self.form.set_default(address)
        if untouched:
            self.path.setText(address)
            self.path.setCursorPosition(0)
            self.path.setToolTip(address)
            self.changed.emit()

    def place(self, *, show: bool = False) -> Place | None:
        """None: not complete. The address is "" when the place was left as it was."""
        if not self.expanded:
            text = self.path.text().strip()
            return Place("" if text and text == self.default else text) if text else None
        if self.form.is_default():
            return Place("")
        return self.form.place(show=show)

    def forget(self) -> None:
        self.form.forget()
