"""An HTTP server on loopback that answers whatever a test tells it to, byte for byte."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from megadesk.stores.http_place import HttpPlace


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Connection:
    """``send`` raises OSError once the client has gone; ``stop`` is set when the test ends."""

    def __init__(self, sock: socket.socket, stop: threading.Event) -> None:
        self._sock = sock
        self.stop = stop

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def drip(self, data: bytes, pause_s: float) -> None:
        """Byte by byte until the client has gone."""
        for byte in data:
            self.send(bytes([byte]))
            if self.stop.wait(pause_s):
                return

    def answer(self, status: int, body: bytes = b"", *headers: str, length: int | None = None) -> None:
        size = len(body) if length is None else length
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {size}", *headers, "", ""]
        self.send("\r\n".join(lines).encode() + body)


Handler = Callable[[Request, Connection], None]


def folder(connection: Connection) -> None:
    """The answer about a folder at the top that is there."""
    connection.answer(207, multistatus(response("/", folder=True)))


def response(path: str, *, folder: bool = False, size: int | None = None) -> str:
    kind = "<D:collection/>" if folder else ""
    length = "" if size is None else f"<D:getcontentlength>{size}</D:getcontentlength>"
    return (
        f"<D:response><D:href>{path}</D:href><D:propstat><D:prop><D:resourcetype>{kind}</D:resourcetype>{length}"
        "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
    )


def multistatus(*responses: str) -> bytes:
    return f'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{"".join(responses)}</D:multistatus>'.encode()


@dataclass
class HostileServer:
    """Handlers by method; PROPFIND of the top says that it is there, unless a test has its own."""

    port: int = 0
    handlers: dict[str, Handler] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    deaf_to: str = ""
    """Requests of this method are not read to their end, nor answered."""

    @property
    def place(self) -> HttpPlace:
        return HttpPlace("http", "127.0.0.1", self.port, "")

    def handle(self, request: Request, connection: Connection) -> None:
        self.requests.append(request)
        handler = self.handlers.get(request.method)
        if request.method == "PROPFIND" and request.path == "/" and "TOP" not in self.handlers:
            folder(connection)
        elif request.method == "PROPFIND" and request.path == "/":
            self.handlers["TOP"](request, connection)
        elif handler is not None:
            handler(request, connection)
        else:
            connection.answer(404)


@contextlib.contextmanager
def hostile(tls: ssl.SSLContext | None = None) -> Iterator[HostileServer]:
    server = HostileServer()
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.5)
    server.port = listener.getsockname()[1]
    threads: list[threading.Thread] = []
    open_sockets: list[socket.socket] = []

    def serve(sock: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), contextlib.ExitStack() as stack:
            sock = stack.enter_context(tls.wrap_socket(sock, server_side=True) if tls else sock)
            file = stack.enter_context(sock.makefile("rb"))
            while line := file.readline():
                method, path, _ = line.decode().split(" ")
                headers = {}
                while (line := file.readline()) not in (b"\r\n", b""):
                    name, _, value = line.decode().partition(":")
                    headers[name.lower()] = value.strip()
                if method == server.deaf_to:
                    stop.wait(20)
                    return
                body = file.read(int(headers.get("content-length", "0")))
                server.handle(Request(method, path, headers, body), Connection(sock, stop))

    def accept() -> None:
        with contextlib.suppress(OSError):
            while not stop.is_set():
                try:
                    sock, _ = listener.accept()
                except TimeoutError:  # where a shutdown does not wake it
                    continue
                open_sockets.append(sock)
                thread = threading.Thread(target=serve, args=(sock,), daemon=True)
                threads.append(thread)
                thread.start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield server
    finally:
        stop.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        # Before its socket is closed, whose number may be another's at once; what it accepted last is to be shut, too.
        acceptor.join(5)
        assert not acceptor.is_alive()
        listener.close()
        for sock in open_sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)
            assert not thread.is_alive()
