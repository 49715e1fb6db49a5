"""The store in a bucket: moto's S3 server on the loopback, and hosts that die, stall and meet each other."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.fs
import pyarrow.parquet as pq
import pytest
from memory_files import Killed
from scenarios import BEFORE, EVENTS, NEW, RUN, Batch, article_ids, claim, commit, story_ids, told

from pipelines.intake import open_index
from pipelines.schema import TABLES
from pipelines.store import (
    LocalFiles,
    Store,
    StoreError,
    StoreFault,
    StoreForeign,
    StoreLocked,
    check,
    migrate,
    rebuild_stories,
)
from pipelines.store.bucket import ObjectChanged, S3Bucket
from pipelines.store.journal import JOURNAL
from pipelines.store.location import BucketAddress, open_store
from pipelines.store.object_files import ATTEMPTS, IN_BUCKET, StoreConflict
from pipelines.store.object_lock import LEASE, RENEW, ObjectLock
from pipelines.store.quarantine import QUARANTINE

boto3 = pytest.importorskip("boto3", reason="boto3 is of the extra [s3]")
moto = pytest.importorskip("moto.server", reason="moto[server] is of the dev group")

from bucket_hosts import Meddled, Time, at_change, at_write, bucket_of, die, host  # noqa: E402 (needs boto3)

LATER: Batch = [
    (told(21, 1, date(2021, 10, 7), source="gazette"), []),  # of a story that another host moves
    (told(22, 9, date(2021, 10, 8)), [claim(22, date(2021, 10, 8))]),
    (told(23, 2, date(2021, 9, 1)), []),  # moves a story to another month
    (told(24, 4, date(2021, 10, 30)), []),  # tells a story earlier that another host is about to store
]
"""What a second host finds."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server with one bucket, which every client of this module finds by itself."""
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address, port = server.get_host_and_port()
    url = f"http://{address}:{port}"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }.items():
            patch.setenv(name, value)
        boto3.client("s3").create_bucket(Bucket="newsroom")
        yield url
    server.stop()


OCTOBER = "articles/year=2021/2021-10.parquet"

_prefixes = itertools.count()


@pytest.fixture
def prefix(endpoint: str) -> str:
    return f"orbit/{next(_prefixes)}"


def objects(prefix: str, *, tables_only: bool = True) -> dict[str, bytes]:
    """Every object of a store by its key; without the lock and the marker."""
    client = bucket_of("")._client
    found = {}
    for page in client.get_paginator("list_objects_v2").paginate(Bucket="newsroom", Prefix=f"{prefix}/"):
        for item in page.get("Contents", ()):
            key = item["Key"].removeprefix(f"{prefix}/")
            if not (tables_only and key.startswith(".")):
                found[key] = client.get_object(Bucket="newsroom", Key=item["Key"])["Body"].read()
    return found


def on_disk(root: Path) -> dict[str, bytes]:
    """The same of a store on the disk."""
    files = (path for path in root.rglob("*.parquet") if not path.relative_to(root).parts[0].startswith("."))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def assert_sound(prefix: str, root: Path, ids: set[str]) -> None:
    """A host that comes later finds everything once, and stories that are what their articles say."""
    store = host(root, prefix, Time()).store
    assert sorted(article_ids(store)) == sorted(ids)
    stories = story_ids(store)
    assert len(set(stories)) == len(stories)
    # Whose events are still to be made, the host knows that stored them.
    assert {problem.kind for problem in check(root, read_data=True, files=store.files).problems} == {
        "story_without_event"
    }


def ids_of(*batches: Batch) -> set[str]:
    return {article.article_id for batch in batches for article, _ in batch}


def read_by_pyarrow(endpoint: str, prefix: str) -> None:
    """What an analyst does at this instant works, and shows no id twice."""
    files = pyarrow.fs.S3FileSystem(endpoint_override=endpoint.removeprefix("http://"), scheme="http")
    for name in {key.partition("/")[0] for key in objects(prefix)}:
        rows = pq.read_table(f"newsroom/{prefix}/{name}", filesystem=files)
        keys = list(zip(*(rows[column].to_pylist() for column in TABLES[name].key), strict=True))
        assert len(set(keys)) == len(keys), name


# What is stored, and who can read it.


def test_the_bucket_holds_what_a_disk_would(tmp_path: Path, prefix: str) -> None:
    local, far = Store(tmp_path / "data"), host(tmp_path / "a", prefix, Time()).store
    for store in (local, far):
        store.append_many(BEFORE)
        store.fold()
        commit(store, set())
        store.write_runs([RUN])
        store.replace_events(EVENTS)
        rebuild_stories(store)
    assert objects(prefix) == on_disk(tmp_path / "data")
    assert set(objects(prefix, tables_only=False)) - set(objects(prefix)) == {".lock", ".orbitwatch.json"}
    assert on_disk(tmp_path / "a") == {}
    assert far.unrelated_months() == local.unrelated_months() == {"2020-09", "2021-09", "2021-10", "2021-11"}
    assert check(tmp_path / "a", read_data=True, files=far.files).sound


def test_plain_pandas_reads_it(tmp_path: Path, prefix: str, endpoint: str) -> None:
    host(tmp_path / "a", prefix, Time()).store.append_many(BEFORE)
    host(tmp_path / "a", prefix, Time()).store.fold()
    options = {"key": "test", "secret": "test", "client_kwargs": {"endpoint_url": endpoint}}
    by_fsspec = pd.read_parquet(f"s3://newsroom/{prefix}/stories", storage_options=options)
    by_arrow = pd.read_parquet(f"s3://newsroom/{prefix}/stories", columns=["story_id"], filters=[("year", "==", 2021)])
    assert set(by_fsspec["story_id"]) == set(by_arrow["story_id"]) == {"s1", "s2", "s3"}


def test_the_same_again_writes_no_object(tmp_path: Path, prefix: str) -> None:
    time = Time()
    commit(host(tmp_path / "a", prefix, time).store, set())
    again = host(tmp_path / "b", prefix, time)
    written: list[str] = []
    again.bucket.trouble = lambda request, phase, key: written.append(key) if request == "put" else None
    commit(again.store, set())
    assert set(written) == {".lock"}


def test_another_host_continues_the_stories(tmp_path: Path, prefix: str) -> None:
    time = Time()
    commit(host(tmp_path / "a", prefix, time).store, set())
    other = host(tmp_path / "b", prefix, time).store
    index = open_index(other, tmp_path / "b" / "stories.sqlite")
    assert index.has("a6")
    host(tmp_path / "a", prefix, time).store.append_many(LATER)
    host(tmp_path / "a", prefix, time).store.fold()
    assert open_index(other, tmp_path / "b" / "stories.sqlite").has("a23")


def test_long_listings_are_read_to_their_end(tmp_path: Path, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    store = host(tmp_path / "a", prefix, Time()).store
    years = range(2015, 2022)
    store.append_many((told(year, year, date(year, 5, 1)), []) for year in years)
    store.append_many((told(month, month, date(2020, month, 2)), []) for month in range(1, 13))
    store.fold()
    assert store.months.years(TABLES["articles"]) == [str(year) for year in years]
    assert len(store.months.stems(TABLES["articles"])) == len(years) + 11
    assert_sound(prefix, tmp_path / "b", {f"a{year}" for year in years} | {f"a{month}" for month in range(1, 13)})


# Hosts that die.


def test_every_crash_point_at_the_client(
    tmp_path: Path, prefix: str, endpoint: str, thorough: bool, count: Callable[[str, int], None]
) -> None:
    """A run dies before and after each request that changes the bucket; the next one of the same host does the rest."""
    expected = Store(tmp_path / "data")
    expected.append_many(BEFORE)
    expected.fold()
    commit(expected, set())
    dead = 0
    for number in itertools.count(1, 1 if thorough else 7):
        here, time, root = f"{prefix}/{number}", Time(), tmp_path / str(number)
        host(root, here, time).store.append_many(BEFORE)
        host(root, here, time).store.fold()
        victim, acknowledged = host(root, here, time), ids_of(BEFORE)
        victim.bucket.trouble = at_change(number, die)
        finished = False
        with suppress(Killed):
            commit(victim.store, acknowledged)
            finished = True
        read_by_pyarrow(endpoint, here)
        survivor = host(root, here, time).store
        survivor.heal()
        assert set(article_ids(survivor)) >= acknowledged
        commit(survivor, set())
        assert objects(here) == on_disk(tmp_path / "data")
        if finished:
            break
        dead += 1
    assert dead
    count("crash points: a fold into a bucket", dead)


def test_a_dead_host_keeps_the_others_waiting_for_one_lease(tmp_path: Path, prefix: str) -> None:
    time = Time()
    victim = host(tmp_path / "a", prefix, time)
    victim.store.append_many(BEFORE)
    victim.bucket.trouble = at_write(2, die)
    with suppress(Killed):
        victim.store.fold()
    before = time.now
    other = host(tmp_path / "b", prefix, time).store
    other.append_many(LATER)
    other.fold()
    assert LEASE < time.now - before < LEASE + 10
    host(tmp_path / "a", prefix, time).store.heal()
    assert_sound(prefix, tmp_path / "c", ids_of(BEFORE, LATER))


def test_a_lost_working_directory_costs_what_was_not_published(tmp_path: Path, prefix: str) -> None:
    """Neither more nor less: what was folded stays, and the same articles may come again."""
    time = Time()
    store = host(tmp_path / "a", prefix, time).store
    store.append_many(BEFORE)
    store.fold()
    store.append_many(LATER)
    assert (tmp_path / "a" / JOURNAL).exists()
    new = host(tmp_path / "b", prefix, time).store
    assert new.heal() == 0
    assert set(article_ids(new)) == ids_of(BEFORE)
    new.append_many(BEFORE + LATER)
    new.fold()
    assert_sound(prefix, tmp_path / "c", ids_of(BEFORE, LATER))


# Hosts that meet.


def test_a_host_that_stalls_loses_nothing_and_doubles_nothing(
    tmp_path: Path, prefix: str, thorough: bool, count: Callable[[str, int], None]
) -> None:
    """At a write of a fold the host stalls until its lock lapses, and another folds into the same months."""

    def race(number: int) -> list[str]:
        """Gives what the slow host wrote."""
        here, time = f"{prefix}/{number}", Time()
        first = host(tmp_path / f"{number}a", here, time).store
        first.append_many(BEFORE)
        first.fold()
        slow = host(tmp_path / f"{number}s", here, time)
        slow.store.append_many(batch for articles in NEW for batch in articles)
        writes: list[str] = []

        def trouble(request: str, phase: str, key: str) -> None:
            if (request, phase) == ("put", "before") and key != ".lock":
                writes.append(key)
                if len(writes) == number:
                    time.now += LEASE + 1
                    other = host(tmp_path / f"{number}o", here, time).store
                    other.append_many(LATER)
                    assert other.fold().articles == len(LATER)

        slow.bucket.trouble = trouble
        slow.store.fold()
        later = LATER if number else []
        assert_sound(here, tmp_path / f"{number}c", ids_of(BEFORE, later, *NEW))
        return writes

    writes = race(0)
    numbers = range(1, len(writes) + 1) if thorough else (writes.index(OCTOBER) + 1, len(writes))
    for number in numbers:
        race(number)
    count("races of two hosts for the months of a fold", len(numbers))


def title_of(store: Store, article_id: str) -> str:
    rows = (row for month in store.articles(["article_id", "title"]) for row in month.to_pylist())
    return next(row["title"] for row in rows if row["article_id"] == article_id)


def test_an_article_stored_between_two_readings_is_not_overwritten(tmp_path: Path, prefix: str) -> None:
    """The keys of a month are read first, its rows later; whatever came in between, by whomever, was first."""
    time, theirs = Time(), Store(tmp_path / "data")
    theirs.append_many([*BEFORE, (told(5, 2, date(2021, 10, 18), title="Theirs"), [])])
    theirs.fold()
    here = host(tmp_path / "a", prefix, time)
    here.store.append_many(BEFORE)
    here.store.fold()
    readings: list[str] = []

    def trouble(request: str, phase: str, key: str) -> None:
        if (request, key) == ("get", OCTOBER):
            readings.append(key)
            if len(readings) == 2:
                put_by_hand(prefix, (tmp_path / "data" / OCTOBER).read_bytes())

    here.bucket.trouble = trouble
    here.store.append_many([BEFORE[0], *NEW[0]])
    here.store.fold()
    assert len(readings) > 2
    assert title_of(here.store, "a5") == "Theirs"


def test_what_another_host_adds_right_after_a_write_is_known_later(tmp_path: Path, prefix: str) -> None:
    time = Time()
    here = host(tmp_path / "a", prefix, time)
    here.store.append_many(BEFORE)

    def other_adds() -> None:
        time.now += LEASE + 1
        other = host(tmp_path / "b", prefix, time).store
        other.append(told(31, 2, date(2021, 10, 20), title="Theirs"))
        other.fold()

    here.bucket.trouble = at_write(1, other_adds, phase="after")
    here.store.fold()
    here.store.append(told(31, 2, date(2021, 10, 20), title="Ours"))
    here.store.fold()
    assert title_of(here.store, "a31") == "Theirs"
    assert_sound(prefix, tmp_path / "c", ids_of(BEFORE) | {"a31"})


def put_by_hand(prefix: str, data: bytes) -> None:
    bucket_of("")._client.put_object(Bucket="newsroom", Key=f"{prefix}/{OCTOBER}", Body=data)


def test_a_write_by_somebody_without_the_lock_is_not_overwritten(tmp_path: Path, prefix: str) -> None:
    """An older program, or a person with a copy: the condition of the file holds where no lock was asked for."""
    time = Time()
    store = host(tmp_path / "a", prefix, time)
    store.store.append_many(BEFORE)
    store.store.fold()
    theirs = Store(tmp_path / "data")
    theirs.append_many([*BEFORE, *LATER])
    theirs.fold()
    store.store.append_many(NEW[0])
    written = (tmp_path / "data" / OCTOBER).read_bytes()
    store.bucket.trouble = at_write(1, lambda: put_by_hand(prefix, written))
    store.store.fold()
    assert set(article_ids(host(tmp_path / "b", prefix, time).store)) >= ids_of(BEFORE, NEW[0], LATER[:2])


def test_a_host_that_loses_every_race_gives_up_and_keeps_its_journal(tmp_path: Path, prefix: str) -> None:
    time = Time()
    first = host(tmp_path / "a", prefix, time)
    first.store.append_many(BEFORE)
    first.store.fold()
    numbers = itertools.count(100)

    def always(request: str, phase: str, key: str) -> None:
        if (request, phase) == ("put", "before") and key.startswith("articles/"):
            time.now += LEASE + 1
            other = host(tmp_path / "b", prefix, time).store
            other.append(told(next(numbers), 5, date(2021, 10, 9)))
            other.fold()

    first.bucket.trouble = always
    first.store.append_many(NEW[0])
    with pytest.raises(StoreConflict, match="2021-10"):
        first.store.fold()
    assert next(numbers) == 100 + ATTEMPTS
    first.bucket.trouble = lambda request, phase, key: None
    assert first.store.fold().articles == 1
    assert set(article_ids(first.store)) >= ids_of(BEFORE, NEW[0])


def test_the_first_runs_of_two_hosts_make_one_store(tmp_path: Path, prefix: str) -> None:
    time = Time()
    slow, fast = host(tmp_path / "a", prefix, time), host(tmp_path / "b", prefix, time)

    def meanwhile() -> None:
        time.now += LEASE + 1
        commit(fast.store, set())

    slow.bucket.trouble = at_write(1, meanwhile)
    slow.store.append_many(LATER)
    slow.store.fold()
    assert_sound(prefix, tmp_path / "c", ids_of(LATER, *NEW))


# The lock.


def lock_of(time: Time, bucket: Meddled) -> ObjectLock:
    return ObjectLock(bucket, ".lock", clock=time.clock, monotonic=lambda: time.now, sleep=time.sleep)


def test_the_lock_has_one_holder_and_names_it(prefix: str) -> None:
    time = Time()
    bucket = Meddled(bucket_of(prefix), time)
    mine, theirs = lock_of(time, bucket), lock_of(time, bucket)
    mine.acquire(0)
    with pytest.raises(StoreLocked, match=f"process {os.getpid()}") as refused:
        theirs.acquire(7)
    assert time.now == 7
    assert refused.value.owner.host == os.uname().nodename
    mine.release()
    theirs.acquire(0)
    assert theirs.held
    assert not mine.held


def test_a_lock_lapses_by_the_clock_of_the_bucket(prefix: str) -> None:
    time = Time()
    bucket = Meddled(bucket_of(prefix), time)
    dead, next_ = lock_of(time, bucket), lock_of(time, bucket)
    dead.acquire(0)
    time.now += LEASE
    with pytest.raises(StoreLocked):
        next_.acquire(0)
    time.now += 1
    next_.acquire(0)
    with pytest.raises(ObjectChanged):
        dead.renew()
    dead.release()  # is not the dead one's to give
    with pytest.raises(StoreLocked):
        lock_of(time, bucket).acquire(0)


def test_a_holder_that_works_keeps_its_lock(prefix: str) -> None:
    time = Time()
    bucket = Meddled(bucket_of(prefix), time)
    holder = lock_of(time, bucket)
    holder.acquire(0)
    for _ in range(10):
        time.now += RENEW
        holder.renew()
    with pytest.raises(StoreLocked):
        lock_of(time, bucket).acquire(0)


def test_a_holder_that_only_slept_goes_on(prefix: str) -> None:
    """Its lock has lapsed, but nobody took it: then nobody can have written either."""
    time = Time()
    bucket = Meddled(bucket_of(prefix), time)
    holder = lock_of(time, bucket)
    holder.acquire(0)
    time.now += 3 * LEASE
    holder.renew()
    with pytest.raises(StoreLocked):
        lock_of(time, bucket).acquire(0)


@pytest.mark.parametrize("written", [b"", b"[]", b"\xff", b'{"lease": "long"}'])
def test_what_is_no_lock_lapses_like_one(prefix: str, written: bytes) -> None:
    time = Time()
    bucket = Meddled(bucket_of(prefix), time)
    bucket.put(".lock", written, etag=None)
    with pytest.raises(StoreLocked, match="another run"):
        lock_of(time, bucket).acquire(0)
    lock_of(time, bucket).acquire(LEASE + 10)


def test_the_age_of_an_object_is_told_by_the_server(prefix: str) -> None:
    bucket = bucket_of(prefix)
    etag = bucket.put("x", b"1", etag=None)
    found = bucket.get("x")
    assert found is not None
    assert (found.data, found.etag) == (b"1", etag)
    assert 0 <= found.age < 60


# Conditions.


def test_a_put_holds_only_for_what_was_read(prefix: str) -> None:
    bucket = bucket_of(prefix)
    first = bucket.put("x", b"1", etag=None)
    with pytest.raises(ObjectChanged):
        bucket.put("x", b"2", etag=None)
    second = bucket.put("x", b"2", etag=first)
    with pytest.raises(ObjectChanged):
        bucket.put("x", b"3", etag=first)
    with pytest.raises(ObjectChanged):
        bucket.put("gone", b"3", etag=first)
    assert bucket.list("") == {"x": second}


def test_a_put_whose_answer_was_lost_is_recognised(prefix: str) -> None:
    """boto3 sends it again, and finds its own object in its way."""
    bucket = bucket_of(prefix)
    first = bucket.put("x", b"1", etag=None)
    assert bucket.put("x", b"1", etag=None) == first
    second = bucket.put("x", b"2", etag=first)
    assert bucket.put("x", b"2", etag=first) == second


class Careless(S3Bucket):
    """A store that takes conditions and ignores them."""

    def put(self, key: str, data: bytes, *, etag: str | None) -> str:
        found = self.get(key)
        return super().put(key, data, etag=found.etag if found else None)


def test_a_bucket_that_ignores_conditions_is_refused(tmp_path: Path, prefix: str) -> None:
    store = host(tmp_path / "a", prefix, Time())
    store.bucket._bucket = Careless("newsroom", prefix)
    with pytest.raises(StoreError, match="If-None-Match"):
        store.store.append_many(BEFORE)
    assert set(objects(prefix, tables_only=False)) == {".lock"}


def test_a_bucket_that_is_not_there_is_named(tmp_path: Path, endpoint: str) -> None:
    store = open_store(BucketAddress("nowhere", "orbit"), work=tmp_path / "a")
    with pytest.raises(StoreFault, match=r"s3://nowhere/orbit/\.lock: .*NoSuchBucket"):
        store.probe()


# Care for the store.


def test_check_and_repair_work_in_a_bucket(tmp_path: Path, prefix: str) -> None:
    here = host(tmp_path / "a", prefix, Time())
    here.store.append_many(BEFORE)
    here.store.fold()
    client = bucket_of("")._client
    stories = f"{prefix}/stories/year=2021/2021-11.parquet"
    client.put_object(Bucket="newsroom", Key=stories, Body=objects(prefix)["stories/year=2021/2021-11.parquet"][:500])
    client.put_object(Bucket="newsroom", Key=f"{prefix}/stories/README.md", Body=b"not a table")
    client.put_object(Bucket="newsroom", Key=f"{prefix}/articles/old/one/x.txt", Body=b"nor this")
    report = check(tmp_path / "a", repair=True, files=here.store.files)
    assert {problem.kind for problem in report.problems} >= {"damaged", "foreign"}
    assert_sound(prefix, tmp_path / "b", ids_of(BEFORE))
    aside = set(objects(prefix, tables_only=False)) - set(objects(prefix))
    assert {f"{QUARANTINE}/stories-README.md", f"{QUARANTINE}/articles-old/one/x.txt"} < aside
    assert migrate(tmp_path / "a", files=here.store.files) == 0


def test_one_working_directory_serves_one_bucket(tmp_path: Path, prefix: str) -> None:
    host(tmp_path / "a", prefix, Time()).store.append_many(LATER)
    with pytest.raises(StoreForeign, match="--work"):
        host(tmp_path / "a", f"{prefix}/other", Time()).store.heal()
    assert objects(f"{prefix}/other") == {}
    with pytest.raises(StoreForeign):
        Store(tmp_path / "a").heal()
    Store(tmp_path / "data").probe()
    with pytest.raises(StoreForeign, match="--work"):
        host(tmp_path / "data", prefix, Time()).store.heal()


def test_the_names_in_the_bucket_are_those_of_the_store() -> None:
    assert {*TABLES, ".orbitwatch.json", QUARANTINE} == IN_BUCKET


def test_local_files_commit_by_doing_the_work() -> None:
    assert LocalFiles().commit(lambda: 7) == 7


# Where it is.


@pytest.mark.parametrize(
    ("url", "bucket", "prefix"),
    [
        ("s3://newsroom", "newsroom", ""),
        ("s3://newsroom/", "newsroom", ""),
        ("s3://news.room-1/orbit/2021/", "news.room-1", "orbit/2021"),
    ],
)
def test_an_address_is_read(url: str, bucket: str, prefix: str) -> None:
    assert BucketAddress.parse(url) == BucketAddress(bucket, prefix)
    assert str(BucketAddress.parse(url)) == url.rstrip("/")


@pytest.mark.parametrize(
    "url", ["s3://", "s3://X/y", "s3:/b/c", "gs://bucket/x", "s3://bucket/../x", "s3://bucket/a//b", "s3://bucket/a b"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="s3://bucket/prefix"):
        BucketAddress.parse(url)


def test_the_working_directory_is_where_state_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    one, two = BucketAddress("newsroom", "a/b"), BucketAddress("newsroom", "a-b")
    assert one.working_directory().parent == tmp_path / "orbitwatch"
    assert one.working_directory().name.startswith("newsroom-a-b-")
    assert one.working_directory() != two.working_directory()
    assert open_store(one).root == one.working_directory()
    assert open_store(tmp_path).root == tmp_path


def test_opening_loads_neither_boto3_nor_pyarrow() -> None:
    code = (
        "import sys; from pipelines.store.location import BucketAddress, open_store\n"
        "open_store(BucketAddress.parse('s3://newsroom/orbit'))\n"
        "assert not {'boto3', 'botocore', 'pyarrow', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])
