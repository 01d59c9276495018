"""A store on a MegaDesk server (``megadesk serve``): addresses ``megadesk+http://host[:port][/folder]`` and
``megadesk+https://``.

The server is no more trusted than any storage. What it says counts only with its own header (``megadesk-error``): a 404
of a proxy, or of another server that took its place, is no missing object. Over HTTP/1.1, with a connection for each
thread that waits: transfers are few and large, where HTTP/2 gains nothing and its flow control costs.

``listen`` is a second client with time-outs of its own, since a stream of events is silent most of the time.
"""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from megadesk.errors import (
    AddressError,
    InputError,
    StoreError,
    StoreProtocolError,
    StoreUnavailableError,
)
from megadesk.stores.api import (
    MAX_NAME,
    Data,
    ObjectInfo,
    Store,
    StoreProperties,
    as_views,
    check_name,
    check_prefix,
    check_range,
    is_name,
    size_of,
)
from megadesk.stores.credentials import HttpCredentials
from megadesk.stores.handles import Listening
from megadesk.stores.http import Answer, Body, HttpClient
from megadesk.stores.http_net import Timeouts
from megadesk.stores.http_place import HttpPlace
from megadesk.stores.link_host import LinkHost
from megadesk.stores.server_answers import ERROR_HEADER, decoded, fail, no_server
from megadesk.stores.server_links import ServerLinkHost
from megadesk.stores.webdav_get import copy_range, fill_range

API: Final = 1
_MAX_LINE: Final = 4096
_LEAST_OBJECT_BYTES: Final = 16 << 20
_MOST_OBJECT_BYTES: Final = (1 << 32) - 1
# Heartbeats come every 15 seconds.
_LISTEN_TIMEOUTS: Final = Timeouts(read_s=50.0, min_bytes_per_s=0.0)


class _Info(msgspec.Struct):
    """What the server says of itself; of a later version's additions nothing is wanted."""

    server: str
    api: int
    max_object_bytes: int
    atomic_create: bool
    events: bool = False
    public_url: str = ""


class _Object(msgspec.Struct):
    name: str
    size: int


class _Page(msgspec.Struct):
    objects: list[_Object]
    more: bool


class _Free(msgspec.Struct):
    free_bytes: int | None


class ServerStore(Store):
    """Objects on a server. See the module and `Store`."""

    def __init__(
        self,
        place: HttpPlace,
        credentials: HttpCredentials | None = None,
        *,
        timeouts: Timeouts | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Connect, and ask the server what it is.

        Raises StoreUnavailableError when nothing answers, StoreAccessError for a wrong token, StoreProtocolError when
        it is no MegaDesk server or one of another age, AddressError for a folder that no object's name can have.
        """
        self._folder = _folder_of(place)
        scheme = {"http": "megadesk+http", "https": "megadesk+https"}[place.scheme]
        self._address = f"{scheme}://{place.netloc}" + (f"/{self._folder[:-1]}" if self._folder else "")
        self._origin = f"{place.scheme}://{place.netloc}"
        self._client = HttpClient(place, credentials, timeouts=timeouts, tls=tls)
        self._listen_client = HttpClient(place, credentials, timeouts=_LISTEN_TIMEOUTS, tls=tls)
        try:
            with self._client.request("GET", "/v1/") as answer:
                if answer.status != 200:
                    fail(answer, "")
                info = decoded(answer, _Info)
            if info.server != "MegaDesk" or not info.max_object_bytes >= _LEAST_OBJECT_BYTES:
                raise no_server()
            if info.api != API:
                raise StoreProtocolError(
                    "The MegaDesk server there speaks another version of this protocol.",
                    remedy="Bring MegaDesk up to date, here or there.",
                )
        except BaseException:
            self.close()
            raise
        self._info = info

    def __repr__(self) -> str:
        return f"<ServerStore {self._address}>"

    @property
    def properties(self) -> StoreProperties:
        return StoreProperties(
            kind="server",
            address=self._address,
            atomic_create=self._info.atomic_create,
            durable_put=True,
            max_object_bytes=min(self._info.max_object_bytes, _MOST_OBJECT_BYTES),
            range_get=True,
            push=self._info.events,
        )

    def link_host(self) -> LinkHost | None:
        return ServerLinkHost(self._client, self._folder, self._info.public_url or self._origin)

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        path = self._path(name)
        if size_of(data) > self.properties.max_object_bytes:
            raise InputError(f"The object {name} is larger than the storage allows.")
        headers = {"content-type": "application/octet-stream"} | ({"if-none-match": "*"} if create_only else {})
        with (
            Body(as_views(data)) as body,
            self._client.request("PUT", path, headers=headers, body=body, name=name) as answer,
        ):
            if answer.status != 204:
                fail(answer, name, writing=True)

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        self._path(name)
        odd = length == 0 or offset < 0 or (length is not None and length < 0)
        if odd and check_range(self.stat(name), offset, length, max_bytes) == 0:
            return b""
        parts: list[bytes] = []
        limit = _MOST_OBJECT_BYTES if max_bytes is None else max_bytes
        self._read(
            name,
            offset,
            length,
            max_bytes,
            lambda answer: copy_range(answer, name, offset, length, limit, parts.append),
        )
        return b"".join(parts) if len(parts) != 1 else parts[0]

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        self._path(name)
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
        headers = {}
        if offset or length is not None:
            headers["range"] = f"bytes={offset}-" + ("" if length is None else str(offset + length - 1))
        with self._client.request("GET", self._path(name), headers=headers, name=name) as answer:
            if answer.status in (200, 206):
                receive(answer)
                return
            if answer.status != 416:
                fail(answer, name)
        if check_range(self.stat(name), offset, length, max_bytes):
            raise StoreProtocolError(f"The storage refuses a part of {name} that it says is there.", object_name=name)

    def stat(self, name: str) -> ObjectInfo:
        with self._client.request("HEAD", self._path(name), name=name) as answer:
            if answer.status != 200:
                fail(answer, name)
            for _ in answer.chunks():  # there is none; having asked for it, the connection can be used again
                break
            if answer.length is None:
                raise StoreProtocolError(f"The storage does not tell the size of {name}.", object_name=name)
            return ObjectInfo(name, answer.length)

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        return self._list(check_prefix(prefix), start_after)

    def _list(self, prefix: str, start_after: str) -> Iterator[ObjectInfo]:
        after = self._folder + start_after if start_after else ""
        whole = self._folder + prefix
        while True:
            query = f"?prefix={whole}&after={_quoted(after)}"
            with self._client.request("GET", f"/v1/objects{query}") as answer:
                if answer.status != 200:
                    fail(answer, "")
                page = decoded(answer, _Page)
            for each in page.objects:
                if not each.name > after or not each.name.startswith(whole) or each.size < 0:
                    raise StoreProtocolError("The storage gave a list that is in no order.")
                after = each.name
                name = each.name[len(self._folder) :]
                if is_name(name):
                    yield ObjectInfo(name, each.size)
            if not page.more:
                return
            if not page.objects:
                raise StoreProtocolError("The storage gave a list without an end.")

    def delete(self, name: str) -> None:
        with self._client.request("DELETE", self._path(name), name=name) as answer:
            if answer.status != 204:
                fail(answer, name, writing=True)

    def flush(self) -> None:
        """For deletes: what was put is durable already."""
        with self._client.request("POST", "/v1/flush", body=b"") as answer:
            if answer.status != 204 and answer.headers.get(ERROR_HEADER) != "scope":
                fail(answer, "", writing=True)

    def free_bytes(self) -> int | None:
        with self._client.request("GET", "/v1/free") as answer:
            if answer.status != 200:
                fail(answer, "")
            return decoded(answer, _Free).free_bytes

    def listen(self, prefix: str) -> Listening:
        whole = self._folder + check_prefix(prefix)
        with contextlib.ExitStack() as stack:
            headers = {"accept": "text/event-stream"}
            answer = stack.enter_context(
                self._listen_client.request("GET", f"/v1/events?prefix={whole}", headers=headers)
            )
            if answer.status != 200:
                fail(answer, "")
            return _Events(answer, self._folder, stack.pop_all())

    def close(self) -> None:
        self._client.close()
        self._listen_client.close()

    def _path(self, name: str) -> str:
        whole = self._folder + check_name(name)
        if len(whole) > MAX_NAME:
            raise InputError(f"The name {name!a} is too long below {self._folder}.")
        return f"/v1/objects/{whole}"


class _Events(Listening):
    """A stream of server-sent events."""

    def __init__(self, answer: Answer, folder: str, stack: contextlib.ExitStack) -> None:
        """Takes over the stack, which ends the answer."""
        self._answer = answer
        self._folder = folder
        self._stack = stack
        self._lock = threading.Lock()
        self._closed = False
        self._events = self._read()

    def __next__(self) -> str:
        try:
            return next(self._events)
        except StopIteration:
            self._finish()
            if self._closed:
                raise
            # The server stops, or something between ended the stream.
            raise StoreUnavailableError("The storage ended the stream of events.") from None
        except StoreError:
            self._finish()
            if self._closed:
                raise StopIteration from None
            raise

    def _read(self) -> Iterator[str]:
        kind, data = "", ""
        for line in self._lines():
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                kind = value
            elif field == "data":
                data = value
            elif not line:
                if kind in ("hello", "reset"):
                    yield ""
                elif kind == "put":
                    yield self._name(data)
                kind, data = "", ""

    def _lines(self) -> Iterator[str]:
        pending = b""
        for chunk in self._answer.chunks():
            pending += chunk
            *lines, pending = pending.split(b"\n")
            if len(pending) > _MAX_LINE:
                raise StoreProtocolError("The storage sends events that are none.")
            for line in lines:
                yield line.removesuffix(b"\r").decode("utf-8", "replace")

    def _name(self, data: str) -> str:
        """The object's name; "" (look at everything) for what cannot be understood."""
        try:
            value: Any = json.loads(data)
            name = value["name"].removeprefix(self._folder)
        except (ValueError, KeyError, TypeError, AttributeError):
            return ""
        return name if is_name(name) else ""

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._answer.abort()

    def _finish(self) -> None:
        with self._lock:
            self._stack.close()


def _folder_of(place: HttpPlace) -> str:
    folder = f"{place.path[1:]}/" if place.path else ""
    try:
        return check_prefix(folder)
    except InputError:
        raise AddressError(
            "The folder in the storage address cannot be one on a MegaDesk server.",
            remedy="Use small letters, digits, '-', '_' and '.'.",
        ) from None


def _quoted(name: str) -> str:
    """For a query. Names have nothing to be quoted; what a caller wants to start after may have."""
    return "".join(letter if letter.isalnum() and letter.isascii() else f"%{ord(letter):02X}" for letter in name)
