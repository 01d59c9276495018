"""The base of every object that holds a secret."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """Shows no secret in ``repr``, a log or a traceback, and cannot be pickled or copied."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: redacted>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"{type(self).__name__} must not be serialised this way")
