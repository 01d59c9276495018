"""FLOE: authenticated encryption in segments, with key commitment and random access.

Source: C2SP FLOE (Snowflake-Labs/floe-specification, spec/README.md; ePrint 2025/2275) with AES-256-GCM and
HKDF-Expand-SHA-384; the names in capitals below are the specification's. Two uses of it:

* *Messages* (``seal``, ``open_sealed``): standard FLOE messages, for everything that is small.
* *Slices* (``SliceSealer``, ``SliceOpener``): FLOE messages of 256 KiB segments, stored stripped. The ten
  parameter bytes of the header and the four length bytes of each segment are constants once the slice's size
  is known, and are left out, so that a stored slice is random bytes from end to end and borders inside a
  pack cannot be seen. Putting them back gives a standard message (tests/unit/crypto/test_floe_slices.py
  shows it).

Whatever is wrong with what is being opened (key, associated data, size, any bit), the error is a
DamagedError with the same words and with no error chained to it: there is no oracle. Plaintext that failed
its check is wiped from the caller's buffer. A ValueError means that the caller is at fault (length of a key
or buffer), never the data.

Nothing of the caller's is kept but the key schedule. Everything is safe on several threads at once, also one
sealer or opener: segments go in any order. OpenSSL runs without the GIL. Sealing again gives other bytes, so
a retry of a create-only put must send the first bytes again.
"""

from __future__ import annotations

import hmac
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from megadesk.crypto.kdf import ShortMac
from megadesk.errors import DamagedError
from megadesk.types import Buffer

META_SEGMENT = 4096
"""ENC_SEG_LEN of messages, in bytes."""
SLICE_SEGMENT = 262144
"""ENC_SEG_LEN of slices, in bytes."""

KEY_BYTES = 32
IV_BYTES = 12
TAG_BYTES = 16
FLOE_IV_BYTES = 32
HEADER_TAG_BYTES = 32
PARAMETER_BYTES = 10
HEADER_BYTES = PARAMETER_BYTES + FLOE_IV_BYTES + HEADER_TAG_BYTES
SEGMENT_OVERHEAD = 4 + IV_BYTES + TAG_BYTES
MAX_SEGMENTS = 1 << 40

SLICE_SEGMENT_PLAIN = SLICE_SEGMENT - SEGMENT_OVERHEAD
"""262112: plaintext bytes of every segment of a slice but its last."""
SLICE_SEGMENTS = 32
SLICE_BYTES = SLICE_SEGMENTS * SLICE_SEGMENT_PLAIN
"""8387584: plaintext bytes of the largest slice."""
SLICE_HEADER_BYTES = FLOE_IV_BYTES + HEADER_TAG_BYTES
SLICE_SEGMENT_OVERHEAD = IV_BYTES + TAG_BYTES

_SINGLE_BYTES = SLICE_HEADER_BYTES + IV_BYTES
_MARK = b"\xff\xff\xff\xff"
_U32 = struct.Struct(">I")
_U64 = struct.Struct(">Q")
_NOT_FINAL, _FINAL = b"\x00", b"\x01"
_FIRST = _U64.pack(0)
_IV_LABEL = b"megadesk/1 iv"
_DAMAGED = "An object in the storage is damaged, was altered, or belongs elsewhere."

# Named here so that a test may count or replay what is drawn.
_urandom = os.urandom


def _damaged(object_name: str) -> DamagedError:
    return DamagedError(_DAMAGED, object_name=object_name)


def _parameters(segment_bytes: int) -> bytes:
    """PARAM_ENCODE: AEAD_ID 0 (AES-256-GCM), KDF_ID 0 (HKDF-Expand-SHA-384), ENC_SEG_LEN, FLOE_IV_LEN."""
    if not SEGMENT_OVERHEAD < segment_bytes < 0xFFFFFFFF:
        raise ValueError("impossible segment length")
    return b"\x00\x00" + _U32.pack(segment_bytes) + b"\x00\x00\x00\x20"


_SLICE_PARAMETERS = _parameters(SLICE_SEGMENT)
_SLICE_AADS = tuple(_U64.pack(position) + _NOT_FINAL for position in range(SLICE_SEGMENTS))
_SLICE_FINAL_AADS = tuple(_U64.pack(position) + _FINAL for position in range(SLICE_SEGMENTS))


def _header_tag(key: bytes, prefix: bytes, aad: bytes) -> bytes:
    """FLOE_KDF(key, iv, aad, "HEADER_TAG:", 32), where ``prefix`` is the parameters and the IV."""
    return hmac.digest(key, b"%bHEADER_TAG:%b\x01" % (prefix, aad), "sha384")[:HEADER_TAG_BYTES]


def _message_key(key: bytes, prefix: bytes, aad: bytes) -> bytes:
    """FLOE_KDF(key, iv, aad, "MESSAGE_KEY:", 48)."""
    return hmac.digest(key, b"%bMESSAGE_KEY:%b\x01" % (prefix, aad), "sha384")


def _segment_cipher(message_key: bytes, prefix: bytes, aad: bytes, masked_position: int) -> AESGCM:
    """The cipher of DERIVE_KEY for all segments whose position, masked, is this one."""
    info = b"%bDEK:%b%b\x01" % (prefix, _U64.pack(masked_position), aad)
    return AESGCM(hmac.digest(message_key, info, "sha384")[:KEY_BYTES])


def _check_key(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise ValueError("a FLOE key is 32 bytes")


# --- messages ---------------------------------------------------------------------------------------------


def sealed_size(plain_bytes: int, segment_bytes: int = META_SEGMENT) -> int:
    """Bytes of the message that ``seal`` makes of a plaintext of ``plain_bytes``."""
    if plain_bytes < 0:
        raise ValueError("negative size")
    count = max(1, -(-plain_bytes // (segment_bytes - SEGMENT_OVERHEAD)))
    if count > MAX_SEGMENTS:
        raise ValueError("too large for one FLOE message")
    return HEADER_BYTES + plain_bytes + SEGMENT_OVERHEAD * count


def opened_size(message_bytes: int, segment_bytes: int = META_SEGMENT) -> int:
    """Bytes of the plaintext of a message of ``message_bytes``; DamagedError when no message is so long.

    No message has a last segment of 1 to 31 bytes. ``sealed_size(opened_size(n)) == n`` but where the last
    segment is empty and not the only one: ``seal`` never writes that, the specification allows it,
    ``open_sealed`` reads it.
    """
    count, last = divmod(message_bytes - HEADER_BYTES, segment_bytes)
    if count < 0 or 0 < last < SEGMENT_OVERHEAD or (last == 0 and count == 0):
        raise _damaged("")
    count += last > 0
    if count > MAX_SEGMENTS:
        raise _damaged("")
    return message_bytes - HEADER_BYTES - SEGMENT_OVERHEAD * count


def seal(
    key: bytes, aad: bytes, plaintext: Buffer, *, segment_bytes: int = META_SEGMENT, rotation_bits: int = 20
) -> bytes:
    """Encrypt ``plaintext`` as a whole FLOE message of ``sealed_size(len(plaintext), segment_bytes)`` bytes.

    ``key`` is 32 bytes and may seal many messages. ``aad`` is bound, not stored. ``rotation_bits`` is
    AEAD_ROTATION_MASK: 20 in all but the specification's tests. ``plaintext`` must not change meanwhile.
    """
    _check_key(key)
    parameters = _parameters(segment_bytes)
    sealed_size(len(plaintext), segment_bytes)
    # The IV is random and, so that a cloned machine whose generator repeats itself still does not use one
    # GCM key and IV for two plaintexts, also a function of the plaintext. To anyone without the key it is 32
    # random bytes.
    seed = _urandom(FLOE_IV_BYTES)
    iv = hmac.digest(key, b"".join((_IV_LABEL, seed, plaintext)), "sha256")
    prefix = parameters + iv
    message_key = _message_key(key, prefix, aad)
    parts = [prefix, _header_tag(key, prefix, aad)]

    step = segment_bytes - SEGMENT_OVERHEAD
    mask = (1 << rotation_bits) - 1
    view = memoryview(plaintext)
    last = max(0, -(-len(plaintext) // step) - 1)
    cipher = _segment_cipher(message_key, prefix, aad, 0)
    for position in range(last):
        if position and not position & mask:
            cipher = _segment_cipher(message_key, prefix, aad, position)
        nonce = _urandom(IV_BYTES)
        piece = view[position * step : (position + 1) * step]
        parts += (_MARK, nonce, cipher.encrypt(nonce, piece, _U64.pack(position) + _NOT_FINAL))
    if last and not last & mask:
        cipher = _segment_cipher(message_key, prefix, aad, last)
    nonce = _urandom(IV_BYTES)
    sealed = cipher.encrypt(nonce, view[last * step :], _U64.pack(last) + _FINAL)
    parts += (_U32.pack(4 + IV_BYTES + len(sealed)), nonce, sealed)
    return b"".join(parts)


def open_sealed(
    key: bytes,
    aad: bytes,
    message: Buffer,
    *,
    segment_bytes: int = META_SEGMENT,
    rotation_bits: int = 20,
    object_name: str = "",
) -> bytes:
    """The plaintext of a whole FLOE message, or DamagedError, the same for every cause.

    ``object_name`` only goes into the error's field of that name. Nothing is allocated before the size and
    the header (which commits to the key and ``aad``) have been found good.
    """
    _check_key(key)
    plain = _open(key, aad, memoryview(message), segment_bytes, rotation_bits)
    if plain is None:
        raise _damaged(object_name)
    return plain


def _open(key: bytes, aad: bytes, message: memoryview, segment_bytes: int, rotation_bits: int) -> bytes | None:
    parameters = _parameters(segment_bytes)
    try:
        opened_size(len(message), segment_bytes)
    except DamagedError:
        return None
    prefix = bytes(message[: PARAMETER_BYTES + FLOE_IV_BYTES])
    tag = message[PARAMETER_BYTES + FLOE_IV_BYTES : HEADER_BYTES]
    good = hmac.compare_digest(tag, _header_tag(key, prefix, aad))
    if not (good and prefix.startswith(parameters)):
        return None
    message_key = _message_key(key, prefix, aad)

    mask = (1 << rotation_bits) - 1
    last = (len(message) - HEADER_BYTES - 1) // segment_bytes
    cipher = _segment_cipher(message_key, prefix, aad, 0)
    parts: list[bytes] = []
    try:
        for position in range(last + 1):
            start = HEADER_BYTES + position * segment_bytes
            segment = message[start : start + segment_bytes]
            final = position == last
            if segment[:4] != (_U32.pack(len(segment)) if final else _MARK):
                return None
            if position and not position & mask:
                cipher = _segment_cipher(message_key, prefix, aad, position)
            bound = _U64.pack(position) + (_FINAL if final else _NOT_FINAL)
            parts.append(cipher.decrypt(segment[4 : 4 + IV_BYTES], segment[4 + IV_BYTES :], bound))
    except InvalidTag:
        return None
    return parts[0] if last == 0 else b"".join(parts)


# --- slices -----------------------------------------------------------------------------------------------


def slice_segment_count(plain_bytes: int) -> int:
    """Segments of a slice of ``plain_bytes`` (0 to SLICE_BYTES): 1 to 32. ValueError beyond."""
    if not 0 <= plain_bytes <= SLICE_BYTES:
        raise ValueError("impossible slice size")
    return max(1, -(-plain_bytes // SLICE_SEGMENT_PLAIN))


def slice_stored_size(plain_bytes: int) -> int:
    """Bytes that a slice of ``plain_bytes`` takes in a pack. ValueError when no slice has that size."""
    return SLICE_HEADER_BYTES + plain_bytes + SLICE_SEGMENT_OVERHEAD * slice_segment_count(plain_bytes)


def slice_segment_span(position: int, plain_bytes: int) -> tuple[int, int]:
    """Where segment ``position`` of a slice of ``plain_bytes`` is: (offset in the slice, stored length).

    Its plaintext begins at ``position * SLICE_SEGMENT_PLAIN`` and is SLICE_SEGMENT_OVERHEAD shorter.
    """
    length = _segment_plain(position, slice_segment_count(plain_bytes), plain_bytes) + SLICE_SEGMENT_OVERHEAD
    return SLICE_HEADER_BYTES + position * (SLICE_SEGMENT_PLAIN + SLICE_SEGMENT_OVERHEAD), length


def _segment_plain(position: int, count: int, plain_bytes: int) -> int:
    if not 0 <= position < count:
        raise ValueError("no such segment")
    return SLICE_SEGMENT_PLAIN if position < count - 1 else plain_bytes - position * SLICE_SEGMENT_PLAIN


class SliceSealer:
    """Encrypts one slice, segment by segment, into buffers of the caller's.

    ``key`` must be this slice's own (``keys.fresh_slice_key``). ``header`` (64 bytes) goes in front of the
    segments. Each position must be sealed exactly once; a second time is a ValueError, for two different
    segments at one position would let whoever holds the storage choose between them.
    """

    __slots__ = ("_cipher", "_sealed", "count", "header", "size_bytes")

    def __init__(self, key: bytes, aad: bytes, size_bytes: int) -> None:
        _check_key(key)
        self.count = slice_segment_count(size_bytes)
        self.size_bytes = size_bytes
        prefix = _SLICE_PARAMETERS + _urandom(FLOE_IV_BYTES)
        self.header = prefix[PARAMETER_BYTES:] + _header_tag(key, prefix, aad)
        self._cipher = _segment_cipher(_message_key(key, prefix, aad), prefix, aad, 0)
        self._sealed = bytearray(self.count)

    def __repr__(self) -> str:
        return f"<SliceSealer of {self.size_bytes} bytes>"

    def seal_segment_into(self, position: int, plaintext: memoryview, out: memoryview) -> int:
        """Encrypt segment ``position`` to the front of ``out`` (28 bytes longer); give its stored length.

        ``plaintext`` is exactly that segment's (262112 bytes, the last what is left) and must not change
        meanwhile. ValueError when it is not, when ``out`` is too short, or when the position was sealed
        before.
        """
        plain = _segment_plain(position, self.count, self.size_bytes)
        stored = plain + SLICE_SEGMENT_OVERHEAD
        if len(plaintext) != plain or len(out) < stored or self._sealed[position]:
            raise ValueError("wrong length of a buffer, or a position sealed twice")
        self._sealed[position] = 1
        nonce = _urandom(IV_BYTES)
        bound = _SLICE_FINAL_AADS[position] if position == self.count - 1 else _SLICE_AADS[position]
        out[:IV_BYTES] = nonce
        self._cipher.encrypt_into(nonce, plaintext, bound, out[IV_BYTES:stored])
        return stored


def seal_slice_into(key: bytes, aad: bytes, plaintext: Buffer, out: memoryview) -> int:
    """Encrypt a whole slice to the front of ``out``; give its length (``slice_stored_size``)."""
    size_bytes = len(plaintext)
    stored = slice_stored_size(size_bytes)
    if len(out) < stored:
        raise ValueError("the buffer is too short")
    if size_bytes <= SLICE_SEGMENT_PLAIN:
        _seal_single_segment(key, aad, plaintext, out, stored)
        return stored
    sealer = SliceSealer(key, aad, size_bytes)
    out[:SLICE_HEADER_BYTES] = sealer.header
    view = memoryview(plaintext)
    offset = SLICE_HEADER_BYTES
    for position in range(sealer.count):
        start = position * SLICE_SEGMENT_PLAIN
        piece = view[start : start + SLICE_SEGMENT_PLAIN]
        offset += sealer.seal_segment_into(position, piece, out[offset:stored])
    return stored


def _seal_single_segment(key: bytes, aad: bytes, plaintext: Buffer, out: memoryview, stored: int) -> None:
    """A slice of one segment without a SliceSealer: small files are many, and their cost is Python's."""
    _check_key(key)
    drawn = _urandom(FLOE_IV_BYTES + IV_BYTES)
    iv, nonce = drawn[:FLOE_IV_BYTES], drawn[FLOE_IV_BYTES:]
    cipher, tag = _single_segment(key, _SLICE_PARAMETERS + iv, aad)
    out[:_SINGLE_BYTES] = iv + tag + nonce
    cipher.encrypt_into(nonce, plaintext, _SLICE_FINAL_AADS[0], out[_SINGLE_BYTES:stored])


def _single_segment(key: bytes, prefix: bytes, aad: bytes) -> tuple[AESGCM, bytes]:
    """The cipher of the first segment, and the header's tag: what the functions above derive, in one go."""
    mac = ShortMac(key)
    tag = mac.digest(b"%bHEADER_TAG:%b\x01" % (prefix, aad))[:HEADER_TAG_BYTES]
    message_key = mac.digest(b"%bMESSAGE_KEY:%b\x01" % (prefix, aad))
    segment_key = ShortMac(message_key).digest(b"%bDEK:%b%b\x01" % (prefix, _FIRST, aad))
    return AESGCM(segment_key[:KEY_BYTES]), tag


class SliceOpener:
    """Decrypts one slice, any segment at any time, into buffers of the caller's.

    ``header`` is the slice's first 64 stored bytes, ``size_bytes`` its plaintext's size from the manifest.
    Raises DamagedError here when the header does not belong to key and ``aad`` or no slice has that size.
    """

    __slots__ = ("_cipher", "count", "object_name", "size_bytes")

    def __init__(self, key: bytes, aad: bytes, header: Buffer, size_bytes: int, *, object_name: str = "") -> None:
        _check_key(key)
        self.object_name = object_name
        self.size_bytes = size_bytes
        # Length of the header, size and tag fail alike, at one place.
        fits = len(header) == SLICE_HEADER_BYTES and 0 <= size_bytes <= SLICE_BYTES
        prefix = _SLICE_PARAMETERS + bytes(header[:FLOE_IV_BYTES])
        if not hmac.compare_digest(bytes(header[FLOE_IV_BYTES:]), _header_tag(key, prefix, aad)) or not fits:
            raise _damaged(object_name)
        self.count = slice_segment_count(size_bytes)
        self._cipher = _segment_cipher(_message_key(key, prefix, aad), prefix, aad, 0)

    def __repr__(self) -> str:
        return f"<SliceOpener of {self.size_bytes} bytes>"

    def open_segment_into(self, position: int, stored: memoryview, out: memoryview) -> int:
        """Decrypt segment ``position``, exactly its stored bytes, to the front of ``out``; give its length.

        Raises DamagedError for stored bytes of another length or altered ones: ``out`` then holds zeros,
        never unchecked plaintext. ValueError when there is no such segment or ``out`` is too short.
        """
        plain = _segment_plain(position, self.count, self.size_bytes)
        if len(out) < plain:
            raise ValueError("the buffer is too short")
        if len(stored) == plain + SLICE_SEGMENT_OVERHEAD and self._decrypt(position, stored, out[:plain]):
            return plain
        raise _damaged(self.object_name)

    def _decrypt(self, position: int, stored: memoryview, out: memoryview) -> bool:
        bound = _SLICE_FINAL_AADS[position] if position == self.count - 1 else _SLICE_AADS[position]
        try:
            self._cipher.decrypt_into(stored[:IV_BYTES], stored[IV_BYTES:], bound, out)
        except InvalidTag:
            out[:] = bytes(len(out))
            return False
        return True


def open_slice_into(
    key: bytes, aad: bytes, stored: Buffer, size_bytes: int, out: memoryview, *, object_name: str = ""
) -> int:
    """Decrypt a whole slice to the front of ``out``; give ``size_bytes``. DamagedError as in SliceOpener.

    After an error, ``out`` may hold checked plaintext of segments before the damaged one, and zeros for that
    one.
    """
    view = memoryview(stored)
    if 0 <= size_bytes <= SLICE_SEGMENT_PLAIN and len(out) >= size_bytes:
        return _open_single_segment(key, aad, view, size_bytes, out, object_name)
    opener = SliceOpener(key, aad, view[:SLICE_HEADER_BYTES], size_bytes, object_name=object_name)
    if len(view) != slice_stored_size(size_bytes):
        raise _damaged(object_name)
    if len(out) < size_bytes:
        raise ValueError("the buffer is too short")
    for position in range(opener.count):
        offset, length = slice_segment_span(position, size_bytes)
        opener.open_segment_into(position, view[offset : offset + length], out[position * SLICE_SEGMENT_PLAIN :])
    return size_bytes


def _open_single_segment(
    key: bytes, aad: bytes, stored: memoryview, size_bytes: int, out: memoryview, object_name: str
) -> int:
    """As ``_seal_single_segment``: a slice of one segment without a SliceOpener."""
    _check_key(key)
    head = bytes(stored[:_SINGLE_BYTES])
    cipher, tag = _single_segment(key, _SLICE_PARAMETERS + head[:FLOE_IV_BYTES], aad)
    good = hmac.compare_digest(head[FLOE_IV_BYTES:SLICE_HEADER_BYTES], tag)
    if good and len(stored) == SLICE_HEADER_BYTES + size_bytes + SLICE_SEGMENT_OVERHEAD:
        plain = out[:size_bytes]
        try:
            cipher.decrypt_into(head[SLICE_HEADER_BYTES:], stored[_SINGLE_BYTES:], _SLICE_FINAL_AADS[0], plain)
        except InvalidTag:
            plain[:] = bytes(size_bytes)
        else:
            return size_bytes
    raise _damaged(object_name)


def open_slice(key: bytes, aad: bytes, stored: Buffer, size_bytes: int, *, object_name: str = "") -> bytes:
    """The plaintext of a whole slice. DamagedError as in SliceOpener; a wrong size costs no memory.

    For large slices ``open_slice_into`` with a buffer used again is about ten times as fast.
    """
    if not 0 <= size_bytes <= SLICE_BYTES or len(stored) != slice_stored_size(size_bytes):
        raise _damaged(object_name)
    out = bytearray(size_bytes)
    open_slice_into(key, aad, stored, size_bytes, memoryview(out), object_name=object_name)
    return bytes(out)
