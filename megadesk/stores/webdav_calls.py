"""WebDAV's requests and what servers answer to them, without a store's rules. Names as in `Store`; "" is the top."""

from __future__ import annotations

import ssl
import urllib.parse
from typing import Final

from megadesk.errors import StoreBusyError, StoreError, StoreFault, StoreProtocolError, StoreUnavailableError
from megadesk.stores.credentials import HttpCredentials
from megadesk.stores.http import Answer, Body, HttpClient
from megadesk.stores.http_errors import error_for
from megadesk.stores.http_net import Timeouts
from megadesk.stores.http_place import HttpPlace
from megadesk.stores.webdav_xml import Entry, read_multistatus

GONE: Final = (404, 410)
_DONE: Final = (200, 201, 204)
_LISTINGS: Final = 4

ASK_SIZE: Final = (
    b'<?xml version="1.0" encoding="utf-8"?>\n'
    b'<propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/></prop></propfind>'
)
ASK_FREE: Final = (
    b'<?xml version="1.0" encoding="utf-8"?>\n'
    b'<propfind xmlns="DAV:"><prop><resourcetype/><quota-available-bytes/></prop></propfind>'
)


class DavCalls:
    """Thread-safe. Every method is one request and raises the errors of `http_errors` for answers that it does not
    describe."""

    def __init__(
        self,
        place: HttpPlace,
        credentials: HttpCredentials | None,
        timeouts: Timeouts | None,
        tls: ssl.SSLContext | None,
    ) -> None:
        self.place = place
        self.client = HttpClient(place, credentials, timeouts=timeouts, tls=tls)
        self._top = urllib.parse.unquote(place.path, errors="surrogateescape")
        self._whole_destination = False

    def url(self, name: str) -> str:
        """The percent-encoded path of a request."""
        return f"{self.place.path}/{name}"

    def path(self, name: str) -> str:
        """As `Entry.path` has it."""
        return f"{self._top}/{name}" if name else self._top

    def propfind(self, name: str, depth: str, ask: bytes = ASK_SIZE, *, tries: int = _LISTINGS) -> list[Entry] | None:
        """None when there is no such object or folder. ``depth`` is "0", or "1" for a folder and what lies in it."""
        slash = "/" if name and depth == "1" else ""
        headers = {"depth": depth, "content-type": "application/xml; charset=utf-8"}
        below = ""
        with self.client.request("PROPFIND", self.url(name) + slash, headers=headers, body=ask, name=name) as answer:
            if answer.status == 207:
                try:
                    return read_multistatus(answer.chunks())
                except StoreBusyError:
                    if tries == 1:
                        raise
            elif answer.status in GONE or self.is_slash(answer, name):
                return None
            elif answer.status == 400 and name:
                below = name if depth == "1" else name.rpartition("/")[0]
            elif answer.status in (*_DONE, 400, 405, 501) or 300 <= answer.status < 400:
                raise StoreProtocolError(
                    f"What answers at the storage's address is not WebDAV (status {answer.status}).",
                    object_name=name,
                    remedy="Check the address. For Nextcloud: davs://HOST/remote.php/dav/files/USER/FOLDER.",
                )
            elif answer.status != 500 or tries == 1:
                raise failed(answer, name)
        if not below:
            # rclone ends a list with an error, wsgidav answers 500, when the folder changes while they list it.
            return self.propfind(name, depth, ask, tries=tries - 1)
        # Apache finds it wrong to look for something below a file.
        if self.is_no_folder(below):
            return None
        raise StoreProtocolError("The storage does not understand a plain request.", object_name=name)

    def look(self, name: str) -> Entry | None:
        """The object or folder of that name, None when there is none."""
        entries = self.propfind(name, "0")
        if entries is None:
            return None
        own = self.path(name)
        for entry in entries:
            if entry.path == own:
                if entry.status in GONE:
                    return None
                if entry.status != 200:
                    raise error_for(entry.status, {}, name=name)
                return entry
        raise StoreProtocolError("The storage tells of another object than the one it was asked for.", object_name=name)

    def is_no_object(self, name: str) -> bool:
        """Whether the name is a folder's or nobody's."""
        entry = self.look(name)
        return entry is None or entry.is_folder

    def is_no_folder(self, name: str) -> bool:
        """Whether the name is an object's or nobody's."""
        entry = self.look(name)
        return entry is None or not entry.is_folder

    def check_top(self) -> None:
        """What is not there may be so because nothing is: the server's disk is away, the folder was renamed.
        Raises StoreUnavailableError then."""
        top = self.look("")
        if top is None or not top.is_folder:
            raise no_top()

    def mkcol(self, path: str, name: str) -> bool:
        """Make a folder; ``path`` is percent-encoded, with a slash at the end for nginx, which takes nothing else.
        True when it is there now (or a file of that name is), False when the folder above is missing."""
        with self.client.request("MKCOL", path, name=name) as answer:
            if answer.status == 409 or answer.status in GONE:
                return False
            # 405 is what RFC 4918 has for a name that is taken.
            if answer.status in (*_DONE, 405):
                return True
            raise failed(answer, name, writing=True)

    def put(self, temporary: str, body: Body, name: str) -> bool:
        """False when the folder is missing."""
        headers = {"content-type": "application/octet-stream"}
        with self.client.request("PUT", self.url(temporary), headers=headers, body=body, name=name) as answer:
            if answer.status in _DONE:
                return True
            if answer.status == 409 or answer.status in GONE:
                return False
            raise failed(answer, name, writing=True)

    def move(self, temporary: str, name: str, *, overwrite: bool) -> bool:
        """Rename. False when the name is taken; StoreUnavailableError when there is nothing to rename."""
        while True:
            whole = self._whole_destination
            # A path alone cannot disagree with what a proxy made of scheme and host; RFC 2518 knew only whole URLs.
            start = f"{self.place.scheme}://{self.place.netloc}" if whole else ""
            headers = {"destination": start + self.url(name), "overwrite": "T" if overwrite else "F"}
            with self.client.request("MOVE", self.url(temporary), headers=headers, name=name) as answer:
                if answer.status in _DONE:
                    return True
                if answer.status == 412 and not overwrite:
                    return False
                if answer.status == 409 or answer.status in GONE:
                    raise StoreUnavailableError(f"The upload of {name} vanished from the storage.", object_name=name)
                if answer.status in (405, 501):
                    raise StoreError(
                        "The storage does not let files be moved (MOVE), without which uploads are not safe.",
                        object_name=name,
                        remedy="Allow MOVE in the server's settings (nginx: dav_methods PUT DELETE MKCOL COPY MOVE).",
                    )
                if answer.status != 400 or whole:
                    raise failed(answer, name, writing=True)
            self._whole_destination = True

    def delete(self, name: str) -> None:
        """Remove what has this name, a folder with all that is in it."""
        with self.client.request("DELETE", self.url(name), name=name) as answer:
            if answer.status not in (*_DONE, 202, *GONE):
                raise failed(answer, name, writing=True)

    def is_slash(self, answer: Answer, name: str) -> bool:
        """Whether a redirect only says that the name is a folder's."""
        if not name or not 300 <= answer.status < 400:
            return False
        target = urllib.parse.urlsplit(answer.headers.get("location", "")).path
        return urllib.parse.unquote(target, errors="surrogateescape") == self.path(name) + "/"


def failed(answer: Answer, name: str, *, writing: bool = False) -> StoreError:
    """The error for an answer with a status that nothing better can be made of."""
    return error_for(answer.status, answer.headers, name=name, writing=writing)


def no_top() -> StoreUnavailableError:
    return StoreUnavailableError(
        "The storage's folder is not on its server.",
        remedy="Check the address, and whether the server has its disks.",
        fault=StoreFault.NO_PLACE,
    )
