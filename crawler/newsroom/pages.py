"""The outlets' HTML pages: articles, front pages, and the page that says there is no such page."""

import json
from collections.abc import Iterable, Sequence

from crawler.newsroom.dates import local_iso, printed_day, printed_instant
from crawler.newsroom.markup import Html, fill, fill_file
from crawler.newsroom.outlets import Outlet
from crawler.newsroom.stories import Listed, Story, Version

_RELATED = 3


def article_page(
    outlet: Outlet, story: Story, version: Version, *, earlier: Sequence[Listed], base: str, path: str
) -> Html:
    """The page of one version of a story, in the outlet's own template.

    Args:
        outlet: whose page it is.
        story: what it is about.
        version: what stands there now.
        earlier: the outlet's stories before this one, latest first; the first few are linked as related.
        base: scheme, name and port of the outlet.
        path: the story's own path, to which all its spellings point with rel=canonical.
    """
    related = _join(
        '<li><a href="$url">$title</a></li>',
        ({"url": other.address, "title": other.version.headline} for other in earlier[:_RELATED]),
    )
    note = f"{outlet.words['updated']} {printed_instant(version.at, outlet)}"
    return fill_file(
        outlet.template,
        **_frame(outlet, base),
        headline=version.headline,
        summary=story.summary,
        canonical=base + path,
        spellings=_spellings(outlet, base, path),
        section=outlet.sections[story.section],
        author=story.author,
        byline=f"{outlet.words['by']} {story.author}" if story.author else outlet.name,
        published=local_iso(story.published, outlet),
        modified=local_iso(version.at, outlet),
        printed_day=printed_day(story.published, outlet),
        printed=printed_instant(story.published, outlet),
        updated=fill('<p class="updated">$note</p>', note=note) if version.number > 1 else "",
        jsonld=_jsonld(outlet, story, version, base, path),
        figure=_figure(outlet, story),
        body=_join("<p>$text</p>\n", ({"text": text} for text in version.paragraphs)),
        breaks=Html("<br><br>\n".join(fill("$text", text=text) for text in version.paragraphs)),
        related_title=outlet.words["related"],
        print_word=outlet.words["print"],
        related=related,
    )


def front_page(outlet: Outlet, title: str, listed: Sequence[Listed], base: str) -> Html:
    """A front or section page with the stories that stand there now, in the order given."""
    teasers = _join(
        '<article><h2><a href="$url">$title</a></h2><p class="day">$day</p><p>$teaser</p></article>\n',
        (
            {
                "url": entry.address,
                "title": entry.version.headline,
                "day": printed_day(entry.story.published, outlet),
                "teaser": entry.story.summary,
            }
            for entry in listed
        ),
    )
    return fill_file("front", **_frame(outlet, base), title=title, body=teasers)


def missing_page(outlet: Outlet, base: str) -> Html:
    """What stands at addresses where nothing stands."""
    text = outlet.words["missing"]
    return fill_file("front", **_frame(outlet, base), title="404", body=fill("<p>$text</p>", text=text))


def _frame(outlet: Outlet, base: str) -> dict[str, str]:
    """What every page of an outlet shares."""
    links = [
        ("/", outlet.words["front"]),
        *((f"/section/{slug}", label) for slug, label in outlet.sections.items()),
    ]
    return {
        "lang": outlet.language,
        "direction": "rtl" if outlet.right_to_left else "ltr",
        "charset": fill('<meta charset="$name">', name=outlet.charset) if outlet.charset_in == "meta" else "",
        "accent": outlet.accent,
        "outlet": outlet.name,
        "tagline": outlet.tagline,
        "home": f"{base}/",
        "feed": base + outlet.feed_path,
        "feed_type": _FEED_TYPES.get(outlet.feed, "application/xml"),
        "menu": _join('<a href="$path">$label</a> ', ({"path": p, "label": t} for p, t in links)),
        "cookies": outlet.words["cookies"],
        "newsletter": outlet.words["newsletter"],
        "about": outlet.about,
    }


#: As pages name them in links: readers look for all RSS under the type of RSS 2.0.
_FEED_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rss+xml",
    "json": "application/feed+json",
}


def _join(pattern: str, rows: Iterable[dict[str, str]]) -> Html:
    return Html("".join(fill(pattern, **row) for row in rows))


def _spellings(outlet: Outlet, base: str, path: str) -> Html:
    if outlet.links != "amp":
        return Html("")
    return fill('<link rel="amphtml" href="$amp">', amp=f"{base}/amp{path}")


def _jsonld(outlet: Outlet, story: Story, version: Version, base: str, path: str) -> Html:
    """schema.org NewsArticle; `<` is written as an escape, so that no text can end the script element."""
    article: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": base + path,
        "headline": version.headline,
        "description": story.summary,
        "datePublished": local_iso(story.published, outlet),
        "dateModified": local_iso(version.at, outlet),
        "inLanguage": outlet.language,
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
    }
    if story.author:
        article["author"] = [{"@type": "Person", "name": story.author}]
    return Html(json.dumps(article, ensure_ascii=False).replace("<", "\\u003c"))


def _figure(outlet: Outlet, story: Story) -> Html:
    """A drawing instead of a photograph: a planet, and something in orbit, tilted anew for each story."""
    if not story.caption:
        return Html("")
    return fill_file("figure", accent=outlet.accent, turn=str(story.number % 41 - 20), caption=story.caption)
