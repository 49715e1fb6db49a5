"""Which articles of a list come first, so that a budget cuts the rest."""

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.model import Entry
    from pipelines.topic import Judge


def is_promising(entry: "Entry", judge: "Judge") -> bool:
    """Whether headline and summary would pass the gate as a page."""
    page = f"<title>{html.escape(entry.title)}</title><p>{html.escape(entry.summary)}</p>"
    return judge.may_be_relevant(page.encode("utf-8", "replace"), charset="utf-8")
