"""The queue waits while the storage is away, and goes on by itself when it is back."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from megadesk.errors import ObjectNotFoundError, StoreUnavailableError
from megadesk.stores.fault import Fault, Kind
from megadesk.transfer import circuit as circuit_module
from megadesk.transfer.circuit import Circuit
from megadesk.transfer.records import State
from megadesk.types import ROOT
from tests.lockers import Device, until, write


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circuit_module, "_WAITS_S", (0.0, 0.02))


class Line:
    def __init__(self) -> None:
        self.error: Exception | None = StoreUnavailableError("Away.")
        self.probes = 0
        self.back = threading.Event()
        self.circuit = Circuit(self.probe, self.back.set)

    def probe(self) -> None:
        self.probes += 1
        if self.error is not None:
            raise self.error


@pytest.mark.parametrize("answer", [None, ObjectNotFoundError("Not there.")])
def test_it_probes_until_something_answers(answer: Exception | None) -> None:
    line = Line()
    assert not line.circuit.is_open
    line.circuit.open()
    line.circuit.open()
    until(lambda: line.probes > 3)
    assert line.circuit.is_open
    assert not line.back.is_set()
    line.error = answer
    assert line.back.wait(10)
    assert not line.circuit.is_open
    probes = line.probes
    line.circuit.open()
    until(lambda: line.probes > probes)


def test_it_can_be_closed_by_hand_and_for_good() -> None:
    line = Line()
    line.circuit.open()
    line.circuit.close()
    assert not line.circuit.is_open
    line.circuit.open()
    line.circuit.stop()
    line.circuit.open()
    assert not line.circuit.is_open
    assert not line.back.is_set()


def test_the_queue_waits_and_goes_on_by_itself(device: Device, tmp_path: Path) -> None:
    """Not after the half minute that a failed transfer otherwise waits."""
    assert device.faults is not None
    away = Fault(Kind.BEFORE)
    device.faults.set_faults([away])
    transfers = device.locker.transfers
    transfers.start()
    first = device.locker.upload([str(write(tmp_path / "one", b"x"))], ROOT)
    until(lambda: transfers.is_offline)
    second = device.locker.upload([str(write(tmp_path / "two", b"y"))], ROOT)
    seen = device.faults.calls["stat"]
    until(lambda: device.faults is not None and device.faults.calls["stat"] > seen + 3)
    assert transfers.row(first).state is State.QUEUED
    assert transfers.row(first).error
    assert transfers.row(second).error == transfers.row(first).error, "what waits says why"
    assert transfers.row(second).state is State.QUEUED, "it is not begun while nothing can come of it"
    assert device.faults.calls["put"] < 30
    device.faults.set_faults([])
    assert transfers.wait(first, 15).state is State.DONE
    assert transfers.wait(second, 15).state is State.DONE
    assert not transfers.is_offline
    assert [row.error for row in transfers.rows()] == ["", ""]


def test_what_fails_again_although_the_storage_is_there_waits_its_time(device: Device, tmp_path: Path) -> None:
    assert device.faults is not None
    device.faults.set_faults([Fault(Kind.BEFORE, ("put",), "packs/")])
    transfers = device.locker.transfers
    transfers.start()
    number = device.locker.upload([str(write(tmp_path / "file", b"x"))], ROOT)
    until(lambda: bool(transfers.row(number).error))
    until(lambda: not transfers.is_offline)
    until(lambda: transfers.row(number).state is State.QUEUED and bool(transfers.row(number).error))
    puts = device.faults.calls["put"]
    assert not threading.Event().wait(0.3)
    assert device.faults.calls["put"] <= puts + 20


def test_retry_by_hand_does_not_wait_for_the_probe(device: Device, tmp_path: Path) -> None:
    assert device.faults is not None
    device.faults.set_faults([Fault(Kind.BEFORE, ("put", "stat"))])
    transfers = device.locker.transfers
    transfers.start()
    number = device.locker.upload([str(write(tmp_path / "file", b"x"))], ROOT)
    until(lambda: transfers.is_offline and bool(transfers.row(number).error))
    device.faults.set_faults([Fault(Kind.BEFORE, ("stat",), "locker")])
    transfers.retry(number)
    assert transfers.wait(number, 15).state is State.DONE
