"""Objects read and written in pieces, for a server that passes them on: it holds none of them whole.

A program that has its buffers anyway calls `Store.put` and `Store.get`, which are faster for it.
"""

from __future__ import annotations

import abc
import mmap
import tempfile
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from megadesk.errors import InputError, StoreFullError
from megadesk.types import Buffer

if TYPE_CHECKING:
    from megadesk.stores.api import Store

PART_BYTES: Final = 4 << 20


class _Handle(abc.ABC):
    @abc.abstractmethod
    def close(self) -> None:
        """Give everything back. May be called twice."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class ReadHandle(_Handle):
    """One object, open for reading. For one thread at a time. Errors are those of `Store.get`."""

    size_bytes: int

    @abc.abstractmethod
    def read(self, offset: int, count: int) -> bytes:
        """Exactly ``count`` bytes of the object; StoreProtocolError when it does not have them."""


class WriteHandle(_Handle):
    """One object on its way into a store. For one thread at a time. Errors are those of `Store.put`.

    Nothing is visible before `commit`, and closing without it leaves nothing behind.
    """

    @abc.abstractmethod
    def write(self, data: Buffer) -> None:
        """The next bytes. The buffer is free again when the call returns."""

    @abc.abstractmethod
    def commit(self, *, create_only: bool = False) -> None:
        """All bytes are written: give the object its name, as `Store.put` does. InputError when bytes are missing."""


class PartsReadHandle(ReadHandle):
    """Over any store, by ranges. Parts of an object that is replaced meanwhile may be of two contents; what a locker
    replaces is smaller than a part."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name
        self.size_bytes = store.stat(name).size_bytes

    def read(self, offset: int, count: int) -> bytes:
        return self._store.get(self._name, offset=offset, length=count)

    def close(self) -> None:
        return


class SpooledWriteHandle(WriteHandle):
    """Over any store: gathered in a nameless file of this computer, then put as a whole, not held in memory."""

    def __init__(self, store: Store, name: str, size_bytes: int) -> None:
        self._store = store
        self._name = name
        self._size_bytes = size_bytes
        self._count = 0
        try:
            self._file = tempfile.TemporaryFile(prefix="megadesk-")  # noqa: SIM115 - closed by `close`
        except OSError as error:
            raise _no_room(name, error) from error

    def write(self, data: Buffer) -> None:
        try:
            self._count += self._file.write(data)
        except OSError as error:
            raise _no_room(self._name, error) from error

    def commit(self, *, create_only: bool = False) -> None:
        check_complete(self._name, self._count, self._size_bytes)
        if not self._size_bytes:
            self._store.put(self._name, b"", create_only=create_only)
            return
        try:
            self._file.flush()
            whole = mmap.mmap(self._file.fileno(), self._size_bytes, access=mmap.ACCESS_READ)
        except OSError as error:
            raise _no_room(self._name, error) from error
        with whole, memoryview(whole) as view:
            self._store.put(self._name, view, create_only=create_only)

    def close(self) -> None:
        self._file.close()


class Listening(abc.ABC):
    """Names of objects as they come. To be iterated by one thread."""

    def __iter__(self) -> Self:
        return self

    @abc.abstractmethod
    def __next__(self) -> str:
        """Waits for the next name; "" means that anything may have come (always so at the beginning).

        Ends after `close`. Raises StoreError when the store cannot be heard any more: look, and listen anew.
        """

    @abc.abstractmethod
    def close(self) -> None:
        """Give everything back. From any thread: one that waits ends. May be called twice."""


class NoListening(Listening):
    """For stores that tell nothing."""

    def __next__(self) -> str:
        raise StopIteration

    def close(self) -> None:
        return


class PrefixListening(Listening):
    """``inner`` with a folder left out of the names."""

    def __init__(self, inner: Listening, folder: str) -> None:
        self._inner = inner
        self._folder = folder

    def __next__(self) -> str:
        return next(self._inner).removeprefix(self._folder)

    def close(self) -> None:
        self._inner.close()


def check_complete(name: str, count: int, size_bytes: int) -> None:
    """Raise InputError unless as many bytes were written as were announced."""
    if count != size_bytes:
        raise InputError(f"{count} bytes came for the object {name}, {size_bytes} were announced.")


def _no_room(name: str, error: OSError) -> StoreFullError:
    return StoreFullError(
        f"The object {name} does not fit into the folder for temporary files ({error.strerror}).",
        object_name=name,
        remedy="Make room there, or name another folder in TMPDIR.",
    )
