"""How verbs print: tables by rich for people, JSON for programs, and no colour where none is wanted."""

import codecs
import errno
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.text import printable

#: Characters a line when stdout is no terminal: more than any row has, so that a pipe gets whole ones.
_PIPE_WIDTH = 100_000


class _Console(Console):
    """Prints what it is given as it stands: in names and paths, brackets are no markup."""

    def __init__(self, width: int | None = None) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, width=width)

    def on_broken_pipe(self) -> None:
        """Leaves it to the command line, which knows the exit code."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def console() -> Console:
    """A console on stdout; rich honours NO_COLOR and leaves out colour where stdout is no terminal."""
    found = _Console()
    return found if found.is_terminal else _Console(_PIPE_WIDTH)


def cell(value: Any) -> Text:
    """A table cell that cannot be misread as markup or move the cursor."""
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT are not equal to themselves
        return Text("")
    if isinstance(value, float):
        return Text(f"{value:.2f}")
    return Text(printable(str(value)))


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    right: Sequence[str] = (),
    wrap: Sequence[str] = (),
) -> Table:
    """A table; the columns named in `right` are right-aligned, those in `wrap` may take several lines.

    Where the terminal is too narrow for the others, too, all give way together, so `wrap` is for whatever is long:
    sentences, lists, and addresses, which are broken anywhere rather than cut.
    """
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    for name in columns:
        made.add_column(
            name,
            justify="right" if name in right else "left",
            no_wrap=name not in wrap,
            overflow="fold" if name in wrap else "ellipsis",
        )
    for row in rows:
        made.add_row(*(cell(value) for value in row))
    return made


def counted(counts: Mapping[str, int]) -> str:
    """Counts by reason, in a cell: "no_text 2, soft_404 1"."""
    return ", ".join(f"{reason} {count:,}" for reason, count in sorted(counts.items()))


def print_json(value: Any) -> None:
    """One JSON document; days and instants in ISO form. Where stdout is not in UTF-8, in ASCII."""
    ascii_only = codecs.lookup(getattr(sys.stdout, "encoding", None) or "ascii").name != "utf-8"
    click.echo(json.dumps(value, ensure_ascii=ascii_only, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if hasattr(value, "tolist"):  # numpy scalars and arrays
        return value.tolist()
    return str(value)
