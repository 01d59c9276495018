"""Whose turn it is to have the interpreter: the window's thread, or one of the workers'.

Who waits for it asks for it after the switch interval, and gets it at the end of an instruction. That holds for both
sides: a short interval gives the window its turn soon, and takes it from the window as often. Each change costs the
time until the other thread has a processor, a third of a millisecond here; half of the time that a busy window stood
still nobody had the interpreter at all.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")

SWITCH_S = 0.0002
"""How long a busy worker may keep the interpreter each time the window wants it: Python's own 5 ms add up."""
_PAINTING_S = 0.001
"""The same while a long list is painted, which lets go of it a dozen times. 5 ms make these add up again."""


def in_one_go(paint: Callable[_P, _R]) -> Callable[_P, _R]:
    """For what takes some milliseconds of the window's thread and seldom lets go of the interpreter by itself."""

    @functools.wraps(paint)
    def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        if sys.getswitchinterval() >= _PAINTING_S:
            return paint(*args, **kwargs)
        sys.setswitchinterval(_PAINTING_S)
        try:
            return paint(*args, **kwargs)
        finally:
            # Not what it was: that is cut to microseconds each time it is asked for, and would come to nothing.
            sys.setswitchinterval(SWITCH_S)

    return wrapper
