"""Attack 24: whoever sees all that the browser sends, and all that the storage holds, sees no key and no name."""

from __future__ import annotations

import base64
import re
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import expect

from megadesk.format.padme import is_padme
from tests.link_page.browser import Watched
from tests.link_page.making import Link, make, noise
from tests.link_page.server import Server

Open = Callable[..., Watched]
NAME = "Grandmother's will (final).pdf"
NOTE = "the combination is 1234"
PASSWORD = "open sesame please"


def encodings(secret: bytes) -> Iterator[bytes]:
    """Every form in which a browser or a script might send bytes."""
    yield secret
    for shift in range(3):  # base64 at any place in a longer text
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(b"\0" * shift + secret)[4 if shift else 0 : -4]
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    yield urllib.parse.quote(secret).encode()
    yield secret[::-1]
    yield b",".join(b"%d" % byte for byte in secret)


def secrets_of(link: Link) -> dict[str, bytes]:
    key = link.secret
    return {
        "secret": key.to_bytes(),
        "first half": key.to_bytes()[:16],
        "second half": key.to_bytes()[16:],
        "link key": key.link_key(),
        "preamble key": key.preamble_key(),
        "name": NAME.encode(),
        "note": NOTE.encode(),
        "password": PASSWORD.encode(),
    }


def assert_absent(link: Link, seen: bytes) -> None:
    found = [name for name, secret in secrets_of(link).items() for form in encodings(secret) if form in seen]
    assert found == []


def test_24_no_key_and_no_name_is_sent(server: Server, open_page: Open, folder: Path) -> None:
    """All bytes that the server receives, and the browser's own log of its requests: a whole visit, reload included."""
    data = noise(1_234_567)
    link = make(folder, {b"top": None, b"top/" + NAME.encode(): data, b"top/b.txt": b"x"}, note=NOTE, password=PASSWORD)
    opened = open_page(server.add(link))
    page = opened.page
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Grandmother").click()
    opened.save()
    page.get_by_role("button", name="top").click()
    opened.save("Download all as ZIP")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("This link has a password")
    seen = b"\n".join(server.received) + "\n".join(opened.requests).replace(f"#{link.token}", "").encode()
    assert b"/open" in seen
    assert b"/packs/" in seen
    assert_absent(link, seen)
    assert not re.search(rb"(?im)^(referer|cookie):.*#", seen)
    # The browser's own log names the address with its fragment for the first request only, and never sends that.
    assert sum(f"#{link.token}" in request for request in opened.requests) <= 1


def test_24_sizes_are_not_asked_for(server: Server, open_page: Open, folder: Path) -> None:
    """Ranges end at multiples of 64 KiB, and what is stored has Padmé sizes: the exact size shows nowhere."""
    size = 1_234_567
    link = make(folder, {NAME.encode(): noise(size)})
    opened = open_page(server.add(link))
    opened.save()
    assert all(first % 65536 == 0 and (last + 1) % 65536 == 0 for _, first, last in link.requests)
    assert all(is_padme(path.stat().st_size) for path in link.packs.values())
    assert is_padme(len(link.record))
    assert str(size).encode() not in b"\n".join(server.received)


def test_24_address_bar_and_history(server: Server, open_page: Open, folder: Path) -> None:
    """The key is gone from both once the page is there, and other pages of the host find it nowhere."""
    link = make(folder, {b"a.txt": b"text"})
    server.extra["/d/other.html"] = ("text/html", b"<h1>other</h1>")
    opened = open_page(server.add(link))
    page = opened.page
    assert page.url == server.base
    page.goto(server.base + "other.html")
    found = page.evaluate(
        """async () => JSON.stringify([
          { ...sessionStorage }, { ...localStorage }, history.state, document.referrer, document.cookie, window.name,
          await caches.keys(), (await indexedDB.databases()).map((each) => each.name),
          performance.getEntries().map((each) => each.name),
        ])"""
    )
    assert link.token not in found
    assert link.token[:20] not in found
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("a.txt")


def test_25_a_link_asks_only_for_what_it_names(server: Server, open_page: Open, folder: Path) -> None:
    link = make(folder, {b"a.bin": noise(3_000_000)})
    opened = open_page(server.add(link))
    opened.save()
    asked = {line.split()[1].partition("?")[0] for line in (each.decode("latin-1") for each in server.received)}
    known = {"/d/", "/d/sw.js", f"/d/l/{link.id}/open", f"/d/l/{link.id}/record"}
    assert asked - known == {f"/d/l/{link.id}/packs/{pack}" for pack in link.packs}


def test_policy_is_narrowed_to_the_links_own_host(server: Server, open_page: Open, folder: Path) -> None:
    """A script that got in would have nowhere to send what it finds, not even another port of the same host."""
    elsewhere = Server()
    try:
        opened = open_page(server.add(make(folder, {b"a.txt": b"text"})))
        refused = opened.page.evaluate(
            "address => fetch(address).then(() => '', (error) => error.name)", elsewhere.base
        )
        assert refused == "TypeError"
        assert elsewhere.received == []
        assert any("connect-src 'self'" in complaint for complaint in opened.complaints)
    finally:
        elsewhere.close()


def test_scripts_from_texts_are_refused(server: Server, open_page: Open, folder: Path) -> None:
    """Trusted Types and hashes: no eval, no markup from text, no script of another address."""
    opened = open_page(server.add(make(folder, {b"a.txt": b"text"})))
    attempts = {
        "eval": "() => { window.eval('window.owned = 1') }",
        "html": "() => { document.body.innerHTML = '<img src=x onerror=window.owned=1>' }",
        "worker": "() => { new Worker('./sw.js') }",
        "policy": "() => { trustedTypes.createPolicy('other', {}) }",
    }
    # In a timer, as the debugger lets what it runs itself past the policy.
    run = """attempt => new Promise((resolve) => setTimeout(() => {
      try { attempts[attempt](); resolve("nothing") } catch (error) { resolve(error.name) }
    }))"""
    opened.page.evaluate(f"() => {{ window.attempts = {{ {', '.join(f'{k}: {v}' for k, v in attempts.items())} }} }}")
    assert [opened.page.evaluate(run, name) for name in attempts] == [
        "EvalError",
        "TypeError",
        "TypeError",
        "TypeError",
    ]
    inline = """() => {
      const script = document.createElement("script");
      try { script.text = "window.owned = 1" } catch { return }
      document.body.append(script);
    }"""
    opened.page.evaluate(inline)
    assert opened.page.evaluate("window.owned") is None
