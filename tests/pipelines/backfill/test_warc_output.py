"""Outputs: the same drafts give the same bytes, and come back as they were."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.backfill.warc_output import OutputError, OutputWriter, read_draft, read_output
from pipelines.backfill.warc_tally import WarcTally
from tests.pipelines.backfill.drafts import draft, output_of


def test_drafts_come_back_one_by_one_as_they_were(tmp_path: Path) -> None:
    drafts = [
        draft(3),
        draft(1, published_at=None),
        draft(2, authors=(), projects=("challenge", "unlisted"), title="«挑戦» \x1f"),
    ]
    path = output_of(tmp_path / "output", *drafts)
    output = read_output(path)
    assert output.tally.of("tribune").pages == 3
    assert [place.article_id for place in output.places] == [one.article.article_id for one in drafts]
    read = [read_draft(path, *place[3:]) for place in reversed(output.places)]
    assert read == list(reversed(drafts))


def test_equal_drafts_give_equal_bytes(tmp_path: Path) -> None:
    one, other = (output_of(tmp_path / name, draft(1), draft(2)) for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()


def test_any_tool_can_show_an_output(tmp_path: Path) -> None:
    lines = gzip.decompress(output_of(tmp_path / "output", draft(1)).read_bytes()).splitlines()
    assert json.loads(lines[1])["article"]["source"] == "tribune"
    assert len(lines) == 2


def test_raw_records_stand_behind_their_drafts(tmp_path: Path) -> None:
    drafts = [replace(draft(1), raw=b"one"), draft(2), replace(draft(3), raw=b"the third")]
    path = output_of(tmp_path / "output", *drafts)
    assert [read_draft(path, *place[3:]) for place in read_output(path).places] == drafts


def test_parts_one_after_the_other_are_one_output(tmp_path: Path) -> None:
    parts = [
        output_of(tmp_path / "1", draft(1), replace(draft(2), raw=b"two")),
        output_of(tmp_path / "2"),
        output_of(tmp_path / "3", draft(3, source="gazette"), tally=WarcTally(records=5)),
    ]
    path = tmp_path / "output"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    output = read_output(path)
    read = [read_draft(path, *place[3:]) for place in output.places]
    assert [one.article.title for one in read] == [draft(n, source=s).article.title for n, s in
                                                   ((1, "tribune"), (2, "tribune"), (3, "gazette"))]  # fmt: skip
    assert [one.raw for one in read] == [b"", b"two", b""]
    assert (output.tally.records, output.tally.of("tribune").pages, output.tally.of("gazette").pages) == (8, 2, 1)


def test_a_part_is_full_by_the_bytes_of_drafts_and_raw_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.backfill.warc_output.PART", 10_000)
    writer = OutputWriter()
    writer.add(draft(1))
    assert not writer.is_full
    writer.add(replace(draft(2), raw=bytes(10_000)))
    assert writer.is_full


@pytest.mark.parametrize("damage", ["cut", "cut behind", "longer", "empty", "other", "version"])
def test_what_is_no_whole_output_is_told(tmp_path: Path, damage: str) -> None:
    path = output_of(tmp_path / "output", draft(1))
    content = {
        "cut": path.read_bytes()[:40],
        "cut behind": path.read_bytes()[:-1],
        "longer": path.read_bytes() + b"noise",
        "empty": b"",
        "other": gzip.compress(b"[]"),
        "version": gzip.compress(b'{"version": 0}'),
    }[damage]
    path.write_bytes(content)
    with pytest.raises(OutputError):
        read_output(path)


@pytest.mark.parametrize("raw", [b"", b"a raw record of forty bytes and some more"])
def test_a_damaged_draft_is_told(tmp_path: Path, raw: bytes) -> None:
    path = output_of(tmp_path / "output", replace(draft(1), raw=raw))
    (place,) = read_output(path).places
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(OutputError):
        read_draft(path, *place[3:])
