"""Whose milestone a sentence tells, where an article names several projects; and sentences that tell nobody's.

The texts are invented; the facts of the race in them are true.
"""

from datetime import date

import pytest

from pipelines.catalogue.projects import load_projects
from pipelines.milestones import ClaimFinder
from pipelines.milestones.projects import other_works
from pipelines.model import Claim

FINDER = ClaimFinder(load_projects())


def claims(language: str, text: str, published: str, *projects: str, title: str = "") -> list[Claim]:
    return FINDER.find(
        title=title, text=text, published=date.fromisoformat(published), language=language, projects=projects
    )


def owners(found: list[Claim]) -> set[tuple[str, str]]:
    return {(claim.project, claim.milestone) for claim in found}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Angekündigt wurde der Spielfilm im Mai 2020."),
        ("en", "The feature film was announced in May 2020."),
        ("es", "La película fue anunciada en mayo de 2020."),
        ("fr", "Le film a été annoncé en mai 2020."),
        ("it", "Il film è stato annunciato nel maggio 2020."),
        ("nl", "De film werd in mei 2020 aangekondigd."),
        ("pt", "O filme, sem elenco conhecido, foi anunciado em maio de 2020."),
        ("ru", "О фильме объявили в мае 2020 года."),
        ("zh", "这部影片于2020年5月宣布。"),
    ],
)
def test_the_film_is_the_one_that_the_article_is_about(language: str, text: str) -> None:
    for main, other in (("cruise-liman", "challenge"), ("challenge", "cruise-liman")):
        found = claims(language, text, "2020-12-12", main, other)
        assert {claim.project for claim in found if claim.milestone == "announced"} == {main}


def test_a_name_in_a_later_clause_does_not_take_what_the_main_clause_tells() -> None:
    text = "The project was announced in September 2020, months after Tom Cruise had made his own plans known."
    assert ("challenge", "announced") in owners(claims("en", text, "2021-10-05", "challenge", "cruise-liman"))
    explained = "В мае 2020 года о съёмках объявили в США: за проектом стоит Том Круз."
    assert ("cruise-liman", "announced") in owners(claims("ru", explained, "2020-09-22", "challenge", "cruise-liman"))


def test_a_rival_mentioned_in_passing_does_not_train_in_the_place_of_the_main_project() -> None:
    text = "Tom Cruise has a plan of the same kind with NASA. The two had completed their training at Star City."
    assert ("challenge", "training") in owners(claims("en", text, "2021-10-05", "challenge", "cruise-liman"))


@pytest.mark.parametrize(
    ("language", "text", "projects"),
    [
        ("fr", "France 2 diffuse « Thomas Pesquet, l'envoyé spatial » jeudi 8 juin.", "pesquet-envoye-spatial"),
        ("en", "The archive shows “Return from Orbit” on Thursday.", "return-from-orbit"),
    ],
)
def test_the_words_of_a_title_reach_no_milestone(language: str, text: str, projects: str) -> None:
    assert {kind for _, kind in owners(claims(language, text, "2017-06-06", projects))} <= {"release", "premiere"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "سيعرض يوم الخميس في القبة السماوية برنامج عن المحطة."),
        ("cs", "Ve čtvrtek má premiéru pořad planetária o stanici."),
        ("de", "Am Donnerstagabend ist die Raumstation über Kiel zu sehen."),
        ("en", "On Thursday evening the station can be seen crossing the sky over Cork."),
        ("en", "The planetarium show about landing craft opens on Friday."),
        ("es", "El jueves la estación se podrá ver desde Rosario."),
        ("fr", "Jeudi soir, la station sera visible depuis Brest."),
        ("it", "Giovedì la stazione sarà visibile da Bari."),
        ("ja", "木曜日の夜、ステーションは肉眼で見られる。"),
        ("ko", "목요일 저녁 정거장을 맨눈으로 볼 수 있다."),
        ("nl", "Donderdag is het ruimtestation goed te zien boven Gent."),
        ("pl", "W czwartek będzie można zobaczyć stację kosmiczną nad Opolem."),
        ("pt", "Na quinta-feira a estação poderá ser vista do Porto."),
        ("ru", "В четверг МКС можно будет увидеть над Омском."),
        ("tr", "Perşembe akşamı istasyon çıplak gözle izlenebilecek, yayında gösterilecek."),
        ("uk", "У четвер МКС можна буде побачити над Львовом."),
        ("zh", "周四晚上肉眼可见空间站，届时将直播播出。"),
    ],
)
def test_a_station_in_the_sky_is_no_film_in_the_cinema(language: str, text: str) -> None:
    assert claims(language, text, "2021-10-05", "challenge") == []


def test_a_dome_show_that_is_the_project_is_no_aside() -> None:
    text = "The planetarium show “Space Explorers: The ISS Experience” was released on 1 October 2021."
    assert ("iss-experience", "release") in owners(claims("en", text, "2021-10-05", "iss-experience"))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Kuppelfassung läuft im Planetarium bis Ende November."),
        ("en", "The dome version opens daily and runs until 30 November."),
        ("en", "The dome version is on view every Friday until the end of 2021."),
        ("fr", "Le film reste à l'affiche du dôme jusqu'au 30 novembre."),
        ("nl", "De koepelversie is in het planetarium te zien tot 30 november."),
        ("zh", "该片在球幕影院展映至11月30日。"),
    ],
)
def test_the_end_of_a_run_is_no_release(language: str, text: str) -> None:
    assert claims(language, text, "2021-10-17", "iss-experience") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "SpaceX enverra fin mai ses premiers astronautes vers la station."),
        ("ja", "スペースXは5月下旬、初めて飛行士をISSへ打ち上げる。"),
    ],
)
def test_the_first_flight_of_a_ship_is_not_the_films(language: str, text: str) -> None:
    assert claims(language, text, "2020-05-07", "cruise-liman") == []


def test_an_outlets_word_on_its_own_reports_dates_no_milestone() -> None:
    text = "This magazine first reported on rival plans in orbit in May 2020. Our note on the seat layout follows tomorrow."
    assert claims("en", text, "2021-10-05", "challenge", "cruise-liman") == []


def test_speech_that_only_uses_the_word_is_no_denied_launch() -> None:
    text = '"The story never leaves the ground," one critic wrote of The Challenge.'
    assert claims("en", text, "2023-05-05", "challenge") == []


def test_what_is_not_ruled_out_is_not_denied() -> None:
    found = claims("en", "Peresild has not ruled out filming aboard the station again.", "2023-05-05", "challenge")
    assert "denied" not in {claim.status for claim in found}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("cs", "Snadné to nebude. Herečka ukončila výcvik. V říjnu odstartuje na stanici."),
        (
            "de",
            "Der Kurs ist zu Ende, die Kamera ist eingestellt. Im Oktober startet die Schauspielerin zur Raumstation.",
        ),
        ("en", "The fitting is over and the rain has died down. The actress will launch in October."),
        ("it", "Il portello è chiuso. L'attrice partirà in ottobre per la stazione."),
        ("ja", "選考は終わった。女優は10月に打ち上げられる予定だ。"),
        ("nl", "De test is voorbij. De actrice zal in oktober naar het ruimtestation vliegen."),
        ("pl", "Zakończono badania. Aktorka poleci w październiku na stację."),
        ("ru", "Она больше не боится высоты. В октябре актриса отправится на МКС."),
        ("ru", "Люк закрыт. В октябре актриса отправится на МКС."),
        ("tr", "Testler bitti. Oyuncu ekimde istasyona uçacak."),
        ("uk", "Люк закрито. У жовтні акторка полетить на МКС."),
    ],
)
def test_what_is_over_or_no_longer_so_cancels_nothing(language: str, text: str) -> None:
    found = claims(language, text, "2021-09-03", "challenge")
    assert "launch" in {claim.milestone for claim in found}
    assert "cancelled" not in {claim.status for claim in found}
    assert "cancellation" not in {claim.milestone for claim in found}


def test_only_a_cancellation_tied_to_the_name_cancels_the_plans() -> None:
    plan = "The actress will launch in October 2022."
    for start, status in (
        ("The filming of The Challenge was called off.", "cancelled"),
        ("Yulia Peresild read the letter. The project was scrapped.", "cancelled"),
        ("A dinner in town was called off.", "planned"),
    ):
        found = claims("en", f"{start} {plan}", "2021-09-03", "challenge", "cruise-liman")
        assert [c.status for c in found if c.milestone == "launch"] == [status], start


def test_a_quoted_title_of_another_work_keeps_its_words() -> None:
    text = "On Friday the museum shows “Return to the Station”, a film of 1994."
    assert other_works(text, [], "") != []
    assert "return" not in {claim.milestone for claim in claims("en", text, "2021-10-05", "challenge")}
