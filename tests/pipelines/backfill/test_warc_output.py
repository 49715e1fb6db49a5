"""Outputs: the same drafts give the same bytes, and come back as they were."""

import gzip
import json
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
    read = [read_draft(path, place.offset, place.length) for place in reversed(output.places)]
    assert read == list(reversed(drafts))


def test_equal_drafts_give_equal_bytes(tmp_path: Path) -> None:
    one, other = (output_of(tmp_path / name, draft(1), draft(2)) for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()


def test_any_tool_can_show_an_output(tmp_path: Path) -> None:
    lines = gzip.decompress(output_of(tmp_path / "output", draft(1)).read_bytes()).splitlines()
    assert json.loads(lines[1])["article"]["source"] == "tribune"
    assert len(lines) == 2


def test_memory_does_not_grow_with_the_drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.backfill.warc_output._IN_MEMORY", 1000)
    writer = OutputWriter()
    for number in range(20):
        writer.add(draft(number))
    assert writer._members._rolled  # type: ignore[attr-defined]  # the drafts wait on the disk
    path = tmp_path / "output"
    path.write_bytes(writer.finish(WarcTally()))
    assert len(read_output(path).places) == 20


@pytest.mark.parametrize("damage", ["cut", "empty", "other", "version"])
def test_what_is_no_whole_output_is_told(tmp_path: Path, damage: str) -> None:
    path = output_of(tmp_path / "output", draft(1))
    content = {
        "cut": path.read_bytes()[:40],
        "empty": b"",
        "other": gzip.compress(b"[]"),
        "version": gzip.compress(b'{"version": 0}'),
    }[damage]
    path.write_bytes(content)
    with pytest.raises(OutputError):
        read_output(path)


def test_a_damaged_draft_is_told(tmp_path: Path) -> None:
    path = output_of(tmp_path / "output", draft(1))
    (place,) = read_output(path).places
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(OutputError):
        read_draft(path, place.offset, place.length)
