"""Texts about the race for the tests of `pipelines.dedupe`: invented outlets, true facts, and the edits that newsrooms make."""

from typing import Any

LAUNCH_TITLE = "Russian actress and director lift off to shoot first feature film in orbit"
LAUNCH = """\
A Russian actress and a film director blasted off for the International Space Station on Tuesday to shoot scenes for the first full-length feature film made in orbit, ahead of a rival American plan.
Yulia Peresild, 37, and director Klim Shipenko, 38, left the Baikonur cosmodrome in Kazakhstan aboard the Soyuz MS-19 spacecraft together with the veteran cosmonaut Anton Shkaplerov at 08:55 GMT.
The crew docked by hand at 12:22 GMT after problems with the automatic approach, and floated through the hatch two hours later to be welcomed by the seven people already living aboard the station.
They will spend 12 days there filming "The Challenge", in which a surgeon is sent to the station to save the life of a cosmonaut who cannot return to Earth without an operation.
Peresild was chosen from about 3,000 applicants in a contest run by the space agency Roscosmos and the television network Channel One, and trained for less than four months.
"It was hard psychologically, physically and morally," she told reporters before the flight. "But I think that once we reach the goal, none of it will seem so difficult."
The cosmonauts Oleg Novitsky and Pyotr Dubrov, who were already in orbit, also have parts in the film, and the station's Nauka and Zvezda modules serve as sets.
Peresild and Shipenko are due to land with Novitsky in the older Soyuz MS-18 capsule on 17 October."""

STUDIO_TITLE = "British company books module for a film studio above the Earth"
STUDIO = """\
A London production company has ordered an inflatable studio module that is to be attached to the commercial segment of the space station, where films, concerts and sports events could be recorded without gravity.
Space Entertainment Enterprise, founded by the producers Elena and Dmitry Lesnevsky, said Axiom Space of Houston would build the module, called SEE-1, and launch it in December 2024.
The company is also behind the untitled project of Tom Cruise and Doug Liman, for which a budget of about 200 million dollars has been named but no script has been shown.
Michael Suffredini, the chief executive of Axiom Space, said the studio would give artists a place to work that no sound stage on the ground could imitate, and would widen the market for the station.
Neither side would say how the venture is paid for. Analysts noted that the first Axiom module itself has no firm date, and that an inflatable room has been tested in orbit only once."""

CHINESE_TITLE = "俄罗斯女演员与导演升空拍摄首部太空电影"
CHINESE = """\
俄罗斯女演员佩列西尔德和导演希片科周二从拜科努尔发射场乘坐联盟MS-19飞船前往国际空间站,将在轨道上拍摄影片《挑战》。
飞船于格林尼治时间8时55分升空,航天员什卡普列罗夫担任指令长,当天以手动方式完成对接。
摄制组计划在空间站停留12天,影片讲述一名外科医生飞往空间站为一名无法返回地面的航天员做手术的故事。
按照计划,两人将于10月17日与航天员诺维茨基一同乘坐联盟MS-18飞船返回哈萨克斯坦。"""

RUSSIAN_TITLE = "Экипаж фильма «Вызов» отправился на орбиту"
RUSSIAN = """\
Ракета «Союз-2.1а» с кораблём «Союз МС-19» стартовала с космодрома Байконур и вывела на орбиту экипаж, который снимет первый полнометражный художественный фильм в космосе.
Командир корабля Антон Шкаплеров, актриса Юлия Пересильд и режиссёр Клим Шипенко проведут на Международной космической станции двенадцать дней, съёмки пройдут в модулях «Наука» и «Звезда».
По сюжету врач-хирург летит на станцию, чтобы прооперировать космонавта, который не может вернуться на Землю. Вернуться съёмочная группа должна 17 октября вместе с Олегом Новицким."""


def doc(
    number: int, title: str, text: str, *, date: str = "2021-10-05", outlet: str = "", url: str = ""
) -> dict[str, Any]:
    """A document as the crawl hands it over."""
    outlet = outlet or f"outlet{number}.example"
    return {
        "id": f"a{number:04d}",
        "title": title,
        "text": text,
        "url": url or f"https://{outlet}/{number}",
        "date": date,
        "source": outlet,
    }


def paragraphs(text: str, *numbers: int) -> str:
    """Some of a text's paragraphs."""
    lines = text.split("\n")
    return "\n".join(lines[number] for number in numbers)


def british(text: str) -> str:
    """Another house's style for the same text."""
    for ours, theirs in (
        ("200 million dollars", "$200m"),
        ("about 3,000", "about 3000"),
        ("12 days", "twelve days"),
        ("program", "programme"),
        ('"', "\u201d"),
        ("'", "\u2019"),
        ("-", "\u2010"),
        ("center", "centre"),
    ):
        text = text.replace(ours, theirs)
    return text


def scanned(text: str, every: int = 9) -> str:
    """A text with a misread letter in every so-manieth word."""
    words = text.split(" ")
    for index in range(every // 2, len(words), every):
        word = words[index]
        middle = len(word) // 2
        words[index] = f"{word[:middle]}c{word[middle + 1 :]}"
    return " ".join(words)


def rewritten(text: str) -> str:
    """A text in which a sub-editor has put other words into most sentences."""
    for ours, theirs in (
        ("blasted off for", "set off towards"),
        ("to shoot scenes for", "and will record material for"),
        ("left the Baikonur cosmodrome", "started from Baikonur"),
        ("together with the veteran cosmonaut", "under the command of"),
        ("by hand", "manually"),
        ("problems with the automatic approach", "trouble during the automatic approach"),
        ("floated through the hatch", "came on board"),
        ("is sent to the station to save", "travels up there in order to save"),
        ("was chosen from", "had won against"),
        ("trained for less than four months", "had under four months of training"),
        ("who were already in orbit", "members of the resident crew"),
        ("serve as sets", "are the scenery"),
        ("are due to land", "should come home"),
    ):
        text = text.replace(ours, theirs)
    return text


def forecast(city: str, day: int, high: int, chance: int, wind: int) -> tuple[str, str]:
    """A launch weather notice: the same sentences every day, with other facts."""
    title = f"Launch weather for {city} on {day} October"
    text = (
        f"Here is the launch weather outlook that the range issued for {city} this morning.\n"
        f"Forecasters expect a high of {high} degrees on {day} October with a {chance} percent chance of acceptable conditions "
        f"when the window opens, and winds of {wind} kilometres an hour from the south on the pad at {city}.\n"
        f"The primary concern remains thick cloud within {wind} miles of the flight path, and the rule on surface winds "
        f"allows no more than {high} knots during the final count. The next outlook for {city} follows tomorrow at noon."
    )
    return title, text
