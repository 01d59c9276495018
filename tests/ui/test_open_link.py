"""Links that somebody sent, opened in the window, on the real core: looked at, saved, kept, refused in words."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import FakeLocker
from manual import ManualRuns
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shown import Shown

from megadesk.core.app import App
from megadesk.core.links import LinkOptions
from megadesk.core.locker import Locker
from megadesk.errors import LinkExpiredError, LinkPasswordError
from megadesk.server.share_server import ShareServer
from megadesk.types import ROOT, NodeId
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.presenters.link_opening import Arrived, LinkCard, LinkOpening
from megadesk.ui.private_files import PrivateFiles
from megadesk.ui.widgets.open_link_dialog import OpenLinkDialog

PASSPHRASE = "purple otter lamp seven"
LEFT = Qt.MouseButton.LeftButton


class Sender:
    """Somebody else's computer, which serves links of its locker."""

    def __init__(self, folder: Path) -> None:
        self.core = App(str(folder / "home"))
        self.locker: Locker = self.core.create_locker(PASSPHRASE).locker
        files = folder / "Trip"
        files.mkdir(parents=True)
        (files / "sea.txt").write_bytes(b"waves " * 1000)
        (files / "run.sh").write_bytes(b"#!/bin/sh\n")
        (files / "large.bin").write_bytes(os.urandom(20 << 20))
        self.locker.transfers.run_now(self.locker.upload([str(files)], "/"))
        self.server = ShareServer(self.locker.links.ledger())
        self.server.start("127.0.0.1:0")
        self.locker.links.announce(self.server.base_url)

    def link(self, path: str, **options: object) -> str:
        return self.locker.links.make(path, LinkOptions(**options)).url  # type: ignore[arg-type]

    def close(self) -> None:
        self.server.stop()
        self.core.close()


@pytest.fixture(scope="module")
def sender(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sender]:
    sender = Sender(tmp_path_factory.mktemp("sender"))
    yield sender
    sender.close()


class Bench(Shown):
    """A window with an open locker."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        super().__init__(qtbot, home)
        self.locker = self.core.create_locker(PASSPHRASE).locker
        self.window._core = self.core
        self.window.open_session(self.locker)
        self.until(lambda: isinstance(self.window.page(), BrowserPage))
        page = self.window.page()
        assert isinstance(page, BrowserPage)
        self.browser = page

    def press(self, keys: str) -> None:
        for widget in (self.browser.view, self.browser, self.window):
            for action in widget.actions():
                if action.shortcut().toString() == keys:
                    action.trigger()
                    return
        raise AssertionError(f"nothing listens to {keys}")

    def paste(self, text: str) -> OpenLinkDialog:
        QGuiApplication.clipboard().setText(text)
        self.press("Ctrl+V")
        return self.dialog()

    def dialogs(self) -> list[OpenLinkDialog]:
        return [
            each for each in QApplication.topLevelWidgets() if isinstance(each, OpenLinkDialog) and each.isVisible()
        ]

    def dialog(self) -> OpenLinkDialog:
        self.until(lambda: bool(self.dialogs()))
        return self.dialogs()[0]

    def lock(self) -> None:
        self.window.lock()
        self.until(lambda: isinstance(self.window.page(), UnlockPage))

    def end(self) -> None:
        for dialog in self.dialogs():
            dialog.reject()
        self.until(lambda: not self.bridge.runner._waiting)  # connections are let go by a worker
        super().end()


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(qtbot, tmp_path / "home")
    yield bench
    bench.end()


def test_pasted_looked_at_and_saved(bench: Bench, sender: Sender, tmp_path: Path) -> None:
    """Ctrl+V shows what it is: name, size, note, how long it lasts. Three actions to the files."""
    ends_ms = int((time.time() + 3 * 86_400 + 60) * 1000)
    dialog = bench.paste(sender.link("/Trip", note="From the sea", expires_ms=ends_ms, max_downloads=3))
    bench.until(dialog.card_part.isVisible)
    assert dialog._name.text() == "Trip"
    assert dialog._facts.text() == "3 files · 21 MB"
    assert dialog._lasts.text() == "Expires: in 3 days · Downloads left after this one: 2"
    assert dialog._note.text() == "From the sea"
    assert not dialog.open_with.isVisible(), "a folder has no program"
    assert dialog.save.hasFocus()
    dialog.opening.save(str(tmp_path))
    bench.until(dialog.finish.isVisible)
    assert dialog._said.text() == f"Saved in {tmp_path}"
    assert (tmp_path / "Trip" / "sea.txt").read_bytes() == b"waves " * 1000
    assert (tmp_path / "Trip" / "large.bin").stat().st_size == 20 << 20
    dialog.finish.click()
    assert [name for name in os.listdir(tmp_path) if name.startswith(".megadesk")] == []


def test_kept_in_the_locker_where_one_is(bench: Bench, sender: Sender) -> None:
    folder = bench.locker.make_folder("/Received")
    bench.browser.presenter.open_folder(folder.id)
    bench.until(lambda: bench.browser.current_folder() == folder.id)
    dialog = bench.paste(sender.link("/Trip/sea.txt"))
    bench.until(dialog.keep.isVisible)
    dialog.keep.click()
    bench.until(dialog.show_.isVisible)
    assert dialog._said.text() == "It is in your locker: /Received/sea.txt"
    assert bench.locker.read_file("/Received/sea.txt", max_bytes=10_000) == b"waves " * 1000
    dialog.show_.click()
    bench.until(lambda: [row.display_name for row in bench.browser.selected_rows()] == ["sea.txt"])


def test_a_password_is_asked_until_it_is_right(bench: Bench, sender: Sender) -> None:
    """Nothing is fetched again for that, so nothing counts twice."""
    url = sender.link("/Trip/sea.txt", password="correct horse", max_downloads=1)
    dialog = bench.paste(url)
    bench.until(dialog.password_part.isVisible)
    assert dialog.password.hasFocus()
    bench.qtbot.keyClicks(dialog.password, "wrong")
    bench.qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    bench.until(lambda: dialog._problem.text() != "")
    assert "does not open with this password" in dialog._problem.text()
    assert dialog.password.text() == ""
    bench.qtbot.keyClicks(dialog.password, "correct horse")
    bench.qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    bench.until(dialog.card_part.isVisible)
    assert dialog._lasts.text() == "Downloads left after this one: 0"


def test_opened_with_its_program(bench: Bench, sender: Sender, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A private copy, that the lock wipes; never of what would run."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    dialog = bench.paste(sender.link("/Trip/sea.txt"))
    bench.until(dialog.open_with.isVisible)
    dialog.open_with.click()
    bench.until(dialog.finish.isVisible)
    path = Path(opened[0])
    assert path.name == "sea.txt"
    assert path.read_bytes() == b"waves " * 1000
    assert path.parent.stat().st_mode & 0o777 == 0o700
    dialog.finish.click()
    bench.lock()
    bench.until(lambda: not path.exists())


def test_a_script_is_never_opened(bench: Bench, sender: Sender) -> None:
    dialog = bench.paste(sender.link("/Trip/run.sh"))
    bench.until(dialog.card_part.isVisible)
    assert not dialog.open_with.isVisible()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("revoked", "This link was taken back by who made it."),
        ("used up", "This link was downloaded as often as it may be."),
        ("unknown", "There is no such link at this address."),
        ("incomplete", "the part behind # is missing"),
        ("nonsense", "the part behind # is missing"),
        ("nobody there", "nothing answers at this port"),
    ],
)
def test_refused_in_words(bench: Bench, sender: Sender, how: str, words: str) -> None:
    url = sender.link("/Trip/sea.txt", max_downloads=1 if how == "used up" else None)
    if how == "revoked":
        sender.locker.links.revoke(sender.locker.links.list()[0].id)
    elif how == "used up":
        from megadesk.share.opening import open_address

        open_address(url).close()
    elif how == "unknown":
        url = url.partition("#")[0] + "#AQ" + "A" * 42
    elif how == "incomplete":
        url = url.partition("#")[0]
    elif how == "nonsense":
        url = "hello"
    elif how == "nobody there":
        url = "http://127.0.0.1:1/d/#" + url.partition("#")[2]
    bench.press("Ctrl+Shift+O")
    dialog = bench.dialog()
    dialog.link.setText(url)
    dialog.go.click()
    bench.until(lambda: words in dialog._problem.text())
    assert dialog.link_part.isVisible()


def test_expired_in_words(qtbot: QtBot) -> None:
    assert said_of(LinkExpiredError("This link has expired.", remedy="Ask.")) == "This link has expired. Ask."


def test_damaged_leaves_nothing(bench: Bench, sender: Sender, tmp_path: Path) -> None:
    path = tmp_path / "gift.html"
    url = sender.link("/Trip/sea.txt", html=str(path))
    data = bytearray(path.read_bytes())
    at = data.rindex(b'id="p-0">') + 300
    data[at] = ord("A") if data[at] != ord("A") else ord("B")
    path.write_bytes(data)
    dialog = bench.paste(url)
    bench.until(dialog.card_part.isVisible)
    out = tmp_path / "out"
    dialog.opening.save(str(out))
    bench.until(lambda: dialog._problem.text() != "")
    assert dialog.save.isVisible(), "it can be tried again"
    assert list(out.iterdir()) == []


def test_cancelled_leaves_nothing(bench: Bench, sender: Sender, tmp_path: Path) -> None:
    dialog = bench.paste(sender.link("/Trip/large.bin"))
    bench.until(dialog.save.isVisible)
    dialog.opening.save(str(tmp_path / "out"))
    assert dialog.cancel.isVisible()
    dialog.cancel.click()
    bench.until(lambda: dialog.save.isVisible() or dialog.finish.isVisible())
    left = [path.name for path in (tmp_path / "out").iterdir()] if (tmp_path / "out").exists() else []
    assert left in ([], ["large.bin"]), "all of it, or nothing"


def test_own_links_are_known(bench: Bench, tmp_path: Path) -> None:
    """Without asking anybody, and so without counting a download."""
    (tmp_path / "mine.txt").write_text("x")
    bench.locker.transfers.run_now(bench.locker.upload([str(tmp_path / "mine.txt")], "/"))
    url = bench.locker.links.make("/mine.txt", LinkOptions(base_url="http://127.0.0.1:1/d/", check=False)).url
    dialog = bench.paste(url)
    bench.until(dialog.show_.isVisible)
    assert "/mine.txt" in dialog._title.text()
    dialog.show_.click()
    bench.until(lambda: [row.display_name for row in bench.browser.selected_rows()] == ["mine.txt"])


def test_own_links_need_no_consent(bench: Bench, tmp_path: Path) -> None:
    """Not even if a program hands them over: no host is asked, unless the person wants it all the same."""
    (tmp_path / "mine.txt").write_text("x")
    bench.locker.transfers.run_now(bench.locker.upload([str(tmp_path / "mine.txt")], "/"))
    made = bench.locker.links.make("/mine.txt", LinkOptions(base_url="http://127.0.0.1:1/d/", check=False))
    token = made.url.partition("#")[2]
    bench.window.open_link(f"megadesk:http://127.0.0.1:2/d/#{token}", asked_elsewhere=True)
    dialog = bench.dialog()
    bench.until(dialog.show_.isVisible)
    assert "/mine.txt" in dialog._title.text()
    dialog.go.click()
    bench.until(lambda: not dialog.show_.isVisible())
    assert "127.0.0.1:2" in dialog._title.text()
    dialog.cancel.click()
    # Once it is taken back, it is a link like any other.
    bench.locker.links.revoke(made.id)
    bench.window.open_link(f"megadesk:{made.url}", asked_elsewhere=True)
    dialog = bench.dialog()
    bench.until(lambda: "127.0.0.1:1" in dialog._title.text())


def test_dropped_from_a_browser(bench: Bench, sender: Sender) -> None:
    url = sender.link("/Trip/sea.txt")
    for how in ("url", "text"):
        data = QMimeData()
        if how == "url":
            data.setUrls([QUrl(url)])
        else:
            data.setText(url)
        at, copy, none = QPoint(100, 100), Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        viewport = bench.browser.view.viewport()
        enter = QDragEnterEvent(at, copy, data, LEFT, none)
        QApplication.sendEvent(viewport, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(viewport, QDropEvent(QPointF(at), copy, data, LEFT, none))
        dialog = bench.dialog()
        bench.until(dialog.card_part.isVisible)
        dialog.reject()
        bench.until(lambda: not bench.dialogs())


def test_the_lock_takes_it_away(bench: Bench, sender: Sender) -> None:
    dialog = bench.paste(sender.link("/Trip/sea.txt", note="secret note"))
    bench.until(dialog.card_part.isVisible)
    note = dialog._note
    bench.lock()
    bench.until(lambda: not bench.dialogs())
    with contextlib.suppress(RuntimeError):  # it may be gone altogether
        assert note.text() == ""


def test_another_program_asks_first(bench: Bench, sender: Sender) -> None:
    """No host is asked before the person says so; then the window opens it as any other link."""
    url = sender.link("/Trip/sea.txt", max_downloads=5)
    bench.window.open_link(f"megadesk:{url}", asked_elsewhere=True)
    dialog = bench.dialog()
    bench.until(lambda: "127.0.0.1" in dialog._title.text())
    assert dialog.focusWidget() is dialog.cancel
    row = sender.locker.links.list()[0]
    assert row.downloads == 0
    dialog.go.click()
    bench.until(dialog.card_part.isVisible)
    assert sender.locker.links.list()[0].downloads == 1


def test_one_question_at_a_time(bench: Bench) -> None:
    for number in range(5):
        bench.window.open_link(f"megadesk:https://host{number}.example/d/#AQ{'A' * 42}", asked_elsewhere=True)
    bench.until(lambda: len(bench.dialogs()) == 1)
    bench.until(lambda: "host4.example" in bench.dialog()._title.text())


def test_another_program_cannot_have_a_file_opened(bench: Bench, sender: Sender, tmp_path: Path) -> None:
    url = sender.link("/Trip/sea.txt", html=str(tmp_path / "x.html"))
    bench.window.open_link(f"megadesk:{url}", asked_elsewhere=True)
    dialog = bench.dialog()
    assert "Other programs can only hand over links of web addresses." in dialog._problem.text()


def test_without_an_open_locker(bench: Bench, sender: Sender, tmp_path: Path) -> None:
    """It can be saved; once a locker is open, kept as well."""
    bench.lock()
    bench.window.open_link(sender.link("/Trip/sea.txt"))
    dialog = bench.dialog()
    bench.until(dialog.card_part.isVisible)
    assert not dialog.keep.isVisible()
    dialog.opening.save(str(tmp_path))
    bench.until(dialog.finish.isVisible)
    assert (tmp_path / "sea.txt").read_bytes() == b"waves " * 1000


# --- the presenter alone


class View:
    def __init__(self) -> None:
        self.said: list[tuple[str, object]] = []

    def ask_link(self, problem: str) -> None:
        self.said.append(("link", problem))

    def ask_consent(self, host: str) -> None:
        self.said.append(("consent", host))

    def ask_password(self, problem: str) -> None:
        self.said.append(("password", problem))

    def show_looking(self) -> None:
        self.said.append(("looking", ""))

    def show_own(self, name: str) -> None:
        self.said.append(("own", name))

    def show_card(self, card: LinkCard, problem: str) -> None:
        self.said.append(("card", problem))

    def show_moving(self) -> None:
        self.said.append(("moving", ""))

    def show_arrived(self, arrived: Arrived) -> None:
        self.said.append(("arrived", arrived.text))

    def open_file(self, path: str) -> bool:
        return False


class Found:
    """A link that needs a password, and what became of it."""

    needs_password = True

    def __init__(self) -> None:
        self.closed = False

    def open(self, password: str | None) -> object:
        raise LinkPasswordError("Wrong.")

    def close(self) -> None:
        self.closed = True


def made(view: View, runs: ManualRuns, look: Callable[..., object], folder: Path) -> LinkOpening:
    private = PrivateFiles(folder, memory=folder / "memory")
    locker = FakeLocker()

    def where() -> NodeId:
        return ROOT

    return LinkOpening(view, runs, private, lambda: locker, where, look)  # type: ignore[arg-type]


URL = "https://h.example/d/#AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def said_of(error: Exception) -> object:
    view, runs = View(), ManualRuns()

    def look(text: str, control: object) -> object:
        raise error

    opening = made(view, runs, look, Path("/nowhere"))
    opening.offer(URL)
    runs.all()
    return view.said[-1][1]


def test_what_was_found_is_let_go_however_it_ends(tmp_path: Path) -> None:
    for when in ("while looking", "at the password"):
        view, runs, found = View(), ManualRuns(), Found()
        opening = made(view, runs, lambda text, control, found=found: found, tmp_path)
        opening.offer(URL)
        if when == "at the password":
            runs.all()
            assert view.said[-1] == ("password", "")
            opening.unlock("wrong")
            runs.all()
            assert view.said[-1] == ("password", "Wrong.")
        opening.close()
        runs.all()
        assert found.closed, when


def test_nothing_is_asked_before_the_person_agrees(tmp_path: Path) -> None:
    view, runs, asked = View(), ManualRuns(), []
    opening = made(view, runs, lambda text, control: asked.append(text) or Found(), tmp_path)
    opening.offer(f"MEGADESK:{URL}", asked_elsewhere=True)
    runs.all()
    assert view.said == [("looking", ""), ("consent", "h.example")]
    assert asked == []
    opening.go()
    runs.all()
    assert asked == [f"MEGADESK:{URL}"]
