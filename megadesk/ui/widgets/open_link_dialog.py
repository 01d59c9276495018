"""A link that somebody sent, opened in the window: what it is, and the ways to have it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QLineEdit, QScrollArea, QWidget

from megadesk.share.address import is_link
from megadesk.types import ROOT, NodeId
from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.icons import type_icon
from megadesk.ui.ports import Locker
from megadesk.ui.presenters.link_opening import Arrived, LinkCard, LinkOpening
from megadesk.ui.private_files import PrivateFiles
from megadesk.ui.runner import Runs
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Bar, Button, Field, PassphraseEdit, Picture, column, frame, label, line

_WIDTH = 640
_NOTE_WIDTH = 480
_NOTE_HEIGHT = 120
_LOOK_MS = 100


def link_on_clipboard() -> str:
    """A link that lies on the clipboard, so that it need not be pasted; "" for anything else."""
    text = QGuiApplication.clipboard().text().strip()
    return text if text and is_link(text) else ""


class OpenLinkDialog(QDialog):
    """Beside the window, which may be unlocked meanwhile. Closes when that locks, and cancels what is under way."""

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        runs: Runs,
        private: PrivateFiles,
        locker: Callable[[], Locker | None] = lambda: None,
        *,
        folder: Callable[[], NodeId] = lambda: ROOT,
        go_to: Callable[[NodeId], None] = lambda node: None,
    ) -> None:
        """``folder``: where in the locker what is kept goes; ``go_to`` shows a file of it."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Open a link"))
        self.setFixedWidth(_WIDTH)
        self._theme = theme
        self._go_to = go_to
        self._node: NodeId | None = None
        self._path = ""
        self.opening = LinkOpening(self, runs, private, locker, folder)
        self._title = label(self.tr("Open a link"), "subtitle", wrap=True)
        self._problem = label("", "caption", wrap=True, tone="danger")
        self._make_buttons()
        layout = column(self, margin=look.XL, spacing=look.L)
        layout.addWidget(self._title)
        self._parts = (
            self._make_link(),
            self._make_password(),
            self._make_card(),
            self._make_moving(),
            self._make_end(),
        )
        self.link_part, self.password_part, self.card_part, self.moving_part, self.end_part = self._parts
        for part in self._parts:
            layout.addWidget(part)
            part.hide()
        layout.addWidget(self._problem)
        foot = line(spacing=look.S)
        foot.addStretch(1)
        for button in self._buttons:
            foot.addWidget(button)
        layout.addLayout(foot)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._tick)

    # --- its parts

    def _make_buttons(self) -> None:
        theme = self._theme
        self.cancel = Button(theme, self.tr("Cancel"))
        self.go = Button(theme, self.tr("&Open the link"), kind="primary", icon_name="links")
        self.unlock = Button(theme, self.tr("&Unlock"), kind="primary")
        self.open_with = Button(theme, self.tr("&Open"), icon_name="open")
        self.keep = Button(theme, self.tr("&Keep in the locker"), icon_name="locker")
        self.save = Button(theme, self.tr("&Save to…"), kind="primary", icon_name="download")
        self.show_ = Button(theme, self.tr("&Go to file"), icon_name="files")
        self.folder_button = Button(theme, self.tr("Show the &folder"), icon_name="files")
        self.finish = Button(theme, self.tr("&Done"), kind="primary")
        self._buttons = (
            self.cancel,
            self.go,
            self.unlock,
            self.open_with,
            self.keep,
            self.save,
            self.show_,
            self.folder_button,
            self.finish,
        )
        self.cancel.clicked.connect(self._cancel)
        self.go.clicked.connect(lambda: self.opening.go(self.link.text() if self.link_part.isVisible() else ""))
        self.unlock.clicked.connect(self._unlock)
        self.open_with.clicked.connect(self.opening.open)
        self.keep.clicked.connect(self.opening.keep)
        self.save.clicked.connect(self._ask_folder)
        self.show_.clicked.connect(self._show_in_locker)
        self.folder_button.clicked.connect(self._show_folder)
        self.finish.clicked.connect(self.accept)
        for button in self._buttons:
            button.setAutoDefault(False)

    def _make_link(self) -> QWidget:
        part = QWidget()
        self.link = QLineEdit()
        self.link.setMaxLength(20_000)
        self.link.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData)
        self.link.returnPressed.connect(self.go.click)
        hint = self.tr("All of it, with what is behind the #. The host is asked for it, and only for it.")
        column(part).addWidget(Field(self.tr("&Link"), self.link, hint))
        return part

    def _make_password(self) -> QWidget:
        part = QWidget()
        self.password = PassphraseEdit(self._theme, self.tr("Password"))
        self.password.returnPressed.connect(self.unlock.click)
        hint = self.tr("Whoever sent you the link has it.")
        column(part).addWidget(Field(self.tr("&Password of the link"), self.password, hint))
        return part

    def _make_card(self) -> QWidget:
        part = QFrame()
        part.setProperty("kind", "group")
        self._picture = Picture(self._theme, "file", "accent", 32)
        self._name = label("", "field", wrap=True)
        self._facts = label("", wrap=True)
        self._lasts = label("", "caption", wrap=True)
        self._note = label("", wrap=True)
        self._note.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._note_area = QScrollArea()
        self._note_area.setWidget(self._note)
        self._note_area.setWidgetResizable(True)
        self._note_area.setFrameShape(QFrame.Shape.NoFrame)
        self._note_area.setAccessibleName(self.tr("Note from the sender"))
        self._note_title = label(self.tr("Note from the sender"), "field")
        row = line(part, margin=look.M, spacing=look.M)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=look.XS)
        for each in (self._name, self._facts, self._lasts):
            words.addWidget(each)
        self._note_gap = frame("plain")
        self._note_gap.setFixedHeight(look.XS)
        words.addWidget(self._note_gap)
        words.addWidget(self._note_title)
        words.addWidget(self._note_area)
        row.addLayout(words, 1)
        return part

    def _make_moving(self) -> QWidget:
        part = QWidget()
        self._bar = Bar(self._theme)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._figures = label("", "caption")
        layout = column(part)
        layout.addWidget(self._bar)
        layout.addWidget(self._figures)
        return part

    def _make_end(self) -> QWidget:
        part = QWidget()
        self._said = label("", wrap=True, tone="good")
        self._left_out = label("", "caption", wrap=True, tone="warn")
        layout = column(part)
        layout.addWidget(self._said)
        layout.addWidget(self._left_out)
        return part

    # --- what is shown

    def _show(self, title: str, parts: tuple[QWidget, ...], buttons: tuple[Button, ...], problem: str = "") -> None:
        self._title.setText(title)
        for part in self._parts:
            part.setVisible(part in parts)
        for button in self._buttons:
            button.setVisible(button in buttons)
        self._problem.setText(problem)
        self._problem.setAccessibleName(problem)
        self._problem.setVisible(bool(problem))
        self._timer.stop()
        self._fit()

    def _fit(self) -> None:
        """As high as what is shown; layouts do not do so by themselves where lines are wrapped."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.setFixedHeight(layout.totalHeightForWidth(_WIDTH))

    def ask_link(self, problem: str) -> None:
        self._show(self.tr("Open a link"), (self.link_part,), (self.cancel, self.go), problem)
        self.link.setFocus()

    def ask_consent(self, host: str) -> None:
        title = self.tr("Another program wants to open a link at {0}. Is that what you expect?").format(host)
        self._show(title, (), (self.cancel, self.go))
        self.cancel.setFocus()

    def ask_password(self, problem: str) -> None:
        title = self.tr("This link has a password")
        self._show(title, (self.password_part,), (self.cancel, self.unlock), problem)
        self.password.setFocus()
        self.password.selectAll()

    def show_looking(self) -> None:
        self.password.forget()
        self._bar.show_part(None)
        self._figures.setText(self.tr("Looking at what it is…"))
        self._show(self.tr("Open a link"), (self.moving_part,), (self.cancel,))
        self.cancel.setFocus()

    def show_own(self, name: str) -> None:
        title = self.tr("This is a link of your own: it shows {0} in this locker.").format(name)
        self._show(title, (), (self.cancel, self.go, self.show_))
        self._node = self.opening.own_node()
        self.show_.setFocus()

    def show_card(self, card: LinkCard, problem: str) -> None:
        self.link.clear()
        self._picture.show_drawing("folder" if card.is_folder else type_icon(card.name), "accent")
        self._name.setText(card.name)
        self._facts.setText(card.facts)
        for each, text in ((self._lasts, card.lasts), (self._note, card.note)):
            each.setText(text)
            each.setVisible(bool(text))
        self._note_gap.setVisible(bool(card.note))
        self._note_title.setVisible(bool(card.note))
        self._note_area.setVisible(bool(card.note))
        self._note_area.setFixedHeight(min(_NOTE_HEIGHT, self._note.heightForWidth(_NOTE_WIDTH) + look.S))
        buttons = [self.cancel, self.save]
        if card.can_open:
            buttons.append(self.open_with)
        if self.opening.can_keep:
            buttons.append(self.keep)
        self._show(self.tr("Somebody shares this with you"), (self.card_part,), tuple(buttons), problem)
        self.save.setFocus()

    def show_moving(self) -> None:
        self._show(self.tr("Fetching and verifying"), (self.card_part, self.moving_part), (self.cancel,))
        self._tick()
        self._timer.start()
        self.cancel.setFocus()

    def _tick(self) -> None:
        moving = self.opening.moving()
        if moving is not None:
            self._bar.show_part(moving.part)
            self._figures.setText(moving.text)

    def show_arrived(self, arrived: Arrived) -> None:
        self._said.setText(arrived.text)
        self._left_out.setText(arrived.problems)
        self._left_out.setVisible(bool(arrived.problems))
        self._node = arrived.node
        self._path = arrived.path
        more = (self.show_,) if arrived.node is not None else (self.folder_button,) if arrived.path else ()
        self._show(self.tr("Done"), (self.card_part, self.end_part), (*more, self.finish))
        self.finish.setFocus()

    @property
    def asks(self) -> bool:
        """Whether it only asks if the link is expected."""
        return self.opening.undecided

    def look_again(self) -> None:
        """Another locker is in front, or none."""
        if self.save.isVisible():
            self.keep.setVisible(self.opening.can_keep)

    def open_file(self, path: str) -> bool:
        return QDesktopServices.openUrl(QUrl.fromLocalFile(path))

    # --- what is done

    def _cancel(self) -> None:
        if self._timer.isActive():
            self.opening.cancel()
        else:
            self.reject()

    def _unlock(self) -> None:
        password = self.password.text()
        if password:
            self.opening.unlock(password)

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Save to a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Save here"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.opening.save)
        dialog.open()

    def _show_in_locker(self) -> None:
        node = self._node
        self.accept()
        if node is not None:
            self._go_to(node)

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._path))

    @guarded(nothing)
    def done(self, result: int) -> None:
        """Nothing of the link stays: neither words nor, when it has ended, what is under way."""
        self._timer.stop()
        self.link.clear()
        self.password.forget()
        for each in (self._name, self._facts, self._lasts, self._note, self._said, self._left_out):
            each.setText("")
        self.opening.close()
        super().done(result)
