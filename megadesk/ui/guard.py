"""A net under methods that Qt calls.

PySide 6.11 on Python 3.11 ends the process when an IndexError of a list leaves an overridden method while another call
from Python is below it on the stack (the error is not yet an object then, and it is read as one). An error in a
repaint must not cost the window: it goes to sys.excepthook, as errors in slots do.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import shiboken6
from PySide6.QtCore import QObject

_P = ParamSpec("_P")
_R = TypeVar("_R")


def guarded(fallback: Callable[[], _R]) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """For overrides of Qt's virtual methods: on an error, report it and return ``fallback()``."""

    def decorate(method: Callable[_P, _R]) -> Callable[_P, _R]:
        @functools.wraps(method)
        def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            try:
                return method(*args, **kwargs)
            except Exception:  # noqa: BLE001 - whatever it is, Qt must not see it
                sys.excepthook(*sys.exc_info())
                return fallback()

        return wrapper

    return decorate


def nothing() -> None:
    """The fallback of events."""


def while_there(widget: QObject, act: Callable[_P, object]) -> Callable[_P, None]:
    """``act``, unless ``widget`` has been deleted: a dialog may be closed before what it asked for comes."""

    def acting(*args: _P.args, **kwargs: _P.kwargs) -> None:
        if shiboken6.isValid(widget):
            act(*args, **kwargs)

    return acting
