"""Days that count from others: the same month, the night between two, the day that a thing was moved to.

The texts are invented; the facts of the race in them are true.
"""

from datetime import date

import pytest

from pipelines.milestones import find_claims
from pipelines.milestones.dates import find_dates
from pipelines.milestones.days import resolve
from pipelines.milestones.rules import RULES_FOLDER, load_rules

LANGUAGES = sorted(path.stem for path in RULES_FOLDER.glob("*.toml"))


def told(language: str, text: str, published: str, project: str = "challenge") -> list[tuple[str, str, str]]:
    found = find_claims(
        title="", text=text, published=date.fromisoformat(published), language=language, projects=[project]
    )
    return [(claim.milestone, claim.status, str(claim.claimed_date or "-")) for claim in found]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "أُطلقت المركبة في 8 ديسمبر 2021. وعاد الثلاثة إلى الأرض في الشهر نفسه."),
        ("cs", "Loď odstartovala 8. prosince 2021. Vrátila se téhož měsíce."),
        ("de", "Sie starteten am 8. Dezember 2021. Gelandet sind sie im selben Monat."),
        ("en", "They lifted off on 8 December 2021. They landed the same month."),
        ("es", "Despegaron el 8 de diciembre de 2021. Regresaron ese mismo mes."),
        ("fr", "Ils ont décollé le 8 décembre 2021. Ils sont revenus le même mois."),
        ("it", "Sono decollati l'8 dicembre 2021. Sono tornati sulla Terra lo stesso mese."),
        ("ja", "2人は2021年12月8日に飛び立った。同月に帰還した。"),
        ("ko", "두 사람은 2021년 12월 8일 발사됐다. 같은 달 귀환했다."),
        ("nl", "Ze werden gelanceerd op 8 december 2021. Ze landden dezelfde maand."),
        ("pl", "Wystartowali 8 grudnia 2021 roku. Wrócili na Ziemię w tym samym miesiącu."),
        ("pt", "Decolaram em 8 de dezembro de 2021. Voltaram à Terra no mesmo mês."),
        ("ru", "Они стартовали 8 декабря 2021 года. Вернулись они в том же месяце."),
        ("tr", "8 Aralık 2021'de fırlatıldılar. Aynı ay Dünya'ya döndüler."),
        ("uk", "Вони стартували 8 грудня 2021 року. Повернулися вони того ж місяця."),
        ("zh", "他们于2021年12月8日升空。同月返回地面。"),
    ],
)
def test_the_same_month_is_the_one_named_last(language: str, text: str) -> None:
    assert ("return", "happened", "2021-12-01") in told(language, text, "2023-11-30", "maezawa-iss")


@pytest.mark.parametrize(
    ("language", "text", "milestone", "day"),
    [
        ("ja", "2人は2021年12月8日に飛び立った。同月20日に帰還した。", "return", "2021-12-20"),
        ("ja", "撮影隊は2021年10月に飛び立ち、翌年に作品を公開した。", "release", "2022-01-01"),
        ("ko", "두 사람은 2021년 10월 발사됐다. 영화는 이듬해 개봉했다.", "release", "2022-01-01"),
        ("en", "They lifted off in October 2021. The film was released the following year.", "release", "2022-01-01"),
        ("es", "Despegaron en octubre de 2021. La película se estrenó al año siguiente.", "release", "2022-01-01"),
        ("tr", "İkili 5 Ekim 2021'de fırlatılmış, aynı gün istasyona kenetlenmişti.", "docking", "2021-10-05"),
    ],
)
def test_days_and_years_count_from_what_was_told(language: str, text: str, milestone: str, day: str) -> None:
    assert (milestone, "happened", day) in told(language, text, "2023-12-30", "challenge")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Am 17. Oktober 2021 landete die Kapsel. Zwölf Tage zuvor waren die beiden gestartet."),
        ("en", "They landed on 17 October 2021. Twelve days earlier, they had lifted off."),
        ("es", "Aterrizaron el 17 de octubre de 2021. Doce días antes habían despegado."),
        ("fr", "Ils sont revenus le 17 octobre 2021. Douze jours plus tôt, ils avaient décollé."),
        ("it", "Sono atterrati il 17 ottobre 2021. Erano partiti dodici giorni prima."),
        ("nl", "Ze landden op 17 oktober 2021. Twaalf dagen eerder werden ze gelanceerd."),
        ("pt", "Voltaram à Terra em 17 de outubro de 2021. Doze dias antes decolaram."),
        ("ru", "Они приземлились 17 октября 2021 года. 12 дней ранее они стартовали."),
    ],
)
def test_days_earlier_count_back_from_what_was_told(language: str, text: str) -> None:
    assert ("launch", "happened", "2021-10-05") in told(language, text, "2023-04-20")


def test_hours_earlier_than_the_news_are_of_its_day() -> None:
    text = "Erano partiti poco più di tre ore prima dal cosmodromo."
    assert told("it", text, "2021-10-05") == [("launch", "happened", "2021-10-05")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The actress lifted off two days earlier than planned."),
        ("es", "Despegaron dos días antes de lo previsto."),
        ("it", "Sono partiti due giorni prima del previsto."),
        ("pt", "Decolaram dois dias antes do previsto."),
    ],
)
def test_earlier_than_planned_is_no_day(language: str, text: str) -> None:
    assert told(language, text, "2021-10-05") == []


def test_the_same_month_without_one_named_is_that_of_the_paper() -> None:
    assert ("return", "happened", "2021-10-17") in told("ja", "同月17日に帰還した。", "2021-10-20")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "他拍下了无数次日出"),
        ("zh", "乘组每天看到16次日出"),
        ("zh", "机器人登上月球"),
        ("zh", "节目每周五播出"),
        ("ja", "番組は毎週金曜日に放送される"),
        ("ko", "매주 금요일 방송된다"),
        ("en", "aired every Friday"),
        ("de", "läuft jeden Freitag"),
        ("fr", "diffusé chaque vendredi"),
        ("es", "se emite cada viernes"),
        ("ru", "выходит каждую пятницу"),
        ("tr", "her Cuma yayınlanıyor"),
    ],
)
def test_what_only_holds_the_words_of_a_date_is_none(language: str, text: str) -> None:
    rules = load_rules(language)
    assert rules is not None
    assert find_dates(text, rules.calendar) == []


def test_the_next_day_is_still_read() -> None:
    assert ("docking", "happened", "2021-10-06") in told(
        "zh", "飞船2021年10月5日升空。次日与空间站对接。", "2021-10-20"
    )


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("cs", "v noci z pondělí na úterý", 5),
        ("de", "in der Nacht von Montag auf Dienstag", 5),
        ("de", "in der Nacht vom 4. auf den 5. Oktober", 5),
        ("en", "in the night from Monday to Tuesday", 5),
        ("es", "en la noche del lunes al martes", 5),
        ("fr", "dans la nuit de lundi à mardi", 5),
        ("fr", "dans la nuit du 4 au 5 octobre", 5),
        ("it", "nella notte tra lunedì e martedì", 5),
        ("nl", "in de nacht van maandag op dinsdag", 5),
        ("pl", "w nocy z poniedziałku na wtorek", 5),
        ("pt", "na noite de segunda-feira para terça-feira", 5),
        ("ru", "в ночь с понедельника на вторник", 5),
        ("uk", "у ніч з понеділка на вівторок", 5),
    ],
)
def test_a_night_ends_on_the_day_after(language: str, text: str, day: int) -> None:
    rules = load_rules(language)
    assert rules is not None
    read = [resolve(m, published=date(2021, 10, 8), tense="past") for m in find_dates(text, rules.calendar)]
    assert [resolved.day for resolved in read if resolved] == [date(2021, 10, day)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("cs", "Start, plánovaný na 5. května, byl odložen na 12. října."),
        ("de", "Der Start, geplant für den 5. Mai, wurde auf den 12. Oktober verschoben."),
        ("en", "The launch, scheduled for May 5, has been postponed to October 12."),
        ("en", "The launch has been moved from 5 May to 12 October."),
        ("es", "El lanzamiento, previsto para el 5 de mayo, se ha retrasado al 12 de octubre."),
        ("fr", "Le lancement, prévu le 5 mai, a été reporté au 12 octobre."),
        ("it", "Il lancio, previsto per il 5 maggio, è stato rinviato al 12 ottobre."),
        ("ja", "5月5日に予定されていた打ち上げは10月12日に延期された。"),
        ("ko", "5월 5일로 예정됐던 발사는 10월 12일로 연기됐다."),
        ("pl", "Start przełożono z 5 maja na 12 października."),
        ("pt", "O lançamento, previsto para 5 de maio, foi adiado para 12 de outubro."),
        ("ru", "Старт, назначенный на 5 мая, перенесли на 12 октября."),
    ],
)
def test_what_was_put_off_has_its_old_day_and_its_new_one(language: str, text: str) -> None:
    found = told(language, text, "2021-04-20")
    assert {("launch", "delayed", "2021-05-05"), ("launch", "planned", "2021-10-12")} <= set(found)
    assert ("delay", "delayed", "-") in found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Start wurde auf den 12. Oktober verschoben."),
        ("en", "The launch was postponed to October 12."),
        ("id", "Peluncuran ditunda hingga 12 Oktober."),
        ("nl", "De lancering is uitgesteld tot 12 oktober."),
        ("ru", "Старт перенесли на 12 октября."),
    ],
)
def test_the_day_that_something_is_moved_to_is_its_own(language: str, text: str) -> None:
    found = told(language, text, "2021-04-20")
    assert sorted(found) == [("delay", "delayed", "-"), ("launch", "planned", "2021-10-12")]


def test_the_day_a_delay_was_decided_stays_with_the_delay() -> None:
    found = told("en", "The launch, scheduled for May 5, was postponed on Thursday.", "2021-04-20")
    assert ("delay", "delayed", "2021-04-15") in found
    assert {day for milestone, _, day in found if milestone == "launch"} == {"2021-05-05"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Gedreht wird nicht im August, sondern im Oktober."),
        ("en", "Filming will take place not in August but in October."),
        ("es", "El rodaje será no en agosto sino en octubre."),
        ("fr", "Le tournage aura lieu non pas en août mais en octobre."),
        ("it", "Le riprese si terranno non in agosto ma in ottobre."),
        ("nl", "De opnames zullen niet in augustus maar in oktober plaatsvinden."),
        ("pt", "As filmagens serão feitas não em agosto, mas em outubro."),
        ("ru", "Съемки пройдут не в августе, а в октябре."),
        ("uk", "Зйомки відбудуться не в серпні, а в жовтні."),
    ],
)
def test_a_date_that_is_set_right_at_once_is_no_claim(language: str, text: str) -> None:
    assert told(language, text, "2021-04-20") == [("filming", "planned", "2021-10-01")]


def test_a_length_is_not_counted_from_the_day_it_ends_on() -> None:
    text = "They landed in Kazakhstan on Sunday. After twelve days aboard they landed tired and happy."
    assert told("en", text, "2021-10-18") == [("return", "happened", "2021-10-17")]


def test_a_length_of_the_mission_launches_nobody() -> None:
    text = "Son Soyouz s'est posé mardi, après cinq mois de mission."
    assert told("fr", text, "2013-05-14", "space-oddity") == [("return", "happened", "2013-05-14")]


def test_a_date_before_the_word_of_a_source_is_not_the_sources() -> None:
    text = "A viagem do realizador está prevista para outubro de 2021, segundo um quadro divulgado esta semana."
    assert ("launch", "planned", "2021-10-01") in told("pt", text, "2020-09-23")


@pytest.mark.parametrize("published", ["2021-10-16", "2021-10-17", "2021-10-18"])
def test_days_of_the_week_count_from_the_agencys_own_day(published: str) -> None:
    text = "MOSCOW, Oct 17 (Test Wire) - The actress and the director returned from the station today."
    assert told("en", text, published) == [("return", "happened", "2021-10-17")]


def test_an_old_dateline_does_not_move_the_papers_day() -> None:
    text = "MOSCOW, Oct 5 (Test Wire) - The actress and the director returned from the station on Sunday."
    assert told("en", text, "2021-10-18") == [("return", "happened", "2021-10-17")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_say_the_same_month_and_year(language: str) -> None:
    rules = load_rules(language)
    assert rules is not None
    assert 0 in rules.calendar.told_months.values()
    assert 0 in rules.calendar.told_years.values()
