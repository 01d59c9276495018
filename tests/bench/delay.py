"""A TCP proxy that adds latency: ``python -m tests.bench.delay PORT SECONDS`` prints its own port, until it is killed.

What comes is passed on, each way, half of the time later, as much as comes: latency without a limit of speed. As on a
long line, each connection has up to 32 MiB on its way.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import sys
import threading
import time

_CHUNK = 256 << 10
_ON_THE_WAY = (32 << 20) // _CHUNK


def _pass_on(source: socket.socket, target: socket.socket, delay_s: float) -> None:
    way: queue.Queue[tuple[float, bytes]] = queue.Queue(_ON_THE_WAY)

    def deliver() -> None:
        while True:
            due, data = way.get()
            if (left := due - time.monotonic()) > 0:
                time.sleep(left)
            with contextlib.suppress(OSError):
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                target.sendall(data)

    threading.Thread(target=deliver, daemon=True).start()
    while True:
        try:
            data = source.recv(_CHUNK)
        except OSError:
            data = b""
        way.put((time.monotonic() + delay_s, data))
        if not data:
            return


def serve(port: int, delay_s: float, listener: socket.socket) -> None:
    """Until the process ends."""
    while True:
        client, _ = listener.accept()
        server = socket.create_connection(("127.0.0.1", port))
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for source, target in ((client, server), (server, client)):
            threading.Thread(target=_pass_on, args=(source, target, delay_s / 2), daemon=True).start()


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        print(listening.getsockname()[1], flush=True)
        serve(int(sys.argv[1]), float(sys.argv[2]), listening)
