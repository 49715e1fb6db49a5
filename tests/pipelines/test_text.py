import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text import clean_text, language_tag, plain_text, printable

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates and noncharacters included
NASTY = st.text(
    st.sampled_from("aé\u0301\u0316\u200b\u202e\ud800\x00\x1b\x85\u2028\r\n\t \u00a0\ufeff가ᄀ\u1161<>&;/#x1bpr\u0344")
)


class TestCleanText:
    def test_drops_what_cannot_be_seen(self):
        assert clean_text("The\u202e \u200bChal\u00adlenge\x00\x1b[31m\x9f") == "The Challenge[31m"

    def test_drops_lone_surrogates_and_keeps_emoji(self):
        assert clean_text("lift-off \ud83d 🚀👩\u200d🚀") == "lift-off 🚀👩\u200d🚀"

    def test_keeps_the_joiners_that_spell_words(self):
        assert clean_text("می\u200cخواهم") == "می\u200cخواهم"

    def test_composes(self):
        assert clean_text("Pe\u0301resild и\u0306") == "Péresild й"

    def test_collapses_spaces_of_all_kinds(self):
        assert clean_text("\u3000Yulia\u00a0 \t\r\n Peresild\u2003") == "Yulia Peresild"

    def test_keeps_one_newline_between_paragraphs(self):
        text = " First  paragraph. \r\n\r\n \x0b Second\u2028third \t line. \n"
        assert clean_text(text, keep_newlines=True) == "First paragraph.\nSecond\nthird line."

    def test_limit_leaves_no_trailing_space(self):
        assert clean_text("Soyuz MS-19 lifts off", limit=6) == "Soyuz"

    @pytest.mark.parametrize("marks", ["\u0300\u0316", "\u0344"])
    def test_long_runs_of_marks_are_cut(self, marks):
        cleaned = clean_text("a" + marks * 50_000 + "b")
        assert cleaned.startswith(unicodedata.normalize("NFC", "a" + marks[0])[0])
        assert cleaned.endswith("b")
        assert len(cleaned) < 40

    @given(st.one_of(ANY_TEXT, NASTY), st.one_of(st.none(), st.integers(0, 20)), st.booleans())
    def test_never_raises_is_idempotent_and_encodes(self, text, limit, keep_newlines):
        cleaned = clean_text(text, limit=limit, keep_newlines=keep_newlines)
        cleaned.encode("utf-8")
        assert clean_text(cleaned, limit=limit, keep_newlines=keep_newlines) == cleaned
        assert unicodedata.is_normalized("NFC", cleaned)
        assert cleaned == cleaned.strip()
        assert limit is None or len(cleaned) <= limit
        assert "\r" not in cleaned
        assert keep_newlines or "\n" not in cleaned


class TestPlainText:
    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("Film crew lifts off", "Film crew lifts off"),
            ("<p>Two weeks</p><p>in <b>or</b>bit</p>", "Two weeks in orbit"),
            ("actress<br/>surgeon", "actress surgeon"),
            ("Klim Shipenko &amp; Yulia Peresild", "Klim Shipenko & Yulia Peresild"),
            ("crew&#8217;s &quot;Vyzov&quot;", 'crew’s "Vyzov"'),
            ("the crew&amp;#8217;s return", "the crew’s return"),
            ("&lt;b&gt;Vyzov&lt;/b&gt; is shot", "Vyzov is shot"),
            ("5 < 6 & the rest <3", "5 < 6 & the rest <3"),
            ("AT&T and R&D", "AT&T and R&D"),
            ("<![CDATA[Film in orbit]]>", "Film in orbit"),
            ("<script>alert(1)</script>Trailer", "Trailer"),
            ("Trailer<style>p{}</style>", "Trailer"),
            ("&lt;script&gt;alert(1)&lt;/script&gt;Trailer", "Trailer"),
            ("Trailer <a href='https://news.example/x", "Trailer"),
            ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
            ("", ""),
        ],
    )
    def test_text_of_markup(self, html, text):
        assert plain_text(html) == text

    def test_one_unescape_where_one_is_enough(self):
        assert plain_text("How to write &amp;lt in a title") == "How to write &lt in a title"

    def test_deep_nesting_is_cut(self):
        assert plain_text("Vyzov " + "<div>" * 1_000_000) == "Vyzov"

    def test_limit(self):
        assert plain_text("<p>" + "word " * 5_000, limit=9) == "word word"

    @given(st.one_of(ANY_TEXT, NASTY))
    def test_never_raises_and_is_clean(self, html):
        text = plain_text(html)
        text.encode("utf-8")
        assert clean_text(text) == text

    @given(
        st.lists(st.sampled_from(["<", ">", "/", "p", "&lt;", "&gt;", "&amp;", "x", " ", "<!--", "-->"])).map("".join)
    )
    def test_no_script_survives_whatever_stands_before(self, html):
        text = plain_text(html + "<script>one</script>&lt;script&gt;two&lt;/script&gt;")
        assert "<script>one" not in text
        assert "<script>two" not in text


class TestLanguageTag:
    @pytest.mark.parametrize(
        ("value", "tag"),
        [
            ("en", "en"),
            (" en_GB ", "en-gb"),
            ("zh-Hant-TW", "zh-hant-tw"),
            ("English", ""),
            (None, ""),
            (7, ""),
            ("x" * 10**6, ""),
        ],
    )
    def test_tags(self, value, tag):
        assert language_tag(value) == tag


class TestPrintable:
    def test_one_line_without_escape_sequences(self):
        assert printable("title\nfake line \x1b[31m\u202e\ud800 é") == "title\\nfake line \\x1b[31m\\u202e\\ud800 é"

    @given(ANY_TEXT)
    def test_always_printable(self, text):
        assert printable(text).isprintable()
        printable(text).encode("utf-8")
