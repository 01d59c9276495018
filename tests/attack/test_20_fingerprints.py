"""Attack 20: tell which file it is by the sizes of its pieces. Cuts are fixed: sizes follow from lengths alone."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from megadesk.crypto.aead import SLICE_BYTES
from megadesk.format.padme import is_padme
from tests.attack.uploads import observe
from tests.attack.world import Bench, pattern

Maker = Callable[[int], bytes]


def _text(size: int) -> bytes:
    return (b"It was a dark and stormy night; the rain fell in torrents. " * (size // 50 + 1))[:size]


def _sparse(size: int) -> bytes:
    data = bytearray(size)
    for place in range(0, size, 4096):
        data[place] = place % 251
    return bytes(data)


def _shifted(size: int) -> bytes:
    """What content-defined cuts would find again, three bytes later."""
    return b"..." + pattern(9, size)[: size - 3] if size > 3 else bytes(size)


CONTENTS: dict[str, Maker] = {
    "zeros": bytes,
    "random": lambda size: pattern(9, size),
    "text": _text,
    "sparse": _sparse,
    "shifted": _shifted,
    "looks like ours": lambda size: (b"MD\x01\x02" + b"\xff\xff\xff\xff" * (size // 4 + 1))[:size],
}


@pytest.mark.parametrize(
    "sizes",
    [
        (1,),
        (100, 5000, 262_111),
        (262_112, 262_113),
        (3_000_000,),
        (SLICE_BYTES - 1,),
        (SLICE_BYTES,),
        (SLICE_BYTES + 1,),
        pytest.param((30_000_000,), marks=pytest.mark.long),
    ],
)
def test_sizes_follow_from_lengths(bench: Bench, sizes: tuple[int, ...]) -> None:
    seen = {
        what: observe(bench, {f"file-{number}": make(size) for number, size in enumerate(sizes)})
        for what, make in CONTENTS.items()
    }
    for what, sent in seen.items():
        assert sent == seen["random"], f"{what} looks different"
    assert all(is_padme(size) for _, size in seen["random"][0])


def test_near_lengths_look_the_same(bench: Bench) -> None:
    """Within a Padmé step lengths are hidden too: many lengths, few sizes."""
    chosen = random.Random(20).sample(range(100_000, 101_500), 12)
    seen = {tuple(observe(bench, {"f": pattern(size, size)})[0]) for size in chosen}
    assert len(seen) <= 2


def test_many_small_files_hide_their_number_and_their_sizes(bench: Bench) -> None:
    """Forty files of ten sizes each look like one file of their sum, in the packs."""
    many = {f"d/{number:02d}": pattern(number, 1000 + number) for number in range(40)}
    total = sum(len(data) + 92 for data in many.values()) - 92
    packs = [size for kind, size in observe(bench, many)[0] if kind == "packs"]
    single = [size for kind, size in observe(bench, {"f": pattern(3, total)})[0] if kind == "packs"]
    assert packs == single
