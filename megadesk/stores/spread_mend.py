"""Making a spread whole again: finding what a store lacks or has wrong, naming the store, and writing it anew.

Only what can be proved is written: a share is recomputed from an object that k other shares give and whose generation
is right, and whole objects are copied from what most stores hold. Nothing is deleted here: what looks like a leftover
may be the upload of another device, which is under way.
"""

from __future__ import annotations

import itertools
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from megadesk.errors import MegaDeskError, ObjectNotFoundError, StoreError, StoreProtocolError, StoreUnavailableError
from megadesk.stores.api import MendReport, Store
from megadesk.stores.open import describe
from megadesk.stores.spread_group import MARKER, SHARES, Group
from megadesk.stores.spread_list import Row, rows, size_there
from megadesk.stores.spread_part import Part
from megadesk.stores.spread_read import Reader
from megadesk.stores.spread_share import HEADER_BYTES, STRIPE_BYTES, ShareHeader, generation_of

log = logging.getLogger(__name__)

_NAMED: Final = 1000
_COMBINATIONS: Final = 200
_MAX_OBJECT: Final = 1 << 30


class Mender:
    """Thread-safe."""

    def __init__(self, group: Group, reader: Reader) -> None:
        self._group = group
        self._reader = reader

    # --- all of it

    def mend(self, *, repair: bool, read_data: bool, step: Callable[[str], None], create: bool) -> MendReport:
        """See `Store.mend`."""
        group = self._group
        if create:
            group.adopt()
        for part in group.parts:
            part.try_again()
        ready = group.ready()
        group.require(ready, group.k, "check it")
        report = MendReport(away=[part.address for part in group.parts if part not in ready])
        for part in ready:
            if part.mark_is_damaged:
                self._problem(report, MARKER, f"It is damaged in {describe(part.address)}")
        for row in rows(group, "", "", ready, group.k):
            step(row.name)
            length = size_there(group, row)
            if length is None:
                continue
            report.objects += 1
            try:
                if self._is_whole(row, length):
                    self._mend_whole(row, ready, report, repair=repair, read_data=read_data)
                else:
                    self._mend_coded(row, length, ready, report, repair=repair, read_data=read_data)
            except ObjectNotFoundError:
                continue  # deleted meanwhile
        if repair:
            for part in ready:
                part.submit(lambda store: store.flush()).exception()
            self._delete_leftovers(ready)
        return report

    @staticmethod
    def _is_whole(row: Row, length: int) -> bool:
        return length in row.whole.values()

    def _mend_whole(
        self, row: Row, ready: Sequence[Part], report: MendReport, *, repair: bool, read_data: bool
    ) -> None:
        sizes = Counter(row.whole.values())
        suspicious = len(row.whole) < len(ready) or len(sizes) > 1
        if not suspicious and not read_data:
            return
        contents = self._contents(row.name, ready, max(sizes))
        groups = Counter(content for content in contents.values() if content is not None)
        if not groups:
            raise ObjectNotFoundError("gone", object_name=row.name)
        (right, votes), *others = groups.most_common()
        if others and others[0][1] == votes:
            self._problem(report, row.name, "The stores disagree about it, and no content is in most of them")
            return
        for part in ready:
            content = contents.get(part.index)
            if part.index not in contents:
                self._problem(report, row.name, f"It cannot be read in {describe(part.address)}")
            elif content != right:
                where = describe(part.address)
                what = f"It is missing in {where}" if content is None else f"It is damaged or altered in {where}"
                self._fix(part, row.name, row.name, right, what, report, repair=repair)

    def _contents(self, name: str, ready: Sequence[Part], max_bytes: int) -> dict[int, bytes | None]:
        """What each store has under this name; None for nothing. Those that cannot say are left out."""
        futures = {part.index: part.submit(lambda store: store.get(name, max_bytes=max_bytes)) for part in ready}
        found: dict[int, bytes | None] = {}
        for index, future in futures.items():
            try:
                found[index] = future.result()
            except (ObjectNotFoundError, StoreProtocolError):
                found[index] = None
            except MegaDeskError:
                continue
        return found

    def _mend_coded(
        self, row: Row, length: int, ready: Sequence[Part], report: MendReport, *, repair: bool, read_data: bool
    ) -> None:
        size = self._group.coding.share_bytes(length)
        lacking = [part for part in ready if row.shares.get(part.index) != size]
        if not read_data:
            # Another device may have been writing it while it was listed.
            lacking = [part for part in lacking if not self._has(part, row.name, size)]
            lacking += [part for part in ready if part.is_wrong(row.name) and part not in lacking]
        if not lacking and not read_data:
            return
        if not repair and not read_data:
            for part in lacking:
                part.lacks(row.name)
                self._problem(report, row.name, f"Its share is missing in {describe(part.address)}")
            return
        shares = self._shares(row.name, ready, size)
        solved = self._solve(row.name, shares)
        if solved is None:
            self._problem(report, row.name, "Too few shares of it are there and agree")
            return
        right, _ = solved
        for part in ready:
            share = shares.get(part.index)
            if share is None or share != right[part.index]:
                where = describe(part.address)
                what = f"Its share is missing in {where}"
                if share is not None:
                    what = f"Its share is damaged or altered in {where}"
                self._fix(part, row.name, SHARES + row.name, right[part.index], what, report, repair=repair)

    def _has(self, part: Part, name: str, size: int) -> bool:
        future = part.submit(lambda store: store.stat(SHARES + name))
        return future.exception() is None and future.result().size_bytes == size

    def _shares(self, name: str, ready: Sequence[Part], size: int) -> dict[int, bytes]:
        futures = {
            part.index: part.submit(partial(_whole_share, SHARES + name, size), size_bytes=size) for part in ready
        }
        return {
            index: share
            for index, future in futures.items()
            if future.exception() is None and (share := future.result()) is not None
        }

    def _solve(self, name: str, shares: Mapping[int, bytes]) -> tuple[dict[int, bytearray], bytearray] | None:
        """All shares as they should be, and the object: of the combination of shares that proves itself."""
        group = self._group
        headers: dict[int, ShareHeader] = {}
        for index, share in shares.items():
            try:
                header = group.coding.parse(share, name)
            except StoreProtocolError:
                continue
            if header.index == index and len(share) == group.coding.share_bytes(header.length):
                headers[index] = header
        families: dict[tuple[int, bytes], list[int]] = {}
        for index, header in headers.items():
            families.setdefault(header.group, []).append(index)
        for (length, generation), members in sorted(families.items(), key=lambda item: -len(item[1])):
            for chosen in itertools.islice(itertools.combinations(sorted(members), group.k), _COMBINATIONS):
                content = self._joined(length, {index: (headers[index], shares[index]) for index in chosen})
                if content is not None and generation_of(name, [memoryview(content)]) == generation:
                    return group.coding.encode(name, [memoryview(content)], range(group.n)), content
        return None

    def _joined(self, length: int, chosen: Mapping[int, tuple[ShareHeader, bytes]]) -> bytearray | None:
        coding = self._group.coding
        last = (length - 1) // STRIPE_BYTES
        pieces = {}
        for index, (header, share) in chosen.items():
            try:
                pieces[index] = coding.pieces(header, 0, last, memoryview(share)[HEADER_BYTES:])
            except StoreProtocolError:
                return None
        content = bytearray(length)
        view = memoryview(content)
        for stripe in range(last + 1):
            out = view[stripe * STRIPE_BYTES : (stripe + 1) * STRIPE_BYTES]
            coding.join(length, stripe, {index: found[stripe] for index, found in pieces.items()}, out)
        return content

    def _fix(
        self,
        part: Part,
        name: str,
        target: str,
        content: bytes | bytearray,
        what: str,
        report: MendReport,
        *,
        repair: bool,
    ) -> None:
        where = describe(part.address)
        if repair:
            error = part.submit(lambda store: store.put(target, content), size_bytes=len(content)).exception()
            if error is None:
                part.has(name)
                self._reader.forget(name)
                report.repaired += 1
                report.repaired_bytes += len(content)
                log.info("repaired %s in %s", name, where)
                return
            what = f"It could not be repaired ({str(error).rstrip('.')}) in {where}"
        else:
            (part.gives_wrong if what.startswith(("It is damaged", "Its share is damaged")) else part.lacks)(name)
        self._problem(report, name, what)

    @staticmethod
    def _problem(report: MendReport, name: str, what: str) -> None:
        report.unrepaired += 1
        if len(report.problems) < _NAMED:
            report.problems.append((name, f"{what}."))

    # --- what is known already

    def mend_known(self) -> int:
        """See `Store.mend_known`."""
        group = self._group
        ready = group.ready()
        if len(ready) < group.k:
            return 0
        self._delete_leftovers(ready)
        wanted: set[str] = set()
        for part in ready:
            with part.lock:
                wanted |= part.behind | part.damaged
        done = 0
        for name in sorted(wanted):
            done += self._mend_one(name, ready)
        return done

    def _mend_one(self, name: str, ready: Sequence[Part]) -> int:
        report = MendReport()
        row = Row(name, unheard=self._group.n - len(ready))
        for part in ready:
            for target, found in ((name, row.whole), (SHARES + name, row.shares)):
                future = part.submit(partial(_size, target))
                if future.exception() is None and (size := future.result()) is not None:
                    found[part.index] = size
        length = size_there(self._group, row)
        if length is None:
            for part in ready:
                part.has(name)  # deleted since
            return 0
        try:
            if self._is_whole(row, length):
                self._mend_whole(row, ready, report, repair=True, read_data=True)
            else:
                self._mend_coded(row, length, ready, report, repair=True, read_data=True)
        except StoreError as error:
            log.info("%s was not repaired: %s", name, error)
        if not report.unrepaired:
            for part in ready:
                part.has(name)
        return report.repaired

    def _delete_leftovers(self, ready: Sequence[Part]) -> None:
        """What was deleted elsewhere while a store was away."""
        for part in ready:
            with part.lock:
                names = sorted(part.undeleted)
            for name in names:
                if part.submit(partial(_delete_both, name)).exception() is None:
                    part.deleted(name)

    # --- doubt

    def doubt(self, name: str) -> bool:
        """See `Store.doubt`."""
        group = self._group
        ready = group.ready()
        self._reader.forget(name)
        shares = self._shares(name, ready, -1)
        if len(shares) >= group.k:
            solved = self._solve(name, shares)
            if solved is None:
                raise_if_too_few(group, ready, name)
                return False
            wrong = [part for part in ready if part.index in shares and shares[part.index] != solved[0][part.index]]
            fresh = [part for part in wrong if not part.is_wrong(name)]
            for part in wrong:
                log.warning("%s gives a wrong share of %s", describe(part.address), name)
                part.gives_wrong(name)
            return bool(fresh)
        served = self._reader.served.get(name)
        if served is None:
            return False
        by_index = group.by_index()
        if by_index[served].is_wrong(name):
            return False
        contents = self._contents(name, ready, _MAX_OBJECT)
        mine = contents.get(served)
        others = [part for part in ready if contents.get(part.index) not in (None, mine) and not part.is_wrong(name)]
        if not others:
            return False
        for part in ready:
            if contents.get(part.index) == mine:
                log.warning("%s gives a wrong content of %s", describe(part.address), name)
                part.gives_wrong(name)
        return True


def raise_if_too_few(group: Group, ready: Sequence[Part], name: str) -> None:
    """What does not verify may still be had from stores that are away."""
    if len(ready) < group.n:
        raise StoreUnavailableError(
            f"The shares of {name} that can be reached do not fit together.",
            object_name=name,
            remedy="Try again when the other stores are there.",
        )


def _whole_share(target: str, size: int, store: Store) -> bytes | None:
    try:
        return store.get(target, max_bytes=size if size >= 0 else _MAX_OBJECT)
    except (ObjectNotFoundError, StoreProtocolError):
        return None


def _size(target: str, store: Store) -> int | None:
    try:
        return store.stat(target).size_bytes
    except ObjectNotFoundError:
        return None


def _delete_both(name: str, store: Store) -> None:
    store.delete(name)
    store.delete(SHARES + name)
