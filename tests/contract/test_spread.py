"""A spread keeps the contract of stores: over memory, over folders, over three kinds of real servers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.stores.api import Store
from megadesk.stores.credentials import PasswordCredentials, S3Credentials
from megadesk.stores.memory import MemoryStore
from megadesk.stores.open import open_store
from megadesk.stores.spread import SpreadStore
from megadesk.stores.spread_address import SpreadAddress
from tests.contract import dav_servers, s3_servers
from tests.contract.suite import StoreContract

_numbers = itertools.count()


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
