"""Signals that mypy checks. PySide's own ``Signal`` accepts any connect and emit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVarTuple, overload

from PySide6.QtCore import Qt, Signal

Ts = TypeVarTuple("Ts")


class BoundSignal(Protocol[*Ts]):
    """A signal of one object."""

    def connect(
        self,
        slot: Callable[[*Ts], object],
        type: Qt.ConnectionType = ...,  # noqa: A002 - Qt's name
    ) -> object: ...

    def disconnect(self, slot: Callable[[*Ts], object] | None = None) -> object: ...

    def emit(self, *args: *Ts) -> None: ...


if TYPE_CHECKING:

    class signal(Generic[*Ts]):  # noqa: N801 - used like a function
        """``clicked = signal[str]()``: a class attribute of a QObject. Every argument travels as ``object``."""

        @overload
        def __get__(self, instance: None, owner: Any) -> signal[*Ts]: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> BoundSignal[*Ts]: ...
        def __get__(self, instance: object | None, owner: Any) -> Any: ...

else:

    class signal:  # noqa: N801
        # PySide finds signals among the class attributes by type, so a real Signal must stand there. "object" for
        # every argument: an int of C++ has 32 bits, and byte counts arrived negative.
        def __class_getitem__(cls, types: object) -> Callable[[], Signal]:
            count = len(types) if isinstance(types, tuple) else 1
            return lambda: Signal(*[object] * count)

        def __new__(cls) -> Signal:
            return Signal()
