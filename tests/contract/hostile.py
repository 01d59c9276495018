"""A server of loopback that answers what a test says, byte by byte."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Request:
    """``send`` raises OSError when the client has gone; ``wait`` gives True when the server is to stop."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: socket.socket
    wait: Callable[[float], bool]

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        lines = {
            "Content-Length": str(len(body)),
            "Connection": "close",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{name}: {text}\r\n" for name, text in lines.items())
        self.send(head.encode() + b"\r\n" + (b"" if self.method == "HEAD" else body))

    def fail(self, status: int, code: str, **headers: str) -> None:
        """As S3 does."""
        self.answer(status, f"<Error><Code>{code}</Code><Message>{code} it is</Message></Error>".encode(), **headers)


@dataclass
class HostileServer:
    """``behave`` is called for each request in a thread of its own; afterwards the connection is closed."""

    behave: Callable[[Request], None] = lambda request: request.answer(500)
    requests: list[Request] = field(default_factory=list)
    endpoint: str = ""

    def _serve(self, connection: socket.socket, wait: Callable[[float], bool]) -> None:
        with connection, contextlib.suppress(OSError):
            data = b""
            while b"\r\n\r\n" not in data:
                received = connection.recv(1 << 16)
                if not received:
                    return
                data += received
            head, _, body = data.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): text for name, _, text in (line.partition(": ") for line in lines)}
            while len(body) < int(headers.get("content-length", 0)):
                body += connection.recv(1 << 16)
            method, target, _ = first.split(" ")
            request = Request(method, target, headers, body, connection, wait)
            self.requests.append(request)
            self.behave(request)


@contextlib.contextmanager
def hostile_server() -> Iterator[HostileServer]:
    stop = threading.Event()
    threads: list[threading.Thread] = []
    server = HostileServer()

    def accept() -> None:
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                connection.settimeout(10)
                threads.append(threading.Thread(target=server._serve, args=(connection, stop.wait), daemon=True))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        server.endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield server
        finally:
            stop.set()
            for thread in [accepting, *threads]:
                thread.join(10)
