"""The queue: order, pause, cancel, retry, restarts, and what becomes of a dead process's transfers."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.errors import CancelledError, PathError, StoreFullError, StoreUnavailableError
from megadesk.stores.fault import Fault, Kind
from megadesk.transfer import queue as queue_module
from megadesk.transfer.records import Direction, State
from megadesk.types import ROOT
from tests.lockers import Device, Killed, LockerRig, until, write


class Gate:
    """Holds operations of a device's store until it is opened."""

    def __init__(self, device: Device, operation: str, prefix: str) -> None:
        assert device.faults is not None
        self.reached = threading.Event()
        self._go = threading.Event()
        self._device = device
        self._wanted = (operation, prefix)
        device.faults.before = self._before

    def _before(self, operation: str, name: str) -> None:
        if operation == self._wanted[0] and name.startswith(self._wanted[1]):
            self.reached.set()
            assert self._go.wait(30)

    def wait(self) -> None:
        assert self.reached.wait(20)

    def open(self) -> None:
        self._go.set()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Five packs' worth."""
    for number in range(10):
        write(tmp_path / "tree" / f"{number}", os.urandom(7_000_000))
    return tmp_path / "tree"


@pytest.fixture(autouse=True)
def threads_end() -> Iterator[None]:
    yield
    until(lambda: not [t for t in threading.enumerate() if t.name.startswith(("transfers-", "upload-", "download-"))])


def states(device: Device) -> list[State]:
    return [row.state for row in device.locker.transfers.rows()]


def test_transfers_run_in_their_order(device: Device, tmp_path: Path) -> None:
    transfers = device.locker.transfers
    numbers = [device.locker.upload([str(write(tmp_path / name, b"x"))], ROOT) for name in "abc"]
    transfers.move_to(numbers[2], 0)
    assert [row.id for row in transfers.rows()] == [numbers[2], numbers[0], numbers[1]]
    transfers.move_to(numbers[2], 1)
    assert [row.id for row in transfers.rows()] == [numbers[0], numbers[2], numbers[1]]
    transfers.move_to(numbers[0], 2)
    assert [row.id for row in transfers.rows()] == [numbers[2], numbers[1], numbers[0]]
    transfers.start()
    for number in numbers:
        assert transfers.wait(number, 20).state is State.DONE
    created = sorted(device.locker.list_folder(ROOT), key=lambda row: row.id != b"" and row.created_ms)
    assert {row.name for row in created} == {"a", "b", "c"}
    entries = device.locker._history.heads()[device.id].seq
    assert entries == 3
    order = [device.locker._history.logs.fetch(device.id, seq)[0].ops[0].name for seq in (1, 2, 3)]  # type: ignore[union-attr]
    assert order == [b"c", b"b", b"a"]


def test_the_order_survives_a_restart(device: Device, tmp_path: Path) -> None:
    numbers = [device.locker.upload([str(write(tmp_path / name, b"x"))], ROOT) for name in "abc"]
    device.locker.transfers.move_to(numbers[2], 0)
    device.close()
    transfers = device.open().transfers
    assert transfers.pending() == 3
    transfers.pause_all()
    transfers.start()
    until(lambda: len(transfers.rows()) == 3)
    assert [row.id for row in transfers.rows()] == [numbers[2], numbers[0], numbers[1]]
    for number in numbers:
        transfers.resume(number)
        assert transfers.wait(number, 20).state is State.DONE


def test_up_and_down_run_side_by_side(device: Device, tmp_path: Path, tree: Path) -> None:
    device.put(write(tmp_path / "file", b"x"))
    gate = Gate(device, "put", "packs/")
    device.locker.transfers.start()
    up = device.locker.upload([str(tree)], ROOT)
    gate.wait()
    down = device.locker.download(["/file"], str(tmp_path / "out"))
    assert device.locker.transfers.wait(down, 20).state is State.DONE
    assert device.locker.transfers.row(up).state is State.RUNNING
    gate.open()
    assert device.locker.transfers.wait(up, 30).state is State.DONE


def test_pause_and_resume(device: Device, tree: Path) -> None:
    transfers = device.locker.transfers
    gate = Gate(device, "put", "packs/")
    transfers.start()
    number = device.locker.upload([str(tree)], ROOT)
    gate.wait()
    transfers.pause(number)
    gate.open()
    assert transfers.row(number).state is State.PAUSED
    # What was in flight arrives; after that nothing is put any more.
    count = -1
    while count != (count := len(device.packs())):
        time.sleep(0.3)
    assert count < 5
    assert transfers.row(number).state is State.PAUSED
    transfers.resume(number)
    row = transfers.wait(number, 30)
    assert (row.state, row.done_files) == (State.DONE, 10)
    assert not device.locker.upkeep.check(read_data=True).problems


def test_a_pause_survives_a_restart(device: Device, tree: Path) -> None:
    gate = Gate(device, "put", "packs/")
    device.locker.transfers.start()
    number = device.locker.upload([str(tree)], ROOT)
    gate.wait()
    device.locker.transfers.pause(number)
    gate.open()
    device.close()
    transfers = device.open().transfers
    transfers.start()
    assert [(row.id, row.state) for row in transfers.rows()] == [(number, State.PAUSED)]
    before = device.packs()
    transfers.resume(number)
    assert transfers.wait(number, 30).state is State.DONE
    assert before.items() <= device.packs().items()
    assert device.locker.totals("/tree").files == 10


def test_a_restart_goes_on_without_sending_again(device: Device, tree: Path) -> None:
    device.locker.transfers.start()
    number = device.locker.upload([str(tree)], ROOT)
    until(lambda: len(device.packs()) >= 2)
    device.close()
    before = device.packs()
    transfers = device.open().transfers
    transfers.start()
    row = transfers.wait(number, 30)
    assert (row.state, row.done_files) == (State.DONE, 10)
    assert before.items() <= device.packs().items()
    report = device.locker.upkeep.check(read_data=True)
    assert not report.problems
    assert report.unused_packs <= 2


def test_cancel_while_running(device: Device, tree: Path) -> None:
    transfers = device.locker.transfers
    gate = Gate(device, "put", "packs/")
    transfers.start()
    number = device.locker.upload([str(tree)], ROOT)
    gate.wait()
    transfers.cancel(number)
    gate.open()
    assert transfers.wait(number, 20).state is State.CANCELLED
    assert device.locker.totals("/").files < 10
    # What was put for nothing can be collected at once, and it can be begun anew.
    device.locker.upkeep.collect_garbage()
    transfers.retry(number)
    assert transfers.wait(number, 30).state is State.DONE
    assert not device.locker.upkeep.check(read_data=True).problems
    assert device.locker.totals("/tree").files == 10


@pytest.mark.parametrize("paused", [False, True])
def test_cancel_while_waiting(device: Device, tmp_path: Path, paused: bool) -> None:
    transfers = device.locker.transfers
    number = device.locker.upload([str(write(tmp_path / "file", b"x"))], ROOT)
    if paused:
        transfers.pause(number)
    transfers.cancel(number)
    assert transfers.wait(number, 1).state is State.CANCELLED
    assert transfers.pending() == 0
    transfers.cancel(number)
    transfers.remove(number)
    assert transfers.rows() == []
    transfers.start()
    device.close()
    assert device.open().transfers.rows() == []


def test_cancel_while_paused_in_the_middle(device: Device, tree: Path) -> None:
    transfers = device.locker.transfers
    gate = Gate(device, "put", "packs/")
    transfers.start()
    number = device.locker.upload([str(tree)], ROOT)
    gate.wait()
    transfers.pause(number)
    transfers.cancel(number)
    gate.open()
    assert transfers.wait(number, 20).state is State.CANCELLED


def test_only_what_has_ended_can_be_removed(device: Device, tmp_path: Path) -> None:
    number = device.locker.upload([str(write(tmp_path / "file", b"x"))], ROOT)
    device.locker.transfers.remove(number)
    assert states(device) == [State.QUEUED]
    device.locker.transfers.run_now(number)
    device.locker.transfers.remove(number)
    assert states(device) == []


@pytest.mark.parametrize("kind", [Kind.BEFORE, Kind.FULL])
def test_it_waits_for_storage_and_goes_on_by_itself(
    device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.setattr(queue_module, "_RETRY_AFTER_S", 0.2)
    assert device.faults is not None
    device.faults.set_faults([Fault(kind, ("put",), "packs/")])
    device.locker.transfers.start()
    number = device.locker.upload([str(write(tmp_path / "file", b"x"))], ROOT)
    until(lambda: bool(device.locker.transfers.row(number).error))
    row = device.locker.transfers.row(number)
    assert row.state in (State.QUEUED, State.RUNNING)
    device.faults.set_faults([])
    row = device.locker.transfers.wait(number, 20)
    assert (row.state, row.error, row.done_files) == (State.DONE, "", 1)


def test_retry_does_not_wait(device: Device, tmp_path: Path) -> None:
    assert device.faults is not None
    device.faults.set_faults([Fault(Kind.BEFORE, ("put",), "packs/")])
    transfers = device.locker.transfers
    transfers.start()
    number = device.locker.upload([str(write(tmp_path / "file", b"x"))], ROOT)
    until(lambda: bool(transfers.row(number).error))
    device.faults.set_faults([])
    started = time.monotonic()
    transfers.retry(number)
    assert transfers.wait(number, 20).state is State.DONE
    assert time.monotonic() - started < 10


def test_what_will_fail_again_fails(device: Device, tmp_path: Path) -> None:
    assert device.faults is not None
    device.faults.set_faults([Fault(Kind.READ_ONLY, ("put",), "packs/")])
    transfers = device.locker.transfers
    transfers.start()
    number = device.locker.upload([str(write(tmp_path / "file", b"x"))], ROOT)
    row = transfers.wait(number, 20)
    assert (row.state, bool(row.error)) == (State.FAILED, True)
    device.faults.set_faults([])
    transfers.retry(number)
    assert transfers.wait(number, 20).state is State.DONE


@pytest.mark.usefixtures("expected_warnings")
def test_an_unexpected_error_ends_that_transfer_only(device: Device, tmp_path: Path) -> None:
    assert device.faults is not None

    def bug(operation: str, name: str) -> Exception:
        return ZeroDivisionError("a bug")

    device.faults.set_faults([Fault(Kind.BEFORE, ("put",), "packs/", error=bug, times=1)])
    transfers = device.locker.transfers
    transfers.start()
    first = device.locker.upload([str(write(tmp_path / "1", b"x"))], ROOT)
    row = transfers.wait(first, 20)
    assert row.state is State.FAILED
    assert "ZeroDivisionError" in row.error
    second = device.locker.upload([str(write(tmp_path / "2", b"x"))], ROOT)
    assert transfers.wait(second, 20).state is State.DONE
    transfers.retry(first)
    assert transfers.wait(first, 20).state is State.DONE


@pytest.mark.parametrize("error", [StoreUnavailableError("Away."), StoreFullError("Full.")])
def test_run_now_says_why_and_can_be_repeated(device: Device, tmp_path: Path, error: Exception) -> None:
    assert device.faults is not None
    device.faults.set_faults([Fault(Kind.BEFORE, ("put",), "packs/", error=lambda *_: error)])
    number = device.locker.upload([str(write(tmp_path / "file", b"x"))], ROOT)
    with pytest.raises(type(error)):
        device.locker.transfers.run_now(number)
    assert device.locker.transfers.wait(number, 1).state is State.QUEUED
    device.faults.set_faults([])
    assert device.locker.transfers.run_now(number).state is State.DONE


def test_all_files_failed_is_a_failure(device: Device, tmp_path: Path) -> None:
    source = write(tmp_path / "file", b"x")
    number = device.locker.upload([str(source)], ROOT)
    source.unlink()
    row = device.locker.transfers.run_now(number)
    assert (row.state, row.failures) == (State.FAILED, 1)
    assert device.locker.transfers.failures(number)[0].path == str(source)


def test_a_destination_that_is_gone(device: Device, tmp_path: Path) -> None:
    device.locker.make_folder("/there")
    number = device.locker.upload([str(write(tmp_path / "file", b"x"))], "/there")
    device.locker.trash_nodes(["/there"])
    device.locker.purge(None)
    device.locker.upkeep.collect_garbage()
    with pytest.raises(PathError):
        device.locker.transfers.run_now(number)
    assert states(device) == [State.FAILED]


# --- several processes: two Lockers on one home stand for them


def second_process(device: Device) -> Device:
    other = Device.__new__(Device)
    other.__dict__.update(device.__dict__)
    other._locker = None
    other.open()
    return other


def test_a_living_process_keeps_its_transfers(device: Device, tmp_path: Path) -> None:
    number = device.locker.upload([str(write(tmp_path / "file", b"x"))], ROOT)
    other = second_process(device)
    other.locker.transfers.start()
    assert other.locker.transfers.rows() == []
    assert other.locker.transfers.pending() == 1
    assert other.locker.upload([str(tmp_path / "file")], ROOT) != number
    other.close()


def test_what_a_dead_process_left_is_taken_over_once(device: Device, tree: Path) -> None:
    number = device.locker.upload([str(tree)], ROOT)
    device.kill_at(3, "put packs/")
    with pytest.raises(Killed):
        device.locker.transfers.run_now(number)
    device.bury()
    before = device.packs()
    device.open()
    other = second_process(device)
    devices = (device, other)
    threads = [threading.Thread(target=each.locker.transfers.start) for each in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    owners = [each for each in devices if each.locker.transfers.rows()]
    assert len(owners) == 1
    row = owners[0].locker.transfers.wait(number, 30)
    assert (row.state, row.done_files, row.direction) == (State.DONE, 10, Direction.UP)
    assert before.items() <= device.packs().items()
    assert not device.locker.upkeep.check(read_data=True).problems
    other.close()


def test_asking_again_continues_what_a_dead_process_left(device: Device, tree: Path) -> None:
    number = device.locker.upload([str(tree)], ROOT)
    device.kill_at(3, "put packs/")
    with pytest.raises(Killed):
        device.locker.transfers.run_now(number)
    device.bury()
    device.open()
    assert device.locker.upload([str(tree)], ROOT) == number
    assert device.locker.transfers.run_now(number).state is State.DONE
    assert len(device.locker._port.journal.packs()) == 0
    assert not list(device.record.folder.glob("owner-*.lock")) or len(list(device.record.folder.glob("owner-*"))) == 1


def test_locks_of_dead_processes_are_cleared_away(device: Device, tmp_path: Path) -> None:
    for name in "abc":
        device.locker.upload([str(write(tmp_path / name, b"x"))], ROOT)
        device.bury()
        device.open()
    device.locker.transfers.start()
    until(lambda: states(device) == [State.DONE] * 3)
    assert len(list(device.record.folder.glob("owner-*.lock"))) == 1
    device.close()
    assert list(device.record.folder.glob("owner-*.lock")) == []


def test_closing_in_the_middle_waits_for_nothing_long(device: Device, tree: Path) -> None:
    device.locker.transfers.start()
    device.locker.upload([str(tree)], ROOT)
    until(lambda: len(device.packs()) >= 1)
    started = time.monotonic()
    device.close()
    assert time.monotonic() - started < 5


def test_run_now_is_ended_by_closing(device: Device, tree: Path) -> None:
    gate = Gate(device, "put", "packs/")
    number = device.locker.upload([str(tree)], ROOT)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            device.locker.transfers.run_now(number)
        except CancelledError as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    locker = device.locker
    thread.start()
    gate.wait()
    gate.open()
    locker.close()
    thread.join(20)
    assert not thread.is_alive()
    device._locker = None
    transfers = device.open().transfers
    transfers.start()
    if errors:
        assert transfers.wait(number, 30).state is State.DONE
    assert device.locker.totals("/tree").files == 10


def test_a_long_queue_stays_cheap_to_look_at(tmp_path: Path, rig: LockerRig) -> None:
    """Only what changed is made anew; the order is that of the queue after moves, and the workers keep to it."""
    device = rig.enrol()
    device.open()
    transfers = device.locker.transfers
    write(tmp_path / "a", b"a")
    numbers = [transfers.add_upload([str(tmp_path / "a")], ROOT, "/") for _ in range(50)]
    first = transfers.rows()
    assert [row.id for row in first] == numbers
    revision = transfers.revision()
    again = transfers.rows()
    assert all(one is other for one, other in zip(first, again, strict=True))
    assert transfers.revision() == revision
    transfers.move_to(numbers[40], 0)
    transfers.pause(numbers[0])
    assert transfers.revision() != revision
    assert [row.id for row in transfers.rows()][:2] == [numbers[40], numbers[0]]
    assert transfers.rows()[1].state is State.PAUSED
    assert transfers.running() == []
    done: list[int] = []
    transfers._on_change = lambda number: (
        done.append(number) if transfers.row(number).state is State.DONE and number not in done else None
    )
    transfers.start()
    until(lambda: len(done) == 49)
    assert done[0] == numbers[40]
    assert done[1:] == [number for number in numbers[1:] if number != numbers[40]]
    transfers.resume(numbers[0])
    until(lambda: len(done) == 50)
    transfers._on_change = lambda _: None
    transfers.remove_ended()
    assert transfers.rows() == []


def test_retry_all_takes_up_what_failed(tmp_path: Path, rig: LockerRig) -> None:
    device = rig.enrol()
    device.open()
    transfers = device.locker.transfers
    write(tmp_path / "a", b"a")
    number = transfers.add_upload([str(tmp_path / "a")], ROOT, "/")
    other = transfers.add_upload([str(tmp_path / "a")], ROOT, "/")
    os.unlink(tmp_path / "a")
    transfers.run_now(number)
    assert transfers.row(number).state is State.FAILED
    transfers.remove_ended()
    assert [row.id for row in transfers.rows()] == [number, other]
    transfers.cancel(other)
    write(tmp_path / "a", b"a")
    transfers.retry_all()
    assert [row.state for row in transfers.rows()] == [State.QUEUED, State.CANCELLED]
