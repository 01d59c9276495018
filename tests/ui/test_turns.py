"""Who has the interpreter while the window paints."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from megadesk.ui.turns import SWITCH_S, in_one_go


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


def test_workers_ask_less_often_while_it_is_painted() -> None:
    sys.setswitchinterval(SWITCH_S)
    for _ in range(300):  # it does not shrink bit by bit
        assert in_one_go(sys.getswitchinterval)() > 4 * SWITCH_S
        assert sys.getswitchinterval() == pytest.approx(SWITCH_S, rel=0.01)


def test_also_after_an_error() -> None:
    @in_one_go
    def paint() -> None:
        raise IndexError

    sys.setswitchinterval(SWITCH_S)
    with pytest.raises(IndexError):
        paint()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_S, rel=0.01)


def test_never_shorter_than_it_was() -> None:
    sys.setswitchinterval(0.005)
    assert in_one_go(sys.getswitchinterval)() == pytest.approx(0.005)
