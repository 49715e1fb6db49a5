import pytest

from pipelines.topic.markup import MOST_TAGS, Markup, text_between


def text_at(page: str, word: str) -> bool:
    return Markup(page.encode()).is_text(page.encode().index(word.encode()) + 1)


@pytest.mark.parametrize(
    "page",
    [
        "orbit",
        "<p>in orbit</p>",
        '<meta name="description" content="in orbit">',
        '<script type="application/ld+json">{"headline": "orbit"}</script>',
        '<script nonce="' + "x" * 300 + '" type="application/LD+JSON">{"text": "<b>in orbit</b>"}</script>',
        "a < b, in orbit",
        "<script>x</script><p>orbit</p>",
        "<script>x</script>" + "words " * 1_000 + "orbit",
        "<script>never closed " + "words " * 1_000 + "orbit",
    ],
)
def test_what_readers_and_machines_are_told_is_text(page: str) -> None:
    assert text_at(page, "orbit")


@pytest.mark.parametrize(
    "page",
    [
        '<img alt="in orbit">',
        "<script>var title = 'orbit';</script>",
        "<SCRIPT>" + "var x = 1; " * 1_000 + "orbit</SCRIPT>",
        "<script>var page = '<p>in orbit</p>';</script>",
        "<style>" + ".a {} " * 1_000 + ".orbit {}</style>",
        "<style>'<script>' orbit</style>",
    ],
)
def test_attributes_scripts_and_styles_are_not(page: str) -> None:
    assert not text_at(page, "orbit")


def test_a_page_of_scripts_is_searched_within_bounds() -> None:
    page = Markup(b"<script></script>" * MOST_TAGS + b"<script>" + b"x" * 5_000 + b"orbit</script>")
    assert page.is_text(len(page.page) - 12)


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("<p>a</p><script>var film = 1;</script><p>b</p>", "<p>a</p></script><p>b</p>"),
        (
            '<script type="application/ld+json">{"a": 1}</script>',
            '<script type="application/ld+json">{"a": 1}</script>',
        ),
        ("<script>'<script>'</script><p>b</p><script>x</script>", "</script><p>b</p></script>"),
        ("<p>a</p><script>never closed", "<p>a</p><script>never closed"),
        ("<p>none</p>", "<p>none</p>"),
    ],
)
def test_scripts_and_styles_are_cut_and_nothing_else(page: str, kept: str) -> None:
    assert Markup(page.encode()).without_code() == kept.encode()


def test_a_piece_is_read_as_an_article_would_be() -> None:
    page = "<p class='a'>Shot&nbsp;in\n <b>órbita</b><script>no</script>\\nby &quot;Ana&quot;</p>".encode()
    assert text_between(page, 0, len(page)) == 'Shot in orbita by "Ana"'
