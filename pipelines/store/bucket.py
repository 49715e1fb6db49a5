"""A bucket as the store sees it: four requests, of which the only one that writes does so under a condition.

`S3Bucket` is the real one, over boto3. `pyarrow.fs` was tried and left: it has no conditional PUT, and publishes
half a file when a stream is dropped without `close`. boto3 is loaded at the first request, so a run with nothing
to do never pays for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any, Protocol

MAX_BYTES = 1 << 30
"""Of one object. A month of 100,000 stories is a third of it; a bucket that holds more under a month's name holds
something else."""

_CHANGED = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"})
"""What S3 answers to a PUT whose condition does not hold: another object, a PUT of another at this moment, none."""


class ObjectChanged(OSError):  # noqa: N818 (the name says what is the case)
    """The object is not the one that the condition named, or is there although it should not be."""


@dataclass(frozen=True, slots=True)
class Found:
    """An object.

    Attributes:
        data: its bytes.
        etag: changes whenever they do.
        age: seconds since it was written, by the bucket's own clock: no host's clock need be right. 0 when the
            bucket does not say.
    """

    data: bytes
    etag: str
    age: float


class Bucket(Protocol):
    """The requests. Keys are relative, with "/" between their parts. All raise `OSError`, and nothing else."""

    def get(self, key: str) -> Found | None:
        """The whole object; None when there is none."""

    def put(self, key: str, data: bytes, *, etag: str | None) -> str:
        """Writes the whole object in the place of the one with this ETag; None: where there is none.

        Returns its ETag. Raises `ObjectChanged` when the condition does not hold.
        """

    def list(self, folder: str) -> dict[str, str]:
        """The names in a folder ("" is the root) with the ETags of objects; "" for a folder. {} when there is none."""

    def move(self, source: str, target: str) -> None:
        """Copies an object to another key, then removes it."""


class S3Bucket:
    """A bucket of S3, or of a store that speaks its language and honours its conditions.

    Credentials, region and endpoint come from where every tool of AWS takes them: the environment
    (`AWS_ENDPOINT_URL_S3`, `AWS_PROFILE`, ...), the configuration files, the role of the machine.

    Args:
        name: the bucket.
        prefix: put before every key; without a slash at its ends, may be "".
    """

    def __init__(self, name: str, prefix: str) -> None:
        self._name = name
        self._prefix = f"{prefix}/" if prefix else ""

    def get(self, key: str) -> Found | None:
        """See `Bucket.get`."""
        with self._errors_named(key):
            try:
                answer = self._client.get_object(Bucket=self._name, Key=self._prefix + key)
            except self._client.exceptions.NoSuchKey:
                return None
            if answer["ContentLength"] > MAX_BYTES:
                raise OSError(f"{self._url(key)} is larger than any file of the store")
            return Found(answer["Body"].read(), answer["ETag"], _age(answer))

    def put(self, key: str, data: bytes, *, etag: str | None) -> str:
        """See `Bucket.put`. The bytes are sent with a checksum that the bucket verifies before it takes them."""
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        try:
            with self._errors_named(key):
                answer = self._client.put_object(Bucket=self._name, Key=self._prefix + key, Body=data, **condition)
        except ObjectChanged:
            # A request that is repeated because its answer was lost finds what it has written itself.
            there = self.get(key)
            if there is None or there.data != data:
                raise
            return there.etag
        return str(answer["ETag"])

    def list(self, folder: str) -> dict[str, str]:
        """See `Bucket.list`."""
        start = f"{self._prefix}{folder}/" if folder else self._prefix
        found = {}
        with self._errors_named(folder):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._name, Prefix=start, Delimiter="/"):
                found.update({item["Key"].removeprefix(start): item["ETag"] for item in page.get("Contents", ())})
                for item in page.get("CommonPrefixes", ()):
                    found[item["Prefix"].removeprefix(start).removesuffix("/")] = ""
        found.pop("", None)  # consoles make an object with the name of the folder
        return found

    def move(self, source: str, target: str) -> None:
        """See `Bucket.move`."""
        with self._errors_named(source):
            copied = {"Bucket": self._name, "Key": self._prefix + source}
            self._client.copy_object(Bucket=self._name, Key=self._prefix + target, CopySource=copied)
            self._client.delete_object(Bucket=self._name, Key=self._prefix + source)

    @cached_property
    def _client(self) -> Any:
        import boto3  # noqa: PLC0415 (0.3 CPU seconds and an extra: see the module's docstring)
        from botocore.config import Config  # noqa: PLC0415

        # Bounded: a bucket that does not answer costs four tries of a minute, not the night.
        patience = Config(connect_timeout=10, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 4})
        with self._errors_named(""):
            return boto3.session.Session().client("s3", config=patience)

    @contextmanager
    def _errors_named(self, key: str) -> Iterator[None]:
        """Turns what boto3 raises into `ObjectChanged` or an `OSError` that says which object it was about."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            yield
        except ClientError as error:
            said = error.response.get("Error", {})
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if said.get("Code") in _CHANGED or status == HTTPStatus.PRECONDITION_FAILED:  # some send it without words
                raise ObjectChanged(self._url(key)) from error
            raise OSError(f"{self._url(key)}: {said.get('Message') or error} ({said.get('Code')})") from error
        except BotoCoreError as error:
            raise OSError(f"{self._url(key)}: {error}") from error

    def _url(self, key: str) -> str:
        return f"s3://{self._name}/{self._prefix}{key}"


def _age(answer: dict[str, Any]) -> float:
    said = answer["ResponseMetadata"]["HTTPHeaders"].get("date", "")
    written: datetime = answer["LastModified"]
    try:
        return max(0.0, (parsedate_to_datetime(said) - written).total_seconds())
    except (ValueError, TypeError):
        return 0.0
