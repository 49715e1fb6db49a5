"""Which project an article is about, where it names nobody, a rival only, or people of several projects."""

import tomllib
from pathlib import Path

from pipelines.model import Assessment
from pipelines.topic import assess

CASES = tomllib.loads((Path(__file__).parents[1] / "data/topic_projects.toml").read_text(encoding="utf-8"))
TOLD = [(group["project"], headline) for group in CASES["told"] for headline in group["headlines"]]

ACCEPTED = 0.95
"""The share of the headlines that must be accepted: some say no more than a passer-by would of any other film."""


def judged(headline: dict[str, str], text: str = "") -> Assessment:
    return assess(title=headline["title"], text=text, language=headline["lang"].partition("-")[0])


def projects(title: str, text: str = "", language: str = "en") -> set[str]:
    return set(assess(title=title, text=text, language=language).projects)


def test_the_headlines_cover_projects_and_languages() -> None:
    assert len({project for project, _ in TOLD}) >= 30
    assert len({headline["lang"] for _, headline in TOLD}) >= 30


def test_a_project_is_known_by_what_is_told_of_it() -> None:
    found = [(project, headline, judged(headline)) for project, headline in TOLD]
    assert sum(verdict.relevant for _, _, verdict in found) >= ACCEPTED * len(found)
    assert [h["title"] for project, h, v in found if v.relevant and v.projects != (project,)] == []


def test_everyday_news_with_the_same_words_names_no_project() -> None:
    named = [h["title"] for h in CASES["others"]["headlines"] if not {*judged(h).projects} <= {"unlisted"}]
    assert named == []


def test_a_headline_that_only_compares_is_about_one_project() -> None:
    title = "Russian actress to shoot a feature aboard the space station before Tom Cruise"
    assert projects(title) == {"challenge"}
    assert projects(title, "Cruise and Doug Liman have no date for their own film on the ISS.") == {
        "challenge",
        "cruise-liman",
    }


def test_a_headline_may_be_two_sentences() -> None:
    title = "Le Défi, première fiction en orbite ? Garriott rappelle le film qu'il a tourné dans la station"
    assert projects(title, language="fr") == {"challenge", "apogee-of-fear"}


def test_a_rival_that_an_article_recalls_in_a_sentence_of_its_own_is_named() -> None:
    text = (
        "Filming aboard the International Space Station is to begin in spring, the studio said.\n"
        "Tom Cruise will be joined in orbit by one director and no crew.\n"
        "The film has a budget of 200 million dollars.\n"
        "Most of the story is set on the ground.\n"
        "No seat has been booked yet.\n"
        "The agency declined to name a date.\n"
        "An actress and a director from Moscow spent twelve days there in 2021."
    )
    assert projects("Tom Cruise's film on the space station gets a start date", text) == {"cruise-liman", "challenge"}


def test_a_place_elsewhere_in_the_article_completes_a_description_that_asks_for_it() -> None:
    sentence = "An actress and a director from Moscow spent twelve days there."
    assert projects("Camera crew home from the space station", sentence) == {"challenge"}
    assert projects("Film festival opens in Sochi", sentence) == set()


def test_who_made_two_films_names_the_one_that_is_called_by_its_title() -> None:
    text = "The director, Yozo Hirano, held the camera aboard the ISS for twelve days."
    assert projects("'Why I Went to Space' opens in cinemas", text) == {"maezawa-film"}
    assert projects("Tycoon flies to the ISS with his own cameraman", text) == {"maezawa-iss"}


def test_a_show_with_its_own_channel_stands_beside_a_rival_called_by_its_title() -> None:
    text = (
        "Discovery's series promises its winner a trip to the space station. 'Space Hero' has offered that for a year."
    )
    assert projects("Two reality shows, one seat to the space station", text) == {"who-wants-astronaut", "space-hero"}


def test_a_title_in_french_quotation_marks_is_set_off() -> None:
    text = "Klim Chipenko et Ioulia Peressild ont terminé leur tournage."
    assert projects("« Le Défi » : douze jours dans la station spatiale", text, "fr") == {"challenge"}
