"""Searching names: an FTS5 trigram table, filled lazily so that adding files pays nothing for it.

Rows hold the folded name (tree.names.fold) under the node's key. Nodes up to ``counters.search_watermark`` are in it,
those in ``search_stale`` with an outdated name. A search reads the table for what it covers and scans the rest, so its
answer is right whether or not the table could be brought up to date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import apsw

from megadesk.state.index.rows import Run
from megadesk.tree.names import fold, to_text
from megadesk.tree.table import FIRST_KEY, Key

_WATERMARK = "SELECT coalesce((SELECT value FROM counters WHERE name = 'search_watermark'), ?)"
_SCAN_ROWS = 2000


def _watermark(connection: apsw.Connection) -> int:
    run: Run = connection.execute
    return int(run(_WATERMARK, (FIRST_KEY - 1,)).fetchall()[0][0])


def behind(connection: apsw.Connection) -> int:
    """About how many names are not in the table yet."""
    run: Run = connection.execute
    (row,) = run("SELECT coalesce((SELECT max(key) FROM nodes), 0), (SELECT count(*) FROM search_stale)").fetchall()
    return max(int(row[0]) - _watermark(connection), 0) + int(row[1])


def catch_up(connection: apsw.Connection, max_rows: int) -> bool:
    """Index up to ``max_rows`` names; whether nothing is left. In the caller's write transaction."""
    run: Run = connection.execute
    stale = run(
        "SELECT s.node, n.name FROM search_stale s LEFT JOIN nodes n ON n.key = s.node LIMIT ?", (max_rows,)
    ).fetchall()
    for key, name in stale:
        run("DELETE FROM search WHERE rowid = ?", (key,))
        if name is not None:
            run("INSERT INTO search (rowid, name) VALUES (?, ?)", (key, fold(to_text(name))))
        run("DELETE FROM search_stale WHERE node = ?", (key,))
    room = max_rows - len(stale)
    if room <= 0:
        return False
    rows = run(
        "SELECT key, name FROM nodes WHERE key > ? ORDER BY key LIMIT ?", (_watermark(connection), room)
    ).fetchall()
    if rows:
        connection.executemany(
            "INSERT INTO search (rowid, name) VALUES (?, ?)", ((key, fold(to_text(name))) for key, name in rows)
        )
        run("INSERT OR REPLACE INTO counters (name, value) VALUES ('search_watermark', ?)", (rows[-1][0],))
    return len(rows) < room


def candidates(connection: apsw.Connection, needle: str) -> Iterator[tuple[Key, bytes]]:
    """(key, name) of visible nodes that hold ``needle`` (folded), each once; lazily."""
    run: Run = connection.execute
    watermark = _watermark(connection)
    if len(needle) >= 3:
        # Without positions in the table a phrase is an AND of its trigrams; the name itself decides.
        grams = dict.fromkeys(needle[place : place + 3] for place in range(len(needle) - 2))
        match = " AND ".join('"' + gram.replace('"', '""') + '"' for gram in list(grams)[:32])
        # Page by page: an FTS5 query left half way keeps the read transaction open.
        last = 0
        while last < watermark:
            page = run(
                "SELECT n.key, n.name FROM search s CROSS JOIN nodes n ON n.key = s.rowid WHERE search MATCH ?"
                " AND s.rowid > ? AND n.gone = 0 AND n.key NOT IN (SELECT node FROM search_stale)"
                " ORDER BY s.rowid LIMIT ?",
                (match, last, _SCAN_ROWS),
            ).fetchall()
            yield from _holding(page, needle)
            last = page[-1][0] if len(page) == _SCAN_ROWS else watermark
        stale = run(
            "SELECT n.key, n.name FROM search_stale s CROSS JOIN nodes n ON n.key = s.node"
            " WHERE n.gone = 0 AND n.key <= ?",
            (watermark,),
        ).fetchall()
        yield from _holding(stale, needle)
        last = watermark
    else:
        last = FIRST_KEY - 1
    while True:
        page = run(
            "SELECT key, name, gone FROM nodes WHERE key > ? ORDER BY key LIMIT ?", (last, _SCAN_ROWS)
        ).fetchall()
        if not page:
            return
        yield from _holding(((key, name) for key, name, gone in page if not gone), needle)
        last = page[-1][0]


def _holding(rows: Iterable[tuple[Key, bytes]], needle: str) -> Iterator[tuple[Key, bytes]]:
    for key, name in rows:
        if needle in fold(to_text(name)):
            yield key, name
