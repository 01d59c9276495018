"""The form of a storage on the real core: folders, and servers on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from megadesk.core.app import App
from megadesk.ui.bridge import Bridge
from megadesk.ui.presenters.storage import Kind, kinds
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.key_sheet import Sheet, save_pdf, sheet_text
from megadesk.ui.widgets.storage_form import Purpose, StorageForm, StoragePicker


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    bridge = Bridge()
    yield bridge
    assert bridge.close()


@pytest.fixture
def core(tmp_path: Path) -> Iterator[App]:
    core = App(str(tmp_path / "home"))
    yield core
    core.close()


def theme() -> Theme:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return Theme(app, "light")


def test_the_test_button_names_the_fault(qtbot: QtBot, bridge: Bridge, core: App, tmp_path: Path) -> None:
    form = StorageForm(theme(), core, bridge.runner.scope(), Purpose())
    qtbot.addWidget(form)
    form.show()
    form.set_default(str(tmp_path / "here"))
    form.test()
    qtbot.waitUntil(lambda: form.report is not None, timeout=20_000)
    assert form.report is not None
    assert form.report.usable
    assert form._result.isVisible()

    form.choose(Kind.WEBDAV)
    assert form.report is None
    assert not form._result.isVisible()
    form.test()
    assert form._fields["url"].note.isVisible(), "what is missing is said at the field"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    for key, text in {"url": f"http://127.0.0.1:{port}/x", "user": "a", "password": "b"}.items():
        form._edits[key].setText(text)
    form.test()
    qtbot.waitUntil(lambda: form.report is not None, timeout=30_000)
    assert form.report is not None
    assert not form.report.usable
    assert "nothing answers" in form.report.title
    assert "http" in form._busy.text(), "an open connection is said"
    form.forget()
    assert form._edits["password"].text() == ""


def test_a_locker_that_is_there_is_told(qtbot: QtBot, bridge: Bridge, core: App, tmp_path: Path) -> None:
    core.create_locker("words", store=str(tmp_path / "store")).locker.close()
    for joining in (False, True):
        form = StorageForm(theme(), core, bridge.runner.scope(), Purpose(joining=joining))
        qtbot.addWidget(form)
        form.path.setText(str(tmp_path / "store"))
        form.test()
        qtbot.waitUntil(lambda form=form: form.report is not None, timeout=20_000)
        assert form.report is not None
        assert form.report.usable == joining


def test_every_kind_has_named_fields(qtbot: QtBot, bridge: Bridge, core: App) -> None:
    form = StorageForm(theme(), core, bridge.runner.scope(), Purpose())
    qtbot.addWidget(form)
    form.show()
    for kind in kinds():
        form.choose(kind)
        assert form.kind is kind
        assert form._by_kind[kind].isChecked()
        for edit in form._edits.values():
            assert edit.accessibleName()
            assert "&" not in edit.accessibleName()


def test_this_computer_first_and_others_a_click_away(qtbot: QtBot, bridge: Bridge, core: App) -> None:
    picker = StoragePicker(theme(), core, bridge.runner.scope(), Purpose(), "This computer", "A folder.")
    qtbot.addWidget(picker)
    picker.show()
    picker.set_default("/somewhere/store")
    place = picker.place()
    assert place is not None
    assert place.address == "", "left as it was"
    picker.path.setText("/elsewhere")
    picker._path_edited("/elsewhere")
    place = picker.place()
    assert place is not None
    assert place.address == "/elsewhere"
    picker.expand()
    assert picker.expanded
    assert picker.place() is None, "nothing is filled in yet"
    picker.form.choose(Kind.FOLDER)
    place = picker.place()
    assert place is not None
    assert place.address == ""


def test_the_sheet_is_a_pdf_of_one_page(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "key.pdf"
    save_pdf(str(path), Sheet("-".join(["ABCDE"] * 13), "Locker", "1 May 2026"))
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == 1


def test_the_text_of_the_key_numbers_its_groups(qtbot: QtBot) -> None:
    """Two of them are asked for by number, right after it was saved."""
    groups = [f"GRP{number:02}" for number in range(1, 14)]
    text = sheet_text(Sheet("-".join(groups), "Locker", "1 May 2026"))
    assert "-".join(groups) in text.splitlines()
    assert "Locker “Locker”, 1 May 2026" in text
    for number, group in enumerate(groups, 1):
        assert f"{number} {group}" in text
