"""What became of the records of WARC files: each is counted once, with its reason."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(slots=True)
class OutletTally:
    """The pages of one outlet: pages = off_topic + sum(dropped) + those that became drafts."""

    pages: int = 0
    off_topic: int = 0
    dropped: dict[str, int] = field(default_factory=dict)

    def drop(self, reason: str) -> None:
        """A page cannot be used."""
        self.dropped[reason] = self.dropped.get(reason, 0) + 1

    def add(self, other: "OutletTally") -> None:
        """Takes over the counts of another part, or another file."""
        self.pages += other.pages
        self.off_topic += other.off_topic
        for reason, count in other.dropped.items():
            self.dropped[reason] = self.dropped.get(reason, 0) + count


@dataclass(slots=True)
class WarcTally:
    """The counts of a part of a file, of a file, or of many.

    Attributes:
        records: all that were met, whatever they are.
        page_bytes: of the bodies of pages, codings undone.
        truncated: pages that the archive itself cut short; what there is of them is read.
        passed: pages that went through the gate and to extraction.
        skipped: records that are no page asked for, by reason: another type ("request", "warcinfo", ...), "no_address",
            "bad_date", "other_day", "other_source", "too_large", "not_http", "status", "not_html"; and places where the
            file itself is broken ("damaged") or was not read to its end ("unread").
        outlets: the pages, by source.
    """

    records: int = 0
    page_bytes: int = 0
    truncated: int = 0
    passed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    outlets: dict[str, OutletTally] = field(default_factory=dict)

    def of(self, source: str) -> OutletTally:
        """The counts of an outlet, made at first mention."""
        found = self.outlets.get(source)
        if found is None:
            found = self.outlets[source] = OutletTally()
        return found

    @property
    def pages(self) -> int:
        """Pages of all outlets."""
        return sum(outlet.pages for outlet in self.outlets.values())

    def add(self, other: "WarcTally") -> None:
        """Takes over the counts of another part, or another file."""
        self.records += other.records
        self.page_bytes += other.page_bytes
        self.truncated += other.truncated
        self.passed += other.passed
        self.skipped.update(other.skipped)
        for source, counts in other.outlets.items():
            self.of(source).add(counts)

    def clear(self) -> None:
        """Begins to count from nothing."""
        self.records = self.page_bytes = self.truncated = self.passed = 0
        self.skipped.clear()
        self.outlets.clear()

    def to_json(self) -> dict[str, Any]:
        """All counts, ready for JSON; equal counts give equal text."""
        values = asdict(self)
        values["skipped"] = dict(sorted(self.skipped.items()))
        values["outlets"] = {source: asdict(self.outlets[source]) for source in sorted(self.outlets)}
        for outlet in values["outlets"].values():
            outlet["dropped"] = dict(sorted(outlet["dropped"].items()))
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        outlets = {source: OutletTally(**counts) for source, counts in values["outlets"].items()}
        return cls(**{**values, "skipped": Counter(values["skipped"]), "outlets": outlets})
