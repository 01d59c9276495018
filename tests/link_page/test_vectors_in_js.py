"""The page's own FLOE, key derivation, MessagePack and records against the vectors that every program here takes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from megadesk.crypto import aead
from megadesk.errors import DamagedError
from tests.link_page import build

HERE = Path(__file__).parent
VECTORS = HERE.parent / "vectors"
FLOE = sorted((VECTORS / "floe").glob("*.txt"))
# The specification's own, from a folder given from outside: as tests/unit/crypto/test_floe_vectors.py has them.
_given = os.environ.get("MEGADESK_FOREIGN_VECTORS")
FOREIGN = sorted((Path(_given) if _given else HERE.parents[2] / "shared" / "vectors" / "floe").glob("*_ct.txt"))
LINKS = sorted((VECTORS / "links").glob("*.json"))


def floe_case(path: Path) -> dict[str, Any]:
    head, _, body = path.read_text(encoding="ascii").partition("\n\n")
    fields = dict(line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in head.splitlines())
    numbers = {name: int(fields[name]) for name in ("segment", "rotation", "size")}
    return {"kind": "floe", **fields, **numbers, "data": body.replace("\n", "")}


def impossible(case: dict[str, Any]) -> bool:
    try:
        aead.opened_size(len(case["data"]) // 2, case["segment"])
    except DamagedError:
        return case["form"] == "message"
    return False


def foreign_case(path: Path) -> dict[str, Any]:
    data = path.read_text().strip()
    plaintext = path.with_name(path.name.replace("_ct.txt", "_pt.txt")).read_text().strip().lower()
    fields = {"form": "message", "key": bytes(32).hex(), "aad": b"This is AAD".hex(), "plaintext": plaintext}
    rotation = 2 if "rotation" in path.stem else 20
    return {"kind": "floe", **fields, "segment": int(data[4:12], 16), "rotation": rotation, "data": data}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The outcome of every vector, opened by node, once with WebCrypto and once with AES in JavaScript."""
    build.install()
    bundle = tmp_path_factory.mktemp("page") / "testing.mjs"
    build.run("node", "build.mjs", "--tests", str(bundle))
    cases = {f"floe/{path.stem}": floe_case(path) for path in FLOE}
    cases |= {f"spec/{path.stem}": foreign_case(path) for path in FOREIGN}
    cases |= {f"link/{path.stem}": {"kind": "link", **json.loads(path.read_text())} for path in LINKS}
    found: dict[str, Any] = json.loads(
        build.run("node", str(HERE / "vectors.mjs"), str(bundle), stdin=json.dumps(cases))
    )
    assert len(found) == 2 * (len(FLOE) + len(FOREIGN) + len(LINKS))
    return found


@pytest.mark.parametrize("cipher", ["web", "plain"])
def test_floe(results: dict[str, Any], cipher: str) -> None:
    for path in FLOE:
        case, result = floe_case(path), results[f"floe/{path.stem} {cipher}"]
        # some of the messages have a length that none can have, which is seen before what else is wrong
        assert result["outcome"] in ({case["expect"], "size"} if impossible(case) else {case["expect"]}), path.stem
        if case["expect"] == "ok":
            assert result["plaintext"] == case["plaintext"]


@pytest.mark.parametrize("cipher", ["web", "plain"])
def test_floe_of_the_specification(results: dict[str, Any], cipher: str) -> None:
    for path in FOREIGN:
        result = results[f"spec/{path.stem} {cipher}"]
        assert result == {"outcome": "ok", "plaintext": foreign_case(path)["plaintext"]}


def expected_node(node: dict[str, Any]) -> dict[str, Any]:
    content = node["content"] if node["kind"] == 1 else []
    ms = int(node["mtime_ns"]) // 1_000_000
    return {
        **{name: node[name] for name in ("parent", "name", "kind", "mode")},
        "size": int(node["size"]),
        "mtime_ms": ms,
        "content": content,
    }


@pytest.mark.parametrize("cipher", ["web", "plain"])
@pytest.mark.parametrize("path", LINKS, ids=lambda path: path.stem)
def test_link(results: dict[str, Any], path: Path, cipher: str) -> None:
    vector, result = json.loads(path.read_text()), results[f"link/{path.stem} {cipher}"]
    if vector["expect"] != "ok":
        kinds = {"password": {"password"}, "damaged": {"damaged"}, "malformed": {"damaged", "newer"}}
        assert result["outcome"] in kinds[vector["expect"]]
        return
    assert result["outcome"] == "ok"
    record, expected = result["record"], vector["record"]
    assert record["packs"] == expected["packs"]
    assert record["urls"] == expected["urls"]
    assert record["note"] == expected["note"]
    assert (record["createdMs"], record["expiresMs"]) == (int(expected["created_ms"]), int(expected["expires_ms"]))
    assert record["live"] == bool(expected["flags"] & 2)
    assert record["nodes"] == [expected_node(node) for node in expected["nodes"]]
    for index, content in vector["files"].items():
        assert result["files"][index] == content
    for index in vector.get("damaged_files", ()):
        assert result["files"][str(index)] == {"failure": "segment-tag"}
