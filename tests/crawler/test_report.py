"""The report: what stands in it, that nothing in it can do harm, and that a browser shows it without asking for anything."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import html

from crawler.cli import main
from crawler.commands import report as verb
from pipelines.analysis.report import gather, render_page
from pipelines.analysis.report.contents import LANES
from pipelines.analysis.report.page import http_link
from pipelines.analysis.report.svg import UnsafeDrawingError, draw
from pipelines.model import Article
from pipelines.store import Store
from tests.crawler.loopback import Web
from tests.pipelines import frames
from tests.pipelines.frames import noon, project, run, source
from tests.pipelines.rows import article, milestone

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

HOSTILE = [
    "<script>document.title='broken'</script>",
    '"><img src=x onerror="document.title=\'broken\'">',
    "'><svg/onload=document.title='broken'>",
    "{{ 7 * 7 }}{% include 'report.css' %}",
    "</title></style></bdi></table><h1>broken</h1>",
    "\u202etxt.exe \x00\x1b[31m &lt;b&gt; ]]> <!--",
]
NAMES = ["The Challenge <b>&\"'", "窗外是蓝星"]


@cache
def page(*rows: Article) -> str:
    """The report of some articles, two projects and two sources."""
    told = rows or ARTICLES
    contents = gather(
        frames.stories(*told),
        frames.articles(*told),
        frames.milestones(*CLAIMS),
        frames.runs(run("tribune", noon(2021, 10, 5), pages=9, new_urls=2), run("gone", noon(2021, 10, 5))),
        projects=PROJECTS,
        sources=[source("tribune", name="The <i>Tribune</i>"), source("gazette", country="US")],
        as_of=noon(2021, 11, 1),
    )
    return render_page(contents)


PROJECTS = [
    project(
        "challenge",
        ("announced", date(2020, 9, 22), "day", "happened"),
        ("launch", date(2021, 10, 5), "day", "happened"),
        ("release", date(2023, 4, 20), "day", "happened"),
        name=NAMES[0],
    ),
    project("planet", ("release", date(2025, 9, 5), "day", "happened"), name=NAMES[1]),
]
ARTICLES = (
    article(1),
    article(2, story_id="s1", role="copy", matched_article_id="a1", source="gazette", similarity=0.93),
    article(3, date=date(2021, 5, 13), language="ru", title="Экипаж назван", projects=("challenge", "planet")),
)
CLAIMS = [
    milestone(1, claimed_date=date(2021, 1, 1), claimed_precision="year", published=date(2020, 9, 22)),
    milestone(2),
    milestone(3, story_id="s9", published=date(2021, 8, 1), claimed_date=date(2021, 12, 1)),
    milestone(4, story_id="s3", source="gazette"),
]


class Reader(HTMLParser):
    """A page as a browser reads it: elements with their attributes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))


def addresses(text: str) -> Iterator[tuple[str, str, str]]:
    """Whatever in a page names an address: tag, attribute, value."""
    naming = {"src", "href", "xlink:href", "srcset", "action", "formaction", "data", "poster", "background", "ping"}
    for tag, attributes in Reader(text).elements:
        yield from ((tag, name, value) for name, value in attributes.items() if name in naming)


def test_every_section_has_its_heading_and_every_table_its_columns() -> None:
    tree = html.fromstring(page())
    sections = tree.xpath("//main/section")
    assert [section.get("id") for section in sections] == [
        "race", "plans", "coverage", "voices", "spread", "latest", "health",
    ]  # fmt: skip
    for section in sections:
        assert section.xpath("./h2/@id") == [section.get("aria-labelledby")]
    for table in tree.xpath("//table"):
        assert table.xpath("./thead//th/@scope")
    assert tree.xpath("//html/@lang") == ["en"]
    assert len(tree.xpath("//h1")) == 1


def test_the_race_is_told() -> None:
    tree = html.fromstring(page())
    text = " ".join(tree.xpath("//section[@id='race']/table//text()"))
    assert "launched" in text
    assert "5 Oct 2021" in text
    plans = " ".join(" ".join(tree.xpath("//section[@id='plans']//table[1]//text()")).split())
    assert "5 Oct 2021 1 Dec 2021 +57" in plans
    assert "The <i>Tribune</i>" in text
    spread = " ".join(tree.xpath("//section[@id='spread']//text()"))
    assert "0.93" in spread


def test_a_plan_is_followed_to_its_day_or_to_the_end_of_its_time() -> None:
    plans = frames.milestones(
        milestone(1, published=date(2021, 5, 13)),
        milestone(2, published=date(2021, 7, 2)),
        *(
            milestone(number, project="see1", milestone="studio_launch", published=date(2022, 1, number),
                      claimed_date=date(2024, 12, 1), claimed_precision="month")
            for number in (20, 21)
        ),
    )  # fmt: skip
    for as_of, end in ((noon(2026, 1, 1), date(2024, 12, 31)), (noon(2023, 1, 1), date(2023, 1, 1))):
        contents = gather(
            frames.stories(*ARTICLES), frames.articles(*ARTICLES), plans, frames.runs(),
            projects=PROJECTS, sources=[], as_of=as_of,
        )  # fmt: skip
        last = contents.planned.groupby("project")[["published", "point"]].last()
        assert last.loc["challenge"].tolist() == [date(2021, 10, 5), "came"]
        assert last.loc["see1"].tolist() == [end, "stood"]


def test_charts_say_in_words_what_they_show() -> None:
    tree = html.fromstring(page())
    charts = tree.xpath("//*[local-name()='svg' and @role='img']")
    assert len(charts) == 6  # three charts, for a desk and for a phone
    for chart in charts:
        for name in chart.get("aria-labelledby").split():
            assert "".join(tree.get_element_by_id(name).itertext()).strip()
    description = tree.get_element_by_id("race-1000-description").text_content()
    assert f"{NAMES[0]}: launched 5 Oct 2021" in description


@pytest.mark.parametrize(
    ("more", "said"), [(0, ""), (2, f"the table below has 2 more: Film-{LANES}, Film-{LANES + 1}.")]
)
def test_the_chart_of_the_race_names_whom_it_leaves_out(more: int, said: str) -> None:
    ids = [f"film-{number}" for number in range(LANES + more)]
    often = [article(number, projects=tuple(ids[:LANES])) for number in (1, 2)]
    told = [*often, article(3, projects=tuple(ids))]
    contents = gather(
        frames.stories(*told), frames.articles(*told), frames.milestones(), frames.runs(),
        projects=[project(name, ("launch", date(2021, 10, 5), "day", "happened")) for name in ids],
        sources=[], as_of=noon(2021, 11, 1),
    )  # fmt: skip
    (caption,) = html.fromstring(render_page(contents)).xpath("//section[@id='race']//figcaption")
    text = " ".join(caption.text_content().split())
    assert text.partition("The lanes are those of the projects that most is written of; ")[2] == said


def test_ids_are_unique_and_links_within_the_page_lead_somewhere() -> None:
    elements = Reader(page()).elements
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    inner = [value[1:] for _, name, value in addresses(page()) if name == "href" and value.startswith("#")]
    assert inner
    assert set(inner) <= set(ids)


def test_the_markup_is_balanced() -> None:
    stack: list[str] = []
    void = {"meta", "link", "br", "img", "rect", "path", "circle", "line"}

    class Balance(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in void:
                stack.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag not in void:
                assert stack.pop() == tag

    Balance().feed(page())
    assert stack == []


def test_what_strangers_wrote_stays_text() -> None:
    rows = [
        article(number, title=words, authors=(words,), source=words, domain=words, language=words, projects=(words,))
        for number, words in enumerate(HOSTILE)
    ]
    copies = [
        article(10 + number, story_id=f"s{number}", role="copy", source="gazette", title=words)
        for number, words in enumerate(HOSTILE)
    ]
    hostile = page(*rows, *copies)
    elements = Reader(hostile).elements
    assert {tag for tag, _ in elements} <= {tag for tag, _ in Reader(page()).elements} | {"p"}
    assert not [name for _, attributes in elements for name in attributes if name.startswith("on")]
    assert [tag for tag, _ in elements].count("style") == 1
    latest = " ".join(html.fromstring(hostile).xpath("//ol//text()"))
    assert all(words in latest for words in HOSTILE[:-1])
    assert not set("\u202e\x00\x1b") & set(hostile)


NO_LINKS = (
    "javascript:alert(1)",
    " javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>1</script>",
    "file:///etc/passwd",
    "vbscript:x",
    "//evil.example/x",
    "https:///nohost",
    "http://[broken",
    "java\nscript:alert(1)",
    "https://evil.example/\nx",
    "",
)


def test_only_web_addresses_become_links() -> None:
    assert [http_link(url) for url in NO_LINKS] == [""] * len(NO_LINKS)
    text = page(*(article(number, canonical_url=url, title="A headline") for number, url in enumerate(NO_LINKS)))
    links = {value for tag, _, value in addresses(text) if tag == "a"}
    assert {link for link in links if not link.startswith(("#", "https://record.example/"))} == set()
    assert text.count("A headline") >= len(NO_LINKS)


def test_an_address_cannot_leave_its_attribute() -> None:
    url = "https://tribune.example/?q=\"onmouseover='x'<b>"
    links = [value for tag, _, value in addresses(page(article(1, canonical_url=url))) if tag == "a"]
    assert url in links


def test_nothing_is_asked_for() -> None:
    text = page()
    for tag, name, value in addresses(text):
        if tag == "a":
            assert value.startswith(("#", "http://", "https://"))
        else:
            assert (tag, name, value) == ("link", "href", "data:,")
    assert not re.search(r"url\(|@import|<script|<iframe|<base|<form", text, re.IGNORECASE)
    policy = html.fromstring(text).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not [attributes for _, attributes in Reader(text).elements if "style" in attributes]


def test_a_page_before_the_first_story() -> None:
    nothing = render_page(
        gather(
            frames.stories(), frames.articles(), frames.milestones(), frames.runs(),
            projects=[], sources=[], as_of=noon(2021, 1, 1),
        )
    )  # fmt: skip
    assert "No stories yet" in nothing
    assert "<figure" not in nothing


def test_a_drawing_with_something_unknown_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import altair as alt
    import vl_convert

    chart = alt.Chart(frames.stories(article(1))[["title"]]).mark_text().encode(text="title")
    for bad in ("<script>1</script>", '<image href="https://evil.example/x.png"/>', "<foreignObject/>", "<a/>"):
        drawn = f'<svg xmlns="http://www.w3.org/2000/svg"><g onclick="x">{bad}</g></svg>'
        monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda _, drawn=drawn: drawn)
        with pytest.raises(UnsafeDrawingError):
            draw(chart, name="x", title="x", description="x")
    harmless = (
        '<svg xmlns="http://www.w3.org/2000/svg"><g onclick="x" style="x" fill="url(#a)"><path d="M0,0"/></g></svg>'
    )
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda _: harmless)
    drawn = draw(chart, name="x", title="<b>", description="x")
    assert "<g><path" in drawn
    assert "&lt;b&gt;" in drawn


@pytest.fixture
def data(tmp_path: Path) -> Path:
    store = Store(tmp_path)
    for row in ARTICLES:
        store.append(row, CLAIMS if row.article_id == "a1" else [])
    store.fold()
    store.write_runs([run("tribune", noon(2021, 10, 5), pages=3, stored=3)])
    return tmp_path


def called(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_command_writes_the_file_and_nothing_beside_it(data: Path) -> None:
    before = {path.name for path in data.iterdir()}
    done = called("report", "--data", data, "--now", "2021-11-01T00:00:00", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["stories"] == 2
    assert {path.name for path in data.iterdir()} == before | {"report.html"}
    assert (data / "report.html").stat().st_size == said["bytes"]


def test_the_command_writes_to_stdout(data: Path) -> None:
    assert called("report", "--data", data, "--output", "-").stdout.startswith("<!DOCTYPE html>")


def test_the_command_says_what_is_missing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "EXTRA", ("altair", "no_such_module"))
    for arguments in (("report",), ("digest", "--html")):
        done = called(*arguments, "--data", data)
        assert done.exit_code == 2
        assert "the report needs no_such_module: install them with `pip install 'orbitwatch[report]'`" in done.output


def test_a_place_that_cannot_be_written_is_an_error(data: Path) -> None:
    done = called("report", "--data", data, "--output", data / "stories" / "year=2021" / "2021-10.parquet" / "x.html")
    assert done.exit_code == 1
    assert "cannot be written" in done.output


def test_the_digest_in_its_three_forms(data: Path) -> None:
    now = ("--data", data, "--since", "1d", "--now", "2021-10-06T00:00:00")
    assert "New stories: 2" in called("digest", *now).stdout
    assert len(json.loads(called("digest", *now, "--json").stdout)["stories"]) == 2
    text = called("digest", *now, "--html").stdout
    assert html.fromstring(text).xpath("//h2/text()") == ["Planned dates that moved", "New claims", "New stories"]
    assert {tag for tag, name, _ in addresses(text)} == {"a"}


def shown(web: Web, body: str, width: int, folder: Path) -> tuple[str, list[str]]:
    """What a browser makes of a page: its document, and the lines of its console. Every name leads to `web`."""
    address = web.serve("report", "/report.html", body)
    assert CHROMIUM, "no Chromium: CI must install it"
    done = subprocess.run(
        [
            *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"),
            *(f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900", "--virtual-time-budget=1000"),
            *(f"--host-resolver-rules=MAP * 127.0.0.1:{web.port}", "--dump-dom", address),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium here: apt-get install chromium"
)


@needs_chromium
@pytest.mark.parametrize("width", [1100, 390])
def test_a_browser_shows_it_without_complaint_and_asks_for_nothing(web: Web, tmp_path: Path, width: int) -> None:
    words = "".join(HOSTILE)
    document, complaints = shown(web, page(article(1, title=words, authors=(words,)), *ARTICLES[1:]), width, tmp_path)
    assert complaints == []
    assert web.paths("report") == ["/report.html"]
    tree = html.fromstring(document)
    assert tree.xpath("/html/head/title/text()") == ["The race to shoot films in orbit, 1 Nov 2021"]
    assert len(tree.xpath("//h1")) == 1


@needs_chromium
def test_the_browser_test_would_see_a_request_and_a_complaint(web: Web, tmp_path: Path) -> None:
    _, complaints = shown(web, "<img src=seen.png><script>console.log('heard')</script>", 390, tmp_path)
    assert "/seen.png" in web.paths("report")
    assert any("heard" in line for line in complaints)
