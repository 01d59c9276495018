"""Every screen there is, one after the other, in a window of made-up data: for tests that look at all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
from examples import link_row, row, transfer
from fakes import FakeCore, FakeLocker
from helpers import services
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from test_sync_page import CONFLICT, Host, Opened, pair

from megadesk.core.devices import DeviceRow
from megadesk.core.exposure import Left
from megadesk.core.reencryption import ReencryptStatus
from megadesk.pictures.pdf import PdfPages
from megadesk.state.registry import LockerRecord
from megadesk.sync.pairs import Fix, PairState, ProblemKind
from megadesk.tree.rows import TrashRow
from megadesk.types import DeviceId
from megadesk.ui.bridge import Bridge
from megadesk.ui.i18n import translate
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.catalog import PAGES
from megadesk.ui.pages.devices_page import CodeDialog, DevicesPage
from megadesk.ui.pages.join_page import JoinPage
from megadesk.ui.pages.links_page import LinksPage
from megadesk.ui.pages.registry import LockerPage
from megadesk.ui.pages.settings.page import SettingsPage
from megadesk.ui.pages.setup_page import SetupPage
from megadesk.ui.pages.sync_page import PairDialog, SyncPage
from megadesk.ui.pages.trash_page import TrashPage
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.presenters.collisions import Collision, Side
from megadesk.ui.presenters.devices import device_card
from megadesk.ui.presenters.link_opening import Arrived, LinkCard
from megadesk.ui.presenters.links import link_line
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.presenters.reencrypt import reencrypt_card
from megadesk.ui.presenters.storage import kinds
from megadesk.ui.presenters.sync import pair_card
from megadesk.ui.presenters.tray import TrayState
from megadesk.ui.preview import pdf_page
from megadesk.ui.theme import Theme
from megadesk.ui.tray import Tray
from megadesk.ui.widgets.keyboard_map import KeyboardDialog
from megadesk.ui.widgets.link_address_dialog import LinkAddressDialog
from megadesk.ui.widgets.link_dialog import LinkDialog
from megadesk.ui.widgets.open_link_dialog import OpenLinkDialog
from megadesk.ui.windows.locker_view import LockerView
from megadesk.ui.windows.main_window import MINIMUM, MainWindow
from tests.pdfs import pdf

PAIR = pair()
HELD = msgspec.structs.replace(CONFLICT, id="d1", kind=ProblemKind.DELETIONS_HELD, fixes=(Fix.APPROVE, Fix.RESTORE))
MADE_LINK = link_row(1, "/Documents", is_folder=True)


class Stage:
    """A window that shows one page after the other."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.qtbot = qtbot
        self.theme = Theme(app, "light")
        self.bridge = Bridge()
        self.window = MainWindow(self.theme, self.bridge, services(self.bridge, str(home)))
        qtbot.addWidget(self.window)
        self.window._core = FakeCore()
        self.window.resize(MINIMUM)
        self.window.show()
        self.window.activateWindow()
        self.core = FakeCore()

    def show(self, page: QWidget) -> QWidget:
        self.window._show(page)
        self.qtbot.waitUntil(page.isVisible)
        self.qtbot.wait(20)
        return self.window

    def locker(self) -> LockerView:
        locker = FakeLocker([row(1, "Documents", folder=True), row(2, "letter.pdf", size=1000)])
        locker.in_trash = [TrashRow(row(9, "old.txt"), "/old.txt", False)]
        locker.transfers.shown = [transfer(1, title="Photos", total_bytes=100, done_bytes=50, total_files=2)]
        self.window._fresh_scope()  # the page before this hears nothing any more, as in the window itself
        scope = self.bridge.runner.scope()
        view = LockerView(self.theme, services(self.bridge), self.core, locker, scope, PAGES, self.bridge.post)
        self.window.frame_.show_lockers([locker.record])
        self.window.frame_.add_view(view)
        self.window._to_front(self.window.frame_)
        view.start()
        self.qtbot.wait(50)
        return view

    def screens(self) -> Iterator[tuple[str, QWidget]]:
        """Every screen there is, each in its own state."""
        window, theme, core = self.window, self.theme, self.core
        setup = SetupPage(theme, core, window._fresh_scope(), first=True)
        yield "setup", self.show(setup)
        yield "setup of another locker", self.show(SetupPage(theme, core, window._fresh_scope(), first=False))
        setup = SetupPage(theme, core, window._fresh_scope(), first=True)
        self.show(setup)
        setup._store.expand()
        for kind in kinds():
            setup._store.form.choose(kind)
            self.qtbot.wait(10)
            yield f"setup, {kind.value}", window
        setup._presenter.create("", "x")
        self.qtbot.waitUntil(lambda: setup.key_unconfirmed)
        yield "recovery key", window
        setup._presenter.key_saved()
        yield "check of the key", window
        yield "join", self.show(JoinPage(theme, core, window._fresh_scope(), self.bridge.post))
        away = LockerRecord("Away", "davs://h.example/x", "2" * 64, 0)
        yield "forgotten passphrase", self.show(JoinPage(theme, core, window._fresh_scope(), self.bridge.post, away))
        unlock = UnlockPage(theme, core, window._fresh_scope())
        self.show(unlock)
        unlock.start([*core.lockers(), away])
        yield "unlock", window
        view = self.locker()
        for page in PAGES:
            if isinstance(page, LockerPage):
                view.open_page(page.key)
                for action in (translate("browser", "Und&o"), translate("browser", "Red&o")):
                    view.notify(Notice("“a” is in the trash.", action, lambda: None))
                    self.qtbot.wait(15)
                    yield f"page {page.key}, {action}", window
                view.banner.dismiss()
        window.show_program_page("settings")
        settings = window.page()
        assert isinstance(settings, SettingsPage)
        for key in settings.keys():
            settings.show_section(key)
            self.qtbot.wait(20)
            yield f"settings {key}", window
        yield from self.link_dialog()
        window.frame_.show_view(view.locker.record.name)
        view.open_page("links")
        links = view.page()
        assert isinstance(links, LinksPage)
        for serving in (False, True):
            links.model.show([link_line(MADE_LINK, 0)])
            links.view.selectRow(0)
            links.show_serving("This computer shares links.", serving=serving, exposed=False, possible=True)
            self.qtbot.wait(10)
            yield f"links of this computer, {'shared' if serving else 'not shared'}", window
        links.model.show([link_line(MADE_LINK, 0)])
        links.view.selectRow(0)
        links.ask_take_back()
        self.qtbot.wait(10)
        assert links.sheet.isVisible()
        yield "taking a link back", window
        links.sheet.give_up()
        yield from self.making_links(view)
        yield from self.files(view)
        yield from self.computers(view)
        yield from self.syncing(view)
        yield from self.tray()
        address = LinkAddressDialog(view._context)
        address.show()
        self.qtbot.waitUntil(address.save.isEnabled)
        yield "address of links", address
        address.reject()
        dialog = KeyboardDialog(theme, window)
        dialog.show()
        self.qtbot.waitUntil(dialog.isVisible)
        yield "keyboard", dialog
        dialog.close()
        for open_view in window.frame_.views:
            open_view.stop()

    def link_dialog(self) -> Iterator[tuple[str, QWidget]]:
        """Every stage of opening somebody's link."""
        window = self.window
        private = window._services.private_files
        dialog = OpenLinkDialog(window, self.theme, window._scope, private, FakeLocker)
        dialog.show()
        self.qtbot.waitUntil(dialog.isVisible)
        card = LinkCard("Summer", True, "3 files · 2 MB", "Expires: in 3 days", "See you on Sunday!", True)
        stages: dict[str, Callable[[], None]] = {
            "link": lambda: dialog.ask_link("That is not a link."),
            "consent": lambda: dialog.ask_consent("host.example"),
            "password": lambda: dialog.ask_password(""),
            "looking": dialog.show_looking,
            "own": lambda: dialog.show_own("/Summer"),
            "card": lambda: dialog.show_card(card, ""),
            "moving": dialog.show_moving,
            "saved": lambda: dialog.show_arrived(Arrived("Saved in /home", path="/home")),
            "kept": lambda: dialog.show_arrived(Arrived("Kept", "one left out", node=row(1, "x").id)),
        }
        for name, show in stages.items():
            show()
            self.qtbot.wait(10)
            yield f"open a link: {name}", dialog
        dialog.reject()

    def making_links(self, view: LockerView) -> Iterator[tuple[str, QWidget]]:
        made = LinkDialog(view._context, row(1, "Documents", folder=True))
        made.show()
        self.qtbot.waitUntil(made.form.place.isVisible)
        self.qtbot.wait(20)
        yield "making a link", made
        made.result_.show_link(MADE_LINK)
        made.result_.say_copied("The link is on the clipboard.")
        made.form.hide()
        made.result_.show()
        self.qtbot.wait(10)
        yield "a link that was made", made
        made.result_.show_link(replace(MADE_LINK, url="http://127.0.0.1:8720/d/#key"))
        yield "a link for this computer only", made
        made.reject()

    def files(self, view: LockerView) -> Iterator[tuple[str, QWidget]]:
        """What is asked and told above and below the files."""
        window = self.window
        view.open_page("files")
        page = view.page()
        assert isinstance(page, BrowserPage)
        page.actions_.ask_name()
        self.qtbot.wait(10)
        yield "name of a new folder", window
        page.names._edit.setText("a/b")
        page.names._accept()
        yield "a name that cannot be", window
        page.names.hide()
        page.path.edit("/")
        self.qtbot.wait(10)
        yield "a typed path", window
        page.path.answer("There is no such folder.")
        yield "a typed path that is none", window
        page.path._close()
        page.show_notice(Notice("“a” is in the trash.", translate("browser", "Und&o"), lambda: None))
        page._locker.read_only_reason = "The storage shows an older state."  # type: ignore[misc]
        page.show_read_only(page._locker.read_only_reason)
        yield "banners", window
        page._locker.read_only_reason = None  # type: ignore[misc]
        page.show_read_only(None)
        view.banner.dismiss()
        side = Side(size_bytes=10, mtime_ns=10**18)
        view.sheet.ask(Collision("letter.pdf", side, Side(size_bytes=20, mtime_ns=2 * 10**18), more=3), lambda *_: None)
        self.qtbot.wait(10)
        yield "a taken name", window
        view.sheet.give_up()
        page.show_details(True)
        page.view.select_row(1)
        window.resize(1300, 700)
        document = PdfPages(pdf(3))
        page.details.preview.show()
        page.details.preview.show_preview(row(2, "letter.pdf"), pdf_page(document, 0))
        page.details.show()
        self.qtbot.wait(10)
        yield "pages of a PDF", window
        page.details.preview.forget()
        window.resize(MINIMUM)
        view.open_page("trash")
        trash = view.page()
        assert isinstance(trash, TrashPage)
        self.qtbot.waitUntil(trash.empty_button.isEnabled)
        trash.ask_empty()
        assert trash.sheet.isVisible()
        yield "emptying the trash", window
        trash.sheet.give_up()

    def computers(self, view: LockerView) -> Iterator[tuple[str, QWidget]]:
        window = self.window
        view.open_page("devices")
        page = view.page()
        assert isinstance(page, DevicesPage)
        gone = DeviceRow(DeviceId(b"2" * 16), "old laptop", False, 0, None, 3, False)
        page.ask_remove(device_card(gone))
        self.qtbot.wait(10)
        assert page.sheet.isVisible()
        yield "removing a computer", window
        page.sheet.give_up()
        fake = view.locker
        assert isinstance(fake, FakeLocker)
        left = Left(files=3, bytes=10**9)
        for name, status in {
            "offered": ReencryptStatus(possible=True, left=left),
            "going on": ReencryptStatus(possible=True, wanted=True, running=True, done=10, total=10**9, left=left),
            "paused": ReencryptStatus(possible=True, wanted=True, paused=True, left=left),
        }.items():
            fake.reencryption.now = status
            page.reencrypt.read()
            wanted = reencrypt_card(status)
            assert wanted is not None
            self.qtbot.waitUntil(lambda title=wanted.title: page.anew.isVisible() and page.anew.title.text() == title)
            yield f"encrypting anew: {name}", window
        page.show_code()
        self.qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(CodeDialog)))
        code = next(each for each in window.findChildren(CodeDialog) if each.isVisible())
        yield "adding a computer", code
        code.reject()

    def syncing(self, view: LockerView) -> Iterator[tuple[str, QWidget]]:
        window = self.window
        view.open_page("sync")
        page = view.page()
        assert isinstance(page, SyncPage)
        page._clock.stop()
        fake = view.locker
        assert isinstance(fake, FakeLocker)
        fake.sync.rows, fake.sync.stuck = [PAIR], [CONFLICT, HELD]
        page.presenter.read()
        self.qtbot.waitUntil(lambda: bool(page.cards) and page._problem_title.isVisible())
        yield "a pair and its problem", window
        page.ask_remove(pair_card(PAIR, 0))
        yield "ending a pair", window
        page.sheet.give_up()
        asked = PairDialog(page)
        asked.show()
        self.qtbot.waitUntil(asked.isVisible)
        yield "a new pair", asked
        asked.reject()

    def tray(self) -> Iterator[tuple[str, QWidget]]:
        opened = Opened()
        opened.locker.folders = {each: [row(1, "sea.jpg", mtime=10**18)] for each in opened.locker.folders}
        opened.locker.sync.rows = [pair(state=PairState.PROBLEM, problems=1)]
        opened.locker.sync.stuck = [CONFLICT]
        preferences = self.window._services.preferences
        tray = Tray(self.theme, Host(opened), preferences, self.bridge.runner.scope)
        self.qtbot.waitUntil(lambda: tray.status.state is TrayState.PROBLEM)
        tray.popup.setWindowFlags(Qt.WindowType.Window)  # the offscreen platform grabs no keyboard
        tray.popup.show_status(tray.status)
        tray.popup.show()
        self.qtbot.waitUntil(tray.popup.problems.isVisible)
        yield "the popup of the tray", tray.popup
        tray.popup.close()
        tray.end()
