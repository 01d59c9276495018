"""Doing what a plan says: carefully, one safe step after the other.

What is noted as agreed is noted after it is true: an upload when its entry is in the log, a download when the file
bears its name. Whatever is found to be other than the plan assumed is left for the next plan (ChangedMeanwhile); it
costs a round, never a file. Errors of the store end the run; errors of single files are reported and the rest goes on.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from megadesk.format.ops import Create, FileContent, Move, SetAttributes
from megadesk.sync import digest
from megadesk.sync.agreed import Agreed
from megadesk.sync.ignore import Ignore
from megadesk.sync.localtrash import Trash
from megadesk.sync.lockertree import is_copy, node_of
from megadesk.sync.pairs import STAGING, ProblemKind
from megadesk.sync.place import ChangedMeanwhile, move_new, require
from megadesk.sync.port import SyncPort, Wish
from megadesk.sync.scan import MODE_BITS, entry_of, is_same
from megadesk.sync.values import FILE, FOLDER, LINK, ROOT_KEY, Action, Entry, Key, Verb, is_in_locker
from megadesk.transfer.control import Control
from megadesk.transfer.port import NodeIds
from megadesk.transfer.progress import Board
from megadesk.types import TRASH, NodeId, NodeKind

_CHUNK = 4000
_SEPARATOR = os.sep.encode()
Hook = Callable[[str], None]


class Failure(msgspec.Struct, frozen=True):
    """What could not be done to one item."""

    path: bytes
    kind: ProblemKind
    message: str
    remedy: str = ""


class Conflict(msgspec.Struct, frozen=True):
    """Both contents were kept: the locker's under ``path``, the one from here under ``copy``."""

    path: bytes
    copy: bytes


@dataclass
class Outcome:
    """What a run did."""

    done: int = 0
    again: bool = False
    """Something was left for another plan."""
    failures: list[Failure] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


@dataclass
class Trees:
    """What a plan was made from. The executor changes them as it goes."""

    agreed: dict[Key, Entry]
    local: dict[Key, Entry]
    locker: dict[Key, Entry]


class Executor:
    """One plan; ``run`` once. For one thread."""

    def __init__(
        self,
        port: SyncPort,
        root: bytes,
        folder: NodeId,
        agreed: Agreed,
        trees: Trees,
        *,
        ignore: Ignore,
        trash: Trash,
        control: Control,
        board: Board,
        known: dict[bytes, bytes],
        pair: int,
        hook: Hook,
    ) -> None:
        self.port = port
        self.root = root
        self._below_root = os.path.join(root, b"")
        self.agreed = agreed
        self.trees = trees
        self.control = control
        self.board = board
        self.pair = pair
        self.hook = hook
        self.outcome = Outcome()
        self.ids = NodeIds()
        self.staging = os.path.join(root, STAGING)
        self._folder = folder
        self._ignore = ignore
        self._trash = trash
        self._known = known
        self._alias: dict[Key, Key] = {}
        self._origin: dict[Key, Key] = {}
        self._late_modes: list[tuple[Key, int]] = []

    def run(self, actions: Sequence[Action]) -> Outcome:
        """Raises StoreError, IntegrityError, CancelledError, LockerReadOnlyError; what was done until then is noted."""
        from megadesk.sync.contents import Downloads, Uploads

        groups: list[tuple[str, list[Action]]] = []
        for action in actions:
            kind = _GROUP.get(action.verb, "single")
            if groups and groups[-1][0] == kind:
                groups[-1][1].append(action)
            else:
                groups.append((kind, [action]))
        try:
            for kind, group in groups:
                self.control.step()
                if kind == "locker":
                    self._locker(group)
                elif kind == "upload":
                    Uploads(self).run(group)
                elif kind == "download":
                    Downloads(self).run(group)
                else:
                    for action in group:
                        self._single(action)
                self.agreed.flush()
        finally:
            for key, mode in reversed(self._late_modes):
                self._set_mode(key, mode)
            self.agreed.flush()
        return self.outcome

    # --- keys and paths

    def now(self, key: Key) -> Key:
        """The key that an item has by now: new nodes get theirs when they are made."""
        while key in self._alias:
            key = self._alias[key]
        return key

    def node(self, key: Key) -> NodeId:
        """The node of a folder or file in the locker. Raises ChangedMeanwhile while it has none."""
        key = self.now(key)
        if key == ROOT_KEY:
            return self._folder
        if not is_in_locker(key):
            raise ChangedMeanwhile
        return node_of(key)

    def place(self, entry: Entry) -> tuple[Key, bytes]:
        return self.now(entry.parent), entry.name

    def path_in(self, parent: Key, name: bytes) -> bytes:
        """Where an item of that place is, here. Raises ChangedMeanwhile when its folder is not here."""
        names = [name]
        key = self.now(parent)
        for _ in range(10_000):
            if key == ROOT_KEY:
                # Not os.path.join, which looks at each part: of many small files every step counts.
                return self._below_root + _SEPARATOR.join(reversed(names))
            entry = self.trees.local.get(key)
            if entry is None:
                row = self.agreed.folders.get(key)
                if row is None or key in self.trees.agreed or key in self.trees.locker:
                    raise ChangedMeanwhile
                entry = row.entry()
            names.append(entry.name)
            key = self.now(entry.parent)
        raise ChangedMeanwhile

    def path(self, key: Key) -> bytes:
        entry = self.mine(key)
        return self.path_in(entry.parent, entry.name)

    def mine(self, key: Key) -> Entry:
        """An item here. Raises ChangedMeanwhile when an earlier step did not bring it about."""
        entry = self.trees.local.get(self.now(key))
        if entry is None:
            raise ChangedMeanwhile
        return entry

    def theirs(self, key: Key) -> Entry:
        """An item in the locker. Raises ChangedMeanwhile when an earlier step did not bring it about."""
        entry = self.trees.locker.get(self.now(key))
        if entry is None:
            raise ChangedMeanwhile
        return entry

    def relative(self, path: bytes) -> bytes:
        return os.path.relpath(path, self.root)

    def shown(self, parent: Key, name: bytes) -> bytes:
        """A path for messages, even where the folder is not here."""
        try:
            return self.relative(self.path_in(parent, name))
        except ChangedMeanwhile:
            return name

    def fail(self, path: bytes, kind: ProblemKind, message: str, remedy: str = "") -> None:
        self.outcome.failures.append(Failure(path, kind, message, remedy))

    def fail_os(self, path: bytes, error: OSError) -> None:
        """An error of the local file system that concerns one item."""
        import errno

        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            self.fail(path, ProblemKind.DISK_FULL, "There is no room left on this disk.", "Free some space.")
        else:
            reason = error.strerror or str(error)
            self.fail(path, ProblemKind.LOCAL, f"It could not be changed here: {reason}.", "Check its permissions.")

    # --- agreement

    def rename_key(self, old: Key, new: Key) -> None:
        """An item is known by another key from now on, in all trees and in the agreed state."""
        old = self.now(old)
        if old == new:
            return
        self._alias[old] = new
        self._origin[new] = old
        for tree in (self.trees.agreed, self.trees.local):
            if old in tree:
                tree[new] = tree.pop(old)
        if old in self.agreed.folders:
            self.agreed.rekey_folder(old, new)

    def settle(self, key: Key) -> None:
        """Note an item as agreed, as far as both sides have it alike."""
        key = self.now(key)
        mine, theirs, old = self.trees.local.get(key), self.trees.locker.get(key), self.trees.agreed.get(key)
        if mine is None or theirs is None or self.place(mine) != self.place(theirs):
            return
        parent, name = self.place(mine)
        if mine.content == theirs.content:
            new = msgspec.structs.replace(mine, parent=parent, verified=True)
        elif old is not None:
            new = msgspec.structs.replace(old, parent=parent, name=name)
        else:
            return
        if old is not None and old.kind != FOLDER and self.place(old) != (parent, name):
            self.agreed.remove_file(self.now(old.parent), old.name, key)
        self.agreed.put(key, new)
        self.trees.agreed[key] = new
        self.outcome.done += 1

    def forget(self, key: Key) -> None:
        """Note an item as no longer agreed."""
        key = self.now(key)
        old = self.trees.agreed.pop(key, None)
        if key in self.agreed.folders:
            self.agreed.remove_folder(key)
        elif old is not None:
            self.agreed.remove_file(self.now(old.parent), old.name, key)
        self.outcome.done += 1

    # --- the locker's tree

    def _locker(self, group: Sequence[Action]) -> None:
        for start in range(0, len(group), _CHUNK):
            self.hook("before locker")
            wishes: list[Wish] = []
            done: list[tuple[Action, NodeId | None]] = []
            for action in group[start : start + _CHUNK]:
                try:
                    wish, made = self._wish(action)
                except ChangedMeanwhile:
                    self.outcome.again = True
                    continue
                wishes.append(wish)
                done.append((action, made))
            results = self.port.commit(wishes) if wishes else []
            self.hook("after locker")
            for (action, made), fine in zip(done, results, strict=True):
                if fine:
                    self._did(action, made)
                else:
                    self.outcome.again = True
            self.agreed.flush()

    def _wish(self, action: Action) -> tuple[Wish, NodeId | None]:
        key = self.now(action.key)
        theirs = self.trees.locker.get(key)
        if action.verb is Verb.MAKE_FOLDER:
            parent = self.node(action.parent)
            made = NodeId(self.ids.new())
            try:
                mtime_ns = os.lstat(self.path(key)).st_mtime_ns
            except OSError:
                raise ChangedMeanwhile from None
            # Whatever comes next may already be put into it.
            self.trees.locker[made] = Entry(self.now(action.parent), action.name, FOLDER, mode=action.mode)
            self.rename_key(key, made)
            return Wish(Create(made, parent, action.name, NodeKind.FOLDER, action.mode, mtime_ns, None)), made
        if theirs is None:
            raise ChangedMeanwhile
        lies_in, name = self.node(theirs.parent), theirs.name
        if action.verb is Verb.SET_LOCKER:
            content = theirs.content if theirs.kind == FILE else None
            return Wish(SetAttributes(node_of(key), action.mode, action.mtime_ns), content=content), None
        if action.verb is Verb.MOVE_LOCKER:
            parent = self.node(action.parent)
            if is_copy(key):
                found = self.port.content(key)
                if found is None:
                    raise ChangedMeanwhile
                made = NodeId(self.ids.new())
                create = Create(made, parent, action.name, theirs.kind, theirs.mode, theirs.mtime_ns, found)
                return Wish(create, settle=key), made
            return Wish(Move(node_of(key), parent, action.name), parent=lies_in, name=name), None
        if is_copy(key):
            return Wish(None, settle=key), None
        move = Move(node_of(key), TRASH, name)
        if theirs.kind == FOLDER:
            return Wish(move, parent=lies_in, name=name, known=self._agreed_below(key)), None
        return Wish(move, parent=lies_in, name=name, content=theirs.content), None

    def _agreed_below(self, folder: Key) -> dict[Key, bytes]:
        found: dict[Key, bytes] = {}
        for key in self.agreed.below(folder):
            if key != folder:
                found[key] = b""
            for file, entry in self.agreed.files(key).values():
                found[file] = entry.content
        return found

    def _did(self, action: Action, made: NodeId | None) -> None:
        key = self.now(action.key)
        theirs = self.trees.locker.get(key)
        if action.verb is Verb.TRASH_LOCKER:
            self.trees.locker.pop(key, None)
            self.forget(key)
        elif action.verb is Verb.SET_LOCKER and theirs is not None:
            self.trees.locker[key] = msgspec.structs.replace(theirs, mode=action.mode, mtime_ns=action.mtime_ns)
            self.settle(key)
        elif action.verb is Verb.MOVE_LOCKER and theirs is not None:
            moved = msgspec.structs.replace(theirs, parent=self.now(action.parent), name=action.name)
            if made is not None:
                del self.trees.locker[key]
                # Its content is the new node's first version now, whose id is the node's.
                moved = msgspec.structs.replace(moved, content=moved.content if moved.kind == LINK else bytes(made))
                self.outcome.again = True
            self.trees.locker[made or key] = moved
            self.settle(key)
        else:
            self.settle(key)

    # --- here

    def _single(self, action: Action) -> None:
        try:
            self.hook(f"before {action.verb.name}")
            _SINGLE[action.verb](self, action)
            self.hook(f"after {action.verb.name}")
        except ChangedMeanwhile:
            self.outcome.again = True
        except OSError as error:
            entry = self.trees.local.get(self.now(action.key))
            shown = (entry.parent, entry.name) if entry is not None else (action.parent, action.name)
            self.fail_os(self.shown(*shown), error)

    def _rekey(self, action: Action) -> None:
        self.rename_key(action.key, action.new_key)

    def _aside(self, action: Action) -> None:
        key = self.now(action.key)
        mine = self.mine(key)
        old = self.path(key)
        require(old, mine)
        new = self.path_in(mine.parent, action.name)
        move_new(old, new)
        del self.trees.local[key]
        self.trees.local[action.new_key] = msgspec.structs.replace(mine, name=action.name)
        self.outcome.conflicts.append(Conflict(self.relative(old), self.relative(new)))
        self.outcome.done += 1

    def _compare(self, action: Action) -> None:
        """The result is kept for the next plan."""
        key = self.now(action.key)
        mine = self.mine(key)
        path = self.path(key)
        require(path, mine)
        digests = digest.slice_digests(path, mine.size, self.port.transfers.digest_key, self.control.step)
        require(path, mine)
        content = digest.other(digests)
        theirs, agreed = self.trees.locker.get(key), self.trees.agreed.get(key)
        pairs = [(key, theirs)] if theirs is not None else []
        pairs += [(self._origin.get(key, key), agreed)] if agreed is not None else []
        for owner, entry in pairs:
            if entry.kind != FILE:
                continue
            found = self.port.content(node_of(owner), entry.content)
            if isinstance(found, FileContent) and digest.matches(digests, mine.size, found):
                content = entry.content
                break
        self._known[mine.content] = content
        self.outcome.again = True

    def _make_local(self, action: Action) -> None:
        key = self.now(action.key)
        path = self.path_in(action.parent, action.name)
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            raise ChangedMeanwhile from None
        entry = entry_of(os.lstat(path), self.now(action.parent), action.name)
        if action.mode & stat.S_IRWXU == stat.S_IRWXU:
            os.chmod(path, action.mode)
        else:  # what it holds must be written before it may be made unwritable
            self._late_modes.append((key, action.mode))
        self.trees.local[key] = msgspec.structs.replace(entry, mode=action.mode)
        self.settle(key)

    def _set_mode(self, key: Key, mode: int) -> None:
        try:
            path = self.path(key)
            os.chmod(path, mode)
            found = os.lstat(path).st_mode & MODE_BITS
            if found != mode:  # not every file system keeps every bit
                self.trees.local[self.now(key)] = msgspec.structs.replace(self.trees.local[self.now(key)], mode=found)
        except (OSError, ChangedMeanwhile):
            self.outcome.again = True

    def _move_local(self, action: Action) -> None:
        key = self.now(action.key)
        mine = self.mine(key)
        old, new = self.path(key), self.path_in(action.parent, action.name)
        require(old, mine)
        move_new(old, new)
        self.hook("moved here")
        status = os.lstat(new)
        changes = {} if mine.kind == FOLDER else {"ctime_ns": status.st_ctime_ns}
        self.trees.local[key] = msgspec.structs.replace(
            mine, parent=self.now(action.parent), name=action.name, **changes
        )
        self.settle(key)

    def _set_local(self, action: Action) -> None:
        key = self.now(action.key)
        mine = self.mine(key)
        path = self.path(key)
        require(path, mine)
        if mine.mode != action.mode:
            os.chmod(path, action.mode)
        if mine.kind == FILE and mine.mtime_ns != action.mtime_ns:
            os.utime(path, ns=(action.mtime_ns, action.mtime_ns))
        entry = entry_of(os.lstat(path), mine.parent, mine.name, mine.content)
        if (entry.ino, entry.size) != (mine.ino, mine.size):
            raise ChangedMeanwhile
        # A file system that keeps fewer bits of a mode or time must not send its own back.
        self.trees.local[key] = msgspec.structs.replace(entry, mode=action.mode)
        self.settle(key)

    def _trash_local(self, action: Action) -> None:
        key = self.now(action.key)
        mine, old = self.mine(key), self.trees.agreed.get(key)
        path = self.path(key)
        if old is None or mine.content != old.content:
            raise ChangedMeanwhile
        status = require(path, mine)
        if stat.S_ISDIR(status.st_mode):
            self._require_agreed(key, path)
        self._trash.put(self.root, path)
        self.hook("trashed here")
        del self.trees.local[key]
        self.forget(key)

    def _require_agreed(self, folder: Key, path: bytes) -> None:
        """Everything in a folder is as agreed: nothing new, nothing changed. Raises ChangedMeanwhile."""
        children = {self.agreed.folders[child].name: child for child in self.agreed.children(folder)}
        files = self.agreed.files(folder)
        with os.scandir(path) as listing:
            for entry in listing:
                below = os.path.join(path, entry.name)
                is_folder = entry.is_dir(follow_symlinks=False)
                if self._ignore.catches(self.relative(below), is_folder=is_folder):
                    continue
                if is_folder:
                    if entry.name not in children:
                        raise ChangedMeanwhile
                    self._require_agreed(children[entry.name], below)
                    continue
                known = files.get(entry.name)
                if known is None or not self._is_agreed(*known, entry.stat(follow_symlinks=False)):
                    raise ChangedMeanwhile

    def _is_agreed(self, key: Key, agreed: Entry, status: os.stat_result) -> bool:
        """Whether a file is as agreed, or was found to hold the agreed bytes in the state in which it is."""
        if is_same(agreed, status):
            return True
        mine = self.trees.local.get(key)
        return mine is not None and mine.content == agreed.content and is_same(mine, status)

    def _record(self, action: Action) -> None:
        self.settle(action.key)

    def _forget(self, action: Action) -> None:
        self.forget(action.key)

    # --- for contents

    def conflict_path(self, parent: Key, name: bytes, status: os.stat_result) -> bytes:
        """A free path for what somebody wrote while it was being replaced."""
        from megadesk.tree.names import conflict_name, to_bytes, to_text

        for number in range(1, 10_000):
            text = conflict_name(to_text(name), self.port.device_name, status.st_mtime_ns // 1_000_000, number)
            path = self.path_in(parent, to_bytes(text))
            if not os.path.lexists(path):
                return path
        raise ChangedMeanwhile


_SINGLE: dict[Verb, Callable[[Executor, Action], None]] = {
    Verb.REKEY: Executor._rekey,
    Verb.ASIDE: Executor._aside,
    Verb.COMPARE: Executor._compare,
    Verb.MAKE_LOCAL: Executor._make_local,
    Verb.MOVE_LOCAL: Executor._move_local,
    Verb.SET_LOCAL: Executor._set_local,
    Verb.TRASH_LOCAL: Executor._trash_local,
    Verb.RECORD: Executor._record,
    Verb.FORGET: Executor._forget,
}
_GROUP = {
    Verb.MAKE_FOLDER: "locker",
    Verb.MOVE_LOCKER: "locker",
    Verb.TRASH_LOCKER: "locker",
    Verb.SET_LOCKER: "locker",
    Verb.UPLOAD: "upload",
    Verb.DOWNLOAD: "download",
}
