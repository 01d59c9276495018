"""Sharing from the window, on the real core: a link on the clipboard that opens, its list, taking it back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from examples import link_row
from fakes import FakeLocker
from helpers import services
from manual import ManualRuns
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from megadesk.core.app import App
from megadesk.core.link_places import ABILITIES
from megadesk.core.links import LinkOptions
from megadesk.core.locker import Locker
from megadesk.errors import LinkPasswordError, LinkRevokedError
from megadesk.format.ops import LinkPlace
from megadesk.share.opening import open_address
from megadesk.ui.bridge import Bridge
from megadesk.ui.link_serving import LinkServing
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.catalog import LINKS, PAGES
from megadesk.ui.pages.links_page import LinksPage
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.links import (
    LinkLine,
    LinksPresenter,
    embed_code,
    expiry_choices,
    link_line,
    split_link,
)
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.link_address_dialog import LinkAddressDialog
from megadesk.ui.widgets.link_dialog import LinkDialog
from megadesk.ui.windows.locker_view import LockerView

NOW_MS = 1_800_000_000_000


# --- words


def test_a_line_says_what_a_link_is() -> None:
    line = link_line(link_row(), NOW_MS)
    assert (line.name, line.place, line.state, line.expires, line.downloads) == (
        "sea.jpg",
        "/Photos",
        "Works",
        "Never",
        "3",
    )
    soon = link_row(expires_ms=NOW_MS + 7_200_000, max_downloads=5, has_password=True, live=True)
    line = link_line(soon, NOW_MS)
    assert (line.expires, line.downloads, line.marks) == ("in 2 h", "3 of 5", "password, kept up to date")


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"state": "expired"}, "Expired"),
        ({"state": "revoked"}, "Taken back"),
        ({"state": "missing", "path": ""}, "Its file is gone"),
        ({"url": ""}, "Not shared now"),
    ],
)
def test_what_does_not_work_is_not_said_to(fields: dict[str, object], state: str) -> None:
    assert link_line(link_row(**fields), NOW_MS).state == state


def test_a_bucket_lets_links_live_for_a_week_only() -> None:
    lasts = [seconds for _, seconds in expiry_choices(ABILITIES[LinkPlace.SIGNED])]
    assert None not in lasts
    assert max(seconds or 0 for seconds in lasts) <= 7 * 86400
    assert expiry_choices(ABILITIES[LinkPlace.SERVER])[0][1] is None


def test_address_and_key_are_told_apart() -> None:
    assert split_link("https://example.org/d/?a=1#key") == ("https://example.org/d/?a=1", "key")
    code = embed_code('https://example.org/"><script>#k', "<b>")
    assert "<script>" not in code
    assert "&lt;b&gt;" in code


class View:
    def __init__(self) -> None:
        self.lines: list[LinkLine] = []
        self.hidden = 0
        self.serving = ("", False, False)
        self.problems: list[Problem] = []

    def show_links(self, lines: list[LinkLine], hidden: int) -> None:
        self.lines, self.hidden = list(lines), hidden

    def show_serving(self, text: str, *, serving: bool, exposed: bool, possible: bool) -> None:
        self.serving = (text, serving, possible)

    def show_problem(self, problem: Problem) -> None:
        self.problems.append(problem)


def test_old_links_are_shown_when_asked_for() -> None:
    locker, view, runs = FakeLocker(), View(), ManualRuns()
    locker.links.rows = [link_row(1), link_row(2, state="revoked"), link_row(3, state="missing")]
    presenter = LinksPresenter(view, locker, LinkServing(locker.links, locker.notes), runs)
    presenter.read()
    runs.all()
    assert [line.row.id[-1] for line in view.lines] == ["1", "3"]
    assert view.hidden == 1
    presenter.show_old = True
    presenter.show()
    assert len(view.lines) == 3
    presenter.take_back([link_row(1)])
    runs.all()
    assert locker.links.taken_back == [link_row(1).id]
    assert locker.upkeep.collected == 0
    presenter.take_back([link_row(3)], rekey=True)
    runs.all()
    assert locker.links.taken_back[1:] == [f"{link_row(3).id} anew"]
    assert locker.upkeep.collected == 1, "or the old keys would still open what is stored"


# --- the window


class Bench:
    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.qtbot = qtbot
        self.bridge = Bridge()
        self.core = App(str(folder / "home"), event_sink=self.bridge.post)
        self.locker: Locker = self.core.create_locker("purple otter lamp seven").locker
        source = folder / "sea.txt"
        source.write_bytes(b"waves " * 1000)
        self.locker.transfers.run_now(self.locker.upload([str(source)], "/"))
        self.scope = self.bridge.runner.scope()
        self.view = LockerView(
            Theme(app, "light"), services(self.bridge), self.core, self.locker, self.scope, PAGES, self.bridge.post
        )
        qtbot.addWidget(self.view)
        self.bridge.on_event = self.view.core_event
        self.view.resize(1024, 640)
        self.view.show()
        self.view.start()
        qtbot.waitUntil(lambda: isinstance(self.view.page(), BrowserPage), timeout=10_000)
        page = self.view.page()
        assert isinstance(page, BrowserPage)
        self.browser = page
        qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=10_000)
        page.view.select_row(0)

    def press(self, keys: str) -> None:
        """The action behind a shortcut, as the keyboard triggers it."""
        for action in self.browser.actions():
            if action.shortcut().toString() == keys:
                action.trigger()
                return
        raise AssertionError(f"nothing listens to {keys}")

    def dialog(self) -> LinkDialog:
        def found() -> list[LinkDialog]:
            return [
                each for each in QApplication.topLevelWidgets() if isinstance(each, LinkDialog) and each.isVisible()
            ]

        self.qtbot.waitUntil(lambda: bool(found()), timeout=20_000)
        return found()[0]

    def links_page(self) -> LinksPage:
        self.view.open_page(LINKS)
        page = self.view.page()
        assert isinstance(page, LinksPage)
        return page

    def end(self) -> None:
        self.view.stop()()
        assert self.bridge.close()
        self.core.close()


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(qtbot, tmp_path)
    # Any port that is free, so that tests beside this one do not meet.
    bench.view.serving.choice = replace_port(bench.view.serving)
    yield bench
    bench.end()


def replace_port(serving: LinkServing) -> object:
    import socket

    import msgspec

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return msgspec.structs.replace(serving.choice, port=free.getsockname()[1])


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_from_a_file_to_a_link_that_opens_and_back(bench: Bench, tmp_path: Path) -> None:
    """Ctrl+L asks once who may reach this computer; from then on it is one key to a link."""
    qtbot = bench.qtbot
    bench.press("Ctrl+L")
    dialog = bench.dialog()
    qtbot.waitUntil(dialog.form.create_button.isEnabled, timeout=10_000)
    assert dialog.form.computer.isChecked()
    qtbot.mouseClick(dialog.form.create_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.result_.url.text() != "", timeout=30_000)
    url = dialog.result_.url.text()
    assert url.startswith("http://127.0.0.1:")
    assert clipboard() == url
    assert dialog.result_._near.isVisible(), "nobody else can open it"
    assert not dialog.result_._plain.isVisible(), "nobody is on the way"
    qtbot.mouseClick(dialog.result_.copy_address, Qt.MouseButton.LeftButton)
    assert clipboard() == url.partition("#")[0]
    dialog.accept()

    link = open_address(url)
    assert b"".join(link.slices(0)) == b"waves " * 1000
    link.close()

    QGuiApplication.clipboard().clear()
    bench.press("Ctrl+L")
    qtbot.waitUntil(lambda: clipboard() != "", timeout=30_000)
    assert clipboard() == url  # the link that works already

    page = bench.links_page()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=10_000)
    assert page.model.lines[0].state == "Works"
    page.ask_take_back()
    assert page.sheet.isVisible()
    qtbot.mouseClick(page.sheet.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=20_000)
    assert page.empty.isVisible()
    began = time.monotonic()
    with pytest.raises(LinkRevokedError):
        open_address(url)
    assert time.monotonic() - began < 60


def test_sharing_is_stopped_and_taken_up_again(bench: Bench) -> None:
    qtbot = bench.qtbot
    page = bench.links_page()
    qtbot.waitUntil(page._serving_bar.isVisible, timeout=10_000)
    qtbot.mouseClick(page.share_here, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.stop_sharing.isVisible, timeout=20_000)
    assert bench.locker.links.served_at().startswith("http://127.0.0.1:")
    assert page.share_network.isVisible(), "a wider circle is one press away"
    assert not page.share_here.isVisible()
    qtbot.mouseClick(page.stop_sharing, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.share_here.isVisible, timeout=20_000)
    assert bench.locker.links.served_at() == ""


def test_a_password_is_part_of_the_link(bench: Bench) -> None:
    qtbot = bench.qtbot
    bench.press("Ctrl+Shift+S")
    dialog = bench.dialog()
    qtbot.waitUntil(dialog.form.create_button.isEnabled, timeout=10_000)
    qtbot.keyClicks(dialog.form.password, "correct horse")
    dialog.form.downloads.setValue(2)
    qtbot.mouseClick(dialog.form.create_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.result_.url.text() != "", timeout=30_000)
    url = dialog.result_.url.text()
    assert dialog.form.password.text() == ""
    dialog.accept()
    with pytest.raises(LinkPasswordError):
        open_address(url, lambda: "wrong")
    link = open_address(url, lambda: "correct horse")
    link.close()


def test_files_are_encrypted_anew_when_asked_for(bench: Bench) -> None:
    """What was stored under keys that somebody may have kept is gone."""
    qtbot = bench.qtbot
    bench.locker.links.make("/sea.txt", LinkOptions(base_url="http://127.0.0.1:1/d/", check=False))
    before = bench.locker.versions("/sea.txt")
    page = bench.links_page()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=10_000)
    page.ask_take_back()
    assert page.sheet.also.isVisible()
    assert not page.sheet.also.isChecked()
    page.sheet.also.setChecked(True)
    qtbot.mouseClick(page.sheet.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=20_000)
    qtbot.waitUntil(lambda: bench.locker.versions("/sea.txt")[0].id != before[0].id, timeout=20_000)
    assert bench.locker.read_file("/sea.txt", max_bytes=10_000) == b"waves " * 1000


def test_ones_own_domain_is_in_links(bench: Bench) -> None:
    qtbot = bench.qtbot
    page = bench.links_page()
    page.address_button.click()

    def found() -> list[LinkAddressDialog]:
        return [each for each in QApplication.topLevelWidgets() if isinstance(each, LinkAddressDialog)]

    dialog = found()[0]
    qtbot.waitUntil(dialog.save.isEnabled, timeout=10_000)
    dialog.base.setText("ftp://files.example.org/")
    dialog.save.click()
    qtbot.waitUntil(dialog.problem.isVisible, timeout=10_000)
    dialog.base.setText("https://files.example.org/d")
    dialog.save.click()
    qtbot.waitUntil(lambda: bench.locker.links.settings().base_url != "", timeout=10_000)
    assert bench.locker.links.settings().base_url == "https://files.example.org/d/"
    row = bench.locker.links.make("/sea.txt", LinkOptions(check=False))
    assert row.url.startswith("https://files.example.org/d/#")


def test_what_goes_wrong_stays_in_the_dialog(bench: Bench) -> None:
    qtbot = bench.qtbot
    bench.press("Ctrl+Shift+S")
    dialog = bench.dialog()
    qtbot.waitUntil(dialog.form.create_button.isEnabled, timeout=10_000)
    inside = dialog.form.layout()
    assert inside is not None
    assert dialog.form.height() >= inside.totalHeightForWidth(dialog.form.width()), "nothing lies over anything else"
    bench.locker.trash_nodes(["/sea.txt"])
    bench.locker.purge(None)
    qtbot.mouseClick(dialog.form.create_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.form._problem.isVisible, timeout=20_000)
    assert dialog.form.create_button.isEnabled()
    dialog.reject()
