"""What all charts of the report share: sizes, colours as CSS variables, and days as Vega reads them."""

import altair as alt
import pandas as pd

Picture = alt.LayerChart | alt.FacetChart
"""What Altair makes of layers."""

#: Pixels of the two drawings of each chart, for a desk and for a phone: letters must not shrink with the picture. The
#: page shows the wide one from 760 pixels on.
WIDE, NARROW = 1000, 356

INK, SOFT, GRID = "var(--ink)", "var(--soft)", "var(--grid)"


def colours(names: list[str], variables: list[str]) -> alt.Scale:
    """Each name in the colour of its CSS variable."""
    return alt.Scale(domain=names, range=[f"var(--{variable})" for variable in variables])


def numbered(names: list[str]) -> alt.Scale:
    """The names in the colours --s1, --s2 ..., which the page's legends use as well."""
    return colours(names, [f"s{number}" for number in range(1, len(names) + 1)])


def finish(chart: Picture, width: int, height: int) -> Picture:
    """The chart in its size, on the page's own ground, with quiet axes."""
    sized: Picture = chart.properties(width=width, height=height, background="transparent", padding=4)
    sized = sized.configure(font="system-ui, sans-serif", aria=False).configure_view(stroke=None)
    quiet: Picture = sized.configure_axis(
        labelColor=SOFT, titleColor=SOFT, gridColor=GRID, labelFontSize=11, titleFontSize=11, titleFontWeight="normal"
    )
    return quiet


def plain(frame: pd.DataFrame, *days: str) -> pd.DataFrame:
    """The named columns of days as ISO text, which Vega reads without a zone of its own."""
    return frame.assign(**{name: [day.isoformat() for day in frame[name]] for name in days})
