"""The committed vectors of links, which the page's tests and the independent reader take as well."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from megadesk.crypto.aead import SLICE_BYTES, open_slice, slice_stored_size
from megadesk.crypto.link import LinkSecret
from megadesk.errors import DamagedError, DecodeError
from megadesk.format.envelope import slice_aad
from megadesk.format.link import LinkRecord, open_link, open_preamble
from tests.vectors.make_link_vectors import record_json

VECTORS = sorted((Path(__file__).resolve().parent / "links").glob("*.json"))


def outcome(vector: dict[str, Any]) -> tuple[str, LinkRecord | None]:
    """How opening the vector's record ends."""
    secret = LinkSecret.from_token(vector["token"])
    data = base64.b64decode(vector["object"])
    key = b""
    try:
        preamble = open_preamble(data, secret, "links/x")
        if preamble.password is not None:
            if vector["password"] is None:
                return "password", None
            key = secret.password_key(vector["password"], preamble.password)
        return "ok", open_link(data, secret, preamble, key, "links/x")
    except DecodeError:
        return "malformed", None
    except DamagedError:
        return "password" if key else "damaged", None


def contents(vector: dict[str, Any], record: LinkRecord, index: int) -> bytes:
    node = record.nodes[index]
    assert isinstance(node.content, tuple)
    parts = []
    for position, ref in enumerate(node.content):
        size = min(SLICE_BYTES, node.size - position * SLICE_BYTES)
        pack = base64.b64decode(vector["packs"][record.packs[ref.pack].hex()])
        stored = pack[ref.offset : ref.offset + slice_stored_size(size)]
        parts.append(open_slice(ref.key, slice_aad(record.locker, position), stored, size))
    return b"".join(parts)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_vector(path: Path) -> None:
    vector = json.loads(path.read_text())
    secret = LinkSecret.from_token(vector["token"])
    assert secret.token() == vector["token"]
    assert secret.id.hex() == vector["keys"]["link_id"]
    assert secret.preamble_key().hex() == vector["keys"]["preamble_key"]
    assert secret.link_key(bytes.fromhex(vector["keys"]["password_key"])).hex() == vector["keys"]["link_key"]
    got, record = outcome(vector)
    assert got == vector["expect"]
    if record is None:
        return
    assert record_json(record) == vector["record"]
    for index, expected in vector["files"].items():
        content = contents(vector, record, int(index))
        assert len(content) == expected["size"]
        assert hashlib.sha256(content).hexdigest() == expected["sha256"]
    for index in vector.get("damaged_files", ()):
        with pytest.raises(DamagedError):
            contents(vector, record, index)


def test_they_cover_all_outcomes() -> None:
    outcomes = [json.loads(path.read_text())["expect"] for path in VECTORS]
    assert {kind: outcomes.count(kind) >= 4 for kind in ("ok", "password", "damaged", "malformed")} == dict.fromkeys(
        ("ok", "password", "damaged", "malformed"), True
    )
