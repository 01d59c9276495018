"""The encrypted SQLite file: opening, connections, transactions, errors.

SQLite3 Multiple Ciphers with AEGIS-256: the fastest of its ciphers where the processor has AES
instructions (measured: tests/bench/index_scale.py), and its pages are authenticated: a changed page is an error, not
other data. The key is random, so no key derivation takes place. The write-ahead log is
encrypted too, and temporary tables stay in memory: no plaintext reaches the disk.

Connections come from a small pool: one thread uses one at a time, any thread may take any. Readers see a
snapshot and never wait for the writer (WAL). Writers of this process take turns by a lock, those of other processes by
SQLite's, up to ``busy_timeout_s``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import apsw

from megadesk.errors import KeyFileError, LocalFileError, LocalFullError, LockerBusyError, MegaDeskError
from megadesk.state.index.migrations import MIGRATIONS, immediate, migrate

KEY_BYTES = 32
PAGE_BYTES = 8192
BUSY_TIMEOUT_S = 30.0
_CACHE_KIB = 16 * 1024
_CHECKPOINT_PAGES = 4096
_IDLE_CONNECTIONS = 4
_REBUILD = "It can be rebuilt from the store; nothing in the locker is lost."


class Database:
    """One index file. Thread-safe. ``key``: 32 random bytes, never shown."""

    def __init__(
        self,
        path: str,
        key: bytes,
        *,
        create: bool = True,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
        migrations: tuple[str, ...] = MIGRATIONS,
    ) -> None:
        """Open and migrate. Raises KeyFileError for a key that does not open it, LocalFileError, LockerBusyError."""
        if len(key) != KEY_BYTES:
            raise KeyFileError("The key of the index has a wrong length.")
        self.path = path
        self._key = bytes(key)
        self._busy_timeout_ms = int(busy_timeout_s * 1000)
        self._idle: list[apsw.Connection] = []
        self._lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._writer: int | None = None
        self._closed = False
        if not create and not os.path.exists(path):
            raise LocalFileError("The index of this locker is missing.", path=path, remedy=_REBUILD)
        with self.errors():
            connection = self._open(create)
            try:
                migrate(connection, path, migrations)
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)

    def __repr__(self) -> str:
        return f"Database({self.path!r})"

    def stamp(self) -> tuple[int, ...]:
        """Another value after anybody has written to the file: what systems tell of it, for a hundredth of a query.

        Two writes within one tick of the system's clock may look like one. Raises OSError.
        """
        found: list[int] = []
        for path in (self.path, f"{self.path}-wal"):
            try:
                status = os.stat(path)
            except FileNotFoundError:
                found.append(0)
            else:
                found += (status.st_ino, status.st_size, status.st_mtime_ns)
        return tuple(found)

    def _open(self, create: bool = False) -> apsw.Connection:
        flags = apsw.SQLITE_OPEN_READWRITE | (apsw.SQLITE_OPEN_CREATE if create else 0)
        if create and not os.path.exists(self.path):
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = apsw.Connection(self.path, flags=flags)
        try:
            connection.set_busy_timeout(self._busy_timeout_ms)
            self._unlock(connection)
            run = connection.execute
            run(f"PRAGMA page_size = {PAGE_BYTES}")
            run("PRAGMA temp_store = MEMORY")
            run("PRAGMA mmap_size = 0")
            run(f"PRAGMA cache_size = -{_CACHE_KIB}")
            run("PRAGMA secure_delete = FAST")
            run("PRAGMA trusted_schema = OFF")
            run("SELECT count(*) FROM sqlite_schema").fetchall()  # the first page: is it the right key?
            if connection.pragma("journal_mode", "wal") != "wal":
                raise LocalFileError("The folder of the index allows no write-ahead log.", path=self.path)
            run("PRAGMA synchronous = NORMAL")
            run(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
            run(f"PRAGMA journal_size_limit = {64 << 20}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _unlock(self, connection: apsw.Connection) -> None:
        connection.pragma("cipher", "aegis")
        # Not kept in the statement cache, and no error shows the statement.
        try:
            connection.execute(f"PRAGMA key = 'raw:{self._key.hex()}'", can_cache=False).fetchall()
        except apsw.Error:
            raise KeyFileError("The index of this locker does not take its key.") from None

    @contextmanager
    def errors(self) -> Iterator[None]:
        """SQLite's errors as ours, at this one edge."""
        try:
            yield
        except MegaDeskError:
            raise
        except apsw.NotADBError:
            raise KeyFileError(
                "The index of this locker does not open with the locker's key, or its first page is damaged.",
                remedy=_REBUILD,
            ) from None
        except (apsw.BusyError, apsw.LockedError) as error:
            raise LockerBusyError("Another MegaDesk is writing to this locker's index for too long.") from error
        except apsw.FullError as error:
            raise LocalFullError("The disk that holds the locker's index is full.", path=self.path) from error
        except (apsw.CorruptError, apsw.FormatError) as error:
            raise LocalFileError("The index of this locker is damaged.", path=self.path, remedy=_REBUILD) from error
        except (apsw.CantOpenError, apsw.IOError, apsw.ReadOnlyError, apsw.PermissionsError, OSError) as error:
            raise LocalFileError(
                f"The index of this locker cannot be read or written ({error}).", path=self.path
            ) from error

    @contextmanager
    def _connection(self) -> Iterator[apsw.Connection]:
        with self._lock:
            if self._closed:
                raise LocalFileError("The index of this locker is closed.", path=self.path)
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = self._open()
        try:
            yield connection
        finally:
            with self._lock:
                keep = not self._closed and len(self._idle) < _IDLE_CONNECTIONS and self._unused(connection)
                if keep:
                    self._idle.append(connection)
            if not keep:
                connection.close()

    @staticmethod
    def _unused(connection: apsw.Connection) -> bool:
        """Whether it may serve again: a statement left half way would keep its snapshot, and the log from shrinking."""
        return not connection.in_transaction and connection.txn_state() == apsw.SQLITE_TXN_NONE

    @contextmanager
    def read(self) -> Iterator[apsw.Connection]:
        """A connection in a read transaction: one snapshot, whatever is written meanwhile. Keep it short."""
        with self.errors(), self._connection() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[apsw.Connection]:
        """A connection in a write transaction: committed at the end, rolled back on any exception. Not re-entrant.

        Raises LockerBusyError when another process keeps writing.
        """
        me = threading.get_ident()
        if self._writer == me:
            raise RuntimeError("a write transaction inside another")
        with self._write_lock:
            self._writer = me
            try:
                with self.errors(), self._connection() as connection, immediate(connection):
                    yield connection
            finally:
                self._writer = None

    def check(self) -> list[str]:
        """Problems that SQLite finds in the file; empty when it is sound."""
        with self.read() as connection:
            rows = connection.execute("PRAGMA quick_check(20)").fetchall()
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def compact(self) -> None:
        """Empty the write-ahead log into the file and refresh the planner's statistics. Cheap enough for closing."""
        with self.errors(), self._write_lock, self._connection() as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        """Close idle connections; those in use are closed when they are given back. Any later use raises."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        self._key = b""
