"""Every verb that works on the tables works on a bucket as it does on a directory."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from crawler.cli import VERBS, main
from pipelines.analysis import load_articles, load_events, load_milestones, load_runs, load_stories
from pipelines.analysis.folders import ATTEMPTS, TableUnreadable
from pipelines.model import SourceRun
from pipelines.store import Store
from pipelines.store.location import BucketAddress, open_store
from pipelines.store.object_files import ObjectFiles
from tests.crawler.http_servers import Handler, serving
from tests.crawler.loopback import sources_toml
from tests.pipelines.rows import article, milestone

NOW = "2021-10-20T06:00"
RUN = SourceRun("r1", datetime(2021, 10, 20, 4, tzinfo=UTC), "tribune", outcome="ok")
READERS = [
    ("timeline", "--json"),
    ("export", "--format", "csv"),
    ("export", "--format", "jsonl", "--articles"),
    ("export", "--format", "atom", "--source", "tribune"),
    ("digest", "--since", "30d", "--now", NOW),
    ("status", "--json", "--now", NOW),
    ("report", "--output", "-", "--now", NOW),
]
KEEPERS = [
    ("check", "--json"),
    ("check", "--read-data", "--json"),
    ("rebuild", "--json"),
    ("rebuild", "--from-raw", "--json"),
    ("migrate", "--json"),
]
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")

Verb = Callable[..., Result]


def fill(store: Store) -> None:
    """Two months of one story, another story, and a run."""
    later = datetime(2021, 11, 3, 12, tzinfo=UTC)
    copied = {"story_id": "s1", "role": "copy", "matched_article_id": "a1", "similarity": 0.95, "source": "gazette"}
    store.append(article(1), [milestone(1, published=date(2021, 10, 5))])
    store.append(article(2, title="Roses", projects=("see1",)))
    store.append(article(3, date=later.date(), published_at=later, **copied))
    store.fold()
    store.write_runs([RUN, replace(RUN, source="gazette")])


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The working directory of this host, with a sources file."""
    work = tmp_path / "work"
    work.mkdir()
    feeds = {name: [f"http://{name}.localhost/feed"] for name in ("tribune", "gazette")}
    (work / "sources.toml").write_text(sources_toml(*({"id": name, "feeds": urls} for name, urls in feeds.items())))
    return work


@pytest.fixture
def far(bucket: str, work: Path) -> Store:
    """A filled bucket."""
    store = open_store(BucketAddress.parse(bucket), work=work)
    fill(store)
    return store


@pytest.fixture
def verb(bucket: str, work: Path) -> Verb:
    """Runs a verb on the bucket."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--data", bucket, "--work", str(work)])

    return run


def objects(bucket: str) -> dict[str, bytes]:
    import boto3

    client, found = boto3.client("s3"), {}
    for item in client.list_objects_v2(Bucket="newsroom", Prefix="orbit/").get("Contents", ()):
        found[item["Key"].removeprefix("orbit/")] = client.get_object(Bucket="newsroom", Key=item["Key"])["Body"].read()
    return found


def put(name: str, data: bytes) -> None:
    import boto3

    boto3.client("s3").put_object(Bucket="newsroom", Key=f"orbit/{name}", Body=data)


def test_the_verbs_that_take_a_bucket() -> None:
    """Those that print or keep the tables; the help of each says so."""
    said = {}
    for name in VERBS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        said[name] = "s3://bucket/prefix" in command.get_help(click.Context(command))
    taking = {name for name, takes in said.items() if takes}
    assert taking >= {"crawl", "check", "rebuild", "migrate", *(arguments[0] for arguments in READERS)}


@pytest.mark.parametrize("arguments", READERS, ids=" ".join)
def test_readers_say_of_a_bucket_what_they_say_of_a_directory(
    arguments: Sequence[str], far: Store, verb: Verb, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    fill(Store(here))
    (here / "sources.toml").write_bytes((far.root / "sources.toml").read_bytes())
    local = CliRunner().invoke(main, [*arguments, "--data", str(here)])
    done = verb(*arguments)
    assert (done.exit_code, done.output) == (local.exit_code, local.output)
    assert "tribune" in done.output or "challenge" in done.output


def test_a_report_is_left_in_the_working_directory(far: Store, verb: Verb) -> None:
    assert verb("report", "--now", NOW).exit_code == 0
    assert "Film crew in orbit 1" in (far.root / "report.html").read_text()


def test_the_tables_as_frames(far: Store, bucket: str, tmp_path: Path) -> None:
    fill(Store(tmp_path / "here"))
    for load in (load_stories, load_articles, load_milestones, load_events, load_runs):
        pd.testing.assert_frame_equal(load(bucket), load(tmp_path / "here"))
    assert list(load_articles(f"{bucket}/", since="2021-11", columns=["source"])["source"]) == ["gazette"]
    assert load_stories("s3://newsroom/elsewhere").empty


def test_a_bucket_is_checked_and_repaired(far: Store, verb: Verb, bucket: str) -> None:
    month = "stories/year=2021/2021-10.parquet"
    assert "get their event by the next run" in verb("check").output
    assert verb("check", "--repair").exit_code == 0
    whole = objects(bucket)
    assert set(whole) > {"events/year=2021/2021-10.parquet"}
    assert verb("check", "--read-data").output == ""
    put(month, whole[month][:-30])
    put("articles/notes.txt", b"not a table")
    found = verb("check")
    assert found.exit_code == 1
    assert "damaged" in found.output
    assert "articles/notes.txt" in found.output
    repaired = verb("check", "--read-data", "--repair", "--json")
    assert repaired.exit_code == 0, repaired.output
    assert {p["kind"]: bool(p["repaired"]) for p in json.loads(repaired.output)["problems"]} == {
        "foreign": True,
        "damaged": True,
        "article_without_story": True,
        "event_without_story": True,
    }
    after = objects(bucket)
    assert {name: data for name, data in after.items() if name.endswith("parquet") and name[0] != "."} == {
        name: data for name, data in whole.items() if name.endswith("parquet")
    }
    assert f"2 files set aside in {bucket}/.quarantine" in verb("check").output


def test_a_bucket_is_rebuilt(far: Store, verb: Verb, bucket: str) -> None:
    report = json.loads(verb("rebuild", "--json").output)
    assert report["topic"]["articles"] == 3
    before = objects(bucket)
    again = json.loads(verb("rebuild", "--json").output)
    assert (again["topic"]["changed"], again["stories"]["changed"], again["milestones"]["gone"]) == (0, 0, 0)
    tables = [{n: d for n, d in each.items() if n[0] != "."} for each in (before, objects(bucket))]
    assert tables[0] == tables[1]


def test_a_bucket_is_migrated(far: Store, verb: Verb) -> None:
    assert json.loads(verb("migrate", "--json").output) == {"schema_version": 1, "files": 0}
    put(".orbitwatch.json", b'{"schema_version": 99}')
    refused = verb("migrate")
    assert refused.exit_code == 1
    assert "newer version" in refused.output


def test_a_bucket_that_may_only_be_read_is_checked_without_its_lock(
    far: Store, verb: Verb, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise OSError("s3://newsroom/orbit/.lock: Access Denied (AccessDenied)")

    monkeypatch.setattr("pipelines.store.bucket.S3Bucket.put", refuse)
    assert json.loads(verb("check", "--read-data", "--json").output)["sound"] is True
    repair = verb("check", "--repair")
    assert repair.exit_code == 1
    assert "Access Denied" in repair.output


def test_while_another_host_commits(far: Store, verb: Verb, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keepers wait for its lock, and end as they do on a directory that is locked."""
    monkeypatch.setattr("pipelines.store.object_files.WAIT", 0)
    assert isinstance(far.files, ObjectFiles)

    def meanwhile() -> list[Result]:
        return [verb(*arguments) for arguments in KEEPERS]

    other = open_store(BucketAddress("newsroom", "orbit"), work=far.root.with_name("other"))
    other.probe()
    for done in other.files.commit(meanwhile):
        assert done.exit_code == 75, done.output
        assert "in use by" in done.output


# What can be wrong with a bucket: one line, and an exit code.


@pytest.mark.parametrize("arguments", [READERS[0], *READERS[3:], *KEEPERS[1:]], ids=" ".join)
def test_no_such_bucket(arguments: Sequence[str], bucket: str, work: Path) -> None:
    done = CliRunner().invoke(main, [*arguments, "--data", "s3://nowhere/orbit", "--work", str(work)])
    assert_one_line(done)
    assert "bucket" in done.output


@pytest.mark.parametrize("arguments", [READERS[0], KEEPERS[0]], ids=" ".join)
def test_nobody_answers(
    arguments: Sequence[str], bucket: str, work: Path, verb: Verb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr("time.sleep", lambda _: None)  # boto3 would wait between its tries
    assert_one_line(verb(*arguments))


class Denying(Handler):
    """Refuses every request."""

    def reply(self) -> None:
        said = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        self.say(403, {}, b"" if self.command == "HEAD" else said)


@pytest.mark.parametrize("arguments", [READERS[0], READERS[5], KEEPERS[0], KEEPERS[3]], ids=" ".join)
def test_access_denied(arguments: Sequence[str], bucket: str, verb: Verb, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Denying) as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        done = verb(*arguments)
    assert_one_line(done)
    assert "denied" in done.output.lower()


def test_no_credentials(verb: Verb, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name)
    done = verb("check")
    assert_one_line(done)
    assert "credentials" in done.output


def assert_one_line(done: Result) -> None:
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit)
    assert done.output.startswith("Error: ")
    assert done.output.count("\n") == 1


@pytest.mark.parametrize("arguments", [READERS[0], READERS[1], READERS[5]], ids=" ".join)
def test_a_damaged_month_is_one_line_too(arguments: Sequence[str], tmp_path: Path) -> None:
    fill(Store(tmp_path))
    for month in tmp_path.glob("*/year=2021/2021-10*.parquet"):
        month.write_bytes(month.read_bytes()[:-30])
    done = CliRunner().invoke(main, [*arguments, "--data", str(tmp_path)])
    assert_one_line(done)
    assert "orbitwatch check" in done.output


# Objects that change while they are read.


def replaced_while_read(monkeypatch: pytest.MonkeyPatch, bucket: str, times: int) -> list[int]:
    """Another host writes the month of stories during so many readings; gives their number as it grows."""
    month = "stories/year=2021/2021-10.parquet"
    first = objects(bucket)[month]
    readings: list[int] = []
    real = pd.read_parquet

    def read(*args: Any, **named: Any) -> pd.DataFrame:
        frame = real(*args, **named)
        readings.append(len(readings))
        if len(readings) <= times:
            put(month, rewritten(first, len(readings)))
        return frame

    monkeypatch.setattr("pandas.read_parquet", read)
    return readings


def rewritten(month: bytes, number: int) -> bytes:
    """The same month in another version: its titles say which."""
    import pyarrow as pa

    rows = pq.read_table(pa.BufferReader(month))
    titles = pa.array([f"Version {'x' * number}"] * rows.num_rows)
    sink = pa.BufferOutputStream()
    pq.write_table(rows.set_column(rows.schema.get_field_index("title"), rows.schema.field("title"), titles), sink)
    return sink.getvalue().to_pybytes()


def test_a_table_that_changes_while_it_is_read_is_read_again(
    far: Store, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = replaced_while_read(monkeypatch, bucket, times=2)
    assert set(load_stories(bucket)["title"]) == {"Version xx"}
    assert len(readings) == 3


def test_one_that_changes_all_the_time_is_given_up(far: Store, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = replaced_while_read(monkeypatch, bucket, times=99)
    with pytest.raises(TableUnreadable, match="changed"):
        load_stories(bucket)
    assert len(readings) == ATTEMPTS


def test_the_working_directory_may_be_named_by_the_environment(far: Store, bucket: str) -> None:
    environment = {**os.environ, "ORBITWATCH_DATA": bucket, "ORBITWATCH_WORK": str(far.root)}
    done = CliRunner().invoke(main, ["check", "--json"], env=environment)
    assert json.loads(done.output)["rows"]["articles"] == 3
