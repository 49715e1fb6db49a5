from datetime import date
from pathlib import Path

import pytest

from pipelines.catalogue.problems import CatalogueError
from pipelines.catalogue.projects import load_projects

GOOD = """
[vocabulary.shoot]
en = ["shoot*", "=ISS"]
[[project]]
id = "lantern"
name = "Lantern"
kind = "feature"
country = "DE/FR"
titles = { en = ["Lantern", "The Lantern"], de = ["Laterne"] }
ordinary = ["Lantern"]
people = { "Ada Brook" = ["Brook*"] }
cues = [["german*|deutsch*", "@place"]]
[[project.milestone]]
what = "launch"
date = 2021-10-05
source = "https://comet.example/lantern"
"""


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "projects.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(tmp_path: Path, text: str | bytes) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        load_projects(written(tmp_path, text))
    assert str(tmp_path) in str(caught.value)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_file_is_read_whole(tmp_path: Path) -> None:
    projects = load_projects(written(tmp_path, GOOD))
    lantern = projects.get("lantern")
    assert lantern is not None
    assert lantern.all_titles == ("Lantern", "The Lantern", "Laterne")
    assert lantern.people == {"Ada Brook": ("Brook*",)}
    assert lantern.milestones[0].date == date(2021, 10, 5)
    assert (lantern.milestones[0].precision, lantern.milestones[0].status) == ("day", "happened")
    assert projects.vocabulary.terms("shoot") == ("shoot*", "=ISS")
    assert projects.vocabulary.terms("place") == ()
    assert projects.get("candle") is None


def test_the_version_follows_the_bytes(tmp_path: Path) -> None:
    first = load_projects(written(tmp_path, GOOD)).version
    assert first == load_projects(written(tmp_path, GOOD)).version
    assert first != load_projects(written(tmp_path, GOOD + "# seen\n")).version
    assert len(first) == 12


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("titles =", "title =", 'unknown key "title"; did you mean "titles"?'),
        ("[[project.milestone]]", "[[project.milestones]]", 'unknown key "milestones"; did you mean "milestone"?'),
        ('kind = "feature"', 'kind = "featur"', 'unknown kind "featur"; did you mean "feature"?'),
        ('id = "lantern"', 'id = "Lantern 1"', 'the id "Lantern 1" is not allowed'),
        ('id = "lantern"', "", "project 1: id is missing"),
        ('id = "lantern"', 'id = "unlisted"', 'the id "unlisted" stands for projects that the file does not name'),
        ('name = "Lantern"', "name = 5", "name is not a text"),
        ('country = "DE/FR"', 'country = "Germany"', 'country "Germany" is not'),
        ('de = ["Laterne"]', 'deutsch = ["Laterne"]', '"deutsch" is not a language'),
        ('de = ["Laterne"]', 'cz = ["Lucerna"]', 'did you mean "cs"?'),
        ('de = ["Laterne"]', 'de = "Laterne"', "titles.de is not a list of texts"),
        ('ordinary = ["Lantern"]', 'ordinary = ["Lanterns"]', '"Lanterns" is ordinary but not among the titles'),
        ("date = 2021-10-05", 'date = "5 October"', "date is not a day: 5 October"),
        ("date = 2021-10-05", "", "milestone 1: date is missing"),
        ('what = "launch"', 'what = "lanch"', 'unknown kind of milestone "lanch"; did you mean "launch"?'),
        ('"The Lantern"]', '"The Lantern", "the"]', '"the" is an everyday word; list it under ordinary'),
        ('en = ["shoot*", "=ISS"]', 'en = ["shoot*", "laterne"]', '"Laterne" is an everyday word'),
        ("date = 2021-10-05", "date = 2021-10-05T08:55:00Z", "date is not a day"),
        ("date = 2021-10-05", 'date = 2021-10-05\nprecision = "week"', 'unknown precision "week"'),
        ("date = 2021-10-05", 'date = 2021-10-05\nstatus = "canceled"', 'did you mean "cancelled"?'),
        ('what = "launch"', 'what = "Lift Off"', "is not a kind of milestone"),
        ("https://comet.example/lantern", "comet.example", 'source "comet.example" is not an address'),
        ('"@place"', '"@plaice"', 'unknown family "@plaice"; did you mean "place"?'),
        ('"@place"', '"@there|orbit"', 'unknown family "@there"'),
        ('"shoot*"', '"s*"', '"s*" would match nearly anything'),
        ('"shoot*"', '""', '"" is empty'),
        ('"shoot*"', '"a*e"', '"a*e" would match nearly anything'),
        ('"Ada Brook" =', '"A*" =', '"A*" would match nearly anything'),
        ('[["german*|deutsch*", "@place"]]', "[[]]", "cues: one has no part"),
        ("[vocabulary.shoot]", "[vocabulary.shot]", 'unknown key "shot"; did you mean "shoot"?'),
    ],
)
def test_each_mistake_is_named_with_its_mend(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new, 1))
    assert any(expected in problem for problem in found), found


def test_a_project_must_have_something_to_be_found_by(tmp_path: Path) -> None:
    bare = '[[project]]\nid = "candle"\nname = "Candle"\nkind = "short"\ncountry = "SE"\ncrew = { "Ada Brook" = [] }\n'
    assert problems(tmp_path, GOOD + bare) == [
        'project "candle": has nothing to be found by; add titles, people or cues'
    ]


def test_a_title_belongs_to_one_project_unless_it_is_an_everyday_one(tmp_path: Path) -> None:
    second = """
        [[project]]
        id = "candle"
        name = "Candle"
        kind = "short"
        country = "SE"
        titles = { sv = ["the lantern", "Lantern"] }
    """
    [problem] = problems(tmp_path, GOOD + second)
    assert problem.startswith('project "candle": titles: "the lantern" is a title of project "lantern" as well')
    load_projects(written(tmp_path, GOOD + second + 'ordinary = ["the lantern"]'))


def test_all_mistakes_come_at_once_and_name_their_entry(tmp_path: Path) -> None:
    text = GOOD.replace('kind = "feature"', 'kind = "opera"').replace("2021-10-05", "2021")
    found = problems(tmp_path, text + GOOD.partition("[[project]]")[2].join(["[[project]]", ""]))
    assert [problem.partition(":")[0] for problem in found] == [
        'project "lantern"',
        'project "lantern", milestone 1',
        'project "lantern"',
    ]
    assert "the id stands twice" in found[-1]


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD.replace('name = "Lantern"', "name = Lantern"))[0].startswith("line 6: not TOML")


def test_other_bytes_and_missing_files_are_said_plainly(tmp_path: Path) -> None:
    assert "line 2: is not UTF-8" in problems(tmp_path, b"# x\n\xff\xfe")[0]
    with pytest.raises(CatalogueError, match="does not exist; name another with --projects"):
        load_projects(tmp_path / "nowhere.toml")


def test_a_mark_of_byte_order_is_no_mistake_and_brackets_without_end_are(tmp_path: Path) -> None:
    assert load_projects(written(tmp_path, GOOD.encode("utf-8-sig"))).get("lantern")
    assert problems(tmp_path, "x = " + "[" * 10_000) == ["file: brackets are nested too deep; close them"]


@pytest.mark.parametrize("text", ["", "project = 3", "[project]\nid='x'", "vocabulary = 1\nproject = [1]"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


def test_our_own_file_names_every_project_of_the_record() -> None:
    projects = load_projects()
    # Stored rows point at them; others may be added.
    assert {project.id for project in projects.projects} >= {
        "challenge",
        "challenge-2",
        "challenge-doc",
        "cruise-liman",
        "final-journey-mir",
        "apogee-of-fear",
        "return-from-orbit",
        "see1",
        "dream-is-alive",
        "blue-planet-1990",
        "destiny-in-space",
        "mission-to-mir",
        "space-station-3d",
        "hubble-3d",
        "a-beautiful-planet",
        "16-sunrises",
        "pesquet-envoye-spatial",
        "blue-planet-outside",
        "iss-experience",
        "rt-space-360",
        "kibo-studio",
        "one-strange-rock",
        "god-na-orbite",
        "zemlya-v-illyuminatore",
        "a-year-in-space",
        "among-the-stars",
        "inspiration4-doc",
        "space-hero",
        "who-wants-astronaut",
        "galactic-combat",
        "destination-mir",
        "celebrity-mission",
        "tnuva-mir",
        "pepsi-mir",
        "radioshack-iss",
        "pizza-hut-iss",
        "nissin-iss",
        "estee-lauder",
        "uber-eats-iss",
        "space-oddity",
        "maezawa-iss",
        "maezawa-film",
        "dearmoon",
    }


def test_our_own_file_knows_when_the_first_film_crew_flew() -> None:
    challenge = load_projects().get("challenge")
    assert challenge is not None
    happened = {(m.what, m.date) for m in challenge.milestones if m.status == "happened"}
    assert {("launch", date(2021, 10, 5)), ("return", date(2021, 10, 17)), ("release", date(2023, 4, 20))} <= happened


def test_coarse_dates_stand_at_the_first_of_their_month_or_year() -> None:
    for project in load_projects().projects:
        for milestone in project.milestones:
            if milestone.precision != "day":
                assert milestone.date.day == 1, (project.id, milestone)
            if milestone.precision == "year":
                assert milestone.date.month == 1, (project.id, milestone)


def test_the_main_languages_have_words_in_every_family_that_speaks_for_a_film() -> None:
    families = load_projects().vocabulary.families
    languages = [
        "en",
        "ru",
        "zh",
        "ja",
        "ko",
        "ar",
        "fr",
        "de",
        "es",
        "it",
        "pt",
        "nl",
        "pl",
        "tr",
        "cs",
        "hi",
        "id",
        "vi",
        "uk",
        "el",
        "hu",
        "ro",
        "sv",
        "no",
        "fi",
        "fa",
    ]
    for family in ("shoot", "work", "maker", "place", "space", "relation"):
        assert [language for language in languages if not families[family].get(language)] == [], family
