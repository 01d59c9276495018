"""What a store is: a flat set of named, immutable-by-habit byte objects. It knows neither keys nor formats.

The contract that every store keeps and that tests/contract/suite.py checks:

*Names* are ASCII paths checked by `check_name`. An object's name is never at the same time the folder of another
object ("a" and "a/b"); a store may refuse the second with StoreProtocolError.

*Atomicity.* A name shows a whole object or none, at every moment and to every reader, also while it is being
overwritten and after a crash in the middle. Whatever `put` leaves behind when it fails is never visible by name.

*Durability.* An object survives loss of power once `flush` returned after its `put` returned. Where
``properties.durable_put`` holds, that is so when `put` returns.

*Retry.* `get`, `get_into`, `stat`, `list`, `delete`, `flush` and `put` without ``create_only`` may be repeated
freely. A `put` with ``create_only`` that failed with a retryable error may have taken effect: repeating it then
raises ObjectExistsError, and the caller must compare the content (RetryStore does).

*Visibility.* After `put` or `delete` returned, later calls on the same store object show it. Other machines may
see it later (sync clients, eventually consistent servers).

*Threads.* All methods may be called from any number of threads. Iterators returned by `list` belong to one thread.

*Buffers* given to `put` and `get_into` are used until the call returns, never longer, and not copied as a whole
where the store can help it.

*Errors* are subclasses of StoreError (retry class in the type), or InputError when the request itself is wrong
(not a name, larger than ``max_object_bytes``); no OSError or library exception comes out. A store whose folder,
drive or server is gone raises StoreUnavailableError, never ObjectNotFoundError, and `list` never ends early
because of it: absence must not look like deletion.

Modelled on restic's ``internal/backend/backend.go`` (contract in the interface, properties as data, wrappers).
"""

from __future__ import annotations

import abc
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, NamedTuple, Self, TypeAlias, TypeVar

from megadesk.errors import InputError, StoreProtocolError
from megadesk.stores.handles import (
    Listening,
    NoListening,
    PartsReadHandle,
    ReadHandle,
    SpooledWriteHandle,
    WriteHandle,
)
from megadesk.stores.link_host import LinkHost
from megadesk.types import Buffer

_T = TypeVar("_T")

Data: TypeAlias = Buffer | Sequence[Buffer]
"""What `Store.put` takes: one buffer, or several that are stored one after another."""

MAX_NAME: Final = 200
_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]*(?:/[a-z0-9_-][a-z0-9._-]*)*")
# Windows cannot have files of these names, with any extension, nor names that end with a dot.
_NOT_PORTABLE = re.compile(r"(?:^|/)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[./]|$)|\.(?:/|$)")


@dataclass(frozen=True, slots=True)
class StoreProperties:
    """What a store can do, as data.

    ``address`` opens the store again through `open_store` and holds no secret. ``atomic_create``: of several
    concurrent create-only puts of one name exactly one succeeds; without it they may all succeed (correctness never
    depends on it). ``durable_put``: see the module. ``range_get``: a part of an object costs only that part. ``push``:
    `listen` tells of new objects.
    """

    kind: str
    address: str
    atomic_create: bool
    durable_put: bool
    max_object_bytes: int
    range_get: bool
    push: bool = False


class ObjectInfo(NamedTuple):
    name: str
    size_bytes: int


class PartStatus(NamedTuple):
    """How one of the stores does that a spread is made of."""

    address: str
    is_up: bool
    trouble: str
    """What its last answer was, when that was an error; may be empty."""
    behind: int
    """Objects known to be missing there."""
    damaged: int
    """Objects that it is known to give back wrong."""


@dataclass
class MendReport:
    """What `Store.mend` found and did. Names are of objects in the store."""

    objects: int = 0
    repaired: int = 0
    repaired_bytes: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)
    """(object, what is wrong and in which store), at most 1000; ``unrepaired`` counts them all."""
    unrepaired: int = 0
    away: list[str] = field(default_factory=list)
    """Addresses of the stores that could not be looked at."""


def is_name(name: str) -> bool:
    """Whether ``name`` may name an object: segments of [a-z0-9._-] joined by '/', none empty or starting or ending
    with a dot, none that Windows reserves, at most 200 characters."""
    return len(name) <= MAX_NAME and _NAME.fullmatch(name) is not None and _NOT_PORTABLE.search(name) is None


def check_name(name: str) -> str:
    """Give ``name`` back, or raise InputError when it may not name an object."""
    if not is_name(name):
        raise InputError(f"{name[:MAX_NAME]!a} cannot name an object in a store.")
    return name


def check_prefix(prefix: str) -> str:
    """Give ``prefix`` back, or raise InputError when it is neither empty nor a folder's name with a '/' at the end."""
    if prefix and not (prefix.endswith("/") and is_name(prefix[:-1])):
        raise InputError(f"{prefix[:MAX_NAME]!a} is not a folder of a store (a/b/).")
    return prefix


def as_views(data: Data) -> list[memoryview]:
    """The non-empty buffers of ``data`` as new byte views over the caller's memory; release them after use."""
    buffers: Sequence[Buffer] = (data,) if isinstance(data, bytes | bytearray | memoryview) else data
    return [memoryview(buffer).cast("B") for buffer in buffers if memoryview(buffer).nbytes]


def size_of(data: Data) -> int:
    """Bytes in ``data``."""
    buffers: Sequence[Buffer] = (data,) if isinstance(data, bytes | bytearray | memoryview) else data
    return sum(memoryview(buffer).nbytes for buffer in buffers)


def check_range(info: ObjectInfo, offset: int, length: int | None, max_bytes: int | None) -> int:
    """How many bytes a `Store.get` with these arguments gives of an object of this size.

    Raises InputError for negative arguments, StoreProtocolError when the object is too short or too large.
    To be called before memory is allocated for the answer.
    """
    if offset < 0 or (length is not None and length < 0):
        raise InputError("An offset or length is negative.")
    rest = info.size_bytes - offset
    if rest < (length or 0):
        raise StoreProtocolError(
            f"The object {info.name} has only {info.size_bytes} bytes, not {offset + (length or 0)}.",
            object_name=info.name,
        )
    if length is not None:
        return length
    if max_bytes is not None and rest > max_bytes:
        raise StoreProtocolError(
            f"The object {info.name} has {info.size_bytes} bytes; at most {offset + max_bytes} were expected.",
            object_name=info.name,
        )
    return rest


class Store(abc.ABC):
    """A place for opaque objects. The module's docstring is part of the contract."""

    @property
    @abc.abstractmethod
    def properties(self) -> StoreProperties:
        """What this store can do. May be read at any time without input or output."""

    @abc.abstractmethod
    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        """Store an object, in place of one of this name; with ``create_only`` only where there is none.

        Raises ObjectExistsError (``create_only``; the existing object is untouched), StoreFullError,
        StoreReadOnlyError, StoreUnavailableError, StoreBusyError. Safe to repeat with the same data but for
        ``create_only`` (see the module).
        """

    @abc.abstractmethod
    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        """Bytes ``offset`` to ``offset + length`` of an object, to its end without ``length``.

        Gives exactly that many bytes: an object too short for the range, or that ends early, raises
        StoreProtocolError. Without ``length`` more than ``max_bytes`` raise StoreProtocolError before they are read
        (always give one of the two: the store is not trusted). A missing object raises ObjectNotFoundError.
        """

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        """Fill the whole writable byte ``buffer`` from ``offset`` on. As `get`; its content is undefined on errors."""
        buffer[:] = self.get(name, offset=offset, length=buffer.nbytes)

    @abc.abstractmethod
    def stat(self, name: str) -> ObjectInfo:
        """Name and size of one object. A missing one raises ObjectNotFoundError."""

    @abc.abstractmethod
    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        """All objects whose names start with ``prefix`` ("" or "folder/") and are greater than ``start_after``.

        In ascending order of the names' bytes, lazily: errors are raised by the call or while iterating. What was
        there during the whole listing is in it; what came or went meanwhile may be. What is not an object (foreign
        files, names that `check_name` refuses) is left out without error.
        """

    @abc.abstractmethod
    def delete(self, name: str) -> None:
        """Remove an object. One that is missing is no error. Durable after `flush`, like `put`."""

    @abc.abstractmethod
    def flush(self) -> None:
        """Make every `put` and `delete` that returned before this call durable.

        An error of the permanent kind means that earlier puts may be lost and must be repeated.
        """

    def open_read(self, name: str) -> ReadHandle:
        """An object, to be read in pieces. Raises as `stat`."""
        return PartsReadHandle(self, check_name(name))

    def open_write(self, name: str, size_bytes: int) -> WriteHandle:
        """An object of that size, to be written in pieces. Raises as `put`; InputError when it is too large."""
        if size_bytes > self.properties.max_object_bytes:
            raise InputError(f"The object {name} is larger than the storage allows.")
        return SpooledWriteHandle(self, check_name(name), size_bytes)

    def free_bytes(self) -> int | None:
        """Room left in bytes, or None where the store cannot tell."""
        return None

    def signed_url(self, name: str, *, lasts_s: int, content_type: str = "") -> str | None:
        """A URL by which anyone may read the object until that many seconds have passed; None where there are none.

        Asks nobody, so the object need not exist. ``content_type``: what the answer is to say of it. Raises
        InputError when it cannot last so long.
        """
        return None

    def link_host(self) -> LinkHost | None:
        """Who serves links to what is in this store; None for a store that only keeps objects."""
        return None

    # --- several stores as one; a single store has nothing to say to these

    def parts(self) -> Sequence[PartStatus]:
        """The stores that this one is made of; none for a single one. Asks nobody."""
        return ()

    def doubt(self, name: str) -> bool:
        """Told that what was read of an object does not verify: whether reading it again may give something else.

        Looks for the culprit among several stores, which may read the whole object from each of them.
        Raises StoreUnavailableError.
        """
        return False

    def mend(
        self, *, repair: bool, read_data: bool, step: Callable[[str], None], create: bool = False
    ) -> MendReport | None:
        """Compare the stores that this one is made of, and with ``repair`` write what one of them lacks or has wrong.

        ``read_data`` compares contents too, not only listings. ``create`` makes stores anew that are gone. ``step`` is
        called with each object's name and may raise to cancel. None for a single store. Raises StoreUnavailableError
        when too few stores are there.
        """
        return None

    def mend_known(self) -> int:
        """Write what is known to be missing in stores that are back; how many objects that were. For idle moments."""
        return 0

    def listen(self, prefix: str) -> Listening:
        """Names below ``prefix`` ("folder/") that any device puts from now on, as they come; nothing at all where not
        ``properties.push``. Raises StoreError: then, or when it ends with an error, it may be called again."""
        check_prefix(prefix)
        return NoListening()

    def sweep(self) -> int:
        """Remove what crashed processes left beside the objects, if it is more than a day old; gives how many files."""
        return 0

    def together(self, action: Callable[[], _T]) -> _T:
        """Do ``action``, which uses this store several times, under a lock say, and which may be done again as a whole.

        A store that tries again after failures does so at once, and then lets them end the action, and begins it anew
        later: so no lock that is taken within it is held while the store waits.
        """
        return action()

    def close(self) -> None:
        """Give back connections and threads. Does not flush. May be called twice; other calls afterwards may fail."""
        return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
