"""Links as one file: filled, opened, damaged, resumed."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megadesk.errors import (
    DamagedError,
    DecodeError,
    IntegrityError,
    LinkAddressError,
    LinkPasswordError,
    MegaDeskError,
)
from megadesk.format.link import LinkNode
from megadesk.share.address import is_link, parse_link
from megadesk.share.opening import OpenedLink, open_address
from megadesk.share.page import EMPTY, PageFile, block, config_of, fill, page_hash, read_config
from megadesk.share.safe import folded, safe_name, target_is_inside, unique_name
from megadesk.share.viewer import viewer_for
from megadesk.types import NodeKind
from tests.unit.share.pages import PAGE, inline_page, packs_of, vector

GOOD = ["file", "file_empty", "file_two_segments", "folder", "folder_hostile_names"]


def save(folder: Path, found: dict[str, Any], page: bytes | None = None) -> str:
    path = folder / "link.html"
    path.write_bytes(page if page is not None else inline_page(found))
    return f"{path}#{found['token']}"


def written(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


@pytest.mark.parametrize("name", GOOD)
def test_a_file_opens_and_is_fetched(name: str, tmp_path: Path) -> None:
    found = vector(name)
    link = open_address(save(tmp_path, found))
    entries = list(link.entries())
    report = link.download(str(tmp_path / "out"))
    outside = [failure.path for failure in report.failures]
    assert all(entries[0].path in path for path in outside)
    expected = {entries[int(index)].path: content["sha256"] for index, content in found["files"].items()}
    assert written(tmp_path / "out") == expected
    assert not [path for path in os.listdir(tmp_path / "out") if path.startswith(".megadesk")]
    link.close()


def test_links_that_lead_out_of_what_is_shared_are_left_out(tmp_path: Path) -> None:
    link = open_address(save(tmp_path, vector("folder_hostile_names")))
    report = link.download(str(tmp_path / "out"))
    assert [failure.path.rpartition("/")[2] for failure in report.failures] == ["root", "up"]
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_symlink()]
    link.close()
    link = open_address(save(tmp_path, vector("folder")))
    link.download(str(tmp_path / "other"))
    assert os.readlink(tmp_path / "other" / "Holiday" / "latest") == "pictures/two.bin"
    link.close()


def test_a_part_of_a_folder(tmp_path: Path) -> None:
    link = open_address(save(tmp_path, vector("folder")))
    pictures = next(entry for entry in link.entries() if entry.name == "pictures")
    link.download(str(tmp_path / "out"), only=[pictures.index])
    assert sorted(os.listdir(tmp_path / "out")) == ["pictures"]
    assert len(os.listdir(tmp_path / "out" / "pictures")) == 3
    assert link.read(pictures.index) == b""
    one = next(entry for entry in link.entries() if entry.name == "one.bin")
    assert b"".join(link.slices(one.index))[100:200] == link.read(one.index, 100, 100)
    link.close()


def test_passwords(tmp_path: Path) -> None:
    found = vector("file_password")
    where = save(tmp_path, found)
    with pytest.raises(LinkPasswordError, match="needs a password"):
        open_address(where)
    with pytest.raises(LinkPasswordError, match="this password"):
        open_address(where, lambda: "wrong")
    link = open_address(where, lambda: found["password"])
    assert link.read(0) == b"Hello, whoever has this link.\n"
    link.close()


def test_nothing_damaged_gets_a_name(tmp_path: Path) -> None:
    found = vector("damaged_pack")
    link = open_address(save(tmp_path, found))
    report = link.download(str(tmp_path / "out"))
    assert written(tmp_path / "out") == {"half/good": found["files"]["1"]["sha256"]}
    assert [failure.path for failure in report.failures] == [str(tmp_path / "out" / "half" / "bad")]
    with pytest.raises(DamagedError):
        link.read(2)
    link.close()


def test_the_secret_opens_nothing_else(tmp_path: Path) -> None:
    page = inline_page(vector("file"))
    with pytest.raises(IntegrityError):
        open_address(save(tmp_path, vector("folder"), page))


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.6, 0.9])
def test_pages_that_were_cut_short(share: float, tmp_path: Path) -> None:
    found = vector("file_two_segments")
    page = inline_page(found)
    with pytest.raises(DecodeError):
        open_address(save(tmp_path, found, page[: int(share * len(page))])).read(0)


def test_a_page_that_lacks_packs(tmp_path: Path) -> None:
    found = vector("folder")
    page = inline_page(found)
    start = page.index(b'<script type="application/octet-stream;base64" id="p-1">')
    link = open_address(save(tmp_path, found, page[:start]))
    report = link.download(str(tmp_path / "out"))
    assert report.failures
    assert set(written(tmp_path / "out").values()) < {content["sha256"] for content in found["files"].values()}
    link.close()


@given(st.binary(max_size=300))
def test_configurations_of_pages(text: bytes) -> None:
    try:
        read_config(text)
    except DecodeError:
        return


@given(st.lists(st.binary(max_size=100), max_size=8))
def test_blocks_of_any_pieces(pieces: list[bytes]) -> None:
    import base64

    made = b"".join(block(7, pieces))
    text = made.removeprefix(b'<script type="application/octet-stream;base64" id="p-7">').removesuffix(b"</script>")
    assert base64.b64decode(text, validate=True) == b"".join(pieces)


@given(st.data())
def test_any_piece_of_a_pack_in_a_page(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = os.urandom(data.draw(st.integers(1, 500)))
    head, tail = fill(PAGE, b"record", inline=True)
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_bytes(head + b"".join(block(0, [content])) + tail)
    page = PageFile(str(path))
    start = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, len(content) - start))
    assert page.read(0, start, length) == content[start : start + length]
    with pytest.raises(DecodeError):
        page.read(0, start, len(content) - start + 4)
    page.close()


def test_the_hash_is_that_of_the_empty_page() -> None:
    plain = hashlib.sha256(PAGE).hexdigest()
    assert page_hash(PAGE) == plain
    assert page_hash(inline_page(vector("folder"))) == plain
    head, tail = fill(PAGE, b"x" * 100, server="https://host/<d>/")
    assert page_hash(head + tail) == plain
    assert b"<d>" not in head
    for changed in (head + tail + b" ", (head + tail).replace(b"MegaDesk", b"MegaDisk")):
        assert page_hash(changed) != plain
    # What is hidden among the blocks counts.
    spoilt = inline_page(vector("folder")).replace(
        b'<script type="application/oct', b'<img><script type="application/oct'
    )
    assert page_hash(spoilt) != plain
    for other in (b"", b"<html>", EMPTY + EMPTY):
        with pytest.raises(DecodeError):
            page_hash(other)


def node(name: bytes, size: int = 9, kind: NodeKind = NodeKind.FILE) -> LinkNode:
    return LinkNode(-1, name, kind, 0o644, 0, size, ())


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (node(b"a.pdf"), True),
        (node(b"A.PDF", 64 << 20), True),
        (node(b"a.pdf", (64 << 20) + 1), False),
        (node(b"a.pdf", 0), False),
        (node(b"a.pdf.txt"), False),
        (node(b"pdf"), False),
        (node(b"a.pdf", 0, NodeKind.FOLDER), False),
    ],
)
def test_whose_page_has_the_viewer_in_it(own_page: Path, found: LinkNode, shown: bool) -> None:
    assert viewer_for([found]) == b""  # a copy without it
    (own_page / "pdf-viewer.js").write_bytes(b"// viewer")
    packed = viewer_for([node(b"other"), found])
    assert (gzip.decompress(packed) if packed else b"") == (b"// viewer" if shown else b"")


@pytest.mark.parametrize("name", ["file", "folder"])
def test_a_page_with_the_viewer_is_read_as_one_without(name: str, tmp_path: Path) -> None:
    """By its hash, by those who open it, and with packs in it or behind it."""
    plain = hashlib.sha256(PAGE).hexdigest()
    found = vector(name)
    record = base64.b64decode(found["object"])
    head, tail = fill(PAGE, record, inline=True, viewer=b"viewer")
    blocks = b"".join(part for index, data in enumerate(packs_of(found).values()) for part in block(index, [data]))
    assert page_hash(head + blocks + tail) == plain
    link = open_address(save(tmp_path, found, head + blocks + tail))
    assert not link.download(str(tmp_path / "out")).failures or name == "folder"
    link.close()
    assert page_hash(b"".join(fill(PAGE, record, viewer=b"viewer" * 999))) == plain
    head, tail = fill(PAGE, record, viewer=b"viewer", attached=[7, 9])
    assert config_of(head + tail).attached_at == len(head + tail)
    assert page_hash(head + tail + b"x" * 16) == plain
    # Nothing but base64 is taken for a viewer, and only one.
    head, tail = fill(PAGE, record, viewer=b"viewer")
    element = tail[: tail.index(b"</script>") + 9]
    assert page_hash(head + element + tail) != plain
    assert page_hash(head + tail.replace(b"dmll", b"<b>x", 1)) != plain


# --- addresses

TOKEN = vector("file")["token"]


@pytest.mark.parametrize(
    ("text", "url", "base", "file"),
    [
        (f"https://host/d/#{TOKEN}", "https://host/d/", "https://host/d/", ""),
        (f"  <http://127.0.0.1:8710/d/#{TOKEN}>\n", "http://127.0.0.1:8710/d/", "http://127.0.0.1:8710/d/", ""),
        (f"megadesk:https://host/d/#{TOKEN}", "https://host/d/", "https://host/d/", ""),
        (f"megadesk://host/d/#{TOKEN}", "https://host/d/", "https://host/d/", ""),
        (f"https://host#{TOKEN}", "https://host", "https://host/", ""),
        (
            f"https://b.s3/y.html?X-Amz-A=1%2F2&b=#{TOKEN}",
            "https://b.s3/y.html?X-Amz-A=1%2F2&b=",
            "https://b.s3/",
            "",
        ),
        (f"file:///tmp/a%20b.html#{TOKEN}", "", "", "/tmp/a b.html"),
        (f"/tmp/a#b.html#{TOKEN}", "", "", "/tmp/a#b.html"),
    ],
)
def test_addresses(text: str, url: str, base: str, file: str) -> None:
    found = parse_link(text)
    assert (found.url, found.file) == (url, file)
    assert not url or found.base == base
    assert found.secret.token() == TOKEN
    assert TOKEN not in repr(found)
    assert is_link(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://host/d/",
        f"https://host/d/{TOKEN}",
        f"https://host/d/#{TOKEN[:-1]}",
        f"ftp://host/#{TOKEN}",
        f"javascript:alert(1)#{TOKEN}"[:5] + "://x",
        f"https://user:pass@host/#{TOKEN}",
        f"https://host:99999/#{TOKEN}",
        f"https://ho st/#{TOKEN}",
        f"file://elsewhere/x#{TOKEN}",
        f"https://host/\r\nx#{TOKEN}",
        "x" * 30_000,
    ],
)
def test_what_is_no_link(text: str) -> None:
    assert not is_link(text)
    with pytest.raises(LinkAddressError) as caught:
        parse_link(text)
    assert TOKEN[:20] not in caught.value.explanation


@given(st.text(max_size=80), st.booleans())
def test_any_text(text: str, token: bool) -> None:
    try:
        parse_link(text + (f"#{TOKEN}" if token else ""))
    except MegaDeskError as error:
        said = error.explanation
    else:
        return
    assert TOKEN not in said


# --- names


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        (b"report.pdf", "report.pdf"),
        (b"CON", "_CON"),
        (b"con.tar.gz", "_con.tar.gz"),
        (b"com\xc2\xb9", "_com\u00b9"),
        (b"a\\b:c", "a_b_c"),
        (b"dots...", "dots___"),
        (b"space ", "space_"),
        (b"..a", "..a"),
        (b" ..", " ..".replace(" ..", "___")),
        ("\u202egnp.exe".encode(), "_gnp.exe"),
        (b"a\x00b".replace(b"\x00", b"\x1b"), "a_b"),
        (b"caf\xe9", "caf\udce9"),
        (b".megadesk-x", "_megadesk-x"),
    ],
)
def test_safe_names(name: bytes, safe: str) -> None:
    assert safe_name(name) == safe


def test_the_thing_itself_is_neither_hidden_nor_an_option() -> None:
    assert safe_name(b".bashrc", hidden=False) == "_bashrc"
    assert safe_name(b"-rf", hidden=False) == "_rf"
    assert safe_name(b".git") == ".git"


@given(st.binary(min_size=1, max_size=255))
def test_safe_names_are_names(name: bytes) -> None:
    made = safe_name(name.replace(b"/", b"x").replace(b"\0", b"x"))
    assert made
    assert made not in (".", "..")
    assert not set(made) & set('/\0<>:"\\|?*\n\r\u202e')
    assert made[-1] not in ". "
    assert len(os.fsencode(made)) <= 256
    assert safe_name(os.fsencode(made)) == made


def test_names_that_become_equal_are_told_apart() -> None:
    taken: set[str] = set()
    made = []
    for name in (b"a:b", b"a|b", b"A:B", "\u00e9".encode(), "e\u0301".encode()):
        made.append(unique_name(safe_name(name), taken))
        taken.add(folded(made[-1]))
    assert len({folded(name) for name in made}) == 5


@pytest.mark.parametrize(
    ("path", "target", "inside"),
    [
        ("top/link", b"file", True),
        ("top/a/link", b"../file", True),
        ("top/a/link", b"../../file", False),
        ("top/link", b"..", False),
        ("top/link", b"/etc/passwd", False),
        ("top/link", b"a/../b", False),
        ("top/link", b"./a//b", True),
        ("link", b"file", False),
        ("top/link", b"C:\\x", False),
        ("top/a/b/link", b"../../x", True),
    ],
)
def test_where_links_lead(path: str, target: bytes, inside: bool) -> None:
    assert target_is_inside(path, target) is inside


def test_kinds(tmp_path: Path) -> None:
    link = open_address(save(tmp_path, vector("folder")))
    assert {entry.kind for entry in link.entries()} == set(NodeKind)
    assert isinstance(link, OpenedLink)
    assert link.link_id == vector("folder")["keys"]["link_id"]
    link.close()
