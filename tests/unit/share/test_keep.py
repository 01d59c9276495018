"""Keeping in one's own locker what somebody else's link shows."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from megadesk.core.links import LinkOptions
from megadesk.errors import DamagedError, PathError
from megadesk.format import names
from megadesk.server.share_server import ShareServer
from megadesk.share.opening import open_address
from tests.lockers import Device, LockerRig, write
from tests.unit.share.pages import inline_page, vector


@pytest.fixture
def mine(tmp_path: Path) -> Device:
    """Another locker, on another storage."""
    rig = LockerRig(tmp_path / "mine")
    return rig.enrol()


def test_it_is_there_and_independent(device: Device, server: ShareServer, mine: Device, tmp_path: Path) -> None:
    contents = {
        "Trip/a.txt": b"a\n",
        "Trip/below/b.bin": os.urandom(9 << 20),
        "Trip/empty": b"",
        "Trip/run.sh": b"#!/bin/sh\n",
    }
    for name, content in contents.items():
        write(tmp_path / "s" / name, content, mode=0o755 if name.endswith(".sh") else 0o640)
    (tmp_path / "s" / "Trip" / "link").symlink_to("a.txt")
    device.put(tmp_path / "s" / "Trip")
    url = device.locker.links.make("/Trip", LinkOptions(password="p")).url
    with contextlib.closing(open_address(url, lambda: "p")) as link:
        node = mine.locker.links.keep(link, "/")
        assert mine.locker.path_of(node) == "/Trip"
        again = mine.locker.links.keep(link, "/")
        assert mine.locker.path_of(again) == "/Trip (2)"
        with pytest.raises(PathError):
            mine.locker.links.keep(link, "/nowhere")
        with pytest.raises(PathError):
            mine.locker.links.keep(link, "/Trip/a.txt")
    device.locker.links.revoke(url_id(device))
    mine.get("/Trip", to=tmp_path / "out")
    found = {
        str(path.relative_to(tmp_path / "out")): path.read_bytes()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    assert found == contents
    assert os.readlink(tmp_path / "out" / "Trip" / "link") == "a.txt"
    assert (tmp_path / "out" / "Trip" / "run.sh").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "out" / "Trip" / "a.txt").stat().st_mode & 0o777 == 0o644
    assert mine.locker.upkeep.check(read_data=True).problems == []
    mine.rig.close()


def url_id(device: Device) -> str:
    return device.locker.links.list()[0].id


def test_names_of_strangers(mine: Device, tmp_path: Path) -> None:
    found = vector("folder_hostile_names")
    path = write(tmp_path / "x.html", inline_page(found))
    with contextlib.closing(open_address(f"{path}#{found['token']}")) as link:
        mine.locker.links.keep(link, "/")
        rows = [row for _, row in mine.locker.walk("/")]
        assert len(rows) == len(list(link.entries())) - 2, "but the two links that lead elsewhere"
    assert not any(set(row.display_name) & set("\x1b\n\u202e<>|:\\") for row in rows)
    mine.rig.close()


def test_nothing_of_a_damaged_link_is_kept(mine: Device, tmp_path: Path) -> None:
    found = vector("damaged_pack")
    path = write(tmp_path / "x.html", inline_page(found))
    with contextlib.closing(open_address(f"{path}#{found['token']}")) as link, pytest.raises(DamagedError):
        mine.locker.links.keep(link, "/")
    assert list(mine.locker.walk("/")) == []
    assert list(mine.rig.store.list(names.PACKS)) == []
    mine.rig.close()
