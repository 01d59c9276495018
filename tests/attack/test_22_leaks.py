"""Attack 22: learn names, sizes, contents or structure from the storage. All in it is padded and looks random."""

from __future__ import annotations

import base64
import contextlib
import math
import urllib.parse
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from megadesk.core.app import App
from megadesk.core.secrets import LockerSecrets
from megadesk.crypto import aead
from megadesk.format import names
from megadesk.format.padme import is_padme
from megadesk.transfer.upload import slice_size
from tests.attack.uploads import write_files
from tests.attack.world import PASSPHRASE, SECRET_NAMES, Bench, Objects, contents, objects_of, pattern

PARAMETERS = bytes.fromhex("00000004000000000020")
"""FLOE's parameters for 256 KiB segments: AES-256-GCM, HKDF-SHA-384, 262144, 32."""


def encodings(secret: bytes) -> set[bytes]:
    """A secret in every writing in which it may have slipped through."""
    found = {secret, secret[::-1], secret.hex().encode(), secret.hex().upper().encode()}
    with contextlib.suppress(UnicodeDecodeError):
        text = secret.decode()
        found |= {text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("utf-32-le")}
        found |= {text.lower().encode(), text.upper().encode(), urllib.parse.quote(text).encode()}
        found.add(text.encode("unicode-escape"))
    for skip in range(3):  # base64 of something that has the secret inside: three ways to be aligned
        inner = base64.b64encode(b"\0" * skip + secret)
        cut = inner[4 if skip else 0 : len(inner) // 4 * 4 - 4]
        found |= {cut, cut.translate(bytes.maketrans(b"+/", b"-_"))}
    return {each for each in found if len(each) >= 6}


def needles(bench: Bench) -> Iterator[tuple[str, bytes]]:
    for name in (*SECRET_NAMES, "from-beta.txt", "vanishes.txt", "goes.txt", "segments.bin", "shortcut"):
        for each in encodings(name.encode()):
            yield name, each
    for each in encodings(PASSPHRASE.encode()) | encodings(bench.world.recovery_key.encode()):
        yield "the passphrase or recovery key", each
    secrets = LockerSecrets.from_bytes(bench.world.secrets["alpha"])
    for key in (secrets.first_epoch.to_bytes(), secrets.index_key, secrets.device_keys.signing.seed()):
        for each in encodings(key):
            yield "a key", each


def test_every_size_is_a_padme_size(bench: Bench) -> None:
    for moment in bench.world.moments:
        for name, data in moment.objects.items():
            assert is_padme(len(data)), f"{name} has {len(data)} bytes"
            assert len(data) <= 16 << 20


def test_nothing_readable_in_any_object_at_any_moment(bench: Bench) -> None:
    everything: Objects = {}
    for moment in bench.world.moments:
        everything |= moment.objects
    small = b"\0".join(data for data in everything.values() if len(data) < 1 << 20)
    large = [data for data in everything.values() if len(data) >= 1 << 20]
    listing = "\n".join(everything).encode()
    for what, needle in needles(bench):
        assert needle not in small, what
        assert needle not in listing, what
        if len(needle) < 30:
            assert not any(needle in data for data in large), what
    for path, content in bench.world.files.items():
        if isinstance(content, bytes) and len(content) >= 16:
            for start in (0, len(content) // 2 - 8, len(content) - 16):
                piece = content[start : start + 16]
                assert piece not in small, path
                assert not any(piece in data for data in large), path


def test_names_of_objects_say_nothing(bench: Bench) -> None:
    """Random ids, numbers in sequence, and nothing else; no id appears in two kinds but a device's."""
    for name in bench.world.end.objects:
        known = (
            name == names.HEADER
            or names.parse_device(name)
            or names.parse_entry(name)
            or names.parse_pack(name)
            or names.parse_checkpoint_part(name)
        )
        assert known, name


def test_the_storage_folder_holds_objects_and_nothing_else(bench: Bench, tmp_path: Path) -> None:
    """The real thing on a disk: a folder store, while and after it is used."""
    app = App(str(tmp_path / "home"))
    new = app.create_locker(PASSPHRASE, store=str(tmp_path / "store"), device_name="machine")
    with contextlib.closing(new.locker) as locker:
        sources = write_files(tmp_path / "in", {f"secret-{n}/treasure.txt": pattern(n, 3000) for n in range(5)})
        locker.transfers.run_now(locker.upload(sources, "/"))
        locker.write_checkpoint()
        for name, data in objects_of(tmp_path / "store").items():
            if not name.split("/")[-1].startswith("."):
                assert is_padme(len(data)), name
            for needle in encodings(b"treasure.txt") | encodings(b"secret-"):
                assert needle not in data + name.encode(), name
    hidden = {name: data for name, data in objects_of(tmp_path / "store").items() if "/." in f"/{name}"}
    # The folder's own mark: that it is a store, with a random number.
    assert set(hidden) == {".megadesk-store"}
    assert len(bytes.fromhex(hidden[".megadesk-store"].decode())) == 16


# --- packs look random from end to end


def chi_square(data: bytes) -> float:
    """In standard deviations from what uniformly random bytes give."""
    expected = len(data) / 256
    total = sum((data.count(value) - expected) ** 2 / expected for value in range(256))
    return (total - 255) / math.sqrt(2 * 255)


def test_packs_look_random(bench: Bench) -> None:
    packs = {name: data for m in bench.world.moments for name, data in m.objects.items() if "packs/" in name}
    assert len(packs) >= 5
    for name, data in packs.items():
        assert PARAMETERS not in data, name
        assert b"\xff\xff\xff\xff" * 2 not in data, name
        assert len(zlib.compress(data[: 1 << 20], 1)) >= min(len(data), 1 << 20), name
        if len(data) >= 20_000:
            # The padding at the end too: it must not be told from slices.
            for piece in (data[: 1 << 20], data[-(1 << 16) :]):
                assert abs(chi_square(piece)) < 6, name
                ones = int.from_bytes(piece, "big").bit_count()
                assert abs(ones - len(piece) * 4) < 6 * math.sqrt(len(piece) * 2), name
        # Around every segment's end of every slice, were there a length or a mark.
        for stride in (262_140, 262_144):
            for phase in range(0, 64, 4):
                column = [data[place : place + 4] for place in range(phase, len(data) - 4, stride)]
                if len(column) > 8:
                    assert max(Counter(column).values()) <= 2, f"{name}: repeats every {stride} bytes"


def test_borders_of_slices_cannot_be_seen(bench: Bench, tmp_path: Path) -> None:
    """Over hundreds of slices of known places: no byte near a border is anything but uniformly random."""
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        files = {f"many/{number:03d}": pattern(number, 300 + number) for number in range(700)}
        locker.transfers.run_now(locker.upload(write_files(tmp_path / "in", files), "/Quarterly/many"))
        borders: set[tuple[str, int]] = set()
        for content in contents(locker).values():
            for number, ref in enumerate(content.slices):
                end = ref.offset + aead.slice_stored_size(slice_size(content.size, number))
                # One slice's end is the next one's beginning.
                borders |= {(names.pack(ref.pack), ref.offset), (names.pack(ref.pack), end)}
    columns: dict[int, list[int]] = {}
    for name, border in borders:
        data = store.objects[name]
        for place in range(-64, 128):
            if 0 <= border + place < len(data):
                columns.setdefault(place, []).append(data[border + place])
    assert len(columns[0]) > 500
    for place, values in columns.items():
        assert abs(chi_square(bytes(values))) < 7, f"{place} bytes from a border"
    # And runs across borders do not depend on each other: neighbouring bytes are equal as often as chance has it.
    equal = sum(store.objects[n][b] == store.objects[n][b - 1] for n, b in borders if 0 < b < len(store.objects[n]))
    assert equal < len(borders) / 256 + 8 * math.sqrt(len(borders) / 256)


def test_metadata_behind_its_public_front_looks_random(bench: Bench) -> None:
    """Beyond magic, type, epoch, parameters and the segments' lengths, which are the same for all objects of a size."""
    together = b""
    by_size: dict[tuple[str, int], set[bytes]] = {}
    everything: Objects = {}
    for moment in bench.world.moments:
        everything |= moment.objects
    for name, data in everything.items():
        kind = name.split("/")[0]
        if kind in ("devices", "log", "checkpoints"):
            together += data[22:86] + data[90:4000]
            by_size.setdefault((kind, len(data)), set()).add(data[:22] + data[86:90])
    assert abs(chi_square(together)) < 6
    assert all(len(fronts) == 1 for fronts in by_size.values())
