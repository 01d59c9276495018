"""``megadesk --self-test``: does this installation work? Used on built programs, which miss a part now and then.

Everything happens in a temporary folder; no locker of the user's is touched, nothing is shown, no network is used.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from megadesk.cli.output import Output

_PDF = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 30 40] >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
)
_FILES = {"empty": b"", "small.txt": b"MegaDesk\n", "folder/large.bin": bytes(range(256)) * 4096 * 10}


def self_test(output: Output) -> int:
    """Prints a line a part; 0 when all of them work."""
    failed = 0
    for name, part in (
        ("libraries", _libraries),
        ("locker", _locker),
        ("server", _server),
        ("PDFs", _pdfs),
        ("window", _window),
    ):
        try:
            remark = part()
        except Exception as error:  # noqa: BLE001 - to say which part fails is what this is for
            output.line(f"{name}: FAILED: {output.name(f'{type(error).__name__}: {error}')}")
            failed += 1
        else:
            output.line(f"{name}: ok{f' ({remark})' if remark else ''}")
    return 1 if failed else 0


def _libraries() -> str:
    import apsw
    import httpx
    import msgspec

    return f"apsw {apsw.apsw_version()}, httpx {httpx.__version__}, msgspec {msgspec.__version__}"


def _locker() -> str:
    """Make a locker, put, get, compare, check."""
    from megadesk.core.app import App

    with tempfile.TemporaryDirectory(prefix="megadesk-self-test-") as scratch:
        source, target = Path(scratch, "source"), Path(scratch, "target")
        for name, content in _FILES.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        app = App(home=str(Path(scratch, "home")))
        try:
            locker = app.create_locker("self-test").locker
            locker.transfers.run_now(locker.upload([str(source)], "/"))
            locker.transfers.run_now(locker.download(["/source"], str(target)))
            for name, content in _FILES.items():
                if Path(target, "source", name).read_bytes() != content:
                    raise RuntimeError(f"{name} came back different")
            problems = locker.upkeep.check(read_data=True).problems
            if problems:
                raise RuntimeError(f"check found {problems[0].what}")
        finally:
            app.close()
    return f"{len(_FILES)} files up and down"


def _pdfs() -> str:
    """Draw a page, in a process of its own."""
    from megadesk.pictures.pdf import PdfPages

    document = PdfPages(_PDF)
    page = document.page(0, 40)
    document.close()
    return f"{page.width} x {page.height}"


def _server() -> str:
    """Serve a folder on loopback, and put and get an object there."""
    from megadesk.server.app import make_app
    from megadesk.server.backing import Backing
    from megadesk.server.page import load_page
    from megadesk.server.run import serve_in_thread
    from megadesk.server.tokens import Scope
    from megadesk.stores.credentials import BearerCredentials
    from megadesk.stores.folder import FolderStore
    from megadesk.stores.open import open_store

    page = load_page()
    with tempfile.TemporaryDirectory(prefix="megadesk-self-test-") as scratch:
        backing = Backing(FolderStore.create(scratch))
        running = serve_in_thread(make_app(backing, page), stopping=backing.stopping)
        try:
            token = backing.tokens.add("self-test", [Scope.READ, Scope.WRITE])[1]
            address = f"megadesk+http://127.0.0.1:{running.port}"
            with open_store(address, credentials=BearerCredentials(token)) as store:
                store.put("a/b", _FILES["folder/large.bin"])
                if store.get("a/b", max_bytes=1 << 30) != _FILES["folder/large.bin"]:
                    raise RuntimeError("an object came back different")
        finally:
            running.stop()
            backing.close()
    return "with the page of links" if page is not None else "without the page of links"


def _window() -> str:
    """The window's libraries load. Only a built program must have them: elsewhere the system's may be missing."""
    before = os.environ.get("QT_QPA_PLATFORM")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    load: Callable[[], object] = _load_window
    try:
        load()
    except ImportError as error:
        if getattr(sys, "frozen", False):
            raise
        return f"not available here: {error}"
    finally:
        if before is None:
            del os.environ["QT_QPA_PLATFORM"]
        else:
            os.environ["QT_QPA_PLATFORM"] = before
    return ""


def _load_window() -> None:
    import megadesk.ui.app  # noqa: F401
