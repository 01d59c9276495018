"""How the App comes to the stores of its lockers: addresses, credentials, wrappers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from megadesk.core import credentials
from megadesk.core.credentials import Given
from megadesk.core.enrolments import require_locker
from megadesk.core.secrets import LockerSecrets
from megadesk.errors import Retry, StoreError, StoreFault
from megadesk.format import names
from megadesk.state.registry import LockerRecord
from megadesk.stores.adapt import AdaptStore
from megadesk.stores.api import Store
from megadesk.stores.lazy import LazyStore
from megadesk.stores.limit import LimitStore
from megadesk.stores.open import AnyCredentials, open_store, scheme_of
from megadesk.stores.retry import RetryPolicy, RetryStore
from megadesk.transfer.control import Control
from megadesk.transfer.upload import UploadOptions

FIRST_POLICY: Final = RetryPolicy(tries=8, first_s=0.2, ceiling_s=2.0, total_s=6.0, max_retry_after_s=5.0)
"""While somebody waits for a locker to be made or joined."""

PATIENT: Final = RetryPolicy(away_tries=16)
"""While a locker is open. A server that starts anew is waited for, a network that is gone for some twenty seconds."""

_HOPELESS: Final = (StoreFault.NO_PLACE, StoreFault.HOST_UNKNOWN, StoreFault.REFUSED)

StoreWrapper: TypeAlias = Callable[[Store], Store]


class Storage:
    """Opens stores. Thread-safe."""

    def __init__(self, wrapper: StoreWrapper | None = None) -> None:
        """``wrapper`` goes around every store."""
        self._wrapper = wrapper

    def open(
        self,
        address: str,
        given: Mapping[str, AnyCredentials],
        kept: Mapping[str, AnyCredentials],
        *,
        create: bool = False,
    ) -> Store:
        """The bare store. Raises AddressError, StoreError."""
        store = open_store(address, create=create, credentials=credentials.resolve(address, given, kept))
        return self._wrapper(store) if self._wrapper else store

    def open_patiently(
        self,
        address: str,
        given: Mapping[str, AnyCredentials],
        kept: Mapping[str, AnyCredentials],
        *,
        create: bool = False,
        policy: RetryPolicy = FIRST_POLICY,
    ) -> Store:
        """As `open`, for making and joining: what a bad network breaks off is tried again for some seconds.

        The store is opened here, so all that is wrong with address or credentials is raised here.
        """

        def opener() -> Store:
            try:
                return self.open(address, given, kept, create=create)
            except StoreError as error:
                if error.fault in _HOPELESS:
                    error.retry = Retry.PERMANENT  # somebody waits, and had better look at the address
                raise

        store = RetryStore(LazyStore(opener), FIRST_POLICY)
        try:
            store.free_bytes()
        except BaseException as error:
            store.close()
            if isinstance(error, StoreError):
                error.store_address = error.store_address or address
            raise
        store.set_policy(policy)
        return store

    def open_known(self, address: str, kept: Mapping[str, AnyCredentials]) -> Store:
        """A store that is known to hold a locker: an empty mount point is not taken for it, but for a drive away."""
        store = self.open(address, {}, kept)
        try:
            if store.properties.kind == "folder":  # anywhere else, an empty storage has been emptied: RollbackError
                require_locker(store)
        except BaseException:
            store.close()
            raise
        return store


class LockerStorage:
    """The store of one open locker, with its wrappers: ``store`` is what the locker works with."""

    def __init__(self, storage: Storage, record: LockerRecord, secrets: LockerSecrets) -> None:
        self.record = record
        self._secrets = secrets
        self.waits = Control()
        """What retries and speed limits wait by."""
        self._lazy = LazyStore(lambda: storage.open_known(record.store_address, self.kept()))
        self.adapted = AdaptStore(self._lazy)
        """Inside the retries, so that a request that waits for its next try holds no place."""
        self.retries = RetryStore(self.adapted, PATIENT, wait=self.waits.wait)
        self.limited = LimitStore(self.retries, wait=self.waits.wait)
        """Always there, so that limits can change while the locker is open."""
        self.store: Store = self.limited

    def widths(self) -> UploadOptions:
        """How wide the pipelines are at most; how many of their requests pass at once is for the store to show.

        A disk gains nothing from more than two writers. With packs of 16 MiB all of it stays below 300 MiB.
        """
        kind = scheme_of(self.record.store_address)
        if kind in ("", "file"):
            return UploadOptions()
        if kind == "spread":  # holds each pack a second time, as shares
            return UploadOptions(putters=3, packs=6, fetchers=3)
        return UploadOptions(putters=6, packs=9, fetchers=6)

    def probe(self) -> None:
        """Ask for something small, once. Raises StoreUnavailableError when the storage is away."""
        self.adapted.stat(names.HEADER)

    def kept(self) -> dict[str, AnyCredentials]:
        """Raises KeyFileError, LocalFileError."""
        return credentials.load(self.record.folder, self._secrets)

    def keep(self, given: Given) -> None:
        """Keep these from now on, and use them at the next request. Raises LocalFileError."""
        credentials.save(self.record.folder, self._secrets, credentials.as_map(self.record.store_address, given))
        self._lazy.reopen()
