"""The project's own FLOE vectors (tests/vectors/floe), and the specification's (a folder given from outside)."""

from __future__ import annotations

import importlib.util
import os
import random
from pathlib import Path

import pytest

from megadesk.crypto import aead
from megadesk.errors import DamagedError

TESTS = Path(__file__).parents[2]
OWN = TESTS / "vectors" / "floe"
OWN_FILES = sorted(OWN.glob("*.txt"))
FOREIGN = Path(os.environ.get("MEGADESK_FOREIGN_VECTORS") or TESTS.parent.parent / "shared" / "vectors" / "floe")
FOREIGN_FILES = sorted(FOREIGN.glob("*_ct.txt"))
FOREIGN_AAD = b"This is AAD"
KINDS = {"size", "parameters", "header-tag", "segment-length", "segment-tag"}


def read_case(path: Path) -> tuple[dict[str, str], bytes]:
    head, _, body = path.read_text(encoding="ascii").partition("\n\n")
    fields = dict(line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in head.splitlines())
    return fields, bytes.fromhex(body)


def open_case(fields: dict[str, str], data: bytes) -> bytes:
    key, aad = bytes.fromhex(fields["key"]), bytes.fromhex(fields["aad"])
    if fields["form"] == "slice":
        return aead.open_slice(key, aad, data, int(fields["size"]))
    return aead.open_sealed(key, aad, data, segment_bytes=int(fields["segment"]), rotation_bits=int(fields["rotation"]))


def test_own_vectors_are_there() -> None:
    kinds = {read_case(path)[0]["expect"] for path in OWN_FILES}
    assert kinds == KINDS | {"ok"}


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: path.stem)
def test_own_vector(path: Path) -> None:
    fields, data = read_case(path)
    if fields["expect"] == "ok":
        assert open_case(fields, data) == bytes.fromhex(fields["plaintext"])
        return
    with pytest.raises(DamagedError) as caught:
        open_case(fields, data)
    assert str(caught.value) == "An object in the storage is damaged, was altered, or belongs elsewhere."
    assert caught.value.__context__ is None


def test_own_vectors_are_what_the_script_makes() -> None:
    spec = importlib.util.spec_from_file_location("make_floe_vectors", OWN.parent / "make_floe_vectors.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert {path.name: path.read_text(encoding="ascii") for path in OWN_FILES} == script.cases()


# --- the specification's own, by its C++, Go and Java implementations
# ----------------------------------------

foreign = pytest.mark.skipif(not FOREIGN_FILES, reason="set MEGADESK_FOREIGN_VECTORS to FLOE's test data")


def open_foreign(path: Path, message: bytes) -> bytes:
    segment_bytes = int.from_bytes(bytes.fromhex(path.read_text().strip())[2:6], "big")
    return aead.open_sealed(
        bytes(32),
        FOREIGN_AAD,
        message,
        segment_bytes=segment_bytes,
        rotation_bits=2 if "rotation" in path.name else 20,
    )


@foreign
def test_foreign_vectors_are_there() -> None:
    assert len(FOREIGN_FILES) >= 12


@pytest.mark.parametrize("path", FOREIGN_FILES, ids=lambda path: path.stem)
def test_foreign_vector_opens(path: Path) -> None:
    message = bytes.fromhex(path.read_text().strip())
    plain = bytes.fromhex(path.with_name(path.name.replace("_ct.", "_pt.")).read_text().strip())
    assert open_foreign(path, message) == plain


@pytest.mark.parametrize("path", FOREIGN_FILES, ids=lambda path: path.stem)
def test_foreign_vector_with_any_change_is_refused(path: Path) -> None:
    message = bytes.fromhex(path.read_text().strip())
    # All bits of the small ones; of the large ones all of header and of segments' ends, and some between.
    places = list(range(len(message)))
    if len(message) > 1000:
        edges = [at for at in places if at < 110 or (at - 74) % 4096 in range(24) or at >= len(message) - 24]
        places = edges + random.Random(1).sample(places, 200)
    for at in places:
        for bit in range(8) if len(message) <= 1000 else (at % 8,):
            changed = bytearray(message)
            changed[at] ^= 1 << bit
            with pytest.raises(DamagedError):
                open_foreign(path, bytes(changed))


@pytest.mark.parametrize("path", FOREIGN_FILES, ids=lambda path: path.stem)
def test_foreign_vector_cut_or_lengthened_is_refused(path: Path) -> None:
    message = bytes.fromhex(path.read_text().strip())
    step = 1 if len(message) < 1000 else 37
    for length in [*range(0, len(message), step), len(message) - 1]:
        with pytest.raises(DamagedError):
            open_foreign(path, message[:length])
    for extra in (b"\0", b"\xff", bytes(31), bytes(32), bytes(64), message[74:], message[-64:]):
        with pytest.raises(DamagedError):
            open_foreign(path, message + extra)
