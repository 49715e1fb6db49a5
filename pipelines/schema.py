"""The one truth about the tables: every column's name, Arrow type, nullability and meaning.

Written into every file's metadata, from which an analyst can read it back (`pyarrow.parquet.read_schema(path)`), and
into `docs/data-dictionary.md`, which a test keeps equal. A schema is never inferred: a folder read in pandas takes the
schema of its first file, so a column that some file lacks would vanish silently, and a column of nothing but nulls
would break the whole read.

A new or changed column raises `SCHEMA_VERSION` and needs a migration; readers of another version are told to run
`orbitwatch migrate`.
"""

from dataclasses import dataclass

import pyarrow as pa

from pipelines.model import SCHEMA_VERSION

_TEXT = pa.string()
_TEXTS = pa.list_(pa.string())
_DAY = pa.date32()
_INSTANT = pa.timestamp("us", tz="UTC")
_SHARE = pa.float32()
_COUNT = pa.int32()
_COUNTS = pa.map_(pa.string(), pa.int32())


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type, meaning, and whether a row may leave it empty."""

    name: str
    type: pa.DataType
    description: str
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: a folder of Parquet files below the data directory.

    Attributes:
        name: the folder's name.
        description: what a row is.
        columns: in the order in which they are stored.
        key: columns that together identify a row.
        month_of: the column whose month decides the file a row lives in.
        sorted_by: columns by which each file is sorted.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    month_of: str
    sorted_by: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, with the descriptions and the schema version in its metadata."""
        fields = [
            pa.field(c.name, c.type, nullable=c.nullable, metadata={"description": c.description}) for c in self.columns
        ]
        return pa.schema(
            fields,
            metadata={"schema_version": str(SCHEMA_VERSION), "table": self.name, "description": self.description},
        )


ARTICLES = Table(
    "articles",
    "The truth: one row per version of an article that is about filming in orbit.",
    (
        Column(
            "article_id",
            _TEXT,
            "Identity of this version: derived from the match key of its address and the hash of its text.",
        ),
        Column("story_id", _TEXT, "The story it belongs to; never changes once given."),
        Column("role", _TEXT, "original, copy, excerpt or update, with respect to the article it was matched with."),
        Column(
            "matched_article_id",
            _TEXT,
            "The earlier article it was matched with; empty for an original.",
            nullable=True,
        ),
        Column("similarity", _SHARE, "Share of the shorter text found in the longer one, 0 to 1; 1 for an original."),
        Column("revision", pa.int16(), "0 for the first version seen at its address, then 1, 2, ..."),
        Column("url", _TEXT, "The address that answered, safe to request."),
        Column("canonical_url", _TEXT, "The address the page gives for itself, where that can be believed; else url."),
        Column("source", _TEXT, "Id of the outlet in sources.toml."),
        Column("domain", _TEXT, "Registered domain of the address, for example theguardian.com."),
        Column("title", _TEXT, "Headline, without the outlet's name."),
        Column("summary", _TEXT, "The page's or the feed's own description; may be empty."),
        Column("text", _TEXT, "Clean body text, paragraphs separated by a newline."),
        Column("authors", _TEXTS, "Persons named as authors, as printed."),
        Column("language", _TEXT, "Primary language tag, for example en, ru or zh."),
        Column(
            "date",
            _DAY,
            "Day of publication as the outlet printed it, in its own zone; day of first sight when it printed none.",
        ),
        Column(
            "published_at",
            _INSTANT,
            "Instant of publication in UTC; midnight of date when only the day is known.",
            nullable=True,
        ),
        Column("date_precision", _TEXT, "minute, day or none: how exactly the date is known."),
        Column(
            "date_source",
            _TEXT,
            "What the date was read from: jsonld, meta, time, feed, sitemap, url, htmldate or first_seen.",
        ),
        Column("date_conflict", pa.bool_(), "True when trustworthy pieces of evidence differ by more than a day."),
        Column(
            "projects",
            _TEXTS,
            "Ids of the film projects it is about, the main one first; unlisted for one that projects.toml lacks.",
        ),
        Column("relevance", _SHARE, "Estimated probability that it is about filming in orbit, 0 to 1."),
        Column("matched_terms", _TEXTS, "The words of the text that decided."),
        Column("word_count", _COUNT, "Words of the text; characters for scripts written without spaces."),
        Column("paywalled", pa.bool_(), "True when the page says or shows that the text is not all there."),
        Column("discovered_via", _TEXT, "feed, news_sitemap, sitemap, wayback, gdelt, ccnews or url."),
        Column("first_seen_at", _INSTANT, "When its address was first fetched."),
        Column("fetched_at", _INSTANT, "When this version was fetched."),
        Column("content_hash", _TEXT, "Hash of title and text; equal hashes are equal contents."),
        Column("run_id", _TEXT, "The run that stored it."),
        Column("extractor", _TEXT, "Name and version of what produced the text."),
        Column("rules_version", _TEXT, "Version of projects.toml and of the rules that judged it."),
    ),
    key=("article_id",),
    month_of="date",
    sorted_by=("date", "published_at", "article_id"),
)

STORIES = Table(
    "stories",
    "Derived from the articles: one row per story; the earliest known article speaks for it.",
    (
        Column("story_id", _TEXT, "Never changes once given, and survives a rebuild."),
        Column("date", _DAY, "Day of publication of the earliest article, in its outlet's zone."),
        Column("published_at", _INSTANT, "Instant of the earliest article, in UTC.", nullable=True),
        Column("date_precision", _TEXT, "minute, day or none."),
        Column("date_source", _TEXT, "What the date was read from."),
        Column("source", _TEXT, "Id of the outlet that had it first."),
        Column("domain", _TEXT, "Registered domain of that outlet."),
        Column("url", _TEXT, "Canonical address of the earliest article."),
        Column("title", _TEXT, "Its headline."),
        Column("summary", _TEXT, "Its summary; may be empty."),
        Column("text", _TEXT, "Its text."),
        Column("authors", _TEXTS, "Its authors."),
        Column("language", _TEXT, "Its language."),
        Column("projects", _TEXTS, "Film projects of the story: those of its articles, the earliest article's first."),
        Column("relevance", _SHARE, "Highest relevance among its articles."),
        Column("matched_terms", _TEXTS, "The earliest article's matched terms."),
        Column("word_count", _COUNT, "Words of its text."),
        Column("articles", _COUNT, "Articles of the story, versions of one address counted once."),
        Column("sources", _COUNT, "Outlets that carried it."),
        Column("languages", _COUNT, "Languages in which it appeared."),
        Column("last_published_at", _INSTANT, "Instant of its latest article.", nullable=True),
        Column("first_seen_at", _INSTANT, "When any of its articles was first fetched."),
    ),
    key=("story_id",),
    month_of="date",
    sorted_by=("date", "published_at", "story_id"),
)

MILESTONES = Table(
    "milestones",
    "What articles claim: one row per fact that a sentence says happened, or will happen, to a film project.",
    (
        Column("claim_id", _TEXT, "Identity of the claim: derived from its article, project, kind, date and sentence."),
        Column("story_id", _TEXT, "The story of its article."),
        Column("article_id", _TEXT, "The article it stands in."),
        Column("project", _TEXT, "Id of the film project."),
        Column(
            "milestone",
            _TEXT,
            "announced, casting, crew, training, launch, docking, filming, return, trailer, premiere, release, ...",
        ),
        Column("status", _TEXT, "planned, happened, delayed, cancelled or denied."),
        Column(
            "claimed_date", _DAY, "The day claimed; first of the month or year where only that is given.", nullable=True
        ),
        Column("claimed_precision", _TEXT, "day, month, year or none."),
        Column("as_written", _TEXT, "The words of the date; may be empty."),
        Column("sentence", _TEXT, "The evidence."),
        Column("source", _TEXT, "Id of the outlet."),
        Column("published", _DAY, "Day of publication of the article."),
        Column("confidence", _SHARE, "0 to 1."),
        Column("rules_version", _TEXT, "Version of the rules that read it."),
    ),
    key=("claim_id",),
    month_of="published",
    sorted_by=("published", "claim_id"),
)

EVENTS = Table(
    "events",
    "Derived: which stories are about one event, across languages and wordings.",
    (
        Column("event_id", _TEXT, "Identity of the event: the id of its earliest story."),
        Column("story_id", _TEXT, "A story about it."),
        Column("date", _DAY, "Day of the story."),
        Column("confidence", _SHARE, "0 to 1."),
        Column("why", _TEXT, "What the stories share, in words."),
    ),
    key=("story_id",),
    month_of="date",
    sorted_by=("date", "event_id", "story_id"),
)

RUNS = Table(
    "runs",
    "What each run did for each source it visited. Every answered page has exactly one fate.",
    (
        Column("run_id", _TEXT, "The run."),
        Column("started_at", _INSTANT, "When the run began."),
        Column("finished_at", _INSTANT, "When its work for this source was done.", nullable=True),
        Column("source", _TEXT, "Id of the outlet in sources.toml."),
        Column(
            "outcome",
            _TEXT,
            "ok, partial (some of its feeds gave no answer), failed (none did), or backfill (none was asked).",
        ),
        Column("http_status", _COUNT, "Status of the last answer of its feeds.", nullable=True),
        Column("requests", _COUNT, "Requests sent, robots.txt apart."),
        Column("not_modified", _COUNT, "Feeds that answered 304 or an unchanged body."),
        Column("entries", _COUNT, "Entries in its feeds."),
        Column("new_urls", _COUNT, "Entries not seen before, or changed since."),
        Column("pages", _COUNT, "Article pages answered: stored + duplicates + off_topic + all dropped."),
        Column("off_topic", _COUNT, "Pages that the gate or the assessment turned away."),
        Column("stored", _COUNT, "Articles stored, copies and updates included."),
        Column("duplicates", _COUNT, "Pages whose very content was stored before."),
        Column("dropped", _COUNTS, "Pages dropped, by reason."),
        Column("failed", _COUNTS, "Requests that failed, by reason."),
        Column("bytes", pa.int64(), "Bytes of the answers, decompressed."),
        Column("cpu_seconds", pa.float32(), "CPU seconds of the whole run, shared out by pages."),
        Column("next_due_at", _INSTANT, "When the source is due again.", nullable=True),
    ),
    key=("run_id", "source"),
    month_of="started_at",
    sorted_by=("started_at", "source"),
)

TABLES: dict[str, Table] = {table.name: table for table in (ARTICLES, STORIES, MILESTONES, EVENTS, RUNS)}


def data_dictionary() -> str:
    """The columns of all tables as Markdown, for `docs/data-dictionary.md`."""
    lines = [
        "# Data dictionary",
        "",
        f"Schema version {SCHEMA_VERSION}. Made by `make docs` from `pipelines/schema.py`.",
        "",
        "Readers of a whole folder, such as `pandas.read_parquet`, add the column `year`, which stands in the names of",
        "the folders (`year=2021`) and not in the files: the year of the day by which a table is filed. `load_stories`",
        "and its like leave it out, since that day tells it.",
    ]
    for table in TABLES.values():
        lines += [
            "",
            f"## {table.name}",
            "",
            table.description,
            "",
            f"Key: {', '.join(table.key)}. Files by `{table.month_of}`, sorted by {', '.join(table.sorted_by)}.",
            "",
            "| column | type | may be empty | meaning |",
            "| --- | --- | --- | --- |",
        ]
        lines += [f"| {c.name} | {c.type} | {'yes' if c.nullable else ''} | {c.description} |" for c in table.columns]
    return "\n".join(lines) + "\n"
