"""What the window needs of the core, as protocols: the presenters are tested against a generated locker.

Every method may block on I/O and is called by the runner's threads only; the exceptions are named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from megadesk.state.registry import LockerRecord
from megadesk.transfer.port import Conflict, FileFailure
from megadesk.transfer.records import TransferRow
from megadesk.tree.rows import NodeRow, Order
from megadesk.types import NodeId, ProgressCallback


class Transfers(Protocol):
    """The persisted queue."""

    def rows(self) -> Sequence[TransferRow]:
        """The board: no I/O, for the GUI thread too."""

    def failures(self, id: int, /) -> Sequence[FileFailure]: ...  # noqa: A002 - the core's name
    def pause(self, id: int, /) -> None: ...  # noqa: A002
    def resume(self, id: int, /) -> None: ...  # noqa: A002
    def cancel(self, id: int, /) -> None: ...  # noqa: A002
    def retry(self, id: int, /) -> None: ...  # noqa: A002
    def remove(self, id: int, /) -> None: ...  # noqa: A002


class Locker(Protocol):
    """An open locker."""

    @property
    def record(self) -> LockerRecord: ...
    @property
    def read_only_reason(self) -> str | None:
        """No I/O: for the GUI thread too."""

    @property
    def transfers(self) -> Transfers: ...
    def start(self) -> None: ...
    def refresh(self) -> object: ...
    def node(self, path_or_id: str | NodeId, /) -> NodeRow: ...
    def path_of(self, node: NodeId, /) -> str: ...
    def list_folder(
        self, where: str | NodeId, /, *, order: Order = ..., limit: int | None = None
    ) -> Sequence[NodeRow]: ...
    def upload(self, sources: Sequence[str], dest: str | NodeId, /, *, conflict: Conflict = ...) -> int: ...
    def download(self, sources: Sequence[str | NodeId], dest_dir: str, /, *, conflict: Conflict = ...) -> int: ...
    def make_folder(self, path: str, /) -> NodeRow: ...
    def move(
        self, sources: Sequence[str | NodeId], dest: str | NodeId, /, *, new_name: str | None = None
    ) -> object: ...
    def trash_nodes(self, sources: Sequence[str | NodeId], /) -> int: ...
    def restore(self, nodes: Sequence[NodeId], /) -> object: ...
    def close(self) -> None: ...


class NewLocker(Protocol):
    """A locker that was just made: open, and its recovery key, which nothing keeps."""

    @property
    def locker(self) -> Locker: ...
    @property
    def recovery_key(self) -> str: ...


class Core(Protocol):
    """The core's composition root."""

    def lockers(self) -> Sequence[LockerRecord]: ...
    def default_store_address(self, name: str, /) -> str: ...
    def create_locker(self, passphrase: str, /, *, store: str | None = None, name: str = ...) -> NewLocker: ...
    def join_locker(
        self,
        store: str,
        passphrase: str,
        recovery_key: str,
        /,
        *,
        name: str | None = None,
        progress: ProgressCallback | None = None,
    ) -> Locker: ...
    def unlock(self, name: str | None, passphrase: str, /) -> Locker: ...
    def reset_passphrase(self, name: str, recovery_key: str, new: str, /) -> Locker: ...
    def close(self) -> None: ...


class Clock(Protocol):
    """Time for presenters: monotonic seconds, and a call later on the GUI thread."""

    def now(self) -> float: ...
    def later(self, delay_s: float, call: Callable[[], None], /) -> None: ...
