"""Pages written for the tests: invented outlets, true facts of the race."""

from html import escape

PARAGRAPHS = (
    "Actress Yulia Peresild and director Klim Shipenko lifted off from Baikonur on 5 October 2021 aboard Soyuz MS-19.",
    "The two spent twelve days on the International Space Station, where they shot scenes for the feature film The Challenge.",
    "Cosmonaut Anton Shkaplerov commanded the flight, and Oleg Novitsky returned with them to the steppe of Kazakhstan.",
    "About thirty hours of footage came down with the crew, and roughly fifty minutes of it are in the finished picture.",
    "The film opened in Russian cinemas on 20 April 2023 and is the first feature with scenes shot by professionals in orbit.",
)
RUSSIAN = (
    "Актриса Юлия Пересильд и режиссёр Клим Шипенко отправились на орбиту пятого октября с космодрома Байконур.",
    "На Международной космической станции они провели двенадцать суток и сняли сцены для фильма 'Вызов'.",
    "Командовал полётом космонавт Антон Шкаплеров, а домой съёмочная группа вернулась вместе с Олегом Новицким.",
)
JAPANESE = (
    "女優のユリア・ペレシルドさんと監督のクリム・シペンコさんは、ソユーズ宇宙船で国際宇宙ステーションに到着した。",
    "二人は十二日間にわたり、長編映画「挑戦」の場面を軌道上で撮影し、約三十時間分の映像を地球に持ち帰った。",
    "職業俳優が宇宙で撮影した長編映画は初めてで、作品は二〇二三年四月にロシアの映画館で公開された。",
)
CHINESE = (
    "女演员尤利娅·佩列西尔德和导演克利姆·希片科乘坐联盟号飞船抵达国际空间站，在轨道上拍摄故事片《挑战》的场景。",
    "两人在空间站停留了十二天，带回了大约三十个小时的素材，其中约五十分钟用在了完成的影片里，观众反应热烈。",
    "这是第一部由专业人员在太空拍摄的故事片，影片于二〇二三年四月在俄罗斯各地的电影院上映，票房成绩良好。",
)
KOREAN = (
    "배우 율리야 페레실드와 감독 클림 시펜코는 소유스 우주선을 타고 국제우주정거장에 도착해 영화를 촬영했다.",
    "두 사람은 십이 일 동안 정거장에 머물며 장편 영화의 장면을 찍고 약 서른 시간 분량의 영상을 가져왔다.",
    "전문 배우가 우주에서 촬영한 첫 장편 영화이며 이천이십삼 년 사월에 러시아 극장에서 개봉했다고 한다.",
)
URL = "https://orbit-daily.example/2021/10/05/film-crew-lifts-off"


def paragraphs(texts: tuple[str, ...] = PARAGRAPHS) -> str:
    return "".join(f"<p>{escape(text, quote=False)}</p>" for text in texts)


def page(body: str = "", *, head: str = "", language: str = "en") -> str:
    """A whole page around a body; without one, the five English paragraphs in an article element."""
    content = body or f"<article><h1>Film crew lifts off</h1>{paragraphs()}</article>"
    return f'<!DOCTYPE html><html lang="{language}"><head>{head}</head><body>{content}</body></html>'
