"""The screens of which `shots` makes pictures: what is opened, and what is done in it before the picture is taken."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import shot_data as data
from examples import many_rows
from fakes import FakeCore, FakeLocker
from helpers import services
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from shot_tray import tray_desk

from megadesk.core.probe import StoreTestResult, Verdict
from megadesk.core.redundancy import PartState
from megadesk.core.reencryption import ReencryptStatus
from megadesk.errors import StoreUnavailableError
from megadesk.format.ops import LinkPlace
from megadesk.state.registry import LockerRecord
from megadesk.state.settings import LimitWindow
from megadesk.stores.spread_address import SpreadAddress
from megadesk.tree.rows import NodeRow
from megadesk.ui import formatting
from megadesk.ui.i18n import translate
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.catalog import PAGES
from megadesk.ui.pages.join_page import JoinPage
from megadesk.ui.pages.settings.locking import PassphrasePanel
from megadesk.ui.pages.setup_page import SetupPage
from megadesk.ui.pages.sync_page import PairDialog
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.presenters.collisions import Collision, Side
from megadesk.ui.presenters.errors import problem_of
from megadesk.ui.presenters.link_opening import Arrived, LinkCard
from megadesk.ui.presenters.links import expiry_text
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.presenters.storage import Kind
from megadesk.ui.widgets.link_address_dialog import LinkAddressDialog
from megadesk.ui.widgets.link_dialog import open_link_dialog
from megadesk.ui.widgets.open_link_dialog import OpenLinkDialog
from megadesk.ui.windows.locker_view import LockerView
from megadesk.ui.windows.main_window import MainWindow

if TYPE_CHECKING:
    from shots import Studio

Make = Callable[[MainWindow], QWidget | None]
SECTIONS = ("general", "lock", "transfers", "storage", "appearance", "advanced", "keyboard", "about")


@dataclass(frozen=True)
class Scene:
    """``title`` is for the index of the pictures; a new ``chapter`` begins where it has a name."""

    name: str
    title: str
    make: Make
    prepare: Callable[[Any], object] = lambda page: None
    chapter: str = ""


def scenes(studio: Studio) -> list[Scene]:
    """All of them, in the order in which somebody meets them."""
    made = [
        *_entry(studio),
        *_files(studio),
        *_asked(studio),
        *_pages(studio),
        *_links(studio),
        *_settings(studio),
    ]
    assert len({each.name for each in made}) == len(made)
    return made


# --- what they are made of


def _opened(studio: Studio, make: Callable[[], FakeLocker], record: LockerRecord = data.HOME) -> Make:
    """A locker in the frame."""

    def view(window: MainWindow) -> QWidget:
        locker = make()
        locker.record = record
        scope = studio.bridge.runner.scope()
        return LockerView(studio.theme, services(studio.bridge), FakeCore(), locker, scope, PAGES, studio.bridge.post)

    return view


def _browser(studio: Studio, view: LockerView) -> BrowserPage:
    """With its rows, however busy the machine is, and none of them current: whether the first one is depends on what
    came first, the rows or the focus."""
    studio.until(lambda: isinstance(view.page(), BrowserPage))
    page = view.page()
    assert isinstance(page, BrowserPage)
    studio.until(lambda: bool(page.model.rows))
    page.view.selectionModel().clearCurrentIndex()
    return page


def _album(studio: Studio, view: LockerView) -> BrowserPage:
    page = _browser(studio, view)
    album = next(each for each in page.model.rows if each.name == data.ALBUM)
    page.presenter.open_folder(album.id)
    studio.until(lambda: len(page.model.rows) > 0 and page.model.rows[0].parent == album.id)
    return page


def _at(page: BrowserPage, name: str) -> int:
    return next(at for at, each in enumerate(page.model.rows) if each.display_name == name)


def _row(page: BrowserPage, name: str) -> NodeRow:
    return page.model.rows[_at(page, name)]


def _page(studio: Studio, key: str, act: Callable[[Any], object] = lambda page: None) -> Callable[[LockerView], None]:
    """Open a page, and then do something in it."""

    def prepare(view: LockerView) -> None:
        studio.until(lambda: view.page() is not None)
        view.open_page(key)
        studio.settle(0.1)
        act(view.page())

    return prepare


# --- before a locker is open


def _entry(studio: Studio) -> list[Scene]:
    core: Any = data.EmptyCore()

    def setup(window: MainWindow) -> SetupPage:
        page = SetupPage(studio.theme, core, window._fresh_scope(), first=True)
        page._presenter._choose = random.Random(6)
        return page

    def typed(page: SetupPage) -> None:
        page._new._first.setText("purple otter lamp seven")
        page._new._again.setText("purple otter la")

    def bucket(page: SetupPage) -> None:
        page._store.expand(Kind.S3)

    def stranger(page: SetupPage) -> None:
        page._store.expand(Kind.SFTP)
        form = page._store.form
        for key, text in (("host", "nas.example.org"), ("user", "anna"), ("path", "/srv/megadesk")):
            if key in form._edits:
                form._edits[key].setText(text)
        place = form.place()
        assert place is not None
        text = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
        form._show_result(
            place, StoreTestResult(Verdict.HOST_KEY_UNKNOWN, fingerprint=text, known_hosts_line="nas.example.org x")
        )

    def key(page: SetupPage) -> None:
        page._presenter.create("", "x")

    def check(page: SetupPage) -> None:
        page._presenter.create("", "x")
        studio.until(lambda: page._stack.currentIndex() == 1)
        page._presenter.key_saved()
        page._presenter.confirm(("abcde", "abcde"))

    def unlock(window: MainWindow) -> UnlockPage:
        return UnlockPage(studio.theme, core, window._fresh_scope())

    def wrong(page: UnlockPage) -> None:
        page.start([data.HOME, data.WORK], waiting=2)
        page._edit.setText("something")
        page.show_wrong_passphrase(translate("unlock", "That passphrase does not open this locker."))

    def away(page: UnlockPage) -> None:
        page.start([data.WORK], waiting=0)
        page.show_problem(problem_of(_away()))
        studio.settle(0.1)
        page.show_remembered(True)

    def join(record: LockerRecord | None) -> Make:
        return lambda window: JoinPage(studio.theme, core, window._fresh_scope(), studio.bridge.post, record)

    def joining(page: JoinPage) -> None:
        page._code.setPlainText(FakeLocker().pairing_code())
        page._key.setPlainText("X" + data.KEY[1:].lower())

    return [
        Scene("setup", "Making a locker: this computer is the storage", setup, typed, "The first minute"),
        Scene("setup-other", "Other storage", setup, lambda page: page._store.expand()),
        Scene("setup-s3", "An S3 bucket", setup, bucket),
        Scene("setup-host", "A server that this computer does not know", setup, stranger),
        Scene("setup-spread", "Several stores at once", setup, lambda page: page._store.expand(Kind.SPREAD)),
        Scene("key", "The recovery key", setup, key),
        Scene("check", "Two groups of it typed back, one of them wrong", setup, check),
        Scene("unlock", "Locked", unlock, lambda page: page.start([data.HOME])),
        Scene("wrong", "A wrong passphrase", unlock, wrong),
        Scene("unlock-away", "The storage is not there; the desktop's keychain has the passphrase", unlock, away),
        Scene("join", "Opening a locker on a second computer, with a mistyped key", join(None), joining),
        Scene("forgotten", "A new passphrase by recovery key", join(data.HOME)),
    ]


def _away() -> StoreUnavailableError:
    message = "The storage folder /mnt/nas is not there (No such file or directory)."
    return StoreUnavailableError(message, remedy="Connect the drive or network folder that it is on.")


# --- files


def _files(studio: Studio) -> list[Scene]:
    full = _opened(studio, data.full)

    def listed(view: LockerView) -> None:
        _browser(studio, view)

    def chosen(view: LockerView) -> None:
        _browser(studio, view).view.select_row(4)

    def grid(view: LockerView) -> None:
        page = _album(studio, view)
        page.show_grid(True)
        have = page.thumbnails._have
        studio.until(lambda: sum(each is not None for each in have.values()) >= min(8, len(data.PHOTOS)))
        page.grid.select_row(_at(page, "Lisbon at dusk.jpg"))

    def details(view: LockerView) -> None:
        page = _album(studio, view)
        page.show_details(True)
        page.view.select_row(_at(page, "Lisbon at dusk.jpg"))
        studio.settle(0.3)

    def paper(view: LockerView) -> None:
        page = _browser(studio, view)
        page.show_details(True)
        page.view.select_row(_at(page, "thesis v10.pdf"))
        studio.until(lambda: page.details.preview._document is not None)  # another process draws it

    def several(view: LockerView) -> None:
        page = _browser(studio, view)
        page.show_details(True)
        page.view.select_spans([(2, 7)])

    def search(view: LockerView) -> None:
        page = _browser(studio, view)
        page.search.setText("th")
        page.presenter.search("th")
        studio.until(lambda: page.presenter.searching and 0 < len(page.model.rows) < len(data.rows()))
        page.view.select_row(0)

    def nothing(view: LockerView) -> None:
        page = _browser(studio, view)
        page.search.setText("zebra")
        page.presenter.search("zebra")

    def rename(view: LockerView) -> None:
        page = _browser(studio, view)
        page.view.select_row(_at(page, "holiday film.mp4"))
        page.actions_.rename()

    def menu(view: LockerView) -> None:
        page = _browser(studio, view)
        at = _at(page, "Music")
        page.view.select_row(at)
        page.actions_.menu(page.view.rect_of(at).topLeft() + QPoint(150, 18))

    def dragged(view: LockerView) -> None:
        page = _browser(studio, view)
        page.view._dragging, page.view._drag_copies = True, True
        page.view._drop_at = _at(page, data.ALBUM)
        page.view.viewport().update()

    def fetching(view: LockerView) -> None:
        page = _browser(studio, view)
        page.view.select_row(_at(page, "holiday film.mp4"))
        page.outside.shelf.show_progress("holiday film.mp4", 1_120_000_000, 1_834_225_118)

    def ready(view: LockerView) -> None:
        page = _browser(studio, view)
        page.view.select_row(_at(page, "holiday film.mp4"))
        page.outside.shelf.show_ready("holiday film.mp4")

    def trouble(view: LockerView) -> None:
        page = _browser(studio, view)
        page.show_problem(problem_of(_away()))
        page._locker.read_only_reason = "“laptop”, which the other computer knows, is gone from the storage."  # type: ignore[misc]
        page.show_read_only(page._locker.read_only_reason)

    def undo(view: LockerView) -> None:
        page = _browser(studio, view)
        text = translate("browser", "%1 are in the trash.").replace("%1", formatting.items(3))
        page.show_notice(Notice(text, translate("browser", "Und&o"), lambda: None))
        page.actions_.ask_name()
        page.names._edit.setText("2026/27")
        page.names._accept()

    def many(view: LockerView) -> None:
        page = _browser(studio, view)
        studio.until(lambda: page._rows is not None and not page._rows.partial)
        page.view.select_spans([(1_004, 1_006), (1_009, 90_000)])
        page.view.verticalScrollBar().setValue(1_000 * page.view.rowHeight(0))

    return [
        Scene("browser", "The files of a locker", full, chosen, "Files"),
        Scene("grid", "Pictures", full, grid),
        Scene("details", "A picture, its versions, where it is stored", full, details),
        Scene("pdf", "A page of a PDF, drawn by a process without keys", full, paper),
        Scene("several", "Several chosen", full, several),
        Scene("search", "Search in the whole locker", full, search),
        Scene("nothing-found", "Nothing found", full, nothing),
        Scene("rename", "A name being changed", full, rename),
        Scene("menu", "The menu on a folder", full, menu),
        Scene("drop", "Files from the desktop held over a folder", full, dragged),
        Scene("drag-out", "A large file being made ready to be dragged out", full, fetching),
        Scene("drag-ready", "Ready to be dragged", full, ready),
        Scene("uploading", "A folder being uploaded", _opened(studio, data.uploading), listed),
        Scene("empty", "A new locker", _opened(studio, data.Shown)),
        Scene("trouble", "The storage is away, and its history was tampered with", full, trouble),
        Scene("undo", "Something undone, and a name that cannot be", full, undo),
        Scene("names", "Names as they come", _opened(studio, lambda: data.Shown(data.strange_rows())), listed),
        Scene(
            "many", "100,000 files, most of them chosen", _opened(studio, lambda: FakeLocker(many_rows(100_000))), many
        ),
    ]


# --- questions


def _asked(studio: Studio) -> list[Scene]:
    full = _opened(studio, data.full)

    def duplicates(view: LockerView) -> None:
        _browser(studio, view)
        old, new = Side(48_213, data.NOW_NS - 300 * data.HOUR_NS), Side(51_002, data.NOW_NS - 2 * data.HOUR_NS)
        view.sheet.ask(Collision("Budget 2026.xlsx", old, new, more=4, upload=True), lambda choice, for_all: None)

    def code(page: Any) -> None:
        page.show_code()

    def pair(page: Any) -> None:
        page.ask_pair()
        dialog = page.window().findChild(PairDialog)
        dialog.here.setText("/home/anna/Documents")

    def remove(page: Any) -> None:
        page.ask_remove(list(page.cards.values())[1]._card)

    def keys(view: LockerView) -> None:
        _browser(studio, view)
        view.window().show_keyboard()  # type: ignore[attr-defined]

    def reencrypting() -> FakeLocker:
        locker = data.uploading()
        locker.transfers.shown = []
        locker.reencryption.now = ReencryptStatus(
            possible=True, wanted=True, running=True, done=2_100_000_000, total=8_400_000_000
        )
        return locker

    return [
        Scene("duplicates", "A name that is taken", full, duplicates, "Questions"),
        Scene(
            "delete-for-good",
            "Before something goes for good",
            _opened(studio, data.trashed),
            _page(studio, "trash", lambda page: page.ask_empty()),
        ),
        Scene(
            "new-pair",
            "A folder to be kept in sync",
            _opened(studio, lambda: data.synced(well=True)),
            _page(studio, "sync", pair),
        ),
        Scene("pairing-code", "What a second computer needs", full, _page(studio, "devices", code)),
        Scene(
            "remove-computer",
            "A lost computer is shut out; files are encrypted anew",
            _opened(studio, reencrypting),
            _page(studio, "devices", remove),
        ),
        Scene("keys", "The keyboard map", full, keys),
    ]


# --- pages of a locker


def _pages(studio: Studio) -> list[Scene]:
    queue = _opened(studio, data.queue)

    def failed(page: Any) -> None:
        studio.until(lambda: len(page.model.rows) > 2)
        page.view.setCurrentIndex(page.model.index(2))
        studio.settle(0.2)

    def offer(page: Any) -> None:
        page.view.select_row(1)

    parts = [
        PartState("/mnt/nas/megadesk", True, 0, 0, ""),
        PartState(data.CLOUD.store_address, False, 212, 0, "The storage does not answer."),
        PartState("s3://anna-backup/megadesk?endpoint=https://s3.example.net&region=eu-1", True, 0, 2, ""),
    ]
    several = replace(data.CLOUD, store_address=str(SpreadAddress(2, [part.address for part in parts])))

    def spread() -> FakeLocker:
        locker = quiet()
        usual = locker.status
        locker.status = lambda *, survey=False: replace(usual(), stores=parts)  # type: ignore[method-assign]
        return locker

    def quiet() -> FakeLocker:
        locker = data.uploading()
        locker.transfers.shown = []
        return locker

    cloud = _opened(studio, quiet, data.CLOUD)
    empty = _opened(studio, data.Shown)
    return [
        Scene(
            "recent",
            "What changed last",
            _opened(studio, data.full),
            _page(studio, "recent", offer),
            "Pages of a locker",
        ),
        Scene("transfers", "The queue", queue, _page(studio, "transfers")),
        Scene("transfers-failed", "What a transfer left out, and why", queue, _page(studio, "transfers", failed)),
        Scene(
            "sync", "Folders kept equal, and what needs somebody", _opened(studio, data.synced), _page(studio, "sync")
        ),
        Scene(
            "computers", "Which computers have the locker", _opened(studio, data.uploading), _page(studio, "devices")
        ),
        Scene("trash", "The trash", _opened(studio, data.trashed), _page(studio, "trash", offer)),
        Scene(
            "storage", "What the storage sees, beside what you see", _opened(studio, quiet), _page(studio, "storage")
        ),
        Scene("storage-cloud", "Storage that asks for a password", cloud, _page(studio, "storage")),
        Scene(
            "storage-spread",
            "Several stores, one of them away",
            _opened(studio, spread, several),
            _page(studio, "storage"),
        ),
        Scene("no-recent", "Nothing yet: recent files", empty, _page(studio, "recent")),
        Scene("no-transfers", "Nothing yet: transfers", empty, _page(studio, "transfers")),
        Scene("no-links", "Nothing yet: links", empty, _page(studio, "links")),
        Scene("no-sync", "Nothing yet: sync", empty, _page(studio, "sync")),
        Scene("no-trash", "Nothing yet: trash", empty, _page(studio, "trash")),
        Scene("tray", "In the tray", lambda window: None, lambda _: tray_desk(studio)),
    ]


# --- links


def _links(studio: Studio) -> list[Scene]:
    linked = _opened(studio, data.linked)
    here = _opened(studio, lambda: data.linked(LinkPlace.SHARE, LinkPlace.FILE))

    def share(name: str, place: int = 0) -> Callable[[LockerView], None]:
        def prepare(view: LockerView) -> None:
            page = _browser(studio, view)
            page.view.select_row(_at(page, name))
            dialog = open_link_dialog(page.context, _row(page, name))
            studio.until(lambda: dialog.form.create_button.isEnabled())
            dialog.form.place.setCurrentIndex(place)
            dialog.form.expiry.setCurrentIndex(3)
            dialog.form.note.setText("The film that I promised. See you on Sunday!")

        return prepare

    def shared(view: LockerView) -> None:
        page = _browser(studio, view)
        row = _row(page, "holiday film.mp4")
        open_link_dialog(page.context, row, page.context.locker.links.list()[0])

    def address(page: Any) -> None:
        LinkAddressDialog(page.context).open()

    def take_back(page: Any) -> None:
        page.view.selectRow(0)
        page.ask_take_back()

    def link_dialog(
        act: Callable[[OpenLinkDialog], object], text: str = "", *, elsewhere: bool = False
    ) -> Callable[[LockerView], None]:
        def prepare(view: LockerView) -> None:
            _browser(studio, view)
            window: Any = view.window()
            window.open_link(text, asked_elsewhere=elsewhere)
            act(window.findChild(OpenLinkDialog))

        return prepare

    note = "As promised, the whole film.\nSee you on Sunday!"
    lasts = translate("links", "Expires: %1").replace("%1", expiry_text(data.NOW_MS + 160 * data.HOUR_MS, data.NOW_MS))
    card = LinkCard("Summer in Brittany.mp4", False, formatting.size(1_834_225_118), lasts, note, True)

    def showing(dialog: OpenLinkDialog) -> None:
        dialog.show_card(card, "")

    def arrived(dialog: OpenLinkDialog) -> None:
        dialog.show_card(card, "")
        text = translate("links", "Saved in %1").replace("%1", "/home/anna/Downloads")
        dialog.show_arrived(Arrived(text, path="/home/anna/Downloads"))

    return [
        Scene("links", "All links of a locker", linked, _page(studio, "links"), "Links"),
        Scene("links-here", "Links that this computer serves", here, _page(studio, "links")),
        Scene("take-back", "Before a link is taken back", linked, _page(studio, "links", take_back)),
        Scene("link-address", "A domain of one's own", linked, _page(studio, "links", address)),
        Scene("share", "Sharing a file", linked, share("holiday film.mp4")),
        Scene("share-here", "Sharing a folder from this computer", here, share(data.ALBUM)),
        Scene("share-file", "A link as a file", linked, share("thesis v10.pdf", 1)),
        Scene("shared", "The link", linked, shared),
        Scene("open-link", "Opening a link", linked, link_dialog(lambda dialog: dialog.link.setText(data.LINK))),
        Scene(
            "link-consent",
            "Another program wants a link opened",
            linked,
            link_dialog(lambda dialog: None, data.LINK, elsewhere=True),
        ),
        Scene("link-password", "A link with a password", linked, link_dialog(lambda dialog: dialog.ask_password(""))),
        Scene("link-card", "What a link shows", linked, link_dialog(showing)),
        Scene("link-arrived", "Saved and verified", linked, link_dialog(arrived)),
    ]


# --- settings


def _settings(studio: Studio) -> list[Scene]:
    def settings(window: MainWindow) -> None:
        view = _opened(studio, data.full)(window)
        assert isinstance(view, LockerView)
        studio.put_in_frame(window, view)
        window.show_program_page("settings")

    def section(key: str, act: Callable[[Any], object] = lambda made: None) -> Callable[[Any], None]:
        def show(_: object) -> None:
            (view,) = studio.window.frame_.views
            studio.until(lambda: view.page() is not None)  # which takes the focus
            page: Any = studio.window.page()
            page.entered()
            page.show_section(key)
            studio.settle(0.1)
            act(page.section())

        return show

    def limits(made: Any) -> None:
        made.up.setValue(2_500)
        made._show(LimitWindow(days=(0, 1, 2, 3, 4), upload_limit=500_000))

    def idle(made: Any) -> None:
        made.idle.choice.setCurrentIndex(4)

    def passphrase(made: Any) -> None:
        studio.until(lambda: made.findChild(PassphrasePanel) is not None)
        panel = made.findChild(PassphrasePanel)
        panel._open(panel._form)
        panel.old.setText("something old")
        panel.new._first.setText("purple otter lamp seven")
        panel.new._again.setText("purple otter lamp seven")

    titles = {
        "general": "General",
        "lock": "Lock",
        "transfers": "Limits and their hours",
        "storage": "Storage",
        "appearance": "Appearance",
        "advanced": "Advanced",
        "keyboard": "Keyboard",
        "about": "About",
    }
    acts = {"transfers": limits, "lock": idle}
    made = [
        Scene(f"settings-{key}", titles[key], settings, section(key, acts.get(key, lambda made: None)))
        for key in SECTIONS
    ]
    made[0] = replace(made[0], chapter="Settings")
    made.insert(2, Scene("passphrase", "Another passphrase", settings, section("lock", passphrase)))
    return made
