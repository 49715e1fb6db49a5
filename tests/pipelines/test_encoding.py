import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.encoding import decode
from tests.pipelines.page_texts import CHINESE, JAPANESE, KOREAN, RUSSIAN, page, paragraphs

GERMAN = (
    "Die Schauspielerin flog für zwölf Tage zur Raumstation, und die Aufnahmen überzeugten später sogar die größten Zweifler.",
)
RUSSIAN_PROSE = (
    "Съёмочная группа провела на станции двенадцать дней и сняла около тридцати часов материала, рассказал режиссёр Шипенко.",
    "По сюжету врача, которая никогда не бывала за пределами планеты, срочно отправляют оперировать космонавта прямо на орбите.",
)
"""Sentences with few names: capitals are one letter in sixty."""
UKRAINIAN = (
    "Її режисерка розповіла, що знімальна група прибула на орбітальну станцію в п'ять годин, і робота почалася вже ввечері.",
    "Головна акторка Юлія Пересільд грає хірурга, якого відправляють лікувати космонавта.",
)
BULGARIAN = (
    "Първият игрален филм, заснет в орбита, излезе на 20 април 2023 г. в Русия.",
    "Режисьорът Клим Шипенко и Юлия Пересилд прекараха дванадесет дни на станцията.",
)
SERBIAN = (
    "Редитељ Клим Шипенко и глумица Јулија Пересиљд провели су дванаест дана на Међународној свемирској станици.",
    "Снимање је трајало око тридесет часова, а филм је у биоскопе стигао у априлу.",
)
POLISH = (
    "Rosyjska aktorka i reżyser spędzili na Międzynarodowej Stacji Kosmicznej dwanaście dni.",
    "Główną rolę zagrała Julia Peresild; zdjęcia powstały w październiku, a urządzenia przywiózł statek, który miał wrócić później.",
)
CZECH = (
    "Herečka a režisér natáčeli na oběžné dráze dvanáct dní a každý záběr předem zkoušeli na Zemi.",
    "Snímek měl premiéru v dubnu a vidělo ho více než milion lidí, což překvapilo i samotné tvůrce.",
)
LEGACY = [
    ("windows-1251", "cp1251", RUSSIAN, "ru"),
    ("koi8-r", "koi8-r", RUSSIAN, "ru"),
    ("gb2312", "gb18030", CHINESE, "zh"),
    ("shift_jis", "cp932", JAPANESE, "ja"),
    ("euc-jp", "euc_jp", JAPANESE, "ja"),
    ("euc-kr", "cp949", KOREAN, "ko"),
    ("iso-8859-1", "cp1252", GERMAN, "de"),
]


@pytest.mark.parametrize(("label", "codec", "texts", "language"), LEGACY)
@pytest.mark.parametrize("declared", ["meta", "late", "header", "none", "wrong"])
def test_legacy_charsets_are_read_however_they_are_declared(
    label: str, codec: str, texts: tuple[str, ...], language: str, declared: str
) -> None:
    head = {
        "meta": f'<meta charset="{label}">',
        "late": f'<script>/*{"x" * 5_000}*/</script><meta http-equiv="Content-Type" content="text/html; charset={label}">',
        "wrong": '<meta charset="utf-8">',
    }.get(declared, "")
    source = page(paragraphs(texts), head=head, language=language)
    text, used = decode(source.encode(codec), charset=label if declared == "header" else "")
    assert text == source
    assert codecs.lookup(used).name == codecs.lookup(codec).name


def test_valid_utf8_is_utf8_whatever_it_claims() -> None:
    source = page(paragraphs(RUSSIAN), head='<meta charset="windows-1251">')
    assert decode(source.encode(), charset="koi8-r") == (source, "utf-8")


def test_utf8_with_a_cut_character_stays_utf8() -> None:
    body = paragraphs(RUSSIAN).encode()[:-5] + b"\xd0"
    text, used = decode(body, charset="windows-1251")
    assert used == "utf-8"
    assert text.startswith(f"<p>{RUSSIAN[0]}</p>")
    assert text.endswith("\ufffd")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_and_zero_bytes_tell_the_wide_encodings(codec: str) -> None:
    source = page(paragraphs(RUSSIAN))
    assert decode(source.encode(codec))[0] == source


def test_iso_2022_jp_is_ascii_to_the_eye() -> None:
    source = page(paragraphs(JAPANESE), head='<meta charset="iso-2022-jp">')
    assert decode(source.encode("iso2022_jp")) == (source, "iso2022_jp")


def test_a_declared_charset_that_gives_mojibake_loses() -> None:
    source = page(paragraphs(RUSSIAN), head='<meta charset="iso-8859-1">')
    assert decode(source.encode("cp1251"), charset="iso-8859-1") == (source, "cp1251")


@pytest.mark.parametrize(
    ("codec", "declared", "texts", "language"),
    [
        ("koi8-r", "windows-1251", RUSSIAN_PROSE, "ru"),
        ("cp1251", "koi8-r", RUSSIAN_PROSE, "ru"),
        ("cp1251", "iso-8859-5", RUSSIAN_PROSE, "ru"),
        ("koi8-u", "windows-1251", UKRAINIAN, "uk"),
        ("cp1251", "koi8-u", UKRAINIAN, "uk"),
        ("cp1251", "iso-8859-5", UKRAINIAN, "uk"),
        ("koi8-u", "koi8-r", UKRAINIAN, "uk"),
        ("cp1251", "koi8-r", BULGARIAN, "bg"),
        ("iso8859-2", "iso-8859-1", POLISH, "pl"),
        ("cp1250", "iso-8859-1", POLISH, "pl"),
        ("iso8859-2", "windows-1250", POLISH, "pl"),
        ("iso8859-2", "iso-8859-1", CZECH, "cs"),
    ],
)
@pytest.mark.parametrize("says_language", [False, True])
def test_a_charset_of_the_same_script_that_gives_no_words_loses(
    codec: str, declared: str, texts: tuple[str, ...], language: str, says_language: bool
) -> None:
    source = page(paragraphs(texts), language=language if says_language else "")
    body = source.encode(codec, "xmlcharrefreplace")
    assert decode(body, charset=declared) == (body.decode(codec), codec)


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        *((codec, text) for codec in ("cp1251", "iso8859-5") for text in ("".join(BULGARIAN), "".join(SERBIAN))),
        ("cp1251", "ФИЛЬМ «ВЫЗОВ» — ПЕРВЫЙ ИЗ СНЯТЫХ НА ОРБИТЕ"),
        ("koi8-r", "КамАЗ привёз на космодром аппаратуру мощностью 5 кВт, пишет РосБизнесКонсалтинг"),
        ("koi8-r", "Главная│новости│кино: съёмочная группа вернулась с орбиты и показала отснятые сцены"),
        ("cp1252", "They didn¹t say how much m³s of air the cameras and the café need"),
    ],
)
def test_a_declaration_is_believed_where_the_text_can_be_read(codec: str, text: str) -> None:
    assert decode(text.encode(codec), charset=codec) == (text, codec)


def test_baltic_quotes_are_those_of_the_windows_charset() -> None:
    text = "„Filmas kosmose“ – taip vadinosi straipsnis apie pirmąjį orbitoje nufilmuotą vaidybinį filmą, kurį žiūrovai išvydo pavasarį."
    assert decode(page(f"<p>{text}</p>", language="lt").encode("cp1257"))[0] == page(f"<p>{text}</p>", language="lt")


@pytest.mark.parametrize("label", ["hex", "idna", "utf-7", "rot13", "nonsense", "x" * 10_000, "\u0661"])
def test_labels_that_are_no_page_charset_are_ignored(label: str) -> None:
    source = page(paragraphs(RUSSIAN), language="ru")
    assert decode(source.encode("cp1251"), charset=label)[0] == source


@given(st.binary(max_size=2_000), st.text(max_size=20))
def test_any_bytes_give_text(body: bytes, charset: str) -> None:
    text, used = decode(body, charset=charset)
    assert isinstance(text, str)
    assert codecs.lookup(used)


@pytest.mark.parametrize("unit", [b"<", b"<meta ", b"<script ", b"<html lang ", b"<script></script", b"<?xml "])
def test_hostile_markup_is_read_in_one_pass(unit: bytes) -> None:
    # A quadratic expression would need hours for these; a linear one needs milliseconds.
    assert len(decode(unit * (2_000_000 // len(unit)) + b"\xff\xf0")[0]) > 1_000_000


@pytest.mark.parametrize("codec", ["gb18030", "big5hkscs"])
@pytest.mark.parametrize("guess", ["GB18030", "BIG5"])
def test_of_the_chinese_charsets_the_one_whose_characters_are_common_is_meant(
    codec: str, guess: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cchardet.detect", lambda _sample: {"encoding": guess})
    source = paragraphs(("女演員和導演抵達國際空間站，他們在軌道上拍攝故事片的場景，一共有三十個小時。",))
    assert decode(source.encode(codec)) == (source, codec)


def test_ukrainian_letters_tell_koi8_u_from_koi8_r() -> None:
    source = paragraphs(
        ("Її режисерка розповіла, що знімальна група прибула на орбітальну станцію в п’ять годин." * 5,)
    )
    assert decode(source.encode("koi8-u", "xmlcharrefreplace"))[0] == source.replace("’", "&#8217;")
