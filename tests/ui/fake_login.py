"""A logind of one's own, in a process of its own: python fake_login.py DESCRIPTOR-COUNT-FILE

Owns org.freedesktop.login1 on the bus of DBUS_SYSTEM_BUS_ADDRESS, grants delay locks, says on standard output what
happens, and sends the signals that standard input names: sleep, lock.
"""

from __future__ import annotations

import os
import select
import sys

from jeepney import DBusAddress, HeaderFields, MessageType, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

MANAGER = DBusAddress("/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.login1.Manager")
SESSION = DBusAddress("/org/freedesktop/login1/session/_31", "org.freedesktop.login1", "org.freedesktop.login1.Session")


def main() -> None:
    bus = open_dbus_connection(os.environ["DBUS_SYSTEM_BUS_ADDRESS"], enable_fds=True)
    bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.login1"))
    print("ready", flush=True)
    granted: list[int] = []
    while True:
        for ready in select.select([bus.sock, sys.stdin, *granted], [], [])[0]:
            if ready is bus.sock:
                message = bus.receive()
                if message.header.message_type is MessageType.method_call:
                    if message.header.fields.get(HeaderFields.member) == "Inhibit":
                        ours, theirs = os.pipe()
                        bus.send(new_method_return(message, "h", (theirs,)))
                        os.close(theirs)
                        granted.append(ours)
                        print("granted", *message.body[::3], flush=True)
            elif ready is sys.stdin:
                word = sys.stdin.readline().strip()
                if word == "sleep":
                    bus.send(new_signal(MANAGER, "PrepareForSleep", "b", (True,)))
                elif word == "lock":
                    bus.send(new_signal(SESSION, "Lock"))
                else:
                    return
            else:
                granted.remove(ready)
                os.close(ready)
                print("released", flush=True)


if __name__ == "__main__":
    main()
