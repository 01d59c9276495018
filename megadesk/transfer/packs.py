"""Pack buffers: 16 MiB of page-aligned memory that slices are sealed into, reused from pack to pack."""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import queue
import threading

import msgspec

from megadesk.crypto.aead import SLICE_BYTES
from megadesk.format.ops import MAX_PACK_BYTES, SliceRef
from megadesk.format.padme import padme
from megadesk.transfer.control import Control
from megadesk.types import NodeId, PackId, VersionId

_POLL_S = 0.1


class FileTask:
    """A file on its way up: what was found on disk, where it goes, and which slices are already sealed."""

    __slots__ = (
        "bases", "descriptor", "displaced", "inode", "left", "mode", "mtime_ns", "name", "node", "old_slices",
        "parent", "path", "rounds", "size", "slices", "spoilt", "unread", "version",
    )  # fmt: skip

    def __init__(self, path: str, parent: NodeId, name: bytes, node: NodeId) -> None:
        self.path = path
        self.parent = parent
        self.name = name
        self.node = node
        self.version = VersionId(node)
        self.bases: tuple[VersionId, ...] | None = None  # None: a new node
        self.displaced: NodeId | None = None  # what makes room, once the file's bytes are stored
        self.old_slices: tuple[SliceRef | None, ...] = ()
        self.size = self.mtime_ns = self.mode = self.inode = 0
        self.slices: list[SliceRef | None] = []
        self.left = 0  # slices not known to be stored
        self.unread = 0  # slices that sealers have still to read
        self.rounds = 0
        self.spoilt: BaseException | bool = False  # True: changed while being read
        self.descriptor = -1

    def again(self) -> FileTask:
        """The same file to be sent anew. A new object: slices of this one may still be on their way."""
        task = FileTask(self.path, self.parent, self.name, self.node)
        task.version, task.bases, task.old_slices = self.version, self.bases, self.old_slices
        task.displaced, task.rounds = self.displaced, self.rounds + 1
        return task

    def observe(self, status: os.stat_result) -> None:
        """Take over what the file is now."""
        self.size = status.st_size
        self.mtime_ns = status.st_mtime_ns
        self.mode = status.st_mode & 0o7777
        self.inode = status.st_ino
        count = -(-self.size // SLICE_BYTES)
        self.slices = [None] * count
        self.left = count

    def is_still(self, status: os.stat_result) -> bool:
        """Whether the file is what ``observe`` saw."""
        return status.st_size == self.size and status.st_mtime_ns == self.mtime_ns


PackMember = tuple[FileTask, int, SliceRef]
"""A task, the slice's position in its file, and where it lies."""


class PackBuffer:
    """A pack being filled. ``reserve`` is for one thread; ``sealed`` may be called by many.

    A pack is full of work until every reserved slice was sealed and no more will come: ``sealed`` and ``close`` say
    True to exactly one caller, who then owns it and puts it into the store.
    """

    def __init__(self) -> None:
        self._map = mmap.mmap(-1, MAX_PACK_BYTES)
        self.view = memoryview(self._map)
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        self.id = PackId(os.urandom(16))
        self.used = 0
        self.members: list[PackMember] = []
        self._open = True
        self._unsealed = 0

    def place(self, stored_bytes: int) -> int | None:
        """The offset for a slice that the caller seals before the pack is closed, or None when it does not fit."""
        offset = self.used
        if offset + stored_bytes > MAX_PACK_BYTES:
            return None
        self.used = offset + stored_bytes
        return offset

    def reserve(self, stored_bytes: int) -> int | None:
        """As ``place``, for a slice that is sealed by another thread, which then calls ``sealed``."""
        offset = self.place(stored_bytes)
        if offset is not None:
            with self._lock:
                self._unsealed += 1
        return offset

    def sealed(self) -> bool:
        """One reserved slice is complete. True: the pack is, too."""
        with self._lock:
            self._unsealed -= 1
            return not self._open and self._unsealed == 0

    def close(self) -> bool:
        """No more slices come. True: the pack is complete."""
        with self._lock:
            self._open = False
            return self._unsealed == 0

    def finish(self) -> memoryview:
        """Pad with random bytes to a Padmé size; the object's bytes."""
        size = padme(self.used)
        self.view[self.used : size] = os.urandom(size - self.used)
        return self.view[:size]

    def free(self) -> None:
        """Give the memory back now; nothing may use the buffer afterwards."""
        self.view.release()
        # An error on its way up holds parts of the view; the memory then goes with it.
        with contextlib.suppress(BufferError):
            self._map.close()

    def rename(self) -> None:
        """Another id for a finished pack. Its bytes go into it, so that a repeated generator gives another one too."""
        seed = os.urandom(16)
        self.id = PackId(hashlib.sha256(seed + self.view[: self.used]).digest()[:16])
        self.members = [
            (task, position, msgspec.structs.replace(ref, pack=self.id)) for task, position, ref in self.members
        ]


class PackPool:
    """A fixed number of buffers: whoever wants one while all are in use waits, which bounds memory."""

    def __init__(self, count: int, control: Control) -> None:
        self._free: queue.SimpleQueue[PackBuffer | None] = queue.SimpleQueue()
        self._control = control
        self._made: list[PackBuffer] = []
        for _ in range(count):
            self._free.put(None)  # made when first wanted

    def take(self) -> PackBuffer:
        """A fresh pack; raises CancelledError when the transfer is cancelled meanwhile."""
        while True:
            self._control.step()
            try:
                buffer = self._free.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            if buffer is None:
                buffer = PackBuffer()
                self._made.append(buffer)
                return buffer
            buffer.reset()
            return buffer

    def give_back(self, buffer: PackBuffer) -> None:
        self._free.put(buffer)

    def close(self) -> None:
        """Free all buffers, given back or not, once no thread uses one any more."""
        while self._made:
            self._made.pop().free()
