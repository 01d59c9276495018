"""What people are told: passwords, links that ended, addresses that are cut, both languages, screen readers."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.link_page.browser import Watched
from tests.link_page.making import LinkSecret, make
from tests.link_page.server import Server

Open = Callable[..., Watched]


def title(opened: Watched, text: str) -> None:
    expect(opened.page.get_by_role("heading", level=1)).to_have_text(text)


def test_password(server: Server, open_page: Open, folder: Path) -> None:
    link = make(folder, {b"secret.txt": b"text"}, password="naïve ☃")
    opened = open_page(server.add(link))
    page = opened.page
    title(opened, "This link has a password")
    field = page.get_by_label("Password", exact=True)
    expect(field).to_be_focused()
    assert field.get_attribute("type") == "password"
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Type the password first.")
    field.fill("naive ☃")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("That is not the password. Please try again.")
    field.fill("naïve ☃")  # decomposed: typed on another system
    page.get_by_role("button", name="Open", exact=True).click()
    title(opened, "secret.txt")
    assert opened.complaints == []


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ("revoked", "This link was withdrawn"),
        ("expired", "This link has expired"),
        ("used-up", "This link was used up"),
    ],
)
def test_link_that_ended(server: Server, open_page: Open, folder: Path, refusal: str, words: str) -> None:
    link = make(folder, {b"a.txt": b"text"})
    link.refuse = refusal
    opened = open_page(server.add(link))
    title(opened, words)
    expect(opened.page.get_by_role("alert")).to_be_visible()


def test_revoked_while_it_is_open(server: Server, open_page: Open, folder: Path) -> None:
    link = make(folder, {b"a.bin": b"1" * 1000})
    opened = open_page(server.add(link))
    link.refuse = "revoked"
    opened.page.get_by_role("button", name="Download").click()
    expect(opened.main.get_by_text("This link was withdrawn")).to_be_visible()


def test_expired_by_its_own_record(server: Server, open_page: Open, folder: Path) -> None:
    link = make(folder, {b"a.txt": b"text"}, expires_ms=int(time.time() * 1000) - 1000)
    title(open_page(server.add(link)), "This link has expired")


def test_unknown_link(server: Server, open_page: Open) -> None:
    title(open_page(f"{server.base}#{LinkSecret.generate().token()}"), "There is no such link")


@pytest.mark.parametrize("fragment", ["", "#", "#AQID", "#short", "#" + "A" * 43, "#" + "A" * 44, "#<img src=x>"])
def test_incomplete_address(server: Server, open_page: Open, fragment: str) -> None:
    opened = open_page(server.base + fragment)
    expected = "This link needs a newer page" if fragment == "#" + "A" * 44 else "This address is incomplete"
    title(opened, expected)
    assert not any("/l/" in request for request in opened.requests)


def test_damaged_record(server: Server, open_page: Open, folder: Path) -> None:
    link = make(folder, {b"a.txt": b"text"})
    server.change = lambda route, data: data[:200] + bytes([data[200] ^ 1]) + data[201:] if route == "record" else data
    title(open_page(server.add(link)), "This link is damaged")


def test_no_network(server: Server, open_page: Open, folder: Path) -> None:
    link = make(folder, {b"a.txt": b"text"})
    url = server.add(link)
    server.down = True
    opened = open_page(url)
    title(opened, "No connection")
    server.down = False
    opened.page.get_by_role("button", name="Try again").click()
    title(opened, "a.txt")


def test_languages(server: Server, open_page: Open, folder: Path) -> None:
    """Switching keeps what is on the screen; the choice survives a reload."""
    link = make(folder, {b"top": None, b"top/a.txt": b"text", b"top/b.txt": b"text"})
    opened = open_page(server.add(link))
    page = opened.page
    expect(opened.main.get_by_text("2 files · 8 B")).to_be_visible()
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("button", name="Tout télécharger en ZIP")).to_be_visible()
    expect(opened.main.get_by_text("2 fichiers · 8 o")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "fr"
    page.reload()
    expect(page.get_by_role("button", name="Tout télécharger en ZIP")).to_be_visible()


def test_another_link_in_the_same_tab(server: Server, open_page: Open, folder: Path) -> None:
    first = make(folder / "1", {b"first.txt": b"text"})
    second = make(folder / "2", {b"second.txt": b"text"})
    opened = open_page(server.add(first))
    title(opened, "first.txt")
    server.add(second)
    opened.page.evaluate(f"location.hash = '{second.token}'")
    title(opened, "second.txt")


AUDIT = """() => {
  const problems = [];
  for (const each of document.querySelectorAll("button, input, audio, video, [role=list], [role=progressbar]")) {
    if (!each.checkVisibility()) continue;
    const labelled = each.getAttribute("aria-label") || each.title || each.textContent.trim() ||
      (each.id && document.querySelector(`label[for=${each.id}]`));
    if (!labelled) problems.push("no name: " + each.outerHTML.slice(0, 80));
    const box = each.getBoundingClientRect();
    if (each.tagName === "BUTTON" && box.height < 36) problems.push("too small: " + each.textContent);
  }
  if (document.querySelectorAll("h1").length !== 1) problems.push("not one h1");
  if (document.querySelectorAll("main").length !== 1) problems.push("not one main");
  if (document.documentElement.scrollWidth > innerWidth) problems.push("scrolls sideways");
  return problems;
}"""


@pytest.mark.parametrize("width", [360, 1280])
def test_names_sizes_and_widths(server: Server, open_page: Open, folder: Path, width: int) -> None:
    """Every control has a name for screen readers and is large enough for fingers; nothing scrolls sideways."""
    long = ("x" * 120 + " " + "word " * 20 + ".tar.gz").encode()[:240]
    plain = make(folder / "1", {long: b"text"}, note="a" * 500)
    tree = make(folder / "2", {b"top": None, **{b"top/" + b"n" * 200 + b"%d.txt" % n: b"x" for n in range(30)}})
    locked = make(folder / "3", {b"a.txt": b"text"}, password="x")
    for link in (plain, tree, locked):
        opened = open_page(server.add(link))
        opened.page.set_viewport_size({"width": width, "height": 740})
        assert opened.page.evaluate(AUDIT) == []
