"""Links made for tests: records and packs as the locker makes them, without a locker."""

from __future__ import annotations

import base64
import hashlib
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from megadesk.crypto.aead import SLICE_BYTES, seal_slice_into, slice_stored_size
from megadesk.crypto.keys import fresh_slice_key
from megadesk.crypto.link import LinkSecret, PasswordCost
from megadesk.format.envelope import slice_aad
from megadesk.format.link import LinkNode, LinkSlice, make_record, seal_link
from megadesk.format.padme import padme
from megadesk.types import LockerId, NodeKind, PackId

PACK_BYTES = 1 << 24
LOCKER = LockerId(hashlib.sha256(b"a locker for tests of the page").digest())
TEMPLATE = b'<script type="application/json" id="megadesk-link">{}</script>'
QUICK = PasswordCost(19 * 1024, 1)
Content = bytes | Callable[[int], Iterable[bytes]] | None
"""Bytes of a file; or a function of its size that gives its slices' bytes in order; None for a folder."""


@dataclass(repr=False)
class Link:
    """A link, and what a server would have of it."""

    secret: LinkSecret
    record: bytes
    packs: dict[str, Path]
    """Hexadecimal id -> file."""
    session: str = "a-session"
    refuse: str = ""
    """What the server says instead of opening it: "revoked", "expired", "used-up"."""
    opened: int = 0
    requests: list[tuple[str, int, int]] = field(default_factory=list)
    """Pack, first and last byte of each range that was asked for."""

    @property
    def id(self) -> str:
        return self.secret.id.hex()

    @property
    def token(self) -> str:
        return self.secret.token()


class Packer:
    """Slices one behind the other into files of at most 16 MiB, padded."""

    def __init__(self, folder: Path) -> None:
        self.ids: list[PackId] = []
        self.files: dict[str, Path] = {}
        self._folder = folder
        self._buffer = memoryview(bytearray(PACK_BYTES))
        self._used = 0

    def add(self, data: bytes, index: int) -> LinkSlice:
        size = slice_stored_size(len(data))
        if not self.ids or self._used + size > PACK_BYTES:
            self.flush()
            self.ids.append(PackId(os.urandom(16)))
        offset = self._used
        key = fresh_slice_key(bytes(32))
        seal_slice_into(key, slice_aad(LOCKER, index), data, self._buffer[offset : offset + size])
        self._used += size
        return LinkSlice(len(self.ids) - 1, offset, key)

    def flush(self) -> None:
        if self.ids:
            path = self._folder / self.ids[-1].hex()
            with path.open("wb") as file:
                file.write(self._buffer[: self._used])
                file.write(os.urandom(min(padme(self._used), PACK_BYTES) - self._used))
            self.files[self.ids[-1].hex()] = path
        self._used = 0


def make(
    folder: Path,
    nodes: dict[bytes, Content | tuple[int, Callable[[int], Iterable[bytes]]]],
    *,
    note: str = "",
    expires_ms: int = 0,
    password: str | None = None,
    urls: Callable[[str], str] | None = None,
    targets: dict[bytes, bytes] | None = None,
) -> Link:
    """A link of ``nodes``: path -> content, parents first; the first is the thing. ``targets``: symbolic links."""
    folder.mkdir(parents=True, exist_ok=True)
    packer = Packer(folder)
    made: list[LinkNode] = []
    numbers: dict[bytes, int] = {}
    for path, content in nodes.items():
        above, _, name = path.rpartition(b"/")
        parent = numbers[above] if made else -1
        numbers[path] = len(made)
        node = LinkNode(parent, name, NodeKind.FILE, 0o644, 1_700_000_000_000_000_000, 0, ())
        if content is None:
            node = _replace(node, kind=NodeKind.FOLDER, mode=0o755, content=None)
        elif isinstance(content, bytes):
            pieces = [content[at : at + SLICE_BYTES] for at in range(0, len(content), SLICE_BYTES)]
            slices = tuple(packer.add(piece, index) for index, piece in enumerate(pieces))
            node = _replace(node, size=len(content), content=slices)
        else:
            size, make_pieces = content
            slices = tuple(packer.add(piece, index) for index, piece in enumerate(make_pieces(size)))
            node = _replace(node, size=size, content=slices)
        made.append(node)
    for path, target in (targets or {}).items():
        above, _, name = path.rpartition(b"/")
        made.append(LinkNode(numbers[above], name, NodeKind.LINK, 0o777, 0, 0, target))
    packer.flush()
    addresses = [urls(pack.hex()) for pack in packer.ids] if urls else None
    record = make_record(
        LOCKER, made, packer.ids, created_ms=int(time.time() * 1000), expires_ms=expires_ms, note=note, urls=addresses
    )
    secret = LinkSecret.generate()
    if password is None:
        return Link(secret, seal_link(record, secret), packer.files)
    key = secret.password_key(password, QUICK)
    return Link(secret, seal_link(record, secret, cost=QUICK, password_key=key), packer.files)


def _replace(node: LinkNode, **changes: object) -> LinkNode:
    values = {name: getattr(node, name) for name in node.__struct_fields__} | changes
    return LinkNode(**values)


def noise(size: int, seed: int = 1) -> bytes:
    """Bytes that do not compress, the same for the same seed."""
    return hashlib.shake_256(seed.to_bytes(8, "big")).digest(size)


def noise_slices(size: int) -> Iterable[bytes]:
    """The slices of a large file, quick to make: each is the same noise, turned by its number."""
    block = noise(SLICE_BYTES)
    for index, at in enumerate(range(0, size, SLICE_BYTES)):
        turned = block[index * 4096 :] + block[: index * 4096]
        yield turned[: min(SLICE_BYTES, size - at)]


def digest(pieces: Iterable[bytes]) -> str:
    hasher = hashlib.sha256()
    for piece in pieces:
        hasher.update(piece)
    return hasher.hexdigest()


def page_with(page: bytes, config: str, blocks: Iterable[bytes] = ()) -> Iterable[bytes]:
    """The page as the maker of an object in a bucket, or of a file to send, fills it."""
    before, after = page.split(TEMPLATE)
    yield before
    yield b'<script type="application/json" id="megadesk-link">' + config.encode() + b"</script>"
    for index, data in enumerate(blocks):
        yield b'<script type="application/octet-stream;base64" id="p-%d">' % index
        yield base64.b64encode(data)
        yield b"</script>"
    yield after
