"""The race in one HTML file that needs nothing else: `orbitwatch report`.

Needs the extra `report` (Altair, vl-convert, Jinja2). The charts are drawn once, as static SVG: no script runs in the
page, so it can be mailed, printed and opened anywhere.
"""

from pipelines.analysis.report.contents import ARTICLE_COLUMNS, STORY_COLUMNS, Contents, gather
from pipelines.analysis.report.page import render_digest, render_digest_body, render_page

__all__ = [
    "ARTICLE_COLUMNS",
    "STORY_COLUMNS",
    "Contents",
    "gather",
    "render_digest",
    "render_digest_body",
    "render_page",
]
