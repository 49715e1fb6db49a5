"""Do two documents tell the same story?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.dedupe.fingerprint import Fingerprint
from pipelines.dedupe.verify import compare
from tests.pipelines.dedupe_texts import (
    CHINESE,
    CHINESE_TITLE,
    LAUNCH,
    LAUNCH_TITLE,
    RUSSIAN,
    RUSSIAN_TITLE,
    STUDIO,
    STUDIO_TITLE,
    british,
    forecast,
    paragraphs,
    rewritten,
    scanned,
)

NOTHING: frozenset[int] = frozenset()


def evidence(new: tuple[str, str], old: tuple[str, str], days: int = 0) -> float:
    return compare(Fingerprint(*new), Fingerprint(*old), NOTHING).evidence(days)


@pytest.mark.parametrize(
    "copy",
    [
        (LAUNCH_TITLE, LAUNCH),
        ("Film crew reaches space station", LAUNCH),
        (LAUNCH_TITLE, british(LAUNCH)),
        (LAUNCH_TITLE, scanned(LAUNCH)),
        (LAUNCH_TITLE, rewritten(LAUNCH)),
        (LAUNCH_TITLE, paragraphs(LAUNCH, 0)),
        ("Actress lifts off for first feature film shot in orbit", paragraphs(LAUNCH, 0, 1, 3)),
        ("Peresild was chosen from 3,000 applicants", paragraphs(LAUNCH, 4, 5, 6, 7)),
        (
            LAUNCH_TITLE,
            f"{LAUNCH}\nLocal enthusiasts watched the start in our planetarium.\n" + paragraphs(STUDIO, 3, 4),
        ),
    ],
    ids=["exact", "headline", "house style", "scanned", "rewritten", "teaser", "trimmed", "excerpt", "padded"],
)
def test_copies_are_recognised_both_ways_round(copy: tuple[str, str]) -> None:
    original = (LAUNCH_TITLE, LAUNCH)
    assert evidence(copy, original) > 0
    assert evidence(original, copy) > 0


@pytest.mark.parametrize(("title", "text"), [(CHINESE_TITLE, CHINESE), (RUSSIAN_TITLE, RUSSIAN)], ids=["zh", "ru"])
def test_other_scripts_are_recognised_too(title: str, text: str) -> None:
    assert evidence((title, paragraphs(text, 0, 1)), (title, text)) > 0
    assert evidence((title, scanned(text)), (title, text)) > 0


def test_another_story_about_the_race_is_another_story() -> None:
    assert evidence((STUDIO_TITLE, STUDIO), (LAUNCH_TITLE, LAUNCH)) < 0


def test_a_template_with_other_facts_is_another_story() -> None:
    old, new = forecast("Baikonur", 4, 14, 80, 21), forecast("Plesetsk", 5, 9, 60, 33)
    like = compare(Fingerprint(*new), Fingerprint(*old), NOTHING)
    assert like.in_step > 0.8, "the frame is the same"
    assert like.conflicts >= 3
    assert like.evidence(1) < 0
    corrected = (old[0], old[1].replace("The primary concern", "CORRECTED. The main concern"))
    assert evidence(corrected, old) > 0, "the same facts in the same frame are a copy"


def test_a_shared_quotation_does_not_make_one_story() -> None:
    quotation = paragraphs(LAUNCH, 5)
    profile = (
        "The surgeon who taught an actress how to hold a scalpel",
        (
            "For eight weeks a heart surgeon in Moscow showed a guest around her ward, unaware of where she would use it.\n"
            f"{quotation}\nThe ward has a poster of the film on its door, and nurses joke about stitching without gravity. "
            "The doctor has since been asked to advise two television series, and has declined both of them politely."
        ),
    )
    assert evidence(profile, (LAUNCH_TITLE, LAUNCH)) < 0


def test_a_paywall_notice_under_two_titles_is_two_stories() -> None:
    notice = "This article is for subscribers only. Subscribe now for full access to all our stories. Already a subscriber? Log in."
    assert evidence((STUDIO_TITLE, notice), (LAUNCH_TITLE, notice)) < 0


def test_a_headline_in_words_of_its_own_hides_no_copy() -> None:
    cut = (
        "Stars above the steppe",
        f"{paragraphs(LAUNCH, 1, 2)}\nRead also: what the planetarium shows in October. Support us from three euros a month.",
    )
    assert compare(Fingerprint(*cut), Fingerprint(LAUNCH_TITLE, LAUNCH), NOTHING).title_told == 0.5
    assert evidence(cut, (LAUNCH_TITLE, LAUNCH)) > 0
    told = ("Planetarium invites friends of astronomy", cut[1])
    assert evidence(told, (LAUNCH_TITLE, LAUNCH)) < evidence(cut, (LAUNCH_TITLE, LAUNCH)), "its own text speaks of that"


def test_a_round_up_is_its_own_story_and_swallows_none() -> None:
    day = (
        "Five things to know this morning",
        (
            "Here are the stories of the day.\nPound steady before rate decision\nSterling hardly moved on Tuesday.\n"
            f"{LAUNCH_TITLE}\n{paragraphs(LAUNCH, 0, 1)}\n{STUDIO_TITLE}\n{paragraphs(STUDIO, 0, 1)}\n"
            "Ferry strike called off\nUnions accepted an offer late in the night and boats run again."
        ),
    )
    brief = (LAUNCH_TITLE, paragraphs(LAUNCH, 0, 1))
    assert evidence(day, brief) < 0
    assert evidence(brief, day) < 0


def test_boilerplate_counts_for_nothing() -> None:
    box = "\n".join(
        f"Sign up to newsletter number {number} and get the best stories of the week delivered to your inbox every morning for free"
        for number in range(3)
    )
    one, other = (
        Fingerprint("Crew lands", f"The film crew landed.\n{box}"),
        Fingerprint("Studio named", f"A studio was named.\n{box}"),
    )
    common = one.sampled & other.sampled
    assert compare(one, other, NOTHING).overlap > 20
    assert compare(one, other, common).overlap <= 2


def test_time_between_them_is_evidence_against() -> None:
    pair = (LAUNCH_TITLE, rewritten(LAUNCH)), (LAUNCH_TITLE, LAUNCH)
    assert evidence(*pair, days=0) > evidence(*pair, days=3) > evidence(*pair, days=30)
    assert evidence((LAUNCH_TITLE, LAUNCH), (LAUNCH_TITLE, LAUNCH), days=30) > 0, "a reprint is a copy"


@settings(max_examples=60)
@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=30))
def test_any_two_texts_can_be_compared(one: str, other: str, title: str) -> None:
    like = compare(Fingerprint(title, one), Fingerprint("", other), NOTHING)
    for part in (
        like.containment,
        like.symmetric,
        like.in_step,
        like.names,
        like.numbers,
        like.title,
        like.title_told,
        like.lead,
    ):
        assert 0 <= part <= 1
