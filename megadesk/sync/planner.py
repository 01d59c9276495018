"""The planner: from the local, the agreed and the locker's tree to the steps that make them one. Pure.

The order of steps is such that any beginning of them is safe: what is new gets its place, what moved is moved, contents
are brought over, and only then does anything go into a trash, unless it bears a name that is needed. Planning again
after any beginning leads to the same end; planning again after all of it gives nothing (tests/unit/sync).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from megadesk.sync.target import Fate, Place, Target, depth_in, place
from megadesk.sync.values import FOLDER, LINK, ROOT_KEY, Action, Entry, Key, Mode, Plan, Rules, Verb


def plan(
    agreed: Mapping[Key, Entry],
    local: Mapping[Key, Entry],
    locker: Mapping[Key, Entry],
    rules: Rules | None = None,
    held: Iterable[Key] = (),
) -> Plan:
    """What to do. ``held``: items that cannot be read here: neither they nor what they hold is touched.

    The trees are not changed. Items that are the same in all three may be left out of all three.
    """
    target = Target(agreed, local, locker, rules or Rules(), held)
    return Plan(_Steps(target).all(), target.troubles)


class _Steps:
    """The steps from both sides to the target."""

    def __init__(self, target: Target) -> None:
        self._t = target
        self._mode = target.rules.mode
        self._order = self._top_down()

    def _top_down(self) -> list[Key]:
        at = self._t.at
        depths: dict[Key, int] = {}

        def depth(key: Key) -> int:
            path = []
            while key in at and key not in depths:
                path.append(key)
                key = at[key][0]
            base = depths.get(key, 0)
            for step, each in enumerate(reversed(path), base + 1):
                depths[each] = step
            return depths.get(path[0] if path else key, 0)

        return sorted(at, key=lambda key: (depth(key), at[key], key))

    def all(self) -> list[Action]:
        tree, last = self._locker_tree()
        here, here_last = _LocalSteps(self._t, self._order).all()
        contents, records = self._contents(), self._agreements()
        return [*self._t.first, *tree, *here, *contents, *last, *here_last, *records, *self._forgotten()]

    # --- the locker's side

    def _locker_tree(self) -> tuple[list[Action], list[Action]]:
        """Folders, moves and what makes room for names that are wanted; and what goes into the trash last."""
        t = self._t
        tree: list[Action] = []
        for key in self._order:
            parent, name = t.at[key]
            theirs = t.locker.get(key)
            if theirs is None:
                mine = t.local[key]
                if mine.kind == FOLDER:
                    tree.append(Action(Verb.MAKE_FOLDER, key, parent, name, mode=mine.mode))
            elif place(theirs) != (parent, name):
                tree.append(Action(Verb.MOVE_LOCKER, key, parent, name))
        wanted = {t.at[key] for key in t.at if key not in t.locker or place(t.locker[key]) != t.at[key]}
        last: list[Action] = []
        for key in t.keys:
            theirs = t.locker.get(key)
            if theirs is None or t.fate[key] is not Fate.DEAD or t.fate.get(theirs.parent) is Fate.DEAD:
                continue
            (tree if place(theirs) in wanted else last).append(Action(Verb.TRASH_LOCKER, key))
        return tree, last

    def _contents(self) -> list[Action]:
        """Contents and attributes, each from the side that has the newer ones."""
        up: list[Action] = []
        down: list[Action] = []
        attributes: list[Action] = []
        for key in self._order:
            t = self._t
            agreed, mine, theirs = t.agreed.get(key), t.local.get(key), t.locker.get(key)
            parent, name = t.at[key]
            if theirs is None:
                if mine is not None and mine.kind != FOLDER:
                    up.append(Action(Verb.UPLOAD, key, parent, name))
            elif mine is None:
                if theirs.kind != FOLDER:
                    down.append(Action(Verb.DOWNLOAD, key, parent, name))
            elif mine.content != theirs.content:
                if self._mode in (Mode.UP, Mode.BACKUP) or (
                    self._mode is Mode.TWO_WAY and agreed is not None and theirs.content == agreed.content
                ):
                    up.append(Action(Verb.UPLOAD, key, parent, name, base=theirs.content))
                else:
                    down.append(Action(Verb.DOWNLOAD, key, parent, name, base=mine.content))
            elif mine.kind != LINK:
                attributes += self._attributes(key, agreed, mine, theirs)
        return [*attributes, *up, *down]

    def _attributes(self, key: Key, agreed: Entry | None, mine: Entry, theirs: Entry) -> list[Action]:
        mode = self._newer(agreed.mode if agreed else None, mine.mode, theirs.mode)
        if mine.kind == FOLDER:
            mtime_ns = theirs.mtime_ns
            here = mine.mode != mode
        else:
            mtime_ns = self._newer(agreed.mtime_ns if agreed else None, mine.mtime_ns, theirs.mtime_ns)
            here = (mine.mode, mine.mtime_ns) != (mode, mtime_ns)
        steps = []
        if (theirs.mode, theirs.mtime_ns) != (mode, mtime_ns):
            steps.append(Action(Verb.SET_LOCKER, key, mode=mode, mtime_ns=mtime_ns))
        if here:
            steps.append(Action(Verb.SET_LOCAL, key, mode=mode, mtime_ns=mtime_ns))
        return steps

    def _newer(self, agreed: int | None, mine: int, theirs: int) -> int:
        if self._mode in (Mode.UP, Mode.BACKUP):
            return mine
        return mine if self._mode is Mode.TWO_WAY and agreed is not None and theirs == agreed else theirs

    # --- what is only noted

    def _agreements(self) -> list[Action]:
        """Items that are alike on both sides, where the agreed state does not say so yet."""
        t = self._t
        found = []
        for key in self._order:
            mine, theirs, agreed = t.local.get(key), t.locker.get(key), t.agreed.get(key)
            if mine is None or theirs is None or mine.content != theirs.content:
                continue
            if place(mine) != t.at[key] or place(theirs) != t.at[key]:
                continue
            if mine.kind != LINK and self._attributes(key, agreed, mine, theirs):
                continue
            # Times of folders are not kept.
            facts = msgspec.structs.replace(mine, mtime_ns=0) if mine.kind == FOLDER else mine
            if agreed is not None and mine.kind == FOLDER:
                agreed = msgspec.structs.replace(agreed, mtime_ns=0)
            if agreed != facts:
                found.append(Action(Verb.RECORD, key))
        return found

    def _forgotten(self) -> list[Action]:
        """Agreed items that are no more, or that a one-way pair leaves alone. Contents before their folder."""
        t = self._t
        gone = [key for key in t.keys if key in t.agreed and t.fate[key] is Fate.LEFT]
        gone.sort(key=lambda key: (-depth_in(t.agreed, key), key))
        return [Action(Verb.FORGET, key) for key in gone]


class _LocalSteps:
    """The local side by simulation: a name is given only when it is free, a folder is left only when it is empty."""

    def __init__(self, target: Target, order: list[Key]) -> None:
        self._t = target
        self._order = order
        self._where: dict[Key, Place] = {key: place(entry) for key, entry in target.local.items()}
        self._slots: dict[Place, Key] = {spot: key for key, spot in self._where.items()}
        self._steps: list[Action] = []
        self._trashed: set[Key] = set()

    def all(self) -> tuple[list[Action], list[Action]]:
        """Folders and moves, with what makes room for them; and what goes into the trash last."""
        for key in self._order:
            self._bring(key)
        t = self._t
        last = [
            Action(Verb.TRASH_LOCAL, key)
            for key in t.keys
            if key in t.local and t.fate[key] is Fate.DEAD and t.fate.get(t.local[key].parent) is not Fate.DEAD
            if key not in self._trashed
        ]
        return self._steps, last

    def _bring(self, key: Key) -> None:
        """One item to its place; its parent is in place already."""
        t = self._t
        spot = t.at[key]
        mine = t.local.get(key)
        if mine is not None and self._where[key] == spot:
            return
        self._make_room(spot)
        if mine is not None:
            self._move(key, spot)
        elif t.locker[key].kind == FOLDER:
            self._steps.append(Action(Verb.MAKE_LOCAL, key, *spot, mode=t.locker[key].mode))
            self._where[key] = spot
            self._slots[spot] = key

    def _move(self, key: Key, spot: Place) -> None:
        self._steps.append(Action(Verb.MOVE_LOCAL, key, *spot))
        del self._slots[self._where[key]]
        self._where[key] = spot
        self._slots[spot] = key

    def _make_room(self, spot: Place) -> None:
        other = self._slots.get(spot)
        if other is None:
            return
        if self._t.fate.get(other) is Fate.DEAD and not self._holds_life(other):
            self._steps.append(Action(Verb.TRASH_LOCAL, other))
            self._trashed.add(other)
            del self._slots[spot]
            return
        # In the way of a swap: it goes on from a name of its own, under which a scan would find it.
        entry = self._t.local.get(other) or self._t.locker[other]
        taken = {*self._slots, *self._t.at.values()}
        named = msgspec.structs.replace(entry, name=spot[1])
        self._move(other, (spot[0], self._t.free_name(named, spot[0], taken)))

    def _holds_life(self, folder: Key) -> bool:
        """Whether anything that does not die lies in a folder now."""
        for key, (parent, _) in self._where.items():
            if key in self._trashed or self._t.fate.get(key) is Fate.DEAD:
                continue
            while parent != ROOT_KEY:
                if parent == folder:
                    return True
                parent = self._where.get(parent, (ROOT_KEY, b""))[0]
        return False
