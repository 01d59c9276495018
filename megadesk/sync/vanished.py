"""What pairs had agreed upon and the locker does not have any more, because those who wrote it are shut out.

That is no deletion, and what is here is no copy of anything: it is forgotten as agreed, and so counts as new on this
side. Nothing is deleted or replaced here on the strength of it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from megadesk.state.index.index import Session
from megadesk.sync.agreed import Agreed, PairTable
from megadesk.sync.lockertree import is_copy, link_target, node_of
from megadesk.sync.values import FILE, ROOT_KEY, Entry, Key
from megadesk.types import NodeKind, VersionId


def forget_vanished(session: Session) -> None:
    """For all pairs, in the transaction in which the locker's tree was made anew."""
    index = _Within(session)
    for pair in PairTable(index).all():
        agreed = Agreed(index, pair)
        for folder in list(agreed.folders):
            if folder in agreed.folders and folder != ROOT_KEY and not _has_folder(session, folder):
                agreed.remove_folder(folder)
        for folder in list(agreed.folders):
            for name, (key, entry) in list(agreed.files(folder).items()):
                if not _has(session, key, entry):
                    agreed.remove_file(folder, name, key)
        agreed.forget_prints()
        agreed.flush()
        PairTable(index).change(pair, entries=-1)


class _Within:
    """An index whose only session is one that is open already."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def read(self) -> AbstractContextManager[Session]:
        return nullcontext(self._session)

    def write(self) -> AbstractContextManager[Session]:
        return nullcontext(self._session)


def _has_folder(session: Session, key: Key) -> bool:
    row = session.view.get(node_of(key))
    return row is not None and row.kind is NodeKind.FOLDER


def _has(session: Session, key: Key, entry: Entry) -> bool:
    """Whether the locker has this very content, as a version of that node."""
    node = node_of(key)
    if entry.kind == FILE:
        version = key[len(node) :] if is_copy(key) else entry.content
        return session.view.content(node, VersionId(version)) is not None
    heads = session.view.heads(node)
    return bool(heads) and entry.content == b"=" + link_target(session, node, heads[0])
