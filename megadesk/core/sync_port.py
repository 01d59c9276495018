"""An open locker as sync pairs see it: operations are written only where the locker still is what a plan assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from megadesk.core.history import History
from megadesk.core.port import Port
from megadesk.format.entry import batches
from megadesk.format.ops import AddVersion, Create, FileContent, LinkContent, Move, Operation, decode_content
from megadesk.state.index.index import Index, Session
from megadesk.sync.lockertree import is_copy, node_of
from megadesk.sync.port import Wish
from megadesk.sync.values import FOLDER, Key
from megadesk.transfer.port import LockerPort, NodeIds
from megadesk.tree.names import to_bytes
from megadesk.tree.rows import NodeRow
from megadesk.types import ROOT, TRASH, DeviceId, NodeId, NodeKind, VersionId

_FEW = 3
"""New names in one folder that are looked up one by one."""


class LockerSyncPort:
    """sync.port.SyncPort over the history and the index. Thread-safe."""

    def __init__(self, port: Port, index: Index, history: History, device: DeviceId) -> None:
        self._port = port
        self._index = index
        self._history = history
        self._device = device

    @property
    def transfers(self) -> LockerPort:
        return self._port

    @property
    def index(self) -> Index:
        return self._index

    @property
    def device_name(self) -> str:
        with self._index.read() as session:
            return session.records.device_name(self._device)

    def entries(self) -> int:
        return self._history.entries()

    def content(self, key: Key, version: bytes = b"") -> FileContent | LinkContent | None:
        (content,) = self.contents([(key, version)])
        return self._port.resolved(content) if isinstance(content, FileContent) else content

    def contents(self, wanted: Sequence[tuple[Key, bytes]]) -> list[FileContent | LinkContent | None]:
        with self._index.read() as session:
            found = [self._encoded(session, key, version) for key, version in wanted]
        return [decode_content(data) if data is not None else None for data in found]

    @staticmethod
    def _encoded(session: Session, key: Key, version: bytes) -> bytes | None:
        node, chosen = node_of(key), version or (key[16:] if is_copy(key) else b"")
        if not chosen:
            heads = session.view.heads(node)
            chosen = heads[0] if heads else b""
        return session.view.content(node, VersionId(chosen)) if chosen else None

    def commit(self, wishes: Sequence[Wish]) -> list[bool]:
        """See SyncPort. Raises what History.append raises; StoreUnavailableError when a pack was condemned."""
        results: list[bool] = []
        start = 0
        ops = [wish.op for wish in wishes if wish.op is not None]
        # Entries are bounded in size; wishes keep their order.
        for batch in batches(ops) if ops else [[]]:
            taken = 0
            end = start
            while end < len(wishes) and (wishes[end].op is None or taken < len(batch)):
                taken += wishes[end].op is not None
                end += 1
            results += self._commit(wishes[start:end])
            start = end
        return results

    def _commit(self, wishes: Sequence[Wish]) -> list[bool]:
        results: list[bool] = []

        def chosen() -> Sequence[Operation]:
            results.clear()
            with self._index.read() as session:
                self._port.refuse_condemned(session, [wish.op for wish in wishes if wish.op is not None])
                # A name is free for one when whoever bears it leaves by the same entry, in whatever order.
                checked = _Checked(session, {wish.op.node for wish in wishes if isinstance(wish.op, Move)})
                for wish in wishes:
                    results.append(checked.take(wish))
                return checked.ops

        self._history.append(chosen)
        return results


class _Checked:
    """Takes wishes one by one, on the tree as it is with those before."""

    def __init__(self, session: Session, leaving: set[NodeId]) -> None:
        """``leaving``: nodes that are to be moved away by this entry."""
        self._session = session
        self.ops: list[Operation] = []
        self._made: set[NodeId] = set()
        self._left = leaving
        self._names: set[tuple[NodeId, bytes]] = set()
        self._there: dict[NodeId, bool] = {}
        """Whether a folder is in the locker and not in its trash."""
        self._asked: dict[NodeId, int] = {}
        self._taken: dict[NodeId, dict[bytes, NodeId]] = {}
        """Names in folders that get many, read at once."""

    def take(self, wish: Wish) -> bool:
        """Whether its conditions hold; then its operations are among ``ops``."""
        extra = list(self._settling(wish.settle)) if wish.settle else []
        if wish.settle and not extra:
            return False
        op = wish.op
        if op is None:
            self.ops += extra
            return True
        if isinstance(op, Create):
            fine = self._can_create(op.parent, op.name)
            if fine:
                self._made.add(op.node)
                self._names.add((op.parent, op.name))
        else:
            fine = self._as_expected(op, wish)
        if not fine:
            return False
        if isinstance(op, AddVersion) and not op.bases:
            # A new target of a link replaces all that it had.
            op = msgspec.structs.replace(op, bases=tuple(self._session.view.heads(op.node)))
        self.ops += [*extra, op]
        return True

    def _folder_is_there(self, folder: NodeId) -> bool:
        if folder in self._made or folder == ROOT:
            return True
        known = self._there.get(folder)
        if known is None:
            row = self._session.view.get(folder)
            known = row is not None and row.kind is NodeKind.FOLDER and not self._session.view.is_trashed(folder)
            self._there[folder] = known
        return known

    def _can_create(self, parent: NodeId, name: bytes) -> bool:
        if not self._folder_is_there(parent) or (parent, name) in self._names:
            return False
        if parent in self._made:
            return True
        asked = self._asked[parent] = self._asked.get(parent, 0) + 1
        table = self._session.table
        if asked <= _FEW:
            key = table.key_of(parent)
            return key is None or all(node.id in self._left for node in table.named(key, name))
        taken = self._taken.get(parent)
        if taken is None:
            key = table.key_of(parent)
            listing = table.listing(key) if key is not None else []
            taken = self._taken[parent] = {row[2]: NodeId(row[1]) for row in listing}
        return name not in taken or taken[name] in self._left

    def _as_expected(self, op: Operation, wish: Wish) -> bool:
        node = getattr(op, "node", None)
        row = self._session.view.get(node) if node is not None else None
        if row is None or self._session.view.is_trashed(row.id):
            return False
        if wish.parent is not None and (row.parent, to_bytes(row.display_name)) != (wish.parent, wish.name):
            return False
        if wish.content is not None and self._content(row) != wish.content:
            return False
        if wish.known is not None and not all(wish.known.get(key) == content for key, content in self._below(row.id)):
            return False
        if isinstance(op, Move) and op.parent != TRASH:
            if not self._folder_is_there(op.parent) or self._is_inside(op.parent, row.id):
                return False
            if not self._can_create(op.parent, op.name):
                return False
            self._names.add((op.parent, op.name))
        return True

    def _is_inside(self, folder: NodeId, node: NodeId) -> bool:
        at = folder
        while at not in (ROOT, TRASH):
            if at == node:
                return True
            row = self._session.view.get(at)
            if row is None:
                return False
            at = row.parent
        return False

    def _content(self, row: NodeRow) -> bytes:
        if row.kind is NodeKind.LINK and row.head is not None:
            data = self._session.view.content(row.id, row.head)
            content = decode_content(data) if data is not None else None
            return b"=" + content.target if isinstance(content, LinkContent) else b"="
        return bytes(row.head or b"")

    def _below(self, folder: NodeId) -> Iterator[tuple[Key, bytes]]:
        """All that is visible in a folder, by key and content, as sync.lockertree shows it."""
        view = self._session.view
        for row in view.iter_folder(folder):
            heads = view.heads(row.id) if row.conflict else []
            loser = row.conflict and row.head is not None and bool(heads) and row.head != heads[0]
            yield row.id + row.head if loser and row.head is not None else row.id, self._content(row)
            if row.kind == FOLDER:
                yield from self._below(row.id)

    def _settling(self, copy: Key) -> Iterator[Operation]:
        """A version with the winner's content that supersedes the winner and the copy."""
        node, loser = node_of(copy), VersionId(copy[16:])
        view = self._session.view
        heads = view.heads(node)
        row = view.get(node)
        if row is None or loser not in heads[1:] or view.is_trashed(node):
            return
        data = view.content(node, heads[0])
        if data is not None:
            yield AddVersion(
                node, VersionId(NodeIds().new()), (heads[0], loser), row.mode, row.mtime_ns, decode_content(data)
            )
