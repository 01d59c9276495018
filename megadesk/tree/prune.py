"""Forgetting what no operation can need any more.

``stable`` is a Lamport clock up to which everything is causally stable: see stability.stable_lamport. Nothing visible
changes.
"""

from __future__ import annotations

from megadesk.tree.heads import contract
from megadesk.tree.table import FIRST_KEY, GHOST, NO_STAMP, Key, TreeTable


def prune_moves(table: TreeTable, stable: int) -> int:
    """Fold stable Moves into the placements; how many were forgotten. The caller holds a transaction."""
    return table.delete_moves(stable)


def prune_tombstones(table: TreeTable, stable: int) -> int:
    """Remove purged nodes, dropped versions and ghosts that are stable; how many rows went. In a transaction.

    Call prune_moves first: what the moves left refer to is kept, for they may be undone and redone.
    """
    removed = 0
    for key in table.dropped_versions(stable):
        doomed, bases = contract(table.versions(key), stable)
        for version, older in bases.items():
            table.save_bases(key, version, older)
        for version in doomed:
            table.delete_version(key, version)
        removed += len(doomed)
    held: set[Key] = set()
    for move in table.moves_from(NO_STAMP):
        held |= {move.node, move.parent}
        if move.old is not None:
            held.add(move.old.parent)
    pending = set(table.gone_keys()) - held
    while pending:
        parents: set[Key] = set()
        for key in pending:
            node = table.find(key)
            if node is None or not node.gone or key < FIRST_KEY or key in held:
                continue
            if node.purged > stable or node.created.lamport > stable or table.child_keys(key):
                continue
            if node.kind != GHOST and any(
                not 0 < version.dropped <= stable for version in table.versions(key) if version.kind == node.kind
            ):
                continue
            table.delete_node(key)
            parents.add(node.place.parent)
            removed += 1
        pending = parents
    return removed
