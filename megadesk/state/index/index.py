"""The index of one locker: sessions over the encrypted database."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import apsw

from megadesk.errors import LockerBusyError
from megadesk.format.entry import Entry
from megadesk.state.index import search
from megadesk.state.index.database import BUSY_TIMEOUT_S, Database
from megadesk.state.index.migrations import EMPTY_TREE
from megadesk.state.index.records import Records
from megadesk.state.index.tree import SqlTable
from megadesk.tree import dump as tree_dump
from megadesk.tree.digest import digest
from megadesk.tree.dump import DumpRow
from megadesk.tree.merge import Changes, Merger
from megadesk.tree.prune import prune_moves, prune_tombstones
from megadesk.tree.rows import NodeRow
from megadesk.tree.views import TreeView

_SEARCH_STEP_ROWS = 20_000


class Session:
    """What one transaction may do. Use it in its ``with`` block and its thread only."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.connection = connection
        """For tables of other modules (see migrations.py); never BEGIN or COMMIT on it."""
        self.table = SqlTable(connection)
        self.records = Records(connection)
        self.view = TreeView(self.table, self.records.device_name)

    def apply(self, entry: Entry) -> Changes:
        """Merge one entry (write sessions only); the caller sets the head in the same session."""
        return Merger(self.table).apply(entry)

    def prune(self, stable_lamport: int) -> int:
        """Forget what is causally stable (see tree.prune); how many rows went."""
        return prune_moves(self.table, stable_lamport) + prune_tombstones(self.table, stable_lamport)

    def forget_tree(self) -> None:
        """Back to an empty tree, for the logs to be applied anew (write sessions only). Heads and devices stay."""
        self.connection.execute(EMPTY_TREE)
        self.table = SqlTable(self.connection)
        self.view = TreeView(self.table, self.records.device_name)

    def digest(self) -> bytes:
        return digest(self.table)

    def dump(self) -> Iterator[list[DumpRow]]:
        """All of the merged state in batches; in a read session, so one snapshot."""
        return tree_dump.dump(self.table)

    def load(self, batches: Iterable[list[DumpRow]]) -> None:
        """Fill the empty tree tables. Raises DecodeError; then leave the session by it, which rolls back."""
        tree_dump.load(self.table, batches)


class Index:
    """One locker's index; thread-safe, and safe beside other processes that use the same file."""

    def __init__(self, path: str, key: bytes, *, create: bool = True, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        """See Database. ``key``: 32 random bytes."""
        self._database = Database(path, key, create=create, busy_timeout_s=busy_timeout_s)
        self._search_lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Index({self._database.path!r})"

    def stamp(self) -> tuple[int, ...]:
        """See Database.stamp."""
        return self._database.stamp()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent snapshot; never waits for writers."""
        with self._database.read() as connection:
            yield Session(connection)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """All or nothing. Raises LockerBusyError when another process keeps writing. Not re-entrant."""
        with self._database.write() as connection:
            yield Session(connection)

    def search(self, text: str, limit: int = 1000, *, trashed: bool = False) -> list[tuple[str, NodeRow]]:
        """See TreeView.search; first brings the search table forward a step, unless another process is writing."""
        self.catch_up_search()
        with self.read() as session:
            return session.view.search(text, limit, trashed=trashed)

    def catch_up_search(self, max_rows: int = _SEARCH_STEP_ROWS) -> bool:
        """Bring the search table forward by at most ``max_rows`` names; whether it is complete."""
        with self._search_lock:
            with self._database.read() as connection:
                if not search.behind(connection):
                    return True
            try:
                with self._database.write() as connection:
                    return search.catch_up(connection, max_rows)
            except LockerBusyError:
                return False

    def check(self) -> list[str]:
        """Problems found in the file; empty when it is sound."""
        return self._database.check()

    def compact(self) -> None:
        self._database.compact()

    def close(self) -> None:
        self._database.close()
