"""Sharing a file or folder: what the link shall allow, and then the link itself, to be copied, scanned or embedded."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QFrame,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind
from megadesk.ui import clipboard
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.guard import while_there
from megadesk.ui.link_serving import LinkServing, Reach
from megadesk.ui.pages.registry import LockerContext
from megadesk.ui.presenters.errors import problem_of, words
from megadesk.ui.presenters.links import embed_code, expiry_choices, make_link, opens_here_only, split_link
from megadesk.ui.signals import signal
from megadesk.ui.widgets.basics import Bar, Button, Choice, Field, PassphraseEdit, column, label, line
from megadesk.ui.widgets.key_sheet import QrPicture
from megadesk.ui.widgets.rows import CheckBox

if TYPE_CHECKING:
    from megadesk.core.link_places import PlaceAbilities
    from megadesk.core.links import LinkOptions, LinkRow

_WIDTH = 520
MAX_DOWNLOADS = 100_000
"""A server counts no further than this."""


def open_link_dialog(context: LockerContext, row: NodeRow, made: LinkRow | None = None) -> LinkDialog:
    """For one file or folder; ``made``: a link of it that is only to be shown."""
    dialog = LinkDialog(context, row, made)
    dialog.open()
    return dialog


class LinkDialog(QDialog):
    """Window-modal, so that the file shared stays the file chosen; closes with the locker."""

    def __init__(self, context: LockerContext, row: NodeRow, made: LinkRow | None = None) -> None:
        super().__init__(QApplication.activeWindow())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._row = row
        self._serving: LinkServing = context.serving
        self._places: Sequence[PlaceAbilities] = ()
        name = fmt.shown_name(row.display_name)
        self.setWindowTitle(self.tr("Share “{0}”").format(name))
        self.setFixedWidth(_WIDTH)
        self.form = _Form(context, is_folder=row.kind is NodeKind.FOLDER)
        self.result_ = _Result(context, row.display_name)
        layout = column(self, margin=look.XL, spacing=look.L)
        layout.addWidget(label(self.tr("Share “{0}”").format(name), "subtitle", wrap=True))
        layout.addWidget(self.form)
        layout.addWidget(self.result_)
        self.result_.hide()
        self.form.resized.connect(self.fit)
        self.form.cancel.clicked.connect(self.reject)
        self.form.create_button.clicked.connect(self._create)
        self.result_.done_button.clicked.connect(self.accept)
        if made is not None:
            self._made(made)
        else:
            locker = context.locker
            context.scope.run(
                locker.links.places, while_there(self, self._offer), while_there(self, self._failed), lane="link-places"
            )

    def fit(self) -> None:
        """As high as what is shown; layouts do not do so by themselves where lines are wrapped."""
        layout = self.layout()
        assert layout is not None
        for part in (self.form, self.result_, self):
            if (inner := part.layout()) is not None:
                inner.activate()
        self.setFixedHeight(layout.totalHeightForWidth(_WIDTH))

    def _offer(self, places: Sequence[PlaceAbilities]) -> None:
        self._places = places
        self.form.offer(places, self._serving.choice.reach)

    def _create(self) -> None:
        reach = self.form.reach()
        if self.form.wants_file():
            self._ask_file(lambda path: self._start(path, reach))
        else:
            self._start(None, reach)

    def _start(self, html: str | None, reach: Reach) -> None:
        options = replace(self.form.options(), html=html)
        locker, serving, node = self._context.locker, self._serving, self._row.id
        self.form.work(True)
        self._context.scope.run(
            lambda: make_link(locker, serving, node, options, reach),
            while_there(self, self._made),
            while_there(self, self._failed),
            lane="link-make",
        )

    def _ask_file(self, chosen: Callable[[str], None]) -> None:
        dialog = QFileDialog(self, self.tr("Save the link as a file"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("html")
        dialog.setNameFilter(self.tr("Web pages (*.html)"))
        dialog.selectFile(f"{self._row.display_name}.html")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(chosen)
        dialog.open()

    def _made(self, row: LinkRow) -> None:
        self.form.forget()
        self.result_.show_link(row)
        self.form.hide()
        self.result_.show()
        self.fit()
        if row.url:
            clipboard.put_text(row.url, secret=True)
            self.result_.say_copied(self.tr("The link is on the clipboard."))

    def _failed(self, error: Exception) -> None:
        self.form.work(False)
        self.form.say(problem_of(error).text)

    def done(self, result: int) -> None:
        self.form.forget()
        super().done(result)


class _Form(QWidget):
    """What the link shall allow."""

    resized = signal[()]()

    def __init__(self, context: LockerContext, *, is_folder: bool) -> None:
        super().__init__()
        theme = context.theme
        self._places: Sequence[PlaceAbilities] = ()
        self._expiries: list[tuple[str, int | None]] = []
        self.place = Choice(theme)
        self.place.currentIndexChanged.connect(lambda _: self._place_chosen())
        self._place_field = Field(self.tr("&Where the link lives"), self.place)
        self._place_text = label("", "caption", wrap=True)
        self.network = QRadioButton(self.tr("Everybody on this &network who has the link"))
        self.computer = QRadioButton(self.tr("Only programs on &this computer"))
        self.computer.setChecked(True)
        self._reach = QFrame()
        self._reach.setProperty("kind", "group")
        reach = column(self._reach, margin=look.M, spacing=look.S)
        reach.addWidget(label(self.tr("Who can reach this computer?"), "field"))
        reach.addWidget(self.network)
        reach.addWidget(self.computer)
        self.expiry = Choice(theme)
        self.password = PassphraseEdit(theme, self.tr("Password"))
        self.downloads = QSpinBox()
        self.downloads.setRange(0, MAX_DOWNLOADS)
        self.downloads.lineEdit().setTextMargins(look.S, 0, 0, 0)  # the style sheet does not reach in there
        self.downloads.setSpecialValueText(self.tr("No limit"))
        self.note = QLineEdit()
        self.note.setMaxLength(2000)
        self.live = CheckBox(theme, self.tr("&Keep it up to date when the folder changes"))
        self.live.setVisible(is_folder)
        self._problem = label("", "caption", wrap=True, tone="danger")
        self._problem.hide()
        self._bar = Bar(theme)
        self._bar.hide()
        self.cancel = Button(theme, self.tr("Cancel"))
        self.create_button = Button(theme, self.tr("&Create link"), kind="primary", icon_name="links")
        self.create_button.setEnabled(False)

        layout = column(self, spacing=look.M)
        layout.addWidget(self._place_field)
        layout.addWidget(self._reach)
        layout.addWidget(self._place_text)
        pair = line(spacing=look.M)
        pair.setAlignment(Qt.AlignmentFlag.AlignTop)
        pair.addWidget(Field(self.tr("&Expires"), self.expiry), 1)
        self._downloads_field = Field(self.tr("&Downloads"), self.downloads)
        pair.addWidget(self._downloads_field, 1)
        layout.addLayout(pair)
        hint = self.tr(
            "Becomes part of the key: without it nobody can open the files, not even by breaking into the host."
        )
        layout.addWidget(Field(self.tr("&Password, if you want one"), self.password, hint))
        layout.addWidget(Field(self.tr("&Note to the receiver"), self.note))
        layout.addWidget(self.live)
        layout.addWidget(self._problem)
        layout.addWidget(self._bar)
        foot = line()
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.create_button)
        layout.addLayout(foot)
        self._reach.hide()

    def offer(self, places: Sequence[PlaceAbilities], reach: Reach) -> None:
        self._places = places
        self.place.addItems([words(each.title) for each in places])
        self.network.setChecked(reach == "network")
        self.create_button.setEnabled(True)
        self._place_chosen()
        self.create_button.setFocus()

    def _chosen(self) -> PlaceAbilities | None:
        at = self.place.currentIndex()
        return self._places[at] if 0 <= at < len(self._places) else None

    def _place_chosen(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        self._place_text.setText(words(chosen.text))
        self._reach.setVisible(chosen.place.name == "SHARE")
        self._expiries = expiry_choices(chosen)
        self.expiry.clear()
        self.expiry.addItems([text for text, _ in self._expiries])
        self._downloads_field.setEnabled(chosen.downloads)
        self.live.setEnabled(chosen.place.name != "FILE")
        if not chosen.downloads:
            self.downloads.setValue(0)
        self.resized.emit()

    def wants_file(self) -> bool:
        chosen = self._chosen()
        return chosen is not None and chosen.place.name == "FILE"

    def reach(self) -> Reach:
        """ "" where this computer serves nothing for it."""
        chosen = self._chosen()
        if chosen is None or chosen.place.name != "SHARE":
            return ""
        return "network" if self.network.isChecked() else "computer"

    def options(self) -> LinkOptions:
        from megadesk.core.links import LinkOptions

        chosen = self._chosen()
        at = self.expiry.currentIndex()
        lasts_s = self._expiries[at][1] if 0 <= at < len(self._expiries) else None
        return LinkOptions(
            expires_ms=int((time.time() + lasts_s) * 1000) if lasts_s is not None else None,
            password=self.password.text() or None,
            max_downloads=self.downloads.value() or None,
            live=self.live.isChecked() and not self.wants_file(),
            note=self.note.text().strip(),
            place=chosen.place if chosen is not None else None,
        )

    def work(self, working: bool) -> None:
        """The link is being made and tried out."""
        self._bar.show_part(None)
        self._bar.setVisible(working)
        self.create_button.setEnabled(not working)
        self._problem.hide()

    def say(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setAccessibleName(problem)
        self._problem.show()
        self.resized.emit()

    def forget(self) -> None:
        self.password.forget()
        self.note.clear()


class _Result(QWidget):
    """The link, and the ways to hand it on."""

    def __init__(self, context: LockerContext, name: str) -> None:
        super().__init__()
        theme = context.theme
        self._name = name
        self._url = ""
        self.url = QLineEdit()
        self.url.setReadOnly(True)
        self.url.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy = Button(theme, self.tr("&Copy link"), kind="primary", icon_name="copy")
        self.copy_address = Button(theme, self.tr("Copy &address"))
        self.copy_key = Button(theme, self.tr("Copy &key"))
        self.copy_code = Button(theme, self.tr("Copy &HTML"))
        self.copy_code.setToolTip(self.tr("A link for your own web page"))
        self._said = label("", "caption", wrap=True, tone="good")
        self._place = label("", "caption", wrap=True)
        self._near = label(
            self.tr(
                "Only programs on this computer can open it. To let others in, press “Share on the network” on the "
                "page Links; the link has another address then."
            ),
            "caption",
            wrap=True,
            tone="warn",
        )
        self._plain = label(
            self.tr(
                "This address is plain http. The files stay encrypted, but whoever is on the way can change the page "
                "that opens them."
            ),
            "caption",
            wrap=True,
            tone="warn",
        )
        self.qr = QrPicture(168)
        self.qr.setAccessibleName(self.tr("The link as a QR code"))
        self.done_button = Button(theme, self.tr("&Done"))
        layout = column(self, spacing=look.M)
        layout.addWidget(Field(self.tr("&Link"), self.url))
        layout.addWidget(self._said)
        middle = line(spacing=look.L)
        middle.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignTop)
        side = column(spacing=look.S)
        side.addWidget(label(self.tr("Send the key separately"), "field"))
        apart = self.tr("The address alone opens nothing. Send the part behind # by another way.")
        side.addWidget(label(apart, "caption", wrap=True))
        for button in (self.copy_address, self.copy_key, self.copy_code):
            side.addWidget(button)
        side.addStretch(1)
        middle.addLayout(side, 1)
        self._middle = QWidget()
        self._middle.setLayout(middle)
        layout.addWidget(self._middle)
        layout.addWidget(self._place)
        layout.addWidget(self._near)
        layout.addWidget(self._plain)
        foot = line()
        foot.addStretch(1)
        foot.addWidget(self.done_button)
        foot.addWidget(self.copy)
        layout.addLayout(foot)
        self.copy.clicked.connect(lambda: self._copy(self._url, self.tr("The link is on the clipboard.")))
        self.copy_address.clicked.connect(
            lambda: self._copy(split_link(self._url)[0], self.tr("The address is on the clipboard, without its key."))
        )
        self.copy_key.clicked.connect(
            lambda: self._copy(split_link(self._url)[1], self.tr("The key is on the clipboard."))
        )
        self.copy_code.clicked.connect(
            lambda: self._copy(embed_code(self._url, self._name), self.tr("The HTML is on the clipboard."))
        )

    def show_link(self, row: LinkRow) -> None:
        self._url = row.url
        self.url.setText(row.url)
        self.url.setCursorPosition(0)
        self.qr.show_text(row.url if len(row.url) < 800 else "")
        self.qr.setVisible(len(row.url) < 800)
        self._place.setText(words(row.abilities.text))
        near = opens_here_only(row.url)
        self._near.setVisible(near)
        self._plain.setVisible(row.url.startswith("http://") and not near)
        for button in (self.copy, self.copy_address, self.copy_key, self.copy_code):
            button.setEnabled(bool(row.url))
        self.copy.setFocus()

    def _copy(self, text: str, said: str) -> None:
        clipboard.put_text(text, secret=True)
        self.say_copied(said)

    def say_copied(self, said: str) -> None:
        self._said.setText(said)
        self._said.setAccessibleName(said)
