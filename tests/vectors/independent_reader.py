#!/usr/bin/env python3
"""Reads a MegaDesk locker that lies in a folder, by its recovery key: docs/format.md in code, nothing of MegaDesk's.

    independent_reader.py STORE --key-file FILE ls              the tree, then the trash below "trash:"
    independent_reader.py STORE --key-file FILE hash            the same with SHA-256 of contents, and earlier versions
    independent_reader.py STORE --key-file FILE extract DEST    the tree (without the trash) into the new folder DEST

With --token-file instead of --key-file it opens one link whose record is in the store, by the fragment of its URL (and
--password-file), and does the same with what that shows.

Needs Python 3.11 and ``cryptography`` 50. Reads the logs, which are the whole truth (checkpoints only save time). It
remembers nothing from run to run, so it cannot tell when the store as a whole shows an older state.
"""

import argparse
import base64
import contextlib
import hashlib
import hmac
import itertools
import os
import re
import sys
import unicodedata
from collections import defaultdict, namedtuple
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

ROOT, TRASH, ORPHANS = (bytes(15) + bytes([number]) for number in range(3))
FOLDER, FILE, SYMLINK = range(3)
SLICE, MAX_OBJECT = 32 * 262112, 16 << 20


def need(condition: object, what: str) -> None:
    if not condition:
        raise ValueError(what)


# By first byte: the width of the number that follows, and the least that needs it (of negative ones, less than minus).
LONG_FORMS = {
    0xC4: (1, 0), 0xC5: (2, 1 << 8), 0xC6: (4, 1 << 16),
    0xCC: (1, 1 << 7), 0xCD: (2, 1 << 8), 0xCE: (4, 1 << 16), 0xCF: (8, 1 << 32),
    0xD0: (1, 1 << 5), 0xD1: (2, 1 << 7), 0xD2: (4, 1 << 15), 0xD3: (8, 1 << 31),
    0xD9: (1, 1 << 5), 0xDA: (2, 1 << 8), 0xDB: (4, 1 << 16), 0xDC: (2, 1 << 4), 0xDD: (4, 1 << 16),
}  # fmt: skip


def unpack(data: bytes, padded: bool = False) -> Any:
    """MessagePack of the kinds that occur, in its shortest form only; with ``padded``, zeros may follow."""
    at = 0

    def take(size: int) -> bytes:
        nonlocal at
        at += size
        need(at <= len(data), "a record ends early")
        return data[at - size : at]

    def item() -> Any:
        code = take(1)[0]
        if code < 0x80 or code >= 0xE0:
            return code if code < 0x80 else code - 256
        if 0x90 <= code <= 0x9F:
            return [item() for _ in range(code & 15)]
        if 0xA0 <= code <= 0xBF:
            return take(code & 31).decode()
        if code == 0xC0:
            return None
        need(code in LONG_FORMS, "a record holds a value of a kind that no record has")
        width, least = LONG_FORMS[code]
        number = int.from_bytes(take(width), signed=(negative := 0xD0 <= code <= 0xD3))
        need(number < -least if negative else number >= least, "a record is not in its shortest form")
        if code <= 0xC6 or 0xD9 <= code <= 0xDB:
            return take(number) if code <= 0xC6 else take(number).decode()
        return number if code <= 0xD3 else [item() for _ in range(number)]

    value = item()
    need(at == len(data) or (padded and not any(data[at:])), "a record is followed by something")
    return value


def fits(value: Any, shape: Any) -> bool:
    """Shapes: n: n bytes; range: an integer in it; [shape]: any number of these; (shapes): exactly these; function."""
    if isinstance(shape, int):
        return type(value) is bytes and len(value) == shape
    if isinstance(shape, range):
        return type(value) is int and value in shape
    if isinstance(shape, list):
        return type(value) is list and all(fits(part, shape[0]) for part in value)
    if isinstance(shape, tuple):
        return type(value) is list and len(value) == len(shape) and all(map(fits, value, shape))
    return bool(shape(value))


def record(data: bytes, shape: Any, what: str, most: int) -> Any:
    need(len(data) <= most and fits(value := unpack(data), shape), f"{what} is malformed")
    return value


def is_bytes(low: int, high: int) -> Any:
    return lambda value: type(value) is bytes and low <= len(value) <= high


def is_name(value: Any) -> bool:
    return is_bytes(1, 255)(value) and value not in (b".", b"..") and not {0, 47} & set(value)


def is_text(value: Any, low: int, high: int) -> bool:
    return type(value) is str and low <= len(value) <= high


def stored_bytes(size: int) -> int:
    return 64 + size + 28 * -(-size // 262112)


def is_content(value: Any) -> bool:
    if not fits(value, (range(1, 2), range(2**53 + 1), [SLICE_REF], range((1 << 30) + 1))):
        return fits(value, (range(2, 3), is_bytes(1, 4096)))
    _, size, refs, listed = value
    held = listed or size
    ends = [ref[1] + stored_bytes(min(SLICE, held - index * SLICE)) for index, ref in enumerate(refs)]
    return len(refs) == -(-held // SLICE) <= 4096 and max(ends, default=0) <= MAX_OBJECT and bool(size or not listed)


def is_operation(value: Any) -> bool:
    if not any(fits(value, (range(tag, tag + 1), *shapes)) for tag, shapes in OPERATIONS.items()):
        return False
    if value[0] == 1 and (value[2] == TRASH or value[4] != (value[7][0] if value[7] else FOLDER)):
        return False
    if value[0] == 8:
        return derive(value[2], b"link id", size=16) == value[1]
    return value[0] > 3 or value[1][:15] != bytes(15)


UNSIGNED, COUNT, MODE, TIME = range(2**63), range(1, 2**63), range(0o10000), range(-(2**63), 2**63)
SLICE_REF = (16, range(MAX_OBJECT), 32, 32)
OPERATIONS: dict[int, tuple[Any, ...]] = {
    1: (16, 16, is_name, range(3), MODE, TIME, lambda value: value is None or is_content(value)),
    2: (16, 16, lambda value: fits(value, [16]) and len(value) <= 64, MODE, TIME, is_content),
    3: (16, 16, is_name),
    4: (16, MODE, TIME),
    5: (16, [16]),
    6: ([16],),
    7: (UNSIGNED, 8, [(16, UNSIGNED, 32)], [(lambda v: fits(v, 0) or fits(v, 16), is_bytes(0, 2048))]),
    8: (16, 32, 16, range(4), UNSIGNED, UNSIGNED, lambda v: v is None or fits(v, (UNSIGNED, UNSIGNED, 32)),
        lambda v: is_text(v, 0, 2000), range(5), lambda v: is_text(v, 0, 8192),
        lambda v: fits(v, [16]) and len(v) <= 400_000),
    9: (16,),
}  # fmt: skip
LINK_NODE = (
    range(-1, 2**32),
    is_name,
    range(3),
    MODE,
    TIME,
    range(2**53 + 1),
    lambda v: v is None or type(v) in (bytes, list),
)
LINK_SLICE = (range(2**32), range(MAX_OBJECT), 32)
COST = (range(19 << 10, (1 << 20) + 1), range(1, 17))
LINK = (range(1, 2), 32, UNSIGNED, UNSIGNED, range(4), lambda v: is_text(v, 0, 2000), [16],
        lambda v: v is None or fits(v, [lambda url: is_text(url, 1, 8192)]), [LINK_NODE])  # fmt: skip
GENESIS = (32, 1216, 16, is_bytes(1, 4096))
ENROLMENT = (32, 1216, 16, lambda v: type(v) is str and 0 < len(v) <= 100, UNSIGNED, is_bytes(0, 16), 64)
ENTRY = (range(1, 2), 16, COUNT, range(1, 2**62 + 1), 32, [(16, COUNT, 32)], UNSIGNED, [is_operation])


def recovery_key(text: str) -> bytes:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    plain = re.sub(r"[\s-]", "", text.upper()).translate(str.maketrans("ILO", "110"))
    need(len(plain) == 65 and set(plain) <= set(alphabet), "the recovery key is not 65 of its characters")
    number = 0
    for group in range(13):
        *symbols, check = (alphabet.index(symbol) for symbol in plain[group * 5 : group * 5 + 5])
        total = group
        for place, symbol in enumerate(symbols, 1):
            number = number << 5 | symbol
            for _ in range(place):
                symbol = symbol << 1 ^ (0b100101 if symbol & 16 else 0)
            total ^= symbol
        need(total == check, f"group {group + 1} of the recovery key is mistyped")
    need(number >> 256 == 0, "the recovery key is of an unknown version")
    return number.to_bytes(32)


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def derive(secret: bytes, *parts: bytes, size: int = 32) -> bytes:
    info = b"megadesk/1" + b"".join(len(part).to_bytes(2) + part for part in parts)
    return HKDFExpand(SHA384(), size, info).derive(secret)


def open_floe(key: bytes, aad: bytes, message: bytes, segment_bytes: int) -> bytes:
    """A FLOE message of up to 2**20 segments, so that there is but one segment key."""
    prefix = b"\0\0" + segment_bytes.to_bytes(4) + b"\0\0\0\x20" + message[10:42]

    def kdf(secret: bytes, purpose: bytes, size: int) -> bytes:
        return hmac.digest(secret, prefix + purpose + aad + b"\x01", "sha384")[:size]

    need(message[:74] == prefix + kdf(key, b"HEADER_TAG:", 32) and len(message) > 74, "it does not open")
    cipher = AESGCM(kdf(kdf(key, b"MESSAGE_KEY:", 48), b"DEK:" + bytes(8), 32))
    segments = [message[at : at + segment_bytes] for at in range(74, len(message), segment_bytes)]
    plain = []
    for position, segment in enumerate(segments):
        final = position == len(segments) - 1
        need(segment[:4] == (len(segment) if final else 2**32 - 1).to_bytes(4), "a segment of it has a wrong length")
        plain.append(cipher.decrypt(segment[4:16], segment[16:], position.to_bytes(8) + bytes([final])))
    return b"".join(plain)


def open_slice(key: bytes, aad: bytes, stored: bytes) -> bytes:
    """Puts back the parameters and lengths that a stored slice lacks, which makes it a FLOE message."""
    message = b"\0\0\0\x04\0\0\0\0\0\x20" + stored[:64]
    for at in range(64, len(stored), 262140):
        piece = stored[at : at + 262140]
        message += ((len(piece) + 4).to_bytes(4) if at + 262140 >= len(stored) else b"\xff" * 4) + piece
    return open_floe(key, aad, message, 262144)


def signed(key: bytes, data: bytes, domain: bytes) -> bytes:
    """The body of a record: what follows its signature, which must hold, and not under a key of small order."""
    prime, y = 2**255 - 19, int.from_bytes(key, "little") % 2**255
    y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
    need(y % prime not in (0, 1, prime - 1, y8, prime - y8), "its signing key is none")
    ed25519.Ed25519PublicKey.from_public_bytes(key).verify(data[:64], domain + data[64:])
    return data[64:]


def padme(size: int) -> int:
    exponent = size.bit_length() - 1
    unit = 1 << max(0, exponent - exponent.bit_length())
    return -(-size // unit) * unit


class Locker:
    """``operations`` are (stamp, time in ms, operation) of all devices, verified, in the order of their stamps."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self.ignored: list[str] = []
        self.at = "the recovery key"  # what is being read, for messages
        self.devices: dict[bytes, tuple[bytes, str, int, bytes]] = {}  # public signing key, name, time, enroller

    def open(self, key: bytes) -> None:
        header = self.read("locker")
        end = 13 + int.from_bytes(header[9:13])
        need(header[:9] == b"MEGADESK\x01" and len(header) <= 64 << 10, "no locker, or of an unknown version")
        need(77 < end <= len(header) == padme(end) and not any(header[end:]), "its frame is malformed")
        root_key, recovery, nonce, sealed = record(header[77:end], GENESIS, "the genesis record", 64 << 10)
        self.id = sha256(signed(root_key, header[13:end], b"megadesk/1 genesis"))
        root = ed25519.Ed25519PrivateKey.from_private_bytes(derive(key, b"root signing key"))
        seed = derive(key, b"recovery hpke key", size=96)
        x_key = x25519.X25519PrivateKey.from_private_bytes(seed[64:])
        self.private = mlkem.MLKEM768PrivateKey.from_seed_bytes(seed[:64]), x_key
        public = [private.public_key().public_bytes_raw() for private in (root, *self.private)]
        need(b"".join(public) == root_key + recovery, "the recovery key is another locker's")
        secret = self.open_hpke(sealed, b"megadesk/1 epoch" + root_key + nonce)
        self.epochs = {derive(secret, b"epoch id")[:8]: secret}
        self.hash_key = derive(secret, b"content hash")
        self.ignored = self.read_enrolments(root_key)
        logs = self.names("log", 32)
        self.ignored += [f"log/{text}" for text in logs if bytes.fromhex(text) not in self.devices]
        self.operations = self.read_logs()

    def open_hpke(self, sealed: bytes, info: bytes) -> bytes:
        suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA384, hpke.AEAD.AES_256_GCM)
        return suite.decrypt(sealed, hpke.MLKEM768X25519PrivateKey(*self.private), info)

    def read(self, name: str, offset: int = 0, length: int = MAX_OBJECT, most: int = MAX_OBJECT) -> bytes:
        self.at = name
        with (self.store / name).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            need(size <= most and size == padme(size), "it has a size that no object has")
            file.seek(offset)
            return file.read(length)

    def names(self, folder: str, digits: int) -> list[str]:
        found = os.listdir(self.store / folder) if (self.store / folder).is_dir() else []
        return sorted(name for name in found if re.fullmatch(f"[0-9a-f]{{{digits}}}", name))

    def open_object(self, name: str, kind: int, type_name: bytes, data: bytes) -> bytes:
        need(data[:4] == bytes([77, 68, 1, kind]) and data[4:12] in self.epochs, "its version, type or key is unknown")
        aad = b"megadesk/1" + bytes([kind]) + self.id + len(name).to_bytes(2) + name.encode() + data[4:12]
        framed = open_floe(derive(self.epochs[data[4:12]], b"object", type_name, self.id), aad, data[12:], 4096)
        end = 4 + int.from_bytes(framed[:4])
        need(len(framed) >= end and not any(framed[end:]), "it is padded wrongly")
        return framed[4:end]

    def read_enrolments(self, root_key: bytes) -> list[str]:
        """Takes every device whose chain of enrollers ends at the root key; gives the names of what is left over."""
        waiting, left = self.names("devices", 32), -1
        while left != (left := len(waiting)):
            for text in waiting.copy():
                device = bytes.fromhex(text)
                try:
                    data = self.open_object(f"devices/{text}", 1, b"device", self.read(f"devices/{text}"))
                    found = record(data[64:], ENROLMENT, "the enrolment", 16 << 10)
                    need(sha256(*found[:3])[:16] == device, "it holds other keys")
                    signed(found[0], found[6] + device, b"megadesk/1 enrolled" + self.id)
                    signed(self.devices[found[5]][0] if found[5] else root_key, data, b"megadesk/1 device" + self.id)
                except (KeyError, ValueError, InvalidTag, InvalidSignature):
                    continue
                self.devices[device] = (found[0], *found[3:6])
                waiting.remove(text)
        return [f"devices/{text}" for text in waiting]

    def read_logs(self) -> list[tuple[Any, int, list[Any]]]:
        """Every entry after all that its device had seen; an epoch's entries after the Rekey that brings its key."""
        logs = {device: self.names(f"log/{device.hex()}", 16) for device in self.devices}
        known: dict[tuple[bytes, int], tuple[bytes, int]] = {}  # (device, number): (hash, Lamport clock)
        rekeys: dict[tuple[bytes, int, int], list[list[Any]]] = {}  # by writer, entry and place: whom they shut out
        cutoffs: dict[bytes, int] = {}
        broken: dict[bytes, tuple[str, Exception]] = {}
        entries, left = [], -1
        while left != (left := sum(map(len, logs.values()))):
            for device, numbers in logs.items():
                while numbers:
                    try:
                        data, entry = self.read_entry(device, numbers[0])
                        if not entry or not self.follows(device, entry, known, cutoffs):
                            break
                    except (ValueError, InvalidTag, InvalidSignature, OSError) as error:
                        broken[device] = self.at, error  # which is no matter if it turns out not to count
                        break
                    _, _, seq, clock, _, _, time_ms, operations = entry
                    numbers.pop(0)
                    known[device, seq] = sha256(b"megadesk/1 entry hash", data), clock
                    entries.append((device, seq, clock, time_ms, operations))
                    for place, rekey in ((place, op) for place, op in enumerate(operations) if op[0] == 7):
                        self.take_epoch(*rekey[1:3], rekey[4])
                        rekeys[device, seq, place] = rekey[3]
                        cutoffs = self.shut_out(rekeys)
        for device, numbers in logs.items():
            self.at = f"log/{device.hex()}/{numbers[0] if numbers else ''}"
            if numbers and int(numbers[0], 16) <= cutoffs.get(device, 2**64):
                self.at, error = broken.get(device, (self.at, ValueError("what it builds on is missing")))
                raise error
        return sorted(
            ((clock, device, position), time_ms, operation)
            for device, seq, clock, time_ms, operations in entries
            if seq <= cutoffs.get(device, seq)
            for position, operation in enumerate(operations)
        )

    def read_entry(self, device: bytes, text: str) -> tuple[bytes, list[Any]]:
        """An entry and its fields; none while its epoch is unknown."""
        data = self.read(name := f"log/{device.hex()}/{text}")
        if data[4:12] not in self.epochs:
            return data, []
        data = self.open_object(name, 2, b"entry", data)
        body = signed(self.devices[device][0], data, b"megadesk/1 entry" + self.id)
        entry = record(body, ENTRY, "the entry", (8 << 20) - 64)
        need(entry[1] == device and entry[2] == int(text, 16), "it is another entry")
        others = [other for other, _, _ in entry[5]]
        need(others == sorted({*others} - {device}), "it lists the other devices wrongly")
        return data, entry

    def follows(self, device: bytes, entry: list[Any], known: dict[Any, Any], cutoffs: dict[bytes, int]) -> bool:
        """Whether all that it builds on was read. What does not count, of others, need not be there any more."""
        _, _, seq, clock, previous, seen, _, _ = entry
        before = known.get((device, seq - 1), (b"", 0)) if seq > 1 else (self.id, 0)
        need(previous == before[0], "it does not continue its log")
        counted = [(d, n, hashed) for d, n, hashed in seen if n <= cutoffs.get(d, n)]
        if any((d, n) not in known for d, n, _ in counted):
            return False
        need(all(known[d, n][0] == hashed for d, n, hashed in counted), "it has seen another history")
        found = [known[d, n] for d, n, hashed in seen if known.get((d, n), (b"",))[0] == hashed]
        latest = max([before[1], *(lamport for _, lamport in found)])
        need(clock > latest if len(found) < len(seen) else clock == latest + 1, "its clock does not follow")
        return True

    def shut_out(self, rekeys: dict[tuple[bytes, int, int], list[list[Any]]]) -> dict[bytes, int]:
        """Of each device that is shut out, the number of the last entry that counts."""

        def chain(device: bytes) -> list[bytes]:
            found = [device]
            while (above := self.devices.get(found[-1], (b"", "", 0, b""))[3]) and above not in found:
                found.append(above)
            return found

        def rank(key: tuple[bytes, int, int]) -> tuple[Any, ...]:
            above = chain(key[0])
            times = [self.devices[each][2] if each in self.devices else -1 for each in (above[-1], key[0])]
            return (times[0], above[-1], -len(above), times[1], key[0], -key[1], -key[2])

        def silences(one: tuple[bytes, int, int], other: tuple[bytes, int, int]) -> bool:
            cuts = [(d, n) for d, n, _ in rekeys[one] if d != one[0]]
            return any(d in chain(other[0])[1:] or (d == other[0] and n < other[1]) for d, n in cuts)

        left, counting = set(rekeys), []
        while left:
            free = [key for key in left if not any(silences(other, key) for other in left)]
            for key in free or [max(left, key=rank)]:
                counting.append(key)
                left -= {key} | {other for other in left if silences(key, other) or silences(other, key)}
        found: dict[bytes, int] = {}
        for key in counting:
            found |= {d: min(n, found.get(d, n)) for d, n, _ in rekeys[key] if d != key[0]}
        return found | {device: 0 for device in self.devices if not found.keys().isdisjoint(chain(device)[1:])}

    def take_epoch(self, number: int, epoch: bytes, slots: list[list[bytes]]) -> None:
        """The epoch's secret, from the slot for the recovery key. One that does not hold brings nothing."""
        for sealed in (sealed for recipient, sealed in slots if not recipient):
            with contextlib.suppress(InvalidTag, ValueError):
                secret = self.open_hpke(sealed, b"megadesk/1 rekey" + self.id + number.to_bytes(8))
                if derive(secret, b"epoch id")[:8] == epoch:
                    self.epochs[epoch] = secret

    def chunks(self, content: list[Any]) -> Iterator[bytes]:
        """A file's bytes, slice by slice, each verified."""
        _, size, refs, listed = content
        if listed:
            refs = record(b"".join(self.slices(refs, listed)), [SLICE_REF], "the slice list", 1 << 30)
            need(len(refs) == -(-size // SLICE), "a slice list is of another length than its file")
        yield from self.slices(refs, size)

    def slices(self, refs: list[Any], size: int) -> Iterator[bytes]:
        for index, (pack, offset, key, digest) in enumerate(refs):
            length = min(SLICE, size - index * SLICE)
            name = f"packs/{pack.hex()[:2]}/{pack.hex()}"
            stored = self.read(name, offset, stored_bytes(length))
            plain = open_slice(key, b"megadesk/1\x05" + self.id + index.to_bytes(8), stored)
            digest_holds = hmac.compare_digest(hmac.digest(self.hash_key, plain, "sha256"), digest)
            need(len(plain) == length and digest_holds, "it has another content")
            yield plain


def open_link(token: str, data: bytes, password: str | None) -> list[Any]:
    """The record of a link from the object that holds it, by the fragment of its URL."""
    secret = base64.urlsafe_b64decode(token)
    need(re.fullmatch("[A-Za-z0-9_-]{44}", token) and secret[0] == 1, "that is no link's fragment")
    aad = b"megadesk/1\x04" + derive(secret[1:], b"link id", size=16)
    need(len(data) <= 64 << 20 and len(data) == padme(len(data)), "it has a size that no link has")
    need(data[:7] == b"ML\x01\0\0\0\x8a", "it is no link, or of an unknown version")
    plain = open_floe(derive(secret[1:], b"link preamble"), aad + b"\0", data[7:145], 4096)
    need(len(plain) == 32, "its preamble is of another length")
    preamble = unpack(plain, padded=True)
    need(fits(preamble, (range(1, 2), UNSIGNED, lambda v: v is None or fits(v, COST))), "its preamble is malformed")
    need(145 + preamble[1] <= len(data), "it was cut short")
    context: list[bytes] = []
    if preamble[2]:
        need(password is not None, "it needs a password")
        memory_kib, passes = preamble[2]
        salt = derive(secret[1:], b"link salt", size=16)
        argon = Argon2id(salt=salt, length=32, iterations=passes, lanes=1, memory_cost=memory_kib)
        context = [argon.derive(unicodedata.normalize("NFC", password or "").encode())]
    body = open_floe(derive(secret[1:], b"link key", *context), aad + b"\x01", data[145 : 145 + preamble[1]], 4096)
    found = record(body, LINK, "the link record", 64 << 20)
    packs, urls, nodes = found[6:]
    need(nodes and found[4] & 1 == (nodes[0][2] == FOLDER), "its first item is not what it says")
    need(len({*packs}) == len(packs) and (urls is None or len(urls) == len(packs)), "its packs are malformed")
    depths: list[int] = []
    for index, (parent, _, kind, _, _, size, content) in enumerate(nodes):
        need(-1 < parent < index and nodes[parent][2] == FOLDER if index else parent == -1, "an item is in no folder")
        depths.append(depths[parent] + 1 if index else 0)
        if kind == FILE:
            need(fits(content, [LINK_SLICE]) and len(content) == -(-size // SLICE), "a file's slices are malformed")
            for number, (pack, offset, _) in enumerate(content):
                end = offset + stored_bytes(min(SLICE, size - number * SLICE))
                need(pack < len(packs) and end <= MAX_OBJECT, "a slice is in no pack")
        else:
            need(size == 0 and (content is None) == (kind == FOLDER), "an item's kind and content differ")
            need(kind == FOLDER or is_bytes(1, 4096)(content), "a link's target is malformed")
    need(max(depths) <= 1000, "its folders are nested too deep")
    need(len({(node[0], node[1]) for node in nodes}) == len(nodes), "a name is twice in one folder")
    return found


class Link(Locker):
    """What a link shows; looks like a locker and its tree in one."""

    def take(self, token: str, password: str | None) -> None:
        name = f"links/{derive(base64.urlsafe_b64decode(token)[1:], b'link id', size=16).hex()}"
        found = open_link(token, self.read(name, length=64 << 20, most=64 << 20), password)
        self.id, self.packs, self.nodes = found[1], found[6], found[8]

    def chunks(self, content: list[Any]) -> Iterator[bytes]:
        _, size, refs = content
        for index, (number, offset, key) in enumerate(refs):
            length = min(SLICE, size - index * SLICE)
            pack = self.packs[number].hex()
            stored = self.read(f"packs/{pack[:2]}/{pack}", offset, stored_bytes(length))
            plain = open_slice(key, b"megadesk/1\x05" + self.id + index.to_bytes(8), stored)
            need(len(plain) == length, "it has another length")
            yield plain

    def walk(self, folder: bytes) -> Iterator[Any]:
        paths: list[bytes] = []
        for parent, name, kind, mode, mtime_ns, size, content in self.nodes:
            paths.append((paths[parent] if parent >= 0 else b"") + b"/" + name)
            yield Row(paths[-1], kind, mode, mtime_ns, (kind, size if kind == FILE else content, content), False)

    def trash(self) -> Iterator[Any]:
        return iter(())


Place = namedtuple("Place", "parent name stamp time_ms")
Version = namedtuple("Version", "stamp mode mtime_ns content time_ms bases")
Row = namedtuple("Row", "path kind mode mtime_ns content old")  # old: replaced by a newer version, but kept


class Tree:
    """What the set of operations says: a function of it, in whatever order devices learnt of them."""

    def __init__(self, locker: Locker) -> None:
        self.device_names = {device: found[1] for device, found in locker.devices.items()}
        self.made: dict[bytes, tuple[Any, bytes, int]] = {}  # stamp, parent, kind
        self.places: dict[bytes, Place] = {}
        self.versions: dict[bytes, dict[bytes, Version]] = defaultdict(dict)
        self.attributes: dict[bytes, list[Any]] = defaultdict(list)  # stamp, mode, mtime_ns
        self.purged: dict[bytes, set[bytes]] = {}
        moves = []
        for stamp, time_ms, (tag, node, *rest) in locker.operations:
            if tag == 1:
                parent, name, kind, mode, mtime_ns, content = rest
                if self.made.setdefault(node, (stamp, parent, kind))[0] == stamp:
                    self.places[node] = Place(parent, name, stamp, time_ms)
                    self.attributes[node] += [(stamp, mode, mtime_ns)] * (kind == FOLDER)
                if content:
                    self.versions[node].setdefault(node, Version(stamp, mode, mtime_ns, content, time_ms, []))
            elif tag == 2:
                version, bases, mode, mtime_ns, content = rest
                self.versions[node].setdefault(version, Version(stamp, mode, mtime_ns, content, time_ms, bases))
            elif tag == 3:
                moves.append((node, Place(rest[0], rest[1], stamp, time_ms)))
            elif tag == 4:
                self.attributes[node].append((stamp, *rest))
            elif tag == 5:
                self.purged.setdefault(node, set()).update(rest[0])
        for node, (stamp, parent, _) in self.made.items():
            if parent in self.made and (self.made[parent][2] != FOLDER or self.made[parent][0] >= stamp):
                self.places[node] = self.places[node]._replace(parent=ORPHANS)
        for node, place in moves:
            if node in self.made and self.is_folder(place.parent) and not self.is_within(place.parent, node):
                self.places[node] = place
        self.heads = {node: self.find_heads(node) for node in self.made}
        self.children: dict[bytes, dict[bytes, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        shown: set[bytes] = set()
        for node in self.made:
            if self.heads[node] or (self.made[node][2] == FOLDER and node not in self.purged):
                while node in self.places and node not in shown:  # a purged folder is shown for what is in it
                    shown.add(node)
                    node = self.places[node].parent
        for node in shown:
            self.children[self.places[node].parent][self.places[node].name].append(node)

    def is_folder(self, node: bytes) -> bool:
        return node in (ROOT, TRASH, ORPHANS) or (node in self.made and self.made[node][2] == FOLDER)

    def is_within(self, node: bytes, folder: bytes) -> bool:
        while node != folder and node in self.places:
            node = self.places[node].parent
        return node == folder

    def find_heads(self, node: bytes) -> list[bytes]:
        """Ids of kept versions that no kept one replaces, directly or through dropped ones; newest first."""
        usable = {key: v for key, v in self.versions[node].items() if v.content[0] == self.made[node][2]}
        kept = usable.keys() - self.purged.get(node, set())
        replaced: set[bytes] = set()
        pending = list(kept)
        while pending:
            version = usable[pending.pop()]
            found = {base for base in version.bases if base in usable and usable[base].stamp < version.stamp}
            pending += found - replaced
            replaced |= found
        return sorted(kept - replaced, key=lambda key: usable[key].stamp, reverse=True)

    def items(self, folder: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
        """(name as shown, node, version or b"") of a folder's items, and of conflict copies of them."""
        for name, nodes in sorted(self.children[folder].items()):
            taken = set(self.children[folder])
            for number, node in enumerate(sorted(nodes, key=lambda node: (self.places[node].stamp, node))):
                if folder in (TRASH, ORPHANS):  # where the same name twice is no conflict
                    number, taken = 0, set()
                shown = self.conflict_name(name, self.places[node], taken) if number else name
                yield shown, node, (self.heads[node] or [b""])[0]
                for version in self.heads[node][1:]:
                    yield self.conflict_name(name, self.versions[node][version], taken), node, version

    def conflict_name(self, name: bytes, whose: Any, taken: set[bytes]) -> bytes:
        """``name (conflict, DEVICE, DATE).ext`` for a placement or version, its first form that is not ``taken``."""
        unfit = r"[\x00-\x1f\x7f-\x9f/()\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
        label = " ".join(re.sub(unfit, " ", self.device_names[whose.stamp[1]]).split())[:32] or "?"
        day = whose.time_ms // 86_400_000
        date = str(datetime.fromtimestamp(day * 86400, UTC).date()) if day < 2_932_897 else "?"
        stem, dot, ending = name.rpartition(b".")
        if not stem.strip(b".") or not 0 < len(ending.decode("utf-8", "surrogateescape")) <= 16 or b" " in ending:
            stem, dot, ending = name, b"", b""
        elif stem.endswith(b".tar") and stem != b".tar":
            stem, ending = stem[:-4], b"tar." + ending
        for number in itertools.count(1):
            tail = f" (conflict, {label}, {date}{f' {number}' if number > 1 else ''})".encode() + dot + ending
            front = stem
            if len(front + tail) > 255:
                tail = b"~" + hashlib.sha256(name).hexdigest()[:8].encode() + tail
                front = re.sub(rb"[\xc0-\xff]?[\x80-\xbf]*\Z", b"", front[: max(0, 255 - len(tail))])
            if front + tail not in taken:
                break
        taken.add(front + tail)
        return front + tail

    def walk(self, folder: bytes, prefix: bytes = b"") -> Iterator[Row]:
        """Everything below a folder, every folder before what is in it; earlier versions after the current one."""
        for shown, node, head in self.items(folder):
            path, kind = prefix + b"/" + shown, self.made[node][2]
            versions, heads = self.versions[node], self.heads[node]
            given = self.attributes[node] if head in heads[:1] or kind == FOLDER else []
            _, mode, mtime_ns = max([*given, versions[head][:3]] if heads else given)
            yield Row(path, kind, mode, mtime_ns, versions[head].content if heads else None, False)
            if kind == FOLDER:
                yield from self.walk(node, path)
            elif head == heads[0]:
                kept = {*versions} - {*heads} - self.purged.get(node, set())
                for version in sorted((versions[key] for key in kept), key=lambda version: version.stamp, reverse=True):
                    if version.content[0] == kind:
                        yield Row(path, kind, version.mode, version.mtime_ns, version.content, True)

    def trash(self) -> Iterator[Row]:
        """What lies in the trash, and then what was made where no folder is."""
        for folder in (TRASH, ORPHANS, *sorted(folder for folder in self.children if not self.is_folder(folder))):
            yield from self.walk(folder, b"trash:")


def show(locker: Any, tree: Any, hashes: bool) -> None:
    """Lines of kind, mode, size, time of modification in ns, SHA-256 (of a link's target), path; tabs between them."""
    for path, kind, mode, mtime_ns, content, old in itertools.chain(tree.walk(ROOT), tree.trash()):
        text = path.replace(b"\\", rb"\\").decode("utf-8", "backslashreplace")
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
        size = len(content[1]) if kind == SYMLINK else content[1] if kind == FILE else 0
        line = ["old" if old else ("folder", "file", "link")[kind], f"{mode:04o}", size, mtime_ns, text]
        if hashes:
            digest = hashlib.sha256(content[1] if kind == SYMLINK else b"")
            for chunk in locker.chunks(content) if kind == FILE else ():
                digest.update(chunk)
            line.insert(4, "-" if kind == FOLDER else digest.hexdigest())
        if hashes or not old:
            print(*line, sep="\t")


def extract(locker: Any, tree: Any, dest: bytes) -> None:
    """Creates everything anew, so that nothing is overwritten and no link is followed. Unverified bytes get no name."""
    os.mkdir(dest, 0o700)
    made = []
    for path, kind, mode, mtime_ns, content, _ in (row for row in tree.walk(ROOT) if not row.old):
        if kind == SYMLINK:
            os.symlink(content[1], dest + path)
            os.utime(dest + path, ns=(mtime_ns, mtime_ns), follow_symlinks=False)
            continue
        if kind == FOLDER:
            os.mkdir(dest + path, 0o700)
        else:
            with open(dest + b"/.partial", "xb") as file:
                file.writelines(locker.chunks(content))
            os.rename(dest + b"/.partial", dest + path)
        made.append((dest + path, mode, mtime_ns))
    for target, mode, mtime_ns in reversed(made):
        os.chmod(target, mode)
        os.utime(target, ns=(mtime_ns, mtime_ns))


def main() -> int:
    parser = argparse.ArgumentParser(description="Reads a MegaDesk locker in a folder by its recovery key.")
    parser.add_argument("store", type=Path)
    opener = parser.add_mutually_exclusive_group(required=True)
    opener.add_argument("--key-file", type=Path, help="a text file with the recovery key")
    opener.add_argument("--token-file", type=Path, help="a text file with the fragment of a link")
    parser.add_argument("--password-file", type=Path, help="a text file with the link's password")
    parser.add_argument("command", choices=["ls", "hash", "extract"])
    parser.add_argument("dest", nargs="?", default="extracted", help="for extract: the folder to be made")
    arguments = parser.parse_args()
    locker: Any = Link(arguments.store) if arguments.token_file else Locker(arguments.store)
    try:
        if arguments.token_file:
            password = arguments.password_file.read_text().strip("\n") if arguments.password_file else None
            locker.take(arguments.token_file.read_text().strip(), password)
        else:
            locker.open(recovery_key(arguments.key_file.read_text()))
        tree = locker if arguments.token_file else Tree(locker)
        for name in locker.ignored:
            print(f"ignored, for nobody of this locker vouches for it: {name}", file=sys.stderr)
        if arguments.command == "extract":
            extract(locker, tree, os.fsencode(arguments.dest))
        else:
            show(locker, tree, arguments.command == "hash")
    except (ValueError, OSError, KeyError, RecursionError, InvalidTag, InvalidSignature) as error:
        print(f"refused, at {locker.at}: {error or 'it has been altered'}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
