"""The real program, watched: what it shows is written to a file several times a second.

python watched_app.py STATE_FILE
"""

from __future__ import annotations

import json
import os
import sys

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QListView, QPlainTextEdit, QWidget

from megadesk.ui.app import run_app
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.setup_page import SetupPage
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.windows.main_window import MainWindow


def _place(widget: QWidget) -> list[int]:
    corner = widget.mapToGlobal(QPoint(0, 0))
    return [corner.x(), corner.y(), widget.width(), widget.height()]


def describe(window: MainWindow) -> dict[str, object]:
    page = window.page()
    state: dict[str, object] = {
        "page": type(page).__name__,
        "active": window.isActiveWindow(),
        "error": window.banner.text() if window.banner.isVisible() else "",
    }
    if isinstance(page, SetupPage):
        state["step"] = page._stack.currentIndex()
        state["key"] = page._presenter.recovery_key
        state["asked"] = page._presenter._asked
        state["ready"] = page._create.isEnabled()
    if isinstance(page, UnlockPage):
        state["note"] = page._field.note.text() if page._edit.isEnabled() else ""
    if isinstance(page, BrowserPage):
        view = window.frame_.view()
        assert view is not None
        line = view.strip._shown
        state["rows"] = [row.display_name for row in page.model.rows[:50]]
        state["list"] = _place(page.view.viewport())
        state["row_height"] = page.view.rowHeight(0) if page.model.rows else 0
        state["selected"] = page.view.selected_count()
        shelf = page.outside.shelf
        state["shelf"] = _place(shelf) if shelf.isVisible() else None
        state["shelf_ready"] = shelf.isVisible() and shelf._ready
        state["banner"] = view.banner.text() if view.banner.isVisible() else ""
        state["strip"] = (
            {
                "visible": view.strip.isVisible(),
                "headline": line.headline,
                "detail": line.detail,
                "permille": line.permille,
                "tone": line.tone.value,
            }
            if line is not None
            else None
        )
    return state


def controls() -> dict[str, object]:
    """Places of what can be pressed or typed into, in the window that is in front, by what it is called."""
    front = QApplication.activeWindow()
    found: dict[str, object] = {}
    for widget in front.findChildren(QWidget) if front is not None else ():
        if not widget.isVisible() or not widget.isEnabled():
            continue
        if isinstance(widget, QAbstractButton):
            found[(widget.text() or widget.accessibleName()).replace("&", "")] = _place(widget)
        elif isinstance(widget, QLineEdit | QPlainTextEdit):
            found[widget.accessibleName()] = _place(widget)
        elif isinstance(widget, QListView):
            for row in range(min(widget.model().rowCount(), 50)):
                index = widget.model().index(row, 0)
                at = widget.visualRect(index)
                corner = widget.viewport().mapToGlobal(at.topLeft())
                found.setdefault(str(index.data()), [corner.x(), corner.y(), at.width(), at.height()])
        elif isinstance(widget, QLabel) and widget.text():
            found.setdefault("labels", []).append(widget.text())  # type: ignore[attr-defined]
    return found


def main(path: str) -> int:
    show = MainWindow.show

    def shown(window: MainWindow) -> None:
        timer = QTimer(window)

        def write() -> None:
            part = f"{path}.part"
            with open(part, "w", encoding="utf-8") as file:
                json.dump(describe(window) | ({"controls": controls()} if "--controls" in sys.argv else {}), file)
            os.replace(part, path)

        def make() -> None:
            page = window.page()
            if isinstance(page, SetupPage) and page._store.default and not page.key_unconfirmed:
                make_timer.stop()
                page._presenter.create("", "some words to open it")

        timer.timeout.connect(write)
        make_timer = QTimer(window)
        make_timer.timeout.connect(make)
        if "--make" in sys.argv:
            make_timer.start(20)
        if "--fail" in sys.argv:
            QTimer.singleShot(300, lambda: 1 // 0)
        timer.start(50)
        window.move(372, 150)
        window.resize(1024, 640)
        show(window)

    MainWindow.show = shown  # type: ignore[method-assign]
    return run_app()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
