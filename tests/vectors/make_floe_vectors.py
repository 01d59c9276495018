"""Write the project's own FLOE vectors into tests/vectors/floe, one file a case. Run it to make them anew.

It is a second implementation, a plain reading of the specification (its names in capitals), with fixed
randomness, so the vectors do not merely show that megadesk.crypto.aead agrees with itself. The files are
meant for any implementation::

    form: message | slice       slice: stripped of parameters and length fields, ``size`` is the plaintext's
    size expect: ok | size | parameters | header-tag | segment-length | segment-tag     the kind of failure
    segment, rotation           ENC_SEG_LEN and AEAD_ROTATION_MASK key, aad, plaintext         hex; the
    plaintext of a failing case is the one that must not come out (empty line) the bytes to open, in hex
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FOLDER = Path(__file__).parent / "floe"
KEY = bytes(range(32))
AAD = b"megadesk vector"
SLICE = 262144


class Randomness:
    """Bytes that look random and are the same in every run."""

    def __init__(self, name: str) -> None:
        self._name, self._count = name, 0

    def __call__(self, length: int) -> bytes:
        self._count += 1
        return hashlib.shake_256(f"{self._name} {self._count}".encode()).digest(length)


def param_encode(segment: int) -> bytes:
    return bytes((0, 0)) + segment.to_bytes(4, "big") + (32).to_bytes(4, "big")


def floe_kdf(key: bytes, segment: int, iv: bytes, aad: bytes, purpose: bytes, length: int) -> bytes:
    info = param_encode(segment) + iv + purpose + aad
    return hmac.new(key, info + b"\x01", hashlib.sha384).digest()[:length]


def encrypt(
    rnd: Randomness, key: bytes, aad: bytes, plaintext: bytes, segment: int, rotation: int, *, empty_end: bool = False
) -> list[bytes]:
    """Header and segments of a message; with ``empty_end``, a full last piece is followed by an empty
    segment.
    """
    iv = rnd(32)
    message_key = floe_kdf(key, segment, iv, aad, b"MESSAGE_KEY:", 48)
    parts = [param_encode(segment) + iv + floe_kdf(key, segment, iv, aad, b"HEADER_TAG:", 32)]
    step = segment - 32
    pieces = [plaintext[at : at + step] for at in range(0, len(plaintext), step)] or [b""]
    if empty_end:
        pieces.append(b"")
    for position, piece in enumerate(pieces):
        final = position == len(pieces) - 1
        masked = position >> rotation << rotation
        dek = floe_kdf(message_key, segment, iv, aad, b"DEK:" + masked.to_bytes(8, "big"), 32)
        aead_iv = rnd(12)
        sealed = AESGCM(dek).encrypt(aead_iv, piece, position.to_bytes(8, "big") + bytes((final,)))
        length = 4 + 12 + len(sealed) if final else 0xFFFFFFFF
        parts.append(length.to_bytes(4, "big") + aead_iv + sealed)
    return parts


def strip(parts: list[bytes]) -> bytes:
    return parts[0][10:] + b"".join(part[4:] for part in parts[1:])


def flip(data: bytes, at: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


def text_of(
    expect: str, plaintext: bytes, data: bytes, segment: int, rotation: int, form: str, key: bytes, aad: bytes
) -> str:
    lines = [
        f"form: {form}",
        f"expect: {expect}",
        f"segment: {segment}",
        f"rotation: {rotation}",
        f"key: {key.hex()}",
        f"aad: {aad.hex()}",
        f"size: {len(plaintext)}",
        f"plaintext: {plaintext.hex()}",
        "",
    ]
    text = data.hex()
    lines += [text[at : at + 96] for at in range(0, len(text), 96)]
    return "\n".join(lines) + "\n"


def cases() -> dict[str, str]:
    """File name -> file text."""
    found: dict[str, str] = {}

    def add(
        name: str,
        expect: str,
        plaintext: bytes,
        data: bytes,
        *,
        segment: int = 64,
        rotation: int = 2,
        form: str = "message",
        key: bytes = KEY,
        aad: bytes = AAD,
    ) -> None:
        found[f"{name}.txt"] = text_of(expect, plaintext, data, segment, rotation, form, key, aad)

    def plain(length: int) -> bytes:
        return Randomness("plaintext")(length)

    for length in (0, 1, 31, 32, 33, 64, 128, 129, 300):
        parts = encrypt(Randomness(f"ok {length}"), KEY, AAD, plain(length), 64, 2)
        add(f"ok_64_{length}", "ok", plain(length), b"".join(parts))
    parts = encrypt(Randomness("ok end"), KEY, AAD, plain(64), 64, 2, empty_end=True)
    add("ok_64_empty_last_segment", "ok", plain(64), b"".join(parts))
    parts = encrypt(Randomness("ok aad"), KEY, b"", plain(40), 64, 2)
    add("ok_64_no_aad", "ok", plain(40), b"".join(parts), aad=b"")
    for length in (100, 4064, 4065):
        parts = encrypt(Randomness(f"ok 4K {length}"), KEY, AAD, plain(length), 4096, 20)
        add(f"ok_4096_{length}", "ok", plain(length), b"".join(parts), segment=4096, rotation=20)
    for length in (0, 1, 500):
        stored = strip(encrypt(Randomness(f"slice {length}"), KEY, AAD, plain(length), SLICE, 20))
        add(f"ok_slice_{length}", "ok", plain(length), stored, segment=SLICE, rotation=20, form="slice")

    text = plain(100)
    header, first, second, third, fourth = encrypt(Randomness("failing"), KEY, AAD, text, 64, 2)
    whole = header + first + second + third + fourth
    bodies = first + second + third + fourth
    add("bad_empty", "size", text, b"")
    add("bad_header_alone", "size", text, header)
    add("bad_cut_in_header", "size", text, whole[:73])
    add("bad_last_segment_too_short", "size", text, header + first + fourth[:31])
    add("bad_algorithm", "parameters", text, flip(whole, 0))
    add("bad_hash", "parameters", text, flip(whole, 1))
    add("bad_segment_length_parameter", "parameters", text, flip(whole, 5))
    add("bad_iv_length_parameter", "parameters", text, flip(whole, 9))
    add("bad_iv", "header-tag", text, flip(whole, 10))
    add("bad_header_tag", "header-tag", text, flip(whole, 73))
    add("bad_other_key", "header-tag", text, whole, key=flip(KEY, 0))
    add("bad_other_aad", "header-tag", text, whole, aad=AAD + b"\0")
    add("bad_first_length", "segment-length", text, header + flip(first, 3) + second + third + fourth)
    add("bad_final_length", "segment-length", text, flip(whole, len(whole) - len(fourth) + 3))
    add("bad_lengthened", "segment-length", text, whole + b"\0")
    add("bad_cut_at_end", "segment-length", text, whole[:-1])
    add("bad_last_segment_missing", "segment-length", text, header + first + second + third)
    add("bad_segment_after_end", "segment-length", text, whole[:74] + bodies + fourth)
    add("bad_segment_iv", "segment-tag", text, header + flip(first, 4) + second + third + fourth)
    add("bad_ciphertext", "segment-tag", text, header + flip(first, 16) + second + third + fourth)
    add("bad_tag", "segment-tag", text, flip(whole, -1))
    add("bad_segments_swapped", "segment-tag", text, header + second + first + third + fourth)
    add("bad_segment_repeated", "segment-tag", text, header + first + first + third + fourth)
    add("bad_segment_missing", "segment-tag", text, header + first + third + fourth)
    ended = (64).to_bytes(4, "big") + third[4:]
    add("bad_inner_segment_as_last", "segment-tag", text, header + first + second + ended)
    other = encrypt(Randomness("another"), KEY, AAD, text, 64, 2)
    add("bad_segment_of_another", "segment-tag", text, header + first + other[2] + third + fourth)

    text = plain(50)
    parts = encrypt(Randomness("failing slice"), KEY, AAD, text, SLICE, 20)
    stored = strip(parts)
    for name, expect, data in (
        ("not_stripped", "size", b"".join(parts)),
        ("cut", "size", stored[:-1]),
        ("lengthened", "size", stored + b"\0"),
        ("iv", "header-tag", flip(stored, 0)),
        ("header_tag", "header-tag", flip(stored, 63)),
        ("segment_iv", "segment-tag", flip(stored, 64)),
        ("tag", "segment-tag", flip(stored, -1)),
    ):
        add(f"bad_slice_{name}", expect, text, data, segment=SLICE, rotation=20, form="slice")
    return found


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for file_name, file_text in cases().items():
        (FOLDER / file_name).write_text(file_text, encoding="ascii")
