"""Each rule of docs/sync.md, by name. Trees are written as paths: one letter of content a version."""

from __future__ import annotations

import random

import msgspec
import pytest

from megadesk.sync.planner import plan
from megadesk.sync.values import FILE, FOLDER, LINK, ROOT_KEY, Entry, Key, Mode, Plan, Rules, Verb
from tests.unit.sync.model import Tree, World, random_world, settle

RULES = Rules(device="pc")
Spec = dict[str, tuple[str, str] | tuple[str, str, int]]
"""Path -> (key, content); content "/" is a folder, "=x" a link, "?x" a local state whose bytes are "x"."""


def tree(spec: Spec) -> Tree:
    keys: dict[str, Key] = {"": ROOT_KEY}
    found: Tree = {}
    for path, (name, content, *_) in sorted(spec.items()):
        parent, _, last = path.rpartition("/")
        keys[path] = key = name.encode()
        if content == "/":
            found[key] = Entry(keys[parent], last.encode(), FOLDER, mode=0o755)
        elif content.startswith("="):
            found[key] = Entry(keys[parent], last.encode(), LINK, content.encode())
        else:
            verified = not content.startswith("?")
            found[key] = Entry(keys[parent], last.encode(), FILE, content.encode(), 1, 0, 0o644, verified)
    return found


def world(agreed: Spec, local: Spec, locker: Spec) -> World:
    made = World(tree(agreed), tree(local), tree(locker))
    for side in (made.agreed, made.local, made.locker):
        for entry in side.values():
            made.truth[entry.content] = entry.content.removeprefix(b"?")
    for side in (made.agreed, made.locker):
        made.versions |= {entry.content for entry in side.values()}
    return made


def verbs(made: Plan) -> list[str]:
    return [action.verb.name for action in made.actions]


def paths(side: Tree, made: World) -> dict[str, str]:
    return {b"/".join(path).decode(): content.decode() for path, (_, content) in made.shape(side).items()}


def both(made: World, rules: Rules = RULES) -> dict[str, str]:
    settle(made, rules)
    assert made.shape(made.local) == made.shape(made.locker) == made.shape(made.agreed)
    return paths(made.local, made)


def test_nothing_to_do() -> None:
    same: Spec = {"d": ("d", "/"), "d/a": ("a", "1")}
    assert world(same, same, same).plan(RULES).actions == []


def test_new_here_and_new_there() -> None:
    made = world({}, {"a": ("+a", "?1")}, {"b": ("b", "2")})
    assert verbs(made.plan(RULES)) == ["UPLOAD", "DOWNLOAD"]
    assert both(made) == {"a": "1", "b": "2"}


def test_the_same_file_on_both_sides_is_compared_and_agreed() -> None:
    made = world({}, {"a": ("+a", "?1")}, {"a": ("a", "1")})
    assert verbs(made.plan(RULES)) == ["REKEY", "COMPARE"]
    assert both(made) == {"a": "1"}


def test_folders_of_one_name_become_one() -> None:
    made = world({}, {"d": ("+d", "/"), "d/x": ("+x", "?1")}, {"d": ("d", "/"), "d/y": ("y", "2")})
    assert both(made) == {"d": "", "d/x": "1", "d/y": "2"}


def test_edit_here() -> None:
    made = world({"a": ("a", "1")}, {"a": ("a", "?2")}, {"a": ("a", "1")})
    assert verbs(made.plan(RULES)) == ["UPLOAD"]
    assert both(made) == {"a": "2"}


def test_edit_edit_keeps_both() -> None:
    made = world({"a.txt": ("a", "1")}, {"a.txt": ("a", "?2")}, {"a.txt": ("a", "3")})
    found = both(made)
    assert found.pop("a.txt") == "3"
    ((name, content),) = found.items()
    assert (name, content) == ("a (conflict, pc, 1970-01-01).txt", "2")


def test_edit_edit_to_the_same_is_no_conflict() -> None:
    made = world({"a": ("a", "1")}, {"a": ("a", "?3")}, {"a": ("a", "3")})
    assert both(made) == {"a": "3"}


def test_edit_here_delete_there_edit_wins() -> None:
    made = world({"a": ("a", "1")}, {"a": ("a", "?2")}, {})
    assert both(made) == {"a": "2"}


def test_touched_here_delete_there_is_deleted() -> None:
    """A new time is no edit: the bytes are compared first."""
    made = world({"a": ("a", "1")}, {"a": ("a", "?1")}, {})
    assert verbs(made.plan(RULES)) == ["COMPARE"]
    assert both(made) == {}


def test_delete_here_edit_there_edit_wins() -> None:
    assert both(world({"a": ("a", "1")}, {}, {"a": ("a", "2")})) == {"a": "2"}


def test_delete_delete() -> None:
    made = world({"a": ("a", "1")}, {}, {})
    assert verbs(made.plan(RULES)) == ["FORGET"]


def test_rename_is_no_upload() -> None:
    agreed: Spec = {"d": ("d", "/"), "d/a": ("a", "1")}
    made = world(agreed, {"e": ("d", "/"), "e/a": ("a", "1")}, agreed)
    assert verbs(made.plan(RULES)) == ["MOVE_LOCKER"]
    assert both(made) == {"e": "", "e/a": "1"}


def test_move_move_the_lockers_place_counts() -> None:
    made = world({"a": ("a", "1")}, {"b": ("a", "1")}, {"c": ("a", "1")})
    assert both(made) == {"c": "1"}


def test_move_move_into_each_other_the_lockers_counts() -> None:
    agreed: Spec = {"d": ("d", "/"), "e": ("e", "/")}
    made = world(agreed, {"d": ("d", "/"), "d/e": ("e", "/")}, {"e": ("e", "/"), "e/d": ("d", "/")})
    assert both(made) == {"e": "", "e/d": ""}


def test_swap() -> None:
    made = world(
        {"a": ("a", "1"), "b": ("b", "2")}, {"a": ("a", "1"), "b": ("b", "2")}, {"a": ("b", "2"), "b": ("a", "1")}
    )
    assert both(made) == {"a": "2", "b": "1"}


def test_swap_of_a_folder_with_the_one_in_it() -> None:
    agreed: Spec = {"a": ("a", "/"), "a/b": ("b", "/")}
    assert both(world(agreed, agreed, {"b": ("b", "/"), "b/a": ("a", "/")})) == {"b": "", "b/a": ""}


def test_move_delete_a_moved_file_stays() -> None:
    assert both(world({"a": ("a", "1")}, {"b": ("a", "1")}, {})) == {"b": "1"}
    assert both(world({"a": ("a", "1")}, {}, {"b": ("a", "1")})) == {"b": "1"}


def test_a_file_moved_out_of_a_deleted_folder_stays() -> None:
    agreed: Spec = {"d": ("d", "/"), "d/a": ("a", "1"), "d/b": ("b", "2")}
    assert both(world(agreed, {"d": ("d", "/"), "d/b": ("b", "2"), "a": ("a", "1")}, {})) == {"a": "1"}


def test_a_renamed_folder_that_was_deleted_is_deleted() -> None:
    agreed: Spec = {"d": ("d", "/"), "d/a": ("a", "1")}
    assert both(world(agreed, {"e": ("d", "/"), "e/a": ("a", "1")}, {})) == {}


def test_parent_deleted_under_a_new_child() -> None:
    agreed: Spec = {"d": ("d", "/"), "d/a": ("a", "1")}
    made = world(agreed, {**agreed, "d/new": ("+n", "?2")}, {})
    assert both(made) == {"d": "", "d/new": "2"}
    made = world(agreed, {}, {**agreed, "d/new": ("n", "2")})
    assert both(made) == {"d": "", "d/new": "2"}


def test_type_change() -> None:
    made = world({"a": ("a", "1")}, {"a": ("+a", "/"), "a/x": ("+x", "?2")}, {"a": ("a", "1")})
    assert both(made) == {"a": "", "a/x": "2"}
    made = world({"a": ("a", "/")}, {"a": ("a", "/")}, {"a": ("n", "1")})
    assert both(made) == {"a": "1"}


def test_type_change_against_an_edit_keeps_both() -> None:
    made = world({"a": ("a", "1")}, {"a": ("+a", "/"), "a/x": ("+x", "?2")}, {"a": ("a", "3")})
    found = both(made)
    assert found["a"] == "3"
    assert sorted(found.values()) == ["", "2", "3"]


def test_links_are_compared_by_target() -> None:
    made = world({"l": ("l", "=x")}, {"l": ("l", "=y")}, {"l": ("l", "=y")})
    assert verbs(made.plan(RULES)) == ["RECORD"]
    made = world({"l": ("l", "=x")}, {"l": ("l", "=y")}, {"l": ("l", "=z")})
    assert sorted(both(made).values()) == ["=y", "=z"]


def test_deleted_and_made_again_elsewhere_is_an_update() -> None:
    """No conflict copy of what nobody changed here."""
    made = world({"d": ("d", "/"), "d/a": ("a", "1")}, {"d": ("d", "/"), "d/a": ("a", "1")}, {
        "d": ("e", "/"), "d/a": ("b", "2")})  # fmt: skip
    assert both(made) == {"d": "", "d/a": "2"}


def test_attributes_follow_the_side_that_changed_them() -> None:
    made = world({"a": ("a", "1")}, {"a": ("a", "1")}, {"a": ("a", "1")})
    made.local[b"a"] = msgspec.structs.replace(made.local[b"a"], mode=0o755)
    assert verbs(made.plan(RULES)) == ["SET_LOCKER"]
    made.locker[b"a"] = msgspec.structs.replace(made.locker[b"a"], mode=0o600)
    settle(made, RULES)
    assert made.local[b"a"].mode == made.locker[b"a"].mode == 0o600


def test_unreadable_is_not_absent() -> None:
    agreed: Spec = {"d": ("d", "/"), "d/s": ("s", "/"), "d/s/a": ("a", "1")}
    made = world(agreed, agreed, {})
    assert plan(made.agreed, made.local, made.locker, RULES, [b"s"]).actions == []
    made = world(agreed, {"d": ("d", "/"), "d/s": ("s", "/")}, agreed)
    assert plan(made.agreed, made.local, made.locker, RULES, [b"s"]).actions == []


def test_case_clash_is_shown_and_not_renamed() -> None:
    rules = Rules(device="pc", fold=bytes.lower)
    made = world({}, {}, {"A": ("1", "x"), "a": ("2", "y")})
    found = made.plan(rules)
    assert verbs(found) == ["DOWNLOAD"]
    assert [(trouble.what, trouble.name, trouble.other) for trouble in found.troubles] == [("case", b"a", b"A")]
    known = Rules(device="pc", fold=bytes.lower, taken=lambda _, name: name.lower() == b"b")
    assert [t.what for t in world({}, {}, {"B": ("b", "x")}).plan(known).troubles] == ["case"]


def test_forbidden_name_is_shown_and_not_renamed() -> None:
    rules = Rules(device="pc", fits=lambda name: name != b"CON")
    made = world({}, {}, {"CON": ("c", "/"), "CON/a": ("a", "1"), "b": ("b", "2")})
    found = made.plan(rules)
    assert [(a.verb.name, a.key) for a in found.actions] == [("DOWNLOAD", b"b")]
    assert [trouble.what for trouble in found.troubles] == ["name"]


def test_a_name_that_is_refused_keeps_what_is_here() -> None:
    """Moved in the locker to a name this disk cannot bear, its old folder deleted: nothing here is touched."""
    rules = Rules(device="pc", fits=lambda name: name != b"CON")
    agreed: Spec = {"d": ("d", "/"), "d/a": ("a", "1")}
    assert world(agreed, agreed, {"CON": ("a", "1")}).plan(rules).actions == []


@pytest.mark.parametrize("mode", [Mode.UP, Mode.BACKUP])
def test_up_takes_nothing_down(mode: Mode) -> None:
    made = world({"a": ("a", "1")}, {"a": ("a", "1")}, {"a": ("a", "2"), "b": ("b", "3")})
    settle(made, Rules(mode=mode, device="pc"))
    assert paths(made.local, made) == {"a": "1"}
    assert paths(made.locker, made) == {"a": "1", "b": "3"}
    assert b"2" in made.versions


def test_up_deletes_what_was_deleted_here_and_backup_does_not() -> None:
    for mode, left in ((Mode.UP, {}), (Mode.BACKUP, {"a": "1"})):
        made = world({"a": ("a", "1")}, {}, {"a": ("a", "1")})
        settle(made, Rules(mode=mode, device="pc"))
        assert paths(made.locker, made) == left


def test_up_leaves_a_name_that_something_else_bears() -> None:
    made = world({}, {"a": ("+a", "/")}, {"a": ("a", "1")})
    found = made.plan(Rules(mode=Mode.UP))
    assert (found.actions, [trouble.what for trouble in found.troubles]) == ([], ["taken"])


def test_down_sends_nothing_up_and_keeps_edits_beside() -> None:
    made = world({"a": ("a", "1"), "b": ("b", "2")}, {"a": ("a", "?x"), "c": ("+c", "?y")}, {
        "a": ("a", "1"), "b": ("b", "2")})  # fmt: skip
    settle(made, Rules(mode=Mode.DOWN, device="pc"))
    assert paths(made.locker, made) == {"a": "1", "b": "2"}
    assert paths(made.local, made) == {"a": "1", "b": "2", "c": "y", "a (conflict, pc, 1970-01-01)": "x"}


def test_what_is_the_same_everywhere_may_be_left_out() -> None:
    for seed in range(3000):
        made = random_world(random.Random(seed))
        trees = (made.agreed, made.local, made.locker)
        keys = {key for side in trees for key in side}
        odd = {key for key in keys if len({side.get(key) for side in trees}) > 1} | made.held
        for key in list(odd):
            for side in trees:
                at = key
                while at in side:
                    at = side[at].parent
                    odd.add(at)
        same = {(entry.parent, entry.name) for key, entry in made.agreed.items() if key not in odd}
        sparse = [{key: entry for key, entry in side.items() if key in odd} for side in trees]
        rules = Rules(device="pc", taken=lambda parent, name, same=same: (parent, name) in same)
        assert plan(*trees, rules, made.held) == plan(*sparse, rules, made.held), seed


def test_verbs_have_words() -> None:
    assert len({verb.value for verb in Verb}) == len(Verb)
