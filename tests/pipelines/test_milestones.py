"""What articles claim: planned against done, whose milestone, and the traps that real coverage sets.

The texts are invented; the facts of the race in them are true.
"""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalogue.projects import Project, Projects, Vocabulary, load_projects
from pipelines.milestones import ClaimFinder
from pipelines.milestones.drafts import MOST_OF_A_KIND
from pipelines.milestones.finder import LONGEST_TEXT
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

MAGAZINES_MAY_2021 = {
    "one after the other": ("en", MAGAZINE_MAY_2021),
    "from the rival's side": (
        "en",
        (
            "Tom Cruise may not be the first. NASA confirmed a year ago that it would help him and Doug Liman to film on "
            "the station, and the American pair is still expected to fly in October, but nobody will give a day.\n"
            "Moscow has a day. Peresild and Shipenko, named on Thursday as the crew of The Challenge, lift off from "
            "Baikonur on October 5. Their training begins on June 1."
        ),
    ),
    "Russian": (
        "ru",
        (
            "В четверг госкомиссия утвердила экипаж: в космос полетят Юлия Пересильд и Клим Шипенко.\n"
            "К тренировкам они приступят не позднее 1 июня, а старт «Союза МС-19» намечен на 5 октября.\n"
            "Том Круз и Даг Лиман тоже собираются лететь в октябре, но день не назван."
        ),
    ),
    "German": (
        "de",
        (
            "Die Besatzung steht: Julia Peressild und Klim Schipenko wurden am Donnerstag ausgewählt.\n"
            "Ab dem 1. Juni beginnt für Peressild das Training. Am 5. Oktober sollen sie mit der Sojus MS-19 starten.\n"
            "Auch Tom Cruise und Doug Liman wollen im Oktober ins All fliegen; einen Termin gibt es nicht."
        ),
    ),
}


@pytest.mark.parametrize("wording", MAGAZINES_MAY_2021)
def test_the_race_as_a_magazine_saw_it_in_may_2021(wording: str) -> None:
    language, text = MAGAZINES_MAY_2021[wording]
    found = told(claims(text, "2021-05-18", language=language, projects=("challenge", "cruise-liman")))
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


def test_days_counted_from_a_start_that_lies_ahead() -> None:
    found = told(
        claims("На орбиту их отправят 5 октября, а назад они вернутся через 12 дней.", "2021-05-17", language="ru")
    )
    assert found == [
        ("challenge", "launch", "planned", "2021-10-05", "day"),
        ("challenge", "return", "planned", "2021-10-17", "day"),
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


def test_what_a_cancelled_project_had_planned_is_cancelled_with_it() -> None:
    text = "Officials said yesterday that The Challenge was cancelled. The actress was due to launch on March 31."
    assert ("challenge", "launch", "cancelled", "2000-03-31", "day") in told(claims(text, "2000-03-17"))
    alone = "The actress is due to launch on March 31."
    assert ("challenge", "launch", "planned", "2000-03-31", "day") in told(claims(alone, "2000-03-17"))


def test_a_month_of_an_announcement_is_not_that_of_what_became_of_it() -> None:
    found = told(claims("Announced in May 2020, the project has been dropped.", "2025-12-12"))
    assert ("challenge", "announced", "happened", "2020-05-01", "month") in found
    assert ("challenge", "cancellation", "cancelled", None, "none") in found


def test_a_denial_is_not_a_plan() -> None:
    found = claims("The director has no plans to shoot a second film aboard the station.", "2025-05-26")
    assert [(c.milestone, c.status, c.claimed_date) for c in found] == [("filming", "denied", None)]


@pytest.mark.parametrize(
    ("language", "text", "published"),
    [
        ("en", "MOSCOW, May 15 (Example Wire) - An actress and a director will film in orbit.", "2021-05-15"),
        ("en", "MOSCOW, April 20 - The Challenge is the first film whose director returned from orbit.", "2023-04-20"),
        ("ru", "МОСКВА, 5 окт - Пример. Пересильд будет сниматься в космосе.", "2021-10-05"),
        ("zh", "示例社莫斯科5月14日电 佩列西尔德将在太空拍摄电影。", "2021-05-14"),
        ("ja", "【モスクワ14日】ペレシルドさんが宇宙で映画を撮影する。", "2021-05-14"),
    ],
)
def test_a_dateline_dates_nothing(language: str, text: str, published: str) -> None:
    assert [c.claimed_date for c in claims(text, published, language=language) if c.claimed_date] == []


@pytest.mark.parametrize(
    ("language", "text", "published"),
    [
        ("en", "The agency would not say on Tuesday whether or when the actress will fly.", "2021-01-27"),
        ("en", "The film has not been released, and no date has been set.", "2021-11-02"),
        ("en", "Nobody at the studio denied on Monday that a launch on June 3 had never been booked.", "2021-05-04"),
        ("en", "The film was not shown in cinemas on October 8.", "2021-10-09"),
        ("ru", "Корабль не стартовал 5 октября.", "2021-10-06"),
        ("de", "Am 5. Oktober ist die Crew nicht gestartet.", "2021-10-06"),
        ("fr", "L'équipage n'a pas décollé le 5 octobre.", "2021-10-06"),
        ("es", "La nave no despegó el 5 de octubre.", "2021-10-06"),
        ("tr", "Soyuz 5 Ekim'de fırlatılmadı.", "2021-10-06"),
        ("ko", "영화는 지난 5일 개봉되지 않았다.", "2021-10-06"),
        ("zh", "影片10月5日并未上映。", "2021-10-06"),
    ],
)
def test_what_is_denied_did_not_happen_and_is_not_planned(language: str, text: str, published: str) -> None:
    found = claims(text, published, language=language)
    assert [c for c in found if c.status in {"happened", "planned"}] == []


def test_not_only_denies_nothing() -> None:
    found = told(claims("They not only launched on October 5, they also filmed.", "2021-10-06"))
    assert ("challenge", "launch", "happened", "2021-10-05", "day") in found


@pytest.mark.parametrize(
    "text",
    [
        "The director is keen to shoot a feature in space, five years after the plan became public.",
        "They shot thirty hours of material in 12 days.",
        "Peresild filmed for twelve days.",
        "The actress, 37, has filmed for the first time since 2018.",
        "After four months of training they are ready to film.",
    ],
)
def test_how_long_something_took_is_not_when_it_was(text: str) -> None:
    assert [c.claimed_date for c in claims(text, "2025-09-03") if c.claimed_date] == []


def test_a_chart_of_flights_that_named_a_month_is_no_launch_in_it() -> None:
    text = "Dates have slipped from the start. A flight chart named October 2021."
    assert "launch" not in [c.milestone for c in claims(text, "2025-12-11", projects=("cruise-liman",))]


def test_a_day_of_this_month_that_a_plan_names_without_a_future_verb_lies_ahead() -> None:
    text = "按照计划，两人将在空间站停留12天，10月17日搭乘另一艘飞船返回地面。"
    assert ("challenge", "return", "planned", "2021-10-17", "day") in told(claims(text, "2021-10-05", language="zh"))


@pytest.mark.parametrize(
    ("published", "status"),
    [("2024-06-01", "planned"), ("2026-02-03", "delayed")],
)
def test_a_plan_told_from_behind_is_open_until_its_day_is_over(published: str, status: str) -> None:
    found = told(claims("SEE-1 was to be launched in December 2024.", published, projects=("see1",)))
    assert found == [("see1", "studio_launch", status, "2024-12-01", "month")]


def test_an_announcement_in_the_past_of_something_planned_has_happened() -> None:
    found = told(claims("Tom Cruise announced in May 2020 that he plans to film in space.", "2021-10-05"))
    assert ("challenge", "announced", "happened", "2020-05-01", "month") in found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The crew was chosen. That was announced on Thursday by the agency."),
        ("de", "Die Crew steht fest. Das gab die Agentur am Donnerstag bekannt."),
        ("ru", "Госкомиссия утвердила экипаж. Об этом сообщили в четверг."),
    ],
)
def test_a_decision_is_dated_by_the_sentence_that_points_back_at_it(language: str, text: str) -> None:
    assert ("challenge", "crew", "happened", "2021-05-13", "day") in told(claims(text, "2021-05-14", language=language))


def test_a_date_before_an_infinitive_of_purpose_belongs_to_the_verb_before_it() -> None:
    found = told(claims("The actress blasted off on Tuesday to shoot scenes of a film.", "2021-10-05"))
    assert ("challenge", "launch", "happened", "2021-10-05", "day") in found
    assert not [claim for claim in found if claim[1] == "filming" and claim[3]]


def test_a_past_range_does_not_go_to_a_verb_in_the_future() -> None:
    text = "Le film, tourné à bord de la Station spatiale entre novembre 2016 et juin 2017, sortira le 3 octobre."
    assert told(claims(text, "2018-05-17", language="fr")) == [
        ("challenge", "filming", "happened", "2016-11-01", "month"),
        ("challenge", "release", "planned", "2018-10-03", "day"),
    ]


def test_the_story_of_the_film_is_no_claim() -> None:
    text = "The drama tells the story of a surgeon who is trained, launched in May and filmed in space."
    assert claims(text, "2021-10-19") == []


def test_zero_gravity_is_not_the_film_gravity() -> None:
    found = told(claims("As cenas em gravidade zero foram gravadas em outubro de 2021.", "2023-04-25", language="pt"))
    assert found == [("challenge", "filming", "happened", "2021-10-01", "month")]


def test_a_thruster_test_on_friday_is_no_return() -> None:
    text = "The return was in doubt on Friday, when thrusters of the Soyuz kept firing and tilted the station."
    assert claims(text, "2021-10-17") == []


@pytest.mark.parametrize(
    "text",
    [
        "Cruise has a full diary: Top Gun: Maverick opens in cinemas on December 23.",
        "SpaceX is due to launch its first astronauts on May 27.",
        "The next film of Tom Cruise, a comedy, premieres on October 2.",
    ],
)
def test_other_films_and_other_flights_of_the_same_people_are_left_alone(text: str) -> None:
    assert claims(text, "2020-05-06", projects=("cruise-liman",)) == []


def test_a_wrong_day_is_kept_as_the_page_has_it() -> None:
    found = told(claims("The film crew arrived at the station on Oct. 4.", "2021-10-08"))
    assert found == [("challenge", "docking", "happened", "2021-10-04", "day")]


@pytest.mark.parametrize(
    ("language", "text", "published", "day"),
    [
        ("en", "The crew will launch next month.", "2021-09-14", "2021-10-01"),
        ("fr", "L'équipage a décollé ce mardi.", "2021-10-06", "2021-10-05"),
        ("ja", "ソユーズは今月5日に打ち上げられた。", "2021-10-18", "2021-10-05"),
        ("ko", "소유스는 지난 5일 발사됐다.", "2021-10-18", "2021-10-05"),
        ("ar", "انطلقت المركبة في 5 أكتوبر الجاري.", "2021-10-18", "2021-10-05"),
    ],
)
def test_relative_dates_without_a_year(language: str, text: str, published: str, day: str) -> None:
    (launch,) = [c for c in claims(text, published, language=language) if c.milestone == "launch"]
    assert str(launch.claimed_date) == day


def test_a_bare_day_takes_the_month_and_year_of_the_day_before_it() -> None:
    found = told(claims("2021年10月5日，佩列西尔德升空，17日返回地球。", "2023-04-14", language="zh"))
    assert found == [
        ("challenge", "launch", "happened", "2021-10-05", "day"),
        ("challenge", "return", "happened", "2021-10-17", "day"),
    ]


def test_fresh_news_is_not_moved_into_the_year_of_the_sentence_before() -> None:
    text = "Peresild flew to the station in October 2021. A first trailer was shown on January 1."
    assert ("challenge", "trailer", "happened", "2023-01-01", "day") in told(claims(text, "2023-04-14"))


def test_what_an_agency_announced_as_decided_is_told_once() -> None:
    text = "ロスコスモスは13日、宇宙で撮影する映画の俳優にペレシルドさんを選んだと発表した。"
    found = told(claims(text, "2021-05-15", language="ja"))
    assert ("challenge", "crew", "happened", "2021-05-13", "day") in found
    assert not [claim for claim in found if claim[1] == "announced" or (claim[1] == "filming" and claim[3])]


def test_a_sequel_that_is_only_talked_of_does_not_take_the_first_films_release() -> None:
    text = (
        "Режиссёр Клим Шипенко не собирается снимать продолжение «Вызова».\n"
        "Первая картина вышла в прокат 20 апреля 2023 года."
    )
    found = ClaimFinder(load_projects()).find(
        title="", text=text, published=date(2025, 5, 27), language="ru", projects=["challenge-2", "challenge"]
    )
    assert told(found) == [
        ("challenge-2", "filming", "denied", None, "none"),
        ("challenge", "release", "happened", "2023-04-20", "day"),
    ]


def test_equipment_for_a_studio_on_board_is_launched_as_equipment() -> None:
    found = ClaimFinder(load_projects()).find(
        title="",
        text="スタジオの機材は5月21日に打ち上げられ、同26日にISSに到着した。",
        published=date(2020, 8, 13),
        language="ja",
        projects=["kibo-studio"],
    )
    assert told(found) == [
        ("kibo-studio", "launch", "happened", "2020-05-21", "day"),
        ("kibo-studio", "docking", "happened", "2020-05-26", "day"),
    ]


def test_a_claimed_first_is_told_without_a_judgement_on_it() -> None:
    found = claims("No film has been shot in space yet; SEE-1 will be launched in December 2024.", "2022-01-21")
    assert [(c.milestone, str(c.claimed_date)) for c in found] == [("launch", "2024-12-01")]


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
    assert all(template.pattern.groups for template in rules.calendar.templates)


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
