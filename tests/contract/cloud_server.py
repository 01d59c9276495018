"""A small WebDAV server that behaves as Nextcloud and ownCloud do (sabre/dav below /remote.php/dav/files/USER/).

What is like them: the server's own folder in every href; an ETag that is new in every answer; a MKCOL of what is there
is 405, one without a parent 409; files are locked at random for the length of a request (423, with sabre's XML); a page
for people in place of WebDAV outside of remote.php (a redirect to the login); plain http redirected to https; nothing
larger than PHP lets in (413); a quota (507, and quota-available-bytes); -3 for a user without one; maintenance (503
with Retry-After and a header of its own); Depth: infinity refused.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import random
import shutil
import tempfile
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from megadesk.server.run import serve_in_thread
from tests.contract.dav_servers import PASSWORD, USER, Server

ROOT = f"/remote.php/dav/files/{USER}"
_METHODS = ["PROPFIND", "MKCOL", "PUT", "GET", "HEAD", "MOVE", "DELETE", "OPTIONS"]


class Cloud:
    """Change its fields while it runs."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = 0
        self.locked_share = 0.0
        """How many of the requests that write find the file locked."""
        self.largest_bytes: int | None = None
        self.quota_bytes: int | None = None
        self.maintenance = 0
        """How many requests more are answered with it."""
        self.secure = False
        """Whether plain http is redirected."""
        self.count: dict[int, int] = {}
        self._chance = random.Random(4)
        self._etags = itertools.count()
        self._lock = threading.Lock()

    @property
    def server(self) -> Server:
        return Server(self.port, self.data, f"{ROOT[1:]}/")

    def address(self, path: str = "") -> str:
        return self.server.address(path)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=_METHODS)])

    async def _answer(self, request: Request) -> Response:
        answer = await self._find(request)
        self.count[answer.status_code] = self.count.get(answer.status_code, 0) + 1
        return answer

    async def _find(self, request: Request) -> Response:
        if self.secure:
            return Response(status_code=301, headers={"location": f"https://127.0.0.1:{self.port}{request.url.path}"})
        path = urllib.parse.unquote(request.scope["raw_path"].decode("ascii"), errors="surrogateescape")
        if path != ROOT and not path.startswith(f"{ROOT}/"):
            return Response("<html>log in</html>", 302, {"location": "/login", "content-type": "text/html"})
        given = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {given}":
            challenge = 'Basic realm="Nextcloud", charset="UTF-8"'
            return self._error(401, "NotAuthenticated", **{"www-authenticate": challenge})
        if self.maintenance > 0:
            self.maintenance -= 1
            more = {"retry-after": "0", "x-nextcloud-maintenance-mode": "1"}
            return self._error(503, "ServiceUnavailable", **more)
        where = self._place(path)
        writes = request.method in ("PUT", "MOVE", "MKCOL", "DELETE")
        body = await request.body()
        with self._lock:
            if writes and self._chance.random() < self.locked_share:
                return self._error(423, "Locked")
            return getattr(self, f"_{request.method.lower()}")(request, where, body)

    def _place(self, path: str) -> Path:
        relative = path[len(ROOT) :].strip("/")
        assert ".." not in relative.split("/")
        return self.data / relative if relative else self.data

    def _error(self, status: int, name: str, **headers: str) -> Response:
        body = (
            '<?xml version="1.0" encoding="utf-8"?>\n<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns">\n'
            f"  <s:exception>Sabre\\DAV\\Exception\\{name}</s:exception>\n  <s:message/>\n</d:error>\n"
        )
        return Response(body, status, {"content-type": "application/xml; charset=utf-8", **headers})

    def _done(self, status: int) -> Response:
        return Response(status_code=status, headers={"etag": self._etag(), "oc-etag": self._etag()})

    def _etag(self) -> str:
        return f'"{next(self._etags):032x}"'

    def _options(self, request: Request, where: Path, body: bytes) -> Response:
        return Response(status_code=200, headers={"dav": "1, 3, extended-mkcol", "allow": ", ".join(_METHODS)})

    def _propfind(self, request: Request, where: Path, body: bytes) -> Response:
        depth = request.headers.get("depth", "infinity")
        if depth == "infinity":
            return self._error(403, "Forbidden")
        if not where.exists():
            return self._error(404, "NotFound")
        found = [where]
        if depth == "1" and where.is_dir():
            found += sorted(where.iterdir())
        parts = "".join(self._described(path, b"quota-available-bytes" in body) for path in found)
        namespaces = 'xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns" xmlns:oc="http://owncloud.org/ns"'
        text = f'<?xml version="1.0"?>\n<d:multistatus {namespaces}>{parts}</d:multistatus>'
        return Response(text, 207, {"content-type": "application/xml; charset=utf-8"})

    def _described(self, path: Path, quota: bool) -> str:
        href = ROOT + "/" + "/".join(path.relative_to(self.data).parts)
        href = urllib.parse.quote(href.rstrip("/") + ("/" if path.is_dir() else ""))
        if path.is_dir():
            free = -3 if self.quota_bytes is None else max(0, self.quota_bytes - self._used())
            known = "<d:resourcetype><d:collection/></d:resourcetype>"
            known += f"<d:quota-available-bytes>{free}</d:quota-available-bytes>" if quota else ""
            unknown = "<d:getcontentlength/>"
        else:
            known = f"<d:resourcetype/><d:getcontentlength>{path.stat().st_size}</d:getcontentlength>"
            unknown = "<d:quota-available-bytes/>"
        known += f"<d:getetag>{escape(self._etag())}</d:getetag>"
        ok, missing = "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"
        return (
            f"<d:response><d:href>{escape(href)}</d:href>"
            f"<d:propstat><d:prop>{known}</d:prop><d:status>{ok}</d:status></d:propstat>"
            f"<d:propstat><d:prop>{unknown}</d:prop><d:status>{missing}</d:status></d:propstat></d:response>"
        )

    def _used(self) -> int:
        return sum(path.stat().st_size for path in self.data.rglob("*") if path.is_file())

    def _mkcol(self, request: Request, where: Path, body: bytes) -> Response:
        if where.exists():
            return self._error(405, "MethodNotAllowed")
        if not where.parent.is_dir():
            return self._error(409, "Conflict")
        where.mkdir()
        return self._done(201)

    def _put(self, request: Request, where: Path, body: bytes) -> Response:
        if self.largest_bytes is not None and len(body) > self.largest_bytes:
            return Response("<html>413 Request Entity Too Large</html>", 413, {"content-type": "text/html"})
        if where.is_dir():
            return self._error(409, "Conflict")
        if not where.parent.is_dir():
            return self._error(409, "Conflict")
        if self.quota_bytes is not None and self._used() + len(body) > self.quota_bytes:
            return self._error(507, "InsufficientStorage")
        status = 204 if where.exists() else 201
        where.write_bytes(body)
        return self._done(status)

    def _get(self, request: Request, where: Path, body: bytes) -> Response:
        if where.is_dir():
            return self._error(405, "MethodNotAllowed")  # "GET is not implemented for collections"
        if not where.exists():
            return self._error(404, "NotFound")
        return FileResponse(where, headers={"etag": self._etag()}, stat_result=where.stat())

    _head = _get

    def _move(self, request: Request, where: Path, body: bytes) -> Response:
        target = urllib.parse.urlsplit(request.headers["destination"]).path
        place = self._place(urllib.parse.unquote(target, errors="surrogateescape"))
        if not where.exists():
            return self._error(404, "NotFound")
        if not place.parent.is_dir():
            return self._error(409, "Conflict")
        there = place.exists()
        if there and request.headers.get("overwrite") == "F":
            return self._error(412, "PreconditionFailed")
        self._remove(place)
        where.rename(place)
        return self._done(204 if there else 201)

    def _delete(self, request: Request, where: Path, body: bytes) -> Response:
        if not where.exists():
            return self._error(404, "NotFound")
        self._remove(where)
        return Response(status_code=204)

    def _remove(self, where: Path) -> None:
        if where.is_dir():
            shutil.rmtree(where)
        else:
            where.unlink(missing_ok=True)


@contextlib.contextmanager
def cloud(data: Path) -> Iterator[Cloud]:
    """Serves what is in ``data`` until the block ends."""
    data.mkdir(parents=True, exist_ok=True)
    made = Cloud(data)
    running = serve_in_thread(made.app())
    made.port = running.port
    try:
        yield made
    finally:
        running.stop()


@contextlib.contextmanager
def plain() -> Iterator[Server]:
    """One without trouble, as `dav_servers` gives them."""
    with tempfile.TemporaryDirectory(prefix="dav") as folder, cloud(Path(folder)) as made:
        yield made.server
