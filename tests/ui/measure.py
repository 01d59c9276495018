"""How smooth the window is: python -m tests.ui.measure [ROWS] [FILES]   (with a display, or QT_QPA_PLATFORM=offscreen)

A heartbeat of 2 ms on the event loop notes its gaps: a gap is the time during which the window could not answer.
The folder of ROWS files is made through the real core, as is the upload of FILES files while it is shown.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parent))
from helpers import services

from megadesk.core.app import App
from megadesk.ui.bridge import Bridge
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.presenters.listing import Column, Sort
from megadesk.ui.theme import Theme
from megadesk.ui.windows.main_window import MainWindow


class Heartbeat:
    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setInterval(2)
        self._timer.timeout.connect(self._beat)
        self._last_s = time.perf_counter()
        self.gaps: list[float] = []
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last_s)
        self._last_s = now

    def reset(self) -> None:
        self.gaps.clear()
        self._last_s = time.perf_counter()

    def report(self, what: str, seconds: float) -> None:
        gaps = sorted(self.gaps) or [0.0]
        over = sum(gap > 0.05 for gap in gaps)
        high = gaps[int(len(gaps) * 0.99) - 1]
        print(
            f"{what:44} {seconds:7.3f} s   longest gap {gaps[-1] * 1000:6.1f} ms   99 % {high * 1000:5.1f} ms"
            f"   over 50 ms: {over}"
        )


def wait(condition: Callable[[], object], timeout_s: float = 300) -> float:
    """Run the event loop until it holds; the seconds it took."""
    began = time.perf_counter()
    loop = QEventLoop()
    timer = QTimer()
    timer.timeout.connect(lambda: loop.quit() if condition() or time.perf_counter() - began > timeout_s else None)
    timer.start(1)
    loop.exec()
    assert condition(), "it did not come"
    return time.perf_counter() - began


def make_files(folder: Path, count: int, size: int) -> None:
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"IMG_{number * 7919 % (count * 10)} {number}.jpg").write_bytes(os.urandom(size))


def main(rows: int, files: int) -> None:
    sys.setswitchinterval(0.001)
    os.environ["MEGADESK_KDF"] = "floor"
    app = QApplication(["measure"])
    app.setStyle("Fusion")
    theme = Theme(app, "light")
    with tempfile.TemporaryDirectory() as work:
        make_files(Path(work) / "large", rows, 16)
        make_files(Path(work) / "more", files, 2000)
        bridge = Bridge()
        core = App(f"{work}/home", event_sink=bridge.post)
        locker = core.create_locker("x").locker
        number = locker.upload([f"{work}/large"], "/")
        locker.transfers.run_now(number)
        folder = locker.node("/large")
        window = MainWindow(theme, bridge, services(bridge))
        window.resize(1400, 900)
        window.show()
        window._core = core
        heart = Heartbeat()
        window.open_session(locker)
        page = window.page()
        wait(lambda: isinstance(window.page(), BrowserPage))
        page = window.page()
        assert isinstance(page, BrowserPage)
        wait(lambda: len(page.model.rows) == 1)

        for attempt in ("cold", "again"):
            heart.reset()
            page.presenter.open_row(folder)
            first = wait(lambda: page.model.rows)
            whole = first + wait(lambda: len(page.model.rows) == rows)
            heart.report(f"open {rows:,} rows ({attempt}; first rows {first:.3f} s)", whole)
            if attempt == "cold":
                page.presenter.go_up()
                wait(lambda: len(page.model.rows) == 1)
        for column, descending in ((Column.SIZE, True), (Column.MODIFIED, False), (Column.NAME, True)):
            heart.reset()
            page._sort(Sort(column, descending))
            listing = page.presenter.listing

            def sorted_() -> bool:
                return page.presenter.listing is not listing  # noqa: B023

            heart.report(f"sort by {column.name.lower()}", wait(sorted_))
        heart.reset()
        began = time.perf_counter()
        page.view.selectAll()
        app.processEvents()
        heart.report("select all", time.perf_counter() - began)
        page.view.clearSelection()
        heart.reset()
        bar = page.view.verticalScrollBar()
        began = time.perf_counter()
        for step in range(300):
            bar.setValue(bar.maximum() * step // 300)
            app.processEvents()
        heart.report("300 scroll steps", time.perf_counter() - began)

        heart.reset()
        page.context.operations.upload([f"{work}/more"], folder.id)
        position = [0]

        def scroll() -> None:
            position[0] = (position[0] + 977) % max(1, bar.maximum())
            bar.setValue(position[0])

        scroller = QTimer()
        scroller.timeout.connect(scroll)
        scroller.start(30)
        took = wait(lambda: any(row.state.name == "DONE" and row.id != number for row in locker.transfers.rows()))
        scroller.stop()
        heart.report(f"upload {files:,} files while scrolling", took)
        heart.reset()
        idle = time.process_time()
        QTimer.singleShot(3000, app.quit)
        heart._timer.stop()
        app.exec()
        print(f"idle: {(time.process_time() - idle) / 3 * 100:.1f} % of a core")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"highest memory: {memory:.0f} MiB")
        bridge.close()
        core.close()


if __name__ == "__main__":
    arguments = [int(text) for text in sys.argv[1:]]
    main(*(arguments or [100_000, 20_000]))
