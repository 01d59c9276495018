"""Every store and every wrapper keeps the contract."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from megadesk.stores import folder_os
from megadesk.stores.adapt import AdaptStore
from megadesk.stores.api import Store, StoreProperties
from megadesk.stores.fault import Fault, FaultStore, Kind
from megadesk.stores.folder import FolderStore
from megadesk.stores.limit import LimitStore
from megadesk.stores.memory import MemoryStore
from megadesk.stores.prefix import PrefixStore
from megadesk.stores.retry import RetryPolicy, RetryStore
from tests.contract.suite import StoreContract


class TestMemory(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()


class TestFolder(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return FolderStore.create(tmp_path / "store")


class TestFolderWithoutDirectWrites(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
        monkeypatch.setattr(folder_os, "DIRECT", 0)
        return FolderStore.create(tmp_path / "store")


class TestFolderByPaths(StoreContract):
    """As on Windows: no directory descriptors, no pread, no writev."""

    @pytest.fixture
    def store(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
        monkeypatch.setattr(folder_os, "_DIR_FD", False)
        monkeypatch.setattr(folder_os, "DIRECT", 0)
        for name in ("pread", "preadv", "writev"):
            monkeypatch.delattr(f"os.{name}", raising=False)
        return FolderStore.create(tmp_path / "store")


class TestFolderWithoutHardLinks(StoreContract):
    """The guarded rename: one winner among the threads of a process too."""

    @pytest.fixture
    def store(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
        store = FolderStore.create(tmp_path / "store")
        monkeypatch.setattr(store, "_hard_links", False)
        monkeypatch.setattr(folder_os.Directory, "link", None)
        return store

    def test_create_only_race_has_one_winner(self, store: Store) -> None:
        assert not store.properties.atomic_create

        class Claiming(LimitStore):
            @property
            def properties(self) -> StoreProperties:
                return dataclasses.replace(super().properties, atomic_create=True)

        super().test_create_only_race_has_one_winner(Claiming(store))


class TestFolderWithRetryAndLimit(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        folder = FolderStore.create(tmp_path / "store")
        return RetryStore(LimitStore(folder, up_bytes_per_s=1e12, down_bytes_per_s=1e12, concurrent=3))


class TestAdapting(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return AdaptStore(MemoryStore())


class TestPrefix(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        inner = MemoryStore()
        for name in ("lockers/a-x", "lockers/ab/x", "lockers/a0", "other", "zz/a"):
            inner.put(name, b"another's")
        return PrefixStore(inner, "lockers/a/")


class TestPrefixInFolder(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return PrefixStore(FolderStore.create(tmp_path / "store"), "lockers/a/")


class TestFaultWithoutFaults(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return FaultStore(MemoryStore())


class TestRetryOverFlaky(StoreContract):
    """A third of all calls fails, half of those after their effect: RetryStore hides it all."""

    @pytest.fixture
    def store(self) -> Store:
        flaky = FaultStore(
            MemoryStore(), [Fault(Kind.BEFORE, probability=0.2), Fault(Kind.AFTER, probability=0.2)], seed=27
        )
        return RetryStore(flaky, RetryPolicy(tries=60, total_s=1e9), wait=lambda _: None)
