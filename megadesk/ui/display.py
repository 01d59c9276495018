"""Whether a window can be shown at all. Qt itself ends the process when it cannot, with a page of text."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import socket
import sys

_NEEDS_NONE = frozenset({"offscreen", "minimal", "vnc", "linuxfb", "eglfs", "vkkhrdisplay"})
ADVICE = "Commands that need none: megadesk init | put | get | ls | find | check ... (all of them: megadesk --help)"


def display_problem(environ: dict[str, str] | None = None) -> str:
    """One sentence why no window can be shown; "" when nothing speaks against it. Does I/O: before Qt starts."""
    env = dict(os.environ) if environ is None else environ
    if not sys.platform.startswith("linux"):
        return ""
    wanted = env.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if wanted in _NEEDS_NONE:
        return ""
    if wanted != "xcb" and (name := env.get("WAYLAND_DISPLAY")) and _wayland_answers(name, env):
        return ""
    display = env.get("DISPLAY", "")
    if not display:
        return "there is no display for the window."
    return "" if _x_answers(display) else f"the display {display} cannot be reached."


def _wayland_answers(name: str, env: dict[str, str]) -> bool:
    path = name if name.startswith("/") else os.path.join(env.get("XDG_RUNTIME_DIR", "/"), name)
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(path)
        except OSError:
            return False
    return True


def _x_answers(display: str) -> bool:
    """By libxcb, which Qt uses as well: it knows how to find the server and which key opens it."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt brings its own words for that
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed
