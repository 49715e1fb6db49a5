import pytest
from lxml import etree

from pipelines.safe_xml import SAFE_XML, with_sound_references


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Tom & Jerry: Q&A", "Tom & Jerry: Q&A"),
        ("?id=5&lang=en&copy=1", "?id=5&lang=en&copy=1"),
        ("caf&eacute;&nbsp;&amp; bar", "café\xa0& bar"),
        ("&lt;b&gt; &quot;&apos; &#233; &#xE9;", "<b> \"' é é"),
        ("crew &unknown; &#; &#x; &;", "crew &unknown; &#; &#x; &;"),
        ("up &#xD83D;&#xDE80; there", "up  there"),
        ("<![CDATA[R&D, caf&eacute; & ]]>&", "R&D, caf&eacute; & &"),
        ("<![CDATA[one]]> & <![CDATA[two &amp;]]>", "one & two &amp;"),
    ],
)
def test_what_xml_does_not_know_stands_for_itself(written: str, read: str) -> None:
    body = with_sound_references(f"<t>{written}</t>".encode())
    assert etree.fromstring(body, etree.XMLParser(**SAFE_XML)).text == read
    assert etree.fromstring(body, etree.XMLParser()).text == read, "nothing to recover from"


def test_sound_documents_and_those_in_wider_characters_stay_as_they_are() -> None:
    sound = "<t>a &amp; b &#8217; <![CDATA[&]]></t>"
    for body in (sound.encode(), "<t>a & b</t>".encode("utf-16"), "<t>Ａ＆Ｂ電影</t>".encode("iso2022_jp")):
        assert with_sound_references(body) == body


def test_a_section_that_never_ends_is_left_alone() -> None:
    body = b"<t><![CDATA[" * 20_000 + b"& &"
    assert with_sound_references(body) == body
