"""A store in a folder of a WebDAV server (RFC 4918): Nextcloud, ownCloud, Apache, nginx, a NAS.

Layout: an object's name is its path below the folder. Names that start with a dot are never objects.

put: the content goes to a hidden temporary name beside the object, and MOVE gives it its own. No server promises that
an upload which breaks off, or is still going on, cannot be seen, and several show it (docs/adr/0011-webdav.md). MOVE is
asked not to overwrite; where the name is taken, an equal object is left alone, and only a different one is replaced. A
MOVE that replaces removes the old object first on most servers: for that moment other machines see none.

Nothing rests on ETags, which are weak, missing or wrong on half of all servers, nor on conditional requests.
Overwrite: F is checked by servers, but with a race: ``properties.atomic_create`` is False.

Deleting and moving onto a folder removes all that is in it, so both first look whether the name is a folder's.
"""

from __future__ import annotations

import secrets
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from megadesk.errors import (
    AddressError,
    InputError,
    ObjectExistsError,
    ObjectNotFoundError,
    StoreBusyError,
    StoreError,
    StoreProtocolError,
    StoreUnavailableError,
)
from megadesk.stores.api import (
    Data,
    ObjectInfo,
    Store,
    StoreProperties,
    as_views,
    check_name,
    check_prefix,
    check_range,
    size_of,
)
from megadesk.stores.credentials import HttpCredentials
from megadesk.stores.folder_os import TEMPORARY_ENDS, TEMPORARY_START
from megadesk.stores.http import Answer, Body
from megadesk.stores.http_net import Timeouts
from megadesk.stores.http_place import HttpPlace
from megadesk.stores.webdav_calls import ASK_FREE, GONE, DavCalls, failed, no_top
from megadesk.stores.webdav_get import copy_range, fill_range
from megadesk.stores.webdav_list import info_of, walk
from megadesk.stores.webdav_xml import Entry

_T = TypeVar("_T")

MAX_OBJECT_BYTES: Final = 1 << 30
_TRIES: Final = 3


class WebDavStore(Store):
    """Objects as files on a WebDAV server. See the module and `Store`."""

    def __init__(
        self,
        place: HttpPlace,
        credentials: HttpCredentials | None = None,
        *,
        create: bool = False,
        timeouts: Timeouts | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Connect, and look whether the folder is there; with ``create`` it and those above it are made.

        Raises StoreUnavailableError when it is not there or nothing answers, AddressError when it is no folder of a
        WebDAV server, StoreAccessError, StoreError (certificate).
        """
        scheme = {"http": "dav", "https": "davs"}[place.scheme]
        self._calls = DavCalls(place, credentials, timeouts, tls)
        self._address = f"{scheme}://{place.netloc}{place.path or '/'}"
        self._lock = threading.Lock()
        self._folders_lock = threading.Lock()
        self._folders: set[str] = set()
        self._replacing: dict[str, int] = {}
        self._replaced = 0
        self._replace_done = threading.Condition(self._lock)
        self._left: list[str] = []
        self._ranges = True
        try:
            self._open(create)
        except BaseException:
            self._calls.client.close()
            raise

    def __repr__(self) -> str:
        return f"<WebDavStore {self._address}>"

    def _open(self, create: bool) -> None:
        top = self._calls.look("")
        if top is None and create:
            self._make_top(self._calls.place.path)
            top = self._calls.look("")
        if top is None:
            raise no_top()
        if not top.is_folder:
            raise AddressError("The storage address names a file on the server, not a folder.")

    def _make_top(self, path: str) -> None:
        if not self._calls.mkcol(f"{path}/", "") and path:
            self._make_top(path.rpartition("/")[0])
            if not self._calls.mkcol(f"{path}/", ""):
                raise no_top()

    @property
    def properties(self) -> StoreProperties:
        return StoreProperties(
            kind="webdav",
            address=self._address,
            atomic_create=False,
            # There is no request to make a server write through; what it acknowledged is as safe as it keeps it.
            durable_put=True,
            max_object_bytes=MAX_OBJECT_BYTES,
            range_get=self._ranges,
        )

    # --- put

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        folder = check_name(name).rpartition("/")[0]
        if size_of(data) > MAX_OBJECT_BYTES:
            raise InputError(f"The object {name} is larger than {MAX_OBJECT_BYTES} bytes.")
        start = f"{folder}/" if folder else ""
        temporary = f"{start}{TEMPORARY_START}{secrets.token_hex(12)}{TEMPORARY_ENDS[0]}"
        try:
            with Body(as_views(data)) as body:
                self._upload(folder, temporary, body, name)
            moved = self._publish(temporary, name, data, create_only)
        except StoreUnavailableError:
            self._unmake(folder)
            with self._lock:
                self._left.append(temporary)  # to remove it now would fail as well; `flush` tries
            raise
        except StoreError:
            self._discard(temporary)
            raise
        if not moved:
            self._discard(temporary)

    def _upload(self, folder: str, temporary: str, body: Body, name: str) -> None:
        for _ in range(2):
            self._make(folder)
            if self._calls.put(temporary, body, name):
                return
            # Somebody removed the folder that this store has seen before, or the whole store is gone.
            self._unmake(folder)
            self._calls.check_top()
        raise StoreProtocolError(f"The storage has no place for the object {name}.", object_name=name)

    def _publish(self, temporary: str, name: str, data: Data, create_only: bool) -> bool:
        """Give the upload its name; False when an equal object has it already."""
        for _ in range(_TRIES):
            if self._calls.move(temporary, name, overwrite=False):
                return True
            if create_only:
                raise ObjectExistsError(f"The object {name} is in the storage already.", object_name=name)
            there = self._calls.look(name)
            if there is None:
                continue
            if there.is_folder:
                raise StoreProtocolError(f"{name} is a folder in the storage.", object_name=name)
            if self._holds(name, there, data):
                return False
            with self._replacement(name):
                self._calls.move(temporary, name, overwrite=True)
            return True
        raise StoreBusyError(f"The object {name} keeps coming and going.", object_name=name)

    def _holds(self, name: str, there: Entry, data: Data) -> bool:
        """Whether the object is there with just this content."""
        size_bytes = size_of(data)
        if there.size_bytes != size_bytes:
            return False
        try:
            content = memoryview(self.get(name, length=size_bytes))
        except (ObjectNotFoundError, StoreProtocolError):
            return False
        offset = 0
        for view in as_views(data):
            with view:
                if content[offset : offset + view.nbytes] != view:
                    return False
                offset += view.nbytes
        return True

    @contextmanager
    def _replacement(self, name: str) -> Iterator[None]:
        with self._lock:
            self._replacing[name] = self._replacing.get(name, 0) + 1
        try:
            yield
        finally:
            with self._lock:
                self._replaced += 1
                self._replacing[name] -= 1
                if not self._replacing[name]:
                    del self._replacing[name]
                self._replace_done.notify_all()

    def _reading(self, name: str, action: Callable[[], _T | None]) -> _T:
        """``action``, which gives None for what is not there; again if that was due to a replacement made here."""
        while True:
            with self._lock:
                replaced = self._replaced
            found = action()
            if found is not None:
                return found
            with self._lock:
                changed = replaced != self._replaced or name in self._replacing
                while name in self._replacing:
                    self._replace_done.wait()
            if not changed:
                self._calls.check_top()
                raise ObjectNotFoundError(f"The object {name} is not in the storage.", object_name=name)

    # --- folders

    def _make(self, folder: str) -> None:
        """Make a folder below the top and those above it, unless this store knows them."""
        if not folder:
            return
        with self._lock:
            if folder in self._folders:
                return
        # One at a time: servers that are asked for the same folder twice at once lock or fail.
        with self._folders_lock:
            parts = folder.split("/")
            for count in range(1, len(parts) + 1):
                part = "/".join(parts[:count])
                with self._lock:
                    if part in self._folders:
                        continue
                if not self._calls.mkcol(f"{self._calls.url(part)}/", part):
                    with self._lock:
                        self._folders.clear()
                    self._calls.check_top()
                    raise StoreUnavailableError(f"The folder {part} cannot be made in the storage.")
                with self._lock:
                    self._folders.add(part)

    def _unmake(self, folder: str) -> None:
        """Forget that this folder and those above it are there."""
        with self._lock:
            self._folders = {known for known in self._folders if not f"{folder}/".startswith(f"{known}/")}

    # --- get

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        check_name(name)
        if length == 0 or offset < 0 or (length is not None and length < 0):
            count = check_range(self.stat(name), offset, length, max_bytes)
            if count == 0:
                return b""
        parts: list[bytes] = []
        limit = MAX_OBJECT_BYTES if max_bytes is None else max_bytes

        def receive(answer: Answer) -> None:
            parts.clear()
            copy_range(answer, name, offset, length, limit, parts.append)

        self._read(name, offset, length, max_bytes, receive)
        return b"".join(parts) if len(parts) != 1 else parts[0]

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        check_name(name)
        with buffer.cast("B") as view:
            if offset < 0 or view.nbytes == 0:
                check_range(self.stat(name), offset, view.nbytes, None)
                return
            size_bytes = view.nbytes
            self._read(name, offset, size_bytes, None, lambda answer: fill_range(answer, name, offset, view))

    def _read(
        self, name: str, offset: int, length: int | None, max_bytes: int | None, receive: Callable[[Answer], None]
    ) -> None:
        """``receive`` takes what was asked for out of an answer of status 200 or 206."""
        self._reading(name, lambda: self._try_read(name, offset, length, max_bytes, receive))

    def _try_read(
        self,
        name: str,
        offset: int,
        length: int | None,
        max_bytes: int | None,
        receive: Callable[[Answer], None],
        *,
        is_object: bool = False,
    ) -> bool | None:
        """None when there is no such object. ``is_object``: the name is known not to be a folder's."""
        headers = {}
        if offset or length is not None:
            headers["range"] = f"bytes={offset}-" + ("" if length is None else str(offset + length - 1))
        with self._calls.client.request("GET", self._calls.url(name), headers=headers, name=name) as answer:
            if answer.status in GONE or self._calls.is_slash(answer, name):
                return None
            if answer.status in (200, 206):
                # A list of a folder for people, perhaps: some servers give that under the folder's name.
                if is_object or "html" not in answer.headers.get("content-type", "").lower():
                    if answer.status == 200 and headers:
                        self._ranges = False
                    receive(answer)
                    return True
            elif answer.status != 416 and (is_object or answer.status not in (403, 405, 501)):
                raise failed(answer, name)
        # Not before the answer is closed: all connections might be in use by threads that want a second one here.
        if answer.status != 416:
            if self._calls.is_no_object(name):
                return None
            return self._try_read(name, offset, length, max_bytes, receive, is_object=True)
        if check_range(self.stat(name), offset, length, max_bytes):
            raise StoreProtocolError(f"The storage refuses a part of {name} that it says is there.", object_name=name)
        return True

    def stat(self, name: str) -> ObjectInfo:
        check_name(name)

        def look() -> Entry | None:
            entry = self._calls.look(name)
            return None if entry is None or entry.is_folder else entry

        return info_of(name, self._reading(name, look))

    # --- list

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        return walk(self._calls, check_prefix(prefix)[:-1], start_after)

    # --- the rest

    def delete(self, name: str) -> None:
        entry = self._calls.look(check_name(name))
        if entry is None:
            self._calls.check_top()
            return
        if not entry.is_folder:
            self._calls.delete(name)

    def flush(self) -> None:
        """Nothing waits here to be written. Uploads that broke off are removed, where that succeeds."""
        with self._lock:
            left, self._left = self._left, []
        for temporary in left:
            self._discard(temporary)

    def _discard(self, temporary: str) -> None:
        try:
            self._calls.delete(temporary)
        except StoreError:
            with self._lock:
                self._left.append(temporary)

    def free_bytes(self) -> int | None:
        entries = self._calls.propfind("", "0", ASK_FREE)
        if not entries:
            raise no_top()
        return entries[0].free_bytes

    def close(self) -> None:
        self._calls.client.close()
