from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.backfill.archives import choose_children, choose_entries, periods_of
from pipelines.backfill.window import Window
from pipelines.model import Entry, Sitemap
from pipelines.sitemaps import parse_sitemap

SITE = "https://outlet.example/"
OCTOBER = Window(date(2021, 10, 1), date(2021, 10, 31))


def period(name: str) -> tuple[str, str] | None:
    found = periods_of([SITE + name])[SITE + name]
    return found and (found[0].isoformat(), found[1].isoformat())


class TestPeriods:
    @pytest.mark.parametrize(
        "name",
        [
            "sitemap-2021-10.xml",
            "sitemap_2021_10.xml.gz",
            "sitemap-202110.xml",
            "sitemaps/2021/10/",
            "sitemap/2021/10/index.xml",
            "sitemap-2021-10-1.xml",  # its first page
            "sitemap-october-2021.xml",
            "archive/2021/oct.xml",
            "sitemap.xml?yyyy=2021&mm=10",
            "sitemap?month=10&year=2021&page=2",
            "articles.xml?from=2021-10",
        ],
    )
    def test_a_month(self, name):
        assert period(name) == ("2021-10-01", "2021-10-31")

    @pytest.mark.parametrize(
        "name",
        ["sitemap_20211005.xml", "2021/10/05/sitemap.xml", "s-2021-10-05.xml.gz", "sitemap.xml?yyyy=2021&mm=10&dd=05"],
    )
    def test_a_day(self, name):
        assert period(name) == ("2021-10-05", "2021-10-05")

    @pytest.mark.parametrize(
        "name",
        [
            "sitemap-2021.xml",
            "2021/sitemap.xml",
            "sitemap-2021-1.xml",
            "sitemap-2021-13.xml",
            "s.xml?year=2021&month=13",
        ],
    )
    def test_a_year(self, name):
        assert period(name) == ("2021-01-01", "2021-12-31")

    @pytest.mark.parametrize(
        "name",
        [
            "sitemap.xml",
            "post-sitemap12.xml",
            "sitemap-12021.xml",
            "sitemap-2021100.xml",
            "maya-1.xml",
            "s.xml?year=21",
            "s-1821-10.xml",
        ],
    )
    def test_none(self, name):
        assert period(name) is None

    def test_days_that_do_not_exist(self):
        assert period("sitemap-2021-02-31.xml") == ("2021-02-01", "2021-02-28")
        assert period("sitemap-2024-02-29.xml") == ("2024-02-29", "2024-02-29")

    def test_numbers_of_pages_are_no_years(self):
        found = periods_of(f"{SITE}post-sitemap{number}.xml" for number in range(1, 2_500))
        assert set(found.values()) == {None}

    def test_numbers_of_pages_are_no_months(self):
        found = periods_of(f"{SITE}sitemap-2021-{number:02}.xml" for number in range(1, 15))
        assert set(found.values()) == {(date(2021, 1, 1), date(2021, 12, 31))}

    def test_one_series_says_nothing_of_another(self):
        found = periods_of(
            [SITE + "posts-2021-10.xml", SITE + "posts-2021-11.xml", SITE + "tags-2021-13.xml", SITE + "pages.xml"]
        )
        assert found[SITE + "posts-2021-10.xml"] == (date(2021, 10, 1), date(2021, 10, 31))

    @given(st.lists(st.text() | st.from_regex(r"[a-z]{0,3}[-_/.?=&0-9]{0,12}(?:yyyy=2021&mm=[0-9]{1,2})?")))
    def test_any_names(self, names):
        for first, last in filter(None, periods_of(SITE + name for name in names).values()):
            assert first <= last


class TestChildren:
    def test_months_outside_are_skipped(self):
        names = [f"{SITE}sitemap-{year}-{month:02}.xml" for year in (2020, 2021, 2022) for month in range(1, 13)]
        chosen = choose_children(Sitemap(children=tuple(names)), OCTOBER)
        assert chosen.read == (f"{SITE}sitemap-2021-10.xml",)
        assert chosen.skipped == {"other_period": 35}

    def test_what_has_not_changed_since_is_skipped(self):
        body = "".join(
            f"<sitemap><loc>{SITE}post-sitemap{number}.xml</loc><lastmod>{lastmod}</lastmod></sitemap>"
            for number, lastmod in enumerate(["2021-09-29T09:59:00Z", "2021-09-30", "2026-01-01", "soon", ""], start=1)
        )
        index = parse_sitemap(f"<sitemapindex>{body}</sitemapindex>".encode(), url=SITE)
        chosen = choose_children(index, OCTOBER)
        assert [address[-5:] for address in chosen.read] == ["2.xml", "3.xml", "4.xml", "5.xml"]
        assert chosen.skipped == {"unchanged_since": 1}

    def test_each_is_read_once(self):
        chosen = choose_children(Sitemap(children=(f"{SITE}a.xml", f"{SITE}b.xml", f"{SITE}a.xml")), OCTOBER)
        assert (len(chosen.read), chosen.skipped) == (2, {"repeated": 1})

    def test_no_children(self):
        assert choose_children(Sitemap(), OCTOBER).read == ()


def entry(path: str = "a", published: datetime | None = None, updated: datetime | None = None) -> Entry:
    return Entry(SITE + path, published=published, updated=updated)


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


class TestEntries:
    @pytest.mark.parametrize(
        ("kept", "why"),
        [
            (entry(published=at(2021, 10, 5)), ""),
            (entry(published=at(2021, 9, 30, 20)), ""),  # 1 October in Tokyo
            (entry(published=at(2021, 11, 2)), "other_date"),
            (entry("2020/01/01/a", published=at(2021, 10, 5)), ""),
            (entry("2021/10/05/a"), ""),
            (entry("2021/10/a"), ""),
            (entry("news/2021-10-05/a"), ""),
            (entry("20211005/a"), ""),
            (entry("2021/11/05/a"), "other_period"),
            (entry("2020/a"), ""),
            (entry("news/20211105/a"), "other_period"),
            (entry("news/landing-on-1969-07-20"), ""),
            (entry("2021/10/05/a", updated=at(2021, 12, 1)), ""),
            (entry(updated=at(2021, 9, 1)), "unchanged_since"),
            (entry(updated=at(2026, 1, 1)), ""),
            (entry(), ""),
        ],
    )
    def test_one(self, kept, why):
        chosen = choose_entries([kept], OCTOBER)
        assert (chosen.read, dict(chosen.skipped)) == (((kept,), {}) if not why else ((), {why: 1}))
