"""Moves: undo, do, redo.

After Kleppmann, Mulligan, Gomes, Beresford, "A highly-available move operation for replicated trees" (2021). The tree
is the placements given by Create, then every Move in the order of stamps; a Move that would make a cycle, or makes no
sense, stays in the log without effect. When a Move arrives late, the newer ones are undone, and redone after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from megadesk.tree.table import FIRST_KEY, FOLDER, NO_STAMP, TRASH_KEY, Key, MoveRecord, Node, Placement, TreeTable


class Mover:
    """Applies Moves to a table. Used within one Merger.apply."""

    def __init__(self, table: TreeTable, touched: set[Key]) -> None:
        self._table = table
        self._touched = touched
        """Gets the keys of all folders whose children changed."""
        self._nodes: dict[Key, Node | None] = {}
        self._before: dict[Key, Placement] = {}

    def apply(self, moves: Sequence[MoveRecord], change: Callable[[], None] | None = None) -> int:
        """Put ``moves``, ascending, into the log and effect; the number that were new.

        With ``change``, all moves are undone, it may alter rows as Create left them, and all moves are redone.
        """
        later = self._table.moves_from(NO_STAMP if change else moves[0].stamp)
        known = {move.stamp for move in later}
        new = [move for move in moves if move.stamp not in known]
        if not new and change is None:
            return 0
        old = [move.old for move in later]
        for move in reversed(later):
            self._undo(move)
        if change is not None:
            self._flush()
            change()
            self._nodes.clear()
            self._before.clear()
        for move in sorted([*new, *later], key=lambda move: move.stamp) if later else new:
            self._do(move)
        self._flush()
        self._table.add_moves(new)
        for move, before in zip(later, old, strict=True):
            if move.old != before:
                self._table.save_move(move)
        return len(new)

    def _node(self, key: Key) -> Node | None:
        try:
            return self._nodes[key]
        except KeyError:
            node = self._table.find(key)
            self._nodes[key] = node
            if node is not None:
                self._before[key] = node.place
            return node

    def _undo(self, move: MoveRecord) -> None:
        if move.old is not None:
            node = self._node(move.node)
            if node is not None:
                node.place = move.old

    def _do(self, move: MoveRecord) -> None:
        move.old = None
        node = self._node(move.node)
        parent = self._node(move.parent)
        if node is None or parent is None or node.kind < 0 or parent.kind != FOLDER or node.key < FIRST_KEY:
            return
        if node.kind == FOLDER and self._lies_within(parent.key, node.key):
            return
        place = move.old = node.place
        origin, origin_name, trashed_ms = 0, b"", 0
        if move.parent == TRASH_KEY:
            if place.parent == TRASH_KEY:
                origin, origin_name, trashed_ms = place.origin, place.origin_name, place.trashed_ms
            else:
                origin, origin_name, trashed_ms = place.parent, place.name, move.time_ms
        node.place = Placement(move.parent, move.name, move.stamp, move.time_ms, origin, origin_name, trashed_ms)

    def _lies_within(self, key: Key, folder: Key) -> bool:
        """Whether ``key`` is ``folder`` or below it, by the placements as they stand now."""
        nodes = self._nodes
        while key:
            if key == folder:
                return True
            node = nodes.get(key)
            key = node.place.parent if node is not None else self._table.parent_of(key)
        return False

    def _flush(self) -> None:
        changed = []
        for key, before in self._before.items():
            node = self._nodes[key]
            if node is not None and node.place != before:
                changed.append(node)
                self._touched.update((before.parent, node.place.parent))
        self._table.save_places(changed)
