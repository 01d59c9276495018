"""What a screen reader meets, and whether a keyboard alone gets everywhere: every page, through QAccessible and Tab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from examples import row
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from stage import Stage

from megadesk.ui import i18n, language
from megadesk.ui.pages.devices_page import CodeDialog, DevicesPage
from megadesk.ui.pages.setup_page import SetupPage
from megadesk.ui.pages.sync_page import PairDialog, SyncPage
from megadesk.ui.presenters.storage import Kind
from megadesk.ui.widgets.link_address_dialog import LinkAddressDialog
from megadesk.ui.widgets.link_dialog import LinkDialog

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


def badly_named(top: QWidget) -> Iterator[str]:
    """Every control has a name and a role; names are neither markup nor keys."""
    for node in interfaces(top):
        role, name = node.role(), node.text(QAccessible.Text.Name)
        if role in CONTROLS:
            if not name.strip():
                yield f"nameless: {node.object()} {role.name}"
            if "&" in name.replace("&&", "") or "<" in name:
                yield f"not to be read out: {name}"
        elif node.state().focusable and role in (ROLE.NoRole, ROLE.Client) and not is_scroll_area(node):
            yield f"without a role: {node.object()}"


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


def unreached(top: QWidget) -> Iterator[str]:
    """Tab gets everywhere and comes back."""
    wanted = {each for each in top.findChildren(QWidget) if reachable(each)}
    start = top.focusWidget() or next((each for each in wanted if each.focusPolicy() & Qt.FocusPolicy.TabFocus), top)
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
            yield f"not by Tab: {widget} {widget.accessibleName()}"


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


def doubled_letters(top: QWidget) -> Iterator[str]:
    """Alt and a letter press one control; with two, Qt only moves the focus between them."""
    letters: dict[str, list[str]] = {}
    for widget in top.findChildren(QWidget):
        text = ""
        if isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy() is not None):
            text = widget.text()
        if widget.isVisible() and "&" in text.replace("&&", ""):
            letter = text.replace("&&", "").split("&", 1)[1][:1].lower()
            letters.setdefault(letter, []).append(text)
    for texts in letters.values():
        if len(texts) > 1:
            yield f"one letter for {texts}"


def colour_alone(top: QWidget) -> Iterator[str]:
    """What is coloured for its meaning says it in words as well."""
    for widget in top.findChildren(QLabel):
        if widget.isVisible() and widget.property("tone") in ("danger", "warn", "good") and not widget.text().strip():
            yield f"coloured, but says nothing: {widget}"


@pytest.mark.usefixtures("spoken")
def test_every_screen_by_keys_and_for_the_ear(stage: Stage) -> None:
    """All checks of every screen, in every language."""
    wrong, screens, controls = [], 0, 0
    for screen, top in stage.screens():
        screens += 1
        controls += sum(node.role() in CONTROLS for node in interfaces(top))
        for check in (badly_named, unreached, doubled_letters, colour_alone):
            wrong += [f"{screen}: {each}" for each in check(top)]
    print("\n".join(wrong))
    assert wrong == []
    assert screens > 60, "all were shown"
    assert controls > 600, "the tree was walked"


def test_a_dialog_may_close_before_what_it_asked_for_comes(stage: Stage) -> None:
    """An answer to one that is gone is nobody's; pytest-qt fails on what a slot raises."""
    view = stage.locker()
    opened: list[QDialog] = []
    for key in ("devices", "sync"):
        view.open_page(key)
        page = view.page()
        if isinstance(page, DevicesPage):
            opened.append(CodeDialog(page))
        elif isinstance(page, SyncPage):
            pair = PairDialog(page)
            pair.here.setText("/home/anna/new")
            pair.go.click()
            opened.append(pair)
    opened += [LinkDialog(view._context, row(1, "Documents", folder=True)), LinkAddressDialog(view._context)]
    assert len(opened) == 4
    for dialog in opened:
        shiboken6.delete(dialog)
    stage.qtbot.waitUntil(lambda: not stage.bridge.runner._waiting)
    view.stop()


def test_storage_kinds_say_what_they_are(stage: Stage) -> None:
    setup = SetupPage(stage.theme, stage.core, stage.window._fresh_scope(), first=True)
    stage.show(setup)
    setup._store.expand(Kind.FOLDER)
    for tile in setup._store.form._by_kind.values():
        node = QAccessible.queryAccessibleInterface(tile)
        assert node is not None
        assert node.state().checkable
        assert node.text(QAccessible.Text.Description)
