"""WARC files where they are: on this disk, behind http or https, or in a bucket."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeVar, cast

from pipelines.backfill.warc_job import WarcFile
from pipelines.backfill.warc_lists import LIST_LIMIT, read_paths, within
from pipelines.backfill.window import Window

T = TypeVar("T")

BLOCK = 8 * 2**20
"""Bytes of a remote file that are asked for at once. The next block is fetched while one is read, so that three of them
are in memory."""

PAUSE = 2.0
"""Seconds before the first new try after an error; each further one waits twice as long."""

_REMOTE = ("http://", "https://", "s3://")


class SourceUnreadableError(Exception):
    """Where a file comes from does not give it: no error of the file, so that another try may do better.

    No OSError, which to those who read the bytes means that these are damaged.
    """


def is_remote(address: str) -> bool:
    """Whether an address is one of a network and not a path."""
    return address.startswith(_REMOTE)


class WarcTape:
    """A file that is read from its beginning to its end; errors of the network are tried again where they happened.

    Args:
        address: absolute path, or http, https or s3 address.
        retries: new tries for each block that cannot be had.
        limit: bytes after which the file seems to end, None for all of it.
        sleep: waits so many seconds.

    Attributes:
        size: bytes of a remote file, None where the server does not say; None for a local one, which may grow.
        bytes_read: how far it has been read.

    Raises:
        SourceUnreadableError: when the file cannot be opened; the methods raise it as well.
    """

    def __init__(
        self, address: str, *, retries: int, limit: int | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._address = address
        self._retries = retries if is_remote(address) else 0
        self._limit = limit
        self._sleep = sleep
        self._file = self._trying(self._open)
        self.size = self._size()
        # A stream of fsspec says that it can go back, and cannot; nor does it know its size.
        self._can_seek = self.size is not None or not is_remote(address)
        self.bytes_read = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; b"" only at the end."""
        if self._limit is not None and self.tell() >= self._limit:
            return b""
        at = self._file.tell()

        def again() -> bytes:
            if self._can_seek:
                self._file.seek(at)
            return self._file.read(size)

        part = self._trying(again) if self._can_seek else self._once(again)
        self.bytes_read = max(self.bytes_read, at + len(part))
        if not part and self.size is not None and at < self.size:
            raise SourceUnreadableError(f"{self._address}: ended after {at:,} of {self.size:,} bytes")
        return part

    def tell(self) -> int:
        """The offset of the next byte."""
        return self._file.tell()

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Goes on at another offset."""
        return self._once(lambda: self._file.seek(offset, whence))

    def seekable(self) -> bool:
        """Whether it can go back; a server that gives no ranges does not let it."""
        return self._can_seek

    def _open(self) -> BinaryIO:
        if not is_remote(self._address):
            return Path(self._address).open("rb")
        import fsspec  # type: ignore[import-untyped]  # noqa: PLC0415 - local files do without

        system, path = fsspec.core.url_to_fs(self._address)
        # "background" fetches the next block in a thread while this one is read.
        return cast("BinaryIO", system.open(path, "rb", block_size=BLOCK, cache_type="background"))

    def _size(self) -> int | None:
        if not is_remote(self._address):
            return None
        size: Any = getattr(self._file, "size", None)
        return int(size) if size else None

    def _trying(self, attempt: Callable[[], T]) -> T:
        for number in range(self._retries):
            try:
                return attempt()
            except Exception:  # noqa: BLE001 - every library below has its own errors
                self._sleep(PAUSE * 2**number)
        return self._once(attempt)

    def _once(self, attempt: Callable[[], T]) -> T:
        try:
            return attempt()
        except Exception as error:
            cause = error.__cause__ or error  # fsspec calls all that goes wrong a missing file
            raise SourceUnreadableError(f"{self._address}: {type(cause).__name__}: {cause}") from error


def find_files(arguments: Iterable[str], *, base: str, window: Window | None, retries: int) -> list[WarcFile]:
    """The WARC files that a person names, in their order.

    Args:
        arguments: paths and addresses of WARC files; and of lists of them, whose names end in "paths" or "paths.gz".
        base: what the paths in a list are below.
        window: leaves out files of lists whose names say that they hold nothing of these days.
        retries: new tries for a list that cannot be had.

    Raises:
        ValueError: for a file that is not there, or a list that cannot be read.
    """
    found: dict[WarcFile, None] = {}
    for argument in arguments:
        if not argument.removesuffix(".gz").endswith("paths"):
            found[_file(argument)] = None
            continue
        for path in within(_listed(argument, retries), window):
            # A line may lead anywhere in the archive, and nowhere on this machine.
            found[_file(path if is_remote(path) else base.rstrip("/") + "/" + path.lstrip("/"))] = None
    return list(found)


def _file(address: str) -> WarcFile:
    if is_remote(address):
        return WarcFile(address)
    path = Path(address).resolve()
    if not path.is_file():
        raise ValueError(f"{address}: there is no such file")
    return WarcFile(str(path), path.stat().st_size)


def _listed(address: str, retries: int) -> tuple[str, ...]:
    try:
        with WarcTape(address if is_remote(address) else str(Path(address).resolve()), retries=retries) as tape:
            parts = []
            while part := tape.read(LIST_LIMIT + 1):
                parts.append(part)
                if sum(map(len, parts)) > LIST_LIMIT:
                    raise ValueError(f"{address}: longer than any list of files")
    except SourceUnreadableError as error:
        raise ValueError(str(error)) from error
    try:
        return read_paths(b"".join(parts))
    except ValueError as error:
        raise ValueError(f"{address}: {error}") from None
