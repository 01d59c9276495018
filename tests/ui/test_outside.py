"""Files for other programs: copies in clear that are whole, private, and gone afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opened import Opened
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from megadesk.ui.presenters import outbox as outbox_module
from megadesk.ui.presenters.outbox import Copy, is_open
from megadesk.ui.widgets.dropping import local_paths

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    opened = Opened(qtbot, tmp_path / "home")
    source = tmp_path / "source"
    (source / "Docs" / "Sub").mkdir(parents=True)
    (source / "Docs" / "Sub" / "deep é.txt").write_bytes(b"deep")
    (source / "notes.txt").write_bytes(b"Remember the milk.\n")
    opened.put(source / "Docs", source / "notes.txt")
    opened.shows("Docs", "notes.txt")
    yield opened
    opened.close()


def in_clear(opened: Opened) -> list[Path]:
    return [path for path in opened.home.rglob("*") if path.is_file() and b"Remember the" in path.read_bytes()]


def nothing_in_clear(opened: Opened) -> bool:
    """A copy gets another name first and is overwritten then, by a worker."""
    try:
        return in_clear(opened) == []
    except FileNotFoundError:  # it went while it was looked at
        return False


def test_a_copy_can_be_pasted_on_the_desktop_and_goes_with_the_lock(opened: Opened) -> None:
    page = opened.page
    page.view.select_row(1)
    opened.key(page.view, Qt.Key.Key_C, CTRL)
    clipboard = QGuiApplication.clipboard()
    opened.until(lambda: clipboard.mimeData().hasUrls())
    (path,) = local_paths(clipboard.mimeData())
    assert Path(path).read_bytes() == b"Remember the milk.\n"
    assert os.path.basename(path) == "notes.txt"
    assert os.stat(os.path.dirname(path)).st_mode & 0o077 == 0
    gnome = bytes(clipboard.mimeData().data("x-special/gnome-copied-files").data()).decode()
    assert gnome.splitlines()[0] == "copy"
    opened.key(page.view, Qt.Key.Key_V, CTRL)  # inside it is still the locker's own row
    opened.shows("Docs", "notes (2).txt", "notes.txt")
    opened.window.lock()
    opened.until(lambda: not os.path.exists(path))
    left = clipboard.mimeData()
    assert left is None or not left.hasUrls()
    opened.until(lambda: nothing_in_clear(opened))


def test_a_folder_is_made_ready_with_progress_and_removed_when_it_was_fetched(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(outbox_module, "_LOOK_S", 0.05)
    monkeypatch.setattr(outbox_module, "_QUIET_S", 0.2)
    outside = opened.page.outside
    rows = list(opened.page.model.rows)
    outside.make_ready(rows)
    assert outside.shelf.isVisible()
    opened.until(lambda: outside._on_shelf is not None)
    copy = outside.outbox.ready(rows)
    assert copy is not None
    assert [os.path.basename(path) for path in copy.paths] == ["Docs", "notes.txt"]
    assert (copy.folder / "Docs" / "Sub" / "deep é.txt").read_bytes() == b"deep"
    with open(copy.folder / "notes.txt", "rb"):
        assert is_open(copy.folder)
        outside.outbox.fetched(copy)
        opened.qtbot.wait(500)
        assert copy.folder.exists()  # somebody still reads it
    opened.until(lambda: not copy.folder.exists())
    opened.until(lambda: nothing_in_clear(opened))

    outside.make_ready(rows)
    opened.until(lambda: outside._on_shelf is not None)
    again = outside.outbox.ready(rows)
    assert again is not None
    outside.outbox.fetched(again)
    for path in again.paths:  # a move on the same disk
        os.rename(path, tmp_path / os.path.basename(path))
    opened.until(lambda: not again.folder.exists())
    assert (tmp_path / "notes.txt").read_bytes() == b"Remember the milk.\n"
    outside.make_ready(rows)
    outside.shelf.closed.emit()
    opened.until(lambda: outside._making is None)
    assert not outside.shelf.isVisible()
    opened.until(lambda: nothing_in_clear(opened))


def test_cancelled_as_it_became_ready(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = opened.page.outside
    save_now = opened.locker.save_now

    def save(*args: Any, **options: Any) -> list[str]:
        problems = save_now(*args, **options)
        outside.outbox.cancel(outside._making)
        return problems

    monkeypatch.setattr(opened.locker, "save_now", save)
    outside.make_ready(list(opened.page.model.rows))
    opened.until(lambda: outside._making is None)
    assert not outside.shelf.isVisible()
    assert outside._on_shelf is None
    opened.until(lambda: nothing_in_clear(opened))


def test_open_with_the_default_program_and_save_back(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "_LOOK_S", 0.1)
    given: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: given.append(url.toLocalFile()) or True)
    page = opened.page
    page.view.select_row(1)
    opened.key(page.view, Qt.Key.Key_Return)
    opened.until(lambda: given)
    assert Path(given[0]).read_bytes() == b"Remember the milk.\n"
    Path(given[0]).write_bytes(b"Remember the butter.\n")
    old = os.stat(given[0]).st_mtime_ns - 5_000_000_000  # quiet for a while
    os.utime(given[0], ns=(old, old))
    opened.until(lambda: "was changed" in opened.view.banner.text())
    opened.view.banner._button.click()
    opened.until(lambda: opened.locker.read_file("/notes.txt", max_bytes=99) == b"Remember the butter.\n")
    assert len(opened.locker.versions("/notes.txt")) == 2
    opened.window.lock()
    opened.until(lambda: not os.path.exists(given[0]))
    opened.until(lambda: nothing_in_clear(opened))


def test_a_copy_that_is_not_whole_is_never_handed_out(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Copy] = []
    failed: list[Exception] = []
    monkeypatch.setattr(opened.locker, "save_now", lambda *_, **__: ["notes.txt: It is damaged."])
    opened.page.outside.outbox.make(opened.page.model.rows, made.append, failed.append)
    opened.until(lambda: failed)
    assert made == []
    assert "damaged" in str(failed[0])
    opened.until(lambda: nothing_in_clear(opened))
    data = opened.page.outside.mime(opened.page.model.rows, cut=False)
    assert not data.hasUrls()
    assert QUrl.fromLocalFile("/x").isLocalFile()
