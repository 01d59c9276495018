"""Other programs' and other devices' changes are noticed without being asked for."""

from __future__ import annotations

import contextlib
import queue
import threading
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.core.events import Event, FoldersChanged, LockerStateChanged, StoreTrouble
from megadesk.core.watch import Others, Watch
from megadesk.errors import StoreUnavailableError
from megadesk.stores.handles import Listening

DEADLINE_S = 20.0


def test_another_program_on_this_machine_is_noticed(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("MEGADESK_KDF", "floor")
    events: queue.Queue[Event] = queue.Queue()
    window = App(str(tmp_path / "home"), event_sink=events.put)
    made = window.create_locker("passphrase", store=str(tmp_path / "store"))
    made.locker.start()
    script = App(str(tmp_path / "home"))
    other = script.unlock(None, "passphrase")
    while not events.empty():
        events.get_nowait()
    other.make_folder("/from elsewhere")
    event = events.get(timeout=DEADLINE_S)
    assert event == FoldersChanged("Locker", None)
    assert [row.name for row in made.locker.list_folder("/")] == ["from elsewhere"]
    script.close()
    window.close()


class Told(Listening):
    """A stream that a test fills. None: it breaks off."""

    def __init__(self) -> None:
        self.names: queue.Queue[str | None] = queue.Queue()
        self.closed = threading.Event()

    def __next__(self) -> str:
        name = self.names.get(timeout=DEADLINE_S)
        if self.closed.is_set():
            raise StopIteration
        if name is None:
            raise StoreUnavailableError("The stream broke off.")
        return name

    def close(self) -> None:
        self.closed.set()
        self.names.put("")


def test_what_is_heard_is_asked_for_at_once_and_a_broken_stream_is_opened_again(monkeypatch) -> None:
    monkeypatch.setattr("megadesk.core.watch.LISTEN_AGAIN_FIRST_S", 0.001)
    asked: queue.Queue[int] = queue.Queue()
    streams: queue.Queue[Told] = queue.Queue()

    def listen() -> Listening:
        told = Told()
        streams.put(told)
        return Others(told, "log/own/")

    def refresh() -> int:
        asked.put(1)
        return 0

    watch = Watch(lambda: 0, refresh, lambda: None, listen=listen, look_every_s=3600, ask_first_s=3600)
    watch.start()
    first = streams.get(timeout=DEADLINE_S)
    first.names.put("")
    assert asked.get(timeout=DEADLINE_S) == 1
    first.names.put("log/own/1")
    first.names.put("log/other/1")
    assert asked.get(timeout=DEADLINE_S) == 1
    first.names.put(None)
    second = streams.get(timeout=DEADLINE_S)
    assert asked.empty(), "what this device put itself is not asked for"
    second.names.put("log/other/2")
    assert asked.get(timeout=DEADLINE_S) == 1
    watch.stop()
    assert second.closed.is_set()


def test_storage_that_tells_nothing_is_not_listened_to() -> None:
    asked: queue.Queue[int] = queue.Queue()
    watch = Watch(
        lambda: 0, lambda: asked.put(1) or 0, lambda: None, listen=lambda: None, look_every_s=0.001, ask_first_s=0.002
    )
    watch.start()
    assert asked.get(timeout=DEADLINE_S) == 1
    watch.stop()


def test_the_storage_is_asked_and_its_absence_survived() -> None:
    asked: queue.Queue[int] = queue.Queue()

    def refresh() -> int:
        asked.put(1)
        if asked.qsize() == 1:
            raise StoreUnavailableError("The drive is away.")
        return 0

    watch = Watch(lambda: 0, refresh, lambda: None, look_every_s=0.001, ask_first_s=0.002)
    watch.start()
    for _ in range(2):
        assert asked.get(timeout=DEADLINE_S) == 1
    watch.stop()


def test_entries_are_counted_when_the_index_was_written_to_and_whenever_the_storage_is_asked() -> None:
    counted: list[int] = []
    stamps: queue.Queue[int] = queue.Queue()
    asked: queue.Queue[int] = queue.Queue()
    news: queue.Queue[int] = queue.Queue()
    entries, last = 1, 0

    def count() -> int:
        counted.append(1)
        return entries

    def stamp() -> int:
        """The same until another one is put; -1: the file cannot be looked at."""
        nonlocal last
        with contextlib.suppress(queue.Empty):
            last = stamps.get_nowait()
        if last < 0:
            raise OSError("gone")
        return last

    looked = threading.Semaphore(0)

    def noticed() -> int:
        looked.release()
        return stamp()

    watch = Watch(
        count, lambda: asked.put(1) or 0, lambda: news.put(1), stamp=noticed, look_every_s=0.001, ask_first_s=3600
    )
    watch.start()
    for _ in range(20):
        assert looked.acquire(timeout=DEADLINE_S)
    assert len(counted) == 1, "at the beginning only"
    entries = 2
    stamps.put(7)
    assert news.get(timeout=DEADLINE_S) == 1
    entries = 3
    stamps.put(-1)
    assert news.get(timeout=DEADLINE_S) == 1
    watch.stop()
    assert asked.empty()


def test_a_trouble_that_is_over_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was told that the storage is away hears when it answers again, by whatever asked it."""
    monkeypatch.setenv("MEGADESK_KDF", "floor")
    events: list[object] = []
    app = App(str(tmp_path / "home"), event_sink=events.append)
    locker = app.create_locker("some words").locker

    def away() -> None:
        raise StoreUnavailableError("Nobody is there.", remedy="Plug it in.")

    with monkeypatch.context() as patched:
        patched.setattr(locker._history, "refresh", away)
        with pytest.raises(StoreUnavailableError):
            locker.refresh()
    assert StoreTrouble("Locker", "Nobody is there.", "Plug it in.") in events
    events.clear()
    locker.refresh()
    locker.refresh()
    assert [event for event in events if isinstance(event, LockerStateChanged)] == [LockerStateChanged("Locker", None)]
    app.close()
