"""Attack 1: overwrite a wrapped key, or any other byte. Every byte of every object is bound and committed to."""

from __future__ import annotations

import random

import pytest

from megadesk.crypto.aead import slice_stored_size
from megadesk.errors import DamagedError, IntegrityError, RecoveryKeyError
from megadesk.format import names
from megadesk.transfer.upload import slice_size
from tests.attack.reading import flips, metadata, notable, packs, read, refusal, with_object
from tests.attack.world import (
    DEVICES,
    Bench,
    assert_never_wrong,
    contents,
    fetch,
    forgotten,
    is_typed,
    outcome,
    picture,
)


def _every_byte(bench: Bench, mask: int, step: int) -> None:
    """One object of each kind whole, the others every ``step``th byte, parts of checkpoints (slow to read) both."""
    store = bench.store()
    kinds: set[str] = set()
    with bench.device("alpha", store).unlocked() as locker:
        for name in sorted(metadata(store.objects), key=lambda name: len(store.objects[name])):
            kind = name.split("/")[0] + ("-head" if name.endswith("/00000000") else "")
            data = store.objects[name]
            assert read(locker, name, data) is not None
            whole = kind not in kinds
            kinds.add(kind)
            every = 1 if whole and kind != "checkpoints" else step
            for position, changed in flips(data, positions=range(0, len(data), every), mask=mask):
                assert refusal(locker, name, changed) is not None, f"{name}: byte {position}"
    assert kinds == {"locker", "devices", "log", "checkpoints", "checkpoints-head"}


def test_every_byte_of_every_kind_of_metadata(bench: Bench) -> None:
    _every_byte(bench, 0x01, 11)


@pytest.mark.long
@pytest.mark.parametrize("bit", range(8))
def test_every_bit_of_every_metadata_object(bench: Bench, bit: int) -> None:
    _every_byte(bench, 1 << bit, 1)


@pytest.mark.parametrize("size", ["small", "large"])
def test_every_byte_of_slices(bench: Bench, size: str) -> None:
    """Small slices whole; large ones all headers, all nonces and tags, and between them systematically."""
    store = bench.store()
    tried = 0
    with bench.device("beta", store).unlocked() as locker:
        for path, content in contents(locker).items():
            if "/many/" in path and not path.endswith("7"):
                continue
            for number, ref in enumerate(content.slices):
                plain = slice_size(content.size, number)
                name = names.pack(ref.pack)
                whole = store.objects[name]
                if (plain < 6000) != (size == "small"):
                    continue
                stored_bytes = slice_stored_size(plain)
                positions = range(stored_bytes) if size == "small" else _spread(stored_bytes)
                pack = bytearray(whole)
                for position in positions:
                    pack[ref.offset + position] ^= 0x10
                    store.objects[name] = pack  # type: ignore[assignment]
                    with pytest.raises(DamagedError):
                        locker._port._read_slice(ref, number, plain)
                    pack[ref.offset + position] ^= 0x10
                    tried += 1
                store.objects[name] = whole
                assert len(locker._port._read_slice(ref, number, plain)) == plain
    assert tried > 200


def _spread(stored: int) -> list[int]:
    segment = 262_140
    wanted = set(range(0, 64, 7)) | {stored - 1, stored - 17}
    for start in range(64, stored, segment):
        wanted |= {start, start + 11, start + 12, min(start + segment, stored) - 16, min(start + segment, stored) - 1}
        wanted.add(start + 12 + (start * 7919) % (min(segment, stored - start) - 28))
    chosen = sorted(position for position in wanted if 0 <= position < stored)
    # A large slice has 32 segments: an even choice of them.
    return chosen if len(chosen) < 120 else random.Random(stored).sample(chosen, 120)


def test_every_object_damaged_costs_a_device_nothing_and_check_names_it(bench: Bench) -> None:
    """A device that has the locker goes on showing the truth, whatever is changed, and ``check`` says where."""
    honest = bench.store()
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        needed = {names.pack(ref.pack) for content in contents(locker).values() for ref in content.slices}
        for name, data in honest.objects.items():
            if name in packs(honest.objects) and name not in needed:
                continue  # of older versions or purged: covered by the slices' test
            changed = bytearray(data)
            changed[70 % len(data)] ^= 0x04
            store.show({**honest.objects, name: bytes(changed)})
            report = locker.upkeep.check(read_data=True)
            assert picture(locker) == bench.world.truth
            assert name in [problem.object_name for problem in report.problems], f"{name}: not noticed"
        store.show(honest.objects)
        assert locker.upkeep.check(read_data=True).problems == []


def test_damaged_packs_never_become_files(bench: Bench) -> None:
    store = bench.store()
    with bench.device("beta", store).unlocked() as locker:
        needed = sorted({names.pack(ref.pack) for content in contents(locker).values() for ref in content.slices})
        for name in needed:
            whole = store.objects[name]
            changed = bytearray(whole)
            for position in range(40, len(whole), max(1, len(whole) // 50)):
                changed[position] ^= 0x20
            store.objects[name] = bytes(changed)
            got, refused = fetch(locker, bench.fresh_folder("got"))
            assert refused
            assert_never_wrong(got, refused, bench.world.files)
            store.objects[name] = whole


@pytest.mark.parametrize("who", DEVICES)
def test_a_device_that_reads_everything_again(bench: Bench, who: str) -> None:
    """With one byte changed: it shows the truth, or says what is wrong. A sample of places in each kind of object."""
    honest = bench.store()
    seen: set[str] = set()
    for name in metadata(honest.objects):
        kind = "/".join(name.split("/")[:-1]) or name
        if kind in seen:
            continue
        seen.add(kind)
        for position in notable(honest.objects[name])[::4]:
            changed = bytearray(honest.objects[name])
            changed[position] ^= 0x02
            store = with_object(honest, name, bytes(changed))
            with forgotten(bench.device(who, store)) as locker:
                assert locker.trouble is None or is_typed(locker.trouble)
                if locker.trouble is None and not locker.refresh().refused:
                    assert picture(locker) == bench.world.truth, f"{name}: byte {position}"
                elif name.startswith("log/"):
                    assert isinstance(locker.trouble, IntegrityError)
                    assert locker.read_only_reason


def test_swapped_wraps(bench: Bench) -> None:
    """The one wrapped key outside the log is in the header: another locker's in its place opens nothing."""
    other = bench.newcomer(store := bench.store(0))
    store.show({})
    new = other.app.create_locker("another passphrase", store=str(bench.world.folder / "store"), name="Other")
    new.locker.close()
    foreign = store.objects["locker"]
    victim = with_object(bench.store(), "locker", foreign)
    shown, trouble = outcome(bench.device("alpha", victim))
    assert (shown, trouble) == (bench.world.truth, None)

    with pytest.raises(RecoveryKeyError), bench.joined(victim):
        pass
    own = bench.store().objects["locker"]
    # The sealed secret (at the end of the genesis record) of the one in the other.
    end = 13 + int.from_bytes(own[9:13], "big")
    for cut in range(end - 1160, end, 40):
        mixed = with_object(victim, "locker", own[:cut] + foreign[cut:])
        with pytest.raises(IntegrityError), bench.joined(mixed):
            pass
