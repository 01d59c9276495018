"""A link as one HTML file: the page, the record and everything it needs, written piece by piece.

What is small lies in the page as text, so that opening the file is all there is to do. More than that a browser would
have to hold in memory, so it lies behind the page as it is, and who opens the file chooses it once more in the page.

The slices are copied as they are stored, into packs of the file's own, so nothing is decrypted for good and nothing is
encrypted anew; each is opened once on the way, so that no file is made of a damaged pack.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from megadesk.crypto import aead
from megadesk.crypto.aead import SLICE_BYTES
from megadesk.errors import LocalFileError
from megadesk.format import names
from megadesk.format.envelope import slice_aad
from megadesk.format.link import LinkNode, LinkRecord, LinkSlice, make_record
from megadesk.format.ops import MAX_PACK_BYTES
from megadesk.format.padme import padme
from megadesk.share.page import block, fill
from megadesk.share.record import Gathered
from megadesk.share.viewer import viewer_for
from megadesk.stores.api import Store
from megadesk.transfer.control import Control
from megadesk.transfer.large_file import CREATE_FLAGS, temporary_name
from megadesk.transfer.walk import local_error
from megadesk.types import LockerId, NodeKind, PackId, Progress, ProgressCallback

MAX_INLINE_BYTES: Final = 64 << 20
"""Contents that are put into the page itself; more goes behind it. See docs/adr/0023."""


class _Piece(NamedTuple):
    """A stored slice: where it is, and what it must open to."""

    pack: PackId
    offset: int
    key: bytes
    position: int
    size: int


class Layout(NamedTuple):
    """The record's nodes with slices in the file's own packs, and what goes into each of these."""

    nodes: tuple[LinkNode, ...]
    packs: tuple[PackId, ...]
    pieces: tuple[tuple[_Piece, ...], ...]

    @property
    def inline(self) -> bool:
        """Whether all of it goes into the page itself."""
        return sum(node.size for node in self.nodes) <= MAX_INLINE_BYTES

    def sizes(self) -> list[int]:
        """Of the packs, with their padding."""
        return [padme(sum(aead.slice_stored_size(piece.size) for piece in pieces)) for pieces in self.pieces]


def lay_out(gathered: Gathered) -> Layout:
    """Slices one behind the other into packs of up to 16 MiB."""
    nodes = []
    pieces: list[list[_Piece]] = []
    used = MAX_PACK_BYTES
    for node in gathered.nodes:
        if not isinstance(node.content, tuple):
            nodes.append(node)
            continue
        slices = []
        for position, ref in enumerate(node.content):
            size = min(SLICE_BYTES, node.size - position * SLICE_BYTES)
            stored = aead.slice_stored_size(size)
            if used + stored > MAX_PACK_BYTES:
                pieces.append([])
                used = 0
            pieces[-1].append(_Piece(gathered.packs[ref.pack], ref.offset, ref.key, position, size))
            slices.append(LinkSlice(len(pieces) - 1, used, ref.key))
            used += stored
        nodes.append(
            LinkNode(node.parent, node.name, NodeKind.FILE, node.mode, node.mtime_ns, node.size, tuple(slices))
        )
    packs = tuple(PackId(os.urandom(16)) for _ in pieces)
    return Layout(tuple(nodes), packs, tuple(tuple(found) for found in pieces))


def write_html(
    path: str,
    page: bytes,
    layout: Layout,
    locker: LockerId,
    store: Store,
    seal: Callable[[LinkRecord], bytes],
    *,
    created_ms: int,
    expires_ms: int,
    note: str,
    progress: ProgressCallback | None = None,
    control: Control | None = None,
) -> None:
    """Write the file under a hidden name, then give it its own, in place of one that is there.

    Raises LocalFileError, StoreError, IntegrityError for a damaged slice, CancelledError.
    """
    record = make_record(locker, layout.nodes, layout.packs, created_ms=created_ms, expires_ms=expires_ms, note=note)
    sizes = layout.sizes()
    attached = () if layout.inline else sizes
    head, tail = fill(page, seal(record), inline=layout.inline, attached=attached, viewer=viewer_for(layout.nodes))
    temporary = temporary_name(os.path.abspath(path))
    control = control or Control()
    total = sum(piece.size for pieces in layout.pieces for piece in pieces)
    done = 0

    def pack(pieces: Sequence[_Piece], size: int) -> Iterator[bytes]:
        nonlocal done
        length = 0
        for piece in pieces:
            control.step()
            name = names.pack(piece.pack)
            stored = store.get(name, offset=piece.offset, length=aead.slice_stored_size(piece.size))
            aead.open_slice(piece.key, slice_aad(locker, piece.position), stored, piece.size, object_name=name)
            length += len(stored)
            yield stored
            done += piece.size
            if progress:
                progress(Progress(done, total, "file"))
        yield os.urandom(size - length)

    try:
        with os.fdopen(os.open(temporary, CREATE_FLAGS, 0o600), "wb") as file:
            file.write(head if layout.inline else head + tail)
            for index, (pieces, size) in enumerate(zip(layout.pieces, sizes, strict=True)):
                stored = pack(pieces, size)
                file.writelines(block(index, stored) if layout.inline else stored)
            file.write(tail if layout.inline else b"")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        _discard(temporary)
        raise local_error(path, error) from error
    except BaseException:
        _discard(temporary)
        raise


def _discard(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def check_writable(path: str) -> None:
    """Raise LocalFileError for a place where no file can be written, before anything else is done."""
    folder = os.path.dirname(os.path.abspath(path))
    if os.path.isdir(path) or not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        raise LocalFileError(
            f"{path} cannot be written.", path=path, remedy="Name a file in a folder that is there and yours."
        )
