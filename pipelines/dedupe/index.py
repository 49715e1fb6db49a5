"""The stories so far."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipelines.dedupe.document import Document, match_of
from pipelines.dedupe.fingerprint import Fingerprint, number_of
from pipelines.dedupe.placement import Placement
from pipelines.dedupe.recent import Recent
from pipelines.dedupe.storage import MEMORY, IndexFile, faults_told
from pipelines.model import Match

WINDOW_DAYS = 35
"""Days between two articles of one story, at most, unless they share an address or all their words. Copies
come within days; five weeks also catch the monthly magazine. The work of a run grows with the window."""

KEEP_DAYS: int | None = None
"""Days before the newest article for which shingles are kept; None keeps all. A look-up reads three periods whatever
the history, so forgetting buys disk (half of the index) and no time; it costs that a backfill of older years finds
no copies there, other than by address and by equal words. Only who never looks back can spare it."""

CHUNK = 10_000
"""Sampled shingles of the documents whose postings are read and written together: some 250 documents. It bounds what is
held in memory, and a run's 200 articles are one chunk."""


class StoryIndex:
    """Gives each article its story, and remembers.

    A document is compared with those of the days around its own date, so that history can be read in any
    order. It joins the story of the article that it resembles most, or starts one. Stories are never merged,
    and an id once given stays, also when the original turns up after its copies.

    The index is a cache. All that matters stands in the articles: `replay` makes the index again from them,
    in any order, and it then gives later documents the same stories. One process writes at a time.

    Args:
        path: an SQLite file, made with its folder when it is missing; ":memory:" for an index that is not
            kept. A file that is damaged, or was written by other rules, is emptied.
        window_days: see `WINDOW_DAYS`.
        keep_days: see `KEEP_DAYS`.

    Raises:
        StoryIndexError: an OSError, if the file cannot be read or written, or another process is writing to it; all
            methods may raise it.
    """

    def __init__(self, path: Path | str, *, window_days: int = WINDOW_DAYS, keep_days: int | None = KEEP_DAYS) -> None:
        self._path = str(path)
        self._window_days = window_days
        self._keep_days = keep_days
        self._recent = Recent()
        if self._path != MEMORY:
            Path(self._path).parent.mkdir(parents=True, exist_ok=True)
        self._open()

    def _open(self) -> None:
        with faults_told(self._path):
            self._file = IndexFile(self._path, self._window_days, self._keep_days)
        self._placement = Placement(self._file, self._recent, self._window_days)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        """Articles in the index. Fewer than the articles table has rows: some must be replayed."""
        with faults_told(self._path):
            return self._file.count()

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def reopen(self) -> None:
        """Closes the file and opens it again; an index in memory stays as it is."""
        if self._path != MEMORY:
            self.close()
            self._recent.clear()
            self._open()

    def has(self, article_id: str) -> bool:
        """Whether this article has been placed or replayed."""
        with faults_told(self._path):
            return self._file.article(number_of(article_id)) is not None

    def shows(self, values: Mapping[str, Any]) -> bool:
        """Whether a document's address has shown its very headline and text, under whatever id.

        Args:
            values: as `place` takes them.

        Raises:
            ValueError: if it has no id or no date.
        """
        document = Document.read(values)
        with faults_told(self._path):
            versions = self._file.at_address(document.address)
            if not versions:
                return False
            new = Fingerprint(document.title, document.text)
            if len(new.text) < len(document.text):
                return False  # it is not compared to its end
            same = (version for version in versions if version.text_hash == new.text_hash)
            return any(self._file.document(version.number) == (new.title, new.text) for version in same)

    def missing(self, article_ids: Iterable[str]) -> list[str]:
        """Those of these articles that the index does not know, in their order: what to `replay`."""
        return [article_id for article_id in article_ids if not self.has(article_id)]

    def add(self, batch: Sequence[Mapping[str, Any]]) -> list[str]:
        """`place`, the story ids alone."""
        return [match.story_id for match in self.place(batch)]

    def place(self, batch: Sequence[Mapping[str, Any]]) -> list[Match]:
        """Gives each document its story and remembers it, all in one transaction.

        Args:
            batch: documents with `id` (or `article_id`), `title`, `text`, `url` (or `canonical_url`) and `date` (ISO
                text, a date or a datetime); where the caller has them, also `match_key` for the address and
                `published`, an instant as ISO text in UTC. They are placed by instant or date, and then by id, not in
                the order of the batch. A document whose id is known gets the answer that it got before.

        Returns:
            One match for each document, in the order of the batch. The role is "update" where the address
            showed another text before, and the revision counts these; "excerpt" for a copy that is much
            shorter.

        Raises:
            ValueError: if a document has no id or no date; nothing is then remembered.
        """
        with self.placing(batch) as matches:
            return matches

    @contextmanager
    def placing(self, batch: Sequence[Mapping[str, Any]]) -> Iterator[list[Match]]:
        """`place`, remembered only when the block ends without an exception.

        For a caller that must bring articles to safety before the index may know them: if writing them fails,
        or the power does, the index has not seen them either, and they are new when they come again.
        """
        documents = [Document.read(values) for values in batch]
        order = sorted(range(len(documents)), key=lambda index: (documents[index].moment, documents[index].article_id))
        with self._transaction():
            # To its end: the last step of taking in is to write the postings.
            matches = list(self._take_in((documents[index], None) for index in order))
            placed = dict(zip(order, matches, strict=True))
            yield [placed[index] for index in range(len(documents))]

    def replay(self, articles: Iterable[Mapping[str, Any]]) -> int:
        """Takes in articles that have their story already. Their ids and roles are kept.

        Args:
            articles: rows of the articles table, in any order: `article_id`, `story_id`, `role`,
                `matched_article_id`, `similarity`, `revision`, `title`, `text`, `date`, and the address as `place`
                had it.

        Returns:
            How many were new to the index. They are taken in one transaction.

        Raises:
            ValueError: if an article lacks its id, story or date; nothing is then remembered.
        """
        with self._transaction():
            before = len(self)
            for _ in self._take_in((Document.read(row), match_of(row)) for row in articles):
                pass
            return len(self) - before

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with faults_told(self._path):
            self._file.begin()
            try:
                yield
                self._file.commit()
            except BaseException:
                self._file.roll_back()
                self._recent.clear()
                raise

    def _take_in(self, documents: Iterable[tuple[Document, Match | None]]) -> Iterator[Match]:
        """Remembers documents, each with the match that it has or else is given; one that is known keeps its own."""
        for chunk in _chunks(documents):
            self._file.postings.read((new.sampled, document.day) for document, _, new in chunk)
            for document, match, new in chunk:
                known = self._file.article(document.number)
                yield self._placement.place(document, new, match) if known is None else known.match
            self._file.postings.write()


def _chunks(
    documents: Iterable[tuple[Document, Match | None]],
) -> Iterator[list[tuple[Document, Match | None, Fingerprint]]]:
    """Documents with their fingerprints, as many at a time as make up `CHUNK` sampled shingles."""
    chunk, shingles = [], 0
    for document, match in documents:
        fingerprint = Fingerprint(document.title, document.text)
        chunk.append((document, match, fingerprint))
        shingles += len(fingerprint.sampled)
        if shingles >= CHUNK:
            yield chunk
            chunk, shingles = [], 0
    if chunk:
        yield chunk
