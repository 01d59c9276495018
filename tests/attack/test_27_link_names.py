"""Attack 27, links: names and targets of a hostile maker. What is fetched stays in its folder, overwrites nothing."""

from __future__ import annotations

import base64
import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megadesk.crypto.link import LinkSecret
from megadesk.errors import MegaDeskError
from megadesk.format.link import LinkNode, make_record, seal_link
from megadesk.share.opening import open_address
from megadesk.share.page import fill
from megadesk.types import LockerId, NodeKind
from tests.unit.share.pages import PAGE

HOSTILE = [
    *(b"CON", b"con.txt", b"NUL", b"COM1", b"lpt9.doc", b"aux.", b"a:b", b"C:\\Windows\\x", b"\\\\server\\share"),
    *(b"..\\up", b"-rf", b"--help", b" ", b".", b"..", b"a/b", b"../up", b"/etc/passwd", b"nul\0byte", b""),
    *("\u202egnp.exe".encode(), "\u2066x".encode(), b"\x1b[2J", b"new\nline", b"tab\t", b"\r", b"n" * 255, b"n" * 256),
    *("\u00e9" * 127 + "x", "\U0001f4a3" * 63),
    *(b"\xff\xfe\xfd", b"<script>", b"$(reboot)", b"`id`", b"%2e%2e%2f", b".bashrc", b".ssh", b".megadesk-x.part"),
]
NAMES = [name.encode() if isinstance(name, str) else name for name in HOSTILE]


def page_of(folder: Path, nodes: list[LinkNode]) -> str | None:
    """An HTML file with these nodes, and its link; None when the format itself refuses them."""
    secret = LinkSecret.generate()
    record = make_record(LockerId(bytes(32)), nodes, [], created_ms=1)
    try:
        data = seal_link(record, secret)
    except MegaDeskError:
        return None
    path = folder / "link.html"
    path.write_bytes(b"".join(fill(PAGE, data, inline=True)))
    return f"{path}#{secret.token()}"


def fetch(url: str, to: Path) -> None:
    with contextlib.closing(open_address(url)) as link:
        link.download(str(to))


def outside(top: Path, inside: Path) -> set[str]:
    """Everything below ``top`` that is not below ``inside``."""
    return {str(path) for path in top.rglob("*") if inside not in (path, *path.parents)}


def empty(parent: int, name: bytes) -> LinkNode:
    return LinkNode(parent, name, NodeKind.FILE, 0o6777, 1, 0, ())


def top(name: bytes = b"top") -> LinkNode:
    return LinkNode(-1, name, NodeKind.FOLDER, 0o7777, 1, 0, None)


@pytest.mark.parametrize("name", NAMES, ids=repr)
@pytest.mark.parametrize("where", ["itself", "inside", "folder"])
def test_a_name(name: bytes, where: str, tmp_path: Path) -> None:
    nodes = {
        "itself": [empty(-1, name)],
        "inside": [top(), empty(0, name)],
        "folder": [top(name), empty(0, b"file")],
    }[where]
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "existing").write_bytes(b"mine")
    url = page_of(tmp_path, nodes)
    before = outside(tmp_path, tmp_path / "home" / "in")
    if url is None:
        assert name in (b".", b"..", b"") or b"/" in name or b"\0" in name or len(name) > 255
        return
    fetch(url, tmp_path / "home" / "in")
    assert outside(tmp_path, tmp_path / "home" / "in") == before | {str(tmp_path / "link.html")}
    for path in (tmp_path / "home" / "in").rglob("*"):
        shown = path.name
        assert not set(shown) & set('<>:"\\|?*\x1b\n\r\t\u202e\u2066')
        assert shown.split(".")[0].upper() not in ("CON", "NUL", "COM1", "LPT9", "AUX")
        assert not shown.endswith((".", " "))
        assert not shown.startswith(".megadesk-")
        assert path.stat().st_mode & 0o7022 == 0, "no special bits, nobody else writes"
        if where != "inside" and path.parent.name == "in":
            assert not shown.startswith((".", "-"))


@given(names=st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=8, unique=True))
def test_any_names(tmp_path_factory: pytest.TempPathFactory, names: list[bytes]) -> None:
    names = [name.translate(None, b"/\0") or b"x" for name in names]
    names = [name for name in dict.fromkeys(names) if name not in (b".", b"..")]
    folder = tmp_path_factory.mktemp("names")
    url = page_of(folder, [top(), *(empty(0, name) for name in names)])
    assert url is not None
    fetch(url, folder / "in")
    assert len(os.listdir(folder / "in" / "top")) == len(names)


TARGETS = [b"/etc/passwd", b"..", b"../..", b"../../x", b"a/../../..", b"C:\\x", b"//host/x", b".", b"./..", b"self/.."]


@pytest.mark.parametrize("target", TARGETS, ids=repr)
def test_symbolic_links_lead_nowhere_else(target: bytes, tmp_path: Path) -> None:
    nodes = [
        top(),
        LinkNode(0, b"self", NodeKind.LINK, 0o777, 1, 0, b"."),
        LinkNode(0, b"deep", NodeKind.FOLDER, 0o755, 1, 0, None),
        LinkNode(2, b"up", NodeKind.LINK, 0o777, 1, 0, b".."),
        LinkNode(0, b"link", NodeKind.LINK, 0o777, 1, 0, target),
        LinkNode(2, b"link", NodeKind.LINK, 0o777, 1, 0, b"up/" + target),
        LinkNode(2, b"link2", NodeKind.LINK, 0o777, 1, 0, target),
    ]
    url = page_of(tmp_path, nodes)
    assert url is not None
    fetch(url, tmp_path / "in")
    for path in (tmp_path / "in").rglob("*"):
        if path.is_symlink():
            assert path.resolve().is_relative_to(tmp_path / "in" / "top")


def test_what_is_there_already_is_neither_followed_nor_overwritten(tmp_path: Path) -> None:
    """A link in the way, to a place that is not the link's to fill; and a file of the user's."""
    precious = tmp_path / "precious"
    precious.mkdir()
    into = tmp_path / "in"
    into.mkdir()
    (into / "top").symlink_to(precious)
    (into / "note").write_bytes(b"mine")
    url = page_of(tmp_path, [top(), empty(0, b"file")])
    assert url is not None
    fetch(url, into)
    assert list(precious.iterdir()) == []
    url = page_of(tmp_path, [empty(-1, b"note")])
    assert url is not None
    fetch(url, into)
    assert (into / "note").read_bytes() == b"mine"


def test_the_tokens_of_pages_are_not_in_them(tmp_path: Path) -> None:
    url = page_of(tmp_path, [empty(-1, b"x")])
    assert url is not None
    content = (tmp_path / "link.html").read_bytes()
    token = url.rpartition("#")[2]
    secret = base64.urlsafe_b64decode(token)[1:]
    for needle in (token.encode(), secret, secret.hex().encode(), base64.b64encode(secret)[:40]):
        assert needle not in content
