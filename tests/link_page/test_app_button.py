"""The way from the page to the app: an address of a scheme that only this device's programs see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.link_page.browser import Watched
from tests.link_page.making import make
from tests.link_page.server import Server
from tests.link_page.test_leaks import assert_absent

Open = Callable[..., Watched]
BUTTON = "Open in the MegaDesk app"
CATCH = """() => {
  window.asked = [];
  addEventListener("click", (event) => {
    const anchor = event.target.closest("a");
    if (anchor) window.asked.push(anchor.href);
  }, true);
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () { window.asked.push(this.href); click.call(this); };
}"""


def test_the_link_goes_to_the_app_and_to_nobody_else(server: Server, open_page: Open, folder: Path) -> None:
    """No byte of it is sent, no program of it is needed: where none knows the scheme, the page stays as it is."""
    link = make(folder, {b"a.txt": b"text"})
    opened = open_page(server.add(link) + "")
    page = opened.page
    page.evaluate(CATCH)
    requests = len(server.received)
    page.get_by_role("button", name=BUTTON).click()
    assert set(page.evaluate("window.asked")) == {f"megadesk:{server.base}#{link.token}"}
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("button", name="Ouvrir dans l’application MegaDesk")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("a.txt")
    assert page.url == server.base
    assert len(server.received) == requests
    assert_absent(link, b"\n".join(server.received))
    assert link.token not in page.content(), "the address is made for the click alone"


def test_a_file_does_not_offer_it(open_page: Open, folder: Path, tmp_path: Path) -> None:
    """Nor does a page without a link."""
    from tests.link_page.test_attached import write_attached

    opened = open_page(write_attached(tmp_path / "x.html", make(folder, {b"a.txt": b"x"})), until="commit")
    expect(opened.page.get_by_role("button", name="Choose the file…")).to_be_visible()
    assert opened.page.get_by_role("button", name=BUTTON).count() == 0
