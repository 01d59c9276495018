"""A page to fill while links are tested; what the page does is tested in browsers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.server.share_server import ShareServer
from tests.lockers import Device, LockerRig
from tests.unit.share.pages import PAGE


@pytest.fixture(autouse=True)
def own_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "page.html").write_bytes(PAGE)
    monkeypatch.setattr("megadesk.share.page.resources_folder", lambda: folder)
    monkeypatch.setattr("megadesk.server.page.resources_folder", lambda: folder)
    return folder


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[LockerRig]:
    rig = LockerRig(tmp_path / "devices")
    yield rig
    rig.close()


@pytest.fixture
def device(rig: LockerRig) -> Device:
    return rig.enrol()


@pytest.fixture
def server(device: Device) -> Iterator[ShareServer]:
    """Serves the links of ``device``'s locker."""
    running = ShareServer(device.locker.links.ledger())
    running.start("127.0.0.1:0")
    device.locker.links.announce(running.base_url)
    yield running
    running.stop()
