"""Shares: how a large object is cut for several stores. Pure; docs/format.md, "Spread" has it byte by byte.

An object of ``length`` bytes is cut into stripes of 256 KiB, each stripe into k pieces, from which the erasure code
makes n. Share i holds piece i of every stripe, so a range of the object is a range of each share. Any k shares of one
generation give the object; the generation is the SHA-256 of its name and content, so shares of different contents
never mix, and those of a put that was repeated do.

The check sums find what a failing disk does. Whoever can write the share can write its check sums too: what is read is
therefore verified again by those who hold keys, and when that fails the shares are compared as a whole
(spread_mend.py).
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import zfec

from megadesk.errors import InputError, StoreProtocolError
from megadesk.types import Buffer

STRIPE_BYTES: Final = 256 << 10
CODED_FROM_BYTES: Final = 256 << 10
CODED_UNIT_BYTES: Final = 64
MAX_STORES: Final = 16
HEADER_BYTES: Final = 52

_MAGIC: Final = b"MDSH"
_VERSION: Final = 1
_HEAD: Final = struct.Struct(">4sBBBBQ32s")
_CHECK: Final = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class ShareHeader:
    """The first bytes of a share."""

    k: int
    n: int
    index: int
    length: int
    generation: bytes

    @property
    def group(self) -> tuple[int, bytes]:
        """Equal for shares that belong together."""
        return self.length, self.generation

    def to_bytes(self) -> bytes:
        head = _HEAD.pack(_MAGIC, _VERSION, self.k, self.n, self.index, self.length, self.generation)
        return head + _CHECK.pack(zlib.crc32(head))

    def seed(self) -> int:
        """Where the check sums of its pieces begin: a piece of another share does not fit."""
        return zlib.crc32(self.to_bytes())


class Coding:
    """k of n. Immutable; any thread."""

    def __init__(self, k: int, n: int) -> None:
        if not 1 <= k <= n <= MAX_STORES:
            raise InputError(f"A spread has 1 to {MAX_STORES} stores, of which k are enough to read.")
        self.k, self.n = k, n
        self._encoder = zfec.Encoder(k, n)
        self._decoder = zfec.Decoder(k, n)

    @staticmethod
    def is_coded(length: int) -> bool:
        """Whether an object of this size is stored as shares; others are stored whole, on every store.

        Sizes that are no multiples of 64 cannot be told from a share's size, which a listing gives.
        """
        return length >= CODED_FROM_BYTES and length % CODED_UNIT_BYTES == 0

    def piece_bytes(self, length: int, stripe: int) -> int:
        """Bytes of every piece of a stripe, without its check sum."""
        return -(-min(STRIPE_BYTES, length - stripe * STRIPE_BYTES) // self.k)

    def share_bytes(self, length: int) -> int:
        full, rest = divmod(length, STRIPE_BYTES)
        size = HEADER_BYTES + full * (self._full_piece + _CHECK.size)
        return size + (-(-rest // self.k) + _CHECK.size if rest else 0)

    def length_of(self, share_bytes: int) -> int | None:
        """The size of the object whose shares have this size; None when no object's have."""
        full, rest = divmod(share_bytes - HEADER_BYTES, self._full_piece + _CHECK.size)
        length = full * STRIPE_BYTES
        if rest:
            length += (rest - _CHECK.size) * self.k // CODED_UNIT_BYTES * CODED_UNIT_BYTES
        return length if self.is_coded(length) and self.share_bytes(length) == share_bytes else None

    @property
    def _full_piece(self) -> int:
        return -(-STRIPE_BYTES // self.k)

    def span(self, length: int, first: int, last: int) -> tuple[int, int]:
        """(offset, size) in a share of the stripes ``first`` to ``last``, which is included."""
        step = self._full_piece + _CHECK.size
        size = (last - first) * step + self.piece_bytes(length, last) + _CHECK.size
        return HEADER_BYTES + first * step, size

    def parse(self, data: Buffer, name: str) -> ShareHeader:
        """The header that ``data`` begins with. StoreProtocolError for anything else than one of this coding."""
        head = bytes(data[:HEADER_BYTES])
        if len(head) == HEADER_BYTES and _CHECK.unpack_from(head, _HEAD.size)[0] == zlib.crc32(head[: _HEAD.size]):
            magic, version, k, n, index, length, generation = _HEAD.unpack_from(head)
            if (magic, version, k, n) == (_MAGIC, _VERSION, self.k, self.n) and index < n and self.is_coded(length):
                return ShareHeader(k, n, index, length, generation)
        raise StoreProtocolError(f"The share of {name} is damaged, or of another spread.", object_name=name)

    # --- encoding

    def encode(self, name: str, views: Sequence[memoryview], indices: Sequence[int]) -> dict[int, bytearray]:
        """These shares of an object that is coded. Equal objects give equal shares."""
        length = sum(view.nbytes for view in views)
        generation = generation_of(name, views)
        headers = {index: ShareHeader(self.k, self.n, index, length, generation) for index in indices}
        seeds = {index: header.seed() for index, header in headers.items()}
        shares = {index: bytearray(self.share_bytes(length)) for index in indices}
        for index, share in shares.items():
            share[:HEADER_BYTES] = headers[index].to_bytes()
        at = HEADER_BYTES
        for number, stripe in enumerate(_stripes(views)):
            size = self.piece_bytes(length, number)
            cut = [stripe[i * size : (i + 1) * size] for i in range(self.k)]
            # Only the last ones of a stripe can be short.
            pieces: list[Buffer] = [one if len(one) == size else bytes(one).ljust(size, b"\0") for one in cut]
            extra = [index for index in indices if index >= self.k]
            made: dict[int, Buffer] = dict(enumerate(pieces))
            if extra:
                made.update(zip(extra, self._encoder.encode(pieces, extra), strict=True))
            for index, share in shares.items():
                share[at : at + size] = made[index]
                _CHECK.pack_into(share, at + size, zlib.crc32(made[index], seeds[index]))
            at += size + _CHECK.size
        return shares

    # --- decoding

    def pieces(self, header: ShareHeader, first: int, last: int, data: memoryview) -> list[memoryview]:
        """The pieces in a share's ``span``. StoreProtocolError when one does not have its check sum."""
        seed, at, found = header.seed(), 0, []
        for stripe in range(first, last + 1):
            size = self.piece_bytes(header.length, stripe)
            piece = data[at : at + size]
            if _CHECK.unpack_from(data, at + size)[0] != zlib.crc32(piece, seed):
                raise StoreProtocolError("A share is damaged.")
            found.append(piece)
            at += size + _CHECK.size
        return found

    def join(self, length: int, stripe: int, pieces: Mapping[int, memoryview], out: memoryview, skip: int = 0) -> None:
        """Fill ``out`` with the stripe's bytes from ``skip`` on, from k of its pieces by share index."""
        if all(index < self.k for index in pieces):
            blocks: Sequence[Buffer] = [pieces[index] for index in range(self.k)]
        else:
            numbers = sorted(pieces)
            # zfec wants a data block that is there in its own place.
            order: list[int] = [-1] * self.k
            spare = [number for number in numbers if number >= self.k]
            for number in numbers:
                if number < self.k:
                    order[number] = number
            order = [spare.pop() if number < 0 else number for number in order]
            blocks = self._decoder.decode([pieces[number] for number in order], order)
        size = self.piece_bytes(length, stripe)
        at = 0
        for index in range(skip // size, self.k):
            block = memoryview(blocks[index])[max(0, skip - index * size) :]
            block = block[: len(out) - at]
            out[at : at + len(block)] = block
            at += len(block)
            if at == len(out):
                return


def generation_of(name: str, views: Sequence[memoryview]) -> bytes:
    """What all shares of this object have in common and those of no other have."""
    digest = hashlib.sha256(_CHECK.pack(len(name)) + name.encode("ascii"))
    for view in views:
        digest.update(view)
    return digest.digest()


def _stripes(views: Sequence[memoryview]) -> list[memoryview]:
    """The object in stripes; only those that span several buffers are copied."""
    stripes: list[memoryview] = []
    scratch = bytearray()
    for view in views:
        at = 0
        while at < view.nbytes:
            if not scratch and view.nbytes - at >= STRIPE_BYTES:
                stripes.append(view[at : at + STRIPE_BYTES])
                at += STRIPE_BYTES
                continue
            take = min(STRIPE_BYTES - len(scratch), view.nbytes - at)
            scratch += view[at : at + take]
            at += take
            if len(scratch) == STRIPE_BYTES:
                stripes.append(memoryview(bytes(scratch)))
                scratch.clear()
    if scratch:
        stripes.append(memoryview(bytes(scratch)))
    return stripes
