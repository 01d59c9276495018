"""From three trees to one: what both sides are to look like (rules: docs/sync.md). Pure.

Trees may be sparse: what is the same in all three may be left out, as long as whole items are left out of all.
Nothing here reads a clock or depends on the order of dictionaries' making; equal trees give equal targets.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

import msgspec

from megadesk.sync.values import FOLDER, ROOT_KEY, Action, Entry, Key, Mode, Rules, Trouble, Verb, own_key
from megadesk.tree.names import conflict_name, to_bytes, to_text

Place = tuple[Key, bytes]


class Fate(enum.Enum):
    """What becomes of an item."""

    ALIVE = "alive"
    DEAD = "dead"
    LEFT = "left"
    """A one-way pair has nothing to say about it: it stays on its side and is no longer agreed."""
    HELD = "held"
    """Nothing is known, or nothing can be done: it stays as it is on both sides."""


def place(entry: Entry) -> Place:
    return entry.parent, entry.name


def depth_in(tree: Mapping[Key, Entry], key: Key) -> int:
    """How many entries of ``tree`` lead down to ``key``, itself counted."""
    depth = 0
    while (entry := tree.get(key)) is not None:
        key = entry.parent
        depth += 1
    return depth


class Target:
    """Built once by ``__init__``; then ``at`` says where each living item is to be."""

    def __init__(
        self,
        agreed: Mapping[Key, Entry],
        local: Mapping[Key, Entry],
        locker: Mapping[Key, Entry],
        rules: Rules,
        held: Iterable[Key] = (),
    ) -> None:
        self.agreed, self.local, self.locker = dict(agreed), dict(local), dict(locker)
        self.rules = rules
        self.first: list[Action] = []
        """What comes before everything else: new keys, comparisons, conflict copies."""
        self.troubles: list[Trouble] = []
        self.fate: dict[Key, Fate] = {}
        self.at: dict[Key, Place] = {}
        self._two_way = rules.mode is Mode.TWO_WAY
        self._up = rules.mode in (Mode.UP, Mode.BACKUP)
        self._held: set[Key] = set()
        self._hold(held)
        self._match_new()
        self._split_conflicts()
        self.keys = sorted({*self.agreed, *self.local, *self.locker})
        for key in self.keys:
            self.fate[key] = self._fate(key)
        self._spare_parents()
        self._place_all()
        self._break_cycles()
        self._settle_names()

    # --- what is not to be touched

    def _hold(self, keys: Iterable[Key]) -> None:
        """Hold items with all that lies below them in any tree."""
        below: dict[Key, list[Key]] = {}
        for tree in (self.agreed, self.local, self.locker):
            for key, entry in tree.items():
                below.setdefault(entry.parent, []).append(key)
        pending = list(keys)
        while pending:
            key = pending.pop()
            if key not in self._held:
                self._held.add(key)
                pending += below.get(key, ())

    # --- the same thing under two keys

    def _match_new(self) -> None:
        """What is new in the locker and lies where this side has something the locker does not know is one item."""
        children: dict[Key, dict[bytes, Key]] = {}
        for key, entry in self.local.items():
            if key not in self.locker:
                children.setdefault(entry.parent, {})[entry.name] = key
        if not children:
            return
        fresh: dict[Key, list[Key]] = {}
        tops = []
        for key, entry in self.locker.items():
            if key not in self.agreed and key not in self.local:
                fresh.setdefault(entry.parent, []).append(key)
                if entry.parent not in self.locker or entry.parent in self.local:
                    tops.append(entry.parent)
        pending = sorted(set(tops))
        keys: dict[Key, Key] = {}
        while pending:
            parent = pending.pop()
            for new in sorted(fresh.get(parent, ())):
                there = self.locker[new]
                old = children.get(parent, {}).get(there.name)
                if old is None or self.local[old].kind != there.kind or {old, new} & self._held:
                    continue
                keys[old] = new
                if there.kind == FOLDER:
                    children.setdefault(new, {}).update(children.pop(old, {}))
                    pending.append(new)
        if keys:
            self._rekey(keys)

    def _rekey(self, keys: Mapping[Key, Key]) -> None:
        for old in sorted(keys, key=lambda old: (depth_in(self.local, old), old)):
            self.first.append(Action(Verb.REKEY, old, new_key=keys[old]))
        for tree in (self.agreed, self.local):
            changed = {}
            for key, entry in tree.items():
                parent = keys.get(entry.parent)
                changed[keys.get(key, key)] = msgspec.structs.replace(entry, parent=parent) if parent else entry
            tree.clear()
            tree.update(changed)

    # --- two contents

    def _split_conflicts(self) -> None:
        """Of two contents that are both new, the one here steps aside under a name of its own."""
        taken: set[Place] | None = None
        for key in sorted(self.local):
            mine = self.local[key]
            if mine.kind == FOLDER or key in self._held:
                continue
            agreed, theirs = self.agreed.get(key), self.locker.get(key)
            if agreed is not None and mine.content == agreed.content:
                continue
            if theirs is None:
                if agreed is None:
                    continue
                # Changed here, gone there: whether it is an edit, its bytes must tell.
                unsure = not mine.verified and mine.size == agreed.size and not self._up
                if unsure:
                    self._compare(key)
                continue
            if mine.content == theirs.content or self._up:
                continue
            if agreed is not None and theirs.content == agreed.content and self._two_way:
                continue
            if not mine.verified and mine.size in (theirs.size, agreed.size if agreed else -1):
                self._compare(key)
                continue
            if taken is None:
                taken = {place(entry) for tree in (self.local, self.locker) for entry in tree.values()}
            self._step_aside(key, mine, taken)

    def _compare(self, key: Key) -> None:
        self.first.append(Action(Verb.COMPARE, key))
        self._hold([key])

    def _step_aside(self, key: Key, mine: Entry, taken: set[Place]) -> Key:
        name = self.free_name(mine, mine.parent, taken)
        new = own_key(b"!", key)
        self.first.append(Action(Verb.ASIDE, key, mine.parent, name, new_key=new))
        del self.local[key]
        self.local[new] = msgspec.structs.replace(mine, name=name)
        if mine.kind == FOLDER:
            for child, entry in self.local.items():
                if entry.parent == key:
                    self.local[child] = msgspec.structs.replace(entry, parent=new)
        return new

    def free_name(self, entry: Entry, parent: Key, taken: set[Place]) -> bytes:
        """The first conflict name that nothing in ``parent`` bears; ``taken`` gets it."""
        number = 1
        while True:
            text = conflict_name(to_text(entry.name), self.rules.device, entry.mtime_ns // 1_000_000, number)
            name = to_bytes(text)
            if (parent, name) not in taken and not self.rules.taken(parent, name):
                taken.add((parent, name))
                return name
            number += 1

    # --- who lives

    def _fate(self, key: Key) -> Fate:
        if key in self._held:
            return Fate.HELD
        agreed, mine, theirs = self.agreed.get(key), self.local.get(key), self.locker.get(key)
        if mine is None and theirs is None:
            return Fate.LEFT
        if mine is not None and theirs is not None:
            return Fate.ALIVE
        there = mine or theirs
        assert there is not None
        follows = mine is not None if self._up else theirs is not None
        if not self._two_way and follows:
            return Fate.ALIVE
        if agreed is None:
            return Fate.ALIVE if self._two_way else Fate.LEFT
        if self.rules.mode is Mode.BACKUP:
            return Fate.LEFT
        if there.kind == FOLDER:
            return Fate.DEAD
        if there.content != agreed.content or place(there) != place(agreed):
            # What was changed or moved on one side outlives its deletion on the other.
            return Fate.ALIVE if self._two_way else Fate.LEFT
        return Fate.DEAD

    def _wanted(self, key: Key) -> Place:
        """Where an item is to be, as one of the two sides has it."""
        agreed, mine, theirs = self.agreed.get(key), self.local.get(key), self.locker.get(key)
        if mine is None or theirs is None:
            there = mine or theirs
            assert there is not None
            return place(there)
        if self._up:
            return place(mine)
        if self._two_way and agreed is not None and place(theirs) == place(agreed):
            return place(mine)
        # Moved on both sides: the locker's place, which others may know already.
        return place(theirs)

    def _spare_parents(self) -> None:
        """A folder lives when something in it does; it stays when something in it must."""
        for key in self.keys:
            if self.fate[key] is not Fate.ALIVE:
                continue
            parent = self._wanted(key)[0]
            while self.fate.get(parent) is Fate.DEAD:
                self.fate[parent] = Fate.ALIVE
                parent = self._wanted(parent)[0]
        self._spare_above(Fate.LEFT)
        self._spare_above(Fate.HELD)

    def _spare_above(self, fate: Fate) -> None:
        """What is left or held keeps the folders above it on its side."""
        for key in self.keys:
            if self.fate[key] is not fate:
                continue
            for tree in (self.local, self.locker):
                entry = tree.get(key)
                while entry is not None and self.fate.get(entry.parent) is Fate.DEAD:
                    self.fate[entry.parent] = fate
                    entry = tree.get(entry.parent)

    # --- where they live

    def _place_all(self) -> None:
        for key in self.keys:
            if self.fate[key] is Fate.ALIVE:
                self.at[key] = self._wanted(key)

    def _break_cycles(self) -> None:
        """Two moves that would put each of two folders into the other: the locker's counts."""
        while (cycle := self._cycle()) is not None:
            moved = [key for key in cycle if key in self.locker and self.at[key] != place(self.locker[key])]
            for key in moved:
                self.at[key] = place(self.locker[key])
            if not moved:  # no two trees give that; better a place that is odd than no end
                self.at[min(cycle)] = (ROOT_KEY, self.at[min(cycle)][1])

    def _cycle(self) -> list[Key] | None:
        fine: set[Key] = set()
        for key in self.at:
            path: dict[Key, None] = {}
            at = key
            while at in self.at and at not in fine:
                if at in path:
                    members = list(path)
                    return members[members.index(at) :]
                path[at] = None
                at = self.at[at][0]
            fine.update(path)
        return None

    # --- what they are called

    def _settle_names(self) -> None:
        """One name, one item: whoever bears it in the locker keeps it."""
        self._step_out_of_the_way()
        groups: dict[Place, list[Key]] = {}
        for key in self.at:
            groups.setdefault(self.at[key], []).append(key)
        taken: set[Place] | None = None
        for spot, keys in sorted(groups.items()):
            if len(keys) == 1:
                continue
            keys.sort(key=lambda key: (self._rank(key, spot), key))
            if taken is None:
                taken = {place(entry) for tree in (self.local, self.locker) for entry in tree.values()}
                taken.update(self.at.values())
            for key in keys[1:]:
                entry = self.local.get(key) or self.locker[key]
                named = msgspec.structs.replace(entry, name=spot[1])
                self.at[key] = (spot[0], self.free_name(named, spot[0], taken))
        self._refuse_names()
        self._spare_above(Fate.HELD)
        while self._refuse_blocked():
            self._spare_above(Fate.HELD)

    def _refuse_blocked(self) -> bool:
        """Nothing takes the name of what is not to be touched; whether that stopped anything."""
        blocked = []
        for tree in (self.local, self.locker):
            fixed = {place(entry) for key, entry in tree.items() if self.fate.get(key) is Fate.HELD}
            if fixed:
                blocked += [
                    key
                    for key, spot in self.at.items()
                    if spot in fixed and (key not in tree or place(tree[key]) != spot)
                ]
        for key in sorted(blocked):
            if key in self.at:
                self._refuse(key, "taken", self.at[key][1])
        return bool(blocked)

    def _rank(self, key: Key, spot: Place) -> int:
        theirs, mine = self.locker.get(key), self.local.get(key)
        if theirs is not None and place(theirs) == spot:
            return 0
        return 1 if mine is not None and place(mine) == spot else 2

    def _step_out_of_the_way(self) -> None:
        """One-way pairs leave things alone that may bear a name that is wanted."""
        if self._two_way:
            return
        side = self.locker if self._up else self.local
        left = {place(side[key]): key for key in side if self.fate[key] is Fate.LEFT}
        if not left:
            return
        taken = {place(entry) for tree in (self.local, self.locker) for entry in tree.values()}
        for key in [key for key in self.keys if key in self.at]:
            if key not in self.at:  # below one that was refused
                continue
            other = left.get(self.at[key])
            if other is None:
                continue
            if self._up:
                self._refuse(key, "taken", side[other].name)
            else:
                new = self._step_aside(other, self.local[other], taken)
                self.fate[new] = self.fate.pop(other)
                if other in self.agreed:
                    self.fate[other] = Fate.LEFT
                del left[self.at[key]]
        self.keys = sorted(self.fate)

    def _refuse_names(self) -> None:
        """What cannot be written here under its name is not written under another: it is shown instead."""
        rules = self.rules
        folded: dict[Place, Key] = {}
        for key in sorted(self.at, key=lambda key: (key not in self.local, self.at[key], key)):
            if key not in self.at:
                continue
            parent, name = self.at[key]
            spot = (parent, rules.fold(name))
            if key in self.local and place(self.local[key]) == self.at[key]:
                folded[spot] = key
                continue
            if not rules.fits(name):
                self._refuse(key, "name", name)
            elif spot in folded:
                self._refuse(key, "case", self.at[folded[spot]][1])
            elif spot[1] != name and rules.taken(parent, name):
                self._refuse(key, "case", b"")
            else:
                folded[spot] = key

    def _refuse(self, key: Key, what: str, other: bytes) -> None:
        """Leave an item alone, with all that is below it."""
        parent, name = self.at[key]
        self.troubles.append(Trouble(key, what, name, parent, other))
        below: dict[Key, list[Key]] = {}
        for child, (above, _) in self.at.items():
            below.setdefault(above, []).append(child)
        pending = [key]
        while pending:
            at = pending.pop()
            if self.at.pop(at, None) is not None:
                self.fate[at] = Fate.HELD
                pending += below.get(at, ())
