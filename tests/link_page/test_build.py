"""What is committed is what the sources give, and the page's policy is as strict as it says."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

from tests.link_page import build
from tests.link_page.making import TEMPLATE

PAGE = (build.LINK / "page.html").read_text(encoding="utf-8")


def test_committed_outputs_are_what_the_sources_give(tmp_path: Path) -> None:
    build.install()
    build.run("node", "build.mjs", str(tmp_path))
    for name in ("page.html", "sw.js", "pdf-viewer.js", "page.sha256"):
        assert (tmp_path / name).read_bytes() == (build.LINK / name).read_bytes(), f"{name}: run npm run build"


def test_types() -> None:
    build.install()
    build.run("npm", "run", "--silent", "check")


def test_published_digests() -> None:
    lines = (build.LINK / "page.sha256").read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == ["page.html", "sw.js", "pdf-viewer.js"]
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((build.LINK / name).read_bytes()).hexdigest() == digest


def test_lock_names_digests_and_no_hosts() -> None:
    lock = json.loads((build.LINK / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def policy() -> dict[str, list[str]]:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', PAGE)
    assert found is not None
    rules = (rule.split() for rule in found[1].split("; "))
    return {name: sources for name, *sources in rules}


def hashes(element: str) -> list[str]:
    bodies = re.findall(rf"<{element}>(.*?)</{element}>", PAGE, re.DOTALL)
    digests = (hashlib.sha256(body.encode()).digest() for body in bodies)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def test_policy() -> None:
    rules = policy()
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == ["'none'"]
    # The scripts in it, and the viewer of PDF, which the page puts between tags of a frame that inherits this policy.
    viewer = hashlib.sha256((build.LINK / "pdf-viewer.js").read_bytes())
    pinned = f"'sha256-{base64.b64encode(viewer.digest()).decode()}'"
    assert sorted(rules["script-src"]) == sorted([*hashes("script"), pinned])
    assert viewer.hexdigest() in PAGE
    assert rules["style-src"] == hashes("style")
    assert rules["require-trusted-types-for"] == ["'script'"]
    assert not any("unsafe" in source or source == "*" for sources in rules.values() for source in sources)
    # Pictures, sound, frames and workers come from the page itself, whatever happens.
    allowed = {"'self'", "blob:", "data:"}
    assert all(set(rules[name]) <= allowed for name in ("img-src", "media-src", "frame-src", "worker-src"))
    # Nothing may run before the policy is read.
    assert PAGE.index("Content-Security-Policy") < PAGE.index("<style") < PAGE.index("<script")


def test_page_is_self_contained_and_says_nothing_to_others() -> None:
    assert not re.findall(r'(?:src|href)\s*=\s*"(?!data:)', PAGE)
    assert '<meta name="referrer" content="no-referrer">' in PAGE
    assert not re.search(r"@import|url\(", PAGE)


def test_place_for_the_record_is_there_once_behind_the_script() -> None:
    page = PAGE.encode()
    assert page.count(TEMPLATE) == 1
    # So that the page shows something while a file with packs in it is still being read.
    before, behind = page.split(TEMPLATE)
    assert before.count(b"</script>") == 2
    # At once behind it what stops the browser from reading packs as a page, and then nothing that shows anything.
    assert behind.startswith(b"<script>")
    assert behind.endswith(b"window.stop();})();</script>\n</body>\n</html>\n")


def test_size() -> None:
    """The viewer of PDF is twenty times as large as the page, and fetched by those only who look at one."""
    assert len(PAGE) < 200_000
    assert len((build.LINK / "pdf-viewer.js").read_bytes()) < 3_000_000


def test_the_viewer_cannot_end_its_element() -> None:
    viewer = (build.LINK / "pdf-viewer.js").read_text(encoding="utf-8")
    assert not re.search(r"</script|<!--", viewer, re.IGNORECASE)
    assert "eval(" not in re.sub(r"[\w$.]eval\(", "", viewer)
    assert "new Function(" not in viewer
