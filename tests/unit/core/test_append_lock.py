"""The append lock is not held while the storage is away: another process of this machine gets its turn."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from megadesk.errors import StoreUnavailableError
from megadesk.state.lock import FileLock
from megadesk.stores.fault import Fault, Kind
from megadesk.stores.retry import AT_ONCE, RetryPolicy, RetryStore
from tests.lockers import Device, LockerRig

ROUND = 1 + AT_ONCE
"""So many failures of one request end the action."""
OPERATIONS = [("put", "log/"), ("flush", ""), ("list", "log/"), ("list", "devices/"), ("get", "devices/")]


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return LockerRig(tmp_path).enrol()


def make_patient(device: Device, wait: object) -> None:
    store = device.locker._store
    assert isinstance(store, RetryStore)
    store.set_policy(RetryPolicy(tries=4, first_s=0.0, ceiling_s=0.0))
    store._wait = wait  # type: ignore[assignment]


@pytest.mark.parametrize("kind", [Kind.BEFORE, Kind.AFTER])
@pytest.mark.parametrize(("operation", "prefix"), OPERATIONS)
def test_the_lock_is_free_while_the_storage_is_waited_for(
    device: Device, kind: Kind, operation: str, prefix: str
) -> None:
    free = []

    def wait(seconds: float) -> None:
        held = FileLock(device.record.lock_file("append")).try_hold()
        free.append(held is not None)
        if held is not None:
            held.release()

    make_patient(device, wait)
    device.locker.make_folder("/before")
    assert device.faults is not None
    device.faults.set_faults([Fault(kind, (operation,), prefix, times=2 * ROUND)])
    device.locker.make_folder("/made once")
    # A put that took effect is found out at once, and known devices are not fetched again.
    is_waited_for = operation != "get" and (operation, kind) != ("put", Kind.AFTER)
    assert free == ([True, True] if is_waited_for else [])
    assert [row.name for row in device.locker.list_folder("/")] == ["before", "made once"]
    assert len(list(device.rig.store.list(f"log/{device.id.hex()}/"))) == 2
    device.faults.set_faults([])
    assert device.locker.upkeep.check().problems == []


def test_another_process_may_complete_the_entry_meanwhile(device: Device) -> None:
    make_patient(device, lambda seconds: other())
    done = threading.Event()

    def other() -> None:
        if not done.is_set():
            done.set()
            thread = threading.Thread(target=device.locker.refresh)
            thread.start()
            thread.join()

    assert device.faults is not None
    device.faults.set_faults([Fault(Kind.BEFORE, ("put",), "log/", times=ROUND)])
    device.locker.make_folder("/made once")
    assert done.is_set()
    assert [row.name for row in device.locker.list_folder("/")] == ["made once"]
    assert len(list(device.rig.store.list(f"log/{device.id.hex()}/"))) == 1


def test_it_gives_up_in_the_end_and_the_next_one_completes_it(device: Device) -> None:
    waits: list[float] = []
    make_patient(device, waits.append)
    assert device.faults is not None
    device.faults.set_faults([Fault(Kind.BEFORE, ("put",), "log/", times=4 * ROUND)])
    with pytest.raises(StoreUnavailableError):
        device.locker.make_folder("/late")
    assert len(waits) == 3
    device.locker.make_folder("/next")
    assert [row.name for row in device.locker.list_folder("/")] == ["late", "next"]


def test_a_network_that_loses_every_fourth_request_lets_changes_pass(device: Device) -> None:
    """A change takes more requests than four: were each failure the end of all of them, it would never be made."""
    waits: list[float] = []
    make_patient(device, waits.append)
    assert device.faults is not None
    device.faults.set_faults([Fault(Kind.BEFORE, at=frozenset(range(0, 400, 4)))])
    for number in range(5):
        device.locker.make_folder(f"/{number}")
    assert waits == []
