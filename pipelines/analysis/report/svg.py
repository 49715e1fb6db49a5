"""A chart as SVG that may stand inside a page: Altair in, checked markup out.

Static SVG was chosen over Vega in the page: the charts of the demo's report weigh 150 kB together, where the Vega
libraries alone weigh 830 kB and need a script to be allowed. Colours are CSS variables, so one drawing serves light,
dark and paper.
"""

from typing import TYPE_CHECKING

from lxml import etree
from markupsafe import Markup

from pipelines.safe_xml import SAFE_XML

if TYPE_CHECKING:
    import altair as alt

_SVG = "http://www.w3.org/2000/svg"
_TAGS = frozenset({"svg", "g", "path", "line", "rect", "text", "tspan"})
_ATTRIBUTES = frozenset(
    {
        *("width", "height", "viewBox", "class", "transform", "d", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy"),
        *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap"),
        *("stroke-linejoin", "stroke-miterlimit", "opacity", "text-anchor", "font-family", "font-size", "font-weight"),
    }
)


class UnsafeDrawingError(ValueError):
    """The drawing holds what no chart of ours holds. A newer Vega may draw otherwise: look before allowing it."""


def draw(chart: "alt.TopLevelMixin", *, name: str, title: str, description: str) -> Markup:
    """Draw a chart for a page.

    Args:
        chart: any Altair chart.
        name: unique in the page; the ids of title and description begin with it.
        title: what a screen reader calls the picture.
        description: what it says, in a sentence or two.

    Returns:
        An `<svg>` element with title and description, without ids, links, styles, scripts or events.

    Raises:
        UnsafeDrawingError: when the drawing holds an element that is not known to be harmless.
    """
    import vl_convert  # noqa: PLC0415 - 84 MB with its own JavaScript engine

    drawn = vl_convert.vegalite_to_svg(chart.to_json(validate=False))
    root = etree.fromstring(drawn.encode(), etree.XMLParser(**SAFE_XML))
    _strip(root)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-description")
    for position, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = etree.Element(f"{{{_SVG}}}{tag}", id=f"{name}-{'title' if tag == 'title' else 'description'}")
        element.text = text
        root.insert(position, element)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704 - every element and attribute is on the lists above


def _strip(root: etree._Element) -> None:
    """Leaves only the known elements and attributes, and nothing that is drawn invisibly."""
    for element in list(root.iter()):
        if etree.QName(element).localname not in _TAGS:
            raise UnsafeDrawingError(f"an element <{etree.QName(element).localname}> in a chart")
        for attribute, value in list(element.attrib.items()):
            if attribute not in _ATTRIBUTES or "url(" in value:
                del element.attrib[attribute]
        parent = element.getparent()
        if parent is not None and (element.get("opacity") == "0" or element.get("d") in {"", "M0,0h0v0h0Z"}):
            parent.remove(element)
    etree.cleanup_namespaces(root)
