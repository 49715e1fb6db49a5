from pipelines.repeats import RepeatedTexts

WALL = "Latest: film crew reaches the station. Choose a plan to go on reading. Visit {n}f3ab."


def test_one_text_under_three_addresses_is_a_wall() -> None:
    texts = RepeatedTexts()
    for n, headline in enumerate(("Film crew docks", "Premiere moved", "Hatch opens")):
        assert not texts.is_repeated("tribune", WALL.format(n=n))
        texts.note("tribune", WALL.format(n=n), key=f"tribune/{n}", headline=headline)
    assert texts.is_repeated("tribune", WALL.format(n=7))
    assert not texts.is_repeated("gazette", WALL.format(n=7)), "another outlet may print the same"
    assert not texts.is_repeated("tribune", "Film crew docks")


def test_one_article_in_three_sections_is_not() -> None:
    texts = RepeatedTexts()
    for section in ("space", "film", "world"):
        texts.note("tribune", WALL, key=f"tribune/{section}/docks", headline="Film crew docks")
    assert not texts.is_repeated("tribune", WALL)


def test_the_same_address_counts_once() -> None:
    texts = RepeatedTexts()
    for headline in ("Film crew docks", "Film crew has docked", "Film crew aboard"):
        texts.note("tribune", WALL, key="tribune/docks", headline=headline)
    assert not texts.is_repeated("tribune", WALL)


def test_without_headlines_addresses_decide() -> None:
    texts = RepeatedTexts()
    for n in range(3):
        texts.note("tribune", WALL, key=f"tribune/{n}", headline="")
    assert texts.is_repeated("tribune", WALL)
