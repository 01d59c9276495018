"""A server of links for tests (docs/format.md, "Routes"), which can also misbehave as networks and storages do."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.link_page.making import Link

PAGE = Path(__file__).resolve().parents[2] / "resources" / "link"
Change = Callable[[str, bytes], bytes]
"""From the route and the right bytes to those that are sent."""


class Server:
    """Serves links at ``http://HOST:PORT/d/``. All attributes may be changed while it runs."""

    def __init__(self, host: str = "127.0.0.1", page: bytes | None = None) -> None:
        self.links: dict[str, Link] = {}
        self.change: Change = lambda route, data: data
        self.cut_after = 0
        """Bytes of a pack after which the connection is dropped; 0: never. Each connection is dropped once a range."""
        self.cuts_left = 0
        self.down = False
        self.bytes_per_s = 0
        self.received: list[bytes] = []
        """Request lines, headers and bodies of all requests."""
        self.extra: dict[str, tuple[str, bytes]] = {}
        """More files beside the page: path -> (content type, bytes)."""
        self.files: dict[str, Path] = {}
        """The same for large ones."""
        self.page = page or (PAGE / "page.html").read_bytes()
        self.viewer: bytes | None = (PAGE / "pdf-viewer.js").read_bytes()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

            def do_GET(self) -> None:
                with contextlib.suppress(ConnectionError):
                    server._answer(self, b"")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with contextlib.suppress(ConnectionError):
                    server._answer(self, body)

        self._http = ThreadingHTTPServer((host, 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.port = self._http.server_address[1]
        self.base = f"http://{host}:{self.port}/d/"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(10)

    def add(self, link: Link) -> str:
        """The link's URL."""
        self.links[link.id] = link
        return f"{self.base}#{link.token}"

    # --- answers -------------------------------------------------------------------------------------------

    def _answer(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        self.received.append(f"{request.command} {request.path}\n{request.headers}".encode() + body)
        path, _, query = request.path.partition("?")
        if self.down and "/l/" in path:
            request.close_connection = True
            return
        if path == "/d/":
            self._send(request, 200, "text/html; charset=utf-8", self.page)
        elif path == "/d/sw.js":
            self._send(request, 200, "text/javascript", (PAGE / "sw.js").read_bytes())
        elif path == "/d/pdf-viewer.js" and self.viewer is not None:
            self._send(request, 200, "text/javascript", self.viewer)
        elif path in self.extra:
            self._send(request, 200, *self.extra[path])
        elif path in self.files:
            self._head(request, 200, "application/octet-stream", self.files[path].stat().st_size)
            request.end_headers()
            with self.files[path].open("rb") as file:
                shutil.copyfileobj(file, request.wfile, 1 << 20)
        elif found := re.fullmatch(r"/d/l/([0-9a-f]{32})/(open|record|packs/([0-9a-f]{32}))", path):
            self._link(request, found[1], found[2].partition("/")[0], found[3] or "", query)
        else:
            self._json(request, 404, {"error": "unknown"})

    def _link(self, request: BaseHTTPRequestHandler, link_id: str, what: str, pack: str, query: str) -> None:
        link = self.links.get(link_id)
        if link is None:
            self._json(request, 404, {"error": "unknown"})
        elif link.refuse and not (link.refuse == "used-up" and what != "open"):
            self._json(request, 410, {"error": link.refuse})
        elif what == "open":
            if request.command != "POST":
                self._json(request, 405, {})
                return
            link.opened += 1
            answer = {"session": link.session, "record_bytes": len(link.record), "downloads_left": None}
            self._json(request, 200, answer)
        elif query != f"s={link.session}":
            self._json(request, 403, {})
        elif what == "record":
            self._send(request, 200, "application/octet-stream", self.change("record", link.record))
        else:
            self._pack(request, link, pack)

    def _pack(self, request: BaseHTTPRequestHandler, link: Link, pack: str) -> None:
        if pack not in link.packs:
            self._json(request, 403, {})
            return
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("Range", ""))
        size = link.packs[pack].stat().st_size
        if not asked or int(asked[1]) >= size:
            self._json(request, 416, {})
            return
        first, last = int(asked[1]), min(int(asked[2]), size - 1)
        link.requests.append((pack, int(asked[1]), int(asked[2])))
        with link.packs[pack].open("rb") as file:
            file.seek(first)
            data = self.change(f"pack {pack} {first}", file.read(last - first + 1))
        self._head(request, 206, "application/octet-stream", len(data))
        request.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        request.send_header("Cache-Control", "private, immutable")
        request.end_headers()
        if self.cuts_left > 0 and len(data) > self.cut_after:
            self.cuts_left -= 1
            data = data[: self.cut_after]
            request.close_connection = True
        self._write(request, data)

    def _write(self, request: BaseHTTPRequestHandler, data: bytes) -> None:
        step = 65536
        for at in range(0, len(data), step) if self.bytes_per_s else (0,):
            request.wfile.write(data[at : at + step] if self.bytes_per_s else data)
            if self.bytes_per_s:
                time.sleep(step / self.bytes_per_s)

    def _json(self, request: BaseHTTPRequestHandler, status: int, answer: dict[str, object]) -> None:
        self._send(request, status, "application/json", json.dumps(answer).encode())

    def _send(self, request: BaseHTTPRequestHandler, status: int, kind: str, data: bytes) -> None:
        self._head(request, status, kind, len(data))
        request.end_headers()
        request.wfile.write(data)

    def _head(self, request: BaseHTTPRequestHandler, status: int, kind: str, length: int) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(length))
        request.send_header("Access-Control-Allow-Origin", "*")
