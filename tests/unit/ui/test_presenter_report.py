"""What leaves this computer in a report, and what the window says it is made of."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from megadesk.state.registry import LockerRecord
from megadesk.state.settings import Settings
from megadesk.ui.presenters.about import IN_THE_PAGE, LICENCES, parts
from megadesk.ui.presenters.report import LAST_BYTES, clean, report

LOG = """\
2026-11-28T10:00:00Z INFO 12 ui-worker-0 megadesk.core: opened Family photos
2026-11-28T10:00:01Z WARNING 12 main megadesk.ui: could not read /home/anna/Geheim/plan.pdf: no right
2026-11-28T10:00:02Z WARNING 12 main megadesk.stores: davs://cloud.example.org/files/anna is away
2026-11-28T10:00:03Z INFO 12 main megadesk: password=hunter2 Authorization: Bearer abcdef0123456789abcdef0123456789
"""


def test_no_names_paths_addresses_or_secrets(tmp_path: Path) -> None:
    file = tmp_path / "megadesk.log"
    file.write_text("x" * (LAST_BYTES + 10) + "\n" + LOG)
    lockers = [LockerRecord("Family photos", "davs://cloud.example.org/files/anna", "0" * 64, 0)]
    text = report(Settings(last_locker="Family photos"), lockers, file, now_s=0)
    for secret in ("Family", "anna", "Geheim", "plan", "cloud.example", "hunter2", "abcdef0123"):
        assert secret not in text
    assert "1970-01-01" in text
    assert "[path.pdf]" in text
    assert "1: webdav" in text
    assert "lock_on_sleep: True" in text
    assert len(text) < LAST_BYTES + 10_000


def test_without_a_log(tmp_path: Path) -> None:
    assert "(there is none)" in report(Settings(), [], tmp_path / "megadesk.log")


def test_what_is_no_secret_stays() -> None:
    for text in ("File queue.py:12 in run", "2026-11-28T10:00:00Z INFO", "and/or"):
        assert clean(text) == text


def test_every_library_has_its_licence() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
    names = {re.split(r"[\[><=;]", entry)[0].strip() for entry in project["project"]["dependencies"]}
    assert names <= set(LICENCES), "add the new one, with its licence"
    shown = [part.name for part in parts()]
    assert shown[:2] == ["MegaDesk", "Python"]
    assert all(part.version for part in parts())


def test_what_is_in_the_page_of_links_is_named() -> None:
    link = Path(__file__).parents[3] / "resources" / "link"
    locked = json.loads((link / "package-lock.json").read_text())["packages"]
    for part in IN_THE_PAGE:
        package = locked[f"node_modules/{part.name}"]
        assert part.version == package["version"]
        assert part.licence.startswith(package["license"])
    shipped = (link / "page.html").read_text() + (link / "pdf-viewer.js").read_text()
    for words in ("Paul Miller", "Mozilla Foundation", "OpenJPEG", "PDFium", "Foxit"):
        assert words in shipped
