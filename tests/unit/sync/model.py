"""Trees of a model, random edits on both sides, and a machine that does what a plan says and watches over contents."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from megadesk.sync.planner import plan
from megadesk.sync.values import FILE, FOLDER, LINK, ROOT_KEY, Action, Entry, Key, Plan, Rules

NAMES = [b"a", b"b", b"c", b"d.txt"]
Tree = dict[Key, Entry]


class Broken(AssertionError):
    """A rule was broken."""


@dataclass
class World:
    agreed: Tree = field(default_factory=dict)
    local: Tree = field(default_factory=dict)
    locker: Tree = field(default_factory=dict)
    truth: dict[bytes, bytes] = field(default_factory=dict)
    """The bytes behind each content."""
    versions: set[bytes] = field(default_factory=set)
    """Contents that the locker keeps, current or not."""
    trash: set[bytes] = field(default_factory=set)
    """Bytes in the trash here."""
    held: set[Key] = field(default_factory=set)
    counter: int = 0

    def new(self, prefix: bytes) -> bytes:
        self.counter += 1
        return prefix + b"%d" % self.counter

    # --- what people do

    def edit(self, rng: random.Random, side: str) -> None:
        tree: Tree = getattr(self, side)
        kind = rng.choice(["add", "add", "folder", "edit", "edit", "delete", "move", "move", "touch", "retype", "link"])
        folders = [ROOT_KEY, *(key for key, entry in tree.items() if entry.kind == FOLDER)]
        if side == "local":
            folders = [key for key in folders if not self.is_held(key)]
        parent, name = rng.choice(folders or [ROOT_KEY]), rng.choice(NAMES)
        free = all((entry.parent, entry.name) != (parent, name) for entry in tree.values())
        keys = sorted(key for key in tree if side == "locker" or not self.is_held(key))
        if kind in ("add", "folder", "link") and free:
            self.add(rng, side, parent, name, {"add": FILE, "folder": FOLDER, "link": LINK}[kind])
        elif not keys:
            return
        elif kind == "edit":
            files = [key for key in keys if tree[key].kind == FILE]
            if files:
                self.change(rng, side, rng.choice(files))
        elif kind == "touch" and side == "local":
            files = [key for key in keys if tree[key].kind == FILE and tree[key].verified]
            if files:
                key = rng.choice(files)
                state = self.new(b"?")
                self.truth[state] = self.truth[tree[key].content]
                tree[key] = msgspec.structs.replace(tree[key], content=state, verified=False, mtime_ns=self.counter)
        elif kind == "touch":
            key = rng.choice(keys)
            tree[key] = msgspec.structs.replace(tree[key], mode=rng.choice([0o600, 0o644]))
        elif kind == "delete":
            self.remove(tree, rng.choice(keys))
        elif kind == "retype":
            key = rng.choice(keys)
            old = tree[key]
            if side == "local" and any(self.is_held(k) for k in self.below(tree, key)):
                return
            self.remove(tree, key)
            self.add(rng, side, old.parent, old.name, FOLDER if old.kind == FILE else FILE)
        elif kind == "move" and free:
            key = rng.choice(keys)
            if parent not in self.below(tree, key):
                tree[key] = msgspec.structs.replace(tree[key], parent=parent, name=name)

    def add(self, rng: random.Random, side: str, parent: Key, name: bytes, kind: int) -> Key:
        tree: Tree = getattr(self, side)
        key = self.new(b"+" if side == "local" else b"n")
        size = rng.choice([3, 3, 4])
        content, verified = b"", True
        if kind == LINK:
            content = b"=" + rng.choice([b"x", b"y"])
            self.truth[content] = content
            if side == "locker":
                self.versions.add(content)
        elif kind == FILE:
            content, verified = self.content(rng, side, size)
        tree[key] = Entry(parent, name, kind, content, size if kind == FILE else 0, 0, 0o644, verified)
        return key

    def content(self, rng: random.Random, side: str, size: int) -> tuple[bytes, bool]:
        text = b"%d:%d" % (size, rng.randrange(4) if rng.random() < 0.5 else self.counter + 10)
        content = self.new(b"?" if side == "local" else b"v")
        self.truth[content] = text
        if side == "locker":
            self.versions.add(content)
        return content, side == "locker"

    def change(self, rng: random.Random, side: str, key: Key) -> None:
        tree: Tree = getattr(self, side)
        size = rng.choice([3, 4])
        content, verified = self.content(rng, side, size)
        tree[key] = msgspec.structs.replace(
            tree[key], content=content, size=size, verified=verified, mtime_ns=self.counter
        )

    @staticmethod
    def below(tree: Tree, key: Key) -> set[Key]:
        found = {key}
        grown = True
        while grown:
            more = {k for k, entry in tree.items() if entry.parent in found} - found
            found |= more
            grown = bool(more)
        return found

    def remove(self, tree: Tree, key: Key) -> None:
        doomed = self.below(tree, key)
        if tree is self.local and any(self.is_held(k) for k in doomed):
            return
        for each in doomed:
            tree.pop(each, None)

    def is_held(self, key: Key) -> bool:
        for tree in (self.local, self.agreed, self.locker):
            at = key
            for _ in range(50):
                if at in self.held:
                    return True
                if at not in tree:
                    break
                at = tree[at].parent
        return False

    # --- what a plan does

    def plan(self, rules: Rules) -> Plan:
        return plan(self.agreed, self.local, self.locker, rules, self.held)

    def do(self, action: Action) -> None:
        """Do one step; raises Broken where a real executor could not, or where a content would be lost."""
        handler = getattr(self, "_do_" + action.verb.name.lower())
        handler(action)

    def _need(self, condition: bool, action: Action, why: str) -> None:
        if not condition:
            raise Broken(f"{why}: {action}")

    def _free(self, tree: Tree, action: Action, *, but: Key = b"\xff") -> None:
        parent, name = action.parent, action.name
        self._need(parent == ROOT_KEY or (parent in tree and tree[parent].kind == FOLDER), action, "no parent")
        self._need(
            all((e.parent, e.name) != (parent, name) or k == but for k, e in tree.items()), action, "name is taken"
        )

    def _untouched(self, action: Action) -> None:
        self._need(not self.is_held(action.key), action, "held item was touched")

    def _do_rekey(self, action: Action) -> None:
        self._untouched(action)
        for tree in (self.agreed, self.local):
            if action.key in tree:
                tree[action.new_key] = tree.pop(action.key)
            for key, entry in list(tree.items()):
                if entry.parent == action.key:
                    tree[key] = msgspec.structs.replace(entry, parent=action.new_key)

    def _do_aside(self, action: Action) -> None:
        self._untouched(action)
        self._free(self.local, action)
        entry = self.local.pop(action.key)
        self.local[action.new_key] = msgspec.structs.replace(entry, name=action.name)
        for key, child in list(self.local.items()):
            if child.parent == action.key:
                self.local[key] = msgspec.structs.replace(child, parent=action.new_key)

    def _do_compare(self, action: Action) -> None:
        entry = self.local[action.key]
        self._need(not entry.verified, action, "compared twice")
        content = b"!" + entry.content
        self.truth[content] = self.truth[entry.content]
        for tree in (self.agreed, self.locker):
            other = tree.get(action.key)
            if other is not None and other.kind == FILE and self.truth[other.content] == self.truth[entry.content]:
                content = other.content
        self.local[action.key] = msgspec.structs.replace(entry, content=content, verified=True)

    def _do_make_folder(self, action: Action) -> None:
        self._untouched(action)
        self._need(action.parent == ROOT_KEY or action.parent in self.locker, action, "no parent")
        entry = self.local[action.key]
        self.locker[action.key] = Entry(action.parent, action.name, FOLDER, mode=action.mode)
        if (entry.parent, entry.name) == (action.parent, action.name):
            self.agreed[action.key] = entry

    def _do_move_locker(self, action: Action) -> None:
        self._untouched(action)
        self._need(action.parent == ROOT_KEY or action.parent in self.locker, action, "no parent")
        self._need(action.parent not in self.below(self.locker, action.key), action, "cycle")
        entry = self.locker[action.key]
        self.locker[action.key] = msgspec.structs.replace(entry, parent=action.parent, name=action.name)
        self._agree_place(action.key)

    def _do_move_local(self, action: Action) -> None:
        self._untouched(action)
        self._free(self.local, action)
        self._need(action.parent not in self.below(self.local, action.key), action, "cycle")
        entry = self.local[action.key]
        self.local[action.key] = msgspec.structs.replace(entry, parent=action.parent, name=action.name)
        self._agree_place(action.key)

    def _agree_place(self, key: Key) -> None:
        mine, theirs, agreed = self.local.get(key), self.locker.get(key), self.agreed.get(key)
        if mine and theirs and agreed and (mine.parent, mine.name) == (theirs.parent, theirs.name):
            self.agreed[key] = msgspec.structs.replace(agreed, parent=mine.parent, name=mine.name)

    def _do_upload(self, action: Action) -> None:
        self._untouched(action)
        entry = self.local[action.key]
        theirs = self.locker.get(action.key)
        self._need((theirs.content if theirs else b"") == action.base, action, "another version")
        if theirs is None:
            self._free(self.locker, action)
        if entry.kind == FILE:
            version = self.new(b"v")
            self.truth[version] = self.truth[entry.content]
        else:
            version = entry.content
        self.versions.add(version)
        self.local[action.key] = entry = msgspec.structs.replace(entry, content=version, verified=True)
        self.locker[action.key] = msgspec.structs.replace(entry, parent=action.parent, name=action.name)
        self.agreed[action.key] = entry

    def _do_download(self, action: Action) -> None:
        self._untouched(action)
        theirs = self.locker[action.key]
        mine = self.local.get(action.key)
        self._need((mine.content if mine else b"") == action.base, action, "another file")
        if mine is None:
            self._free(self.local, action)
        else:
            self._need(mine.content in self.versions, action, "unsaved content overwritten")
        self.local[action.key] = Entry(
            action.parent, action.name, theirs.kind, theirs.content, theirs.size, theirs.mtime_ns, theirs.mode
        )
        self.agreed[action.key] = self.local[action.key]

    def _do_set_locker(self, action: Action) -> None:
        self._untouched(action)
        self._set(self.locker, action)

    def _do_set_local(self, action: Action) -> None:
        self._untouched(action)
        self._set(self.local, action)

    def _set(self, tree: Tree, action: Action) -> None:
        tree[action.key] = msgspec.structs.replace(tree[action.key], mode=action.mode, mtime_ns=action.mtime_ns)
        mine, theirs = self.local[action.key], self.locker[action.key]
        if (mine.mode, mine.mtime_ns) == (theirs.mode, theirs.mtime_ns):
            self.agreed[action.key] = mine

    def _do_make_local(self, action: Action) -> None:
        self._untouched(action)
        self._free(self.local, action)
        self.local[action.key] = Entry(action.parent, action.name, FOLDER, mode=action.mode)
        self._do_record(action)

    def _do_trash_locker(self, action: Action) -> None:
        for key in self.below(self.locker, action.key):
            self._need(not self.is_held(key), action, "held item trashed")
            entry = self.locker.pop(key)
            agreed = self.agreed.pop(key, None)
            self._need(agreed is not None, action, "trashed in the locker without having been agreed")
            assert agreed is not None
            self._need(entry.content == agreed.content, action, "a new version was trashed")
            self._need(key not in self.local, action, "trashed although it is here")

    def _do_trash_local(self, action: Action) -> None:
        for key in self.below(self.local, action.key):
            self._need(not self.is_held(key), action, "held item trashed")
            entry = self.local.pop(key)
            agreed = self.agreed.pop(key, None)
            self._need(agreed is not None, action, "trashed here without having been agreed")
            assert agreed is not None
            self._need(entry.content == agreed.content, action, "an edit was trashed")
            self._need(key not in self.locker, action, "trashed although the locker has it")
            if entry.kind != FOLDER:
                self.trash.add(self.truth[entry.content])

    def _do_record(self, action: Action) -> None:
        mine, theirs = self.local[action.key], self.locker[action.key]
        if (mine.parent, mine.name, mine.content) == (theirs.parent, theirs.name, theirs.content):
            self.agreed[action.key] = mine

    def _do_forget(self, action: Action) -> None:
        del self.agreed[action.key]

    # --- what must hold

    def bytes_somewhere(self) -> set[bytes]:
        here = {self.truth[entry.content] for entry in self.local.values() if entry.kind != FOLDER}
        kept = {self.truth[content] for content in self.versions}
        return here | kept | self.trash

    def shape(self, tree: Tree) -> dict[tuple[bytes, ...], tuple[int, bytes]]:
        """Paths with kind and bytes."""
        found = {}
        for entry in tree.values():
            path = [entry.name]
            at = entry.parent
            while at != ROOT_KEY:
                path.append(tree[at].name)
                at = tree[at].parent
            found[tuple(reversed(path))] = (entry.kind, self.truth.get(entry.content, b""))
        return found


def random_world(rng: random.Random, *, edits: int = 5, base: int = 8) -> World:
    """A tree that was in sync once, and edits on both sides since; sometimes with a part of the agreement lost."""
    world = World()
    for _ in range(rng.randrange(base)):
        world.edit(rng, "locker")
    world.local, world.agreed = dict(world.locker), dict(world.locker)
    style = rng.random()
    if style < 0.15:
        # Two folders that were filled apart, as at the first run.
        for tree in (world.agreed, world.local):
            tree.clear()
    elif style < 0.3 and world.agreed:
        for key in rng.sample(sorted(world.agreed), rng.randrange(1, len(world.agreed) + 1)):
            for each in world.below(world.agreed, key):
                entry = world.agreed.pop(each, None)
                if entry is not None and entry.kind == FILE and rng.random() < 0.5 and each in world.local:
                    state = world.new(b"?")
                    world.truth[state] = world.truth[entry.content]
                    world.local[each] = msgspec.structs.replace(entry, content=state, verified=False)
    if rng.random() < 0.2 and world.agreed:
        world.held = {rng.choice(sorted(world.agreed))}
        # What is unreadable counts as it was agreed.
        for key in world.below(world.agreed, next(iter(world.held))):
            world.local[key] = world.agreed[key]
    for _ in range(rng.randrange(edits)):
        world.edit(rng, "local")
    for _ in range(rng.randrange(edits)):
        world.edit(rng, "locker")
    return world


def settle(world: World, rules: Rules, stops: Iterable[int] = (), rounds: int = 12) -> int:
    """Plan and do until nothing is left; ``stops``: after how many steps each round breaks off. The rounds taken."""
    limits = iter(stops)
    for count in range(rounds):
        actions = world.plan(rules).actions
        if not actions:
            return count
        stop = next(limits, None)
        for action in actions if stop is None else actions[:stop]:
            world.do(action)
    raise Broken(f"no end: {world.plan(rules).actions}")
