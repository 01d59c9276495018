"""Objects in a bucket of an S3 server: Amazon's, Ceph's, MinIO's, or any other that speaks it.

Every object is one PUT. Nothing depends on conditional writes, which about half of the servers ignore or race; where
a server turns out to honour them they save a request. Why httpcore and not an SDK: docs/adr/0012-s3-over-httpcore.md.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import re
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from megadesk.errors import (
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
    is_name,
    size_of,
)
from megadesk.stores.credentials import S3Credentials
from megadesk.stores.s3_address import S3Address
from megadesk.stores.s3_credentials import AwsSettings
from megadesk.stores.s3_errors import NEW_CREDENTIALS, convert
from megadesk.stores.s3_http import Http, Patience, Response
from megadesk.stores.s3_sign import EMPTY, MAX_PRESIGNED_S, UNSIGNED, presign, query_string, quote, sign
from megadesk.stores.s3_xml import Listing, parse_error, parse_listing

MAX_OBJECT_BYTES: Final = 5 << 30
"""What one PUT may hold at Amazon."""
_PIECE: Final = 1 << 18
_ERROR_BYTES: Final = 1 << 16
_PAGE_BYTES: Final = 4 << 20
_EMPTY_PAGES: Final = 100
_LEARNING_BYTES: Final = 1 << 16
_RANGE: Final = re.compile(r"bytes ([0-9]{1,19})-([0-9]{1,19})/([0-9]{1,19})")
_CREATE: Final = {"if-none-match": "*"}


class S3Store(Store):
    """One folder of one bucket. The bucket must exist: it is never made, and its absence is never an empty listing."""

    def __init__(
        self,
        address: str,
        credentials: S3Credentials | None = None,
        *,
        patience: Patience | None = None,
        clock_s: float = 0.0,
    ) -> None:
        """No request is sent. ``credentials`` come before those of the environment and the profile files.

        Raises AddressError, and StoreAccessError when there are no credentials. ``clock_s``: how far to move the clock
        that signs, for tests.
        """
        parts = S3Address.parse(address)
        settings = AwsSettings(parts.profile)
        self._given = credentials
        self._credentials = credentials or settings.credentials()
        self._region = parts.region or settings.region or "us-east-1"
        endpoint = parts.endpoint or settings.endpoint
        whole = parts.with_place(endpoint, self._region)
        self._profile = parts.profile
        self._bucket = whole.bucket
        self._prefix = whole.prefix
        self._endpoint = whole.resolve(self._region)
        self._http = Http(self._endpoint, whole.ca or settings.ca, patience)
        self._clock = datetime.timedelta(seconds=clock_s)
        self._address = str(whole)
        self._lock = threading.Lock()
        self._conditions: bool | None = None
        self._atomic = False
        self._ranges = True

    def __repr__(self) -> str:
        return f"<S3Store {self._bucket}/{self._prefix} at {self._endpoint.host}>"

    @property
    def properties(self) -> StoreProperties:
        """``atomic_create`` once `probe_conditions` has seen it; ``range_get`` until the server ignored a range."""
        return StoreProperties(
            kind="s3",
            address=self._address,
            atomic_create=self._atomic,
            durable_put=True,
            max_object_bytes=MAX_OBJECT_BYTES,
            range_get=self._ranges,
        )

    # --- writing

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        check_name(name)
        if (size_bytes := size_of(data)) > MAX_OBJECT_BYTES:
            raise InputError(f"The object {name} is larger than the storage allows.")
        if create_only and self._conditions is not True and self._exists(name):
            raise _taken(name)
        views = as_views(data)
        try:
            conditional = create_only and self._conditions is not False
            if conditional and not self._put(name, views, size_bytes, _CREATE):
                self._conditions = conditional = False
                if self._exists(name):
                    raise _taken(name)
            if not conditional:
                self._put(name, views, size_bytes, {})
            elif self._conditions is None and size_bytes <= _LEARNING_BYTES:
                self._learn(name, views, size_bytes)
        finally:
            for view in views:
                view.release()

    def _put(self, name: str, views: Sequence[memoryview], size_bytes: int, headers: Mapping[str, str]) -> bool:
        """One PUT. False when the server says that it knows no conditions."""
        payload = UNSIGNED
        if self._endpoint.scheme == "http":
            # Without TLS nothing else notices what is changed on its way.
            digest = hashlib.sha256()
            for view in views:
                digest.update(view)
            payload = digest.hexdigest()
        whole = {"content-length": str(size_bytes), "content-type": _content_type(name), **headers}
        with self._exchange("PUT", name, headers=whole, payload=payload, body=views) as response:
            if 200 <= response.status < 300:
                response.read(_ERROR_BYTES)
                return True
            if response.status == 412:
                raise _taken(name)
            if response.status == 501 and headers:
                return False
            raise self._error(response, name, writing=True)

    def _learn(self, name: str, views: Sequence[memoryview], size_bytes: int) -> None:
        """Whether conditions count here: create what has just been created once more, with the same bytes."""
        try:
            self._put(name, views, size_bytes, _CREATE)
        except ObjectExistsError:
            self._conditions = True
        except StoreError:
            return  # the put itself has succeeded
        else:
            self._conditions = False

    def probe_conditions(self) -> bool:
        """Try whether of several concurrent create-only puts exactly one succeeds; sets ``atomic_create``.

        Writes and deletes objects whose names no listing shows. Raises StoreError. No proof, so not to be relied on.
        """
        self._atomic = False
        fair = all(self._race() for _ in range(2))
        self._conditions = fair or None
        self._atomic = fair
        return fair

    def _race(self) -> bool:
        key = f".megadesk-probe-{secrets.token_hex(8)}"
        won: list[bytes] = []
        errors: list[BaseException] = []

        def create(number: int) -> None:
            content = b"%d" % number * 2048
            try:
                if not self._put(key, [memoryview(content)], len(content), _CREATE):
                    won.extend((b"", b""))
                    return
            except (ObjectExistsError, StoreBusyError, StoreUnavailableError):
                return  # some servers fail at all but one of those that write a name at once
            except BaseException as error:  # noqa: BLE001 - raised below, in the caller's thread
                errors.append(error)
                return
            won.append(content)

        threads = [threading.Thread(target=create, args=(number,), daemon=True) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        try:
            if errors:
                raise errors[0]
            if len(won) != 1:
                return False
            try:
                self._put(key, [memoryview(b"late" * 512)], 2048, _CREATE)
            except ObjectExistsError:
                return self._read(key, 0, None, len(won[0])) == won[0]
            return False
        finally:
            self._delete(key)

    def delete(self, name: str) -> None:
        self._delete(check_name(name))

    def _delete(self, name: str) -> None:
        with self._exchange("DELETE", name) as response:
            if 200 <= response.status < 300:
                response.read(_ERROR_BYTES)
                return
            with contextlib.suppress(ObjectNotFoundError):
                raise self._error(response, name, writing=True)

    def flush(self) -> None:
        """Nothing to do: a PUT is answered when the object is stored."""

    # --- reading

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        return self._read(check_name(name), offset, length, max_bytes)

    def _read(self, name: str, offset: int, length: int | None, max_bytes: int | None) -> bytes:
        with self._opened(name, offset, length, max_bytes) as found:
            count = found.size_bytes
            content = b"".join(found.chunks())
        if len(content) != count:
            raise _ended_early(name)
        return content

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        with self._opened(check_name(name), offset, buffer.nbytes, None) as found:
            at = found.fill(buffer)
        if at != found.size_bytes:
            raise _ended_early(name)

    @contextlib.contextmanager
    def _opened(self, name: str, offset: int, length: int | None, max_bytes: int | None) -> Iterator[_Found]:
        """What the answer has of it, its size checked."""
        if offset < 0 or (length is not None and length < 0):
            raise InputError("An offset or length is negative.")
        headers = {}
        if length == 0:
            check_range(self.stat(name), offset, length, max_bytes)
            yield _Found(None, 0)
            return
        if offset or length is not None:
            headers["range"] = f"bytes={offset}-{'' if length is None else offset + length - 1}"
        with self._exchange("GET", name, headers=headers) as response:
            if response.status == 416:
                # Too short for the range, or just as long as the offset: its size tells.
                if check_range(self.stat(name), offset, length, max_bytes):
                    raise StoreProtocolError(f"The S3 server refuses a part of {name}.", object_name=name)
                yield _Found(None, 0)
                return
            if response.status not in (200, 206):
                raise self._error(response, name)
            sent = response.length
            if sent is None or response.headers.get("content-encoding", "identity") not in ("identity", "aws-chunked"):
                raise StoreProtocolError(f"The S3 server does not say how long {name} is.", object_name=name)
            # rclone sends parts with status 200: what is in the body is said by the header, not by the status.
            if response.status == 200 and "content-range" not in response.headers:
                self._ranges = self._ranges and not headers
                count = check_range(ObjectInfo(name, sent), offset, length, max_bytes)
                # An object that just ends at the offset, and a server that knows no ranges: nothing to read.
                whole = not offset and count == sent
                yield _Found(response if count else None, count, None if whole else (sent, offset))
                return
            match = _RANGE.fullmatch(response.headers.get("content-range", ""))
            first, last, total = (int(text) for text in match.groups()) if match else (-1, -1, -1)
            if not match or not headers or first != offset or not first <= last < total or sent != last - first + 1:
                raise StoreProtocolError(f"The S3 server sends another part of {name}.", object_name=name)
            count = check_range(ObjectInfo(name, total), offset, length, max_bytes)
            if count != sent:
                raise _ended_early(name)
            yield _Found(response, count)

    def stat(self, name: str) -> ObjectInfo:
        with self._exchange("HEAD", check_name(name)) as response:
            if response.status == 200 and response.length is not None:
                return ObjectInfo(name, response.length)
        # Answers to HEAD have no body to tell a missing object from a missing bucket.
        with self._exchange("GET", name, headers={"range": "bytes=0-0"}) as response:
            match = _RANGE.fullmatch(response.headers.get("content-range", ""))
            if response.status in (200, 206) and match:
                return ObjectInfo(name, int(match[3]))
            if response.status == 200 and response.length is not None and "content-range" not in response.headers:
                return ObjectInfo(name, response.length)
            raise self._error(response, name)

    def _exists(self, name: str) -> bool:
        """A guess before a put, which itself says when the bucket is gone: so one HEAD is enough."""
        with self._exchange("HEAD", name) as response:
            if response.status in (200, 404):
                return response.status == 200
        try:
            self.stat(name)
        except ObjectNotFoundError:
            return False
        return True

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        return self._list(check_prefix(prefix), start_after)

    def _list(self, prefix: str, start_after: str) -> Iterator[ObjectInfo]:
        start = self._prefix + prefix
        last = start_after
        token = ""
        empty = 0
        while True:
            page = self._page(start, self._prefix + start_after if start_after else "", token)
            keys = [key for key, _ in page.entries]
            if not all(key.startswith(start) for key in keys):
                raise StoreProtocolError("The S3 server lists what was not asked for.")
            if sorted(keys) != keys:
                raise StoreProtocolError("The S3 server lists objects out of order.")
            empty = 0 if keys else empty + 1
            for key, size_bytes in page.entries:
                name = key[len(self._prefix) :]
                if name > last:
                    last = name
                    if is_name(name):
                        yield ObjectInfo(name, size_bytes)
                elif name > start_after and token:
                    raise StoreProtocolError("The S3 server lists objects twice.")
            if not page.truncated:
                return
            if empty > _EMPTY_PAGES or (not page.token and not keys):
                raise StoreProtocolError("The S3 server's listing does not come to an end.")
            token = page.token
            if not token:
                start_after = last

    def _page(self, prefix: str, start_after: str, token: str) -> Listing:
        query = {"list-type": "2", "max-keys": "1000", "encoding-type": "url", "prefix": prefix}
        if token:
            query["continuation-token"] = token
        elif start_after:
            query["start-after"] = start_after
        with self._exchange("GET", query=query) as response:
            if response.status != 200:
                raise self._error(response, "")
            return parse_listing(response.read(_PAGE_BYTES))

    # --- for others

    def signed_url(self, name: str, *, lasts_s: int, content_type: str = "") -> str:
        """As in `Store`, for at most seven days. With temporary credentials it ends when they do."""
        if not 0 < lasts_s <= MAX_PRESIGNED_S:
            raise InputError("A signed address of an S3 bucket lasts for seven days at most.")
        path = f"{self._endpoint.base}/{quote(self._prefix + check_name(name), '/')}"
        now = datetime.datetime.now(datetime.UTC) + self._clock
        parameters = {"response-content-type": content_type} if content_type else {}
        at = self._endpoint
        target = presign(path, parameters, at.host, self._credentials, self._region, now, lasts_s)
        return f"{at.scheme}://{at.host}{target}"

    def close(self) -> None:
        self._http.close()

    # --- requests

    @contextlib.contextmanager
    def _exchange(
        self,
        method: str,
        name: str = "",
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        payload: str = EMPTY,
        body: Sequence[memoryview] = (),
    ) -> Iterator[Response]:
        """A signed request about an object, or about the bucket when there is no name."""
        path = self._endpoint.base + (f"/{quote(self._prefix + name, '/')}" if name else "")
        text = query_string(query or {})
        now = datetime.datetime.now(datetime.UTC) + self._clock
        whole = {"host": self._endpoint.host, "accept-encoding": "identity", **(headers or {})}
        # Proxies drop or rewrite this one; a signature over it would break.
        unsigned = {"accept-encoding": whole.pop("accept-encoding"), "user-agent": "MegaDesk"}
        signed = sign(method, path or "/", text, whole, payload, self._credentials, self._region, now)
        target = (path or "/") + (f"?{text}" if text else "")
        pieces = _pieces(body) if method == "PUT" else None
        with self._http.exchange(method, target, {**signed, **unsigned}, pieces) as response:
            yield response

    def _error(self, response: Response, name: str, *, writing: bool = False) -> Exception:
        """What an answer that is none means. May ask the server once more, and raises what that says."""
        body = b""
        with contextlib.suppress(StoreError):
            body = response.read(_ERROR_BYTES)
        code, message = parse_error(body)
        if code in NEW_CREDENTIALS and self._renewed():
            return StoreBusyError("The S3 credentials have been renewed.", object_name=name, retry_after_s=0.0)
        if response.status == 404 and code not in ("NoSuchKey", "NoSuchBucket"):
            if not name:
                code = "NoSuchBucket"
            else:
                # Some other server, or a proxy: the object is missing only if the bucket is there.
                self._page(self._prefix + name, "", "")
                code = "NoSuchKey"
        return convert(
            response.status, code, message, response.headers, bucket=self._bucket, name=name, writing=writing
        )

    def _renewed(self) -> bool:
        """Whether the environment or the files hold other credentials by now; they are used from here on."""
        if self._given is not None:
            return False
        try:
            found = AwsSettings(self._profile).credentials()
        except StoreError:
            return False
        with self._lock:
            changed = found != self._credentials
            self._credentials = found
        return changed


class _Found:
    """Bytes of an object on their way: exactly ``size_bytes`` unless the answer ends early."""

    def __init__(self, response: Response | None, size_bytes: int, within: tuple[int, int] | None = None) -> None:
        """``within``: the body's size and where in it they begin, when it has others as well."""
        self._response = response
        self._within = within
        self.size_bytes = size_bytes

    def chunks(self) -> Iterator[bytes]:
        if self._response is None:
            return iter(())
        if self._within is None:
            return self._response.chunks(self.size_bytes)
        sent, offset = self._within
        return _cut(self._response.chunks(sent), offset, self.size_bytes)

    def fill(self, buffer: memoryview) -> int:
        """As `chunks`, into a buffer of that size; how many came."""
        if self._response is not None and self._within is None:
            return self._response.fill(buffer)
        at = 0
        for chunk in self.chunks():
            buffer[at : at + len(chunk)] = chunk
            at += len(chunk)
        return at


def _content_type(name: str) -> str:
    """What a browser is told that reads the object itself, in a bucket that is public."""
    return "text/html; charset=utf-8" if name.endswith(".html") else "application/octet-stream"


def _pieces(views: Sequence[memoryview]) -> Iterator[memoryview]:
    for view in views:
        for start in range(0, view.nbytes, _PIECE):
            with view[start : start + _PIECE] as piece:
                yield piece


def _cut(chunks: Iterator[bytes], offset: int, count: int) -> Iterator[bytes]:
    """``count`` bytes from ``offset`` on, of a body that is sent whole; what follows is not read."""
    for chunk in chunks:
        if offset >= len(chunk):
            offset -= len(chunk)
            continue
        part = chunk[offset : offset + count]
        offset = 0
        count -= len(part)
        yield part
        if not count:
            return


def _taken(name: str) -> ObjectExistsError:
    return ObjectExistsError(f"The object {name} exists already.", object_name=name)


def _ended_early(name: str) -> StoreProtocolError:
    return StoreProtocolError(f"The object {name} ended early.", object_name=name)
