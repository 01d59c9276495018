"""A device with an empty locker in memory, and what is easily said about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lockers import Device, LockerRig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[LockerRig]:
    rig = LockerRig(tmp_path / "homes")
    yield rig
    rig.close()


@pytest.fixture
def device(rig: LockerRig) -> Device:
    device = rig.enrol()
    device.open()
    return device
