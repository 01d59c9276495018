"""A locker on a server with the habits of Nextcloud and ownCloud (`cloud_server`); the contract is in test_webdav."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.core.locker import Locker
from megadesk.core.probe import Verdict
from megadesk.errors import MegaDeskError, StoreError, StoreFullError
from megadesk.stores.credentials import PasswordCredentials
from megadesk.stores.open import open_store
from megadesk.transfer.records import State
from tests.contract.cloud_server import Cloud, cloud
from tests.contract.dav_servers import PASSWORD, USER

RIGHT = PasswordCredentials(USER, PASSWORD)
PASSPHRASE = "a passphrase"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Cloud]:
    with cloud(tmp_path / "data") as made:
        yield made


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App(str(tmp_path / "home"))
    yield app
    app.close()


def make_files(folder: Path, sizes: dict[str, int]) -> dict[str, bytes]:
    folder.mkdir()
    contents = {name: os.urandom(size) for name, size in sizes.items()}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return contents


def put(locker: Locker, folder: Path) -> None:
    assert locker.transfers.run_now(locker.upload([str(folder)], "/")).state is State.DONE


def test_locked_files_and_maintenance(server: Cloud, app: App, tmp_path: Path) -> None:
    """One request in five finds the file locked, and the whole server is in maintenance for a while."""
    contents = make_files(
        tmp_path / "files", {f"s{number}": 2000 + number for number in range(40)} | {"large": 3 << 20}
    )
    made = app.create_locker(PASSPHRASE, store=server.address("MegaDesk"), credentials=RIGHT)
    server.locked_share = 0.2
    server.maintenance = 2
    put(made.locker, tmp_path / "files")
    server.maintenance = 2
    other = App(str(tmp_path / "other"))
    joined = other.join_locker(server.address("MegaDesk"), PASSPHRASE, made.recovery_key, credentials=RIGHT)
    joined.transfers.run_now(joined.download(["/files"], str(tmp_path / "out")))
    assert {path.name: path.read_bytes() for path in (tmp_path / "out" / "files").iterdir()} == contents
    # It writes below folders that are there, which this process did not make.
    make_files(tmp_path / "more", {"a": 1000})
    put(joined, tmp_path / "more")
    server.locked_share = 0.0
    assert made.locker.upkeep.check(read_data=True).problems == []
    assert server.count[423] >= 3
    assert server.count[503] == 4
    assert not list((tmp_path / "data").rglob(".*")), "no upload that broke off is left"
    other.close()


def test_folders_that_are_there(server: Cloud) -> None:
    with open_store(server.address("a/b"), create=True, credentials=RIGHT) as store:
        store.put("packs/ab/x", b"1")
    assert 405 not in server.count
    with open_store(server.address("a/b"), create=True, credentials=RIGHT) as store:
        store.put("packs/ab/y", b"2")
        assert [info.name for info in store.list()] == ["packs/ab/x", "packs/ab/y"]
        assert store.free_bytes() is None, "-3: without a quota"


def test_a_quota(server: Cloud, app: App, tmp_path: Path) -> None:
    """What does not fit waits, is not seen by anybody, and goes up when there is room."""
    locker = app.create_locker(PASSPHRASE, store=server.address("MegaDesk"), credentials=RIGHT).locker
    contents = make_files(tmp_path / "files", {"a": 3 << 20})
    server.quota_bytes = 1 << 20
    number = locker.upload([str(tmp_path / "files")], "/")
    with pytest.raises(StoreFullError) as caught:
        locker.transfers.run_now(number)
    assert caught.value.remedy
    assert list(locker.walk("/")) == []
    with open_store(server.address("MegaDesk"), credentials=RIGHT) as store:
        free = store.free_bytes()
    assert free is not None
    assert free < 1 << 20
    server.quota_bytes = 100 << 20
    assert locker.transfers.run_now(number).state is State.DONE
    locker.transfers.run_now(locker.download(["/files"], str(tmp_path / "out")))
    assert (tmp_path / "out" / "files" / "a").read_bytes() == contents["a"]
    server.quota_bytes = 0
    assert app.test_store(server.address("MegaDesk"), RIGHT).verdict is Verdict.FULL


def test_more_than_php_lets_in(server: Cloud, app: App, tmp_path: Path) -> None:
    """Nothing is sent in chunks: a server that takes less than a pack is named, with the setting to change."""
    locker = app.create_locker(PASSPHRASE, store=server.address("MegaDesk"), credentials=RIGHT).locker
    make_files(tmp_path / "files", {"a": 3 << 20})
    server.largest_bytes = 2 << 20
    number = locker.upload([str(tmp_path / "files")], "/")
    with pytest.raises(StoreError) as caught:
        locker.transfers.run_now(number)
    assert "upload_max_filesize" in caught.value.remedy
    server.largest_bytes = None
    assert locker.transfers.run_now(number).state is State.DONE


def test_addresses_that_lead_elsewhere(server: Cloud, app: App) -> None:
    """The login page instead of WebDAV, and plain http where https is wanted: no password is sent on."""
    login = app.test_store(f"dav://127.0.0.1:{server.port}/MegaDesk", RIGHT)
    assert login.verdict is Verdict.NOT_A_STORE
    assert "remote.php/dav/files" in login.remedy
    with open_store(server.address("a"), create=True, credentials=RIGHT) as store:
        server.secure = True
        asked = sum(server.count.values())
        for action in (lambda: store.get("x"), lambda: store.put("x", b"1"), lambda: list(store.list())):
            with pytest.raises(MegaDeskError) as caught:
                action()
            assert isinstance(caught.value, StoreError)
        assert sum(server.count.values()) - asked <= 6
    moved = app.test_store(server.address("a"), RIGHT)
    assert moved.verdict is Verdict.NOT_A_STORE
    assert "davs://" in moved.remedy
