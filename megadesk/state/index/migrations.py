"""The index's schema, as numbered steps; the only place where tables are made.

A step is appended, never changed, once it was released. ``PRAGMA user_version`` says how many were run. Other modules'
tables (the transfer journal) are steps here too, so that one number tells the whole schema.
"""

from __future__ import annotations

import apsw

from megadesk.errors import LocalFileError

APPLICATION_ID = 0x4D446978
"""b"MDix"."""

_TREE = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
-- Devices by a small number, because every row names one.
CREATE TABLE actors (key INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);
-- Column order: the ones that are mostly NULL, 0 or 1 take one byte. head: NULL none, x'' the node's own id.
-- p_*: placement's stamp where it is not the creation's.
CREATE TABLE nodes (
  key INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  parent INTEGER NOT NULL,
  name BLOB NOT NULL,
  kind INTEGER NOT NULL,
  mode INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  size INTEGER NOT NULL,
  head BLOB,
  heads INTEGER NOT NULL,
  purged INTEGER NOT NULL DEFAULT 0,
  gone INTEGER NOT NULL DEFAULT 0,
  lamport INTEGER NOT NULL,
  actor INTEGER NOT NULL,
  position INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  p_lamport INTEGER,
  p_actor INTEGER,
  p_position INTEGER,
  p_time_ms INTEGER,
  origin INTEGER,
  origin_name BLOB,
  trashed_ms INTEGER
);
CREATE INDEX nodes_by_place ON nodes (parent, gone, name);
CREATE INDEX nodes_gone ON nodes (key) WHERE gone = 1;
CREATE INDEX nodes_ghosts ON nodes (key) WHERE kind = -1;
CREATE INDEX nodes_conflicts ON nodes (parent) WHERE heads > 1;
-- id x'': the node's own id. content: as in the operation (format.ops.encode_content).
CREATE TABLE versions (
  node INTEGER NOT NULL,
  id BLOB NOT NULL,
  lamport INTEGER NOT NULL,
  actor INTEGER NOT NULL,
  position INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  mode INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  size INTEGER NOT NULL,
  dropped INTEGER NOT NULL,
  bases BLOB,
  content BLOB,
  PRIMARY KEY (node, id)
) WITHOUT ROWID;
CREATE INDEX versions_dropped ON versions (node) WHERE dropped > 0;
CREATE TABLE attributes (
  node INTEGER PRIMARY KEY,
  lamport INTEGER NOT NULL,
  device BLOB NOT NULL,
  position INTEGER NOT NULL,
  mode INTEGER NOT NULL,
  mtime INTEGER NOT NULL
);
CREATE TABLE moves (
  lamport INTEGER NOT NULL,
  device BLOB NOT NULL,
  position INTEGER NOT NULL,
  node INTEGER NOT NULL,
  parent INTEGER NOT NULL,
  name BLOB NOT NULL,
  time_ms INTEGER NOT NULL,
  old BLOB,
  PRIMARY KEY (lamport, device, position)
) WITHOUT ROWID;
CREATE TABLE condemned (
  pack BLOB PRIMARY KEY, lamport INTEGER NOT NULL, device BLOB NOT NULL, position INTEGER NOT NULL, seq INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE cutoffs (device BLOB PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE epochs (
  id BLOB PRIMARY KEY, number INTEGER, lamport INTEGER, device BLOB, position INTEGER, secret BLOB
) WITHOUT ROWID;
"""

_LOG = """
CREATE TABLE heads (
  device BLOB PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL, lamport INTEGER NOT NULL, time_ms INTEGER NOT NULL,
  seen BLOB
) WITHOUT ROWID;
-- Clocks of applied entries for tree.stability, and their hashes, which others' entries are compared with.
CREATE TABLE clocks (
  device BLOB NOT NULL, seq INTEGER NOT NULL, lamport INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (device, seq)
) WITHOUT ROWID;
CREATE TABLE devices (
  id BLOB PRIMARY KEY, sign_pk BLOB NOT NULL, kem_pk BLOB NOT NULL, name TEXT NOT NULL, enrolled_ms INTEGER NOT NULL,
  enroller BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE pending (seq INTEGER PRIMARY KEY, record BLOB NOT NULL);
"""

_SEARCH = """
CREATE VIRTUAL TABLE search USING fts5 (
  name, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
);
-- Nodes at or below counters.search_watermark whose names changed since they were indexed.
CREATE TABLE search_stale (node INTEGER PRIMARY KEY);
"""

# The fixed rows: root, trash, orphans (tree.table.FIXED).
_FIXED_ROWS = """
INSERT INTO nodes (key, id, parent, name, kind, mode, mtime, size, heads, lamport, actor, position, time_ms) VALUES
  (1, x'00000000000000000000000000000000', 0, x'', 0, 448, 0, 0, 0, 0, 0, 0, 0),
  (2, x'00000000000000000000000000000001', 0, x'', 0, 448, 0, 0, 0, 0, 0, 0, 0),
  (3, x'00000000000000000000000000000002', 0, x'', 0, 448, 0, 0, 0, 0, 0, 0, 0);
"""

# transfers: record is msgpack (transfer.records). journal: packs put but not in the tree; members NULL while in flight.
_TRANSFERS = """
CREATE TABLE transfers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, position REAL NOT NULL, owner TEXT NOT NULL, record BLOB NOT NULL
);
CREATE TABLE journal (pack BLOB PRIMARY KEY, transfer INTEGER NOT NULL, members BLOB) WITHOUT ROWID;
CREATE INDEX journal_by_transfer ON journal (transfer);
"""

# made: the encoded MakeLink, NULL while only a RevokeLink named it. link_records: what this machine put of each live
# link, so that it is put again when something changed.
_LINKS = """
CREATE TABLE links (
  id BLOB PRIMARY KEY, lamport INTEGER NOT NULL, device BLOB NOT NULL, position INTEGER NOT NULL,
  time_ms INTEGER NOT NULL, made BLOB, revoked INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE link_records (id BLOB PRIMARY KEY, digest BLOB NOT NULL, downloads INTEGER NOT NULL) WITHOUT ROWID;
"""

# notes, thumbnails: what the window remembers (core.notes). versions_later: to find what was changed last.
_NOTES = """
CREATE TABLE notes (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE thumbnails (version BLOB PRIMARY KEY, made_ms INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX thumbnails_by_age ON thumbnails (made_ms);
CREATE INDEX versions_later ON versions (time_ms) WHERE id <> x'';
"""

# sync.agreed: pairs, what both sides had in common (a row a folder; items: its files), and what stands still.
_SYNC = """
CREATE TABLE sync_pairs (id INTEGER PRIMARY KEY AUTOINCREMENT, record BLOB NOT NULL);
CREATE TABLE sync_folders (
  pair INTEGER NOT NULL, id BLOB NOT NULL, parent BLOB NOT NULL, name BLOB NOT NULL, mode INTEGER NOT NULL,
  ino INTEGER NOT NULL, dev INTEGER NOT NULL, local_print BLOB NOT NULL, locker_print BLOB NOT NULL, items BLOB
);
CREATE UNIQUE INDEX sync_folders_by_id ON sync_folders (pair, id);
CREATE TABLE sync_problems (
  pair INTEGER NOT NULL, id TEXT NOT NULL, record BLOB NOT NULL, PRIMARY KEY (pair, id)
) WITHOUT ROWID;
"""

# rekeys: all that were ever read, also those that do not count (tree.revoking). muted: of devices that are shut out,
# the first entry that was taken without its operations.
_REVOKING = """
CREATE TABLE rekeys (
  device BLOB NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL, record BLOB NOT NULL,
  PRIMARY KEY (device, seq, position)
) WITHOUT ROWID;
CREATE TABLE muted (device BLOB PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
"""

# What the logs say, emptied: for when it turns out that entries do not count which had been applied.
_EMPTIED = """
DELETE FROM nodes; DELETE FROM versions; DELETE FROM attributes; DELETE FROM moves; DELETE FROM condemned;
DELETE FROM cutoffs; DELETE FROM links; DELETE FROM counters; DELETE FROM search_stale; DELETE FROM muted;
INSERT INTO search (search) VALUES ('delete-all');
UPDATE epochs SET lamport = NULL, device = NULL, position = NULL;
"""
EMPTY_TREE = "".join((_EMPTIED, _FIXED_ROWS))

# Each new transfer asks for those of other programs: not by looking through a queue of 50,000 of its own.
_QUEUE = "CREATE INDEX transfers_by_owner ON transfers (owner);"

# Encrypting anew. `renewed`: versions that stand for others with the same bytes, when and where those were saved.
# `resealed`: slices that are in the store under new keys, and in no version yet: what a killed run goes on from.
_REENCRYPTING = """
CREATE TABLE renewed (
  id INTEGER PRIMARY KEY, node BLOB NOT NULL, old BLOB NOT NULL, new BLOB NOT NULL UNIQUE,
  time_ms INTEGER NOT NULL, device BLOB NOT NULL
);
CREATE TABLE resealed (
  pack BLOB NOT NULL, offset INTEGER NOT NULL, position INTEGER NOT NULL, made BLOB NOT NULL, ref BLOB NOT NULL,
  PRIMARY KEY (pack, offset, position)
) WITHOUT ROWID;
"""

MIGRATIONS: tuple[str, ...] = (
    _TREE + _FIXED_ROWS, _LOG, _SEARCH, _TRANSFERS, _LINKS, _NOTES, _SYNC, _REVOKING, _QUEUE, _REENCRYPTING,
)  # fmt: skip
"""Append here."""


def migrate(connection: apsw.Connection, path: str, steps: tuple[str, ...] = MIGRATIONS) -> None:
    """Run the steps not yet run, each in a transaction, safely beside other processes.

    Raises LocalFileError when the index is no index of ours, or of a newer version of the program.
    """
    application = connection.pragma("application_id")
    done = connection.pragma("user_version")
    if application == APPLICATION_ID and done == len(steps):
        return
    with immediate(connection):
        application = connection.pragma("application_id")
        done = connection.pragma("user_version")
        empty = not connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
        if application != APPLICATION_ID and not empty:
            raise LocalFileError("The index of this locker is not one of MegaDesk's.", path=path)
        if done > len(steps):
            raise LocalFileError(
                "The index of this locker was made by a newer MegaDesk.",
                path=path,
                remedy="Update MegaDesk, or rebuild the index from the store.",
            )
        for step in steps[done:]:
            connection.execute(step)
        connection.pragma("application_id", APPLICATION_ID)
        connection.pragma("user_version", len(steps))


class immediate:  # noqa: N801
    """``with immediate(connection):`` a write transaction that waits its turn at the start, not at the first write."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            try:
                self._connection.execute("COMMIT")
                return
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
