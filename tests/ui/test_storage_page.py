"""What the storage sees beside what the user sees, on the real core and a real folder."""

from __future__ import annotations

from pathlib import Path

from helpers import services
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from megadesk.core.app import App
from megadesk.ui.bridge import Bridge
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.storage_page import StoragePage
from megadesk.ui.theme import Theme
from megadesk.ui.windows.main_window import MainWindow


def texts(page: StoragePage) -> tuple[str, str]:
    """All that the two lists show."""
    found = []
    for shown in (page.theirs, page.yours):
        model = shown.model()
        rows = []

        def below(parent: object, rows: list[str] = rows, model: object = model) -> None:
            for row in range(model.rowCount(parent)):  # type: ignore[attr-defined]
                for column in range(model.columnCount(parent)):  # type: ignore[attr-defined]
                    rows.append(str(model.index(row, column, parent).data()))  # type: ignore[attr-defined]
                below(model.index(row, 0, parent), rows, model)  # type: ignore[attr-defined]

        below(shown.rootIndex())
        found.append("\n".join(rows))
    return found[0], found[1]


def test_names_are_on_one_side_only(qtbot: QtBot, tmp_path: Path) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    source = tmp_path / "Letters"
    source.mkdir()
    (source / "to the bank.txt").write_bytes(b"dear bank " * 500)
    (tmp_path / "Notes.txt").write_bytes(b"a file after a folder")
    home = str(tmp_path / "home")
    bridge = Bridge()
    core = App(home, event_sink=bridge.post)
    locker = core.create_locker("some words").locker
    locker.transfers.run_now(locker.upload([str(source), str(tmp_path / "Notes.txt")], "/"))
    window = MainWindow(Theme(app, "light"), bridge, services(bridge, home))
    qtbot.addWidget(window)
    window.show()
    window._core = core
    window.open_session(locker)
    qtbot.waitUntil(lambda: isinstance(window.page(), BrowserPage), timeout=20_000)
    view = window.frame_.view()
    assert view is not None
    view.open_page("storage")
    page = window.page()
    assert isinstance(page, StoragePage)
    qtbot.waitUntil(lambda: page.theirs.topLevelItemCount() > 2, timeout=20_000)
    theirs, yours = texts(page)
    assert "packs/" in theirs
    assert "pieces of files" in theirs
    assert "not MegaDesk" not in theirs
    assert "Letters" in yours
    assert "to the bank.txt" in yours
    tops = [page.yours.topLevelItem(at) for at in range(page.yours.topLevelItemCount())]
    assert [(top.text(0), top.childCount()) for top in tops] == [("Letters", 1), ("Notes.txt", 0)]
    assert tops[0].child(0).text(0) == "to the bank.txt"
    for name in ("Letters", "bank"):
        assert name not in theirs
    assert not page.credentials.isVisible(), "a folder asks for nothing"
    assert page._state.text() == "Works"

    page.verify.click()
    qtbot.waitUntil(lambda: "Everything is there" in view.banner.text(), timeout=20_000)
    pack = next(path for path in Path(locker.record.store_address).rglob("packs/*/*") if path.is_file())
    pack.unlink()
    page.verify.click()
    qtbot.waitUntil(lambda: "problem" in view.banner.text(), timeout=20_000)

    store = Path(locker.record.store_address)
    store.rename(tmp_path / "away")
    page.theirs.clear()
    page.yours.clear()
    page._patience.setInterval(10)
    page.look()
    qtbot.waitUntil(lambda: page.yours.topLevelItemCount() == 2, timeout=20_000)
    qtbot.waitUntil(lambda: "does not answer yet" in page._trouble.text(), timeout=20_000)
    assert page.theirs.topLevelItemCount() == 0
    (tmp_path / "away").rename(store)
    qtbot.waitUntil(lambda: page.theirs.topLevelItemCount() > 2, timeout=40_000)

    window.lock()
    assert page.theirs.topLevelItemCount() == page.yours.topLevelItemCount() == 0
    qtbot.waitUntil(lambda: not window.frame_.views and window.page() is not None, timeout=20_000)
    assert bridge.close()
    core.close()
