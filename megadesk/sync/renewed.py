"""Files that were encrypted anew in the locker: what was agreed about them stays so, under the new version's id.

Else every computer would fetch all of them again, and a file that was changed here meanwhile would be a conflict.
"""

from __future__ import annotations

from typing import Any, cast

from megadesk.sync.agreed import Sessions, with_contents

_META = "renewed:{}"


def follow_renewals(index: Sessions, pair: int) -> bool:
    """Before the agreed state is read; whether it was changed. Costs a question where nothing was encrypted anew."""
    meta = _META.format(pair)
    with index.read() as session:
        run = session.connection.execute
        ((newest,),) = cast(list[tuple[int | None]], run("SELECT max(id) FROM renewed").fetchall())
        seen = int(session.records.meta(meta) or b"0")
        if newest is None or newest <= seen:
            return False
        rows: list[Any] = run("SELECT old, new FROM renewed WHERE id > ? ORDER BY id DESC", (seen,)).fetchall()
    became: dict[bytes, bytes] = {}
    for old, new in rows:
        became[old] = became.get(new, new)  # the later ones come first: some were encrypted more than once
    with index.write() as session:
        with_contents(session, pair, became)
        session.records.set_meta(meta, b"%d" % newest)
    return True
