"""The bucket refuses: at every request of everything the store does, in every way a bucket can."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from memory_bucket import MemoryBucket, refused
from memory_files import MemoryFiles, dice
from scenarios import NEW, PLAYS, Play, article_ids, story_ids, told

from pipelines.store import Store, StoreError, StoreLocked, check
from pipelines.store.bucket import ObjectChanged, S3Bucket
from pipelines.store.object_files import IN_BUCKET, ObjectFiles, StoreConflict
from pipelines.store.object_lock import LEASE, ObjectLock

Trouble = Callable[[str, str, str], None]
Requests = list[tuple[str, str, str]]


def host(root: Path, bucket: MemoryBucket) -> Store:
    """One machine at the bucket, with its working directory."""
    root.mkdir(exist_ok=True)
    clock = lambda: datetime(2021, 10, 5, tzinfo=UTC)  # noqa: E731
    lock = ObjectLock(bucket, ".lock", clock=clock, monotonic=lambda: bucket.now, sleep=bucket.sleep)
    files = ObjectFiles(root, bucket, lock=lock, url="s3://newsroom/orbit")
    return Store(root, files=files, clock=clock, sleep=bucket.sleep)


def begun(play: Play, root: Path, bucket: MemoryBucket) -> None:
    """What a play begins with, the tables in the bucket and the rest in the working directory."""
    disk: MemoryFiles = play.begin(root)
    root.mkdir(exist_ok=True)
    for name, data in disk.contents(root).items():
        if name.partition("/")[0] in IN_BUCKET:
            bucket.put(name, data, etag=None)
        else:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def tables(bucket: MemoryBucket) -> dict[str, bytes]:
    """The objects that readers see."""
    return {key: data for key, data in bucket.objects.items() if not key.startswith(".")}


def requests_of(play: Play, root: Path) -> tuple[Requests, dict[str, bytes]]:
    """Every moment around a request of the undisturbed play, and the tables as it leaves them."""
    bucket, seen = MemoryBucket(), Requests()
    begun(play, root, bucket)
    bucket.trouble = lambda *request: seen.append(request)
    play.act(host(root, bucket), set())
    return seen, tables(bucket)


def at(number: int, happens: Callable[[str, str], None]) -> Trouble:
    """Something happens once, at the n-th of the moments around the requests; it is given the request and the key."""
    moments = itertools.count()

    def trouble(request: str, phase: str, key: str) -> None:
        if next(moments) == number:
            happens(request, key)

    return trouble


def refuse(bucket: MemoryBucket, number: int) -> Trouble:
    """403, 500 or no answer; after a request: it was done, and the answer was lost."""

    def happens(request: str, key: str) -> None:
        raise refused(key)

    return at(number, happens)


def refuse_for_good(bucket: MemoryBucket, number: int) -> Trouble:
    """The same, and so is every later request."""
    moments = itertools.count()

    def trouble(request: str, phase: str, key: str) -> None:
        if next(moments) >= number:
            raise refused(key)

    return trouble


def deny_the_condition(bucket: MemoryBucket, number: int) -> Trouble:
    """412, whatever is there: somebody was faster for a moment."""

    def happens(request: str, key: str) -> None:
        raise ObjectChanged(key)

    return at(number, happens)


def lapse(bucket: MemoryBucket, number: int) -> Trouble:
    """The host stalls for longer than its lease, and nobody comes."""

    def happens(request: str, key: str) -> None:
        bucket.now += LEASE + 1

    return at(number, happens)


def lose_the_lock(bucket: MemoryBucket, number: int) -> Trouble:
    """It stalls, and another host takes the lock, dies with it in its hands, and is waited for."""

    def happens(request: str, key: str) -> None:
        bucket.now += LEASE + 1
        bucket.trouble = lambda request, phase, key: None
        other = ObjectLock(
            bucket,
            ".lock",
            clock=lambda: datetime(2021, 10, 5, tzinfo=UTC),
            monotonic=lambda: bucket.now,
            sleep=bucket.sleep,
        )
        other.acquire(LEASE + 1)

    return at(number, happens)


WAYS = {
    "refused": refuse,
    "refused for good": refuse_for_good,
    "condition denied": deny_the_condition,
    "lease lapsed": lapse,
    "lock lost": lose_the_lock,
}


def cases(seen: Requests, *, thorough: bool) -> list[tuple[int, str]]:
    """At which moment what happens: everything that makes a difference at every one, or some of it.

    A refusal before a request is one that was not done, one after it an answer that was lost; the rest is the same
    after a request and before the next. Only a PUT has a condition.
    """
    every = [
        (number, way)
        for number, (request, phase, _) in enumerate(seen)
        for way in WAYS
        if way == "refused" or (phase == "before" and (way != "condition denied" or request == "put"))
    ]
    return every if thorough else dice(5).sample(every, 6)


@pytest.mark.parametrize("name", PLAYS)
def test_every_request_that_can_fail(
    name: str, tmp_path: Path, thorough: bool, count: Callable[[str, int], None]
) -> None:
    """What was there stays or is replaced whole, nothing acknowledged is lost, and a second try comes to the same."""
    play = PLAYS[name]
    seen, expected = requests_of(play, tmp_path / "undisturbed")
    tried = 0
    for number, way in cases(seen, thorough=thorough):
        root, bucket = tmp_path / f"{number} {way}", MemoryBucket()
        begun(play, root, bucket)
        before, acknowledged = tables(bucket), set(play.ids)
        store = host(root, bucket)
        bucket.trouble = WAYS[way](bucket, number)
        with suppress(StoreError):
            play.act(store, acknowledged)
        bucket.trouble = lambda request, phase, key: None
        bucket.now += 2 * LEASE  # whoever died with the lock has lost it
        whole = [data for key, data in tables(bucket).items() if before.get(key) != data]
        assert all(data.startswith(b"PAR1") and data.endswith(b"PAR1") for data in whole)
        assert set(tables(bucket)) >= {key for key in before if key.endswith(".parquet")}
        if play.heals:
            store.heal()
            assert set(article_ids(store)) >= acknowledged
        play.act(store, set())  # the same process goes on
        play.act(host(root, bucket), set())  # and another one
        assert tables(bucket) == expected, (number, way, seen[number])
        ids, stories = article_ids(store), story_ids(store)
        assert set(ids) >= acknowledged
        assert (len(set(ids)), len(set(stories))) == (len(ids), len(stories))
        tried += 1
    count(f"requests that fail: {name}", tried)


def test_a_commit_whose_lock_is_lost_is_done_again_and_one_that_reports_is_not(tmp_path: Path) -> None:
    bucket = MemoryBucket()
    store = host(tmp_path / "a", bucket)
    store.append_many(NEW[1])
    done: list[int] = []

    def stall() -> int:
        done.append(len(done))
        if len(done) == 1:
            lose_the_lock(bucket, 0)("get", "before", "")
        return len(done)

    assert store.files.commit(stall) == 2
    done.clear()
    with pytest.raises(StoreConflict, match="took the lock"):
        store.files.commit(stall, once=True)
    assert len(done) == 1


def test_what_a_bucket_has_not_acknowledged_stays_in_the_journal(tmp_path: Path) -> None:
    bucket = MemoryBucket()
    store = host(tmp_path / "a", bucket)
    with store.lock():
        store.append_many(NEW[1])
        bucket.trouble = refuse_for_good(bucket, 0)
        for _ in range(3):
            with pytest.raises(StoreError, match="Access Denied"):
                store.fold()
        bucket.trouble = lambda request, phase, key: None
        store.append(told(50, 50, NEW[1][0][0].date))
        assert store.fold().articles == 3
    assert check(store.root, read_data=True, files=store.files).sound


def test_a_holder_that_never_ends_is_named(tmp_path: Path) -> None:
    """It shows a sign of life whenever it is looked at, so its lease never lapses."""
    bucket = MemoryBucket()
    host(tmp_path / "a", bucket).probe()
    holder = host(tmp_path / "b", bucket)

    def meanwhile() -> None:
        waiting = host(tmp_path / "a", bucket)
        bucket.trouble = lambda request, phase, key: bucket._written.update({".lock": bucket.now})
        with pytest.raises(StoreLocked, match=f"process {os.getpid()}"):
            waiting.probe()
        bucket.trouble = lambda request, phase, key: None

    holder.files.commit(meanwhile, once=True)


# The real bucket says it in these words.


@pytest.mark.parametrize("answer", ["403", "412", "500", "503", "timeout"])
@pytest.mark.parametrize("request_", ["get", "put", "list", "move"])
def test_every_answer_of_a_server_is_an_os_error(answer: str, request_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given up after a few tries, as one line that names the object; 412 is told apart."""
    pytest.importorskip("boto3", reason="boto3 is of the extra [s3]")
    from botocore.awsrequest import AWSResponse
    from botocore.exceptions import ReadTimeoutError

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "us-east-1")
    monkeypatch.setattr("time.sleep", lambda _: None)
    bucket, asked = S3Bucket("newsroom", "orbit"), []

    def send(request: object, **_: object) -> AWSResponse:
        asked.append(request)
        if answer == "timeout":
            raise ReadTimeoutError(endpoint_url="http://127.0.0.1")
        return AWSResponse("http://127.0.0.1", int(answer), {}, Body())

    bucket._client.meta.events.register("before-send.s3", send)
    ask: dict[str, Callable[[], object]] = {
        "get": lambda: bucket.get("x"),
        "put": lambda: bucket.put("x", b"1", etag=None),
        "list": lambda: bucket.list("x"),
        "move": lambda: bucket.move("x", "y"),
    }
    with pytest.raises(OSError, match=r"s3://newsroom/orbit/x") as told_:
        ask[request_]()
    assert "\n" not in str(told_.value)
    assert isinstance(told_.value, ObjectChanged) == (answer == "412")
    if answer in {"500", "503", "timeout"}:
        assert len(asked) == 4


class Body:
    """An answer without content."""

    def stream(self, **_: object) -> Iterator[bytes]:
        return iter(())
