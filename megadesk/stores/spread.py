"""Several stores as one, any k of which hold everything: losing the others loses nothing.

Small objects lie whole in every store, large ones as erasure-coded shares, one in each (spread_share.py; which is which
follows from the size alone). A put or delete counts when ``quorum`` stores took it; those that did not are remembered
and made good by `mend` or `mend_known`. Reading asks the quickest stores and goes around those that are down, slow or
wrong. With fewer than k stores there is no saying what exists: StoreUnavailableError, never ObjectNotFoundError.

Objects may be replaced, but the replacement is not atomic over the stores: for a moment readers may find that too few
shares agree, which is a StoreUnavailableError and gone at the next try. MegaDesk never replaces one by other bytes.

Why so, and what was considered: docs/adr/0018-spread.md.
"""

from __future__ import annotations

import concurrent.futures
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from megadesk.errors import (
    InputError,
    MegaDeskError,
    ObjectExistsError,
    ObjectNotFoundError,
    StoreError,
)
from megadesk.stores.api import (
    MAX_NAME,
    Data,
    MendReport,
    ObjectInfo,
    PartStatus,
    Store,
    StoreProperties,
    as_views,
    check_name,
    check_prefix,
    check_range,
    size_of,
)
from megadesk.stores.spread_address import SpreadAddress
from megadesk.stores.spread_group import MARKER, OPEN_S, SHARES, Group
from megadesk.stores.spread_list import Row, rows, size_there
from megadesk.stores.spread_mend import Mender
from megadesk.stores.spread_part import FINE, Part, gravest
from megadesk.stores.spread_read import Reader, Recent

_MAX_OBJECT: Final = 1 << 30
_STRAGGLERS: Final = 3
_GRACE_S: Final = 1.0
_GRACE: Final = 4.0
_FLUSH_S: Final = 60.0


class SpreadStore(Store):
    """See the module and `Store`."""

    def __init__(
        self,
        address: SpreadAddress,
        opener: Callable[[str, bool], Store],
        *,
        create: bool = False,
        open_s: float = OPEN_S,
    ) -> None:
        """``opener(address, create)`` opens one of the stores. Raises as `Group`."""
        self._group = Group(address, opener, create=create, open_s=open_s)
        self._reader = Reader(self._group)
        self._mender = Mender(self._group, self._reader)
        self._coded: Recent[str, bool] = Recent()
        self._guess: Recent[str, bool] = Recent(64)

    @property
    def properties(self) -> StoreProperties:
        return StoreProperties(
            kind="spread",
            address=str(SpreadAddress(self._group.k, tuple(part.kept_address for part in self._group.parts))),
            atomic_create=False,
            durable_put=False,
            max_object_bytes=_MAX_OBJECT,
            range_get=True,
        )

    # --- put

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        _check_own(check_name(name))
        size_bytes = size_of(data)
        if size_bytes > _MAX_OBJECT:
            raise InputError(f"The object {name} is larger than {_MAX_OBJECT} bytes.")
        group = self._group
        coded = group.coding.is_coded(size_bytes)
        if coded and len(SHARES) + len(name) > MAX_NAME:
            raise InputError(f"The name {name!a} is too long for a large object in a spread.")
        ready = [part for part in group.ready() if part.stragglers < _STRAGGLERS]
        group.require(ready, group.quorum, "write", name)
        if create_only and self._other_kind_exists(name, coded, ready):
            raise ObjectExistsError(f"The object {name} is in the storage already.", object_name=name)
        views = as_views(data)
        try:
            blobs: Mapping[int, bytes | bytearray]
            if coded:
                blobs = group.coding.encode(name, views, [part.index for part in ready])
            else:
                # A copy: a store that is slow may still be at it when this call has returned.
                whole = b"".join(views)
                blobs = {part.index: whole for part in ready}
        finally:
            for view in views:
                view.release()
        self._write(name, coded, ready, blobs, create_only=create_only)
        self._reader.forget(name)
        self._note(name, coded)
        if not create_only:
            self._everywhere(name, [name if coded else SHARES + name], 0)

    def _write(
        self,
        name: str,
        coded: bool,
        ready: Sequence[Part],
        blobs: Mapping[int, bytes | bytearray],
        *,
        create_only: bool,
    ) -> None:
        group = self._group
        target = SHARES + name if coded else name
        futures = {
            part.submit(
                partial(_put_one, target, blobs[part.index], create_only), size_bytes=len(blobs[part.index])
            ): part
            for part in ready
        }
        for part in group.parts:
            if part not in ready:
                part.lacks(name)
        longest_s = max(part.expected_s(len(blobs[part.index])) for part in ready)
        grace_s = _GRACE_S + _GRACE * longest_s
        done = self._wait(futures, group.quorum, grace_s)
        made = [futures[future] for future in done if future.exception() is None and future.result()]
        same = [futures[future] for future in done if future.exception() is None and not future.result()]
        failed = {futures[future]: error for future in done if (error := future.exception()) is not None}
        for part in made + same:
            part.has(name)
        for part in failed:
            part.lacks(name)
        if any(isinstance(error, ObjectExistsError) for error in failed.values()) or len(same) >= group.quorum:
            if len(same) < group.quorum:
                # Another object has this name: what was put beside it must not stay.
                for part in made:
                    part.submit(lambda store: store.delete(target))
            raise ObjectExistsError(f"The object {name} is in the storage already.", object_name=name)
        if len(made) + len(same) < group.quorum:
            raise gravest(list(failed.values()), f"Too few stores took the object {name}", name)

    def _wait(
        self, futures: Mapping[concurrent.futures.Future[bool], Part], quorum: int, grace_s: float
    ) -> set[concurrent.futures.Future[bool]]:
        """Those that are done when all are, or when ``quorum`` are done well and the others take much longer."""
        began = time.monotonic()
        pending = set(futures)
        done: set[concurrent.futures.Future[bool]] = set()
        while pending:
            well = sum(future.exception() is None for future in done)
            left_s = None if well < quorum else began + grace_s - time.monotonic()
            if left_s is not None and left_s <= 0:
                break
            now, pending = concurrent.futures.wait(pending, left_s, concurrent.futures.FIRST_COMPLETED)
            done |= now
        for future in pending:
            part = futures[future]
            with part.lock:
                part.stragglers += 1
            future.add_done_callback(partial(_straggled, part))
        return done

    def _other_kind_exists(self, name: str, coded: bool, ready: Sequence[Part]) -> bool:
        """Whether the name is taken by an object that is stored the other way."""
        other = name if coded else SHARES + name
        futures = [part.submit(lambda store: store.stat(other)) for part in ready]
        there = 0
        for future in futures:
            error = future.exception()
            there += error is None
        return there >= (1 if coded else self._group.k)

    # --- get

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        result = bytearray()

        def out(count: int) -> memoryview:
            nonlocal result
            result = bytearray(count)
            return memoryview(result)

        whole = self._read(name, offset, length, max_bytes, out)
        return bytes(result) if whole is None else whole

    def get_into(self, name: str, buffer: memoryview, offset: int = 0) -> None:
        with buffer.cast("B") as view:
            whole = self._read(name, offset, view.nbytes, None, lambda count: view)
            if whole is not None:
                view[:] = whole

    def _read(
        self, name: str, offset: int, length: int | None, max_bytes: int | None, out: Callable[[int], memoryview]
    ) -> bytes | None:
        """A whole object's bytes; None for a coded one, which is in ``out`` then."""
        check_name(name)
        if offset < 0 or (length is not None and length < 0):
            check_range(ObjectInfo(name, 0), offset, length, max_bytes)
        first = self._likely_coded(name)
        for coded in (first, not first):
            if coded:
                if self._reader.read_coded(name, offset, length, max_bytes, out):
                    self._note(name, True)
                    return None
            else:
                whole = self._reader.read_whole(name, offset, length, max_bytes)
                if whole is not None:
                    self._note(name, False)
                    return whole
        raise ObjectNotFoundError(f"The object {name} is not in the storage.", object_name=name)

    def _likely_coded(self, name: str) -> bool:
        known = self._coded.get(name)
        return known if known is not None else bool(self._guess.get(name.partition("/")[0]))

    def _note(self, name: str, coded: bool) -> None:
        self._coded.set(name, coded)
        self._guess.set(name.partition("/")[0], coded)

    def stat(self, name: str) -> ObjectInfo:
        check_name(name)
        group = self._group
        ready = group.ready()
        row = Row(name, unheard=group.n - len(ready))
        likely = self._likely_coded(name)
        futures = {part.submit(partial(_look, name, likely)): part for part in ready}
        for future, part in futures.items():
            try:
                found = future.result()
            except MegaDeskError:
                row.unheard += 1
                continue
            if found is not None:
                (row.shares if found[0] else row.whole)[part.index] = found[1]
        size_bytes = size_there(group, row)
        if size_bytes is not None:
            self._note(name, bool(row.shares))
            return ObjectInfo(name, size_bytes)
        if group.n - row.unheard < group.k:
            group.require([], group.k, f"look for the object {name}", name)
        raise ObjectNotFoundError(f"The object {name} is not in the storage.", object_name=name)

    def list(self, prefix: str = "", start_after: str = "") -> Iterator[ObjectInfo]:
        check_prefix(prefix)
        group = self._group
        ready = group.ready()
        group.require(ready, group.k, "list it")
        return self._infos(rows(group, prefix, start_after, ready, group.k))

    def _infos(self, found: Iterator[Row]) -> Iterator[ObjectInfo]:
        for row in found:
            size_bytes = size_there(self._group, row)
            if size_bytes is not None:
                self._note(row.name, bool(row.shares))
                yield ObjectInfo(row.name, size_bytes)

    # --- the rest

    def delete(self, name: str) -> None:
        _check_own(check_name(name))
        self._everywhere(name, [name, SHARES + name], self._group.quorum)
        self._reader.forget(name)

    def _everywhere(self, name: str, targets: Sequence[str], quorum: int) -> None:
        """Delete in all stores that are there; what is left elsewhere is remembered."""
        ready = self._group.ready()
        self._group.require(ready, quorum, "delete", name)
        futures = {
            part.submit(partial(_delete_all, [t for t in targets if len(t) <= MAX_NAME])): part for part in ready
        }
        errors: list[BaseException] = []
        for part in self._group.parts:
            if part not in ready and quorum:
                part.lacks_delete(name)
        for future, part in futures.items():
            error = future.exception()
            if error is None:
                if quorum:
                    part.deleted(name)
            else:
                errors.append(error)
                if quorum:
                    part.lacks_delete(name)
        if len(ready) - len(errors) < quorum:
            raise gravest(errors, f"Too few stores deleted the object {name}", name)

    def flush(self) -> None:
        """As in `Store`: in ``quorum`` stores at least."""
        group = self._group
        ready = group.ready()
        group.require(ready, group.quorum, "write")
        until = time.monotonic() + _FLUSH_S
        while any(part.stragglers for part in ready) and time.monotonic() < until:
            time.sleep(0.02)
        futures = [part.submit(lambda store: store.flush()) for part in ready]
        errors = [error for future in futures if (error := future.exception()) is not None]
        if len(ready) - len(errors) < group.quorum:
            raise gravest(errors, "Too few stores made durable what was written")

    def free_bytes(self) -> int | None:
        """Room for large objects: k times that of the fullest store."""
        futures = [part.submit(lambda store: store.free_bytes()) for part in self._group.ready()]
        known = [free for future in futures if future.exception() is None and (free := future.result()) is not None]
        return min(known) * self._group.k if known else None

    def sweep(self) -> int:
        """In those that are there."""
        futures = [part.submit(lambda store: store.sweep()) for part in self._group.ready()]
        return sum(future.result() for future in futures if future.exception() is None)

    def parts(self) -> Sequence[PartStatus]:
        return self._group.statuses()

    def doubt(self, name: str) -> bool:
        return self._mender.doubt(check_name(name))

    def mend(
        self, *, repair: bool, read_data: bool, step: Callable[[str], None], create: bool = False
    ) -> MendReport | None:
        return self._mender.mend(repair=repair, read_data=read_data, step=step, create=create)

    def mend_known(self) -> int:
        return self._mender.mend_known()

    def close(self) -> None:
        self._group.close()


def _check_own(name: str) -> None:
    if name == MARKER or name.startswith(SHARES):
        raise InputError(f"The name {name} is the spread's own.")


def _put_one(target: str, blob: bytes | bytearray, create_only: bool, store: Store) -> bool:
    """Whether the object is new there; False when ``create_only`` found the same one. ObjectExistsError: another."""
    try:
        store.put(target, blob, create_only=create_only)
    except ObjectExistsError:
        try:
            if store.get(target, max_bytes=len(blob)) == blob:
                return False
        except StoreError as error:
            if not isinstance(error, FINE):
                raise
        raise
    return True


def _straggled(part: Part, future: concurrent.futures.Future[bool]) -> None:
    with part.lock:
        part.stragglers -= 1


def _look(name: str, likely: bool, store: Store) -> tuple[bool, int] | None:
    """(whether it is a share, its size) in one store."""
    for coded in (likely, not likely):
        target = SHARES + name if coded else name
        if len(target) > MAX_NAME:
            continue
        try:
            return coded, store.stat(target).size_bytes
        except ObjectNotFoundError:
            continue
    return None


def _delete_all(targets: Sequence[str], store: Store) -> None:
    for target in targets:
        store.delete(target)
