"""The folder that a folder store is in: that it is there, and that it is still the same one.

A drive that was pulled out leaves a missing folder or an empty mount point. Neither may be taken for a store without
objects, and nothing may be written there. So the folder's device and inode number are checked at every operation;
where they change (a drive connected anew, a mount that makes up its inode numbers), the marker file
``.megadesk-store``, 32 random characters, must be the same as before.
"""

from __future__ import annotations

import errno
import os
import secrets
import urllib.parse
from collections.abc import Callable
from typing import Final

from megadesk.errors import AddressError, StoreAccessError, StoreError, StoreFault, StoreUnavailableError
from megadesk.stores import folder_os
from megadesk.stores.folder_os import Directory

MARKER: Final = ".megadesk-store"
_MARKER_BYTES: Final = 32


class StoreRoot:
    """Opens the store's folder. Thread-safe."""

    def __init__(self, path: str | os.PathLike[str], left: Callable[[], None]) -> None:
        """``left`` is called, from any thread, when the folder is found to be gone or to have come back.

        Raises StoreUnavailableError, StoreAccessError, AddressError (not a folder).
        """
        self.path: Final = absolute(path)
        self.address: Final = address_of(self.path)
        self._left = left
        try:
            with Directory.open_root(self.path) as root:
                self._identity = root.identity()
                self._marker = _read_marker(root)
        except NotADirectoryError as error:
            raise AddressError(f"{printable(self.path)} is not a folder.") from error
        except OSError as error:
            raise self._unavailable(error) from error

    def open(self, *, mark: bool = False) -> Directory:
        """The folder, open. StoreUnavailableError when it is gone or another one is in its place.

        With ``mark`` a store that has no marker yet (its files were copied without the hidden ones) gets one.
        """
        try:
            root = Directory.open_root(self.path)
        except OSError as error:
            if error.errno in folder_os.NOT_THERE:
                self._left()
            raise self._unavailable(error) from error
        try:
            identity = root.identity()
            if identity != self._identity:
                self._recognise(root, identity)
            if mark and self._marker is None:
                self._marker = make_marker(root)
        except OSError as error:
            root.close()
            raise folder_os.convert(error, "", writing=mark) from error
        except BaseException:
            root.close()
            raise
        return root

    def check(self) -> None:
        """Raise what `open` raises."""
        self.open().close()

    def _recognise(self, root: Directory, identity: tuple[int, int]) -> None:
        if self._marker is None or _read_marker(root) != self._marker:
            self._left()
            raise StoreUnavailableError(
                f"Another folder is in the place of the storage {printable(self.path)}.",
                remedy="Connect the drive that the locker is on, or open the locker again.",
            )
        if identity[0] != self._identity[0]:
            self._left()
        self._identity = identity

    def _unavailable(self, error: OSError) -> StoreError:
        if error.errno in (errno.EACCES, errno.EPERM):
            return StoreAccessError(f"The folder {printable(self.path)} may not be read ({error.strerror}).")
        return StoreUnavailableError(
            f"The storage folder {printable(self.path)} is not there ({error.strerror}).",
            remedy="Connect the drive or network folder that it is on.",
            fault=StoreFault.NO_PLACE,
        )


def create_root(path: str | os.PathLike[str]) -> None:
    """Make a store's folder, and those above it, where they are missing; mark it; make all that durable.

    Raises AddressError (not a folder), StoreReadOnlyError, StoreFullError, StoreUnavailableError.
    """
    where = absolute(path)
    there = where
    while not os.path.lexists(there) and os.path.dirname(there) != there:
        there = os.path.dirname(there)
    try:
        os.makedirs(where, exist_ok=True)
        with Directory.open_root(where) as root:
            make_marker(root)
            root.sync()
        folder = where
        while folder != there:
            folder = os.path.dirname(folder)
            with Directory.open_root(folder) as directory:
                directory.sync()
    except (FileExistsError, NotADirectoryError) as error:
        raise AddressError(f"{printable(where)} is not a folder.") from error
    except OSError as error:
        raise folder_os.convert(error, "", writing=True) from error


def address_of(path: str) -> str:
    """The address that opens this folder: the path, or a file URL where the path is not Unicode text."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return "file://" + urllib.parse.quote(os.fsencode(path))
    return path


def absolute(path: str | os.PathLike[str]) -> str:
    """Absolute, with ~ expanded; links are left as they are. AddressError for what cannot be a path."""
    text = os.fspath(path)
    try:
        os.fsencode(text)
    except UnicodeEncodeError as error:
        raise AddressError("The storage address holds characters that no path can have.") from error
    if not text or "\0" in text:
        raise AddressError("The storage address is empty or holds a zero byte.")
    return os.path.abspath(os.path.expanduser(text))


def printable(path: str) -> str:
    """For messages: what is not Unicode text becomes question marks."""
    return path.encode("utf-8", "replace").decode()


def make_marker(root: Directory) -> bytes | None:
    """Mark the folder as a store unless it is marked; gives what marks it. Raises OSError."""
    marker = _read_marker(root)
    if marker is not None:
        return marker
    temporary = folder_os.temporary_name()
    try:
        content = secrets.token_hex(_MARKER_BYTES // 2).encode()
        folder_os.write_new(root, temporary, [memoryview(content)], direct=False)
        root.replace(temporary, MARKER)
    except BaseException:
        root.remove_quietly(temporary)
        raise
    return _read_marker(root)


def _read_marker(root: Directory) -> bytes | None:
    try:
        folder_os.regular(root.lstat(MARKER))
        descriptor = root.open(MARKER, folder_os.READ)
    except OSError:
        return None
    try:
        content = folder_os.read_at(descriptor, _MARKER_BYTES, 0)
    finally:
        os.close(descriptor)
    return content if len(content) == _MARKER_BYTES else None
