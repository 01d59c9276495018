"""Listing a store on a WebDAV server: one PROPFIND with Depth 1 a folder, since many refuse a whole tree (infinity)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeAlias

from megadesk.errors import StoreProtocolError
from megadesk.stores.api import ObjectInfo, is_name
from megadesk.stores.http_errors import error_for
from megadesk.stores.webdav_calls import GONE, DavCalls
from megadesk.stores.webdav_xml import Entry

_FOLDERS_AHEAD: Final = 4

_Item: TypeAlias = tuple[str, ObjectInfo | None]
"""An object, or a folder's name."""


def walk(calls: DavCalls, top: str, start_after: str) -> Iterator[ObjectInfo]:
    """All objects below the folder ``top`` ("" or a/b) that come after ``start_after``, in order. See `Store.list`.

    While one folder is given out, the next few are asked for by threads of this iterator.
    """
    with ThreadPoolExecutor(_FOLDERS_AHEAD, "webdav-list") as threads:
        # What is still to come, in reverse.
        todo: list[_Item] = [(top, None)]
        ahead: dict[str, Future[list[_Item]]] = {}
        try:
            while todo:
                folder, info = todo.pop()
                if info is not None:
                    yield info
                    continue
                coming = ahead.pop(folder, None)
                todo += reversed(_scan(calls, folder, start_after) if coming is None else coming.result())
                for name, item in reversed(todo[-_FOLDERS_AHEAD:]):
                    if item is None and name not in ahead and len(ahead) < _FOLDERS_AHEAD:
                        ahead[name] = threads.submit(_scan, calls, name, start_after)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def _scan(calls: DavCalls, folder: str, start_after: str) -> list[_Item]:
    """The objects and folders of one folder that a listing still needs, in the order of the objects' names."""
    entries = calls.propfind(folder, "1")
    if entries is None:
        # Gone meanwhile, or never there: that is an empty list only as long as the store itself is there.
        calls.check_top()
        return []
    own = calls.path(folder)
    start = f"{folder}/" if folder else ""
    found: dict[str, _Item] = {}
    seen = False
    for entry in entries:
        if entry.path == own:
            seen = True
            if entry.status != 200:
                raise error_for(entry.status, {})
            if not entry.is_folder:
                return []
            continue
        above, _, last = entry.path.rpartition("/")
        name = start + last
        if above != own or not is_name(name) or entry.status in GONE:
            continue
        if entry.status != 200:
            raise error_for(entry.status, {}, name=name)
        # "a/x" sorts after "a-b" and "a.b", so a folder is compared with its slash.
        whole = f"{name}/" if entry.is_folder else name
        # Of all names in a folder, only those in the folder that start_after lies in may be on either side.
        if whole > start_after or (entry.is_folder and start_after.startswith(whole)):
            found[whole] = (name, None if entry.is_folder else info_of(name, entry))
    if not seen:
        raise StoreProtocolError("The storage lists another folder than the one it was asked for.")
    return [found[whole] for whole in sorted(found)]


def info_of(name: str, entry: Entry) -> ObjectInfo:
    if entry.size_bytes is None:
        raise StoreProtocolError(f"The storage does not tell the size of {name}.", object_name=name)
    return ObjectInfo(name, entry.size_bytes)
