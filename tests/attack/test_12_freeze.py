"""Attack 12: the storage shows one device the same old state for ever. As silence looks alike, its age is shown.

What each other device wrote last, and when, is kept and shown beside the time of the last look; and what the frozen
device has seen stays a lower bound: the storage cannot later leave anything out of what it held back.
"""

from __future__ import annotations

import pytest

from megadesk.errors import IntegrityError
from tests.attack.world import Bench, outcome


def test_how_old_what_is_shown_is_can_be_seen(bench: Bench) -> None:
    frozen, real = bench.store(), bench.store()
    alpha, beta = bench.device("alpha", frozen), bench.device("beta", real)
    with alpha.unlocked() as locker:
        before = {row.name: row for row in locker.devices()}
        looked_ms = locker.status().refreshed_ms
    with beta.unlocked() as locker:
        for number in range(3):
            locker.make_folder(f"/new {number}")
    with alpha.unlocked() as locker:
        assert locker.trouble is None, "silence is no attack"
        (kept,) = [row for row in locker.devices() if not row.this]
        assert (kept.last_seen_ms, kept.entries) == (before[kept.name].last_seen_ms, before[kept.name].entries)
        looked_again_ms = locker.status().refreshed_ms
        assert looked_ms is not None
        assert looked_again_ms is not None
        assert looked_again_ms >= looked_ms
        assert kept.last_seen_ms is not None
        assert kept.last_seen_ms < looked_again_ms

        frozen.show(real.objects)
        locker.refresh()
        (row,) = [row for row in locker.devices() if not row.this]
        assert (row.entries, row.id) == (kept.entries + 3, kept.id)
        assert row.last_seen_ms is not None
        assert row.last_seen_ms > kept.last_seen_ms


@pytest.mark.parametrize("left_out", [0, 1])
def test_nothing_of_what_was_held_back_can_be_left_out_later(bench: Bench, left_out: int) -> None:
    frozen, real = bench.store(), bench.store()
    alpha, beta = bench.device("alpha", frozen), bench.device("beta", real)
    before = set(real.objects)
    with beta.unlocked() as locker:
        for number in range(3):
            locker.make_folder(f"/new {number}")
    entries = sorted(name for name in set(real.objects) - before if name.startswith("log/"))
    assert len(entries) == 3
    frozen.show({name: data for name, data in real.objects.items() if name != entries[left_out]})
    _, trouble = outcome(alpha)
    assert isinstance(trouble, IntegrityError)
