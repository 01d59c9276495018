"""Makes tests/vectors/links/*.json: link records with their packs, for every program that opens links.

    python3 -m tests.vectors.make_link_vectors

A vector is one JSON object: ``token`` (the URL's fragment), ``password`` or null, ``object`` (base64 of the stored
record), ``packs`` (hexadecimal id -> base64), and ``expect``: "ok", "password" (asked for and missing, or wrong),
"damaged" (does not open) or "malformed" (opens, and is not what the format allows). Where it is "ok", ``record`` is
what it holds and ``files`` has SHA-256 and size of every file by the index of its node; ``damaged_files`` are nodes
whose content must not open although the record does. Byte strings are hexadecimal, but objects and packs; numbers that
may exceed 2^53 are decimal strings. ``keys`` are for finding out which step went wrong.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from megadesk.crypto import aead
from megadesk.crypto.keys import fresh_slice_key
from megadesk.crypto.link import LinkSecret, PasswordCost
from megadesk.format.envelope import slice_aad
from megadesk.format.link import (
    LinkNode,
    LinkRecord,
    LinkSlice,
    link_aad,
    make_record,
    seal_link,
)
from megadesk.format.padme import padme
from megadesk.types import LockerId, NodeKind, PackId

HERE = Path(__file__).resolve().parent / "links"
LOCKER = LockerId(hashlib.sha256(b"a locker for the vectors of links").digest())
QUICK = PasswordCost(19 * 1024, 1)
TIME_NS = 1_700_000_000_123_456_789
TIME_MS = 1_700_000_000_000


def pattern(size: int, seed: int) -> bytes:
    """Bytes that look random and can be made again anywhere: SHA-256 of seed and counter, one after another."""
    blocks = (hashlib.sha256(seed.to_bytes(4, "big") + i.to_bytes(4, "big")).digest() for i in range(-(-size // 32)))
    return b"".join(blocks)[:size]


class Packs:
    """Packs being filled: each file's only slice behind the last one, padded at the end."""

    def __init__(self) -> None:
        self.ids: list[PackId] = []
        self._data: list[bytearray] = []

    def new(self) -> None:
        self.ids.append(PackId(hashlib.sha256(b"pack %d" % len(self.ids)).digest()[:16]))
        self._data.append(bytearray())

    def add(self, content: bytes) -> tuple[LinkSlice, ...]:
        if not content:
            return ()
        key = fresh_slice_key(hashlib.sha256(content).digest())
        out = bytearray(aead.slice_stored_size(len(content)))
        aead.seal_slice_into(key, slice_aad(LOCKER, 0), content, memoryview(out))
        ref = LinkSlice(len(self.ids) - 1, len(self._data[-1]), key)
        self._data[-1] += out
        return (ref,)

    def done(self) -> dict[str, bytes]:
        return {
            pack.hex(): bytes(data) + pattern(padme(len(data)) - len(data), 99)
            for pack, data in zip(self.ids, self._data, strict=True)
        }


def node_json(node: LinkNode) -> dict[str, Any]:
    content: Any = None
    if isinstance(node.content, bytes):
        content = node.content.hex()
    elif node.content is not None:
        content = [{"pack": ref.pack, "offset": ref.offset, "key": ref.key.hex()} for ref in node.content]
    return {
        "parent": node.parent,
        "name": node.name.hex(),
        "kind": node.kind,
        "mode": node.mode,
        "mtime_ns": str(node.mtime_ns),
        "size": str(node.size),
        "content": content,
    }


def record_json(record: LinkRecord) -> dict[str, Any]:
    return {
        "version": record.version,
        "locker": record.locker.hex(),
        "created_ms": str(record.created_ms),
        "expires_ms": str(record.expires_ms),
        "flags": record.flags,
        "note": record.note,
        "packs": [pack.hex() for pack in record.packs],
        "urls": list(record.urls) if record.urls is not None else None,
        "nodes": [node_json(node) for node in record.nodes],
    }


def write(name: str, comment: str, expect: str, secret: LinkSecret, data: bytes, **more: Any) -> None:
    packs: Mapping[str, bytes] = more.pop("packs", {})
    vector = {
        "comment": comment,
        "expect": expect,
        "token": secret.token(),
        "password": more.pop("password", None),
        "keys": {
            "link_id": secret.id.hex(),
            "preamble_key": secret.preamble_key().hex(),
            "password_key": (more.get("password_key") or b"").hex(),
            "link_key": secret.link_key(more.pop("password_key", b"") or b"").hex(),
        },
        "object": base64.b64encode(data).decode(),
        "packs": {pack: base64.b64encode(content).decode() for pack, content in packs.items()},
        **more,
    }
    (HERE / f"{name}.json").write_text(json.dumps(vector, indent=1, ensure_ascii=True) + "\n")


def secret_of(name: str) -> LinkSecret:
    return LinkSecret(hashlib.sha256(b"link vector " + name.encode()).digest())


def good(
    name: str,
    comment: str,
    nodes: list[LinkNode],
    packs: Packs,
    contents: dict[int, bytes],
    *,
    password: str | None = None,
    cost: PasswordCost = QUICK,
    **fields: Any,
) -> None:
    secret = secret_of(name)
    record = make_record(LOCKER, nodes, packs.ids, created_ms=TIME_MS, **fields)
    key = secret.password_key(password, cost) if password is not None else b""
    data = seal_link(record, secret, cost=cost if key else None, password_key=key)
    files = {
        str(index): {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for index, content in contents.items()
    }
    more = {"record": record_json(record), "files": files}
    write(name, comment, "ok", secret, data, packs=packs.done(), password=password, password_key=key, **more)
    if password is not None:
        write(f"{name}_missing", "The same without its password.", "password", secret, data)
        write(f"{name}_wrong", "The same with another.", "password", secret, data, password=password + " ")


def file_node(parent: int, name: bytes, content: bytes, packs: Packs, mode: int = 0o644) -> LinkNode:
    return LinkNode(parent, name, NodeKind.FILE, mode, TIME_NS, len(content), packs.add(content))


def folder_node(parent: int, name: bytes) -> LinkNode:
    return LinkNode(parent, name, NodeKind.FOLDER, 0o755, TIME_NS, 0, None)


def make_good() -> None:
    packs = Packs()
    packs.new()
    text = b"Hello, whoever has this link.\n"
    good("file", "A small file.", [file_node(-1, b"hello.txt", text, packs)], packs, {0: text}, note="For you: \u2764")

    packs = Packs()
    packs.new()
    good(
        "file_empty",
        "An empty file: no slice, no pack is asked for.",
        [file_node(-1, b"empty", b"", packs)],
        packs,
        {0: b""},
    )

    packs = Packs()
    packs.new()
    long = pattern(300_000, 1)
    nodes = [file_node(-1, "zwei Abschnitte \u00fc.bin".encode(), long, packs)]
    good(
        "file_two_segments",
        "A slice of two segments; expires.",
        nodes,
        packs,
        {0: long},
        expires_ms=TIME_MS + 86_400_000,
    )

    packs = Packs()
    packs.new()
    good(
        "file_password",
        "A password of characters beyond ASCII, given here in NFC; at the lowest cost.",
        [file_node(-1, b"secret.txt", text, packs)],
        packs,
        {0: text},
        password="p\u00e4ss w\u00f6rd",
    )
    packs = Packs()
    packs.new()
    good(
        "file_password_default",
        "A password at the default cost.",
        [file_node(-1, b"secret.txt", text, packs)],
        packs,
        {0: text},
        password="correct horse battery staple",
        cost=PasswordCost(64 * 1024, 3),
    )

    packs = Packs()
    packs.new()
    nodes = [folder_node(-1, b"Holiday"), folder_node(0, b"pictures"), folder_node(0, b"empty folder")]
    contents: dict[int, bytes] = {}

    def add(parent: int, name: bytes, content: bytes, mode: int = 0o644) -> None:
        contents[len(nodes)] = content
        nodes.append(file_node(parent, name, content, packs, mode))

    add(0, b"read me.txt", text)
    add(0, b"empty", b"")
    add(1, b"one.bin", pattern(70_000, 2))
    packs.new()
    add(1, b"two.bin", pattern(100, 3))
    add(1, "\u65e5\u672c\u8a9e.txt".encode(), "\u3053\u3093\u306b\u3061\u306f".encode())
    add(0, b"run.sh", b"#!/bin/sh\necho hello\n", 0o755)
    add(0, b"caf\xe9 latin-1.txt", b"a name that is not UTF-8\n")
    nodes.append(LinkNode(0, b"latest", NodeKind.LINK, 0o777, TIME_NS, 0, b"pictures/two.bin"))
    good("folder", "A folder with all there can be, in two packs; kept up to date.", nodes, packs, contents, live=True)

    packs = Packs()
    packs.new()
    nodes = [folder_node(-1, b"..\\evil")]
    contents = {}
    for name in (
        b"CON",
        b"aux.txt",
        b"a\\b",
        b"C:evil",
        b"trailing dot.",
        b"trailing space ",
        b" leading",
        b".hidden",
        b"-rf",
        b"new\nline",
        b"\x1b[31mred",
        "\u202egnp.exe".encode(),
        b"<img src=x onerror=alert(1)>",
        b"<svg onload=alert(1)>.svg",
        b"' onload='x",
        b"..%2f..%2fetc",
        b"%00",
        b"n" * 255,
        "\u00e9".encode() * 127,
        b"\xff\xfe",
        b"Case",
        b"case",
    ):
        add(0, name, b"named " + name)
    nodes.append(LinkNode(0, b"root", NodeKind.LINK, 0o777, TIME_NS, 0, b"/etc/passwd"))
    nodes.append(LinkNode(0, b"up", NodeKind.LINK, 0o777, TIME_NS, 0, b"../../.."))
    good("folder_hostile_names", "Names and targets that are allowed and must do no harm.", nodes, packs, contents)

    packs = Packs()
    packs.new()
    nodes = [file_node(-1, b"hello.txt", text, packs)]
    urls = ["https://bucket.example/packs/xx?X-Amz-Signature=0"]
    good("file_urls", "The packs have addresses of their own.", nodes, packs, {0: text}, urls=urls)

    packs = Packs()
    packs.new()
    nodes = [folder_node(-1, b"half"), file_node(0, b"good", text, packs), file_node(0, b"bad", long, packs)]
    secret = secret_of("damaged_pack")
    record = make_record(LOCKER, nodes, packs.ids, created_ms=TIME_MS)
    data = {name: bytearray(content) for name, content in packs.done().items()}
    ref = nodes[2].content
    assert isinstance(ref, tuple)
    assert isinstance(ref[0], LinkSlice)
    data[packs.ids[0].hex()][ref[0].offset + aead.slice_stored_size(len(long)) - 20] ^= 1
    write(
        "damaged_pack",
        "The last segment of one of two files is altered: the record opens, that file must not appear.",
        "ok",
        secret,
        seal_link(record, secret),
        packs=data,
        record=record_json(record),
        files={"1": {"size": len(text), "sha256": hashlib.sha256(text).hexdigest()}},
        damaged_files=[2],
    )


def sealed(
    secret: LinkSecret,
    body: bytes,
    preamble: Any = None,
    *,
    magic: bytes = b"ML\x01",
    tail: bytes | None = None,
    plain: bytes | None = None,
) -> bytes:
    """The object of any record and preamble, as somebody hostile might make one."""
    message = aead.seal(secret.link_key(), link_aad(secret.id, b"\x01"), body)
    if plain is None:
        plain = msgspec.msgpack.encode(preamble if preamble is not None else [1, len(message), None])
        plain += bytes(32 - len(plain))
    first = aead.seal(secret.preamble_key(), link_aad(secret.id, b"\x00"), plain)
    whole = magic + len(first).to_bytes(4, "big") + first + message
    return whole + (bytes(padme(len(whole)) - len(whole)) if tail is None else tail)


def make_bad() -> None:
    packs = Packs()
    packs.new()
    content = b"0123456789"
    file = file_node(-1, b"file", content, packs)
    base = msgspec.to_builtins(make_record(LOCKER, [file], packs.ids, created_ms=TIME_MS), builtin_types=(bytes,))

    def bad(name: str, comment: str, expect: str, data: bytes) -> None:
        write(f"bad_{name}", comment, expect, secret_of(f"bad_{name}"), data)

    def record(name: str, comment: str, value: Any) -> None:
        body = value if isinstance(value, bytes) else msgspec.msgpack.encode(value)
        bad(name, comment, "malformed", sealed(secret_of(f"bad_{name}"), body))

    def changed(field: int, value: Any) -> list[Any]:
        return [*base[:field], value, *base[field + 1 :]]

    def nodes(*rows: Any) -> list[Any]:
        folder = [-1, b"top", 0, 0o755, 0, 0, None]
        value = changed(8, [folder, *rows])
        value[4] = 1
        return value

    def child(**fields: Any) -> list[Any]:
        names = ("parent", "name", "kind", "mode", "mtime_ns", "size", "content")
        values = {
            "parent": 0,
            "name": b"file",
            "kind": 1,
            "mode": 0o644,
            "mtime_ns": 0,
            "size": 10,
            "content": file_slices,
        }
        return [(values | fields)[name] for name in names]

    file_slices = base[8][0][6]
    whole = msgspec.msgpack.encode(base)
    record("version", "A record of version 2.", changed(0, 2))
    record("surplus_field", "A field more than there are.", [*base, None])
    record("missing_field", "A field less.", base[:-1])
    record("trailing", "Bytes behind the record.", whole + b"\xc0")
    record("not_shortest", "The version as a 16-bit integer.", whole[:1] + b"\xcd\x00\x01" + whole[2:])
    record("locker_id", "A locker id of 31 bytes.", changed(1, LOCKER[:31]))
    record("flags", "An unknown flag.", changed(4, 4))
    record("folder_flag", "A file that claims to be a folder.", changed(4, 1))
    record("note_long", "A note of 2001 characters.", changed(5, "x" * 2001))
    record("note_bytes", "A note that is not text.", changed(5, b"x"))
    record("pack_twice", "A pack twice in the table.", changed(6, base[6] * 2))
    record("urls_count", "Two addresses for one pack.", changed(7, ["a", "b"]))
    record("no_nodes", "Nothing shared.", changed(8, []))
    record("first_parent", "The first item in a folder.", changed(8, [[0, *base[8][0][1:]]]))
    record("cycle", "A folder inside itself.", nodes([1, b"loop", 0, 0o755, 0, 0, None]))
    record(
        "forward_parent", "A file in a folder that comes later.", nodes(child(parent=2), [0, b"d", 0, 0, 0, 0, None])
    )
    record("two_tops", "A second item without a parent.", nodes(child(parent=-1)))
    record("file_parent", "A file inside a file.", nodes(child(), child(parent=1)))
    record("name_twice", "A name twice in one folder.", nodes(child(), child()))
    for label, name in (
        ("slash", b"a/b"),
        ("nul", b"a\0b"),
        ("dot", b"."),
        ("dots", b".."),
        ("empty", b""),
        ("long", b"n" * 256),
    ):
        record(f"name_{label}", "A name that is not a name.", nodes(child(name=name)))
    record("name_text", "A name that is text.", nodes(child(name="file")))
    record("mode", "A mode of 13 bits.", nodes(child(mode=0o10000)))
    record("kind", "An unknown kind.", nodes(child(kind=3)))
    record("size_large", "A size that needs another slice.", nodes(child(size=aead.SLICE_BYTES + 1)))
    record("size_zero", "A slice of an empty file.", nodes(child(size=0)))
    record("size_limit", "A size beyond 2^53.", nodes(child(size=2**53 + 1)))
    record("folder_size", "A folder with a size.", nodes([0, b"d", 0, 0o755, 0, 1, None]))
    record("folder_content", "A folder with content.", nodes([0, b"d", 0, 0o755, 0, 0, file_slices]))
    record("link_slices", "A symbolic link with slices.", nodes(child(kind=2, size=0)))
    record("link_target", "A symbolic link with no target.", nodes(child(kind=2, size=0, content=b"")))
    record("file_target", "A file with a target.", nodes(child(content=b"target")))
    record("pack_index", "A slice in a pack that is not in the table.", nodes(child(content=[[1, 0, b"k" * 32]])))
    record("offset", "A slice that reaches out of its pack.", nodes(child(content=[[0, (1 << 24) - 50, b"k" * 32]])))
    record("slice_key", "A slice key of 31 bytes.", nodes(child(content=[[0, 0, b"k" * 31]])))
    deep = [[max(0, i), b"d", 0, 0o755, 0, 0, None] for i in range(1001)]
    record("depth", "Folders nested 1001 deep.", nodes(*deep))
    record("boolean", "True where a number belongs.", changed(2, True))
    record("map", "A map where an array belongs.", {"version": 1})
    record("hollow", "An array that claims four milliards of items.", b"\xdd\xff\xff\xff\xff")

    def frame(name: str, comment: str, expect: str, **how: Any) -> None:
        bad(name, comment, expect, sealed(secret_of(f"bad_{name}"), whole, **how))

    size = aead.sealed_size(len(whole))
    frame("magic", "Another magic.", "malformed", magic=b"MD\x01")
    frame("object_version", "An object of version 2.", "malformed", magic=b"ML\x02")
    frame("not_padme", "A size that no object has.", "malformed", tail=b"")
    frame("preamble_version", "A preamble of version 2.", "malformed", preamble=[2, size, None])
    frame("preamble_surplus", "A preamble with a field more.", "malformed", preamble=[1, size, None, None])
    frame(
        "preamble_padding",
        "A preamble padded with something.",
        "malformed",
        plain=b"\x93\x01\xcd\x01\x00\xc0" + b"\x01" * 26,
    )
    frame(
        "preamble_short",
        "A preamble of 31 bytes.",
        "malformed",
        plain=msgspec.msgpack.encode([1, size, None]).ljust(31, b"\0"),
    )
    frame("record_bytes", "A record that reaches beyond the object.", "malformed", preamble=[1, size + 5000, None])
    frame("cost_low", "Argon2id with 8 KiB of memory.", "malformed", preamble=[1, size, [8, 1]])
    frame("cost_memory", "Argon2id with 4 GiB of memory.", "malformed", preamble=[1, size, [4 << 20, 3]])
    frame("cost_passes", "Argon2id with 17 passes.", "malformed", preamble=[1, size, [65536, 17]])
    frame("cost_no_passes", "Argon2id with no passes.", "malformed", preamble=[1, size, [65536, 0]])
    frame("record_longer", "A record message that begins early by a byte.", "damaged", preamble=[1, size - 1, None])

    secret = secret_of("bad_flip")
    valid = sealed(secret, whole)
    for label, position in (
        ("preamble_tag", 7 + 60),
        ("preamble_text", 7 + 100),
        ("record_iv", 145 + 12),
        ("record_text", 145 + 100),
    ):
        data = bytearray(valid)
        data[position] ^= 0x10
        write(f"bad_flip_{label}", "One bit is flipped.", "damaged", secret, bytes(data))
    cut = valid[: max(n for n in range(200, len(valid)) if padme(n) == n)]
    write("bad_cut", "Cut to the Padm\u00e9 size before.", "malformed", secret, cut)
    write("bad_other_secret", "The record of another link.", "damaged", secret_of("bad_other"), valid)
    write("bad_empty", "Nothing.", "malformed", secret, b"")


if __name__ == "__main__":
    for old in HERE.glob("*.json"):
        old.unlink()
    make_good()
    make_bad()
    print(f"{len(list(HERE.glob('*.json')))} vectors, {sum(p.stat().st_size for p in HERE.glob('*.json')) >> 10} KiB")
