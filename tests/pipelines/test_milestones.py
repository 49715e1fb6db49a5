"""What articles claim: planned against done, whose milestone, and the traps that real coverage sets.

The texts are invented; the facts of the race in them are true.
"""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalogue.projects import Project, Projects, Vocabulary, load_projects
from pipelines.milestones import ClaimFinder
from pipelines.milestones.finder import LONGEST_TEXT, MOST_OF_A_KIND
from pipelines.milestones.rules import RULES_FOLDER, compile_rules, load_rules
from pipelines.model import Claim

LANGUAGES = sorted(path.stem for path in RULES_FOLDER.glob("*.toml"))

CHALLENGE = Project(
    id="challenge",
    name="The Challenge",
    kind="feature",
    country="RU",
    titles={"en": ("The Challenge", "Challenge"), "ru": ("Вызов",), "zh": ("挑战",), "ja": ("挑戦",)},
    ordinary=("The Challenge", "Challenge", "Вызов", "挑战", "挑戦"),
    people={
        "Yulia Peresild": ("Пересильд", "Peressild", "ペレシルド", "佩列西尔德"),
        "Klim Shipenko": ("Шипенко", "Chipenko", "シペンコ", "希片科"),
    },
    organisations=("Roscosmos",),
    vehicles=("Soyuz MS-19", "Soyuz MS-18"),
    cues=(("russia*|russian*|российск*", "actress"),),
)
CRUISE = Project(
    id="cruise-liman",
    name="Untitled Tom Cruise film",
    kind="feature",
    country="US",
    titles={},
    people={"Tom Cruise": ("Круз",), "Doug Liman": ("Лиман",)},
    organisations=("SpaceX",),
    cues=(("american|hollywood",),),
)
STUDIO = Project(id="see1", name="SEE-1", kind="studio", country="GB", titles={"en": ("SEE-1",)})
FLIGHT = Project(
    id="maezawa-iss",
    name="Maezawa",
    kind="visitor",
    country="JP",
    titles={},
    people={"Yusaku Maezawa": ("Maezawa",)},
    vehicles=("Soyuz MS-20",),
)
ADVERT = Project(
    id="uber-eats-iss",
    name="Uber Eats",
    kind="advert",
    country="US",
    titles={"en": ("Uber Eats",)},
    people={"Yusaku Maezawa": ("Maezawa",)},
)

FINDER = ClaimFinder(Projects((CHALLENGE, CRUISE, STUDIO, FLIGHT, ADVERT), Vocabulary(), "test"))


def claims(
    text: str, published: str, *, language: str = "en", projects: tuple[str, ...] = ("challenge",), title: str = ""
) -> list[Claim]:
    return FINDER.find(
        title=title, text=text, published=date.fromisoformat(published), language=language, projects=projects
    )


def told(found: list[Claim]) -> list[tuple[str, str, str, str | None, str]]:
    return [
        (c.project, c.milestone, c.status, c.claimed_date.isoformat() if c.claimed_date else None, c.claimed_precision)
        for c in found
    ]


MAGAZINE_MAY_2021 = """
The contest to make the first feature film in orbit has a front runner. Last Thursday Roscosmos confirmed the rumours:
The actress Yulia Peresild and the director Klim Shipenko were chosen on Thursday to fly.
The Russian pair will begin training on June 1. They are scheduled to launch on October 5, 2021, aboard Soyuz MS-19.
Hollywood moved first and may arrive second. Tom Cruise and Doug Liman hope to fly with SpaceX in October 2021.
"""


def test_the_race_as_a_magazine_saw_it_in_may_2021() -> None:
    found = told(claims(MAGAZINE_MAY_2021, "2021-05-18", projects=("challenge", "cruise-liman")))
    assert ("challenge", "launch", "planned", "2021-10-05", "day") in found
    assert ("challenge", "training", "planned", "2021-06-01", "day") in found
    assert ("challenge", "crew", "happened", "2021-05-13", "day") in found
    assert ("cruise-liman", "launch", "planned", "2021-10-01", "month") in found
    assert not [claim for claim in found if claim[0] == "cruise-liman" and claim[4] == "day"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Peresild and Shipenko blasted off from Baikonur on October 5."),
        ("ru", "Пересильд и Шипенко стартовали с Байконура 5 октября."),
        ("de", "Peressild und Schipenko starteten am 5. Oktober in Baikonur."),
        ("fr", "Peressild et Chipenko ont décollé de Baïkonour le 5 octobre."),
        ("es", "Peresild y Shipenko despegaron de Baikonur el 5 de octubre."),
        ("it", "Peresild e Shipenko sono partiti da Baikonur il 5 ottobre."),
        ("pt", "Peresild e Shipenko partiram de Baikonur a 5 de outubro."),
        ("nl", "Peresild en Shipenko vertrokken op 5 oktober vanaf Bajkonoer."),
        ("pl", "Peresild i Szypienko wystartowali z Bajkonuru 5 października."),
        ("cs", "Peresildová a Šipenko odstartovali z Bajkonuru 5. října."),
        ("uk", "Пересільд і Шипенко вирушили з Байконура 5 жовтня."),
        ("tr", "Peresild ve Şipenko 5 Ekim'de Baykonur'dan yola çıktı."),
        ("vi", "Peresild và Shipenko đã bay lên từ Baikonur hôm 5/10."),
        ("id", "Peresild dan Shipenko lepas landas dari Baikonur pada 5 Oktober."),
        ("ja", "ペレシルドさんとシペンコ監督は今月5日、バイコヌールから出発した。"),
        ("ko", "페레실드와 시펜코 감독은 지난 5일 바이코누르에서 떠났다."),
        ("zh", "佩列西尔德和希片科本月5日从拜科努尔发射升空。"),
        ("ar", "انطلقت بيريسيلد وشيبينكو من بايكونور في 5 أكتوبر."),
        ("hi", "पेरेसिल्ड और शिपेंको 5 अक्टूबर को बैकोनूर से रवाना हुए।"),
    ],
)
def test_a_launch_in_every_language(language: str, text: str) -> None:
    assert ("challenge", "launch", "happened", "2021-10-05", "day") in told(
        claims(text, "2021-10-08", language=language)
    )


def test_every_vocabulary_has_its_launch_tested() -> None:
    (mark,) = test_a_launch_in_every_language.pytestmark  # type: ignore[attr-defined]
    assert sorted(row[0] for row in mark.args[1]) == LANGUAGES


def test_the_same_day_is_planned_before_and_done_after() -> None:
    before = claims("The film crew will launch on October 5.", "2021-10-04")
    after = claims("The film crew launched on October 5.", "2021-10-06")
    assert told(before) == [("challenge", "launch", "planned", "2021-10-05", "day")]
    assert told(after) == [("challenge", "launch", "happened", "2021-10-05", "day")]


def test_on_the_very_day_the_verb_decides() -> None:
    assert claims("The crew will launch today.", "2021-10-05")[0].status == "planned"
    assert claims("The crew launched today.", "2021-10-05")[0].status == "happened"


def test_a_day_shift_is_kept_as_the_page_prints_it() -> None:
    american = claims("Peresild returned to Earth on October 16.", "2021-10-17")
    asian = claims("10月17日，佩列西尔德返回地球。", "2021-10-18", language="zh")
    assert [c.claimed_date for c in (*american, *asian)] == [date(2021, 10, 16), date(2021, 10, 17)]


def test_a_swapped_vehicle_does_not_move_the_milestone() -> None:
    found = told(
        claims(
            "Soyuz MS-18 carried the film crew into orbit on October 5; they returned on October 17 aboard MS-19.",
            "2021-10-19",
        )
    )
    assert found == [
        ("challenge", "launch", "happened", "2021-10-05", "day"),
        ("challenge", "return", "happened", "2021-10-17", "day"),
    ]


def test_another_films_date_is_left_alone() -> None:
    text = 'Cruise has a full diary: his comedy "Winter Boats" opens in cinemas on December 23.'
    assert claims(text, "2020-05-28", projects=("cruise-liman",)) == []


def test_quoted_titles_of_other_works_are_left_alone() -> None:
    text = "影片《挑战》将于3月15日上映。《月亮邮差》已于3月8日上映。"
    assert told(claims(text, "2024-03-14", language="zh")) == [("challenge", "release", "planned", "2024-03-15", "day")]


def test_the_day_something_was_said_is_not_the_day_of_the_thing() -> None:
    found = claims("The agency's spokesman said on Monday that the actress will launch on October 5.", "2021-09-14")
    assert [(c.milestone, c.claimed_date) for c in found] == [("launch", date(2021, 10, 5))]


def test_days_counted_from_the_text() -> None:
    found = told(claims("They launched on October 5. They landed 12 days later.", "2021-10-20"))
    assert found == [
        ("challenge", "launch", "happened", "2021-10-05", "day"),
        ("challenge", "return", "happened", "2021-10-17", "day"),
    ]


def test_two_events_of_one_sentence_keep_their_own_days() -> None:
    found = told(claims("影片去年4月12日在克里姆林宫首映，八天后正式公映。", "2024-03-14", language="zh"))
    assert found == [
        ("challenge", "premiere", "happened", "2023-04-12", "day"),
        ("challenge", "release", "happened", "2023-04-20", "day"),
    ]


def test_a_postponed_launch_keeps_the_day_it_had() -> None:
    found = told(claims("The launch of the film crew was originally planned for October 5.", "2021-09-14"))
    assert found == [("challenge", "launch", "delayed", "2021-10-05", "day")]


def test_a_cancellation_is_dated_by_the_day_it_was_told() -> None:
    found = told(claims("Officials said yesterday that the project was cancelled.", "2000-03-17"))
    assert found == [("challenge", "cancellation", "cancelled", "2000-03-16", "day")]


def test_a_denial_is_not_a_plan() -> None:
    found = claims("The director has no plans to shoot a second film aboard the station.", "2025-05-26")
    assert [(c.milestone, c.status, c.claimed_date) for c in found] == [("filming", "denied", None)]


def test_each_project_gets_its_own() -> None:
    text = "Peresild and Shipenko launched on October 5. The film with Tom Cruise was announced in May 2020."
    assert told(claims(text, "2021-10-08", projects=("challenge", "cruise-liman"))) == [
        ("challenge", "launch", "happened", "2021-10-05", "day"),
        ("cruise-liman", "announced", "happened", "2020-05-01", "month"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "milestone"),
    [
        ("ru", "Первый трейлер показали 1 января.", "trailer"),
        ("en", "The contest for the lead role was opened on January 1.", "casting"),
    ],
)
def test_what_is_shown_or_opened_says_which_milestone_it_is(language: str, text: str, milestone: str) -> None:
    found = told(claims(text, "2023-01-02", language=language))
    assert found == [("challenge", milestone, "happened", "2023-01-01", "day")]


def test_a_studio_is_launched_as_a_studio() -> None:
    found = told(claims("SEE-1 will be launched in December 2024.", "2022-01-21", projects=("see1",)))
    assert found == [("see1", "studio_launch", "planned", "2024-12-01", "month")]


def test_an_adverts_star_returns_with_the_own_flight() -> None:
    text = "Maezawa delivered an Uber Eats order on Saturday. He is due to return next Monday."
    found = told(claims(text, "2021-12-14", projects=("uber-eats-iss", "maezawa-iss")))
    assert ("maezawa-iss", "return", "planned", "2021-12-20", "day") in found


def test_one_fact_told_twice_is_one_claim() -> None:
    text = "The crew launched on October 5. After the launch on October 5 the cameras rolled."
    launches = [c for c in claims(text, "2021-10-08", title="Crew launched on October 5") if c.milestone == "launch"]
    assert len(launches) == 1


def test_the_sentence_and_the_words_are_the_articles_own() -> None:
    text = "Nothing here. The actress landed in Kazakhstan on Sunday, October 17. The end."
    (claim,) = claims(text, "2021-10-18")
    assert claim.sentence == "The actress landed in Kazakhstan on Sunday, October 17."
    assert claim.as_written == "Sunday, October 17"
    assert 0 < claim.confidence <= 1


def test_no_project_no_claim() -> None:
    assert claims(MAGAZINE_MAY_2021, "2021-05-18", projects=()) == []


def test_projects_the_catalogue_does_not_know_can_be_read_too() -> None:
    found = told(claims("Die Crew soll im April 2027 starten.", "2026-09-17", language="de", projects=("unlisted",)))
    assert found == [("unlisted", "launch", "planned", "2027-04-01", "month")]


def test_without_a_publication_date_full_dates_still_count() -> None:
    found = FINDER.find(
        title="",
        text="They launched on October 5, 2021. They return next week.",
        published=None,
        language="en",
        projects=["challenge"],
    )
    assert [c.claimed_date for c in found] == [date(2021, 10, 5)]


def test_text_beyond_the_bound_is_not_read() -> None:
    text = "x " * (LONGEST_TEXT // 2) + "They launched on October 5."
    assert claims(text, "2021-10-08") == []


@pytest.mark.parametrize(
    "piece", ["将发射10月5日", "They launched on October 5 ", "They launched on October 5. ", "«Вызов» "]
)
def test_rubbish_of_a_hundred_thousand_characters_gives_few_claims(piece: str) -> None:
    for language in ("en", "zh", "ru"):
        assert len(claims(piece * (LONGEST_TEXT // len(piece)), "2021-10-08", language=language)) <= MOST_OF_A_KIND


@settings(deadline=None)
@given(st.text(max_size=500), st.sampled_from([*LANGUAGES, "xx", "", "zh-Hant"]), st.one_of(st.none(), st.dates()))
def test_it_never_raises(text: str, language: str, published: date | None) -> None:
    mixed = f"{text} launched 5 октября 2021 {text} 发射 yesterday {text}"
    found = FINDER.find(
        title=text, text=mixed, published=published, language=language, projects=["challenge", "cruise-liman"]
    )
    assert all(claim.project in {"challenge", "cruise-liman"} for claim in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_vocabulary_file_is_sound(language: str) -> None:
    rules = load_rules(language)
    assert rules is not None
    assert len(rules.calendar.months) >= 12
    assert sorted(set(rules.calendar.months.values())) == list(range(1, 13))
    assert sorted(set(rules.calendar.weekdays.values())) == list(range(1, 8))


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"claims": {"lunch": {}}, "cues": {}, "dates": {"months": [], "weekdays": []}}, "lunch"),
        ({"claims": {"launch": {"done": ["flew"]}}, "cues": {}, "dates": {"months": [], "weekdays": []}}, "done"),
        (
            {"claims": {"launch": {"happened": [" "]}}, "cues": {}, "dates": {"months": [], "weekdays": []}},
            "empty phrase",
        ),
        ({"claims": {}, "cues": {}, "dates": {"months": [], "weekdays": [], "plain": ["{decade}"]}}, "decade"),
    ],
)
def test_a_mistake_in_a_vocabulary_is_named(table: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        compile_rules("en", table)


def test_a_subject_that_is_only_described_keeps_its_launch_from_a_rival_named_later() -> None:
    text = (
        "A Russian actress and a director blasted off for the space station on Tuesday to shoot a feature film, "
        "putting Moscow ahead of a rival project announced by Tom Cruise."
    )
    claims = ClaimFinder(load_projects()).find(
        title="Film crew lifts off for the station",
        text=text,
        published=date(2021, 10, 5),
        language="en",
        projects=["cruise-liman", "challenge"],
    )
    assert ("challenge", "launch", date(2021, 10, 5)) in {(c.project, c.milestone, c.claimed_date) for c in claims}
    assert ("cruise-liman", "launch") not in {(c.project, c.milestone) for c in claims}
