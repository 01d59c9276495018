"""Reading what must verify, where several stores may hold different things under one name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from megadesk.errors import IntegrityError
from megadesk.stores.api import Store

_T = TypeVar("_T")
_TRIES: Final = 16


def verified(store: Store, name: str, read: Callable[[], _T]) -> _T:
    """What ``read`` gives, which reads the object ``name`` from ``store`` and verifies it.

    Where it does not verify, it is read again for as long as the store has something else to offer (`Store.doubt`): one
    store of a spread that lies costs time then, and nothing else. Raises what ``read`` raises.
    """
    for _ in range(_TRIES):
        try:
            return read()
        except IntegrityError:
            if not store.doubt(name):
                raise
    return read()
