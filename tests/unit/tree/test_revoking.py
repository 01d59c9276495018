"""Who is shut out: the same whatever the order, nobody silenced counts, and the recovery key has the last word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from megadesk.tree.revoking import NOTHING, Enrolled, RekeyFact, judge
from megadesk.types import DeviceId

DEVICES = [DeviceId(bytes([number]) * 16) for number in range(5)]
ROOT = b""


@st.composite
def quarrels(draw: st.DrawFn) -> tuple[list[RekeyFact], list[Enrolled]]:
    enrolled = [
        Enrolled(device, draw(st.integers(0, 3)), draw(st.sampled_from([ROOT, ROOT, *DEVICES[:number]])))
        for number, device in enumerate(DEVICES)
    ]
    places = draw(
        st.lists(st.tuples(st.sampled_from(DEVICES), st.integers(1, 5), st.integers(0, 1)), unique=True, max_size=7)
    )
    cutoff = st.tuples(st.sampled_from(DEVICES), st.integers(0, 5), st.just(NOTHING))
    rekeys = [
        RekeyFact(device, seq, position, tuple(draw(st.lists(cutoff, max_size=2)))) for device, seq, position in places
    ]
    return rekeys, enrolled


@given(quarrels(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(quarrel: tuple[list[RekeyFact], list[Enrolled]], rng: object) -> None:
    rekeys, enrolled = quarrel
    verdict = judge(rekeys, enrolled)
    for each in (rekeys, enrolled):
        rng.shuffle(each)  # type: ignore[attr-defined]
    assert judge(rekeys, enrolled) == verdict


@given(quarrels())
def test_nothing_that_counts_is_silenced(quarrel: tuple[list[RekeyFact], list[Enrolled]]) -> None:
    rekeys, enrolled = quarrel
    verdict = judge(rekeys, enrolled)
    for rekey in rekeys:
        if (rekey.device, rekey.seq, rekey.position) in verdict.counting and rekey.device in verdict.cutoffs:
            assert rekey.seq <= verdict.cutoffs[rekey.device][0]


@given(quarrels())
def test_whoever_is_let_in_last_by_the_recovery_key_overrules_all(
    quarrel: tuple[list[RekeyFact], list[Enrolled]],
) -> None:
    """Its Rekeys count, unless somebody silences them whom it does not silence itself: nobody, if it takes them all."""
    rekeys, enrolled = quarrel
    new = DeviceId(b"\xff" * 16)
    others = tuple((device, 0, NOTHING) for device in DEVICES)
    verdict = judge([*rekeys, RekeyFact(new, 1, 0, others)], [*enrolled, Enrolled(new, 10, ROOT)])
    assert verdict.cutoffs == dict.fromkeys(DEVICES, (0, NOTHING))


@given(quarrels())
def test_a_rekey_that_nobody_silences_counts(quarrel: tuple[list[RekeyFact], list[Enrolled]]) -> None:
    rekeys, enrolled = quarrel
    verdict = judge(rekeys, enrolled)
    shut_out = {device for rekey in rekeys for device, _, _ in rekey.cutoffs if device != rekey.device}
    let_in = {each.device: each.enroller for each in enrolled}
    for rekey in rekeys:
        above = [rekey.device]
        while let_in[above[-1]]:  # type: ignore[index]
            above.append(DeviceId(let_in[above[-1]]))  # type: ignore[index]
        if shut_out.isdisjoint(above):
            assert (rekey.device, rekey.seq, rekey.position) in verdict.counting


def test_two_that_shut_each_other_out() -> None:
    one, two = DEVICES[:2]
    rekeys = [RekeyFact(one, 3, 0, ((two, 1, NOTHING),)), RekeyFact(two, 3, 0, ((one, 1, NOTHING),))]
    enrolled = [Enrolled(one, 1, ROOT), Enrolled(two, 2, ROOT)]
    assert judge(rekeys, enrolled).cutoffs == {one: (1, NOTHING)}


def test_a_device_that_is_let_in_by_one_ranks_below_it() -> None:
    one, two, friend = DEVICES[:3]
    rekeys = [RekeyFact(one, 3, 0, ((friend, 0, NOTHING),)), RekeyFact(friend, 3, 0, ((one, 0, NOTHING),))]
    enrolled = [Enrolled(one, 1, ROOT), Enrolled(two, 0, ROOT), Enrolled(friend, 99, two)]
    assert judge(rekeys, enrolled).cutoffs == {friend: (0, NOTHING)}
