"""What a screen reader meets, and whether a keyboard alone gets everywhere: every page, through QAccessible and Tab."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import FakeCore, FakeLocker, row, transfer
from helpers import services
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from megadesk.core.links import LinkRow
from megadesk.format.ops import LinkPlace
from megadesk.state.registry import LockerRecord
from megadesk.ui import i18n, language
from megadesk.ui.bridge import Bridge
from megadesk.ui.pages.catalog import PAGES
from megadesk.ui.pages.join_page import JoinPage
from megadesk.ui.pages.links_page import LinksPage
from megadesk.ui.pages.registry import LockerPage
from megadesk.ui.pages.settings.page import SettingsPage
from megadesk.ui.pages.setup_page import SetupPage
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.presenters.link_opening import Arrived, LinkCard
from megadesk.ui.presenters.links import link_line
from megadesk.ui.presenters.storage import Kind, kinds
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.keyboard_map import KeyboardDialog
from megadesk.ui.widgets.link_address_dialog import LinkAddressDialog
from megadesk.ui.widgets.open_link_dialog import OpenLinkDialog
from megadesk.ui.windows.locker_view import LockerView
from megadesk.ui.windows.main_window import MINIMUM, MainWindow

MADE_LINK = LinkRow(
    id="1" * 32,
    path="/Documents",
    node=row(1, "Documents").id,
    is_folder=True,
    live=False,
    state="active",
    created_ms=0,
    expires_ms=None,
    max_downloads=None,
    downloads=0,
    has_password=False,
    note="",
    place=LinkPlace.SERVER,
    device="laptop",
    url="https://files.example.org/d/#key",
)
ROLE = QAccessible.Role
CONTROLS = frozenset(
    {
        ROLE.Button,
        ROLE.CheckBox,
        ROLE.RadioButton,
        ROLE.ComboBox,
        ROLE.EditableText,
        ROLE.SpinBox,
        ROLE.Slider,
        ROLE.List,
        ROLE.Table,
        ROLE.Tree,
        ROLE.ButtonMenu,
        ROLE.ButtonDropDown,
        ROLE.PageTab,
        ROLE.Link,
    }
)
INNER = frozenset({ROLE.ListItem, ROLE.TreeItem, ROLE.Cell, ROLE.ColumnHeader, ROLE.RowHeader, ROLE.MenuItem})
"""Parts of views; Qt names them by their text."""


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
                self.qtbot.wait(30)
                yield f"page {page.key}", window
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
        links.model.show([link_line(MADE_LINK, 0)])
        links.view.selectRow(0)
        links.ask_take_back()
        self.qtbot.wait(10)
        assert links.sheet.isVisible()
        yield "taking a link back", window
        links.sheet.give_up()
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


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(qtbot, tmp_path / "home")
    yield stage
    stage.window._scope.close()
    assert stage.bridge.close()


def interfaces(widget: QWidget) -> Iterator[QAccessibleInterface]:
    """What a screen reader can reach below a window: the tree of QAccessible, views' items left out."""
    root = QAccessible.queryAccessibleInterface(widget)
    assert root is not None
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.state().invisible:
            continue
        yield node
        if node.role() in (ROLE.Table, ROLE.List, ROLE.Tree):
            continue
        waiting += [child for at in range(node.childCount()) if (child := node.child(at)) is not None]


def is_scroll_area(node: QAccessibleInterface) -> bool:
    """Focus in order to scroll by keys: a name will do."""
    return isinstance(node.object(), QAbstractScrollArea) and bool(node.text(QAccessible.Text.Name))


def test_every_control_has_a_name_and_a_role(stage: Stage) -> None:
    nameless, roleless, count = [], [], 0
    for screen, top in stage.screens():
        for node in interfaces(top):
            role, name = node.role(), node.text(QAccessible.Text.Name)
            where = f"{screen}: {node.object()} {role.name}"
            if role in CONTROLS:
                count += 1
                if not name.strip():
                    nameless.append(where)
            elif node.state().focusable and role in (ROLE.NoRole, ROLE.Client) and not is_scroll_area(node):
                roleless.append(where)
    assert count > 150, "the tree was walked"
    assert nameless == []
    assert roleless == []


def test_names_are_not_markup_or_keys(stage: Stage) -> None:
    for screen, top in stage.screens():
        for node in interfaces(top):
            if node.role() in CONTROLS:
                name = node.text(QAccessible.Text.Name)
                assert "&" not in name.replace("&&", ""), f"{screen}: {name}"
                assert "<" not in name, f"{screen}: {name}"


def reachable(widget: QWidget) -> bool:
    """Whether Tab should get there: something to do, or to read by scrolling."""
    kinds = QAbstractButton | QLineEdit | QComboBox | QAbstractSpinBox | QPlainTextEdit | QAbstractItemView
    if not isinstance(widget, kinds) or not widget.isVisible() or not widget.isEnabled() or isinstance(widget, QMenu):
        return False
    inner = widget.parent()
    if isinstance(inner, QAbstractSpinBox | QComboBox) or isinstance(inner, QLineEdit):
        return False  # a part of that control
    return not (isinstance(widget, QAbstractItemView) and isinstance(widget.parent(), QAbstractScrollArea))


def by_key_as_well(top: QWidget, widget: QWidget) -> bool:
    """Buttons without focus that a key presses: their tooltip names it."""
    return isinstance(widget, QAbstractButton) and "(" in widget.toolTip() and widget.toolTip().endswith(")")


def test_tab_gets_everywhere_and_comes_back(stage: Stage) -> None:
    unreached: list[str] = []
    for screen, top in stage.screens():
        wanted = {each for each in top.findChildren(QWidget) if reachable(each)}
        start = top.focusWidget() or next(
            (each for each in wanted if each.focusPolicy() & Qt.FocusPolicy.TabFocus), top
        )
        chain: set[QWidget] = {start}
        current = start.nextInFocusChain()
        while current is not start:
            if current.focusPolicy() & Qt.FocusPolicy.TabFocus:
                chain.add(current)
            current = current.nextInFocusChain()
        groups = {each.group() for each in chain if isinstance(each, QAbstractButton) and each.group() is not None}
        for widget in wanted - chain:
            in_group = isinstance(widget, QAbstractButton) and widget.group() in groups  # arrows go on within
            if not in_group and not by_key_as_well(top, widget):
                unreached.append(f"{screen}: {widget} {widget.accessibleName()}")
    assert unreached == []


@pytest.fixture(params=language.NAMES)
def spoken(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[str]:
    """Each language in turn; before the window is made."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = i18n._translator
    language.install(app, request.param)
    yield request.param
    i18n.use_translator(before)
    for translator in app.findChildren(QTranslator):
        app.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(QLocale.c())


def test_no_two_controls_share_a_letter_of_one_form(spoken: str, stage: Stage) -> None:
    """Alt and a letter press one control; with two, Qt only moves the focus between them. In every language."""
    doubled = doubled_letters(stage)
    print("\n".join(doubled))
    assert doubled == []


def doubled_letters(stage: Stage) -> list[str]:
    doubled = []
    for screen, top in stage.screens():
        letters: dict[str, list[str]] = {}
        for widget in top.findChildren(QWidget):
            text = ""
            if isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy() is not None):
                text = widget.text()
            if widget.isVisible() and "&" in text.replace("&&", ""):
                letter = text.replace("&&", "").split("&", 1)[1][:1].lower()
                letters.setdefault(letter, []).append(text)
        doubled += [f"{screen}: {texts}" for texts in letters.values() if len(texts) > 1]
    return doubled


def test_colour_is_never_alone(stage: Stage) -> None:
    """What is coloured for its meaning says it in words as well."""
    for screen, top in stage.screens():
        for widget in top.findChildren(QLabel):
            if widget.isVisible() and widget.property("tone") in ("danger", "warn", "good"):
                assert widget.text().strip(), screen


def test_storage_kinds_say_what_they_are(stage: Stage) -> None:
    setup = SetupPage(stage.theme, stage.core, stage.window._fresh_scope(), first=True)
    stage.show(setup)
    setup._store.expand(Kind.FOLDER)
    for tile in setup._store.form._by_kind.values():
        node = QAccessible.queryAccessibleInterface(tile)
        assert node is not None
        assert node.state().checkable
        assert node.text(QAccessible.Text.Description)
