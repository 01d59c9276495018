"""The program as a screen reader has it: over AT-SPI, on a bus, from another process. Making a locker by it alone."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, MessageType, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
"""Of Debian's at-spi2-core; not in the PATH."""
ROOT = "/org/a11y/atspi/accessible/root"
ACCESSIBLE = "org.a11y.atspi.Accessible"
CONTROLS = {"push button", "check box", "combo box", "text", "entry", "spin button", "list", "table", "tree"}
SHOWING = 1 << 25
REPO = Path(__file__).parents[2]


class GoneError(Exception):
    """The page changed while it was being looked at."""


@dataclass
class Node:
    """Something that a screen reader can stand on."""

    bus: DBusConnection
    owner: str
    path: str

    def call(self, interface: str, method: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Any:
        address = DBusAddress(self.path, self.owner, interface)
        reply = self.bus.send_and_get_reply(new_method_call(address, method, signature, body), timeout=20)
        if reply.header.message_type is MessageType.error:
            raise GoneError(method, reply.body)
        return reply.body[0] if reply.body else None

    def get(self, interface: str, name: str) -> Any:
        address = DBusAddress(self.path, self.owner, interface)
        reply = self.bus.send_and_get_reply(Properties(address).get(name), timeout=20)
        if reply.header.message_type is MessageType.error:
            raise GoneError(name, reply.body)
        return reply.body[0][1]

    @property
    def name(self) -> str:
        return str(self.get(ACCESSIBLE, "Name"))

    @property
    def role(self) -> str:
        return str(self.call(ACCESSIBLE, "GetRoleName"))

    @property
    def showing(self) -> bool:
        return bool(self.call(ACCESSIBLE, "GetState")[0] & SHOWING)

    def children(self) -> list[Node]:
        return [Node(self.bus, *child) for child in self.call(ACCESSIBLE, "GetChildren")]

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children():
            if child.path != "/org/a11y/atspi/null" and child.showing:
                yield from child.walk()

    def press(self) -> None:
        self.call("org.a11y.atspi.Action", "DoAction", "i", (0,))

    def write(self, text: str) -> None:
        assert self.call("org.a11y.atspi.EditableText", "SetTextContents", "s", (text,))


@pytest.fixture
def program(need_programs: Callable[..., None], x_display: dict[str, str], tmp_path: Path) -> Iterator[Node]:
    """The running program, as its top node."""
    need_programs(LAUNCHER)
    launcher = subprocess.Popen([LAUNCHER, "--launch-immediately"], env=x_display, stderr=subprocess.DEVNULL)
    environ = {
        **x_display,
        "MEGADESK_HOME": str(tmp_path / "home"),
        "MEGADESK_KDF": "floor",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "PYTHONPATH": str(REPO),
        "LC_ALL": "C.UTF-8",
    }
    process = subprocess.Popen([sys.executable, "-m", "megadesk"], env=environ, cwd=tmp_path)
    session = open_dbus_connection(x_display["DBUS_SESSION_BUS_ADDRESS"])
    bus: DBusConnection | None = None
    try:
        asked = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
        address = ""
        until = time.monotonic() + 20
        while not address and time.monotonic() < until:
            reply = session.send_and_get_reply(new_method_call(asked, "GetAddress"), timeout=20)
            address = reply.body[0] if reply.header.message_type is MessageType.method_return else ""
        bus = open_dbus_connection(address)
        desktop = Node(bus, "org.a11y.atspi.Registry", ROOT)
        apps: list[Node] = []
        while not apps and time.monotonic() < until:
            apps = [app for app in desktop.children() if "MegaDesk" in app.name or "megadesk" in app.name]
        assert apps, "the program is not on the accessibility bus"
        yield apps[0]
    finally:
        for connection in (bus, session):
            if connection is not None:
                connection.close()
        for started in (process, launcher):
            started.terminate()
            started.wait(20)


def all_of(program: Node) -> list[tuple[str, str, Node]]:
    """Name, role and node of everything that shows; looked at again when it changes meanwhile."""
    until = time.monotonic() + 30
    while True:
        try:
            return [(node.name, node.role, node) for node in program.walk()]
        except GoneError:
            assert time.monotonic() < until


def found(program: Node, name: str, role: str = "") -> Node:
    """The control of that name, once it is there."""
    until = time.monotonic() + 30
    while True:
        seen = all_of(program)
        for shown, kind, node in seen:
            if shown == name and (not role or kind == role):
                return node
        assert time.monotonic() < until, [(shown, kind) for shown, kind, _ in seen]


def test_a_locker_is_made_by_what_a_screen_reader_has(program: Node) -> None:
    found(program, "Make the locker")
    for name, role, node in all_of(program):
        assert role not in CONTROLS or name.strip(), (role, node.path)
    found(program, "Passphrase", "text").write("purple otter lamp seven")
    found(program, "Passphrase again", "text").write("purple otter lamp seven")
    found(program, "Make the locker").press()
    found(program, "I have kept it")
    groups: dict[int, str] = {}
    for words, _, _ in all_of(program):
        if words.startswith("Group ") and ": " in words:
            number, letters = words.removeprefix("Group ").split(": ")
            groups[int(number)] = letters.replace(" ", "")
    assert len(groups) == 13
    found(program, "I have kept it").press()
    found(program, "Open the locker")
    fields = [(name, node) for name, role, node in all_of(program) if role == "text" and name.startswith("Group ")]
    assert len(fields) == 2
    for name, node in fields:
        node.write(groups[int(name.removeprefix("Group "))])
    found(program, "Open the locker").press()
    found(program, "New folder")
