"""What SQLite complains of, in the operating system's terms."""

import errno
import sqlite3

_ERRNOS = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
    sqlite3.SQLITE_LOCKED: errno.EBUSY,
}
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def errno_of(error: sqlite3.Error) -> int:
    """ENOSPC, EROFS, EACCES or EBUSY, else EIO."""
    return _ERRNOS.get(_code(error), errno.EIO)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault."""
    return _code(error) in _DAMAGE


def _code(error: sqlite3.Error) -> int:
    """The primary result code; an error of the module itself has none, and is called SQLITE_ERROR."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF
