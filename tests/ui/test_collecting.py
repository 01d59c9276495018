"""Who destroys what was a widget: never a worker."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from megadesk.ui.bridge import Bridge
from megadesk.ui.collecting import Collector

_PROGRAM = """
import gc, sys, threading, time
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from megadesk.ui.collecting import Collector

app = QApplication([])
main, wrong, right = threading.get_native_id(), [], []

class Page(QWidget):
    pass

def make():
    for _ in range(20):
        page = Page()
        page.itself = page
        page.destroyed.connect(
            lambda *_: (right if threading.get_native_id() == main else wrong).append(1),
            Qt.ConnectionType.DirectConnection,
        )

class Knot:
    pass

stopped = threading.Event()
def work():
    while not stopped.is_set():
        for _ in range(300):  # so few that a fast machine, too, is looked at before there are too many to look at
            knot = Knot()
            knot.itself = knot
        time.sleep(0.001)

collector = Collector(lambda: 60.0)
if sys.argv[1] == "with":
    collector.start()
else:
    gc.set_threshold(500, 5, 5)
makes = QTimer(interval=5)
makes.timeout.connect(make)
makes.start()
workers = [threading.Thread(target=work) for _ in range(2)]
for worker in workers:
    worker.start()
if sys.argv[1] == "with":
    looks = QTimer(interval=20)
    looks.timeout.connect(collector.look)
    looks.start()
QTimer.singleShot(1500, app.quit)
app.exec()
stopped.set()
for worker in workers:
    worker.join()
print(len(wrong), len(right), flush=True)
import os
os._exit(0)
"""


def _destroyed(how: str) -> tuple[int, int]:
    """(on workers, on the window's thread)."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM, how], capture_output=True, text=True, check=False)
    if done.returncode < 0:
        return 1, 0  # it crashed, as was to be expected
    assert done.returncode == 0, done.stderr
    wrong, right = map(int, done.stdout.split())
    return wrong, right


def test_pythons_own_collector_destroys_widgets_on_workers() -> None:
    """The reason for all this; should it ever hold no more, `Collector` may go."""
    wrong, _ = _destroyed("without")
    assert wrong > 0


def test_with_ours_they_go_on_the_windows_thread() -> None:
    wrong, right = _destroyed("with")
    assert wrong == 0
    assert right > 100


def test_a_task_dies_on_the_windows_thread(qtbot: QtBot) -> None:
    import threading

    class Held:
        def __del__(self) -> None:
            died.append(threading.get_ident())

    died: list[int] = []
    bridge = Bridge()
    scope = bridge.runner.scope()
    for stale in (False, True):
        held = Held()
        scope.run(lambda held=held: str(held), lane="one")  # type: ignore[misc]
        if stale:
            scope.run(lambda: None, lane="one")
        del held
        count = len(died)
        qtbot.waitUntil(lambda: len(died) > count)  # noqa: B023
    assert set(died) == {threading.get_ident()}
    bridge.close()


@pytest.fixture
def as_it_was() -> object:
    on = gc.isenabled()
    yield
    gc.unfreeze()
    (gc.enable if on else gc.disable)()


def test_what_stays_is_set_aside_also_when_it_comes_bit_by_bit(qtbot: QtBot, as_it_was: object) -> None:
    """As transfers do that are put into the queue one by one: to look at all of them took 0.1 s."""
    collector = Collector(lambda: 0.0)
    gc.enable()
    collector.start()
    collector.look()
    frozen = gc.get_freeze_count()
    kept: list[list[object]] = []
    for _ in range(25):
        kept += [[] for _ in range(4_000)]
        collector.look()
        assert len(gc.get_objects()) < 60_000
    assert gc.get_freeze_count() > frozen + 60_000
    collector.stop()


def test_what_it_collects_when(qtbot: QtBot, as_it_was: object) -> None:
    quiet = [0.0]
    collector = Collector(lambda: quiet[0])
    gc.enable()
    collector.start()
    assert not gc.isenabled()
    collector.look()
    frozen = gc.get_freeze_count()
    assert frozen > 10_000  # the program itself

    class Knot:
        gone = 0

        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            Knot.gone += 1

    def tie(count: int) -> None:
        for _ in range(count):
            Knot()

    tie(500)
    collector.look()
    assert Knot.gone == 0  # not worth it
    tie(1000)
    collector.look()
    assert Knot.gone == 1500
    tie(40_000)  # more than a moment is enough for
    collector.look()
    assert Knot.gone == 1500
    assert gc.get_freeze_count() > frozen
    collector.look()
    assert Knot.gone == 1500  # somebody is there
    quiet[0] = 60.0
    collector.look()
    assert Knot.gone == 41_500
    collector.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
