"""Attack 5: reorder, repeat or drop segments of a message. Their position and which is last are bound."""

from __future__ import annotations

import itertools
import random

import pytest

from megadesk.core.locker import Locker
from megadesk.crypto.aead import SLICE_HEADER_BYTES, slice_stored_size
from megadesk.errors import DamagedError, IntegrityError
from megadesk.format import names
from megadesk.format.ops import SetAttributes, SliceRef
from megadesk.format.padme import is_padme
from megadesk.transfer.upload import slice_size
from tests.attack.reading import refusal
from tests.attack.world import Bench, HostileStore, assert_never_wrong, contents, fetch, forgotten

SEGMENT = 262_140  # stored: without the length bytes
META_START, META_SEGMENT = 12 + 74, 4096


def arrangements(count: int, *, full: bool) -> list[list[int]]:
    """Every permutation (``full``) or every swap of two, and every segment put in another's place or left out."""
    identity = list(range(count))
    made = [list(p) for p in itertools.permutations(identity)] if full else []
    for a, b in itertools.combinations(identity, 2):
        swapped = identity.copy()
        swapped[a], swapped[b] = b, a
        made.append(swapped)
        for source, target in ((a, b), (b, a)):
            repeated = identity.copy()
            repeated[target] = source
            made.append(repeated)
    for place in identity:
        made.append(identity[:place] + identity[place + 1 :])
        made.append(identity[: place + 1] + identity[place:])
    # Something behind a whole message is padding, which nobody reads.
    return [arrangement for arrangement in made if arrangement[:count] != identity]


def test_segments_of_slices(bench: Bench) -> None:
    store = bench.store()
    tried = 0
    with bench.device("alpha", store).unlocked() as locker:
        for content in contents(locker).values():
            for number, ref in enumerate(content.slices):
                size = slice_size(content.size, number)
                if size <= SEGMENT:
                    continue
                name = names.pack(ref.pack)
                whole = store.objects[name]
                stored = whole[ref.offset : ref.offset + slice_stored_size(size)]
                body = stored[SLICE_HEADER_BYTES:]
                pieces = [body[start : start + SEGMENT] for start in range(0, len(body), SEGMENT)]
                orders = arrangements(len(pieces), full=len(pieces) <= 5)
                if len(orders) > 300:
                    orders = random.Random(5).sample(orders, 120)
                for order in orders:
                    arranged = stored[:SLICE_HEADER_BYTES] + b"".join(pieces[i] for i in order)
                    store.objects[name] = (whole[: ref.offset] + arranged).ljust(len(whole), b"\0")
                    assert refused(locker, ref, number, size), f"slice {number} as {order}"
                    tried += 1
                store.objects[name] = whole
    assert tried > 250


def refused(locker: Locker, ref: SliceRef, number: int, size: int) -> bool:
    try:
        locker._port._read_slice(ref, number, size)
    except DamagedError:
        return True
    return False


def test_segments_of_slices_through_a_download(bench: Bench) -> None:
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        content = contents(locker)["segments.bin"]
        ref = content.slices[0]
        name = names.pack(ref.pack)
        whole = store.objects[name]
        start = ref.offset + SLICE_HEADER_BYTES
        for a, b in itertools.combinations(range(4), 2):
            changed = bytearray(whole)
            first, second = start + a * SEGMENT, start + b * SEGMENT
            changed[first : first + SEGMENT] = whole[second : second + SEGMENT]
            changed[second : second + SEGMENT] = whole[first : first + SEGMENT]
            store.objects[name] = bytes(changed)
            got, failed = fetch(locker, bench.fresh_folder("got"))
            assert set(failed) == {"segments.bin"}
            assert_never_wrong(got, failed, bench.world.files)


@pytest.mark.parametrize("whole_program", [False, True])
def test_segments_of_log_entries(bench: Bench, whole_program: bool) -> None:
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        node = locker.node("/treasure.txt").id
        locker._history.append([SetAttributes(node, 0o600, number) for number in range(900)])
        device = locker.device_id
        name = names.entry(device, locker._history.heads()[device].seq)
        data = store.objects[name]
        head, body = data[:META_START], data[META_START:]
        pieces = [body[start : start + META_SEGMENT] for start in range(0, len(body), META_SEGMENT)]
        assert len(pieces) >= 5
        orders = arrangements(len(pieces), full=False)
        orders += [[*p, len(pieces) - 1] for p in itertools.permutations(range(4))][1:]
        arranged = {head + b"".join(pieces[i] for i in order) for order in orders}
        # What has no possible size is refused unread; give the others a chance by exact sizes.
        assert sum(is_padme(len(one)) for one in arranged) > 20
        if not whole_program:
            for one in arranged:
                assert refusal(locker, name, one) is not None
            return
    for one in sorted(arranged, key=len)[:: max(1, len(arranged) // 8)]:
        other = HostileStore({**store.objects, name: one})
        with forgotten(bench.device("beta", other)) as locker:
            assert isinstance(locker.trouble, IntegrityError)
