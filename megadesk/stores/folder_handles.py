"""Objects of a folder store, open. Made by `FolderStore.open_read` and `FolderStore.open_write`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from typing import TypeAlias

from megadesk.errors import StoreProtocolError
from megadesk.stores import folder_os
from megadesk.stores.folder_os import Directory
from megadesk.stores.handles import ReadHandle, WriteHandle, check_complete
from megadesk.types import Buffer

Converting: TypeAlias = Callable[[], contextlib.AbstractContextManager[None]]
Publish: TypeAlias = Callable[[Directory, str, bool], None]


class FolderReadHandle(ReadHandle):
    """A file stays the same file while it is open, whatever its name comes to stand for."""

    def __init__(self, name: str, descriptor: int, size_bytes: int, converting: Converting) -> None:
        """Takes over the descriptor."""
        self._name = name
        self._descriptor: int | None = descriptor
        self._converting = converting
        self.size_bytes = size_bytes

    def read(self, offset: int, count: int) -> bytes:
        assert self._descriptor is not None
        with self._converting():
            content = folder_os.read_at(self._descriptor, count, offset)
        if len(content) != count:
            raise StoreProtocolError(f"The object {self._name} ended early.", object_name=self._name)
        return content

    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


class FolderWriteHandle(WriteHandle):
    """A hidden temporary file beside the object's place, which gets its name at the end."""

    def __init__(
        self, name: str, size_bytes: int, directory: Directory, converting: Converting, publish: Publish
    ) -> None:
        """Takes over the directory. ``publish(directory, temporary, create_only)`` gives the finished file its name."""
        self._name = name
        self._size_bytes = size_bytes
        self._directory = directory
        self._converting = converting
        self._publish = publish
        self._count = 0
        self._published = False
        self._temporary = folder_os.temporary_name()
        self._descriptor: int | None = None
        try:
            with converting():
                self._descriptor = directory.open(self._temporary, folder_os.NEW)
        except BaseException:
            directory.close()
            raise

    def write(self, data: Buffer) -> None:
        assert self._descriptor is not None
        with memoryview(data).cast("B") as view, self._converting():
            done = 0
            while done < view.nbytes:
                done += os.write(self._descriptor, view[done:])
        self._count += done

    def commit(self, *, create_only: bool = False) -> None:
        assert self._descriptor is not None
        check_complete(self._name, self._count, self._size_bytes)
        with self._converting():
            folder_os.sync_descriptor(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None
            self._publish(self._directory, self._temporary, create_only)
        self._published = True

    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)
        if not self._published:
            self._published = True
            self._directory.remove_quietly(self._temporary)
        self._directory.close()
