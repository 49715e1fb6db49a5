"""The race at a glance: a lane per project, the record above and the claims of the press below."""

from datetime import date, timedelta
from itertools import accumulate
from unicodedata import east_asian_width

import altair as alt
import pandas as pd

from pipelines.analysis.days import written
from pipelines.analysis.frames import rows
from pipelines.analysis.report.charting import GRID, INK, SOFT, Picture, colours, finish, plain

#: What a kind of milestone is about, which decides its colour and shape.
GROUPS = {
    "preparation": ("announced", "casting", "crew", "training", "partner", "financing", "statement"),
    "flight": ("launch", "studio_launch", "docking", "filming", "return", "separation"),
    "screen": ("trailer", "premiere", "release", "box_office"),
    "trouble": ("delay", "cancellation"),
}
_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}

#: One per group; also drawn by the page's legend. Told apart without colour too.
SHAPES = {
    "preparation": "circle",
    "flight": "triangle-up",
    "screen": "square",
    "trouble": "M-.6,-.9L0,-.3L.6,-.9L.9,-.6L.3,0L.9,.6L.6,.9L0,.3L-.6,.9L-.9,.6L-.3,0L-.9,-.6Z",
}

#: Kinds that are named beside their mark, most telling first. The others are told by colour, shape and the table.
_NAMED = ("cancellation", "release", "launch", "studio_launch", "return", "premiere", "announced", "separation", "crew")
_WORDS = {"studio_launch": "studio launch", "cancellation": "dropped", "release": "released"}

_TROUBLE = ("cancelled", "delayed", "denied")

#: Outlets from which on a mark grows no more.
_MANY = 8

#: Room to the right of the last mark.
_MARGIN = timedelta(days=45)

_LANE = 68  # pixels of a lane: its name, a line of labels, the record, the press
_LETTER, _BOLD = 6.0, 7.4  # pixels a letter of the labels and of the lanes' names takes, with room to spare


def race_chart(
    marks: pd.DataFrame, lanes: list[tuple[str, str, str]], window: tuple[date, date], today: date, width: int
) -> Picture:
    """A lane per project on one time axis: the record above, the claims of the press below.

    Args:
        marks: as `Contents.marks`.
        lanes: id, name and state of each project, in order.
        window: first and last day that the axis must show; plans may lie beyond.
        today: drawn as a line.
        width: pixels of the drawing.
    """
    order = [project for project, _, _ in lanes]
    shown = marks[marks["project"].isin(order)]
    shown = shown.assign(
        group=shown["milestone"].map(_GROUP_OF).fillna("preparation").where(~shown["status"].isin(_TROUBLE), "trouble"),
        done=shown["status"] != "planned",
        outlets=shown["sources"].clip(upper=_MANY),
    )
    first, last = window[0], max([window[1], *(day + _MARGIN for day in shown["day"])])
    years = alt.Axis(format="%Y", tickCount="year", title=None, orient="top", grid=True, domain=False, ticks=False)
    time = alt.Scale(domain=[first.isoformat(), last.isoformat()], nice=False, type="utc")
    x = alt.X("day:T", scale=time, axis=years)
    y = alt.Y("project:N", sort=order, scale=alt.Scale(domain=order, paddingOuter=0), axis=None)
    letters = int(width / _BOLD)
    heads = pd.DataFrame(lanes, columns=["project", "name", "state"])
    heads["name"] = [_cut(name, letters - len(state) - 3) for _, name, state in lanes]
    head = alt.Chart(heads).encode(y=y)
    base = alt.Chart(plain(shown, "day", "date")).encode(x=x, y=y)
    record, press = base.transform_filter("datum.basis == 'record'"), base.transform_filter("datum.basis == 'press'")
    groups = list(SHAPES)
    colour = alt.Color("group:N", scale=colours(groups, [f"group-{group}" for group in groups]), legend=None)
    shape = alt.Shape("group:N", scale=alt.Scale(domain=groups, range=list(SHAPES.values())), legend=None)
    size = alt.Size("outlets:Q", scale=alt.Scale(domain=[1, _MANY], range=[30, 130]), legend=None)
    fact, claim = record.encode(colour, shape), press.encode(colour, shape, size)
    begin, end = alt.X("min(day):T"), alt.X2("max(day):T")
    labels = alt.Chart(_labels(shown[shown["basis"] == "record"], order, first, last, width))
    today_line = alt.Chart(pd.DataFrame({"day": [today.isoformat()]}))
    layers = [
        head.mark_rule(yOffset=-_LANE / 2, color=GRID).encode(x=alt.value(0), x2=alt.value(width)),
        today_line.mark_rule(color=INK, strokeDash=[2, 3], opacity=0.7).encode(x=x),
        press.mark_rule(yOffset=20, color=GRID).encode(begin, end),
        record.mark_rule(yOffset=5, color=SOFT, opacity=0.6).encode(begin, end),
        head.mark_text(align="left", yOffset=-25, fontSize=12.5, fontWeight=600, color=INK).encode(
            x=alt.value(0), text="name:N"
        ),
        head.mark_text(align="right", yOffset=-25, fontSize=12, color=SOFT).encode(x=alt.value(width), text="state:N"),
        claim.transform_filter("!datum.done").mark_point(yOffset=20, strokeWidth=1.4, fill="var(--paper)"),
        claim.transform_filter("datum.done").mark_point(yOffset=20, filled=True, opacity=0.55),
        fact.transform_filter("!datum.done").mark_point(yOffset=5, size=110, strokeWidth=2, fill="var(--paper)"),
        fact.transform_filter("datum.done").mark_point(yOffset=5, size=110, filled=True, opacity=1),
        labels.mark_text(yOffset=-9, fontSize=10.5, color=INK).encode(x=alt.X("day:T"), y=y, text="text:N"),
    ]
    return finish(alt.layer(*layers), width, _LANE * len(order))


def _labels(record: pd.DataFrame, order: list[str], first: date, last: date, width: int) -> pd.DataFrame:
    """Names for the most telling marks, as many as find room; of two launches, the one that the press speaks of."""
    per_day = width / (last - first).days
    taken: dict[str, list[tuple[float, float]]] = {project: [] for project in order}
    found = []
    rank = {kind: number for number, kind in enumerate(_NAMED)}
    ranked = record[record["milestone"].isin(_NAMED)].assign(rank=record["milestone"].map(rank))
    ranked = ranked.sort_values(["rank", "support"], ascending=[True, False], kind="stable")
    for mark in rows(ranked):
        word = _WORDS.get(mark.milestone, mark.milestone)
        if mark.status != "happened" and mark.milestone != "cancellation":
            word = f"{mark.milestone.replace('_', ' ')} {mark.status}"
        texts = (f"{word} {written(mark.date, mark.precision)}", word)
        for text in texts:
            half = len(text) * _LETTER / 2
            place = min(max((mark.day - first).days * per_day, half), width - half)
            if all(place + half < left or place - half > right for left, right in taken[mark.project]):
                taken[mark.project].append((place - half - 4, place + half + 4))
                found.append((mark.project, first + timedelta(days=place / per_day), text))
                break
    table = pd.DataFrame(found, columns=["project", "day", "text"])
    return plain(table, "day")


def _cut(text: str, letters: int) -> str:
    """The text, or its beginning and "…", in at most so many letters; an ideograph is two letters wide."""
    widths = list(accumulate(2 if east_asian_width(letter) in "WF" else 1 for letter in text))
    if not text or widths[-1] <= letters:
        return text
    return text[: sum(width < letters for width in widths)].rstrip() + "…"
