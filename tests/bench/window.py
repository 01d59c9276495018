"""How smooth the window is: python3 dev.py bench window [--rows N] [--files N] [--queue N] [--nodes N]

A heartbeat of 2 ms on the event loop notes its gaps: a gap is the time during which the window could not answer; "ours"
is the longest without what other programs took of the processor. All is done through the real window on the real core
and a folder store, on the display that there is, else in an X server of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))
import heartbeat
from helpers import services

from megadesk.core.app import App
from megadesk.core.locker import Locker
from megadesk.transfer.port import Conflict
from megadesk.transfer.records import Direction, State, TransferRecord
from megadesk.types import ROOT
from megadesk.ui.bridge import Bridge
from megadesk.ui.collecting import Collector
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.catalog import load_ahead
from megadesk.ui.pages.transfers_page import TransfersPage
from megadesk.ui.presenters.listing import Column, Sort
from megadesk.ui.presenters.queued import Tab
from megadesk.ui.theme import Theme
from megadesk.ui.turns import SWITCH_S
from megadesk.ui.windows.main_window import MainWindow

PASSPHRASE = "x"
PARTS = ("browse", "upload", "queue", "start", "million")
_START = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from megadesk.ui import app
from megadesk.ui.windows.main_window import MainWindow
show = MainWindow._show
def usable(window, page, key=""):
    show(window, page, key)
    def answered():
        print(time.time(), flush=True)
        QApplication.quit()
    # Twice through the event loop: what was to be painted is, and input would have been answered.
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, answered))
MainWindow._show = usable
sys.exit(app.run_app())
"""


class Heartbeat(heartbeat.Heartbeat):
    def report(self, what: str, seconds: float) -> None:
        self.beat()
        gaps = sorted(beat.wall_s for beat in self.beats)
        ours = max(beat.ours_s for beat in self.beats)
        over = sum(gap > 0.05 for gap in gaps)
        high = gaps[int(len(gaps) * 0.99) - 1]
        print(
            f"{what:44} {seconds:7.3f} s   longest gap {gaps[-1] * 1000:6.1f} ms (ours {ours * 1000:6.1f})"
            f"   99 % {high * 1000:5.1f} ms   over 50 ms: {over}",
            flush=True,
        )
        if self._stacks is not None:
            self._stacks.write(f"##### {what}\n")


_SELDOM_MS = 20
"""Between two looks at what takes long: each takes the interpreter from whoever works."""


def wait(condition: Callable[[], object], timeout_s: float = 300) -> float:
    """Run the event loop until it holds; the seconds it took."""
    began = time.perf_counter()
    loop = QEventLoop()
    timer = QTimer()

    def look() -> None:
        took = time.perf_counter() - began
        if condition() or took > timeout_s:
            loop.quit()
        elif took > 1 and timer.interval() < _SELDOM_MS:
            timer.setInterval(_SELDOM_MS)

    timer.timeout.connect(look)
    timer.start(1)
    loop.exec()
    timer.stop()
    assert condition(), "it did not come"
    return time.perf_counter() - began


def make_files(folder: Path, count: int, size: int) -> None:
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"IMG_{number * 7919 % (count * 10)} {number}.jpg").write_bytes(os.urandom(size))


def memory_mib(process: str = "self") -> float:
    """Resident now."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Scroller:
    """Scrolls a list by jumps, as a hand on the bar does."""

    def __init__(self, page: BrowserPage) -> None:
        self._bar = page.view.verticalScrollBar()
        self._at = 0
        self._timer = QTimer()
        self._timer.timeout.connect(self._step)
        self._timer.start(30)

    def _step(self) -> None:
        self._at = (self._at + 977) % max(1, self._bar.maximum())
        self._bar.setValue(self._at)

    def stop(self) -> None:
        self._timer.stop()


def browse(page: BrowserPage, heart: Heartbeat, rows: int, name: str) -> None:
    folder = page.context.locker.node(name)
    for attempt in ("cold", "again"):
        heart.reset()
        page.presenter.open_row(folder)
        first = wait(lambda: page.model.rows)
        whole = first + wait(lambda: len(page.model.rows) == rows)
        heart.report(f"open {rows:,} rows ({attempt}; to be seen and used after {first:.3f} s)", whole)
        if attempt == "cold":
            page.presenter.go_up()
            wait(lambda: len(page.model.rows) == 1)
    for column, descending in (
        (Column.SIZE, True),
        (Column.MODIFIED, False),
        (Column.KIND, False),
        (Column.NAME, True),
    ):
        heart.reset()
        listing = page.presenter.listing
        page._sort(Sort(column, descending))
        heart.report(f"sort by {column.name.lower()}", wait(lambda: page.presenter.listing is not listing))  # noqa: B023
    for text in ("1", "img_12", "jpg"):
        heart.reset()
        page.search.setText(text)
        heart.report(f"filter by “{text}”", wait(lambda: page._rows is not None and page._rows.needle == text))  # noqa: B023
    page.search.clear()
    wait(lambda: len(page.model.rows) == rows)
    heart.reset()
    began = time.perf_counter()
    page.view.selectAll()
    QApplication.processEvents()
    heart.report("select all", time.perf_counter() - began)
    page.view.clearSelection()
    page.show_grid(True)
    heart.reset()
    began = time.perf_counter()
    bar = page.grid.verticalScrollBar()
    for step in range(100):
        bar.setValue(bar.maximum() * step // 100)
        QApplication.processEvents()
    heart.report("100 scroll steps of the grid", time.perf_counter() - began)
    page.show_grid(False)
    heart.reset()
    began = time.perf_counter()
    bar = page.view.verticalScrollBar()
    for step in range(300):
        bar.setValue(bar.maximum() * step // 300)
        QApplication.processEvents()
    heart.report("300 scroll steps of the list", time.perf_counter() - began)


def upload(page: BrowserPage, heart: Heartbeat, source: str, files: int, folder: str) -> None:
    locker = page.context.locker
    page.context.operations.upload([source], locker.node(folder).id)
    wait(lambda: any(row.title == os.path.basename(source) for row in locker.transfers.rows()))
    scroller = Scroller(page)
    searched: list[int] = []
    searching: list[int] = []

    def found(rows: Sequence[object]) -> None:
        searching.clear()
        searched.append(len(rows))

    def search() -> None:
        """One at a time, as in the window, where a search takes the place of the one before."""
        if not searching:
            searching.append(1)
            page.context.scope.run(lambda: locker.find(f"IMG_{len(searched)}"), found)

    searcher = QTimer()
    searcher.timeout.connect(search)
    searcher.start(500)
    heart.reset()
    took = wait(lambda: page.context.transfers.live_count() == 0)
    scroller.stop()
    searcher.stop()
    heart.report(f"upload {files:,} files, scrolling, {len(searched)} searches", took)


def queue(window: MainWindow, heart: Heartbeat, locker: Locker, count: int) -> None:
    """A queue of single files, looked at, moved about in, and worked off for a while."""
    manager = locker.transfers
    source = os.fsencode("/etc/hostname")
    record = TransferRecord(
        direction=Direction.UP,
        sources=(source,),
        dest=ROOT,
        dest_text="/",
        title="hostname",
        conflict=Conflict.KEEP_BOTH,
        created_ms=0,
        state=State.PAUSED,
    )
    heart.reset()
    added: list[int] = []

    def add() -> None:
        for _ in range(count):
            manager._add(record, None)
        added.append(count)

    thread = threading.Thread(target=add)
    thread.start()
    heart.report(f"queue {count:,} transfers", wait(lambda: added))
    thread.join()
    view = window.frame_.view()
    assert view is not None
    heart.reset()
    view.open_page("transfers")
    page = view.page()
    assert isinstance(page, TransfersPage)
    heart.report(f"show a queue of {count:,}", wait(lambda: len(page.model.rows) >= count))
    heart.reset()
    began = time.perf_counter()
    bar = page.view.verticalScrollBar()
    for step in range(100):
        bar.setValue(bar.maximum() * step // 100)
        QApplication.processEvents()
    heart.report("100 scroll steps of the queue", time.perf_counter() - began)
    last = page.model.rows[-1].id
    heart.reset()
    view.transfers.move([last], page.model.rows[0].id)
    heart.report("move the last to the top", wait(lambda: page.model.rows[0].id == last))

    def done() -> int:
        return page._board.counts.get(Tab.DONE, 0) if page._board is not None else 0

    before = done()
    heart.reset()
    view.transfers.each("resume", [row.id for row in page.model.rows if row.state is State.PAUSED][:200])
    heart.report("work off 200 of it", wait(lambda: done() >= before + 200))


def cold_start(home: str, compiled: str) -> None:
    """From the start of the process to the unlock page, painted and answering: modules compiled, files in the page
    cache."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environ |= {"MEGADESK_HOME": home, "MEGADESK_KDF": "floor", "PYTHONPYCACHEPREFIX": compiled}
    times = []
    for _ in range(8):
        began = time.time()
        done = subprocess.run(
            [sys.executable, "-c", _START],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        )
        times.append(float(done.stdout.split()[0]) - began)
    later = sorted(times[1:])
    print(
        f"cold start to the unlock page: {later[0]:.2f} to {later[-1]:.2f} s, median {later[len(later) // 2]:.2f} s"
        f" ({times[0]:.2f} s with modules to be compiled)"
    )


def idle(seconds: float = 3.0) -> None:
    began = time.process_time()
    wait_s(seconds)
    print(f"idle: {(time.process_time() - began) / seconds * 100:.1f} % of a core")


def wait_s(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def million(nodes: int, work: str) -> None:
    """A window on a locker of so many nodes: its memory once a folder is shown and a search was made."""
    home = Path(work) / "million"
    code = (
        "import sys, pathlib; from tests.bench.million_nodes import build;"
        " build(pathlib.Path(sys.argv[1]), int(sys.argv[2]))"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(home), str(nodes)],
        env={**os.environ, "MEGADESK_KDF": "floor"},
        cwd=Path(__file__).parents[2],
        check=True,
    )
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.window", "--memory-of", str(home)],
        env={**os.environ, "MEGADESK_KDF": "floor"},
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    print(done.stdout.strip())


def memory_of(home: str) -> None:
    app = QApplication(["memory"])
    app.setStyle("Fusion")
    bridge = Bridge()
    core = App(home, event_sink=bridge.post)
    locker = core.unlock(None, "passphrase")
    window = MainWindow(Theme(app, "light"), bridge, services(bridge, home))
    window.resize(1400, 900)
    window.show()
    collector = Collector(lambda: 0.0)
    collector.start()
    window._core = core
    window.open_session(locker)
    wait(lambda: isinstance(window.page(), BrowserPage))
    page = window.page()
    assert isinstance(page, BrowserPage)
    wait(lambda: len(page.model.rows) > 500)
    count = len(page.model.rows)
    page.presenter.open_row(page.model.rows[500])
    wait(lambda: len(page.model.rows) >= 1000 and page.presenter.folder != ROOT)
    wait_s(1)
    status = locker.status()
    shown = memory_mib()
    began = time.perf_counter()
    page.search.setText("0500123")
    page.presenter.search("0500123")
    first = wait(lambda: page.presenter.searching and page.model.rows)
    print(
        f"{status.files + status.folders:,} nodes, {count} folders at the top: resident {shown:.0f} MiB with a folder"
        f" shown, {memory_mib():.0f} MiB after the first search ({first:.1f} s, it makes the search table)"
    )
    page.presenter.search("0500124")
    began = time.perf_counter()
    wait(lambda: page.model.rows and "0500124" in page.model.rows[0].display_name)
    print(f"a search in it: {time.perf_counter() - began:.3f} s")
    bridge.close()
    core.close()


@contextlib.contextmanager
def display() -> Iterator[None]:
    """An X server, where there is no display; it ends with the block."""
    if any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        yield
        return
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL) as server:
        try:
            os.close(write)
            with open(read, encoding="ascii") as ready:
                number = ready.readline().strip()
            os.environ |= {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
            yield
        finally:
            server.terminate()


def main(arguments: Sequence[str]) -> None:
    with display():
        measure(arguments)


def measure(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench window", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--queue", type=int, default=50_000)
    parser.add_argument(
        "--parts", default=",".join(PARTS), help="of what is measured, with commas between: %(default)s"
    )
    parser.add_argument("--nodes", type=int, default=1_000_000, help="0: without the locker of a million")
    parser.add_argument("--stacks", default="", help="a file for the stacks of all threads whenever a beat is late")
    parser.add_argument("--memory-of", default="", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    os.environ["MEGADESK_KDF"] = "floor"
    sys.setswitchinterval(SWITCH_S)
    if options.memory_of:
        memory_of(options.memory_of)
        return
    parts = options.parts.split(",")
    app = QApplication(["bench"])
    app.setStyle("Fusion")
    with tempfile.TemporaryDirectory() as work:
        make_files(Path(work) / "large", options.rows, 16)
        make_files(Path(work) / "more", options.files, 2000)
        os.sync()  # else the system writes them to the disk meanwhile, on the processors that are measured
        bridge = Bridge()
        core = App(f"{work}/home", event_sink=bridge.post)
        locker = core.create_locker(PASSPHRASE).locker
        locker.transfers.run_now(locker.upload([f"{work}/large"], "/"))
        window = MainWindow(Theme(app, "light"), bridge, services(bridge, f"{work}/home"))
        window.resize(1400, 900)
        window.show()
        window._core = core
        collector = Collector(lambda: 0.0)
        collector.start()
        heart = Heartbeat(stacks=open(options.stacks, "w") if options.stacks else None)
        load_ahead()  # as the program does while the first page waits for a passphrase
        heart.start()
        window.open_session(locker)
        wait(lambda: isinstance(window.page(), BrowserPage))
        page = window.page()
        assert isinstance(page, BrowserPage)
        wait(lambda: len(page.model.rows) == 1)
        if "browse" in parts:
            browse(page, heart, options.rows, "/large")
        else:
            page.presenter.open_row(locker.node("/large"))
            wait(lambda: len(page.model.rows) == options.rows)
        if "upload" in parts:
            upload(page, heart, f"{work}/more", options.files, "/large")
        heart.stop()
        wait_s(3)
        idle()
        heart.start()
        if "queue" in parts:
            queue(window, heart, locker, options.queue)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"resident: {memory_mib():.0f} MiB, at most {peak:.0f} MiB")
        heart.close()
        collector.stop()
        bridge.close()
        core.close()
        if "start" in parts:
            cold_start(f"{work}/home", f"{work}/compiled")
        if "million" in parts and options.nodes:
            million(options.nodes, work)


if __name__ == "__main__":
    main(sys.argv[1:])
