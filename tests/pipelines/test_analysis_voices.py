"""Whose voice is heard, who was first, and which outlets have fallen silent."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines import analysis
from pipelines.analysis import coverage_rate, first_reports, share_of_voice, source_health
from pipelines.catalogue.problems import default_file
from tests.pipelines.frames import articles, noon, run, runs, source
from tests.pipelines.rows import article

COPIED = {"story_id": "s1", "role": "copy", "matched_article_id": "a1"}
ROOT = Path(__file__).parents[2]
FRAME = articles(
    article(1, source="agency", published_at=noon(2021, 10, 5, 9)),
    article(2, source="tribune", published_at=noon(2021, 10, 5, 10), **COPIED),
    article(3, source="gazette", published_at=noon(2021, 10, 5, 18), **COPIED | {"role": "excerpt"}),
    article(4, source="agency", published_at=noon(2021, 10, 5, 13), **COPIED | {"role": "update"}, revision=1),
    article(5, source="vestnik", language="ru", projects=("see1", "challenge"), run_id="other"),
)
SOURCES = [source("agency"), source("tribune", country="US"), source("vestnik", country="RU")]


def test_share_by_outlet_counts_versions_once() -> None:
    table = share_of_voice(FRAME).set_index("source")
    assert table["share"].sum() == pytest.approx(1)
    assert table.loc["agency"].tolist() == [1, 1, 0, 1, 0.25]
    assert table.loc["gazette", "copies"] == 1


def test_share_by_language_and_country() -> None:
    assert share_of_voice(FRAME, by="language").set_index("language")["articles"].to_dict() == {"en": 3, "ru": 1}
    by_country = share_of_voice(FRAME, SOURCES, by="country").set_index("country")["articles"]
    assert by_country.to_dict() == {"GB": 1, "US": 1, "RU": 1, "": 1}  # the gazette is in no list


def test_coverage_is_measured_against_what_was_read() -> None:
    done = runs(
        run("agency", noon(2021, 10, 5), run_id="run", pages=40),
        run("tribune", noon(2021, 10, 5), run_id="run", pages=10),
        run("agency", noon(2022, 1, 5), run_id="other", pages=4),
    )
    table = coverage_rate(FRAME, done, "Y")
    assert table.to_numpy().tolist() == [
        ["2021", "challenge", 3, 50, 60.0],
        ["2022", "challenge", 1, 4, 250.0],
        ["2022", "see1", 1, 4, 250.0],
    ]


def test_articles_of_a_backfill_are_not_measured_against_other_runs() -> None:
    assert coverage_rate(FRAME, runs(run("agency", noon(2021, 10, 5), run_id="unrelated", pages=9))).empty


def test_first_to_report() -> None:
    table = first_reports(FRAME)
    assert table.drop(columns=["published_at", "title"]).to_numpy().tolist() == [["s1", "agency", "tribune", 1.0, 3]]


def test_an_article_without_a_date_counts_from_when_it_was_seen() -> None:
    frame = articles(
        article(1, published_at=None, first_seen_at=noon(2021, 10, 5, 8)),
        article(2, source="gazette", published_at=noon(2021, 10, 5, 9), **COPIED),
    )
    assert first_reports(frame)["source"].tolist() == ["tribune"]


def test_health_tells_failing_from_silent_from_well() -> None:
    start = noon(2021, 10, 1)
    days = [start + timedelta(days=number) for number in range(4)]
    done = runs(
        *(run("well", day, new_urls=1, pages=2, stored=1) for day in days),
        run("failing", days[0], new_urls=1),
        run("failing", days[1], outcome="failed", failed={"timeout": 1}),
        run("failing", days[2], outcome="failed", http_status=410, failed={"gone": 2}),
        run("hiccup", days[2], new_urls=3),
        run("hiccup", days[3], outcome="failed", failed={"timeout": 1}),
        run("silent", days[0], new_urls=3),
        run("silent", days[3]),
        run("mute", days[0]),
        run("mute", days[3]),
        run("unasked", days[0], new_urls=1),
        run("off", days[0], outcome="failed"),
        run("off", days[1], outcome="failed"),
        run("forgotten", days[0]),
    )
    sources = [
        source("well"),
        source("failing"),
        source("hiccup"),
        source("silent", max_silence_days=2),
        source("mute", max_silence_days=2),
        source("off", enabled=False),
        source("unasked", max_silence_days=2),
        source("new"),
    ]
    table = source_health(done, sources).set_index("source")
    assert table["verdict"].to_dict() == {
        "failing": "failing",
        "mute": "silent",
        "silent": "silent",
        "new": "not visited",
        "hiccup": "ok",
        "unasked": "ok",  # days on which nobody asked
        "well": "ok",
        "off": "off",
    }
    failing, well = table.loc["failing"], table.loc["well"]
    assert (failing["reasons"], failing["failed_runs"], failing["http_status"]) == ("gone", 2, 410)
    assert (well["pages"], well["stored"], well["silent_days"]) == (8, 4, 0)


def test_health_by_runs_follows_the_rules_of_health_by_state() -> None:
    start = noon(2021, 10, 1)
    days = [start + timedelta(days=number) for number in range(20)]
    done = runs(
        *(run("slow-line", day, outcome="failed", failed={"timeout": 1}) for day in days[:7]),
        *(run("dead-line", day, outcome="failed", failed={"timeout": 1}) for day in days[:8]),
        *(run("page", day, outcome="failed", failed={"not_a_feed": 1}) for day in days[:2]),
        run("gone", days[0], outcome="failed", http_status=410, failed={"gone": 1}),
        *(run("daily", day, new_urls=1) for day in days[:10]),
        run("daily", days[15]),
        *(run("quick", day, new_urls=1) for day in days[:10]),
        run("quick", days[13]),
        run("walled", days[0], new_urls=8, pages=6, dropped={"bot_wall": 4}, failed={"bot_wall": 2}),
    )
    table = source_health(done, [source(name) for name in done["source"].unique()]).set_index("source")
    assert table["verdict"].to_dict() == {
        "dead-line": "failing",
        "gone": "failing",
        "page": "failing",
        "daily": "silent",  # six days, where one is usual
        "walled": "walled",
        "quick": "ok",
        "slow-line": "ok",
    }


def test_nothing_stored_yet() -> None:
    assert share_of_voice(articles()).empty
    assert first_reports(articles()).empty
    assert coverage_rate(articles(), runs()).empty
    assert source_health(runs(), []).empty


def test_the_document_of_questions_names_every_function() -> None:
    text = (ROOT / "docs" / "analysis.md").read_text(encoding="utf-8")
    table = [line for line in text.splitlines() if line.startswith("| ") and "`" in line]
    named = {name for line in table for name in re.findall(r"`(\w+)`", line)}
    answering = {name for name in analysis.__all__ if name.islower() and not name.startswith("load_")}
    assert named == answering - {"known_milestones"}  # which is read before any question


@pytest.mark.parametrize(
    ("document", "first", "data"), [("docs/analysis.md", "from datetime", "demo-data"), ("README.md", "from", "data")]
)
def test_the_code_of_the_documents_runs_before_the_first_story(
    document: str, first: str, data: str, tmp_path: Path
) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    (tmp_path / "sources.toml").write_bytes(default_file("sources.toml").read_bytes())
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    begin = next(number for number, block in enumerate(blocks) if block.startswith(first))
    code = "\n".join(blocks[begin:]).replace(f'"{data}"', repr(str(tmp_path)))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
