"""Work on tens of thousands of values that never holds the interpreter for long, so that a window lives on beside it.

Sorting 100,000 values, or letting go of them, is one call for Python: no other thread runs for 20 to 60 ms. Here it is
done a few thousand at a time. No imports of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

_T = TypeVar("_T")
PIECE = 8192
_SORTED = 2048
_FREED = 512
"""At a time: 0.1 ms."""


def sort_in_pieces(items: list[_T], key: Callable[[_T], Any]) -> list[_T]:
    """Like sorted(items, key=key), stable."""
    if len(items) <= _SORTED:
        return sorted(items, key=key)
    keys = [key(item) for item in items]
    by_key = keys.__getitem__  # places are sorted, not (key, place, item): comparing those takes five times as long
    places = range(len(items))
    runs = [sorted(places[start : start + _SORTED], key=by_key) for start in range(0, len(items), _SORTED)]
    while len(runs) > 1:
        runs = [_merged(a, b, by_key) for a, b in zip(runs[::2], [*runs[1::2], []], strict=False)]
    return [items[at] for at in runs[0]]


def _merged(first: list[int], second: list[int], key: Callable[[int], Any]) -> list[int]:
    """Two sorted lists as one, what is equal in ``first`` before what is in ``second``.

    The merge of two halves of 100,000 would be one call of 20 ms: it is cut into stretches that depend on each other
    no more, for which a few places are looked at.
    """
    merged: list[int] = []
    left = right = 0
    while left < len(first) and right < len(second):
        # How many of the next ones come from ``first``: the least number whose successor is not below its neighbour.
        low, high = max(0, _SORTED - (len(second) - right)), min(_SORTED, len(first) - left)
        while low < high:
            middle = (low + high) // 2
            if key(second[right + _SORTED - middle - 1]) < key(first[left + middle]):
                high = middle
            else:
                low = middle + 1
        ends = left + low, right + _SORTED - low
        # Timsort finds the two runs and merges them.
        merged += sorted(first[left : ends[0]] + second[right : ends[1]], key=key)
        left, right = ends
    return merged + first[left:] + second[right:]


def same_items(one: Sequence[object], other: Sequence[object]) -> bool:
    """Like one == other, for sequences of one kind."""
    return len(one) == len(other) and all(
        one[start : start + PIECE] == other[start : start + PIECE] for start in range(0, len(one), PIECE)
    )


def let_go(last: list[Sequence[Any]]) -> None:
    """Empty ``last``, and let what is in its sequences die bit by bit. For others they stay as they are.

    ``last`` should be the only way to them: what somebody else still holds dies with that, all at once.
    """
    while last:
        items = last.pop()
        pieces = [items[start : start + _FREED] for start in range(0, len(items), _FREED)]
        del items
        while pieces:
            pieces.pop()


def empty(items: dict[Any, Any] | set[Any]) -> None:
    """Like items.clear(). In place: they must be the caller's own."""
    if isinstance(items, dict):
        while items:
            items.popitem()
    else:
        while items:
            items.pop()
