"""Filling HTML templates so that nothing reaches a page unescaped by accident."""

from functools import cache
from html import escape
from importlib.resources import files
from string import Template


class Html(str):
    """A piece of markup: goes into a template as it is. Every other string is escaped."""

    __slots__ = ()


def fill(pattern: str, **values: str) -> Html:
    """Put `values` into the `$names` of `pattern`, escaped unless they are `Html`.

    >>> fill("<p>$text</p>", text="Reel & Rocket")
    '<p>Reel &amp; Rocket</p>'

    Raises:
        KeyError: if `pattern` has a name without a value.
    """
    return Html(Template(pattern).substitute({name: _safe(value) for name, value in values.items()}))


def fill_file(name: str, **values: str) -> Html:
    """`fill` with the template file `templates/<name>.html`."""
    return fill(_template(name), **values)


def _safe(value: str) -> str:
    return value if isinstance(value, Html) else escape(value)


@cache
def _template(name: str) -> str:
    return (files(__package__) / "templates" / f"{name}.html").read_text(encoding="utf-8")
