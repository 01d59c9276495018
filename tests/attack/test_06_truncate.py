"""Attack 6: cut objects short, or make them longer. Every length of every object but the true one is refused."""

from __future__ import annotations

import os

import pytest

from megadesk.crypto import aead
from megadesk.errors import DamagedError, StoreProtocolError
from megadesk.format import names
from megadesk.format.envelope import slice_aad
from megadesk.format.padme import padme
from megadesk.transfer.upload import slice_size
from tests.attack.reading import metadata, refusal
from tests.attack.world import Bench, assert_never_wrong, contents, fetch, forgotten, is_typed, picture


def test_every_length_of_every_metadata_object(bench: Bench) -> None:
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        for name in metadata(store.objects):
            data = store.objects[name]
            # A checkpoint's parts are read through its head, which takes longer.
            step = 9 if name.startswith("checkpoints/") else 1
            for length in range(0, len(data), step):
                assert refusal(locker, name, data[:length]) is not None, f"{name}: {length} of {len(data)} bytes"
            possible = len(data)
            for _ in range(12):
                possible = padme(possible + 1)
                for longer in (
                    data.ljust(possible, b"\0"),
                    data + os.urandom(possible - len(data)),
                    (data * 2)[:possible],
                ):
                    assert refusal(locker, name, longer) is not None, f"{name}: {possible} of {len(data)} bytes"


def test_every_length_of_slices(bench: Bench) -> None:
    """Whatever is left of a slice, with whatever size it is taken for, does not open."""
    store = bench.store()
    with bench.device("beta", store).unlocked() as locker:
        aad = slice_aad(locker.locker_id, 0)
        for content in contents(locker).values():
            if not content.slices:
                continue
            ref = content.slices[0]
            size = slice_size(content.size, 0)
            whole = store.objects[names.pack(ref.pack)][ref.offset : ref.offset + aead.slice_stored_size(size)]
            small = size < 6000
            segment = aead.SLICE_SEGMENT_PLAIN
            sizes = range(0, size, 1 if size < 500 else 101) if small else [*range(0, size, segment), size - 1]
            for cut in sizes:
                with pytest.raises(DamagedError):
                    aead.open_slice(ref.key, aad, whole[: aead.slice_stored_size(cut)], cut)
                with pytest.raises(DamagedError):
                    aead.open_slice(ref.key, aad, whole[: aead.slice_stored_size(cut)], size)
            for longer in (size + 1, size + 28, size + segment):
                if longer <= aead.SLICE_BYTES:
                    stored = whole.ljust(aead.slice_stored_size(longer), b"\0")
                    with pytest.raises(DamagedError):
                        aead.open_slice(ref.key, aad, stored, longer)


def test_packs_cut_and_grown_through_downloads(bench: Bench) -> None:
    store = bench.store()
    with bench.device("beta", store).unlocked() as locker:
        needed = sorted({names.pack(ref.pack) for content in contents(locker).values() for ref in content.slices})
        for name in needed:
            whole = store.objects[name]
            ends = {0, 1, 63, 64, 100, len(whole) // 3, len(whole) // 2}
            for content in contents(locker).values():
                for number, ref in enumerate(content.slices):
                    if names.pack(ref.pack) == name and len(ends) < 10:
                        ends |= {ref.offset, ref.offset + 30, ref.offset + slice_size(content.size, number)}
            for cut in sorted(end for end in ends if end < len(whole) - 70_000 or len(whole) < 200_000):
                store.objects[name] = whole[:cut]
                got, refused = fetch(locker, bench.fresh_folder("got"))
                assert_never_wrong(got, refused, bench.world.files)
                report = locker.upkeep.check()
                assert name in [problem.object_name for problem in report.problems], f"{name} cut at {cut}"
            store.objects[name] = whole + os.urandom(padme(len(whole) + 1) - len(whole))
            got, refused = fetch(locker, bench.fresh_folder("got"))
            assert (got, refused) == (bench.world.files, {}), "random bytes at the end of a pack are padding"
            store.objects[name] = whole


@pytest.mark.parametrize("size", [0, 1, 11, 12, 13, 85, 86, 102, -1])
def test_a_device_that_reads_everything_again(bench: Bench, size: int) -> None:
    honest = bench.store()
    for name in metadata(honest.objects)[:: 1 if size == 0 else 5]:
        store = bench.store()
        store.objects[name] = honest.objects[name][:size]
        with forgotten(bench.device("alpha", store)) as locker:
            assert locker.trouble is None or is_typed(locker.trouble)
            if locker.trouble is None and not locker.refresh().refused:
                assert picture(locker) == bench.world.truth, f"{name} cut to {size}"


def test_a_huge_object_is_not_read(bench: Bench) -> None:
    store = bench.store()
    for name in metadata(store.objects)[::3]:
        honest = store.objects[name]
        store.objects[name] = bytes((16 << 20) + 1)
        with forgotten(bench.device("alpha", store)) as locker:
            assert locker.trouble is None or isinstance(locker.trouble, StoreProtocolError) or is_typed(locker.trouble)
        store.objects[name] = honest
