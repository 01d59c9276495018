"""A spread keeps the contract of stores: over memory, over folders, over three kinds of real servers."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.stores.api import Store
from megadesk.stores.credentials import PasswordCredentials, S3Credentials
from megadesk.stores.memory import MemoryStore
from megadesk.stores.open import open_store
from megadesk.stores.s3 import S3Store
from megadesk.stores.spread import SpreadStore
from megadesk.stores.spread_address import SpreadAddress
from tests.contract import dav_servers, s3_servers
from tests.contract.s3_servers import S3Server
from tests.contract.sftp_server import SftpServer, need_sshd
from tests.contract.suite import StoreContract

_numbers = itertools.count()
_S3_KEY = S3Credentials(s3_servers.ACCESS_KEY, s3_servers.SECRET_KEY)


class TestSpreadOverMemory(StoreContract):
    @pytest.fixture(params=[(1, 2), (2, 3), (3, 5)], ids=lambda kn: f"{kn[0]}of{kn[1]}")
    def store(self, request: pytest.FixtureRequest) -> Iterator[Store]:
        k, n = request.param
        stores = {f"/memory/{number}": MemoryStore() for number in range(n)}
        with SpreadStore(SpreadAddress(k, tuple(stores)), lambda name, create: stores[name], create=True) as store:
            yield store


class TestSpreadOverFolders(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        address = SpreadAddress(2, tuple(str(tmp_path / name) for name in ("a", "b", "c")))
        with open_store(str(address), create=True) as store:
            yield store


@pytest.fixture(scope="module")
def dav() -> Iterator[dav_servers.Server]:
    with dav_servers.rclone() as server:
        yield server


@pytest.fixture(scope="module")
def s3() -> Iterator[s3_servers.S3Server]:
    try:
        with s3_servers.moto() as server:
            yield server
    except s3_servers.MissingError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def bucket(s3: s3_servers.S3Server) -> str:
    s3_servers.make_bucket(s3, "spread")
    return "spread"


class TestSpreadOverThreeKinds(StoreContract):
    """A folder, a WebDAV server and a bucket."""

    @pytest.fixture
    def store(self, tmp_path: Path, dav: dav_servers.Server, s3: s3_servers.S3Server, bucket: str) -> Iterator[Store]:
        place = f"t{next(_numbers)}"
        at_dav, at_s3 = dav.address(place), s3.address(bucket, place)
        address = SpreadAddress(2, (str(tmp_path / "folder"), at_dav, at_s3))
        credentials = {
            at_dav: PasswordCredentials(dav_servers.USER, dav_servers.PASSWORD),
            at_s3: S3Credentials(s3_servers.ACCESS_KEY, s3_servers.SECRET_KEY),
        }
        with open_store(str(address), create=True, credentials=credentials) as store:
            yield store


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SftpServer, dav_servers.Server, S3Server]]:
    need_sshd()
    with contextlib.ExitStack() as stack:
        try:
            gateway = stack.enter_context(s3_servers.ceph())
        except s3_servers.MissingError as error:
            pytest.skip(str(error))
        sftp = SftpServer(tmp_path_factory.mktemp("sshd"))
        stack.callback(sftp.stop)
        sftp.start()
        with S3Store(gateway.address("spread"), _S3_KEY) as bucket, bucket._exchange("PUT") as answer:
            assert answer.status == 200
        yield sftp, stack.enter_context(dav_servers.nginx()), gateway


@pytest.mark.servers
class TestSpreadOverServersAlone(StoreContract):
    """OpenSSH, nginx and Ceph's gateway."""

    @pytest.fixture
    def store(
        self, tmp_path: Path, home: Path, three: tuple[SftpServer, dav_servers.Server, S3Server]
    ) -> Iterator[Store]:
        sftp, dav, gateway = three
        (home / ".ssh").mkdir(mode=0o700)
        (home / ".ssh" / "known_hosts").write_text(sftp.known_hosts_line())
        place = f"t{next(_numbers)}"
        stores = (sftp.address(tmp_path / "sftp"), dav.address(place), gateway.address("spread", place))
        credentials = {
            stores[0]: sftp.credentials,
            stores[1]: PasswordCredentials(dav_servers.USER, dav_servers.PASSWORD),
            stores[2]: _S3_KEY,
        }
        with open_store(str(SpreadAddress(2, stores)), create=True, credentials=credentials) as store:
            yield store
