"""Attack 24 on `megadesk serve`: what a server of links is told, keeps and logs opens none of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from megadesk.core.links import LinkOptions
from megadesk.errors import MegaDeskError
from megadesk.share.opening import open_address
from megadesk.stores.credentials import BearerCredentials
from megadesk.stores.http_place import parse_place
from megadesk.stores.memory import MemoryStore
from megadesk.stores.server import ServerStore
from tests.attack.links import FILES, OTHERS, fetched, wiretap
from tests.attack.test_22_leaks import encodings
from tests.attack.test_24_link_secrets import PASSWORD, secrets_of
from tests.contract import md_servers
from tests.lockers import LockerRig, write


def test_a_server_of_links_learns_no_key(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    behind = MemoryStore()
    with (
        caplog.at_level("DEBUG", "megadesk.server"),
        md_servers.in_thread(behind) as server,
        wiretap(server.port) as wire,
    ):
        place = parse_place(f"megadesk+http://127.0.0.1:{wire.port}/family", "http")
        rig = LockerRig(tmp_path / "devices", ServerStore(place, BearerCredentials(server.token)))
        try:
            device = rig.enrol()
            for name, content in (FILES | OTHERS).items():
                write(tmp_path / "source" / name, content)
            device.put(*(tmp_path / "source").iterdir())
            options = LinkOptions(password=PASSWORD, note="meet me at the harbour", max_downloads=3)
            url = device.locker.links.make("/Whistleblower", options).url
            assert url.startswith(f"http://127.0.0.1:{wire.port}/d/#")
            link = open_address(url, lambda: PASSWORD)
            record = link.record
            link.close()
            assert fetched(url, tmp_path / "out", PASSWORD) == FILES
            told = [bytes(wire.to_server), bytes(wire.to_client), caplog.text.encode()]
            told += [behind.get(info.name) for info in behind.list()]
            told += [info.name.encode() for info in behind.list()]
            for what, secret in secrets_of(url, record, PASSWORD).items():
                if what == "the locker's id":  # is in every header of a locker that lies there
                    continue
                for needle in encodings(secret):
                    assert not any(needle in each for each in told), what
            assert fetched(url, tmp_path / "third", PASSWORD) == FILES
            # The downloads are used up, and the server says so.
            with pytest.raises(MegaDeskError):
                fetched(url, tmp_path / "again", PASSWORD)
            other = device.locker.links.make("/Private", LinkOptions()).url
            assert fetched(other, tmp_path / "other") == OTHERS
            device.locker.links.revoke("/Private")
            with pytest.raises(MegaDeskError):
                fetched(other, tmp_path / "revoked")
            granted = json.loads(server.get("/v1/grants")[1])["grants"]
            assert [each["folder"] for each in granted] == ["family/"]
            # One more than allowed: the one that tried the link out came before the limit.
            assert (granted[0]["downloads"], granted[0]["max_downloads"]) == (4, 3)
        finally:
            rig.close()
