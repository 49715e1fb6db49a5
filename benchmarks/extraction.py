"""What does it cost to read a page, beside other extractors?

    python benchmarks/extraction.py                          100 pages of the made-up web (`world.py`)
    python benchmarks/extraction.py --pages FOLDER           a sample of 100 of the HTML files in a folder
    python benchmarks/extraction.py --pages FOLDER --limit 0 all of them (.html and .html.gz)

Every page is read by all extractors before the next one's turn, each time in another order, so that a busy machine
slows all of them alike. Measured is the CPU time of this process; the first page, which pays for imports and models, is
read once before. Extractors that are not installed are named and left out.
"""

import argparse
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import mean, median

from measuring import table
from world import Plan, World, html_files, read_html

OURS, TRAFILATURA = "pipelines.pages.read_page", "trafilatura.bare_extraction with metadata"
_URL = "https://outlet.example/news/1"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_SEED = 20211005

Extractor = Callable[[bytes], bool]
"""Reads a page; says whether it found a text."""


def main() -> None:
    """Reads all pages with all extractors and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, help="folder with HTML files (default: made-up pages)")
    parser.add_argument("--limit", type=int, default=100, help="pages at most, 0 for all (default 100)")
    options = parser.parse_args()
    pages = from_folder(options.pages, options.limit) if options.pages else made_up(options.limit or 1000)
    extractors, missing = installed()
    for read in extractors.values():
        read(pages[0])
    milliseconds: dict[str, list[float]] = {name: [] for name in extractors}
    texts = dict.fromkeys(extractors, 0)
    chance = random.Random(_SEED)
    for page in pages:
        for name in chance.sample(list(extractors), len(extractors)):
            started = time.process_time()
            texts[name] += extractors[name](page)
            milliseconds[name].append(1000 * (time.process_time() - started))
    report(pages, milliseconds, texts, missing)


def made_up(limit: int) -> list[bytes]:
    """Pages of the made-up web, those on topic first, since only such pages reach extraction in a crawl."""
    world = World(Plan())
    articles = sorted(world.articles, key=lambda article: article.kind != "on_topic")
    return [world.page(article, "http://127.0.1.1") for article in articles[:limit]]


def from_folder(folder: Path, limit: int) -> list[bytes]:
    """The HTML files of a folder, a random sample of them when there are more than `limit`."""
    files = html_files(folder)
    if 0 < limit < len(files):
        files = random.Random(_SEED).sample(files, limit)
    return [read_html(path) for path in files]


def installed() -> tuple[dict[str, Extractor], list[str]]:
    """The extractors that can be imported, and the names of the others."""
    makers: dict[str, Callable[[], Extractor]] = {
        OURS: read_page,
        TRAFILATURA: partial(bare_extraction, with_metadata=True),
        "trafilatura.bare_extraction, text only": partial(bare_extraction, with_metadata=False),
        "newspaper4k": newspaper,
        "readability": readability,
        "jusText": justext,
    }
    found, missing = {}, []
    for name, make in makers.items():
        try:
            found[name] = make()
        except ImportError:
            missing.append(name)
    return found, missing


def read_page() -> Extractor:
    """Ours: text, title, authors, language, date with its evidence."""
    from pipelines.pages import read_page as read

    return lambda body: read(body, _URL, now=_NOW) is not None


def bare_extraction(*, with_metadata: bool) -> Extractor:
    """trafilatura as its documentation shows it."""
    from trafilatura import bare_extraction as extract

    return lambda body: extract(body, url=_URL, with_metadata=with_metadata) is not None


def newspaper() -> Extractor:
    """newspaper4k, which extracts text, title, authors and date."""
    import newspaper as newspaper4k  # type: ignore[import-not-found]

    def read(body: bytes) -> bool:
        try:
            article = newspaper4k.article(_URL, input_html=body.decode("utf-8", "replace"), language="en")
        except newspaper4k.ArticleException:
            return False
        return bool(article.text)

    return read


def readability() -> Extractor:
    """readability-lxml, which extracts text and title."""
    from readability import Document  # type: ignore[import-not-found]
    from readability.readability import Unparseable  # type: ignore[import-not-found]

    def read(body: bytes) -> bool:
        try:
            return bool(Document(body.decode("utf-8", "replace"), url=_URL).summary())
        except Unparseable:
            return False

    return read


def justext() -> Extractor:
    """jusText, which extracts the text."""
    import justext as library  # type: ignore[import-untyped]
    from lxml.etree import ParserError

    words = library.get_stoplist("English")

    def read(body: bytes) -> bool:
        try:
            return any(not paragraph.is_boilerplate for paragraph in library.justext(body, words))
        except ParserError:
            return False

    return read


def report(pages: list[bytes], milliseconds: dict[str, list[float]], texts: dict[str, int], missing: list[str]) -> None:
    """Prints the costs."""
    sizes = [len(page) / 1000 for page in pages]
    print(f"\n{len(pages)} pages, mean {mean(sizes):.0f} kB, median {median(sizes):.0f} kB; CPU ms a page\n")
    usual = milliseconds[TRAFILATURA]
    rows = [
        [name, f"{mean(times):.1f}", f"{median(times):.1f}", f"{sorted(times)[len(times) * 95 // 100]:.1f}",
         f"{max(times):.0f}", f"{ratio(mean(times), mean(usual)):.2f}", f"{median(map(ratio, times, usual)):.2f}",
         texts[name]]
        for name, times in milliseconds.items()
    ]  # fmt: skip
    table(
        ["extractor", "mean", "median", "p95", "max", "times trafilatura", "median of the ratios", "texts found"], rows
    )
    if missing:
        print(f"Not installed, and so not compared: {', '.join(missing)}.")


def ratio(one: float, other: float) -> float:
    """How many times `other`."""
    return one / other if other else 1.0


if __name__ == "__main__":
    main()
