"""A real Firefox, driven over its own remote protocol (Marionette: numbered JSON messages over a local socket).

Playwright drives a Firefox of its own making only, and geckodriver is not packaged everywhere; what is needed of either
is a page of code. Nothing but this machine is reached: all else goes to a proxy that is not there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

LAN_NAME: Final = "lan.test"
"""A name of this machine that is no secure context."""
_LOAD: Final = """gBrowser.selectedBrowser.fixupAndLoadURIString(arguments[0], {
  triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal(),
});"""
_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
_DEADLINE_S: Final = 60.0
_PREFERENCES: Final[dict[str, object]] = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": f"127.0.0.1, localhost, {LAN_NAME}",
    "network.dns.localDomains": LAN_NAME,
    "browser.download.folderList": 2,
    "browser.download.alwaysOpenPanel": False,
    "browser.helperApps.neverAsk.saveToDisk": "application/octet-stream",
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "intl.accept_languages": "en-GB",
    "media.autoplay.default": 0,
}


def executable() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One tab of it. Scripts are bodies of functions."""

    def __init__(self, port: int, downloads: Path, process: subprocess.Popen[bytes]) -> None:
        self.downloads = downloads
        self.process = process
        self._number = 0
        self._socket = self._connect(port)
        self._file = self._socket.makefile("rb")
        self._receive()
        self._ask("WebDriver:NewSession", capabilities={"alwaysMatch": {"pageLoadStrategy": "none"}})
        self._ask("WebDriver:SetTimeouts", script=300_000, pageLoad=60_000, implicit=0)

    def _connect(self, port: int) -> socket.socket:
        end = time.monotonic() + _DEADLINE_S
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=400)
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.05)

    def _receive(self) -> Any:
        digits = b""
        while (byte := self._file.read(1)) != b":":
            if not byte:
                raise ConnectionError("Firefox has gone")
            digits += byte
        return json.loads(self._file.read(int(digits)))

    def _ask(self, command: str, **parameters: object) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, answer = self._receive()
        if error:
            raise AssertionError(f"{command}: {error['error']}: {error['message']}")
        return answer.get("value", answer) if isinstance(answer, dict) else answer

    def go(self, url: str) -> None:
        """A new page, also where only the fragment differs. As by the address bar: the protocol waits for pages
        to have loaded, which one that stops itself never has."""
        for each in ("about:blank", url):
            self._ask("Marionette:SetContext", value="chrome")
            self.run(_LOAD, each)
            self._ask("Marionette:SetContext", value="content")
            blank = each == "about:blank"
            self.wait(lambda blank=blank: (self._address() == "about:blank") is blank, url.partition("#")[0])  # type: ignore[misc]

    def _address(self) -> str:
        try:
            return str(self.run("return location.href"))
        except AssertionError:  # between two pages there is none
            return ""

    def run(self, script: str, *arguments: object) -> Any:
        return self._ask("WebDriver:ExecuteScript", script=script, args=list(arguments), sandbox="default")

    def run_async(self, script: str, *arguments: object) -> Any:
        """What the script gives to its last argument, a function."""
        return self._ask("WebDriver:ExecuteAsyncScript", script=script, args=list(arguments), sandbox="default")

    def _find(self, selector: str) -> str | None:
        found = self._ask("WebDriver:FindElements", using="css selector", value=selector)
        return found[0][_ELEMENT] if found else None

    def enter(self, selector: str) -> None:
        """What follows concerns the document in that frame, until `leave`."""
        self._ask("WebDriver:SwitchToFrame", element=self._find(selector), focus=True)

    def leave(self) -> None:
        self._ask("WebDriver:SwitchToFrame")

    def wait(self, condition: Callable[[], object], what: str, timeout_s: float = _DEADLINE_S) -> None:
        end = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < end, f"{what} did not come; there is: {self.text()}"
            time.sleep(0.1)

    def text(self) -> str:
        return str(self.run("return document.body ? document.body.innerText : ''"))

    def see(self, text: str, timeout_s: float = _DEADLINE_S) -> None:
        self.wait(lambda: text in self.text(), repr(text), timeout_s)

    def click(self, selector: str) -> None:
        """A real click: only then browsers let a download begin or a file be chosen."""
        self.wait(lambda: self._find(selector), selector)
        self._ask("WebDriver:ElementClick", id=self._find(selector))

    def click_text(self, text: str) -> None:
        """The button that says so."""
        mark = """for (const each of document.querySelectorAll("[data-mark]")) delete each.dataset.mark;
        const found = [...document.querySelectorAll("button")].find((each) => each.innerText.trim() === arguments[0]);
        if (found) found.dataset.mark = 1;
        return !!found;"""
        self.wait(lambda: self.run(mark, text), repr(text))
        self.click("[data-mark]")

    def choose(self, selector: str, path: Path) -> None:
        """Put a file into a field for files."""
        self.wait(lambda: self._find(selector), selector)
        self._ask("WebDriver:ElementSendKeys", id=self._find(selector), text=str(path))

    def saved(self, name: str, timeout_s: float = _DEADLINE_S) -> Path:
        """A download, when it is whole: until then there is an empty file of that name, and a .part beside it."""
        path = self.downloads / name
        parts = f"{path.stem}*.part"
        self.wait(
            lambda: path.exists() and path.stat().st_size and not list(self.downloads.glob(parts)), name, timeout_s
        )
        return path


@contextlib.contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """A fresh profile below ``folder``, which must not be there yet."""
    profile, downloads = folder / "profile", folder / "downloads"
    profile.mkdir(parents=True)
    downloads.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    preferences = {**_PREFERENCES, "marionette.port": port, "browser.download.dir": str(downloads)}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
    (profile / "user.js").write_text("".join(lines))
    program = executable()
    assert program is not None
    process = subprocess.Popen(
        [
            program,
            "--headless",
            "--marionette",
            "--remote-allow-system-access",
            "--no-remote",
            "--profile",
            str(profile),
            "about:blank",
        ],
        env={**os.environ, "HOME": str(folder), "MOZ_HEADLESS": "1", "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        driven = Firefox(port, downloads, process)
        try:
            yield driven
        finally:
            with contextlib.suppress(OSError, AssertionError, ValueError):
                driven._socket.settimeout(5)
                driven._ask("Marionette:Quit", flags=["eForceQuit"])
            driven._file.close()
            driven._socket.close()
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
