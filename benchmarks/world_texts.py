"""What stands in the made-up web: the demo newsroom's stories, and other news made of its sentences."""

import random
import re
from functools import cache

from crawler.newsroom.outlets import load_outlets
from crawler.newsroom.stories import Story, load_stories

_SUBJECT = re.compile(r"space|orbit|film|movie|косм|орбит|фильм|kino|ciné|太空|轨|航天|电影", re.IGNORECASE)
"""Sentences of plain news that are left out: each page is made of dozens, and would name the subject sooner or later.
On real sites one page in six does, and so do here those with a related link on topic."""


@cache
def stories(kind: str, language: str) -> list[Story]:
    """The newsroom's stories "on_topic", "look_alike" or "other" in a language, English ones for want of any."""
    languages = {outlet.id: outlet.language for outlet in load_outlets()}
    found = [
        story
        for story in load_stories()
        if story.kind == "article"
        and kind == ("on_topic" if story.projects else "look_alike" if story.lookalike else "other")
        and languages[story.outlet] == language
    ]
    return found or stories(kind, "en")


@cache
def sentences(language: str) -> list[str]:
    """Sentences of plain news."""
    plain = " ".join(text for story in stories("other", language) for text in story.versions[0].paragraphs)
    found = re.split(r"(?<=[.!?])\s|(?<=[。！？])", plain)
    return [sentence for sentence in found if len(sentence) > 10 and not _SUBJECT.search(sentence)]


def text_of(kind: str, language: str, chance: random.Random) -> tuple[str, tuple[str, ...]]:
    """Title and paragraphs of an article."""
    if kind != "other":
        version = chance.choice(stories(kind, language)).versions[-1]
        return version.headline, version.paragraphs
    known = sentences(language)
    paragraphs = tuple(" ".join(chance.choices(known, k=chance.randint(2, 4))) for _ in range(chance.randint(8, 40)))
    return headline(language, chance), paragraphs


def headline(language: str, chance: random.Random) -> str:
    """A headline about something else."""
    sentence = chance.choice(sentences(language))
    return sentence[:70].rsplit(" ", 1)[0].rstrip(".。,") if " " in sentence else sentence[:24].rstrip("。")


def slug(title: str) -> str:
    """How addresses write a headline."""
    return re.sub(r"[^a-z0-9]{1,80}", "-", title.lower())[:60].strip("-") or "story"
