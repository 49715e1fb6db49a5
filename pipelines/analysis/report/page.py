"""Pages as strings: the report from its `Contents`, and a `Digest`."""

import hashlib
from base64 import b64encode
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
import pandas as pd
from markupsafe import Markup

from pipelines.analysis.days import written
from pipelines.analysis.digest import Digest
from pipelines.analysis.frames import records
from pipelines.analysis.report.contents import LANES, Contents
from pipelines.text import clean_text

_HERE = Path(__file__).parent

#: Projects with a colour of their own in the chart of coverage, and plans with a line in the chart of drift: as many as
#: eyes tell apart. The others are grey together, or only in the table.
SERIES = 5

#: Letters of a headline; longer ones are somebody's mistake or mischief.
_TITLE = 300


def environment() -> jinja2.Environment:
    """Jinja2 for pages that show what strangers wrote: all is cleaned and escaped, and a missing value is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"link": http_link, "said": said, "day": day, "stamp": stamp}
    made.globals["written"] = written
    return made


def _clean(value: object) -> object:
    """Text without controls and without marks that turn the line around; anything else as it is."""
    return clean_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def http_link(url: object) -> str:
    """The address if a reader may be sent there, "" otherwise (javascript:, data:, file:, no host)."""
    text = str(url or "")
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and text.isprintable()
    except ValueError:
        return ""
    return text if usable else ""


def said(text: object) -> str:
    """A stranger's words, cut to a length that a line can bear."""
    return clean_text(str(text or ""), limit=_TITLE)


def day(value: date | None, precision: str | None = "day") -> str:
    """A date in words, "" for none."""
    return written(value, precision or "day") if isinstance(value, date) and not pd.isna(value) else ""


def stamp(value: datetime | None) -> str:
    """An instant to the minute in UTC, "" for none."""
    return "" if value is None or pd.isna(value) else f"{value:%Y-%m-%d %H:%M}"


def render_page(contents: Contents) -> str:
    """The report.

    Returns:
        A whole HTML document. It runs no script and asks for nothing: style sheet and charts are inside, and its
        Content-Security-Policy allows only that very style sheet. Links lead to http and https only.
    """
    style = (_HERE / "report.css").read_text(encoding="utf-8")
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            c=contents,
            style=Markup(style),  # noqa: S704 - our own file
            style_hash=f"sha256-{digest}",
            charts=_charts(contents),
            rows=records,
        )
    )


def render_digest(found: Digest) -> str:
    """A digest as an HTML document: no style, no script, links to http and https only."""
    return environment().get_template("digest.html.j2").render(d=found)


def render_digest_body(found: Digest) -> str:
    """The same without head and body tags, for what goes into the HTML of a mail or a chat."""
    return environment().get_template("digest_body.html.j2").render(d=found)


def _charts(contents: Contents) -> dict[str, object]:
    """Each chart as (wide, narrow) drawings, with the names of its colours; None where there is nothing to draw."""
    from pipelines.analysis.report import drawings  # noqa: PLC0415 - an empty report needs no Altair

    return {
        "race": drawings.race(contents, LANES),
        "coverage": drawings.coverage(contents, SERIES),
        "drift": drawings.drift(contents, SERIES),
    }
