"""Much sorted, compared and let go of, a little at a time."""

from __future__ import annotations

import random
import weakref
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megadesk import pieces
from megadesk.pieces import empty, let_go, same_items, sort_in_pieces


@given(st.lists(st.integers(-5, 5), max_size=60))
def test_sorting_in_pieces_is_stable(numbers: list[int]) -> None:
    items = list(enumerate(numbers))
    assert sort_in_pieces(items, lambda item: item[1]) == sorted(items, key=lambda item: item[1])


def test_sorting_over_many_pieces() -> None:
    items = list(enumerate(random.Random(1).choices(range(1000), k=40_000)))
    assert sort_in_pieces(items, lambda item: item[1]) == sorted(items, key=lambda item: item[1])


@given(st.lists(st.integers(-5, 5), max_size=60), st.integers(1, 7))
def test_merging_is_stable_wherever_it_is_cut(numbers: list[int], at_a_time: int) -> None:
    items = list(enumerate(numbers))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "_SORTED", at_a_time)
        assert sort_in_pieces(items, lambda item: item[1]) == sorted(items, key=lambda item: item[1])


def test_no_call_sorts_much_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the interpreter waits for one call."""
    sizes: list[int] = []

    def counted(items: Sequence[int], key: Callable[[int], object]) -> list[int]:
        sizes.append(len(items))
        return sorted(items, key=key)

    monkeypatch.setattr(pieces, "sorted", counted, raising=False)
    for values in (list(range(20_000)), random.Random(2).sample(range(20_000), 20_000)):
        assert sort_in_pieces(values, lambda value: value) == list(range(20_000))
    assert max(sizes) <= pieces._SORTED


def test_items_are_the_same_or_not_wherever_they_differ() -> None:
    items = list(range(20_000))
    assert same_items(items, list(items))
    assert same_items([], [])
    assert not same_items(items, items[:-1])
    for at in (0, 9_000, 19_999):
        other = list(items)
        other[at] = -1
        assert not same_items(items, other)


class Thing:
    pass


def test_what_is_let_go_of_dies_and_what_others_hold_stays_whole() -> None:
    gone, shared = [Thing() for _ in range(2_000)], [Thing() for _ in range(2_000)]
    dead, alive = weakref.ref(gone[1_234]), weakref.ref(shared[1_234])
    last: list[Sequence[Thing]] = [gone, shared]
    del gone
    let_go(last)
    assert last == []
    assert dead() is None
    assert len(shared) == 2_000
    assert alive() is shared[1_234]


def test_emptying() -> None:
    names, places = {1, 2, 3}, {1: "a", 2: "b"}
    empty(names)
    empty(places)
    assert not names
    assert not places
