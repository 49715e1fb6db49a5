"""What the newsroom knows about its own stories, and a crawler has to find out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.newsroom.site import Site
from crawler.newsroom.stories import Story, Version

Barrier = Literal["", "robots", "feed_dead", "feed_html", "no_text", "soft_404"]


@dataclass(frozen=True, slots=True)
class StoryTruth:
    """One version of one story.

    Attributes:
        id: unique; the story's id, for updates with `#` and the version's number.
        url: its own address, which its page gives as canonical.
        listed_url: the address as the feed spells it.
        outlet: id of the outlet.
        language: BCP 47 tag.
        headline: of this version.
        published: when this version appeared, in UTC.
        first_published: when the story first appeared, which is what its page prints.
        projects: ids of projects.toml that it speaks of, the main one first; () when it is off topic.
        relevant: True when it is about filming in orbit.
        lookalike: what makes an off-topic story look on topic, "" for nothing.
        role: original, copy, excerpt or update.
        copy_of: id of the first version of the story it was made from, "" for none.
        update_of: id of the first version, for updates; else "".
        barrier: why a polite crawler that follows the feed cannot store it, "" when it can.
    """

    id: str
    url: str
    listed_url: str
    outlet: str
    language: str
    headline: str
    published: datetime
    first_published: datetime
    projects: tuple[str, ...]
    relevant: bool
    lookalike: str
    role: Literal["original", "copy", "excerpt", "update"]
    copy_of: str
    update_of: str
    barrier: Barrier


def truth_of(sites: Iterable[Site]) -> list[StoryTruth]:
    """Every version of every story of these sites, by time."""
    found = [_truth(site, story, version) for site in sites for story in site.stories for version in story.versions]
    return sorted(found, key=lambda truth: (truth.published, truth.id))


def _truth(site: Site, story: Story, version: Version) -> StoryTruth:
    is_update = version.number > 1
    return StoryTruth(
        id=f"{story.id}#{version.number}" if is_update else story.id,
        url=site.address(story),
        listed_url=site.link(story),
        outlet=story.outlet,
        language=site.outlet.language,
        headline=version.headline,
        published=version.at,
        first_published=story.published,
        projects=story.projects,
        relevant=bool(story.projects),
        lookalike=story.lookalike,
        role="update" if is_update else story.role,
        copy_of=story.copy_of,
        update_of=story.id if is_update else "",
        barrier=_barrier(site, story),
    )


def _barrier(site: Site, story: Story) -> Barrier:
    if story.kind != "article":
        return story.kind
    if story.section == site.outlet.closed_section:
        return "robots"
    fault = site.outlet.fault_at(story.published)
    if fault == "dead":
        return "feed_dead"
    return "feed_html" if fault == "html" else ""
