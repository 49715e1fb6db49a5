import html
import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.encoding import decode
from pipelines.matching import INVISIBLE
from pipelines.scanner import ONCE, Scanner
from pipelines.topic.spellings import AROUND, MOST_PLACES, PIECE, SPELLINGS, Spelling, respelled, unmarked

SCANNER = Scanner((expression, spelling, ONCE) for spelling, expression in SPELLINGS)


def spellings_of(page: bytes) -> set[Spelling]:
    return {Spelling(number) for _, number in SCANNER.scan(page, most=100)}


def again(page: bytes, charset: str = "") -> list[bytes]:
    spellings = spellings_of(page)
    if Spelling.UNDECODED not in spellings:
        return list(respelled(page, spellings))
    decoded = decode(page, charset=charset)[0].encode("utf-8", "replace")
    return [decoded, *respelled(decoded, spellings_of(decoded))]


def texts(page: bytes, charset: str = "") -> str:
    return b"\n".join(again(page, charset)).decode()


@pytest.mark.parametrize(
    "page",
    [
        "<p>plain text</p>",
        "<p>«Съёмки» на орбите – 宇宙で, café, 우주, ISS’s</p>",
        "it&#039;s &#8217; &#x2019; &#160; &amp; &nbsp; &#34;&#60;&#64;&#91;&#96;&#123; &#x22;&#x40;&#x5B;&#x60;&#x7b;",
        '<script>var name = "\\u0444";</script>',
        '<script type="application/ld+json">{"name": "it\\u2019s \\u003c"}</script><script>"\\u0444"</script>',
        "<div>\n  <p>one line</p>\n</div>",
        "",
    ],
)
def test_most_pages_have_one_spelling(page: str) -> None:
    assert again(page.encode()) == []


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "iso-8859-5", "utf-16", "utf-16-le"])
def test_other_charsets_are_decoded(charset: str) -> None:
    page = (
        "<html><head><title>Новости</title></head><body><p>Фильм сняли на орбите за двенадцать дней</p></body></html>"
    )
    assert "Фильм сняли на орбите" in texts(page.encode(charset), charset)


def test_iso_2022_jp_is_valid_utf_8_and_decoded_all_the_same() -> None:
    assert "宇宙で撮影" in texts("<p>宇宙で撮影</p>".encode("iso-2022-jp"), "iso-2022-jp")


@pytest.mark.parametrize("written", ["&#1050;&#1080;&#1085;&#1086;", "&#x41A;&#x438;&#x43D;&#x43E;", "Ки&#769;но"])
def test_letters_written_as_references_are_read(written: str) -> None:
    assert texts(f"<p>{written}</p>".encode()) == "<p>Кино</p>"


@pytest.mark.parametrize(
    "written",
    ["F&#105;lm", "Fi&#x6C;m", "&#70;&#105;&#108;&#109;", "&#x46;&#x69;&#x6c;&#x6d;", "&#X46;i&#108;&#X6D;"],
)
def test_letters_of_the_latin_alphabet_written_as_references_are_read(written: str) -> None:
    assert texts(f"<p>{written} &#60;&#64;&#91;&#96;&#123;&#x40;&#x5B;&#x60;&#x7b;</p>".encode()) == (
        "<p>Film &#60;&#64;&#91;&#96;&#123;&#x40;&#x5B;&#x60;&#x7b;</p>"
    )


def test_with_others_a_named_letter_is_read_too() -> None:
    assert texts(b"estaci&oacute;n &#1050;&#1080;") == "estación Ки"


def test_a_letter_by_itself_is_left_to_the_patterns() -> None:
    assert again(b"estaci&oacute;n, estaci&#243;n, &#x2019;&#x201d;, don&#8217;t&#8230;") == []
    assert again(rb'<script type="application/ld+json">{"name": "estaci\u00f3n \u003c\u003e"}</script>') == []


def test_only_what_stands_around_a_mark_is_read_again() -> None:
    page = f"<p>{'far away ' * 2_000}</p><p>an or\xadbit, a cap\xadsule</p><p>{'far away ' * 2_000}</p>"
    near = texts(page.encode())
    assert "<p>an orbit, a capsule</p>" in near
    assert len(near) < 2 * AROUND + 100
    dense = "orbit " * 3_000
    assert texts(dense.replace("bit", "\xadbit").encode()) == dense


@pytest.mark.parametrize(
    "unseen", [*INVISIBLE, "&zwnj;", "&#8203;", "&#x200B;", "&ZeroWidthSpace;", "&#xfeff;", "&lrm;"]
)
def test_what_nobody_sees_inside_words_goes(unseen: str) -> None:
    for word in ("orbit", "орбита", "宇宙飛行士" if unseen in set(INVISIBLE) - set("\u200c\u200d") else "Ωρίων"):
        assert texts(f"<p>{word[:2]}{unseen}{word[2:]}</p>".encode()) == f"<p>{word}</p>"


@pytest.mark.parametrize(
    "written", ["چهره\u200cپرداز فیلم", "क्\u200dष", "👩\u200d🚀", "word\u200b next", "\ufeff<p>text</p>"]
)
def test_joiners_of_their_own_scripts_and_marks_between_words_cost_nothing(written: str) -> None:
    assert again(f"{written}".encode()) == []


def test_a_page_of_marks_is_read_whole_and_in_pieces() -> None:
    dense = "or\xadbit " * (MOST_PLACES + 1)
    (text,) = again(f"<p>far{' away' * AROUND}</p>{dense}".encode())
    assert text.decode() == f"<p>far{' away' * AROUND}</p>{dense}".replace("\xad", "")


@pytest.mark.parametrize("mark", ["\xad", "&shy;", "&ZeroWidthSpace;", "\u2060"])
def test_pieces_end_within_no_mark_and_no_letter(mark: str) -> None:
    for shift in range(len(mark.encode()) + 2):
        text = "x" * shift + f"ж{mark}" * (PIECE // 4)
        assert unmarked(text.encode()).decode() == text.replace(mark, "")


@pytest.mark.parametrize("written", ["or\xadbit", "or&shy;bit", "or&#173;bit", "o\u0301rbi\u0302t"])
def test_what_stands_inside_words_and_is_no_letter_goes(written: str) -> None:
    assert texts(f"<p>{written}</p>".encode()) == "<p>orbit</p>"


@pytest.mark.parametrize("written", ["ドラマ", "우주"])
def test_syllables_in_parts_are_joined(written: str) -> None:
    assert texts(unicodedata.normalize("NFD", written).encode()) == written


@pytest.mark.parametrize("tag", ["p", 'p class="lead"', "h1", "title"])
def test_broken_lines_are_joined(tag: str) -> None:
    assert f"<{tag}>shot in space" in texts(f"<{tag}>shot in\r\n      space</p>".encode())


def test_escapes_of_json_ld_are_read() -> None:
    data = json.dumps({"headline": "Кино в космосе"})
    page = (
        f'<script type="application/ld+json">{data}</script><p>x</p><script type="application/ld+json">{data}</script>'
    )
    assert texts(page.encode()).count("Кино в космосе") == 2


def test_spellings_add_up() -> None:
    page = html.escape("<p>кино\n  в&#1082;ос\xadмосе</p>", quote=False).replace("&lt;", "<").replace("&gt;", ">")
    assert "кино вкосмосе" in texts(page.replace("&amp;", "&").encode("utf-8"))


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Mn", "Cc", "Cf", "Lo")), max_size=80))
def test_valid_utf_8_is_not_decoded_anew(text: str) -> None:
    assert again(text.replace("&", "").encode()) == []


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.integers(0x80, 0xFF),
    st.sampled_from(["", "a", "é", "宇", "🎬"]),
)
def test_a_byte_too_many_or_too_few_is_noticed(text: str, byte: int, after: str) -> None:
    page = text.encode() + bytes([byte]) + after.encode()
    with pytest.raises(UnicodeDecodeError):
        page.decode()
    assert again(page) != []


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "utf-8", "gb18030", "nonsense"]))
def test_any_bytes_are_read(page: bytes, charset: str) -> None:
    for text in again(page, charset):
        text.decode()
