"""PDF in the page: drawn page by page, in a frame from which nothing leads out."""

from __future__ import annotations

import base64
import contextlib
import gzip
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, expect

from megadesk.share.page import block, fill, own_page
from tests.link_page.browser import Watched
from tests.link_page.build import LINK
from tests.link_page.making import make
from tests.link_page.pdfs import coloured, document, hostile, pdf, stream, words
from tests.link_page.server import Server
from tests.link_page.test_attached import choose
from tests.link_page.test_preview import preview

Open = Callable[..., Watched]
MIDDLE = """(canvas) => {
  const pen = canvas.getContext("2d");
  return [...pen.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data].slice(0, 3);
}"""


def frame(opened: Watched) -> FrameLocator:
    return opened.main.frame_locator("iframe.pdf")


def test_pages_are_drawn_and_their_text_is_there(server: Server, open_page: Open, folder: Path) -> None:
    colours = ["1 0 0", "0 1 0", "0 0 1", "1 1 0", "0 1 1", "1 0 1"]
    pages = [coloured(colour) + b" " + words(f"This is page {n}") for n, colour in enumerate(colours, 1)]
    opened = open_page(server.add(make(folder, {b"paper.pdf": document(pages)})))
    before = len(server.received)
    preview(opened)
    shown = frame(opened)
    first = shown.get_by_role("region", name="Page 1 of 6")
    expect(first.get_by_text("This is page 1")).to_be_attached()
    assert first.locator("canvas").evaluate(MIDDLE) == [255, 0, 0]
    expect(shown.get_by_role("toolbar")).to_contain_text("Page 1 of 6")
    assert opened.main.locator("iframe.pdf").get_attribute("title") == "paper.pdf"
    last = shown.get_by_role("region", name="Page 6 of 6")
    assert last.locator("canvas").count() == 0
    shown.get_by_role("main").press("End")
    expect(last.get_by_text("This is page 6")).to_be_attached()
    assert last.locator("canvas").evaluate(MIDDLE) == [255, 0, 255]
    expect(shown.get_by_role("toolbar")).to_contain_text("Page 6 of 6")
    width = last.bounding_box()
    shown.get_by_role("button", name="Larger").click()
    expect(last.locator("canvas")).to_be_visible()
    wider = last.bounding_box()
    assert width is not None
    assert wider is not None
    assert wider["width"] > width["width"] * 1.2
    assert opened.complaints == []
    # The viewer came from beside the page, and only now.
    assert [r for r in server.received[:before] if b"pdf-viewer" in r] == []
    assert len([r for r in server.received[before:] if r.startswith(b"GET /d/pdf-viewer.js?v=")]) == 1
    opened.page.get_by_role("button", name="Close preview").click()
    expect(opened.main.locator("iframe")).to_have_count(0)


def test_the_frame_reaches_nothing(server: Server, open_page: Open, folder: Path) -> None:
    """What runs in it has no origin, no network, no page above it, and runs no script but its own."""
    opened = open_page(server.add(make(folder, {b"paper.pdf": document([words("inside")])})))
    preview(opened)
    expect(frame(opened).get_by_text("inside")).to_be_attached()
    inside = opened.page.frames[1]
    assert inside.evaluate("origin") == "null"
    seen = len(server.received)
    tries = {
        "fetch": f"fetch('{server.base}stolen')",
        "page": "Promise.resolve(parent.document.body.innerHTML)",
        "key": "Promise.resolve(parent.history.state.key)",
        "storage": "Promise.resolve(localStorage.length)",
        "database": "new Promise((yes, no) => {const o = indexedDB.open('a'); o.onsuccess = yes; o.onerror = no})",
        "top": f"Promise.resolve().then(() => {{ top.location = '{server.base}stolen'; }})",
        "window": f"Promise.resolve(open('{server.base}stolen') || Promise.reject('no'))",
        # Not at once: what a debugger runs may.
        "eval": "new Promise((yes, no) => setTimeout(() => { try { yes(eval('1')); } catch (e) { no(e); } }))",
        "function": "new Promise((yes, no) => setTimeout(() => { try { yes(Function()()); } catch (e) { no(e); } }))",
        "import": f"import('{server.base}sw.js')",
        "markup": "Promise.resolve().then(() => { document.body.innerHTML = '<img src=x>'; })",
        "worker": f"new Promise((yes, no) => {{ const w = new Worker('{server.base}sw.js'); w.onerror = no; }})",
    }
    for name, attempt in tries.items():
        tried = f"(async () => {{ try {{ await {attempt}; return 'went'; }} catch (error) {{ return 'refused'; }} }})()"
        assert inside.evaluate(tried) == "refused", name
    # An element's script, a picture and a frame from elsewhere, and going away.
    inside.evaluate(
        """(base) => {
          navigator.sendBeacon(base + "stolen", "x");
          const script = document.createElement("script");
          try { script.textContent = "window.owned = 1"; document.body.append(script); } catch (error) {}
          for (const name of ["img", "iframe"]) {
            const element = document.createElement(name);
            element.src = base + "stolen";
            document.body.append(element);
          }
          const form = document.createElement("form");
          form.action = base + "stolen";
          document.body.append(form);
          form.submit();
        }""",
        server.base,
    )
    assert inside.evaluate("window.owned") is None
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        port = elsewhere.getsockname()[1]
        inside.evaluate(f"setTimeout(() => {{ location = 'http://127.0.0.1:{port}/stolen'; }})")
        opened.page.wait_for_timeout(300)
        elsewhere.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            # Chromium makes a connection before it asks the policy, and then sends nothing over it.
            connected, _ = elsewhere.accept()
            connected.settimeout(1)
            with contextlib.closing(connected), contextlib.suppress(TimeoutError):
                assert connected.recv(1) == b""
    assert not any(b"stolen" in received for received in server.received[seen:])
    assert opened.page.url == server.base
    assert len(opened.page.context.pages) == len([p for p in opened.page.context.pages if "stolen" not in p.url])


@pytest.mark.parametrize(
    "names",
    [("together", "font-code"), pytest.param(tuple(hostile("")), marks=pytest.mark.long)],
    ids=["some", "all"],
)
def test_hostile_documents_do_nothing(server: Server, open_page: Open, folder: Path, names: tuple[str, ...]) -> None:
    """They are shown like others; what they want done when opened, clicked or read is not."""
    every = hostile(f"{server.base}stolen")
    documents = {name: every[name] for name in names}
    nodes: dict[bytes, bytes | None] = {b"top": None}
    nodes |= {f"top/{name}.pdf".encode(): data for name, data in documents.items()}
    opened = open_page(server.add(make(folder, dict(nodes))))
    asked: list[str] = []
    opened.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    for name in documents:
        opened.main.get_by_text(f"{name}.pdf", exact=True).click()
        preview(opened)
        sheet = frame(opened).get_by_role("region", name="Page 1 of 1")
        expect(sheet.locator("canvas")).to_be_visible()
        if name != "font-code":
            expect(sheet.get_by_text("still shown")).to_be_attached()
        sheet.click(position={"x": 100, "y": 100})
        sheet.click(position={"x": 60, "y": 60})
        for key in ("Tab", "Enter"):
            frame(opened).get_by_role("main").press(key)
        assert opened.page.frames[1].evaluate("window.owned") is None
        opened.page.get_by_role("button", name="top").click()
    assert asked == []
    assert opened.page.evaluate("window.owned") is None
    assert not any(b"stolen" in received for received in server.received)
    assert len(opened.page.context.pages) == 2 or "stolen" not in str([p.url for p in opened.page.context.pages])


BROKEN = {
    "text.pdf": b"this is no document" * 100,
    "cut.pdf": document([words("x")])[:200],
    "no-pages.pdf": pdf(["<</Type/Catalog>>"]),
    "circle.pdf": pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 1>>"]),
}


@pytest.mark.parametrize(
    "names", [("cut.pdf",), pytest.param(tuple(BROKEN), marks=pytest.mark.long)], ids=["one", "all"]
)
def test_broken_documents(server: Server, open_page: Open, folder: Path, names: tuple[str, ...]) -> None:
    nodes: dict[bytes, bytes | None] = {b"top": None} | {f"top/{name}".encode(): BROKEN[name] for name in names}
    opened = open_page(server.add(make(folder, dict(nodes))))
    for name in names:
        opened.main.get_by_text(name).click()
        preview(opened)
        expect(opened.main.get_by_text("No preview: the document cannot be shown here")).to_be_visible()
        expect(opened.main.locator("iframe")).to_have_count(0)
        opened.page.get_by_role("button", name="top").click()


@pytest.mark.parametrize(
    "box",
    [
        "0 0 2000000000 2000000000",
        *(pytest.param(box, marks=pytest.mark.long) for box in ("0 0 1 200000", "0 0 200000 1", "0 0 0 0")),
    ],
)
def test_pages_of_absurd_sizes(server: Server, open_page: Open, folder: Path, box: str) -> None:
    data = document([words("somewhere"), words("behind")], box=box)
    opened = open_page(server.add(make(folder, {b"huge.pdf": data})))
    preview(opened)
    canvas = frame(opened).locator("canvas").first
    expect(canvas).to_be_attached()
    width, height = canvas.evaluate("(canvas) => [canvas.width, canvas.height]")
    assert 0 < width <= 8192
    assert 0 < height <= 8192


@pytest.mark.long
def test_many_pages(server: Server, open_page: Open, folder: Path) -> None:
    """Few of them are drawn at a time."""
    data = document([words(f"page {n}") for n in range(1, 1102)])
    opened = open_page(server.add(make(folder, {b"book.pdf": data})))
    preview(opened)
    shown = frame(opened)
    expect(shown.get_by_text("page 1", exact=True)).to_be_attached()
    shown.get_by_role("main").press("End")
    expect(shown.get_by_text("page 1000", exact=True)).to_be_attached()
    expect(shown.get_by_text("Only the beginning is shown.")).to_be_attached()
    assert shown.locator("canvas").count() <= 16


def test_a_document_with_a_password(server: Server, open_page: Open, folder: Path) -> None:
    locked = document([words("secret")]).replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (b"11" * 32, b"22" * 32),
    )
    opened = open_page(server.add(make(folder, {b"locked.pdf": locked})))
    preview(opened)
    expect(opened.main.get_by_text("locked with a password of its own")).to_be_visible()


@pytest.mark.parametrize("what", [pytest.param("none", marks=pytest.mark.long), "other"])
def test_without_its_viewer(server: Server, open_page: Open, folder: Path, what: str) -> None:
    """A host that has none, or another one, is found out before anything of it runs."""
    assert server.viewer is not None
    server.viewer = None if what == "none" else server.viewer + b"\nparent.owned = 1;"
    opened = open_page(server.add(make(folder, {b"paper.pdf": document([words("x")])})))
    preview(opened)
    expect(opened.main.get_by_text("No preview here. Download the document")).to_be_visible()
    expect(opened.main.locator("iframe")).to_have_count(0)
    assert opened.page.evaluate("window.owned") is None


@pytest.mark.parametrize("attached", [False, pytest.param(True, marks=pytest.mark.long)])
def test_in_an_html_file(open_page: Open, folder: Path, tmp_path: Path, attached: bool) -> None:
    """The viewer is in the file, and nobody is asked for anything."""
    link = make(folder, {b"paper.pdf": document([words("inside")])})
    script = (LINK / "pdf-viewer.js").read_bytes()
    packs = [pack.read_bytes() for pack in link.packs.values()]
    sizes = [len(pack) for pack in packs] if attached else []
    head, tail = fill(own_page(), link.record, inline=not attached, attached=sizes, viewer=gzip.compress(script))
    path = tmp_path / "gift.html"
    if attached:
        path.write_bytes(head + tail + b"".join(packs))
    else:
        path.write_bytes(head + b"".join(b"".join(block(index, [pack])) for index, pack in enumerate(packs)) + tail)
    opened = open_page(f"file://{path}#{link.token}", until="commit")
    if attached:
        choose(opened, path)
    preview(opened)
    expect(frame(opened).get_by_text("inside")).to_be_attached()
    assert opened.complaints == []
    assert not [request for request in opened.requests if " http" in request]


def test_on_a_phone_in_the_dark(server: Server, open_page: Open, folder: Path) -> None:
    opened = open_page(server.add(make(folder, {b"paper.pdf": document([words("small")])})))
    opened.page.set_viewport_size({"width": 360, "height": 740})
    opened.page.emulate_media(color_scheme="dark")
    preview(opened)
    shown = frame(opened)
    expect(shown.get_by_text("small")).to_be_attached()
    box = shown.get_by_role("region", name="Page 1 of 1").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert 240 < box["width"] <= 360
    assert shown.locator("body").evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 19, 21)"


RED_JP2 = (
    "AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAACAAAAAgAAw8HAAAAAAAPY29scgEAAAAAABAAAACl"
    "anAyY/9P/1EALwAAAAAACAAAAAgAAAAAAAAAAAAAAAgAAAAIAAAAAAAAAAAAAw8BAQ8BAQ8BAf9SAAwAAAABAQMEBAAB/1wADUCAiIiQiIiQ"
    "iIiQ/2QAJQABQ3JlYXRlZCBieSBPcGVuSlBFRyB2ZXJzaW9uIDIuNS4w/5AACgAAAAAAJAAB/5PP/DAIB7eA3/iQEAE/gICAgICAgICA/9k="
)
"""8 x 8, all of it red, by ImageMagick."""
WHITE_FAX = b"\xff\x00\x10\x01"
"""Group 4: eight lines that are as the white one above the first."""
GREY = "/ColorSpace/DeviceGray/BitsPerComponent 1"


@pytest.mark.parametrize(
    ("data", "how", "colour"),
    [
        (WHITE_FAX, f"{GREY}/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 8/Rows 8>>", [255, 255, 255]),
        (base64.b64decode(RED_JP2), "/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/JPXDecode", [255, 0, 0]),
    ],
    ids=["fax", "jpeg-2000"],
)
def test_pictures_whose_decoders_are_fetched_elsewhere(
    server: Server, open_page: Open, folder: Path, data: bytes, how: str, colour: list[int]
) -> None:
    """pdf.js would fetch them, as WebAssembly: here they are inside, as JavaScript."""
    drawn = pdf(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 100 100]/Resources<</XObject<</X 5 0 R>>>>>>",
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>",
            stream(b"0 0 1 rg 0 0 100 100 re f q 100 0 0 100 0 0 cm /X Do Q"),
            stream(data, f"/Type/XObject/Subtype/Image/Width 8/Height 8{how}"),
        ]
    )
    opened = open_page(server.add(make(folder, {b"scan.pdf": drawn})))
    preview(opened)
    canvas = frame(opened).locator("canvas").first
    expect(canvas).to_be_visible()
    assert canvas.evaluate(MIDDLE) == colour
    assert opened.complaints == []
