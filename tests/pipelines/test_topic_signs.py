from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.catalogue.projects import load_projects
from pipelines.topic import Judge
from pipelines.topic.evidence import Reader, SentenceEvidence
from pipelines.topic.signs import gathered, signs

WORDS = """
[vocabulary.shoot]
en = ["shoot*", "camera", "takes", "making-of"]
[vocabulary.work]
en = ["advert", "storyboard", "making-of"]
[vocabulary.place]
en = ["in orbit"]
[vocabulary.space]
mul = ["NASA"]
en = ["capsule*", "hatch", "module"]
fr = ["capsule", "hublot"]
[vocabulary.ground]
en = ["hangar"]

[[project]]
id = "kettle"
name = "Kettle"
kind = "advert"
country = "GB"
titles = { en = ["Kettle of Light"] }
people = { "Moira Keane" = [] }
organisations = ["NASA"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "projects.toml"
    file.write_text(WORDS, encoding="utf-8")
    return file


@pytest.fixture
def reader(path: Path) -> Reader:
    return Reader(load_projects(path))


def read(reader: Reader, *sentences: str, language: str = "en") -> list[SentenceEvidence]:
    return [reader.read(title=sentence, text="", language=language).headline for sentence in sentences]


def figures(reader: Reader, *sentences: str, beside: int = 1) -> dict[str, float]:
    return gathered(read(reader, *sentences), beside=beside)


def test_a_word_said_twice_is_one_sign(reader: Reader) -> None:
    (sentence,) = read(reader, "Capsule after capsule, two capsules, and a hatch")
    assert signs(sentence, ("space",)) == {"capsu", "hatch"}


def test_an_organisation_is_no_sign_of_being_up_there(reader: Reader) -> None:
    (sentence,) = read(reader, "NASA sent a capsule")
    assert signs(sentence, ("space",)) == {"capsu"}


def test_a_word_counts_in_the_language_of_the_text_only(reader: Reader) -> None:
    assert [signs(s, ("space",)) for s in read(reader, "hublot, module", language="fr")] == [{"hublo"}]
    assert [signs(s, ("space",)) for s in read(reader, "hublot, module", language="")] == [{"hublo", "modul"}]


def test_both_kinds_of_sign_must_stand_close_together(reader: Reader) -> None:
    close = figures(reader, "Her advert", "The camera went through the hatch of the capsule.")
    apart = figures(reader, "Her advert and the camera", "Rain.", "Rain.", "The hatch of the capsule.")
    assert close["woven"] > apart["woven"] == 0


def test_a_view_that_is_no_work_is_not_counted(reader: Reader) -> None:
    view = figures(reader, "A camera in the hatch of the capsule takes the storm")
    work = figures(reader, "A camera in the hatch of the capsule takes the advert")
    assert view["plainly_shot"] == 0 < work["plainly_shot"]


def test_one_word_is_no_sign_of_a_work_and_of_shooting_it(reader: Reader) -> None:
    one = figures(reader, "The making-of in the hatch of the capsule.")
    two = figures(reader, "The making-of the advert in the hatch of the capsule.")
    assert one == {"woven": 0, "plainly_shot": 0}
    assert two["plainly_shot"] > 0


def test_a_passage_that_speaks_of_a_hangar_is_not_counted(reader: Reader) -> None:
    there = figures(reader, "Her advert", "The camera in the hatch of the capsule.")
    hangar = figures(reader, "Her advert", "The camera in the hatch of the capsule, in a hangar.")
    assert hangar["woven"] == 0 < there["woven"]
    assert hangar["plainly_shot"] == 0 < there["plainly_shot"]


def test_a_longer_text_has_no_less_of_anything(reader: Reader) -> None:
    sentences = [
        "Her advert",
        "The camera in the hatch.",
        "Rain.",
        "A storyboard in orbit.",
        "Two takes in the module.",
    ]
    grown = [figures(reader, *sentences[:n], beside=12) for n in range(1, len(sentences) + 1)]
    assert all(shorter[name] <= longer[name] for shorter, longer in pairwise(grown) for name in shorter)


def test_an_article_without_the_words_that_the_gate_looks_for_is_refused(path: Path) -> None:
    judge = Judge(load_projects(path))
    text = "A camera, a storyboard and many takes. They shoot the advert beside the hatch. The advert has eleven takes."
    verdict = judge.assess(title="Storyboard of the advert", text=text, language="en")
    assert not verdict.relevant
    assert verdict.projects == ()
    assert not judge.may_be_relevant(f"<h1>Storyboard of the advert</h1><p>{text}</p>".encode())


def test_people_with_their_organisation_tell_whose_film_it_is(path: Path) -> None:
    judge = Judge(load_projects(path))
    text = (
        "The advert was shot in orbit. Eleven takes went through the hatch, before one camera. They shoot in orbit again.\n"
        "NASA gave two hours. The drawings are by Moira Keane."
    )
    assert judge.assess(title="Advert shot in orbit", text=text, language="en").projects == ("kettle",)
