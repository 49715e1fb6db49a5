"""Every language's vocabulary speaks of every kind of milestone: done, planned and put off, in everyday wordings."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from pipelines.milestones import find_claims
from pipelines.milestones.rules import MILESTONES, RULES_FOLDER

SENTENCES: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "milestone_sentences.toml").read_text("utf-8")
)
ESSENTIAL = set(MILESTONES) - {"casting", "box_office", "cancellation"}


@pytest.mark.parametrize("language", SENTENCES)
def test_each_sentence_makes_its_one_claim(language: str) -> None:
    misread = []
    for sentence, expected in SENTENCES[language].items():
        milestone, status, day, published = expected.split()
        found = find_claims(
            title="", text=sentence, published=date.fromisoformat(published), language=language, projects=["challenge"]
        )
        told = [(claim.milestone, claim.status, str(claim.claimed_date or "-")) for claim in found]
        if told != [(milestone, status, day)]:
            misread.append((sentence, told))
    assert misread == []


def test_every_vocabulary_is_tried_on_every_essential_kind() -> None:
    assert sorted(SENTENCES) == sorted(path.stem for path in RULES_FOLDER.glob("*.toml"))
    for language, sentences in SENTENCES.items():
        kinds = {expected.split()[0] for expected in sentences.values()}
        assert kinds >= ESSENTIAL, language
