"""What a storage sees beside what the locker holds: rows for two lists. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from megadesk.core.remote import RemoteListing
from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate

SHOWN_NODES = 2000


@dataclass(frozen=True)
class Seen:
    """A line: what is there, how large, and what it is."""

    name: str
    size: str
    what: str = ""
    folder: bool = False
    depth: int = 0


def _meaning(name: str) -> str:
    """What an object is, in words; the storage itself knows the name and the size."""
    top = name.partition("/")[0]
    return {
        "locker": translate("remote", "header of the locker"),
        "devices": translate("remote", "a computer was let in"),
        "log": translate("remote", "something was changed"),
        "packs": translate("remote", "pieces of files, padded"),
        "checkpoints": translate("remote", "state of the tree, for newcomers"),
        "links": translate("remote", "a link"),
    }.get(top, translate("remote", "not MegaDesk’s"))


def seen_by_storage(listing: RemoteListing) -> list[Seen]:
    return [Seen(fmt.shown_name(info.name), fmt.size(info.size_bytes), _meaning(info.name)) for info in listing.objects]


def seen_by_you(nodes: Iterable[tuple[str, NodeRow]]) -> list[Seen]:
    """The first of the tree, with how deep each lies, and what is in a folder right after it.

    ``nodes``: (path, row), every folder before its contents, but not right before.
    """
    below: dict[str, list[tuple[str, Seen]]] = {"": []}
    for path, row in itertools.islice(nodes, SHOWN_NODES):
        at = path.strip("/")
        folder = row.kind is NodeKind.FOLDER
        size = "" if folder else fmt.size(row.size_bytes)
        seen = Seen(fmt.shown_name(row.display_name), size, folder=folder, depth=at.count("/"))
        below.setdefault(at.rpartition("/")[0], []).append((at, seen))
    found: list[Seen] = []
    left = below[""][::-1]
    while left:
        at, seen = left.pop()
        found.append(seen)
        if seen.folder:
            left.extend(reversed(below.get(at, ())))
    return found


def storage_summary(listing: RemoteListing) -> str:
    count, size = fmt.number(len(listing.objects)), fmt.size(listing.size_bytes)
    if listing.complete:
        return translate("remote", "{0} objects, {1}").format(count, size)
    return translate("remote", "the first {0} objects, {1}").format(count, size)
