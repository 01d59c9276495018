"""A locker whose links are attacked, and somebody on the wire who keeps every byte."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from megadesk.core.links import LinkOptions
from megadesk.core.locker import Locker
from megadesk.server.share_server import ShareServer
from megadesk.share.opening import open_address
from megadesk.stores.memory import MemoryStore
from tests.lockers import Device, LockerRig, write

FILES = {
    "Whistleblower/treasure-map.txt": b"under the third palm from the left\n" * 40,
    "Whistleblower/accounts 2031.bin": bytes(range(256)) * 1205 + b"x" * 77,
    "Whistleblower/inner folder/large-archive.bin": os.urandom(9_123_457),
}
OTHERS = {"Private/diary.txt": b"not for you\n", "Private/photo.bin": os.urandom(200_123)}


@dataclass
class Wire:
    """A proxy of TCP that changes nothing and logs all, both ways."""

    port: int = 0
    to_server: bytearray = field(default_factory=bytearray)
    to_client: bytearray = field(default_factory=bytearray)


@contextlib.contextmanager
def wiretap(server_port: int) -> Iterator[Wire]:
    """Listens on a port of its own and passes on to the server's."""
    wire = Wire()
    listening = socket.create_server(("127.0.0.1", 0))
    wire.port = listening.getsockname()[1]
    stopped = threading.Event()
    threads: list[threading.Thread] = []

    def pump(client: socket.socket) -> None:
        with (
            client,
            socket.create_connection(("127.0.0.1", server_port)) as server,
            selectors.DefaultSelector() as both,
        ):
            both.register(client, selectors.EVENT_READ, (server, wire.to_server))
            both.register(server, selectors.EVENT_READ, (client, wire.to_client))
            while not stopped.is_set():
                for key, _ in both.select(0.1):
                    other, log = key.data
                    assert isinstance(key.fileobj, socket.socket)
                    try:
                        data = key.fileobj.recv(1 << 16)
                    except OSError:
                        data = b""
                    if not data:
                        return
                    log += data
                    with contextlib.suppress(OSError):
                        other.sendall(data)

    def accept() -> None:
        listening.settimeout(0.1)
        while not stopped.is_set():
            with contextlib.suppress(TimeoutError, OSError):
                client, _ = listening.accept()
                client.settimeout(None)
                threads.append(threading.Thread(target=pump, args=(client,), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield wire
    finally:
        stopped.set()
        accepting.join()
        for thread in threads:
            thread.join()
        listening.close()


@dataclass
class Shared:
    """A locker with FILES and OTHERS, whose links a server of this program serves behind a wiretap."""

    device: Device
    store: MemoryStore
    wire: Wire

    @property
    def locker(self) -> Locker:
        return self.device.locker

    def make(self, path: str, **options: object) -> str:
        return self.locker.links.make(path, LinkOptions(**options)).url  # type: ignore[arg-type]


@contextlib.contextmanager
def shared(folder: Path) -> Iterator[Shared]:
    store = MemoryStore()
    rig = LockerRig(folder / "devices", store)
    try:
        device = rig.enrol()
        for name, content in (FILES | OTHERS).items():
            write(folder / "source" / name, content)
        device.put(*(folder / "source").iterdir())
        server = ShareServer(device.locker.links.ledger())
        port = int(server.start("127.0.0.1:0").base_url.split(":")[2].split("/")[0])
        try:
            with wiretap(port) as wire:
                device.locker.links.announce(f"http://127.0.0.1:{wire.port}/d/")
                yield Shared(device, store, wire)
        finally:
            server.stop()
    finally:
        rig.close()


def fetched(url: str, to: Path, password: str | None = None) -> dict[str, bytes]:
    """What ends up on disk; failures of single files are what they are."""
    with contextlib.closing(open_address(url, (lambda: password) if password else None)) as link:
        link.download(str(to))
    return {str(path.relative_to(to)): path.read_bytes() for path in to.rglob("*") if path.is_file()}
