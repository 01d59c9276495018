"""Pairing a second computer: the code that the first one shows, and the history that the second one then insists on."""

from __future__ import annotations

from megadesk.core.history import History
from megadesk.errors import ObjectNotFoundError, RollbackError, WithheldError
from megadesk.format import names
from megadesk.format.pairing import Pairing, PairingHead, make_pairing, parse_pairing
from megadesk.state.index.index import Index

_META_EXPECTED = "pairing"
_REMEDY = "Nothing was changed here. Check the storage, or pair again from the other computer."


def code_for(history: History, locker_id: bytes, store_address: str) -> str:
    """A code with all heads that are known here."""
    heads = [PairingHead(head.device, head.seq, head.hash) for _, head in sorted(history.heads().items())]
    return make_pairing(locker_id, store_address, tuple(heads))


class Expected:
    """What a code promised, kept until the storage has shown it. For the locker's own use."""

    def __init__(self, index: Index, history: History) -> None:
        self._index = index
        self._history = history
        self._pending: bool | None = None

    def keep(self, code: str) -> None:
        with self._index.write() as session:
            session.records.set_meta(_META_EXPECTED, code.encode())
        self._pending = True

    def check(self) -> None:
        """Nothing, once all of it was seen. Raises WithheldError, RollbackError, ForkError, StoreError until then."""
        if self._pending is False:
            return
        with self._index.read() as session:
            kept = session.records.meta(_META_EXPECTED)
        self._pending = bool(kept)
        if not kept:
            return
        self._require(parse_pairing(kept.decode()))
        with self._index.write() as session:
            session.records.set_meta(_META_EXPECTED, None)
        self._pending = False

    def _require(self, pairing: Pairing) -> None:
        heads = self._history.heads()
        for wanted in pairing.heads:
            head = heads.get(wanted.device)
            name = names.entry(wanted.device, wanted.seq)
            if head is None or head.seq < wanted.seq:
                raise WithheldError(
                    f"The storage shows {head.seq if head else 0} entries of a device of which the other computer"
                    f" knows {wanted.seq}: it is an older state.",
                    object_name=name,
                    remedy=_REMEDY,
                )
            try:
                self._history.logs.verify_head(wanted.device, wanted.seq, wanted.hash)
            except ObjectNotFoundError:
                raise RollbackError(
                    f"{name}, which the other computer knows, is gone from the storage.",
                    object_name=name,
                    remedy=_REMEDY,
                ) from None
