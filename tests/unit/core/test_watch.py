"""Other programs' and other devices' changes are noticed without being asked for."""

from __future__ import annotations

import queue

from megadesk.core.app import App
from megadesk.core.events import Event, FoldersChanged
from megadesk.core.watch import Watch
from megadesk.errors import StoreUnavailableError

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
