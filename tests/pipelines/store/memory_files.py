"""A file system in memory that can die, fail and forget: the store's adversary.

It knows what a real disk may do at a power cut: bytes that were not synced are lost, kept, cut short or zeroed, and names that were not
synced (made, renamed or removed) are lost in any combination. `LocalFiles` gives no such promise either way; the store must not need it.
"""

import copy
import errno
import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from pipelines.store.files import Files

_numbers = itertools.count(1)
"""Never given twice, so that a cache of one disk's future cannot be mistaken for another's present."""


def dice(seed: int) -> Random:
    """Chance that falls the same way in every run."""
    return Random(seed)  # noqa: S311 (nothing here is secret)


class Killed(BaseException):
    """The process ends here: nothing catches it, and no call works any more."""


@dataclass
class Node:
    """A file."""

    data: bytes = b""
    synced: bytes = b""
    version: int = 0


@dataclass
class Folder:
    """A folder: its names as programs see them, as the disk has them, and the operations between the two."""

    names: dict[str, "Node | Folder"] = field(default_factory=dict)
    synced: dict[str, "Node | Folder"] = field(default_factory=dict)
    pending: list[dict[str, "Node | Folder | None"]] = field(default_factory=list)

    def apply(self, operation: dict[str, "Node | Folder | None"]) -> None:
        """One atomic operation: each name is given a node, or taken away (None)."""
        _apply(self.names, operation)
        self.pending.append(operation)


def _apply(names: dict[str, "Node | Folder"], operation: dict[str, "Node | Folder | None"]) -> None:
    for name, node in operation.items():
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


class MemoryFiles(Files):
    """Files in memory. `trouble` is asked at every point where something could happen, and may raise.

    Attributes:
        trouble: called with the operation's name and "before", "within" or "after"; raises `Killed` or an `OSError`.
    """

    def __init__(self) -> None:
        self.top = Folder()
        self.trouble: Callable[[str, str], None] = lambda operation, phase: None
        self._handles: dict[int, Node] = {}
        self._dead = False

    def _point(self, operation: str, phase: str) -> None:
        if self._dead:
            raise Killed
        try:
            self.trouble(operation, phase)
        except Killed:
            self._dead = True
            raise

    def _folder(self, path: Path) -> Folder:
        node: Node | Folder = self.top
        for part in path.parts[1:]:
            if not isinstance(node, Folder):
                raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(path))
            if part not in node.names:
                raise FileNotFoundError(errno.ENOENT, "no such folder", str(path))
            node = node.names[part]
        if not isinstance(node, Folder):
            raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(path))
        return node

    def _touch(self, node: Node, data: bytes) -> None:
        node.data = data
        node.version = next(_numbers)

    def open(self, path: Path, *, append: bool = False) -> int:
        self._point("open", "before")
        folder = self._folder(path.parent)
        node = folder.names.get(path.name)
        if isinstance(node, Folder):
            raise IsADirectoryError(errno.EISDIR, "is a folder", str(path))
        if node is None:
            node = Node()
            folder.apply({path.name: node})
        elif not append:
            self._touch(node, b"")
        handle = next(_numbers)
        self._handles[handle] = node
        self._point("open", "after")
        return handle

    def write(self, handle: int, data: bytes | memoryview) -> int:
        self._point("write", "before")
        node, whole = self._handles[handle], bytes(data)
        half = len(whole) // 2
        self._touch(node, node.data + whole[:half])
        self._point("write", "within")
        self._touch(node, node.data + whole[half:])
        self._point("write", "after")
        return len(whole)

    def fsync(self, handle: int) -> None:
        self._point("fsync", "before")
        node = self._handles[handle]
        node.synced = node.data
        self._point("fsync", "after")

    def close(self, handle: int) -> None:
        if self._dead:
            raise Killed
        del self._handles[handle]

    def fsync_dir(self, path: Path) -> None:
        self._point("fsync_dir", "before")
        folder = self._folder(path)
        folder.synced = dict(folder.names)
        folder.pending.clear()
        self._point("fsync_dir", "after")

    def replace(self, source: Path, target: Path) -> None:
        self._point("replace", "before")
        left, entered = self._folder(source.parent), self._folder(target.parent)
        node = left.names[source.name]
        if left is entered:
            left.apply({source.name: None, target.name: node})
        else:  # a disk may keep one half and lose the other
            entered.apply({target.name: node})
            left.apply({source.name: None})
            if isinstance(node, Folder):  # which no disk shows in two places
                left.synced.pop(source.name, None)
                left.pending = [operation for operation in left.pending if source.name not in operation]
        self._point("replace", "after")

    def truncate(self, path: Path, length: int) -> None:
        self._point("truncate", "before")
        node = self._folder(path.parent).names[path.name]
        assert isinstance(node, Node)
        self._touch(node, node.data[:length])
        self._point("truncate", "after")

    def unlink(self, path: Path) -> None:
        self._point("unlink", "before")
        folder = self._folder(path.parent)
        if path.name in folder.names:
            folder.apply({path.name: None})
        self._point("unlink", "after")

    def mkdir(self, path: Path) -> None:
        self._point("mkdir", "before")
        folder = self._folder(path.parent)
        if path.name not in folder.names:
            folder.apply({path.name: Folder()})
        self._point("mkdir", "after")

    def rmdir(self, path: Path) -> None:
        self._point("rmdir", "before")
        assert not self._folder(path).names
        self._folder(path.parent).apply({path.name: None})
        self._point("rmdir", "after")

    def read(self, path: Path) -> bytes | None:
        self._point("read", "before")
        try:
            node = self._folder(path.parent).names.get(path.name)
        except OSError:
            return None
        return node.data if isinstance(node, Node) else None

    def listdir(self, path: Path) -> list[str]:
        self._point("listdir", "before")
        try:
            return sorted(self._folder(path).names)
        except OSError:
            return []

    def is_dir(self, path: Path) -> bool:
        try:
            self._folder(path)
        except OSError:
            return False
        return True

    def fingerprints(self, path: Path) -> dict[str, str]:
        self._point("fingerprints", "before")
        try:
            names = self._folder(path).names
        except OSError:
            return {}
        return {name: str(node.version) for name, node in names.items() if isinstance(node, Node)}

    # What only tests can do.

    def make_root(self, root: Path) -> None:
        """The data directory's parents, already on the disk."""
        for folder in [*reversed(root.parents[:-1]), root]:
            self.mkdir(folder)
            self.fsync_dir(folder.parent)

    def put(self, path: Path, data: bytes) -> None:
        """A file that is simply there, folders included."""
        for folder in [p for p in reversed(path.parents) if not self.is_dir(p)]:
            self.mkdir(folder)
            self.fsync_dir(folder.parent)
        self.write_durably(path, data)
        self.fsync_dir(path.parent)

    def after_kill(self) -> "MemoryFiles":
        """The disk as the next process finds it: everything that was called has happened."""
        return self._reborn(copy.deepcopy(self.top))

    def after_power_cut(self, chance: Random) -> "MemoryFiles":
        """The disk as the next boot finds it: of what was not synced, some."""
        top = copy.deepcopy(self.top)
        _forget(top, chance, set())
        return self._reborn(top)

    def _reborn(self, top: Folder) -> "MemoryFiles":
        disk = MemoryFiles()
        disk.top = top
        return disk

    def contents(self, below: Path) -> dict[str, bytes]:
        """Every file below a folder, by its path from there."""
        found: dict[str, bytes] = {}

        def walk(folder: Folder, prefix: str) -> None:
            for name, node in folder.names.items():
                if isinstance(node, Folder):
                    walk(node, f"{prefix}{name}/")
                else:
                    found[prefix + name] = node.data

        walk(self._folder(below), "")
        return found

    def digest(self, below: Path) -> str:
        """Changes with any byte of any file below a folder, and with any name."""
        hashed = hashlib.sha256()

        def walk(folder: Folder) -> None:
            for name, node in sorted(folder.names.items()):
                if isinstance(node, Folder):
                    hashed.update(f"{name}/{{".encode())
                    walk(node)
                    hashed.update(b"}")
                else:
                    hashed.update(f"{name}:{len(node.data)}:".encode() + node.data)

        walk(self._folder(below))
        return hashed.hexdigest()

    def dump(self, below: Path, target: Path) -> None:
        """Writes everything below a folder to a real one, for readers that know real files only."""
        target.mkdir(parents=True)

        def walk(folder: Folder, where: Path) -> None:
            for name, node in folder.names.items():
                if isinstance(node, Folder):
                    (where / name).mkdir()
                    walk(node, where / name)
                else:
                    (where / name).write_bytes(node.data)

        walk(self._folder(below), target)


def _forget(folder: Folder, chance: Random, done: set[int]) -> None:
    """Takes back some of what was not synced, in a folder and all below it."""
    survived = dict(folder.synced)
    for operation in folder.pending:
        if chance.random() < 0.5:
            _apply(survived, operation)
    folder.names, folder.synced, folder.pending = survived, dict(survived), []
    for node in survived.values():
        if id(node) in done:
            continue
        done.add(id(node))
        if isinstance(node, Folder):
            _forget(node, chance, done)
        elif node.data != node.synced:
            node.data = node.synced = _torn(node, chance)


def _torn(node: Node, chance: Random) -> bytes:
    """What may be left of a file whose last bytes were not synced."""
    safe = len(node.synced) if node.data.startswith(node.synced) else 0
    length = chance.randint(safe, len(node.data))
    return chance.choice(
        [node.synced, node.data, node.data[:length], node.data[:length] + bytes(len(node.data) - length)]
    )
