"""Renaming that overwrites nothing by accident, in one call where the system can: Linux's renameat2(2)."""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import sys
from collections.abc import Callable
from typing import Final

_NOREPLACE: Final = 1
_EXCHANGE: Final = 2
_AT_FDCWD: Final = -100
_UNSUPPORTED: Final = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


@functools.cache
def _renameat2() -> Callable[[bytes, bytes, int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return None
    function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return lambda old, new, flags: int(function(_AT_FDCWD, old, _AT_FDCWD, new, flags))


def _rename(old: bytes, new: bytes, flags: int) -> bool:
    """False: this system or file system cannot do it. Raises OSError."""
    call = _renameat2()
    if call is None:
        return False
    if call(old, new, flags) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), os.fsdecode(new))


def exchange(old: bytes, new: bytes) -> bool:
    """Each gets the other's name, at once. False: this system or file system cannot do it. Raises OSError."""
    return _rename(old, new, _EXCHANGE)


def rename_new(old: bytes, new: bytes) -> None:
    """Rename to a name that must be free. Raises FileExistsError when it is taken, OSError."""
    if _rename(old, new, _NOREPLACE):
        return
    if os.path.lexists(new):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fsdecode(new))
    if os.path.isdir(old) and not os.path.islink(old):
        os.mkdir(new)  # whoever makes a folder first has the name; an empty one of ours may be renamed over
        os.rename(old, new)
        return
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK):
            raise
        os.rename(old, new)  # no hard links here: the look above must do
        return
    os.unlink(old)
