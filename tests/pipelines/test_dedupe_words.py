"""One spelling for what newsrooms write in many ways."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedupe import normalise
from pipelines.dedupe.fingerprint import MAX_CHARACTERS, SAMPLE_LEAST, Fingerprint
from pipelines.dedupe.normalise import unspaced, words
from pipelines.dedupe.spellings import SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a budget of 200 mln dlrs", "a budget of $200 million"),
        ("30 pct of the film", "30% of the film"),
        ("30 per cent of the film", "30 percent of the film"),
        ("the U.S. space programme", "the US space program"),
        ("labour, honour and the theatre", "labor, honor and the theater"),
        ("they realised and analysed the licence", "they realized and analyzed the license"),
        ("the crew travelled 400 kilometres", "the crew traveled 400 km"),
        ("1,250,000 viewers", "1.250.000 viewers"),
        ("the director’s “first film”", 'the director\'s "first film"'),
        ("so\u00adft hyphen and zero\u200bwidth", "soft hyphen and zerowidth"),
        ("Miloš Biković", "Milos Bikovic"),
        ("ﬁlming", "filming"),
        ("three days", "3 days"),
        ("Съёмки на МКС", "Съемки на МКС"),
        ("الفيلمُ في الفضـاء", "الفيلم في الفضاء"),
        ("FULL CAPITALS", "full capitals"),
        ("shot in the U.S.\nThe crew", "shot in the US the crew"),
        ("in orbit, 1,200, then home.", "in orbit 1200 then home"),
        ("(the `film')", "the film"),
        ("4,2 Mio. Franken in zwölf Tagen", "42 millionen franken in 12 tagen"),
        ("30 Kilo Gepäck", "30 kg Gepäck"),
        ("около 15 миллионов долларов, 30 килограммов", "около $15 млн, 30 кг"),
        ("40 процентов за двенадцать дней", "40% за 12 дней"),
        ("12 millones de pesos", "12 mdd de"),
    ],
)
def test_house_styles_fold_together(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("空间站电影", 5),
        ("宇宙で映画を撮る", 8),
        ("ถ่ายทำ", 7),
        ("राष्ट्रीय फिल्म", 2),
        ("우주 영화", 2),
        ("съёмочная группа", 2),
        ("96bn", 2),
        ("", 0),
        ("?!… —", 0),
    ],
)
def test_what_is_a_word(text: str, count: int) -> None:
    assert len(words(text)) == count


def test_every_variant_becomes_the_same_as_its_word() -> None:
    for variant, word in SAME.items():
        assert words(variant) == words(word), variant


@given(st.text())
def test_any_text_gives_words_without_spaces(text: str) -> None:
    assert all(word and not any(letter.isspace() for letter in word) for word in words(text))


@given(st.text(alphabet=string.ascii_letters + string.digits + " .,", max_size=200))
def test_ascii_goes_the_same_way_in_a_text_that_is_not_ascii(text: str) -> None:
    assert words(f"{text} 間")[:-1] == words(f"{text} ")


def test_thai_is_compared_by_letters_and_chinese_by_ideographs() -> None:
    assert unspaced("นักแสดงหญิงชาวรัสเซียเดินทางสู่อวกาศ")
    assert not unspaced("俄罗斯女演员升空")
    assert not unspaced("an English text")
    assert Fingerprint("", "นักแสดงหญิงชาวรัสเซียเดินทาง").width > Fingerprint("", "俄罗斯女演员升空拍摄电影").width


def test_a_sample_is_the_same_in_every_copy_and_never_empty() -> None:
    text = " ".join(f"word{number} follows" for number in range(3000))
    whole, part = Fingerprint("", text), Fingerprint("", " ".join(text.split()[1000:3000]))
    assert part.sampled - whole.sampled == frozenset()
    assert len(part.sampled) < len(part.shingles) / 4
    brief = Fingerprint("", "Peresild and Shipenko land in Kazakhstan after twelve days aboard the station")
    assert 0 < len(brief.sampled) <= SAMPLE_LEAST


def test_what_is_left_without_boilerplate_is_all_that_stands_around_it() -> None:
    found = Fingerprint("", " ".join(f"word{number}" for number in range(400)))
    landmarks = [position for position, shingle in enumerate(found.shingles) if shingle in found.sampled]
    middle = landmarks[len(landmarks) // 2]
    part = found.informative(frozenset({found.shingles[middle]}))
    left_out = set(range(len(found.shingles))) - set(part.positions.values())
    assert middle in left_out
    assert left_out == set(range(min(left_out), max(left_out) + 1))
    assert landmarks[len(landmarks) // 2 - 1] < min(left_out) <= max(left_out) < landmarks[len(landmarks) // 2 + 1]
    assert part.vocabulary >= {"word", "0", "399"}
    assert len(found.informative(frozenset()).positions) == len(found.shingles)


def test_empty_and_endless_texts_are_bounded() -> None:
    assert Fingerprint("", "").sampled == frozenset()
    assert len(Fingerprint("", "a " * MAX_CHARACTERS).words) <= MAX_CHARACTERS / 2


def test_what_was_read_before_is_read_alike_again(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["The U.S. film crew's 1,200 kg.", "Съёмки на МКС: 30 кг.", "俄罗斯女演员升空", "the us film crews"]
    first = [words(text) for text in texts]
    assert [words(text) for text in texts] == first
    normalise._folded.clear()
    monkeypatch.setattr(normalise, "KEPT", 3)
    assert [words(text) for text in texts] == first, "and when it had to be forgotten"
    assert len(normalise._folded) <= 3 + 1


@pytest.mark.parametrize("run", ["a", "1", "a.", "1,", "ж", "é", "中"])
def test_endless_words_are_cut(run: str) -> None:
    assert max(map(len, words(run * 20_000))) <= 2000


def test_names_and_numbers_are_what_stands_inside_sentences() -> None:
    found = Fingerprint(
        "", "Yesterday the agency Roscosmos sent Peresild up. On Tuesday 3,000 people watched in Moscow."
    )
    assert found.names == {"roscosmos", "peresild", "moscow"}
    assert found.numbers == {"3000"}


def test_a_heading_is_a_short_paragraph_without_a_full_stop() -> None:
    found = Fingerprint("", "Here is the day.\nFilm crew reaches station\nThe crew docked on Tuesday.\n" + "long " * 80)
    assert found.headings == (frozenset({"film", "crew", "reaches", "station"}),)


def test_lone_surrogates_do_no_harm() -> None:
    assert Fingerprint("\ud800", "broken \ud83d text from a broken page").text_hash >= 0
